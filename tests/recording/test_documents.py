"""The document repository keeps the original extraction, however large it is."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from kraftd_core.adapters.files.local import LocalFiles
from kraftd_core.adapters.stores.sqlite import SqliteStore
from kraftd_core.errors import FileDamaged
from kraftd_core.ports.reading import Extraction
from kraftd_core.recording.documents import add_version

OWNER = "ann@example.com"
CONTENT = "sha256:" + "a" * 64
NOW = datetime.now(UTC)


@pytest.fixture
async def keep(tmp_path):
    store, files = SqliteStore(tmp_path / "kraftd.sqlite3"), LocalFiles(tmp_path / "files")

    async def add(data, workflow, keep_until):
        extraction = Extraction("LOCAL", "local-1", "boq", data, {}, None, None)
        return await add_version(store, files, OWNER, "boq.xlsx", CONTENT, extraction, workflow, keep_until)

    add.files = files
    yield add
    await store.close()


async def test_a_usual_extraction_stands_in_the_document(keep):
    kept = await keep({"total": 1}, "w1", NOW)
    assert (kept.original_extraction, kept.original_extraction_file) == ({"total": 1}, None)


async def test_an_extraction_too_large_for_an_item_lies_in_the_file_store(keep):
    data = {"line_items": [{"_row_id": f"r{n}", "description": "x" * 90} for n in range(10_000)]}
    kept = await keep(data, "w1", NOW + timedelta(days=30))
    assert kept.original_extraction == {}
    assert json.loads(await keep.files.get(OWNER, kept.original_extraction_file)) == data


async def test_a_later_version_keeps_the_original_extraction_alive(keep):
    first = await keep({"note": "a" * 1_000_000}, "w1", NOW + timedelta(days=1))
    again = await keep({"note": "b" * 1_000_000}, "w2", NOW + timedelta(days=40))
    assert again.original_extraction_file == first.original_extraction_file
    await keep.files.purge(NOW + timedelta(days=30))
    assert json.loads(await keep.files.get(OWNER, first.original_extraction_file))["note"].startswith("a")
    await keep.files.purge(NOW + timedelta(days=41))
    with pytest.raises(FileDamaged):
        await keep.files.get(OWNER, first.original_extraction_file)
