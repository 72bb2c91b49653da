"""The deliverable as an Excel workbook: real numbers and dates to reckon with, and no text that acts as a formula."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from kraftd_core.adapters.renderers.excel.book import LINE_HEIGHT, Book, Sheet, width_of
from kraftd_core.adapters.renderers.excel.checks import Checks
from kraftd_core.adapters.renderers.excel.rows import Cell
from kraftd_core.adapters.renderers.excel.styles import CellColumn
from kraftd_core.adapters.renderers.excel.tables import TableSheet, most_columns
from kraftd_core.adapters.renderers.losses import losses
from kraftd_core.delivery.layout import Entries, Layout, NamedValue, Prose, Table, lay_out, text_of
from kraftd_core.delivery.locales import Writing
from kraftd_core.delivery.templates import Section
from kraftd_core.document.value_kinds import judged
from kraftd_core.document.wording import label_of
from kraftd_core.errors import RenderingError
from kraftd_core.ports.making import Composition, Rendered

MIME_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384
_ROWS_BESIDE = 3  # the head, and the sum below a blank row
_MEASURED_CHANGES = 500


class ExcelRenderer:
    """Makes a workbook of sheets: Summary, Fields, one for each table, Changes, Audit, as far as there is something for them."""

    def render(self, composition: Composition) -> Rendered:
        """The file; texts longer than a cell can hold are cut, with a warning."""
        layout = lay_out(composition)
        tables = [block for block in layout.blocks if isinstance(block, Table)]
        _refuse_oversized(tables)
        book = Book(most_columns(tables))
        _Sheets(book, layout).add()
        content = book.saved(composition, layout)
        return Rendered(content, MIME_TYPE, "xlsx", warnings=(*layout.warnings, *losses(composition), *book.warnings()))


def _refuse_oversized(tables: Iterable[Table]) -> None:
    for table in tables:
        if len(table.rows) + _ROWS_BESIDE > _MOST_ROWS or len(table.columns) + 2 > _MOST_COLUMNS:
            raise RenderingError(f"The table {table.heading} is larger than an Excel sheet. Choose CSV or JSON.")


class _Sheets:
    """The sheets of a deliverable, in their order."""

    def __init__(self, book: Book, layout: Layout) -> None:
        self.book, self.layout = book, layout
        self.writing, self.told = layout.appearance.writing, book.told
        self.checks = Checks(layout)

    def add(self) -> None:
        """All that the layout shows."""
        layout, say = self.layout, self.writing.say
        summary = self.book.sheet(say("Summary"), (30, 110))
        self.book.fill(summary, self._summary(summary))
        for block in layout.blocks:
            if isinstance(block, Entries) and block.section is Section.FIELDS:
                self._add_fields(block.heading, block.entries)
            elif isinstance(block, Table):
                TableSheet(self.book, block, layout, self.checks).add()
        if layout.changes and Section.CHANGES in layout.sections and {Section.FIELDS, Section.TABLES} & set(layout.sections):
            self._add_changes()
        audit = self.book.sheet(say("Audit"), (30, 90))
        self.book.fill(audit, self._audit(audit))

    def _summary(self, sheet: Sheet) -> Iterator[str]:
        """Title, sentences and key figures, in reading order."""
        yield sheet.row([self.told(self.layout.title, "title")], 24)
        yield sheet.row([self.told(self.layout.subtitle, "quiet")], LINE_HEIGHT)
        for block in self.layout.blocks:
            if isinstance(block, Prose):
                yield sheet.row([])
                headings: list[Cell | None] = [self.told(block.heading, "heading"), *[None] * len(block.statements)]
                for heading, statement in zip(headings, block.statements, strict=False):
                    yield sheet.row([heading, self.told(statement, "wrapped", mark=block.mark)])
            elif isinstance(block, Entries) and block.section is Section.KEY_FIGURES:
                yield sheet.row([])
                yield sheet.row([self.told(block.heading, "heading")])
                yield from self._entries(sheet, block.entries)

    def _audit(self, sheet: Sheet) -> Iterator[str]:
        """Where the file comes from."""
        yield sheet.row([self.told(self.writing.say("Provenance"), "title")], 24)
        yield from self._entries(sheet, self.layout.provenance)
        yield sheet.row([])
        legend = self.writing.say("Highlighted cells were changed in the review.")
        yield sheet.row([None, self.told(legend, "wrapped", "changed")])
        values = self.writing.say("Values are those reviewed; the sums below the lines are formulas.")
        yield sheet.row([None, self.told(values, "wrapped")])

    def _entries(self, sheet: Sheet, entries: Iterable[NamedValue]) -> Iterator[str]:
        for entry in entries:
            yield sheet.row([self.told(entry.label, "label"), self._value(entry)])

    def _value(self, entry: NamedValue) -> Cell:
        kind = judged(entry.name, (entry.value,))
        column = CellColumn(self.book.style_of, entry.name, kind, entry.writing, entry.currency, entry.unit, ("left",))
        return column.cell(entry.value, entry.mark)

    # fields

    def _add_fields(self, heading: str, entries: Sequence[NamedValue]) -> None:
        """Each field with its value, whether it adds up, whether the review changed it, and its technical name."""
        heads = [self.writing.say(head) for head in ("Field", "Value", "Check", "Review", "Name")]
        told = (heads, *((entry.label, entry.text, *self._notes(entry), entry.name) for entry in entries))
        sheet = self.book.sheet(heading, [width_of([text or "" for text in column]) for column in zip(*told, strict=True)])
        self.book.head(sheet, len(heads), len(entries))
        if any(entry.changed for entry in entries):
            is_marked = any(entry.mark for entry in entries)
            self.book.mark_changed(sheet, f"B2:B{len(entries) + 1}", '$D2<>""', keeps_ground=is_marked)
        for row, entry in enumerate(entries, 2):
            self.book.define(entry.name, sheet, f"$B${row}")
        self.book.fill(sheet, self._fields(sheet, heads, entries))

    def _fields(self, sheet: Sheet, heads: Sequence[str], entries: Sequence[NamedValue]) -> Iterator[str]:
        is_changed = any(entry.changed for entry in entries)
        yield sheet.row([self.told(head, "legend" if is_changed and n == 3 else "head") for n, head in enumerate(heads)])
        for entry in entries:
            notes = map(self.book.note, (*self._notes(entry), entry.name))
            yield sheet.row([self.told(entry.label, "wrapped"), self._value(entry), *notes])

    def _notes(self, entry: NamedValue) -> tuple[str | None, str | None]:
        return self.checks.of_field(entry.name), self.writing.say("changed") if entry.changed else None

    # changes

    def _add_changes(self) -> None:
        """What the review changed: where, and both values."""
        heads = [self.writing.say(head) for head in ("Where", "Change", "Before", "After", "Reason")]
        told = (heads, *map(self._change_told, self.layout.changes[:_MEASURED_CHANGES]))
        sheet = self.book.sheet(self.writing.say("Changes"), [width_of(column) for column in zip(*told, strict=True)])
        self.book.head(sheet, len(heads), len(self.layout.changes))
        self.book.fill(sheet, self._changes(sheet, heads))

    def _changes(self, sheet: Sheet, heads: Sequence[str]) -> Iterator[str]:
        yield sheet.row([self.told(head, "head") for head in heads])
        for change in self.layout.changes:
            name, both = _name_in(change), (change["original_value"], change["modified_value"])
            column = CellColumn(self.book.style_of, name, judged(name, both), self.writing, looks=("left",))
            where, kind = map(self.book.note, (_place_of(change), _kind_of(change)))
            yield sheet.row([where, kind, *map(column.cell, both), self.book.note(change["user_reason"])])

    def _change_told(self, change: dict[str, Any]) -> list[str]:
        name = _name_in(change)
        values = [text_of(name, change[value], Writing()) for value in ("original_value", "modified_value")]
        return [_place_of(change), _kind_of(change), *values, change["user_reason"] or ""]


def _name_in(change: dict[str, Any]) -> str:
    return change.get("field") or change.get("column") or ""


def _place_of(change: dict[str, Any]) -> str:
    table = [label_of(change["table"])] if "table" in change else []
    row = [f"row {change['row']}"] if change.get("row") else []
    return ", ".join([*table, *row, *([label_of(_name_in(change))] if _name_in(change) else [])])


def _kind_of(change: dict[str, Any]) -> str:
    return str(change["change_type"]) + (" (format only)" if change["format_only"] else "")
