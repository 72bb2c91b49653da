"""Document data as the rows of a grid: what stands in each, how sure the machine was, what to note, and the data after edits."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kraftd_core.document.cells import is_unread, text_of, value_of
from kraftd_core.document.changes import Path, parse_path, path_of
from kraftd_core.document.checks.checking import Finding, day
from kraftd_core.document.checks.words import doubts
from kraftd_core.document.jsontypes import ROW_ID, Data, Row, clean_text, fields_of, is_table, new_row_id, tables_of
from kraftd_core.document.kinds import KINDS, kind_of
from kraftd_core.document.nouns import Addition, Change, Deletion, Modification, Move
from kraftd_core.document.wording import label_of
from kraftd_core.records.stages import Place

DOCUMENT_TYPE = "document_type"

_MOST_OF_A_COLUMN = 3  # a check over more cells of one column is about their sum, not about each of them
_UNREAD = "? cannot be read as a number"
_NEW_TABLE_COLUMNS = {"line_items": ("description", "quantity", "unit", "unit_price", "amount")}
_NUMBERS = frozenset({"subtotal", "total_tax", "quantity", "unit_price", "amount"})
_DATES = frozenset(name for kind in KINDS.values() for name in (kind.date, kind.due) if name)


# What a grid shows


@dataclass(frozen=True, slots=True)
class GridLine:
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
) -> list[GridLine]:
    """The fields as grid rows: label and value."""
    notes = _notes(findings, changes)
    return [
        GridLine(
            texts=(label_of(name), text_of(data.get(name))),
            confidence=_confidence(places, [path_of(name)]),
            note=_note(notes.get(path_of(name), ""), is_unread(data.get(name), names_number(name))),
        )
        for name in names
    ]


def table_lines(
    name: str,
    rows: Sequence[Row],
    columns: Sequence[str],
    places: Mapping[str, Place],
    findings: Iterable[Finding],
) -> list[GridLine]:
    """The rows of a table as grid rows: one text a column."""
    notes = row_notes(name, rows, columns, findings)
    return [
        GridLine(
            tuple(text_of(row.get(column)) for column in columns),
            _confidence(places, [path_of(name, row[ROW_ID], column) for column in columns]) if places else None,
            notes.get(row[ROW_ID], ""),
        )
        for row in rows
    ]


def row_notes(name: str, rows: Sequence[Row], columns: Sequence[str], findings: Iterable[Finding]) -> dict[str, str]:
    """What the checks say of the rows of a table, by row id."""
    numeric = numeric_columns(rows, columns)
    notes = {row[ROW_ID]: _UNREAD for row in rows if any(is_unread(row.get(column), True) for column in numeric)}
    for finding in doubts(findings):
        for path in map(parse_path, cells_of(finding)[0]):
            if path.field == name and path.row_id:
                notes[path.row_id] = f"▲ {finding.message}"
    return notes


def is_outdated(
    name: str,
    lines: Sequence[GridLine],
    before: Sequence[Row],
    now: Sequence[Row],
    columns: Sequence[str],
    findings: Iterable[Finding],
) -> bool:
    """Whether lines, made of the rows as they were before, have other numbers or other notes by now."""
    ids = [row[ROW_ID] for row in before]
    if [row[ROW_ID] for row in now[: len(before)]] != ids:
        return True
    notes = row_notes(name, now[: len(before)], columns, findings)
    return [notes.get(row_id, "") for row_id in ids] != [line.note for line in lines]


def numeric_columns(rows: Iterable[Row], columns: Sequence[str]) -> set[str]:
    """The columns that hold numbers: more numbers than texts, or a name that says so where the column is empty."""
    balance = dict.fromkeys(columns, 0)
    for row in rows:
        for column in columns:
            balance[column] += _weight(row.get(column))
    return {column for column, weight in balance.items() if weight > 0 or (weight == 0 and names_number(column))}


def _weight(value: Any) -> int:
    if is_plain_number(value):
        return 1
    return -1 if isinstance(value, str) and value.strip() else 0


def names_number(name: str) -> bool:
    """Whether the name of a field or column says that it holds numbers."""
    return name in _NUMBERS or name.endswith(("_total", "_value", "_amount", "_price")) or name == "total"


def names_date(name: str, before: Any) -> bool:
    """Whether the name of a field or column, or what stood there, says that it holds dates."""
    return name in _DATES or name.endswith("_date") or day(before) is not None


def is_plain_number(value: Any) -> bool:
    """Whether the value is a JSON number."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _confidence(places: Mapping[str, Place], paths: Iterable[str]) -> float | None:
    known = [places[path].confidence for path in paths if path in places]
    return min((confidence for confidence in known if confidence is not None), default=None)


def _notes(findings: Iterable[Finding], changes: Iterable[Change]) -> dict[str, str]:
    """What to say of a cell or row; a finding says more than that it was changed."""
    notes = {change.field: _was(change) for change in changes}
    for finding in doubts(findings):
        notes |= dict.fromkeys(finding.cells, f"▲ {finding.message}")
    return notes


def _was(change: Change) -> str:
    if isinstance(change, Modification):
        return f"✎ was {text_of(change.original_value) or 'empty'}"
    return "✎ moved" if isinstance(change, Move) else "✎ removed" if isinstance(change, Deletion) else "✎ added"


def _note(note: str, unread: bool) -> str:
    return _UNREAD if unread and not note.startswith("▲") else note


def cells_of(finding: Finding) -> tuple[list[str], list[str]]:
    """The cells that a check leads the eye to, and those that it merely summed."""
    if len(finding.cells) <= _MOST_OF_A_COLUMN:
        return list(finding.cells), []
    columns = {cell: (path.field, path.column) for cell in finding.cells if (path := parse_path(cell)).row_id}
    sizes = Counter(columns.values())
    summed = {cell for cell in finding.cells if cell in columns and sizes[columns[cell]] > _MOST_OF_A_COLUMN}
    told = [cell for cell in finding.cells if cell not in summed]
    return (told, [*filter(summed.__contains__, finding.cells)]) if told else (list(finding.cells), [])


def table_named(path: str) -> str:
    """The table of a cell's or row's path; empty for a field's."""
    parsed = parse_path(path)
    return parsed.field if parsed.row_id else ""


def findings_in(table: str, findings: Iterable[Finding]) -> list[Finding]:
    """The findings about cells of the table."""
    return [finding for finding in findings if any(parse_path(cell).field == table for cell in finding.cells)]


# Single values


def value_at(data: Data, field: str) -> Any:
    """What stands in the field or cell of that path; None if nothing does."""
    path = parse_path(field)
    return data.get(path.field) if path.row_id is None else _row_at(data, path).get(path.column or "")


def beside(data: Data, field: str) -> list[tuple[str, str]]:
    """What else stands in the row of a cell: columns and texts."""
    path = parse_path(field)
    others = {column: value for column, value in _row_at(data, path).items() if column not in (ROW_ID, path.column)}
    return [(column, text_of(value) or "") for column, value in others.items() if value is not None]


def _row_at(data: Data, path: Path) -> Row:
    return next((row for row in data.get(path.field, []) if row[ROW_ID] == path.row_id), {}) if path.row_id else {}


def is_whole_table(field: str, data: Data) -> bool:
    """Whether the path names a table, or a field that should be one."""
    return field in _NEW_TABLE_COLUMNS or (is_table(data.get(parse_path(field).field, "")) and not table_named(field))


# The data after edits


def with_fields(data: Data, names: Sequence[str], typed: Mapping[int, str | None], original: Data | None = None) -> Data:
    """The data after texts were typed into fields, given by their place among the names; read like the original values."""
    edited = dict(data)
    for place, text in typed.items():
        name = names[place]
        value = _typed_value(text, data.get(name), name, names_number(name) or is_plain_number((original or {}).get(name)))
        if name in data or value is not None:
            edited[name] = value
    return edited


def with_value(data: Data, field: str, text: str | None, original: Data) -> Data:
    """The data after a text was typed into the field or cell of that path."""
    path = parse_path(field)
    if path.row_id is None:
        return with_fields(data, [path.field], {0: text}, original)
    rows = data.get(path.field, [])
    places = {n: {str(path.column): text} for n, row in enumerate(rows) if row[ROW_ID] == path.row_id}
    columns = list(dict.fromkeys((*columns_of(path.field, rows), str(path.column))))  # it may be the first value of its column
    return {**data, path.field: with_rows(rows, columns, places, [], [], "")}


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
    A row into which nothing was typed is none yet; one that was not touched is the same object as before.
    """
    gone, numeric = set(deleted), numeric_columns(rows, columns) if typed or added else set()
    kept = [
        _typed_into(row, typed[place], numeric) if place in typed else row
        for place, row in enumerate(rows)
        if place not in gone
    ]
    fresh = [_typed_into({ROW_ID: f"{id_stem}-{n}"}, texts, numeric) for n, texts in enumerate(added)]
    return kept + [row for row in fresh if len(row) > 1]


def _typed_into(row: Row, texts: Mapping[str, str | None], numeric: Collection[str]) -> Row:
    edited = dict(row)
    for column, text in texts.items():
        value = _typed_value(text, row.get(column), column, column in numeric)
        if column in row or value is not None:
            edited[column] = value
    return edited


def _typed_value(text: str | None, before: Any, name: str, is_number: bool) -> Any:
    return _kept(value_of(text, before, like_number=is_number, like_date=not is_number and names_date(name, before)))


def _kept(value: Any) -> Any:
    return clean_text(value) if isinstance(value, str) else value


def with_table(data: Data, name: str, rows: list[Row]) -> Data:
    """The data with the table as it is now; a table that was not there and stays empty is not added."""
    return {**data, name: rows} if rows or name in data else data


def with_new_field(data: Data, label: str, text: str) -> Data:
    """The data with a field of the user's own, named after its label."""
    stem = "_".join(clean_text(label).lower().split()) or "field"
    name = next(n for n in _numbered(stem) if n not in data and n != ROW_ID)
    return {**data, name: _kept(value_of(text, None, like_number=names_number(name)))}


def _numbered(stem: str) -> Iterator[str]:
    yield stem
    yield from (f"{stem}_{n}" for n in range(2, 10_000))


def with_row_inserted(data: Data, table: str, place: int, column: str, text: str) -> Data:
    """The data with a row of the user's own at that place (from 0) of the table."""
    rows = data.get(table, [])
    row = _typed_into({ROW_ID: new_row_id()}, {column: text}, numeric_columns(rows, columns_of(table, rows)))
    return {**data, table: [*rows[:place], row, *rows[place:]]}


# Back to what was read


def put_back(data: Data, original: Data, change: Change) -> Data:
    """The data with one of its changes against the original taken back; other changes stay."""
    path = parse_path(change.field)
    if path.row_id is None:
        return _with_original(data, path.field, change)
    rows = list(data.get(path.field, []))
    place = next((n for n, row in enumerate(rows) if row[ROW_ID] == path.row_id), None)
    if path.column is not None:
        if place is not None:
            rows[place] = _with_original(rows[place], path.column, change)
    else:
        row = rows.pop(place) if place is not None else change.original_value
        if not isinstance(change, Addition):
            rows.insert(_place_after_neighbours(rows, original.get(path.field, []), path.row_id), row)
    return {**data, path.field: rows}


def _with_original(members: Row, name: str, change: Change) -> Row:
    """A dict of ours with one member as it was."""
    if isinstance(change, Addition):
        return {key: value for key, value in members.items() if key != name}
    return {**members, name: change.original_value}


def _place_after_neighbours(rows: Sequence[Row], original: Sequence[Row], row_id: str) -> int:
    """The place behind the nearest row before it, in the order of the original, that is still there."""
    order = [row[ROW_ID] for row in original]
    places = {row[ROW_ID]: place for place, row in enumerate(rows)}
    nearest = next((one for one in reversed(order[: order.index(row_id)]) if one in places), None)
    return 0 if nearest is None else places[nearest] + 1
