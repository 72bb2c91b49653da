"""The agent's door: two acts, the initial and the final summary, and answers to the user's questions."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from kraftd_core.document.checks.checking import check
from kraftd_core.document.handed import as_mapping, kind_of_thing
from kraftd_core.document.jsontypes import with_row_ids
from kraftd_core.errors import CallRefused, OtherLanguage
from kraftd_core.ports.thinking import Agent, Case, Hear, Said, counting, unheard
from kraftd_core.records.calls import ModelCall
from kraftd_core.records.plan import DocumentTemplate, ExportFormat, PresentationPlan
from kraftd_core.records.stages import FinalSummary, Grounding, Summary
from kraftd_core.thinking.confidence import confidence
from kraftd_core.thinking.grounding.grounding import ground, ground_text
from kraftd_core.thinking.risks import with_every_error
from kraftd_core.thinking.spending import Prices, tokens_of

What = TypeVar("What", Summary, FinalSummary, str)
AnySummary = TypeVar("AnySummary", Summary, FinalSummary)


@dataclass(frozen=True, slots=True)
class Thought:
    """Which model thought, as it says itself, and what it took; `tokens_used` is None where none are counted.

    `grounding` is what its words rest on, `prompt_version` the wording that it was asked with, if it was asked in words.
    `calls` are all askings of a model, also those that came to nothing, and `cost` is what they came to, where that is known.
    """

    ai_model: str
    processing_time_ms: float
    tokens_used: int | None
    generated_at: datetime
    grounding: Grounding | None = None
    prompt_version: str | None = None
    calls: Sequence[ModelCall] = ()
    cost: float | None = None


@dataclass(frozen=True, slots=True)
class AgentReply:
    """What the agent says: a text, and the summary it is of if a summary was asked for."""

    text: str
    summary: Summary | None
    thought: Thought

    @property
    def grounding(self) -> Grounding | None:
        """What the lines of the text, or the statements of the summary, rest on."""
        return self.thought.grounding


def _utc_now() -> datetime:
    return datetime.now(UTC)


class KraftdAIAgent:
    """One face over whichever engine is wired in; measures each thought.

    Where the engine twice writes in another language than was asked for, the `rules` write, and the thought says so.
    """

    def __init__(
        self,
        engine: Agent,
        now: Callable[[], datetime] = _utc_now,
        rules: Agent | None = None,
        prices: Prices = Prices(),  # noqa: B008  frozen
    ) -> None:
        self._engine = engine
        self._now = now
        self._rules = rules
        self._prices = prices

    @property
    def ai_model(self) -> str:
        """The engine's name, as records and screens show it."""
        return self._engine.model

    def cost_of_pages(self, pages: int | None) -> float | None:
        """What a service takes for reading so many pages; None where no price is set."""
        return self._prices.of_pages(pages)

    def cost_of(self, calls: Sequence[ModelCall]) -> float | None:
        """What the askings come to; None where there are none, or it is not known."""
        return self._prices.of_calls(calls) if calls else None

    async def summarise_initial(self, case: Case, hear: Hear = unheard) -> tuple[Summary, Thought]:
        """The five sections over what was read; raises AgentUnavailable."""
        return await self._summarised(case, lambda engine, counted: engine.initial_summary(counted, hear))

    async def summarise_final(self, case: Case, hear: Hear = unheard) -> tuple[FinalSummary, Thought]:
        """The five sections over the reviewed data; raises AgentUnavailable."""
        return await self._summarised(case, lambda engine, counted: engine.final_summary(counted, hear))

    async def _summarised(
        self, case: Case, write: Callable[[Agent, Case], Awaitable[Said[AnySummary]]]
    ) -> tuple[AnySummary, Thought]:
        counted, calls = counting(case)
        summary, thought = await self._timed(self._written(counted, write))
        cost, tokens = self.cost_of(calls), sum(tokens_of(calls)) or thought.tokens_used
        return await held_against(case, summary, replace(thought, calls=tuple(calls), cost=cost, tokens_used=tokens))

    async def _written(self, case: Case, write: Callable[[Agent, Case], Awaitable[Said[AnySummary]]]) -> Said[AnySummary]:
        try:
            return await write(self._engine, case)
        except OtherLanguage:
            if self._rules is None:
                raise
            return await write(self._rules, case)

    async def plan(self, case: Case, template: DocumentTemplate, export_format: ExportFormat) -> PresentationPlan:
        """What the instructions ask for, not yet held against data and format; raises AgentUnavailable."""
        return await self._engine.plan(case, template, export_format)

    async def process_message(self, message: str, context: Case | Mapping[str, Any] | None = None) -> AgentReply:
        """Acts on a message that begins with `initial_summary` or `final_summary`, and answers any other.

        A context may be a plain mapping with `document_type`, `document_name` and `data` (or `extracted_data`). Raises
        CallRefused for a message or a context that is none.
        """
        if not isinstance(message, str):
            raise CallRefused(f"The message must be a text, not {kind_of_thing(message)}.")
        case = context if isinstance(context, Case) else self._case(context or {})
        wanted = "_".join(re.findall(r"[^\W_]+", message.lower())[:2])
        if wanted == "initial_summary":
            summary, thought = await self.summarise_initial(case)
            return AgentReply(summary.executive_summary, summary, thought)
        if wanted == "final_summary":
            final, thought = await self.summarise_final(case)
            return AgentReply(final.executive_summary, final, thought)
        text, thought = await self._timed(self._engine.answer(message, case))
        return AgentReply(text, None, replace(thought, grounding=await asyncio.to_thread(ground_text, text, case)))

    async def _timed(self, thinking: Awaitable[Said[What]]) -> tuple[What, Thought]:
        began = time.perf_counter()
        said = await thinking
        spent_ms = round((time.perf_counter() - began) * 1000, 3)
        return said.what, Thought(
            said.ai_model, spent_ms, said.tokens_used, self._now(), prompt_version=said.prompt_version
        )

    def _case(self, context: Mapping[str, Any]) -> Case:
        context = as_mapping(context, "The context")
        data = with_row_ids(as_mapping(context.get("data") or context.get("extracted_data") or {}, "The data"))
        document_type = str(context.get("document_type") or data.get("document_type") or "other")
        today = self._now().date()
        findings = check({"document_type": document_type} | data, today)
        return Case(str(context.get("document_name") or ""), document_type, data, {}, findings, today)


async def held_against(case: Case, summary: AnySummary, thought: Thought) -> tuple[AnySummary, Thought]:
    """The summary with every error among its risks, held against the document; how sure it is follows from that and from the
    reading, whatever an engine says.
    """
    summary, added = with_every_error(summary, case)
    grounding = await asyncio.to_thread(ground, summary, case, added)
    sure = confidence(case, grounding.share)
    return summary.model_copy(update={"confidence_score": sure}), replace(thought, grounding=grounding)
