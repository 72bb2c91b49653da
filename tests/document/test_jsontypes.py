import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kraftd_core.document.jsontypes import (
    clean_or_cleaned,
    clean_text,
    cleaned,
    fields_of,
    is_table,
    number_or_text,
    same,
    tables_of,
    with_row_ids,
    without_row_ids,
)

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


@pytest.mark.parametrize(
    ("a", "b"), [(1, True), (0, False), ("1", 1), (None, ""), (None, 0), ([], {}), ([1], [True]), ({"a": 1}, {"a": True})]
)
def test_values_of_other_types_are_never_the_same(a, b):
    assert not same(a, b)
    assert not same(b, a)


def test_an_integer_and_a_float_of_one_number_are_the_same():
    assert same({"a": [1]}, {"a": [1.0]})


@pytest.mark.slow
@given(JSON)
def test_every_value_is_the_same_as_itself(value):
    assert same(value, value)


@given(JSON)
def test_cleaning_twice_changes_nothing_more(value):
    assert same(cleaned(cleaned(value)), cleaned(value))


def test_numbers_beyond_a_double_become_text():
    assert cleaned(10**20) == str(10**20)
    assert cleaned(123456789012345) == 123456789012345
    assert number_or_text(Decimal("0.1234567890123456")) == "0.1234567890123456"
    assert number_or_text(Decimal("1050.00")) == 1050


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_in_json_becomes_null(value):
    assert cleaned({"a": value}) == {"a": None}


def test_control_characters_and_lone_surrogates_are_replaced_visibly():
    assert clean_text("a\x00b\ud800c\ttab\nline") == "a\ufffdb\ufffdc\ttab\nline"


def test_rows_get_ids_of_their_own_and_lose_them_again():
    data = {"total": 1, "line_items": [{"a": 1}, {"a": 1}], "tags": ["x"]}
    identified = with_row_ids(data)
    assert is_table(identified["line_items"])
    assert without_row_ids(identified) == data


def test_an_imported_column_of_the_reserved_name_is_renamed():
    (row,) = with_row_ids({"t": [{"_row_id": "not an id!", "a": 1}]})["t"]
    assert row["row_id_"] == "not an id!"
    assert row["_row_id"] != "not an id!"


def test_fields_and_tables_part_the_data():
    data = with_row_ids({"total": 1, "line_items": [{"a": 1}], "nested": {"b": 2}})
    assert [name for name, _ in fields_of(data)] == ["total", "nested"]
    assert [name for name, _ in tables_of(data)] == ["line_items"]


ANYTHING = st.recursive(
    SCALARS | st.floats() | st.decimals(allow_nan=False) | st.integers(10**14, 10**17) | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner) | st.tuples(inner) | st.dictionaries(st.text(), inner), max_leaves=20,
)  # fmt: skip


@given(ANYTHING)
def test_what_is_clean_is_left_as_it_is_and_all_else_is_cleaned(value):
    found = clean_or_cleaned(value)
    assert found == cleaned(value)
    assert clean_or_cleaned(found) is found


def test_clean_rows_beside_one_that_is_not_are_not_copied():
    rows = [{"text": "a"}, {"text": "b\x00"}]
    found = clean_or_cleaned({"lines": rows})["lines"]
    assert found[0] is rows[0]
    assert found[1] == {"text": "b\ufffd"}
