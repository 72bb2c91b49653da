"""Recording through outages: the real client of Cosmos, and every fault at every call it makes."""

import asyncio
from collections import Counter
from functools import partial
from typing import ClassVar
from uuid import uuid4

import cosmos_standin as wire
import pytest
from cosmos_standin import CosmosStandin
from fakes import OWNER, SUMMARY, Clock, invoice_data
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from kraftd_core.adapters.files.local import LocalFiles
from kraftd_core.adapters.stores.cosmos import CosmosStore, cosmos_client
from kraftd_core.adapters.stores.spool import SpoolStore
from kraftd_core.adapters.stores.sqlite import SqliteStore
from kraftd_core.errors import StageAlreadyRecorded, StageOutOfOrder
from kraftd_core.ports.keeping import HistoryFilter
from kraftd_core.recording.service import ExportTrackingService
from kraftd_core.records.chain import verify
from kraftd_core.records.stages import HistoryEntry

FAULTS = {
    "throttled": wire.THROTTLED,
    "unavailable": wire.UNAVAILABLE,
    "retry with": wire.RETRY_WITH,
    "timed out": wire.TIMED_OUT,
    "wrong key": wire.WRONG_KEY,
    "forbidden": wire.FORBIDDEN,
    "broken": wire.BROKEN,
    "malformed": wire.MALFORMED,
    "too large": wire.TOO_LARGE,
    "hang": wire.HANG,
    "hang after the commit": wire.HANG_AFTER_COMMIT,
    "cut off": wire.CUT_OFF,
    "lost reply": wire.LOST_REPLY,
    "half a reply": wire.HALF_REPLY,
}
AT_CALLS = st.none() | st.tuples(st.sampled_from(sorted(FAULTS)), st.integers(1, 8), st.integers(1, 3))
"""What goes wrong next: which fault, from which call on, and how many times."""
OUTAGES = ("cut off", "unavailable", "throttled", "wrong key")
IMPATIENT_SECONDS, PATIENT_SECONDS = 0.12, 10.0
STEPS = 40


class Bench:
    """A recorder over a spool over the real client over an account on the wire."""

    def __init__(self, folder, account: CosmosStandin) -> None:
        account.forget()
        self.account = account
        self.clock = Clock()
        self.path = folder / f"{uuid4()}.sqlite3"
        self.files = LocalFiles(folder / "files")
        self._runner = asyncio.Runner()
        self.run = self._runner.run
        self.open(IMPATIENT_SECONDS)

    def open(self, wall_seconds):
        connect = partial(cosmos_client, self.account.endpoint, wire.KEY, socket_seconds=wall_seconds / 2)
        distant = CosmosStore(connect, wall_seconds=wall_seconds, now=self.clock)
        self.spool = SpoolStore(self.path, distant, call_seconds=wall_seconds * 1.25, now=self.clock)
        self.tracking = ExportTrackingService(self.spool, self.files, now=self.clock)

    def restart(self, wall_seconds=IMPATIENT_SECONDS):
        self.run(self.spool.close())
        self.open(wall_seconds)

    def end(self):
        self.run(self.spool.close())
        self._runner.close()

    def mend(self):
        """All goes well again, and what waits is sent."""
        self.account.heal()
        self.restart(PATIENT_SECONDS)
        self.clock.forward(minutes=10)
        self.run(self.spool.send_due())

    def here(self, workflow):
        return [dict(record) for record in self.run(SqliteStore.stages(self.spool, OWNER, workflow))]

    def there(self, workflow):
        items = [item for item in self.account.items() if item.get("export_workflow_id") == workflow]
        stages = [item for item in items if item.get("kind") == "stage"]
        return sorted(stages, key=lambda record: record["sequence"])

    def waiting(self):
        return self.run(self.spool.waiting(OWNER))

    def stage1(self):
        return self.run(self.tracking.record_stage_1_initial_summary("d1", OWNER, "invoice", invoice_data(), SUMMARY))

    def stage2(self, workflow, vendor):
        data = invoice_data()
        edited = data | {"vendor_name": vendor}
        self.run(self.tracking.record_stage_2_user_modifications(workflow, "d1", OWNER, data, edited, {}))

    def stage3(self, workflow):
        self.run(self.tracking.record_stage_3_final_deliverable(workflow, "d1", OWNER, SUMMARY, "json", "x.json", 2, b"{}"))


def are_unaltered(here, there):
    """Whether the records there are the first ones here, but for what Cosmos adds and the time left at each sending."""
    return all(
        {name: sent[name] for name in record if name != "ttl"} == {name: record[name] for name in record if name != "ttl"}
        for record, sent in zip(here, there, strict=False)
    )


class Recording(RuleBasedStateMachine):
    """Laws 1 and 2: an acknowledged stage is there, once, unchanged and in order; "recorded" is said of nothing else."""

    workflows = Bundle("workflows")
    folder = account = None
    steps = 0
    met: ClassVar[Counter[tuple[str, str]]] = Counter()

    @initialize()
    def open(self):
        self.bench = Bench(self.folder, self.account)
        self.acknowledged = {}
        self.noted = {}

    def teardown(self):
        if hasattr(self, "bench"):
            names = {id(fault): name for name, fault in FAULTS.items()}
            self.met.update((operation, names[id(fault)]) for operation, fault in self.account.failed)
            try:
                self.bench.mend()
                self.all_arrived()
            finally:
                self.bench.end()

    def goes_wrong(self, at_call):
        if at_call is not None:
            fault, k, times = at_call
            self.account.heal()
            self.account.fail("any", *[None] * (k - 1), *[FAULTS[fault]] * times)

    @rule(fault=st.sampled_from(OUTAGES))
    def an_outage(self, fault):
        self.account.fail_always("any", FAULTS[fault])

    @rule()
    def all_goes_well(self):
        self.account.heal()

    @rule(target=workflows, at_call=AT_CALLS)
    def begin(self, at_call):
        self.goes_wrong(at_call)
        workflow = self.bench.stage1()
        self.acknowledge(workflow)
        return workflow

    @rule(workflow=workflows, vendor=st.sampled_from(["A", "B"]), at_call=AT_CALLS)
    def review(self, workflow, vendor, at_call):
        self.goes_wrong(at_call)
        try:
            self.bench.stage2(workflow, vendor)
        except StageAlreadyRecorded:
            assert 2 in self.acknowledged[workflow]
        else:
            self.acknowledge(workflow)

    @rule(workflow=workflows, at_call=AT_CALLS)
    def deliver(self, workflow, at_call):
        self.goes_wrong(at_call)
        try:
            self.bench.stage3(workflow)
        except StageOutOfOrder:
            assert 2 not in self.acknowledged[workflow]
        else:
            self.acknowledge(workflow)

    @rule(workflow=workflows, at_call=AT_CALLS)
    def note(self, workflow, at_call):
        self.goes_wrong(at_call)
        self.bench.clock.forward(seconds=1)
        entry = HistoryEntry(timestamp=self.bench.clock(), action="downloaded", details="", actor=OWNER)
        self.bench.run(self.bench.spool.append_activity(OWNER, workflow, entry))
        self.noted.setdefault(workflow, []).append(entry)

    @rule(workflow=workflows, at_call=AT_CALLS)
    def look(self, workflow, at_call):
        """Whatever fails, the user sees all that was acknowledged."""
        self.goes_wrong(at_call)
        self.bench.clock.forward(seconds=11)
        seen = self.bench.run(self.bench.spool.stages(OWNER, workflow))
        assert {record["sequence"]: record["record_hash"] for record in seen} == self.acknowledged[workflow]
        lines = self.bench.run(self.bench.spool.history(OWNER, HistoryFilter(), 10_000, None)).lines
        assert sorted(line.export_workflow_id for line in lines) == sorted(self.acknowledged)
        assert self.bench.run(self.bench.spool.activities(OWNER, workflow)) == self.noted.get(workflow, [])

    @rule(at_call=AT_CALLS)
    def restart(self, at_call):
        self.goes_wrong(at_call)
        self.bench.restart()

    @rule(seconds=st.integers(0, 400), at_call=AT_CALLS)
    def time_passes(self, seconds, at_call):
        self.goes_wrong(at_call)
        self.bench.clock.forward(seconds=seconds)
        self.bench.run(self.bench.spool.send_due())

    def acknowledge(self, workflow):
        now = {record["sequence"]: record["record_hash"] for record in self.bench.here(workflow)}
        assert self.acknowledged.get(workflow, {}).items() <= now.items()
        self.acknowledged[workflow] = now

    @invariant()
    def the_laws_hold(self):
        if not hasattr(self, "bench"):
            return
        type(self).steps += 1
        waiting = self.bench.waiting()
        assert waiting.quarantined == ()
        for workflow, hashes in self.acknowledged.items():
            here, there = self.bench.here(workflow), self.bench.there(workflow)
            assert {record["sequence"]: record["record_hash"] for record in here} == hashes
            assert verify(here) is None
            assert [record["sequence"] for record in there] == list(range(1, len(there) + 1))
            assert are_unaltered(here, there)
            is_all_there = len(there) == len(here)
            assert is_all_there or workflow in waiting.following_workflows | set(waiting.rejected)
            assert not (is_all_there and workflow in waiting.rejected)

    def all_arrived(self):
        waiting = self.bench.waiting()
        assert waiting.following == 0
        sequences = {item["export_workflow_id"]: item["sequence"] for item in self.account.items() if item.get("kind") == "line"}
        for workflow in self.acknowledged.keys() - set(waiting.rejected):
            there = self.bench.there(workflow)
            assert [record["record_hash"] for record in there] == list(self.acknowledged[workflow].values())
            assert verify(there) is None
            assert sequences[workflow] == len(there)


@pytest.fixture
def account():
    made = CosmosStandin()
    made.start()
    yield made
    made.stop()


def test_the_laws_of_recording_hold_whatever_fails_at_whichever_call(tmp_path, account):
    Recording.folder, Recording.account = tmp_path, account
    runs = settings().max_examples // 20  # each is of many steps
    run_state_machine_as_test(
        Recording, settings=settings(max_examples=runs, stateful_step_count=STEPS, suppress_health_check=list(HealthCheck))
    )
    print(f"steps={Recording.steps} faults={Recording.met.total()} kinds of call and fault={len(Recording.met)}")
