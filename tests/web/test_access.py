import json
import re
from base64 import b64encode
from hashlib import sha256

import pytest

from kraftd_core.errors import SettingsError
from kraftd_core.settings import load_settings
from kraftd_core.web.guards import GuardedPages, LoopbackOnly, OwnPagesOnly, guards, policy

LOCAL = "localhost:8501"


def headers_of(given):
    """Headers as a server hands them over; a list of values stands for the same header more than once."""
    pairs = [(name, value) for name, values in given.items() for value in (values if isinstance(values, list) else [values])]
    return [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in pairs]


async def answered(guard, kind="http", path="/", method="GET", peer="127.0.0.1", **headers):
    """Whether the request is passed on, and what is sent."""
    sent, passed = [], []

    async def app(scope, receive, send):
        passed.append(scope["type"])

    async def send(message):
        sent.append(message)

    scope = {"type": kind, "path": path, "client": peer and (peer, 50000), "headers": headers_of(headers)}
    await guard(app)(scope | ({"method": method} if kind == "http" else {}), None, send)
    return bool(passed), sent


async def is_passed(guard, **asked):
    passed, sent = await answered(guard, **asked)
    assert passed == (sent == [])
    return passed


# Who


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "127.8.8.8"])
@pytest.mark.parametrize("host", ["localhost:8501", "127.0.0.1:8501", "[::1]:8501", "localhost"])
@pytest.mark.parametrize("kind", ["http", "websocket"])
async def test_this_computer_is_let_in(kind, peer, host):
    assert await is_passed(LoopbackOnly, kind=kind, peer=peer, host=host)


OTHERS = [
    {"peer": "10.0.0.7", "host": LOCAL},
    {"host": "attacker.example:8501"},
    {"host": "localhost.attacker.example"},
    {"host": "10.0.0.7:8501"},
    {"host": []},
    {"host": ["localhost", "attacker.example"]},
    {"peer": None, "host": "localhost"},
]


@pytest.mark.parametrize("asked", OTHERS)
async def test_everyone_else_is_refused(asked):
    passed, sent = await answered(LoopbackOnly, **asked)
    assert not passed
    assert (sent[0]["status"], json.loads(sent[1]["body"])["status"]) == (403, 403)
    passed, sent = await answered(LoopbackOnly, kind="websocket", **asked)
    assert not passed
    assert sent == [{"type": "websocket.close", "code": 1008}]


PROXIED = [
    "forwarded", "x_forwarded_for", "x_forwarded_host", "x_forwarded_proto", "x_forwarded_server", "via", "x_real_ip",
    "x_client_ip", "true_client_ip", "cf_connecting_ip", "x_original_host", "x_original_forwarded_for", "x_azure_clientip",
    "x_envoy_external_address", "tailscale_user_login", "fly_client_ip",
]  # fmt: skip


@pytest.mark.parametrize("header", PROXIED)
@pytest.mark.parametrize("kind", ["http", "websocket"])
async def test_what_came_through_a_proxy_is_not_of_this_computer_whatever_it_names(kind, header):
    assert not await is_passed(LoopbackOnly, kind=kind, host=LOCAL, **{header: "127.0.0.1"})


@pytest.mark.parametrize("header", ["accept", "user_agent", "x_requested_with", "viaduct", "x_forward", "traceparent"])
async def test_other_headers_are_nobodys_business(header):
    assert await is_passed(LoopbackOnly, host=LOCAL, **{header: "x"})


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.parametrize("asked", OTHERS)
async def test_the_probes_are_for_everyone(path, asked):
    for guard in (LoopbackOnly, OwnPagesOnly):
        assert await is_passed(guard, path=path, **asked)
        assert await is_passed(guard, path=path, method="HEAD", **asked)


@pytest.mark.parametrize("asked", [
    {"path": "/metrics"}, {"path": "/healthz/"}, {"path": "/healthz", "method": "POST"}, {"path": "/readyz", "kind": "websocket"},
    {"path": "/x/healthz"},
])  # fmt: skip
async def test_nothing_but_the_two_probes_is(asked):
    assert not await is_passed(LoopbackOnly, host="elsewhere", **asked)


TOKEN = "a-token-of-24-characters"


def with_token(app):
    (guard,) = [guard for guard in guards(load_settings(metrics_token=TOKEN)) if guard.cls is LoopbackOnly]
    return guard.cls(app, **guard.kwargs)


@pytest.mark.parametrize("asked", [{"host": LOCAL}, {"peer": "10.0.0.7", "host": "review.example", "x_forwarded_for": "1.2.3.4"}])
async def test_the_figures_are_for_whoever_sends_their_token_once_there_is_one(asked):
    for given in (f"Bearer {TOKEN}", f"bearer {TOKEN}", f"Bearer  {TOKEN}"):
        assert await is_passed(with_token, path="/metrics", **asked, authorization=given)
    wrong = ["", "Bearer", "Bearer ", TOKEN, f"Basic {TOKEN}", f"Bearer {TOKEN[:-1]}", f"Bearer {TOKEN}x", "Bearer é", []]
    for given in [*wrong, [f"Bearer {TOKEN}"] * 2]:
        passed, sent = await answered(with_token, path="/metrics", **asked, authorization=given)
        assert (passed, sent[0]["status"], dict(sent[0]["headers"])[b"www-authenticate"]) == (False, 401, b"Bearer")
        assert TOKEN not in sent[1]["body"].decode()


@pytest.mark.parametrize("path", ["/", "/metrics/", "/api/v1/exports/history", "/x/metrics", "/_stcore/stream"])
async def test_the_token_of_the_figures_opens_nothing_else(path):
    for kind in ("http", "websocket"):
        assert not await is_passed(with_token, kind=kind, path=path, peer="10.0.0.7", host=LOCAL, authorization=f"Bearer {TOKEN}")
    assert not await is_passed(LoopbackOnly, path="/metrics", peer="10.0.0.7", host=LOCAL, authorization=f"Bearer {TOKEN}")


@pytest.mark.parametrize("token", ["short", "a token with é in it", " " * 20])
def test_a_token_that_is_none_stops_the_start_without_being_shown(token):
    with pytest.raises(SettingsError, match="KRAFTD_METRICS_TOKEN") as refusal:
        load_settings(metrics_token=token)
    assert token not in str(refusal.value)


# From which page

OWN = [
    ("http://localhost:8501", "localhost:8501"),
    ("http://127.0.0.1:8501", "127.0.0.1:8501"),
    ("http://[::1]:8501", "[::1]:8501"),
    ("http://LOCALHOST:8501", "localhost:8501"),
    ("http://localhost", "localhost"),
    ("http://localhost", "localhost:80"),
    ("https://review.example", "review.example:443"),
    ("https://review.example", "review.example"),
]
FOREIGN = [
    ("http://localhost:3000", "localhost:8501"),
    ("http://127.0.0.1:8501", "localhost:8501"),
    ("http://localhost", "localhost:8501"),
    ("http://localhost:8501.attacker.example", "localhost:8501"),
    ("http://attacker.example", "localhost:8501"),
    ("http://localhost:8501@attacker.example", "localhost:8501"),
    ("http://attacker.example#localhost:8501", "localhost:8501"),
    ("http://localhost:8501/", "localhost:8501"),
    ("https://share.streamlit.io", "localhost:8501"),
    ("chrome-extension://localhost:8501", "localhost:8501"),
    ("file://", "localhost:8501"),
    ("null", "localhost:8501"),
    ("", "localhost:8501"),
    ("http://[::1", "localhost:8501"),
    (["http://localhost:8501", "http://attacker.example"], "localhost:8501"),
    ("http://localhost:8501", []),
]
SOCKET = {"kind": "websocket", "path": "/_stcore/stream"}


@pytest.mark.parametrize(("origin", "host"), OWN)
async def test_the_applications_own_pages_reach_the_socket_and_the_routes(origin, host):
    assert await is_passed(OwnPagesOnly, **SOCKET, origin=origin, host=host)
    assert await is_passed(OwnPagesOnly, path="/api/v1/docs", method="POST", origin=origin, host=host)


@pytest.mark.parametrize(("origin", "host"), FOREIGN)
async def test_pages_of_other_addresses_reach_nothing(origin, host):
    assert not await is_passed(OwnPagesOnly, **SOCKET, origin=origin, host=host)
    for path in ("/", "/api/v1/docs", "/media/x.pdf", "/_stcore/upload_file/a/b", "/_stcore/agent/mcp", "/metrics"):
        for method in ("GET", "POST", "PUT", "DELETE", "OPTIONS"):
            assert not await is_passed(OwnPagesOnly, path=path, method=method, origin=origin, host=host)


async def test_a_socket_without_an_origin_is_refused_and_a_program_needs_none_for_a_route():
    assert not await is_passed(OwnPagesOnly, **SOCKET, host=LOCAL)
    upload = {"path": "/api/v1/docs", "method": "POST", "content_type": "multipart/form-data; boundary=x"}
    assert await is_passed(OwnPagesOnly, host=LOCAL, **upload)


LINK = {"sec_fetch_mode": "navigate", "sec_fetch_dest": "document"}


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_another_page_may_link_to_ours_and_neither_embed_nor_fetch_them(site):
    said = {"host": LOCAL, "sec_fetch_site": site}
    assert await is_passed(OwnPagesOnly, path="/review", **said, **LINK)
    assert not await is_passed(OwnPagesOnly, path="/review", **said, sec_fetch_mode="navigate", sec_fetch_dest="iframe")
    assert not await is_passed(OwnPagesOnly, path="/media/x.png", **said, sec_fetch_mode="no-cors", sec_fetch_dest="image")
    assert not await is_passed(OwnPagesOnly, path="/review", method="POST", **said, **LINK)
    for path in ("/api/v1/exports/history", "/media/x.pdf", "/_stcore/host-config", "/base/media/x.pdf"):
        assert not await is_passed(OwnPagesOnly, path=path, **said, **LINK)


@pytest.mark.parametrize("site", ["same-origin", "none"])
async def test_what_the_browser_calls_our_own_is_let_through(site):
    assert await is_passed(OwnPagesOnly, path="/media/x.png", host=LOCAL, sec_fetch_site=site, sec_fetch_mode="no-cors")


AGENTS = ["/_stcore/agent/interact", "/_stcore/agent/mcp", "/_stcore/agent/openapi.json", "/base/_stcore/agent/mcp"]


@pytest.mark.parametrize("path", AGENTS)
async def test_nobody_drives_the_pages_by_streamlits_own_routes(path):
    for method in ("GET", "POST"):
        passed, sent = await answered(OwnPagesOnly, path=path, method=method, host=LOCAL)
        assert (passed, sent[0]["status"]) == (False, 404)


@pytest.mark.parametrize("kind", ["text/plain", "text/plain; charset=utf-8", "application/x-www-form-urlencoded", "TEXT/PLAIN"])
async def test_a_route_takes_no_form_that_any_page_can_send(kind):
    passed, sent = await answered(OwnPagesOnly, path="/api/v1/verify", method="POST", host=LOCAL, content_type=kind)
    assert (passed, sent[0]["status"]) == (False, 415)
    assert await is_passed(OwnPagesOnly, path="/_stcore/upload_file/a/b", method="PUT", host=LOCAL, content_type=kind)


# What a page may load


async def headers_through(given, host=LOCAL):
    sent = []

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": headers_of(given)})

    async def send(message):
        sent.append(message)

    await GuardedPages(app)({"type": "http", "path": "/", "headers": headers_of({"host": host})}, None, send)
    return sent[0]["headers"]


async def test_every_answer_tells_the_browser_what_to_hold_the_page_to():
    told = dict(await headers_through({}))
    policy_told = told.pop(b"content-security-policy").decode()
    assert told == {
        b"x-content-type-options": b"nosniff", b"referrer-policy": b"same-origin", b"x-frame-options": b"DENY",
        b"cross-origin-opener-policy": b"same-origin", b"cross-origin-resource-policy": b"same-origin",
    }  # fmt: skip
    directives = policy_told.split("; ")
    (scripts,) = [directive for directive in directives if directive.startswith("script-src ")]
    assert re.fullmatch(r"script-src 'self' 'wasm-unsafe-eval' blob:( 'sha256-[A-Za-z0-9+/]{43}=')+", scripts)
    assert set(directives) - {scripts} == {
        "default-src 'self'", "frame-ancestors 'none'", "base-uri 'self'", "form-action 'self'", "object-src 'none'",
        "img-src 'self' data: blob:", "style-src 'self' 'unsafe-inline'", "font-src 'self' data:", "worker-src 'self' blob:",
        f"connect-src 'self' ws://{LOCAL} wss://{LOCAL}",
    }  # fmt: skip


async def test_what_the_application_says_otherwise_is_said_once_and_a_routes_own_policy_stays():
    told = await headers_through({"x_content_type_options": "x", "content_security_policy": "default-src 'none'"})
    assert [value for name, value in told if name == b"x-content-type-options"] == [b"nosniff"]
    assert [value for name, value in told if name == b"content-security-policy"] == [b"default-src 'none'"]


@pytest.mark.parametrize("host", ["localhost:8501", "[::1]:8501", "review.example"])
async def test_the_sockets_address_is_that_of_the_host(host):
    assert dict(await headers_through({}, host))[b"content-security-policy"].endswith(f"connect-src 'self' ws://{host} wss://{host}".encode())


@pytest.mark.parametrize("host", ["a; script-src *", "a b", "a\nb", "*", "", "é", "a,b", "x:y"])
async def test_a_host_writes_nothing_into_the_policy(host):
    assert dict(await headers_through({}, host))[b"content-security-policy"].endswith(b"connect-src 'self'")


def test_the_policy_names_the_hash_of_each_inline_script_and_of_no_other():
    page = '<script src="a.js"></script><script>\n  one()\n</script><script type="module" crossorigin src="b.js"></script>'
    digest = b64encode(sha256(b"\n  one()\n").digest()).decode()
    assert policy(page).count("sha256-") == 1
    assert f"script-src 'self' 'wasm-unsafe-eval' blob: 'sha256-{digest}'" in policy(page)
    assert "unsafe-inline" not in policy(page).split("script-src")[1].split(";")[0]
    assert "'unsafe-eval'" not in policy(page)


def test_the_guards_stand_in_their_order():
    assert [guard.cls for guard in guards(load_settings())] == [GuardedPages, LoopbackOnly, OwnPagesOnly]
