"""What the rules advise: what stands against acting on a document, the decision it asks for, and what to do next."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from itertools import islice

from kraftd_core.adapters.agents.rules.facts import unpriced
from kraftd_core.adapters.agents.rules.view import SAME_AS, View, as_sentence
from kraftd_core.document.checks.model import Finding
from kraftd_core.document.checks.words import unchecked_said, verdict
from kraftd_core.document.ledger.check import ROWS_READ
from kraftd_core.document.wording import how_many, in_sentence, listed

_MOST_RISKS, _MOST_ERRORS, _MOST_ADVICE = 5, 8, 5
AMOUNTS_TO_PAY = ("invoice_total", "receipt_total", "balance_due", "amount_due")
BEFORE_PAYING = (*AMOUNTS_TO_PAY, "currency", "due_date", "iban", "vendor_name")
_HISTORY = ("bank_changed", "number_known")

_COMPARE_FIGURES = "Compare the figures with the document: not all of them could be checked."
_ADVICE = {
    "line_amount": "Compare quantity, unit price and amount with the document: {where}.",
    ROWS_READ: "Compare the table with the document and enter the lines that were not read.",
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
    "count": "Compare what is counted with the document: {where}.",
    "date_to_come": "Compare the date with the document: {where}.",
    "overdue": "Find out whether the payment was made.",
    "duplicate_line": "Find out whether the repeated lines are meant.",
    "bank_changed": "Ask the supplier, in a way known from before, whether it is paid elsewhere now: {where}.",
    "number_known": "Find out whether the same document was dealt with before.",
    "iban": "Ask the supplier for the right account, in a way known from before: {where}.",
    "bic": "Compare the BIC with the document: {where}.",
    "vat_number": "Compare the VAT number with the document, or look it up: {where}.",
    "currency": "Find out which currency is meant: {where}.",
    "period": "Compare both dates with the document.",
    "negative_quantity": "Find out whether a quantity below zero is meant: {where}.",
}


# What contradicts, and what is missing


def risk_factors(view: View) -> Iterator[str]:
    """What contradicts, the gravest first, what is doubtful, and what is missing; a few errors are all named."""
    findings = list(_findings_told(view))
    last = [*_doubts_told(view), *_missing_told(view)]
    errors = {finding.message for finding in view.errors}
    last_error = max((n for n, message in enumerate(findings, 1) if message in errors), default=0)
    room = max(_MOST_RISKS - len(last), last_error + 1 if last_error <= _MOST_ERRORS else 0)
    if len(findings) > room:
        told = findings[: room - 1]
        yield from told
        yield f"The checks found {how_many(len(findings) - len(told), 'more problem')}."
    else:
        yield from findings
    yield from last


def _findings_told(view: View) -> Iterator[str]:
    problems = [*view.errors, *view.warnings]
    lacking = [finding for finding in view.errors if finding.check == "required"]
    first = [finding for finding in problems if finding.check in _HISTORY]
    rest = [finding for finding in problems if finding not in first and finding not in lacking]
    rest += [finding for finding in view.notes if finding.check != "overdue"]  # which is a fact, and stands among the findings
    yield from (finding.message for finding in (*first, *rest))
    if len(lacking) > 1:
        yield f"Missing: {view.places(lacking)}."
    else:
        yield from (finding.message for finding in lacking)


def _doubts_told(view: View) -> Iterator[str]:
    count = len(view.doubtful)
    if count:
        yield f"{how_many(count, 'value')} {'is' if count == 1 else 'are'} doubtful: {listed(view.doubtful)}."


def _missing_told(view: View) -> Iterator[str]:
    if missing := view.missing():
        yield f"No value is given for: {listed(missing, 10)}."


# What stands against acting


def obstacle(view: View) -> str | None:
    """What has to be done before the document is acted upon; None where nothing stands against it."""
    checks = {finding.check for finding in view.warnings}
    if not view.type_is_known:
        return "the type of the document is chosen"
    if not view.case.is_reviewed:
        return "a person has looked at the values"
    if ROWS_READ in checks:
        return "the lines that were not read are entered or found to be none"
    if view.errors:
        return f"{how_many(len(view.errors), 'error')} {'is' if len(view.errors) == 1 else 'are'} cleared up"
    if "bank_changed" in checks:
        return "the supplier has confirmed its bank details, asked in a way known from before"
    if "number_known" in checks:
        return "it is clear that the same document was not dealt with before"
    doubtful = [in_sentence(name) for name in BEFORE_PAYING if name in view.data and view.is_doubtful(name)]
    if view.payment is not None and doubtful:
        return f"the document is compared for the {listed(doubtful)}"
    return None


# The decision


def recommendations(view: View) -> list[str]:
    """The decision that the document asks for, then what to look at, in the order of weight."""
    return list(islice(dict.fromkeys([*_decision(view), *_to_look_at(view)]), _MOST_ADVICE))


def _decision(view: View) -> Iterator[str]:
    before = obstacle(view)
    if not view.type_is_known:
        yield "Choose the type of the document first: what it asks for, and what it must hold, follow from it."
    elif view.kind.name in _DECISIONS:
        decided = _DECISIONS[view.kind.name](view)
        act = _ACTS[view.kind.name] if view.payment is None or view.payment.is_asked_for else "book it"
        yield from ([f"Do not {act} before {before}."] if before and decided else decided)


def _pay(view: View) -> list[str]:
    payment = view.payment
    if payment is None:
        return []
    amount = "" if payment.amount is None else view.money(payment.amount)
    due = f", due by {payment.due}" if payment.due else ""
    said = {
        "paid": "File it as paid: nothing is left to pay.",
        "card": f"Match {amount or 'it'} with the statement of the card: there is nothing to transfer.",
        "direct_debit": f"See that {amount or 'it'} is collected from the account: there is nothing to transfer.",
        "credit": f"Set {amount or 'it'} off against what the supplier is owed, or ask for it back.",
        "unknown": "Find out how much is to be paid.",
    }
    if payment.way != "to_pay":
        return [said[payment.way]]
    if payment.due and payment.due < view.case.as_of:
        return [f"Find out whether {amount} was paid, and pay it if not: it was due by {payment.due}."]
    unchecked = unchecked_said(view.answers) if verdict(view.answers) == "not_checked" else None
    return [f"Approve {amount} for payment{due}.", *([f"{unchecked} Compare that first."] if unchecked else [])]


def _book(view: View) -> list[str]:
    total = view.number("receipt_total")
    return [f"Book the receipt of {view.money(total)}." if total is not None else "Find out what was paid before it is booked."]


_RENEWS_ITSELF = re.compile(
    r"automatic\w* (?:be )?(?:renew|extend)|(?:renew|extend)\w* (?:itself |shall be )?automatic|auto-?renew"
    r"|verlängert sich|tacite reconduction|(?:renov|prorrog)\w+ automátic"
)
_RENEWS_NOT = re.compile(r"\b(?:not|no|nicht|never|without|sans|sin)\b[^.]{0,20}$")


def renews_itself(view: View) -> bool:
    """Whether the contract says that it goes on unless somebody ends it."""
    said = (view.sure_text("renewal") or "").lower()
    told = _RENEWS_ITSELF.search(said)
    return told is not None and not _RENEWS_NOT.search(said[: told.start()])


def _on_renewal(on_time: str, too_late: str, undated: str) -> Callable[[View], list[str]]:
    """What to do by the end of a contract; one that renews itself asks for a notice."""
    of_itself = _by_due(
        "Give notice in time if it is not to renew itself after {due}.",
        "Find out whether notice was given: without it the contract renewed itself after {due}.",
        undated,
    )
    otherwise = _by_due(on_time, too_late, undated)
    return lambda view: of_itself(view) if renews_itself(view) else otherwise(view)


def _by_due(on_time: str, too_late: str, undated: str) -> Callable[[View], list[str]]:
    """What to do by the document's due day, after it, and without one."""

    def action(view: View) -> list[str]:
        due = due_of(view)
        if due is not None and _is_due_doubtful(view):
            return []  # nothing follows from a day that has to be compared first
        text = undated if due is None else too_late if due < view.case.as_of else on_time
        return [text.format(due=due)]

    return action


def due_of(view: View) -> date | None:
    """The day by which the document asks for something."""
    names = (view.kind.due, *SAME_AS.get(view.kind.due or "", ()))
    return next((due for name in names if (due := view.day(name))), None)


def _is_due_doubtful(view: View) -> bool:
    names = (view.kind.due, *SAME_AS.get(view.kind.due or "", ()))
    return any(name and view.day(name) and view.is_doubtful(name) for name in names)


def _hand_in(view: View) -> list[str]:
    bare = unpriced(view)
    return [f"Price {how_many(len(bare), 'line')} without a rate before it is handed in."] if bare else []


_ACTS = {
    "invoice": "pay",
    "receipt": "book it",
    "quotation": "accept it",
    "purchase_order": "confirm it",
    "rfq": "answer it",
    "boq": "hand it in",
    "contract": "sign or renew it",
}
_DECISIONS: dict[str, Callable[[View], list[str]]] = {
    "invoice": _pay,
    "receipt": _book,
    "quotation": _by_due(
        "Compare it with other offers, and accept or decline it by {due}.",
        "Ask for a new quotation: this one was valid until {due}.",
        "Compare it with other offers, and ask until when it is valid.",
    ),
    "purchase_order": _by_due(
        "Confirm the order, with delivery by {due}.",
        "Find out whether the order was delivered: its delivery date was {due}.",
        "Agree on a delivery date before the order is confirmed.",
    ),
    "rfq": _by_due(
        "Answer it by {due}, or decline.",
        "Ask whether an answer is still welcome: it was due by {due}.",
        "Ask by when an answer is wanted.",
    ),
    "boq": _hand_in,
    "contract": _on_renewal(
        "Decide on renewing or ending it before {due}.",
        "Find out whether the contract was renewed: its end date was {due}.",
        "Find out whether the contract has an end date.",
    ),
}


def _to_look_at(view: View) -> Iterator[str]:
    doubtful, missing = view.doubtful, view.missing()
    if doubtful:
        yield f"Compare with the document: {listed(doubtful)}."
    problems: list[Finding] = [*view.errors, *view.warnings, *(note for note in view.notes if note.check != "overdue")]
    for name in dict.fromkeys(finding.check for finding in problems):
        findings = [finding for finding in problems if finding.check == name]
        yield _ADVICE.get(name, "Look into what the checks found.").format(where=view.places(findings))
    if missing:
        yield f"Add where the document states it: {listed(missing, 10)}."
    if not doubtful and not missing and not problems and view.type_is_known:
        stands = verdict(view.answers)
        yield "Nothing has to be corrected, as far as the checks can tell." if stands == "held" else _COMPARE_FIGURES


# What to do next


def action_items(view: View) -> Iterator[str]:
    """What to do next: what is in the way first; what the document asks for only where nothing is."""
    doubtful = len(view.doubtful)
    if not view.type_is_known:
        yield "Choose the type of the document."
    if doubtful:
        yield f"Review {how_many(doubtful, 'doubtful value')}."
    if view.errors:
        yield f"Clear up {how_many(len(view.errors), 'error')} first."
    if view.reviewed:
        yield "Pass on the reviewed document."
    elif not view.case.is_reviewed:
        yield "Have a person review the values before anyone relies on them."
    else:
        yield "Record the review." if doubtful or view.errors else "Review the values and record the review."
    yield from _next(view)


def _next(view: View) -> Iterator[str]:
    before = obstacle(view)
    if not view.type_is_known or view.kind.name not in _NEXT:
        return
    if before is None:
        yield from _NEXT[view.kind.name](view)
    elif view.payment is not None and view.payment.is_asked_for and not view.errors:
        yield f"Pay nothing before {before}."


def _pay_next(view: View) -> list[str]:
    payment = view.payment
    if payment is None or not payment.is_asked_for or payment.amount is None:
        return _pay(view)
    amount = view.money(payment.amount)
    if payment.due is None:
        terms = view.sure_text("payment_terms")
        return [as_sentence(f"Pay {amount} by its terms: {terms}") if terms else f"Find out by when to pay {amount}."]
    if payment.due < view.case.as_of:
        return [f"Pay {amount} at once unless it was paid: it was due by {payment.due}."]
    return [f"Pay {amount} by {payment.due}."]


_NEXT: dict[str, Callable[[View], list[str]]] = {
    "invoice": _pay_next,
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
    "boq": _hand_in,
    "contract": _on_renewal(
        "Decide on renewing the contract before {due}.",
        "Find out whether the contract was renewed: its end date was {due}.",
        "Find out whether the contract has an end date.",
    ),
    "receipt": _book,
}
