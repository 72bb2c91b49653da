"""How languages and countries write."""

import pytest

from kraftd_core.document.units import (
    LANGUAGES,
    currency_codes,
    decimal_mark,
    language_of,
    month_name,
    month_of,
    writes_month_first,
)


def test_every_name_of_a_month_that_is_one_alone_leads_back_to_its_month():
    for language in LANGUAGES:
        found = [month_of(month_name(language, month)) for month in range(1, 13)]
        assert all(number in (month, None) for month, number in enumerate(found, 1)), language
        assert sum(number is None for number in found) <= 2, language  # Croatian months are others in Polish and Czech


def test_a_beginning_that_two_months_share_is_neither():
    assert month_of("jui") is None
    assert month_of("Juin.") == 6


def test_codes_are_those_of_living_currencies_that_are_no_words():
    assert {"EUR", "BHD", "TND", "CLP", "VND"} <= currency_codes()
    assert not {"DEM", "ALL", "TOP"} & currency_codes()


@pytest.mark.parametrize(
    ("language", "currency", "mark"),
    [("de", None, ","), ("de", "CHF", "."), ("es", "EUR", ","), ("es", "MXN", "."), ("en", None, "."), ("fr", "TND", ",")],
)
def test_the_decimal_mark_is_that_of_the_language_in_the_country(language, currency, mark):
    assert decimal_mark(language, currency) == mark


@pytest.mark.parametrize(("currency", "is_first"), [("USD", True), ("GBP", False), ("MXN", False), ("EUR", False), ("CAD", None)])
def test_the_country_of_a_currency_tells_which_comes_first(currency, is_first):
    assert writes_month_first(currency) is is_first


@pytest.mark.parametrize(
    ("text", "language"),
    [("Material Menge Wert", "de"), ("Désignation Qté PU Montant", "fr"), ("Invoice date, bill to", "en"), ("Total", None)],
)
def test_a_paper_shows_its_language_by_its_words(text, language):
    assert language_of([text]) == language
