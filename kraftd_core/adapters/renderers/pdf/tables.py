"""Fits a table on the pages of a PDF: upright, on landscape pages, or in parts of as many columns as fit."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from kraftd_core.adapters.renderers.pdf.blocks import draw_heading, explain_marks
from kraftd_core.adapters.renderers.pdf.fonts import BOLD
from kraftd_core.adapters.renderers.pdf.grid import PADDING, Column, Grid
from kraftd_core.adapters.renderers.pdf.lines import width_of
from kraftd_core.adapters.renderers.pdf.pages import Pages
from kraftd_core.adapters.renderers.pdf.styles import DENSE, FINEST, HEAD, ROOMY, SMALL, TIGHT, Type
from kraftd_core.delivery.layout import Table

_STYLES = (ROOMY.cell, DENSE.cell, TIGHT.cell, FINEST)
_FEW_ROWS = 12  # of which two parts on an upright page read better than one on a page of their own
_NARROWEST = 7  # times the size of the type, for a text; a longer word is broken
_MEASURED_WORDS = 40
_SMALL_WISH = 30.0  # points: what a head in one line lacks, or a short text


@dataclass(frozen=True, slots=True)
class _Measured:
    """A column's place in the table, the width it would like, and the least it can do with."""

    position: int
    label: str
    right: bool
    liked: float
    least: float


def draw_table(pages: Pages, table: Table) -> None:
    """The table below its heading, over the pages that it takes; in smaller type before a page has to lie on its side."""
    texts = [[table.text(position, value) for position, value in enumerate(row)] for row in table.rows]
    grouped = table.is_grouped and len(table.columns) > 1  # the groups' names stand above their rows then
    places = range(int(grouped), len(table.columns))
    sizes = [style for style in _STYLES if style.size <= pages.spacing.cell.size]
    tries = ((style, [_measure(pages, table, texts, place, style, narrow=True) for place in places]) for style in sizes)
    style, measured = next((tried for tried in tries if _width(tried[1]) <= pages.upright), (None, []))
    if style is None:
        style = pages.spacing.cell
        measured = [_measure(pages, table, texts, place, style, narrow=False) for place in places]
        in_parts = len(table.rows) <= _FEW_ROWS and len(list(_bands(measured, pages.upright))) == 2
        pages.lie(landscape=not in_parts)
    else:
        pages.lie(landscape=False)
    for band in _bands(measured, pages.right - pages.left):
        _band(pages, table, texts, band, style, parted=len(band) < len(measured))


def _width(columns: list[_Measured]) -> float:
    return sum(column.least for column in columns)


def _band(pages: Pages, table: Table, texts: list[list[str]], band: list[_Measured], style: Type, parted: bool) -> None:
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
    grid = Grid(pages, columns, style, pages.spacing.padding)
    draw_heading(pages, table.heading + which, grid.head_height + min(len(rows), 5) * 1.5 * style.leading)
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


def _measure(
    pages: Pages, table: Table, texts: list[list[str]], position: int, type_: Type, narrow: bool
) -> _Measured:
    """What a column needs; `narrow` lets a text have many lines, so that the page may stay upright."""
    label = table.labels()[position]
    right = table.is_number(position)
    longest = pages.clean(max((row[position] for row in texts), key=len)[:400])
    style = replace(type_, font=BOLD) if any(mark.bold for mark in table.marks.values()) else type_
    whole = max(width_of(line, style) for line in longest.split("\n"))
    liked = max(whole, width_of(pages.clean(label), HEAD)) + 2 * PADDING + 1
    head = max(width_of(pages.clean(part), HEAD) for part in label.split(" "))
    words = head if right else max([head, *(width_of(word, style) for word in longest.split()[:_MEASURED_WORDS])])
    narrowest = whole if right else min(words, _NARROWEST * style.size) if narrow else min(liked, 80.0)
    return _Measured(position, label, right, min(liked, 400.0), min(max(narrowest, head) + 2 * PADDING + 1, 130.0))


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
    """The columns over the whole width: small wishes are met first, the rest goes to the texts by how much they would like."""
    wishes = [max(column.liked - column.least, 0.0) for column in band]
    spare = available - sum(column.least for column in band)
    small = [wish if wish <= _SMALL_WISH else 0.0 for wish in wishes]
    small = small if sum(small) <= spare else [0.0] * len(band)
    large = [wish - met for wish, met in zip(wishes, small, strict=True)]
    spare -= sum(small)
    part = min(1.0, spare / sum(large)) if any(large) else 0.0
    spare -= part * sum(large)
    growing = [0 if column.right else column.liked**2 for column in band]
    growing = growing if any(growing) else [column.liked for column in band]
    widths = [
        column.least + met + part * wish + spare * grows / sum(growing)
        for column, met, wish, grows in zip(band, small, large, growing, strict=True)
    ]
    return [Column(c.label, width, c.right) for c, width in zip(band, widths, strict=True)]
