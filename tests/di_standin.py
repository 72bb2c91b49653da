"""A small Document Intelligence on the wire: an analysis is taken, goes on for a while and has an answer; and all that fails."""

import asyncio
import json
import threading
import time
from typing import Any
from uuid import uuid4

import uvicorn
from di_answers import analyze_result
from emulator import free_port
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

KEY = "standin-key"


class DiStandin:
    """An account that answers every document with `answer`. `asked` holds the models, `operations` each request's kind;
    `models` are those of one's own.
    """

    models = ("our-boq-model",)

    def __init__(self) -> None:
        self.port = free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.forget()

    def forget(self) -> None:
        """All goes well again; nothing was asked."""
        self.answer: dict[str, Any] = analyze_result("prebuilt-document")
        self.running = 1
        self.final: dict[str, Any] | None = None
        self.asked: list[str] = []
        self.documents: list[bytes] = []
        self.operations: list[str] = []
        self._faults: list[tuple[str, Any]] = []
        self._polls: dict[str, int] = {}

    def fail(self, operation: str, *faults: Any) -> None:
        """The next requests of this kind (analyze, poll, ask) go wrong: a Response, "hang", "drop"."""
        self._faults += [(operation, fault) for fault in faults]

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
        body = await request.body()
        operation = "analyze" if request.method == "POST" else "poll" if "analyzeResults" in request.url.path else "ask"
        self.operations.append(operation)
        fault = self._fault_of(operation)
        if fault == "hang":
            while (await receive())["type"] != "http.disconnect":
                await asyncio.sleep(0)
        elif fault == "drop":
            send.__self__.transport.abort()
        else:
            go = {"analyze": self._analyze, "poll": self._poll, "ask": self._asked_for}[operation]
            await (fault or go(request, body))(scope, receive, send)

    def _fault_of(self, operation: str) -> Any:
        for i, (wanted, fault) in enumerate(self._faults):
            if wanted == operation:
                del self._faults[i]
                return fault
        return None

    def _analyze(self, request: Request, body: bytes) -> Response:
        if request.headers.get("ocp-apim-subscription-key") != KEY:
            return refused(401, "401", message="Access denied due to invalid subscription key or wrong API endpoint.")
        model, act = request.url.path.removeprefix("/formrecognizer/documentModels/").split(":")
        assert act == "analyze"
        assert request.query_params["api-version"] == "2023-07-31"
        assert request.headers["content-type"] == "application/octet-stream"
        self.asked.append(model)
        self.documents.append(body)
        where = f"{self.endpoint}/formrecognizer/documentModels/{model}/analyzeResults/{uuid4()}?api-version=2023-07-31"
        return Response(status_code=202, headers={"Operation-Location": where})

    def _asked_for(self, request: Request, _: bytes) -> Response:
        if request.headers.get("ocp-apim-subscription-key") != KEY:
            return refused(401, "401", message="Access denied due to invalid subscription key or wrong API endpoint.")
        if request.url.path == "/formrecognizer/info":
            quota = {"used": 0, "quota": 20, "quotaResetDateTime": "2026-12-01T00:00:00Z"}
            return JSONResponse({"customDocumentModels": {"count": 1, "limit": 250}, "customNeuralDocumentModelBuilds": quota})
        model = request.url.path.removeprefix("/formrecognizer/documentModels/")
        if model in self.models:
            return JSONResponse({"modelId": model, "createdDateTime": "2026-01-01T00:00:00Z"})
        return refused(404, "NotFound", "ModelNotFound")

    def _poll(self, request: Request, _: bytes) -> Response:
        polled = self._polls[request.url.path] = self._polls.get(request.url.path, 0) + 1
        if polled <= self.running:
            return JSONResponse({"status": "running", "createdDateTime": "2026-01-01T00:00:00Z"})
        return JSONResponse(self.final or {"status": "succeeded", "analyzeResult": self.answer})


def refused(status: int, code: str, inner: str | None = None, message: str = "No.", **headers: str) -> Response:
    """An error as the service words it."""
    return Response(json.dumps(_error(code, inner, message)), status, headers, "application/json")


def failed(code: str, inner: str | None = None) -> dict[str, Any]:
    """The end of an analysis that came to nothing."""
    return {"status": "failed"} | _error(code, inner, "No.")


def _error(code: str, inner: str | None, message: str) -> dict[str, Any]:
    error = {"code": code, "message": message}
    return {"error": error | ({"innererror": {"code": inner, "message": message}} if inner else {})}
