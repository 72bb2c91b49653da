"""Every error that the checks found stands among the risks, whoever writes: those that were left out are added by rule."""

import re
from typing import TypeVar

from kraftd_core.document.checks.model import Finding
from kraftd_core.document.wording import how_many, in_sentence
from kraftd_core.ports.thinking import Case
from kraftd_core.records.stages import FinalSummary, Summary
from kraftd_core.thinking.grounding.claims import numbers_in

_MOST_ADDED = 8
_SHORTEST_WORD = 4  # characters of a word that says something
_MORE = re.compile(r"(?i)(?<!\w)\d+ more (?:problems?|errors?)(?!\w)")

AnySummary = TypeVar("AnySummary", Summary, FinalSummary)


def with_every_error(summary: AnySummary, case: Case) -> tuple[AnySummary, list[int]]:
    """The summary with the errors that its risks do not name, and the places of those that were added."""
    errors = [finding for finding in case.findings if finding.severity == "error"]
    missing = [finding for finding in errors if not any(names(risk, finding) for risk in summary.risk_factors)]
    if not missing or any(_MORE.search(risk) for risk in summary.risk_factors):
        return summary, []
    told: list[str] = [finding.message for finding in missing[:_MOST_ADDED]]
    if len(missing) > _MOST_ADDED:
        told.append(f"The checks found {how_many(len(missing) - _MOST_ADDED, 'more error')}.")
    risks = [*summary.risk_factors, *told]
    return summary.model_copy(update={"risk_factors": risks}), list(range(len(summary.risk_factors), len(risks)))


def names(risk: str, finding: Finding) -> bool:
    """Whether a risk speaks of this finding: with its figures, else with the words of its message, or with what it is about."""
    figures = [float(text) for text in (finding.expected, finding.found) if text and _is_figure(text)]
    if figures:
        said = {round(abs(number), 2) for number in numbers_in(risk)}
        return all(round(abs(figure), 2) in said for figure in figures)
    spoken, wanted = _words(risk), _words(finding.message)
    if wanted and 2 * len(wanted & spoken) > len(wanted):
        return True
    about = [in_sentence(cell).lower() for cell in finding.cells]
    return bool(about) and all(name in risk.lower() for name in about) and "missing" in spoken


def _is_figure(text: str) -> bool:
    return re.fullmatch(r"-?\d{1,15}(?:\.\d{1,6})?", text) is not None


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"[^\W_]+", text.lower()) if len(word) >= _SHORTEST_WORD}

