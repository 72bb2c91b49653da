"""The agent that needs no key and no network: every sentence follows from the data by a rule."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, TypeAlias

from kraftd_core.adapters.plan_rules import plan_of
from kraftd_core.changes import counted, parse_path
from kraftd_core.checks import EXACT, Finding, Line, day, is_blank, line_amounts, lines_of, number
from kraftd_core.document_types import DocumentKind, kind_of
from kraftd_core.errors import ChangesDoNotFit
from kraftd_core.insights import confidence, field_name, learning_insights
from kraftd_core.jsontypes import ROW_ID, Data
from kraftd_core.ports import Case, Hear, Said, unheard
from kraftd_core.records import (
    Addition,
    Change,
    Deletion,
    DocumentTemplate,
    ExportFormat,
    FinalSummary,
    Modification,
    Move,
    PresentationPlan,
    Summary,
)
from kraftd_core.wording import change_sentences, clipped, how_many, in_sentence, label_of, listed, money, quantity, shown_in

_SURE = 0.8  # values below need eyes
_MOST_RISKS = 12
_MOST_OTHER_FIELDS = 6
_MOST_CHANGES_TOLD = 20


class RulesAgent:
    """Satisfies the Agent port by rules alone.

    """

    model = "rules"

    async def initial_summary(self, case: Case, hear: Hear = unheard) -> Said[Summary]:  # noqa: ARG002
        """The five sections over what was read."""
        return Said(Summary(**_sections(_view(case, reviewed=False))), self.model)

    async def final_summary(self, case: Case, hear: Hear = unheard) -> Said[FinalSummary]:  # noqa: ARG002
        """The five sections over the reviewed data, what the reviewer changed, and what that says about the reading."""
        insights = learning_insights(case.changes)
        return Said(FinalSummary(**_sections(_view(case, reviewed=True)), learning_insights=insights), self.model)

    async def plan(self, case: Case, template: DocumentTemplate, export_format: ExportFormat) -> PresentationPlan:
        """The steps that the instructions ask for in words of the stated grammar, and what is not understood."""
        return plan_of(case, template, export_format)

    async def answer(self, message: str, case: Case) -> Said[str]:
        """What the data says to a question that the rules know, else which questions they know."""
        return Said(_answer(message, _view(case, reviewed=bool(case.changes))), self.model)


# What the rules look at


_Lines: TypeAlias = dict[tuple[str, str], Line]
"""The rows of all tables, by table and row id."""


@dataclass(frozen=True, slots=True)
class _View:
    case: Case
    kind: DocumentKind
    currency: str
    reviewed: bool
    lines: _Lines
    errors: list[Finding]
    warnings: list[Finding]
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
        return _said(name or "", value)

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


def _view(case: Case, reviewed: bool) -> _View:
    named = case.data.get("document_type")
    currency = case.data.get("currency")
    every = (line for table in case.data for line in lines_of(case.data, table))
    lines = {(line.table, str(line.row.get(ROW_ID, line.index + 1))): line for line in every}
    return _View(
        case=case,
        kind=kind_of(named if isinstance(named, str) and named else case.document_type),
        currency=currency.strip() if isinstance(currency, str) and len(currency.strip()) <= 5 else "",
        reviewed=reviewed,
        lines=lines,
        errors=[finding for finding in case.findings if finding.severity == "error"],
        warnings=[finding for finding in case.findings if finding.severity == "warning"],
        doubtful=_doubtful(case, lines),
    )


def _doubtful(case: Case, lines: _Lines) -> list[str]:
    corrected = {change.field for change in counted(case.changes) if not isinstance(change, Move)}
    unsure = (cell for cell, place in case.places.items() if place.confidence is not None and place.confidence < _SURE)
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


def _said(name: str, value: Any) -> str:
    """A field's value inside a sentence."""
    if isinstance(value, list):
        return f"a list of {how_many(len(value), 'value')}"
    if isinstance(value, dict):
        return f"a group of {how_many(len(value), 'value')}"
    return clipped(shown_in(name, value))


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def _sections(view: _View) -> dict[str, Any]:
    return {
        "executive_summary": " ".join(_executive_summary(view)),
        "key_findings": list(_key_findings(view)),
        "recommendations": list(_recommendations(view)),
        "risk_factors": list(_risk_factors(view)),
        "action_items": list(_action_items(view)),
        "confidence_score": confidence(view.case),
    }


# What the document is


def _executive_summary(view: _View) -> Iterator[str]:
    if all(is_blank(value) for name, value in view.data.items() if name != "document_type"):
        yield f"{clipped(view.case.document_name) or 'The document'} holds no values."
    else:
        yield _what_it_is(view)
        yield from _date_and_total(view)
        yield _state(view)
    if view.reviewed:
        yield _what_was_changed(view.case.changes, "The reviewer")


def _what_it_is(view: _View) -> str:
    label, known = _kind_label(view.kind), view.text(view.kind.number)
    subject = f"{label} {known}" if known else f"{'an' if label[0] in 'aeio' else 'a'} {label}"
    return _sentence(f"This is {subject}{_between(view)}")


def _kind_label(kind: DocumentKind) -> str:
    return kind.label[0].lower() + kind.label[1:]


def _between(view: _View) -> str:
    """From whom to whom: requests and orders come from the customer."""
    vendor, customer = view.text("vendor_name"), view.text("customer_name")
    if view.kind.name in ("invoice", "quotation", "receipt"):
        return (f" from {vendor}" if vendor else "") + (f" to {customer}" if customer else "")
    if view.kind.name in ("purchase_order", "rfq"):
        return (f" from {customer}" if customer else "") + (f" to {vendor}" if vendor else "")
    if view.kind.name == "contract" and vendor and customer:
        return f" between {vendor} and {customer}"
    parties = ((vendor, "supplier"), (customer, "customer"))
    named = [f"{name} as the {part}" for name, part in parties if name]
    return f" with {' and '.join(named)}" if named else ""


def _date_and_total(view: _View) -> Iterator[str]:
    dated, total = view.text(view.kind.date), view.number(view.kind.total)
    parts = [f"is dated {dated}"] if dated else []
    if total is not None:
        parts.append(f"has a {in_sentence(view.kind.total or 'total')} of {view.money(total)}")
    if parts:
        yield _sentence(f"It {' and '.join(parts)}")


def _state(view: _View) -> str:
    doubtful = len(view.doubtful)
    found = [how_many(len(findings), noun) for findings, noun in ((view.errors, "error"), (view.warnings, "warning")) if findings]
    checks = f"The checks found {' and '.join(found) or 'nothing wrong'}"
    return f"{checks}, and {_unsure(doubtful)}." if doubtful else f"{checks}."


def _unsure(count: int) -> str:
    return f"{how_many(count, 'value')} {'is' if count == 1 else 'are'} doubtful"


# Key findings


def _key_findings(view: _View) -> Iterator[str]:
    told = ("vendor_name", "customer_name", view.kind.number, view.kind.date, view.kind.due)
    yield from (_sentence(f"{label_of(name)}: {text}") for name in told if name and (text := view.text(name)))
    yield from _amounts(view)
    yield from _tax_rate(view)
    yield from _line_facts(view)
    yield from _other_fields(view, told)
    if view.reviewed:
        yield from _corrections(view)


def _amounts(view: _View) -> Iterator[str]:
    names = dict.fromkeys(name for name in ("subtotal", "total_tax", view.kind.total) if name)
    known = [(in_sentence(name), amount) for name in names if (amount := view.number(name)) is not None]
    if known:
        (first, amount), *others = known
        parts = [f"the {first} is {view.money(amount)}", *(f"the {label} {view.money(amount)}" for label, amount in others)]
        sentence = listed(parts)
        yield f"{sentence[0].upper()}{sentence[1:]}."


def _tax_rate(view: _View) -> Iterator[str]:
    subtotal, tax, total = (view.number(name) for name in ("subtotal", "total_tax", view.kind.total))
    if not subtotal or not tax or EXACT.add(subtotal, tax) != total or not Decimal("0.001") <= tax / subtotal <= 1:
        return
    rate = (tax / subtotal * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
    is_exact = abs(subtotal * rate / 100 - tax) <= Decimal("0.005")
    yield f"The tax is {'' if is_exact else 'about '}{quantity(rate)} % of the subtotal."


def _line_facts(view: _View) -> Iterator[str]:
    for table in view.data:
        count = len(lines_of(view.data, table))
        if count and table != "line_items":
            yield f"There {_are(count, 'row')} of {in_sentence(table)}."
    lines = lines_of(view.data)
    if lines:
        bare = sum(line.is_heading for line in lines)
        yield f"There {_are(len(lines), 'line')}{f', {bare} of them without quantity, unit price and amount' if bare else ''}."
    yield from _largest_line(view)
    yield from _sum_that_fits(view)


def _are(count: int, noun: str) -> str:
    return f"{'is' if count == 1 else 'are'} {how_many(count, noun)}"


def _largest_line(view: _View) -> Iterator[str]:
    amounts = [(amount, line) for line in lines_of(view.data) if (amount := line.number("amount")) is not None]
    largest = max((amount for amount, _ in amounts), default=None)
    holders = [line for amount, line in amounts if amount == largest]
    if largest is None or len(amounts) == 1:
        return
    if len(holders) == 1:
        yield f"{holders[0].title} has the largest amount, {view.money(largest)}."
    else:
        yield f"The largest amount of a line, {view.money(largest)}, stands on {how_many(len(holders), 'line')}."


def _sum_that_fits(view: _View) -> Iterator[str]:
    amounts = line_amounts(view.data)
    name = "subtotal" if view.number("subtotal") is not None else view.kind.total
    added = Decimal(0)
    for amount in amounts.values():
        added = EXACT.add(added, amount)
    if name and amounts and added == view.number(name):
        yield f"The lines add up to the {in_sentence(name)}, {view.money(added)}."


def _other_fields(view: _View, told: Sequence[str | None]) -> Iterator[str]:
    """What else the document says; free texts and amounts stand elsewhere."""
    known = {*filter(view.text, told), "document_type", "currency", "subtotal", "total_tax", view.kind.total}
    fields = (name for name, value in view.data.items() if not is_blank(value) and not lines_of(view.data, name))
    others = [name for name in fields if name not in known]
    for name in others[:_MOST_OTHER_FIELDS]:
        label = in_sentence(name)
        yield _sentence(f"{label[0].upper()}{label[1:]}: {_said(name, view.data[name])}")
    rest = len(others) - _MOST_OTHER_FIELDS
    if rest > 0:
        yield f"{how_many(rest, 'more field')} {'has a value' if rest == 1 else 'have values'}."


# Risks and recommendations


def _risk_factors(view: _View) -> Iterator[str]:
    findings = [*view.errors, *view.warnings]
    yield from (finding.message for finding in findings[:_MOST_RISKS])
    rest = len(findings) - _MOST_RISKS
    if rest > 0:
        yield f"The checks found {how_many(rest, 'more problem')}."
    doubtful = view.doubtful
    if doubtful:
        yield f"{_unsure(len(doubtful))}: {listed(doubtful)}."
    missing = view.missing()
    if missing:
        yield f"No value is given for: {listed(missing, 10)}."


_ADVICE = {
    "line_amount": "Compare quantity, unit price and amount with the document: {where}.",
    "line_sum": "Look for a line that is missing, doubled or misread.",
    "total": "Compare the subtotal, the tax and the total with the document.",
    "not_a_number": "Write a plain number: {where}.",
    "date_form": "Write the date as year, month and day: {where}.",
    "required": "Add what is missing, or ask for it: {where}.",
    "due_before_date": "Compare both dates with the document.",
    "overdue": "Find out whether the payment was made.",
    "duplicate_line": "Find out whether the repeated lines are meant.",
    "negative_quantity": "Find out whether a quantity below zero is meant: {where}.",
}


def _recommendations(view: _View) -> Iterator[str]:
    doubtful, missing = view.doubtful, view.missing()
    if doubtful:
        yield f"Compare with the document: {listed(doubtful)}."
    for name in dict.fromkeys(finding.check for finding in (*view.errors, *view.warnings)):
        findings = [finding for finding in view.case.findings if finding.check == name]
        yield _ADVICE.get(name, "Look into what the checks found.").format(where=view.places(findings))
    if missing:
        yield f"Add where the document states it: {listed(missing, 10)}."
    if not doubtful and not missing and not view.case.findings:
        yield "Nothing has to be corrected, as far as the checks can tell."


# What to do next


def _action_items(view: _View) -> Iterator[str]:
    doubtful = len(view.doubtful)
    if doubtful:
        yield f"Review {how_many(doubtful, 'doubtful value')}."
    if view.errors:
        yield f"Clear up {how_many(len(view.errors), 'error')} first."
    if view.reviewed:
        yield "Pass on the reviewed document."
    else:
        yield "Record the review." if doubtful or view.errors else "Review the values and record the review."
    if view.kind.name in _NEXT:
        yield from _NEXT[view.kind.name](view)


def _pay(view: _View) -> Iterator[str]:
    left = view.number("amount_due")
    owed = left if left is not None else view.number("invoice_total")
    due = view.day("due_date")
    if owed is None:
        yield "Find out the amount to pay."
    elif owed < 0:
        yield f"Settle the credit of {view.money(owed.copy_negate())}."
    elif owed == 0:
        yield "Nothing is left to pay."
    elif due is None:
        yield f"Find out by when to pay {view.money(owed)}."
    elif due < view.case.as_of:
        yield f"Pay {view.money(owed)} at once unless it was paid: it was due by {due}."
    else:
        yield f"Pay {view.money(owed)} by {due}."


def _by_due(on_time: str, too_late: str, undated: str) -> Callable[[_View], Iterator[str]]:
    """What to do by the document's due day, after it, and without one."""

    def action(view: _View) -> Iterator[str]:
        due = view.day(view.kind.due)
        text = undated if due is None else too_late if due < view.case.as_of else on_time
        yield text.format(due=due)

    return action


def _price(view: _View) -> Iterator[str]:
    lines = [line for line in lines_of(view.data) if not line.is_heading]
    unpriced = [line for line in lines if is_blank(line.row.get("unit_price")) and is_blank(line.row.get("amount"))]
    if unpriced:
        yield f"Price {how_many(len(unpriced), 'line')} without unit price and amount."


def _file(view: _View) -> Iterator[str]:
    total = view.number("receipt_total")
    yield f"Book the receipt of {view.money(total)}." if total is not None else "Book the receipt once its total is known."


_NEXT: dict[str, Callable[[_View], Iterator[str]]] = {
    "invoice": _pay,
    "quotation": _by_due(
        "Accept or decline the quotation by {due}.",
        "Ask whether the quotation still stands: it was valid until {due}.",
        "Ask until when the quotation is valid.",
    ),
    "purchase_order": _by_due(
        "See that the order is delivered by {due}.",
        "Find out whether the order was delivered: its delivery date was {due}.",
        "Agree on a delivery date.",
    ),
    "rfq": _by_due(
        "Answer the RFQ by {due}.",
        "Ask whether an answer is still welcome: it was due by {due}.",
        "Ask by when to answer the RFQ.",
    ),
    "boq": _price,
    "contract": _by_due(
        "Decide on renewing the contract before {due}.",
        "Find out whether the contract was renewed: its end date was {due}.",
        "Find out whether the contract has an end date.",
    ),
    "receipt": _file,
}


# What the reviewer changed


def _what_was_changed(changes: Sequence[Change], who: str) -> str:
    real = counted(changes)
    rows = [change for change in real if _is_row(change)]
    cells = [change for change in real if not _is_row(change)]
    did = [
        f"{verb} {how_many(count, noun)}"
        for verb, kind, group, noun in (
            ("changed", Modification, cells, "value"), ("added", Addition, cells, "value"), ("removed", Deletion, cells, "value"),
            ("added", Addition, rows, "row"), ("removed", Deletion, rows, "row"), ("moved", Move, rows, "row"),
        )
        if (count := sum(isinstance(change, kind) for change in group))
    ]
    return f"{who} {listed(did)}." if did else f"{who} changed no value."


def _is_row(change: Change) -> bool:
    path = parse_path(change.field)
    return path.row_id is not None and path.column is None


def _corrections(view: _View) -> Iterator[str]:
    """Which fields and columns were corrected most, with how often."""
    names = Counter(field_name(change) for change in counted(view.case.changes))
    if names:
        told = [f"{in_sentence(name.rpartition('.')[2])} ({count})" for name, count in names.most_common()]
        yield f"Corrected: {listed(told)}."


# Answering questions


def _answer(message: str, view: _View) -> str:
    question = f" {_plain(message)} "
    for pattern, reply in _TOPICS:
        if re.search(pattern, question):
            return reply(view)
    line = re.search(r" (?:line|row|item) (\d{1,9}) ", question)
    if line:
        return _about_line(view, int(line[1]))
    name = _field_asked_for(question, view)
    if name:
        return _about_field(view, name)
    return _NOT_UNDERSTOOD


_NOT_UNDERSTOOD = (
    "I did not understand this question. I can say what the document is, what is missing, whether it adds up, which values"
    " are doubtful, what was changed, what to do next, when it is due, who the supplier and the customer are, what the total is,"
    " what a line says, and what any field holds."
)


def _about_sums(view: _View) -> str:
    messages = [finding.message for finding in view.case.findings if finding.check in _SUMS]
    return "\n".join(messages) or "The checks found no figures that contradict each other."


_SUMS = ("line_amount", "line_sum", "total")


def _about_checks(view: _View) -> str:
    messages = [finding.message for finding in (*view.errors, *view.warnings)]
    return "\n".join(messages) or "The checks found nothing wrong."


def _about_missing(view: _View) -> str:
    required = [finding.message for finding in view.case.findings if finding.check == "required"]
    missing = view.missing()
    usual = [f"No value is given for: {listed(missing, 10)}."] if missing else []
    return "\n".join([*required, *usual]) or "Nothing that such a document usually has is missing."


def _about_changes(view: _View) -> str:
    real = counted(view.case.changes)
    # Where a removed row stood is not known here; in the data as it is now, it stands nowhere.
    told = [_sentence(words) for words in change_sentences(real[:_MOST_CHANGES_TOLD], view.data, view.data)]
    rest = len(real) - len(told)
    more = [f"There {_are(rest, 'more change')}."] if rest else []
    return "\n".join([_what_was_changed(real, "You"), *told, *more])


def _about_doubts(view: _View) -> str:
    doubtful = view.doubtful
    if doubtful:
        return f"{_unsure(len(doubtful))}: {listed(doubtful, 20)}."
    return "No value is known to be doubtful."


def _about_due(view: _View) -> str:
    name = view.kind.due or "due_date"
    due = view.day(name)
    late = " That day has passed." if due and due < view.case.as_of else ""
    return _about_field(view, name) + late


def _about_next(view: _View) -> str:
    return "\n".join(_action_items(view))


def _about_line(view: _View, position: int) -> str:
    lines = lines_of(view.data)
    if not 1 <= position <= len(lines):
        return f"There {_are(len(lines), 'line')}."
    row = lines[position - 1].row
    filled = ((column, value) for column, value in row.items() if column != ROW_ID and not is_blank(value))
    cells = [f"{in_sentence(column)} {_said(column, value)}" for column, value in filled]
    return _sentence(f"Line {position}: {', '.join(cells) or 'nothing'}")


def _about_field(view: _View, name: str) -> str:
    value = view.data.get(name)
    label = in_sentence(name)
    if is_blank(value):
        return f"No value is given for: {label}."
    amount = number(value)
    if amount is not None and name in ("subtotal", "total_tax", view.kind.total):
        said = view.money(amount)
    else:
        rows = len(lines_of(view.data, name))
        said = how_many(rows, "row") if rows else _said(name, value)
    return _sentence(f"{label[0].upper()}{label[1:]}: {said}")


def _field_asked_for(question: str, view: _View) -> str | None:
    """The field whose name or label is in the question, the longest first; else the one that a usual word means."""
    names = {_plain(text): name for name in view.data for text in (name, label_of(name))}
    named = [text for text in names if text and f" {text} " in question]
    if named:
        return names[max(named, key=len)]
    meant = {
        r"supplier|vendor|seller|from whom|who sent": "vendor_name",
        r"customer|buyer|client|to whom": "customer_name",
        r"number|reference": view.kind.number,
        r"subtotal|net": "subtotal",
        r"tax|vat": "total_tax",
        r"total|how much|cost|sum|amount": view.kind.total,
        r"currency": "currency",
        r"date|dated|when": view.kind.date,
        r"lines|items": "line_items",
    }
    return next((name for words, name in meant.items() if name and re.search(rf" (?:{words}) ", question)), None)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.lower()))


_TOPICS: tuple[tuple[str, Callable[[_View], str]], ...] = (
    (r" (?:missing|lacks?|lacking|incomplete|complete) ", _about_missing),
    (r" (?:i|we|was|were|reviewer|user) .*(?:change|changed|edit|edited|correct|corrected) | changes ", _about_changes),
    (r" adds? up ", _about_sums),
    (r" (?:checks?|errors?|wrong|problems?|risks?|mistakes?|correct) ", _about_checks),
    (r" (?:doubtful|doubts?|unsure|uncertain|confidence|sure) ", _about_doubts),
    (r" (?:next|to do|todo|actions?|should i|should we) ", _about_next),
    (r" (?:summary|summarise|summarize|overview|what is this|what is it) ", lambda view: " ".join(_executive_summary(view))),
    (r" (?:due|overdue|deadline|pay by|valid until) ", _about_due),
)
