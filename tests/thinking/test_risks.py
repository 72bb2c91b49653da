"""Every error stands among the risks, whoever writes, and what a rule added is told from what an engine wrote."""

import asyncio
from datetime import UTC, datetime

import pytest
from judged_statements import case_named

from kraftd_core.adapters.agents.rules.agent import RulesAgent
from kraftd_core.ports.thinking import Said
from kraftd_core.records.calls import ModelCall
from kraftd_core.records.stages import Summary
from kraftd_core.thinking.agent import KraftdAIAgent
from kraftd_core.thinking.confidence import confidence
from kraftd_core.thinking.risks import with_every_error
from kraftd_core.thinking.spending import Prices, tokens_of

LINE = "Line 3 (Chemical anchor resin): 36 x 14.90 is 536.40, but the amount says 563.40."


def summary(*risks):
    lists = {"key_findings": [], "recommendations": [], "action_items": []}
    return Summary(executive_summary="All lines add up.", risk_factors=list(risks), **lists)


class Writes:
    """An engine that writes this."""

    model = "writes"

    def __init__(self, said):
        self.said = said

    async def initial_summary(self, case, hear=None):
        case.spent(call("answered", 1000, 200))
        return Said(self.said, "m", 1200, "5")


def thought_of(said, name="harbour", **more):
    agent = KraftdAIAgent(Writes(said), lambda: datetime(2026, 11, 20, tzinfo=UTC), **more)
    return asyncio.run(agent.summarise_initial(case_named(name)))


def test_an_error_that_was_left_out_is_added_by_rule_and_does_not_better_the_share():
    said, thought = thought_of(summary("The payment is late."))
    assert said.risk_factors == ["The payment is late.", LINE]
    assert thought.grounding.added_by_rule == [1]
    assert thought.grounding.share == 0.0
    assert said.confidence_score == confidence(case_named("harbour"), 0.0)


@pytest.mark.parametrize("risk", [
    LINE, "The amount of line 3 should be 536.40 rather than 563.40.", "Position 3: 536,40 statt 563,40 GBP.",
])  # fmt: skip
def test_an_error_that_is_named_by_its_figures_is_not_named_again(risk):
    assert with_every_error(summary(risk), case_named("harbour")) == (summary(risk), [])


def test_a_missing_field_is_named_by_what_it_is_called():
    said, added = with_every_error(summary("The invoice number is missing."), case_named("bare"))
    assert said.risk_factors[1:] == ["The invoice date is missing."] and added == [1]


@pytest.mark.parametrize("name", ["harbour", "total", "bare", "sum", "tax", "bureau", "paid"])
def test_the_rules_name_every_error_themselves(name):
    case = case_named(name)
    said = asyncio.run(RulesAgent().initial_summary(case)).what
    assert with_every_error(said, case)[1] == []


def test_what_the_askings_took_is_counted_and_priced_where_prices_are_set():
    _, thought = thought_of(summary(), prices=Prices(tokens_in=2.5, tokens_out=10))
    assert [(call.prompt_tokens, call.completion_tokens) for call in thought.calls] == [(1000, 200)]
    assert (thought.tokens_used, thought.cost) == (1200, 0.0045)
    assert thought_of(summary())[1].cost is None


def call(outcome, *tokens):
    known = dict(zip(("prompt_tokens", "completion_tokens"), tokens, strict=False))
    return ModelCall(act="summary", model="m", outcome=outcome, seconds=1.0, **known)


def test_tokens_that_were_not_told_make_no_price():
    prices = Prices(tokens_in=1, tokens_out=1, page=0.01)
    assert prices.of_calls([call("answered", 500_000, 500_000), call("failed")]) == 1.0
    assert prices.of_calls([call("answered", 5, 5), call("cancelled")]) is None
    assert tokens_of([call("answered", 5, 7), call("cancelled")]) == (5, 7)
    assert (prices.of_pages(12), prices.of_pages(None), Prices().of_pages(1)) == (0.12, None, None)
