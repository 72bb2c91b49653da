"""Answers by rules: which questions are known, and what the data says to each."""

import re
from collections.abc import Callable

from kraftd_core.adapters.agents.rules.advice import action_items
from kraftd_core.adapters.agents.rules.asking import asks_for
from kraftd_core.adapters.agents.rules.summary import executive_summary, what_was_changed
from kraftd_core.adapters.agents.rules.view import View, are, as_sentence, unsure, value_said
from kraftd_core.document.change_sentences import change_sentences
from kraftd_core.document.changes import counted
from kraftd_core.document.checks.checking import is_blank, lines_of, number
from kraftd_core.document.checks.words import doubts, figures_said, nothing_wrong_said, of_figures, unchecked_said
from kraftd_core.document.jsontypes import ROW_ID
from kraftd_core.document.wording import how_many, in_sentence, label_of, listed

_MOST_CHANGES_TOLD = 20


def answer_to(message: str, view: View) -> str:
    """What the data says to a question that is known, else which questions are."""
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
    " are doubtful, what was changed, what to do next, how much is to be paid, when it is due, who the supplier and the customer"
    " are, what the total is, what a line says, and what any field holds."
)


def _about_sums(view: View) -> str:
    messages = [finding.message for finding in of_figures(view.case.findings)]
    return "\n".join([*messages, *_how_figures_stand(view)])


def _how_figures_stand(view: View) -> list[str]:
    """That the figures add up, as far as they were compared, and what was not; nothing where some differ."""
    if of_figures(doubts(view.case.findings)):
        return []
    return [said for said in (figures_said(view.answers), unchecked_said(view.answers)) if said]


def _about_checks(view: View) -> str:
    messages = [finding.message for finding in (*view.errors, *view.warnings, *view.notes)]
    if view.errors or view.warnings:
        return "\n".join(messages)
    return "\n".join([*messages, nothing_wrong_said(view.answers), *filter(None, [unchecked_said(view.answers)])])


def _about_missing(view: View) -> str:
    required = [finding.message for finding in view.case.findings if finding.check == "required"]
    missing = view.missing()
    usual = [f"No value is given for: {listed(missing, 10)}."] if missing else []
    return "\n".join([*required, *usual]) or "Nothing that such a document usually has is missing."


def _about_changes(view: View) -> str:
    real = counted(view.case.changes)
    # Where a removed row stood is not known here; in the data as it is now, it stands nowhere.
    told = [as_sentence(words) for words in change_sentences(real[:_MOST_CHANGES_TOLD], view.data, view.data)]
    rest = len(real) - len(told)
    more = [f"There {are(rest, 'more change')}."] if rest else []
    return "\n".join([what_was_changed(real, "You"), *told, *more])


def _about_doubts(view: View) -> str:
    doubtful = view.doubtful
    if doubtful:
        return f"{unsure(len(doubtful))}: {listed(doubtful, 20)}."
    return "No value is known to be doubtful."


def _about_due(view: View) -> str:
    name = view.kind.due or "due_date"
    due = view.day(name)
    late = " That day has passed." if due and due < view.case.as_of else ""
    return _about_field(view, name) + late


def _about_payment(view: View) -> str:
    asked = list(asks_for(view)) if view.payment is not None else []
    return " ".join(asked) or "It asks for no payment, as far as its type is known."


def _about_next(view: View) -> str:
    return "\n".join(action_items(view))


def _about_line(view: View, position: int) -> str:
    lines = lines_of(view.data)
    if not 1 <= position <= len(lines):
        return f"There {are(len(lines), 'line')}."
    row = lines[position - 1].row
    filled = ((column, value) for column, value in row.items() if column != ROW_ID and not is_blank(value))
    cells = [f"{in_sentence(column)} {value_said(column, value)}" for column, value in filled]
    return as_sentence(f"Line {position}: {', '.join(cells) or 'nothing'}")


def _about_field(view: View, name: str) -> str:
    value = view.data.get(name)
    label = in_sentence(name)
    if is_blank(value):
        return f"No value is given for: {label}."
    amount = number(value)
    if amount is not None and name in ("subtotal", "total_tax", view.kind.total):
        told = view.money(amount)
    else:
        rows = len(lines_of(view.data, name))
        told = how_many(rows, "row") if rows else value_said(name, value, view.currency)
    return as_sentence(f"{label[0].upper()}{label[1:]}: {told}")


def _field_asked_for(question: str, view: View) -> str | None:
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


_TOPICS: tuple[tuple[str, Callable[[View], str]], ...] = (
    (r" (?:missing|lacks?|lacking|incomplete|complete) ", _about_missing),
    (r" (?:i|we|was|were|reviewer|user) .*(?:change|changed|edit|edited|correct|corrected) | changes ", _about_changes),
    (r" adds? up ", _about_sums),
    (r" (?:checks?|errors?|wrong|problems?|risks?|mistakes?|correct) ", _about_checks),
    (r" (?:doubtful|doubts?|unsure|uncertain|confidence|sure) ", _about_doubts),
    (r" (?:next|to do|todo|actions?|should i|should we) ", _about_next),
    (r" (?:summary|summarise|summarize|overview|what is this|what is it) ", lambda view: " ".join(executive_summary(view))),
    (r" (?:owe|owed|owing|left to pay|to pay|be paid|was paid|is paid|balance|amount due|outstanding) ", _about_payment),
    (r" (?:due|overdue|deadline|pay by|valid until) ", _about_due),
)
