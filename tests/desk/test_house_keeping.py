import asyncio
import logging
import sqlite3

import pytest
from fakes import Clock, make_desk

from kraftd_core.desk.upkeep.house_keeping import Chore, HouseKeeping
from kraftd_core.errors import StoreUnavailable

UNFORESEEN = [OSError(28, "No space left"), KeyError("record_hash"), TypeError(), sqlite3.DatabaseError(), StoreUnavailable("x")]


@pytest.fixture
def clock():
    return Clock()


def work_that(*outcomes):
    """Work that ends in each of these ways, one after the other; the last one again and again."""
    left = list(outcomes)

    async def work():
        outcome = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return work


@pytest.mark.parametrize("error", UNFORESEEN, ids=lambda error: type(error).__name__)
async def test_whatever_is_raised_the_next_run_comes(clock, error):
    chore = Chore("sending", work_that(error, 60.0), clock)
    assert await chore.run_once() > 0
    assert not chore.last_run.went_well
    assert await chore.run_once() == 60.0
    assert chore.last_run.went_well


async def test_a_failure_is_logged_with_its_trace_once_and_another_one_again(clock, caplog):
    chore = Chore("purging", work_that(KeyError("a"), KeyError("a"), OSError(), 1.0, KeyError("a")), clock)
    for _ in range(5):
        await chore.run_once()
    assert [bool(record.exc_info) for record in caplog.records] == [True, False, True, True]


async def test_the_pause_grows_while_it_fails_and_ends_with_the_failure(clock, caplog):
    caplog.set_level(logging.CRITICAL)
    chore = Chore("purging", work_that(*[OSError()] * 40, 7.0), clock)
    pauses = [await chore.run_once() for _ in range(41)]
    assert pauses[:3] == [5.0, 10.0, 20.0]
    assert max(pauses) == pauses[39] == 300.0
    assert pauses[40] == 7.0


async def test_it_says_when_it_last_ran_and_how_and_when_it_is_to_run_again(clock):
    chore = Chore("sending", work_that(60.0, OSError()), clock)
    assert (chore.last_run.ended, chore.last_run.went_well) == (None, True)
    await chore.run_once()
    first = clock.now
    assert (chore.last_run.ended, chore.last_run.went_well) == (first, True)
    clock.forward(seconds=60)
    await chore.run_once()
    assert (chore.last_run.ended, chore.last_run.went_well) == (clock.now, False)
    assert (chore.last_run.due - clock.now).total_seconds() == 5


@pytest.mark.parametrize(("minutes", "is_alive"), [(1, True), (10.9, True), (11.1, False), (600, False)])
async def test_a_chore_that_is_long_behind_its_time_counts_as_stopped(clock, minutes, is_alive):
    chore = Chore("sending", work_that(60.0), clock)
    await chore.run_once()
    clock.forward(minutes=minutes)
    assert chore.last_run.is_alive(clock.now) is is_alive


async def test_a_chore_that_hangs_in_its_first_run_counts_as_stopped_too(clock):
    chore = Chore("sending", asyncio.Event().wait, clock)
    running = asyncio.ensure_future(chore.keep_up())
    await asyncio.sleep(0)
    clock.forward(minutes=11)
    assert not chore.last_run.is_alive(clock.now)
    running.cancel()


async def test_one_chore_fails_and_the_other_goes_on(clock, caplog):
    ran = asyncio.Event()

    async def purge():
        ran.set()
        return 60.0

    house = HouseKeeping([Chore("sending", work_that(KeyError()), clock), Chore("purging", purge, clock)])
    keeping = asyncio.ensure_future(house.keep_up())
    await ran.wait()
    assert not keeping.done()
    keeping.cancel()


async def test_it_ends_before_what_it_works_on_is_closed(tmp_path, clock, caplog):
    desk = make_desk(tmp_path, clock)
    keeping = asyncio.ensure_future(desk.house.keep_up())
    while any(run.ended is None for run in desk.house.last_runs):
        await asyncio.sleep(0.001)
    await desk.close()
    await keeping
    assert caplog.records == []


async def test_the_desk_purges_though_sending_breaks(tmp_path, clock, monkeypatch):
    desk = make_desk(tmp_path, clock)
    monkeypatch.setattr(desk._store, "send_due", work_that(KeyError("id")))
    keeping = asyncio.ensure_future(desk.house.keep_up())
    while any(run.ended is None for run in desk.house.last_runs):
        await asyncio.sleep(0.001)
    assert {run.chore: run.went_well for run in desk.house.last_runs} == {"sending": False, "purging": True}
    keeping.cancel()
    await desk.close()
