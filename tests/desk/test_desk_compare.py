"""Versions compared through the desk: each owner's own, as far as the workflow has come, and the file as it was delivered."""

import pytest
from fakes import ACTOR, Clock, make_desk

from kraftd_core.comparing.compare import Wanted
from kraftd_core.errors import NotFound
from kraftd_core.people.actor import Actor
from kraftd_core.records.stages import UserPreferences


def ignore(step):
    return None


@pytest.fixture
def desk(tmp_path):
    return make_desk(tmp_path, Clock())


async def delivered(desk, instructions="", **fields):
    workflow = await desk.read(ACTOR, "in.pdf", b"%PDF", ignore)
    review = await desk.review(ACTOR, workflow)
    wishes = UserPreferences(export_format="json", transformation_instructions=instructions)
    await desk.keep_draft(ACTOR, workflow, review.draft.modified_data | fields, wishes, {})
    await desk.record_modifications(ACTOR, workflow)
    await desk.produce(ACTOR, workflow, ignore)
    return workflow


def differing(comparison):
    lines = [line for line in comparison.lines if line.section == "Details" and Wanted().takes(line)]
    return [(line.kind, line.label, line.texts) for line in lines]


async def test_the_three_versions_of_a_workflow_stand_side_by_side(desk):
    workflow = await delivered(desk, vendor_name="Old Mill")
    found = await desk.compare(ACTOR, [(workflow, "ai"), (workflow, "user"), (workflow, "delivered")])
    assert [texts[1:] for _, label, texts in differing(found) if label == "Supplier"] == [("Old Mill", "Old Mill")]
    assert (found.counts["changed"], found.warnings, found.likeness) == (1, (), None)


async def test_a_version_that_is_not_there_yet_is_not_made_up(desk):
    workflow = await desk.read(ACTOR, "in.pdf", b"%PDF", ignore)
    for version in ("user", "delivered"):
        with pytest.raises(NotFound, match="not come so far"):
            await desk.compare(ACTOR, [(workflow, "ai"), (workflow, version)])


async def test_what_was_left_out_of_the_file_is_said_and_is_no_difference(desk):
    workflow = await delivered(desk, "hide the supplier")
    found = await desk.compare(ACTOR, [(workflow, "user"), (workflow, "delivered")])
    assert found.warnings == ("The delivered file does not show, as asked: Supplier.",)
    assert differing(found) == []


async def test_a_file_that_another_caller_delivered_is_told_as_it_was_made_and_not_as_it_was_wished_for(desk):
    workflow = await desk.read(ACTOR, "in.pdf", b"%PDF", ignore)
    stage2 = await desk.record_modifications(ACTOR, workflow)
    summary = (await desk.workflow(ACTOR, workflow)).stage1.ai_initial_summary.model_dump()
    made = ("csv", "x.csv", 1, b"x", "financial_report")
    await desk.tracking.record_stage_3_final_deliverable(workflow, stage2.document_id, ACTOR.email, summary, *made)
    found = await desk.compare(ACTOR, [(workflow, "user"), (workflow, "delivered")])
    told = {line.label: line.texts for line in found.lines if line.label in ("Template", "Format")}
    assert told == {"Template": ("Standard", "Financial report"), "Format": ("pdf", "csv")}


async def test_a_regenerated_workflow_shares_its_rows_with_the_first(desk):
    workflow = await delivered(desk, invoice_total=999)
    again = await desk.regenerate(ACTOR, workflow, UserPreferences(export_format="csv"))
    third = await desk.regenerate(ACTOR, again, UserPreferences(export_format="csv"))
    assert (await desk.compare(ACTOR, [(workflow, "ai"), (third, "ai")])).likeness is None
    found = await desk.compare(ACTOR, [(workflow, "user"), (again, "user")])
    assert found.likeness is None and differing(found) == []
    assert [(line.label, line.texts) for line in found.lines if line.label == "Format"] == [("Format", ("json", "csv"))]


async def test_nobody_compares_with_what_is_anothers_or_with_no_version(desk):
    workflow = await delivered(desk)
    with pytest.raises(NotFound):
        await desk.compare(Actor.of("eve@example.com"), [(workflow, "ai"), (workflow, "user")])
    with pytest.raises(NotFound):
        await desk.compare(ACTOR, [(workflow, "ai"), (workflow, "draft")])
