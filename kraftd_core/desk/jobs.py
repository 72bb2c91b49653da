"""Long work with an id: it tells its steps, can be stopped, is found again after a reload, and taken up where it failed."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal
from uuid import uuid4

from kraftd_core.errors import KraftdError, NotFound
from kraftd_core.ports.keeping import WorkflowLine

log = logging.getLogger(__name__)

_KEPT = 200
"""Finished jobs that are remembered."""

_KEPT_TO_GO_ON = 8
"""Failed jobs whose continuation is remembered: each may hold a whole document."""

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

Makes = Literal["workflow", "document"]


class CanGoOn(KraftdError):
    """The work failed, but what was done so far is kept: the same step again, or by rules."""

    def __init__(self, sentence: str, again: Work, by_rules: Work) -> None:
        super().__init__(sentence)
        self.again = again
        self.by_rules = by_rules


class AsksFirst(CanGoOn):
    """The work is not done before somebody says so: the owner had what it is about in an earlier workflow."""

    def __init__(self, sentence: str, earlier: WorkflowLine, go_on: Work) -> None:
        super().__init__(sentence, go_on, go_on)
        self.earlier = earlier


@dataclass(frozen=True, slots=True)
class JobView:
    """A job as the page shows it. `result` is the id of what it makes once it is done, `error` one sentence if it failed,
    `failed_with` the kind of that error.

    `text` is what is being written, as far as it has come; `can_go_on` says that failed work can be taken up. `earlier` is
    the workflow because of which the work asks first whether it shall go on.
    """

    step: str
    steps_done: tuple[str, ...]
    seconds: float
    is_running: bool
    is_cancelled: bool
    result: str | None
    error: str | None
    text: str = ""
    can_go_on: bool = False
    makes: Makes = "workflow"
    failed_with: type[BaseException] | None = None
    earlier: WorkflowLine | None = None


@dataclass(slots=True)
class _Job:
    owner_email: str
    began: float
    makes: Makes
    telling: Telling = field(default_factory=Telling)
    ended: float | None = None
    task: "asyncio.Task[str] | None" = None


class Jobs:
    """The jobs of this process; used on the core's loop only."""

    def __init__(self) -> None:
        self._jobs: dict[str, _Job] = {}

    def start(self, owner_email: str, work: Work, makes: Makes = "workflow") -> str:
        """Begins the work; the job's id."""
        self._forget_oldest()
        job_id, job = uuid4().hex, _Job(owner_email, time.monotonic(), makes)
        job.task = asyncio.ensure_future(work(job.telling))
        job.task.add_done_callback(lambda task: _ended(job, task))
        self._jobs[job_id] = job
        return job_id

    def view(self, owner_email: str, job_id: str) -> JobView:
        """How the job stands; raises NotFound for another's or a forgotten job."""
        job = self._owned(owner_email, job_id)
        assert job.task is not None  # noqa: S101  start() sets it before anyone knows the id
        is_cancelled = job.task.done() and job.task.cancelled()
        is_done = job.task.done() and not is_cancelled
        error = job.task.exception() if is_done else None
        steps = job.telling.steps
        return JobView(
            step=steps[-1] if steps else "",
            steps_done=tuple(steps[:-1]),
            seconds=(job.ended or time.monotonic()) - job.began,
            is_running=not job.task.done(),
            is_cancelled=is_cancelled,
            result=job.task.result() if is_done and error is None else None,
            error=None if error is None else str(error) if isinstance(error, KraftdError) else _OUR_FAULT,
            text=job.telling.text,
            can_go_on=isinstance(error, CanGoOn),
            makes=job.makes,
            failed_with=type(error) if error else None,
            earlier=error.earlier if isinstance(error, AsksFirst) else None,
        )

    def take_up(self, owner_email: str, job_id: str, *, by_rules: bool) -> str:
        """Goes on with failed work where it failed, once; the new job's id. Raises NotFound where nothing can be taken up."""
        job = self._owned(owner_email, job_id)
        failure = _continuation(job)
        if failure is None:
            raise NotFound(_NOT_UNDER_WAY)
        del self._jobs[job_id]
        return self.start(owner_email, failure.by_rules if by_rules else failure.again, job.makes)

    def cancel(self, owner_email: str, job_id: str) -> None:
        """Stops the work; what was recorded before stays."""
        job = self._owned(owner_email, job_id)
        if job.task is not None:
            job.task.cancel()

    def _owned(self, owner_email: str, job_id: str) -> _Job:
        job = self._jobs.get(job_id)
        if job is None or job.owner_email != owner_email:
            raise NotFound(_NOT_UNDER_WAY)
        return job

    def _forget_oldest(self) -> None:
        finished = [job_id for job_id, job in self._jobs.items() if job.ended is not None]
        failed = [job_id for job_id in finished if _continuation(self._jobs[job_id])]
        for job_id in {*finished[: max(0, len(finished) - _KEPT)], *failed[: max(0, len(failed) - _KEPT_TO_GO_ON)]}:
            del self._jobs[job_id]


def _continuation(job: _Job) -> CanGoOn | None:
    if job.task is None or not job.task.done() or job.task.cancelled():
        return None
    error = job.task.exception()
    return error if isinstance(error, CanGoOn) else None


def _ended(job: _Job, task: "asyncio.Task[str]") -> None:
    job.ended = time.monotonic()
    error = None if task.cancelled() else task.exception()
    if error is not None and not isinstance(error, KraftdError):
        log.error("job failed at step=%s", job.telling.steps[-1] if job.telling.steps else "", exc_info=error)
