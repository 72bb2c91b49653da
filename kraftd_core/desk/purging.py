"""When what has expired may be removed: only by a clock that can be believed, since what is gone is gone for good."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from kraftd_core.document.wording import how_many

FIRST_AFTER = timedelta(hours=1)
"""How long after its start a process removes nothing: a clock that is wrong at the start is often set right soon."""
_LARGEST_DRIFT = timedelta(hours=1)
_LONGEST_SILENCE = timedelta(days=7)


def steady_seconds() -> float:
    """Seconds that no setting of the clock changes; where the system counts it, the time it slept is among them."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


class ClockWatch:
    """Compares the clock with what does not depend on it: the time that went by, and when the records were last worked on.

    What it cannot see: a clock that was wrong before the start, and by which something was recorded since.
    """

    def __init__(self, now: Callable[[], datetime], steady: Callable[[], float] = steady_seconds) -> None:
        self._now, self._steady = now, steady
        self._start, self._steady_start = now(), steady()
        self._believed: datetime | None = None

    @property
    def up(self) -> timedelta:
        """How long the process has been at work."""
        return timedelta(seconds=self._steady() - self._steady_start)

    def doubt(self, last_work: datetime | None) -> str:
        """Why the clock is not to be believed, in one sentence; empty where nothing speaks against it.

        `last_work` is when a record was last written, None where that is not known.
        """
        now = self._now()
        leap = now - self._start - self.up
        if abs(leap) > _LARGEST_DRIFT:
            return f"The clock of this computer was set {_span(abs(leap))} {'on' if leap > timedelta() else 'back'} while it ran."
        known = max((moment for moment in (last_work, self._believed) if moment), default=now)
        if abs(now - known) > _LONGEST_SILENCE:
            away = f"{_span(abs(now - known))} {'after' if now > known else 'before'} the last work recorded here"
            return f"The clock of this computer says {now:%d %B %Y}, {away}."
        self._believed = now
        return ""


def _span(time_between: timedelta) -> str:
    return how_many(time_between.days, "day") if time_between.days else how_many(time_between.seconds // 3600, "hour")
