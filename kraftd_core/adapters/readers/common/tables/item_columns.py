"""Names the columns of a table of line items: by their heads, by what stands in them, and by figures that prove each other."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise, product
from typing import Any

from kraftd_core.adapters.readers.common.column_heads import Meaning, is_unit, meaning_of
from kraftd_core.adapters.readers.common.labels import distinct_columns, snake
from kraftd_core.adapters.readers.common.values import Manner, parse_number, quantity_and_unit

Rows = Sequence[Sequence[Any]]

_FEWEST_SECTIONED = 6
_SEEN, _MOST_NUMERIC = 300, 14  # rows looked at, and columns of numbers that are tried against each other
_LIKELY = {
    "quantity": {"quantity": 2, "amount": 0, None: 0},
    "unit_price": {"unit_price": 2, "amount": 0, None: 0},
    "amount": {"amount": 2, "unit_price": 0, None: 0},
}
NUMBERED = re.compile(r"(?:\d{1,5}|[A-Za-z]|[ivxIVX]{1,5}|[A-Z]{0,3}\d{0,4})(?:[.\-/]\w{1,4})*[.)]?")


def columns_of_items(headings: Sequence[str], body: Rows, manner: Manner) -> list[str]:
    """A name for each column, each used once; one that is not understood keeps its own words."""
    seen = body[:_SEEN]
    meanings = [meaning_of(heading) if heading else None for heading in headings]
    columns = [meaning.column if meaning else None for meaning in meanings]
    numbers = [_numbers(seen, n, manner) for n in range(len(headings))]
    proven = _proven(columns, numbers)
    if proven:
        _take(columns, proven)
    else:
        _settle_totals(columns, meanings, headings, numbers)
    _leave_one(columns, meanings, headings)
    _describe_once(columns, seen)
    _name_by_content(columns, headings, seen)
    both = enumerate(zip(columns, headings, strict=True), 1)
    return distinct_columns([column or _own_name(heading, n) for n, (column, heading) in both])


def _own_name(heading: str, n: int) -> str:
    """The head's own words; numbered where they are the name of a column that it is not."""
    name = snake(heading) or f"column_{n}"
    return f"{name}_{n}" if name in (*_LIKELY, "description", "unit", "position", "section") else name


def number_in(cell: Any, manner: Manner) -> Decimal | None:
    """The figure that a cell is, whether a number or a text."""
    if isinstance(cell, str):
        return parse_number(cell, manner.sign)
    return Decimal(str(cell)) if isinstance(cell, (int, float, Decimal)) and not isinstance(cell, bool) else None


def _numbers(rows: Rows, n: int, manner: Manner) -> list[Decimal | None]:
    return [number_in(row[n], manner) if n < len(row) else None for row in rows]


# Quantity, price and amount prove each other


def _proven(columns: Sequence[str | None], numbers: Sequence[Sequence[Decimal | None]]) -> Sequence[int]:
    """The columns of quantity, price and amount whose product holds, line for line; the likeliest by their heads.

    None where two prices are as likely, as of supply and of erection.
    """
    numeric = [n for n, column in enumerate(numbers) if sum(1 for x in column if x) >= 2]
    numeric = sorted(numeric, key=lambda n: (columns[n] not in _LIKELY, -n))[:_MOST_NUMERIC]  # the named, then the last ones
    by_role = [[n for n in numeric if columns[n] in _LIKELY[role]] for role in _LIKELY]
    best: Sequence[int] = ()
    best_score, is_told = (0, 0), True
    for triple in product(*by_role):
        if len(set(triple)) == 3 and (hits := _hits(*(numbers[n] for n in triple))):
            score = hits, sum(_LIKELY[role][columns[n]] for role, n in zip(_LIKELY, triple, strict=True))
            if score > best_score:
                best, best_score, is_told = triple, score, True
            elif score == best_score:
                is_told = is_told and numbers[triple[1]] == numbers[best[1]]
    return best if is_told else ()


def _hits(quantities: Sequence[Decimal | None], prices: Sequence[Decimal | None], amounts: Sequence[Decimal | None]) -> int:
    """How many lines the product holds on, none where it fails on more than a few; ones and zeros prove nothing."""
    telling = [(q, p, a) for q, p, a in zip(quantities, prices, amounts, strict=True) if q and p and a and q != 1 and p != 1]
    held = sum(abs(q * p - a) <= max(Decimal("0.51"), abs(a) / 10_000) for q, p, a in telling)
    return held if held >= 2 and held >= 0.8 * len(telling) else 0


def _take(columns: list[str | None], proven: Sequence[int]) -> None:
    for n, column in enumerate(columns):
        if n not in proven and column in _LIKELY:
            columns[n] = None
    for role, n in zip(_LIKELY, proven, strict=True):
        columns[n] = role


# Heads that say too little or too much


def _settle_totals(
    columns: list[str | None],
    meanings: Sequence[Meaning | None],
    headings: Sequence[str],
    numbers: Sequence[Sequence[Decimal | None]],
) -> None:
    """A column headed TOTAL that sums up columns of other names is a quantity where nothing else is one, and no price stands."""
    if "quantity" in columns or "unit_price" in columns:
        return
    for n, meaning in enumerate(meanings):
        if meaning == Meaning("amount", is_plain=False) and headings[n]:
            parts = [m for m in range(n) if columns[m] is None and any(numbers[m])]
            sums = [(sum(filter(None, (numbers[m][r] for m in parts)), Decimal(0)), x) for r, x in enumerate(numbers[n]) if x]
            if len(parts) > 1 and sums and all(a == b for a, b in sums):
                columns[n] = "quantity"
                return


def _leave_one(columns: list[str | None], meanings: Sequence[Meaning | None], headings: Sequence[str]) -> None:
    """Of several heads for one figure the plain one counts; several that say more than that are each their own."""
    for role in ("quantity", "unit_price", "amount"):
        claims = [n for n, column in enumerate(columns) if column == role]
        plain = [n for n in claims if (meaning := meanings[n]) is None or meaning.is_plain or meaning.column != role]
        totals = [n for n in claims if "total" in headings[n].casefold()]
        kept = totals[:1] if totals and role == "quantity" else plain[:1] if role != "amount" else plain[-1:]
        if len(claims) > 1 and (kept or not plain) and not (role == "amount" and len(plain) > 1):
            for n in claims:
                columns[n] = role if n in kept else None
    described = [n for n, column in enumerate(columns) if column == "description"]
    plain = [n for n in described if (meaning := meanings[n]) and meaning.is_plain]
    for n in described:
        if len(described) > 1 and plain and n not in plain:
            columns[n] = None


def _describe_once(columns: list[str | None], rows: Rows) -> None:
    """Of several columns that describe, the one that changes most counts; one that stays the same for rows heads sections."""
    described = [n for n, column in enumerate(columns) if column == "description"]
    if len(described) < 2:
        return
    told = {n: _texts(rows, n) for n in described}
    changes = {n: sum(a != b for a, b in pairwise(told[n])) for n in described}
    kept = max(described, key=lambda n: (changes[n], n))
    for n in described:
        if n != kept:
            stays = len(told[n]) >= _FEWEST_SECTIONED and 2 * changes[n] <= len(told[n])
            is_code = "item_number" not in columns and _are_codes(rows, n)
            columns[n] = "item_number" if is_code else "section" if stays and "section" not in columns else None


def _are_codes(rows: Rows, n: int) -> bool:
    """Whether a column holds the numbers of articles: whole numbers, or single words with digits in them."""
    cells = [row[n] for row in rows if n < len(row) and row[n] is not None]
    words = [cell for cell in cells if isinstance(cell, str)]
    are_single = all(len(word.split()) == 1 and any(c.isdigit() for c in word) for word in words)
    return bool(cells) and are_single and all(isinstance(cell, (str, int)) for cell in cells)


# By what stands in the columns


def _name_by_content(columns: list[str | None], headings: Sequence[str], rows: Rows) -> None:
    """Columns without a head: units by their words, then the longest texts, then the numbers before them."""
    bare = [n for n, heading in enumerate(headings) if not heading.strip()]
    if "unit" not in columns:
        units = [n for n, column in enumerate(columns) if column is None and _are_units(_texts(rows, n))]
        for n in units[:1]:
            columns[n] = "unit"
    if "description" not in columns and "item" not in columns:
        longest = max(bare, key=lambda n: sum(map(len, _texts(rows, n))), default=None)
        if longest is not None and columns[longest] is None and _texts(rows, longest):
            columns[longest] = "description"
    described = columns.index("description") if "description" in columns else 0
    if "position" not in columns:
        numbered = [n for n in bare if n < described and columns[n] is None and _are_numbered(rows, n)]
        if numbered:
            columns[numbered[0]] = "position"


def _texts(rows: Rows, n: int) -> list[str]:
    return [row[n] for row in rows if n < len(row) and isinstance(row[n], str)]


def _are_units(texts: Sequence[str]) -> bool:
    return len(texts) >= 2 and sum(map(is_unit, texts)) >= 0.7 * len(texts)


def _are_numbered(rows: Rows, n: int) -> bool:
    filled = [str(row[n]).strip() for row in rows if n < len(row) and row[n] is not None]
    return bool(filled) and sum(bool(NUMBERED.fullmatch(text)) for text in filled) >= 0.8 * len(filled)


def columns_without_head(rows: Rows, manner: Manner) -> list[str] | None:
    """The columns of rows that have no head: a unit with a text before it and a quantity beside it; None if they are not so."""
    width = max((len(row) for row in rows), default=0)
    columns: list[str | None] = [None] * width
    _name_by_content(columns, [""] * width, rows[:_SEEN])
    if "unit" not in columns or "description" not in columns:
        return None
    unit = columns.index("unit")
    counted = [row for row in rows[:_SEEN] if unit < len(row) and isinstance(row[unit], str) and is_unit(row[unit])]
    numeric = [n for n in _beside(unit, width) if columns[n] is None and _mostly_numbers(counted, n, manner)]
    if not numeric:
        return None
    columns[numeric[0]] = "quantity"
    return columns_of_items([column or "" for column in columns], rows, manner)


def _beside(n: int, width: int) -> Iterator[int]:
    """The columns after this one, then the one before it."""
    yield from range(n + 1, width)
    yield from range(n - 1, max(n - 2, -1), -1)


def _mostly_numbers(rows: Rows, n: int, manner: Manner) -> bool:
    cells = [row[n] if n < len(row) else None for row in rows]
    return sum(number_in(cell, manner) is not None for cell in cells) >= max(2, 0.5 * len(cells))


def counted_in(cell: Any, manner: Manner) -> Decimal | None:
    """The quantity that a cell states, a unit beside it aside."""
    if isinstance(cell, str) and (counted := quantity_and_unit(cell, manner.sign)):
        return counted[0]
    return number_in(cell, manner)
