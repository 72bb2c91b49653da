"""How the engines stand, and what the chosen store has not confirmed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from kraftd_core.desk.common import DeskBase
from kraftd_core.desk.upkeep.health import State
from kraftd_core.desk.upkeep.unconfirmed import MISSING, NOT_TAKEN, OTHER_CONTENT, following_said, reason_said
from kraftd_core.people.actor import Actor
from kraftd_core.ports.engines import EngineStands
from kraftd_core.ports.keeping import Waiting


@dataclass(frozen=True, slots=True)
class Status:
    """What whoever looks after the application asks first. `since` is when this process began to count."""

    since: datetime
    engines: tuple[EngineStands, ...]
    checks: Mapping[str, State]
    waiting: Waiting
    unknown_settings: tuple[str, ...]


class StatusVerbs(DeskBase):
    """What is asked of how it all stands."""

    async def waiting(self, actor: Actor) -> Waiting:
        """What of the owner's records the chosen store has not confirmed yet."""
        return await self._store.waiting(actor.email)

    async def unconfirmed(self, actor: Actor, export_workflow_id: str) -> str | None:
        """Why the chosen store has not taken in all that is recorded of the workflow; None where it has."""
        waiting = await self.waiting(actor)
        if waiting.is_confirmed(export_workflow_id):
            return None
        of_it = ((OTHER_CONTENT, waiting.quarantined), (NOT_TAKEN, waiting.rejected), (MISSING, waiting.missing))
        following = f"{following_said(waiting)} {reason_said(waiting)}".strip()
        return next((said for said, ids in of_it if export_workflow_id in ids), following)

    async def send_again(self, actor: Actor) -> int:
        """Hands the owner's workflows that are missing in the chosen store to it again; how many."""
        return await self._store.send_again(actor.email)

    async def send_waiting(self) -> None:
        """Tries at once to send on what waits."""
        await self._store.send_due()
