"""The core of Kraftd Review: reading, reviewing and delivering documents, recorded in three stages."""

from importlib import import_module
from typing import Any

# What a page may import, by the module it comes from (and the module `grids`). Fetched at first use: a child process
# that only parses a file does not load the whole core, and the first page comes fast.
_NAMES = {
    "web.guards": ("LoopbackOnly",),
    "review.attention": ("Attention", "Entry", "Mark", "Offer"),
    "bootstrap": ("Core", "core"),
    "document.cells": ("text_of",),
    "document.changes": ("path_of",),
    "document.checks.amounts": ("Finding",),
    "comparing.compare": ("DOUBTFUL", "KINDS_OF_LINES", "VERSIONS", "Comparison", "Wanted"),
    "comparing.html": ("COMPARE_CSS", "comparison_html", "likeness_told", "reading_told"),
    "desk.desk": ("Desk",),
    "desk.stage3_deliverable": ("Choices",),
    "desk.archive": ("DownloadFile",),
    "desk.stage2_modifications": ("Review",),
    "desk.common": ("Workflow",),
    "document.kinds": ("KINDS", "kind_of"),
    "errors": ("AgentUnavailable", "KraftdError", "NotFound", "StageAlreadyRecorded", "StoreUnavailable"),
    "desk.jobs": ("JobView",),
    "document.jsontypes": ("ROW_ID", "Data", "new_row_id"),
    "delivery.layout": ("GROUNDS", "Entries", "Layout", "Prose", "Table"),
    "review.learning": ("Learned",),
    "review.looked_at": ("looked_at_told", "suggestions_told"),
    "ports": ("Contents", "Draft", "HistoryFilter", "Order", "Rendered", "SheetView", "TextView", "Waiting", "WorkflowLine"),
    "delivery.plan": ("HELP", "without"),
    "records.stages": ("Change", "DocumentTemplate", "ExportFormat", "FinalDeliverable", "FinalSummaryMetadata", "Grounding",
                "HistoryEntry", "InitialSummaryMetadata", "Look", "Place", "PresentationPlan", "Step", "Suggestion", "Summary",
                "UserModifications", "UserPreferences"),
    "desk.samples": ("SAMPLES", "Sample"),
    "delivery.templates": ("TEMPLATES",),
    "review.unread": ("unread_edits",),
    "recording.verification": ("Judged",),
    "document.wording": ("checks_told", "label_of"),
}
_HOME_OF = {name: module for module, names in _NAMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
