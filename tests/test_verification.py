"""A file is called delivered only if it is, byte for byte, what its owner was given."""

import asyncio
import io
import json
import zipfile
from uuid import uuid4

import pytest
from fakes import OWNER, FakeExtractor, invoice_data
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kraftd_core.__main__ import main
from kraftd_core.adapters.read_provenance import inspected
from kraftd_core.bootstrap import build_desk
from kraftd_core.records import DocumentTemplate, ExportFormat
from kraftd_core.settings import load_settings

FORMATS = {"pdf": ExportFormat.PDF, "excel": ExportFormat.EXCEL, "csv": ExportFormat.CSV, "json": ExportFormat.JSON}
OTHER = "eve@example.com"


@pytest.fixture
async def desk(tmp_path):
    made = build_desk(load_settings(data_dir=tmp_path))
    made._extractor = FakeExtractor()
    yield made
    await made.close()


async def delivered(desk, export_format=ExportFormat.JSON, owner=OWNER):
    workflow = await desk.read(owner, "invoice.pdf", b"upload", lambda _: None)
    review = await desk.review(owner, workflow)
    preferences = review.draft.preferences.model_copy(update={"export_format": export_format})
    await desk.keep_draft(owner, workflow, invoice_data() | {"vendor_name": "B"}, preferences, {})
    await desk.record_modifications(owner, workflow)
    await desk.produce(owner, workflow, lambda _: None)
    return workflow, await desk.deliverable(owner, workflow)


@pytest.mark.parametrize("export_format", FORMATS.values(), ids=FORMATS)
async def test_a_deliverable_is_known_by_its_bytes_under_any_name(desk, export_format):
    workflow, file = await delivered(desk, export_format)
    judged = await desk.verify_file(OWNER, "renamed.bin", file.content)
    assert judged.answer == "delivered"
    assert judged.sentence.startswith("Delivered as is on ") and judged.sentence.endswith("by ann@example.com, from invoice.pdf.")
    assert [(link.stage, link.holds) for link in judged.chain] == [(1, True), (2, True), (3, True)]
    trail = (await desk.workflow(OWNER, workflow)).trail
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
    judged = await desk.verify_file(OWNER, "renamed", altered)
    assert (judged.answer, judged.origin.export_workflow_id) == ("altered", workflow)


async def test_a_changed_file_that_only_its_name_gives_away_is_told_altered(desk):
    workflow, file = await delivered(desk)
    for name in (file.filename, file.filename.replace(".json", " (1).json")):
        judged = await desk.verify_file(OWNER, name, b"anything else")
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
    whole = await desk.verify_file(OWNER, "all.zip", packed)
    assert [whole.answer, *(member.answer for member in whole.members)] == ["delivered"] * 3
    packed = desk._pack({"a.json": first.content, "b.zip": changed_cell(second.content), "c.txt": b"?"})
    mixed = await desk.verify_file(OWNER, "all.zip", packed)
    assert [mixed.answer, *(m.answer for m in mixed.members)] == ["altered", "delivered", "altered", "unknown"]


async def test_a_bundle_is_verified_by_itself(desk):
    workflow, _ = await delivered(desk)
    content = await desk.bundle_file(OWNER, workflow)
    assert (await desk.verify_file(OWNER, "b.json", content)).answer == "holds"
    spoiled = content.replace(b"Mill & Sons", b"Mill & Song", 1)
    assert (await desk.verify_file(OWNER, "b.json", spoiled)).answer == "broken"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A delivered file of each format, and the hashes that were recorded."""
    async def make():
        desk = build_desk(load_settings(data_dir=tmp_path_factory.mktemp("flipped")))
        desk._extractor = FakeExtractor()
        made = {kind: (await delivered(desk, export_format))[1].content for kind, export_format in FORMATS.items()}
        await desk.close()
        return made

    return asyncio.run(make())


@pytest.mark.parametrize("kind", FORMATS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=st.data())
def test_no_deliverable_with_a_flipped_byte_is_told_delivered(files, kind, drawn):
    content = files[kind]
    at = drawn.draw(st.integers(0, len(content) - 1))
    bit = drawn.draw(st.sampled_from([1 << n for n in range(8)]))
    flipped = content[:at] + bytes([content[at] ^ bit]) + content[at + 1 :]
    read = inspected(flipped, "file")
    hashes = [read["content_hash"], *(member["content_hash"] for member in read["members"])]
    delivered_ones = {inspected(file, "file")["content_hash"] for file in files.values()}
    assert not delivered_ones & set(hashes)


# Another template or format


async def test_other_formats_take_the_recorded_prose_and_are_made_once(desk):
    workflow, _ = await delivered(desk)
    source = (await desk.workflow(OWNER, workflow)).stage3
    wanted = {ExportFormat.EXCEL: str(uuid4()), ExportFormat.CSV: str(uuid4())}

    async def not_asked(case, hear):
        raise AssertionError("the prose is in the record")

    desk._agent.summarise_final = not_asked
    for _ in range(2):
        job = await desk.start_regenerating(OWNER, workflow, DocumentTemplate.STANDARD, wanted)
        await desk._jobs._jobs[job].task
        assert (await desk.job(OWNER, job)).result == " ".join(wanted.values())
    for export_format, new_id in wanted.items():
        made = await desk.workflow(OWNER, new_id)
        assert made.stage1.regenerated_from == made.stage3.regenerated_from == workflow
        assert (made.stage3.ai_final_summary, made.stage3.grounding) == (source.ai_final_summary, source.grounding)
        meta = made.stage3.final_summary_metadata
        assert (meta.ai_model, meta.export_format) == (source.final_summary_metadata.ai_model, export_format)
        assert (meta.processing_time_ms, meta.tokens_used) == (None, None)
    trail = [entry.action for entry in (await desk.workflow(OWNER, workflow)).trail]
    assert trail == ["regenerated", "regenerated"]
    found = await desk._documents.find(OWNER, made.stage1.source.content_hash)
    assert found.workflows == (workflow, *wanted.values())
    both = await desk.deliverables(OWNER, list(wanted.values()))
    assert both.content == (await desk.deliverables(OWNER, list(wanted.values()))).content
    assert [m.answer for m in (await desk.verify_file(OWNER, both.filename, both.content)).members] == ["delivered"] * 2


async def test_what_was_reviewed_and_not_delivered_is_asked_for(desk):
    workflow = await desk.read(OWNER, "invoice.pdf", b"upload", lambda _: None)
    await desk.record_modifications(OWNER, workflow)
    preferences = (await desk.workflow(OWNER, workflow)).stage2.user_preferences
    again = await desk.regenerate(OWNER, workflow, preferences)
    made = await desk.produce(OWNER, again, lambda _: None)
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
    assert await asyncio.to_thread(main, ["verify", str(path), "--owner", OWNER]) == 2
    assert capsys.readouterr().err.startswith("Altered since")
