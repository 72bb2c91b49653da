"""Document data as the rows of a grid: what stands in each, how sure the machine was, what to note, and the data after edits."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kraftd_core.cells import is_unread, text_of, value_of
from kraftd_core.changes import parse_path, path_of
from kraftd_core.checks import Finding
from kraftd_core.document_types import kind_of
from kraftd_core.jsontypes import ROW_ID, Data, Row, clean_text, fields_of, tables_of
from kraftd_core.records import Change, Deletion, Modification, Move, Place
from kraftd_core.wording import label_of

SURE_FROM = 0.8
"""From this confidence on nobody needs to look at a value."""

DOCUMENT_TYPE = "document_type"

_NEW_TABLE_COLUMNS = {"line_items": ("description", "quantity", "unit", "unit_price", "amount")}
_NUMBERS = frozenset({"subtotal", "total_tax", "quantity", "unit_price", "amount"})


# What a grid shows


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a grid: its texts, the lowest confidence of its values (None where none was measured), and a note."""

    texts: tuple[str | None, ...]
    confidence: float | None
    note: str


def detail_names(data: Data, document_type: str) -> list[str]:
    """The fields that are shown: those of the data, then those that a document of its kind should have.

    The document type is chosen from a list of its own.
    """
    kind = kind_of(document_type)
    there = [name for name, _ in fields_of(data) if name != DOCUMENT_TYPE]
    missing = (name for name in (*kind.required, *kind.expected) if name not in data and name not in _NEW_TABLE_COLUMNS)
    return list(dict.fromkeys([*there, *missing]))


def table_names(data: Data, document_type: str) -> list[str]:
    """The tables that are shown: those of the data, and line items where a document of its kind should have them."""
    kind = kind_of(document_type)
    wanted = (name for name in (*kind.required, *kind.expected) if name in _NEW_TABLE_COLUMNS and name not in data)
    return [*(name for name, _ in tables_of(data)), *wanted]


def columns_of(name: str, rows: Iterable[Row]) -> list[str]:
    """The columns of a table in the order in which they first occur; the usual ones for an empty table."""
    seen = dict.fromkeys(column for row in rows for column in row if column != ROW_ID)
    return list(seen) or list(_NEW_TABLE_COLUMNS.get(name, ("description",)))


def detail_lines(
    data: Data, names: Sequence[str], places: Mapping[str, Place], findings: Iterable[Finding], changes: Iterable[Change]
) -> list[Line]:
    """The fields as grid rows: label and value."""
    notes = _notes(findings, changes)
    return [
        Line(
            texts=(label_of(name), text_of(data.get(name))),
            confidence=_confidence(places, [path_of(name)]),
            note=_note(notes, [path_of(name)], is_unread(data.get(name), _is_number(name))),
        )
        for name in names
    ]


def table_lines(
    name: str,
    rows: Sequence[Row],
    columns: Sequence[str],
    places: Mapping[str, Place],
    findings: Iterable[Finding],
) -> list[Line]:
    """The rows of a table as grid rows: one text a column."""
    notes = _notes(findings, ())
    numeric = numeric_columns(rows, columns)
    lines = []
    for row in rows:
        paths = [path_of(name, row[ROW_ID]), *(path_of(name, row[ROW_ID], column) for column in columns)]
        unread = any(is_unread(row.get(column), column in numeric) for column in columns)
        texts = tuple(text_of(row.get(column)) for column in columns)
        lines.append(Line(texts, _confidence(places, paths), _note(notes, paths, unread)))
    return lines


def numeric_columns(rows: Iterable[Row], columns: Sequence[str]) -> set[str]:
    """The columns that hold numbers: more numbers than texts, or a name that says so where the column is empty."""
    balance = dict.fromkeys(columns, 0)
    for row in rows:
        for column in columns:
            balance[column] += _weight(row.get(column))
    return {column for column, weight in balance.items() if weight > 0 or (weight == 0 and _is_number(column))}


def _weight(value: Any) -> int:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return 1
    return -1 if isinstance(value, str) and value.strip() else 0


def _is_number(name: str) -> bool:
    return name in _NUMBERS or name.endswith(("_total", "_value", "_amount", "_price")) or name == "total"


def _confidence(places: Mapping[str, Place], paths: Iterable[str]) -> float | None:
    known = [places[path].confidence for path in paths if path in places]
    return min((confidence for confidence in known if confidence is not None), default=None)


def _notes(findings: Iterable[Finding], changes: Iterable[Change]) -> dict[str, str]:
    """What to say of a cell or row; a finding says more than that it was changed."""
    notes = {change.field: _was(change) for change in changes}
    for finding in findings:
        notes |= dict.fromkeys(finding.cells, f"▲ {finding.message}")
    return notes


def _was(change: Change) -> str:
    if isinstance(change, Modification):
        return f"✎ was {text_of(change.original_value) or 'empty'}"
    return "✎ moved" if isinstance(change, Move) else "✎ removed" if isinstance(change, Deletion) else "✎ added"


def _note(notes: Mapping[str, str], paths: Sequence[str], unread: bool) -> str:
    found = [notes[path] for path in paths if path in notes]
    marked = next((note for note in found if note.startswith("▲")), None)
    if marked or unread:
        return marked or "? cannot be read as a number"
    return found[0] if found else ""


def findings_in(table: str, findings: Iterable[Finding]) -> list[Finding]:
    """The findings about cells of the table."""
    return [finding for finding in findings if any(parse_path(cell).field == table for cell in finding.cells)]


# How well it was read


@dataclass(frozen=True, slots=True)
class Reading:
    """How well a document was read: values with something in them, rows of tables, and how sure the machine was."""

    values: int
    rows: int
    sure: int
    doubtful: int

    @property
    def unmeasured(self) -> int:
        """The values for which no confidence could be given."""
        return self.values - self.sure - self.doubtful


def reading_of(data: Data, places: Mapping[str, Place]) -> Reading:
    """How well the data was read."""
    confidences = [places[path].confidence if path in places else None for path in _filled_paths(data)]
    measured = [confidence for confidence in confidences if confidence is not None]
    return Reading(
        values=len(confidences),
        rows=sum(len(rows) for _, rows in tables_of(data)),
        sure=sum(confidence >= SURE_FROM for confidence in measured),
        doubtful=sum(confidence < SURE_FROM for confidence in measured),
    )


def _filled_paths(data: Data) -> Iterator[str]:
    yield from (path_of(name) for name, value in fields_of(data) if value is not None and name != DOCUMENT_TYPE)
    for name, rows in tables_of(data):
        for row in rows:
            yield from (path_of(name, row[ROW_ID], c) for c, v in row.items() if v is not None and c != ROW_ID)


# The data after edits


def with_fields(data: Data, names: Sequence[str], typed: Mapping[int, str | None]) -> Data:
    """The data after texts were typed into fields, given by their place among the names."""
    edited = dict(data)
    for place, text in typed.items():
        name = names[place]
        value = value_of(text, data.get(name), like_number=_is_number(name))
        if name in data or value is not None:
            edited[name] = _kept(value)
    return edited


def with_rows(
    rows: Sequence[Row],
    columns: Sequence[str],
    typed: Mapping[int, Mapping[str, str | None]],
    added: Sequence[Mapping[str, str | None]],
    deleted: Iterable[int],
    id_stem: str,
) -> list[Row]:
    """The table after texts were typed, rows added at the end and rows deleted, each given by its place.

    The id of an added row is the stem and its number, so that it stays the same while the user goes on typing.
    A row into which nothing was typed is none yet.
    """
    gone, numeric = set(deleted), numeric_columns(rows, columns)
    kept = [_typed_into(row, typed.get(place, {}), numeric) for place, row in enumerate(rows) if place not in gone]
    fresh = [_typed_into({ROW_ID: f"{id_stem}-{n}"}, texts, numeric) for n, texts in enumerate(added)]
    return kept + [row for row in fresh if len(row) > 1]


def _typed_into(row: Row, texts: Mapping[str, str | None], numeric: set[str]) -> Row:
    edited = dict(row)
    for column, text in texts.items():
        value = value_of(text, row.get(column), like_number=column in numeric)
        if column in row or value is not None:
            edited[column] = _kept(value)
    return edited


def _kept(value: Any) -> Any:
    return clean_text(value) if isinstance(value, str) else value


def with_table(data: Data, name: str, rows: list[Row]) -> Data:
    """The data with the table as it is now; a table that was not there and stays empty is not added."""
    return {**data, name: rows} if rows or name in data else data


def with_new_field(data: Data, label: str, text: str) -> Data:
    """The data with a field of the user's own, named after its label."""
    stem = "_".join(clean_text(label).lower().split()) or "field"
    name = next(n for n in _numbered(stem) if n not in data and n != ROW_ID)
    return {**data, name: _kept(value_of(text, None, like_number=_is_number(name)))}


def _numbered(stem: str) -> Iterator[str]:
    yield stem
    yield from (f"{stem}_{n}" for n in range(2, 10_000))
