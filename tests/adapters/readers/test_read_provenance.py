"""Where a file says that it came from is read also after other programs saved it, and no broken file stops the reading."""

import io
import zipfile

import openpyxl
import pytest
from compositions import invoice

from kraftd_core.adapters.readers.local.provenance import inspected
from kraftd_core.adapters.renderers.csv import CsvRenderer
from kraftd_core.adapters.renderers.excel.renderer import ExcelRenderer
from kraftd_core.records.plan import DocumentTemplate

WORKFLOW = invoice().export_workflow_id


def prose():
    """A deliverable that is one CSV file."""
    return CsvRenderer().render(invoice(DocumentTemplate.EXECUTIVE_SUMMARY)).content


@pytest.mark.parametrize("saved", [
    lambda content: content,
    lambda content: content.removeprefix(b"\xef\xbb\xbf"),
    lambda content: content.replace(b"section,name,value", b"section;name;value").replace(b"Workflow,", b"Workflow;").replace(
        b"Provenance,", b"Provenance;"),
])  # fmt: skip
def test_a_csv_of_all_that_is_told_names_its_workflow_however_it_was_saved(saved):
    assert inspected(saved(prose()), "renamed.csv")["workflows"] == [WORKFLOW]


def test_an_id_in_a_statement_is_no_provenance():
    other = "11111111-2222-4333-8444-555555555555"
    summary = invoice().summary.model_copy(update={"key_findings": [other]})
    content = CsvRenderer().render(invoice(DocumentTemplate.EXECUTIVE_SUMMARY, summary=summary)).content
    assert other.encode() in content
    assert inspected(content, "renamed.csv")["workflows"] == [WORKFLOW]


def test_a_workbook_saved_by_another_program_still_names_its_workflow():
    book = openpyxl.load_workbook(io.BytesIO(ExcelRenderer().render(invoice()).content))
    book.properties.subject = None
    saved = io.BytesIO()
    book.save(saved)
    assert inspected(saved.getvalue(), "renamed.xlsx")["workflows"] == [WORKFLOW]


def test_a_table_of_provenance_with_an_endless_cell_is_no_provenance():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("provenance.csv", "name,value\r\nx," + "W" * 200_000)
    assert inspected(made.getvalue(), "renamed.zip")["workflows"] == []
    assert inspected(b"section,name,value\r\na,b," + b"W" * 200_000, "renamed.csv")["workflows"] == []
