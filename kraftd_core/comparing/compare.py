"""Comparing versions of documents: what one says and the other does not, row by row, in words that people read."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from typing import Any, Literal

from kraftd_core.document.cells import text_of
from kraftd_core.document.change_sentences import change_sentences, value_titles
from kraftd_core.document.changes import changes, parse_path, path_of
from kraftd_core.document.jsontypes import ROW_ID, Data, Row, is_table, same, without_row_ids
from kraftd_core.document.matching.alignment import align_rows
from kraftd_core.document.nouns import Addition, Change, Deletion, Move
from kraftd_core.document.wording import clipped, label_of, listed, percent, shown_in
from kraftd_core.records.stages import Place
from kraftd_core.records.sureness import is_doubtful

Version = Literal["ai", "user", "delivered"]
VERSIONS: Mapping[Version, str] = {
    "ai": "What the AI read",
    "user": "What you made of it",
    "delivered": "What was delivered",
}
Kind = Literal["changed", "added", "removed", "moved", "moved_changed", "format", "same"]
KINDS_OF_LINES: Mapping[Kind, tuple[str, str]] = {
    "changed": ("~", "changed"),
    "added": ("+", "added"),
    "removed": ("−", "removed"),
    "moved": ("↕", "moved"),
    "moved_changed": ("⇅", "moved and changed"),
    "format": ("≈", "written differently"),
    "same": ("=", "the same"),
}
"""Of each kind the mark and the word, so that none is told by colour alone."""

DETAILS, WORDS, MAKING = "Details", "Summary", "How it was made"
NOT_SHOWN = "(not shown in the file)"

_MOST_WORDS = 4_000


@dataclass(frozen=True, slots=True)
class Side:
    """One version of a document. `family` is the same for workflows that share their row ids; what a plan left out of the
    delivered file is named in `not_shown`: fields and tables by name, columns as `table.column`. Only what
    `is_read_back` holds the values of the file itself, else those that it was made of.
    """

    workflow_id: str
    version: Version
    family: str
    document_name: str
    data: Data
    words: Mapping[str, str] = field(default_factory=dict)
    making: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)
    not_shown: Collection[str] = ()
    is_read_back: bool = True


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """What is compared in one line: a value, or a row that is whole on one side only, moved, moved and changed, or the same.

    `texts` has one for each side; None is a value that is not there, which is not the same as an empty one.
    """

    section: str
    field: str
    label: str
    kind: Kind
    texts: tuple[str | None, ...]
    confidence: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two or three sides, line by line. `counts` are of values, rows that came, went or moved counting once each.

    `likeness` is the share of equal values in the rows that were matched by likeness; None where none had to be.
    """

    sides: tuple[Side, ...]
    lines: tuple[ComparedLine, ...]
    counts: Mapping[Kind, int]
    likeness: float | None = None
    warnings: tuple[str, ...] = ()

    @property
    def headline(self) -> str:
        """The counts in one sentence: "2 changed · 1 added · 0 removed · 311 the same"."""
        always = ("changed", "added", "removed", "same")
        kinds = [kind for kind in KINDS_OF_LINES if kind in always or self.counts.get(kind)]
        return " · ".join(f"{self.counts.get(kind, 0):,} {KINDS_OF_LINES[kind][1]}" for kind in kinds)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines are looked at, where an empty member does not filter, and whether both texts stand in one column."""

    sections: Collection[str] = ()
    kinds: Collection[Kind] = ()
    is_doubtful: bool = False
    with_same: bool = False
    with_format: bool = False
    is_unified: bool = False

    @property
    def leaves_nothing_out(self) -> bool:
        """Whether every difference is looked at."""
        return not (self.sections or self.kinds or self.is_doubtful)

    def takes(self, line: ComparedLine) -> bool:
        """Whether the line is looked at."""
        if (line.kind == "same" and not self.with_same) or (line.kind == "format" and not self.with_format):
            return False
        if self.is_doubtful and not is_doubtful(line.confidence):
            return False
        return (not self.sections or line.section in self.sections) and (not self.kinds or line.kind in self.kinds)


CompareFiles = Mapping[str, Callable[[Comparison, Wanted], bytes]]
"""Makes a file of a comparison, by the kind that is asked for."""


def compare(sides: Sequence[Side]) -> Comparison:
    """The first side held against the second, and a third one shown beside them.

    Rows are matched by their identity within a family, else by likeness, which is said with its share.
    """
    first, *others = sides
    aligned = [first, *(_aligned(first, other) for other in others)]
    before, after = aligned[0], aligned[1]
    found = changes(before.data, after.data)
    late = _late(aligned, {change.field for change in found})
    are_like = first.family != others[0].family
    likenesses = _likenesses(before.data, after.data) if are_like else {}
    lines = [
        *_data_lines([*map(_SideReader, aligned)], [*found, *late], likenesses),
        *_told(aligned, WORDS, "words"),
        *_told(aligned, MAKING, "making"),
    ]
    counts = Counter[Kind](line.kind for line in lines if line.section not in (WORDS, MAKING) and line.kind != "same")
    counts["same"] = _same_values(*(side.data for side in aligned))
    warnings = [_not_as_reviewed(aligned[-2:]), *map(_left_out, aligned)]
    likeness = sum(likenesses.values()) / len(likenesses) if likenesses else 0.0 if are_like and _have_tables(aligned) else None
    return Comparison(tuple(aligned), tuple(lines), counts, likeness, tuple(filter(None, warnings)))


def _late(sides: Sequence[Side], told: Collection[str]) -> list[Change]:
    """Where a third side differs from the second although the second does not from the first; it may be sorted as it likes."""
    if len(sides) < 3:
        return []
    found = changes(sides[1].data, sides[2].data)
    return [change for change in found if not isinstance(change, Move) and change.field not in told]


def _have_tables(sides: Sequence[Side]) -> bool:
    return all(any(is_table(value) and value for value in side.data.values()) for side in sides)


def _aligned(first: Side, other: Side) -> Side:
    """The other side with the row ids of the first one, where they do not share them anyway."""
    if other.family == first.family and other.version != "delivered":
        return other
    data = other.data if other.family == first.family else without_row_ids(other.data)
    return replace(other, data=align_rows(first.data, data))


def _likenesses(before: Data, after: Data) -> dict[str, float]:
    """The share of equal cells of each row that was matched, by its path."""
    found = {}
    for name, old in before.items():
        new = after.get(name)
        if not is_table(old) or not is_table(new):
            continue
        rows = {row[ROW_ID]: row for row in new}
        for row, match in ((row, rows[row[ROW_ID]]) for row in old if row[ROW_ID] in rows):
            equal = sum(same(value, match.get(column)) for column, value in row.items() if column != ROW_ID)
            found[path_of(name, row[ROW_ID])] = equal / max(1, len(row) - 1)
    return found


def _same_values(first: Data, *others: Data) -> int:
    """How many values are on all sides and the same."""
    count = 0
    for name, value in first.items():
        if not all(name in other for other in others):
            continue
        values = [other[name] for other in others]
        count += _same_cells(value, *values) if all(map(is_table, (value, *values))) else all(same(value, v) for v in values)
    return count


def _same_cells(first: Sequence[Row], *others: Sequence[Row]) -> int:
    by_id = [{row[ROW_ID]: row for row in rows} for rows in others]
    found = ((row, [rows[row[ROW_ID]] for rows in by_id]) for row in first if all(row[ROW_ID] in rows for rows in by_id))
    return sum(
        all(column in match and same(value, match[column]) for match in matches)
        for row, matches in found
        for column, value in row.items()
        if column != ROW_ID
    )


# Lines of the data


class _SideReader:
    """Says what one side holds, as people read it; rows are found by their ids."""

    def __init__(self, side: Side) -> None:
        self.data = side.data
        self._places = side.places
        self._not_shown = set(side.not_shown)
        self._rows = {name: {row[ROW_ID]: row for row in value} for name, value in side.data.items() if is_table(value)}

    def text(self, path: str, *, literally: bool = False) -> str | None:
        """The value at a path; None where there is none, and a word for one that is empty."""
        parts = parse_path(path)
        if parts.field in self._not_shown or f"{parts.field}.{parts.column}" in self._not_shown:
            return NOT_SHOWN
        holder = self.data if parts.row_id is None else self._rows.get(parts.field, {}).get(parts.row_id, {})
        name = parts.field if parts.row_id is None else str(parts.column)
        return _said(name, holder[name], literally=literally) if name in holder else None

    def row_text(self, table: str, row_id: str) -> str | None:
        """What a row says, its cells one after the other."""
        row = self._rows.get(table, {}).get(row_id)
        if row is None or table in self._not_shown:
            return None if row is None else NOT_SHOWN
        cells = ((c, v) for c, v in row.items() if c != ROW_ID and f"{table}.{c}" not in self._not_shown)
        return " · ".join(_said(c, v) for c, v in cells if v not in (None, "")) or "(empty)"

    def confidence(self, path: str) -> float | None:
        """How sure the machine was of a value."""
        return self._places[path].confidence if path in self._places else None

    def cells_text(self, table: str, row_id: str, columns: Sequence[str]) -> str | None:
        """What these cells of a row say, each by its name; None where the row is not there."""
        if row_id not in self._rows.get(table, {}):
            return None
        texts = ((column, self.text(path_of(table, row_id, column))) for column in columns)
        return " · ".join(f"{label_of(column)}: {'–' if text is None else text}" for column, text in texts)

    def least(self, table: str, row_id: str, columns: Iterable[str] | None = None) -> float | None:
        """The least sure value of a row, or of these cells of it."""
        within = self._rows.get(table, {}).get(row_id, {}) if columns is None else columns
        known = [c for column in within if (c := self.confidence(path_of(table, row_id, column))) is not None]
        return min(known, default=None)


def _data_lines(sides: Sequence[_SideReader], found: Sequence[Change], likenesses: Mapping[str, float]) -> Iterator[ComparedLine]:
    before, after = sides[0].data, sides[1].data
    by_name: dict[str, list[Change]] = {}
    for change in found:
        by_name.setdefault(parse_path(change.field).field, []).append(change)
    names = [*dict.fromkeys(name for side in sides for name in side.data)]
    tables = [name for name in names if is_table(before.get(name)) and is_table(after.get(name))]
    for name in (name for name in names if name not in tables):
        yield _value_line(sides, DETAILS, path_of(name), label_of(name), next(iter(by_name.get(name, ())), None))
    for name in tables:
        yield from _table_lines(sides, name, by_name.get(name, []), likenesses)


def _value_line(
    sides: Sequence[_SideReader], section: str, path: str, label: str, change: Change | None, note: str = ""
) -> ComparedLine:
    kind = _kind_of(change)
    texts = tuple(side.text(path, literally=kind == "format") for side in sides)
    return ComparedLine(section, path, label, kind, texts, sides[0].confidence(path), note)


def _kind_of(change: Change | None) -> Kind:
    if change is None:
        return "same"
    if isinstance(change, Addition):
        return "added"
    if isinstance(change, Deletion):
        return "removed"
    return "moved" if isinstance(change, Move) else "format" if change.format_only else "changed"


def _table_lines(
    sides: Sequence[_SideReader], name: str, found: Sequence[Change], likenesses: Mapping[str, float]
) -> Iterator[ComparedLine]:
    """A table in the order of the second side; rows that went stand where they stood, those of a third alone at the end."""
    by_row: dict[str, list[Change]] = {}
    for change in found:
        by_row.setdefault(str(parse_path(change.field).row_id), []).append(change)
    titles = _row_titles(name, sides[2:]) | _row_titles(name, sides[:1]) | _row_titles(name, sides[1:2])
    for row_id in dict.fromkeys([*_in_reading_order(sides[0].data[name], sides[1].data[name]), *titles]):
        like = likenesses.get(path_of(name, row_id))
        note = "" if like is None else f"matched by likeness, {percent(like)} equal"
        yield from _row_lines(sides, name, row_id, titles[row_id], by_row.get(row_id, []), note)


def _row_titles(table: str, sides: Sequence[_SideReader]) -> dict[str, str]:
    """What the rows are called, by their ids."""
    rows = [(row[ROW_ID], side.data) for side in sides if is_table(side.data.get(table)) for row in side.data[table]]
    if not rows:
        return {}
    titles = value_titles((path_of(table, row_id) for row_id, _ in rows), rows[0][1])
    return dict(zip((row_id for row_id, _ in rows), titles, strict=True))


def _in_reading_order(before: Sequence[Row], after: Sequence[Row]) -> list[str]:
    """The ids of the second side, and each of those that are gone behind the row that it stood behind."""
    staying = {row[ROW_ID] for row in after}
    behind: dict[str | None, list[str]] = {}
    last: str | None = None
    for row in before:
        if row[ROW_ID] in staying:
            last = row[ROW_ID]
        else:
            behind.setdefault(last, []).append(row[ROW_ID])
    ordered = list(behind.get(None, ()))
    for row in after:
        ordered += [row[ROW_ID], *behind.get(row[ROW_ID], ())]
    return ordered


def _row_lines(
    sides: Sequence[_SideReader], table: str, row_id: str, title: str, found: Sequence[Change], note: str
) -> Iterator[ComparedLine]:
    """A line for the row as a whole, if it came, went, moved or is the same, then one for each cell that changed.

    A row that moved and changed is one line, which names the cells that changed.
    """
    section, path = label_of(table), path_of(table, row_id)
    whole = next((change for change in found if parse_path(change.field).column is None), None)
    cells = {str(column): change for change in found if (column := parse_path(change.field).column) is not None}
    changed = [column for column, change in cells.items() if _kind_of(change) != "format"]
    if isinstance(whole, Move) and changed:
        texts = tuple(side.cells_text(table, row_id, changed) for side in sides)
        yield ComparedLine(section, path, title, "moved_changed", texts, sides[0].least(table, row_id, changed), _moved(whole))
        cells = {column: change for column, change in cells.items() if column not in changed}
    elif whole is not None or not found:
        texts = tuple(side.row_text(table, row_id) for side in sides)
        yield ComparedLine(section, path, title, _kind_of(whole), texts, sides[0].least(table, row_id), _moved(whole))
    for column, change in cells.items():
        yield _value_line(sides, section, change.field, f"{title} · {label_of(column)}", change, note)


def _moved(change: Change | None) -> str:
    if not isinstance(change, Move):
        return ""
    return f"from place {change.original_value + 1} to {change.modified_value + 1}"


def _said(name: str, value: Any, *, literally: bool = False) -> str:
    if value is None:
        return "(empty)"
    if value == "":
        return "“”"
    return (text_of(value) or "") if literally or isinstance(value, (list, dict)) else shown_in(name, value)


# Lines of what stands beside the data


def _told(sides: Sequence[Side], section: str, member: Literal["words", "making"]) -> Iterator[ComparedLine]:
    """What was said, or how it was made, where at least two sides tell it."""
    told: list[Mapping[str, str]] = [getattr(side, member) for side in sides]
    for name in dict.fromkeys(name for one in told for name in one):
        if sum(name in one for one in told) > 1:
            texts = tuple(one.get(name) for one in told)
            stated = [text for text in texts if text is not None]
            yield ComparedLine(section, name, name, "same" if len(set(stated)) == 1 else "changed", texts)


def _not_as_reviewed(sides: Sequence[Side]) -> str:
    """A warning where a delivered value is not the reviewed one."""
    reviewed, delivered = sides
    if (reviewed.version, delivered.version, reviewed.workflow_id) != ("user", "delivered", delivered.workflow_id):
        return ""
    found = [change for change in changes(reviewed.data, delivered.data) if not isinstance(change, Move)]  # it may be sorted
    if not found:
        return ""
    sentences = change_sentences(found[:3], reviewed.data, delivered.data)
    return f"The delivered file does not say what was reviewed. {clipped('; '.join(sentences), 300)}."


def _left_out(side: Side) -> str:
    """What the file was asked not to show."""
    names = sorted({label_of(name.rpartition(".")[2]) for name in side.not_shown})
    return f"The delivered file does not show, as asked: {listed(names)}." if names else ""


# Words within longer texts


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text, and whether the other text has it too."""

    text: str
    is_shared: bool


def pieces(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts in parts, word by word; single values and very long texts as one part each."""
    old, new = _words(before), _words(after)
    if len(old) + len(new) > _MOST_WORDS or not any(text.isspace() for text in old):
        return [Piece(before, before == after)], [Piece(after, before == after)]
    left: list[Piece] = []
    right: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        left += [Piece("".join(old[a:b]), tag == "equal")] if b > a else []
        right += [Piece("".join(new[c:d]), tag == "equal")] if d > c else []
    return left, right


def _words(text: str) -> list[str]:
    return re.findall(r"\s+|\w+(?:[.,:/-]\w+)*|[^\w\s]", text)  # a date or a figure is one word


# Folding


@dataclass(frozen=True, slots=True)
class Folded:
    """A run of lines that are not looked at; how many, and whether all of them are the same on both sides."""

    count: int
    are_same: bool


def folded(comparison: Comparison, wanted: Wanted) -> Iterator[tuple[str, list[ComparedLine | Folded]]]:
    """The sections that are looked at, with the lines that are, and how many others each run between them hides."""
    for section in dict.fromkeys(line.section for line in comparison.lines):
        if wanted.sections and section not in wanted.sections:
            continue
        shown: list[ComparedLine | Folded] = []
        for line in (line for line in comparison.lines if line.section == section):
            if wanted.takes(line):
                shown.append(line)
            elif shown and isinstance(run := shown[-1], Folded):
                shown[-1] = Folded(run.count + 1, run.are_same and line.kind == "same")
            else:
                shown.append(Folded(1, line.kind == "same"))
        yield section, shown
