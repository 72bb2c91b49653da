"""The blocks of a PDF that are no tables: title and headings, prose, key figures, fields and the chart."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from kraftd_core.adapters.renderers.pdf import styles
from kraftd_core.adapters.renderers.pdf.chart import Chart, drawing
from kraftd_core.adapters.renderers.pdf.grid import PADDING, Column, Grid
from kraftd_core.adapters.renderers.pdf.lines import width_of
from kraftd_core.adapters.renderers.pdf.pages import Pages
from kraftd_core.delivery.layout import Entries, Layout, NamedValue, Prose
from kraftd_core.delivery.templates import Section

_BAR_LINE = 15.0
_HEAD = 50.0  # what a heading takes with the room around it, at most
_LABELS = 0.21  # of the width
_SHORT = 80  # characters; a longer value is not measured


def draw_title(pages: Pages, layout: Layout) -> None:
    """What kind of document this is, its title, and what it was made from."""
    width = pages.right - pages.left
    pages.flow([pages.clean(layout.appearance.writing.say(layout.template.label).upper())], styles.KIND)
    pages.flow(pages.lines(layout.title, styles.TITLE, width)[:4], styles.TITLE)
    pages.flow(pages.lines(layout.subtitle, styles.SUBTITLE, width)[:3], styles.SUBTITLE)
    pages.y -= 8
    pages.rule(pages.left, pages.right, pages.y, styles.ACCENT, 1.2)
    pages.y -= 4


def draw_heading(pages: Pages, text: str, following: float) -> None:
    """The heading of a block, never alone at the end of a page."""
    lines = pages.lines(text, styles.HEADING, pages.right - pages.left)[:3]
    gap = pages.spacing.gap
    if not pages.need(gap + len(lines) * styles.HEADING.leading + 3 + following):
        pages.y -= gap
    pages.bookmark(text)
    pages.flow(lines, styles.HEADING)
    pages.y -= 3


def fits(pages: Pages, block: Prose | Entries) -> bool:
    """Whether the block goes on the rest of the page, as far as can be told before it is drawn."""
    body, width = pages.spacing.body, pages.right - pages.left
    if isinstance(block, Prose):
        lines = sum(len(pages.lines(text, body, width - 32)) for text in block.statements)
    else:
        lines = sum(len(pages.lines(entry.text, pages.spacing.cell, width / 3)) for entry in block.entries)
    return _HEAD + lines * (body.leading + 2 * pages.spacing.padding) <= pages.room()


def draw_prose(pages: Pages, block: Prose) -> None:
    """Statements, as a list unless they are one text; in a box where they must not be missed."""
    if block.emphasised:
        _boxed(pages, block)
        return
    body = pages.spacing.body
    draw_heading(pages, block.heading, 2 * body.leading)
    style = styles.marked(body, block.mark)
    for statement in block.statements:
        indent = 0.0 if block.paragraph else 11.0
        lines = pages.lines(statement, style, pages.right - pages.left - indent)
        pages.need(min(len(lines), 2) * body.leading)
        if not block.paragraph:
            pages.put_lines(pages.left + 1, ["•"], styles.BULLET, pages.y)
        pages.flow(lines, style, indent, colour=styles.ground_of(block.mark))
        pages.y -= pages.spacing.after


def _boxed(pages: Pages, block: Prose) -> None:
    pages.need(60)
    pages.bookmark(block.heading)
    pages.y -= 10
    pages.box(8)
    pages.y -= 8
    pages.flow(pages.lines(block.heading, styles.HEADING, pages.right - pages.left - 32)[:3], styles.HEADING, 16, boxed=True)
    for statement in block.statements:
        pages.need(styles.STRONG.leading + 3)
        pages.box(3)
        pages.y -= 3
        pages.flow(pages.lines(statement, styles.STRONG, pages.right - pages.left - 32), styles.STRONG, 16, boxed=True)
    pages.box(9)
    pages.y -= 9


def draw_figures(pages: Pages, block: Entries) -> None:
    """Key figures, three in a row."""
    gap = 14.0
    width = (pages.right - pages.left - 2 * gap) / 3
    draw_heading(pages, block.heading, 40)
    for start in range(0, len(block.entries), 3):
        row = block.entries[start : start + 3]
        style = _figure_type(pages, row, width - 4)
        texts = [pages.lines(entry.text, styles.marked(style, entry.mark), width - 4) for entry in row]
        height = 6 + styles.LABEL.leading + max(map(len, texts)) * styles.FIGURE.leading + 9
        pages.need(height)
        for position, (entry, lines) in enumerate(zip(row, texts, strict=True)):
            _card(pages, entry, lines, pages.left + position * (width + gap), width, style)
        pages.y -= height


def _figure_type(pages: Pages, entries: Sequence[NamedValue], width: float) -> styles.Type:
    """The largest type in which no word of these figures is broken, if there is one."""
    words = [pages.clean(word) for entry in entries for word in entry.text.split()]
    return next((style for style in styles.FIGURES if all(width_of(word, style) <= width for word in words)), styles.FIGURE)


def _card(pages: Pages, entry: NamedValue, lines: list[str], x: float, width: float, style: styles.Type) -> None:
    pages.rule(x, x + width, pages.y, styles.ACCENT, 0.8)
    top = pages.y - 5
    pages.put_lines(x, [pages.fitted(entry.label, styles.LABEL, width)], styles.LABEL, top)
    ground = styles.ground_of(entry.mark) or (styles.CHANGED if entry.changed else None)
    if ground:
        pages.ground(x - 2, x + width, top - styles.LABEL.leading, len(lines) * styles.FIGURE.leading + 2, ground)
    pages.put_lines(x, lines, styles.marked(style, entry.mark), top - styles.LABEL.leading - 1)


def draw_fields(pages: Pages, block: Entries) -> None:
    """Names beside their values, two in a row where both are short."""
    style, padding = (styles.SMALL, 1.0) if block.section is Section.PROVENANCE else (pages.spacing.cell, pages.spacing.padding)
    whole = pages.right - pages.left
    label = _LABELS * whole
    alone = Grid(pages, [Column("", label), Column("", whole - label)], style, padding)
    beside = Grid(pages, [Column("", label), Column("", whole / 2 - label)] * 2, style, padding)
    draw_heading(pages, block.heading, 30)
    explain_marks(pages, any(entry.changed for entry in block.entries))
    if not block.entries:
        alone.rows([[pages.writing.say("None."), ""]], frozenset(), {})
    for row, is_short in _rows(block.entries, lambda entry: _is_short(pages, entry, style, label, whole / 2 - label)):
        cells = [text for entry in row for text in (entry.label, entry.text or "–")]
        changed = frozenset((0, 2 * n + 1) for n, entry in enumerate(row) if entry.changed)
        marks = {(0, 2 * n + 1): entry.mark for n, entry in enumerate(row) if entry.mark}
        missing = ["", ""] * (2 - len(row)) if is_short else []
        (beside if is_short else alone).rows([cells + missing], changed, marks)


def _rows(entries: Iterable[NamedValue], is_short: Callable[[NamedValue], bool]) -> Iterator[tuple[list[NamedValue], bool]]:
    """The entries in their order, two short ones in a row; whether the row is one of short ones."""
    waiting: list[NamedValue] = []
    for entry in entries:
        if is_short(entry):
            waiting.append(entry)
        if waiting and (len(waiting) == 2 or entry is not waiting[-1]):
            yield waiting, True
            waiting = []
        if not is_short(entry):
            yield [entry], False
    if waiting:
        yield waiting, True


def _is_short(pages: Pages, entry: NamedValue, style: styles.Type, label: float, value: float) -> bool:
    """Whether name and value need no more lines than they have in a half of the page."""
    told = ((entry.label, style, label), (entry.text, styles.marked(style, entry.mark), value))
    return all(
        len(text) <= _SHORT and text.count("\n") <= 1
        and all(width_of(pages.clean(line), of) <= width - 2 * PADDING for line in text.split("\n"))
        for text, of, width in told
    )  # fmt: skip


def draw_chart(pages: Pages, heading: str, chart: Chart) -> None:
    """Bars between what they stand for and how much it is, all in words too."""
    pages.lie(landscape=False)
    shown, say = len(chart.bars), pages.writing.say
    some = f" ({shown} {say('of')} {chart.of})" if shown < chart.of else ""
    height = shown * _BAR_LINE
    draw_heading(pages, f"{heading}: {chart.column}{some}", height)
    amounts = [pages.fitted(bar.amount, styles.CELL, 150) for bar in chart.bars]
    beside = max(width_of(amount, styles.CELL) for amount in amounts) + 8
    left, width = pages.left + 190, pages.right - pages.left - 190 - beside
    for place, (bar, amount) in enumerate(zip(chart.bars, amounts, strict=True)):
        top = pages.y - place * _BAR_LINE - 3
        pages.put_lines(pages.left, [pages.fitted(bar.label, styles.CELL, 180)], styles.CELL, top)
        pages.put_lines(pages.right, [amount], styles.CELL, top, right=True)
    pages.put_drawing(left, pages.y - height, drawing(chart.bars, width, _BAR_LINE, styles.ACCENT))
    pages.y -= height


def draw_in_a_line(pages: Pages, block: Entries) -> None:
    """The entries as small running text, where the page is short."""
    text = " · ".join(f"{entry.label}: {entry.text}" for entry in block.entries)
    lines = pages.lines(text, styles.SMALL, pages.right - pages.left)
    pages.need(pages.spacing.gap + len(lines) * styles.SMALL.leading)
    pages.y -= pages.spacing.gap
    pages.flow(lines, styles.SMALL)


def explain_marks(pages: Pages, needed: bool) -> None:
    """Says what the ground of a changed value means, where there is one."""
    if needed:
        pages.ground(pages.left, pages.left + 8, pages.y - 1, 7, styles.CHANGED)
        pages.flow([pages.writing.say("Highlighted values were changed in the review.")], styles.SMALL, 12)
        pages.y -= 2
