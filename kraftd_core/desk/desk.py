"""The verbs that pages, routes and the command line call: one face of the core."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from kraftd_core.desk.archive import ArchiveVerbs
from kraftd_core.desk.batch import BatchVerbs
from kraftd_core.desk.stage2_modifications import ReviewingVerbs
from kraftd_core.desk.stage3_deliverable import DeliveringVerbs
from kraftd_core.desk.upkeep.health import Health, check_of_house
from kraftd_core.desk.upkeep.house_keeping import Chore, HouseKeeping
from kraftd_core.desk.upkeep.purging import FIRST_AFTER, ClockWatch
from kraftd_core.desk.upkeep.scrubbing import ScrubbingVerbs
from kraftd_core.desk.upkeep.status import Status, StatusVerbs
from kraftd_core.people.actor import Actor
from kraftd_core.settings import unknown_settings

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Purged:
    """How much had expired and was removed."""

    workflows: int
    files: int


_SENDING_PAUSE_SECONDS = 60.0
_PURGE_PAUSE_SECONDS = 86_400.0
_DOUBTED_PAUSE_SECONDS = 3_600.0
_DRAIN_SECONDS = 6.0  # whoever stops a container mostly ends it by force after ten


class Desk(BatchVerbs, ReviewingVerbs, DeliveringVerbs, ArchiveVerbs, StatusVerbs, ScrubbingVerbs):
    """Everything a user can do, stage by stage. Every verb names the owner it acts for."""

    @cached_property
    def clock_watch(self) -> ClockWatch:
        """What tells whether the clock can be believed; from the start of the house-keeping on."""
        return ClockWatch(self._now)

    @cached_property
    def house(self) -> HouseKeeping:
        """What sends on what waits and removes what has expired, and how that went."""
        return HouseKeeping([Chore("sending", self._send, self._now), Chore("purging", self._purge, self._now)])

    @cached_property
    def health(self) -> Health:
        """Whether all that it rests on can be used."""
        return Health({**self._checks, "house_keeping": check_of_house(self.house, self._now)})

    async def status(self, actor: Actor) -> Status:
        """How the engines stand, what waits, and what of the settings nobody knows."""
        stands = tuple(engine.stands for engine in self._engines)
        unknown = tuple(unknown_settings())
        return Status(self._since, stands, await self.health.states(), await self.waiting(actor), unknown)

    @property
    def jobs_by_state(self) -> Mapping[str, int]:
        """How many jobs run, and how many of this process have ended which way."""
        return self._jobs.by_state

    async def _send(self) -> float:
        return min(_SENDING_PAUSE_SECONDS, await self._store.send_due())

    async def _purge(self) -> float:
        if (early := FIRST_AFTER - self.clock_watch.up).total_seconds() > 0:
            return early.total_seconds()
        if doubt := await self.clock_doubt():
            log.warning("nothing was purged reason=%s", doubt)
            return _DOUBTED_PAUSE_SECONDS
        await self.purge()
        return _PURGE_PAUSE_SECONDS

    async def clock_doubt(self) -> str:
        """Why nothing should be removed by the clock as it stands, in one sentence; empty where it can be believed."""
        return self.clock_watch.doubt(await self._store.last_work())

    async def purge(self) -> Purged:
        """Removes what has expired by the clock, of all owners: whole workflows with all that is kept of them, and files."""
        now = self._now()
        return Purged(workflows=await self._store.purge(now), files=await self._files.purge(now))

    async def close(self) -> None:
        """Lets what is under way end, then lets go of files and connections; the desk cannot be used after."""
        self.house.stop()
        await self._jobs.drain(_DRAIN_SECONDS)
        await self._extractor.close()
        await self._store.close()
        await self._files.close()
