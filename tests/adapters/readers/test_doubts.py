"""Figures and dates that read in two ways: what settles them, and that they are doubtful where nothing does."""

import io

import pytest
from di_answers import Writer, analyze_result

from kraftd_core.adapters.readers.azure.answers import extraction_of
from kraftd_core.adapters.readers.common.values import manner_of
from kraftd_core.adapters.readers.local.office.sheets import read_csv
from kraftd_core.adapters.readers.local.pages.paged import read_pdf
from kraftd_core.records.sureness import is_doubtful


def page(*pairs):
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=1)
    for n, (label, value) in enumerate(pairs):
        canvas.drawString(50, 780 - 25 * n, label)
        canvas.drawString(300, 780 - 25 * n, value)
    canvas.save()
    return read_pdf(out.getvalue(), lambda _: None, 60, 60)


def told(reading, role):
    found = reading.fields[role]
    return found.value, is_doubtful(found.spot.confidence)


@pytest.mark.parametrize(
    ("text", "sign", "is_settled"),
    [
        ("Rechnung Betrag 19.635 EUR", ",", True),
        ("Invoice total 1.500 and 12.250 KWD", ".", True),
        ("Facture montant 12,500 TND", ",", True),
        ("Invoice total 495.000 VND", ",", True),
        ("Material Menge Wert 1.250", ",", True),
        ("Importo totale fattura € 1.500", ",", True),
        ("Total 15.000.000 and 25.000", ",", True),
        ("1.500,-- and 1.250", ",", True),
        ("Rechnung Betrag 1.500 EUR, 2.500 EUR, Zeitraum 12.2025", ",", True),
        ("Rechnung Betrag 1.500 EUR, 2.500 EUR, Abschnitt 2.10", ",", False),
        ("1.250 12.000", None, False),
        ("Invoice total 1.500 EUR", ",", False),
        ("Invoice total 1,500 KWD", ",", False),
    ],
)
def test_three_digits_behind_the_only_mark_are_settled_by_other_figures_currency_and_language(text, sign, is_settled):
    manner = manner_of([text])
    assert (manner.sign, manner.is_sign_settled) == (sign, is_settled)


@pytest.mark.parametrize(
    ("text", "order", "is_settled"),
    [
        ("03/04/2025 15/04/2025", "dmy", True),
        ("03/04/2025 04/15/2025", "mdy", True),
        ("13/02/2025 02/13/2025 03/04/2025", "dmy", False),
        ("Rechnung Datum Betrag 03/04/2025", "dmy", True),
        ("Invoice 03/04/2025 total £5.00", "dmy", True),
        ("Invoice 03/04/2025 total, Austin, TX 78701", "mdy", True),
        ("Invoice 03/04/2025, London SW1A 1AA", "dmy", True),
        ("Invoice 03/04/2025 IBAN DE02 1203 0000 0000 2020 51", "dmy", True),
        ("Invoice 03/04/2025 total $5.00", "dmy", False),
        ("Invoice 03/04/2025 total CAD 5.00", "dmy", False),
        ("Invoice 03/04/2025 total due", "dmy", False),
    ],
)
def test_the_order_of_day_and_month_is_settled_by_other_dates_language_and_country(text, order, is_settled):
    manner = manner_of([text])
    assert (manner.order, manner.is_order_settled) == (order, is_settled)


def test_a_whole_amount_in_german_is_no_small_one():
    sums = ("Nettobetrag", "16.500 EUR"), ("MwSt. 19 %", "3.135 EUR"), ("Gesamtbetrag", "19.635 EUR")
    reading = page(("Rechnung", "Nr. 7"), *sums)
    assert told(reading, "total") == (19635, False)
    assert not reading.notices


def test_figures_that_nothing_settles_are_doubtful_though_they_add_up_and_both_readings_are_told():
    reading = page(("Invoice", "No. 7"), ("Subtotal", "12.500"), ("Tax", "2.500"), ("Total", "15.000 EUR"))
    assert told(reading, "total") == (15000, True)
    assert any("12.500 can be 12,500 or 12.5" in notice for notice in reading.notices)


def test_a_date_that_nothing_settles_is_doubtful_and_both_readings_are_told():
    reading = page(("Invoice", "No. 7"), ("Invoice date", "03/04/2025"), ("Total", "15.00"))
    assert told(reading, "date") == ("2025-04-03", True)
    assert any("3 April 2025 or 4 March 2025" in notice for notice in reading.notices)


def test_a_date_that_the_currency_settles_is_not_doubted():
    reading = page(("Invoice", "No. 7"), ("Invoice date", "03/04/2025"), ("Total", "£15.00"))
    assert told(reading, "date") == ("2025-04-03", False)
    assert not reading.notices


def test_what_is_due_is_due_after_its_day():
    reading = page(("Invoice", "No. 7"), ("Invoice date", "04/05/2025"), ("Due date", "06/04/2025"), ("Total", "15.00"))
    assert told(reading, "date") == ("2025-04-05", False)
    assert told(reading, "due") == ("2025-06-04", False)


def test_the_date_for_a_cash_discount_is_not_the_due_date():
    terms = "18.11.2023 mit 3 % Skonto = 184,69 EUR, bis 04.12.2023 netto 190,40 EUR"
    reading = page(("Rechnung", "Nr. 7"), ("Zahlbar bis", terms))
    assert reading.fields["due"].value == "2023-12-04"


@pytest.mark.parametrize("amount", ["USD 1.2 million", "12,5 Mio. EUR", "TEUR 1.250", "₹ 2.5 lakh", "$5k"])
def test_an_amount_in_thousands_or_millions_is_not_the_figure_before_the_word(amount):
    assert "total" not in page(("Invoice", "No. 7"), ("Total", amount)).fields


@pytest.mark.parametrize(
    ("sentence", "due"),
    [
        ("Bitte überweisen Sie den Betrag bis zum 15.04.2025 auf unser Konto.", "2025-04-15"),
        ("Please pay by April 15, 2025.", "2025-04-15"),
        ("Merci de régler avant le 15 avril 2025.", "2025-04-15"),
        ("Bei Zahlung bis zum 15.04.2025 gewähren wir 2 % Skonto.", None),
        ("Leistungen vom 01.04.2025 bis zum 15.04.2025", None),
    ],
)
def test_a_sentence_that_asks_to_pay_tells_until_when(sentence, due):
    found = page(("Rechnung", "Nr. 7"), ("Gesamtbetrag", "119,00 EUR"), (sentence, "")).fields.get("due")
    assert (found and found.value) == due


def test_a_place_leads_to_the_date_of_a_letter():
    lines = ("Zeitraum", "01.02.2025"), ("", "Hamburg, den 5. März 2025"), ("Gesamtbetrag", "119,00 EUR")
    reading = page(("Rechnung", "Nr. 7"), *lines)
    assert reading.fields["date"].value == "2025-03-05"


def test_a_sheet_without_a_language_is_doubtful_cell_by_cell():
    reading = read_csv(b"Bezeichner;Wert2\nA;1.250\nB;12.000\nC;7\n")
    cells = [found for row in reading.tables[0].rows for found in row.values()]
    assert [is_doubtful(found.spot.confidence) for found in cells if not isinstance(found.value, str)] == [True, True, False]
    assert any("1.250 can be 1,250 or 1.25" in notice for notice in reading.notices)


def test_a_sheet_shows_its_currency_in_its_cells():
    reading = read_csv("Beschreibung;Menge;Einzelpreis;Betrag\nPumpe;2;1.250,50 €;€ 2.501,00\n".encode())
    assert reading.fields["currency"].value == "EUR"


def test_an_answer_of_the_service_is_doubtful_in_what_its_text_leaves_open():
    writer = Writer()
    fields = {
        "InvoiceDate": writer.field("date", "2025-03-04", "03/04/2025", confidence=0.97),
        "DueDate": writer.field("date", "2025-05-25", "25 May 2025", confidence=0.97),
    }
    lines = ["Invoice total due", "03/04/2025", "25 May 2025"]
    documents = [{"docType": "invoice", "fields": fields, "confidence": 1}]
    extraction = extraction_of(analyze_result("prebuilt-invoice", lines=lines, documents=documents), "invoice")
    assert is_doubtful(extraction.places["invoice_date"].confidence)
    assert not is_doubtful(extraction.places["due_date"].confidence)
    assert any("It was read as 4 March 2025" in notice for notice in extraction.notices)


IBANS = ["GB29 NWBK 6016 1331 9268 19", "NL91 ABNA 0417 1643 00", "IE29 AIBK 9311 5212 3456 78",
         "NO93 8601 1117 947", "MT84 MALT 0110 0001 2345 MTLC AST0 01S", "DE89 3704 0044 0532 0130 00",
         "FR14 2004 1010 0505 0001 3M02 606"]  # fmt: skip


@pytest.mark.parametrize("iban", IBANS)
@pytest.mark.parametrize("after", ["", " BIC NWBKGB2L", " Commerzbank AG", " SWIFT: ABNANL2A"])
def test_an_iban_ends_where_its_check_digits_do(iban, after):
    assert page(("Invoice", "No. 7"), ("IBAN", iban + after)).fields["iban"].value == iban
