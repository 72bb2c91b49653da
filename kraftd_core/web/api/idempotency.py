"""`Idempotency-Key`: a request that is sent again under its key is not done again.

What creates workflows needs no memory for that: the new workflow's id is made of the owner and the key, so that it is found
again in the store, by any instance and after a restart. What was asked for under a key is remembered besides, to refuse the
same key with another request, and to give the same jobs again; that memory is this process's own.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID, uuid4, uuid5

from fastapi import Header, Request
from starlette.exceptions import HTTPException

from kraftd_core.people.actor import Actor

_KEPT = 10_000
_NAMESPACE = UUID("6f0d6f3e-52a5-4c0b-9d0e-2d7a4f1f7c11")
_OTHER_REQUEST = "This Idempotency-Key was sent with another request before. Send a new key with a new request."

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key", min_length=1, max_length=200, pattern=r"^[!-~]+$",
        description="A text of your own, new for each thing to be done once: sent again with it, the request is not done again.",
    ),
]  # fmt: skip


@dataclass(slots=True)
class Remembered:
    """What was asked under a key, and the answer, where it cannot be found again otherwise."""

    asked: str
    lock: asyncio.Lock
    answer: Any = None
    is_done: bool = False


class Memory:
    """The keys of this process, the oldest forgotten first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], Remembered] = OrderedDict()

    @asynccontextmanager
    async def of(self, actor: Actor, key: str | None, *asked: str) -> AsyncIterator[Remembered]:
        """What is remembered of a request under its key, for this request alone as long as it goes on; raises 409."""
        request = sha256("\n".join(asked).encode("utf-8", "replace")).hexdigest()
        if key is None:
            yield Remembered(request, asyncio.Lock())
            return
        found = self._kept.setdefault((actor.email, key), Remembered(request, asyncio.Lock()))
        if found.asked != request:
            raise HTTPException(409, _OTHER_REQUEST)
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        async with found.lock:
            try:
                yield found
            except BaseException:
                if not found.is_done:  # nothing came of it: the key may be used for another try
                    self._kept.pop((actor.email, key), None)
                raise
            found.is_done = True


def memory_of(request: Request) -> Memory:
    """The memory of the application."""
    memory: Memory = request.app.state.idempotency
    return memory


def workflow_id_for(actor: Actor, key: str | None, what: str) -> str:
    """The id of the workflow that a request opens: under one key always the same."""
    return str(uuid4() if key is None else uuid5(_NAMESPACE, f"{actor.email}\n{what}\n{key}"))
