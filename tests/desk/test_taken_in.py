"""Nothing that was paid for is thrown away: what was done is kept, and the work goes on from there."""

import asyncio
from dataclasses import replace

import pytest
from fakes import ACTOR, Clock, FakeExtractor, make_desk

from kraftd_core.adapters.agents.rules.agent import RulesAgent
from kraftd_core.errors import AgentUnavailable, DocumentRefused, ExtractorUnavailable, NotFound, StoreUnavailable, plainly
from kraftd_core.people.actor import Actor
from kraftd_core.thinking.agent import KraftdAIAgent

AWAY = {
    "reader": ExtractorUnavailable("The reader failed on its side. Ask for KRAFTD_READER to be checked."),
    "model": AgentUnavailable("The model cannot be reached. Try again."),
    "files": StoreUnavailable("The file store cannot be reached. Nothing was lost; try again in a moment."),
}


class Services:
    """Paid services that count what they are asked, and can be away."""

    def __init__(self):
        self.away, self.readings, self.texts = set(), 0, 0
        self.hangs = ""

    async def asked(self, name):
        if self.hangs == name:
            await asyncio.Event().wait()
        if name in self.away:
            raise AWAY[name]


class PaidReader(FakeExtractor):
    def __init__(self, services):
        self.services = services

    async def extract(self, content, name, progress, document_type=None):
        self.services.readings += 1
        await self.services.asked("reader")
        return replace(await super().extract(content, name, progress, document_type), method="AZURE_DI")


class PaidModel(RulesAgent):
    model = "paid-model"

    def __init__(self, services):
        self.services = services

    async def initial_summary(self, case, hear=None):
        self.services.texts += 1
        await self.services.asked("model")
        return replace(await super().initial_summary(case), ai_model="paid-model-2", tokens_used=345)


@pytest.fixture
def services():
    return Services()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def started(tmp_path, clock, services):
    """A desk on the paid services, as a server makes it when it starts; called again, a restart."""

    def start():
        desk = make_desk(tmp_path, clock)
        desk._extractor, desk._reads_here = PaidReader(services), FakeExtractor()
        desk._agent = KraftdAIAgent(PaidModel(services))
        put, get = desk._files.put, desk._files.get

        async def put_if_there(*asked):
            await services.asked("files")
            return await put(*asked)

        async def get_if_there(*asked):
            await services.asked("files")
            return await get(*asked)

        desk._files.put, desk._files.get = put_if_there, get_if_there
        return desk

    return start


async def ended(desk, job_id):
    while (job := await desk.job(ACTOR, job_id)).is_running:
        await asyncio.sleep(0)
    return job


async def upload(desk, content=b"%PDF", **more):
    job_id = await desk.start_reading(ACTOR, "mill.pdf", content, **more)
    return job_id, await ended(desk, job_id)


async def stage1(desk, job):
    return (await desk.workflow(ACTOR, job.result)).stage1


@pytest.mark.parametrize(("away", "readings", "texts"), [("reader", 2, 1), ("model", 1, 2), ("files", 1, 1)])
@pytest.mark.parametrize("goes_on", ["on the page", "after a restart", "with the same file again"])
async def test_work_goes_on_where_a_service_failed_and_asks_no_other_again(started, services, away, readings, texts, goes_on):
    desk = started()
    services.away.add(away)
    if away == "files":  # away as soon as the document is kept and read
        services.away.clear()
        desk._agent._engine.initial_summary = then_away(desk._agent._engine.initial_summary, services)
    job_id, failed = await upload(desk)
    assert (failed.result, failed.error, failed.about) == (None, str(AWAY[away]), "mill.pdf")
    services.away.clear()
    if goes_on == "on the page":
        done = await ended(desk, await desk.go_on(ACTOR, job_id))
    elif goes_on == "after a restart":
        desk = started()
        (waiting,) = await desk.uploads(ACTOR)
        assert (waiting.name, waiting.is_read, waiting.job_id) == ("mill.pdf", away != "reader", None)
        done = await ended(desk, await desk.go_on_with(ACTOR, waiting.document_id))
    else:
        _, done = await upload(started())
    record = await stage1(desk, done)
    assert (services.readings, services.texts) == (readings, texts)
    assert record.initial_summary_metadata.tokens_used == 345
    assert record.initial_summary_metadata.ai_model == "paid-model-2"
    assert await desk.uploads(ACTOR) == []
    assert len((await desk.history(ACTOR)).lines) == 1


def then_away(summary, services):
    async def written(case, hear=None):
        said = await summary(case)
        services.away.add("files")
        return said

    return written


async def test_a_file_store_that_is_away_at_once_costs_nothing_and_the_same_job_goes_on(started, services):
    desk = started()
    services.away.add("files")
    job_id, failed = await upload(desk)
    assert (failed.ways_on, services.readings, services.texts) == (("again",), 0, 0)
    services.away.clear()
    assert (await ended(desk, await desk.go_on(ACTOR, job_id))).result


@pytest.mark.parametrize("stopped_at", ["reading", "writing"])
async def test_stopped_work_is_gone_on_with_also_after_a_restart(started, services, stopped_at):
    desk = started()
    if stopped_at == "writing":
        services.away.add("model")
        job_id, _ = await upload(desk)
        services.away.clear()
        services.hangs = "model"
        running = await desk.go_on(ACTOR, job_id)
        while services.texts < 2:
            await asyncio.sleep(0)
    else:
        services.hangs = "reader"
        running = await desk.start_reading(ACTOR, "mill.pdf", b"%PDF")
        while not services.readings:
            await asyncio.sleep(0)
    (waiting,) = await desk.uploads(ACTOR)
    assert waiting.job_id == running
    await desk.cancel(ACTOR, running)
    assert (await ended(desk, running)).is_cancelled
    services.hangs = ""
    desk = started()
    done = await ended(desk, await desk.go_on_with(ACTOR, waiting.document_id))
    assert done.result
    assert services.readings == (1 if stopped_at == "writing" else 2)


async def test_a_document_that_the_service_does_not_read_is_read_here_and_the_record_says_which_and_why(started, services):
    desk = started()
    services.away.add("reader")
    job_id, failed = await upload(desk)
    assert failed.ways_on == ("again", "read_here")
    done = await ended(desk, await desk.go_on(ACTOR, job_id, "read_here"))
    source = (await stage1(desk, done)).source
    assert source.extraction_method == "LOCAL"
    assert "read on this computer" in source.notices[0]
    assert "The reader failed on its side." in source.notices[0]
    assert "KRAFTD_" not in source.notices[0]
    assert services.readings == 1


async def test_what_was_read_here_counts_no_more_for_the_chosen_reader(started, services):
    desk = started()
    services.away |= {"reader", "model"}
    job_id, _ = await upload(desk)
    await ended(desk, await desk.go_on(ACTOR, job_id, "read_here"))
    services.away.clear()
    _, done = await upload(started())
    assert (await stage1(desk, done)).source.extraction_method == "AZURE_DI"


async def test_where_the_chosen_reader_is_this_computer_no_other_is_offered(started, services):
    desk = started()
    desk._reads_here = None
    services.away.add("reader")
    _, failed = await upload(desk)
    assert failed.ways_on == ("again",)


async def test_the_rules_write_where_the_model_fails_and_the_reading_is_not_paid_twice(started, services):
    desk = started()
    services.away.add("model")
    job_id, failed = await upload(desk)
    assert failed.ways_on == ("again", "by_rules")
    done = await ended(desk, await desk.go_on(ACTOR, job_id, "by_rules"))
    assert (await stage1(desk, done)).initial_summary_metadata.ai_model == "rules"
    assert services.readings == 1


async def test_a_refused_document_does_not_wait(started):
    desk = started()
    with pytest.raises(DocumentRefused):
        await desk.read(ACTOR, "in.pdf", b"refuse", lambda _: None)
    assert await desk.uploads(ACTOR) == []


async def test_a_document_that_is_read_once_more_on_purpose_is_read_anew(started, services):
    desk = started()
    await upload(desk)
    _, again = await upload(desk)
    assert (services.readings, services.texts) == (2, 2)
    assert len((await desk.history(ACTOR)).lines) == 2 and again.result


async def test_the_same_file_dropped_twice_at_once_is_read_once_and_opens_one_workflow(started, services):
    desk = started()
    jobs = [await desk.start_reading(ACTOR, "mill.pdf", b"%PDF") for _ in range(2)]
    first, second = [await ended(desk, job_id) for job_id in jobs]
    assert first.result == second.result
    assert (services.readings, services.texts) == (1, 1)


async def test_another_type_is_read_anew(started, services):
    desk = started()
    services.away.add("model")
    await upload(desk)
    services.away.clear()
    _, done = await upload(desk, document_type="receipt")
    assert (await stage1(desk, done)).document_type == "receipt"
    assert services.readings == 2


async def test_a_discarded_document_is_forgotten_with_all_that_was_made_of_it_and_only_by_its_owner(started, services):
    desk = started()
    services.away.add("model")
    await upload(desk)
    (waiting,) = await desk.uploads(ACTOR)
    eve = Actor.of("eve@example.com")
    assert await desk.uploads(eve) == []
    await desk.drop_upload(eve, waiting.document_id)
    with pytest.raises(NotFound):
        await desk.go_on_with(eve, waiting.document_id)
    await desk.drop_upload(ACTOR, waiting.document_id)
    with pytest.raises(NotFound):
        await desk.go_on_with(ACTOR, waiting.document_id)
    assert await desk._store._rows("SELECT * FROM unfinished", ()) == []


async def test_what_nobody_goes_on_with_ends_after_a_week(started, services, clock):
    desk = started()
    services.away.add("model")
    await upload(desk)
    clock.forward(days=7, seconds=1)
    assert await desk.uploads(ACTOR) == []
    await desk.purge()
    assert await desk._store._rows("SELECT * FROM unfinished", ()) == []
    await upload(desk)
    assert services.readings == 2


async def test_a_reading_for_a_program_is_not_paid_twice_where_the_file_store_goes_away(started, services):
    desk = started()
    extract = desk._extractor.extract

    async def then_no_files(*asked):
        read = await extract(*asked)
        services.away.add("files")
        return read

    desk._extractor.extract = then_no_files
    failed = await ended(desk, await desk.start_keeping(ACTOR, "mill.pdf", b"%PDF"))
    assert failed.failed_with is StoreUnavailable
    services.away.clear()
    desk = started()
    kept = await ended(desk, await desk.start_keeping(ACTOR, "mill.pdf", b"%PDF"))
    assert await desk.summarise(ACTOR, kept.result)
    assert (services.readings, services.texts) == (1, 1)


@pytest.mark.parametrize(("told", "said"), [
    ("It failed. Try again.", "It failed. Try again."),
    ("It failed. Ask for KRAFTD_KEY to be checked, or go on.", "It failed. Whoever looks after this application"),
    ("KRAFTD_STORE is wrong.", "Whoever looks after this application"),
    ("Set KRAFTD_A. Then try again.", "Then try again. Whoever looks after this application"),
    ("It is away. Try again. If it stays so, ask for KRAFTD_A (which names 127.0.0.1:9) to be checked.",
     "It is away. Try again. If it stays so, tell whoever looks after this application."),
    ("It is away. Set KRAFTD_B. If it stays so, ask for KRAFTD_A to be checked.", "It is away. Whoever looks after"),
])  # fmt: skip
def test_what_names_a_setting_is_not_said_to_a_user(told, said):
    assert plainly(told).startswith(said) and "KRAFTD_" not in plainly(told)
