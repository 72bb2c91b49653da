"""What a document asks for and by when, in one sentence for each kind."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

from kraftd_core.adapters.agents.rules.advice import AMOUNTS_TO_PAY, due_of
from kraftd_core.adapters.agents.rules.view import SAME_AS, View
from kraftd_core.document.checks.words import of_figures
from kraftd_core.document.wording import how_many, in_sentence, listed


def asks_for(view: View) -> Iterator[str]:
    """What the document asks for, and by when."""
    if view.type_is_known and view.kind.name in _ASKS:
        yield from _ASKS[view.kind.name](view)
    elif view.kind.name == "other" and (total := view.number("total")) and not view.is_doubtful("total"):
        yield f"It has a total of {view.money(total)}."


def _asks_to_pay(view: View) -> Iterator[str]:
    payment = view.payment
    if payment is None:
        return
    amount = "" if payment.amount is None else view.money(payment.amount)
    whole = f" of {view.money(payment.whole)}" if payment.whole is not None and payment.whole != payment.amount else ""
    said = {
        "to_pay": f"It asks for {amount}{whole}{_by(view, payment.due)}",
        "paid": f"Nothing is left to pay{whole}",
        "card": f"It is no request to pay: {amount or 'the amount'} is charged to a card",
        "direct_debit": f"It is no request to pay: {amount or 'the amount'} is collected by direct debit",
        "credit": f"It gives {amount or 'an amount that it does not name'} back",
        "unknown": f"It does not say how much is to be paid{_by(view, payment.due)}",
    }
    yield f"{said[payment.way]}{_as_far_as_read(view)}."


def _by(view: View, due: date | None) -> str:
    if due is None and view.payment is not None and view.sure_text("payment_terms"):
        return ", by its payment terms"
    if due is None:
        return ", and no day by when was found"
    return f" by {due}, which has passed" if due < view.case.as_of else f" by {due}"


def _as_far_as_read(view: View) -> str:
    """That an amount or a day of the payment was read with doubt, or does not agree with the rest."""
    if of_figures(view.errors):
        return ", but its figures contradict each other"
    asked = dict.fromkeys((*AMOUNTS_TO_PAY, view.kind.total, "currency", "due_date"))
    names = [name for name in asked if name and name in view.data and view.is_doubtful(name)]
    if not names:
        return ""
    return f", but the {listed([in_sentence(name) for name in names])} {'was' if len(names) == 1 else 'were'} read with doubt"


def _was_paid(view: View) -> Iterator[str]:
    total = view.number("receipt_total")
    yield f"{view.money(total)} was paid{_as_far_as_read(view)}." if total is not None else "It does not say how much was paid."


def _offers(verb: str, until: str) -> Callable[[View], Iterator[str]]:
    def told(view: View) -> Iterator[str]:
        lines = how_many(len(view.table), "line")
        total = view.number(view.kind.total)
        subtotal = view.number("subtotal") if total is None else None
        amount: Decimal | None = total if total is not None else subtotal
        worth = "" if amount is None else f" for {view.sum(amount)}{' before tax' if total is None else ''}"
        due = due_of(view)
        day = f"{until} {due}{', which has passed' if due and due < view.case.as_of else ''}" if due else _UNDATED[verb]
        yield f"It {verb} {lines}{worth}{day}{'' if amount is not None else ', and states no total'}{_as_far_as_read(view)}."

    return told


_UNDATED = {"offers": ", and no day until when was found", "orders": ", and no day by when was found"}


def _asks_for_prices(view: View) -> Iterator[str]:
    due = due_of(view)
    lines = f" of {how_many(len(view.table), 'line')}" if view.table else ""
    yield f"It asks for prices{lines}{_by(view, due)}."


def _lists(view: View) -> Iterator[str]:
    total = view.number("boq_total")
    worth = f" for {view.sum(total)}" if total else ""  # a form that is still to be filled in adds up to nothing
    lines = how_many(len(view.table), "line") if view.table else "no lines that could be read"
    yield f"It lists {lines}{worth}{_as_far_as_read(view)}."


def _binds(view: View) -> Iterator[str]:
    value = view.number("contract_value")
    names = [next((n for n in (name, *SAME_AS[name]) if view.text(n)), None) for name in ("effective_date", "end_date")]
    start, end = (view.text(name) if name else None for name in names)
    if start == end:  # nothing runs for a day: one of the two was read for the other
        start = None
    term = f"runs from {start} to {end}" if start and end else f"runs from {start}" if start else f"runs to {end}" if end else ""
    worth = f"is worth {view.money(value)}" if value is not None else ""
    passed = ", which has passed" if end and (day := due_of(view)) and day < view.case.as_of else ""
    said = " and ".join(filter(None, (worth, term)))
    of_value = ("contract_value", "currency") if value is not None else ()
    doubtful = [in_sentence(name) for name in (*of_value, *names) if name and view.text(name) and view.is_doubtful(name)]
    unsure = f", but the {listed(doubtful)} {'was' if len(doubtful) == 1 else 'were'} read with doubt" if doubtful else ""
    yield f"It {said}{passed}{unsure}." if said else "Neither its value nor its term was found in it."


_ASKS: dict[str, Callable[[View], Iterator[str]]] = {
    "invoice": _asks_to_pay,
    "receipt": _was_paid,
    "quotation": _offers("offers", ", valid until"),
    "purchase_order": _offers("orders", ", to be delivered by"),
    "rfq": _asks_for_prices,
    "boq": _lists,
    "contract": _binds,
}
