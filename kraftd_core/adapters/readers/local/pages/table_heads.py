"""Finds the head of a table of line items by the words that name its columns, over several lines if need be."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from kraftd_core.adapters.readers.common.labels import COLUMN_OF, column_of, distinct_columns, key_of, snake
from kraftd_core.adapters.readers.common.tables.item_columns import NUMBERED
from kraftd_core.adapters.readers.common.words import Page, TextLine, Word, text_of

_LONGEST_HEAD = 5
_LONGEST_NUMBER = 4  # of a section


@dataclass(frozen=True, slots=True)
class HeadColumn:
    """A column: its name and where its heading stands."""

    name: str
    x0: float
    x1: float


@dataclass(slots=True)
class Head:
    """The head of a table: its columns from left to right, the cuts between them, and the index of the first line below it.

    `section` is what the last heading among its rows said, on whichever page.
    """

    columns: list[HeadColumn]
    body: int
    cuts: list[float] = field(default_factory=list)
    section: list[Word] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]


def find_head(page: Page) -> Head | None:
    """The head of the page's table of line items; None where no line names its columns."""
    best: tuple[int, Head] | None = None
    for n, line in enumerate(page.lines):
        if _has_amount(line):
            continue
        columns = headings_on(line)
        score = len({c.name for c in columns if c.name in COLUMN_NAMES})
        if score < 2 or (best and score <= best[0]):
            continue
        head = _with_neighbours(page, n, columns)
        if is_of_items(head.names):
            best = (score, head)
    return best[1] if best else None


COLUMN_NAMES = frozenset(COLUMN_OF.values())


def is_of_items(names: Sequence[str]) -> bool:
    """Whether such columns list items: what they are, and how many or how much."""
    described = "description" in names or "item_number" in names
    return described and any(name in names for name in ("amount", "unit_price", "quantity"))


def _has_amount(line: TextLine) -> bool:
    return any(re.fullmatch(r"[-+]?[\d.,]*\d[.,]\d{2}(?:\s?[€$£])?", word.text) for word in line.words)


_column_of = lru_cache(4_096)(column_of)  # tables of many pages ask for the same words again and again
_JOINING = frozenset((
    "and", "und", "et", "en", "y", "e", "i", "of", "de", "des", "der", "du", "van", "di", "del", "della", "dei", "per", "je",
    "par", "por", "pro", "a", "à",
))


def headings_on(line: TextLine) -> list[HeadColumn]:
    """The headings on a line: the longest runs of words that name a column, other words as they stand together."""
    columns: list[HeadColumn] = []
    for phrase in line.phrases:
        words, n, loose, joins = phrase.words, 0, False, False
        while n < len(words):
            length, name = _heading_at(words, n)
            run = words[n : n + length]
            if n and name is None and columns[-1].name == "description" and _is_close(words[n - 1], words[n]):
                columns[-1] = replace(columns[-1], x1=run[-1].x1)  # "Descrizione lavori"
            elif columns and (joins or (n and words[n].text.lower() in _JOINING)):
                joins = not joins  # what such a word joins is one heading
                columns[-1] = replace(columns[-1], x1=run[-1].x1)
            elif name is None and loose:
                columns[-1] = HeadColumn(f"{columns[-1].name}_{snake(run[0].text)}".strip("_"), columns[-1].x0, run[0].x1)
            else:
                columns.append(HeadColumn(name or snake(run[0].text), run[0].x0, run[-1].x1))
                loose = name is None
            n += length
    return columns


def _is_close(left: Word, right: Word) -> bool:
    """Whether a space alone parts the words."""
    return right.x0 - left.x1 < 0.5 * left.height


def _heading_at(words: Sequence[Word], start: int) -> tuple[int, str | None]:
    for length in range(min(_LONGEST_HEAD, len(words) - start), 0, -1):
        if name := _column_of(text_of(words[start : start + length])):
            return length, name
    return 1, None


def _with_neighbours(page: Page, n: int, columns: list[HeadColumn]) -> Head:
    """The head with the words stacked above and below it, by which headings of several lines are read."""
    line = page.lines[n]
    texts = {index: _words_between(line, column) for index, column in enumerate(columns)}
    stacks: list[tuple[float, float, list[Word]]] = [(c.x0, c.x1, texts[i]) for i, c in enumerate(columns)]
    last = n
    for step in (-1, 1):
        at, edge, joined = n, line, 0
        while 0 <= (at := at + step) < len(page.lines) and joined < 3:
            near = page.lines[at]
            gap = near.top - edge.bottom if step > 0 else edge.top - near.bottom
            if gap > 0.9 * line.height or not _goes_with(near, stacks, page.width):
                break
            _stack(near, stacks, above=step < 0)
            edge, joined = near, joined + 1
            last = max(last, at)
    named = [_renamed(x0, x1, words) for x0, x1, words in sorted(stacks, key=lambda s: s[0])]
    return Head(_distinct(named), last + 1)


def _goes_with(line: TextLine, stacks: Sequence[tuple[float, float, list[Word]]], page_width: float) -> bool:
    """Whether the line may be a further one of the head."""
    return not heads_section(line) and not any(c.isdigit() for c in line.text) and _fits(line, stacks, page_width)


def heads_section(line: TextLine) -> bool:
    """Whether the line is a letter or a number and a title in capitals: "A  EARTHWORK"."""
    number, *title = (phrase.text for phrase in line.phrases)
    is_numbered = len(number) <= _LONGEST_NUMBER and bool(NUMBERED.fullmatch(number))
    return is_numbered and len(title) == 1 and title[0].isupper()


def _words_between(line: TextLine, column: HeadColumn) -> list[Word]:
    return [word for word in line.words if column.x0 <= word.middle <= column.x1]


def _fits(line: TextLine, stacks: Sequence[tuple[float, float, list[Word]]], page_width: float) -> bool:
    """Words of a heading are short and stand over or under one heading only, or apart from all."""
    for phrase in line.phrases:
        over = [stack for stack in stacks if min(phrase.x1, stack[1]) - max(phrase.x0, stack[0]) > 1]
        is_wide = phrase.x1 - phrase.x0 > 0.25 * page_width
        if len(over) > 1 or is_wide or (not over and key_of(phrase.text) not in COLUMN_OF and len(phrase.words) > 3):
            return False
    return True


def _stack(line: TextLine, stacks: list[tuple[float, float, list[Word]]], *, above: bool) -> None:
    for phrase in line.phrases:
        hits = [i for i, (x0, x1, _) in enumerate(stacks) if min(phrase.x1, x1) - max(phrase.x0, x0) > 1]
        if hits:
            x0, x1, words = stacks[hits[0]]
            joined = [*phrase.words, *words] if above else [*words, *phrase.words]
            stacks[hits[0]] = (min(x0, phrase.x0), max(x1, phrase.x1), joined)
        else:
            stacks.append((phrase.x0, phrase.x1, list(phrase.words)))


def _renamed(x0: float, x1: float, words: Sequence[Word]) -> HeadColumn:
    """A column by all its words, else by the first run of them that names one."""
    texts = [word.text for word in words]
    for start in range(len(texts)):
        for end in range(len(texts), start, -1):
            if name := COLUMN_OF.get(key_of(" ".join(texts[start:end]).replace("- ", ""))):
                return HeadColumn(name, x0, x1)
    return HeadColumn(snake(" ".join(texts)) or "column", x0, x1)


def _distinct(columns: list[HeadColumn]) -> list[HeadColumn]:
    names = distinct_columns([column.name for column in columns])
    return [replace(column, name=name) for column, name in zip(columns, names, strict=True)]
