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
    say_something = any(old.said) and any(new.said)
    keyed.pair_beside(_cells)  # the ends: a heading that went makes no move of the equal rows below it
    if old.of_one_thing and new.of_one_thing:
        keyed.pair_unique(_numbered)
    for key in (_whole, *((_content,) if old.codes or new.codes else ()), *((_said_here, _said_below) if say_something else ())):
        keyed.pair_unique(key)
        keyed.pair_beside(key)
    keyed.pair_in_turn(_whole)
    if say_something:
        keyed.pair_unique(_said)
    keyed.pair_unique(_cells)
    keyed.pair_in_turn(_cells)
    return keyed.pairs


class _Keyed:
    def __init__(self, old: Rows, new: Rows) -> None:
        self.pairs: Pairs = {}
        self._old, self._new = old, new
        self._taken: set[int] = set()
        self._known: dict[_Key, tuple[list[int], list[int]]] = {}

    def pair_unique(self, key: _Key) -> None:
        """Rows that alone have their key."""
        old, new = self._free_keys(key)
        counts, new_counts = Counter(old.values()), Counter(new.values())
        places = {held: place for place, held in old.items()}
        for n, held in new.items():
            if counts.get(held) == new_counts[held] == 1:
                self._pair(n, places[held])

    def pair_beside(self, key: _Key) -> None:
        """Rows of one key beside those that are paired, and at both ends."""
        old, new = self._keys(key)
        for (n, o), step in product([*self.pairs.items(), (-1, -1), (len(new), len(old))], (1, -1)):
            n, o = n + step, o + step
            while n not in self.pairs and o not in self._taken and 0 <= n < len(new) and 0 <= o < len(old):
                if new[n] != old[o] or new[n] == _NOTHING:
                    break
                self._pair(n, o)
                n, o = n + step, o + step

    def pair_in_turn(self, key: _Key) -> None:
        """Rows of one key, the first with the first."""
        old, new = self._free_keys(key)
        waiting: dict[int, deque[int]] = defaultdict(deque)
        for o, held in old.items():
            waiting[held].append(o)
        for n, held in new.items():
            if waiting.get(held):
                self._pair(n, waiting[held].popleft())

    def _free_keys(self, key: _Key) -> tuple[dict[int, int], dict[int, int]]:
        """The keys of the rows that are free and have one, by place."""
        old, new = self._keys(key)
        return (
            {o: held for o, held in enumerate(old) if held != _NOTHING and o not in self._taken},
            {n: held for n, held in enumerate(new) if held != _NOTHING and n not in self.pairs},
        )

    def _keys(self, key: _Key) -> tuple[list[int], list[int]]:
        """The keys of all rows, numbered: what is long is hashed once."""
        if key not in self._known:
            numbers: dict[Hashable, int] = {None: _NOTHING}
            old, new = (
                [numbers.setdefault(key(rows, place), len(numbers)) for place in range(len(rows.said))]
                for rows in (self._old, self._new)
            )
            self._known[key] = old, new
        return self._known[key]

    def _pair(self, n: int, o: int) -> None:
        self.pairs[n] = o
        self._taken.add(o)


_NOTHING = 0
"""The number of the key of a row that has none."""


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
