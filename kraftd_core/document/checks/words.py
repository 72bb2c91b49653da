"""What is said of the checks where nothing differs: one place, so that nothing is called right that was not compared."""

from collections.abc import Iterable, Sequence

from kraftd_core.document.checks.model import Answer, Finding
from kraftd_core.document.wording import listed

FIGURES = {
    "line_amount": "the amounts of the lines",
    "line_sum": "the sum of the lines",
    "section_sum": "the sums among the lines",
    "total": "the total",
    "tax": "the tax",
    "tax_base": "the bases of the tax",
    "rate": "the rates",
    "balance": "the balance",
    "count": "what is counted",
    "figure": "other sums",
}
"""The checks that compare figures, and what each compares."""

ADD_UP = "The figures add up."
PARTLY = "The figures that could be compared add up; not all could be."
UNCOMPARED = "The figures could not be compared."
NO_FIGURES = "There were no figures to compare."


def doubts(findings: Iterable[Finding]) -> list[Finding]:
    """The findings that ask to be confirmed or corrected; a fact to know is none."""
    return [finding for finding in findings if finding.severity != "note"]


def of_figures(answers: Iterable[Finding]) -> list[Finding]:
    """The answers of the checks that compare figures."""
    return [answer for answer in answers if answer.check in FIGURES]


def verdict(answers: Iterable[Finding]) -> Answer:
    """What the answers come to: right only if something was compared, and nothing was left out."""
    given = {answer.answer for answer in of_figures(answers)}
    if "differs" in given:
        return "differs"
    return "held" if given == {"held"} else "not_checked"


def figures_said(answers: Sequence[Finding]) -> str | None:
    """How the figures stand, in one sentence; None where they differ, which their findings say."""
    stands = verdict(answers)
    if stands == "differs":
        return None
    if stands == "held":
        return ADD_UP
    known = of_figures(answers)
    if not known:
        return NO_FIGURES
    return PARTLY if any(answer.answer == "held" for answer in known) else UNCOMPARED


def unchecked_said(answers: Sequence[Finding]) -> str | None:
    """What could not be checked, in one sentence; None where all was."""
    names = dict.fromkeys(FIGURES[answer.check] for answer in of_figures(answers) if answer.answer == "not_checked")
    return f"Not checked, or only in part: {listed(list(names))}." if names else None


def nothing_wrong_said(answers: Sequence[Finding]) -> str:
    """What is said where nothing differs: that nothing is wrong only where all figures were compared."""
    stands = verdict(answers)
    if stands == "held":
        return "The checks found nothing wrong."
    compared = any(answer.answer == "held" for answer in of_figures(answers))
    return "The checks found nothing wrong in what they could compare." if compared else "The checks had no figures to compare."
