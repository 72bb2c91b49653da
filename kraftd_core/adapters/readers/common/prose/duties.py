"""The duties with a day or a span of time that a contract lays on its parties, as a table."""

import re
from collections.abc import Iterator, Sequence

from kraftd_core.adapters.readers.common.prose.contract_parties import Party
from kraftd_core.adapters.readers.common.prose.marks import Datum, Marked
from kraftd_core.adapters.readers.common.reading import Found, ReadTable, Spot
from kraftd_core.adapters.readers.common.values import folded

_SURE = 0.75
_MOST_DUTIES, _LONGEST = 100, 300
_OWES = (
    r"(?:(?:shall|must|undertakes? to|agrees? to|is (?:required|obliged) to|will|verpflichtet sich|hat|ist verpflichtet|muss|"
    r"wird|"
    r"s'engage a|doit|devra|est tenue? de|s'oblige a|debera|se obliga a|se compromete a|debe)\b)"
)
_DEADLINE = re.compile(
    r"\b(?:by|before|until|(?:no|not) later than|on or before|due on|within|innerhalb|binnen|bis(?: zum| spatestens)?|"
    r"spatestens(?: am| bis zum)?|"
    r"avant le|au plus tard le|dans un delai de|sous|dans les|jusqu'au|antes del?|a mas tardar el|en un plazo(?: maximo)? de|"
    r"dentro de(?: los)?|hasta el)"
    r"(?: (?:the |von |a maximum of |den |los )?)?\s?⟦([dt])(\d+)⟧(?P<more>[^⟦.;]{0,80})"
)
_NUMBER = re.compile(r"\s*(?:§\s?)?\(?(\d{1,2}(?:\.\d{1,2}){0,3}|[a-z])[.)]?\s")


def duties_of(sentences: Sequence[Marked], parties: Sequence[Party]) -> ReadTable | None:
    """Who must do what by when; only what a party of this contract must do, and none where no party is known."""
    names = _names(parties)
    if not names:
        return None
    called = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    subject = re.compile(rf"\b(?P<who>{called})\b[^⟦.;]{{0,40}}?\b{_OWES}")
    rows = []
    for sentence in sentences:
        rows += list(_duty(sentence, subject, names))
        if len(rows) >= _MOST_DUTIES:
            break
    return ReadTable("obligations", rows) if rows else None


def _names(parties: Sequence[Party]) -> dict[str, str]:
    """How sentences call the parties, with the name of each."""
    names: dict[str, str] = {}
    for party in parties:
        for called in (party.title, party.name):
            if len(plain := folded(called).strip()) > 2:
                names[plain] = party.title or party.name
    return names | ({"each party": "each party", "either party": "either party"} if names else {})


def _duty(sentence: Marked, subject: "re.Pattern[str]", names: dict[str, str]) -> Iterator[dict[str, Found]]:
    who = subject.search(sentence.text)
    due = _DEADLINE.search(sentence.text, who.end()) if who else None
    if who is None or due is None or re.search(r"\bshall not exceed\b", sentence.text):
        return
    mark = sentence.marks[int(due[2])]
    number = _NUMBER.match(sentence.sentence.passage.text)
    whole = sentence.sentence
    yield {
        "party": Found(names[who["who"]], whole.found(None, 0, len(whole.text), _SURE).spot),
        "obligation": whole.found(_told(whole.text), 0, len(whole.text), _SURE),
        "due_date": sentence.found(mark, _SURE) if mark.kind == "d" else Found(None, Spot()),
        "deadline": sentence.found(mark, _SURE, _deadline(sentence, mark)),
        "clause": whole.passage.found(number[1], 0, number.end(), _SURE) if number else Found(None, Spot()),
    }


def _told(text: str) -> str:
    bare = " ".join(_NUMBER.sub("", text, count=1).split()) if _NUMBER.match(text) else " ".join(text.split())
    return bare if len(bare) <= _LONGEST else bare[: bare.rfind(" ", 0, _LONGEST)] + " …"


_AFTER_SPAN = re.compile(r"\s+(?:(?:of|from|after|following|before|prior to|nach|ab|vor|à compter|suivant|après|desde|de|"
    r"a partir)\b[^.;,]{0,80})", re.IGNORECASE)


def _deadline(sentence: Marked, mark: Datum) -> str:
    """The day as it is written, or the span with what it is counted from."""
    text = sentence.sentence.text
    more = _AFTER_SPAN.match(text, mark.end) if mark.kind == "t" else None
    return " ".join(text[mark.start : more.end() if more else mark.end].split())
