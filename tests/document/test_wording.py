"""Changes in sentences."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kraftd_core.document.change_sentences import change_sentence, change_sentences
from kraftd_core.document.changes import apply, changes
from kraftd_core.document.jsontypes import ROW_ID
from kraftd_core.document.nouns import Deletion, Modification, Move
from kraftd_core.document.wording import in_sentence, label_of, percent, shown_in

LINES = [
    {ROW_ID: "r1", "description": "Pipe", "quantity": 10, "unit_price": 3.5},
    {ROW_ID: "r2", "description": "Valve", "quantity": 2, "unit_price": 40},
    {ROW_ID: "r3", "description": "Pump 2 kW", "quantity": 1, "unit_price": 1200},
]
BEFORE = {"vendor_name": "Acme", "due_date": "2026-01-01", "line_items": LINES}


def sentences(after, before=BEFORE):
    return change_sentences(changes(before, after), before, after)


def with_lines(*lines):
    return BEFORE | {"line_items": list(lines)}


def test_a_changed_field_reads_label_old_arrow_new():
    assert sentences(BEFORE | {"vendor_name": "Acme Ltd"}) == ["Supplier: Acme → Acme Ltd"]


def test_a_changed_cell_names_its_line():
    after = with_lines(*LINES[:2], LINES[2] | {"unit_price": 1250})
    assert sentences(after) == ["Unit price of line 3 (Pump 2 kW): 1,200.00 → 1,250.00"]


def test_an_added_line_says_what_it_holds():
    added = {ROW_ID: "n1", "description": "Delivery", "quantity": 1, "unit_price": 12}
    assert sentences(with_lines(*LINES, added)) == ["Line 4 added: Delivery, 1 × 12.00"]


def test_a_removed_line_is_counted_as_it_stood_before():
    assert sentences(with_lines(LINES[0], LINES[2])) == ["Line 2 removed: Valve, 2 × 40.00"]


def test_a_changed_line_is_counted_as_it_stands_after():
    assert sentences(with_lines(LINES[0], LINES[2] | {"quantity": 3})) == [
        "Line 2 removed: Valve, 2 × 40.00",
        "Quantity of line 2 (Pump 2 kW): 1 → 3",
    ]


def test_a_moved_line_says_where_it_went():
    assert sentences(with_lines(LINES[2], LINES[0], LINES[1])) == ["Line 3 moved to place 1"]


def test_a_line_that_moved_only_among_others_names_no_place():
    move = Move(field="line_items[r1]", original_value=1, modified_value=1)
    assert change_sentence(move, {}, {}) == "Line 2 moved among the others"


def test_a_removed_field_reads_otherwise_than_an_emptied_one():
    assert sentences({k: v for k, v in BEFORE.items() if k != "due_date"}) == ["Due date removed (was 2026-01-01)"]
    assert sentences(BEFORE | {"due_date": None}) == ["Due date emptied (was 2026-01-01)"]


def test_a_field_that_was_empty_says_so():
    assert sentences(BEFORE, BEFORE | {"due_date": None}) == ["Due date: empty → 2026-01-01"]
    assert sentences(BEFORE | {"due_date": ""}, BEFORE | {"due_date": None}) == ["Due date: empty → “”"]


def test_added_fields_and_cells_say_their_value():
    after = with_lines(LINES[0] | {"note": "urgent"}, *LINES[1:]) | {"order_number": 4711}
    assert sentences(after) == ["Note of line 1 (Pipe) added: urgent", "Order number added: 4711"]


def test_a_number_written_otherwise_shows_both_writings():
    assert sentences({"total": 1050}, {"total": "1,050.00"}) == ["Total: 1,050.00 → 1050 (written differently only)"]


def test_rows_of_other_tables_name_their_table():
    before, after = {"rows": [{ROW_ID: "a", "colour": "red", "n": 1}]}, {"rows": [{ROW_ID: "a", "colour": "red", "n": 2}]}
    assert sentences(after, before) == ["N of row 1 of Rows (red): 1 → 2"]
    assert sentences({"rows": []}, before) == ["Row 1 of Rows removed: red"]


def test_a_row_without_text_is_told_by_its_number_alone():
    assert sentences({"line_items": [{ROW_ID: "a", "n": 2}]}, {"line_items": [{ROW_ID: "a", "n": 1}]}) == ["N of line 1: 1 → 2"]


def test_whole_tables_are_told_by_their_size():
    assert sentences({"vendor_name": "Acme", "due_date": "2026-01-01"}) == ["Line items removed (was 3 rows)"]


def test_long_texts_are_shortened():
    [sentence] = sentences(BEFORE | {"vendor_name": "word " * 100})
    assert len(sentence) < 120
    assert sentence.endswith("…")


def test_long_texts_that_part_late_are_shown_where_they_part():
    old, new = "same words " * 20 + "left end", "same words " * 20 + "right end"
    [sentence] = sentences({"note": new}, {"note": old})
    assert "left end" in sentence
    assert "right end" in sentence
    assert len(sentence) < 180


def test_values_that_look_alike_are_still_told():
    assert sentences({"paid": True}, {"paid": 1}) == ["Paid: 1 → yes"]
    assert sentences({"f": [{"x": 2}]}, {"f": [{"x": 1}]}) == ['F: [{"x":1}] → [{"x":2}]']


def test_a_text_of_several_lines_becomes_one():
    assert sentences({"note": "a\nb"}, {"note": "c"}) == ["Note: c → a b"]


def test_a_change_of_a_row_that_is_not_in_the_data_is_told_without_a_number():
    change = Modification(field="line_items[gone].quantity", original_value=1, modified_value=2)
    assert change_sentence(change, {}, {}) == "Quantity of a line: 1 → 2"
    assert change_sentence(Deletion(field="rows[gone]", original_value={"name": "x"}), {}, {}) == "A row of Rows removed: x"


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("unit_price", 1200, "1,200.00"),
        ("unit_price", 0.0205, "0.0205"),
        ("invoice_total", -5.5, "-5.50"),
        ("tax_rate", 20, "20"),
        ("quantity", 10000, "10,000"),
        ("customer_number", 10000, "10000"),
        ("vendor_tax_id", 123456789, "123456789"),
        ("vendor_phone", 4930123456, "4930123456"),
        ("customer_reference", 2026001, "2026001"),
        ("reference_price", 2026, "2,026.00"),
        ("postcode", 10115, "10115"),
        ("account", 12345678, "12345678"),
        ("account_balance", 12345678, "12,345,678.00"),
        ("total", "n/a", "n/a"),
        ("total", True, "yes"),
        ("total", None, ""),
    ],
)
def test_a_number_is_shown_as_its_field_wants(name, value, text):
    assert shown_in(name, value) == text


NAMES = st.sampled_from(["", "a.b", "line_items", "total", "_x", "é", "item_no"]) | st.text(max_size=3)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=200),
    lambda some: st.lists(some, max_size=3) | st.dictionaries(NAMES, some, max_size=3),
    max_leaves=6,
)
TABLES = st.lists(st.dictionaries(NAMES, VALUES, max_size=3), max_size=3).map(
    lambda rows: [row | {ROW_ID: f"r{place}"} for place, row in enumerate(rows)]
)
DOCUMENTS = st.dictionaries(NAMES, VALUES | TABLES, max_size=3)


@given(DOCUMENTS, DOCUMENTS)
def test_every_change_has_a_sentence_of_one_short_line(a, b):
    for sentence in sentences(b, a):
        assert sentence == " ".join(sentence.split())
        assert 0 < len(sentence) <= 340


def test_telling_changes_touches_neither_data():
    after = with_lines(LINES[1], LINES[0])
    kept = copy.deepcopy((BEFORE, after))
    found = changes(BEFORE, after)
    assert change_sentences(found, BEFORE, after) == [change_sentence(change, BEFORE, after) for change in found]
    assert (BEFORE, after) == kept
    assert apply(found, BEFORE) == after


def test_amounts_in_sentences_have_the_digits_of_the_currency():
    yen = {"currency": "JPY", "invoice_total": 1098, "net_weight": 1250, "cost_centre": 4100}
    told = sentences(yen | {"invoice_total": 1207, "net_weight": 1300, "cost_centre": 4200}, yen)
    assert told == ["Total: 1,098 → 1,207", "Net weight: 1,250 → 1,300", "Cost centre: 4100 → 4200"]


@pytest.mark.parametrize(("name", "value", "currency", "said"), [
    ("amount", 970.9300000000001, "EUR", "970.93"), ("amount", 4.33, "KWD", "4.330"), ("amount", 1098.0, "JPY", "1,098"),
    ("amount", 0.0205, "EUR", "0.0205"), ("amount", 5, "", "5.00"), ("invoice_id", 20240815, "EUR", "20240815"),
    ("phone", 4989123456, "EUR", "4989123456"), ("quantity", 12500.5, "EUR", "12,500.5"), ("net_weight", 1250.0, "EUR", "1,250"),
    ("tax", 19, "EUR", "19"), ("tax_rate", 8.1, "EUR", "8.1"), ("remark", 1e-7, "EUR", "0.0000001"),
    ("amount", float("inf"), "EUR", "inf"),
])  # fmt: skip
def test_a_figure_is_written_as_what_it_is(name, value, currency, said):
    assert shown_in(name, value, currency) == said


@pytest.mark.parametrize(("name", "label", "inside"), [
    ("unit_price", "Unit price", "unit price"), ("vat_rate", "VAT rate", "VAT rate"), ("net_vat", "Net VAT", "net VAT"),
    ("po_box", "PO box", "PO box"), ("kwh", "kWh", "kWh"), ("supplier_gstin", "Supplier GSTIN", "supplier GSTIN"),
    ("weight_kg", "Weight kg", "weight kg"), ("port", "Port", "port"),
])  # fmt: skip
def test_abbreviations_are_written_as_people_write_them(name, label, inside):
    assert (label_of(name), in_sentence(name)) == (label, inside)


@pytest.mark.parametrize(("share", "said"), [
    (1.0, "100 %"), (0.9999, "99 %"), (0.995, "99 %"), (0.29, "29 %"), (0.57, "57 %"), (0.004, "0 %"), (0.0, "0 %"),
])
def test_a_share_is_rounded_down_so_that_what_lacks_anything_is_not_a_hundred(share, said):
    assert percent(share) == said
