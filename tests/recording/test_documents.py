"""The document repository keeps the original extraction, however large it is."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from kraftd_core.adapters.files.local import LocalFiles
from kraftd_core.adapters.stores.sqlite import SqliteStore
from kraftd_core.errors import FileDamaged, NotFound
from kraftd_core.ports.reading import Extraction
from kraftd_core.recording.documents import ReadDocument, add_version, keep_reading, kept_reading
from kraftd_core.records.stages import Place

OWNER = "ann@example.com"
CONTENT = "sha256:" + "a" * 64
NOW = datetime.now(UTC)


def reading_of(extraction):
    return ReadDocument("boq.xlsx", CONTENT, 7, extraction, 12.5)


@pytest.fixture
async def keep(tmp_path):
    store, files = SqliteStore(tmp_path / "kraftd.sqlite3"), LocalFiles(tmp_path / "files")

    async def add(data, workflow, keep_until):
        extraction = Extraction("LOCAL", "local-1", "boq", data, {}, None, None)
        return await add_version(store, files, OWNER, reading_of(extraction), workflow, keep_until)

    add.files, add.store = files, store
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


async def test_a_reading_is_kept_as_it_was_for_a_workflow_to_come(keep):
    data = {"document_type": "boq", "total": 1.5, "line_items": [{"_row_id": "r1", "amount": 3, "note": None}]}
    places = {"total": Place(confidence=0.5, page=1, polygon=[0.1, 0.2])}
    read = reading_of(Extraction("LOCAL", "local-1", "boq", data, places, 0.9, 2, ["One page was blank."], 0.7))
    document = await keep_reading(keep.store, keep.files, OWNER, read, NOW + timedelta(days=30))
    assert (document.workflows, document.original_extraction) == ((), data)
    assert await kept_reading(keep.store, keep.files, OWNER, document.document_id) == read


async def test_the_newest_reading_counts_and_a_workflow_leaves_it_there(keep):
    def read(total):
        return reading_of(Extraction("LOCAL", "local-1", "boq", {"total": total}, {}, None, None))

    for total in (1, 2):
        document = await keep_reading(keep.store, keep.files, OWNER, read(total), NOW + timedelta(days=30))
    kept = await keep({"total": 3}, "w1", NOW + timedelta(days=30))
    assert (kept.workflows, kept.original_extraction) == (("w1",), {"total": 1})
    assert await kept_reading(keep.store, keep.files, OWNER, document.document_id) == read(2)


async def test_a_document_that_no_workflow_came_for_goes_when_its_time_is_over(keep):
    read = reading_of(Extraction("LOCAL", "local-1", "boq", {}, {}, None, None))
    document = await keep_reading(keep.store, keep.files, OWNER, read, NOW + timedelta(days=1))
    await keep.store.purge(NOW)
    assert await keep.store.find(OWNER, CONTENT) is not None
    await keep.store.purge(NOW + timedelta(days=2))
    assert await keep.store.find(OWNER, CONTENT) is None
    with pytest.raises(NotFound):
        await kept_reading(keep.store, keep.files, OWNER, document.document_id)


async def test_a_reading_of_another_owner_or_of_a_page_is_not_there(keep):
    read = reading_of(Extraction("LOCAL", "local-1", "boq", {}, {}, None, None))
    document = await keep_reading(keep.store, keep.files, OWNER, read, NOW + timedelta(days=1))
    with pytest.raises(NotFound):
        await kept_reading(keep.store, keep.files, "eve@example.com", document.document_id)
