import asyncio
import random
import sqlite3
import threading
from contextlib import closing

import pytest
from fakes import OWNER, SUMMARY, invoice_data, make_tracking
from hypothesis import settings
from killing import killed_writers

from kraftd_core.adapters.stores.sqlite import SqliteStore
from kraftd_core.errors import FileDamaged, StoreUnavailable
from kraftd_core.recording.service import utc_now
from kraftd_core.records.stages import HistoryEntry


@pytest.fixture
def recorded(tmp_path):
    tracking = make_tracking(tmp_path, utc_now)
    asyncio.run(tracking.record_stage_1_initial_summary("d1", OWNER, "invoice", invoice_data(), SUMMARY))
    return sqlite3.connect(tmp_path / "records.sqlite3")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE records SET body = '{}'",
        "DELETE FROM records",
        "INSERT OR REPLACE INTO records SELECT id, owner_email, export_workflow_id, sequence, expiration_date, '{}' FROM records",
        "REPLACE INTO records SELECT * FROM records",
        "UPDATE OR REPLACE records SET sequence = 2",
    ],
)
def test_the_database_itself_refuses_to_touch_a_recorded_stage(recorded, statement):
    before = recorded.execute("SELECT * FROM records").fetchall()
    with pytest.raises(sqlite3.IntegrityError, match="a recorded stage"):
        recorded.execute(statement)
    assert recorded.execute("SELECT * FROM records").fetchall() == before


def test_a_commit_is_on_the_disk_before_it_is_acknowledged(tmp_path):
    store = SqliteStore(tmp_path / "x.sqlite3")

    def pragma(name):
        return asyncio.run(store._write(lambda db: db.execute(f"PRAGMA {name}").fetchone()[0]))

    assert (pragma("synchronous"), pragma("journal_mode")) == (2, "wal")


def test_a_file_of_a_newer_version_is_not_touched(tmp_path):
    path = tmp_path / "x.sqlite3"
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(StoreUnavailable, match="newer version"):
        SqliteStore(path)


def test_a_file_that_is_no_database_is_said_and_left_as_it_is(tmp_path):
    path = tmp_path / "x.sqlite3"
    path.write_bytes(b"minutes of a meeting\n" * 100)
    with pytest.raises(FileDamaged, match=r"damaged.*restore the last backup"):
        SqliteStore(path)
    assert path.read_bytes() == b"minutes of a meeting\n" * 100


def test_a_database_of_another_application_is_said_and_left_as_it_is(tmp_path):
    path = tmp_path / "x.sqlite3"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE recipes (name TEXT)")
    before = path.read_bytes()
    with pytest.raises(FileDamaged, match="another application"):
        SqliteStore(path)
    assert path.read_bytes() == before


def test_a_folder_in_place_of_the_file_is_said(tmp_path):
    with pytest.raises(StoreUnavailable, match="cannot be reached"):
        SqliteStore(tmp_path)


def test_damage_found_while_reading_is_said(tmp_path):
    path = tmp_path / "x.sqlite3"
    store = SqliteStore(path)
    entry = HistoryEntry(timestamp=utc_now(), action="seen", details="x" * 9000, actor=OWNER)
    asyncio.run(store.append_activity(OWNER, "w", entry))
    asyncio.run(store.close())
    whole = path.read_bytes()
    start = whole.index(b"x" * 999) // 4096 * 4096  # the page of the entry; the schema is read when the file is opened
    path.write_bytes(whole[:start] + bytes(4096) + whole[start + 4096 :])
    store = SqliteStore(path)
    with pytest.raises(FileDamaged, match="damaged"):
        asyncio.run(store.activities(OWNER, "w"))
    asyncio.run(store.close())


def test_two_stores_opened_at_once_on_a_new_file_both_work(tmp_path):
    opened, gate = [], threading.Barrier(4)

    def open_one():
        gate.wait()
        opened.append(SqliteStore(tmp_path / "x.sqlite3"))

    threads = [threading.Thread(target=open_one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 4


def test_one_refused_write_of_a_batch_undoes_itself_alone(tmp_path):
    store = SqliteStore(tmp_path / "x.sqlite3")

    def broken(db):
        db.execute("INSERT INTO activities (owner_email, export_workflow_id, body) VALUES ('a', 'w', 'half')")
        raise ZeroDivisionError

    async def together():
        entry = HistoryEntry(timestamp=utc_now(), action="seen", details="", actor=OWNER)
        writes = [store.append_activity("a", "w", entry), store._write(broken), store.append_activity("a", "w", entry)]
        return await asyncio.gather(*writes, return_exceptions=True)

    assert [type(outcome) for outcome in asyncio.run(together())][1] is ZeroDivisionError
    assert len(asyncio.run(store.activities("a", "w"))) == 2


def test_a_locked_file_is_said_and_nothing_is_recorded(tmp_path):
    store = SqliteStore(tmp_path / "x.sqlite3", patience_seconds=0.05)
    other = sqlite3.connect(tmp_path / "x.sqlite3", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreUnavailable, match="locked"):
        asyncio.run(store.drop_draft(OWNER, "w"))
    other.execute("ROLLBACK")
    asyncio.run(store.drop_draft(OWNER, "w"))


@pytest.mark.slow
def test_killed_writers_lose_no_acknowledged_stage_and_break_no_chain(tmp_path):
    *_, toll = killed_writers(tmp_path, settings().max_examples // 5, random.Random(7))
    assert (toll.lost, toll.broken) == (set(), set())
