"""Whatever is changed in the file of the records is found when it is verified, or named here as out of reach."""

import asyncio
import json
import random
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from fakes import ACTOR, OWNER, Clock, invoice_data, make_desk

from kraftd_core.__main__ import main
from kraftd_core.errors import FileDamaged, KraftdError
from kraftd_core.ports.keeping import Choices
from kraftd_core.records.bundle import verify_bundle
from kraftd_core.records.chain import sealed
from kraftd_core.records.journal import JournalEntry, JournalHead, disagreement, entry_after, flaw_in
from kraftd_core.records.plan import ExportFormat
from kraftd_core.records.stages import UserPreferences

AS_JSON = UserPreferences(export_format=ExportFormat.JSON)
OUTSIDE: set[str] = set()
"""Columns whose change is not found, as `table.column`: none."""


async def finished(desk, number=1):
    workflow = await desk.read(ACTOR, f"{number}.pdf", f"FA-{number}".encode(), lambda step: None)
    await desk.keep_draft(ACTOR, workflow, invoice_data() | {"vendor_name": "Baker"}, AS_JSON, {})
    await desk.record_modifications(ACTOR, workflow)
    await desk.produce(ACTOR, workflow, lambda step: None)
    await desk.note_download(ACTOR, workflow)
    return workflow


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A data folder with two finished workflows, one under review, and something in every table; its ids, and the clock."""
    folder, clock = tmp_path_factory.mktemp("made"), Clock()
    ids = asyncio.run(filled(folder, clock))
    with closing(sqlite3.connect(folder / "records.sqlite3")) as db:
        db.execute("PRAGMA journal_mode = DELETE")
    return folder, ids, clock


async def filled(folder, clock):
    desk = make_desk(folder, clock)
    ids = [await finished(desk, 1), await finished(desk, 2)]
    open_one = await desk.read(ACTOR, "3.pdf", b"FA-3", lambda step: None)
    await desk.keep_draft(ACTOR, open_one, invoice_data() | {"vendor_name": "Typed"}, AS_JSON, {})
    await desk._store.keep_choices(OWNER, open_one, Choices(AS_JSON))
    await desk._store.keep_part(OWNER, "d9", "reading", "{}", clock.now.replace(year=2099))
    await desk._store.keep_learning_choice(OWNER, await desk._store.learning_choice(OWNER))
    await desk._store.close()
    return [*ids, open_one]


@pytest.fixture
def folder(made, tmp_path):
    shutil.copytree(made[0], tmp_path, dirs_exist_ok=True)
    return tmp_path


def opened(folder, made):
    return make_desk(folder, made[2])


def changed(folder, *statements):
    """The file with these statements carried out on it, without the guards that keep the application from doing so."""
    with closing(sqlite3.connect(folder / "records.sqlite3")) as db:
        for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {name}")
        for statement, parameters in statements:
            db.execute(statement, parameters)
        db.commit()


def columns(folder):
    with closing(sqlite3.connect(folder / "records.sqlite3")) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return [(table, row[1], row[2]) for table in tables for row in db.execute(f"PRAGMA table_info({table})")]


async def flaws(folder, made):
    desk = opened(folder, made)
    try:
        return [found async for found in desk.scrub() if found.flaw]
    finally:
        await desk._store.close()


async def test_an_untouched_store_holds_and_every_workflow_is_told(folder, made):
    desk = opened(folder, made)
    told = [found async for found in desk.scrub()]
    assert [found.flaw for found in told if found.flaw] == []
    assert {found.export_workflow_id for found in told if found.export_workflow_id} == set(made[1])
    await desk._store.close()


@pytest.mark.slow
async def test_every_single_change_of_every_column_of_one_row_is_found(folder, made):
    missed, tried = [], 0
    pristine = (folder / "records.sqlite3").read_bytes()
    keys = {"records": "id", "workflows": "export_workflow_id", "journal": "record_id", "activities": "number"}
    for table, column, kind in columns(folder):
        (folder / "records.sqlite3").write_bytes(pristine)
        value = f"coalesce({column}, 0) + 1000" if kind == "INTEGER" else f"coalesce({column}, '') || 'x'"
        key = keys.get(table, "owner_email")
        one = f"{key} = (SELECT max({key}) FROM {table})"
        changed(folder, (f"UPDATE {table} SET {column} = {value} WHERE {one}", ()))
        tried += 1
        if not await flaws(folder, made):
            missed.append(f"{table}.{column}")
    assert set(missed) - OUTSIDE == set()
    assert tried > 60


@pytest.mark.parametrize("table", ["records", "workflows", "activities", "journal"])
async def test_a_row_that_is_taken_out_is_found(folder, made, table):
    key = {"records": "id", "workflows": "export_workflow_id", "activities": "number", "journal": "record_id"}[table]
    pristine = (folder / "records.sqlite3").read_bytes()
    with closing(sqlite3.connect(folder / "records.sqlite3")) as db:
        rows = [row[0] for row in db.execute(f"SELECT {key} FROM {table}")]
    missed = []
    for row in rows:
        (folder / "records.sqlite3").write_bytes(pristine)
        changed(folder, (f"DELETE FROM {table} WHERE {key} = ?", (row,)))
        if not await flaws(folder, made):
            missed.append(row)
    assert missed == []


async def test_a_workflow_that_is_taken_out_whole_is_found(folder, made):
    changed(folder, *[(f"DELETE FROM {table} WHERE export_workflow_id = ?", (made[1][0],)) for table in (
        "records", "workflows", "activities", "lessons",
    )])
    assert any("removed before its time" in found.flaw for found in await flaws(folder, made))


async def test_the_last_stages_that_are_taken_out_are_found_by_the_workflow_itself(folder, made):
    workflow = made[1][0]
    for last in (3, 2):
        changed(folder, ("DELETE FROM records WHERE id = ?", (f"{workflow}:{last}",)))
        desk = opened(folder, made)
        assert not (await desk.verify(ACTOR, workflow)).holds
        with pytest.raises(FileDamaged, match="missing"):
            await desk.workflow(ACTOR, workflow)
        with pytest.raises(FileDamaged):
            await desk.bundle(ACTOR, workflow)
        await desk._store.close()


async def test_a_review_that_is_redone_after_its_records_were_taken_out_is_refused_or_found(folder, made):
    workflow = made[1][0]
    changed(folder, ("DELETE FROM records WHERE id IN (?, ?)", (f"{workflow}:2", f"{workflow}:3")))
    desk = opened(folder, made)
    with pytest.raises(FileDamaged):
        await desk.keep_draft(ACTOR, workflow, invoice_data() | {"vendor_name": "Redone"}, AS_JSON, {})
        await desk.record_modifications(ACTOR, workflow)
    assert not (await desk.verify(ACTOR, workflow)).holds
    await desk._store.close()


async def test_a_second_member_of_the_same_name_in_a_body_is_found(folder, made):
    workflow = made[1][0]
    changed(folder, (
        "UPDATE records SET body = replace(body, '{\"id\"', '{\"modified_data\":{\"invoice_total\":1},\"id\"') WHERE id = ?",
        (f"{workflow}:2",),
    ))  # fmt: skip
    desk = opened(folder, made)
    with pytest.raises(FileDamaged):
        await desk.records(ACTOR, workflow)
    verdict = await desk.verify(ACTOR, workflow)
    assert not verdict.holds and verdict.stage == 2
    await desk._store.close()


async def test_a_journal_whose_end_was_cut_off_is_found_by_a_file_that_was_delivered_after(folder, made):
    with closing(sqlite3.connect(folder / "records.sqlite3")) as db:
        seen = json.loads(db.execute("SELECT body FROM records WHERE id = ?", (f"{made[1][1]}:3",)).fetchone()[0])["journal_seen"]
        rows = db.execute("SELECT * FROM journal ORDER BY n").fetchall()
    entries = [JournalEntry(*row) for row in rows]
    witness = JournalHead(**seen)
    assert disagreement(entries, witness) is None
    assert "cut off" in disagreement(entries[: seen["n"] - 1], witness)
    rewritten = []
    for entry in entries:  # the whole journal made anew, with one hash exchanged
        record = {"owner_email": OWNER, "id": entry.record_id, "record_hash": "0" * 64 if entry.n == 2 else entry.record_hash}
        rewritten.append(entry_after(rewritten[-1].head if rewritten else None, record, entry.expiration_date))
    assert flaw_in(rewritten) is None
    assert "rewritten" in disagreement(rewritten, witness)


async def test_a_bundle_carries_the_journals_end_of_its_time(folder, made):
    desk = opened(folder, made)
    bundle = await desk.bundle(ACTOR, made[1][0])
    head = await desk._store.journal_head(OWNER)
    assert bundle["journal"] == {"n": head.n, "hash": head.hash}
    assert verify_bundle(bundle).holds and verify_bundle({name: v for name, v in bundle.items() if name != "journal"}).holds
    assert not verify_bundle(bundle | {"journal": {"n": "1", "hash": ""}}).holds
    await desk._store.close()


async def test_the_verdict_says_what_was_compared(folder, made):
    desk = opened(folder, made)
    verdict = await desk.verify(ACTOR, made[1][0])
    assert verdict.holds
    for told in ("its line in the history", "its trail (1 event)", "journal", "its files"):
        assert told in verdict.sentence
    await desk._store.close()


def test_an_event_is_a_record_of_its_own_behind_the_last_one(folder, made):
    with closing(sqlite3.connect(folder / "records.sqlite3")) as db:
        event = json.loads(db.execute("SELECT body FROM activities ORDER BY number LIMIT 1").fetchone()[0])
        last = db.execute("SELECT json_extract(body, '$.record_hash') FROM records WHERE id = ?", (f"{made[1][0]}:3",)).fetchone()
    assert (event["id"], event["kind"], event["previous_hash"]) == (f"{made[1][0]}:e1", "event", last[0])
    unsealed = {name: value for name, value in event.items() if name != "record_hash"}
    assert sealed(unsealed) == event


# One bit of the file


async def told(desk, workflows):
    """All that is read of the store, by what was asked; what is refused in words of ours is told as refused."""
    asked = {
        "history": lambda: desk.history(ACTOR), "unfinished": lambda: desk.unfinished(ACTOR, 6),
        "lessons": lambda: desk._store.lessons(OWNER, "invoice", 9),
        "draft": lambda: desk._drafts.draft(OWNER, workflows[2]), "uploads": lambda: desk.waiting(ACTOR),
    }  # fmt: skip
    for place, workflow in enumerate(workflows):
        asked |= {
            f"records {place}": lambda workflow=workflow: desk.records(ACTOR, workflow),
            f"workflow {place}": lambda workflow=workflow: desk.workflow(ACTOR, workflow),
        }
    asked["file"] = lambda: desk.deliverable(ACTOR, workflows[0])
    asked["compared"] = lambda: desk.compare(ACTOR, [(workflows[0], "ai"), (workflows[1], "user")])
    found = {}
    for name, ask in asked.items():
        try:
            found[name] = await ask()
        except KraftdError:
            found[name] = None
    return found


def is_told(name, found, before):
    """Whether what was found is what was written, or is said to be damaged."""
    if found is None or found == before:
        return True
    if name == "history":
        return found.damaged + len(found.lines) >= len(before.lines) and all(line in before.lines for line in found.lines)
    if name in ("lessons", "unfinished"):
        return all(each in before for each in found)
    if name.startswith("workflow"):
        entries = [entry for entry in found.trail if entry.action != "damaged"]
        return replace(found, trail=[]) == replace(before, trail=[]) and all(entry in before.trail for entry in entries)
    return False


async def flipped(folder, made, places):
    """What was shown altered without a word, and what ended in an error that is none of ours."""
    path = folder / "records.sqlite3"
    pristine = path.read_bytes()
    desk = opened(folder, made)
    before = await told(desk, made[1])
    await desk._store.close()
    wrong = []
    for place, bit in places(len(pristine)):
        for beside in folder.glob("records.sqlite3-*"):
            beside.unlink()
        path.write_bytes(bytes([*pristine[:place], pristine[place] ^ 1 << bit, *pristine[place + 1 :]]))
        try:
            desk = opened(folder, made)
        except KraftdError:
            continue
        except Exception as error:  # noqa: BLE001  any of them is what is looked for
            wrong.append((place, bit, "opening", repr(error)))
            continue
        try:
            after = await told(desk, made[1])
            wrong += [(place, bit, name) for name in before if not is_told(name, after[name], before[name])]
        except Exception as error:  # noqa: BLE001  any of them is what is looked for
            wrong.append((place, bit, "reading", repr(error)))
        finally:
            await desk._store.close()
    return wrong


def some_places(count, seed):
    chance = random.Random(seed)
    return lambda size: [(chance.randrange(size), chance.randrange(8)) for _ in range(count)]


async def test_one_flipped_bit_of_the_file_is_said_or_changes_nothing_that_is_shown(folder, made):
    assert await flipped(folder, made, some_places(25, 1)) == []


@pytest.mark.large
async def test_a_thousand_flipped_bits_of_the_file_are_said_or_change_nothing_that_is_shown(folder, made):
    assert await flipped(folder, made, some_places(1000, 2)) == []


async def test_a_walk_that_was_broken_off_goes_on_where_it_was(folder, made, monkeypatch):
    monkeypatch.setattr("kraftd_core.desk.upkeep.scrubbing._AT_ONCE", 1)
    desk, seen = opened(folder, made), []
    async for found in desk.scrub():
        seen.append(found.export_workflow_id)
        if len(seen) == 2:
            break
    rest = [found.export_workflow_id async for found in desk.scrub() if found.export_workflow_id]
    assert len(rest) < 3 and set(seen) | set(rest) == set(made[1])
    assert {found.export_workflow_id async for found in desk.scrub() if found.export_workflow_id} == set(made[1])
    await desk._store.close()


def test_the_command_line_names_what_does_not_hold_and_ends_with_3(folder, made, monkeypatch, capsys):
    monkeypatch.setattr("kraftd_core.__main__.build_desk", lambda settings: opened(folder, made))
    assert main(["verify", "--all"]) == 0
    assert json.loads(capsys.readouterr().out) == {"workflows": 3, "journals": 1, "does_not_hold": 0}
    changed(folder, ("DELETE FROM records WHERE id = ?", (f"{made[1][0]}:3",)))
    assert main(["verify", "--all"]) == 3
    first, *_, last = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first["export_workflow_id"], last["does_not_hold"]) == (made[1][0], 1)
