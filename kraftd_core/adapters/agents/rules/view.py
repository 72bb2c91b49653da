"""What the rules see of a case before they speak: the figures, the problems, and what was read without being sure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any, TypeAlias

from kraftd_core.adapters.agents.rules.lines import has_price, work_among
from kraftd_core.document.changes import counted, parse_path
from kraftd_core.document.checks.checking import Finding, Line, answers, day, is_blank, lines_of, number
from kraftd_core.document.checks.model import EXACT
from kraftd_core.document.checks.names import amounts_beside, role_of
from kraftd_core.document.checks.rarer.spelling import Spelling
from kraftd_core.document.jsontypes import ROW_ID, Data
from kraftd_core.document.kinds import DocumentKind, kind_of
from kraftd_core.document.nouns import Move
from kraftd_core.document.units import digits_of
from kraftd_core.document.value_kinds import ValueKind, judged
from kraftd_core.document.wording import clipped, how_many, in_sentence, listed, money, shown_in
from kraftd_core.errors import ChangesDoNotFit
from kraftd_core.ports.thinking import Case
from kraftd_core.records.sureness import is_doubtful
from kraftd_core.review.grids import cells_of
from kraftd_core.thinking.confidence import has_doubtful_type
from kraftd_core.thinking.grounding.claims import DayParts, days_in
from kraftd_core.thinking.payment import Payment, payment_of

_Lines: TypeAlias = dict[tuple[str, str], Line]
"""The rows of all tables, by table and row id."""

_LONGEST_DAY = 40  # characters of a text that names a day
SAME_AS = {
    "effective_date": ("contract_start_date", "start_date", "commencement_date", "effective_from"),
    "end_date": ("contract_end_date", "expiry_date", "expiration_date", "completion_date"),
}
"""Other names that readers find for a field which a kind expects."""


@dataclass(frozen=True)  # without slots, so that what several sentences ask is found once
class View:
    """A case with what the sentences are about, found once."""

    case: Case
    kind: DocumentKind
    currency: str
    reviewed: bool  # a person has, and the sentences say so
    lines: _Lines
    errors: list[Finding]
    warnings: list[Finding]
    notes: list[Finding]
    """Facts to know, of which nothing has to be corrected: what is overdue, what could be compared only in part."""
    answers: list[Finding]
    """What every check answers, also those that held."""
    doubtful: list[str]
    """What was read without being sure of it, and neither corrected nor confirmed since: what people call it."""
    confirmed: list[str]
    """What was read without being sure of it, and found right by the reviewer."""
    payment: Payment | None
    """What is to be paid; None for a kind of document that asks for no payment, or whose kind is doubtful."""

    @property
    def data(self) -> Data:
        return self.case.data

    @property
    def type_is_doubtful(self) -> bool:
        """Whether it may as well be a document of another kind."""
        return has_doubtful_type(self.case)

    @property
    def type_is_known(self) -> bool:
        """Whether what only holds of one kind of document may be said."""
        return self.kind.name != "other" and not self.type_is_doubtful

    @property
    def gives_back(self) -> bool:
        """Whether it is a credit note: nobody is asked to pay it."""
        return self.payment is not None and self.payment.way == "credit"

    @cached_property
    def table(self) -> list[Line]:
        """The rows of the document's main table: its line items, else the longest one."""
        tables = [lines_of(self.data, name) for name in self.data]
        return lines_of(self.data) or max(tables, key=len, default=[])

    @cached_property
    def work(self) -> list[Line]:
        """The rows of the main table that are no headings, notes or sums."""
        return work_among(self.table)

    def is_doubtful(self, name: str) -> bool:
        """Whether a field was read with doubt and is not settled since."""
        return in_sentence(name) in self.doubtful

    def text(self, name: str | None) -> str | None:
        """A field that says something, on one line; None for lists, objects and yes or no."""
        value = self._value(name)
        if is_blank(value) or not isinstance(value, (str, int, float)) or isinstance(value, bool):
            return None
        return self.said(name or "", value)

    def said(self, name: str, value: Any) -> str:
        """A field's value inside a sentence; what its name leaves open, a rate or an amount, by the fields beside it."""
        amount = number(value)
        if amount is not None and (name in self._amounts or judged(name, (value,)) is ValueKind.MONEY):
            return self.money(amount)
        return value_said(name, value, self.currency)

    @cached_property
    def _amounts(self) -> frozenset[str]:
        """The fields that hold money: the sums under whatever name, and what stands beside its own rate."""
        usual = {own: name for name, own in Spelling.of(self.data, self.kind).fields.items()}
        named = [(name, role) for name, value in self.data.items() if (role := role_of(name)) and number(value) is not None]
        sums = ("subtotal", "total_tax", self.kind.total)
        return frozenset((*(name for name in self.data if usual.get(name, name) in sums), *amounts_beside(named).values()))

    def sure_text(self, name: str | None) -> str | None:
        """The same of a field that was not read with doubt."""
        return None if name and self.is_doubtful(name) else self.text(name)

    def number(self, name: str | None) -> Decimal | None:
        return number(self._value(name))

    def day(self, name: str | None) -> date | None:
        """The day that a field names, in figures or in words, where it can be read in one way only."""
        value = self._value(name)
        said = days_in(value[:_LONGEST_DAY]) if isinstance(value, str) and day(value) is None else []
        return _only_day(said[0].readings) if len(said) == 1 else day(value)

    def money(self, value: Decimal) -> str:
        return money(value, self.currency)

    def sum(self, value: Decimal) -> str:
        """What amounts come to, to the digits of the currency: cells of a sheet have more, and nobody pays in them."""
        return self.money(value.quantize(Decimal(1).scaleb(-digits_of(self.currency)), ROUND_HALF_UP, EXACT))

    def places(self, findings: Sequence[Finding]) -> str:
        """Where the findings are: the last cell of each."""
        found = (_place(finding.cells[-1], self.data, self.lines) for finding in findings if finding.cells)
        return listed(list(dict.fromkeys(place[0] for place in found if place)))

    def missing(self) -> list[str]:
        """The fields that such a document usually has, and this one lacks (what it must not lack, the checks say)."""
        expected = [name for name in self.kind.expected if name not in self._not_wanted] if self.type_is_known else []
        return [in_sentence(name) for name in expected if all(is_blank(self._value(n)) for n in (name, *SAME_AS.get(name, ())))]

    @property
    def _not_wanted(self) -> frozenset[str | None]:
        """What need not be there: a day to pay by where nobody is asked to pay, a total of what is still to be priced."""
        if self.kind.name == "boq" and not any(map(has_price, self.work)):
            return frozenset((self.kind.total, "currency"))
        is_settled = self.payment is not None and self.payment.way not in ("to_pay", "unknown")
        return frozenset((self.kind.due,)) if is_settled else frozenset()

    def _value(self, name: str | None) -> Any:
        """What stands under the name, or under another spelling of it: a supplier that is called "seller" is not missing."""
        return self.data.get(name, self._usual.get(name)) if name else None

    @cached_property
    def _usual(self) -> Data:
        return Spelling.of(self.data, self.kind).data


def view_of(case: Case, reviewed: bool) -> View:
    """The case as the rules look at it."""
    named = case.data.get("document_type")
    currency = case.data.get("currency")
    every = (line for table in case.data for line in lines_of(case.data, table))
    lines = {(line.table, str(line.row.get(ROW_ID, line.index + 1))): line for line in every}
    sure = {look.field for look in case.looked_at}
    findings = [finding for finding in case.findings if not _is_confirmed(finding, sure)]
    doubtful, confirmed = _doubtful(case, lines, sure)
    view = View(
        case=case,
        kind=kind_of(named if isinstance(named, str) and named else case.document_type),
        currency=currency.strip() if isinstance(currency, str) and len(currency.strip()) <= 5 else "",
        reviewed=reviewed,
        lines=lines,
        errors=[finding for finding in findings if finding.severity == "error"],
        warnings=[finding for finding in findings if finding.severity == "warning"],
        notes=[finding for finding in findings if finding.severity == "note"],
        answers=answers({"document_type": case.document_type} | case.data, case.as_of),
        doubtful=doubtful,
        confirmed=confirmed,
        payment=payment_of(case.data, case.document_type),
    )
    if view.type_is_known:
        return view
    of_no_kind = [finding for finding in view.errors if finding.check != "required"]  # what it must hold follows from the kind
    return replace(view, errors=of_no_kind, payment=None)


def _is_confirmed(finding: Finding, sure: Collection[str]) -> bool:
    """Whether the reviewer found every cell right that the finding leads to: the document says so."""
    cells, _ = cells_of(finding)
    return finding.severity != "note" and bool(cells) and all(cell in sure for cell in cells)


def _doubtful(case: Case, lines: _Lines, sure: Collection[str]) -> tuple[list[str], list[str]]:
    """What was read with doubt: what nobody settled since, and what the reviewer found right."""
    corrected = {change.field for change in counted(case.changes) if not isinstance(change, Move)}
    unsure = [cell for cell, place in case.places.items() if is_doubtful(place.confidence) and cell not in corrected]
    settled = {cell for cell in unsure if cell in sure or cell.rpartition(".")[0] in sure}
    found = [(cell, place[0]) for cell in unsure if (place := _place(cell, case.data, lines)) and not is_blank(place[1])]
    return [name for cell, name in found if cell not in settled], [name for cell, name in found if cell in settled]


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


def _only_day(readings: Sequence[DayParts]) -> date | None:
    year, month, of_month = readings[0] if len(readings) == 1 else (None, None, None)
    try:
        return date(year or 0, month or 0, of_month or 0)
    except ValueError:  # no whole day, or none of the calendar
        return None


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
