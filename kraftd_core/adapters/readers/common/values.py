"""Reads numbers, dates and currencies out of text as people write them; what cannot be read strictly is None."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from typing import Literal

from kraftd_core.document.notations import currency_pattern, day_of, number_written, worded_dates
from kraftd_core.document.units import (
    CODES_OF_MARKS,
    DecimalSign,
    currency_codes,
    decimal_mark,
    digits_of,
    language_of,
    writes_month_first,
)

DateOrder = Literal["dmy", "mdy"]
DATE_ORDERS: tuple[DateOrder, ...] = ("dmy", "mdy")


@dataclass(frozen=True, slots=True)
class Manner:
    """How a document writes numbers and dates, and whether it settles that for those that read in two ways."""

    sign: DecimalSign | None
    order: DateOrder
    is_sign_settled: bool = True
    is_order_settled: bool = True


_LOOKED_AT = 5_000  # texts: those after them write as those before


def manner_of(texts: Iterable[str]) -> Manner:
    """How the document that these texts are writes, by its figures and dates, else by its language, currency and country."""
    held = list(islice(texts, _LOOKED_AT))
    text = "\n".join(held)
    language, currency = language_of(held), currency_of(text)
    if currency == "USD" and not re.search(r"US(?:D|\$)", text):
        currency = None  # a bare $ is written from Chile to Singapore
    sign, is_sign_settled = _sign_settled(held, language, currency)
    order, is_order_settled = _order_settled(held, language, currency)
    return Manner(sign, order, is_sign_settled, is_order_settled)


_RUPEES = re.compile(r"(?<![A-Za-z])Rs\.?(?![A-Za-z])")
NUMBER_IN_TEXT = re.compile(
    r"(?<![\w.,/-])[(]?[-+−–]?\s?(?:\d{1,3}(?:[ '’]\d{3})+(?:[.,]\d{1,4})?|\d+(?:[.,]\d+)*)[)]?(?:-(?![\w-]))?(?![\w/]|[.,]\d)"
)
_CURRENCY = currency_pattern()
AMOUNT_IN_TEXT = re.compile(
    rf"(?<![\d.,/'’-])(?:(?<![^\W_])|(?={_CURRENCY}))(?:[(]\s?)?(?:[-+−–]\s{{0,2}})?(?:{_CURRENCY}\s{{0,2}}){{0,2}}(?:[(]\s?)?(?:[-+−–]\s?)?"
    rf"(?:\d{{1,3}}(?:[ '’]\d{{3}}){{1,6}}(?:[.,]\d{{1,4}})?|\d+(?:[.,]\d+)*)"
    rf"(?:[.,](?:[-–—]{{1,2}}|=)|/[-=])?(?:\s?[)])?(?:-(?![\w-]))?(?:\s?{_CURRENCY})?(?:\s?[)])?(?:-(?![\w-]))?(?:\s?(?:CR|DR)\b)?"
    r"(?![\w/]|[.,]\d)"
)
"""An amount with its currency, its sign and what stands for its cents."""
CURRENCY_IN_TEXT = re.compile(_CURRENCY)
CURRENCY_CODE = re.compile(rf"(?<![A-Za-z])(?:{'|'.join(sorted(currency_codes()))})(?![A-Za-z])")


_PLAIN_LETTERS = str.maketrans({"ß": "ss", "ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"})


@lru_cache(maxsize=8_192)
def folded(text: str) -> str:
    """Lower case without accents, so that "Échéance" and "echeance" meet."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN_LETTERS))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


# Numbers


def parse_number(text: str, decimal_sign: DecimalSign | None = None) -> Decimal | None:
    """The number that the whole text is, as `number_written` reads it."""
    return number_written(text, decimal_sign)


_FIGURE = re.compile(
    r"(?<![\w.,/'-])(?:\d{1,3}(?:[ '’]\d{3}){1,6}[.,]\d+|\d[\d.,]*\d|\d+(?=[.,][-–—]))(?![\w/'])(?:[.,](?=[-–—]))?"
)
_LONE_FIGURE = re.compile(r"(?<![\w.,/'’-])(?<!\d )[1-9]\d{0,2}([.,])\d{3}(?![\w/'’]|[.,-]\d)")
_THREE_DIGITS = 3


def decimal_sign_of(texts: Iterable[str]) -> DecimalSign | None:
    """The decimal sign that the numbers in these texts show; None where they show none."""
    votes = _votes(texts)
    if votes["."] == votes[","]:
        return None
    return "." if votes["."] > votes[","] else ","


def _votes(texts: Iterable[str]) -> Counter[DecimalSign]:
    return Counter(sign for text in texts for figure in _FIGURE.findall(text) if (sign := _sign_shown(figure)))


def _sign_shown(figure: str) -> DecimalSign | None:
    """The decimal sign that the figure shows by itself: 1.234,5 and 1.500.000 and 12,50 do, 1.500 and 1.2.2024 do not."""
    marks = [c for c in figure if c in ".,"]
    if not marks:
        return None
    last = re.split("[.,]", figure)[-1]
    other: DecimalSign = "," if marks[-1] == "." else "."
    own: DecimalSign = "." if marks[-1] == "." else ","
    if len(set(marks)) > 1 or " " in figure or "'" in figure or "’" in figure or not last:
        return own
    if len(marks) > 1:
        return other if re.fullmatch(r"\d{1,3}([.,])\d{3}(?:\1\d{3})+", figure) else None
    if len(last) == _THREE_DIGITS:
        return own if figure.startswith("0") or len(figure) > len("123.456") else None
    return own if len(last) < _THREE_DIGITS else None  # 12.2025 is a month


def _sign_settled(texts: Sequence[str], language: str | None, currency: str | None) -> tuple[DecimalSign | None, bool]:
    """The decimal sign, and whether the document settles it.

    Where all figures have three digits behind their only mark, a currency of no decimals, or of three, tells what they are,
    and the language how it groups; where the two disagree, or there is neither, it stays open.
    """
    lone = [found[1] for text in texts for found in _LONE_FIGURE.finditer(text)]
    marks = set(lone)
    usual = decimal_mark(language, currency) if language else None
    if sign := decimal_sign_of(texts):
        if marks == {sign} and usual not in (None, sign) and _votes(texts)[sign] < len(lone):
            return usual, False  # a section 2.10 or a time 10.30 among whole amounts
        return sign, True
    if len(marks) != 1:  # none, or both, of which one groups
        return usual, not marks or usual is not None
    own: DecimalSign = "." if "." in marks else ","
    if currency is None:
        return usual, usual not in (None, own)  # three decimals are rare: they are doubted where no currency has them
    digits = digits_of(currency)
    sign = own if digits == _THREE_DIGITS else "," if own == "." else "."
    return sign, digits == 0 or usual == sign or (usual is None and decimal_mark("en", currency) == sign)


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
    if hours := re.fullmatch(r"\s*(\d{1,4}):([0-5]\d)\s*(?:h|hrs|Std\.?)?\s*", text):
        return int(hours[1]) + round(Decimal(int(hours[2])) / 60, 4), "h"
    found = re.fullmatch(r"\s*([-−]?[\d.,' ]*\d)\s*[x×]?\s*([^\W\d][^\d]{0,30}|m[²³2-3])\s*", text)
    number = parse_number(found[1], decimal_sign) if found else None
    return None if found is None or number is None else (number, found[2].strip())


# Dates

_ISO_DATE = re.compile(r"(?<!\d)(\d{4})(?:[-/.]|\.\s)(\d{1,2})(?:[-/.]|\.\s)(\d{1,2})(?!\d)")
_NUMERIC_DATE = re.compile(r"(?<![\d.,/-])(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2}(?![\d]))")


def open_dates(text: str) -> Iterator[tuple[str, date, date]]:
    """The dates that read in two ways, 03/04/2025 but not 03.04.2025: as written, with the day first, with the month first."""
    for found in _NUMERIC_DATE.finditer(folded(text)):
        day_first, month_first = day_of(found[4], found[3], found[1]), day_of(found[4], found[1], found[3])
        if found[2] != "." and day_first and month_first and day_first != month_first:
            yield found[0], day_first, month_first


def open_figures(text: str) -> Iterator[tuple[str, Decimal, Decimal]]:
    """The figures that read in two ways, as 1.500: as written, as a large number, as a small one with three decimals."""
    for found in _LONE_FIGURE.finditer(text):
        yield found[0], Decimal(re.sub("[.,]", "", found[0])), Decimal(found[0].replace(",", "."))


def find_date(text: str, order: DateOrder = "dmy") -> date | None:
    """The first date written in the text; `order` settles 03/11/2017, a point always means day first."""
    plain = folded(text)
    for found in _ISO_DATE.finditer(plain):
        if day := day_of(found[1], found[2], found[3]):
            return day
    for found in _NUMERIC_DATE.finditer(plain):
        first_is_month = order == "mdy" and found[2] != "."
        month, day_text = (found[1], found[3]) if first_is_month else (found[3], found[1])
        if day := day_of(found[4], month, day_text) or day_of(found[4], day_text, month):
            return day
    return next((day for day, _ in worded_dates(text)), None)


_LONGEST_DATE = 45  # characters


def whole_date(text: str, order: DateOrder = "dmy") -> date | None:
    """The date that the whole text is, nothing but a weekday and a time beside it."""
    if len(text) > _LONGEST_DATE or not any(c.isdigit() for c in text):
        return None
    rest = re.sub(r"[T\s]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2}|[AaPp][Mm])?$", "", text.strip())
    rest = re.sub(r"^[^\W\d_]{2,13}\.?,\s*(?=\d)", "", rest)
    for day, written in worded_dates(rest):
        if not re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", rest).replace(written, "", 1)):
            return day
    is_plain = len(re.findall(r"[^\W_]+", rest)) == 3 and re.match(r"\d", rest)
    return find_date(rest, order) if is_plain else None


_STATES = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|DC|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK|OR|PA|PR|RI|"
    "SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY"
)
_AMERICAN_ADDRESS = re.compile(rf"\b(?:{_STATES}),? ?\d{{5}}(?:-\d{{4}})?\b")
_BRITISH_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b")
_IBAN_BEGINS = re.compile(r"\b[A-Z]{2}\d{2} ?[A-Z0-9]{4} ?[A-Z0-9]{4} ?\d")  # no country that has them writes the month first


def orders_shown(texts: Iterable[str]) -> frozenset[DateOrder]:
    """The orders in which slashed dates with a day past the twelfth are written."""
    pairs = [(int(a), int(b)) for text in texts for a, mark, b, _ in _NUMERIC_DATE.findall(text) if mark != "."]
    month_first, day_first = any(b > 12 >= a for a, b in pairs), any(a > 12 >= b for a, b in pairs)
    return frozenset(order for order, is_shown in zip(DATE_ORDERS, (day_first, month_first), strict=True) if is_shown)


def _order_settled(texts: Sequence[str], language: str | None, currency: str | None) -> tuple[DateOrder, bool]:
    """The order of slashed dates, and whether the document settles it: by a day past the twelfth, else by where it is from."""
    text = "\n".join(texts)
    shown = orders_shown(texts)
    if shown:
        return ("mdy" if shown == {"mdy"} else "dmy"), len(shown) == 1
    is_american = bool(_AMERICAN_ADDRESS.search(text))
    is_other = language not in (None, "en") or bool(_BRITISH_POSTCODE.search(text) or _IBAN_BEGINS.search(text))
    of_currency = writes_month_first(currency) if currency else None
    if is_american or is_other:
        order: DateOrder = "dmy" if is_other else "mdy"
        return order, is_american != is_other and (is_other or of_currency is not False)
    return ("mdy" if of_currency else "dmy"), of_currency is False  # dollars are billed from everywhere


# Currencies


@lru_cache(maxsize=64)
def currency_of(text: str) -> str | None:
    """The currency that the text shows most often, as its ISO code; a bare $ counts as US dollars."""
    counts: Counter[str] = Counter(CURRENCY_CODE.findall(text))
    for mark in CURRENCY_IN_TEXT.findall(text):
        if code := CODES_OF_MARKS.get(str(mark)):
            counts[code] += 1
    counts["INR"] += len(_RUPEES.findall(text))
    best, count = counts.most_common(1)[0]
    if count:
        return best
    return "USD" if re.search(r"(?<![A-Za-z])(?:US)?\$\s*\d", text) else None


def currency_code(text: str) -> str | None:
    """The code that this short text is ("EUR", "€", "in EUR")."""
    return currency_of(text) if len(text) <= 24 else None
