"""Statements that rest on nothing are told so, in the summary and in every file."""

import io
import json
from dataclasses import replace
from zipfile import ZipFile

import pypdf
import pytest
from compositions import SUMMARY, invoice
from openpyxl import load_workbook

from kraftd_core.adapters.renderers.csv import CsvRenderer
from kraftd_core.adapters.renderers.excel.renderer import ExcelRenderer
from kraftd_core.adapters.renderers.json import JsonRenderer
from kraftd_core.adapters.renderers.pdf.renderer import PdfRenderer
from kraftd_core.delivery.layout import Prose, lay_out
from kraftd_core.records.plan import DocumentTemplate, Language, PresentationPlan, Target, Visibility
from kraftd_core.records.stages import Contradiction, Grounding, StatementGrounding
from pages.parts.widgets import found_in_document

FALSE = "The total was 77,777 EUR, said Jane Doe."
MARK = "[not found in the document: 77,777 EUR, Jane Doe]"


def grounding(*not_found, section="key_findings", index=0):
    held = StatementGrounding(section="executive_summary", index=0, fields=["invoice_total"], not_found=[])
    lost = StatementGrounding(section=section, index=index, fields=[], not_found=list(not_found))
    return Grounding(share=0.5, statements=[held, lost])


def with_falsehood(template=DocumentTemplate.STANDARD, **members):
    summary = SUMMARY.model_copy(update={"key_findings": [FALSE, *SUMMARY.key_findings]})
    return invoice(template, summary=summary, grounding=grounding("77,777 EUR", "Jane Doe"), **members)


def findings_of(composition):
    return next(b.statements for b in lay_out(composition).blocks if isinstance(b, Prose) and b.section == "key_findings")


def text_of_file(renderer, composition):
    """All that people or programs read in the file."""
    content = renderer().render(composition).content
    if renderer is PdfRenderer:
        return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages).split())
    if renderer is ExcelRenderer:
        sheets = load_workbook(io.BytesIO(content)).worksheets
        return " ".join(str(cell) for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row if cell)
    if renderer is JsonRenderer:
        return " ".join(json.loads(content)["summary"]["key_findings"])
    with ZipFile(io.BytesIO(content)) as archive:
        return " ".join(archive.read(name).decode() for name in archive.namelist())


@pytest.mark.parametrize("renderer", [PdfRenderer, ExcelRenderer, CsvRenderer, JsonRenderer])
def test_every_format_says_beside_a_statement_what_was_not_found(renderer):
    told = text_of_file(renderer, with_falsehood())
    assert told.count(MARK) == 1 and f"{FALSE} {MARK}" in told
    assert "not found" not in text_of_file(renderer, invoice())


@pytest.mark.parametrize("template", DocumentTemplate)
def test_no_template_cuts_the_mark_off(template):
    blocks = lay_out(with_falsehood(template)).blocks
    shown = [block.statements[0] for block in blocks if isinstance(block, Prose) and block.section == "key_findings"]
    assert all(statement.endswith(MARK) for statement in shown)
    long = with_falsehood(template)
    long = replace(long, summary=long.summary.model_copy(update={"key_findings": [FALSE + " x" * 2_000]}))
    for block in lay_out(long).blocks:
        if isinstance(block, Prose) and block.section == "key_findings":
            assert block.statements[0].endswith(MARK)


def test_the_mark_names_only_words_that_are_shown():
    text = "It is 12 EUR. Jane Doe signed 2024-00815."
    composition = invoice(
        summary=SUMMARY.model_copy(update={"executive_summary": text}),
        grounding=grounding("12 EUR", "Jane Doe", section="executive_summary"),
        plan=PresentationPlan(steps=[Visibility(kind="hide", targets=[Target(kind="field", name="invoice_id")])]),
    )
    layout = lay_out(composition)
    assert layout.summary["executive_summary"] == "It is 12 EUR. [not found in the document: 12 EUR]"


def test_the_mark_is_in_the_language_of_the_labels():
    plan = PresentationPlan(steps=[Language(language="de")])
    assert findings_of(with_falsehood(plan=plan))[0] == FALSE + " [nicht im Dokument gefunden: 77,777 EUR, Jane Doe]"


@pytest.mark.parametrize(("kinds", "told"), [
    ("++++", "The figures and names of 4 of 4 statements occur in the document."),
    ("+", "The figures and names of 1 of 1 statement occur in the document."),
    ("+-+", "The figures and names of 2 of 3 statements occur in the document."),
    ("--", "The figures and names of 0 of 2 statements occur in the document."),
    ("00", ""), ("", ""), ("0+-", "The figures and names of 1 of 2 statements occur in the document."),
])  # fmt: skip
def test_the_summary_says_of_how_many_statements_figures_and_names_occur_and_no_more(kinds, told):
    members = {"+": (["invoice_total"], []), "-": ([], ["7 EUR"]), "0": ([], [])}
    statements = [
        StatementGrounding(section="key_findings", index=n, fields=members[kind][0], not_found=members[kind][1])
        for n, kind in enumerate(kinds)
    ]
    assert found_in_document(Grounding(share=None, statements=statements)) == told
    assert found_in_document(None) == ""


@pytest.mark.parametrize("renderer", [PdfRenderer, ExcelRenderer, CsvRenderer, JsonRenderer])
def test_every_format_says_beside_a_statement_what_it_contradicts(renderer):
    contradicted = Contradiction(section="key_findings", index=0, told=["470.15 EUR is left to pay"])
    rests_on = grounding().model_copy(update={"contradictions": [contradicted]})
    told = text_of_file(renderer, replace(with_falsehood(), grounding=rests_on))
    assert f"{FALSE} [contradicts: 470.15 EUR is left to pay]" in told


def test_a_page_counts_the_statements_that_contradict_the_record():
    contradicted = Contradiction(section="key_findings", index=0, told=["it is paid"])
    rests_on = grounding().model_copy(update={"contradictions": [contradicted]})
    found = "The figures and names of 2 of 2 statements occur in the document."
    assert found_in_document(rests_on) == f"{found} 1 statement contradicts the record."
