"""One owner however the address is written: in any capitals, with blanks around it, it is the same history."""

import asyncio

import pytest
from fakes import ACTOR, OWNER, SUMMARY, Clock, invoice_data, make_desk
from hypothesis import given, settings
from hypothesis import strategies as st

from kraftd_core.errors import AddressRefused
from kraftd_core.people.actor import Actor

pytestmark = pytest.mark.slow

BLANKS = st.text(" \t\n\u00a0", max_size=2)
SPELLINGS = st.tuples(BLANKS, st.lists(st.booleans(), min_size=len(OWNER), max_size=len(OWNER)), BLANKS).map(
    lambda it: it[0] + "".join(sign.upper() if is_large else sign for sign, is_large in zip(OWNER, it[1], strict=True)) + it[2]
)
DATA = invoice_data()


def ignore(step):
    return None


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    with asyncio.Runner() as runner:
        yield make_desk(tmp_path_factory.mktemp("owners"), Clock()), runner.run


@settings(max_examples=20)
@given(st.tuples(*[SPELLINGS] * 5))
def test_a_workflow_recorded_under_one_spelling_goes_on_and_is_found_under_any(bench, spellings):
    desk, run = bench
    tracking, (first, second, third, asking, other) = desk.tracking, spellings
    workflow = run(tracking.record_stage_1_initial_summary("d1", first, "invoice", DATA, SUMMARY))
    run(tracking.record_stage_2_user_modifications(workflow, "d1", second, DATA, DATA | {"note": "x"}, {}))
    made = run(tracking.record_stage_3_final_deliverable(workflow, "d1", third, SUMMARY, "json", "x.json", 2, b"{}"))
    stages = run(tracking.get_workflow_stages(workflow, asking))
    assert {stage.owner_email for stage in stages.values()} == {OWNER}
    histories = [run(tracking.get_export_history(spelling, 1000)) for spelling in (asking, other, OWNER)]
    assert histories[0] == histories[1] == histories[2]
    assert workflow in [line["export_workflow_id"] for line in histories[0]]
    assert run(desk._files.get(OWNER, made.deliverable.content_hash)) == b"{}"
    assert run(tracking.verified(workflow, asking)).holds


@settings(max_examples=15)
@given(SPELLINGS, SPELLINGS)
def test_what_is_read_under_any_spelling_is_one_document_in_one_history(bench, one, other):
    desk, run = bench
    first, second = (run(desk.read(Actor.of(spelling), "in.pdf", b"%PDF", ignore)) for spelling in (one, other))
    found = [run(desk.workflow(ACTOR, workflow)).stage1 for workflow in (first, second)]
    assert {stage1.owner_email for stage1 in found} == {OWNER}
    assert found[0].document_id == found[1].document_id
    assert {first, second} <= {line.export_workflow_id for line in run(desk.history(ACTOR, limit=1000)).lines}


async def test_another_address_that_only_looks_alike_is_another_owner(tmp_path):
    desk = make_desk(tmp_path, Clock())
    workflow = await desk.read(ACTOR, "in.pdf", b"%PDF", ignore)
    for alike in ("ann@example.com.", "ann@example.co", "an.n@example.com"):
        assert await desk.tracking.get_export_history(alike) == []
        assert (await desk.tracking.get_workflow_stages(workflow, alike))["stage1"] is None
    for refused in ("ann @example.com", "\u0430nn@example.com", ""):  # one is Cyrillic
        with pytest.raises(AddressRefused):
            await desk.tracking.get_export_history(refused)
