"""The JSON deliverable: real JSON with the values as they are."""

import json

from compositions import DATA, HOSTILE_TEXTS, hostile, invoice

from kraftd_core.adapters.renderers.json import JsonRenderer
from kraftd_core.document.jsontypes import without_row_ids
from kraftd_core.records.plan import DocumentTemplate


def read(composition):
    rendered = JsonRenderer().render(composition)
    assert (rendered.mime_type, rendered.suffix) == ("application/json", "json")

    def refuse(constant):
        raise AssertionError(f"{constant} is no JSON")

    return json.loads(rendered.content.decode("utf-8"), parse_constant=refuse)


def test_the_data_is_the_reviewed_data_with_the_priority_fields_first():
    content = read(invoice())
    assert content["data"] == without_row_ids(DATA)
    assert list(content["data"])[:2] == ["invoice_total", "due_date"]


def test_changes_and_checks_name_rows_by_their_number():
    content = read(invoice())
    quantity = content["changes"]["entries"][1]
    assert (quantity["table"], quantity["row"], quantity["column"]) == ("line_items", 2, "quantity")
    assert (quantity["original_value"], quantity["modified_value"]) == (35, 3.5)
    assert content["changes"]["entries"][3]["row"] == 4
    assert content["checks"][0]["cells"] == [
        {"table": "line_items", "row": 3, "column": "amount"}, {"field": "invoice_total"},
    ]


def test_hostile_texts_are_kept_as_they_are():
    data = read(hostile())["data"]
    assert {name: data[name] for name in ("formula", "markup", "cjk", "leading_zeros", "endless_word")} == {
        name: HOSTILE_TEXTS[name] for name in ("formula", "markup", "cjk", "leading_zeros", "endless_word")
    }
    assert data["not_a_number"] is None
    assert data["controls"] == "NUL\ufffd VT\ufffd BEL\ufffd end"
    assert data["nested"] == {"deep": [{"a": 1}]}


def test_the_executive_summary_has_key_figures_and_no_tables():
    content = read(invoice(DocumentTemplate.EXECUTIVE_SUMMARY))
    assert list(content["key_figures"])[:3] == ["invoice_total", "due_date", "vendor_name"]
    assert content["key_figures"]["invoice_total"] == 1141.03
    assert "data" not in content
    assert content["summary"]["risk_factors"] == invoice().summary.risk_factors


def test_the_file_says_where_it_comes_from():
    provenance = read(invoice())["provenance"]
    assert provenance["export_workflow_id"] == invoice().export_workflow_id
    assert (provenance["stage1_hash"], provenance["stage2_hash"]) == invoice().stage_hashes
    assert provenance["generated_at"] == "2024-03-15 09:26:53 UTC"
