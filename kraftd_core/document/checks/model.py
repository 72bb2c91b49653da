"""What the checks look at and what they say: answers, and the values, lines and fields of a document."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Context, Decimal
from functools import cached_property, lru_cache
from math import isfinite
from typing import Any, Literal, TypeAlias, TypeGuard

from kraftd_core.document.changes import path_of
from kraftd_core.document.jsontypes import ROW_ID, Data, Row
from kraftd_core.document.kinds import DocumentKind
from kraftd_core.document.wording import clipped, in_sentence, money

CENT = Decimal("0.01")
EXACT = Context(prec=1300)  # doubles reach from 1e-308 to 1e308: enough for their products and sums
_QUOTIENT = Context(prec=60)
PLAIN = (int, float)  # the types themselves: True is no amount
LINE_NUMBERS = ("quantity", "unit_price", "amount")
_NAMES = ("description", "item", "name", "product")

_NOTHING = frozenset(("", "-", "–", "—"))
_DIGITS = re.compile(r"-?\d+(?:\.\d+)?")
_SHORT_DIGITS = 15  # up to here a number is a JSON number, and a text is a text
_MOST_DIGITS = 60  # beyond it nothing is calculated
_LARGEST = 10**_MOST_DIGITS
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T.*)?")
_CLOCK = re.compile(r"(\d{1,4})(?:\s*h\s*|:)([0-5]\d)(?::([0-5]\d))?(?:\s*(?:h|hrs?|hours?|std\.?|m|min\.?))?", re.IGNORECASE)
_PERCENT = re.compile(r"(-?\d{1,3}(?:[.,]\d{1,4})?)\s*%")
_LUMP = re.compile(
    r"(?:1\s*)?(?:ls|l\.s\.|lump\s?sum|sum|item|psch\.?|pauschal|pausch\.|forfait|ff|ens\.?|job|lot)", re.IGNORECASE
)

Answer: TypeAlias = Literal["held", "differs", "not_checked"]
"""Whether what a check compared is the same, or is not, or could not be compared."""

Severity: TypeAlias = Literal["error", "warning", "note"]
"""How grave a finding is; a note is a fact to know, of which nothing has to be confirmed or corrected."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check answers: one sentence for the user, the cells it used (named like changes), what it expected and found.

    `reading` says in one phrase how the figures were read where they do not fit by themselves ("with the 10 % discount"),
    `tolerance` how far they may be apart.
    """

    check: str
    severity: Severity
    message: str
    cells: tuple[str, ...]
    expected: str | None = None
    found: str | None = None
    answer: Answer = "differs"
    reading: str | None = None
    tolerance: str | None = None


def held(
    check: str,
    message: str,
    cells: tuple[str, ...],
    reading: str | None,
    tolerance: Decimal,
    expected: Decimal | None = None,
    found: Decimal | None = None,
) -> Finding:
    """The answer that what was compared is the same, as far as the tolerance goes."""
    one, other = (None if value is None else plain_figure(value) for value in (expected, found))
    return Finding(check, "note", message, cells, one, other, "held", reading, plain_figure(tolerance))


def not_checked(
    check: str,
    message: str,
    cells: tuple[str, ...],
    reading: str | None = None,
    expected: str | None = None,
    found: str | None = None,
) -> Finding:
    """The answer that a comparison could not be made, or only in part, and why; what was there to compare is kept."""
    return Finding(check, "note", message, cells, expected, found, "not_checked", reading)


# Reading values


def divided(value: Decimal, by: Decimal) -> Decimal:
    """The quotient, as far as anybody needs it: that of doubles has no end."""
    return _QUOTIENT.divide(value, by)


def number(value: Any) -> Decimal | None:
    """The value as a number: a JSON number, or one that is kept as text because it has too many digits for one."""
    kind = type(value)
    if kind is int:
        return Decimal(value) if -_LARGEST < value < _LARGEST else None
    if kind is float:
        return Decimal(format(value, ".15g")) if isfinite(value) else None  # the noise of binary fractions is no figure
    return Decimal(value) if is_long_number(value) and len(value) <= _MOST_DIGITS else None


def count(value: Any) -> Decimal | None:
    """A quantity: a number, a time on the clock ("2:30" is two and a half hours), or a lump sum, which is one."""
    known = number(value)
    if known is not None or not isinstance(value, str):
        return known
    text = value.strip()
    if clock := _CLOCK.fullmatch(text):
        return Decimal(clock[1]) + divided(Decimal(clock[2]) * 60 + Decimal(clock[3] or 0), Decimal(3600))
    return Decimal(1) if _LUMP.fullmatch(text) else None


def percent(value: Any) -> Decimal | None:
    """A percentage that is written as text: "19 %"."""
    match = _PERCENT.fullmatch(value.strip()) if isinstance(value, str) else None
    return Decimal(match[1].replace(",", ".")) if match else None


def is_long_number(value: Any) -> TypeGuard[str]:
    """Whether this text is a number that has too many digits for a JSON number."""
    if not isinstance(value, str) or len(value) <= _SHORT_DIGITS or not _DIGITS.fullmatch(value):
        return False
    return len(re.sub(r"\D", "", value).strip("0")) > _SHORT_DIGITS


def day(value: Any) -> date | None:
    """The day that an ISO date or time names."""
    match = _DAY.fullmatch(value.strip()) if isinstance(value, str) else None
    try:
        return date.fromisoformat(match[1]) if match else None
    except ValueError:
        return None


def is_blank(value: Any) -> bool:
    """Whether nothing is said: null, an empty text, list or object, or a dash."""
    if isinstance(value, (int, float)):
        return False
    return value is None or value in ([], {}) or (isinstance(value, str) and value.strip() in _NOTHING)


def has_text(value: Any) -> bool:
    """Whether this is a text that says something."""
    return isinstance(value, str) and not is_blank(value)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table, with its place in it (from 0)."""

    table: str
    index: int
    row: Row
    _numbers: dict[str, Decimal | None] = field(default_factory=dict, repr=False, compare=False)  # each cell is read once

    def path(self, column: str) -> str:
        """The cell, named like changes."""
        return f"{_name(self.table)}[{path_of(str(self.row.get(ROW_ID, self.index + 1)))}].{_name(column)}"

    def number(self, column: str) -> Decimal | None:
        """The cell's number, if it holds one: a quantity may be written in other words, a rate with its sign."""
        if column not in self._numbers:
            value = self.row.get(column)
            if value is None or type(value) in PLAIN:
                self._numbers[column] = number(value)
            elif column == "quantity":
                self._numbers[column] = count(value)
            else:
                self._numbers[column] = percent(value) if column not in LINE_NUMBERS and "%" in str(value) else number(value)
        return self._numbers[column]

    @property
    def place(self) -> str:
        """Where it stands: "line 3"."""
        return f"line {self.index + 1}" if self.table == "line_items" else f"row {self.index + 1} of {in_sentence(self.table)}"

    @property
    def title(self) -> str:
        """Where it stands and what it is about: "Line 3 (Pump 2 kW)"."""
        name = next((self.row[column] for column in _NAMES if has_text(self.row.get(column))), "")
        return self.place[0].upper() + self.place[1:] + (f" ({clipped(name, 60)})" if name else "")

    @property
    def is_heading(self) -> bool:
        """Whether it has neither quantity, nor price, nor amount: a section's name, or a note."""
        return is_blank(self.row.get("amount")) and all(is_blank(self.row.get(column)) for column in LINE_NUMBERS)


@lru_cache(1024)
def _name(name: str) -> str:
    """A name as paths write it; of tables and columns there are few, and each is asked for often."""
    return path_of(name)


def lines_of(data: Data, table: str = "line_items") -> list[Line]:
    """The rows of a table; none where the data has no such table."""
    rows = data.get(table)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return []
    return [Line(table, index, row) for index, row in enumerate(rows)]


@dataclass(frozen=True)  # without slots, so that what several checks ask is found once
class Document:
    """What the checks look at."""

    data: Data
    kind: DocumentKind
    as_of: date
    own_names: Mapping[str, str] = field(default_factory=dict)
    """What fields are called in the data, where that is not the usual name: `total_tax` is "vat_included"."""

    @cached_property
    def tables(self) -> dict[str, list[Line]]:
        """The rows of all tables."""
        return {name: lines for name in self.data if (lines := lines_of(self.data, name))}

    @cached_property
    def items(self) -> list[Line]:
        """The line items."""
        return self.tables.get("line_items", [])

    @cached_property
    def item_columns(self) -> frozenset[str]:
        """The columns that the line items have."""
        return frozenset(column for line in self.items for column in line.row)

    def number(self, name: str | None) -> Decimal | None:
        """The field's number, if it holds one; a rate may be written with its sign."""
        value = self.data.get(name) if name else None
        known = number(value)
        return percent(value) if known is None else known

    def called(self, name: str) -> str:
        """What the field is called in the data, in small letters."""
        return self.own_names.get(name, name).lower()

    def day(self, name: str | None) -> date | None:
        """The field's day, if it names one."""
        return day(self.data.get(name)) if name else None

    @cached_property
    def said(self) -> str:
        """All short texts of the fields, in small letters: what the document says of itself."""
        return " | ".join(value.lower() for value in self.data.values() if isinstance(value, str) and len(value) <= _LONGEST_SAID)

    @cached_property
    def currency(self) -> str:
        """The code of its currency; empty where it names none."""
        named = self.data.get("currency")
        return named.strip().upper() if isinstance(named, str) else ""

    @cached_property
    def smallest_unit(self) -> Decimal:
        """What sums are rounded to in the document's currency: a cent, a yen, a fils."""
        return Decimal(1).scaleb(-_fractions(self.currency)[0])

    @cached_property
    def coin(self) -> Decimal:
        """What totals may be rounded to when they are paid: the smallest coin that is in use."""
        digits, steps = _fractions(self.currency)[1:]
        return Decimal(max(1, steps)).scaleb(-digits)

    def tolerance(self, stated: Decimal, unit: Decimal | None = None) -> Decimal:
        """How far a stated sum may be from its parts; where it is a whole number of coins, half a coin."""
        unit = unit or self.smallest_unit
        coin = max(self.coin, _TILL) if self.kind.name == "receipt" else self.coin
        return max(unit, coin / 2) if coin > unit and stated % coin == 0 else unit


_LONGEST_SAID = 2_000  # characters of a text that may say "reverse charge"; longer ones are terms of business
_TILL = Decimal("0.05")  # tills round to it in countries whose currency has smaller coins, too
_WHOLE_BY_LAW = {"INR": (2, 0, 0)}  # totals and taxes to the rupee: section 170 of India's Central Goods and Services Tax Act


@lru_cache(64)
def _fractions(currency: str) -> tuple[int, int, int]:
    """The digits of amounts, those of sums that are paid, and the steps of these (5 is 0.05), by Unicode's CLDR."""
    from babel.core import get_global

    if currency in _WHOLE_BY_LAW:
        return _WHOLE_BY_LAW[currency]
    known = get_global("currency_fractions")
    digits, _, paid, steps = known.get(currency, known["DEFAULT"])
    return digits, paid, steps


def plain_figure(value: Decimal) -> str:
    """A number as a finding holds it: "1200.50"."""
    return money(value).replace(",", "")
