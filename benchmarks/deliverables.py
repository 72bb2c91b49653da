"""What deliverables cost beside their peers, in time and memory: python benchmarks/deliverables.py [--quick] [excel] [pdf]

Excel beside XlsxWriter in its constant_memory mode, which writes the same cells with the same formats (held against each
other before anything is measured); PDF beside a bare reportlab canvas that draws the same texts. Each figure comes from a
process of its own, ours and the peer's in turns; the best time and the largest memory count. Memory is what the process
grew by while it made the file. --quick leaves out the 100,000 rows. Ends with 1 where a limit does not hold.
"""

import io
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from figures import HEAD, Line

from kraftd_core.adapters.renderers.excel.renderer import ExcelRenderer
from kraftd_core.adapters.renderers.pdf.renderer import PdfRenderer
from kraftd_core.document.jsontypes import ROW_ID, cleaned
from kraftd_core.ports.making import Composition
from kraftd_core.records.plan import DocumentTemplate
from kraftd_core.records.stages import FinalSummary, LearningInsights, UserPreferences

ROUNDS = {100: 5, 1_000: 5, 10_000: 3, 100_000: 3}
COLUMNS = ("position", "article", "description", "quantity", "unit", "unit_price", "delivery_date", "amount")
HEADS = ("Position", "Article", "Description", "Quantity", "Unit", "Unit price", "Delivery date", "Amount")


def lines(count: int) -> list[dict[str, Any]]:
    """Lines of an invoice, as records hold them: texts, numbers, amounts and days."""
    articles = ("Ball bearing 6204-2RS", "Hydraulic hose DN 12, two layers, with fittings", "Assembly on site", "Seal")
    return [
        cleaned({
            ROW_ID: f"row{n}", "position": n + 1, "article": f"{n % 977:05}", "description": f"{articles[n % 4]} {n}",
            "quantity": n % 17 + 1, "unit": ("piece", "m", "h")[n % 3], "unit_price": 2.5 + n % 40,
            "delivery_date": f"2026-0{n % 9 + 1}-1{n % 10}", "amount": (n % 17 + 1) * (2.5 + n % 40),
        })
        for n in range(count)
    ]  # fmt: skip


def composition(count: int) -> Composition:
    """A reviewed invoice of so many lines."""
    items = lines(count)
    total = cleaned(sum(line["amount"] for line in items))
    data = {
        "document_type": "invoice", "vendor_name": "Mill & Sons", "customer_name": "Northern Bakeries", "invoice_id": "F-1042",
        "invoice_date": "2026-10-05", "currency": "EUR", "subtotal": total, "total_tax": 0, "invoice_total": total,
        "line_items": items,
    }  # fmt: skip
    summary = FinalSummary(
        executive_summary="Mill & Sons bills Northern Bakeries.", key_findings=["The lines add up."], recommendations=["Pay."],
        risk_factors=[], action_items=["Approve the invoice."], confidence_score=0.9,
        learning_insights=LearningInsights(user_corrected_fields=[], user_focus_areas=[]),
    )  # fmt: skip
    return Composition(
        title="Invoice F-1042", template=DocumentTemplate.STANDARD, document_name="invoice.pdf", document_type="invoice",
        data=data, summary=summary, changes=[], change_sentences=[], findings=[], preferences=UserPreferences(),
        export_workflow_id="3f2b8c9e-5d1a-4c7b-9e2f-0a1b2c3d4e5f", owner_email="ann@example.com",
        reviewed_by="ann@example.com",
        stage_hashes=("a" * 64, "b" * 64), generated_at=datetime(2026, 10, 5, 9, 30, tzinfo=UTC), agent_model="rules",
        extraction_method="LOCAL",
    )  # fmt: skip


# The makers: ours, and the peers


def our_excel(made: Composition) -> bytes:
    return ExcelRenderer().render(made).content


def our_pdf(made: Composition) -> bytes:
    return PdfRenderer().render(made).content


def peer_excel(made: Composition) -> bytes:
    """The sheet of the lines, which holds all but a few of the cells."""
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"constant_memory": True})
    top: dict[str, Any] = {"font_name": "Calibri", "valign": "top"}
    left = top | {"align": "left", "indent": 1}
    text, plain = book.add_format(left | {"text_wrap": True}), book.add_format(top)
    money = book.add_format(top | {"num_format": "#,##0.00 [$EUR]"})
    day = book.add_format(left | {"num_format": "yyyy-mm-dd"})
    head_of = {"bold": True, "font_color": "FFFFFF", "bg_color": "1F5F8B", "text_wrap": True,
               "bottom": 1, "bottom_color": "D9DFE4"}  # fmt: skip
    head, head_right = book.add_format(left | head_of), book.add_format(top | head_of | {"align": "right"})
    line = {"bold": True, "top": 1, "top_color": "1F5F8B"}
    total, total_left = book.add_format(top | line), book.add_format(left | line)
    total_money = book.add_format(top | line | {"num_format": "#,##0.00 [$EUR]"})
    rows, sheet = made.data["line_items"], book.add_worksheet("Line items")
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(rows), len(HEADS))
    for at, (title, width) in enumerate(zip((*HEADS, "Check"), (14, 13, 55, 14, 10, 17, 20, 20, 26), strict=True)):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, title, head_right if at in (0, 3, 5, 7) else head)
    string, figure, origin = sheet.write_string, sheet.write_number, datetime(1899, 12, 30).toordinal()
    for n, row in enumerate(rows, 1):
        figure(n, 0, row["position"], plain)
        string(n, 1, row["article"], text)
        string(n, 2, row["description"], text)
        figure(n, 3, row["quantity"], plain)
        string(n, 4, row["unit"], text)
        figure(n, 5, row["unit_price"], money)
        figure(n, 6, datetime.fromisoformat(row["delivery_date"]).toordinal() - origin, day)
        figure(n, 7, row["amount"], money)
        string(n, 8, "adds up" if abs(row["quantity"] * row["unit_price"] - row["amount"]) < 0.009 else "differs", text)
    below = len(rows) + 2
    sheet.write_string(below, 0, "Sum of the lines", total_left)
    for at in range(1, 7):
        sheet.write_blank(below, at, None, total)
    sheet.write_formula(below, 7, f"=SUM(H2:H{len(rows) + 1})", total_money, sum(row["amount"] for row in rows))
    sheet.write_string(below, 8, "adds up (Subtotal)", total_left)
    book.close()
    return buffer.getvalue()


def peer_pdf(made: Composition) -> bytes:
    """The same texts in the same columns, drawn where they stand, with a head on each page; nothing is measured or wrapped."""
    from reportlab.pdfgen.canvas import Canvas

    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595.28, 841.89), invariant=1)
    lefts, top, leading = (75, 85, 130, 330, 345, 420, 430, 545), 790.0, 12.0
    rights = (0, 3, 5, 7)
    y = top

    def draw(cells: tuple[str, ...]) -> None:
        for at, cell in enumerate(cells):
            (canvas.drawRightString if at in rights else canvas.drawString)(lefts[at], y, cell)

    canvas.setFont("Helvetica", 8)
    for n, row in enumerate(made.data["line_items"]):
        if n % 60 == 0:
            if n:
                canvas.showPage()
                canvas.setFont("Helvetica", 8)
            y = top
            draw(HEADS)
        y -= leading
        price, amount = f"{row['unit_price']:,.2f}", f"{row['amount']:,.2f}"
        draw((str(row["position"]), row["article"], row["description"], str(row["quantity"]), row["unit"], price,
              row["delivery_date"], amount))  # fmt: skip
    canvas.save()
    return buffer.getvalue()


MAKERS: dict[str, Callable[[Composition], bytes]] = {
    "excel": our_excel, "excel_peer": peer_excel, "pdf": our_pdf, "pdf_peer": peer_pdf,
}  # fmt: skip


# Measuring


@dataclass(frozen=True)
class Figure:
    """What one maker took for so many rows."""

    seconds: float
    megabytes: float


def measured_here(maker: str, count: int) -> Figure:
    """Time and memory of one file, in this process, once the libraries are loaded."""
    make = MAKERS[maker]
    make(composition(10))
    made, before = composition(count), _peak()
    start = time.perf_counter()
    make(made)
    return Figure(time.perf_counter() - start, _peak() - before)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(maker: str, count: int) -> Figure:
    """The same in a process of its own."""
    command = [sys.executable, __file__, "--one", maker, str(count)]
    return Figure(**json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def beside(kind: str, count: int) -> tuple[Figure, Figure]:
    """Ours and the peer's, taken in turns."""
    rounds = [(measured(kind, count), measured(f"{kind}_peer", count)) for _ in range(ROUNDS[count])]
    ours, peers = zip(*rounds, strict=True)
    return _best(ours), _best(peers)


def _best(figures: tuple[Figure, ...]) -> Figure:
    return Figure(min(figure.seconds for figure in figures), max(figure.megabytes for figure in figures))


# What is told


def excel(counts: list[int]) -> Iterator[Line]:
    """Workbooks of so many rows beside XlsxWriter."""
    for count in counts:
        ours, peer = beside("excel", count)
        limits: dict[str, Any] = {"limit": 1.3 * peer.seconds, "limit_text": "1.3 x"} if count == 100_000 else {}
        yield Line(f"Excel, {count:,} rows, s : XlsxWriter", ours.seconds, peer.seconds, **limits)
        limits = {"limit": 60.0, "limit_text": "60 MB"} if count == 100_000 else {}
        yield Line(f"Excel, {count:,} rows, MB : XlsxWriter", ours.megabytes, peer.megabytes, **limits)


def pdf(counts: list[int]) -> Iterator[Line]:
    """PDFs of so many rows beside a bare canvas, and of 10,000 rows beside 1,000."""
    seconds = {}
    for count in counts:
        ours, peer = beside("pdf", count)
        seconds[count] = ours.seconds
        limits: dict[str, Any] = {"limit": 4 * peer.seconds, "limit_text": "4 x"} if count == 1_000 else {}
        yield Line(f"PDF, {count:,} rows, s : canvas", ours.seconds, peer.seconds, **limits)
        yield Line(f"PDF, {count:,} rows, MB : canvas", ours.megabytes, peer.megabytes)
    yield Line("PDF, 10,000 rows, s : 1,000 rows", seconds[10_000], seconds[1_000], 12 * seconds[1_000], "12 x")


def refuse_unlike_peer() -> None:
    """Raises AssertionError if the peer's cells or formats are not those of our workbook."""
    import openpyxl

    made = composition(1_000)
    sheets = [openpyxl.load_workbook(io.BytesIO(make(made)))["Line items"] for make in (our_excel, peer_excel)]
    for ours, peers in zip(*(sheet.iter_rows() for sheet in sheets), strict=True):
        for cell, other in zip(ours, peers, strict=True):
            assert _looks(cell) == _looks(other), f"{cell.coordinate}: {_looks(cell)} and {_looks(other)}"


def _looks(cell: Any) -> tuple[Any, ...]:
    ground = cell.fill.fgColor.rgb[-6:] if cell.fill.fill_type else None
    at = cell.alignment
    return cell.value, cell.number_format, cell.font.b, ground, at.wrap_text, at.horizontal, at.vertical, at.indent


def main() -> int:
    """Prints the table; 1 where a limit does not hold."""
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measured_here(sys.argv[2], int(sys.argv[3])).__dict__))
        return 0
    wanted = [name for name in ("excel", "pdf") if name in sys.argv[1:]] or ["excel", "pdf"]
    parts = {
        "excel": lambda: excel([1_000, 10_000] if "--quick" in sys.argv[1:] else [1_000, 10_000, 100_000]),
        "pdf": lambda: pdf([100, 1_000, 10_000]),
    }
    refuse_unlike_peer()
    print(HEAD)
    kept = True
    for line in (line for name in wanted for line in parts[name]()):
        print(line, flush=True)
        kept &= line.holds
    return int(not kept)


if __name__ == "__main__":
    sys.exit(main())
