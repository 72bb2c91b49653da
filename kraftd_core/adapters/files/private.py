"""Makes folders and files that no other user of the computer can read, and makes those so that were made wider before."""

import logging
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from kraftd_core.adapters.files.stored import sync

log = logging.getLogger(__name__)

_FOLDER, _FILE = 0o700, 0o600
_WIDER = 0o077
_OUR_FOLDERS = {"files", ".restoring"}
_BESIDE = ("-wal", "-shm", "-journal")
"""What SQLite writes beside a database; it gives these files the database's own rights."""


def make_folder(folder: Path) -> None:
    """Makes it and what is missing above it for this user alone; one that is there stays as it is."""
    if not folder.is_dir():
        if folder.parent != folder:
            make_folder(folder.parent)
        folder.mkdir(mode=_FOLDER, exist_ok=True)
        sync(folder.parent)  # else a power cut may take the folder with all that was put into it since


def make_file(path: Path) -> None:
    """Makes the file, empty, for this user alone, before another library opens it; one that is there stays as it is."""
    os.close(opener(str(path), os.O_RDWR | os.O_CREAT))


def opener(path: str, flags: int) -> int:
    """For `open`: a file that it makes is for this user alone."""
    return os.open(path, flags, _FILE)


def tighten_database(path: Path) -> None:
    """Takes others' rights to a database and to what lies beside it."""
    _told(sum(map(_tighten, (path, *(path.with_name(path.name + ending) for ending in _BESIDE)))), path.parent)


def tighten_folder(folder: Path) -> None:
    """Takes others' rights to a data folder and to what is ours in it.

    The folder itself stays as it is where other things lie in it too: then it is not ours alone.
    """
    changed = sum(map(_tighten, _ours(folder)))
    if all(_is_ours(entry) for entry in folder.iterdir()):
        changed += _tighten(folder)
    _told(changed, folder)


def _ours(folder: Path) -> Iterator[Path]:
    """What is ours in the folder; what lies in one of our folders only where that was open to others."""
    for entry in folder.iterdir():
        if _is_ours(entry):
            if entry.is_dir() and _is_wider(entry):
                yield from entry.rglob("*")
            yield entry


def _is_ours(entry: Path) -> bool:
    if entry.is_symlink():
        return False
    name = entry.name
    for ending in _BESIDE:
        name = name.removesuffix(ending)
    return name in _OUR_FOLDERS if entry.is_dir() else name.endswith(".sqlite3")


def _is_wider(path: Path) -> bool:
    return bool(path.lstat().st_mode & _WIDER)


def _tighten(path: Path) -> bool:
    """Whether others' rights were taken. Where they cannot be, as on a disk without rights, the data is read all the same."""
    try:
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode) or not mode & _WIDER:
            return False
        path.chmod(stat.S_IMODE(mode) & ~_WIDER)
        return not _is_wider(path)
    except FileNotFoundError:  # SQLite put it away meanwhile
        return False
    except PermissionError:
        log.warning("the data folder belongs to another user, so its rights stay as they are")
        return False


def _told(changed: int, folder: Path) -> None:
    """Says it once: the next start finds nothing to change."""
    if changed:
        log.warning("other users of this computer could read %s; now only this user can changed=%d", folder.name, changed)
