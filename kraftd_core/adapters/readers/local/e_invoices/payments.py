"""Keeps how and when an e-invoice is to be paid: accounts, terms, cash discounts, and what was paid before."""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from kraftd_core.adapters.readers.common.reading import Reading
from kraftd_core.adapters.readers.local.e_invoices.xml_values import put, put_table

Values = dict[str, Any]

# UNTDID 4461: the ways of payment that invoices name most.
_WAYS = {
    "10": "cash", "20": "cheque", "30": "credit transfer", "31": "debit transfer", "42": "payment to a bank account",
    "48": "bank card", "49": "direct debit", "54": "credit card", "55": "debit card", "57": "standing agreement",
    "58": "SEPA credit transfer", "59": "SEPA direct debit", "68": "online payment service", "97": "clearing between partners",
}
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
_OF_ACCOUNT = ("payment_means", "account_holder", "iban", "account_number", "bic", "payment_reference")


def way(code: str | None) -> str | None:
    """What people call the way of payment; a code that is not among the usual ones stays as it is."""
    return _WAYS.get(code, code) if code else None


def account(number: str | None) -> Values:
    """An account's number under the name that fits it."""
    name = "iban" if _IBAN.fullmatch("".join((number or "").split()).upper()) else "account_number"
    return {name: number}


def put_accounts(reading: Reading, ways: Sequence[Values]) -> None:
    """Keeps the first way of payment as fields, and all of them as a table where there are several accounts."""
    accounts = {one.get("iban") or one.get("account_number") for one in ways} - {None}
    for name in dict.fromkeys((*_OF_ACCOUNT, *(name for one in ways for name in one))):
        put(reading, name, next((one[name] for one in ways if one.get(name)), None))
    if len(accounts) > 1:
        put_table(reading, "bank_accounts", ({name: one.get(name) for name in _OF_ACCOUNT} for one in ways))


def put_preceding(reading: Reading, invoices: Sequence[Values]) -> None:
    """Keeps the first invoice that this one goes on with or corrects, and all of them where there are several."""
    for first in invoices[:1]:
        put(reading, "preceding_invoice", first["number"])
        put(reading, "preceding_invoice_date", first["date"])
    if len(invoices) > 1:
        put_table(reading, "preceding_invoices", invoices)


def put_terms(reading: Reading, days: Sequence[Values], discounts: Iterable[Values], said: str | None) -> None:
    """Keeps until when to pay, the instalments where there are several, and the discounts for paying early.

    The day until which a discount holds is not the day that the whole is due. `days` have their `due`, and whether a
    discount is bound to them (`is_of_discount`); `said` may hold discounts in the form that XRechnung gives them.
    """
    dated = [one for one in days if one["due"]]
    last = max((one["due"] for one in dated), default=None)
    put(reading, "due", next((one["due"] for one in dated if not one["is_of_discount"]), last))
    if len(dated) > 1:
        columns = ("due", "amount", "percent", "terms")
        put_table(reading, "instalments", ({name: one.get(name) for name in columns} for one in dated))
    put_table(reading, "cash_discount_terms", [*discounts, *_told(said or "")])


_TOLD = re.compile(r"#SKONTO#TAGE=(\d{1,3})#PROZENT=(\d{1,2}(?:\.\d{1,4})?)#(?:BASISBETRAG=(-?\d{1,15}(?:\.\d{1,4})?)#)?")


def _told(said: str) -> Iterator[Values]:
    for days, percent, base in _TOLD.findall(said):
        yield {"percent": Decimal(percent), "days": int(days), "base_amount": Decimal(base) if base else None}
