"""What follows from a case by rule, whichever engine writes the prose: how sure the reading is, and what a review says of it."""

import re
from collections import Counter
from collections.abc import Sequence

from kraftd_core.document.changes import counted, parse_path
from kraftd_core.document.nouns import Change, Move
from kraftd_core.document.wording import label_of
from kraftd_core.ports.thinking import Case
from kraftd_core.records.stages import LearningInsights

_ERROR_COST, _DOUBT_COST, _INVENTED_COST, _LARGEST_COST = 0.1, 0.02, 0.5, 0.5


def confidence(case: Case, grounded: float | None = None) -> float | None:
    """How sure the reading is, less what the checks found wrong; an engine is never asked for it.

    The extraction's confidence, else the mean over the values whose confidence is known (null where neither is), less a
    tenth of it for each error that the checks found and a fiftieth for each warning (a payment that is late says nothing
    about the reading), and half of the share of statements that rest on nothing; but at most half of it in all.
    """
    known = [place.confidence for place in case.places.values() if place.confidence is not None]
    sure = case.extraction_confidence
    if sure is None:
        sure = sum(known) / len(known) if known else None
    if sure is None:
        return None
    errors = sum(finding.severity == "error" for finding in case.findings)
    doubts = sum(finding.severity == "warning" and finding.check != "overdue" for finding in case.findings)
    invented = 0.0 if grounded is None else (1 - grounded) * _INVENTED_COST
    return round(sure * (1 - min(_LARGEST_COST, _ERROR_COST * errors + _DOUBT_COST * doubts + invented)), 4)


def learning_insights(changes: Sequence[Change]) -> LearningInsights:
    """Which fields and columns the reviewer corrected, and in which areas most."""
    corrected = [change for change in counted(changes) if not isinstance(change, Move)]
    areas = Counter(map(_area, corrected))
    return LearningInsights(
        user_corrected_fields=sorted({field_name(change) for change in corrected}),
        user_focus_areas=sorted(areas, key=lambda area: (-areas[area], area)),
    )


def field_name(change: Change) -> str:
    """The field, or the table and column, that a change is in."""
    path = parse_path(change.field)
    return f"{path.field}.{path.column}" if path.column is not None else path.field


_AREAS = {
    "Parties": r"vendor|customer|supplier|buyer|seller",
    "Dates": r"date|due|until",
    "Amounts": r"total|tax|amount|price|currency|value",
}


def _area(change: Change) -> str:
    path = parse_path(change.field)
    if path.row_id is not None:
        return label_of(path.field)
    return next((area for area, words in _AREAS.items() if re.search(words, path.field.lower())), "Other details")
