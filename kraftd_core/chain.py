"""Canonical JSON, the hashes that chain the records, and their verification."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

import rfc8785

from kraftd_core.records import StageRecord

UNHASHED = frozenset({"record_hash", "ttl", "_rid", "_self", "_etag", "_attachments", "_ts"})
"""Members outside the hash: the hash itself, the seconds left, and what a store adds."""


def hash_of(record: Mapping[str, Any]) -> str:
    """SHA-256 over the RFC 8785 canonical JSON of a record as stored, in hex."""
    return sha256(rfc8785.dumps({k: v for k, v in record.items() if k not in UNHASHED})).hexdigest()


def sealed(record: StageRecord) -> dict[str, Any]:
    """The record as it is to be stored: JSON with its hash."""
    body: dict[str, Any] = record.model_dump(mode="json")
    return body | {"record_hash": hash_of(body)}


def verify(records: Sequence[Mapping[str, Any]]) -> str | None:
    """Why the chain of a workflow does not hold, naming the first record that fails; None if it holds."""
    previous: str | None = None
    for position, record in enumerate(records, start=1):
        if record["sequence"] != position:
            return f"Stage {position} is missing."
        if record["previous_hash"] != previous:
            return f"Stage {position} does not name the stage before it."
        if record["record_hash"] != hash_of(record):
            return f"Stage {position} was altered after it was recorded."
        previous = record["record_hash"]
    return None


_TIMES = frozenset({"timestamp", "generated_at", "processing_time_ms", "extraction_time_ms"})
_UNCOMPARED: dict[str, frozenset[str]] = {
    "initial_summary_metadata": _TIMES,
    "user_actions": frozenset({"editing_time_seconds", "edits_per_minute"}),
    "final_summary_metadata": _TIMES,
    "deliverable": frozenset({"generated_at", "content_hash", "file_size_bytes"}),
    "workflow_summary": frozenset({"total_time_seconds", "stage1_time_seconds", "stage2_time_seconds", "stage3_time_seconds"}),
}
_UNCOMPARED_MEMBERS = UNHASHED | {"timestamp", "workflow_started_at", "expiration_date", "previous_hash", "traceability"}


def content_of(record: Mapping[str, Any]) -> dict[str, Any]:
    """What makes two recordings of a stage the same: all but timestamps, measured times and hashes.

    A file's hash and size are left out because the file prints the time of its making.
    """
    return {
        name: {k: v for k, v in value.items() if k not in _UNCOMPARED[name]} if name in _UNCOMPARED else value
        for name, value in record.items()
        if name not in _UNCOMPARED_MEMBERS
    }
