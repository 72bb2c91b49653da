"""Statements of a summary lead to the values that they rest on."""

import json
from types import SimpleNamespace

import pytest
from apptests import ACTOR, core, opened  # noqa: F401  core is a fixture
from long_documents import long_invoice

from kraftd_core.records.stages import Grounding, StatementGrounding
from pages.parts.leads import Leads


def leads(boxed=(), values=(), stage2=None):
    """The leads of a document with these boxes and these values."""
    marks = [SimpleNamespace(field=field, label=field) for field in boxed]
    attention = SimpleNamespace(marks=lambda: marks, values=dict.fromkeys(values, 1))
    return Leads(SimpleNamespace(export_workflow_id="w1", stage2=stage2), attention)


def rests_on(*fields):
    statement = StatementGrounding(section="key_findings", index=2, fields=list(fields), not_found=[])
    return Grounding(share=1, statements=[statement])


def test_a_statement_leads_to_the_boxes_of_its_values_and_for_a_whole_column_to_the_first():
    shown = leads(["due_date", "line_items[r1].amount", "line_items[r2].amount"])
    found = shown.of(rests_on("due_date", "vendor_name", "line_items[].amount", "line_items"))
    assert found == {("key_findings", 2): ["due_date", "line_items[r1].amount"]}


def test_a_statement_of_which_nothing_can_be_shown_leads_nowhere():
    assert leads(["due_date"]).of(rests_on("vendor_name")) == {}
    assert leads(["due_date"]).of(None) == {}


def test_without_boxes_it_leads_to_the_values_themselves_as_long_as_there_is_a_review_to_lead_to():
    assert leads(values=["total"]).of(rests_on("total")) == {("key_findings", 2): ["total"]}
    assert leads(values=["total"], stage2=object()).of(rests_on("total")) == {}


def view_of(session):
    (view,) = session.get("bidi_component")
    return json.loads(view.proto.json or view.proto.mixed.json)


@pytest.mark.slow
def test_a_click_on_a_statement_shows_the_box_of_its_value_and_the_next_click_the_next_one(core):
    workflow_id = core.run(lambda desk: desk.read(ACTOR, "long.pdf", long_invoice(), lambda step: None))
    session = opened(workflow=workflow_id)
    assert view_of(session)["chosen"] is None
    (key,) = [button.key for button in session.button if button.key == "stage1_lead_executive_summary_0"]
    shown = []
    for _ in range(2):
        session.button(key=key).click().run()
        assert not session.exception
        view = view_of(session)
        shown.append(view["chosen"])
        assert view["chosen"] in [box["field"] for box in view["boxes"]]
    assert len(set(shown)) == 2


@pytest.mark.slow
def test_of_a_document_without_pages_a_statement_leads_to_its_value_on_review(core):
    rows = b"Pos,Description,Quantity,Unit price,Amount\n1,Bolt,2,3.00,6.00\n2,Nut,4,1.00,4.00\n"
    workflow_id = core.run(lambda desk: desk.read(ACTOR, "list.csv", rows, lambda step: None))
    session = opened(workflow=workflow_id)
    key = next(button.key for button in session.button if str(button.key).startswith("stage1_lead_"))
    session.button(key=key).click().run()
    assert not session.exception
    assert "Review" in [title.value for title in session.title] or session.get("text_input") or session.get("number_input")
