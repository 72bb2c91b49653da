"""Shows what a document without pages holds: the cells of its sheets, its paragraphs and tables, or its text."""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any

from kraftd_core.adapters.readers.common.reading import Refused
from kraftd_core.adapters.readers.local.guards import check_office, xml_root
from kraftd_core.adapters.readers.local.office.other_workbooks import is_strict, open_other
from kraftd_core.adapters.readers.local.office.sheets import MAX_ROWS, csv_rows, decoded_csv
from kraftd_core.adapters.readers.local.office.word_documents import texts_of_cells
from kraftd_core.adapters.readers.local.office.word_parts import made_plain
from kraftd_core.document.filenames import WORKBOOKS
from kraftd_core.document.jsontypes import clean_text

_ROWS, _COLUMNS, _SHEETS, _LINES = 200, 40, 20, 2_000
_LONGEST_CELL, _LONGEST_LINE = 300, 1_000
_LONGEST_SOURCE = 2 * 2**20  # characters that are set out in lines; of more only the start is shown anyway
_DEEPEST = 64
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{},:]|[^\s\[\]{},:"]+', re.DOTALL)

_NUMBER_FORMAT = re.compile(r"(?<![.0#?/E+])(#,##)?0(\.0+)?(%)?(?![.#0?/E])")

Part = dict[str, Any]
"""A sheet or a text, as the parent process takes it."""


def contents_of(content: bytes, kind: str) -> list[Part]:
    """What the document holds, in its order and as far as a screen shows it; raises Refused."""
    if kind in WORKBOOKS:
        return _of_workbook(content) if kind == "xlsx" and not is_strict(content) else _of_other_workbook(content, kind)
    if kind == "csv":
        return [_sheet("", csv_rows(decoded_csv(content).replace("\x00", "\ufffd")))]
    if kind == "docx":
        return _of_letter(content)
    if kind == "xml":
        return [_text(_xml_lines(content), "xml")]
    return [_text(_json_lines(content), "json")]


# Sheets


def _of_workbook(content: bytes) -> list[Part]:
    """The visible sheets, with the stored results of formulas."""
    check_office(content)
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        visible = (sheet for sheet in book.worksheets if sheet.sheet_state == "visible")
        return [_sheet(sheet.title, _cells(sheet)) for sheet in islice(visible, _SHEETS)]
    except (InvalidFileException, LookupError, ValueError, TypeError, AttributeError, SyntaxError, OverflowError) as error:
        # openpyxl answers broken parts with whichever of these it stumbles on first
        raise Refused("The workbook is damaged: a sheet cannot be shown. Open it in Excel.") from error


def _of_other_workbook(content: bytes, kind: str) -> list[Part]:
    sheets, _ = open_other(content, kind)
    return [_sheet(sheet.title, islice(sheet.rows(), MAX_ROWS)) for sheet in sheets[:_SHEETS]]


def _cells(sheet: Any) -> Iterator[Iterable[Any]]:
    sheet.reset_dimensions()  # what the file says of its size may be wrong
    yield from ([_as_formatted(cell) for cell in row] for row in sheet.iter_rows(max_row=_ROWS))
    yield from sheet.iter_rows(min_row=_ROWS + 1, max_row=MAX_ROWS, values_only=True)  # only counted


def _as_formatted(cell: Any) -> Any:
    """The value; a number as usual formats show it: "1,450.00", "20%"."""
    value = cell.value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    shown = _NUMBER_FORMAT.search(cell.number_format)
    if not shown:
        return value
    places, percent = len(shown[2] or ".") - 1, shown[3] or ""
    return f"{value * (100 if percent else 1):{',' if shown[1] else ''}.{places}f}{percent}"


def _sheet(title: str, rows: Iterable[Iterable[Any]]) -> Part:
    """The first rows and columns; empty rows between others stand, so that rows keep their numbers."""
    shown: list[list[str]] = []
    last = width = 0
    for number, row in enumerate(rows, 1):
        filled = [n for n, cell in enumerate(row, 1) if cell not in (None, "")]
        if number <= _ROWS:
            shown.append([_cell(cell) for cell in islice(row, _COLUMNS)])
        if filled:
            last, width = number, max(width, filled[-1])
    across = min(width, _COLUMNS)
    return {
        "title": clean_text(title),
        "rows": [(row + [""] * across)[:across] for row in shown[:last]],
        "more_rows": max(0, last - _ROWS),
        "more_columns": max(0, width - _COLUMNS),
    }


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if value.time() == value.time().min else f"{value:%Y-%m-%d %H:%M}"
    text = value.isoformat() if isinstance(value, date) else f"{value:.15g}" if isinstance(value, float) else str(value)
    return _cut(text, _LONGEST_CELL)


def _cut(text: str, longest: int) -> str:
    return clean_text(text if len(text) <= longest else text[:longest] + "…")


# Letters


def _of_letter(content: bytes) -> list[Part]:
    """Paragraphs and tables in the order of the letter."""
    check_office(content)
    from docx import Document
    from docx.opc.exceptions import OpcError
    from docx.table import Table
    from lxml.etree import LxmlError

    parts: list[Part] = []
    lines: list[str] = []
    try:
        document = Document(io.BytesIO(content))
        made_plain(document.element.body)
        for block in document.iter_inner_content():
            if not isinstance(block, Table):
                lines += block.text.splitlines() or [""]
                continue
            parts += [_text(lines), _sheet("", _table_cells(block))]
            lines = []
    except (OpcError, LxmlError, KeyError, ValueError, AttributeError, IndexError, zipfile.BadZipFile) as error:
        raise Refused("The Word document is damaged: it cannot be shown. Open it in Word.") from error
    return [part for part in (*parts, _text(lines)) if part.get("text") or part.get("rows")]


def _table_cells(table: Any) -> Iterator[list[str]]:
    return ([text.strip() for text in texts_of_cells(row)] for row in table.rows)


# Texts


def _text(lines: Iterable[str], language: str | None = None) -> Part:
    held = list(lines)
    text = "\n".join(_cut(line, _LONGEST_LINE) for line in held[:_LINES])
    return {"text": text.strip("\n"), "language": language, "more_lines": max(0, len(held) - _LINES)}


def _xml_lines(content: bytes) -> list[str]:
    from lxml import etree

    root = xml_root(content)
    etree.indent(root)
    return str(etree.tostring(root, encoding="unicode")).splitlines()


def _json_lines(content: bytes) -> list[str]:
    """The text set out in lines, its numbers and texts left as they are written."""
    text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "replace")
    lines, depth, line = [], 0, ""
    for mark in _TOKEN.findall(text[:_LONGEST_SOURCE]):
        if mark in "]}" and line:
            lines.append(line)
            line = ""
        depth -= mark in "]}"
        line += mark if line else "  " * min(depth, _DEEPEST) + mark
        if mark == ":":
            line += " "
        elif mark in "[{,":
            depth += mark in "[{"
            lines.append(line)
            line = ""
    return [*lines, line]
