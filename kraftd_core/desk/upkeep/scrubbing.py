"""All that is kept is verified, workflow by workflow: of everybody, so it is for whoever looks after the application."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from kraftd_core.desk.common import DeskBase
from kraftd_core.errors import KraftdError, NotFound, StoreUnavailable
from kraftd_core.records.journal import JournalEntry, flaw_in

_AT_ONCE = 100  # workflows between two notes of the place
_ABOUT, _PLACE = "verify --all", "place"
_KEPT_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Scrubbed:
    """What was found of one thing that is kept: a workflow of an owner, or what `what` names. `flaw` is None where it holds."""

    what: str
    flaw: str | None = None
    owner_email: str = ""
    export_workflow_id: str = ""


class ScrubbingVerbs(DeskBase):
    """What is asked of all that is kept."""

    async def scrub(self) -> AsyncIterator[Scrubbed]:
        """All workflows, journals, rows and files, one after the other. What was broken off goes on where it was, for a week."""
        after = await self._scrubbed_to()
        journals: dict[str, Sequence[JournalEntry] | None] = {}
        while page := await self._store.kept_workflows(after, _AT_ONCE):
            for owner, workflow in page:
                if owner not in journals:
                    journals = {owner: await self._journal_of(owner)}
                yield Scrubbed("workflow", await self._flaw_of(owner, workflow, journals[owner]), owner, workflow)
                after = (owner, workflow)
            until = self._now() + _KEPT_FOR
            await self._unfinished.keep_part("", _ABOUT, _PLACE, json.dumps(after), until)
        for owner in await self._store.journal_owners():
            if journal := await self._journal_of(owner):
                yield Scrubbed("journal", await asyncio.to_thread(flaw_in, journal), owner)
        for flaw in await self._store.damaged_rows():
            yield Scrubbed("table", flaw)
        async for name in self._files.altered():
            yield Scrubbed("file", f"The file {name} was altered since it was kept.")
        await self._unfinished.drop_parts("", _ABOUT)

    async def _scrubbed_to(self) -> tuple[str, str]:
        """The workflow up to which an earlier call came."""
        kept = await self._unfinished.part("", _ABOUT, _PLACE)
        owner, workflow = json.loads(kept) if kept else ("", "")
        return owner, workflow

    async def _journal_of(self, owner: str) -> Sequence[JournalEntry] | None:
        """The journal; None where the store that keeps it cannot be reached."""
        try:
            return await self._store.journal(owner)
        except StoreUnavailable:
            return None

    async def _flaw_of(self, owner: str, workflow: str, journal: Sequence[JournalEntry] | None) -> str | None:
        try:
            verdict = await self.tracking.verified(workflow, owner, journal)
            return None if verdict.holds else verdict.sentence
        except NotFound:  # nothing can be read of it: it has expired, or something is left of what was taken away
            return (await self._store.held_against(owner, workflow)).flaw
        except KraftdError as error:
            return str(error)
