"""What is still to be paid, and which cell says so."""

from decimal import Decimal

import pytest

from kraftd_core.document.checks.owed import Owed, owed

INVOICE = {"document_type": "invoice", "invoice_total": 1190}


@pytest.mark.parametrize(
    ("fields", "amount", "cell"),
    [
        ({}, 1190, "invoice_total"),
        ({"balance_due": 690}, 690, "balance_due"),
        ({"amount_due": 690}, 690, "amount_due"),  # as records of earlier versions call it
        ({"balance_due": 0}, 0, "balance_due"),
        ({"balance_due": -20}, -20, "balance_due"),
        ({"prepaid_amount": 500}, 690, "prepaid_amount"),
        ({"amount_paid": 1190}, 0, "amount_paid"),
        ({"payments": [{"amount": 500}, {"amount": 90}]}, 600, "payments[1].amount"),
        ({"status": "Paid"}, 0, "status"),
        ({"payment_status": "paid in full"}, 0, "payment_status"),
        ({"paid": True}, 0, "paid"),
        ({"status": "unpaid"}, 1190, "invoice_total"),
        ({"paid": False}, 1190, "invoice_total"),
        ({"payment_days": 30, "credit_limit": 5000}, 1190, "invoice_total"),
    ],
)
def test_what_is_owed_is_the_balance_or_the_total_less_what_was_paid(fields, amount, cell):
    assert owed(INVOICE | fields) == Owed(Decimal(amount), cell)


def test_nothing_is_known_without_a_balance_and_a_total():
    assert owed({"document_type": "invoice"}) is None
    assert owed({"document_type": "rfq", "prepaid_amount": 5}) is None
    assert owed(INVOICE | {"invoice_total": "1.190,00"}) is None
