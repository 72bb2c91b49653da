"""What is to be paid is one amount, and is asked for only where somebody has to send money."""

from datetime import date
from decimal import Decimal

import pytest

from kraftd_core.thinking.payment import payment_of

INVOICE = {"document_type": "invoice", "invoice_total": 1190, "due_date": "2026-12-13"}


@pytest.mark.parametrize(("fields", "way", "amount"), [
    ({}, "to_pay", 1190),
    ({"balance_due": 470.15}, "to_pay", 470.15),
    ({"amount_due": 470.15}, "to_pay", 470.15),
    ({"balance_due": 0}, "paid", 0),
    ({"balance_due": -20}, "credit", 20),
    ({"invoice_total": -50}, "credit", 50),
    ({"invoice_total": 50, "invoice_type": "Credit note"}, "credit", 50),
    ({"invoice_total": None}, "unknown", None),
    ({"payment_method": "Credit Card"}, "card", 1190),
    ({"payment_method": "SEPA-Lastschrift"}, "direct_debit", 1190),
    ({"payment_method": "Bank transfer"}, "to_pay", 1190),
    ({"notes": "Der Rechnungsbetrag wird über Ihre MasterCard-Kreditkarte abgebucht. Danke"}, "card", 1190),
    ({"payment_terms": "Der Betrag wird per SEPA-Lastschrift von Ihrem Konto eingezogen."}, "direct_debit", 1190),
    ({"notes": "Your credit card ending 1234 has been charged."}, "card", 1190),
    ({"notes": "We accept Visa and Mastercard; cards are charged at the desk if you wish."}, "to_pay", 1190),
    ({"notes": "Please pay by bank transfer or by credit card."}, "to_pay", 1190),
    ({"notes": "Your card was not charged."}, "to_pay", 1190),
    ({"notes": "Already paid, thank you."}, "paid", 0),
    ({"notes": "The goods stay ours until the invoice has been paid in full."}, "to_pay", 1190),
    ({"notes": "Die Ware bleibt unser Eigentum, bis sie bezahlt ist."}, "to_pay", 1190),
    ({"notes": "No payment is required."}, "paid", 0),
    ({"notes": "Montant prélevé par carte bancaire le 3 mai"}, "card", 1190),
])
def test_an_invoice_asks_for_what_is_left_where_nobody_took_it_already(fields, way, amount):
    payment = payment_of(INVOICE | fields)
    assert (payment.way, payment.amount) == (way, None if amount is None else Decimal(str(amount)))
    assert payment.is_asked_for == (way == "to_pay")
    assert payment.due == date(2026, 12, 13)


def test_a_receipt_is_paid_and_other_kinds_ask_for_no_payment():
    assert payment_of({"document_type": "receipt", "receipt_total": 12.3}).way == "paid"
    for kind in ("quotation", "purchase_order", "rfq", "boq", "contract", "other"):
        assert payment_of({"document_type": kind, "order_total": 5, "total": 5}) is None
