"""What comes in: bodies within their limit while they stream, JSON as we keep it, and uploaded files."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from fastapi import Depends, Request
from pydantic import BaseModel, ConfigDict, model_validator
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kraftd_core.document.filenames import clean_name
from kraftd_core.document.jsontypes import cleaned

MOST_FILES = 100
FILES_AT_ONCE = 4
"""One request may hold as much as this many of the largest files."""

_AROUND_A_FILE = 64 * 1024  # what multipart writes around a file
_DEEPEST = 64
_TOO_LARGE = "The request is larger than {} MB. Send less at once."


class LimitedBody:
    """ASGI middleware that answers 413 as soon as a body is larger than it may be, whether or not its length was told before."""

    def __init__(self, app: ASGIApp, megabytes_of: Callable[[Scope], int]) -> None:
        self._app = app
        self._megabytes_of = megabytes_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on with its body counted."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        megabytes, told = self._megabytes_of(scope), _length_told(scope)
        seen = told

        def refuse_beyond_limit() -> None:
            if seen > megabytes * 2**20 + _AROUND_A_FILE:
                raise too_large(_TOO_LARGE.format(megabytes))

        async def counted() -> Message:
            nonlocal seen
            refuse_beyond_limit()
            message = await receive()
            if not told:
                seen += len(message.get("body", b""))
                refuse_beyond_limit()
            return message

        await self._app(scope, counted, send)


def _length_told(scope: Scope) -> int:
    """The length that the request names, to which its server holds it; 0 where it names none."""
    told = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
    return int(told) if told.isdigit() else 0


def too_large(sentence: str) -> HTTPException:
    """What to raise for more than is taken; what was not read yet is not waited for."""
    return HTTPException(413, sentence, {"Connection": "close"})


# JSON


class AskedPart(BaseModel):
    """A part of a body: nothing beyond its names."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Asked(AskedPart):
    """A body of JSON, its texts and numbers, those of its parts too, as we keep them."""

    @model_validator(mode="before")
    @classmethod
    def _as_kept(cls, given: Any) -> Any:
        _refuse_unkeepable(given)
        return cleaned(given)


def _refuse_unkeepable(given: Any) -> None:
    """Raises ValueError for what is no JSON although Python takes it, and for what is nested too deeply."""
    level = [given]
    for _ in range(_DEEPEST):
        if any(isinstance(value, float) and not math.isfinite(value) for value in level):
            raise ValueError("it holds a number that is none in JSON (NaN or Infinity)")
        level = [inner for value in level for inner in _within(value)]
        if not level:
            return
    raise ValueError(f"it is nested deeper than {_DEEPEST} levels")


def _within(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _is_json(request: Request) -> None:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise HTTPException(415, "Send the body as application/json.")


TAKES_JSON = [Depends(_is_json)]
"""For routes that create: a page elsewhere can send a form here without asking, but no JSON."""


# Files


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came."""

    name: str
    content: bytes

    @property
    def shown_name(self) -> str:
        """The name as it is kept."""
        return clean_name(self.name)

    @property
    def digest(self) -> str:
        """By what the content is known again."""
        return sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Form:
    """The files of a form, and its other fields; of several of one name the last."""

    files: list[Upload]
    fields: dict[str, str]


class _LimitedFiles(MultiPartParser):
    """Stops at the first file that is larger than it may be, while it comes in."""

    file_megabytes: int
    _size = 0

    def on_part_begin(self) -> None:
        super().on_part_begin()
        self._size = 0

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        self._size += end - start
        if self._size > self.file_megabytes * 2**20:
            raise too_large(f"The file is larger than {self.file_megabytes} MB. Choose a smaller file, or split it.")
        super().on_part_data(data, start, end)


async def form_of(request: Request, field: str, megabytes: int, most: int = MOST_FILES) -> Form:
    """The form of a request; raises HTTPException where it is none, holds no file under `field`, or too much."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "multipart/form-data":
        raise HTTPException(415, "Send the file as multipart/form-data.")
    parser = _LimitedFiles(request.headers, request.stream(), max_files=most, max_fields=20)
    parser.file_megabytes = megabytes
    try:
        parts = (await parser.parse()).multi_items()
    except MultiPartException as error:
        raise HTTPException(422, f"The form cannot be read: {error.message.rstrip('.')}.") from error
    uploads = [(name, part) for name, part in parts if isinstance(part, UploadFile)]
    try:
        files = [Upload(part.filename or "", await part.read()) for name, part in uploads if name == field]
    finally:
        for _, part in uploads:
            await part.close()
    if not files:
        raise HTTPException(422, f"The form holds no file under the name {field}.")
    return Form(files, {name: part for name, part in parts if isinstance(part, str)})


def _form_schema(field: dict[str, Any], more: dict[str, Any] | None = None) -> dict[str, Any]:
    schema = {"type": "object", "required": list(field), "properties": field | (more or {})}
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}}


def form_of_one(field: str) -> dict[str, Any]:
    """How OpenAPI describes a form with one file."""
    return _form_schema({field: {"type": "string", "format": "binary"}})


def form_of_many(field: str, more: dict[str, Any]) -> dict[str, Any]:
    """How OpenAPI describes a form with one or many files."""
    files = {"type": "array", "minItems": 1, "maxItems": MOST_FILES, "items": {"type": "string", "format": "binary"}}
    return _form_schema({field: files}, more)
