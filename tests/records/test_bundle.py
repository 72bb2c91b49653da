import asyncio
import copy
import json
import os
import subprocess
import sys
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest
from fakes import ACTOR, OWNER, SUMMARY, Clock, invoice_data, make_desk, make_tracking
from hypothesis import given
from hypothesis import strategies as st
from test_chain import JSON, OTHER_SEED, SEED, rechained, tamperings

from kraftd_core.__main__ import main
from kraftd_core.errors import DocumentRefused, NotFound
from kraftd_core.people.actor import Actor
from kraftd_core.records.bundle import bundle_of, read_bundle, verify_bundle
from kraftd_core.records.chain import Signer
from kraftd_core.records.stages import UserPreferences

TRUSTED = Signer(SEED).public_key


def exported(folder, signer=None, rows=0):
    tracking = make_tracking(folder, Clock())
    tracking._signer = signer

    async def whole_workflow():
        data = invoice_data() | {"text": ["x" * 40] * rows}
        source = {"content_hash": "sha256:" + "0" * 64, "file_size_bytes": 9}
        workflow = await tracking.record_stage_1_initial_summary("d1", OWNER, "invoice", data, SUMMARY, source=source)
        await tracking.record_stage_2_user_modifications(workflow, "d1", OWNER, data, data | {"subtotal": 31}, {})
        await tracking.record_stage_3_final_deliverable(workflow, "d1", OWNER, SUMMARY, "json", "x.json", 2, b"{}")
        return await tracking.bundled(await tracking.stored_records(workflow, OWNER))

    return json.loads(json.dumps(asyncio.run(whole_workflow())))


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    return exported(tmp_path_factory.mktemp("unsigned"))


@pytest.fixture(scope="module")
def signed(tmp_path_factory):
    return exported(tmp_path_factory.mktemp("signed"), Signer(SEED))


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """A bundle whose records refer to contents beside them."""
    return exported(tmp_path_factory.mktemp("large"), rows=25_000)


def test_an_exported_workflow_holds(bundle, signed, large):
    for whole in (bundle, signed, large):
        assert verify_bundle(whole).holds, verify_bundle(whole)
    assert verify_bundle(signed, TRUSTED).holds
    assert len(large["blobs"]) == 2  # the original once, though two records name it


def test_the_bundle_names_the_files_and_the_head(bundle):
    upload, deliverable = bundle["files"].values()
    assert upload == {"role": "upload", "filename": "d1", "file_size_bytes": 9}
    assert deliverable == {"role": "deliverable", "filename": "x.json", "file_size_bytes": 2}
    assert bundle["head"] == {"sequence": 3, "record_hash": bundle["records"][2]["record_hash"]}


@pytest.mark.parametrize("trusted", [None, TRUSTED])
def test_every_tampering_with_one_place_of_a_signed_bundle_is_found(signed, trusted):
    around = {name: value for name, value in signed.items() if name != "records"}
    for what, tampered in tamperings(around):
        assert not verify_bundle(tampered | {"records": signed["records"]}, trusted).holds, what
    for what, tampered in tamperings(signed["records"][1]):
        verdict = verify_bundle(signed | {"records": [signed["records"][0], tampered, signed["records"][2]]}, trusted)
        assert (verdict.holds, verdict.stage) == (False, 2), what


def test_every_tampering_with_one_place_of_an_unsigned_bundle_is_found_but_for_the_time_of_export_and_the_journal_then(bundle):
    around = {name: value for name, value in bundle.items() if name not in ("records", "exported_at", "journal")}
    kept = {name: bundle[name] for name in ("records", "exported_at", "journal")}
    for what, tampered in tamperings(around):
        assert not verify_bundle(tampered | kept).holds, what


def test_altered_missing_and_added_contents_are_found(large):
    first, second = large["blobs"]
    other = b64encode(b"{}").decode()
    for blobs in (
        {},
        {first: large["blobs"][first]},
        {first: large["blobs"][second], second: large["blobs"][first]},
        large["blobs"] | {first: other},
        large["blobs"] | {first: large["blobs"][first] + "\n"},
        large["blobs"] | {first: None},
        large["blobs"] | {"sha256:" + sha256(b"{}").hexdigest(): other},
    ):
        assert "contents" in verify_bundle(large | {"blobs": blobs}).sentence


def test_a_tail_that_was_cut_off_is_found_by_the_head(bundle):
    verdict = verify_bundle(bundle | {"records": bundle["records"][:2]})
    assert (verdict.holds, "cut off" in verdict.sentence) == (False, True)


def test_a_head_made_to_fit_a_cut_off_tail_is_found_by_its_signature(signed):
    kept = signed["records"][:2]
    head = {"sequence": 2, "record_hash": kept[1]["record_hash"]}
    files = {name: file for name, file in signed["files"].items() if file["role"] == "upload"}
    cut = signed | {"records": kept, "head": head, "files": files}
    assert "signature of the bundle's head" in verify_bundle(cut).sentence
    unsigned = cut | {"public_key": None, "signature": None}
    assert verify_bundle(unsigned).holds
    assert "head is not signed" in verify_bundle(unsigned, TRUSTED).sentence


def test_a_bundle_made_anew_from_end_to_end_is_found_with_the_trusted_key(signed):
    records = rechained(signed["records"], Signer(OTHER_SEED))
    forged = bundle_of(records, {}, Clock()(), Signer(OTHER_SEED))
    assert verify_bundle(forged).holds
    assert verify_bundle(forged, TRUSTED).stage == 1
    other_head = bundle_of(signed["records"], {}, Clock()(), Signer(OTHER_SEED))
    assert "another key" in verify_bundle(other_head, TRUSTED).sentence


@given(JSON)
def test_any_json_is_answered_with_a_sentence(value):
    verdict = verify_bundle(value)
    assert not verdict.holds
    assert verdict.sentence.endswith(".")


@given(data=st.data())
def test_a_bundle_with_anything_anywhere_is_answered_with_a_sentence(bundle, data):
    spoiled = copy.deepcopy(bundle)
    place = spoiled
    while True:
        name = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        if not isinstance(place[name], (dict, list)) or not place[name] or data.draw(st.booleans()):
            break
        place = place[name]
    place[name] = data.draw(JSON)
    verdict = verify_bundle(spoiled)
    assert verdict.sentence.endswith(".")


@given(data=st.data())
def test_records_hashed_anew_with_anything_in_a_member_are_answered_with_a_sentence(bundle, data):
    name = data.draw(st.sampled_from(sorted(bundle["records"][0])))
    spoiled = rechained([bundle["records"][0] | {name: data.draw(JSON)}, *bundle["records"][1:]])
    head = {"sequence": 3, "record_hash": spoiled[2]["record_hash"]}
    assert verify_bundle(bundle | {"records": spoiled, "head": head}).sentence.endswith(".")


def test_nesting_without_end_is_answered(bundle):
    deep = []
    for _ in range(100_000):
        deep = [deep]
    for name in bundle:
        assert not verify_bundle(bundle | {name: deep}).holds
        assert not verify_bundle(bundle | {name: {"sequence": deep}}).holds


@pytest.mark.parametrize("depth", range(100, 1000, 100))
def test_nesting_near_the_end_of_what_can_be_followed_is_answered(bundle, depth):
    deep = {}
    for _ in range(depth):
        deep = {"a": deep}
    first, *others = (record | {"document_id": deep} for record in bundle["records"])
    for begin in (first, bundle["records"][0] | {"source": {"content_hash": "sha256:0", "file_size_bytes": deep}}):
        following = others if begin is first else bundle["records"][1:]
        try:
            records = rechained([begin, *following])
        except RecursionError:
            continue
        spoiled = bundle_of(records, {}, Clock()())
        assert verify_bundle(spoiled).sentence.endswith(".")


# The file


HOSTILE = [
    b"",
    b"%PDF-1.7",
    b"\xff\xfe{}",
    b"{",
    b'{"a": NaN}',
    b'{"a": 1, "a": 2}',
    b'{"bundle_version": 1, "head": {"sequence": 3, "sequence": 3}}',
    b"[" * 200_000,
    b'{"a":' * 200_000,
    b"1" * 5000,
]


@pytest.mark.parametrize("content", HOSTILE, ids=range(len(HOSTILE)))
def test_a_file_that_is_no_json_or_could_be_read_in_two_ways_is_refused(content):
    with pytest.raises(DocumentRefused, match="no bundle"):
        read_bundle(content)


def test_what_is_read_is_what_was_written(bundle):
    assert read_bundle(json.dumps(bundle).encode()) == bundle


# At the desk and the command line


@pytest.fixture
def desk(tmp_path):
    return make_desk(tmp_path, Clock())


async def finished(desk):
    workflow = await desk.read(ACTOR, "in.pdf", b"%PDF", lambda step: None)
    data = (await desk.review(ACTOR, workflow)).draft.modified_data
    await desk.keep_draft(ACTOR, workflow, data, UserPreferences(export_format="json"), {})
    await desk.record_modifications(ACTOR, workflow)
    await desk.produce(ACTOR, workflow, lambda step: None)
    return workflow


async def test_the_desk_hands_out_a_bundle_that_holds(desk):
    bundle = json.loads(json.dumps(await desk.bundle(ACTOR, await finished(desk))))
    assert verify_bundle(bundle).holds
    assert next(file["filename"] for file in bundle["files"].values()) == "in.pdf"


async def test_the_desk_verifies_and_notes_it_in_the_trail(desk):
    workflow = await finished(desk)
    verdict = await desk.verify(ACTOR, workflow)
    assert verdict.holds
    (entry,) = (await desk.workflow(ACTOR, workflow)).trail
    assert (entry.action, entry.details, entry.actor) == ("verified", verdict.sentence, OWNER)


@pytest.mark.parametrize("stage", [1, 3])
async def test_the_desk_finds_a_file_that_is_no_more_what_was_recorded(desk, tmp_path, stage):
    workflow = await finished(desk)
    for content_hash, file in (await desk.bundle(ACTOR, workflow))["files"].items():
        if file["role"] == {1: "upload", 3: "deliverable"}[stage]:
            next((tmp_path / "files").rglob(content_hash.removeprefix("sha256:"))).write_bytes(b"altered")
    verdict = await desk.verify(ACTOR, workflow)
    assert (verdict.holds, verdict.stage) == (False, stage)


async def test_another_owner_gets_no_bundle_and_no_verdict(desk):
    workflow = await finished(desk)
    for verb in (desk.bundle, desk.verify):
        with pytest.raises(NotFound):
            await verb(Actor.of("eve@example.com"), workflow)
    assert (await desk.workflow(ACTOR, workflow)).trail == []


async def test_where_the_application_signs_it_trusts_its_own_key_only(desk):
    unsigned = await finished(desk)
    desk.tracking._signer = Signer(SEED)
    signed = await finished(desk)
    assert not (await desk.verify(ACTOR, unsigned)).holds
    assert (await desk.verify(ACTOR, signed)).holds
    desk.tracking._signer = Signer(OTHER_SEED)
    assert not (await desk.verify(ACTOR, signed)).holds


def verified(tmp_path, content, *more):
    file = tmp_path / "bundle.json"
    file.write_bytes(content)
    return main(["verify", str(file), *more])


def test_verify_prints_that_a_bundle_holds(tmp_path, signed, capsys):
    assert verified(tmp_path, json.dumps(signed).encode(), "--key", TRUSTED) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["holds"], "trusted key" in said["sentence"]) == (True, True)


@pytest.mark.slow
@pytest.mark.parametrize("content", [*HOSTILE[:4], b"{}", b'{"bundle_version": 2}', b"null"])
def test_verify_says_in_one_sentence_why_a_file_is_no_bundle(tmp_path, content, capsys):
    assert verified(tmp_path, content) == (3 if b"bundle_version" in content else 2)
    said = capsys.readouterr()
    assert (said.out, len(said.err.splitlines())) == ("", 1)


def test_verify_says_in_one_sentence_what_does_not_hold(tmp_path, bundle, capsys):
    spoiled = copy.deepcopy(bundle)
    spoiled["records"][1]["modified_data"]["subtotal"] = 32
    assert verified(tmp_path, json.dumps(spoiled).encode()) == 3
    assert capsys.readouterr().err == "Stage 2 was altered after it was recorded.\n"


def test_an_unsigned_bundle_is_consistent_and_signed_by_nobody_and_does_not_hold_with_a_key(tmp_path, bundle, signed, capsys):
    content = json.dumps(bundle).encode()
    assert verified(tmp_path, content) == 0
    assert json.loads(capsys.readouterr().out)["sentence"].startswith("Consistent, signed by nobody: ")
    assert verified(tmp_path, content, "--key", TRUSTED) == 3
    assert "not signed" in capsys.readouterr().err
    assert "signed by nobody" not in verify_bundle(signed).sentence


@pytest.mark.parametrize("key", ["nonsense", "", TRUSTED + "A"])
def test_a_key_that_is_none_is_refused(tmp_path, bundle, key):
    with pytest.raises(SystemExit) as ended:
        verified(tmp_path, json.dumps(bundle).encode(), "--key", key)
    assert ended.value.code == 2


def test_verify_needs_neither_settings_nor_a_data_folder(tmp_path, bundle):
    file = tmp_path / "bundle.json"
    file.write_text(json.dumps(bundle))
    environment = os.environ | {"KRAFTD_RETENTION_DAYS": "soon", "KRAFTD_DATA_DIR": str(tmp_path / "data")}
    done = subprocess.run(
        [sys.executable, "-m", "kraftd_core", "verify", str(file)],
        capture_output=True, text=True, cwd=Path(__file__).parents[2], env=environment,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["holds"]
    assert not (tmp_path / "data").exists()


def test_show_prints_the_bundle_that_verify_takes(tmp_path, monkeypatch, capsys):
    workflow = asyncio.run(finished(make_desk(tmp_path, Clock())))
    monkeypatch.setattr("kraftd_core.__main__.build_desk", lambda settings: make_desk(tmp_path, Clock()))
    assert main(["show", workflow, "--bundle", "--owner", OWNER]) == 0
    printed = capsys.readouterr().out
    assert json.loads(printed)["export_workflow_id"] == workflow
    assert verified(tmp_path, printed.encode()) == 0


def test_a_file_that_is_not_there_is_said(tmp_path, capsys):
    assert main(["verify", str(tmp_path / "none.json")]) == 2
    assert "none.json cannot be read" in capsys.readouterr().err
