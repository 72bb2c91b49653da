from kraftd_core.changes import changes
from kraftd_core.checks import Finding
from kraftd_core.grids import (
    columns_of,
    detail_lines,
    detail_names,
    numeric_columns,
    reading_of,
    table_lines,
    table_names,
    with_fields,
    with_new_field,
    with_rows,
    with_table,
)
from kraftd_core.records import Place

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


def test_the_reading_counts_values_by_how_sure_the_machine_was():
    places = {"vendor_name": Place(confidence=0.95), "invoice_total": Place(confidence=0.5)}
    reading = reading_of(DATA, places)
    assert (reading.values, reading.rows, reading.sure, reading.doubtful, reading.unmeasured) == (8, 2, 1, 1, 6)
