"""What is unusual in a document against its owner's own earlier reviews."""

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from kraftd_core.adapters.agents.rules.view import View
from kraftd_core.document.wording import how_many, in_sentence, listed, percent
from kraftd_core.records.lessons import Lesson
from kraftd_core.thinking.usual import far_from_before, of_this_supplier

_FEWEST_EARLIER, _FEWEST_OF_SUPPLIER, _FEWEST_MEASURED = 3, 2, 3
_MUCH_LESS_SURE = 0.1
_MOST_NAMED = 3


def unusual(view: View) -> Iterator[str]:
    """A supplier not seen before, amounts far from those accepted of it, what had to be corrected in its earlier documents, and
    a reading far less sure than usual."""
    if not view.type_is_known:
        return
    earlier = [lesson for lesson in view.case.earlier if lesson.document_type == view.kind.name]
    of_supplier = of_this_supplier(view.case)
    if view.text("vendor_name") and len(earlier) >= _FEWEST_EARLIER and not of_supplier:
        noun = view.kind.label.lower() if view.kind.name not in ("rfq", "boq") else view.kind.name.upper()
        yield f"It is the first of this supplier among your last {how_many(len(earlier), f'reviewed {noun}')}."
    yield from _far_from_before(view, of_supplier)
    if len(of_supplier) >= _FEWEST_OF_SUPPLIER:
        yield from _often_wrong(of_supplier)
    yield from _less_sure(view, earlier)


def _far_from_before(view: View, lessons: Sequence[Lesson]) -> Iterator[str]:
    """The total, and the price that is furthest, each with the evidence."""
    found = list(far_from_before(view.case, lessons))
    for far in (far for far in found if far.line is None):
        told = f"The total of {view.money(far.value)} is far {far.side} what you accepted of this supplier before"
        yield f"{told}: {_evidence(view, far.known)}."
    prices = [far for far in found if far.line is not None]
    more = f" So are the prices of {how_many(len(prices) - 1, 'more line')}." if len(prices) > 1 else ""
    for far in prices[:1]:
        title = far.line.title if far.line else ""
        told = f"{title}: the unit price of {view.money(far.value)} is far {far.side} what you accepted before"
        yield f"{told}: {_evidence(view, far.known)}.{more}"


def _evidence(view: View, known: Sequence[Decimal]) -> str:
    noun = view.kind.label.lower() if view.kind.name not in ("rfq", "boq") else view.kind.name.upper()
    low, high = view.money(min(known)), view.money(max(known))
    return f"{how_many(len(known), f'earlier {noun}')}, {f'each {low}' if low == high else f'{low} to {high}'}"


def _often_wrong(lessons: Sequence[Lesson]) -> Iterator[str]:
    """What was put right in at least two of the supplier's documents, and in half of them."""
    tally = Counter(name for lesson in lessons for name in _corrected(lesson))
    least = max(_FEWEST_OF_SUPPLIER, (len(lessons) + 1) // 2)
    often = [(name, count) for name, count in tally.most_common(_MOST_NAMED) if count >= least]
    if often:
        told = [f"the {in_sentence(name)} in {count}" for name, count in often]
        yield f"Of your last {len(lessons)} reviews of this supplier's documents, {listed(told)} had to be corrected."


def _corrected(lesson: Lesson) -> set[str]:
    kept = (c for c in lesson.corrections if c.kind in ("filled", "corrected", "emptied") and c.name)
    return {correction.name for correction in kept}


def _less_sure(view: View, earlier: Sequence[Lesson]) -> Iterator[str]:
    measured = [lesson.confidence for lesson in earlier if lesson.confidence is not None]
    sure = view.case.extraction_confidence
    if sure is None or len(measured) < _FEWEST_MEASURED:
        return
    usual = round(sum(measured) / len(measured), 4)
    if sure <= usual - _MUCH_LESS_SURE:
        yield f"It was read less surely than your earlier ones: {percent(sure)} against {percent(usual)} on average."
