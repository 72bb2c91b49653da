"""Regeneration: stages 1 and 2 of a reviewed workflow, copied under a new id, for another template or format."""

from datetime import datetime
from typing import Any

from kraftd_core.records.stages import SCHEMA_VERSION, InitialSummary, RecordedActor, UserModifications, UserPreferences


def stage1_again(
    stage1: InitialSummary, export_workflow_id: str, now: datetime, expires: datetime, actor: RecordedActor
) -> InitialSummary:
    """Stage 1 of the new workflow, recorded by the actor. Nothing was read or thought anew: it took no time and no tokens."""
    unmeasured = {"processing_time_ms": None, "extraction_time_ms": None, "tokens_used": None}
    return stage1.model_copy(
        update=_opened(export_workflow_id, 1, now, actor)
        | {
            "workflow_started_at": now,
            "expiration_date": expires,
            "ttl": int((expires - now).total_seconds()),
            "regenerated_from": stage1.export_workflow_id,
            "initial_summary_metadata": stage1.initial_summary_metadata.model_copy(update=unmeasured),
        }
    )


def stage2_again(
    stage2: UserModifications, opened: InitialSummary, preferences: UserPreferences, now: datetime, actor: RecordedActor
) -> UserModifications:
    """Stage 2 of the new workflow behind its stage 1 as stored: the same data and changes, other preferences, no editing.

    Who reviewed the source stays named where another one makes it anew.
    """
    reviewer = stage2.reviewer or (stage2.actor if stage2.reviewed_by not in (None, actor.email) else None)
    unmeasured = {"editing_time_seconds": None, "edits_per_minute": None}
    return stage2.model_copy(
        update=_opened(opened.export_workflow_id, 2, now, actor)
        | {
            "reviewer": reviewer,
            "workflow_started_at": opened.workflow_started_at,
            "expiration_date": opened.expiration_date,
            "ttl": max(1, int((opened.expiration_date - now).total_seconds())),
            "regenerated_from": opened.regenerated_from,
            "previous_hash": opened.record_hash,
            "stage1_id": opened.id,
            "user_preferences": preferences,
            "user_actions": stage2.user_actions.model_copy(update=unmeasured),
        }
    )


def _opened(export_workflow_id: str, sequence: int, now: datetime, actor: RecordedActor) -> dict[str, Any]:
    return {
        "id": f"{export_workflow_id}:{sequence}",
        "kind": "stage",
        "actor": actor,
        "schema_version": SCHEMA_VERSION,
        "export_workflow_id": export_workflow_id,
        "timestamp": now,
        "record_hash": "",
        "signature": None,
    }
