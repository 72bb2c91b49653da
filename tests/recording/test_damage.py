"""What is read is what was recorded, or it is said to be damaged: whatever was changed in the file behind the application."""

import json
import sqlite3
from contextlib import closing

import pytest
from fakes import ACTOR, OWNER, Clock, invoice_data, make_desk

from kraftd_core.document.jsontypes import same
from kraftd_core.errors import FileDamaged, KraftdError, StoreUnavailable
from kraftd_core.records.plan import ExportFormat
from kraftd_core.records.stages import UserPreferences

AS_JSON = UserPreferences(export_format=ExportFormat.JSON)


@pytest.fixture
def desk(tmp_path):
    return make_desk(tmp_path, Clock())


async def finished(desk, number=1):
    workflow = await desk.read(ACTOR, f"{number}.pdf", f"FA-{number}".encode(), lambda step: None)
    await desk.keep_draft(ACTOR, workflow, invoice_data() | {"vendor_name": "Baker"}, AS_JSON, {})
    await desk.record_modifications(ACTOR, workflow)
    await desk.produce(ACTOR, workflow, lambda step: None)
    return workflow


def changed(folder, *statements):
    """The file with these statements carried out on it, without the guards that keep the application from doing so."""
    with closing(sqlite3.connect(folder / "records.sqlite3")) as db:
        for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {name}")
        for statement, parameters in statements:
            db.execute(statement, parameters)
        db.commit()


def as_stored(body):
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def bodies(folder):
    with closing(sqlite3.connect(folder / "records.sqlite3")) as db:
        return dict(db.execute("SELECT id, body FROM records ORDER BY id").fetchall())


async def test_every_flipped_bit_is_said_or_changes_nothing_that_is_read(tmp_path, desk):
    workflow = await finished(desk)
    before = [dict(record) for record in await desk.records(ACTOR, workflow)]
    wrong = []
    for record_id, body in bodies(tmp_path).items():
        raw = body.encode()
        for place in range(0, len(raw), len(raw) // 40):
            flipped = bytes([*raw[:place], raw[place] ^ 4, *raw[place + 1 :]]).decode(errors="replace")
            changed(tmp_path, ("UPDATE records SET body = ? WHERE id = ?", (flipped, record_id)))
            try:
                await desk.workflow(ACTOR, workflow)
                if not same([dict(record) for record in await desk.records(ACTOR, workflow)], before):
                    wrong.append((record_id, place))
            except FileDamaged:
                pass
        changed(tmp_path, ("UPDATE records SET body = ? WHERE id = ?", (body, record_id)))
    assert wrong == []
    assert await desk.workflow(ACTOR, workflow)


async def test_no_file_is_made_or_handed_out_of_records_that_were_altered(tmp_path, desk):
    workflow = await finished(desk)
    body = json.loads(bodies(tmp_path)[f"{workflow}:2"])
    body["modified_data"]["vendor_name"] = "Somebody else"
    changed(tmp_path, ("UPDATE records SET body = ? WHERE id = ?", (as_stored(body), f"{workflow}:2")))
    for doing in (desk.workflow, desk.deliverable, desk.records, desk.bundle, lambda *of: desk.regenerate(*of, AS_JSON)):
        with pytest.raises(FileDamaged, match="not those that were recorded"):
            await doing(ACTOR, workflow)
    verdict = await desk.verify(ACTOR, workflow)
    assert (verdict.holds, verdict.stage) == (False, 2)


async def test_bodies_of_two_workflows_that_were_exchanged_are_found(tmp_path, desk):
    one, other = await finished(desk, 1), await finished(desk, 2)
    kept = bodies(tmp_path)
    swap = [(f"{a}:{n}", f"{b}:{n}") for n in (1, 2, 3) for a, b in ((one, other), (other, one))]
    changed(tmp_path, *[("UPDATE records SET body = ? WHERE id = ?", (kept[source], target)) for target, source in swap])
    for workflow in (one, other):
        assert not (await desk.verify(ACTOR, workflow)).holds
        with pytest.raises(FileDamaged):
            await desk.deliverable(ACTOR, workflow)


async def test_records_that_were_moved_to_another_owner_are_not_theirs(tmp_path, desk):
    workflow = await finished(desk)
    thief = type(ACTOR).of("thief@example.com")
    tables = ("records", "workflows")
    changed(tmp_path, *[(f"UPDATE {table} SET owner_email = ?", (thief.email,)) for table in tables])
    with pytest.raises(KraftdError):
        await desk.workflow(thief, workflow)
    assert not (await desk.verify(thief, workflow)).holds


async def test_a_damaged_lesson_stands_in_nobodys_way(tmp_path, desk, caplog):
    await finished(desk)
    changed(tmp_path, ("UPDATE lessons SET body = substr(body, 2)", ()))
    assert await desk._store.lessons(OWNER, "invoice", 9) == []
    assert "a damaged lesson was left out" in caplog.text
    assert await finished(desk, 2)


async def test_a_lost_deliverable_is_made_anew_with_the_same_bytes(tmp_path, desk):
    workflow = await finished(desk)
    before = await desk.deliverable(ACTOR, workflow)
    (path,) = [path for path in (tmp_path / "files").glob("*/*/*") if path.read_bytes() == before.content]
    for lose in (path.unlink, lambda: path.write_bytes(b"other")):
        lose()
        with pytest.raises(FileDamaged):
            await desk.deliverable(ACTOR, workflow)
        assert not (await desk.verify(ACTOR, workflow)).holds
        await desk.make_anew(ACTOR, workflow)
        assert (await desk.deliverable(ACTOR, workflow)).content == before.content
        assert (await desk.verify(ACTOR, workflow)).holds
    assert [entry.action for entry in (await desk.workflow(ACTOR, workflow)).trail].count("file made anew") == 2


async def test_a_lost_deliverable_that_another_version_made_is_not_replaced_by_other_bytes(tmp_path, desk, monkeypatch):
    workflow = await finished(desk)
    file = await desk.deliverable(ACTOR, workflow)
    (path,) = [path for path in (tmp_path / "files").glob("*/*/*") if path.read_bytes() == file.content]
    path.unlink()
    renderer = desk._renderers[ExportFormat.JSON]
    monkeypatch.setattr(renderer, "render", lambda composition: type(renderer).render(renderer, composition).__class__(
        b"other", "application/json", "json",
    ))  # fmt: skip
    with pytest.raises(FileDamaged, match="makes other bytes"):
        await desk.make_anew(ACTOR, workflow)
    assert not path.exists()


async def test_a_disk_that_fails_is_not_told_as_a_missing_file_and_stays_out_of_the_trail(tmp_path, desk, monkeypatch):
    workflow = await finished(desk)

    async def failing(*_given):
        raise StoreUnavailable("The stored file cannot be read now (Input/output error). Try again.")

    monkeypatch.setattr(desk._files, "get", failing)
    with pytest.raises(StoreUnavailable, match="Input/output error"):
        await desk.verify(ACTOR, workflow)
    monkeypatch.undo()
    assert [entry.action for entry in (await desk.workflow(ACTOR, workflow)).trail] == []


async def test_a_damaged_line_of_the_history_is_left_out_and_told_and_the_next_stage_mends_it(tmp_path, desk):
    one, other = await finished(desk, 1), await desk.read(ACTOR, "2.pdf", b"FA-2", lambda step: None)
    changed(tmp_path, ("UPDATE workflows SET document_name = 'forged.pdf' WHERE export_workflow_id = ?", (other,)))
    page = await desk.history(ACTOR)
    assert ([line.export_workflow_id for line in page.lines], page.damaged) == ([one], 1)
    await desk.keep_draft(ACTOR, other, invoice_data(), AS_JSON, {})
    await desk.record_modifications(ACTOR, other)
    page = await desk.history(ACTOR)
    assert ({line.document_name for line in page.lines}, page.damaged) == ({"1.pdf", "2.pdf"}, 0)


async def test_a_damaged_entry_of_the_trail_is_told_in_its_place(tmp_path, desk):
    workflow = await finished(desk)
    await desk.note_download(ACTOR, workflow)
    await desk.note_download(ACTOR, workflow)
    changed(tmp_path, ("UPDATE activities SET body = replace(body, 'downloaded', 'approved') WHERE number = 1", ()))
    assert [entry.action for entry in (await desk.workflow(ACTOR, workflow)).trail] == ["damaged", "downloaded"]
