import asyncio
import gc
import logging
import weakref

import pytest

from kraftd_core.desk.jobs import CanGoOn, GoingOn, Jobs
from kraftd_core.errors import DocumentRefused, NotFound, ReadingTooSlow
from kraftd_core.ports.reading import ASKED_BY

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


async def test_reading_that_took_too_long_can_be_tried_again_but_not_by_rules():
    tries = []

    async def read(progress):
        tries.append(ASKED_BY.get())
        if len(tries) == 1:
            raise ReadingTooSlow("It takes too long.")
        return "w1"

    jobs = Jobs()
    job_id = jobs.start(OWNER, read)
    view = await finished(jobs, job_id)
    assert (view.error, view.ways_on) == ("It takes too long.", ("again",))
    again = await finished(jobs, jobs.take_up(OWNER, job_id, "again"))
    assert (again.result, tries) == ("w1", [OWNER, OWNER])


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


async def test_a_job_tells_what_it_is_writing_until_the_next_step_begins():
    jobs, gate = Jobs(), asyncio.Event()

    async def work(telling):
        telling("Writing")
        telling.hear("This is an inv")
        await gate.wait()
        telling("Recording")
        return "w1"

    job_id = jobs.start(OWNER, work)
    await asyncio.sleep(0)
    assert jobs.view(OWNER, job_id).text == "This is an inv"
    gate.set()
    assert (await finished(jobs, job_id)).text == ""


async def failing(telling):
    async def again(telling):
        telling("Once more")
        return "w1"

    async def by_rules(telling):
        return "by rules"

    raise CanGoOn("The service is away.", GoingOn({"again": again, "by_rules": by_rules}))


@pytest.mark.parametrize(("way", "result"), [("again", "w1"), ("by_rules", "by rules")])
async def test_failed_work_is_taken_up_where_it_failed_once(way, result):
    jobs = Jobs()
    job_id = jobs.start(OWNER, failing)
    view = await finished(jobs, job_id)
    assert (view.error, view.ways_on) == ("The service is away.", ("again", "by_rules"))
    second = jobs.take_up(OWNER, job_id, way)
    assert (await finished(jobs, second)).result == result
    with pytest.raises(NotFound):
        jobs.take_up(OWNER, job_id, way)


async def test_only_the_owner_takes_up_and_only_work_that_can_go_on():
    async def refuse(telling):
        raise DocumentRefused("The file is empty.")

    jobs = Jobs()
    failed, refused = jobs.start(OWNER, failing), jobs.start(OWNER, refuse)
    assert not (await finished(jobs, refused)).can_go_on
    for owner, job_id in (("eve@example.com", failed), (OWNER, refused)):
        with pytest.raises(NotFound):
            jobs.take_up(owner, job_id, "by_rules")


async def test_of_failed_work_that_holds_documents_only_the_youngest_is_kept():
    jobs = Jobs()
    light = [jobs.start(OWNER, failing) for _ in range(30)]
    failed = [jobs.start(OWNER, failing_with(1)) for _ in range(10)]
    await finished(jobs, failed[-1])
    assert all(jobs.view(OWNER, job_id).can_go_on for job_id in light)
    with pytest.raises(NotFound):
        jobs.view(OWNER, failed[1])
    assert jobs.view(OWNER, failed[2]).can_go_on


async def test_a_job_says_what_it_makes_and_with_which_error_it_failed():
    async def good(telling):
        return "d1"

    async def bad(telling):
        raise DocumentRefused("The file is damaged. Choose another one.")

    jobs = Jobs()
    ids = [jobs.start(OWNER, good), jobs.start(OWNER, good, makes="document"), jobs.start(OWNER, bad, makes="document")]
    views = [await finished(jobs, job_id) for job_id in ids]
    assert [view.makes for view in views] == ["workflow", "document", "document"]
    assert [view.failed_with for view in views] == [None, None, DocumentRefused]
# What is left of a job in memory


class Document:
    """What work holds; it can be seen whether anything still does."""


async def refuses(telling, document):
    raise DocumentRefused("The file is empty.")


async def fails(telling, document):
    raise ValueError("our fault")


async def is_stopped(telling, document):
    raise asyncio.CancelledError


async def ends_well(telling, document):
    return "w1"


@pytest.mark.slow
@pytest.mark.parametrize("act", [refuses, fails, is_stopped, ends_well])
async def test_an_ended_job_holds_nothing_of_what_it_worked_on(act, caplog):
    caplog.set_level(logging.CRITICAL, "kraftd_core.desk.jobs")  # a log that keeps exceptions keeps what they hold
    document = Document()
    left = weakref.ref(document)

    def work_on(document):
        return lambda telling: act(telling, document)

    jobs = Jobs()
    job_id = jobs.start(OWNER, work_on(document))
    await finished(jobs, job_id)
    del document
    gc.collect()
    assert left() is None
    assert not jobs.view(OWNER, job_id).is_running


def failing_with(held_bytes):
    async def work(telling):
        telling.hear("This is an inv")
        raise CanGoOn("The service is away.", GoingOn({"again": work}, held_bytes))

    return work


async def test_what_failed_work_holds_to_go_on_is_bounded_together_and_the_youngest_always_stays():
    jobs = Jobs()
    megabytes = [30, 30, 30, 100]
    kept = []
    for size in megabytes:
        job_id = jobs.start(OWNER, failing_with(size * 2**20))
        await finished(jobs, job_id)
        kept.append(job_id)
        if size == 30 and len(kept) == 3:
            with pytest.raises(NotFound):
                jobs.view(OWNER, kept[0])
            assert jobs.view(OWNER, kept[1]).can_go_on
    with pytest.raises(NotFound):
        jobs.view(OWNER, kept[2])
    assert jobs.view(OWNER, kept[3]).can_go_on


async def test_the_text_that_was_being_written_goes_with_the_end():
    jobs = Jobs()
    assert (await finished(jobs, jobs.start(OWNER, failing_with(0)))).text == ""


async def test_what_is_under_way_ends_before_the_application_does_and_what_takes_too_long_is_stopped():
    jobs, may_end = Jobs(), asyncio.Event()

    async def short(telling):
        await may_end.wait()
        return "done"

    async def endless(telling):
        await asyncio.Event().wait()

    quick, stuck = jobs.start(OWNER, short), jobs.start(OWNER, endless)
    asyncio.get_running_loop().call_soon(may_end.set)
    await jobs.drain(0.05)
    assert (jobs.view(OWNER, quick).result, jobs.view(OWNER, stuck).is_cancelled) == ("done", True)
    await jobs.drain(0.05)  # nothing is under way: it waits for nothing
