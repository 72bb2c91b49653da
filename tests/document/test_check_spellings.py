"""The checks under other names than the usual ones, and what is counted, shared out and paid in parts."""

from datetime import date
from typing import Any

import pytest

from kraftd_core.document.checks.checking import answers
from kraftd_core.document.checks.words import doubts, verdict

INVOICE = {"document_type": "invoice", "number": "1", "date": "2025-06-01", "seller": "A Ltd", "currency": "EUR"}
CONTRACT = {"document_type": "contract", "contract_no": "1", "signed_on": "2025-01-01", "lessor": "A", "lessee": "B"}
OFFER = {"document_type": "quotation", "quote_no": "1", "date": "2025-06-01", "offered_by": "A"}


def doubted(data: dict[str, Any]) -> list[tuple[str, ...]]:
    return [finding.cells for finding in doubts(answers(data, date(2025, 6, 30))) if finding.answer == "differs"]


def line(description: str, amount: float, **cells: Any) -> dict[str, Any]:
    return {"description": description, "amount": amount} | cells


def test_a_wrong_line_is_told_under_the_names_of_the_data():
    rows = [{"item": "x", "qty": 2, "price": 3.5, "total": 7}, {"item": "y", "qty": 2, "price": 3, "total": 9}]
    assert doubted(INVOICE | {"lines": rows, "total": 16}) == [("lines[2].qty", "lines[2].price", "lines[2].total")]


def test_weights_that_are_called_net_and_gross_are_no_sums():
    assert not doubted(
        INVOICE | {"net": 9.8, "gross": 10.4, "items": [line("Steel", 50, quantity=10, unit_price=5)], "total": 50}
    )


def test_a_usual_name_is_read_before_any_other():
    assert doubted(INVOICE | {"items": [line("x", 50, qty=1, price=50)], "invoice_total": 60, "total": 50})


def test_what_is_missing_is_missing_under_every_name():
    assert doubted({"document_type": "invoice", "seller": "", "number": "1", "date": "2025-06-01", "total": 1}) == [
        ("vendor_name",)
    ]


@pytest.mark.parametrize(
    ("data", "is_right"),
    [
        ({"meters": [{"old_reading": 100, "new_reading": 150, "consumption": 50}]}, True),
        ({"meters": [{"old_reading": 100, "new_reading": 150, "consumption": 500}]}, False),
        ({"meters": [{"old_reading": 100, "new_reading": 150, "multiplier": 40, "consumption": 2000}]}, True),
        ({"meters": [{"old_reading": 9990, "new_reading": 12, "consumption": 22}]}, True),
        ({"days": [{"start": "22:00", "end": "06:00", "break_minutes": 30, "hours": 7.5}]}, True),
        ({"days": [{"start": "08:00", "end": "16:30", "break_minutes": 30, "hours": 9}]}, False),
        ({"arrival": "2025-05-30", "departure": "2025-06-01", "nights": 2}, True),
        ({"arrival": "2025-05-30", "departure": "2025-06-01", "nights": 3}, False),
        ({"arrival": "2025-05-30", "departure": "2025-06-01", "nights": 4, "rooms": 2}, True),
        ({"packing": [{"pieces": 3}, {"pieces": 4}], "total_pieces": 7}, True),
        ({"packing": [{"pieces": 3}, {"pieces": 4}], "total_pieces": 8}, False),
        ({"parts": [{"weight": 2.5, "quantity": 3}, {"weight": 1, "quantity": 2}], "total_weight": 9.5}, True),
    ],
)
def test_what_is_counted_is_compared(data: dict[str, Any], is_right: bool):
    assert (not doubted({"document_type": "other"} | data)) is is_right


@pytest.mark.parametrize(
    ("data", "is_right"),
    [
        ({"receipt_total": 18.2, "cash": 20, "change": 1.8}, True),
        ({"receipt_total": 18.2, "cash": 20, "change": 2.8}, False),
        ({"receipt_total": 38.2, "cash": 20, "card": 28.2, "change": 10}, True),
        ({"receipt_total": 18, "tip": 2, "cash": 50, "change": 30}, True),
    ],
)
def test_the_change_of_a_till_is_compared(data: dict[str, Any], is_right: bool):
    shop = {"document_type": "receipt", "shop": "S", "date": "2025-06-01", "currency": "USD"}
    assert (not doubted(shop | data)) is is_right


@pytest.mark.parametrize(
    ("data", "is_right"),
    [
        ({"contract_price": 600, "number_of_payments": 6, "instalment_amount": 100}, True),
        ({"contract_price": 660, "number_of_payments": 6, "instalment_amount": 100}, False),
        ({"contract_price": 700, "down_payment": 100, "number_of_payments": 6, "instalment_amount": 100}, True),
        ({"contract_price": 1000, "payment_schedule": [{"amount": 300}, {"amount": 700}]}, True),
        ({"contract_price": 1000, "payment_schedule": [{"amount": 300}, {"amount": 600}]}, False),
        ({"contract_price": 1000, "vat": 200, "payment_schedule": [{"amount": 600}, {"amount": 600}]}, True),
        ({"contract_price": 1000, "retention": 50, "payment_schedule": [{"amount": 450}, {"amount": 500}]}, True),
    ],
)
def test_instalments_make_the_price(data: dict[str, Any], is_right: bool):
    assert (not doubted(CONTRACT | data)) is is_right


@pytest.mark.parametrize(("total", "is_right"), [(100, True), (130, True), (230, False)])
def test_an_alternative_stands_for_another_line_and_never_beside_it(total: float, is_right: bool):
    rows = [line("A", 100, quantity=1, unit_price=100), line("Alternative: B", 130, quantity=1, unit_price=130)]
    assert (not doubted(OFFER | {"positions": rows, "total": total})) is is_right


@pytest.mark.parametrize(("amount", "is_right"), [(4, True), (14, False)])
def test_a_row_with_a_percentage_is_that_share_of_others(amount: float, is_right: bool):
    rows = [line("A", 100, quantity=1, unit_price=100), line("Energy surcharge", amount, percent=4)]
    assert (not doubted(INVOICE | {"items": rows, "total": 100 + amount})) is is_right


@pytest.mark.parametrize(("amount", "is_right"), [(150, True), (450, False)])
def test_a_price_for_a_month_is_charged_for_its_days(amount: float, is_right: bool):
    row = {"description": "Plan", "monthly_price": 450, "days": 10, "days_in_month": 30, "amount": amount}
    assert (not doubted(INVOICE | {"items": [row], "total": amount})) is is_right


@pytest.mark.parametrize(("tax", "is_right"), [(15, True), (51, False)])
def test_a_tax_beside_its_rate_alone_is_of_all_that_is_taxed(tax: float, is_right: bool):
    data = INVOICE | {"items": [line("Desk", 2000, quantity=10, unit_price=200)], "subtotal": 2000, "total_tax": 120 + tax}
    taxes = [{"name": "State", "rate": 6, "amount": 120}, {"name": "County", "rate": 0.75, "amount": tax}]
    assert (not doubted(data | {"taxes": taxes, "total": 2120 + tax})) is is_right


@pytest.mark.parametrize(("left", "is_right"), [(1080, True), (1180, False)])
def test_what_is_payable_net_is_so_after_all_that_is_withheld(left: float, is_right: bool):
    sums = {"subtotal": 1000, "gst": 180, "total": 1180, "tds_rate": 10, "tds": 100, "net_payable": left}
    assert (not doubted(INVOICE | {"items": [line("x", 1000, quantity=1, unit_price=1000)]} | sums)) is is_right


@pytest.mark.parametrize(("due", "is_right"), [(20, True), (30, False)])
def test_a_total_that_is_due_beside_the_total_is_what_is_left_of_it(due: float, is_right: bool):
    sums = {"total": 30, "paid": 10, "total_due": due}
    assert (not doubted(INVOICE | {"items": [line("Use", 30, quantity=10, unit_price=3)]} | sums)) is is_right


def test_a_rate_of_what_may_never_be_changes_no_sum():
    rows = [line("Use", 30, quantity=10, unit_price=3)]
    assert not doubted(INVOICE | {"items": rows, "total": 30, "late_fee_percent": 1.5, "cancellation_fee_percent": 20})


def test_a_rate_that_was_compared_with_nothing_is_not_called_right():
    sums = {"retention_held": 24600, "retention_release_percent": 50, "total": 13200}
    given = answers(INVOICE | {"items": [line("Release", 13200, quantity=1, unit_price=13200)]} | sums, date(2025, 6, 30))
    assert verdict(given) == "not_checked"


def test_many_rows_with_percentages_are_one_answer():
    rows = [line(f"Discount {n} %", -n) for n in range(1, 300)]
    assert len(answers(INVOICE | {"items": rows, "total": -44850}, date(2025, 6, 30))) < 10
