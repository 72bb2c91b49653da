"""Mends what recognition commonly gets wrong in a word, where the word itself leaves no doubt."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from kraftd_core.adapters.readers.common.words import Word

_WIDE = str.maketrans("：（），．；％￥×", ":(),.;%¥x")
_ZEROS_IN_NUMBER = re.compile(r"(?<![^\W\d_])(?=[Oo.,:/-]*\d)[\dOo]+(?:[.,:/-][\dOo]+)+(?![^\W\d_])")
_ZERO_IN_WORD = re.compile(r"[A-Z]+0[A-Z]{2,}|[A-Z]{2,}0[A-Z]")
_LOST_SPACES = re.compile(  # where one word would hold:
    r"(?<=[./-]\d{4})(?=\d{1,2}:\d{2}(?!\d))"  # a date and the time after it
    r"|(?<=[^\W\d_]{2}:)(?=[^\W_])"  # a label and its value
    r"|(?<=\d[.,]\d{2})(?=[A-Z]{1,3}$)"  # an amount and the code of its tax
    r"|(?<=^\d{5})(?=[A-Z][a-z])"  # a postcode and its town
)


def repaired(words: Iterable[Word]) -> Iterator[Word]:
    """The words with look-alike letters and lost spaces mended."""
    for word in words:
        yield from _parted(replace(word, text=_mended(word.text)))


def _mended(text: str) -> str:
    """Reads `1O.OO` as 10.00 and `T0TAL` as TOTAL."""
    text = _ZEROS_IN_NUMBER.sub(lambda found: found[0].translate(str.maketrans("Oo", "00")), text.translate(_WIDE))
    return text.replace("0", "O") if _ZERO_IN_WORD.fullmatch(text.strip(":.,")) else text


def _parted(word: Word) -> Iterator[Word]:
    step, at = (word.x1 - word.x0) / max(len(word.text), 1), 0
    for part in _LOST_SPACES.split(word.text):
        if part:
            yield replace(word, text=part, x0=word.x0 + at * step, x1=word.x0 + (at + len(part)) * step)
        at += len(part)
