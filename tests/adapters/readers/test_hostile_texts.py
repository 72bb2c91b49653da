"""Texts that mean harm, or that no cell and no font holds, come out readable and inert in every format, and losses are told."""

import csv
import io
import json
import re
import shutil
import subprocess
import zipfile

import openpyxl
import pytest
from compositions import HOSTILE_TEXTS, SUMMARY, invoice
from pypdf import PdfReader
from shared_files import HOSTILE

from kraftd_core.adapters.renderers.csv import CsvRenderer
from kraftd_core.adapters.renderers.csv_cells import acts_as_formula
from kraftd_core.adapters.renderers.excel.renderer import ExcelRenderer
from kraftd_core.adapters.renderers.json import JsonRenderer
from kraftd_core.adapters.renderers.pdf.renderer import PdfRenderer
from kraftd_core.document.jsontypes import clean_text

CONTROLS = "Control characters and broken characters stand as �"

TEXTS = {
    **{name: text for name, text in HOSTILE_TEXTS.items() if name.isidentifier()},
    "carriage_return": "\r=1+1",
    "line_feed": "\n@SUM(1)",
    "dde": "=cmd|' /C calc'!A0",
    "fullwidth_at": "＠SUM(1)",
    "script": "<script>alert(1)</script>",
    "picture": '<img src="/etc/passwd" width="9" height="9"/><b>unclosed',
    "markdown": "![p](http://127.0.0.1:9/p.png) costs $5 and $6",
    "template": "{{7*7}} ${7*7} %s %n",
    "mail_phone": "+1-202-555-0100",
    "big": str(10**20),
    "entity": "&lt;b&gt; &amp; ]]> <!-- -->",
}


def from_the_set():
    """The texts of the hostile documents, where they are at hand."""
    if not HOSTILE.is_dir():
        return {}
    tables = [HOSTILE / name for name in ("formula_classic.csv", "legit_negative.csv", "nul_bytes.csv")]
    cells = [cell for file in tables for row in csv.reader(io.StringIO(file.read_text("utf-8"))) for cell in row]
    objects = [json.loads((HOSTILE / name).read_text("utf-8")) for name in ("markup.json", "surrogate.json")]
    return {f"set_{n}": text for n, text in enumerate([*cells, *(text for members in objects for text in members.values())])}


@pytest.fixture(scope="module")
def texts():
    return {name: text for name, text in (TEXTS | from_the_set()).items() if text and len(text) < 20_000}


@pytest.fixture(scope="module")
def composition(texts):
    """The texts as fields, as cells of a table, and as statements."""
    lines = [{"_row_id": f"row{n}", "text": text, "amount": -n} for n, text in enumerate(texts.values())]
    summary = SUMMARY.model_copy(update={"key_findings": list(texts.values())})
    return invoice(data={**texts, "line_items": lines}, summary=summary, changes=[], change_sentences=[], findings=[])


def test_json_holds_them_as_they_are(composition, texts):
    rendered = JsonRenderer().render(composition)
    data = json.loads(rendered.content)["data"]
    assert {name: data[name] for name in texts} == {name: clean_text(text) for name, text in texts.items()}
    assert [line["text"] for line in data["line_items"]] == list(map(clean_text, texts.values()))
    assert any(warning.startswith(CONTROLS) for warning in rendered.warnings)


def test_csv_holds_them_and_a_spreadsheet_reckons_with_none(composition, texts):
    rendered = CsvRenderer().render(composition)
    with zipfile.ZipFile(io.BytesIO(rendered.content)) as archive:
        files = {n: list(csv.reader(io.StringIO(archive.read(n).decode("utf-8-sig"), newline=""))) for n in archive.namelist()}
    told = {row[0]: row[2] for row in files["fields.csv"][1:]}
    unmarked = {name: told[name].replace("'", "") for name in texts}
    assert unmarked == {name: clean_text(text).replace("'", "") for name, text in texts.items()}
    cells = [cell for rows in files.values() for row in rows for cell in row]
    assert [cell for cell in cells if acts_as_formula(cell)] == []
    assert any(warning.startswith(CONTROLS) for warning in rendered.warnings)
    assert any("import these columns as text" in warning for warning in rendered.warnings)


def test_excel_holds_them_as_texts(composition, texts):
    rendered = ExcelRenderer().render(composition)
    book = openpyxl.load_workbook(io.BytesIO(rendered.content))
    told = {row[-1].value: row[1] for row in book["Fields"].iter_rows(min_row=2)}
    values = {name: told[name].value.replace("_x005F_", "_") for name in texts}  # an escape that openpyxl does not undo
    assert values == {name: clean_text(text) for name, text in texts.items()}
    assert {told[name].data_type for name in texts} == {"s"}
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not any(cell.data_type == "e" or cell.hyperlink for cell in cells)
    assert all(re.fullmatch(r"=SUM\([A-Z]+2:[A-Z]+\d+\)", cell.value) for cell in cells if cell.data_type == "f"), "ours alone"
    signs = {name: text for name, text in texts.items() if text[0] in "=+-@＝＠\t\r\n"}
    assert {name for name in signs if not told[name].quotePrefix} == set()
    assert any(warning.startswith(CONTROLS) for warning in rendered.warnings)


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not on this computer")
def test_pdf_prints_them_and_does_nothing(composition, texts, tmp_path):
    rendered = PdfRenderer().render(composition)
    (tmp_path / "file.pdf").write_bytes(rendered.content)
    run = subprocess.run(["pdftotext", "-raw", tmp_path / "file.pdf", "-"], check=True, capture_output=True)
    text = "".join(run.stdout.decode().split())
    printable = [part for told in texts.values() for part in told.split() if part.isascii() and part.isprintable()]
    assert {part for part in printable if part not in text} == set()
    reader = PdfReader(io.BytesIO(rendered.content))
    assert actions_in(reader) == set() and not any(page.images for page in reader.pages)
    assert rendered.warnings, "what its fonts lack is told"


def actions_in(reader):
    """What the file would do beyond leading to its own pages."""
    objects = [reader.get_object(number) for number in range(1, reader.trailer["/Size"])]
    kinds = {str(found.get("/S")) for found in objects if isinstance(found, dict)}
    return kinds & {"/URI", "/JavaScript", "/Launch", "/GoToR", "/SubmitForm", "/ImportData"}


# Too long


ENDLESS = "W" * 200_000


@pytest.fixture(scope="module")
def endless():
    return invoice(data={"note": ENDLESS, "remark": "word " * 7_000}, changes=[], change_sentences=[], findings=[])


def test_an_endless_word_is_whole_in_json_and_csv_and_the_user_is_told_what_excel_does_to_it(endless):
    assert json.loads(JsonRenderer().render(endless).content)["data"]["note"] == ENDLESS
    rendered = CsvRenderer().render(endless)
    with zipfile.ZipFile(io.BytesIO(rendered.content)) as archive:
        assert ENDLESS.encode() in archive.read("fields.csv")
    assert any("Excel cuts texts of more than 32,767 characters" in warning for warning in rendered.warnings)


def test_excel_holds_as_much_of_an_endless_word_as_a_cell_can_and_says_so(endless):
    rendered = ExcelRenderer().render(endless)
    book = openpyxl.load_workbook(io.BytesIO(rendered.content))
    told = {row[-1]: row[1] for row in book["Fields"].iter_rows(min_row=2, values_only=True)}
    assert told["note"] == "W" * 32_766 + "…"
    assert len(told["remark"]) == 32_767
    assert any("were cut (2)" in warning for warning in rendered.warnings)


@pytest.mark.slow
def test_pdf_prints_an_endless_word_on_its_pages(endless):
    rendered = PdfRenderer().render(endless)
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(rendered.content)).pages]
    assert sum(page.count("W") for page in pages) >= len(ENDLESS)


def test_numbers_that_are_none_are_left_empty_and_told():
    composition = invoice(data={"total": float("nan"), "tax": float("inf")}, changes=[], change_sentences=[], findings=[])
    for renderer in (JsonRenderer, CsvRenderer, ExcelRenderer):
        told = renderer().render(composition).warnings
        assert "Left empty, because it is no number (NaN or infinite): 2 values." in told
