"""What the unit of a price says: that it is in cents, or for another unit than the quantity is counted in."""

import re
from functools import lru_cache
from typing import Any

from kraftd_core.document.jsontypes import Data

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
