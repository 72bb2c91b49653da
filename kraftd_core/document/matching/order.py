"""Rows in the order of two tables: the heaviest pairs that keep it, and where the others would stand between them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from kraftd_core.document.matching.identity import Pairs


class Pairing(NamedTuple):
    """Where a new row would stand among the old ones: between which, and at which places counted from either."""

    low: int
    high: int
    from_low: int
    from_high: int

    def holds(self, place: int) -> bool:
        """Whether an old row stands between the neighbours."""
        return self.low < place < self.high

    def distance(self, place: int) -> int:
        """How far an old row is from where it would stand."""
        return min(abs(place - self.from_low), abs(place - self.from_high))


def spots_of(pairs: Pairs, new_size: int, old_size: int) -> list[Pairing]:
    """Where each new row would stand, by the pairs that keep the order of both tables."""
    in_order = dict(chain(dict.fromkeys(pairs.items(), 1.0)))
    ahead = _runs((in_order.get(place) for place in range(new_size)), start=-1, step=1)
    behind = _runs((in_order.get(place) for place in reversed(range(new_size))), start=old_size, step=-1)
    return [Pairing(low, high, a, b) for (low, a), (high, b) in zip(ahead, reversed([*behind]), strict=True)]


def _runs(places: Iterable[int | None], start: int, step: int) -> Iterator[tuple[int, int]]:
    """For each row the last paired place before it, and the place that follows from counting on."""
    last = expected = start
    for place in places:
        expected += step
        if place is not None:
            last = expected = place
        yield last, expected


def chain(scored: Mapping[tuple[int, int], float]) -> list[tuple[int, int]]:
    """The heaviest of the pairs that keep the order of both tables, each row in one pair at most."""
    if not scored:
        return []
    places = {o: rank for rank, o in enumerate(sorted({o for _, o in scored}), 1)}
    tops, ends = [0.0] * (len(places) + 1), [-1] * (len(places) + 1)  # a Fenwick tree: the heaviest chain up to a place
    pairs = sorted(scored, key=lambda pair: (pair[0], -pair[1]))
    before: list[int] = []
    for number, (n, o) in enumerate(pairs):
        rank = places[o] - 1
        best, end = 0.0, -1
        while rank > 0:
            if tops[rank] > best or (tops[rank] == best and ends[rank] > end):
                best, end = tops[rank], ends[rank]
            rank &= rank - 1
        before.append(end)
        weight, rank = best + scored[n, o], places[o]
        while rank < len(tops):
            if tops[rank] < weight:
                tops[rank], ends[rank] = weight, number
            rank += rank & -rank
    found = []
    number = max(zip(tops, ends, strict=True))[1]
    while number >= 0:
        found.append(pairs[number])
        number = before[number]
    return found[::-1]
