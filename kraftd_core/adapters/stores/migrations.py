"""The one SQLite file: how it is opened, and what each version of the application adds to it."""

import json
import sqlite3
from collections.abc import Callable
from dataclasses import astuple
from pathlib import Path
from time import monotonic, sleep

from kraftd_core.adapters.files.private import make_file, tighten_database
from kraftd_core.adapters.stores.seals import SEALED, seal_of
from kraftd_core.errors import FileDamaged, StoreUnavailable
from kraftd_core.records.headline import headline_of_record, search_text_of
from kraftd_core.records.journal import JournalHead, entry_after
from kraftd_core.records.lessons import lesson_text
from kraftd_core.records.stages import Headline

_OPENING_PAUSE_SECONDS = 0.01
UNREACHABLE = "The records on this computer cannot be reached ({}), so there is no confirmation. Try again."
_OURS = {"records", "activities", "documents", "drafts"}

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
# What the store took in, in its order; the name of no column says workflow, or a purge would take the entries too
_JOURNAL = """
CREATE TABLE journal (
    owner_email TEXT NOT NULL, n INTEGER NOT NULL, record_id TEXT NOT NULL UNIQUE, record_hash TEXT NOT NULL,
    expiration_date TEXT, previous TEXT, hash TEXT NOT NULL, PRIMARY KEY (owner_email, n)
) STRICT, WITHOUT ROWID;
"""
_JOURNAL_GUARDS = """
CREATE TRIGGER journal_stays BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'the journal never changes'); END;
CREATE TRIGGER journal_lasts BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is never cut'); END;
CREATE TRIGGER journal_follows BEFORE INSERT ON journal
WHEN NEW.n <> (SELECT coalesce(max(n), 0) + 1 FROM journal WHERE owner_email = NEW.owner_email)
    OR EXISTS (SELECT 1 FROM journal WHERE record_id = NEW.record_id)
BEGIN SELECT RAISE(ABORT, 'the journal only goes on'); END;
"""


def _journal_begins(db: sqlite3.Connection) -> None:
    """The journal, with the records that were there before it in the order of their times."""
    run(db, _JOURNAL)
    heads: dict[str, JournalHead] = {}
    rows = db.execute("""SELECT id, owner_email, expiration_date, CASE json_valid(body) WHEN 1 THEN
        json_extract(body, '$.record_hash') END AS hash, CASE json_valid(body) WHEN 1 THEN json_extract(body, '$.timestamp') END
        FROM records ORDER BY owner_email, 5, sequence, id""").fetchall()
    for record_id, owner, expires, record_hash, _ in rows:
        record = {"id": record_id, "owner_email": owner, "record_hash": str(record_hash or "")}
        entry = entry_after(heads.get(owner), record, expires)
        heads[owner] = entry.head
        db.execute("INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?)", astuple(entry))
    run(db, _JOURNAL_GUARDS)


def _rows_are_sealed(db: sqlite3.Connection) -> None:
    """Each row that is no record has a seal, by which a damaged one is known."""
    for table in SEALED:
        db.execute(f"ALTER TABLE {table} ADD COLUMN seal TEXT")
        columns = ", ".join(row[1] for row in db.execute(f"PRAGMA table_info({table})") if row[1] != "seal")
        db.execute(f"UPDATE {table} SET seal = seal_of({columns})")  # noqa: S608  only our own names


_MIGRATIONS: tuple[str | Callable[[sqlite3.Connection], None], ...] = (
    _FIRST_SCHEMA, _LINES_IN_HISTORY_ORDER, _LINES_BY_DELIVERED_FILE, _LINES_BY_LAST_WORK, _LESSONS, _CHOICES,
    _LESSONS_AGAIN, _LINES_TELL_WHAT_WAS_DELIVERED, _UNFINISHED, _journal_begins, _rows_are_sealed,
)  # fmt: skip
"""Each brings a file from the version of its place (from 0) to the next; one that was released never changes."""
SCHEMA_VERSION = len(_MIGRATIONS)



def opened(path: Path, patience_seconds: float, more_schema: str) -> sqlite3.Connection:
    """The file for writing, brought up to this version. Raises StoreUnavailable, FileDamaged, sqlite3.Error."""
    try:
        make_file(path)
        tighten_database(path)
    except OSError as error:
        raise StoreUnavailable(UNREACHABLE.format(error.strerror)) from error
    db = sqlite3.connect(path, isolation_level=None, timeout=patience_seconds)
    functions: dict[str, Callable[..., str | None]] = {
        "lesson_of": lesson_text, "headline_in": _headline_in, "search_text_in": _search_text_in, "seal_of": seal_of
    }  # fmt: skip
    for name, function in functions.items():
        db.create_function(name, -1, function)
    try:
        _refuse_foreign(db, path)
        _use_write_ahead_log(db, patience_seconds)
        db.execute("PRAGMA synchronous = FULL")  # an acknowledged stage survives a power cut
        while _migrated_once(db):
            pass
        with db:
            db.execute("BEGIN IMMEDIATE")
            run(db, more_schema)
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
        migration = _MIGRATIONS[version]
        run(db, migration) if isinstance(migration, str) else migration(db)
        db.execute(f"PRAGMA user_version = {version + 1}")
    return True


def opened_for_reading(path: Path, patience_seconds: float) -> sqlite3.Connection:
    """The file for reading alone."""
    db = sqlite3.connect(path, isolation_level=None, timeout=patience_seconds)
    db.execute("PRAGMA query_only = ON")
    return db


def run(db: sqlite3.Connection, script: str) -> None:
    """Executes the statements of a script one by one: executescript would commit the transaction first."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            db.execute(statement)
            statement = ""
