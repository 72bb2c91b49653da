"""Reads a grid of cells, of a sheet or of a table in a text: its head, the fields around it, its rows, sections and totals."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from kraftd_core.adapters.readers.common.column_heads import is_remark, meaning_of
from kraftd_core.adapters.readers.common.labels import (
    NUMERIC_COLUMNS,
    is_identifier_name,
    role_of,
    snake,
)
from kraftd_core.adapters.readers.common.tables.below import labels_below, second_table
from kraftd_core.adapters.readers.common.tables.item_columns import columns_of_items, columns_without_head
from kraftd_core.adapters.readers.common.tables.item_rows import COUNTED, is_aside, items_of
from kraftd_core.adapters.readers.common.tables.labelled import Labelled, in_text, of_serial, pairs_in_cells
from kraftd_core.adapters.readers.common.values import (
    Manner,
    currency_of,
    manner_of,
    parse_number,
    percent,
    quantity_and_unit,
    whole_date,
)
from kraftd_core.document.jsontypes import number_or_text

Cell: TypeAlias = str | int | float | Decimal | bool | date | datetime | time | timedelta | None
Grid: TypeAlias = Sequence[Sequence[Cell]]

_HEAD_AMONG = 200
_FIGURES = {"unit", "quantity", "unit_price", "amount"}


class ShownNumber(float):
    """A number with the text that its cell shows for it."""

    shown: str

    def __new__(cls, value: float, shown: str) -> "ShownNumber":
        number = super().__new__(cls, value)
        number.shown = shown
        return number


@dataclass(slots=True)
class GridReading:
    """What a grid holds: labelled values around the table, the table's rows, the texts that are neither, and all texts.

    `cells` are the rows of line items as they stood in the grid, before numbers were read out of them. `below` is what
    follows with a head of its own, and `title` the text above such a head.
    """

    labelled: list[Labelled] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    cells: list[dict[str, Any]] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    is_items: bool = False
    currency: str | None = None
    texts: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    below: "GridReading | None" = None
    title: str | None = None

    @property
    def parts(self) -> "list[GridReading]":
        """This table and those below it."""
        return [self, *(self.below.parts if self.below else ())]


def read_grid(grid: Grid, *, all_text: bool, manner: Manner | None = None, is_sheet: bool = False) -> GridReading:
    """The grid's content; `all_text` where numbers and dates come as texts and are to be recognised, as in CSV.

    `manner` is that of the document around it, where there is one. A sheet may hold further tables below the first.
    """
    rows = [[_stripped(cell) for cell in row] for row in grid]
    texts = [cell for row in rows for cell in row if isinstance(cell, str)]
    manner = manner or manner_of(texts)
    reading = GridReading(seen=texts)
    head = _head_of(rows, manner)
    if head is None:
        _read_without_head(rows, reading, manner, all_text=all_text)
        return reading
    around, headings, body = head
    if is_sheet and (at := labels_below(body)) is not None:
        around, body = [*around, *body[at:]], body[:at]
    if is_sheet and (at := second_table(body)) is not None:
        reading.below = read_grid(body[at:], all_text=all_text, manner=manner, is_sheet=True)
        reading.below.title = _title(body[at : at + 1])
        body = body[:at]
    if not any(cell is not None for row in body for cell in row):  # a head of nothing is none
        _read_around(rows, reading)
        return reading
    _read_around(around, reading)
    width = max([len(headings), *(len(row) for row in body)])
    headings += [""] * (width - len(headings))
    padded = [list(row) + [None] * (width - len(row)) for row in body if any(cell is not None for cell in row)]
    reading.is_items = _is_of_items(headings, padded, manner)
    if reading.is_items:
        _read_items(headings, padded, reading, manner, _title(around))
        reading.cells = [dict(row) for row in reading.rows] if all_text else []
    else:
        reading.columns = plain_columns(headings)
        reading.rows = [dict(zip(reading.columns, row, strict=True)) for row in padded]
    _type_columns(reading, manner, all_text=all_text)
    return reading


def _stripped(cell: Cell) -> Cell:
    if isinstance(cell, str):
        stripped = cell.strip()
        return (cell if stripped == cell else stripped) or None  # one that knows its place on a page stays what it is
    return cell


# The head


def _head_of(rows: Grid, manner: Manner) -> tuple[Grid, list[str], Grid] | None:
    """What stands above the head, the headings, and the rows below; None where no row names the columns."""
    at = _head_at(rows)
    if at is not None:
        headings, after = _headings(rows, at)
        if groups := _groups_above(rows, at):
            both = zip(headings, groups, strict=True)
            return rows[: at - 1], [f"{group} {own}" if headings.count(own) > 1 else own for own, group in both], rows[after:]
        return rows[:at], headings, rows[after:]
    if (at := _amid_items(rows)) is not None:
        row = rows[at]
        named = [(_column_of(cell) or "") in (*_FIGURES, "position") for cell in row]
        headings = [str(cell) if is_named else "" for cell, is_named in zip(row, named, strict=True)]
        rest = [None if is_named else cell for cell, is_named in zip(row, named, strict=True)]
        return rows[:at], headings, [rest, *rows[at + 1 :]]
    if columns := columns_without_head(rows, manner):
        return [], columns, rows[1:] if _heads_figures(rows[0], columns) else rows
    at = _first_of_texts(rows)
    return None if at is None else (rows[:at], [str(cell or "") for cell in rows[at]], rows[at + 1 :])


def _heads_figures(row: Sequence[Cell], columns: Sequence[str]) -> bool:
    """Whether words that we do not know head the columns of figures."""
    cells = [cell for name, cell in zip(columns, row, strict=False) if name in COUNTED]
    return len(cells) > 1 and all(isinstance(cell, str) and not any(c.isdigit() for c in cell) for cell in cells) and not any(
        is_remark(str(cell)) for cell in cells
    )


def _head_at(rows: Grid) -> int | None:
    """The row that names most of the columns that line items have."""
    best, best_score = None, 1
    for n, row in enumerate(rows[:_HEAD_AMONG]):
        named = {column for cell in row if (column := _column_of(cell))}
        filled = [cell for cell in row if cell is not None]
        figures = sum(not isinstance(cell, (str, date)) or parse_number(str(cell)) is not None for cell in filled)
        if len(named) > best_score and _names_items(named) and (not figures or len(named) >= 4 > figures):
            best, best_score = n, len(named)
    return best


def _column_of(cell: Cell) -> str | None:
    """The column that the cell names, if it is a head."""
    meaning = meaning_of(cell) if isinstance(cell, str) else None
    return meaning.column if meaning else None


def _amid_items(rows: Grid) -> int | None:
    """The row that names unit and figures while its other cells hold the first item or its heading."""
    for n, row in enumerate(rows[:_HEAD_AMONG]):
        named = {column for cell in row if (column := _column_of(cell))}
        if len(named & _FIGURES) >= 2 and "unit" in named and sum(cell is not None for cell in row) > len(named & _FIGURES):
            return n
    return None


def _headings(rows: Grid, at: int) -> tuple[list[str], int]:
    """The headings, those of a second row below them joined to the groups above; and where the rows begin."""
    head = [str(plain_value(cell)) if cell is not None else "" for cell in rows[at]]
    below = rows[at + 1] if at + 1 < len(rows) else []
    if not _goes_on(head, below):
        return head, at + 1
    width = max(len(head), len(below))
    head += [""] * (width - len(head))
    lower = [str(cell) if cell is not None else "" for cell in below] + [""] * (width - len(below))
    groups = [next((head[m] for m in range(n, -1, -1) if head[m]), "") for n in range(width)]
    return [f"{group} {text}" if text else own for own, group, text in zip(head, groups, lower, strict=True)], at + 2


def _groups_above(rows: Grid, at: int) -> list[str]:
    """The groups that the row above gives heads which stand there twice ("Supply" over Rate and Amount); none elsewhere."""
    head = [str(cell or "") for cell in rows[at]]
    above = list(rows[at - 1]) if at else []
    filled = [n for n, cell in enumerate(above) if cell is not None]
    twice = [n for n, text in enumerate(head) if text and head.count(text) > 1]
    if not twice or len(filled) < 2 or filled[0] != twice[0] or not all(isinstance(above[n], str) for n in filled):
        return []
    return [next((str(above[m]) for m in range(min(n, len(above) - 1), -1, -1) if above[m]), "") for n in range(len(head))]


def _goes_on(head: Sequence[str], below: Sequence[Cell]) -> bool:
    """Whether the row below names columns too: those that the head leaves blank, and none that it has described."""
    filled = [(n, cell) for n, cell in enumerate(below) if cell is not None]
    if len(filled) < 2 or not all(isinstance(cell, str) and parse_number(cell) is None for _, cell in filled):
        return False
    named = [n for n, cell in filled if (_column_of(cell) or "") in _FIGURES]
    blank = [n for n, _ in filled if n >= len(head) or not head[n]]
    return len(named) >= 2 and len(named) >= 0.6 * len(filled) and bool(blank)


def _first_of_texts(rows: Grid) -> int | None:
    filled = [(n, [cell for cell in row if cell is not None]) for n, row in enumerate(rows) if any(c is not None for c in row)]
    widest = max((len(cells) for _, cells in filled[:_HEAD_AMONG]), default=0)
    if widest == 2 and _looks_labelled([cells for _, cells in filled]):
        return None
    for n, cells in filled[:_HEAD_AMONG]:
        texts = [cell for cell in cells if isinstance(cell, str) and parse_number(cell) is None and whole_date(cell) is None]
        if len(cells) == len(texts) == len(set(texts)) and len(cells) >= min(2, widest) and len(cells) > widest // 2:
            return n
    return None


def _looks_labelled(rows: Sequence[Sequence[Cell]]) -> bool:
    """Rows of a label and its value: labels that end in a colon, or that we know."""
    pairs = [row for row in rows if len(row) == 2]
    known = sum(1 for row in pairs if isinstance(row[0], str) and any(p.role for p in pairs_in_cells(row)))
    colons = sum(1 for row in pairs if isinstance(row[0], str) and row[0].endswith(":"))
    return bool(pairs) and (known >= max(2, len(pairs) // 3) or known == len(pairs) or colons > len(pairs) // 2)


def _names_items(named: set[str]) -> bool:
    return bool(named & {"description", "item", "item_number"}) and bool(named & set(COUNTED)) and len(named) >= 2


def _is_of_items(headings: Sequence[str], body: Sequence[list[Cell]], manner: Manner) -> bool:
    if _names_items({column for heading in headings if (column := _column_of(heading))}):
        return True
    return "" in headings and _names_items(set(columns_of_items(headings, body, manner)))


def plain_columns(headings: Sequence[str]) -> list[str]:
    """Names out of headings as they stand, each used once."""
    names: list[str] = []
    for n, heading in enumerate(headings, 1):
        name = snake(heading) or f"column_{n}"
        names.append(name if name not in names else f"{name}_{n}")
    return names


def _read_without_head(rows: Grid, reading: GridReading, manner: Manner, *, all_text: bool) -> None:
    filled = [[cell for cell in row if cell is not None] for row in rows]
    if max((len(row) for row in filled), default=0) <= 2 and _looks_labelled(filled):
        _read_around(rows, reading)
        return
    width = max((len(row) for row in rows), default=0)
    reading.columns = [f"column_{n}" for n in range(1, width + 1)]
    padded = [list(row) + [None] * (width - len(row)) for row in rows if any(cell is not None for cell in row)]
    reading.rows = [dict(zip(reading.columns, row, strict=True)) for row in padded]
    _type_columns(reading, manner, all_text=all_text)


def _read_around(rows: Grid, reading: GridReading) -> None:
    taken = 0  # rows that were read with the one above them
    for n, row in enumerate(rows):
        if taken:
            taken -= 1
            continue
        if blocks := _blocks_of_parties(rows, n):
            taken = max(map(len, blocks.values()))
            _read_blocks(row, blocks, reading)
            continue
        if below := list(_pairs_below(row, rows[n + 1] if n + 1 < len(rows) else [])):
            reading.labelled += below
            taken = 1
            continue
        found = list(pairs_in_cells(row))
        reading.labelled += found
        told = {text for pair in found for text in (pair.label, pair.value)}
        is_pair = len(found) == 1 and sum(cell is not None for cell in row) <= 2
        reading.texts += [cell for cell in row if isinstance(cell, str) and not is_pair and not {cell, cell.strip(" :")} & told
                          and not any(pair.label in cell and str(pair.value) in cell for pair in found)]


_PARTIES = ("vendor_name", "customer_name", "other_party")
_LONGEST_BLOCK = 10  # lines


def _blocks_of_parties(rows: Grid, n: int) -> dict[int, list[str]]:
    """The lines of text under labels of parties that stand side by side, by their columns; none where there are no two."""
    labels = {at: role_of(cell) for at, cell in enumerate(rows[n]) if isinstance(cell, str)}
    if len(labels) < 2 or not all(role in _PARTIES for role in labels.values()):
        return {}
    blocks: dict[int, list[str]] = {at: [] for at in labels}
    for row in rows[n + 1 : n + 1 + _LONGEST_BLOCK]:
        cells = {at: cell for at, cell in enumerate(row) if cell is not None}
        if not cells or not all(at in blocks and isinstance(cell, str) for at, cell in cells.items()):
            break
        for at in blocks:
            blocks[at].append(str(cells.get(at, "")))
    return blocks if any(map(any, blocks.values())) else {}


def _read_blocks(labels: Sequence[Cell], blocks: dict[int, list[str]], reading: GridReading) -> None:
    """The party that each block names first, then what else it says of it, so that a tax number is that of its block."""
    for at, lines in blocks.items():
        label, (name, *others) = str(labels[at]), [line for line in lines if line] or [""]
        reading.labelled.append(Labelled(label.strip(" :"), role_of(label), name))
        for line in others:
            if pair := in_text(line):
                reading.labelled.append(pair)
            else:
                reading.texts.append(line)


def _pairs_below(row: Sequence[Cell], below: Sequence[Cell]) -> Iterator[Labelled]:
    """The pairs of two rows, of which one holds labels that we know and nothing else, and the next a value under each."""
    labels = {n: cell for n, cell in enumerate(row) if cell is not None}
    values = {n: cell for n, cell in enumerate(below) if cell is not None}
    told = {n: role_of(cell) for n, cell in labels.items() if isinstance(cell, str)}
    if len(labels) > 1 and set(values) == set(labels) and all(told.get(n) for n in labels) and not any(
        isinstance(value, str) and role_of(value) for value in values.values()
    ):
        yield from (Labelled(str(label).strip(" :"), told[n], values[n]) for n, label in labels.items())


# Rows of line items


def _title(around: Grid) -> str | None:
    """The text that stands alone right above the head."""
    above = next((row for row in reversed(around) if any(cell is not None for cell in row)), [])
    filled = [cell for cell in above if cell is not None]
    return filled[0] if len(filled) == 1 and isinstance(filled[0], str) and ":" not in filled[0] else None


def _read_items(
    headings: list[str], body: Sequence[list[Cell]], reading: GridReading, manner: Manner, title: str | None
) -> None:
    """The lines of the table with the sections that they stand under; headings and sums are no lines."""
    reading.currency = currency_of(" ".join(headings))
    parts = list(_parts(headings, body))
    for heads, rows in parts:
        columns = columns_of_items(heads, rows, manner)
        again = any(is_aside(dict(zip(columns, cells, strict=True))) for cells in rows)
        titled = title if len(parts) > 1 or again else None
        title = _title(rows[-1:]) if len(parts) > 1 else None
        items = items_of(columns, rows[:-1] if title else rows, manner, titled)
        reading.columns += [column for column in columns if column not in reading.columns]
        reading.rows += items.rows
        reading.labelled += items.sums if len(parts) == 1 else []  # those of a part are not the whole's
        reading.texts += items.texts
    if title:
        reading.texts.append(title)
    if len(parts) > 1:
        reading.rows = [{name: row.get(name) for name in (*reading.columns, *row)} for row in reading.rows]
    for name in ("remarks", "section"):
        if any(name in row for row in reading.rows):
            reading.rows = [row | {name: row.get(name)} for row in reading.rows]
            reading.columns = [*(c for c in reading.columns if c != name), name] if name == "section" else [
                *reading.columns, *(c for c in (name,) if c not in reading.columns)
            ]


def _parts(headings: list[str], body: Sequence[list[Cell]]) -> Iterator[tuple[list[str], Sequence[list[Cell]]]]:
    """The table, parted where another head names other columns: each part is read by its own head."""
    begin = 0
    for n, row in enumerate(body):
        if _is_other_head(row, headings):
            yield headings, body[begin:n]
            headings, begin = [str(cell or "") for cell in row], n + 1
    yield headings, body[begin:]


def _is_other_head(row: Sequence[Cell], headings: Sequence[str]) -> bool:
    filled = [cell for cell in row if cell is not None]
    if len(filled) < 3 or not all(isinstance(cell, str) and parse_number(cell) is None for cell in filled):
        return False
    named = [_column_of(cell) for cell in row]
    differs = any(
        name and heading and name != _column_of(heading) and not str(cell).startswith(heading)  # which may have been cut there
        for name, cell, heading in zip(named, row, headings, strict=True)
    )
    return differs and sum(map(bool, named)) >= 0.6 * len(filled) and _names_items({name for name in named if name})


# The types of columns


def _type_columns(reading: GridReading, manner: Manner, *, all_text: bool) -> None:
    for name in reading.columns:
        if reading.is_items and name in ("position", "item_number"):
            _keep_numbers_shown(reading.rows, name, all_text=all_text)
        elif reading.is_items and name in NUMERIC_COLUMNS:
            _type_numeric(reading.rows, name, manner)
        elif all_text:
            _type_texts(reading.rows, name, manner)
        elif _DATED.search(name):
            _type_serials(reading.rows, name)
        for row in reading.rows:
            row[name] = plain_value(row.get(name))
    if reading.is_items:
        _split_units(reading)
        _drop_empty_columns(reading)


_DATED = re.compile(r"(?:^|_)(?:date|datum|day|due|delivery|fecha|data|termin)(?:_|$)")


def _type_serials(rows: Sequence[dict[str, Any]], name: str) -> None:
    """The days of a column that a workbook keeps as numbers, if all its numbers can be such."""
    numbers = [row[name] for row in rows if isinstance(row.get(name), (int, float, Decimal))]
    if numbers and all(map(of_serial, numbers)):
        for row in rows:
            row[name] = of_serial(row.get(name)) or row.get(name)


def _keep_numbers_shown(rows: Sequence[dict[str, Any]], name: str, *, all_text: bool) -> None:
    """Numbers of items as they are written or shown, or 1.10 would be 1.1; whole numbers alone are numbers."""
    cells = [row[name] for row in rows if row.get(name) is not None]
    if any(isinstance(cell, ShownNumber) for cell in cells):
        for row in rows:
            if row.get(name) is not None:
                row[name] = getattr(row[name], "shown", None) or str(plain_value(row[name]))
    elif all_text and name == "position" and all(re.fullmatch(r"[1-9]\d{0,5}", str(cell)) for cell in cells):
        for row in rows:
            row[name] = None if row.get(name) is None else int(row[name])


def _type_numeric(rows: Sequence[dict[str, Any]], name: str, manner: Manner) -> None:
    """Numbers where they are written, times as hours; other text in such a column stays as it is."""
    for row in rows:
        cell = row.get(name)
        if isinstance(cell, timedelta):
            row[name] = round(Decimal(str(cell.total_seconds())) / 3600, 4).normalize()
        if isinstance(cell, str):
            number = percent(cell, manner.sign) if "%" in cell else parse_number(cell, manner.sign)
            row[name] = cell if number is None else number
    if name == "tax_rate":
        _as_percent(rows, name)


def _as_percent(rows: Sequence[dict[str, Any]], name: str) -> None:
    """Rates that a sheet keeps as shares of one (0.19, shown as 19 %) become per cent, if all are."""
    rates = [row[name] for row in rows if isinstance(row.get(name), (int, float, Decimal)) and not isinstance(row[name], bool)]
    if any(rates) and all(0 <= rate < 1 for rate in rates):
        for row in rows:
            if isinstance(row.get(name), (int, float, Decimal)):
                row[name] = (Decimal(str(row[name])) * 100).normalize()


def _split_units(reading: GridReading) -> None:
    """ "20 pcs" in a quantity column is a quantity and a unit, where no column of units stands beside it."""
    if "unit" in reading.columns or "quantity" not in reading.columns:
        return
    for row in reading.rows:
        cell = row.get("quantity")
        if isinstance(cell, str) and (counted := quantity_and_unit(cell)) and counted[1]:
            row["quantity"], row["unit"] = number_or_text(counted[0]), counted[1]


def _drop_empty_columns(reading: GridReading) -> None:
    empty = [n for n in reading.columns if n.startswith("column_") and all(row.get(n) is None for row in reading.rows)]
    for row in reading.rows:
        for name in empty:
            row.pop(name, None)


_EXPONENT = re.compile(r"-?\d+(?:\.\d+)?[eE][+-]?\d{1,3}")


def _type_texts(rows: Sequence[dict[str, Any]], name: str, manner: Manner) -> None:
    """A column of texts becomes numbers or dates only as a whole, and never where it holds identifiers."""
    texts = [row[name] for row in rows if isinstance(row.get(name), str)]
    if not texts:
        return
    own = manner_of(texts)
    order = own.order if own.is_order_settled else manner.order
    if all(whole_date(text, order) and not text.isdigit() for text in texts):
        for row in rows:
            if isinstance(row.get(name), str) and (day := whole_date(row[name], order)):
                row[name] = day.isoformat()
    elif not is_identifier_name(name) and not _is_outline(name, texts) and all(_is_clear_number(text, manner) for text in texts):
        for row in rows:
            if isinstance(row.get(name), str):
                row[name] = Decimal(row[name]) if _EXPONENT.fullmatch(row[name]) else parse_number(row[name], manner.sign)


_OUTLINES = re.compile("(?:^|_)(?:position|pos|oz|ordnungszahl|chapter|kapitel|section|version|ver|revision|rev|release)(?:_|$)")


def _is_outline(name: str, texts: Sequence[str]) -> bool:
    """Whether the points in the column part levels: position 1.10 is not 1.1, nor is that version."""
    return bool(_OUTLINES.search(name)) and any("." in text for text in texts)


def _is_clear_number(text: str, manner: Manner) -> bool:
    """A number that can be read in one way only: no phone, no leading zero, no lone comma before three digits, no currency."""
    if _EXPONENT.fullmatch(text):
        return True
    if not re.fullmatch(r"[-−]?\d[\d.,' ]*", text) or re.match(r"[-−]?0\d", text) or parse_number(text, manner.sign) is None:
        return False
    if manner.sign is None and re.fullmatch(r"[-−]?\d{1,3},\d{3}", text):
        return False
    return sum(c.isdigit() for c in text) <= 15


def plain_value(value: Any) -> Any:
    """The value as JSON can hold it: dates and times as ISO texts."""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, ShownNumber):
        return float(value)
    return number_or_text(value) if isinstance(value, Decimal) else value
