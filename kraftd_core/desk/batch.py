"""Many documents at once: each is kept, then read when its turn comes, and all are found again while the process lives."""

import asyncio
from collections.abc import Mapping
from functools import cached_property
from weakref import WeakValueDictionary

from kraftd_core.desk.jobs import AsksFirst, JobView, Telling, Work
from kraftd_core.desk.stage1_summary import ReadingVerbs, untold
from kraftd_core.desk.taken_in import TakenIn
from kraftd_core.document.filenames import clean_name
from kraftd_core.errors import DocumentRefused, KraftdError
from kraftd_core.people.actor import Actor
from kraftd_core.recording.stage1_summary import same_file_told

_AT_ONCE = 2
"""Documents of one owner's batch that are worked on at the same time: the others wait, and so does nobody else."""


class BatchVerbs(ReadingVerbs):
    """From many uploads to as many jobs."""

    async def add_to_batch(self, actor: Actor, name: str, content: bytes, document_type: str | None = None) -> str:
        """Keeps a document and has it read after those before it; the job's id.

        What is refused is a job, too, which failed: so the owner finds it beside the others. The job asks first where the owner
        had the same file before, or turns out to have the same supplier and number.
        """
        name = clean_name(name)
        try:
            upload = await self._taken_in(actor, name, content, document_type, untold)
            if self._jobs.running(actor.email, upload.document_id):
                raise DocumentRefused("The same file is being read already, under another name or from another page.")
        except KraftdError as error:
            return self._jobs.start(actor.email, _failing(error), about=name, in_batch=True)
        return self._start_in_turn(actor, upload, asks_first=True)

    async def go_on_with_all(self, actor: Actor) -> None:
        """Goes on with all documents that wait and on which nothing works, one after the other."""
        for upload in reversed(await self.uploads(actor)):
            if upload.job_id is None:
                self._start_in_turn(actor, upload, asks_first=False)

    async def batch(self, actor: Actor) -> Mapping[str, JobView]:
        """How the owner's jobs of batches stand, by their ids, in the order of their start."""
        return {job_id: self._jobs.view(actor.email, job_id) for job_id in self._jobs.batch(actor.email)}

    async def stop_batch(self, actor: Actor) -> None:
        """Stops those that have not ended; what was done so far is kept."""
        for job_id in self._jobs.batch(actor.email):
            self._jobs.cancel(actor.email, job_id)

    async def leave_out(self, actor: Actor, job_id: str) -> None:
        """Lets go of a job that has ended, and of what is kept of its document beside the records. Raises NotFound."""
        document_id = self._jobs.view(actor.email, job_id).key
        if document_id:
            await self.drop_upload(actor, document_id)
        self._jobs.let_go(actor.email, job_id)

    async def clear_batch(self, actor: Actor) -> None:
        """Lets go of the jobs that have ended; what they recorded or kept stays."""
        self._jobs.clear_batch(actor.email)

    def _start_in_turn(self, actor: Actor, upload: TakenIn, *, asks_first: bool) -> str:
        work = self._work_on(actor, upload, asks_first=True)

        async def ask(telling: Telling) -> str:
            earlier = await self.tracking.same_document(actor.email, upload.document_id) if asks_first else None
            if earlier:
                raise AsksFirst(same_file_told(earlier), earlier, self._in_turn(actor, work))
            return await work(telling)

        in_turn = self._in_turn(actor, ask)
        return self._jobs.start(actor.email, in_turn, about=upload.name, key=upload.document_id, in_batch=True)

    def _in_turn(self, actor: Actor, work: Work) -> Work:
        async def wait(telling: Telling) -> str:
            telling("Waiting for its turn")
            async with self._turns.setdefault(actor.email, asyncio.Semaphore(_AT_ONCE)):
                return await work(telling)

        return wait

    @cached_property
    def _turns(self) -> "WeakValueDictionary[str, asyncio.Semaphore]":
        """The turns of each owner who has a batch under way."""
        return WeakValueDictionary()


def _failing(error: KraftdError) -> Work:
    async def fail(_: Telling) -> str:
        raise error

    return fail
