"""The Excel deliverable: typed values, inert texts, sheets that LibreOffice opens."""

import csv
import io
import shutil
import subprocess
from datetime import datetime

import openpyxl
import pytest
from compositions import DATA, HOSTILE_TEXTS, hostile, invoice, with_rows

from kraftd_core.adapters import render_excel
from kraftd_core.adapters.render_excel import ExcelRenderer
from kraftd_core.errors import RenderingError
from kraftd_core.records import DocumentTemplate


def opened(composition):
    rendered = ExcelRenderer().render(composition)
    assert rendered.suffix == "xlsx"
    return openpyxl.load_workbook(io.BytesIO(rendered.content))


def values(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def fields(book):
    return {row[3].value: row[1] for row in book["Fields"].iter_rows(min_row=2)}


def test_a_standard_workbook_has_its_sheets():
    assert opened(invoice()).sheetnames == ["Summary", "Fields", "Line items", "Changes", "Audit"]


def test_the_executive_summary_has_no_tables():
    book = opened(invoice(DocumentTemplate.EXECUTIVE_SUMMARY))
    assert book.sheetnames == ["Summary", "Audit"]
    told = values(book["Summary"])
    assert [row[0] for row in told if row[0]][2] == "Recommended decision"
    assert ["Total", 1141.03] in told


def test_tables_hold_the_values_with_their_types():
    sheet = opened(invoice())["Line items"]
    assert values(sheet)[0] == ["Position", "Article", "Description", "Quantity", "Unit", "Unit price", "Amount"]
    assert [row[1:] for row in values(sheet)[1:]] == [
        [line[name] for name in ("article", "description", "quantity", "unit", "unit_price", "amount")]
        for line in DATA["line_items"]
    ]
    assert sheet["G2"].number_format == "#,##0.00"
    assert sheet["F5"].number_format == "#,##0.00######"
    assert sheet["B5"].data_type == "s"


def test_fields_come_with_priority_first_and_with_their_types():
    book = opened(invoice())
    assert list(fields(book))[:2] == ["invoice_total", "due_date"]
    told = fields(book)
    assert told["invoice_total"].value == 1141.03
    assert told["due_date"].value == datetime(2024, 4, 13)
    assert told["due_date"].number_format == "yyyy-mm-dd"
    assert told["document_type"].value == "Invoice"
    assert told["payment_reference"].value is None
    assert told["order_numbers"].value == "4500012345; 4500012399"


def test_changed_values_are_highlighted_and_no_others():
    book = opened(invoice())
    ground = "00FFF3C4"
    assert {name for name, cell in fields(book).items() if cell.fill.fgColor.rgb == ground} == {"vendor_name"}
    marked = {cell.coordinate for row in book["Line items"].iter_rows() for cell in row if cell.fill.fgColor.rgb == ground}
    assert marked == {"D3"} | {f"{column}5" for column in "ABCDEFG"}


def test_tables_have_a_frozen_head_and_a_filter():
    sheet = opened(invoice())["Line items"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:G5"


def test_changes_say_where_and_both_values():
    assert values(opened(invoice())["Changes"])[2] == [
        "Line items, row 2, Quantity", "modification", 35, 3.5, "the decimal sign was lost",
    ]


def test_a_moved_row_is_told_by_positions_from_one():
    assert values(opened(invoice())["Changes"])[5] == ["Line items, row 1", "move", 2, 1, None]


def test_a_text_of_several_lines_gets_a_row_high_enough():
    sheet = opened(invoice())["Fields"]
    heights = {row[3].value: sheet.row_dimensions[row[0].row].height for row in sheet.iter_rows(min_row=2)}
    assert heights["vendor_address"] == 2 * (heights["vendor_name"] or 15)


def test_the_file_says_where_it_comes_from():
    book = opened(invoice())
    audit = dict(row[:2] for row in values(book["Audit"]))
    assert audit["Workflow"] == invoice().export_workflow_id
    assert (audit["Stage 1 record"], audit["Stage 2 record"]) == invoice().stage_hashes
    assert (book.properties.creator, book.properties.subject) == ("demo@localhost", invoice().export_workflow_id)
    assert book.properties.created == book.properties.modified == datetime(2024, 3, 15, 9, 26, 53)


def test_no_text_ever_becomes_a_formula():
    book = opened(hostile())
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    formula = fields(book)["formula"]
    assert (formula.value, formula.quotePrefix) == (HOSTILE_TEXTS["formula"], True)


def test_control_characters_are_replaced_and_long_numbers_kept():
    told = fields(opened(hostile()))
    assert told["controls"].value == "NUL\ufffd VT\ufffd BEL\ufffd end"
    assert told["long_number"].value == "100000000000000000000"
    assert told["leading_zeros"].value == "007"


def test_a_text_that_is_too_long_for_a_cell_is_cut_with_a_warning():
    rendered = ExcelRenderer().render(invoice(data={"note": "🧾" * 20_000}))
    assert any("were cut (1)" in warning for warning in rendered.warnings)
    text = fields(openpyxl.load_workbook(io.BytesIO(rendered.content)))["note"].value
    assert text.endswith("🧾…")
    assert len(text.encode("utf-16-le")) // 2 <= 32_767


def test_sheet_names_are_allowed_and_unique():
    names = opened(hostile()).sheetnames
    assert len({name.casefold() for name in names}) == len(names)
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)
    assert "history" not in {name.casefold() for name in names}


def test_a_table_larger_than_a_sheet_is_refused_with_a_way_out(monkeypatch):
    monkeypatch.setattr(render_excel, "_MOST_ROWS", 100)
    with pytest.raises(RenderingError, match="Choose CSV or JSON"):
        ExcelRenderer().render(with_rows(100))


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_reads_the_same_values(tmp_path):
    (tmp_path / "hostile.xlsx").write_bytes(ExcelRenderer().render(hostile()).content)
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to",
         "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,2", "--outdir", tmp_path,
         tmp_path / "hostile.xlsx"],
        check=True, capture_output=True, timeout=180,
    )
    text = (tmp_path / "hostile-Fields.csv").read_text("utf-8")
    rows = list(csv.reader(text.splitlines(keepends=True)))
    told = {row[3]: row[1] for row in rows}
    for name in ("formula", "plus", "minus", "at", "spaced", "markup", "escape", "cjk", "emoji", "leading_zeros", "long_number"):
        assert told[name] == HOSTILE_TEXTS[name]
