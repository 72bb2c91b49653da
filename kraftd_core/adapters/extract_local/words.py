"""Words with their places, whether printed in a PDF or recognised in an image, and the lines and phrases they form."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from kraftd_core.adapters.extract_local.reading import Spot


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


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that follow each other on one line without a wide gap."""

    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

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
class Line:
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


@dataclass(frozen=True, slots=True)
class Page:
    """A page's size and its lines from top to bottom."""

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]

    def spot(self, words: Sequence[Word], confidence: float | None) -> Spot:
        """The place of these words; the recogniser's doubt lowers the confidence."""
        read = [word.confidence for word in words if word.confidence is not None]
        if confidence is not None and read:
            confidence *= sum(read) / len(read)
        x0, x1 = min(w.x0 for w in words) / self.width, max(w.x1 for w in words) / self.width
        y0, y1 = min(w.top for w in words) / self.height, max(w.bottom for w in words) / self.height
        x0, x1, y0, y1 = (round(min(max(v, 0.0), 1.0), 4) for v in (x0, x1, y0, y1))
        return Spot(None if confidence is None else round(confidence, 3), self.number, (x0, y0, x1, y0, x1, y1, x0, y1))


def page_of(words: Iterable[Word], number: int, width: float, height: float) -> Page:
    """The page that these words make."""
    return Page(number, width, height, tuple(Line(_phrases(line)) for line in _rows(words)))


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
        if word.x0 - before.x1 > 0.75 * max(before.height, word.height):
            phrases.append(Phrase(tuple(current)))
            current = []
        current.append(word)
    return (*phrases, Phrase(tuple(current)))


def pdf_page(page: Any) -> list[Word]:
    """The words of a pdfplumber page, placed within what is shown of it."""
    left, top = page.bbox[0], page.bbox[1]
    found = page.extract_words(x_tolerance_ratio=0.22, y_tolerance=2, keep_blank_chars=False, use_text_flow=False)
    return [
        Word(w["text"], w["x0"] - left, w["top"] - top, w["x1"] - left, w["bottom"] - top)
        for w in found if w["x1"] > left and w["bottom"] > top and w["bottom"] > w["top"]
    ]


Recogniser = Callable[[Any], tuple[Any, Any]]


def recogniser() -> Recogniser:
    """The recogniser with its models, which lie in the package: it asks for no network."""
    import os

    from rapidocr_onnxruntime import RapidOCR

    threads = min(4, max(1, (os.cpu_count() or 1) // 2))  # two documents may be read at once
    engine: Recogniser = RapidOCR(intra_op_num_threads=threads, inter_op_num_threads=1)
    return engine


def image_words(image: Any, recognise: Recogniser) -> list[Word]:
    """The words that the recogniser finds in a PIL image, in its pixels."""
    import numpy

    found, _ = recognise(numpy.asarray(image))
    return [word for box, text, confidence in found or [] for word in _split(box, text, float(confidence))]


def _split(box: Any, text: str, confidence: float) -> list[Word]:
    """A recognised line's words; their ends are put where the share of characters says."""
    xs, ys = [float(x) for x, _ in box], [float(y) for _, y in box]
    line = Word(text, min(xs), min(ys), max(xs), max(ys), round(min(max(confidence, 0.0), 1.0), 4))
    step, at, words = (line.x1 - line.x0) / max(len(text), 1), 0, []
    for part in text.replace("：", ":").split(" "):
        if part:
            words.append(replace(line, text=part, x0=line.x0 + at * step, x1=line.x0 + (at + len(part)) * step))
        at += len(part) + 1
    return words
