"""Long work with an id: it tells its steps, can be stopped, is found again after a reload, and taken up where it failed."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextvars import copy_context
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Literal
from uuid import uuid4

from kraftd_core.errors import KraftdError, NotFound, ReadingTooSlow
from kraftd_core.ports.keeping import WorkflowLine
from kraftd_core.ports.reading import ASKED_BY

log = logging.getLogger(__name__)

_KEPT = 200
"""Finished jobs that are remembered."""

_KEPT_TO_GO_ON, _KEPT_TO_GO_ON_BYTES = 8, 64 * 2**20
"""Failed jobs whose continuation is remembered, and what they may hold together: each may hold a whole document."""

_LARGEST_UPLOAD = 25 * 2**20  # what work that is begun anew holds at most, mostly

_NOT_UNDER_WAY = "This work is not under way any more. Look for the document in the history, or start again."
_OUR_FAULT = "Something went wrong on our side; nothing that was recorded is lost. Try again."


class Telling:
    """What work tells of itself while it goes on: called with each step that begins, and the text that is being written."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self.text = ""

    def __call__(self, step: str) -> None:
        self.steps.append(step)
        self.text = ""

    def hear(self, text: str) -> None:
        """The text of this step, as far as it has come."""
        self.text = text


Work = Callable[[Telling], Awaitable[str]]
"""Its result is the id of what was made."""

Makes = Literal["workflow", "document", "text", "plan"]
Way = Literal["again", "by_rules", "read_here"]
"""How failed work is gone on with: the same once more, the text by rules, or the document read on this computer."""


@dataclass(frozen=True, slots=True)
class GoingOn:
    """The ways in which failed work can be taken up, and about how much of a document they hold in memory."""

    ways: Mapping[Way, Work]
    held_bytes: int = 0


class CanGoOn(KraftdError):
    """The work failed as `failed_with` says, but what was done so far is kept."""

    def __init__(self, sentence: str, going_on: GoingOn, failed_with: type[KraftdError] | None = None) -> None:
        super().__init__(sentence)
        self.going_on = going_on
        self.failed_with = failed_with or type(self)


class AsksFirst(CanGoOn):
    """The work is not done before somebody says so: the owner had what it is about in an earlier workflow."""

    def __init__(self, sentence: str, earlier: WorkflowLine, go_on: Work, held_bytes: int = 0) -> None:
        super().__init__(sentence, GoingOn({"again": go_on}, held_bytes))
        self.earlier = earlier


@dataclass(frozen=True, slots=True)
class JobView:
    """A job as the page shows it. `result` is the id of what it makes once it is done, `error` one sentence if it failed,
    `failed_with` the kind of that error.

    `text` is what is being written, as far as it has come; `ways_on` are those in which failed work can be taken up, `about`
    is the name of the document, `key` what it was started under. `earlier` is the workflow because of which the work asks
    first whether it shall go on.
    """

    step: str
    steps_done: tuple[str, ...]
    seconds: float
    is_running: bool
    is_cancelled: bool
    result: str | None
    error: str | None
    text: str = ""
    ways_on: tuple[Way, ...] = ()
    makes: Makes = "workflow"
    failed_with: type[BaseException] | None = None
    earlier: WorkflowLine | None = None
    about: str = ""
    key: str = ""

    @property
    def can_go_on(self) -> bool:
        """Whether failed work can be taken up."""
        return bool(self.ways_on)


@dataclass(slots=True)
class _Job:
    """What is kept of a job. Its task goes with its end: an exception holds the frames, and they hold the document."""

    owner_email: str
    began: float
    makes: Makes
    about: str
    key: str
    in_batch: bool
    telling: Telling = field(default_factory=Telling)
    task: "asyncio.Task[str] | None" = None
    ended: float | None = None
    is_cancelled: bool = False
    result: str | None = None
    error: str | None = None
    failed_with: type[BaseException] | None = None
    earlier: WorkflowLine | None = None
    going_on: GoingOn | None = None


class Jobs:
    """The jobs of this process; used on the core's loop only."""

    def __init__(self) -> None:
        self._jobs: dict[str, _Job] = {}
        self._ends: Counter[str] = Counter()

    @property
    def by_state(self) -> Mapping[str, int]:
        """How many are running, and how many have ended which way since the process began; a fault is ours."""
        ends = {state: self._ends[state] for state in ("done", "failed", "fault", "cancelled")}
        return {"running": sum(job.ended is None for job in self._jobs.values()), **ends}

    def start(
        self, owner_email: str, work: Work, makes: Makes = "workflow", about: str = "", key: str = "", *, in_batch: bool = False
    ) -> str:
        """Begins the work; the job's id. `about` is the name of the document, `key` that under which the job is found again."""
        job_id, job = uuid4().hex, _Job(owner_email, time.monotonic(), makes, about, key, in_batch)
        context = copy_context()
        context.run(ASKED_BY.set, owner_email)
        job.task = context.run(asyncio.ensure_future, work(job.telling))
        job.task.add_done_callback(lambda task: self._ended(job, task, work))
        self._jobs[job_id] = job
        return job_id

    def view(self, owner_email: str, job_id: str) -> JobView:
        """How the job stands; raises NotFound for another's or a forgotten job."""
        job = self._owned(owner_email, job_id)
        steps = job.telling.steps
        return JobView(
            step=steps[-1] if steps else "",
            steps_done=tuple(steps[:-1]),
            seconds=(job.ended or time.monotonic()) - job.began,
            is_running=job.ended is None,
            is_cancelled=job.is_cancelled,
            result=job.result,
            error=job.error,
            text=job.telling.text,
            ways_on=tuple(job.going_on.ways) if job.going_on else (),
            makes=job.makes,
            failed_with=job.failed_with,
            earlier=job.earlier,
            about=job.about,
            key=job.key,
        )

    def batch(self, owner_email: str) -> list[str]:
        """The ids of the jobs that the owner started together with others and has not let go of, in the order of their start."""
        return [job_id for job_id, job in self._jobs.items() if job.in_batch and job.owner_email == owner_email]

    def clear_batch(self, owner_email: str) -> None:
        """Lets go of those that have ended."""
        for job_id in self.batch(owner_email):
            self.let_go(owner_email, job_id)

    def let_go(self, owner_email: str, job_id: str) -> None:
        """Forgets a job that has ended; raises NotFound."""
        if self._owned(owner_email, job_id).ended is not None:
            del self._jobs[job_id]

    def running(self, owner_email: str, key: str) -> str | None:
        """The id of the owner's job under this key that has not ended."""
        found = (i for i, job in self._jobs.items() if (job.owner_email, job.key) == (owner_email, key) and job.ended is None)
        return next(found, None)

    def take_up(self, owner_email: str, job_id: str, way: Way) -> str:
        """Goes on with failed work where it failed, once; the new job's id. Raises NotFound where it cannot be taken up so."""
        job = self._owned(owner_email, job_id)
        if job.going_on is None or way not in job.going_on.ways:
            raise NotFound(_NOT_UNDER_WAY)
        del self._jobs[job_id]
        return self.start(owner_email, job.going_on.ways[way], job.makes, job.about, job.key, in_batch=job.in_batch)

    def cancel(self, owner_email: str, job_id: str) -> None:
        """Stops the work; what was recorded before stays."""
        job = self._owned(owner_email, job_id)
        if job.task is not None:
            job.task.cancel()

    async def drain(self, seconds: float) -> None:
        """Lets what is under way end, at most so long; then stops it. What it had kept until then is gone on with later."""
        tasks = {job.task for job in self._jobs.values() if job.task is not None}
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _owned(self, owner_email: str, job_id: str) -> _Job:
        job = self._jobs.get(job_id)
        if job is None or job.owner_email != owner_email:
            raise NotFound(_NOT_UNDER_WAY)
        return job

    def _ended(self, job: _Job, task: "asyncio.Task[str]", work: Work) -> None:
        job.task, job.ended, job.telling.text = None, time.monotonic(), ""
        if task.cancelled():
            job.is_cancelled, end = True, "cancelled"
        elif (error := task.exception()) is None:
            job.result, end = task.result(), "done"
        elif isinstance(error, KraftdError):
            job.error, job.failed_with, end = str(error), type(error), "failed"
            if error.plainly != job.error:  # a setting has to be looked at, by somebody who reads this
                log.warning("job failed at step=%s: %s", job.telling.steps[-1] if job.telling.steps else "", error)
            if isinstance(error, CanGoOn):
                job.going_on, job.failed_with = error.going_on, error.failed_with
            if isinstance(error, ReadingTooSlow):
                job.going_on = GoingOn({"again": work}, held_bytes=_LARGEST_UPLOAD)
            job.earlier = error.earlier if isinstance(error, AsksFirst) else None
        else:
            job.error, job.failed_with, end = _OUR_FAULT, type(error), "fault"
            log.error("job failed at step=%s", job.telling.steps[-1] if job.telling.steps else "", exc_info=error)
        self._ends[end] += 1
        self._forget_oldest()

    def _forget_oldest(self) -> None:
        finished = [job_id for job_id, job in self._jobs.items() if job.ended is not None]
        for job_id in {*finished[: max(0, len(finished) - _KEPT)], *self._too_much_to_go_on(finished)}:
            del self._jobs[job_id]

    def _too_much_to_go_on(self, finished: list[str]) -> list[str]:
        """The failed jobs that are too many or too large to be taken up beside the younger ones; never the youngest."""
        holding = [(i, held) for i in reversed(finished) if (held := self._jobs[i].going_on) and held.held_bytes]
        sums = accumulate(going_on.held_bytes for _, going_on in holding)
        return [
            job_id
            for place, ((job_id, _), total) in enumerate(zip(holding, sums, strict=True))
            if place >= _KEPT_TO_GO_ON or (place and total > _KEPT_TO_GO_ON_BYTES)
        ]
