"""Finds dates, spans of time and sums of money in a sentence, and sets a mark in the place of each, for patterns to rest on."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from kraftd_core.adapters.readers.common.prose.passages import Sentence
from kraftd_core.adapters.readers.common.reading import Found
from kraftd_core.adapters.readers.common.values import AMOUNT_IN_TEXT, Manner, currency_of, folded, parse_number
from kraftd_core.document.notations import day_of, worded_dates

Kind = Literal["d", "t", "m"]
"""A date, a span of time, a sum of money."""


@dataclass(frozen=True, slots=True)
class Datum:
    """What stands in a sentence: a date as ISO text, a span as it is written, a sum as its amount (with its currency)."""

    kind: Kind
    value: str | Decimal
    start: int
    end: int
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Marked:
    """A sentence folded, ⟦d0⟧ in the place of a date, ⟦t1⟧ of a span of time, ⟦m2⟧ of a sum."""

    text: str
    marks: tuple[Datum, ...]
    sentence: Sentence

    def found(self, mark: Datum, confidence: float, value: object = None) -> Found:
        """The mark's value, or another one, in the mark's place."""
        return self.sentence.found(mark.value if value is None else value, mark.start, mark.end, confidence)

    def without(self, names: Sequence[str]) -> "Marked":
        """The same, a word in the place of each of these names: an Insurance Company insures nothing by being named."""
        text = self.text
        for name in names:
            text = text.replace(" ".join(folded(name).replace("’", "'").split()), "partyname")
        return self if text == self.text else Marked(text, self.marks, self.sentence)

    def written(self, mark: Datum) -> str:
        """The mark as it is written."""
        return self.sentence.text[mark.start : mark.end].strip()


_BRACKETS = str.maketrans("⟦⟧", "[]")  # where a text has marks of its own


def marked(sentence: Sentence, manner: Manner) -> Marked:
    """The sentence with its marks; of overlapping ones the first counts."""
    if not re.search(r"\d|[A-Za-z]{2}", sentence.text):
        return Marked(folded(sentence.text.translate(_BRACKETS)), (), sentence)
    found = sorted((*_dates(sentence.text, manner), *_spans(sentence.text), *_sums(sentence.text, manner)), key=_place)
    marks: list[Datum] = []
    text, at, own = "", 0, sentence.text.translate(_BRACKETS)
    for mark in found:
        if mark.start >= at:
            text += f"{own[at : mark.start]}⟦{mark.kind}{len(marks)}⟧"
            marks.append(mark)
            at = mark.end
    return Marked(" ".join(folded(text + own[at:]).replace("’", "'").split()), tuple(marks), sentence)


def _place(mark: Datum) -> tuple[int, int]:
    return mark.start, "dtm".index(mark.kind)


# Dates

_DAY_OF_MONTH = re.compile(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?\s+day\s+of\s+([A-Za-z]{3,9}),?\s+(?:of\s+)?(\d{4})", re.IGNORECASE)
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_NUMERIC = re.compile(r"(?<![\d.,/-])(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?!\d|[./-]\d)")


def dates_in(text: str, manner: Manner) -> list[tuple[str, int, int]]:
    """The dates of a short text as ISO texts, with where each begins and ends."""
    return [(str(mark.value), mark.start, mark.end) for mark in sorted(_dates(text, manner), key=_place)]


def _dates(text: str, manner: Manner) -> Iterator[Datum]:
    if not re.search(r"\d{2}", text):
        return
    for found in _DAY_OF_MONTH.finditer(text):
        for day, _ in worded_dates(f"{found[1]} {found[2]} {found[3]}"):
            yield _dated(day, found.start(), found.end())
    for found in _ISO.finditer(text):
        if day_ := day_of(found[1], found[2], found[3]):
            yield _dated(day_, found.start(), found.end())
    for found in _NUMERIC.finditer(text):
        first, second = (found[3], found[1]) if manner.order == "mdy" and found[2] != "." else (found[1], found[3])
        if day_ := day_of(found[4], second, first) or day_of(found[4], first, second):
            yield _dated(day_, found.start(), found.end())
    for day, written in worded_dates(text):
        for found in re.finditer(re.escape(written), text):
            yield _dated(day, found.start(), found.end())
            break


def _dated(day: date, start: int, end: int) -> Datum:
    return Datum("d", day.isoformat(), start, end)


# Spans of time

_NUMBERS = """
    one two three four five six seven eight nine ten eleven twelve fourteen fifteen eighteen twenty twenty-four thirty thirty-six
    forty-five sixty ninety a an
    ein eine einem einen einer eines zwei drei vier fünf sechs sieben acht neun zehn elf zwölf vierzehn achtzehn zwanzig
    vierundzwanzig dreißig dreissig sechsunddreißig sechzig neunzig
    un une deux trois quatre cinq six sept huit neuf dix onze douze quinze dix-huit vingt vingt-quatre trente trente-six
    quarante-cinq soixante quatre-vingt-dix
    una uno dos tres cuatro cinco seis siete ocho nueve diez once doce quince dieciocho veinte veinticuatro treinta
    sesenta noventa
"""
_UNITS = (
    r"(?:calendar|business|working|consecutive|clear|werk|kalender|arbeits|bank)?[\s-]?"
    r"(?:days?|weeks?|months?|quarters?|years?|tage?n?|wochen?|monat(?:e|en|s)?|jahr(?:e|en|es|s)?|jours?|semaines?|mois|ans?|"
    r"années?|"
    r"días?|dias?|semanas?|mes(?:es)?|años?)"
    r"(?:\s(?:ouvrés|ouvrables|calendaires|francs|hábiles|naturales))?"
)
_WORDED_NUMBERS = "|".join(sorted(set(_NUMBERS.split()), key=len, reverse=True))
_SPAN = re.compile(
    rf"(?<![\w.,/])(?:(?:(?:{_WORDED_NUMBERS})(?:\s?\(\s?\d{{1,3}}\s?\))?|\d{{1,4}}(?:\s?\(\s?[^\W\d_][^\W\d_ -]{{1,20}}\s?\))?)"
    rf"[\s-]{{1,2}}{_UNITS}(?![\w-])|\d{{1,4}}\s?\(\s?(?:days?|months?)\s?\))",
    re.IGNORECASE,
)


def _spans(text: str) -> Iterator[Datum]:
    for found in _SPAN.finditer(text):
        yield Datum("t", " ".join(found[0].split()), found.start(), found.end())


# Sums

_SCALES = re.compile(r"\s?(millions?|mio|millionen|millones|lakhs?|crores?)\b\.?", re.IGNORECASE)
_SIZE_OF = {"mil": 1_000_000, "mio": 1_000_000, "lak": 100_000, "cro": 10_000_000}
_CURRENCY_BEHIND = re.compile(r"\s?(?:(?:d['’]euros?|de euros?|euros?|us dollars?|eur|usd|gbp|chf|aed|inr|sar|qar|omr|kwd|"
    r"bhd)\b|[€£$₹])", re.IGNORECASE)
_RUPEES_BEFORE = re.compile(r"(?:Rs\.?|INR|₹)\s?$")


def _sums(text: str, manner: Manner) -> Iterator[Datum]:
    if not any(c.isdigit() for c in text):
        return
    for found in AMOUNT_IN_TEXT.finditer(text):
        start, end = found.start() + len(found[0]) - len(found[0].lstrip()), found.end()
        scale = _SCALES.match(text, end)
        end = scale.end() if scale else end
        if behind := _CURRENCY_BEHIND.match(text, end):
            end = behind.end()
        code = _currency(text[start:end])
        value = parse_number(found[0], manner.sign)
        if value is not None and (code or _RUPEES_BEFORE.search(text[:start])):
            times = _SIZE_OF[scale[1][:3].lower()] if scale else 1
            yield Datum("m", value * times, start, end, code or "INR")


@lru_cache(maxsize=512)
def _currency(written: str) -> str | None:
    if re.search(r"euros?$", written, re.IGNORECASE):
        return "EUR"
    return "USD" if re.search(r"dollars?$", written, re.IGNORECASE) else currency_of(written)


def first_mark(text: "re.Match[str] | None", marks: Sequence[Datum]) -> Datum | None:
    """The mark that the first group of a match names."""
    return marks[int(text[1])] if text else None
