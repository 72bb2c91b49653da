"""House-keeping that lives: what is to be done again and again, supervised, with when it last ran and how."""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

log = logging.getLogger(__name__)

_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 5.0, 300.0
_GRACE = timedelta(minutes=10)
"""How far behind its time a chore may be before it counts as stopped: sending after a long outage takes its time."""


@dataclass(frozen=True, slots=True)
class LastRun:
    """When a chore last ended, whether it went well, and when it is to run again; before its first run `ended` is None."""

    chore: str
    ended: datetime | None
    went_well: bool
    due: datetime

    def is_alive(self, now: datetime) -> bool:
        """Whether it still runs when it should; a chore that fails and tries again is alive."""
        return now <= self.due + _GRACE


class Chore:
    """One piece of work that names the seconds until it is to be done again. Nothing that it raises ends it."""

    def __init__(self, name: str, work: Callable[[], Awaitable[float]], now: Callable[[], datetime]) -> None:
        self._name, self._work, self._now = name, work, now
        self._failures, self._failed_as = 0, ""
        self.last_run = LastRun(name, None, True, now())

    async def keep_up(self) -> None:
        """Does it for as long as the process lives."""
        while True:
            pause = await self.run_once()
            await asyncio.sleep(pause)

    async def run_once(self) -> float:
        """Does it once; the seconds until the next time, which grow while it fails."""
        try:
            pause = await self._work()
            self._failures, self._failed_as = 0, ""
        except Exception as error:  # noqa: BLE001  the one supervised place: whatever it is, the next run must come
            self._tell(error)
            pause = min(_LONGEST_PAUSE_SECONDS, _FIRST_PAUSE_SECONDS * 2.0 ** min(self._failures, 16))
            self._failures += 1
        ended = self._now()
        self.last_run = LastRun(self._name, ended, not self._failures, ended + timedelta(seconds=pause))
        return pause

    def _tell(self, error: Exception) -> None:
        """Logs a failure with its trace once, not again while the same one goes on."""
        if not threading.main_thread().is_alive():  # the process ends: nothing can be done any more, and nothing is wrong
            return
        kind = type(error).__name__
        is_new, self._failed_as = kind != self._failed_as, kind
        log.error("house-keeping failed chore=%s error=%s", self._name, kind, exc_info=error if is_new else None)


class HouseKeeping:
    """The chores of a process. They fail apart from each other: what cannot be sent stops no purge."""

    def __init__(self, chores: Sequence[Chore]) -> None:
        self._chores = tuple(chores)
        self._at_work: asyncio.Future[list[None]] | None = None

    async def keep_up(self) -> None:
        """Does all of them for as long as the process lives, or until they are stopped."""
        self._at_work = asyncio.gather(*(chore.keep_up() for chore in self._chores))
        with suppress(asyncio.CancelledError):
            await self._at_work

    def stop(self) -> None:
        """Ends them, before what they work on is closed."""
        if self._at_work:
            self._at_work.cancel()

    @property
    def last_runs(self) -> tuple[LastRun, ...]:
        """How each chore stands."""
        return tuple(chore.last_run for chore in self._chores)
