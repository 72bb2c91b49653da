"""Makes values doubtful whose notation the document leaves open, and says both readings once."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from kraftd_core.adapters.readers.common.reading import Found, Reading
from kraftd_core.adapters.readers.common.values import Manner, open_dates, open_figures

_DOUBTFUL = 0.6  # one of two readings, of which the likelier was taken


@dataclass(frozen=True, slots=True)
class Doubts:
    """What a document leaves open: as written, the one reading and the other."""

    dates: Sequence[tuple[str, date, date]]
    figures: Sequence[tuple[str, Decimal, Decimal]]
    readings: frozenset[str | Decimal]

    def touch(self, value: Any) -> bool:
        """Whether the value is one of two readings."""
        if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
            return Decimal(str(value)) in self.readings
        return isinstance(value, str) and value in self.readings

    def notices(self, kept: Collection[Any]) -> Iterator[str]:
        """The first date and the first figure that were kept in one of two readings, each with the other."""
        days = {value for value in kept if isinstance(value, str)}
        numbers = {Decimal(str(value)) for value in kept if not isinstance(value, str)}
        for written, *readings in self.dates:
            if taken := next((day for day in readings if day.isoformat() in days), None):
                other = next(day for day in readings if day != taken)
                yield (
                    f"The date {written} can be {_day(taken)} or {_day(other)}: nothing in the document tells whether the day or "
                    f"the month stands first. It was read as {_day(taken)}. Check the dates."
                )
                break
        for written, *sizes in self.figures:
            if (size := next((size for size in sizes if size in numbers), None)) is not None:
                large, small = (f"{sizes[0]:,}", f"{sizes[1].normalize():f}")
                yield (
                    f"The figure {written} can be {large} or {small}: nothing in the document settles whether its mark groups "
                    f"thousands or begins the decimals. It was read as {large if size == sizes[0] else small}. Check the figures."
                )
                break


def doubts_of(texts: Iterable[str], manner: Manner) -> Doubts:
    """What these texts, all of a document, leave open."""
    held = list(texts)
    dates = () if manner.is_order_settled else [found for text in held for found in open_dates(text)]
    figures = () if manner.is_sign_settled else [found for text in held for found in open_figures(text)]
    days = (day.isoformat() for _, *days in dates for day in days)
    sizes = (size for _, *sizes in figures for size in sizes)
    return Doubts(dates, figures, frozenset((*days, *sizes)))


def doubted(confidence: float | None) -> float:
    """How sure a value is at most that is one of two readings."""
    return _DOUBTFUL if confidence is None else min(confidence, _DOUBTFUL)


def mark_doubts(reading: Reading, texts: Iterable[str], manner: Manner) -> None:
    """Lowers the confidence of what can be read in two ways, and tells an example of each kind."""
    doubts = doubts_of(texts, manner)
    kept = []
    for cells in (reading.fields, *(row for table in reading.tables for row in table.rows)):
        for name, found in cells.items():
            if doubts.touch(found.value):
                cells[name] = _lowered(found)
                kept.append(found.value)
    reading.notices += doubts.notices(kept)


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _lowered(found: Found) -> Found:
    return replace(found, spot=replace(found.spot, confidence=doubted(found.spot.confidence)))
