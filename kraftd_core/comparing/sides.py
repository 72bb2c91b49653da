"""Versions of a workflow for comparing: what the AI read, what the user made of it, and what was delivered."""

from collections.abc import Mapping
from typing import Any

from kraftd_core.comparing.compare import Side, Version
from kraftd_core.delivery.plan import appearance_of
from kraftd_core.delivery.templates import TEMPLATES
from kraftd_core.document.jsontypes import ROW_ID, Data, is_table
from kraftd_core.document.matching.alignment import align_rows
from kraftd_core.errors import NotFound
from kraftd_core.records.plan import PresentationPlan
from kraftd_core.records.stages import FinalDeliverable, InitialSummary, Summary, UserModifications


def side_of(
    version: Version,
    family: str,
    stage1: InitialSummary,
    stage2: UserModifications | None,
    stage3: FinalDeliverable | None,
    delivered: Mapping[str, Any] | None = None,
) -> Side:
    """A version of the workflow; raises NotFound where it has not come so far.

    `delivered` is the data that the file itself holds, where it can be told; else the reviewed data as the plan shows it.
    """
    if (version != "ai" and stage2 is None) or (version == "delivered" and stage3 is None):
        raise NotFound("This document has not come so far yet. Finish it first, or choose another version.")
    data = stage2.modified_data if stage2 and version != "ai" else stage1.initial_extracted_data
    is_delivered = version == "delivered"
    return Side(
        workflow_id=stage1.export_workflow_id,
        version=version,
        family=family,
        document_name=stage1.document_name,
        data=_overlaid(data, delivered) if is_delivered and delivered is not None else data,
        words=_words(_summary(version, stage1, stage3 if is_delivered else None)),
        making=_making(version, stage1, stage2, stage3 if is_delivered else None),
        places=stage1.source.di_metadata,
        not_shown=_not_shown(stage3.presentation_plan, data) if is_delivered and stage3 else (),
        is_read_back=not is_delivered or delivered is not None,
    )


def _overlaid(reviewed: Data, delivered: Mapping[str, Any]) -> Data:
    """The reviewed data with what the file says instead; what the file does not show stays."""
    shown = align_rows(reviewed, dict(delivered))
    return {**reviewed, **{name: _rows_overlaid(reviewed.get(name), value) for name, value in shown.items()}}


def _rows_overlaid(reviewed: Any, shown: Any) -> Any:
    if not is_table(reviewed) or not is_table(shown):
        return shown
    rows = {row[ROW_ID]: row for row in reviewed}
    return [{**rows.get(row[ROW_ID], {}), **row} for row in shown]


def _not_shown(plan: PresentationPlan | None, data: Data) -> tuple[str, ...]:
    if plan is None:
        return ()
    appearance = appearance_of(plan, data)
    return (*sorted(appearance.hidden_names), *(f"{table}.{column}" for table, column in sorted(appearance.hidden_columns)))


def _summary(version: Version, stage1: InitialSummary, delivered: FinalDeliverable | None) -> Summary | None:
    if delivered is not None:
        return delivered.ai_final_summary
    return stage1.ai_initial_summary if version == "ai" else None


def _words(summary: Summary | None) -> dict[str, str]:
    """The five sections; a list with a line for each statement."""
    if summary is None:
        return {}
    return {
        "Executive summary": summary.executive_summary,
        "Key findings": "\n".join(summary.key_findings),
        "Recommendations": "\n".join(summary.recommendations),
        "Risks": "\n".join(summary.risk_factors),
        "Action items": "\n".join(summary.action_items),
    }


def _making(
    version: Version, stage1: InitialSummary, stage2: UserModifications | None, stage3: FinalDeliverable | None
) -> dict[str, str]:
    """Engines, wishes and versions, as far as this version tells them."""
    record = stage1 if version == "ai" or stage2 is None else stage3 or stage2
    told = {"Version of the record": str(record.schema_version), "Document type": record.document_type}
    told["Read by"] = f"{stage1.source.extraction_method or ''} {stage1.source.di_model or ''}".strip()
    if version == "ai" or stage2 is None:
        return told | {"Summary by": stage1.initial_summary_metadata.ai_model or ""}
    wishes, plan = stage2.user_preferences, stage3.presentation_plan if stage3 else None
    made = stage3.final_summary_metadata if stage3 else None
    told |= {
        "Template": TEMPLATES[made.template_used if made else wishes.document_template].label,
        "Format": (made.export_format if made else wishes.export_format).value,
        "Instructions": plan.instructions if plan else wishes.transformation_instructions,
        "Put first": ", ".join(wishes.priority_fields),
    }
    return told | ({"Summary by": stage3.final_summary_metadata.ai_model or ""} if stage3 else {})
