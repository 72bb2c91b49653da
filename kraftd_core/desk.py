"""The verbs that pages, routes and the command line call: one face of the core."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from kraftd_core.agent import KraftdAIAgent
from kraftd_core.changes import changes
from kraftd_core.checks import Finding, check
from kraftd_core.documents import add_version
from kraftd_core.errors import DocumentRefused, NotFound, StageAlreadyRecorded, StageOutOfOrder
from kraftd_core.filenames import clean_name
from kraftd_core.jobs import Jobs, JobView
from kraftd_core.jsontypes import Data, same
from kraftd_core.ports import (
    Case,
    Documents,
    Draft,
    Drafts,
    Extraction,
    Extractor,
    Files,
    HistoryFilter,
    HistoryPage,
    Progress,
    Record,
    Rendered,
    Renderers,
    Store,
    WorkflowLine,
)
from kraftd_core.records import (
    Change,
    ExportStatus,
    FinalDeliverable,
    FinalSummary,
    HistoryEntry,
    InitialSummary,
    UserModifications,
    UserPreferences,
)
from kraftd_core.settings import Settings
from kraftd_core.stage1_summary import document_id_of
from kraftd_core.stage2_modifications import editing_time
from kraftd_core.stage3_deliverable import compose, filename_of
from kraftd_core.tracking import ExportTrackingService, utc_now
from kraftd_core.wording import change_sentences


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


@dataclass(frozen=True, slots=True)
class DownloadFile:
    """A stored file, as it was made."""

    filename: str
    mime_type: str
    content: bytes


class Desk:
    """Everything a user can do. Every verb names the owner it acts for."""

    def __init__(
        self,
        settings: Settings,
        tracking: ExportTrackingService,
        store: Store,
        documents: Documents,
        drafts: Drafts,
        files: Files,
        extractor: Extractor,
        agent: KraftdAIAgent,
        renderers: Renderers,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.settings = settings
        self.tracking = tracking
        self._store = store
        self._documents = documents
        self._drafts = drafts
        self._files = files
        self._extractor = extractor
        self._agent = agent
        self._renderers = renderers
        self._now = now
        self._jobs = Jobs()
        self._producing: dict[str, asyncio.Lock] = {}

    # Stage 1: read and summarise

    async def start_reading(self, owner_email: str, name: str, content: bytes) -> str:
        """Begins to read a document as a job, whose result is the workflow id; the job's id."""
        return self._jobs.start(owner_email, lambda progress: self.read(owner_email, name, content, progress))

    async def extract(self, name: str, content: bytes, progress: Progress) -> Extraction:
        """Reads a document and records nothing; raises DocumentRefused."""
        self._refuse_by_size(content)
        progress("Reading the document")
        return await self._extractor.extract(content, name, progress)

    async def read(self, owner_email: str, name: str, content: bytes, progress: Progress) -> str:
        """Reads and summarises a document, and records stage 1; the workflow id. Raises DocumentRefused."""
        owner_email, name = owner_email.strip().lower(), clean_name(name)
        began = time.perf_counter()
        extraction = await self.extract(name, content, progress)
        extraction_time_ms = round((time.perf_counter() - began) * 1000, 1)
        progress("Writing the summary")
        case = Case(
            document_name=name,
            document_type=extraction.document_type,
            data=extraction.data,
            places=extraction.places,
            findings=check(extraction.data, self._now().date()),
            as_of=self._now().date(),
            extraction_confidence=extraction.confidence,
        )
        summary, thought = await self._agent.summarise_initial(case)
        progress("Recording")
        content_hash = await self._files.put(owner_email, content)
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
            document_name=name,
            ai_model=thought.ai_model,
            extraction_time_ms=extraction_time_ms,
            source={
                "extraction_method": extraction.method,
                "di_model": extraction.model,
                "page_count": extraction.page_count,
                "file_size_bytes": len(content),
                "content_hash": content_hash,
                "notices": extraction.notices,
            },
        )
        await add_version(self._documents, owner_email, name, content_hash, extraction, workflow_id)
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
        content = await self._files.get(owner_email, stage1.source.content_hash)
        return await self._extractor.page_image(content, stage1.document_name, page)

    # Stage 2: review and edit

    async def review(self, owner_email: str, export_workflow_id: str) -> Review:
        """What the reviewer left off with: their draft, else what was recorded, else the extraction."""
        workflow = await self.workflow(owner_email, export_workflow_id)
        draft = None if workflow.stage2 else await self._drafts.draft(owner_email, export_workflow_id)
        return self._reviewed(workflow, draft or self._fresh_draft(workflow))

    def _fresh_draft(self, workflow: Workflow) -> Draft:
        stage2 = workflow.stage2
        return Draft(
            modified_data=workflow.data,
            preferences=stage2.user_preferences if stage2 else UserPreferences(),
            reasons={c.field: c.user_reason for c in stage2.changes if c.user_reason} if stage2 else {},
            editing_time_seconds=(stage2.user_actions.editing_time_seconds or 0.0) if stage2 else 0.0,
            last_activity=self._now(),
        )

    def _reviewed(self, workflow: Workflow, draft: Draft) -> Review:
        original = workflow.stage1.initial_extracted_data
        found = changes(original, draft.modified_data)
        return Review(
            workflow=workflow,
            draft=draft,
            changes=found,
            change_sentences=change_sentences(found, original, draft.modified_data),
            findings=check(draft.modified_data, self._now().date()),
        )

    async def keep_draft(
        self,
        owner_email: str,
        export_workflow_id: str,
        modified_data: Data,
        preferences: UserPreferences,
        reasons: Mapping[str, str],
    ) -> Review:
        """Keeps what was typed, if anything is new, and counts the time spent; the review as it now stands."""
        review = await self.review(owner_email, export_workflow_id)
        before = review.draft
        if review.workflow.stage2 is not None:
            raise StageAlreadyRecorded("This review was recorded already. Go on to Deliver.")
        if same(before.modified_data, modified_data) and before.preferences == preferences and before.reasons == dict(reasons):
            return review
        now = self._now()
        spent = editing_time(before.editing_time_seconds, before.last_activity, now)
        draft = Draft(modified_data, preferences, dict(reasons), round(spent, 3), now)
        kept = await self._drafts.keep_draft(owner_email, export_workflow_id, draft)
        return self._reviewed(review.workflow, kept)

    async def record_modifications(self, owner_email: str, export_workflow_id: str) -> UserModifications:
        """Records stage 2 from the kept draft, which ends with it; recorded also when nothing was edited."""
        review = await self.review(owner_email, export_workflow_id)
        if review.workflow.stage2 is not None:
            return review.workflow.stage2
        draft, stage1 = review.draft, review.workflow.stage1
        recorded = await self.tracking.record_stage_2_user_modifications(
            export_workflow_id,
            stage1.document_id,
            owner_email,
            stage1.initial_extracted_data,
            draft.modified_data,
            draft.preferences,
            draft.editing_time_seconds if draft.revision else None,
            reasons=draft.reasons,
        )
        await self._drafts.drop_draft(owner_email, export_workflow_id)
        return recorded

    # Stage 3: compose, render, deliver

    async def preview(self, owner_email: str, export_workflow_id: str) -> Rendered:
        """The file as it would be produced now; nothing is recorded."""
        workflow = await self.workflow(owner_email, export_workflow_id)
        stage2 = _reviewed_stage(workflow)
        summary, thought = await self._agent.summarise_final(self._final_case(workflow, stage2))
        return await self._rendered(workflow.stage1, stage2, summary, thought.ai_model, self._now())

    async def start_producing(self, owner_email: str, export_workflow_id: str) -> str:
        """Begins to produce the deliverable as a job, whose result is the workflow id; the job's id."""

        async def work(progress: Progress) -> str:
            await self.produce(owner_email, export_workflow_id, progress)
            return export_workflow_id

        return self._jobs.start(owner_email, work)

    async def produce(self, owner_email: str, export_workflow_id: str, progress: Progress) -> FinalDeliverable:
        """Writes the final summary, makes the file and records stage 3; if it was made already, what was made."""
        async with self._producing.setdefault(export_workflow_id, asyncio.Lock()):
            workflow = await self.workflow(owner_email, export_workflow_id)
            if workflow.stage3 is not None:
                return workflow.stage3
            return await self._produced(workflow, _reviewed_stage(workflow), progress)

    async def _produced(self, workflow: Workflow, stage2: UserModifications, progress: Progress) -> FinalDeliverable:
        progress("Writing the final summary")
        began = time.perf_counter()
        summary, thought = await self._agent.summarise_final(self._final_case(workflow, stage2))
        progress("Making the file")
        now = self._now()
        rendered = await self._rendered(workflow.stage1, stage2, summary, thought.ai_model, now)
        progress("Recording")
        return await self.tracking.record_stage_3_final_deliverable(
            stage2.export_workflow_id,
            stage2.document_id,
            stage2.owner_email,
            summary,
            stage2.user_preferences.export_format,
            filename_of(stage2, now, rendered.suffix),
            len(rendered.content),
            rendered.content,
            stage2.user_preferences.document_template,
            thought.processing_time_ms,
            thought.tokens_used,
            {"stage3_time_seconds": round(time.perf_counter() - began, 3)},
            ai_model=thought.ai_model,
            pages=rendered.pages,
            warnings=rendered.warnings,
            generated_at=now,
        )

    def _final_case(self, workflow: Workflow, stage2: UserModifications) -> Case:
        stage1 = workflow.stage1
        return Case(
            document_name=stage2.document_name,
            document_type=stage2.document_type,
            data=stage2.modified_data,
            places=stage1.source.di_metadata,
            findings=check(stage2.modified_data, self._now().date()),
            as_of=self._now().date(),
            extraction_confidence=stage1.source.di_confidence,
            changes=stage2.changes,
            preferences=stage2.user_preferences,
        )

    async def _rendered(
        self, stage1: InitialSummary, stage2: UserModifications, summary: FinalSummary, ai_model: str, now: datetime
    ) -> Rendered:
        renderer = self._renderers[stage2.user_preferences.export_format]
        composition = compose(stage1, stage2, summary, ai_model, now)
        return await asyncio.to_thread(renderer.render, composition)

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
            entry = HistoryEntry(
                timestamp=self._now(), action="downloaded", details=stage3.deliverable.filename, actor=owner_email
            )
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
        """A page of the owner's workflows, newest first."""
        return await self._store.history(owner_email, wanted or HistoryFilter(), limit, cursor)

    async def unfinished(self, owner_email: str, limit: int) -> list[WorkflowLine]:
        """The workflows that wait for their owner, the one worked on last first."""
        waiting = (ExportStatus.AWAITING_USER_REVIEW, ExportStatus.AWAITING_FINAL_PROCESSING)
        pages = [await self._store.history(owner_email, HistoryFilter(status=status), limit, None) for status in waiting]
        lines = [line for page in pages for line in page.lines]
        return sorted(lines, key=lambda line: line.updated_at, reverse=True)[:limit]

    async def records(self, owner_email: str, export_workflow_id: str) -> Sequence[Record]:
        """The records as stored; raises NotFound."""
        stored = await self.tracking.stored_records(export_workflow_id, owner_email)
        if not stored:
            raise NotFound("There is no such workflow in your history.")
        return stored


def _reviewed_stage(workflow: Workflow) -> UserModifications:
    if workflow.stage2 is None:
        raise StageOutOfOrder("This document was not reviewed yet. Record the review first, then produce the file.")
    return workflow.stage2
