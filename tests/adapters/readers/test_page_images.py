"""Pages as drawn: the place of a value covers its ink, however the page is turned, cut or scaled."""

import io

import pytest
from PIL import Image, ImageChops
from pypdf import PdfReader, PdfWriter
from pypdf.generic import FloatObject, NameObject, NumberObject, RectangleObject
from reportlab.pdfgen.canvas import Canvas

from kraftd_core.adapters.readers.local.pages.paged import _printed, page_png

WORD = "Wolfgang"


def a_page(rotation=0, crop=None, media=None, unit=None, copies=1):
    """A page of 600 x 800 with few words, one of them red."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(600, 800))
    canvas.translate(300, 400)
    canvas.rotate(rotation)  # the viewer turns the page clockwise, so that its text stands upright
    canvas.translate(-300, -400)
    canvas.setFont("Helvetica", 14)
    for n, text in enumerate(("one two three", "four five six")):
        canvas.drawString(200, 460 - 30 * n, text)
    canvas.setFillColorRGB(1, 0, 0)
    canvas.drawString(330, 430, WORD)
    canvas.save()
    page = PdfReader(io.BytesIO(out.getvalue())).pages[0]
    if media:
        page.mediabox = RectangleObject(media)
    if crop:
        page.cropbox = RectangleObject(crop)
    if rotation:
        page[NameObject("/Rotate")] = NumberObject(rotation)
    if unit:
        page[NameObject("/UserUnit")] = FloatObject(unit)
    writer = PdfWriter()
    for _ in range(copies):
        writer.add_page(page)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def red(image):
    """The box of the red ink in shares of the image."""
    r, g, _ = image.convert("RGB").split()
    ink = ImageChops.multiply(r.point(lambda v: 255 * (v > 150)), g.point(lambda v: 255 * (v < 110)))
    x0, y0, x1, y1 = ink.getbbox()
    return x0 / image.width, y0 / image.height, x1 / image.width, y1 / image.height


def placed(content):
    """The box of the word's place on the last page, in shares of the page."""
    page = _printed(content, float("inf")).pages[-1]
    words = [word for line in page.lines for phrase in line.phrases for word in phrase.words if word.text == WORD]
    polygon = page.spot(words, 1.0).polygon
    return min(polygon[::2]), min(polygon[1::2]), max(polygon[::2]), max(polygon[1::2])


CUT, MOVED = (100, 300, 520, 700), (-50, 100, 600, 800)
CASES = {f"rotated {r}": {"rotation": r} for r in (0, 90, 180, 270)}
CASES |= {f"cut, rotated {r}": {"rotation": r, "crop": CUT} for r in (0, 90, 180, 270)}
CASES |= {f"sheet moved, rotated {r}": {"rotation": r, "media": MOVED} for r in (0, 90, 180, 270)}
CASES |= {f"sheet moved, cut, rotated {r}": {"rotation": r, "media": MOVED, "crop": CUT} for r in (0, 90, 180, 270)}
CASES |= {"cut beyond the sheet": {"crop": (-100, -100, 900, 900)}}
CASES |= {"user unit": {"unit": 2.0}, "user unit, cut": {"unit": 2.0, "crop": CUT}}
GRACE = 0.012  # of the page: letters reach beyond their boxes by a pixel or two


@pytest.mark.slow
@pytest.mark.parametrize("copies", [1, 5], ids=["first page", "fifth page"])
@pytest.mark.parametrize("name", list(CASES))
def test_the_place_of_a_word_covers_its_ink(name, copies):
    content = a_page(**CASES[name], copies=copies)
    ink = red(Image.open(io.BytesIO(page_png(content, "pdf", copies))))
    box = placed(content)
    assert box[0] <= ink[0] + GRACE and box[1] <= ink[1] + GRACE
    assert box[2] >= ink[2] - GRACE and box[3] >= ink[3] - GRACE
    assert (box[2] - box[0]) * (box[3] - box[1]) < 4 * (ink[2] - ink[0]) * (ink[3] - ink[1])
