import asyncio
import os
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kraftd_core.adapters.files.local import LocalFiles, kept_files
from kraftd_core.errors import FileDamaged, StoreUnavailable

OWNER = "ann@example.com"
NOW = datetime(2026, 10, 6, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=30)


def run(verb):
    return asyncio.run(verb)


@pytest.fixture
def files(tmp_path):
    return LocalFiles(tmp_path)


def test_no_name_on_the_disk_tells_the_owner(files, tmp_path):
    run(files.put(OWNER, b"x", LATER))
    assert not [path for path in tmp_path.rglob("*") if "ann" in path.name or "@" in path.name]


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "taken").write_text("a file where the folder should be")
    with pytest.raises(StoreUnavailable, match="cannot be kept"):
        run(LocalFiles(tmp_path / "taken").put(OWNER, b"x", LATER))


def test_a_file_put_again_while_a_purge_reaches_for_it_stays(tmp_path):
    class PutInBetween(LocalFiles):
        """Someone puts the file after the purge saw that it had expired, before it removes it."""

        def _locked(self, digest):
            run(LocalFiles(tmp_path).put(OWNER, b"x", LATER))
            return super()._locked(digest)

    content_hash = run(LocalFiles(tmp_path).put(OWNER, b"x", NOW))
    slow = PutInBetween(tmp_path)
    assert slow._purge(NOW) == 0
    assert run(slow.get(OWNER, content_hash)) == b"x"


def test_a_file_put_again_while_a_purge_removes_it_is_kept_anew(files, tmp_path, monkeypatch):
    content_hash, unlink = run(files.put(OWNER, b"x", NOW)), Path.unlink
    putting = threading.Thread(target=lambda: run(LocalFiles(tmp_path).put(OWNER, b"x", LATER)))

    def slow(path, **options):
        putting.start()
        putting.join(timeout=0.5)  # it has to wait for the purge; were it let in, it would be done by now
        unlink(path, **options)

    monkeypatch.setattr(Path, "unlink", slow)
    assert run(files.purge(NOW)) == 1
    putting.join()
    assert run(files.get(OWNER, content_hash)) == b"x"


def test_a_full_disk_refuses_and_leaves_no_draft(files, tmp_path, monkeypatch):
    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreUnavailable, match="No space left"):
        run(files.put(OWNER, b"x", LATER))
    assert list(tmp_path.rglob("draft-*")) == []
    monkeypatch.undo()
    with pytest.raises(FileDamaged, match="missing"):
        run(files.get(OWNER, "sha256:2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"))


def test_a_purge_sweeps_drafts_left_for_a_day_and_no_younger_ones(files, tmp_path):
    run(files.put(OWNER, b"x", LATER))
    (path,) = kept_files(tmp_path)
    for name, hours in (("draft-old", 25), ("draft-young", 23)):
        moment = (NOW - timedelta(hours=hours)).timestamp()
        (path.parent / name).write_bytes(b"half")
        os.utime(path.parent / name, (moment, moment))
    assert run(files.purge(NOW)) == 0
    assert {p.name for p in path.parent.iterdir()} == {path.name, "draft-young"}


def test_a_file_that_was_copied_here_by_other_means_has_no_expiry_until_it_is_put(files, tmp_path):
    run(files.put(OWNER, b"x", LATER))
    (path,) = kept_files(tmp_path)
    copied = NOW.timestamp() + 0.25
    os.utime(path, (copied, copied))
    assert run(files.purge(LATER)) == 0
    run(files.put(OWNER, b"x", LATER))
    assert run(files.purge(LATER)) == 1


PUTTER = """
import asyncio, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from kraftd_core.adapters.files.local import LocalFiles

async def main():
    files = LocalFiles(Path(sys.argv[1]))
    number = 0
    while True:
        number += 1
        print(await files.put("ann@example.com", b"%d" % number * 20_000, datetime(2099, 1, 1, tzinfo=UTC)), flush=True)

asyncio.run(main())
"""


@pytest.mark.parametrize("kill_after", [1, 7, 40])
def test_a_killed_writer_loses_no_acknowledged_file_and_leaves_none_half_written(files, tmp_path, kill_after):
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])}
    command = [sys.executable, "-c", PUTTER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as writer:
        acknowledged = [writer.stdout.readline() for _ in range(kill_after)]
        writer.kill()
        acknowledged += [line for line in writer.stdout.read().splitlines(keepends=True) if line.endswith("\n")]
    for content_hash in acknowledged:
        assert run(files.get(OWNER, content_hash.strip()))
    for path in kept_files(tmp_path):
        assert run(files.get(OWNER, f"sha256:{path.name}"))


async def test_a_file_altered_while_it_is_handed_out_breaks_off_before_its_last_piece(tmp_path):
    files, content = LocalFiles(tmp_path), b"a" * 2_000_000
    content_hash = await files.put(OWNER, content, LATER)
    (path,) = kept_files(tmp_path)
    pieces, got = await files.chunks(OWNER, content_hash), b""
    with pytest.raises(FileDamaged, match="altered"):
        async for piece in pieces:
            got += piece
            path.write_bytes(content[:-1] + b"b")
    assert len(got) < len(content)


@pytest.mark.parametrize("trouble", [5, 13, 24, 116])  # a disk's error, no right, too many open files, a share that went away
def test_a_file_that_cannot_be_read_now_is_not_called_missing(files, monkeypatch, trouble):
    content_hash = run(files.put(OWNER, b"x", LATER))

    def failing(*_given, **_more):
        raise OSError(trouble, os.strerror(trouble))

    monkeypatch.setattr(Path, "read_bytes", failing)
    monkeypatch.setattr(Path, "open", failing)
    for reading in (files.get, files.chunks):
        with pytest.raises(StoreUnavailable, match=os.strerror(trouble)):
            run(reading(OWNER, content_hash))


def test_a_new_folder_is_on_the_disk_up_to_the_data_folder(tmp_path, monkeypatch):
    synced, sync = [], os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (synced.append(Path(f"/proc/self/fd/{handle}").resolve()), sync(handle)))
    run(LocalFiles(tmp_path / "data").put(OWNER, b"x", LATER))
    (path,) = kept_files(tmp_path / "data")
    assert {path.parent, path.parent.parent, tmp_path / "data", tmp_path} <= set(synced)


async def test_files_that_were_altered_are_named_when_all_are_walked(files, tmp_path):
    for content in (b"x", b"y", b"z"):
        await files.put(OWNER, content, LATER)
    assert [name async for name in files.altered()] == []
    first = min(kept_files(tmp_path))
    first.write_bytes(b"other")
    assert [name async for name in files.altered()] == [first.relative_to(tmp_path).as_posix()]
