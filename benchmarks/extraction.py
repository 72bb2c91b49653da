"""How well and how fast the local extractor reads documents: python benchmarks/extraction.py FOLDER --predictions OUT

Every document of the folder gets OUT/NAME.json with flat fields, and OUT/NAME.EXT.json as `extract` prints it. Where
NAME.truth.json lies beside it, what was read is compared: figures a field, and whether the confidences hold. PDFs are timed
against pdfium's bare text of their pages, and against pdfplumber's. Of every document the rows seen and taken, the seconds a
page and the largest memory of a child so far are printed; where the truth counts rows, as it does of bills and orders, that
count stands beside them. With --bills N the folder is left alone: bills of N lines are drawn, ruled and without lines, and read.
With --reader azure each PDF is rendered into an answer of Document Intelligence's shape and read from that: the figures are
synthetic, as no mistake of the service is in it.
"""

import argparse
import asyncio
import io
import json
import re
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from kraftd_core.adapters.readers.local.extractor import LocalExtractor  # noqa: E402
from kraftd_core.document.filenames import KIND_OF_ENDING  # noqa: E402
from kraftd_core.document.jsontypes import is_table  # noqa: E402
from kraftd_core.document.kinds import kind_of  # noqa: E402
from kraftd_core.document.ledger.told import ledger_said  # noqa: E402
from kraftd_core.errors import KraftdError  # noqa: E402
from kraftd_core.ports.reading import Extraction  # noqa: E402

READABLE = tuple(f".{ending}" for ending in KIND_OF_ENDING if ending != "json")
AMOUNTS = ("subtotal", "total_tax", "invoice_total")
FIELDS = ("vendor_name", "customer_name", "invoice_id", "invoice_date", "due_date", "currency", *AMOUNTS)
SURE = 0.9
Judged = tuple[str, str, float | None, bool]
"""Issuer, field, confidence, and whether the value given is right."""


def flat(data: dict[str, Any], places: dict[str, Any]) -> tuple[dict[str, Any], dict[str, float | None]]:
    """The fields under the names that truths use, and their confidences."""
    kind = kind_of(data.get("document_type"))
    own = {"invoice_id": kind.number, "invoice_date": kind.date, "due_date": kind.due, "invoice_total": kind.total}
    fields = {field: data.get(own.get(field) or field) for field in FIELDS}
    confidences = {field: getattr(places.get(own.get(field) or field), "confidence", None) for field in FIELDS}
    rows = next((v for v in data.values() if isinstance(v, list) and v and isinstance(v[0], dict)), [])
    return {"doc_type": data.get("document_type"), **fields, "line_items": rows}, confidences


def is_right(field: str, given: Any, truth: Any) -> bool:
    """Amounts to the cent, names by their words, the rest by their letters."""
    if field in AMOUNTS:
        return isinstance(given, int | float) and abs(Decimal(str(given)) - Decimal(str(truth))) <= Decimal("0.01")
    words, wanted = (re.findall(r"\w+", str(text).casefold()) for text in (given, truth))
    if field.endswith("_name"):
        return bool(wanted) and (set(wanted) <= set(words) or set(words) <= set(wanted)) and len(words) <= 2 * len(wanted) + 2
    return words == wanted


def processor_seconds(work: Callable[[], object], times: int = 3) -> float:
    """What the work takes of the processor, the fastest time of some: other programs run beside it."""

    def once() -> float:
        began = time.process_time()
        work()
        return time.process_time() - began

    return min(once() for _ in range(times))


def bare_text(content: bytes) -> int:
    """Reads the text of the pages with pypdfium2 alone; how many pages there are."""
    import pypdfium2

    pdf = pypdfium2.PdfDocument(content)
    for page in pdf:
        page.get_textpage().get_text_range()
        page.close()
    return len(pdf)


def plumbed_text(content: bytes) -> list[str]:
    import pdfplumber

    with pdfplumber.open(io.BytesIO(content)) as pdf:
        return [page.extract_text() for page in pdf.pages]


def seconds_a_page(content: bytes) -> tuple[float, ...] | None:
    """Processor seconds a page: pdfium's bare text, words and cells, the whole reading, pdfplumber's text; None for a scan."""
    from kraftd_core.adapters.readers.local.pages.paged import read_pdf
    from kraftd_core.adapters.readers.local.pages.pdf.sheets import sheets

    if not any(sheet.words for sheet in sheets(content)):
        return None
    count = bare_text(content)
    return (
        processor_seconds(lambda: bare_text(content)) / count,
        processor_seconds(lambda: list(sheets(content))) / count,
        processor_seconds(lambda: read_pdf(content, lambda _: None, 1e6, 1e6)) / count,
        processor_seconds(lambda: plumbed_text(content), times=1) / count,
    )


def read_bills(count: int) -> None:
    """Reads a ruled bill and one without lines, and prints recall, pages, time and memory."""
    import resource

    sys.path.insert(0, str(PROJECT / "tests"))
    from ruled_pages import bill, bill_lines

    from kraftd_core.adapters.readers.local.pages.paged import read_pdf

    lines = bill_lines(count)
    wanted = {(line.position, float(line.quantity), float(line.price), float(line.amount)) for line in lines}
    for ruled in (True, False):
        content = bill(lines, ruled=ruled)
        began = time.process_time()
        data = read_pdf(content, lambda _: None, 1e6, 1e6).as_json()
        seconds = time.process_time() - began
        rows = data["data"].get("line_items", [])
        found = {(str(r.get("position")), *(float(r.get(c) or 0) for c in ("quantity", "unit_price", "amount"))) for r in rows}
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(
            f"{count} lines on {data['page_count']} pages, {'ruled' if ruled else 'without lines'}: rows {len(rows)}, "
            f"recall {len(found & wanted) / len(wanted):.3f}, {seconds:.2f} s of the processor, {memory} MB at most"
        )


class RenderedReader:
    """Reads PDFs from rendered answers of Document Intelligence, everything else locally, as the product does."""

    def __init__(self) -> None:
        self._local = LocalExtractor()

    async def extract(self, content: bytes, name: str, progress: Callable[[str], None]) -> Extraction:
        if not content.startswith(b"%PDF-"):
            return await self._local.extract(content, name, progress)
        sys.path.insert(0, str(PROJECT / "tests"))
        from di_rendering import rendered_answer

        from kraftd_core.adapters.readers.azure import MODELS
        from kraftd_core.adapters.readers.azure.answers import extraction_of

        looked = await self._local.look(content, name)
        answer = rendered_answer(content, MODELS.get(looked or "other", "prebuilt-document"))
        return extraction_of(json.loads(json.dumps(answer), parse_float=Decimal), looked)


def printed(extraction: Extraction) -> dict[str, Any]:
    """The reading as `extract` prints it, for the scorers that take that."""
    tables = {name: value for name, value in extraction.data.items() if is_table(value)}
    fields = {name: {"value": value} for name, value in extraction.data.items() if name not in tables}
    return {"document_type": extraction.document_type, "fields": fields, "tables": tables}


def truth_of(document: Path) -> dict[str, Any] | None:
    """The truth beside a document; NAME.plain.pdf has that of NAME."""
    path = document.with_name(document.stem.removesuffix(".plain") + ".truth.json")
    return json.loads(path.read_text("utf-8")) if path.is_file() else None


def rows_told(name: str, extraction: Extraction, truth: dict[str, Any] | None, seconds: float) -> str:
    """A line of the ledger: rows seen and taken, what the truth counts, seconds a page, and memory."""
    ledger = extraction.ledger or []
    seen, taken = sum(entry.rows_seen for entry in ledger), sum(entry.rows_taken for entry in ledger)
    counted = "" if not truth or truth.get("rows") is None else f" of {truth['rows']}"
    pages, memory = extraction.page_count or 1, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    said = ledger_said(ledger) or "nothing counted"
    return f"{name}: {seen} seen, {taken}{counted} taken ({said}); {seconds / pages:.2f} s a page, {memory:.0f} MB"


def judged(given: dict[str, Any], confidences: dict[str, float | None], truth: dict[str, Any]) -> Iterator[Judged]:
    """Every value that was given and that the truth knows."""
    issuer = str(truth.get("vendor_name"))
    for field in FIELDS:
        if truth.get(field) is not None and given[field] not in (None, ""):
            yield issuer, field, confidences[field], is_right(field, given[field], truth[field])


def report(values: list[Judged], wanted: dict[str, int]) -> None:
    """Prints recall and precision a field, and how often values of each confidence are right."""
    recalls = []
    for field in (f for f in FIELDS if wanted[f]):
        mine = [right for _, name, _, right in values if name == field]
        recalls.append(sum(mine) / wanted[field])
        print(f"{field:14} recall {recalls[-1]:.3f}  precision {share(mine)}")
    print(f"macro of fields {statistics.mean(recalls):.4f}, precision of all values {share([v[3] for v in values])}")
    held_by([(sure, right) for *_, sure, right in values if sure is not None])
    print(f"one issuer left out, classes chosen on the others: right {share(left_out(values))}")


def held_by(known: list[tuple[float, bool]]) -> None:
    """Prints what confidences are worth: by tenths how often such values are right, the gap, and how they part errors."""
    gap = 0.0
    for tenth in range(10):
        mine = [(sure, right) for sure, right in known if min(int(10 * sure), 9) == tenth]
        if mine:
            rights, mean = [right for _, right in mine], statistics.mean(sure for sure, _ in mine)
            gap += len(mine) / len(known) * abs(statistics.mean(rights) - mean)
            print(f"confidence {tenth / 10:.1f} to {(tenth + 1) / 10:.1f}: {mean:.3f} in the mean, right {share(rights)}")
    print(f"expected calibration error {gap:.3f}, {parted(known)}")


def parted(known: list[tuple[float, bool]]) -> str:
    """How well confidence parts right from wrong: the area under the curve, and the errors among the least sure."""
    right, wrong = ([sure for sure, is_so in known if is_so is wanted] for wanted in (True, False))
    if not right or not wrong:
        return f"{len(wrong)} errors among {len(known)}: nothing to part"
    area = statistics.mean((a > b) + (a == b) / 2 for a in right for b in wrong)
    ordered = [is_so for _, is_so in sorted(known, key=lambda pair: pair[0])]
    caught = [ordered[: len(ordered) * tenths // 10].count(False) / len(wrong) for tenths in (1, 2, 3)]
    shares = ", ".join(f"{share:.2f}" for share in caught)
    return f"area under the curve {area:.3f}, errors among the least sure 10, 20, 30 %: {shares} of {len(wrong)}"


def left_out(values: list[Judged]) -> list[bool]:
    """Of each issuer, the values in classes of confidence that are right in 95 of 100 cases on all other issuers."""
    held = []
    for issuer in {each for each, *_ in values}:
        others: dict[float, list[bool]] = {}
        for name, _, sure, right in values:
            if name != issuer and sure is not None:
                others.setdefault(round(sure, 1), []).append(right)
        good = {sure for sure, rights in others.items() if sum(rights) / len(rights) >= 0.95}
        held += [right for name, _, sure, right in values if name == issuer and sure is not None and round(sure, 1) in good]
    return held


def share(rights: list[bool]) -> str:
    """The share that is right, with the counts."""
    return f"{sum(rights) / len(rights):.3f} ({sum(rights)} of {len(rights)})" if rights else "none"


def main() -> None:
    """Reads the folder, writes the predictions and prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=PROJECT.parent / "shared" / "data" / "documents")
    parser.add_argument("--predictions", type=Path)
    parser.add_argument("--reader", choices=("local", "azure"), default="local")
    parser.add_argument("--bills", type=int, help="lines of the bills that are drawn instead")
    asked = parser.parse_args()
    if asked.bills:
        read_bills(asked.bills)
        return
    if not asked.folder.is_dir():
        sys.exit(f"There is no folder {asked.folder}: name one that holds documents.")
    measure(sorted(p for p in asked.folder.iterdir() if p.suffix.lower() in READABLE), asked.predictions, asked.reader)


def measure(documents: list[Path], out: Path | None, reader: str) -> None:
    """Reads each document once through the product's own door, and each PDF once more for the time."""
    groups: dict[str, list[Judged]] = {"plain": [], "other": []}
    wanted: dict[str, dict[str, int]] = {name: dict.fromkeys(FIELDS, 0) for name in groups}
    times = []
    for document in documents:
        content = document.read_bytes()
        began = time.perf_counter()
        try:
            engine = RenderedReader() if reader == "azure" else LocalExtractor()
            extraction = asyncio.run(engine.extract(content, document.name, lambda _: None))
        except KraftdError as error:
            print(f"{document.name}: {error}")
            continue
        truth = truth_of(document)
        print(rows_told(document.name, extraction, truth, time.perf_counter() - began), flush=True)
        given, confidences = flat(extraction.data, extraction.places)
        if out:
            out.mkdir(parents=True, exist_ok=True)
            for name, told in ((document.stem, given), (document.name, printed(extraction))):
                (out / f"{name}.json").write_text(json.dumps(told, ensure_ascii=False, indent=1, default=str), "utf-8")
        if reader == "local" and document.suffix.lower() == ".pdf" and (taken := seconds_a_page(content)):
            times.append(taken)
        if truth:
            group = "plain" if document.stem.endswith(".plain") else "other"
            groups[group] += judged(given, confidences, truth)
            for field in FIELDS:
                wanted[group][field] += truth.get(field) is not None
    for name, values in groups.items():
        if values:
            print(f"\n{name} documents")
            report(values, wanted[name])
    if times:
        bare, cells, whole, plumbed = (1000 * statistics.median(column) for column in zip(*times, strict=True))
        print(
            f"\nprocessor ms a page, median of {len(times)} PDFs: pdfium's bare text {bare:.1f}; words and cells {cells:.1f} "
            f"(x {statistics.median(b / a for a, b, _, _ in times):.2f}); whole reading {whole:.1f}; "
            f"pdfplumber's text {plumbed:.1f} (the reading is x {statistics.median(c / d for _, _, c, d in times):.2f})"
        )


if __name__ == "__main__":
    main()
