"""Makes any text printable in a PDF: a font for each run of characters, Arabic joined, right to left in its order."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from threading import Lock
from typing import Any

from kraftd_core.document.wording import how_many

PLAIN, BOLD = "DejaVuSans", "DejaVuSans-Bold"
_EASTERN = "DroidSansFallback"  # Chinese, Japanese and Korean; it has one weight

_FONTS = Path(__file__).parent / "font_files"
_FIRST_EASTERN, _LAST_EASTERN = 0x1100, 0xFFFF
_ARABIC = re.compile(r"[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff]")
_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_SELECTOR = re.compile(r"[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_CODE_POINT = re.compile(r"(?<= <)[0-9A-F]{4}(?=>)")
_JOINED_FORMS = {"<isolated>", "<initial>", "<medial>", "<final>"}
_NAMED_AT_MOST = 10


# The fonts, registered once: two threads must not replace each other's

_REGISTERING = Lock()


def western() -> frozenset[str]:
    """The characters of the fonts for Latin, Greek, Cyrillic, Hebrew and Arabic writing; registers these fonts."""
    with _REGISTERING:
        return _western()


@lru_cache(maxsize=1)
def _western() -> frozenset[str]:
    plain, bold = _registered(PLAIN), _registered(BOLD)
    return frozenset(map(chr, plain.face.charToGlyph.keys() & bold.face.charToGlyph.keys()))


def _is_eastern(character: str) -> bool:
    if not _FIRST_EASTERN <= ord(character) <= _LAST_EASTERN:
        return False  # the large font stays unread for a lone emoji
    with _REGISTERING:
        return ord(character) in _eastern()


@lru_cache(maxsize=1)
def _eastern() -> frozenset[int]:
    return frozenset(_registered(_EASTERN).face.charToGlyph)


def _registered(name: str) -> Any:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    class Font(TTFont):  # type: ignore[misc]  # reportlab says nothing of its types
        """A font whose joined letters are copied out of the file as the letters that were written."""

        def addObjects(self, doc: Any) -> None:
            super().addObjects(doc)
            for key, entry in doc.idToObject.items():
                if key.startswith("toUnicodeCMap:"):
                    entry.content = _CODE_POINT.sub(_as_written, entry.content)

    font = Font(name, str(_FONTS / f"{name}.ttf"))
    pdfmetrics.registerFont(font)
    return font


def _as_written(code_point: re.Match[str]) -> str:
    """The letter that a joined form is of; a form of two letters stays itself: some programs that copy would swap these."""
    form, *letters = unicodedata.decomposition(chr(int(code_point[0], 16))).split() or [""]
    return letters[0] if form in _JOINED_FORMS and len(letters) == 1 else code_point[0]


# Texts as they are drawn


def is_plain(text: str) -> bool:
    """Whether one font has all of a printable text."""
    return text.isascii() or western().issuperset(text)


def runs(text: str, font: str) -> Iterator[tuple[str, str]]:
    """The fonts that a printable text takes, where one font does not do, each with its part of the text."""
    for is_western, part in groupby(text, western().__contains__):
        yield font if is_western else _EASTERN, "".join(part)


def width(text: str, font: str, size: float) -> float:
    """How wide a printable text is drawn."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    if is_plain(text):
        return float(stringWidth(text, font, size))
    return float(sum(stringWidth(part, name, size) for name, part in runs(text, font)))


def starts_right(text: str) -> bool:
    """Whether a text runs from right to left: its first letter says so."""
    if text.isascii() or not _RIGHT_TO_LEFT.search(text):
        return False
    kinds = map(unicodedata.bidirectional, text)
    return next((kind for kind in kinds if kind in ("L", "R", "AL")), "L") != "L"


def as_seen(line: str, right_to_left: bool) -> str:
    """The characters of a line from left to right; `right_to_left` says how the paragraph runs that it belongs to."""
    if line.isascii() or not _RIGHT_TO_LEFT.search(line):
        return line
    from bidi.algorithm import get_display  # the faster one of the package leaves brackets unmirrored

    return str(get_display(line, base_dir="R" if right_to_left else "L"))


@lru_cache(maxsize=1)
def _joiner() -> Any:
    from arabic_reshaper import ArabicReshaper

    # no font here has the one sign for the word that is half of many a name
    return ArabicReshaper({"delete_harakat": False, "ARABIC LIGATURE ALLAH": False})


# Texts that can be drawn


class Printable:
    """Makes texts printable, and remembers what no font has."""

    def __init__(self) -> None:
        self.western = western()
        self.missing: dict[str, None] = {}

    def text(self, text: str) -> str:
        """The text with joined letters, and stand-ins for what no font has; invisible marks go, some reverse what is read."""
        if text.isascii() and text.isprintable():
            return text
        text = unicodedata.normalize("NFC", re.sub(r"\r\n?|[\u2028\u2029]", "\n", text))
        if _ARABIC.search(text):
            text = _joiner().reshape(text)
        if self.western.issuperset(text) and text.isprintable():
            return text
        return "".join(self._shown(_SELECTOR.sub("", text)))

    def _shown(self, text: str) -> Iterator[str]:
        for stand_in, group in groupby(text, self._stand_in):
            characters = list(group)
            if stand_in is None:
                yield visible("".join(characters))
            else:
                self.missing |= dict.fromkeys(characters)
                amount = how_many(len(characters), "character")
                yield stand_in * len(characters) if stand_in.startswith("[") else f"[{stand_in} text: {amount}]"

    def _stand_in(self, character: str) -> str | None:
        """What is said in place of a character that no font has: its name, of a letter its script; None if it can be shown."""
        if character in self.western or unicodedata.category(character) == "Cf" or character.isspace():
            return None
        if _is_eastern(character):
            return None
        name = unicodedata.name(character, "").lower()
        if not name or name.startswith("cjk "):
            return f"[U+{ord(character):04X}]"
        is_letter = unicodedata.category(character)[0] in "LM"
        return name.split()[0].capitalize() if is_letter else f"[{name}]"

    def warnings(self) -> tuple[str, ...]:
        """What could not be printed as it is."""
        if not self.missing:
            return ()
        named = " ".join(list(self.missing)[:_NAMED_AT_MOST])
        more = len(self.missing) - _NAMED_AT_MOST
        rest = f" and {more} more" if more > 0 else ""
        return (f"Some characters cannot be printed in the PDF; what they are stands in brackets there: {named}{rest}",)


def visible(text: str) -> str:
    """The text without its invisible marks, and with plain spaces."""
    return "".join(map(_visible, text))


def _visible(character: str) -> str:
    if character.isspace() and character != "\n":
        return "    " if character == "\t" else " "
    return "" if unicodedata.category(character) == "Cf" else character
