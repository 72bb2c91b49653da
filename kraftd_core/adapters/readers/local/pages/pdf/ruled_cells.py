"""The cells that ruling lines close off, and the tables that cells form."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Any

from lazy_loader import load

from kraftd_core.adapters.readers.common.words import Box, Cells

np = load("numpy")  # with the first page, and not with the application

_SNAP = 3.0  # points: lines that near are one, and meet
_MOST_LINES = 4_000
_MOST_EDGES = 600  # across or down: finer is a pattern and no table


def ruled_tables(lines: Any) -> Iterator[Cells]:
    """The tables of these lines (left, top, right, bottom) from the top; a single closed cell is a frame and no table."""
    if len(lines) < 4:
        return
    wide, high = lines[:, 2] - lines[:, 0], lines[:, 3] - lines[:, 1]
    level = _merged(lines[wide >= high][:, (1, 0, 2)])
    upright = _merged(lines[wide < high][:, (0, 1, 3)])
    if not level or not upright or len(level) + len(upright) > _MOST_LINES:
        return
    xs, ys = sorted({x for x, _, _ in upright}), sorted({y for y, _, _ in level})
    if len(xs) > _MOST_EDGES or len(ys) > _MOST_EDGES:
        return
    cells = _cells(xs, ys, level, upright)
    tables = [tuple(sorted(group, key=lambda c: (c[1], c[0]))) for group in _groups(cells) if len(group) > 1]
    yield from sorted(tables, key=lambda table: (table[0][1], table[0][0]))


def _merged(lines: Any) -> list[tuple[float, float, float]]:
    """Lines (place, start, end) with those at nearly one place moved onto it, and joined where they touch."""
    if not len(lines):
        return []
    lines = lines[np.argsort(lines[:, 0], kind="stable")]
    group = np.concatenate(([0], np.cumsum(np.diff(lines[:, 0]) > _SNAP)))
    joined: list[tuple[float, float, float]] = []
    for number in range(int(group[-1]) + 1):
        own = lines[group == number]
        place = float(own[:, 0].mean())
        start, end = None, 0.0
        for first, last in sorted(own[:, 1:].tolist()):
            if start is not None and first <= end + _SNAP:
                end = max(end, last)
                continue
            if start is not None:
                joined.append((place, start, end))
            start, end = first, last
        joined.append((place, start or 0.0, end))
    return joined


def _cells(
    xs: Sequence[float], ys: Sequence[float],
    level: Sequence[tuple[float, float, float]], upright: Sequence[tuple[float, float, float]],
) -> list[Box]:  # fmt: skip
    """The nearest closed cell to the lower right of each crossing."""
    right_of = _reached(xs, ys, level)  # whether a level line runs from each upright's place to the next
    below = _reached(ys, xs, upright)
    crossings = _crossings(xs, ys, level, upright)
    cells: list[Box] = []
    columns_of = [[i for i in range(len(xs)) if crossings[j][i]] for j in range(len(ys))]
    for j in range(len(ys) - 1):
        for i in columns_of[j]:
            if i + 1 < len(xs) and right_of[j][i] and below[i][j]:
                cell = _closed(i, j, right_of, below, crossings)
                if cell:
                    cells.append((xs[i], ys[j], xs[cell[0]], ys[cell[1]]))
    return cells


def _closed(i: int, j: int, right_of: Any, below: Any, crossings: Any) -> tuple[int, int] | None:
    """The nearest crossing that closes the cell which begins here, by the lines above it and to its left."""
    m = j
    while m < len(crossings) - 1 and below[i][m]:
        m += 1
        if not crossings[m][i]:
            continue
        n = i
        while n < len(below) - 1 and right_of[j][n] and right_of[m][n]:
            n += 1
            if crossings[j][n] and crossings[m][n] and all(below[n][j:m]):
                return n, m
    return None


def _reached(places: Sequence[float], at: Sequence[float], lines: Sequence[tuple[float, float, float]]) -> list[list[bool]]:
    """For each place across: whether one of its lines covers the way from each of the places to the next."""
    covered = {place: [False] * len(places) for place in at}
    for place, start, end in lines:
        first, last = bisect_left(places, start - _SNAP), bisect_right(places, end + _SNAP) - 1
        own = covered[place]
        for n in range(first, last):
            own[n] = True
    return [covered[place] for place in at]


def _crossings(
    xs: Sequence[float], ys: Sequence[float],
    level: Sequence[tuple[float, float, float]], upright: Sequence[tuple[float, float, float]],
) -> list[list[bool]]:  # fmt: skip
    """Where a level line and an upright one meet."""
    across = np.zeros((len(ys), len(xs)), bool)
    down = np.zeros((len(ys), len(xs)), bool)
    row, column = {y: n for n, y in enumerate(ys)}, {x: n for n, x in enumerate(xs)}
    for y, start, end in level:
        across[row[y], bisect_left(xs, start - _SNAP) : bisect_right(xs, end + _SNAP)] = True
    for x, start, end in upright:
        down[bisect_left(ys, start - _SNAP) : bisect_right(ys, end + _SNAP), column[x]] = True
    met: list[list[bool]] = (across & down).tolist()
    return met


def _groups(cells: Sequence[Box]) -> list[list[Box]]:
    """Cells that share a corner, taken together."""
    parent = list(range(len(cells)))

    def root(n: int) -> int:
        while parent[n] != n:
            parent[n] = parent[parent[n]]
            n = parent[n]
        return n

    seen: dict[tuple[float, float], int] = {}
    for n, (left, top, right, bottom) in enumerate(cells):
        for corner in ((left, top), (right, top), (left, bottom), (right, bottom)):
            parent[root(n)] = root(seen.setdefault(corner, n))
    groups: dict[int, list[Box]] = {}
    for n, cell in enumerate(cells):
        groups.setdefault(root(n), []).append(cell)
    return list(groups.values())
