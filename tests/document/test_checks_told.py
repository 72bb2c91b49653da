"""What the pages say of a document's type and of its checks."""

import json

import pytest
from apptests import ACTOR, OWNER, core, job_ended, opened, texts  # noqa: F401  core is a fixture

from kraftd_core import KINDS
from pages.parts.widgets import plain

RIGHT = {
    "document_type": "invoice", "vendor_name": "Mill", "invoice_id": "M-1", "invoice_date": "2026-10-01", "currency": "EUR",
    "subtotal": 14.2, "total_tax": 0, "invoice_total": 14.2,
    "line_items": [{"description": "Flour", "quantity": 2, "unit_price": 7.1, "amount": 14.2}],
}  # fmt: skip


pytestmark = pytest.mark.usefixtures("core")


def read(core, data):
    content = json.dumps(data).encode()
    return core.run(lambda desk: desk.read(ACTOR, "mill.json", content, lambda step: None))


def reviewed(core, workflow_id, **fields):
    async def review(desk):
        draft = (await desk.review(ACTOR, workflow_id)).draft
        await desk.keep_draft(ACTOR, workflow_id, draft.modified_data | fields, draft.preferences, {})
        await desk.record_modifications(ACTOR, workflow_id)

    core.run(review)


def test_the_history_tells_how_the_checks_stood_before_and_after_the_review(core):
    workflow_id = read(core, RIGHT | {"invoice_total": 15, "invoice_id": None})
    reviewed(core, workflow_id, invoice_total=14.2, invoice_id="M-1")
    session = opened("history.py", workflow=workflow_id)
    assert not session.exception
    assert "Checks: before 2, after 0, when recorded." in texts(session)
    assert plain("Mended: The invoice number is missing.") in texts(session)


def test_the_history_tells_which_check_an_edit_broke(core):
    workflow_id = read(core, RIGHT)
    reviewed(core, workflow_id, invoice_total=15)
    told = texts(opened("history.py", workflow=workflow_id))
    assert "Checks: before 0, after 1, when recorded." in told
    assert plain("Broken: The subtotal 14.20 plus the tax 0.00 is 14.20, but the total says 15.00.") in told


def test_the_kind_of_a_new_document_is_recognised_unless_the_user_says_it():
    choice = opened().selectbox(key="stage1_type")
    assert choice.value is None
    assert choice.options == ["Recognise it", *(kind.label for kind in KINDS.values())]


@pytest.mark.parametrize(("chosen", "kind"), [(None, "invoice"), ("quotation", "quotation")])
def test_an_uploaded_document_is_read_as_the_kind_that_was_chosen(core, chosen, kind):
    csv = b"Invoice;;;\nInvoice number;M-1;;\n;;;\nDescription;Quantity;Unit price;Amount\nFlour;2;7.10;14.20\n"
    session = opened()
    session.selectbox(key="stage1_type").set_value(chosen).run()
    (uploader,) = [found for found in session.file_uploader if str(found.key).startswith("stage1_upload")]
    uploader.set_value(("mill.csv", csv, "text/csv")).run()
    assert not session.exception
    job_id = job_ended(core, session)
    workflow_id = core.run(lambda desk: desk.job(ACTOR, job_id)).result
    assert core.run(lambda desk: desk.workflow(ACTOR, workflow_id)).stage1.document_type == kind
