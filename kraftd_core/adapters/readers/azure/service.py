"""Asks Document Intelligence to read a document, once, and says in one sentence what went wrong if it did not."""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kraftd_core.errors import DocumentRefused, ExtractorUnavailable, KraftdError
from kraftd_core.ports.reading import Progress

if TYPE_CHECKING:
    from azure.ai.formrecognizer.aio import DocumentAnalysisClient
    from azure.core.exceptions import HttpResponseError

Connect = Callable[[], AbstractAsyncContextManager["DocumentAnalysisClient"]]
"""Opens a client inside the loop that will use it, and closes it."""

log = logging.getLogger(__name__)

_FIRST_TOLD_SECONDS = 2.0  # then after twice as long, and so on: a step is a line on the page
_KEY = (
    "Document Intelligence refused to let us in. Ask for KRAFTD_DOCUMENT_INTELLIGENCE_KEY (without one, the sign-in to Azure) "
    "to be checked, then try again."
)
_NO_ACCESS = (
    "Document Intelligence does not allow us access. Ask for the role Cognitive Services User and the network rules of the "
    "resource to be checked, then try again."
)
_QUOTA = "The free pages of Document Intelligence are used up. Wait until they are renewed, or ask for a paid tier."
_NOT_THERE = "Document Intelligence is not found at its address. Ask for KRAFTD_DOCUMENT_INTELLIGENCE_ENDPOINT to be checked."
_NO_MODEL = (
    'Document Intelligence does not know the model "{}". Ask for KRAFTD_DOCUMENT_INTELLIGENCE_MODELS to be checked, or choose '
    "another document type."
)
_BUSY = "Document Intelligence has too much to do right now. Try again in a minute."
_FAULT = "Document Intelligence failed on its side. Try again in a few minutes."
_AWAY = "Document Intelligence cannot be reached. Try again in a moment; if it stays so, ask for its endpoint to be checked."
_UNCLEAR = "Document Intelligence gave an answer that cannot be understood. Try again."
_TOO_SLOW = "Document Intelligence did not finish within {:g} seconds. Try again later, or upload the document in parts."

_DAMAGED = "Document Intelligence cannot read the file: it is damaged, protected or of another kind. Save it anew as a PDF."
_TOO_LARGE = "The file is too large for Document Intelligence. Make it smaller, or upload it in parts."
_DIMENSIONS = "The picture or page is too small or too large for Document Intelligence (50 to 10,000 pixels). Scan it anew."
_CONTENT = {
    "InvalidContent": _DAMAGED, "UnsupportedContent": _DAMAGED, "UnsupportedMediaType": _DAMAGED,
    "InvalidContentLength": _TOO_LARGE, "RequestEntityTooLarge": _TOO_LARGE, "InvalidContentDimensions": _DIMENSIONS,
}  # fmt: skip


def load_sdk() -> None:
    """Imports what takes long to import, for a thread beside the loop."""
    import azure.ai.formrecognizer.aio
    import azure.identity.aio  # noqa: F401


@asynccontextmanager
async def document_client(endpoint: str, key: str | None, **options: Any) -> AsyncIterator["DocumentAnalysisClient"]:
    """A client whose every wait is bounded; without a key it signs in by Entra ID.

    A document is sent again only where the service said that it did not take it: an answer that is lost on the way may
    have been paid for.
    """
    from azure.ai.formrecognizer.aio import DocumentAnalysisClient
    from azure.core.credentials import AzureKeyCredential

    bounds = {"connection_timeout": 5, "read_timeout": 30, "retry_total": 3, "retry_connect": 1}
    async with AsyncExitStack() as closing:
        credential: Any = AzureKeyCredential(key) if key else await closing.enter_async_context(_signed_in())
        yield await closing.enter_async_context(DocumentAnalysisClient(endpoint, credential, **(bounds | options)))


def _signed_in() -> Any:
    from azure.identity.aio import DefaultAzureCredential

    return DefaultAzureCredential()


async def analysed(connect: Connect, model: str, content: bytes, progress: Progress, seconds: float) -> dict[str, Any]:
    """The service's answer; raises DocumentRefused, ExtractorUnavailable. Cancelled, it leaves nothing running here."""
    began = time.monotonic()
    asking = asyncio.create_task(_asked(connect, model, content))
    try:
        async with asyncio.timeout(seconds):
            await _told_while(asking, progress)
            answer = await asking
    except TimeoutError as error:
        raise ExtractorUnavailable(_TOO_SLOW.format(seconds)) from error
    finally:
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
    log.info("analysed model=%s bytes=%d seconds=%.1f", model, len(content), time.monotonic() - began)
    return await asyncio.to_thread(_result, answer)


async def _told_while(asking: "asyncio.Task[str]", progress: Progress) -> None:
    """Says that the service is at work, ever more seldom."""
    progress("Document Intelligence is reading")
    passed = 0.0
    wait = _FIRST_TOLD_SECONDS
    while True:
        done, _ = await asyncio.wait({asking}, timeout=wait)
        if done:
            return
        passed, wait = passed + wait, passed + wait
        progress(f"Document Intelligence is reading, {passed:.0f} s")


async def _asked(connect: Connect, model: str, content: bytes) -> str:
    """The answer as text: read here, a long one would hold up the loop, and with it everyone else."""
    from azure.core.exceptions import AzureError, ClientAuthenticationError, DecodeError, HttpResponseError

    try:
        async with connect() as client:
            poller = await client.begin_analyze_document(model, content, cls=lambda response, *_: response.http_response.text())
            return str(await poller.result())
    except ClientAuthenticationError as error:
        raise ExtractorUnavailable(_KEY) from error
    except DecodeError as error:
        raise ExtractorUnavailable(_UNCLEAR) from error
    except HttpResponseError as error:
        raise _what_it_means(error, model) from error
    except AzureError as error:
        raise ExtractorUnavailable(_AWAY) from error


def _result(answer: str) -> dict[str, Any]:
    try:
        result = json.loads(answer, parse_float=Decimal)["analyzeResult"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ExtractorUnavailable(_UNCLEAR) from error
    if not isinstance(result, dict):
        raise ExtractorUnavailable(_UNCLEAR)
    return result


def _what_it_means(error: "HttpResponseError", model: str) -> KraftdError:
    """The failure in our terms, and in the log by its codes alone: messages of the service may quote the document."""
    codes = list(_codes(error.error))
    status = error.status_code or 0
    log.warning("document intelligence failed status=%d codes=%.120s", status, ",".join(codes))
    if status == 413:
        return DocumentRefused(_TOO_LARGE)
    if "call volume quota" in str(error.message):
        return ExtractorUnavailable(_QUOTA)
    if refusal := next((_CONTENT[code] for code in codes if code in _CONTENT), None):
        return DocumentRefused(refusal)
    if "ModelNotFound" in codes:
        return ExtractorUnavailable(_NO_MODEL.format(model))
    if status in (400, 415):
        return DocumentRefused(_DAMAGED)
    return ExtractorUnavailable({401: _KEY, 403: _NO_ACCESS, 404: _NOT_THERE, 429: _BUSY}.get(status, _FAULT))


def _codes(error: Any) -> Iterator[str]:
    """The codes of an error, the inner ones first: they say more."""
    inner = getattr(error, "innererror", None) or {}
    while isinstance(inner, dict) and inner:
        if inner.get("code"):
            yield str(inner["code"])
        inner = inner.get("innererror") or {}
    if getattr(error, "code", None):
        yield str(error.code)
