"""A chat service as the engine, from the pages down to the wire: what is recorded, and how one goes on where it fails."""

import asyncio
import threading

import pytest
from apptests import ACTOR, button, ended, job_ended, named, opened, stage, texts
from fakes import FakeExtractor
from openai_standin import DEPLOYMENT, FAILURES, GOOD, HOSTILE, KEY, MODEL, OpenAIStandin, refused, told

from kraftd_core import NotFound, PresentationPlan, UserPreferences, bootstrap
from kraftd_core.adapters.agents.openai.prompts import VERSION
from pages.parts.widgets import plain

pytestmark = pytest.mark.slow

PLACES = ("openai", "azure_openai")


@pytest.fixture(scope="module")
def running():
    standin = OpenAIStandin()
    standin.start()
    yield standin
    standin.stop()


@pytest.fixture
def standin(running):
    running.forget()
    return running


@pytest.fixture
def place():
    return "openai"


@pytest.fixture
def core(monkeypatch, standin, place):
    """A core of the test's own, on the service; what reads the document is no matter here."""
    environment = {
        "AGENT": place, "OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": standin.base_url, "AZURE_OPENAI_API_KEY": KEY,
        "AZURE_OPENAI_ENDPOINT": standin.endpoint, "AZURE_OPENAI_DEPLOYMENT": DEPLOYMENT, "AGENT_SECONDS": "20",
    }  # fmt: skip
    for name, value in environment.items():
        monkeypatch.setenv(f"KRAFTD_{name}", value)
    monkeypatch.setattr(bootstrap, "_core", None)
    monkeypatch.setattr(bootstrap, "_extractor", lambda *_: CountingExtractor())
    CountingExtractor.read = 0
    made = bootstrap.core()
    yield made
    made.run(lambda desk: desk.close())


class CountingExtractor(FakeExtractor):
    """Counts the documents that it reads."""

    read = 0

    async def extract(self, *asked):
        CountingExtractor.read += 1
        return await super().extract(*asked)


def read(core):
    return core.run(lambda desk: desk.read(ACTOR, "mill.pdf", b"%PDF", lambda step: None))


def read_as_a_page_does(core):
    """A page that shows how the reading ended."""
    job_id = core.run(lambda desk: desk.start_reading(ACTOR, "mill.pdf", b"%PDF"))
    return opened(job=ended(core, job_id))


def settle(core, session):
    """Waits for the work that a button began; the page may have seen its end already."""
    if "job" in session.query_params:
        job_ended(core, session)
    session.run()


def reviewed(core):
    workflow_id = read(core)
    core.run(lambda desk: desk.record_modifications(ACTOR, workflow_id))
    return workflow_id


@pytest.mark.parametrize("place", PLACES)
def test_each_record_says_which_model_wrote_it_and_what_it_took(core, place):
    workflow_id = reviewed(core)
    core.run(lambda desk: desk.produce(ACTOR, workflow_id, lambda step: None))
    first, last = stage(core, workflow_id, 1), stage(core, workflow_id, 3)
    for meta in (first.initial_summary_metadata, last.final_summary_metadata):
        assert (meta.ai_model, meta.tokens_used) == (MODEL, 345)
        assert meta.processing_time_ms > 0
    assert first.ai_initial_summary.key_findings == last.ai_final_summary.key_findings == GOOD["key_findings"]


@pytest.mark.parametrize(("place", "said"), [
    ("openai", "Summary by gpt\\-4o\\-mini at 127\\.0\\.0\\.1"), ("azure_openai", "Summary by summaries at Azure OpenAI"),
])
def test_the_frame_and_the_drop_area_say_who_writes(core, said):
    shown = texts(opened())
    assert f"· {said} · Saved on this computer" in shown
    assert f"{said}, which gets the values read." in shown


def test_the_summary_says_who_wrote_it_and_what_it_took(core):
    workflow_id = read(core)
    shown = texts(opened(workflow=workflow_id))
    assert f"by {plain(MODEL)}, " in shown
    assert "345 tokens" in shown


FOR_ADMINISTRATORS = {"no access", "cut off", "cut off before it began"}
"""What names a setting, though the part of its sentence above does not."""


@pytest.mark.parametrize("failure", FAILURES)
def test_a_failure_is_shown_and_going_on_by_rules_reads_nothing_again(core, standin, failure, caplog):
    answer, sentence = FAILURES[failure]
    standin.say(answer)
    session = read_as_a_page_does(core)
    assert not session.exception
    shown = session.error[0].value.replace("\\", "")
    is_for_administrators = "Ask" in sentence or failure in FOR_ADMINISTRATORS
    assert sentence.replace("OpenAI", "127.0.0.1") in (caplog.text if is_for_administrators else shown)
    assert ("Whoever looks after this application" in shown) == is_for_administrators
    assert "mill.pdf" in shown and "KRAFTD_" not in shown
    assert "nothing was recorded yet" in shown
    assert core.run(lambda desk: desk.history(ACTOR)).lines == []
    button(session, "stage1_by_rules").click().run()
    settle(core, session)
    recorded = stage(core, named(session, "workflow"), 1)
    assert (recorded.initial_summary_metadata.ai_model, recorded.initial_summary_metadata.tokens_used) == ("rules", None)
    assert (CountingExtractor.read, len(standin.asked)) == (1, 1)
    assert f"by {plain('Rule-based summary')}" in texts(session)


def test_trying_again_asks_again_and_reads_nothing_again(core, standin):
    standin.say(refused(400, "content_filter"))
    session = read_as_a_page_does(core)
    button(session, "stage1_again").click().run()
    settle(core, session)
    recorded = stage(core, named(session, "workflow"), 1)
    assert recorded.initial_summary_metadata.ai_model == MODEL
    assert (CountingExtractor.read, len(standin.asked)) == (1, 2)


def test_what_failed_twice_can_still_be_gone_on_with(core, standin):
    standin.say(refused(403), refused(403))
    session = read_as_a_page_does(core)
    button(session, "stage1_again").click().run()
    settle(core, session)
    assert "does not allow us access" in session.error[0].value
    assert button(session, "stage1_by_rules")


def test_a_job_that_was_gone_on_with_is_not_gone_on_with_twice(core, standin):
    standin.say(refused(403))
    job_id = ended(core, core.run(lambda desk: desk.start_reading(ACTOR, "mill.pdf", b"%PDF")))
    core.run(lambda desk: desk.go_on(ACTOR, job_id, "by_rules"))
    with pytest.raises(NotFound):
        core.run(lambda desk: desk.go_on(ACTOR, job_id, "by_rules"))


@pytest.mark.parametrize(("key", "model"), [("stage3_again", MODEL), ("stage3_by_rules", "rules")])
def test_a_final_summary_that_fails_leaves_the_review_and_the_same_two_ways_on(core, standin, key, model, caplog):
    workflow_id = reviewed(core)
    standin.say(refused(401))
    job_id = ended(core, core.run(lambda desk: desk.start_producing(ACTOR, workflow_id)))
    session = opened("stage3_deliverable.py", workflow=workflow_id, job=job_id)
    assert "KRAFTD_OPENAI_API_KEY" in caplog.text
    assert "refused to let us in" in session.error[0].value
    assert "The review is safe" in session.error[0].value
    assert stage(core, workflow_id, 3) is None
    button(session, key).click().run()
    settle(core, session)
    assert stage(core, workflow_id, 3).final_summary_metadata.ai_model == model
    assert not session.exception


def test_looking_at_the_preview_asks_nobody(core, standin):
    workflow_id = reviewed(core)
    asked = len(standin.asked)
    shown = texts(opened("stage3_deliverable.py", workflow=workflow_id))
    assert len(standin.asked) == asked
    assert "Its prose is rule-based until the text is written" in shown


# The initial summary, by another writer


def control(session, key):
    return next(found for found in session.get("button_group") if found.key and found.key.startswith(key))


def test_the_rules_summary_stands_beside_the_models_and_the_chosen_one_is_recorded_with_the_review(core, standin):
    workflow_id = read(core)
    session = opened(workflow=workflow_id)
    control(session, "stage1_writer_").set_value("Rule-based summary").run()
    settle(core, session)
    session.run()
    assert not session.exception
    assert control(session, "stage1_writer_").value == "other"
    assert plain("It asks for 36 EUR.") not in texts(session)
    session.toggle(key="stage1_both").set_value(True).run()
    assert plain("It asks for 36 EUR.") in texts(session)
    again = opened(workflow=workflow_id)
    assert control(again, "stage1_writer_").value == "other"
    core.run(lambda desk: desk.record_modifications(ACTOR, workflow_id))
    recorded, first = stage(core, workflow_id, 2), stage(core, workflow_id, 1)
    assert recorded.summary_chosen.ai_model == "rules"
    assert first.initial_summary_metadata.ai_model == MODEL
    assert recorded.summary_chosen.summary != first.ai_initial_summary
    assert "was chosen with the review" in texts(opened(workflow=workflow_id))
    assert len(standin.asked) == 1


def test_a_summary_that_was_only_looked_at_is_not_recorded(core, standin):
    workflow_id = read(core)
    session = opened(workflow=workflow_id)
    key = "stage1_writer_"
    control(session, key).set_value("Rule-based summary").run()
    settle(core, session)
    session.run()
    control(session, key).set_value(plain(MODEL)).run()
    assert plain("It asks for 36 EUR.") in texts(session)
    core.run(lambda desk: desk.record_modifications(ACTOR, workflow_id))
    assert stage(core, workflow_id, 2).summary_chosen is None


# The text, before it is recorded

MARKED = {**GOOD, "key_findings": ["The total is 36 EUR.", "A discount of 77.31 EUR was granted."],
          "action_items": ["Pay the freight of 88.42 EUR."]}  # fmt: skip


def deliver(core, standin, *answers):
    """Deliver with the model's text on it, as it waits to be decided on."""
    workflow_id = reviewed(core)
    standin.say(*answers)
    session = opened("stage3_deliverable.py", workflow=workflow_id)
    button(session, "stage3_write").click().run()
    settle(core, session)
    assert stage(core, workflow_id, 3) is None and not session.exception
    return workflow_id, session


def decisions(session):
    return [control for control in session.get("button_group") if control.key and control.key.startswith("stage3_mark_")]


@pytest.mark.parametrize("place", PLACES)
def test_a_text_without_marks_is_recorded_with_one_click_as_it_was_shown(core, standin):
    workflow_id, session = deliver(core, standin)
    assert "This is an invoice from Mill" in texts(session) and "The text, before it is recorded" in texts(session)
    assert not decisions(session)
    button(session, "stage3_produce").click().run()
    settle(core, session)
    made = stage(core, workflow_id, 3)
    assert (made.prose_decision.how, made.ai_final_summary.key_findings) == ("accepted", GOOD["key_findings"])


def test_marked_statements_have_to_be_decided_on_and_the_decisions_survive_a_reload(core, standin):
    workflow_id, session = deliver(core, standin, told(MARKED))
    assert button(session, "stage3_produce").disabled
    shown = texts(session)
    assert "not found in the document" in shown and "**2 statements are marked.**" in shown
    decisions(session)[0].set_value("Keep").run()
    assert button(session, "stage3_produce").disabled
    session = opened("stage3_deliverable.py", workflow=workflow_id)
    assert [control.value for control in decisions(session)] == ["Keep", None]
    decisions(session)[1].set_value("Leave out").run()
    button(session, "stage3_produce").click().run()
    settle(core, session)
    made = stage(core, workflow_id, 3)
    assert (made.ai_final_summary.key_findings, made.ai_final_summary.action_items) == (MARKED["key_findings"], [])
    assert [entry.decision for entry in made.prose_decision.statements] == ["kept", "left_out"]


def test_what_is_marked_is_left_out_with_one_click(core, standin):
    workflow_id, session = deliver(core, standin, told(MARKED))
    button(session, "stage3_leave_out").click().run()
    settle(core, session)
    assert stage(core, workflow_id, 3).ai_final_summary.key_findings == ["The total is 36 EUR."]


def test_a_text_is_written_again_and_all_tries_are_counted(core, standin):
    workflow_id, session = deliver(core, standin, told(MARKED))
    button(session, "stage3_write_again").click().run()
    settle(core, session)
    assert "asked 2 times: 600 tokens in and 90 out" in texts(session)
    button(session, "stage3_produce").click().run()
    settle(core, session)
    wrote = stage(core, workflow_id, 3).final_summary_metadata
    assert wrote.tokens_used == 690
    assert [(call.act, call.outcome) for call in wrote.calls] == [("final", "answered")] * 2


def test_what_a_failed_try_took_is_recorded_with_the_one_that_went_well(core, standin):
    workflow_id, session = deliver(core, standin, told(GOOD, finish_reason="length"))
    button(session, "stage3_again").click().run()
    settle(core, session)
    button(session, "stage3_produce").click().run()
    settle(core, session)
    calls = stage(core, workflow_id, 3).final_summary_metadata.calls
    assert [call.outcome for call in calls] == ["failed", "answered"]
    assert [call.prompt_tokens for call in calls] == [300, 300]


def test_both_texts_stand_side_by_side_and_the_rules_may_be_chosen(core, standin):
    workflow_id, session = deliver(core, standin, told(MARKED))
    session.toggle(key="stage3_both").set_value(True).run()
    plan = planned(core, workflow_id)
    by_rules = core.run(lambda desk: desk.final_texts(ACTOR, workflow_id, plan)).by_rules
    assert plain(by_rules.executive_summary) in texts(session)
    assert "A discount of 77" in texts(session)
    button(session, "stage3_use_rules").click().run()
    assert not decisions(session)
    again = opened("stage3_deliverable.py", workflow=workflow_id)
    button(again, "stage3_produce").click().run()
    settle(core, again)
    made = stage(core, workflow_id, 3)
    assert made.final_summary_metadata.ai_model == "rules"
    assert (made.prose_decision.how, made.prose_decision.model) == ("rules_instead", MODEL)


def planned(core, workflow_id):
    plan = stage(core, workflow_id, 2).user_preferences
    return PresentationPlan(template=plan.document_template, export_format=plan.export_format)


def test_a_text_that_waits_is_not_asked_for_again_after_a_restart(core, standin, monkeypatch):
    workflow_id, _ = deliver(core, standin, told(MARKED))
    asked = len(standin.asked)
    monkeypatch.setattr(bootstrap, "_core", None)
    session = opened("stage3_deliverable.py", workflow=workflow_id)
    assert "A discount of 77" in texts(session)
    assert len(standin.asked) == asked


# The words for the presentation


def reviewed_with_words(core, words="Hide the currency"):
    workflow_id = read(core)

    async def record(desk):
        data = (await desk.review(ACTOR, workflow_id)).draft.modified_data
        wishes = UserPreferences(transformation_instructions=words, export_format="json")
        await desk.keep_draft(ACTOR, workflow_id, data, wishes, {})
        await desk.record_modifications(ACTOR, workflow_id)

    core.run(record)
    return workflow_id


def say_words(core, session, workflow_id, words):
    session.text_area(key=f"stage3_words_{workflow_id[:8]}").set_value(words).run()
    have_read(core, session)


def have_read(core, session):
    """Waits until the words are read, or cannot be."""
    if "stage3_words_being_read" in session.session_state:
        ended(core, session.session_state["stage3_words_being_read"][1])
        session.run()
    return session


def test_words_are_read_by_the_model_once_whoever_looks_how_often_and_in_whatever_template(core, standin):
    workflow_id = reviewed_with_words(core)
    standin.forget()
    session = have_read(core, opened("stage3_deliverable.py", workflow=workflow_id))
    assert [box.label for box in session.checkbox] == ["Left out\\: Currency\\."]
    button(session, f"stage3_template_{workflow_id[:8]}_financial_report").click().run()
    session.radio(key=f"stage3_format_{workflow_id[:8]}").set_value("csv").run()
    again = opened("stage3_deliverable.py", workflow=workflow_id)
    assert len(again.checkbox) == len(standin.asked) == 1
    button(session, "stage3_write").click().run()
    settle(core, session)
    button(session, "stage3_produce").click().run()
    settle(core, session)
    made = stage(core, workflow_id, 3)
    plan, wrote = made.presentation_plan, made.final_summary_metadata
    assert len(standin.asked) == 2
    assert (plan.read_by, plan.tokens_used, plan.prompt_version) == (MODEL, 345, VERSION)
    assert (wrote.ai_model, wrote.prompt_version) == (MODEL, VERSION)
    assert stage(core, workflow_id, 1).initial_summary_metadata.prompt_version == VERSION


def test_without_words_nobody_is_asked_about_them(core, standin):
    workflow_id = reviewed_with_words(core, words=" ")
    standin.forget()
    session = opened("stage3_deliverable.py", workflow=workflow_id)
    say_words(core, session, workflow_id, "")
    assert standin.asked == []
    assert not session.error


@pytest.mark.slow
def test_each_failure_to_read_the_words_is_shown_with_two_ways_on_and_each_works(core, standin, caplog):
    workflow_id = reviewed_with_words(core, words="")
    session = opened("stage3_deliverable.py", workflow=workflow_id)
    busy = {"busy": ([refused(429)] * 4, "too much to do"), "down": ([refused(503)] * 4, "failed on its side")}
    for n, (name, (answers, sentence)) in enumerate({**FAILURES, **busy}.items()):
        standin.say(*(answers if isinstance(answers, list) else [answers]))
        say_words(core, session, workflow_id, f"hide the currency {n}")
        (error,) = session.error
        shown = error.value.replace("\\", "")
        is_for_administrators = "Ask" in sentence or name in FOR_ADMINISTRATORS
        assert sentence.replace("OpenAI", "127.0.0.1") in (caplog.text if is_for_administrators else shown), name
        assert "KRAFTD_" not in shown and (is_for_administrators or shown.endswith("the rule-based reading of your words.")), name
        assert button(session, "stage3_write").disabled and not session.exception, name
    asked = len(standin.asked)
    session.radio(key=f"stage3_format_{workflow_id[:8]}").set_value("csv").run()
    assert (len(session.error), len(standin.asked)) == (1, asked)  # nobody is asked again before the user says so
    button(session, "stage3_plan_again").click().run()
    have_read(core, session)
    assert not session.error
    assert len(session.checkbox) == 1 and not button(session, "stage3_write").disabled


def test_reading_the_words_is_stopped_and_taken_up_again(core, standin):
    workflow_id = reviewed_with_words(core)
    standin.say("hang")
    session = opened("stage3_deliverable.py", workflow=workflow_id)
    assert "Reading your words" in texts(session) and button(session, "stage3_write").disabled
    button(session, "stage3_words_cancel").click().run()
    have_read(core, session)
    assert "You stopped it: your words are not read yet" in texts(session)
    button(session, "stage3_plan_again").click().run()
    have_read(core, session)
    assert len(session.checkbox) == 1


def test_words_that_the_service_did_not_read_are_read_by_rules_and_recorded_so(core, standin):
    workflow_id = reviewed_with_words(core)
    standin.say(refused(401))
    session = have_read(core, opened("stage3_deliverable.py", workflow=workflow_id))
    button(session, "stage3_plan_by_rules").click().run()
    assert not session.error
    button(session, "stage3_write").click().run()
    settle(core, session)
    button(session, "stage3_produce").click().run()
    settle(core, session)
    plan = stage(core, workflow_id, 3).presentation_plan
    assert (plan.read_by, plan.tokens_used, plan.prompt_version) == ("rules", None, None)
    assert [step.kind for step in plan.steps] == ["hide"]


def test_a_tone_that_was_asked_for_is_recorded_as_not_carried_out_where_the_rules_write(core, standin):
    workflow_id = reviewed_with_words(core, "Make it friendly")
    tone = {"kind": "tone", "words": "Make it friendly", "tone": "friendly", "language": None}
    standin.say(told({"steps": [tone], "not_carried_out": []}), refused(401))
    plan = core.run(lambda desk: desk.plan(ACTOR, workflow_id))
    assert [step.meaning for step in plan.steps] == ["The texts are written like this: friendly."]
    job_id = ended(core, core.run(lambda desk: desk.start_producing(ACTOR, workflow_id, plan)))
    ended(core, core.run(lambda desk: desk.go_on(ACTOR, job_id, "by_rules")))
    made = stage(core, workflow_id, 3)
    assert (made.final_summary_metadata.ai_model, made.final_summary_metadata.prompt_version) == ("rules", None)
    assert made.presentation_plan.steps == []
    (entry,) = made.presentation_plan.not_carried_out
    assert (entry.words, entry.reason) == ("Make it friendly", "The rule-based summary is written in one way only.")


def test_the_summary_is_shown_while_it_is_written(core, standin):
    gate = threading.Event()
    standin.say(told(GOOD, piece=20, gate=gate))
    job_id = core.run(lambda desk: desk.start_reading(ACTOR, "mill.pdf", b"%PDF"))

    async def has_begun(desk):
        while not (job := await desk.job(ACTOR, job_id)).text:
            assert job.is_running
            await asyncio.sleep(0.01)

    core.run(has_begun)
    session = opened(job=job_id)
    assert "Writing the summary" in texts(session)
    assert plain("This is an invoice from") in texts(session)
    gate.set()
    ended(core, job_id)


def test_what_a_hostile_model_writes_is_shown_as_its_characters(core, standin):
    standin.say(told(HOSTILE))
    workflow_id = read(core)
    session = opened(workflow=workflow_id)
    shown = [m.value for m in session.markdown]
    for text in ("<img src=x onerror=alert(1)> **bold** $x^2$", HOSTILE["key_findings"][0], HOSTILE["key_findings"][1]):
        assert any(plain(text) in value for value in shown), text
    assert not any(m.allow_html for m in session.markdown)
    for text in ("<script>", "**bold**", "](http", ":material/delete"):
        assert not any(text in value for value in shown), text
