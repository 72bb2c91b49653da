"""The deliverable as PDF, for people: drawn line by line, so that no text is ever read as markup and ten thousand rows fit."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from functools import lru_cache
from hashlib import md5
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from kraftd_core.adapters import pdf_fonts
from kraftd_core.adapters.pdf_chart import Chart, chart_of, drawing
from kraftd_core.adapters.pdf_fonts import BOLD, PLAIN, Printable
from kraftd_core.layout import GROUNDS, Entries, Entry, Layout, Prose, Table, lay_out
from kraftd_core.locales import Writing
from kraftd_core.ports import Composition, Rendered
from kraftd_core.presentation import Mark
from kraftd_core.records import DocumentTemplate
from kraftd_core.templates import TEMPLATES, Section

_BAR_LINE = 15.0
_A4 = (595.28, 841.89)
_MARGIN, _FOOT, _TOP, _GAP = 50.0, 50.0, 46.0, 11.0

_INK, _GREY, _ACCENT, _RULE, _TINT, _MARK = "#20272e", "#66727d", "#1f5f8b", "#d9dfe4", "#eef4f8", "#fff3c4"


@dataclass(frozen=True, slots=True)
class _Type:
    """How a text is set."""

    size: float
    leading: float
    font: str = PLAIN
    colour: str = _INK


_TITLE = _Type(18, 23, BOLD)
_SUBTITLE = _Type(8.5, 12, colour=_GREY)
_HEADING = _Type(11, 15, BOLD, _ACCENT)
_BODY = _Type(9, 12.5)
_STRONG = _Type(9, 12.5, BOLD)
_LABEL = _Type(7.5, 10, colour=_GREY)
_FIGURE = _Type(10.5, 13.5, BOLD)
_CELL = _Type(8, 10.5)
_HEAD = _Type(7.5, 10, BOLD, _ACCENT)
_SMALL = _Type(7, 9.5, colour=_GREY)


class PdfRenderer:
    """Makes a PDF of A4 pages; a table too wide for a page lies on landscape pages, a still wider one comes in parts."""

    def render(self, composition: Composition) -> Rendered:
        """The file and its page count; what no font can show is named in brackets, with a warning."""
        layout = lay_out(composition)
        foot = f"{layout.provenance[1].text} · {composition.export_workflow_id}"
        pages = _Pages(layout.title, foot, layout.look.writing)
        _describe(pages.canvas, layout, composition)
        _draw(pages, layout)
        content, count = pages.finished()
        return Rendered(content, "application/pdf", "pdf", count, (*layout.warnings, *pages.printable.warnings()))


_KEYWORDS = frozenset({"stage1_hash", "stage2_hash", "template", "extraction_method", "agent_model"})


def _describe(canvas: Any, layout: Layout, composition: Composition) -> None:
    canvas.setTitle(layout.title)
    canvas.setAuthor(composition.owner_email)
    canvas.setSubject(composition.export_workflow_id)
    canvas.setKeywords("; ".join(f"{entry.label}: {entry.text}" for entry in layout.provenance if entry.name in _KEYWORDS))
    canvas.setCreator("Kraftd Review")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    made = composition.generated_at.astimezone(UTC)
    canvas.setDateFormatter(lambda *_: f"D:{made:%Y%m%d%H%M%S}+00'00'")


# Text in lines


@lru_cache(maxsize=16)
def _colour(name: str) -> Any:
    from reportlab.lib.colors import HexColor

    return HexColor(name)


def _width(text: str, style: _Type) -> float:
    return pdf_fonts.width(text, style.font, style.size)


def _wrapped(text: str, style: _Type, width: float) -> list[str]:
    """The text in lines of at most this width, as they are seen; a word that is longer is broken."""
    paragraphs = text.split("\n") if "\n" in text else [text]
    return [line for paragraph in paragraphs for line in _seen(paragraph, style, width)]


def _seen(paragraph: str, style: _Type, width: float) -> Iterator[str]:
    lines = [paragraph] if _width(paragraph, style) <= width else _wrapped_paragraph(paragraph, style, width)
    if paragraph.isascii():
        yield from lines
        return
    right_to_left = pdf_fonts.starts_right(paragraph)
    yield from (pdf_fonts.as_seen(line, right_to_left) for line in lines)


def _wrapped_paragraph(paragraph: str, style: _Type, width: float) -> Iterator[str]:
    space = _width(" ", style)
    words: list[str] = []
    used = 0.0
    for word in paragraph.rstrip(" ").split(" "):
        for piece, piece_width in _pieces(word, style, width):
            if words and used + space + piece_width > width:
                yield " ".join(words)
                words, used = [], 0.0
            used += piece_width + (space if words else 0.0)
            words.append(piece)
    yield " ".join(words)


def _pieces(word: str, style: _Type, width: float) -> Iterator[tuple[str, float]]:
    """The word, or the parts into which it is broken, each with its width."""
    whole = _width(word, style)
    if whole <= width:
        yield word, whole
        return
    piece: list[str] = []
    used = 0.0
    for character in word:
        advance = _width(character, style)
        if piece and used + advance > width:
            yield "".join(piece), used
            piece, used = [], 0.0
        piece.append(character)
        used += advance
    yield "".join(piece), used


# Pages


class _Pages:
    """A canvas with a cursor: what is drawn goes below what was drawn before, on a new page where there is no room."""

    def __init__(self, head: str, foot: str, writing: Writing) -> None:
        from reportlab.pdfgen.canvas import Canvas

        self.writing = writing
        self.printable = Printable()
        self.buffer = io.BytesIO()
        self.canvas = Canvas(self.buffer, pagesize=_A4, invariant=1, pageCompression=1, lang=writing.language)
        # else SOURCE_DATE_EPOCH, where the environment has it, goes into the file's id
        self.canvas._doc.signature = md5(foot.encode(), usedforsecurity=False)
        self.head, self.foot = head, foot
        self.count = 1
        self.marked = 0
        self._open_page(_A4)

    # the page

    def _open_page(self, size: tuple[float, float]) -> None:
        self.size = size
        self.y = size[1] - _TOP
        self.left, self.right = _MARGIN, size[0] - _MARGIN

    def bookmark(self, text: str) -> None:
        """An entry of the outline that leads to what is drawn next."""
        self.marked += 1
        key = f"part{self.marked}"
        self.canvas.bookmarkHorizontal(key, 0, self.y + 8)
        self.canvas.addOutlineEntry(pdf_fonts.visible(text).replace("\n", " ")[:120], key)

    def _close_page(self) -> None:
        if self.count > 1:  # the first page has the title itself
            self._put(self.left, self.size[1] - 30, self.fitted(self.head, _SMALL, self.right - self.left), _SMALL)
        self.rule(self.left, self.right, _FOOT - 12)
        label = f"{self.writing.say('Page')} {self.count} {self.writing.say('of')} "
        y = _FOOT - 24
        self._put(self.left, y, label, _SMALL)
        self.canvas.saveState()
        self.canvas.translate(self.left + _width(label, _SMALL), y)
        self.canvas.doForm("page_count")  # drawn at the end, when the count is known
        self.canvas.restoreState()
        self._put(self.right, y, self.fitted(self.foot, _SMALL, self.right - self.left - 90), _SMALL, right=True)
        self.canvas.setPageSize(self.size)
        self.canvas.showPage()

    def turn(self) -> None:
        """Goes on at the top of a fresh page of the same format."""
        self._close_page()
        self.count += 1
        self._open_page(self.size)

    def lie(self, landscape: bool) -> None:
        """Goes on in this orientation, on a fresh page if the present one stands the other way."""
        if landscape == (self.size[0] > self.size[1]):
            return
        if not self.is_fresh():
            self.turn()
        self._open_page((self.size[1], self.size[0]))

    def room(self) -> float:
        """What is left of the page's height."""
        return self.y - _FOOT

    def need(self, height: float) -> bool:
        """Turns the page if this height does not fit; whether it did."""
        if height <= self.room() or self.is_fresh():
            return False
        self.turn()
        return True

    def is_fresh(self) -> bool:
        """Whether nothing stands on the page yet."""
        return self.y == self.size[1] - _TOP

    def finished(self) -> tuple[bytes, int]:
        """The file and its number of pages."""
        self._close_page()
        self.canvas.beginForm("page_count", 0, -4, 60, 12)
        self._put(0, 0, str(self.count), _SMALL)
        self.canvas.endForm()
        self.canvas.save()
        return self.buffer.getvalue(), self.count

    # text

    def clean(self, text: str) -> str:
        """The text as the fonts can show it."""
        return self.printable.text(text)

    def lines(self, text: str, style: _Type, width: float) -> list[str]:
        """The text cleaned and in lines."""
        return _wrapped(self.clean(text), style, width)

    def fitted(self, text: str, style: _Type, width: float) -> str:
        """One line of the text, with … where it was cut."""
        clean = self.clean(text).replace("\n", " ")
        lines = _wrapped(clean, style, width - _width("…", style))
        if len(lines) == 1:
            return lines[0]
        return f"…{lines[0]}" if pdf_fonts.starts_right(clean) else f"{lines[0]}…"

    def _put(self, x: float, y: float, line: str, style: _Type, right: bool = False) -> None:
        self.canvas.setFillColor(_colour(style.colour))
        if pdf_fonts.is_plain(line):
            self.canvas.setFont(style.font, style.size)
            (self.canvas.drawRightString if right else self.canvas.drawString)(x, y, line)
            return
        text = self.canvas.beginText(x - _width(line, style) if right else x, y)
        for font, part in pdf_fonts.runs(line, style.font):
            text.setFont(font, style.size)
            text.textOut(part)
        self.canvas.drawText(text)

    def put_lines(self, x: float, lines: Sequence[str], style: _Type, top: float, right: bool = False) -> None:
        """Lines below each other from this height on; the cursor stays."""
        for index, line in enumerate(lines):
            self._put(x, top - index * style.leading - style.size, line, style, right)

    def flow(self, lines: Sequence[str], style: _Type, indent: float = 0, boxed: bool = False, colour: str | None = None) -> None:
        """Lines from the cursor on, over as many pages as they take; on a ground of that colour, if one is given."""
        for line in lines:
            self.need(style.leading)
            if boxed:
                self.box(style.leading)
            if colour:
                self.ground(self.left + indent - 2, self.right, self.y, style.leading, colour)
            self.put_lines(self.left + indent, [line], style, self.y)
            self.y -= style.leading

    def put_drawing(self, x: float, y: float, drawn: Any) -> None:
        """A drawing with its lower left corner at this place."""
        from reportlab.graphics import renderPDF

        renderPDF.draw(drawn, self.canvas, x, y)

    def box(self, height: float) -> None:
        """A slice of a tinted box, with its bar, below the cursor."""
        self.ground(self.left, self.right, self.y, height, _TINT)
        self.ground(self.left, self.left + 3, self.y, height, _ACCENT)

    def ground(self, left: float, right: float, top: float, height: float, colour: str) -> None:
        """A filled rectangle; a little taller than asked, so that slices leave no hairline between them."""
        self.canvas.setFillColor(_colour(colour))
        self.canvas.rect(left, top - height - 0.2, right - left, height + 0.2, stroke=0, fill=1)

    def rule(self, left: float, right: float, y: float, colour: str = _RULE, weight: float = 0.5) -> None:
        """A horizontal line."""
        self.canvas.setStrokeColor(_colour(colour))
        self.canvas.setLineWidth(weight)
        self.canvas.line(left, y, right, y)


# Blocks


def _marked(style: _Type, mark: Mark | None) -> _Type:
    """The type of a highlighted text."""
    if mark is None:
        return style
    ink = f"#{GROUNDS[mark.colour][1]}" if mark.colour else style.colour
    return replace(style, font=BOLD if mark.bold else style.font, colour=ink)


def _ground_of(mark: Mark | None) -> str | None:
    return f"#{GROUNDS[mark.colour][0]}" if mark and mark.colour else None


def _draw(pages: _Pages, layout: Layout) -> None:
    _title(pages, layout)
    for block in layout.blocks:
        if isinstance(block, Table):
            chart = chart_of(block) if layout.template is TEMPLATES[DocumentTemplate.FINANCIAL_REPORT] else None
            if chart:
                _chart(pages, block.heading, chart)
            _table(pages, block)
            continue
        pages.lie(landscape=False)
        if isinstance(block, Prose):
            _prose(pages, block)
        elif block.section is Section.KEY_FIGURES:
            _cards(pages, block)
        elif block.section is Section.PROVENANCE and layout.template.limits:
            _in_a_line(pages, block)
        else:
            _entries(pages, block)


def _title(pages: _Pages, layout: Layout) -> None:
    width = pages.right - pages.left
    pages.flow([pages.clean(layout.look.writing.say(layout.template.label).upper())], _Type(7.5, 14, BOLD, _ACCENT))
    pages.flow(pages.lines(layout.title, _TITLE, width)[:4], _TITLE)
    pages.flow(pages.lines(layout.subtitle, _SUBTITLE, width)[:3], _SUBTITLE)
    pages.y -= 8
    pages.rule(pages.left, pages.right, pages.y, _ACCENT, 1.2)
    pages.y -= 4


def _heading(pages: _Pages, text: str, following: float) -> None:
    """The heading of a block, never alone at the end of a page."""
    lines = pages.lines(text, _HEADING, pages.right - pages.left)[:3]
    if not pages.need(_GAP + len(lines) * _HEADING.leading + 3 + following):
        pages.y -= _GAP
    pages.bookmark(text)
    pages.flow(lines, _HEADING)
    pages.y -= 3


def _prose(pages: _Pages, block: Prose) -> None:
    if block.emphasised:
        return _boxed(pages, block)
    _heading(pages, block.heading, 2 * _BODY.leading)
    style = _marked(_BODY, block.mark)
    for statement in block.statements:
        indent = 0.0 if block.paragraph else 11.0
        lines = pages.lines(statement, style, pages.right - pages.left - indent)
        pages.need(min(len(lines), 2) * _BODY.leading)
        if not block.paragraph:
            pages.put_lines(pages.left + 1, ["•"], _Type(9, 12.5, colour=_ACCENT), pages.y)
        pages.flow(lines, style, indent, colour=_ground_of(block.mark))
        pages.y -= 2
    return None


def _boxed(pages: _Pages, block: Prose) -> None:
    pages.need(60)
    pages.bookmark(block.heading)
    pages.y -= 10
    pages.box(8)
    pages.y -= 8
    pages.flow(pages.lines(block.heading, _HEADING, pages.right - pages.left - 32)[:3], _HEADING, 16, boxed=True)
    for statement in block.statements:
        pages.need(_STRONG.leading + 3)
        pages.box(3)
        pages.y -= 3
        pages.flow(pages.lines(statement, _STRONG, pages.right - pages.left - 32), _STRONG, 16, boxed=True)
    pages.box(9)
    pages.y -= 9


def _cards(pages: _Pages, block: Entries) -> None:
    """Key figures, three in a row."""
    gap = 14.0
    width = (pages.right - pages.left - 2 * gap) / 3
    _heading(pages, block.heading, 40)
    for start in range(0, len(block.entries), 3):
        row = block.entries[start : start + 3]
        texts = [pages.lines(entry.text, _marked(_FIGURE, entry.mark), width - 4) for entry in row]
        height = 6 + _LABEL.leading + max(map(len, texts)) * _FIGURE.leading + 9
        pages.need(height)
        for position, (entry, lines) in enumerate(zip(row, texts, strict=True)):
            _card(pages, entry, lines, pages.left + position * (width + gap), width)
        pages.y -= height


def _card(pages: _Pages, entry: Entry, lines: list[str], x: float, width: float) -> None:
    pages.rule(x, x + width, pages.y, _ACCENT, 0.8)
    top = pages.y - 5
    pages.put_lines(x, [pages.fitted(entry.label, _LABEL, width)], _LABEL, top)
    ground = _ground_of(entry.mark) or (_MARK if entry.changed else None)
    if ground:
        pages.ground(x - 2, x + width, top - _LABEL.leading, len(lines) * _FIGURE.leading + 2, ground)
    pages.put_lines(x, lines, _marked(_FIGURE, entry.mark), top - _LABEL.leading - 1)


def _entries(pages: _Pages, block: Entries) -> None:
    small = block.section is Section.PROVENANCE
    widths = (100.0, pages.right - pages.left - 100) if small else (150.0, pages.right - pages.left - 150)
    rows = [[entry.label, entry.text or "–"] for entry in block.entries]
    changed = frozenset((position, 1) for position, entry in enumerate(block.entries) if entry.changed)
    marks = {(position, 1): entry.mark for position, entry in enumerate(block.entries) if entry.mark}
    grid = _Grid(pages, [_Column("", w) for w in widths], _SMALL if small else _CELL, padding=1.0 if small else 3.0)
    _heading(pages, block.heading, 30)
    _marks_explained(pages, bool(changed))
    grid.rows(rows or [[pages.writing.say("None."), ""]], changed, marks)


def _chart(pages: _Pages, heading: str, chart: Chart) -> None:
    """Bars between what they stand for and how much it is, all in words too."""
    pages.lie(landscape=False)
    shown, say = len(chart.bars), pages.writing.say
    some = f" ({shown} {say('of')} {chart.of})" if shown < chart.of else ""
    height = shown * _BAR_LINE
    _heading(pages, f"{heading}: {chart.column}{some}", height)
    amounts = [pages.fitted(bar.amount, _CELL, 150) for bar in chart.bars]
    beside = max(_width(amount, _CELL) for amount in amounts) + 8
    left, width = pages.left + 190, pages.right - pages.left - 190 - beside
    for place, (bar, amount) in enumerate(zip(chart.bars, amounts, strict=True)):
        top = pages.y - place * _BAR_LINE - 3
        pages.put_lines(pages.left, [pages.fitted(bar.label, _CELL, 180)], _CELL, top)
        pages.put_lines(pages.right, [amount], _CELL, top, right=True)
    pages.put_drawing(left, pages.y - height, drawing(chart.bars, width, _BAR_LINE, _ACCENT))
    pages.y -= height


def _in_a_line(pages: _Pages, block: Entries) -> None:
    """The entries as small running text, where the page is short."""
    text = " · ".join(f"{entry.label}: {entry.text}" for entry in block.entries)
    lines = pages.lines(text, _SMALL, pages.right - pages.left)
    pages.need(_GAP + len(lines) * _SMALL.leading)
    pages.y -= _GAP
    pages.flow(lines, _SMALL)


def _marks_explained(pages: _Pages, needed: bool) -> None:
    if needed:
        pages.ground(pages.left, pages.left + 8, pages.y - 1, 7, _MARK)
        pages.flow([pages.writing.say("Highlighted values were changed in the review.")], _SMALL, 12)
        pages.y -= 2


# Tables


@dataclass(frozen=True, slots=True)
class _Column:
    """A column as drawn."""

    label: str
    width: float
    right: bool = False


_PADDING = 4.0


class _Grid:
    """Draws rows, each as high as its tallest cell; a cell taller than a page goes on on the next."""

    def __init__(self, pages: _Pages, columns: Sequence[_Column], style: _Type, padding: float = 3.0) -> None:
        self.pages = pages
        self.columns = columns
        self.style = style
        self.padding = padding
        edges = [pages.left + sum(column.width for column in columns[:n]) for n in range(len(columns) + 1)]
        self.spans = list(pairwise(edges))
        self.width = edges[-1]
        self.heads = [pages.lines(column.label, _HEAD, column.width - 2 * _PADDING)[:4] for column in columns]
        self.has_head = any(column.label for column in columns)
        self.head_height = max(map(len, self.heads)) * _HEAD.leading + 8 if self.has_head else 0.0

    def head(self) -> None:
        """The names of the columns, at the cursor."""
        if not self.has_head:
            return
        pages = self.pages
        for column, (left, right), lines in zip(self.columns, self.spans, self.heads, strict=True):
            pages.put_lines(right - _PADDING if column.right else left + _PADDING, lines, _HEAD, pages.y - 3, column.right)
        pages.y -= self.head_height
        pages.rule(pages.left, self.width, pages.y, _ACCENT, 0.8)

    def rows(
        self,
        rows: Sequence[Sequence[str]],
        changed: frozenset[tuple[int, int]],
        marks: Mapping[tuple[int, int], Mark],
        groups: Mapping[int, str] = MappingProxyType({}),
    ) -> None:
        """The head and all rows; a group's name stands above the row that begins it."""
        self.head()
        for position, row in enumerate(rows):
            if position in groups:
                self._group(groups[position])
            looks = {column: mark for column in range(len(row)) if (mark := marks.get((position, column)))} if marks else {}
            styles = [_marked(self.style, looks.get(place)) for place in range(len(row))] if looks else [self.style] * len(row)
            cells = [
                self.pages.lines(text, style, column.width - 2 * _PADDING)
                for text, style, column in zip(row, styles, self.columns, strict=True)
            ]
            edited = {column: _MARK for column in range(len(row)) if (position, column) in changed} if changed else {}
            self._row(cells, edited | {column: ground for column, mark in looks.items() if (ground := _ground_of(mark))}, looks)

    def _group(self, name: str) -> None:
        """The name of a group, not alone at the end of a page."""
        if self.pages.room() < 3 * self._height(1):
            self._turn()
        height, style = self._height(1), replace(self.style, font=BOLD)
        self.pages.ground(self.pages.left, self.width, self.pages.y - 0.5, height - 0.7, _TINT)
        text = self.pages.fitted(name, style, self.width - self.pages.left - 2 * _PADDING)
        self.pages.put_lines(self.pages.left + _PADDING, [text], style, self.pages.y - self.padding)
        self.pages.y -= height
        self.pages.rule(self.pages.left, self.width, self.pages.y)

    def _row(self, cells: list[list[str]], grounds: Mapping[int, str], looks: Mapping[int, Mark]) -> None:
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

    def _slice(self, cells: list[list[str]], count: int, grounds: Mapping[int, str], looks: Mapping[int, Mark]) -> None:
        pages, height = self.pages, self._height(count)
        for position, colour in grounds.items():
            pages.ground(*self.spans[position], pages.y - 0.5, height - 0.7, colour)
        for place, (column, (left, right), lines) in enumerate(zip(self.columns, self.spans, cells, strict=True)):
            x = right - _PADDING if column.right else left + _PADDING
            style = _marked(self.style, looks.get(place)) if looks else self.style
            pages.put_lines(x, lines, style, pages.y - self.padding, column.right)
        pages.y -= height
        pages.rule(pages.left, self.width, pages.y)


@dataclass(frozen=True, slots=True)
class _Measured:
    """A column's place in the table, the width it would like, and the least it can do with."""

    position: int
    label: str
    right: bool
    liked: float
    least: float


def _table(pages: _Pages, table: Table) -> None:
    texts = [[table.text(name, value) for name, value in zip(table.columns, row, strict=True)] for row in table.rows]
    grouped = table.is_grouped and len(table.columns) > 1  # the groups' names stand above their rows then
    measured = [_measure(pages, table, texts, position) for position in range(int(grouped), len(table.columns))]
    pages.lie(landscape=sum(column.least for column in measured) > _A4[0] - 2 * _MARGIN)
    for band in _bands(measured, pages.right - pages.left):
        _band(pages, table, texts, band, parted=len(band) < len(measured))


def _band(pages: _Pages, table: Table, texts: list[list[str]], band: list[_Measured], parted: bool) -> None:
    """A table, or as many of its columns as fit side by side; each part repeats the row numbers."""
    first, last = band[0].position + 1, band[-1].position + 1
    say = pages.writing.say
    which = f", {say('columns')} {first} {say('to')} {last} {say('of')} {len(table.columns)}" if parted else ""
    number = [_Column("#", 34, right=True)] if parted else []
    columns = [*number, *_fitted(band, pages.right - pages.left - 34 * parted)]
    rows = [[*([f"{n}"] if parted else []), *(row[column.position] for column in band)] for n, row in enumerate(texts, 1)]
    places = {column.position: index + parted for index, column in enumerate(band)}
    changed = frozenset((row, places[column]) for row, column in table.changed if column in places)
    marks = {(row, places[column]): mark for (row, column), mark in table.marks.items() if column in places}
    grid = _Grid(pages, columns, _CELL)
    _heading(pages, table.heading + which, grid.head_height + min(len(rows), 5) * 1.5 * _CELL.leading)
    _marks_explained(pages, bool(changed))
    if table.note:
        pages.flow(pages.lines(pages.writing.say(table.note), _SMALL, pages.right - pages.left), _SMALL)
        pages.y -= 2
    grid.rows(rows, changed, marks, _groups(table, texts) if 0 not in places else {})


def _groups(table: Table, texts: list[list[str]]) -> dict[int, str]:
    """What stands above the rows that begin a group, by their positions."""
    if not table.is_grouped:
        return {}
    begun = [0, *(n for n in range(1, len(texts)) if table.rows[n][0] != table.rows[n - 1][0])]
    return {position: f"{table.labels()[0]}: {texts[position][0] or '–'}" for position in begun}


def _measure(pages: _Pages, table: Table, texts: list[list[str]], position: int) -> _Measured:
    label = table.labels()[position]
    right = table.is_number(position)
    longest = pages.clean(max((row[position] for row in texts), key=len)[:400])
    style = replace(_CELL, font=BOLD) if any(mark.bold for mark in table.marks.values()) else _CELL
    liked = max(_width(longest, style), _width(pages.clean(label), _HEAD)) + 2 * _PADDING + 1
    word = max(_width(pages.clean(part), _HEAD) for part in label.split(" ")) + 2 * _PADDING + 1
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


def _fitted(band: list[_Measured], available: float) -> list[_Column]:
    """The columns over the whole width: what is left over goes to the texts, by how much they would like."""
    spare = available - sum(column.least for column in band)
    wishes = [column.liked - column.least for column in band]
    wanted = sum(wishes)
    if wanted > spare:
        shares = [spare * wish / wanted for wish in wishes]
    else:
        growing = [not column.right for column in band] if not all(column.right for column in band) else [True] * len(band)
        shares = [wish + (spare - wanted) * grows / sum(growing) for wish, grows in zip(wishes, growing, strict=True)]
    return [_Column(c.label, c.least + share, c.right) for c, share in zip(band, shares, strict=True)]
