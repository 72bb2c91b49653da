"""Grids of cells out of the ruled tables of pages: a table that goes on over pages, under one head or several, is one grid."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from kraftd_core.adapters.readers.common.kinds import kind_by_words
from kraftd_core.adapters.readers.common.values import parse_number
from kraftd_core.adapters.readers.common.words import Cells, Page, TextLine, Word, rows_of, text_of, without_note

_SAME_EDGE = 4.0  # points by which an edge may move from page to page
_NEAR_TITLE = 3.0  # heights of a line between a title and its table
_LONGEST_TITLE = 80
_LONGEST_HEAD, _FEWEST_HEADINGS = 6, 3


class PlacedText(str):
    """A cell's text with its words and the page that they stand on."""

    page: Page
    words: tuple[Word, ...]

    __slots__ = ("page", "words")

    def __new__(cls, text: str, page: Page, words: Sequence[Word]) -> "PlacedText":
        placed = super().__new__(cls, text)
        placed.page, placed.words = page, tuple(words)
        return placed


Row = list[PlacedText | None]


@dataclass(slots=True)
class RuledGrid:
    """The rows of one table under the edges of its columns, and the pages that it stands on."""

    edges: list[float]
    rows: list[Row] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    _ends: list[tuple[int, Cells]] = field(default_factory=list)

    def goes_on(self, page: Page, edges: Sequence[float]) -> bool:
        """Whether a table of these edges goes on with this one: on the same page or the next, in the same columns or fewer."""
        if not 0 <= page.number - self.pages[-1].number <= 1:
            return False
        fewer, more = sorted((self.edges, list(edges)), key=len)
        shared = sum(any(abs(x - other) <= _SAME_EDGE for other in more) for x in fewer)
        return shared == len(fewer) >= 3 and abs(fewer[0] - more[0]) <= _SAME_EDGE


def ruled_grids(pages: Sequence[Page]) -> list[RuledGrid]:
    """The grids of the pages in their order."""
    grids: list[RuledGrid] = []
    headers = Counter(line.text for page in pages for line in page.lines)
    for page in pages:
        words = _Words(page)
        for cells in page.tables:
            edges = sorted({x for left, _, right, _ in cells for x in (left, right)})
            grid = next((g for g in reversed(grids) if g.goes_on(page, edges)), None)
            if grid is None:
                grid = RuledGrid(edges)
                grids.append(grid)
            elif len(edges) > len(grid.edges):
                grid.rows, grid.edges = _spread(grid, edges), edges
            title = _title_above(page, cells, headers, is_first=page is pages[0] and cells is page.tables[0])
            rows = list(_rows(words, cells, grid.edges))
            if grid.pages and grid.pages[-1] is not page:
                _leave_head_again(grid.rows, rows)
            if title:
                grid.rows.append([title, *[None] * (len(grid.edges) - 2)])
            elif grid.pages and grid.pages[-1] is not page:
                _join_cut(grid.rows, rows)
            grid.rows += rows
            grid.pages.append(page)
    return grids


def _spread(grid: RuledGrid, edges: Sequence[float]) -> list[Row]:
    """The rows that were read so far, under more columns."""
    places = [min(range(len(edges) - 1), key=lambda n: abs(edges[n] - left)) for left in grid.edges[:-1]]
    spread: list[Row] = []
    for row in grid.rows:
        wide: Row = [None] * (len(edges) - 1)
        for place, cell in zip(places, row, strict=True):
            wide[place] = cell
        spread.append(wide)
    return spread


# Cells


class _Words:
    """A page's words by their height, to be asked for those within a box."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._words = sorted((word for line in page.lines for word in line.words), key=lambda w: (w.top + w.bottom) / 2)
        self._middles = [(word.top + word.bottom) / 2 for word in self._words]

    def between(self, top: float, bottom: float) -> list[Word]:
        return self._words[bisect_right(self._middles, top) : bisect_right(self._middles, bottom)]


def _rows(words: _Words, cells: Cells, edges: Sequence[float]) -> Iterator[Row]:
    """The rows of a table; a cell over several rows or columns stands in the first of them."""
    tops = sorted({cell[1] for cell in cells})
    rows: dict[float, Row] = {top: [None] * (len(edges) - 1) for top in tops}
    by_top: dict[float, list[tuple[float, float, float]]] = {}
    for left, top, right, bottom in cells:
        by_top.setdefault(top, []).append((left, right, bottom))
    for top, own in by_top.items():
        for left, right, bottom in own:
            inside = [w for w in words.between(top, bottom) if left <= w.middle < right]
            if inside:
                column = min(range(len(edges) - 1), key=lambda n: abs(edges[n] - left))
                rows[top][column] = placed(inside, words.page)
    yield from (row for top in tops if any(row := rows[top]))


def placed(words: Sequence[Word], page: Page) -> PlacedText:
    """The text of a cell: its lines joined, and words that a line's end parted."""
    lines = rows_of(words)
    text = text_of(lines[0])
    for before, line in pairwise(lines):
        after, joins = text_of(line), before[-1].text
        if joins.endswith("-") and len(joins) > 1 and joins[-2].isalpha() and after[:1].islower():
            text = text[:-1] + after
        else:
            text += ("" if joins.endswith(("-", "/")) and len(joins) > 1 else " ") + after
    return PlacedText(without_note(text), page, [word for line in lines for word in line])


# What stands between tables, and what a page's end cuts


def _title_above(page: Page, cells: Cells, headers: Counter[str], *, is_first: bool) -> PlacedText | None:
    """The short text that stands alone right above the table, unless it stands on other pages too: the title of a part."""
    top, left, right = cells[0][1], min(c[0] for c in cells), max(c[2] for c in cells)
    above = [line for line in page.lines if line.bottom <= top + 1]
    line = above[-1] if above else None
    if line is None or top - line.bottom > _NEAR_TITLE * line.height or headers[line.text] > 1:
        return None
    if any(_within(line, other) for other in page.tables if other is not cells):
        return None
    is_alone = len(line.phrases) == 1 and line.phrases[0].x0 < (left + right) / 2
    if not is_alone or not _is_title(line.text) or (is_first and kind_by_words([line.text]) != "other"):
        return None  # the first may be what the whole document is called
    return placed(line.words, page)


def _is_title(text: str) -> bool:
    """Whether a line may be a part's title: short, no sentence and no label."""
    is_short = len(text) <= _LONGEST_TITLE and any(c.isalpha() for c in text)
    return is_short and ":" not in text and text[-1] not in ".,"


def _within(line: TextLine, cells: Cells) -> bool:
    middle = (line.top + line.bottom) / 2
    return any(top <= middle <= bottom and left <= line.phrases[0].x0 <= right for left, top, right, bottom in cells)


def _leave_head_again(rows: Sequence[Row], further: list[Row]) -> None:
    """Leaves out the head that a page repeats."""
    heads = [row for row in rows[:_LONGEST_HEAD] if sum(cell is not None for cell in row) >= _FEWEST_HEADINGS]
    while further and further[0] in heads:
        further.pop(0)


def _join_cut(rows: list[Row], further: list[Row]) -> None:
    """Joins the row that a page's end cut: what follows begins in the midst of a sentence, or brings figures alone."""
    if not rows or not further:
        return
    last, first = rows[-1], further[0]
    if not _completes(last, first):
        return
    for n, cell in enumerate(first):
        before = last[n]
        if cell is not None:
            last[n] = cell if before is None else PlacedText(f"{before} {cell}", before.page, before.words)
    further.pop(0)


def _completes(last: Row, first: Row) -> bool:
    texts = [cell for cell in first if cell is not None and any(c.isalpha() for c in cell) and len(cell.split()) > 1]
    figures = [n for n, cell in enumerate(first) if cell is not None and parse_number(cell) is not None]
    if any(last[n] is not None for n in figures):
        return False
    if texts:
        longest = max(texts, key=len)
        return longest[0].islower() and len(texts) <= 2 and any(cell is not None and len(cell.split()) > 1 for cell in last)
    return False
