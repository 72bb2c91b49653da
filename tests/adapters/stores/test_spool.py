import asyncio
import sqlite3
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from fakes import OWNER, SUMMARY, Clock, invoice_data

from kraftd_core.adapters.files.local import LocalFiles
from kraftd_core.adapters.stores.spool import SpoolStore
from kraftd_core.adapters.stores.sqlite import SqliteStore
from kraftd_core.errors import FileDamaged, RecordRejected, StageAlreadyRecorded, StoreRefused, StoreUnavailable
from kraftd_core.ports.keeping import HistoryFilter, StoredDocument
from kraftd_core.recording.service import ExportTrackingService, utc_now
from kraftd_core.records.chain import hash_of, verify
from kraftd_core.records.lessons import LearningChoice
from kraftd_core.records.stages import HistoryEntry

FAULTS = ("none", "away", "lost reply", "hang", "hang after commit")


class FaultyStore(SqliteStore):
    """A distant store that fails as it is told: before it commits, after it, or by never answering."""

    fault = "none"
    sent: list[str]

    def __init__(self, path, now):
        super().__init__(path, now=now)
        self.sent = []

    async def close(self):
        """Does nothing: what is distant outlives the spool that lets go of it."""

    async def _failing(self, call, *, is_write=False):
        if self.fault == "away":
            raise StoreUnavailable("away")
        if self.fault == "refused" or (self.fault == "may not write" and is_write):
            raise StoreRefused("The key is wrong. Ask for it to be corrected.")
        if self.fault == "no answer" and is_write:
            raise KeyError("id")
        if self.fault == "rejects" and is_write:
            raise RecordRejected("too large")
        if self.fault == "hang":
            await asyncio.Event().wait()
        result = await call()
        if self.fault == "lost reply":
            raise StoreUnavailable("the reply was lost")
        if self.fault == "hang after commit":
            await asyncio.Event().wait()
        return result

    async def check(self):
        return await self._failing(lambda: SqliteStore.check(self))

    async def append(self, record):
        stored = await self._failing(lambda: SqliteStore.append(self, record), is_write=True)
        self.sent.append(record["id"])
        return stored

    async def stages(self, owner_email, export_workflow_id):
        if self.fault.startswith("hang"):
            raise StoreUnavailable("no answer in time")  # the adapter bounds its own reads
        return await self._failing(lambda: SqliteStore.stages(self, owner_email, export_workflow_id))

    async def history(self, owner_email, wanted, limit, cursor):
        if self.fault.startswith("hang"):
            raise StoreUnavailable("no answer in time")
        return await self._failing(lambda: SqliteStore.history(self, owner_email, wanted, limit, cursor))

    async def lessons(self, owner_email, document_type, limit):
        return await self._failing(lambda: SqliteStore.lessons(self, owner_email, document_type, limit))

    async def learning_choice(self, owner_email):
        return await self._failing(lambda: SqliteStore.learning_choice(self, owner_email))

    async def keep_learning_choice(self, owner_email, choice):
        await self._failing(lambda: SqliteStore.keep_learning_choice(self, owner_email, choice))


class Bench:
    """A recorder over a spool over a faulty distant store, and the hand that breaks and mends it."""

    def __init__(self, folder):
        self.folder = folder
        self.clock = Clock()
        self.distant = FaultyStore(folder / f"{uuid4()}.sqlite3", self.clock)
        self.path = folder / f"{uuid4()}.sqlite3"
        self.open_spool()

    def open_spool(self):
        self.spool = SpoolStore(self.path, self.distant, call_seconds=0.02, now=self.clock)
        self.tracking = ExportTrackingService(self.spool, LocalFiles(self.folder / "files"), now=self.clock)

    def restart(self):
        run(self.spool.close())
        self.open_spool()

    def mend(self):
        self.distant.fault = "none"
        self.clock.forward(minutes=10)
        self.spool._call_seconds = 30  # a slow disk is no fault
        run(self.spool.send_due())
        self.spool._call_seconds = 0.02

    def mend_reading(self):
        """The distant store answers again; what waits is not sent yet."""
        self.distant.fault = "none"
        self.clock.forward(minutes=10)

    def stage1(self):
        return run(self.tracking.record_stage_1_initial_summary("d1", OWNER, "invoice", invoice_data(), SUMMARY))

    def stage2(self, workflow, vendor="Baker"):
        data = invoice_data()
        run(self.tracking.record_stage_2_user_modifications(workflow, "d1", OWNER, data, data | {"vendor_name": vendor}, {}))

    def stage3(self, workflow):
        run(self.tracking.record_stage_3_final_deliverable(workflow, "d1", OWNER, SUMMARY, "json", "x.json", 2, b"{}"))

    def here(self, workflow):
        return [dict(r) for r in run(self.spool.stages(OWNER, workflow))]

    def there(self, workflow):
        fault, self.distant.fault = self.distant.fault, "none"
        records = [dict(r) for r in run(self.distant.stages(OWNER, workflow))]
        self.distant.fault = fault
        return records

    def waiting(self):
        return run(self.spool.waiting(OWNER))


def run(verb):
    return asyncio.run(verb)


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


def test_with_the_distant_store_at_hand_a_record_is_confirmed_in_the_same_call(bench):
    bench.spool._call_seconds = 30  # a slow disk is no fault
    workflow = bench.stage1()
    assert len(bench.there(workflow)) == 1
    assert bench.waiting().following == 0


@pytest.mark.parametrize("fault", FAULTS[1:])
def test_a_whole_workflow_is_saved_here_in_an_outage_and_follows_in_order_once(bench, fault):
    bench.distant.fault = fault
    workflow = bench.stage1()
    bench.stage2(workflow)
    bench.stage3(workflow)
    assert [r["sequence"] for r in bench.here(workflow)] == [1, 2, 3]
    assert bench.waiting().following_workflows == {workflow}
    (line,) = run(bench.spool.history(OWNER, HistoryFilter(), 10, None)).lines
    assert line.status == "completed"
    bench.mend()
    assert bench.waiting().following == 0
    assert [r["record_hash"] for r in bench.there(workflow)] == [r["record_hash"] for r in bench.here(workflow)]
    assert verify(bench.there(workflow)) is None
    assert [s for s in bench.distant.sent if s.startswith(workflow)][-3:] == [f"{workflow}:{n}" for n in (1, 2, 3)]


def test_what_waits_survives_a_restart(bench):
    bench.distant.fault = "away"
    workflow = bench.stage1()
    bench.restart()
    assert bench.waiting().following == 1
    bench.mend()
    assert len(bench.there(workflow)) == 1


def test_the_seconds_left_are_counted_when_it_is_sent(bench):
    bench.distant.fault = "away"
    workflow = bench.stage1()
    bench.clock.forward(days=1)
    bench.mend()
    assert bench.there(workflow)[0]["ttl"] == int(timedelta(days=29, minutes=-10).total_seconds())


def test_a_record_spooled_past_its_end_is_not_sent_and_shown_as_expired(bench):
    bench.distant.fault = "away"
    workflow = bench.stage1()
    bench.clock.forward(days=31)
    bench.mend()
    assert bench.there(workflow) == []
    assert (bench.waiting().expired, bench.waiting().following) == (1, 0)


@pytest.mark.parametrize(("seconds_left", "is_sent"), [(1, True), (0, False), (-1, False)])
def test_a_record_is_sent_up_to_its_last_second_and_not_at_the_moment_of_its_end(bench, seconds_left, is_sent):
    bench.distant.fault = "away"
    workflow = bench.stage1()
    bench.distant.fault = "none"
    bench.clock.now = datetime.fromisoformat(bench.here(workflow)[0]["expiration_date"]) - timedelta(seconds=seconds_left)
    bench.spool._call_seconds = 30  # a slow disk is no fault
    run(bench.spool.send_due())
    assert bench.distant.sent == [f"{workflow}:1"] * is_sent
    assert (bench.waiting().expired, bench.waiting().following) == (int(not is_sent), 0)
    assert [record["ttl"] for record in bench.there(workflow)] == [seconds_left] * is_sent


@pytest.mark.parametrize("is_tried", [True, False])
def test_records_that_expired_unsent_are_told_for_thirty_days_after_a_purge_removed_them(bench, is_tried):
    bench.spool._call_seconds = 30  # a slow disk is no fault
    sent = bench.stage1()
    bench.distant.fault = "away"
    bench.stage2(bench.stage1())
    bench.clock.forward(days=31)
    if is_tried:
        bench.mend()
    assert run(bench.spool.purge(bench.clock())) == 2
    bench.distant.fault = "none"
    assert bench.here(sent) == []
    bench.restart()
    assert (bench.waiting().expired, bench.waiting().following) == (2, 0)
    assert run(bench.spool.waiting("eve@example.com")).expired == 0
    run(bench.spool.purge(utc_now() + timedelta(days=29)))
    assert bench.waiting().expired == 2
    run(bench.spool.purge(utc_now() + timedelta(days=30, hours=1)))
    assert bench.waiting().expired == 0


def test_other_content_under_the_id_goes_to_quarantine_with_an_alarm_and_nothing_follows_it(bench, caplog):
    bench.distant.fault = "away"
    workflow = bench.stage1()
    bench.distant.fault = "none"
    other = bench.here(workflow)[0] | {"document_name": "other"}
    run(SqliteStore.append(bench.distant, other | {"record_hash": hash_of(other)}))
    bench.distant.fault = "away"
    bench.stage2(workflow)
    bench.mend()
    assert bench.waiting().quarantined == (workflow,)
    assert [r["sequence"] for r in bench.there(workflow)] == [1]
    assert any(r.levelname == "ERROR" for r in caplog.records)


def test_a_record_that_is_never_taken_is_listed(bench):
    bench.distant.fault = "rejects"
    workflow = bench.stage1()
    assert bench.waiting().rejected == (workflow,)
    assert bench.here(workflow)


def test_what_stands_behind_a_rejected_record_is_not_sent_and_not_promised(bench):
    bench.distant.fault = "away"
    workflow = bench.stage1()
    bench.stage2(workflow)
    bench.distant.fault = "rejects"
    bench.clock.forward(minutes=10)
    bench.spool._call_seconds = 30  # a slow disk is no fault
    run(bench.spool.send_due())
    waiting = bench.waiting()
    assert (waiting.rejected, waiting.quarantined, waiting.following) == ((workflow,), (), 0)
    assert bench.there(workflow) == []


def test_what_was_tried_thousands_of_times_is_still_sent_when_the_store_is_back(bench):
    bench.distant.fault = "away"
    workflow = bench.stage1()
    run(bench.spool._write(lambda db: db.execute("UPDATE outbox SET tries = 5000")))
    bench.clock.forward(minutes=10)
    run(bench.spool.send_due())
    bench.mend()
    assert (bench.waiting().following, len(bench.there(workflow))) == (0, 1)


def test_the_pause_between_tries_grows_to_some_twenty_seconds(bench):
    bench.distant.fault = "away"
    bench.stage1()
    original, now, tried_at = bench.distant._failing, 0, []
    bench.distant._failing = lambda call, **k: (tried_at.append(now), original(call, **k))[1]
    for now in range(1, 201):  # noqa: B007 - the fault writes it down
        bench.clock.forward(seconds=1)
        run(bench.spool.send_due())
    pauses = [later - earlier for earlier, later in pairwise(sorted({*tried_at}))]  # each up to a half longer or shorter
    assert pauses[0] <= 3 and pauses[1] <= 6
    assert all(10 <= pause <= 31 for pause in pauses[6:])


@pytest.mark.parametrize("body", ["{}", "[]", "no JSON", '{"id": 1}'])
def test_a_broken_row_of_what_waits_does_not_stop_the_others(bench, body):
    bench.distant.fault = "away"
    workflows = [bench.stage1() for _ in range(3)]
    broken = min(workflows)  # the one that is looked at first
    with sqlite3.connect(bench.path) as db:
        db.execute("UPDATE outbox SET body = ? WHERE export_workflow_id = ?", (body, broken))
    bench.mend_reading()
    bench.spool._call_seconds = 30
    run(bench.spool.send_due())
    assert {w for w in workflows if bench.there(w)} == {*workflows} - {broken}


def test_stages_recorded_elsewhere_are_fetched_before_the_next_one(bench, tmp_path):
    workflow = bench.stage1()
    bench.mend()  # on a busy machine the call may end before it was confirmed
    bench.path = tmp_path / "another.sqlite3"
    bench.open_spool()
    bench.stage2(workflow)
    assert verify(bench.there(workflow)) is None
    assert len(bench.there(workflow)) == 2


def test_a_stage_whose_predecessor_cannot_be_reached_is_refused(bench, tmp_path):
    workflow = bench.stage1()
    bench.path = tmp_path / "another.sqlite3"
    bench.open_spool()
    bench.distant.fault = "away"
    with pytest.raises(StoreUnavailable):
        bench.stage2(workflow)


def test_activities_and_documents_follow_too(bench):
    workflow = bench.stage1()
    bench.distant.fault = "away"
    entry = HistoryEntry(timestamp=bench.clock(), action="downloaded", details="x", actor=OWNER)
    run(bench.spool.append_activity(OWNER, workflow, entry))
    run(bench.spool.keep(StoredDocument("d1", OWNER, "a", "invoice", "sha256:1", {}, (workflow,))))
    bench.distant.fault = "none"
    bench.mend()
    assert run(bench.distant.activities(OWNER, workflow)) == [entry]
    assert run(bench.distant.find(OWNER, "sha256:1")).workflows == (workflow,)


def test_reviews_that_wait_here_teach_with_those_that_were_sent_elsewhere(bench, tmp_path):
    elsewhere = bench.stage1()
    bench.stage2(elsewhere)
    bench.mend()
    bench.path = tmp_path / "another.sqlite3"
    bench.open_spool()
    bench.clock.forward(minutes=1)
    here = bench.stage1()
    bench.distant.fault = "away"
    bench.stage2(here)
    bench.mend_reading()
    taught = [lesson.export_workflow_id for lesson in run(bench.spool.lessons(OWNER, "invoice", 9))]
    assert taught == [here, elsewhere]
    bench.distant.fault = "away"
    assert [lesson.export_workflow_id for lesson in run(bench.spool.lessons(OWNER, "invoice", 9))] == [here]


def test_a_choice_counts_once_the_distant_store_has_it_and_is_known_in_an_outage(bench):
    bench.distant.fault = "away"
    with pytest.raises(StoreUnavailable):
        run(bench.spool.keep_learning_choice(OWNER, LearningChoice(is_on=False)))
    with pytest.raises(StoreUnavailable):  # nobody learns from records whose owner may have said no
        run(bench.spool.learning_choice(OWNER))
    bench.mend_reading()
    run(bench.distant.keep_learning_choice(OWNER, LearningChoice(is_on=False)))
    assert run(bench.spool.learning_choice(OWNER)) == LearningChoice(is_on=False)
    bench.distant.fault = "away"
    assert run(bench.spool.learning_choice(OWNER)) == LearningChoice(is_on=False)


def test_a_damaged_spool_is_said_at_opening(tmp_path):
    path = tmp_path / "spool.sqlite3"
    path.write_bytes(b"not a database at all, but long enough to be taken for one" * 20)
    with pytest.raises(FileDamaged, match=r"damaged.*restore"):
        SpoolStore(path, FaultyStore(tmp_path / "distant.sqlite3", Clock()))


# What lasts, what passes, and what is gone


@pytest.mark.parametrize(("fault", "passes"), [("away", True), ("refused", False), ("may not write", False)])
def test_what_waits_tells_the_reason_and_whether_it_passes(bench, fault, passes):
    bench.spool._call_seconds = 30
    bench.distant.fault = fault
    bench.stage1()
    run(bench.spool.history(OWNER, HistoryFilter(), 10, None))  # reading may go well all the while
    waiting = bench.waiting()
    assert (waiting.following, waiting.passes, bool(waiting.reason)) == (1, passes, True)
    assert not run(bench.spool.check())
    bench.distant.fault = "none"
    bench.clock.forward(minutes=10)
    run(bench.spool.send_due())
    assert (bench.waiting().following, bench.waiting().reason) == (0, "")
    assert run(bench.spool.check())


def test_what_waits_is_sent_at_the_start_however_long_it_was_to_wait(bench):
    bench.spool._call_seconds = 30
    bench.distant.fault = "refused"
    workflow = bench.stage1()
    for _ in range(8):
        bench.clock.forward(minutes=9)
        run(bench.spool.send_due())
    bench.distant.fault = "none"
    bench.restart()  # with the corrected key
    bench.spool._call_seconds = 30
    run(bench.spool.send_due())
    assert (bench.waiting().following, len(bench.there(workflow))) == (0, 1)


@pytest.mark.parametrize("fault", ["no answer", "refused", "may not write", "away"])
def test_recording_never_fails_for_what_happens_after_it_was_saved_here(bench, fault, caplog):
    bench.spool._call_seconds = 30
    bench.distant.fault = fault
    workflow = bench.stage1()
    bench.stage2(workflow)
    assert [r["sequence"] for r in bench.here(workflow)] == [1, 2]
    assert bench.waiting().following == 2
    bench.distant.fault = "none"
    bench.clock.forward(minutes=10)
    run(bench.spool.send_due())
    assert (bench.waiting().following, len(bench.there(workflow))) == (0, 2)


def test_what_stands_behind_what_waits_does_not_have_it_tried_without_a_pause(bench):
    bench.spool._call_seconds = 30
    bench.distant.fault = "away"
    workflow = bench.stage1()
    run(bench.spool.keep(StoredDocument("d1", OWNER, "a", "invoice", "sha256:1", {}, (workflow,))))
    bench.stage2(workflow)
    ((before,),) = run(bench.spool._rows("SELECT sum(tries) FROM outbox", ()))
    for _ in range(50):
        bench.clock.forward(seconds=0.1)
        assert run(bench.spool.send_due()) > 0
    ((after,),) = run(bench.spool._rows("SELECT sum(tries) FROM outbox", ()))
    assert after - before <= 4


def test_while_the_store_is_left_alone_its_reason_is_told_and_not_another(bench):
    bench.distant.fault = "refused"
    for _ in range(2):  # asked, and not asked again
        with pytest.raises(StoreRefused, match="key is wrong"):
            run(bench.spool.stages(OWNER, "00000000-0000-4000-8000-000000000000"))


def set_back(bench):
    """The distant store as it was before anything was recorded."""
    bench.distant = FaultyStore(bench.folder / f"{uuid4()}.sqlite3", bench.clock)
    bench.restart()
    bench.spool._call_seconds = 30


def test_a_stage_whose_predecessor_is_gone_there_is_missing_and_not_other_content(bench):
    bench.spool._call_seconds = 30
    workflow = bench.stage1()
    set_back(bench)
    bench.stage2(workflow)
    waiting = bench.waiting()
    assert (waiting.missing, waiting.quarantined, waiting.following) == ((workflow,), (), 0)


def test_what_was_sent_last_is_looked_for_at_the_start_and_sent_again_when_asked(bench):
    bench.spool._call_seconds = 30
    workflow = bench.stage1()
    bench.stage2(workflow)
    bench.stage3(workflow)
    other = bench.stage1()
    set_back(bench)
    run(bench.spool.send_due())
    assert set(bench.waiting().missing) == {workflow, other}
    assert [r["sequence"] for r in bench.here(workflow)] == [1, 2, 3]
    assert run(bench.spool.send_again(OWNER)) == 2
    assert (bench.waiting().missing, bench.waiting().following) == ((), 0)
    assert [r["record_hash"] for r in bench.there(workflow)] == [r["record_hash"] for r in bench.here(workflow)]
    assert run(bench.spool.send_again(OWNER)) == 0


def test_a_workflow_begun_elsewhere_is_sent_again_whole(bench, tmp_path):
    bench.spool._call_seconds = 30
    workflow = bench.stage1()
    bench.path = tmp_path / "another.sqlite3"
    bench.open_spool()
    bench.spool._call_seconds = 30
    bench.stage2(workflow)  # stage 1 is fetched from there, and was never to be sent from here
    set_back(bench)
    run(bench.spool.send_due())
    run(bench.spool.send_again(OWNER))
    assert [r["sequence"] for r in bench.there(workflow)] == [1, 2]


def test_what_comes_back_there_is_not_called_missing_any_more(bench):
    bench.spool._call_seconds = 30
    workflow = bench.stage1()
    full = bench.distant
    set_back(bench)
    run(bench.spool.send_due())
    assert bench.waiting().missing == (workflow,)
    bench.distant = full
    bench.restart()
    run(bench.spool.stages(OWNER, workflow))
    assert bench.waiting().missing == ()


def test_what_expired_there_is_not_missing(bench):
    bench.spool._call_seconds = 30
    bench.stage1()
    bench.clock.forward(days=31)
    set_back(bench)
    run(bench.spool.send_due())
    assert not bench.waiting().is_anything


def test_a_stage_that_another_computer_recorded_meanwhile_is_refused_before_it_is_acknowledged(bench, tmp_path):
    data, one = invoice_data(), bench.tracking
    workflow = run(one.record_stage_1_initial_summary("d1", OWNER, "invoice", data, SUMMARY))
    other = ExportTrackingService(
        SpoolStore(tmp_path / "other.sqlite3", bench.distant, call_seconds=30, now=bench.clock),
        LocalFiles(bench.folder / "files"), now=bench.clock,
    )  # fmt: skip
    run(other.record_stage_2_user_modifications(workflow, "d1", OWNER, data, data | {"vendor_name": "B"}, {}))
    with pytest.raises(StageAlreadyRecorded):
        run(one.record_stage_2_user_modifications(workflow, "d1", OWNER, data, data | {"vendor_name": "A"}, {}))
    assert not run(bench.spool.waiting(OWNER)).is_anything
    (_, second) = run(one.stored_records(workflow, OWNER))
    assert second["modified_data"]["vendor_name"] == "B"
    run(other._store.close())


def test_a_stage_that_another_computer_recorded_with_the_same_content_is_that_one(bench, tmp_path):
    data = invoice_data()
    workflow = run(bench.tracking.record_stage_1_initial_summary("d1", OWNER, "invoice", data, SUMMARY))
    other = ExportTrackingService(
        SpoolStore(tmp_path / "other.sqlite3", bench.distant, call_seconds=30, now=bench.clock),
        LocalFiles(bench.folder / "files"), now=bench.clock,
    )  # fmt: skip
    first = run(other.record_stage_2_user_modifications(workflow, "d1", OWNER, data, data | {"vendor_name": "B"}, {}))
    bench.clock.forward(seconds=5)
    again = run(bench.tracking.record_stage_2_user_modifications(workflow, "d1", OWNER, data, data | {"vendor_name": "B"}, {}))
    assert again.record_hash == first.record_hash
    assert not run(bench.spool.waiting(OWNER)).is_anything
    run(other._store.close())
