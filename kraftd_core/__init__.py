"""The core of Kraftd Review: reading, reviewing and delivering documents, recorded in three stages."""

from importlib import import_module
from typing import Any

# What a page may import, by the module it comes from (and the module `grids`). Fetched at first use: a child process
# that only parses a file does not load the whole core, and the first page comes fast.
_NAMES = {
    "access": ("LoopbackOnly",),
    "attention": ("Attention", "Entry", "Mark", "Offer"),
    "bootstrap": ("Core", "core"),
    "cells": ("text_of",),
    "changes": ("path_of",),
    "checks": ("Finding",),
    "compare": ("DOUBTFUL", "KINDS_OF_LINES", "VERSIONS", "Comparison", "Wanted"),
    "compared_html": ("COMPARE_CSS", "comparison_html", "likeness_told", "reading_told"),
    "desk": ("Desk",),
    "desk_delivering": ("Choices",),
    "desk_records": ("DownloadFile",),
    "desk_reviewing": ("Review",),
    "desk_shared": ("Workflow",),
    "document_types": ("KINDS", "kind_of"),
    "errors": ("AgentUnavailable", "KraftdError", "NotFound", "StageAlreadyRecorded", "StoreUnavailable"),
    "jobs": ("JobView",),
    "jsontypes": ("ROW_ID", "Data", "new_row_id"),
    "layout": ("GROUNDS", "Entries", "Layout", "Prose", "Table"),
    "learning": ("Learned",),
    "looks": ("looked_at_told", "suggestions_told"),
    "ports": ("Contents", "Draft", "HistoryFilter", "Order", "Rendered", "SheetView", "TextView", "Waiting", "WorkflowLine"),
    "presentation": ("HELP", "without"),
    "records": ("Change", "DocumentTemplate", "ExportFormat", "FinalDeliverable", "FinalSummaryMetadata", "Grounding",
                "HistoryEntry", "InitialSummaryMetadata", "Look", "Place", "PresentationPlan", "Step", "Suggestion", "Summary",
                "UserModifications", "UserPreferences"),
    "samples": ("SAMPLES", "Sample"),
    "templates": ("TEMPLATES",),
    "unread": ("unread_edits",),
    "verification": ("Judged",),
    "wording": ("checks_told", "label_of"),
}
_HOME_OF = {name: module for module, names in _NAMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
