"""Draws PDFs with ruled tables of any shape, cell by cell, and large bills with the truth of what they list."""

import io
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT, SIZE = 595, 842, 9
_LEADING = 12
BILL = (40, 80, 300, 340, 400, 470, 555)
BILL_HEAD = ("Item", "Description", "Unit", "Qty", "Rate", "Amount")
_RIGHT = frozenset((3, 4, 5))


class Sheets:
    """Pages on which text and tables are set one below the other."""

    def __init__(self, rotation: int = 0) -> None:
        self._out = io.BytesIO()
        self.canvas = Canvas(self._out, pagesize=(WIDTH, HEIGHT), invariant=1)
        self._rotation = rotation
        self.y = 60.0
        self._font()

    def _font(self) -> None:
        self.canvas.setFont("Helvetica", SIZE)
        self.canvas.setLineWidth(0.5)

    def text(self, x: float, text: str, below: float = _LEADING) -> None:
        self.canvas.drawString(x, HEIGHT - self.y, text)
        self.y += below

    def page(self) -> None:
        self.canvas.showPage()
        self.y = 60.0
        self._font()

    def table(self, edges: Sequence[float], rows: Sequence[Sequence[str | None]], *, ruled: bool = True) -> None:
        """A row a line; a cell that is None belongs to the cell on its left, a text may have line breaks."""
        for row in rows:
            height = _LEADING * max(len((cell or "").split("\n")) for cell in row) + 4
            for left, right, cell in _spans(edges, row):
                if ruled:
                    self.canvas.rect(left, HEIGHT - self.y - height, right - left, height)
                for n, line in enumerate(cell.split("\n")):
                    self.canvas.drawString(left + 3, HEIGHT - self.y - 10 - n * _LEADING, line)
            self.y += height

    def pdf(self) -> bytes:
        self.canvas.save()
        return self._out.getvalue()


def _spans(edges: Sequence[float], row: Sequence[str | None]) -> Iterator[tuple[float, float, str]]:
    n = 0
    while n < len(row):
        end = n + 1
        while end < len(row) and row[end] is None:
            end += 1
        yield edges[n], edges[end], row[n] or ""
        n = end


@dataclass(frozen=True)
class Line:
    """A line of a bill as it is printed."""

    position: str
    description: str
    unit: str
    quantity: Decimal
    price: Decimal
    amount: Decimal
    section: str

    @property
    def cells(self) -> tuple[str, ...]:
        figures = (self.quantity, self.price, self.amount)
        return self.position, self.description, self.unit, *(f"{figure:,.2f}" for figure in figures)


def bill_lines(count: int, seed: int = 5) -> list[Line]:
    """Lines under sections of forty, numbered 1.1, 1.2, …"""
    chance = random.Random(seed)
    things = ("Excavation in trenches", "Concrete C25", "Copper pipe", "Cable tray", "Gypsum board", "Floor tile", "Door frame")
    lines = []
    for n in range(count):
        quantity, price = Decimal(chance.randrange(100, 90_000)) / 100, Decimal(chance.randrange(100, 50_000)) / 100
        amount = (quantity * price).quantize(Decimal("0.01"))
        text = f"{chance.choice(things)}, size {chance.randrange(10, 400)} mm"
        unit = chance.choice(("m", "m2", "m3", "no", "kg"))
        lines.append(Line(f"{n // 40 + 1}.{n % 40 + 1}", text, unit, quantity, price, amount, f"PART {n // 40 + 1} WORKS"))
    return lines


def bill(lines: Sequence[Line], *, ruled: bool, heads: bool = True, a_page: int = 48) -> bytes:
    """The bill over as many pages as it takes, its head on each or only on the first, the total at its end."""
    sheets = Sheets()
    sheets.text(40, "BILL OF QUANTITIES", 24)
    section = None
    for n, line in enumerate(lines):
        if n % a_page == 0:
            if n:
                sheets.page()
            if heads or not n:
                _bill_row(sheets, BILL_HEAD, ruled=ruled)
        if line.section != section:
            section = line.section
            if ruled:
                _bill_row(sheets, (line.position.split(".")[0], section, "", "", "", ""), ruled=True)
        _bill_row(sheets, line.cells, ruled=ruled)
    total = sum((line.amount for line in lines), Decimal(0))
    _bill_row(sheets, ("", "Total", "", "", "", f"{total:,.2f}"), ruled=ruled)
    return sheets.pdf()


def _bill_row(sheets: Sheets, cells: Sequence[str], *, ruled: bool) -> None:
    canvas, top = sheets.canvas, HEIGHT - sheets.y
    for n, (left, right, cell) in enumerate(zip(BILL, BILL[1:], cells, strict=False)):
        if ruled:
            canvas.rect(left, top - 14, right - left, 14)
        x = right - 3 - stringWidth(cell, "Helvetica", SIZE) if n in _RIGHT else left + 3
        canvas.drawString(x, top - 10, cell)
    sheets.y += 14
