"""The PDF deliverable: found by text extraction, checked by qpdf, inert."""

import io
import shutil
import subprocess

import pypdf
import pytest
from compositions import DATA, hostile, invoice, with_rows

from kraftd_core.adapters.render_pdf import PdfRenderer
from kraftd_core.records import DocumentTemplate


def read(composition):
    rendered = PdfRenderer().render(composition)
    assert (rendered.mime_type, rendered.suffix) == ("application/pdf", "pdf")
    reader = pypdf.PdfReader(io.BytesIO(rendered.content))
    assert len(reader.pages) == rendered.pages
    return rendered, reader


def text_of(reader):
    return "\n".join(page.extract_text() for page in reader.pages)


def test_the_standard_template_shows_every_value():
    _, reader = read(invoice())
    text = text_of(reader)
    for told in ("Müller & Söhne Maschinenbau GmbH", "1,141.03 EUR", "2024-04-13", "00417", "Dichtring, verzinkt", "0.0345",
                 "1,000", "Warning: Row 3 of Line items has no time sheet.", "Line items: row 4 was added.", "a" * 64):
        assert told in text


def test_priority_fields_come_first_among_the_fields():
    text = text_of(read(invoice())[1])
    fields = text[text.index("Fields\n"):]
    assert fields.index("Total") < fields.index("Due date") < fields.index("Document type")


def test_the_executive_summary_puts_the_decision_first_and_has_no_table():
    rendered, reader = read(invoice(DocumentTemplate.EXECUTIVE_SUMMARY))
    text = text_of(reader)
    order = ["Recommended decision", "Key figures", "Summary", "Risks", "Actions", "Key findings", "Totals"]
    places = [text.index(f"{heading}\n") for heading in order]
    assert places == sorted(places)
    assert "Kugellager" not in text
    assert "Line items: 4 rows" in text
    assert rendered.pages <= 2


def test_the_executive_summary_stays_within_two_pages_however_much_there_is_to_say():
    statements = ["Something that takes a whole line and a little more to say, and is said at length. " * 6] * 30
    summary = invoice().summary.model_copy(update={
        "executive_summary": statements[0] * 5, "key_findings": statements, "recommendations": statements,
        "risk_factors": statements, "action_items": statements,
    })
    names = [f"field_{n}" for n in range(30)]
    preferences = invoice().preferences.model_copy(update={"priority_fields": names})
    rendered, _ = read(invoice(
        DocumentTemplate.EXECUTIVE_SUMMARY, summary=summary, data=DATA | dict.fromkeys(names, "many words " * 30),
        preferences=preferences, change_sentences=statements,
    ))
    assert rendered.pages <= 2
    assert rendered.warnings


def test_every_page_says_its_number_the_document_and_the_workflow():
    rendered, reader = read(with_rows(120))
    assert rendered.pages > 2
    for number, page in enumerate(reader.pages, 1):
        text = page.extract_text()
        assert f"Page {number} of" in text
        assert "Rechnung Müller März.pdf" in text
        assert invoice().export_workflow_id in text


def test_table_heads_are_repeated_on_every_page_of_the_table():
    _, reader = read(with_rows(120))
    texts = [page.extract_text() for page in reader.pages]
    with_lines = [text for text in texts if "Kugellager" in text]
    assert len(with_lines) > 1
    assert all("Unit price" in text for text in with_lines)


def test_the_properties_say_title_owner_workflow_and_time():
    _, reader = read(invoice())
    told = reader.metadata
    assert (told.title, told.author, told.subject) == ("Invoice 2024-00815", "demo@localhost", invoice().export_workflow_id)
    assert told.creation_date == invoice().generated_at
    fonts = {font for page in reader.pages for font in page["/Resources"]["/Font"]}
    assert fonts


def test_markup_is_text_and_nothing_is_linked_or_embedded():
    _, reader = read(hostile())
    assert "<img src=\"/etc/passwd\"/>" in text_of(reader)
    assert all("/Annots" not in page for page in reader.pages)
    assert not any(page.images for page in reader.pages[:3])


def test_characters_that_the_font_lacks_are_replaced_and_named():
    rendered, reader = read(invoice(data={"note": "請 paid 🧾"}))
    (warning,) = rendered.warnings
    assert "請" in warning
    assert "🧾" in warning
    assert "\ufffd paid \ufffd" in text_of(reader)


def test_right_to_left_text_brings_a_warning_and_reversing_marks_are_dropped():
    rendered, reader = read(invoice(data={"note": "فاتورة", "file": "invoice\u202efdp.exe"}))
    assert any("right to left" in warning for warning in rendered.warnings)
    assert "invoicefdp.exe" in text_of(reader)


def test_a_plain_document_has_no_warnings():
    assert read(invoice())[0].warnings == ()


def test_a_table_too_wide_for_a_page_comes_in_parts_with_all_its_columns():
    columns = {f"column_{n}": f"value {n} of the row" for n in range(40)}
    _, reader = read(invoice(data={"line_items": [{"_row_id": "r1", **columns}]}, changes=[]))
    text = text_of(reader)
    assert all(f"Column {n}" in text for n in range(40))
    assert "of 40" in text
    assert any(page.mediabox.width > page.mediabox.height for page in reader.pages)


def test_a_cell_taller_than_a_page_goes_on_on_the_next():
    rows = [{"_row_id": "r1", "text": "\n".join(f"line {n} of it" for n in range(300)), "amount": 1}]
    rendered, reader = read(invoice(data={"line_items": rows}, changes=[]))
    text = text_of(reader)
    assert all(f"line {n} of it" in text for n in range(300))
    assert rendered.pages > 3


def test_nothing_is_drawn_outside_a_page_even_for_a_word_without_end():
    import pdfplumber

    rendered = PdfRenderer().render(hostile())
    with pdfplumber.open(io.BytesIO(rendered.content)) as pdf:
        for page in pdf.pages[:4] + pdf.pages[-2:]:
            assert all(char["x0"] >= 0 and char["x1"] <= page.width and char["bottom"] <= page.height for char in page.chars)


def test_ten_thousand_rows_are_rendered():
    rendered = PdfRenderer().render(with_rows(10_000))
    assert rendered.pages > 100


@pytest.mark.skipif(shutil.which("qpdf") is None, reason="qpdf is not installed")
@pytest.mark.parametrize("template", list(DocumentTemplate))
@pytest.mark.parametrize("make", [invoice, hostile])
def test_qpdf_finds_nothing_wrong(tmp_path, make, template):
    (tmp_path / "file.pdf").write_bytes(PdfRenderer().render(make(template)).content)
    checked = subprocess.run(["qpdf", "--check", tmp_path / "file.pdf"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed")
def test_poppler_finds_the_values_and_the_page_count(tmp_path):
    (tmp_path / "file.pdf").write_bytes(PdfRenderer().render(invoice()).content)
    text = subprocess.run(["pdftotext", "-layout", tmp_path / "file.pdf", "-"], capture_output=True, check=True).stdout.decode()
    assert "Hydraulikschlauch DN 12" in text
    assert "136.15" in text
    assert "Page 1 of 2" in text
