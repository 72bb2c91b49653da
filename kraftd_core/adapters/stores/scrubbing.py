"""Reads records in SQLite as they were written, and holds them against their rows, their line, their trail and the journal."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from typing import Any

from kraftd_core.adapters.stores.lines import COLUMNS, line_after
from kraftd_core.adapters.stores.seals import SEALED, is_intact
from kraftd_core.document.wording import how_many
from kraftd_core.errors import FileDamaged
from kraftd_core.ports.keeping import Held, Record
from kraftd_core.records.chain import has_its_hash, is_signed_as_told
from kraftd_core.records.journal import JournalEntry

_UNREADABLE = (
    "A record of this workflow is damaged: it cannot be read as it was written, so that nothing is shown or made from it. "
    "Restore a backup."
)
_ELSEWHERE = (
    "A record of this workflow does not stand where it was written: it was exchanged or moved, so that nothing is shown or made "
    "from it. Restore a backup."
)
_GONE = (
    "The journal names a record of this workflow that is missing: it was removed before its time, so that nothing is shown or "
    "made from the rest. Restore a backup."
)
_OTHER = (
    "The records of this workflow are not those that the journal names, so that nothing is shown or made from them. "
    "Restore a backup."
)
_PLACES = ("id", "owner_email", "export_workflow_id", "sequence", "expiration_date")


# Reading


def record_in(row: Sequence[Any]) -> dict[str, Any]:
    """The record of a whole row; raises FileDamaged where it is not JSON as it was written, or not the one of this place.

    Written again it must be the same text: of two members with one name each reader would see another.
    """
    try:
        record = json.loads(row[-1])
        is_as_written = json.dumps(record, ensure_ascii=False, allow_nan=False, separators=(",", ":")) == row[-1]
    except (TypeError, ValueError, RecursionError) as error:
        raise FileDamaged(_UNREADABLE) from error
    if not is_as_written or not isinstance(record, dict):
        raise FileDamaged(_UNREADABLE)
    if tuple(record.get(name) for name in _PLACES) != tuple(row[:-1]):
        raise FileDamaged(_ELSEWHERE)
    return record


def stages_in(db: sqlite3.Connection, owner_email: str, export_workflow_id: str, now: str) -> list[Record]:
    """The records of a workflow that have not expired; raises FileDamaged, also where the journal speaks against them.

    An entry that is itself damaged speaks against nothing here: `held_against` tells of it.
    """
    entries = _entries(db, export_workflow_id)  # before the records: a stage may come in between
    query = "SELECT * FROM records WHERE export_workflow_id = ? AND owner_email = ? ORDER BY sequence"
    records = [record_in(row) for row in db.execute(query, (export_workflow_id, owner_email)).fetchall()]
    hashes = {record["id"]: record.get("record_hash") for record in records}
    for entry in entries:
        if not entry.is_intact or entry.owner_email != owner_email or _is_event(entry):
            continue
        if entry.record_id not in hashes:
            if (entry.expiration_date or "") > now:
                raise FileDamaged(_GONE)
        elif hashes[entry.record_id] != entry.record_hash:
            raise FileDamaged(_OTHER)
    return [record for record in records if record["expiration_date"] > now]


def _entries(db: sqlite3.Connection, export_workflow_id: str) -> list[JournalEntry]:
    query = "SELECT * FROM journal WHERE record_id > ? AND record_id < ? ORDER BY n"
    return [JournalEntry(*row) for row in db.execute(query, (f"{export_workflow_id}:", f"{export_workflow_id};"))]


def _is_event(entry: JournalEntry) -> bool:
    return ":e" in entry.record_id


# Holding against all that is kept


class _Against(Exception):
    """What speaks against the workflow, and of which stage it is."""

    def __init__(self, told: str, stage: int | None = None) -> None:
        super().__init__(told)
        self.stage = stage


def held_against(db: sqlite3.Connection, owner_email: str, export_workflow_id: str, now: str) -> Held:
    """See the port."""
    query = "SELECT * FROM records WHERE export_workflow_id = ? ORDER BY sequence"
    not_compared: list[str] = []
    try:
        records = [_placed(row, owner_email) for row in db.execute(query, (export_workflow_id,))]
        entries = _entries(db, export_workflow_id)
        events = _events(db, owner_email, export_workflow_id, not_compared)
        _hold_entries(entries, owner_email, [*records, *events], now)
        _hold_line(db, export_workflow_id, records, not_compared)
        _hold_rows(db, owner_email, export_workflow_id, records)
    except _Against as flaw:
        return Held(str(flaw), flaw.stage)
    trail = f"its trail ({how_many(len(events), 'event')})"
    return Held(None, None, ("its place in the store", "its line in the history", trail), tuple(not_compared))


def _placed(row: Sequence[Any], owner_email: str) -> dict[str, Any]:
    stage = row[3] if isinstance(row[3], int) else None
    try:
        record = record_in(row)
    except FileDamaged as damage:
        raise _Against(f"Stage {stage or '?'} does not hold. {damage}", stage) from damage
    if not has_its_hash(record):
        raise _Against(f"Stage {stage} was altered after it was recorded.", stage)
    if record["owner_email"] != owner_email:
        raise _Against(f"Stage {stage} belongs to another owner than the one it is kept for.", stage)
    return record


def _events(
    db: sqlite3.Connection, owner_email: str, export_workflow_id: str, not_compared: list[str]
) -> list[dict[str, Any]]:
    """The events of the trail; entries of before there were events have no hash of their own."""
    query = "SELECT * FROM activities WHERE export_workflow_id = ? ORDER BY number"
    events, earlier = [], 0
    for row in db.execute(query, (export_workflow_id,)).fetchall():
        if not is_intact(row) or row[1] != owner_email:
            raise _Against("An entry of the trail was altered after it was written.")
        event = json.loads(row[-2])
        if "record_hash" not in event:
            earlier += 1
            continue
        places = (event["owner_email"], event["export_workflow_id"])
        if not has_its_hash(event) or places != (owner_email, export_workflow_id) or not is_signed_as_told(event):
            raise _Against("An event of the trail was altered after it was recorded.")
        events.append(event)
    if earlier:
        not_compared.append(f"{how_many(earlier, 'line')} of the trail from before events had a hash")
    return events


def _hold_entries(entries: Sequence[JournalEntry], owner_email: str, records: Sequence[Mapping[str, Any]], now: str) -> None:
    """Each record has its entry, and each entry that has not expired its record."""
    named = {entry.record_id: entry for entry in entries}
    for entry in entries:
        if not entry.is_intact or entry.owner_email != owner_email:
            raise _Against(f"Entry {entry.n} of the journal was altered after it was written.")
    for record in records:
        its, stage = named.pop(record["id"], None), record.get("sequence")
        called = f"Stage {stage}" if stage else "An event"
        if its is None:
            raise _Against(f"{called} is not in the journal, so the store never took it in.", stage)
        if its.record_hash != record["record_hash"]:
            raise _Against(f"{called} is not the one that the journal names: it was replaced.", stage)
        if stage and its.expiration_date != record["expiration_date"]:
            raise _Against(f"{called} expires at another time than the journal says.", stage)
    for entry in named.values():
        if (entry.expiration_date or "") > now:
            raise _Against(f"The journal names the record {entry.record_id}, which is missing: it was removed before its time.")


def _hold_line(
    db: sqlite3.Connection, export_workflow_id: str, records: Sequence[Mapping[str, Any]], not_compared: list[str]
) -> None:
    """The line is the one that the records make. What older versions wrote in other words is not compared."""
    query = f"SELECT {', '.join(COLUMNS)}, seal FROM workflows WHERE export_workflow_id = ?"  # noqa: S608  our own constants
    row = db.execute(query, (export_workflow_id,)).fetchone()
    if row is None:
        if records:
            raise _Against("The workflow's line in the history is missing.")
        return
    if not records:
        raise _Against("The history has a line of this workflow, but no record.")
    if not is_intact(row):
        raise _Against("The workflow's line in the history was altered after it was written.")
    line = dict(zip(COLUMNS, row, strict=False))
    try:
        made: dict[str, Any] = reduce(line_after, records, {})
    except (LookupError, TypeError, ValueError, AttributeError) as error:  # sealed by whoever made it, and no stage of ours
        raise _Against("A record of the workflow lacks what a stage has.") from error
    differing = [name for name in COLUMNS if line[name] != made[name]]
    if min(record.get("schema_version", 1) for record in records) < 4:
        reworded = [name for name in ("headline", "search_text") if name in differing]
        differing = [name for name in differing if name not in reworded]
        if reworded:
            not_compared.append("the words of its line in the history, which another version wrote")
    if differing:
        raise _Against(f"The workflow's line in the history says another {differing[0].replace('_', ' ')} than its records.")


def _hold_rows(
    db: sqlite3.Connection, owner_email: str, export_workflow_id: str, records: Sequence[Mapping[str, Any]]
) -> None:
    """What else is kept of the workflow is as it was written."""
    rows = [
        (table, row)
        for table in ("drafts", "choices", "lessons")
        for row in db.execute(f"SELECT * FROM {table} WHERE export_workflow_id = ?", (export_workflow_id,))  # noqa: S608
    ]
    for document in {record["document_id"] for record in records}:
        query = "SELECT * FROM documents WHERE document_id = ? AND owner_email = ?"
        rows += [("documents", row) for row in db.execute(query, (document, owner_email))]
    for table, row in rows:
        if not is_intact(row):
            raise _Against(f"What is kept of the workflow in the table {table} was altered after it was written.")


# All of a store


def workflows_in(db: sqlite3.Connection, after: tuple[str, str], limit: int, now: str) -> list[tuple[str, str]]:
    """Owners and workflows of which anything is kept or should be, from one on, in their order."""
    query = """SELECT DISTINCT owner_email, workflow FROM (
        SELECT owner_email, export_workflow_id AS workflow FROM records
        UNION SELECT owner_email, export_workflow_id FROM workflows
        UNION SELECT owner_email, export_workflow_id FROM activities
        UNION SELECT owner_email, substr(record_id, 1, instr(record_id, ':') - 1) FROM journal WHERE expiration_date > :now)
        WHERE (owner_email, workflow) > (:owner, :workflow) ORDER BY owner_email, workflow LIMIT :limit"""
    given = {"owner": after[0], "workflow": after[1], "limit": limit, "now": now}
    return [(str(owner), str(workflow)) for owner, workflow in db.execute(query, given)]


def owners_in(db: sqlite3.Connection) -> list[str]:
    """Everybody of whom the store took something in."""
    return [owner for (owner,) in db.execute("SELECT DISTINCT owner_email FROM journal ORDER BY owner_email")]


def damaged_rows(db: sqlite3.Connection) -> Iterator[str]:
    """A sentence a table with rows that are not as they were written."""
    for table in SEALED:
        columns = ", ".join(row[1] for row in db.execute(f"PRAGMA table_info({table})"))
        damaged = sum(not is_intact(row) for row in db.execute(f"SELECT {columns} FROM {table}"))  # noqa: S608  our own names
        if damaged:
            yield f"{how_many(damaged, 'row')} of the table {table} were altered after they were written."
