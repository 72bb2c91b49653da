"""The routes: the desk's verbs for programs, mounted under `/api`."""

import re
from functools import cache

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.types import Scope

from kraftd_core.web.api import documents, exports
from kraftd_core.web.api.actor import AskedCore
from kraftd_core.web.api.bodies import FILES_AT_ONCE, LimitedBody
from kraftd_core.web.api.described import openapi_of
from kraftd_core.web.api.human_page import human_page
from kraftd_core.web.api.idempotency import Memory
from kraftd_core.web.api.problems import answer_with_problems

_SAYS = """\
Documents are uploaded and read, summarised, reviewed and delivered; every pass is recorded as three linked records.

The way: `POST /v1/docs`, `GET /v1/jobs/{job_id}` until it is done, `POST /v1/docs/{document_id}/export` in its two phases, then
whatever is wanted of `/v1/exports`. While no sign-in is configured, the routes answer on this computer only, for the one local
identity."""


class _Everything(Mount):
    """A mount that takes addresses with line breaks in them too, which would go to the pages otherwise."""

    def __init__(self, path: str, app: FastAPI) -> None:
        super().__init__(path, app)
        self.path_regex = re.compile(self.path_regex.pattern, re.DOTALL)


def mount_api(core: AskedCore) -> Mount:
    """The routes over a core, for the application to serve beside its pages."""
    return _Everything("/api", make_api(core))


def make_api(core: AskedCore) -> FastAPI:
    """The routes over a core; to be mounted under `/api`."""
    largest = core.settings.upload_limit_mb

    def megabytes_of(scope: Scope) -> int:
        return largest * FILES_AT_ONCE if scope["path"].endswith("/v1/docs") else largest

    api = FastAPI(
        title="Kraftd Review",
        version="1",
        summary="From a document to a deliverable, by HTTP.",
        description=_SAYS,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False, "logs": False},  # spans would carry what documents say
        servers=[{"url": "/api"}],
        openapi_tags=[{"name": "Documents"}, {"name": "Exports"}],
        middleware=[Middleware(LimitedBody, megabytes_of=megabytes_of)],
    )
    api.state.core, api.state.idempotency = core, Memory()
    for part in (documents, exports):
        api.include_router(part.routes)
    answer_with_problems(api)
    document = cache(lambda: openapi_of(api))  # made when it is first asked for: it takes longer than all the rest

    @api.get("/openapi.json", include_in_schema=False)
    async def openapi() -> JSONResponse:
        return JSONResponse(document())

    @api.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return HTMLResponse(human_page(document()))

    return api
