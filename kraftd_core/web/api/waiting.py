"""Waiting for the core without blocking others, and no longer than the client does."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

from fastapi import Request
from starlette.exceptions import HTTPException

from kraftd_core.desk.archive import FileInPieces
from kraftd_core.desk.desk import Desk
from kraftd_core.web.api.actor import AskedCore, core_of
from kraftd_core.web.api.problems import NO_LONGER_THERE

T = TypeVar("T")

_LOOK_SECONDS = 0.25


async def while_there(request: Request, verb: Callable[[Desk], Awaitable[T]]) -> T:
    """The verb's result; where the client goes away before it is there, the verb is stopped."""
    waiting = core_of(request).ask(verb)
    try:
        while not (await asyncio.wait({waiting}, timeout=_LOOK_SECONDS))[0]:
            if await request.is_disconnected():
                raise HTTPException(NO_LONGER_THERE)
        return waiting.result()
    finally:
        waiting.cancel()  # of no effect where it is done


async def pieces_of(core: AskedCore, file: FileInPieces) -> AsyncIterator[bytes]:
    """The pieces of a file that the core's loop reads, one after the other as the client takes them."""
    try:
        while (piece := await core.ask(lambda _: anext(file.pieces, None))) is not None:
            yield piece
    finally:
        await core.ask(lambda _: file.pieces.aclose())
