"""Whose a tax number is: what stands in the customer's address, or is called the customer's, is never taken for the seller's."""

import pytest
from di_answers import Writer, analyze_result
from hypothesis import given
from hypothesis import strategies as st

from kraftd_core.adapters.readers.azure.answers import extraction_of
from kraftd_core.adapters.readers.common.reading import Reading
from kraftd_core.adapters.readers.common.tables.labelled import in_text, put_all
from kraftd_core.adapters.readers.common.values import Manner
from kraftd_core.adapters.readers.common.words import Word, page_of
from kraftd_core.adapters.readers.local.pages.page import read_pages

THEIRS, OURS = "GB123456789", "DE987654321"  # the customer's, the seller's
HEAD = [(50, 40, "Alpha GmbH"), (50, 60, "Invoice no 17")]
BUYER = [(50, 100, "Bill to"), (50, 113, "ACME Ltd"), (50, 126, "1 Road"), (50, 139, "AB1 2CD Town")]


def words(*printed):
    """Each text's words from there on, five points a letter."""
    for x, y, text in printed:
        at = x
        for word in text.split():
            yield Word(word, at, y, at + 5 * len(word), y + 10)
            at += 5 * len(word) + 3


def tax_fields(reading):
    return {name: found.value for name, found in reading.fields.items() if name.endswith("tax_id")}


def read(*printed):
    return tax_fields(read_pages([page_of(words(*printed), 1, 600, 800)]))


def seller(number):
    return {"vendor_tax_id": number}


def buyer(number):
    return {"customer_tax_id": number}


def nobody(number):
    return {"tax_id": number}


@pytest.mark.parametrize(
    ("printed", "whose"),
    [
        ([*HEAD, *BUYER, (50, 152, f"VAT No: {THEIRS}")], buyer(THEIRS)),
        ([*HEAD, *BUYER, (50, 152, "VAT number"), (150, 152, THEIRS)], buyer(THEIRS)),
        ([*HEAD, *BUYER, (50, 152, "VAT number:"), (50, 165, THEIRS)], buyer(THEIRS)),
        ([*HEAD, *BUYER, (50, 152, f"VAT No: {THEIRS}"), (50, 700, f"VAT No: {OURS}")], buyer(THEIRS) | seller(OURS)),
        ([*HEAD, *BUYER, (50, 152, f"VAT No: {THEIRS}"), (50, 700, f"VAT No: {THEIRS}")], buyer(THEIRS)),
        ([*HEAD, *BUYER, (50, 152, f"Our VAT No: {OURS}")], seller(OURS)),
        ([*HEAD, (50, 53, f"VAT No: {OURS}"), *BUYER], seller(OURS)),
        ([*HEAD, *BUYER, (350, 126, f"VAT No: {OURS}")], seller(OURS)),
        ([*HEAD, *BUYER, (350, 126, f"Your VAT Reg No: {THEIRS}"), (350, 139, f"VAT No: {OURS}")], buyer(THEIRS) | seller(OURS)),
        ([*HEAD, *BUYER, (50, 190, f"VAT No: {THEIRS}")], nobody(THEIRS)),
        ([*HEAD, *BUYER, (50, 152, "Invoice date: 2026-01-02"), (50, 165, f"VAT No: {THEIRS}")], nobody(THEIRS)),
        ([*HEAD, *BUYER, (50, 190, "Invoice date: 2026-01-02"), (50, 203, f"VAT No: {OURS}")], seller(OURS)),
        ([*HEAD, *BUYER, (300, 100, "Ship to"), (300, 113, "ACME Depot"), (300, 126, f"VAT No: {THEIRS}")], nobody(THEIRS)),
        ([*HEAD, (50, 100, "Customer: ACME Ltd"), (300, 100, f"VAT No: {THEIRS}")], nobody(THEIRS)),
        ([*HEAD, (50, 600, "To pay by transfer use the account"), (50, 613, f"VAT No: {OURS}")], seller(OURS)),
        ([*HEAD, (50, 200, f"USt-IdNr. des Kunden: {THEIRS}"), (50, 300, f"USt-IdNr.: {OURS}")], buyer(THEIRS) | seller(OURS)),
        ([*HEAD, (50, 200, f"N° TVA client : {THEIRS}"), (50, 300, f"N° TVA : {OURS}")], buyer(THEIRS) | seller(OURS)),
    ],
    ids=[
        "in the address", "value beside its label", "value below its label", "the seller's in the footer",
        "the customer's again in the footer", "called our own", "over the address", "in another column", "called yours",
        "white between", "after a label of the document", "after white and a label of the document", "a delivery's",
        "beside the customer", "no address but a sentence", "called the customer's in German", "and in French",
    ],
)  # fmt: skip
def test_a_tax_number_is_whose_address_it_stands_in_or_whose_its_label_says(printed, whose):
    assert read(*printed) == whose


def test_an_address_without_a_label_is_the_customers_too():
    printed = [(50, 40, "Alpha GmbH"), (50, 100, "Beta Handels GmbH"), (50, 113, "Weg 2"), (50, 126, "50667 Köln"),
               (50, 139, f"USt-IdNr.: {THEIRS}"), (50, 200, "Rechnung Nr. 5")]  # fmt: skip
    assert read(*printed) == buyer(THEIRS)


def test_two_addresses_side_by_side_keep_their_numbers():
    left = [(50, 100, "From"), (50, 113, "Alpha GmbH"), (50, 126, f"VAT No: {OURS}")]
    right = [(300, 100, "Bill to"), (300, 113, "ACME Ltd"), (300, 126, f"VAT No: {THEIRS}")]
    assert read((50, 40, "Invoice no 17"), *left, *right) == seller(OURS) | buyer(THEIRS)
    swapped = [(350 - x, y, text) for x, y, text in (*left, *right)]
    assert read((50, 40, "Invoice no 17"), *swapped) == seller(OURS) | buyer(THEIRS)


LABELS = ["VAT No:", "VAT number:", "VAT Reg No:", "USt-IdNr.:", "Tax ID:", "GSTIN:", "N° TVA :", "P.IVA:"]
HEADS = ["Bill to", "Customer:", "Sold to", "Rechnungsempfänger", "Facturé à", "Invoice to", "Buyer", "Kunde"]


@given(st.sampled_from(LABELS), st.sampled_from(HEADS), st.integers(1, 5), st.sampled_from([50, 320]), st.integers(100, 400))
def test_no_number_in_a_customers_address_is_ever_the_sellers(label, head, lines, x, top):
    address = [(x, top + 13 * n, text) for n, text in enumerate([head, "ACME Ltd", *["Long Road"] * (lines - 1)])]
    printed = [*HEAD, *address, (x, top + 13 * len(address), f"{label} {THEIRS}")]
    assert read(*printed) == buyer(THEIRS)


# Labelled values in their order: Word documents, sheets, forms


@pytest.mark.parametrize(
    ("lines", "whose"),
    [
        (["Supplier: Alpha", f"VAT No: {OURS}", "Customer: ACME", f"VAT No: {THEIRS}"], seller(OURS) | buyer(THEIRS)),
        (["Customer: ACME", f"VAT No: {THEIRS}", "Supplier: Alpha", f"VAT No: {OURS}"], seller(OURS) | buyer(THEIRS)),
        ([f"VAT No: {OURS}", "Customer: ACME"], seller(OURS)),
        (["Customer: ACME", "Address: 1 Road", f"VAT No: {THEIRS}"], buyer(THEIRS)),
        (["Customer: ACME", "Invoice date: 2026-01-02", f"VAT No: {THEIRS}"], {}),
        (["Ship to: ACME Depot", f"VAT No: {THEIRS}"], {}),
        ([f"Your VAT No: {THEIRS}", f"VAT No: {OURS}"], seller(OURS) | buyer(THEIRS)),
    ],
)
def test_a_labelled_tax_number_is_that_of_the_party_named_before_it(lines, whose):
    reading = Reading()
    put_all(reading, filter(None, map(in_text, lines)), Manner(None, None))
    assert tax_fields(reading) == whose
    assert {found.value for found in reading.fields.values()} >= {line.split(": ")[1] for line in lines if "VAT" in line}


# The service


def told(fields, lines, **parts):
    writer = Writer()
    document = {"docType": "invoice", "confidence": 1, "fields": {name: writer.plain(value) for name, value in fields.items()}}
    answer = analyze_result("prebuilt-invoice", lines=lines) | {"documents": [document]} | parts
    return {name: value for name, value in extraction_of(answer, None).data.items() if name.endswith("tax_id")}


def placed(*printed):
    """A page as the service tells it, in points."""
    shown = [{"content": w.text, "polygon": [w.x0, w.top, w.x1, w.top, w.x1, w.bottom, w.x0, w.bottom]} for w in words(*printed)]
    return {"pages": [{"pageNumber": 1, "width": 600, "height": 800, "words": shown, "lines": []}]}


NAMES = {"VendorName": "Alpha GmbH", "CustomerName": "ACME Ltd"}
IN_BLOCK = [*HEAD, *BUYER, (50, 152, f"VAT No: {THEIRS}")]


def test_the_service_taking_the_customers_number_for_the_sellers_is_put_right():
    lines = [text for _, _, text in IN_BLOCK]
    assert told(NAMES | {"VendorTaxId": THEIRS}, [], **placed(*IN_BLOCK)) == buyer(THEIRS)
    assert told(NAMES | {"VendorTaxId": THEIRS}, lines) == buyer(THEIRS)
    assert told(NAMES | {"VendorTaxId": THEIRS, "CustomerTaxId": THEIRS}, lines) == buyer(THEIRS)
    assert told(NAMES | {"VendorTaxId": THEIRS}, [], **placed(*HEAD, *BUYER, (50, 190, f"VAT No: {THEIRS}"))) == nobody(THEIRS)


def test_what_the_service_tells_of_the_seller_stays_where_nothing_speaks_against_it():
    assert told(NAMES | {"VendorTaxId": OURS}, []) == seller(OURS)
    footer = placed(*IN_BLOCK, (50, 700, f"VAT No: {OURS}"))
    assert told(NAMES | {"VendorTaxId": OURS, "CustomerTaxId": THEIRS}, [], **footer) == seller(OURS) | buyer(THEIRS)


def test_the_pairs_of_a_form_go_by_the_party_named_before_them():
    writer = Writer()
    texts = [("Customer", "ACME Ltd"), ("VAT No", THEIRS), ("Supplier", "Alpha GmbH"), ("VAT No", OURS)]
    pairs = [
        {"key": {"content": key, **writer.where(key)}, "value": {"content": value, **writer.where(value)}, "confidence": 0.9}
        for key, value in texts
    ]
    assert told({}, [], documents=[], keyValuePairs=pairs) == buyer(THEIRS) | seller(OURS)
