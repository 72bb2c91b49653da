"""Many documents at once: each is read in its turn, none is lost, and each refusal names its file."""

import asyncio
from dataclasses import replace

import pytest
from fakes import ACTOR, Clock, FakeExtractor, make_desk

from kraftd_core.errors import NotFound
from kraftd_core.people.actor import Actor

OTHER = Actor.of("eve@example.com")


class ManyInvoices(FakeExtractor):
    """Reads the number out of the content; a gate holds all of them until it is opened."""

    def __init__(self):
        self.gate, self.at_work, self.most_at_work, self.order = asyncio.Event(), 0, 0, []
        self.gate.set()

    async def extract(self, content, name, progress, document_type=None):
        self.order.append(name)
        self.at_work += 1
        self.most_at_work = max(self.most_at_work, self.at_work)
        try:
            await self.gate.wait()
            read = await super().extract(content, name, progress, document_type)
            return replace(read, data=read.data | {"invoice_id": content.decode()})
        finally:
            self.at_work -= 1


@pytest.fixture
def reader():
    return ManyInvoices()


@pytest.fixture
def desk(tmp_path, reader):
    made = make_desk(tmp_path, Clock())
    made._extractor = reader
    return made


async def dropped(desk, *contents, actor=ACTOR):
    return [await desk.add_to_batch(actor, f"{n}.pdf", content.encode()) for n, content in enumerate(contents)]


async def ended(desk, actor=ACTOR):
    while any(job.is_running for job in (await desk.batch(actor)).values()):
        await asyncio.sleep(0)
    return await desk.batch(actor)


async def numbers(desk):
    results = [job.result for job in (await ended(desk)).values()]
    return [(await desk.workflow(ACTOR, result)).data["invoice_id"] for result in results]


async def test_every_document_is_recorded_in_the_order_of_the_drop_and_at_most_two_are_read_at_once(desk, reader):
    ids = await dropped(desk, *(f"N-{n}" for n in range(30)))
    jobs = await ended(desk)
    assert list(jobs) == ids
    assert await numbers(desk) == [f"N-{n}" for n in range(30)]
    places = [int(name.removesuffix(".pdf")) for name in reader.order]
    assert sorted(places) == list(range(30))
    assert all(abs(place - n) <= 2 for n, place in enumerate(places))  # two at once may overtake each other
    assert reader.most_at_work <= 2
    assert await desk.uploads(ACTOR) == []


async def test_one_owners_documents_do_not_wait_for_anothers(desk, reader):
    reader.gate.clear()
    await dropped(desk, "N-1", "N-2", "N-3")
    (theirs,) = await dropped(desk, "N-9", actor=OTHER)
    while reader.at_work < 3:
        await asyncio.sleep(0)
    assert (await desk.job(OTHER, theirs)).step != "Waiting for its turn"
    assert set(await desk.batch(OTHER)) == {theirs}
    reader.gate.set()
    await ended(desk)
    await ended(desk, OTHER)


async def test_what_is_refused_is_named_beside_the_others_and_keeps_nothing(desk):
    await dropped(desk, "N-1", "refuse", "", "N-2")
    jobs = list((await ended(desk)).values())
    assert [bool(job.result) for job in jobs] == [True, False, False, True]
    assert [(job.about, job.error) for job in jobs[1:3]] == [
        ("1.pdf", "The file is damaged. Choose another one."), ("2.pdf", "The file is empty. Choose another file."),
    ]  # fmt: skip
    assert await desk.uploads(ACTOR) == []


async def test_a_file_of_earlier_asks_before_it_is_read_and_a_number_of_earlier_before_it_is_recorded(desk, reader):
    await dropped(desk, "N-1")
    await ended(desk)
    await desk.clear_batch(ACTOR)
    reader.order.clear()
    same_file, same_number = await dropped(desk, "N-1", "N-1 ")
    reader.order.clear()
    desk._extractor.extract = _stripped(desk._extractor.extract)
    jobs = await ended(desk)
    assert [bool(job.result) for job in jobs.values()] == [False, False]
    assert jobs[same_file].error.startswith("You had this very file on ")
    assert jobs[same_number].error.startswith("Another document in your history")
    assert reader.order == ["1.pdf"]
    assert len((await desk.history(ACTOR)).lines) == 1

    await desk.leave_out(ACTOR, same_file)
    again = await desk.go_on(ACTOR, same_number)
    jobs = await ended(desk)
    assert list(jobs) == [again] and jobs[again].result
    assert await desk.uploads(ACTOR) == []


def _stripped(extract):
    async def stripping(content, *more):
        return await extract(content.strip(), *more)

    return stripping


async def test_a_file_of_earlier_is_read_again_where_that_is_wanted(desk):
    await dropped(desk, "N-1")
    await ended(desk)
    (_, second) = [*await desk.batch(ACTOR), *await dropped(desk, "N-1")]
    await ended(desk)
    again = await desk.go_on(ACTOR, second)
    assert (await ended(desk))[again].result
    assert len((await desk.history(ACTOR)).lines) == 2


async def test_the_same_file_twice_in_one_drop_is_said_and_read_once(desk, reader):
    await dropped(desk, "N-1", "N-1")
    first, second = (await ended(desk)).values()
    assert first.result
    assert second.error == "The same file is being read already, under another name or from another page."
    assert reader.order == ["0.pdf"]


async def test_what_was_stopped_is_kept_and_all_of_it_goes_on_after_a_restart(tmp_path, desk, reader):
    reader.gate.clear()
    await dropped(desk, "N-1", "N-2", "N-3")
    await desk.stop_batch(ACTOR)
    assert all(job.is_cancelled for job in (await ended(desk)).values())
    await desk.clear_batch(ACTOR)
    assert await desk.batch(ACTOR) == {}

    restarted = make_desk(tmp_path, Clock())
    restarted._extractor = ManyInvoices()
    assert len(await restarted.uploads(ACTOR)) == 3
    await restarted.go_on_with_all(ACTOR)
    assert await numbers(restarted) == ["N-1", "N-2", "N-3"]


async def test_a_batch_is_its_owners_alone(desk):
    (job_id,) = await dropped(desk, "N-1")
    await ended(desk)
    assert await desk.batch(OTHER) == {}
    await desk.clear_batch(OTHER)
    with pytest.raises(NotFound):
        await desk.leave_out(OTHER, job_id)
    assert list(await desk.batch(ACTOR)) == [job_id]


async def test_every_document_is_kept_before_its_turn_comes(desk, reader):
    reader.gate.clear()
    await dropped(desk, "N-1", "N-2", "N-3")
    while not all(job.step for job in (await desk.batch(ACTOR)).values()) or reader.at_work < 2:
        await asyncio.sleep(0)
    assert [job.step for job in (await desk.batch(ACTOR)).values()][2] == "Waiting for its turn"
    assert {upload.name for upload in await desk.uploads(ACTOR)} == {"0.pdf", "1.pdf", "2.pdf"}
    reader.gate.set()
    await ended(desk)
