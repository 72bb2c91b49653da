"""Documents of several pages, and what stands on which of them."""

import io

from reportlab.pdfgen.canvas import Canvas

HOSTILE = "<img src=x onerror=alert(1)>"
_PLACES = (50, 90, 330, 410, 500)
_HEAD = ("Pos", "Description", "Quantity", "Unit price", "Amount")
_LETTER_HEAD = (
    "INVOICE", "Harbour Supplies Ltd", "12 Quay Road, Bristol BS1 4AB", "Invoice number: HS-2044", "Invoice date: 2026-09-14",
    "Currency: GBP",
)


def long_invoice(lines: int = 36, lines_a_page: int = 18) -> bytes:
    """An invoice over several pages, whose total, on the last one, is too large by 5; a description is markup."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    rows = [_row(n) for n in range(1, lines + 1)]
    pages = [rows[start : start + lines_a_page] for start in range(0, lines, lines_a_page)]
    for page in pages:
        height = 790
        if page is pages[0]:
            height = _write_all(canvas, [(text,) for text in _LETTER_HEAD], height) - 20
        height = _write_all(canvas, [_HEAD, *page], height)
        if page is pages[-1]:
            total = sum(float(row[4]) for row in rows) + 5
            _write_all(canvas, [("", "", "", "Total", f"{total:.2f}")], height - 20)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _row(n: int) -> tuple[str, ...]:
    quantity, price = n % 7 + 1, n + 3.25
    description = f"Bolt {HOSTILE}" if n == 2 else f"Deck part {n}"
    return str(n), description, str(quantity), f"{price:.2f}", f"{quantity * price:.2f}"


def _write_all(canvas: Canvas, rows: list[tuple[str, ...]], height: float) -> float:
    canvas.setFont("Helvetica", 9)
    for row in rows:
        for x, text in zip(_PLACES, row, strict=False):
            canvas.drawString(x, height, text)
        height -= 18
    return height
