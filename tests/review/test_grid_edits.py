"""What a grid shows and what is typed into it: the intended change of the data, and no other."""

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_data import DOCUMENTS

from kraftd_core.document.cells import text_of
from kraftd_core.document.changes import changes, path_of
from kraftd_core.document.jsontypes import ROW_ID, cleaned, is_table, same, tables_of
from kraftd_core.review.grids import (
    columns_of,
    detail_lines,
    detail_names,
    put_back,
    table_lines,
    table_names,
    value_at,
    with_fields,
    with_rows,
    with_table,
    with_value,
)

NUMBERS = st.integers(-(10**9), 10**9) | st.decimals(-10**6, 10**6, places=2, allow_nan=False).map(float)
TEXTS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=6).map("x".__add__)
KINDS = {"description": TEXTS, "note": TEXTS, "a.b[": TEXTS, "quantity": NUMBERS, "amount": NUMBERS, "is_paid": st.booleans(),
         "delivery_date": st.dates().map(str)}  # fmt: skip
"""Columns and fields by name, each with what belongs there."""
NAMES = st.sampled_from(sorted(KINDS))
MEMBERS = st.fixed_dictionaries({}, optional=KINDS)
TABLES = st.lists(MEMBERS, max_size=5).map(lambda rows: [{ROW_ID: f"r{n}"} | row for n, row in enumerate(rows)])
REVIEWS = st.tuples(MEMBERS, TABLES, TABLES).map(lambda it: {**it[0], "line_items": it[1], "t[x].": it[2]})


def shown(data):
    """The texts of both grids, cell by cell: of the fields by name, of the tables by row and column."""
    names = detail_names(data, "other")
    fields = {path_of(name): line.texts[1] for name, line in zip(names, detail_lines(data, names, {}, (), ()), strict=True)}
    for table in table_names(data, "other"):
        rows, columns = data[table], columns_of(table, data[table])
        for row, line in zip(rows, table_lines(table, rows, columns, {}, ()), strict=True):
            fields |= {path_of(table, row[ROW_ID], c): text for c, text in zip(columns, line.texts, strict=True)}
    return fields


def cells(data):
    """Where a value of its kind may be typed: yes or no only where it stood, for no name says that it belongs there."""
    fields = [(path_of(name), name) for name in KINDS]
    rows = [(path_of(t, row[ROW_ID], c), c) for t, rows in tables_of(data) for row in rows for c in columns_of(t, rows)]
    return [(p, name) for p, name in (*fields, *rows) if name in KINDS and (name != "is_paid" or value_at(data, p) is not None)]


@pytest.mark.slow
@settings(max_examples=200)
@given(DOCUMENTS.map(cleaned))
def test_typing_what_is_shown_changes_nothing_whatever_the_data(data):
    names = detail_names(data, "other")
    texts = {n: line.texts[1] for n, line in enumerate(detail_lines(data, names, {}, (), ()))}
    edited = with_fields(data, names, texts, data)
    for table, rows in tables_of(data):
        columns = columns_of(table, rows)
        lines = table_lines(table, rows, columns, {}, ())
        typed = {n: dict(zip(columns, line.texts, strict=True)) for n, line in enumerate(lines)}
        edited = with_table(edited, table, with_rows(rows, columns, typed, [], [], "new"))
    assert same(edited, data)


@pytest.mark.slow
@settings(max_examples=200)
@given(REVIEWS, st.data())
def test_what_is_typed_into_cells_is_the_change_of_these_cells_alone(data, draw):
    before = copy.deepcopy(data)
    chosen = draw.draw(st.lists(st.sampled_from(cells(data)), max_size=5, unique=True))
    wanted = {path: draw.draw(KINDS[name] | st.none()) for path, name in chosen}
    edited = data
    for path, value in wanted.items():
        edited = with_value(edited, path, text_of(value), data)
    assert same(data, before), "what the grid was opened with stays as it is"
    assert all(same(value_at(edited, path), value) for path, value in wanted.items())
    assert {change.field for change in changes(data, edited)} == {p for p, v in wanted.items() if not same(value_at(data, p), v)}
    showing, showed = shown(edited), shown(data)
    assert all(showing[path] == text_of(value) for path, value in wanted.items() if path in showing)
    assert all(showing.get(path) == text for path, text in showed.items() if path not in wanted)


@pytest.mark.slow
@settings(max_examples=200)
@given(TABLES.filter(bool), st.data())
def test_a_grid_gives_the_same_rows_in_whatever_order_it_is_edited(rows, draw):
    """A grid names what was edited by its place as opened, however its rows are sorted on the screen."""
    columns = [column for column in columns_of("t", rows) if column in KINDS]
    places = st.integers(0, len(rows) - 1)
    edits = draw.draw(st.lists(st.tuples(places, st.sampled_from(columns)), max_size=5, unique=True))
    texts = {(place, column): text_of(draw.draw(KINDS[column])) for place, column in edits}
    gone = draw.draw(st.sets(places, max_size=2))

    def made(order):
        typed = {}
        for place, column in order:
            typed.setdefault(place, {})[column] = texts[place, column]
        return with_rows(rows, columns, typed, [], gone, "new")

    edited = made(edits)
    assert same(edited, made(draw.draw(st.permutations(edits))))
    assert [row[ROW_ID] for row in edited] == [row[ROW_ID] for n, row in enumerate(rows) if n not in gone]
    untouched = {row[ROW_ID]: row for n, row in enumerate(rows) if n not in {place for place, _ in edits} | gone}
    assert all(row is untouched[row[ROW_ID]] for row in edited if row[ROW_ID] in untouched)


@pytest.mark.slow
@settings(max_examples=200)
@given(REVIEWS, REVIEWS)
def test_all_changes_put_back_in_their_order_give_what_was_read(original, data):
    for _ in range(60):
        found = changes(original, data)
        if not found:
            break
        data = put_back(data, original, found[0])
    assert same(data, original)


@given(TABLES)
def test_a_table_is_shown_with_every_cell_in_its_row_and_column(rows):
    columns = columns_of("line_items", rows)
    texts = [line.texts for line in table_lines("line_items", rows, columns, {}, ())]
    assert texts == [tuple(text_of(row.get(column)) for column in columns) for row in rows]
    assert is_table(rows) and ROW_ID not in columns
