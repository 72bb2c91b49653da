import pytest

from kraftd_core.web.guards import LoopbackOnly


async def answered(kind, peer, *hosts):
    sent, passed = [], []

    async def app(scope, receive, send):
        passed.append(scope["type"])

    async def send(message):
        sent.append(message)

    scope = {"type": kind, "client": peer and (peer, 50000), "headers": [(b"host", host.encode()) for host in hosts]}
    await LoopbackOnly(app)(scope, None, send)
    return passed, sent


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "127.8.8.8"])
@pytest.mark.parametrize("host", ["localhost:8501", "127.0.0.1:8501", "[::1]:8501", "localhost"])
@pytest.mark.parametrize("kind", ["http", "websocket"])
async def test_this_computer_is_let_in(kind, peer, host):
    passed, sent = await answered(kind, peer, host)
    assert (passed, sent) == ([kind], [])


@pytest.mark.parametrize(
    ("peer", "hosts"),
    [
        ("10.0.0.7", ["localhost:8501"]),
        ("127.0.0.1", ["attacker.example:8501"]),
        ("127.0.0.1", ["localhost.attacker.example"]),
        ("127.0.0.1", ["10.0.0.7:8501"]),
        ("127.0.0.1", []),
        ("127.0.0.1", ["localhost", "attacker.example"]),
        (None, ["localhost"]),
    ],
)
async def test_everyone_else_is_refused(peer, hosts):
    passed, sent = await answered("http", peer, *hosts)
    assert passed == []
    assert sent[0]["status"] == 403
    passed, sent = await answered("websocket", peer, *hosts)
    assert passed == []
    assert sent == [{"type": "websocket.close", "code": 1008}]
