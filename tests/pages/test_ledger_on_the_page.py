"""What the summary says of the lines that were read, and of those that were not."""

import asyncio

import pytest
from apptests import ACTOR, core, opened, stage, texts  # noqa: F401  core is a fixture

from kraftd_core import LedgerEntry
from kraftd_core.desk.stage1_summary import ReadingVerbs
from kraftd_core.ports.reading import Extraction

pytestmark = pytest.mark.usefixtures("core")

DATA = {"document_type": "boq", "line_items": [{"_row_id": "a1", "description": "Concrete", "quantity": 2, "unit": "m3"}]}


def read(core, monkeypatch, **entry):
    """A workflow of a document of which a reader counted this."""
    ledger = [LedgerEntry.model_validate({"page": 12, "rows_taken": 1} | entry)]

    async def extract(self, name, content, progress, document_type=None):
        await asyncio.sleep(0)
        return Extraction("LOCAL", "local-1", "boq", DATA, {}, None, 12, ledger=ledger)

    monkeypatch.setattr(ReadingVerbs, "extract", extract)
    return core.run(lambda desk: desk.read(ACTOR, "bill.pdf", b"x", lambda step: None))


def test_lines_that_were_not_read_are_said_on_the_page_in_the_summary_and_in_the_record(core, monkeypatch):
    lost = {"rows_seen": 5, "left_out": [{"why": "not_understood", "rows": 4}]}
    workflow = read(core, monkeypatch, **lost)
    session = opened("stage1_summary.py", workflow=workflow)
    assert not session.exception
    assert [box.label for box in session.expander][:1] == ["4 of 5 lines not read, on page 12"]
    assert "4 lines on page 12 that look like rows were not read" in texts(session)
    recorded = stage(core, workflow, 1)
    assert (recorded.reading_ledger[0].page, recorded.reading_ledger[0].not_understood) == (12, 4)
    assert [finding.check for finding in recorded.findings if finding.check == "rows_read"]


def test_lines_that_were_all_read_are_one_calm_line(core, monkeypatch):
    sums = [{"column": "amount", "taken": 5, "printed": 5}]
    session = opened("stage1_summary.py", workflow=read(core, monkeypatch, rows_seen=1, sums=sums))
    assert not session.exception
    assert [box.label for box in session.expander][:1] == ["1 of 1 line read; the sums agree"]
    assert "not read" not in texts(session)
