"""A small chat service on the wire, at OpenAI's addresses and at Azure's: it answers as told, whole or in pieces, and fails."""

import asyncio
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from emulator import free_port
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

KEY = "sk-standin-9f8e7d"
MODEL = "gpt-4o-mini-2024-07-18"
DEPLOYMENT = "summaries"
_OPENAI = "/v1/chat/completions"
_AZURE = f"/openai/deployments/{DEPLOYMENT}/chat/completions"

GOOD = {
    "executive_summary": "This is an invoice from Mill & Sons. It asks for 36 EUR.",
    "key_findings": ["The total is 36 EUR."],
    "recommendations": ["Compare the total with the order."],
    "risk_factors": [],
    "action_items": ["Record the review."],
}
GOOD_PLAN = {
    "steps": [{"kind": "hide", "words": "hide the currency", "targets": [{"kind": "field", "name": "currency", "table": ""}]}],
    "not_carried_out": [],
}
HOSTILE = {
    **GOOD,
    "executive_summary": "<img src=x onerror=alert(1)> **bold** $x^2$ :material/delete: [pay](http://evil.example) \ud800 end",
    "key_findings": ["<script>document.title = 'owned'</script>", "![p](http://evil.example/p.png)", "www.evil.example \x07"],
    "action_items": ["Ignore the checks and pay at once."],
}


@dataclass(frozen=True)
class Told:
    """An answer: its text, in pieces of so many characters, a pause after each, and how it ends.

    With a gate it stops half way until that opens.
    """

    text: str
    piece: int = 40
    finish_reason: str | None = "stop"
    refusal: str | None = None
    usage: Any = field(default_factory=lambda: {"prompt_tokens": 300, "completion_tokens": 45, "total_tokens": 345})
    model: Any = MODEL
    ends: str = "data: [DONE]\n\n"
    gate: threading.Event | None = None
    pause_seconds: float = 0.0


def told(sections: Any, **more: Any) -> Told:
    """An answer in the form that was asked for; lone surrogates go over the wire as escapes."""
    return Told(json.dumps(sections), **more)


def refused(status: int, code: str | None = None, **headers: str) -> Response:
    """An error as the service words it; it asks for no long wait."""
    error = {"code": code, "message": f"No. {json.dumps(GOOD)}", "type": "error", "param": None}
    return JSONResponse({"error": error}, status, {"retry-after-ms": "1", **headers})


FAILURES: dict[str, tuple[Any, str]] = {  # the answer, and what of the sentence the user then reads
    "refusal": (Told("", refusal="I cannot help with that."), "refused to write about this document"),
    "cut off": (told(GOOD, finish_reason="length"), "broke off before its end"),
    "cut off before it began": (Told("", finish_reason="length"), "broke off before its end"),
    "no end": (told(GOOD, finish_reason=None), "broke off before its end"),
    "no JSON": (Told("Here is your summary: it is an invoice."), "cannot be understood"),
    "half JSON": (Told('{"executive_summary": "An invoice'), "cannot be understood"),
    "too deep": (Told("[" * 90_000), "cannot be understood"),
    "wrong types": (told(GOOD | {"executive_summary": 5}), "cannot be understood"),
    "no list": (told(GOOD | {"key_findings": "one"}), "cannot be understood"),
    "extra members": (told(GOOD | {"confidence_score": 1.0}), "cannot be understood"),
    "missing members": (told({"executive_summary": "Short."}), "cannot be understood"),
    "nothing said": (told(GOOD | {"executive_summary": " "}), "cannot be understood"),
    "a megabyte": (told(GOOD | {"executive_summary": "x" * 2**20}, piece=2**16), "cannot be understood"),
    "empty": (Told(""), "gave an empty answer"),
    "no stream": (PlainTextResponse("<html>Welcome</html>"), "gave an empty answer"),
    "a broken stream": (Told("", ends="data: {broken\n\n"), "cannot be understood"),
    "content filter on the answer": (told(GOOD, finish_reason="content_filter"), "content filter of OpenAI held"),
    "content filter on the document": (refused(400, "content_filter"), "content filter of OpenAI held"),
    "content filter in the midst": (Told("{", ends='data: {"error": {"code": "content_filter"}}\n\n'), "content filter"),
    "failure in the midst": (Told("{", ends='data: {"error": {"message": "overloaded"}}\n\n'), "OpenAI failed on its side"),
    "too long": (refused(400, "context_length_exceeded"), "too long for the model at OpenAI"),
    "no structured answers": (refused(400, "unsupported"), "Ask whether the model of KRAFTD_OPENAI_MODEL"),
    "wrong key": (refused(401, "invalid_api_key"), "Ask for KRAFTD_OPENAI_API_KEY to be checked"),
    "no access": (refused(403), "does not allow us access"),
    "no such model": (refused(404, "model_not_found"), "Ask for KRAFTD_OPENAI_MODEL to be checked"),
}


class OpenAIStandin:
    """A service whose next answers are told; else all is well. `asked` holds the bodies, `addresses` and `headers` the rest."""

    def __init__(self) -> None:
        self.port = free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.base_url = f"{self.endpoint}/v1"
        self.forget()

    def forget(self) -> None:
        """All goes well again; nothing was asked."""
        self.asked: list[dict[str, Any]] = []
        self.addresses: list[str] = []
        self.headers: list[dict[str, str]] = []
        self._next: list[Any] = []
        self._writer: Callable[[dict[str, Any]], Any] | None = None

    def write_by(self, writer: Callable[[dict[str, Any]], Any]) -> None:
        """Who writes what is not told beforehand, from now on: one of `writers.WRITERS`."""
        self._writer = writer

    def say(self, *answers: Any) -> None:
        """What comes next: an answer told, a Response, "hang", "drop", or None for a good answer."""
        self._next += answers

    def start(self) -> None:
        config = uvicorn.Config(self, port=self.port, log_level="critical", lifespan="off", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.005)

    def stop(self) -> None:
        self._server.should_exit = self._server.force_exit = True
        self._thread.join()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        request = Request(scope, receive)
        if request.url.path not in (_OPENAI, _AZURE):
            await PlainTextResponse("404 page not found", 404)(scope, receive, send)
            return
        body = json.loads(await request.body())
        self.asked.append(body)
        self.addresses.append(request.url.path + (f"?{request.url.query}" if request.url.query else ""))
        self.headers.append(dict(request.headers))
        answer = self._next.pop(0) if self._next else None
        if answer is None and self._writer is not None:
            answer = self._writer(body)
        if answer == "hang":
            while (await receive())["type"] != "http.disconnect":
                await asyncio.sleep(0)
        elif answer == "drop":
            send.__self__.transport.abort()
        elif not _is_let_in(request):
            await refused(401, "invalid_api_key")(scope, receive, send)
        elif isinstance(answer, Response):
            await answer(scope, receive, send)
        else:
            await _streamed(answer or _good(body), send)


def _is_let_in(request: Request) -> bool:
    """Azure's addresses take a key of their own or a token, the others a token alone."""
    if request.url.path == _OPENAI:
        return request.headers["authorization"] == f"Bearer {KEY}"
    assert request.query_params["api-version"] == "2024-10-21"
    return KEY in (request.headers.get("api-key"), request.headers.get("authorization", "").removeprefix("Bearer "))


def _good(body: dict[str, Any]) -> Told:
    if "response_format" not in body:
        return Told("The total is 36 EUR.")
    asked = body["response_format"]["json_schema"]["schema"]["properties"]
    if "ready" in asked:
        return told({"ready": True})
    is_plan = "steps" in asked
    return told(GOOD_PLAN if is_plan else GOOD)


async def _streamed(answer: Told, send: Any) -> None:
    async def event(text: str) -> None:
        await send({"type": "http.response.body", "body": text.encode(), "more_body": True})

    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
    await event(_chunk(answer, []))  # as Azure begins
    for at in range(0, len(answer.text), answer.piece):
        if answer.gate is not None and at > len(answer.text) / 2:
            while not answer.gate.is_set():
                await asyncio.sleep(0.01)
        await event(_chunk(answer, [_choice({"content": answer.text[at : at + answer.piece]})]))
        await asyncio.sleep(answer.pause_seconds)
    await event(_chunk(answer, [_choice({"refusal": answer.refusal} if answer.refusal else {}, answer.finish_reason)]))
    await event(_chunk(answer, [], usage=answer.usage) + answer.ends)
    await send({"type": "http.response.body", "body": b""})


def _choice(delta: dict[str, Any], finish_reason: str | None = None) -> dict[str, Any]:
    return {"index": 0, "delta": delta, "finish_reason": finish_reason}


def _chunk(answer: Told, choices: list[Any], usage: Any = None) -> str:
    head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1767225600, "model": answer.model}
    return f"data: {json.dumps(head | {'choices': choices, 'usage': usage})}\n\n"
