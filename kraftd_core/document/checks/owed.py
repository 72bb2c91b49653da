"""What is still to be paid of a document, and which cell says so."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from kraftd_core.document.changes import path_of
from kraftd_core.document.checks.model import EXACT, lines_of, number
from kraftd_core.document.checks.names import BALANCE_DUE, role_of
from kraftd_core.document.jsontypes import Data
from kraftd_core.document.kinds import kind_of

_BALANCES = (
    *(BALANCE_DUE, "amount_due", "balance", "amount_payable", "amount_outstanding", "outstanding_amount", "outstanding"),
    *("amount_owing", "balance_owing", "remaining_balance", "net_payable", "net_amount_due", "amount_to_pay"),
    *("current_payment_due", "current_amount_due", "amount_now_due"),
    *("amount_due_this_certificate", "amount_due_now", "total_due", "valor_liquido"),
)
_TOTALS = ("total", "grand_total", "total_amount", "gross_total", "amount_total")
_SETTLED = re.compile(
    r"(?:fully |already )?(?:paid|settled|bezahlt|beglichen|pay[ée]e?|acquitt[ée]e?|pagad[ao]|betaald|paid in full)\W*"
)
_SAYS_SO = re.compile(r"(?:payment_|invoice_)?(?:status|state|paid)|paid_in_full|is_paid")


@dataclass(frozen=True, slots=True)
class Owed:
    """An amount that is still to be paid; below zero it is to be given back. `cell` is named like changes."""

    amount: Decimal
    cell: str


def balance_name(data: Data) -> str | None:
    """The field that states the balance, under any of its names; None where none does."""
    return next((name for name in _BALANCES if number(data.get(name)) is not None), None)


def total_name(data: Data) -> str | None:
    """The field that states the total: the one of the document's kind, else one that is called so."""
    names = (kind_of(data.get("document_type")).total, *_TOTALS)
    return next((name for name in names if name and number(data.get(name)) is not None), names[0])


def owed(data: Data) -> Owed | None:
    """The balance where one is stated; nothing where the document says that it is paid; else the total less what was paid.

    None where the data does not tell.
    """
    balance, total = balance_name(data), total_name(data)
    if balance:
        return Owed(number(data[balance]) or Decimal(0), path_of(balance))
    if settled := next(_says_that_it_is_paid(data), None):
        return Owed(Decimal(0), path_of(settled))
    whole = number(data.get(total)) if total else None
    if whole is None or total is None:
        return None
    paid = list(_paid(data))
    if not paid:
        return Owed(whole, path_of(total))
    return Owed(EXACT.subtract(whole, EXACT.create_decimal(sum(value for value, _ in paid))), paid[0][1])


def _says_that_it_is_paid(data: Data) -> Iterator[str]:
    for name, value in data.items():
        if _SAYS_SO.fullmatch(name.lower()) and (value is True or (isinstance(value, str) and _SETTLED.fullmatch(value.lower()))):
            yield name


def _paid(data: Data) -> Iterator[tuple[Decimal, str]]:
    """What was paid before, in fields and in tables of payments."""
    for name, value in data.items():
        role, known = role_of(name), number(value)
        if role is None or role.part != "paid":
            continue
        if known is not None:
            yield abs(known), path_of(name)
        for line in lines_of(data, name):
            if (amount := line.number("amount")) is not None:
                yield abs(amount), line.path("amount")
