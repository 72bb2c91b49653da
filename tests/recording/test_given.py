"""What callers of an earlier service hand over is taken where its meaning is plain; nothing else than our errors leaves."""

import asyncio
from contextlib import suppress
from datetime import date
from decimal import Decimal
from enum import Enum, StrEnum
from uuid import UUID, uuid4

import pytest
from fakes import OWNER, SUMMARY, Clock, invoice_data, make_tracking
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kraftd_core.errors import AddressRefused, CallRefused, KraftdError, NotFound, StageOutOfOrder
from kraftd_core.records.chain import verify
from kraftd_core.records.plan import DocumentTemplate, ExportFormat


class TheirFormat(Enum):
    """An enum of the caller's own."""

    EXCEL = "excel"


class TheirTemplate(StrEnum):
    DETAILED = "detailed_analysis"


@pytest.fixture
def tracking(tmp_path):
    return make_tracking(tmp_path, Clock())


async def opened(tracking, **other):
    asked = {
        "document_id": "d1", "owner_email": OWNER, "document_type": "invoice", "initial_extracted_data": invoice_data(),
        "ai_initial_summary": SUMMARY,
    }  # fmt: skip
    return await tracking.record_stage_1_initial_summary(**asked | other)


async def reviewed(tracking, workflow, **other):
    asked = {
        "export_workflow_id": workflow, "document_id": "d1", "owner_email": OWNER, "original_data": invoice_data(),
        "modified_data": invoice_data(), "user_preferences": {},
    }  # fmt: skip
    return await tracking.record_stage_2_user_modifications(**asked | other)


async def delivered(tracking, workflow, **other):
    asked = {
        "export_workflow_id": workflow, "document_id": "d1", "owner_email": OWNER, "ai_final_summary": SUMMARY,
        "export_format": "json", "deliverable_filename": "x.json", "file_size_bytes": 2, "file_content": b"{}",
    }  # fmt: skip
    return await tracking.record_stage_3_final_deliverable(**asked | other)


async def test_the_calls_of_an_earlier_caller_give_three_linked_records(tracking):
    given_summary = {"executive_summary": "An invoice.", "key_findings": "One finding.", "risk_factors": None}
    data = {"vendor_name": "A", "total": Decimal("12.50"), "due": date(2026, 1, 31), "line_items": ({"description": "Pump"},)}
    theirs = {"initial_extracted_data": data, "ai_initial_summary": given_summary, "owner_email": "Ann@Example.com"}
    workflow = await opened(tracking, **theirs)
    preferences = {
        "export_format": TheirFormat.EXCEL, "document_template": TheirTemplate.DETAILED,
        "template_customization": "put the totals first", "priority_fields": "total, vendor_name",
    }  # fmt: skip
    modified = {"vendor_name": "A", "total": 13, "due": "2026-01-31", "line_items": [{"description": "Pump"}]}
    changes = [{"change_type": "modification", "field": "total", "original_value": 12.5, "modified_value": 13}]
    stage2 = await reviewed(
        tracking, workflow, owner_email=" ANN@example.com ", original_data=data, modified_data=modified,
        user_preferences=preferences, changes=changes,
    )  # fmt: skip
    assert stage2.user_preferences.export_format is ExportFormat.EXCEL
    assert stage2.user_preferences.document_template is DocumentTemplate.DETAILED_ANALYSIS
    assert stage2.user_preferences.template_customization == {"text": "put the totals first"}
    assert stage2.user_preferences.priority_fields == ["total", "vendor_name"]
    assert [change.field for change in stage2.changes] == ["total"]
    await delivered(tracking, workflow, export_format="XLSX", document_template="Standard", file_content=bytearray(b"{}"))
    records = list(await tracking.stored_records(workflow, OWNER))
    assert [record["sequence"] for record in records] == [1, 2, 3]
    assert verify(records) is None
    assert (await tracking.get_export_history("ann@EXAMPLE.com"))[0]["export_workflow_id"] == workflow


@pytest.mark.parametrize(("customization", "kept"), [
    ("", {}),
    ("large print", {"text": "large print"}),
    ('{"logo": "left"}', {"logo": "left"}),
    ("[1]", {"text": "[1]"}),
    ({"logo": "left"}, {"logo": "left"}),
])
async def test_a_customisation_may_be_a_text(tracking, customization, kept):
    workflow = await opened(tracking)
    stage2 = await reviewed(tracking, workflow, user_preferences={"template_customization": customization})
    assert stage2.user_preferences.template_customization == kept


async def test_preferences_may_be_the_instructions_alone(tracking):
    stage2 = await reviewed(tracking, await opened(tracking), user_preferences="in German")
    assert stage2.user_preferences.transformation_instructions == "in German"


async def test_texts_that_no_store_takes_are_cleaned(tracking):
    workflow = await opened(tracking, document_name="in\ud800voice.pdf", document_type="invoice")
    (record,) = await tracking.stored_records(workflow, OWNER)
    assert record["document_name"] == "in\ufffdvoice.pdf"


@pytest.mark.parametrize("wrong", [
    {"initial_extracted_data": None}, {"initial_extracted_data": [1]}, {"ai_initial_summary": "fine"},
    {"ai_initial_summary": {"executive_summary": 5}}, {"ai_initial_summary": SUMMARY | {"mood": "good"}},
    {"ai_initial_summary": SUMMARY | {"confidence_score": 92}}, {"document_id": ""}, {"document_type": 5},
    {"extraction_confidence": "high"}, {"di_metadata": {"total": {"polygon": "here"}}}, {"di_metadata": ["total"]},
    {"processing_time_ms": "slow"}, {"export_workflow_id": "mine"}, {"source": {"colour": "red"}},
    {"source": {"page_count": "two"}},
])
async def test_a_first_stage_that_cannot_be_recorded_is_refused_in_a_sentence(tracking, wrong):
    with pytest.raises(CallRefused, match=r"^[A-Z].*\.$"):
        await opened(tracking, **wrong)


@pytest.mark.parametrize("wrong", [
    {"modified_data": None}, {"user_preferences": 5}, {"user_preferences": {"export_format": "docx"}},
    {"user_preferences": {"document_template": None, "export_format": 3}}, {"user_preferences": {"colour": "red"}},
    {"user_preferences": {"priority_fields": 5}}, {"editing_time_seconds": -1}, {"editing_time_seconds": "long"},
    {"editing_time_seconds": float("nan")}, {"changes": "none"}, {"changes": [5]}, {"looked_at": [5]},
])
async def test_a_second_stage_that_cannot_be_recorded_is_refused_in_a_sentence(tracking, wrong):
    workflow = await opened(tracking)
    with pytest.raises(CallRefused, match=r"^[A-Z].*\.$"):
        await reviewed(tracking, workflow, **wrong)


@pytest.mark.parametrize("wrong", [
    {"ai_final_summary": None}, {"export_format": "docx"}, {"document_template": "pretty"}, {"file_content": "text"},
    {"deliverable_filename": None}, {"workflow_metrics": [1]}, {"workflow_metrics": {"stage3_time_seconds": "short"}},
    {"pages": "two"}, {"ai_final_summary": SUMMARY | {"learning_insights": "much"}},
])
async def test_a_third_stage_that_cannot_be_recorded_is_refused_in_a_sentence(tracking, wrong):
    workflow = await opened(tracking)
    await reviewed(tracking, workflow)
    with pytest.raises(CallRefused, match=r"^[A-Z].*\.$"):
        await delivered(tracking, workflow, **wrong)


async def test_data_that_holds_itself_is_refused(tracking):
    data = {}
    data["again"] = data
    with pytest.raises(CallRefused, match="holds itself"):
        await opened(tracking, initial_extracted_data=data)


@pytest.mark.parametrize("owner", ["", "ann", "ann@", "\u212aate@example.com", "a b@c", None, 5, "ann@exämple.com"])
async def test_an_owner_that_is_no_address_is_refused(tracking, owner):
    calls = (opened(tracking, owner_email=owner), tracking.get_export_history(owner), tracking.get_workflow_stages("x", owner))
    for asked in calls:
        with pytest.raises(AddressRefused):
            await asked


@pytest.mark.parametrize("limit", [-1, -7, None, "5", True, 2.5])
async def test_a_limit_that_is_none_is_refused(tracking, limit):
    with pytest.raises(CallRefused):
        await tracking.get_export_history(OWNER, limit)


async def test_a_workflow_is_found_under_its_id_in_any_form(tracking):
    workflow = await opened(tracking)
    for named in (workflow.upper(), UUID(workflow), UUID(workflow).hex):
        assert (await tracking.get_workflow_stages(named, OWNER))["stage1"].export_workflow_id == workflow
    for named in ("", "mine", "\ud800", None, 5):
        assert await tracking.get_workflow_stages(named, OWNER) == {"stage1": None, "stage2": None, "stage3": None}


async def test_a_stage_of_no_workflow_is_out_of_order(tracking):
    with pytest.raises(StageOutOfOrder):
        await reviewed(tracking, str(uuid4()))
    with pytest.raises(NotFound):
        await reviewed(tracking, await opened(tracking), document_id="d2")


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.binary(max_size=3) | st.just("\ud800"),
    lambda some: st.lists(some, max_size=3) | st.dictionaries(st.text(max_size=5), some, max_size=3),
    max_leaves=6,
)
FIRST = ("document_id", "owner_email", "document_type", "initial_extracted_data", "ai_initial_summary", "extraction_confidence",
         "di_metadata", "processing_time_ms", "tokens_used", "export_workflow_id", "document_name", "ai_model")  # fmt: skip
SECOND = ("export_workflow_id", "document_id", "owner_email", "original_data", "modified_data", "user_preferences",
          "editing_time_seconds", "changes")  # fmt: skip
THIRD = ("export_workflow_id", "document_id", "owner_email", "ai_final_summary", "export_format", "deliverable_filename",
         "file_size_bytes", "file_content", "document_template", "workflow_metrics", "tokens_used")  # fmt: skip


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wrong=st.dictionaries(st.sampled_from(sorted({*FIRST, *SECOND, *THIRD})), ANYTHING, min_size=1, max_size=2))
@example(wrong={"document_name": "\ud800"})
@example(wrong={"tokens_used": 10**400})
def test_whatever_is_handed_over_is_recorded_or_refused_by_an_error_of_ours(tracking, wrong):
    async def calls():
        workflow = {"workflow": await opened(tracking)}
        for call, asked, taken in ((opened, {}, FIRST), (reviewed, workflow, SECOND), (delivered, workflow, THIRD)):
            with suppress(KraftdError):
                await call(tracking, **asked, **{name: value for name, value in wrong.items() if name in taken})

    asyncio.run(calls())
