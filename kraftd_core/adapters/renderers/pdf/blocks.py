"""The blocks of a PDF that are no tables: title and headings, prose, key figures, fields and the chart."""

from kraftd_core.adapters.renderers.pdf.chart import Chart, drawing
from kraftd_core.adapters.renderers.pdf.grid import Column, Grid
from kraftd_core.adapters.renderers.pdf.lines import width_of
from kraftd_core.adapters.renderers.pdf.pages import Pages
from kraftd_core.adapters.renderers.pdf.styles import (
    ACCENT,
    BODY,
    BULLET,
    CELL,
    CHANGED,
    FIGURE,
    HEADING,
    KIND,
    LABEL,
    SMALL,
    STRONG,
    SUBTITLE,
    TITLE,
    ground_of,
    marked,
)
from kraftd_core.delivery.layout import Entries, Entry, Layout, Prose
from kraftd_core.delivery.templates import Section

_GAP, _BAR_LINE = 11.0, 15.0


def draw_title(pages: Pages, layout: Layout) -> None:
    """What kind of document this is, its title, and what it was made from."""
    width = pages.right - pages.left
    pages.flow([pages.clean(layout.look.writing.say(layout.template.label).upper())], KIND)
    pages.flow(pages.lines(layout.title, TITLE, width)[:4], TITLE)
    pages.flow(pages.lines(layout.subtitle, SUBTITLE, width)[:3], SUBTITLE)
    pages.y -= 8
    pages.rule(pages.left, pages.right, pages.y, ACCENT, 1.2)
    pages.y -= 4


def draw_heading(pages: Pages, text: str, following: float) -> None:
    """The heading of a block, never alone at the end of a page."""
    lines = pages.lines(text, HEADING, pages.right - pages.left)[:3]
    if not pages.need(_GAP + len(lines) * HEADING.leading + 3 + following):
        pages.y -= _GAP
    pages.bookmark(text)
    pages.flow(lines, HEADING)
    pages.y -= 3


def draw_prose(pages: Pages, block: Prose) -> None:
    """Statements, as a list unless they are one text; in a box where they must not be missed."""
    if block.emphasised:
        _boxed(pages, block)
        return
    draw_heading(pages, block.heading, 2 * BODY.leading)
    style = marked(BODY, block.mark)
    for statement in block.statements:
        indent = 0.0 if block.paragraph else 11.0
        lines = pages.lines(statement, style, pages.right - pages.left - indent)
        pages.need(min(len(lines), 2) * BODY.leading)
        if not block.paragraph:
            pages.put_lines(pages.left + 1, ["•"], BULLET, pages.y)
        pages.flow(lines, style, indent, colour=ground_of(block.mark))
        pages.y -= 2


def _boxed(pages: Pages, block: Prose) -> None:
    pages.need(60)
    pages.bookmark(block.heading)
    pages.y -= 10
    pages.box(8)
    pages.y -= 8
    pages.flow(pages.lines(block.heading, HEADING, pages.right - pages.left - 32)[:3], HEADING, 16, boxed=True)
    for statement in block.statements:
        pages.need(STRONG.leading + 3)
        pages.box(3)
        pages.y -= 3
        pages.flow(pages.lines(statement, STRONG, pages.right - pages.left - 32), STRONG, 16, boxed=True)
    pages.box(9)
    pages.y -= 9


def draw_figures(pages: Pages, block: Entries) -> None:
    """Key figures, three in a row."""
    gap = 14.0
    width = (pages.right - pages.left - 2 * gap) / 3
    draw_heading(pages, block.heading, 40)
    for start in range(0, len(block.entries), 3):
        row = block.entries[start : start + 3]
        texts = [pages.lines(entry.text, marked(FIGURE, entry.mark), width - 4) for entry in row]
        height = 6 + LABEL.leading + max(map(len, texts)) * FIGURE.leading + 9
        pages.need(height)
        for position, (entry, lines) in enumerate(zip(row, texts, strict=True)):
            _card(pages, entry, lines, pages.left + position * (width + gap), width)
        pages.y -= height


def _card(pages: Pages, entry: Entry, lines: list[str], x: float, width: float) -> None:
    pages.rule(x, x + width, pages.y, ACCENT, 0.8)
    top = pages.y - 5
    pages.put_lines(x, [pages.fitted(entry.label, LABEL, width)], LABEL, top)
    ground = ground_of(entry.mark) or (CHANGED if entry.changed else None)
    if ground:
        pages.ground(x - 2, x + width, top - LABEL.leading, len(lines) * FIGURE.leading + 2, ground)
    pages.put_lines(x, lines, marked(FIGURE, entry.mark), top - LABEL.leading - 1)


def draw_fields(pages: Pages, block: Entries) -> None:
    """Names beside their values."""
    small = block.section is Section.PROVENANCE
    widths = (100.0, pages.right - pages.left - 100) if small else (150.0, pages.right - pages.left - 150)
    rows = [[entry.label, entry.text or "–"] for entry in block.entries]
    changed = frozenset((position, 1) for position, entry in enumerate(block.entries) if entry.changed)
    marks = {(position, 1): entry.mark for position, entry in enumerate(block.entries) if entry.mark}
    grid = Grid(pages, [Column("", w) for w in widths], SMALL if small else CELL, padding=1.0 if small else 3.0)
    draw_heading(pages, block.heading, 30)
    explain_marks(pages, bool(changed))
    grid.rows(rows or [[pages.writing.say("None."), ""]], changed, marks)


def draw_chart(pages: Pages, heading: str, chart: Chart) -> None:
    """Bars between what they stand for and how much it is, all in words too."""
    pages.lie(landscape=False)
    shown, say = len(chart.bars), pages.writing.say
    some = f" ({shown} {say('of')} {chart.of})" if shown < chart.of else ""
    height = shown * _BAR_LINE
    draw_heading(pages, f"{heading}: {chart.column}{some}", height)
    amounts = [pages.fitted(bar.amount, CELL, 150) for bar in chart.bars]
    beside = max(width_of(amount, CELL) for amount in amounts) + 8
    left, width = pages.left + 190, pages.right - pages.left - 190 - beside
    for place, (bar, amount) in enumerate(zip(chart.bars, amounts, strict=True)):
        top = pages.y - place * _BAR_LINE - 3
        pages.put_lines(pages.left, [pages.fitted(bar.label, CELL, 180)], CELL, top)
        pages.put_lines(pages.right, [amount], CELL, top, right=True)
    pages.put_drawing(left, pages.y - height, drawing(chart.bars, width, _BAR_LINE, ACCENT))
    pages.y -= height


def draw_in_a_line(pages: Pages, block: Entries) -> None:
    """The entries as small running text, where the page is short."""
    text = " · ".join(f"{entry.label}: {entry.text}" for entry in block.entries)
    lines = pages.lines(text, SMALL, pages.right - pages.left)
    pages.need(_GAP + len(lines) * SMALL.leading)
    pages.y -= _GAP
    pages.flow(lines, SMALL)


def explain_marks(pages: Pages, needed: bool) -> None:
    """Says what the ground of a changed value means, where there is one."""
    if needed:
        pages.ground(pages.left, pages.left + 8, pages.y - 1, 7, CHANGED)
        pages.flow([pages.writing.say("Highlighted values were changed in the review.")], SMALL, 12)
        pages.y -= 2
