"""Sorting is a view: the same rows in another order, ties as they stood, and empty cells behind all others."""

import copy
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kraftd_core.delivery.plan import appearance_of
from kraftd_core.document.changes import changes
from kraftd_core.document.jsontypes import ROW_ID
from kraftd_core.records.plan import DocumentTemplate, ExportFormat, Grouping, PresentationPlan, Sorting

EMPTY = (None, "", " ", "-")
COLUMNS = ("description", "amount")
CELLS = st.sampled_from(EMPTY) | st.integers(-9, 9) | st.sampled_from(["a", "A", "b", "Zebra", "10", 0, 0.5, -2.5, True, False])
ROWS = st.lists(st.dictionaries(st.sampled_from(COLUMNS), CELLS), max_size=12).map(
    lambda rows: [{ROW_ID: f"r{n}"} | row for n, row in enumerate(rows)]
)


def ordered(rows, columns=(), *, descending=False, group=None):
    steps = [Sorting(words="x", table="t", columns=list(columns), descending=descending)] if columns else []
    steps += [Grouping(words="x", table="t", column=group)] if group else []
    plan = PresentationPlan(template=DocumentTemplate.STANDARD, export_format=ExportFormat.JSON, steps=steps)
    return appearance_of(plan, {"t": rows}).ordered("t", rows)


def ids(rows):
    return [row[ROW_ID] for row in rows]


def is_empty(row, column):
    return row.get(column) in EMPTY


def amounts(*values):
    return [{ROW_ID: f"r{n}"} | ({} if value is ... else {"amount": value}) for n, value in enumerate(values)]


@pytest.mark.parametrize(("descending", "order"), [(False, ["r5", "r3", "r1", "r0", "r2", "r4", "r6", "r7"]),
                                                   (True, ["r1", "r3", "r5", "r0", "r2", "r4", "r6", "r7"])])  # fmt: skip
def test_empty_cells_stand_last_whichever_way_the_rows_are_sorted(descending, order):
    assert ids(ordered(amounts(None, 7, "", 0, ..., -3, " ", "–"), ["amount"], descending=descending)) == order


def test_of_two_columns_the_first_decides_and_the_empty_cells_of_each_stand_last():
    cells = [(None, 1), ("b", None), ("a", 2), ("b", 1), ("a", None), (None, None)]
    rows = [{ROW_ID: f"r{n}", "description": d, "amount": a} for n, (d, a) in enumerate(cells)]
    assert ids(ordered(rows, COLUMNS)) == ["r2", "r4", "r3", "r1", "r0", "r5"]
    assert ids(ordered(rows, COLUMNS, descending=True)) == ["r3", "r1", "r2", "r4", "r0", "r5"]


@given(ROWS, st.lists(st.sampled_from(COLUMNS), min_size=1, max_size=2, unique=True), st.booleans())
def test_sorted_rows_are_the_same_rows_with_the_empty_ones_last_and_ties_as_they_stood(rows, columns, descending):
    before = copy.deepcopy(rows)
    found = ordered(rows, columns, descending=descending)
    first = columns[0]
    assert rows == before and sorted(map(id, found)) == sorted(map(id, rows))
    assert all(change.change_type == "move" for change in changes({"t": rows}, {"t": found}))
    filled = [row for row in found if not is_empty(row, first)]
    assert found[: len(filled)] == filled
    figures = [row[first] for row in filled if isinstance(row[first], (int, float))]
    assert figures == sorted(figures, reverse=descending)
    texts = [row[first].casefold() for row in filled if isinstance(row[first], str)]
    assert texts == sorted(texts, reverse=descending)
    assert ordered(found, columns, descending=descending) == found
    if len(columns) == 1:
        for row in found:
            alike = [other for other in found if repr(other.get(first)) == repr(row.get(first))]
            assert ids(alike) == sorted(ids(alike), key=lambda row_id: int(row_id[1:]))


@given(ROWS, st.sampled_from(COLUMNS))
def test_grouped_rows_are_the_same_rows_with_each_group_in_one_piece(rows, column):
    found = ordered(rows, group=column)
    told = [repr(row.get(column)) for row in found]
    assert sorted(map(id, found)) == sorted(map(id, rows))
    assert sum(one != other for one, other in pairwise(told)) == max(0, len(set(told)) - 1)
