import asyncio
import multiprocessing
import multiprocessing.dummy
import sqlite3

import pytest
from fakes import ACTOR, OWNER, SUMMARY, Clock, invoice_data, make_desk
from hypothesis import settings

from kraftd_core.errors import StageAlreadyRecorded
from kraftd_core.records.stages import UserPreferences

EACH = settings().max_examples // 4  # workflows of a kind; each is raced for twice: who records the review, who produces the file
KINDS = ("clicks", "calls", "calls without row ids", "calls that differ")
REFUSED = "refused"
JSON_FILE = UserPreferences(export_format="json")
NEW_ROW = {"description": "Salt", "quantity": 1, "unit_price": 3, "amount": 3}


def contestant(folder, side, races, barrier, results):
    """One of two who do the same at the same moment, each with a loop, a desk and connections of its own."""
    clock = Clock()
    clock.forward(seconds=side)
    desk = make_desk(folder, clock)
    with asyncio.Runner() as runner:
        for workflow, kind in races:
            for verb in (record, produce):
                barrier.wait(60)
                results.put((side, workflow, verb.__name__, runner.run(outcome(verb(desk, workflow, kind, side)))))
        runner.run(desk.close())


async def outcome(verb):
    try:
        return (await verb).record_hash
    except StageAlreadyRecorded:
        return REFUSED


async def record(desk, workflow, kind, side):
    if kind == "clicks":
        return await desk.record_modifications(ACTOR, workflow)
    original = invoice_data()
    modified = original | {"vendor_name": str(side) if kind == "calls that differ" else "Baker"}
    if kind == "calls without row ids":
        modified["line_items"] = [NEW_ROW, *modified["line_items"]]
    return await desk.tracking.record_stage_2_user_modifications(workflow, "d1", OWNER, original, modified, JSON_FILE)


async def produce(desk, workflow, kind, side):
    if kind == "clicks":
        return await desk.produce(ACTOR, workflow, lambda step: None)
    name = f"{side}.json" if kind == "calls that differ" else "x.json"
    content = f"made by {side}".encode()  # a file prints the time of its making, so two are never the same
    return await desk.tracking.record_stage_3_final_deliverable(
        workflow, "d1", OWNER, SUMMARY, "json", name, len(content), content
    )


async def opened(desk, number):
    """A workflow that waits for its review; its kind."""
    kind = KINDS[number % len(KINDS)]
    workflow = await desk.tracking.record_stage_1_initial_summary("d1", OWNER, "invoice", invoice_data(), SUMMARY)
    if kind == "clicks":
        await desk.keep_draft(ACTOR, workflow, invoice_data() | {"vendor_name": "Baker"}, JSON_FILE, {})
    return workflow, kind


async def all_opened(desk):
    return await asyncio.gather(*(opened(desk, number) for number in range(EACH * len(KINDS))))


def raced(folder, context, races):
    """Who got what: the hashes or refusals of both sides, by workflow and verb."""
    barrier, results = context.Barrier(2), context.Queue()
    sides = [context.Process(target=contestant, args=(folder, side, races, barrier, results)) for side in (0, 1)]
    for side in sides:
        side.start()
    got = {}
    for _ in range(2 * 2 * len(races)):
        side, workflow, verb, result = results.get(timeout=60)
        got.setdefault((workflow, verb), {})[side] = result
    for side in sides:
        side.join()
    return got


@pytest.mark.parametrize("context", [multiprocessing.dummy, multiprocessing.get_context("spawn")], ids=["threads", "processes"])
@pytest.mark.slow
def test_two_who_record_or_produce_at_once_leave_one_record_and_are_told_the_same(tmp_path, context):
    with asyncio.Runner() as runner:
        desk = make_desk(tmp_path, Clock())
        races = runner.run(all_opened(desk))
        got = raced(tmp_path, context, races)
        for workflow, kind in races:
            records = runner.run(desk.tracking.stored_records(workflow, OWNER))
            assert [record["sequence"] for record in records] == [1, 2, 3]
            assert runner.run(desk.tracking.verified(workflow, OWNER)).holds
            for verb, stored in zip(("record", "produce"), records[1:], strict=True):
                told = [got[workflow, verb][side] for side in (0, 1)]
                expected = {stored["record_hash"], REFUSED} if kind == "calls that differ" else {stored["record_hash"]}
                assert (kind, set(told)) == (kind, expected)
        runner.run(desk.close())
    assert sqlite3.connect(tmp_path / "records.sqlite3").execute("SELECT count(*) FROM records").fetchone() == (3 * len(races),)
