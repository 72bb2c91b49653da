"""The text of a deliverable before it is recorded: written once, looked at, and decided on."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from kraftd_core.delivery.plan import tone_of
from kraftd_core.desk.common import DeskBase, Workflow
from kraftd_core.desk.taken_in import asked_of
from kraftd_core.document.checks.checking import check
from kraftd_core.errors import CallRefused
from kraftd_core.people.actor import Actor
from kraftd_core.ports.thinking import Case, Hear
from kraftd_core.recording.service import reviewed
from kraftd_core.recording.stage2_modifications import found_in_history
from kraftd_core.recording.stage3_deliverable import preferences_of
from kraftd_core.records.calls import ModelCall
from kraftd_core.records.plan import PresentationPlan
from kraftd_core.records.stages import (
    DecidedStatement,
    FinalSummary,
    Grounding,
    ProseDecision,
    RecordedActor,
    UserModifications,
)
from kraftd_core.thinking.agent import KraftdAIAgent, Thought, held_against
from kraftd_core.thinking.prose import MarkedStatement, marked_in, without_statements

_TEXT = "final text"
_OTHER_TEXT = "The text was written anew since you saw it, or it does not fit your wishes any more. Look at it, then decide."


@dataclass(frozen=True, slots=True)
class RecordedThought:
    """Who wrote prose that is taken from the record: it took no time and no tokens."""

    ai_model: str
    grounding: Grounding | None
    prompt_version: str | None = None
    processing_time_ms: None = None
    tokens_used: None = None


@dataclass(frozen=True, slots=True)
class WrittenText:
    """What a model wrote, as it waits to be looked at; `tries` and `tokens_used` are of all times that it was asked."""

    asked: str
    summary: FinalSummary
    thought: Thought
    marked: tuple[MarkedStatement, ...]
    tries: int
    tokens_used: int | None

    @property
    def seen(self) -> str:
        """By what a decision names this very text."""
        return sha256(self.summary.model_dump_json().encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class TextChoice:
    """What a person decided on the text that was `seen`: the rules' in its place, or it without the marked but for `kept`."""

    by_rules: bool = False
    seen: str = ""
    kept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FinalTexts:
    """The texts that a deliverable may have: the rules' own, and the model's where it wrote one for these wishes.

    `recorded_by` names who wrote the text that is taken from the record, because the same was delivered before. `calls` are
    all askings of a model for this file so far, also for its plan, and `cost` is what they came to.
    """

    by_rules: FinalSummary
    rules_grounding: Grounding | None
    written: WrittenText | None = None
    recorded_by: str | None = None
    calls: tuple[ModelCall, ...] = ()
    cost: float | None = None


@dataclass(frozen=True, slots=True)
class ChosenText:
    """The text that goes into the record and the file, and how that was decided; None where nothing had to be."""

    summary: FinalSummary
    thought: Thought | RecordedThought
    decision: ProseDecision | None = None


class TextVerbs(DeskBase):
    """What is written for a deliverable, before it is made."""

    async def final_texts(self, actor: Actor, export_workflow_id: str, plan: PresentationPlan) -> FinalTexts:
        """The texts as far as they are written; nobody is asked for one."""
        workflow = await self.workflow(actor, export_workflow_id)
        stage2 = reviewed(workflow.stage1, workflow.stage2)[1]
        case = await self._case_to_write(workflow, stage2, plan)
        summary, thought = await self._rules.summarise_final(case)
        recorded = await self._recorded_text(workflow)
        if recorded is not None:
            return FinalTexts(summary, thought.grounding, recorded_by=recorded.thought.ai_model)
        calls = tuple(await self._uploads.calls(stage2.owner_email, export_workflow_id))
        waiting, cost = await self._waiting_text(workflow, case), self._agent.cost_of(calls)
        return FinalTexts(summary, thought.grounding, waiting, calls=calls, cost=cost)

    async def _case_to_write(self, workflow: Workflow, stage2: UserModifications, plan: PresentationPlan) -> Case:
        wishes = preferences_of(plan, stage2.user_preferences)
        return replace(await self._final_case(workflow, stage2), preferences=wishes, tone=tone_of(plan))

    async def _final_case(self, workflow: Workflow, stage2: UserModifications) -> Case:
        stage1 = workflow.stage1
        taught = await self._teaching.taught(stage2.owner_email, stage2.document_type)
        return Case(
            document_name=stage2.document_name,
            document_type=stage2.document_type,
            data=stage2.modified_data,
            places=stage1.source.di_metadata,
            findings=await asyncio.to_thread(check, stage2.modified_data, self._now().date()) + found_in_history(stage2.findings),
            as_of=self._now().date(),
            extraction_confidence=stage1.source.di_confidence,
            changes=stage2.changes,
            preferences=stage2.user_preferences,
            earlier=[
                lesson
                for lesson in taught.lessons
                if lesson.recorded_at < stage2.timestamp and lesson.document_id != stage2.document_id
            ],
            type_confidence=stage1.source.type_confidence,
            looked_at=stage2.looked_at,
            reviewed_by=stage2.reviewed_by or "",
            is_reviewed=stage2.review_mode != "unattended",
        )

    async def _recorded_text(self, workflow: Workflow) -> ChosenText | None:
        """Of a regenerated workflow the text recorded before, which is not asked for anew; None of any other."""
        source = workflow.stage1.regenerated_from
        earlier = await self.tracking.get_workflow_stages(source, workflow.stage1.owner_email) if source else {}
        if (stage3 := earlier.get("stage3")) is None:
            return None
        wrote = stage3.final_summary_metadata
        thought = RecordedThought(wrote.ai_model or "", stage3.grounding, wrote.prompt_version)
        return ChosenText(stage3.ai_final_summary, thought, stage3.prose_decision)

    async def _kept_text(self, workflow: Workflow) -> WrittenText | None:
        stage1 = workflow.stage1
        return await self._uploads.kept(stage1.owner_email, stage1.export_workflow_id, _TEXT, WrittenText)

    async def _waiting_text(self, workflow: Workflow, case: Case) -> WrittenText | None:
        """The model's text that waits, if it was written of this very case."""
        kept = await self._kept_text(workflow)
        return kept if kept and kept.asked == await self._asked(case) else None

    async def _asked(self, case: Case) -> str:
        return await asyncio.to_thread(asked_of, "final text by", self._agent.ai_model, case)

    async def _written(self, workflow: Workflow, case: Case, hear: Hear, *, again: bool = False) -> WrittenText:
        """The model's text of this case: the one that waits, else one that is written now and kept. Raises AgentUnavailable."""
        stage1, before = workflow.stage1, await self._kept_text(workflow)
        asked = await self._asked(case)
        if before and before.asked == asked and not again:
            return before
        summary, thought = await self._uploads.counted(
            stage1.owner_email, stage1.export_workflow_id, case, lambda counted: self._agent.summarise_final(counted, hear)
        )
        marked = await asyncio.to_thread(marked_in, summary, thought.grounding, case)
        counted = [n for n in (before.tokens_used if before else None, thought.tokens_used) if n is not None]
        tries = (before.tries if before else 0) + 1
        text = WrittenText(asked, summary, thought, marked, tries, sum(counted) if counted else None)
        await self._uploads.keep(stage1.owner_email, stage1.export_workflow_id, _TEXT, WrittenText, text)
        return text

    async def _chosen_text(
        self, actor: Actor, workflow: Workflow, case: Case, hear: Hear, agent: KraftdAIAgent, choice: TextChoice | None
    ) -> ChosenText:
        """The text that is recorded. Without a choice nobody looked at it: then what is marked is left out."""
        recorded = await self._recorded_text(workflow)
        if recorded is not None:
            return recorded
        if not self._is_model(self._agent):
            return ChosenText(*await agent.summarise_final(case, hear))
        if agent is self._rules or (choice and choice.by_rules):
            return await self._rules_instead(actor, workflow, case)
        if choice is None:
            written = await self._written(workflow, case, hear)
            return await self._decided(written, case, (), ProseDecision(how="unattended"))
        waiting = await self._waiting_text(workflow, case)
        if waiting is None or waiting.seen != choice.seen:
            raise CallRefused(_OTHER_TEXT)
        return await self._decided(waiting, case, choice.kept, ProseDecision(how="accepted", by=_named(actor)))

    async def _rules_instead(self, actor: Actor, workflow: Workflow, case: Case) -> ChosenText:
        summary, thought = await self._rules.summarise_final(case)
        offered, by = await self._kept_text(workflow), _named(actor)
        if offered is None:
            return ChosenText(summary, thought, ProseDecision(how="rules_instead", by=by))
        model, took = offered.thought.ai_model, offered.tokens_used
        decision = ProseDecision(how="rules_instead", by=by, model=model, tries=offered.tries, tokens_of_all_tries=took)
        return ChosenText(summary, replace(thought, tokens_used=took), decision)

    async def _decided(self, written: WrittenText, case: Case, kept: Collection[str], how: ProseDecision) -> ChosenText:
        """The text without the marked statements that are not kept, held against the record once more."""
        summary, thought = written.summary, replace(written.thought, tokens_used=written.tokens_used)
        out = [marked for marked in written.marked if marked.key not in kept]
        if out:
            instead, _ = await self._rules.summarise_final(case)
            shorter = without_statements(summary, out, instead.executive_summary)
            summary, thought = await held_against(case, shorter, thought)
        decision = how.model_copy(update={
            "model": thought.ai_model, "tries": written.tries, "tokens_of_all_tries": written.tokens_used,
            "statements": decided_statements(written.marked, kept),
        })  # fmt: skip
        return ChosenText(summary, thought, decision)


def decided_statements(marked: Sequence[MarkedStatement], kept: Collection[str]) -> list[DecidedStatement]:
    """What was decided on each marked statement, as it is recorded."""
    return [
        DecidedStatement(
            section=entry.section, text=entry.text, contradicts=list(entry.contradicts), not_found=list(entry.not_found),
            decision="kept" if entry.key in kept else "left_out",
        )
        for entry in marked
    ]  # fmt: skip


def _named(actor: Actor) -> RecordedActor:
    return RecordedActor(email=actor.email, name=actor.name, subject=actor.subject)
