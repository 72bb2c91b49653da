"""Labels, numbers and titles of pages in many languages, and what is only the beginning of one."""

import pytest

from kraftd_core.adapters.readers.common.kinds import recognised_kind
from kraftd_core.adapters.readers.common.labels import column_of, role_of
from kraftd_core.adapters.readers.common.page_values import value_in
from kraftd_core.adapters.readers.common.values import Manner, find_date, manner_of
from kraftd_core.adapters.readers.common.words import Word, page_of
from kraftd_core.adapters.readers.local.pages.page import read_pages


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("Do zapłaty", "total"), ("Razem netto", "subtotal"), ("Termin płatności", "due"), ("Nabywca", "customer_name"),
        ("Celkem k úhradě", "total"), ("Datum splatnosti", "due"), ("Odběratel", "customer_name"), ("Att betala", "total"),
        ("Förfallodatum", "due"), ("Moms", "total_tax"), ("Fakturanr.", "number"), ("Fatura n.º", "number"),
        ("Data de emissão", "date"), ("Vencimento", "due"), ("Genel Toplam", "total"), ("SATICI", "vendor_name"),
        ("Fatura Tarihi", "date"), ("Eräpäivä", "due"), ("Fizetendő", "total"), ("Total de plată", "total"), ("合計", "total"),
        ("お支払期限", "due"), ("請求日", "date"), ("合计", "total"), ("합계", "total"), ("Σύνολο", "total"), ("Итого", "total"),
        ("I alt", "total"), ("Beløb ekskl. moms", "subtotal"), ("Kokku", "total"), ("Iš viso", "total"), ("Aan", "customer_name"),
    ],
)  # fmt: skip
def test_labels_are_known_in_the_languages_that_months_are_known_in(label, role):
    assert role_of(label) == role


@pytest.mark.parametrize(
    ("head", "column"),
    [
        ("Ilość", "quantity"), ("Cena netto", "unit_price"), ("Wartość netto", "amount"), ("Množství", "quantity"),
        ("Á-pris", "unit_price"), ("Belopp", "amount"), ("Preço unitário", "unit_price"), ("Qtd.", "quantity"),
        ("Birim Fiyat", "unit_price"), ("Tutar", "amount"), ("品名", "description"), ("数量", "quantity"), ("単価", "unit_price"),
        ("金額", "amount"), ("Stk. pris", "unit_price"), ("Mennyiség", "quantity"),
    ],
)  # fmt: skip
def test_heads_of_columns_are_known_in_these_languages(head, column):
    assert column_of(head) == column


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("FATURA", "invoice"), ("Lasku", "invoice"), ("Számla", "invoice"), ("請求書", "invoice"), ("Kaffee", "other"),
        ("見積書", "quotation"), ("Zamówienie nr 4", "purchase_order"), ("Paragon fiskalny", "receipt"),
        ("Nordhavn VVS ApS                       FAKTURA", "invoice"),
        ("Thames Print Ltd              Invoice No TP-3", "invoice"),
    ],
)  # fmt: skip
def test_a_title_tells_the_kind_though_other_words_share_its_line(title, kind):
    assert recognised_kind([title])[0] == kind


def words(text, x=50.0, top=100.0):
    """The words of the text, two blanks making a wide gap."""
    found = []
    for word in text.split(" "):
        if word:
            found.append(Word(word, x, top, x + 5 * len(word), top + 10))
        x += 5 * len(word) + (3 if word else 20)
    return found


MANNER = Manner(".", "dmy")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("FT 2025/7", "FT 2025/7"), ("INV 2025 / 001", "INV 2025 / 001"), ("100 200 300", "100 200 300"),
        ("RE 2025-0117", "RE 2025-0117"),
        ("4711 12.03.2025", "4711"), ("INV-1 PO 4500", "INV-1"), ("4711 EUR", "4711"), ("12345 of 3", "12345"),
        ("2025-001", "2025-001"), ("EUR 120", None), ("PO 4500", None), ("see below", None),
    ],
)  # fmt: skip
def test_a_number_ends_where_something_else_begins(text, number):
    found = value_in(words(text), "number", MANNER, 3)
    assert (found and found[0]) == number


def read(*lines):
    """The reading of a page whose lines these are, from the top."""
    placed = [word for n, line in enumerate(lines) for word in words(line, top=40.0 + 14 * n)]
    return read_pages([page_of(placed, 1, 595, 842)])


def values(reading):
    return {name: found.value for name, found in reading.fields.items()}


def test_a_label_that_is_the_beginning_of_another_names_nothing():
    found = values(read(
        "Facture", "Date de facture associée : 01/02/2025", "Date de fin de prestation : 28/02/2025",
        "Date de facture : 05/03/2025",
    ))  # fmt: skip
    assert found["date"] == "2025-03-05"
    assert "due" not in found


@pytest.mark.parametrize(
    "line", ["Date : mercredi 5 mars 2025", "Invoice date (issued) : 5 March 2025", "Datum, Date: 05.03.2025"]
)
def test_a_weekday_an_aside_or_the_label_in_another_language_may_follow_a_label(line):
    assert values(read("Invoice", line))["date"] == "2025-03-05"


@pytest.mark.parametrize(
    ("line", "number"),
    [("N° : F-33", "F-33"), ("Nr.: 4711", "4711"), ("There is no 5 in it", None), ("No  Description  Qty", None)],
)
def test_a_bare_no_is_a_label_only_before_a_colon(line, number):
    assert values(read("Facture", line, "1  Table  2")).get("number") == number


@pytest.mark.parametrize(
    ("title", "number"),
    [
        ("2. Abschlagsrechnung Nr. AR-08", "AR-08"), ("Schlussrechnung Bau (877) Nr. 12-44", "12-44"),
        ("Faktura č. 2025110", "2025110"), ("Invoice Number 100 200 300", "100 200 300"),
        ("Rechnung RE 2025-0117", "RE 2025-0117"),
    ],
)
def test_a_title_states_its_number(title, number):
    assert values(read(title, "Total  10.00"))["number"] == number


def test_a_number_that_is_written_like_a_date_is_taken_for_one_with_doubt():
    found = read("Faktura VAT nr 17/05/2025").fields["number"]
    assert (found.value, found.spot.confidence) == ("17/05/2025", 0.5)


def test_letters_that_are_set_apart_are_read_as_a_word():
    found = values(read("R E C H N U N G", "D a t u m  05.03.2025"))
    assert found["date"] == "2025-03-05"


def test_figures_of_three_digits_behind_a_point_are_doubted_without_a_currency():
    reading = read("Invoice", "Total  1.500")
    assert reading.fields["total"].spot.confidence <= 0.6
    assert any("1.500 can be 1,500 or 1.5" in notice for notice in reading.notices)
    assert manner_of(["Invoice", "Total KWD 1.500"]).is_sign_settled


def test_who_is_labelled_the_buyer_does_not_sell():
    found = values(read("Faktura", "", "Kund", "Båtvarv AB", "Hamngatan 3", "111 47 Stockholm"))
    assert found["customer_name"] == "Båtvarv AB"
    assert found.get("vendor_name") != "Båtvarv AB"


def test_a_name_at_the_foot_that_stands_at_the_top_sells():
    lines = ["Harrow Construction Ltd", "88 High Street", "Bristol BS1 2AA", "", "Anthropoid Services LLC", "1 Market Plaza",
             *[""] * 48, "Anthropoid Services LLC · 1 Market Plaza · San Francisco"]  # fmt: skip
    found = values(read("Invoice", "", *lines))
    assert (found["vendor_name"], found["customer_name"]) == ("Anthropoid Services LLC", "Harrow Construction Ltd")


def test_a_credit_note_without_signs_is_told():
    reading = read("GUTSCHRIFT", "Gutschriftsnummer: GS-7", "Gesamtbetrag  119,00 EUR")
    assert reading.fields["total"].value == 119
    assert any("credit note (GUTSCHRIFT)" in notice for notice in reading.notices)


def test_two_invoices_in_one_file_are_told():
    def page(n, name):
        lines = ("INVOICE", f"Invoice No: {name}", "Total EUR  120.00")
        placed = [word for at, line in enumerate(lines) for word in words(line, top=40.0 + 14 * at)]
        return page_of(placed, n, 595, 842)

    several = read_pages([page(1, "A-1"), page(2, "A-2")])
    assert any("several invoices: A-1 on page 1 and A-2 on page 2" in notice for notice in several.notices)
    assert not read_pages([page(1, "A-1"), page(2, "A-1")]).notices


def test_the_line_that_says_who_owes_the_tax_is_kept():
    found = values(read("Rechnung", "Gesamtbetrag  900,00 EUR", "Steuerschuldnerschaft des Leistungsempfängers (Reverse Charge)"))
    assert found["tax_note"] == "Steuerschuldnerschaft des Leistungsempfängers (Reverse Charge)"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12 maja 2025", "2025-05-12"), ("3. dubna 2025", "2025-04-03"), ("9 de abril de 2025", "2025-04-09"),
        ("18 Ağustos 2025", "2025-08-18"), ("2025. március 5.", "2025-03-05"), ("5. maaliskuuta 2025", "2025-03-05"),
        ("令和7年4月30日", "2025-04-30"), ("2025年3月31日", "2025-03-31"), ("August 3 , 2014", "2014-08-03"),
        ("28 лютого 2025", "2025-02-28"),
    ],
)  # fmt: skip
def test_months_are_known_by_name_in_these_languages(text, day):
    assert str(find_date(text)) == day


def test_a_label_in_two_languages_names_the_party_below():
    found = values(read("Invoice / Factuur", "Customer / Klant:", "Maison Dupont SPRL", "Rue Haute 2", "1000 Bruxelles"))
    assert found["customer_name"] == "Maison Dupont SPRL"


def test_a_code_that_begins_like_a_label_is_a_value():
    found = values(read("Invoice", "", "PO Number", "PO-9"))
    assert found["order_number"] == "PO-9"
