"""The checks on what is paid in parts: the change of a till, and instalments with the price that they make up."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from kraftd_core.document.checks.counts import Named, figures_of, first
from kraftd_core.document.checks.model import Document, Finding, held, plain_figure
from kraftd_core.document.checks.names import role_of
from kraftd_core.document.checks.owed import balance_name, total_name
from kraftd_core.document.wording import money

_TENDERED = re.compile(r"(?:cash|amount)_(?:tendered|given|received)|tendered|cash")
_CARD = re.compile(r"(?:^|_)(?:card|debit|cheque|check|visa|mastercard|maestro|ec)(?:_|$)")
_CHANGE = re.compile(r"change(?:_(?:given|due|returned))?|cash_change")
_HOW_MANY = re.compile(r"(?:number|no)_of_(?:instal?lments|payments|rentals|rates)|instal?lments|term_months")
_EACH = re.compile(r"(?:monthly_)?(?:instal?lment|rental)(?:_amount)?|monthly_(?:payment|fee|rent|amount|rate)")
_DOWN = re.compile(r"down_?payment|deposit|initial_payment|first_payment")
_WHOLE = re.compile(r"(?:contract|purchase|total)_(?:price|value|sum)|total_payable|financed_amount|amount_financed")
_SCHEDULE = re.compile(r"(?:payment_)?(?:schedule|plan)|instal?lments|milestones|payment_(?:milestones|stages)")
_OF_ALL_INSTALMENTS = ("contract", "other")  # an invoice is for one of them


def payments(document: Document) -> Iterator[Finding]:
    """What there is to say of the change and of the instalments."""
    yield from _change(document)
    yield from _instalments(document)


def _change(document: Document) -> Iterator[Finding]:
    """What was handed over less the change is what was to pay, with a tip or after a voucher."""
    figures = figures_of(document)
    tendered, change = first(figures, _TENDERED), first(figures, _CHANGE)
    total, balance = (figures.get(str(name)) for name in (total_name(document.data), balance_name(document.data)))
    if tendered is None or change is None or total is None:
        return
    others = [f.value for name, f in figures.items() if _is_beside_the_total(name) and f is not tendered]
    may_be = [total.value, *([balance.value] if balance else []), *(total.value + sign * v for v in others for sign in (1, -1))]
    paid, near = tendered.value - abs(change.value), max(document.tolerance(total.value), document.coin / 2)
    cells = (tendered.cell, change.cell, total.cell)
    if any(abs(value - paid) <= near for value in may_be):
        yield held("balance", "What was handed over less the change is the total.", cells, None, near)
        return
    left = tendered.value - total.value
    said = f"the total {money(total.value)} leaves {money(left)}, but {money(change.value)} is stated"
    message = f"Of {money(tendered.value)} {said}."
    yield Finding("balance", "warning", message, cells, plain_figure(left), plain_figure(change.value))


def _is_beside_the_total(name: str) -> bool:
    role = role_of(name)
    return _CARD.search(name.lower()) is not None or (role is not None and role.part in ("tip", "paid", "rounding"))


def _instalments(document: Document) -> Iterator[Finding]:
    """The instalments, with what is paid down, are the price, with its interest where that is told."""
    figures = figures_of(document)
    total = figures.get(str(total_name(document.data))) if document.kind.name in _OF_ALL_INSTALMENTS else None
    wholes = [figure for name, figure in figures.items() if _WHOLE.fullmatch(name.lower()) or figure is total]
    down, how_many, each = (first(figures, pattern) for pattern in (_DOWN, _HOW_MANY, _EACH))
    if how_many and each and how_many.value > 1 and wholes:
        cells = (how_many.cell, each.cell, *((down.cell,) if down else ()))
        yield _in_parts(document, figures, how_many.value * each.value, down, wholes, cells)
    for table, lines in document.tables.items() if wholes else ():
        amounts = [line.number("amount") for line in lines]
        if _SCHEDULE.fullmatch(table.lower()) and len(lines) > 1 and None not in amounts:
            parts = sum(filter(None, amounts), Decimal(0))
            yield _in_parts(document, figures, parts, down, wholes, tuple(line.path("amount") for line in lines))


def _in_parts(
    document: Document,
    figures: Mapping[str, Named],
    parts: Decimal,
    down: Named | None,
    wholes: list[Named],
    of_parts: tuple[str, ...],
) -> Finding:
    """Whether the parts are the wholes; what is paid down, and what comes on top of a price, may be in them or not."""
    extras = [figure.value for name, figure in figures.items() if _comes_on_top(name)]
    more = (Decimal(0), *extras, *(-value for value in extras), sum(extras, Decimal(0)))
    sums = [parts, *([parts + down.value] if down else [])]
    near = max(document.smallest_unit, abs(parts) / 2000)  # instalments are rounded, and the last one makes up for it
    fits = [whole for whole in wholes if any(abs(whole.value + extra - s) <= near for s in sums for extra in more)]
    wrong = [] if fits and extras else [whole for whole in wholes if whole not in fits]
    cells = (*of_parts, *(whole.cell for whole in wholes))
    if not wrong:
        return held("balance", f"The instalments come to {money(sums[-1])}, which is the price.", cells, None, near)
    message = f"The instalments come to {money(sums[-1])}, but {money(wrong[0].value)} is to be paid."
    return Finding("balance", "warning", message, cells, plain_figure(sums[-1]), plain_figure(wrong[0].value))


def _comes_on_top(name: str) -> bool:
    role = role_of(name)
    is_sum = role is not None and role.form != "percent" and role.part in ("tax", "charge", "extra", "discount", "withheld")
    return is_sum or "interest" in name.lower()
