"""How languages and countries write: their months, currencies with their digits and marks, decimal marks, order of dates.

Months, currencies, digits and patterns are those of the Unicode CLDR, as Babel carries it.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Literal

DecimalSign = Literal[".", ","]

# Currencies

SYMBOLS: Mapping[str, str] = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹", "PLN": "zł", "CZK": "Kč", "KRW": "₩",
                              "TRY": "₺", "UAH": "₴", "ILS": "₪", "VND": "₫", "NGN": "₦"}  # fmt: skip
CODES: Mapping[str, str] = {symbol: code for code, symbol in SYMBOLS.items()}

CODES_OF_MARKS: Mapping[str, str | None] = {symbol: code for symbol, code in CODES.items() if symbol != "$"} | {
    "US$": "USD", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD", "R$": "BRL", "S$": "SGD", "HK$": "HKD", "NZ$": "NZD",
    "NT$": "TWD", "MX$": "MXN", "Rs.": None, "Rs": None, "Rp.": "IDR", "Rp": "IDR", "RM": "MYR", "kr.": None, "kr": None,
    "Ft": "HUF", "lei": "RON", "лв.": "BGN", "₽": "RUB", "руб.": "RUB", "грн": "UAH", "TL": "TRY", "₱": "PHP", "฿": "THB",
    "₵": "GHS", "₡": "CRC", "₲": "PYG", "₸": "KZT", "₾": "GEL", "đ": "VND", "KSh": "KES", "SFr.": "CHF",
    "Fr.": None, "Dhs.": "AED",
    "Dhs": "AED", "元": None, "円": "JPY", "원": "KRW", "Euro": "EUR", "euro": "EUR", "euros": "EUR", "eur": "EUR",
    "usd": "USD", "$": None,
}  # fmt: skip
"""What stands beside amounts, and the currency that it means; None where several countries write it."""

_CODES_THAT_ARE_WORDS = frozenset(("ALL", "TOP", "CUP", "MOP", "GEL", "SOS", "BOB", "LAK", "PEN", "NAD", "PAB", "BAM"))


@lru_cache(maxsize=1)
def currency_codes() -> frozenset[str]:
    """The codes of the currencies that are legal tender somewhere today, but those that are words in capitals."""
    from babel.core import get_global

    tenders = get_global("territory_currencies").values()
    return frozenset(code for each in tenders for code, _, end, tender in each if tender and not end) - _CODES_THAT_ARE_WORDS


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


# Months

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "pl", "cs", "sk", "sl", "hr", "sv", "da", "nb", "fi", "et", "lv", "lt",
             "hu", "ro", "bg", "el", "tr", "id", "ms", "ca", "ru", "uk")  # fmt: skip
_CUT_SHORT = ("en", "de", "fr", "es", "it", "nl", "pt")  # of these, any beginning that fits one month alone is read
_FURTHER_NAMES = {"janner": 1, "maerz": 3, "mrz": 3, "mrt": 3, "sept": 9}
_SHORTEST = 3  # letters


def bare(text: str) -> str:
    """Small letters without accents and points, as names are compared."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c)).strip(". ")


def month_name(language: str, month: int) -> str:
    """The name of the month (1 to 12) as dates in the language write it."""
    return _months(language)[month]


def month_of(name: str) -> int | None:
    """The month that the name, or a beginning of it, means in the languages that we know; None where that is not one alone."""
    found = _numbers_of_months().get(bare(name), frozenset())
    return next(iter(found)) if len(found) == 1 else None


@lru_cache(maxsize=64)
def _months(language: str, context: str = "format", width: str = "wide") -> Mapping[int, str]:
    from babel import Locale

    return dict(Locale(language).months[context][width])


@lru_cache(maxsize=1)
def _numbers_of_months() -> Mapping[str, frozenset[int]]:
    found: dict[str, set[int]] = {name: {number} for name, number in _FURTHER_NAMES.items()}
    for language in LANGUAGES:
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in _months(language, context, width).items():
                    for written in _written(bare(name), language):
                        found.setdefault(written, set()).add(number)
    return {name: frozenset(numbers) for name, numbers in found.items()}


def _written(name: str, language: str) -> Iterable[str]:
    """The name, and its beginnings where they are read; short ones are words of their own."""
    shortest = _SHORTEST if language in _CUT_SHORT else len(name)
    return (name[:length] for length in range(max(shortest, _SHORTEST), len(name) + 1))


# Languages and countries

_TELLING: Mapping[str, str] = {
    "en": "invoice date total amount description quantity price due the and of for bill to subtotal payment quote order qty tax",
    "de": "rechnung datum betrag menge einzelpreis preis gesamt gesamtbetrag und der die das netto brutto summe angebot wert "
          "beschreibung bezeichnung mwst ust rechnungsdatum stuck steuer zahlbar an fur",
    "fr": "facture montant quantite prix qte pu date total designation le la les et de du des tva ht ttc devis echeance",
    "es": "factura importe cantidad precio fecha descripcion total el los y de del iva base imponible concepto vencimiento",
    "it": "fattura importo quantita prezzo data descrizione totale il di e del iva imponibile cliente scadenza",
    "nl": "factuur bedrag aantal prijs datum omschrijving totaal het een en van btw klant vervaldatum",
    "pt": "fatura montante quantidade preco data descricao total o os e de do iva cliente vencimento valor emissao",
    "pl": "faktura kwota ilosc cena data opis razem i do wartosc nabywca sprzedawca zaplaty",
    "cs": "faktura castka mnozstvi cena datum popis celkem a dph splatnost odberatel dodavatel",
    "sv": "faktura belopp antal pris datum beskrivning summa och att moms forfallodatum",
    "da": "faktura belob antal pris dato beskrivelse total og moms forfaldsdato",
    "nb": "faktura belop antall pris dato beskrivelse sum og mva forfallsdato",
    "fi": "lasku maara hinta paivamaara kuvaus yhteensa ja alv erapaiva",
    "hu": "szamla osszeg mennyiseg datum leiras osszesen es afa fizetesi",
    "ro": "factura suma cantitate pret data descriere total si tva",
    "tr": "fatura tutar miktar fiyat tarih aciklama toplam ve kdv",
    "id": "faktur jumlah harga tanggal deskripsi total dan ppn",
    "hr": "racun iznos kolicina cijena datum opis ukupno i pdv",
}  # fmt: skip
"""Words by which a business paper shows its language, folded."""

_WORDS = {language: frozenset(words.split()) for language, words in _TELLING.items()}
_FEWEST_TELLING = 2


def language_of(texts: Iterable[str]) -> str | None:
    """The language whose telling words stand in the texts most; None where there are too few, or two share the lead."""
    seen = {bare(word) for text in texts for word in re.findall(r"[^\W\d_]+", text)}
    counts = sorted(((len(words & seen), language) for language, words in _WORDS.items()), reverse=True)
    (most, language), (second, _) = counts[:2]
    return language if most >= _FEWEST_TELLING and most > second else None


def decimal_mark(language: str, currency: str | None = None) -> DecimalSign | None:
    """The mark before decimals in the language, as the country of the currency writes it; None for other marks."""
    mark = _locale(language, currency).number_symbols["latn"]["decimal"]
    return mark if mark in (".", ",") else None


@lru_cache(maxsize=256)
def mark_of_currency(currency: str) -> DecimalSign | None:
    """The mark before decimals where the currency is paid with; None for the currency of no single country."""
    from babel.core import get_global

    if currency == "EUR":
        return ","  # so nearly all its countries do
    is_known = currency[:2] in get_global("territory_currencies")
    return decimal_mark(_spoken_with(currency), currency) if is_known else None


def _spoken_with(currency: str) -> str:
    """The language that most speak in the country of the currency."""
    from babel.languages import get_territory_language_info

    spoken = get_territory_language_info(currency[:2])
    return max(spoken, key=lambda tongue: spoken[tongue]["population_percent"] or 0, default="en")


@lru_cache(maxsize=256)
def writes_month_first(currency: str) -> bool | None:
    """Whether the country of the currency writes 3/15 for 15 March; None for the currency of no single country."""
    from babel.core import get_global

    if currency == "EUR":
        return False  # so all its countries do
    if currency[:2] not in get_global("territory_currencies"):
        return None
    pattern = _locale(_spoken_with(currency), currency).date_formats["short"].pattern.lower()
    return None if pattern.startswith("y") else pattern.find("m") < pattern.find("d")


def _locale(language: str, currency: str | None):  # type: ignore[no-untyped-def]  # a class of babel's, which is loaded when needed
    from babel import Locale, UnknownLocaleError

    try:
        return Locale(language, currency[:2]) if currency and currency != "EUR" else Locale(language)
    except UnknownLocaleError:
        return Locale(language if language in LANGUAGES else "en")
