"""A model's text is seen before it is sealed: what is recorded is what was shown and decided on."""

import asyncio
import json
from dataclasses import replace

import pytest
from fakes import ACTOR, Clock, make_desk

from kraftd_core.adapters.agents.rules.agent import RulesAgent
from kraftd_core.desk.final_text import TextChoice
from kraftd_core.errors import AgentUnavailable, CallRefused, StoreUnavailable
from kraftd_core.ports.keeping import Choices
from kraftd_core.records.stages import UserPreferences
from kraftd_core.thinking.agent import KraftdAIAgent

JSON_FILE = UserPreferences(export_format="json")
TRUE, MARKED, ALSO_MARKED = "The total is 36 EUR.", "A discount of 77.31 EUR was granted.", "The freight was 88.42 EUR."


class PaidModel(RulesAgent):
    """Writes what it is told to, and counts how often it is asked."""

    model = "paid-model"

    def __init__(self):
        self.findings, self.asked, self.planned, self.is_away = [TRUE], 0, 0, False

    async def final_summary(self, case, hear=None):
        self.asked += 1
        if self.is_away:
            raise AgentUnavailable("The model cannot be reached. Try again.")
        said = await super().final_summary(case)
        summary = said.what.model_copy(update={
            "executive_summary": "This is an invoice from Mill & Sons.", "key_findings": list(self.findings),
            "recommendations": [], "risk_factors": [], "action_items": [],
        })  # fmt: skip
        return replace(said, what=summary, ai_model="paid-model-2", tokens_used=100 * self.asked)

    async def plan(self, case, template, export_format):
        self.planned += 1
        return (await super().plan(case, template, export_format)).model_copy(update={"read_by": "paid-model-2"})


@pytest.fixture
def model():
    return PaidModel()


@pytest.fixture
def started(tmp_path, model):
    """A desk whose final summaries a model writes; called again, a restart."""
    clock = Clock()

    def start():
        desk = make_desk(tmp_path, clock)
        desk._agent = KraftdAIAgent(model)
        return desk

    return start


@pytest.fixture
def desk(started):
    return started()


async def reviewed(desk, wishes=JSON_FILE):
    workflow = await desk.read(ACTOR, "mill.pdf", b"%PDF", lambda _: None)
    review = await desk.review(ACTOR, workflow)
    await desk.keep_draft(ACTOR, workflow, review.draft.modified_data, wishes, {})
    await desk.record_modifications(ACTOR, workflow)
    return workflow, await desk.plan(ACTOR, workflow)


async def ended(desk, job_id):
    while (job := await desk.job(ACTOR, job_id)).is_running:
        await asyncio.sleep(0)
    return job


async def written(desk, workflow, plan, **more):
    job = await ended(desk, await desk.start_writing(ACTOR, workflow, plan, **more))
    assert (job.result, job.makes, job.about) == (workflow, "text", "mill.pdf"), job.error
    return (await desk.final_texts(ACTOR, workflow, plan)).written


async def produced(desk, workflow, plan, choice=None):
    return await desk.produce(ACTOR, workflow, lambda _: None, plan=plan, choice=choice)


async def test_a_text_is_written_shown_and_recorded_as_it_was_shown(desk, model):
    workflow, plan = await reviewed(desk)
    assert (await desk.final_texts(ACTOR, workflow, plan)).written is None
    shown = await written(desk, workflow, plan)
    assert (await desk.workflow(ACTOR, workflow)).stage3 is None
    made = await produced(desk, workflow, plan, TextChoice(seen=shown.seen))
    assert made.ai_final_summary == shown.summary
    decision = made.prose_decision
    assert (decision.how, decision.by.email, decision.model) == ("accepted", ACTOR.email, "paid-model-2")
    assert (decision.tries, decision.tokens_of_all_tries, decision.statements) == (1, 100, [])
    assert model.asked == 1


async def test_only_what_was_kept_of_the_marked_goes_into_the_record_and_the_file(desk, model):
    model.findings = [MARKED, TRUE, ALSO_MARKED]
    workflow, plan = await reviewed(desk)
    shown = await written(desk, workflow, plan)
    assert [marked.text for marked in shown.marked] == [MARKED, ALSO_MARKED]
    made = await produced(desk, workflow, plan, TextChoice(seen=shown.seen, kept=(shown.marked[1].key,)))
    assert made.ai_final_summary.key_findings == [TRUE, ALSO_MARKED]
    assert [(entry.text, entry.decision) for entry in made.prose_decision.statements] == [
        (MARKED, "left_out"), (ALSO_MARKED, "kept"),
    ]  # fmt: skip
    assert [entry.not_found for entry in made.prose_decision.statements][1]
    assert [entry.index for entry in made.grounding.statements if entry.not_found] == [1]
    content = (await desk.deliverable(ACTOR, workflow)).content.decode()
    assert "77.31" not in content and "88.42" in content


async def test_where_nobody_looks_what_is_marked_is_left_out_and_that_is_recorded(desk, model):
    model.findings = [MARKED, TRUE]
    workflow, plan = await reviewed(desk)
    made = await produced(desk, workflow, plan)
    assert made.ai_final_summary.key_findings == [TRUE]
    assert (made.prose_decision.how, made.prose_decision.by) == ("unattended", None)
    assert [(entry.text, entry.decision) for entry in made.prose_decision.statements] == [(MARKED, "left_out")]
    assert made.grounding.share == 1


async def test_all_tries_are_counted(desk, model):
    workflow, plan = await reviewed(desk)
    first = await written(desk, workflow, plan)
    model.findings = [TRUE, "Two lines add up to 30 EUR."]
    second = await written(desk, workflow, plan, again=True)
    assert first.seen != second.seen
    made = await produced(desk, workflow, plan, TextChoice(seen=second.seen))
    assert made.ai_final_summary.key_findings == model.findings
    assert (made.prose_decision.tries, made.prose_decision.tokens_of_all_tries) == (2, 300)
    assert made.final_summary_metadata.tokens_used == 300


async def test_the_rules_text_may_be_chosen_instead_and_what_was_paid_is_recorded(desk, model):
    workflow, plan = await reviewed(desk)
    await written(desk, workflow, plan)
    made = await produced(desk, workflow, plan, TextChoice(by_rules=True))
    assert made.final_summary_metadata.ai_model == "rules"
    decision = made.prose_decision
    assert (decision.how, decision.model) == ("rules_instead", "paid-model-2")
    assert (decision.tries, decision.tokens_of_all_tries) == (1, 100)
    assert made.ai_final_summary == (await desk._rules.summarise_final(await case_of(desk, workflow, plan)))[0]


async def case_of(desk, workflow_id, plan):
    workflow = await desk.workflow(ACTOR, workflow_id)
    return await desk._case_to_write(workflow, workflow.stage2, plan)


async def test_the_rules_may_be_chosen_without_asking_the_model_at_all(desk, model):
    workflow, plan = await reviewed(desk)
    made = await produced(desk, workflow, plan, TextChoice(by_rules=True))
    assert (made.prose_decision.how, made.prose_decision.model, made.prose_decision.tries) == ("rules_instead", None, 0)
    assert model.asked == 0


async def test_neither_text_nor_plan_is_asked_for_again_after_a_restart(started, model):
    desk = started()
    workflow, plan = await reviewed(desk, JSON_FILE.model_copy(update={"transformation_instructions": "Hide the currency"}))
    shown = await written(desk, workflow, plan)
    desk = started()
    again = await desk.plan(ACTOR, workflow)
    assert again == plan == await desk.kept_plan(ACTOR, workflow, await preferences(desk, workflow))
    assert (await desk.final_texts(ACTOR, workflow, again)).written == shown
    assert await written(desk, workflow, again) == shown
    assert (model.asked, model.planned) == (1, 1)


async def preferences(desk, workflow):
    return (await desk.choices(ACTOR, workflow)).preferences


async def test_another_format_needs_no_other_text_but_another_tone_does(desk, model):
    words = JSON_FILE.model_copy(update={"transformation_instructions": "Hide the currency"})
    workflow, plan = await reviewed(desk, words)
    shown = await written(desk, workflow, plan)
    other = plan.model_copy(update={"export_format": "csv", "template": "financial_report", "instructions": "hide it"})
    assert (await desk.final_texts(ACTOR, workflow, other)).written == shown


@pytest.mark.parametrize("seen", ["", "another"])
async def test_a_text_that_was_not_seen_is_not_recorded(desk, model, seen):
    workflow, plan = await reviewed(desk)
    await written(desk, workflow, plan)
    with pytest.raises(CallRefused, match="Look at it"):
        await produced(desk, workflow, plan, TextChoice(seen=seen))
    assert (await desk.workflow(ACTOR, workflow)).stage3 is None


async def test_a_text_that_was_paid_is_kept_where_the_record_cannot_be_written(desk, model, monkeypatch):
    workflow, plan = await reviewed(desk)
    shown = await written(desk, workflow, plan)

    async def away(*asked):
        raise StoreUnavailable("The file store cannot be reached. Nothing was lost; try again in a moment.")

    with monkeypatch.context() as patched:
        patched.setattr(desk._files, "put", away)
        job_id = await desk.start_producing(ACTOR, workflow, plan, TextChoice(seen=shown.seen))
        failed = await ended(desk, job_id)
    assert (failed.ways_on, failed.about) == (("again",), "mill.pdf")
    done = await ended(desk, await desk.go_on(ACTOR, job_id))
    assert done.result == workflow
    assert (await desk.workflow(ACTOR, workflow)).stage3.ai_final_summary == shown.summary
    assert model.asked == 1


async def test_where_the_model_fails_one_goes_on_with_the_rules(desk, model):
    workflow, plan = await reviewed(desk)
    model.is_away = True
    job_id = await desk.start_writing(ACTOR, workflow, plan)
    assert (await ended(desk, job_id)).ways_on == ("again", "by_rules")
    await ended(desk, await desk.go_on(ACTOR, job_id, "by_rules"))
    assert (await desk.workflow(ACTOR, workflow)).stage3.prose_decision.how == "rules_instead"


async def test_the_preview_shows_what_will_be_recorded(desk, model):
    model.findings = [MARKED, TRUE]
    workflow, plan = await reviewed(desk)
    shown = await written(desk, workflow, plan)
    marked = shown.marked[0].key
    without, with_it = TextChoice(seen=shown.seen), TextChoice(seen=shown.seen, kept=(marked,))
    for choice, has_marked in ((None, False), (without, False), (with_it, True)):
        content = json.dumps(json.loads((await desk.preview(ACTOR, workflow, plan, choice)).content))
        assert ("77.31" in content) == has_marked
        assert (TRUE in content) == (choice is not None)
    assert model.asked == 1


async def test_another_format_of_what_was_delivered_takes_its_text_and_its_decision(desk, model):
    workflow, plan = await reviewed(desk)
    shown = await written(desk, workflow, plan)
    made = await produced(desk, workflow, plan, TextChoice(seen=shown.seen))
    new_id = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
    again = await desk.make_again(ACTOR, workflow, plan.template, plan.export_format, new_id, lambda _: None)
    assert (again.ai_final_summary, again.prose_decision) == (made.ai_final_summary, made.prose_decision)
    assert model.asked == 1


async def test_where_the_rules_alone_write_nothing_is_to_be_decided(started):
    desk = started()
    desk._agent = desk._rules
    workflow, plan = await reviewed(desk)
    assert (await produced(desk, workflow, plan)).prose_decision is None


async def test_what_was_decided_so_far_survives_a_restart(started):
    desk = started()
    workflow, _ = await reviewed(desk)
    choices = Choices(JSON_FILE, by_rules=True, kept=("a",), left_out=("b", "c"))
    await desk.keep_choices(ACTOR, workflow, choices)
    assert await started().choices(ACTOR, workflow) == choices


async def test_the_words_are_read_by_a_job_that_can_be_stopped_and_is_found_again(desk, model, monkeypatch):
    workflow, _ = await reviewed(desk)
    wishes = JSON_FILE.model_copy(update={"transformation_instructions": "Sort by amount"})
    gate, plan = asyncio.Event(), model.plan

    async def slow(*asked):
        await gate.wait()
        return await plan(*asked)

    monkeypatch.setattr(model, "plan", slow)
    assert await desk.kept_plan(ACTOR, workflow, wishes) is None
    job_id = await desk.start_planning(ACTOR, workflow, wishes)
    assert await desk.start_planning(ACTOR, workflow, wishes) == job_id
    await desk.cancel(ACTOR, job_id)
    assert (await ended(desk, job_id)).is_cancelled
    gate.set()
    again = await ended(desk, await desk.start_planning(ACTOR, workflow, wishes))
    assert (again.makes, again.about) == ("plan", "mill.pdf")
    assert [step.kind for step in (await desk.kept_plan(ACTOR, workflow, wishes)).steps] == ["sort"]
