"""Writes what this version leaves in a data folder, for later versions to open, or how its files look now.

    python scripts/make_fixture.py OUT_DIR        a data folder as an archive
    python scripts/make_fixture.py --looks        the hashes of the files that this version makes of the archive's compositions

The archive is named after the schema of its records. One that is committed is never made again: made by a later version
it would prove nothing. Its records expire in half a century, which Cosmos can still count (`ttl` is 31 bits of seconds).
"""

import asyncio
import io
import json
import lzma
import sys
import tarfile
import zlib
from base64 import b64encode
from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import NAMESPACE_URL, uuid5

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from fakes import Clock
from made_invoices import made
from pydantic import TypeAdapter

from kraftd_core.adapters.agents.rules.agent import RulesAgent
from kraftd_core.adapters.files.local import LocalFiles
from kraftd_core.adapters.readers.local.extractor import LocalExtractor
from kraftd_core.adapters.renderers.csv import CsvRenderer
from kraftd_core.adapters.renderers.excel.renderer import ExcelRenderer
from kraftd_core.adapters.renderers.json import JsonRenderer
from kraftd_core.adapters.renderers.pdf.renderer import PdfRenderer
from kraftd_core.adapters.renderers.steady_zip import packed
from kraftd_core.adapters.stores.spool import SpoolStore
from kraftd_core.adapters.stores.sqlite import SqliteStore
from kraftd_core.desk.desk import Desk
from kraftd_core.desk.samples import make_sample
from kraftd_core.document.jsontypes import ROW_ID, Data
from kraftd_core.errors import StoreUnavailable
from kraftd_core.people.actor import Actor
from kraftd_core.ports.making import Composition, Rendered, Renderer
from kraftd_core.recording.service import ExportTrackingService
from kraftd_core.records.chain import Signer
from kraftd_core.records.plan import DocumentTemplate, ExportFormat
from kraftd_core.records.stages import SCHEMA_VERSION, Look, UserPreferences
from kraftd_core.settings import load_settings
from kraftd_core.thinking.agent import KraftdAIAgent

KEY = b64encode(bytes(range(32))).decode()  # signs nothing but this
SIGNED, UNSIGNED, SPOOLED = "signed@example.com", "unsigned@example.com", "spooled@example.com"
RETENTION = timedelta(days=50 * 365)
LIBRARIES = ("reportlab", "openpyxl", "pillow", "arabic-reshaper", "python-bidi")
"""Whose change may change the bytes of a deliverable."""
FIXTURES = Path(__file__).resolve().parent.parent / "tests" / "fixtures"
ARCHIVE, LOOKS = FIXTURES / "schema3.tar.xz", FIXTURES / "looks.json"
WAYS = [f"{template.value} {wanted.value}" for template in DocumentTemplate for wanted in ExportFormat]
WISHES = "Highlight lines over 400 in red, sort the lines by amount descending, call the description Goods. Fax it to Bob."
RENDERERS = {
    ExportFormat.JSON: JsonRenderer(), ExportFormat.CSV: CsvRenderer(),
    ExportFormat.EXCEL: ExcelRenderer(), ExportFormat.PDF: PdfRenderer(),
}  # fmt: skip


class Away:
    """A distant store that cannot be reached."""

    async def close(self) -> None:
        """Nothing was opened."""

    def __getattr__(self, verb: str) -> Any:
        async def unreachable(*_: Any, **__: Any) -> None:
            raise StoreUnavailable("away")

        return unreachable


class Noting:
    """A renderer that notes what it was given."""

    def __init__(self, renderer: Renderer, notes: dict[str, Composition]) -> None:
        self._renderer, self._notes = renderer, notes

    def render(self, composition: Composition) -> Rendered:
        self._notes[composition.export_workflow_id] = composition
        return self._renderer.render(composition)


class Maker:
    """One owner's desk on a data folder, and what it made there by its name."""

    def __init__(self, folder: Path, owner: str, clock: Clock, store: SqliteStore, signer: Signer | None = None) -> None:
        self.actor, self.owner, self.clock, self.store = Actor.of(owner), owner, clock, store
        self.made: dict[str, str] = {}
        self.compositions: dict[str, Composition] = {}
        files, agent, extractor = LocalFiles(folder / "files"), KraftdAIAgent(RulesAgent()), LocalExtractor()
        tracking = ExportTrackingService(store, files, RETENTION, clock, signer)
        renderers = {name: Noting(renderer, self.compositions) for name, renderer in RENDERERS.items()}
        self.desk = Desk(load_settings(data_dir=folder), tracking, store, store, store, store, files, extractor, agent,
                         renderers, extractor, packed, clock)  # fmt: skip

    async def read(self, name: str, filename: str, content: bytes) -> str:
        self.clock.forward(minutes=1)
        self.made[name] = await self.desk.read(self.actor, filename, content, lambda _: None)
        return self.made[name]

    async def data(self, workflow: str) -> Data:
        return (await self.desk.workflow(self.actor, workflow)).data

    async def review(self, workflow: str, wanted: UserPreferences, **values: Any) -> None:
        """Keeps a draft with these values, and records it."""
        self.clock.forward(seconds=40)
        data, reasons = await self.data(workflow) | values, dict.fromkeys(values, "as printed")
        looks = [Look(field=name, how="confirmed") for name in data if name == "invoice_total"]
        await self.desk.keep_draft(self.actor, workflow, data, wanted, reasons, looked_at=looks)
        self.clock.forward(seconds=20)
        await self.desk.record_modifications(self.actor, workflow)

    async def produce(self, workflow: str) -> None:
        self.clock.forward(seconds=5)
        await self.desk.produce(self.actor, workflow, lambda _: None)

    async def whole(self, name: str, filename: str, content: bytes, wanted: UserPreferences, **values: Any) -> str:
        """A workflow through all three stages."""
        workflow = await self.read(name, filename, content)
        await self.review(workflow, wanted, **values)
        await self.produce(workflow)
        return workflow

    async def in_all_ways(self, workflow: str) -> None:
        """The reviewed document of a workflow in every template and format, each regenerated from it."""
        preferences = (await self.desk.workflow(self.actor, workflow)).stage2.user_preferences
        for template in DocumentTemplate:
            for wanted in ExportFormat:
                name, chosen = f"{template.value} {wanted.value}", {"document_template": template, "export_format": wanted}
                self.made[name] = str(uuid5(NAMESPACE_URL, name))
                self.clock.forward(seconds=5)
                await self.desk.regenerate(self.actor, workflow, preferences.model_copy(update=chosen), self.made[name])
                await self.produce(self.made[name])

    async def described(self) -> dict[str, Any]:
        """What a later version is to find."""
        found = {}
        for name, workflow_id in self.made.items():
            workflow = await self.desk.workflow(self.actor, workflow_id)
            file = workflow.stage3.deliverable if workflow.stage3 else None
            found[name] = {
                "id": workflow_id, "owner": self.owner, "status": workflow.latest.status.value,
                "hashes": [record["record_hash"] for record in await self.desk.records(self.actor, workflow_id)],
                "trail": [entry.action for entry in workflow.trail],
                "file": [file.filename, file.content_hash] if file else None,
            }  # fmt: skip
        return found


def as_json(document: Mapping[str, Any]) -> bytes:
    """A document that a program wrote."""
    return json.dumps(document, ensure_ascii=False).encode()


def edited_lines(data: Data) -> list[Data]:
    """Lines of which one was corrected, one removed, one moved and one added."""
    first, second, _, *rest = data["line_items"]
    added = {ROW_ID: "rowaddedhere", "description": "Überprüfung vor Ort", "amount": 12.5}
    return [second | {"quantity": 7}, first, *rest, added]


async def make_signed(maker: Maker) -> bytes:
    """Workflows of every kind, signed; a bundle of one."""
    desk, actor = maker.desk, maker.actor
    invoice = await maker.read("first", "sample-invoice.pdf", make_sample("invoice"))
    lines = edited_lines(await maker.data(invoice))
    wishes = UserPreferences(transformation_instructions=WISHES, priority_fields=["invoice_total", "due_date"])
    await maker.review(invoice, wishes, line_items=lines, vendor_name="Müller & Søn “請求書” فاتورة", payment_terms="14 days")
    await maker.produce(invoice)
    await maker.in_all_ways(invoice)
    boq = await maker.whole("with a trail", "sample-boq.xlsx", make_sample("boq"), UserPreferences(export_format="excel"))
    await desk.note_download(actor, boq)
    await desk.verify(actor, boq)
    bundle = await desk.bundle_file(actor, boq)
    _, truth = made(3)
    long = truth | {"line_items": [line | {"description": "long " * 20_000} for line in truth["line_items"] * 6]}
    await maker.whole("large", "large.json", as_json(long), UserPreferences(export_format="json"), currency="CHF")
    alike = [as_json(truth | {"invoice_id": f"L-{number}", "vendor_name": "Lerner"}) for number in range(4)]
    for number in (1, 2, 3):
        wanted = UserPreferences(export_format="csv")
        await maker.whole(f"teaches L-{number}", f"L-{number}.json", alike[number], wanted, vendor_name="Lerner & Co")
    await maker.read("learns", "L-4.json", alike[0])
    drafted = await maker.read("drafted", "invoice-1.pdf", made(1)[0])
    seen = await desk.review(actor, drafted)
    for vendor in ("One tab", "Another tab"):
        maker.clock.forward(seconds=30)
        data = seen.workflow.data | {"vendor_name": vendor}
        await desk.keep_draft(actor, drafted, data, UserPreferences(), {"vendor_name": vendor}, based_on=seen.draft)
    await maker.review(await maker.read("reviewed", "invoice-2.pdf", made(2)[0]), UserPreferences(), currency="USD")
    return bundle


async def make_unsigned(maker: Maker) -> bytes:
    """Two workflows, unsigned; a bundle of the whole one."""
    content = make_sample("quotation")
    quotation = await maker.whole("unsigned", "sample-quotation.docx", content, UserPreferences(), currency="EUR")
    await maker.read("unsigned, unread", "invoice-5.pdf", made(5)[0])
    return await maker.desk.bundle_file(maker.actor, quotation)


async def make_spooled(maker: Maker) -> None:
    """Four records that wait for a store that was away, and drafts beside them."""
    await maker.whole("spooled", "invoice-6.pdf", made(6, 2)[0], UserPreferences(export_format="csv"), currency="GBP")
    workflow = await maker.read("spooled, drafted", "invoice-7.pdf", made(7, 2)[0])
    await maker.desk.keep_draft(maker.actor, workflow, {"vendor_name": "Kept while away"}, UserPreferences(), {})


async def make(folder: Path) -> None:
    """Fills the folder with the data, the bundles, what the renderers were given, and what is to be found."""
    data, clock, found = folder / "data", Clock(), {}
    records, spool = SqliteStore(data / "kraftd.sqlite3", now=clock), SpoolStore(data / "spool.sqlite3", Away(), now=clock)
    signed = Maker(data, SIGNED, clock, records, Signer.from_setting(KEY))
    unsigned, spooled = Maker(data, UNSIGNED, clock, records), Maker(data, SPOOLED, clock, spool)
    (folder / "signed-bundle.json").write_bytes(await make_signed(signed))
    (folder / "unsigned-bundle.json").write_bytes(await make_unsigned(unsigned))
    await make_spooled(spooled)
    for maker in (signed, unsigned, spooled):
        found |= await maker.described()
    for template in DocumentTemplate:
        for wanted in ExportFormat:
            given = signed.compositions[signed.made[name := f"{template.value} {wanted.value}"]]
            (folder / f"{name}.json").write_bytes(TypeAdapter(Composition).dump_json(given))
    expected = {"schema_version": SCHEMA_VERSION, "libraries": libraries(), "workflows": found}
    (folder / "expected.json").write_text(json.dumps(expected, indent=1), encoding="utf-8")
    for maker in (signed, spooled):
        await maker.store.close()


def archived(folder: Path) -> bytes:
    """The folder in one archive; the files keep their modification times, which say when they expire."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.parent.name != "locks"):
            described = archive.gettarinfo(path, path.relative_to(folder).as_posix())
            described.uid = described.gid = 0
            described.uname = described.gname = ""
            archive.addfile(described, io.BytesIO(path.read_bytes()))
    return lzma.compress(out.getvalue(), preset=9 | lzma.PRESET_EXTREME)


def libraries() -> dict[str, str]:
    """The versions of what may change the bytes of a file."""
    return {name: version(name) for name in LIBRARIES} | {"zlib": zlib.ZLIB_RUNTIME_VERSION}


def composition_of(folder: Path, way: str) -> Composition:
    """What a renderer was given; the archive is older than the name of who reviewed, who was its owner."""
    given = json.loads((folder / f"{way}.json").read_bytes())
    return TypeAdapter(Composition).validate_python({"reviewed_by": given["owner_email"], **given})


def appearance_of(folder: Path, way: str) -> str:
    """The hash of the file that this version makes of a composition of the unpacked archive."""
    given = composition_of(folder, way)
    return sha256(RENDERERS[given.plan.export_format].render(given).content).hexdigest()


def write_looks(folder: Path) -> None:
    """What a version's files look like, to notice a change that nobody meant."""
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(folder, filter="data")
    looks = {"libraries": libraries(), "files": {way: appearance_of(folder, way) for way in WAYS}}
    LOOKS.write_text(json.dumps(looks, indent=1) + "\n", encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Writes the archive or the looks; 2 when called without either."""
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    with TemporaryDirectory() as made_in:
        if arguments == ["--looks"]:
            write_looks(Path(made_in))
            return 0
        asyncio.run(make(Path(made_in)))
        target = Path(arguments[0]) / f"schema{SCHEMA_VERSION}.tar.xz"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(archived(Path(made_in)))
    print(target)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
