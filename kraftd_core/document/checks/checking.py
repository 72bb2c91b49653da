"""Arithmetic and completeness checks on document data; each fires only where the data contradicts itself."""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from typing import Any, Literal

from kraftd_core.document.changes import path_of
from kraftd_core.document.checks.codes import codes_that_cannot_be, other_currencies
from kraftd_core.document.checks.model import (
    CENT,
    LINE_NUMBERS,
    Document,
    Finding,
    Line,
    day,
    has_text,
    is_blank,
    is_long_number,
    lines_of,
    number,
    plain_figure,
)
from kraftd_core.document.checks.taxes import taxes_by_rate
from kraftd_core.document.jsontypes import ROW_ID, Data
from kraftd_core.document.kinds import kind_of
from kraftd_core.document.wording import clipped, in_sentence, label_of, money, quantity

__all__ = ("EXACT", "Document", "Finding", "Line", "check", "day", "has_text", "is_blank", "line_amounts", "lines_of", "number")

_LARGEST_ROUNDING = Decimal("0.005")  # of the amount: beyond it, no rounding of prices and quantities explains a difference
_CASH_ROUNDING = Decimal("0.025")  # half the smallest coin, where tills round to it
EXACT = Context(prec=1300)  # doubles reach from 1e-308 to 1e308: enough for their products and sums

_PLAIN = (int, float)  # the types themselves: True is no amount
_POSITIONS = frozenset(("pos", "position", "no", "nr", "number", "item", "line", "id", "code", "year", "section", "article"))
_ADJUSTING = re.compile(
    r"(?<![a-z])(?:(?:discount|allowance|charge|surcharge|fee|tip|cost|deposit|overhead)s?|rebate|shipping|freight|delivery|handling|postage"
    r"|packing|packaging|gratuity|service|insurance|rounding|adjustment|withholding|retention|prepaid|advance|credit|duty|customs"
    r"|contingency|profit|markup)(?![a-z])"
)
_COUNTERS = ("pos", "position", "line", "line_no", "line_number")
_MOST_ADJUSTMENTS = 5  # each multiplies the readings by five

_ALMOST_A_DAY = re.compile(r"\d{1,4}([./-])\d{1,2}\1\d{1,4}")


def check(data: Data, as_of: date) -> list[Finding]:
    """What is wrong with the data on that day. `data["document_type"]` says what the document should hold."""
    document = Document(data, kind_of(data.get("document_type")), as_of)
    with localcontext(EXACT):
        return [finding for find in _CHECKS for finding in find(document)]


# The checks: each yields what it found


def _line_amounts(document: Document) -> Iterator[Finding]:
    """Quantity times unit price is the amount; any other number of the line may be a discount, a tax, or the price's base."""
    unit = float(document.smallest_unit)
    for line in (line for lines in document.tables.values() for line in lines):
        if _is_plainly_right(line.row, unit):
            continue
        count, price, amount = (line.number(column) for column in LINE_NUMBERS)
        if count is None or price is None or amount is None:
            continue
        tolerance = max(_line_tolerance(count, price), document.smallest_unit)
        if _fits(amount, [count * price], tolerance) or _fits(amount, _line_readings(line, count, price), tolerance):
            continue
        expected = _rounded_like(count * price, amount)
        message = f"{quantity(count)} x {money(price)} is {money(expected)}, but the amount says {money(amount)}."
        cells = tuple(line.path(column) for column in LINE_NUMBERS)
        yield Finding("line_amount", "error", f"{line.title}: {message}", cells, plain_figure(expected), plain_figure(amount))


def _is_plainly_right(row: Data, unit: float) -> bool:
    """Whether doubles, quicker than decimals, already say that the line fits; below a billion they err by far less than this."""
    cells: list[Any] = [row.get(column) for column in LINE_NUMBERS]
    for cell in cells:
        if type(cell) not in _PLAIN or not -1e9 < cell < 1e9:
            return False
    count, price, amount = cells
    return bool(abs(count * price - amount) < unit * 0.9)


def _line_tolerance(count: Decimal, price: Decimal) -> Decimal:
    """What rounding explains: half a unit in the last place of the price, and of a quantity that is not whole."""
    of_price = abs(count) * _half_unit(price)
    of_count = abs(price) * _half_unit(count) if count % 1 else Decimal(0)
    return min(of_price + of_count + CENT / 2, abs(count * price) * _LARGEST_ROUNDING)


def _half_unit(value: Decimal) -> Decimal:
    return Decimal(5).scaleb(-max(2, _decimals(value)) - 1)


def _decimals(value: Decimal) -> int:
    return max(0, -int(value.as_tuple().exponent))


def _rounded_like(value: Decimal, other: Decimal) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-max(2, _decimals(other))), ROUND_HALF_UP)


def _line_readings(line: Line, count: Decimal, price: Decimal) -> Iterator[Decimal]:
    base = count * price
    yield from (base / int(pieces) for pieces in re.findall(r"(?<!\w)[1-9]\d{1,5}", str(line.row.get("unit", ""))))
    others = [line.number(column) for column in line.row if column not in (*LINE_NUMBERS, ROW_ID) and not _names_a_place(column)]
    readings = {base}
    for value in filter(None, others[:_MOST_ADJUSTMENTS]):
        yield from (once := {reading for first in readings for reading in _adjusted(first, value, count)})
        readings |= once if len(readings) == 1 else set()  # two at a time: a discount and a tax


def _adjusted(base: Decimal, value: Decimal, count: Decimal) -> Iterator[Decimal]:
    """The base with a value as percentage, as amount in all or for each piece, as share, as factor or as divisor."""
    share = base * value / 100
    yield from (base - share, base + share, base - value, base + value, base - value * count, base + value * count)
    yield from (base * (1 - value), base * value, base / value)
    if value != -100:
        yield base / (1 + value / 100)


def _names_a_place(column: str) -> bool:
    """Whether the column counts or names the lines rather than saying how much."""
    return not _POSITIONS.isdisjoint(re.findall(r"[^\W\d_]+", column.lower()))


def _fits(value: Decimal, readings: Iterable[Decimal], tolerance: Decimal) -> bool:
    return any(abs(value - reading) <= tolerance for reading in readings)


def _sum_of_lines(document: Document) -> Iterator[Finding]:
    """The lines add up to the subtotal, or to the total where there is none."""
    lines = document.priced_items
    amounts = [amount for line in lines if (amount := line.number("amount")) is not None]
    name = "subtotal" if document.number("subtotal") is not None else document.kind.total
    stated = document.number(name)
    if not amounts or len(amounts) < len(lines) or name is None or stated is None:
        return
    total = sum(amounts, Decimal(0))
    tolerance = document.smallest_unit * Decimal(math.sqrt(len(amounts)))  # as far as amounts rounded one by one drift apart
    if _fits(abs(stated), map(abs, _sum_readings(document, total)), tolerance):
        return
    # Without subtotal and tax, an unread tax may be the difference.
    severity: Literal["error", "warning"] = "warning" if name != "subtotal" and document.number("total_tax") is None else "error"
    message = f"The lines add up to {money(total)}, but the {in_sentence(name)} says {money(stated)}."
    cells = (*(line.path("amount") for line in lines), path_of(name))
    yield Finding("line_sum", severity, message, cells, plain_figure(total), plain_figure(stated))


def line_amounts(data: Data) -> dict[str, Decimal]:
    """The amounts of the line items by cell; empty where one of them is not known, so that no sum can be told."""
    lines = [line for line in lines_of(data) if not line.is_heading]
    amounts = {line.path("amount"): amount for line in lines if (amount := line.number("amount")) is not None}
    return amounts if len(amounts) == len(lines) else {}


def _sum_readings(document: Document, total: Decimal) -> Iterator[Decimal]:
    """The sum of all lines, of those that are no sums themselves, and each with what the document adds or takes off."""
    priced = [line for line in document.items if not all(is_blank(line.row.get(name)) for name in ("quantity", "unit_price"))]
    sums = {total, sum((line.number("amount") or Decimal(0) for line in priced), Decimal(0))} if priced else {total}
    tax = document.number("total_tax") or Decimal(0)
    for value in sums:
        yield from _with_adjustments(document, value)
        yield from (value + tax, value - tax)  # lines may be stated with the tax or without


def _total_of_parts(document: Document) -> Iterator[Finding]:
    """Subtotal and tax are the total."""
    name = document.kind.total
    subtotal, tax, total = (document.number(field) for field in ("subtotal", "total_tax", name))
    if name is None or subtotal is None or tax is None or total is None:
        return
    readings = [*_with_adjustments(document, subtotal + tax), abs(subtotal) + abs(tax)]
    if _rounds_cash(document):
        readings.append(subtotal)  # tills print a subtotal with the tax in it
    tolerance = max(document.smallest_unit, _CASH_ROUNDING if _rounds_cash(document) else Decimal(0))
    if _fits(total, readings, tolerance) or _fits(abs(total), readings, tolerance):
        return
    expected = subtotal + tax
    message = (
        f"The subtotal {money(subtotal)} plus the tax {money(tax)} is {money(expected)},"
        f" but the {in_sentence(name)} says {money(total)}."
    )
    cells = ("subtotal", "total_tax", path_of(name))
    yield Finding("total", "error", message, cells, plain_figure(expected), plain_figure(total))


def _rounds_cash(document: Document) -> bool:
    return document.kind.name == "receipt" or str(document.data.get("currency")) == "CHF"


def _with_adjustments(document: Document, base: Decimal) -> set[Decimal]:
    """The base with every choice of the document's discounts, charges and the like taken off, added or left out."""
    known = {"subtotal", "total_tax", document.kind.total}
    values = [
        value
        for name, member in document.data.items()
        if name not in known and _ADJUSTING.search(name.lower()) and (value := number(member))
    ]
    readings = {base}
    for value in values[:_MOST_ADJUSTMENTS]:
        share = base * value / 100
        readings |= {reading + part for reading in readings for part in (value, -value, share, -share)}
    return readings


def _numbers_written_as_text(document: Document) -> Iterator[Finding]:
    """Amounts and quantities are numbers."""
    names = dict.fromkeys(name for name in ("subtotal", "total_tax", document.kind.total) if name)
    for name in names:
        yield from _not_a_number(document.data.get(name), path_of(name), f"The {in_sentence(name)}")
    for line in document.items:
        for column in LINE_NUMBERS:
            if _may_be_no_number(line.row.get(column)):
                yield from _not_a_number(line.row[column], line.path(column), f"{line.title}: the {in_sentence(column)}")


def _may_be_no_number(value: Any) -> bool:
    return value is not None and type(value) not in _PLAIN  # most cells end here, before their place is written out


def _not_a_number(value: Any, cell: str, what: str) -> Iterator[Finding]:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if is_number or is_blank(value) or is_long_number(value):
        return
    said = f" “{clipped(value, 40)}”" if isinstance(value, str) else ""
    yield Finding("not_a_number", "warning", f"{what}{said} is not a number.", (cell,), None, said.strip(" “”") or None)


def _required_fields(document: Document) -> Iterator[Finding]:
    """Every kind of document has fields that it must not lack."""
    for name in document.kind.required:
        if is_blank(document.data.get(name)):
            verb = "are" if name == "line_items" else "is"
            yield Finding("required", "error", f"The {in_sentence(name)} {verb} missing.", (path_of(name),))


def _dates_written_otherwise(document: Document) -> Iterator[Finding]:
    """What is written as a date in figures names a day, year first."""
    for name in (document.kind.date, document.kind.due):
        value = document.data.get(name) if name else None
        if name and isinstance(value, str) and _ALMOST_A_DAY.fullmatch(value.strip()) and day(value) is None:
            message = f"{label_of(name)}: “{value.strip()}” is not a date written as year, month and day."
            yield Finding("date_form", "warning", message, (path_of(name),), None, value.strip())


def _order_of_dates(document: Document) -> Iterator[Finding]:
    """Nothing is due before the document's own date."""
    issued, due = document.kind.date, document.kind.due
    start, end = document.day(issued), document.day(due)
    if issued and due and start and end and end < start:
        message = f"{label_of(due)}: {end} is before the {in_sentence(issued)} {start}."
        yield Finding("due_before_date", "warning", message, (path_of(issued), path_of(due)), None, str(end))


def _overdue(document: Document) -> Iterator[Finding]:
    """An invoice over a sum that is still owed is paid by its due date."""
    due = document.day("due_date")
    if document.kind.name == "invoice" and due and due < document.as_of and _is_owed(document):
        message = f"The due date {due} has passed, as of {document.as_of}."
        yield Finding("overdue", "warning", message, ("due_date",), None, str(due))


def _is_owed(document: Document) -> bool:
    owed = [document.number(name) for name in ("amount_due", "balance_due", "invoice_total")]
    return all(value is None or value > 0 for value in owed)


def _repeated_lines(document: Document) -> Iterator[Finding]:
    """No line of a section is there twice; tills print one line for each piece."""
    if document.kind.name == "receipt":
        return
    names = Counter(line.row.get("description") for line in document.items if has_text(line.row.get("description")))
    seen: dict[str, Line] = {}
    for line in document.items:
        if line.is_heading:
            seen = {}
        elif has_text(name := line.row.get("description")) and names[name] > 1:
            first = seen.setdefault(_contents(line), line)
            if first is not line:
                cells = (first.path("description"), line.path("description"))
                yield Finding("duplicate_line", "warning", f"{line.title} repeats {first.place}.", cells)


def _contents(line: Line) -> str:
    return repr(sorted((column, repr(value)) for column, value in line.row.items() if column not in (ROW_ID, *_COUNTERS)))


def _negative_quantities(document: Document) -> Iterator[Finding]:
    """A quantity below zero takes something back, which then has an amount below zero, too."""
    for line in document.items:
        count = line.number("quantity")
        if count is not None and count < 0 and is_blank(line.row.get("amount")):
            message = f"{line.title}: the quantity {quantity(count)} is below zero."
            yield Finding("negative_quantity", "warning", message, (line.path("quantity"),), None, plain_figure(count))


_CHECKS: tuple[Callable[[Document], Iterator[Finding]], ...] = (
    _line_amounts,
    _sum_of_lines,
    _total_of_parts,
    taxes_by_rate,
    _numbers_written_as_text,
    _required_fields,
    _dates_written_otherwise,
    _order_of_dates,
    _overdue,
    _repeated_lines,
    _negative_quantities,
    other_currencies,
    codes_that_cannot_be,
)
