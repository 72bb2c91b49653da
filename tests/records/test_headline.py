"""What a line of the history says of a document."""

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kraftd_core.document.jsontypes import cleaned
from kraftd_core.ports.keeping import HistoryFilter
from kraftd_core.records.chain import stored_if_same
from kraftd_core.records.headline import headline_of, is_same_number, search_text_of
from kraftd_core.records.stages import Headline

NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30)


@pytest.mark.parametrize(("number", "told"), [
    (1234567, "1234567"), (1234567.0, "1234567"), (20260315, "20260315"), ("1,234,567", "1,234,567"), ("007", "007"),
    (None, None), (0, "0"), ("", None), ({"no": 1}, None), ("2026-03-15", "2026-03-15"),
])  # fmt: skip
def test_a_number_that_names_a_document_keeps_its_digits(number, told):
    assert headline_of("invoice", {"invoice_id": number}).number == told


@pytest.mark.parametrize(("total", "currency", "told"), [
    (1200.5, "EUR", "1,200.50 EUR"), (36, "EUR", "36.00 EUR"), (4.335, "KWD", "4.335 KWD"), (-119, None, "-119.00"),
    (970.9300000000001, "EUR", "970.93 EUR"), (0, "EUR", "0.00 EUR"), ("1 200,50", "EUR", "1 200,50 EUR"),
    (None, "EUR", None), ([], "EUR", None),
])  # fmt: skip
def test_a_total_is_money(total, currency, told):
    assert headline_of("invoice", {"invoice_total": total, "currency": currency}).total == told


def test_a_supplier_that_is_called_by_a_number_keeps_its_digits():
    assert headline_of("invoice", {"vendor_name": 1000000}).vendor == "1000000"


@given(NAMES, NAMES, st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]), st.sampled_from([str, str.upper, str.lower]))
def test_what_was_recorded_is_found_by_every_form_of_its_words(name, vendor, form, case):
    """A capital form that Unicode writes with other letters (the iota of ᾳ) is another spelling."""
    vendor = cleaned(vendor)
    assume(search_text_of(case(vendor), Headline()) == search_text_of(vendor, Headline()))
    recorded = search_text_of(name, headline_of("invoice", {"vendor_name": vendor, "invoice_id": 1234567}))
    asked = HistoryFilter(text=unicodedata.normalize(form, f"{case(vendor)} 1234567"))
    assert all(word in recorded for word in asked.words)


@pytest.mark.parametrize(("one", "other", "is_same"), [
    (("Müller GmbH", "F-10"), ("MULLER  gmbh", "f\u201110"), True), (("Mill", "F-10"), ("Mill", "F-11"), False),
    (("Mill", "F-10"), ("Baker", "F-10"), False), (("कमल", "1"), ("कमाल", "1"), False), (("Mill", None), ("Mill", None), False),
    (("\u00ad", "1"), ("\u200b", "1"), False),
])  # fmt: skip
def test_a_number_is_the_same_however_it_and_its_supplier_are_written(one, other, is_same):
    headlines = [Headline(vendor=vendor, number=number, total=None) for vendor, number in (one, other)]
    assert is_same_number(*headlines) is is_same


def test_a_stage_of_an_earlier_version_sent_again_is_the_stored_one_however_its_headline_was_written():
    stored = {"document_name": "a.pdf", "headline": {"number": "1,234,567"}, "search_text": "a.pdf müller 1,234,567"}
    again = stored | {"headline": {"number": "1234567"}, "search_text": "a.pdf muller 1234567"}
    assert stored_if_same(stored, again) is stored
