"""The routes of documents: uploaded and read as jobs, then summarised and delivered in the two phases of an export."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Request, Response
from pydantic import Discriminator, Field, Tag
from starlette.exceptions import HTTPException

from kraftd_core.desk.desk import Desk
from kraftd_core.document.kinds import KINDS
from kraftd_core.errors import NotFound
from kraftd_core.people.actor import Actor
from kraftd_core.records.stages import UserPreferences
from kraftd_core.web.api.actor import AskingActor, TheCore
from kraftd_core.web.api.answers import (
    API,
    JobBegun,
    JobsBegun,
    JobStands,
    JsonFile,
    Summarised,
    job_stands,
    json_of,
    summarised,
)
from kraftd_core.web.api.bodies import TAKES_JSON, Asked, AskedPart, Upload, form_of, form_of_many
from kraftd_core.web.api.described import EXPORT_EXAMPLES, FILE_OR_JSON, problems
from kraftd_core.web.api.files import streamed
from kraftd_core.web.api.idempotency import Key, memory_of, workflow_id_for
from kraftd_core.web.api.ids import A_WORKFLOW, WORKFLOW_ID, DocumentId, JobId
from kraftd_core.web.api.waiting import while_there

routes = APIRouter(prefix="/v1")

# Upload


@routes.post(
    "/docs",
    status_code=202,
    response_model=JobsBegun,
    responses=problems(409, 413, 415, 422),
    openapi_extra=form_of_many("files", {"document_type": {"type": "string", "enum": list(KINDS)}}),
    tags=["Documents"],
)
async def upload(request: Request, core: TheCore, actor: AskingActor, key: Key = None) -> Response:
    """Upload one or many files (field `files`) and have them read.

    Each becomes a job that can be asked for; done, it names the `document_id`. The same bytes are the same document.
    `document_type`, where it is given, says what the files are.
    """
    form = await form_of(request, "files", core.settings.upload_limit_mb)
    document_type = form.fields.get("document_type") or None
    if document_type is not None and document_type not in KINDS:
        raise HTTPException(422, f"There is no document type of that name. Choose one of: {', '.join(KINDS)}.")
    asked = [document_type or "", *(f"{file.name} {file.digest}" for file in form.files)]
    async with memory_of(request).of(actor, key, "docs", *asked) as remembered:
        if remembered.answer is None:
            remembered.answer = JobsBegun(jobs=[await _begun(core, actor, file, document_type) for file in form.files])
        return await json_of(remembered.answer, 202)


async def _begun(core: TheCore, actor: Actor, file: Upload, document_type: str | None) -> JobBegun:
    job_id = await core.ask(lambda desk: desk.start_keeping(actor, file.name, file.content, document_type))
    return JobBegun(job_id=job_id, location=f"{API}/jobs/{job_id}", document_name=file.shown_name)


@routes.get("/jobs/{job_id}", response_model=JobStands, responses=problems(404, 422), tags=["Documents"])
async def job(core: TheCore, actor: AskingActor, job_id: JobId) -> Response:
    """How a job stands: its steps, and in the end what it made, or the problem that it failed with."""
    return await json_of(job_stands(job_id, await core.ask(lambda desk: desk.job(actor, job_id))))


@routes.delete("/jobs/{job_id}", status_code=204, responses=problems(404, 422), tags=["Documents"])
async def stop_job(core: TheCore, actor: AskingActor, job_id: JobId) -> Response:
    """Stop a job. What it had recorded or kept before stays."""
    await core.ask(lambda desk: desk.cancel(actor, job_id))
    return Response(status_code=204)


# Export


class Reviewer(AskedPart):
    """The person who reviewed the data before it was handed in; the caller vouches for that."""

    email: str = Field(pattern=r"^[!-?A-~]+@[!-?A-~]+$", max_length=254)
    name: str | None = Field(default=None, max_length=200)


class ExportRequest(AskedPart):
    """What the reviewed data is, and how the file shall look."""

    modified_data: dict[str, Any] | None = Field(default=None, description="All of the data; left out, it stays as it was read.")
    user_preferences: UserPreferences = UserPreferences()
    reasons: dict[str, str] = Field(default={}, description="Why a field was changed, by its name in the changes.")


class AskReview(Asked):
    """Phase 1: the document is summarised, and stage 1 recorded."""

    use_ai_review: Literal[True]
    use_ai_template_generation: Literal[False] = False


class AskDeliverable(Asked):
    """Phase 2: the review is recorded, the file made, recorded and sent.

    Without a `reviewer` it is recorded that no person reviewed it.
    """

    use_ai_template_generation: Literal[True]
    use_ai_review: Literal[False] = False
    export_workflow_id: str = Field(pattern=WORKFLOW_ID, examples=[A_WORKFLOW])
    export_request: ExportRequest = ExportRequest()
    reviewer: Reviewer | None = None


def _phase(given: Any) -> str:
    if isinstance(given, dict):
        return "phase 2" if given.get("use_ai_template_generation") else "phase 1"
    return "phase 2" if isinstance(given, AskDeliverable) else "phase 1"


AskExport = Annotated[
    Annotated[AskReview, Tag("phase 1")] | Annotated[AskDeliverable, Tag("phase 2")],
    Discriminator(_phase),
    Body(openapi_examples=EXPORT_EXAMPLES),
]


@routes.post(
    "/docs/{document_id}/export",
    response_model=Summarised | JsonFile,
    responses=problems(400, 404, 409, 413, 415, 422, 502, ok=FILE_OR_JSON),
    dependencies=TAKES_JSON,
    tags=["Exports"],
)
async def export(
    request: Request, core: TheCore, actor: AskingActor, document_id: DocumentId, asked: AskExport, key: Key = None
) -> Response:
    """The two phases of an export.

    Phase 1 (`use_ai_review`) summarises a document that was read and records stage 1; it answers JSON. Phase 2
    (`use_ai_template_generation`) records the review and the deliverable, and answers with the file itself. Sent again,
    phase 2 answers with the file that was made; with other data it is refused.
    """
    async with memory_of(request).of(actor, key, "export", document_id, asked.model_dump_json()):
        if isinstance(asked, AskReview):
            workflow_id = workflow_id_for(actor, key, "export")
            return await json_of(await while_there(request, lambda desk: _reviewed(desk, actor, document_id, workflow_id)))
        await while_there(request, lambda desk: _delivered(desk, actor, document_id, asked))
        return streamed(core, await core.ask(lambda desk: desk.deliverable_in_pieces(actor, asked.export_workflow_id)))


async def _reviewed(desk: Desk, actor: Actor, document_id: str, workflow_id: str) -> Summarised:
    await desk.summarise(actor, document_id, workflow_id)
    workflow = await desk.workflow(actor, workflow_id)
    return summarised(workflow.stage1, await desk.unconfirmed(actor, workflow_id))


async def _delivered(desk: Desk, actor: Actor, document_id: str, asked: AskDeliverable) -> None:
    workflow_id, wanted = asked.export_workflow_id, asked.export_request
    if (await desk.workflow(actor, workflow_id)).stage1.document_id != document_id:
        raise NotFound("This workflow belongs to another document. Ask under the document that it was opened for.")
    reviewer = Actor.of(asked.reviewer.email, asked.reviewer.name) if asked.reviewer else None
    data, preferences = wanted.modified_data, wanted.user_preferences
    await desk.record_unseen(actor, workflow_id, data, preferences, wanted.reasons, reviewer)
    await desk.produce(actor, workflow_id, lambda _: None)


