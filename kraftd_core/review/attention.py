"""What of a document needs a person's eyes, in the order of what matters, and how each of its values stands."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, Protocol, TypeAlias

from kraftd_core.document.cells import text_of
from kraftd_core.document.change_sentences import value_titles
from kraftd_core.document.changes import changes, parse_path, path_of
from kraftd_core.document.checks.checking import Finding
from kraftd_core.document.checks.words import doubts
from kraftd_core.document.jsontypes import ROW_ID, Data, Row, fields_of, tables_of
from kraftd_core.document.nouns import Addition, Change, Modification, Move
from kraftd_core.document.wording import label_of, percent
from kraftd_core.records.stages import Look, Place, Suggestion
from kraftd_core.records.sureness import is_doubtful, is_sure
from kraftd_core.review.grids import DOCUMENT_TYPE, cells_of
from kraftd_core.review.unread import unread_edits

Kind: TypeAlias = Literal["error", "unread", "warning", "empty", "unsure", "unmeasured", "suggested"]
Standing: TypeAlias = Literal["eyes", "confirmed", "changed", "accepted", "sure", "unmeasured"]

_ORDER: tuple[Kind, ...] = ("error", "unread", "warning", "empty", "unsure", "unmeasured", "suggested")
_OF_TYPED: frozenset[Kind] = frozenset(("error", "unread", "warning", "empty"))
_UNREAD_CHECKS = frozenset(("not_a_number", "date_form"))


class Offer(Protocol):
    """A value that earlier documents suggest for a field."""

    @property
    def field(self) -> str: ...
    @property
    def suggested_value(self) -> Any: ...
    @property
    def rests_on(self) -> Sequence[str]: ...
    @property
    def sentence(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a value needs eyes, in words."""

    kind: Kind
    words: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A value that needs eyes, with all its reasons; `field` is named like changes."""

    field: str
    title: str
    text: str | None
    confidence: float | None
    reasons: tuple[Reason, ...]
    offer: Offer | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """A value that has a place on a page, and how it stands."""

    field: str
    label: str
    text: str | None
    confidence: float | None
    page: int
    polygon: tuple[float, ...]
    standing: Standing


@dataclass(frozen=True)  # without slots, so that what several questions need is found once
class Attention:
    """A document under review, asked for what needs eyes.

    Failed checks, what is required and empty, what was read with doubt, and suggestions that are not answered yet.
    Confirmed values and typed ones need no eyes, but for a typed one whose check still fails. Where nothing of a document
    was measured, as in a workbook, no value is doubtful for that.
    """

    data: Data
    original: Data
    places: Mapping[str, Place]
    findings: Sequence[Finding]
    changes: Sequence[Change]
    looked_at: Sequence[Look] = ()
    suggestions: Sequence[Suggestion] = ()
    offers: Sequence[Offer] = ()

    @cached_property
    def values(self) -> dict[str, Any]:
        """The values by path; empty ones and the document type are none."""
        return dict(_values(self.data))

    @cached_property
    def entries(self) -> list[Entry]:
        """What needs eyes, what matters most first; each value once, with all its reasons."""
        order = {path: place for place, path in enumerate(self.values)}
        fields = sorted(self._reasons, key=lambda field: (*self._rank(field), order.get(field, len(order))))
        titles = value_titles(fields, self.data)
        return [self._entry(field, title) for field, title in zip(fields, titles, strict=True)]

    @cached_property
    def rest(self) -> list[str]:
        """The values that need no eyes and that nobody typed, confirmed or accepted."""
        looked = {look.field for look in self.looked_at}
        return [p for p in self._quiet if p not in looked and _row_of(p) not in looked and not self._is_typed(p)]

    @property
    def sure(self) -> int:
        """How many values were read with confidence and need no eyes."""
        return sum(is_sure(self.confidence(p)) and not self._is_settled(p) for p in self._quiet)

    @property
    def unmeasured(self) -> int:
        """How many values need no eyes although nobody measured how well they were read."""
        return sum(self.confidence(path) is None and not self._is_settled(path) for path in self._quiet)

    @property
    def settled(self) -> int:
        """How many values the reviewer typed or confirmed."""
        return sum(map(self._is_settled, self._quiet))

    @property
    def rows(self) -> int:
        """How many rows the tables have."""
        return sum(len(rows) for _, rows in tables_of(self.data))

    def entry(self, field: str) -> Entry:
        """A value as an entry, also if it needs no eyes."""
        return self._entry(field, value_titles([field], self.data)[0])

    def confidence(self, path: str) -> float | None:
        """How sure the machine was of what it read there; None where that was not measured, or somebody typed since."""
        place = self.places.get(path)
        return place.confidence if place is not None and not self._is_typed(path) else None

    def with_rest_accepted(self) -> tuple[Look, ...]:
        """What was looked at, and all the rest as accepted in one step: whole rows where nothing else is in them."""
        rest, sizes = Counter(map(_row_of, self.rest)), Counter(map(_row_of, self.values))
        whole = {row for row, count in rest.items() if row and count == sizes[row]}
        fields = dict.fromkeys(row if (row := _row_of(path)) in whole else path for path in self.rest)
        return (*self.looked_at, *(Look(field=field, how="accepted_with_the_rest") for field in fields))

    def marks(self) -> list[Mark]:
        """Every value that has a place on a page."""
        looked = {look.field: look.how for look in self.looked_at}
        return [
            Mark(path, label, text_of(self.values.get(path)), place.confidence, place.page, tuple(place.polygon), standing)
            for path, label in _labels(self.data)
            if (place := self.places.get(path)) and place.page and place.polygon
            for standing in (self._standing(path, looked),)
        ]

    # How each value stands

    def _standing(self, path: str, looked: Mapping[str, str]) -> Standing:
        if path in self._reasons:
            return "eyes"
        if self._is_typed(path):
            return "changed"
        how = looked.get(path) or looked.get(_row_of(path))
        if how:
            return "confirmed" if how == "confirmed" else "accepted"
        return "unmeasured" if self.confidence(path) is None else "sure"

    @cached_property
    def _typed(self) -> set[str]:
        """The fields, rows and cells that were typed; of a table that was not there, its rows."""
        typed = {change.field for change in self.changes if isinstance(change, (Addition, Modification))}
        new = [(name, rows) for name, rows in tables_of(self.data) if path_of(name) in typed]
        return typed.union(path_of(name, row[ROW_ID]) for name, rows in new for row in rows)

    def _is_typed(self, path: str) -> bool:
        return bool(self._typed) and (path in self._typed or _row_of(path) in self._typed)

    def _is_settled(self, path: str) -> bool:
        return path in self._confirmed or self._is_typed(path)

    @cached_property
    def _confirmed(self) -> set[str]:
        return {look.field for look in self.looked_at if look.how == "confirmed"}

    @cached_property
    def _quiet(self) -> list[str]:
        return [path for path in self.values if path not in self._reasons]

    # Why they need eyes

    @cached_property
    def _reasons(self) -> dict[str, list[Reason]]:
        told: defaultdict[str, list[Reason]] = defaultdict(list)
        for path, reason in self._all_reasons():
            told[path].append(reason)
        for path, reason in self._reasons_of_sums():
            if path in told:
                told[path].append(reason)
        return {
            path: kept
            for path, reasons in told.items()
            if path not in self._confirmed
            and (kept := [r for r in reasons if r.kind in _OF_TYPED] if self._is_typed(path) else reasons)
        }

    def _all_reasons(self) -> Iterator[tuple[str, Reason]]:
        unread = {edit.field: edit.sentence for edit in unread_edits(self.original, self.data, self.changes)}
        for finding in doubts(self.findings):
            reason, says_it_again = _reason_of(finding), finding.check in _UNREAD_CHECKS
            yield from ((path, reason) for path in cells_of(finding)[0] if not (says_it_again and path in unread))
        yield from ((path, Reason("unread", sentence)) for path, sentence in unread.items())
        yield from self._doubts()
        answered = {suggestion.field for suggestion in self.suggestions}
        yield from ((o.field, Reason("suggested", o.sentence)) for o in self.offers if o.field not in answered)

    def _reasons_of_sums(self) -> Iterator[tuple[str, Reason]]:
        for finding in doubts(self.findings):
            reason = _reason_of(finding)
            yield from ((path, reason) for path in cells_of(finding)[1])

    def _doubts(self) -> Iterator[tuple[str, Reason]]:
        if not any(place.confidence is not None for place in self.places.values()):
            return
        for path in self.values:
            place = self.places.get(path)
            if place is None or place.confidence is None:
                yield path, Reason("unmeasured", "It was read, but how well could not be measured.")
            elif is_doubtful(place.confidence):
                yield path, Reason("unsure", f"The reader is only {percent(place.confidence)} sure.")

    def _rank(self, field: str) -> tuple[int, int, float]:
        """Best reason first; the cells of one check stay together, the least sure of them first."""
        kind = min((reason.kind for reason in self._reasons[field]), key=_ORDER.index)
        words = next(reason.words for reason in self._reasons[field] if reason.kind == kind)
        of_check = next((n for n, finding in enumerate(self.findings) if finding.message == words), -1)
        confidence = self.confidence(field) if of_check >= 0 else None
        return _ORDER.index(kind), of_check, 1.0 if confidence is None else confidence

    def _entry(self, field: str, title: str) -> Entry:
        reasons = sorted(self._reasons.get(field, []), key=lambda reason: _ORDER.index(reason.kind))
        offer = next((o for o in self.offers if o.field == field), None) if any(r.kind == "suggested" for r in reasons) else None
        return Entry(field, title, text_of(self.values.get(field)), self.confidence(field), tuple(reasons), offer)


def _reason_of(finding: Finding) -> Reason:
    kind: Kind = "empty" if finding.check == "required" else "error" if finding.severity == "error" else "warning"
    return Reason(kind, finding.message)


def _row_of(path: str) -> str:
    """The row of a cell's path; empty for a field's."""
    row, mark, _ = path.rpartition("].")
    return row + "]" if mark else ""


def _values(data: Data) -> Iterator[tuple[str, Any]]:
    yield from ((path_of(name), value) for name, value in fields_of(data) if value is not None and name != DOCUMENT_TYPE)
    for path, _, value in _cells_of_tables(data):
        if value is not None:
            yield path, value


def _cells_of_tables(data: Data) -> Iterator[tuple[str, str, Any]]:
    """Path, column and value of every cell; of each row the path is made once."""
    for name, rows in tables_of(data):
        escaped = {column: path_of(column) for row in rows for column in row}
        for row in rows:
            start = path_of(name, row[ROW_ID])
            yield from ((f"{start}.{escaped[column]}", column, value) for column, value in row.items() if column != ROW_ID)


def _labels(data: Data) -> Iterator[tuple[str, str]]:
    """Short names of fields and cells: "Unit price, line 3"."""
    yield from ((path_of(name), label_of(name)) for name, _ in fields_of(data))
    for name, rows in tables_of(data):
        columns = {column: (path_of(column), label_of(column)) for row in rows for column in row if column != ROW_ID}
        for number, row in enumerate(rows, 1):
            start = path_of(name, row[ROW_ID])
            yield from ((f"{start}.{columns[c][0]}", f"{columns[c][1]}, line {number}") for c in row if c != ROW_ID)


# After an edit


def still_true(looked_at: Sequence[Look], before: Data, after: Data) -> tuple[Look, ...]:
    """The looks without the values that were changed since; of an accepted row the other values stay accepted."""
    if not looked_at:
        return ()
    touched = {c.field for c in changes(before, after) if not isinstance(c, Move)}
    rows = {_row_of(path) or path for path in touched}
    return tuple(_untouched(looked_at, touched, rows, after)) if touched else tuple(looked_at)


def _untouched(looked_at: Iterable[Look], touched: set[str], rows: set[str], after: Data) -> Iterator[Look]:
    for look in looked_at:
        if not touched.isdisjoint((look.field, _row_of(look.field), path_of(parse_path(look.field).field))):
            continue
        if look.field not in rows:
            yield look
        else:
            cells = (path for path in _paths_in(look.field, after) if path not in touched)
            yield from (look.model_copy(update={"field": path}) for path in cells)


def _paths_in(row_path: str, data: Data) -> list[str]:
    """The cells of a row that hold something."""
    path = parse_path(row_path)
    rows: Iterable[Row] = data.get(path.field, [])
    row = next((row for row in rows if row[ROW_ID] == path.row_id), {})
    return [path_of(path.field, path.row_id, column) for column, value in row.items() if value is not None and column != ROW_ID]
