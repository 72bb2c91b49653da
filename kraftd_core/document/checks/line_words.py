"""What the words of a line say: nothing is charged, it is on offer, it sums up others; and what the unit of its price says."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from kraftd_core.document.checks.model import Line, is_blank
from kraftd_core.document.jsontypes import Data

_FREE = re.compile(
    r"\b(?:free|gratis|foc|f\.o\.c\.?|complimentary|no charge|not charged|n/c|kostenlos|kostenfrei|unentgeltlich|offert"
    r"|gratuit|omaggio"
    r"|sin cargo|gratuito|included|incl|inbegriffen|inklusive|inclus|bonus|sample|goodwill|kulanz|warranty|garantie"
    r"|waived|rate only"
    r"|optional|option|alternative?|bedarfsposition|eventualposition|bedarf|eventual)\b"
)
_NOT_CHARGED = re.compile(
    r"(?:incl?\.?|included(?: elsewhere| above| below| in .*)?|inclusive|inkl\.?|inbegriffen|inclus|compris|r\.?\s?o\.?"
    r"|rate only|p\.?\s?m\.?"
    r"|pro mem\w*|pour m[ée]moire|memo|nil|none|n/?a|n\.a\.|not applicable|not required|free|gratis|foc|no charge"
    r"|by others|not used|omitted|deleted"
    r"|nur e\.?p\.?|nur einheitspreis|waived|n/c|-+)",
    re.IGNORECASE,
)
_LATER = re.compile(
    r"(?:t\.?b\.?[acd]\.?|to be (?:advised|agreed|confirmed|determined)|p\.?o\.?a\.?|(?:price )?on (?:request|application)"
    r"|(?:preis )?auf anfrage|a\. ?a\.|sur demande|sur devis|quote|quoted separately|at cost|as (?:required|req'?d"
    r"|needed)|nach aufwand|m3?/?a)",
    re.IGNORECASE,
)


def says_nothing_is_charged(value: Any) -> bool:
    """Whether the text of a price or an amount says that nothing is charged here: "incl.", "rate only", "PM"."""
    return isinstance(value, str) and _NOT_CHARGED.fullmatch(value.strip()) is not None


def is_word_for_figure(value: Any) -> bool:
    """Whether the text stands where a figure would, on purpose: nothing is charged, or it is to follow."""
    return says_nothing_is_charged(value) or (isinstance(value, str) and _LATER.fullmatch(value.strip()) is not None)


def is_free(line: Line) -> bool:
    """Whether the line says that nothing is charged for it, by a word or by a mark of that name."""
    for column, value in line.row.items():
        if isinstance(value, str) and _FREE.search(value.lower()):
            return True
        if value is True and re.search(r"free|gratis|complimentary|optional|alternative", column.lower()):
            return True
    return False


def is_nothing(line: Line) -> bool:
    """Whether the line says that nothing is charged for it, or is there for its rate only."""
    return any(says_nothing_is_charged(line.row.get(name)) for name in ("amount", "unit_price", "quantity")) or (
        is_blank(line.row.get("amount")) and is_free(line)
    )


# What a line is

SUM_WORDS = re.compile(
    r"^\W*(?:grand |sub-?|page |section |net |gross |bill |running |carried )*(?:sub-?\s?total|total|sum(?: of)?|summe"
    r"|zwischensumme"
    r"|gesamtsumme|gesamt|sous-?total|subtotaal|totaal|totale|suma|titelsumme|collection|carried (?:forward|over|to)"
    r"|brought (?:forward|down)"
    r"|übertrag|uebertrag|report)\b"
    r"|\b(?:sub-?total|total|summe|carried forward|c/f|b/f)\W*(?:[a-z0-9.]{1,4}|carried .*|to (?:summary|collection).*)?\W*$",
    re.IGNORECASE,
)
_OPTIONAL = re.compile(
    r"\b(?:optional(?:ly)?|option|alternativ(?:e|ely|position)?|bedarfsposition|eventualposition|bedarf|eventual"
    r"|variante?|wahlposition"
    r"|not included|nicht enthalten|en option|opcional)\b",
    re.IGNORECASE,
)
DISCOUNT_LINE = re.compile(
    r"^\W*(?:\w+ )?(?:discount|rebate|rabatt|nachlass|remise|descuento|sconto|korting|credit|deduction|less)\b", re.IGNORECASE
)
TAX_LINE = re.compile(
    r"^\W*(?:plus |zzgl\.? |add )?(?:\d+\s?% )?(?:vat|gst|tax|sales tax|mwst|ust|tva|iva|btw|cgst|sgst|igst)\b", re.IGNORECASE
)


def text_of(line: Line) -> str:
    return next((text for name in ("description", "item", "name", "position") if isinstance(text := line.row.get(name), str)), "")


def optional_lines(lines: Sequence[Line]) -> set[int]:
    """The indexes of the lines that are offered beside the others, by a word or by a mark of that name."""
    texts = "\n".join(value for line in lines for value in line.row.values() if isinstance(value, str)).lower()
    marks = {
        name for line in lines for name, value in line.row.items() if value is True and _OPTIONAL.search(name.replace("_", " "))
    }
    if not marks and not any(word in texts for word in _OF_OPTIONS):  # most documents end here
        return set()
    return {line.index for line in lines if any(line.row.get(mark) is True for mark in marks) or _says_optional(line)}


def is_alternative(line: Line) -> bool:
    """Whether a line that is on offer stands for another one: then never both are charged."""
    texts = " ".join((text_of(line), *(name.replace("_", " ") for name, value in line.row.items() if value is True)))
    return _ALTERNATIVE.search(texts) is not None


_ALTERNATIVE = re.compile(  # "alternative fuel" is a fuel
    r"^\W*alternativ(?:e|position)?(?:\s*[:(–-]|\s+(?:to|zu|for|zur|zum|pos|item|offer|[a-z]|\d)\b|\s*\d|\s*$)"
    r"|\(alternative?\)|\b(?:is )?alternative$",
    re.IGNORECASE,
)


def _says_optional(line: Line) -> bool:
    texts = (value for name, value in line.row.items() if isinstance(value, str) and name not in ("details", "note", "notes"))
    return any(_OPTIONAL.search(text[:200]) for text in texts)


_OF_OPTIONS = ("option", "altern", "bedarf", "eventual", "variant", "wahlpos", "not included", "nicht enthalten", "opcional")


# What its units say

_CENTS = re.compile(
    r"(?:ct|cts|cents?|c|p|pence|øre|öre|ore|paise|grosz\w*)\s*(?:/|per\b|pro\b|je\b|por\b)\s*"
    r"(?:kwh|mwh|kw|m3|m³|therms?|l|lit(?:re|er)s?|min(?:ute)?s?|km|kg|miles?|units?|calls?|sms|mb|gb|st(?:k|ück)?|pcs?|pieces?)\b\.?"
)
_UNITS = ("unit", "price_unit", "unit_of_price", "price_per", "per", "uom")

_MEASURES = {
    "kg": "kg kgs kilo kilogram kilograms",
    "t": "t to mt ton tons tonne tonnes",
    "lb": "lb lbs pound pounds",
    "m": "m lm lfm rm mtr metre metres meter meters",
    "ft": "ft foot feet lf",
    "m2": "m2 m² sqm qm",
    "sqft": "sqft sft",
    "m3": "m3 m³ cbm cum",
    "l": "l ltr ltrs litre litres liter liters",
    "hour": "h hr hrs hour hours std stunde",
    "day": "day days tag tage",
    "each": "each ea pc pcs piece pieces stk st stück unit units nos no item",
}
_UNIT_OF = {word: unit for unit, words in _MEASURES.items() for word in words.split()}
_COUNTED = re.compile(
    r"(?:total_|number_of_|no_of_)?(?:pieces|pcs|units|items)(?:_total)?|(?:pack|box|case|carton)_size|\w+_per_pack"
)
_CALLED = {
    "kg": "weight",
    "t": "weight",
    "lb": "weight",
    "m": "length",
    "ft": "length",
    "m2": "area",
    "sqft": "area",
    "m3": "volume",
    "l": "volume",
}


def is_priced_in_cents(row: Data) -> bool:
    """Whether a unit of the row says that its price is in hundredths of the currency's unit: "ct/kWh"."""
    return any(type(unit := row.get(name)) is str and _is_in_cents(unit) for name in _UNITS)


@lru_cache(1024)
def _is_in_cents(unit: str) -> bool:
    return _CENTS.fullmatch(unit.strip().lower()) is not None


def unit_named(unit: Any) -> str | None:
    """The unit under one name: "kg" of "per kg" and "EUR/kg"; None where it is no unit that is known."""
    words = re.findall(r"[^\W_]+", unit.lower()) if isinstance(unit, str) else []
    return _UNIT_OF.get(words[-1]) if words else None


@lru_cache(1024)
def measures_in(name: str, unit: str) -> bool:
    """Whether a column of this name measures in the unit: `weight_kg` and `weight` in kilograms, `total_pieces` in pieces."""
    lower = name.lower()
    if unit == "each":
        return _COUNTED.fullmatch(lower) is not None
    words = lower.split("_")
    named = {_UNIT_OF[word] for word in words[1:] if word in _UNIT_OF}
    return unit in named or (not named and _CALLED.get(unit, "?") in words)
