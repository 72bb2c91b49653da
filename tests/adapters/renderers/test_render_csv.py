"""The CSV deliverable: a file or a zip of files that spreadsheets take as they are."""

import csv
import io
import zipfile

import pytest
from compositions import DATA, HOSTILE_TEXTS, hostile, invoice

from kraftd_core.adapters.renderers.csv import CODES_CHANGE, CsvRenderer
from kraftd_core.adapters.renderers.csv_cells import acts_as_formula, inert
from kraftd_core.records.plan import DocumentTemplate, ExportFormat, PresentationPlan, Separators, Target, Visibility


def rows(content):
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def files(composition):
    rendered = CsvRenderer().render(composition)
    assert (rendered.mime_type, rendered.suffix) == ("application/zip", "zip")
    with zipfile.ZipFile(io.BytesIO(rendered.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_document_with_a_table_gives_a_zip_of_all_its_parts():
    assert list(files(invoice())) == ["fields.csv", "line_items.csv", "summary.csv", "changes.csv", "provenance.csv"]


def test_a_document_without_tables_gives_its_fields_with_where_they_come_from():
    data = {name: value for name, value in DATA.items() if name != "line_items"}
    told = files(invoice(data=data, changes=[]))
    assert list(told) == ["fields.csv", "summary.csv", "changes.csv", "provenance.csv"]
    content = rows(told["fields.csv"])
    assert content[0] == ["field", "label", "value", "changed"]
    assert content[1] == ["invoice_total", "Total", "1141.03", "false"]
    assert ["document_type", "Document type", "Invoice", "false"] in content


def test_a_table_that_is_all_the_user_asked_for_is_a_file_of_its_own():
    step = Visibility(kind="only", words="only the lines", targets=[Target(kind="table", name="line_items")])
    plan = PresentationPlan(template=DocumentTemplate.STANDARD, export_format=ExportFormat.CSV, steps=[step])
    rendered = CsvRenderer().render(invoice(plan=plan))
    assert (rendered.mime_type, rendered.suffix) == ("text/csv", "csv")
    assert [row[1] for row in rows(rendered.content)] == ["article", "00417", "00981", "01200", "00012"]
    assert any("Verify knows it" in warning for warning in rendered.warnings)


def test_the_executive_summary_is_one_file_of_its_sections():
    content = rows(CsvRenderer().render(invoice(DocumentTemplate.EXECUTIVE_SUMMARY)).content)
    assert content[0] == ["section", "name", "value"]
    assert content[1] == ["Recommended decision", "", "Pay 1,141.03 EUR by 2024-04-13."]
    assert ["Key figures", "Total", "1141.03"] in content
    assert not any("Kugellager" in cell for row in content for cell in row)


def test_tables_have_numbers_as_they_are_and_keep_leading_zeros():
    content = rows(files(invoice())["line_items.csv"])
    assert content[0] == ["position", "article", "description", "quantity", "unit", "unit_price", "amount"]
    assert content[4] == ["4", "00012", "Dichtring, verzinkt", "1000", "Stück", "0.0345", "34.5"]
    assert len(content) == 5


def test_lines_end_as_rfc_4180_asks():
    content = files(invoice())["line_items.csv"]
    assert content.count(b"\r\n") == content.count(b"\n") == 5


def test_changes_name_the_row_and_both_values():
    content = rows(files(invoice())["changes.csv"])
    assert content[2] == ["modification", "", "line_items", "2", "quantity", "35", "3.5", "false", "the decimal sign was lost"]


@pytest.mark.parametrize("name", ["formula", "plus", "minus", "at", "fullwidth", "spaced", "tabbed"])
def test_a_text_that_acts_as_a_formula_gets_an_apostrophe(name):
    text = HOSTILE_TEXTS[name]
    assert acts_as_formula(text)
    fields = {row[0]: row[2] for row in rows(files(hostile())["fields.csv"])}
    assert fields[name] == {"tabbed": "'\t'=1+1"}.get(name, f"'{text}"), "a part behind a tab is kept from it, too"


@pytest.mark.parametrize("text", [
    "+49 30 1234567", "+49 (0)30 123 456", "+1 555 0100-7", "---", "-", "-12.50", "+4", "-1.2e3", "-1,234.50", "007",
    "a = b", "", "‑", "5 - 3",
])  # fmt: skip
def test_a_text_that_is_no_formula_stays_as_it_is(text):
    assert not acts_as_formula(text)


@pytest.mark.parametrize("text", ["\u200b=1", "\u00a0=1", "\ufeff@x", "\r=1", "\nx", "-1+1", "- item", "+49-30-1234",
    "+49 30/1234", " " * 100 + "=1"])
def test_signs_behind_invisible_characters_are_found(text):
    assert acts_as_formula(text)


def test_negative_numbers_stay_numbers():
    content = rows(files(hostile())["Table_1.csv"])
    assert [row[1] for row in content[1:4]] == ["0", "-1", "-2"]


def test_quotes_commas_and_line_breaks_survive():
    fields = {row[0]: row[2] for row in rows(files(hostile())["fields.csv"])}
    assert fields["quotes"] == HOSTILE_TEXTS["quotes"]
    assert fields["long_number"] == "100000000000000000000"


def test_tables_with_hostile_or_taken_names_get_file_names_of_their_own():
    assert sorted(files(hostile())) == [
        "History.csv", "Table_1.csv", "_con.csv", "changes.csv", "fields.csv", "provenance.csv", "summary.csv", "summary_2.csv",
        "table_1_2.csv",
    ]


# A spreadsheet that goes by another separator


@pytest.mark.parametrize("harm", ["=1+1", "+1+1", "-2+3", "@SUM(1)", "=cmd|' /C calc'!A0", " =1+1", '"=1+1"', "＝1+1"])
@pytest.mark.parametrize("own", [",", ";", "\t"])
def test_no_part_of_a_text_is_a_formula_whichever_separator_a_spreadsheet_goes_by(harm, own):
    for text in (f"x{other}{harm}{other}y" for other in ";\t|,\n" if other != own):
        buffer = io.StringIO()
        csv.writer(buffer, delimiter=own, lineterminator="\r\n").writerow(["a", inert(text, own), "b"])
        for other in ";\t|,":
            for row in csv.reader(io.StringIO(buffer.getvalue(), newline=""), delimiter=other, quoting=csv.QUOTE_NONE):
                assert not any(part.strip('" ').startswith(tuple("=+-@＝")) for part in row if other != own), (text, row)
        [row] = csv.reader(io.StringIO(buffer.getvalue(), newline=""), delimiter=own)
        assert row[1].replace("'", "") == text.replace("'", "")


@pytest.mark.parametrize("text", ["a, b; c", "Bolts; -5", "x|-12.50", "a\n- first\n- second", "one;two", "1;'=1"])
def test_a_text_without_harm_at_any_separator_stays_as_it_is(text):
    assert inert(text, ",") == text


def test_each_altered_cell_is_named():
    lines = [{"_row_id": "r1", "description": "- item"}, {"_row_id": "r2", "description": "fine"}]
    data = {"remark": "x;=1+1", "phone": "+49 30 1234567", "line_items": lines}
    rendered = CsvRenderer().render(invoice(data=data, changes=[]))
    [warning] = [warning for warning in rendered.warnings if "apostrophe" in warning]
    assert "2 cells: value of row 1 in fields.csv and description of row 1 in line_items.csv" in warning


def test_a_file_without_such_texts_has_no_such_warning():
    assert CsvRenderer().render(invoice()).warnings == (CODES_CHANGE,)


# As asked


def asked(**members):
    step = Separators(words="so", **members)
    return PresentationPlan(template=DocumentTemplate.STANDARD, export_format=ExportFormat.CSV, steps=[step])


def test_columns_are_set_apart_and_decimals_marked_as_asked():
    told = files(invoice(plan=asked(columns="semicolon", decimals="comma")))["line_items.csv"].decode("utf-8-sig")
    lines = told.split("\r\n")
    assert lines[0] == "position;article;description;quantity;unit;unit_price;amount"
    assert lines[1] == "1;00417;Kugellager 6204-2RS, geräuscharm;12;Stück;4,35;52,2"
    told = files(invoice(plan=asked(columns="tab")))["line_items.csv"].decode("utf-8-sig")
    assert told.split("\r\n")[1].split("\t")[-2:] == ["4.35", "52.2"]


def test_noise_of_a_sum_is_not_written():
    told = rows(files(invoice(data={"subtotal": 970.9300000000001, "invoice_id": "2026-03-15"}))["fields.csv"])
    assert [row[2] for row in told[1:]] == ["970.93", "2026-03-15"]
