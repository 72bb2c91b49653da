"""Which rows of a table are work or goods, by what the names of their columns say, in whatever words."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

from kraftd_core.document.checks.line_words import SUM_WORDS, text_of
from kraftd_core.document.checks.model import Line, is_blank

Part = Literal["quantity", "unit", "price"]

_PARTS: tuple[tuple[Part, re.Pattern[str]], ...] = (
    ("quantity", re.compile(r"(?:^|_)(?:quantity|qty|quantities|menge|anzahl|quantit[ée])(?:_|$)")),
    ("unit", re.compile(r"(?:^|_)(?:unit|uom|einheit|unit[ée])$")),
    ("price", re.compile(r"(?:^|_)(?:price|rate|amount|value|total|preis|betrag|prix|montant)(?:_|$)")),
)


@lru_cache(1000)
def _part_of(column: str) -> Part | None:
    """What a column holds by its name: "total_quantity" is a quantity, "unit_rate_omr" a price."""
    return next((part for part, name in _PARTS if name.search(column.lower())), None)


def _parts_in(line: Line) -> set[Part]:
    """The parts that say something in this row."""
    return {part for column, value in line.row.items() if (part := _part_of(column)) and not is_blank(value)}


def has_quantity(line: Line) -> bool:
    """Whether it says how much of it there is."""
    return "quantity" in _parts_in(line)


def has_price(line: Line) -> bool:
    """Whether a price or an amount stands there."""
    return "price" in _parts_in(line)


def work_among(lines: Iterable[Line]) -> list[Line]:
    """The rows that are no headings, notes or sums."""
    return [line for line in lines if _is_work(line) and not SUM_WORDS.search(text_of(line))]


def _is_work(line: Line) -> bool:
    is_nameless_sum = not text_of(line) and not line.number("quantity") and "description" in line.row
    return not is_nameless_sum and bool(_parts_in(line))
