"""Numbers, dates and currencies as people write them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kraftd_core.adapters.readers.common.values import (
    currency_of,
    decimal_sign_of,
    find_date,
    manner_of,
    parse_number,
    percent,
    quantity_and_unit,
    whole_date,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1 234,56", "1234.56"),
        ("1\u202f234,56 €", "1234.56"),
        ("1'234.50", "1234.50"),
        ("4,55 €", "4.55"),
        ("€ 4.55", "4.55"),
        ("EUR 100", "100"),
        ("-12.50", "-12.50"),
        ("100,00-", "-100.00"),
        ("(15.00)", "-15.00"),
        ("−5", "-5"),
        ("1,00,000.00", "100000.00"),
        ("0,500", "0.500"),
        ("12.345.678", "12345678"),
        ("RM 9.00", "9.00"),
    ],
)
def test_a_written_amount_is_read_as_its_number(text, value):
    assert parse_number(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", "abc", "12 pcs", "1.2.3", "1,23,4", "+", "13.11.2017x", "1 23", "--5", "12/13"])
def test_what_is_no_number_is_not_guessed(text):
    assert parse_number(text) is None


def test_a_single_mark_before_three_digits_is_read_as_the_document_writes_numbers():
    assert parse_number("1.234", ",") == 1234
    assert parse_number("1.234", ".") == Decimal("1.234")
    assert parse_number("1,234", ",") == Decimal("1.234")
    assert parse_number("1,234") == 1234


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_an_amount_printed_in_the_english_or_the_german_way_reads_back(amount):
    english = f"{amount:,.2f}"
    german = english.translate(str.maketrans(",.", ".,"))
    assert parse_number(english) == amount
    assert parse_number(german) == amount


def test_the_decimal_sign_is_what_most_numbers_show():
    assert decimal_sign_of(["1.234,50", "3,99"]) == ","
    assert decimal_sign_of(["1,234.50"]) == "."
    assert decimal_sign_of(["1,234", "no number"]) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("13.11.2017", (2017, 11, 13)),
        ("13/11/2017", (2017, 11, 13)),
        ("Nov 13, 2017", (2017, 11, 13)),
        ("2017-11-13", (2017, 11, 13)),
        ("11. Juli 2014", (2014, 7, 11)),
        ("7. Mai 2014", (2014, 5, 7)),
        ("1er février 2018", (2018, 2, 1)),
        ("5 de marzo de 2020", (2020, 3, 5)),
        ("3 maart 2021", (2021, 3, 3)),
        ("12-Dec-19", (2019, 12, 12)),
        ("24.01.14", (2014, 1, 24)),
        ("vom 01.10.2018 bis", (2018, 10, 1)),
    ],
)
def test_a_written_date_is_found(text, day):
    assert find_date(text) == date(*day)


@pytest.mark.parametrize("text", ["32.01.2020", "30.02.2020", "2017", "1.234,56", "12 monkeys 2020", "00/00/0000"])
def test_what_is_no_date_is_not_guessed(text):
    assert find_date(text) is None


def test_slashed_dates_follow_the_order_that_the_document_shows():
    assert manner_of(["11/17/2017"]).order == "mdy"
    assert manner_of(["17/11/2017", "01/02/2017"]).order == "dmy"
    assert manner_of(["01/02/2017", "Springfield, IL 62701", "$5.00"]).order == "mdy"
    assert find_date("03/11/2017", "mdy") == date(2017, 3, 11)
    assert find_date("03.11.2017", "mdy") == date(2017, 11, 3)


@given(st.dates(date(1990, 1, 1), date(2059, 12, 31)))
def test_every_day_reads_back_however_it_is_printed(day):
    for form in ("%d.%m.%Y", "%d/%m/%Y", "%Y-%m-%d", "%d %B %Y", "%B %d, %Y", "%d-%b-%Y"):
        assert find_date(day.strftime(form)) == day


def test_a_text_that_is_more_than_a_date_is_no_whole_date():
    assert whole_date("2020-05-01 10:30") == date(2020, 5, 1)
    assert whole_date("due 2020-05-01") is None
    assert whole_date("1.2.3") is None
    assert timedelta(days=1) == (whole_date("2.1.2020") or date.min) - date(2020, 1, 1)


def test_a_quantity_may_carry_its_unit():
    assert quantity_and_unit("20 Unit(s)") == (20, "Unit(s)")
    assert quantity_and_unit("27,5 Std") == (Decimal("27.5"), "Std")
    assert quantity_and_unit("3") == (3, None)
    assert quantity_and_unit("about three") is None


def test_a_rate_lies_between_nothing_and_all():
    assert percent("19 % VAT (S)") == 19
    assert percent("5,5%") == Decimal("5.5")
    assert percent("190") is None


def test_a_currency_is_the_one_shown_most():
    assert currency_of("Total 5.00 €, fee 1.00 €, formerly 9 GBP") == "EUR"
    assert currency_of("$10.00") == "USD"
    assert currency_of("RM 9.00") == "MYR"
    assert currency_of("Book Sdn. Bhd. 9.00, Kedai SDN BHD") is None  # the form of a Malaysian company
    assert currency_of("Total 9.000 BHD") == "BHD"
    assert currency_of("ten apples") is None
