"""What of a document is sent to a service: all of it, or a part by a stated rule, and the sentences that say what is left out."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from kraftd_core.document.jsontypes import Data, is_table, without_row_ids
from kraftd_core.document.wording import in_sentence
from kraftd_core.thinking.left_out import fields_said, only_said, rows_said, texts_said

MOST_ROWS, MOST_OF_A_TABLE = 40, 5_000
"""A table of so many rows, and of so many characters as JSON, is sent whole; of a longer one a sample, and what it comes to."""

_SAMPLE = 1_200
"""Characters of a long table that are sent row by row."""

_STEPS = ((200, 1_000), (100, 500), (50, 250), (20, 120), (5, 60))
"""The first members of a list and the first characters of a text that are sent: the next step where a document is too long."""

MOST_CHARACTERS = 60_000
"""Of the data as JSON: some 20,000 tokens, which all current models take."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The data without row ids, and one sentence for each kind of thing that is left out."""

    data: Data
    left_out: list[str]


def is_long(rows: Sequence[Any]) -> bool:
    """Whether a table is told by a sample and by what it comes to."""
    return len(rows) > MOST_ROWS or _size(rows) > MOST_OF_A_TABLE


def excerpt_of(data: Data, most_characters: int = MOST_CHARACTERS) -> Excerpt:
    """A sample of each long table, the beginning of each text, and as many fields as fit."""
    plain = without_row_ids(data)
    samples = {name: _sample(plain[name]) for name, rows in data.items() if is_table(rows) and is_long(rows)}
    for rows, characters in _STEPS:
        shown = {_begun(name, characters): _cut(value, rows, characters) for name, value in (plain | samples).items()}
        if _size(shown) <= most_characters:
            break
    fitting = dict(_fitting(shown, most_characters))
    return Excerpt(fitting, list(_left_out(data, shown, fitting, rows, characters)))


def first(items: Sequence[Any], most: int, noun: str, left_out: list[str]) -> list[Any]:
    """The first of these; notes in `left_out` that there are more."""
    if len(items) > most:
        left_out.append(only_said(most, len(items), noun))
    return list(items[:most])


def _sample(rows: Sequence[Any]) -> list[Any]:
    """The first rows, as far as there is room; one at least."""
    size, taken = 0, 0
    while taken < len(rows) and (size := size + _size(_cut(rows[taken], 200, 120))) <= _SAMPLE:
        taken += 1
    return [_cut(row, 200, 120) for row in rows[: max(1, taken)]]


def _cut(value: Any, rows: int, characters: int) -> Any:
    if isinstance(value, str):
        return _begun(value, characters)
    if isinstance(value, list):
        return [_cut(member, rows, characters) for member in value[:rows]]
    if isinstance(value, dict):
        return {_begun(str(name), characters): _cut(member, rows, characters) for name, member in list(value.items())[:rows]}
    return value


def _begun(text: str, characters: int) -> str:
    return text if len(text) <= characters else text[:characters] + "…"


def _fitting(shown: Data, most_characters: int) -> Iterator[tuple[str, Any]]:
    """The members that fit, the earlier ones first."""
    left = most_characters
    for name, value in shown.items():
        size = _size({name: value})
        if size <= left:
            left -= size
            yield name, value


def _size(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False))


def _left_out(data: Data, shown: Data, fitting: Data, rows: int, characters: int) -> Iterator[str]:
    for name, value in data.items():
        if is_table(value) and name in fitting and len(fitting[name]) < len(value):
            yield rows_said(len(value), in_sentence(name), len(fitting[name]))
    if any(_is_shortened(value, rows, characters) for value in data.values() if not is_table(value) or not is_long(value)):
        yield texts_said(characters, rows)
    missing = len(data) - len(fitting)
    if missing:
        yield fields_said(missing, len(shown))


def _is_shortened(value: Any, rows: int, characters: int) -> bool:
    """Whether a text is cut, or a list or an object that is no table."""
    if isinstance(value, str):
        return len(value) > characters
    if isinstance(value, dict):
        return len(value) > rows or any(_is_shortened(member, rows, characters) for member in value.values())
    if isinstance(value, list):
        too_many = len(value) > rows and not is_table(value)
        return too_many or any(_is_shortened(member, rows, characters) for member in value[:rows])
    return False
