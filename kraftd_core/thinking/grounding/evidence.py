"""What a document says, indexed once, so that many claims can be looked up in it."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import cached_property
from itertools import chain, combinations, islice, product
from typing import Any, NamedTuple

from kraftd_core.document.changes import parse_path, path_of
from kraftd_core.document.checks.checking import day, is_blank, number
from kraftd_core.document.jsontypes import ROW_ID, Data, Row, is_table
from kraftd_core.document.nouns import Move
from kraftd_core.ports.thinking import Case
from kraftd_core.thinking.grounding.claims import DayParts, code_key, days_in, numbers_in, signs_in
from kraftd_core.thinking.grounding.names import words_of
from kraftd_core.thinking.grounding.vocabulary import MONTHS
from kraftd_core.thinking.usual import far_from_before, of_this_supplier

_MOST_PLACES = 12  # of one figure: a hundred lines with the same price need no more to choose from
_MOST_GROUPS = 200
_MOST_PAIRED = 20  # lines of which any two may be added up
_MOST_DAYS, _MOST_DAYS_OF_TERMS = 40, 10  # between which others are counted, and from which terms run
_DAYS_NAMED = {"days", "day", "tage", "tagen", "jours", "dias"}
_LONG_DIGITS = 10**11
_SHARES = re.compile(r"(?<![\d.,])(\d{1,9}(?:[.,]\d{1,9})?) ?(?:%|percent|Prozent|pour cent|por ciento)")
_LIKE_A_DAY = re.compile(r"\d{4}|\d[./-]\d")
_MONTH = "|".join(sorted({"fév", "mär", "déc", "aoû"} | {name[:3] for name in MONTHS}))
_NAMES_A_MONTH = re.compile(rf"(?i)\d[\w.]{{0,3}} (?:of |de )?(?:{_MONTH})|(?<![^\W\d_])(?:{_MONTH})[^\W\d_]*\.? \d")
_AMOUNT_NAMES = re.compile(
    r"total|tax|vat|amount|due|paid|discount|shipping|freight|charge|fee|deposit|price|value|cost|net|gross|balance|allowance"
)
_RATE_NAMES = re.compile(r"rate|percent|share|tax|vat|discount|margin|markup")
_NO_SUMS = re.compile(r"(?:^|_)(?:id|no|nr|pos|position|number|code|line|rate|percent|year|unit_price)(?:_|$)")


class Cell(NamedTuple):
    """Where a value stands; `rank` puts the data before what findings and changes say of it."""

    path: str
    name: str
    row_id: str | None
    rank: int = 0


class Claimable(NamedTuple):
    """What a text holds that can be claimed."""

    numbers: tuple[float, ...]
    shares: tuple[float, ...]
    days: tuple[date, ...]
    days_of_any_year: tuple[DayParts, ...]
    codes: tuple[str, ...]
    words: frozenset[str]


class Ratios:
    """Percentages, found by how large they are without their sign."""

    def __init__(self, ratios: Iterable[tuple[tuple[str, ...], float]]) -> None:
        self._ordered = sorted(((abs(ratio), paths) for paths, ratio in ratios), key=lambda entry: entry[0])
        self._sizes = [size for size, _ in self._ordered]

    def between(self, least: float, most: float) -> Iterator[tuple[str, ...]]:
        """What makes such a percentage."""
        first, end = bisect_left(self._sizes, least), bisect_right(self._sizes, most)
        return (paths for _, paths in self._ordered[first:end])


def key_of(value: float) -> float:
    """A number as it is looked up: without its sign, and without what doubles lose."""
    return round(abs(value), 6)


class Evidence:
    """The index of a case."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.numbers: dict[float, list[Cell]] = {}
        self.shares: dict[float, list[Cell]] = {}
        self.days: dict[date, list[Cell]] = {}
        self.days_of_any_year: dict[DayParts, list[Cell]] = {}
        self.codes: dict[str, Cell] = {}
        self.texts: list[tuple[Cell, frozenset[str]]] = []
        self.words: dict[str, list[int]] = defaultdict(list)
        self.signs: set[str] = set()
        self.columns: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
        self.headers: list[tuple[Cell, float]] = []
        self.tables: dict[str, list[Row]] = {name: value for name, value in case.data.items() if is_table(value) and value}
        self._read: dict[str, Claimable] = {}
        self._said_in: dict[str, Claimable] = {}
        self._take_data(case.data)
        self._take_findings_and_changes()
        self._take_text(case.document_name, Cell("", "", None, 2))
        self._take_text(case.reviewed_by, Cell("", "", None, 2))

    # Indexing

    def _take_data(self, data: Data) -> None:
        for name, value in data.items():
            if name in self.tables:
                self._take_rows(name, self.tables[name])
            else:
                self._take(value, Cell(path_of(name), name, None))
                figure = number(value)
                if figure is not None:
                    self.headers.append((Cell(path_of(name), name, None), float(figure)))

    def _take_rows(self, table: str, rows: Sequence[Row]) -> None:
        ends = {column: path_of("", "", column)[2:] for row in rows for column in row}
        for row in rows:
            row_id = row[ROW_ID]
            start = path_of(table, row_id)
            for column, value in row.items():
                if column == ROW_ID or value is None:
                    continue
                self._take(value, Cell(start + ends[column], column, row_id))
                if isinstance(value, (int, float)) and not isinstance(value, bool):
                    self.columns[table, column][row_id] = float(value)

    def _take(self, value: Any, cell: Cell) -> None:
        if isinstance(value, str):
            self._take_text(value, cell)
        elif isinstance(value, dict):
            for name, member in value.items():
                self._take_text(str(name), cell)
                self._take(member, cell)
        elif isinstance(value, list):
            for member in value:
                self._take(member, cell)
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            self._take_number(float(value), cell)

    def _take_number(self, value: float, cell: Cell) -> None:
        _add(self.numbers, key_of(value), cell)
        if abs(value) >= _LONG_DIGITS:
            self.codes.setdefault(code_key(f"{value:.0f}"), cell)
        if _RATE_NAMES.search(cell.name.lower()):
            _add(self.shares, key_of(value), cell)
            _add(self.shares, key_of(value * 100), cell)

    def _take_text(self, text: str, cell: Cell) -> None:
        read = self._read.get(text)
        if read is None:
            read = self._read[text] = _reading(text)
        within = cell._replace(rank=cell.rank + 1)  # a cell that is the number comes first
        for figure in read.numbers:
            _add(self.numbers, key_of(figure), within)
        for share in read.shares:
            _add(self.shares, key_of(share), cell)
        for named in read.days:
            _add(self.days, named, cell)
        for parts in read.days_of_any_year:
            _add(self.days_of_any_year, parts, cell)
        for code in read.codes:
            self.codes.setdefault(code, cell)
        for word in read.words:
            self.words[word].append(len(self.texts))
        self.texts.append((cell, read.words))
        self.signs |= signs_in(text)

    def _take_findings_and_changes(self) -> None:
        for finding in self.case.findings:
            cell = Cell(finding.cells[-1] if finding.cells else "", "", None, 1)
            self._take_text(finding.message, cell)
            for figure in filter(None, (finding.expected, finding.found)):
                self._take_text(figure, cell)
        for change in self.case.changes:
            if not isinstance(change, Move):
                path = parse_path(change.field)
                self._take(change.original_value, Cell(change.field, path.column or path.field, path.row_id, 1))
                self._take(change.modified_value, Cell(change.field, path.column or path.field, path.row_id, 1))

    # Looking up by parts and by beginnings

    def said_in(self, field: str) -> Claimable:
        """What a field holds, or held before it was changed, that can be claimed."""
        if field not in self._said_in:
            changed = [change for change in self.case.changes if change.field == path_of(field) and not isinstance(change, Move)]
            values = [self.case.data.get(field), *(v for c in changed for v in (c.original_value, c.modified_value))]
            self._said_in[field] = _together(map(_value_held, values))
        return self._said_in[field]

    @cached_property
    def days_said(self) -> dict[DayParts, list[Cell]]:
        """The cells of each day as a sentence may name it: whole, as a day of any year, as a month, or as a year."""
        found: dict[DayParts, list[Cell]] = defaultdict(list)
        for said, cells in self.days.items():
            for parts in ways_to_name(said):
                found[parts].extend(cells)
        for parts, cells in self.days_of_any_year.items():
            found[parts].extend(cells)
        return dict(found)

    @cached_property
    def day_terms(self) -> dict[date, str]:
        """The days that follow from a day of the document and a term that it states, 30 days later, and that day's cell."""
        of_terms = (words for _, words in self.texts if words & _DAYS_NAMED)
        stated = {int(word) for words in of_terms for word in words if word.isascii() and word.isdigit() and len(word) <= 3}
        found: dict[date, str] = {}
        for said, cells in islice(self.days.items(), _MOST_DAYS_OF_TERMS):
            for term in stated:
                if said.toordinal() + term <= date.max.toordinal():
                    found.setdefault(said + timedelta(days=term), cells[0].path)
        return found

    @cached_property
    def spans(self) -> dict[int, list[str]]:
        """How many days lie between two days of the document, or between one and today, and the cells of the two."""
        dated = [*((said, cells[0].path) for said, cells in islice(self.days.items(), _MOST_DAYS)), (self.case.as_of, "")]
        found: dict[int, list[str]] = {}
        for (one, path), (other, other_path) in product(dated, repeat=2):
            found.setdefault((other - one).days, [cell for cell in (path, other_path) if cell])
        return found

    @cached_property
    def _sorted_words(self) -> list[str]:
        return sorted(self.words)

    @cached_property
    def _sorted_codes(self) -> list[str]:
        return sorted(self.codes)

    def word_begun(self, beginning: str) -> str | None:
        """A word of the document that begins so."""
        return _begun(self._sorted_words, beginning)

    def code_begun(self, beginning: str) -> str | None:
        """A code of the document that begins so."""
        return _begun(self._sorted_codes, beginning)

    def words_of_row(self, table: str, row_id: str) -> frozenset[str]:
        """The words of a row's texts, without the s of a plural."""
        return self._words_of_rows.get((table, row_id), frozenset())

    @cached_property
    def _words_of_rows(self) -> dict[tuple[str, str], frozenset[str]]:
        found = {}
        for table, rows in self.tables.items():
            for row in rows:
                texts = (value for name, value in row.items() if name != ROW_ID and isinstance(value, str))
                found[table, row[ROW_ID]] = frozenset(word.rstrip("s") for text in texts for word in words_of(text))
        return found

    # What follows from the figures

    @cached_property
    def sorted_numbers(self) -> list[float]:
        """Every figure of the document, smallest first."""
        return sorted(self.numbers)

    @cached_property
    def amounts(self) -> list[tuple[tuple[str, ...], float]]:
        """The amounts of the document as a whole: its fields, and the sums of its columns."""
        fields = [((cell.path,), value) for cell, value in self.headers if _AMOUNT_NAMES.search(cell.name.lower())]
        return [*fields[:20], *((paths, value) for paths, value in self.sums if _AMOUNT_NAMES.search(paths[0].lower()))]

    @cached_property
    def sums(self) -> list[tuple[tuple[str, ...], float]]:
        """The sum of each column that can be added up."""
        return [
            ((path_of(table, "", column),), sum(values.values()))
            for (table, column), values in self.columns.items()
            if not _NO_SUMS.search(column.lower())
        ]

    @cached_property
    def derived(self) -> dict[float, tuple[str, ...]]:
        """What can be worked out, in whole cents, and from which cells."""
        found: dict[float, tuple[str, ...]] = {}
        for paths, value in self._worked_out():
            found.setdefault(round(abs(value), 2), paths)
        return found

    @cached_property
    def pair_sums(self) -> dict[float, tuple[str, ...]]:
        """What two lines of a short table come to, and their cells."""
        found: dict[float, tuple[str, ...]] = {}
        for (table, column), values in self.columns.items():
            if column == "amount" and len(values) <= _MOST_PAIRED:
                for (one, a), (other, b) in combinations(values.items(), 2):
                    found.setdefault(round(abs(a + b), 2), (path_of(table, one, column), path_of(table, other, column)))
        return found

    @cached_property
    def sorted_derived(self) -> list[float]:
        """The worked-out figures, smallest first."""
        return sorted(self.derived)

    def _worked_out(self) -> Iterator[tuple[tuple[str, ...], float]]:
        yield from self.sums
        for far in far_from_before(self.case, of_this_supplier(self.case)):  # what is told of earlier documents
            yield from (((far.cell,), float(value)) for value in (min(far.known), max(far.known)))
        for (table, column), values in self.columns.items():
            yield (path_of(table, "", column),), sum(values.values()) / len(values)
            largest = sorted(values.values(), reverse=True)[:10]
            yield from (((path_of(table, "", column),), sum(largest[:n])) for n in range(2, len(largest) + 1))
        yield from self._sums_of_groups()
        yield from self._products()
        for (one, a), (other, b) in combinations(self.amounts, 2):
            yield (*one, *other), a - b
            yield (*one, *other), a + b
        for change in self.case.changes:
            old, new = number(change.original_value), number(change.modified_value)
            if old is not None and new is not None:
                yield (change.field,), float(new - old)
        for finding in self.case.findings:
            expected, found_figure = (_told_figure(text) for text in (finding.expected, finding.found))
            if expected is not None and found_figure is not None:
                yield finding.cells[-1:], found_figure - expected

    def _sums_of_groups(self) -> Iterator[tuple[tuple[str, ...], float]]:
        """What the amounts of each section come to: of the rows that say the same in a column, or stand below one heading."""
        for table, rows in self.tables.items():
            amounts = self.columns.get((table, "amount"), {})
            texts = {column for row in rows for column, value in row.items() if isinstance(value, str) and column != ROW_ID}
            for groups in (*(_by_column(rows, column) for column in sorted(texts)), _by_heading(rows)):
                if 1 < len(groups) <= _MOST_GROUPS:
                    sums = (sum(amounts.get(row_id, 0.0) for row_id in ids) for ids in groups)
                    yield from (((path_of(table, "", "amount"),), value) for value in sums if value)

    def _products(self) -> Iterator[tuple[tuple[str, ...], float]]:
        for table in self.tables:
            prices, amounts = self.columns.get((table, "unit_price"), {}), self.columns.get((table, "amount"), {})
            for row_id, count in self.columns.get((table, "quantity"), {}).items():
                if row_id in prices:
                    product = round(count * prices[row_id], 6)
                    cells = (path_of(table, row_id, "quantity"), path_of(table, row_id, "unit_price"))
                    yield cells, product
                    if row_id in amounts:
                        yield (*cells, path_of(table, row_id, "amount")), product - amounts[row_id]

    @cached_property
    def ratios(self) -> "Ratios":
        """Each amount of the whole as percentage of each other, and how much it is more."""
        return Ratios(self._ratios())

    @cached_property
    def ratios_of_tax(self) -> "Ratios":
        """The same where one of the two is a tax."""
        return Ratios((paths, ratio) for paths, ratio in self._ratios() if any("tax" in path for path in paths))

    def _ratios(self) -> Iterator[tuple[tuple[str, ...], float]]:
        for one, a in self.amounts:
            for other, b in self.amounts:
                if b and one != other:
                    yield (*one, *other), a / b * 100
                    yield (*one, *other), (a - b) / b * 100

    @cached_property
    def row_shares(self) -> "Ratios":
        """The amount of each row as percentage of the whole."""
        of_rows = (share for row_id in self._amounts_of_rows for share in self._shares_of(row_id))
        of_groups = (
            ((*paths, *whole), value / total * 100) for paths, value in self._sums_of_groups() for whole, total in self._wholes
        )
        return Ratios(chain(of_rows, of_groups))

    @cached_property
    def shares_of_largest(self) -> "Ratios":
        """The largest rows together as percentage of the whole."""
        return Ratios(self._shares_of_largest())

    def _shares_of_largest(self) -> Iterator[tuple[tuple[str, ...], float]]:
        for (table, column), values in self.columns.items():
            amounts = sorted(values.values(), reverse=True) if column == "amount" else []
            for skipped in (0, 1):  # the largest of all may be the sum of the others
                rest = amounts[skipped:]
                whole = sum(rest)
                path = (path_of(table, "", column),)
                yield from ((path, sum(rest[:n]) / whole * 100) for n in range(1, min(10, len(rest)) + 1) if whole)

    def shares_of_row(self, row_id: str) -> "Ratios":
        """The same of one row."""
        return Ratios(self._shares_of(row_id))

    def _shares_of(self, row_id: str) -> Iterator[tuple[tuple[str, ...], float]]:
        for path, value in self._amounts_of_rows.get(row_id, ()):
            yield from (((path, *whole), value / total * 100) for whole, total in self._wholes)

    @cached_property
    def _amounts_of_rows(self) -> dict[str, list[tuple[str, float]]]:
        found: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for (table, column), values in self.columns.items():
            for row_id, value in values.items() if column == "amount" else ():
                found[row_id].append((path_of(table, row_id, column), value))
        return dict(found)

    @cached_property
    def _wholes(self) -> list[tuple[tuple[str, ...], float]]:
        return [(paths, value) for paths, value in self.amounts if value and "tax" not in paths[0]]

    @cached_property
    def row_counts(self) -> dict[int, str]:
        """How many rows of a table are alike in something: the same value, or none, in a column."""
        found: dict[int, str] = {}
        for table, rows in self.tables.items():
            for count in _counts_alike(rows) | _counts_below_headings(rows) | _counts_of_sections(rows):
                found.setdefault(count, path_of(table))
        return found


def _told_figure(text: str | None) -> float | None:
    return float(text) if text and re.fullmatch(r"-?\d{1,15}(?:\.\d{1,6})?", text) else None


def _value_held(value: Any) -> Claimable:
    figure = number(value)
    if figure is not None:
        return Claimable((float(figure),), (), (), (), (), frozenset())
    return _reading(value) if isinstance(value, str) else Claimable((), (), (), (), (), frozenset())


def _together(held: Iterable[Claimable]) -> Claimable:
    numbers, shares, days, parts, codes, words = (chain.from_iterable(held_so) for held_so in zip(*held, strict=True))
    return Claimable(tuple(numbers), tuple(shares), tuple(days), tuple(parts), tuple(codes), frozenset(words))


def ways_to_name(said: date) -> tuple[DayParts, ...]:
    """A day as a sentence may name it."""
    year, month, day_of_month = said.year, said.month, said.day
    return (year, month, day_of_month), (None, month, day_of_month), (year, month, None), (year, None, None)


def _by_column(rows: Sequence[Row], column: str) -> list[list[str]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        groups[str(row.get(column))].append(row[ROW_ID])
    return list(groups.values())


def _counts_below_headings(rows: Sequence[Row]) -> set[int]:
    """How many rows stand below each heading, with it and without; headings of the same words count as one."""
    below: Counter[str | None] = Counter()
    by_id = {row[ROW_ID]: row for row in rows}
    for group in filter(None, _by_heading(rows)):
        first = by_id[group[0]]
        below[str(first.get("description")) if _is_heading(first) else None] += len(group) - _is_heading(first)
    return {count for size in below.values() for count in (size, size + 1) if count}


def _counts_of_sections(rows: Sequence[Row]) -> set[int]:
    """How many rows with figures there are of each section that a column names."""
    texts = {column for row in rows for column, value in row.items() if isinstance(value, str) and column != ROW_ID}
    work = [row for row in rows if not _is_heading(row)]
    return {count for column in texts for count in Counter(repr(row.get(column)) for row in work).values()}


def _is_heading(row: Row) -> bool:
    return all(is_blank(row.get(name)) for name in ("quantity", "unit_price", "amount", "unit"))


def _by_heading(rows: Sequence[Row]) -> list[list[str]]:
    groups: list[list[str]] = [[]]
    for row in rows:
        if _is_heading(row):
            groups.append([])
        groups[-1].append(row[ROW_ID])
    return groups


def _begun(ordered: Sequence[str], beginning: str) -> str | None:
    place = bisect_left(ordered, beginning)
    return ordered[place] if place < len(ordered) and ordered[place].startswith(beginning) else None


def _add(index: "dict[Any, list[Cell]]", key: Any, cell: Cell) -> None:
    cells = index.setdefault(key, [])
    if len(cells) < _MOST_PLACES:
        cells.append(cell)


def _reading(text: str) -> Claimable:
    words = frozenset(words_of(text))
    if not any(map(str.isdigit, text)):
        return Claimable((), (), (), (), (), words)
    tokens = [code_key(token) for token in text.split() if any(map(str.isdigit, token))]
    parts = [code_key(part) for token in text.split() for part in re.split(r"[,;()]", token) if any(map(str.isdigit, part))]
    codes = (*tokens, *parts, code_key(text)) if len(text) <= 80 else (*tokens, *parts)
    shares = tuple(float(share.replace(",", ".")) for share in _SHARES.findall(text))
    days = tuple(_days(text))
    return Claimable(tuple(numbers_in(text)), shares, days, () if days else tuple(_of_any_year(text)), codes, words)


def _days(text: str) -> Iterator[date]:
    iso = day(text)
    if iso:
        yield iso
        return
    for named in days_in(text) if _LIKE_A_DAY.search(text) else ():
        for year, month, of_month in named.readings:
            try:
                yield date(year or 0, month or 0, of_month or 0)
            except ValueError:  # a day of no year, or none of the calendar
                continue


def _of_any_year(text: str) -> Iterator[DayParts]:
    """The days and months that a text names without their year or their day: "site visit on 3 May"."""
    if _NAMES_A_MONTH.search(text):
        yield from (reading for named in days_in(text) for reading in named.readings if None in reading)


def _counts_alike(rows: Sequence[Row]) -> set[int]:
    columns = {column for row in rows for column in row} - {ROW_ID}
    counts = {len(rows)}
    blank = {column: {n for n, row in enumerate(rows) if is_blank(row.get(column))} for column in columns}
    for column in columns:
        alike = Counter(repr(row.get(column)) for row in rows)
        counts |= {len(blank[column]), len(rows) - len(blank[column]), len(alike), *alike.values()}
    figures = [blank[column] for column in ("quantity", "unit_price", "amount") if column in blank]
    for size in (2, 3):
        for some in combinations(figures, size):
            both = len(set.intersection(*some))
            counts |= {both, len(rows) - both}
    return counts - {0}
