import asyncio
from datetime import timedelta

import pytest
from fakes import ACTOR, Clock, make_desk

from kraftd_core.__main__ import main
from kraftd_core.desk.purging import ClockWatch

DAY = timedelta(days=1)


class Steady:
    """The seconds that went by, whatever the clock was set to."""

    def __init__(self):
        self.seconds = 1_000.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def steady():
    return Steady()


@pytest.fixture
def goes_by(clock, steady):
    def both(**span):
        clock.forward(**span)
        steady.seconds += timedelta(**span).total_seconds()

    return both


@pytest.fixture
def watch(clock, steady):
    return ClockWatch(clock, steady)


@pytest.mark.parametrize("span", [{"seconds": 2}, {"hours": 23}, {"days": 6}])
def test_time_that_went_by_is_no_doubt(watch, clock, goes_by, span):
    last_work = clock()
    goes_by(**span)
    assert watch.doubt(last_work) == ""


@pytest.mark.parametrize(("days", "way"), [(31, "31 days on"), (-31, "31 days back"), (2, "2 days on")])
def test_a_clock_that_was_set_while_it_ran_is_doubted_whatever_was_recorded_since(watch, clock, goes_by, days, way):
    goes_by(hours=5)
    clock.forward(days=days)
    assert way in watch.doubt(clock())


def test_a_clock_that_was_set_right_again_is_believed(watch, clock, goes_by):
    last_work = clock()
    clock.forward(days=31)
    assert watch.doubt(last_work)
    clock.forward(days=-31)
    goes_by(hours=1)
    assert watch.doubt(last_work) == ""


@pytest.mark.parametrize(("days", "told"), [(31, "31 days before"), (-31, "31 days after")])
def test_a_clock_far_from_the_last_work_is_doubted_at_the_start(clock, steady, days, told):
    sentence = ClockWatch(clock, steady).doubt(clock() + days * DAY)
    assert told in sentence
    assert "06 October 2026" in sentence


def test_where_nothing_was_recorded_nothing_speaks_against_the_clock(watch):
    assert watch.doubt(None) == ""


def test_a_process_that_runs_on_for_weeks_without_a_record_goes_on_removing(watch, clock, goes_by):
    last_work = clock()
    for _ in range(40):
        goes_by(days=1)
        assert watch.doubt(last_work) == ""


@pytest.fixture
def desk(tmp_path, clock, steady):
    made = make_desk(tmp_path, clock)
    vars(made)["clock_watch"] = ClockWatch(clock, steady)
    return made


def purging_of(desk):
    return next(chore for chore in desk.house._chores if chore.last_run.chore == "purging")


async def read(desk, number):
    return await desk.read(ACTOR, f"{number}.pdf", f"FA-{number}".encode(), lambda step: None)


async def test_two_seconds_of_a_wrong_clock_remove_nothing(desk, clock, goes_by, caplog):
    workflow, purging = await read(desk, 1), purging_of(desk)
    assert await purging.run_once() == 3600.0  # nothing in the first hour
    goes_by(hours=1)
    clock.forward(days=31)
    assert await purging.run_once() == 3600.0
    assert "31 days on" in caplog.text
    clock.forward(days=-31)
    assert await purging.run_once() == 86_400.0
    assert await desk.workflow(ACTOR, workflow)


async def test_what_has_expired_goes_once_the_clock_can_be_believed(desk, goes_by):
    await read(desk, 1)
    for _ in range(31):
        goes_by(days=1)
        await purging_of(desk).run_once()
    assert await desk._store.last_work() is None


async def test_by_hand_nothing_is_removed_by_a_clock_in_doubt_until_somebody_says_that_it_is_right(desk, clock):
    await read(desk, 1)
    clock.forward(days=31)
    assert "31 days on" in await desk.clock_doubt()
    assert (await desk.purge()).workflows == 1


def test_the_command_refuses_a_date_far_from_the_last_work_unless_told(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("KRAFTD_DATA_DIR", str(tmp_path))
    desk = make_desk(tmp_path, Clock())
    asyncio.run(read(desk, 1))  # in October 2026
    asyncio.run(desk.close())
    (tmp_path / "records.sqlite3").rename(tmp_path / "kraftd.sqlite3")
    assert main(["purge"]) == 1
    assert "the last work recorded here. Nothing was removed." in capsys.readouterr().err
    assert main(["purge", "--clock-is-right"]) == 0
    assert '"workflows": 1' in capsys.readouterr().out
