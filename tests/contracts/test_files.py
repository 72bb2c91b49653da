"""What every file store must do; runs on each that is there."""

import asyncio
import random
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import uuid4

import pytest
from azurite import azurite_port, connection_string  # noqa: F401  a fixture
from fakes import OWNER

from kraftd_core.adapters.files.azure_blob import AzureBlobFiles, blob_container
from kraftd_core.adapters.files.local import LocalFiles, kept_files
from kraftd_core.errors import FileDamaged

LOOP = asyncio.Runner()  # a client belongs to the loop that first uses it
NOW = datetime(2026, 10, 6, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=30)


@pytest.fixture(scope="module", autouse=True)
def _loop_ends():
    yield
    LOOP.close()


def run(verb):
    return LOOP.run(verb)


class OnDisk:
    """Files in a folder, and the hand of someone who reaches past the application."""

    def __init__(self, folder):
        self.folder = folder
        self.files = LocalFiles(folder)

    def another(self):
        return LocalFiles(self.folder)

    def alter(self, content):
        (path,) = kept_files(self.folder)
        path.write_bytes(content)

    def remove(self):
        (path,) = kept_files(self.folder)
        path.unlink()

    def count(self):
        return len(list(kept_files(self.folder)))


class OnAzurite:
    """Files in a container of the test's own."""

    def __init__(self, port):
        self.container = f"test-{uuid4()}"
        self.port = port
        self.files = self.another()

    def another(self):
        return AzureBlobFiles(partial(blob_container, connection_string(self.port), self.container))

    def alter(self, content):
        self.at_the_one(lambda blob: blob.upload_blob(content, overwrite=True))

    def remove(self):
        self.at_the_one(lambda blob: blob.delete_blob())

    def at_the_one(self, do):
        async def reach():
            async with blob_container(connection_string(self.port), self.container) as container:
                (name,) = [name async for name in container.list_blob_names()]
                await do(container.get_blob_client(name))

        run(reach())

    def count(self):
        async def names():
            async with blob_container(connection_string(self.port), self.container) as container:
                return [name async for name in container.list_blob_names()]

        return len(run(names()))


def on_disk(request):
    return OnDisk(request.getfixturevalue("tmp_path") / "files")


def on_azurite(request):
    place = OnAzurite(request.getfixturevalue("azurite_port"))
    request.addfinalizer(lambda: run(place.files.close()))
    return place


@pytest.fixture(params=[on_disk, pytest.param(on_azurite, marks=pytest.mark.emulator)], ids=["local", "azure blob"])
def place(request):
    return request.param(request)


@pytest.fixture
def files(place):
    return place.files


def put(files, content, keep_until=LATER, owner=OWNER):
    return run(files.put(owner, content, keep_until))


@pytest.mark.parametrize("content", [b"\x00abc", b"", b"x" * 3_000_000], ids=["few bytes", "none", "many"])
def test_bytes_come_back_as_they_were_put(files, content):
    assert run(files.get(OWNER, put(files, content))) == content


async def gathered(files, content_hash, owner=OWNER):
    return [piece async for piece in await files.chunks(owner, content_hash)]


@pytest.mark.parametrize("content", [b"\x00abc", b"", b"x" * 3_000_000], ids=["few bytes", "none", "many"])
def test_bytes_come_back_piece_by_piece(files, content):
    pieces = run(gathered(files, put(files, content)))
    assert b"".join(pieces) == content
    assert max(map(len, pieces), default=0) < 2**20


@pytest.mark.parametrize("altered", [b"y", b"", b"x "])
def test_of_an_altered_or_missing_file_no_piece_is_handed_out(files, place, altered):
    content_hash = put(files, b"x")
    place.alter(altered)
    with pytest.raises(FileDamaged, match="altered"):
        run(files.chunks(OWNER, content_hash))
    place.remove()
    for owner, name in ((OWNER, content_hash), ("eve@example.com", content_hash), (OWNER, "sha256:../x")):
        with pytest.raises(FileDamaged):
            run(files.chunks(owner, name))


def test_the_same_bytes_are_kept_once(files, place):
    assert put(files, b"x") == put(files, b"x")
    assert place.count() == 1


def test_another_owner_cannot_reach_a_file_by_its_hash(files):
    content_hash = put(files, b"x")
    with pytest.raises(FileDamaged):
        run(files.get("eve@example.com", content_hash))


@pytest.mark.parametrize("altered", [b"y", b"", b"x "])
def test_an_altered_file_is_not_handed_out(files, place, altered):
    content_hash = put(files, b"x")
    place.alter(altered)
    with pytest.raises(FileDamaged, match="altered"):
        run(files.get(OWNER, content_hash))


def test_a_removed_file_is_said_to_be_missing(files, place):
    content_hash = put(files, b"x")
    place.remove()
    with pytest.raises(FileDamaged, match="missing"):
        run(files.get(OWNER, content_hash))


def test_from_a_store_that_holds_nothing_yet_nothing_comes(files):
    with pytest.raises(FileDamaged, match="missing"):
        run(files.get(OWNER, "sha256:" + "a" * 64))
    assert run(files.purge(NOW)) == 0


def test_putting_an_altered_file_again_mends_it(files, place):
    content_hash = put(files, b"x")
    place.alter(b"y")
    put(files, b"x")
    assert run(files.get(OWNER, content_hash)) == b"x"


@pytest.mark.parametrize("name", ["sha256:../../etc/passwd", "sha256:" + "a" * 63, "", "sha256:" + "A" * 64, "a" * 64])
def test_a_name_that_is_no_hash_reaches_nothing(files, name):
    with pytest.raises(FileDamaged):
        run(files.get(OWNER, name))


def test_purge_sweeps_what_has_expired_and_nothing_else(files, place):
    put(files, b"short", NOW + timedelta(days=1))
    kept = put(files, b"long", NOW + timedelta(days=2))
    assert run(files.purge(NOW)) == 0
    assert run(files.purge(NOW + timedelta(days=1))) == 1
    assert run(files.get(OWNER, kept)) == b"long"
    assert place.count() == 1


@pytest.mark.parametrize("order", [(1, 5), (5, 1)], ids=["later after", "later before"])
def test_an_expiry_only_moves_later(files, order):
    for days in order:
        content_hash = put(files, b"x", NOW + timedelta(days=days))
    assert run(files.purge(NOW + timedelta(days=4))) == 0
    assert run(files.get(OWNER, content_hash)) == b"x"
    assert run(files.purge(NOW + timedelta(days=5))) == 1


def test_the_same_bytes_of_two_owners_expire_on_their_own(files):
    put(files, b"x", NOW + timedelta(days=1))
    content_hash = put(files, b"x", LATER, "eve@example.com")
    assert run(files.purge(NOW + timedelta(days=1))) == 1
    assert run(files.get("eve@example.com", content_hash)) == b"x"


def test_puts_at_the_same_time_keep_one_file_until_the_latest_time(files, place):
    async def together():
        others = [place.another() for _ in range(3)]
        days = [*range(1, 9), 20, *range(9, 13)]
        random.Random(3).shuffle(days)
        await asyncio.gather(*(
            store.put(OWNER, b"x", NOW + timedelta(days=day)) for store, day in zip((files, *others) * 4, days, strict=False)
        ))
        for other in others:
            if hasattr(other, "close"):
                await other.close()
        return max(days[:16])

    latest = run(together())
    assert place.count() == 1
    assert run(files.purge(NOW + timedelta(days=latest, seconds=-1))) == 0
    assert run(files.purge(NOW + timedelta(days=latest))) == 1


def test_a_put_that_was_acknowledged_is_never_swept_by_a_purge_beside_it(files):
    """The file has expired when both begin: the purge may win, but then the put keeps it anew."""

    async def race():
        await files.put(OWNER, b"x", NOW)
        content_hash, _ = await asyncio.gather(files.put(OWNER, b"x", LATER), files.purge(NOW))
        return await files.get(OWNER, content_hash)

    for _ in range(15):
        assert run(race()) == b"x"
        assert run(files.purge(LATER)) == 1
