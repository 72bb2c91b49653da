"""Arithmetic and completeness checks on document data: what was compared held or differs, the rest was not checked."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import localcontext

from kraftd_core.document.checks.amounts import line_amounts
from kraftd_core.document.checks.codes import codes_that_cannot_be, other_currencies
from kraftd_core.document.checks.dates import dates_to_come, dates_written_otherwise, order_of_dates, overdue
from kraftd_core.document.checks.forms import negative_quantities, numbers_written_as_text, repeated_lines, required_fields
from kraftd_core.document.checks.model import (
    EXACT,
    Answer,
    Document,
    Finding,
    Line,
    day,
    has_text,
    is_blank,
    is_long_number,
    lines_of,
    number,
)
from kraftd_core.document.checks.rarer.counts import counts
from kraftd_core.document.checks.rarer.kept_back import kept_back
from kraftd_core.document.checks.rarer.shares import shares, sums_not_looked_at
from kraftd_core.document.checks.rarer.spelling import Spelling
from kraftd_core.document.checks.sums import sums
from kraftd_core.document.checks.taxes import taxes_by_rate
from kraftd_core.document.checks.ways import Sums
from kraftd_core.document.jsontypes import Data
from kraftd_core.document.kinds import kind_of

__all__ = (
    "EXACT",
    "Answer",
    "Document",
    "Finding",
    "Line",
    "answers",
    "check",
    "day",
    "has_text",
    "is_blank",
    "is_long_number",
    "lines_of",
    "number",
    "told",
)

_TOLD_UNCHECKED = frozenset(("line_sum",))
"""The checks whose silence would be taken for a yes: a sum that could be compared only in part is told."""


def answers(data: Data, as_of: date) -> list[Finding]:
    """What each check answers on that day. `data["document_type"]` says what the document should hold."""
    kind = kind_of(data.get("document_type"))
    spelling = Spelling.of(data, kind)
    document = Document(spelling.data, kind, as_of, spelling.fields)
    with localcontext(EXACT):
        found = Sums.of(document)
        given = [
            *line_amounts(document),
            *sums(found),
            *kept_back(found),
            *taxes_by_rate(found),
            *shares(found),
            *counts(document),
            *(answer for check in _CHECKS for answer in check(document)),
        ]
        given += sums_not_looked_at(found, given)
    return spelling.in_own_names(given)


def check(data: Data, as_of: date) -> list[Finding]:
    """Of the answers those that a reader must know: what differs, and what could be compared only in part."""
    return told(answers(data, as_of))


def told(every: Sequence[Finding]) -> list[Finding]:
    """Of all answers those that a reader must know."""
    return [
        f for f in every if f.answer == "differs" or (f.answer == "not_checked" and f.check in _TOLD_UNCHECKED and f.expected)
    ]


_CHECKS: tuple[Callable[[Document], Iterator[Finding]], ...] = (
    numbers_written_as_text,
    required_fields,
    dates_written_otherwise,
    order_of_dates,
    dates_to_come,
    overdue,
    repeated_lines,
    negative_quantities,
    other_currencies,
    codes_that_cannot_be,
)
