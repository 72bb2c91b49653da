"""What every part of the desk shares: its ports, its jobs, and the workflow with its trail."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakValueDictionary

from kraftd_core.comparing.compare import CompareFiles
from kraftd_core.desk.jobs import CanGoOn, GoingOn, Jobs, JobView, Telling, Way, Work
from kraftd_core.desk.taken_in import Uploads
from kraftd_core.desk.teaching import Teaching
from kraftd_core.desk.upkeep.health import Check
from kraftd_core.document.jsontypes import Data
from kraftd_core.errors import AgentUnavailable, DocumentRefused, ExtractorUnavailable, KraftdError, NotFound, StoreUnavailable
from kraftd_core.people.actor import Actor
from kraftd_core.ports.engines import Engine
from kraftd_core.ports.keeping import Documents, Drafts, Files, LearningChoices, Store, Unfinished
from kraftd_core.ports.making import Pack, Renderers
from kraftd_core.ports.reading import Contents, Extractor, Inspector
from kraftd_core.recording.service import ExportTrackingService, utc_now
from kraftd_core.records.stages import FinalDeliverable, HistoryEntry, InitialSummary, UserModifications
from kraftd_core.settings import Settings
from kraftd_core.thinking.agent import KraftdAIAgent

Act = Callable[[Telling, KraftdAIAgent], Awaitable[str]]
"""What a job does, with the agent that writes for it."""


@dataclass(frozen=True, slots=True)
class Workflow:
    """A workflow as a page sees it: its stages as far as they are recorded, and the trail beside them."""

    stage1: InitialSummary
    stage2: UserModifications | None
    stage3: FinalDeliverable | None
    trail: list[HistoryEntry]

    @property
    def export_workflow_id(self) -> str:
        """The id that names it."""
        return self.stage1.export_workflow_id

    @property
    def latest(self) -> InitialSummary | UserModifications | FinalDeliverable:
        """The youngest record."""
        return self.stage3 or self.stage2 or self.stage1

    @property
    def data(self) -> Data:
        """The data as last recorded."""
        return self.stage2.modified_data if self.stage2 else self.stage1.initial_extracted_data


class DeskBase:
    """The desk's ports and what its stages share.

    `rules` writes where the user goes on without the agent, and what is only looked at; the agent itself if it is left out.
    `reads_here` reads where the user goes on without the chosen reader; None where that one is on this computer itself.
    `checks` try what it rests on; `engines` are those whose calls are told.
    """

    def __init__(
        self,
        settings: Settings,
        tracking: ExportTrackingService,
        store: Store,
        documents: Documents,
        drafts: Drafts,
        learning_choices: LearningChoices,
        unfinished: Unfinished,
        files: Files,
        extractor: Extractor,
        agent: KraftdAIAgent,
        renderers: Renderers,
        inspector: Inspector,
        pack: Pack,
        now: Callable[[], datetime] = utc_now,
        rules: KraftdAIAgent | None = None,
        reads_here: Extractor | None = None,
        compare_files: CompareFiles | None = None,
        checks: Mapping[str, Check] | None = None,
        engines: Sequence[Engine] = (),
    ) -> None:
        self.settings = settings
        self.tracking = tracking
        self._store = store
        self._documents = documents
        self._drafts = drafts
        self._files = files
        self._unfinished = unfinished
        self._extractor = extractor
        self._agent = agent
        self._rules = rules or agent
        self._reads_here = reads_here
        self._compare_files = compare_files or {}
        self._checks = checks or {}
        self._engines = engines
        self._since = now()
        self._renderers = renderers
        self._inspector = inspector
        self._pack = pack
        self._now = now
        self._teaching = Teaching(store, learning_choices, now)
        self._uploads = Uploads(unfinished, files, now, timedelta(days=settings.retention_days))
        self._jobs = Jobs()
        self._producing: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._pages: dict[tuple[str, str, int], bytes | None] = {}
        self._contents: dict[tuple[str, str], Contents | None] = {}

    async def workflow(self, actor: Actor, export_workflow_id: str) -> Workflow:
        """The workflow with its stages and trail; raises NotFound."""
        stages = await self.tracking.get_workflow_stages(export_workflow_id, actor.email)
        if stages["stage1"] is None:
            raise NotFound("There is no such document in your history. It may have expired; upload it again.")
        return Workflow(**stages, trail=await self._store.activities(actor.email, export_workflow_id))

    def _is_model(self, agent: KraftdAIAgent) -> bool:
        """Whether another one than the rules writes: a service, which is paid, and whose words are looked at."""
        return agent.ai_model != self._rules.ai_model

    def _one_at_a_time(self, what: str) -> asyncio.Lock:
        """The lock of what must not be done twice at once; it is gone as soon as nobody holds it or waits for it."""
        return self._producing.setdefault(what, asyncio.Lock())

    async def _note(self, actor: Actor, export_workflow_id: str, action: str, details: str) -> None:
        entry = HistoryEntry(timestamp=self._now(), action=action, details=details, actor=actor.email)
        await self._store.append_activity(actor.email, export_workflow_id, entry)

    def _refuse_by_size(self, content: bytes) -> None:
        limit = self.settings.upload_limit_mb
        if not content:
            raise DocumentRefused("The file is empty. Choose another file.")
        if len(content) > limit * 2**20:
            raise DocumentRefused(f"The file is larger than {limit} MB. Choose a smaller file, or split it.")

    # Jobs

    def _able_to_go_on(
        self,
        act: Act,
        held_bytes: int = 0,
        agent: KraftdAIAgent | None = None,
        read_here: Callable[[KraftdError], Work] | None = None,
    ) -> Work:
        """The act with the agent as work that can be taken up where a service fails: what was done until then is kept.

        `held_bytes` is about how much of a document it holds in memory until then, `read_here` the work without the chosen
        reader.
        """

        async def work(telling: Telling) -> str:
            try:
                return await act(telling, agent or self._agent)
            except (AgentUnavailable, ExtractorUnavailable, StoreUnavailable) as error:
                again = self._able_to_go_on(act, held_bytes, agent, read_here)  # work that held itself would outlive its document
                ways: dict[Way, Work] = {"again": again}
                if isinstance(error, AgentUnavailable):
                    ways["by_rules"] = self._able_to_go_on(act, held_bytes, self._rules, read_here)
                if isinstance(error, ExtractorUnavailable) and read_here is not None:
                    ways["read_here"] = read_here(error)
                raise CanGoOn(str(error), GoingOn(ways, held_bytes), type(error)) from error

        return work

    async def go_on(self, actor: Actor, job_id: str, way: Way = "again") -> str:
        """Takes up a job that a service failed, in one of its ways; the new job's id. Raises NotFound."""
        return self._jobs.take_up(actor.email, job_id, way)

    async def job(self, actor: Actor, job_id: str) -> JobView:
        """How a job stands."""
        return self._jobs.view(actor.email, job_id)

    async def cancel(self, actor: Actor, job_id: str) -> None:
        """Stops a job."""
        self._jobs.cancel(actor.email, job_id)


def forget_oldest(kept: dict[Any, Any], most: int) -> None:
    """Makes room where more is kept in memory than is to be."""
    if len(kept) > most:
        del kept[next(iter(kept))]
