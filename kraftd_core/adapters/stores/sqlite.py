"""Keeps records, documents, drafts and the trail in one SQLite file: the store where no cloud is configured."""

import asyncio
import json
import sqlite3
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime
from math import inf
from pathlib import Path
from time import monotonic, sleep
from typing import Any, TypeAlias, TypeVar

from kraftd_core.adapters.files.private import make_file, make_folder, tighten_database
from kraftd_core.document.folding import fold
from kraftd_core.errors import FileDamaged, StoreUnavailable
from kraftd_core.ports.keeping import Choices, Draft, HistoryFilter, HistoryPage, Record, StoredDocument, Waiting, WorkflowLine
from kraftd_core.records.chain import refuse_out_of_order, stored_if_same
from kraftd_core.records.headline import headline_of_record, made_as, search_text_of
from kraftd_core.records.lessons import LearningChoice, Lesson, lesson_of, lesson_text, readable, teaches
from kraftd_core.records.stages import Headline, HistoryEntry, Look, Suggestion, UserPreferences, rfc3339

T = TypeVar("T")

_OPENING_PAUSE_SECONDS = 0.01
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)

_FIRST_SCHEMA = """
CREATE TABLE records (
    id TEXT PRIMARY KEY, owner_email TEXT NOT NULL, export_workflow_id TEXT NOT NULL, sequence INTEGER NOT NULL,
    expiration_date TEXT NOT NULL, body TEXT NOT NULL, UNIQUE (export_workflow_id, sequence)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER records_stay BEFORE UPDATE ON records BEGIN SELECT RAISE(ABORT, 'a recorded stage never changes'); END;
CREATE TRIGGER records_last BEFORE DELETE ON records WHEN OLD.expiration_date > strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
BEGIN SELECT RAISE(ABORT, 'a recorded stage is never deleted before it expires'); END;
-- INSERT OR REPLACE passes the two triggers above unless recursive triggers are on, so it is refused before it inserts
CREATE TRIGGER records_once BEFORE INSERT ON records WHEN EXISTS (SELECT 1 FROM records WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a recorded stage is never replaced'); END;

CREATE TABLE workflows (
    export_workflow_id TEXT PRIMARY KEY, owner_email TEXT NOT NULL, document_id TEXT NOT NULL, document_name TEXT NOT NULL,
    document_type TEXT NOT NULL, headline TEXT NOT NULL, search_text TEXT NOT NULL, status TEXT NOT NULL,
    changed_values INTEGER, template TEXT, export_format TEXT, filename TEXT,
    started_at TEXT NOT NULL, updated_at TEXT NOT NULL, expiration_date TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX workflows_newest ON workflows (owner_email, started_at DESC, export_workflow_id DESC);
CREATE INDEX workflows_expiring ON workflows (expiration_date);

CREATE TABLE activities (
    number INTEGER PRIMARY KEY, owner_email TEXT NOT NULL, export_workflow_id TEXT NOT NULL, body TEXT NOT NULL
) STRICT;
CREATE INDEX activities_of ON activities (owner_email, export_workflow_id);

CREATE TABLE documents (
    owner_email TEXT NOT NULL, document_id TEXT NOT NULL, content_hash TEXT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (owner_email, document_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX documents_by_content ON documents (owner_email, content_hash);

CREATE TABLE drafts (
    owner_email TEXT NOT NULL, export_workflow_id TEXT NOT NULL, revision INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (owner_email, export_workflow_id)
) STRICT, WITHOUT ROWID;
"""
# The lines of an owner lie beside each other in the order of the history: a page reads neighbours, however many there are
_LINES_IN_HISTORY_ORDER = """
ALTER TABLE workflows RENAME TO unordered;
CREATE TABLE workflows (
    export_workflow_id TEXT NOT NULL UNIQUE, owner_email TEXT NOT NULL, document_id TEXT NOT NULL, document_name TEXT NOT NULL,
    document_type TEXT NOT NULL, headline TEXT NOT NULL, search_text TEXT NOT NULL, status TEXT NOT NULL,
    changed_values INTEGER, template TEXT, export_format TEXT, filename TEXT,
    started_at TEXT NOT NULL, updated_at TEXT NOT NULL, expiration_date TEXT NOT NULL,
    PRIMARY KEY (owner_email, started_at DESC, export_workflow_id DESC)
) STRICT, WITHOUT ROWID;
INSERT INTO workflows SELECT * FROM unordered;
DROP TABLE unordered;
CREATE INDEX workflows_expiring ON workflows (expiration_date);
CREATE INDEX workflows_of_document ON workflows (owner_email, document_id);
"""
# A delivered file is found again by its hash
_LINES_BY_DELIVERED_FILE = """
ALTER TABLE workflows ADD COLUMN content_hash TEXT;
UPDATE workflows SET content_hash = (SELECT json_extract(body, '$.deliverable.content_hash') FROM records
    WHERE records.export_workflow_id = workflows.export_workflow_id AND records.sequence = 3);
CREATE INDEX workflows_delivered ON workflows (owner_email, content_hash) WHERE content_hash IS NOT NULL;
"""
# The history tells what a workflow was made from, and is also read by what was worked on last
_LINES_BY_LAST_WORK = """
ALTER TABLE workflows ADD COLUMN regenerated_from TEXT;
UPDATE workflows SET regenerated_from = (SELECT json_extract(body, '$.regenerated_from') FROM records
    WHERE records.export_workflow_id = workflows.export_workflow_id AND records.sequence = 1);
CREATE INDEX workflows_worked_on ON workflows (owner_email, updated_at DESC, export_workflow_id DESC);
"""
# What recorded reviews may teach, without the rest of their documents, and what owners chose about that
_LESSONS = """
CREATE TABLE lessons (
    owner_email TEXT NOT NULL, document_type TEXT NOT NULL, recorded_at TEXT NOT NULL, export_workflow_id TEXT NOT NULL,
    expiration_date TEXT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (owner_email, document_type, recorded_at DESC, export_workflow_id DESC)
) STRICT, WITHOUT ROWID;
CREATE INDEX lessons_of ON lessons (owner_email, export_workflow_id);
INSERT INTO lessons SELECT owner_email, json_extract(body, '$.document_type'), json_extract(body, '$.timestamp'),
    export_workflow_id, expiration_date, lesson_of(body) FROM records
    WHERE sequence = 2 AND json_extract(body, '$.regenerated_from') IS NULL;
CREATE TABLE learning_choices (owner_email TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
"""
# What is chosen for a file that is not made yet lay in drafts without data
_CHOICES = """
CREATE TABLE choices (
    owner_email TEXT NOT NULL, export_workflow_id TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (owner_email, export_workflow_id)
) STRICT, WITHOUT ROWID;
INSERT INTO choices SELECT owner_email, export_workflow_id, json_object(
        'preferences', json_set(json_extract(body, '$.preferences'), '$.template_customization', json_object()),
        'unticked', json_extract(body, '$.preferences.template_customization.unticked'))
    FROM drafts WHERE json_type(body, '$.preferences.template_customization.unticked') = 'array';
DELETE FROM drafts WHERE json_type(body, '$.preferences.template_customization.unticked') = 'array';
"""
# Lessons tell suppliers apart by more than before
_LESSONS_AGAIN = """
DELETE FROM lessons;
INSERT INTO lessons SELECT owner_email, json_extract(body, '$.document_type'), json_extract(body, '$.timestamp'),
    export_workflow_id, expiration_date, lesson_of(body) FROM records
    WHERE sequence = 2 AND json_extract(body, '$.regenerated_from') IS NULL;
"""
# The line of a delivered file told what had been wished for before; numbers that name a document were set apart by commas,
# and the text that is searched held accents
_LINES_TELL_WHAT_WAS_DELIVERED = """
UPDATE workflows SET (template, export_format) = (
        SELECT json_extract(body, '$.final_summary_metadata.template_used'),
            json_extract(body, '$.final_summary_metadata.export_format')
        FROM records WHERE records.export_workflow_id = workflows.export_workflow_id AND records.sequence = 3)
    WHERE status = 'completed';
UPDATE workflows SET headline = coalesce((SELECT headline_in(body) FROM records
        WHERE records.export_workflow_id = workflows.export_workflow_id AND records.sequence < 3
        ORDER BY records.sequence DESC LIMIT 1), headline)
    WHERE json_extract(headline, '$.number') GLOB '*[0-9],[0-9][0-9][0-9]*';
UPDATE workflows SET search_text = search_text_in(document_name, headline);
"""
# What services made of a document is kept until it is recorded
_UNFINISHED = """
CREATE TABLE IF NOT EXISTS unfinished (
    owner_email TEXT NOT NULL, about TEXT NOT NULL, name TEXT NOT NULL, kept_at TEXT NOT NULL, keep_until TEXT NOT NULL,
    body TEXT NOT NULL, UNIQUE (owner_email, about, name)
) STRICT;
CREATE INDEX IF NOT EXISTS unfinished_of ON unfinished (owner_email, name, kept_at);
CREATE INDEX IF NOT EXISTS unfinished_expiring ON unfinished (keep_until);
"""
_MIGRATIONS = (
    _FIRST_SCHEMA, _LINES_IN_HISTORY_ORDER, _LINES_BY_DELIVERED_FILE, _LINES_BY_LAST_WORK, _LESSONS, _CHOICES,
    _LESSONS_AGAIN, _LINES_TELL_WHAT_WAS_DELIVERED, _UNFINISHED,
)  # fmt: skip
"""Each brings a file from the version of its place (from 0) to the next; one that was released never changes."""
SCHEMA_VERSION = len(_MIGRATIONS)

_UNREACHABLE = "The records on this computer cannot be reached ({}). Nothing was recorded; try again."
_TAKEN_AWAY = "The records were moved away while the application runs. Put the data folder back, or start the application anew."
_DAMAGED = "The file of the records on this computer is damaged: what is stored of this cannot be read. Restore a backup."
_OURS = {"records", "activities", "documents", "drafts"}
_PURGED_AT_ONCE = 200  # workflows a transaction: recording never waits long for a purge
_LINE = """export_workflow_id, document_id, document_name, document_type, headline, status, changed_values, template,
    export_format, filename, started_at, updated_at, expiration_date, regenerated_from"""
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
    ) -> None:
        make_folder(path.parent)
        self._path = path
        self._now = now
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="kraftd-store-writer")
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="kraftd-store-reader")
        self._waiting: deque[_Write] = deque()
        with _told():
            self._db = self._writer.submit(_opened, path, patience_seconds, more_schema).result()
            self._reading = self._reader.submit(_opened_for_reading, path, patience_seconds).result()
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
        """Closes the file; the store cannot be used after."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._writer, self._db.close)
        await loop.run_in_executor(self._reader, self._reading.close)
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

    async def _rows(self, query: str, parameters: Sequence[Any] | Mapping[str, Any]) -> list[Any]:
        with _told():
            return await asyncio.get_running_loop().run_in_executor(
                self._reader, lambda: self._reading.execute(query, parameters).fetchall()
            )

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
        query = """SELECT body FROM records WHERE export_workflow_id = ? AND owner_email = ? AND expiration_date > ?
            ORDER BY sequence"""
        return await self._bodies(query, (export_workflow_id, owner_email, rfc3339(self._now())))

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
            f"SELECT {_LINE} FROM workflows WHERE {' AND '.join(conditions)} "  # noqa: S608  only our own constants
            f"ORDER BY {moment} {way}, export_workflow_id {way} LIMIT :limit"
        )
        rows = await self._rows(query, asked)
        lines = [_line(row) for row in rows[:limit]]
        more = len(rows) > limit
        return HistoryPage(lines, f"{rfc3339(getattr(lines[-1], moment))} {lines[-1].export_workflow_id}" if more else None)

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
        query = """SELECT body FROM lessons WHERE owner_email = ? AND document_type = ? AND expiration_date > ?
            ORDER BY recorded_at DESC, export_workflow_id DESC LIMIT ?"""
        rows = await self._rows(query, (owner_email, document_type, rfc3339(self._now()), limit))
        return readable(body for (body,) in rows)

    async def learning_choice(self, owner_email: str) -> LearningChoice:
        """See the port."""
        return await self.kept_choice(owner_email) or LearningChoice()

    async def kept_choice(self, owner_email: str) -> LearningChoice | None:
        """The choice that is kept here, if one is."""
        rows = await self._rows("SELECT body FROM learning_choices WHERE owner_email = ?", (owner_email,))
        return LearningChoice.model_validate_json(rows[0][0]) if rows else None

    async def keep_learning_choice(self, owner_email: str, choice: LearningChoice) -> None:
        """See the port."""
        statement = "INSERT OR REPLACE INTO learning_choices VALUES (?, ?)"
        await self._write(lambda db: db.execute(statement, (owner_email, choice.model_dump_json())))

    # The trail

    async def append_activity(self, owner_email: str, export_workflow_id: str, entry: HistoryEntry) -> None:
        """See the port."""
        statement = "INSERT INTO activities (owner_email, export_workflow_id, body) VALUES (?, ?, ?)"
        await self._write(lambda db: db.execute(statement, (owner_email, export_workflow_id, entry.model_dump_json())))

    async def activities(self, owner_email: str, export_workflow_id: str) -> list[HistoryEntry]:
        """See the port."""
        query = "SELECT body FROM activities WHERE owner_email = ? AND export_workflow_id = ? ORDER BY number"
        return [HistoryEntry.model_validate(body) for body in await self._bodies(query, (owner_email, export_workflow_id))]

    # Documents

    async def keep(self, document: StoredDocument) -> StoredDocument:
        """See the port."""

        def write(db: sqlite3.Connection) -> StoredDocument:
            query = "SELECT body FROM documents WHERE owner_email = ? AND document_id = ?"
            stored = _document(db.execute(query, (document.owner_email, document.document_id)).fetchone())
            kept = document if stored is None else stored.joined_by(document)
            db.execute(
                "INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?)",
                (kept.owner_email, kept.document_id, kept.content_hash, _text(asdict(kept))),
            )
            return kept

        return await self._write(write)

    async def find(self, owner_email: str, content_hash: str) -> StoredDocument | None:
        """See the port."""
        query = "SELECT body FROM documents WHERE owner_email = ? AND content_hash = ?"
        rows = await self._rows(query, (owner_email, content_hash))
        return _document(rows[0]) if rows else None

    async def document(self, owner_email: str, document_id: str) -> StoredDocument | None:
        """See the port."""
        query = f"SELECT body FROM documents WHERE owner_email = :owner AND document_id = :id AND ({_OVER}) IS NOT 1"  # noqa: S608
        rows = await self._rows(query, {"owner": owner_email, "id": document_id, "now": rfc3339(self._now())})
        return _document(rows[0]) if rows else None

    # Drafts

    async def keep_draft(
        self, owner_email: str, export_workflow_id: str, draft: Draft, replaces: Collection[int] = ()
    ) -> Draft:
        """See the port; the revision counts up from what is kept."""

        def write(db: sqlite3.Connection) -> Draft:
            query = "SELECT body FROM drafts WHERE owner_email = ? AND export_workflow_id = ?"
            body = _body(db.execute(query, (owner_email, export_workflow_id)).fetchone())
            newer = _after(_draft(body) if body else None, draft, replaces)
            db.execute(
                "INSERT OR REPLACE INTO drafts VALUES (?, ?, ?, ?)",
                (owner_email, export_workflow_id, newer.revision, _text(_draft_body(newer))),
            )
            return newer

        return await self._write(write)

    async def draft(self, owner_email: str, export_workflow_id: str) -> Draft | None:
        """See the port."""
        bodies = await self._bodies(
            "SELECT body FROM drafts WHERE owner_email = ? AND export_workflow_id = ?", (owner_email, export_workflow_id)
        )
        return _draft(bodies[0]) if bodies else None

    async def drop_draft(self, owner_email: str, export_workflow_id: str) -> None:
        """See the port."""
        statement = "DELETE FROM drafts WHERE owner_email = ? AND export_workflow_id = ?"
        await self._write(lambda db: db.execute(statement, (owner_email, export_workflow_id)))

    async def keep_choices(self, owner_email: str, export_workflow_id: str, choices: Choices) -> None:
        """See the port."""
        body = asdict(choices) | {"preferences": choices.preferences.model_dump(mode="json")}
        row = (owner_email, export_workflow_id, _text(body))
        await self._write(lambda db: db.execute("INSERT OR REPLACE INTO choices VALUES (?, ?, ?)", row))

    async def choices(self, owner_email: str, export_workflow_id: str) -> Choices | None:
        """See the port."""
        query = "SELECT body FROM choices WHERE owner_email = ? AND export_workflow_id = ?"
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
        await self._write(lambda db: db.execute("INSERT OR REPLACE INTO unfinished VALUES (?, ?, ?, ?, ?, ?)", row))

    async def part(self, owner_email: str, about: str, name: str) -> str | None:
        """See the port."""
        query = "SELECT body FROM unfinished WHERE owner_email = ? AND about = ? AND name = ? AND keep_until > ?"
        rows = await self._rows(query, (owner_email, about, name, rfc3339(self._now())))
        return str(rows[0][0]) if rows else None

    async def parts(self, owner_email: str, name: str) -> list[str]:
        """See the port."""
        query = """SELECT body FROM unfinished WHERE owner_email = ? AND name = ? AND keep_until > ?
            ORDER BY kept_at DESC, rowid DESC"""
        return [str(body) for (body,) in await self._rows(query, (owner_email, name, rfc3339(self._now())))]

    async def drop_parts(self, owner_email: str, about: str) -> None:
        """See the port."""
        statement = "DELETE FROM unfinished WHERE owner_email = ? AND about = ?"
        await self._write(lambda db: db.execute(statement, (owner_email, about)))

    async def _bodies(self, query: str, parameters: tuple[Any, ...]) -> list[dict[str, Any]]:
        try:
            return [json.loads(row[0]) for row in await self._rows(query, parameters)]
        except ValueError as error:
            raise FileDamaged(_DAMAGED) from error


_Write: TypeAlias = "tuple[Callable[[sqlite3.Connection], Any], Future[Any]]"


@contextmanager
def _told() -> Iterator[None]:
    """Says what an unreachable file means to the user: locked, full, read-only, gone; or damaged."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise StoreUnavailable(_UNREACHABLE.format(error)) from error
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF not in _DAMAGE:  # the rest are extended codes of the same
            raise
        raise FileDamaged(
            f"The file of the records on this computer is damaged ({error}). Nothing was recorded; "
            "set the data folder aside and restore the last backup."
        ) from error


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
        query = "SELECT json_extract(body, '$.record_hash') FROM records WHERE id = ? AND owner_email = ?"
        previous = f"{record['export_workflow_id']}:{record['sequence'] - 1}"
        (previous_hash,) = db.execute(query, (previous, record["owner_email"])).fetchone() or (None,)
        refuse_out_of_order(previous_hash, record)
    db.execute(
        "INSERT INTO records VALUES (:id, :owner_email, :export_workflow_id, :sequence, :expiration_date, :body)",
        {**_only(record, "id", "owner_email", "export_workflow_id", "sequence", "expiration_date"), "body": _text(record)},
    )
    _project(db, record)
    return record


def recorded(db: sqlite3.Connection, record_id: str) -> dict[str, Any] | None:
    """The record of this id within a write, if there is one."""
    return _body(db.execute("SELECT body FROM records WHERE id = ?", (record_id,)).fetchone())


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


def _opened(path: Path, patience_seconds: float, more_schema: str) -> sqlite3.Connection:
    try:
        make_file(path)
        tighten_database(path)
    except OSError as error:
        raise StoreUnavailable(_UNREACHABLE.format(error.strerror)) from error
    db = sqlite3.connect(path, isolation_level=None, timeout=patience_seconds)
    for_migrations: dict[str, Callable[..., str | None]] = {
        "lesson_of": lesson_text, "headline_in": _headline_in, "search_text_in": _search_text_in
    }  # fmt: skip
    for name, function in for_migrations.items():
        db.create_function(name, -1, function)
    try:
        _refuse_foreign(db, path)
        _use_write_ahead_log(db, patience_seconds)
        db.execute("PRAGMA synchronous = FULL")  # an acknowledged stage survives a power cut
        while _migrated_once(db):
            pass
        with db:
            db.execute("BEGIN IMMEDIATE")
            _run(db, more_schema)
    except BaseException:
        db.close()
        raise
    return db


def _headline_in(body: str) -> str | None:
    headline = headline_of_record(json.loads(body))
    return headline.model_dump_json() if headline else None


def _search_text_in(document_name: str, headline: str) -> str:
    return search_text_of(document_name, Headline.model_validate_json(headline))


def _refuse_foreign(db: sqlite3.Connection, path: Path) -> None:
    """Leaves a database as it is whose tables another application made."""
    tables = {name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    if tables and _OURS - tables:
        raise FileDamaged(f"{path} is a database of another application. Move it away, or name another KRAFTD_DATA_DIR.")


def _use_write_ahead_log(db: sqlite3.Connection, patience_seconds: float) -> None:
    """Asks again while another opens the same new file: SQLite does not wait by itself for this one change."""
    end = monotonic() + patience_seconds
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if monotonic() >= end:
                raise
            sleep(_OPENING_PAUSE_SECONDS)


def _migrated_once(db: sqlite3.Connection) -> bool:
    """Brings the file one version further, in one transaction; False if it is of the present version."""
    with db:
        db.execute("BEGIN IMMEDIATE")  # two processes may open the file at the same time
        (version,) = db.execute("PRAGMA user_version").fetchone()
        if version > SCHEMA_VERSION:
            raise StoreUnavailable("The records were written by a newer version of this application. Start that version.")
        if version == SCHEMA_VERSION:
            return False
        _run(db, _MIGRATIONS[version])
        db.execute(f"PRAGMA user_version = {version + 1}")
    return True


def _opened_for_reading(path: Path, patience_seconds: float) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None, timeout=patience_seconds)
    db.execute("PRAGMA query_only = ON")
    return db


def _run(db: sqlite3.Connection, script: str) -> None:
    """Executes the statements of a script one by one: executescript would commit the transaction first."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            db.execute(statement)
            statement = ""


def _text(value: Mapping[str, Any]) -> str:
    return json.dumps(dict(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _body(row: tuple[str] | None) -> dict[str, Any] | None:
    return json.loads(row[0]) if row else None


def _only(record: Record, *names: str) -> dict[str, Any]:
    return {name: record[name] for name in names}


def _project(db: sqlite3.Connection, record: Record) -> None:
    """Brings the workflow's line in the history up to the new stage."""
    line: dict[str, Any] = _only(
        record, "export_workflow_id", "owner_email", "document_id", "document_name", "document_type", "status", "expiration_date"
    ) | {
        "search_text": fold(record["search_text"]),  # which one of an earlier version is not
        "headline": _text(record["headline"]),
        "started_at": record["workflow_started_at"],
        "updated_at": record["timestamp"],
        "regenerated_from": record.get("regenerated_from"),
    }  # fmt: skip
    if record["sequence"] == 2:
        line |= {
            "changed_values": record["user_actions"]["total_modifications"],
            "template": record["user_preferences"]["document_template"],
            "export_format": record["user_preferences"]["export_format"],
        }
    if record["sequence"] == 3:
        line |= {name: record["deliverable"][name] for name in ("filename", "content_hash")}
        line |= made_as(record)
    names = ", ".join(line)
    values = ", ".join(f":{name}" for name in line)
    updates = ", ".join(f"{name} = excluded.{name}" for name in line)
    db.execute(
        f"INSERT INTO workflows ({names}) VALUES ({values}) "  # noqa: S608  only our own constants
        f"ON CONFLICT (export_workflow_id) DO UPDATE SET {updates}",
        line,
    )
    if teaches(record):
        _teach(db, record)


def _teach(db: sqlite3.Connection, record: Record) -> None:
    """Keeps what a review may teach."""
    members = _only(record, "owner_email", "document_type", "timestamp", "export_workflow_id", "expiration_date")
    db.execute("INSERT INTO lessons VALUES (?, ?, ?, ?, ?, ?)", (*members.values(), lesson_of(record).model_dump_json()))


def _parameters(wanted: HistoryFilter) -> dict[str, Any]:
    given = {name: value for name in _FILTERS if (value := getattr(wanted, name))}
    for n, word in enumerate(wanted.words):
        literal = word.replace("!", "!!").replace("%", "!%").replace("_", "!_")
        given[f"word{n}"] = f"%{literal}%"
    return given


def _line(row: tuple[Any, ...]) -> WorkflowLine:
    *text, started, updated, expires, source = row
    text[4] = Headline.model_validate_json(text[4])
    members: list[Any] = [*text, *map(datetime.fromisoformat, (started, updated, expires)), source]
    return WorkflowLine(*members)


def _document(row: tuple[str] | None) -> StoredDocument | None:
    body = _body(row)
    return StoredDocument(**{**body, "workflows": tuple(body["workflows"])}) if body else None




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
