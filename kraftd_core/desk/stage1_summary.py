"""Stage 1 at the desk: a document is read, summarised, recorded and shown."""

import asyncio
import time
from dataclasses import dataclass
from hashlib import sha256
from uuid import uuid4

from kraftd_core.desk.common import DeskBase, forget_oldest
from kraftd_core.desk.jobs import Telling
from kraftd_core.document.checks.checking import check
from kraftd_core.document.filenames import clean_name
from kraftd_core.people.actor import Actor
from kraftd_core.ports.reading import Contents, Extraction, Progress
from kraftd_core.ports.thinking import Case, Hear, unheard
from kraftd_core.recording.documents import add_version
from kraftd_core.recording.stage1_summary import document_id_of
from kraftd_core.review.learning import often_corrected
from kraftd_core.thinking.agent import KraftdAIAgent


@dataclass(frozen=True, slots=True)
class _ReadDocument:
    """A document that was read and is not summarised yet."""

    name: str
    content: bytes
    extraction: Extraction
    extraction_time_ms: float
    case: Case


_KEPT_CONTENTS = 16
_KEPT_PAGES = 64  # drawn pages in memory, a few hundred kilobytes each


class Reading(DeskBase):
    """From an upload to the record of stage 1, and the uploaded document to look at."""

    async def start_reading(self, actor: Actor, name: str, content: bytes, document_type: str | None = None) -> str:
        """Begins to read a document as a job, whose result is the workflow id; the job's id.

        Where the agent fails, the job can be taken up: what was read is kept with it.
        """

        async def work(telling: Telling) -> str:
            reading = await self._read(actor, name, content, telling, document_type)
            summarise = self._able_to_go_on(lambda told, agent: self._summarised(actor, reading, told, told.hear, agent))
            return await summarise(telling)

        return self._jobs.start(actor.email, work)

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
        """Reads and summarises a document, and records stage 1; the workflow id. Raises DocumentRefused, AgentUnavailable."""
        reading = await self._read(actor, name, content, progress, document_type)
        return await self._summarised(actor, reading, progress, unheard, self._agent)

    async def _read(
        self, actor: Actor, name: str, content: bytes, progress: Progress, document_type: str | None
    ) -> _ReadDocument:
        name = clean_name(name)
        began = time.perf_counter()
        extraction = await self.extract(name, content, progress, document_type)
        extraction_time_ms = round((time.perf_counter() - began) * 1000, 1)
        found = await asyncio.to_thread(check, extraction.data, self._now().date())
        document_id = document_id_of(actor.email, "sha256:" + sha256(content).hexdigest())
        taught = await self._teaching.taught(actor.email, extraction.document_type)
        case = Case(
            document_name=name,
            document_type=extraction.document_type,
            data=extraction.data,
            places=extraction.places,
            findings=found
            + await self.tracking.told_by_history(actor.email, document_id, extraction.document_type, extraction.data),
            as_of=self._now().date(),
            extraction_confidence=extraction.confidence,
            often_corrected=often_corrected(taught.lessons, extraction.document_type, extraction.data),
            earlier=[lesson for lesson in taught.lessons if lesson.document_id != document_id],
            type_confidence=extraction.type_confidence,
        )
        return _ReadDocument(name, content, extraction, extraction_time_ms, case)

    async def _summarised(
        self, actor: Actor, reading: _ReadDocument, progress: Progress, hear: Hear, agent: KraftdAIAgent
    ) -> str:
        extraction = reading.extraction
        progress("Writing the summary")
        summary, thought = await agent.summarise_initial(reading.case, hear)
        progress("Recording")
        content_hash = await self._files.put(actor.email, reading.content, self.tracking.file_expiration)
        workflow_id = str(uuid4())
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
            self._documents, self._files, actor.email, reading.name, content_hash, extraction, workflow_id, keep_until
        )
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
