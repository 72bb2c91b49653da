"""How every file store names files, and what it says of those that are missing or altered."""

import os
import re
from collections.abc import AsyncGenerator, AsyncIterator
from hashlib import sha256
from pathlib import Path

from kraftd_core.errors import FileDamaged

CHUNK_BYTES = 256 * 1024

_HASH_FORM = re.compile(r"sha256:([0-9a-f]{64})")


def folder_of(owner_email: str) -> str:
    """The name under which all files of an owner lie; it does not tell the owner."""
    return sha256(owner_email.encode()).hexdigest()[:32]


def is_digest(name: str) -> bool:
    """Whether a name is the one of a kept file."""
    return _HASH_FORM.fullmatch(f"sha256:{name}") is not None


def digest_in(content_hash: str) -> str:
    """The name of the file with this `sha256:…`; raises FileDamaged for what has another form, which might be a path."""
    form = _HASH_FORM.fullmatch(content_hash)
    if form is None:
        raise FileDamaged("This file cannot be found. Produce it again.")
    return form[1]


def intact(content: bytes, digest: str) -> bytes:
    """The content if it is the one that was put; raises FileDamaged."""
    if sha256(content).hexdigest() != digest:
        raise altered()
    return content


async def intact_chunks(pieces: AsyncIterator[bytes], digest: str) -> AsyncGenerator[bytes]:
    """The pieces, of which the last is held back until all of them are known to be those that were put; raises FileDamaged."""
    found, held = sha256(), b""
    async for piece in pieces:
        if held:
            yield held
        found.update(piece)
        held = piece
    if found.hexdigest() != digest:
        raise altered()
    yield held


def altered() -> FileDamaged:
    """What to raise where the bytes are others than were put."""
    return FileDamaged("The stored file was altered since it was made, so it is not handed out. Produce it again.")


def missing() -> FileDamaged:
    """What to raise where there is no file under a proper name."""
    return FileDamaged("The stored file is missing. Produce it again from the same review.")


def sync(path: Path) -> None:
    """Waits until a file, or a folder's names, are on the disk; Windows opens neither for that without writing."""
    if os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
