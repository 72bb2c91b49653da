"""Cells of a grid: what a value shows, and what typed text means."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kraftd_core.document.cells import decimal_of, is_unread, text_of, value_of
from kraftd_core.document.jsontypes import cleaned, same

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.sampled_from(["", " ", "true", "1,050.00", "2017-11-13", "[1]"]),
    lambda some: st.lists(some, max_size=3) | st.dictionaries(st.text(max_size=3), some, max_size=3),
    max_leaves=6,
)


@given(VALUES, st.booleans())
def test_untouched_text_gives_back_the_very_value(value, like_number):
    assert value_of(text_of(value), value, like_number=like_number) is value


@given(st.text(), VALUES, st.booleans())
def test_typed_text_is_blank_or_read_or_kept_and_never_lost(text, original, like_number):
    value = value_of(text, original, like_number=like_number)
    if value is None:
        assert not text.strip()
    elif isinstance(value, str) and not isinstance(original, str):
        assert value == text


@given(st.integers(-(10**15) + 1, 10**15 - 1) | st.floats(-1e12, 1e12).map(lambda x: round(x, 2)))
def test_a_number_typed_as_it_is_shown_is_that_number(number):
    number = cleaned(number)
    assert same(value_of(text_of(number), 0.5), number)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (671.15, "671.15"),
        (1250.0, "1250"),
        (-3, "-3"),
        (None, None),
        ("", ""),
        (True, "true"),
        (False, "false"),
        ([1, {"ä": None}], '[1,{"ä":null}]'),
    ],
)
def test_a_value_shows_as_text(value, text):
    assert text_of(value) == text


@pytest.mark.parametrize(
    "text",
    ["1,250.00", "1.250,00", "1 250,00", "1\u00a0250.00", "1'250", "1250", " 1250.0 ", "1,250", "+1250", "１２５０"],
)
def test_a_number_is_read_in_every_local_form(text):
    assert value_of(text, 7) == 1250
    assert type(value_of(text, 7)) is int
    assert value_of(text, None, like_number=True) == 1250
    assert value_of(text, "n/a", like_number=True) == 1250


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.050", "1.05"),
        ("1,050", "1050"),
        ("0,050", "0.05"),
        ("0.050", "0.05"),
        ("1234,567", "1234.567"),
        ("1234.567", "1234.567"),
        ("1,05", "1.05"),
        ("1.050.000", "1050000"),
        ("1,050,000", "1050000"),
        ("1.050,000", "1050"),
        ("12,34,567.5", "1234567.5"),
        (".5", "0.5"),
        ("−5,00", "-5"),
        ("- 5", "-5"),
        ("0", "0"),
        ("1’050", "1050"),
    ],
)
def test_separators_are_read_by_rule(text, number):
    assert decimal_of(text) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "-", ".", ",", "007", "00", "01.50", "1,05,0", "1,050,5", "1 50", "1,0500,000", "12 345,678,9", "1.2.3", "5.",
        "1e3", "5 %", "10²", "1½", "NaN", "Infinity", "1_000", "0x10", "--5", "five", "1" * 100,
    ],
)  # fmt: skip
def test_what_is_no_number_is_not_read_as_one(text):
    assert decimal_of(text) is None
    assert value_of(text, 7) == (text if text.strip() else None)


@given(st.text())
def test_any_text_can_be_asked_for_its_number(text):
    assert decimal_of(text) is None or decimal_of(text).is_finite()


def test_a_number_of_too_many_digits_stays_as_it_was_typed():
    assert value_of("1,234,567,890,123,456.00", 7) == "1,234,567,890,123,456.00"


def test_an_emptied_cell_is_null_whatever_it_held():
    originals = (7, True, "x", [1], "2026-01-01")
    assert [value_of(text, original) for text in (None, "", "  ") for original in originals] == [None] * 15


@pytest.mark.parametrize(
    ("text", "value"),
    [("yes", True), ("No", False), (" TRUE ", True), ("false", False), ("1", "1"), ("maybe", "maybe")],
)
def test_yes_and_no_are_read_where_one_of_them_stood(text, value):
    assert same(value_of(text, True), value)
    assert same(value_of(text, False), value)


def test_text_stays_text_where_no_number_is_expected():
    assert value_of("1050", "abc") == "1050"
    assert value_of("1050", None) == "1050"
    assert value_of("true", "abc") == "true"
    assert value_of(" padded ", "abc") == " padded "


def test_an_object_is_read_as_json_or_kept_as_text():
    assert value_of('{"a": 2}', {"a": 1}) == {"a": 2}
    assert value_of("[1,", [1]) == "[1,"
    assert value_of("5", [1]) == "5"
    assert value_of("[NaN]", [1]) == [None]
    assert value_of("[" * 100_000, [1]) == "[" * 100_000


@pytest.mark.parametrize(
    "text",
    ["13.11.2017", "13/11/2017", "11/13/2017", "2017/11/13", "2017-11-13", "2017.11.13", "13 Nov 2017", "13. November 2017",
     "Nov 13, 2017", "November 13th 2017", "13-Nov-2017", "13 novembre 2017", " 13  Nov. 2017 "],
)  # fmt: skip
def test_a_typed_date_becomes_iso_where_a_date_stood(text):
    assert value_of(text, "2026-01-01") == "2017-11-13"


@pytest.mark.parametrize(
    ("text", "iso"),
    [("1.3.2026", "2026-03-01"), ("03/03/2026", "2026-03-03"), ("1er août 2026", "2026-08-01"), ("2 März 2026", "2026-03-02")],
)
def test_further_dates_that_read_in_one_way(text, iso):
    assert value_of(text, "2026-01-01") == iso


@pytest.mark.parametrize(
    "text",
    ["03/04/2017", "3-4-2017", "31.02.2017", "13.11.17", "13 Jui 2017", "13 Foo 2017", "soon", "2017-13-40"],
)
def test_a_date_that_could_be_another_stays_as_typed(text):
    assert value_of(text, "2026-01-01") == text


def test_a_date_is_not_rewritten_where_none_stood():
    assert value_of("13.11.2017", "some text") == "13.11.2017"
    assert value_of("13.11.2017", None) == "13.11.2017"


def test_a_text_among_numbers_is_unread():
    assert is_unread("12 pcs", True)
    assert is_unread("1,050", True)
    assert not is_unread("12 pcs", False)
    assert not any(is_unread(value, True) for value in (12, 1.5, None, "", " ", "1234567890123456"))
