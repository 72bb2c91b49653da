"""Numbers and dates in the notations of many countries; the right values are by hand, None is what must not be guessed."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kraftd_core.document.cells import value_of
from kraftd_core.document.notations import number_written, worded_dates


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.500,--", "1500"), ("250,-", "250"), ("1'500.–", "1500"), ("250.—", "250"), ("250,=", "250"),
        ("Rs. 12,500/-", "12500"), ("Rp 25.000", "25000"), ("EUR 1.500", "1500"), ("1.500 zł", "1500"), ("KWD 1.500", "1.500"),
        ("BHD 1,500", "1.500"), ("¥ 1,500", "1500"), ("£ 1.500", "1.500"), ("1.500 kr", "1.500"),
        ("1,00,000/-", "100000"), ("₹ 12,34,567.50", "1234567.50"), ("EUR1.487,50", "1487.50"), ("1.250,00€", "1250"),
        ("-€ 120.00", "-120"), ("- 120,00 €", "-120"), ("€ -120,00", "-120"), ("€120,00-", "-120"), ("120-", "-120"),
        ("(€ 120.00)", "-120"), ("€ (120,00)", "-120"), ("(120.00) USD", "-120"), ("120.00 CR", "-120"), ("120.00 DR", "120"),
        ("$1,250.00 USD", "1250"), ("US$ 1,250.50", "1250.50"), ("R$ 1.250,50", "1250.50"), ("CHF 1’250.05", "1250.05"),
        ("1 250,50 zł", "1250.50"), ("1 250,50 Kč", "1250.50"), ("kr 1.250,50", "1250.50"), ("NOK 1 250", "1250"),
        ("2\u2009500\u00a0000,00 Ft", "2500000"), ("Rp 15.000.000", "15000000"), ("１２，３４５円", "12345"),
        ("٣٬٥٠٠٫٢٥", "3500.25"),
        ("***1,234.00***", "1234"), ("1.250,00 Euro", "1250"), (".50", "0.50"), ("0,500", "0.5"), ("KWD 12.345", "12.345"),
    ],
)  # fmt: skip
def test_an_amount_is_read_with_its_currency_sign_and_dashes(text, number):
    assert number_written(text) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    ["free", "included", "incl.", "n/a", "-", "—", "$ -", "--15", "-(15)", "(15)-", "15,00 EUR netto",
     "12.5.2020", "1.234.56", "1.2e5",
     "5%", "10²", "2½", "1 23", "12/13", "1,23,4", "3 1/2", "5 ft", "5 lb", "RE-120", "12x3", "1" * 80],
)  # fmt: skip
def test_what_is_no_amount_is_none(text):
    assert number_written(text) is None


@given(st.text(max_size=30))
def test_any_text_can_be_asked_for_its_amount(text):
    number = number_written(text)
    assert number is None or number.is_finite()


@pytest.mark.parametrize(
    "text",
    [
        "15 de março de 2025", "15. März 2025", "15 mars 2025", "15 marca 2025", "15. března 2025", "2025. március 15.",
        "15. maaliskuuta 2025", "15 Mart 2025", "15 Maret 2025", "15 martie 2025", "15 марта 2025 г.", "15 Μαρτίου 2025",
        "ngày 15 tháng 3 năm 2025", "2025 m. kovo 15 d.", "15 de març de 2025", "15-MAR-2025", "15/Mar/2025", "Mar-15-2025",
        "2025-Mar-15", "15th of March, 2025", "March 15 , 2025", "2025年3月15日", "２０２５年３月１５日", "令和7年3月15日",
        "2025년 3월 15일",
        "民國114年3月15日", "München, den 15. März 2025",
    ],
)  # fmt: skip
def test_a_date_is_found_by_the_name_of_its_month_in_any_language_we_know(text):
    assert next(worded_dates(text))[0] == date(2025, 3, 15)


@pytest.mark.parametrize(
    "text", ["5 listopada 2025", "31 February 2025", "5 jui 2025", "5 Foo 2025", "12 Marketing 2020", "March 2025"]
)
def test_a_name_of_no_month_or_of_two_is_no_date(text):
    assert not list(worded_dates(text))  # listopada is November in Polish and October in Croatian


def test_the_first_year_of_an_era_has_a_sign_of_its_own():
    assert next(worded_dates("令和元年5月1日"))[0] == date(2019, 5, 1)


@pytest.mark.parametrize(
    ("text", "number"),
    [("€ 5", 5), ("5 EUR", 5), ("1.500,--", 1500), ("(120.00)", -120), ("120.00-", -120), ("-€ 1,5", -1.5)],
)
def test_a_typed_number_may_be_written_as_documents_write_it(text, number):
    assert value_of(text, 7) == number


@pytest.mark.parametrize("text", ["15 de março de 2025", "15. března 2025", "2025年3月15日", "Mar-15-2025", "15 de marzo 2025"])
def test_a_typed_date_may_name_its_month_in_any_language_we_know(text):
    assert value_of(text, "2026-01-01") == "2025-03-15"


def test_a_typed_date_with_more_beside_it_stays_as_typed():
    assert value_of("about 15. März 2025", "2026-01-01") == "about 15. März 2025"
