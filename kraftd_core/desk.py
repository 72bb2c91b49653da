"""The verbs that pages, routes and the command line call: one face of the core."""

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

from kraftd_core.agent import KraftdAIAgent, Thought
from kraftd_core.attention import Attention, Offer, still_true
from kraftd_core.chain import Verdict
from kraftd_core.changes import changes
from kraftd_core.checks import Finding, check
from kraftd_core.compare import VERSIONS, Comparison, Side, Version, Wanted, compare
from kraftd_core.documents import add_regenerated, add_version
from kraftd_core.errors import AgentUnavailable, DocumentRefused, KraftdError, NotFound, StageAlreadyRecorded, StageOutOfOrder
from kraftd_core.filenames import clean_name
from kraftd_core.grounding import stale
from kraftd_core.history import side_of
from kraftd_core.jobs import CanGoOn, Jobs, JobView, Telling, Work
from kraftd_core.jsontypes import Data, same
from kraftd_core.layout import Layout, lay_out
from kraftd_core.learning import Learned, offers_for, often_corrected, preferences_after, usual_of
from kraftd_core.lessons import LearningChoice
from kraftd_core.ports import (
    Case,
    CompareFiles,
    Composition,
    Contents,
    Documents,
    Draft,
    Drafts,
    Extraction,
    Extractor,
    Files,
    Hear,
    HistoryFilter,
    HistoryPage,
    Inspected,
    Inspector,
    LearningChoices,
    Pack,
    Progress,
    Record,
    Rendered,
    Renderers,
    Store,
    Waiting,
    WorkflowLine,
    unheard,
)
from kraftd_core.presentation import may_be_done_otherwise, settled, tone_of, without_tone
from kraftd_core.records import (
    Change,
    DocumentTemplate,
    ExportFormat,
    ExportStatus,
    FinalDeliverable,
    FinalSummary,
    Grounding,
    HistoryEntry,
    InitialSummary,
    Look,
    PresentationPlan,
    Suggestion,
    UserModifications,
    UserPreferences,
)
from kraftd_core.settings import Settings
from kraftd_core.stage1_summary import document_id_of, document_type_in
from kraftd_core.stage2_modifications import editing_time
from kraftd_core.stage3_deliverable import compose, filename_of, plan_without_steps, preferences_of
from kraftd_core.teaching import Teaching
from kraftd_core.tracking import ExportTrackingService, utc_now
from kraftd_core.verification import Judged, judge, judge_archive, judge_bundle, unknown
from kraftd_core.wording import change_sentences, how_many

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Workflow:
    """A workflow as a page sees it: its stages as far as they are recorded, and the trail beside them."""

    stage1: InitialSummary
    stage2: UserModifications | None
    stage3: FinalDeliverable | None
    trail: list[HistoryEntry]

    @property
    def export_workflow_id(self) -> str:
        """The id that names it."""
        return self.stage1.export_workflow_id

    @property
    def latest(self) -> InitialSummary | UserModifications | FinalDeliverable:
        """The youngest record."""
        return self.stage3 or self.stage2 or self.stage1

    @property
    def data(self) -> Data:
        """The data as last recorded."""
        return self.stage2.modified_data if self.stage2 else self.stage1.initial_extracted_data


@dataclass(frozen=True, slots=True)
class Review:
    """What a reviewer has before them: the draft (or the untouched extraction), its changes in words, and its checks."""

    workflow: Workflow
    draft: Draft
    changes: list[Change]
    change_sentences: list[str]
    findings: list[Finding]

    def attention(self, offers: Sequence[Offer] = ()) -> Attention:
        """What needs the reviewer's eyes, with these suggestions."""
        stage1, draft = self.workflow.stage1, self.draft
        return Attention(
            draft.modified_data,
            stage1.initial_extracted_data,
            stage1.source.di_metadata,
            self.findings,
            self.changes,
            draft.looked_at,
            draft.suggestions,
            offers,
        )

    @property
    def overtaken(self) -> set[tuple[str, int]]:
        """The statements of the initial summary, by section and index, that rest on values changed since."""
        return stale(self.workflow.stage1.grounding, self.changes)


@dataclass(frozen=True, slots=True)
class Choices:
    """How a deliverable that is not produced yet shall look; `unticked` names steps of its plan that the user took out."""

    preferences: UserPreferences
    unticked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DownloadFile:
    """A stored file, as it was made."""

    filename: str
    mime_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Purged:
    """How much had expired and was removed."""

    workflows: int
    files: int


@dataclass(frozen=True, slots=True)
class _Reading:
    """A document that was read and is not summarised yet."""

    name: str
    content: bytes
    extraction: Extraction
    extraction_time_ms: float
    case: Case


@dataclass(frozen=True, slots=True)
class RecordedThought:
    """Who wrote prose that is taken from the record: it took no time and no tokens."""

    ai_model: str
    grounding: Grounding | None
    prompt_version: str | None = None
    processing_time_ms: None = None
    tokens_used: None = None


_UNTICKED = "unticked"
_HOUSE_PAUSE_SECONDS = 60.0
_KEPT_PLANS = 64
_KEPT_CONTENTS = 16
_KEPT_PAGES = 64  # drawn pages in memory, a few hundred kilobytes each


class Desk:
    """Everything a user can do. Every verb names the owner it acts for.

    `rules` writes where the user goes on without the agent, and what is only looked at; the agent itself if it is left out.
    """

    def __init__(
        self,
        settings: Settings,
        tracking: ExportTrackingService,
        store: Store,
        documents: Documents,
        drafts: Drafts,
        learning_choices: LearningChoices,
        files: Files,
        extractor: Extractor,
        agent: KraftdAIAgent,
        renderers: Renderers,
        inspector: Inspector,
        pack: Pack,
        now: Callable[[], datetime] = utc_now,
        rules: KraftdAIAgent | None = None,
        compare_files: CompareFiles | None = None,
    ) -> None:
        self.settings = settings
        self.tracking = tracking
        self._store = store
        self._documents = documents
        self._drafts = drafts
        self._files = files
        self._extractor = extractor
        self._agent = agent
        self._rules = rules or agent
        self._compare_files = compare_files or {}
        self._renderers = renderers
        self._inspector = inspector
        self._pack = pack
        self._now = now
        self._teaching = Teaching(store, learning_choices, now)
        self._jobs = Jobs()
        self._producing: dict[str, asyncio.Lock] = {}
        self._pages: dict[tuple[str, str, int], bytes | None] = {}
        self._contents: dict[tuple[str, str], Contents | None] = {}
        self._plans: dict[tuple[str, str], PresentationPlan] = {}

    # Stage 1: read and summarise

    async def start_reading(self, owner_email: str, name: str, content: bytes, document_type: str | None = None) -> str:
        """Begins to read a document as a job, whose result is the workflow id; the job's id.

        Where the agent fails, the job can be taken up: what was read is kept with it.
        """

        async def work(telling: Telling) -> str:
            reading = await self._read(owner_email, name, content, telling, document_type)
            summarise = self._able_to_go_on(lambda told, agent: self._summarised(owner_email, reading, told, told.hear, agent))
            return await summarise(telling)

        return self._jobs.start(owner_email, work)

    def _able_to_go_on(self, act: Callable[[Telling, KraftdAIAgent], Awaitable[str]]) -> Work:
        """The act with the agent as work that can be taken up where the agent fails, with it or with the rules."""

        async def work(telling: Telling) -> str:
            try:
                return await act(telling, self._agent)
            except AgentUnavailable as error:
                raise CanGoOn(str(error), again=work, by_rules=lambda told: act(told, self._rules)) from error

        return work

    async def go_on(self, owner_email: str, job_id: str, *, by_rules: bool) -> str:
        """Takes up a job that the agent failed, with the agent again or with the rules; the new job's id. Raises NotFound."""
        return self._jobs.take_up(owner_email, job_id, by_rules=by_rules)

    async def extract(
        self, name: str, content: bytes, progress: Progress, document_type: str | None = None
    ) -> Extraction:
        """Reads a document, as of that type or of the one it looks like, and records nothing; raises DocumentRefused."""
        self._refuse_by_size(content)
        progress("Reading the document")
        return await self._extractor.extract(content, name, progress, document_type)

    async def read(
        self, owner_email: str, name: str, content: bytes, progress: Progress, document_type: str | None = None
    ) -> str:
        """Reads and summarises a document, and records stage 1; the workflow id. Raises DocumentRefused, AgentUnavailable."""
        reading = await self._read(owner_email, name, content, progress, document_type)
        return await self._summarised(owner_email, reading, progress, unheard, self._agent)

    async def _read(
        self, owner_email: str, name: str, content: bytes, progress: Progress, document_type: str | None
    ) -> _Reading:
        owner_email, name = owner_email.strip().lower(), clean_name(name)
        began = time.perf_counter()
        extraction = await self.extract(name, content, progress, document_type)
        extraction_time_ms = round((time.perf_counter() - began) * 1000, 1)
        found = await asyncio.to_thread(check, extraction.data, self._now().date())
        document_id = document_id_of(owner_email, "sha256:" + sha256(content).hexdigest())
        taught = await self._teaching.taught(owner_email, extraction.document_type)
        case = Case(
            document_name=name,
            document_type=extraction.document_type,
            data=extraction.data,
            places=extraction.places,
            findings=found
            + await self.tracking.number_known(owner_email, document_id, extraction.document_type, extraction.data),
            as_of=self._now().date(),
            extraction_confidence=extraction.confidence,
            often_corrected=often_corrected(taught.lessons, extraction.document_type, extraction.data),
        )
        return _Reading(name, content, extraction, extraction_time_ms, case)

    async def _summarised(
        self, owner_email: str, reading: _Reading, progress: Progress, hear: Hear, agent: KraftdAIAgent
    ) -> str:
        owner_email, extraction = owner_email.strip().lower(), reading.extraction
        progress("Writing the summary")
        summary, thought = await agent.summarise_initial(reading.case, hear)
        progress("Recording")
        content_hash = await self._files.put(owner_email, reading.content, self.tracking.file_expiration)
        workflow_id = str(uuid4())
        await self.tracking.record_stage_1_initial_summary(
            document_id_of(owner_email, content_hash),
            owner_email,
            extraction.document_type,
            extraction.data,
            summary,
            extraction.confidence,
            extraction.places,
            thought.processing_time_ms,
            thought.tokens_used,
            export_workflow_id=workflow_id,
            document_name=reading.name,
            ai_model=thought.ai_model,
            grounding=thought.grounding,
            extraction_time_ms=reading.extraction_time_ms,
            source={
                "extraction_method": extraction.method,
                "di_model": extraction.model,
                "page_count": extraction.page_count,
                "file_size_bytes": len(reading.content),
                "content_hash": content_hash,
                "notices": extraction.notices,
                "type_confidence": extraction.type_confidence,
            },
            findings=reading.case.findings,
            prompt_version=thought.prompt_version,
        )
        keep_until = self.tracking.file_expiration
        await add_version(
            self._documents, self._files, owner_email, reading.name, content_hash, extraction, workflow_id, keep_until
        )
        return workflow_id

    def _refuse_by_size(self, content: bytes) -> None:
        limit = self.settings.upload_limit_mb
        if not content:
            raise DocumentRefused("The file is empty. Choose another file.")
        if len(content) > limit * 2**20:
            raise DocumentRefused(f"The file is larger than {limit} MB. Choose a smaller file, or split it.")

    async def job(self, owner_email: str, job_id: str) -> JobView:
        """How a job stands."""
        return self._jobs.view(owner_email, job_id)

    async def cancel(self, owner_email: str, job_id: str) -> None:
        """Stops a job."""
        self._jobs.cancel(owner_email, job_id)

    async def workflow(self, owner_email: str, export_workflow_id: str) -> Workflow:
        """The workflow with its stages and trail; raises NotFound."""
        stages = await self.tracking.get_workflow_stages(export_workflow_id, owner_email)
        if stages["stage1"] is None:
            raise NotFound("There is no such document in your history. It may have expired; upload it again.")
        return Workflow(**stages, trail=await self._store.activities(owner_email, export_workflow_id))

    async def page_image(self, owner_email: str, export_workflow_id: str, page: int) -> bytes | None:
        """A page of the uploaded document as PNG, from 1; None for documents without pages to draw."""
        stage1 = (await self.workflow(owner_email, export_workflow_id)).stage1
        if stage1.source.content_hash is None:
            return None
        shown = (owner_email, stage1.source.content_hash, page)
        if shown not in self._pages:
            content = await self._files.get(owner_email, stage1.source.content_hash)
            self._pages[shown] = await self._extractor.page_image(content, stage1.document_name, page)
            if len(self._pages) > _KEPT_PAGES:
                del self._pages[next(iter(self._pages))]
        return self._pages[shown]

    async def content_view(self, owner_email: str, export_workflow_id: str) -> Contents | None:
        """What an uploaded document without pages holds, to be read on a screen; None for documents with pages."""
        stage1 = (await self.workflow(owner_email, export_workflow_id)).stage1
        if stage1.source.content_hash is None:
            return None
        shown = (owner_email, stage1.source.content_hash)
        if shown not in self._contents:
            content = await self._files.get(owner_email, stage1.source.content_hash)
            self._contents[shown] = await self._extractor.content_view(content, stage1.document_name)
            if len(self._contents) > _KEPT_CONTENTS:
                del self._contents[next(iter(self._contents))]
        return self._contents[shown]

    # Stage 2: review and edit

    async def review(self, owner_email: str, export_workflow_id: str, seen: Draft | None = None) -> Review:
        """What the reviewer left off with: their draft, else what was recorded, else the extraction.

        With `seen`, a version that a page shows: that version, with what was kept elsewhere since.
        """
        workflow, kept = await self._left_off(owner_email, export_workflow_id)
        return await self._reviewed(workflow, _seen_from(seen, kept) if seen and not workflow.stage2 else kept)

    async def _left_off(self, owner_email: str, export_workflow_id: str) -> tuple[Workflow, Draft]:
        draft = await self._drafts.draft(owner_email, export_workflow_id)  # first: it is dropped after stage 2 is recorded
        workflow = await self.workflow(owner_email, export_workflow_id)
        if workflow.stage2 is None and draft is not None:
            return workflow, draft
        fresh = self._fresh_draft(workflow)
        return workflow, fresh if workflow.stage2 else replace(fresh, preferences=await self._usual_preferences(workflow.stage1))

    async def _under_review(self, owner_email: str, export_workflow_id: str) -> tuple[Workflow, Draft]:
        workflow, kept = await self._left_off(owner_email, export_workflow_id)
        if workflow.stage2 is not None:
            raise StageAlreadyRecorded("This review was recorded already. Go on to Deliver.")
        return workflow, kept

    def _fresh_draft(self, workflow: Workflow) -> Draft:
        stage2 = workflow.stage2
        return Draft(
            modified_data=workflow.data,
            preferences=stage2.user_preferences if stage2 else UserPreferences(),
            reasons={c.field: c.user_reason for c in stage2.changes if c.user_reason} if stage2 else {},
            editing_time_seconds=(stage2.user_actions.editing_time_seconds or 0.0) if stage2 else 0.0,
            last_activity=self._now(),
            looked_at=tuple(stage2.looked_at) if stage2 else (),
            suggestions=tuple(stage2.suggestions) if stage2 else (),
        )

    async def _usual_preferences(self, stage1: InitialSummary) -> UserPreferences:
        taught = await self._teaching.taught(stage1.owner_email, stage1.document_type)
        return preferences_after(usual_of(taught.lessons, stage1.document_type))

    async def _reviewed(self, workflow: Workflow, draft: Draft) -> Review:
        known = await self.tracking.number_known_after(workflow.stage1, draft.modified_data)
        return await asyncio.to_thread(_compared, workflow, draft, self._now(), known)

    async def keep_draft(
        self,
        owner_email: str,
        export_workflow_id: str,
        modified_data: Data,
        preferences: UserPreferences,
        reasons: Mapping[str, str],
        based_on: Draft | None = None,
        *,
        looked_at: Sequence[Look] | None = None,
        suggestions: Sequence[Suggestion] | None = None,
    ) -> Review:
        """Keeps what was typed, if anything is new, and counts the time spent; the review as the typist now sees it.

        `based_on` is the version that the typing went on from, if that may not be the one kept last: versions that
        were kept elsewhere since are not overwritten, but stay in the draft's `others`. What was looked at and which
        suggestions were answered stay as they are in that version where they are not given; a value that was edited
        since counts as looked at no more.
        """
        workflow, kept = await self._under_review(owner_email, export_workflow_id)
        base, now = based_on or kept, self._now()
        spent = editing_time(kept.editing_time_seconds, kept.last_activity, now)
        typed = Draft(
            modified_data,
            preferences,
            dict(reasons),
            round(spent, 3),
            now,
            still_true(base.looked_at, base.modified_data, modified_data) if looked_at is None else tuple(looked_at),
            base.suggestions if suggestions is None else tuple(suggestions),
        )
        if _say_the_same(typed, base):
            return await self._reviewed(workflow, _seen_from(base, kept))
        replaces = {base.revision, *(v.revision for v in (kept, *kept.others) if _say_the_same(v, typed))}
        draft = await self._drafts.keep_draft(owner_email, export_workflow_id, typed, replaces)
        return await self._reviewed(workflow, draft)

    async def choose_draft(self, owner_email: str, export_workflow_id: str, chosen: Draft, instead_of: Draft) -> Review:
        """Makes one of two versions the draft, and ends the other."""
        workflow, _ = await self._under_review(owner_email, export_workflow_id)
        spent = max(chosen.editing_time_seconds, instead_of.editing_time_seconds)
        draft = replace(chosen, editing_time_seconds=spent, last_activity=self._now())
        replaces = {chosen.revision, instead_of.revision}
        kept = await self._drafts.keep_draft(owner_email, export_workflow_id, draft, replaces)
        return await self._reviewed(workflow, kept)

    async def record_modifications(
        self, owner_email: str, export_workflow_id: str, seen: Draft | None = None
    ) -> UserModifications:
        """Records stage 2 from the version that the user saw, else the one kept last; with it all drafts end.

        Recorded also when nothing was edited. Raises StageAlreadyRecorded where another version than `seen` was recorded.
        """
        workflow, kept = await self._left_off(owner_email, export_workflow_id)
        if workflow.stage2 is not None and seen is None:
            return workflow.stage2
        draft, stage1 = seen or kept, workflow.stage1
        recorded = await self.tracking.record_stage_2_user_modifications(
            export_workflow_id,
            stage1.document_id,
            owner_email,
            stage1.initial_extracted_data,
            draft.modified_data,
            draft.preferences,
            draft.editing_time_seconds if draft.revision else None,
            reasons=draft.reasons,
            looked_at=draft.looked_at,
            suggestions=await self._suggested(workflow, draft) if seen else draft.suggestions,
        )
        self._teaching.ask_anew(stage1.owner_email)
        await self._drafts.drop_draft(owner_email, export_workflow_id)
        return recorded

    async def _suggested(self, workflow: Workflow, draft: Draft) -> list[Suggestion]:
        """The suggestions that were answered, and those that stood on the page and were left; once recorded, the same again."""
        answered = {suggestion.field for suggestion in draft.suggestions}
        if workflow.stage2:
            left = [s for s in workflow.stage2.suggestions if not s.is_accepted]
        else:
            offers = (await self._learned(workflow, draft)).offers
            left = [Suggestion(field=o.field, suggested_value=o.suggested_value, rests_on=list(o.rests_on), is_accepted=False)
                    for o in offers]  # fmt: skip
        return [*draft.suggestions, *(s for s in left if s.field not in answered)]

    # Learning from what was recorded

    async def learned(self, owner_email: str, export_workflow_id: str, seen: Review | None = None) -> Learned:
        """What the owner's earlier reviews say for this one; with `seen`, for the version that a page shows."""
        if seen is not None:
            return await self._learned(seen.workflow, seen.draft)
        return await self._learned(*await self._left_off(owner_email, export_workflow_id))

    async def _learned(self, workflow: Workflow, draft: Draft) -> Learned:
        stage1, data = workflow.stage1, draft.modified_data
        document_type = document_type_in(data, stage1.document_type)
        taught = await self._teaching.taught(stage1.owner_email, document_type)
        usual, choice = usual_of(taught.lessons, document_type), taught.choice
        asked = (taught.lessons, stage1.export_workflow_id, stage1.initial_extracted_data, data)
        offers = [] if workflow.stage2 or not taught.lessons else await asyncio.to_thread(offers_for, *asked)
        return Learned(usual, offers, choice.is_on, choice.forget_before)

    async def learning_choice(self, owner_email: str) -> LearningChoice:
        """Whether the owner's records teach, and from when on. Raises StoreUnavailable."""
        return await self._teaching.choice(owner_email.strip().lower())

    async def set_learning(self, owner_email: str, is_on: bool) -> None:
        """Lets the owner's records teach, or stops it. Raises StoreUnavailable."""
        await self._teaching.turn(owner_email.strip().lower(), is_on=is_on)

    async def forget_learned(self, owner_email: str) -> None:
        """What was recorded up to now teaches no more; the records themselves stay. Raises StoreUnavailable."""
        await self._teaching.forget(owner_email.strip().lower())

    # Stage 3: compose, render, deliver

    async def choices(self, owner_email: str, export_workflow_id: str) -> Choices:
        """How the deliverable shall look as last chosen before it is produced, else as recorded with the review."""
        draft = await self._drafts.draft(owner_email, export_workflow_id)
        recorded = _reviewed_stage(await self.workflow(owner_email, export_workflow_id)).user_preferences
        if draft is None:
            return Choices(recorded)
        unticked = tuple(draft.preferences.template_customization.get(_UNTICKED, ()))
        chosen = {"template_customization": recorded.template_customization}
        return Choices(draft.preferences.model_copy(update=chosen), unticked)

    async def keep_choices(self, owner_email: str, export_workflow_id: str, choices: Choices) -> None:
        """Keeps what was chosen for as long as no file is produced; of two tabs, the later choice counts after a reload."""
        workflow = await self.workflow(owner_email, export_workflow_id)
        if workflow.stage2 is None or workflow.stage3 is not None:
            return
        preferences = choices.preferences.model_copy(update={"template_customization": {_UNTICKED: list(choices.unticked)}})
        kept = await self._drafts.draft(owner_email, export_workflow_id)
        replaces = {kept.revision, *(other.revision for other in kept.others)} if kept else set()
        draft = Draft({}, preferences, {}, 0.0, self._now())  # the data is recorded
        await self._drafts.keep_draft(owner_email, export_workflow_id, draft, replaces)

    async def plan(
        self, owner_email: str, export_workflow_id: str, preferences: UserPreferences | None = None, *, by_rules: bool = False
    ) -> PresentationPlan:
        """What will be done with the recorded preferences, or others; nothing is recorded. Raises AgentUnavailable."""
        workflow = await self.workflow(owner_email, export_workflow_id)
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
        if agent is self._rules or not words:
            return settled(await self._rules.plan(case, template, export_format), stage2.modified_data)
        asked = (stage2.record_hash, words)
        async with self._producing.setdefault(f"plan of {stage2.export_workflow_id}", asyncio.Lock()):
            if asked not in self._plans:
                self._plans[asked] = await agent.plan(case, template, export_format)
                if len(self._plans) > _KEPT_PLANS:
                    del self._plans[next(iter(self._plans))]
        plan = self._plans[asked].model_copy(update={"template": template, "export_format": export_format})
        return settled(plan, stage2.modified_data)

    async def preview(self, owner_email: str, export_workflow_id: str, plan: PresentationPlan | None = None) -> Rendered:
        """The file as it would be produced now, its prose by the rules: looking asks no paid service. Nothing is recorded."""
        composition = await self._previewed(await self.workflow(owner_email, export_workflow_id), plan)
        return await self._rendered(composition)

    async def laid_out(self, owner_email: str, export_workflow_id: str, plan: PresentationPlan | None = None) -> Layout:
        """What the file says, or would say with this plan, free of its format."""
        workflow = await self.workflow(owner_email, export_workflow_id)
        stage2, stage3 = _reviewed_stage(workflow), workflow.stage3
        if stage3 is None:
            composition = await self._previewed(workflow, plan)
        else:
            model, made = stage3.final_summary_metadata.ai_model or "", stage3.deliverable.generated_at
            recorded = stage3.presentation_plan or plan_without_steps(stage3.final_summary_metadata)
            summary, rests_on = stage3.ai_final_summary, stage3.grounding
            composition = compose(workflow.stage1, stage2, summary, model, made, recorded, rests_on)
        return await asyncio.to_thread(lay_out, composition)

    async def _previewed(self, workflow: Workflow, plan: PresentationPlan | None) -> Composition:
        stage2 = _reviewed_stage(workflow)
        summary, thought = await self._rules.summarise_final(await self._final_case(workflow, stage2))
        plan = plan or await self._planned(workflow, stage2, stage2.user_preferences, self._rules)
        plan = settled(plan, stage2.modified_data)
        return compose(workflow.stage1, stage2, summary, thought.ai_model, self._now(), plan, thought.grounding)

    async def start_producing(
        self, owner_email: str, export_workflow_id: str, plan: PresentationPlan | None = None
    ) -> str:
        """Begins to produce the deliverable as a job, whose result is the workflow id; the job's id.

        Where the agent fails, the job can be taken up.
        """

        async def produce(telling: Telling, agent: KraftdAIAgent) -> str:
            await self.produce(owner_email, export_workflow_id, telling, telling.hear, agent, plan)
            return export_workflow_id

        return self._jobs.start(owner_email, self._able_to_go_on(produce))

    async def produce(
        self,
        owner_email: str,
        export_workflow_id: str,
        progress: Progress,
        hear: Hear = unheard,
        agent: KraftdAIAgent | None = None,
        plan: PresentationPlan | None = None,
    ) -> FinalDeliverable:
        """Writes the final summary, makes the file and records stage 3; if it was made already, what was made.

        Without a plan it follows the recorded preferences. Raises AgentUnavailable.
        """
        async with self._producing.setdefault(export_workflow_id, asyncio.Lock()):
            workflow = await self.workflow(owner_email, export_workflow_id)
            if workflow.stage3 is not None:
                return workflow.stage3
            return await self._produced(workflow, _reviewed_stage(workflow), progress, hear, agent or self._agent, plan)

    async def _produced(
        self,
        workflow: Workflow,
        stage2: UserModifications,
        progress: Progress,
        hear: Hear,
        agent: KraftdAIAgent,
        plan: PresentationPlan | None,
    ) -> FinalDeliverable:
        progress("Writing the final summary")
        began = time.perf_counter()
        plan = settled(plan or await self._planned(workflow, stage2, stage2.user_preferences, agent), stage2.modified_data)
        plan = without_tone(plan) if agent is self._rules else plan
        wishes = preferences_of(plan, stage2.user_preferences)
        case = replace(await self._final_case(workflow, stage2), preferences=wishes, tone=tone_of(plan))
        summary, thought = await self._final_prose(workflow, case, hear, agent)
        progress("Making the file")
        now = self._now()
        composition = compose(workflow.stage1, stage2, summary, thought.ai_model, now, plan, thought.grounding)
        rendered = await self._rendered(composition)
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
        )
        await self._drafts.drop_draft(stage2.owner_email, stage2.export_workflow_id)
        return recorded

    async def _final_case(self, workflow: Workflow, stage2: UserModifications) -> Case:
        stage1 = workflow.stage1
        return Case(
            document_name=stage2.document_name,
            document_type=stage2.document_type,
            data=stage2.modified_data,
            places=stage1.source.di_metadata,
            findings=await asyncio.to_thread(check, stage2.modified_data, self._now().date()),
            as_of=self._now().date(),
            extraction_confidence=stage1.source.di_confidence,
            changes=stage2.changes,
            preferences=stage2.user_preferences,
        )

    async def _rendered(self, composition: Composition) -> Rendered:
        renderer = self._renderers[composition.plan.export_format]
        return await asyncio.to_thread(renderer.render, composition)

    async def _final_prose(
        self, workflow: Workflow, case: Case, hear: Hear, agent: KraftdAIAgent
    ) -> tuple[FinalSummary, Thought | RecordedThought]:
        """The final summary: of a regenerated workflow the one recorded before, which is not asked for anew."""
        source = workflow.stage1.regenerated_from
        earlier = await self.tracking.get_workflow_stages(source, workflow.stage1.owner_email) if source else {}
        if (stage3 := earlier.get("stage3")) is None:
            return await agent.summarise_final(case, hear)
        wrote = stage3.final_summary_metadata
        return stage3.ai_final_summary, RecordedThought(wrote.ai_model or "", stage3.grounding, wrote.prompt_version)

    # Another template or format

    async def regenerate(
        self, owner_email: str, export_workflow_id: str, preferences: UserPreferences, regenerated_id: str | None = None
    ) -> str:
        """Opens a workflow on the reviewed data of another, ready to be produced; its id. Under one id it is opened once."""
        new_id = regenerated_id or str(uuid4())
        async with self._producing.setdefault(new_id, asyncio.Lock()):
            source = await self.workflow(owner_email, export_workflow_id)
            keep_until = self.tracking.file_expiration
            await self.tracking.record_regeneration(export_workflow_id, owner_email, preferences, regenerated_id=new_id)
            if upload := source.stage1.source.content_hash:
                owner = source.stage1.owner_email
                await add_regenerated(self._documents, self._files, owner, upload, new_id, keep_until)
            details = f"{preferences.export_format.value}, {preferences.document_template.value}, as {new_id[:8]}"
            if not any(entry.action == "regenerated" and entry.details == details for entry in source.trail):
                await self._note(owner_email, export_workflow_id, "regenerated", details)
        return new_id

    async def start_regenerating(
        self, owner_email: str, export_workflow_id: str, template: DocumentTemplate, wanted: Mapping[ExportFormat, str]
    ) -> str:
        """Begins to make files of other formats from the same reviewed data as a job; the job's id.

        `wanted` names the new workflow of each format: asked again with the same ids, nothing is made twice. The job's
        result is these ids, with a space between.
        """

        async def make(telling: Telling, agent: KraftdAIAgent) -> str:
            source = await self.workflow(owner_email, export_workflow_id)
            for export_format, new_id in wanted.items():
                plan, preferences = await self._asked_again(source, template, export_format)
                await self.regenerate(owner_email, export_workflow_id, preferences, new_id)
                await self.produce(owner_email, new_id, telling, telling.hear, agent, plan)
            return " ".join(wanted.values())

        return self._jobs.start(owner_email, self._able_to_go_on(make))

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

    async def deliverables(self, owner_email: str, workflow_ids: Sequence[str]) -> DownloadFile:
        """The file of one workflow, or an archive of those of several; raises NotFound, FileDamaged."""
        files = [await self.deliverable(owner_email, workflow_id) for workflow_id in workflow_ids]
        if len(files) == 1:
            return files[0]
        content = await asyncio.to_thread(self._pack, {file.filename: file.content for file in files})
        return DownloadFile(f"{files[0].filename.rpartition('.')[0]}_and_{len(files) - 1}_more.zip", "application/zip", content)

    # Files that were delivered

    async def verify_file(self, owner_email: str, name: str, content: bytes) -> Judged:
        """Whether a file was delivered to this owner as it is, was altered since, or is unknown; noted in its trail."""
        self._refuse_by_size(content)
        inspected = await self._inspector.inspect(content, clean_name(name))
        return await self._judged(owner_email.strip().lower(), inspected)

    async def _judged(self, owner: str, file: Inspected) -> Judged:
        if file.bundle is not None:
            kept = await self.tracking.stored_records(file.seal.export_workflow_id, owner) if file.seal else ()
            return judge_bundle(file, file.bundle, self.tracking.public_key, kept)
        stage3 = await self._delivery_of(owner, file)
        if stage3 is None:
            members = [await self._judged(owner, member) for member in file.members]
            if not members:
                return unknown(file)
            return judge_archive(file, members, is_as_packed=await self._is_as_packed(owner, file, members))
        records = await self.records(owner, stage3.export_workflow_id)
        judged = judge(file, stage3, records, await self.tracking.verified(records))
        await self._note(owner, stage3.export_workflow_id, "file verified", f"{file.name}: {judged.answer}")
        return judged

    async def _is_as_packed(self, owner: str, archive: Inspected, members: Sequence[Judged]) -> bool:
        """Whether these are the very bytes that packing the delivered files gives."""
        origins = {member.name: member.origin.export_workflow_id for member in members if member.origin}
        if len(origins) < len(members) or any(member.answer != "delivered" for member in members):
            return False
        files = {name: (await self.deliverable(owner, workflow_id)).content for name, workflow_id in origins.items()}
        packed = await asyncio.to_thread(self._pack, files)
        return archive.content_hash == "sha256:" + sha256(packed).hexdigest()

    async def _delivery_of(self, owner: str, file: Inspected) -> FinalDeliverable | None:
        """The delivery of these very bytes, else the first that the file names and the owner has."""
        found = await self._store.delivered_as(owner, file.content_hash)
        if found is None:
            named = [await self._store.workflow_beginning(owner, beginning) for beginning in file.workflows]
            found = next(filter(None, named), None)
        if found is None:
            return None
        stage3: FinalDeliverable | None = (await self.tracking.get_workflow_stages(found, owner))["stage3"]
        return stage3

    async def deliverable(self, owner_email: str, export_workflow_id: str) -> DownloadFile:
        """The file that was made, byte for byte; raises NotFound, FileDamaged."""
        stage3 = (await self.workflow(owner_email, export_workflow_id)).stage3
        if stage3 is None:
            raise NotFound("No file was produced from this document yet. Produce it on Deliver.")
        content = await self._files.get(owner_email, stage3.deliverable.content_hash)
        return DownloadFile(stage3.deliverable.filename, stage3.deliverable.mime_type, content)

    async def note_download(self, owner_email: str, export_workflow_id: str) -> None:
        """Adds to the trail that the file was downloaded."""
        stage3 = (await self.workflow(owner_email, export_workflow_id)).stage3
        if stage3 is not None:
            await self._note(owner_email, export_workflow_id, "downloaded", stage3.deliverable.filename)

    async def _note(self, owner_email: str, export_workflow_id: str, action: str, details: str) -> None:
        entry = HistoryEntry(timestamp=self._now(), action=action, details=details, actor=owner_email)
        await self._store.append_activity(owner_email, export_workflow_id, entry)

    async def deliverable_page(self, file: DownloadFile | Rendered, page: int) -> bytes | None:
        """A page of a produced PDF as PNG, from 1; None for other formats."""
        if file.mime_type != "application/pdf":
            return None
        return await self._extractor.page_image(file.content, "deliverable.pdf", page)

    # History

    async def history(
        self, owner_email: str, wanted: HistoryFilter | None = None, limit: int = 20, cursor: str | None = None
    ) -> HistoryPage:
        """A page of the owner's workflows, newest first where no other order is wanted."""
        return await self._store.history(owner_email, wanted or HistoryFilter(), limit, cursor)

    async def unfinished(self, owner_email: str, limit: int) -> list[WorkflowLine]:
        """The workflows that wait for their owner, the one worked on last first."""
        waiting = (ExportStatus.AWAITING_USER_REVIEW, ExportStatus.AWAITING_FINAL_PROCESSING)
        pages = [await self._store.history(owner_email, HistoryFilter(status=status), limit, None) for status in waiting]
        lines = [line for page in pages for line in page.lines]
        return sorted(lines, key=lambda line: line.updated_at, reverse=True)[:limit]

    # Comparing versions

    async def compare(self, owner_email: str, wanted: Sequence[tuple[str, Version]]) -> Comparison:
        """Versions of workflows side by side, two or three, each by its workflow's id. Raises NotFound, FileDamaged."""
        sides = [await self._side(owner_email, workflow_id, version) for workflow_id, version in wanted]
        return await asyncio.to_thread(compare, sides)

    async def _side(self, owner_email: str, workflow_id: str, version: Version) -> Side:
        if version not in VERSIONS:
            raise NotFound("There is no such version. Choose what the AI read, what you made of it, or what was delivered.")
        workflow = await self.workflow(owner_email, workflow_id)
        stage3, held = workflow.stage3, None
        if version == "delivered" and stage3 and stage3.deliverable.file_format is ExportFormat.JSON:
            content = await self._files.get(workflow.stage1.owner_email, stage3.deliverable.content_hash)
            held = json.loads(content).get("data")
        family = await self._first_of(workflow.stage1)
        return side_of(version, family, workflow.stage1, workflow.stage2, stage3, held)

    async def _first_of(self, stage1: InitialSummary) -> str:
        """The workflow that a chain of regenerated ones begins with; all of them share their row ids."""
        while stage1.regenerated_from:
            earlier = await self.tracking.get_workflow_stages(stage1.regenerated_from, stage1.owner_email)
            if earlier["stage1"] is None:  # it has expired
                return stage1.regenerated_from
            stage1 = earlier["stage1"]
        return stage1.export_workflow_id

    async def comparison_file(self, comparison: Comparison, wanted: Wanted, kind: str) -> bytes:
        """A comparison as `html`, `excel`, `csv` or `patch` (RFC 6902, first side to second)."""
        return await asyncio.to_thread(self._compare_files[kind], comparison, wanted)

    async def waiting(self, owner_email: str) -> Waiting:
        """What of the owner's records the chosen store has not confirmed yet."""
        return await self._store.waiting(owner_email)

    async def close(self) -> None:
        """Lets go of files and connections; the desk cannot be used after."""
        await self._extractor.close()
        await self._store.close()
        await self._files.close()

    async def keep_house(self) -> None:
        """Sends on what waits and removes what has expired, for as long as the process lives."""
        next_purge = self._now()
        while True:
            pause = _HOUSE_PAUSE_SECONDS
            try:
                pause = min(pause, await self._store.send_due())
                if self._now() >= next_purge:
                    await self.purge()
                    next_purge = self._now() + timedelta(days=1)
            except KraftdError as error:
                log.warning("house-keeping was put off: %s", type(error).__name__)
            await asyncio.sleep(pause)

    async def purge(self) -> Purged:
        """Removes what has expired, of all owners: whole workflows with all that is kept of them, and files."""
        now = self._now()
        return Purged(workflows=await self._store.purge(now), files=await self._files.purge(now))

    async def records(self, owner_email: str, export_workflow_id: str) -> Sequence[Record]:
        """The records as stored; raises NotFound."""
        stored = await self.tracking.stored_records(export_workflow_id, owner_email)
        if not stored:
            raise NotFound("There is no such workflow in your history.")
        return stored

    async def bundle(self, owner_email: str, export_workflow_id: str) -> dict[str, Any]:
        """The workflow as JSON that anyone can verify without this application; raises NotFound, FileDamaged."""
        return await self.tracking.bundled(await self.records(owner_email, export_workflow_id))

    async def bundle_file(self, owner_email: str, export_workflow_id: str) -> bytes:
        """The bundle as a file to download, noted in the workflow's trail; raises NotFound, FileDamaged."""
        bundle = await self.bundle(owner_email, export_workflow_id)
        content = await asyncio.to_thread(lambda: json.dumps(bundle, ensure_ascii=False).encode())
        await self._note(owner_email, export_workflow_id, "bundle downloaded", how_many(len(bundle["records"]), "record"))
        return content

    async def verify(self, owner_email: str, export_workflow_id: str) -> Verdict:
        """Whether the workflow's records and files are those that were recorded, noted in its trail; raises NotFound."""
        verdict = await self.tracking.verified(await self.records(owner_email, export_workflow_id))
        await self._note(owner_email, export_workflow_id, "verified", verdict.sentence)
        return verdict


def _compared(workflow: Workflow, draft: Draft, now: datetime, known: list[Finding]) -> Review:
    """The draft beside the extraction, and what its checks say, with what the history knows of its number."""
    original = workflow.stage1.initial_extracted_data
    found = changes(original, draft.modified_data)
    return Review(
        workflow=workflow,
        draft=draft,
        changes=found,
        change_sentences=change_sentences(found, original, draft.modified_data),
        findings=check(draft.modified_data, now.date()) + known,
    )


def _say_the_same(one: Draft, other: Draft) -> bool:
    return same(one.modified_data, other.modified_data) and _beside_the_data(one) == _beside_the_data(other)


def _beside_the_data(draft: Draft) -> tuple[Any, ...]:
    suggestions = [suggestion.model_dump_json() for suggestion in draft.suggestions]  # 1 is not True there
    return draft.preferences, draft.reasons, draft.looked_at, suggestions


def _seen_from(base: Draft, kept: Draft) -> Draft:
    """A version with what was kept elsewhere since."""
    if base.revision == kept.revision:
        return kept
    versions = (replace(kept, others=()), *kept.others)
    return replace(base, others=tuple(v for v in versions if v.revision != base.revision and not _say_the_same(v, base)))


def _reviewed_stage(workflow: Workflow) -> UserModifications:
    if workflow.stage2 is None:
        raise StageOutOfOrder("This document was not reviewed yet. Record the review first, then produce the file.")
    return workflow.stage2
