"""A data folder that an earlier version left (scripts/make_fixture.py made it) is opened, and all in it stands as it was.

The archive is never made again, and what is expected of it never changes: a version that fails here loses people's records.
"""

import asyncio
import json
import shutil
import sqlite3
import tarfile
import zlib
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import version

import pytest

from kraftd_core import NotFound
from kraftd_core.adapters.files.local import LocalFiles
from kraftd_core.adapters.stores.spool import SpoolStore
from kraftd_core.adapters.stores.sqlite import SqliteStore
from kraftd_core.bootstrap import back_up, build_desk, restore
from kraftd_core.errors import FileDamaged
from kraftd_core.people.actor import Actor
from kraftd_core.recording.stage3_deliverable import compose
from kraftd_core.records.bundle import read_bundle, verify_bundle
from kraftd_core.records.chain import verify
from kraftd_core.settings import load_settings
from scripts.make_fixture import ARCHIVE, KEY, LOOKS, SIGNED, SPOOLED, UNSIGNED, WAYS, Away, appearance_of, composition_of

PUBLIC_KEY = "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg="
LATER = datetime(2050, 1, 1, tzinfo=UTC)


def run(verb):
    return asyncio.run(verb)


class Opened:
    """A copy of the fixture, and desks on its data as this version opens it."""

    def __init__(self, folder):
        self.folder = folder
        self.expected = json.loads((folder / "expected.json").read_bytes())
        self.workflows = self.expected["workflows"]

    def desk(self, **settings):
        return build_desk(load_settings(data_dir=self.folder / "data", **settings))

    def spool(self, distant):
        """Long after all in it was due, whatever the time of the machine."""
        return SpoolStore(self.folder / "data" / "spool.sqlite3", distant, call_seconds=60, now=lambda: LATER)

    def of(self, *owners):
        return {name: described for name, described in self.workflows.items() if described["owner"] in owners}

    def path(self, name):
        """Where the delivered file of a workflow lies."""
        return next((self.folder / "data" / "files").rglob(self.workflows[name]["file"][1].removeprefix("sha256:")))

    def given(self, way):
        """What the renderer was given."""
        return composition_of(self.folder, way)

    def composed(self, way):
        """What this version would give it, from the records alone."""
        workflow = run(self.desk().workflow(Actor.of(SIGNED), self.workflows[way]["id"]))
        stage3 = workflow.stage3
        model, made = stage3.final_summary_metadata.ai_model, stage3.deliverable.generated_at
        told = (stage3.ai_final_summary, model, made, stage3.presentation_plan, stage3.grounding)
        return compose(workflow.stage1, workflow.stage2, *told)


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fixture")
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(folder, filter="data")
    return folder


@pytest.fixture
def opened(unpacked, tmp_path):
    """A copy of one's own, with its modification times, which are expiries."""
    return Opened(shutil.copytree(unpacked, tmp_path / "copy"))


@pytest.fixture(scope="module")
def shared(unpacked, tmp_path_factory):
    """A copy for those that only read."""
    return Opened(shutil.copytree(unpacked, tmp_path_factory.mktemp("shared") / "copy"))


def test_the_history_lists_every_workflow_with_its_name_and_status(opened):
    desk = opened.desk()
    for owner in (SIGNED, UNSIGNED):
        lines = run(desk.history(Actor.of(owner), limit=100)).lines
        assert {(line.export_workflow_id, line.status) for line in lines} == {
            (described["id"], described["status"]) for described in opened.of(owner).values()
        }
    names = Counter(line.document_name for line in run(desk.history(Actor.of(SIGNED), limit=100)).lines)
    assert names == {
        "sample-invoice.pdf": 25, "sample-boq.xlsx": 1, "large.json": 1, "L-1.json": 1, "L-2.json": 1, "L-3.json": 1,
        "L-4.json": 1, "invoice-1.pdf": 1, "invoice-2.pdf": 1,
    }  # fmt: skip
    made_from = {line.export_workflow_id: line.regenerated_from for line in run(desk.history(Actor.of(SIGNED), limit=100)).lines}
    assert {made_from.get(opened.workflows[way]["id"]) for way in WAYS} == {opened.workflows["first"]["id"]}
    names = Counter(line.document_name for line in run(desk.history(Actor.of(UNSIGNED))).lines)
    assert names == {"sample-quotation.docx": 1, "invoice-5.pdf": 1}


def test_every_record_is_the_one_that_was_recorded_and_its_workflow_holds_and_its_trail_is_told(opened):
    desk = opened.desk()
    for described in opened.of(SIGNED, UNSIGNED).values():
        owner, workflow_id = described["owner"], described["id"]
        assert [record["record_hash"] for record in run(desk.records(Actor.of(owner), workflow_id))] == described["hashes"]
        workflow = run(desk.workflow(Actor.of(owner), workflow_id))
        assert [stage.sequence for stage in (workflow.stage1, workflow.stage2, workflow.stage3) if stage] == [
            n + 1 for n in range(len(described["hashes"]))
        ]
        assert [entry.action for entry in workflow.trail] == described["trail"]
        verdict = run(desk.verify(Actor.of(owner), workflow_id))
        assert verdict.holds, verdict.sentence
    assert opened.workflows["with a trail"]["trail"] == ["downloaded", "verified", "bundle downloaded"]


def test_with_the_key_of_the_fixture_what_it_signed_holds_and_nothing_else(opened):
    desk = opened.desk(signing_key=KEY)
    assert all(run(desk.verify(Actor.of(SIGNED), described["id"])).holds for described in opened.of(SIGNED).values())
    assert not any(run(desk.verify(Actor.of(UNSIGNED), described["id"])).holds for described in opened.of(UNSIGNED).values())


def test_the_large_record_is_whole_though_its_members_lie_in_the_file_store(opened):
    desk, workflow_id = opened.desk(), opened.workflows["large"]["id"]
    stored = run(desk.records(Actor.of(SIGNED), workflow_id))
    assert all(record["replaced_members"] for record in stored[:2])
    original, modified = stored[0]["initial_extracted_data"], run(desk.workflow(Actor.of(SIGNED), workflow_id)).data
    assert set(original) == {"$file", "size", "content"}
    assert original["size"] > 1_000_000
    assert (modified["currency"], len(modified["line_items"][0]["description"])) == ("CHF", 100_000)


def test_the_bundles_verify_and_a_new_one_tells_the_same(opened):
    signed, unsigned = (read_bundle((opened.folder / f"{name}-bundle.json").read_bytes()) for name in ("signed", "unsigned"))
    assert verify_bundle(signed, PUBLIC_KEY).holds
    assert verify_bundle(unsigned).holds
    assert not verify_bundle(unsigned, PUBLIC_KEY).holds
    desk = opened.desk(signing_key=KEY)
    again = run(desk.bundle(Actor.of(SIGNED), signed["export_workflow_id"]))
    assert {name: again[name] for name in ("records", "files", "blobs", "head")} == {
        name: signed[name] for name in ("records", "files", "blobs", "head")
    }
    large = run(desk.bundle(Actor.of(SIGNED), opened.workflows["large"]["id"]))
    assert large["blobs"]
    assert verify_bundle(json.loads(json.dumps(large)), PUBLIC_KEY).holds
    judged = run(desk.verify_file(Actor.of(SIGNED), "a.json", (opened.folder / "signed-bundle.json").read_bytes()))
    assert judged.answer == "holds"


@pytest.mark.slow
def test_delivered_files_are_downloaded_byte_for_byte_and_recognised(opened):
    desk = opened.desk()
    for described in opened.of(SIGNED, UNSIGNED).values():
        if described["file"] is None:
            with pytest.raises(NotFound):
                run(desk.deliverable(Actor.of(described["owner"]), described["id"]))
            continue
        file = run(desk.deliverable(Actor.of(described["owner"]), described["id"]))
        assert [file.filename, "sha256:" + sha256(file.content).hexdigest()] == described["file"]
    for name in ("first", "custom csv", "technical_spec excel", "executive_summary json"):
        judged = run(desk.verify_file(Actor.of(SIGNED), "renamed.bin", opened.path(name).read_bytes()))
        assert (judged.answer, judged.origin.export_workflow_id) == ("delivered", opened.workflows[name]["id"])


def test_the_draft_of_two_tabs_is_there_and_can_be_recorded(opened):
    desk, workflow_id = opened.desk(), opened.workflows["drafted"]["id"]
    draft = run(desk.review(Actor.of(SIGNED), workflow_id)).draft
    assert [each.modified_data["vendor_name"] for each in (draft, *draft.others)] == ["Another tab", "One tab"]
    assert draft.reasons == {"vendor_name": "Another tab"}
    run(desk.record_modifications(Actor.of(SIGNED), workflow_id, draft))
    assert run(desk.verify(Actor.of(SIGNED), workflow_id)).holds


def test_what_was_reviewed_can_be_delivered_and_regenerated_by_this_version(opened):
    desk, workflow_id = opened.desk(), opened.workflows["reviewed"]["id"]
    run(desk.produce(Actor.of(SIGNED), workflow_id, lambda step: None))
    preferences = run(desk.choices(Actor.of(SIGNED), workflow_id)).preferences
    again = run(desk.regenerate(Actor.of(SIGNED), opened.workflows["first"]["id"], preferences))
    assert run(desk.verify(Actor.of(SIGNED), workflow_id)).holds
    assert run(desk.verify(Actor.of(SIGNED), again)).holds


def test_the_earlier_reviews_still_teach(opened):
    learned = run(opened.desk().learned(Actor.of(SIGNED), opened.workflows["learns"]["id"]))
    (offer,) = [offer for offer in learned.offers if offer.field == "vendor_name"]
    assert offer.suggested_value == "Lerner & Co"
    assert set(offer.rests_on) <= {opened.workflows[f"teaches L-{n}"]["id"] for n in (1, 2, 3)}


def test_what_waits_in_the_spool_is_counted_and_sent_as_it_was_recorded(opened):
    distant = SqliteStore(opened.folder / "distant.sqlite3")
    waiting = opened.of(SPOOLED).values()
    spool = opened.spool(Away())
    assert run(spool.waiting(SPOOLED)).following == sum(len(described["hashes"]) for described in waiting) == 4
    spool = opened.spool(distant)
    run(spool.send_due())
    assert run(spool.waiting(SPOOLED)).following == 0
    for described in waiting:
        records = run(distant.stages(SPOOLED, described["id"]))
        assert [record["record_hash"] for record in records] == described["hashes"]
        assert verify(records) is None
    kept = run(spool.draft(SPOOLED, opened.workflows["spooled, drafted"]["id"]))
    assert kept.modified_data == {"vendor_name": "Kept while away"}


def test_a_purge_leaves_everything_and_a_backup_of_it_can_be_restored(opened, tmp_path):
    purged = run(opened.desk().purge())
    assert (purged.workflows, purged.files) == (0, 0)
    data, restored = opened.folder / "data", tmp_path / "restored"
    made = back_up(load_settings(data_dir=data), tmp_path / "backup")
    assert restore(load_settings(data_dir=restored), tmp_path / "backup") == made
    assert (made.workflows, made.left_out) == (len(opened.workflows), 0)
    files = LocalFiles(restored / "files")
    assert run(files.purge(LATER)) == 0
    assert run(files.purge(LATER.replace(year=2077))) == made.files  # half a century after they were put there


@pytest.mark.parametrize("way", WAYS)
def test_a_deliverable_looks_as_it_was_last_meant_to(shared, way):
    """Byte for byte; who changes how files look writes the hashes anew, knowingly: python scripts/make_fixture.py --looks"""
    expected = json.loads(LOOKS.read_text(encoding="utf-8"))
    digest = appearance_of(shared.folder, way)
    if digest != expected["files"][way] and expected["libraries"]["zlib"] != zlib.ZLIB_RUNTIME_VERSION:
        pytest.skip(f"zlib {zlib.ZLIB_RUNTIME_VERSION} of this machine may press otherwise")  # the one that is not pinned
    assert digest == expected["files"][way], f"libraries of other versions: {_changed(expected['libraries']) or 'none'}"


def _changed(libraries):
    """The pinned libraries that are not those which made the files: what else could change the bytes."""
    now = {name: version(name) for name in libraries if name != "zlib"}
    return ", ".join(f"{name} {libraries[name]} is now {now[name]}" for name in now if now[name] != libraries[name])


@pytest.mark.parametrize("way", WAYS)
def test_what_a_deliverable_shows_follows_from_its_records_alone(shared, way):
    given = shared.given(way)
    assert replace(shared.composed(way), findings=given.findings, change_sentences=given.change_sentences) == given


def test_the_checks_and_the_sentences_of_a_deliverable_are_those_of_its_time(shared):
    """They follow from the records too, in the words of a version: one that checks or says it better changes them knowingly."""
    given, composed = shared.given("detailed_analysis pdf"), shared.composed("detailed_analysis pdf")
    assert (composed.findings, composed.change_sentences) == (given.findings, given.change_sentences)


# The tests above can fail


def _alter_record(opened):
    with sqlite3.connect(opened.folder / "data" / "kraftd.sqlite3") as db:
        db.execute("DROP TRIGGER records_stay")
        statement = "UPDATE records SET body = replace(body, 'Lerner & Co', 'Lerner & Cx') WHERE id = ?"
        db.execute(statement, (opened.workflows["teaches L-1"]["id"] + ":2",))


def _remove_record(opened):
    with sqlite3.connect(opened.folder / "data" / "kraftd.sqlite3") as db:
        db.execute("DROP TRIGGER records_last")
        db.execute("DELETE FROM records WHERE id = ?", (opened.workflows["teaches L-1"]["id"] + ":3",))


def _alter_file(opened):
    path = opened.path("standard pdf")
    content = path.read_bytes()
    path.write_bytes(content[:5000] + bytes([content[5000] ^ 1]) + content[5001:])


def _alter_composition(opened):
    path = opened.folder / "standard pdf.json"
    path.write_bytes(path.read_bytes().replace(b"14 days", b"15 days"))


@pytest.mark.slow
@pytest.mark.parametrize("alter", [_alter_record, _remove_record, _alter_file])
def test_a_record_or_a_file_that_is_not_as_it_was_is_found(opened, alter):
    alter(opened)
    with pytest.raises((AssertionError, FileDamaged)):
        test_every_record_is_the_one_that_was_recorded_and_its_workflow_holds_and_its_trail_is_told(opened)


def test_one_value_of_what_a_deliverable_shows_is_found(opened):
    _alter_composition(opened)
    with pytest.raises(AssertionError):
        test_a_deliverable_looks_as_it_was_last_meant_to(opened, "standard pdf")
