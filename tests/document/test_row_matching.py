"""Rows matched by what they are about, where they stand and what they count, figures last."""

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_tables import SCENARIOS, judged, made_tables
from made_tables_held_out import HELD_OUT

from kraftd_core.comparing.compare import Side, compare
from kraftd_core.document.jsontypes import ROW_ID
from kraftd_core.document.matching.rows import matched

WORDS = [
    "pump",
    "valve",
    "pipe",
    "copper",
    "steel",
    "brass",
    "gate",
    "check",
    "ball",
    "long",
    "short",
    "heavy",
    "light",
    "left",
    "right",
]


def bill(size, section="Plumbing"):
    """Rows with a text of their own each, numbered in their order."""
    texts = [
        f"Supply and install {a} {b} {c} DN{n}" for n in (15, 20, 25, 32) for a in WORDS for b in WORDS[:7] for c in WORDS[7:]
    ]
    chosen = Random(size).sample(texts, size)
    return [
        {"position": f"{n}", "description": text, "unit": "m", "quantity": n % 7 + 1, "unit_price": n + 0.5, "section": section}
        for n, text in enumerate(chosen, 1)
    ]


def numbered(rows):
    return [row | {"position": f"{n}"} for n, row in enumerate(rows, 1)]


def place_of(pairs, size):
    return [pairs.get(n) for n in range(size)]


@pytest.mark.parametrize("size", [1, 20, 60, 200])
def test_two_suppliers_of_the_same_descriptions_are_matched_row_by_row_whatever_their_prices(size):
    other = [row | {"unit_price": round(row["unit_price"] * 1.15, 2)} for row in bill(size)]
    assert place_of(matched(bill(size), other), size) == [*range(size)]


def test_two_suppliers_with_columns_of_their_own_are_matched_as_well():
    names = {
        "position": "Pos.",
        "description": "Bezeichnung",
        "unit": "ME",
        "quantity": "Menge",
        "unit_price": "EP",
        "section": "Los",
    }
    other = [{names[column]: value for column, value in row.items()} | {"EP": n * 3.1} for n, row in enumerate(bill(60))]
    assert place_of(matched(bill(60), other), 60) == [*range(60)]


def test_a_changed_price_is_one_changed_value_and_no_row_that_went_and_came():
    def side(rows, name):
        return Side(name, "ai", name, "in.pdf", {"line_items": [{ROW_ID: f"{name}{n}"} | row for n, row in enumerate(rows)]})

    new = bill(20)
    new[4]["unit_price"] = 99
    found = compare([side(bill(20), "a"), side(new, "b")])
    assert found.headline == "1 changed · 0 added · 0 removed · 119 the same"


def test_a_renumbered_bill_keeps_its_rows():
    new = [row | {"quantity": 500} if n % 10 == 3 else row for n, row in enumerate(bill(200))]
    added = {
        "position": "0",
        "description": "Temporary site office with telephone",
        "unit": "month",
        "quantity": 1,
        "section": "Site",
    }
    new = numbered([added, *new[:50], *new[53:]])
    assert place_of(matched(bill(200), new), 198) == [None, *range(50), *range(53, 200)]


def with_headings(*chapters):
    rows = []
    for name, items in chapters:
        rows.append({"description": name, "quantity": None, "price": None})
        rows += [{"description": text, "quantity": quantity, "price": price} for text, quantity, price in items]
    return rows


def test_a_text_of_several_sections_stays_in_its_own():
    old = with_headings(
        ("Ground floor", [("Paint", 5, 1.5), ("Tiles", 6, 2)]), ("First floor", [("Paint", 8, 1.5), ("Tiles", 9, 2)])
    )
    new = with_headings(("First floor", [("Tiles", 6, 3), ("Paint", 5, 3)]), ("Ground floor", [("Paint", 8, 3), ("Tiles", 9, 3)]))
    assert matched(old, new) == {0: 3, 1: 5, 2: 4, 3: 0, 4: 1, 5: 2}


def test_a_section_column_tells_equal_texts_apart():
    old = [{"lot": lot, "text": text, "qty": 1} for lot in ("Lot A", "Lot B") for text in ("Door", "Window", "Gate")]
    new = [{"lot": lot, "text": text, "qty": 2} for lot in ("Lot B", "Lot A") for text in ("Gate", "Door", "Window")]
    assert place_of(matched(old, new), 6) == [5, 3, 4, 2, 0, 1]


def test_what_says_ditto_stays_below_its_row():
    texts = ["Copper pipe DN15", "Ditto", "Steel pipe DN20", "Ditto", "Ditto", "Brass valve", "Ditto"]
    old = [{"description": text, "quantity": n, "price": n} for n, text in enumerate(texts)]
    new = [{"description": text, "quantity": n + 10, "price": n + 0.5} for n, text in enumerate(texts) if n not in (2, 3, 4)]
    assert place_of(matched(old, new), 4) == [0, 1, 5, 6]


def test_a_row_put_on_top_moves_no_other():
    first = {"position": "1", "description": "Mobilisation of the site", "unit": "set", "quantity": 1, "unit_price": 900}
    new = numbered([first, *bill(40)])
    assert place_of(matched(bill(40), new), 41) == [None, *range(40)]


def test_a_row_in_the_place_of_another_is_not_its_next_version():
    new = bill(40)
    new[7] |= {"description": "Crane hire by the day", "unit": "d", "quantity": 4, "unit_price": 750}
    assert place_of(matched(bill(40), new), 40) == [*range(7), None, *range(8, 40)]


def test_documents_of_two_matters_have_hardly_a_row_in_common():
    old = [
        {"description": f"{a} {b}", "quantity": n % 5} for n, (a, b) in enumerate((a, b) for a in WORDS[:5] for b in WORDS[5:10])
    ]
    new = [
        {"description": f"annual {a} maintenance plan {n}", "quantity": n % 3}
        for n, a in enumerate(["lift", "boiler", "garden"] * 8)
    ]
    assert matched(old, new) == {}


def test_rows_without_words_are_matched_by_their_figures():
    old = [{"a": n * 1.25, "b": n % 3, "c": n * n} for n in range(30)]
    new = [row | {"b": 7} for row in old if row["a"] != 10]
    assert place_of(matched(old, new), 29) == [n for n in range(30) if n != 8]


TEXTS = st.sampled_from(
    ["", "Ditto", "Pipe DN15", "Pipe DN20", "pipe dn 15 copper", "Supply pipe", "Ground floor", "١٢", "管道 阀门"]
)
CELLS = st.none() | st.integers(0, 2) | st.booleans() | TEXTS | st.lists(st.integers(0, 1), max_size=1)
ROWS = st.lists(st.dictionaries(st.sampled_from(["description", "pos", "quantity", "x"]), CELLS), max_size=9)


@given(ROWS, ROWS)
def test_each_row_is_matched_at_most_once(old, new):
    pairs = matched(old, new)
    assert set(pairs) <= set(range(len(new))) and set(pairs.values()) <= set(range(len(old)))
    assert len(set(pairs.values())) == len(pairs)


@given(ROWS)
def test_a_table_is_matched_with_itself_row_by_row(rows):
    assert matched(rows, [dict(row) for row in rows]) == {place: place for place in range(len(rows))}


@given(st.permutations(range(40)))
def test_rows_in_another_order_are_all_found(order):
    old = bill(40)
    assert place_of(matched(old, numbered([old[place] for place in order])), 40) == list(order)


def test_the_number_of_one_thing_is_read_before_what_else_is_alike():
    old = [{"serial_no": "A100", "model": "X1", "amount": 50}, {"serial_no": "A101", "model": "X1", "amount": 50}]
    new = [{"serial_no": "A101", "model": "X1", "amount": 55}, {"serial_no": "A102", "model": "X1", "amount": 50}]
    assert matched(old, new)[0] == 1


def test_sizes_rooms_and_months_that_went_on_top_move_no_other_into_their_place():
    for name, kept in (("Pipe DN {}", (100, 150, 200, 250)), ("Painting room {}", (101, 102, 103, 104))):
        rows = [{"description": name.format(size), "quantity": 10, "unit_price": 6} for size in kept]
        assert matched(rows[:3], rows[1:]) == {0: 1, 1: 2}


@pytest.mark.slow
@pytest.mark.parametrize("rows", [
    [{"d": "pump " * 20_000, "q": n} for n in range(60)],
    [{f"c{n}_{m}": m for m in range(60)} for n in range(60)],
    [{"d": [[n]], "q": {"a": [n]}} for n in range(60)],
    [{} for _ in range(60)],
])  # fmt: skip
def test_odd_tables_are_matched_too(rows):
    changed = [{**row, "q": 7.5} for row in rows[1:]]
    pairs = matched(rows, changed)
    assert len(set(pairs.values())) == len(pairs)


@pytest.mark.slow
@pytest.mark.parametrize(("scenario", "least"), [*SCENARIOS, *HELD_OUT], ids=lambda value: getattr(value, "__name__", None))
def test_made_revisions_and_offers_are_matched_right(scenario, least):
    told = Counter[str]()
    for made in made_tables(scenario, (12, 60), range(4)):
        told += judged(made)
    assert told["right"] >= least * told.total(), told
