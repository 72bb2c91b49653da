"""A small Azure Cosmos DB on the wire: partitions, expiry, limits and faults that the emulator does not have."""

import asyncio
import hmac
import json
import re
import threading
import time
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import reduce
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

import uvicorn
from emulator import free_port
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

KEY = "c3RhbmRpbg=="  # any base64 will do
ITEM_LIMIT_BYTES = 2 * 2**20

_ADDRESS = re.compile(r"/(dbs(/(?P<db>[^/]+)(?P<colls>/colls(/(?P<coll>[^/]+)(?P<docs>/docs(/[^/]+)?)?)?)?)?)?/?")
_QUERY = re.compile(r"SELECT (?P<what>.+?) FROM c WHERE (?P<where>.+?)(?: ORDER BY (?P<order>.+))?")
_COMPARED = re.compile(r"c\.([\w.]+) (=|>=|<) (?:@(\w+)|'(\w+)')")
_ONE_OF = re.compile(r"c\.(\w+) IN \((@\w+(?:, @\w+)*)\)")
_CONTAINED = re.compile(r"CONTAINS\(c\.(\w+), @(\w+)\)")
_MISSING = re.compile(r"NOT IS_DEFINED\(c\.(\w+)\)")
_EITHER = re.compile(r"\((.+ OR .+)\)")


@dataclass(frozen=True)
class Fault:
    """What goes wrong with a request: an error status, no answer or half of one, before or after it took effect; or a text
    that is no answer, whatever its status.
    """

    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    takes_effect: bool = False
    hangs: bool = False
    begins: bool = False
    text: str | None = None
    message: str = "no"


THROTTLED = Fault(429, {"x-ms-retry-after-ms": "10", "retry-after": "1"})
UNAVAILABLE = Fault(503)
RETRY_WITH = Fault(449)
TIMED_OUT = Fault(408)
TOO_LARGE = Fault(413)
MALFORMED = Fault(400)
WRONG_KEY = Fault(401)
FORBIDDEN = Fault(403)
BROKEN = Fault(500)
FIREWALL = Fault(
    403,
    message="Request originated from IP 203.0.113.7 through public internet. This is blocked by your Cosmos DB account firewall "
    "settings.",
)
NO_ROLE = Fault(
    403,
    {"x-ms-substatus": "5301"},
    message="Request blocked by Auth: principal [0000] does not have required RBAC permissions to perform action "
    "[Microsoft.DocumentDB/databaseAccounts/readMetadata] on any scope.",
)
NOT_MADE = Fault(
    403, {"x-ms-substatus": "5300"}, message="The given request [POST /dbs] cannot be authorized by AAD token in data plane."
)
NO_KEYS = Fault(401, message="Local Authorization is disabled. Use an AAD token to authorize all requests.")
NOWHERE = Fault(404, text="<html>Not Found</html>")
NO_ANSWERS = {name: Fault(status, {"x-ms-request-charge": "1"}, text=text) for name, status, text in (
    ("an object of nothing", 200, "{}"), ("a list", 200, "[]"), ("a page", 200, "<html>Please sign in</html>"),
    ("nothing", 200, ""), ("a number", 201, "7"), ("null", 200, "null"), ("half JSON", 200, '{"id": "x'),
    ("another object", 201, '{"status": "ok"}'),
)}  # fmt: skip
HANG = Fault(hangs=True)
HANG_AFTER_COMMIT = Fault(hangs=True, takes_effect=True)
LOST_REPLY = Fault(takes_effect=True)
HALF_REPLY = Fault(takes_effect=True, begins=True)
CUT_OFF = Fault()


class CosmosStandin:
    """An account in memory. `operations` lists what was asked of it: account, read, make, create (also of several items at once),
    replace, query;
    `failed` what of it went wrong, and how.
    """

    def __init__(self, port: int | None = None) -> None:
        self.port = port or free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self._server: uvicorn.Server | None = None
        self.forget()

    def forget(self) -> None:
        """Empties the account; all goes well again."""
        self.key: str | None = None  # any will do
        self.databases: dict[str, dict[str, Any]] = {}
        self.containers: dict[str, dict[str, Any]] = {}
        self.operations: list[str] = []
        self.failed: list[tuple[str, Fault]] = []
        self.queries: list[str] = []
        self.largest_page: int | None = None
        self.delay_seconds = 0.0
        self.before_effect: Callable[[str], None] = lambda operation: None
        self._items: dict[tuple[str, str, str], dict[str, Any]] = {}
        self._faults: list[tuple[str, Fault | None]] = []
        self._always: dict[str, Fault] = {}
        self._ahead_seconds = 0.0

    # What a test tells it

    def fail(self, operation: str, *faults: Fault | None) -> None:
        """The next requests of this kind go wrong, one after the other; None is one that goes well."""
        self._faults += [(operation, fault) for fault in faults]

    def fail_always(self, operation: str, fault: Fault) -> None:
        """Every request of this kind goes wrong, until healed."""
        self._always[operation] = fault

    def heal(self) -> None:
        """All goes well again."""
        self._faults, self._always = [], {}

    def later(self, seconds: float) -> None:
        """Moves its clock, by which items expire."""
        self._ahead_seconds += seconds

    def items(self, container: str = "export_tracking", owner: str | None = None) -> list[dict[str, Any]]:
        """What is stored and has not expired."""
        return [
            item for (place, partition, _), item in self._items.items()
            if place == container and owner in (None, partition) and not self._is_expired(container, item)
        ]  # fmt: skip

    def put(self, item: dict[str, Any], container: str = "export_tracking") -> None:
        """Writes an item as another process would."""
        self._write(container, item["owner_email"], item)

    def start(self) -> None:
        config = uvicorn.Config(self, port=self.port, log_level="critical", lifespan="off", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.005)

    def stop(self) -> None:
        if self._server is not None:
            self._server.should_exit = self._server.force_exit = True
            self._thread.join()

    # The wire

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        request = Request(scope, receive)
        body = await request.body()
        address = _ADDRESS.fullmatch(request.url.path)
        if address is None:
            await Response("<html>Not Found</html>", 404)(scope, receive, send)
            return
        operation = _operation(request, address)
        self.operations.append(operation)
        await asyncio.sleep(self.delay_seconds)
        fault = WRONG_KEY if self._is_refused(request) else self._fault_of(operation)
        if fault is not None:
            self.failed.append((operation, fault))
        if fault is not None and fault.status is not None:
            told = _json({"message": fault.message}, fault.status, fault.headers)
            await (told if fault.text is None else Response(fault.text, fault.status, fault.headers))(scope, receive, send)
        elif fault is None or fault.takes_effect:
            self.before_effect(operation)
            answer = self._answer(operation, address, request, json.loads(body or "{}"), len(body))
            if fault is None:
                await answer(scope, receive, send)
        if fault is None or fault.status is not None:
            return
        if fault.begins:
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"99")]})
            await send({"type": "http.response.body", "body": b'{"Docu', "more_body": True})
        if fault.hangs:
            while (await receive())["type"] != "http.disconnect":
                pass
        else:
            send.__self__.transport.abort()

    def _is_refused(self, request: Request) -> bool:
        """Whether a request is signed by another key than the account's, where that is looked at."""
        if self.key is None:
            return False
        given = request.headers.get("authorization", "")
        verb, moment = request.method.lower(), request.headers.get("x-ms-date", "").lower()
        parts = [part for part in request.url.path.split("/") if part]
        kind, link = "", ""
        if parts:
            kind, link = (parts[-1], "/".join(parts[:-1])) if len(parts) % 2 else (parts[-2], "/".join(parts))
        signed = f"{verb}\n{kind.lower()}\n{link}\n{moment}\n\n"
        return b64encode(hmac.digest(b64decode(self.key), signed.encode(), "sha256")).decode() not in unquote(given)

    def _fault_of(self, operation: str) -> Fault | None:
        for i, (wanted, fault) in enumerate(self._faults):
            if wanted in (operation, "any"):
                del self._faults[i]
                return fault
        return self._always.get(operation) or self._always.get("any")

    def _answer(self, operation: str, address: Any, request: Request, body: dict[str, Any], size: int) -> Response:
        if operation == "account":
            here = [{"name": "Here", "databaseAccountEndpoint": self.endpoint}]
            places = {"writableLocations": here, "readableLocations": here}
            return _json({"id": "standin", "userConsistencyPolicy": {"defaultConsistencyLevel": "Session"}} | places)
        if operation in ("read", "make"):
            return self._resource(address, body, request)
        partition = json.loads(request.headers.get("x-ms-documentdb-partitionkey", "[]"))
        if _is_batch(request):
            return self._batch(address["coll"], partition, body, size)
        if address["coll"] not in self.containers:
            return _json({"message": "no such container"}, 404)
        if len(partition) != 1:
            return _json({"message": "a partition key is needed"}, 400)
        if operation == "query":
            return self._query(address["coll"], partition[0], body, request)
        if size > ITEM_LIMIT_BYTES:
            return _json({"message": "too large"}, 413)
        return self._save(operation, address, partition[0], body, request)

    def _resource(self, address: Any, body: dict[str, Any], request: Request) -> Response:
        places = self.containers if address["colls"] else self.databases
        name = body.get("id") or address["coll"] or address["db"]
        if request.method == "POST":
            places[name] = body | {"_rid": f"rid-{name}", "throughput": request.headers.get("x-ms-offer-throughput")}
        return _json(places[name]) if name in places else _json({"message": "not found"}, 404)

    def _batch(self, container: str, partition: list[str], operations: Any, size: int) -> Response:
        """Creates all items or none of them: after the first that cannot be, the others failed with it (424)."""
        if container not in self.containers:
            return _json({"message": "no such container"}, 404)
        if size > ITEM_LIMIT_BYTES:
            return _json({"message": "too large"}, 413)
        before, answers = dict(self._items), []
        for place, asked in enumerate(operations):
            assert asked["operationType"] == "Create", asked
            answer = self._save("create", {"coll": container}, partition[0], asked["resourceBody"], None)
            answers.append({"statusCode": answer.status_code, "requestCharge": 1.25})
            if answer.status_code >= 400:
                self._items = before
                failed = [{"statusCode": 424, "requestCharge": 0} for _ in operations]
                return _json([*failed[:place], answers[place], *failed[place + 1 :]], 207)
        return _json(answers, 200)

    def _save(self, operation: str, address: Any, partition: str, body: dict[str, Any], request: Request | None) -> Response:
        container, ttl = address["coll"], body.get("ttl", -1)
        if body["owner_email"] != partition or isinstance(ttl, bool) or not (ttl == -1 or (isinstance(ttl, int) and ttl > 0)):
            return _json({"message": "malformed"}, 400)
        stored = self._live(container, partition, body["id"])
        if operation == "create" and stored is not None:
            return _json({"message": "exists"}, 409)
        if operation == "replace" and stored is None:
            return _json({"message": "not found"}, 404)
        if operation == "replace" and request is not None and request.headers.get("if-match", stored["_etag"]) != stored["_etag"]:
            return _json({"message": "changed"}, 412)
        self._write(container, partition, body)
        return _json(self._items[container, partition, body["id"]], 201 if operation == "create" else 200)

    def _query(self, container: str, partition: str, body: dict[str, Any], request: Request) -> Response:
        given = {p["name"][1:]: p["value"] for p in body.get("parameters", [])}
        query = _QUERY.fullmatch(body["query"])
        assert query is not None, body["query"]
        self.queries.append(body["query"])
        found = [item for item in self.items(container, partition) if _holds(query["where"], item, given)]
        if query["order"]:
            ways = [part.removeprefix("c.").split(" ") for part in query["order"].split(", ")]
            found.sort(key=lambda item: [item[name] for name, _ in ways], reverse=ways[0][1] == "DESC")
        ids, after = [item["id"] for item in found], request.headers.get("x-ms-continuation")
        if after is not None and after not in ids:
            return _json({"message": "no such continuation"}, 400)
        start = ids.index(after) + 1 if after else 0
        size = int(request.headers.get("x-ms-max-item-count", 100))
        page = found[start : start + min(size, self.largest_page or size)]
        more = {"x-ms-continuation": page[-1]["id"]} if start + len(page) < len(found) else {}
        documents = [_projected(query["what"], item) for item in page]
        return _json({"_rid": "x", "Documents": documents, "_count": len(page)}, 200, more)

    # What is stored

    def _write(self, container: str, partition: str, item: dict[str, Any]) -> None:
        added = {"_rid": "x", "_self": "x", "_attachments": "x", "_etag": str(uuid4()), "_ts": int(self._now())}
        self._items[container, partition, item["id"]] = json.loads(json.dumps(item)) | added

    def _live(self, container: str, partition: str, item_id: str) -> dict[str, Any] | None:
        item = self._items.get((container, partition, item_id))
        return None if item is None or self._is_expired(container, item) else item

    def _is_expired(self, container: str, item: dict[str, Any]) -> bool:
        seconds = item.get("ttl") or self.containers[container].get("defaultTtl")
        return seconds not in (None, -1) and self._now() >= item["_ts"] + seconds

    def _now(self) -> float:
        return time.time() + self._ahead_seconds


def _operation(request: Request, address: Any) -> str:
    if address["docs"] is None:
        return ("account" if address["db"] is None else "read") if request.method == "GET" else "make"
    if request.headers.get("x-ms-documentdb-isquery", "").lower() == "true":
        return "query"
    return {"POST": "create", "PUT": "replace"}[request.method]


def _is_batch(request: Request) -> bool:
    return request.headers.get("x-ms-cosmos-is-batch-request", "").lower() == "true"


def _holds(where: str, item: dict[str, Any], given: dict[str, Any]) -> bool:
    return all(_condition_holds(condition, item, given) for condition in where.split(" AND "))


def _condition_holds(condition: str, item: dict[str, Any], given: dict[str, Any]) -> bool:
    if match := _EITHER.fullmatch(condition):
        return any(_condition_holds(either, item, given) for either in match[1].split(" OR "))
    if match := _MISSING.fullmatch(condition):
        return match[1] not in item
    if match := _COMPARED.fullmatch(condition):
        name, sign, parameter, literal = match.groups()
        value = reduce(lambda at, part: (at or {}).get(part), name.split("."), item)
        wanted = given[parameter] if parameter else literal
        return value is not None and {"=": value == wanted, ">=": value >= wanted, "<": value < wanted}[sign]
    if match := _ONE_OF.fullmatch(condition):
        return item.get(match[1]) in [given[name[1:]] for name in match[2].split(", ")]
    match = _CONTAINED.fullmatch(condition)
    assert match is not None, condition
    return given[match[2]] in item.get(match[1], "")


def _projected(what: str, item: dict[str, Any]) -> dict[str, Any]:
    if what == "*":
        return item
    names = [name.removeprefix("c.") for name in what.split(", ")]
    return {name: item[name] for name in names if name in item}


def _json(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse(body, status, {"x-ms-request-charge": "1.25", **(headers or {})})
