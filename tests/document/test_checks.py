"""Each check fires on what is wrong, and on nothing else."""

import io
import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from known_cases import sample_cases
from made_invoices import made
from shared_files import DOCUMENTS, needs_documents, truths

from kraftd_core.desk.samples import make_sample
from kraftd_core.document.checks.checking import answers, check, day, number
from kraftd_core.document.jsontypes import ROW_ID, Data, cleaned, with_row_ids

TODAY = date(2026, 11, 20)


def line(row_id: str = "r1", **cells: Any) -> Data:
    return {ROW_ID: row_id, "description": f"Pump {row_id}", "quantity": 4, "unit_price": 120, "amount": 480} | cells


def invoice(**fields: Any) -> Data:
    return {
        "document_type": "invoice", "vendor_name": "Mill", "invoice_id": "A-1", "invoice_date": "2026-11-01",
        "due_date": "2026-12-01", "currency": "EUR", "subtotal": 480, "total_tax": 96, "invoice_total": 576,
        "line_items": [line()],
    } | fields


def fired(data: Data) -> list[str]:
    return [finding.check for finding in check(data, TODAY) if finding.answer == "differs"]


def test_nothing_is_found_in_an_invoice_that_is_right():
    assert check(invoice(), TODAY) == []


# Line amounts


def test_a_wrong_line_amount_is_told_with_its_place_and_its_figures():
    rows = [line("r1"), line("r2"), line("r3", description="Pump 2 kW", amount=460)]
    finding = next(f for f in check(invoice(line_items=rows), TODAY) if f.check == "line_amount")
    assert finding.message == "Line 3 (Pump 2 kW): 4 x 120.00 is 480.00, but the amount says 460.00."
    assert finding.cells == ("line_items[r3].quantity", "line_items[r3].unit_price", "line_items[r3].amount")
    assert (finding.severity, finding.expected, finding.found) == ("error", "480.00", "460.00")


def test_a_line_of_another_table_is_named_by_its_table():
    data = {"deliveries": [line(amount=481)]}
    assert check(data, TODAY)[0].message.startswith("Row 1 of deliveries (Pump r1): 4 x 120.00 is 480.00")


@pytest.mark.parametrize("cells", [
    {"discount": 20, "amount": 460},  # an amount off
    {"discount": 5, "amount": 460},  # an amount off each piece
    {"discount": 25, "amount": 360},  # percent
    {"discount": 0.25, "amount": 360},  # a share
    {"discount": -25, "amount": 360},
    {"discount": 25, "tax_rate": 20, "amount": 432},
    {"days": 3, "amount": 1440},
    {"tax_rate": 20, "amount": 576},
    {"quantity": 400, "unit_price": 120, "unit": "100 pcs", "amount": 480},
    {"quantity": 2.33, "unit_price": 90, "amount": 210},  # two hours and twenty minutes
    {"quantity": 8, "unit_price": 4.1, "amount": 32.83},  # 4.1037 a piece
    {"quantity": -4, "amount": -480},
    {"amount": None}, {"unit_price": None}, {"quantity": "4"}, {"quantity": True, "amount": 5},
])
def test_a_line_is_not_wrong_where_discount_tax_rounding_or_gaps_explain_it(cells):
    assert "line_amount" not in fired({"line_items": [line(**cells)]})


@pytest.mark.parametrize("cells", [
    {"amount": 480.02, "quantity": 1, "unit_price": 480}, {"amount": 48}, {"amount": -480}, {"discount": 10, "amount": 450},
    {"position": 3, "amount": 1440}, {"unit": "m3", "amount": 1440}, {"quantity": 0, "amount": 480},
])
def test_a_line_is_wrong_where_nothing_explains_it(cells):
    assert "line_amount" in fired({"line_items": [line(**cells)]})


def test_figures_that_doubles_cannot_add_are_exact():
    assert fired({"line_items": [line(quantity=3, unit_price=0.1, amount=0.3)], "subtotal": 0.3}) == []


# Sums


def test_lines_that_do_not_add_up_to_the_subtotal_are_found():
    finding = next(f for f in check(invoice(line_items=[line(), line("r2")]), TODAY) if f.check == "line_sum")
    assert finding.message == "The lines add up to 960.00, but the subtotal says 480.00."
    assert finding.cells == ("line_items[r1].amount", "line_items[r2].amount", "subtotal")


def test_lines_are_compared_with_the_total_where_there_is_no_subtotal():
    data = invoice(subtotal=None, total_tax=None, invoice_total=500)
    assert [(f.check, f.severity) for f in check(data, TODAY)] == [("line_sum", "warning")]
    assert check(data, TODAY)[0].message == "The lines add up to 480.00, but the total says 500.00."


@pytest.mark.parametrize("fields", [
    {"subtotal": 450, "discount": 30, "total_tax": 90, "invoice_total": 540},
    {"subtotal": 490, "shipping_cost": 10, "total_tax": 98, "invoice_total": 588},
    {"subtotal": None},
    {"subtotal": None, "total_tax": None, "invoice_total": 480},
    {"subtotal": 400, "total_tax": 80, "invoice_total": 480},  # lines with the tax in them
    {"line_items": [line(), line("r2", amount=None)]},  # a line that is not known
    {"line_items": [line(), line("r2", amount="incl.")]},
    {"line_items": [{ROW_ID: "h", "description": "Section A"}, line()]},
    {"line_items": [line(), {ROW_ID: "s", "description": "Sum of section A", "amount": 480}]},
    {"line_items": []},
    {"subtotal": -480, "total_tax": -96, "invoice_total": -576},  # a credit note that prints its lines without sign
])
def test_lines_are_not_said_to_miss_the_subtotal_where_they_need_not(fields):
    assert "line_sum" not in fired(invoice(**fields))


def test_a_total_that_is_not_subtotal_and_tax_is_found():
    finding = check(invoice(invoice_total=567), TODAY)[0]
    assert finding.message == "The subtotal 480.00 plus the tax 96.00 is 576.00, but the total says 567.00."
    assert finding.cells == ("subtotal", "total_tax", "invoice_total")


@pytest.mark.parametrize("fields", [
    {"invoice_total": 586, "shipping": 10}, {"invoice_total": 556, "discount": 20},
    {"invoice_total": 564.48, "discount_percent": 2}, {"invoice_total": 576.01},
    {"total_tax": None, "invoice_total": 500}, {"invoice_total": "576"}, {"invoice_total": None},
])
def test_a_total_is_not_wrong_where_charges_rounding_or_gaps_explain_it(fields):
    assert "total" not in fired(invoice(**fields))


def test_a_till_may_round_and_print_its_subtotal_with_the_tax():
    receipt = {"document_type": "receipt", "vendor_name": "Shop", "receipt_date": "2026-11-01"}
    assert fired(receipt | {"subtotal": 31.47, "total_tax": 1.78, "receipt_total": 31.45}) == []
    assert fired(receipt | {"subtotal": 31.47, "total_tax": 1.78, "receipt_total": 30.45}) == ["total"]


# Forms


@pytest.mark.parametrize("value", ["12,50", "4 pcs", "#REF!", True, [1]])
def test_what_is_no_number_is_named_by_its_cell(value):
    findings = check({"line_items": [line(unit_price=value)]}, TODAY)
    assert [(f.check, f.severity, f.cells) for f in findings] == [("not_a_number", "warning", ("line_items[r1].unit_price",))]
    assert findings[0].message.startswith("Line 1 (Pump r1): the unit price ")


@pytest.mark.parametrize("value", [None, "", " ", "-", 12.5, "1234567890123456.78"])
def test_a_gap_or_a_number_too_long_for_json_is_not_called_a_text(value):
    assert "not_a_number" not in fired(invoice(subtotal=value))


def test_a_number_kept_as_text_for_its_length_is_calculated_with():
    assert number("1234567890123456.78") == Decimal("1234567890123456.78")
    assert number("480") is number(True) is number(float("nan")) is None


def test_a_date_written_otherwise_is_found_and_a_word_is_not():
    assert fired(invoice(invoice_date="13.11.2026")) == ["date_form"]
    assert fired(invoice(invoice_date="2026-13-01")) == ["date_form"]
    assert fired(invoice(due_date="on delivery")) == []
    assert day("2026-11-01T10:00:00Z") == date(2026, 11, 1)
    assert day("20261101") is None


# Completeness and time


def test_a_missing_required_field_is_found_by_the_kind_of_document():
    findings = check(invoice(vendor_name=" ", invoice_id=None), TODAY)
    assert [f.message for f in findings] == ["The supplier is missing.", "The invoice number is missing."]
    assert [f.message for f in check({"document_type": "boq"}, TODAY)] == ["The line items are missing."]
    assert fired({"document_type": "other"}) == fired({"document_type": "no such"}) == fired({}) == []


def test_a_due_date_before_the_date_is_found():
    findings = check(invoice(invoice_date="2026-12-24"), date(2026, 12, 24))
    assert findings[0].message == "Due date: 2026-12-01 is before the invoice date 2026-12-24."
    assert check(invoice(invoice_date="2026-12-01"), date(2026, 12, 1)) == []


def test_an_invoice_is_overdue_only_after_its_due_date_and_while_something_is_owed():
    late = invoice(due_date="2026-11-19")
    assert [(f.check, f.severity) for f in check(late, TODAY)] == [("overdue", "note")]
    assert check(late, TODAY)[0].message == "The due date 2026-11-19 has passed, as of 2026-11-20."
    assert fired(invoice(due_date="2026-11-20")) == []
    assert fired(late | {"amount_due": 0}) == []
    assert fired({"document_type": "other", "due_date": "2020-01-01"}) == []


@pytest.mark.parametrize("fields", [
    {"balance_due": 0}, {"amount_paid": 576}, {"status": "Paid"}, {"payments": [{"amount": 576}]},
])
def test_what_was_paid_is_not_overdue(fields):
    assert "overdue" not in [finding.check for finding in check(invoice(due_date="2026-11-19") | fields, TODAY)]


def test_a_date_that_is_still_to_come_is_found_a_day_after_tomorrow():
    assert fired(invoice(invoice_date="2026-11-21")) == []  # where it was written it may be tomorrow already
    finding = check(invoice(invoice_date="2026-11-22"), TODAY)[0]
    assert (finding.check, finding.severity) == ("date_to_come", "warning")
    assert finding.message == "Invoice date: 2026-11-22 is still to come, as of 2026-11-20."


def test_a_period_that_ends_before_it_begins_is_found():
    assert fired(invoice(period_start="2026-10-31", period_end="2026-10-01")) == ["period"]
    assert fired({"document_type": "contract", "vendor_name": "A", "customer_name": "B", "contract_date": "2026-01-01",
                  "effective_date": "2026-12-01", "end_date": "2026-11-01"}) == ["period"]
    assert fired(invoice(period_start="2026-10-01", period_end="2026-10-31")) == []


# Lines


def test_a_line_that_is_there_twice_is_found_whatever_its_number():
    rows = [line("r1", description="Pump", position=1), line("r2"), line("r3", description="Pump", position=3)]
    findings = check({"line_items": rows}, TODAY)
    assert [f.message for f in findings] == ["Line 3 (Pump) repeats line 1."]
    assert findings[0].cells == ("line_items[r1].description", "line_items[r3].description")


def test_equal_lines_of_two_sections_or_of_a_receipt_are_not_repeated():
    twice = [line("r1", description="Pump"), line("r2", description="Pump")]
    assert fired({"line_items": [twice[0], {ROW_ID: "h", "description": "Section B"}, twice[1]]}) == []
    assert "duplicate_line" not in fired({"document_type": "receipt", "line_items": twice})
    assert fired({"line_items": [twice[0], twice[1] | {"quantity": 5, "amount": 600}]}) == []


@pytest.mark.parametrize("rows", [
    [line("r1", description="Door", position="1.1"), line("r2", description="Door", position="2.1")],
    [line("r1", description="Door", section="A"), line("r2", description="Door", section="B")],
    [line("r1", description="Door"), {ROW_ID: "s", "description": "Total A", "amount": 480}, line("r2", description="Door")],
])
def test_the_same_item_of_another_section_is_no_repetition(rows):
    assert "duplicate_line" not in fired({"line_items": rows})


@pytest.mark.parametrize("value", ["RO", "rate only", "incl.", "Included", "PM", "nil", "n/a", "TBA", "on request"])
def test_a_word_that_stands_for_a_rate_on_purpose_is_no_fault(value):
    assert fired({"line_items": [line(unit_price=value, amount=None)]}) == []


def test_a_time_on_the_clock_is_a_quantity():
    assert fired({"line_items": [line(quantity="2:30", amount=300)]}) == []
    assert fired({"line_items": [line(quantity="2:30", amount=276)]}) == ["line_amount"]


def test_a_quantity_below_zero_is_found_where_no_amount_goes_with_it():
    asked = {"line_items": [line(quantity=-4, unit_price=None, amount=None)]}
    assert [f.message for f in check(asked, TODAY)] == ["Line 1 (Pump r1): the quantity -4 is below zero."]
    assert fired({"line_items": [line(quantity=-4, amount=-480)]}) == []


# Taxes, codes and currencies


@pytest.mark.parametrize("rows", [
    [{ROW_ID: "t1", "tax_rate": 20, "taxable_amount": 480, "tax_amount": 69}],
    [{ROW_ID: "t1", "tax_rate": 0, "taxable_amount": 480, "tax_amount": 96}],
])
def test_a_tax_that_is_not_its_rate_of_its_base_is_found(rows):
    findings = [f for f in check(invoice(tax_breakdown=rows), TODAY) if f.check == "tax"]
    assert [f.cells[-1] for f in findings] == ["tax_breakdown[t1].tax_amount"]


def test_the_tax_of_the_lines_is_compared_where_there_is_no_breakdown():
    taxed = invoice(line_items=[line(tax_rate=20)])
    assert fired(taxed) == []
    finding = check(taxed | {"total_tax": 91.2, "invoice_total": 571.2}, TODAY)[0]
    assert finding.message == "The lines with their tax rates make a tax of 96.00, but the tax says 91.20."
    assert finding.cells == ("line_items[r1].amount", "line_items[r1].tax_rate", "total_tax")


@pytest.mark.parametrize("fields", [
    {"tax_breakdown": [{ROW_ID: "t", "tax_rate": 20, "taxable_amount": 480, "tax_amount": 96.01}]},
    {"tax_breakdown": [{ROW_ID: "t", "tax_rate": None, "taxable_amount": 480, "tax_amount": 96}]},
    {"line_items": [line(tax_rate=0.2)]},  # as a share
    {"line_items": [line(tax_rate=10, quantity=2, amount=240), line("r2", quantity=2, amount=240)]},  # a line without its rate
    {"line_items": [line(tax_rate=10)], "total_tax": None},
])
def test_a_tax_is_not_wrong_where_rounding_or_gaps_explain_it(fields):
    assert "tax" not in fired(invoice(**fields))


@pytest.mark.parametrize(("currency", "amount", "is_wrong"), [
    ("KWD", 480.02, True), ("EUR", 480.01, False), ("JPY", 481, False), ("JPY", 483, True), ("KWD", 480.001, False),
])
def test_how_far_a_sum_may_be_off_depends_on_the_currency(currency, amount, is_wrong):
    data = invoice(currency=currency, subtotal=amount, total_tax=None, invoice_total=None)
    assert ("line_sum" in fired(data)) is is_wrong


def test_an_iban_with_wrong_check_digits_is_found():
    finding = check(invoice(iban="DE89 3704 0044 0532 0130 01"), TODAY)[0]
    assert (finding.check, finding.severity, finding.cells) == ("iban", "error", ("iban",))
    assert finding.message == "IBAN: “DE89 3704 0044 0532 0130 01” cannot be right, its check digits do not fit."


@pytest.mark.parametrize(("value", "why"), [
    ("GB29", "is no IBAN."), ("account 12", "is no IBAN."),
    ("DE89 3704 0044 0532 0130", "cannot be right, its check digits do not fit."),
])
def test_what_is_no_iban_is_found_in_fields_and_in_tables(value, why):
    finding = check(invoice(vendor_iban=value), TODAY)[0]
    assert (finding.check, finding.message) == ("iban", f"Vendor IBAN: “{value}” {why}")
    tabled = check(invoice(payment_details=[{ROW_ID: "p", "iban": value}]), TODAY)
    assert [f.cells for f in tabled] == [("payment_details[p].iban",)]


def test_what_is_no_bic_is_found():
    assert fired(invoice(bic="COBADEFF")) == fired(invoice(bic="COBADEFFXXX")) == fired(invoice(bic="")) == []
    assert fired(invoice(bic="COBADEF")) == ["bic"]


@pytest.mark.parametrize("value", [
    "DE89 3704 0044 0532 0130 00", "GB29NWBK60161331926819", "DE00XXXXXXXXXXXXXXXX00", "on request", None, 7,
])
def test_an_iban_that_fits_or_is_none_is_not_called_wrong(value):
    assert fired(invoice(iban=value)) == []


def test_a_vat_number_with_wrong_check_digits_is_found():
    finding = check(invoice(vendor_tax_id="DE136695977"), TODAY)[0]
    assert (finding.check, finding.severity, finding.found) == ("vat_number", "warning", "DE136695977")
    assert finding.cells == ("vendor_tax_id",)
    assert finding.message.endswith(" “DE136695977” does not fit its check digits: compare it with the document.")


@pytest.mark.parametrize("value", ["DE136695976", "ATU 1358 5627", "201/113/40209", "GB999", "DEpartment", "US12345678"])
def test_a_vat_number_that_fits_or_is_another_number_is_not_called_wrong(value):
    assert fired(invoice(vendor_tax_id=value)) == []


def test_a_line_in_another_currency_is_found_once():
    rows = [line("r1", currency="EUR"), line("r2", currency="USD"), line("r3", currency="USD")]
    findings = check(invoice(line_items=rows, subtotal=1440, total_tax=0, invoice_total=1440), TODAY)
    assert [(f.check, f.cells[0]) for f in findings] == [("currency", "line_items[r2].currency")]
    assert findings[0].message == "Line 2 (Pump r2): the currency is USD, but the currency of the document is EUR."
    assert fired(invoice(line_items=[line(currency="eur")])) == fired(invoice(line_items=[line(currency=None)])) == []


# Everything else


def test_rows_without_identity_are_checked_too():
    row = line(amount=460)
    del row[ROW_ID]
    assert check({"line_items": [row]}, TODAY)[0].cells[-1] == "line_items[1].amount"


SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.sampled_from(["12.5", "2026-11-01", "9" * 5000])
)
NAMES = st.one_of(
    st.sampled_from([
        "document_type", "subtotal", "total_tax", "invoice_total", "due_date", "discount", "currency", "quantity",
        "unit_price", "amount", "description", "unit", ROW_ID, "tax_rate", "discount_percent", "price_quantity", "days",
        "tax_amount", "net_price", "prepaid_amount", "balance_due", "rounding", "retention_percent", "freight", "gst",
        "optional", "taxable_amount", "taxable", "iban", "status",
    ]),
    st.text(max_size=5),
)
ROWS = st.lists(st.dictionaries(NAMES, SCALARS, max_size=6), max_size=4)
VALUES = st.one_of(SCALARS, st.sampled_from(["invoice", "receipt", "boq"]), ROWS, st.lists(SCALARS, max_size=2))
ANYTHING = st.dictionaries(st.one_of(NAMES, st.sampled_from(["line_items", "tax_breakdown", "payments"])), VALUES, max_size=9)


@given(ANYTHING)
def test_any_data_is_checked_and_every_finding_is_a_sentence(data):
    for finding in answers(data, TODAY):
        assert finding.message.endswith(".")
        assert "\n" not in finding.message


@given(st.lists(st.tuples(st.integers(1, 999), st.decimals(0, 9999, places=2)), min_size=1, max_size=9), st.integers(0, 25))
def test_an_invoice_that_was_calculated_rightly_is_never_called_wrong(lines, rate):
    amounts = [(count * price).quantize(Decimal("0.01")) for count, price in lines]
    tax = (sum(amounts) * rate / 100).quantize(Decimal("0.01"))
    rows = [
        line(f"r{n}", quantity=count, unit_price=price, amount=amount)
        for n, ((count, price), amount) in enumerate(zip(lines, amounts, strict=True))
    ]
    data = cleaned(invoice(line_items=rows, subtotal=sum(amounts), total_tax=tax, invoice_total=sum(amounts) + tax))
    assert check(data, TODAY) == []


@given(st.integers(1, 999), st.integers(1, 999900), st.integers(1, 10**7))
def test_an_amount_that_is_off_by_more_than_a_hundredth_is_always_found(count, price_cents, off_cents):
    amount_cents = count * price_cents
    wrong = (amount_cents + off_cents + amount_cents // 100 + 2) / 100
    assert fired({"line_items": [line(quantity=count, unit_price=price_cents / 100, amount=wrong)]}) == ["line_amount"]


# Whole documents


@pytest.mark.parametrize("seed", range(40))
def test_a_check_fires_on_a_made_document_only_where_a_printed_discount_is_not_in_its_data(seed):
    _, truth = made(seed)
    has_discount = round(sum(row["amount"] for row in truth["line_items"]) - truth["subtotal"], 2) > 0
    assert _firings(truth) == ([("line_sum", "subtotal")] if has_discount else [])


@pytest.mark.parametrize("seed", range(0, 40, 4))
def test_one_wrong_figure_in_a_made_document_is_found_where_it_stands(seed):
    _, truth = made(seed)
    total = {"invoice": "invoice_total", "purchase_order": "order_total"}[truth["doc_type"]]
    assert ("total", total) in _firings(truth | {"invoice_total": truth["invoice_total"] + 10})
    lines = [row | {"amount": row["amount"] * 2 + 1} if n == 0 else row for n, row in enumerate(truth["line_items"])]
    assert ("line_amount", "line_items[1].quantity") in _firings(truth | {"line_items": lines})


@pytest.mark.slow
def test_the_line_of_the_sample_invoice_that_does_not_add_up_is_printed_so():
    import pdfplumber

    (case,) = [case for case in sample_cases() if case.document_name == "sample-invoice.pdf"]
    (finding,) = [finding for finding in case.findings if finding.severity == "error"]
    assert (finding.check, finding.cells[-1].rpartition(".")[2]) == ("line_amount", "amount")
    with pdfplumber.open(io.BytesIO(make_sample("invoice"))) as pdf:
        text = pdf.pages[0].extract_text()
    assert finding.found in text and finding.expected not in text


_BY_TYPE = {"receipt": "receipt_{}", "purchase_order": "order_{}"}
_OFF_THE_LINE = ("the line's discounts of 100.00 and 50.00 are printed, but not in the data", "-50,00")
_OFF_THE_WHOLE = ("a charge of 30.00 and a discount of 21.25 are printed, but not in the data", "Abschläge -21,25")
_TRUE_FIRINGS = {
    ("fx_d01", "line_amount", "line_items[1].quantity"): (
        "the amount holds an insurance tax, which only a remark tells", "Enthält 16,34 % Versicherungssteuer = 163,40 €"),
    ("fx_d03", "line_sum", "subtotal"): (
        "discounts of 5.10 and 3.11 are printed, but not in the data", "Umsatzsteuer (S) 326,50 -5,10 321,40"),
    ("fx_d06", "line_amount", "line_items[1].quantity"): _OFF_THE_LINE,
    ("fx_d06", "line_sum", "subtotal"): _OFF_THE_WHOLE,
    ("fx_d15", "line_amount", "line_items[1].quantity"): _OFF_THE_LINE,
    ("fx_d15", "line_sum", "subtotal"): _OFF_THE_WHOLE,
    ("fx_d18", "required", "invoice_id"): (
        "no invoice number is printed, only that of the insurance", "Beitragsrechnung 24. Januar 2014"),
    ("fx_d18", "due_before_date", "due_date"): ("it is printed so", "am 06.12.2013 fällig."),
    ("fx_d20", "line_amount", "line_items[1].quantity"): (
        "it is printed so: the price is for ten, which the page does not tell", "Wirkarbeit 0,0520 10000 KWH 19 % 52,00"),
    ("fx_d20", "line_amount", "line_items[2].quantity"): (
        "it is printed so: the price is for ten, which the page does not tell", "Ökosteuer 0,0205 10000 KWH 19 % 20,50"),
    ("fx_d20", "line_sum", "subtotal"): (
        "a discount of 21.55 and freight of 15.00 are printed, but not in the data", "Abschläge -21,55"),
    ("fx_d22", "line_amount", "line_items[1].quantity"): _OFF_THE_LINE,
    ("fx_d22", "line_sum", "subtotal"): _OFF_THE_WHOLE,
    ("i2d_Sa", "required", "vendor_name"): ("the data lacks what is printed", "Sammy Maystone INVOICE"),
    ("i2d_Sa", "required", "invoice_total"): ("the data lacks what is printed", "Total: $127.50"),
}


def _as_document(truth: Data) -> Data:
    """The truth under the field names of its type; without what it does not say at all."""
    form = _BY_TYPE.get(truth["doc_type"], "invoice_{}")
    names = {f"invoice_{part}": form.format(part) for part in ("date", "total")} | {
        "invoice_id": {"receipt": "receipt_number", "purchase_order": "order_number"}.get(truth["doc_type"], "invoice_id")
    }
    fields = {names.get(name, name): value for name, value in truth.items()}
    return with_row_ids(cleaned({"document_type": truth["doc_type"]} | fields))


@needs_documents
def test_on_real_documents_each_check_that_fires_is_right():
    found = {(path.name[:6], *firing) for path in truths() for firing in _firings(json.loads(path.read_text(encoding="utf-8")))}
    assert found == set(_TRUE_FIRINGS)


def _firings(truth: Data) -> list[tuple[str, str]]:
    """Each by its check and the cell that names it; what is required, but no matter of this truth, cannot be judged by it."""
    data = _as_document(truth)
    for place, row in enumerate(data.get("line_items") or [], 1):
        row[ROW_ID] = str(place)
    doubts = [finding for finding in check(data, date(2100, 1, 1)) if finding.severity != "note"]
    found = [(f.check, f.cells[0] if f.check == "line_amount" else f.cells[-1]) for f in doubts]
    return [(name, cell) for name, cell in found if name != "required" or cell in data]


@needs_documents
@pytest.mark.parametrize("document", sorted({document for document, *_ in _TRUE_FIRINGS}))
def test_the_reason_of_each_firing_is_printed_in_the_document(document):
    import pdfplumber

    path = min(DOCUMENTS.glob(f"{document}*.pdf"), key=lambda path: not path.name.endswith(".plain.pdf"))
    with pdfplumber.open(path) as pdf:
        text = "".join("".join(page.extract_text().split()) for page in pdf.pages)
    for firing, (_, printed) in _TRUE_FIRINGS.items():
        assert firing[0] != document or "".join(printed.split()) in text, firing


@needs_documents
def test_no_real_document_has_a_wrong_total_or_a_repeated_line():
    for path in truths():
        truth = json.loads(path.read_text(encoding="utf-8"))
        data = with_row_ids(cleaned({"document_type": truth["doc_type"]} | truth))
        assert not {"total", "duplicate_line", "not_a_number", "negative_quantity"} & set(fired(data)), path.name
