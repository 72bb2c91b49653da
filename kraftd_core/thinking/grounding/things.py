"""The lines and sections of a document as a sentence names them: by a word that no other has."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from kraftd_core.document.checks.line_words import text_of
from kraftd_core.document.checks.model import Line, lines_of
from kraftd_core.document.jsontypes import Data
from kraftd_core.document.wording import clipped
from kraftd_core.thinking.grounding.phrases.model import plain_of

_MOST = 200  # lines whose words are told apart
_STEM, _SHORTEST = 6, 4
_WORD = re.compile(r"[^\W\d_]{4,}")
_COMMON = frozenset(re.findall(
    r"\w+",
    "total invoice amount value price order line lines item items position quantity payment date part with from more than"
    " half most unit each these that this which section sections share document supplier customer betrag summe rechnung"
    " mehr hinaus montant ligne poste facture partie importe linea partida factura",
))  # fmt: skip
_SECTION_COLUMN = re.compile(
    r"(?:^|_)(?:section|group|category|trade|chapter|department|phase|lot|gewerk|titel|bill|division)(?:_name)?$"
)


@dataclass(frozen=True, slots=True)
class Thing:
    """A line, by its `place` from 1, or a section (0), and what its figures say."""

    called: str
    place: int
    amount: Decimal | None
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    text: str = ""


@lru_cache(maxsize=4096)
def _stem(word: str) -> str:
    return word.rstrip("snx")[:_STEM] or word


def stems_of(plain: str) -> set[str]:
    """The beginnings of the words that can tell one thing from another."""
    return {_stem(word) for word in _WORD.findall(plain) if word not in _COMMON}


class Things:
    """The lines and sections of a document's line items."""

    def __init__(self, data: Data) -> None:
        lines = lines_of(data)[:_MOST]
        self.lines = [_line(line) for line in lines]
        self.sections = _sections(lines)
        self._words_of_lines = [stems_of(plain_of(thing.text)) for thing in self.lines]
        self._words_of_sections = [stems_of(plain_of(thing.called)) for thing in self.sections]
        self._counts = Counter(word for words in self._words_of_lines for word in words)

    def lines_in(self, plain: str, places: Sequence[int] = ()) -> list[Thing]:
        """The lines that a part of a sentence names, by their places or by words that no other line has."""
        said = stems_of(plain)
        return [
            thing
            for thing, words in zip(self.lines, self._words_of_lines, strict=True)
            if thing.place in places or any(self._counts[word] == 1 for word in words & said)
        ]

    def alike_in(self, plain: str) -> list[Thing]:
        """The lines that share a word which a part of a sentence names: all the flow meters."""
        said = stems_of(plain)
        return [thing for thing, words in zip(self.lines, self._words_of_lines, strict=True) if words & said]

    def sections_in(self, plain: str) -> list[Thing]:
        """The sections of which every word is named."""
        said = stems_of(plain)
        pairs = zip(self.sections, self._words_of_sections, strict=True)
        return [thing for thing, words in pairs if words and words <= said]


def _line(line: Line) -> Thing:
    amount, quantity, price = (line.number(name) for name in ("amount", "quantity", "unit_price"))
    return Thing(f"line {line.index + 1}", line.index + 1, amount, quantity, price, text_of(line) or "")


def _sections(lines: Sequence[Line]) -> list[Thing]:
    """By the column that names them; none where there is no such column, or but one section."""
    column = next((name for line in lines[:1] for name in line.row if _SECTION_COLUMN.search(name)), None)
    sums: dict[str, Decimal] = {}
    for line in lines if column else ():
        if named := str(line.row.get(column or "") or ""):
            sums[named] = sums.get(named, Decimal(0)) + (line.number("amount") or Decimal(0))
    return [Thing(clipped(name, 60), 0, value) for name, value in sums.items()] if len(sums) > 1 else []
