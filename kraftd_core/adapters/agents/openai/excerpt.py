"""What of a document is sent to a service: all of it, or a part by a stated rule, and the sentences that say what is left out."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from kraftd_core.document.jsontypes import Data, is_table, without_row_ids
from kraftd_core.document.wording import how_many, in_sentence

_STEPS = ((200, 1_000), (100, 500), (50, 250), (20, 120), (5, 60))
"""The first rows of a table and the first characters of a text that are sent: the next step where a document is too long."""

MOST_CHARACTERS = 60_000
"""Of the data as JSON: some 20,000 tokens, which all current models take."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The data without row ids, and one sentence for each kind of thing that is left out."""

    data: Data
    left_out: list[str]


def excerpt_of(data: Data, most_characters: int = MOST_CHARACTERS) -> Excerpt:
    """The first rows of each table, the beginning of each text, and as many fields as fit."""
    for rows, characters in _STEPS:
        shown = {_begun(name, characters): _cut(value, rows, characters) for name, value in without_row_ids(data).items()}
        if _size(shown) <= most_characters:
            break
    fitting = dict(_fitting(shown, most_characters))
    return Excerpt(fitting, list(_left_out(data, shown, fitting, rows, characters)))


def first(items: Sequence[Any], most: int, noun: str, left_out: list[str]) -> list[Any]:
    """The first of these; notes in `left_out` that there are more."""
    if len(items) > most:
        left_out.append(f"Only {most:,} of {how_many(len(items), noun)} were looked at.")
    return list(items[:most])


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
        if is_table(value) and len(value) > rows and name in fitting:
            yield f"Only the first {rows:,} of {how_many(len(value), 'row')} of {in_sentence(name)} were looked at."
    if any(map(_is_shortened, data.values(), [(rows, characters)] * len(data))):
        yield f"Of long texts and lists, only the first {characters:,} characters and {rows:,} members were looked at."
    missing = len(data) - len(fitting)
    if missing:
        yield f"{how_many(missing, 'field')} of {len(shown):,} {'was' if missing == 1 else 'were'} not looked at."


def _is_shortened(value: Any, limits: tuple[int, int]) -> bool:
    """Whether a text is cut, or a list or an object that is no table."""
    rows, characters = limits
    if isinstance(value, str):
        return len(value) > characters
    if isinstance(value, dict):
        return len(value) > rows or any(_is_shortened(member, limits) for member in value.values())
    if isinstance(value, list):
        too_many = len(value) > rows and not is_table(value)
        return too_many or any(_is_shortened(member, limits) for member in value[:rows])
    return False
