"""Stage 1 at the desk: a document is read, summarised, recorded and shown."""

import asyncio
import time
from hashlib import sha256
from uuid import uuid4

from kraftd_core.desk.common import DeskBase, forget_oldest
from kraftd_core.desk.jobs import AsksFirst, Telling
from kraftd_core.document.checks.checking import check, told
from kraftd_core.document.filenames import clean_name
from kraftd_core.document.ledger.check import rows_read
from kraftd_core.errors import StageAlreadyRecorded
from kraftd_core.people.actor import Actor
from kraftd_core.ports.keeping import WorkflowLine
from kraftd_core.ports.reading import Contents, Extraction, Progress
from kraftd_core.ports.thinking import Case, Hear, unheard
from kraftd_core.recording.documents import ReadDocument, add_version, keep_reading, kept_reading
from kraftd_core.recording.stage1_summary import document_id_of, same_number_told
from kraftd_core.review.learning import often_corrected
from kraftd_core.thinking.agent import KraftdAIAgent


def _untold(step: str) -> None:
    """For callers who are told nothing until all is done."""


_KEPT_CONTENTS = 16
_KEPT_PAGES = 64  # drawn pages in memory, a few hundred kilobytes each


class ReadingVerbs(DeskBase):
    """From an upload to the record of stage 1, and the uploaded document to look at."""

    async def seen_before(self, actor: Actor, content: bytes) -> WorkflowLine | None:
        """The owner's newest workflow of these very bytes, whatever the file was called; None if there is none."""
        document_id = document_id_of(actor.email, "sha256:" + sha256(content).hexdigest())
        return await self.tracking.same_document(actor.email, document_id)

    async def known_number(self, actor: Actor, export_workflow_id: str) -> WorkflowLine | None:
        """The owner's newest workflow of another document with the supplier and number of this one; raises NotFound."""
        workflow = await self.workflow(actor, export_workflow_id)
        latest = workflow.latest
        return await self.tracking.same_number(actor.email, latest.document_id, latest.document_type, workflow.data)

    async def start_reading(
        self, actor: Actor, name: str, content: bytes, document_type: str | None = None, *, asks_first: bool = False
    ) -> str:
        """Begins to read a document as a job, whose result is the workflow id; the job's id.

        Where the agent fails, the job can be taken up: what was read is kept with it. If it `asks_first`, so it can where
        another document of the owner turns out to have the same supplier and number: nothing is recorded before.
        """

        async def work(telling: Telling) -> str:
            reading = await self._read(name, content, telling, document_type)
            held = len(content) + reading.held_bytes
            summarise = self._able_to_go_on(
                lambda told, agent: self._summarised(actor, reading, content, told, told.hear, agent, str(uuid4())), held
            )
            if asks_first and (earlier := await self._same_number(actor, reading)):
                raise AsksFirst(same_number_told(reading.extraction.document_type, earlier), earlier, summarise, held)
            return await summarise(telling)

        return self._jobs.start(actor.email, work)

    async def start_keeping(self, actor: Actor, name: str, content: bytes, document_type: str | None = None) -> str:
        """Begins to read a document and to keep it for `summarise`, as a job whose result is the document id; the job's id."""

        async def work(telling: Telling) -> str:
            reading = await self._read(name, content, telling, document_type)
            telling("Keeping the document")
            keep_until = self.tracking.file_expiration
            await self._files.put(actor.email, content, keep_until)
            return (await keep_reading(self._documents, self._files, actor.email, reading, keep_until)).document_id

        return self._jobs.start(actor.email, work, makes="document")

    async def summarise(self, actor: Actor, document_id: str, export_workflow_id: str | None = None) -> str:
        """Summarises a document that was kept and records stage 1; the workflow id. Under one id it is opened once.

        Raises NotFound, AgentUnavailable, StageAlreadyRecorded where the workflow is one of another document.
        """
        workflow_id = export_workflow_id or str(uuid4())
        async with self._one_at_a_time(workflow_id):
            opened = (await self.tracking.get_workflow_stages(workflow_id, actor.email))["stage1"]
            if opened is not None and opened.document_id != document_id:
                raise StageAlreadyRecorded("This workflow was opened for another document. Start a new one.")
            if opened is not None:
                return workflow_id
            reading = await kept_reading(self._documents, self._files, actor.email, document_id)
            content = await self._files.get(actor.email, reading.content_hash)
            return await self._summarised(actor, reading, content, _untold, unheard, self._agent, workflow_id)

    async def extract(
        self, name: str, content: bytes, progress: Progress, document_type: str | None = None
    ) -> Extraction:
        """Reads a document, as of that type or of the one it looks like, and records nothing; raises DocumentRefused."""
        self._refuse_by_size(content)
        progress("Reading the document")
        return await self._extractor.extract(content, name, progress, document_type)

    async def read(
        self, actor: Actor, name: str, content: bytes, progress: Progress, document_type: str | None = None
    ) -> str:
        """Reads and summarises a document, and records stage 1; the workflow id. Raises DocumentRefused, AgentUnavailable.

        That another document has the same supplier and number is told as progress, before anything is recorded.
        """
        reading = await self._read(name, content, progress, document_type)
        if earlier := await self._same_number(actor, reading):
            progress(f"{reading.name}: {same_number_told(reading.extraction.document_type, earlier)}")
        return await self._summarised(actor, reading, content, progress, unheard, self._agent, str(uuid4()))

    async def _read(self, name: str, content: bytes, progress: Progress, document_type: str | None) -> ReadDocument:
        name = clean_name(name)
        began = time.perf_counter()
        extraction = await self.extract(name, content, progress, document_type)
        extraction_time_ms = round((time.perf_counter() - began) * 1000, 1)
        content_hash = "sha256:" + sha256(content).hexdigest()
        return ReadDocument(name, content_hash, len(content), extraction, extraction_time_ms)

    async def _same_number(self, actor: Actor, reading: ReadDocument) -> WorkflowLine | None:
        """The newest workflow of another document with the same supplier and number."""
        extraction, document_id = reading.extraction, document_id_of(actor.email, reading.content_hash)
        return await self.tracking.same_number(actor.email, document_id, extraction.document_type, extraction.data)

    async def _case_of(self, actor: Actor, reading: ReadDocument) -> Case:
        """The document as the agent sees it today."""
        extraction, today = reading.extraction, self._now().date()
        document_id = document_id_of(actor.email, reading.content_hash)
        found = await asyncio.to_thread(check, extraction.data, today)
        taught = await self._teaching.taught(actor.email, extraction.document_type)
        return Case(
            document_name=reading.name,
            document_type=extraction.document_type,
            data=extraction.data,
            places=extraction.places,
            findings=found
            + told(rows_read(extraction.ledger, extraction.data))
            + await self.tracking.told_by_history(actor.email, document_id, extraction.document_type, extraction.data),
            as_of=today,
            extraction_confidence=extraction.confidence,
            often_corrected=often_corrected(taught.lessons, extraction.document_type, extraction.data),
            earlier=[lesson for lesson in taught.lessons if lesson.document_id != document_id],
            type_confidence=extraction.type_confidence,
        )

    async def _summarised(
        self,
        actor: Actor,
        reading: ReadDocument,
        content: bytes,
        progress: Progress,
        hear: Hear,
        agent: KraftdAIAgent,
        workflow_id: str,
    ) -> str:
        extraction = reading.extraction
        progress("Writing the summary")
        case = await self._case_of(actor, reading)
        summary, thought = await agent.summarise_initial(case, hear)
        progress("Recording")
        content_hash = await self._files.put(actor.email, content, self.tracking.file_expiration)
        await self.tracking.record_stage_1_initial_summary(
            document_id_of(actor.email, content_hash),
            actor.email,
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
                "file_size_bytes": reading.file_size_bytes,
                "content_hash": content_hash,
                "notices": extraction.notices,
                "type_confidence": extraction.type_confidence,
            },
            findings=case.findings,
            prompt_version=thought.prompt_version,
            actor=actor,
            reading_ledger=extraction.ledger,
        )
        keep_until = self.tracking.file_expiration
        await add_version(self._documents, self._files, actor.email, reading, workflow_id, keep_until)
        return workflow_id

    # The document, to look at

    async def page_image(self, actor: Actor, export_workflow_id: str, page: int) -> bytes | None:
        """A page of the uploaded document as PNG, from 1; None for documents without pages to draw."""
        stage1 = (await self.workflow(actor, export_workflow_id)).stage1
        if stage1.source.content_hash is None:
            return None
        shown = (actor.email, stage1.source.content_hash, page)
        if shown not in self._pages:
            content = await self._files.get(actor.email, stage1.source.content_hash)
            self._pages[shown] = await self._extractor.page_image(content, stage1.document_name, page)
            forget_oldest(self._pages, _KEPT_PAGES)
        return self._pages[shown]

    async def content_view(self, actor: Actor, export_workflow_id: str) -> Contents | None:
        """What an uploaded document without pages holds, to be read on a screen; None for documents with pages."""
        stage1 = (await self.workflow(actor, export_workflow_id)).stage1
        if stage1.source.content_hash is None:
            return None
        shown = (actor.email, stage1.source.content_hash)
        if shown not in self._contents:
            content = await self._files.get(actor.email, stage1.source.content_hash)
            self._contents[shown] = await self._extractor.content_view(content, stage1.document_name)
            forget_oldest(self._contents, _KEPT_CONTENTS)
        return self._contents[shown]
