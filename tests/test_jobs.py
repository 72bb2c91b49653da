import asyncio

import pytest

from kraftd_core.errors import DocumentRefused, NotFound
from kraftd_core.jobs import Jobs

OWNER = "ann@example.com"


async def finished(jobs, job_id):
    while jobs.view(OWNER, job_id).is_running:
        await asyncio.sleep(0)
    await asyncio.sleep(0)
    return jobs.view(OWNER, job_id)


async def test_a_job_tells_its_steps_and_its_result():
    jobs, gate = Jobs(), asyncio.Event()

    async def work(progress):
        progress("Reading")
        progress("Recording")
        await gate.wait()
        return "w1"

    job_id = jobs.start(OWNER, work)
    await asyncio.sleep(0)
    view = jobs.view(OWNER, job_id)
    assert (view.is_running, view.steps_done, view.step) == (True, ("Reading",), "Recording")
    gate.set()
    view = await finished(jobs, job_id)
    assert (view.is_running, view.result, view.error) == (False, "w1", None)


async def test_a_refusal_is_told_as_it_is_and_a_fault_of_ours_without_its_inside(caplog):
    async def refuse(progress):
        raise DocumentRefused("The file is empty.")

    async def fail(progress):
        raise ValueError("secret inside")

    jobs = Jobs()
    assert (await finished(jobs, jobs.start(OWNER, refuse))).error == "The file is empty."
    view = await finished(jobs, jobs.start(OWNER, fail))
    assert "our side" in view.error
    assert "secret" not in view.error
    assert len([r for r in caplog.records if r.exc_info]) == 1


async def test_a_cancelled_job_stops_its_work():
    stopped = []

    async def work(progress):
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            stopped.append(True)
            raise

    jobs = Jobs()
    job_id = jobs.start(OWNER, work)
    await asyncio.sleep(0)
    jobs.cancel(OWNER, job_id)
    view = await finished(jobs, job_id)
    assert (view.is_cancelled, view.result, view.error) == (True, None, None)
    assert stopped == [True]


async def test_another_owner_neither_sees_nor_stops_a_job():
    async def work(progress):
        return "w1"

    jobs = Jobs()
    job_id = jobs.start(OWNER, work)
    with pytest.raises(NotFound):
        jobs.view("eve@example.com", job_id)
    with pytest.raises(NotFound):
        jobs.cancel("eve@example.com", job_id)
