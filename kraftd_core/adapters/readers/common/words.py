"""Words with their places, whether printed in a PDF or recognised in an image, and the lines and phrases they form."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeAlias

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
    """The words as one text, a space between each two."""
    return " ".join(word.text for word in words)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that follow each other on one line without a wide gap."""

    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        return text_of(self.words)

    @property
    def x0(self) -> float:
        return self.words[0].x0

    @property
    def x1(self) -> float:
        return max(word.x1 for word in self.words)

    @property
    def top(self) -> float:
        return min(word.top for word in self.words)

    @property
    def bottom(self) -> float:
        return max(word.bottom for word in self.words)


@dataclass(frozen=True, slots=True)
class TextLine:
    """The phrases at one height, from left to right."""

    phrases: tuple[Phrase, ...]

    @property
    def text(self) -> str:
        return "  ".join(phrase.text for phrase in self.phrases)

    @property
    def words(self) -> list[Word]:
        return [word for phrase in self.phrases for word in phrase.words]

    @property
    def top(self) -> float:
        return min(phrase.top for phrase in self.phrases)

    @property
    def bottom(self) -> float:
        return max(phrase.bottom for phrase in self.phrases)

    @property
    def height(self) -> float:
        return self.bottom - self.top


Shown: TypeAlias = tuple[float, float, float, float, float, float]
"""Where a page's point (x, y) is seen: at (ax + by + c, dx + ey + f), in shares of what is shown."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page's size and its lines from top to bottom; `shown` leads back to the picture that it was turned upright from."""

    number: int
    width: float
    height: float
    lines: tuple[TextLine, ...]
    shown: Shown | None = None

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


def page_of(words: Iterable[Word], number: int, width: float, height: float, shown: Shown | None = None) -> Page:
    """The page that these words make."""
    return Page(number, width, height, tuple(TextLine(_phrases(line)) for line in _rows(words)), shown)


def _rows(words: Iterable[Word]) -> list[list[Word]]:
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
            phrases.append(Phrase(tuple(current)))
            current = []
        current.append(word)
    return (*phrases, Phrase(tuple(current)))


def _widest_space(before: Word, word: Word) -> float:
    """What may lie between two words of one phrase; tills print names in letters of double width."""
    by_height = 0.75 * max(before.height, word.height)
    if before.confidence is None:
        return by_height
    return max(by_height, 1.5 * min((w.x1 - w.x0) / len(w.text) for w in (before, word)))


def as_shown(box: Sequence[float], bounds: Sequence[float], rotation: int) -> tuple[float, float, float, float]:
    """A box of a sheet (left, bottom, right, top), placed within what is shown of it: left, top, right, bottom."""
    left, bottom, right, top = bounds
    x0, y0, x1, y1 = box
    if rotation == 90:
        return y0 - bottom, x0 - left, y1 - bottom, x1 - left
    if rotation == 180:
        return right - x1, y0 - bottom, right - x0, y1 - bottom
    if rotation == 270:
        return top - y1, right - x1, top - y0, right - x0
    return x0 - left, top - y1, x1 - left, top - y0


def shown_box(page: Any) -> tuple[float, float, float, float]:
    """What viewers show of a pdfplumber page, in its words' coordinates: its crop box, as far as it lies on the sheet.

    pdfplumber's own `cropbox` is upside down on turned pages.
    """
    media, crop = page.page_obj.mediabox, page.page_obj.cropbox
    on_sheet = (max(media[0], crop[0]), max(media[1], crop[1]), min(media[2], crop[2]), min(media[3], crop[3]))
    if on_sheet[0] >= on_sheet[2] or on_sheet[1] >= on_sheet[3]:
        on_sheet = media
    x0, top, x1, bottom = as_shown(on_sheet, media, page.rotation)
    left, above = page.bbox[0], page.bbox[1]
    return x0 + left, top + above, x1 + left, bottom + above


def pdf_page(page: Any) -> list[Word]:
    """The words of a pdfplumber page, placed within what is shown of it."""
    left, top, right, bottom = shown_box(page)
    found = page.extract_words(x_tolerance_ratio=0.22, y_tolerance=2, keep_blank_chars=False, use_text_flow=False)
    return [
        Word(w["text"], w["x0"] - left, w["top"] - top, w["x1"] - left, w["bottom"] - top)
        for w in found
        if left < w["x1"] and w["x0"] < right and top < w["bottom"] and w["top"] < bottom and w["bottom"] > w["top"]
    ]
