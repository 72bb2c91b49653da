"""One spelling for texts that are looked for or held against each other: accents, capitals and forms of Unicode do not matter."""

import re
import unicodedata

_LETTERS = str.maketrans({
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th",
    **dict.fromkeys("‐‒–—―−", "-"), **dict.fromkeys("‘’ʼ′", "'"),
})  # fmt: skip
"""What Unicode does not take apart though people type it plainly."""

# Accents of Latin, Greek and Cyrillic, points of Hebrew and Arabic, and what is not seen at all (soft hyphens, joiners, marks
# of direction). The vowel signs of Indic scripts and the voicing of Japanese stay: without them it is another word.
_LEFT_OUT = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u0655\u0670"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
    "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff]"
)


def fold(text: str) -> str:
    """The text as it is looked for: "Müller" in whatever form and "MULLER" are both "muller", "Straße" is "strasse".

    Folding twice changes nothing more.
    """
    while (plainer := _plainer(text)) != text:
        text = plainer
    return text


def _plainer(text: str) -> str:
    """Once through: a capital may only appear when a sign is taken apart, and a mark when a capital is made small."""
    apart = unicodedata.normalize("NFKD", text)
    return " ".join(_LEFT_OUT.sub("", apart).casefold().translate(_LETTERS).split())
