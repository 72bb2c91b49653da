"""What the checks answer of single figures, example by example: held, differs or not checked, and which cells."""

from datetime import date
from typing import Any

import pytest

from kraftd_core.document.checks.checking import Finding, answers, check
from kraftd_core.document.checks.words import doubts, figures_said, nothing_wrong_said, verdict

TODAY = date(2026, 11, 27)
HEAD = {"document_type": "invoice", "vendor_name": "Mill", "invoice_id": "1", "invoice_date": "2026-11-01", "currency": "EUR"}


def given(**fields: Any) -> list[Finding]:
    return answers(HEAD | fields, TODAY)


def doubted(**fields: Any) -> list[Finding]:
    return [finding for finding in doubts(given(**fields)) if finding.answer == "differs" and finding.check != "required"]


def lines(*amounts: Any) -> list[dict[str, Any]]:
    return [{"description": f"Work {n}", "quantity": 1, "unit_price": a, "amount": a} for n, a in enumerate(amounts)]


def one_line(**cells: Any) -> dict[str, Any]:
    return {"line_items": [{"description": "Work"} | cells]}


# Silence is not taken for right


def test_lines_of_which_one_has_no_amount_are_summed_as_far_as_they_go():
    found = given(line_items=lines(1000, 1000, None), invoice_total=9000)
    assert "Known amounts 2,000.00 of the total 9,000.00; 1 line has none." in [finding.message for finding in found]
    assert verdict(found) == "not_checked"
    assert figures_said(found) != "The figures add up."
    assert nothing_wrong_said(found) != "The checks found nothing wrong."


def test_a_bill_with_24_rates_in_words_says_what_its_known_amounts_come_to():
    priced = [{"description": f"Item {n}", "quantity": 10, "unit_price": 100, "amount": 1000} for n in range(475)]
    included = [{"description": f"Extra {n}", "quantity": 1, "unit_price": "incl."} for n in range(24)]
    bill = {"document_type": "boq", "currency": "EUR", "boq_total": 928_980, "line_items": [*priced, *included]}
    found = [finding for finding in check(bill, TODAY) if finding.check == "line_sum"]
    assert [(finding.answer, finding.expected, finding.found) for finding in found] == [("differs", "475000.00", "928980.00")]


# What was missed


@pytest.mark.parametrize("beside", [
    {"tax_rate": 10}, {"weight": 10}, {"delivery_days": 10}, {"warranty_months": 10}, {"discount_days": 10},
])  # fmt: skip
def test_no_other_column_excuses_an_amount_ten_times_too_large(beside):
    found = doubted(**one_line(quantity=2, unit_price=50, amount=1000, **beside))
    assert [finding.expected for finding in found if finding.check == "line_amount"] == ["100.00"]


@pytest.mark.parametrize("beside", [{"weight": 90}, {"delivery_days": 90}, {"discount_days": 90}, {"credit_limit": 90}])
def test_no_other_field_excuses_a_total_that_is_off(beside):
    sums = {"line_items": lines(100), "subtotal": 100, "total_tax": 19, "invoice_total": 209}
    assert [finding.expected for finding in doubted(**sums, **beside) if finding.check == "total"] == ["119.00"]


@pytest.mark.parametrize(("fields", "name", "expected"), [
    ({"subtotal": 100, "total_tax": 19, "invoice_total": -119}, "total", "119.00"),
    ({"subtotal": 100, "total_tax": 25, "tax_rate": 19, "invoice_total": 125}, "tax", "19.00"),
    ({"invoice_date": "2027-01-05"}, "date_to_come", None),
    ({"invoice_total": 1190, "prepaid_amount": 500, "balance_due": 790}, "balance", "690.00"),
    ({"vendor_iban": "GB29"}, "iban", None),
    ({"document_title": "Credit note", "subtotal": -100, "total_tax": -19, "invoice_total": 119}, "total", "-119.00"),
])  # fmt: skip
def test_what_cannot_be_right_is_found_with_the_right_value(fields, name, expected):
    assert [finding.expected for finding in doubted(**fields) if finding.check == name] == [expected]


# What is right and was doubted

TAXED = {"subtotal": 1000, "total_tax": 190, "invoice_total": 1190, "line_items": lines(1000)}
HELD: dict[str, dict[str, Any]] = {
    "a rate written as share": TAXED | {"tax_rate": 0.19},
    "a retention in percent": TAXED | {"retention_percent": 5, "invoice_total": 1130.5},
    "two withholdings": TAXED | {"irpf": 150, "garantia_retencion": 50, "invoice_total": 990},
    "two provincial taxes": {
        "subtotal": 1000, "gst": 50, "pst": 70, "invoice_total": 1120, "line_items": lines(1000), "gst_rate": 5, "pst_rate": 7,
    },
    "a city tax": TAXED | {"city_tax": 12, "invoice_total": 1202},
    "reverse charge with its rate": TAXED | {
        "total_tax": 0, "tax_rate": 19, "invoice_total": 1000, "tax_note": "Reverse charge",
    },
    "an optional line": TAXED | {
        "line_items": [*lines(1000), {"description": "Optional: lift", "quantity": 1, "unit_price": 9, "amount": 9}],
    },
    "an alternative line": TAXED | {
        "line_items": [*lines(1000), {"description": "Alternative: oak", "quantity": 1, "unit_price": 1200, "amount": 1200}],
    },
    "a free item with a list price": TAXED | {
        "line_items": [*lines(1000), {"description": "Sample, free of charge", "quantity": 1, "unit_price": 15, "amount": 0}],
    },
    "whole rupees": TAXED | {"currency": "INR", "total_tax": 190.4, "invoice_total": 1190},
    "whole kronor": TAXED | {"currency": "SEK", "total_tax": 190.3, "invoice_total": 1190},
    "whole rupiah": TAXED | {"currency": "IDR", "total_tax": 190.4, "invoice_total": 1190},
    "a price per 100": one_line(quantity=500, unit_price=12, price_unit=100, amount=60) | {"invoice_total": 60},
    "a price per 1000": one_line(quantity=5000, unit_price=12, price_base=1000, amount=60) | {"invoice_total": 60},
    "hours and minutes": one_line(quantity="2:30", unit_price=60, amount=150) | {"invoice_total": 150},
    "a discount, shipping and a tip": {
        "subtotal": 1000, "discount": 100, "shipping": 20, "tip": 10, "total_tax": 174.8, "invoice_total": 1104.8,
        "line_items": lines(1000),
    },
    "a deposit": TAXED | {"deposit": 30, "invoice_total": 1220},
}  # fmt: skip


@pytest.mark.parametrize("what", HELD)
def test_what_is_right_is_called_right(what):
    assert doubted(**HELD[what]) == []
    assert verdict(given(**HELD[what])) == "held"


@pytest.mark.parametrize("word", ["RO", "rate only", "incl.", "PM"])
def test_a_word_in_place_of_a_rate_is_no_fault(word):
    rows = [*lines(1000), {"description": "Rates", "quantity": 1, "unit_price": word, "amount": None}]
    assert doubted(**TAXED | {"line_items": rows}) == []


def test_sections_with_subtotals_and_lump_sums_add_up_once():
    rows = [
        {"description": "A Earthworks"},
        {"description": "Dig", "quantity": 10, "unit": "m3", "unit_price": 20, "amount": 200},
        {"description": "Site", "quantity": 1, "unit": "LS", "unit_price": 300, "amount": 300},
        {"description": "Subtotal A", "amount": 500},
        {"description": "B Walls"},
        {"description": "Brick", "quantity": 5, "unit": "m2", "unit_price": 100, "amount": 500},
        {"description": "Dig", "quantity": 10, "unit": "m3", "unit_price": 20, "amount": 200},
        {"description": "Subtotal B", "amount": 700},
    ]  # fmt: skip
    found = answers({"document_type": "boq", "currency": "EUR", "boq_total": 1200, "line_items": rows}, TODAY)
    assert [finding.message for finding in doubts(found) if finding.answer == "differs"] == []  # the digging of B is not A's
    assert verdict(found) == "held"


def test_what_is_paid_in_full_is_not_overdue():
    paid = TAXED | {"due_date": "2026-11-10", "prepaid_amount": 1190, "balance_due": 0}
    assert "overdue" not in {finding.check for finding in given(**paid)}


def test_each_answer_on_figures_tells_its_cells_the_reading_and_the_tolerance_of_the_currency():
    for currency, tolerance in (("EUR", "0.01"), ("JPY", "1"), ("KWD", "0.001")):
        shipped = TAXED | {"currency": currency, "shipping": 5, "invoice_total": 1195}
        total = next(finding for finding in given(**shipped) if finding.check == "total")
        assert (total.answer, total.reading) == ("held", "with the shipping of 5.00")
        assert {"subtotal", "total_tax", "shipping", "invoice_total"} <= {*total.cells}
        assert float(total.tolerance or 0) == float(tolerance)
