import asyncio
import json
import logging
import re
import socket
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from cosmos_standin import (
    BROKEN,
    CUT_OFF,
    FIREWALL,
    FORBIDDEN,
    HALF_REPLY,
    HANG,
    HANG_AFTER_COMMIT,
    KEY,
    LOST_REPLY,
    MALFORMED,
    NO_ANSWERS,
    NO_KEYS,
    NO_ROLE,
    NOT_MADE,
    NOWHERE,
    RETRY_WITH,
    THROTTLED,
    TOO_LARGE,
    UNAVAILABLE,
    WRONG_KEY,
    CosmosStandin,
    Fault,
)
from fakes import OWNER, SUMMARY, Clock, invoice_data, make_tracking

from kraftd_core.adapters.stores.cosmos import CosmosStore, cosmos_client
from kraftd_core.errors import RecordRejected, StageAlreadyRecorded, StageOutOfOrder, StoreRefused, StoreUnavailable
from kraftd_core.ports.engines import Engine
from kraftd_core.ports.keeping import HistoryFilter, StoredDocument
from kraftd_core.records.chain import verify
from kraftd_core.records.stages import HistoryEntry

pytestmark = pytest.mark.slow

EVE = "eve@example.com"
WORKFLOW = "0b7d6a0e-6f0c-4f57-8e7e-1d8f5a9b1c11"
EVERYTHING = HistoryFilter()
FAULTS = {
    "throttled": THROTTLED,
    "unavailable": UNAVAILABLE,
    "retry with": RETRY_WITH,
    "wrong key": WRONG_KEY,
    "forbidden": FORBIDDEN,
    "broken": BROKEN,
    "hang": HANG,
    "hang after the commit": HANG_AFTER_COMMIT,
    "cut off": CUT_OFF,
    "lost reply": LOST_REPLY,
    "half a reply": HALF_REPLY,
}


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
def open_store(standin, run, clock):
    """Opens stores that are closed after the test; each has connections of its own, as in another process."""
    opened = []

    def open_one(endpoint=standin.endpoint, wall_seconds=2.0, engine=None):
        connect = partial(cosmos_client, endpoint, KEY, socket_seconds=wall_seconds / 2)
        opened.append(CosmosStore(connect, wall_seconds=wall_seconds, now=clock, engine=engine))
        return opened[-1]

    yield open_one
    for store in opened:
        run(store.close())


@pytest.fixture
def store(open_store):
    return open_store()


@pytest.fixture
def three(tmp_path, run, clock):
    """The records of a whole workflow, as they are handed to a store."""

    async def made():
        tracking = make_tracking(tmp_path, clock)
        data = invoice_data()
        await tracking.record_stage_1_initial_summary("d1", OWNER, "invoice", data, SUMMARY, export_workflow_id=WORKFLOW)
        await tracking.record_stage_2_user_modifications(
            WORKFLOW, "d1", OWNER, data, data | {"vendor_name": "Baker"}, {"export_format": "excel"}
        )
        await tracking.record_stage_3_final_deliverable(WORKFLOW, "d1", OWNER, SUMMARY, "excel", "x.xlsx", 4, b"file")
        return [dict(record) for record in await tracking.stored_records(WORKFLOW, OWNER)]

    return run(made())


def recorded(standin, owner=None):
    """The stage records in the account, by id."""
    return sorted(item["id"] for item in standin.items(owner=owner) if item.get("kind") == "stage")


def lines(run, store, owner=OWNER):
    return run(store.history(owner, EVERYTHING, 10, None)).lines


# Reaching the account


def test_database_and_containers_are_made_once_where_they_are_missing(standin, store, open_store, run):
    assert lines(run, store) == lines(run, store) == []
    assert lines(run, open_store()) == []
    assert list(standin.databases) == ["KraftdIntel"]
    assert standin.operations.count("make") == 3
    tracking, documents = standin.containers["export_tracking"], standin.containers["documents"]
    for container in (tracking, documents):
        assert container["partitionKey"]["paths"] == ["/owner_email"]
        assert (container["defaultTtl"], container["throughput"]) == (30 * 86400, "400")
    policy = tracking["indexingPolicy"]
    assert (policy["indexingMode"], policy["excludedPaths"]) == ("consistent", [{"path": "/*"}])
    indexed = {entry["path"] for entry in policy["includedPaths"]}
    assert {"/document_id/?", "/export_workflow_id/?", "/stage/?", "/timestamp/?", "/status/?"} <= indexed
    assert not any("data" in path or "summary" in path for path in indexed)


def test_what_a_query_compares_and_sorts_by_is_indexed(standin, store, run):
    filled = HistoryFilter("Müller", "invoice", "completed", datetime(2026, 1, 1).date(), datetime(2026, 1, 2).date(), "a", "pdf")
    run(store.history(OWNER, filled, 5, None))
    policy = standin.containers["export_tracking"]["indexingPolicy"]
    indexed = {entry["path"].removesuffix("/?")[1:] for entry in policy["includedPaths"]}
    _, _, asked = standin.queries[-1].partition("WHERE")
    compared = set(re.findall(r"c\.(\w+)", asked))
    assert {"template", "export_format", "search_text", "line_version"} <= compared <= indexed
    assert [entry["path"] for entry in policy["compositeIndexes"][0]] == ["/started_at", "/export_workflow_id"]


def test_an_account_that_could_not_be_reached_at_first_is_reached_by_the_next_call(open_store, run, three, request):
    late = CosmosStandin()
    store = open_store(late.endpoint)
    with pytest.raises(StoreUnavailable, match="did not answer"):
        run(store.append(three[0]))
    request.addfinalizer(late.stop)
    late.start()
    run(store.append(three[0]))
    assert recorded(late) == [f"{WORKFLOW}:1"]


def test_a_container_that_is_removed_is_made_again_by_the_call_after_the_failure(standin, store, run, three):
    run(store.append(three[0]))
    del standin.containers["export_tracking"]
    with pytest.raises(StoreUnavailable):
        run(store.stages(OWNER, WORKFLOW))
    assert len(run(store.stages(OWNER, WORKFLOW))) == 1


def test_without_a_key_the_client_signs_in_by_entra_id(run):
    identity = pytest.importorskip("azure.identity.aio")

    async def credential():
        async with cosmos_client("https://kraftd.example", None) as client:
            return client.client_connection.aad_credentials

    assert isinstance(run(credential()), identity.DefaultAzureCredential)


# Faults


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("operation", ["read", "query", "create", "replace"])
def test_a_fault_that_lasts_is_said_in_bounded_time_and_nothing_doubles_once_it_is_gone(
    standin, open_store, run, three, operation, fault
):
    run(open_store().append(three[0]))
    store = open_store(wall_seconds=0.4)
    standin.fail_always(operation, fault)
    with pytest.raises(StoreUnavailable) as said:
        run(store.append(three[1]))
    assert ("KRAFTD_COSMOS_KEY" in str(said.value)) == (fault in (WRONG_KEY, FORBIDDEN))
    assert ("busy" in str(said.value)) == (fault in (THROTTLED, RETRY_WITH))
    standin.heal()
    assert run(store.append(three[1])) == three[1]
    assert recorded(standin) == [f"{WORKFLOW}:1", f"{WORKFLOW}:2"]
    assert run(store.stages(OWNER, WORKFLOW)) == three[:2]
    assert [line.changed_values for line in lines(run, store)] == [1]


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("operation", ["account", "make"])
def test_a_fault_at_the_first_reach_is_gone_with_its_cause(standin, open_store, run, three, operation, fault):
    store = open_store(wall_seconds=0.4)
    standin.fail_always(operation, fault)
    # the client does without what a busy account would say of its regions
    goes_on = (operation, fault) == ("account", THROTTLED)
    with nullcontext() if goes_on else pytest.raises(StoreUnavailable):
        run(store.append(three[0]))
    standin.heal()
    assert run(store.append(three[0])) == three[0]
    assert recorded(standin) == [f"{WORKFLOW}:1"]
    assert set(standin.containers) == {"export_tracking", "documents"}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_reading_in_a_fault_that_lasts_is_refused_in_bounded_time(standin, open_store, run, fault):
    store = open_store(wall_seconds=0.4)
    assert lines(run, store) == []
    standin.fail_always("query", fault)
    for verb in (
        partial(store.stages, OWNER, WORKFLOW),
        partial(store.history, OWNER, EVERYTHING, 5, None),
        partial(store.activities, OWNER, WORKFLOW),
        partial(store.find, OWNER, "sha256:1"),
    ):
        with pytest.raises(StoreUnavailable):
            run(verb())


def test_the_wall_holds_for_a_verb_whose_calls_are_each_in_time(standin, open_store, run, three):
    """Every call answers within its own bound; all of them together would take longer than the verb may."""
    store = open_store(wall_seconds=0.4)
    run(store.append(three[0]))
    standin.delay_seconds = 0.15
    with pytest.raises(StoreUnavailable, match="did not answer in time"):
        run(store.append(three[1]))
    standin.delay_seconds = 0
    run(store.append(three[1]))
    assert recorded(standin) == [f"{WORKFLOW}:1", f"{WORKFLOW}:2"]


def test_a_single_throttled_call_is_waited_out(standin, store, run, three):
    standin.fail("create", THROTTLED)
    assert run(store.append(three[0])) == three[0]
    assert recorded(standin) == [f"{WORKFLOW}:1"]


def test_a_caller_that_gives_up_is_let_go(standin, store, run, three):
    standin.fail_always("create", HANG)

    async def given_up():
        async with asyncio.timeout(0.1):
            await store.append(three[0])

    with pytest.raises(TimeoutError):
        run(given_up())
    standin.heal()
    assert run(store.append(three[0])) == three[0]
    assert recorded(standin) == [f"{WORKFLOW}:1"]


@pytest.mark.parametrize("fault", [TOO_LARGE, MALFORMED], ids=["too large", "malformed"])
def test_a_record_that_will_never_be_taken_is_told_from_one_to_send_again(standin, store, run, three, fault):
    standin.fail_always("create", fault)
    with pytest.raises(RecordRejected):
        run(store.append(three[0]))
    assert standin.items() == []


@pytest.mark.parametrize("fault", [TOO_LARGE, MALFORMED], ids=["too large", "malformed"])
def test_a_record_that_stands_there_is_not_said_to_be_rejected(standin, store, run, three, fault):
    run(store.append(three[0]))
    standin.fail("create", fault)
    assert run(store.append(three[0])) == three[0]


@pytest.mark.parametrize("fault", [TOO_LARGE, MALFORMED], ids=["too large", "malformed"])
def test_a_refused_line_of_the_history_does_not_make_its_stage_rejected(standin, store, run, three, fault):
    standin.fail("create", None, fault)
    with pytest.raises(StoreUnavailable):
        run(store.append(three[0]))
    assert run(store.append(three[0])) == three[0]
    assert len(lines(run, store)) == 1


def test_a_malformed_question_does_not_make_a_record_rejected(standin, store, run, three):
    standin.fail_always("query", MALFORMED)
    with pytest.raises(StoreUnavailable):
        run(store.append(three[1]))


def test_a_record_over_the_limit_is_rejected_and_says_so(standin, store, run, three):
    with pytest.raises(RecordRejected, match="larger than"):
        run(store.append(three[0] | {"initial_extracted_data": {"note": "x" * 2**21}}))
    assert standin.items() == []


def test_text_in_other_scripts_counts_by_its_bytes(standin, store, run, three):
    """Escaped it would be six bytes a character, and over the limit."""
    note = "料" * 600_000
    run(store.append(three[0] | {"initial_extracted_data": {"note": note}}))
    assert run(store.stages(OWNER, WORKFLOW))[0]["initial_extracted_data"]["note"] == note


# Recording


def test_the_records_come_back_as_they_were_and_their_chain_holds(store, run, three):
    for record in three:
        assert run(store.append(record)) == record
    assert run(store.stages(OWNER, WORKFLOW)) == three
    assert verify(run(store.stages(OWNER, WORKFLOW))) is None


def test_user_data_named_like_our_members_collides_with_nothing(standin, store, run, three):
    data = {"id": "x", "ttl": 1, "owner_email": EVE, "kind": "line", "_etag": "y", "sequence": 9}
    run(store.append(three[0] | {"initial_extracted_data": data}))
    assert run(store.stages(OWNER, WORKFLOW))[0]["initial_extracted_data"] == data
    assert recorded(standin, OWNER) == [f"{WORKFLOW}:1"]
    assert [line.export_workflow_id for line in lines(run, store)] == [WORKFLOW]


def test_the_same_ids_of_two_owners_lie_in_partitions_of_their_own(standin, store, run, three):
    run(store.append(three[0]))
    run(store.append(three[0] | {"owner_email": EVE, "document_name": "eve.pdf"}))
    assert [line.document_name for line in lines(run, store)] == ["d1"]
    assert [line.document_name for line in lines(run, store, EVE)] == ["eve.pdf"]
    assert run(store.stages(OWNER, WORKFLOW)) == [three[0]]
    with pytest.raises(StageOutOfOrder):
        run(store.append(three[1] | {"owner_email": "zoe@example.com"}))


def test_every_query_names_the_owner(standin, store, run, three):
    for record in three:
        run(store.append(record))
    lines(run, store)
    run(store.activities(OWNER, WORKFLOW))
    run(store.find(OWNER, "sha256:1"))
    assert standin.queries
    assert all("WHERE c.owner_email = @owner AND " in query for query in standin.queries)


def test_one_of_two_writers_at_once_records_and_the_other_gets_what_is_recorded(standin, open_store, run, three):
    stores = [open_store() for _ in range(4)]
    later = [three[0] | {"timestamp": f"2026-10-06T09:00:0{n}.000Z"} for n in range(4)]

    async def race():
        return await asyncio.gather(*(store.append(record) for store, record in zip(stores, later, strict=True)))

    assert len({record["timestamp"] for record in run(race())}) == 1
    assert recorded(standin) == [f"{WORKFLOW}:1"]


def test_two_writers_at_once_with_different_contents_are_told(standin, open_store, run, three):
    stores = [open_store() for _ in range(2)]

    async def race():
        named = (three[0] | {"document_name": name} for name in ("a.pdf", "b.pdf"))
        return await asyncio.gather(
            *(store.append(record) for store, record in zip(stores, named, strict=True)), return_exceptions=True
        )

    kinds = sorted(type(result).__name__ for result in run(race()))
    assert kinds == ["StageAlreadyRecorded", "dict"]
    assert recorded(standin) == [f"{WORKFLOW}:1"]


def test_other_content_for_a_stage_whose_reply_was_lost_is_refused(standin, store, run, three):
    standin.fail("create", HANG_AFTER_COMMIT)
    with pytest.raises(StoreUnavailable):
        run(store.append(three[0]))
    with pytest.raises(StageAlreadyRecorded):
        run(store.append(three[0] | {"document_name": "other.pdf"}))


# The line of a workflow


def test_a_line_that_was_not_written_after_its_stage_is_written_when_the_stage_is_sent_again(standin, store, run, three):
    standin.fail("create", None, BROKEN)
    with pytest.raises(StoreUnavailable):
        run(store.append(three[0]))
    assert (recorded(standin), lines(run, store)) == ([f"{WORKFLOW}:1"], [])
    run(store.append(three[0]))
    assert [line.status for line in lines(run, store)] == ["awaiting_user_review"]
    assert recorded(standin) == [f"{WORKFLOW}:1"]


def test_a_line_that_missed_two_stages_catches_up_at_the_third(standin, store, run, three):
    standin.fail("create", None, BROKEN, None, BROKEN)
    for record in three[:2]:
        with pytest.raises(StoreUnavailable):
            run(store.append(record))
    assert lines(run, store) == []
    run(store.append(three[2]))
    (line,) = lines(run, store)
    assert (line.status, line.changed_values, line.filename, line.headline.vendor) == ("completed", 1, "x.xlsx", "Baker")


def as_before_version_2(standin, **members):
    """The line in the account as an earlier version left it: with what was wished for, and plain words."""
    (line,) = [item for item in standin.items() if item.get("kind") == "line"]
    earlier = {name: value for name, value in line.items() if name != "line_version"}
    standin.put(earlier | {"template": "standard", "export_format": "pdf"} | members)


def test_a_line_of_an_earlier_version_says_what_was_delivered_and_is_filtered_by_it(standin, store, run, three):
    for record in three:
        run(store.append(record))
    as_before_version_2(standin)
    assert [(line.template, line.export_format) for line in lines(run, store)] == [("standard", "excel")]
    for wanted, count in (("excel", 1), ("pdf", 0)):
        assert len(run(store.history(OWNER, HistoryFilter(export_format=wanted), 10, None)).lines) == count


def test_a_line_of_an_earlier_version_is_found_as_its_words_were_written_or_without_accents(standin, store, run, three):
    run(store.append(three[0]))
    as_before_version_2(standin, search_text="müller 1.pdf")
    found = [len(run(store.history(OWNER, HistoryFilter(text=text), 9, None)).lines) for text in ("MÜLLER", "1.pdf", "möller")]
    assert found == [1, 1, 0]


def test_a_page_goes_on_past_lines_that_turn_out_not_to_fit(standin, store, run, three):
    for record in three:
        run(store.append(record))
    as_before_version_2(standin)
    (line,) = [item for item in standin.items() if item.get("kind") == "line"]
    for n in range(12):
        other = {"id": f"w{n}:line", "export_workflow_id": f"w{n}", "started_at": f"2027-01-{n + 1:02}T00:00:00.000Z"}
        standin.put(line | other)
        standin.put({"id": f"w{n}:3", "owner_email": OWNER, "export_workflow_id": f"w{n}", "final_summary_metadata": {
            "template_used": "standard", "export_format": "csv"}})  # fmt: skip
    standin.largest_page = 1
    page = run(store.history(OWNER, HistoryFilter(export_format="excel"), 3, None))
    assert [found.export_workflow_id for found in page.lines] == [WORKFLOW]


def test_an_earlier_stage_sent_again_does_not_take_the_line_back(store, run, three):
    for record in three:
        run(store.append(record))
    before = lines(run, store)
    assert run(store.append(three[0])) == three[0]
    assert lines(run, store) == before
    assert before[0].status == "completed"


def test_a_line_that_another_process_moved_on_meanwhile_stays_moved_on(standin, store, open_store, run, three):
    run(store.append(three[0]))
    moved = []

    def overtaken(operation):
        if operation == "replace" and not moved:
            (line,) = [item for item in standin.items() if item.get("kind") == "line"]
            moved.append(line | {"sequence": 3, "status": "completed"})
            standin.put(moved[0])

    standin.before_effect = overtaken
    run(store.append(three[1]))
    assert moved
    assert [line.status for line in lines(run, store)] == ["completed"]


# History


def test_a_page_of_history_is_one_query_without_payload(standin, store, run, three):
    for record in three:
        run(store.append(record))
    standin.queries.clear()
    run(store.history(OWNER, HistoryFilter(text="baker", status="completed", export_format="excel"), 5, None))
    (query,) = standin.queries
    assert "*" not in query
    assert "data" not in query.partition("WHERE")[0]


def test_short_pages_are_filled_up_and_then_continued(standin, store, run, three):
    for n in range(7):
        workflow = f"{WORKFLOW[:-1]}{n}"
        run(store.append(three[0] | {"id": f"{workflow}:1", "export_workflow_id": workflow}))
    standin.largest_page = 2
    first = run(store.history(OWNER, EVERYTHING, 3, None))
    assert len(first.lines) == 3
    second = run(store.history(OWNER, EVERYTHING, 9, first.cursor))
    assert (len(second.lines), second.cursor is None) == (4, True)
    assert len({line.export_workflow_id for line in first.lines + second.lines}) == 7


def test_a_cursor_that_is_none_is_refused_in_a_sentence(store, run):
    with pytest.raises(StoreUnavailable, match="Reload"):
        run(store.history(OWNER, EVERYTHING, 5, "nonsense"))


# Expiry


def days(count):
    return timedelta(days=count).total_seconds()


def test_a_workflow_expires_whole_thirty_days_after_its_first_stage(standin, store, run, clock, three):
    run(store.append(three[0]))
    run(store.keep(StoredDocument("d1", OWNER, "a.pdf", "invoice", "sha256:1", {}, (WORKFLOW,))))
    for ttl_days in (20, 10):
        standin.later(days(10))
        clock.forward(days=10)
        run(store.append(three[1 if ttl_days == 20 else 2] | {"ttl": int(days(ttl_days))}))
        entry = HistoryEntry(timestamp=clock(), action="downloaded", details="x.xlsx", actor=OWNER)
        run(store.append_activity(OWNER, WORKFLOW, entry))
    standin.later(days(10) - 60)
    assert len(standin.items()) == 3 + 1 + 2 + 3
    assert len(standin.items("documents")) == 1
    standin.later(120)
    assert [item["kind"] for item in standin.items()] == ["journal"] * 3  # which says that they were there
    assert standin.items("documents") == []


def test_a_document_lives_as_long_as_its_youngest_workflow(standin, store, run):
    run(store.keep(StoredDocument("d1", OWNER, "a.pdf", "invoice", "sha256:1", {"total": 1}, ("w1",))))
    standin.later(days(20))
    run(store.keep(StoredDocument("d1", OWNER, "b.pdf", "invoice", "sha256:1", {"total": 2}, ("w2",))))
    standin.later(days(29))
    found = run(store.find(OWNER, "sha256:1"))
    assert (found.name, found.original_extraction, found.workflows) == ("a.pdf", {"total": 1}, ("w1", "w2"))
    standin.later(days(2))
    assert run(store.find(OWNER, "sha256:1")) is None


# Documents and the trail


@pytest.mark.parametrize("already_there", [True, False])
def test_versions_that_two_processes_add_at_once_are_both_kept(standin, open_store, run, already_there):
    def kept(*workflows):
        return StoredDocument("d1", OWNER, "a.pdf", "invoice", "sha256:1", {}, workflows)

    stores = [open_store() for _ in range(4)]
    if already_there:
        run(stores[0].keep(kept("w0")))

    async def race():
        await asyncio.gather(*(store.keep(kept(f"w{n}")) for n, store in enumerate(stores)))

    run(race())
    assert set(run(stores[0].find(OWNER, "sha256:1")).workflows) == {"w0", "w1", "w2", "w3"}
    assert len(standin.items("documents")) == 1


@pytest.mark.parametrize("fault", [HANG_AFTER_COMMIT, LOST_REPLY], ids=["hang after the commit", "lost reply"])
def test_a_document_whose_reply_was_lost_is_kept_once(standin, open_store, run, fault):
    document = StoredDocument("d1", OWNER, "a.pdf", "invoice", "sha256:1", {}, ("w1",))
    store = open_store(wall_seconds=0.4)
    standin.fail_always("create", fault)
    with pytest.raises(StoreUnavailable):
        run(store.keep(document))
    standin.heal()
    assert run(store.keep(document)) == document
    assert len(standin.items("documents")) == 1


def test_the_trail_is_no_stage_and_no_line(standin, store, run, three):
    run(store.append(three[0]))
    entry = HistoryEntry(timestamp=datetime(2026, 10, 7, tzinfo=UTC), action="downloaded", details="x.pdf", actor=OWNER)
    run(store.append_activity(OWNER, WORKFLOW, entry))
    assert run(store.stages(OWNER, WORKFLOW)) == [three[0]]
    assert len(lines(run, store)) == 1
    assert run(store.activities(OWNER, WORKFLOW)) == [entry]


def test_an_entry_of_the_trail_that_is_sent_again_after_a_lost_reply_stands_once(standin, open_store, run):
    store = open_store(wall_seconds=0.4)
    entry = HistoryEntry(timestamp=datetime(2026, 10, 7, tzinfo=UTC), action="downloaded", details="x.pdf", actor=OWNER)
    standin.fail("create", HANG_AFTER_COMMIT)
    with pytest.raises(StoreUnavailable):
        run(store.append_activity(OWNER, WORKFLOW, entry))
    run(store.append_activity(OWNER, WORKFLOW, entry))
    assert run(store.activities(OWNER, WORKFLOW)) == [entry]


# Logs


def test_each_call_logs_its_charge_and_never_the_owner_or_the_data(standin, store, run, three, caplog):
    caplog.set_level(logging.INFO)
    run(store.append(three[0]))
    standin.fail("create", MALFORMED)
    with pytest.raises(RecordRejected):
        run(store.append(three[1]))
    run(store.history(OWNER, HistoryFilter(text="mill"), 5, None))
    charges = [m for m in caplog.messages if m.startswith("cosmos call=")]
    sent = [name for name in standin.operations if name in ("create", "query", "replace")]
    assert len([m for m in charges if "call=reach" not in m]) == len(sent)
    assert all(float(m.partition("charge=")[2]) > 0 for m in charges)
    written = json.dumps([record.__dict__ for record in caplog.records], default=str).lower()
    assert not any(word in written for word in (OWNER, "mill", "flour", "f-10"))


# What lasts and what passes


LASTING = {  # the fault, the request that meets it, and what of the sentence an administrator then acts on
    "wrong key": (WRONG_KEY, "account", "KRAFTD_COSMOS_KEY"),
    "keys switched off": (NO_KEYS, "account", "takes no keys"),
    "firewall": (FIREWALL, "account", "firewall"),
    "no role": (NO_ROLE, "query", "Cosmos DB Built-in Data Contributor"),
    "may read but not write": (NO_ROLE, "create", "Cosmos DB Built-in Data Contributor"),
    "no database, and it may not be made": (NOT_MADE, "make", "database KraftdIntel"),
    "a path that is none": (NOWHERE, "account", "KRAFTD_COSMOS_ENDPOINT"),
    "forbidden without a word": (FORBIDDEN, "any", "Networking"),
}


@pytest.mark.parametrize(("fault", "operation", "named"), LASTING.values(), ids=LASTING)
def test_what_lasts_until_somebody_mends_it_is_told_from_an_outage_with_what_to_do(
    standin, open_store, run, three, fault, operation, named
):
    standin.fail_always(operation, fault)
    store = open_store(wall_seconds=3.0)
    with pytest.raises(StoreRefused, match=named):
        run(store.append(three[0]))
    standin.heal()
    run(store.append(three[0]))  # the same store goes on, once it is mended


@pytest.mark.parametrize("fault", [f for name, f in FAULTS.items() if name not in ("wrong key", "forbidden")])
def test_an_outage_is_not_called_lasting(standin, open_store, run, three, fault):
    standin.fail_always("query", fault)
    with pytest.raises(StoreUnavailable) as said:
        run(open_store(wall_seconds=0.4).append(three[0]))
    assert type(said.value) is StoreUnavailable


@pytest.mark.parametrize("fault", NO_ANSWERS.values(), ids=NO_ANSWERS)
@pytest.mark.parametrize("operation", ["account", "read", "query", "create"])
def test_what_is_no_answer_is_an_outage_and_neither_a_confirmation_nor_an_empty_list(
    standin, open_store, run, three, operation, fault
):
    standin.fail_always(operation, fault)
    store = open_store()
    with pytest.raises(StoreUnavailable, match="no answer of its kind") as said:
        run(store.append(three[0]))
    assert type(said.value) is StoreUnavailable
    if operation == "query":
        with pytest.raises(StoreUnavailable):
            run(store.history(OWNER, EVERYTHING, 10, None))
    standin.heal()
    run(store.append(three[0]))
    assert len(run(store.stages(OWNER, WORKFLOW))) == 1


@pytest.mark.parametrize(("number", "named", "lasts"), [
    (socket.EAI_NONAME, "no computer of the name", True), (socket.EAI_AGAIN, "did not answer", False),
])  # fmt: skip
def test_a_name_that_is_none_lasts_and_one_that_cannot_be_looked_up_just_now_does_not(
    open_store, run, three, monkeypatch, number, named, lasts
):
    def lookup(*_, **__):
        raise socket.gaierror(number, "no")

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    store = open_store(endpoint="http://records.example:80")
    with pytest.raises(StoreUnavailable, match=named) as said:
        run(store.append(three[0]))
    assert isinstance(said.value, StoreRefused) == lasts


def test_an_address_that_speaks_no_https_lasts(standin, open_store, run, three):
    store = open_store(endpoint=standin.endpoint.replace("http:", "https:"))
    with pytest.raises(StoreRefused, match="https"):
        run(store.append(three[0]))


def test_a_failed_call_is_one_line_with_its_cause_and_id_and_so_is_the_recovery(standin, open_store, run, three, caplog):
    caplog.set_level(logging.INFO, "kraftd_core.ports")
    store = open_store(engine=Engine("records", "Azure Cosmos DB", "records.example"))
    standin.fail_always("query", Fault(403, {"x-ms-activity-id": "3f2b-77"}))
    with pytest.raises(StoreRefused):
        run(store.append(three[0]))
    standin.heal()
    run(store.append(three[0]))
    failed, again = [r.getMessage() for r in caplog.records if r.name == "kraftd_core.ports.engines"]
    assert re.fullmatch(
        r"engine failed engine=records host=records.example cause=status=403 seconds=\d+\.\d attempts=\d+ request=3f2b-77", failed
    )
    assert again == "engine answers again engine=records host=records.example after=status=403"
    assert OWNER not in caplog.text and KEY not in caplog.text


# What is missing is found without making it


def test_a_try_reads_and_says_what_is_made_at_first_use(standin, open_store, run):
    tried = run(open_store().tried(makes_what_is_missing=True))
    assert (tried.reached, tried.lacks) == ("database KraftdIntel; made at first use: the database KraftdIntel", ())
    assert run(open_store().tried(makes_what_is_missing=False)).lacks == ("the database KraftdIntel",)
    assert set(standin.operations) == {"account", "read"}


def test_a_try_of_what_the_store_made_lacks_nothing(standin, store, open_store, run, three):
    run(store.append(three[0]))
    assert run(open_store().tried(makes_what_is_missing=False)).lacks == ()
    assert len(standin.items()) == 3


@pytest.mark.parametrize(("change", "lacks"), [
    ({"partitionKey": {"paths": ["/id"]}}, "partition key /owner_email of export_tracking"),
    ({"defaultTtl": None}, "default time to live of export_tracking"),
    ({"indexingPolicy": {"includedPaths": [{"path": "/owner_email/?"}]}}, "the index /status/? of export_tracking"),
    ({"indexingPolicy": {"includedPaths": [{"path": "/*"}]}}, "composite index /started_at, /export_workflow_id"),
])  # fmt: skip
def test_a_container_made_by_hand_is_held_against_what_it_must_be(standin, store, open_store, run, three, change, lacks):
    run(store.append(three[0]))
    standin.containers["export_tracking"] |= change
    found = run(open_store().tried(makes_what_is_missing=True)).lacks
    assert any(lacks in lack for lack in found)


def test_a_container_that_is_missing_is_named(standin, store, open_store, run, three):
    run(store.append(three[0]))
    del standin.containers["documents"]
    assert run(open_store().tried(makes_what_is_missing=False)).lacks == ("the container documents",)


def test_who_may_read_but_not_write_is_told_by_a_try(standin, store, open_store, run, three):
    run(store.append(three[0]))
    standin.fail_always("replace", NO_ROLE)
    with pytest.raises(StoreRefused, match="Data Contributor"):
        run(open_store().tried(makes_what_is_missing=True))
