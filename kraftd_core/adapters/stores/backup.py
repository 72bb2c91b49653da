"""Copies the data folder while the application runs, and puts a copy back once all in it was found to hold."""

import json
import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import file_digest, sha256
from itertools import groupby
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from kraftd_core.adapters.files.local import kept_files
from kraftd_core.adapters.files.private import make_file, make_folder, tighten_folder
from kraftd_core.adapters.files.stored import sync
from kraftd_core.adapters.stores.migrations import SCHEMA_VERSION
from kraftd_core.errors import FileDamaged, NotFound, SettingsError, StoreUnavailable
from kraftd_core.records.chain import verify
from kraftd_core.records.journal import JournalEntry, flaw_in
from kraftd_core.records.stages import rfc3339

FILES = "files"
"""The folder of the local file store within the data folder."""

_MANIFEST = "manifest.json"
_FORMAT = 1
_STAGING = ".restoring"
_DATABASE_NAME = re.compile(r"[\w-]+\.sqlite3")
_FILE_NAME = re.compile(r"[0-9a-f]{32}/[0-9a-f]{2}/([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds; `left_out` files were altered in the file store, so there was nothing worth keeping."""

    workflows: int
    records: int
    files: int
    left_out: int


def back_up(data_dir: Path, target: Path, now: datetime) -> Backup:
    """Copies the databases and the files to a new folder, which appears once it is whole.

    The records are those of one moment, and the files that they name are copied after them. Raises NotFound, StoreUnavailable.
    """
    databases = sorted(data_dir.glob("*.sqlite3"))
    if not databases:
        raise NotFound(f"There are no records in {data_dir}. Name their folder in KRAFTD_DATA_DIR.")
    if target.exists():
        raise StoreUnavailable(f"{target} exists already, and a backup is never written over. Name a new folder.")
    with _said(f"The backup cannot be written to {target}"):
        make_folder(target.parent)
        unfinished = Path(mkdtemp(dir=target.parent, prefix=f".{target.name}-"))
        try:
            backup = _copied(databases, data_dir / FILES, unfinished, now)
            unfinished.rename(target)
            return backup
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)


def _copied(databases: list[Path], files: Path, target: Path, now: datetime) -> Backup:
    described = {database.name: _database_copied(database, target / database.name) for database in databases}
    expiries: dict[str, float] = {}
    left_out = []
    for path in kept_files(files):
        name = path.relative_to(files).as_posix()
        try:
            content, expiry = path.read_bytes(), path.stat().st_mtime
        except FileNotFoundError:  # it expired and was swept meanwhile
            continue
        if sha256(content).hexdigest() != path.name:
            left_out.append(name)
            continue
        _write(target / FILES / name, content, expiry)
        expiries[name] = expiry
    manifest = {
        "format": _FORMAT, "made_at": rfc3339(now), "databases": described, "files": expiries, "left_out": left_out,
    }  # fmt: skip
    _write(target / _MANIFEST, json.dumps(manifest, indent=1).encode(), now.timestamp())
    return _backup(manifest)


def _database_copied(source: Path, target: Path) -> dict[str, Any]:
    """Copies a database as it is in one moment, while others write to it; its hash, and how much it holds."""
    make_file(target)
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # the copy is one file, with no log beside it
        counts = {"workflows": _count(copy, "workflows"), "records": _count(copy, "records")}
    sync(target)
    return {"sha256": _hash_of(target), **counts}


def restore(source: Path, data_dir: Path) -> Backup:
    """Puts a backup into an empty data folder, after every database, chain and file of it was verified.

    Raises FileDamaged, NotFound, SettingsError, StoreUnavailable; then nothing was changed.
    """
    manifest = _manifest(source)
    is_new = not data_dir.exists()
    staging = data_dir / _STAGING
    with _said(f"The backup cannot be restored to {data_dir}"):
        if not is_new and any(data_dir.iterdir()):
            raise SettingsError(f"{data_dir} is not empty, and nothing in it is written over. Name an empty KRAFTD_DATA_DIR.")
        try:
            make_folder(staging)
            _stage(source, manifest, staging)
            _put_in_place(staging, data_dir, list(manifest["databases"]))
            is_new = False
        finally:
            shutil.rmtree(staging, ignore_errors=True)
            if is_new:
                data_dir.rmdir()
    return _backup(manifest)


def _manifest(source: Path) -> dict[str, Any]:
    """What a backup says it holds, checked for its form: names in it become paths."""
    try:
        manifest: dict[str, Any] = json.loads((source / _MANIFEST).read_bytes())
        names = all(map(_DATABASE_NAME.fullmatch, manifest["databases"])) and all(map(_FILE_NAME.fullmatch, manifest["files"]))
        _backup(manifest)
    except OSError as error:
        raise NotFound(f"{source} holds no backup ({error.strerror}). Name the folder that a backup was written to.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged("its list of contents cannot be read") from error
    if manifest["format"] != _FORMAT:
        raise _damaged("another version of this application made it")
    if not names:
        raise _damaged("its list of contents names what no backup holds")
    return manifest


def _stage(source: Path, manifest: dict[str, Any], staging: Path) -> None:
    """Copies all of the backup beside its final place and verifies the copies."""
    for name, described in manifest["databases"].items():
        _copy_database(source / name, staging / name)
        if _hash_of(staging / name) != described["sha256"]:
            raise _damaged(f"{name} was altered")
        _verify_database(staging / name)
    make_folder(staging / FILES)
    for name, expiry in manifest["files"].items():
        content = _read(source, name)
        if sha256(content).hexdigest() != Path(name).name:
            raise _damaged(f"the file {name} was altered")
        _write(staging / FILES / name, content, expiry)


def _copy_database(source: Path, target: Path) -> None:
    make_file(target)
    try:
        shutil.copyfile(source, target)
    except FileNotFoundError as error:
        raise _damaged(f"{source.name} is missing") from error
    sync(target)


def _read(source: Path, name: str) -> bytes:
    try:
        return (source / FILES / name).read_bytes()
    except FileNotFoundError as error:
        raise _damaged(f"the file {name} is missing") from error


def _verify_database(path: Path) -> None:
    try:
        with closing(sqlite3.connect(path)) as db:
            found = [row[0] for row in db.execute("PRAGMA integrity_check")]
            if found != ["ok"]:
                raise _damaged(f"{path.name} is damaged")
            if db.execute("PRAGMA user_version").fetchone()[0] > SCHEMA_VERSION:
                raise _damaged("a newer version of this application made it")
            _verify_chains(db)
            _verify_journals(db)
    except sqlite3.DatabaseError as error:
        raise _damaged(f"{path.name} is damaged") from error


def _verify_chains(db: sqlite3.Connection) -> None:
    rows = db.execute("SELECT export_workflow_id, body FROM records ORDER BY export_workflow_id, sequence")
    for workflow, stages in groupby(rows, key=lambda row: row[0]):
        try:
            flaw = verify([json.loads(body) for _, body in stages])
        except ValueError as error:
            raise _damaged(f"a record of workflow {workflow} cannot be read") from error
        if flaw is not None:
            raise _damaged(f"workflow {workflow} does not hold: {flaw.sentence.rstrip('.')}")


def _verify_journals(db: sqlite3.Connection) -> None:
    """Each journal is a chain; a backup of before there were any has none."""
    if not db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'journal'").fetchone():
        return
    entries = (JournalEntry(*row) for row in db.execute("SELECT * FROM journal ORDER BY owner_email, n"))
    for _, journal in groupby(entries, key=lambda entry: entry.owner_email):
        if flaw := flaw_in(journal):
            raise _damaged(flaw.rstrip("."))


def _put_in_place(staging: Path, data_dir: Path, databases: list[str]) -> None:
    """The databases come last: without them the folder is not taken for a whole one."""
    for name in (FILES, *databases):
        if (data_dir / name).exists():  # an application was started on the folder meanwhile
            raise SettingsError(f"{data_dir} is in use. Stop the application, empty the folder and restore again.")
        (staging / name).rename(data_dir / name)
    tighten_folder(data_dir)
    sync(data_dir)


def _backup(manifest: dict[str, Any]) -> Backup:
    described = manifest["databases"].values()
    return Backup(
        workflows=sum(database["workflows"] for database in described),
        records=sum(database["records"] for database in described),
        files=len(manifest["files"]),
        left_out=len(manifest["left_out"]),
    )


def _damaged(why: str) -> FileDamaged:
    return FileDamaged(f"The backup is not restored, because {why}. Nothing was changed; take another backup.")


@contextmanager
def _said(what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreUnavailable(f"{what} ({error.strerror}). Make room, or name another folder.") from error
    except sqlite3.Error as error:
        raise StoreUnavailable(f"{what} ({error}). Check the records and try again.") from error


def _count(db: sqlite3.Connection, table: str) -> int:
    count: int = db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608  only our own names
    return count


def _write(path: Path, content: bytes, modified: float | None = None) -> None:
    make_folder(path.parent)
    make_file(path)
    path.write_bytes(content)
    if modified is not None:
        os.utime(path, (modified, modified))
    sync(path)


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
