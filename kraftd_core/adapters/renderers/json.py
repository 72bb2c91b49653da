"""The deliverable as JSON, for programs: the values as they are, under their own names."""

import json
from typing import Any

from kraftd_core.adapters.renderers.losses import losses
from kraftd_core.delivery.layout import SHORTENED, Entries, Layout, lay_out
from kraftd_core.delivery.plan import is_rows
from kraftd_core.delivery.templates import Section
from kraftd_core.document.jsontypes import cleaned
from kraftd_core.ports.making import Composition, Rendered

SCHEMA_VERSION = 1
"""Of docs/deliverable.schema.json; it counts up when a reader of older files would go wrong."""


class JsonRenderer:
    """Makes a JSON file; the texts of the summary are never shortened, the data is there as far as the template shows it."""

    def render(self, composition: Composition) -> Rendered:
        """The file: UTF-8, indented, no NaN."""
        layout = lay_out(composition)
        text = json.dumps(_content(composition, layout), ensure_ascii=False, indent=2, allow_nan=False)
        told = tuple(warning for warning in layout.warnings if not warning.endswith(SHORTENED))  # nothing is shortened here
        return Rendered((text + "\n").encode(), "application/json", "json", warnings=(*told, *losses(composition)))


def _content(composition: Composition, layout: Layout) -> dict[str, Any]:
    head = {
        "schema_version": SCHEMA_VERSION,
        "title": layout.title,
        "template": composition.template.value,
        "document": {"name": cleaned(composition.document_name), "type": cleaned(composition.document_type)},
    }
    parts = {
        Section.EXECUTIVE_SUMMARY: {"summary": layout.summary},
        Section.KEY_FIGURES: _key_figures(layout),
        Section.FIELDS: _data(layout),
        Section.CHANGES: _changes(layout) if Section.CHANGES in layout.sections else {},
        Section.CHECKS: {"checks": layout.checks} if Section.CHECKS in layout.sections else {},
    }
    front = [section for section in layout.sections if section in {target.name for target in layout.appearance.first}]
    ordered = [parts[section] for section in dict.fromkeys([*front, *parts]) if section in parts]
    provenance = {"provenance": {entry.name: entry.value for entry in layout.provenance}}
    return head | {name: value for part in ordered for name, value in part.items()} | _labels(layout) | provenance


def _key_figures(layout: Layout) -> dict[str, Any]:
    figures = [block for block in layout.blocks if isinstance(block, Entries) and block.section is Section.KEY_FIGURES]
    return {"key_figures": {e.name: layout.data[e.name] for block in figures for e in block.entries}} if figures else {}


def _data(layout: Layout) -> dict[str, Any]:
    """The fields and the tables, as far as they are shown."""
    if not {Section.FIELDS, Section.TABLES} & set(layout.sections):
        return {}
    shown = {n: v for n, v in layout.data.items() if (Section.TABLES if is_rows(v) else Section.FIELDS) in layout.sections}
    return {"data": shown}


def _changes(layout: Layout) -> dict[str, Any]:
    """The sentences, and their parts where the file has the data that they speak of."""
    has_data = bool({Section.FIELDS, Section.TABLES} & set(layout.sections))
    return {"changes": {"sentences": layout.change_sentences} | ({"entries": layout.changes} if has_data else {})}


def _labels(layout: Layout) -> dict[str, Any]:
    """What the user called something, by its name; columns as table.column."""
    labels = {f"{t.table}.{t.name}" if t.table else t.name: label for t, label in layout.appearance.labels.items()}
    return {"labels": labels} if labels else {}
