"""Says which words of a statement cannot be derived from a document's JSON, by simple and strict rules of its own."""

import json
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import permutations
from typing import Any

_NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?(?![\w])")
_CODE = re.compile(r"(?:\w|[-/.:,](?=\w))*\d(?:\w|[-/.:,](?=\w))*")
_WORD = re.compile(r"[^\W\d_]+")
_BEGINS = re.compile(r"(?:^|[.!?:…] |→ |[(“])$")

OPENERS = frozenset(re.findall(r"\w+", """
    this it the there line supplier customer invoice order receipt due delivery subtotal tax total compare add look review record
    clear pay find settle nothing see answer ask agree price book no row write tick pass corrected quantity checks a value values
    your document currency unit description amount payment bank you reviewer approve match set do file choose missing none nothing
    whether not read
"""))
"""With what the sentences of the rules begin; anything else that begins one must stand in the document."""


def unsupported(statement: str, data: dict[str, Any], also: Iterable[str] = (), counts: Iterable[int] = ()) -> list[str]:
    """The numbers, days, codes and capitalised words that neither the data, nor what is `also` known, nor sums of it hold."""
    texts = [*_texts(data), *also]
    spoken = " \n ".join(texts).casefold()
    numbers = {abs(n) for n in _derived(data, texts)} | set(map(Decimal, counts))
    faults = [match[0] for match in _CODE.finditer(statement) if not _is_supported(match[0], spoken, numbers)]
    words = set(re.findall(r"[^\W\d_]+", spoken.replace("_", " ")))
    for match in _WORD.finditer(statement):
        word = match[0].casefold()
        if match[0][0].isupper() and word not in words and not (_BEGINS.search(statement[: match.start()]) and word in OPENERS):
            faults.append(match[0])
    return faults


def _is_supported(code: str, spoken: str, numbers: set[Decimal]) -> bool:
    if re.search(rf"(?<!\w){re.escape(code.casefold())}(?!\w)", spoken):
        return True
    figure = re.fullmatch(r"\d[\d,]*(?:\.\d+)?", code)
    return figure is not None and any(abs(Decimal(code.replace(",", "")) - n) <= Decimal("0.005") for n in numbers)


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, dict):
        for name, member in value.items():
            if name != "_row_id":
                yield name.replace("_", " ").replace("tax id", "VAT number")
                yield from _texts(member)
    elif isinstance(value, list):
        for member in value:
            yield from _texts(member)
    elif value is not None:
        yield json.dumps(value) if not isinstance(value, str) else value


def _derived(data: dict[str, Any], texts: Sequence[str]) -> Iterable[Decimal]:
    """The numbers as they stand, counts and places of rows, products, sums and shares of columns, differences and rates."""
    for text in texts:
        yield from (Decimal(number.replace(",", "")) for number in _NUMBER.findall(text))
    totals = [Decimal(str(v)) for v in data.values() if isinstance(v, (int, float)) and not isinstance(v, bool)]
    for table in (value for value in data.values() if isinstance(value, list)):
        rows = [row for row in table if isinstance(row, dict)]
        yield from map(Decimal, range(len(rows) + 1))
        for column in {name for row in rows for name in row}:
            cells = [row.get(column) for row in rows]
            figures = [Decimal(str(cell)) for cell in cells if isinstance(cell, (int, float)) and not isinstance(cell, bool)]
            totals.append(sum(figures, Decimal(0)))
            yield from (figure / totals[-1] * 100 // 1 for figure in figures if totals[-1])  # shares, rounded down
        yield from _of_groups(rows)
        for row in rows:
            if all(isinstance(row.get(name), (int, float)) for name in ("quantity", "unit_price")):
                yield Decimal(str(row["quantity"])) * Decimal(str(row["unit_price"]))
    yield from totals
    for one, other in permutations(totals, 2):
        yield from (one - other, one + other)
        if other:
            yield (one / other * 100).quantize(Decimal("0.1"))


def _of_groups(rows: list[dict[str, Any]]) -> Iterable[Decimal]:
    """What the amounts of rows come to that say the same in a column, and what the largest ten are of them all."""
    amounts = [Decimal(str(row["amount"])) for row in rows if isinstance(row.get("amount"), (int, float))]
    if sum(amounts):
        yield sum(sorted(amounts)[-10:], Decimal(0)) / sum(amounts) * 100 // 1
    for name in {name for row in rows for name, value in row.items() if isinstance(value, str) and name != "_row_id"}:
        for value in {row.get(name) for row in rows if isinstance(row.get(name), str)}:
            group = [row["amount"] for row in rows if row.get(name) == value and isinstance(row.get("amount"), (int, float))]
            yield sum((Decimal(str(amount)) for amount in group), Decimal(0))
