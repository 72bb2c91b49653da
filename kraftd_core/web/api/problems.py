"""Errors as programs read them: problem details (RFC 9457, https://www.rfc-editor.org/rfc/rfc9457, read 2026-11-27)."""

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from kraftd_core import errors
from kraftd_core.desk.jobs import AsksFirst, CanGoOn
from kraftd_core.document.wording import how_many

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
OUR_FAULT = "Something went wrong on our side; nothing that was recorded is lost. Try again."
NO_LONGER_THERE = 499  # nobody reads it: the client went away

STATUS_OF: Mapping[type[errors.KraftdError], int] = {
    errors.KraftdError: 500,
    errors.SettingsError: 500,
    errors.AddressRefused: 422,
    errors.DocumentRefused: 422,
    errors.ReadingTooSlow: 422,
    errors.ExtractorUnavailable: 502,
    errors.AgentUnavailable: 502,
    errors.OtherLanguage: 502,
    CanGoOn: 502,
    AsksFirst: 409,
    errors.NotFound: 404,
    errors.RecordingError: 422,
    errors.CallRefused: 422,
    errors.StageAlreadyRecorded: 409,
    errors.StageOutOfOrder: 409,
    errors.RecordRejected: 422,
    errors.StoreUnavailable: 503,
    errors.StoreRefused: 503,
    errors.ChangesDoNotFit: 409,
    errors.ClockInDoubt: 503,
    errors.RenderingError: 422,
    errors.FileDamaged: 500,
}
"""What each error of ours is answered with."""

OF_HTTP = {
    400: ("BadRequest", "The request cannot be read. Check that its body is whole."),
    404: ("NotFound", "There is nothing at this address."),
    405: ("MethodNotAllowed", "This address does not take that method."),
    409: ("Conflict", "It does not fit what was sent before."),
    413: ("TooLarge", "The request is larger than it may be. Send less at once."),
    415: ("WrongContentType", "This address does not take that content type."),
    422: ("InvalidRequest", "The request is not as it should be."),
}
"""The problems that are none of the desk's errors: their kind, and what is said where nothing closer is."""

_SECONDS_TO_WAIT = "5"


class FieldProblem(BaseModel):
    """A part of a request that is not as it should be; `pointer` is a JSON Pointer into the body, or names a parameter."""

    pointer: str
    detail: str


class Problem(BaseModel):
    """Why a request was not done; `detail` is a sentence for people that says what to do."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldProblem] | None = None


def problem(kind: str, status: int, detail: str, faults: Sequence[FieldProblem] | None = None) -> Problem:
    """The problem of a kind; its type leads to what is said of it for people."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", kind).replace(" ", "-").lower()
    title = words.replace("-", " ").capitalize()
    return Problem(type=f"/api/docs#{words}", title=title, status=status, detail=detail, errors=list(faults) if faults else None)


def problem_of(kind: type[BaseException], sentence: str) -> Problem:
    """The problem that an error of ours is; any other one is our fault."""
    if not issubclass(kind, errors.KraftdError):
        return problem("InternalError", 500, OUR_FAULT)
    named = errors.AgentUnavailable if issubclass(kind, CanGoOn) else kind
    return problem(named.__name__, STATUS_OF[kind], sentence)


def answered(told: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """The problem as an answer."""
    body = told.model_dump(exclude_none=True)
    return JSONResponse(body, told.status, {**(headers or {})}, media_type=MEDIA_TYPE)


def answer_with_problems(api: FastAPI) -> None:
    """Lets the application answer every error with a problem."""
    api.add_exception_handler(errors.KraftdError, _ours)
    api.add_exception_handler(HTTPException, _of_http)
    api.add_exception_handler(RequestValidationError, _invalid)
    api.add_exception_handler(ClientDisconnect, _gone)
    api.add_exception_handler(Exception, _unknown)


async def _ours(request: Request, error: Exception) -> Response:
    told = problem_of(type(error), str(error))
    if told.status >= 500:
        log.warning("answered %d error=%s path=%s", told.status, type(error).__name__, request.url.path)
    passes = told.status == 503 and not isinstance(error, errors.StoreRefused)
    return answered(told, {"Retry-After": _SECONDS_TO_WAIT} if passes else None)


async def _of_http(request: Request, error: Exception) -> Response:  # noqa: ARG001  a handler's form
    assert isinstance(error, HTTPException)  # noqa: S101  it is registered for these
    if error.status_code == NO_LONGER_THERE:
        return Response(status_code=NO_LONGER_THERE)
    phrase = HTTPStatus(error.status_code).phrase
    kind, says = OF_HTTP.get(error.status_code, (phrase, f"{phrase}."))
    is_said = error.detail not in (phrase, "There was an error parsing the body")
    return answered(problem(kind, error.status_code, error.detail if is_said else says), error.headers)


async def _invalid(request: Request, error: Exception) -> Response:  # noqa: ARG001  a handler's form
    assert isinstance(error, RequestValidationError)  # noqa: S101  it is registered for these
    faults = list(_faults(error.errors()))
    first = faults[0]
    others = how_many(len(faults) - 1, "other part")
    more = f" So {'is' if len(faults) == 2 else 'are'} {others}." if len(faults) > 1 else ""
    detail = f"{first.pointer} is not as it should be: {first.detail}.{more}"
    return answered(problem("InvalidRequest", 422, detail, faults))


def _faults(found: Sequence[Mapping[str, Any]]) -> Iterator[FieldProblem]:
    for fault in found:
        where, *path = fault["loc"]
        parts = [str(part).replace("~", "~0").replace("/", "~1") for part in path if part not in _PHASES]
        is_within = parts and fault["type"] != "json_invalid"  # which tells a place in the text, not in what it says
        pointer = "/" + "/".join(parts) if where == "body" and is_within else "the body" if where == "body" else f"{parts[0]}"
        yield FieldProblem(pointer=pointer, detail=str(fault["msg"]).removeprefix("Value error, ").rstrip("."))


_PHASES = frozenset({"phase 1", "phase 2"})  # which of the forms of a body was meant is no part of its path


async def _gone(request: Request, error: Exception) -> Response:  # noqa: ARG001  a handler's form
    return Response(status_code=NO_LONGER_THERE)


async def _unknown(request: Request, error: Exception) -> Response:  # noqa: ARG001  the server logs it, with its trace
    return answered(problem("InternalError", 500, OUR_FAULT))
