"""Who recorded a stage, and whether a person looked: told by records of schema 4, unknown to earlier ones, claimed by none."""

import pytest
from compositions import invoice
from fakes import ACTOR, OWNER, SUMMARY, Clock, invoice_data, make_desk, make_tracking

from kraftd_core.adapters.agents.openai.prompts import FINAL, UNATTENDED
from kraftd_core.adapters.agents.rules.agent import RulesAgent
from kraftd_core.delivery.layout import lay_out
from kraftd_core.document.nouns import Modification
from kraftd_core.errors import StageAlreadyRecorded
from kraftd_core.people.actor import Actor
from kraftd_core.ports.thinking import Case
from kraftd_core.records.chain import sealed, stored_if_same, verdict_on
from kraftd_core.records.lessons import LearningChoice
from kraftd_core.records.stages import InitialSummary, UserModifications, UserPreferences
from kraftd_core.review.learning import teaching

ANN = Actor.of("Ann@Example.com", "Ann", "sub-1")
BEA = Actor.of("bea@example.com", "Bea")
IN_JSON = UserPreferences(export_format="json")


def ignore(step):
    return None


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def tracking(tmp_path, clock):
    return make_tracking(tmp_path, clock)


@pytest.fixture
def desk(tmp_path, clock):
    return make_desk(tmp_path, clock)


async def recorded(tracking, actor=None, **review):
    data = invoice_data()
    workflow = await tracking.record_stage_1_initial_summary("d1", OWNER, "invoice", data, SUMMARY, actor=actor)
    await tracking.record_stage_2_user_modifications(workflow, "d1", OWNER, data, data, IN_JSON, actor=actor, **review)
    await tracking.record_stage_3_final_deliverable(workflow, "d1", OWNER, SUMMARY, "json", "x.json", 2, b"{}", actor=actor)
    return workflow


async def test_each_record_names_its_kind_and_who_recorded_it(tracking):
    workflow = await recorded(tracking, ANN)
    records = await tracking.stored_records(workflow, OWNER)
    assert [record["schema_version"] for record in records] == [4, 4, 4]
    assert [record["kind"] for record in records] == ["stage"] * 3
    assert [record["actor"] for record in records] == [{"email": "ann@example.com", "name": "Ann", "subject": "sub-1"}] * 3
    assert verdict_on(records).holds


async def test_a_caller_that_names_nobody_acts_for_the_owner_and_says_nothing_of_a_review(tracking):
    records = await tracking.stored_records(await recorded(tracking), OWNER)
    assert {record["actor"]["email"] for record in records} == {OWNER}
    assert records[1]["review_mode"] is None


async def test_an_altered_actor_or_review_is_found(tracking):
    records = list(await tracking.stored_records(await recorded(tracking, ANN, review_mode="unattended"), OWNER))
    for other in ({"actor": {"email": "eve@example.com", "name": None, "subject": None}}, {"review_mode": "reviewed"}):
        assert not verdict_on([records[0], records[1] | other, records[2]]).holds


@pytest.mark.parametrize(("review", "actor", "told"), [
    ({}, ANN, ("reviewed", "0 changed values", "ann@example.com")),
    ({"review_mode": "reviewed"}, ANN, ("reviewed", "0 changed values", "ann@example.com")),
    ({"review_mode": "unattended"}, ANN, ("recorded without a review", "0 changed values", "ann@example.com")),
    ({"review_mode": "reviewed", "reviewer": BEA}, ANN,
     ("reviewed", "0 changed values; the reviewer was named by ann@example.com", "bea@example.com")),
])  # fmt: skip
async def test_the_story_says_who_reviewed_or_that_nobody_did(tracking, review, actor, told):
    stage3 = (await tracking.get_workflow_stages(await recorded(tracking, actor, **review), OWNER))["stage3"]
    _, second, third = stage3.traceability.document_history
    assert (second.action, second.details, second.actor) == told
    assert (third.action, third.actor) == ("delivered", "ann@example.com")


async def test_how_many_values_were_right_is_unknown_where_nobody_looked(tracking):
    for mode, accuracy in (("reviewed", 1.0), ("unattended", None), (None, 1.0)):
        stage3 = (await tracking.get_workflow_stages(await recorded(tracking, review_mode=mode), OWNER))["stage3"]
        assert stage3.workflow_summary.ai_processing_accuracy == accuracy


async def test_who_records_the_same_again_gets_the_stored_record_whoever_they_are(tracking):
    records = await tracking.stored_records(await recorded(tracking, ANN, review_mode="reviewed"), OWNER)
    by_bea = sealed(records[1] | {"actor": {"email": "bea@example.com", "name": None, "subject": None}})
    assert stored_if_same(records[1], by_bea) is records[1]
    with pytest.raises(StageAlreadyRecorded):
        stored_if_same(records[1], sealed(records[1] | {"review_mode": "unattended"}))


async def test_records_of_schema_3_are_read_verify_and_are_the_same_content(tracking):
    records = await tracking.stored_records(await recorded(tracking, ANN, review_mode="reviewed"), OWNER)
    older, previous = [], None
    for record in records:
        body = {name: value for name, value in record.items() if name not in ("kind", "actor", "review_mode", "reviewer")}
        older.append(sealed(body | {"schema_version": 3, "previous_hash": previous}))
        previous = older[-1]["record_hash"]
    assert verdict_on(older).holds
    assert all(stored_if_same(old, new) is old for old, new in zip(older, records, strict=True))
    first, second = InitialSummary.model_validate(older[0]), UserModifications.model_validate(older[1])
    assert (first.kind, first.actor, second.review_mode, second.reviewed_by) == (None, None, None, OWNER)


# At the desk


async def test_a_page_records_a_review_and_a_caller_without_a_page_none(desk):
    seen, unseen, named = [await desk.read(ACTOR, f"{n}.pdf", b"%%PDF %d" % n, ignore) for n in range(3)]
    await desk.record_modifications(ACTOR, seen)
    await desk.record_unseen(ACTOR, unseen, None, IN_JSON)
    await desk.record_unseen(ACTOR, named, invoice_data() | {"vendor_name": "Mill"}, IN_JSON, {"vendor_name": "why"}, BEA)
    stages = [(await desk.workflow(ACTOR, workflow)).stage2 for workflow in (seen, unseen, named)]
    assert [stage.review_mode for stage in stages] == ["reviewed", "unattended", "reviewed"]
    assert [stage.reviewed_by for stage in stages] == [OWNER, None, "bea@example.com"]
    assert stages[1].changes == [] and stages[2].changes[0].user_reason == "why"


async def test_what_nobody_reviewed_teaches_nothing(desk):
    for n, mode in enumerate(("unattended", "unattended", "named")):
        workflow = await desk.read(ACTOR, f"{n}.pdf", b"%%PDF %d" % n, ignore)
        reviewer = BEA if mode == "named" else None
        await desk.record_unseen(ACTOR, workflow, invoice_data() | {"vendor_name": "Mill"}, IN_JSON, reviewer=reviewer)
        lessons = await desk._store.lessons(OWNER, "invoice", 9)
        assert sum(lesson.is_reviewed for lesson in lessons) == (mode == "named")
        assert len(teaching(LearningChoice(), lessons)) == (mode == "named")


async def test_made_again_by_another_the_review_stays_that_of_the_first(desk):
    workflow = await desk.read(ACTOR, "in.pdf", b"%PDF", ignore)
    await desk.record_unseen(ACTOR, workflow, None, IN_JSON, reviewer=BEA)
    again = await desk.regenerate(ACTOR, workflow, IN_JSON)
    stage2 = (await desk.workflow(ACTOR, again)).stage2
    assert (stage2.reviewed_by, stage2.actor.email, stage2.review_mode) == ("bea@example.com", OWNER, "reviewed")


# In what is made


def test_a_file_says_who_reviewed_it_or_that_nobody_did():
    told = {
        "ann@example.com": ("Reviewed by", "Rechnung Müller März.pdf · reviewed data of"),
        None: ("Recorded without a review by", "Rechnung Müller März.pdf · unreviewed data of"),
        "bea@example.com": ("Recorded by", "Rechnung Müller März.pdf · reviewed data of"),
    }
    for reviewer, (label, subtitle) in told.items():
        layout = lay_out(invoice(owner_email="ann@example.com", reviewed_by=reviewer))
        entries = {entry.name: entry for entry in layout.provenance}
        assert entries["owner_email"].label == label and layout.subtitle.startswith(subtitle)
        assert ("reviewed_by" in entries) == (reviewer != "ann@example.com")


async def test_the_rules_write_of_no_review_where_there_was_none():
    change = Modification(field="vendor_name", original_value="Mil", modified_value="Mill & Sons")
    case = Case("in.pdf", "invoice", invoice_data(), {}, [], Clock()().date(), changes=[change], is_reviewed=False)
    said = (await RulesAgent().final_summary(case)).what
    everything = " ".join([said.executive_summary, *said.key_findings, *said.recommendations, *said.action_items])
    assert "reviewer" not in everything and "reviewed" not in everything
    assert "A service, without a review, changed 1 value." in said.executive_summary
    assert "Have a person review the values before anyone relies on them." in said.action_items


def test_a_model_is_told_that_nobody_reviewed_it():
    assert "no person reviewed it" in UNATTENDED and "Never say that it was reviewed" in UNATTENDED
    for claim in ("after a person has reviewed it", "what the review changed", "The reviewed data is right"):
        assert claim in FINAL and claim not in UNATTENDED
