"""Fits a table on the pages of a PDF: upright, on landscape pages, or in parts of as many columns as fit."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from kraftd_core.adapters.renderers.pdf.blocks import draw_heading, explain_marks
from kraftd_core.adapters.renderers.pdf.fonts import BOLD
from kraftd_core.adapters.renderers.pdf.grid import PADDING, Column, Grid
from kraftd_core.adapters.renderers.pdf.lines import width_of
from kraftd_core.adapters.renderers.pdf.pages import A4, MARGIN, Pages
from kraftd_core.adapters.renderers.pdf.styles import CELL, HEAD, SMALL
from kraftd_core.delivery.layout import Table


@dataclass(frozen=True, slots=True)
class _Measured:
    """A column's place in the table, the width it would like, and the least it can do with."""

    position: int
    label: str
    right: bool
    liked: float
    least: float


def draw_table(pages: Pages, table: Table) -> None:
    """The table below its heading, over the pages that it takes."""
    texts = [[table.text(name, value) for name, value in zip(table.columns, row, strict=True)] for row in table.rows]
    grouped = table.is_grouped and len(table.columns) > 1  # the groups' names stand above their rows then
    measured = [_measure(pages, table, texts, position) for position in range(int(grouped), len(table.columns))]
    pages.lie(landscape=sum(column.least for column in measured) > A4[0] - 2 * MARGIN)
    for band in _bands(measured, pages.right - pages.left):
        _band(pages, table, texts, band, parted=len(band) < len(measured))


def _band(pages: Pages, table: Table, texts: list[list[str]], band: list[_Measured], parted: bool) -> None:
    """A table, or as many of its columns as fit side by side; each part repeats the row numbers."""
    first, last = band[0].position + 1, band[-1].position + 1
    say = pages.writing.say
    which = f", {say('columns')} {first} {say('to')} {last} {say('of')} {len(table.columns)}" if parted else ""
    number = [Column("#", 34, right=True)] if parted else []
    columns = [*number, *_fitted(band, pages.right - pages.left - 34 * parted)]
    rows = [[*([f"{n}"] if parted else []), *(row[column.position] for column in band)] for n, row in enumerate(texts, 1)]
    places = {column.position: index + parted for index, column in enumerate(band)}
    changed = frozenset((row, places[column]) for row, column in table.changed if column in places)
    marks = {(row, places[column]): mark for (row, column), mark in table.marks.items() if column in places}
    grid = Grid(pages, columns, CELL)
    draw_heading(pages, table.heading + which, grid.head_height + min(len(rows), 5) * 1.5 * CELL.leading)
    explain_marks(pages, bool(changed))
    if table.note:
        pages.flow(pages.lines(pages.writing.say(table.note), SMALL, pages.right - pages.left), SMALL)
        pages.y -= 2
    grid.rows(rows, changed, marks, _groups(table, texts) if 0 not in places else {})


def _groups(table: Table, texts: list[list[str]]) -> dict[int, str]:
    """What stands above the rows that begin a group, by their positions."""
    if not table.is_grouped:
        return {}
    begun = [0, *(n for n in range(1, len(texts)) if table.rows[n][0] != table.rows[n - 1][0])]
    return {position: f"{table.labels()[0]}: {texts[position][0] or '–'}" for position in begun}


def _measure(pages: Pages, table: Table, texts: list[list[str]], position: int) -> _Measured:
    label = table.labels()[position]
    right = table.is_number(position)
    longest = pages.clean(max((row[position] for row in texts), key=len)[:400])
    style = replace(CELL, font=BOLD) if any(mark.bold for mark in table.marks.values()) else CELL
    liked = max(width_of(longest, style), width_of(pages.clean(label), HEAD)) + 2 * PADDING + 1
    word = max(width_of(pages.clean(part), HEAD) for part in label.split(" ")) + 2 * PADDING + 1
    least = liked if right else min(liked, 80.0)
    return _Measured(position, label, right, min(liked, 400.0), min(max(least if right else word, least), 130.0))


def _bands(measured: list[_Measured], available: float) -> Iterator[list[_Measured]]:
    """The columns in groups that fit side by side."""
    if sum(column.least for column in measured) <= available:
        yield measured
        return
    band: list[_Measured] = []
    for column in measured:
        if band and sum(other.least for other in band) + column.least > available - 34:
            yield band
            band = []
        band.append(column)
    yield band


def _fitted(band: list[_Measured], available: float) -> list[Column]:
    """The columns over the whole width: what is left over goes to the texts, by how much they would like."""
    spare = available - sum(column.least for column in band)
    wishes = [column.liked - column.least for column in band]
    wanted = sum(wishes)
    if wanted > spare:
        shares = [spare * wish / wanted for wish in wishes]
    else:
        growing = [not column.right for column in band] if not all(column.right for column in band) else [True] * len(band)
        shares = [wish + (spare - wanted) * grows / sum(growing) for wish, grows in zip(wishes, growing, strict=True)]
    return [Column(c.label, c.least + share, c.right) for c, share in zip(band, shares, strict=True)]
