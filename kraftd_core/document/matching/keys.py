"""Rows that are surely the same: the only ones of their kind in both tables, and those that their neighbours tell apart."""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Hashable
from itertools import product
from typing import TypeAlias

from kraftd_core.document.matching.identity import Pairs, Rows

_Key: TypeAlias = Callable[[Rows, int], Hashable]
"""What a row is known by; None where it has nothing of the kind."""


def sure_pairs(old: Rows, new: Rows) -> Pairs:
    """Rows paired by keys, from everything equal in one section down to the words alone."""
    keyed = _Keyed(old, new)
    keyed.pair_beside(_cells)  # the ends: a heading that went makes no move of the equal rows below it
    keyed.pair_unique(_numbered)
    for key in (_whole, _content, _said_here, _said_below):
        keyed.pair_unique(key)
        keyed.pair_beside(key)
    keyed.pair_in_turn(_whole)
    keyed.pair_unique(_said)
    keyed.pair_unique(_cells)
    keyed.pair_in_turn(_cells)
    return keyed.pairs


class _Keyed:
    def __init__(self, old: Rows, new: Rows) -> None:
        self.pairs: Pairs = {}
        self._old, self._new = old, new
        self._taken: set[int] = set()

    def pair_unique(self, key: _Key) -> None:
        """Rows that alone have their key."""
        old, new = self._keys(key)
        counts, new_counts = Counter(old), Counter(new)
        places = {key: place for place, key in enumerate(old)}
        for n, held in enumerate(new):
            if held is not None and counts.get(held) == new_counts[held] == 1:
                self._pair(n, places[held])

    def pair_beside(self, key: _Key) -> None:
        """Rows of one key beside those that are paired, and at both ends."""
        old, new = self._keys(key)
        for (n, o), step in product([*self.pairs.items(), (-1, -1), (len(new), len(old))], (1, -1)):
            n, o = n + step, o + step
            while self._are_free(n, o) and new[n] is not None and new[n] == old[o]:
                self._pair(n, o)
                n, o = n + step, o + step

    def pair_in_turn(self, key: _Key) -> None:
        """Rows of one key, the first with the first."""
        old, new = self._keys(key)
        waiting: dict[Hashable, deque[int]] = defaultdict(deque)
        for o, held in enumerate(old):
            if held is not None:
                waiting[held].append(o)
        for n, held in enumerate(new):
            if held is not None and waiting.get(held):
                self._pair(n, waiting[held].popleft())

    def _keys(self, key: _Key) -> tuple[list[Hashable], list[Hashable]]:
        """The keys of the rows that are free; None for the others."""
        return (
            [None if o in self._taken else key(self._old, o) for o in range(len(self._old.said))],
            [None if n in self.pairs else key(self._new, n) for n in range(len(self._new.said))],
        )

    def _are_free(self, n: int, o: int) -> bool:
        is_inside = 0 <= n < len(self._new.said) and 0 <= o < len(self._old.said)
        return is_inside and n not in self.pairs and o not in self._taken

    def _pair(self, n: int, o: int) -> None:
        self.pairs[n] = o
        self._taken.add(o)


def _numbered(rows: Rows, place: int) -> Hashable:
    """By the number that one thing alone has, whatever else is said of it."""
    return tuple(value for column in rows.of_one_thing if (value := rows.rows[place].get(column))) or None


def _cells(rows: Rows, place: int) -> Hashable:
    return rows.frozen[place]


def _whole(rows: Rows, place: int) -> Hashable:
    return rows.sections[place], rows.frozen[place]


def _content(rows: Rows, place: int) -> Hashable:
    """Everything but its number."""
    return rows.sections[place], tuple([cell for cell in rows.frozen[place] if cell[0] not in rows.codes])


def _said(rows: Rows, place: int) -> Hashable:
    return (rows.said[place], rows.is_heading[place]) if rows.said[place] else None


def _said_here(rows: Rows, place: int) -> Hashable:
    return (rows.said[place], rows.sections[place]) if rows.said[place] else None


def _said_below(rows: Rows, place: int) -> Hashable:
    """A text that is repeated, as "ditto" is, with the one above it that is not."""
    return (rows.said[place], rows.sections[place], rows.owners[place]) if rows.said[place] else None
