"""The agent that a language model speaks for: at OpenAI, at Azure, or at any server that speaks like OpenAI."""

import json
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from kraftd_core.adapters.agents.openai.answers import begun_json, json_in, without_field_names, without_thought
from kraftd_core.adapters.agents.openai.plans import Wishes, held, wishes_schema
from kraftd_core.adapters.agents.openai.prompts import (
    ANSWER,
    FINAL,
    INITIAL,
    UNATTENDED,
    VERSION,
    messages,
    messages_of_a_plan,
)
from kraftd_core.adapters.agents.openai.service import Answer, Connect, Service, answered, other_language, tried, unclear
from kraftd_core.adapters.agents.openai.told import wanted_language
from kraftd_core.document.jsontypes import Data, clean_text, cleaned, is_table
from kraftd_core.document.wording import clipped
from kraftd_core.people.withholding import EVERY_WITHHELD, Withheld
from kraftd_core.ports.engines import Tried
from kraftd_core.ports.thinking import Case, Hear, Said, counting, unheard
from kraftd_core.records.calls import Act, ModelCall, Outcome
from kraftd_core.records.plan import DocumentTemplate, ExportFormat, PresentationPlan
from kraftd_core.records.stages import FinalSummary, Summary
from kraftd_core.thinking.confidence import confidence
from kraftd_core.thinking.languages import LANGUAGES, language_of_all
from kraftd_core.thinking.learning_insights import learning_insights

_READ_BY_RULES = "the rule-based reading of your words"


class Sections(BaseModel):
    """What a model is asked for: prose, and no figure of its own making. All sections are heard as they come."""

    model_config = ConfigDict(extra="forbid", strict=True)

    executive_summary: str = Field(
        description="For somebody who reads nothing else: in two to four sentences what it is, between whom, about what, for how"
        " much and by when, and whether the checks found something."
    )
    key_findings: list[str] = Field(
        description="For the reviewer: what of the document is worth knowing, the weightiest first, with its figures and days."
    )
    recommendations: list[str] = Field(
        description="For who decides: what to decide or to look at, and why; no payment while an error stands."
    )
    risk_factors: list[str] = Field(
        description="For who answers for it: each error and warning of `checks`, with its figures, then what is doubtful or"
        " missing."
    )
    action_items: list[str] = Field(description="For who does the work: what is to be done next, by when, each with a verb.")


class OpenAIAgent:
    """Satisfies the Agent port through a chat service; `model` is the one asked for, each answer names the one that wrote it.

    `withhold` names the kinds of values that are kept out of all that it is told.
    """

    def __init__(self, connect: Connect, service: Service, withhold: Sequence[Withheld] = EVERY_WITHHELD) -> None:
        self.model = service.model
        self._connect = connect
        self._service = service
        self._withhold = tuple(withhold)

    async def initial_summary(self, case: Case, hear: Hear = unheard) -> Said[Summary]:
        """The five sections over what was read."""
        sections, answer = await self._sections("summary", INITIAL, case, hear)
        return self._said(Summary(**sections), answer)

    async def final_summary(self, case: Case, hear: Hear = unheard) -> Said[FinalSummary]:
        """The five sections over the reviewed data; what the review says about the reading is counted, not asked for."""
        sections, answer = await self._sections("final", FINAL if case.is_reviewed else UNATTENDED, case, hear)
        return self._said(FinalSummary(**sections, learning_insights=learning_insights(case)), answer)

    async def answer(self, message: str, case: Case) -> Said[str]:
        """The model's answer to a question about the case."""
        told, left_out = messages(ANSWER, case, clean_text(message), self._withhold)
        answer = await self._asked("answer", case, told, None)
        return self._said("\n".join([clean_text(without_thought(answer.text)).strip(), *left_out]), answer)

    async def plan(self, case: Case, template: DocumentTemplate, export_format: ExportFormat) -> PresentationPlan:
        """The user's instructions as steps on parts of the document, as the model understood them, and all that is no step."""
        instructions = case.preferences.transformation_instructions if case.preferences else ""
        told = messages_of_a_plan(case, clean_text(instructions), self._withhold)
        service = replace(self._service, way_on=_READ_BY_RULES)
        counted, calls = counting(case)
        answer = await self._asked("plan", counted, told, wishes_schema(), service=service)
        try:
            wishes = Wishes.model_validate(cleaned(json_in(answer.text)))
        except (ValueError, RecursionError) as error:
            raise unclear(service) from error
        steps, refused = held(wishes, case.data, instructions)
        return PresentationPlan(
            template=template, export_format=export_format, instructions=instructions, read_by=self._named(answer),
            prompt_version=VERSION, tokens_used=answer.tokens_used, calls=calls, steps=steps, not_carried_out=refused,
        )  # fmt: skip

    async def tried(self, seconds: float) -> Tried:
        """What one short question shows; raises AgentUnavailable."""
        return await tried(self._connect, self._service, seconds)

    async def _sections(self, act: Act, task: str, case: Case, hear: Hear) -> tuple[dict[str, Any], Answer]:
        wanted = wanted_language(case)
        for once_more in (False, True):
            told, left_out = messages(task, case, withhold=self._withhold, once_more=once_more)
            answer = await self._asked(act, case, told, Sections.model_json_schema(), hear, wanted)
            sections = self._understood(answer, case)
            if _language(sections, wanted) == wanted:
                said = " ".join([sections.executive_summary.strip(), *left_out])
                return sections.model_dump() | {"executive_summary": said, "confidence_score": confidence(case)}, answer
        raise other_language(self._service, LANGUAGES[wanted])

    async def _asked(
        self,
        act: Act,
        case: Case,
        told: list[dict[str, str]],
        schema: dict[str, Any] | None,
        hear: Hear = unheard,
        wanted: str | None = None,
        service: Service | None = None,
    ) -> Answer:
        """The answer; the case hears of the asking, also of one that gave nothing that can be used."""

        def ended(answer: Answer, outcome: Outcome, seconds: float) -> None:
            if outcome == "answered" and wanted and _spoken(answer.text, wanted) != wanted:
                outcome = "other_language"
            tokens = {"prompt_tokens": answer.prompt_tokens, "completion_tokens": answer.completion_tokens}
            case.spent(ModelCall(act=act, model=self._named(answer), outcome=outcome, seconds=seconds, **tokens))

        def heard(text: str) -> None:
            hear(summary_so_far(text))

        return await answered(self._connect, service or self._service, told, schema, heard if schema else unheard, ended)

    def _understood(self, answer: Answer, case: Case) -> Sections:
        """The sections of an answer, as we keep texts; raises AgentUnavailable where they are not what was asked for."""
        try:
            sections = Sections.model_validate(_called_as_people_do(cleaned(json_in(answer.text)), case.data))
        except (ValueError, RecursionError) as error:
            raise unclear(self._service) from error
        if not sections.executive_summary.strip():
            raise unclear(self._service)
        return sections

    def _said(self, what: Any, answer: Answer) -> Said[Any]:
        return Said(what, self._named(answer), answer.tokens_used, VERSION)

    def _named(self, answer: Answer) -> str:
        return clipped(clean_text(answer.ai_model)) or self.model


def _called_as_people_do(said: Any, data: Data) -> Any:
    """An answer without the names of fields and columns, of which no reader knows."""
    columns = {name for value in data.values() if is_table(value) for row in value for name in row}
    names = {name for name in (*data, *columns) if "_" in name}
    if not isinstance(said, dict):
        return said
    return {section: _without_names(texts, names) for section, texts in said.items()}


def _without_names(texts: Any, names: Collection[str]) -> Any:
    if isinstance(texts, str):
        return without_field_names(texts, names)
    return [_without_names(text, names) for text in texts] if isinstance(texts, list) else texts


def _language(sections: Sections, wanted: str) -> str:
    every = (sections.executive_summary, *sections.key_findings, *sections.recommendations, *sections.risk_factors)
    return language_of_all((*every, *sections.action_items), wanted)


def _spoken(text: str, wanted: str) -> str:
    """The language of an answer; what is no answer is in none that counts."""
    try:
        return _language(Sections.model_validate(json_in(text)), wanted)
    except (ValueError, RecursionError):
        return wanted


_BEGUN = re.compile(r'\s*\{\s*"executive_summary"\s*:\s*"((?:[^"\\]|\\.)*)', re.DOTALL)
_LIST = re.compile(
    r'"(key_findings|recommendations|risk_factors|action_items)"\s*:\s*\[((?:\s*,?\s*"(?:[^"\\]|\\.)*"?)*)', re.DOTALL
)
_ITEM = re.compile(r'"((?:[^"\\]|\\.)*)', re.DOTALL)
_HALF_ESCAPE = re.compile(r"\\u[0-9a-fA-F]{0,3}$")


def summary_so_far(text: str) -> str:
    """The sections in the beginning of an answer, as far as they have come: a line each statement, behind their name."""
    begun = _BEGUN.match(begun_json(text))
    if begun is None:
        return ""
    lines = [_text_so_far(begun[1])]
    for section in _LIST.finditer(begun.string, begun.end()):
        said = [_text_so_far(item[1]) for item in _whole_or_begun(section[2])]
        statements = [f"• {statement}" for statement in said if statement]
        lines += [section[1].replace("_", " ").capitalize(), *statements] if statements else []
    return "\n".join(lines)


def _whole_or_begun(items: str) -> Iterator[re.Match[str]]:
    """The texts of a list of which the last may have no end yet."""
    at = 0
    while item := _ITEM.search(items, at):
        yield item
        at = item.end() + 1  # behind the closing mark


def _text_so_far(escaped: str) -> str:
    """A text of JSON, as far as it has come, on one line."""
    try:
        return " ".join(clean_text(json.loads(f'"{_HALF_ESCAPE.sub("", escaped)}"', strict=False)).split())
    except ValueError:
        return ""
