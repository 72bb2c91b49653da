import asyncio
import sys

import pytest
from fakes import Clock

from kraftd_core.adapters.readers.local.extractor import LocalExtractor
from kraftd_core.desk.upkeep.health import Health, check_of_disk, check_of_house, is_ready
from kraftd_core.desk.upkeep.house_keeping import Chore, HouseKeeping
from kraftd_core.errors import ExtractorUnavailable, StoreUnavailable


class Thing:
    """Something that can be taken away and put back; counts how often it is tried."""

    def __init__(self):
        self.outcome, self.tries = True, 0

    async def check(self):
        self.tries += 1
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome if isinstance(self.outcome, bool) else await self.outcome.wait()


class Seconds:
    """A clock in seconds that moves when told."""

    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Seconds()


@pytest.fixture
def thing():
    return Thing()


@pytest.fixture
def health(thing, clock):
    return Health({"store": thing.check}, clock)


async def state(health, clock, later=6.0):
    clock.now += later
    return (await health.states())["store"]


async def test_what_is_taken_away_is_told_and_what_is_put_back_too(health, thing, clock, caplog):
    assert await state(health, clock) == "ok"
    for error in (StoreUnavailable("x"), OSError(), KeyError("Confidential")):
        thing.outcome = error
        assert await state(health, clock) == "failed"
    thing.outcome = True
    assert await state(health, clock) == "ok"
    assert "Confidential" not in caplog.text


async def test_a_change_is_logged_once(health, thing, clock, caplog):
    await state(health, clock)
    thing.outcome = OSError()
    caplog.clear()
    for _ in range(3):
        await state(health, clock)
    assert len(caplog.records) == 1


async def test_what_answers_in_part_is_degraded_and_takes_documents_still(health, thing, clock):
    thing.outcome = False
    assert await state(health, clock) == "degraded"
    assert is_ready(await health.states())


STATES = [({}, True), ({"a": "ok", "b": "degraded"}, True), ({"a": "ok", "b": "failed"}, False)]


@pytest.mark.parametrize(("states", "ready"), STATES)
def test_it_is_ready_where_nothing_failed(states, ready):
    assert is_ready(states) is ready


async def test_however_many_ask_each_thing_is_tried_once_in_some_seconds(health, thing, clock):
    await asyncio.gather(*(health.states() for _ in range(50)))
    assert thing.tries == 1
    await state(health, clock, later=4.9)
    assert thing.tries == 1
    await state(health, clock, later=0.2)
    assert thing.tries == 2


async def test_what_hangs_stands_as_before_for_a_while_then_as_failed_and_is_not_tried_twice(thing, clock, monkeypatch):
    monkeypatch.setattr("kraftd_core.desk.upkeep.health._ANSWER_SECONDS", 0.01)
    health = Health({"store": thing.check}, clock)
    assert await state(health, clock) == "ok"
    thing.outcome = gate = asyncio.Event()
    assert await state(health, clock) == "ok"
    assert await state(health, clock, later=11) == "failed"
    assert thing.tries == 2
    gate.set()
    await asyncio.sleep(0)
    assert await state(health, clock) == "ok"


async def test_one_that_hangs_keeps_no_other_from_answering(clock, monkeypatch):
    monkeypatch.setattr("kraftd_core.desk.upkeep.health._ANSWER_SECONDS", 0.01)
    hanging, well = Thing(), Thing()
    hanging.outcome = asyncio.Event()
    assert await Health({"a": hanging.check, "b": well.check}, clock).states() == {"a": "failed", "b": "ok"}


async def test_the_reader_is_ready_while_its_child_starts(tmp_path):
    child = tmp_path / "child.py"
    child.write_text("import sys\nsys.stdin.read()\n")
    reader = LocalExtractor(command=(sys.executable, str(child)))
    assert await reader.check()
    child.rename(tmp_path / "away")
    with pytest.raises(ExtractorUnavailable):
        await reader.check()
    (tmp_path / "away").rename(child)
    assert await reader.check()
    with pytest.raises(OSError):
        await LocalExtractor(command=(str(tmp_path / "no-such-python"),)).check()


async def test_the_projects_own_child_starts():
    assert await LocalExtractor().check()


async def test_a_disk_without_room_is_not_ready(tmp_path):
    assert await check_of_disk(tmp_path)()
    with pytest.raises(OSError):
        await check_of_disk(tmp_path, least=2**62)()
    with pytest.raises(OSError):
        await check_of_disk(tmp_path / "gone")()


async def test_house_keeping_that_fails_is_degraded_and_one_that_stopped_is_failed():
    clock = Clock()

    async def breaks():
        raise OSError

    chore = Chore("purging", breaks, clock)
    check = check_of_house(HouseKeeping([chore]), clock)
    assert await check()
    await chore.run_once()
    assert not await check()
    clock.forward(hours=1)
    with pytest.raises(RuntimeError):
        await check()
