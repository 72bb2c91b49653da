"""Whether the core can do its work: what it rests on is tried, for a bounded time, and the answers are kept a while."""

import asyncio
import logging
import shutil
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Literal

from kraftd_core.desk.upkeep.house_keeping import HouseKeeping

log = logging.getLogger(__name__)

State = Literal["ok", "degraded", "failed"]
Check = Callable[[], Awaitable[bool]]
"""Raises where the thing cannot be used; says whether all of it answers."""

_KEPT_SECONDS = 5.0
_ANSWER_SECONDS, _LONGEST_SECONDS = 2.0, 10.0
"""How long an answer waits for a try, and how long a try may take: until then the thing stands as it stood before."""

LEAST_FREE_BYTES = 128 * 2**20
"""Room for a few of the largest uploads and their files; less is told before records cannot be written."""


class Probe:
    """One thing that the core rests on. A try that hangs counts as failed, and no second one is begun beside it."""

    def __init__(self, name: str, check: Check, now: Callable[[], float] = monotonic) -> None:
        self._name, self._check, self._now = name, check, now
        self._trying: asyncio.Future[bool] | None = None
        self._began = 0.0
        self._last: State = "failed"  # nothing is known yet

    async def state(self) -> State:
        """How it stands, told after two seconds at the latest."""
        if self._trying is None:
            self._trying, self._began = asyncio.ensure_future(self._check()), self._now()
        await asyncio.wait({self._trying}, timeout=_ANSWER_SECONDS)
        if self._trying.done():
            self._set(*_outcome(self._trying))
            self._trying = None
        elif self._now() - self._began > _LONGEST_SECONDS:
            self._set("failed", "TimeoutError")
        return self._last

    def _set(self, state: State, reason: str) -> None:
        if state != self._last:
            log.log(logging.INFO if state == "ok" else logging.WARNING, "check=%s is %s %s", self._name, state, reason)
        self._last = state


def _outcome(trying: "asyncio.Future[bool]") -> tuple[State, str]:
    """The state that an ended try found, and the kind of what stood against it."""
    if trying.cancelled():
        return "failed", "CancelledError"
    if error := trying.exception():
        return "failed", type(error).__name__
    return ("ok" if trying.result() else "degraded"), ""


class Health:
    """How all of it stands; used on the core's loop only."""

    def __init__(self, checks: Mapping[str, Check], now: Callable[[], float] = monotonic) -> None:
        self._probes = {name: Probe(name, check, now) for name, check in checks.items()}
        self._now = now
        self._kept: dict[str, State] = {}
        self._kept_until = 0.0
        self._asking = asyncio.Lock()

    async def states(self) -> Mapping[str, State]:
        """The state of each, at most some seconds old; however many ask, each thing is tried once."""
        async with self._asking:
            if self._now() >= self._kept_until:
                states = await asyncio.gather(*(probe.state() for probe in self._probes.values()))
                self._kept = dict(zip(self._probes, states, strict=True))
                self._kept_until = self._now() + _KEPT_SECONDS
            return self._kept


def is_ready(states: Mapping[str, State]) -> bool:
    """Whether documents can be taken in; what is degraded still takes them."""
    return "failed" not in states.values()


def check_of_disk(folder: Path, least: int = LEAST_FREE_BYTES) -> Check:
    """Whether the disk of the folder has room left."""

    async def check() -> bool:
        free = (await asyncio.to_thread(shutil.disk_usage, folder)).free
        if free < least:
            raise OSError("the disk is nearly full")
        return True

    return check


def check_of_house(house: HouseKeeping, now: Callable[[], datetime]) -> Check:
    """Whether house-keeping still runs; where it fails and tries again, it is degraded."""

    async def check() -> bool:
        runs = house.last_runs
        if not all(run.is_alive(now()) for run in runs):
            raise RuntimeError("house-keeping stopped")
        return all(run.went_well for run in runs)

    return check
