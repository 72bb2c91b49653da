"""The sentences of a statement, each in its own language and with its own claims."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from kraftd_core.thinking.grounding.claims import Claim, Currency, Day, Figure, LineNumber
from kraftd_core.thinking.grounding.phrases import PHRASES
from kraftd_core.thinking.grounding.phrases.model import Phrases, plain_of
from kraftd_core.thinking.languages import language_of

_NEAR = 100  # characters around a claim that say what it is
SHORTEST = 7  # characters of a sentence that can deny something
_TELLING = 20  # characters from which a sentence tells its language


@dataclass(frozen=True)  # without slots, so that what several rules ask is found once
class JudgedSentence:
    """A sentence in its language, with the claims that stand in it; `start` is where it begins in the statement."""

    text: str
    start: int
    claims: Sequence[Claim]
    language: str

    @cached_property
    def plain(self) -> str:
        """The text as the phrases are written."""
        return plain_of(self.text)

    @property
    def said(self) -> Phrases:
        """How one says things in its language."""
        return PHRASES[self.language]

    @cached_property
    def is_asked(self) -> bool:
        """Whether it is advice to look, or a condition, and claims nothing."""
        return self.said.asked.search(self.plain) is not None

    @cached_property
    def is_negated(self) -> bool:
        """Whether something in it turns a claim round, or takes something out of it."""
        return self.said.negated.search(self.plain) is not None

    @cached_property
    def figures(self) -> list[Figure]:
        """The amounts of money: with cents, or beside a currency."""
        signs = [claim.start for claim in self.claims if isinstance(claim, Currency)]
        return [
            claim
            for claim in self.claims
            if isinstance(claim, Figure)
            and not claim.is_share
            and (claim.decimals == 2 or any(-5 <= sign - claim.start <= len(claim.text) + 1 for sign in signs))
        ]

    @cached_property
    def days(self) -> list[tuple[Day, date]]:
        """The days that are named with their year, where they can be read in one way only."""
        found = []
        for claim in self.claims:
            if isinstance(claim, Day) and len(claim.readings) == 1 and None not in claim.readings[0]:
                year, month, of_month = (part or 0 for part in claim.readings[0])
                try:
                    found.append((claim, date(year, month, of_month)))
                except ValueError:  # none of the calendar
                    continue
        return found

    @cached_property
    def places(self) -> list[int]:
        """The lines that it names."""
        return [claim.number for claim in self.claims if isinstance(claim, LineNumber)]

    def before(self, claim: Claim) -> str:
        """What stands right before a claim."""
        place = claim.start - self.start
        return self.plain[max(0, place - _NEAR) : place]

    def after(self, claim: Claim) -> str:
        """What stands right after a claim."""
        end = claim.start - self.start + len(claim.text)
        return self.plain[end : end + _NEAR]


_ABBREVIATED = re.compile(
    r"(?:^|[^\w.])(?:(?:[^\W\d_]\.)+|(?:ltd|inc|co|corp|nr|no|st|dr|mr|mrs|ms|bzw|ca|approx|art|fig|pos|bros|gebr|abs|inkl"
    r"|zzgl|env|num|ref)\.)\Z",
    re.IGNORECASE,
)
"""What ends with a full stop and need not end a sentence: that of one letter, as in "S.A.", and short forms."""

_END = re.compile(r"(?<=[^\W\d_)\"”][.!?])\s+|(?<=[\d%][.!?])\s+(?=[^\W\d_])|\n|;\s")


def sentences_of(text: str, claims: Sequence[Claim], language: str) -> Iterator[JudgedSentence]:
    """The sentences of a statement that can deny something; the language is that of those which do not tell theirs."""
    places = [claim.start for claim in claims]
    inside = {n for claim in claims if isinstance(claim, Day) for n in range(claim.start + 1, claim.start + len(claim.text))}
    ends_at = [match.end() for match in _END.finditer(text) if match.end() not in inside and not _goes_on(text, match)]
    starts = [0, *ends_at]  # "4. November" is one
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        if end - start < SHORTEST:
            continue
        own = claims[bisect_left(places, start) : bisect_left(places, end)]
        spoken = language_of(text[start:end], language) if end - start >= _TELLING else language
        yield JudgedSentence(text[start:end], start, own, spoken)


def _goes_on(text: str, end: re.Match[str]) -> bool:
    """Whether a sentence goes on: before a small letter behind a full stop, before a figure behind an abbreviation."""
    following, before = text[end.end() : end.end() + 1], text[max(0, end.start() - 12) : end.start()]
    if following.islower() and "\n" not in end[0]:
        return before.endswith(".")
    return following.isdigit() and _ABBREVIATED.search(before) is not None
