"""What the Review page shows of earlier reviews, without a browser."""

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from kraftd_core import UserPreferences, bootstrap
from pages.parts import editing

FRAME = str(Path(__file__).parent.parent / "pages" / "frame.py")
OWNER = "demo@localhost"
READ_AS, RIGHT = "MILL 50NS", "Mill & *Sons*"
EXCEL = UserPreferences(document_template="executive_summary", export_format="excel")


@pytest.fixture(autouse=True)
def core(monkeypatch):
    """A core of the test's own."""
    monkeypatch.setattr(bootstrap, "_core", None)
    monkeypatch.setattr(editing, "_SETTLED", 0)  # no browser is there that could still have a cell open
    return bootstrap.core()


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
    return core.run(lambda desk: desk.read(OWNER, f"{number}.json", json.dumps(data).encode(), lambda step: None))


def correct(core, workflow):
    data = core.run(lambda desk: desk.review(OWNER, workflow)).draft.modified_data
    core.run(lambda desk: desk.keep_draft(OWNER, workflow, data | {"vendor_name": RIGHT}, EXCEL, {}))
    core.run(lambda desk: desk.record_modifications(OWNER, workflow))


def opened(workflow_id):
    session = AppTest.from_file(FRAME, default_timeout=60)
    session.query_params["workflow"] = workflow_id
    return session.run().switch_page("stage2_modifications.py").run()


def texts(session):
    shown = " ".join(str(e.value) for kind in ("markdown", "caption", "error") for e in session.get(kind))
    return shown.replace("\\", "").replace("\u2060", "")


def offered(session, answer):
    return [button for button in session.button if str(button.key).startswith(f"review_offer_{answer}")]


def draft(core, workflow_id):
    return core.run(lambda desk: desk.review(OWNER, workflow_id)).draft


def test_a_review_opens_with_the_usual_choices_and_a_suggestion_that_is_taken_with_a_click_and_undone(core, workflow_id):
    session = opened(workflow_id)
    assert not session.exception
    assert session.selectbox(key="stage2_template").value == "executive_summary"
    assert session.radio(key="stage2_format").value == "excel"
    assert "You chose Executive summary 3 of 3 times for invoices, and Excel 3 times." in texts(session)
    assert f"You corrected the supplier from “{READ_AS}” to “{RIGHT}” 3 times for this supplier (FA-1 on" in texts(session)
    assert "1 value needs your eyes" in texts(session)
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
    session = opened(workflow_id)
    session.button(key="review_learning_off").click().run()
    assert not session.exception
    assert "Learning is off" in texts(session)
    assert not offered(session, "use")
    assert session.selectbox(key="stage2_template").value == "executive_summary"  # what stands there does not jump
    session.button(key="review_learning_on").click().run()
    assert offered(session, "use")
    session.button(key="review_learning_forget").click().run()
    assert not offered(session, "use")
    assert "Learning is on" in texts(session)
    assert "are forgotten" in texts(session)
    assert "You chose" not in texts(session)
