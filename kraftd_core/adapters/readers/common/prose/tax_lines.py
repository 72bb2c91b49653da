"""The taxes of an order, a line each: "CGST @ 9 %  11,160.00" and "SGST @ 9 %  11,160.00" are two, and their sum the tax."""

import re
from collections.abc import Sequence
from decimal import Decimal

from kraftd_core.adapters.readers.common.prose.passages import Passage
from kraftd_core.adapters.readers.common.reading import Found, ReadTable
from kraftd_core.adapters.readers.common.values import Manner, folded, parse_number
from kraftd_core.document.jsontypes import number_or_text

_SURE = 0.9
_LINE = re.compile(
    r"^(?:[^\W\d_]+[\s:]+){0,3}?"
    r"(?P<kind>cgst|sgst|utgst|igst|central gst|state gst|integrated gst|gst|vat|sales tax|tva|iva|"
    r"mwst|ust|umsatzsteuer)\b"
    r"[^\d]{0,30}(?:(?P<rate>\d{1,2}(?:[.,]\d{1,3})?)\s?%?[^\d]{1,20})?(?P<amount>\d[\d.,' ]{0,18}[.,]\d\d)\W*$"
)
_NAMES = {
    "central gst": "CGST", "state gst": "SGST", "integrated gst": "IGST", "umsatzsteuer": "USt", "mwst": "MwSt", "ust": "USt",
}  # fmt: skip


def taxes_of(passages: Sequence[Passage], manner: Manner) -> tuple[ReadTable | None, Found | None]:
    """A row for each tax, and their sum where the two halves of one tax stand there; nothing where lines repeat a tax."""
    rows = [row for passage in passages if (row := _tax(passage, manner))]
    kinds = [(row["tax_type"].value, row["tax_rate"].value) for row in rows]
    if not rows or len(set(kinds)) < len(kinds):
        return None, None
    return ReadTable("tax_breakdown", rows), _of_both_halves(rows)


def _tax(passage: Passage, manner: Manner) -> dict[str, Found] | None:
    found = _LINE.match(folded(passage.text)) if len(passage.text) <= 160 else None
    amount = parse_number(found["amount"].strip(), manner.sign) if found else None
    if found is None or amount is None:
        return None
    rate = parse_number(found["rate"]) if found["rate"] else None
    kind = _NAMES.get(found["kind"], found["kind"].upper())
    start, end = found.span("amount")
    return {
        "tax_type": passage.found(kind, *found.span("kind"), _SURE),
        "tax_rate": Found(None if rate is None else number_or_text(rate)),
        "tax_amount": passage.found(number_or_text(amount), start, end, _SURE),
    }


def _of_both_halves(rows: Sequence[dict[str, Found]]) -> Found | None:
    """The sum of the central and the state's half, which are always alike."""
    halves = [row for row in rows if row["tax_type"].value in ("CGST", "SGST", "UTGST")]
    amounts = [Decimal(str(row["tax_amount"].value)) for row in halves]
    if len(amounts) != 2 or len(rows) != 2 or amounts[0] != amounts[1]:
        return None
    return Found(number_or_text(sum(amounts, Decimal(0))), halves[0]["tax_amount"].spot)
