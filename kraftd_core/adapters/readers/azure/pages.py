"""The pages of an answer as pages of words, so that what is known of layouts holds for both readers."""

from collections.abc import Sequence
from typing import Any

from kraftd_core.adapters.readers.azure.values import Wire
from kraftd_core.adapters.readers.common.words import Box, Cells, Page, Word, page_of

_POINTS_AN_INCH = 72.0
_SAME_EDGE = 3.0  # points
_LINE, _STEP, _WIDTH = 10.0, 13.0, 600.0  # of a page whose lines were told without their places


def pages_of(pages: Sequence[Wire], tables: Sequence[Wire] = ()) -> list[Page]:
    """The pages that hold any words, in points, with the cells of their tables; lines without a place stand one under another."""
    return [page for number, wire in enumerate(pages, 1) if (page := _page(wire, number, tables)) is not None]


def _page(wire: Wire, number: int, tables: Sequence[Wire]) -> Page | None:
    number = int(wire.get("pageNumber") or number)
    scale = _POINTS_AN_INCH if wire.get("unit") == "inch" else _WIDTH / (float(wire.get("width") or 0) or _WIDTH)
    words = _placed(wire.get("words") or (), scale) or _placed(wire.get("lines") or (), scale)
    if not words:
        lines = [str(line.get("content") or "").split() for line in wire.get("lines") or ()]
        words = [word for n, line in enumerate(filter(None, lines)) for word in _in_a_row(line, n * _STEP)]
    width, height = float(wire.get("width") or 0) or _WIDTH, float(wire.get("height") or 0) or _WIDTH
    if not words:
        return None
    cells = tuple(filter(None, (_cells(table, number, scale) for table in tables)))
    return page_of(words, number, width * scale, height * scale, None, cells)


def _cells(table: Wire, number: int, scale: float) -> Cells:
    """The cells of the table that stand on this page, row by row."""
    regions = [region for cell in table.get("cells") or () for region in (cell.get("boundingRegions") or ())[:1]]
    boxes = [box for region in regions if region.get("pageNumber") == number and (box := _box(region["polygon"], scale))]
    return _on_one_grid(boxes) if len(boxes) > 1 else ()


def _on_one_grid(boxes: Sequence[Box]) -> Cells:
    """The cells with edges that are one where they are nearly one: a service draws each for itself."""
    xs, ys = (_snapped([edge for box in boxes for edge in box[n::2]]) for n in (0, 1))
    snapped = {(xs[left], ys[top], xs[right], ys[bottom]) for left, top, right, bottom in boxes}
    return tuple(sorted((box for box in snapped if box[0] < box[2] and box[1] < box[3]), key=lambda box: (box[1], box[0])))


def _snapped(edges: Sequence[float]) -> dict[float, float]:
    first, found = float("-inf"), {}
    for edge in sorted(edges):
        first = edge if edge - first > _SAME_EDGE else first
        found[edge] = first
    return found


def _placed(told: Sequence[Wire], scale: float) -> list[Word]:
    both = ((str(one.get("content") or ""), _box(one.get("polygon") or (), scale)) for one in told)
    return [Word(text, *box) for text, box in both if box and text.strip()]


def _box(polygon: Sequence[Any], scale: float) -> Box | None:
    xs, ys = [float(x) * scale for x in polygon[0::2]], [float(y) * scale for y in polygon[1::2]]
    return None if len(ys) < 2 or max(ys) <= min(ys) else (min(xs), min(ys), max(xs), max(ys))


def _in_a_row(words: Sequence[str], top: float) -> list[Word]:
    starts = [sum(len(before) + 1 for before in words[:n]) for n in range(len(words))]
    half = _LINE / 2
    return [Word(w, x * half, top, (x + len(w)) * half, top + _LINE) for w, x in zip(words, starts, strict=True)]
