"""The route of how the engines stand."""

from fastapi import APIRouter, Response

from kraftd_core.web.api.actor import AskingActor, TheCore
from kraftd_core.web.api.answers import StatusNow, json_of, status_now

routes = APIRouter(prefix="/v1")


@routes.get("/status", response_model=StatusNow, tags=["Status"])
async def status(core: TheCore, actor: AskingActor) -> Response:
    """How the engines stand: when each last answered or failed and why, what waits to be sent, calls and tokens of today."""
    return await json_of(status_now(await core.ask(lambda desk: desk.status(actor))))
