"""Which rows of one table continue which of another: the surest first, then those in order, then the moved ones."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple, TypeAlias

from kraftd_core.document.jsontypes import Row, same
from kraftd_core.document.matching.identity import Pairs, Rows
from kraftd_core.document.matching.keys import sure_pairs
from kraftd_core.document.matching.likeness import ColumnWeight, Words, columns_of, share_of_cells
from kraftd_core.document.matching.order import Pairing, chain, spots_of

_Pair: TypeAlias = tuple[int, int]
"""The place of a new row and of an old one."""

_LIKE_ENOUGH = 0.55  # in its place
_MOVED_LIKE = 0.6
_LEFT_LIKE = 0.4  # where both are left over between the same neighbours
_SURELY_LIKE = 0.8
_IN_PLACE = 0.12  # what standing in its place adds
_LEAST = 0.01  # so that nothing weighs against a chain
_BESIDE = 0.05  # what each neighbour adds that is matched to a neighbour
_MOST_BY_PLACE = 0.2
_OTHER_KIND = 0.3  # what it costs that only one is a heading
_AGREES = 0.12  # about what a quantity counts that can be trusted
_RELATED = 0.3  # the share of rows that are surely the same in documents of one matter
_STRANGE = 0.25  # what is asked for more of documents of two
_TOO_FEW = 4  # rows, to tell whether documents are of one matter
_ENOUGH_ANCHORS = 10
_FEW_LEFT = 10  # rows between two neighbours
_FEW_PAIRS = 900  # so many are all compared
_COMMON = 24  # rows that share a word and are looked at, nearest first
_BEST = 8
_NEARBY = range(-2, 3)


def matched(old: Sequence[Row], new: Sequence[Row]) -> Pairs:
    """The old row that each new one continues, each matched at most once. Words, section, position and unit say which row it
    is; figures settle what these leave open."""
    if not old or not new:
        return {}
    if same(old, new):
        return {place: place for place in range(len(new))}
    rows = Rows(old), Rows(new)
    return _Matching(*rows, sure_pairs(*rows)).pairs_by_likeness()


class _Score(NamedTuple):
    """How alike two rows are: `rank` decides between pairs, `support` whether one is a pair at all, where agreeing places
    count once only: what stands in the place of another row need not continue it. `agrees_otherwise`: it stands in its
    place, and every cell that can be trusted is the same, whatever the words."""

    rank: float
    support: float
    agrees_otherwise: bool


class _Matching:
    """Pairs the rows that no key made sure. What the pairs so far say of the columns counts in a second turn."""

    def __init__(self, old: Rows, new: Rows, sure: Pairs) -> None:
        self._old, self._new, self._sure = old, new, sure
        self._start(self._anchors(sure))
        self._spots = self._spots_now()
        self._strictness = 0.0

    def pairs_by_likeness(self) -> Pairs:
        """The sure pairs and those that are alike."""
        free_old = [o for o in range(len(self._old.rows)) if o not in self._taken]
        free_new = [n for n in range(len(self._new.rows)) if n not in self._pairs]
        if not free_old or not free_new:
            return self._pairs
        self._words = Words(self._old, self._new)
        candidates = [*_candidates(self._old, self._new, free_old, free_new, self._spots, self._words, self._columns)]
        surely = self._assign(candidates)
        if len(self._sure) < len(free_new) and any(self._new.said):
            self._strictness = self._strangeness(surely)
            self._start(self._anchors(self._pairs))
            self._assign(candidates)
        return self._pairs

    def _start(self, anchors: Pairs) -> None:
        self._columns = columns_of(self._old, self._new, anchors)
        self._pairs = dict(self._sure)
        self._taken = set(self._sure.values())

    def _anchors(self, pairs: Pairs) -> Pairs:
        """The pairs that the words alone make sure; all, where these are few."""
        old, new = self._old.said, self._new.said
        counts, new_counts = Counter(old), Counter(new)
        sure = {n: o for n, o in pairs.items() if new[n] and new[n] == old[o] and counts[old[o]] == new_counts[new[n]] == 1}
        return sure if len(sure) >= _ENOUGH_ANCHORS else pairs

    def _strangeness(self, surely: int) -> float:
        """What is asked for more where few rows are surely the same: in documents that have little to do with each other,
        what is somewhat alike is not the same."""
        size = min(len(self._old.rows), len(self._new.rows))
        return 0.0 if size < _TOO_FEW else _STRANGE * max(0.0, 1 - (len(self._sure) + surely) / size / _RELATED)

    def _spots_now(self) -> list[Pairing]:
        return spots_of(self._pairs, len(self._new.rows), len(self._old.rows))

    # Choosing

    def _assign(self, candidates: Sequence[_Pair]) -> int:
        """Pairs what is in order, then what moved, then what is left over; says how many of the former two are sure."""
        scored = {pair: score for pair in candidates if (score := self._score(*pair)) is not None}
        self._pair_in_order(scored)
        self._pair_moved(scored)
        surely = sum(pair in scored and scored[pair].support >= _SURELY_LIKE for pair in self._pairs.items())
        self._pair_left_over(scored)
        return surely

    def _pair(self, pairs: Iterable[_Pair]) -> None:
        for n, o in pairs:
            if n not in self._pairs and o not in self._taken:
                self._pairs[n] = o
                self._taken.add(o)

    def _pair_in_order(self, scored: Mapping[_Pair, _Score]) -> None:
        """What stands in its place, but for rows that are a good deal more like one elsewhere."""
        best_new: dict[int, float] = defaultdict(float)
        best_old: dict[int, float] = defaultdict(float)
        for (n, o), score in scored.items():
            best_new[n] = max(best_new[n], score.rank)
            best_old[o] = max(best_old[o], score.rank)
        self._pair(chain({
            (n, o): score.rank
            for (n, o), score in scored.items()
            if score.support >= _LIKE_ENOUGH + self._strictness
            and self._spots[n].holds(o)
            and score.rank >= max(best_new[n], best_old[o]) - _IN_PLACE
        }))  # fmt: skip

    def _pair_moved(self, scored: Mapping[_Pair, _Score]) -> None:
        """From the likest downwards, near ones before far ones."""
        ranked = sorted(
            (-round(score.rank, 2), self._spots[n].distance(o), n, o)
            for (n, o), score in scored.items()
            if score.support >= _MOVED_LIKE + self._strictness
        )
        self._pair((n, o) for _, _, n, o in ranked)

    def _pair_left_over(self, scored: Mapping[_Pair, _Score]) -> None:
        """What is somewhat alike between the same neighbours; of as many rows on both sides also what agrees otherwise."""
        spots = self._spots_now()
        free = [o for o in range(len(self._old.rows)) if o not in self._taken]
        counts = Counter((spot.low, spot.high) for n, spot in enumerate(spots) if n not in self._pairs)
        even = {
            gap
            for gap, count in counts.items()
            if count <= _FEW_LEFT and bisect_left(free, gap[1]) - bisect_left(free, gap[0]) == count
        }
        self._pair(chain({
            (n, o): score.rank
            for (n, o), score in scored.items()
            if n not in self._pairs and o not in self._taken and spots[n].holds(o)
            and (
                score.support >= _LEFT_LIKE + self._strictness
                or (score.agrees_otherwise and (spots[n].low, spots[n].high) in even)
            )
        }))  # fmt: skip

    # Scoring

    def _score(self, n: int, o: int) -> _Score | None:
        """None where two rows are too little alike to be a pair at all."""
        old, new = self._old, self._new
        is_in_place = self._spots[n].holds(o)
        what, place, agreed, against = self._by_cells(n, o) if old.said[o] or new.said[n] else (0.0, 0.0, 0.0, 0.0)
        if old.said[o] or new.said[n]:
            what += self._words.likeness(o, n) - (_OTHER_KIND if old.is_heading[o] != new.is_heading[n] else 0.0)
        else:
            what = share_of_cells(self._columns, n, o)
        is_sure = is_in_place and what < _LIKE_ENOUGH and _is_one_cell_apart(old.frozen[o], new.frozen[n])
        least = _LIKE_ENOUGH if is_sure else 0.0
        agrees = is_in_place and agreed >= _AGREES and against <= 0.1 * agreed
        if max(what + _MOST_BY_PLACE, least) < _LEFT_LIKE and not agrees:
            return None
        place += (_IN_PLACE if is_in_place else 0.0) + self._by_neighbours(n, o)
        support = max(what + min(place, _MOST_BY_PLACE), least)
        return _Score(max(what + place, least, _LEAST), support, agrees) if support >= _LEFT_LIKE or agrees else None

    def _by_cells(self, n: int, o: int) -> tuple[float, float, float, float]:
        """What the cells say of what the row is and of where it stands, and what of the former agrees and what does not."""
        what = place = agreed = against = 0.0
        for olds, news, gains, loss, _, is_place in self._columns:
            a, b = olds[o], news[n]
            if a is None or b is None:
                continue
            counts = gains[a] if a == b else -loss
            if is_place:
                place += counts
            else:
                what += counts
                agreed, against = (agreed + loss, against) if a == b else (agreed, against + loss)
        return what, place, agreed, against

    def _by_neighbours(self, n: int, o: int) -> float:
        return _BESIDE * (self._are_together(n - 1, o - 1) + self._are_together(n + 1, o + 1))

    def _are_together(self, n: int, o: int) -> bool:
        """Whether these are paired, or may be as they say the same, or are the ends of the tables."""
        old, new = self._old.said, self._new.said
        if not (0 <= n < len(new) and 0 <= o < len(old)):
            return n in (-1, len(new)) and o in (-1, len(old))
        if n in self._pairs or o in self._taken:
            return self._pairs.get(n) == o
        return new[n] == old[o] != ""


def _is_one_cell_apart(old: Sequence[tuple[str, Hashable]], new: Sequence[tuple[str, Hashable]]) -> bool:
    """Whether at most one cell is not the same, and one that says something is."""
    shared = set(old) & set(new)
    different = {column for column, _ in {*old, *new} - shared}
    return len(different) <= 1 and any(value not in (None, "") for _, value in shared)


# Where to look


def _candidates(
    old: Rows,
    new: Rows,
    free_old: Sequence[int],
    free_new: Sequence[int],
    spots: Sequence[Pairing],
    words: Words,
    columns: Sequence[ColumnWeight],
) -> Iterator[_Pair]:
    """The pairs (new, old) worth a close look: all of a few, else those that share rare words or cells or stand nearby."""
    if len(free_old) * len(free_new) <= _FEW_PAIRS:
        yield from product(free_new, free_old)
        return
    holders: dict[Hashable, list[int]] = defaultdict(list)
    for o in free_old:
        for mark in _marks(old.said[o], words.rare(old.stems[o]), (column.old[o] for column in columns)):
            holders[mark].append(o)
    free = set(free_old)
    for n in free_new:
        votes: dict[int, float] = defaultdict(float)
        for mark in _marks(new.said[n], words.rare(new.stems[n]), (column.new[n] for column in columns)):
            held = holders.get(mark, [])
            if len(held) <= _COMMON or len(mark) == 1:
                for o in _nearest(held, spots[n]):
                    votes[o] += 1 / len(held)
        best = [o for _, o in sorted((-count, o) for o, count in votes.items())[:_BEST]]
        nearby = {place + step for place in (spots[n].from_low, spots[n].from_high) for step in _NEARBY}
        yield from ((n, o) for o in {*best} | (nearby & free))


def _marks(said: str, rare: Sequence[str], cells: Iterable[Hashable]) -> Iterator[tuple[Hashable, ...]]:
    """What a row is found by: its whole text and its rare words alone, two of these together, and its cells."""
    if said:
        yield (said,)
    for place, stem in enumerate(rare):
        yield (stem,)
        for other in rare[place + 1 :]:
            yield (stem, other) if stem < other else (other, stem)
    for column, cell in enumerate(cells):
        if cell is not None:
            yield column, cell


def _nearest(held: Sequence[int], spot: Pairing) -> Sequence[int]:
    if len(held) <= _COMMON:
        return held
    at = bisect_left(held, spot.from_low)
    start = max(0, min(at - _COMMON // 2, len(held) - _COMMON))
    return held[start : start + _COMMON]
