"""The journal in Azure Cosmos DB: an entry and its record come together or not at all, whatever becomes of a reply."""

import asyncio
from functools import partial

import pytest
from cosmos_standin import BROKEN, HANG_AFTER_COMMIT, KEY, LOST_REPLY, THROTTLED, UNAVAILABLE, CosmosStandin
from fakes import OWNER, SUMMARY, Clock, invoice_data, make_tracking

from kraftd_core.adapters.files.local import LocalFiles
from kraftd_core.adapters.stores.cosmos import CosmosStore, cosmos_client
from kraftd_core.errors import StageAlreadyRecorded, StoreUnavailable
from kraftd_core.recording.service import ExportTrackingService
from kraftd_core.records.chain import sealed
from kraftd_core.records.journal import flaw_in

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def account():
    made = CosmosStandin()
    made.start()
    yield made
    made.stop()


@pytest.fixture
def standin(account):
    account.forget()
    return account


@pytest.fixture
def run():
    with asyncio.Runner() as runner:
        yield runner.run


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def instance(standin, run, clock):
    """Opens a store as another instance of the application would, with connections and a memory of its own."""
    opened = []

    def open_one():
        connect = partial(cosmos_client, standin.endpoint, KEY, socket_seconds=1.0)
        opened.append(CosmosStore(connect, wall_seconds=2.0, now=clock))
        return opened[-1]

    yield open_one
    for store in opened:
        run(store.close())


@pytest.fixture
def records(tmp_path, run, clock):
    """Makes the records of a whole workflow, as they are handed to a store."""

    async def made(number=1):
        tracking, data = make_tracking(tmp_path / str(number), clock), invoice_data()
        workflow = await tracking.record_stage_1_initial_summary("d1", OWNER, "invoice", data, SUMMARY)
        await tracking.record_stage_2_user_modifications(workflow, "d1", OWNER, data, data | {"vendor_name": "B"}, {})
        await tracking.record_stage_3_final_deliverable(workflow, "d1", OWNER, SUMMARY, "json", "x.json", 2, b"{}")
        return [dict(record) for record in await tracking.stored_records(workflow, OWNER)]

    return lambda number=1: run(made(number))


def journal_of(standin):
    """Number and record of each entry in the account."""
    return sorted((item["n"], item["record_id"]) for item in standin.items() if item.get("kind") == "journal")


def stages_of(standin):
    return {item["id"] for item in standin.items() if item.get("kind") == "stage"}


def test_each_stage_has_its_entry_and_the_entries_are_a_chain_that_outlives_them(standin, instance, run, records):
    three, store = records(), instance()
    for record in three:
        run(store.append(record))
    assert journal_of(standin) == [(n, record["id"]) for n, record in enumerate(three, 1)]
    assert flaw_in(run(store.journal(OWNER))) is None
    standin.later(40 * 86_400)
    assert stages_of(standin) == set() and len(run(store.journal(OWNER))) == 3


@pytest.mark.parametrize("fault", [LOST_REPLY, HANG_AFTER_COMMIT, UNAVAILABLE, THROTTLED, BROKEN])
def test_whatever_goes_wrong_with_a_reply_each_record_is_entered_once(standin, instance, run, records, fault):
    first, store = records()[0], instance()
    run(store.journal(OWNER))
    standin.fail("create", fault, fault)
    for _ in range(4):
        try:
            run(store.append(first))
        except StoreUnavailable:
            continue
        break
    assert journal_of(standin) == [(1, first["id"])] and stages_of(standin) == {first["id"]}
    assert flaw_in(run(store.journal(OWNER))) is None


def test_two_instances_that_take_the_same_number_both_record_and_none_is_entered_twice(standin, instance, run, records):
    one, other = instance(), instance()
    firsts = [records(n)[0] for n in range(1, 7)]

    async def both():
        await asyncio.gather(*(store.append(record) for record, store in zip(firsts, [one, other] * 3, strict=True)))

    run(both())
    assert {name for _, name in journal_of(standin)} == {record["id"] for record in firsts}
    assert [n for n, _ in journal_of(standin)] == list(range(1, 7))
    assert flaw_in(run(one.journal(OWNER))) is None


def test_an_instance_that_starts_finds_the_end_of_a_long_journal(standin, instance, run, records):
    store = instance()
    firsts = [records(n)[0] for n in range(1, 12)]
    for record in firsts:
        run(store.append(record))
    assert run(instance().journal_head(OWNER)) == run(store.journal_head(OWNER)) == run(store.journal(OWNER))[-1].head


def test_a_record_that_stands_already_with_other_content_leaves_no_entry_behind(standin, instance, run, records):
    first, store = records()[0], instance()
    run(store.append(first))
    other = sealed({name: value for name, value in first.items() if name not in ("record_hash", "signature")} | {
        "document_name": "other.pdf",
    })  # fmt: skip
    with pytest.raises(StageAlreadyRecorded):
        run(instance().append(other))
    assert journal_of(standin) == [(1, first["id"])]


@pytest.fixture
def kept(standin, instance, run, records, tmp_path, clock):
    """A whole workflow in the account, its recorder, and its id."""
    three, store = records(), instance()
    for record in three:
        run(store.append(record))
    tracking = ExportTrackingService(store, LocalFiles(tmp_path / "1" / "files"), now=clock)
    return three, tracking, three[0]["export_workflow_id"]


def test_what_is_in_the_account_holds_and_the_verdict_says_what_it_could_not_compare(kept, run):
    _, tracking, workflow = kept
    verdict = run(tracking.verified(workflow, OWNER))
    assert verdict.holds, verdict
    assert "its trail" in verdict.not_compared and "its line in the history" in verdict.compared


OUTSIDE = {"_rid", "_self", "_etag", "_attachments", "_ts", "lesson", "kind", "ttl", "line_version", "id", "owner_email"}
"""Members of lines and entries whose change is not found: what Azure adds, what is learned, and by what an item is found."""


def test_every_single_change_of_a_member_of_every_item_is_found_or_named(standin, kept, run):
    _, tracking, workflow = kept
    missed = []
    for place, item in list(standin._items.items()):
        for name in item:
            standin._items[place] = item | {name: item[name] + 1 if type(item[name]) is int else f"{item[name]}x"}
            try:
                found = not run(tracking.verified(workflow, OWNER)).holds
            except Exception:  # noqa: BLE001  an item that cannot be read is no item that holds
                found = True
            if not found:
                missed.append((item["kind"] or "stage", name))
        standin._items[place] = item
    assert {name for kind, name in missed if kind != "stage"} <= OUTSIDE
    assert {name for kind, name in missed if kind == "stage"} <= {"_rid", "_self", "_etag", "_attachments", "_ts"}


@pytest.mark.parametrize("gone", [(3,), (2, 3)])
def test_stages_that_were_taken_out_are_found(standin, kept, run, gone):
    _, tracking, workflow = kept
    for number in gone:
        del standin._items["export_tracking", OWNER, f"{workflow}:{number}"]
    verdict = run(tracking.verified(workflow, OWNER))
    assert not verdict.holds and "missing" in verdict.sentence


def test_a_journal_whose_end_was_cut_off_is_found_by_the_file_that_saw_it(standin, kept, run, records):
    three, tracking, workflow = kept
    for n in (2, 3):
        del standin._items["export_tracking", OWNER, f"journal:{n}"]
    assert three[2]["journal_seen"]["n"] == 2
    verdict = run(tracking.verified(workflow, OWNER))
    assert not verdict.holds and "cut off" in verdict.sentence
