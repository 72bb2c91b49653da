"""What the checks look at and what they say: findings, and the values, lines and fields of a document."""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from math import isfinite
from typing import Any, Literal, TypeGuard

from kraftd_core.document.changes import path_of
from kraftd_core.document.jsontypes import ROW_ID, Data, Row
from kraftd_core.document.kinds import DocumentKind
from kraftd_core.document.wording import clipped, in_sentence, money

CENT = Decimal("0.01")
LINE_NUMBERS = ("quantity", "unit_price", "amount")
_NAMES = ("description", "item", "name", "product")
_WITHOUT_CENTS = frozenset(("JPY", "KRW", "HUF", "ISK", "CLP", "VND"))
_IN_THOUSANDTHS = frozenset(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"))

_NOTHING = frozenset(("", "-", "–", "—"))
_DIGITS = re.compile(r"-?\d+(?:\.\d+)?")
_SHORT_DIGITS = 15  # up to here a number is a JSON number, and a text is a text
_MOST_DIGITS = 60  # beyond it nothing is calculated
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T.*)?")


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found wrong: one sentence for the user, the cells it used (named like changes), what it expected and found."""

    check: str
    severity: Literal["error", "warning"]
    message: str
    cells: tuple[str, ...]
    expected: str | None = None
    found: str | None = None


# Reading values


def number(value: Any) -> Decimal | None:
    """The value as a number: a JSON number, or one that is kept as text because it has too many digits for one."""
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, int):
        return Decimal(value) if abs(value) < 10**_MOST_DIGITS else None
    if isinstance(value, float):
        return Decimal(str(value)) if isfinite(value) else None
    return Decimal(value) if is_long_number(value) and len(value) <= _MOST_DIGITS else None


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
        return path_of(self.table, str(self.row.get(ROW_ID, self.index + 1)), column)

    def number(self, column: str) -> Decimal | None:
        """The cell's number, if it holds one."""
        if column not in self._numbers:
            self._numbers[column] = number(self.row.get(column))
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

    @cached_property
    def tables(self) -> dict[str, list[Line]]:
        """The rows of all tables."""
        return {name: lines for name in self.data if (lines := lines_of(self.data, name))}

    @cached_property
    def items(self) -> list[Line]:
        """The line items."""
        return self.tables.get("line_items", [])

    @cached_property
    def priced_items(self) -> list[Line]:
        """The line items without headings."""
        return [line for line in self.items if not line.is_heading]

    def number(self, name: str | None) -> Decimal | None:
        """The field's number, if it holds one."""
        return number(self.data.get(name)) if name else None

    def day(self, name: str | None) -> date | None:
        """The field's day, if it names one."""
        return day(self.data.get(name)) if name else None

    @property
    def smallest_unit(self) -> Decimal:
        """What sums are rounded to in the document's currency."""
        currency = str(self.data.get("currency"))
        if currency in _WITHOUT_CENTS:
            return Decimal(1)
        return CENT / 10 if currency in _IN_THOUSANDTHS else CENT


def plain_figure(value: Decimal) -> str:
    """A number as a finding holds it: "1200.50"."""
    return money(value).replace(",", "")
