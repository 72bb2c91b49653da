"""The agent that a language model speaks for: at OpenAI, at Azure, or at any server that speaks like OpenAI."""

import json
import re
from dataclasses import replace
from typing import Any

from pydantic import BaseModel, ConfigDict

from kraftd_core.adapters.agents.openai.plans import Wishes, held, wishes_schema
from kraftd_core.adapters.agents.openai.prompts import ANSWER, FINAL, INITIAL, PLAN, UNATTENDED, VERSION, messages
from kraftd_core.adapters.agents.openai.service import Answer, Connect, Service, answered, tried, unclear
from kraftd_core.document.jsontypes import clean_text, cleaned
from kraftd_core.document.wording import clipped
from kraftd_core.ports.engines import Tried
from kraftd_core.ports.thinking import Case, Hear, Said, unheard
from kraftd_core.records.plan import DocumentTemplate, ExportFormat, PresentationPlan
from kraftd_core.records.stages import FinalSummary, Summary
from kraftd_core.thinking.confidence import confidence
from kraftd_core.thinking.learning_insights import learning_insights

_READ_BY_RULES = "the rule-based reading of your words"


class Sections(BaseModel):
    """What a model is asked for: prose, and no figure of its own making. The first section is heard as it comes."""

    model_config = ConfigDict(extra="forbid", strict=True)

    executive_summary: str
    key_findings: list[str]
    recommendations: list[str]
    risk_factors: list[str]
    action_items: list[str]


class OpenAIAgent:
    """Satisfies the Agent port through a chat service; `model` is the one asked for, each answer names the one that wrote it."""

    def __init__(self, connect: Connect, service: Service) -> None:
        self.model = service.model
        self._connect = connect
        self._service = service

    async def initial_summary(self, case: Case, hear: Hear = unheard) -> Said[Summary]:
        """The five sections over what was read."""
        sections, answer = await self._sections(INITIAL, case, hear)
        return self._said(Summary(**sections), answer)

    async def final_summary(self, case: Case, hear: Hear = unheard) -> Said[FinalSummary]:
        """The five sections over the reviewed data; what the review says about the reading is counted, not asked for."""
        sections, answer = await self._sections(FINAL if case.is_reviewed else UNATTENDED, case, hear)
        return self._said(FinalSummary(**sections, learning_insights=learning_insights(case)), answer)

    async def answer(self, message: str, case: Case) -> Said[str]:
        """The model's answer to a question about the case."""
        told, left_out = messages(ANSWER, case, clean_text(message))
        answer = await answered(self._connect, self._service, told, None, unheard)
        return self._said("\n".join([clean_text(answer.text).strip(), *left_out]), answer)

    async def plan(self, case: Case, template: DocumentTemplate, export_format: ExportFormat) -> PresentationPlan:
        """The user's instructions as steps on parts of the document, as the model understood them, and all that is no step."""
        instructions = case.preferences.transformation_instructions if case.preferences else ""
        told, _ = messages(PLAN, case, clean_text(instructions))
        service = replace(self._service, way_on=_READ_BY_RULES)
        answer = await answered(self._connect, service, told, wishes_schema(), unheard)
        try:
            wishes = Wishes.model_validate(cleaned(json.loads(answer.text)))
        except (ValueError, RecursionError) as error:
            raise unclear(service) from error
        steps, refused = held(wishes, case.data, instructions)
        return PresentationPlan(
            template=template, export_format=export_format, instructions=instructions, read_by=self._named(answer),
            prompt_version=VERSION, tokens_used=answer.tokens_used, steps=steps, not_carried_out=refused,
        )  # fmt: skip

    async def tried(self, seconds: float) -> Tried:
        """What one short question shows; raises AgentUnavailable."""
        return await tried(self._connect, self._service, seconds)

    async def _sections(self, task: str, case: Case, hear: Hear) -> tuple[dict[str, Any], Answer]:
        told, left_out = messages(task, case)
        schema = Sections.model_json_schema()
        answer = await answered(self._connect, self._service, told, schema, lambda text: hear(summary_so_far(text)))
        sections = self._understood(answer)
        said = " ".join([sections.executive_summary.strip(), *left_out])
        return sections.model_dump() | {"executive_summary": said, "confidence_score": confidence(case)}, answer

    def _understood(self, answer: Answer) -> Sections:
        """The sections of an answer, as we keep texts; raises AgentUnavailable where they are not what was asked for."""
        try:
            sections = Sections.model_validate(cleaned(json.loads(answer.text)))
        except (ValueError, RecursionError) as error:
            raise unclear(self._service) from error
        if not sections.executive_summary.strip():
            raise unclear(self._service)
        return sections

    def _said(self, what: Any, answer: Answer) -> Said[Any]:
        return Said(what, self._named(answer), answer.tokens_used, VERSION)

    def _named(self, answer: Answer) -> str:
        return clipped(clean_text(answer.ai_model)) or self.model


_BEGUN = re.compile(r'\s*\{\s*"executive_summary"\s*:\s*"((?:[^"\\]|\\.)*)', re.DOTALL)
_HALF_ESCAPE = re.compile(r"\\u[0-9a-fA-F]{0,3}$")


def summary_so_far(text: str) -> str:
    """The executive summary in the beginning of an answer, as far as it has come."""
    begun = _BEGUN.match(text)
    if begun is None:
        return ""
    try:
        return clean_text(json.loads(f'"{_HALF_ESCAPE.sub("", begun[1])}"', strict=False))
    except ValueError:
        return ""
