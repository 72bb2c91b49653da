"""The check on lost rows, and how the ledger is told."""

import pytest

from kraftd_core.document.ledger.check import rows_read, still_unread
from kraftd_core.document.ledger.nouns import LedgerEntry, RowsLeftOut, SumOfRows
from kraftd_core.document.ledger.told import ledger_said, left_out_said

BOQ = {"document_type": "boq", "line_items": [{"_row_id": "a", "description": "Concrete", "amount": 800}]}


def entry(taken=4, lost=0, **more):
    left = [RowsLeftOut(why="not_understood", rows=lost)] if lost else []
    return LedgerEntry(rows_seen=taken + lost, rows_taken=taken, left_out=left, **more)


def sums(taken, printed):
    return [SumOfRows(column="amount", taken=taken, printed=printed)]


def test_lines_that_were_all_read_are_held():
    (answer,) = rows_read([entry(page=1), entry(page=2)], BOQ)

    assert (answer.answer, answer.found) == ("held", "8.00")


def test_lines_that_were_not_read_are_a_warning_with_their_pages():
    (answer,) = rows_read([entry(page=11), entry(0, 90, page=12), entry(0, 10, page=30), entry(1, 49, page=60)], BOQ)

    assert (answer.answer, answer.severity) == ("differs", "warning")
    assert answer.message == "149 lines on pages 12 to 60 that look like rows were not read (5 of 154 were)."


def test_one_line_that_was_not_read_is_told_like_many():
    (answer,) = rows_read([entry(3, 1, sheet="Bill 1")], BOQ)

    assert answer.message == "1 line on the sheet Bill 1 that looks like a row was not read (3 of 4 were)."


@pytest.mark.parametrize("ledger", [None, [], [entry(0)]])
def test_where_nothing_was_counted_nothing_is_called_right(ledger):
    assert [answer.answer for answer in rows_read(ledger, BOQ)] == ["not_checked"]


def test_a_gap_in_the_numbers_is_told():
    (answer,) = rows_read([entry(page=1, number_gaps=["4", "5"])], BOQ)

    assert answer.message == "The numbers of the lines skip 4 and 5: lines may be missing."


def test_a_printed_total_that_the_lines_miss_is_told_where_no_field_holds_a_total():
    off = [entry(page=1, sums=sums(800, 900))]

    assert [a.answer for a in rows_read(off, BOQ)] == ["differs"]
    assert [a.answer for a in rows_read(off, BOQ | {"boq_total": 900, "total": 900})] == ["held"]  # other checks compare it
    assert [a.answer for a in rows_read([entry(page=1, sums=sums(800, 800))], BOQ)] == ["held"]


def test_rows_entered_by_hand_clear_the_warning():
    found = rows_read([entry(1, 2, page=1)], BOQ)
    one_more = BOQ | {"line_items": [*BOQ["line_items"], {"_row_id": "b"}]}
    two_more = BOQ | {"line_items": [*one_more["line_items"], {"_row_id": "c"}]}

    assert still_unread(found, BOQ, one_more) == found
    assert still_unread(found, BOQ, two_more) == []


@pytest.mark.parametrize(
    ("ledger", "said"),
    [
        ([entry(275, page=1, sums=sums(5, 5))], "275 of 275 lines read; the sums agree"),
        ([entry(1, page=1, sums=sums(5, 6))], "1 of 1 line read"),
        ([entry(126, page=1), entry(0, 149, page=12)], "149 of 275 lines not read, on page 12"),
        ([entry(0, 1, sheet="A"), entry(0, 1, sheet="B")], "2 of 2 lines not read, on the sheets A and B"),
        ([], ""),
        (None, ""),
    ],
)
def test_the_ledger_is_told_in_one_line(ledger, said):
    assert ledger_said(ledger) == said


def test_what_was_left_out_is_told_by_its_reasons():
    left = [RowsLeftOut(why="head", rows=1), RowsLeftOut(why="total", rows=3)]

    assert left_out_said(LedgerEntry(rows_seen=4, rows_taken=0, left_out=left)) == "1 heading, 3 totals and taxes"
