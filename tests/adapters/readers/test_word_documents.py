"""Word documents with tables in tables, and with values in their margins."""

import io

from docx import Document

from kraftd_core.adapters.readers.local.office.word_documents import read_word

ROWS = (("Description", "Quantity", "Unit price", "Amount"), ("Bolt", "2", "1.50", "3.00"), ("Nut", "4", "0.25", "1.00"))


def saved(document):
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def fill(table):
    for cells, texts in zip(table.rows, ROWS, strict=True):
        for cell, text in zip(cells.cells, texts, strict=True):
            cell.text = text


def test_a_table_within_a_cell_is_read_as_line_items():
    document = Document()
    outer = document.add_table(rows=1, cols=2)
    outer.cell(0, 0).text = "Order lines"
    fill(outer.cell(0, 1).add_table(rows=3, cols=4))
    items = next(table for table in read_word(saved(document)).tables if table.name == "line_items")
    assert [row["description"].value for row in items.rows] == ["Bolt", "Nut"]


def test_labelled_values_in_header_and_footer_are_read():
    document = Document()
    document.add_paragraph("Invoice")
    document.sections[0].header.paragraphs[0].text = "Invoice number: R-17"
    document.sections[0].footer.paragraphs[0].text = "IBAN: DE75 1234 5678 0000 0012 34"
    fields = read_word(saved(document)).fields
    assert fields["number"].value == "R-17"
    assert fields["iban"].value == "DE75 1234 5678 0000 0012 34"
