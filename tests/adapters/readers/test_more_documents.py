"""Every document we have, made or real, goes through the extractor, by its own means or by a refusal in a sentence."""

import asyncio
import io
import json
from dataclasses import dataclass

import pytest
from made_invoices import made
from shared_files import DOCUMENTS, SHARED, needs_documents

from kraftd_core.adapters.readers.local.extractor import LocalExtractor
from kraftd_core.desk.samples import make_sample
from kraftd_core.document.jsontypes import fields_of, is_table, tables_of
from kraftd_core.document.kinds import KINDS, kind_of

MORE = SHARED / "more_documents"


@dataclass(frozen=True)
class Document:
    """A file, and what it truly says where that is known."""

    name: str
    content: bytes
    truth: dict | None = None


def made_documents(few=False):
    return [Document(f"made_{seed}.pdf", *made(seed)) for seed in range(4 if few else 8)]


def scanned_documents():
    """The sample receipt, and made invoices as the pictures of themselves."""
    receipt = make_sample("receipt")
    pictures = [Document(f"{d.name}.png", picture_of(d.content), d.truth) for d in made_documents(few=True)[1:4]]
    return [Document("receipt.png", receipt), *pictures]


def picture_of(pdf):
    """The first page as a scanner of 150 dots to the inch gives it."""
    import pypdfium2

    out = io.BytesIO()
    pypdfium2.PdfDocument(pdf)[0].render(scale=150 / 72).to_pil().convert("L").save(out, "PNG")
    return out.getvalue()


def printed_documents():
    return real_documents(lambda path: not is_picture(path))


def some_printed_documents():
    return printed_documents()[::5]


def pictures():
    return real_documents(is_picture)


def real_documents(choice):
    folders = [folder for folder in (DOCUMENTS, MORE) if folder.is_dir()]
    paths = sorted(path for folder in folders for path in folder.iterdir() if path.suffix in (".pdf", ".png", ".jpg"))
    return [Document(path.name, path.read_bytes(), truth_of(path)) for path in paths if choice(path)]


def truth_of(path):
    beside = path.with_name(path.name.split(".")[0] + ".truth.json")
    return json.loads(beside.read_text("utf-8")) if beside.exists() else None


def is_picture(path):
    """Whether the document has to be recognised, which takes seconds."""
    return path.suffix != ".pdf" or path.name in ("ms_dps_invoice_3.pdf", "ms_dps_invoice_5.pdf")


def extracted(documents):
    """The extraction of each document, or what was raised instead."""

    async def all_of_them():
        extractor = LocalExtractor(ocr_seconds=120, parse_seconds=30)
        tasks = [extractor.extract(document.content, document.name, lambda _: None) for document in documents]
        return await asyncio.gather(*tasks, return_exceptions=True)

    return list(zip(documents, asyncio.run(all_of_them()), strict=True))


@pytest.fixture(scope="module", params=[
    made_documents,
    pytest.param(scanned_documents, marks=pytest.mark.ocr),
    pytest.param(some_printed_documents, marks=needs_documents),
    pytest.param(printed_documents, marks=[pytest.mark.large, needs_documents]),
    pytest.param(pictures, marks=[pytest.mark.ocr, pytest.mark.large, needs_documents]),
])  # fmt: skip
def read(request):
    return extracted(request.param())


@pytest.mark.slow
def test_every_document_is_read(read):
    assert len(read) >= 4
    assert {document.name: found for document, found in read if isinstance(found, BaseException)} == {}


def test_what_is_read_keeps_the_form_that_the_core_asks_for(read):
    for _, found in read:
        assert found.document_type == found.data["document_type"]
        assert found.document_type in KINDS
        assert all(is_table(rows) for _, rows in tables_of(found.data))
        assert all(not isinstance(value, (dict, list)) for _, value in fields_of(found.data))
        assert json.dumps(found.data, allow_nan=False)
        assert found.page_count and found.page_count >= 1


def test_every_place_lies_on_a_page_of_the_document(read):
    for _, found in read:
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
    for document, found in read:
        if truth := document.truth:
            kind = kind_of(found.document_type)
            pairs.append((words_of(found.data.get("vendor_name")), words_of(truth["vendor_name"])))
            pairs.append((found.data.get(kind.date), truth["invoice_date"]))
            pairs.append((found.data.get(kind.total), truth["invoice_total"]))
    stated = [(given, truth) for given, truth in pairs if truth]
    assert stated
    assert sum(given == truth for given, truth in stated) >= 0.8 * len(stated)


def words_of(name):
    """A name without its marks and capitals, which pictures do not always show."""
    return "".join(c for c in (name or "").casefold() if c.isalnum())
