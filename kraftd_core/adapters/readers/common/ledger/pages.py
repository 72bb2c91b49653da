"""Counts the row-like lines of pages by the words alone, and says which of them stand in a row that was taken."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any

from kraftd_core.adapters.readers.common.column_heads import is_unit, meaning_of
from kraftd_core.adapters.readers.common.labels import NUMERIC_COLUMNS
from kraftd_core.adapters.readers.common.ledger.counts import (
    amounts_of,
    gaps_in,
    is_carried,
    is_figure,
    is_sum,
    is_tax,
    item_number,
    sum_of,
    sums_of_parts,
    why_by_words,
)
from kraftd_core.adapters.readers.common.reading import Reading, ReadTable, RowCount
from kraftd_core.adapters.readers.common.values import currency_of, decimal_sign_of, parse_number, whole_date
from kraftd_core.adapters.readers.common.words import Page, Phrase, TextLine, Word
from kraftd_core.document.units import DecimalSign

if TYPE_CHECKING:
    from kraftd_core.document.ledger.nouns import WhyLeftOut

_CENT = Decimal("0.01")
_NEAR = 0.007  # of the page's width: how exactly figures stand under each other
_MONEY = re.compile(r"\d[.,]\d{2}(?:\D|$)|\d[.,']\d{3}(?:\D|$)")
_LONGEST_FIGURE = 12  # digits; what is longer is a code
_FEWEST_ALIKE = 3  # lines numbered at one place, so that a whole number there is that of an item
_MOST_ALIKE = 200  # rows with one figure in common that a line is compared with
_SHORT_MEASURE = 4  # words of a text that is a quantity and nothing else


@dataclass(frozen=True, slots=True)
class TakenCell:
    """A cell of a row that was taken, and where it was printed, if that is known; the polygon is in page fractions."""

    column: str
    value: Any
    page: int | None
    polygon: Sequence[float] | None


TakenRow = Sequence[TakenCell]


def rows_of(tables: Iterable[ReadTable]) -> list[TakenRow]:
    """The rows of these tables, with the places of their cells."""
    return [
        [TakenCell(column, found.value, found.spot.page, found.spot.polygon) for column, found in row.items()]
        for table in tables
        for row in table.rows
    ]


@dataclass(frozen=True, slots=True)
class _Figure:
    """A number on a line."""

    value: Decimal
    word: Word
    is_money: bool


@dataclass(slots=True)
class _Line:
    """A line with its figures, the number that it begins with, and what became of it; `begins` is the line with the number
    of its position, where that is another.
    """

    page: Page
    line: TextLine
    figures: list[_Figure]
    number: str | None
    is_row_like: bool = False
    is_taken: bool = False
    begins: "_Line | None" = None

    @property
    def marks(self) -> list[Word]:
        """The words by which it is found again: its first, its figures and units, and the number of its position."""
        own = [self.line.words[0], *(figure.word for figure in self.figures)]
        units = [word for word in self.line.words if is_unit(word.text)]
        return own + units + ([self.begins.line.words[0]] if self.begins else [])

    @property
    def texts(self) -> list[str]:
        """Its phrases without figures and the leading number."""
        words = [w for w in self.line.words if not any(w is f.word for f in self.figures)]
        phrases = [" ".join(w.text for w in phrase.words if any(w is x for x in words)) for phrase in self.line.phrases]
        return [text for text in phrases if any(c.isalpha() for c in text)]


def count_rows(reading: Reading, pages: Sequence[Page]) -> None:
    """Puts the ledger of the pages into what was read from them."""
    sign = decimal_sign_of(line.text for page in pages for line in page.lines)
    known = [found.value for found in reading.fields.values()]
    items = [table for table in reading.tables if table.name == "line_items"] or reading.tables[:1]
    others = [table for table in reading.tables if not any(table is each for each in items)]
    reading.ledger = count_pages(pages, rows_of(items), rows_of(others), known, sign)


def count_pages(
    pages: Sequence[Page], rows: Sequence[TakenRow], others: Sequence[TakenRow], known: Iterable[Any], sign: DecimalSign | None
) -> list[RowCount]:
    """The ledger of these pages; `others` are rows of other tables, `known` the values of the fields: neither are rows here."""
    by_page = {page.number: [_read(page, line, sign) for line in page.lines] for page in pages}
    _find_rows(by_page, pages)
    items, aside = _Taken(rows, are_items=True), _Taken(others, are_items=False)
    amounts = {Decimal(str(value)) for value in known if is_figure(value)}
    row_like = [line for lines in by_page.values() for line in lines if line.is_row_like]
    for taken in (items, aside):
        taken.take(row_like)
    parts = sums_of_parts(map(_as_mapping, rows), [_page_of(row) for row in rows])
    counts = []
    for page in pages:
        lines = by_page[page.number]
        count = RowCount(page=page.number, rows_taken=sum(_page_of(row) == page.number for row in rows))
        for why in _left_out(lines, amounts if rows else set(), parts):
            count.left_out[why] += 1
        counts.append(count)
    _spread_loose(counts, by_page, rows)
    _put_gaps(counts, rows)
    _put_sums(counts, by_page, rows)
    if rows and all(_page_of(row) is None for row in rows) and any(_agrees(each) for count in counts for each in count.sums):
        for count in counts:  # the rows are those of the data in the file, and they are all
            count.left_out["note"] += count.left_out.pop("not_understood", 0)
    return [count for count in counts if count.rows_taken or count.left_out]


def _agrees(found: dict[str, Any]) -> bool:
    return bool(found["taken"] == found["printed"])


# Lines


def _read(page: Page, line: TextLine, sign: DecimalSign | None) -> _Line:
    words = line.words
    number = None if len(words) > 1 and words[1].text.startswith("%") else item_number(words[0].text)
    first = words[0] if number else None
    figured = [phrase for phrase in line.phrases if any(c.isdigit() for c in phrase.text)]
    left = (phrase.words if whole_date(phrase.text) else _aside(phrase.words, first) for phrase in figured)
    aside = {id(word) for words in left for word in words}
    found = (_figure(word, sign) for phrase in figured for word in phrase.words if id(word) not in aside)
    return _Line(page, line, list(filter(None, found)), number)


def _aside(words: Sequence[Word], first: Word | None) -> Iterator[Word]:
    """The words of a phrase that count nothing in a table: sizes amid a sentence, rates, and what a label of its own names."""
    last_text = max((n for n, word in enumerate(words) if _is_plain_text(word.text)), default=-1)
    label: list[str] = []
    for n, word in enumerate(words):
        is_rate = n + 1 < len(words) and words[n + 1].text.startswith("%")
        if word is not first and (n < last_text or is_rate or (label and not meaning_of(" ".join(label)))):
            yield word
        if word.text.endswith(":"):
            label = [each.text.strip(":") for each in words[max(0, n - 1) : n + 1]]


@lru_cache(8_192)
def _is_plain_text(text: str) -> bool:
    """Whether the word is one of running text: no figure, no unit, no currency, and no code of two or three letters ("SR")."""
    letters = sum(c.isalpha() for c in text)
    is_code = letters < 3 or (letters == 3 and text.isupper())
    return not is_code and not any(c.isdigit() for c in text) and not is_unit(text) and currency_of(text) is None


def _figure(word: Word, sign: DecimalSign | None) -> _Figure | None:
    digits = sum(c.isdigit() for c in word.text)
    if not 0 < digits <= _LONGEST_FIGURE or "%" in word.text or whole_date(word.text):
        return None
    number = parse_number(word.text, sign)
    return None if number is None else _Figure(number, word, bool(_MONEY.search(word.text)))


def _find_rows(by_page: dict[int, list[_Line]], pages: Sequence[Page]) -> None:
    """Row-like are lines of text with two figures that stand under others, or under heads; and numbered ones with a quantity."""
    candidates = [line for lines in by_page.values() for line in lines if len(line.figures) >= 2 and line.texts]
    edges = _Edges(candidates)
    for page in pages:
        heads: list[Phrase] = []
        for line in by_page[page.number]:
            if found := _heads_on(line):
                heads = found
                continue
            under = [f for f in line.figures if edges.hold(f, line) or _is_under(f, heads, page)]
            told = any(f.is_money for f in under) or any(is_unit(word.text) for word in line.line.words)
            line.is_row_like = len(under) >= 2 and told and bool(line.texts)
        _find_numbered(by_page[page.number])
    if not any(line.is_row_like for lines in by_page.values() for line in lines):
        for lines in by_page.values():
            _find_summed(lines)


class _Edges:
    """Where figures begin and end on lines that hold several, to see which stand under each other."""

    def __init__(self, lines: Sequence[_Line]) -> None:
        self._lefts = sorted((f.word.x0 / line.page.width, id(line)) for line in lines for f in line.figures)
        self._rights = sorted((f.word.x1 / line.page.width, id(line)) for line in lines for f in line.figures)

    def hold(self, figure: _Figure, line: _Line) -> bool:
        """Whether another line has a figure that begins or ends where this one does."""
        sides = ((self._lefts, figure.word.x0), (self._rights, figure.word.x1))
        return any(self._has_other(edges, x / line.page.width, id(line)) for edges, x in sides)

    @staticmethod
    def _has_other(edges: Sequence[tuple[float, int]], x: float, own: int) -> bool:
        low, high = bisect_left(edges, (x - _NEAR, 0)), bisect_right(edges, (x + _NEAR, 2**63))
        return high - low > 1 and any(edges[n][1] != own for n in range(low, min(high, low + 50)))


def _heads_on(line: _Line) -> list[Phrase]:
    """The phrases that head columns of figures, where the line is a head."""
    if any(f.is_money for f in line.figures):
        return []
    named = [(phrase, meaning.column) for phrase in line.line.phrases if (meaning := meaning_of(phrase.text))]
    figures = [phrase for phrase, column in named if column in NUMERIC_COLUMNS]
    return figures if len({column for _, column in named}) >= 3 and figures else []


def _is_under(figure: _Figure, heads: Sequence[Phrase], page: Page) -> bool:
    near = 3 * _NEAR * page.width
    return any(head.x0 - near <= figure.word.x1 and figure.word.x0 <= head.x1 + near for head in heads)


# Numbered positions


def _find_numbered(lines: Sequence[_Line]) -> None:
    """Marks the line with the quantity of each numbered position, where the position has no row-like line of its own."""
    begins = [n for n, line in enumerate(lines) if _is_position(line, lines)]
    for begin, end in pairwise([*begins, len(lines)]):
        block = lines[begin:end]
        if not any(line.is_row_like for line in block):
            measured = next((line for n, line in enumerate(block) if _is_measured(line, is_first=n == 0)), None)
            if measured:
                measured.is_row_like, measured.number, measured.begins = True, block[0].number, block[0]


def _is_position(line: _Line, lines: Sequence[_Line]) -> bool:
    """Whether the line begins with the number of an item: one of several parts, or one of several at this place."""
    if line.number is None or len(line.line.words) < 2 or is_unit(line.line.words[1].text):
        return False
    if re.search(r"\d[.\-/]\d", line.number):
        return True
    x0, near = line.line.words[0].x0, _NEAR * line.page.width
    return sum(other.number is not None and abs(other.line.words[0].x0 - x0) <= near for other in lines) >= _FEWEST_ALIKE


def _is_measured(line: _Line, *, is_first: bool) -> bool:
    """Whether a quantity with its unit stands in the line by itself: "12,000 m2", "Cum 25.00"; the first begins with a number."""
    phrases, number = line.line.phrases, line.line.words[0] if is_first else None
    numeric = [figure.word for figure in line.figures if figure.word is not number]
    for n, phrase in enumerate(phrases):
        words = [word.text for word in phrase.words]
        following = phrases[n + 1].words[0].text if n + 1 < len(phrases) else ""
        pair = words if len(words) > 1 else [*words, following]
        is_counted = any(word is each for word in phrase.words for each in numeric)
        if is_counted and 1 < len(pair) <= _SHORT_MEASURE and any(map(is_unit, pair)):
            return True
    return False


# Lines of one amount each


def _find_summed(lines: Sequence[_Line]) -> None:
    """Marks lines of a text and an amount that a sum below them adds up: they are rows, whatever the columns are like."""
    above: list[_Line] = []
    for line in lines:
        amounts = [figure for figure in line.figures if figure.is_money]
        if len(amounts) != 1 or not line.texts:
            continue
        if not any(map(is_sum, line.texts)):
            above.append(line)
            continue
        for n in range(len(above) - 1):
            if sum((_amount(each) for each in above[n:]), Decimal(0)) == amounts[0].value:
                for each in above[n:]:
                    each.is_row_like = True
                return


def _amount(line: _Line) -> Decimal:
    return next(figure.value for figure in line.figures if figure.is_money)


# What was taken


_Box = tuple[float, float, float, float]


@dataclass(slots=True)
class _Row:
    """A row that was taken: where its figures and its texts were printed, by page, and what the figures are."""

    boxes: list[tuple[int, _Box]]
    texts: list[tuple[int, _Box]]
    figures: set[Decimal]
    is_found: bool = False


class _Taken:
    """Rows that were taken, to be found again on the pages: by their places, then by their figures, each once."""

    def __init__(self, rows: Iterable[TakenRow], *, are_items: bool) -> None:
        self._rows = [
            _Row(
                [(cell.page, _box(cell.polygon)) for cell in row if cell.polygon and cell.page and _is_short(cell)],
                [(cell.page, _box(cell.polygon)) for cell in row if cell.polygon and cell.page and not _is_short(cell)],
                {Decimal(str(cell.value)) for cell in row if is_figure(cell.value)},
            )
            for row in rows
        ]
        self._by_page: dict[int, list[tuple[_Box, _Row]]] = {}
        self._texts_by_page: dict[int, list[_Box]] = {}
        for row in self._rows:
            for page, box in row.boxes:
                self._by_page.setdefault(page, []).append((box, row))
            for page, box in row.texts:
                self._texts_by_page.setdefault(page, []).append(box)
        self._are_items = are_items

    def take(self, lines: Sequence[_Line]) -> None:
        """Marks the lines that stand in these rows; where these are no items, such lines are none either."""
        left = [line for line in lines if line.is_row_like and not line.is_taken and not self._by_place(line)]
        self._by_figures(line for line in left if not self._is_within(line))

    def _by_place(self, line: _Line) -> bool:
        boxes = self._by_page.get(line.page.number, [])
        row = next((row for word in line.marks for box, row in boxes if _is_in(word, line.page, box)), None)
        return self._mark(line, row)

    def _is_within(self, line: _Line) -> bool:
        """Whether the line is part of the text of a row that was taken, all of its figures too; money in a text was swallowed."""
        if any(figure.is_money for figure in line.figures):
            return False
        boxes = self._texts_by_page.get(line.page.number, [])
        words = [line.line.words[0], *(figure.word for figure in line.figures)]
        line.is_row_like = not any(all(_is_in(word, line.page, box) for word in words) for box in boxes)
        return not line.is_row_like

    def _by_figures(self, lines: Iterable[_Line]) -> None:
        """Finds each row that is left on the line that has most of its figures: texts and sizes hold some of them too."""
        by_figure: dict[Decimal, list[int]] = {}
        for n, row in enumerate(self._rows):
            for figure in row.figures if not row.is_found else ():
                by_figure.setdefault(figure, []).append(n)
        left, fits = list(lines), []
        for at, line in enumerate(left):
            shared = Counter(n for figure in {f.value for f in _own(line)} for n in by_figure.get(figure, ())[:_MOST_ALIKE])
            fits += [(-times, at, n) for n, times in shared.items() if times >= min(2, len(self._rows[n].figures))]
        for _, at, n in sorted(fits):
            if not self._rows[n].is_found and not left[at].is_taken and left[at].is_row_like:
                self._mark(left[at], self._rows[n])

    def _mark(self, line: _Line, row: _Row | None) -> bool:
        if row is None:
            return False
        row.is_found, line.is_taken, line.is_row_like = True, self._are_items, self._are_items
        return True


def _box(polygon: Sequence[float]) -> _Box:
    xs, ys = polygon[0::2], polygon[1::2]
    return min(xs), min(ys), max(xs), max(ys)


def _is_short(cell: TakenCell) -> bool:
    return cell.column == "unit" or is_figure(cell.value) or item_number(str(cell.value)) is not None


def _page_of(row: TakenRow) -> int | None:
    return next((cell.page for cell in row if cell.page), None)


def _own(line: _Line) -> list[_Figure]:
    """The figures behind the line's number."""
    first = line.line.words[0]
    return [figure for figure in line.figures if figure.word is not first] or line.figures


def _is_in(word: Word, page: Page, box: _Box) -> bool:
    polygon = page.spot([word], None).polygon or ()
    x, y = sum(polygon[0::2]) / 4, sum(polygon[1::2]) / 4
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _is_priced(figures: Sequence[_Figure]) -> bool:
    """Whether the figures are a quantity, a price and the amount that comes of them: a row, whatever else the line is like."""
    values = [figure.value for figure in figures if figure.value]
    return len(values) > 2 and any(
        abs(q * p - amount) <= _CENT for n, amount in enumerate(values) for q, p in combinations(values[:n], 2)
    )


def _as_mapping(row: TakenRow) -> dict[str, Any]:
    return {cell.column: cell.value for cell in row}


def _left_out(lines: Sequence[_Line], known: set[Decimal], parts: set[Decimal]) -> "Iterator[WhyLeftOut]":
    """Why each row-like line that was not taken is none; what goes on with a numbered row that was taken is a note to it.

    `parts` are the sums of sections and pages as they were taken: a line with such a sum alone collects them.
    """
    is_open, numbered = False, sum(line.is_taken and line.number is not None for line in lines)
    is_numbered = numbered > 0.6 * sum(line.is_taken for line in lines)
    for line in lines:
        if line.is_taken:
            is_open = is_numbered
        elif line.is_row_like:
            why = why_by_words(line.texts, is_numbered=line.number is not None)
            own = _own(line)
            money = {figure.value for figure in own if figure.is_money}
            if why is None and line.number is None and money and money <= known:
                why = "total"
            if why is None and len(own) == 1 and money and money <= parts:
                why = "total"
            is_open = is_open and line.number is None
            if why is None and is_open and not _is_priced(own):
                why = "note"
            yield why or "not_understood"


# Rows whose places are not known, gaps and sums


def _spread_loose(counts: Sequence[RowCount], by_page: dict[int, list[_Line]], rows: Sequence[TakenRow]) -> None:
    """Counts the rows without a place where lines with their figures stand, the rest on the first page."""
    left = sum(_page_of(row) is None for row in rows)
    for count in counts:
        here = sum(line.is_taken for line in by_page[count.page or 0]) - count.rows_taken
        count.rows_taken += min(max(here, 0), left)
        left -= min(max(here, 0), left)
    if counts:
        counts[0].rows_taken += left


def _put_gaps(counts: Sequence[RowCount], rows: Sequence[TakenRow]) -> None:
    by_page = {count.page: count for count in counts}
    numbers = [next((cell.value for cell in row if cell.column == "position"), None) for row in rows]
    for n, missing in gaps_in(numbers):
        place = by_page.get(_page_of(rows[n])) or (counts[0] if counts else None)
        if place is not None:
            place.number_gaps.append(missing)


def _put_sums(counts: Sequence[RowCount], by_page: dict[int, list[_Line]], rows: Sequence[TakenRow]) -> None:
    """What all amounts add up to, beside the total that is printed for them, on the page where it stands."""
    taken = amounts_of(map(_as_mapping, rows))
    printed = [
        (figure.value, number)
        for number, lines in by_page.items()
        for line in lines
        if any(is_sum(text) or is_carried(text) for text in line.texts)
        for figure in line.figures
        if figure.is_money
    ]
    is_taxed = any(map(is_tax, (text for lines in by_page.values() for line in lines for text in line.texts)))
    if found := sum_of(taken, [value for value, _ in printed], is_taxed=is_taxed):
        pages = [number for value, number in printed if value == Decimal(str(found["printed"]))]
        at = next((count for count in counts if count.page == pages[-1]), None)
        if at:
            at.sums.append(found)
