"""What a rate makes of its base is the tax that is stated."""

from datetime import date
from typing import Any

import pytest

from kraftd_core.document.checks.checking import answers, check
from kraftd_core.document.checks.words import doubts
from kraftd_core.document.jsontypes import Data

TODAY = date(2026, 11, 27)


def line(amount: float = 1000, **cells: Any) -> Data:
    return {"description": f"Part {amount}", "quantity": 1, "unit_price": amount, "amount": amount} | cells


def invoice(*rows: Data, **fields: Any) -> Data:
    head = {
        "document_type": "invoice",
        "vendor_name": "Mill",
        "invoice_id": "A-1",
        "invoice_date": "2026-11-01",
        "currency": "EUR",
    }
    return head | {"line_items": list(rows) or [line()], "subtotal": 1000, "total_tax": 190, "invoice_total": 1190} | fields


def wrong(data: Data) -> set[str]:
    return {finding.check for finding in doubts(check(data, TODAY)) if finding.answer == "differs"}


def stand(data: Data) -> set[str]:
    return {finding.answer for finding in answers(data, TODAY) if finding.check == "tax"}


@pytest.mark.parametrize(
    "fields",
    [
        {"tax_rate": 19},
        {"tax_rate": 0.19},
        {"tax_rate": "19 %"},
        {"vat_percent": 19},
        {"tax_rate": 19, "discount": 100, "total_tax": 171, "invoice_total": 1071},
        {"tax_rate": 19, "shipping": 50, "total_tax": 199.5, "invoice_total": 1249.5},
        {"tax_rate": 19, "shipping": 50, "invoice_total": 1240},  # the shipping is not taxed
        {"cgst_rate": 9, "cgst_amount": 90, "sgst_rate": 10, "sgst_amount": 100},
        {"tax_rate": 19, "taxable_amount": 500, "total_tax": 95, "invoice_total": 1095},
        {"tax_rate": 19, "total_tax": 0, "invoice_total": 1000, "notes": "Reverse charge: the customer accounts for VAT."},
        {"tax_rate": 19, "total_tax": 0, "invoice_total": 1000, "reverse_charge": True},
        {"tax_rate": 0, "total_tax": 0, "invoice_total": 1000},
        {
            "tax_rate": 19,
            "currency": "INR",
            "subtotal": 1000.9,
            "line_items": [line(1000.9)],
            "total_tax": 190,
            "invoice_total": 1190.9,
        },
    ],
)
def test_the_tax_of_a_document_is_its_rate_of_its_base(fields):
    assert wrong(invoice(**fields)) == set()
    assert stand(invoice(**fields)) == {"held"}


@pytest.mark.parametrize(
    "fields",
    [
        {"tax_rate": 7},
        {"tax_rate": 0.07},
        {"tax_rate": "7 %"},
        {"tax_rate": 1.9},
        {"tax_rate": 19, "total_tax": 0, "invoice_total": 1000},  # nobody says why
        {"tax_rate": 19, "total_tax": 226.1, "invoice_total": 1226.1},  # of what holds the tax already
        {"tax_rate": 19, "taxable_amount": 500},
        {"tax_rate": 19, "total_tax": -190, "invoice_total": 810},
    ],
)
def test_a_tax_that_its_rate_does_not_make_differs(fields):
    assert "tax" in wrong(invoice(**fields))


@pytest.mark.parametrize(
    ("rows", "fields", "answer"),
    [
        (
            [line(500, tax_rate=19), line(501, tax_rate=7)],
            {"subtotal": 1001, "total_tax": 130.07, "invoice_total": 1131.07},
            "held",
        ),
        (
            [line(500, tax_rate=0.19), line(501, tax_rate=0.07)],
            {"subtotal": 1001, "total_tax": 130.07, "invoice_total": 1131.07},
            "held",
        ),
        (
            [line(500, tax_rate=19), line(501, tax_rate=7)],
            {"subtotal": 1001, "total_tax": 190.19, "invoice_total": 1191.19},
            "differs",
        ),
        ([line(tax_rate=19)], {"discount": 100, "total_tax": 171, "invoice_total": 1071}, "held"),
        ([line(1190, unit_price=1000, tax_rate=19)], {}, "held"),  # the amounts hold the tax
        ([line(tax_rate=19, tax_amount=190)], {}, "held"),
        ([line(tax_rate=19, tax_amount=910)], {}, "differs"),
        (
            [
                line(tax_rate=19, tax_amount=0),
            ],
            {"total_tax": 0, "invoice_total": 1000, "notes": "Steuerschuldnerschaft § 13b"},
            "held",
        ),
    ],
)
def test_the_rates_of_the_lines_make_the_tax(rows, fields, answer):
    assert answer in stand(invoice(*rows, **fields))
    assert ("tax" in wrong(invoice(*rows, **fields))) is (answer == "differs")


@pytest.mark.parametrize(
    ("rows", "finds"),
    [
        ([{"tax_rate": 19, "taxable_amount": 1000, "tax_amount": 190}], set()),
        ([{"rate": 0.19, "base": 1000, "amount": 190}], set()),
        ([{"tax_rate": 19, "taxable_amount": 1000, "tax_amount": 109}], {"tax"}),
        (
            [
                {"tax_rate": 19, "taxable_amount": 1000, "tax_amount": 190},
                {"tax_rate": 7, "taxable_amount": 100, "tax_amount": 7},
            ],
            {"tax"},
        ),
        ([{"tax_rate": 19, "taxable_amount": 900, "tax_amount": 171}], {"tax", "tax_base"}),
        # two taxes of one base
        (
            [
                {"tax_rate": 9, "taxable_amount": 1000, "tax_amount": 90},
                {"tax_rate": 10, "taxable_amount": 1000, "tax_amount": 100},
            ],
            set(),
        ),
    ],
)
def test_a_breakdown_is_compared_row_by_row_and_as_a_whole(rows, finds):
    data = invoice(line(600), line(400), tax_breakdown=rows)
    for row in data["line_items"]:
        row["tax_rate"] = 19  # of both, so that no line is untaxed
    assert wrong(data) == finds


def test_a_part_that_is_not_taxed_may_be_left_out_of_the_breakdown():
    rows = [line(600, tax_rate=20), line(400, tax_rate=0)]
    breakdown = [{"tax_rate": 20, "taxable_amount": 600, "tax_amount": 120}]
    assert wrong(invoice(*rows, tax_breakdown=breakdown, total_tax=120, invoice_total=1120)) == set()


def test_lines_may_say_whether_they_are_taxed():
    rows = [line(600, taxable="T"), line(400, taxable="N")]
    assert wrong(invoice(*rows, tax_rate=20, total_tax=120, invoice_total=1120)) == set()
    assert wrong(invoice(*rows, tax_rate=20, total_tax=200, invoice_total=1200)) == {"tax"}
