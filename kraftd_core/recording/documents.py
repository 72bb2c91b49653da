"""The document repository: the same bytes of the same owner are one document, and its workflows are its versions."""

import json
from dataclasses import replace
from datetime import datetime

from kraftd_core.ports.keeping import Documents, Files, StoredDocument
from kraftd_core.ports.reading import Extraction
from kraftd_core.recording.stage1_summary import document_id_of
from kraftd_core.records.large_members import LIMIT_BYTES


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


async def add_version(
    documents: Documents,
    files: Files,
    owner_email: str,
    name: str,
    content_hash: str,
    extraction: Extraction,
    export_workflow_id: str,
    keep_until: datetime,
) -> StoredDocument:
    """Keeps the document and refers to the new workflow of it; the first extraction stays the original.

    An extraction too large for an item of a store lies in the file store, at least until `keep_until`.
    """
    blob = json.dumps(extraction.data, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    file = await files.put(owner_email, blob, keep_until) if len(blob) > LIMIT_BYTES else None
    kept = await documents.keep(
        StoredDocument(
            document_id=document_id_of(owner_email, content_hash),
            owner_email=owner_email,
            name=name,
            document_type=extraction.document_type,
            content_hash=content_hash,
            original_extraction={} if file else extraction.data,
            workflows=(export_workflow_id,),
            original_extraction_file=file,
        )
    )
    first = kept.original_extraction_file
    if first not in (None, file):  # the original lives as long as the youngest version
        await files.put(owner_email, await files.get(owner_email, str(first)), keep_until)
    return kept
