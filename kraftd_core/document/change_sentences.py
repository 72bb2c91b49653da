"""How changes are told to people, one sentence each."""

from collections.abc import Iterable, Sequence
from typing import Any

from kraftd_core.document.cells import text_of
from kraftd_core.document.changes import Path, parse_path
from kraftd_core.document.jsontypes import ROW_ID, Data, Row, is_table
from kraftd_core.document.nouns import Addition, Change, Deletion, Modification, Move
from kraftd_core.document.wording import clipped, how_many, label_of, shown_in

_ROW_NAMES = ("description", "item_description", "name", "product", "product_name", "title", "service", "item")


def change_sentence(change: Change, before: Data, after: Data) -> str:
    """A change as people say it: "Unit price of line 3 (Pump 2 kW): 1,200.00 → 1,250.00".

    Lines are counted from 1: removed ones as they stood in `before`, all others as they stand in `after`.
    """
    return change_sentences([change], before, after)[0]


def change_sentences(changes: Sequence[Change], before: Data, after: Data) -> list[str]:
    """The changes as people say them, one sentence each."""
    old, new = _Rows(before), _Rows(after)
    return [_sentence(change, old, new) for change in changes]


class _Rows:
    """The rows of a document with their numbers, found by path; a table is gone through when it is first asked for."""

    def __init__(self, data: Data) -> None:
        self._data = data
        self.currency = str(data.get("currency") or "")
        self._tables: dict[str, dict[str | None, tuple[int, Row]]] = {}

    def find(self, path: Path) -> tuple[int, Row] | None:
        if path.field not in self._tables:
            table = self._data.get(path.field)
            rows = enumerate(table, 1) if is_table(table) else ()
            self._tables[path.field] = {row[ROW_ID]: (number, row) for number, row in rows}
        return self._tables[path.field].get(path.row_id)


def _sentence(change: Change, old: _Rows, new: _Rows) -> str:
    path = parse_path(change.field)
    if path.row_id is None:
        return _value_sentence(_title(path.field), path.field, change, new.currency)
    number, row = (old.find(path) if isinstance(change, Deletion) and path.column is None else new.find(path)) or (None, {})
    if path.column is None:
        return _row_sentence(path.field, number, change, new.currency)
    return _value_sentence(_subject(path, number, row), path.column, change, new.currency)


def value_titles(fields: Iterable[str], data: Data) -> list[str]:
    """What values and rows are called, by their paths: "Unit price of line 3 (Pump 2 kW)"."""
    rows, paths = _Rows(data), map(parse_path, fields)
    return [_title(path.field) if path.row_id is None else _subject(path, *(rows.find(path) or (None, {}))) for path in paths]


def _subject(path: Path, number: int | None, row: Row) -> str:
    line, name = _line(path.field, number), clipped(_row_name(row), 40)
    subject = _begun(line) if path.column is None else f"{_title(path.column)} of {line}"
    return f"{subject} ({name})" if name else subject


def _title(name: str) -> str:
    return clipped(label_of(name), 60) or "Field without a name"


def _line(table: str, number: int | None) -> str:
    if table == "line_items":
        return f"line {number}" if number else "a line"
    return f"row {number} of {_title(table)}" if number else f"a row of {_title(table)}"


def _value_sentence(subject: str, name: str, change: Change, currency: str) -> str:
    if isinstance(change, Addition):
        return f"{subject} added: {_value_words(name, change.modified_value, currency)}"
    if isinstance(change, Deletion):
        return f"{subject} removed (was {_value_words(name, change.original_value, currency)})"
    if change.modified_value is None:
        return f"{subject} emptied (was {_value_words(name, change.original_value, currency)})"
    sentence = f"{subject}: {_pair_words(name, change, currency)}"
    return f"{sentence} (written differently only)" if change.format_only else sentence


def _value_words(name: str, value: Any, currency: str) -> str:
    if value is None:
        return "empty"
    if isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
        return how_many(len(value), "row")
    text = text_of(value) if isinstance(value, (dict, list)) else shown_in(name, value, currency)
    return clipped(text or "") or "“”"


def _pair_words(name: str, change: Modification | Move, currency: str) -> str:
    old, new = change.original_value, change.modified_value
    words = _value_words(name, old, currency), _value_words(name, new, currency)
    if change.format_only or words[0] == words[1]:
        words = clipped(text_of(old) or "") or "“”", clipped(text_of(new) or "") or "“”"
    if words[0] == words[1]:
        words = _apart(text_of(old) or "", text_of(new) or "")
    return " → ".join(words)


def _apart(old: str, new: str) -> tuple[str, str]:
    """Two long texts from a little before the place where they part."""
    parting = next((place for place, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    start = max(0, parting - 20)
    return clipped(f"…{old[start:]}"), clipped(f"…{new[start:]}")


def _row_sentence(table: str, number: int | None, change: Change, currency: str) -> str:
    if isinstance(change, Move):
        start, end = change.original_value + 1, change.modified_value + 1
        return f"{_begun(_line(table, start))} moved " + (f"to place {end}" if start != end else "among the others")
    line = _begun(_line(table, number))
    if isinstance(change, Modification):
        return _value_sentence(line, "", change, currency)
    is_added = isinstance(change, Addition)
    words = _row_words(change.modified_value if is_added else change.original_value, currency)
    return f"{line} {'added' if is_added else 'removed'}" + (f": {words}" if words else "")


def _begun(text: str) -> str:
    return text[0].upper() + text[1:]


def _row_words(row: Any, currency: str) -> str:
    """What a row says in short: "Delivery, 1 × 12.00"."""
    if not isinstance(row, dict):
        return ""
    known = [column for column in ("quantity", "unit_price") if row.get(column) is not None] or ["amount"]
    figures = " × ".join(clipped(shown_in(column, row.get(column), currency), 40) for column in known)
    return ", ".join(filter(None, (clipped(_row_name(row)), figures)))


def _row_name(row: Row) -> str:
    """The cell that says what a row is about: its description or name, else its first text."""
    cells = [row.get(column) for column in _ROW_NAMES] + [value for column, value in row.items() if column != ROW_ID]
    return next((cell for cell in cells if isinstance(cell, str) and cell.strip()), "")
