"""What stands before every page, route and socket: who may reach the server, from which page, and what a page may load.

Only one local identity is configured, so whoever reaches the server is the user. Each guard is a pure ASGI middleware around
all that is served, what Streamlit serves too.
"""

import hmac
import ipaddress
import json
import re
from base64 import b64encode
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from starlette.middleware import Middleware

from kraftd_core.settings import Settings

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

PROBES = ("/healthz", "/readyz")
"""What an orchestrator asks from elsewhere and under any Host: it holds nothing of anybody's."""

FIGURES = "/metrics"

_NOT_LOCAL = "This server answers only on the computer it runs on, because no sign-in is configured."
_OTHER_PAGE = "A page of another address asked for this, which only the application's own pages and programs may."
_FORM = "Send JSON (Content-Type: application/json) or a file (multipart/form-data)."
_UNKNOWN = "These figures are for whoever sends what KRAFTD_METRICS_TOKEN holds (Authorization: Bearer ...)."
_NO_AGENTS = "There is nothing at this address. Programs use the routes under /api."


def guards(settings: Settings) -> list[Middleware]:
    """All of them, the outermost first."""
    token = settings.metrics_token.get_secret_value() if settings.metrics_token else None
    return [Middleware(GuardedPages), Middleware(LoopbackOnly, figures_token=token), Middleware(OwnPagesOnly)]


# Who


class LoopbackOnly:
    """Refuses requests whose peer or Host is not loopback, however the server was started.

    The Host is looked at too, because a web page elsewhere can point a name of its own at this computer; and what a proxy adds,
    because behind one each request comes from this computer. The figures have a token of their own, where one is set: then
    it decides who gets them, from wherever they are asked for.
    """

    def __init__(self, app: App, figures_token: str | None = None) -> None:
        self._app = app
        self._figures_token = figures_token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, or answers 401 or 403."""
        if self._figures_token and scope["type"] == "http" and scope["path"] == FIGURES:
            if _bears(scope, self._figures_token):
                await self._app(scope, receive, send)
            else:
                await _refuse(scope, send, 401, "Unauthorized", _UNKNOWN, (b"www-authenticate", b"Bearer"))
        elif scope["type"] == "lifespan" or _is_probe(scope) or _is_local(scope):
            await self._app(scope, receive, send)
        else:
            await _refuse(scope, send, 403, "Forbidden", _NOT_LOCAL)


def _is_probe(scope: Scope) -> bool:
    return scope["type"] == "http" and scope["path"] in PROBES and scope["method"] in ("GET", "HEAD")


def _bears(scope: Scope, token: str) -> bool:
    scheme, _, given = (_only(scope, b"authorization") or "").partition(" ")
    return scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode())


def _is_local(scope: Scope) -> bool:
    peer, host = scope.get("client"), _only(scope, b"host")
    return (
        peer is not None
        and _is_loopback(peer[0])
        and host is not None
        and _is_loopback(_without_port(host))
        and not any(_FORWARDING.fullmatch(name.lower()) for name, _ in scope["headers"])
    )


_FORWARDING = re.compile(
    rb"forwarded|via|x-forwarded|x-forwarded-.+|x-original-(forwarded-for|host)|x-real-ip|x-client-ip|x-cluster-client-ip"
    rb"|true-client-ip|client-ip|cf-.+|fastly-client-ip|fly-client-ip|x-envoy-.+|x-azure-.+|x-arr-.+|x-appengine-.+|tailscale-.+"
)
"""Headers that proxies and tunnels add."""


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]


def _is_loopback(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


# From which page


class OwnPagesOnly:
    """Refuses what a page of another address sends: its Origin is not the Host, or the browser says that it is another site.

    A socket must name its Origin: only browsers open one here, and they always do. A program that calls a route names none.
    Streamlit would look a foreign Origin up on the network before it refuses it, and would let in every page of this computer.
    """

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, or answers 403, 404 or 415."""
        if scope["type"] == "lifespan" or _is_probe(scope):
            await self._app(scope, receive, send)
        elif _is_of_another_page(scope):
            await _refuse(scope, send, 403, "Forbidden", _OTHER_PAGE)
        elif "/_stcore/agent/" in scope["path"]:  # whoever drives the pages by it passes every check of a browser
            await _refuse(scope, send, 404, "Not Found", _NO_AGENTS)
        elif _is_form(scope):
            await _refuse(scope, send, 415, "Unsupported Media Type", _FORM)
        else:
            await self._app(scope, receive, send)


def _is_of_another_page(scope: Scope) -> bool:
    if _all(scope, b"origin") or scope["type"] == "websocket":
        return not _is_own_origin(_only(scope, b"origin"), _only(scope, b"host"))
    site = (_all(scope, b"sec-fetch-site") or ["none"])[-1]
    return site not in ("same-origin", "none") and not _is_link(scope)


def _is_own_origin(origin: str | None, host: str | None) -> bool:
    """Whether the Origin is that of the address which was asked; behind what ends TLS the scheme cannot be compared."""
    if not origin or not host:
        return False
    try:
        named = urlsplit(origin.lower())
    except ValueError:
        return False
    port = {"http": ":80", "https": ":443"}.get(named.scheme)
    is_bare = origin.lower() == f"{named.scheme}://{named.netloc}"
    return bool(port and is_bare and named.netloc.removesuffix(port) == host.lower().removesuffix(port))


_NO_PAGES = re.compile(r"(/[^/]+)*/(api|media|component|static|_stcore)(/.*)?")


def _is_link(scope: Scope) -> bool:
    """Whether a user follows a link of another page to one of ours, as from an e-mail."""
    return (
        scope["method"] in ("GET", "HEAD")
        and _only(scope, b"sec-fetch-mode") == "navigate"
        and _only(scope, b"sec-fetch-dest") == "document"
        and not _NO_PAGES.fullmatch(scope["path"])
    )


def _is_form(scope: Scope) -> bool:
    """Whether a route is sent what a form of any page can send without being asked first."""
    kinds = [kind.partition(";")[0].strip().lower() for kind in _all(scope, b"content-type")]
    return scope["path"].startswith("/api/") and any(k in ("text/plain", "application/x-www-form-urlencoded") for k in kinds)


# What a page may load


class GuardedPages:
    """Adds to every answer what the browser is to hold the page to: where scripts come from, that nobody frames it, and so on.

    A route that answers with a policy of its own keeps it.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self._policy = policy(_streamlits_page())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, and the answer with the headers."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        host = _only(scope, b"host") or ""

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = self._guarded(list(message.get("headers", ())), host)
            await send(message)

        return await self._app(scope, receive, send_guarded)

    def _guarded(self, headers: list[tuple[bytes, bytes]], host: str) -> list[tuple[bytes, bytes]]:
        has_policy = any(name.lower() == _POLICY for name, _ in headers)
        others = [(name, value) for name, value in headers if name.lower() not in _FIXED]
        own = [] if has_policy else [(_POLICY, f"{self._policy}{_sockets(host)}".encode("ascii"))]
        return [*others, *_FIXED.items(), *own]


_POLICY = b"content-security-policy"
_FIXED = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"same-origin",  # addresses name documents
    b"x-frame-options": b"DENY",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
}
_INLINE_SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)


def policy(page: str) -> str:
    """The policy of a page that may run its own inline scripts and no other; its last directive says what it connects to.

    WebAssembly and workers of blobs are what Streamlit's tables and downloads are made with, inline styles what it is drawn with.
    """
    hashes = [f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" for script in _INLINE_SCRIPT.findall(page)]
    return "; ".join((
        "default-src 'self'", "frame-ancestors 'none'", "base-uri 'self'", "form-action 'self'", "object-src 'none'",
        "img-src 'self' data: blob:", "style-src 'self' 'unsafe-inline'", "font-src 'self' data:",
        " ".join(("script-src 'self' 'wasm-unsafe-eval' blob:", *hashes)), "worker-src 'self' blob:", "connect-src 'self'",
    ))  # fmt: skip


def _sockets(host: str) -> str:
    """The socket's address, which not every browser takes for the page's own."""
    return f" ws://{host} wss://{host}" if re.fullmatch(r"[\w.-]+(:\d+)?|\[[\da-fA-F:.]+\](:\d+)?", host, re.ASCII) else ""


def _streamlits_page() -> str:
    from streamlit import file_util

    return (Path(file_util.get_static_dir()) / "index.html").read_text(encoding="utf-8")


# How much


def hold_uploads_to(megabytes: int) -> None:
    """Lets the pages' own upload take a file of our limit; what the form around it takes counts there too."""
    from streamlit import config

    config.set_option("server.maxUploadSize", megabytes + 1)


# What they share


def _all(scope: Scope, name: bytes) -> list[str]:
    headers: Iterable[tuple[bytes, bytes]] = scope["headers"]
    return [value.decode("latin-1") for known, value in headers if known.lower() == name]


def _only(scope: Scope, name: bytes) -> str | None:
    """The header's value, if it stands there once."""
    values = _all(scope, name)
    return values[0] if len(values) == 1 else None


async def _refuse(
    scope: Scope, send: Send, status: int, title: str, sentence: str, *more_headers: tuple[bytes, bytes]
) -> None:
    """Answers with a problem (RFC 9457); a socket is closed before it is opened, which the server tells as 403."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    problem = {"type": "about:blank", "title": title, "status": status, "detail": sentence}
    headers = [(b"content-type", b"application/problem+json"), *more_headers]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(problem).encode()})
