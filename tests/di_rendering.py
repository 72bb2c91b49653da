"""Answers as Document Intelligence would give them, rendered from PDFs: words and lines with polygons, tables, labels."""

from collections.abc import Iterator, Sequence
from typing import Any

from kraftd_core.adapters.readers.common.words import Box, Cells, Page, Phrase, Word, page_of, text_of
from kraftd_core.adapters.readers.local.pages.pdf.sheets import sheets

_POINTS_AN_INCH = 72.0


def rendered_answer(content: bytes, model: str = "prebuilt-document") -> dict[str, Any]:
    """The answer for a PDF with text; the model for layouts tells no labels. Synthetic: no mistake of the service is in it."""
    pages = [
        page_of(sheet.words, n, max(sheet.width, 1.0), max(sheet.height, 1.0), sheet.shown, sheet.tables)
        for n, sheet in enumerate(sheets(content), 1)
    ]
    text = _Text()
    wired = [_page(page, text) for page in pages]
    answer: dict[str, Any] = {"apiVersion": "2023-07-31", "modelId": model, "stringIndexType": "unicodeCodePoint", "pages": wired}
    answer["tables"] = [_table(page, cells, text) for page in pages for cells in page.tables if len(cells) > 1]
    if model != "prebuilt-layout":
        answer["keyValuePairs"] = [pair for page in pages for pair in _pairs(page, text)]
    return answer | {"content": text.whole}


class _Text:
    """The answer's whole text as it grows, and the stretch of each word in it."""

    def __init__(self) -> None:
        self.whole = ""
        self._offsets: dict[int, int] = {}

    def add(self, word: Word) -> dict[str, int]:
        self._offsets[id(word)] = len(self.whole)
        self.whole += word.text + " "
        return self.span([word])

    def span(self, words: Sequence[Word]) -> dict[str, int]:
        begin, last = min(self._offsets[id(w)] for w in words), max(words, key=lambda w: self._offsets[id(w)])
        return {"offset": begin, "length": self._offsets[id(last)] + len(last.text) - begin}


def _page(page: Page, text: _Text) -> dict[str, Any]:
    words = [
        {"content": word.text, "polygon": _polygon(_around([word])), "confidence": 0.99, "span": text.add(word)}
        for line in page.lines for word in line.words
    ]
    lines = [
        {"content": phrase.text, "polygon": _polygon(_around(phrase.words)), "spans": [text.span(phrase.words)]}
        for line in page.lines for phrase in line.phrases
    ]
    size = {"width": page.width / _POINTS_AN_INCH, "height": page.height / _POINTS_AN_INCH, "unit": "inch", "angle": 0}
    return {"pageNumber": page.number, **size, "words": words, "lines": lines, "spans": []}


def _table(page: Page, cells: Cells, text: _Text) -> dict[str, Any]:
    """A table of the cells that lines rule; the row on top is called a head where it holds no figure."""
    lefts, tops = (sorted({cell[n] for cell in cells}) for n in (0, 1))
    rights, bottoms = (sorted({cell[n] for cell in cells}) for n in (2, 3))
    words = [word for line in page.lines for word in line.words]
    wired = []
    for left, top, right, bottom in cells:
        inside = [w for w in words if left <= w.middle < right and top < (w.top + w.bottom) / 2 <= bottom]
        row, column = tops.index(top), lefts.index(left)
        cell: dict[str, Any] = {
            "rowIndex": row, "columnIndex": column, "content": text_of(inside),
            "rowSpan": max(1, sum(edge <= bottom for edge in bottoms) - row),
            "columnSpan": max(1, sum(edge <= right for edge in rights) - column),
            "boundingRegions": [{"pageNumber": page.number, "polygon": _polygon((left, top, right, bottom))}],
            "spans": [text.span(inside)] if inside else [],
        }
        wired.append(cell)
    head = [cell for cell in wired if cell["rowIndex"] == 0]
    if not any(c.isdigit() for cell in head for c in cell["content"]):
        for cell in head:
            cell["kind"] = "columnHeader"
    box = min(c[0] for c in cells), min(c[1] for c in cells), max(c[2] for c in cells), max(c[3] for c in cells)
    regions = [{"pageNumber": page.number, "polygon": _polygon(box)}]
    return {"rowCount": len(tops), "columnCount": len(lefts), "cells": wired, "boundingRegions": regions}


def _pairs(page: Page, text: _Text) -> Iterator[dict[str, Any]]:
    """What a colon parts on a line, or a wide gap after it."""
    for line in page.lines:
        for n, phrase in enumerate(line.phrases):
            ends = [m for m, word in enumerate(phrase.words) if word.text.endswith(":")]
            if not ends:
                continue
            key, value = phrase.words[: ends[0] + 1], phrase.words[ends[0] + 1 :]
            after: Phrase | None = line.phrases[n + 1] if not value and n + 1 < len(line.phrases) else None
            value = value or (after.words if after else ())
            if value:
                yield {"key": _stretch(page, key, text), "value": _stretch(page, value, text), "confidence": 0.9}


def _stretch(page: Page, words: Sequence[Word], text: _Text) -> dict[str, Any]:
    region = {"pageNumber": page.number, "polygon": _polygon(_around(words))}
    return {"content": text_of(words), "boundingRegions": [region], "spans": [text.span(words)]}


def _around(words: Sequence[Word]) -> Box:
    return min(w.x0 for w in words), min(w.top for w in words), max(w.x1 for w in words), max(w.bottom for w in words)


def _polygon(box: Box) -> list[float]:
    left, top, right, bottom = (round(edge / _POINTS_AN_INCH, 4) for edge in box)
    return [left, top, right, top, right, bottom, left, bottom]
