"""The verbs that pages, routes and the command line call: one face of the core."""

import asyncio
import json
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from kraftd_core.agent import KraftdAIAgent
from kraftd_core.chain import Verdict
from kraftd_core.changes import changes
from kraftd_core.checks import Finding, check
from kraftd_core.documents import add_version
from kraftd_core.errors import DocumentRefused, KraftdError, NotFound, StageAlreadyRecorded, StageOutOfOrder
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
    Waiting,
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


_HOUSE_PAUSE_SECONDS = 60.0


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
        content_hash = await self._files.put(owner_email, content, self.tracking.file_expiration)
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
        keep_until = self.tracking.file_expiration
        await add_version(
            self._documents, self._files, owner_email, name, content_hash, extraction, workflow_id, keep_until
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
        content = await self._files.get(owner_email, stage1.source.content_hash)
        return await self._extractor.page_image(content, stage1.document_name, page)

    # Stage 2: review and edit

    async def review(self, owner_email: str, export_workflow_id: str, seen: Draft | None = None) -> Review:
        """What the reviewer left off with: their draft, else what was recorded, else the extraction.

        With `seen`, a version that a page shows: that version, with what was kept elsewhere since.
        """
        workflow, kept = await self._left_off(owner_email, export_workflow_id)
        return self._reviewed(workflow, _seen_from(seen, kept) if seen and not workflow.stage2 else kept)

    async def _left_off(self, owner_email: str, export_workflow_id: str) -> tuple[Workflow, Draft]:
        draft = await self._drafts.draft(owner_email, export_workflow_id)  # first: it is dropped after stage 2 is recorded
        workflow = await self.workflow(owner_email, export_workflow_id)
        return workflow, (None if workflow.stage2 else draft) or self._fresh_draft(workflow)

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
        based_on: Draft | None = None,
    ) -> Review:
        """Keeps what was typed, if anything is new, and counts the time spent; the review as the typist now sees it.

        `based_on` is the version that the typing went on from, if that may not be the one kept last: versions that
        were kept elsewhere since are not overwritten, but stay in the draft's `others`.
        """
        workflow, kept = await self._under_review(owner_email, export_workflow_id)
        base, now = based_on or kept, self._now()
        spent = editing_time(kept.editing_time_seconds, kept.last_activity, now)
        typed = Draft(modified_data, preferences, dict(reasons), round(spent, 3), now)
        if _say_the_same(typed, base):
            return self._reviewed(workflow, _seen_from(base, kept))
        replaces = {base.revision, *(v.revision for v in (kept, *kept.others) if _say_the_same(v, typed))}
        draft = await self._drafts.keep_draft(owner_email, export_workflow_id, typed, replaces)
        return self._reviewed(workflow, draft)

    async def choose_draft(self, owner_email: str, export_workflow_id: str, chosen: Draft, instead_of: Draft) -> Review:
        """Makes one of two versions the draft, and ends the other."""
        workflow, _ = await self._under_review(owner_email, export_workflow_id)
        spent = max(chosen.editing_time_seconds, instead_of.editing_time_seconds)
        draft = replace(chosen, editing_time_seconds=spent, last_activity=self._now())
        replaces = {chosen.revision, instead_of.revision}
        kept = await self._drafts.keep_draft(owner_email, export_workflow_id, draft, replaces)
        return self._reviewed(workflow, kept)

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
        """A page of the owner's workflows, newest first."""
        return await self._store.history(owner_email, wanted or HistoryFilter(), limit, cursor)

    async def unfinished(self, owner_email: str, limit: int) -> list[WorkflowLine]:
        """The workflows that wait for their owner, the one worked on last first."""
        waiting = (ExportStatus.AWAITING_USER_REVIEW, ExportStatus.AWAITING_FINAL_PROCESSING)
        pages = [await self._store.history(owner_email, HistoryFilter(status=status), limit, None) for status in waiting]
        lines = [line for page in pages for line in page.lines]
        return sorted(lines, key=lambda line: line.updated_at, reverse=True)[:limit]

    async def waiting(self, owner_email: str) -> Waiting:
        """What of the owner's records the chosen store has not confirmed yet."""
        return await self._store.waiting(owner_email)

    async def close(self) -> None:
        """Lets go of files and connections; the desk cannot be used after."""
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


def _say_the_same(one: Draft, other: Draft) -> bool:
    return (
        same(one.modified_data, other.modified_data) and one.preferences == other.preferences and one.reasons == other.reasons
    )


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
