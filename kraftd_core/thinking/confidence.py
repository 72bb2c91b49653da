"""What follows from a case by rule, whichever engine writes the prose: how sure the reading is, and what a review says of it."""

import re
from collections import Counter

from kraftd_core.document.changes import counted, parse_path
from kraftd_core.document.nouns import Change, Move
from kraftd_core.document.wording import label_of
from kraftd_core.ports.thinking import Case
from kraftd_core.records.lessons import Lesson
from kraftd_core.records.stages import LearningInsights
from kraftd_core.records.sureness import is_type_doubtful

_ERROR_COST, _DOUBT_COST, _INVENTED_COST, _LARGEST_COST = 0.1, 0.02, 0.5, 0.5
_FEWEST_REVIEWS, _FEWEST_MEASURED = 2, 3


def confidence(case: Case, grounded: float | None = None) -> float | None:
    """How sure the reading is, less what the checks found wrong; an engine is never asked for it.

    The extraction's confidence, else the mean over the values whose confidence is known (null where neither is), less a
    tenth of it for each error that the checks found and a fiftieth for each warning (a note, as of a payment that is late,
    says nothing about the reading), and half of the share of statements that rest on nothing; but at most half of it in all.
    """
    known = [place.confidence for place in case.places.values() if place.confidence is not None]
    sure = case.extraction_confidence
    if sure is None:
        sure = sum(known) / len(known) if known else None
    if sure is None:
        return None
    errors = sum(finding.severity == "error" for finding in case.findings)
    doubts = sum(finding.severity == "warning" for finding in case.findings)
    invented = 0.0 if grounded is None else (1 - grounded) * _INVENTED_COST
    return round(sure * (1 - min(_LARGEST_COST, _ERROR_COST * errors + _DOUBT_COST * doubts + invented)), 4)


def has_doubtful_type(case: Case) -> bool:
    """Whether as much speaks for other types of document as for this one, and nobody chose the type or looked at it since."""
    is_chosen = bool(case.looked_at) or any(change.field == "document_type" for change in case.changes)
    return is_type_doubtful(case.type_confidence) and not is_chosen


def learning_insights(case: Case) -> LearningInsights:
    """What the reviewer corrected, and what it says beside the owner's earlier reviews of such documents.

    The focus are the areas corrected in at least two reviews, this one counted, the most frequent first. The improvement
    is by how much more surely this document was read than the earlier ones on average, from three measured ones on.
    """
    corrected = [change for change in counted(case.changes) if not isinstance(change, Move)]
    reviews = [{_area(*_parts(change)) for change in corrected}, *map(_areas_of, case.earlier)]
    areas = Counter(area for review in reviews for area in review)
    often = [area for area, count in areas.items() if count >= _FEWEST_REVIEWS]
    return LearningInsights(
        user_corrected_fields=sorted({field_name(change) for change in corrected}),
        confidence_improvement=_improvement(case),
        user_focus_areas=sorted(often, key=lambda area: (-areas[area], area)),
    )


def _improvement(case: Case) -> float | None:
    before = [lesson.confidence for lesson in case.earlier if lesson.confidence is not None]
    if case.extraction_confidence is None or len(before) < _FEWEST_MEASURED:
        return None
    return round(case.extraction_confidence - sum(before) / len(before), 4)


def _areas_of(lesson: Lesson) -> set[str]:
    return {_area(c.table, c.name) for c in lesson.corrections if c.kind not in ("declined", "rewritten")}


def field_name(change: Change) -> str:
    """The field, or the table and column, that a change is in."""
    path = parse_path(change.field)
    return f"{path.field}.{path.column}" if path.column is not None else path.field


_AREAS = {
    "Parties": r"vendor|customer|supplier|buyer|seller",
    "Dates": r"date|due|until",
    "Amounts": r"total|tax|amount|price|currency|value",
}


def _parts(change: Change) -> tuple[str, str]:
    """The table that a change is in, if it is in one, and the field or column."""
    path = parse_path(change.field)
    return ("", path.field) if path.row_id is None else (path.field, path.column or "")


def _area(table: str, name: str) -> str:
    if table:
        return label_of(table)
    return next((area for area, words in _AREAS.items() if re.search(words, name.lower())), "Other details")
