"""What the Review page shows of earlier reviews, without a browser."""

import json

import pytest
from apptests import ACTOR, OWNER, core, opened, texts  # noqa: F401  core is a fixture

from kraftd_core import UserPreferences

READ_AS, RIGHT = "MILL 50NS", "Mill & *Sons*"
EXCEL = UserPreferences(document_template="executive_summary", export_format="excel")


pytestmark = [pytest.mark.usefixtures("core"), pytest.mark.slow]


@pytest.fixture
def workflow_id(core):
    """A document of a supplier that was misread and corrected in the three before."""
    for number in (1, 2, 3):
        correct(core, read(core, number))
    return read(core, 4)


def read(core, number):
    lines = [{"description": "Flour", "quantity": 2, "unit_price": 5, "amount": 10}]
    data = {"document_type": "invoice", "vendor_name": READ_AS, "invoice_id": f"FA-{number}", "invoice_date": "2026-10-01",
            "currency": "EUR", "invoice_total": 10, "line_items": lines}  # fmt: skip
    return core.run(lambda desk: desk.read(ACTOR, f"{number}.json", json.dumps(data).encode(), lambda step: None))


def correct(core, workflow):
    data = core.run(lambda desk: desk.review(ACTOR, workflow)).draft.modified_data
    core.run(lambda desk: desk.keep_draft(ACTOR, workflow, data | {"vendor_name": RIGHT}, EXCEL, {}))
    core.run(lambda desk: desk.record_modifications(ACTOR, workflow))


def review_of(workflow_id):
    """The Review page of a document, as a new session sees it."""
    return opened("stage2_modifications.py", workflow=workflow_id)


def said(session):
    """What the page says, without the escapes."""
    return texts(session).replace("\\", "").replace("\u2060", "")


def offered(session, answer):
    return [button for button in session.button if str(button.key).startswith(f"review_offer_{answer}")]


def draft(core, workflow_id):
    return core.run(lambda desk: desk.review(ACTOR, workflow_id)).draft


def test_a_review_opens_with_the_usual_choices_and_a_suggestion_that_is_taken_with_a_click_and_undone(core, workflow_id):
    session = review_of(workflow_id)
    assert not session.exception
    assert session.selectbox(key="stage2_template").value == "executive_summary"
    assert session.radio(key="stage2_format").value == "excel"
    assert "You chose Executive summary 3 of 3 times for invoices, and Excel 3 times." in said(session)
    assert f"You corrected the supplier from “{READ_AS}” to “{RIGHT}” 3 times for this supplier (FA-1 on" in said(session)
    assert "1 value needs your eyes" in said(session)
    (use,) = offered(session, "use")
    use.click().run()
    assert not session.exception
    assert not offered(session, "use")
    kept = draft(core, workflow_id)
    assert kept.modified_data["vendor_name"] == RIGHT
    assert [(s.field, s.is_accepted) for s in kept.suggestions] == [("vendor_name", True)]
    session.button(key="stage2_undo").click().run()
    kept = draft(core, workflow_id)
    assert (kept.modified_data["vendor_name"], kept.suggestions) == (READ_AS, ())
    (leave,) = offered(session, "leave")
    leave.click().run()
    kept = draft(core, workflow_id)
    assert (kept.modified_data["vendor_name"], [s.is_accepted for s in kept.suggestions]) == (READ_AS, [False])
    assert not offered(session, "leave")


def test_learning_is_turned_off_on_and_forgotten_on_the_page(core, workflow_id):
    session = review_of(workflow_id)
    session.button(key="review_learning_off").click().run()
    assert not session.exception
    assert "Learning is off" in said(session)
    assert not offered(session, "use")
    assert session.selectbox(key="stage2_template").value == "executive_summary"  # what stands there does not jump
    session.button(key="review_learning_on").click().run()
    assert offered(session, "use")
    session.button(key="review_learning_forget").click().run()
    assert not offered(session, "use")
    assert "Learning is on" in said(session)
    assert "are forgotten" in said(session)
    assert "You chose" not in said(session)
