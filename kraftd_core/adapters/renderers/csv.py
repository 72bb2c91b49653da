"""The deliverable as CSV, for spreadsheets and imports: RFC 4180, UTF-8 with a byte order mark, no formulas."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from kraftd_core.adapters.renderers.excel.rows import LONGEST_TEXT
from kraftd_core.adapters.renderers.losses import losses
from kraftd_core.adapters.renderers.steady_zip import packed
from kraftd_core.delivery.layout import Block, Entries, Layout, Prose, Table, lay_out, text_of
from kraftd_core.delivery.locales import Writing
from kraftd_core.delivery.templates import Section
from kraftd_core.document.filenames import clean_name
from kraftd_core.ports.making import Composition, Rendered
from kraftd_core.records.plan import Target, Visibility

_NUMBER = re.compile(r"[+-]?\d+([.,’\u202f]\d+)*([eE][+-]?\d+)?")
_CODE = re.compile(r"0\d+|\d{16,}")
_CODES_CHANGE = (
    "Leading zeros and long numbers are in the file, but a spreadsheet that opens it directly changes them: "
    "import these columns as text, or choose Excel."
)
_TABLE_ALONE = "The file holds the table and nothing else; its name says where it comes from, and Verify knows it."
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
        warnings = (*layout.warnings, *losses(composition), *_opening(layout))
        tables = [block for block in layout.blocks if isinstance(block, Table)]
        if not tables and Section.FIELDS not in layout.sections:
            return Rendered(_told(layout), "text/csv", "csv", warnings=warnings)
        if len(tables) == 1 and _asks_for_a_table_alone(composition, layout):
            return Rendered(_table(tables[0], layout), "text/csv", "csv", warnings=(*warnings, _TABLE_ALONE))
        return Rendered(_zipped(dict(_files(layout))), "application/zip", "zip", warnings=warnings)


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
        yield _CODES_CHANGE


def _values(block: Block) -> Iterator[Any]:
    if isinstance(block, Table):
        yield from (value for row in block.rows for value in row)
    elif isinstance(block, Prose):
        yield from block.statements
    elif isinstance(block, Entries):
        yield from (entry.value for entry in block.entries)


def _zipped(files: dict[str, bytes]) -> bytes:
    return packed({f"{name}.csv": content for name, content in files.items()})


def _files(layout: Layout) -> Iterator[tuple[str, bytes]]:
    taken = {"summary", "changes", "provenance", "fields"}
    for block in layout.blocks:
        if isinstance(block, Entries) and block.section is Section.FIELDS:
            head = ("field", "label", "value", "changed")
            yield "fields", _csv(head, ((e.name, e.label, _value(e.name, e.value, e.writing), e.changed) for e in block.entries))
        elif isinstance(block, Table):
            yield _file_name(block.name, taken), _table(block, layout)
    yield "summary", _told(layout, without=(Section.FIELDS, Section.PROVENANCE))
    if Section.CHANGES in layout.sections:
        yield "changes", _changes(layout)
    yield "provenance", _csv(("name", "value"), ((entry.name, entry.value) for entry in layout.provenance))


_CHANGE_COLUMNS = (
    "change_type", "field", "table", "row", "column", "original_value", "modified_value", "format_only", "user_reason",
)


def _changes(layout: Layout) -> bytes:
    plain = Writing()
    return _csv(_CHANGE_COLUMNS, ([_value("", change.get(name), plain) for name in _CHANGE_COLUMNS] for change in layout.changes))


def _table(table: Table, layout: Layout) -> bytes:
    """The columns under their own names, but for those that the user called otherwise."""
    labels = layout.look.labels
    head = [labels.get(Target(kind="column", name=name, table=table.name), name) for name in table.columns]
    rows = ([_value(n, v, table.writing) for n, v in zip(table.columns, row, strict=True)] for row in table.rows)
    return _csv(head, rows)


def _told(layout: Layout, without: tuple[Section, ...] = ()) -> bytes:
    """Everything but the tables as one file of three columns."""
    return _csv(("section", "name", "value"), _lines(layout, without))


def _lines(layout: Layout, without: tuple[Section, ...]) -> Iterator[Sequence[Any]]:
    for block in layout.blocks:
        if isinstance(block, Prose):
            yield from ((block.heading, "", statement) for statement in block.statements)
        elif isinstance(block, Entries) and block.section not in without:
            yield from ((block.heading, entry.label, _value(entry.name, entry.value, entry.writing)) for entry in block.entries)


def _value(name: str, value: Any, writing: Writing) -> Any:
    """Numbers and dates as they are, unless it was asked how they are written; what has no cell of its own as text."""
    if isinstance(value, (dict, list)) or name == "document_type":
        return text_of(name, value, writing)
    if isinstance(value, str):
        return value if writing.dates == "iso" else writing.text(name, value)
    is_number = bool(writing.numbers) and isinstance(value, (int, float)) and not isinstance(value, bool)
    return writing.text(name, value) if is_number else value


def _csv(head: Sequence[str], rows: _Rows) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(map(_cell, head))
    writer.writerows([_cell(value) for value in row] for row in rows)
    return buffer.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"'{value}" if isinstance(value, str) and acts_as_formula(value) else value


def acts_as_formula(text: str) -> bool:
    """Whether a spreadsheet could take the text for a formula; a plain number with a sign is none."""
    first = next((c for c in text if c.isprintable() and not c.isspace()), "")
    if text.startswith(("\t", "\r", "\n")):
        return True
    return unicodedata.normalize("NFKC", first)[:1] in set("=+-@") and not _NUMBER.fullmatch(text)


def _file_name(table: str, taken: set[str]) -> str:
    """The table's name as a file name, unlike those taken (in any case), which it joins."""
    stem = clean_name(re.sub(r"\W+", "_", table).strip("_")[:60] or "table")
    name = next(n for n in (stem, *(f"{stem}_{i}" for i in range(2, len(taken) + 3))) if n.casefold() not in taken)
    taken.add(name.casefold())
    return name
