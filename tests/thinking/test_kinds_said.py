"""What a statement calls the document is held against what it was read as."""

from datetime import date

import pytest

from kraftd_core.ports.thinking import Case
from kraftd_core.thinking.grounding.grounding import ground_text

INVOICE = {"document_type": "invoice", "invoice_id": "7", "vendor_name": "Mill", "invoice_total": 10, "currency": "EUR"}


def told(text: str, **more: object) -> list[str]:
    data = INVOICE | more
    case = Case("scan.pdf", str(data["document_type"]), data, {}, [], date(2026, 11, 20))
    return [told for contradiction in ground_text(text, case).contradictions for told in contradiction.told]


@pytest.mark.parametrize("text", [
    "This is a receipt.", "This is a receipt from Mill.", "The document is a purchase order.", "It appears to be a quotation.",
    "This is a bill of quantities.", "This document is clearly a service contract.", "Dies ist eine Quittung.",
    "Das Dokument ist ein Angebot.", "Ceci est un devis.", "Este documento es un recibo.", "This is a credit note.",
])  # fmt: skip
def test_another_kind_is_a_contradiction(text):
    assert any("it was read as an invoice" in said for said in told(text))


@pytest.mark.parametrize("text", [
    "This is an invoice from Mill.", "This is a bill from Mill.", "This is a tax invoice.", "This is not a receipt.",
    "The order number is 5.", "It is based on a quotation.", "Dies ist eine Rechnung.", "Ceci est une facture.",
    "Ask the supplier for a receipt.", "The contract it refers to was not found.", "It is due on receipt.",
    "This is an answer to an offer.", "The receipt is to be kept.",
])  # fmt: skip
def test_its_own_kind_and_what_only_speaks_of_others_are_none(text):
    assert not any("it was read as" in said for said in told(text))


def test_a_credit_note_is_no_invoice_where_its_title_says_so():
    assert any("a credit note" in said for said in told("This is an invoice from Mill.", invoice_type="Avoir"))
    assert not any("read as" in said for said in told("This is a credit note from Mill.", invoice_type="Avoir"))
    assert not any("read as" in said for said in told("This is an invoice from Mill.", invoice_total=-10))


def test_where_the_type_is_not_known_nothing_is_held_against_it():
    assert not any("read as" in said for said in told("This is a receipt.", document_type="other"))
