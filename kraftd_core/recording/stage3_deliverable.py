"""Stage 3 decides what the deliverable shows, how its file is called, and how the pass is summed up."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import PurePath

from kraftd_core.document.change_sentences import change_sentences
from kraftd_core.document.changes import counted, parse_path
from kraftd_core.document.checks.checking import check
from kraftd_core.document.jsontypes import ROW_ID, Data, fields_of, tables_of
from kraftd_core.document.kinds import kind_of
from kraftd_core.document.nouns import Change, Deletion, Modification
from kraftd_core.document.wording import how_many
from kraftd_core.people.actor import Actor
from kraftd_core.ports.making import Composition
from kraftd_core.recording.stage2_modifications import found_in_history
from kraftd_core.records import stages
from kraftd_core.records.plan import DocumentTemplate, PresentationPlan

MIME_TYPES = {
    "json": "application/json",
    "csv": "text/csv",
    "zip": "application/zip",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}


def plan_without_steps(chosen: stages.FinalSummaryMetadata) -> PresentationPlan:
    """The plan of a file that was made before there were plans."""
    return PresentationPlan(template=chosen.template_used, export_format=chosen.export_format)


def preferences_of(plan: PresentationPlan, recorded: stages.UserPreferences) -> stages.UserPreferences:
    """The preferences as last changed on Deliver."""
    return recorded.model_copy(update={
        "document_template": plan.template,
        "export_format": plan.export_format,
        "transformation_instructions": plan.instructions,
    })  # fmt: skip


def compose(
    stage1: stages.InitialSummary,
    stage2: stages.UserModifications,
    summary: stages.FinalSummary,
    agent_model: str,
    generated_at: datetime,
    plan: PresentationPlan,
    grounding: stages.Grounding | None = None,
    journal_seen: stages.JournalSeen | None = None,
) -> Composition:
    """All that the deliverable shows: the reviewed values and no other, as the plan says, and what the summary rests on."""
    return Composition(
        title=_title(stage2),
        template=plan.template,
        document_name=stage2.document_name,
        document_type=stage2.document_type,
        data=stage2.modified_data,
        summary=summary,
        changes=stage2.changes,
        change_sentences=change_sentences(stage2.changes, stage2.original_data, stage2.modified_data),
        findings=check(stage2.modified_data, generated_at.date()) + found_in_history(stage2.findings),
        preferences=preferences_of(plan, stage2.user_preferences),
        export_workflow_id=stage2.export_workflow_id,
        owner_email=stage2.owner_email,
        reviewed_by=stage2.reviewed_by,
        stage_hashes=(stage1.record_hash, stage2.record_hash),
        generated_at=generated_at,
        agent_model=agent_model,
        extraction_method=stage1.source.extraction_method,
        plan=plan,
        grounding=grounding,
        journal_seen=journal_seen,
    )


def _title(stage2: stages.UserModifications) -> str:
    label = kind_of(stage2.document_type).label
    return f"{label} {stage2.headline.number}" if stage2.headline.number else f"{label} · {stage2.document_name}"


def filename_of(stage2: stages.UserModifications, template: DocumentTemplate, recorded_at: datetime, suffix: str) -> str:
    """`<document>_<template>_<UTC date>_<first 8 of the workflow id>.<suffix>`, safe on every file system."""
    stem = re.sub(r"[^\w.-]+", "-", PurePath(stage2.document_name).stem).strip("-.")[:60] or "document"
    return f"{stem}_{template.value}_{recorded_at:%Y-%m-%d}_{stage2.export_workflow_id[:8]}.{suffix}"


def accuracy(original: Data, changes: Sequence[Change]) -> float | None:
    """The share of extracted values that the user left as they were; None where nothing was extracted."""
    extracted = set(_value_paths(original))
    if not extracted:
        return None
    touched = {p for c in counted(changes) if isinstance(c, (Modification, Deletion)) for p in _paths_under(c, extracted)}
    return (len(extracted) - len(touched)) * 10_000 // len(extracted) / 10_000  # rounded down: one change is no 1.0


_ValuePath = tuple[str, str | None, str | None]


def _value_paths(data: Data) -> Iterable[_ValuePath]:
    yield from ((name, None, None) for name, value in fields_of(data) if value is not None)
    for name, rows in tables_of(data):
        for row in rows:
            yield from ((name, row[ROW_ID], c) for c, v in row.items() if v is not None and c != ROW_ID)


def _paths_under(change: Modification | Deletion, extracted: set[_ValuePath]) -> Iterable[_ValuePath]:
    path = parse_path(change.field)
    if path.column is not None:
        return extracted & {(path.field, path.row_id, path.column)}
    if path.row_id is not None:
        return extracted & {(path.field, path.row_id, c) for c in change.original_value}
    return (p for p in extracted if p[0] == path.field)


def workflow_summary(
    stage1: stages.InitialSummary, stage2: stages.UserModifications, stage3_time_seconds: float | None
) -> stages.WorkflowSummary:
    """The pass in figures: machine time of stages 1 and 3, editing time of stage 2, and their sum if all are known.

    Where nobody looked at the values, nothing is known of how many of them are right.
    """
    meta = stage1.initial_summary_metadata
    measured = [ms for ms in (meta.extraction_time_ms, meta.processing_time_ms) if ms is not None]
    stage1_time = round(sum(measured) / 1000, 3) if measured else None
    times = (stage1_time, stage2.user_actions.editing_time_seconds, stage3_time_seconds)
    known = [t for t in times if t is not None]
    return stages.WorkflowSummary(
        total_time_seconds=round(sum(known), 3) if len(known) == len(times) else None,
        stage1_time_seconds=stage1_time,
        stage2_time_seconds=stage2.user_actions.editing_time_seconds,
        stage3_time_seconds=stage3_time_seconds,
        total_modifications=stage2.user_actions.total_modifications,
        ai_processing_accuracy=accuracy(stage1.initial_extracted_data, stage2.changes) if stage2.reviewed_by else None,
    )


def story(
    stage1: stages.InitialSummary, stage2: stages.UserModifications, filename: str, now: datetime, actor: Actor
) -> list[stages.HistoryEntry]:
    """How it all came about, oldest first; `actor` is who delivers."""
    fields, rows = stage1.source.extraction_fields_count, stage1.source.line_items_count
    read = f"{how_many(fields, 'value')}, {how_many(rows, 'row')}"
    reader = {"LOCAL": "Local reader", "AZURE_DI": "Azure Document Intelligence"}.get(stage1.source.extraction_method or "", "")
    entries: list[tuple[datetime, str, str, str]] = [
        (stage1.timestamp, "read and summarised", read, reader or "unknown reader"),
        (stage2.timestamp, *_review_told(stage2)),
        (now, "delivered", filename, actor.email),
    ]
    return [stages.HistoryEntry(timestamp=t, action=a, details=d, actor=who) for t, a, d, who in entries]


def _review_told(stage2: stages.UserModifications) -> tuple[str, str, str]:
    """What stage 2 says of a review, in action, details and actor."""
    recorded_by = stage2.actor.email if stage2.actor else stage2.owner_email
    changed = how_many(stage2.user_actions.total_modifications, "changed value")
    if stage2.review_mode == "unattended":
        return "recorded without a review", changed, recorded_by
    if stage2.reviewer is not None:
        return "reviewed", f"{changed}; the reviewer was named by {recorded_by}", stage2.reviewer.email
    return "reviewed", changed, recorded_by


def mime_type_of(filename: str) -> str:
    """The MIME type of a deliverable by its suffix."""
    return MIME_TYPES.get(PurePath(filename).suffix.lstrip("."), "application/octet-stream")
