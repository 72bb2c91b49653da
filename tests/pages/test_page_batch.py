"""Many files dropped at once, as the page lists them."""

import asyncio
import json

import pytest
from apptests import ACTOR, button, core, ended, opened, texts  # noqa: F401  core is a fixture

from kraftd_core.adapters.readers.local.extractor import LocalExtractor
from pages.parts.widgets import plain

pytestmark = [pytest.mark.usefixtures("core"), pytest.mark.slow]


def invoice(number):
    return json.dumps({"document_type": "invoice", "vendor_name": "Mill", "invoice_id": number, "invoice_total": 1}).encode()


def dropped(session, *files):
    (uploader,) = [found for found in session.file_uploader if str(found.key).startswith("stage1_upload")]
    return uploader.set_value([(name, content, "application/octet-stream") for name, content in files]).run()


def all_ended(core):
    for job_id in core.run(lambda desk: desk.batch(ACTOR)):
        ended(core, job_id)


def told(session):
    return [each.value for kind in ("warning", "error") for each in session.get(kind)]


@pytest.fixture
def earlier(core):
    return core.run(lambda desk: desk.read(ACTOR, "mill.json", invoice("M-1"), lambda step: None))


def test_of_many_files_each_is_read_or_named_with_the_reason(core, earlier):
    files = [
        ("a.json", invoice("M-2")), ("again.json", invoice("M-1")), ("tool.exe", b"MZ\x90"), ("b*.json", invoice("M-3")),
        ("number.json", invoice("M-1").replace(b"1}", b"1.0}")),
    ]  # fmt: skip
    session = dropped(opened(), *files)
    assert not session.exception
    all_ended(core)
    session = opened()  # found again by whoever left the page
    assert not session.exception
    assert "2 of 5 documents read · 1 not taken · 2 need you" in session.get("progress")[0].proto.text
    assert len(told(session)) == 3
    for name, reason in (
        ("again.json", "You had this very file on"), ("number.json", "has the same supplier and invoice number"),
        ("tool.exe", "Files of this kind are not read"),
    ):  # fmt: skip
        assert [each for each in told(session) if each.startswith(f"**{plain(name)}**") and reason in each]
    assert {"M-2", "M-3"} <= {line.headline.number for line in core.run(lambda desk: desk.history(ACTOR)).lines}


def test_what_asks_first_is_recorded_left_out_or_opened_and_the_list_cleared(core, earlier):
    dropped(opened(), ("again.json", invoice("M-1")), ("a.json", invoice("M-2")))
    all_ended(core)
    (job_id, _) = core.run(lambda desk: desk.batch(ACTOR))
    session = button(opened(), f"stage1_batch_anyway_{job_id}").click().run()
    all_ended(core)
    assert len(core.run(lambda desk: desk.history(ACTOR)).lines) == 3
    session = button(opened(), "stage1_batch_clear").click().run()
    assert not session.exception
    assert not core.run(lambda desk: desk.batch(ACTOR))

    dropped(opened(), ("again.json", invoice("M-1")), ("a.json", invoice("M-2")))
    all_ended(core)
    for job_id in core.run(lambda desk: desk.batch(ACTOR)):
        session = button(opened(), f"stage1_batch_without_{job_id}").click().run()
        assert not session.exception
    assert not core.run(lambda desk: desk.uploads(ACTOR))
    assert len(core.run(lambda desk: desk.history(ACTOR)).lines) == 3


def test_files_beyond_the_most_are_named_and_what_was_stopped_goes_on(core, monkeypatch):
    monkeypatch.setattr(LocalExtractor, "extract", waits_for_ever)
    files = [(f"{n}.json", invoice(f"M-{n}")) for n in range(102)]
    session = dropped(opened(), *files)
    assert any("At most 100 files are taken together: 2 files not taken" in each for each in told(session))
    assert len(core.run(lambda desk: desk.batch(ACTOR))) == 100
    session = button(session, "stage1_batch_stop").click().run()
    all_ended(core)
    session = opened()
    assert "0 of 100 documents read · 100 stopped" in session.get("progress")[0].proto.text
    button(session, "stage1_go_on_with_all").click().run()
    assert len([job for job in core.run(lambda desk: desk.batch(ACTOR)).values() if job.is_running]) == 100
    core.run(lambda desk: desk.stop_batch(ACTOR))
    all_ended(core)


async def waits_for_ever(self, *asked):
    await asyncio.Event().wait()


def test_more_documents_than_are_listed_lead_to_all_that_wait(core):
    dropped(opened(), *((f"{n}.json", invoice(f"M-{n}")) for n in range(8)))
    all_ended(core)
    session = opened()
    assert len([b for b in session.button if str(b.key).startswith("stage1_continue_")]) == 6
    session = button(session, "stage1_all_waiting").click().run()
    assert not session.exception
    assert len(session.dataframe[0].value) == 8
