"""Finds where the pages print the values of the embedded invoice data, and where they say otherwise."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import cached_property
from itertools import accumulate
from typing import Any

from kraftd_core.adapters.readers.common.labels import key_of
from kraftd_core.adapters.readers.common.reading import Found, Reading, Spot
from kraftd_core.adapters.readers.common.values import find_date, manner_of, parse_number
from kraftd_core.adapters.readers.common.words import Page, TextLine, Word, text_of

_DISPUTED = 0.5  # the data says one thing and the page another
_SURE = 0.9  # how sure the page's reader must be to contradict a value that is printed somewhere
_LONGEST_NUMBER, _LONGEST_DATE = 3, 4  # in words
_LONGEST_TEXT = 200  # in characters: what is longer breaks over lines
_TELLING = 8  # characters: shorter texts stand in many places
_FARTHEST = 300  # lines from one row to the next, page breaks and text between them included
_COMPARED = {
    "number": "the number", "date": "the date", "total": "the total", "currency": "the currency", "vendor_name": "the supplier",
}
_MARKED = re.compile(r"\d[./-]")
_YEAR = re.compile(r"^(?:'?\d{2}|\d{4})\W*$")

Hit = tuple[int, tuple[Word, ...]]
"""The line, counted over all pages, and the words that print a value."""


class Printed:
    """The values that the pages print, by what they say."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self._lines: list[tuple[Page, TextLine]] = [(page, line) for page in pages for line in page.lines]
        texts = [line.text for _, line in self._lines]
        manner = manner_of(texts)
        self._sign, self._order = manner.sign, manner.order

    def hits(self, value: Any, lines: range | None = None) -> list[Hit]:
        """Where a number, an ISO day or a short text is printed, from the top of the first page on, or on some lines only."""
        within = range(len(self._lines)) if lines is None else lines
        is_number = isinstance(value, int | float)
        found = self._numbers.get(_number(value), []) if is_number else self._days.get(str(value), [])
        if not found and isinstance(value, str) and len(value) <= _LONGEST_TEXT:
            return self._texts(key_of(value), within)
        return found[bisect_left(found, within.start, key=_line_of_hit) : bisect_left(found, within.stop, key=_line_of_hit)]

    def spot(self, hit: Hit, confidence: float | None) -> Spot:
        """The hit as a place; the confidence stays as it is given."""
        spot = self._lines[hit[0]][0].spot(hit[1], None)
        return Spot(confidence, spot.page, spot.polygon)

    @property
    def is_empty(self) -> bool:
        """Whether no words were read."""
        return not self._lines

    def has_words_of(self, name: str) -> bool:
        """Whether every word of a name is printed, wherever its lines break."""
        words = [key_of(word) for word in name[:_LONGEST_TEXT].split()]
        return all(word in self._keys for word in words if word)

    @cached_property
    def _keys(self) -> set[str]:
        words = [word.text for _, line in self._lines for word in line.words]
        return {key_of(part) for word in words for part in (word, *re.split(r"[^\w&]", word))}

    @cached_property
    def _numbers(self) -> dict[Decimal, list[Hit]]:
        found: dict[Decimal, list[Hit]] = {}
        for n, words in self._runs(_LONGEST_NUMBER):
            if not all(re.search(r"\d{3}", word.text) for word in words[1:]):
                continue  # only thousands are parted by spaces
            value = parse_number(text_of(words).strip("()*;"), self._sign)
            if value is not None:
                found.setdefault(abs(value), []).append((n, words))
        return found

    @cached_property
    def _days(self) -> dict[str, list[Hit]]:
        found: dict[str, list[Hit]] = {}
        for n, words in self._runs(_LONGEST_DATE):
            if not (_MARKED if len(words) == 1 else _YEAR).search(words[-1].text):
                continue  # a look that spares most words the search for a date
            day = find_date(text_of(words), self._order)
            known = found.setdefault(day.isoformat(), []) if day else []
            if day and not (known and known[-1][0] == n and set(words) & set(known[-1][1])):
                known.append((n, words))
        return found

    def _runs(self, longest: int) -> Iterator[tuple[int, tuple[Word, ...]]]:
        """Every word with up to `longest` minus one that follow it on its line, the shorter runs first."""
        for n, (_, line) in enumerate(self._lines):
            words = line.words
            for length in range(1, longest + 1):
                for start in range(len(words) - length + 1):
                    yield n, tuple(words[start : start + length])

    @cached_property
    def _letters(self) -> list[tuple[str, list[int]]]:
        """Each line's letters without spaces and marks, and where in them each word ends."""
        result = []
        for _, line in self._lines:
            keys = [key_of(word.text) for word in line.words]
            result.append(("".join(keys), list(accumulate(map(len, keys)))))
        return result

    def _texts(self, key: str, lines: range) -> list[Hit]:
        hits = []
        for n in lines:
            letters, ends = self._letters[n] if 0 <= n < len(self._letters) else ("", [])
            at = letters.find(key) if key else -1
            while at >= 0:
                until = at + len(key)
                if (at == 0 or at in ends) and until in ends:
                    words = zip(self._lines[n][1].words, [0, *ends], ends, strict=False)
                    hits.append((n, tuple(word for word, start, end in words if start < until and end > at)))
                at = letters.find(key, at + 1)
        return hits


def _line_of_hit(hit: Hit) -> int:
    return hit[0]


def _number(value: int | float) -> Decimal:
    return abs(Decimal(str(value)))


# Places


def place(data: Reading, page: Reading, printed: Printed) -> None:
    """Gives the data's values the places where they are printed: as the page's reader found them, else by search."""
    for name, found in data.fields.items():
        of_page = page.fields.get(name)
        if of_page is not None and of_page.spot.polygon and _agree(name, found.value, of_page.value):
            data.fields[name] = Found(found.value, Spot(found.spot.confidence, of_page.spot.page, of_page.spot.polygon))
        elif hits := printed.hits(found.value):
            chosen = hits[-1] if isinstance(found.value, int | float) else hits[0]  # sums stand at the end
            data.fields[name] = Found(found.value, printed.spot(chosen, found.spot.confidence))
    for table in data.tables:
        if table.name == "line_items":
            _place_lines(table.rows, printed)
        else:
            _place_others(table.rows, printed)


def _place_lines(rows: Iterable[dict[str, Found]], printed: Printed) -> None:
    """Rows are printed in their order, each on the line that holds its amount next to its description."""
    after = -1
    for row in rows:
        line = _line_of(row, printed, after)
        if line is None:
            continue
        taken: set[Word] = set()
        for column, found in row.items():
            lines = _around(line) if isinstance(found.value, str) else range(line, line + 1)
            near = [hit for hit in printed.hits(found.value, lines) if taken.isdisjoint(hit[1])]
            if near:
                hit = near[-1] if column == "amount" else near[0]
                row[column] = Found(found.value, printed.spot(hit, found.spot.confidence))
                taken.update(hit[1])
        after = line


def _place_others(rows: Iterable[dict[str, Found]], printed: Printed) -> None:
    """A row is printed on the line that holds most of its cells, and more than one; the last such, as sums stand at the end.

    A long text, as an account's number is, needs no other cell beside it.
    """
    for row in rows:
        hits = {column: printed.hits(found.value) for column, found in row.items()}
        counts = Counter(n for found in hits.values() for n in {n for n, _ in found})
        line = max((n for n, count in counts.items() if count > 1), key=lambda n: (counts[n], n), default=None)
        for column, found in row.items():
            is_telling = isinstance(found.value, str) and len(found.value) >= _TELLING
            if on_line := [hit for hit in hits[column] if hit[0] == line] or (hits[column] if is_telling else []):
                row[column] = Found(found.value, printed.spot(on_line[0], found.spot.confidence))


def _line_of(row: dict[str, Found], printed: Printed, after: int) -> int | None:
    if "amount" not in row or "description" not in row:
        return None
    amounts = printed.hits(row["amount"].value, range(after + 1, after + 1 + _FARTHEST))
    return next((n for n, _ in amounts if printed.hits(row["description"].value, _around(n))), None)


def _around(line: int) -> range:
    return range(line - 1, line + 2)


# Differences


def compare(data: Reading, page: Reading, printed: Printed) -> list[str]:
    """A sentence for each leading value that the page contradicts, whose confidence falls, or does not print at all."""
    sentences = []
    for name in _COMPARED if not printed.is_empty else ():
        difference = _difference(name, data, page, printed)
        if difference:
            stated = data.fields[name].value
            sentences.append(f"The embedded invoice data says {_said(stated)} as {_COMPARED[name]}, {difference}")
            data.fields[name] = Found(stated, Spot(_DISPUTED))
    return sentences


def _difference(name: str, data: Reading, page: Reading, printed: Printed) -> str | None:
    stated, shown = data.fields.get(name), page.fields.get(name)
    if stated is None or (shown is not None and _agree(name, stated.value, shown.value)):
        return None
    is_printed = printed.hits(stated.value) or (name == "vendor_name" and printed.has_words_of(str(stated.value)))
    if shown is not None and (not is_printed or (name == "total" and _is_another_total(shown, data))):
        return f"but the page shows {_said(shown.value)}. Check which one holds."
    if shown is None and not is_printed and name in ("number", "date", "total"):
        return "which the page does not show. Check it."
    return None


def _is_another_total(shown: Found, data: Reading) -> bool:
    """Whether the page's total is none of the sums that the data states, and surely read."""
    sums = (data.fields.get(name) for name in ("balance_due", "subtotal", "line_total"))
    return (shown.spot.confidence or 0) >= _SURE and not any(one and _agree("total", one.value, shown.value) for one in sums)


def _agree(name: str, stated: Any, shown: Any) -> bool:
    if isinstance(stated, int | float) and isinstance(shown, int | float):
        return _number(stated) == _number(shown)  # a credit note's page may print what is given back without a sign
    one, other = key_of(str(stated)[:_LONGEST_TEXT]), key_of(str(shown)[:_LONGEST_TEXT])
    return one == other or (name == "vendor_name" and min(len(one), len(other)) > 3 and (one in other or other in one))


def _said(value: Any) -> str:
    return f"{value:,.2f}" if isinstance(value, int | float) else " ".join(str(value).split())[:80]
