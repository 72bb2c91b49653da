"""The cells of a CSV file: no text in them is calculated by a spreadsheet, whichever separator the spreadsheet goes by."""

import re
import unicodedata
from collections.abc import Iterator

_BREAKS = ";\t|,\r\n"  # where programs part cells and rows that do not go by the file's own separator
_SIGNS = frozenset("=+-@")
_NUMBER = re.compile(r"[+-]?\d+([.,’\u202f]\d+)*([eE][+-]?\d+)?")
_PHONE = re.compile(r"\+(?=.*\d \d)\d(?:[\d -]|\(0\))*")
"""Two figures with nothing but a blank between them are no formula in any spreadsheet."""
_ONLY_SIGNS = re.compile(r"[-+=@\s]*")
_BULLET = re.compile(r"\s*[-+] +[^\W\d][^=|!(){}\[\]<>*/^&\"'$#@%+]*")


def acts_as_formula(text: str) -> bool:
    """Whether a spreadsheet could calculate the text, once it is trimmed and its signs are plain; numbers and telephone
    numbers are none. Excel reads "- item" as a name with a sign, and shows an error in place of it."""
    if text.startswith(("\t", "\r", "\n")):
        return True
    first = next((c for c in text if c.isprintable() and not c.isspace()), "")
    if unicodedata.normalize("NFKC", first)[:1] not in _SIGNS:
        return False
    return not any(harmless.fullmatch(text) for harmless in (_NUMBER, _PHONE, _ONLY_SIGNS))


def inert(text: str, separator: str) -> str:
    """The text with an apostrophe wherever it, or a part of it that another separator would set apart, could be calculated.

    A spreadsheet that goes by semicolons parts a file of commas inside its quoted texts, too.
    """
    if text.isascii() and _SIGNS.isdisjoint(text) and text[:1] not in ("\t", "\r", "\n"):
        return text  # most cells end here
    breaks = _BREAKS.replace(separator, "")
    if not _SIGNS.isdisjoint(unicodedata.normalize("NFKC", text)) and any(mark in text for mark in breaks):
        text = "".join(_parts(text, breaks))
    return f"'{text}" if acts_as_formula(text) else text


def _parts(text: str, breaks: str) -> Iterator[str]:
    """The text behind each break, with an apostrophe where it is one that could be calculated; quotes may fall away there."""
    first, *others = re.split(f"([{re.escape(breaks)}]+)", text)
    yield first
    for mark, part in zip(others[::2], others[1::2], strict=True):
        is_line = mark[-1] in "\r\n"
        bare = part.lstrip("\"'“” \t")
        is_harmful = acts_as_formula(bare) and not part.startswith("'") and not (is_line and _BULLET.fullmatch(bare))
        yield f"{mark}'{part}" if is_harmful else f"{mark}{part}"
