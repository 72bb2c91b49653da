"""What stands between the sums of a document: called what it is in the languages that are read, and kept where it stands."""

import io
from datetime import date

import pytest

from kraftd_core.adapters.readers.common.sum_lines import field_of_sum_line
from kraftd_core.adapters.readers.local.pages.paged import read_pdf
from kraftd_core.document.checks.checking import check


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("Deposit paid", "prepaid_amount"), ("abzgl. Anzahlung vom", "prepaid_amount"), ("Acompte versé", "prepaid_amount"),
        ("Zaliczka", "prepaid_amount"), ("Less payments received", "prepaid_amount"), ("Deposit", "deposit_amount"),
        ("Discount 10%", "discount_amount"), ("Treuerabatt 3 %", "discount_amount"), ("Desconto comercial", "discount_amount"),
        ("Sleva 5 %", "discount_amount"), ("Shipping & Handling", "shipping_amount"), ("Frachtkosten", "shipping_amount"),
        ("Frais de port", "shipping_amount"), ("Gastos de envío", "shipping_amount"), ("Frakt", "shipping_amount"),
        ("Versand inkl. MwSt.", "shipping_amount"), ("Mindermengenzuschlag", "surcharge_amount"),
        ("Fuel surcharge", "surcharge_amount"), ("Bearbeitungsgebühr", "surcharge_amount"), ("Tip", "tip"),
        ("Trinkgeld", "tip"), ("Retención IRPF 15%", "withholding_amount"), ("Ritenuta d'acconto", "withholding_amount"),
        ("Sicherheitseinbehalt 5 %", "retention_amount"), ("Retention 5%", "retention_amount"),
        ("Cassa 4%", "surcharge_amount"), ("Gutschein", "discount_amount"), ("Rounding", "rounding_amount"), ("Öresavrundning", "rounding_amount"), ("Zaokrouhlení", "rounding_amount"),
    ],
)  # fmt: skip
def test_a_figure_between_the_sums_is_kept_as_what_it_is_called(label, field):
    assert field_of_sum_line(label) == field


@pytest.mark.parametrize("label", [
    "Total after discount", "Subtotal less discount", "Delivery date", "Delivery weeks", "Payment terms", "Skonto bei Zahlung",
    "Discount if paid", "Amount due", "VAT", "Total", "", "Zwischensumme nach Rabatt", "Steel plate",
])  # fmt: skip
def test_a_sum_a_term_or_a_date_is_none_of_them(label):
    assert field_of_sum_line(label) is None


def pdf(*lines):
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=1)
    canvas.setFont("Helvetica", 10)
    for x, y, text in lines:
        (canvas.drawRightString if x > 400 else canvas.drawString)(x, 842 - y, text)
    canvas.save()
    return out.getvalue()


HEAD = [
    (50, 40, "Brookfield Supplies Ltd"), (300, 40, "INVOICE"), (300, 60, "Invoice No: BF-1"), (300, 75, "Date: 2025-01-05"),
    (50, 200, "Description"),
    (250, 200, "Qty"), (320, 200, "Unit price"), (540, 200, "Amount"), (50, 215, "Desk"), (250, 215, "4"), (320, 215, "250.00"),
    (540, 215, "1,000.00"),
]  # fmt: skip


def read(*sums):
    """The data of an invoice over 1,000.00 with these sums below its line."""
    rows = [((x, y, text)) for n, (label, amount) in enumerate(sums) for x, y, text in (
        (320, 240 + 15 * n, label), (540, 240 + 15 * n, amount))]  # fmt: skip
    return read_pdf(pdf(*HEAD, *rows), lambda _: None, 60, 60).as_json()["data"]


def differing(data):
    return [finding.message for finding in check(data, date(2025, 2, 1)) if finding.answer == "differs"]


def test_a_discount_and_freight_below_the_subtotal_explain_the_total():
    data = read(("Subtotal", "1,000.00"), ("Discount 10%", "-100.00"), ("Freight", "50.00"), ("VAT 20%", "190.00"),
                ("Total", "1,140.00"))  # fmt: skip
    assert (data["discount_amount"], data["shipping_amount"], data["invoice_total"]) == (-100, 50, 1140)
    assert not differing(data)


def test_a_deposit_paid_stands_between_the_total_and_what_is_due():
    data = read(("Subtotal", "1,000.00"), ("VAT 20%", "200.00"), ("Total", "1,200.00"), ("Deposit paid", "300.00"),
                ("Amount due", "900.00"))  # fmt: skip
    assert (data["prepaid_amount"], data["balance_due"], data["invoice_total"]) == (300, 900, 1200)
    assert not differing(data)


def test_the_first_of_two_totals_is_before_tax():
    data = read(("Total", "1,000.00"), ("VAT 20%", "200.00"), ("Grand Total", "1,200.00"))
    assert (data["subtotal"], data["total_tax"], data["invoice_total"]) == (1000, 200, 1200)


def test_taxes_of_several_rates_are_kept_one_by_one_beside_their_sum():
    data = read(("Subtotal", "1,000.00"), ("GST 5%", "50.00"), ("QST 9.975%", "99.75"), ("Total CAD", "1,149.75"))
    assert data["total_tax"] == 149.75
    rates = [(row["tax_rate"], row["tax_amount"]) for row in data["tax_breakdown"]]
    assert rates == [(5, 50), (9.975, 99.75)]


def test_what_a_line_item_tells_already_is_no_figure_between_the_sums():
    rows = [(50, 230, "Freight"), (250, 230, "1"), (320, 230, "40.00"), (540, 230, "40.00"),
            (320, 260, "Subtotal"), (540, 260, "1,040.00"),
            (320, 275, "VAT 10%"), (540, 275, "104.00"), (320, 290, "Total"), (540, 290, "1,144.00")]  # fmt: skip
    data = read_pdf(pdf(*HEAD, *rows), lambda _: None, 60, 60).as_json()["data"]
    assert "shipping_amount" not in data
    assert len(data["line_items"]) == 2


def test_a_tax_that_the_prices_hold_is_not_added_to_them():
    data = read(("Zwischensumme", "1.000,00"), ("Versandkosten", "10,00"), ("Gutschein", "-5,00"), ("Gesamtsumme", "1.005,00"),
                ("enthaltene MwSt. 7 %", "65,75"))  # fmt: skip
    assert (data["total_tax"], data["tax_note"], data["discount_amount"]) == (65.75, "enthaltene MwSt. 7 %", -5)
    assert not differing(data)


def test_what_is_left_below_a_payment_is_the_balance_whatever_it_is_called():
    data = read(("Subtotal", "1,000.00"), ("VAT 20%", "200.00"), ("Total", "1,200.00"), ("Advance", "-300.00"),
                ("What you still owe us", "900.00"))  # fmt: skip
    assert (data["prepaid_amount"], data["balance_due"]) == (-300, 900)
