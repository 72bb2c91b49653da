"""The summary by rules: every sentence follows from the data."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from kraftd_core.adapters.agents.rules.view import View, are, as_sentence, unsure, value_said
from kraftd_core.document.changes import counted, parse_path
from kraftd_core.document.checks.checking import EXACT, is_blank, lines_of
from kraftd_core.document.checks.owed import owed
from kraftd_core.document.checks.words import nothing_wrong_said, verdict
from kraftd_core.document.kinds import DocumentKind
from kraftd_core.document.nouns import Addition, Change, Deletion, Modification, Move
from kraftd_core.document.wording import clipped, how_many, in_sentence, label_of, listed, quantity
from kraftd_core.thinking.confidence import confidence, field_name

_MOST_RISKS = 12
_MOST_OTHER_FIELDS = 6


def sections(view: View) -> dict[str, Any]:
    """The five sections, and how sure the reading is."""
    return {
        "executive_summary": " ".join(executive_summary(view)),
        "key_findings": list(_key_findings(view)),
        "recommendations": list(_recommendations(view)),
        "risk_factors": list(_risk_factors(view)),
        "action_items": list(action_items(view)),
        "confidence_score": confidence(view.case),
    }


# What the document is


def executive_summary(view: View) -> Iterator[str]:
    """What the document is, how it stands, and after a review what was changed."""
    if all(is_blank(value) for name, value in view.data.items() if name != "document_type"):
        yield f"{clipped(view.case.document_name) or 'The document'} holds no values."
    else:
        yield _what_it_is(view)
        yield from _date_and_total(view)
        yield _state(view)
    if view.reviewed:
        yield what_was_changed(view.case.changes, "The reviewer")


def _what_it_is(view: View) -> str:
    label, known = _kind_label(view.kind), view.text(view.kind.number)
    subject = f"{label} {known}" if known else f"{'an' if label[0] in 'aeio' else 'a'} {label}"
    return as_sentence(f"This is {subject}{_between(view)}")


def _kind_label(kind: DocumentKind) -> str:
    return kind.label[0].lower() + kind.label[1:]


def _between(view: View) -> str:
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


def _date_and_total(view: View) -> Iterator[str]:
    dated, total = view.text(view.kind.date), view.number(view.kind.total)
    parts = [f"is dated {dated}"] if dated else []
    if total is not None:
        parts.append(f"has a {in_sentence(view.kind.total or 'total')} of {view.money(total)}")
    if parts:
        yield as_sentence(f"It {' and '.join(parts)}")


def _state(view: View) -> str:
    doubtful = len(view.doubtful)
    found = [how_many(len(findings), noun) for findings, noun in ((view.errors, "error"), (view.warnings, "warning")) if findings]
    checks = f"The checks found {' and '.join(found)}" if found else nothing_wrong_said(view.answers).rstrip(".")
    return f"{checks}, and {unsure(doubtful)}." if doubtful else f"{checks}."


# Key findings


def _key_findings(view: View) -> Iterator[str]:
    told = ("vendor_name", "customer_name", view.kind.number, view.kind.date, view.kind.due)
    yield from (as_sentence(f"{label_of(name)}: {text}") for name in told if name and (text := view.text(name)))
    yield from _amounts(view)
    yield from _tax_rate(view)
    yield from _line_facts(view)
    yield from _other_fields(view, told)
    if view.reviewed:
        yield from _corrections(view)


def _amounts(view: View) -> Iterator[str]:
    names = dict.fromkeys(name for name in ("subtotal", "total_tax", view.kind.total) if name)
    known = [(in_sentence(name), amount) for name in names if (amount := view.number(name)) is not None]
    if known:
        (first, amount), *others = known
        parts = [f"the {first} is {view.money(amount)}", *(f"the {label} {view.money(amount)}" for label, amount in others)]
        sentence = listed(parts)
        yield f"{sentence[0].upper()}{sentence[1:]}."


def _tax_rate(view: View) -> Iterator[str]:
    subtotal, tax, total = (view.number(name) for name in ("subtotal", "total_tax", view.kind.total))
    if not subtotal or not tax or EXACT.add(subtotal, tax) != total or not Decimal("0.001") <= tax / subtotal <= 1:
        return
    rate = (tax / subtotal * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
    is_exact = abs(subtotal * rate / 100 - tax) <= Decimal("0.005")
    yield f"The tax is {'' if is_exact else 'about '}{quantity(rate)} % of the subtotal."


def _line_facts(view: View) -> Iterator[str]:
    for table in view.data:
        count = len(lines_of(view.data, table))
        if count and table != "line_items":
            yield f"There {are(count, 'row')} of {in_sentence(table)}."
    lines = lines_of(view.data)
    if lines:
        bare = sum(line.is_heading for line in lines)
        yield f"There {are(len(lines), 'line')}{f', {bare} of them without quantity, unit price and amount' if bare else ''}."
    yield from _largest_line(view)
    yield from _sum_that_fits(view)


def _largest_line(view: View) -> Iterator[str]:
    amounts = [(amount, line) for line in lines_of(view.data) if (amount := line.number("amount")) is not None]
    largest = max((amount for amount, _ in amounts), default=None)
    holders = [line for amount, line in amounts if amount == largest]
    if largest is None or len(amounts) == 1:
        return
    if len(holders) == 1:
        yield f"{holders[0].title} has the largest amount, {view.money(largest)}."
    else:
        yield f"The largest amount of a line, {view.money(largest)}, stands on {how_many(len(holders), 'line')}."


def _sum_that_fits(view: View) -> Iterator[str]:
    name = "subtotal" if view.number("subtotal") is not None else view.kind.total
    added = view.number(name)
    sums = (answer for answer in view.answers if answer.check == "line_sum" and answer.answer == "held" and not answer.reading)
    fits = any(answer.expected == answer.found for answer in sums)
    if name and added is not None and fits:
        yield f"The lines add up to the {in_sentence(name)}, {view.money(added)}."


def _other_fields(view: View, told: Sequence[str | None]) -> Iterator[str]:
    """What else the document says; free texts and amounts stand elsewhere."""
    known = {*filter(view.text, told), "document_type", "currency", "subtotal", "total_tax", view.kind.total}
    fields = (name for name, value in view.data.items() if not is_blank(value) and not lines_of(view.data, name))
    others = [name for name in fields if name not in known]
    for name in others[:_MOST_OTHER_FIELDS]:
        label = in_sentence(name)
        yield as_sentence(f"{label[0].upper()}{label[1:]}: {value_said(name, view.data[name], view.currency)}")
    rest = len(others) - _MOST_OTHER_FIELDS
    if rest > 0:
        yield f"{how_many(rest, 'more field')} {'has a value' if rest == 1 else 'have values'}."


# Risks and recommendations


def _risk_factors(view: View) -> Iterator[str]:
    findings = [*view.errors, *view.warnings, *view.notes]
    yield from (finding.message for finding in findings[:_MOST_RISKS])
    rest = len(findings) - _MOST_RISKS
    if rest > 0:
        yield f"The checks found {how_many(rest, 'more problem')}."
    doubtful = view.doubtful
    if doubtful:
        yield f"{unsure(len(doubtful))}: {listed(doubtful)}."
    missing = view.missing()
    if missing:
        yield f"No value is given for: {listed(missing, 10)}."


_COMPARE_FIGURES = "Compare the figures with the document: not all of them could be checked."
_ADVICE = {
    "line_amount": "Compare quantity, unit price and amount with the document: {where}.",
    "line_sum": "Look for a line that is missing, doubled or misread.",
    "total": "Compare the subtotal, the tax and the total with the document.",
    "not_a_number": "Write a plain number: {where}.",
    "date_form": "Write the date as year, month and day: {where}.",
    "required": "Add what is missing, or ask for it: {where}.",
    "due_before_date": "Compare both dates with the document.",
    "section_sum": "Compare the sum with the lines above it: {where}.",
    "tax": "Compare the tax with its rate and its base.",
    "tax_base": "Compare what is taxed with the document.",
    "rate": "Compare the rate and the amount with the document: {where}.",
    "balance": "Compare what was paid and what is left to pay with the document.",
    "date_to_come": "Compare the date with the document: {where}.",
    "overdue": "Find out whether the payment was made.",
    "duplicate_line": "Find out whether the repeated lines are meant.",
    "bank_changed": "Ask the supplier, in a way known from before, whether it is paid elsewhere now: {where}.",
    "negative_quantity": "Find out whether a quantity below zero is meant: {where}.",
}


def _recommendations(view: View) -> Iterator[str]:
    doubtful, missing = view.doubtful, view.missing()
    if doubtful:
        yield f"Compare with the document: {listed(doubtful)}."
    for name in dict.fromkeys(finding.check for finding in (*view.errors, *view.warnings, *view.notes)):
        findings = [finding for finding in view.case.findings if finding.check == name]
        yield _ADVICE.get(name, "Look into what the checks found.").format(where=view.places(findings))
    if missing:
        yield f"Add where the document states it: {listed(missing, 10)}."
    if not doubtful and not missing and not view.case.findings:
        stands = verdict(view.answers)
        yield "Nothing has to be corrected, as far as the checks can tell." if stands == "held" else _COMPARE_FIGURES


# What to do next


def action_items(view: View) -> Iterator[str]:
    """What to do next."""
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


def _pay(view: View) -> Iterator[str]:
    left = owed(view.data)
    due = view.day("due_date")
    if left is None:
        yield "Find out the amount to pay."
    elif left.amount < 0:
        yield f"Settle the credit of {view.money(left.amount.copy_negate())}."
    elif left.amount == 0:
        yield "Nothing is left to pay."
    elif due is None:
        yield f"Find out by when to pay {view.money(left.amount)}."
    elif due < view.case.as_of:
        yield f"Pay {view.money(left.amount)} at once unless it was paid: it was due by {due}."
    else:
        yield f"Pay {view.money(left.amount)} by {due}."


def _by_due(on_time: str, too_late: str, undated: str) -> Callable[[View], Iterator[str]]:
    """What to do by the document's due day, after it, and without one."""

    def action(view: View) -> Iterator[str]:
        due = view.day(view.kind.due)
        text = undated if due is None else too_late if due < view.case.as_of else on_time
        yield text.format(due=due)

    return action


def _price(view: View) -> Iterator[str]:
    lines = [line for line in lines_of(view.data) if not line.is_heading]
    unpriced = [line for line in lines if is_blank(line.row.get("unit_price")) and is_blank(line.row.get("amount"))]
    if unpriced:
        yield f"Price {how_many(len(unpriced), 'line')} without unit price and amount."


def _file(view: View) -> Iterator[str]:
    total = view.number("receipt_total")
    yield f"Book the receipt of {view.money(total)}." if total is not None else "Book the receipt once its total is known."


_NEXT: dict[str, Callable[[View], Iterator[str]]] = {
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


def what_was_changed(changes: Sequence[Change], who: str) -> str:
    """The changes in figures."""
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


def _corrections(view: View) -> Iterator[str]:
    """Which fields and columns were corrected most, with how often."""
    names = Counter(field_name(change) for change in counted(view.case.changes))
    if names:
        told = [f"{in_sentence(name.rpartition('.')[2])} ({count})" for name, count in names.most_common()]
        yield f"Corrected: {listed(told)}."
