"""Keeps records, documents, drafts and the trail in one SQLite file: the store where no cloud is configured."""

import asyncio
import json
import logging
import sqlite3
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import asdict, astuple, replace
from datetime import UTC, datetime
from functools import reduce
from math import inf
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from kraftd_core.adapters.files.private import make_folder
from kraftd_core.adapters.stores.lines import COLUMNS, line_after, line_in
from kraftd_core.adapters.stores.migrations import UNREACHABLE, opened, opened_for_reading
from kraftd_core.adapters.stores.scrubbing import damaged_rows, held_against, owners_in, record_in, stages_in, workflows_in
from kraftd_core.adapters.stores.seals import is_intact, sealed
from kraftd_core.errors import FileDamaged, StoreUnavailable
from kraftd_core.ports.keeping import (
    Choices,
    Draft,
    Held,
    HistoryFilter,
    HistoryPage,
    Record,
    StoredDocument,
    Waiting,
)
from kraftd_core.records.chain import Signer, refuse_out_of_order, stored_if_same
from kraftd_core.records.events import entry_in, event_of
from kraftd_core.records.journal import JournalEntry, JournalHead, entry_after
from kraftd_core.records.lessons import LearningChoice, Lesson, lesson_of, readable, teaches
from kraftd_core.records.stages import HistoryEntry, Look, Suggestion, UserPreferences, rfc3339

T = TypeVar("T")
log = logging.getLogger(__name__)

_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_TOOBIG)
_NO_TEXT = ("Could not decode to UTF-8", "malformed")

_TAKEN_AWAY = "The records were moved away while the application runs. Put the data folder back, or start the application anew."
_DAMAGED = "The file of the records on this computer is damaged: what is stored of this cannot be read. Restore a backup."
_DAMAGED_AS = (
    "The file of the records on this computer is damaged ({}), so that what it says cannot be trusted. "
    "Set the data folder aside and restore the last backup."
)
_OTHER_TAKEN_IN = (
    "The journal says that another record was taken in here, which is not there any more: records were removed behind the "
    "application. Nothing was recorded; verify the workflow and restore a backup."
)
_PURGED_AT_ONCE = 200  # workflows a transaction: recording never waits long for a purge
_OVER = """json_extract(body, '$.keep_until') <= :now AND NOT EXISTS (SELECT 1 FROM workflows
    WHERE workflows.owner_email = documents.owner_email AND workflows.document_id = documents.document_id)"""
"""Whether a document was read for a workflow that has not come in its time."""
_ORDERS = {"newest": ("started_at", "DESC", "<"), "oldest": ("started_at", "ASC", ">"), "worked_on": ("updated_at", "DESC", "<")}
"""Each reads along an index: by what, which way, and how the lines compare that are still to come."""
_FILTERS = {
    "document_type": "document_type = :document_type",
    "status": "status = :status",
    "starts_from": "started_at >= :starts_from",
    "starts_before": "started_at < :starts_before",
    "template": "template = :template",
    "export_format": "export_format = :export_format",
    "document_id": "document_id = :document_id",
    "is_open": "status <> 'completed'",
}


class SqliteStore:
    """Store, Documents, Drafts, Unfinished and LearningChoices on one file. Other processes may share the file.

    `more_schema` is made at each opening where it is missing. Opening raises StoreUnavailable, or FileDamaged.
    """

    def __init__(
        self,
        path: Path,
        patience_seconds: float = 5.0,
        more_schema: str = "",
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        signer: Signer | None = None,
    ) -> None:
        make_folder(path.parent)
        self._path = path
        self._now = now
        self._signer = signer
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="kraftd-store-writer")
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="kraftd-store-reader")
        self._waiting: deque[_Write] = deque()
        with _told():
            self._db = self._writer.submit(opened, path, patience_seconds, more_schema).result()
            self._reading = self._reader.submit(opened_for_reading, path, patience_seconds).result()
        self._file = _identity(path)

    async def check(self) -> bool:
        """Whether stages can be read and written; raises StoreUnavailable, also where the file was taken away under the store."""
        try:
            is_there = _identity(self._path) == self._file
        except OSError as error:
            raise StoreUnavailable(_TAKEN_AWAY) from error
        if not is_there:
            raise StoreUnavailable(_TAKEN_AWAY)
        await self._rows("SELECT 1 FROM records LIMIT 1", ())
        await self._write(lambda db: db.in_transaction)
        return True

    async def close(self) -> None:
        """Closes the file, with nothing left in the log beside it; the store cannot be used after."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._reader, self._reading.close)
        await loop.run_in_executor(self._writer, _closed, self._db)
        self._writer.shutdown()
        self._reader.shutdown()

    async def _write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What the work returns, once it is committed; whatever it raises leaves the file as it was."""
        outcome: Future[T] = Future()
        self._waiting.append((work, outcome))
        self._writer.submit(self._commit_waiting)
        with _told():
            return await asyncio.wrap_future(outcome)

    def _commit_waiting(self) -> None:
        """Commits all writes that wait in one transaction: they share the one wait for the disk."""
        batch = [self._waiting.popleft() for _ in range(len(self._waiting))]
        batch = [(work, outcome) for work, outcome in batch if outcome.set_running_or_notify_cancel()]
        if not batch:  # an earlier call took them
            return
        try:
            self._db.execute("BEGIN IMMEDIATE")
            done = [(outcome, *_attempt(self._db, work)) for work, outcome in batch]
            self._db.execute("COMMIT")
        except sqlite3.Error as error:  # nothing of the batch is on the disk
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            for _, outcome in batch:
                outcome.set_exception(error)
            return
        for outcome, result, refusal in done:
            outcome.set_exception(refusal) if refusal is not None else outcome.set_result(result)

    async def _read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What the work finds; texts that are none any more are handed to it as far as they can be told."""
        with _told():
            return await asyncio.get_running_loop().run_in_executor(self._reader, _leniently, work, self._reading)

    async def _rows(self, query: str, parameters: Sequence[Any] | Mapping[str, Any]) -> list[Any]:
        return await self._read(lambda db: db.execute(query, parameters).fetchall())

    # Stages

    async def append(self, record: Record) -> Record:
        """See the port; refusals leave everything as it was."""
        return await self._write(lambda db: appended(db, record))

    async def send_due(self) -> float:
        """See the port: nothing ever waits here."""
        return inf

    async def send_again(self, owner_email: str) -> int:  # noqa: ARG002  the port's name
        """See the port: nothing of what was confirmed here can be missing here."""
        return 0

    async def waiting(self, owner_email: str) -> Waiting:  # noqa: ARG002  the port's name
        """See the port: what is appended here is confirmed."""
        return Waiting()

    async def stages(self, owner_email: str, export_workflow_id: str) -> Sequence[Record]:
        """See the port."""
        return await self._read(lambda db: stages_in(db, owner_email, export_workflow_id, rfc3339(self._now())))

    async def held_against(self, owner_email: str, export_workflow_id: str) -> Held:
        """See the port."""
        return await self._read(lambda db: held_against(db, owner_email, export_workflow_id, rfc3339(self._now())))

    async def journal(self, owner_email: str) -> list[JournalEntry]:
        """See the port."""
        rows = await self._rows("SELECT * FROM journal WHERE owner_email = ? ORDER BY n", (owner_email,))
        return [JournalEntry(*row) for row in rows]

    async def kept_workflows(self, after: tuple[str, str], limit: int) -> list[tuple[str, str]]:
        """See the port."""
        return await self._read(lambda db: workflows_in(db, after, limit, rfc3339(self._now())))

    async def journal_owners(self) -> list[str]:
        """See the port."""
        return await self._read(owners_in)

    async def damaged_rows(self) -> list[str]:
        """See the port."""
        return await self._read(lambda db: list(damaged_rows(db)))

    async def journal_head(self, owner_email: str) -> JournalHead | None:
        """See the port."""
        return await self._read(lambda db: _head(db, owner_email))

    async def history(self, owner_email: str, wanted: HistoryFilter, limit: int, cursor: str | None) -> HistoryPage:
        """See the port; the cursor is the moment and the id of the last line shown."""
        moment, way, beyond = _ORDERS[wanted.order]
        asked = _parameters(wanted) | {"owner": owner_email, "limit": limit + 1, "now": rfc3339(self._now())}
        conditions = ["owner_email = :owner", "expiration_date > :now"] + [_FILTERS[name] for name in asked if name in _FILTERS]
        conditions += [f"search_text LIKE :word{n} ESCAPE '!'" for n in range(len(wanted.words))]
        if cursor is not None:
            asked["at"], _, asked["last"] = cursor.partition(" ")
            conditions.append(f"({moment}, export_workflow_id) {beyond} (:at, :last)")
        query = (
            f"SELECT {', '.join(COLUMNS)}, seal FROM workflows WHERE {' AND '.join(conditions)} "  # noqa: S608  our own constants
            f"ORDER BY {moment} {way}, export_workflow_id {way} LIMIT :limit"
        )
        rows = await self._rows(query, asked)
        found = [line_in(row) for row in rows[:limit]]
        last = dict(zip(COLUMNS, rows[limit - 1], strict=False)) if len(rows) > limit else None
        cursor = f"{last[moment]} {last['export_workflow_id']}" if last else None
        lines = [line for line in found if line]
        return HistoryPage(lines, cursor, damaged=len(found) - len(lines))

    async def delivered_as(self, owner_email: str, content_hash: str) -> str | None:
        """See the port."""
        return await self._newest_line("content_hash = ?", owner_email, content_hash)

    async def workflow_beginning(self, owner_email: str, beginning: str) -> str | None:
        """See the port."""
        condition = "export_workflow_id >= ? AND export_workflow_id < ?"
        return await self._newest_line(condition, owner_email, beginning, beginning + "~")

    async def _newest_line(self, condition: str, owner_email: str, *given: str) -> str | None:
        query = (
            f"SELECT export_workflow_id FROM workflows WHERE {condition} AND owner_email = ? "  # noqa: S608  own constants
            "AND expiration_date > ? ORDER BY started_at DESC LIMIT 1"
        )
        rows = await self._rows(query, (*given, owner_email, rfc3339(self._now())))
        return str(rows[0][0]) if rows else None

    async def purge(self, now: datetime) -> int:
        """See the port; each transaction removes whole workflows with all that is kept of them."""
        gone = 0
        while removed := await self._write(lambda db: _purged(db, rfc3339(now))):
            gone += removed
        await self._purge_readings(rfc3339(now))
        await self._write(lambda db: db.execute("DELETE FROM unfinished WHERE keep_until <= ?", (rfc3339(now),)))
        return gone

    async def last_work(self) -> datetime | None:
        """See the port."""
        ((moment,),) = await self._rows("SELECT max(updated_at) FROM workflows", ())
        return datetime.fromisoformat(moment) if moment else None

    async def _purge_readings(self, now: str) -> None:
        """Removes documents that were read for a workflow that never came; they are looked for beside the writing."""
        over = await self._rows(f"SELECT owner_email, document_id, :now FROM documents WHERE {_OVER}", {"now": now})  # noqa: S608
        statement = f"DELETE FROM documents WHERE owner_email = ? AND document_id = ? AND {_OVER.replace(':now', '?')}"  # noqa: S608
        if over:
            await self._write(lambda db: db.executemany(statement, over))

    # Learning

    async def lessons(self, owner_email: str, document_type: str, limit: int) -> list[Lesson]:
        """See the port."""
        query = """SELECT * FROM lessons WHERE owner_email = ? AND document_type = ? AND expiration_date > ?
            ORDER BY recorded_at DESC, export_workflow_id DESC LIMIT ?"""
        rows = await self._rows(query, (owner_email, document_type, rfc3339(self._now()), limit))
        return readable(row[-2] if is_intact(row) else "" for row in rows)

    async def learning_choice(self, owner_email: str) -> LearningChoice:
        """See the port."""
        return await self.kept_choice(owner_email) or LearningChoice()

    async def kept_choice(self, owner_email: str) -> LearningChoice | None:
        """The choice that is kept here, if one is."""
        bodies = await self._bodies("SELECT * FROM learning_choices WHERE owner_email = ?", (owner_email,))
        return LearningChoice.model_validate(bodies[0]) if bodies else None

    async def keep_learning_choice(self, owner_email: str, choice: LearningChoice) -> None:
        """See the port."""
        await self._write(lambda db: _put(db, "learning_choices", owner_email, choice.model_dump_json()))

    # The trail

    async def append_activity(self, owner_email: str, export_workflow_id: str, entry: HistoryEntry) -> None:
        """See the port."""
        await self._write(lambda db: _happened(db, owner_email, export_workflow_id, entry, self._signer))

    async def activities(self, owner_email: str, export_workflow_id: str) -> list[HistoryEntry]:
        """See the port."""
        query = "SELECT * FROM activities WHERE owner_email = ? AND export_workflow_id = ? ORDER BY number"
        trail: list[HistoryEntry] = []
        for row in await self._rows(query, (owner_email, export_workflow_id)):
            trail.append(_entry_in(row) or _damaged_entry(trail[-1].timestamp if trail else self._now()))
        return trail

    # Documents

    async def keep(self, document: StoredDocument) -> StoredDocument:
        """See the port."""

        def write(db: sqlite3.Connection) -> StoredDocument:
            query = "SELECT * FROM documents WHERE owner_email = ? AND document_id = ?"
            row = db.execute(query, (document.owner_email, document.document_id)).fetchone()
            kept = _document(_body(row)).joined_by(document) if row else document
            _put(db, "documents", kept.owner_email, kept.document_id, kept.content_hash, _text(asdict(kept)))
            return kept

        return await self._write(write)

    async def find(self, owner_email: str, content_hash: str) -> StoredDocument | None:
        """See the port."""
        query = "SELECT * FROM documents WHERE owner_email = ? AND content_hash = ?"
        bodies = await self._bodies(query, (owner_email, content_hash))
        return _document(bodies[0]) if bodies else None

    async def document(self, owner_email: str, document_id: str) -> StoredDocument | None:
        """See the port."""
        query = f"SELECT * FROM documents WHERE owner_email = :owner AND document_id = :id AND ({_OVER}) IS NOT 1"  # noqa: S608
        bodies = await self._bodies(query, {"owner": owner_email, "id": document_id, "now": rfc3339(self._now())})
        return _document(bodies[0]) if bodies else None

    # Drafts

    async def keep_draft(
        self, owner_email: str, export_workflow_id: str, draft: Draft, replaces: Collection[int] = ()
    ) -> Draft:
        """See the port; the revision counts up from what is kept."""

        def write(db: sqlite3.Connection) -> Draft:
            query = "SELECT * FROM drafts WHERE owner_email = ? AND export_workflow_id = ?"
            row = db.execute(query, (owner_email, export_workflow_id)).fetchone()
            newer = _after(_draft(_body(row)) if row else None, draft, replaces)
            _put(db, "drafts", owner_email, export_workflow_id, newer.revision, _text(_draft_body(newer)))
            return newer

        return await self._write(write)

    async def draft(self, owner_email: str, export_workflow_id: str) -> Draft | None:
        """See the port."""
        bodies = await self._bodies(
            "SELECT * FROM drafts WHERE owner_email = ? AND export_workflow_id = ?", (owner_email, export_workflow_id)
        )
        return _draft(bodies[0]) if bodies else None

    async def drop_draft(self, owner_email: str, export_workflow_id: str) -> None:
        """See the port."""
        statement = "DELETE FROM drafts WHERE owner_email = ? AND export_workflow_id = ?"
        await self._write(lambda db: db.execute(statement, (owner_email, export_workflow_id)))

    async def keep_choices(self, owner_email: str, export_workflow_id: str, choices: Choices) -> None:
        """See the port."""
        body = asdict(choices) | {"preferences": choices.preferences.model_dump(mode="json")}
        await self._write(lambda db: _put(db, "choices", owner_email, export_workflow_id, _text(body)))

    async def choices(self, owner_email: str, export_workflow_id: str) -> Choices | None:
        """See the port."""
        query = "SELECT * FROM choices WHERE owner_email = ? AND export_workflow_id = ?"
        bodies = await self._bodies(query, (owner_email, export_workflow_id))
        return _choices(bodies[0]) if bodies else None

    async def drop_choices(self, owner_email: str, export_workflow_id: str) -> None:
        """See the port."""
        statement = "DELETE FROM choices WHERE owner_email = ? AND export_workflow_id = ?"
        await self._write(lambda db: db.execute(statement, (owner_email, export_workflow_id)))

    # Unfinished work

    async def keep_part(self, owner_email: str, about: str, name: str, body: str, keep_until: datetime) -> None:
        """See the port."""
        row = (owner_email, about, name, rfc3339(self._now()), rfc3339(keep_until), body)
        await self._write(lambda db: _put(db, "unfinished", *row))

    async def part(self, owner_email: str, about: str, name: str) -> str | None:
        """See the port."""
        query = "SELECT * FROM unfinished WHERE owner_email = ? AND about = ? AND name = ? AND keep_until > ?"
        parts = await self._parts(query, (owner_email, about, name, rfc3339(self._now())))
        return parts[0] if parts else None

    async def parts(self, owner_email: str, name: str) -> list[str]:
        """See the port."""
        query = """SELECT * FROM unfinished WHERE owner_email = ? AND name = ? AND keep_until > ?
            ORDER BY kept_at DESC, rowid DESC"""
        return await self._parts(query, (owner_email, name, rfc3339(self._now())))

    async def _parts(self, query: str, parameters: tuple[Any, ...]) -> list[str]:
        """The parts that are as they were kept: what a damaged one held is asked for again."""
        rows = await self._rows(query, parameters)
        if damaged := sum(not is_intact(row) for row in rows):
            log.warning("damaged parts of unfinished work were left out count=%d", damaged)
        return [str(row[-2]) for row in rows if is_intact(row)]

    async def drop_parts(self, owner_email: str, about: str) -> None:
        """See the port."""
        statement = "DELETE FROM unfinished WHERE owner_email = ? AND about = ?"
        await self._write(lambda db: db.execute(statement, (owner_email, about)))

    async def _bodies(self, query: str, parameters: Sequence[Any] | Mapping[str, Any]) -> list[dict[str, Any]]:
        return [_body(row) for row in await self._rows(query, parameters)]


def _closed(db: sqlite3.Connection) -> None:
    """Moves the log into the file, where nobody else reads it, and closes."""
    with suppress(sqlite3.Error):  # the log stays then, and is read at the next start
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


_Write: TypeAlias = "tuple[Callable[[sqlite3.Connection], Any], Future[Any]]"


@contextmanager
def _told() -> Iterator[None]:
    """Says what an unreachable file means to the user: locked, full, read-only, gone; or damaged."""
    try:
        yield
    except UnicodeDecodeError as error:  # SQLite quotes the damaged text in what it says of it
        raise FileDamaged(_DAMAGED_AS.format("its schema cannot be read")) from error
    except sqlite3.Error as error:
        if _is_damage(error):
            raise FileDamaged(_DAMAGED_AS.format(error)) from error
        if isinstance(error, sqlite3.OperationalError):
            raise StoreUnavailable(UNREACHABLE.format(error)) from error
        raise


def _is_damage(error: sqlite3.Error) -> bool:
    """Whether the file itself speaks against what was asked: its pages, its texts, or two rows that cannot both be."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the rest are extended codes of the same
    return code in _DAMAGE or isinstance(error, sqlite3.DataError) or str(error).startswith(_NO_TEXT)


def _leniently(work: Callable[[sqlite3.Connection], T], db: sqlite3.Connection) -> T:
    """What the work finds, also where a text is none any more: its seal or its hash says so to whoever reads it."""
    try:
        return work(db)
    except sqlite3.OperationalError as error:
        if not str(error).startswith(_NO_TEXT):
            raise
        db.text_factory = lambda raw: raw.decode(errors="surrogateescape")
        try:
            return work(db)
        finally:
            db.text_factory = str


def _attempt(db: sqlite3.Connection, work: Callable[[sqlite3.Connection], Any]) -> tuple[Any, Exception | None]:
    """What one write of a batch returns, or what it raised, which undoes this write alone."""
    db.execute("SAVEPOINT one")
    try:
        result, refusal = work(db), None
    except Exception as error:  # noqa: BLE001  it travels on in the caller, who would wait forever otherwise
        db.execute("ROLLBACK TO one")
        result, refusal = None, error
    db.execute("RELEASE one")
    return result, refusal


def appended(db: sqlite3.Connection, record: Record) -> Record:
    """Appends a record within a write: as stored, or refused."""
    stored = recorded(db, record["id"])
    if stored is not None:
        return stored_if_same(stored, record)
    if record["sequence"] > 1:
        previous = recorded(db, f"{record['export_workflow_id']}:{record['sequence'] - 1}", record["owner_email"])
        refuse_out_of_order(previous["record_hash"] if previous else None, record)
    db.execute(
        "INSERT INTO records VALUES (:id, :owner_email, :export_workflow_id, :sequence, :expiration_date, :body)",
        {**_only(record, "id", "owner_email", "export_workflow_id", "sequence", "expiration_date"), "body": _text(record)},
    )
    _take_in(db, record, record["expiration_date"])
    _project(db, record)
    return record


def recorded(db: sqlite3.Connection, record_id: str, owner_email: str | None = None) -> dict[str, Any] | None:
    """The record of this id within a write, if there is one, and of this owner, where one is named."""
    query = "SELECT * FROM records WHERE id = ? AND owner_email = coalesce(?, owner_email)"
    row = db.execute(query, (record_id, owner_email)).fetchone()
    return record_in(row) if row else None


def _take_in(db: sqlite3.Connection, record: Record, expiration_date: str | None) -> None:
    """Enters the record in the journal, in the transaction that writes it."""
    known = db.execute("SELECT record_hash FROM journal WHERE record_id = ?", (record["id"],)).fetchone()
    if known is None:
        entry = entry_after(_head(db, record["owner_email"]), record, expiration_date)
        db.execute("INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?)", astuple(entry))
    elif known[0] != record["record_hash"]:
        raise FileDamaged(_OTHER_TAKEN_IN)


def _head(db: sqlite3.Connection, owner_email: str) -> JournalHead | None:
    row = db.execute("SELECT n, hash FROM journal WHERE owner_email = ? ORDER BY n DESC LIMIT 1", (owner_email,)).fetchone()
    return JournalHead(*row) if row else None


def _happened(
    db: sqlite3.Connection, owner_email: str, export_workflow_id: str, entry: HistoryEntry, signer: Signer | None
) -> None:
    """Writes an event behind the last record of its workflow."""
    taken_in = db.execute(
        "SELECT record_id, record_hash FROM journal WHERE record_id > ? AND record_id < ? AND owner_email = ? ORDER BY n",
        (f"{export_workflow_id}:", f"{export_workflow_id};", owner_email),
    ).fetchall()
    number = 1 + sum(record_id.startswith(f"{export_workflow_id}:e") for record_id, _ in taken_in)
    previous = taken_in[-1][1] if taken_in else None
    event = event_of(owner_email, export_workflow_id, number, previous, entry, signer)
    of_stages = "SELECT max(expiration_date) FROM records WHERE export_workflow_id = ?"
    (expires,) = db.execute(of_stages, (export_workflow_id,)).fetchone()
    (place,) = db.execute("SELECT coalesce(max(number), 0) + 1 FROM activities").fetchone()
    _put(db, "activities", place, owner_email, export_workflow_id, _text(event))
    _take_in(db, event, expires)


def _entry_in(row: Sequence[Any]) -> HistoryEntry | None:
    """What a row of the trail tells; None where it is damaged."""
    try:
        return entry_in(_body(row))
    except (FileDamaged, ValueError):
        return None


def _damaged_entry(moment: datetime) -> HistoryEntry:
    """What stands in the place of an entry that is damaged."""
    details = "An entry of this trail is damaged and cannot be shown. Verify this workflow."
    return HistoryEntry(timestamp=moment, action="damaged", details=details, actor="")


def _put(db: sqlite3.Connection, table: str, *values: Any) -> None:
    """Writes a row with its seal, in place of the one that it replaces."""
    marks = ", ".join("?" * (len(values) + 1))
    db.execute(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", sealed(*values))  # noqa: S608  only our own names


def _purged(db: sqlite3.Connection, now: str) -> int:
    """Removes up to some workflows of which every record has expired, by the database's clock too; how many."""
    gone = db.execute(
        """WITH moment (now) AS (SELECT min(?, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')))
        SELECT owner_email, export_workflow_id, document_id FROM workflows, moment
        WHERE expiration_date <= now AND NOT EXISTS (SELECT 1 FROM records
            WHERE records.export_workflow_id = workflows.export_workflow_id AND records.expiration_date > now)
        ORDER BY expiration_date LIMIT ?""",
        (now, _PURGED_AT_ONCE),
    ).fetchall()
    # every table that names workflows, those of a store built on this one too
    tables = db.execute(
        """SELECT tables.name FROM sqlite_schema AS tables, pragma_table_info(tables.name) AS columns
        WHERE tables.type = 'table' AND columns.name = 'export_workflow_id'"""
    ).fetchall()
    for (table,) in tables:
        statement = f"DELETE FROM {table} WHERE owner_email = ? AND export_workflow_id = ?"  # noqa: S608  a name of the schema
        db.executemany(statement, [(owner, workflow) for owner, workflow, _ in gone])
    db.executemany(
        """DELETE FROM documents WHERE owner_email = :owner AND document_id = :document AND NOT EXISTS
        (SELECT 1 FROM workflows WHERE owner_email = :owner AND document_id = :document)
        AND coalesce(json_extract(body, '$.keep_until'), '') <= :now""",
        [{"owner": owner, "document": document, "now": now} for owner, _, document in gone],
    )
    return len(gone)


def _identity(path: Path) -> tuple[int, int]:
    """Which file it is: one that was moved away or replaced is still open here, and what is written to it is lost."""
    found = path.stat()
    return found.st_dev, found.st_ino


def _text(value: Mapping[str, Any]) -> str:
    return json.dumps(dict(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _body(row: Sequence[Any]) -> dict[str, Any]:
    """What a whole row, its body and its seal last, holds; raises FileDamaged where it is not as it was written."""
    try:
        if is_intact(row):
            return dict(json.loads(row[-2]))
    except (TypeError, ValueError, RecursionError) as error:
        raise FileDamaged(_DAMAGED) from error
    raise FileDamaged(_DAMAGED)


def _only(record: Record, *names: str) -> dict[str, Any]:
    return {name: record[name] for name in names}


def _project(db: sqlite3.Connection, record: Record) -> None:
    """Brings the workflow's line in the history up to the new stage; a damaged one is made anew from the records."""
    query = f"SELECT {', '.join(COLUMNS)}, seal FROM workflows WHERE export_workflow_id = ?"  # noqa: S608  our own constants
    row = db.execute(query, (record["export_workflow_id"],)).fetchone()
    line: dict[str, Any] = dict(zip(COLUMNS, row, strict=False)) if row and is_intact(row) else {}
    if row and not line:
        rows = db.execute("SELECT * FROM records WHERE export_workflow_id = ? ORDER BY sequence", (record["export_workflow_id"],))
        line = reduce(line_after, map(record_in, rows.fetchall()), line)
        db.execute("DELETE FROM workflows WHERE export_workflow_id = ?", (record["export_workflow_id"],))
    _put(db, "workflows", *line_after(line, record).values())
    if teaches(record):
        _teach(db, record)


def _teach(db: sqlite3.Connection, record: Record) -> None:
    """Keeps what a review may teach."""
    members = _only(record, "owner_email", "document_type", "timestamp", "export_workflow_id", "expiration_date")
    _put(db, "lessons", *members.values(), lesson_of(record).model_dump_json())


def _parameters(wanted: HistoryFilter) -> dict[str, Any]:
    given = {name: value for name in _FILTERS if (value := getattr(wanted, name))}
    for n, word in enumerate(wanted.words):
        literal = word.replace("!", "!!").replace("%", "!%").replace("_", "!_")
        given[f"word{n}"] = f"%{literal}%"
    return given


def _document(body: dict[str, Any]) -> StoredDocument:
    return StoredDocument(**{**body, "workflows": tuple(body["workflows"])})


def _after(kept: Draft | None, draft: Draft, replaces: Collection[int]) -> Draft:
    """The draft as the newest; the versions that it does not replace stay beside it."""
    versions = (replace(kept, others=()), *kept.others) if kept else ()
    others = tuple(version for version in versions if version.revision not in replaces)
    return replace(draft, revision=(kept.revision if kept else 0) + 1, others=others)


def _choices(body: dict[str, Any]) -> Choices:
    several = {name: tuple(body.get(name, ())) for name in ("unticked", "kept", "left_out")}
    return Choices(UserPreferences.model_validate(body["preferences"]), by_rules=body.get("by_rules", False), **several)


def _draft_body(draft: Draft) -> dict[str, Any]:
    return {
        "modified_data": draft.modified_data,
        "preferences": draft.preferences.model_dump(mode="json"),
        "reasons": draft.reasons,
        "looked_at": [look.model_dump(mode="json") for look in draft.looked_at],
        "suggestions": [suggestion.model_dump(mode="json") for suggestion in draft.suggestions],
        "editing_time_seconds": draft.editing_time_seconds,
        "last_activity": rfc3339(draft.last_activity),
        "revision": draft.revision,
        "others": [_draft_body(other) for other in draft.others],
    }


def _draft(body: dict[str, Any]) -> Draft:
    read = {
        "preferences": UserPreferences.model_validate(body["preferences"]),
        "last_activity": datetime.fromisoformat(body["last_activity"]),
        "looked_at": tuple(map(Look.model_validate, body.get("looked_at", ()))),
        "suggestions": tuple(map(Suggestion.model_validate, body.get("suggestions", ()))),
        "others": tuple(map(_draft, body.get("others", ()))),
    }
    return Draft(**{**body, **read})
