"""The agent's door: two acts, answers, and what each thought took."""

import asyncio
from datetime import UTC, date, datetime

import pytest

from kraftd_core.adapters.agents.rules.agent import RulesAgent
from kraftd_core.document.checks.checking import check
from kraftd_core.errors import CallRefused
from kraftd_core.ports.thinking import Case, Hear, Said, unheard
from kraftd_core.records.stages import FinalSummary, LearningInsights, Summary
from kraftd_core.thinking.agent import AgentReply, KraftdAIAgent

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
SECTIONS = {"key_findings": [], "recommendations": [], "risk_factors": [], "action_items": []}


class EngineThatRemembers:
    """Satisfies the Agent port; keeps the cases that it was given."""

    model = "fake"

    def __init__(self) -> None:
        self.cases: list[Case] = []

    async def initial_summary(self, case: Case, hear: Hear = unheard) -> Said[Summary]:
        self.cases.append(case)
        hear("fir")
        return Said(Summary(executive_summary="first", **SECTIONS), "fake-2026-01-01", 12)

    async def final_summary(self, case: Case, hear: Hear = unheard) -> Said[FinalSummary]:
        self.cases.append(case)
        hear("la")
        insights = LearningInsights(user_corrected_fields=[], user_focus_areas=[])
        return Said(FinalSummary(executive_summary="last", learning_insights=insights, **SECTIONS), "fake-2026-01-01")

    async def answer(self, message: str, case: Case) -> Said[str]:
        self.cases.append(case)
        return Said(f"to {message}", "fake-2026-01-01")


def told(message: str, context: object = None) -> tuple[AgentReply, Case]:
    engine = EngineThatRemembers()
    reply = asyncio.run(KraftdAIAgent(engine, lambda: NOW).process_message(message, context))
    return reply, engine.cases[0]


CASE = Case("scan.pdf", "invoice", {"invoice_total": 5}, {}, [], date(2026, 1, 1))


def test_a_message_that_begins_with_an_act_gets_the_summary():
    assert told("initial_summary", CASE)[0].summary == Summary(executive_summary="first", **SECTIONS)
    assert told("Final summary, please", CASE)[0].text == "last"
    assert isinstance(told("final_summary: now", CASE)[0].summary, FinalSummary)


def test_any_other_message_is_answered_about_the_case():
    reply, case = told("Is the final summary done?", CASE)
    assert (reply.text, reply.summary) == ("to Is the final summary done?", None)
    assert case is CASE


def test_what_is_being_written_is_heard():
    heard = []
    agent = KraftdAIAgent(EngineThatRemembers())
    asyncio.run(agent.summarise_initial(CASE, heard.append))
    asyncio.run(agent.summarise_final(CASE, heard.append))
    assert heard == ["fir", "la"]


def test_a_thought_names_the_model_that_answered_its_tokens_and_its_time():
    summary, thought = asyncio.run(KraftdAIAgent(EngineThatRemembers(), lambda: NOW).summarise_initial(CASE))
    assert summary.executive_summary == "first"
    assert (thought.ai_model, thought.tokens_used, thought.generated_at) == ("fake-2026-01-01", 12, NOW)
    assert thought.processing_time_ms >= 0


def test_a_thought_is_dated_in_utc_unless_told_otherwise():
    _, thought = asyncio.run(KraftdAIAgent(EngineThatRemembers()).summarise_final(CASE))
    assert thought.generated_at.tzinfo is UTC


def test_a_plain_mapping_becomes_a_case_with_its_checks_done():
    context = {"document_type": "invoice", "extracted_data": {"vendor_name": "Mill", "line_items": [{"amount": 5}]}}
    case = told("hello", context)[1]
    assert case.document_type == "invoice"
    assert case.as_of == NOW.date()
    assert case.findings == check(case.data | {"document_type": "invoice"}, NOW.date()) != []
    assert case.data["line_items"][0]["amount"] == 5


def test_a_message_without_a_context_is_about_an_empty_document():
    for context in (None, {}, {"data": {}}):
        case = told("hello", context)[1]
        assert (case.document_type, case.data, case.findings) == ("other", {}, [])


@pytest.mark.parametrize(("message", "context"), [
    (None, {}), (5, {}), (["initial_summary"], {}), ("initial_summary", [1]), ("initial_summary", {"data": [1]}),
    ("What is it?", {"data": "text"}),
])
def test_a_message_or_a_context_that_is_none_is_refused_in_a_sentence(message, context):
    with pytest.raises(CallRefused, match=r"^The .*\.$"):
        asyncio.run(KraftdAIAgent(RulesAgent()).process_message(message, context))


def test_a_context_that_holds_itself_is_refused():
    context = {"data": {}}
    context["data"]["again"] = context["data"]
    with pytest.raises(CallRefused, match="holds itself"):
        asyncio.run(KraftdAIAgent(RulesAgent()).process_message("initial_summary", context))
