"""The document repository: the same bytes of the same owner are one document, and its workflows are its versions."""

import asyncio
import json
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from pydantic import TypeAdapter

from kraftd_core.document.jsontypes import tables_of
from kraftd_core.errors import NotFound
from kraftd_core.ports.keeping import Documents, Files, StoredDocument
from kraftd_core.ports.reading import Extraction
from kraftd_core.recording.stage1_summary import document_id_of
from kraftd_core.records.large_members import LIMIT_BYTES
from kraftd_core.records.stages import rfc3339


async def add_regenerated(
    documents: Documents, files: Files, owner_email: str, content_hash: str, export_workflow_id: str, keep_until: datetime
) -> None:
    """Refers to a workflow that was made from the reviewed data of another; what the document needs lives as long as it."""
    found = await documents.find(owner_email, content_hash)
    if found is None:
        return
    for file in filter(None, (content_hash, found.original_extraction_file)):
        await files.put(owner_email, await files.get(owner_email, file), keep_until)
    await documents.keep(replace(found, workflows=(export_workflow_id,)))

_BYTES_A_VALUE = 500


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document that was read and is not summarised yet."""

    name: str
    content_hash: str
    file_size_bytes: int
    extraction: Extraction
    extraction_time_ms: float | None

    @property
    def held_bytes(self) -> int:
        """About how much memory what was read takes, with the place of each value; without the file."""
        cells = sum(len(row) for _, rows in tables_of(self.extraction.data) for row in rows)
        return _BYTES_A_VALUE * (cells + len(self.extraction.places))


async def add_version(
    documents: Documents,
    files: Files,
    owner_email: str,
    reading: ReadDocument,
    export_workflow_id: str,
    keep_until: datetime,
) -> StoredDocument:
    """Keeps the document and refers to the new workflow of it; the first extraction stays the original."""
    document = await _as_kept(files, owner_email, reading, keep_until)
    return await _keep(documents, files, replace(document, workflows=(export_workflow_id,)), keep_until)


async def keep_reading(
    documents: Documents, files: Files, owner_email: str, reading: ReadDocument, keep_until: datetime
) -> StoredDocument:
    """Keeps a document with its reading for a workflow that is opened later, at least until `keep_until`."""
    document = await _as_kept(files, owner_email, reading, keep_until)
    blob = await asyncio.to_thread(_readings().dump_json, reading)
    reading_file = await files.put(owner_email, blob, keep_until)
    read = replace(document, reading_file=reading_file, keep_until=rfc3339(keep_until))
    return await _keep(documents, files, read, keep_until)


async def kept_reading(documents: Documents, files: Files, owner_email: str, document_id: str) -> ReadDocument:
    """The reading that was kept last of a document; raises NotFound, FileDamaged."""
    found = await documents.document(owner_email, document_id)
    if found is None or found.reading_file is None:
        raise NotFound("There is no such document that waits for its summary. It may have expired; upload it again.")
    blob = await files.get(owner_email, found.reading_file)
    return await asyncio.to_thread(_readings().validate_json, blob)


@cache
def _readings() -> TypeAdapter[ReadDocument]:
    return TypeAdapter(ReadDocument)


async def _as_kept(files: Files, owner_email: str, reading: ReadDocument, keep_until: datetime) -> StoredDocument:
    """The document as it is kept; an extraction too large for an item of a store lies in the file store."""
    data = reading.extraction.data
    blob = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    file = await files.put(owner_email, blob, keep_until) if len(blob) > LIMIT_BYTES else None
    return StoredDocument(
        document_id=document_id_of(owner_email, reading.content_hash),
        owner_email=owner_email,
        name=reading.name,
        document_type=reading.extraction.document_type,
        content_hash=reading.content_hash,
        original_extraction={} if file else data,
        workflows=(),
        original_extraction_file=file,
    )


async def _keep(documents: Documents, files: Files, document: StoredDocument, keep_until: datetime) -> StoredDocument:
    kept = await documents.keep(document)
    first = kept.original_extraction_file
    if first not in (None, document.original_extraction_file):  # the original lives as long as the youngest version
        await files.put(document.owner_email, await files.get(document.owner_email, str(first)), keep_until)
    return kept
