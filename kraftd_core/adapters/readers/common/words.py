"""Words with their places, whether printed in a PDF or recognised in an image, and the lines and phrases they form."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TypeAlias
from unicodedata import bidirectional

from kraftd_core.adapters.readers.common.reading import Spot


@dataclass(frozen=True, slots=True)
class Word:
    """A word and its box in page units, from the top left; `confidence` is the recogniser's, None for printed text."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    confidence: float | None = None

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        return (self.x0 + self.x1) / 2


def text_of(words: Iterable[Word]) -> str:
    """The words as one text in the order in which they are read, a space between each two."""
    text = " ".join(word.text for word in words)
    return text if text.isascii() or not _is_from_right(text) else " ".join(reversed(text.split(" ")))


def _is_from_right(text: str) -> bool:
    """Whether most letters are written from the right, so that the last word of a line is read first."""
    kinds = [bidirectional(c) for c in text]
    return sum(kind in ("R", "AL") for kind in kinds) > kinds.count("L")


_NOTED = re.compile(r"([^\W\d_]{0,3}[-(\s€$£]*\d[\d.,' ]*[)%]?) [⁰¹²³⁴-⁹]+")


def without_note(text: str) -> str:
    """A figure without the raised figure of a note behind it; other texts as they are."""
    found = _NOTED.fullmatch(text)
    return found[1] if found else text


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that follow each other on one line without a wide gap, their text and the edges around them."""

    words: tuple[Word, ...]
    text: str = field(init=False, compare=False)
    x0: float = field(init=False, compare=False)
    x1: float = field(init=False, compare=False)
    top: float = field(init=False, compare=False)
    bottom: float = field(init=False, compare=False)

    def __post_init__(self) -> None:  # asked for again and again, so all is found once
        keep, words = object.__setattr__, self.words
        keep(self, "text", text_of(words))
        keep(self, "x0", words[0].x0)
        keep(self, "x1", max(word.x1 for word in words))
        keep(self, "top", min(word.top for word in words))
        keep(self, "bottom", max(word.bottom for word in words))


@dataclass(frozen=True, slots=True)
class TextLine:
    """The phrases at one height, from left to right, and their text."""

    phrases: tuple[Phrase, ...]
    text: str = field(init=False, compare=False)
    top: float = field(init=False, compare=False)
    bottom: float = field(init=False, compare=False)

    def __post_init__(self) -> None:
        keep, phrases = object.__setattr__, self.phrases
        keep(self, "text", "  ".join(phrase.text for phrase in phrases))
        keep(self, "top", min(phrase.top for phrase in phrases))
        keep(self, "bottom", max(phrase.bottom for phrase in phrases))

    @property
    def words(self) -> list[Word]:
        return [word for phrase in self.phrases for word in phrase.words]

    @property
    def height(self) -> float:
        return self.bottom - self.top


Shown: TypeAlias = tuple[float, float, float, float, float, float]
"""Where a page's point (x, y) is seen: at (ax + by + c, dx + ey + f), in shares of what is shown."""


Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, right, bottom."""
Cells: TypeAlias = tuple[Box, ...]
"""Cells of one ruled table, row by row, from left to right."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page's size, its lines from top to bottom, and the cells of its ruled tables.

    `shown` leads back to the picture that it was turned upright from.
    """

    number: int
    width: float
    height: float
    lines: tuple[TextLine, ...]
    shown: Shown | None = None
    tables: tuple[Cells, ...] = ()

    def spot(self, words: Sequence[Word], confidence: float | None) -> Spot:
        """The place of these words; the recogniser's doubt lowers the confidence."""
        read = [word.confidence for word in words if word.confidence is not None]
        if confidence is not None and read:
            confidence *= sum(read) / len(read)
        x0, x1 = min(w.x0 for w in words), max(w.x1 for w in words)
        y0, y1 = min(w.top for w in words), max(w.bottom for w in words)
        polygon = tuple(share for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1)) for share in self._shown_at(x, y))
        return Spot(None if confidence is None else round(confidence, 3), self.number, polygon)

    def _shown_at(self, x: float, y: float) -> tuple[float, float]:
        a, b, c, d, e, f = self.shown or (1 / self.width, 0, 0, 0, 1 / self.height, 0)
        return round(min(max(a * x + b * y + c, 0.0), 1.0), 4), round(min(max(d * x + e * y + f, 0.0), 1.0), 4)


def page_of(
    words: Iterable[Word], number: int, width: float, height: float, shown: Shown | None = None, tables: tuple[Cells, ...] = ()
) -> Page:
    """The page that these words make."""
    return Page(number, width, height, tuple(TextLine(_phrases(line)) for line in rows_of(words)), shown, tables)


def rows_of(words: Iterable[Word]) -> list[list[Word]]:
    """Words grouped by height: one belongs to a line when its middle lies within the line's first word or the reverse."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda w: (w.top + w.bottom) / 2):
        middle = (word.top + word.bottom) / 2
        row = rows[-1] if rows else None
        if row and abs(middle - sum((w.top + w.bottom) / 2 for w in row) / len(row)) < 0.45 * min(word.height, row[0].height):
            row.append(word)
        else:
            rows.append([word])
    return [sorted(row, key=lambda w: w.x0) for row in rows]


def _phrases(words: Sequence[Word]) -> tuple[Phrase, ...]:
    phrases, current = [], [words[0]]
    for before, word in pairwise(words):
        if word.x0 - before.x1 > _widest_space(before, word):
            phrases.append(Phrase(_closed_up(current)))
            current = []
        current.append(word)
    return (*phrases, Phrase(_closed_up(current)))


_FEWEST_LETTERS = 4  # set apart: three may be initials


def _closed_up(words: Sequence[Word]) -> tuple[Word, ...]:
    """The words of a phrase; letters that are set apart for their looks ("T O T A L") are one word."""
    if len(words) < _FEWEST_LETTERS or any(len(word.text) > 1 or not word.text.isalpha() for word in words):
        return tuple(words)
    gaps = [after.x0 - before.x1 for before, after in pairwise(words)]
    usual, found, run = sorted(gaps)[len(gaps) // 2], [], [words[0]]
    for gap, word in zip(gaps, words[1:], strict=True):
        if gap > 1.8 * usual:
            found.append(run)
            run = []
        run.append(word)
    return tuple(
        replace(run[0], text="".join(word.text for word in run), x1=run[-1].x1, top=min(word.top for word in run),
                bottom=max(word.bottom for word in run))
        for run in (*found, run)
    )


def _widest_space(before: Word, word: Word) -> float:
    """What may lie between two words of one phrase; tills print names in letters of double width."""
    by_height = 0.75 * max(before.height, word.height)
    if before.confidence is None:
        return by_height
    return max(by_height, 1.5 * min((w.x1 - w.x0) / len(w.text) for w in (before, word)))
