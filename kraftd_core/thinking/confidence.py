"""How sure a reading is, by rule, whichever engine writes the prose."""

from kraftd_core.ports.thinking import Case
from kraftd_core.records.sureness import is_type_doubtful

_ERROR_COST, _DOUBT_COST, _INVENTED_COST, _LARGEST_COST = 0.1, 0.02, 0.5, 0.5


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
