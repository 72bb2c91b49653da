"""Finds what a sentence claims: figures, days, counts, lines, codes, currencies and names, each as it is written."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from kraftd_core.document.units import digits_of
from kraftd_core.thinking.grounding.names import Name, folded_word, names_in, words_of
from kraftd_core.thinking.grounding.vocabulary import CURRENCIES, MONTHS, NUMBER_WORDS
from kraftd_core.thinking.languages import OTHER

DayParts: TypeAlias = tuple[int | None, int | None, int | None]
"""Year, month and day; None where the sentence does not say it."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number; `readings` are what it may mean, `slack` is how far a rough one ("about 670", "12.3 k") may be off."""

    text: str
    start: int
    readings: tuple[float, ...]
    decimals: int
    slack: float = 0.0
    is_share: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """How many of something there are: "7 lines"; `noun` is the family: line, field, finding, change, day or page."""

    text: str
    start: int
    number: int
    noun: str
    unit: str
    is_rest: bool


@dataclass(frozen=True, slots=True)
class LineNumber:
    """A line that is named by its place, from 1."""

    text: str
    start: int
    number: int


@dataclass(frozen=True, slots=True)
class Day:
    """A day, a month of a year, or a day of any year; where the order is open, every reading of it."""

    text: str
    start: int
    readings: tuple[DayParts, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """Letters and digits that name something; `figures` is what it says if it only is a number with its unit."""

    text: str
    start: int
    key: str
    is_cut: bool
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency, by the codes that its sign may stand for."""

    text: str
    start: int
    codes: frozenset[str]


Claim: TypeAlias = Figure | Count | LineNumber | Day | Code | Currency | Name


# Numbers


def code_key(text: str) -> str:
    """Letters and digits alone, as codes are compared."""
    return "".join(words_of(text))


_MARKS = r"[,.'’\u00a0\u202f\u2009 ]"
_NUMBER = (
    rf"(?:\d{{1,3}}(?P<mark>{_MARKS})\d{{3}}(?:(?P=mark)\d{{3}})*(?:[.,]\d+)?(?!\d)"
    r"|\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?(?!\d)|\d+(?:[.,]\d+)?)"
)
_PLAIN_NUMBER = re.compile(_NUMBER)
_FIGURE = re.compile(
    r"(?P<rough>(?:[~≈] ?|(?<!\w)(?i:about|around|roughly|approximately|approx\.|circa|ca\.|close to"
    r"|rund|etwa|ungef[äa]hr|environ|unos|aproximadamente) ))?"
    r"(?P<side>(?<!\w)(?i:over|under|more than|less than|nearly|almost|just over|just under|well over|up to) )?"
    r"(?:[-−+] ?)?(?:(?:[€$£¥₹]|[A-Z]{3}) ?)?(?<!\d)(?<!\d[.,])"
    rf"(?P<number>{_NUMBER})"
    r"(?P<scale> ?(?:k|K|M|mn|bn|Mio|Tsd)(?!\w)| (?:thousand|million|billion)(?!\w))?"
    r"(?P<share>[ \u00a0\u202f]?%| (?:percent|per cent|Prozent|pour cent|por ciento)(?!\w))?"
)
_SCALES = dict.fromkeys(("k", "K", "Tsd", "thousand"), 1e3) | dict.fromkeys(("M", "mn", "Mio", "million"), 1e6)
_SCALES |= dict.fromkeys(("bn", "billion"), 1e9)


def readings_of(number: str) -> tuple[tuple[float, ...], int]:
    """What a written number may mean, and its decimals: "1.050" is 1050 or 1.05."""
    bare = re.sub(r"[^\d.,]", "", number)
    points, commas = bare.count("."), bare.count(",")
    if points and commas:
        mark = max(".,", key=bare.rfind)
        return _decimal(bare, mark) if bare.count(mark) == 1 else ((float(re.sub(r"\D", "", bare)),), 0)
    if points + commas != 1:
        return (float(re.sub(r"\D", "", bare)),), 0
    mark = "." if points else ","
    whole, _, decimals = bare.partition(mark)
    read, places = _decimal(bare, mark)
    if len(decimals) == 3 and whole.strip("0") and len(whole) <= 3:
        return (float(whole + decimals), *read), 0
    return read, places


def _decimal(bare: str, mark: str) -> tuple[tuple[float, ...], int]:
    whole, _, decimals = bare.rpartition(mark)
    return (float(f"{re.sub(r'[^0-9]', '', whole)}.{decimals}"),), len(decimals)


def numbers_in(text: str) -> Iterator[float]:
    """Every reading of every number that a text holds."""
    for match in _PLAIN_NUMBER.finditer(text):
        yield from readings_of(match[0])[0]
        if match["mark"]:  # groups that are no groups: "47 225"
            yield from (float(digits) for digits in re.findall(r"\d+", match[0]) if len(digits) < 16)


def _figure(match: re.Match[str]) -> Figure:
    readings, decimals = readings_of(match["number"])
    slack = 0.0
    scale = _SCALES.get((match["scale"] or "").strip(), 1.0)
    if scale > 1:
        slack = 0.5 * scale / 10**decimals
        readings = (*readings, *(reading * scale for reading in readings))
    elif match["rough"] or match["side"]:
        digits = match["number"].rstrip("0") if not decimals else match["number"]
        unit = 10.0 ** (len(match["number"]) - len(digits) if not decimals else -decimals)
        slack = unit if match["side"] else unit / 2
    said = match[0].removeprefix(f"{match['rough'] or ''}{match['side'] or ''}").strip()
    return Figure(said, match.start("number"), readings, decimals, slack, match["share"] is not None)


# Days

_MONTH = r"(?P<month>[^\W\d_]{3,12})"
_DAYS = tuple(
    re.compile(rf"(?<![\w.,/-]){pattern}(?![\w/-]|[.,]\d)")
    for pattern in (
        r"(?P<year>\d{4})(?P<mark>[-/.])(?P<second>\d{1,2})(?P=mark)(?P<third>\d{1,2})(?:T[\d:.]+Z?)?",
        r"(?P<first>\d{1,2})(?P<mark>[-/.])(?P<second>\d{1,2})(?P=mark)(?P<year>\d{4}|\d{2})",
        rf"(?P<first>\d{{1,2}})(?:st|nd|rd|th|er|\.|º)?[ -](?:of |de )?{_MONTH}\.?,?(?: del?)?[ -](?P<year>\d{{4}})",
        rf"{_MONTH}\.? (?P<first>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})",
        rf"{_MONTH}\.?(?: del?)? (?P<year>\d{{4}})",
        rf"(?P<first>\d{{1,2}})(?:st|nd|rd|th|er|\.|º)? (?:of |de )?{_MONTH}",
        rf"{_MONTH}\.? (?P<first>\d{{1,2}})(?:st|nd|rd|th)?",
        r"(?:mid|early|late|Mitte|Anfang|Ende)[- ](?P<year>\d{4})",
    )
)


def _day(match: re.Match[str]) -> list[Day]:
    parts = match.groupdict()
    year = int(parts["year"]) if parts.get("year") else None
    if year is not None and year < 100:
        year += 2000 if year < 70 else 1900
    if parts.get("month"):
        months = MONTHS.get(folded_word(parts["month"]), ())
        first = int(parts["first"]) if parts.get("first") else None
        readings = [(year, month, first) for month in months]
    elif not parts.get("first") and not parts.get("third"):
        return [Day(match[0], match.start(), ((year, None, None),))]
    elif parts.get("third"):
        readings = [(year, int(parts["second"]), int(parts["third"]))]
    else:
        one, two = int(parts["first"]), int(parts["second"])
        readings = [(year, month, day) for month, day in {(two, one), (one, two)}]
    real = tuple((y, m, d) for y, m, d in readings if 1 <= m <= 12 and (d is None or 1 <= d <= 31))
    return [Day(match[0], match.start(), real)] if real else []


def days_in(text: str) -> list[Day]:
    """Every day that a text names."""
    found: list[Day] = []
    for pattern in _DAYS:
        text = _taken(text, pattern, _day, found)
    return found


def signs_in(text: str) -> set[str]:
    """The currency signs that a text holds."""
    return set("€$£¥₹").intersection(text)


# Lines, counts, currencies, codes

_ROW = r"(?i)(?<!\w)(?:(?:line|row|item|position|place|zeile|posten|ligne|poste|l[íi]nea|partida|posici[óo]n)|entry|pos\.?)\s+"
_ROW += r"(?:item\s+)?(?:no\.?\s*|nr\.?\s*|n[º°]\s*|number\s+|#)?"
_ROWS = r"(?i)(?<!\w)(?:lines|rows|items|positions|entries|zeilen|positionen|lignes|postes|l[íi]neas|partidas|posiciones)\s+"
_ALSO = r"(?:\s*,\s*(?:and\s+)?|\s+(?:and|to|und|bis|et|[àa]|y)\s+|\s*[&–-]\s*)"
_NO_FIGURE = r"(?!\w|\s*%|[.,]\d|[-/]\w)"
_LINE_NUMBERS = (
    re.compile(rf"{_ROWS}(\d{{1,7}}(?:{_ALSO}\d{{1,7}}{_NO_FIGURE})*){_NO_FIGURE}"),
    re.compile(rf"{_ROW}(\d{{1,7}}){_NO_FIGURE}"),
)
_PLACE_AND_NOUN = re.compile(r"(?i)(?<!\w)(\d{1,7})(?:st|nd|rd|th) (?:line|row|item|position)(?!\w)")
_NOUNS = {
    "line": "lines?|rows?|items?|positions?|entry|entries|articles?|products?|of (?:them|these|those|which)"
    "|positionen|zeilen|lignes?|l[íi]neas?|partidas?|posiciones|art[íi]culos?",
    "field": "fields?|values?|cells?|details?|felder|werte|champs|valeurs|campos|valores",
    "finding": "errors?|warnings?|problems?|findings?|issues?|checks?|discrepancy|discrepancies|mistakes?"
    "|fehler|erreurs?|errores",
    "change": "changes?|corrections?|edits?|modifications?|[äa]nderungen|korrekturen|cambios|correcciones",
    "day": "days?|weeks?|months?|years?"
    "|tage?n?|wochen?|monate?n?|jahre?n?|jours?|semaines?|mois|ans?|d[íi]as?|semanas?|mes(?:es)?|a[ñn]os?",
    "page": "pages?|seiten?|p[áa]ginas?",
}
_UNITS = (
    ("day", "tag jour dia día"), ("week", "woche semaine semana"), ("month", "monat mois mes"), ("year", "jahr an año ano"),
    ("error", "fehler erreur"),
)  # fmt: skip
_ADJECTIVES = (
    r"(?P<adjectives>(?:(?!(?:and|or|of|is|are|in|on|to|for|with|from|by|at|per|than|as|x|und|et|y|de|von)[ -])[a-zà-ÿ]+[ -])"
    r"{0,2})"
)
_COUNTED = {
    language: re.compile(
        rf"(?i)(?<![\w.,])(\d{{1,3}}(?:,\d{{3}})+|\d{{1,7}}|{'|'.join(NUMBER_WORDS['en'] | words)})[ -]{_ADJECTIVES}"
        rf"(?P<noun>{'|'.join(f'(?P<{family}>{nouns})' for family, nouns in _NOUNS.items())})(?!\w)"
    )
    for language, words in NUMBER_WORDS.items()
}
_SIGNS = {"€": {"EUR"}, "£": {"GBP"}, "¥": {"JPY", "CNY"}, "₹": {"INR"},
          "$": {"USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN"}}  # fmt: skip
_CURRENCY_WORDS = {"euro": {"EUR"}, "dollar": _SIGNS["$"], "rupee": {"INR"}, "yen": {"JPY"}, "ringgit": {"MYR"}}
_CURRENCY = re.compile(
    rf"(?<![^\W\d])(?:{'|'.join(CURRENCIES)})(?![^\W\d])|[€$£¥₹]|(?i:(?<!\w)(?:{'|'.join(_CURRENCY_WORDS)})(?=s?(?!\w)))"
)
_ACCOUNT = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: [A-Z0-9]{4}){2,7}(?: [A-Z0-9]{1,3})?(?!\w)")
_TOKEN = re.compile(r"[^\s\0“”\"„()\[\]{};→=×…|]+…?")
# Before the second half of "1 021,91".
_GROUPED_BEFORE = re.compile(r"\d[ \u00a0\u202f\u2009]\Z")
_WITH_UNIT = re.compile(rf"(?P<number>{_NUMBER})(?:[^\W\d_]{{1,5}}[²³]?|[°%‰][CF]?|[^\W\d_]{{1,3}}\d)")
_RANGE = re.compile(r"\d{1,7}(?:[.,]\d+)?(?:[-–/:x*+]\d{1,7}(?:[.,]\d+)?)+")


def _line_numbers(match: re.Match[str]) -> list[LineNumber]:
    return [LineNumber(match[0], match.start(), int(number)) for number in re.findall(r"\d+", match[1])]


def _account(match: re.Match[str]) -> list[Code]:
    return [Code(match[0], match.start(), code_key(match[0]), False)]


_NUMBERS = {word: number for words in (*reversed(NUMBER_WORDS.values()),) for word, number in words.items()}


def _unit(noun: str) -> str:
    """The noun in English, for those that are counted by their own rules."""
    return next((unit for unit, stems in _UNITS if noun.startswith(tuple(stems.split())) and not noun.startswith(unit)), noun)


def _count(match: re.Match[str]) -> list[Count]:
    family = next(name for name in _NOUNS if match[name])
    said = match[1].lower()
    number = _NUMBERS.get(said)
    if number is None:
        number = int(said.replace(",", ""))
    elif number <= 2 and family not in ("line", "finding", "change"):
        return []  # "one value", "two months": a way of speaking as often as a count
    adjectives = match["adjectives"].lower()
    is_rest = "more" in adjectives or "other" in adjectives
    noun = match["noun"].lower()
    return [Count(match[0], match.start(), number, family, _unit(noun) if family in ("day", "finding") else noun, is_rest)]


def _currency(match: re.Match[str]) -> list[Currency]:
    said = match[0]
    codes = _SIGNS.get(said) or _CURRENCY_WORDS.get(said.lower()) or {said}
    return [Currency(said, match.start(), frozenset(codes))]


def _code(match: re.Match[str]) -> list[Code]:
    is_cut = match[0].endswith("…")
    token = match[0].rstrip("…").strip(".,:!?'’*_<>").removesuffix("'s").removesuffix("’s")
    is_group = _GROUPED_BEFORE.search(match.string, max(0, match.start() - 2), match.start()) is not None
    if not any(map(str.isdigit, token)) or _is_number(token, is_group):
        return []
    start = match.start() + match[0].index(token)
    return [Code(token, start, code_key(token), is_cut, tuple(_figures_in_code(token, start)))]


def _is_number(token: str, is_group: bool) -> bool:
    """Whether it is nothing but a number; one with a zero before it or a dozen digits only names something."""
    bare = _CURRENCY.sub("", token).strip("-−+~≈% ")
    if _PLAIN_NUMBER.fullmatch(bare) is None:
        return False
    return is_group or re.match(r"0\d|\d{12}", bare) is None


def _figures_in_code(token: str, start: int) -> Iterator[Figure]:
    if scaled := _FIGURE.fullmatch(token):
        yield _figure(scaled)
    elif united := _WITH_UNIT.fullmatch(token.lstrip("-−+")):
        readings, decimals = readings_of(united["number"])
        yield Figure(token, start, readings, decimals)
    elif _RANGE.fullmatch(token):
        yield from (Figure(number, start, *readings_of(number)) for number in re.findall(r"\d+(?:[.,]\d+)?", token))


# All of them


_ORDINAL = re.compile(r"(?<!\w)\d{1,4}(?:st|nd|rd|th)(?!\w)")


def in_whole_units(claims: Sequence[Claim], text: str, currency: str) -> list[Claim]:
    """The claims, in which amounts in a currency without smaller coins may be rounded: "5,880 JPY" of 5,879.60."""
    if not currency or digits_of(currency):
        return list(claims)

    def rounded(claim: Claim) -> Claim:
        if not isinstance(claim, Figure) or claim.slack or claim.decimals or claim.is_share:
            return claim
        end = claim.start + len(claim.text)
        is_amount = currency in text[max(0, claim.start - len(currency) - 1) : end + len(currency) + 1]
        return replace(claim, slack=0.5) if is_amount else claim

    return [rounded(claim) for claim in claims]


def claims_in(text: str, language: str = "en") -> list[Claim]:
    """What a statement claims, in the order of its words; a general advice claims nothing.

    In a language that we do not know, no names are told from other words.
    """
    found: list[Claim] = []
    for pattern in _DAYS:
        text = _taken(text, pattern, _day, found)
    text = _taken(text, _ACCOUNT, _account, found)
    for numbers in (*_LINE_NUMBERS, _PLACE_AND_NOUN):
        text = _taken(text, numbers, _line_numbers, found)
    text = _taken(_ORDINAL.sub(_hidden, text), _COUNTED.get(language, _COUNTED["en"]), _count, found)
    text = _taken(text, _TOKEN, _code, found)
    found.extend(_figure(match) for match in _FIGURE.finditer(text))
    text = _taken(text, _CURRENCY, _currency, found)
    names = () if language == OTHER else names_in(text, language)
    return sorted([*found, *names], key=lambda claim: claim.start)


def _taken(text: str, pattern: re.Pattern[str], read: Callable[[re.Match[str]], Sequence[Claim]], found: list[Any]) -> str:
    """The text without what was read as claims, which cannot be another claim; `found` gets them."""

    def taken(match: re.Match[str]) -> str:
        claims = read(match)
        found.extend(claims)
        return _hidden(match) if claims else match[0]

    return pattern.sub(taken, text)


def _hidden(match: re.Match[str]) -> str:
    return "\0" * len(match[0])
