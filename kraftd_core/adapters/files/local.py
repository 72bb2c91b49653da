"""Keeps uploads and deliverables in a local folder, each under its SHA-256, until the time its modification stamp names."""

import asyncio
import math
import os
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from hashlib import file_digest, sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO

from kraftd_core.adapters.files import stored
from kraftd_core.adapters.files.private import make_folder, opener
from kraftd_core.errors import StoreUnavailable

_DRAFT_PREFIX = "draft-"
_ABANDONED_AFTER = timedelta(days=1)
"""A draft this old was left by a process that died: writing takes seconds."""


class LocalFiles:
    """One folder an owner (named by a hash of the owner), one file a content. No path comes from the user.

    A file's modification time is its expiry. Putting and sweeping a file exclude each other by a lock on disk, which
    other processes see too, so that a put that was acknowledged is never swept by a purge that had looked before.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def put(self, owner_email: str, content: bytes, keep_until: datetime) -> str:
        """See the port; the file and its expiry are on the disk when this returns."""
        digest = sha256(content).hexdigest()
        try:
            await asyncio.to_thread(self._put, owner_email, digest, content, math.ceil(keep_until.timestamp()))
        except OSError as error:
            raise StoreUnavailable(f"The file cannot be kept ({error.strerror}). Make room on the disk and try again.") from error
        return f"sha256:{digest}"

    def _put(self, owner_email: str, digest: str, content: bytes, expiry: int) -> None:
        path = self._path(owner_email, digest)
        self._make_folder(path.parent)
        with self._locked(digest):
            kept_until = _expiry(path)
            if kept_until is None or path.read_bytes() != content:
                _write(path, content, max(expiry, kept_until or 0))
            elif kept_until < expiry:
                _move_expiry(path, expiry)

    async def get(self, owner_email: str, content_hash: str) -> bytes:
        """See the port."""
        digest = stored.digest_in(content_hash)
        try:
            content = await asyncio.to_thread(self._path(owner_email, digest).read_bytes)
        except FileNotFoundError as error:
            raise stored.missing() from error
        except OSError as error:
            raise _unreadable(error) from error
        return stored.intact(content, digest)

    async def chunks(self, owner_email: str, content_hash: str) -> AsyncGenerator[bytes]:
        """See the port; the file is looked through before its first piece is handed on."""
        digest = stored.digest_in(content_hash)
        try:
            file = await asyncio.to_thread(self._path(owner_email, digest).open, "rb")
            found = await asyncio.to_thread(file_digest, file, "sha256")
        except FileNotFoundError as error:
            raise stored.missing() from error
        except OSError as error:
            raise _unreadable(error) from error
        if found.hexdigest() != digest:
            file.close()
            raise stored.altered()
        file.seek(0)
        return stored.intact_chunks(_pieces(file), digest)

    async def check(self) -> bool:
        """Whether a file can be written; raises OSError where it cannot."""
        await asyncio.to_thread(self._write_nothing)
        return True

    def _write_nothing(self) -> None:
        self._make_folder(self._folder)
        with NamedTemporaryFile(dir=self._folder, prefix=_DRAFT_PREFIX) as draft:
            draft.write(b"\0")
            draft.flush()

    async def close(self) -> None:
        """See the port: a folder needs no connection."""

    async def purge(self, now: datetime) -> int:
        """See the port; sweeps drafts of processes that died, too."""
        try:
            return await asyncio.to_thread(self._purge, now)
        except OSError as error:
            raise StoreUnavailable(f"Expired files cannot be removed ({error.strerror}). Check the data folder.") from error

    async def altered(self) -> AsyncIterator[str]:
        """See the port."""
        for path in await asyncio.to_thread(lambda: sorted(kept_files(self._folder))):
            if not await asyncio.to_thread(_is_as_put, path):
                yield path.relative_to(self._folder).as_posix()

    def _purge(self, now: datetime) -> int:
        for draft in self._folder.glob(f"*/*/{_DRAFT_PREFIX}*"):
            if (_expiry(draft) or math.inf) < (now - _ABANDONED_AFTER).timestamp():
                draft.unlink(missing_ok=True)
        return sum(self._sweep(path, now) for path in kept_files(self._folder))

    def _sweep(self, path: Path, now: datetime) -> bool:
        if not _is_expired(path, now):
            return False
        with self._locked(path.name):  # it may be put again in this moment: the one that counts is the look inside
            expired = _is_expired(path, now)
            if expired:
                path.unlink()
            return expired

    def _path(self, owner_email: str, digest: str) -> Path:
        return self._folder / stored.folder_of(owner_email) / digest[:2] / digest

    def _make_folder(self, folder: Path) -> None:
        """Makes a folder within ours. What ours lies in is not made anew: where that is gone, so is all that was kept."""
        self._folder.parent.stat()
        make_folder(folder)

    @contextmanager
    def _locked(self, digest: str) -> Iterator[None]:
        """Excludes everyone else who touches files whose digest begins alike, in this process and in others."""
        locks = self._folder / "locks"
        self._make_folder(locks)
        with open(locks / digest[:2], "a", opener=opener) as lock:  # closing it unlocks
            if sys.platform == "win32":
                import msvcrt

                msvcrt.locking(lock.fileno(), msvcrt.LK_LOCK, 1)
            else:
                import fcntl

                fcntl.flock(lock, fcntl.LOCK_EX)
            yield


async def _pieces(file: BinaryIO) -> AsyncIterator[bytes]:
    try:
        with file:
            while piece := await asyncio.to_thread(file.read, stored.CHUNK_BYTES):
                yield piece
    except OSError as error:
        raise _unreadable(error) from error


def _unreadable(error: OSError) -> StoreUnavailable:
    """What to raise where a file cannot be read now, which says nothing of whether it is there."""
    return StoreUnavailable(f"The stored file cannot be read now ({error.strerror}). Try again; if it stays so, check the disk.")


def kept_files(folder: Path) -> Iterator[Path]:
    """The files of all owners in a folder of this kind."""
    return (path for path in folder.glob("*/*/*") if stored.is_digest(path.name))


def _is_as_put(path: Path) -> bool:
    """Whether a file has the bytes that its name says; one that was swept meanwhile has."""
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest() == path.name
    except FileNotFoundError:
        return True


def _expiry(path: Path) -> float | None:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return None


def _is_expired(path: Path, now: datetime) -> bool:
    """An expiry is in whole seconds; a stamp with a fraction is the time of a copy made by other means: no expiry, so no end."""
    expiry = _expiry(path)
    return expiry is not None and expiry.is_integer() and expiry <= now.timestamp()


def _write(path: Path, content: bytes, expiry: float) -> None:
    """Writes beside and moves into place, so that a half-written file is never found under the name."""
    with NamedTemporaryFile(dir=path.parent, prefix=_DRAFT_PREFIX, delete=False) as draft:
        try:
            draft.write(content)
            draft.flush()
            os.utime(draft.name, (expiry, expiry))
            os.fsync(draft.fileno())
        except OSError:
            with suppress(OSError):
                Path(draft.name).unlink()
            raise
    Path(draft.name).replace(path)
    stored.sync(path.parent)


def _move_expiry(path: Path, expiry: float) -> None:
    os.utime(path, (expiry, expiry))
    with path.open("r+b") as file:  # Windows flushes only what is open for writing
        os.fsync(file.fileno())
