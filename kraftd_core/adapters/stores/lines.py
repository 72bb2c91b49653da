"""A workflow's line in the history, as SQLite keeps it: made from the records alone, so that it can be held against them."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from kraftd_core.adapters.stores.seals import is_intact
from kraftd_core.document.folding import fold
from kraftd_core.ports.keeping import Record, WorkflowLine
from kraftd_core.records.headline import made_as
from kraftd_core.records.stages import Headline

COLUMNS = (
    "export_workflow_id", "owner_email", "document_id", "document_name", "document_type", "headline", "search_text", "status",
    "changed_values", "template", "export_format", "filename", "started_at", "updated_at", "expiration_date", "content_hash",
    "regenerated_from",
)  # fmt: skip
"""The columns of the table `workflows` in their order, but for the seal."""

_SHOWN = tuple(field.name for field in fields(WorkflowLine))
_MOMENTS = ("started_at", "updated_at", "expiration_date")


def line_after(line: Mapping[str, Any], record: Record) -> dict[str, Any]:
    """The line as a stage leaves it, by its columns in their order."""
    moved: dict[str, Any] = dict.fromkeys(COLUMNS) | dict(line)
    moved |= {name: record[name] for name in (
        "export_workflow_id", "owner_email", "document_id", "document_name", "document_type", "status", "expiration_date",
    )} | {
        "search_text": fold(record["search_text"]),  # which one of an earlier version is not
        "headline": Headline.model_validate(record["headline"]).model_dump_json(),
        "started_at": record["workflow_started_at"],
        "updated_at": record["timestamp"],
        "regenerated_from": record.get("regenerated_from"),
    }  # fmt: skip
    if record["sequence"] == 2:
        moved |= {
            "changed_values": record["user_actions"]["total_modifications"],
            "template": record["user_preferences"]["document_template"],
            "export_format": record["user_preferences"]["export_format"],
        }
    if record["sequence"] == 3:
        moved |= {name: record["deliverable"][name] for name in ("filename", "content_hash")}
        moved |= made_as(record)
    return moved


def line_in(row: Sequence[Any]) -> WorkflowLine | None:
    """The line of a row, its seal last; None where it is not as it was written."""
    if not is_intact(row):
        return None
    told = {name: value for name, value in zip(COLUMNS, row, strict=False) if name in _SHOWN}
    told |= {name: datetime.fromisoformat(told[name]) for name in _MOMENTS}
    return WorkflowLine(**told | {"headline": Headline.model_validate_json(told["headline"])})
