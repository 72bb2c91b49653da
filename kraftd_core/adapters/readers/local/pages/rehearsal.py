"""Reads a page of its own before the first document comes: patterns are compiled and tables loaded by then."""

from collections.abc import Sequence
from itertools import accumulate, pairwise

from kraftd_core.adapters.readers.local.pages.paged import read_pdf

_LINES = (
    "Harbour Supplies Ltd", "INVOICE", "Invoice No: R-17", "Invoice date: 5 March 2026", "Due date: 04/04/2026", "Bill to:",
    "Oakfield Corporation", "Payment terms: 30 days net", "Subtotal 150.00 EUR", "VAT 20% 30.00 EUR", "Total 180.00 EUR",
    "IBAN DE02 1203 0000 0000 2020 51", "VAT ID: DE123456788",
)  # fmt: skip
_ROWS = (
    ("Pos", "Description", "Unit", "Quantity", "Unit price", "Amount"),
    ("1", "Cable tray, 100 mm", "m", "10", "5.00", "50.00"), ("2", "Rack", "pcs", "4", "25.00", "100.00"),
)  # fmt: skip
_EDGES = (40, 80, 260, 310, 380, 460, 550)


def rehearse() -> None:
    """Reads the page as any other, with its ruled table and without."""
    for ruled in (True, False):
        read_pdf(_pdf(_drawing(ruled=ruled)), lambda _: None, 60.0, 60.0)


def _drawing(*, ruled: bool) -> bytes:
    marks = [_text(50, 780 - 20 * n, line) for n, line in enumerate(_LINES)]
    for n, row in enumerate(_ROWS):
        marks += [_text(x + 3, 480 - 20 * n, cell) for x, cell in zip(_EDGES, row, strict=False)]
        if ruled:
            marks += [f"{x} {474 - 20 * n} {end - x} 20 re S" for x, end in pairwise(_EDGES)]
    return "\n".join(marks).encode()


def _text(x: int, y: int, text: str) -> str:
    return f"BT /F 10 Tf {x} {y} Td ({text}) Tj ET"


def _pdf(drawing: bytes) -> bytes:
    """The least that is a PDF of one page."""
    objects: Sequence[bytes] = (
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(drawing), drawing),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )  # fmt: skip
    parts = [b"%PDF-1.4\n", *(b"%d 0 obj\n%b\nendobj\n" % (n, body) for n, body in enumerate(objects, 1))]
    places = list(accumulate(map(len, parts)))
    table = b"".join(b"%010d 00000 n \n" % place for place in places[:-1])
    end = b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return b"".join(parts) + end % (len(objects) + 1, table, len(objects) + 1, places[-1])
