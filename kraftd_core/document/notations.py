"""How people write: numbers with currency marks, signs, dashes for cents and groups; dates with names of months; IBANs."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache

from kraftd_core.document.units import CODES_OF_MARKS, DecimalSign, currency_codes, digits_of, mark_of_currency, month_of

LONGEST_AMOUNT = 60  # characters; what is longer is no number that somebody wrote

_RAISED = re.compile("[0-9][¹²³⁰⁴-⁹₀-₉¼-¾⅐-⅞]|[¼-¾⅐-⅞]")
_EVEN = str.maketrans("−–—‐‑－‘’ʼ′`´٫٬⁄", "------''''''.,/")
_CREDIT = re.compile(r"(?<=[\d)])\s?(?:CR|Cr)\.?$")
_DEBIT = re.compile(r"(?<=[\d)])\s?(?:DR|Dr)\.?$")
_NO_CENTS = re.compile(r"(?<=\d)[.,](?:-{1,2}|=)$|(?<=\d)/[-=]$")  # 1.500,-- and 250.- and 12,500/-
_SPACED = re.compile(r"\d{1,3}(?:[ ']\d{3})+(?:[.,]\d+)?")
_PLAIN = re.compile(r"\d+(?:[.,]\d+)*|[.,]\d{1,2}")
_LONE = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")


@lru_cache(maxsize=1)
def currency_pattern() -> str:
    """A currency's mark or code, as a pattern."""
    marks = sorted(CODES_OF_MARKS, key=len, reverse=True)
    words = [re.escape(m) for m in marks if m[0].isalpha()]
    signs = [re.escape(m) for m in marks if not m[0].isalpha()]
    codes = "|".join(sorted(currency_codes()))
    return rf"(?:(?<![^\W\d_])(?:{codes}|{'|'.join(words)})(?![^\W\d_])|{'|'.join(signs)})"


@lru_cache(maxsize=1)
def _currency_at_an_end() -> "re.Pattern[str]":
    return re.compile(rf"^{currency_pattern()}\s*|\s*{currency_pattern()}$")


def even(text: str) -> str:
    """The text with its digits, blanks, dashes and apostrophes in their plain forms."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_EVEN).split())


@lru_cache(maxsize=20_000)
def number_written(text: str, decimal_sign: DecimalSign | None = None) -> Decimal | None:
    """The number that the whole text is, a currency and the sign of a credit aside; None for anything else.

    `decimal_sign` is what the document uses: it settles "1.234"; without it the currency beside it does ("Rp 25.000"),
    else a point is decimal and a comma groups thousands.
    """
    stripped = _bare(text)
    if stripped is None:
        return None
    is_negative, bare = stripped
    decimal_sign = decimal_sign or _sign_beside(text, bare)
    if cents := _NO_CENTS.search(bare):
        whole = bare[: cents.start()]  # what groups in it is known now
        bare, decimal_sign = whole, "." if "," in whole else "," if "." in whole else decimal_sign
    if _SPACED.fullmatch(bare):
        return _signed(is_negative, re.sub(r"[ ']", "", bare).replace(",", "."))
    if not _PLAIN.fullmatch(bare):
        return None
    plain = _with_point(bare, decimal_sign)
    return None if plain is None else _signed(is_negative, plain)


def _sign_beside(text: str, bare: str) -> DecimalSign | None:
    """The decimal sign by the currency beside a figure that reads in two ways."""
    if not _LONE.fullmatch(bare) or (mark := re.search(currency_pattern(), text)) is None:
        return None
    code = CODES_OF_MARKS.get(mark[0], mark[0] if mark[0] in currency_codes() else None)
    if code is None:
        return None
    own: DecimalSign = "." if "." in bare else ","
    return own if digits_of(code) == _THREE_DIGITS else mark_of_currency(code)


_THREE_DIGITS = 3  # behind the mark of a lone figure, and of dinars


def _signed(is_negative: bool, plain: str) -> Decimal:
    return Decimal("-" + plain if is_negative else plain)


def _bare(text: str) -> tuple[bool, str] | None:
    """Whether it is negative, and the figure without currency, sign and brackets; None where there is more than one sign."""
    if len(text) > LONGEST_AMOUNT or not any(c.isdigit() for c in text) or _RAISED.search(text):
        return None
    bare, signs, currencies = even(text).strip("*"), 0, 0
    if _DEBIT.search(bare):
        bare = _DEBIT.sub("", bare)
    elif _CREDIT.search(bare):
        bare, signs = _CREDIT.sub("", bare), 1
    for _ in range(5):  # currency within brackets, sign before it or behind it, "$5 USD"
        bare = bare.strip()
        if currencies < 2 and (without := _currency_at_an_end().sub("", bare, count=1)) != bare:
            bare, currencies = without, currencies + 1
        elif bare.startswith("(") and bare.endswith(")"):
            bare, signs = bare[1:-1], signs + 1
        elif bare.startswith("+"):
            bare = bare[1:]
        elif bare.startswith("-"):
            bare, signs = bare[1:], signs + 1
        elif bare.endswith("-") and not _NO_CENTS.search(bare):
            bare, signs = bare[:-1], signs + 1
    return (signs == 1, bare.strip()) if signs <= 1 else None


def _with_point(text: str, decimal_sign: DecimalSign | None) -> str | None:
    marks = [c for c in text if c in ".,"]
    if not marks:
        return text
    if len(set(marks)) == 2:
        return _grouped(text, decimal=marks[-1])
    if len(marks) > 1:
        return _grouped(text, decimal=None)
    if not _LONE.fullmatch(text):
        return text.replace(marks[0], ".")
    is_decimal = marks[0] == decimal_sign if decimal_sign else marks[0] == "."
    return text.replace(marks[0], "." if is_decimal else "")


def _grouped(text: str, decimal: str | None) -> str | None:
    """Thousands taken together; groups of two are written in India ("1,00,000.00")."""
    whole, _, fraction = text.rpartition(decimal) if decimal else (text, "", "")
    groups = re.split(r"[.,]", whole)
    if len({c for c in whole if c in ".,"}) > 1 or len(groups[-1]) != 3 or not all(2 <= len(g) <= 3 for g in groups[1:]):
        return None
    return "".join(groups) + ("." + fraction if fraction else "")


# Dates

_NAME = r"(?P<month>[^\W\d_]{3,14})"
_DAY = r"(?<!\d)(?P<day>\d{1,2})"
_OF = r"(?:(?:de|del|di|of|d')(?:\s{1,3}|(?<=')))?"
_WORDED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_DAY}(?:st|nd|rd|th|er|ère|re|[oa](?=\s)|[.°])?[\s/-]{{0,4}}{_OF}{_NAME}\.?[\s,/-]{{0,5}}{_OF}(?P<year>\d{{4}}|'?\d{{2}})(?!\d)",
        rf"(?<![^\W\d_]){_NAME}\.?[\s-]{{0,4}}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s,-]{{0,4}}(?P<year>\d{{4}})(?!\d)",
        rf"(?<!\d)(?P<year>\d{{4}})(?:\.|\s?m\.|-)?\s{{0,3}}{_NAME}\.?[\s-]{{0,4}}(?P<day>\d{{1,2}})(?!\d)\.?(?:\s?d\.)?",
    )
)
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民国": 1911, "民國": 1911}
_EASTERN = re.compile(
    r"(?:(?P<era>令和|平成|昭和|民国|民國)\s*(?P<of_era>元|\d{1,3})|(?<!\d)(?P<year>\d{4}))\s*[年년]"
    r"\s*(?P<month>\d{1,2})\s*[月월]\s*(?P<day>\d{1,2})\s*[日号일]"
)
_VIETNAMESE = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})\s+tháng\s+(?P<month>\d{1,2}),?\s+(?:năm\s+)?(?P<year>\d{4})(?!\d)", re.IGNORECASE
)


def worded_dates(text: str) -> Iterator[tuple[date, str]]:
    """The dates whose months are named, or told by 年月日, each with its text."""
    even_text = unicodedata.normalize("NFKC", text)
    for pattern in (*_WORDED, _EASTERN, _VIETNAMESE):
        for found in pattern.finditer(even_text):
            month = int(found["month"]) if found["month"].isdigit() else month_of(found["month"])
            if month and (day := day_of(_year(found), month, found["day"])):
                yield day, found[0]


def _year(found: "re.Match[str]") -> str:
    parts = found.groupdict()
    if era := parts.get("era"):
        return str(_ERAS[era] + (1 if parts["of_era"] == "元" else int(parts["of_era"])))
    return str(parts["year"]).lstrip("'")


def day_of(year: str, month: int | str, day: int | str) -> date | None:
    """The day of the calendar; two digits are a year from 1990 on, four one that a document may speak of."""
    is_whole = len(year) > 2
    full = int(year) if is_whole else 2000 + int(year) if int(year) < 60 else 1900 + int(year)
    try:
        return date(full, int(month), int(day)) if (1950 if is_whole else 1990) <= full <= 2100 else None
    except ValueError:
        return None


# IBANs

_SHORTEST_IBAN, _LONGEST_IBAN = 15, 80  # characters, in Norway and with what parts them


def iban_at_start(text: str) -> str | None:
    """The IBAN that the text begins with, as it is written: to where its check digits hold, else to its country's length.

    Words in capitals and a bank's code may follow it; None where there is not enough to be one.
    """
    if not re.match(r"[A-Za-z]{2}\d{2}", text):
        return None
    from stdnum import iban, numdb

    by_length = {}
    code = ""
    for end, character in enumerate(text[:_LONGEST_IBAN], 1):
        if character.isascii() and character.isalnum():
            code += character.upper()
            by_length[len(code)] = text[:end]
            if len(code) >= _SHORTEST_IBAN and iban.is_valid(code, check_country=False):
                return text[:end]
        elif character not in " .-" or text[end : end + 1] == " ":  # two blanks part columns
            break
    _, parts = numdb.get("iban").info(code[:2])[0]
    length = 4 + sum(map(int, re.findall(r"\d+", parts.get("bban", ""))))
    return by_length.get(length) if length > 4 else None
