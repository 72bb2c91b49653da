"""Workflows of the demo user in every state, made without a browser before a server opens their data folder."""

import json
from pathlib import Path
from typing import Any
from unittest.mock import patch

from kraftd_core import bootstrap
from kraftd_core.adapters.readers.local.extractor import LocalExtractor
from kraftd_core.desk.samples import SAMPLES
from kraftd_core.people.actor import Actor
from kraftd_core.settings import load_settings

OWNER = "demo@localhost"
ACTOR = Actor.of(OWNER)


def invoice(vendor: str, number: str, total: float) -> tuple[str, bytes]:
    """An invoice as a data file, which is read at once; its name and bytes."""
    lines = [{"description": "Pump 2 kW", "quantity": 1, "unit_price": total, "amount": total}]
    data = {
        "document_type": "invoice", "vendor_name": vendor, "invoice_id": number, "invoice_date": "2026-10-01",
        "due_date": "2026-10-31", "currency": "EUR", "invoice_total": total, "line_items": lines,
    }  # fmt: skip
    return f"{number.lower()}.json", json.dumps(data).encode()


def sample(key: str) -> tuple[str, bytes]:
    """One of the samples; its name and bytes."""
    found = next(s for s in SAMPLES if s.key == key)
    return found.filename, found.content()


class Filling:
    """Takes documents as far as a state on a data folder; the folder is free again after `close`."""

    def __init__(self, data_dir: Path) -> None:
        data_dir.mkdir(exist_ok=True)
        with patch.object(bootstrap, "_extractor", lambda *_: LocalExtractor()):  # no child rehearses for a document to come
            self._core = bootstrap.Core(load_settings(data_dir=data_dir))

    def read(self, document: tuple[str, bytes]) -> str:
        """A workflow to review."""
        name, content = document
        return self._core.run(lambda desk: desk.read(ACTOR, name, content, lambda step: None))

    def reviewed(self, document: tuple[str, bytes], **edits: Any) -> str:
        """A workflow to deliver, with these fields corrected."""
        workflow = self.read(document)
        self._core.run(lambda desk: _reviewed(desk, workflow, edits))
        return workflow

    def delivered(self, document: tuple[str, bytes], **edits: Any) -> str:
        """A finished workflow."""
        workflow = self.reviewed(document, **edits)
        self._core.run(lambda desk: desk.produce(ACTOR, workflow, lambda step: None))
        return workflow

    def close(self) -> None:
        """Lets go of the folder."""
        self._core.run(lambda desk: desk.close())


async def _reviewed(desk: Any, workflow: str, edits: dict[str, Any]) -> None:
    draft = (await desk.review(ACTOR, workflow)).draft
    if edits:
        reasons = dict.fromkeys(edits, "As agreed on the phone")
        await desk.keep_draft(ACTOR, workflow, draft.modified_data | edits, draft.preferences, reasons)
    await desk.record_modifications(ACTOR, workflow)
