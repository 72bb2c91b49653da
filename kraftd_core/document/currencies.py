"""Currencies: their symbols, their codes, and how many digits amounts in them have."""

from collections.abc import Mapping
from functools import lru_cache

SYMBOLS: Mapping[str, str] = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹", "PLN": "zł", "CZK": "Kč", "KRW": "₩",
                              "TRY": "₺", "UAH": "₴", "ILS": "₪", "VND": "₫", "NGN": "₦"}  # fmt: skip
CODES: Mapping[str, str] = {symbol: code for code, symbol in SYMBOLS.items()}

USUAL_DIGITS = 2


def currency_as(currency: str, wanted: str | None) -> str:
    """The document's currency as its symbol or its code, as far as it has one."""
    known = CODES.get(currency, currency)
    return {"symbol": SYMBOLS.get(known, known), "code": known}.get(wanted or "", currency)


@lru_cache(maxsize=256)
def digits_of(currency: str) -> int:
    """How many decimals amounts in the currency have, as the Unicode CLDR says; two where the currency is not known."""
    from babel.numbers import get_currency_precision

    named = currency.strip()
    return int(get_currency_precision(CODES.get(named, named.upper())))
