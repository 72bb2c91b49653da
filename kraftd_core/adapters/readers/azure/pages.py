"""The pages of an answer as pages of words, so that what is known of layouts holds for both readers."""

from collections.abc import Sequence
from typing import Any

from kraftd_core.adapters.readers.azure.values import Wire
from kraftd_core.adapters.readers.common.words import Page, Word, page_of

_LINE, _STEP, _WIDTH = 10.0, 13.0, 600.0  # of a page whose lines were told without their places


def pages_of(pages: Sequence[Wire]) -> list[Page]:
    """The pages that hold any words; lines without a place stand one under another."""
    return [page for number, wire in enumerate(pages, 1) if (page := _page(wire, number)) is not None]


def _page(wire: Wire, number: int) -> Page | None:
    words = _placed(wire.get("words") or ()) or _placed(wire.get("lines") or ())
    if not words:
        lines = [str(line.get("content") or "").split() for line in wire.get("lines") or ()]
        words = [word for n, line in enumerate(filter(None, lines)) for word in _in_a_row(line, n * _STEP)]
    width, height = float(wire.get("width") or 0) or _WIDTH, float(wire.get("height") or 0) or _WIDTH
    return page_of(words, int(wire.get("pageNumber") or number), width, height) if words else None


def _placed(told: Sequence[Wire]) -> list[Word]:
    return [word for one in told if (word := _word(str(one.get("content") or ""), one.get("polygon") or ()))]


def _word(text: str, polygon: Sequence[Any]) -> Word | None:
    xs, ys = [float(x) for x in polygon[0::2]], [float(y) for y in polygon[1::2]]
    if not text.strip() or len(ys) < 2 or max(ys) <= min(ys):
        return None
    return Word(text, min(xs), min(ys), max(xs), max(ys))


def _in_a_row(words: Sequence[str], top: float) -> list[Word]:
    starts = [sum(len(before) + 1 for before in words[:n]) for n in range(len(words))]
    half = _LINE / 2
    return [Word(w, x * half, top, (x + len(w)) * half, top + _LINE) for w, x in zip(words, starts, strict=True)]
