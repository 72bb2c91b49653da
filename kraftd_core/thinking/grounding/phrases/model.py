"""How one says, in each language, what the record can deny: that all is right, paid, due, complete, still to come.

The patterns are looked for in sentences in small letters without accents (`plain_of`); each language has its own, because
what is a denial in one is a preposition in another.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache


@lru_cache(maxsize=2048)
def _plain_letter(letter: str) -> str:
    """A letter that stands in its place, so that what is found stands where it stood."""
    if letter in "’‘ʼ":
        return "'"
    if letter in "\u00a0\u202f\u2009":
        return " "
    first = unicodedata.normalize("NFKD", letter)[:1].lower()
    return "s" if letter == "ß" else first if len(first) == 1 else letter


def plain_of(text: str) -> str:
    """The text in small letters without accents, as long as it was."""
    return text.lower() if text.isascii() else "".join(map(_plain_letter, text))


NEVER = re.compile(r"(?!)")
"""What is never said."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """The patterns of one language, all of them over `plain_of` a sentence.

    Before and after an amount or a day, `owed_before`, `owed_after`, `to_come_before` and `to_come_after` are looked for right
    beside it. `asked` is advice to look or a condition, `negated` turns a claim round, `except_` takes something out of it.
    """

    pay: re.Pattern[str]
    not_to: re.Pattern[str]
    condition: re.Pattern[str]
    owed_before: re.Pattern[str]
    owed_after: re.Pattern[str]
    not_owed: re.Pattern[str]
    settled: re.Pattern[str]
    unsettled: re.Pattern[str]
    part: re.Pattern[str]
    no_prepayment: re.Pattern[str]
    to_come_before: re.Pattern[str]
    to_come_after: re.Pattern[str]
    passed: re.Pattern[str]
    late: re.Pattern[str]
    in_time: re.Pattern[str]
    valid: re.Pattern[str]
    figures: re.Pattern[str]
    right: re.Pattern[str]
    no_fault: re.Pattern[str]
    no_risk: re.Pattern[str]
    complete: re.Pattern[str]
    same_bank: re.Pattern[str]
    no_double: re.Pattern[str]
    asked: re.Pattern[str]
    negated: re.Pattern[str]
    issues: re.Pattern[str]
    orders: re.Pattern[str]
    from_to: re.Pattern[str]
    made_by: re.Pattern[str]
    ordered_by: re.Pattern[str]


def said_as(*said: str) -> re.Pattern[str]:
    """One of these, as whole words."""
    return re.compile(r"(?<!\w)(?:" + "|".join(said) + r")(?!\w)")


def right_before(*said: str) -> re.Pattern[str]:
    """What stands right before an amount or a day."""
    return re.compile(r"(?<!\w)(?:" + "|".join(said) + r")\s*(?:[€$£]|[a-z]{3} )?\s*\Z")


def right_after(*said: str) -> re.Pattern[str]:
    return re.compile(r"\A\s*(?:[€$£%]|[a-z]{3}(?!\w))?\s*(?:" + "|".join(said) + r")(?!\w)")
