"""What a slip says of the payment settles its total, and tells that it is a slip."""

from decimal import Decimal

import pytest

from kraftd_core.adapters.readers.common.words import Word, page_of
from kraftd_core.adapters.readers.local.pages.page import read_pages
from kraftd_core.adapters.readers.local.pages.receipts import settled_totals


def slip(*lines):
    """A page of these lines; two spaces lead to the next column."""
    words = []
    for at, line in enumerate(lines):
        for column, text in enumerate(line.split("  ")):
            x = 40 + 200 * column
            for word in text.split():
                words.append(Word(word, x, 20 * at, x + 8 * len(word), 20 * at + 12))
                x += 8 * len(word) + 5
    return [page_of(words, 1, 500, 20 * len(lines))]


@pytest.mark.parametrize(("lines", "totals"), [
    (("CASH  50.00", "CHANGE  18.55"), {"31.45"}),
    (("Gegeben  20.00", "Rückgeld  7.27"), {"12.73"}),
    (("ESPECES  10.00", "RENDU  3.40"), {"6.60"}),
    (("VISA  82.56",), {"82.56"}),
    (("Cash  9.55", "Change  0.00"), {"9.55"}),
    (("CASH BILL 4711",), set()),
    (("Please pay in cash", "No change without this slip"), set()),
    (("Total  12.00",), set()),
])
def test_the_payment_leaves_the_total(lines, totals):
    assert settled_totals(slip(*lines), ".") == {Decimal(total) for total in totals}


def test_of_two_totals_the_one_that_was_paid_is_taken():
    read = read_pages(slip(
        "CORNER BOOKS", "Cashier: Ann", "Stickers  31.47", "Total incl. GST  31.47", "Rounding  -0.02", "TOTAL  31.45",
        "CASH  50.00", "CHANGE  18.55",
    )).as_json()["data"]
    assert (read["document_type"], read["receipt_total"]) == ("receipt", 31.45)


def test_without_a_payment_the_largest_total_stands():
    read = read_pages(slip("CORNER BOOKS", "Cashier: Ann", "Total items  2.00", "Total  31.45")).as_json()["data"]
    assert read["receipt_total"] == 31.45


def test_a_page_of_no_other_kind_that_states_a_payment_is_a_receipt():
    assert read_pages(slip("BLUE HERON", "Chowder  9.50", "Total  9.50", "Visa  9.50")).document_type == "receipt"
    assert read_pages(slip("BLUE HERON", "Chowder  9.50", "Total  9.50")).document_type == "other"


def test_a_note_above_the_name_of_the_shop_is_not_its_name():
    read = read_pages(slip("ann lee", "PERNIAGAAN LI", "CASH BILL", "Total  9.50")).as_json()["data"]
    assert read["vendor_name"] == "PERNIAGAAN LI"


def test_a_legal_form_on_a_line_of_its_own_belongs_to_the_name_above():
    read = read_pages(slip("NORTHERN LIGHTS", "SDN BHD", "(867388-U)", "CASH BILL", "Total  9.50")).as_json()["data"]
    assert read["vendor_name"] == "NORTHERN LIGHTS SDN BHD"


@pytest.mark.parametrize("label", ["Receipt no", "Quittung Nr.", "Ticket no", "Invoice number", "Rechnungsnummer"])
def test_a_label_above_a_number_is_nobodys_name(label):
    read = read_pages(slip("CORNER BOOKS", label, "20817", "Total  31.45", "Visa  31.45")).as_json()["data"]
    assert read.get("vendor_name") == "CORNER BOOKS"
