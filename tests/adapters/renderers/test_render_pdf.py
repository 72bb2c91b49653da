"""The PDF deliverable: found by text extraction, checked by qpdf, inert."""

import io
import shutil
import subprocess
import unicodedata

import pdfplumber
import pypdf
import pypdfium2
import pytest
from compositions import DATA, LINES, SUMMARY, hostile, invoice, with_rows

from kraftd_core.adapters.renderers.pdf import fonts as pdf_fonts
from kraftd_core.adapters.renderers.pdf.pages import Pages
from kraftd_core.adapters.renderers.pdf.renderer import PdfRenderer
from kraftd_core.adapters.renderers.pdf.styles import BODY
from kraftd_core.delivery.locales import Writing
from kraftd_core.records.plan import DocumentTemplate, Language, PresentationPlan


def read(composition):
    rendered = PdfRenderer().render(composition)
    assert (rendered.mime_type, rendered.suffix) == ("application/pdf", "pdf")
    reader = pypdf.PdfReader(io.BytesIO(rendered.content))
    assert len(reader.pages) == rendered.pages
    return rendered, reader


def text_of(reader):
    return "\n".join(page.extract_text() for page in reader.pages)


def poppler_text(folder, rendered):
    (folder / "file.pdf").write_bytes(rendered.content)
    return subprocess.run(["pdftotext", "-layout", folder / "file.pdf", "-"], capture_output=True, check=True).stdout.decode()


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


@pytest.mark.slow
def test_markup_is_text_and_nothing_is_linked_or_embedded():
    _, reader = read(hostile())
    assert "<img src=\"/etc/passwd\"/>" in text_of(reader)
    assert all("/Annots" not in page for page in reader.pages)
    assert not any(page.images for page in reader.pages[:3])


def test_the_outline_leads_to_every_section_and_the_file_says_its_language():
    _, reader = read(with_rows(120))
    pages = {entry.title: reader.get_destination_page_number(entry) for entry in reader.outline}
    assert list(pages) == ["Summary", "Key findings", "Recommendations", "Risks", "Actions", "Fields", "Line items",
                           "Changes made in the review", "Checks", "Provenance"]
    for title, page in pages.items():
        assert title in reader.pages[page].extract_text()
    assert pages["Line items"] < pages["Provenance"]
    assert reader.trailer["/Root"]["/Lang"] == "en"


def test_the_outline_and_the_language_follow_the_words_of_the_plan():
    steps = [Language(language="de", words="in German")]
    plan = PresentationPlan(template=DocumentTemplate.FINANCIAL_REPORT, steps=steps)
    _, reader = read(invoice(DocumentTemplate.FINANCIAL_REPORT, plan=plan))
    assert reader.trailer["/Root"]["/Lang"] == "de"
    assert {"Kennzahlen", "Summen", "Positionen: Betrag", "Herkunft"} <= {entry.title for entry in reader.outline}


def test_the_keywords_hold_both_records_and_the_engines():
    told = read(invoice())[1].metadata.keywords
    for part in ("a" * 64, "b" * 64, "Template: Standard", "Read by: LOCAL", "Summary written by: rules"):
        assert part in told


@pytest.mark.slow
@pytest.mark.parametrize("columns", [1, 40], ids=["upright", "with landscape pages"])
def test_each_page_says_the_title_once(columns):
    row = {f"column_{n}": f"value {n} of the row" for n in range(columns)}
    _, reader = read(invoice(data={"line_items": [row] * 120}, changes=[]))
    assert len(reader.pages) > 2
    assert all(page.extract_text().count("Invoice 2024-00815") == 1 for page in reader.pages)


@pytest.mark.parametrize("text", ["請求書 中文，株式会社", "ボールベアリング", "세금계산서 한국어", "Τιμολόγιο Рахунок Ünïcödé"])
def test_a_text_of_another_script_is_printed_as_it_is(text):
    rendered, reader = read(invoice(data={"note": f"Nr. 7 {text} (42)"}, title=text))
    assert rendered.warnings == ()
    assert f"Nr. 7 {text} (42)" in text_of(reader)
    assert reader.metadata.title == text


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed")
@pytest.mark.parametrize("text", ["فاتورة ضريبية", "عبد الله", "فارسی گچپژ", "חשבונית מס", "שלום עולם"])
def test_a_text_that_runs_from_right_to_left_is_copied_as_it_was_written(tmp_path, text):
    rendered, _ = read(invoice(data={"note": text}))
    assert rendered.warnings == ()
    assert text in poppler_text(tmp_path, rendered)


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed")
def test_two_letters_in_one_form_are_never_swapped_when_copied(tmp_path):
    rendered, _ = read(invoice(data={"note": "سلام"}))
    assert "سلام" in unicodedata.normalize("NFKC", poppler_text(tmp_path, rendered))
    assert "سلام" in pypdfium2.PdfDocument(rendered.content)[0].get_textpage().get_text_range()


def test_arabic_letters_are_joined_and_drawn_from_the_right():
    assert Pages("head", "foot", Writing()).lines("فاتورة (7)", BODY, 200) == ["(7) \ufe93\ufead\ufeee\ufe97\ufe8e\ufed3"]
    with pdfplumber.open(io.BytesIO(PdfRenderer().render(invoice(data={"note": "فاتورة"})).content)) as pdf:
        assert "فاتورة"[::-1] in "".join(char["text"] for char in pdf.pages[0].chars)


def test_lines_of_a_long_arabic_text_begin_with_its_first_words():
    pages = Pages("head", "foot", Writing())
    words = ["اول", *["كلمة"] * 60, "اخر"]
    lines = pages.lines(" ".join(words), BODY, 200)
    told = [unicodedata.normalize("NFKC", line[::-1]) for line in lines]
    assert len(lines) > 3
    assert told[0].startswith("اول")
    assert told[-1].endswith("اخر")


def test_a_line_of_several_fonts_is_no_wider_than_asked():
    pages = Pages("head", "foot", Writing())
    for line in pages.lines("Order 請求書 of the 中文 " * 40 + "增值税专用发票" * 60, BODY, 200):
        assert pdf_fonts.width(line, BODY.font, BODY.size) <= 200


def test_what_no_font_has_is_named_in_its_place_and_in_a_warning():
    rendered, reader = read(invoice(data={"note": "paid 🧾", "thai": "ใบกำกับภาษี 7", "rare": "𠮷野 \ue000"}))
    (warning,) = rendered.warnings
    assert "🧾" in warning
    assert "ใ" in warning
    text = text_of(reader)
    for told in ("paid [receipt]", "[Thai text: 11 characters] 7", "[U+20BB7]野 [U+E000]"):
        assert told in text
    assert "■" not in text
    assert "\ufffd" not in text


def test_a_warning_names_ten_characters_and_counts_the_others():
    note = "".join(map(chr, range(0x1F950, 0x1F95F)))
    (warning,) = read(invoice(data={"note": note}))[0].warnings
    assert warning.endswith(f"{' '.join(note[:10])} and 5 more")


def test_marks_that_reverse_what_is_read_are_dropped():
    rows = [{"amount": 1}]
    _, reader = read(invoice(data={"file": "invoice\u202efdp.exe", "lines\u202efdp.exe": rows}, changes=[]))
    assert "invoicefdp.exe" in text_of(reader)
    assert "Linesfdp.exe" in {entry.title for entry in reader.outline}


def test_the_fonts_of_other_scripts_are_in_the_file_only_where_they_are_needed():
    assert b"Droid" not in PdfRenderer().render(invoice()).content
    content = PdfRenderer().render(invoice(data={"note": "請求書"})).content
    assert b"Droid" in content
    assert len(content) < 200_000


# The chart of the financial report


def financial(lines):
    rows = [{"_row_id": f"r{n}"} | line for n, line in enumerate(lines)]
    return invoice(DocumentTemplate.FINANCIAL_REPORT, data={"document_type": "invoice", "line_items": rows}, changes=[])


def chart_in(reader):
    """What stands from the chart's heading to the table's."""
    text = text_of(reader)
    start = text.index("Line items: Amount")
    return text[start : text.index("Line items\n", start)]


def test_the_financial_report_shows_the_largest_amounts_first():
    _, reader = read(financial([{"description": f"Part {n}", "unit_price": 9999.0, "amount": n * 10.0} for n in range(1, 13)]))
    chart = chart_in(reader)
    assert "(8 of 12)" in chart
    assert [line for n in range(12, 4, -1) for line in (f"Part {n}", f"{n * 10}.00")] == chart.splitlines()[1:17]
    assert "9,999" not in chart
    assert "Part 4" not in chart


def test_the_chart_shows_what_the_review_left():
    data = DATA | {"line_items": [line | {"amount": 77.5} for line in DATA["line_items"]]}
    chart = chart_in(read(invoice(DocumentTemplate.FINANCIAL_REPORT, data=data))[1])
    assert chart.count("77.50") == 4
    assert "136.15" not in chart


@pytest.mark.parametrize("lines", [
    [{"description": "one", "amount": 5.0}],
    [{"description": "one", "amount": 5.0}, {"description": "nothing", "amount": 0}],
    [{"description": "one", "amount": "5 or 6"}, {"description": "two", "amount": 3.0}],
    [{"description": "one", "unit_price": 5.0}, {"description": "two", "unit_price": 3.0}],
])
def test_there_is_no_chart_without_two_amounts(lines):
    assert not any(entry.title.startswith("Line items:") for entry in read(financial(lines))[1].outline)


def test_only_the_financial_report_has_a_chart():
    for template in set(DocumentTemplate) - {DocumentTemplate.FINANCIAL_REPORT}:
        assert "Line items: Amount" not in text_of(read(invoice(template))[1])


def test_a_chart_of_credits_and_of_enormous_amounts_is_drawn_within_the_page():
    lines = [{"description": "請求書 🧾 " * 30, "amount": 1e300}, {"description": "credit", "amount": -9e299}, {"amount": 1e-9}]
    rendered, reader = read(financial(lines))
    assert "#3" in chart_in(reader)
    with pdfplumber.open(io.BytesIO(rendered.content)) as pdf:
        drawn = [*pdf.pages[0].rects, *pdf.pages[0].curves, *pdf.pages[0].chars]
        assert all(part["x0"] >= 40 and part["x1"] <= 555 for part in drawn)


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


@pytest.mark.slow
def test_nothing_is_drawn_outside_a_page_even_for_a_word_without_end():
    rendered = PdfRenderer().render(hostile())
    with pdfplumber.open(io.BytesIO(rendered.content)) as pdf:
        for page in pdf.pages[:4] + pdf.pages[-2:]:
            assert all(char["x0"] >= 0 and char["x1"] <= page.width and char["bottom"] <= page.height for char in page.chars)


@pytest.mark.slow
def test_ten_thousand_rows_are_rendered():
    rendered = PdfRenderer().render(with_rows(10_000))
    assert rendered.pages > 100


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("qpdf") is None, reason="qpdf is not installed")
@pytest.mark.parametrize("template", list(DocumentTemplate))
@pytest.mark.parametrize("make", [invoice, hostile])
def test_qpdf_finds_nothing_wrong(tmp_path, make, template):
    (tmp_path / "file.pdf").write_bytes(PdfRenderer().render(make(template)).content)
    checked = subprocess.run(["qpdf", "--check", tmp_path / "file.pdf"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed")
def test_poppler_finds_the_values_and_the_page_count(tmp_path):
    text = poppler_text(tmp_path, PdfRenderer().render(invoice()))
    assert "Hydraulikschlauch DN 12" in text
    assert "136.15" in text
    assert "Page 1 of 2" in text


# What a page holds


COLUMNS = ("position", "article", "description", "quantity", "unit", "unit_price", "amount", "net_weight", "tax_rate",
           "discount_days",
           "delivery_date", "cost_centre", "customs_code")  # fmt: skip
CELLS = ("10", "A-00417", "Hydraulikschlauch DN 12, 2-lagig, mit Pressarmaturen beidseitig und Prüfzeugnis", 12.5, "Stück",
           1234567.89,
         12345678.9, 1250.75, 19, 14, "2026-03-15", 4100, "4009 21 00")  # fmt: skip


def table_of(rows, columns):
    lines = [{"_row_id": f"row{n}", **dict(zip(COLUMNS[:columns], CELLS, strict=False))} for n in range(rows)]
    return invoice(data=DATA | {"line_items": lines}, changes=[], change_sentences=[])


def is_lying(page):
    return page.mediabox.width > page.mediabox.height


@pytest.mark.parametrize("template", list(DocumentTemplate))
def test_an_invoice_of_six_lines_takes_two_pages_at_most(template):
    lines = [LINES[n % 4] | {"_row_id": f"row{n}", "position": n + 1} for n in range(6)]
    rendered, reader = read(invoice(template, data=DATA | {"line_items": lines}))
    assert rendered.pages == len(reader.pages) <= 2


@pytest.mark.parametrize("columns", [5, 6, 7, 8])
def test_a_table_of_usual_columns_stands_on_upright_pages(columns):
    _, reader = read(table_of(6, columns))
    assert not any(map(is_lying, reader.pages)) and len(reader.pages) <= 2
    text = text_of(reader)
    assert "1,234,567.89" in text or columns < 6, "a figure is never broken"


def test_a_wide_table_of_few_rows_comes_in_two_parts_rather_than_on_a_page_of_its_own():
    _, reader = read(table_of(5, 12))
    assert not any(map(is_lying, reader.pages)) and "of 12" in text_of(reader)


def test_what_follows_a_table_on_its_side_fills_the_page_first():
    _, reader = read(table_of(20, 13))
    lying = [page.extract_text() for page in reader.pages if is_lying(page)]
    assert "Line items" in lying[0] and "Changes made in the review" in lying[-1]


def test_a_last_page_of_a_few_lines_is_saved():
    pages = []
    for count in range(4, 30):
        summary = SUMMARY.model_copy(update={"key_findings": [f"finding {n}" for n in range(count)]})
        _, reader = read(invoice(DocumentTemplate.EXECUTIVE_SUMMARY, summary=summary))
        pages.append([len(page.extract_text().splitlines()) for page in reader.pages])
    assert all(len(lines) == 1 or lines[-1] > 8 for lines in pages), pages


def test_short_fields_stand_in_pairs_and_long_ones_alone():
    data = {"invoice_id": "F-1", "invoice_date": "2026-03-15", "notes": "word " * 60, "currency": "EUR", "bic": "BYLADEM1001"}
    rendered, _ = read(invoice(data=data, changes=[], findings=[]))
    with pdfplumber.open(io.BytesIO(rendered.content)) as pdf:
        tops = {word["text"]: round(word["top"]) for page in pdf.pages for word in page.extract_words()}
    assert tops["F-1"] == tops["2026-03-15"] != tops["EUR"] == tops["BYLADEM1001"]


def test_a_long_word_of_a_key_figure_is_not_broken():
    _, reader = read(invoice(DocumentTemplate.FINANCIAL_REPORT, data=DATA | {"customer_name": "Papierflieger-Vertriebs-GmbH"}))
    assert "Papierflieger-Vertriebs-GmbH" in text_of(reader)


def test_a_column_without_any_value_is_drawn():
    rows = [{"_row_id": "a", "amount": float("nan"), "note": None}, {"_row_id": "b", "amount": None, "note": ""}]
    assert "Note" in text_of(read(invoice(data={"line_items": rows}, changes=[], findings=[]))[1])


def test_a_cell_of_several_lines_with_accents_is_measured_line_by_line(monkeypatch):
    measured, width = [], pdf_fonts.width
    monkeypatch.setattr(pdf_fonts, "width", lambda text, *of: measured.append(text) or width(text, *of))
    lines = [LINES[0] | {"_row_id": "row0", "description": "Béton\npréfabriqué, posé"}]

    read(invoice(data=DATA | {"line_items": lines}, changes=[], change_sentences=[]))

    assert not [text for text in measured if "\n" in text]  # no font has a line break, so one was looked for in vain
