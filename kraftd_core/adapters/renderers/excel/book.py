"""A workbook in the making: openpyxl's for all but the rows, which are written as they are made when it is saved."""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC
from math import ceil
from typing import Any

from kraftd_core.adapters.renderers.excel.rows import Cell, RowWriter, SheetPackage, StyleBook
from kraftd_core.adapters.renderers.excel.styles import changed_style, dress, text_cell
from kraftd_core.delivery.layout import Layout
from kraftd_core.delivery.plan import Emphasis
from kraftd_core.ports.making import Composition

LINE_HEIGHT, _HIGHEST_ROW = 15, 405  # points
_WIDEST = 60
_NAME = re.compile(r"[A-Za-z_]\w{2,200}", re.ASCII)
_NO_NAME = re.compile(r"[A-Z]{1,3}\d+|R\d*C\d*|print_area|print_titles|true|false", re.IGNORECASE)  # cells, names of Excel's own


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of openpyxl's, whose rows are written beside it."""

    sheet: Any
    writer: RowWriter
    widths: Sequence[float]
    path: str

    @property
    def next_row(self) -> int:
        """The number of the row that comes next."""
        return self.writer.next_row

    def row(self, cells: Sequence[Cell | None], height: float = 0) -> str:
        """The next row; its height is set where a text takes several lines, since not every program works it out."""
        lines = 1
        for cell, width in zip(cells, self.widths, strict=False):
            if cell and type(text := cell[0]) is str and (len(text) >= width or "\n" in text):
                lines = max(lines, _lines(text, width))
        return self.writer.row(cells, height or (min(lines * LINE_HEIGHT, _HIGHEST_ROW) if lines > 1 else 0))


class Book:
    """Sheets, styles and names; what its rows say is asked for when it is saved."""

    def __init__(self, most_columns: int) -> None:
        from openpyxl import Workbook
        from openpyxl.utils import get_column_letter

        self._book = Workbook(write_only=True)
        self._rows: dict[str, Iterable[str]] = {}
        self._writers: list[RowWriter] = []
        self._taken_names = {"history"}  # Excel keeps this sheet name for itself
        self._defined: set[str] = set()
        self.letters = [get_column_letter(number) for number in range(1, most_columns + 1)]
        self.style_of = StyleBook(self._book, dress).of

    def sheet(self, name: str, widths: Sequence[float]) -> Sheet:
        """A new sheet with columns of these widths."""
        sheet = self._book.create_sheet(_sheet_name(name, self._taken_names))
        for letter, width in zip(self.letters, widths, strict=False):
            sheet.column_dimensions[letter].width = width
        sheet.sheet_view.showGridLines = False
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9  # A4
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        self._writers.append(RowWriter(self.letters))
        return Sheet(sheet, self._writers[-1], widths, f"xl/worksheets/sheet{len(self._writers)}.xml")

    def fill(self, sheet: Sheet, rows: Iterable[str]) -> None:
        """Gives the sheet its rows; they are asked for when the workbook is saved."""
        self._rows[sheet.path] = rows

    def head(self, sheet: Sheet, columns: int, rows: int) -> None:
        """Freezes the head, repeats it on every printed page, and puts a filter on it."""
        sheet.sheet.freeze_panes = "A2"
        sheet.sheet.print_title_rows = "1:1"
        sheet.sheet.auto_filter.ref = f"A1:{self.letters[columns - 1]}{rows + 1}"

    def mark_changed(self, sheet: Sheet, cells: str, rule: str, keeps_ground: bool) -> None:
        """A conditional format for changed cells: the rule is a formula that names cells and texts of ours alone."""
        from openpyxl.formatting.rule import Rule

        sheet.sheet.conditional_formatting.add(cells, Rule(type="expression", dxf=changed_style(keeps_ground), formula=[rule]))

    def define(self, name: str, sheet: Sheet, cells: str) -> None:
        """Lets formulas of the reader's own call the cells by this name, if it is one that Excel takes."""
        from openpyxl.utils import quote_sheetname
        from openpyxl.workbook.defined_name import DefinedName

        if name.casefold() in self._defined or not _NAME.fullmatch(name) or _NO_NAME.fullmatch(name):
            return
        self._defined.add(name.casefold())
        self._book.defined_names[name] = DefinedName(name, attr_text=f"{quote_sheetname(sheet.sheet.title)}!{cells}")

    def told(self, text: str, *looks: str, mark: Emphasis | None = None) -> Cell:
        """A text as a cell."""
        return text_cell(self.style_of, text, *looks, mark=mark)

    def note(self, text: str | None) -> Cell | None:
        """A text that is not always there."""
        return None if text is None else self.told(text, "wrapped")

    def saved(self, composition: Composition, layout: Layout) -> bytes:
        """The workbook's bytes: its times are those of the composition, not the clock's."""
        from openpyxl.packaging.custom import StringProperty
        from openpyxl.writer.excel import ExcelWriter

        properties = self._book.properties
        properties.title, properties.subject = layout.title, composition.export_workflow_id
        properties.creator, properties.category = composition.owner_email, layout.template.label
        properties.created = properties.modified = composition.generated_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
        for entry in (entry for entry in layout.provenance if entry.value is not None):
            self._book.custom_doc_props.append(StringProperty(name=entry.name, value=str(entry.value)))
        buffer = io.BytesIO()
        ExcelWriter(self._book, SheetPackage(buffer, self._rows)).save()
        return buffer.getvalue()

    def warnings(self) -> tuple[str, ...]:
        """What could not be kept whole, once it is saved."""
        cut = sum(writer.cut for writer in self._writers)
        return (f"Texts longer than an Excel cell can hold were cut ({cut}); choose JSON to have them whole.",) if cut else ()


def width_of(texts: Iterable[str]) -> float:
    """Wide enough for most of a column, never wider than a comfortable line; the first text is the head, with its filter."""
    head, *others = texts
    return min(max(len(line) for text in (head + "  ▾", *others) for line in text.split("\n")) + 3, _WIDEST)


def _lines(text: str, width: float) -> int:
    """How many lines the text takes in a column of this width, near enough."""
    if len(text) < width and "\n" not in text:
        return 1
    return sum(max(1, ceil(len(line) / (width - 2))) for line in text.split("\n"))


def _sheet_name(wanted: str, taken: set[str]) -> str:
    """The name as Excel allows it: at most 31 characters, none of []:*?/\\, no outer apostrophe, unique in any case."""
    stem = re.sub(r"[\[\]:*?/\\\x00-\x1f]+", " ", wanted).strip(" '")[:31].strip(" '") or "Table"
    name, count = stem, 1
    while name.casefold() in taken:
        count += 1
        name = f"{stem[: 28 - len(str(count))]} ({count})"
    taken.add(name.casefold())
    return name
