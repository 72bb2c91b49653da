"""Which of the amounts on a page are the whole document's, how sure they are, and which are parts or lines."""

import pytest

from kraftd_core.adapters.readers.common.words import Word, page_of
from kraftd_core.adapters.readers.local.pages.page import read_pages

SUMS = ("subtotal", "total_tax", "total")


def reading(*lines):
    """What is read of a page of these lines; two spaces lead to the next column."""
    words = []
    for at, line in enumerate(lines):
        for column, text in enumerate(line.split("  ")):
            x = 40 + 170 * column
            for word in text.split():
                words.append(Word(word, x, 20 * at, x + 6 * len(word), 20 * at + 12))
                x += 6 * len(word) + 4
    return read_pages([page_of(words, 1, 1000, 20 * len(lines) + 100)])


def sums(found):
    return tuple(found.fields[role].value if role in found.fields else None for role in SUMS)


def sureness(found):
    return tuple(found.fields[role].spot.confidence for role in SUMS if role in found.fields)


def rows(found):
    return [row for table in found.tables if table.name == "line_items" for row in table.rows]


@pytest.mark.parametrize("recap", [
    ("Rate  Net  VAT  Gross", "20 %  100.00  20.00  120.00", "5 %  300.00  15.00  315.00", "Total  400.00  35.00  435.00"),
    ("Satz  Netto  MwSt  Brutto", "19%  100,00  19,00  119,00", "16%  100,00  16,00  116,00", "0%  200,00  0,00  200,00",
     "Summe  400,00  35,00  435,00"),
    ("Stawka  Brutto  VAT  Netto", "20 %  120,00  20,00  100,00", "5 %  315,00  15,00  300,00", "Razem  435,00  35,00  400,00"),
    ("Rate  Net  VAT  Gross", "20 %  100.00  20.00  120.00", "5 %  300.00  15.00  315.00", "Total  435.00"),
])  # fmt: skip
def test_the_whole_of_a_recap_is_what_its_rates_come_to(recap):
    found = reading("INVOICE", "Invoice No: A-1", *recap)
    assert sums(found) == (400, 35, 435)
    assert set(sureness(found)) == {0.97}


def test_the_rates_of_a_recap_are_kept_beside_the_whole():
    found = reading("INVOICE", "Rate  Net  VAT  Gross", "20 %  100.00  20.00  120.00", "5 %  300.00  15.00  315.00",
                    "Total  400.00  35.00  435.00")  # fmt: skip
    table = next(table for table in found.tables if table.name == "tax_breakdown")
    assert [(row["tax_rate"].value, row["tax_amount"].value) for row in table.rows] == [(20, 20), (5, 15)]


@pytest.mark.parametrize(("head", "row"), [
    ("Net amount EUR  VAT 20 % EUR  Total EUR", "1,000.00  200.00  1,200.00"),
    ("Nettobetrag EUR  Umsatzsteuer 20 % EUR  Bruttobetrag EUR", "1.000,00  200,00  1.200,00"),
    ("Base TVA  Taux  Montant TVA  Total à payer EUR", "1000,00  20 %  200,00  1200,00"),
])  # fmt: skip
def test_a_row_of_sums_below_its_headings_is_the_whole_and_no_line(head, row):
    found = reading("INVOICE", "Description  Quantity  Price  Amount", "Desk  4  250.00  1,000.00", head, row)
    assert sums(found) == (1000, 200, 1200)
    assert [one["description"].value for one in rows(found)] == ["Desk"]


def test_of_several_lines_of_three_amounts_none_is_the_whole():
    found = reading("INVOICE", "Item  Net  VAT  Total", "Chair repair  100.00  20.00  120.00", "Door  200.00  40.00  240.00")
    assert 0.97 not in sureness(found)


def test_a_total_whose_name_is_not_known_is_what_subtotal_and_tax_come_to():
    assert sums(reading("INVOICE", "Subtotal  -100.00", "VAT 20%  -20.00", "In your favour  -120.00")) == (-100, -20, -120)


def test_what_is_asked_for_is_the_total_rather_than_the_first_line_below_a_heading():
    found = reading("INVOICE", "Service  Hours  Price  Total", "Drawing  2  20.00  40.00", "Print  1  60.00  60.00",
                    "Amount due  100.00")  # fmt: skip
    assert sums(found) == (None, None, 100)
    assert sureness(found) == (0.9,)  # the lines come to it


def test_what_is_asked_for_is_as_unsure_as_any_total_that_nothing_bears_out():
    found = reading("INVOICE", "Amount due  100.00")
    assert (sums(found), sureness(found)) == ((None, None, 100), (0.75,))


def test_the_net_below_a_discount_is_the_total_where_no_tax_is_charged():
    found = reading("INVOICE", "Gross total  1,000.00", "Less discount  100.00", "Net amount  900.00")
    assert sums(found) == (1000, None, 900)


@pytest.mark.parametrize("note", ["Incl. 21% VAT", "Inclusief 21% btw", "davon 21 % MwSt"])
def test_a_tax_that_its_rate_finds_in_the_total_is_sure(note):
    found = reading("INVOICE", "Total  121.00", f"{note}  21.00")
    assert (sums(found), sureness(found)) == ((None, 21, 121), (0.97, 0.97))


@pytest.mark.parametrize("label", ["Net value without VAT", "Gesamtnettowert ohne MwSt. EUR", "Montant hors TVA"])
def test_an_amount_without_the_tax_is_no_tax(label):
    assert sums(reading("INVOICE", f"{label}  500.00"))[:2] == (500, None)


def test_a_sum_that_nothing_bears_out_is_no_surer_than_a_label_makes_it():
    assert sureness(reading("INVOICE", "Invoice No: A-1", "Total  435.00")) == (0.75,)


def test_a_sum_that_the_lines_come_to_is_surer():
    found = reading("INVOICE", "Description  Quantity  Price  Amount", "Desk  4  250.00  1,000.00", "Lamp  2  25.00  50.00",
                    "Total  1,050.00")  # fmt: skip
    assert sureness(found) == (0.9,)


def test_a_slip_says_count_and_price_above_the_line():
    found = reading("KIOSK AM MARKT", "3 x 1,20", "Wasser  3,60 A", "Brot  2,40 B", "SUMME  EUR 6,00", "BAR  10,00",
                    "Rückgeld  4,00")  # fmt: skip
    items = [(row["description"].value, *(row[n].value if n in row else None for n in ("quantity", "unit_price", "amount")))
             for row in rows(found)]  # fmt: skip
    assert items == [("Wasser", 3, 1.2, 3.6), ("Brot", None, None, 2.4)]


def test_a_stamp_duty_leads_from_the_fees_to_what_is_to_be_paid():
    found = reading("PARCELLA", "Totale compensi  316,50", "Marca da bollo  2,00", "Totale da pagare  318,50")
    assert sums(found) == (316.5, None, 318.5)


def test_the_code_of_an_article_is_no_description():
    found = reading("INVOICE", "Artikel  Bezeichnung  Menge  Preis  Betrag", "A98-48  Desk of oak  4  250,00  1.000,00",
                    "B11-02  Lamp  2  25,00  50,00", "Summe  1.050,00")  # fmt: skip
    assert [(row["item_number"].value, row["description"].value) for row in rows(found)] == [
        ("A98-48", "Desk of oak"), ("B11-02", "Lamp"),
    ]  # fmt: skip


def test_a_unit_without_a_heading_is_no_part_of_the_description():
    found = reading("RECHNUNG", "Menge  Text  EP  GP", "4  Std. Anfahrt  25,00  100,00", "2  Std. Montage  50,00  100,00",
                    "Summe  200,00")  # fmt: skip
    assert [(row["unit"].value, row["description"].value) for row in rows(found)] == [("Std.", "Anfahrt"), ("Std.", "Montage")]


def test_a_further_word_in_the_heading_of_descriptions_is_no_column():
    found = reading("PREVENTIVO", "Descrizione lavori  Q.tà  Prezzo  Totale", "Posa in opera di caldaia  2  50,00  100,00",
                    "Totale  100,00")  # fmt: skip
    assert [row["description"].value for row in rows(found)] == ["Posa in opera di caldaia"]
