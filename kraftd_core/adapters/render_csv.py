"""The deliverable as CSV, for spreadsheets and imports: RFC 4180, UTF-8 with a byte order mark, no formulas."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from kraftd_core.adapters.steady_zip import SteadyZip
from kraftd_core.filenames import clean_name
from kraftd_core.layout import Entries, Layout, Prose, Table, lay_out, text_of
from kraftd_core.locales import Writing
from kraftd_core.ports import Composition, Rendered
from kraftd_core.records import Target
from kraftd_core.templates import Section

_NUMBER = re.compile(r"[+-]?\d+([.,’\u202f]\d+)*")
_Rows = Iterable[Sequence[Any]]


class CsvRenderer:
    """Makes one CSV file, or a zip of several.

    Where neither the fields nor a table is shown, it is one file with all that is told. Otherwise a document without tables
    gives its fields, and one with tables a zip: `fields.csv`, a file for each table, `summary.csv`, `changes.csv` and
    `provenance.csv`.
    """

    def render(self, composition: Composition) -> Rendered:
        """The file; a zip says so in its MIME type and suffix."""
        layout = lay_out(composition)
        has_fields = any(block.section is Section.FIELDS for block in layout.blocks)
        has_tables = any(isinstance(block, Table) for block in layout.blocks)
        if not has_fields and not has_tables:
            return _alone(_told(layout), layout)
        files = dict(_files(layout))
        if not has_tables:
            return _alone(files["fields"], layout)
        return Rendered(_zipped(files), "application/zip", "zip", warnings=layout.warnings)


def _alone(content: bytes, layout: Layout) -> Rendered:
    return Rendered(content, "text/csv", "csv", warnings=layout.warnings)


def _zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with SteadyZip(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"{name}.csv", content)
    return buffer.getvalue()


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
