"""Keeps uploads and deliverables in a local folder, each under its SHA-256."""

import asyncio
import os
import re
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

from kraftd_core.errors import FileDamaged, StoreUnavailable

_HASH_FORM = re.compile(r"sha256:([0-9a-f]{64})")


class LocalFiles:
    """One folder an owner (named by a hash of the owner), one file a content. No path comes from the user."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def put(self, owner_email: str, content: bytes) -> str:
        """See the port; the file is on the disk when this returns."""
        digest = sha256(content).hexdigest()
        try:
            await asyncio.to_thread(_written, self._path(owner_email, digest), content)
        except OSError as error:
            raise StoreUnavailable(f"The file cannot be kept ({error.strerror}). Make room on the disk and try again.") from error
        return f"sha256:{digest}"

    async def get(self, owner_email: str, content_hash: str) -> bytes:
        """See the port."""
        form = _HASH_FORM.fullmatch(content_hash)
        if form is None:
            raise FileDamaged("This file cannot be found. Produce it again.")
        try:
            content = await asyncio.to_thread(self._path(owner_email, form[1]).read_bytes)
        except OSError as error:
            raise FileDamaged("The stored file is missing. Produce it again from the same review.") from error
        if sha256(content).hexdigest() != form[1]:
            raise FileDamaged("The stored file was altered since it was made, so it is not handed out. Produce it again.")
        return content

    def _path(self, owner_email: str, digest: str) -> Path:
        return self._folder / sha256(owner_email.encode()).hexdigest()[:32] / digest[:2] / digest


def _written(path: Path, content: bytes) -> None:
    """Writes beside and moves into place, so that a half-written file is never found under the name."""
    if path.exists() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, delete=False) as draft:
        try:
            draft.write(content)
            draft.flush()
            os.fsync(draft.fileno())
        except OSError:
            Path(draft.name).unlink()
            raise
    Path(draft.name).replace(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Makes the new name itself durable; Windows cannot open folders and needs no such step."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
