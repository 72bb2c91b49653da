"""Every value of a document under review stands in exactly one part: sure, unmeasured, settled, or in need of eyes."""

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kraftd_core.document.changes import changes, parse_path, path_of
from kraftd_core.document.checks.checking import check
from kraftd_core.document.jsontypes import ROW_ID, is_table, same
from kraftd_core.records.stages import Look, Place
from kraftd_core.review.attention import Attention, still_true

pytestmark = pytest.mark.slow

TODAY = date(2026, 10, 6)
COLUMNS = ("description", "quantity", "unit_price", "amount", "a.b[")
CELLS = st.sampled_from([None, "", "x", "about 3", 0, 1, 2, 3.5, True])
ROWS = st.dictionaries(st.sampled_from(COLUMNS), CELLS, max_size=5)
TABLES = st.lists(st.sampled_from(["r1", "r2", "r3"]), unique=True, max_size=3).flatmap(
    lambda ids: st.tuples(*(ROWS.map(lambda row, i=i: {ROW_ID: i} | row) for i in ids)).map(list)
)
DOCUMENTS = st.fixed_dictionaries({}, optional={
    "document_type": st.sampled_from(["invoice", "receipt", "other"]), "vendor_name": CELLS, "invoice_id": CELLS,
    "invoice_date": st.sampled_from(["2026-10-01", "1.13.2026", None]), "due_date": st.sampled_from(["2026-09-01", None]),
    "invoice_total": CELLS, "subtotal": CELLS, "line_items": TABLES, "allowances": TABLES,
})  # fmt: skip
PATHS = st.sampled_from(
    ["vendor_name", "invoice_id", "invoice_date", "invoice_total", "subtotal", "gone"]
    + [path_of(t, r, c) for t in ("line_items", "allowances") for r in ("r1", "r2") for c in (*COLUMNS, None)]
)
CONFIDENCES = st.sampled_from([None, 0.0, 0.5, 0.79, 0.8, 0.95, 1.0])
PLACES = st.dictionaries(PATHS, CONFIDENCES.map(lambda confidence: Place(confidence=confidence)))
LOOKS = st.lists(st.builds(Look, field=PATHS, how=st.sampled_from(["confirmed", "accepted_with_the_rest"])), max_size=5)


@dataclass(frozen=True)
class Offered:
    field: str
    suggested_value: object = "x"
    rests_on: tuple[str, ...] = ("w1",)
    sentence: str = "It was x before."


def attention(original, data, places, looks, offered):
    return Attention(
        data, original, places, check(data, TODAY), changes(original, data), looks, (), tuple(map(Offered, offered))
    )


@settings(max_examples=200)
@given(DOCUMENTS, DOCUMENTS, PLACES, LOOKS, st.sets(PATHS, max_size=2))
def test_the_parts_add_up_to_the_values_and_no_value_is_in_two(original, data, places, looks, offered):
    found = attention(original, data, places, looks, offered)
    eyes = [entry.field for entry in found.entries]
    assert len(set(eyes)) == len(eyes)
    assert found.sure + found.unmeasured + found.settled + sum(field in found.values for field in eyes) == len(found.values)
    assert set(found.rest) <= found.values.keys() - set(eyes)
    assert len(found.rest) <= found.sure + found.unmeasured


@settings(max_examples=200)
@given(DOCUMENTS, DOCUMENTS, PLACES, LOOKS)
def test_a_value_that_was_read_with_doubt_is_never_counted_as_sure(original, data, places, looks):
    found = attention(original, data, places, looks, ())
    doubtful = {path for path in found.values if (c := found.confidence(path)) is not None and c < 0.8}
    confirmed = {look.field for look in looks if look.how == "confirmed"}
    assert doubtful - confirmed <= {entry.field for entry in found.entries}
    assert found.sure <= len(found.values) - len(doubtful)


@settings(max_examples=200)
@given(DOCUMENTS, DOCUMENTS, PLACES, LOOKS)
def test_accepting_the_rest_leaves_no_rest_and_changes_no_part(original, data, places, looks):
    found = attention(original, data, places, looks, ())
    after = attention(original, data, places, found.with_rest_accepted(), ())
    assert after.rest == []
    assert (after.sure, after.unmeasured, after.settled) == (found.sure, found.unmeasured, found.settled)
    assert [entry.field for entry in after.entries] == [entry.field for entry in found.entries]


MISSING = object()


def value_at(data, field):
    """What stands in a field, a row or a cell."""
    path = parse_path(field)
    value = data.get(path.field, MISSING)
    if path.row_id is None:
        return value
    row = next((row for row in value if row[ROW_ID] == path.row_id), MISSING) if is_table(value) else MISSING
    return row if path.column is None or row is MISSING else row.get(path.column, MISSING)


@settings(max_examples=200)
@given(DOCUMENTS, DOCUMENTS, LOOKS)
def test_a_look_stays_true_exactly_where_the_value_is_as_it_was(before, after, looks):
    kept = [look.field for look in still_true(looks, before, after)]
    assert all(same(value_at(before, field), value_at(after, field)) for field in kept)
    there = [f for look in looks if value_at(before, f := look.field) is not MISSING]
    assert set(kept).issuperset(f for f in there if same(value_at(before, f), value_at(after, f)))
