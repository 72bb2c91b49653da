"""The core of Kraftd Review: reading, reviewing and delivering documents, recorded in three stages."""

from importlib import import_module
from typing import Any

# What a page may import, by the module it comes from (and the module `grids`). Fetched at first use: a child process
# that only parses a file does not load the whole core, and the first page comes fast.
_NAMES = {
    "access": ("LoopbackOnly",),
    "bootstrap": ("Core", "core"),
    "cells": ("text_of",),
    "checks": ("Finding",),
    "desk": ("Desk", "DownloadFile", "Review", "Workflow"),
    "document_types": ("KINDS", "kind_of"),
    "errors": ("AgentUnavailable", "KraftdError", "NotFound", "StoreUnavailable"),
    "jobs": ("JobView",),
    "jsontypes": ("Data", "new_row_id"),
    "layout": ("GROUNDS", "Entries", "Layout", "Prose", "Table"),
    "ports": ("Draft", "HistoryFilter", "Rendered", "Waiting", "WorkflowLine"),
    "presentation": ("HELP", "without"),
    "records": ("DocumentTemplate", "ExportFormat", "FinalDeliverable", "FinalSummaryMetadata", "Grounding", "HistoryEntry",
                "InitialSummaryMetadata", "Look", "PresentationPlan", "Step", "Suggestion", "Summary", "UserModifications",
                "UserPreferences"),
    "samples": ("SAMPLES", "Sample"),
    "templates": ("TEMPLATES",),
    "verification": ("Judged",),
    "wording": ("checks_told", "label_of"),
}
_HOME_OF = {name: module for module, names in _NAMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
