"""Documents and texts that are not recorded yet: what services made of them is kept, so that nothing is paid for twice."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any, TypeVar, cast
from uuid import uuid4

from pydantic import TypeAdapter

from kraftd_core.ports.keeping import Files, Unfinished
from kraftd_core.ports.thinking import Case, counting
from kraftd_core.recording.documents import ReadDocument
from kraftd_core.recording.stage1_summary import document_id_of
from kraftd_core.records.calls import ModelCall
from kraftd_core.records.stages import UserPreferences

T = TypeVar("T")

KEPT_FOR = timedelta(days=7)
"""How long a document waits to be gone on with; a file that a reader refused lies as long."""

_UPLOAD, _CALLS = "upload", "calls"


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A document that was taken in: under `export_workflow_id` its stage 1 is recorded once, however often it is gone on with.

    `document_type` is what the user says it is. `reads_here` says why it is read on this computer although another reader is
    chosen; empty where that one reads it. `job_id` is the work on it that is under way.
    """

    export_workflow_id: str
    document_id: str
    name: str
    content_hash: str
    file_size_bytes: int
    document_type: str | None
    taken_at: datetime
    reads_here: str = ""
    is_read: bool = False
    job_id: str | None = None

    @property
    def reading(self) -> str:
        """The name under which its reading is kept: another reader or another type reads something else."""
        return f"reading as {self.document_type or 'recognised'} {'here' if self.reads_here else 'by the chosen reader'}"


class Uploads:
    """What is kept of documents, and for workflows, until it is recorded."""

    def __init__(self, unfinished: Unfinished, files: Files, now: Callable[[], datetime], retention: timedelta) -> None:
        self._unfinished = unfinished
        self._files = files
        self._now = now
        self._kept_for = min(KEPT_FOR, retention)

    async def take_in(self, owner_email: str, name: str, content: bytes, document_type: str | None) -> TakenIn:
        """Keeps a document before anything is done with it; one that waits already is gone on with. Raises StoreUnavailable."""
        until = self._now() + self._kept_for
        content_hash = await self._files.put(owner_email, content, until)
        document_id = document_id_of(owner_email, content_hash)
        waiting = await self.upload(owner_email, document_id)
        if waiting is not None and waiting.document_type == document_type:
            upload = replace(waiting, name=name, reads_here="")
        else:
            upload = TakenIn(str(uuid4()), document_id, name, content_hash, len(content), document_type, self._now())
        await self.keep_upload(owner_email, upload)
        return upload

    async def upload(self, owner_email: str, document_id: str) -> TakenIn | None:
        """A document that waits; None if there is none, or its time is over."""
        return await self.kept(owner_email, document_id, _UPLOAD, TakenIn)

    async def waiting(self, owner_email: str) -> list[TakenIn]:
        """The owner's documents that wait, the one that was worked on last first."""
        return [_form(TakenIn).validate_json(body) for body in await self._unfinished.parts(owner_email, _UPLOAD)]

    async def keep_upload(self, owner_email: str, upload: TakenIn) -> None:
        """Keeps how a document stands."""
        await self.keep(owner_email, upload.document_id, _UPLOAD, TakenIn, upload)

    async def reading(self, owner_email: str, upload: TakenIn) -> ReadDocument | None:
        """What was read of a document, if that is kept."""
        return await self.kept(owner_email, upload.document_id, upload.reading, ReadDocument)

    async def keep_reading(self, owner_email: str, upload: TakenIn, reading: ReadDocument) -> None:
        """Keeps what was read before anything else is done with it."""
        await self.keep(owner_email, upload.document_id, upload.reading, ReadDocument, reading)
        await self.keep_upload(owner_email, replace(upload, is_read=True))

    async def once(self, owner_email: str, about: str, asked: str, form: type[T], ask: Callable[[], Awaitable[T]]) -> T:
        """What a service answers, asked once: the answer is kept under what was asked until it is recorded."""
        kept = await self.kept(owner_email, about, asked, form)
        if kept is not None:
            return kept
        answer = await ask()
        await self.keep(owner_email, about, asked, form, answer)
        return answer

    async def kept(self, owner_email: str, about: str, name: str, form: type[T]) -> T | None:
        """What is kept of a document or a workflow under a name; None where nothing is."""
        body = await self._unfinished.part(owner_email, about, name)
        if body is None:
            return None
        value: T = await asyncio.to_thread(_form(cast(Hashable, form)).validate_json, body)
        return value

    async def keep(self, owner_email: str, about: str, name: str, form: type[T], value: T) -> None:
        """Keeps something of a document or a workflow, in place of what was kept under that name."""
        body = await asyncio.to_thread(_form(cast(Hashable, form)).dump_json, value)
        await self._unfinished.keep_part(owner_email, about, name, body.decode(), self._now() + self._kept_for)

    async def counted(self, owner_email: str, about: str, case: Case, ask: Callable[[Case], Awaitable[T]]) -> T:
        """What a service answers of a case; each asking is kept until it is recorded, whichever way it ended."""
        counted, calls = counting(case)
        try:
            return await ask(counted)
        finally:
            if calls:
                await self.keep(owner_email, about, _CALLS, list[ModelCall], [*await self.calls(owner_email, about), *calls])

    async def calls(self, owner_email: str, about: str) -> list[ModelCall]:
        """All askings of a model for a document or a workflow that are not recorded yet."""
        return await self.kept(owner_email, about, _CALLS, list[ModelCall]) or []

    async def forget(self, owner_email: str, about: str) -> None:
        """Lets go of all that was kept of a document or a workflow."""
        await self._unfinished.drop_parts(owner_email, about)


@cache
def _form(form: Hashable) -> TypeAdapter[Any]:
    return TypeAdapter(cast(Any, form))


_TOLD = tuple(field.name for field in fields(Case) if field.name not in ("earlier", "preferences", "spent"))


def asked_of(what: str, ai_model: str, case: Case) -> str:
    """The name of a question to a service: the same words and data, put to the same model, are the same question.

    Of the preferences a service is told the fields to put first; of earlier reviews nothing.
    """
    wishes = case.preferences and UserPreferences(priority_fields=case.preferences.priority_fields)
    told = {name: getattr(case, name) for name in _TOLD} | {"preferences": wishes}
    return f"{what} {ai_model} {sha256(_form(dict).dump_json(told)).hexdigest()}"
