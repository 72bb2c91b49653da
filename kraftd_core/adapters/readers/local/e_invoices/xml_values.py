"""Reads texts, amounts and days out of the elements of an e-invoice, and names its units as people do."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from kraftd_core.adapters.readers.common.reading import Found, Reading, ReadTable, Spot
from kraftd_core.document.jsontypes import number_or_text

Element = Any
"""An lxml element whose tags have lost their namespaces."""

EXACT = Spot(1.0)  # the issuer's own statement: nothing was recognised or guessed

TAKEN = "taken-by-reader"
"""The attribute that marks an element whose text was taken."""

_MAY_BE_ZERO = ("subtotal", "total_tax", "total", "balance_due")
_FILES_NAMED = 5
_NUMBER = re.compile(r"[+-]?\d{1,30}(?:\.\d{0,20})?|[+-]?\.\d{1,20}")
_DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?:\d{4}|[TZ+-].*)?")

# Recommendation 20 and, from XBX on, 21 of the United Nations Economic Commission for Europe: the codes that invoices use most.
_UNITS = {
    "C62": "piece", "H87": "piece", "EA": "each", "NAR": "article", "PCE": "piece", "PR": "pair", "SET": "set", "DZN": "dozen",
    "CEN": "hundred", "MIL": "thousand", "LS": "lump sum", "NPR": "pair", "P1": "percent", "KGM": "kg", "GRM": "g",
    "MGM": "mg", "TNE": "t", "LTR": "l", "MLT": "ml", "HLT": "hl", "MTR": "m", "CMT": "cm", "MMT": "mm", "KMT": "km",
    "MTK": "m²", "MTQ": "m³", "CMK": "cm²", "HAR": "ha", "LM": "running metre", "HUR": "hour", "MIN": "minute", "SEC": "second",
    "DAY": "day", "WEE": "week", "MON": "month", "ANN": "year", "QAN": "quarter", "KWH": "kWh", "MWH": "MWh", "KWT": "kW",
    "4L": "MB", "E34": "GB", "E48": "service unit", "E49": "working day", "E51": "job", "IE": "person", "FOT": "ft", "INH": "in",
    "XBX": "box", "XPK": "package", "XCT": "carton", "XPX": "pallet", "XPF": "pallet", "XBG": "bag", "XBO": "bottle",
    "XBC": "crate", "XCR": "crate", "XCA": "can", "XRO": "roll", "XSA": "sack", "XST": "sheet", "XDR": "drum", "XTU": "tube",
    "XPA": "packet", "XUN": "unit", "XPP": "piece", "XCS": "case", "XEA": "each",
}


def texts(node: Element, path: str) -> list[str]:
    """The texts at the path, each on one line, blank ones left out."""
    return [_taken(found) for found in _filled(node, path)]


def _filled(node: Element, *paths: str) -> Iterator[Element]:
    return (found for path in paths for found in node.iterfind(path) if found.text and not found.text.isspace())


def _taken(element: Element) -> str:
    element.set(TAKEN, "")
    return " ".join(element.text.split())


def text(node: Element, *paths: str) -> str | None:
    """The first text that stands at one of the paths."""
    found = next(_filled(node, *paths), None)
    return None if found is None else _taken(found)


def paragraphs(node: Element, path: str) -> str | None:
    """The texts at the path with their line breaks, parted by a blank line."""
    parts = node.findall(path)
    for part in parts:
        part.set(TAKEN, "")
    found = ["\n".join(line.strip() for line in (part.text or "").strip().splitlines()) for part in parts]
    return "\n\n".join(filter(None, found)) or None


def amount(node: Element, *paths: str) -> Decimal | None:
    """The first number at one of the paths, written as XML does."""
    found = next(_filled(node, *paths), None)
    if found is None or not _NUMBER.fullmatch(found.text.strip()):
        return None
    return Decimal(_taken(found))


def amount_in(currency: str | None, node: Element, path: str) -> Decimal | None:
    """Of amounts in several currencies, the one in the document's own; one without a currency is in it."""
    stated = [found for found in node.iterfind(path) if found.get("currencyID", currency) == currency]
    return next((value for found in stated or node.findall(path) if (value := amount(found, ".")) is not None), None)


def amount_of_tax_abroad(currency: str | None, node: Element, path: str) -> tuple[Decimal, str] | None:
    """Of amounts in several currencies the first that is not in the document's own, which taxes are accounted in."""
    for found in node.iterfind(path):
        stated = found.get("currencyID")
        if stated and currency and stated != currency and (value := amount(found, ".")) is not None:
            return value, stated
    return None


def day(node: Element, *paths: str) -> str | None:
    """The day at one of the paths as ISO text; whatever else stands there is none."""
    element = next(_filled(node, *paths), None)
    found = None if element is None else _DAY.fullmatch(element.text.strip())
    try:
        stated = date(*map(int, found.groups())).isoformat() if found else None
    except ValueError:
        return None
    if stated:
        _taken(element)
    return stated


def unit(code: str | None) -> str | None:
    """What people call the unit; a code that is not among the usual ones stays as it is."""
    return _UNITS.get(code.strip().upper(), code.strip()) if code else None


def put(reading: Reading, name: str, value: Any) -> None:
    """Keeps a field that the data states."""
    reading.put(name, Found(_plain(value), EXACT))


def put_tax_abroad(reading: Reading, stated: tuple[Decimal, str] | None) -> None:
    """Keeps the tax in the currency that it is accounted in, and that currency."""
    if stated:
        put(reading, "tax_in_accounting_currency", stated[0])
        put(reading, "accounting_currency", stated[1])


def put_sums(reading: Reading, sums: Mapping[str, Decimal | None]) -> None:
    """Keeps the document's sums: adjustments of zero are none, and the sum of the lines only counts beside another subtotal."""
    for name, value in sums.items():
        is_said_already = name == "line_total" and value == sums.get("subtotal")
        put(reading, name, value if (value or name in _MAY_BE_ZERO) and not is_said_already else None)


def put_attachments(reading: Reading, documents: Iterable[dict[str, Any]]) -> None:
    """Keeps the documents that the invoice refers to, and says which files it carries: those are not read."""
    held = list(documents)
    put_table(reading, "further_documents", held)
    if files := [str(one["file"]) for one in held if one.get("file")]:
        named = ", ".join(name[:80] for name in files[:_FILES_NAMED]) + (", …" if len(files) > _FILES_NAMED else "")
        reading.notices.append(f"The invoice data carries files that were not read: {len(files)} ({named}).")


def put_table(reading: Reading, name: str, rows: Iterable[dict[str, Any]]) -> None:
    """Keeps the rows, without their empty cells; a table without rows is none."""
    kept = [{column: Found(_plain(value), EXACT) for column, value in row.items() if value not in (None, "")} for row in rows]
    if any(kept):
        reading.tables.append(ReadTable(name, [row for row in kept if row]))


def _plain(value: Any) -> Any:
    return number_or_text(value) if isinstance(value, Decimal) else value


# Allowances and charges of a line


@dataclass(frozen=True, slots=True)
class Adjustment:
    """An allowance, or a charge, as it is stated."""

    is_charge: bool
    amount: Decimal


def discount_and_charge(
    adjustments: Sequence[Adjustment], price: Decimal | None, total: Decimal | None
) -> tuple[Decimal | None, Decimal | None]:
    """What is taken off a line and put on it, each in all.

    Some issuers write an allowance below zero: it is one still where only that makes the stated total of the price.
    """
    allowed, charged = (
        sum((one.amount for one in adjustments if one.is_charge is is_charge), Decimal(0)) for is_charge in (False, True)
    )
    sizes = sum((abs(one.amount) for one in adjustments if not one.is_charge), Decimal(0))
    if price is not None and total is not None and sizes != allowed:
        as_stated, as_sizes = (abs(price - less + charged - total) for less in (allowed, sizes))
        allowed = sizes if as_sizes <= _CENT < as_stated else allowed
    return allowed or None, charged or None


_CENT = Decimal("0.01")


# Credit notes

_CREDITS = frozenset(
    ("81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "502", "503", "532")  # of the code list UNTDID 1001
)
_OF_MONEY = (
    "subtotal", "total_tax", "total", "balance_due", "prepaid_amount", "line_total", "allowance_total", "charge_total",
    "rounding_amount", "tax_in_accounting_currency", "withholding_tax",
)
_CHANGING_COLUMNS = ("quantity", "amount", "discount", "charge", "included_amount", "taxable_amount", "tax_amount", "base_amount",
                     "discount_amount")


def with_signs_of_credit(reading: Reading, type_code: str | None) -> None:
    """A credit note states what is given back as if it were owed; here it gets the sign of what it does."""
    total = reading.fields.get("total")
    if type_code not in _CREDITS or total is None or not isinstance(total.value, int | float) or total.value <= 0:
        return
    reading.notices.append("This is a credit note: its amounts are shown below zero, because they lower what is owed.")
    for name in _OF_MONEY:
        if name in reading.fields:
            reading.fields[name] = _negated(reading.fields[name])
    for table in reading.tables:
        table.rows = [
            {column: _negated(found) if column in _CHANGING_COLUMNS else found for column, found in row.items()}
            for row in table.rows
        ]


def _negated(found: Found) -> Found:
    return Found(-found.value, found.spot) if isinstance(found.value, int | float) and found.value else found
