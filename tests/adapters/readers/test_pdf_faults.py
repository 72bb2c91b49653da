"""What PDFs do to their print: double strokes, raised figures, fields, turned pages, other scripts, covered and lost text."""

import io
import math
from pathlib import Path
from unittest.mock import patch

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject, StreamObject
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

import kraftd_core
from kraftd_core.adapters.readers.common.words import Word, page_of
from kraftd_core.adapters.readers.local.pages import paged
from kraftd_core.adapters.readers.local.pages.pdf.sheets import sheets

WIDTH, HEIGHT = 595, 842
FONTS = Path(kraftd_core.__file__).parent / "adapters" / "renderers" / "pdf" / "font_files"


def drawn(draw, pages=1):
    """A PDF whose pages `draw` draws on a canvas."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(WIDTH, HEIGHT), invariant=1)
    for _ in range(pages):
        canvas.setFont("Helvetica", 10)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def texts(pdf):
    """The lines of the first page."""
    sheet = next(sheets(pdf))
    return [line.text for line in page_of(sheet.words, 1, sheet.width, sheet.height).lines]


def read(pdf):
    reading = paged.read_pdf(pdf, lambda step: None, math.inf, math.inf)
    return {name: found.value for name, found in reading.fields.items()}, reading


INVOICE = ("Nordwind GmbH", "INVOICE", "Invoice No: R-17", "Invoice date: 2026-03-05", "Subtotal 100.00 EUR", "VAT 20.00 EUR",
           "Total 120.00 EUR")  # fmt: skip


def invoice(canvas, x=60, y=780):
    for n, line in enumerate(INVOICE):
        canvas.drawString(x, y - 20 * n, line)


# Print

NOTES = [("1,250.00", "1", "1,250.00 ¹"), ("10", "2", "10 ²"), ("40.00", "13", "40.00 ¹³")]


@pytest.mark.parametrize("shift", [0.0, 0.4])
def test_bold_print_that_is_struck_twice_is_read_once(shift):
    def draw(canvas):
        for step in (0, shift):
            canvas.drawString(60 + step, 700, "Balance due: 1,155.00")
        canvas.drawString(60, 680, "Fall 11 of 1,122.00 coffee")

    assert texts(drawn(draw)) == ["Balance due: 1,155.00", "Fall 11 of 1,122.00 coffee"]


@pytest.mark.parametrize("rise", [2, 4])
@pytest.mark.parametrize(("figure", "note", "shown"), NOTES)
def test_the_raised_figure_of_a_note_is_no_digit_of_the_figure_before_it(figure, note, shown, rise):
    def draw(canvas):
        text = canvas.beginText(60, 700)
        text.textOut(figure)
        text.setFont("Helvetica", 6)
        text.setRise(rise)
        text.textOut(note)
        canvas.drawText(text)

    assert texts(drawn(draw)) == [shown]


def test_a_total_with_the_figure_of_a_note_is_the_total():
    def draw(canvas):
        for n, line in enumerate(INVOICE[:-1]):
            canvas.drawString(60, 780 - 20 * n, line)
        canvas.drawString(60, 660, "Total EUR 120.00")
        canvas.setFont("Helvetica", 6)
        canvas.drawString(60 + pdfmetrics.stringWidth("Total EUR 120.00", "Helvetica", 10), 664, "3")

    assert read(drawn(draw))[0]["total"] == 120


def test_figures_under_an_opaque_box_are_not_read_and_those_on_one_are():
    def draw(canvas):
        canvas.drawString(60, 700, "Total 100.00")
        canvas.setFillColorRGB(1, 1, 1)
        canvas.rect(84, 696, 60, 14, stroke=0, fill=1)
        canvas.setFillColorRGB(0, 0, 0)
        canvas.drawString(88, 700, "90.00")

    assert texts(drawn(draw)) == ["Total 90.00"]


def test_text_under_a_transparent_marker_is_read():
    def draw(canvas):
        canvas.drawString(60, 700, "Total 100.00")
        canvas.setFillColorRGB(1, 1, 0, alpha=0.4)
        canvas.rect(50, 690, 200, 20, stroke=0, fill=1)

    assert texts(drawn(draw)) == ["Total 100.00"]


def test_words_are_parted_by_what_is_seen_and_joined_across_pieces_of_print():
    def draw(canvas):
        x = 60.0
        for piece in ("Invo", "ice", " ", "num", "ber"):
            canvas.drawString(x, 700, piece)
            x += pdfmetrics.stringWidth(piece, "Helvetica", 10)

    assert texts(drawn(draw)) == ["Invoice number"]


# Fields of forms


def test_what_was_filled_into_the_fields_of_a_form_is_read_and_drawn():
    def draw(canvas):
        canvas.drawString(60, 780, "INVOICE")
        canvas.drawString(60, 740, "Invoice No:")
        canvas.acroForm.textfield(name="number", value="FORM-881", x=130, y=732, width=120, height=20, fontSize=10, borderWidth=0)

    pdf = drawn(draw)
    assert read(pdf)[0]["number"] == "FORM-881"
    image = Image.open(io.BytesIO(paged.page_png(pdf, "pdf", 1))).convert("L")
    scale = image.width / WIDTH
    field = image.crop((int(132 * scale), int((HEIGHT - 750) * scale), int(240 * scale), int((HEIGHT - 736) * scale)))
    assert field.getextrema()[0] < 128


# Turned pages


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_sheet_printed_sideways_without_a_word_of_it_is_held_as_it_is_read(turn):
    def draw(canvas):
        canvas.translate(WIDTH / 2, HEIGHT / 2)
        canvas.rotate(turn)
        canvas.translate(-280, -400 if turn == 180 else -250)
        invoice(canvas, y=480)

    fields, reading = read(drawn(draw))
    assert (fields["number"], fields["date"], fields["total"]) == ("R-17", "2026-03-05", 120)
    polygon = reading.fields["number"].spot.polygon
    wide, tall = (max(polygon[n::2]) - min(polygon[n::2]) for n in (0, 1))
    assert (wide * WIDTH > tall * HEIGHT) == (turn == 180)


def test_a_stamp_across_the_page_parts_no_line():
    def draw(canvas):
        invoice(canvas)
        canvas.translate(200, 600)
        canvas.rotate(40)
        canvas.setFont("Helvetica", 60)
        canvas.drawString(0, 0, "COPY")

    assert texts(drawn(draw)) == list(INVOICE)


# Other scripts


def in_font(name, *lines):
    def draw(canvas):
        pdfmetrics.registerFont(TTFont(name, str(FONTS / f"{name}.ttf")))
        canvas.setFont(name, 10)
        for n, line in enumerate(lines):
            canvas.drawString(60, 700 - 20 * n, line)

    # a font that is registered here would stand in the place of the renderer's, in this process
    with patch.dict(pdfmetrics._fonts), patch.dict(pdfmetrics._dynFaceNames, clear=True):
        return drawn(draw)


def test_full_width_digits_and_letters_are_the_usual_ones():
    pdf = in_font("DroidSansFallback", "Ｉｎｖｏｉｃｅ：ＪＰ－００４２", "１２，５００．００")
    assert texts(pdf) == ["Invoice:JP-0042", "12,500.00"]


def test_hebrew_is_read_from_the_right_and_figures_in_it_from_the_left():
    line = "חשבונית מספר 1042"
    shown = " ".join(word if word.isdigit() else word[::-1] for word in reversed(line.split()))
    (text,) = texts(in_font("DejaVuSans", shown))
    assert text == line


# Text layers that say something else, and scans


def recognised_instead(monkeypatch, lines=INVOICE):
    """Puts words in the place of what recognition would read, and tells of which pages it was asked."""
    asked = []

    def recognise(pictures, step, seconds):
        pages = []
        for number, _ in pictures:
            asked.append(number)
            words = [Word(text, 60 + 60 * n, 40 + 20 * at, 110 + 60 * n, 50 + 20 * at, 0.9)
                     for at, line in enumerate(lines) for n, text in enumerate(line.split())]  # fmt: skip
            pages.append(page_of(words, number, WIDTH, HEIGHT))
        return pages, True

    monkeypatch.setattr(paged, "_recognised", recognise)
    return asked


@pytest.mark.parametrize("first", [0xE000, 0x01])
def test_a_text_layer_without_letters_is_recognised_from_the_picture_and_said(monkeypatch, first):
    asked = recognised_instead(monkeypatch)
    mapped = b"/CIDInit /ProcSet findresource begin begincmap\n1 begincodespacerange <00> <FF> endcodespacerange\n"
    mapped += b"1 beginbfrange <20> <7E> <%04X> endbfrange\nendcmap end" % first
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(drawn(invoice))))
    stream = StreamObject()
    stream.set_data(mapped)
    for font in writer.pages[0]["/Resources"]["/Font"].values():
        font.get_object()[NameObject("/ToUnicode")] = writer._add_object(stream)
    out = io.BytesIO()
    writer.write(out)
    fields, reading = read(out.getvalue())
    assert asked == [1]
    assert fields["total"] == 120
    assert any("not the text that is seen" in notice for notice in reading.notices)


def picture():
    return ImageReader(Image.new("RGB", (60, 85), "white"))


STAMP = "RECEIVED 12 MAR 2026 Accounts Dept No. 881"


@pytest.mark.parametrize(("words", "is_scan"), [(STAMP, True), ("word " * 40, False)])
def test_a_full_page_picture_with_an_entry_stamp_is_a_scan_and_one_with_a_text_is_none(monkeypatch, words, is_scan):
    asked = recognised_instead(monkeypatch)

    def draw(canvas):
        canvas.drawImage(picture(), 0, 0, WIDTH, HEIGHT)
        canvas.drawString(60, 800, words)

    read(drawn(draw))
    assert asked == ([1] if is_scan else [])


def test_a_few_words_beside_a_small_picture_are_a_text():
    def draw(canvas):
        canvas.drawImage(picture(), 0, 700, 60, 85)
        canvas.drawString(60, 600, "Delivery note No. 7 of Nordwind GmbH")

    assert texts(drawn(draw)) == ["Delivery note No. 7 of Nordwind GmbH"]


# Hostile pages


def test_a_page_of_very_many_lines_is_a_drawing_and_its_text_is_read():
    def draw(canvas):
        invoice(canvas)
        path = canvas.beginPath()
        for n in range(35_000):
            path.moveTo(10 + n % 500, 10 + n % 300)
            path.lineTo(40 + n % 500, 10 + n % 300)
        canvas.drawPath(path)

    sheet = next(sheets(drawn(draw)))
    assert sheet.tables == ()
    assert len(sheet.words) == sum(len(line.split()) for line in INVOICE)


def test_a_grid_of_more_lines_than_tables_have_is_a_pattern():
    def draw(canvas):
        for n in range(800):
            canvas.line(0, n, 590, n)
            canvas.line(n * 0.7, 0, n * 0.7, 840)

    assert next(sheets(drawn(draw))).tables == ()


@pytest.mark.parametrize("number", ["1e38", "9" * 60, "-1e400"])
def test_lines_at_places_beyond_numbers_are_none(number):
    content = f"q {number} 10 m 50 {number} l S {number} {number} 40 40 re S 60 700 m 200 700 l S Q".encode()

    def draw(canvas):
        invoice(canvas)
        canvas._code.append(content.decode())

    assert texts(drawn(draw)) == list(INVOICE)


def test_a_form_that_draws_itself_ends():
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(drawn(invoice))))
    form = StreamObject()
    form.set_data(b"q 10 10 100 100 re S /Me Do Q")
    form.update({NameObject("/Type"): NameObject("/XObject"), NameObject("/Subtype"): NameObject("/Form")})
    reference = writer._add_object(form)
    form[NameObject("/BBox")] = ArrayObject(map(FloatObject, (0, 0, 600, 800)))
    itself = DictionaryObject({NameObject("/Me"): reference})
    form[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): itself})
    page = writer.pages[0]
    page["/Resources"].get_object()[NameObject("/XObject")] = itself
    content = StreamObject()
    content.set_data(page.get_contents().get_data() + b"\n/Me Do")
    page[NameObject("/Contents")] = writer._add_object(content)
    out = io.BytesIO()
    writer.write(out)
    assert len(next(sheets(out.getvalue())).words) == sum(len(line.split()) for line in INVOICE)
