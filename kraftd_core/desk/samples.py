"""Four made-up documents, so that the product can be shown and tested without a file of one's own."""

import io
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

from kraftd_core.errors import NotFound

if TYPE_CHECKING:
    from PIL import Image, ImageDraw
    from reportlab.pdfgen.canvas import Canvas

_MADE_AT = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
_CENT = Decimal("0.01")
_VAT = Decimal("0.20")

Line: TypeAlias = tuple[str, str, str, str]
"""Description, unit, quantity, unit price."""


def make_sample(key: str) -> bytes:
    """The sample's file, the same bytes at every call; raises NotFound for another key."""
    makers: dict[str, Callable[[], bytes]] = {
        "invoice": _invoice, "boq": _boq, "quotation": _quotation, "receipt": _receipt,
    }
    if key not in makers:
        raise NotFound(f"There is no sample named {key}. Choose one of: {', '.join(makers)}.")
    return makers[key]()


@dataclass(frozen=True, slots=True)
class Sample:
    """A document to try the product with."""

    key: str
    title: str
    description: str
    filename: str

    def content(self) -> bytes:
        """The file, the same bytes at every call."""
        return make_sample(self.key)


SAMPLES: tuple[Sample, ...] = (
    Sample("invoice", "Invoice", "One page PDF with seven lines; one of them does not add up.", "sample-invoice.pdf"),
    Sample("boq", "Bill of quantities", "Excel workbook: 60 lines in three sections.", "sample-boq.xlsx"),
    Sample("quotation", "Quotation", "Word letter with a table of prices.", "sample-quotation.docx"),
    Sample("receipt", "Receipt", "Photo of a paper receipt, read by OCR.", "sample-receipt.png"),
)


def _amount(line: Line) -> Decimal:
    return (Decimal(line[2]) * Decimal(line[3])).quantize(_CENT)


def _money(value: Decimal) -> str:
    return f"{value:,.2f}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _totals(amounts: list[Decimal]) -> tuple[Decimal, Decimal, Decimal]:
    """Subtotal, tax and total."""
    subtotal = sum(amounts, Decimal(0))
    tax = (subtotal * _VAT).quantize(_CENT)
    return subtotal, tax, subtotal + tax


# The invoice

_INVOICE_LINES: tuple[Line, ...] = (
    ("Galvanised wall tie, 225 mm, box of 250", "box", "12", "38.40"),
    ("Stainless joist hanger, 47 x 225 mm", "pcs", "180", "4.15"),
    ("Chemical anchor resin, 400 ml cartridge", "pcs", "36", "14.90"),
    ("Threaded rod M12, zinc plated, 1 m", "pcs", "40", "6.75"),
    ("Hex nut and washer set M12, bag of 100", "bag", "8", "21.60"),
    ("Fire-rated expanding foam, 750 ml", "pcs", "24", "11.25"),
    ("Delivery to site, tail-lift vehicle", "trip", "2", "65.00"),
)
_WRONG_LINE = 2
_WRONG_AMOUNT = Decimal("563.40")  # 36 x 14.90 is 536.40: two digits changed places, and the totals carry it on

_SUPPLIER = ("Brindlewick Fixings Ltd", "14 Tannery Row", "Eastmarch EM4 7QT", "VAT ID: GB 000 1234 00")
_CUSTOMER = ("Halvery & Stroud Builders LLP", "Unit 9, Old Ropeworks", "22 Quay Street", "Portwyn PW1 3LD")
_COLUMNS = ((50, "#"), (70, "Description"), (330, "Unit"), (395, "Qty"), (465, "Unit price"), (545, "Amount"))
_FIRST_RIGHT_ALIGNED = 3


def _invoice() -> bytes:
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    page = Canvas(out, pagesize=A4, invariant=1)
    page.setTitle("Invoice BF-2026-1047")
    _invoice_head(page)
    amounts = [_amount(line) for line in _INVOICE_LINES]
    amounts[_WRONG_LINE] = _WRONG_AMOUNT
    _invoice_totals(page, _invoice_table(page, amounts), amounts)
    page.setFont("Helvetica", 9)
    page.drawString(50, 90, "Payment within 30 days to Brindlewick Fixings Ltd. Please quote the invoice number.")
    page.showPage()
    page.save()
    return out.getvalue()


def _invoice_head(page: "Canvas") -> None:
    page.setFont("Helvetica-Bold", 20)
    page.drawRightString(545, 785, "INVOICE")
    _block(page, 50, 785, _SUPPLIER)
    page.setFont("Helvetica", 9)
    page.drawString(50, 700, "Bill to:")
    _block(page, 50, 685, _CUSTOMER)
    facts = (
        ("Invoice number:", "BF-2026-1047"), ("Invoice date:", _day(date(2026, 10, 5))),
        ("Due date:", _day(date(2026, 11, 4))), ("Order number:", "HS-4471"), ("Currency:", "GBP"),
    )
    for n, (label, value) in enumerate(facts):
        page.drawString(360, 700 - 15 * n, label)
        page.drawRightString(545, 700 - 15 * n, value)


def _block(page: "Canvas", x: float, y: float, lines: tuple[str, ...]) -> None:
    for n, line in enumerate(lines):
        page.setFont("Helvetica-Bold" if n == 0 else "Helvetica", 10)
        page.drawString(x, y - 14 * n, line)


def _invoice_table(page: "Canvas", amounts: list[Decimal]) -> float:
    """Draws the lines; returns the height at which the table ends."""
    y = 590.0
    page.setFont("Helvetica-Bold", 9)
    _invoice_row(page, y, [head for _, head in _COLUMNS])
    page.line(50, y - 5, 545, y - 5)
    page.setFont("Helvetica", 9)
    for n, (line, amount) in enumerate(zip(_INVOICE_LINES, amounts, strict=True), 1):
        y -= 20
        description, unit, quantity, price = line
        _invoice_row(page, y, [str(n), description, unit, quantity, price, _money(amount)])
    page.line(50, y - 7, 545, y - 7)
    return y - 7


def _invoice_row(page: "Canvas", y: float, cells: list[str]) -> None:
    for n, ((x, _), cell) in enumerate(zip(_COLUMNS, cells, strict=True)):
        draw = page.drawString if n < _FIRST_RIGHT_ALIGNED else page.drawRightString
        draw(x, y, cell)


def _invoice_totals(page: "Canvas", top: float, amounts: list[Decimal]) -> None:
    for n, (label, value) in enumerate(zip(("Subtotal", "VAT 20%", "Total due (GBP)"), _totals(amounts), strict=True)):
        page.setFont("Helvetica-Bold" if n == 2 else "Helvetica", 10)
        page.drawString(375, top - 20 - 16 * n, label)
        page.drawRightString(545, top - 20 - 16 * n, _money(value))


# The bill of quantities

_BOQ_PROJECT = (
    ("Project", "Larkmoor Primary School, new sports hall"),
    ("Client", "Larkmoor District Council"),
    ("Prepared by", "Fenwick Oakes Quantity Surveyors"),
    ("BOQ number", "LPS-BOQ-003"),
    ("Date", date(2026, 9, 14)),
    ("Currency", "EUR"),
)
_BOQ_HEAD = ("Item", "Description", "Unit", "Quantity", "Rate", "Amount")
_BOQ_SECTIONS: tuple[tuple[str, tuple[Line, ...]], ...] = (
    ("Groundworks and foundations", (
        ("Clear site of vegetation and topsoil, 150 mm deep", "m2", "1450", "2.85"),
        ("Excavate to reduced level, not exceeding 1 m", "m3", "820", "9.40"),
        ("Excavate foundation trenches, not exceeding 2 m", "m3", "310", "14.75"),
        ("Dispose of excavated material off site", "m3", "960", "22.60"),
        ("Backfill with selected excavated material", "m3", "170", "11.20"),
        ("Granular sub-base, 200 mm, compacted", "m2", "1180", "13.90"),
        ("Sand blinding, 50 mm", "m2", "1180", "3.65"),
        ("Damp-proof membrane, 1200 gauge", "m2", "1240", "2.95"),
        ("Blinding concrete C12/15, 75 mm", "m3", "24.5", "128.00"),
        ("Reinforced concrete C30/37 in foundations", "m3", "142", "164.50"),
        ("Reinforced concrete C30/37 in ground slab, 200 mm", "m3", "228", "158.25"),
        ("Reinforcement bar B500B, various diameters", "t", "18.6", "1420.00"),
        ("Fabric mesh A252 in ground slab", "m2", "1160", "6.80"),
        ("Formwork to foundation sides", "m2", "215", "38.40"),
        ("Formwork to slab edges, up to 250 mm", "m", "152", "17.35"),
        ("Rigid insulation below slab, 120 mm", "m2", "1120", "24.10"),
        ("Perimeter drain, 100 mm perforated pipe", "m", "165", "31.50"),
        ("Foul drain, 150 mm PVC, in trench", "m", "88", "54.20"),
        ("Inspection chamber, 450 mm, with cover", "no", "7", "365.00"),
        ("Power float finish to slab surface", "m2", "1120", "4.25"),
    )),
    ("Frame, walls and roof", (
        ("Structural steel frame, portal, S355", "t", "46.8", "3280.00"),
        ("Holding-down bolt assemblies M24", "no", "64", "42.50"),
        ("Intumescent paint to steel, 60 minutes", "m2", "930", "18.75"),
        ("Galvanised purlins and side rails", "m", "1640", "19.60"),
        ("Blockwork, 140 mm, medium density", "m2", "540", "46.30"),
        ("Facing brick outer leaf, stretcher bond", "m2", "385", "88.90"),
        ("Cavity insulation, 100 mm mineral wool", "m2", "385", "14.20"),
        ("Composite wall panel, 120 mm core", "m2", "760", "71.40"),
        ("Composite roof panel, 150 mm core", "m2", "1210", "78.60"),
        ("Roof lights, triple skin polycarbonate", "m2", "96", "142.00"),
        ("Ridge and eaves flashings, coated steel", "m", "214", "33.80"),
        ("Eaves gutter, 200 mm aluminium", "m", "124", "47.25"),
        ("Rainwater pipe, 110 mm aluminium", "m", "96", "39.90"),
        ("Precast concrete lintel, 1500 mm", "no", "18", "58.40"),
        ("Cavity tray and damp-proof course", "m", "260", "9.15"),
        ("Aluminium window, double glazed", "m2", "74", "412.00"),
        ("Aluminium entrance door set, double", "no", "2", "3650.00"),
        ("Steel fire exit door set, single", "no", "5", "1180.00"),
        ("Sectional equipment door, 3 x 3 m, insulated", "no", "1", "4920.00"),
        ("Fall-arrest line system to roof", "m", "118", "64.00"),
    )),
    ("Finishes and services", (
        ("Sprung timber sports floor, maple, 22 mm", "m2", "680", "96.50"),
        ("Line marking for five games", "item", "1", "4350.00"),
        ("Vinyl sheet flooring, safety grade", "m2", "265", "41.80"),
        ("Ceramic floor tiling to changing rooms", "m2", "118", "62.40"),
        ("Ceramic wall tiling to showers", "m2", "146", "58.75"),
        ("Plasterboard partition, 100 mm, insulated", "m2", "310", "54.60"),
        ("Suspended ceiling, moisture resistant", "m2", "342", "36.90"),
        ("Acoustic wall panels, impact resistant", "m2", "228", "84.20"),
        ("Emulsion paint to walls, three coats", "m2", "980", "7.40"),
        ("Internal door set, oak veneer, 60 minutes", "no", "16", "785.00"),
        ("Changing room bench with coat rail", "m", "42", "168.00"),
        ("Toilet cubicle, high-pressure laminate", "no", "8", "940.00"),
        ("Sanitary ware, complete set", "no", "14", "620.00"),
        ("Shower with thermostatic valve", "no", "10", "545.00"),
        ("Air-source heat pump, 60 kW", "no", "2", "21400.00"),
        ("Underfloor heating loop, changing rooms", "m2", "265", "48.30"),
        ("Air handling unit with heat recovery", "no", "1", "32750.00"),
        ("LED high-bay luminaire, 150 W", "no", "36", "318.00"),
        ("Distribution board and submain cabling", "item", "1", "14850.00"),
        ("Fire alarm and emergency lighting system", "item", "1", "18900.00"),
    )),
)


def _boq() -> bytes:
    from openpyxl import Workbook
    from openpyxl.writer.excel import ExcelWriter

    book = Workbook()
    book.properties.created = book.properties.modified = _MADE_AT.replace(tzinfo=None)
    book.properties.creator = "Fenwick Oakes Quantity Surveyors"
    sheet = book.worksheets[0]
    sheet.title = "BOQ"
    _fill_boq(sheet)
    out = io.BytesIO()
    ExcelWriter(book, zipfile.ZipFile(out, "w")).save()  # Workbook.save would stamp the time of day
    return _with_fixed_times(out.getvalue())


def _fill_boq(sheet: Any) -> None:
    sheet.append(["Bill of quantities"])
    for label, value in _BOQ_PROJECT:
        sheet.append([label, value])
    sheet.append([])
    _append_bold(sheet, _BOQ_HEAD)
    sheet.freeze_panes = f"A{sheet.max_row + 1}"
    grand = sum((_append_section(sheet, n, *section) for n, section in enumerate(_BOQ_SECTIONS, 1)), Decimal(0))
    _append_bold(sheet, (None, "Grand total", None, None, None, grand))
    for column, width in zip("ABCDEF", (12, 54, 8, 12, 12, 14), strict=True):
        sheet.column_dimensions[column].width = width


def _append_section(sheet: Any, number: int, title: str, lines: tuple[Line, ...]) -> Decimal:
    """Adds heading, lines and subtotal; returns the subtotal."""
    _append_bold(sheet, (number, title))
    for n, line in enumerate(lines, 1):
        description, unit, quantity, rate = line
        sheet.append([f"{number}.{n:02}", description, unit, Decimal(quantity), Decimal(rate), _amount(line)])
        _format_money(sheet)
    subtotal = sum(map(_amount, lines), Decimal(0))
    _append_bold(sheet, (None, f"Subtotal {title}", None, None, None, subtotal))
    return subtotal


def _append_bold(sheet: Any, values: tuple[Any, ...]) -> None:
    from openpyxl.styles import Font

    sheet.append(values)
    for cell in sheet[sheet.max_row]:
        cell.font = Font(bold=True)
    _format_money(sheet)


def _format_money(sheet: Any) -> None:
    for cell in sheet[sheet.max_row][4:6]:
        cell.number_format = "#,##0.00"


def _with_fixed_times(archive: bytes) -> bytes:
    """The same archive, its members dated alike, so that the bytes do not tell when it was made."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


# The quotation

_QUOTATION_LINES: tuple[Line, ...] = (
    ("Sit-stand desk, 1600 x 800 mm, oak top", "pcs", "24", "489.00"),
    ("Task chair with adjustable arms", "pcs", "24", "312.50"),
    ("Meeting table, 2400 x 1200 mm", "pcs", "2", "1145.00"),
    ("Stacking chair, upholstered", "pcs", "20", "86.40"),
    ("Lockable pedestal, three drawers", "pcs", "24", "154.75"),
    ("Delivery, assembly and removal of packaging", "item", "1", "980.00"),
)
_QUOTATION_FACTS = (
    "Quotation number: Q-2026-0318",
    f"Quotation date: {_day(date(2026, 10, 1))}",
    f"Valid until: {_day(date(2026, 10, 31))}",
    "Currency: EUR",
)


def _quotation() -> bytes:
    from docx import Document

    letter = Document()
    properties = letter.core_properties
    properties.created = properties.modified = _MADE_AT.replace(tzinfo=None)
    properties.author, properties.title = "Tessel & Rowe Office Interiors", "Quotation Q-2026-0318"
    letter.add_heading("Quotation", level=1)
    letter.add_paragraph("Tessel & Rowe Office Interiors\n5 Linden Court, Marlhaven MH2 8AB")
    letter.add_paragraph("To: Osprey Lane Analytics GmbH\nAm Speicher 12, 99990 Seefurt")
    for fact in _QUOTATION_FACTS:
        letter.add_paragraph(fact)
    letter.add_paragraph("Dear Ms Adler,")
    letter.add_paragraph("Thank you for your enquiry. We are pleased to offer the following for your new office:")
    _quotation_table(letter)
    _quotation_end(letter)
    out = io.BytesIO()
    letter.save(out)
    return _with_fixed_times(out.getvalue())


def _quotation_table(letter: Any) -> None:
    table = letter.add_table(rows=1, cols=5, style="Table Grid")
    _fill_row(table.rows[0], ("Description", "Unit", "Quantity", "Unit price", "Amount"))
    for line in _QUOTATION_LINES:
        description, unit, quantity, price = line
        _fill_row(table.add_row(), (description, unit, quantity, _money(Decimal(price)), _money(_amount(line))))


def _fill_row(row: Any, texts: tuple[str, ...]) -> None:
    for cell, text in zip(row.cells, texts, strict=True):
        cell.text = text


def _quotation_end(letter: Any) -> None:
    subtotal, tax, total = _totals([_amount(line) for line in _QUOTATION_LINES])
    letter.add_paragraph(f"Subtotal: {_money(subtotal)} EUR")
    letter.add_paragraph(f"VAT 20%: {_money(tax)} EUR")
    letter.add_paragraph(f"Total: {_money(total)} EUR")
    letter.add_paragraph("Delivery takes four weeks from your order. Payment within 14 days of delivery.")
    letter.add_paragraph("Yours sincerely,\nImogen Rowe")


# The receipt

_RECEIPT_LINES: tuple[Line, ...] = (
    ("Flat white", "cup", "2", "3.40"),
    ("Oat porridge", "bowl", "1", "5.25"),
    ("Cheese toastie", "pcs", "2", "6.80"),
    ("Sparkling water", "btl", "3", "1.95"),
)
_RECEIPT_SIZE = (760, 1120)


def _receipt() -> bytes:
    from PIL import Image, ImageDraw

    paper = Image.new("L", _RECEIPT_SIZE, 250)
    _print_receipt(ImageDraw.Draw(paper))
    out = io.BytesIO()
    _scanned(paper).save(out, "PNG", dpi=(200, 200))
    return out.getvalue()


def _print_receipt(draw: "ImageDraw.ImageDraw") -> None:
    y = 70
    for size, text in ((44, "Quillow & Sprat Cafe"), (26, "3 Millpond Lane, Marlhaven"), (26, "Tel. 01632 960 123")):
        draw.text((_RECEIPT_SIZE[0] / 2, y), _spaced(text), fill=35, font=_font(size), anchor="mt")
        y += size + 22
    facts = (("Receipt no:", "20817"), ("Date:", "03 Oct 2026"), ("Time:", "11:42"))
    subtotal = sum(map(_amount, _RECEIPT_LINES), Decimal(0))
    lines = [(f"{quantity} x {name}", _money(_amount((name, unit, quantity, price))))
             for name, unit, quantity, price in _RECEIPT_LINES]
    y = _print_pairs(draw, y + 30, facts)
    y = _print_pairs(draw, y + 30, lines)
    tax = (subtotal - subtotal / (1 + _VAT)).quantize(_CENT)
    y = _print_pairs(draw, y + 30, [("TOTAL GBP", _money(subtotal))], size=40)
    y = _print_pairs(draw, y, [("Incl. VAT 20%", _money(tax)), ("Card", _money(subtotal))])
    draw.text((_RECEIPT_SIZE[0] / 2, y + 50), "Thank you!", fill=35, font=_font(30), anchor="mt")


def _print_pairs(draw: "ImageDraw.ImageDraw", y: int, pairs: Any, size: int = 30) -> int:
    """Prints texts on the left with their values on the right; returns the height of the next line."""
    for left, right in pairs:
        draw.text((70, y), _spaced(left), fill=35, font=_font(size))
        draw.text((_RECEIPT_SIZE[0] - 70, y), right, fill=35, font=_font(size), anchor="ra")
        y += size + 20
    return y


def _spaced(text: str) -> str:
    """The font's spaces are so narrow that words run together when they are read back."""
    return text.replace(" ", "   ")


def _font(size: int) -> Any:
    from PIL import ImageFont

    return ImageFont.load_default(size=size)  # comes inside the package: no font of the machine is needed


def _scanned(paper: "Image.Image") -> "Image.Image":
    """The page as a scanner gives it: a little turned, a little soft, with grain."""
    from PIL import Image, ImageFilter

    turned = paper.rotate(0.8, resample=Image.Resampling.BICUBIC, fillcolor=235)
    soft = turned.filter(ImageFilter.GaussianBlur(0.7))
    grain = Image.frombytes("L", soft.size, random.Random(2026).randbytes(soft.width * soft.height))  # noqa: S311
    return Image.blend(soft, grain, 0.08)
