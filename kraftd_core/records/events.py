"""Events: what happened beside the stages, each a record of its own, chained to the last one of its workflow."""

from collections.abc import Mapping
from typing import Any

from kraftd_core.records.chain import Signer, sealed
from kraftd_core.records.stages import SCHEMA_VERSION, HistoryEntry


def event_of(
    owner_email: str, export_workflow_id: str, number: int, previous_hash: str | None, entry: HistoryEntry, signer: Signer | None
) -> dict[str, Any]:
    """The workflow's event of this number (from 1) as it is to be stored; `previous_hash` is of the record that it follows."""
    told = entry.model_dump(mode="json")
    body = {
        "id": f"{export_workflow_id}:e{number}",
        "kind": "event",
        "schema_version": SCHEMA_VERSION,
        "export_workflow_id": export_workflow_id,
        "owner_email": owner_email,
        "timestamp": told["timestamp"],
        "actor": {"email": told["actor"], "name": None, "subject": None},
        "action": told["action"],
        "details": told["details"],
        "previous_hash": previous_hash,
    }
    return sealed(body, signer)


def entry_in(event: Mapping[str, Any]) -> HistoryEntry:
    """What an event tells in the trail; entries of before there were events tell it themselves. Raises ValueError."""
    told = {name: event.get(name) for name in HistoryEntry.model_fields}
    actor = told["actor"]
    return HistoryEntry.model_validate(told | {"actor": actor.get("email") if isinstance(actor, Mapping) else actor})
