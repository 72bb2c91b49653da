"""Stage 3 at the desk: the deliverable is chosen, planned, previewed, produced, and made again in other formats."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from uuid import uuid4

from kraftd_core.delivery.layout import Layout, lay_out
from kraftd_core.delivery.plan import may_be_done_otherwise, settled, without_tone
from kraftd_core.desk.common import Workflow
from kraftd_core.desk.final_text import TextChoice, TextVerbs
from kraftd_core.desk.jobs import Telling
from kraftd_core.errors import FileDamaged, NotFound
from kraftd_core.people.actor import Actor
from kraftd_core.ports.keeping import Choices
from kraftd_core.ports.making import Composition, Rendered
from kraftd_core.ports.reading import Progress
from kraftd_core.ports.thinking import Hear, unheard
from kraftd_core.recording.documents import add_regenerated
from kraftd_core.recording.service import reviewed
from kraftd_core.recording.stage3_deliverable import compose, filename_of, plan_without_steps, preferences_of
from kraftd_core.records.plan import DocumentTemplate, ExportFormat, PresentationPlan
from kraftd_core.records.stages import FinalDeliverable, InitialSummary, UserModifications, UserPreferences
from kraftd_core.thinking.agent import KraftdAIAgent


class DeliveringVerbs(TextVerbs):
    """From the record of stage 2 to that of stage 3."""

    async def choices(self, actor: Actor, export_workflow_id: str) -> Choices:
        """How the deliverable shall look as last chosen before it is produced, else as recorded with the review."""
        recorded = _reviewed_stage(await self.workflow(actor, export_workflow_id)).user_preferences
        return await self._drafts.choices(actor.email, export_workflow_id) or Choices(recorded)

    async def keep_choices(self, actor: Actor, export_workflow_id: str, choices: Choices) -> None:
        """Keeps what was chosen for as long as no file is produced; of two tabs, the later choice counts after a reload."""
        workflow = await self.workflow(actor, export_workflow_id)
        if workflow.stage2 is not None and workflow.stage3 is None:
            await self._drafts.keep_choices(actor.email, export_workflow_id, choices)

    async def plan(
        self, actor: Actor, export_workflow_id: str, preferences: UserPreferences | None = None, *, by_rules: bool = False
    ) -> PresentationPlan:
        """What will be done with the recorded preferences, or others; nothing is recorded. Raises AgentUnavailable."""
        workflow = await self.workflow(actor, export_workflow_id)
        stage2 = _reviewed_stage(workflow)
        agent = self._rules if by_rules else self._agent
        return await self._planned(workflow, stage2, preferences or stage2.user_preferences, agent)

    async def _planned(
        self, workflow: Workflow, stage2: UserModifications, preferences: UserPreferences, agent: KraftdAIAgent
    ) -> PresentationPlan:
        """The plan held against the data. A service is asked only where there is something to be read, and once for it."""
        template, export_format = preferences.document_template, preferences.export_format
        case = replace(await self._final_case(workflow, stage2), preferences=preferences)
        words = preferences.transformation_instructions.strip()
        if not words or not self._is_model(agent):
            return settled(await self._rules.plan(case, template, export_format), stage2.modified_data)
        async with self._one_at_a_time(f"plan of {stage2.export_workflow_id}"):
            owner, about = stage2.owner_email, stage2.export_workflow_id

            async def ask() -> PresentationPlan:
                return await self._uploads.counted(
                    owner, about, case, lambda counted: agent.plan(counted, template, export_format)
                )

            plan = await self._uploads.once(owner, about, _plan_asked(agent, words), PresentationPlan, ask)
        return _planned_as(plan, preferences, stage2)

    async def kept_plan(
        self, actor: Actor, export_workflow_id: str, preferences: UserPreferences, *, by_rules: bool = False
    ) -> PresentationPlan | None:
        """What will be done, where that is known without asking a service; else None, and `start_planning` asks."""
        workflow = await self.workflow(actor, export_workflow_id)
        stage2 = _reviewed_stage(workflow)
        words = preferences.transformation_instructions.strip()
        if by_rules or not words or not self._is_model(self._agent):
            return await self._planned(workflow, stage2, preferences, self._rules)
        asked = _plan_asked(self._agent, words)
        plan = await self._uploads.kept(stage2.owner_email, export_workflow_id, asked, PresentationPlan)
        return plan and _planned_as(plan, preferences, stage2)

    async def start_planning(self, actor: Actor, export_workflow_id: str, preferences: UserPreferences) -> str:
        """Begins to have the words read as a job; the job's id, of the one under way where they are being read already."""
        workflow = await self.workflow(actor, export_workflow_id)
        key = f"{export_workflow_id} {_plan_asked(self._agent, preferences.transformation_instructions.strip())}"

        async def read(telling: Telling) -> str:
            telling("Reading your words")
            await self._planned(workflow, _reviewed_stage(workflow), preferences, self._agent)
            return export_workflow_id

        running = self._jobs.running(actor.email, key)
        return running or self._jobs.start(actor.email, read, "plan", workflow.stage1.document_name, key)

    async def preview(
        self, actor: Actor, export_workflow_id: str, plan: PresentationPlan | None = None, choice: TextChoice | None = None
    ) -> Rendered:
        """The file as it would be produced now, its prose as chosen, else by the rules: looking asks no paid service."""
        composition = await self._previewed(actor, await self.workflow(actor, export_workflow_id), plan, choice)
        return await self._rendered(composition)

    async def laid_out(
        self, actor: Actor, export_workflow_id: str, plan: PresentationPlan | None = None, choice: TextChoice | None = None
    ) -> Layout:
        """What the file says, or would say with this plan and this choice, free of its format."""
        workflow = await self.workflow(actor, export_workflow_id)
        stage2, stage3 = _reviewed_stage(workflow), workflow.stage3
        if stage3 is None:
            composition = await self._previewed(actor, workflow, plan, choice)
        else:
            composition = _composed_as_recorded(workflow.stage1, stage2, stage3)
        return await asyncio.to_thread(lay_out, composition)

    async def _previewed(
        self, actor: Actor, workflow: Workflow, plan: PresentationPlan | None, choice: TextChoice | None
    ) -> Composition:
        stage2 = _reviewed_stage(workflow)
        plan = plan or await self._planned(workflow, stage2, stage2.user_preferences, self._rules)
        plan = settled(plan, stage2.modified_data)
        case = await self._case_to_write(workflow, stage2, plan)
        agent = self._rules if choice is None else self._agent
        text = await self._chosen_text(actor, workflow, case, unheard, agent, choice)
        now, thought = self._now(), text.thought
        return compose(workflow.stage1, stage2, text.summary, thought.ai_model, now, plan, thought.grounding)

    async def start_writing(
        self, actor: Actor, export_workflow_id: str, plan: PresentationPlan, *, again: bool = False
    ) -> str:
        """Begins to have the model write as a job, whose result is the workflow id; the job's id. Nothing is recorded.

        A text that waits for a decision is not written anew, unless it is asked for `again`. Where the model fails, the job can
        be taken up, also by producing with the rules' text.
        """
        workflow = await self.workflow(actor, export_workflow_id)
        case = await self._case_to_write(workflow, _reviewed_stage(workflow), plan)

        async def write(telling: Telling, agent: KraftdAIAgent) -> str:
            if agent is self._rules:
                await self.produce(actor, export_workflow_id, telling, telling.hear, agent, plan)
            else:
                telling("Writing the final summary")
                await self._written(workflow, case, telling.hear, again=again)
            return export_workflow_id

        return self._jobs.start(actor.email, self._able_to_go_on(write), "text", workflow.stage1.document_name)

    async def start_producing(
        self, actor: Actor, export_workflow_id: str, plan: PresentationPlan | None = None, choice: TextChoice | None = None
    ) -> str:
        """Begins to produce the deliverable as a job, whose result is the workflow id; the job's id.

        Where a service fails, the job can be taken up.
        """

        async def produce(telling: Telling, agent: KraftdAIAgent) -> str:
            await self.produce(actor, export_workflow_id, telling, telling.hear, agent, plan, choice)
            return export_workflow_id

        name = (await self.workflow(actor, export_workflow_id)).stage1.document_name
        return self._jobs.start(actor.email, self._able_to_go_on(produce), about=name)

    async def produce(
        self,
        actor: Actor,
        export_workflow_id: str,
        progress: Progress,
        hear: Hear = unheard,
        agent: KraftdAIAgent | None = None,
        plan: PresentationPlan | None = None,
        choice: TextChoice | None = None,
    ) -> FinalDeliverable:
        """Takes the final summary, makes the file and records stage 3; if it was made already, what was made.

        Without a plan it follows the recorded preferences; without a choice nobody looked at what a model writes, and what is
        marked of it is left out. Raises AgentUnavailable, CallRefused where another text was seen than would be recorded.
        """
        async with self._one_at_a_time(export_workflow_id):
            workflow = await self.workflow(actor, export_workflow_id)
            if workflow.stage3 is not None:
                return workflow.stage3
            return await self._produced(actor, workflow, progress, hear, agent or self._agent, plan, choice)

    async def _produced(
        self,
        actor: Actor,
        workflow: Workflow,
        progress: Progress,
        hear: Hear,
        agent: KraftdAIAgent,
        plan: PresentationPlan | None,
        choice: TextChoice | None,
    ) -> FinalDeliverable:
        stage2 = _reviewed_stage(workflow)
        progress("Writing the final summary")
        began = time.perf_counter()
        plan = settled(plan or await self._planned(workflow, stage2, stage2.user_preferences, agent), stage2.modified_data)
        plan = without_tone(plan) if agent is self._rules or (choice and choice.by_rules) else plan
        case = await self._case_to_write(workflow, stage2, plan)
        text = await self._chosen_text(actor, workflow, case, hear, agent, choice)
        summary, thought = text.summary, text.thought
        progress("Making the file")
        now, seen = self._now(), await self.tracking.journal_seen(stage2.owner_email)
        composition = compose(workflow.stage1, stage2, summary, thought.ai_model, now, plan, thought.grounding, seen)
        rendered = await self._rendered(composition)
        calls = await self._uploads.calls(stage2.owner_email, stage2.export_workflow_id)
        progress("Recording")
        recorded = await self.tracking.record_stage_3_final_deliverable(
            stage2.export_workflow_id,
            stage2.document_id,
            stage2.owner_email,
            summary,
            plan.export_format,
            filename_of(stage2, plan.template, now, rendered.suffix),
            len(rendered.content),
            rendered.content,
            plan.template,
            thought.processing_time_ms,
            thought.tokens_used,
            {"stage3_time_seconds": round(time.perf_counter() - began, 3)},
            ai_model=thought.ai_model,
            grounding=thought.grounding,
            pages=rendered.pages,
            warnings=rendered.warnings,
            generated_at=now,
            presentation_plan=plan,
            prompt_version=thought.prompt_version,
            calls=calls,
            cost=self._agent.cost_of(calls),
            prose_decision=text.decision,
            actor=actor,
            journal_seen=seen,
        )
        await self._drafts.drop_choices(stage2.owner_email, stage2.export_workflow_id)
        await self._uploads.forget(stage2.owner_email, stage2.export_workflow_id)
        return recorded

    async def make_anew(self, actor: Actor, export_workflow_id: str) -> FinalDeliverable:
        """Makes a file that was lost or altered in the file store again, of the same bytes; nothing is recorded but that.

        Raises NotFound, and FileDamaged where this version of the application makes other bytes.
        """
        workflow = await self.workflow(actor, export_workflow_id)
        stage2, stage3 = _reviewed_stage(workflow), workflow.stage3
        if stage3 is None:
            raise NotFound("No file was produced from this document yet. Produce it on Deliver.")
        rendered = await self._rendered(_composed_as_recorded(workflow.stage1, stage2, stage3))
        made = stage3.deliverable
        if "sha256:" + sha256(rendered.content).hexdigest() != made.content_hash:
            raise FileDamaged(
                "This version of the application makes other bytes of these records, so the lost file is not replaced. "
                "Restore it from a backup, or make another file of the same review."
            )
        await self._files.put(stage3.owner_email, rendered.content, stage3.expiration_date)
        await self._note(actor, export_workflow_id, "file made anew", made.filename)
        return stage3

    async def _rendered(self, composition: Composition) -> Rendered:
        renderer = self._renderers[composition.plan.export_format]
        return await asyncio.to_thread(renderer.render, composition)

    # Another template or format

    async def regenerate(
        self, actor: Actor, export_workflow_id: str, preferences: UserPreferences, regenerated_id: str | None = None
    ) -> str:
        """Opens a workflow on the reviewed data of another, ready to be produced; its id. Under one id it is opened once."""
        new_id = regenerated_id or str(uuid4())
        async with self._one_at_a_time(new_id):
            source = await self.workflow(actor, export_workflow_id)
            keep_until = self.tracking.file_expiration
            await self.tracking.record_regeneration(
                export_workflow_id, actor.email, preferences, regenerated_id=new_id, actor=actor
            )
            if upload := source.stage1.source.content_hash:
                owner = source.stage1.owner_email
                await add_regenerated(self._documents, self._files, owner, upload, new_id, keep_until)
            details = f"{preferences.export_format.value}, {preferences.document_template.value}, as {new_id[:8]}"
            if not any(entry.action == "regenerated" and entry.details == details for entry in source.trail):
                await self._note(actor, export_workflow_id, "regenerated", details)
        return new_id

    async def start_regenerating(
        self, actor: Actor, export_workflow_id: str, template: DocumentTemplate, wanted: Mapping[ExportFormat, str]
    ) -> str:
        """Begins to make files of other formats from the same reviewed data as a job; the job's id.

        `wanted` names the new workflow of each format: asked again with the same ids, nothing is made twice. The job's
        result is these ids, with a space between.
        """

        async def make(telling: Telling, agent: KraftdAIAgent) -> str:
            for export_format, new_id in wanted.items():
                await self.make_again(actor, export_workflow_id, template, export_format, new_id, telling, telling.hear, agent)
            return " ".join(wanted.values())

        return self._jobs.start(actor.email, self._able_to_go_on(make))

    async def make_again(
        self,
        actor: Actor,
        export_workflow_id: str,
        template: DocumentTemplate,
        export_format: ExportFormat,
        new_id: str,
        progress: Progress,
        hear: Hear = unheard,
        agent: KraftdAIAgent | None = None,
    ) -> FinalDeliverable:
        """A file of another template and format from the same reviewed data, in a workflow of its own; once under one id."""
        source = await self.workflow(actor, export_workflow_id)
        plan, preferences = await self._asked_again(source, template, export_format)
        await self.regenerate(actor, export_workflow_id, preferences, new_id)
        return await self.produce(actor, new_id, progress, hear, agent, plan)

    async def _asked_again(
        self, source: Workflow, template: DocumentTemplate, export_format: ExportFormat
    ) -> tuple[PresentationPlan | None, UserPreferences]:
        """The same wishes with another template and format: as they were read for the first file, if there is one.

        What that file could not show this one may: those words are read again, by the rules.
        """
        stage2 = _reviewed_stage(source)
        wishes = {"template": template, "export_format": export_format}
        made = source.stage3.presentation_plan if source.stage3 else None
        if made is None:
            chosen = {"document_template": template, "export_format": export_format}
            return None, stage2.user_preferences.model_copy(update=chosen)
        steps, refused = list(made.steps), [entry for entry in made.not_carried_out if not may_be_done_otherwise(entry)]
        case = await self._final_case(source, stage2)
        for entry in filter(may_be_done_otherwise, made.not_carried_out):
            words = case.preferences and case.preferences.model_copy(update={"transformation_instructions": entry.words})
            again = await self._rules.plan(replace(case, preferences=words), template, export_format)
            steps += again.steps
            refused += again.not_carried_out if again.steps else [entry]
        plan = made.model_copy(update=wishes | {"steps": steps, "not_carried_out": refused})
        return plan, preferences_of(plan, stage2.user_preferences)


def _plan_asked(agent: KraftdAIAgent, words: str) -> str:
    """The name under which the reading of these words by this model is kept."""
    return f"plan by {agent.ai_model} {sha256(words.encode()).hexdigest()}"


def _planned_as(plan: PresentationPlan, preferences: UserPreferences, stage2: UserModifications) -> PresentationPlan:
    """The plan for the chosen template and format, held against the data."""
    chosen = {"template": preferences.document_template, "export_format": preferences.export_format}
    return settled(plan.model_copy(update=chosen), stage2.modified_data)


def _composed_as_recorded(stage1: InitialSummary, stage2: UserModifications, stage3: FinalDeliverable) -> Composition:
    """What the file that was delivered shows."""
    chosen = stage3.final_summary_metadata
    plan = stage3.presentation_plan or plan_without_steps(chosen)
    made, seen = stage3.deliverable.generated_at, stage3.journal_seen
    return compose(stage1, stage2, stage3.ai_final_summary, chosen.ai_model or "", made, plan, stage3.grounding, seen)


def _reviewed_stage(workflow: Workflow) -> UserModifications:
    return reviewed(workflow.stage1, workflow.stage2)[1]
