"""Makes tables of rows out of the grids in an answer of Document Intelligence: merged cells, several heads, several pages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from kraftd_core.adapters.readers.azure.names import snake_case
from kraftd_core.adapters.readers.azure.values import Sizes, Stretches, Told, Wire, place_of, text_of_cell
from kraftd_core.adapters.readers.common.labels import NUMERIC_COLUMNS, column_of, distinct_columns
from kraftd_core.adapters.readers.common.values import DateOrder, parse_number, percent, whole_date
from kraftd_core.document.units import DecimalSign

_FIGURES = ("quantity", "unit_price", "amount")
_SECTION = "section"
_LONGEST_NAME = 48


@dataclass(frozen=True, slots=True)
class TableManner:
    """How the document measures its pages and writes numbers and dates; no sign where it shows no decimals."""

    sizes: Sizes
    sign: DecimalSign | None
    order: DateOrder


@dataclass(slots=True)
class CellGrid:
    """A table as rows under column names; `has_head` says whether the names stand on the page."""

    columns: list[str]
    rows: list[dict[str, Told]]
    title: str | None
    has_head: bool
    pages: list[int] = field(default_factory=list)

    @property
    def is_of_lines(self) -> bool:
        """Whether the rows are lines of the document: things with figures."""
        return "description" in self.columns and any(name in self.columns for name in _FIGURES)


def grids_of(tables: Iterable[Wire], manner: TableManner) -> list[CellGrid]:
    """The tables with every row of theirs; a table that goes on, on the next page or under the same head, is one."""
    grids: list[CellGrid] = []
    for table in tables:
        grid = _grid(table, manner)
        whole = next((earlier for earlier in reversed(grids) if _goes_on(earlier, grid, is_last=earlier is grids[-1])), None)
        if whole is None:
            grids.append(grid)
        else:
            _join(whole, grid, table, manner)
    for grid in grids:
        if any(_SECTION in row for row in grid.rows):
            grid.rows = [{_SECTION: Told(None)} | row for row in grid.rows]
    return grids


def _goes_on(earlier: CellGrid, grid: CellGrid, *, is_last: bool) -> bool:
    """Whether `grid` goes on with the earlier one: lines under the same head do so wherever they stand."""
    follows = is_last and bool(earlier.pages and grid.pages) and grid.pages[0] == earlier.pages[-1] + 1
    if not earlier.has_head:
        return False
    if not grid.has_head:
        return follows and len(grid.columns) == len(earlier.columns)
    is_same = follows and grid.title in (None, earlier.title)
    return grid.columns == earlier.columns and (is_same or grid.is_of_lines)


def _join(whole: CellGrid, grid: CellGrid, table: Wire, manner: TableManner) -> None:
    if not grid.has_head:  # read once more, now that the columns have names
        grid = _grid(table, manner, whole.columns)
    section = whole.rows[-1].get(_SECTION)
    if section and not grid.title:
        grid.rows = [{_SECTION: section} | row for row in grid.rows]
    whole.rows += grid.rows
    whole.pages += grid.pages


def _grid(table: Wire, manner: TableManner, given: list[str] | None = None) -> CellGrid:
    cells = list(table.get("cells") or ())
    height, width = _extent(table, cells)
    head = 0 if given else _head_height(cells, height)
    title, headings = _headings(cells, head, width)
    columns = given or _column_names(headings)
    rows: list[dict[str, Told]] = [dict.fromkeys(columns, Told(None)) for _ in range(height - head)]
    for cell in cells:
        _spread(cell, rows, columns, head, manner)
    pages = sorted({int(region["pageNumber"]) for region in table.get("boundingRegions") or ()})
    grid = CellGrid(columns, rows, title, has_head=bool(head or given), pages=pages)
    if title and grid.is_of_lines:  # lines are one table in the end, whatever part of the work they belong to
        grid.rows = [{_SECTION: Told(title)} | row for row in rows]
    return grid


def _extent(table: Wire, cells: Sequence[Wire]) -> tuple[int, int]:
    """Rows and columns; cells that stand beyond what the table says of itself count."""
    height = max([int(table.get("rowCount") or 0), *(c["rowIndex"] + c.get("rowSpan", 1) for c in cells)])
    width = max([int(table.get("columnCount") or 0), *(c["columnIndex"] + c.get("columnSpan", 1) for c in cells)])
    return height, width


# The head


def _head_height(cells: Sequence[Wire], height: int) -> int:
    """How many rows from the top are head, if rows are left below; a first row of known headings is one without being told."""
    marked = {row for c in cells if c.get("kind") == "columnHeader" for row in _rows(c)}
    others = {c["rowIndex"] for c in cells if c.get("kind", "content") == "content" and c.get("content")}
    head = next((row for row in range(height) if row not in marked or row in others), height)
    if head == 0:
        first = [c["content"] for c in cells if c["rowIndex"] == 0 and c.get("content")]
        head = int(len(first) > 1 and all(map(column_of, first)))
    return head if head < height else 0


def _rows(cell: Wire) -> range:
    return range(cell["rowIndex"], cell["rowIndex"] + cell.get("rowSpan", 1))


def _columns(cell: Wire) -> range:
    return range(cell["columnIndex"], cell["columnIndex"] + cell.get("columnSpan", 1))


def _headings(cells: Sequence[Wire], head: int, width: int) -> tuple[str | None, list[str]]:
    """The table's title, which spans all columns, and each column's heading, from the top down."""
    title: str | None = None
    parts: list[list[str]] = [[] for _ in range(width)]
    for cell in sorted((c for c in cells if c["rowIndex"] < head), key=lambda c: c["rowIndex"]):
        text = " ".join(str(cell.get("content") or "").split())
        if width > 1 and len(_columns(cell)) == width:
            title = " ".join(filter(None, (title, text))) or None
            continue
        for column in _columns(cell):
            if text and text not in parts[column]:
                parts[column].append(text)
    return title, [" ".join(words) for words in parts]


def _column_names(headings: Sequence[str]) -> list[str]:
    """Each heading's usual name, else its own words, else its number."""
    names = [column_of(text) or (clipped_name(text) if text else f"column_{n}") for n, text in enumerate(headings, 1)]
    return _each_once(distinct_columns(names))


def clipped_name(text: str) -> str:
    """A name out of a text, cut at a word where it is long."""
    name = snake_case(text)
    return name if len(name) <= _LONGEST_NAME else name[:_LONGEST_NAME].rpartition("_")[0] or name[:_LONGEST_NAME]


def _each_once(names: Sequence[str]) -> list[str]:
    taken: dict[str, None] = {}
    for name in names:
        free, n = name, 2
        while free in taken:
            free, n = f"{name}_{n}", n + 1
        taken[free] = None
    return list(taken)


# The cells


def _spread(cell: Wire, rows: list[dict[str, Told]], columns: Sequence[str], head: int, manner: TableManner) -> None:
    """Puts a cell into its row; a text merged over rows holds for each of them, a number for the first alone:
    repeated, it would count twice in sums."""
    name = columns[cell["columnIndex"]]
    value = _typed(name, text_of_cell(str(cell.get("content") or "")), manner)
    found = Told(value, place_of(cell, manner.sizes, has_value=value is not None))
    own = [row - head for row in _rows(cell) if row >= head]
    for row in own if isinstance(value, str) and parse_number(value) is None else own[:1]:
        rows[row][name] = found


def _typed(column: str, value: str | bool | None, manner: TableManner) -> Any:
    """Figures as numbers and dates as ISO texts in the columns that are known to hold them; else the text."""
    if not isinstance(value, str):
        return value
    typed: Any = None
    if column in NUMERIC_COLUMNS:
        typed = percent(value, manner.sign) if column == "tax_rate" else parse_number(value, manner.sign)
    elif column == "date" and (day := whole_date(value, manner.order)):
        typed = day.isoformat()
    return value if typed is None else typed


# What is told already


def is_told(table: Wire, fields: Stretches) -> bool:
    """Whether every row that holds anything is touched by the fields that stand in these stretches."""
    cells = list(table.get("cells") or ())
    head = _head_height(cells, _extent(table, cells)[0])
    rows: dict[int, bool] = {}
    for cell in cells:
        if cell.get("content") and cell.get("kind") != "columnHeader" and cell["rowIndex"] >= head:
            rows[cell["rowIndex"]] = rows.get(cell["rowIndex"], False) or fields.touch(cell)
    return bool(rows) and all(rows.values())
