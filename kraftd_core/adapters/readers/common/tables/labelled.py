"""Values with a label beside them, in cells or in text: "Project: Larkmoor", and what they become as fields."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from kraftd_core.adapters.readers.common.kinds import kind_by_words
from kraftd_core.adapters.readers.common.labels import AMOUNT_ROLES, DATE_ROLES, TEXT_ROLES, key_of, role_of, snake
from kraftd_core.adapters.readers.common.reading import Found, Reading
from kraftd_core.adapters.readers.common.tax_ids import NOBODYS, InOrder
from kraftd_core.adapters.readers.common.values import CURRENCY_CODE, Manner, currency_code, currency_of, parse_number, whole_date
from kraftd_core.document.checks.names import role_of as part_named
from kraftd_core.document.jsontypes import number_or_text

_LONGEST_LABEL, _LONGEST_VALUE = 45, 400
_CENT = Decimal("0.01")
_ASIDE = re.compile(r"[\d.,%()@€$£]+")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A value and what the document calls it; `role` is None for a label that we do not know."""

    label: str
    role: str | None
    value: Any


def pairs_in_cells(row: Sequence[Any]) -> Iterator[Labelled]:
    """The label and value pairs of a row of cells: two filled cells, or pairs whose labels end in a colon or are known."""
    cells = [cell for cell in row if cell is not None]
    if whole := _whole_pairs(cells):
        yield from whole
    elif len(cells) == 2 and isinstance(cells[0], str) and _is_beside(cells[0], cells[1]):
        yield _labelled(cells[0], cells[1])
    elif len(cells) % 2 == 0:
        labels, values = cells[0::2], cells[1::2]
        if all(isinstance(label, str) and (label.endswith(":") or role_of(label)) for label in labels):
            yield from (_labelled(label, value) for label, value in zip(labels, values, strict=True))
        else:
            yield from _after_colons(cells)
    elif len(cells) > 2:
        yield from _after_colons(cells)


def _whole_pairs(cells: Sequence[Any]) -> list[Labelled]:
    """The pairs that cells are by themselves: "Invoice no: 7", "Date: 5 May 2025"; one that we know, or nothing but such."""
    found = [pair for cell in cells if isinstance(cell, str) and (pair := in_text(cell))]
    first = in_text(cells[0]) if cells and isinstance(cells[0], str) else None
    is_first_known = first is not None and first.role is not None
    return found if found and (is_first_known or len(found) == len(cells)) else []


def _is_beside(label: str, value: Any) -> bool:
    """Whether the text names what stands beside it: two lines of addresses, side by side, name nothing."""
    if not is_label(label) or (role_of(label) is None and not label.endswith(":") and _is_title(value)):
        return False
    is_figure = not isinstance(value, str) or parse_number(value) is not None
    return is_figure or label.endswith(":") or role_of(label) is not None or not any(c.isdigit() for c in label)


def _is_title(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST_TITLE and kind_by_words([value]) != "other"


_LONGEST_TITLE = 30  # characters


def _after_colons(cells: Sequence[Any]) -> Iterator[Labelled]:
    """Pairs amid a row's other cells: a label that ends in a colon or is known, and what follows it, unless a label does."""
    for label, value in pairwise(cells):
        is_named = isinstance(label, str) and is_label(label) and bool(label.endswith(":") or role_of(label))
        if is_named and not (isinstance(value, str) and (value.endswith(":") or role_of(value))):
            yield _labelled(label, value)


def in_text(text: str) -> Labelled | None:
    """The pair that a line of text is: "Label: value", or both parted by a tab."""
    found = re.match(rf"\s*([^:\t]{{1,{_LONGEST_LABEL}}}?)\s*(?::|\t)\s*(\S.{{0,{_LONGEST_VALUE}}})\s*$", text, re.DOTALL)
    if found is None or not is_label(found[1]) or found[2].startswith("//"):
        return None
    return _labelled(found[1], found[2].strip())


def is_label(text: str) -> bool:
    """Whether the text may name a field: a few words that begin with a letter, and no sentence."""
    bare = text.strip(" :")
    is_short = len(bare) <= _LONGEST_LABEL and len(bare.split()) <= 6
    return is_short and bool(re.match(r"[^\W\d_]", bare)) and not bare.endswith((".", ","))


def role_of_total(label: str) -> str | None:
    """The role of a sum's label, rates and currencies in it aside ("VAT 20%", "Total due (GBP)")."""
    bare = _ASIDE.sub(" ", CURRENCY_CODE.sub(" ", label))
    role = role_of(label) or role_of(bare) or _OF_SUMS.get(key_of(bare))
    return role if role in AMOUNT_ROLES else None


_OF_SUMS = {
    key_of(text): role
    for role, texts in {
        "total": "gross|gross total|gross amount|amount gross|ttc|lordo|bruto|total inc tax|total with vat|total inclusive",
        "subtotal": "ht|net ht|net of tax|total before vat|amount net|neto|base",
    }.items()
    for text in texts.split("|")
}
"""What sums are called that means other things elsewhere: "gross" may be a weight."""


def _labelled(label: str, value: Any) -> Labelled:
    bare = label.strip(" :")
    role = role_of(bare) or role_of_total(bare)
    if bare.casefold() in ("to", "an", "à") or (bare.casefold() == "a" and label.rstrip().endswith(":")):
        role = "customer_name"
    return Labelled(bare, role, value)


def put_all(reading: Reading, pairs: Iterable[Labelled], manner: Manner) -> None:
    """Keeps the pairs as fields: by role where the value fits it, else under the label's own name, as it stands."""
    in_order = InOrder()
    for pair in _with_taxed_subtotal(_with_last_total(list(pairs), manner), manner):
        name, value = _field(pair, manner)
        if owner := in_order.owner_after(pair.role, pair.label):
            name = owner if owner != NOBODYS else snake(pair.label)
        elif pair.role is None or pair.role in TEXT_ROLES:
            name = _free(reading, name, value)
        elif _is_other(reading, name, value):  # said twice, and not the same: neither is lost
            name = _free(reading, snake(pair.label) or name, value)
        reading.put(name, Found(value))
        if pair.role in AMOUNT_ROLES and isinstance(pair.value, str) and (code := currency_of(pair.value)):
            reading.put("currency", Found(code))


def _is_other(reading: Reading, name: str, value: Any) -> bool:
    return value not in (None, "") and name in reading.fields and reading.fields[name].value != value


def _free(reading: Reading, name: str, value: Any) -> str:
    """The name, numbered where another value has it: the blocks of two parties have the same labels."""
    free, n = name, 2
    while free in reading.fields and reading.fields[free].value != value:
        free, n = f"{name}_{n}", n + 1
    return free


def _with_last_total(pairs: list[Labelled], manner: Manner) -> list[Labelled]:
    """Of several totals the last is the total, and those before it are before what stands between: a tax, a discount, freight.

    Where a payment stands between and the last is so much less, the last is what is left to pay. Where nothing does, or
    it does not make up the difference, the first stays the total.
    """
    totals = list(_figures(pairs, "total", manner))
    if len(totals) < 2:
        return pairs
    (at, first), (until, last) = totals[0], totals[-1]
    taxes = [value for _, value in _figures(pairs, "total_tax", manner)]
    parts = {part for pair in pairs[at + 1 : until] if (part := _part_of(pair))}
    is_tax_between = any(pair.role == "total_tax" for pair in pairs[at:until])
    if parts and parts <= PAID and last < first:
        return [replace(pair, role="balance_due") if n == until else pair for n, pair in enumerate(pairs)]
    if not is_tax_between and not parts and not any(abs(first + tax - last) <= _CENT for tax in taxes):
        return pairs
    before = {n for n, _ in totals[:-1]}
    return [replace(pair, role="subtotal") if n in before else pair for n, pair in enumerate(pairs)]


def _with_taxed_subtotal(pairs: list[Labelled], manner: Manner) -> list[Labelled]:
    """Of several subtotals the one that makes the total with the tax is the subtotal; the others keep their own names."""
    sums = {role: [(n, value) for n, value in _figures(pairs, role, manner)] for role in ("subtotal", "total", "total_tax")}
    if len({value for _, value in sums["subtotal"]}) < 2 or not sums["total"]:
        return pairs
    tax, total = sum((value for _, value in sums["total_tax"]), Decimal(0)), sums["total"][0][1]
    fitting = [n for n, value in sums["subtotal"] if abs(value + tax - total) <= _CENT]
    others = {n for n, _ in sums["subtotal"]} - {*fitting[-1:]} if fitting else set()
    return [replace(pair, role=None) if n in others else pair for n, pair in enumerate(pairs)]


def _figures(pairs: Sequence[Labelled], role: str, manner: Manner) -> Iterator[tuple[int, Decimal]]:
    for n, pair in enumerate(pairs):
        value = _amount(pair, manner) if pair.role == role else None
        if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
            yield n, Decimal(str(value))


PAID = frozenset(("paid", "deposit"))
"""The parts that lower what is left to pay, and not the total."""


def part_of_sums(label: str) -> str | None:
    """The part between sums that a label names: a discount, a charge, a rounding, what was paid."""
    role = part_named(snake(label))
    return role.part if role else None


def _part_of(pair: Labelled) -> str | None:
    """The part that a figure plays between sums, by its label: a discount, a charge, what was paid."""
    return None if pair.role in AMOUNT_ROLES else part_of_sums(pair.label)


def _amount(pair: Labelled, manner: Manner) -> Any:
    return parse_number(pair.value, manner.sign) if isinstance(pair.value, str) else pair.value


def _field(pair: Labelled, manner: Manner) -> tuple[str, Any]:
    own_name, value = snake(pair.label) or "field", pair.value
    if pair.role is None or pair.role == "other_party":
        number = _amount(pair, manner) if isinstance(value, str) and "%" not in value and _part_of(pair) else None
        return own_name, _plain(value if number is None else number)
    if pair.role in AMOUNT_ROLES:
        number = parse_number(value, manner.sign) if isinstance(value, str) else value
        return (own_name, value) if number is None or isinstance(number, bool) else (pair.role, _plain(number))
    if pair.role in DATE_ROLES:
        day = whole_date(value, manner.order) if isinstance(value, str) else of_serial(value) or value
        return (pair.role, _plain(day)) if isinstance(day, date) else (own_name, _plain(value))
    if pair.role == "currency":
        code = currency_code(str(value))
        return (pair.role, code) if code else (own_name, _plain(value))
    text = str(_plain(value))
    if pair.role in ("vendor_name", "customer_name"):
        return pair.role, text.splitlines()[0].strip() if text.strip() else None
    return pair.role, text


_FIRST_SERIAL, _LAST_SERIAL = 20_000, 60_000  # 1954 to 2064
_SERIALS_BEGIN = date(1899, 12, 30)


def of_serial(value: Any) -> date | None:
    """The day that a workbook keeps as this number, where the number can be one."""
    is_serial = isinstance(value, int) and not isinstance(value, bool) and _FIRST_SERIAL <= value <= _LAST_SERIAL
    return _SERIALS_BEGIN + timedelta(days=value) if is_serial else None


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.date().isoformat() if not (value.hour or value.minute or value.second) else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return number_or_text(value) if isinstance(value, Decimal) else value
