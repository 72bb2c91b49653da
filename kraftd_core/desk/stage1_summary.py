"""Stage 1 at the desk: a document is read, summarised, recorded and shown."""

import asyncio
import time
from dataclasses import replace
from hashlib import sha256
from uuid import uuid4

from kraftd_core.desk.common import DeskBase, forget_oldest
from kraftd_core.desk.jobs import AsksFirst, Telling, Work
from kraftd_core.desk.taken_in import TakenIn, asked_of
from kraftd_core.document.checks.checking import check, told
from kraftd_core.document.filenames import clean_name
from kraftd_core.document.ledger.check import rows_read
from kraftd_core.errors import DocumentRefused, KraftdError, NotFound, StageAlreadyRecorded, StoreUnavailable
from kraftd_core.people.actor import Actor
from kraftd_core.ports.keeping import WorkflowLine
from kraftd_core.ports.reading import Contents, Extraction, Progress
from kraftd_core.ports.thinking import Case, Hear, unheard
from kraftd_core.recording.documents import ReadDocument, add_version, keep_reading, kept_reading
from kraftd_core.recording.stage1_summary import document_id_of, same_number_told
from kraftd_core.records.stages import Summary
from kraftd_core.review.learning import often_corrected
from kraftd_core.thinking.agent import KraftdAIAgent, Thought


def untold(step: str) -> None:
    """For callers who are told nothing until all is done."""


def _hash_of(content: bytes) -> str:
    return "sha256:" + sha256(content).hexdigest()


_READ_HERE = "It was read on this computer, as you chose after the chosen reader failed: {}"
_KEPT_CONTENTS = 16
_KEPT_PAGES = 64  # drawn pages in memory, a few hundred kilobytes each


class ReadingVerbs(DeskBase):
    """From an upload to the record of stage 1, and the uploaded document to look at."""

    async def seen_before(self, actor: Actor, content: bytes) -> WorkflowLine | None:
        """The owner's newest workflow of these very bytes, whatever the file was called; None if there is none."""
        return await self.tracking.same_document(actor.email, document_id_of(actor.email, _hash_of(content)))

    async def known_number(self, actor: Actor, export_workflow_id: str) -> WorkflowLine | None:
        """The owner's newest workflow of another document with the supplier and number of this one; raises NotFound."""
        workflow = await self.workflow(actor, export_workflow_id)
        latest = workflow.latest
        return await self.tracking.same_number(actor.email, latest.document_id, latest.document_type, workflow.data)

    async def start_reading(
        self, actor: Actor, name: str, content: bytes, document_type: str | None = None, *, asks_first: bool = False
    ) -> str:
        """Begins to read a document as a job, whose result is the workflow id; the job's id.

        The document is kept before it is read, what was read before it is summarised, and the summary before it is recorded:
        where a service fails, the job can be taken up, and by `go_on_with` also after it was stopped. If it `asks_first`, so
        it can where another document of the owner turns out to have the same supplier and number.
        """
        name = clean_name(name)
        document_id = document_id_of(actor.email, _hash_of(content))

        async def take_in(telling: Telling, _: KraftdAIAgent) -> str:
            upload = await self._taken_in(actor, name, content, document_type, telling)
            return await self._work_on(actor, upload, asks_first=asks_first)(telling)

        work = self._able_to_go_on(take_in, len(content))
        return self._jobs.start(actor.email, work, about=name, key=document_id)

    def _work_on(self, actor: Actor, upload: TakenIn, *, asks_first: bool = False) -> Work:
        """From what is kept of an upload to the record of stage 1."""

        async def act(telling: Telling, agent: KraftdAIAgent) -> str:
            reading = await self._reading_of(actor, upload, telling)
            if asks_first and (earlier := await self._same_number(actor, reading)):
                told = same_number_told(reading.extraction.document_type, earlier)
                raise AsksFirst(told, earlier, self._work_on(actor, upload))
            return await self._summarised(actor, reading, telling, telling.hear, agent, upload.export_workflow_id)

        def read_here(error: KraftdError) -> Work:
            return self._work_on(actor, replace(upload, reads_here=error.cause), asks_first=asks_first)

        return self._able_to_go_on(act, read_here=read_here if self._reads_here else None)

    async def uploads(self, actor: Actor) -> list[TakenIn]:
        """The owner's documents that were taken in and are not recorded, with the work on them that is under way."""
        waiting = await self._uploads.waiting(actor.email)
        return [replace(upload, job_id=self._jobs.running(actor.email, upload.document_id)) for upload in waiting]

    async def go_on_with(self, actor: Actor, document_id: str) -> str:
        """Goes on with a document where its work stopped, also in another process; the job's id. Raises NotFound."""
        upload = await self._uploads.upload(actor.email, document_id)
        if upload is None:
            raise NotFound("This document does not wait any more. Look for it in the history, or upload it again.")
        running = self._jobs.running(actor.email, document_id)
        return running or self._jobs.start(actor.email, self._work_on(actor, upload), about=upload.name, key=document_id)

    async def drop_upload(self, actor: Actor, document_id: str) -> None:
        """Lets go of a document that waits, with all that was made of it; work on it that is under way is stopped."""
        if running := self._jobs.running(actor.email, document_id):
            self._jobs.cancel(actor.email, running)
        await self._uploads.forget(actor.email, document_id)

    async def start_keeping(self, actor: Actor, name: str, content: bytes, document_type: str | None = None) -> str:
        """Begins to read a document and to keep it for `summarise`, as a job whose result is the document id; the job's id."""
        name = clean_name(name)

        async def work(telling: Telling) -> str:
            upload = await self._taken_in(actor, name, content, document_type, telling)
            reading = await self._reading_of(actor, upload, telling)
            telling("Keeping what was read")
            keep_until = self.tracking.file_expiration
            await self._files.put(actor.email, content, keep_until)
            document = await keep_reading(self._documents, self._files, actor.email, reading, keep_until)
            await self._uploads.forget(actor.email, upload.document_id)
            return document.document_id

        return self._jobs.start(actor.email, work, makes="document", about=name)

    async def summarise(self, actor: Actor, document_id: str, export_workflow_id: str | None = None) -> str:
        """Summarises a document that was kept and records stage 1; the workflow id. Under one id it is opened once.

        Raises NotFound, AgentUnavailable, StageAlreadyRecorded where the workflow is one of another document.
        """
        workflow_id = export_workflow_id or str(uuid4())
        async with self._one_at_a_time(f"summary of {workflow_id}"):
            opened = (await self.tracking.get_workflow_stages(workflow_id, actor.email))["stage1"]
            if opened is not None and opened.document_id != document_id:
                raise StageAlreadyRecorded("This workflow was opened for another document. Start a new one.")
            if opened is not None:
                return workflow_id
            reading = await kept_reading(self._documents, self._files, actor.email, document_id)
            return await self._summarised(actor, reading, untold, unheard, self._agent, workflow_id)

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
        upload = await self._taken_in(actor, clean_name(name), content, document_type, progress)
        reading = await self._reading_of(actor, upload, progress)
        if earlier := await self._same_number(actor, reading):
            progress(f"{reading.name}: {same_number_told(reading.extraction.document_type, earlier)}")
        return await self._summarised(actor, reading, progress, unheard, self._agent, upload.export_workflow_id)

    async def _taken_in(
        self, actor: Actor, name: str, content: bytes, document_type: str | None, progress: Progress
    ) -> TakenIn:
        """The document as it is kept, before anybody is paid for it."""
        self._refuse_by_size(content)
        progress("Keeping the document")
        async with self._one_at_a_time(f"taking in {document_id_of(actor.email, _hash_of(content))}"):
            return await self._uploads.take_in(actor.email, name, content, document_type)

    async def _reading_of(self, actor: Actor, upload: TakenIn, progress: Progress) -> ReadDocument:
        """What was read of it before, else what is read now; a document that is refused does not wait any more."""
        async with self._one_at_a_time(f"reading of {upload.document_id}"):
            kept = await self._uploads.reading(actor.email, upload)
            if kept is not None:
                return replace(kept, name=upload.name)
            content = await self._files.get(actor.email, upload.content_hash)
            try:
                reading = await self._read(upload, content, progress)
            except DocumentRefused:
                await self._uploads.forget(actor.email, upload.document_id)
                raise
            await self._uploads.keep_reading(actor.email, upload, reading)
            return reading

    async def _read(self, upload: TakenIn, content: bytes, progress: Progress) -> ReadDocument:
        began = time.perf_counter()
        if upload.reads_here and self._reads_here is not None:
            progress("Reading the document on this computer")
            extraction = await self._reads_here.extract(content, upload.name, progress, upload.document_type)
            extraction = replace(extraction, notices=[_READ_HERE.format(upload.reads_here), *extraction.notices])
        else:
            extraction = await self.extract(upload.name, content, progress, upload.document_type)
        extraction_time_ms = round((time.perf_counter() - began) * 1000, 1)
        return ReadDocument(upload.name, upload.content_hash, len(content), extraction, extraction_time_ms)

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
        progress: Progress,
        hear: Hear,
        agent: KraftdAIAgent,
        workflow_id: str,
    ) -> str:
        """Writes the summary and records stage 1, under one id once; then nothing has to be kept beside the record any more."""
        document_id = document_id_of(actor.email, reading.content_hash)
        async with self._one_at_a_time(workflow_id):
            if not await self._is_recorded(actor, workflow_id):
                progress("Writing the summary")
                case = await self._case_of(actor, reading)
                summary, thought = await self._initial_prose(actor, document_id, case, hear, agent)
                progress("Recording")
                await self._record(actor, reading, case, summary, thought, workflow_id)
            keep_until = self.tracking.file_expiration
            await add_version(self._documents, self._files, actor.email, reading, workflow_id, keep_until)
            await self._uploads.forget(actor.email, document_id)
        return workflow_id

    async def _is_recorded(self, actor: Actor, workflow_id: str) -> bool:
        """Whether it is known to be recorded; a store that is away cannot say, and takes nothing in twice once it is back."""
        try:
            return (await self.tracking.get_workflow_stages(workflow_id, actor.email))["stage1"] is not None
        except StoreUnavailable:
            return False

    async def _initial_prose(
        self, actor: Actor, document_id: str, case: Case, hear: Hear, agent: KraftdAIAgent
    ) -> tuple[Summary, Thought]:
        """The summary; a service that wrote one of this very case before is not asked again."""
        if not self._is_model(agent):
            return await agent.summarise_initial(case, hear)
        asked = await asyncio.to_thread(asked_of, "summary by", agent.ai_model, case)

        async def ask() -> tuple[Summary, Thought]:
            return await self._uploads.counted(
                actor.email, document_id, case, lambda counted: agent.summarise_initial(counted, hear)
            )

        return await self._uploads.once(actor.email, document_id, asked, tuple[Summary, Thought], ask)

    async def _record(
        self, actor: Actor, reading: ReadDocument, case: Case, summary: Summary, thought: Thought, workflow_id: str
    ) -> None:
        extraction = reading.extraction
        calls = await self._uploads.calls(actor.email, document_id_of(actor.email, reading.content_hash))
        content = await self._files.get(actor.email, reading.content_hash)
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
                "reading_cost": self._agent.cost_of_pages(extraction.page_count) if extraction.method == "AZURE_DI" else None,
                "file_size_bytes": reading.file_size_bytes,
                "content_hash": content_hash,
                "notices": extraction.notices,
                "type_confidence": extraction.type_confidence,
            },
            findings=case.findings,
            prompt_version=thought.prompt_version,
            calls=calls,
            cost=self._agent.cost_of(calls),
            actor=actor,
            reading_ledger=extraction.ledger,
        )

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
