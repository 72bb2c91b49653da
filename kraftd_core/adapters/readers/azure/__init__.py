"""The extractor that has documents read by Azure Document Intelligence, one paid call each."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

from kraftd_core.adapters.readers.azure.answers import extraction_of
from kraftd_core.adapters.readers.azure.service import Connect, ConnectResource, analysed, load_sdk, tried
from kraftd_core.document.kinds import kind_of
from kraftd_core.errors import ExtractorUnavailable
from kraftd_core.ports.engines import Engine, Tried
from kraftd_core.ports.reading import Contents, Extraction, Extractor, Progress

# The invoice model is made for purchase orders too, and a quotation has the same parts. A request for quotation has fields and
# a table, which the general model reads; a bill of quantities is all table.
MODELS = {
    "invoice": "prebuilt-invoice",
    "quotation": "prebuilt-invoice",
    "purchase_order": "prebuilt-invoice",
    "receipt": "prebuilt-receipt",
    "contract": "prebuilt-contract",
    "boq": "prebuilt-layout",
}
NAME = "Azure Document Intelligence"
_GENERAL = "prebuilt-document"
_TAKEN = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\x00", b"MM\x00*", b"BM")

_NOT_TAKEN = "Document Intelligence does not take files of this kind; the local reader read it."
_TYPE_NOT_TOLD = (
    "What the document is could not be told beforehand, so it was read as a general document{}. Choose its type when "
    "you upload it to have it read by the model for it."
)
_UNCLEAR = "Document Intelligence gave an answer that cannot be understood. Try again."


class LocalReader(Extractor, Protocol):
    """What is done on this machine: a first look, the pictures of pages, and the kinds that the service does not take."""

    async def look(self, content: bytes, name: str) -> str | None:
        """What the document is by its printed text, None if that cannot be said. Raises DocumentRefused."""
        ...

    async def check(self) -> bool:
        """Whether it can be used; raises ExtractorUnavailable."""
        ...


class AzureExtractor:
    """Reads PDFs and pictures by the service, everything else locally, and says so."""

    def __init__(
        self,
        connect: Connect,
        local: LocalReader,
        models: Mapping[str, str] | None = None,
        seconds: float = 120.0,
        engine: Engine | None = None,
    ) -> None:
        """`models` names a model of one's own for a document type; `seconds` bounds one reading, all of it."""
        self._engine = engine or Engine("reader", NAME)
        self._connect = connect
        self._local = local
        self._models = MODELS | dict(models or {})
        self._seconds = seconds

    async def extract(
        self, content: bytes, name: str, progress: Progress, document_type: str | None = None
    ) -> Extraction:
        """See the port; also raises ExtractorUnavailable."""
        if not _is_taken(content):
            extraction = await self._local.extract(content, name, progress, document_type)
            return replace(extraction, notices=[_NOT_TAKEN, *extraction.notices])
        progress("Looking at the document")
        looked = await self._local.look(content, name)  # refuses, before it is paid for, what must not be sent
        known = document_type or (looked if looked != "other" else None)
        model = self._models.get(known or "other", _GENERAL)
        await asyncio.to_thread(load_sdk)
        result = await analysed(self._connect, model, content, progress, self._seconds, self._engine)
        extraction = await asyncio.to_thread(_understood, result, known)
        if known is None and model == _GENERAL:
            label = kind_of(extraction.document_type).label.lower()
            extraction.notices.append(_TYPE_NOT_TOLD.format("" if label == "document" else f" (by its text: {label})"))
        return extraction

    async def page_image(self, content: bytes, name: str, page: int) -> bytes | None:
        """See the port; drawn on this machine."""
        return await self._local.page_image(content, name, page)

    async def content_view(self, content: bytes, name: str) -> Contents | None:
        """See the port; read on this machine."""
        return await self._local.content_view(content, name)

    async def check(self) -> bool:
        """Whether the local reader, which looks at every document first, can be used; the service is paid by the call."""
        return await self._local.check()

    async def tried(self, connect: ConnectResource, seconds: float) -> Tried:
        """What is reached, and which models of one's own are missing; no page is read. Raises ExtractorUnavailable."""
        await asyncio.to_thread(load_sdk)
        of_azure = {*MODELS.values(), _GENERAL}
        own = {kind: model for kind, model in sorted(self._models.items()) if model not in of_azure}
        return await tried(connect, own, self._engine, seconds)

    async def close(self) -> None:
        """See the port; a client lives for one reading."""
        await self._local.close()


def _is_taken(content: bytes) -> bool:
    """Whether the service takes such a file, by its first bytes; what follows them is the child's to look at."""
    return content.startswith(_TAKEN) or b"%PDF-" in content[:1024]


def _understood(result: dict[str, Any], document_type: str | None) -> Extraction:
    try:
        return extraction_of(result, document_type)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, ArithmeticError, RecursionError) as error:
        raise ExtractorUnavailable(_UNCLEAR) from error
