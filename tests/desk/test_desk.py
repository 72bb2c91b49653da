import asyncio
import json
from dataclasses import replace

import pytest
from fakes import ACTOR, OWNER, Clock, FakeExtractor, invoice_data, make_desk

from kraftd_core.adapters.stores.sqlite import SqliteStore
from kraftd_core.errors import DocumentRefused, FileDamaged, NotFound, StageAlreadyRecorded, StageOutOfOrder, StoreUnavailable
from kraftd_core.people.actor import Actor
from kraftd_core.records.bundle import read_bundle, verify_bundle
from kraftd_core.records.chain import sealed, stored_if_same, verdict_on
from kraftd_core.records.large_members import slimmed
from kraftd_core.records.stages import InitialSummary, Look, Suggestion, UserModifications, UserPreferences
from kraftd_core.review.told import checks_told

JSON_FILE = UserPreferences(export_format="json")


def ignore(step):
    return None


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def desk(tmp_path, clock):
    return make_desk(tmp_path, clock)


async def edited(desk, workflow, **fields):
    review = await desk.review(ACTOR, workflow)
    return await desk.keep_draft(ACTOR, workflow, review.draft.modified_data | fields, JSON_FILE, {})


async def test_a_document_goes_through_all_three_stages(desk):
    workflow = await desk.read(ACTOR, "in.pdf", b"%PDF", ignore)
    await edited(desk, workflow, vendor_name="Mill")
    stage2 = await desk.record_modifications(ACTOR, workflow)
    steps = []
    stage3 = await desk.produce(ACTOR, workflow, steps.append)
    made = await desk.deliverable(ACTOR, workflow)
    assert steps == ["Writing the final summary", "Making the file", "Recording"]
    assert stage2.changes[0].modified_value == "Mill"
    assert made.filename == f"in_standard_2026-10-06_{workflow[:8]}.json" == stage3.deliverable.filename
    assert "Mill" in json.dumps(json.loads(made.content))
    assert "_row_id" not in made.content.decode()


async def test_the_same_bytes_are_one_document_with_two_workflows(desk):
    first, second = [await desk.read(ACTOR, name, b"%PDF", ignore) for name in ("a.pdf", "b.pdf")]
    found = [(await desk.workflow(ACTOR, w)).stage1 for w in (first, second)]
    assert found[0].document_id == found[1].document_id
    assert (await desk._documents.find(OWNER, found[0].source.content_hash)).workflows == (first, second)


@pytest.mark.parametrize(("content", "says"), [(b"", "empty"), (b"x" * (25 * 2**20 + 1), "25 MB"), (b"refuse", "damaged")])
async def test_a_refused_document_leaves_no_trace(desk, content, says):
    with pytest.raises(DocumentRefused, match=says):
        await desk.read(ACTOR, "in.pdf", content, ignore)
    assert (await desk.history(ACTOR)).lines == []


async def test_a_draft_is_found_again_with_the_time_spent_but_without_the_breaks(desk, clock):
    workflow = await desk.read(ACTOR, "in.pdf", b"%PDF", ignore)
    await edited(desk, workflow, vendor_name="M")
    for gap in (30, 3600, 20):
        clock.forward(seconds=gap)
        await edited(desk, workflow, vendor_name=f"Mill {gap}")
    review = await desk.review(ACTOR, workflow)
    assert review.draft.modified_data["vendor_name"] == "Mill 20"
    assert review.draft.editing_time_seconds == 50
    assert len(review.change_sentences) == 1


@pytest.mark.parametrize(("gap_seconds", "counted"), [(119.999, 119.999), (120, 120), (120.001, 0), (121, 0)])
async def test_a_pause_of_two_minutes_is_still_editing_and_a_longer_one_a_break(desk, clock, gap_seconds, counted):
    workflow = await desk.read(ACTOR, "in.pdf", b"%PDF", ignore)
    await edited(desk, workflow, vendor_name="M")
    clock.forward(seconds=gap_seconds)
    assert (await edited(desk, workflow, vendor_name="Mill")).draft.editing_time_seconds == counted
    recorded = await desk.record_modifications(ACTOR, workflow)
    assert recorded.user_actions.editing_time_seconds == counted


async def test_keeping_what_is_kept_already_writes_nothing(desk):
    workflow = await desk.read(ACTOR, "in.pdf", b"%PDF", ignore)
    before = await edited(desk, workflow, vendor_name="M")
    assert (await edited(desk, workflow, vendor_name="M")).draft.revision == before.draft.revision


async def test_recording_ends_the_draft_and_twice_is_once(desk):
    workflow = await desk.read(ACTOR, "in.pdf", b"%PDF", ignore)
    await edited(desk, workflow, vendor_name="Mill")
    first, second = await asyncio.gather(*(desk.record_modifications(ACTOR, workflow) for _ in range(2)))
    assert first == second
    with pytest.raises(StageAlreadyRecorded):
        await desk.keep_draft(ACTOR, workflow, {}, JSON_FILE, {})
    assert (await desk.review(ACTOR, workflow)).draft.modified_data["vendor_name"] == "Mill"


async def test_reasons_reach_the_record(desk):
    workflow = await desk.read(ACTOR, "in.pdf", b"%PDF", ignore)
    data = (await desk.review(ACTOR, workflow)).draft.modified_data | {"vendor_name": "Mill"}
    await desk.keep_draft(ACTOR, workflow, data, JSON_FILE, {"vendor_name": "the letterhead says so"})
    (change,) = (await desk.record_modifications(ACTOR, workflow)).changes
    assert change.user_reason == "the letterhead says so"


async def test_produced_twice_at_once_is_one_file(desk):
    workflow = await desk.read(ACTOR, "in.pdf", b"%PDF", ignore)
    await edited(desk, workflow)
    await desk.record_modifications(ACTOR, workflow)
    made = await asyncio.gather(*(desk.produce(ACTOR, workflow, ignore) for _ in range(5)))
    assert all(one == made[0] for one in made)


async def test_a_file_needs_a_review_first(desk):
    workflow = await desk.read(ACTOR, "in.pdf", b"%PDF", ignore)
    with pytest.raises(StageOutOfOrder):
        await desk.produce(ACTOR, workflow, ignore)
    with pytest.raises(NotFound):
        await desk.deliverable(ACTOR, workflow)


async def test_a_preview_records_nothing(desk):
    workflow = await desk.read(ACTOR, "in.pdf", b"%PDF", ignore)
    await edited(desk, workflow)
    await desk.record_modifications(ACTOR, workflow)
    assert (await desk.preview(ACTOR, workflow)).content
    assert (await desk.workflow(ACTOR, workflow)).stage3 is None


async def test_a_download_is_noted_in_the_trail_and_an_altered_file_is_not_served(desk, tmp_path):
    workflow = await desk.read(ACTOR, "in.pdf", b"%PDF", ignore)
    await edited(desk, workflow)
    await desk.record_modifications(ACTOR, workflow)
    stage3 = await desk.produce(ACTOR, workflow, ignore)
    await desk.note_download(ACTOR, workflow)
    (entry,) = (await desk.workflow(ACTOR, workflow)).trail
    assert (entry.action, entry.details, entry.actor) == ("downloaded", stage3.deliverable.filename, OWNER)
    digest = stage3.deliverable.content_hash.removeprefix("sha256:")
    next((tmp_path / "files").rglob(digest)).write_bytes(b"altered")
    with pytest.raises(FileDamaged):
        await desk.deliverable(ACTOR, workflow)


async def test_another_owner_finds_nothing(desk):
    workflow = await desk.read(ACTOR, "in.pdf", b"%PDF", ignore)
    for verb in (desk.workflow, desk.review, desk.records, desk.deliverable, desk.preview):
        with pytest.raises(NotFound):
            await verb(Actor.of("eve@example.com"), workflow)


async def test_reading_as_a_job_ends_with_the_workflow(desk):
    job = await desk.start_reading(ACTOR, "in.pdf", b"%PDF")
    while (view := await desk.job(ACTOR, job)).is_running:
        await asyncio.sleep(0)
    assert (await desk.workflow(ACTOR, view.result)).stage1.document_name == "in.pdf"
    assert view.steps_done == ("Keeping the document", "Reading the document", "Writing the summary")


async def typed(desk, workflow, seen, **fields):
    """What a tab keeps that has seen this draft."""
    return (await desk.keep_draft(ACTOR, workflow, seen.modified_data | fields, seen.preferences, seen.reasons, seen)).draft


def vendors(draft):
    return [version.modified_data["vendor_name"] for version in (draft, *draft.others)]


async def two_tabs(desk):
    workflow = await desk.read(ACTOR, "in.pdf", b"%PDF", ignore)
    seen = (await desk.review(ACTOR, workflow)).draft
    first = await typed(desk, workflow, seen, vendor_name="First")
    second = await typed(desk, workflow, seen, vendor_name="Second")
    return workflow, first, second


async def test_of_two_tabs_the_later_is_kept_and_the_other_offered(desk, tmp_path, clock):
    workflow, _, second = await two_tabs(desk)
    assert vendors(second) == ["Second", "First"]
    restarted = make_desk(tmp_path, clock)
    assert (await restarted.review(ACTOR, workflow)).draft == second


async def test_typing_on_replaces_only_what_the_tab_itself_kept(desk):
    workflow, first, second = await two_tabs(desk)
    first = await typed(desk, workflow, first, invoice_id="F-11")
    assert vendors(first) == ["First", "Second"]
    second = await typed(desk, workflow, second, invoice_id="S-12")
    assert vendors(second) == ["Second", "First"]
    assert second.others[0].modified_data["invoice_id"] == "F-11"


async def test_three_tabs_lose_nothing(desk):
    workflow, _, _ = await two_tabs(desk)
    fresh = desk._fresh_draft(await desk.workflow(ACTOR, workflow))
    third = await typed(desk, workflow, fresh, vendor_name="Third")
    assert vendors(third) == ["Third", "Second", "First"]


async def test_a_tab_in_which_nothing_is_typed_keeps_nothing_and_is_offered_the_later(desk):
    workflow, first, second = await two_tabs(desk)
    looked = await typed(desk, workflow, first)
    assert vendors(looked) == ["First", "Second"]
    assert (await desk.review(ACTOR, workflow)).draft == second


async def test_a_tab_that_types_what_another_kept_is_offered_nothing(desk):
    workflow, first, _ = await two_tabs(desk)
    agreed = await typed(desk, workflow, first, vendor_name="Second")
    assert vendors(agreed) == ["Second"]


async def test_two_tabs_that_keep_at_once_lose_nothing(desk):
    workflow = await desk.read(ACTOR, "in.pdf", b"%PDF", ignore)
    seen = (await desk.review(ACTOR, workflow)).draft
    await asyncio.gather(*(typed(desk, workflow, seen, vendor_name=f"Tab {n}") for n in range(5)))
    assert sorted(vendors((await desk.review(ACTOR, workflow)).draft)) == [f"Tab {n}" for n in range(5)]


@pytest.mark.parametrize("is_own", [True, False])
async def test_the_chosen_version_becomes_the_draft_and_the_other_ends(desk, is_own):
    workflow, first, second = await two_tabs(desk)
    chosen, gone = (first, second) if is_own else (second, first)
    kept = (await desk.choose_draft(ACTOR, workflow, chosen, gone)).draft
    assert vendors(kept) == [chosen.modified_data["vendor_name"]]
    assert (await desk.review(ACTOR, workflow)).draft == kept


async def test_the_version_that_was_seen_is_recorded_and_no_other_passes_for_it(desk):
    workflow, first, second = await two_tabs(desk)
    recorded = await desk.record_modifications(ACTOR, workflow, first)
    assert recorded.modified_data["vendor_name"] == "First"
    assert await desk.record_modifications(ACTOR, workflow, first) == recorded
    with pytest.raises(StageAlreadyRecorded):
        await desk.record_modifications(ACTOR, workflow, second)
    with pytest.raises(StageAlreadyRecorded):
        await desk.choose_draft(ACTOR, workflow, second, first)


async def test_a_bundle_as_a_file_holds_and_its_download_is_noted(desk):
    workflow = await desk.read(ACTOR, "in.pdf", b"%PDF", ignore)
    content = await desk.bundle_file(ACTOR, workflow)
    assert verify_bundle(read_bundle(content)).holds
    (entry,) = (await desk.workflow(ACTOR, workflow)).trail
    assert (entry.action, entry.details, entry.actor) == ("bundle downloaded", "1 record", OWNER)


async def test_the_same_number_of_the_same_supplier_is_found_in_another_document_only(desk):
    first = await desk.read(ACTOR, "in.pdf", b"%PDF", ignore)
    again = await desk.read(ACTOR, "in.pdf", b"%PDF", ignore)
    other = await desk.read(ACTOR, "copy.pdf", b"%PDF 2", ignore)
    strange = await desk.read(Actor.of("b@example.com"), "copy.pdf", b"%PDF 2", ignore)
    told = [[f.check for f in (await desk.workflow(o, w)).stage1.findings] for o, w in
            ((ACTOR, first), (ACTOR, again), (ACTOR, other), (Actor.of("b@example.com"), strange))]
    assert ["number_known" in checks for checks in told] == [False, False, True, False]


async def test_the_records_tell_which_edit_mended_and_which_broke_a_check(desk):
    workflow = await desk.read(ACTOR, "in.pdf", b"%PDF", ignore)
    other = await desk.read(ACTOR, "copy.pdf", b"%PDF 2", ignore)
    await edited(desk, other, vendor_name="Mill", iban="DE89370400440532013001")
    stage2, stage1 = await desk.record_modifications(ACTOR, other), (await desk.workflow(ACTOR, other)).stage1
    before, after = ({f.check for f in stage.findings} for stage in (stage1, stage2))
    assert (before - after, after - before) == ({"number_known"}, {"iban"})
    told = checks_told(stage1.findings, stage2.findings)
    assert told[1].startswith("Mended: Another document in your history, in.pdf of 2026-10-06 UTC (")
    assert told[2].startswith("Broken: IBAN")
    assert (await desk.verify(ACTOR, other)).holds and (await desk.verify(ACTOR, workflow)).holds


def as_of_version_1(records):
    """The records as the first version of the schema wrote them."""
    older, previous = [], None
    for record in records:
        gone = (
            "findings", "grounding", "presentation_plan", "looked_at", "suggestions", "record_hash",
            "kind", "actor", "review_mode", "reviewer",
        )  # fmt: skip
        body = {name: value for name, value in record.items() if name not in gone}
        for part in ("source", "initial_summary_metadata", "final_summary_metadata"):
            if part in body:
                body[part] = {n: v for n, v in body[part].items() if n not in ("type_confidence", "prompt_version")}
        older.append(sealed(body | {"schema_version": 1, "previous_hash": previous}, None))
        previous = older[-1]["record_hash"]
    return older


async def test_records_from_before_findings_were_kept_still_verify_and_read(desk):
    workflow = await desk.read(ACTOR, "in.pdf", b"%PDF", ignore)
    await desk.record_modifications(ACTOR, workflow)
    older = as_of_version_1(await desk.records(ACTOR, workflow))
    assert verdict_on(older, None).holds
    first, second = InitialSummary.model_validate(older[0]), UserModifications.model_validate(older[1])
    assert (first.schema_version, first.findings, first.source.type_confidence, second.findings) == (1, [], None, [])


async def test_stages_recorded_before_an_upgrade_and_sent_again_after_it_are_those_stored(desk, tmp_path, clock):
    workflow = await desk.read(ACTOR, "in.pdf", b"%PDF", ignore)
    await edited(desk, workflow, invoice_total=999)
    await desk.record_modifications(ACTOR, workflow)
    await desk.produce(ACTOR, workflow, ignore)
    newer = await desk.records(ACTOR, workflow)
    assert newer[1]["findings"] and newer[0]["schema_version"] == 4
    older, store = as_of_version_1(newer), SqliteStore(tmp_path / "older.sqlite3", now=clock)
    for record in older:
        await store.append(record)
    for record, again in zip(older, newer, strict=True):
        assert (await store.append(again))["record_hash"] == record["record_hash"]
        with pytest.raises(StageAlreadyRecorded):
            await store.append(sealed(again | {"document_name": "other.pdf"}))
    assert verdict_on(await store.stages(OWNER, workflow)).holds
    await store.close()


def test_a_stage_is_the_same_wherever_a_version_kept_its_large_members():
    data = {"note": "x" * 600}
    old = {"schema_version": 1, "initial_extracted_data": data, "source": {"notices": []}}
    new = old | {"schema_version": 2, "findings": [{"check": "required"}] * 40, "source": {"notices": [], "type_confidence": 0.9}}
    slim, other = slimmed(new, 500)[0], slimmed(new | {"initial_extracted_data": {"note": "y" * 600}}, 500)[0]
    assert slim["replaced_members"] == ["findings", "initial_extracted_data"]
    whole = old | {"replaced_members": []}
    assert stored_if_same(whole, slim) is whole and stored_if_same(slim, whole) is slim
    with pytest.raises(StageAlreadyRecorded):
        stored_if_same(whole, other)


# The same number again


def known_numbers(found):
    return [finding.found for finding in found.findings if finding.check == "number_known"]


async def test_an_edit_that_makes_the_number_that_of_another_document_is_told_and_recorded(desk):
    first = await desk.read(ACTOR, "in.pdf", b"%PDF", ignore)
    await edited(desk, first, invoice_id="B-7")
    await desk.record_modifications(ACTOR, first)
    other = await desk.read(ACTOR, "copy.pdf", b"%PDF 2", ignore)
    assert known_numbers((await desk.workflow(ACTOR, other)).stage1) == []
    assert known_numbers(await edited(desk, other, invoice_id=" b-7")) == ["b-7"]
    assert known_numbers(await edited(desk, other, invoice_id="B-8")) == []
    assert known_numbers(await edited(desk, other, invoice_id="B-7")) == ["B-7"]
    assert known_numbers(await desk.record_modifications(ACTOR, other)) == ["B-7"]


async def test_the_very_bytes_are_known_by_whatever_name_to_their_owner_alone(desk, clock):
    assert await desk.seen_before(ACTOR, b"%PDF") is None
    first = await desk.read(ACTOR, "in.pdf", b"%PDF", ignore)
    clock.forward(days=1)
    await desk.read(ACTOR, "other.pdf", b"%PDF 2", ignore)
    seen = await desk.seen_before(ACTOR, b"%PDF")
    assert (seen.export_workflow_id, seen.document_name) == (first, "in.pdf")
    again = await desk.read(ACTOR, "renamed.PDF", b"%PDF", ignore)
    assert (await desk.seen_before(ACTOR, b"%PDF")).export_workflow_id == again
    assert await desk.seen_before(Actor.of("eve@example.com"), b"%PDF") is None
    assert await desk.seen_before(ACTOR, b"%PDF ") is None


async def test_bytes_whose_workflows_have_expired_are_new(desk, clock):
    await desk.read(ACTOR, "in.pdf", b"%PDF", ignore)
    clock.forward(days=31)
    assert await desk.seen_before(ACTOR, b"%PDF") is None


async def delivered(desk, workflow):
    await desk.record_modifications(ACTOR, workflow)
    await desk.produce(ACTOR, workflow, ignore)


async def test_a_regenerated_workflow_is_no_duplicate_of_its_own_and_gives_way_to_the_one_it_was_made_from(desk, clock):
    first = await desk.read(ACTOR, "in.pdf", b"%PDF", ignore)
    await edited(desk, first)
    await delivered(desk, first)
    clock.forward(days=29)
    again = await desk.regenerate(ACTOR, first, JSON_FILE)
    assert await desk.known_number(ACTOR, again) is None
    assert known_numbers((await desk.workflow(ACTOR, again)).stage2) == []
    assert (await desk.seen_before(ACTOR, b"%PDF")).export_workflow_id == first
    other = await desk.read(ACTOR, "copy.pdf", b"%PDF 2", ignore)
    assert (await desk.known_number(ACTOR, other)).export_workflow_id == first
    clock.forward(days=2)  # the first one has expired
    assert (await desk.seen_before(ACTOR, b"%PDF")).export_workflow_id == again
    assert (await desk.known_number(ACTOR, other)).export_workflow_id == again


class Reading(FakeExtractor):
    """Reads from each document the supplier and number that it consists of."""

    async def extract(self, content, name, progress, document_type=None):
        vendor, number = content.decode().split("|")
        read = await super().extract(content, name, progress, document_type)
        return replace(read, data=read.data | {"vendor_name": vendor, "invoice_id": int(number) if number.isdigit() else number})


@pytest.mark.slow
@pytest.mark.parametrize(("first", "second", "is_known"), [
    ("Müller GmbH|F-10", "MULLER  gmbh|f\u201110", True), ("Mu\u0308ller|1234567", "Müller|1234567", True),
    ("Müller|1234567", "Müller|1,234,567", False), ("Müller|F-10", "Möller|F-10", False), ("Müller|F-10", "Müller|F-100", False),
    ("Straße 5|9", "STRASSE 5|9", True), ("कमल|1", "कमाल|1", False),
])  # fmt: skip
async def test_a_number_is_known_again_however_it_and_the_supplier_are_written(desk, first, second, is_known):
    desk._extractor = Reading()
    earlier = await desk.read(ACTOR, "first.pdf", first.encode(), ignore)
    told = []
    later = await desk.read(ACTOR, "second.pdf", second.encode(), told.append)
    known = await desk.known_number(ACTOR, later)
    assert (known and known.export_workflow_id) == (earlier if is_known else None)
    said = f"second.pdf: Another document in your history, first.pdf of 2026-10-06 UTC ({earlier[:8]}),"
    assert [told.index("Writing the summary") for step in told if step.startswith(said)] == [3] * is_known


async def ended(desk, job_id):
    while (job := await desk.job(ACTOR, job_id)).is_running:
        await asyncio.sleep(0)
    return job


async def test_work_on_a_known_number_asks_before_anything_is_recorded_and_goes_on_when_told_so(desk):
    first = await desk.read(ACTOR, "in.pdf", b"%PDF", ignore)
    asked_id = await desk.start_reading(ACTOR, "copy.pdf", b"%PDF 2", asks_first=True)
    asked = await ended(desk, asked_id)
    assert (asked.earlier.export_workflow_id, asked.result, asked.can_go_on) == (first, None, True)
    assert len((await desk.history(ACTOR)).lines) == 1
    done = await ended(desk, await desk.go_on(ACTOR, asked_id))
    assert (done.earlier, done.steps_done[0]) == (None, "Writing the summary")
    assert known_numbers((await desk.workflow(ACTOR, done.result)).stage1) == ["F-10"]


async def test_work_that_does_not_ask_first_goes_on_and_so_does_what_is_new(desk):
    assert (await ended(desk, await desk.start_reading(ACTOR, "in.pdf", b"%PDF", asks_first=True))).result
    assert (await ended(desk, await desk.start_reading(ACTOR, "copy.pdf", b"%PDF 2"))).result


async def test_a_number_is_looked_up_anew_where_only_the_type_becomes_another(desk):
    """An invoice that is an order after all, and prints the same number: orders are asked for it, invoices no more."""
    as_order = {"document_type": "purchase_order", "order_number": "F-10"}
    alone = await desk.read(ACTOR, "in.pdf", b"%PDF", ignore)
    assert known_numbers(await edited(desk, alone, **as_order)) == []
    again = await desk.read(ACTOR, "copy.pdf", b"%PDF 2", ignore)
    assert known_numbers((await desk.workflow(ACTOR, again)).stage1) == ["F-10"]
    assert known_numbers(await edited(desk, again, **as_order)) == []
    await desk.record_modifications(ACTOR, again)
    assert known_numbers(await edited(desk, alone, **as_order, note="x")) == ["F-10"]
    assert known_numbers(await desk.record_modifications(ACTOR, alone)) == ["F-10"]


async def test_a_number_is_found_behind_a_page_of_the_document_s_own_versions(desk, monkeypatch):
    monkeypatch.setattr("kraftd_core.recording.service._LINES_A_PAGE", 2)
    await desk.read(ACTOR, "in.pdf", b"%PDF", ignore)
    for _ in range(5):
        last = await desk.read(ACTOR, "copy.pdf", b"%PDF 2", ignore)
    assert len(known_numbers((await desk.workflow(ACTOR, last)).stage1)) == 1


async def test_a_history_out_of_reach_keeps_nobody_from_recording(desk, monkeypatch):
    async def unreachable(*asked):
        raise StoreUnavailable("The store did not answer.")

    monkeypatch.setattr(desk.tracking._store, "history", unreachable)
    assert await desk.seen_before(ACTOR, b"%PDF") is None
    workflow = await desk.read(ACTOR, "in.pdf", b"%PDF", ignore)
    assert known_numbers((await desk.workflow(ACTOR, workflow)).stage1) == []


# What it is


async def test_a_document_is_read_as_what_the_user_says_it_is(desk):
    kinds = [(await desk.workflow(ACTOR, await desk.read(ACTOR, "in.pdf", content, ignore, kind))).stage1.document_type
             for content, kind in ((b"%PDF", None), (b"%PDF 2", "receipt"))]
    assert kinds == ["invoice", "receipt"]
    job = await desk.start_reading(ACTOR, "in.pdf", b"%PDF 3", "contract")
    while (ended := await desk.job(ACTOR, job)).is_running:
        await asyncio.sleep(0)
    assert (await desk.workflow(ACTOR, ended.result)).stage1.document_type == "contract"


# Pages to look at


async def test_a_page_is_drawn_once_and_shown_to_its_owner_alone(desk, monkeypatch):
    drawn = []

    async def draw(content, name, page):
        drawn.append(page)
        return b"page %d" % page

    monkeypatch.setattr(desk._extractor, "page_image", draw)
    workflow = await desk.read(ACTOR, "in.pdf", b"%PDF", ignore)
    assert [await desk.page_image(ACTOR, workflow, page) for page in (1, 2, 1, 1)] == [b"page 1", b"page 2", b"page 1", b"page 1"]
    assert drawn == [1, 2]
    with pytest.raises(NotFound):
        await desk.page_image(Actor.of("eve@example.com"), workflow, 1)


async def test_only_so_many_drawn_pages_are_kept(desk, monkeypatch):
    monkeypatch.setattr("kraftd_core.desk.stage1_summary._KEPT_PAGES", 2)
    workflow = await desk.read(ACTOR, "in.pdf", b"%PDF", ignore)
    for page in range(1, 6):
        await desk.page_image(ACTOR, workflow, page)
    assert [page for _, _, page in desk._pages] == [4, 5]


async def test_what_was_looked_at_and_which_suggestions_were_answered_is_recorded(desk):
    workflow = await desk.read(ACTOR, "in.pdf", b"%PDF", ignore)
    review = await desk.review(ACTOR, workflow)
    looks = [Look(field="invoice_total", how="confirmed")]
    answered = [Suggestion(field="vendor_name", suggested_value="Acme", rests_on=["w1", "w2"], is_accepted=False)]
    kept = await desk.keep_draft(
        ACTOR, workflow, review.draft.modified_data, review.draft.preferences, {}, looked_at=looks, suggestions=answered
    )
    again = await desk.keep_draft(ACTOR, workflow, {**kept.draft.modified_data, "note": "x"}, kept.draft.preferences, {})
    assert (again.draft.looked_at, again.draft.suggestions) == (tuple(looks), tuple(answered))
    recorded = await desk.record_modifications(ACTOR, workflow)
    assert (recorded.looked_at, recorded.suggestions) == (looks, answered)


async def test_what_waits_is_asked_for_once_so_that_a_workflow_that_moves_meanwhile_is_listed_once(desk, monkeypatch):
    workflow = await desk.read(ACTOR, "invoice.pdf", b"upload", lambda _: None)
    asked, history = [], desk._store.history

    async def moving(*given):
        page = await history(*given)
        if not asked:  # another tab records the review right after this answer
            await desk.keep_draft(ACTOR, workflow, invoice_data(), (await desk.review(ACTOR, workflow)).draft.preferences, {})
            await desk.record_modifications(ACTOR, workflow)
        asked.append(given)
        return page

    monkeypatch.setattr(desk._store, "history", moving)
    assert [line.export_workflow_id for line in await desk.unfinished(ACTOR, 6)] == [workflow]
