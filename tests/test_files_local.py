import asyncio
from pathlib import Path

import pytest

from kraftd_core.adapters.files_local import LocalFiles
from kraftd_core.errors import FileDamaged, StoreUnavailable

OWNER = "ann@example.com"


def run(verb):
    return asyncio.run(verb)


@pytest.fixture
def files(tmp_path):
    return LocalFiles(tmp_path)


def kept(tmp_path: Path) -> list[Path]:
    return [path for path in tmp_path.rglob("*") if path.is_file()]


def test_bytes_come_back_as_they_were_put(files):
    assert run(files.get(OWNER, run(files.put(OWNER, b"\x00abc")))) == b"\x00abc"


def test_the_same_bytes_are_kept_once(files, tmp_path):
    assert run(files.put(OWNER, b"x")) == run(files.put(OWNER, b"x"))
    assert len(kept(tmp_path)) == 1


def test_another_owner_cannot_reach_a_file_by_its_hash(files):
    content_hash = run(files.put(OWNER, b"x"))
    with pytest.raises(FileDamaged):
        run(files.get("eve@example.com", content_hash))


def test_an_altered_file_is_not_handed_out(files, tmp_path):
    content_hash = run(files.put(OWNER, b"x"))
    kept(tmp_path)[0].write_bytes(b"y")
    with pytest.raises(FileDamaged, match="altered"):
        run(files.get(OWNER, content_hash))


def test_putting_an_altered_file_again_mends_it(files, tmp_path):
    content_hash = run(files.put(OWNER, b"x"))
    kept(tmp_path)[0].write_bytes(b"y")
    run(files.put(OWNER, b"x"))
    assert run(files.get(OWNER, content_hash)) == b"x"


@pytest.mark.parametrize("name", ["sha256:../../etc/passwd", "sha256:" + "a" * 63, "", "sha256:" + "A" * 64])
def test_a_name_that_is_no_hash_reaches_nothing(files, name):
    with pytest.raises(FileDamaged):
        run(files.get(OWNER, name))


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "taken").write_text("a file where the folder should be")
    with pytest.raises(StoreUnavailable, match="cannot be kept"):
        run(LocalFiles(tmp_path / "taken").put(OWNER, b"x"))
