"""Small stand-ins that satisfy the ports, and ready-made parts for tests."""

from datetime import UTC, datetime, timedelta
from typing import Any

from kraftd_core.adapters.agents.rules.agent import RulesAgent
from kraftd_core.adapters.files.local import LocalFiles
from kraftd_core.adapters.readers.local.extractor import LocalExtractor
from kraftd_core.adapters.renderers.json import JsonRenderer
from kraftd_core.adapters.renderers.steady_zip import packed
from kraftd_core.adapters.stores.sqlite import SqliteStore
from kraftd_core.desk.desk import Desk
from kraftd_core.errors import DocumentRefused
from kraftd_core.people.actor import Actor
from kraftd_core.ports.reading import Extraction
from kraftd_core.recording.service import ExportTrackingService
from kraftd_core.records.plan import ExportFormat
from kraftd_core.records.stages import Place
from kraftd_core.settings import load_settings
from kraftd_core.thinking.agent import KraftdAIAgent

OWNER = "ann@example.com"
ACTOR = Actor.of(OWNER)
SUMMARY = {
    "executive_summary": "An invoice.",
    "key_findings": ["One line."],
    "recommendations": [],
    "risk_factors": [],
    "action_items": [],
    "confidence_score": 0.9,
}


def invoice_data() -> dict[str, Any]:
    """Document data with row ids, whose sums add up."""
    return {
        "document_type": "invoice",
        "vendor_name": "Mill & Sons",
        "invoice_id": "F-10",
        "invoice_date": "2026-10-05",
        "currency": "EUR",
        "subtotal": 30,
        "total_tax": 6,
        "invoice_total": 36,
        "line_items": [
            {"_row_id": "r1", "description": "Flour", "quantity": 2, "unit_price": 10, "amount": 20},
            {"_row_id": "r2", "description": "Yeast", "quantity": 1, "unit_price": 10, "amount": 10},
        ],
    }


class Clock:
    """A clock that moves only when told."""

    def __init__(self) -> None:
        self.now = datetime(2026, 10, 6, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


class FakeExtractor:
    """Reads every document as the same invoice; refuses one that says so."""

    async def extract(self, content: bytes, name: str, progress: Any, document_type: str | None = None) -> Extraction:
        if content == b"refuse":
            raise DocumentRefused("The file is damaged. Choose another one.")
        return Extraction(
            method="LOCAL",
            model="fake",
            document_type=document_type or "invoice",
            data=invoice_data() | ({"document_type": document_type} if document_type else {}),
            places={"vendor_name": Place(confidence=0.98, page=1)},
            confidence=0.95,
            page_count=1,
        )

    async def page_image(self, content: bytes, name: str, page: int) -> bytes | None:
        return None

    async def content_view(self, content: bytes, name: str) -> None:
        return None

    async def check(self) -> bool:
        return True

    async def close(self) -> None:
        pass


def make_tracking(folder: Any, clock: Any) -> ExportTrackingService:
    """The recorder on SQLite and local files under the folder."""
    return ExportTrackingService(SqliteStore(folder / "records.sqlite3", now=clock), LocalFiles(folder / "files"), now=clock)


def make_desk(folder: Any, clock: Any) -> Desk:
    """A desk on the real store, files and rules, with a fake extractor and the JSON renderer only."""
    store, files = SqliteStore(folder / "records.sqlite3", now=clock), LocalFiles(folder / "files")
    return Desk(
        settings=load_settings(data_dir=folder),
        tracking=ExportTrackingService(store, files, now=clock),
        store=store,
        documents=store,
        drafts=store,
        learning_choices=store,
        unfinished=store,
        files=files,
        extractor=FakeExtractor(),
        agent=KraftdAIAgent(RulesAgent()),
        renderers={ExportFormat.JSON: JsonRenderer()},
        inspector=LocalExtractor(),
        pack=packed,
        now=clock,
    )
