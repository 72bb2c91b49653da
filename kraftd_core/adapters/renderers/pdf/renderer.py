"""The deliverable as PDF, for people: drawn line by line, so that no text is ever read as markup and ten thousand rows fit."""

from datetime import UTC
from typing import Any

from kraftd_core.adapters.renderers.pdf import blocks as pdf_blocks
from kraftd_core.adapters.renderers.pdf.chart import chart_of
from kraftd_core.adapters.renderers.pdf.pages import Pages
from kraftd_core.adapters.renderers.pdf.styles import DENSE, ROOMY, TIGHT, Spacing
from kraftd_core.adapters.renderers.pdf.tables import draw_table
from kraftd_core.delivery.layout import Layout, Prose, Table, lay_out
from kraftd_core.delivery.templates import TEMPLATES, Section
from kraftd_core.ports.making import Composition, Rendered
from kraftd_core.records.plan import DocumentTemplate


class PdfRenderer:
    """Makes a PDF of A4 pages; a table too wide for a page lies on landscape pages, a still wider one comes in parts."""

    def render(self, composition: Composition) -> Rendered:
        """The file and its page count; what no font can show is named in brackets, with a warning."""
        layout = lay_out(composition)
        pages = _drawn(composition, layout, ROOMY)
        if 1 < pages.count <= _DRAWN_ANEW:
            denser = (_drawn(composition, layout, spacing) for spacing, filled in _SAVING if pages.filled() < filled)
            pages = next((other for other in denser if other.count < pages.count), pages)
        content, count = pages.finished()
        return Rendered(content, "application/pdf", "pdf", count, (*layout.warnings, *pages.printable.warnings()))


_DRAWN_ANEW = 8  # pages; a longer file may end with a few lines
_SAVING = ((DENSE, 0.4), (TIGHT, 0.25))
"""What saves a last page that is filled less: less room between the lines, and, for a few lines, smaller type too."""


def _drawn(composition: Composition, layout: Layout, spacing: Spacing) -> Pages:
    foot = f"{layout.provenance[1].text} · {composition.export_workflow_id}"
    pages = Pages(layout.title, foot, layout.appearance.writing, spacing)
    _describe(pages.canvas, layout, composition)
    _draw(pages, layout)
    return pages


_KEYWORDS = frozenset({"stage1_hash", "stage2_hash", "template", "extraction_method", "agent_model"})


def _describe(canvas: Any, layout: Layout, composition: Composition) -> None:
    canvas.setTitle(layout.title)
    canvas.setAuthor(composition.owner_email)
    canvas.setSubject(composition.export_workflow_id)
    canvas.setKeywords("; ".join(f"{entry.label}: {entry.text}" for entry in layout.provenance if entry.name in _KEYWORDS))
    canvas.setCreator("Kraftd Review")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    made = composition.generated_at.astimezone(UTC)
    canvas.setDateFormatter(lambda *_: f"D:{made:%Y%m%d%H%M%S}+00'00'")


def _draw(pages: Pages, layout: Layout) -> None:
    pdf_blocks.draw_title(pages, layout)
    for block in layout.blocks:
        if isinstance(block, Table):
            chart = chart_of(block) if layout.template is TEMPLATES[DocumentTemplate.FINANCIAL_REPORT] else None
            if chart:
                pdf_blocks.draw_chart(pages, block.heading, chart)
            draw_table(pages, block)
            continue
        if not pdf_blocks.fits(pages, block):  # else a page that lies on its side is filled first
            pages.lie(landscape=False)
        if isinstance(block, Prose):
            pdf_blocks.draw_prose(pages, block)
        elif block.section is Section.KEY_FIGURES:
            pdf_blocks.draw_figures(pages, block)
        elif block.section is Section.PROVENANCE and layout.template.limits:
            pdf_blocks.draw_in_a_line(pages, block)
        else:
            pdf_blocks.draw_fields(pages, block)
