import asyncio
import json
import sqlite3
import threading
from hashlib import sha256
from pathlib import Path

import pytest
from fakes import OWNER, SUMMARY, invoice_data, make_tracking

from kraftd_core.adapters.stores import migrations
from kraftd_core.adapters.stores.migrations import SCHEMA_VERSION
from kraftd_core.adapters.stores.seals import SEALED
from kraftd_core.adapters.stores.sqlite import SqliteStore
from kraftd_core.errors import StoreUnavailable
from kraftd_core.ports.keeping import Choices, HistoryFilter
from kraftd_core.recording.service import utc_now
from kraftd_core.records.chain import verify
from kraftd_core.records.stages import UserPreferences

VERSION_1 = """
CREATE TABLE records (
    id TEXT PRIMARY KEY, owner_email TEXT NOT NULL, export_workflow_id TEXT NOT NULL, sequence INTEGER NOT NULL,
    expiration_date TEXT NOT NULL, body TEXT NOT NULL, UNIQUE (export_workflow_id, sequence)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER records_stay BEFORE UPDATE ON records BEGIN SELECT RAISE(ABORT, 'a recorded stage never changes'); END;
CREATE TRIGGER records_last BEFORE DELETE ON records WHEN OLD.expiration_date > strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
BEGIN SELECT RAISE(ABORT, 'a recorded stage is never deleted before it expires'); END;
CREATE TRIGGER records_once BEFORE INSERT ON records WHEN EXISTS (SELECT 1 FROM records WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a recorded stage is never replaced'); END;
CREATE TABLE workflows (
    export_workflow_id TEXT PRIMARY KEY, owner_email TEXT NOT NULL, document_id TEXT NOT NULL, document_name TEXT NOT NULL,
    document_type TEXT NOT NULL, headline TEXT NOT NULL, search_text TEXT NOT NULL, status TEXT NOT NULL,
    changed_values INTEGER, template TEXT, export_format TEXT, filename TEXT,
    started_at TEXT NOT NULL, updated_at TEXT NOT NULL, expiration_date TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX workflows_newest ON workflows (owner_email, started_at DESC, export_workflow_id DESC);
CREATE INDEX workflows_expiring ON workflows (expiration_date);
CREATE TABLE activities (
    number INTEGER PRIMARY KEY, owner_email TEXT NOT NULL, export_workflow_id TEXT NOT NULL, body TEXT NOT NULL
) STRICT;
CREATE INDEX activities_of ON activities (owner_email, export_workflow_id);
CREATE TABLE documents (
    owner_email TEXT NOT NULL, document_id TEXT NOT NULL, content_hash TEXT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (owner_email, document_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX documents_by_content ON documents (owner_email, content_hash);
CREATE TABLE drafts (
    owner_email TEXT NOT NULL, export_workflow_id TEXT NOT NULL, revision INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (owner_email, export_workflow_id)
) STRICT, WITHOUT ROWID;
PRAGMA user_version = 1;
"""
TABLES = ("records", "workflows", "activities", "documents", "drafts")


def run(verb):
    return asyncio.run(verb)


@pytest.fixture
def folder(tmp_path):
    """A folder where records were kept in a file of version 1: three workflows, two of them whole."""
    tracking, ids = make_tracking(tmp_path / "recent", utc_now), []
    for stages in (3, 1, 3):
        data = invoice_data()
        ids.append(run(tracking.record_stage_1_initial_summary("d1", OWNER, "invoice", data, SUMMARY)))
        if stages == 3:
            run(tracking.record_stage_2_user_modifications(ids[-1], "d1", OWNER, data, data | {"vendor_name": "B"}, {}))
            run(tracking.record_stage_3_final_deliverable(ids[-1], "d1", OWNER, SUMMARY, "json", "x.json", 2, b"{}"))
    run(tracking._store.close())
    with sqlite3.connect(tmp_path / "records.sqlite3") as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.executescript(VERSION_1)
        db.execute("ATTACH ? AS recent", (str(tmp_path / "recent" / "records.sqlite3"),))
        for table in TABLES:
            columns = ", ".join(row[1] for row in db.execute(f"PRAGMA main.table_info({table})"))
            db.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM recent.{table}")
    return tmp_path


def contents(folder: Path):
    with sqlite3.connect(folder / "records.sqlite3") as db:
        return {table: sorted(db.execute(f"SELECT {_first_columns(db, table)} FROM {table}").fetchall()) for table in TABLES}


def _first_columns(db, table):
    """All columns but those that a later version added."""
    names = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
    later = {"content_hash", "regenerated_from"} if table == "workflows" else set()
    return ", ".join(name for name in names if name not in later | {"seal"})


def version(folder: Path):
    with sqlite3.connect(folder / "records.sqlite3") as db:
        return db.execute("PRAGMA user_version").fetchone()[0]


def schema_of(path: Path):
    with sqlite3.connect(path) as db:
        return {sql for (sql,) in db.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL")}


def test_a_file_of_the_first_version_is_brought_up_to_date_and_every_record_stays_byte_for_byte(folder):
    before = contents(folder)
    tracking = make_tracking(folder, utc_now)
    assert (version(folder), contents(folder)) == (SCHEMA_VERSION, before)
    page = run(tracking._store.history(OWNER, HistoryFilter(), 10, None))
    assert sorted(line.status for line in page.lines) == ["awaiting_user_review", "completed", "completed"]
    for line in page.lines:
        assert verify(run(tracking.stored_records(line.export_workflow_id, OWNER))) is None


def test_a_file_delivered_under_the_first_version_is_found_by_its_hash(folder):
    store = make_tracking(folder, utc_now)._store
    page = run(store.history(OWNER, HistoryFilter(status="completed"), 10, None))
    found = run(store.delivered_as(OWNER, "sha256:" + sha256(b"{}").hexdigest()))
    assert found in {line.export_workflow_id for line in page.lines}


def take_back_what_came_later(db):
    """Leaves the tables as they were before rows were sealed and records entered in a journal."""
    db.execute("DROP TABLE journal")
    for table in SEALED:
        db.execute(f"ALTER TABLE {table} DROP COLUMN seal")


def test_lines_of_earlier_versions_are_mended_to_say_what_was_delivered_and_to_be_found_in_any_spelling(tmp_path):
    tracking, data = make_tracking(tmp_path, utc_now), invoice_data() | {"vendor_name": "Müller", "invoice_id": 1234567}
    workflow = run(tracking.record_stage_1_initial_summary("d1", OWNER, "invoice", data, SUMMARY, document_name="ﬁrma.pdf"))
    other = run(tracking.record_stage_1_initial_summary("d2", OWNER, "invoice", data | {"invoice_id": "1,234,567"}, SUMMARY))
    run(tracking.record_stage_2_user_modifications(workflow, "d1", OWNER, data, data, {}))
    file = ("json", "x.json", 2, b"{}", "financial_report")
    run(tracking.record_stage_3_final_deliverable(workflow, "d1", OWNER, SUMMARY, *file))
    run(tracking._store.close())
    with sqlite3.connect(tmp_path / "records.sqlite3") as db:
        as_before = "UPDATE workflows SET template = 'standard', export_format = 'pdf', search_text = ?, headline = ?"
        headline = {"vendor": "Müller", "number": "1,234,567", "total": "1"}
        db.execute(as_before, ("ﬁrma.pdf müller 1,234,567", json.dumps(headline)))
        db.execute("UPDATE workflows SET template = NULL, export_format = NULL WHERE export_workflow_id = ?", (other,))
        take_back_what_came_later(db)
        db.execute("PRAGMA user_version = 6")
    store = make_tracking(tmp_path, utc_now)._store
    lines = {line.export_workflow_id: line for line in run(store.history(OWNER, HistoryFilter(text="MULLER"), 10, None)).lines}
    mended = lines[workflow]
    assert (mended.template, mended.export_format, mended.headline.number) == ("financial_report", "json", "1234567")
    assert (lines[other].template, lines[other].export_format, lines[other].headline.number) == (None, None, "1,234,567")
    (found,) = run(store.history(OWNER, HistoryFilter(text="firma 1234567"), 9, None)).lines
    assert found.export_workflow_id == workflow
    assert verify(run(store.stages(OWNER, workflow))) is None


def test_a_file_brought_up_to_date_is_like_a_new_one(folder):
    make_tracking(folder, utc_now)
    SqliteStore(folder / "new.sqlite3")
    assert schema_of(folder / "records.sqlite3") == schema_of(folder / "new.sqlite3")


def test_reviews_of_a_file_that_was_brought_up_to_date_teach(folder):
    lessons = run(make_tracking(folder, utc_now)._store.lessons(OWNER, "invoice", 9))
    assert [[(c.name, c.became) for c in lesson.corrections] for lesson in lessons] == [[("vendor_name", "B")]] * 2


def test_a_workflow_goes_on_after_its_file_was_brought_up_to_date(folder):
    tracking = make_tracking(folder, utc_now)
    page = run(tracking._store.history(OWNER, HistoryFilter(status="awaiting_user_review"), 10, None))
    workflow, data = page.lines[0].export_workflow_id, invoice_data()
    run(tracking.record_stage_2_user_modifications(workflow, "d1", OWNER, data, data | {"vendor_name": "C"}, {}))
    assert verify(run(tracking.stored_records(workflow, OWNER))) is None
    assert run(tracking._store.history(OWNER, HistoryFilter(status="awaiting_user_review"), 10, None)).lines == []


def test_a_migration_that_fails_leaves_the_file_as_it_was(folder, monkeypatch):
    before, schema = contents(folder), schema_of(folder / "records.sqlite3")
    scripts = (*migrations._MIGRATIONS[:1], migrations._MIGRATIONS[1] + "INSERT INTO nowhere VALUES (1);")
    monkeypatch.setattr(migrations, "_MIGRATIONS", scripts)
    with pytest.raises(StoreUnavailable, match="nowhere"):
        SqliteStore(folder / "records.sqlite3")
    assert (version(folder), contents(folder), schema_of(folder / "records.sqlite3")) == (1, before, schema)


def test_two_processes_that_open_an_old_file_at_once_bring_it_up_to_date_once(folder):
    before, opened, gate = contents(folder), [], threading.Barrier(4)

    def open_one():
        gate.wait()
        opened.append(SqliteStore(folder / "records.sqlite3"))

    threads = [threading.Thread(target=open_one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(opened), contents(folder)) == (4, before)


READ_ALONG = {
    "newest": ("PRIMARY KEY", "(started_at,export_workflow_id)<(?,?)"),
    "oldest": ("PRIMARY KEY", "(started_at,export_workflow_id)>(?,?)"),
    "worked_on": ("INDEX workflows_worked_on", "(updated_at,export_workflow_id)<(?,?)"),
}


@pytest.mark.parametrize("order", READ_ALONG)
@pytest.mark.parametrize("cursor", [None, "2026-10-06T09:00:00.000Z 0"], ids=["first page", "next page"])
def test_a_page_of_history_is_read_in_order_from_where_it_begins(tmp_path, monkeypatch, cursor, order):
    store, asked = SqliteStore(tmp_path / "x.sqlite3"), []
    rows = store._rows
    monkeypatch.setattr(store, "_rows", lambda query, parameters: (asked.append((query, parameters)), rows(query, parameters))[1])
    run(store.history(OWNER, HistoryFilter(order=order), 20, cursor))
    ((query, parameters),) = asked
    ((plan, *more),) = [[row[3] for row in run(rows(f"EXPLAIN QUERY PLAN {query}", parameters))]]
    index, beyond = READ_ALONG[order]
    bounds = "owner_email=?" if cursor is None else f"owner_email=? AND {beyond}"
    assert plan == f"SEARCH workflows USING {index} ({bounds})"
    assert more == []  # no sorting


def test_lessons_are_read_in_order_from_where_they_begin(tmp_path, monkeypatch):
    store, asked = SqliteStore(tmp_path / "x.sqlite3"), []
    rows = store._rows
    monkeypatch.setattr(store, "_rows", lambda query, parameters: (asked.append((query, parameters)), rows(query, parameters))[1])
    run(store.lessons(OWNER, "invoice", 200))
    ((query, parameters),) = asked
    plan = [row[3] for row in run(rows(f"EXPLAIN QUERY PLAN {query}", parameters))]
    assert plan == ["SEARCH lessons USING PRIMARY KEY (owner_email=? AND document_type=?)"]


def test_what_was_chosen_for_a_file_lay_in_a_draft_and_is_found_where_it_belongs_now(folder):
    chosen = {"transformation_instructions": "in German", "template_customization": {"unticked": ["sort"]}}
    typed = {"transformation_instructions": "", "template_customization": {}}
    body = {"reasons": {}, "editing_time_seconds": 0.0, "last_activity": "2026-01-31T09:30:00.000Z", "revision": 1}
    with sqlite3.connect(folder / "records.sqlite3") as db:
        for workflow, preferences in (("chosen", chosen), ("typed", typed)):
            whole = json.dumps(body | {"modified_data": {}, "preferences": preferences})
            db.execute("INSERT INTO drafts VALUES (?, ?, 1, ?)", (OWNER, workflow, whole))
    store = make_tracking(folder, utc_now)._store
    preferences = UserPreferences(transformation_instructions="in German")
    assert run(store.choices(OWNER, "chosen")) == Choices(preferences, ("sort",))
    assert run(store.draft(OWNER, "chosen")) is None
    assert run(store.choices(OWNER, "typed")) is None
    assert run(store.draft(OWNER, "typed")).preferences == UserPreferences()
