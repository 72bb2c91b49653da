"""Draws the rows of a table in a PDF, over as many pages as they take."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from types import MappingProxyType

from kraftd_core.adapters.renderers.pdf.fonts import BOLD
from kraftd_core.adapters.renderers.pdf.pages import Pages
from kraftd_core.adapters.renderers.pdf.styles import ACCENT, CHANGED, HEAD, TINT, Type, ground_of, marked
from kraftd_core.delivery.plan import Emphasis

PADDING = 4.0


@dataclass(frozen=True, slots=True)
class Column:
    """A column as drawn."""

    label: str
    width: float
    right: bool = False


class Grid:
    """Draws rows, each as high as its tallest cell; a cell taller than a page goes on on the next."""

    def __init__(self, pages: Pages, columns: Sequence[Column], style: Type, padding: float = 3.0) -> None:
        self.pages = pages
        self.columns = columns
        self.style = style
        self.padding = padding
        edges = [pages.left + sum(column.width for column in columns[:n]) for n in range(len(columns) + 1)]
        self.spans = list(pairwise(edges))
        self.width = edges[-1]
        self.heads = [pages.lines(column.label, HEAD, column.width - 2 * PADDING)[:4] for column in columns]
        self.has_head = any(column.label for column in columns)
        self.head_height = max(map(len, self.heads)) * HEAD.leading + 8 if self.has_head else 0.0

    def head(self) -> None:
        """The names of the columns, at the cursor."""
        if not self.has_head:
            return
        pages = self.pages
        for column, (left, right), lines in zip(self.columns, self.spans, self.heads, strict=True):
            pages.put_lines(right - PADDING if column.right else left + PADDING, lines, HEAD, pages.y - 3, column.right)
        pages.y -= self.head_height
        pages.rule(pages.left, self.width, pages.y, ACCENT, 0.8)

    def rows(
        self,
        rows: Sequence[Sequence[str]],
        changed: frozenset[tuple[int, int]],
        marks: Mapping[tuple[int, int], Emphasis],
        groups: Mapping[int, str] = MappingProxyType({}),
    ) -> None:
        """The head and all rows; a group's name stands above the row that begins it."""
        self.head()
        for position, row in enumerate(rows):
            if position in groups:
                self._group(groups[position])
            looks = {column: mark for column in range(len(row)) if (mark := marks.get((position, column)))} if marks else {}
            styles = [marked(self.style, looks.get(place)) for place in range(len(row))] if looks else [self.style] * len(row)
            cells = [
                self.pages.lines(text, style, column.width - 2 * PADDING)
                for text, style, column in zip(row, styles, self.columns, strict=True)
            ]
            edited = {column: CHANGED for column in range(len(row)) if (position, column) in changed} if changed else {}
            self._row(cells, edited | {column: ground for column, mark in looks.items() if (ground := ground_of(mark))}, looks)

    def _group(self, name: str) -> None:
        """The name of a group, not alone at the end of a page."""
        if self.pages.room() < 3 * self._height(1):
            self._turn()
        height, style = self._height(1), replace(self.style, font=BOLD)
        self.pages.ground(self.pages.left, self.width, self.pages.y - 0.5, height - 0.7, TINT)
        text = self.pages.fitted(name, style, self.width - self.pages.left - 2 * PADDING)
        self.pages.put_lines(self.pages.left + PADDING, [text], style, self.pages.y - self.padding)
        self.pages.y -= height
        self.pages.rule(self.pages.left, self.width, self.pages.y)

    def _row(self, cells: list[list[str]], grounds: Mapping[int, str], looks: Mapping[int, Emphasis]) -> None:
        tallest = max(map(len, cells))
        if self._height(tallest) > self.pages.room() and self.pages.room() < self._height(min(tallest, 20)):
            self._turn()
        start = 0
        while start < tallest:
            fitting = max(1, int((self.pages.room() - 2 * self.padding) // self.style.leading))
            part = [lines[start : start + fitting] for lines in cells]
            self._slice(part, min(fitting, tallest - start), grounds, looks)
            start += fitting
            if start < tallest:
                self._turn()

    def _turn(self) -> None:
        self.pages.turn()
        self.head()

    def _height(self, lines: int) -> float:
        return lines * self.style.leading + 2 * self.padding

    def _slice(self, cells: list[list[str]], count: int, grounds: Mapping[int, str], looks: Mapping[int, Emphasis]) -> None:
        pages, height = self.pages, self._height(count)
        for position, colour in grounds.items():
            pages.ground(*self.spans[position], pages.y - 0.5, height - 0.7, colour)
        for place, (column, (left, right), lines) in enumerate(zip(self.columns, self.spans, cells, strict=True)):
            x = right - PADDING if column.right else left + PADDING
            style = marked(self.style, looks.get(place)) if looks else self.style
            pages.put_lines(x, lines, style, pages.y - self.padding, column.right)
        pages.y -= height
        pages.rule(pages.left, self.width, pages.y)
