"""What an address looks like, line by line: a street with its number, a town with its postcode; neither names a party."""

import re
from collections.abc import Callable, Sequence

from kraftd_core.adapters.readers.common.words import Page, Phrase

_POSTCODE = re.compile(
    r"(?:^|\s|-)(?:[A-Z]{1,2}[- ])?\d{4,6} [^\W\d]{2,}|"
    r"(?:^|,\s*)(?:[A-Z]{1,2}[- ])?(?:\d{3} \d{2}|\d{2}-\d{3}|\d{4}-\d{3}|\d{5}-\d{3}) [^\W\d]{2,}|"
    r"\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b|\b[A-Z]{2},? \d{5}(?:-\d{4})?\b|^[^\W\d][\w ]+ \d{6}\b|"
    r"\b(?:NSW|VIC|QLD|TAS|ACT|NT|SA|WA) \d{4}\b|\b[AC-FHKNPRTV-Y]\d[\dW] ?[AC-FHKNPRTV-Y\d]{4}$"
)
_STREET = re.compile(
    r"^(?:via|viale|corso|piazza|strada|largo|vicolo|rue|avenue|quai|chemin|impasse|place|boulevard|calle|avenida|av\.|plaza|"
    r"paseo|rua|travessa|alameda|ul\.|al\.|os\.|pl\.)\s.*\d|"
    r"^[^\W\d].*(?:stra(?:ß|ss)e|str\.|weg|gasse|platz|allee|damm|ufer|straat|laan|gracht|plein|kade|singel|gatan|vägen|gade|vej|"
    r"torv|torget|katu|street|road|avenue|lane)\s+\d+\s?[a-z]?(?:[/-]\d+)?$|"
    r"^\d+(?:\s?(?:bis|ter|[a-z]))?,?\s(?:rue|avenue|av\.|quai|chemin|impasse|place|boulevard|bd|allée|route|cours)\s|"
    r"^\d+\w?,?\s.*\b(?:drive|street|road|avenue|lane|way|boulevard|court|crescent|terrace|mews|quay|square|st|rd|ave|rue|place)$",
    re.IGNORECASE,
)
_TOWN_FIRST = re.compile(
    r"[^\W\d][^\d]{1,30} (?:(?:NSW|VIC|QLD|TAS|ACT|NT|SA|WA) \d{4}|[A-Z]{2} \d{5}(?:-\d{4})?|"
    r"[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}|\d{6})"
)
_NUMBERED = re.compile(r"^[^\W\d][^\d]*\s\d{1,4}\s?[a-z]?(?:[/-]\d+)?$", re.IGNORECASE)
_PARTS = re.compile(r"\s*[,|·•*]\s*|\s[-–]\s")
_SENDER = re.compile(r"([^,\d]{3,60}),\s+([^,]*\d[^,]*),\s+([^,]+)")
_LONGEST = 200  # characters
_ALIGNMENTS: tuple[Callable[[Phrase], float], ...] = (lambda phrase: phrase.x0, lambda phrase: phrase.x1)


def is_postal(text: str) -> bool:
    """Whether a postcode and a town, or something like them, stand in the text."""
    return bool(_POSTCODE.search(text))


def is_address(text: str) -> bool:
    """Whether the text is an address and nothing else: it begins with a street and number, or a postcode and town.

    A number behind any other words tells a street only when the town follows: "Zuiderpark 88, 6811 EE Arnhem".
    """
    parts = [part for part in _PARTS.split(text.strip()) if part] if len(text) <= _LONGEST else []
    if not parts:
        return False
    is_town = re.match(r"(?:[A-Z]{1,2}[- ])?\d{2,5}[- ]?\d{0,3} [^\W\d]", parts[0]) and is_postal(parts[0])
    if _STREET.search(parts[0]) or is_town or _TOWN_FIRST.fullmatch(parts[0]):
        return True
    return len(parts) > 1 and bool(_NUMBERED.match(parts[0])) and is_postal(parts[1])


def sender_before_address(text: str) -> str | None:
    """The name in "name, street and number, town", as letters print it in small over the window for the address."""
    found = _SENDER.fullmatch(text.strip()) if len(text) <= _LONGEST else None
    return found[1] if found and is_postal(found[3]) and not is_address(text) else None


def address_blocks(page: Page) -> list[list[Phrase]]:
    """Lines one under the other, aligned at the left or else at the right, each block down to its postcode and town."""
    blocks = [part for edge in _ALIGNMENTS for block in _aligned(page, edge) for part in _to_towns(block)]
    return sorted((block for block in blocks if block[0].top < 0.5 * page.height), key=lambda block: block[0].top)


def left_aligned(page: Page) -> list[list[Phrase]]:
    """Phrases that begin at the same place on lines that follow each other."""
    return _aligned(page, _ALIGNMENTS[0])


def _aligned(page: Page, edge: Callable[[Phrase], float]) -> list[list[Phrase]]:
    """Phrases whose edges agree, on lines that follow each other."""
    blocks: list[list[Phrase]] = []
    for phrase in (p for line in page.lines for p in line.phrases):
        for block in blocks:
            last = block[-1]
            if abs(edge(last) - edge(phrase)) < 3 and 0 <= phrase.top - last.top <= 2.2 * (last.bottom - last.top):
                block.append(phrase)
                break
        else:
            blocks.append([phrase])
    return blocks


def _to_towns(block: Sequence[Phrase]) -> list[list[Phrase]]:
    """The block cut after each town that has a line above it: a letter's sender may stand right over its addressee."""
    parts: list[list[Phrase]] = []
    begun: list[Phrase] = []
    for phrase in block:
        begun.append(phrase)
        if is_postal(phrase.text):
            if len(begun) > 1:
                parts.append(begun)
            begun = []
    return parts
