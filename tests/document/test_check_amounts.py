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


def test_amounts_that_are_rounded_to_whole_units_throughout_are_right():
    priced = [
        (25, 1811.5, 45288), (25, 2037.55, 50939), (3, 61.5, 185), (7, 10.1, 71), (11, 7.7, 85), (9, 2.3, 21), (4, 5, 20),
    ]  # fmt: skip
    rows = [{"description": f"Fill {q}", "quantity": q, "unit_price": p, "amount": a} for q, p, a in priced]
    given = answers({"document_type": "boq", "line_items": rows}, TODAY)
    assert {finding.answer for finding in given if finding.check == "line_amount"} == {"held"}
    wrong = [*rows[:-2], rows[-2] | {"amount": 23}, rows[-1]]
    differing = [f.expected for f in answers({"document_type": "boq", "line_items": wrong}, TODAY) if f.answer == "differs"]
    assert differing == ["20.70"]
    few = answers({"document_type": "boq", "line_items": rows[:2]}, TODAY)  # may be chance
    assert [finding.answer for finding in few if finding.check == "line_amount"] == ["differs", "differs"]


def test_a_line_whose_text_names_what_it_lacks_is_not_called_wrong_nor_right():
    line = {"description": "House insurance", "details": "Contains 16.34 % insurance tax = 163,40 €"}
    for amount, stands in ((1163.4, "not_checked"), (1136.4, "differs")):
        row = line | {"quantity": 1, "unit_price": 1000, "amount": amount}
        given = answers({"document_type": "boq", "currency": "EUR", "line_items": [row]}, TODAY)
        assert [finding.answer for finding in given if finding.check == "line_amount"] == [stands]


@pytest.mark.parametrize(("cells", "answer"), [
    ({"quantity": 1200, "unit": "kWh", "unit_price": 28.5, "price_unit": "ct/kWh", "amount": 342}, "held"),
    ({"quantity": 1200, "unit": "kWh", "unit_price": 28.5, "price_unit": "ct/kWh", "amount": 34200}, "differs"),
    ({"quantity": 3, "unit": "c/u", "unit_price": 5, "amount": 15}, "held"),  # cada uno: each
    ({"quantity": 10, "unit": "pz", "unit_price": 1.32, "price_per": "kg", "weight_kg": 245.5, "amount": 324.06}, "held"),
    ({"quantity": 10, "unit": "pz", "unit_price": 1.32, "price_per": "kg", "weight_kg": 245.5, "amount": 13.2}, "differs"),
    ({"quantity": 12, "unit": "pack", "unit_price": 2.4, "price_per": "each", "total_pieces": 72, "amount": 172.8}, "held"),
    ({"quantity": 12, "unit": "pack", "unit_price": 2.4, "price_per": "each", "total_pieces": 72, "amount": 28.8}, "differs"),
    ({"quantity": 5, "unit": "kg", "unit_price": 2, "price_per": "kg", "weight_kg": 7, "amount": 10}, "held"),
    ({"quantity": 120, "unit": "m2", "material_rate": 85, "labour_rate": 40, "amount": 15000}, "held"),
    ({"quantity": 120, "unit": "m2", "material_rate": 85, "labour_rate": 40, "amount": 10200}, "differs"),
    ({"quantity_ordered": 100, "quantity_shipped": 60, "unit_price": 3.25, "amount": 195}, "held"),
    ({"quantity_ordered": 100, "quantity_shipped": 60, "unit_price": 3.25, "amount": 325}, "differs"),
    ({"unit_price": 3.25, "amount": 325}, "not_checked"),
])  # fmt: skip
def test_a_price_is_for_what_its_unit_says(cells, answer):
    given = answers({"document_type": "boq", "currency": "EUR", "line_items": [{"description": "Part"} | cells]}, TODAY)
    assert [finding.answer for finding in given if finding.check == "line_amount"] == [answer]
