"""What a model wrote, before it is recorded: which of its statements are marked, and the text without those that are left out."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from kraftd_core.ports.thinking import Case
from kraftd_core.records.stages import FinalSummary, Grounding
from kraftd_core.thinking.grounding.grounding import ANSWER, SECTIONS, ground_text

_HEAD = SECTIONS[0]
_END = re.compile(r"(?<=[^\W\d_]{3}[.!?])\s+(?=[A-ZÄÖÜÀÉÈÇ¿¡])")
"""Where a sentence surely ends: not behind a number or a short abbreviation."""


@dataclass(frozen=True, slots=True)
class MarkedStatement:
    """A statement that contradicts the record, or of which some words are not found in the document.

    The first section is taken by its sentences: `index` counts them there; `is_whole` where its marks belong to no one of them.
    """

    section: str
    index: int
    text: str
    contradicts: tuple[str, ...] = ()
    not_found: tuple[str, ...] = ()
    is_whole: bool = False

    @property
    def key(self) -> str:
        """By what a decision names it."""
        return f"{self.section} {self.index}"


def marked_in(summary: FinalSummary, grounding: Grounding | None, case: Case) -> tuple[MarkedStatement, ...]:
    """The statements on which somebody has to decide, in the order of the text."""
    if grounding is None:
        return ()
    found = []
    for section in SECTIONS:
        said = getattr(summary, section)
        texts = [said] if section == _HEAD else said
        marked = list(_marked(section, texts, grounding))
        found += _by_sentence(marked[0], case) if section == _HEAD and marked else marked
    return tuple(found)


def _marked(section: str, texts: list[str], grounding: Grounding, named: str = "") -> Iterable[MarkedStatement]:
    against = {entry.index: entry.told for entry in grounding.contradictions if entry.section == (named or section)}
    missing = {entry.index: entry.not_found for entry in grounding.statements if entry.section == (named or section)}
    for n, text in enumerate(texts):
        if against.get(n) or missing.get(n):
            yield MarkedStatement(section, n, text, tuple(against.get(n, ())), tuple(missing.get(n, ())))


def _by_sentence(whole: MarkedStatement, case: Case) -> list[MarkedStatement]:
    sentences = _END.split(whole.text)
    text = "\n".join(" ".join(sentence.split()) for sentence in sentences)
    marked = list(_marked(_HEAD, sentences, ground_text(text, case), ANSWER))
    return marked or [MarkedStatement(_HEAD, 0, whole.text, whole.contradicts, whole.not_found, is_whole=True)]


def without_statements(summary: FinalSummary, out: Iterable[MarkedStatement], instead: str) -> FinalSummary:
    """The text without these statements; where nothing is left of its first section, that is `instead`."""
    gone = list(out)
    left: dict[str, list[str] | str] = {section: _left(section, getattr(summary, section), gone) for section in SECTIONS[1:]}
    head = [marked for marked in gone if marked.section == _HEAD]
    if head:
        rest = [] if any(marked.is_whole for marked in head) else _left(_HEAD, _END.split(summary.executive_summary), head)
        left[_HEAD] = " ".join(rest) or instead
    return summary.model_copy(update=left)


def _left(section: str, texts: list[str], gone: list[MarkedStatement]) -> list[str]:
    out = {marked.index for marked in gone if marked.section == section}
    return [text for n, text in enumerate(texts) if n not in out]
