import asyncio
import logging
import os
import stat
from contextlib import closing
from pathlib import Path

import pytest
from fakes import ACTOR, OWNER, Clock, make_desk

from kraftd_core.adapters.files.local import LocalFiles
from kraftd_core.adapters.files.private import make_file, make_folder, tighten_folder
from kraftd_core.adapters.stores.backup import back_up, restore
from kraftd_core.adapters.stores.spool import SpoolStore
from kraftd_core.adapters.stores.sqlite import SqliteStore
from kraftd_core.bootstrap import build_desk
from kraftd_core.errors import StoreUnavailable
from kraftd_core.settings import load_settings

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights in lists of its own")


@pytest.fixture(autouse=True)
def umask():
    """As it is on most computers: what is made without care can be read by everyone."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def rights(path):
    return stat.S_IMODE(path.lstat().st_mode)


def wide(folder):
    """What others may read or enter, the folder itself included, relative to it."""
    return sorted(str(p.relative_to(folder)) for p in (folder, *folder.rglob("*")) if rights(p) & 0o077)


def use(folder):
    """Takes a document through the first stage, and leaves the store open."""
    desk = make_desk(folder, Clock())
    asyncio.run(desk.read(ACTOR, "in.pdf", b"%PDF", lambda step: None))
    return desk


def test_all_that_is_kept_is_for_this_user_alone_while_it_is_in_use(tmp_path):
    desk = use(tmp_path / "data")
    kept = {path.name for path in (tmp_path / "data").iterdir()}
    assert {"records.sqlite3", "records.sqlite3-wal", "records.sqlite3-shm", "files"} <= kept
    assert wide(tmp_path / "data") == []
    asyncio.run(desk.close())


def test_the_folders_that_are_made_above_are_too(tmp_path):
    make_folder(tmp_path / "a" / "b" / "c")
    assert wide(tmp_path / "a") == []


def test_the_spool_is_for_this_user_alone(tmp_path):
    distant = SqliteStore(tmp_path / "distant.sqlite3")
    spool = SpoolStore(tmp_path / "data" / "spool.sqlite3", distant)
    assert wide(tmp_path / "data") == []
    asyncio.run(spool.close())


def test_a_backup_and_what_is_restored_from_it_are_for_this_user_alone(tmp_path):
    asyncio.run(use(tmp_path / "data").close())
    back_up(tmp_path / "data", tmp_path / "backups" / "today", Clock().now)
    assert wide(tmp_path / "backups") == []
    restore(tmp_path / "backups" / "today", tmp_path / "new" / "data")
    assert wide(tmp_path / "new") == []
    (tmp_path / "empty").mkdir(mode=0o755)
    restore(tmp_path / "backups" / "today", tmp_path / "empty")
    assert wide(tmp_path / "empty") == []


def test_a_copy_of_a_backup_that_everyone_can_read_is_restored_for_this_user_alone(tmp_path):
    asyncio.run(use(tmp_path / "data").close())
    back_up(tmp_path / "data", tmp_path / "today", Clock().now)
    for path in (tmp_path / "today", *(tmp_path / "today").rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    restore(tmp_path / "today", tmp_path / "restored")
    assert wide(tmp_path / "restored") == []


def widened(folder):
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def started(folder):
    asyncio.run(build_desk(load_settings(data_dir=folder)).close())


def test_a_folder_from_before_is_made_private_and_that_is_said_once(tmp_path, caplog):
    folder = tmp_path / "data"
    started(folder)
    asyncio.run(LocalFiles(folder / "files").put(OWNER, b"x", Clock().now))
    widened(folder)
    caplog.clear()
    started(folder)
    assert wide(folder) == []
    assert [r.levelname for r in caplog.records if "could read" in r.message] == ["WARNING"]
    assert str(tmp_path) not in caplog.text
    caplog.clear()
    started(folder)
    assert caplog.records == []


def test_a_folder_in_which_other_things_lie_stays_as_it_is_and_ours_in_it_becomes_private(tmp_path):
    folder = tmp_path / "home"
    folder.mkdir(mode=0o755)
    (folder / "letter.txt").write_text("mine")
    (folder / "letter.txt").chmod(0o644)
    started(folder)
    assert wide(folder) == [".", "letter.txt"]
    widened(folder)
    started(folder)
    assert wide(folder) == [".", "letter.txt"]


def test_a_link_is_not_followed(tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o755)
    (elsewhere / "letter.txt").write_text("mine")
    (elsewhere / "letter.txt").chmod(0o644)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "files").symlink_to(elsewhere)
    tighten_folder(tmp_path / "data")
    assert (rights(elsewhere), rights(elsewhere / "letter.txt")) == (0o755, 0o644)


def test_what_the_user_took_away_is_not_given_back(tmp_path):
    started(tmp_path / "data")
    (tmp_path / "data" / "kraftd.sqlite3").chmod(0o700)
    started(tmp_path / "data")
    assert rights(tmp_path / "data" / "kraftd.sqlite3") == 0o700


def test_rights_that_belong_to_another_user_stay_and_that_is_said(tmp_path, caplog, monkeypatch):
    started(tmp_path / "data")
    widened(tmp_path / "data")

    def refused(path, mode, **_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "chmod", refused)
    caplog.set_level(logging.WARNING)
    started(tmp_path / "data")
    assert "belongs to another user" in caplog.text


def test_a_file_that_is_there_keeps_its_content(tmp_path):
    (tmp_path / "x").write_bytes(b"kept")
    make_file(tmp_path / "x")
    assert (tmp_path / "x").read_bytes() == b"kept"


def test_files_are_not_kept_in_a_new_folder_where_the_data_folder_was_taken_away(tmp_path):
    (tmp_path / "data").mkdir()
    files = LocalFiles(tmp_path / "data" / "files")
    asyncio.run(files.put(OWNER, b"x", Clock().now))
    (tmp_path / "data").rename(tmp_path / "away")
    with pytest.raises(StoreUnavailable):
        asyncio.run(files.put(OWNER, b"y", Clock().now))
    with pytest.raises(OSError):
        asyncio.run(files.check())
    assert not (tmp_path / "data").exists()
    (tmp_path / "away").rename(tmp_path / "data")
    assert asyncio.run(files.check())
    assert list((tmp_path / "data" / "files").glob("draft-*")) == []


def test_a_database_that_was_taken_away_or_exchanged_under_the_store_is_found(tmp_path):
    store = SqliteStore(tmp_path / "records.sqlite3")
    assert asyncio.run(store.check())
    (tmp_path / "records.sqlite3").rename(tmp_path / "away")
    with pytest.raises(StoreUnavailable, match="moved away"):
        asyncio.run(store.check())
    (tmp_path / "records.sqlite3").write_bytes(b"")
    with pytest.raises(StoreUnavailable, match="moved away"):
        asyncio.run(store.check())
    (tmp_path / "away").replace(tmp_path / "records.sqlite3")
    assert asyncio.run(store.check())
    asyncio.run(store.close())


def test_a_database_that_others_hold_locked_is_not_ready_and_ready_again_after(tmp_path):
    import sqlite3

    store = SqliteStore(tmp_path / "records.sqlite3", patience_seconds=0.05)
    with closing(sqlite3.connect(tmp_path / "records.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable):
            asyncio.run(store.check())
        other.execute("ROLLBACK")
    assert asyncio.run(store.check())
    asyncio.run(store.close())
