"""What a comparison counts adds up: each value is in one count, over any data."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_data import DOCUMENTS, ROW_IDS

from kraftd_core.comparing.compare import KINDS_OF_LINES, MAKING, WORDS, Side, compare
from kraftd_core.document.jsontypes import ROW_ID, is_table, same

COLUMNS = st.sampled_from(["description", "amount", "a.b", "[", "\\"])
CELLS = st.sampled_from([None, "", "x", 0, 1, 1.0, True, "1,050.00", 1050])
ROWS = st.dictionaries(COLUMNS, CELLS, max_size=3)
TABLES = st.lists(ROW_IDS, unique=True, max_size=5).flatmap(
    lambda ids: st.tuples(*(ROWS.map(lambda row, i=i: {ROW_ID: i} | row) for i in ids)).map(list)
)
ALIKE = st.fixed_dictionaries({}, optional={"total": CELLS, "note": CELLS, "line_items": TABLES, "t[x]": TABLES | CELLS})


def side(data, version="ai", family="w"):
    return Side("w", version, family, "in.pdf", data)


def values_of(before, after):
    """How many values either side has: fields, cells of rows that both have, and each row of one side alone as one."""
    count = 0
    for name in before.keys() | after.keys():
        old, new = before.get(name), after.get(name)
        if is_table(old) and is_table(new):
            rows, others = ({row[ROW_ID]: row.keys() - {ROW_ID} for row in table} for table in (old, new))
            count += len(rows.keys() ^ others.keys()) + sum(len(rows[i] | others[i]) for i in rows.keys() & others.keys())
        else:
            count += 1
    return count


def cells_told_together(found):
    """The cells that a moved and changed row names in its one line."""
    return sum(line.texts[0].count(": ") for line in found.lines if line.kind == "moved_changed")


def adds_up(before, after):
    found = compare([side(before), side(after, "user")])
    counts = found.counts
    alone = sum(counts[kind] for kind in ("changed", "added", "removed", "format", "same"))
    return alone + cells_told_together(found) == values_of(found.sides[0].data, found.sides[1].data)


@pytest.mark.slow
@settings(max_examples=200)
@given(ALIKE, ALIKE)
def test_each_value_of_two_versions_is_in_one_count(before, after):
    assert adds_up(before, after)


@pytest.mark.slow
@given(DOCUMENTS)
def test_a_version_beside_itself_is_the_same_in_every_value(data):
    counts = compare([side(data), side(data, "user")]).counts
    assert {kind for kind, count in counts.items() if count} <= {"same"}
    assert counts["same"] == values_of(data, data)


@pytest.mark.slow
@settings(max_examples=200)
@given(ALIKE, ALIKE)
def test_as_much_is_the_same_one_way_as_the_other(before, after):
    there, back = (compare([side(a), side(b, "user")]).counts for a, b in ((before, after), (after, before)))
    assert there["same"] == back["same"]


@pytest.mark.slow
@settings(max_examples=200)
@given(ALIKE, ALIKE, st.booleans())
def test_the_counts_are_those_of_the_lines(before, after, are_of_one_document):
    found = compare([side(before), side(after, "user", "w" if are_of_one_document else "other")])
    lines = [line.kind for line in found.lines if line.section not in (WORDS, MAKING)]
    assert {kind: found.counts[kind] for kind in KINDS_OF_LINES if kind != "same"} == {
        kind: lines.count(kind) for kind in KINDS_OF_LINES if kind != "same"
    }
    fields = [line.field for line in found.lines]
    assert len(set(fields)) >= len(fields) - found.counts["format"] - found.counts["moved_changed"]


@pytest.mark.slow
@given(DOCUMENTS, DOCUMENTS)
def test_no_count_is_below_zero_whatever_is_compared(before, after):
    assert all(count >= 0 for count in compare([side(before), side(after, "user")]).counts.values())


def leaves(data, tables):
    """The values by where they stand: of these tables their cells, and everything else whole."""
    cells = {
        (name, row[ROW_ID], column): value
        for name in tables & data.keys() if is_table(data[name])
        for row in data[name] for column, value in row.items() if column != ROW_ID
    }  # fmt: skip
    return cells | {name: value for name, value in data.items() if name not in tables}


@pytest.mark.slow
@settings(max_examples=200)
@given(ALIKE, ALIKE, ALIKE)
def test_what_a_third_version_alone_says_otherwise_is_the_same_no_more(first, second, third):
    found = compare([side(first), side(second, "user"), side(third, "delivered")])
    tables = {name for name, value in first.items() if is_table(value) and is_table(second.get(name))}
    one, two, three = (leaves(one.data, tables) for one in found.sides)
    alike = [where for where, value in one.items() if all(where in other and same(value, other[where]) for other in (two, three))]
    assert found.counts["same"] == len(alike)
