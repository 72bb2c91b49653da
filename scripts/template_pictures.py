"""Draws what each template looks like, for the Deliver page and the documentation: python scripts/template_pictures.py"""

import asyncio
import io
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from PIL import Image  # noqa: E402

from kraftd_core.bootstrap import build_desk  # noqa: E402
from kraftd_core.desk.desk import Desk  # noqa: E402
from kraftd_core.desk.samples import SAMPLES  # noqa: E402
from kraftd_core.records.plan import DocumentTemplate, ExportFormat  # noqa: E402
from kraftd_core.records.stages import UserPreferences  # noqa: E402
from kraftd_core.settings import load_settings  # noqa: E402

OUT = PROJECT / "pages" / "parts" / "templates"
WIDTH = 440  # pixels: twice what the page shows, for fine screens
COLOURS = 32
LARGEST_BYTES = 30_000
WORDS = "start with the tables, totals in green, only description, quantity and amount, sort the lines by amount, largest first"
CORRECTED = {"line_items": {2: {"amount": 536.4}}}


def silent(step: str) -> None:
    """The desk tells its steps; here nobody listens."""


async def reviewed(desk: Desk, owner: str) -> str:
    """The sample invoice with one amount corrected and its review recorded; the workflow id."""
    sample = next(sample for sample in SAMPLES if sample.key == "invoice")
    workflow_id = await desk.read(owner, sample.filename, sample.content(), silent)
    data = (await desk.review(owner, workflow_id)).draft.modified_data
    rows = [row | CORRECTED["line_items"].get(n, {}) for n, row in enumerate(data["line_items"])]
    reasons = {f"line_items[{rows[2]['_row_id']}].amount": "36 x 14.90"}
    await desk.keep_draft(owner, workflow_id, data | {"line_items": rows}, UserPreferences(), reasons)
    await desk.record_modifications(owner, workflow_id)
    return workflow_id


async def drawn(desk: Desk, owner: str, workflow_id: str, template: DocumentTemplate) -> bytes:
    """The first page of the PDF in this template, as PNG; the custom one with words, which it is for."""
    words = WORDS if template is DocumentTemplate.CUSTOM else ""
    wishes = UserPreferences(document_template=template, export_format=ExportFormat.PDF, transformation_instructions=words)
    plan = await desk.plan(owner, workflow_id, wishes)
    page = await desk.deliverable_page(await desk.preview(owner, workflow_id, plan), 1)
    assert page is not None
    return page


def small(page: bytes) -> bytes:
    """The page as a small picture of few colours."""
    image = Image.open(io.BytesIO(page)).convert("RGB")
    image = image.resize((WIDTH, round(image.height * WIDTH / image.width)), Image.Resampling.LANCZOS)
    packed = io.BytesIO()
    image.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(packed, "PNG", optimize=True)
    return packed.getvalue()


async def draw_all(desk: Desk, owner: str) -> None:
    """One picture a template."""
    workflow_id = await reviewed(desk, owner)
    OUT.mkdir(exist_ok=True)
    for template in DocumentTemplate:
        picture = small(await drawn(desk, owner, workflow_id, template))
        if len(picture) > LARGEST_BYTES:
            raise SystemExit(f"The picture of {template.value} has {len(picture):,} bytes, more than {LARGEST_BYTES:,}.")
        (OUT / f"{template.value}.png").write_bytes(picture)
        print(f"{template.value}: {len(picture):,} bytes")


async def main() -> None:
    """In a data folder of its own, which is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(data_dir=Path(folder), agent="rules", extractor="local", store="sqlite", files="local")
        desk = build_desk(settings)
        try:
            await draw_all(desk, settings.owner)
        finally:
            await desk.close()


if __name__ == "__main__":
    asyncio.run(main())
