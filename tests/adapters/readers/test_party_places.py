"""Who sells and who buys where no label says so: by whose address stands where."""

import io

import pytest

from kraftd_core.adapters.readers.common.parties.addresses import is_address, sender_before_address
from kraftd_core.adapters.readers.local.pages.paged import read_pdf

ITEMS = [
    (50, 400, "Description"), (300, 400, "Qty"), (380, 400, "Price"), (470, 400, "Amount"),
    (50, 420, "Mortar 25 kg"), (300, 420, "2"), (380, 420, "10.00"), (470, 420, "20.00"),
    (380, 460, "Total EUR"), (470, 460, "20.00"),
]  # fmt: skip


def parties(*lines, items=ITEMS):
    """The fields read from a page of lines: x, y and text; a negative x is where the text ends, and None centres it."""
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=1)
    for x, y, text, *size in (*lines, *items):
        canvas.setFont("Helvetica", size[0] if size else 10)
        draw = canvas.drawCentredString if x is None else canvas.drawString if x > 0 else canvas.drawRightString
        draw(297 if x is None else abs(x), 842 - y, text)
    canvas.save()
    return read_pdf(out.getvalue(), lambda _: None, 60, 60).fields


def names(fields):
    return tuple(fields[role].value if role in fields else None for role in ("vendor_name", "customer_name"))


@pytest.mark.parametrize("text", [
    "Ahornweg 3/12, 5400 Hallein", "Eichenstraße 14", "Via Dante 12, 50123 Firenze FI", "14 rue Pasteur", "ul. Lipowa 8",
    "Prinsengracht 9 - 1015 DK Amsterdam - +31 20 111 22 33", "Östergatan 4", "8010 Graz", "753 10 Uppsala", "4150-171 Porto",
    "Carlton VIC 3053", "Lakeside Park 88 - 6811 EE Arnhem", "221 Baker Street",
])  # fmt: skip
def test_a_street_with_its_number_and_a_town_with_its_postcode_are_addresses(text):
    assert is_address(text)


@pytest.mark.parametrize("text", [
    "Studio 54", "Bäckerei Weber GmbH", "Grundschule Nr. 12", "Via Nova S.r.l.", "The Street Food Company",
    "Place des Arts SARL", "Feldweg Bau GmbH", "Rue",
])  # fmt: skip
def test_a_name_that_holds_a_number_or_a_word_for_streets_is_no_address(text):
    assert not is_address(text)


def test_the_sender_before_commas_is_told_from_a_sentence():
    assert sender_before_address("Meier Licht, Am Hafen 3, 50667 Köln") == "Meier Licht"
    assert sender_before_address("Thank you, we shipped 3 parts, more follow") is None


def test_a_letterhead_of_a_sole_trader_sells_to_the_company_whose_address_follows():
    fields = parties(
        (None, 50, "Dott. Elena Ricci", 14), (None, 66, "Via Dante 12, 50123 Firenze FI"),
        (-545, 110, "Egregio cliente"), (-545, 124, "Officine Bianchi S.r.l."), (-545, 138, "Via Roma 9"),
        (-545, 152, "40122 Bologna BO"),
        (50, 200, "Fattura n. 12"),
    )  # fmt: skip
    assert names(fields) == ("Dott. Elena Ricci", "Officine Bianchi S.r.l.")
    assert fields["vendor_name"].spot.confidence <= 0.6


def test_a_letter_with_both_addresses_one_below_the_other_names_both():
    fields = parties(
        (50, 50, "Nora Byrne"), (50, 64, "4 Mill Lane"), (50, 78, "Sligo F91 D7X0"),
        (50, 120, "Harbour Dental Centre"), (50, 134, "12 Quay Street"), (50, 148, "Dublin 8, D08 X2P4"),
        (50, 200, "Invoice no. 506"),
    )  # fmt: skip
    assert names(fields) == ("Nora Byrne", "Harbour Dental Centre")
    assert all(fields[role].spot.confidence <= 0.6 for role in ("vendor_name", "customer_name"))


def test_an_addressee_is_read_from_a_block_that_ends_at_the_right_edge():
    fields = parties(
        (50, 50, "Camille Petit"), (50, 64, "3 impasse du Moulin"), (50, 78, "35000 Rennes"),
        (-545, 110, "À l'attention de"), (-545, 124, "Cabinet Morel"), (-545, 138, "12 rue des Tanneurs"),
        (-545, 152, "69007 Lyon"),
        (50, 200, "Facture n° 2022-53 du 14 juin 2022"),
    )  # fmt: skip
    assert names(fields) == ("Camille Petit", "Cabinet Morel")


@pytest.mark.parametrize(("line", "name"), [
    ("Firma", "Kranbau Nord AG"), ("An die Firma", "Kranbau Nord AG"), ("Spett.le", "Kranbau Nord AG"),
    ("Alla c.a. di", "Kranbau Nord AG"),
        ("t.a.v.", "Kranbau Nord AG"),
])  # fmt: skip
def test_a_line_that_only_says_for_whom_it_is_is_no_part_of_the_name(line, name):
    fields = parties(
        (50, 50, "Becker Hebezeuge GmbH", 14), (50, 66, "Ring 4, 50667 Köln"),
        (50, 110, line), (50, 124, name), (50, 138, "Mühlweg 8"), (50, 152, "80331 München"), (50, 200, "Rechnung Nr. 12"),
    )  # fmt: skip
    assert names(fields) == ("Becker Hebezeuge GmbH", name)


@pytest.mark.parametrize(("line", "name"), [("Herrn", "Karl Ott"), ("Madame", "Claire Favre"), ("Familie", "Berger")])
def test_the_title_of_a_person_on_a_line_of_its_own_begins_the_name(line, name):
    fields = parties(
        (50, 50, "Becker Licht GmbH", 14), (50, 120, line), (50, 134, name), (50, 148, "Markt 1"), (50, 162, "89073 Ulm"),
        (50, 200, "Rechnung Nr. 12"),
    )  # fmt: skip
    assert names(fields) == ("Becker Licht GmbH", f"{line} {name}")


def test_a_motto_over_the_sellers_name_is_not_the_customer():
    fields = parties(
        (50, 40, "Qualität seit Generationen"), (50, 60, "Fritz Lang GmbH", 14), (50, 76, "Ring 3"), (50, 90, "50667 Köln"),
        (50, 130, "Adler AG"), (50, 144, "Weg 1"), (50, 158, "10115 Berlin"), (50, 200, "Rechnung Nr. 12"),
    )  # fmt: skip
    assert names(fields) == ("Fritz Lang GmbH", "Adler AG")


@pytest.mark.parametrize("line", ["Filiale Nord", "Baustelle", "Warehouse East"])
def test_the_address_of_a_branch_or_a_site_names_no_customer(line):
    fields = parties(
        (50, 50, "Becker Licht GmbH", 14), (380, 50, line), (380, 64, "Kai 2"), (380, 78, "20457 Hamburg"),
        (50, 120, "Ott KG"), (50, 134, "Markt 1"), (50, 148, "89073 Ulm"), (50, 200, "Rechnung Nr. 12"),
    )  # fmt: skip
    assert names(fields) == ("Becker Licht GmbH", "Ott KG")


def test_a_line_of_any_length_is_looked_at_in_no_time():
    assert sender_before_address("Meier, " + "1" * 100_000) is None
    assert not is_address("A " + "1 " * 50_000)


def test_a_value_behind_a_colon_in_a_column_of_its_own_is_the_labels():
    fields = parties(
        (None, 50, "Blue Gulf Supplies W.L.L.", 14), (50, 120, "Customer"), (110, 120, ": Palm Catering Est."),
        (50, 136, "Address"), (110, 136, ": Salem Street 40"), (50, 200, "SALES INVOICE"),
    )  # fmt: skip
    assert names(fields) == ("Blue Gulf Supplies W.L.L.", "Palm Catering Est.")


def test_the_labels_of_a_credit_note_are_nobodys_names():
    fields = parties(
        (None, 40, "CREDIT NOTE"), (50, 80, "From"), (230, 80, "Credit to"),
        (50, 94, "Severn Timber Ltd"), (230, 94, "Mrs Ann Price"), (50, 108, "6 Brook Lane"), (230, 108, "8 Castle Mews"),
        (50, 122, "Bristol BS1 6QF"), (230, 122, "York YO1 7HZ"),
    )  # fmt: skip
    assert names(fields) == ("Severn Timber Ltd", "Mrs Ann Price")


def test_a_delivery_address_that_stands_first_is_not_the_customers():
    fields = parties(
        (50, 100, "Leveransadress"), (50, 114, "Lagret Syd"), (50, 128, "Hamngatan 22"), (50, 142, "582 22 Linköping"),
        (330, 160, "Vårdcentralen Lind"), (330, 174, "Industrigatan 31"), (330, 188, "753 20 Uppsala"),
        (330, 40, "FAKTURA"), (50, 780, "Elfirman Nord AB"), (50, 794, "Storgatan 12"), (50, 808, "www.elfirmannord.se"),
    )  # fmt: skip
    assert names(fields) == ("Elfirman Nord AB", "Vårdcentralen Lind")


def test_the_clerk_who_orders_is_not_the_buyer_whose_letterhead_it_is():
    fields = parties(
        (50, 50, "The Tin Kettle Café", 14), (50, 66, "6 Brook Lane"), (50, 80, "Bristol BS1 6QF"),
        (380, 50, "PURCHASE ORDER", 14),
        (380, 80, "PO number:"), (480, 80, "PO466307"), (380, 94, "Buyer:"), (480, 94, "Jane Miller"),
        (50, 150, "SUPPLIER"), (50, 164, "Avon Bearings Ltd"), (50, 178, "73 Harbour Way"), (50, 192, "Cardiff CF10 5BT"),
    )  # fmt: skip
    assert names(fields) == ("Avon Bearings Ltd", "The Tin Kettle Café")


def test_a_name_set_large_over_several_lines_is_whole():
    fields = parties(
        (20, 60, "Drukarnia", 13), (20, 77, "Zielony Las", 13), (20, 100, "ul. Lipowa 8", 8), (20, 110, "00-238 Warszawa", 8),
        (20, 130, "www.drukarniazielony.pl", 8), (180, 60, "Faktura", 20), (180, 140, "NABYWCA"),
        (180, 154, "Piekarnia Nowak s.c."), (180, 168, "ul. Polna 7"), (180, 182, "61-809 Poznan"),
    )  # fmt: skip
    assert names(fields) == ("Drukarnia Zielony Las", "Piekarnia Nowak s.c.")
