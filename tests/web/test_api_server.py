"""The routes behind the real server: what streams in and out, and clients that go away."""

import asyncio
import os
import socket
import threading
import urllib.error
import urllib.request
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace

import pytest
from api_clients import INVOICE, OneLoop, client_on
from fakes import OWNER, SUMMARY, Clock, invoice_data, make_desk, make_tracking
from servers import Server
from starlette.applications import Starlette

from kraftd_core.people.actor import Actor
from kraftd_core.thinking.agent import KraftdAIAgent
from kraftd_core.web.api import mount_api

pytestmark = pytest.mark.slow

LARGE = 60 * 2**20


@pytest.fixture(scope="module")
def delivered(tmp_path_factory):
    """A data folder with a delivered file of 60 MB of a document of 20,000 rows, and its workflow."""
    folder = tmp_path_factory.mktemp("large") / "data"
    folder.mkdir()

    async def record():
        tracking = make_tracking(folder, lambda: datetime.now(UTC).replace(microsecond=0))
        rows = [{"_row_id": f"r{n}", "description": f"Beam {n}", "amount": n} for n in range(20_000)]
        data = invoice_data() | {"line_items": rows}
        workflow = await tracking.record_stage_1_initial_summary("d1", OWNER, "invoice", data, SUMMARY)
        await tracking.record_stage_2_user_modifications(workflow, "d1", OWNER, data, data, {})
        content = os.urandom(2**20) * 60
        final = SUMMARY | {"learning_insights": {"user_corrected_fields": [], "user_focus_areas": []}}
        await tracking.record_stage_3_final_deliverable(workflow, "d1", OWNER, final, "excel", "a.xlsx", LARGE, content)
        await tracking._store.close()
        return SimpleNamespace(folder=folder, workflow=workflow, digest=sha256(content).hexdigest())

    made = asyncio.run(record())
    (folder / "records.sqlite3").rename(folder / "kraftd.sqlite3")
    return made


@pytest.fixture(scope="module")
def server(delivered):
    running = Server(delivered.folder, KRAFTD_OWNER=OWNER)
    running.start()
    yield running
    running.kill()


def peak_megabytes(server):
    """The most that the server ever held in memory."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024


def fetched(server, workflow):
    """The file's hash and headers; read piece by piece, as a client that packs what it can."""
    request = urllib.request.Request(f"{server.url}/api/v1/exports/{workflow}/file", headers={"Accept-Encoding": "gzip"})
    digest = sha256()
    with urllib.request.urlopen(request, timeout=60) as answer:
        while piece := answer.read(2**16):
            digest.update(piece)
        return digest.hexdigest(), answer.headers


def test_a_large_file_streams_in_flat_memory_with_its_length(server, delivered):
    fetched(server, delivered.workflow)  # what is loaded once is loaded; three at once would hold three more
    before = peak_megabytes(server)
    with_threads = [threading.Thread(target=fetched, args=(server, delivered.workflow)) for _ in range(3)]
    for thread in with_threads:
        thread.start()
    for thread in with_threads:
        thread.join()
    digest, headers = fetched(server, delivered.workflow)
    assert digest == delivered.digest
    assert (headers["content-length"], headers["content-encoding"]) == (str(LARGE), "identity")
    assert peak_megabytes(server) - before < 20


def test_a_file_altered_in_the_store_is_not_handed_out(delivered, tmp_path):
    stored = next(path for path in (delivered.folder / "files").glob(f"*/*/{delivered.digest}"))

    async def asked():
        async with client_on(delivered.folder, owner=OWNER) as client:
            return await client.get(f"/api/v1/exports/{delivered.workflow}/file")

    content = stored.read_bytes()
    try:
        stored.write_bytes(content[:-1] + b"?")
        answer = asyncio.run(asked())
        assert (answer.status_code, "altered" in answer.json()["detail"]) == (500, True)
    finally:
        stored.write_bytes(content)


# Bodies that are too large


def sent_until_answered(server, path, length=None):
    """How much of an endless upload the server takes before it answers, and what it answers."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost:{server.port}\r\nContent-Type: multipart/form-data; boundary=b\r\n"
        + (f"Content-Length: {length}\r\n\r\n" if length else "Transfer-Encoding: chunked\r\n\r\n")
    ).encode()
    part = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\n\r\n'
    sent = 0
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as client:
        client.sendall(head)
        answer = threading.Event()
        read = []

        def listen():
            read.append(client.recv(65536))
            answer.set()

        listening = threading.Thread(target=listen)
        listening.start()
        piece = part + b"x" * (2**20 - len(part))
        while not length and not answer.is_set() and sent < 300 * 2**20:
            try:
                client.sendall(b"%x\r\n%b\r\n" % (len(piece), piece))
            except OSError:
                break
            sent += len(piece)
            piece = b"x" * 2**20
        listening.join()
    return sent, read[0].decode()


def test_a_file_that_is_too_large_is_refused_while_it_streams(server):
    sent, answer = sent_until_answered(server, "/api/v1/docs")
    assert " 413 " in answer and "application/problem+json" in answer
    assert sent < 60 * 2**20  # what the sockets hold besides the 25 MB


def test_a_length_that_is_too_large_is_refused_before_anything_is_sent(server):
    for path in ("/api/v1/docs", "/api/v1/verify", f"/api/v1/docs/{'0' * 32}/export"):
        _, answer = sent_until_answered(server, path, length=10**9)
        assert " 413 " in answer or " 415 " in answer


async def test_the_limit_holds_for_each_file_and_for_all_of_them(tmp_path):
    async with client_on(tmp_path / "data", upload_limit_mb=1) as client:
        fits, large = b"x" * 2**20, b"x" * (2**20 + 1)
        assert (await client.post("/api/v1/docs", files={"files": ("a", fits)})).status_code == 202
        assert (await client.post("/api/v1/docs", files={"files": ("a", large)})).status_code == 413
        assert (await client.post("/api/v1/verify", files={"file": ("a", large)})).status_code == 413
        five = [("files", (f"{n}", fits)) for n in range(5)]
        answer = await client.post("/api/v1/docs", files=five)
        assert (answer.status_code, answer.json()["detail"]) == (413, "The request is larger than 4 MB. Send less at once.")
        body = b'{"use_ai_review": true, "x": "' + b"x" * 2**21 + b'"}'
        answer = await client.post(f"/api/v1/docs/{'0' * 32}/export", content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == 413


# Clients that go away


async def test_a_client_that_goes_away_stops_what_it_waited_for(tmp_path):
    desk, stopped, begun = make_desk(tmp_path, Clock()), asyncio.Event(), asyncio.Event()

    class Slow:
        model = "slow"

        async def initial_summary(self, case, hear=None):
            begun.set()
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                stopped.set()
                raise

    desk._agent = KraftdAIAgent(Slow())
    actor = Actor.of(OWNER)
    job = await desk.start_keeping(actor, "a.pdf", b"%PDF")
    while (view := await desk.job(actor, job)).is_running:
        await asyncio.sleep(0.01)
    app = Starlette(routes=[mount_api(OneLoop(desk, desk.settings, actor))])
    messages = [{"type": "http.request", "body": b'{"use_ai_review": true}', "more_body": False}]

    async def receive():
        if messages:
            return messages.pop()
        await begun.wait()
        return {"type": "http.disconnect"}

    async def send(message):
        pass

    scope = {
        "type": "http", "method": "POST", "path": f"/api/v1/docs/{view.result}/export", "query_string": b"", "root_path": "",
        "headers": [(b"content-type", b"application/json"), (b"host", b"localhost")], "http_version": "1.1", "scheme": "http",
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 2),
    }  # fmt: skip
    await app(scope, receive, send)
    await asyncio.wait_for(stopped.wait(), 30)
    assert (await desk.history(actor)).lines == []
    await desk.close()


class HangingService:
    """A chat service that takes a question and never answers; it sees when the asker hangs up."""

    def __init__(self):
        self.asked, self.left = threading.Event(), threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        connection, _ = self._socket.accept()
        connection.recv(2**20)
        self.asked.set()
        while connection.recv(2**20):
            pass
        self.left.set()


def test_a_client_that_goes_away_hangs_up_on_the_service_too(tmp_path):
    service = HangingService()
    settings = {"KRAFTD_AGENT": "openai", "KRAFTD_OPENAI_BASE_URL": f"http://127.0.0.1:{service.port}/v1"}
    running = Server(tmp_path / "data", **settings)
    running.start()

    async def read():
        import httpx2
        from api_clients import Client

        async with Client(base_url=running.url, timeout=60) as client:
            document = await client.read(*INVOICE[:2])
            with pytest.raises(httpx2.ReadTimeout):
                asking = client.post(f"/api/v1/docs/{document}/export", json={"use_ai_review": True}, timeout=0.1)
                await asking
            for _ in range(100):  # where the first try gave up before the service was asked
                if service.asked.is_set():
                    break
                with pytest.raises(httpx2.ReadTimeout):
                    await client.post(f"/api/v1/docs/{document}/export", json={"use_ai_review": True}, timeout=1)

    try:
        asyncio.run(read())
        assert service.asked.wait(30) and service.left.wait(30)
        assert "Traceback" not in running.log()
        with urllib.request.urlopen(f"{running.url}/api/v1/exports/history", timeout=30) as answer:
            assert b'"exports":[]' in answer.read()
    finally:
        running.kill()
