"""What of a document's amounts is far outside what its owner accepted of the same supplier before."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from kraftd_core.document.changes import path_of
from kraftd_core.document.checks.model import Line
from kraftd_core.document.checks.owed import total_name
from kraftd_core.document.kinds import kind_of
from kraftd_core.ports.thinking import Case
from kraftd_core.records.accepted import Accepted, accepted_in, priced_items
from kraftd_core.records.lessons import Lesson
from kraftd_core.records.suppliers import bonds, supplier_of

_FEWEST = 3  # earlier documents that say what is usual
_TOTAL_APART, _PRICE_APART = Decimal("1.5"), Decimal("1.25")
"""How many times the highest is far: totals differ with what is bought, prices of one item hardly. Below, it takes twice that:
what costs less is seldom a harm, but a point in the wrong place is seen."""


@dataclass(frozen=True, slots=True)
class FarFromBefore:
    """An amount that is far from the earlier ones, lowest and highest of which are told; `line` where it is a unit price."""

    cell: str
    value: Decimal
    side: Literal["above", "below"]
    known: tuple[Decimal, ...]
    line: Line | None = None

    @property
    def how_far(self) -> Decimal:
        """How many times the nearest of the earlier ones it is, or the other way round."""
        return max(self.value / max(self.known), min(self.known) / self.value)


def of_this_supplier(case: Case) -> list[Lesson]:
    """The owner's earlier reviews of such documents of the same supplier, by what learning takes for the same."""
    named = kind_of(case.data.get("document_type") or case.document_type).name
    earlier = [lesson for lesson in case.earlier if lesson.document_type == named]
    joined = bonds(supplier_of(case.data, case.data), [lesson.supplier for lesson in earlier]) if earlier else []
    return [lesson for lesson, bond in zip(earlier, joined, strict=True) if bond]


def far_from_before(case: Case, lessons: Sequence[Lesson]) -> Iterator[FarFromBefore]:
    """The total, then the unit prices that are furthest from those of the supplier's earlier documents.

    Each of these counts once, as a person left it last, and only in the same currency.
    """
    if len(lessons) < _FEWEST:
        return
    data = {"document_type": case.document_type} | case.data
    now = accepted_in(data)
    latest = {lesson.document_id or lesson.export_workflow_id: lesson for lesson in reversed(lessons) if lesson.is_reviewed}
    before = [lesson.accepted for lesson in latest.values() if now.currency and lesson.accepted.currency == now.currency]
    if len(before) < _FEWEST:
        return
    totals = tuple(Decimal(accepted.total) for accepted in before if accepted.total)
    if now.total and (side := _side(Decimal(now.total), totals, _TOTAL_APART)):
        yield FarFromBefore(path_of(total_name(data) or "total"), Decimal(now.total), side, totals)
    prices = [*_prices(case, before)]
    yield from sorted(prices, key=lambda price: -price.how_far)


def _prices(case: Case, before: Sequence[Accepted]) -> Iterator[FarFromBefore]:
    for key, line, _, price in priced_items(case.data):
        known = tuple(Decimal(accepted.prices[key]) for accepted in before if key in accepted.prices)
        if side := _side(price, known, _PRICE_APART):
            yield FarFromBefore(line.path("unit_price"), price, side, known, line)


def _side(value: Decimal, known: Sequence[Decimal], apart: Decimal) -> Literal["above", "below"] | None:
    if len(known) < _FEWEST:
        return None
    return "above" if value > max(known) * apart else "below" if value * apart * 2 < min(known) else None
