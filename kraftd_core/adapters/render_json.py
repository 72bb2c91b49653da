"""The deliverable as JSON, for programs: the values as they are, under their own names."""

import json
from typing import Any

from kraftd_core.jsontypes import cleaned
from kraftd_core.layout import Entries, Layout, lay_out
from kraftd_core.ports import Composition, Rendered
from kraftd_core.templates import Section


class JsonRenderer:
    """Makes a JSON file; the summary is always whole, the data as far as the template shows it."""

    def render(self, composition: Composition) -> Rendered:
        """The file: UTF-8, indented, no NaN."""
        text = json.dumps(_content(composition), ensure_ascii=False, indent=2, allow_nan=False)
        return Rendered(content=(text + "\n").encode(), mime_type="application/json", suffix="json")


def _content(composition: Composition) -> dict[str, Any]:
    layout = lay_out(composition)
    return {
        "title": layout.title,
        "template": composition.template.value,
        "document": {"name": cleaned(composition.document_name), "type": cleaned(composition.document_type)},
        "summary": cleaned(composition.summary.model_dump(mode="json")),
        **_data(layout),
        "changes": {
            "sentences": cleaned(composition.change_sentences),
            **_full(layout, Section.TABLES, "entries", layout.changes),
        },
        **_full(layout, Section.CHECKS, "checks", layout.checks),
        "provenance": {entry.name: entry.value for entry in layout.provenance},
    }


def _data(layout: Layout) -> dict[str, Any]:
    figures = [block for block in layout.blocks if isinstance(block, Entries) and block.section is Section.KEY_FIGURES]
    key_figures = {"key_figures": {e.name: layout.data[e.name] for block in figures for e in block.entries}} if figures else {}
    return key_figures | _full(layout, Section.FIELDS, "data", layout.data)


def _full(layout: Layout, section: Section, name: str, content: Any) -> dict[str, Any]:
    """The member, if the template has the section that it belongs to."""
    return {name: content} if section in layout.template.sections else {}
