"""Every real document we have goes through the extractor, by its own means or by a refusal in a sentence."""

import asyncio
import json
import os
from pathlib import Path

import pytest

from kraftd_core.adapters.readers.local.extractor import LocalExtractor
from kraftd_core.document.jsontypes import fields_of, is_table, tables_of
from kraftd_core.document.kinds import KINDS, kind_of

SHARED = Path(__file__).parents[3].parent / "shared" / "data"
DOCUMENTS = sorted(
    path
    for folder in ("documents", "more_documents")
    if (SHARED / folder).is_dir()
    for path in (SHARED / folder).iterdir()
    if path.suffix in (".pdf", ".png", ".jpg")
)
ONE_PICTURE_OF = 1 if os.environ.get("TEST_PICTURES") == "all" else 4  # each takes seconds
pytestmark = pytest.mark.skipif(not DOCUMENTS, reason="needs the shared documents")


def extracted(paths):
    """The extraction of each path, or what was raised instead."""

    async def all_of_them():
        extractor = LocalExtractor(ocr_seconds=120, parse_seconds=30)
        tasks = [extractor.extract(path.read_bytes(), path.name, lambda _: None) for path in paths]
        return await asyncio.gather(*tasks, return_exceptions=True)

    return dict(zip(paths, asyncio.run(all_of_them()), strict=True))


def is_picture(path):
    """Whether the document has to be recognised, which takes seconds."""
    return path.suffix != ".pdf" or path.name in ("ms_dps_invoice_3.pdf", "ms_dps_invoice_5.pdf")


@pytest.fixture(scope="module", params=["printed", pytest.param("pictures", marks=pytest.mark.slow)])
def read(request):
    chosen = [path for path in DOCUMENTS if is_picture(path) == (request.param == "pictures")]
    return extracted(chosen if request.param == "printed" else chosen[::ONE_PICTURE_OF])


def test_every_document_is_read(read):
    assert len(read) >= 4
    assert {path.name: found for path, found in read.items() if isinstance(found, BaseException)} == {}


def test_what_is_read_keeps_the_form_that_the_core_asks_for(read):
    for found in read.values():
        assert found.document_type == found.data["document_type"]
        assert found.document_type in KINDS
        assert all(is_table(rows) for _, rows in tables_of(found.data))
        assert all(not isinstance(value, (dict, list)) for _, value in fields_of(found.data))
        assert json.dumps(found.data, allow_nan=False)
        assert found.page_count and found.page_count >= 1


def test_every_place_lies_on_a_page_of_the_document(read):
    for found in read.values():
        for place in found.places.values():
            assert place.confidence is not None
            assert 0 < place.confidence <= 1
            if place.page is None:  # only the data embedded in the PDF states the value
                assert "embedded in the PDF" in found.notices[0]
                continue
            assert 1 <= place.page <= found.page_count
            assert len(place.polygon) == 8
            assert all(0 <= share <= 1 for share in place.polygon)


def test_vendor_date_and_total_of_documents_with_a_truth_are_mostly_theirs(read):
    pairs = []
    for path, found in read.items():
        truth_path = path.with_name(path.name.split(".")[0] + ".truth.json")
        if truth_path.exists():
            truth, kind = json.loads(truth_path.read_text("utf-8")), kind_of(found.document_type)
            pairs.append((words_of(found.data.get("vendor_name")), words_of(truth["vendor_name"])))
            pairs.append((found.data.get(kind.date), truth["invoice_date"]))
            pairs.append((found.data.get(kind.total), truth["invoice_total"]))
    stated = [(given, truth) for given, truth in pairs if truth]
    assert stated
    assert sum(given == truth for given, truth in stated) >= 0.8 * len(stated)


def words_of(name):
    """A name without its marks and capitals, which pictures do not always show."""
    return "".join(c for c in (name or "").casefold() if c.isalnum())
