"""JSON texts of other programs: their names, what is nested in them, lists of all shapes, and numbers with noise."""

import json

import pytest

from kraftd_core.adapters.readers.local.office.json_files import read_json


def read(content):
    return read_json(content if isinstance(content, bytes) else json.dumps(content).encode())


def values(reading):
    return {name: found.value for name, found in reading.fields.items()}


def rows(reading, name="line_items"):
    table = next(table for table in reading.tables if table.name == name)
    return [{column: found.value for column, found in row.items()} for row in table.rows]


@pytest.mark.parametrize("content", [
    {"invoice_number": "J-1", "supplier": "Nord", "total": 12.5, "date": "2026-01-05"},
    {"invoiceNumber": "J-1", "seller": {"name": "Nord"}, "totals": {"gross": 12.5}, "issueDate": "2026-01-05"},
    {"data": {"invoice": {
        "invoice_no": "J-1", "vendor": {"name": "Nord"}, "amounts": {"total": "12,50 €"}, "date": "5. Januar 2026",
    }}},
], ids=["plain", "nested", "in envelopes"])
def test_what_an_invoice_calls_in_other_words_gets_our_names(content):
    found = values(read(content))
    ours = {"invoice_id": "J-1", "vendor_name": "Nord", "invoice_total": 12.5, "invoice_date": "2026-01-05"}
    assert ours.items() <= found.items()


def test_the_number_and_day_of_an_order_are_not_those_of_the_invoice():
    stated = {"order_number": "PO-1", "order_date": "2026-01-05", "quotation_number": "Q-2"}
    assert values(read({"document_type": "invoice"} | stated)) == stated


@pytest.mark.parametrize(("name", "value"), [("total", "on request"), ("total", True), ("supplier", 4711), ("due", 30)])
def test_a_value_that_does_not_fit_our_name_keeps_its_own(name, value):
    assert values(read({"invoice_id": "J-1", name: value}))[name] == value


def test_a_name_that_is_taken_is_not_given_twice():
    found = values(read({"invoice_id": "J-1", "invoice_number": "J-2", "vendor_name": "A", "supplier": "B"}))
    assert found == {"invoice_id": "J-1", "invoice_number": "J-2", "vendor_name": "A", "supplier": "B"}


def test_lines_and_their_columns_get_our_names_where_they_are_free():
    reading = read({"invoice_id": "J", "items": [{"name": "Pump", "qty": 2, "price": 50, "total": 100, "sku": "007"}]})
    assert rows(reading) == [{"description": "Pump", "quantity": 2, "unit_price": 50, "amount": 100, "sku": "007"}]
    reading = read({"lines": [{"description": "Pump", "name": "P-1", "amount": 100, "total": 119}]})
    assert rows(reading) == [{"description": "Pump", "name": "P-1", "amount": 100, "total": 119}]


def test_members_that_meet_when_flattened_stay_apart_in_every_row():
    reading = read([{"x_y": 1, "x": {"y": 2}}, {"x": {"y": 3}}, {"x_y": 4}])
    assert rows(reading, "rows") == [{"x_y": 1, "x_y_2": 2}, {"x_y_2": 3}, {"x_y": 4}]


@pytest.mark.parametrize(("keyed", "keys"), [
    ({"1": {"amount": 10}, "2": {"amount": 5}}, ["1", "2"]), ({"7": {"amount": 10}}, ["7"]),
    ({"A-1": {"amount": 10}, "A-2": {"amount": 5, "note": "x"}}, ["A-1", "A-2"]),
])
def test_rows_under_their_numbers_or_codes_are_a_table(keyed, keys):
    assert [row["key"] for row in rows(read({"line_items": keyed}))] == keys


def test_two_parties_are_no_table():
    found = values(read({"parties": {"seller": {"name": "A"}, "buyer": {"name": "B"}}}))
    assert (found["parties_seller_name"], found["parties_buyer_name"]) == ("A", "B")


def test_a_text_amid_rows_loses_no_row_and_is_told():
    pump, valve = {"description": "Pump", "amount": 10}, {"description": "Valve", "amount": 5}
    reading = read({"line_items": [pump, "shipping 5.00", valve]})
    assert [row["description"] for row in rows(reading)] == ["Pump", "Valve"]
    assert values(reading)["line_items_others"] == "shipping 5.00"
    assert reading.notices == ["Of the list line_items, 1 member is no row: see line_items_others."]


def test_lists_of_cells_under_a_head_are_a_table_and_others_are_text():
    assert rows(read({"items": [["description", "amount"], ["Pump", 10]]})) == [{"description": "Pump", "amount": 10}]
    assert values(read({"points": [[1, 2], [3, 4]]}))["points"] == "[[1, 2], [3, 4]]"


def test_numbers_in_lists_within_rows_stay_numbers():
    reading = read(b'[{"taxes": [{"rate": 19, "amount": 1.40}]}]')
    assert json.loads(rows(reading, "rows")[0]["taxes"]) == [{"rate": 19, "amount": 1.4}]


@pytest.mark.parametrize(("digits", "kept"), [
    (b"0.30000000000000004", 0.30000000000000004), (b"0.1", 0.1), (b"0.12345678901234567", "0.12345678901234567"),
])
def test_the_noise_of_a_double_stays_a_number_and_more_digits_than_it_holds_stay_text(digits, kept):
    assert read(b'{"x": ' + digits + b"}").as_json()["data"]["x"] == kept
