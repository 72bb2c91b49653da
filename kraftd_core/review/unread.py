"""What was typed where a number or a date belongs and cannot be read as one: said with its place and what to write."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from kraftd_core.document.cells import is_unread
from kraftd_core.document.change_sentences import value_titles
from kraftd_core.document.changes import Path, parse_path, path_of
from kraftd_core.document.checks.checking import day
from kraftd_core.document.jsontypes import ROW_ID, Data
from kraftd_core.document.nouns import Addition, Change, Modification
from kraftd_core.document.wording import clipped
from kraftd_core.review.grids import columns_of, is_plain_number, names_date, names_number, numeric_columns


@dataclass(frozen=True, slots=True)
class Unread:
    """A value that was typed where a number or a date belongs and is none, and what to write instead."""

    field: str
    sentence: str


def unread_edits(original: Data, data: Data, found: Iterable[Change]) -> list[Unread]:
    """Of what was changed, the values that cannot be read as what belongs there."""
    known = _Known(original, data)
    unread = [(cell, text, what) for cell, text, value in _typed_texts(found) if (what := known.expected(cell, text, value))]
    titles = value_titles([cell for cell, _, _ in unread], data)
    return [
        Unread(cell, f"{title}: “{clipped(text, 40)}” cannot be read as {what}. It stays as typed.")
        for title, (cell, text, what) in zip(titles, unread, strict=True)
    ]


def _typed_texts(found: Iterable[Change]) -> Iterator[tuple[str, str, Any]]:
    """The texts among the changed values: path, text, and the value that was there."""
    for change in found:
        value = change.modified_value
        if isinstance(change, Addition) and isinstance(value, dict) and ROW_ID in value:
            path = parse_path(change.field)
            cells = ((path_of(path.field, path.row_id, column), cell) for column, cell in value.items() if column != ROW_ID)
            yield from ((cell, text, None) for cell, text in cells if isinstance(text, str) and text.strip())
        elif isinstance(change, (Addition, Modification)) and isinstance(value, str) and value.strip():
            yield change.field, value, change.original_value


class _Known:
    """What belongs into a cell: of each table the numeric columns are found once."""

    def __init__(self, original: Data, data: Data) -> None:
        self._original, self._data = original, data
        self._numeric: dict[str, set[str]] = {}

    def expected(self, field: str, text: str, before: Any) -> str | None:
        """What the text should be and is not."""
        path = parse_path(field)
        if self.is_number(path, before):
            return "a number; write it like 1250.50 or 1.250,50" if is_unread(text, True) else None
        if names_date(path.column or path.field, before) and day(text) is None:
            return "one date; write it like 2026-11-23 or 23.11.2026"
        return None

    def is_number(self, path: Path, before: Any) -> bool:
        """Whether a number belongs there."""
        if is_plain_number(before):
            return True
        if path.column is None:
            return names_number(path.field)
        if path.field not in self._numeric:
            rows = self._original.get(path.field) or self._data.get(path.field, [])
            self._numeric[path.field] = numeric_columns(rows, columns_of(path.field, rows))
        return path.column in self._numeric[path.field]
