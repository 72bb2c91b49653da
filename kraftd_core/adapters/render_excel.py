"""The deliverable as an Excel workbook: real numbers and dates to reckon with, and no text that acts as a formula."""

import io
import re
from collections.abc import Iterable, Sequence
from copy import copy
from datetime import UTC, date
from math import ceil
from typing import Any

from kraftd_core.adapters.steady_zip import SteadyZip
from kraftd_core.errors import RenderingError
from kraftd_core.layout import GROUNDS, Entries, Entry, Layout, Prose, Table, lay_out, text_of
from kraftd_core.locales import Writing, is_amount
from kraftd_core.ports import Composition, Rendered
from kraftd_core.presentation import Mark
from kraftd_core.templates import Section
from kraftd_core.wording import label_of

MIME_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_ACCENT, _CHANGED, _GREY = "1F5F8B", "FFF3C4", "5F6B76"
_LONGEST_TEXT = 32_767  # characters in a cell, counted in UTF-16 (Excel specifications and limits, Microsoft, read 2026-11)
_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384
_FIRST_DATE = date(1900, 3, 1)  # before it Excel counts a 29 February 1900 that never was
_MEASURED_ROWS = 500
_LINE_HEIGHT, _HIGHEST_ROW = 15, 405  # points
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_ESCAPE_LIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")



class ExcelRenderer:
    """Makes a workbook of sheets: Summary, Fields, one for each table, Changes, Audit, as far as the template has them."""

    def render(self, composition: Composition) -> Rendered:
        """The file; texts longer than a cell can hold are cut, with a warning."""
        layout = lay_out(composition)
        _refuse_oversized(layout)
        book = _Book()
        book.summary(layout)
        for block in layout.blocks:
            if isinstance(block, Entries) and block.section is Section.FIELDS:
                book.table(_fields(block, layout.look.writing))
            elif isinstance(block, Table):
                book.table(block)
        if Section.CHANGES in layout.sections and {Section.FIELDS, Section.TABLES} & set(layout.sections):
            book.table(_changes(layout))
        book.audit(layout)
        return Rendered(book.saved(composition, layout.title), MIME_TYPE, "xlsx", warnings=(*layout.warnings, *book.warnings()))


def _refuse_oversized(layout: Layout) -> None:
    for block in layout.blocks:
        if isinstance(block, Table) and (len(block.rows) >= _MOST_ROWS or len(block.columns) > _MOST_COLUMNS):
            raise RenderingError(f"The table {block.heading} is larger than an Excel sheet. Choose CSV or JSON.")


def _fields(block: Entries, writing: Writing) -> Table:
    """Each field with its value, whether the review changed it, and its technical name."""
    changed = writing.say("changed")
    rows = [[entry.label, entry, changed if entry.changed else None, entry.name] for entry in block.entries]
    edits = frozenset((position, 1) for position, entry in enumerate(block.entries) if entry.changed)
    marks = {(position, 1): entry.mark for position, entry in enumerate(block.entries) if entry.mark}
    columns = ("field", "value", "review", "name")
    return Table(block.section, "fields", block.heading, columns, rows, edits, marks, writing=writing)


def _changes(layout: Layout) -> Table:
    columns, writing = ("where", "change", "before", "after", "reason"), layout.look.writing
    rows = list(map(_change_row, layout.changes))
    return Table(Section.CHANGES, "changes", writing.say("Changes"), columns, rows, writing=writing)


def _change_row(change: dict[str, Any]) -> list[Any]:
    table = [label_of(change["table"])] if "table" in change else []
    row = [f"row {change['row']}"] if change.get("row") else []
    name = change.get("field") or change.get("column")
    where = ", ".join([*table, *row, *([label_of(name)] if name else [])])
    kind = change["change_type"] + (" (format only)" if change["format_only"] else "")
    before, after = (Entry(name or "", "", change[value]) for value in ("original_value", "modified_value"))
    return [where, kind, before, after, change["user_reason"]]


class _Book:
    """A workbook that is written row by row; cells take their looks from a few prepared ones."""

    def __init__(self) -> None:
        from openpyxl import Workbook

        self.book = Workbook(write_only=True)
        self.styles: dict[tuple[str, ...], Any] = {}
        self.sheet_names: set[str] = {"history"}  # Excel keeps this name for itself
        self.cut = 0
        self.widths: Sequence[float] = ()
        self.next_row = 1

    # sheets

    def summary(self, layout: Layout) -> None:
        """Title, sentences and key figures, in reading order."""
        sheet = self._sheet(layout.look.writing.say("Summary"), (30, 110))
        self._append(sheet, [self._cell(sheet, layout.title, "title")], 24)
        self._append(sheet, [self._cell(sheet, layout.subtitle, "quiet")], _LINE_HEIGHT)
        for block in layout.blocks:
            if isinstance(block, Prose):
                self._append(sheet, [])
                for index, statement in enumerate(block.statements):
                    heading = block.heading if index == 0 else None
                    told = self._cell(sheet, statement, "wrapped", mark=block.mark)
                    self._append(sheet, [self._cell(sheet, heading, "heading"), told])
            elif isinstance(block, Entries) and block.section is Section.KEY_FIGURES:
                self._append(sheet, [])
                self._append(sheet, [self._cell(sheet, block.heading, "heading")])
                self._entries(sheet, block.entries)

    def audit(self, layout: Layout) -> None:
        """Where the file comes from."""
        say = layout.look.writing.say
        sheet = self._sheet(say("Audit"), (30, 90))
        self._append(sheet, [self._cell(sheet, say("Provenance"), "title")], 24)
        self._entries(sheet, layout.provenance)
        self._append(sheet, [])
        legend = say("Highlighted cells were changed in the review.")
        self._append(sheet, [None, self._cell(sheet, legend, "wrapped", changed=True)])

    def table(self, table: Table) -> None:
        """A sheet with a frozen head and a filter."""
        from openpyxl.utils import get_column_letter

        sheet = self._sheet(table.heading, _widths(table))
        sheet.freeze_panes = "A2"
        sheet.print_title_rows = "1:1"
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.columns))}{len(table.rows) + 1}"
        heads = [("head", "right") if table.is_number(position) else ("head",) for position in range(len(table.columns))]
        self._append(sheet, [self._cell(sheet, label, *looks) for label, looks in zip(table.labels(), heads, strict=True)])
        writing, unmarked = table.writing, [None] * len(table.columns)
        for position, row in enumerate(table.rows):
            changed = [(position, column) in table.changed for column in range(len(row))]
            marks = [table.marks.get((position, column)) for column in range(len(row))] if table.marks else unmarked
            told = zip(table.columns, row, changed, marks, strict=True)
            self._append(sheet, [self._value(sheet, writing, *cell) for cell in told])

    def _entries(self, sheet: Any, entries: Iterable[Entry]) -> None:
        for entry in entries:
            value = self._value(sheet, entry.writing, entry.name, entry, entry.changed, entry.mark)
            self._append(sheet, [self._cell(sheet, entry.label, "label"), value])

    def _append(self, sheet: Any, cells: Sequence[Any], height: float = 0) -> None:
        """The next row; its height is set where a text takes several lines, since not every program works it out."""
        texts = [(c.value, w) for c, w in zip(cells, self.widths, strict=False) if c and isinstance(c.value, str)]
        lines = max((_lines(text, width) for text, width in texts), default=1)
        if height or lines > 1:
            sheet.row_dimensions[self.next_row].height = height or min(lines * _LINE_HEIGHT, _HIGHEST_ROW)
        sheet.append(cells)
        self.next_row += 1

    def _sheet(self, name: str, widths: Sequence[float]) -> Any:
        from openpyxl.utils import get_column_letter

        self.widths, self.next_row = widths, 1
        sheet = self.book.create_sheet(_sheet_name(name, self.sheet_names))
        for position, width in enumerate(widths, 1):
            sheet.column_dimensions[get_column_letter(position)].width = width
        sheet.sheet_view.showGridLines = False
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9  # A4
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        return sheet

    # cells

    def _value(
        self, sheet: Any, writing: Writing, name: str, value: Any, changed: bool = False, mark: Mark | None = None
    ) -> Any:
        """The value as a cell of its own type; an entry brings its own name, and stands to the left."""
        unit, side = writing.unit, "plain"
        if isinstance(value, Entry):
            unit = value.unit if writing.currency else ""
            name, value, side = value.name, value.value, "left"
        if name == "document_type" or isinstance(value, (dict, list)):
            value = text_of(name, value, writing)
        if isinstance(value, str):
            day = _as_date(value)
            look = _date_look(writing) if day else "wrapped"
            return self._cell(sheet, day or value, look, changed=changed, mark=mark)
        look = _number_look(name, value)
        if unit and look != "plain":
            look += f"{'<' if writing.is_before(unit) else '>'}{unit}"
        return self._cell(sheet, value, look, side, changed=changed, mark=mark)

    def _cell(self, sheet: Any, value: Any, *looks: str, changed: bool = False, mark: Mark | None = None) -> Any:
        from openpyxl.cell import WriteOnlyCell

        cell = WriteOnlyCell(sheet)
        if mark:
            looks = (*looks, *([f"ground {mark.colour}"] if mark.colour else []), *(["bold"] if mark.bold else []))
        if isinstance(value, str):
            value = self._fitting(value)
            looks = (*looks, "quoted") if value.startswith(("=", "+", "-", "@")) else looks
            cell.value = value
            cell.data_type = "s"  # openpyxl takes a text that begins with = for a formula
        else:
            cell.value = value
        cell._style = self._style((*looks, "changed") if changed else looks)
        return cell

    def _fitting(self, text: str) -> str:
        """The text as a cell can hold it; `_x0041_` would be read as an escape, so its first character is escaped itself."""
        text = _ESCAPE_LIKE.sub("_x005F_", text)
        encoded = text.encode("utf-16-le")
        if len(encoded) <= 2 * _LONGEST_TEXT:
            return text
        self.cut += 1
        return encoded[: 2 * (_LONGEST_TEXT - 1)].decode("utf-16-le", "ignore") + "…"

    def _style(self, looks: tuple[str, ...]) -> Any:
        if looks not in self.styles:
            self.styles[looks] = _dressed(self.book.worksheets[0], looks)
        return self.styles[looks]

    def warnings(self) -> tuple[str, ...]:
        """What could not be kept whole."""
        if not self.cut:
            return ()
        return (f"Texts longer than an Excel cell can hold were cut ({self.cut}); choose JSON to have them whole.",)

    def saved(self, composition: Composition, title: str) -> bytes:
        """The workbook's bytes: its times are those of the composition, not the clock's."""
        from openpyxl.writer.excel import ExcelWriter

        properties = self.book.properties
        properties.title, properties.subject = title, composition.export_workflow_id
        properties.creator = composition.owner_email
        properties.created = properties.modified = composition.generated_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
        buffer = io.BytesIO()
        ExcelWriter(self.book, SteadyZip(buffer, "w")).save()
        return buffer.getvalue()


def _dressed(sheet: Any, looks: tuple[str, ...]) -> Any:
    """The style of a cell that has all these looks."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    cell = WriteOnlyCell(sheet)
    fonts = {
        "title": Font(name="Calibri", size=16, bold=True, color=_ACCENT), "quiet": Font(name="Calibri", color=_GREY),
        "heading": Font(name="Calibri", bold=True, color=_ACCENT), "head": Font(name="Calibri", bold=True, color="FFFFFF"),
        "label": Font(name="Calibri", color=_GREY),
    }
    wrap = bool({"wrapped", "head", "heading"} & {*looks})
    is_text = bool({"wrapped", "left", "head"} & {*looks}) or any(look in _DATE_FORMATS for look in looks)
    side = "right" if "right" in looks else "left" if is_text else None
    cell.alignment = Alignment(vertical="top", wrap_text=wrap, horizontal=side, indent=int(side == "left"))
    for look in looks:
        if look in fonts:
            cell.font = fonts[look]
        if number_format := _number_format(look):
            cell.number_format = number_format
    ground, ink = next((GROUNDS[look.removeprefix("ground ")] for look in looks if look.startswith("ground ")), (None, None))
    if ink or "bold" in looks:
        cell.font = Font(name="Calibri", bold="bold" in looks, color=ink)
    fill = ground or (_CHANGED if "changed" in looks else _ACCENT if "head" in looks else None)
    if fill:
        cell.fill = PatternFill("solid", fgColor=fill)
        cell.border = Border(bottom=Side("thin", color="D9DFE4"))
    cell.quotePrefix = "quoted" in looks
    return copy(cell._style)


_DATE_FORMATS = {
    "date iso": "yyyy-mm-dd", "date dotted": "dd.mm.yyyy", "date day_first": r"dd\/mm\/yyyy", "date month_first": r"mm\/dd\/yyyy",
    "date long en": "[$-809]d mmmm yyyy", "date long de": "[$-407]d. mmmm yyyy", "date long fr": "[$-40C]d mmmm yyyy",
}  # fmt: skip
_AMOUNT_FORMATS = {"amount": "#,##0.00", "fine_amount": "#,##0.00######"}


def _date_look(writing: Writing) -> str:
    return f"date long {writing.language}" if writing.dates == "long" else f"date {writing.dates}"


def _number_format(look: str) -> str | None:
    """The format of a date or an amount; a currency stands in the look behind < or >, by its place."""
    name, place, unit = re.fullmatch(r"(\w+)(?:([<>])(.*))?|.*", look).groups()  # type: ignore[union-attr]
    figures, sign = _AMOUNT_FORMATS.get(name or ""), re.sub(r'["\\\\]', "", unit or "")
    if figures is None:
        return _DATE_FORMATS.get(look)
    return {"<": f'"{sign}"{figures}', ">": f'{figures} "{sign}"'}.get(place or "", figures)


def _number_look(name: str, value: Any) -> str:
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not is_amount(name):
        return "plain"
    return "amount" if round(value, 2) == value else "fine_amount"


def _as_date(text: str) -> date | None:
    if not _ISO_DATE.fullmatch(text):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day >= _FIRST_DATE else None


def _widths(table: Table) -> list[float]:
    """Wide enough for most of each column, never wider than a comfortable line."""
    measured = table.rows[:_MEASURED_ROWS]
    texts = (
        [label + "  ▾", *(_told(table, name, row[position]) for row in measured)]
        for position, (name, label) in enumerate(zip(table.columns, table.labels(), strict=True))
    )
    return [min(max(len(line) for text in told for line in text.split("\n")) + 3, 60) for told in texts]


def _told(table: Table, name: str, value: Any) -> str:
    return value.text if isinstance(value, Entry) else table.text(name, value)


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
