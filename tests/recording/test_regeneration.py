"""A regenerated workflow is a pass of its own on the reviewed data of another."""

from uuid import uuid4

import pytest
from fakes import OWNER, SUMMARY, Clock, invoice_data, make_tracking

from kraftd_core.errors import StageAlreadyRecorded, StageOutOfOrder
from kraftd_core.records.chain import verify
from kraftd_core.records.plan import DocumentTemplate, ExportFormat
from kraftd_core.records.stages import UserPreferences

WANTED = UserPreferences(export_format=ExportFormat.EXCEL, document_template=DocumentTemplate.EXECUTIVE_SUMMARY)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def tracking(tmp_path, clock):
    return make_tracking(tmp_path, clock)


@pytest.fixture
async def reviewed(tracking, clock):
    """The id of a workflow with one change, recorded two days ago."""
    workflow = await tracking.record_stage_1_initial_summary(
        "d1", OWNER, "invoice", invoice_data(), SUMMARY, 0.9, processing_time_ms=12, tokens_used=7, extraction_time_ms=5
    )
    modified = invoice_data() | {"vendor_name": "Mill & Sons Ltd"}
    await tracking.record_stage_2_user_modifications(
        workflow, "d1", OWNER, invoice_data(), modified, {"export_format": "json"}, 30.0
    )
    clock.forward(days=2)
    return workflow


async def test_the_same_review_is_recorded_under_a_new_id_with_other_preferences(tracking, reviewed):
    again = await tracking.record_regeneration(reviewed, OWNER, WANTED)
    old, new = [await tracking.get_workflow_stages(workflow, OWNER) for workflow in (reviewed, again)]
    assert again != reviewed
    assert new["stage1"].regenerated_from == new["stage2"].regenerated_from == reviewed
    assert new["stage1"].initial_extracted_data == old["stage1"].initial_extracted_data
    assert (new["stage2"].modified_data, new["stage2"].changes) == (old["stage2"].modified_data, old["stage2"].changes)
    assert new["stage2"].user_preferences == WANTED
    assert verify(await tracking.stored_records(again, OWNER)) is None


async def test_nothing_that_was_not_measured_this_time_has_a_figure(tracking, reviewed):
    stages = await tracking.get_workflow_stages(await tracking.record_regeneration(reviewed, OWNER, WANTED), OWNER)
    thought, actions = stages["stage1"].initial_summary_metadata, stages["stage2"].user_actions
    assert (thought.processing_time_ms, thought.extraction_time_ms, thought.tokens_used) == (None, None, None)
    assert (actions.editing_time_seconds, actions.edits_per_minute) == (None, None)
    assert actions.total_modifications == 1


async def test_it_expires_thirty_days_after_it_was_made_and_goes_on_to_stage_3(tracking, reviewed, clock):
    again = await tracking.record_regeneration(reviewed, OWNER, WANTED)
    made = await tracking.record_stage_3_final_deliverable(again, "d1", OWNER, SUMMARY, "excel", "x.xlsx", 2, b"{}")
    assert (made.expiration_date - clock()).days == 30
    assert made.regenerated_from == reviewed
    assert verify(await tracking.stored_records(again, OWNER)) is None


async def test_asking_twice_under_one_id_makes_one_workflow(tracking, reviewed, clock):
    wanted_id = str(uuid4())
    await tracking.record_regeneration(reviewed, OWNER, WANTED, regenerated_id=wanted_id)
    clock.forward(minutes=1)
    assert await tracking.record_regeneration(reviewed, OWNER, WANTED, regenerated_id=wanted_id) == wanted_id
    assert len(await tracking.stored_records(wanted_id, OWNER)) == 2
    with pytest.raises(StageAlreadyRecorded):
        await tracking.record_regeneration(reviewed, OWNER, UserPreferences(), regenerated_id=wanted_id)


async def test_what_was_not_reviewed_is_refused(tracking):
    workflow = await tracking.record_stage_1_initial_summary("d1", OWNER, "invoice", invoice_data(), SUMMARY)
    with pytest.raises(StageOutOfOrder):
        await tracking.record_regeneration(workflow, OWNER, WANTED)
