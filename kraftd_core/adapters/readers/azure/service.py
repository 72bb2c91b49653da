"""Asks Document Intelligence to read a document, once, and says in one sentence what went wrong if it did not."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kraftd_core.errors import DocumentRefused, ExtractorUnavailable, KraftdError
from kraftd_core.ports.engines import AWAY, SILENT, Engine, Tried, heard, under_way, unreachable
from kraftd_core.ports.reading import Progress

if TYPE_CHECKING:
    from azure.ai.formrecognizer.aio import DocumentAnalysisClient, DocumentModelAdministrationClient
    from azure.core.exceptions import HttpResponseError

Connect = Callable[[], AbstractAsyncContextManager["DocumentAnalysisClient"]]
"""Opens a client inside the loop that will use it, and closes it."""

ConnectResource = Callable[[], AbstractAsyncContextManager["DocumentModelAdministrationClient"]]
"""The same for a client of the resource itself."""

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
_NOT_THERE = (
    "Document Intelligence is not found at its address. Ask for KRAFTD_DOCUMENT_INTELLIGENCE_ENDPOINT to be checked, which is an "
    "address without a path behind it."
)
_NO_MODEL = (
    'Document Intelligence does not know the model "{}". Ask for KRAFTD_DOCUMENT_INTELLIGENCE_MODELS to be checked, or choose '
    "another document type."
)
_LACKS_MODEL = (
    "the model {0}, which KRAFTD_DOCUMENT_INTELLIGENCE_MODELS names for {1} (make or copy it in this resource, correct the "
    "name, or leave {1} away to have the model of Azure read it)"
)
_BUSY = "Document Intelligence has too much to do right now. Try again in a minute."
_FAULT = "Document Intelligence failed on its side. Try again in a few minutes."
_AWAY = "Document Intelligence cannot be reached. Try again in a moment."
_UNCLEAR = "Document Intelligence gave an answer that cannot be understood. Try again."
_TOO_SLOW = "Document Intelligence did not finish within {:g} seconds. Try again later, or upload the document in parts."

_OUR_FAULT = (
    "Document Intelligence did not take our request, which is not the file's fault. Try again, and if it stays so, ask for "
    "KRAFTD_DOCUMENT_INTELLIGENCE_MODELS to be checked."
)
_UNKNOWN_HOST = (
    "There is no computer of the name by which Document Intelligence is called. Ask for KRAFTD_DOCUMENT_INTELLIGENCE_ENDPOINT to "
    "be checked."
)
_NO_HTTPS = (
    "What answers in the place of Document Intelligence has no certificate that is trusted, or speaks no https. Ask for "
    "KRAFTD_DOCUMENT_INTELLIGENCE_ENDPOINT to be checked."
)

_DAMAGED = "Document Intelligence cannot read the file: it is damaged, protected or of another kind. Save it anew as a PDF."
_TOO_LARGE = "The file is too large for Document Intelligence. Make it smaller, or upload it in parts."
_DIMENSIONS = "The picture or page is too small or too large for Document Intelligence (50 to 10,000 pixels). Scan it anew."
_CONTENT = {
    "InvalidContent": _DAMAGED, "UnsupportedContent": _DAMAGED, "UnsupportedMediaType": _DAMAGED,
    "InvalidContentLength": _TOO_LARGE, "RequestEntityTooLarge": _TOO_LARGE, "InvalidContentDimensions": _DIMENSIONS,
}  # fmt: skip

_CAUSES = {_AWAY: AWAY, _UNKNOWN_HOST: "unknown host", _NO_HTTPS: "no trusted https", _KEY: "no sign-in"}
_LASTS = (_KEY, _NO_ACCESS, _QUOTA, _NOT_THERE, _UNKNOWN_HOST, _NO_HTTPS)
_NETWORK = {"unknown host": _UNKNOWN_HOST, "no trusted https": _NO_HTTPS, AWAY: _AWAY}


def load_sdk() -> None:
    """Imports what takes long to import, for a thread beside the loop."""
    import azure.ai.formrecognizer.aio
    import azure.identity.aio  # noqa: F401

    logging.getLogger("msrest").setLevel(logging.CRITICAL)  # it logs what came where it does not understand it


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


@asynccontextmanager
async def resource_client(endpoint: str, key: str | None) -> AsyncIterator["DocumentModelAdministrationClient"]:
    """A client that asks for the resource itself and its models, which costs nothing."""
    from azure.ai.formrecognizer.aio import DocumentModelAdministrationClient
    from azure.core.credentials import AzureKeyCredential

    bounds: dict[str, Any] = {"connection_timeout": 5, "read_timeout": 10, "retry_total": 0, "raw_response_hook": _heard}
    async with AsyncExitStack() as closing:
        credential: Any = AzureKeyCredential(key) if key else await closing.enter_async_context(_signed_in())
        yield await closing.enter_async_context(DocumentModelAdministrationClient(endpoint, credential, **bounds))


def _heard(response: Any) -> None:
    heard(response.http_response.status_code, response.http_response.headers)


async def tried(connect: ConnectResource, models: Mapping[str, str], engine: Engine, seconds: float) -> Tried:
    """Whether the resource lets us in, and knows the models by document type; raises ExtractorUnavailable."""
    from azure.core.exceptions import AzureError, ResourceNotFoundError

    lacks = []
    with engine.call():
        try:
            async with asyncio.timeout(seconds), connect() as client:
                await client.get_resource_details()
                for document_type, model in models.items():
                    try:
                        await client.get_document_model(model)
                    except ResourceNotFoundError:
                        lacks.append(_LACKS_MODEL.format(model, document_type))
        except TimeoutError as error:
            raise _failed(ExtractorUnavailable(_AWAY), engine) from error
        except (AzureError, KeyError, TypeError, ValueError, AttributeError) as error:
            raise _failed(_what_happened(error, ""), engine) from error
        engine.succeeded()
    return Tried("resource", tuple(lacks))


def _signed_in() -> Any:
    from azure.identity.aio import DefaultAzureCredential

    return DefaultAzureCredential()


async def analysed(
    connect: Connect, model: str, content: bytes, progress: Progress, seconds: float, engine: Engine
) -> dict[str, Any]:
    """The service's answer; raises DocumentRefused, ExtractorUnavailable. Cancelled, it leaves nothing running here."""
    with engine.call() as call:
        asking = asyncio.create_task(_asked(connect, model, content))
        try:
            async with asyncio.timeout(seconds):
                await _told_while(asking, progress)
                answer = await asking
            result = await asyncio.to_thread(_result, answer)
        except TimeoutError as error:  # it may have passed with waiting for as long as the service asked
            sentence = {429: _BUSY, 503: _FAULT}.get(call.last_status, _TOO_SLOW.format(seconds))
            raise _failed(ExtractorUnavailable(sentence), engine) from error
        except ExtractorUnavailable as failure:
            raise _failed(failure, engine) from failure.__cause__
        except DocumentRefused:
            log.warning("document refused model=%s cause=%s request=%s", model, call.refusal, call.request_id or "-")
            engine.succeeded()  # it answered: the file is another matter
            raise
        finally:
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
        engine.succeeded()
        log.info("analysed model=%s bytes=%d seconds=%.1f", model, len(content), call.seconds)
        return result


def _failed(failure: KraftdError, engine: Engine) -> KraftdError:
    """The failure, of which the engine takes note."""
    call, sentence = under_way(), str(failure)
    lasts = sentence in _LASTS or sentence.startswith(_NO_MODEL[:40])
    cause = call.refusal or (SILENT if sentence.startswith(_TOO_SLOW[:36]) else _CAUSES.get(sentence, "no usable answer"))
    return type(failure)(engine.failed(call, cause, sentence, passes=not lasts))


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
    from azure.core.exceptions import AzureError

    told: dict[str, Any] = {"cls": lambda response, *_: response.http_response.text(), "raw_response_hook": _heard}
    try:
        async with connect() as client:
            poller = await client.begin_analyze_document(model, content, **told)
            return str(await poller.result())
    except (AzureError, KeyError, TypeError, ValueError, AttributeError) as error:  # the later: an answer that is none
        raise _what_happened(error, model) from error


def _what_happened(error: BaseException, model: str) -> KraftdError:
    from azure.core.exceptions import AzureError, ClientAuthenticationError, DecodeError, HttpResponseError

    if isinstance(error, ClientAuthenticationError):
        return ExtractorUnavailable(_KEY)
    if isinstance(error, DecodeError) or not isinstance(error, AzureError):
        return ExtractorUnavailable(_UNCLEAR)
    if isinstance(error, HttpResponseError):
        return _what_it_means(error, model)
    return ExtractorUnavailable(_NETWORK[unreachable(error)])


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
    under_way().refused_as(status, *codes)
    if status == 413:
        return DocumentRefused(_TOO_LARGE)
    if "call volume quota" in str(error.message):
        return ExtractorUnavailable(_QUOTA)
    if refusal := next((_CONTENT[code] for code in codes if code in _CONTENT), None):
        return DocumentRefused(refusal)
    if "ModelNotFound" in codes:
        return ExtractorUnavailable(_NO_MODEL.format(model))
    if status == 415:
        return DocumentRefused(_DAMAGED)
    if status == 400:
        return ExtractorUnavailable(_OUR_FAULT)
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
