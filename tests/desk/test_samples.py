"""The samples: always the same bytes, true to what their cards say, and readable."""

import asyncio
import io
from datetime import date

import openpyxl
import pytest

from kraftd_core.adapters.readers.local.extractor import LocalExtractor
from kraftd_core.desk.samples import SAMPLES, make_sample
from kraftd_core.document.checks.checking import check
from kraftd_core.errors import NotFound
from scripts import make_samples

BY_KEY = {sample.key: sample for sample in SAMPLES}
TODAY = date(2026, 10, 6)


@pytest.fixture(scope="module")
def read():
    """Reads a sample as an upload is read, once."""
    known = {}

    def extraction(key):
        if key not in known:
            sample = BY_KEY[key]
            extractor = LocalExtractor(ocr_seconds=120)
            known[key] = asyncio.run(extractor.extract(sample.content(), sample.filename, lambda step: None))
        return known[key]

    return extraction


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.key)
def test_a_sample_has_the_same_bytes_at_every_making(sample):
    assert sample.content() == sample.content() == make_sample(sample.key)


def test_an_unknown_sample_is_refused_with_the_names_of_those_that_are():
    with pytest.raises(NotFound, match="invoice, boq, quotation, receipt"):
        make_sample("contract")


@pytest.mark.slow
@pytest.mark.parametrize(("key", "number", "total"), [
    ("invoice", ("invoice_id", "BF-2026-1047"), ("invoice_total", 3136.8)),
    ("boq", ("boq_number", "LPS-BOQ-003"), ("boq_total", 1054235.7)),
    ("quotation", ("quotation_number", "Q-2026-0318"), ("quotation_total", 33537.6)),
    pytest.param("receipt", ("receipt_number", "20817"), ("receipt_total", 31.5), marks=pytest.mark.ocr),
])
def test_a_sample_is_read_as_what_it_is(read, key, number, total):
    extraction = read(key)
    assert extraction.document_type == key
    assert extraction.data.items() >= dict([number, total]).items()


@pytest.mark.parametrize(("key", "lines"), [
    ("invoice", 7), ("boq", 60), ("quotation", 6), pytest.param("receipt", 4, marks=pytest.mark.ocr),
])
def test_every_line_of_a_sample_is_read(read, key, lines):
    assert len(read(key).data["line_items"]) == lines


@pytest.mark.ocr
def test_the_invoice_holds_one_arithmetic_error_and_the_others_none(read):
    errors = {key: [f for f in check(read(key).data, TODAY) if f.severity == "error"] for key in BY_KEY}
    (finding,) = errors.pop("invoice")
    assert (finding.expected, finding.found) == ("536.40", "563.40")
    assert list(errors.values()) == [[], [], []]


def test_the_workbook_has_three_sections_whose_subtotals_make_the_grand_total():
    sheet = openpyxl.load_workbook(io.BytesIO(make_sample("boq"))).worksheets[0]
    rows = [row for row in sheet.iter_rows(values_only=True) if row[5] is not None and row[0] != "Item"]
    subtotals = [row[5] for row in rows if str(row[1]).startswith("Subtotal")]
    lines = [row for row in rows if row[0] is not None]
    assert (len(subtotals), len(lines)) == (3, 60)
    assert all(round(row[3] * row[4], 2) == row[5] for row in lines)
    assert round(sum(subtotals), 2) == round(sum(row[5] for row in lines), 2) == rows[-1][5]


def test_the_script_writes_every_sample_into_the_folder(tmp_path, capsys):
    assert make_samples.main([str(tmp_path / "new" / "folder")]) == 0
    written = {path.name: path.read_bytes() for path in (tmp_path / "new" / "folder").iterdir()}
    assert written == {sample.filename: sample.content() for sample in SAMPLES}


def test_the_script_says_how_it_is_called_when_the_folder_is_missing(capsys):
    assert make_samples.main([]) == 2
    assert "OUT_DIR" in capsys.readouterr().err
