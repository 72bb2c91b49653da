"""Writes docs/records.md: the records as they are stored, where they lie, and how they are asked for.

    python scripts/make_records_doc.py            a test holds the file to what this makes
"""

import asyncio
import json
import sqlite3
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from kraftd_core.adapters.files.local import LocalFiles  # noqa: E402
from kraftd_core.adapters.stores.cosmos import CONTAINERS, indexing  # noqa: E402
from kraftd_core.adapters.stores.sqlite import SqliteStore  # noqa: E402
from kraftd_core.recording.service import ExportTrackingService  # noqa: E402
from kraftd_core.records.stages import HistoryEntry  # noqa: E402

OWNER, DOCUMENT, WORKFLOW = "ann@example.com", "0f8fad5bd9cb469fa16570867728950e", "7c9e6679-7425-40de-944b-e07fc1f90ae7"
DAY = datetime(2026, 10, 6, 9, 30, tzinfo=UTC)
DATA = {
    "document_type": "invoice", "vendor_name": "Mill & Sons", "invoice_id": "M-1", "invoice_date": "2026-10-01",
    "currency": "EUR", "invoice_total": 14.2,
    "line_items": [{"_row_id": "a1", "description": "Flour", "quantity": 2, "unit_price": 7.1, "amount": 14.2}],
}  # fmt: skip
SUMMARY = {
    "executive_summary": "An invoice of Mill & Sons over 14.20 EUR.", "key_findings": ["One line."], "recommendations": [],
    "risk_factors": [], "action_items": [], "confidence_score": 0.97,
}  # fmt: skip
TITLES = ("Stage 1: what the machine read and thought", "Stage 2: what the human changed", "Stage 3: what was delivered")

COSMOS_QUERIES = {
    "A workflow": "SELECT * FROM c WHERE c.owner_email = @owner AND c.export_workflow_id = @workflow AND IS_DEFINED(c.stage)",
    "An owner's history": "SELECT * FROM c WHERE c.owner_email = @owner AND c.kind = 'line' "
    "ORDER BY c.started_at DESC, c.export_workflow_id DESC",
    "By document": "SELECT * FROM c WHERE c.owner_email = @owner AND c.document_id = @document AND c.kind = 'line'",
    "By status": "SELECT * FROM c WHERE c.owner_email = @owner AND c.status = @status AND c.kind = 'line'",
}
SQLITE_QUERIES = {
    "A workflow": "SELECT body FROM records WHERE owner_email = :owner AND export_workflow_id = :workflow ORDER BY sequence",
    "An owner's history": "SELECT * FROM workflows WHERE owner_email = :owner ORDER BY started_at DESC, export_workflow_id DESC",
    "By document": "SELECT * FROM workflows WHERE owner_email = :owner AND document_id = :document",
    "By status": "SELECT * FROM workflows WHERE owner_email = :owner AND status = :status",
}
GIVEN = {"owner": OWNER, "workflow": WORKFLOW, "document": DOCUMENT, "status": "completed"}


async def kept(folder: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The records of one workflow as a new store in this folder keeps them, and its trail."""
    store = SqliteStore(folder / "kraftd.sqlite3", now=lambda: DAY)
    tracking = ExportTrackingService(store, LocalFiles(folder / "files"), now=lambda: DAY)
    reviewed = DATA | {"invoice_total": 14.3}
    await tracking.record_stage_1_initial_summary(
        DOCUMENT, OWNER, "invoice", DATA, SUMMARY, 0.97, {"invoice_total": {"confidence": 0.97, "page": 1}}, 12.0,
        export_workflow_id=WORKFLOW, document_name="mill.pdf", ai_model="rules", extraction_time_ms=140.0,
        source={"extraction_method": "LOCAL", "di_model": "local", "page_count": 1},
    )  # fmt: skip
    await tracking.record_stage_2_user_modifications(WORKFLOW, DOCUMENT, OWNER, DATA, reviewed, {"export_format": "json"}, 41.5)
    await tracking.record_stage_3_final_deliverable(WORKFLOW, DOCUMENT, OWNER, SUMMARY, "json", "mill.json", 2, b"{}")
    entry = HistoryEntry(timestamp=DAY, action="downloaded", details="mill.json", actor=OWNER)
    await store.append_activity(OWNER, WORKFLOW, entry)
    records = [dict(record) for record in await tracking.stored_records(WORKFLOW, OWNER)]
    trail = [entry.model_dump(mode="json") for entry in await store.activities(OWNER, WORKFLOW)]
    await store.close()
    return records, trail


def schema_of(file: Path) -> list[str]:
    """The tables and indexes of a store, as SQLite tells them."""
    with sqlite3.connect(file) as db:
        asked = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND type IN ('table', 'index') ORDER BY type DESC, name"
        return [" ".join(sql.split()) for (sql,) in db.execute(asked)]


def document() -> str:
    """The text of docs/records.md."""
    with tempfile.TemporaryDirectory() as folder:
        records, trail = asyncio.run(kept(Path(folder)))
        schema = schema_of(Path(folder) / "kraftd.sqlite3")
    parts = [
        "# The records, where they lie, and how they are asked for",
        "Made by `python scripts/make_records_doc.py`; a test holds this file to the code.",
        "## One of each",
    ]
    for title, record in zip(TITLES, records, strict=True):
        parts += [f"### {title}", _block("json", json.dumps(record, indent=2, ensure_ascii=False))]
    parts += ["### Beside the stages: an activity", _block("json", json.dumps(trail[0], indent=2, ensure_ascii=False))]
    parts += ["## Azure Cosmos DB", "Database `KraftdIntel`, 400 RU/s a container, made at first reach where missing."]
    parts += [_containers(), _queries(COSMOS_QUERIES, _COSMOS_SAID)]
    parts += ["## SQLite", _block("sql", ";\n".join(schema)), _queries(SQLITE_QUERIES, "`body` is the record as JSON.")]
    return "\n\n".join(parts) + "\n"


def _containers() -> str:
    rows = ["| container | partition key | time to live | indexed, all else excluded | composite |", "| --- " * 5 + "|"]
    for name, (indexed, orders) in CONTAINERS.items():
        policy = indexing(indexed, orders)
        members = ", ".join(f"`{path['path'].strip('/?')}`" for path in policy["includedPaths"])
        paths = [path for order in policy["compositeIndexes"] for path in order]
        composite = ", ".join(f"`{path['path'].strip('/')}` {path['order']}" for path in paths) or "none"
        rows.append(f"| `{name}` | `/owner_email` | on, {_RETENTION}; each item says its own | {members} | {composite} |")
    return "\n".join(rows)


_COSMOS_SAID = (
    "Each names the owner and passes the owner as the partition key. Items of `kind` `line` are the workflows' lines in the "
    "history; records are the items that have a `stage`."
)
_RETENTION = "30 days (`KRAFTD_RETENTION_DAYS`)"


def _queries(asked: dict[str, str], said: str) -> str:
    rows = ["| question | query |", "| --- | --- |", *(f"| {name} | `{query}` |" for name, query in asked.items())]
    return f"{said}\n\n" + "\n".join(rows)


def _block(kind: str, text: str) -> str:
    return f"```{kind}\n{text}\n```"


if __name__ == "__main__":
    (PROJECT / "docs" / "records.md").write_text(document(), encoding="utf-8")
