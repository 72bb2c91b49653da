"""The routes of exports: what was recorded and delivered is found, fetched, compared, made again and verified."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from kraftd_core.comparing.compare import Version, Wanted
from kraftd_core.desk.common import Workflow
from kraftd_core.desk.desk import Desk
from kraftd_core.errors import NotFound
from kraftd_core.people.actor import Actor
from kraftd_core.recording.verification import Judged
from kraftd_core.records.plan import DocumentTemplate, ExportFormat
from kraftd_core.web.api.actor import AskingActor, TheCore
from kraftd_core.web.api.answers import (
    Compared,
    Export,
    ExportHistory,
    Regenerated,
    compared,
    export_of,
    history_of,
    json_of,
    regenerated,
)
from kraftd_core.web.api.bodies import TAKES_JSON, Asked, form_of, form_of_one
from kraftd_core.web.api.described import BUNDLE, FILE, PICTURE, problems
from kraftd_core.web.api.files import attachment, streamed
from kraftd_core.web.api.idempotency import Key, memory_of, workflow_id_for
from kraftd_core.web.api.ids import A_WORKFLOW, WORKFLOW_ID, WorkflowId
from kraftd_core.web.api.waiting import while_there

routes = APIRouter(prefix="/v1")

Limit = Annotated[int, Query(ge=1, le=200)]
Cursor = Annotated[
    str | None, Query(max_length=4_000, pattern=r"^[A-Za-z0-9_=-]+$", description="`next_cursor` of the page before.")
]


@routes.get("/exports/history", response_model=ExportHistory, responses=problems(404, 422), tags=["Exports"])
async def history(core: TheCore, actor: AskingActor, limit: Limit = 50, cursor: Cursor = None) -> Response:
    """A page of the history, newest workflow first."""
    before = _opened(cursor, actor) if cursor else None
    page = await core.ask(lambda desk: desk.history(actor, limit=limit, cursor=before))
    return await json_of(history_of(page, _closed(page.cursor, actor) if page.cursor else None))


def _closed(cursor: str, actor: Actor) -> str:
    """A store's own cursor in letters that an address can hold, with a sum by which it is known to be whole."""
    return urlsafe_b64encode(_sum(cursor, actor) + cursor.encode()).decode()


def _opened(cursor: str, actor: Actor) -> str:
    """The store's own cursor; a damaged one, or another's, would silently go on somewhere else."""
    refusal = NotFound("This cursor is none that a page of the history gave. Start with the first page.")
    try:
        own = urlsafe_b64decode(cursor)[_SUM_BYTES:].decode()
    except ValueError as error:
        raise refusal from error
    if cursor != _closed(own, actor):
        raise refusal
    return own


_SUM_BYTES = 9


def _sum(cursor: str, actor: Actor) -> bytes:
    return sha256(f"{actor.email} {cursor}".encode()).digest()[:_SUM_BYTES]


@routes.get("/exports/{export_workflow_id}", response_model=Export, responses=problems(404, 422), tags=["Exports"])
async def one(core: TheCore, actor: AskingActor, workflow_id: WorkflowId) -> Response:
    """All that is recorded of a workflow: its three stages as far as it has come, decisions, and what happened beside them."""

    async def found(desk: Desk) -> Export:
        return export_of(await desk.workflow(actor, workflow_id), await desk.unconfirmed(actor, workflow_id))

    return await json_of(await core.ask(found))


class AskAgain(Asked):
    """Another format, template, or both."""

    export_format: ExportFormat
    document_template: DocumentTemplate = DocumentTemplate.STANDARD


@routes.post(
    "/exports/{export_workflow_id}/regenerate",
    status_code=201,
    response_model=Regenerated,
    responses=problems(400, 404, 409, 413, 415, 422, 502),
    dependencies=TAKES_JSON,
    tags=["Exports"],
)
async def regenerate(
    request: Request, actor: AskingActor, workflow_id: WorkflowId, asked: AskAgain, key: Key = None
) -> Response:
    """Make a file of another template or format from the same reviewed data, in a new workflow."""
    async with memory_of(request).of(actor, key, "regenerate", workflow_id, asked.model_dump_json()):
        new_id = workflow_id_for(actor, key, "regenerate")
        made = await while_there(request, lambda desk: _made_again(desk, actor, workflow_id, asked, new_id))
        return await json_of(made, 201, Location=made.location)


async def _made_again(desk: Desk, actor: Actor, workflow_id: str, asked: AskAgain, new_id: str) -> Regenerated:
    wanted = (asked.document_template, asked.export_format)
    stage3 = await desk.make_again(actor, workflow_id, *wanted, new_id, lambda _: None)
    return regenerated(stage3, await desk.unconfirmed(actor, new_id))


@routes.get("/exports/{export_workflow_id}/file", response_class=Response, responses=problems(404, 422, ok=FILE),
            tags=["Exports"])  # fmt: skip
async def file(core: TheCore, actor: AskingActor, workflow_id: WorkflowId) -> Response:
    """The delivered file, byte for byte as it was recorded."""
    return streamed(core, await core.ask(lambda desk: desk.deliverable_in_pieces(actor, workflow_id)))


@routes.get("/exports/{export_workflow_id}/bundle", response_class=Response, responses=problems(404, 422, ok=BUNDLE),
            tags=["Exports"])  # fmt: skip
async def bundle(core: TheCore, actor: AskingActor, workflow_id: WorkflowId) -> Response:
    """The records as a bundle that anyone can verify without this application."""
    content = await core.ask(lambda desk: desk.bundle_file(actor, workflow_id))
    headers = {"Content-Disposition": attachment(f"bundle_{workflow_id[:8]}.json"), "Content-Encoding": "identity"}
    return Response(content, 200, headers, media_type="application/json")


@routes.get("/exports/{export_workflow_id}/compare", response_model=Compared, responses=problems(404, 422), tags=["Exports"])
async def compare(
    core: TheCore,
    actor: AskingActor,
    workflow_id: WorkflowId,
    other_id: Annotated[str, Query(alias="with", pattern=WORKFLOW_ID, examples=[A_WORKFLOW])],
    version: Version | None = None,
    with_version: Version | None = None,
) -> Response:
    """What differs between two workflows, or two versions of one.

    A version that is not named is the reviewed one, where there is a review, else what the AI read.
    """

    async def held(desk: Desk) -> Compared:
        wanted = [(workflow_id, version), (other_id, with_version)]
        sides = [(found, chosen or _furthest(await desk.workflow(actor, found))) for found, chosen in wanted]
        comparison = await desk.compare(actor, sides)
        patch: list[dict[str, Any]] = json.loads(await desk.comparison_file(comparison, Wanted(), "patch"))
        return compared(comparison, patch)

    return await json_of(await core.ask(held))


def _furthest(workflow: Workflow) -> Version:
    return "user" if workflow.stage2 else "ai"


@routes.get("/exports/{export_workflow_id}/pages/{n}", response_class=Response, responses=problems(404, 422, ok=PICTURE),
            tags=["Exports"])  # fmt: skip
async def page(
    core: TheCore, actor: AskingActor, workflow_id: WorkflowId, n: Annotated[int, Path(ge=1, le=100_000)]
) -> Response:
    """A page of the uploaded document as a picture, from 1."""

    async def drawn(desk: Desk) -> bytes:
        count = (await desk.workflow(actor, workflow_id)).stage1.source.page_count
        picture = await desk.page_image(actor, workflow_id, n) if count is None or n <= count else None
        if picture is None:
            raise NotFound("This document has no such page to draw.")
        return picture

    return Response(await core.ask(drawn), media_type="image/png", headers={"Cache-Control": "private, max-age=3600"})


@routes.post("/verify", response_model=Judged, responses=problems(413, 415, 422), openapi_extra=form_of_one("file"),
             tags=["Exports"])  # fmt: skip
async def verify(request: Request, core: TheCore, actor: AskingActor) -> Response:
    """What a file is: delivered as it is, altered since, unknown here, or a bundle that holds or does not."""
    form = await form_of(request, "file", core.settings.upload_limit_mb, most=1)
    (asked,) = form.files
    return await json_of(await while_there(request, lambda desk: desk.verify_file(actor, asked.name, asked.content)))
