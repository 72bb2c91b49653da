"""Reads a grid of cells, of a sheet or of a table in a text: its head, the fields around it, its rows, sections and totals."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from kraftd_core.adapters.readers.common.labels import (
    NUMERIC_COLUMNS,
    column_of,
    is_identifier_name,
    is_total_label,
    named_columns,
    snake,
)
from kraftd_core.adapters.readers.common.values import (
    Manner,
    manner_of,
    parse_number,
    percent,
    quantity_and_unit,
    whole_date,
)
from kraftd_core.adapters.readers.local.office.labelled import Labelled, pairs_in_cells, role_of_total
from kraftd_core.document.jsontypes import number_or_text

Cell: TypeAlias = str | int | float | Decimal | bool | date | datetime | time | timedelta | None
Grid: TypeAlias = Sequence[Sequence[Cell]]

_HEAD_AMONG = 60
_COUNTED = ("quantity", "unit_price", "amount")


@dataclass(slots=True)
class GridReading:
    """What a grid holds: labelled values around the table, the table's rows, the texts that are neither, and all texts."""

    labelled: list[Labelled] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    is_items: bool = False
    texts: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)


def read_grid(grid: Grid, *, all_text: bool) -> GridReading:
    """The grid's content; `all_text` where numbers and dates come as texts and are to be recognised, as in CSV."""
    rows = [[_stripped(cell) for cell in row] for row in grid]
    texts = [cell for row in rows for cell in row if isinstance(cell, str)]
    manner = manner_of(texts)
    reading = GridReading(seen=texts)
    at = _head_at(rows)
    if at is None:
        _read_without_head(rows, reading, manner, all_text=all_text)
        return reading
    _read_around(rows[:at], reading)
    headings = [str(cell) if cell is not None else "" for cell in rows[at]]
    width = max(len(row) for row in rows[at:])
    headings += [""] * (width - len(headings))
    reading.is_items = _is_of_items(headings)
    reading.columns = named_columns(headings) if reading.is_items else plain_columns(headings)
    body = [list(row) + [None] * (width - len(row)) for row in rows[at + 1 :] if any(cell is not None for cell in row)]
    if reading.is_items:
        _read_items(body, reading, manner)
    else:
        reading.rows = [dict(zip(reading.columns, row, strict=True)) for row in body]
    _type_columns(reading, manner, all_text=all_text)
    return reading


def _stripped(cell: Cell) -> Cell:
    if isinstance(cell, str):
        return cell.strip() or None
    return cell


# The head


def _head_at(rows: Grid) -> int | None:
    """The row that names the columns: the one that names most of those we know, else the first of several texts."""
    best, best_score = None, 1
    for n, row in enumerate(rows[:_HEAD_AMONG]):
        texts = [cell for cell in row if cell is not None]
        if len(texts) >= 2 and all(isinstance(cell, str) and parse_number(cell) is None for cell in texts):
            score = len({column_of(str(cell)) for cell in texts} - {None})
            if score > best_score and _is_of_items([str(c) for c in texts]):
                best, best_score = n, score
    return best if best is not None else _first_of_texts(rows)


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
    return bool(pairs) and (known >= max(2, len(pairs) // 3) or colons > len(pairs) // 2)


def _is_of_items(headings: Sequence[str]) -> bool:
    names = {column_of(heading) for heading in headings if heading}
    described = bool(names & {"description", "item", "item_number"})
    return described and bool(names & set(_COUNTED)) and len(names - {None}) >= 2


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
    for row in rows:
        found = list(pairs_in_cells(row))
        reading.labelled += found
        if not found:
            reading.texts += [cell for cell in row if isinstance(cell, str)]


# Rows of line items


def _read_items(body: Sequence[list[Cell]], reading: GridReading, manner: Manner) -> None:
    """Item rows with the section they stand under; headings and totals are no rows."""
    section: str | None = None
    unused: list[str] = []
    totals: list[Labelled] = []
    for cells in body:
        row = dict(zip(reading.columns, cells, strict=True))
        if total := _total(row, manner):
            totals.append(total)
        elif heading := _heading(row, manner):
            section = heading
            unused.append(heading)
        elif not _repeats_head(row):
            unused.clear()
            reading.rows.append(row | {"section": row.get("section") or section} if section else row)
    if any("section" in row for row in reading.rows):
        reading.rows = [row | {"section": row.get("section")} for row in reading.rows]
        reading.columns = [*(c for c in reading.columns if c != "section"), "section"]
    reading.labelled += _trusted(totals, reading, manner)
    reading.texts += unused


def _numeric(row: dict[str, Cell], name: str, manner: Manner) -> Decimal | None:
    cell = row.get(name)
    if isinstance(cell, str):
        counted = quantity_and_unit(cell, manner.sign) if name == "quantity" else None
        return counted[0] if counted else parse_number(cell, manner.sign)
    return Decimal(str(cell)) if isinstance(cell, (int, float, Decimal)) and not isinstance(cell, bool) else None


def _total(row: dict[str, Cell], manner: Manner) -> Labelled | None:
    """The sum that a row states: it is called one, and counts nothing."""
    if any(_numeric(row, name, manner) is not None for name in ("quantity", "unit_price")):
        return None
    numbers = [cell for name, cell in row.items() if _numeric(row, name, manner) is not None]
    label = next((cell for cell in row.values() if isinstance(cell, str) and any(c.isalpha() for c in cell)), None)
    if label is None or not numbers or not (is_total_label(label) or role_of_total(label)):
        return None
    return Labelled(label, role_of_total(label), numbers[-1])


def _heading(row: dict[str, Cell], manner: Manner) -> str | None:
    """A section's title: text alone, perhaps with its number, where rows have quantities and amounts."""
    filled = {name: cell for name, cell in row.items() if cell is not None}
    texts = [cell for cell in filled.values() if isinstance(cell, str) and any(c.isalpha() for c in cell)]
    counted = any(_numeric(row, name, manner) is not None for name in _COUNTED)
    if counted or len(texts) != 1 or len(filled) > 2:
        return None
    return texts[0]


def _repeats_head(row: dict[str, Cell]) -> bool:
    named = [name for name, cell in row.items() if isinstance(cell, str) and column_of(cell) == name]
    return len(named) >= 3


def _trusted(totals: Sequence[Labelled], reading: GridReading, manner: Manner) -> Iterator[Labelled]:
    """The document's own totals; sums of sections are none, so beside sections a subtotal must be the sum of all lines."""
    amounts = [_numeric(row, "amount", manner) for row in reading.rows]
    whole = sum((amount for amount in amounts if amount is not None), Decimal(0))
    for total in totals:
        value = _numeric({"amount": total.value}, "amount", manner)
        of_section = any(row.get("section") for row in reading.rows) and total.role == "subtotal" and value != whole
        if total.role and not of_section:
            yield total


# The types of columns


def _type_columns(reading: GridReading, manner: Manner, *, all_text: bool) -> None:
    for name in reading.columns:
        if reading.is_items and name in NUMERIC_COLUMNS:
            _type_numeric(reading.rows, name, manner)
        elif all_text:
            _type_texts(reading.rows, name, manner)
        for row in reading.rows:
            row[name] = plain_value(row.get(name))
    if reading.is_items:
        _split_units(reading)
        _drop_empty_columns(reading)


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
    return number_or_text(value) if isinstance(value, Decimal) else value
