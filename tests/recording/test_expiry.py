import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from fakes import ACTOR, OWNER, SUMMARY, Clock, invoice_data, make_desk

from kraftd_core.adapters.files.local import kept_files
from kraftd_core.adapters.stores.spool import SpoolStore
from kraftd_core.adapters.stores.sqlite import SqliteStore
from kraftd_core.errors import FileDamaged, NotFound, StageOutOfOrder
from kraftd_core.ports.keeping import HistoryFilter, StoredDocument
from kraftd_core.recording.service import utc_now
from kraftd_core.records.chain import verify
from kraftd_core.records.plan import ExportFormat
from kraftd_core.records.stages import HistoryEntry, UserPreferences

RETENTION = timedelta(days=30)


def run(verb):
    return asyncio.run(verb)


class Bench:
    """A desk whose clock starts a month and a day ago, so that what it records can expire by every clock."""

    def __init__(self, folder):
        self.folder = folder
        self.clock = Clock()
        self.clock.now = utc_now() - RETENTION - timedelta(days=1)
        self.desk = make_desk(folder, self.clock)
        self.store = self.desk._store

    def finished(self, content=b"content"):
        """A workflow through all three stages, with a trail."""
        workflow = self.opened(content)
        run(self.desk.record_modifications(ACTOR, workflow))
        run(self.desk.produce(ACTOR, workflow, lambda step: None))
        run(self.desk.note_download(ACTOR, workflow))
        return workflow

    def opened(self, content=b"content"):
        """A workflow at stage 1, with a draft."""
        workflow = run(self.desk.read(ACTOR, "a.pdf", content, lambda step: None))
        data = invoice_data() | {"vendor_name": "Baker"}
        run(self.desk.keep_draft(ACTOR, workflow, data, UserPreferences(export_format=ExportFormat.JSON), {}))
        return workflow

    def left_of(self, workflow):
        """The tables that still hold something of a workflow; the journal outlives it, without any content."""
        with sqlite3.connect(self.folder / "records.sqlite3") as db:
            tables = [name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
            tables.remove("journal")
            return [table for table in tables if workflow in str(db.execute(f"SELECT * FROM {table}").fetchall())]

    def files(self):
        return len(list(kept_files(self.folder / "files")))

    def forbid(self, table):
        with sqlite3.connect(self.folder / "records.sqlite3") as db:
            db.execute(f"CREATE TRIGGER stays BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, 'not now'); END")


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


def test_a_workflow_is_shown_up_to_its_end_and_not_after_even_without_a_purge(bench):
    workflow = bench.finished()
    bench.clock.forward(days=30, milliseconds=-1)
    assert len(run(bench.store.stages(OWNER, workflow))) == 3
    assert len(run(bench.desk.history(ACTOR)).lines) == 1
    bench.clock.forward(milliseconds=1)
    assert run(bench.store.stages(OWNER, workflow)) == []
    assert run(bench.desk.history(ACTOR)).lines == []
    with pytest.raises(NotFound):
        run(bench.desk.workflow(ACTOR, workflow))


def test_an_expired_workflow_takes_no_further_stage(bench):
    workflow = bench.opened()
    bench.clock.forward(days=30)
    data = invoice_data()
    with pytest.raises(StageOutOfOrder):
        run(bench.desk.tracking.record_stage_2_user_modifications(workflow, "d", OWNER, data, data, {}))


@pytest.mark.slow
def test_purge_removes_all_that_is_kept_of_an_expired_workflow_and_nothing_of_another(bench):
    expired = [bench.finished(b"1"), bench.opened(b"2")]
    bench.clock.forward(days=1)
    kept = bench.finished(b"3")
    before = [dict(record) for record in run(bench.store.stages(OWNER, kept))]
    bench.clock.forward(days=29)
    purged = run(bench.desk.purge())
    assert purged.workflows == 2
    assert [bench.left_of(workflow) for workflow in expired] == [[], []]
    assert [dict(record) for record in run(bench.store.stages(OWNER, kept))] == before
    assert verify(before) is None
    assert bench.left_of(kept) == ["activities", "documents", "lessons", "records", "workflows"]


def test_files_go_with_their_workflow_and_not_before_it(bench):
    workflow = bench.finished()
    assert bench.files() == 2
    bench.clock.forward(days=30, seconds=-1)
    assert run(bench.desk.purge()).files == 0
    assert run(bench.desk.deliverable(ACTOR, workflow)).content
    bench.clock.forward(hours=2)
    purged = run(bench.desk.purge())
    assert (purged.workflows, purged.files, bench.files()) == (1, 2, 0)


def test_the_upload_of_two_workflows_stays_until_the_younger_ends(bench):
    bench.opened()
    bench.clock.forward(hours=20)
    younger = bench.opened()
    bench.clock.forward(days=30, hours=-10)
    assert run(bench.desk.purge()).workflows == 1
    assert bench.files() == 1
    assert bench.left_of(younger) == ["documents", "drafts", "records", "workflows"]


def test_a_document_lives_as_long_as_its_youngest_workflow(bench):
    bench.opened()
    bench.clock.forward(hours=10)
    younger = bench.opened()
    content_hash = run(bench.desk.workflow(ACTOR, younger)).stage1.source.content_hash
    bench.clock.forward(days=30, hours=-5)
    run(bench.desk.purge())
    assert run(bench.store.find(OWNER, content_hash)) is not None
    bench.clock.forward(hours=5)
    run(bench.desk.purge())
    assert run(bench.store.find(OWNER, content_hash)) is None


def test_a_purge_ahead_of_the_time_of_the_computer_removes_nothing(bench):
    bench.clock.now = utc_now()
    workflow = bench.finished()
    assert run(bench.store.purge(utc_now() + timedelta(days=60))) == 0
    assert len(run(bench.store.stages(OWNER, workflow))) == 3


def test_the_database_lets_only_expired_records_go(bench):
    expired = bench.opened()
    bench.clock.forward(days=2)
    kept = bench.opened()
    with sqlite3.connect(bench.folder / "records.sqlite3") as db:
        with pytest.raises(sqlite3.IntegrityError, match="before it expires"):
            db.execute("DELETE FROM records WHERE export_workflow_id = ?", (kept,))
        assert db.execute("DELETE FROM records WHERE export_workflow_id = ?", (expired,)).rowcount == 1
        with pytest.raises(sqlite3.IntegrityError, match="never changes"):
            db.execute("UPDATE records SET body = '{}'")


@pytest.mark.slow
@pytest.mark.parametrize("table", ["records", "activities", "drafts", "workflows", "documents"])
def test_a_purge_that_fails_anywhere_leaves_every_workflow_whole(bench, table):
    workflows = [bench.finished(b"1"), bench.opened(b"2")]
    before = [bench.left_of(workflow) for workflow in workflows]
    bench.clock.forward(days=31)
    bench.forbid(table)
    with pytest.raises(FileDamaged, match="not now"):
        run(bench.store.purge(bench.clock()))
    assert [bench.left_of(workflow) for workflow in workflows] == before


KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from kraftd_core.adapters.stores import sqlite as store_sqlite
from kraftd_core.recording.service import utc_now

purged, transactions = store_sqlite._purged, []

def killed(db, now):
    gone = purged(db, now)
    transactions.append(gone)
    if len(transactions) == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
    return gone

store_sqlite._purged, store_sqlite._PURGED_AT_ONCE = killed, 1
asyncio.run(store_sqlite.SqliteStore(Path(sys.argv[1])).purge(utc_now()))
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="there are no such signals on Windows")
@pytest.mark.parametrize("transactions", [1, 2, 3])
def test_a_purge_killed_before_it_commits_leaves_every_workflow_whole_or_gone(bench, transactions):
    workflows = [bench.finished(b"1"), bench.finished(b"2"), bench.finished(b"3")]
    whole = bench.left_of(workflows[0])
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", KILLED, bench.folder / "records.sqlite3", str(transactions)]
    assert subprocess.run(command, env=environment, check=False).returncode == -signal.SIGKILL
    left = [bench.left_of(workflow) for workflow in workflows]
    assert left.count([]) == transactions - 1
    assert left.count(whole) == 3 - (transactions - 1)


def test_more_workflows_than_one_transaction_takes_are_all_purged(bench, monkeypatch):
    monkeypatch.setattr("kraftd_core.adapters.stores.sqlite._PURGED_AT_ONCE", 2)
    for number in range(5):
        bench.opened(b"%d" % number)
    bench.clock.forward(days=31)
    assert run(bench.store.purge(bench.clock())) == 5


def test_a_workflow_of_which_one_record_has_not_expired_stays_whole(bench):
    workflow = bench.opened()
    with sqlite3.connect(bench.folder / "records.sqlite3") as db:
        longer = "SELECT ?, owner_email, export_workflow_id, 2, '2999-01-01T00:00:00.000Z', body FROM records"
        db.execute(f"INSERT INTO records {longer}", (f"{workflow}:2",))
    bench.clock.forward(days=31)
    assert run(bench.store.purge(bench.clock())) == 0
    assert bench.left_of(workflow) == ["documents", "drafts", "records", "workflows"]


def test_what_a_spool_had_still_to_send_of_an_expired_workflow_goes_with_it(bench):
    path = bench.folder / "spool.sqlite3"
    distant = SqliteStore(bench.folder / "distant.sqlite3", now=bench.clock)
    spool = SpoolStore(path, distant, now=bench.clock)

    async def spooled():
        workflow = str(uuid4())
        bench.desk.tracking._store = spool
        await bench.desk.tracking.record_stage_1_initial_summary(
            "d1", OWNER, "invoice", invoice_data(), SUMMARY, export_workflow_id=workflow
        )
        entry = HistoryEntry(timestamp=bench.clock(), action="seen", details="", actor=OWNER)
        await spool.append_activity(OWNER, workflow, entry)
        await spool.keep(StoredDocument("d1", OWNER, "a", "invoice", "sha256:1", {}, (workflow,)))
        return workflow

    workflow = run(spooled())
    bench.clock.forward(days=31)
    assert run(spool.purge(bench.clock())) == 1
    with sqlite3.connect(path) as db:
        assert workflow not in "".join(line for line in db.iterdump() if not line.startswith('INSERT INTO "journal"'))
    assert run(spool.history(OWNER, HistoryFilter(), 10, None)).lines == []
