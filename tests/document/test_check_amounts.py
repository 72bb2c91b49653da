"""Quantity times price is the amount, with what the names of the other columns say, and with nothing else."""

from datetime import date
from typing import Any

import pytest

from kraftd_core.document.checks.checking import Finding, answers
from kraftd_core.document.jsontypes import ROW_ID, Data

TODAY = date(2026, 11, 27)


def line(row_id: str = "r1", **cells: Any) -> Data:
    return {ROW_ID: row_id, "description": f"Part {row_id}", "quantity": 2, "unit_price": 50, "amount": 100} | cells


def on(*rows: Data, **fields: Any) -> list[Finding]:
    given = answers({"document_type": "other", "currency": "EUR", "line_items": list(rows)} | fields, TODAY)
    return [finding for finding in given if finding.check == "line_amount"]


@pytest.mark.parametrize(
    ("cells", "reading"),
    [
        ({}, None),
        ({"discount_percent": 10, "amount": 90}, "with the 10 % discount"),
        ({"discount_rate": 0.1, "amount": 90}, "with the 10 % discount"),
        ({"discount": "10 %", "amount": 90}, "with the 10 % discount"),
        ({"vat": "19%", "amount": 119}, "with the 19 % tax"),
        ({"discount_amount": 10, "amount": 90}, "with the discount of 10.00"),
        ({"discount_percent": 10, "discount_amount": 10, "amount": 90}, "with the discount of 10.00"),
        ({"discount_percent": 10, "discount": 10, "amount": 90}, "with the discount of 10.00"),
        ({"discount": 5, "amount": 90}, "with the discount of 5.00 each"),
        ({"rabatt": 10, "discount_2_percent": 5, "amount": 85.5}, "with the 10 % rabatt and with the 5 % discount 2"),
        ({"surcharge_percent": 25, "amount": 125}, "with the 25 % surcharge"),
        ({"eco_tax": 1.5, "amount": 103}, "with the eco tax of 1.50 each"),
        ({"tax_rate": 19, "amount": 119}, "with the 19 % tax"),
        ({"tax_rate": 0.19, "amount": 119}, "with the 19 % tax"),
        ({"tax_rate": 25, "amount": 80}, "without the 25 % tax"),
        ({"tax_amount": 19, "amount": 119}, "with the tax of 19.00"),
        ({"cgst_rate": 9, "sgst_rate": 9, "amount": 118}, "with the 18 % tax"),
        ({"quantity": 250, "unit_price": 12, "price_quantity": 100, "amount": 30}, "at a price for 100"),
        ({"quantity": 250, "unit_price": 12, "price_per": "100 pcs", "amount": 30}, "at a price for 100"),
        ({"quantity": 5000, "unit_price": 12.5, "unit": "per thousand", "amount": 62.5}, "at a price for 1,000"),
        ({"days": 3, "amount": 300}, "times 3 days"),
        ({"duration": "3 days", "amount": 300}, "times 3 duration"),
        ({"pack_size": 12, "amount": 1200}, "with 12 pack size"),
        ({"net_price": 45, "amount": 90}, "at the net price of 45.00"),
        ({"discount_percent": 10, "list_price": 55.56, "amount": 100}, None),
        ({"amount": 0, "description": "Gift, free of charge"}, "free of charge"),
        ({"amount": 0, "discount_percent": 100}, "with the 100 % discount"),
        ({"quantity": "2:30", "unit_price": 90, "amount": 225}, None),
        ({"quantity": "1h30", "unit_price": 90, "amount": 135}, None),
        ({"quantity": "LS", "unit_price": 90, "amount": 90}, None),
        ({"quantity": -2, "amount": -100}, None),
    ],
)
def test_a_line_holds_by_what_its_columns_are_called(cells, reading):
    assert [(finding.answer, finding.reading) for finding in on(line(**cells))] == [("held", reading)]


@pytest.mark.parametrize(
    "cells",
    [
        {"amount": 1000, "tax_rate": 10},
        {"amount": 10, "tax_rate": 10},
        *(
            {"amount": 1000, name: 10}
            for name in (
                "weight",
                "gross_weight_kg",
                "delivery_days",
                "warranty_months",
                "discount_days",
                "cash_discount",
                "credit_limit",
                "position",
                "hsn_code",
                "stock",
                "lead_time_weeks",
            )
        ),
        {"amount": 1100, "tax_rate": 1000},
        {"amount": 110, "discount_percent": 10},  # a discount lowers
        {"amount": 90, "surcharge_percent": 10},  # a surcharge raises
        {"amount": 100, "discount_percent": 10},  # it is stated, and not in the amount
        {"quantity": 400, "unit_price": 12, "price_quantity": 100, "amount": 4800},
        {"amount": 0},
        {"amount": -100},
        {"quantity": -2},
        {"quantity": "2:30", "unit_price": 90, "amount": 207},
    ],
)
def test_a_line_differs_whatever_number_stands_beside(cells):
    assert [finding.answer for finding in on(line(**cells))] == ["differs"]


def test_what_a_line_should_come_to_is_told_with_its_discount():
    finding = on(line(discount_percent=10, amount=95))[0]
    assert finding.message == "Line 1 (Part r1): 2 x 50.00, with the 10 % discount, is 90.00, but the amount says 95.00."
    assert (finding.expected, finding.found, finding.reading) == ("90.00", "95.00", "with the 10 % discount")


def test_lines_of_one_table_state_their_tax_alike():
    gross, net = line("r1", tax_rate=19, amount=119), line("r2", tax_rate=19)
    assert [finding.answer for finding in on(gross, line("r2", tax_rate=19, amount=119))] == ["held"]
    wrong = [finding for finding in on(gross, net, line("r3", tax_rate=19)) if finding.answer == "differs"]
    assert [finding.cells[-1] for finding in wrong] == ["line_items[r1].amount"]


def test_prices_after_the_discount_are_so_in_all_lines_or_in_none():
    plain = [line(f"r{n}", discount_percent=10) for n in range(3)]
    assert {finding.answer for finding in on(*plain)} == {"held"}
    wrong = [finding for finding in on(plain[0], line("r8", discount_percent=10, amount=90)) if finding.answer == "differs"]
    assert [finding.cells[-1] for finding in wrong] == ["line_items[r0].amount"]


@pytest.mark.parametrize(
    "cells",
    [
        {"quantity": 2.33, "unit_price": 90, "amount": 210},  # two hours and twenty minutes
        {"quantity": 0.33, "unit_price": 90, "amount": 30},
        {"quantity": 8, "unit_price": 4.1, "amount": 32.83},  # 4.1037 a piece
    ],
)
def test_what_fits_only_if_figures_were_rounded_is_not_called_right(cells):
    assert [finding.answer for finding in on(line(**cells))] == ["not_checked"]


def test_a_figure_that_cannot_be_read_is_not_checked_and_a_word_for_nothing_needs_no_check():
    assert [finding.answer for finding in on(line(quantity="4 pcs"))] == ["not_checked"]
    assert on(line(unit_price="incl.", amount="incl.")) == on(line(unit_price="RO", amount=None)) == []


@pytest.mark.parametrize(
    ("currency", "cells", "answer"),
    [
        ("KWD", {"quantity": 3, "unit_price": 1.235, "amount": 3.705}, "held"),
        ("KWD", {"quantity": 3, "unit_price": 1.235, "amount": 3.715}, "differs"),
        ("JPY", {"quantity": 3, "unit_price": 1235, "amount": 3706}, "held"),
        ("IDR", {"quantity": 3, "unit_price": 333.33, "amount": 1000}, "held"),
        ("EUR", {"quantity": 3, "unit_price": 333.33, "amount": 1000.5}, "differs"),
    ],
)
def test_how_far_a_line_may_be_off_depends_on_the_currency(currency, cells, answer):
    assert [finding.answer for finding in on(line(**cells), currency=currency)] == [answer]
