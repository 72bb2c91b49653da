"""The pages of a PDF: what stands on each of them, and a cursor below which the next thing is drawn."""

import io
from collections.abc import Sequence
from functools import lru_cache
from hashlib import md5
from typing import Any

from kraftd_core.adapters.renderers.pdf import fonts as pdf_fonts
from kraftd_core.adapters.renderers.pdf.fonts import Printable
from kraftd_core.adapters.renderers.pdf.lines import width_of, wrapped
from kraftd_core.adapters.renderers.pdf.styles import ACCENT, ROOMY, RULE, SMALL, TINT, Spacing, Type
from kraftd_core.delivery.locales import Writing

A4 = (595.28, 841.89)
_FOOT, _TOP = 50.0, 46.0


@lru_cache(maxsize=16)
def _colour(name: str) -> Any:
    from reportlab.lib.colors import HexColor

    return HexColor(name)


class Pages:
    """A canvas with a cursor: what is drawn goes below what was drawn before, on a new page where there is no room."""

    def __init__(self, head: str, foot: str, writing: Writing, spacing: Spacing = ROOMY) -> None:
        from reportlab.pdfgen.canvas import Canvas

        self.writing, self.spacing = writing, spacing
        self.printable = Printable()
        self.buffer = io.BytesIO()
        self.canvas = Canvas(self.buffer, pagesize=A4, invariant=1, pageCompression=1, lang=writing.language)
        # else SOURCE_DATE_EPOCH, where the environment has it, goes into the file's id
        self.canvas._doc.signature = md5(foot.encode(), usedforsecurity=False)
        self.head, self.foot = head, foot
        self.count = 1
        self.marked = 0
        self._open_page(A4)

    # the page

    def _open_page(self, size: tuple[float, float]) -> None:
        self.size = size
        self.y = size[1] - _TOP
        self.left, self.right = self.spacing.margin, size[0] - self.spacing.margin

    def bookmark(self, text: str) -> None:
        """An entry of the outline that leads to what is drawn next."""
        self.marked += 1
        key = f"part{self.marked}"
        self.canvas.bookmarkHorizontal(key, 0, self.y + 8)
        self.canvas.addOutlineEntry(pdf_fonts.visible(text).replace("\n", " ")[:120], key)

    def _close_page(self) -> None:
        if self.count > 1:  # the first page has the title itself
            self._put(self.left, self.size[1] - 30, self.fitted(self.head, SMALL, self.right - self.left), SMALL)
        self.rule(self.left, self.right, _FOOT - 12)
        label = f"{self.writing.say('Page')} {self.count} {self.writing.say('of')} "
        y = _FOOT - 24
        self._put(self.left, y, label, SMALL)
        self.canvas.saveState()
        self.canvas.translate(self.left + width_of(label, SMALL), y)
        self.canvas.doForm("page_count")  # drawn at the end, when the count is known
        self.canvas.restoreState()
        self._put(self.right, y, self.fitted(self.foot, SMALL, self.right - self.left - 90), SMALL, right=True)
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

    @property
    def upright(self) -> float:
        """The width between the margins of an upright page."""
        return A4[0] - 2 * self.spacing.margin

    def filled(self) -> float:
        """How much of the page's height is taken, as a share of it."""
        return 1 - self.room() / (self.size[1] - _TOP - _FOOT)

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
        self._put(0, 0, str(self.count), SMALL)
        self.canvas.endForm()
        self.canvas.save()
        return self.buffer.getvalue(), self.count

    # text

    def clean(self, text: str) -> str:
        """The text as the fonts can show it."""
        return self.printable.text(text)

    def lines(self, text: str, style: Type, width: float) -> list[str]:
        """The text cleaned and in lines."""
        return wrapped(self.clean(text), style, width)

    def fitted(self, text: str, style: Type, width: float) -> str:
        """One line of the text, with … where it was cut."""
        clean = self.clean(text).replace("\n", " ")
        lines = wrapped(clean, style, width - width_of("…", style))
        if len(lines) == 1:
            return lines[0]
        return f"…{lines[0]}" if pdf_fonts.starts_right(clean) else f"{lines[0]}…"

    def _put(self, x: float, y: float, line: str, style: Type, right: bool = False) -> None:
        self.canvas.setFillColor(_colour(style.colour))
        if pdf_fonts.is_plain(line):
            self.canvas.setFont(style.font, style.size)
            (self.canvas.drawRightString if right else self.canvas.drawString)(x, y, line)
            return
        text = self.canvas.beginText(x - width_of(line, style) if right else x, y)
        for font, part in pdf_fonts.runs(line, style.font):
            text.setFont(font, style.size)
            text.textOut(part)
        self.canvas.drawText(text)

    def put_lines(self, x: float, lines: Sequence[str], style: Type, top: float, right: bool = False) -> None:
        """Lines below each other from this height on; the cursor stays."""
        for index, line in enumerate(lines):
            self._put(x, top - index * style.leading - style.size, line, style, right)

    def flow(self, lines: Sequence[str], style: Type, indent: float = 0, boxed: bool = False, colour: str | None = None) -> None:
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
        self.ground(self.left, self.right, self.y, height, TINT)
        self.ground(self.left, self.left + 3, self.y, height, ACCENT)

    def ground(self, left: float, right: float, top: float, height: float, colour: str) -> None:
        """A filled rectangle; a little taller than asked, so that slices leave no hairline between them."""
        self.canvas.setFillColor(_colour(colour))
        self.canvas.rect(left, top - height - 0.2, right - left, height + 0.2, stroke=0, fill=1)

    def rule(self, left: float, right: float, y: float, colour: str = RULE, weight: float = 0.5) -> None:
        """A horizontal line."""
        self.canvas.setStrokeColor(_colour(colour))
        self.canvas.setLineWidth(weight)
        self.canvas.line(left, y, right, y)
