"""Long work with an id: it tells its steps, can be stopped, and is found again after a reload."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from uuid import uuid4

from kraftd_core.errors import KraftdError, NotFound
from kraftd_core.ports import Progress

log = logging.getLogger(__name__)

_KEPT = 200
"""Finished jobs that are remembered."""

_OUR_FAULT = "Something went wrong on our side; nothing that was recorded is lost. Try again."


@dataclass(frozen=True, slots=True)
class JobView:
    """A job as the page shows it. `result` is the workflow id once it is done, `error` one sentence if it failed."""

    step: str
    steps_done: tuple[str, ...]
    seconds: float
    is_running: bool
    is_cancelled: bool
    result: str | None
    error: str | None


@dataclass(slots=True)
class _Job:
    owner_email: str
    began: float
    steps: list[str] = field(default_factory=list)
    ended: float | None = None
    task: "asyncio.Task[str] | None" = None


class Jobs:
    """The jobs of this process; used on the core's loop only."""

    def __init__(self) -> None:
        self._jobs: dict[str, _Job] = {}

    def start(self, owner_email: str, work: Callable[[Progress], Awaitable[str]]) -> str:
        """Begins the work, whose result is a workflow id; the job's id."""
        self._forget_oldest()
        job_id, job = uuid4().hex, _Job(owner_email, time.monotonic())
        job.task = asyncio.ensure_future(work(job.steps.append))
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
        return JobView(
            step=job.steps[-1] if job.steps else "",
            steps_done=tuple(job.steps[:-1]),
            seconds=(job.ended or time.monotonic()) - job.began,
            is_running=not job.task.done(),
            is_cancelled=is_cancelled,
            result=job.task.result() if is_done and error is None else None,
            error=None if error is None else str(error) if isinstance(error, KraftdError) else _OUR_FAULT,
        )

    def cancel(self, owner_email: str, job_id: str) -> None:
        """Stops the work; what was recorded before stays."""
        job = self._owned(owner_email, job_id)
        if job.task is not None:
            job.task.cancel()

    def _owned(self, owner_email: str, job_id: str) -> _Job:
        job = self._jobs.get(job_id)
        if job is None or job.owner_email != owner_email:
            raise NotFound("This work is not under way any more. Look for the document in the history, or start again.")
        return job

    def _forget_oldest(self) -> None:
        finished = [job_id for job_id, job in self._jobs.items() if job.ended is not None]
        for job_id in finished[: max(0, len(finished) - _KEPT)]:
            del self._jobs[job_id]


def _ended(job: _Job, task: "asyncio.Task[str]") -> None:
    job.ended = time.monotonic()
    error = None if task.cancelled() else task.exception()
    if error is not None and not isinstance(error, KraftdError):
        log.error("job failed at step=%s", job.steps[-1] if job.steps else "", exc_info=error)
