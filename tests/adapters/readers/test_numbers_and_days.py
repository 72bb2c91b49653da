"""Numbers under titles and behind marks, and the days until which sentences ask to pay or on which it is taken."""

import pytest
from test_page_labels import MANNER, read, values

from kraftd_core.adapters.readers.common.candidates import day_to_pay_in


@pytest.mark.parametrize(
    ("sentence", "day"),
    [
        ("Wir bitten Sie, den Betrag bis spätestens am 15. April 2024 auf unser Konto zu überweisen.", "2024-04-15"),
        ("Den Betrag buchen wir am 27.07.2022 von Ihrem Konto ab.", "2022-07-27"),
        ("Der Betrag wird am 3. März 2025 von Ihrem Konto eingezogen.", "2025-03-03"),
        ("Beløbet bedes indbetalt senest den 2. november 2024 på konto 4711.", "2024-11-02"),
        ("Beloppet ska betalas senast den 5 mars 2025 till vårt bankgiro.", "2025-03-05"),
        ("Beløpet betales innen 5. mars 2025.", "2025-03-05"),
        ("Pagamento entro il 1 maggio 2025 sul conto indicato", "2025-05-01"),
        ("L'importo sarà addebitato il 10/04/2025 sul vostro conto.", "2025-04-10"),
        ("Le montant sera prélevé le 12 juin 2025 sur votre compte.", "2025-06-12"),
        ("We will debit your account on or after 4 May 2025.", "2025-05-04"),
        ("The amount will be collected by direct debit on 4 May 2025.", "2025-05-04"),
        ("Wij verzoeken u het bedrag vóór 15 maart 2025 over te maken.", "2025-03-15"),
        ("Het bedrag wordt op 15 maart 2025 van uw rekening afgeschreven.", "2025-03-15"),
        ("Prosimy o zapłatę do dnia 6 stycznia 2025 r.", "2025-01-06"),
        ("Rogamos abonar el importe antes del 15/10/2023.", "2023-10-15"),
        ("Please pay by 3 May 2025. If you have already paid, ignore this.", "2025-05-03"),
        ("Thank you for the order received. Please pay by 3 May 2025.", "2025-05-03"),
        ("Für den Zeitraum bis 15.07.2022 beträgt Ihr Rechnungsbetrag 168,62 Euro.", None),
        ("Protokoll bis 15. Februar 2024. Bitte zahlen Sie bald.", None),
        ("Direct debit mandate signed on 3 May 2020.", None),
        ("Zahlen Sie bis zum 10.03.2025 mit 2 % Skonto.", None),
        ("Payment received on 3 May 2025, thank you.", None),
        ("Delivered by 3 May 2025", None),
        ("Lieferung bis 15.03.2025, Zahlung nach Erhalt.", None),
        ("Zahlungen sind bis zum 15.03.2025 berücksichtigt.", None),
        ("Zahlungen sind bis zum 15. März 2025 berücksichtigt. Vielen Dank.", None),
        ("Payments received by 3 May 2025 are included.", None),
        ("Bereits am 3.3.2025 abgebucht: 30,00", None),
        ("Goods collected on 3 May 2025", None),
        ("Pagamento ricevuto entro il 3 maggio 2025", None),
    ],
)  # fmt: skip
def test_a_sentence_tells_the_day_to_pay_in_its_own_order_of_words(sentence, day):
    assert day_to_pay_in(sentence, MANNER) == day


def test_a_sentence_about_the_day_to_pay_goes_on_in_the_next_line():
    found = values(read(
        "Rechnung Nr. 4711 vom 17.07.2022", "Guten Tag, Ihr Rechnungsbetrag ist 168,62 Euro. Den Betrag buchen wir",
        "am 27.07.2022 von Ihrem Konto ab.",
    ))  # fmt: skip
    assert (found["date"], found["due"]) == ("2022-07-17", "2022-07-27")


def test_a_day_to_pay_is_not_the_day_of_the_document_too():
    found = values(read("Fattura n. 80", "Pagamento entro il 1 maggio 2025 sul conto indicato"))
    assert found["due"] == "2025-05-01"
    assert "date" not in found


@pytest.mark.parametrize(
    ("lines", "number"),
    [
        (("FACTURE  DATE  CLIENT", "VF24/17  14-09-2024  37428"), "VF24/17"),
        (("FACTURA", "B 84053"), "B 84053"),
        (("INVOICE", "INV-2025-7"), "INV-2025-7"),
        (("PREVENTIVO  Tessitura Srl", "N. PV22-290 Data 04/08/2022"), "PV22-290"),
        (("Faktura - daňový doklad  č. 202308646",), "202308646"),
        (("Rechnung  Nr. 4711",), "4711"),
        (("Rechnung / Invoice No. 4711",), "4711"),
        (("Factura simplificada T-23611",), "T-23611"),
        (("Parcella n. 80 del 17 aprile 2025",), "80"),
        (("Honorarnote Nr. 12/2025 vom 3. März 2025",), "12/2025"),
        (("Faktura", "NUMER  DATA WYSTAWIENIA", "655/12/2024  23 grudnia 2024 r."), "655/12/2024"),
        (("Invoice", "Number  Date", "4711-9  14.09.2024"), "4711-9"),
    ],
)  # fmt: skip
def test_a_number_stands_behind_its_mark_or_under_its_title(lines, number):
    assert values(read(*lines))["number"] == number


@pytest.mark.parametrize(
    "lines",
    [
        ("INVOICE  14 Tannery Lane", "Leeds LS1 4DY"), ("INVOICE", "14 Tannery Lane"), ("INVOICE", "14.09.2024"),
        ("FACTURE", "Rue du Commerce 31"), ("Invoice", "No  Description  Date", "1  Repair of 2 pumps  14.09.2024"),
        ("Invoice  Page 2",), ("INVOICE", "TOTAL 500"), ("INVOICE", "ABN 51824753556"),
    ],
)  # fmt: skip
def test_what_stands_beside_or_under_a_title_is_no_number_where_it_is_something_else(lines):
    assert "number" not in values(read(*lines))


@pytest.mark.parametrize("number", ["10045", "DE123456789", "B34441795"])
def test_figures_alone_under_a_title_are_doubtful_and_so_is_what_looks_like_a_tax_number(number):
    assert read("INVOICE", number).fields["number"].spot.confidence <= 0.6


def test_the_head_of_a_table_is_no_title_over_a_number():
    assert "order_number" not in values(read("Invoice", "Order  Qty  Price", "A-100  2  5.00"))
