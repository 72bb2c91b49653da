"""The agent's door: two acts, the initial and the final summary, and answers to the user's questions."""

import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from kraftd_core.checks import check
from kraftd_core.jsontypes import cleaned, with_row_ids
from kraftd_core.ports import Agent, Case
from kraftd_core.records import FinalSummary, Summary

Said = TypeVar("Said", Summary, FinalSummary, str)


@dataclass(frozen=True, slots=True)
class Thought:
    """Which engine thought, and what it took; `tokens_used` is None where none are counted."""

    ai_model: str
    processing_time_ms: float
    tokens_used: int | None
    generated_at: datetime


@dataclass(frozen=True, slots=True)
class AgentReply:
    """What the agent says: a text, and the summary it is of if a summary was asked for."""

    text: str
    summary: Summary | None
    thought: Thought


def _utc_now() -> datetime:
    return datetime.now(UTC)


class KraftdAIAgent:
    """One face over whichever engine is wired in; measures each thought."""

    def __init__(self, engine: Agent, now: Callable[[], datetime] = _utc_now) -> None:
        self._engine = engine
        self._now = now

    @property
    def ai_model(self) -> str:
        """The engine's name, as records and screens show it."""
        return self._engine.model

    async def summarise_initial(self, case: Case) -> tuple[Summary, Thought]:
        """The five sections over what was read."""
        return await self._timed(self._engine.initial_summary(case))

    async def summarise_final(self, case: Case) -> tuple[FinalSummary, Thought]:
        """The five sections over the reviewed data."""
        return await self._timed(self._engine.final_summary(case))

    async def process_message(self, message: str, context: Case | Mapping[str, Any] | None = None) -> AgentReply:
        """Acts on a message that begins with `initial_summary` or `final_summary`, and answers any other.

        A context may be a plain mapping with `document_type`, `document_name` and `data` (or `extracted_data`).
        """
        case = context if isinstance(context, Case) else self._case(context or {})
        wanted = "_".join(re.findall(r"[^\W_]+", message.lower())[:2])
        if wanted == "initial_summary":
            summary, thought = await self.summarise_initial(case)
            return AgentReply(summary.executive_summary, summary, thought)
        if wanted == "final_summary":
            final, thought = await self.summarise_final(case)
            return AgentReply(final.executive_summary, final, thought)
        text, thought = await self._timed(self._engine.answer(message, case))
        return AgentReply(text, None, thought)

    async def _timed(self, thinking: Awaitable[Said]) -> tuple[Said, Thought]:
        began = time.perf_counter()
        said = await thinking
        spent_ms = round((time.perf_counter() - began) * 1000, 3)
        return said, Thought(self._engine.model, spent_ms, None, self._now())

    def _case(self, context: Mapping[str, Any]) -> Case:
        given = context.get("data", context.get("extracted_data"))
        data = with_row_ids(cleaned(given)) if isinstance(given, dict) else {}
        document_type = str(context.get("document_type") or data.get("document_type") or "other")
        today = self._now().date()
        findings = check({"document_type": document_type} | data, today)
        return Case(str(context.get("document_name") or ""), document_type, data, {}, findings, today)
