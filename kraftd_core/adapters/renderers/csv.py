"""The deliverable as CSV, for spreadsheets and imports: RFC 4180, UTF-8 with a byte order mark, no formulas."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from kraftd_core.adapters.renderers.csv_cells import inert
from kraftd_core.adapters.renderers.excel.rows import LONGEST_TEXT
from kraftd_core.adapters.renderers.losses import losses
from kraftd_core.adapters.renderers.steady_zip import packed
from kraftd_core.delivery.layout import Block, Entries, Layout, NamedValue, Prose, Table, lay_out, text_of
from kraftd_core.delivery.locales import Writing
from kraftd_core.delivery.templates import Section
from kraftd_core.document.filenames import clean_name
from kraftd_core.document.value_kinds import ValueKind, judged
from kraftd_core.document.wording import how_many, listed, plain_number
from kraftd_core.ports.making import Composition, Rendered
from kraftd_core.records.plan import Target, Visibility

_CODE = re.compile(r"0\d+|\d{16,}|\+\d{7,}")
CODES_CHANGE = (
    "Leading zeros, leading plus signs and long numbers are in the file, but a spreadsheet that opens it directly changes them: "
    "import these columns as text, or choose Excel."
)
_TABLE_ALONE = "The file holds the table and nothing else; its name says where it comes from, and Verify knows it."
_MARKS = {"comma": ",", "semicolon": ";", "tab": "\t"}
_NAMED_AT_MOST = 20
_Rows = Iterable[Sequence[Any]]


class CsvRenderer:
    """Makes one CSV file, or a zip of several.

    Where neither the fields nor a table is shown, it is one file with all that is told; where the user chose one table and
    nothing else, that table. Otherwise it is a zip: `fields.csv`, a file for each table, `summary.csv`, `changes.csv` and
    `provenance.csv`.
    """

    def render(self, composition: Composition) -> Rendered:
        """The file; a zip says so in its MIME type and suffix."""
        layout = lay_out(composition)
        files = _Files(layout)
        warnings = (*layout.warnings, *losses(composition), *_opening(layout))
        tables = [block for block in layout.blocks if isinstance(block, Table)]
        if not tables and Section.FIELDS not in layout.sections:
            return Rendered(files.told(""), "text/csv", "csv", warnings=(*warnings, *files.warnings()))
        if len(tables) == 1 and _asks_for_a_table_alone(composition, layout):
            content = files.table("", tables[0])
            return Rendered(content, "text/csv", "csv", warnings=(*warnings, *files.warnings(), _TABLE_ALONE))
        content = packed({f"{name}.csv": content for name, content in files.all()})
        return Rendered(content, "application/zip", "zip", warnings=(*warnings, *files.warnings()))


def _asks_for_a_table_alone(composition: Composition, layout: Layout) -> bool:
    """Whether the user wants tables and nothing else, or named a table and nothing else as what is shown."""
    steps = [step for step in composition.plan.steps if isinstance(step, Visibility) and step.kind != "hide"]
    named = [target for step in steps for target in step.targets]
    is_named = [step.kind for step in steps] == ["only"] and [target.kind for target in named] == ["table"]
    return is_named or set(layout.sections) == {Section.TABLES, Section.PROVENANCE}


def _opening(layout: Layout) -> Iterator[str]:
    """What spreadsheets do to a file as they open it, where this one has what they do it to."""
    values = [value for block in layout.blocks for value in _values(block) if isinstance(value, str)]
    if any(len(value) > LONGEST_TEXT for value in values):
        yield f"Excel cuts texts of more than {LONGEST_TEXT:,} characters when it opens the file; the file holds them whole."
    if any(_CODE.fullmatch(value) for value in values):
        yield CODES_CHANGE


def _values(block: Block) -> Iterator[Any]:
    if isinstance(block, Table):
        yield from (value for row in block.rows for value in row)
    elif isinstance(block, Prose):
        yield from block.statements
    elif isinstance(block, Entries):
        yield from (entry.value for entry in block.entries)


_CHANGE_COLUMNS = (
    "change_type", "field", "table", "row", "column", "original_value", "modified_value", "format_only", "user_reason",
)


class _Files:
    """The files of a deliverable, with the separators that were asked for; remembers the texts that it had to alter."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        asked = layout.appearance.separators
        self.separator = _MARKS[asked.columns or "comma"]
        self.has_decimal_commas = asked.decimals == "comma"
        self.altered: list[str] = []

    def warnings(self) -> Iterator[str]:
        """Which cells do not hold their text as it is."""
        if self.altered:
            cells = f"{how_many(len(self.altered), 'cell')}: {listed(self.altered, most=_NAMED_AT_MOST)}"
            yield f"An apostrophe keeps a spreadsheet from calculating what is text, in {cells}."

    def all(self) -> Iterator[tuple[str, bytes]]:
        """Every file with its name."""
        taken = {"summary", "changes", "provenance", "fields"}
        for block in self.layout.blocks:
            if isinstance(block, Entries) and block.section is Section.FIELDS:
                head = ("field", "label", "value", "changed")
                yield "fields", self._csv("fields", head, ((e.name, e.label, self._of(e), e.changed) for e in block.entries))
            elif isinstance(block, Table):
                name = _file_name(block.name, taken)
                yield name, self.table(name, block)
        yield "summary", self.told("summary", without=(Section.FIELDS, Section.PROVENANCE))
        if Section.CHANGES in self.layout.sections:
            yield "changes", self._changes()
        told = ((entry.name, entry.value) for entry in self.layout.provenance)
        yield "provenance", self._csv("provenance", ("name", "value"), told)

    def table(self, file: str, table: Table) -> bytes:
        """The columns under their own names, but for those that the user called otherwise."""
        labels = self.layout.appearance.labels
        head = [labels.get(Target(kind="column", name=name, table=table.name), name) for name in table.columns]
        held = [*zip(table.columns, table.kinds, table.currencies, strict=True)]
        rows = ([self._value(*of, v, table.writing) for of, v in zip(held, row, strict=True)] for row in table.rows)
        return self._csv(file, head, rows)

    def told(self, file: str, without: tuple[Section, ...] = ()) -> bytes:
        """Everything but the tables as one file of three columns."""
        return self._csv(file, ("section", "name", "value"), self._lines(without))

    def _lines(self, without: tuple[Section, ...]) -> Iterator[Sequence[Any]]:
        for block in self.layout.blocks:
            if isinstance(block, Prose):
                yield from ((block.heading, "", statement) for statement in block.statements)
            elif isinstance(block, Entries) and block.section not in without:
                yield from ((block.heading, entry.label, self._of(entry)) for entry in block.entries)

    def _changes(self) -> bytes:
        rows = ([self._changed(change.get(name)) for name in _CHANGE_COLUMNS] for change in self.layout.changes)
        return self._csv("changes", _CHANGE_COLUMNS, rows)

    # cells

    def _of(self, entry: NamedValue) -> Any:
        return self._value(entry.name, judged(entry.name, (entry.value,)), entry.currency, entry.value, entry.writing)

    def _changed(self, value: Any) -> Any:
        return self._value("", ValueKind.PLAIN, "", value, Writing())

    def _value(self, name: str, kind: ValueKind, currency: str, value: Any, writing: Writing) -> Any:
        """Numbers and dates as they are, unless it was asked how they are written; what has no cell of its own as text."""
        if isinstance(value, (dict, list)) or name == "document_type":
            return text_of(name, value, writing, currency)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return writing.text(kind, value) if isinstance(value, str) else value
        if writing.numbers:
            return writing.text(kind, value, currency)
        text = plain_number(value)
        return text.replace(".", ",") if self.has_decimal_commas and kind is not ValueKind.CODE else text

    def _csv(self, file: str, head: Sequence[str], rows: _Rows) -> bytes:
        buffer = io.StringIO()
        writer = csv.writer(buffer, delimiter=self.separator, lineterminator="\r\n")
        where = f" in {file}.csv" if file else ""
        writer.writerow([self._cell(name, "head", 0, where) for name in head])
        for number, row in enumerate(rows, 1):
            writer.writerow([self._cell(value, name, number, where) for name, value in zip(head, row, strict=True)])
        return buffer.getvalue().encode("utf-8-sig")

    def _cell(self, value: Any, column: str, row: int, where: str) -> Any:
        if isinstance(value, bool):
            return "true" if value else "false"
        if not isinstance(value, str) or (safe := inert(value, self.separator)) == value:
            return value
        self.altered.append(f"{column}{f' of row {row}' if row else ''}{where}")
        return safe


def _file_name(table: str, taken: set[str]) -> str:
    """The table's name as a file name, unlike those taken (in any case), which it joins."""
    stem = clean_name(re.sub(r"\W+", "_", table).strip("_")[:60] or "table")
    name = next(n for n in (stem, *(f"{stem}_{i}" for i in range(2, len(taken) + 3))) if n.casefold() not in taken)
    taken.add(name.casefold())
    return name
