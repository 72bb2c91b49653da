import asyncio
from datetime import timedelta

import pytest
from fakes import OWNER, SUMMARY, Clock, invoice_data, make_tracking

from kraftd_core.document.jsontypes import without_row_ids
from kraftd_core.errors import NotFound, RecordingError, StageAlreadyRecorded, StageOutOfOrder
from kraftd_core.records.chain import verify
from kraftd_core.records.stages import ExportStatus


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def tracking(tmp_path, clock):
    return make_tracking(tmp_path, clock)


async def opened(tracking, data=None):
    return await tracking.record_stage_1_initial_summary(
        "d1", OWNER, "invoice", data or invoice_data(), SUMMARY, extraction_confidence=0.9, processing_time_ms=12
    )


async def reviewed(tracking, workflow, modified, **more):
    return await tracking.record_stage_2_user_modifications(
        workflow, "d1", OWNER, invoice_data(), modified, {"export_format": "json"}, **more
    )


async def delivered(tracking, workflow, content=b"{}"):
    return await tracking.record_stage_3_final_deliverable(
        workflow, "d1", OWNER, SUMMARY, "json", "x.json", len(content), content
    )


def with_cell(data, row, column, value):
    rows = [dict(r) for r in data["line_items"]]
    rows[row][column] = value
    return data | {"line_items": rows}


async def test_three_calls_give_three_linked_records(tracking, clock):
    workflow = await opened(tracking)
    clock.forward(minutes=3)
    await reviewed(tracking, workflow, with_cell(invoice_data(), 0, "unit_price", 11), editing_time_seconds=120.0)
    clock.forward(seconds=2)
    await delivered(tracking, workflow)
    records = list(await tracking.stored_records(workflow, OWNER))
    assert [r["id"] for r in records] == [f"{workflow}:{n}" for n in (1, 2, 3)]
    assert [r["status"] for r in records] == [s.value for s in ExportStatus]
    assert verify(records) is None
    assert len({r["expiration_date"] for r in records}) == 1
    assert [r["ttl"] for r in records] == [2592000, 2592000 - 180, 2592000 - 182]


async def test_the_records_say_what_was_changed_and_how_much_stayed(tracking):
    workflow = await opened(tracking)
    stage2 = await reviewed(tracking, workflow, with_cell(invoice_data(), 0, "unit_price", 11), editing_time_seconds=30)
    (change,) = stage2.changes
    assert (change.field, change.original_value, change.modified_value) == ("line_items[r1].unit_price", 10, 11)
    assert stage2.user_actions.edits_per_minute == 2.0
    stage3 = await delivered(tracking, workflow)
    assert stage3.workflow_summary.ai_processing_accuracy == pytest.approx(1 - 1 / 16, abs=1e-4)
    assert stage3.workflow_summary.stage2_time_seconds == 30
    assert [e.action for e in stage3.traceability.document_history] == ["read and summarised", "reviewed", "delivered"]


async def test_what_was_not_measured_is_null(tracking):
    workflow = await tracking.record_stage_1_initial_summary("d1", OWNER, "invoice", invoice_data(), SUMMARY)
    await reviewed(tracking, workflow, invoice_data())
    await delivered(tracking, workflow)
    stages = await tracking.get_workflow_stages(workflow, OWNER)
    assert stages["stage1"].initial_summary_metadata.processing_time_ms is None
    assert stages["stage1"].source.di_confidence is None
    assert stages["stage3"].workflow_summary.total_time_seconds is None


async def test_a_review_without_edits_is_recorded_too(tracking):
    workflow = await opened(tracking)
    stage2 = await reviewed(tracking, workflow, invoice_data())
    assert (stage2.changes, stage2.user_actions.total_modifications) == ([], 0)


async def test_a_change_of_format_is_recorded_but_not_counted(tracking):
    data = invoice_data() | {"invoice_total": "1,050.00"}
    workflow = await opened(tracking, data)
    stage2 = await tracking.record_stage_2_user_modifications(
        workflow, "d1", OWNER, data, data | {"invoice_total": "1050"}, {}
    )
    assert [c.format_only for c in stage2.changes] == [True]
    assert stage2.user_actions.total_modifications == 0


async def test_stages_out_of_order_are_refused(tracking):
    with pytest.raises(StageOutOfOrder):
        await reviewed(tracking, "2b0b7d5c-6d6c-4f8f-9a35-111111111111", invoice_data())
    workflow = await opened(tracking)
    with pytest.raises(StageOutOfOrder):
        await delivered(tracking, workflow)
    assert len(await tracking.stored_records(workflow, OWNER)) == 1


async def test_another_owner_or_document_is_refused(tracking):
    workflow = await opened(tracking)
    with pytest.raises(StageOutOfOrder):
        await tracking.record_stage_2_user_modifications(workflow, "d1", "eve@example.com", invoice_data(), {}, {})
    with pytest.raises(NotFound):
        await tracking.record_stage_2_user_modifications(workflow, "d2", OWNER, invoice_data(), {}, {})


async def test_original_data_that_is_not_stage_1s_is_refused(tracking):
    workflow = await opened(tracking)
    with pytest.raises(RecordingError, match="original data"):
        await tracking.record_stage_2_user_modifications(
            workflow, "d1", OWNER, invoice_data() | {"subtotal": True}, invoice_data(), {}
        )


async def test_stated_changes_are_checked_not_believed(tracking):
    workflow = await opened(tracking)
    modified = with_cell(invoice_data(), 0, "unit_price", 11)
    invented = [{"field": "x", "change_type": "modification", "original_value": 1, "modified_value": 2}]
    with pytest.raises(RecordingError, match="stated changes"):
        await reviewed(tracking, workflow, modified, changes=invented)
    with pytest.raises(RecordingError, match="stated changes"):
        await reviewed(tracking, workflow, modified, changes=[])
    true_ones = [
        {"field": "line_items[0].unit_price", "change_type": "modification", "original_value": 10, "modified_value": 11}
    ]
    assert len((await reviewed(tracking, workflow, modified, changes=true_ones)).changes) == 1


async def test_the_same_stage_twice_is_one_record(tracking, clock):
    workflow = await opened(tracking)
    modified = with_cell(invoice_data(), 0, "unit_price", 11)
    first = await reviewed(tracking, workflow, modified, editing_time_seconds=3)
    clock.forward(minutes=1)
    assert await reviewed(tracking, workflow, modified, editing_time_seconds=63) == first
    with pytest.raises(StageAlreadyRecorded):
        await reviewed(tracking, workflow, invoice_data())
    done = await delivered(tracking, workflow)
    clock.forward(minutes=1)
    assert await delivered(tracking, workflow) == done
    assert len(await tracking.stored_records(workflow, OWNER)) == 3


async def test_calls_of_an_earlier_service_without_row_ids_give_the_exact_changes(tracking):
    data = without_row_ids(invoice_data())
    modified = data | {"line_items": [{"description": "Delivery", "quantity": 1}, *data["line_items"]]}
    modified["line_items"][2] = modified["line_items"][2] | {"unit_price": 12}
    workflow = await tracking.record_stage_1_initial_summary("d1", OWNER, "invoice", data, SUMMARY)
    arguments = (workflow, "d1", OWNER, data, modified, {"export_format": "pdf", "document_template": "standard"})
    stage2 = await tracking.record_stage_2_user_modifications(*arguments)
    assert sorted(c.change_type for c in stage2.changes) == ["addition", "modification"]
    assert await tracking.record_stage_2_user_modifications(*arguments) == stage2


async def test_two_writers_of_one_stage_leave_one_record(tracking):
    workflow = await opened(tracking)
    results = await asyncio.gather(
        *(reviewed(tracking, workflow, invoice_data() | {"vendor_name": name}) for name in ("A", "B")), return_exceptions=True
    )
    assert sorted(type(r).__name__ for r in results) == ["StageAlreadyRecorded", "UserModifications"]
    assert len(await tracking.stored_records(workflow, OWNER)) == 2


async def test_a_file_size_that_is_not_the_files_is_refused(tracking):
    workflow = await opened(tracking)
    await reviewed(tracking, workflow, invoice_data())
    with pytest.raises(RecordingError, match="2 bytes, not the 3"):
        await tracking.record_stage_3_final_deliverable(workflow, "d1", OWNER, SUMMARY, "json", "x.json", 3, b"{}")


async def test_owners_are_told_apart_by_lower_case_only(tracking):
    workflow = await tracking.record_stage_1_initial_summary("d1", " Ann@Example.com", "invoice", invoice_data(), SUMMARY)
    assert (await tracking.get_workflow_stages(workflow, "ANN@example.com"))["stage1"].owner_email == OWNER


async def test_history_gives_the_newest_first_up_to_the_limit(tracking, clock):
    workflows = []
    for _ in range(3):
        workflows.append(await opened(tracking))
        clock.forward(seconds=1)
    history = await tracking.get_export_history(OWNER, limit=2)
    assert [line["export_workflow_id"] for line in history] == [workflows[2], workflows[1]]


async def test_data_from_outside_is_cleaned_before_it_is_recorded(tracking):
    data = {"a": "x\x00", "n": 10**20, "nan": float("nan"), "lines": [{"b": 1}]}
    workflow = await tracking.record_stage_1_initial_summary("d1", OWNER, "other", data, SUMMARY)
    stage1 = (await tracking.get_workflow_stages(workflow, OWNER))["stage1"]
    assert without_row_ids(stage1.initial_extracted_data) == {"a": "x\ufffd", "n": str(10**20), "nan": None, "lines": [{"b": 1}]}
    assert stage1.expiration_date - stage1.workflow_started_at == timedelta(days=30)
