"""Opens the workbooks that openpyxl does not: .xls, .xlsb, .ods, and .xlsx in the strict form of Open XML."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kraftd_core.adapters.readers.common.reading import Refused
from kraftd_core.adapters.readers.common.tables.cell_tables import Cell
from kraftd_core.adapters.readers.local.guards import check_office

_STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml"
_DAMAGED = "The workbook is damaged: a sheet cannot be read. Save it anew as .xlsx and upload that."
_LARGEST_WHOLE = 10**15


@dataclass(frozen=True, slots=True)
class OtherSheet:
    """A visible sheet, whose rows are read when they are asked for; `first_row` counts from 0."""

    title: str
    height: int
    width: int
    _sheet: Any

    def rows(self) -> Iterator[list[Cell]]:
        """Its rows from the first filled one."""
        for row in self._sheet.iter_rows():
            yield [_plain(cell) for cell in row]


def is_strict(content: bytes) -> bool:
    """Whether a workbook is written in the strict form, of which openpyxl finds no sheet."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return _STRICT in archive.open("xl/workbook.xml").read(4_096)


def open_other(content: bytes, kind: str) -> tuple[list[OtherSheet], int]:
    """The visible sheets, and how many are hidden; raises Refused."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

    if kind != "xls":
        check_office(content)
        _check_repeats(content, kind)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        told = book.sheets_metadata
        visible = [each.name for each in told if each.visible == SheetVisibleEnum.Visible]
        sheets = [book.get_sheet_by_name(name) for name in visible]
    except PasswordError as error:
        raise Refused("The file is password protected. Remove the password and upload it again.") from error
    except (CalamineError, OSError, ValueError) as error:
        raise Refused(_DAMAGED) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # the parser's word for a file that it did not expect; no Exception
            raise
        raise Refused(_DAMAGED) from error
    return [OtherSheet(each.name, each.height, each.width, each) for each in sheets], len(told) - len(visible)


def _plain(cell: Any) -> Cell:
    """The cell as openpyxl would give it: nothing for an empty one, whole numbers as such (these files keep doubles)."""
    if isinstance(cell, str):
        return cell or None
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _LARGEST_WHOLE:
        return int(cell)
    value: Cell = cell
    return value


_REPEATED = re.compile(rb'table:number-(?:columns|rows)-repeated="(\d+)"[^>]*?(/)?>')
_MOST_REPEATED = 100_000


def _check_repeats(content: bytes, kind: str) -> None:
    """Refuses a filled cell or row of an OpenDocument sheet that is said to stand there a hundred thousand times."""
    if kind != "ods":
        return
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        cells = re.findall(rb"<table:table-(?:cell|row)\b[^>]*>", archive.read("content.xml"))
    for cell in cells:
        repeated = _REPEATED.search(cell)
        if repeated and int(repeated[1]) > _MOST_REPEATED and b"value" in cell:
            raise Refused("The sheet range is too large: a cell is repeated too often. Remove it and upload the file again.")
