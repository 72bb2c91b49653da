"""How much two rows say the same: what their cells count for, learned from the rows that are surely the same, and their words."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from math import log
from typing import NamedTuple

from kraftd_core.document.matching.identity import Kind, Pairs, Rows

_WEIGHTS: Mapping[Kind, float] = {"code": 0.3, "figure": 0.2, "label": 0.1}
_SECTION = 0.3
_DOUBT, _USUAL = 2.0, 0.7  # so many rows have agreed in so many cases before any is seen
_MOST_COLUMNS = 30  # whose names the other table does not have
_LOOKED_AT = 200
_RARE_WORDS = 6
_MOST_CUT = 100  # pairs of words
_CUT_SHORT = 0.8


class ColumnWeight(NamedTuple):
    """Cells of both tables that say the same thing, and what it counts for a pair that they agree, by value, or do not.

    `is_place` says that they tell where a row stands, not what it is; `telling` is the share of distinct values.
    """

    old: Sequence[Hashable]
    new: Sequence[Hashable]
    gains: Mapping[Hashable, float]
    loss: float
    telling: float
    is_place: bool


# What the cells say


def columns_of(old: Rows, new: Rows, anchors: Pairs) -> list[ColumnWeight]:
    """The columns of both tables that go together, each weighed by what rows that are surely the same say of it."""
    found = [_column(old.sections, new.sections, anchors, _SECTION, is_translated=True, is_place=True)]
    for old_name, new_name in _namesakes(old, new, anchors):
        kind = old.kinds[old_name]
        found.append(_column(old.cells[old_name], new.cells[new_name], anchors, _WEIGHTS[kind], kind == "label", kind == "code"))
    return found


def _namesakes(old: Rows, new: Rows, anchors: Pairs) -> Iterator[tuple[str, str]]:
    """Columns of one name, then those that agree in most of the sure pairs."""
    both = [name for name in old.cells if name in new.cells]
    yield from zip(both, both, strict=True)
    rest = [name for name in new.cells if name not in both][:_MOST_COLUMNS]
    sample = [*anchors.items()][:_LOOKED_AT]
    for name in [name for name in old.cells if name not in both][:_MOST_COLUMNS]:
        if not rest:
            return
        shares = {other: _agreement(old.cells[name], new.cells[other], sample) for other in rest}
        best = max(shares, key=shares.__getitem__)
        if shares[best] >= 0.5:
            rest.remove(best)
            yield name, best


def _agreement(old: Sequence[Hashable], new: Sequence[Hashable], pairs: Sequence[tuple[int, int]]) -> float:
    both = [(old[o], new[n]) for n, o in pairs if old[o] is not None and new[n] is not None]
    return sum(a == b for a, b in both) / len(both) if len(both) >= 3 else 0.0


def _column(
    old: Sequence[Hashable], new: Sequence[Hashable], anchors: Pairs, weight: float, is_translated: bool, is_place: bool
) -> ColumnWeight:
    both = [(old[o], new[n]) for n, o in anchors.items() if old[o] is not None and new[n] is not None]
    if is_translated:
        told = _translation(both)
        new = [told.get(value, value) for value in new]
        both = [(a, told.get(b, b)) for a, b in both]
    counts, new_counts = Counter(old), Counter(new)
    filled = max(1, len(old) * len(new))
    chance = sum(count * new_counts[value] for value, count in counts.items() if value is not None) / filled
    agreed = (sum(a == b for a, b in both) + _DOUBT * _USUAL) / (len(both) + _DOUBT)
    trust = max(0.0, (agreed - chance) / (1 - chance)) if chance < 1 else 0.0
    scale = log(1 + len(old))
    gains = {value: weight * trust * log(1 + len(old) / count) / scale for value, count in counts.items()}
    return ColumnWeight(old, new, gains, weight * trust * trust, len(counts) / max(1, len(old)), is_place)


def _translation(pairs: Sequence[tuple[Hashable, Hashable]]) -> dict[Hashable, Hashable]:
    """What the other table writes for a unit or a section, where the sure pairs agree on it."""
    meant: dict[Hashable, Counter[Hashable]] = defaultdict(Counter)
    for a, b in pairs:
        meant[b][a] += 1
    most = ((b, *counts.most_common(1)[0], counts.total()) for b, counts in meant.items())
    return {b: a for b, a, count, total in most if count >= 2 and count > 0.6 * total}


def share_of_cells(columns: Sequence[ColumnWeight], n: int, o: int) -> float:
    """For rows without words: the share of what their cells tell that is equal."""
    alike = total = 0.0
    for column in columns:
        a, b = column.old[o], column.new[n]
        if a is None and b is None:
            continue
        total += column.telling
        alike += column.telling if a == b else 0.0
    return alike / total if total else 0.0


# What the words say


class Words:
    """How alike descriptions are: by the words that they share, rare ones more than what stands in every row."""

    def __init__(self, old: Rows, new: Rows) -> None:
        self.old, self.new = old, new
        counts = Counter(stem for rows in (old, new) for stems in rows.stems for stem in stems)
        size = len(old.rows) + len(new.rows)
        self.weights = {stem: _weight(stem, size / count) for stem, count in counts.items()}
        self._sums = {id(rows): [sum(map(self.weights.__getitem__, stems)) for stems in rows.stems] for rows in (old, new)}
        self._known: dict[tuple[int, int], float] = {}

    def rare(self, stems: Iterable[str]) -> list[str]:
        """The rarest words."""
        return sorted(stems, key=lambda stem: (-self.weights[stem], stem))[:_RARE_WORDS]

    def likeness(self, o: int, n: int) -> float:
        """0.0 to 1.0; some more for the very same text."""
        known = self._known.get((o, n))
        if known is None:
            known = self._known[o, n] = self._likeness(o, n)
        return known

    def _likeness(self, o: int, n: int) -> float:
        if self.old.said[o] == self.new.said[n]:
            return 1.05
        a, b = self.old.stems[o], self.new.stems[n]
        if not a or not b:
            return 0.0
        shared = a & b
        together = sum(map(self.weights.__getitem__, shared))
        only_a, only_b = a - shared, b - shared
        if together and len(only_a) * len(only_b) <= _MOST_CUT:
            together += self._cut(only_a, only_b)
        sum_a, sum_b = self._sums[id(self.old)][o], self._sums[id(self.new)][n]
        likeness = 0.6 * 2 * together / (sum_a + sum_b) + 0.4 * together / min(sum_a, sum_b)
        return min(1.0, likeness) - _conflict(only_a, only_b)

    def _cut(self, a: frozenset[str], b: frozenset[str]) -> float:
        """What words that are cut short add."""
        begun: dict[str, list[str]] = defaultdict(list)
        for stem in b:
            begun[stem[0]].append(stem)
        return _CUT_SHORT * sum(max((self._begins(stem, other) for other in begun.get(stem[0], ())), default=0.0) for stem in a)

    def _begins(self, a: str, b: str) -> float:
        """The smaller weight, if one of two words is the beginning of the other."""
        is_begun = a[0].isalpha() and len(a) > 1 < len(b) and (a.startswith(b) or b.startswith(a))
        return min(self.weights[a], self.weights[b]) if is_begun else 0.0


def _weight(stem: str, rarity: float) -> float:
    """What a word counts, numbers somewhat more; in steps that add up exactly, as words have no order."""
    return round(log(1 + rarity) * (1.3 if stem[0].isdigit() else 1) * 256) / 256


def _conflict(only_a: Iterable[str], only_b: Iterable[str]) -> float:
    """Each says a figure that the other does not: rather two sizes of a thing than one thing in other words."""
    return 0.2 if any(s[0].isdigit() for s in only_a) and any(s[0].isdigit() for s in only_b) else 0.0
