"""Changes between two document data: the laws, and what a person would say."""

import copy
import random
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from made_data import DOCUMENTS, NAMES, ROW_IDS, ROWS, SCALARS, SPECIAL, TABLES

from kraftd_core.document.changes import Path, apply, carry_reasons, changes, counted, parse_path, path_of
from kraftd_core.document.jsontypes import ROW_ID, is_table, same
from kraftd_core.document.nouns import Addition, Deletion, Modification, Move
from kraftd_core.errors import ChangesDoNotFit


def table(rows):
    return [{ROW_ID: f"r{place}"} | row for place, row in enumerate(rows)]


def kinds(found):
    return [change.change_type for change in found]


# The law


@pytest.mark.slow
@given(DOCUMENTS, DOCUMENTS)
def test_changes_applied_to_the_old_data_give_the_new_data(a, b):
    assert same(apply(changes(a, b), a), b)


@pytest.mark.slow
@given(TABLES, TABLES)
def test_changes_of_a_table_applied_to_it_give_the_other_table(a, b):
    found = changes({"t": a}, {"t": b})
    assert same(apply(found, {"t": a}), {"t": b})
    assert all(change.field.startswith("t[") for change in found)


@pytest.mark.slow
@given(DOCUMENTS, DOCUMENTS)
def test_neither_finding_nor_applying_changes_touches_the_data(a, b):
    kept = copy.deepcopy((a, b))
    apply(changes(a, b), a)
    assert same(list(kept), [a, b])


@given(DOCUMENTS)
def test_data_has_no_changes_against_itself_in_another_key_order(a):
    assert changes(a, dict(reversed(copy.deepcopy(a).items()))) == []


@pytest.mark.slow
@given(DOCUMENTS, DOCUMENTS)
def test_no_two_changes_of_one_pair_share_a_path(a, b):
    paths = [change.field for change in changes(a, b)]
    assert len(set(paths)) == len(paths)


@given(st.lists(st.dictionaries(st.sampled_from([ROW_ID, "a"]), SCALARS | ROW_IDS | st.just("r1\nr2"), max_size=2), max_size=3))
def test_rows_are_compared_one_by_one_exactly_where_they_have_identities(rows):
    found = changes({"t": rows}, {"t": []})
    assert kinds(found) == (["deletion"] * len(rows) if is_table(rows) else ["modification"])


# As few as a person would say


@given(ROWS, st.data())
def test_k_edited_cells_are_exactly_k_modifications(rows, data):
    old = table(rows)
    cells = [(place, column) for place in range(len(rows)) for column in ("description", "quantity")]
    edited = data.draw(st.lists(st.sampled_from(cells), unique=True))
    new = copy.deepcopy(old)
    for place, column in edited:
        new[place][column] = ["edited"]
    found = changes({"t": old}, {"t": new})
    assert {change.field for change in found} == {path_of("t", f"r{place}", column) for place, column in edited}
    assert kinds(found) == ["modification"] * len(edited)


@given(ROWS, st.lists(st.integers(0, 12), max_size=5))
def test_k_inserted_rows_are_exactly_k_additions(rows, positions):
    new = table(rows)
    for number, position in enumerate(positions):
        new.insert(position, {ROW_ID: f"n{number}", "description": "inserted"})
    found = changes({"t": table(rows)}, {"t": new})
    assert kinds(found) == ["addition"] * len(positions)
    assert all(new[change.position] == change.modified_value for change in found)


@given(ROWS, st.data())
def test_k_deleted_rows_are_exactly_k_deletions(rows, data):
    old = table(rows)
    gone = data.draw(st.sets(st.integers(0, len(rows) - 1)))
    found = changes({"t": old}, {"t": [row for place, row in enumerate(old) if place not in gone]})
    assert kinds(found) == ["deletion"] * len(gone)
    assert all(old[change.position] == change.original_value for change in found)


@given(ROWS, st.data())
def test_one_moved_row_is_exactly_one_move(rows, data):
    old = table(rows)
    start, end = (data.draw(st.integers(0, len(rows) - 1)) for _ in range(2))
    assume(start != end)
    new = list(old)
    new.insert(end, new.pop(start))
    found = changes({"t": old}, {"t": new})
    assert kinds(found) == ["move"]
    assert new[found[0].modified_value] is old[found[0].original_value]


@given(st.permutations(range(7)))
def test_as_few_rows_move_as_leave_the_others_in_their_order(order):
    old = table({"n": n} for n in range(7))
    found = changes({"t": old}, {"t": [old[place] for place in order]})
    rising = max(chosen.bit_count() for chosen in range(1 << 7) if _rises([p for p in order if chosen >> p & 1]))
    assert len(found) == 7 - rising


def _rises(places):
    return all(a < b for a, b in pairwise(places))


@given(ROWS, st.randoms(use_true_random=False))
def test_any_mixture_of_row_edits_applies(rows, chance):
    old = table(rows)
    new = [copy.deepcopy(row) for row in old if chance.random() > 0.3]
    chance.shuffle(new)
    for row in new:
        if chance.random() < 0.4:
            row["quantity"] = chance.choice([True, 1, None, "1"])
        if chance.random() < 0.2:
            row.pop("description")
    for number in range(chance.randrange(4)):
        new.insert(chance.randrange(len(new) + 1), {ROW_ID: f"n{number}", "extra": number})
    assert same(apply(changes({"t": old}, {"t": new}), {"t": old}), {"t": new})


# Kinds of change


def test_a_removed_field_is_not_the_same_as_an_emptied_one():
    old = {"due_date": "2026-01-01"}
    assert changes(old, {}) == [Deletion(field="due_date", original_value="2026-01-01")]
    assert changes(old, {"due_date": None}) == [Modification(field="due_date", original_value="2026-01-01", modified_value=None)]


def test_a_removed_cell_is_not_the_same_as_an_emptied_one():
    old = {"t": [{ROW_ID: "r1", "note": None}]}
    gone = {"t": [{ROW_ID: "r1"}]}
    assert changes(old, gone) == [Deletion(field="t[r1].note", original_value=None)]
    assert changes(gone, old) == [Addition(field="t[r1].note", modified_value=None)]


@pytest.mark.parametrize(
    ("old", "new"),
    [(True, 1), (1, True), (False, 0), (0.0, False), (1, "1"), (True, "1"), ("", None), (None, False)],
)
def test_values_of_different_types_differ_even_where_python_calls_them_equal(old, new):
    assert kinds(changes({"f": old}, {"f": new})) == ["modification"]
    assert kinds(changes({"t": table([{"x": old, "y": "a"}])}, {"t": table([{"x": new, "y": "a"}])})) == ["modification"]
    nested = [{"deep": old}], [{"deep": new}]
    assert kinds(changes({"t": table([{"x": nested[0]}])}, {"t": table([{"x": nested[1]}])})) == ["modification"]
    beside_one = [{"q": 1, "x": [old]}], [{"q": 1, "x": [new]}]
    assert kinds(changes({"t": table(beside_one[0])}, {"t": table(beside_one[1])})) == ["modification"]


def test_a_boolean_and_a_number_that_changed_columns_are_told_apart_in_rows_of_another_key_order():
    found = changes({"t": table([{"x": 1, "y": True}])}, {"t": [{ROW_ID: "r0", "y": 1, "x": True}]})
    assert [change.field for change in found] == ["t[r0].x", "t[r0].y"]


def test_one_and_one_point_nought_are_the_same_number():
    assert changes({"f": 1, "t": table([{"x": 1}])}, {"f": 1.0, "t": table([{"x": 1.0}])}) == []


def test_a_list_without_row_identities_changes_as_one_value():
    assert changes({"f": [{"x": 1}]}, {"f": [{"x": 2}]}) == [
        Modification(field="f", original_value=[{"x": 1}], modified_value=[{"x": 2}])
    ]


def test_an_emptied_table_loses_its_rows_one_by_one():
    assert kinds(changes({"t": table([{}, {}])}, {"t": []})) == ["deletion", "deletion"]


def test_a_removed_table_is_one_deletion():
    assert kinds(changes({"t": table([{}, {}])}, {})) == ["deletion"]


def test_a_row_that_was_moved_and_edited_is_a_move_and_a_modification():
    old = table([{"n": 0}, {"n": 1}, {"n": 2}])
    found = changes({"t": old}, {"t": [old[2] | {"n": 9}, old[0], old[1]]})
    assert found == [
        Move(field="t[r2]", original_value=2, modified_value=0),
        Modification(field="t[r2].n", original_value=2, modified_value=9),
    ]


# Changes that do not fit

BASE = {"supplier": "Acme", "t": table([{"n": 0}, {"n": 1}])}


@pytest.mark.parametrize(
    "change",
    [
        Modification(field="supplier", original_value="Other", modified_value="New"),
        Modification(field="missing", original_value=None, modified_value="New"),
        Addition(field="supplier", modified_value="New"),
        Deletion(field="supplier", original_value="acme"),
        Deletion(field="missing", original_value=None),
        Move(field="supplier", original_value=0, modified_value=1),
        Modification(field="t[r9].n", original_value=0, modified_value=5),
        Modification(field="t[r0].n", original_value=False, modified_value=5),
        Modification(field="t[r0]._row_id", original_value="r0", modified_value="r1"),
        Modification(field="t[r0]", original_value=BASE["t"][0], modified_value={ROW_ID: "r0"}),
        Modification(field="supplier[r0].n", original_value=0, modified_value=5),
        Addition(field="t[r0]", modified_value={ROW_ID: "r0"}, position=0),
        Addition(field="t[r5]", modified_value={ROW_ID: "r6"}, position=0),
        Addition(field="t[r5]", modified_value="row", position=0),
        Addition(field="t[r5]", modified_value={ROW_ID: "r5"}),
        Addition(field="t[r5]", modified_value={ROW_ID: "r5"}, position=3),
        Addition(field="t[r5]", modified_value={ROW_ID: "r5"}, position=-1),
        Addition(field="u[r5]", modified_value={ROW_ID: "r5"}, position=0),
        Deletion(field="t[r9]", original_value=None),
        Deletion(field="t[r0]", original_value={ROW_ID: "r0", "n": 5}, position=0),
        Deletion(field="t[r0]", original_value=BASE["t"][0], position=1),
        Move(field="t[r0]", original_value=1, modified_value=0),
        Move(field="t[r0]", original_value=0, modified_value=2),
        Move(field="t[r9]", original_value=0, modified_value=1),
        Modification(field="a]b", original_value=None, modified_value=1),
        Modification(field="t[r0]n", original_value=None, modified_value=1),
    ],
    ids=lambda change: f"{change.change_type} {change.field}",
)
def test_a_change_made_from_other_data_is_refused(change):
    with pytest.raises(ChangesDoNotFit, match=r"\.$"):
        apply([change], BASE)


@pytest.mark.parametrize(
    "pair",
    [
        [Modification(field="supplier", original_value="Acme", modified_value=value) for value in ("B", "C")],
        [
            Deletion(field="t", original_value=BASE["t"]),
            Modification(field="t[r0].n", original_value=0, modified_value=5),
        ],
        [
            Deletion(field="t[r0]", original_value=BASE["t"][0], position=0),
            Modification(field="t[r0].n", original_value=0, modified_value=5),
        ],
        [
            Move(field="t[r0]", original_value=0, modified_value=1),
            Addition(field="t[r5]", modified_value={ROW_ID: "r5"}, position=1),
        ],
    ],
)
def test_changes_that_contradict_each_other_are_refused(pair):
    with pytest.raises(ChangesDoNotFit):
        apply(pair, BASE)


def test_a_removed_row_needs_no_position_to_be_found():
    assert apply([Deletion(field="t[r0]", original_value=BASE["t"][0])], BASE)["t"] == BASE["t"][1:]


# Paths


@given(NAMES | SPECIAL, st.none() | ROW_IDS | SPECIAL, st.none() | SPECIAL)
def test_a_path_reads_back_as_it_was_written(field, row_id, column):
    column = None if row_id is None else column
    assert parse_path(path_of(field, row_id, column)) == Path(field, row_id, column)


@given(SPECIAL)
def test_whatever_parses_is_written_as_it_stood(text):
    try:
        path = parse_path(text)
    except ChangesDoNotFit:
        return
    assert path_of(*path) == text


def test_plain_names_stay_plain_in_paths():
    assert path_of("line_items", "r1", "unit_price") == "line_items[r1].unit_price"
    assert path_of("Größe (mm)") == "Größe (mm)"
    assert path_of("a.b", "r1", "c[d]") == r"a\.b[r1].c\[d\]"


# Written otherwise


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("1,050.00", "1050"),
        ("1 050,00", "1050"),
        ("1\u202f050,00", 1050),
        ("1.050,00", "1050"),
        ("1'050.00", "1050"),
        ("1’050.00", "1,050"),
        ("1050", 1050),
        (1050, "1,050.00"),
        (671.15, "671,15"),
        ("1.50", "1.5"),
        ("−5", -5),
        ("0,050", 0.05),
        ("12,34,567.00", 1234567),
        ("Acme  Ltd ", "Acme Ltd"),
        ("Acme\u00a0Ltd", "Acme Ltd"),
        ("ﬁtting", "fitting"),
        ("m²", "m2"),
        ("ＡＢＣ", "ABC"),
        ("007", "007 "),
        ("7 ", 7),
        (7, "7"),
    ],
)
def test_the_same_value_written_otherwise_is_format_only(old, new):
    assert [change.format_only for change in changes({"amount": old}, {"amount": new})] == [True]
    assert [change.format_only for change in changes({"amount": new}, {"amount": old})] == [True]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (True, 1),
        (True, "true"),
        (False, "0"),
        (None, ""),
        (None, 0),
        (1050, 1051),
        ("1.050", "1050"),
        ("1.050", "1,050"),
        ("1,05", "105"),
        ("007", "7"),
        ("007", 7),
        ("1234567890123456", "1,234,567,890,123,456"),
        ("12 34", "1234"),
        ("10²", "102"),
        ("1½", "11/2"),
        ("Acme", "ACME"),
        ("AcmeLtd", "Acme Ltd"),
        ("1e3", "1000"),
        ("€ 5", "5"),
        ([1], [1, 2]),
        ("[1]", [1]),
    ],
)
def test_another_value_is_not_format_only(old, new):
    assert [change.format_only for change in changes({"amount": old}, {"amount": new})] == [False]
    assert [change.format_only for change in changes({"amount": new}, {"amount": old})] == [False]


@pytest.mark.parametrize("name", ["item", "item_no", "invoice_id", "order_number", "Section", "vendor_tax_id"])
def test_an_identifier_is_not_compared_as_a_number(name):
    assert not changes({name: "1.10"}, {name: "1.1"})[0].format_only
    assert changes({name: " 1.10"}, {name: "1.10"})[0].format_only
    assert changes({name: "110"}, {name: 110})[0].format_only


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_a_grouped_amount_is_the_same_number_in_every_local_form(amount):
    plain = format(amount, "f")
    english = f"{amount:,.2f}"
    german = english.translate(str.maketrans(",.", ".,"))
    for written in (english, german, english.replace(",", " "), english.replace(",", "'")):
        assert all(change.format_only for change in changes({"amount": plain}, {"amount": written}))
    other = format(amount + Decimal("0.01"), "f")
    assert not changes({"amount": other}, {"amount": english})[0].format_only


def test_format_only_changes_are_recorded_but_not_counted():
    found = changes({"a": "1,050.00", "b": "x"}, {"a": 1050, "b": "y"})
    assert len(found) == 2
    assert [change.field for change in counted(found)] == ["b"]


def test_a_reason_goes_to_the_change_of_its_field():
    found = changes({"a": 1, "b": 2}, {"a": 2, "b": 3})
    assert [change.user_reason for change in carry_reasons(found, {"b": "misread", "c": "gone"})] == [None, "misread"]


def test_ten_thousand_rows_with_scattered_edits_give_exactly_those():
    chance = random.Random(5)
    old = table({"description": f"Item {n}", "quantity": chance.randrange(5), "ok": n % 2 == 0} for n in range(10_000))
    new = copy.deepcopy(old)
    for place in range(0, 10_000, 500):
        new[place]["quantity"] = 77
    new[7]["ok"] = 0
    del new[5000]
    new.insert(20, {ROW_ID: "new"})
    new.append(new.pop(100))
    found = changes({"t": old}, {"t": new})
    assert sorted(kinds(found)) == ["addition", "deletion"] + ["modification"] * 20 + ["move"]
    assert same(apply(found, {"t": old}), {"t": new})
