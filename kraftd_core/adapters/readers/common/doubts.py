"""Makes values doubtful whose notation the document leaves open, and says both readings once."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from kraftd_core.adapters.readers.common.reading import Found, Reading, Spot
from kraftd_core.adapters.readers.common.values import Manner, open_dates, open_figures

DOUBTFUL = 0.6
"""Below what counts as sure: one of two readings, of which the likelier was taken."""


def mark_doubts(reading: Reading, texts: Iterable[str], manner: Manner) -> None:
    """Lowers the confidence of what can be read in two ways, and tells the first date and the first figure of which it is true."""
    held = list(texts)
    days, figures = open_values(held, manner)
    told: dict[type, bool] = {}
    for name, found in reading.fields.items():
        if _is_open(found.value, days, figures):
            reading.fields[name] = _doubted(found)
            told[type(found.value)] = True
    for row in (row for table in reading.tables for row in table.rows):
        for name, found in row.items():
            if _is_open(found.value, days, figures):
                row[name] = _doubted(found)
                told[type(found.value)] = True
    reading.notices += notices_of(held, manner, has_days=str in told, has_figures=bool(told.keys() - {str}))


def open_values(texts: Iterable[str], manner: Manner) -> tuple[frozenset[str], frozenset[Decimal]]:
    """The days, as ISO texts, and the figures that the document leaves open, in every reading."""
    held = list(texts)
    days = [] if manner.is_order_settled else [day for text in held for found in open_dates(text) for day in found[1:]]
    figures = [] if manner.is_sign_settled else [number for text in held for found in open_figures(text) for number in found[1:]]
    return frozenset(day.isoformat() for day in days), frozenset(figures)


def notices_of(texts: Iterable[str], manner: Manner, *, has_days: bool, has_figures: bool) -> list[str]:
    """What is open and how it was read, by the first example of each kind."""
    held = list(texts)
    notices = []
    if has_days and (found := next((found for text in held for found in open_dates(text)), None)):
        written, *readings = found
        taken, other = readings if manner.order == "dmy" else reversed(readings)
        notices.append(
            f"The date {written} can be {_day(taken)} or {_day(other)}: nothing in the document tells whether the day or the month "
            f"stands first. It was read as {_day(taken)}. Check the dates."
        )
    if has_figures and (figure := next((found for text in held for found in open_figures(text)), None)):
        written, large, small = figure
        is_small = (manner.sign or ".") in written
        notices.append(
            f"The figure {written} can be {large:,} or {small.normalize()}: nothing in the document tells whether its mark groups "
            f"thousands or begins the decimals. It was read as {small.normalize() if is_small else f'{large:,}'}. Check the figures."
        )
    return notices


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _is_open(value: Any, days: frozenset[str], figures: frozenset[Decimal]) -> bool:
    if isinstance(value, str):
        return value in days
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool) and Decimal(str(value)) in figures


def _doubted(found: Found) -> Found:
    spot: Spot = found.spot
    return replace(found, spot=replace(spot, confidence=min(DOUBTFUL, DOUBTFUL if spot.confidence is None else spot.confidence)))
