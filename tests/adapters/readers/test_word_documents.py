"""Word documents with tables in tables, and with values in their margins."""

import io

import pytest
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


# What buyers and sellers send


def read_paragraphs(*paragraphs):
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    reading = read_word(saved(document))
    return reading.document_type, {role: found.value for role, found in reading.fields.items()}


@pytest.mark.parametrize(
    "paragraphs, kind, told",
    [
        (
            ("REQUEST FOR", "PROPOSAL (RFP)", "RFP No: BAYVIEW-RFP-017-2025", "Response due: 1 May 2026"), "rfq",
            {"number": "BAYVIEW-RFP-017-2025", "due": "2026-05-01"},
        ),
        (
            ("E-TENDER NOTICE", "Tender No: LKPS/02/2026", "Last date of submission: 05.05.2026", "Bid End Date: 06.05.2026"),
            "rfq", {"number": "LKPS/02/2026", "due": "2026-05-05"},
        ),
        (("ENQUIRY", "Enquiry No: 4711", "Please quote for the items below by 5 May 2026"), "rfq", {"number": "4711"}),
        (
            ("PURCHASE ORDER", "Invoice To", "ORCHID ENGINEERS", "Supplier (Bill from)", "KAVERI MOTORS LTD"), "purchase_order",
            {"customer_name": "ORCHID ENGINEERS", "vendor_name": "KAVERI MOTORS LTD"},
        ),
        (
            ("VENDOR SERVICE AGREEMENT", "Contract Start Date: January 1, 2025", "Contract End Date: December 31, 2025"),
            "contract", {"effective_date": "2025-01-01", "due": "2025-12-31"},
        ),
        (("TAX INVOICE", "Invoice No: INV-7", "Subject to change order no. 4", "Total: 500.00"), "invoice", {"total": 500}),
        (("Method statement", "All piping shall be as per tender drawings and shall be painted."), "other", {}),
    ],
)
def test_orders_requests_and_contracts_are_told_by_their_titles_and_labels(paragraphs, kind, told):
    found_kind, fields = read_paragraphs(*paragraphs)
    assert found_kind == kind
    assert {role: fields.get(role) for role in told} == told


@pytest.mark.parametrize(
    "title, buyer", [("PURCHASE ORDER", True), ("REQUEST FOR QUOTATION", True), ("BILL OF QUANTITIES", False)]
)
def test_the_letterhead_of_what_a_buyer_writes_is_nobody_who_sells(title, buyer):
    _, fields = read_paragraphs("Northfield Steel Ltd\n5 Garden Street\nRaipur 492001", title, "Please deliver by June.")
    assert "vendor_name" not in fields
    assert fields.get("customer_name") == ("Northfield Steel Ltd" if buyer else None)


def test_a_sentence_below_a_partys_label_is_no_name():
    _, fields = read_paragraphs("PURCHASE ORDER", "Supplier", "the party named in the annex shall deliver.", "Buyer", "Vendor")
    assert "vendor_name" not in fields
    assert "customer_name" not in fields


def test_a_contract_of_word_is_read_by_its_sentences_and_not_by_words_before_a_colon():
    document = Document()
    document.add_heading("SUPPLY AGREEMENT", 0)
    document.add_paragraph(
        'This Agreement is made on 1 March 2024 between Oakfield Corporation ("Buyer") and Brightwater Inc. ("Supplier").'
    )
    document.add_paragraph("The term commences on 1 March 2024 and ends on 28 February 2026. The contract price is USD 480,000.")
    document.add_paragraph("Supplier shall: (a) deliver on time; (b) keep records.")
    reading = read_word(saved(document))
    found = {role: found.value for role, found in reading.fields.items()}
    assert found == {
        "customer_name": "Oakfield Corporation", "vendor_name": "Brightwater Inc.", "date": "2024-03-01",
        "effective_date": "2024-03-01", "due": "2026-02-28", "total": 480000, "currency": "USD",
    }  # fmt: skip
    assert any(notice.startswith("Not found in the text: ") for notice in reading.notices)


def test_a_list_that_word_numbers_itself_is_a_list_of_documents_to_bring():
    document = Document()
    document.add_paragraph("REQUEST FOR QUOTATION")
    document.add_paragraph("The following documents must be submitted:")
    for text in ("Price schedule", "Company profile"):
        document.add_paragraph(text, style="List Bullet")
    tables = {table.name: [row["document"].value for row in table.rows] for table in read_word(saved(document)).tables}
    assert tables == {"required_documents": ["Price schedule", "Company profile"]}
