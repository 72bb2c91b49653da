"""Row ids for data from callers who know none: each row gets the id of the original row that it is most like."""

from collections import Counter, defaultdict, deque
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import product
from typing import Any, NamedTuple, TypeAlias

from kraftd_core.document.jsontypes import ROW_ID, Data, Row, is_table, new_row_id, same

Pairs: TypeAlias = dict[int, int]
"""Places of old rows by the places of the new rows that continue them."""

_LIKE_ENOUGH = 0.5
_SIMILAR_TEXT = 0.6
_COMPARED_TEXT = 200  # characters
_FEW_PAIRS = 2_500  # so many are all compared
_COMMON = 20  # a value in more rows than these says little about which row it is
_BEST = 5  # rows by shared values that are looked at closely
_NEARBY = range(-2, 3)


def align_rows(original: Data, modified: Data) -> Data:
    """`modified` with row ids: rows that carry one keep it, others get the id of the original row that they are most
    like (equal ones first, then by likeness, near ones before far ones), and a row like none of them a new one."""
    return {name: _aligned(original.get(name), value) for name, value in modified.items()}


def _aligned(original: Any, value: Any) -> Any:
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value) or is_table(value) or same(original, value):
        return value
    ids = _known_ids(value)
    taken = set(ids.values())
    free = [row for row in original if row[ROW_ID] not in taken] if is_table(original) else []
    pending = [place for place in range(len(value)) if place not in ids]
    pairs = _paired([_bare(row) for row in free], [_bare(value[place]) for place in pending])
    ids |= {pending[new]: free[old][ROW_ID] for new, old in pairs.items()}
    return [{ROW_ID: ids.get(place) or new_row_id()} | _cells(row) for place, row in enumerate(value)]


def _known_ids(rows: Sequence[Row]) -> dict[int, str]:
    """The identities that rows carry, by place; of two rows with the same one, the first has it."""
    first: dict[str, int] = {}
    for place, row in enumerate(rows):
        if is_table([row]):
            first.setdefault(row[ROW_ID], place)
    return {place: row_id for row_id, place in first.items()}


def _cells(row: Row) -> Row:
    """The row without its identity; what stands under the reserved name and is no identity is kept under another."""
    bare = _bare(row)
    if row.get(ROW_ID) is not None and not is_table([row]):
        name = "row_id_"
        while name in bare:
            name += "_"
        bare[name] = row[ROW_ID]
    return bare


def _bare(row: Row) -> Row:
    return {column: value for column, value in row.items() if column != ROW_ID}


# Equal rows


def _paired(old: Sequence[Row], new: Sequence[Row]) -> Pairs:
    pairs = _equal_pairs([_frozen(row) for row in old], [_frozen(row) for row in new])
    return pairs | _like_pairs(old, new, pairs)


def _frozen(value: Any) -> Hashable:
    """The value as something with a hash; equal where `same` says so."""
    if isinstance(value, dict):
        return frozenset((key, _frozen(member)) for key, member in value.items())
    if isinstance(value, list):
        return tuple(map(_frozen, value))
    return (bool, value) if isinstance(value, bool) else value


def _equal_pairs(old: Sequence[Hashable], new: Sequence[Hashable]) -> Pairs:
    """Rows that are the only ones of their content, then equal rows beside those and at both ends, then any equal ones."""
    old_counts, new_counts = Counter(old), Counter(new)
    places = {row: place for place, row in enumerate(old)}
    pairs = {place: places[row] for place, row in enumerate(new) if old_counts[row] == new_counts[row] == 1}
    taken = set(pairs.values())
    for (n, o), step in product([*pairs.items(), (-1, -1), (len(new), len(old))], (1, -1)):
        n, o = n + step, o + step
        while 0 <= n < len(new) and 0 <= o < len(old) and n not in pairs and o not in taken and new[n] == old[o]:
            pairs[n] = o
            taken.add(o)
            n, o = n + step, o + step
    waiting: dict[Hashable, deque[int]] = defaultdict(deque)
    for place, row in enumerate(old):
        if place not in taken:
            waiting[row].append(place)
    return pairs | {place: waiting[row].popleft() for place, row in enumerate(new) if place not in pairs and waiting[row]}


# Rows that are alike


class _Spot(NamedTuple):
    """Where a new row would stand among the old ones: between which, and at which places counted from either."""

    low: int
    high: int
    from_low: int
    from_high: int

    def distance(self, place: int) -> int:
        return min(abs(place - self.from_low), abs(place - self.from_high))


def _like_pairs(old: Sequence[Row], new: Sequence[Row], pairs: Pairs) -> Pairs:
    """The rows left over, paired from the likest downwards."""
    taken = set(pairs.values())
    free_old = [place for place in range(len(old)) if place not in taken]
    free_new = [place for place in range(len(new)) if place not in pairs]
    if not free_old or not free_new:
        return {}
    weights = _weights(old)
    spots = _spots(pairs, len(new), len(old))
    ranked = []
    for n, o in _candidates(old, new, free_old, free_new, spots):
        likeness = _likeness(old[o], new[n], weights, is_in_place=spots[n].low < o < spots[n].high)
        if likeness >= _LIKE_ENOUGH:
            ranked.append((-round(likeness, 2), spots[n].distance(o), n, o))
    found: Pairs = {}
    for _, _, n, o in sorted(ranked):
        if n not in found and o not in taken:
            found[n] = o
            taken.add(o)
    return found


def _weights(rows: Sequence[Row]) -> dict[str, float]:
    """How much a column tells rows apart: distinct values a row. A description says which row it is, a unit does not."""
    values: dict[str, set[Hashable]] = defaultdict(set)
    for row in rows:
        for column, value in row.items():
            values[column].add(_frozen(value))
    return {column: len(distinct) / len(rows) for column, distinct in values.items()}


def _spots(pairs: Pairs, new_size: int, old_size: int) -> list[_Spot]:
    ahead = _runs((pairs.get(place) for place in range(new_size)), start=-1, step=1)
    behind = _runs((pairs.get(place) for place in reversed(range(new_size))), start=old_size, step=-1)
    return [_Spot(low, high, a, b) for (low, a), (high, b) in zip(ahead, reversed([*behind]), strict=True)]


def _runs(places: Iterable[int | None], start: int, step: int) -> Iterator[tuple[int, int]]:
    """For each row the last paired place before it, and the place that follows from counting on."""
    last = expected = start
    for place in places:
        expected += step
        if place is not None:
            last = expected = place
        yield last, expected


def _candidates(
    old: Sequence[Row], new: Sequence[Row], free_old: list[int], free_new: list[int], spots: Sequence[_Spot]
) -> Iterator[tuple[int, int]]:
    """The pairs (new, old) worth a close look: all of a few, else those that share telling values or stand nearby."""
    if len(free_old) * len(free_new) <= _FEW_PAIRS:
        yield from product(free_new, free_old)
        return
    holders: dict[Hashable, list[int]] = defaultdict(list)
    for o in free_old:
        for column, value in old[o].items():
            holders[column, _frozen(value)].append(o)
    free = set(free_old)
    for n in free_new:
        shared = [holders.get((column, _frozen(value)), []) for column, value in new[n].items()]
        votes = Counter(o for rows in shared if len(rows) <= _COMMON for o in rows)
        nearby = {place + step for place in (spots[n].from_low, spots[n].from_high) for step in _NEARBY}
        yield from ((n, o) for o in {o for o, _ in votes.most_common(_BEST)} | (nearby & free))


def _likeness(old: Row, new: Row, weights: Mapping[str, float], is_in_place: bool) -> float:
    """0.0 to 1.0. A row in its old place with one other cell is the same row, whatever the cell."""
    alike = total = 0.0
    different = 0
    for column in old.keys() | new.keys():
        weight = weights.get(column, 0.0)
        total += weight
        if column in old and column in new and same(old[column], new[column]):
            alike += weight
        else:
            different += 1
            alike += weight * _text_likeness(old.get(column), new.get(column))
    likeness = alike / total if total else 0.0
    return max(likeness, _LIKE_ENOUGH) if is_in_place and different <= 1 else likeness


def _text_likeness(old: Any, new: Any) -> float:
    if not isinstance(old, str) or not isinstance(new, str):
        return 0.0
    matcher = SequenceMatcher(None, old[:_COMPARED_TEXT], new[:_COMPARED_TEXT], autojunk=False)
    if matcher.real_quick_ratio() < _SIMILAR_TEXT or matcher.quick_ratio() < _SIMILAR_TEXT:
        return 0.0
    ratio = matcher.ratio()
    return ratio if ratio >= _SIMILAR_TEXT else 0.0
