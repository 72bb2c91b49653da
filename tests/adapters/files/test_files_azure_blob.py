import asyncio
import re
import socket
import threading
import tracemalloc
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from uuid import uuid4

import pytest
from azure.core.exceptions import ClientAuthenticationError
from azurite import azurite_port, connection_string  # noqa: F401  a fixture
from fakes import OWNER

from kraftd_core.adapters.files.azure_blob import AzureBlobFiles, blob_container, signed_in_container
from kraftd_core.errors import FileDamaged, SettingsError, StoreRefused, StoreUnavailable
from kraftd_core.ports.engines import Engine

NOW = datetime(2026, 10, 6, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=30)


async def failure(files):
    """What is said of each verb, in order."""
    said = []
    for verb in (files.put(OWNER, b"x", LATER), files.get(OWNER, "sha256:" + "a" * 64), files.purge(NOW)):
        with pytest.raises(StoreUnavailable) as refusal:
            await verb
        said.append(str(refusal.value))
    await files.close()
    return said


def on(port, container=None, key=None, **bounds):
    address = connection_string(port, key) if key else connection_string(port)
    connect = partial(blob_container, address, container or f"test-{uuid4()}", **bounds)
    return AzureBlobFiles(connect, call_seconds=bounds.get("read_timeout", 30))


@pytest.fixture
def silent_port():
    """Takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def dead_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def test_a_store_that_is_away_is_said_at_once(dead_port):
    assert all("cannot be reached" in said for said in asyncio.run(failure(on(dead_port))))


def test_a_store_that_never_answers_is_given_up_in_time(silent_port):
    assert all("cannot be reached" in said for said in asyncio.run(failure(on(silent_port, read_timeout=0.2))))


def test_a_wrong_key_names_the_setting(azurite_port):
    files = on(azurite_port, key=b64encode(b"another key").decode())
    assert all("KRAFTD_BLOB_CONNECTION_STRING" in said for said in asyncio.run(failure(files)))


@pytest.mark.parametrize("text", ["", "nonsense", "AccountName=a", "DefaultEndpointsProtocol=http;AccountKey=x"])
def test_a_connection_string_that_is_none_names_the_setting(text):
    with pytest.raises(SettingsError, match="KRAFTD_BLOB_CONNECTION_STRING"):
        blob_container(text, "files")


@pytest.mark.parametrize("key", ["not base64", "abc"])
def test_a_key_that_is_none_names_the_setting(azurite_port, key):
    assert all("KRAFTD_BLOB_CONNECTION_STRING" in said for said in asyncio.run(failure(on(azurite_port, key=key))))


def test_a_file_put_again_while_a_purge_reaches_for_it_stays(azurite_port):
    container = f"test-{uuid4()}"

    class PutInBetween(AzureBlobFiles):
        """Someone puts the file after the purge saw that it had expired, before it removes it."""

        async def _removed(self, blob):
            await other.put(OWNER, b"x", LATER)
            return await super()._removed(blob)

    async def race():
        content_hash = await other.put(OWNER, b"x", NOW)
        assert await slow.purge(NOW) == 0
        content = await slow.get(OWNER, content_hash)
        await slow.close()
        await other.close()
        return content

    other = on(azurite_port, container)
    slow = PutInBetween(partial(blob_container, connection_string(azurite_port), container))
    assert asyncio.run(race()) == b"x"


def test_what_others_keep_in_the_container_stays(azurite_port):
    container = f"test-{uuid4()}"

    async def purged():
        files = on(azurite_port, container)
        await files.put(OWNER, b"x", NOW)
        async with blob_container(connection_string(azurite_port), container) as client:
            await client.upload_blob("theirs", b"y")
            gone = await files.purge(LATER)
            await files.close()
            return gone, [name async for name in client.list_blob_names()]

    assert asyncio.run(purged()) == (1, ["theirs"])


def test_more_files_than_a_list_shows_at_once_are_all_swept(azurite_port):
    class InSmallPages(AzureBlobFiles):
        @property
        def _container(self):
            client = super()._container
            original = client.list_blobs
            client.list_blobs = lambda **options: original(**{"results_per_page": 2} | options)
            return client

    async def purged():
        files = InSmallPages(partial(blob_container, connection_string(azurite_port), f"test-{uuid4()}"))
        for number in range(5):
            await files.put(OWNER, b"%d" % number, NOW)
        gone = await files.purge(NOW)
        await files.close()
        return gone

    assert asyncio.run(purged()) == 5


LARGE = b"\x00\x01\x02\x03" * 5 * 2**20  # 20 MB, ten times what is fetched at once


@pytest.fixture
def with_large(azurite_port):
    """Calls work with files, the hash of a large one, and what alters or removes it past the application."""
    container = f"test-{uuid4()}"

    async def go(work):
        files = on(azurite_port, container)
        content_hash = await files.put(OWNER, LARGE, LATER)
        async with blob_container(connection_string(azurite_port), container) as client:
            (name,) = [name async for name in client.list_blob_names()]
            result = await work(files, content_hash, client.get_blob_client(name))
        await files.close()
        return result

    return lambda work: asyncio.run(go(work))


def test_a_large_file_is_handed_on_without_being_held_whole(with_large):
    async def handed_on(files, content_hash, blob):
        found, most = sha256(), 0
        tracemalloc.start()
        async for piece in await files.chunks(OWNER, content_hash):
            found.update(piece)
            most = max(most, len(piece))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return f"sha256:{found.hexdigest()}" == content_hash, most < 2**20, peak / 2**20

    same, in_small_pieces, peak = with_large(handed_on)
    assert (same, in_small_pieces) == (True, True)
    assert peak < 16, peak


async def broken_off(pieces):
    """How much came before it broke off, and with what."""
    got = 0
    with pytest.raises((FileDamaged, StoreUnavailable)) as refusal:
        async for piece in pieces:
            got += len(piece)
    return got, str(refusal.value)


def test_a_large_file_that_was_altered_breaks_off_before_its_last_piece(with_large):
    async def altered(files, content_hash, blob):
        await blob.upload_blob(LARGE[:-1] + b"?", overwrite=True)
        return await broken_off(await files.chunks(OWNER, content_hash))

    got, said = with_large(altered)
    assert got < len(LARGE) and "altered" in said


@pytest.mark.parametrize("touch", [lambda blob: blob.upload_blob(LARGE[::-1], overwrite=True), lambda blob: blob.delete_blob()])
def test_a_file_touched_while_it_is_handed_on_breaks_off(with_large, touch):
    async def touched(files, content_hash, blob):
        pieces = await files.chunks(OWNER, content_hash)
        await anext(pieces)
        await touch(blob)
        return await broken_off(pieces)

    got, said = with_large(touched)
    assert got < len(LARGE) and re.search("altered|missing", said)


def test_a_hand_over_that_is_given_up_asks_for_no_more(with_large):
    async def given_up(files, content_hash, blob):
        pieces = await files.chunks(OWNER, content_hash)
        await anext(pieces)
        await pieces.aclose()
        return [piece async for piece in pieces]

    assert with_large(given_up) == []


# What lasts and what passes


ANSWERS = {  # what is answered, what of the sentence is read then, and whether it may pass by itself
    "wrong key": (403, {"x-ms-error-code": "AuthenticationFailed"}, "", "KRAFTD_BLOB_CONNECTION_STRING", False),
    "firewall": (403, {"x-ms-error-code": "AuthorizationFailure"}, "", "Networking", False),
    "no role": (403, {"x-ms-error-code": "AuthorizationPermissionMismatch"}, "", "Storage Blob Data Contributor", False),
    "keys switched off": (403, {"x-ms-error-code": "KeyBasedAuthenticationNotPermitted"}, "", "KRAFTD_BLOB_ENDPOINT", False),
    "another server": (404, {}, "<html>Not Found</html>", "no file store at its address", False),
    "busy": (503, {"x-ms-error-code": "ServerBusy"}, "", "cannot be reached", True),
    "a page": (200, {}, "<html>Please sign in</html>", "no answer of its kind", True),
    "nothing": (200, {}, "", "no answer of its kind", True),
    "an object": (200, {"content-type": "application/json"}, "{}", "no answer of its kind", True),
}


@pytest.fixture(scope="module")
def answering():
    """A server that answers everything with what it is told."""
    with HTTPServer(("127.0.0.1", 0), Answering) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


class Answering(BaseHTTPRequestHandler):
    told = (200, {}, "")

    def answer(self):
        self.rfile.read(int(self.headers.get("content-length", 0)))
        status, headers, text = Answering.told
        self.send_response(status)
        own = {} if status == 404 else {"x-ms-request-id": "r-7"}
        for name, value in ({"content-length": str(len(text))} | own | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text.encode())
        self.close_connection = True

    do_GET = do_PUT = do_HEAD = do_DELETE = answer

    def log_message(self, *given):
        """Nothing is logged."""


@pytest.mark.parametrize(("status", "headers", "text", "says", "passes"), ANSWERS.values(), ids=ANSWERS)
def test_each_verb_tells_what_lasts_from_what_passes_and_takes_no_page_for_a_file(answering, status, headers, text, says, passes):
    Answering.told = (status, headers, text)
    engine = Engine("files", "Azure Blob Storage", "acc.example")
    connect = partial(blob_container, connection_string(answering.server_port), "files")
    files = AzureBlobFiles(connect, call_seconds=5, engine=engine)

    async def all_verbs():
        told = []
        for verb in (files.put(OWNER, b"x", LATER), files.get(OWNER, "sha256:" + "a" * 64), files.purge(NOW)):
            with pytest.raises(StoreUnavailable) as said:
                await verb
            told.append(said.value)
        await files.close()
        return told

    for said in asyncio.run(all_verbs()):
        assert says in str(said)
        assert isinstance(said, StoreRefused) != passes
    assert engine.stands.last_failure.passes == passes


def test_without_a_key_the_container_is_reached_by_a_sign_in(monkeypatch):
    from azure.identity.aio import DefaultAzureCredential

    async def none(*_, **__):
        raise ClientAuthenticationError("no identity")

    monkeypatch.setattr(DefaultAzureCredential, "get_token", none)
    monkeypatch.setattr(DefaultAzureCredential, "get_token_info", none, raising=False)
    connect = partial(signed_in_container, "https://acc.blob.example", "files")
    files = AzureBlobFiles(connect, setting="KRAFTD_BLOB_ENDPOINT")
    said = asyncio.run(failure(files))
    assert all("Nobody is signed in" in sentence and "KRAFTD_BLOB_ENDPOINT" in sentence for sentence in said)


def test_a_try_says_what_is_reached_and_writes_nothing(azurite_port):
    container = f"test-{uuid4()}"

    async def tried():
        files = on(azurite_port, container)
        before = await files.tried()
        await files.put(OWNER, b"x", NOW)
        after = await files.tried()
        async with blob_container(connection_string(azurite_port), container) as client:
            names = [name async for name in client.list_blob_names()]
        await files.close()
        return before.reached, after.reached, len(names)

    assert asyncio.run(tried()) == (f"container {container}, made at first use", f"container {container}", 1)
