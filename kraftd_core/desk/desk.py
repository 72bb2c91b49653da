"""The verbs that pages, routes and the command line call: one face of the core."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import timedelta

from kraftd_core.desk.archive import Records
from kraftd_core.desk.stage1_summary import Reading
from kraftd_core.desk.stage2_modifications import Reviewing
from kraftd_core.desk.stage3_deliverable import Delivering
from kraftd_core.errors import KraftdError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Purged:
    """How much had expired and was removed."""

    workflows: int
    files: int


_HOUSE_PAUSE_SECONDS = 60.0


class Desk(Reading, Reviewing, Delivering, Records):
    """Everything a user can do, stage by stage. Every verb names the owner it acts for."""

    async def keep_house(self) -> None:
        """Sends on what waits and removes what has expired, for as long as the process lives."""
        next_purge = self._now()
        while True:
            pause = _HOUSE_PAUSE_SECONDS
            try:
                pause = min(pause, await self._store.send_due())
                if self._now() >= next_purge:
                    await self.purge()
                    next_purge = self._now() + timedelta(days=1)
            except KraftdError as error:
                log.warning("house-keeping was put off: %s", type(error).__name__)
            await asyncio.sleep(pause)

    async def purge(self) -> Purged:
        """Removes what has expired, of all owners: whole workflows with all that is kept of them, and files."""
        now = self._now()
        return Purged(workflows=await self._store.purge(now), files=await self._files.purge(now))

    async def close(self) -> None:
        """Lets go of files and connections; the desk cannot be used after."""
        await self._extractor.close()
        await self._store.close()
        await self._files.close()
