"""Counts the row-like rows of a grid of cells, of a sheet or of a table in a text, and says which of them were taken."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kraftd_core.adapters.readers.common.column_heads import is_unit
from kraftd_core.adapters.readers.common.ledger.counts import (
    amounts_of,
    gaps_in,
    is_figure,
    is_sum,
    is_tax,
    item_number,
    sum_of,
    sums_of_parts,
    why_by_words,
)
from kraftd_core.adapters.readers.common.reading import RowCount
from kraftd_core.adapters.readers.common.values import folded, parse_number, whole_date
from kraftd_core.document.units import DecimalSign

if TYPE_CHECKING:
    from kraftd_core.document.ledger.nouns import WhyLeftOut

_BEHIND, _AHEAD = 10, 60  # taken rows that are looked at for the one that a row of cells became
_ALIKE = 0.5
_WIDEST_PAIR = 2

Cells = Sequence[Any]


def count_cells(
    title: str, grid: Sequence[Cells], rows: Sequence[Mapping[str, Any]], known: Sequence[Any], sign: DecimalSign | None
) -> RowCount:
    """The ledger of this grid, whose rows were taken in their order; `known` are the values that were read around them."""
    count = RowCount(sheet=title or None, rows_taken=len(rows))
    fields = Counter(token for value in known for token in _tokens([value], sign))
    taken, parts = _GridRows(rows, sign), sums_of_parts(rows) | {Decimal(0)}
    printed: list[Decimal] = []
    is_taxed = False
    width = max((_filled(row) for row in grid), default=0)
    for row in grid:
        texts = [cell for cell in row if isinstance(cell, str) and any(c.isalpha() for c in cell) and not is_unit(cell)]
        if _is_row_like(row, width, sign) and not taken.holds(row):
            count.left_out[_why(row, texts, fields, sign) or ("total" if _collects(row, parts, sign) else "not_understood")] += 1
        printed += _printed(row, texts, sign)
        is_taxed = is_taxed or any(map(is_tax, texts))
    count.number_gaps = [missing for _, missing in gaps_in(row.get("position") for row in rows)]
    if found := sum_of(amounts_of(rows), printed, is_taxed=is_taxed):
        count.sums.append(found)
    return count


def _filled(row: Cells) -> int:
    return sum(cell not in (None, "") for cell in row)


def _is_row_like(row: Cells, width: int, sign: DecimalSign | None) -> bool:
    """A row with a figure beside something else: three cells of it, or two where the whole grid is no wider.

    The number of a heading is no figure.
    """
    filled = [cell for cell in row if cell not in (None, "")]
    behind = filled[1:] if filled and item_number(str(filled[0])) else filled
    return len(filled) >= max(2, min(3, width)) and any(_number(cell, sign) is not None for cell in behind)


def _why(row: Cells, texts: Sequence[str], fields: "Counter[str]", sign: DecimalSign | None) -> "WhyLeftOut | None":
    """Why the row is none: by its words, or as all that it holds was read as fields."""
    first = next((cell for cell in row if cell not in (None, "")), None)
    if not texts:
        is_measured = any(isinstance(cell, str) and is_unit(cell) for cell in row)
        return "head" if _is_counting(row, sign) else None if is_measured else "total"
    is_numbered = _number(first, sign) is not None and _filled(row) > _WIDEST_PAIR
    if why := why_by_words(texts, is_numbered=is_numbered and not any(map(is_sum, texts))):
        return why
    figures = [token for cell in row if _number(cell, sign) is not None for token in _tokens([cell], sign)]
    if all(token in fields for token in figures):
        return "note"
    return None


def _collects(row: Cells, parts: set[Decimal], sign: DecimalSign | None) -> bool:
    """Whether all that the row states, its number aside, is the sum of a part as it was taken."""
    filled = [cell for cell in row if cell not in (None, "")]
    figures = [number for cell in filled[1:] if (number := _number(cell, sign)) is not None]
    return len(figures) == 1 and figures[0] in parts


def _is_counting(row: Cells, sign: DecimalSign | None) -> bool:
    """The columns counted through from one."""
    numbers = [_number(cell, sign) for cell in row if cell not in (None, "")]
    return len(numbers) > 2 and numbers == list(range(1, len(numbers) + 1))


def _printed(row: Cells, texts: Sequence[str], sign: DecimalSign | None) -> list[Decimal]:
    """The figures of a row that is called a sum."""
    if not any(map(is_sum, texts)):
        return []
    return [number for cell in row if (number := _number(cell, sign)) is not None]


class _GridRows:
    """The rows that were taken, found again about where they stand by what they hold."""

    def __init__(self, rows: Sequence[Mapping[str, Any]], sign: DecimalSign | None) -> None:
        self._rows = [Counter(_tokens(row.values(), sign)) for row in rows]
        self._used = [False] * len(rows)
        self._at = 0
        self._sign = sign

    def holds(self, row: Cells) -> bool:
        """Whether a row was taken that holds most of this one, figures above all; it is then used up."""
        wanted = Counter(_tokens(row, self._sign))
        for n in range(max(0, self._at - _BEHIND), min(self._at + _AHEAD, len(self._rows))):
            if not self._used[n] and _is_same(wanted, self._rows[n]):
                self._used[n], self._at = True, n + 1
                return True
        return False


def _is_same(wanted: "Counter[str]", taken: "Counter[str]") -> bool:
    shared = wanted & taken
    figures, found = (sum(times for token, times in held.items() if token[-1].isdigit()) for held in (wanted, shared))
    return shared.total() > _ALIKE * wanted.total() and found >= _ALIKE * figures


_WORD = re.compile(r"[^\W\d_]{2,}|\d[\d.,]*")


def _tokens(cells: Any, sign: DecimalSign | None) -> Iterator[str]:
    """What cells hold, so that a text and what became of it meet: numbers by their value, dates by their day, words."""
    for cell in cells:
        if isinstance(cell, datetime):
            yield cell.date().isoformat()
        elif isinstance(cell, (date, time, timedelta)):
            yield str(cell)
        elif (number := _number(cell, sign)) is not None:
            yield f"{number.normalize():f}"
        elif isinstance(cell, str):
            yield from _words(cell)


def _words(text: str) -> Iterator[str]:
    if day := whole_date(text):
        yield day.isoformat()
    else:
        yield from _WORD.findall(folded(text[:2_000]))


def _number(cell: Any, sign: DecimalSign | None) -> Decimal | None:
    if is_figure(cell):
        return Decimal(format(float(cell), ".12g")) if isinstance(cell, float) else Decimal(cell)
    return parse_number(cell, sign) if isinstance(cell, str) and any(c.isdigit() for c in cell[:60]) else None
