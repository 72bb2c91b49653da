"""Fields read from the pages of issuers that the reader was not made for."""

import io

import pytest
from made_invoices import made

from kraftd_core.adapters.readers.local.pages.paged import read_pdf


def read(content):
    return read_pdf(content, lambda _: None, 60, 60)


def page(*lines):
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=1)
    for x, y, text in lines:
        canvas.setFont("Helvetica", 10)
        canvas.drawString(x, 842 - y, text)
    canvas.save()
    return out.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize("round", [1, 2])
def test_values_of_unknown_issuers_are_right_where_the_reader_is_sure_of_them(round):
    names = {"number": "invoice_id", "date": "invoice_date", "due": "due_date", "total": "invoice_total"}
    sure = []
    for seed in range(30):
        content, truth = made(seed, round)
        for role, found in read(content).fields.items():
            name = names.get(role, role)
            if truth.get(name) is not None and (found.spot.confidence or 0) >= 0.9:
                sure.append(str(found.value) == str(truth[name]) or found.value == truth[name])
    assert len(sure) > 100
    assert sum(sure) / len(sure) >= 0.95


def test_the_taxes_of_two_rates_are_added_where_they_make_up_the_total():
    reading = read(page(
        (50, 60, "Invoice"), (50, 100, "Subtotal"), (300, 100, "150.00"), (50, 120, "VAT 20%"), (300, 120, "20.00"),
        (50, 140, "VAT 10%"), (300, 140, "5.00"), (50, 160, "Grand total"), (300, 160, "175.00"),
    ))
    assert reading.fields["total_tax"].value == 25
    assert reading.fields["total_tax"].spot.confidence > 0.9


def test_taxes_that_contradict_the_total_are_left_out():
    reading = read(page(
        (50, 60, "Invoice"), (50, 100, "Subtotal"), (300, 100, "150.00"), (50, 120, "VAT 20%"), (300, 120, "20.00"),
        (50, 140, "VAT 10%"), (300, 140, "5.00"), (50, 160, "Grand total"), (300, 160, "190.00"),
    ))
    assert "total_tax" not in reading.fields


def test_the_seller_is_who_owns_the_web_address_though_the_buyer_stands_at_the_top():
    reading = read(page(
        (50, 100, "Feldmann Werkzeug GmbH"), (50, 113, "Gartenweg 2"), (50, 126, "50667 Köln"), (50, 200, "Rechnung"),
        (50, 790, "Malerbetrieb Jonas Reuter"), (50, 803, "www.malerbetrieb-reuter.de"), (300, 803, "info@malerbetrieb-jonas.de"),
    ))
    assert reading.fields["vendor_name"].value == "Malerbetrieb Jonas Reuter"
    assert reading.fields["customer_name"].value == "Feldmann Werkzeug GmbH"


def test_a_till_slip_is_a_receipt_though_its_words_are_glued_together():
    reading = read(page((50, 60, "Tax Invoice"), (50, 80, "INV No.:1183154Cashier:Ann"), (50, 100, "Total"), (200, 100, "4.80")))
    assert reading.document_type == "receipt"


def test_what_says_nothing_about_its_kind_has_no_confidence_in_it():
    reading = read(page((50, 60, "Good morning"), (50, 80, "Nothing to see here")))
    assert (reading.document_type, reading.type_confidence) == ("other", None)


# What buyers write


LETTERHEAD = ((50, 40, "NORTHFIELD STEEL LIMITED"), (50, 54, "5 Garden Street"), (50, 68, "Raipur 492001"))


def told(*lines):
    reading = read(page(*lines))
    return reading.document_type, {role: found.value for role, found in reading.fields.items()}


def test_the_letterhead_of_an_order_is_the_buyer_and_the_supplier_is_who_is_called_so():
    kind, fields = told(
        *LETTERHEAD, (50, 110, "PURCHASE ORDER"), (50, 140, "Supplier:"), (50, 154, "R.K. Engineering Ltd"),
        (50, 200, "Purchase Order No:"), (200, 200, "4700012345"),
    )
    assert kind == "purchase_order"
    assert (fields["vendor_name"], fields["customer_name"]) == ("R.K. Engineering Ltd", "NORTHFIELD STEEL LIMITED")


@pytest.mark.parametrize("title", ["PURCHASE ORDER", "REQUEST FOR QUOTATION", "BILL OF QUANTITIES", "TENDER NOTICE"])
def test_nobody_is_called_supplier_by_their_place_on_what_a_buyer_writes(title):
    _, fields = told(*LETTERHEAD, (50, 110, title), (50, 200, "Delivery to the site by June"))
    assert "vendor_name" not in fields


def test_the_letterhead_of_an_invoice_stays_the_seller():
    _, fields = told(*LETTERHEAD, (50, 110, "INVOICE"), (50, 200, "Invoice No:"), (200, 200, "7"))
    assert fields["vendor_name"] == "NORTHFIELD STEEL LIMITED"
