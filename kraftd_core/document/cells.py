"""Between the text of a grid's cell and typed JSON: how a value is shown for editing, and what the typed text means."""

import json
import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import Any

from kraftd_core.document.jsontypes import cleaned, number_or_text
from kraftd_core.document.notations import number_written, worded_dates

_LONGEST_NUMBER = 60  # characters; what is longer is no number that somebody typed
_RAISED = re.compile("(?<=[0-9])(?=[¹²³⁰⁴-⁹₀-₉¼-¾⅐-⅞])")
_SIGNS = str.maketrans({"−": "-", "’": "'", "ʼ": "'", "′": "'"})

_PLAIN = re.compile(r"(?:0|[1-9][0-9]*)?(?:[.,][0-9]+)?")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?P<mark>[ ',.])[0-9]{3}(?:(?P=mark)[0-9]{3})*(?P<decimals>(?!(?P=mark))[.,][0-9]+)?")
_LAKHS = re.compile(r"[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}(?P<decimals>\.[0-9]+)?")
_ONE_POINT = re.compile(r"[0-9]+\.[0-9]+")

_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})")
_FIGURES_ALONE = re.compile(r"[-+]?\s*[\d.,' ]*|\D*0\d.*", re.DOTALL)
_YES_AND_NO = {"true": True, "yes": True, "false": False, "no": False}


def text_of(value: Any) -> str | None:
    """The value as it is shown for editing: 671.15 is "671.15", null nothing, an object or a list its JSON."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def value_of(text: str | None, original: Any, *, like_number: bool = False, like_date: bool = False) -> Any:
    """What the user typed, typed like the original; text that cannot be read so stays text and is never lost.

    Untouched text gives the original itself; blank text gives null. `like_number` and `like_date` say what the column
    holds, for the cells that cannot tell: those that were empty, text or not there.
    """
    if text == text_of(original):
        return original
    if text is None or not text.strip():
        return None
    if isinstance(original, bool):
        return _YES_AND_NO.get(text.strip().lower(), text)
    if isinstance(original, (int, float)):
        return _number_in(text)
    if isinstance(original, (dict, list)):
        return _json_in(text)
    if like_number:
        return _number_in(text)
    return _date_in(text) if like_date or (isinstance(original, str) and _ISO_DATE.fullmatch(original)) else text


def is_unread(text_value: Any, column_is_number: bool) -> bool:
    """Whether a text stands where a number is expected; a number too long for JSON is text by nature."""
    if not column_is_number or not isinstance(text_value, str) or not text_value.strip():
        return False
    number = decimal_of(text_value)
    return number is None or not isinstance(number_or_text(number), str)


def _number_in(text: str) -> int | float | str:
    number = decimal_of(text)
    if number is None and not _FIGURES_ALONE.fullmatch(text):  # with a currency, in brackets, with dashes for cents
        number = number_written(text)
    read = text if number is None else number_or_text(number)
    return text if isinstance(read, str) else read


def _json_in(text: str) -> Any:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return cleaned(value) if isinstance(value, (dict, list)) else text


# Numbers


def folded(text: str) -> str:
    """The text in its compatible Unicode form, blanks run together: equal for texts that only look different.

    A raised digit keeps apart from the digit before it: 10² is not 102.
    """
    return " ".join(unicodedata.normalize("NFKC", _RAISED.sub("^", text)).split())


def decimal_of(text: str) -> Decimal | None:
    """The number that the text writes in a local way; None if it writes none.

    Groups of three are set apart by commas, points, blanks or apostrophes (or Indian style, 12,34,567), decimals by a
    point or a comma. Where one separator alone could be either, a comma before exactly three digits groups ("1,050" is
    1050) and a point is a decimal point ("1.050" is 1.05); "0,050" and "1234,567" cannot be groups and are decimals.
    A leading zero ("007") marks an identifier, which is no number; so do exponents, currencies and units.
    """
    if len(text) > _LONGEST_NUMBER:
        return None
    sign, digits = _signed(folded(text).translate(_SIGNS))
    written = _written(digits)
    return None if written is None else Decimal(sign + written)


def _signed(text: str) -> tuple[str, str]:
    return (text[0], text[1:].lstrip()) if text[:1] in ("-", "+") else ("", text)


def _written(digits: str) -> str | None:
    """The unsigned number with a decimal point and no groups."""
    grouped = _GROUPED.fullmatch(digits) or _LAKHS.fullmatch(digits)
    if grouped and not _ONE_POINT.fullmatch(digits):
        decimals = grouped["decimals"] or ""
        whole = digits.removesuffix(decimals)
        return "".join(filter(str.isdigit, whole)) + decimals.replace(",", ".")
    return digits.replace(",", ".") if digits and _PLAIN.fullmatch(digits) else None


# Dates


def _date_in(text: str) -> str:
    """The ISO form of a date that can be read in one way only, else the text: 03/04/2017 stays, 03.04.2017 is in April
    (points are written between day, month and year in this order wherever they are used)."""
    typed = " ".join(text.split())
    try:
        found = _date_in_figures(typed) or _date_with_name(typed)
    except ValueError:  # 31 February
        return text
    return found.isoformat() if found else text


def _date_in_figures(typed: str) -> date | None:
    if match := _YEAR_FIRST.fullmatch(typed):
        return date(int(match[1]), int(match[3]), int(match[4]))
    if match := _YEAR_LAST.fullmatch(typed):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        if match[2] == "." or first > 12 or first == second:
            return date(year, second, first)
        return date(year, first, second) if second > 12 else None
    return None


def _date_with_name(typed: str) -> date | None:
    """The date whose month has a name, or with 年月日; a year of two digits could be the day."""
    found = ((day, written) for day, written in worded_dates(typed) if re.search(r"\d{4}|[年년]", written))
    return next((day for day, written in found if written.strip(" .") == folded(typed).strip(" .")), None)
