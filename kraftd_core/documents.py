"""The document repository: the same bytes of the same owner are one document, and its workflows are its versions."""

from kraftd_core.ports import Documents, Extraction, StoredDocument
from kraftd_core.stage1_summary import document_id_of


async def add_version(
    documents: Documents, owner_email: str, name: str, content_hash: str, extraction: Extraction, export_workflow_id: str
) -> StoredDocument:
    """Keeps the document and refers to the new workflow of it; the first extraction stays the original."""
    return await documents.keep(
        StoredDocument(
            document_id=document_id_of(owner_email, content_hash),
            owner_email=owner_email,
            name=name,
            document_type=extraction.document_type,
            content_hash=content_hash,
            original_extraction=extraction.data,
            workflows=(export_workflow_id,),
        )
    )
