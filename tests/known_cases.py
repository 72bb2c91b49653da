"""Documents whose data is known: the real ones with their truth where they lie beside the project, made ones, and our samples."""

import asyncio
import json
from datetime import date

from made_invoices import made
from shared_files import truths

from kraftd_core.adapters.readers.local.extractor import LocalExtractor
from kraftd_core.desk.samples import SAMPLES
from kraftd_core.document.checks.checking import check
from kraftd_core.document.jsontypes import Data, with_row_ids
from kraftd_core.document.kinds import kind_of
from kraftd_core.ports.thinking import Case
from kraftd_core.records.stages import Place

TODAY = date(2026, 11, 20)
MADE = range(40)  # the seeds of the made documents
_LIKE = ("vendor_name", "customer_name", "currency", "subtotal", "total_tax", "line_items")


def case_of(name: str, data: Data, places: dict[str, Place] | None = None, confidence: float | None = None) -> Case:
    """The case of a document that was read so."""
    kind = str(data.get("document_type") or "other")
    return Case(name, kind, data, places or {}, check(data, TODAY), TODAY, confidence)


def truth_cases() -> list[Case]:
    """The real documents as they truly are."""
    told = [(path.name.replace(".truth.json", ".pdf"), json.loads(path.read_text(encoding="utf-8"))) for path in truths()]
    return [case_of(name, _true_data(truth)) for name, truth in told]


def made_cases() -> list[Case]:
    """Made documents as they truly are."""
    return [case_of(f"made_{seed}.pdf", _true_data(made(seed)[1])) for seed in MADE]


def _true_data(truth: Data) -> Data:
    kind = kind_of(truth["doc_type"])
    parts = {"invoice_id": kind.number, "invoice_date": kind.date, "due_date": kind.due, "invoice_total": kind.total}
    renamed = {name: truth[part] for part, name in parts.items() if name}
    return with_row_ids({"document_type": kind.name} | renamed | {name: truth[name] for name in _LIKE})


def read_cases(files: list[tuple[str, bytes]]) -> list[Case]:
    """Files, each by its name and its bytes, as the local reader reads them."""
    return asyncio.run(_read(files))


def sample_cases() -> list[Case]:
    """Our own samples as the local reader reads them; the photo aside, which takes seconds."""
    return read_cases([(sample.filename, sample.content()) for sample in SAMPLES if sample.key != "receipt"])


async def _read(files: list[tuple[str, bytes]]) -> list[Case]:
    extractor = LocalExtractor(ocr_seconds=120, parse_seconds=60)
    read = [await extractor.extract(content, name, lambda _: None) for name, content in files]
    return [case_of(name, e.data, e.places, e.confidence) for (name, _), e in zip(files, read, strict=True)]
