import asyncio
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from argparse import Namespace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from fakes import ACTOR, OWNER, Clock, make_desk

from kraftd_core.__main__ import _purge
from kraftd_core.adapters.files.local import LocalFiles, kept_files
from kraftd_core.adapters.stores.backup import back_up, restore
from kraftd_core.adapters.stores.sqlite import SqliteStore
from kraftd_core.errors import FileDamaged, NotFound, SettingsError, StoreUnavailable
from kraftd_core.recording.service import utc_now
from kraftd_core.records.chain import verify
from kraftd_core.records.plan import ExportFormat
from kraftd_core.records.stages import UserPreferences

pytestmark = pytest.mark.slow

PROJECT = Path(__file__).parents[3]
NOW = datetime(2026, 10, 6, 9, 0, tzinfo=UTC)


def run(verb):
    return asyncio.run(verb)


def finished(desk, content=b"content"):
    workflow = run(desk.read(ACTOR, "a.pdf", content, lambda step: None))
    preferences = UserPreferences(export_format=ExportFormat.JSON, priority_fields=["invoice_total"])
    data = run(desk.workflow(ACTOR, workflow)).data
    run(desk.keep_draft(ACTOR, workflow, data | {"vendor_name": "Baker"}, preferences, {}))
    run(desk.record_modifications(ACTOR, workflow))
    run(desk.produce(ACTOR, workflow, lambda step: None))
    run(desk.note_download(ACTOR, workflow))
    return workflow


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A data folder in use, and a backup of it: two finished workflows and an open one."""
    folder = tmp_path_factory.mktemp("prepared")
    desk = make_desk(folder / "live", utc_now)
    for content in (b"1", b"2"):
        finished(desk, content)
    run(desk.read(ACTOR, "b.pdf", b"3", lambda step: None))
    back_up(folder / "live", folder / "backup", NOW)
    run(desk._store.close())
    return folder


@pytest.fixture
def live(prepared, tmp_path):
    return make_desk(shutil.copytree(prepared / "live", tmp_path / "live"), utc_now)


@pytest.fixture
def backup(prepared, tmp_path):
    return shutil.copytree(prepared / "backup", tmp_path / "backup")


def everything(folder: Path):
    """All files under a folder, by their names: bytes and time."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder): (path.read_bytes(), path.stat().st_mtime) for path in files}


def shown(desk):
    """All that an owner can see."""
    lines = run(desk.history(ACTOR)).lines
    workflows = [line.export_workflow_id for line in lines]
    records = [[dict(r) for r in run(desk.records(ACTOR, workflow))] for workflow in workflows]
    trails = [run(desk.workflow(ACTOR, workflow)).trail for workflow in workflows]
    drafts = [run(desk.review(ACTOR, workflow)).draft.modified_data for workflow in workflows]
    done = [line.export_workflow_id for line in lines if line.status == "completed"]
    files = [run(desk.deliverable(ACTOR, workflow)).content for workflow in done]
    return lines, records, trails, drafts, files


def test_what_was_restored_shows_what_was_backed_up(live, backup, tmp_path):
    before = shown(live)
    restored = restore(backup, tmp_path / "restored")
    assert (restored.workflows, restored.records, restored.files, restored.left_out) == (3, 7, 5, 0)
    desk = make_desk(tmp_path / "restored", utc_now)
    assert shown(desk) == before
    assert all(verify(records) is None for records in before[1])


def test_a_restored_workflow_goes_on(live, backup, tmp_path):
    restore(backup, tmp_path / "restored")
    desk = make_desk(tmp_path / "restored", utc_now)
    (workflow,) = [line.export_workflow_id for line in run(desk.unfinished(ACTOR, 5))]
    run(desk.record_modifications(ACTOR, workflow))
    assert [record["sequence"] for record in run(desk.records(ACTOR, workflow))] == [1, 2]


def test_restored_files_expire_when_they_would_have(live, backup, tmp_path):
    restore(backup, tmp_path / "restored")
    files = LocalFiles(tmp_path / "restored" / "files")
    assert run(files.purge(utc_now() + timedelta(days=29))) == 0
    assert run(files.purge(utc_now() + timedelta(days=31))) == 5


def test_a_backup_is_whole_in_itself_and_changes_nothing(live, tmp_path):
    before = everything(tmp_path / "live")
    back_up(tmp_path / "live", tmp_path / "deep" / "backup", NOW)
    assert everything(tmp_path / "live").keys() == before.keys()
    names = {path.name for path in (tmp_path / "deep" / "backup").iterdir()}
    assert names == {"manifest.json", "files", "records.sqlite3"}
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["backup"]


WRITER = """
import asyncio, sys
from pathlib import Path
from fakes import OWNER, SUMMARY, invoice_data, make_tracking
from kraftd_core.recording.service import utc_now

async def main():
    tracking = make_tracking(Path(sys.argv[1]), utc_now)
    number = 0
    while True:
        number += 1
        data, content = invoice_data(), b"%d" % number
        workflow = await tracking.record_stage_1_initial_summary("d1", OWNER, "invoice", data, SUMMARY)
        print(workflow, 1, flush=True)
        await tracking.record_stage_2_user_modifications(workflow, "d1", OWNER, data, data | {"vendor_name": "B"}, {})
        print(workflow, 2, flush=True)
        await tracking.record_stage_3_final_deliverable(
            workflow, "d1", OWNER, SUMMARY, "json", "x.json", len(content), content
        )
        print(workflow, 3, flush=True)

asyncio.run(main())
"""


def test_a_backup_taken_while_another_process_writes_holds_what_was_acknowledged_and_no_half(tmp_path):
    paths = os.pathsep.join(str(path) for path in (PROJECT / "tests", PROJECT))
    command = [sys.executable, "-c", WRITER, str(tmp_path / "live")]
    acknowledged = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": paths}) as writer:
        for number in range(4):
            acknowledged += [writer.stdout.readline().split() for _ in range(20)]
            back_up(tmp_path / "live", tmp_path / f"backup{number}", NOW)
            restore(tmp_path / f"backup{number}", tmp_path / f"restored{number}")
            stages = restored_stages(tmp_path / f"restored{number}")
            assert all(int(stage) in stages[workflow] for workflow, stage in acknowledged)
            assert all(found == list(range(1, len(found) + 1)) for found in stages.values())
        writer.kill()


def restored_stages(folder):
    """The stages of each workflow; their chains hold and the files that they name are there."""
    store, files, stages = SqliteStore(folder / "records.sqlite3"), LocalFiles(folder / "files"), {}
    with sqlite3.connect(folder / "records.sqlite3") as db:
        workflows = [workflow for (workflow,) in db.execute("SELECT export_workflow_id FROM workflows")]
    for workflow in workflows:
        records = run(store.stages(OWNER, workflow))
        assert verify(records) is None
        stages[workflow] = [record["sequence"] for record in records]
        if len(records) == 3:
            assert run(files.get(OWNER, records[2]["deliverable"]["content_hash"]))
    run(store.close())
    return stages


# What does not hold is refused


def alter_file(backup):
    next(kept_files(backup / "files")).write_bytes(b"other")


def remove_file(backup):
    next(kept_files(backup / "files")).unlink()


def alter_database(backup):
    path = backup / "records.sqlite3"
    path.write_bytes(path.read_bytes().replace(b"Mill & Sons", b"Bill & Sons"))


def remove_database(backup):
    (backup / "records.sqlite3").unlink()


def alter_a_record_and_the_manifest(backup):
    alter_database(backup)
    make_manifest_agree(backup)


def cut_the_database_and_alter_the_manifest(backup):
    path = backup / "records.sqlite3"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    make_manifest_agree(backup)


def remove_a_stage_and_alter_the_manifest(backup):
    with sqlite3.connect(backup / "records.sqlite3") as db:
        db.execute("DROP TRIGGER records_last")
        db.execute("DELETE FROM records WHERE sequence = 2")
    db.close()
    make_manifest_agree(backup)


def make_it_newer(backup):
    with sqlite3.connect(backup / "records.sqlite3") as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    make_manifest_agree(backup)


def write_nonsense(backup):
    (backup / "manifest.json").write_text("{")


def write_a_list(backup):
    (backup / "manifest.json").write_text("[]")


def climb_out(backup):
    name = sha256(b"evil").hexdigest()
    (backup / name).write_bytes(b"evil")
    change_manifest(backup, lambda manifest: manifest["files"].update({f"../{name}": 1.0}))


def climb_out_with_a_database(backup):
    change_manifest(backup, lambda manifest: manifest["databases"].update({"../x.sqlite3": {"workflows": 0, "records": 0}}))


def change_manifest(backup, change):
    manifest = json.loads((backup / "manifest.json").read_text())
    change(manifest)
    (backup / "manifest.json").write_text(json.dumps(manifest))


def make_manifest_agree(backup):
    digest = sha256((backup / "records.sqlite3").read_bytes()).hexdigest()
    change_manifest(backup, lambda manifest: manifest["databases"]["records.sqlite3"].update({"sha256": digest}))


FAULTS = [
    alter_file, remove_file, alter_database, remove_database, alter_a_record_and_the_manifest,
    cut_the_database_and_alter_the_manifest, remove_a_stage_and_alter_the_manifest, make_it_newer, write_nonsense, write_a_list,
    climb_out, climb_out_with_a_database,
]  # fmt: skip


@pytest.mark.parametrize("is_there", [True, False], ids=["into an empty folder", "into a new folder"])
@pytest.mark.parametrize("damage", FAULTS, ids=[fault.__name__ for fault in FAULTS])
def test_a_damaged_backup_is_refused_and_nothing_is_changed(backup, tmp_path, damage, is_there):
    damage(backup)
    target = tmp_path / "restored"
    if is_there:
        target.mkdir()
    with pytest.raises(FileDamaged, match="not restored"):
        restore(backup, target)
    assert target.exists() == is_there
    assert not is_there or list(target.iterdir()) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup"] + ["restored"] * is_there


def test_a_flaw_in_a_chain_is_named(backup, tmp_path):
    alter_a_record_and_the_manifest(backup)
    with pytest.raises(FileDamaged, match="Stage 1 was altered"):
        restore(backup, tmp_path / "restored")


@pytest.mark.parametrize("name", ["kraftd.sqlite3", "anything"])
def test_a_folder_that_holds_anything_is_not_restored_over(backup, tmp_path, name):
    (tmp_path / "restored").mkdir()
    (tmp_path / "restored" / name).write_bytes(b"mine")
    before = everything(tmp_path / "restored")
    with pytest.raises(SettingsError, match="not empty"):
        restore(backup, tmp_path / "restored")
    assert everything(tmp_path / "restored") == before


def test_a_file_that_was_altered_in_the_store_is_left_out_and_counted(live, tmp_path):
    next(kept_files(tmp_path / "live" / "files")).write_bytes(b"other")
    assert back_up(tmp_path / "live", tmp_path / "backup", NOW).left_out == 1
    assert restore(tmp_path / "backup", tmp_path / "restored").files == 4


def test_a_backup_is_never_written_over(live, backup, tmp_path):
    before = everything(backup)
    with pytest.raises(StoreUnavailable, match="exists already"):
        back_up(tmp_path / "live", backup, NOW)
    assert everything(backup) == before


def test_where_there_are_no_records_there_is_nothing_to_back_up(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(NotFound, match="no records"):
        back_up(tmp_path / "empty", tmp_path / "backup", NOW)
    assert not (tmp_path / "backup").exists()


@pytest.mark.parametrize("verb", ["backup", "restore"])
def test_a_full_disk_is_said_and_leaves_no_half(live, backup, tmp_path, monkeypatch, verb):
    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreUnavailable, match="No space left"):
        back_up(tmp_path / "live", tmp_path / "new", NOW) if verb == "backup" else restore(backup, tmp_path / "new")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup", "live"]


# From the command line


def kraftd(data_dir, *arguments):
    command = [sys.executable, "-m", "kraftd_core", *map(str, arguments)]
    environment = os.environ | {"KRAFTD_DATA_DIR": str(data_dir)}
    return subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, env=environment, check=False)


def test_the_commands_back_up_and_restore(live, tmp_path):
    done = kraftd(tmp_path / "live", "backup", tmp_path / "backup")
    assert (done.returncode, json.loads(done.stdout)) == (0, {"workflows": 3, "records": 7, "files": 5, "left_out": 0})
    done = kraftd(tmp_path / "restored", "restore", tmp_path / "backup")
    assert (done.returncode, json.loads(done.stdout)["files"]) == (0, 5)
    assert shown(make_desk(tmp_path / "restored", utc_now)) == shown(live)


@pytest.mark.parametrize(
    ("data_dir", "arguments"),
    [("live", ("restore", "backup")), ("new", ("restore", "live")), ("new", ("backup", "other")), ("live", ("backup", "backup"))],
    ids=["restore over records", "restore what is no backup", "back up nothing", "back up over a backup"],
)
def test_a_refusal_is_one_sentence_with_exit_code_2(live, backup, tmp_path, data_dir, arguments):
    verb, path = arguments
    before = everything(tmp_path / "live")
    done = kraftd(tmp_path / data_dir, verb, tmp_path / path)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert everything(tmp_path / "live") == before


def test_the_command_purges_what_has_expired_and_says_how_much(tmp_path, capsys):
    clock = Clock()
    clock.now = utc_now() - timedelta(days=32)
    desk = make_desk(tmp_path, clock)
    finished(desk)
    clock.forward(days=31)
    assert run(_purge(desk, Namespace(clock_is_right=True))) == 0
    assert json.loads(capsys.readouterr().out) == {"workflows": 1, "files": 2}
