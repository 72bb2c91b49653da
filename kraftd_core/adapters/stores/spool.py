"""Commits records on this computer first and sends them on to the distant store, so that an outage loses nothing."""

import asyncio
import json
import logging
import random
import sqlite3
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from math import inf
from pathlib import Path
from typing import Any, Protocol, TypeVar
from weakref import WeakValueDictionary

from kraftd_core.adapters.stores.sqlite import SqliteStore, appended, recorded
from kraftd_core.errors import RecordingError, RecordRejected, StageOutOfOrder, StoreRefused, StoreUnavailable
from kraftd_core.ports.keeping import (
    Documents,
    Held,
    HistoryFilter,
    HistoryPage,
    LearningChoices,
    Record,
    Store,
    StoredDocument,
    Waiting,
    WorkflowLine,
)
from kraftd_core.records.chain import Signer, stored_if_same
from kraftd_core.records.journal import JournalEntry, JournalHead
from kraftd_core.records.lessons import LearningChoice, Lesson
from kraftd_core.records.stages import HistoryEntry, rfc3339

T = TypeVar("T")
log = logging.getLogger(__name__)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS outbox (
    number INTEGER PRIMARY KEY, owner_email TEXT NOT NULL, export_workflow_id TEXT NOT NULL, kind TEXT NOT NULL,
    body TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'waiting', tries INTEGER NOT NULL DEFAULT 0,
    due TEXT NOT NULL, reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX IF NOT EXISTS outbox_of ON outbox (export_workflow_id, number);
CREATE INDEX IF NOT EXISTS outbox_due ON outbox (due) WHERE state = 'waiting';
-- what a purge removed before it could be sent; its workflow column has another name, or the purge would take it too
CREATE TABLE IF NOT EXISTS expired_unsent (owner_email TEXT NOT NULL, workflow TEXT NOT NULL, removed_at TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS expired_unsent_of ON expired_unsent (owner_email);
CREATE TRIGGER IF NOT EXISTS outbox_tells AFTER DELETE ON outbox WHEN OLD.kind = 'record' AND OLD.state IN ('waiting', 'expired')
BEGIN INSERT INTO expired_unsent
VALUES (OLD.owner_email, OLD.export_workflow_id, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')); END;
"""
_TOLD_FOR = timedelta(days=30)
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 1.0, 20.0
_MOST_DOUBLINGS = 16  # far beyond the longest pause; after a thousand the number itself would be too large
_LEFT_ALONE = timedelta(seconds=10)
_MOMENTS: dict[str, Callable[[WorkflowLine], tuple[datetime, str]]] = {
    "newest": lambda line: (line.started_at, line.export_workflow_id),
    "oldest": lambda line: (line.started_at, line.export_workflow_id),
    "worked_on": lambda line: (line.updated_at, line.export_workflow_id),
}
_NO_ANSWER = "Azure Cosmos DB did not answer in time, so there is no confirmation. Try again; nothing is recorded twice."
_STOPS = ("rejected", "quarantined", "missing")
_LOOKED_FOR = 20  # workflows, at the start
_SHORTEST_WAIT_SECONDS, _LONGEST_WAIT_SECONDS = 0.1, 5.0  # between looks at what waits


class DistantStore(Store, Documents, LearningChoices, Protocol):
    """What the spool sends to."""

    async def check(self) -> bool:
        """Whether it answers; raises StoreUnavailable."""
        ...


@dataclass(frozen=True, slots=True)
class _Item:
    """What waits to be sent: a record, an activity or a document."""

    number: int
    owner_email: str
    export_workflow_id: str
    kind: str
    body: str
    tries: int


class SpoolStore(SqliteStore):
    """A store whose writes are committed here, then sent within the same call; what is not confirmed follows by itself.

    The count of records that expired unsent is told for 30 days after a purge removed them.

    States of an item: waiting; sent; quarantined (the distant store holds other content under the id: an alarm);
    rejected (the distant store will never take it); missing (it was sent and is not there any more, or what it stands on is
    not: the distant store was set back); expired (its workflow ended before it could be sent).
    The sent ones stay until they expire, so that an outage does not hide a workflow from the computer that made it.
    """

    def __init__(
        self,
        path: Path,
        distant: DistantStore,
        call_seconds: float = 5.0,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        signer: Signer | None = None,
    ) -> None:
        super().__init__(path, more_schema=_SCHEMA, now=now, signer=signer)
        self._distant = distant
        self._call_seconds = call_seconds
        self._clock = now
        self._left_alone_until = now()
        self._trouble: StoreUnavailable | None = None
        self._trouble_in_sending: StoreUnavailable | None = None  # who may read need not be one who may write
        self._has_answered = self._has_looked = self._has_sent_all = False
        self._sending: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def check(self) -> bool:
        """Whether records can be taken here; and whether the distant store answered when it was last asked."""
        return await super().check() and not (self._trouble or self._trouble_in_sending)

    async def close(self) -> None:
        """See the port; what waits is sent when the spool is opened again."""
        await super().close()
        await self._distant.close()

    # Writing: here first, then there

    async def append(self, record: Record) -> Record:
        """See the port: committed here when it returns; `waiting` tells whether the distant store has confirmed it.

        A stage that another computer may have recorded is asked for there first, where that store answers.
        """
        elsewhere = await self._recorded_elsewhere(record)
        if elsewhere is not None:
            return elsewhere
        await self._fetch_missing_before(record)
        stored = await self._write(lambda db: self._spooled(db, record))
        await self._send_within_call(record["export_workflow_id"])
        return stored

    def _spooled(self, db: sqlite3.Connection, record: Record) -> Record:
        is_new = recorded(db, record["id"]) is None
        stored = appended(db, record)
        if is_new:
            self._enqueue(db, record["owner_email"], record["export_workflow_id"], "record", record)
        return stored

    async def _recorded_elsewhere(self, record: Record) -> Record | None:
        """The stage as another computer recorded it with the same content; raises StageAlreadyRecorded where it has other."""
        owner, workflow = record["owner_email"], record["export_workflow_id"]
        if record["sequence"] == 1 or len(await super().stages(owner, workflow)) >= record["sequence"]:
            return None
        try:
            there = await self._from_there(lambda: self._distant.stages(owner, workflow))
        except StoreUnavailable:
            return None
        stored = next((each for each in there if each["id"] == record["id"]), None)
        return None if stored is None else stored_if_same(stored, record)

    async def _fetch_missing_before(self, record: Record) -> None:
        """Brings the earlier stages here where another computer recorded them."""
        owner, workflow = record["owner_email"], record["export_workflow_id"]
        if record["sequence"] == 1 or len(await super().stages(owner, workflow)) >= record["sequence"] - 1:
            return
        for earlier in await self._distant.stages(owner, workflow):
            if earlier["sequence"] < record["sequence"]:
                with suppress(RecordingError):  # it came in meanwhile
                    await self._write(lambda db, earlier=earlier: appended(db, earlier))  # type: ignore[misc]

    async def held_against(self, owner_email: str, export_workflow_id: str) -> Held:
        """See the port: what is here is held against this computer's journal, what is there as far as that store can."""
        here = await super().held_against(owner_email, export_workflow_id)
        if here.flaw is not None:
            return here
        try:
            there = await self._from_there(lambda: self._distant.held_against(owner_email, export_workflow_id))
        except StoreUnavailable:
            there = Held(None, not_compared=("what Azure Cosmos DB holds, which cannot be reached now",))
        return replace(there, compared=(*here.compared, *there.compared), not_compared=(*here.not_compared, *there.not_compared))

    async def journal(self, owner_email: str) -> list[JournalEntry]:
        """See the port: the distant store's. The one of this computer is compared with what is here."""
        return await self._from_there(lambda: self._distant.journal(owner_email))

    async def journal_head(self, owner_email: str) -> JournalHead | None:
        """See the port: what is only here is not confirmed."""
        return await self._from_there(lambda: self._distant.journal_head(owner_email))

    async def append_activity(self, owner_email: str, export_workflow_id: str, entry: HistoryEntry) -> None:
        """See the port."""
        body = entry.model_dump(mode="json")
        await super().append_activity(owner_email, export_workflow_id, entry)
        await self._write(lambda db: self._enqueue(db, owner_email, export_workflow_id, "activity", body))
        await self._send_within_call(export_workflow_id)

    async def keep(self, document: StoredDocument) -> StoredDocument:
        """See the port."""
        kept = await super().keep(document)
        workflow = document.workflows[-1] if document.workflows else document.document_id
        await self._write(lambda db: self._enqueue(db, document.owner_email, workflow, "document", asdict(document)))
        await self._send_within_call(workflow)
        return kept

    def _enqueue(self, db: sqlite3.Connection, owner: str, workflow: str, kind: str, body: Any) -> None:
        db.execute(
            "INSERT INTO outbox (owner_email, export_workflow_id, kind, body, due) VALUES (?, ?, ?, ?, ?)",
            (owner, workflow, kind, json.dumps(dict(body), ensure_ascii=False), rfc3339(self._clock())),
        )

    # Sending

    async def _send_within_call(self, workflow: str) -> None:
        try:
            async with asyncio.timeout(self._call_seconds):
                await self.send(workflow)
        except TimeoutError:  # it is saved here and follows
            self._trouble_in_sending = StoreUnavailable(_NO_ANSWER)
            self._leave_alone(self._trouble_in_sending)

    async def send(self, workflow: str) -> None:
        """Sends what waits of a workflow, in order, up to the first that cannot be sent now."""
        lock = self._sending.setdefault(workflow, asyncio.Lock())  # held here, or it would be gone at once
        async with lock:
            for item in await self._waiting_items(workflow):
                if not await self._sent(item):
                    break

    async def _sent(self, item: _Item) -> bool:
        """Whether the next of the workflow may follow: this one is confirmed, or will never be sent. What is saved here raises
        nothing: whatever went wrong, it is sent again later.
        """
        try:
            state, reason = await self._hand_over(item)
        except StoreUnavailable as error:
            self._trouble_in_sending = error
            self._leave_alone(error)
            await self._postpone(item)
            return False
        except StageOutOfOrder as error:
            state, reason = await self._standing_there(item), str(error)
        except RecordRejected as error:
            state, reason = "rejected", str(error)
        except RecordingError as error:
            state, reason = "quarantined", str(error)
        except Exception as error:
            trace = None if item.tries else error
            log.error("what waits cannot be sent workflow=%s number=%d", item.export_workflow_id, item.number, exc_info=trace)
            await self._postpone(item)
            return False
        if state in _STOPS:
            log.error("record not taken state=%s workflow=%s number=%d", state, item.export_workflow_id, item.number)
        self._trouble_in_sending = None
        self._answers()
        await self._settle(item, state, reason)
        return state not in _STOPS or item.kind != "record"

    async def _standing_there(self, item: _Item) -> str:
        """Why a stage does not follow what is there: other content stands before it, or what stood before it is missing."""
        here = await super().stages(item.owner_email, item.export_workflow_id)
        there = await self._distant.stages(item.owner_email, item.export_workflow_id)
        known = {record["id"]: record["record_hash"] for record in there}
        differs = any(known.get(record["id"], record["record_hash"]) != record["record_hash"] for record in here)
        return "quarantined" if differs else "missing"

    async def _hand_over(self, item: _Item) -> tuple[str, str]:
        body = json.loads(item.body)
        if item.kind == "activity":
            await self._distant.append_activity(
                item.owner_email, item.export_workflow_id, HistoryEntry.model_validate(body)
            )
        elif item.kind == "document":
            await self._distant.keep(StoredDocument(**{**body, "workflows": tuple(body["workflows"])}))
        else:
            return await self._hand_over_record(body)
        return "sent", ""

    async def _hand_over_record(self, record: dict[str, Any]) -> tuple[str, str]:
        seconds_left = int((datetime.fromisoformat(record["expiration_date"]) - self._clock()).total_seconds())
        if seconds_left <= 0:
            return "expired", "Its time ran out before it could be sent."
        stored = await self._distant.append(record | {"ttl": seconds_left})
        if stored["record_hash"] != record["record_hash"]:
            return "quarantined", "Another record stands under the same id."
        return "sent", ""

    async def _postpone(self, item: _Item) -> None:
        doubled = _FIRST_PAUSE_SECONDS * 2 ** min(item.tries, _MOST_DOUBLINGS)
        pause = min(_LONGEST_PAUSE_SECONDS, doubled) * random.uniform(0.5, 1.5)  # noqa: S311
        due = rfc3339(self._clock() + timedelta(seconds=pause))
        tried = "UPDATE outbox SET tries = tries + 1 WHERE number = ?"
        behind = "UPDATE outbox SET due = ? WHERE export_workflow_id = ? AND state = 'waiting' AND due < ?"

        def wait(db: sqlite3.Connection) -> None:
            db.execute(tried, (item.number,))
            db.execute(behind, (due, item.export_workflow_id, due))  # it would have its workflow tried again at once

        await self._write(wait)

    async def _settle(self, item: _Item, state: str, reason: str) -> None:
        statement = "UPDATE outbox SET state = ?, reason = ? WHERE number = ?"
        await self._write(lambda db: db.execute(statement, (state, reason, item.number)))

    async def _waiting_items(self, workflow: str) -> list[_Item]:
        """What waits of a workflow, in order; none if a record before is in quarantine, which what follows must not pass."""
        query = """SELECT number, owner_email, export_workflow_id, kind, body, tries FROM outbox
            WHERE export_workflow_id = :workflow AND state = 'waiting' AND (kind <> 'record' OR NOT EXISTS (
                SELECT 1 FROM outbox WHERE export_workflow_id = :workflow AND state IN ('quarantined', 'rejected', 'missing')
                AND kind = 'record')) ORDER BY number"""
        rows = await self._rows(query, {"workflow": workflow})
        return [_Item(*row) for row in rows]

    async def send_due(self) -> float:
        """See the port; the first time all that waits, because what stood against it may have been mended before the start."""
        query = "SELECT DISTINCT export_workflow_id FROM outbox WHERE state = 'waiting' AND due <= ?"
        until, self._has_sent_all = rfc3339(self._clock()) if self._has_sent_all else "9999", True
        for (workflow,) in await self._rows(query, (until,)):
            before = self._trouble_in_sending
            await self._send_within_call(workflow)
            if self._trouble_in_sending not in (None, before):  # the others would only wait for the same
                break
        ((due,),) = await self._rows("SELECT min(due) FROM outbox WHERE state = 'waiting'", ())
        if due is None:
            self._trouble_in_sending = None
        if self._trouble_in_sending is None:  # else what waits asks often enough
            await self._look()
        seconds = (datetime.fromisoformat(due) - self._clock()).total_seconds() if due else inf
        return min(max(seconds, _SHORTEST_WAIT_SECONDS), _LONGEST_WAIT_SECONDS)

    async def _look(self) -> None:
        """Asks the distant store where nobody has yet, or where it failed last; at its first answer, for what was sent last."""
        with suppress(StoreUnavailable):
            if self._trouble is not None or not self._has_answered:
                await self._from_there(self._distant.check)
            if not self._has_looked:
                await self._look_for_what_was_sent()
                self._has_looked = True

    async def _look_for_what_was_sent(self) -> None:
        """Whether what was confirmed last is still there: a distant store that was set back does not say so itself."""
        query = """SELECT owner_email, export_workflow_id FROM outbox WHERE kind = 'record' AND state = 'sent'
            GROUP BY export_workflow_id ORDER BY max(number) DESC LIMIT ?"""
        for owner, workflow in await self._rows(query, (_LOOKED_FOR,)):
            await self.stages(owner, workflow)

    async def send_again(self, owner_email: str) -> int:
        """See the port; whole workflows, in order, with the stages that were fetched from there once."""
        query = "SELECT DISTINCT export_workflow_id FROM outbox WHERE owner_email = ? AND state = 'missing'"
        workflows = [workflow for (workflow,) in await self._rows(query, (owner_email,))]
        for workflow in workflows:
            records = await super().stages(owner_email, workflow)
            await self._write(partial(self._wait_again, workflow=workflow, records=records))
            await self._send_within_call(workflow)
        return len(workflows)

    def _wait_again(self, db: sqlite3.Connection, workflow: str, records: Sequence[Record]) -> None:
        now, bodies = rfc3339(self._clock()), "SELECT body FROM outbox WHERE export_workflow_id = ? AND kind = 'record'"
        known = {json.loads(body)["id"] for (body,) in db.execute(bodies, (workflow,))}
        statement = """UPDATE outbox SET state = 'waiting', tries = 0, due = ?
            WHERE export_workflow_id = ? AND state IN ('sent', 'missing')"""
        db.execute(statement, (now, workflow))
        for record in reversed(records):  # each before all others: a stage is sent before what follows it
            if record["id"] not in known:
                body = json.dumps(dict(record), ensure_ascii=False)
                db.execute(
                    """INSERT INTO outbox (number, owner_email, export_workflow_id, kind, body, due)
                    SELECT min(0, min(number)) - 1, ?, ?, 'record', ?, ? FROM outbox""",
                    (record["owner_email"], workflow, body, now),
                )

    async def purge(self, now: datetime) -> int:
        """See the port; what is removed unsent stays counted in `waiting` for some weeks."""
        statement, until = "DELETE FROM expired_unsent WHERE removed_at <= ?", rfc3339(now - _TOLD_FOR)
        await self._write(lambda db: db.execute(statement, (until,)))
        return await super().purge(now)

    # Reading: there, and what is only here

    async def _from_there(self, answer: Callable[[], Awaitable[T]]) -> T:
        """What the distant store answers; after a failure it is left alone a while, or a page would wait at each reading."""
        if self._trouble is not None and self._clock() < self._left_alone_until:
            raise type(self._trouble)(str(self._trouble))
        try:
            answered = await answer()
        except StoreUnavailable as error:
            self._leave_alone(error)
            raise
        self._answers()
        return answered

    def _leave_alone(self, trouble: StoreUnavailable) -> None:
        self._trouble, self._left_alone_until = trouble, self._clock() + _LEFT_ALONE

    def _answers(self) -> None:
        self._trouble, self._has_answered = None, True

    async def stages(self, owner_email: str, export_workflow_id: str) -> Sequence[Record]:
        """See the port."""
        here = await super().stages(owner_email, export_workflow_id)
        try:
            there = await self._from_there(lambda: self._distant.stages(owner_email, export_workflow_id))
        except StoreUnavailable:
            if here:
                return here
            raise
        known = {record["id"] for record in there}
        only_here = [record for record in here if record["id"] not in known]
        await self._note_missing(export_workflow_id, {record["id"] for record in only_here})
        return sorted([*there, *only_here], key=lambda record: int(record["sequence"]))

    async def _note_missing(self, workflow: str, only_here: set[str]) -> None:
        """Marks what was sent and is not there; what is marked and is there after all was sent."""
        query = "SELECT number, state, body FROM outbox WHERE export_workflow_id = ? AND kind = 'record' AND state IN (?, ?)"
        for number, state, body in await self._rows(query, (workflow, "sent", "missing")):
            found = "missing" if json.loads(body)["id"] in only_here else "sent"
            if found == state or (found == "sent" and only_here):
                continue
            if found == "missing":
                log.error("record missing workflow=%s number=%d", workflow, number)
            await self._write(partial(_change_state, number=number, before=state, after=found))

    async def history(self, owner_email: str, wanted: HistoryFilter, limit: int, cursor: str | None) -> HistoryPage:
        """See the port: what waits here stands on the first page; without the distant store, all that is here."""
        if cursor is not None and cursor.startswith("here "):
            return _marked(await super().history(owner_email, wanted, limit, cursor.removeprefix("here ")))
        try:
            page = await self._from_there(lambda: self._distant.history(owner_email, wanted, limit, cursor))
        except StoreUnavailable:
            return _marked(await super().history(owner_email, wanted, limit, None))
        open_ones = await self._open_workflows(owner_email)
        lines = [line for line in page.lines if line.export_workflow_id not in open_ones]
        if cursor is None and open_ones:
            here = await super().history(owner_email, wanted, limit=10_000, cursor=None)
            lines += [line for line in here.lines if line.export_workflow_id in open_ones]
            lines.sort(key=_MOMENTS[wanted.order], reverse=wanted.order != "oldest")
        return replace(page, lines=lines)

    async def delivered_as(self, owner_email: str, content_hash: str) -> str | None:
        """See the port: what is here needs no answer from there."""
        here = await super().delivered_as(owner_email, content_hash)
        return here or await self._from_there(lambda: self._distant.delivered_as(owner_email, content_hash))

    async def workflow_beginning(self, owner_email: str, beginning: str) -> str | None:
        """See the port: what is here needs no answer from there."""
        here = await super().workflow_beginning(owner_email, beginning)
        return here or await self._from_there(lambda: self._distant.workflow_beginning(owner_email, beginning))

    async def _open_workflows(self, owner_email: str) -> set[str]:
        query = "SELECT DISTINCT export_workflow_id FROM outbox WHERE owner_email = ? AND kind = 'record' AND state <> 'sent'"
        return {row[0] for row in await self._rows(query, (owner_email,))}

    async def activities(self, owner_email: str, export_workflow_id: str) -> list[HistoryEntry]:
        """See the port."""
        here = await super().activities(owner_email, export_workflow_id)
        try:
            there = await self._from_there(lambda: self._distant.activities(owner_email, export_workflow_id))
        except StoreUnavailable:
            return here
        return sorted([*there, *(entry for entry in here if entry not in there)], key=lambda entry: entry.timestamp)

    async def find(self, owner_email: str, content_hash: str) -> StoredDocument | None:
        """See the port."""
        try:
            found = await self._from_there(lambda: self._distant.find(owner_email, content_hash))
        except StoreUnavailable:
            found = None
        return found or await super().find(owner_email, content_hash)

    async def document(self, owner_email: str, document_id: str) -> StoredDocument | None:
        """See the port."""
        try:
            found = await self._from_there(lambda: self._distant.document(owner_email, document_id))
        except StoreUnavailable:
            found = None
        return found or await super().document(owner_email, document_id)

    async def lessons(self, owner_email: str, document_type: str, limit: int) -> list[Lesson]:
        """See the port: what is there, and what is only here."""
        here = await super().lessons(owner_email, document_type, limit)
        try:
            there = await self._from_there(lambda: self._distant.lessons(owner_email, document_type, limit))
        except StoreUnavailable:
            return here
        known = {lesson.export_workflow_id for lesson in there}
        both = [*there, *(lesson for lesson in here if lesson.export_workflow_id not in known)]
        return sorted(both, key=lambda lesson: (lesson.recorded_at, lesson.export_workflow_id), reverse=True)[:limit]

    async def learning_choice(self, owner_email: str) -> LearningChoice:
        """See the port; without the distant store, as this computer last knew it."""
        try:
            choice = await self._from_there(lambda: self._distant.learning_choice(owner_email))
        except StoreUnavailable:
            known = await self.kept_choice(owner_email)
            if known is None:
                raise
            return known
        if choice != await self.kept_choice(owner_email):
            await super().keep_learning_choice(owner_email, choice)
        return choice

    async def keep_learning_choice(self, owner_email: str, choice: LearningChoice) -> None:
        """See the port: kept when the distant store has confirmed it, so that it counts for every computer."""
        await self._from_there(lambda: self._distant.keep_learning_choice(owner_email, choice))
        await super().keep_learning_choice(owner_email, choice)

    async def waiting(self, owner_email: str) -> Waiting:
        """See the port. What stands behind a record that was not taken will not follow, and is not said to."""
        query = """SELECT state, export_workflow_id, count(*) FROM outbox
            WHERE owner_email = ? AND kind = 'record' AND state <> 'sent' GROUP BY state, export_workflow_id"""
        counts: dict[str, dict[str, int]] = defaultdict(dict)
        removed = "SELECT 'removed', workflow, count(*) FROM expired_unsent WHERE owner_email = ? GROUP BY workflow"
        for state, workflow, count in await self._rows(f"{query} UNION ALL {removed}", (owner_email, owner_email)):
            counts[state][workflow] = count
        stopped = counts["quarantined"].keys() | counts["rejected"].keys() | counts["missing"].keys()
        following = {workflow: count for workflow, count in counts["waiting"].items() if workflow not in stopped}
        trouble = self._trouble_in_sending or self._trouble
        return Waiting(
            following=sum(following.values()),
            following_workflows=frozenset(following),
            quarantined=tuple(counts["quarantined"]),
            rejected=tuple(counts["rejected"]),
            missing=tuple(counts["missing"]),
            expired=sum(counts["expired"].values()) + sum(counts["removed"].values()),
            reason=str(trouble or ""),
            passes=not isinstance(trouble, StoreRefused),
        )


def _change_state(db: sqlite3.Connection, number: int, before: str, after: str) -> None:
    db.execute("UPDATE outbox SET state = ? WHERE number = ? AND state = ?", (after, number, before))


def _marked(page: HistoryPage) -> HistoryPage:
    """A page of what is here, whose cursor goes on here."""
    return replace(page, cursor=f"here {page.cursor}" if page.cursor else None, is_partial=True)


_NETWORK_KINDS = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "afs", "ceph", "glusterfs")


def network_share_of(folder: Path, mounts: Path = Path("/proc/mounts")) -> str | None:
    """The kind of network share that the folder lies on, where that can be told; SQLite's WAL is unsafe on one."""
    if not mounts.exists():
        return None
    entries = [line.split()[1:3] for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines()]
    holding = [(len(point), kind) for point, kind in entries if folder.resolve().is_relative_to(point)]
    kind = max(holding, default=(0, ""))[1]
    return kind if kind in _NETWORK_KINDS else None
