"""Why a wish is not carried out: one plain sentence for every kind of wish that is known."""

import re

from kraftd_core.adapters.wishes.grammar import OTHER_LANGUAGES, RECKONING, words
from kraftd_core.document.wording import clipped

NOT_UNDERSTOOD = "Not understood."
_NO_OTHER_VALUES = "Values are never changed here. Correct them on Review."
NOTHING_RECKONED = "Only reviewed values are shown; nothing is calculated, rounded or converted."
_NOTHING_FETCHED = "Nothing is fetched, added from elsewhere or sent."
_NO_TONE = "The rule-based engine writes in one tone only."
NO_PROSE = "The prose stays English: the rule-based engine writes no other language."
OTHER_SEPARATORS = "The columns of a CSV file are set apart by commas, semicolons or tabs only."
NO_LINES_APART = "Lines are not left out by a condition, so that the totals stay clear. Have them highlighted instead."
NO_LANGUAGE = "Headings and labels are known in English, German and French only."

_REASONS = (
    (words(r"https?:|www\.|\b(?:fetch|download|upload|send|e-?mail|attach|insert|logo|picture|image|open)\b"), _NOTHING_FETCHED),
    (RECKONING, NOTHING_RECKONED),
    (words(r"\b(?:change|set|correct|adjust|increase|reduce|replace|add|multiply|double|update|edit|ändere|setze)\b"),
     _NO_OTHER_VALUES),
    (words(rf"\b(?:{OTHER_LANGUAGES})\b"), NO_LANGUAGE),
    (words(r"\b(?:tone|formal|informal|friendl\w+|casual|polite\w*|concise|short(?:er)?|longer|simpler?|wording|style|"
           r"professional)\b"), _NO_TONE),
)  # fmt: skip


def why_not(clause: str) -> str:
    """Why a wish of a kind that is known is never carried out; empty for all others."""
    return next((reason for pattern, reason in _REASONS if pattern.search(clause)), "")


def lacking(phrase: str) -> str:
    """The document has nothing that the phrase names."""
    bare = re.sub(r"^(?:(?:the|all|an?|any|our|my|der|die|das|le|la|les)\s+)+", "", phrase.strip(), flags=re.IGNORECASE)
    return f"This document has no “{clipped(bare)}”."
