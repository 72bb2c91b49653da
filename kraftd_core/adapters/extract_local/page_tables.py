"""Finds the table of line items on pages of words: its head by the names of columns, its columns by the white between them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise
from typing import Any, TypeAlias

from kraftd_core.adapters.extract_local.labels import (
    COLUMN_OF,
    NUMERIC_COLUMNS,
    ROLE_OF,
    distinct_columns,
    is_total_label,
    key_of,
    snake,
)
from kraftd_core.adapters.extract_local.reading import Found, Table
from kraftd_core.adapters.extract_local.values import DecimalSign, parse_number, percent, quantity_and_unit
from kraftd_core.adapters.extract_local.words import Line, Page, Phrase, Word
from kraftd_core.jsontypes import number_or_text

_CELL_CONFIDENCE = 0.85
_AGREEING_CELL_CONFIDENCE = 0.97  # quantity times price is the amount
_TILL_CONFIDENCE = 0.7
_LONGEST_HEAD = 5
_MAX_ROWS = 2_000


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name and where its heading stands."""

    name: str
    x0: float
    x1: float


@dataclass(slots=True)
class Head:
    """The head of a table: its columns from left to right, the cuts between them, and the index of the first line below it."""

    columns: list[Column]
    body: int
    cuts: list[float] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]


Cells: TypeAlias = dict[str, list[Word]]


def line_items(pages: Sequence[Page], sign: DecimalSign | None) -> Table | None:
    """The line items of all pages as one table; None where no head of such a table is found."""
    rows: list[tuple[Page, Cells]] = []
    before: Head | None = None
    for page in pages:
        found = _find_head(page)
        head = found or (replace(before, body=0) if before else None)  # the table may go on without its head
        if head is None:
            continue
        body, ended = _body(page, head)
        if body and (found or not head.cuts):
            _cut(head, body)
        rows += [(page, cells) for cells in _rows(body, head, sign)]
        before = None if ended else head
    if not rows:
        return None
    return Table("line_items", [_typed(page, cells, sign) for page, cells in rows[:_MAX_ROWS]])


# The head


def _find_head(page: Page) -> Head | None:
    best: tuple[int, Head] | None = None
    for n, line in enumerate(page.lines):
        columns = _named(line)
        score = len({c.name for c in columns if c.name in COLUMN_NAMES})
        if score < 2 or (best and score <= best[0]) or _has_amount(line):
            continue
        head = _with_neighbours(page, n, columns)
        if _is_of_items(head.names):
            best = (score, head)
    return best[1] if best else None


COLUMN_NAMES = frozenset(COLUMN_OF.values())


def _is_of_items(names: Sequence[str]) -> bool:
    described = "description" in names or "item_number" in names
    return described and any(name in names for name in ("amount", "unit_price", "quantity"))


def _has_amount(line: Line) -> bool:
    return any(re.fullmatch(r"[-+]?[\d.,]*\d[.,]\d{2}(?:\s?[€$£])?", word.text) for word in line.words)


def _named(line: Line) -> list[Column]:
    """The headings on a line: the longest runs of words that name a column, other words as they stand together."""
    columns: list[Column] = []
    for phrase in line.phrases:
        words, n, loose = phrase.words, 0, False
        while n < len(words):
            length, name = _heading_at(words, n)
            run = words[n : n + length]
            if name is None and loose:
                columns[-1] = Column(f"{columns[-1].name}_{snake(run[0].text)}".strip("_"), columns[-1].x0, run[0].x1)
            else:
                columns.append(Column(name or snake(run[0].text), run[0].x0, run[-1].x1))
            loose = name is None
            n += length
    return columns


def _heading_at(words: Sequence[Word], start: int) -> tuple[int, str | None]:
    for length in range(min(_LONGEST_HEAD, len(words) - start), 0, -1):
        if name := COLUMN_OF.get(key_of(" ".join(w.text for w in words[start : start + length]))):
            return length, name
    return 1, None


def _with_neighbours(page: Page, n: int, columns: list[Column]) -> Head:
    """The head with the words stacked above and below it, by which headings of several lines are read."""
    line = page.lines[n]
    texts = {index: _words_between(line, column) for index, column in enumerate(columns)}
    stacks: list[tuple[float, float, list[Word]]] = [(c.x0, c.x1, texts[i]) for i, c in enumerate(columns)]
    last = n
    for step in (-1, 1):
        at, edge, joined = n, line, 0
        while 0 <= (at := at + step) < len(page.lines) and joined < 3:
            near = page.lines[at]
            gap = near.top - edge.bottom if step > 0 else edge.top - near.bottom
            if gap > 0.9 * line.height or any(c.isdigit() for c in near.text) or not _fits(near, stacks, page.width):
                break
            _stack(near, stacks, above=step < 0)
            edge, joined = near, joined + 1
            last = max(last, at)
    named = [_renamed(x0, x1, words) for x0, x1, words in sorted(stacks, key=lambda s: s[0])]
    return Head(_distinct(named), last + 1)


def _words_between(line: Line, column: Column) -> list[Word]:
    return [word for word in line.words if column.x0 <= word.middle <= column.x1]


def _fits(line: Line, stacks: Sequence[tuple[float, float, list[Word]]], page_width: float) -> bool:
    """Words of a heading are short and stand over or under one heading only, or apart from all."""
    for phrase in line.phrases:
        over = [stack for stack in stacks if min(phrase.x1, stack[1]) - max(phrase.x0, stack[0]) > 1]
        is_wide = phrase.x1 - phrase.x0 > 0.25 * page_width
        if len(over) > 1 or is_wide or (not over and key_of(phrase.text) not in COLUMN_OF and len(phrase.words) > 3):
            return False
    return True


def _stack(line: Line, stacks: list[tuple[float, float, list[Word]]], *, above: bool) -> None:
    for phrase in line.phrases:
        hits = [i for i, (x0, x1, _) in enumerate(stacks) if min(phrase.x1, x1) - max(phrase.x0, x0) > 1]
        if hits:
            x0, x1, words = stacks[hits[0]]
            joined = [*phrase.words, *words] if above else [*words, *phrase.words]
            stacks[hits[0]] = (min(x0, phrase.x0), max(x1, phrase.x1), joined)
        else:
            stacks.append((phrase.x0, phrase.x1, list(phrase.words)))


def _renamed(x0: float, x1: float, words: Sequence[Word]) -> Column:
    """A column by all its words, else by the first run of them that names one."""
    texts = [word.text for word in words]
    for start in range(len(texts)):
        for end in range(len(texts), start, -1):
            if name := COLUMN_OF.get(key_of(" ".join(texts[start:end]).replace("- ", ""))):
                return Column(name, x0, x1)
    return Column(snake(" ".join(texts)) or "column", x0, x1)


def _distinct(columns: list[Column]) -> list[Column]:
    names = distinct_columns([column.name for column in columns])
    return [replace(column, name=name) for column, name in zip(columns, names, strict=True)]


# The body


def _body(page: Page, head: Head) -> tuple[list[Line], bool]:
    """The lines below the head, until totals, another head or wide white; and whether one of these ended the table."""
    lines: list[Line] = []
    for line in page.lines[head.body :]:
        if lines and line.top - lines[-1].bottom > 6 * max(lines[-1].height, 8):
            return lines, False  # what stands far below is a footer, after which the table may go on
        if _ends_table(line, head):
            return lines, True
        lines.append(line)
    return lines, False


def _ends_table(line: Line, head: Head) -> bool:
    names = {column.name for column in _named(line)} & COLUMN_NAMES
    if not any(c.isdigit() for c in line.text) and (len(names) >= 3 or (len(names) == 2 and len(line.phrases) >= 4)):
        return True
    if any(ROLE_OF.get(key_of(p.text)) in ("subtotal", "total", "payment_terms") for p in line.phrases):
        return True
    return any(is_total_label(p.text) for p in line.phrases) and not _is_counted(line, head)


def _is_counted(line: Line, head: Head) -> bool:
    """Whether a quantity stands in the line, as in "Total station, rental"."""
    column = next((c for c in head.columns if c.name == "quantity"), None)
    if column is None:
        return False
    return any(column.x0 - 5 <= w.middle <= column.x1 + 5 and parse_number(w.text) is not None for w in line.words)


def _cut(head: Head, body: Sequence[Line]) -> None:
    """Puts each cut between two headings where it crosses the fewest words of the body and the head."""
    words = [word for line in body[:60] for word in line.words]
    for left, right in zip(head.columns, head.columns[1:], strict=False):
        low, high = (left.x0 + left.x1) / 2, (right.x0 + right.x1) / 2
        edges = {high, low, left.x1 + 0.5, right.x0 - 0.5} | {w.x1 + 0.5 for w in words} | {w.x0 - 0.5 for w in words}
        between = sorted(x for x in edges if low <= x <= high) or [(low + high) / 2]
        head.cuts.append(min(between, key=_crossing(words, left, right)))


def _crossing(words: Sequence[Word], left: Column, right: Column) -> Callable[[float], tuple[float, float]]:
    def cost(x: float) -> tuple[float, float]:
        crossed = sum(word.x0 < x < word.x1 for word in words) + 3 * sum(c.x0 < x < c.x1 for c in (left, right))
        return crossed, abs(x - (left.x1 + right.x0) / 2)
    return cost


def _cells(line: Line, head: Head) -> Cells:
    cells: Cells = {}
    for word in line.words:
        index = sum(word.middle > cut for cut in head.cuts)
        cells.setdefault(head.columns[index].name, []).append(word)
    return cells


def _rows(lines: Sequence[Line], head: Head, sign: DecimalSign | None) -> list[Cells]:
    """The rows: each begins where numbers stand; text below belongs to the row above, as long as no white parts them."""
    rows: list[Cells] = []
    edge: Line | None = None
    for line in lines:
        cells = _cells(line, head)
        near = edge is not None and line.top - edge.bottom < 1.2 * max(line.height, edge.height)
        if near and _completes(rows[-1], cells, sign):
            _continue(rows[-1], cells, line, sign)
        elif _begins_row(cells, head, sign):
            rows.append(cells)
        elif near:
            _continue(rows[-1], cells, line, sign)
        else:
            continue
        edge = line
    return rows


def _numeric(cells: Cells, sign: DecimalSign | None) -> list[str]:
    return [name for name in NUMERIC_COLUMNS if name in cells and _number(name, cells[name], sign) is not None]


def _completes(row: Cells, cells: Cells, sign: DecimalSign | None) -> bool:
    """Whether the line brings the amount that its row lacks, and nothing that a row of its own would have."""
    return "quantity" in row and "amount" not in row and _numeric(cells, sign) == ["amount"]


def _begins_row(cells: Cells, head: Head, sign: DecimalSign | None) -> bool:
    numeric = _numeric(cells, sign)
    possible = [name for name in head.names if name in NUMERIC_COLUMNS]
    described = ("description" if "description" in head.names else "item_number") in cells
    if "amount" in numeric and described:
        return True
    return len(numeric) >= min(2, len(possible)) and (described or "position" in cells)


def _continue(row: Cells, cells: Cells, line: Line, sign: DecimalSign | None) -> None:
    """Adds a further line: its text to the description, which may run over the columns to its right, and what the row lacks."""
    numeric = _numeric(cells, sign)
    if "description" in cells:
        start = cells["description"][0].x0
        running = cells["description"] if numeric else [word for word in line.words if word.x0 >= start]
        row.setdefault("description", []).extend(running)
    for name, words in cells.items():
        if name not in row and (name in numeric if name in NUMERIC_COLUMNS else "description" not in cells or name == "position"):
            row[name] = words


# The cells


def _text(words: Sequence[Word]) -> str:
    """The words as one text; those that a line's end parted are joined again."""
    text = words[0].text
    for before, word in pairwise(words):
        if word.top > before.bottom - 1 and before.text.endswith(("-", "/")) and len(before.text) > 1:
            text = text[:-1] + word.text if before.text.endswith("-") and word.text[0].islower() else text + word.text
        else:
            text += " " + word.text
    return text


def _number(name: str, words: Sequence[Word], sign: DecimalSign | None) -> Any:
    text = _text(words)
    if name == "quantity":
        counted = quantity_and_unit(text, sign)
        return counted[0] if counted else None
    if (name in ("tax_rate", "discount") and "%" in text) or name == "tax_rate":
        return percent(text, sign)
    return parse_number(text, sign)


def _typed(page: Page, cells: Cells, sign: DecimalSign | None) -> dict[str, Found]:
    """The row's values; a numeric cell that is no number stays text, as it was printed."""
    row: dict[str, Found] = {}
    sure = _AGREEING_CELL_CONFIDENCE if _agrees(cells, sign) else _CELL_CONFIDENCE
    for name, words in cells.items():
        number = _number(name, words, sign) if name in NUMERIC_COLUMNS else None
        numeric = name in ("quantity", "unit_price", "amount")
        spot = page.spot(words, sure if numeric else _CELL_CONFIDENCE)
        if number is None:
            row[name] = Found(_text(words), spot)
            continue
        key = "discount_percent" if name == "discount" and "%" in _text(words) else name
        row[key] = Found(number_or_text(number), spot)
        counted = quantity_and_unit(_text(words), sign) if name == "quantity" else None
        if counted and counted[1] and "unit" not in cells:
            row["unit"] = Found(counted[1], spot)
    return {name: row[name] for name in _ordered(row)}


def _agrees(cells: Cells, sign: DecimalSign | None) -> bool:
    quantity, price, amount = (_number(n, cells[n], sign) if n in cells else None for n in ("quantity", "unit_price", "amount"))
    if quantity is None or price is None or amount is None:
        return False
    return bool(abs(quantity * price - amount) <= abs(amount) / 1000 + Decimal("0.01"))


_ORDER = ("position", "item_number", "description", "quantity", "unit", "unit_price", "discount", "discount_percent", "tax_rate",
          "tax_amount", "amount", "section")


def _ordered(row: dict[str, Found]) -> list[str]:
    return sorted(row, key=lambda name: _ORDER.index(name) if name in _ORDER else len(_ORDER))


# Till slips

_TILL_QUANTITY = re.compile(r"(\d{1,3})\s?[xX×]\s?(?=[^\W\d])")


def till_lines(pages: Sequence[Page], sign: DecimalSign | None) -> Table | None:
    """The lines of a slip without a head: a text on the left and an amount on the right, down to the first total."""
    rows: list[dict[str, Found]] = []
    for page in pages:
        for line in page.lines:
            left, right = line.phrases[0], line.phrases[-1]
            if any(word in key_of(left.text) for word in ("total", "balance", "amountdue", "rounding")):
                return Table("line_items", rows) if rows else None
            amount = parse_number(right.text, sign) if re.search(r"\d[.,]\d{2}\b", right.text) else None
            if len(line.phrases) == 2 and amount is not None and sum(c.isalpha() for c in left.text) > 2 and ":" not in left.text:
                rows.append(_till_row(page, left, right, amount))
    return None  # without a total below them they are no lines of a slip


def _till_row(page: Page, left: Phrase, right: Phrase, amount: Decimal) -> dict[str, Found]:
    counted = _TILL_QUANTITY.match(left.text)
    spot = page.spot(left.words, _TILL_CONFIDENCE)
    row = {"description": Found(left.text[counted.end() :] if counted else left.text, spot)}
    if counted:
        row["quantity"] = Found(int(counted[1]), spot)
    return row | {"amount": Found(number_or_text(amount), page.spot(right.words, _TILL_CONFIDENCE))}
