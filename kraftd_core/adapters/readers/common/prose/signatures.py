"""The signatures at the end of a contract: who, as what, when, or that the line is empty."""

import re
from collections.abc import Iterator, Sequence

from kraftd_core.adapters.readers.common.parties.names import is_name
from kraftd_core.adapters.readers.common.prose.marks import dates_in
from kraftd_core.adapters.readers.common.prose.passages import Passage
from kraftd_core.adapters.readers.common.reading import Found, ReadTable, Spot
from kraftd_core.adapters.readers.common.values import Manner, folded

_SURE = 0.8
_MOST_SIGNATURES, _MOST_PASSAGES = 12, 120
_BEGINS = re.compile(
    r"\b(?:in witness whereof|signed (?:for and on behalf|by|for)|for and on behalf of|signatures?|duly authori[sz]ed|"
    r"executed (?:as|by)|unterschrift\w*|"
    r"unterzeichnet|firmado|firmas?|fdo|fait a|pour (?:le|la|l')|lu et approuve|agreed and accepted)\b|^\W*by\s*:|/s/|^_{8,}$"
)
_FOR = re.compile(r"\b(?:for and on behalf of|on behalf of|signed for|für|pour|por|for)\s*:?\s+(?P<party>[A-ZÀ-Þ].{2,80})$")
_PARTS = {
    "signed": r"by|signature|signed(?: by)?|unterschrift|firma|sign|authori[sz]ed signatory|fdo",
    "name": r"name|printed name|print name|full name|nom|nombre|name in (?:block )?(?:letters|capitals)",
    "title": r"title|position|designation|funktion|titel|qualite|fonction|cargo|capacity",
    "date": r"date|datum|fecha|dated",
}
_PART = re.compile(
    r"(?<!\w)(?:" + "|".join(f"(?P<{part}>{words})" for part, words in _PARTS.items()) + r")\s*:\s*(?P<said>.{0,80}?)"
    r"(?=\s{2,}|\s(?:by|name|title|date|signature|position|datum|nom|nombre|cargo|fecha)\s*:|$)", re.IGNORECASE,
)
_LINE = re.compile(r"_{3,}|\.{6,}|…{2,}|-{6,}")
_SIGNED = re.compile(r"/s/\s*(?P<who>[^_/]{2,50})|\(?(?:signed|sgd|gez)\.?\)?\s+(?P<other>[A-ZÀ-Þ][^_:]{2,40})", re.IGNORECASE)
EMPTY = "the line is empty"


def signatures_of(passages: Sequence[Passage], manner: Manner, names: Sequence[str] = ()) -> ReadTable | None:
    """A row for each signature, from where the last part of the text speaks of signing; None where nothing does."""
    plain = [folded(passage.text) for passage in passages]
    last = max((n for n, text in enumerate(plain) if re.search(r"in witness whereof|agreed and accepted", text)), default=None)
    starts = [n for n, text in enumerate(plain) if _BEGINS.search(text)]
    begin = last if last is not None else next((n for n in starts if n >= len(passages) - 40), None)
    if begin is None:
        return None
    rows: list[dict[str, Found]] = [{}]
    first = 0  # of the rows that stand side by side
    for passage in passages[begin : begin + _MOST_PASSAGES]:
        columns: dict[str, int] = {}
        for part, found in _parts(passage, manner, names):
            column = columns.get(part, 0)
            if column == 0 and (part in rows[first] or (part == "party" and rows[first])):
                first = len(rows)
            columns[part] = column + 1
            rows += [{} for _ in range(first + column + 1 - len(rows))]
            rows[first + column][part] = found
    kept = [row for row in rows if {"signed", "name"} & set(row)][:_MOST_SIGNATURES]
    return ReadTable("signatures", [_whole(row) for row in kept]) if kept else None


def _whole(row: dict[str, Found]) -> dict[str, Found]:
    return {part: row.get(part, Found(None, Spot())) for part in ("party", "name", "title", "date", "signed")}


def _parts(passage: Passage, manner: Manner, names: Sequence[str]) -> Iterator[tuple[str, Found]]:
    """What the passage says of a signature: for whom, by whom, as what, when."""
    text = passage.text
    if (party := _FOR.search(text)) and is_name(name := party["party"].strip(" :,_")):
        yield "party", passage.found(name, party.start("party"), party.end("party"), _SURE)
        return
    if told := sorted((text.find(name), name) for name in names if name in text and len(text) < 2 * len(" ".join(names)) + 20):
        yield from (("party", passage.found(name, at, at + len(name), _SURE)) for at, name in told)
        return
    if _LINE.fullmatch(text.strip()):
        yield "signed", passage.found(EMPTY, 0, len(text), _SURE)
        return
    if not _PART.search(text) and (signed := _SIGNED.search(text)):
        who = (signed["who"] or signed["other"]).strip()
        yield "signed", passage.found(f"signed: {who}", signed.start(), signed.end(), _SURE)
        return
    for found in _PART.finditer(text):
        part = next(part for part in _PARTS if found[part])
        said = found["said"].strip()
        value = _understood(part, said, manner)
        if value is not None:
            yield part, passage.found(value, found.start(), found.end(), _SURE)


def _understood(part: str, said: str, manner: Manner) -> str | None:
    """What the part says; a line that nobody filled in is told only of the signature and its day."""
    bare = _LINE.sub(" ", said).strip(" _.-")
    if part == "signed":
        signed = _SIGNED.search(said)
        who = (signed["who"] or signed["other"]).strip() if signed else bare
        return f"signed: {who}" if who and is_name(who) else EMPTY
    if part == "date":
        days = dates_in(bare, manner)
        return days[0][0] if days else None
    return bare if bare and (part != "name" or is_name(bare)) else None
