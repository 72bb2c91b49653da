"""Pictures of documents are read whichever way they lie, and each value is found again where the picture shows it."""

import io
import math
from itertools import pairwise
from pathlib import Path

import pytest
import reportlab
from PIL import Image, ImageDraw, ImageFont

from kraftd_core.adapters.readers.common.words import Word, page_of
from kraftd_core.adapters.readers.local.guards import opened_image
from kraftd_core.adapters.readers.local.pages.pictures import recognised, recogniser
from kraftd_core.adapters.readers.local.pages.repairs import repaired

FONT = str(Path(reportlab.__file__).parent / "fonts" / "Vera.ttf")
LINES = (
    "Käserei Müller GmbH", "Gartenstraße 12, 80331 München", "Rechnung Nr. 2024-118", "Datum: 31.05.2024",
    "Emmentaler, gereift     24,90 €", "Crème fraîche             3,40 €", "Gesamtbetrag             28,30 €",
)


@pytest.fixture(scope="module")
def recognition():
    return recogniser()


def drawn(lines=LINES, size=30):
    """A page of these lines, black on white, and where each line's ink is."""
    image = Image.new("RGB", (900, 1200), "white")
    pen, font = ImageDraw.Draw(image), ImageFont.truetype(FONT, size)
    for n, line in enumerate(lines):
        pen.text((80, 90 + 80 * n), line, "black", font)
    return image


@pytest.fixture(scope="module", params=[0, 90, 180, 270, 4, -6, 93])
def turned(request, recognition):
    """A picture turned by so many degrees, the page that was read, and the way from the drawing to the picture."""
    image = drawn()
    picture = image.rotate(request.param, Image.Resampling.BICUBIC, expand=True, fillcolor="white")
    sheet = recognised(picture, recognition)

    def seen(x, y):
        angle = math.radians(-request.param)
        x, y = x - image.width / 2, y - image.height / 2
        x, y = x * math.cos(angle) - y * math.sin(angle), x * math.sin(angle) + y * math.cos(angle)
        return x / picture.width + 0.5, y / picture.height + 0.5

    return page_of(sheet.words, 1, sheet.width, sheet.height, sheet.shown), seen


def test_the_lines_are_read_in_order_with_their_spaces_and_accents_whichever_way_the_picture_lies(turned):
    page, _ = turned
    assert [" ".join(line.text.split()) for line in page.lines] == [" ".join(line.split()) for line in LINES]


def test_a_value_is_found_where_the_picture_shows_it_whichever_way_it_lies(turned):
    page, seen = turned
    (word,) = (w for line in page.lines for w in line.words if w.text == "2024-118")
    polygon = page.spot([word], 0.9).polygon
    width = ImageFont.truetype(FONT, 30).getlength
    left = 80 + width("Rechnung Nr. ")
    x, y = seen(left + width("2024-118") / 2, 90 + 2 * 80 + 18)
    assert sum(polygon[0::2]) / 4 == pytest.approx(x, abs=0.015)
    assert sum(polygon[1::2]) / 4 == pytest.approx(y, abs=0.015)


def test_words_of_one_line_stand_beside_each_other(turned):
    page, _ = turned
    for line in page.lines:
        assert all(before.x1 <= word.x0 + 6 for before, word in pairwise(line.words))


def test_a_column_far_to_the_right_is_a_phrase_of_its_own(recognition):
    image = drawn(("Gesamtbetrag", "Datum"))
    ImageDraw.Draw(image).text((700, 90), "28,30", "black", ImageFont.truetype(FONT, 30))
    sheet = recognised(image, recognition)
    page = page_of(sheet.words, 1, sheet.width, sheet.height)
    assert [phrase.text for phrase in page.lines[0].phrases] == ["Gesamtbetrag", "28,30"]


def test_a_picture_without_text_holds_no_words(recognition):
    sheet = recognised(Image.new("RGB", (600, 800), "white"), recognition)
    assert sheet.words == []
    assert (sheet.width, sheet.height, sheet.whole) == (600, 800, True)


def test_reading_stops_when_time_is_over_and_says_so(recognition):
    sheet = recognised(drawn(), recognition, until=-math.inf)
    assert not sheet.whole
    assert sheet.words == []


def test_small_print_on_a_small_picture_is_read(recognition):
    small = drawn().resize((450, 600), Image.Resampling.LANCZOS)
    assert "28,30" in {word.text for word in recognised(small, recognition).words}


@pytest.mark.parametrize(("read", "meant"), [
    ("T0TAL", ["TOTAL"]),
    ("T0TAL:", ["TOTAL:"]),
    ("1O.OO", ["10.00"]),
    ("1,O5O.20", ["1,050.20"]),
    ("09-06-201816:00:43", ["09-06-2018", "16:00:43"]),
    ("NO:001335787520", ["NO:", "001335787520"]),
    ("Website:www.example.com", ["Website:", "www.example.com"]),
    ("2.20ZRL", ["2.20", "ZRL"]),
    ("43200Cheras,", ["43200", "Cheras,"]),
    ("Ｔotal：", ["Ｔotal:"]),
])
def test_what_recognition_commonly_gets_wrong_is_mended(read, meant):
    assert [word.text for word in repaired([Word(read, 0, 0, 100, 10)])] == meant


@pytest.mark.parametrize("text", [
    "TD01167104", "A0", "GO0D5", "16:00:43", "https://example.com", "12:30pm", "No.5", "o.k.", "2024-118", "X0Y", "10.00",
])
def test_what_may_be_meant_stays_as_it_was_read(text):
    assert [word.text for word in repaired([Word(text, 0, 0, 100, 10)])] == [text]


def test_the_parts_of_a_mended_word_share_its_place():
    first, second = repaired([Word("NO:12345678", 10, 0, 120, 10)])
    assert (first.x0, first.x1, second.x0, second.x1) == pytest.approx((10, 40, 40, 120))


def opened(image, kind="PNG", **options):
    """The image as the reader sees it after it was saved."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    (picture,), _ = opened_image(out.getvalue(), 400)
    return picture


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_a_picture_stands_as_its_camera_says(kind):
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned to the right by a quarter
    image = Image.new("RGB", (800, 600), "white")
    image.paste("black", (0, 0, 400, 600))
    picture = opened(image, kind, exif=exif)
    assert picture.size == (300, 400)
    assert picture.getpixel((150, 20)) == (0, 0, 0)
    assert picture.getpixel((150, 380)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_is_shown_on_white(mode):
    image = Image.new("RGBA", (60, 40), (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), (0, 0, 30, 40))
    picture = opened(image.convert(mode))
    assert (picture.mode, picture.getpixel((10, 20)), picture.getpixel((50, 20))) == ("RGB", (0, 0, 0), (255, 255, 255))


def test_a_small_picture_is_not_enlarged_when_it_is_opened():
    assert opened(Image.new("L", (60, 40))).size == (60, 40)


@pytest.mark.parametrize("size", [(1, 1), (1, 2400), (2400, 1), (7, 900), (2000, 12), (31, 33)])
@pytest.mark.parametrize("colour", ["white", "black"])
def test_a_picture_of_any_shape_is_gone_through(recognition, size, colour):
    image = Image.new("RGB", size, colour)
    ImageDraw.Draw(image).text((0, 0), "8 8 8 8 8", "grey", ImageFont.truetype(FONT, 12))
    sheet = recognised(image, recognition)
    assert sheet.width > 0
    assert sheet.height > 0
