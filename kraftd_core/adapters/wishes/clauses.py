"""Parts instructions into clauses: one wish each, in the user's own words, with politeness put aside to read it."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Literal

_MOST_CLAUSES = 60
_SEPARATOR = re.compile(
    r"(?P<quoted>\"[^\"\n]*\"|“[^”\n]*”|„[^“”\n]*[“”]|«[^»\n]*»"
    r"|';'|(?<=\b(?:by|as) );(?=\s|$)|(?<=\b(?:use|mit) );|(?<=\bwith );)"
    r"|(?P<strong>[;\n•]+|[.!?]+(?=\s|$))"
    r"|(?P<weak>,(?!\d)|(?<!\d),|\s(?:and|und|et|then|but|plus|&)(?=\s)|^\s*&)"
)
_POLITE = re.compile(
    r"^(?:(?:please|pls|plz|kindly|bitte|also|then|and|und|et|but|just|so|now|hello|hi|hey|ok|thanks?(?: you)?|danke|"
    r"merci|s'il vous plaît|"
    r"(?:can|could|would|will) you|i(?:'d| would)? (?:like|want|need)(?: you)?(?: to)?|i want(?: you)?(?: to)?|"
    r"make sure (?:to|that|you)|"
    r"we (?:want|need)|don't forget to|remember to|let's|you (?:should|must|can)|&)[\s,:]+)+",
    re.IGNORECASE,
)
_POLITE_END = re.compile(r"[\s,]+(?:please|pls|plz|bitte|thanks?(?: you)?|danke|merci|s'il vous plaît|ok)$", re.IGNORECASE)
_ONLY_POLITE = re.compile(r"(?:please|pls|plz|bitte|thanks?(?: you)?|danke|merci|hello|hi|ok|and|und|then|&)*", re.IGNORECASE)
STARTERS = re.compile(
    r"(?:highlight|mark|emphasi[sz]e|colou?r|shade|paint|flag|make|hide|leave|omit|remove|drop|exclude|without|no|skip|"
    r"suppress|delete|"
    r"don't|do not|only|just|put|show|list|display|include|keep|place|move|start|begin|sort|order|arrange|rank|group|"
    r"rename|relabel|"
    r"call|label|use|write|format|translate|change|set|replace|correct|add|multiply|increase|round|convert|fetch|send|"
    r"ohne|nur|sortiere|gruppiere|markiere|verberge|trie|triez|trier|sans|seulement|masque|masquez|surligne|surlignez)\b",
    re.IGNORECASE,
)


def clauses_of(instructions: str, is_wish: Callable[[str], bool]) -> Iterator[str]:
    """The wishes one by one, in the user's words; commas and "and" part them only where a wish of its own begins."""
    given = 0
    for sentence in _parts(instructions, "strong"):
        for clause in _merged(_parts(sentence, "weak"), sentence, is_wish):
            given += 1
            if given > _MOST_CLAUSES:
                yield instructions[instructions.find(clause) :].strip()
                return
            yield clause


def _merged(parts: Sequence[str], sentence: str, is_wish: Callable[[str], bool]) -> Iterator[str]:
    """Neighbouring parts joined again, as they stand in the sentence, unless the later one is a wish of its own."""
    begin = end = 0
    for part in parts:
        at = sentence.index(part, end)
        if end and is_wish(part):
            yield sentence[begin:end].strip()
            begin = at
        elif not end:
            begin = at
        end = at + len(part)
    if end:
        yield sentence[begin:end].strip()


def _parts(text: str, separator: Literal["strong", "weak"]) -> list[str]:
    """The text between separators of a strength; what is quoted stays whole."""
    parts, begin = [], 0
    for match in _SEPARATOR.finditer(text):
        if match[separator]:
            parts.append(text[begin : match.start()])
            begin = match.end()
    parts.append(text[begin:])
    return [part.strip() for part in parts if not _ONLY_POLITE.fullmatch(part.strip(" ,.!&"))]


def bare_of(clause: str) -> str:
    """The clause without politeness, with plain apostrophes and single blanks."""
    text = " ".join(clause.replace("’", "'").split()).strip(" ,.!?:-*•")
    text = _POLITE_END.sub("", _POLITE_END.sub("", text))
    return _POLITE.sub("", text).strip(" ,:")
