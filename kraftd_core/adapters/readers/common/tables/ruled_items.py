"""Line items of the ruled tables of pages: each grid read as a sheet is, each value with its place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kraftd_core.adapters.readers.common.candidates import BESIDE, Candidate
from kraftd_core.adapters.readers.common.labels import AMOUNT_ROLES, is_total_label, key_of
from kraftd_core.adapters.readers.common.reading import Found, ReadTable
from kraftd_core.adapters.readers.common.tables.cell_tables import GridReading, read_grid
from kraftd_core.adapters.readers.common.tables.item_rows import WHOLE
from kraftd_core.adapters.readers.common.tables.labelled import role_of_total
from kraftd_core.adapters.readers.common.tables.ruled_grids import PlacedText, RuledGrid, ruled_grids
from kraftd_core.adapters.readers.common.values import Manner, folded, parse_number
from kraftd_core.adapters.readers.common.words import Page

_CELL_CONFIDENCE = 0.88
_AGREEING_CELL_CONFIDENCE = 0.97  # quantity times price is the amount
_FIGURES = frozenset(("description", "unit", "quantity", "unit_price", "amount"))
_LONGEST_LABEL = 60
_PROVEN = ("quantity", "unit_price", "amount")


@dataclass(frozen=True, slots=True)
class RuledItems:
    """The lines, how many of them are borne out by their figures, and the sums that their table states of the whole.

    `held` are the words of lines, and of totals of parts, by their ids: no field of the document is told by them.
    """

    table: ReadTable
    agreeing: int
    held: frozenset[int]
    sums: tuple[Candidate, ...] = ()


def ruled_items(pages: Sequence[Page], manner: Manner) -> RuledItems | None:
    """The line items of all ruled tables; of tables with other figures the largest kind. None without any."""
    kinds: dict[frozenset[str], list[tuple[RuledGrid, GridReading]]] = {}
    for grid in ruled_grids(pages):
        reading = read_grid(grid.rows, all_text=True, manner=manner)
        if reading.is_items and reading.rows:
            kinds.setdefault(frozenset(reading.columns) & _FIGURES, []).append((grid, reading))
    if not kinds:
        return None
    largest = max(kinds.values(), key=lambda held: sum(len(reading.rows) for _, reading in held))
    rows = [_row(cells, row) for _, reading in largest for cells, row in zip(reading.cells, reading.rows, strict=True)]
    sums = tuple(_sums(*largest[0], manner)) if len(largest) == 1 else ()  # those of one of several tables are a part's
    cells = (cell for _, reading in largest for row in reading.cells for cell in row.values() if isinstance(cell, PlacedText))
    totals = _parts_totals([grid for grid, _ in largest], sums)
    held = frozenset(id(word) for cell in (*cells, *totals) for word in cell.words)
    table = ReadTable("line_items", [row for row, _ in rows])
    return RuledItems(table, sum(is_agreeing for _, is_agreeing in rows), held, sums)


def _parts_totals(grids: Sequence[RuledGrid], sums: Sequence[Candidate]) -> Iterator[PlacedText]:
    """The labels of totals, where there are several: those beside no sum of the whole, and not called so."""
    known = {pair.words for pair in sums}
    rows = [[cell for cell in row if cell is not None] for grid in grids for row in grid.rows]
    told = [(cell, row) for row in rows for cell in row if _is_total(cell)]
    if len(told) > 1:
        for cell, row in told:
            if known.isdisjoint(other.words for other in row) and not WHOLE.search(folded(cell)):
                yield cell


def _is_total(cell: str) -> bool:
    return len(cell) <= _LONGEST_LABEL and (is_total_label(cell) or role_of_total(cell) in ("subtotal", "total"))


def _sums(grid: RuledGrid, reading: GridReading, manner: Manner) -> Iterator[Candidate]:
    """The sums below the lines, where they stand: from the last row upwards."""
    for pair in reading.labelled:
        cells = (cell for row in reversed(grid.rows) for cell in reversed(row) if cell is not None)
        cell = next((cell for cell in cells if parse_number(cell, manner.sign) == pair.value), None)
        if cell is not None and pair.role in AMOUNT_ROLES:
            yield Candidate(pair.role, key_of(pair.label), pair.value, cell.words, cell.page, BESIDE)


def _row(cells: dict[str, Any], row: dict[str, Any]) -> tuple[dict[str, Found], bool]:
    """The row's values where they stand, and whether its figures agree."""
    is_agreeing = _is_agreeing(row)
    found = {}
    for name, value in row.items():
        if value is None:
            continue
        sure = _AGREEING_CELL_CONFIDENCE if is_agreeing and name in _PROVEN else _CELL_CONFIDENCE
        cell = cells.get(name)
        found[name] = Found(value, cell.page.spot(cell.words, sure)) if isinstance(cell, PlacedText) else Found(value)
    return found, is_agreeing


def agrees(quantity: Decimal, price: Decimal, amount: Decimal, rates: Sequence[Decimal] = ()) -> bool:
    """Whether quantity times price, perhaps less one of the rates, is the amount."""
    slack = abs(amount) / 1000 + Decimal("0.01")
    return any(abs(quantity * price * (100 - rate) / 100 - amount) <= slack for rate in (Decimal(0), *rates))


def _is_agreeing(row: dict[str, Any]) -> bool:
    figures = [row.get(name) for name in _PROVEN]
    if not all(isinstance(figure, (int, float)) and not isinstance(figure, bool) for figure in figures):
        return False
    quantity, price, amount = (Decimal(str(figure)) for figure in figures)
    discount = row.get("discount_percent")
    return agrees(quantity, price, amount, () if not isinstance(discount, (int, float)) else (Decimal(str(discount)),))
