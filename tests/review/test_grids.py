import random

import pytest

from kraftd_core.document.changes import changes
from kraftd_core.document.checks.checking import Finding
from kraftd_core.records.stages import Place
from kraftd_core.review.grids import (
    columns_of,
    detail_lines,
    detail_names,
    is_outdated,
    numeric_columns,
    put_back,
    table_lines,
    table_names,
    with_fields,
    with_new_field,
    with_row_inserted,
    with_rows,
    with_table,
    with_value,
)
from kraftd_core.review.unread import unread_edits

ROWS = [
    {"_row_id": "a", "description": "Flour", "quantity": 2, "amount": 11.2},
    {"_row_id": "b", "description": "Yeast", "quantity": 1, "amount": 3},
]
DATA = {"document_type": "invoice", "vendor_name": "Mill", "invoice_total": 14.2, "line_items": ROWS}
COLUMNS = ["description", "quantity", "amount"]


def test_a_typed_text_becomes_a_value_of_the_kind_that_stood_there():
    names = detail_names(DATA, "invoice")
    edited = with_fields(DATA, names, {names.index("invoice_total"): "1,050.00", names.index("vendor_name"): "Mill & Sons"})
    assert (edited["invoice_total"], edited["vendor_name"]) == (1050, "Mill & Sons")


def test_nothing_typed_leaves_the_data_as_it_is():
    assert with_fields(DATA, detail_names(DATA, "invoice"), {}) == DATA
    assert with_rows(ROWS, COLUMNS, {}, [], [], "new") == ROWS


def test_an_emptied_field_stays_as_null_and_a_missing_one_left_blank_is_not_added():
    names = detail_names(DATA, "invoice")
    edited = with_fields(DATA, names, {names.index("vendor_name"): "", names.index("due_date"): " "})
    assert edited["vendor_name"] is None
    assert "due_date" not in edited


def test_a_field_that_the_kind_should_have_can_be_filled_in():
    names = detail_names(DATA, "invoice")
    edited = with_fields(DATA, names, {names.index("subtotal"): "12.50"})
    assert edited["subtotal"] == 12.5


def test_the_document_type_and_tables_are_no_details():
    assert not {"document_type", "line_items"} & set(detail_names(DATA, "invoice"))


def test_typing_into_a_cell_changes_that_cell_alone():
    edited = with_rows(ROWS, COLUMNS, {1: {"quantity": "4"}}, [], [], "new")
    assert [change.field for change in changes({"t": ROWS}, {"t": edited})] == ["t[b].quantity"]
    assert edited[1]["quantity"] == 4


def test_an_added_row_keeps_its_id_while_the_user_goes_on_typing():
    first = with_rows(ROWS, COLUMNS, {}, [{"description": "Salt"}], [], "new")
    then = with_rows(ROWS, COLUMNS, {}, [{"description": "Salt", "amount": "1.5"}, {"description": "Oil"}], [], "new")
    assert first[2]["_row_id"] == then[2]["_row_id"] != then[3]["_row_id"]
    assert then[2]["amount"] == 1.5


def test_a_blank_added_row_is_none_yet():
    assert with_rows(ROWS, COLUMNS, {}, [{}, {"description": ""}], [], "new") == ROWS


def test_deleted_rows_go_and_the_others_keep_their_ids():
    assert [row["_row_id"] for row in with_rows(ROWS, COLUMNS, {}, [], [0], "new")] == ["b"]


def test_rows_that_were_typed_into_before_others_went_are_still_found_by_their_place():
    edited = with_rows(ROWS, COLUMNS, {1: {"description": "Dry yeast"}}, [], [0], "new")
    assert edited == [{**ROWS[1], "description": "Dry yeast"}]


def test_an_empty_table_that_was_not_there_is_not_added():
    data = {"document_type": "invoice"}
    assert with_table(data, "line_items", []) == data
    assert table_names(data, "invoice") == ["line_items"]
    assert "quantity" in columns_of("line_items", [])


def test_a_new_field_gets_a_name_of_its_own():
    data = with_new_field(with_new_field(DATA, "Project number", "7"), "Project  Number", "8")
    assert (data["project_number"], data["project_number_2"]) == ("7", "8")


def test_a_new_field_cannot_take_the_name_of_the_row_ids():
    assert "_row_id" not in with_new_field({}, "_row_id", "x")


def test_a_column_is_numeric_by_what_most_of_it_holds():
    rows = [{"a": 1, "b": "x"}, {"a": "n/a", "b": 2}, {"a": 3, "b": "y"}]
    assert numeric_columns(rows, ["a", "b"]) == {"a"}
    assert numeric_columns([], ["description", "quantity"]) == {"quantity"}


def test_a_row_shows_its_lowest_confidence():
    places = {"line_items[a].amount": Place(confidence=0.6), "line_items[a].quantity": Place(confidence=0.9)}
    lines = table_lines("line_items", ROWS, COLUMNS, places, ())
    assert [line.confidence for line in lines] == [0.6, None]


def test_a_finding_is_noted_where_it_was_found_and_says_more_than_a_change():
    finding = Finding("tax", "error", "The tax does not add up.", ("invoice_total",))
    edited = {**DATA, "invoice_total": 15, "vendor_name": "Miller"}
    lines = detail_lines(edited, ["invoice_total", "vendor_name"], {}, [finding], changes(DATA, edited))
    assert [line.note for line in lines] == ["▲ The tax does not add up.", "✎ was Mill"]


def test_a_text_where_a_number_belongs_is_noted():
    assert detail_lines({"subtotal": "twelve"}, ["subtotal"], {}, (), ())[0].note == "? cannot be read as a number"


def test_what_is_typed_in_a_local_way_is_read_as_a_number_or_a_date():
    data = {**DATA, "due_date": None}
    names = detail_names(data, "invoice")
    typed = {names.index("invoice_total"): "1.234,56", names.index("due_date"): "23.11.2026"}
    edited = with_fields(data, names, typed)
    assert (edited["invoice_total"], edited["due_date"]) == (1234.56, "2026-11-23")
    assert with_rows(ROWS, COLUMNS, {0: {"amount": "1,234.56"}, 1: {"amount": "1 234,56"}}, [], [], "n")[0]["amount"] == 1234.56


def test_a_number_typed_over_a_text_that_was_one_is_a_number_again():
    original, names = {"vat_rate": 19}, ["vat_rate"]
    wrong = with_fields(original, names, {0: "x"}, original)
    assert with_fields(wrong, names, {0: "20"}, original) == {"vat_rate": 20}


def test_a_text_where_a_number_or_a_date_belongs_is_told_with_its_place_and_what_to_write():
    original = {**DATA, "invoice_date": "2026-10-01"}
    edited = {**with_value(original, "line_items[b].amount", "3,x", original), "invoice_date": "32.13.2026", "vendor_name": "n/a"}
    edited["line_items"] = [*edited["line_items"], {"_row_id": "c", "description": "Salt", "quantity": "some"}]
    sentences = {unread.sentence for unread in unread_edits(original, edited, changes(original, edited))}
    assert sentences == {
        "Invoice date: “32.13.2026” cannot be read as one date; write it like 2026-11-23 or 23.11.2026. It stays as typed.",
        "Amount of line 2 (Yeast): “3,x” cannot be read as a number; write it like 1250.50 or 1.250,50. It stays as typed.",
        "Quantity of line 3 (Salt): “some” cannot be read as a number; write it like 1250.50 or 1.250,50. It stays as typed.",
    }


def test_one_value_is_typed_by_its_path():
    assert with_value(DATA, "line_items[b].quantity", "4", DATA)["line_items"][1]["quantity"] == 4
    assert with_value(DATA, "invoice_total", "14,20", DATA) == DATA
    assert with_value(DATA, "line_items[gone].quantity", "4", DATA) == DATA


def test_the_first_value_of_a_column_is_read_as_its_name_says():
    data = {"line_items": [{"_row_id": "a", "description": "Flour"}]}
    assert with_value(data, "line_items[a].quantity", "1.234,5", data)["line_items"][0]["quantity"] == 1234.5
    assert with_value(data, "line_items[a].delivery_date", "23.11.2026", data)["line_items"][0]["delivery_date"] == "2026-11-23"


def test_rows_that_were_not_touched_are_shared():
    edited = with_rows(ROWS, COLUMNS, {1: {"quantity": "4"}}, [{"description": "Salt"}], [], "new")
    assert edited[0] is ROWS[0]


def test_an_inserted_row_is_one_addition_and_nothing_else():
    rows = [{"_row_id": f"r{n}", "description": f"Item {n}", "amount": n} for n in range(30)]
    edited = with_row_inserted({"line_items": rows}, "line_items", 18, "description", "Scaffold")
    (change,) = changes({"line_items": rows}, edited)
    assert (change.change_type, change.position, edited["line_items"][18]["description"]) == ("addition", 18, "Scaffold")


def test_lines_are_outdated_where_rows_went_or_notes_changed():
    lines = table_lines("line_items", ROWS, COLUMNS, {}, ())
    wrong = Finding("line_amount", "error", "Wrong.", ("line_items[b].amount",))
    assert not is_outdated("line_items", lines, ROWS, [*ROWS, {"_row_id": "c"}], COLUMNS, ())
    assert is_outdated("line_items", lines, ROWS, ROWS[1:], COLUMNS, ())
    assert is_outdated("line_items", lines, ROWS, ROWS, COLUMNS, [wrong])


def changed_at_random(seed):
    """A document and what somebody may make of it: values, fields and rows changed, added, removed and moved."""
    chance = random.Random(seed)
    rows = [{"_row_id": f"r{n}", "description": f"Item {n}", "amount": n} for n in range(8)]
    edited = [dict(row) for row in rows if chance.random() > 0.2]
    if chance.random() < 0.5:
        edited.insert(chance.randrange(len(edited)), edited.pop(chance.randrange(len(edited))))
    for row in edited:
        if chance.random() < 0.3:
            row["amount"] = chance.choice([None, "x", 99])
        if chance.random() < 0.2:
            row["unit"] = "kg"
    edited.insert(chance.randrange(len(edited) + 1), {"_row_id": "new", "description": "Salt"})
    original = {"vendor_name": "Mill", "note": "x", "line_items": rows}
    return original, {"vendor_name": chance.choice(["Mill", "Miller"]), "project": "Bridge", "line_items": edited}


@pytest.mark.parametrize("seed", range(40))
def test_putting_all_changes_back_one_by_one_gives_what_was_read(seed):
    original, data = changed_at_random(seed)
    for _ in range(60):
        found = changes(original, data)
        if not found:
            break
        taken = random.Random(seed).choice(found)
        data = put_back(data, original, taken)
        assert taken.field not in [c.field for c in changes(original, data) if c.change_type == taken.change_type]
    assert data == original


def test_putting_one_value_back_leaves_the_others_changed():
    edited = {**with_value(DATA, "line_items[a].amount", "12", DATA), "vendor_name": "Miller"}
    (first, _) = changes(DATA, edited)
    assert put_back(edited, DATA, first) == {**edited, "vendor_name": "Mill"}


def test_a_sum_that_fails_is_noted_at_the_sum_and_not_at_every_line():
    rows = [{"_row_id": f"r{n}", "description": f"Item {n}", "amount": n} for n in range(5)]
    finding = Finding("line_sum", "error", "Wrong.", (*(f"line_items[r{n}].amount" for n in range(5)), "subtotal"))
    assert [line.note for line in table_lines("line_items", rows, ["description", "amount"], {}, [finding])] == [""] * 5
    assert detail_lines({"subtotal": 3}, ["subtotal"], {}, [finding], ())[0].note == "▲ Wrong."
