"""Reads workbooks and CSV texts."""

import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from kraftd_core.adapters.readers.common.candidates import title_in
from kraftd_core.adapters.readers.common.doubts import mark_doubts
from kraftd_core.adapters.readers.common.kinds import UNSURE, kind_by_words, recognised_kind, shape_of
from kraftd_core.adapters.readers.common.labels import snake
from kraftd_core.adapters.readers.common.ledger.cells import count_cells
from kraftd_core.adapters.readers.common.prose.passages import passages_of_texts
from kraftd_core.adapters.readers.common.prose.telling import put_told, told_in
from kraftd_core.adapters.readers.common.reading import Found, Reading, ReadTable, Refused, RowCount
from kraftd_core.adapters.readers.common.tables.cell_tables import Cell, Grid, GridReading, ShownNumber, read_grid
from kraftd_core.adapters.readers.common.tables.labelled import put_all
from kraftd_core.adapters.readers.common.values import currency_of, manner_of, parse_number
from kraftd_core.adapters.readers.local.guards import check_office
from kraftd_core.adapters.readers.local.office.other_workbooks import is_strict, open_other

MAX_ROWS, MAX_COLUMNS, MAX_CELLS, MAX_SHEETS = 100_000, 1_000, 300_000, 50
MAX_FIELD = 131_072
_TITLES_AMONG = 30  # texts


# Workbooks


NOTHING_FOUND = "No rows and no labelled values were found in the workbook. Enter them by hand, or upload another file."


def read_workbook(content: bytes, kind: str = "xlsx") -> Reading:
    """The visible sheets: their tables, joined where their heads are equal, and the labelled cells around them."""
    opened = _opened(content) if kind == "xlsx" and not is_strict(content) else _opened_otherwise(content, kind)
    readings = {title: read_grid(grid, all_text=False, is_sheet=True) for title, grid in opened.grids.items()}
    reading = _of_grids(readings, list(opened.grids))
    reading.ledger = [ledger_of(title, opened.grids[title], read) for title, read in readings.items()]
    reading.notices += opened.notices
    if opened.currency and any(grid.is_items for grid in readings.values()):
        reading.put("currency", Found(opened.currency))
    if not reading.fields and not reading.tables:
        reading.notices.append(NOTHING_FOUND)
    return reading


@dataclass(frozen=True, slots=True)
class _Opened:
    """The visible sheets of a workbook by their titles, and what is to be said of the others."""

    grids: dict[str, list[list[Cell]]]
    notices: list[str]
    currency: str | None = None


def _opened(content: bytes) -> _Opened:
    check_office(content)
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"][:MAX_SHEETS]
        merged = _merged(content, [sheet._worksheet_path for sheet in sheets])
        formats: Counter[str] = Counter()
        grids = {sheet.title: _grid(_cells_of(sheet, merged[sheet._worksheet_path], formats)) for sheet in sheets}
    except (InvalidFileException, KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError) as error:
        # openpyxl answers broken parts with whichever of these it stumbles on first
        raise Refused("The workbook is damaged: a sheet cannot be read. Save it anew in Excel and upload it again.") from error
    notices = _of_hidden(len(book.worksheets) - len(sheets), "sheet")
    unseen = _hidden(content, [sheet._worksheet_path for sheet in sheets])
    for noun, count in unseen.items():
        if count:
            notices.append(f"{count} hidden {noun + ' was' if count == 1 else noun + 's were'} read like the others.")
    if uncalculated := _uncalculated(content, {sheet.title for sheet in sheets}):
        shown = ", ".join(uncalculated[:8]) + (", …" if len(uncalculated) > 8 else "")
        notices.append(
            f"Formulas without a stored result were left empty: {len(uncalculated)} ({shown}). "
            "Open the workbook in Excel, save it, and upload it again."
        )
    return _Opened(grids, notices, _currency_of_formats(formats))


def _opened_otherwise(content: bytes, kind: str) -> _Opened:
    sheets, hidden = open_other(content, kind)
    for sheet in sheets[:MAX_SHEETS]:
        if sheet.height > MAX_ROWS or sheet.width > MAX_COLUMNS:
            raise Refused(_TOO_LARGE)
    grids = {sheet.title: _grid(sheet.rows()) for sheet in sheets[:MAX_SHEETS]}
    return _Opened(grids, _of_hidden(hidden + max(0, len(sheets) - MAX_SHEETS), "sheet"))


def _of_hidden(count: int, noun: str) -> list[str]:
    return [f"{count} hidden or surplus {noun + ' was' if count == 1 else noun + 's were'} not read."] if count else []


def ledger_of(title: str, grid: Grid, found: GridReading) -> RowCount:
    """What became of the rows of a grid, counted by its cells alone."""
    known = [value for part in found.parts for pair in part.labelled for value in (pair.label, pair.value)]
    rows = [row for part in found.parts for row in part.rows]
    return count_cells(title, grid, rows, known, manner_of(found.seen).sign)


_TOO_LARGE = (
    f"The sheet range is too large: up to {MAX_ROWS:,} rows and {MAX_COLUMNS:,} columns are read. "
    "Remove what lies far from the data and upload it again."
)


def _grid(rows: Iterable[list[Cell]]) -> list[list[Cell]]:
    """The rows that hold something, with one empty row for each gap; refused where the sheet's range is too large."""
    grid: list[list[Cell]] = []
    cells = 0
    for n, row in enumerate(rows, 1):
        if n > MAX_ROWS or len(row) > MAX_COLUMNS:
            raise Refused(_TOO_LARGE)
        if any(cell is not None for cell in row):
            cells += len(row)
            grid.append(row)
        elif grid and grid[-1]:
            grid.append([])
        if cells > MAX_CELLS:
            raise Refused(f"The sheet has more than the {MAX_CELLS:,} cells that are read. Split it and upload the parts.")
    return grid


_Merged = dict[int, dict[int, int]]
"""Of each column from 0 the rows, from 1, that a cell goes down over, and the row of that cell."""


def _cells_of(sheet: Any, merged: _Merged, formats: "Counter[str]") -> Iterator[list[Cell]]:
    """The rows; a text that is merged down over others holds for each of them. Counts the currencies of number formats."""
    sheet.reset_dimensions()  # what the file says of its size may be wrong
    held: dict[int, Cell] = {}
    for n, cells in enumerate(sheet.iter_rows(), 1):
        row = [_value(cell, at) for at, cell in enumerate(cells)]
        formats.update(cell.number_format for cell in cells if isinstance(cell.value, (int, float)))
        is_filled = any(cell is not None for cell in row)
        for at in [at for at, rows in merged.items() if n in rows and at < len(row)]:
            if merged[at][n] == n:
                held[at] = row[at] if isinstance(row[at], str) else None
            elif is_filled and row[at] is None:
                row[at] = held.get(at)
        yield row


def _merged(content: bytes, parts: list[str]) -> dict[str, _Merged]:
    """The cells of these parts that are merged with those below them, in one column."""
    from openpyxl.utils import column_index_from_string

    found: dict[str, _Merged] = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for part in parts:
            ranges: _Merged = {}
            for left, first, right, last in _MERGED.findall(archive.read(part)):
                rows = ranges.setdefault(column_index_from_string(left.decode()) - 1, {}) if left == right else {}
                if len(rows) < MAX_ROWS and int(last) - int(first) < _LONGEST_MERGED:
                    rows |= dict.fromkeys(range(int(first), int(last) + 1), int(first))
            found[part] = ranges
    return found


_MERGED = re.compile(rb'<mergeCell ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_LONGEST_MERGED = 5_000  # rows


def _currency_of_formats(formats: "Counter[str]") -> str | None:
    """The currency that most formats of numbers show: [$€-407], "EUR"; a bare $ says too little."""
    counts: Counter[str] = Counter()
    for shown, times in formats.items():
        if code := currency_of(re.sub(r"\[\$([^\]-]*)[^\]]*\]", r" \1 ", shown)):
            counts[code] += times
    return counts.most_common(1)[0][0] if counts else None


_PLACES = re.compile(r"0\.(0+)")
_ZEROS = re.compile("0{2,}")  # 00123, as postcodes and numbers of documents are shown
_NUMBERED = 4  # columns from the left in which items are numbered


def _value(cell: Any, at: int) -> Cell:
    """The cell's value; a number that may be an item's is kept as it is shown: 1.1 in the format 0.00 is the number 1.10."""
    value: Cell = cell.value
    if isinstance(value, int) and not isinstance(value, bool) and _ZEROS.fullmatch(cell.number_format):
        return f"{value:0{len(cell.number_format)}d}"
    if at < _NUMBERED and isinstance(value, float) and (places := _PLACES.fullmatch(cell.number_format)):
        return ShownNumber(value, f"{value:.{len(places[1])}f}")
    return value


def _hidden(content: bytes, parts: list[str]) -> dict[str, int]:
    """How many filled rows, and how many columns, of these parts are hidden, by hand or by a filter."""
    counts = {"row": 0, "column": 0}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for part in parts:
            text = archive.read(part)
            counts["row"] += sum(_is_hidden(row) for row in re.findall(rb"<row\b[^>]*[^/]>", text))
            counts["column"] += sum(map(_hidden_columns, re.findall(rb"<col\b[^>]*>", text[: text.find(b"<sheetData")])))
    return counts


def _is_hidden(element: bytes) -> bool:
    return bool(re.search(rb"""\shidden=["'](?:1|true)["']""", element))


def _hidden_columns(element: bytes) -> int:
    """How many columns the element hides; one that reaches to the end of the sheet hides nothing that is filled."""
    bounds = [re.search(name + rb"""=["'](\d+)["']""", element) for name in (rb"\bmin", rb"\bmax")]
    if not _is_hidden(element) or None in bounds:
        return 0
    low, high = (int(bound[1]) for bound in bounds if bound)
    return high - low + 1 if high <= MAX_COLUMNS else 0


def _uncalculated(content: bytes, titles: set[str]) -> list[str]:
    """The addresses of formulas that were saved without a result."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml")]
        if not any(b"<f" in archive.read(name) for name in sheets):
            return []
    from openpyxl import load_workbook

    formulas = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    results = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    found = []
    for title in formulas.sheetnames:
        if title not in titles:
            continue
        for with_formula, with_result in zip(formulas[title].iter_rows(), results[title].iter_rows(), strict=False):
            for cell, result in zip(with_formula, with_result, strict=False):
                if cell.data_type == "f" and result.value is None:
                    found.append(cell.coordinate)
    return found


def _of_grids(sheets: dict[str, GridReading], titles: list[str], head: str = "") -> Reading:
    """The grids as one reading; its kind is told by the texts, else by the head of a bare table, else by the lines' shape."""
    readings = _with_tables_below(sheets)
    texts = [*titles, *(text for grid in readings.values() for text in _texts(grid))]
    shape = shape_of(row for grid in readings.values() if grid.is_items for row in grid.rows)
    reading = Reading(*recognised_kind(texts, shape=shape))
    if shape.lines and head and kind_by_words(texts) == "other":
        headed = kind_by_words([head])
        if headed != "other":
            reading.document_type, reading.type_confidence = headed, UNSURE
    seen = [text for grid in readings.values() for text in grid.seen]
    manner = manner_of(seen)
    for text in [text for grid in sheets.values() for text in grid.texts][:_TITLES_AMONG]:
        for role, value in title_in(text, manner):
            reading.put(role, Found(value))
    for title, grid in readings.items():
        put_all(reading, grid.labelled, manner)
        if grid.currency:
            reading.put("currency", Found(grid.currency))
        if loose := [text for text in grid.texts if len(text) <= 2_000 and not _is_title(text)]:
            reading.put("notes" if len(sheets) == 1 else f"notes_{snake(title)}", Found("\n".join(loose[:50])))
    put_told(reading, told_in(reading.document_type, passages_of_texts(texts), manner))
    _put_tables(reading, readings)
    amounts = (text for text in seen if parse_number(text) is not None)  # of prose in a cell nothing is concluded
    if any(grid.is_items for grid in readings.values()) and (code := currency_of("\n".join(amounts))):
        reading.put("currency", Found(code))
    mark_doubts(reading, seen, manner)
    return reading


def _with_tables_below(sheets: dict[str, GridReading]) -> dict[str, GridReading]:
    """All tables by their names: a sheet's first one by that of the sheet, those below it by the texts above them."""
    named: dict[str, GridReading] = {}
    for sheet, whole in sheets.items():
        for n, part in enumerate(whole.parts, 1):
            title = sheet if n == 1 else part.title or f"{sheet} table {n}".strip()
            named[title if title not in named else f"{title} {n}"] = part
    return named


def _texts(grid: GridReading) -> Iterator[str]:
    yield from grid.texts
    yield from (f"{pair.label}: {pair.value}" for pair in grid.labelled)


def _is_title(text: str) -> bool:
    return kind_by_words([text]) != "other" and len(text) <= 30


_FIGURES = frozenset(("description", "unit", "quantity", "unit_price", "amount"))


def _put_tables(reading: Reading, readings: dict[str, GridReading]) -> None:
    """A table a sheet; the line items of sheets with the same figures are one table, each row with its sheet.

    Of sheets with other figures the largest kind are the line items: a summary before its bills is not. A sheet that says
    the lines of another again is a table of its own, or every line would count twice.
    """
    filled = {title: grid for title, grid in readings.items() if grid.rows}
    again = dict(_repeats(filled))
    kinds: dict[frozenset[str], dict[str, GridReading]] = {}
    for title, grid in filled.items():
        if grid.is_items and title not in again:
            kinds.setdefault(frozenset(grid.columns) & _FIGURES, {})[title] = grid
    items = max(kinds.values(), key=lambda held: sum(len(grid.rows) for grid in held.values()), default={})
    if items:
        rows = list(_joined(items)) if len(items) > 1 else next(iter(items.values())).rows
        reading.tables.append(_table("line_items", rows))
    for title, grid in filled.items():
        if title not in items:
            reading.tables.append(_table("rows" if len(readings) == 1 else snake(title) or "rows", grid.rows))
    reading.notices += [
        f"The sheet {title} repeats lines of the sheet {first}; it is shown as a table of its own."
        for title, first in again.items()
    ]


def _repeats(filled: dict[str, GridReading]) -> Iterator[tuple[str, str]]:
    """Sheets of items nine tenths of whose lines stand on an earlier sheet already, with the name of that sheet."""
    earlier: dict[str, Counter[str]] = {}
    for title, grid in filled.items():
        lines = Counter("|".join(str(row.get(name)) for name in ("description", "unit", "quantity")) for row in grid.rows)
        if not grid.is_items or len(grid.rows) < 3:
            continue
        for first, others in earlier.items():
            shared, fewer = (lines & others).total(), min(lines.total(), others.total())
            if shared >= 0.9 * fewer and lines.total() >= 0.5 * others.total():
                yield title, first
                break
        else:
            earlier[title] = lines


def _joined(items: dict[str, GridReading]) -> Iterator[dict[str, Any]]:
    """All rows; a sheet's name stands beside the sections within the sheets, or is the section where there are none."""
    sectioned = any(row.get("section") for grid in items.values() for row in grid.rows)
    columns = dict.fromkeys(column for grid in items.values() for column in grid.columns)
    for title, grid in items.items():
        for row in grid.rows:
            whole = {column: row.get(column) for column in columns if column != "section"}
            yield {"sheet": title} | whole | {"section": row.get("section")} if sectioned else whole | {"section": title}


def _table(name: str, rows: list[dict[str, Any]]) -> ReadTable:
    return ReadTable(name, [{column: Found(value) for column, value in row.items()} for row in rows])


# CSV


def read_csv(content: bytes) -> Reading:
    """All rows of a CSV text, whatever its encoding and delimiter."""
    text = decoded_csv(content)
    nuls = text.count("\x00")
    text = text.replace("\x00", "\ufffd")
    grid = csv_rows(text)
    found = read_grid(grid, all_text=True, is_sheet=True)
    reading = _of_grids({"": found}, [], head=" ".join(str(cell) for row in grid[:3] for cell in row if cell))
    reading.ledger = [ledger_of("", grid, found)]
    if nuls:
        reading.notices.append(f"{nuls} NUL {'character was' if nuls == 1 else 'characters were'} replaced by \ufffd.")
    if not reading.tables and not reading.fields:
        raise Refused("The CSV file holds no rows. Choose another file.")
    return reading


def decoded_csv(content: bytes) -> str:
    """The text, whatever its encoding."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        half = content[first:200:2]
        if half.count(0) > 0.4 * len(half) > 0 and half.count(0) > 2 * content[1 - first : 200 : 2].count(0):
            return content.decode(encoding, "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode(_code_page(content), "replace")


def _code_page(content: bytes) -> str:
    """The Windows code page: the western one, unless its reading puts signs amid words, or hardly a letter is ASCII.

    Language models guess worse here: cells are too short, and they take "Señal" for Polish.
    """
    western = content[:500_000].decode("cp1252", "replace")
    letters = [c for line in western.splitlines() if not line.isascii() for c in line if c.isalpha()]
    if sum(not c.isascii() for c in letters) > 0.6 * len(letters):
        return "cp1251"
    return "cp1250" if re.search(r"[^\W\d_][³¹¯¿¼¾¥£][^\W\d_]", western) else "cp1252"


def csv_rows(text: str) -> list[list[str]]:
    """The rows as they stand; raises Refused for what cannot be told apart into cells."""
    csv.field_size_limit(MAX_FIELD)
    told = re.match(r"sep=([;,\t|])\r?\n", text)  # by which programs tell Excel the mark
    text, mark = (text[told.end() :], told[1]) if told else (text, _delimiter(text))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    rows: list[list[str]] = []
    cells, line = 0, 1
    try:
        for row in reader:
            line = reader.line_num + 1
            cells += len(row)
            if cells > MAX_CELLS or len(row) > MAX_COLUMNS:
                raise Refused(f"The CSV file has more than the {MAX_CELLS:,} cells that are read. Split it and upload the parts.")
            rows.append(row)
    except csv.Error as error:
        raise Refused(
            f"The CSV file has a field that is too long or an unbalanced quote at line {line}. Correct it and upload it again."
        ) from error
    return rows


def _delimiter(text: str) -> str:
    """The mark that parts most of the first lines into equally many cells; a comma where none does."""
    lines = [_outside_quotes(line) for line in text[:20_000].splitlines() if line.strip()][:60]
    usual = {}
    for mark in ";\t|,":
        counts = Counter(n for line in lines if (n := line.count(mark)))
        usual[mark] = max(((often, n) for n, often in counts.items()), default=(0, 0))
    return max(usual, key=lambda mark: usual[mark]) if any(often for often, _ in usual.values()) else ","


def _outside_quotes(line: str) -> str:
    return "".join(line.split('"')[0::2])


