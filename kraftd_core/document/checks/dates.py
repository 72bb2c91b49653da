"""The checks on dates: written as days, in their order, not to come, and what is past its due day."""

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from kraftd_core.document.changes import path_of
from kraftd_core.document.checks.model import Document, Finding, day, held
from kraftd_core.document.checks.owed import owed
from kraftd_core.document.kinds import is_credit_note
from kraftd_core.document.wording import in_sentence, label_of

_ALMOST_A_DAY = re.compile(r"\d{1,4}([./-])\d{1,2}\1\d{1,4}")
_CLOCKS_APART = timedelta(days=1)  # where the document was written it may be tomorrow already
_FIRST_AND_LAST = (
    ("period_start", "period_end"),
    ("service_start", "service_end"),
    ("start_date", "end_date"),
    ("effective_date", "end_date"),
    ("effective_date", "expiry_date"),
    ("valid_from", "valid_until"),
    ("service_period_start", "service_period_end"),
    ("billing_period_start", "billing_period_end"),
    ("period_from", "period_to"),
    ("commencement_date", "completion_date"),
    ("start_date", "completion_date"),
    ("contract_date", "end_date"),
)


def dates_written_otherwise(document: Document) -> Iterator[Finding]:
    """What is written as a date in figures names a day, year first."""
    names = dict.fromkeys((document.kind.date, document.kind.due, *(name for pair in _FIRST_AND_LAST for name in pair)))
    for name in names:
        value = document.data.get(name) if name else None
        if name and isinstance(value, str) and _ALMOST_A_DAY.fullmatch(value.strip()) and day(value) is None:
            message = f"{label_of(name)}: “{value.strip()}” is not a date written as year, month and day."
            yield Finding("date_form", "warning", message, (path_of(name),), None, value.strip())


def order_of_dates(document: Document) -> Iterator[Finding]:
    """Nothing is due before the document's own date, and nothing ends before it begins."""
    issued, due = document.kind.date, document.kind.due
    pairs = [(issued, due, "due_before_date"), *((first, last, "period") for first, last in _FIRST_AND_LAST)]
    for first, last, check in dict.fromkeys(pair for pair in pairs if pair[:2] != (issued, due) or pair[2] == "due_before_date"):
        start, end = document.day(first), document.day(last)
        if not (first and last and start and end):
            continue
        cells = (path_of(first), path_of(last))
        if end < start:
            message = f"{label_of(last)}: {end} is before the {in_sentence(first)} {start}."
            yield Finding(check, "warning", message, cells, None, str(end))
        else:
            yield held(check, f"The {in_sentence(last)} is not before the {in_sentence(first)}.", cells, None, Decimal(0))


def dates_to_come(document: Document) -> Iterator[Finding]:
    """No document was written on a day that is still to come."""
    name = document.kind.date
    written = document.day(name)
    if name and written and written > document.as_of + _CLOCKS_APART:
        message = f"{label_of(name)}: {written} is still to come, as of {document.as_of}."
        yield Finding("date_to_come", "warning", message, (path_of(name),), None, str(written))


def overdue(document: Document) -> Iterator[Finding]:
    """An invoice over a sum that is still owed is past its due day: a fact to know, and no doubt about the reading."""
    due = document.day("due_date")
    if document.kind.name != "invoice" or not due or due >= document.as_of or is_credit_note(document.data):
        return
    left = owed(document.data)
    if left is None or left.amount > 0:
        message = f"The due date {due} has passed, as of {document.as_of}."
        yield Finding("overdue", "note", message, ("due_date", *((left.cell,) if left else ())), None, str(due))
