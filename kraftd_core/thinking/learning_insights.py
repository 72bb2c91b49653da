"""What a review says of the reading, beside the owner's earlier reviews, by rule."""

import re
from collections import Counter

from kraftd_core.document.changes import counted, parse_path
from kraftd_core.document.nouns import Change, Move
from kraftd_core.document.wording import label_of
from kraftd_core.ports.thinking import Case
from kraftd_core.records.lessons import Lesson
from kraftd_core.records.stages import LearningInsights

_FEWEST_REVIEWS, _FEWEST_MEASURED = 2, 3


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
