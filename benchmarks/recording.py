"""What recording costs beside its peers, each measured in the same run: python benchmarks/recording.py [--quick]

A figure and its peer are taken in turns, round by round, so that a busy machine slows both; the best round counts, for
the history the median of single pages. Prints ratios: seconds say more about the machine. --quick leaves out the
1,000,000 workflows. Ends with 1 where a limit does not hold.
"""

import asyncio
import os
import random
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from figures import HEAD, Line

from kraftd_core.adapters.files.local import LocalFiles
from kraftd_core.adapters.stores.seals import seal_of
from kraftd_core.adapters.stores.sqlite import SqliteStore
from kraftd_core.document.changes import changes
from kraftd_core.document.jsontypes import ROW_ID, Data
from kraftd_core.ports.keeping import HistoryFilter, Record
from kraftd_core.recording.service import ExportTrackingService
from kraftd_core.records.chain import canonical, hash_of

OWNER = "ann@example.com"
ROUNDS = 9
SUMMARY = {
    "executive_summary": "Mill & Sons bills 4,180.00 EUR for twenty lines, due within 30 days.",
    "key_findings": ["The lines add up to the subtotal.", "The tax is 19 percent."],
    "recommendations": ["Pay by the due date."],
    "risk_factors": [],
    "action_items": ["Approve the invoice."],
    "confidence_score": 0.9,
}


def times(multiple: float, peer: float) -> dict[str, Any]:
    """A limit that is so many times the peer."""
    return {"peer": peer, "limit": multiple * peer, "limit_text": f"{multiple:g} x"}


def milliseconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)


def best(*works: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """The best time of each, taken in turns."""
    return [min(taken) for taken in zip(*([milliseconds(work) for work in works] for _ in range(rounds)), strict=True)]


# Recording


def invoice(rows: int = 20) -> Data:
    """A usual invoice as it is read."""
    return {
        "document_type": "invoice",
        "vendor_name": "Mill & Sons",
        "vendor_address": "12 Quay Street, Hamburg",
        "customer_name": "Northern Bakeries",
        "invoice_id": "F-2026-1042",
        "invoice_date": "2026-10-05",
        "due_date": "2026-11-04",
        "currency": "EUR",
        "subtotal": 3512.6,
        "total_tax": 667.4,
        "invoice_total": 4180,
        "line_items": [
            {ROW_ID: f"r{n}", "description": f"Flour {n}", "quantity": n, "unit": "kg", "unit_price": 1.25, "amount": n * 1.25}
            for n in range(1, rows + 1)
        ],
    }


async def record_workflow(tracking: ExportTrackingService) -> str:
    """All three stages; two cells were corrected, the file has a few kilobytes."""
    original, modified = invoice(), invoice()
    modified["line_items"][3]["quantity"] = 7
    modified["line_items"][9]["description"] = "Rye flour"
    file = uuid4().bytes * 256
    workflow = await tracking.record_stage_1_initial_summary("d1", OWNER, "invoice", original, SUMMARY, 0.9)
    await tracking.record_stage_2_user_modifications(workflow, "d1", OWNER, original, modified, {"export_format": "json"})
    await tracking.record_stage_3_final_deliverable(workflow, "d1", OWNER, SUMMARY, "json", "x.json", len(file), file)
    return workflow


def append_durably(path: Path, parts: Iterable[bytes]) -> None:
    """The peer: each part appended to a plain file and on the disk before the next."""
    with path.open("ab") as file:
        for part in parts:
            file.write(part)
            file.flush()
            os.fsync(file.fileno())


def commit_durably(db: sqlite3.Connection, parts: Iterable[bytes]) -> None:
    """The other peer: each part in a commit of its own."""
    for part in parts:
        db.execute("INSERT INTO parts VALUES (?)", (part,))


def bare_database(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("CREATE TABLE parts (body BLOB)")
    return db


def recording(folder: Path, runner: asyncio.Runner) -> Iterator[Line]:
    """A whole workflow beside three bare writes of the same length, and hashing beside hashlib."""
    store = SqliteStore(folder / "records.sqlite3")
    tracking = ExportTrackingService(store, LocalFiles(folder / "files"))
    records = runner.run(tracking.stored_records(runner.run(record_workflow(tracking)), OWNER))
    parts = [canonical(record) for record in records]
    db = bare_database(folder / "bare.sqlite3")
    figure, appends, commits = best(
        lambda: runner.run(record_workflow(tracking)),
        lambda: append_durably(folder / "bare", parts),
        lambda: commit_durably(db, parts),
        rounds=200,
    )
    yield Line("workflow recorded : 3 bare appends with fsync", figure, appends, 3 * appends + 3, "3 x + 3 ms")
    yield Line("workflow recorded : 3 bare commits of SQLite", figure, commits)
    yield hashing(records)
    yield writers(tracking, runner)
    runner.run(store.close())
    db.close()


def hashing(records: Iterable[Record]) -> Line:
    """Canonical form and hash of three records beside hashlib on the bytes."""
    bodies = [{name: value for name, value in record.items() if name != "record_hash"} for record in records]
    forms = [canonical(body) for body in bodies]
    figure, peer = best(
        lambda: [hash_of(body) for body in bodies * 20], lambda: [sha256(form).hexdigest() for form in forms * 20], rounds=30
    )
    return Line("3 records canonical and hashed : hashlib alone", figure / 20, peer / 20)


def writers(tracking: ExportTrackingService, runner: asyncio.Runner, workflows: int = 48) -> Line:
    """The time of so many workflows from 8 writers at once, beside one after the other."""

    async def write(number: int) -> None:
        for _ in range(number):
            await record_workflow(tracking)

    async def at_once(writers: int) -> None:
        await asyncio.gather(*(write(workflows // writers) for _ in range(writers)))

    eight, one = best(lambda: runner.run(at_once(8)), lambda: runner.run(at_once(1)), rounds=5)
    return Line(f"{workflows} workflows by 8 writers : by 1 writer", eight, **times(1, one))


# History

FILL = """
WITH RECURSIVE numbers (n) AS (SELECT :count UNION ALL SELECT n - 1 FROM numbers WHERE n > 1)
INSERT INTO workflows SELECT
    printf('%08x-0000-4000-8000-000000000000', n), :owner, printf('d%d', n), printf('invoice %d.pdf', n), 'invoice',
    printf('{"vendor":"Supplier %d","number":"F-%d","total":"EUR 100.00"}', n % 500, n),
    printf('invoice %d.pdf supplier %d f-%d', n, n % 500, n),
    'completed', n % 7, 'standard', 'pdf', printf('invoice_%d.pdf', n),
    strftime('%Y-%m-%dT%H:%M:%fZ', 1700000000 + n * 10, 'unixepoch'),
    strftime('%Y-%m-%dT%H:%M:%fZ', 1700000300 + n * 10, 'unixepoch'), '2999-01-01T00:00:00.000Z', NULL, NULL, NULL
FROM numbers
"""  # newest first, as the table lies on the disk


def filled(path: Path, count: int) -> SqliteStore:
    """A store of so many workflows of one owner."""
    store = SqliteStore(path)
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA cache_size = -200000")
        db.execute(FILL, {"count": count, "owner": OWNER})
        db.create_function("seal_of", -1, seal_of)
        columns = ", ".join(row[1] for row in db.execute("PRAGMA table_info(workflows)") if row[1] != "seal")
        db.execute(f"UPDATE workflows SET seal = seal_of({columns})")  # only our own names
    db.close()
    return store


def cursor_in_the_middle(path: Path, count: int) -> str:
    """The place that a reader reaches who has turned half of all pages."""
    with sqlite3.connect(path) as db:
        query = "SELECT started_at, export_workflow_id FROM workflows ORDER BY started_at DESC LIMIT 1 OFFSET ?"
        row = db.execute(query, (count // 2,)).fetchone()
    db.close()
    return " ".join(row)


def history(folder: Path, runner: asyncio.Runner, counts: list[int]) -> Iterator[Line]:
    """A page of 20 at each count beside the one at the first count."""
    paths = {count: folder / f"{count}.sqlite3" for count in counts}
    stores = {count: filled(path, count) for count, path in paths.items()}
    cursors = {count: cursor_in_the_middle(path, count) for count, path in paths.items()}
    for name, given in (("first page", {}), ("page in the middle", cursors)):
        few, *more = medians([turned(runner, stores[count], given.get(count)) for count in counts])
        for count, figure in zip(counts[1:], more, strict=True):
            yield Line(f"history of {count:,}, {name} : of {counts[0]:,}", figure, **times(1.3, few))
    for store in stores.values():
        runner.run(store.close())


def turned(runner: asyncio.Runner, store: SqliteStore, cursor: str | None) -> Callable[[], object]:
    """Turns to one page."""

    def turn() -> None:
        page = runner.run(store.history(OWNER, HistoryFilter(), 20, cursor))
        assert len(page.lines) == 20 and page.cursor

    return turn


def medians(works: list[Callable[[], object]], rounds: int = 300) -> list[float]:
    """The median time of each, taken in turns."""
    return [median(taken) for taken in zip(*([milliseconds(work) for work in works] for _ in range(rounds)), strict=True)]


# Changes


def table(rows: int = 10_000) -> Data:
    """100,000 cells beside the row ids: texts, whole numbers and decimals."""
    chance = random.Random(1)
    return {"lines": [{ROW_ID: f"r{n}"} | {f"column_{c}": _cell(chance, n, c) for c in range(10)} for n in range(rows)]}


def _cell(chance: random.Random, row: int, column: int) -> Any:
    return (f"Article {row}-{column}", chance.randint(0, 9999), round(chance.uniform(1, 999), 2))[column % 3]


def edited(data: Data) -> Data:
    """What a long review leaves: 50 cells changed, 20 rows taken out and 15 put in, all over the table."""
    rows = [dict(row) for row in data["lines"]]
    for number in range(50):
        rows[number * 190 + 3]["column_5"] = -1 - number
    kept = [row for place, row in enumerate(rows) if place % 500]
    for number in range(15):
        kept.insert(100 + number * 600, {ROW_ID: f"new{number}"} | {f"column_{c}": c for c in range(10)})
    return {"lines": kept}


def one_pass(a: Data, b: Data) -> int:
    """The peer: each cell looked at once."""
    rows, differing = {row[ROW_ID]: row for row in b["lines"]}, 0
    for old in a["lines"]:
        new = rows.get(old[ROW_ID])
        if new is not None:
            for column, value in old.items():
                if value != new[column]:
                    differing += 1
    return differing


def strict_pass(a: Data, b: Data) -> int:
    """The other peer: tells True from 1 as well, which Python's equality does not."""
    rows, differing = {row[ROW_ID]: row for row in b["lines"]}, 0
    for old in a["lines"]:
        new = rows.get(old[ROW_ID])
        if new is not None:
            for column, value in old.items():
                other = new[column]
                if value != other or (type(value) is bool) is not (type(other) is bool):
                    differing += 1
    return differing


def changed() -> Iterator[Line]:
    """The changes of 100,000 cells beside one pass over them; the counts must be exact."""
    a = table()
    b = edited(a)
    found = Counter(change.change_type for change in changes(a, b))
    assert found == {"modification": one_pass(a, b), "deletion": 20, "addition": 15} and found.total() == 85
    figure, plain, strict = best(*(partial(work, a, b) for work in (changes, one_pass, strict_pass)), rounds=60)
    yield Line("changes of 100,000 cells : one pass of Python", figure, **times(1.5, plain))
    yield Line("changes of 100,000 cells : one pass, True not 1", figure, strict)


def main() -> int:
    """Prints the table; 1 where a limit does not hold."""
    counts = [10_000, 100_000] if "--quick" in sys.argv[1:] else [10_000, 100_000, 1_000_000]
    print(HEAD)
    kept = True
    with tempfile.TemporaryDirectory(dir=Path(__file__).parent) as folder, asyncio.Runner() as runner:
        for part in (recording(Path(folder), runner), history(Path(folder), runner, counts), changed()):
            for line in part:
                print(line, flush=True)
                kept &= line.holds
    return int(not kept)


if __name__ == "__main__":
    sys.exit(main())
