"""The routes on a desk of their own, asked without a server in between."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
from starlette.applications import Starlette

from kraftd_core.bootstrap import build_desk
from kraftd_core.desk.desk import Desk
from kraftd_core.desk.samples import make_sample
from kraftd_core.people.actor import Actor
from kraftd_core.settings import Settings, load_settings
from kraftd_core.web.api import mount_api

REVIEW = {"use_ai_review": True}
INVOICE = ("invoice.pdf", make_sample("invoice"), "application/pdf")


@dataclass
class OneLoop:
    """A core whose desk lives on the loop of the test."""

    desk: Desk
    settings: Settings
    actor: Actor

    def ask(self, verb: Any) -> "asyncio.Future[Any]":
        return asyncio.ensure_future(verb(self.desk))


class Client(httpx2.AsyncClient):
    """Speaks to the routes, and takes the usual steps."""

    core: OneLoop

    async def finished(self, job: dict[str, Any]) -> dict[str, Any]:
        """The job, when it has ended."""
        while (stands := (await self.get(job["location"])).json())["status"] == "running":
            await asyncio.sleep(0.01)
        return stands

    async def read(self, name: str = "invoice.pdf", content: bytes = INVOICE[1]) -> str:
        """The id of a document that was uploaded and read."""
        begun = await self.post("/api/v1/docs", files={"files": (name, content)})
        (job,) = begun.json()["jobs"]
        document_id = (await self.finished(job))["document_id"]
        assert isinstance(document_id, str)
        return document_id

    async def summarised(self, document_id: str | None = None, **headers: str) -> dict[str, Any]:
        """What phase 1 answers."""
        document_id = document_id or await self.read()
        answer = await self.post(f"/api/v1/docs/{document_id}/export", json=REVIEW, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def delivered(self, opened: dict[str, Any], data: Any = None, reviewer: Any = None, **preferences: Any) -> Any:
        """The answer of phase 2."""
        wanted = {"user_preferences": preferences} | ({} if data is None else {"modified_data": data})
        body = {
            "use_ai_template_generation": True, "export_workflow_id": opened["export_workflow_id"], "export_request": wanted,
        } | ({} if reviewer is None else {"reviewer": reviewer})  # fmt: skip
        return await self.post(f"/api/v1/docs/{opened['document_id']}/export", json=body)


@asynccontextmanager
async def client_on(folder: Any, **given: Any) -> Any:
    """A client of the routes over a desk on real engines in the folder."""
    settings = load_settings(data_dir=folder, **given)
    core = OneLoop(build_desk(settings), settings, Actor.of(settings.owner))
    app = Starlette(routes=[mount_api(core)])
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with Client(transport=transport, base_url="http://localhost", timeout=60) as client:
        client.core = core
        yield client
    # a child whose start is cancelled with the loop keeps that loop from ever ending (Python 3.11)
    await asyncio.gather(*(job.task for job in core.desk._jobs._jobs.values() if job.task), return_exceptions=True)
    await core.desk.close()
