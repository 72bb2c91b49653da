"""What the rules see of a case before they speak: the figures, the problems, and what was read without being sure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from kraftd_core.document.changes import counted, parse_path
from kraftd_core.document.checks.checking import Finding, Line, answers, day, is_blank, lines_of, number
from kraftd_core.document.jsontypes import ROW_ID, Data
from kraftd_core.document.kinds import DocumentKind, kind_of
from kraftd_core.document.nouns import Move
from kraftd_core.document.wording import clipped, how_many, in_sentence, listed, money, shown_in
from kraftd_core.errors import ChangesDoNotFit
from kraftd_core.ports.thinking import Case
from kraftd_core.records.sureness import is_doubtful

_Lines: TypeAlias = dict[tuple[str, str], Line]
"""The rows of all tables, by table and row id."""


@dataclass(frozen=True, slots=True)
class View:
    """A case with what the sentences are about, found once."""

    case: Case
    kind: DocumentKind
    currency: str
    reviewed: bool
    lines: _Lines
    errors: list[Finding]
    warnings: list[Finding]
    notes: list[Finding]
    """Facts to know, of which nothing has to be corrected: what is overdue, what could be compared only in part."""
    answers: list[Finding]
    """What every check answers, also those that held."""
    doubtful: list[str]
    """What was read without being sure of it, and not corrected since: what people call it."""

    @property
    def data(self) -> Data:
        return self.case.data

    def text(self, name: str | None) -> str | None:
        """A field that says something, on one line; None for lists, objects and yes or no."""
        value = self.data.get(name) if name else None
        if is_blank(value) or not isinstance(value, (str, int, float)) or isinstance(value, bool):
            return None
        return value_said(name or "", value, self.currency)

    def number(self, name: str | None) -> Decimal | None:
        return number(self.data.get(name)) if name else None

    def day(self, name: str | None) -> date | None:
        return day(self.data.get(name)) if name else None

    def money(self, value: Decimal) -> str:
        return money(value, self.currency)

    def places(self, findings: Sequence[Finding]) -> str:
        """Where the findings are: the last cell of each."""
        found = (_place(finding.cells[-1], self.data, self.lines) for finding in findings if finding.cells)
        return listed(list(dict.fromkeys(place[0] for place in found if place)))

    def missing(self) -> list[str]:
        """The fields that such a document usually has, and this one lacks (what it must not lack, the checks say)."""
        return [in_sentence(name) for name in self.kind.expected if is_blank(self.data.get(name))]


def view_of(case: Case, reviewed: bool) -> View:
    """The case as the rules look at it."""
    named = case.data.get("document_type")
    currency = case.data.get("currency")
    every = (line for table in case.data for line in lines_of(case.data, table))
    lines = {(line.table, str(line.row.get(ROW_ID, line.index + 1))): line for line in every}
    return View(
        case=case,
        kind=kind_of(named if isinstance(named, str) and named else case.document_type),
        currency=currency.strip() if isinstance(currency, str) and len(currency.strip()) <= 5 else "",
        reviewed=reviewed,
        lines=lines,
        errors=[finding for finding in case.findings if finding.severity == "error"],
        warnings=[finding for finding in case.findings if finding.severity == "warning"],
        notes=[finding for finding in case.findings if finding.severity == "note"],
        answers=answers({"document_type": case.document_type} | case.data, case.as_of),
        doubtful=_doubtful(case, lines),
    )


def _doubtful(case: Case, lines: _Lines) -> list[str]:
    corrected = {change.field for change in counted(case.changes) if not isinstance(change, Move)}
    unsure = (cell for cell, place in case.places.items() if is_doubtful(place.confidence))
    found = (_place(cell, case.data, lines) for cell in unsure if cell not in corrected)
    return [place[0] for place in found if place and not is_blank(place[1])]


def _place(cell: str, data: Data, lines: _Lines) -> tuple[str, Any] | None:
    """What people call a cell, and its value; None where the data has no such cell."""
    try:
        path = parse_path(cell)
    except ChangesDoNotFit:
        return None
    if path.row_id is None:
        return in_sentence(path.field), data.get(path.field)
    line = lines.get((path.field, path.row_id))
    if line is None or path.column is None:
        return None
    return f"{in_sentence(path.column)} of {line.place}", line.row.get(path.column)


def value_said(name: str, value: Any, currency: str = "") -> str:
    """A field's value inside a sentence."""
    if isinstance(value, list):
        return f"a list of {how_many(len(value), 'value')}"
    if isinstance(value, dict):
        return f"a group of {how_many(len(value), 'value')}"
    return clipped(shown_in(name, value, currency))


def as_sentence(text: str) -> str:
    """The text with an end."""
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


# Turns of speech


def unsure(count: int) -> str:
    """That so many values are doubtful."""
    return f"{how_many(count, 'value')} {'is' if count == 1 else 'are'} doubtful"


def are(count: int, noun: str) -> str:
    """What follows "There"."""
    return f"{'is' if count == 1 else 'are'} {how_many(count, noun)}"
