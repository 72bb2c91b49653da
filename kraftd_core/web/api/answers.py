"""What the routes answer with, as OpenAPI describes it."""

import asyncio
from typing import Any, Literal

from fastapi import Response
from pydantic import BaseModel, ConfigDict, TypeAdapter

from kraftd_core.comparing.compare import Comparison, Kind, Version
from kraftd_core.desk.common import Workflow
from kraftd_core.desk.jobs import JobView
from kraftd_core.desk.upkeep.health import State
from kraftd_core.desk.upkeep.status import Status
from kraftd_core.desk.upkeep.unconfirmed import said_of
from kraftd_core.document.jsontypes import Data
from kraftd_core.document.ledger.nouns import LedgerEntry
from kraftd_core.ports.engines import EngineStands
from kraftd_core.ports.keeping import HistoryPage, WorkflowLine
from kraftd_core.records.plan import DocumentTemplate, ExportFormat
from kraftd_core.records.stages import (
    FinalDeliverable,
    Headline,
    HistoryEntry,
    InitialSummary,
    RecordedFinding,
    Summary,
    Timestamp,
    UserModifications,
)
from kraftd_core.web.api.problems import Problem, problem_of

API = "/api/v1"


class AnswerBody(BaseModel):
    """What every answer is."""

    model_config = ConfigDict(frozen=True)


async def json_of(answer: Any, status: int = 200, **headers: str) -> Response:
    """The answer as JSON, written beside the loop: a workflow may be large."""
    body = await asyncio.to_thread(TypeAdapter(type(answer)).dump_json, answer)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(body, status, named, media_type="application/json")


class JobBegun(AnswerBody):
    """A document that is being read; `location` tells how that stands."""

    job_id: str
    location: str
    document_name: str


class JobsBegun(AnswerBody):
    """A job for each file, in their order."""

    jobs: list[JobBegun]


class JobStands(AnswerBody):
    """How a job stands; done, it names what it made, failed, the problem."""

    job_id: str
    status: Literal["running", "done", "failed", "stopped"]
    step: str
    steps_done: list[str]
    seconds: float
    document_id: str | None = None
    export_workflow_id: str | None = None
    problem: Problem | None = None


def job_stands(job_id: str, view: JobView) -> JobStands:
    """The job as programs see it."""
    is_of_document = view.makes == "document"
    return JobStands(
        job_id=job_id,
        status=_status_of(view),
        step=view.step,
        steps_done=list(view.steps_done),
        seconds=round(view.seconds, 3),
        document_id=view.result if is_of_document else None,
        export_workflow_id=None if is_of_document else view.result,
        problem=problem_of(view.failed_with, view.error or "") if view.failed_with else None,
    )


def _status_of(view: JobView) -> Literal["running", "done", "failed", "stopped"]:
    if view.is_running:
        return "running"
    if view.is_cancelled:
        return "stopped"
    return "failed" if view.error else "done"


class Summarised(AnswerBody):
    """Stage 1 of a new workflow. `confidence` is that of the summary; `extracted_data` carries row ids: hand them back with
    what you changed. `is_confirmed` is false where the record is saved here and not in the chosen store yet, and
    `not_confirmed` then says why, and whether that passes by itself.
    """

    export_workflow_id: str
    document_id: str
    document_name: str
    document_type: str
    status: str
    is_confirmed: bool
    not_confirmed: str | None
    ai_summary: Summary
    ai_model: str | None
    confidence: float | None
    extraction_confidence: float | None
    checks: list[RecordedFinding]
    notices: list[str]
    reading_ledger: list[LedgerEntry] | None
    extracted_data: Data
    location: str


class JsonFile(AnswerBody):
    """A file that was delivered as JSON; its own schema is `docs/deliverable.schema.json`."""

    model_config = ConfigDict(frozen=True, extra="allow")


def summarised(stage1: InitialSummary, not_confirmed: str | None) -> Summarised:
    """What was read and thought, without the rest of the record."""
    return Summarised(
        export_workflow_id=stage1.export_workflow_id,
        document_id=stage1.document_id,
        document_name=stage1.document_name,
        document_type=stage1.document_type,
        status=stage1.status,
        is_confirmed=not_confirmed is None,
        not_confirmed=not_confirmed,
        ai_summary=stage1.ai_initial_summary,
        ai_model=stage1.initial_summary_metadata.ai_model,
        confidence=stage1.ai_initial_summary.confidence_score,
        extraction_confidence=stage1.source.di_confidence,
        checks=stage1.findings,
        notices=stage1.source.notices,
        reading_ledger=stage1.reading_ledger,
        extracted_data=stage1.initial_extracted_data,
        location=f"{API}/exports/{stage1.export_workflow_id}",
    )


class ExportLine(AnswerBody):
    """A workflow in one line."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    export_workflow_id: str
    document_id: str
    document_name: str
    document_type: str
    headline: Headline
    status: str
    changed_values: int | None
    template: str | None
    export_format: str | None
    filename: str | None
    started_at: Timestamp
    updated_at: Timestamp
    expiration_date: Timestamp
    regenerated_from: str | None


class ExportHistory(AnswerBody):
    """A page of the history, newest first; `next_cursor` continues, null at the end.

    `is_partial` where the chosen store cannot be reached, so that only what is on its computer is listed;
    `damaged` is how many lines were left out because they are not as they were written.
    """

    exports: list[ExportLine]
    next_cursor: str | None
    is_partial: bool
    damaged: int = 0


def history_of(page: HistoryPage, next_cursor: str | None) -> ExportHistory:
    """A page of the history as programs see it."""
    lines = [_line_of(line) for line in page.lines]
    return ExportHistory(exports=lines, next_cursor=next_cursor, is_partial=page.is_partial, damaged=page.damaged)


def _line_of(line: WorkflowLine) -> ExportLine:
    return ExportLine.model_validate(line)


class Export(AnswerBody):
    """A workflow with its records as far as it has come, the decisions on it, and what happened beside the stages."""

    export_workflow_id: str
    document_id: str
    status: str
    is_confirmed: bool
    not_confirmed: str | None
    stage1: InitialSummary
    stage2: UserModifications | None
    stage3: FinalDeliverable | None
    decisions: list[dict[str, Any]]
    events: list[HistoryEntry]


def export_of(workflow: Workflow, not_confirmed: str | None) -> Export:
    """A workflow as programs see it."""
    return Export(
        export_workflow_id=workflow.export_workflow_id,
        document_id=workflow.stage1.document_id,
        status=workflow.latest.status,
        is_confirmed=not_confirmed is None,
        not_confirmed=not_confirmed,
        stage1=workflow.stage1,
        stage2=workflow.stage2,
        stage3=workflow.stage3,
        decisions=[],
        events=workflow.trail,
    )


class Regenerated(AnswerBody):
    """A file of another template or format, in a workflow of its own."""

    export_workflow_id: str
    regenerated_from: str
    export_format: ExportFormat
    document_template: DocumentTemplate
    filename: str
    mime_type: str
    file_size_bytes: int
    content_hash: str
    is_confirmed: bool
    not_confirmed: str | None
    location: str


def regenerated(stage3: FinalDeliverable, not_confirmed: str | None) -> Regenerated:
    """What was made again."""
    made, chosen = stage3.deliverable, stage3.final_summary_metadata
    return Regenerated(
        export_workflow_id=stage3.export_workflow_id,
        regenerated_from=str(stage3.regenerated_from),
        export_format=made.file_format,
        document_template=chosen.template_used,
        filename=made.filename,
        mime_type=made.mime_type,
        file_size_bytes=made.file_size_bytes,
        content_hash=made.content_hash,
        is_confirmed=not_confirmed is None,
        not_confirmed=not_confirmed,
        location=f"{API}/exports/{stage3.export_workflow_id}",
    )


class ComparedSide(AnswerBody):
    """One of the two versions; only what `is_read_back` was taken from the delivered file itself."""

    export_workflow_id: str
    version: Version
    document_name: str
    is_read_back: bool


class ComparedLineAnswer(AnswerBody):
    """What differs, with its text on each side; null is a value that is not there."""

    section: str
    field: str
    label: str
    kind: Kind
    texts: list[str | None]
    confidence: float | None
    note: str


class Compared(AnswerBody):
    """Two versions held against each other. `likeness` is the share of equal values in rows that were matched by likeness,
    null where none had to be; `patch` (RFC 6902) turns the first version's data into the second's.
    """

    sides: list[ComparedSide]
    headline: str
    counts: dict[Kind, int]
    likeness: float | None
    warnings: list[str]
    lines: list[ComparedLineAnswer]
    patch: list[dict[str, Any]]


def compared(comparison: Comparison, patch: list[dict[str, Any]]) -> Compared:
    """A comparison as programs see it, without what is the same."""
    return Compared(
        sides=[
            ComparedSide(
                export_workflow_id=side.workflow_id, version=side.version, document_name=side.document_name,
                is_read_back=side.is_read_back,
            )
            for side in comparison.sides
        ],
        headline=comparison.headline,
        counts=dict(comparison.counts),
        likeness=comparison.likeness,
        warnings=list(comparison.warnings),
        lines=[
            ComparedLineAnswer(
                section=line.section, field=line.field, label=line.label, kind=line.kind, texts=list(line.texts),
                confidence=line.confidence, note=line.note,
            )
            for line in comparison.lines
            if line.kind != "same"
        ],
        patch=patch,
    )  # fmt: skip



class EngineFailure(AnswerBody):
    """The last call that failed: why, whether that may pass by itself, and the service's own id of the call."""

    at: Timestamp
    reason: str
    passes: bool
    cause: str
    request_id: str | None


class EngineOfNow(AnswerBody):
    """How an engine stands. The counts are those of today (UTC), as far as this process made the calls."""

    role: str
    name: str
    host: str | None
    signs_in: str
    is_failing: bool
    last_success: Timestamp | None
    last_failure: EngineFailure | None
    calls_today: int
    failed_today: int
    tokens_today: int


class WaitingNow(AnswerBody):
    """What the chosen store has not confirmed: how many records follow, and the workflows of which a record stays here."""

    following: int
    passes: bool
    reason: str | None
    quarantined: list[str]
    rejected: list[str]
    missing: list[str]
    expired: int
    sentences: list[str]


class StatusNow(AnswerBody):
    """How the engines stand, what waits, and what of the settings nobody knows. `since` is when this process began to count."""

    since: Timestamp
    engines: list[EngineOfNow]
    checks: dict[str, State]
    waiting: WaitingNow
    unknown_settings: list[str]


def status_now(status: Status) -> StatusNow:
    """The status as programs see it."""
    waiting = status.waiting
    return StatusNow(
        since=status.since,
        engines=list(map(_engine_of_now, status.engines)),
        checks=dict(status.checks),
        waiting=WaitingNow(
            following=waiting.following,
            passes=waiting.passes,
            reason=waiting.reason or None,
            quarantined=list(waiting.quarantined),
            rejected=list(waiting.rejected),
            missing=list(waiting.missing),
            expired=waiting.expired,
            sentences=said_of(waiting),
        ),
        unknown_settings=list(status.unknown_settings),
    )


def _engine_of_now(stands: EngineStands) -> EngineOfNow:
    failure = stands.last_failure
    told = None
    if failure:
        told = EngineFailure(at=failure.at, reason=failure.sentence, passes=failure.passes, cause=failure.cause,
                             request_id=failure.request_id or None)  # fmt: skip
    return EngineOfNow(
        role=stands.role,
        name=stands.name,
        host=stands.host or None,
        signs_in=stands.signs_in,
        is_failing=stands.is_failing,
        last_success=stands.last_success,
        last_failure=told,
        calls_today=stands.calls,
        failed_today=stands.failed,
        tokens_today=stands.tokens,
    )
