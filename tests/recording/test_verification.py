"""A file is called delivered only if it is, byte for byte, what its owner was given."""

import asyncio
import io
import json
import random
import re
import zipfile
from base64 import b64encode
from collections import Counter
from hashlib import sha256
from uuid import uuid4

import pytest
from fakes import ACTOR, OWNER, FakeExtractor, invoice_data
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kraftd_core.__main__ import main
from kraftd_core.adapters.readers.local.extractor import _inspected
from kraftd_core.adapters.readers.local.provenance import inspected
from kraftd_core.adapters.renderers.steady_zip import packed
from kraftd_core.bootstrap import build_desk
from kraftd_core.delivery.plan import without
from kraftd_core.people.actor import Actor
from kraftd_core.recording.service import utc_now
from kraftd_core.records.bundle import bundle_of as make_bundle
from kraftd_core.records.chain import sealed
from kraftd_core.records.plan import DocumentTemplate, ExportFormat
from kraftd_core.records.stages import UserPreferences
from kraftd_core.settings import load_settings

pytestmark = pytest.mark.slow

FORMATS = {"pdf": ExportFormat.PDF, "excel": ExportFormat.EXCEL, "csv": ExportFormat.CSV, "json": ExportFormat.JSON}
OTHER = Actor.of("eve@example.com")


@pytest.fixture
async def desk(tmp_path):
    made = build_desk(load_settings(data_dir=tmp_path))
    made._extractor = FakeExtractor()
    yield made
    await made.close()


async def delivered(desk, export_format=ExportFormat.JSON, actor=ACTOR):
    workflow = await desk.read(actor, "invoice.pdf", b"upload", lambda _: None)
    review = await desk.review(actor, workflow)
    preferences = review.draft.preferences.model_copy(update={"export_format": export_format})
    await desk.keep_draft(actor, workflow, invoice_data() | {"vendor_name": "B"}, preferences, {})
    await desk.record_modifications(actor, workflow)
    await desk.produce(actor, workflow, lambda _: None)
    return workflow, await desk.deliverable(actor, workflow)


@pytest.mark.parametrize("export_format", FORMATS.values(), ids=FORMATS)
async def test_a_deliverable_is_known_by_its_bytes_under_any_name(desk, export_format):
    workflow, file = await delivered(desk, export_format)
    judged = await desk.verify_file(ACTOR, "renamed.bin", file.content)
    assert judged.answer == "delivered"
    assert judged.sentence.startswith("Delivered as is on ") and judged.sentence.endswith("by ann@example.com, from invoice.pdf.")
    assert [(link.stage, link.holds) for link in judged.chain] == [(1, True), (2, True), (3, True)]
    trail = (await desk.workflow(ACTOR, workflow)).trail
    assert [(entry.action, entry.details) for entry in trail] == [("file verified", "renamed.bin: delivered")]


def changed_cell(content):
    """The workbook or archive with one letter of a text in it changed, packed anew."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"Flour", b"Flout"))
    return made.getvalue()


def changed_text(content):
    return content.replace(b"36", b"37", 1)


CHANGED = {
    "pdf": lambda content: content + b"\n%changed\n",
    "excel": changed_cell,
    "csv": changed_cell,
    "json": changed_text,
}


@pytest.mark.parametrize("kind", FORMATS)
async def test_a_changed_deliverable_names_the_delivery_that_it_is_not(desk, kind):
    workflow, file = await delivered(desk, FORMATS[kind])
    altered = CHANGED[kind](file.content)
    assert altered != file.content
    judged = await desk.verify_file(ACTOR, "renamed", altered)
    assert (judged.answer, judged.origin.export_workflow_id) == ("altered", workflow)


async def test_a_changed_file_that_only_its_name_gives_away_is_told_altered(desk):
    workflow, file = await delivered(desk)
    for name in (file.filename, file.filename.replace(".json", " (1).json")):
        judged = await desk.verify_file(ACTOR, name, b"anything else")
        assert (judged.answer, judged.origin.export_workflow_id) == ("altered", workflow)


async def test_nothing_is_disclosed_of_what_another_was_given(desk):
    _, file = await delivered(desk)
    for name, content in ((file.filename, file.content), (file.filename, file.content + b" "), ("x", b"no file of ours")):
        judged = await desk.verify_file(OTHER, name, content)
        assert (judged.answer, judged.origin, judged.chain) == ("unknown", None, ())


async def test_each_file_of_an_archive_is_judged(desk):
    _, first = await delivered(desk)
    _, second = await delivered(desk, ExportFormat.CSV)
    packed = desk._pack({"a.json": first.content, "b.zip": second.content})
    whole = await desk.verify_file(ACTOR, "all.zip", packed)
    assert [whole.answer, *(member.answer for member in whole.members)] == ["delivered"] * 3
    packed = desk._pack({"a.json": first.content, "b.zip": changed_cell(second.content), "c.txt": b"?"})
    mixed = await desk.verify_file(ACTOR, "all.zip", packed)
    assert [mixed.answer, *(m.answer for m in mixed.members)] == ["altered", "delivered", "altered", "unknown"]


async def test_a_bundle_is_verified_by_itself(desk):
    workflow, _ = await delivered(desk)
    content = await desk.bundle_file(ACTOR, workflow)
    assert (await desk.verify_file(ACTOR, "b.json", content)).answer == "holds"
    spoiled = content.replace(b"Mill & Sons", b"Mill & Song", 1)
    assert (await desk.verify_file(ACTOR, "b.json", spoiled)).answer == "broken"


# Bundles, and who vouches for them


async def bundle_of(desk, actor=ACTOR):
    workflow, _ = await delivered(desk, actor=actor)
    return await desk.bundle_file(actor, workflow)


@pytest.fixture
async def elsewhere(tmp_path):
    """Another application, which signs with a key that is not ours."""
    made = build_desk(load_settings(data_dir=tmp_path / "elsewhere", signing_key=b64encode(b"e" * 32).decode()))
    made._extractor = FakeExtractor()
    yield made
    await made.close()


@pytest.fixture
async def signing(tmp_path):
    made = build_desk(load_settings(data_dir=tmp_path / "signing", signing_key=b64encode(b"o" * 32).decode()))
    made._extractor = FakeExtractor()
    yield made
    await made.close()


async def test_a_bundle_that_this_application_signed_or_keeps_holds(desk, signing):
    kept = await desk.verify_file(ACTOR, "b.json", await bundle_of(desk))
    assert (kept.answer, "its records are those that are kept here" in kept.sentence) == ("holds", True)
    signed = await signing.verify_file(ACTOR, "b.json", await bundle_of(signing))
    assert (signed.answer, "the key of this application signed all of it" in signed.sentence) == ("holds", True)


async def test_a_bundle_signed_with_a_key_that_nobody_vouched_for_is_told_so(desk, signing, elsewhere):
    content = await bundle_of(elsewhere)
    for here in (desk, signing):
        judged = await here.verify_file(ACTOR, "b.json", content)
        assert judged.answer == "unvouched"
        assert "nobody here vouches for the key that signed it, so anyone may have made all of it" in judged.sentence
        assert judged.sentence.endswith(elsewhere.tracking.public_key)


async def test_a_bundle_without_a_signature_that_is_not_kept_here_is_not_vouched_for(desk, signing):
    content = await bundle_of(desk)
    for judged in (await signing.verify_file(ACTOR, "b.json", content), await desk.verify_file(OTHER, "b.json", content)):
        assert (judged.answer, "no one key signed them all" in judged.sentence) == ("unvouched", True)


async def test_a_bundle_made_anew_under_the_id_of_one_that_is_kept_here_is_told(desk, elsewhere):
    workflow, _ = await delivered(desk)
    records = [dict(record) for record in await desk.records(ACTOR, workflow)]
    for record in records:  # rewritten from end to end: hashes and signatures are right
        record["document_name"] = "other.pdf"
    again = []
    for record in records:
        again.append(sealed(record | {"previous_hash": again[-1]["record_hash"] if again else None}, elsewhere.tracking._signer))
    content = json.dumps(make_bundle(again, {}, utc_now(), elsewhere.tracking._signer)).encode()
    judged = await desk.verify_file(ACTOR, "b.json", content)
    assert (judged.answer, "its records are not those that are kept here" in judged.sentence) == ("broken", True)
    assert (await elsewhere.verify_file(ACTOR, "b.json", content)).answer == "holds"


# One changed byte, cell or digit


def flipped(content, chance):
    at, bit = chance.randrange(len(content)), 1 << chance.randrange(8)
    return content[:at] + bytes([content[at] ^ bit]) + content[at + 1 :]


def other_digit(content, chance):
    """One digit anywhere in what the file says is another; an archive is packed anew around it."""
    if not content.startswith(b"PK"):
        return _other_digit(content, chance)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice([name for name, part in parts.items() if re.search(rb"\d", part)])
    parts[name] = other_digit(parts[name], chance)
    return packed(parts)


def _other_digit(content, chance):
    at = chance.choice([found.start() for found in re.finditer(rb"\d", content)])
    digit = chance.choice([d for d in b"0123456789" if d != content[at]])
    return content[:at] + bytes([digit]) + content[at + 1 :]


def appended(content, chance):
    return content + bytes(chance.randrange(256) for _ in range(chance.randrange(1, 9)))


def cut_off(content, chance):
    return content[: chance.randrange(1, len(content))]


class Inspecting:
    """Inspects in this process: one of its own for each of many files would take minutes."""

    async def inspect(self, content, name):
        return _inspected(inspected(content, name))


@pytest.fixture(scope="module")
def gallery(tmp_path_factory):
    """One desk, its loop, and a delivered file of each format and the zip of two: by kind, name and bytes."""
    with asyncio.Runner() as runner:
        desk = build_desk(load_settings(data_dir=tmp_path_factory.mktemp("changed")))
        desk._extractor, desk._inspector = FakeExtractor(), Inspecting()
        made = {kind: runner.run(delivered(desk, wanted)) for kind, wanted in FORMATS.items()}
        files = {kind: file for kind, (_, file) in made.items()}
        files["zip"] = runner.run(desk.deliverables(ACTOR, [made["json"][0], made["csv"][0]]))
        yield desk, runner, files
        runner.run(desk.close())


def judged_as(gallery, name, content):
    desk, runner, _ = gallery
    return runner.run(desk.verify_file(ACTOR, name, content))


@pytest.mark.parametrize("kind", [*FORMATS, "zip"])
def test_a_file_changed_in_one_place_is_told_altered_or_unknown_and_never_delivered(gallery, kind):
    file, chance = gallery[2][kind], random.Random(f"changed {kind}")
    assert judged_as(gallery, "any name", file.content).answer == "delivered"
    answers = Counter()
    for change in (*[flipped] * 12, *[other_digit] * 12, appended, cut_off):
        for name in (file.filename, "any name", "any name"):
            content = change(file.content, chance)
            judged = judged_as(gallery, name, content)
            assert content != file.content and judged.answer in ("altered", "unknown"), (change.__name__, judged)
            answers[judged.answer] += 1
            if kind != "zip" and name == file.filename:
                assert judged.answer == "altered"
    assert answers["altered"] >= 26


@pytest.mark.parametrize("kind", [*FORMATS, "zip"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=st.data())
def test_no_deliverable_with_a_flipped_byte_has_the_hash_of_one(gallery, kind, drawn):
    content = gallery[2][kind].content
    at = drawn.draw(st.integers(0, len(content) - 1))
    bit = drawn.draw(st.sampled_from([1 << n for n in range(8)]))
    read = inspected(content[:at] + bytes([content[at] ^ bit]) + content[at + 1 :], "file")
    hashes = [read["content_hash"], *(member["content_hash"] for member in read["members"] if kind != "zip")]
    assert not {sha(file.content) for file in gallery[2].values()} & set(hashes)


def sha(content):
    return "sha256:" + sha256(content).hexdigest()


def test_delivered_files_in_an_archive_of_ones_own_are_known_and_the_archive_is_not(gallery):
    files = gallery[2]
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("mine.pdf", files["pdf"].content)  # not compressed, so that its head stands near the archive's
        archive.writestr("mine.json", files["json"].content)
    judged = judged_as(gallery, "mine.zip", made.getvalue())
    assert (judged.answer, [member.answer for member in judged.members]) == ("unknown", ["delivered"] * 2)
    assert judged.sentence == "2 of 2 files in it were delivered as is. The archive around them is not known here."


# Another template or format


async def test_other_formats_take_the_recorded_prose_and_are_made_once(desk):
    workflow, _ = await delivered(desk)
    source = (await desk.workflow(ACTOR, workflow)).stage3
    wanted = {ExportFormat.EXCEL: str(uuid4()), ExportFormat.CSV: str(uuid4())}

    async def not_asked(case, hear):
        raise AssertionError("the prose is in the record")

    desk._agent.summarise_final = not_asked
    for _ in range(2):
        job = await desk.start_regenerating(ACTOR, workflow, DocumentTemplate.STANDARD, wanted)
        await desk._jobs._jobs[job].task
        assert (await desk.job(ACTOR, job)).result == " ".join(wanted.values())
    for export_format, new_id in wanted.items():
        made = await desk.workflow(ACTOR, new_id)
        assert made.stage1.regenerated_from == made.stage3.regenerated_from == workflow
        assert (made.stage3.ai_final_summary, made.stage3.grounding) == (source.ai_final_summary, source.grounding)
        meta = made.stage3.final_summary_metadata
        assert (meta.ai_model, meta.export_format) == (source.final_summary_metadata.ai_model, export_format)
        assert (meta.processing_time_ms, meta.tokens_used) == (None, None)
    trail = [entry.action for entry in (await desk.workflow(ACTOR, workflow)).trail]
    assert trail == ["regenerated", "regenerated"]
    found = await desk._documents.find(OWNER, made.stage1.source.content_hash)
    assert found.workflows == (workflow, *wanted.values())
    both = await desk.deliverables(ACTOR, list(wanted.values()))
    assert both.content == (await desk.deliverables(ACTOR, list(wanted.values()))).content
    assert [m.answer for m in (await desk.verify_file(ACTOR, both.filename, both.content)).members] == ["delivered"] * 2


async def test_what_one_format_could_not_show_another_shows_and_what_was_unticked_stays_out(desk):
    workflow = await desk.read(ACTOR, "invoice.pdf", b"upload", lambda _: None)
    words = "totals in red. hide the currency. numbers as 1.234,56. Fax it to Bob"
    wishes = UserPreferences(export_format="csv", transformation_instructions=words)
    await desk.record_modifications(ACTOR, workflow)
    plan = await desk.plan(ACTOR, workflow, wishes)
    assert [step.kind for step in plan.steps] == ["hide", "format"]
    plan = without(plan, plan.steps[:1])
    await desk.produce(ACTOR, workflow, lambda _: None, plan=plan)
    new_id = str(uuid4())
    job = await desk.start_regenerating(ACTOR, workflow, DocumentTemplate.STANDARD, {ExportFormat.PDF: new_id})
    await desk._jobs._jobs[job].task
    again = (await desk.workflow(ACTOR, new_id)).stage3.presentation_plan
    assert sorted(step.kind for step in again.steps) == ["format", "highlight"]
    assert [(entry.words, entry.reason) for entry in again.not_carried_out] == [
        ("hide the currency", "You unticked it."), ("Fax it to Bob", "Not understood."),
    ]  # fmt: skip


async def test_what_was_reviewed_and_not_delivered_is_asked_for(desk):
    workflow = await desk.read(ACTOR, "invoice.pdf", b"upload", lambda _: None)
    await desk.record_modifications(ACTOR, workflow)
    preferences = (await desk.workflow(ACTOR, workflow)).stage2.user_preferences
    again = await desk.regenerate(ACTOR, workflow, preferences)
    made = await desk.produce(ACTOR, again, lambda _: None)
    assert made.final_summary_metadata.processing_time_ms is not None




# From the command line


async def test_the_command_line_verifies_a_delivered_file(desk, tmp_path, monkeypatch, capsys):
    workflow, file = await delivered(desk)
    monkeypatch.setenv("KRAFTD_DATA_DIR", str(tmp_path))
    path = tmp_path / "file.json"
    path.write_bytes(file.content)
    assert await asyncio.to_thread(main, ["verify", str(path), "--owner", OWNER]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["answer"], said["export_workflow_id"]) == ("delivered", workflow)
    path.write_bytes(changed_text(file.content))
    assert await asyncio.to_thread(main, ["verify", str(path), "--owner", OWNER]) == 3
    assert capsys.readouterr().err.startswith("Altered since")
