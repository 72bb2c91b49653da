"""Reads numbers, dates and currencies out of text as people write them; what cannot be read strictly is None."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

DecimalSign = Literal[".", ","]
DateOrder = Literal["dmy", "mdy"]


@dataclass(frozen=True, slots=True)
class Manner:
    """How a document writes numbers and dates."""

    sign: DecimalSign | None
    order: DateOrder


_SYMBOLS = {"€": "EUR", "£": "GBP", "₹": "INR", "¥": "JPY", "zł": "PLN", "₺": "TRY", "₩": "KRW", "₪": "ILS", "₫": "VND"}
_ISO = (
    "AED|AUD|BGN|BRL|CAD|CHF|CLP|CNY|COP|CZK|DKK|EGP|EUR|GBP|HKD|HUF|IDR|ILS|INR|JPY|KES|KRW|KWD|MAD|MXN|MYR|NGN|NOK|NZD|OMR|"
    "PHP|PLN|QAR|RON|RSD|RUB|SAR|SEK|SGD|THB|TND|TRY|TWD|UAH|USD|VND|ZAR"
)
CURRENCY_CODE = re.compile(rf"(?<![A-Za-z])(?:{_ISO})(?![A-Za-z])")
_CURRENCY = re.compile(rf"(?:{_ISO}|US\$|A\$|C\$|R\$|S\$|Rs\.?|RM|zł|Kč|kr\.?|[€£$₹¥₺₩₪₫])", re.IGNORECASE)
_LOCAL_MARKS = ((re.compile(r"(?<![A-Za-z])Rs\.?(?![A-Za-z])"), "INR"), (re.compile(r"(?<![A-Za-z])RM(?![A-Za-z])"), "MYR"))

_PLAIN = re.compile(r"\d+(?:[.,]\d+)*")
_SPACED = re.compile(r"\d{1,3}(?:[ '’]\d{3})+(?:[.,]\d+)?")
NUMBER_IN_TEXT = re.compile(
    r"(?<![\w.,/-])[(]?[-+−–]?\s?(?:\d{1,3}(?:[ '’]\d{3})+(?:[.,]\d{1,4})?|\d+(?:[.,]\d+)*)[)]?(?:-(?![\w-]))?(?![\w/]|[.,]\d)"
)


def folded(text: str) -> str:
    """Lower case without accents, so that "Échéance" and "echeance" meet."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


# Numbers


def parse_number(text: str, decimal_sign: DecimalSign | None = None) -> Decimal | None:
    """The number that the whole text is, a currency mark aside; None for anything else.

    `decimal_sign` is what the document uses: it settles "1.234"; without it a point is decimal and a comma groups thousands.
    """
    bare = _CURRENCY.sub("", text.replace("\u00a0", " ").replace("\u202f", " ")).strip()
    bare = bare.replace("−", "-").replace("–", "-")
    negative, bare = _without_sign(bare)
    if _SPACED.fullmatch(bare):
        bare = re.sub(r"[ '’]", "", bare)
    if not _PLAIN.fullmatch(bare):
        return None
    plain = _with_point(bare, decimal_sign)
    return None if plain is None else Decimal("-" + plain if negative else plain)


def _without_sign(text: str) -> tuple[bool, str]:
    if text.startswith("(") and text.endswith(")"):
        return True, text[1:-1].strip()
    if text.endswith("-") and len(text) > 1:
        return True, text[:-1].strip()
    return text.startswith("-"), text[1:].strip() if text[:1] in ("+", "-") else text


def _with_point(text: str, decimal_sign: DecimalSign | None) -> str | None:
    marks = [c for c in text if c in ".,"]
    if not marks:
        return text
    if len(set(marks)) == 2:
        return _grouped(text, decimal=marks[-1])
    mark, last = marks[0], text.rsplit(marks[0], 1)[1]
    if len(marks) > 1:
        return _grouped(text, decimal=None)
    if len(last) != 3 or text.startswith("0") or len(text) > 7:
        return text.replace(mark, ".")
    is_decimal = mark == decimal_sign if decimal_sign else mark == "."
    return text.replace(mark, "." if is_decimal else "")


def _grouped(text: str, decimal: str | None) -> str | None:
    """Thousands taken together; groups of two are written in India ("1,00,000.00")."""
    whole, _, fraction = text.rpartition(decimal) if decimal else (text, "", "")
    groups = re.split(r"[.,]", whole)
    if len({c for c in whole if c in ".,"}) > 1 or len(groups[-1]) != 3 or not all(2 <= len(g) <= 3 for g in groups[1:]):
        return None
    return "".join(groups) + ("." + fraction if fraction else "")


def decimal_sign_of(texts: Iterable[str]) -> DecimalSign | None:
    """The decimal sign that the numbers in these texts show; None where they show none."""
    votes = {".": 0, ",": 0}
    for text in texts:
        for number in re.findall(r"(?<![\w.,/-])\d[\d.,]*\d(?![\w/-])", text):
            marks = [c for c in number if c in ".,"]
            if marks and (len(set(marks)) == 2 or (len(marks) == 1 and len(number.rsplit(marks[0], 1)[1]) in (1, 2))):
                votes[marks[-1]] += 1
    if votes["."] == votes[","]:
        return None
    return "." if votes["."] > votes[","] else ","


def percent(text: str, decimal_sign: DecimalSign | None = None) -> Decimal | None:
    """The rate in "19 %", "19% VAT (S)" or a bare "19"; None where there is none between 0 and 100."""
    found = re.match(r"\s*([-−]?\d+(?:[.,]\d+)?)\s*%", text)
    rate = parse_number(found[1] if found else text, decimal_sign)
    return rate if rate is not None and 0 <= abs(rate) <= 100 else None


def quantity_and_unit(text: str, decimal_sign: DecimalSign | None = None) -> tuple[Decimal, str | None] | None:
    """The quantity in "20 Unit(s)" or "3", and its unit if one is written."""
    whole = parse_number(text, decimal_sign)
    if whole is not None:
        return whole, None
    found = re.fullmatch(r"\s*([-−]?[\d.,' ]*\d)\s*[x×]?\s*([^\W\d][^\d]{0,30}|m[²³2-3])\s*", text)
    number = parse_number(found[1], decimal_sign) if found else None
    return None if found is None or number is None else (number, found[2].strip())


# Dates

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar janner janvier janv enero ene gennaio gen januari",
            "feb february februar februari fevrier fevr fev febrero febbraio",
            "mar march marz maerz mrz mars marzo maart mrt",
            "apr april avril avr abril abr aprile",
            "may mai mayo maggio mag mei",
            "jun june juni juin junio giugno giu",
            "jul july juli juillet juil julio luglio lug",
            "aug august aout agosto ago augustus",
            "sep sept september septembre septiembre settembre set",
            "oct october oktober okt octobre octubre ottobre ott",
            "nov november novembre noviembre",
            "dec december dezember dez decembre diciembre dic dicembre",
        ),
        start=1,
    )
    for name in names.split()
}
_ISO_DATE = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_NUMERIC_DATE = re.compile(r"(?<![\d.,/-])(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2}(?![\d]))")
_DAY_MONTH = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|\.|º)?[\s-]*(?:de\s+)?([a-z]{3,10})\.?,?[\s-]*(?:de\s+)?(\d{4}|'?\d{2})(?!\d)"
)
_MONTH_DAY = re.compile(r"(?<![a-z])([a-z]{3,10})\.?\s*(\d{1,2})(?:st|nd|rd|th)?,?\s*(\d{4})(?!\d)")


def find_date(text: str, order: DateOrder = "dmy") -> date | None:
    """The first date written in the text; `order` settles 03/11/2017, a point always means day first."""
    plain = folded(text)
    for found in _ISO_DATE.finditer(plain):
        if day := _day(found[1], found[2], found[3]):
            return day
    for found in _NUMERIC_DATE.finditer(plain):
        first_is_month = order == "mdy" and found[2] != "."
        month, day_text = (found[1], found[3]) if first_is_month else (found[3], found[1])
        if day := _day(found[4], month, day_text) or _day(found[4], day_text, month):
            return day
    for pattern, (d, m) in ((_DAY_MONTH, (1, 2)), (_MONTH_DAY, (2, 1))):
        for found in pattern.finditer(plain):
            if found[m] in _MONTHS and (day := _day(found[3].lstrip("'"), str(_MONTHS[found[m]]), found[d])):
                return day
    return None


def whole_date(text: str, order: DateOrder = "dmy") -> date | None:
    """The date that the whole text is, nothing but a time beside it."""
    if len(text) > 30 or not re.match(r"\s*(?:\d|[^\W\d]{3,10}\.?\s*\d)", text):
        return None
    rest = re.sub(r"[T\s]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2}|[AaPp][Mm])?$", "", text.strip())
    return find_date(rest, order) if len(re.findall(r"[^\W_]+", rest)) == 3 else None


def _day(year: str, month: str, day: str) -> date | None:
    full = int(year) if len(year) == 4 else 2000 + int(year) if int(year) < 60 else 1900 + int(year)
    try:
        return date(full, int(month), int(day)) if (1950 if len(year) == 4 else 1990) <= full <= 2100 else None
    except ValueError:
        return None


def date_order_of(texts: Iterable[str]) -> DateOrder:
    """Whether slashed dates are written month first: as a date in these texts shows, else as an American address does."""
    text = "\n".join(texts)
    pairs = [(int(a), int(b)) for a, mark, b, _ in _NUMERIC_DATE.findall(text) if mark != "."]
    month_first, day_first = any(b > 12 >= a for a, b in pairs), any(a > 12 >= b for a, b in pairs)
    if month_first != day_first:
        return "mdy" if month_first else "dmy"
    american = re.search(r"\b[A-Z]{2},? ?\d{5}(?:-\d{4})?\b", text) and "$" in text
    return "mdy" if american else "dmy"


# Currencies


def currency_of(text: str) -> str | None:
    """The currency that the text shows most often, as its ISO code; a bare $ counts as US dollars."""
    counts: dict[str, int] = {}
    for code in CURRENCY_CODE.findall(text):
        counts[code] = counts.get(code, 0) + 1
    for symbol, code in _SYMBOLS.items():
        counts[code] = counts.get(code, 0) + text.count(symbol)
    for mark, code in _LOCAL_MARKS:
        counts[code] = counts.get(code, 0) + len(mark.findall(text))
    best = max(counts, key=lambda code: counts[code], default=None)
    if best and counts[best]:
        return best
    return "USD" if re.search(r"(?<![A-Za-z])(?:US)?\$\s?\d", text) else None


def currency_code(text: str) -> str | None:
    """The code that this short text is ("EUR", "€", "in EUR")."""
    return currency_of(text) if len(text) <= 24 else None
