"""The checks on rates that stand apart from a base: a row that is a share of others, and a rate that no sum took in."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import accumulate, chain, combinations

from kraftd_core.document.changes import path_of
from kraftd_core.document.checks.line_words import TAX_LINE, text_of
from kraftd_core.document.checks.model import Document, Finding, Line, held, is_blank, not_checked, percent, plain_figure
from kraftd_core.document.checks.names import Part, Term, is_no_money, shares_of
from kraftd_core.document.checks.rarer.tongues import is_called_a_sum
from kraftd_core.document.checks.ways import Sums, is_told_by, parts_named, ways_before_tax
from kraftd_core.document.checks.words import FIGURES
from kraftd_core.document.wording import in_sentence, money, quantity

_COLUMN = re.compile(r"percent|percentage|pct|%|surcharge_(?:percent|rate)|rate_percent")
_IN_TEXT = re.compile(r"(?<![\d.,])\d{1,3}(?:[.,]\d{1,3})?\s?%")
_SHARES: frozenset[Part] = frozenset(("discount", "charge", "extra", "tip", "withheld"))
_MOST_ROWS, _MOST_LINES = 20, 200  # of longer tables any figure would be the share of some


def shares(found: Sums) -> Iterator[Finding]:
    """What there is to say of rows that are shares of others, and of the rates of the document that stand alone."""
    rows = [(line, *rate) for line in found.document.items if (rate := _rate_of_row(found, line))]
    if len(rows) > _MOST_ROWS or len(found.document.items) > _MOST_LINES:
        cells = tuple(line.path("amount") for line, _, _ in rows)
        yield from [not_checked("rate", "The table is too long to find of what its shares are taken.", cells)] if rows else []
    else:
        yield from (answer for line, share, cell in rows for answer in _row(found, line, share, cell))
    told = {cell for _, _, cell in rows}
    yield from (answer for term in found.terms if term.cell not in told for answer in _alone(found, term))


def sums_not_looked_at(found: Sums, given: Iterable[Finding]) -> Iterator[Finding]:
    """What is called a sum of money and was compared with nothing: nobody says that it is right, unless others make it."""
    document = found.document
    cells = {cell for finding in given if finding.check in FIGURES for cell in finding.cells}
    for name in document.data:
        own = document.called(name)
        value = document.number(name)
        if not value or not is_called_a_sum(own) or is_no_money(own) or path_of(name) in cells:
            continue
        cell = (path_of(name),)
        if _is_made_by_others(found, name, value):
            said = f"The {in_sentence(own)} {money(value)} is what others make."
            yield held("figure", said, cell, None, document.smallest_unit)
        else:
            yield not_checked("figure", f"The {in_sentence(own)} {money(value)} was compared with nothing.", cell)


def _is_made_by_others(found: Sums, name: str, value: Decimal) -> bool:
    """Whether it is what may be taxed, what the lines come to, or two other figures of the document together."""
    near = found.document.smallest_unit
    sums = [way for way, _ in ways_before_tax(found)] + [way.value for way in found.lines.ways if found.lines.counted]
    others = [other for n in found.document.data if n != name and (other := found.document.number(n))][:_MOST_ROWS]
    pairs = (one + sign * other for one, other in combinations(others, 2) for sign in (1, -1))
    return any(abs(abs(made) - abs(value)) <= near for made in chain(sums, pairs))


def _rate_of_row(found: Sums, line: Line) -> tuple[Decimal, str | None] | None:
    """The rate that a row without quantity and price names, in its column, in a field of the document or in its text."""
    if line.number("amount") is None or not (is_blank(line.row.get("quantity")) and is_blank(line.row.get("unit_price"))):
        return None
    for name in line.row:
        if _COLUMN.fullmatch(name.lower()) and (rate := line.number(name)):
            return rate, line.path(name)
    if term := next((term for term in found.terms if is_told_by(term, line)), None):
        return term.value, term.cell
    named = _IN_TEXT.findall(text_of(line))
    is_share = len(named) == 1 and set(parts_named(line)) & _SHARES and not TAX_LINE.search(text_of(line))
    rate = percent(named[0]) if is_share else None
    return (rate, None) if rate else None


def _row(found: Sums, line: Line, rate: Decimal, cell: str | None) -> Iterator[Finding]:
    amount = abs(line.number("amount") or Decimal(0))
    cells = (*((cell,) if cell else ()), line.path("amount"))
    near = found.document.smallest_unit
    if any(abs(abs(base * share) - amount) <= near for base in _bases(found, line) for share in shares_of(rate)):
        yield held("rate", f"{line.title}: the amount is {quantity(rate)} % of other amounts.", cells, None, near)
    elif cell is None:
        yield not_checked("rate", f"{line.title}: no amounts were found of which it is {quantity(rate)} %.", cells)
    else:
        base = sum((one.number("amount") or Decimal(0) for one in found.document.items[: line.index]), Decimal(0))
        expected = (base * next(shares_of(rate), Decimal(0))).quantize(near)
        message = f"{line.title}: {quantity(rate)} % of {money(base)} is {money(expected)}, but the amount says {money(amount)}."
        yield Finding("rate", "warning", message, cells, plain_figure(expected), plain_figure(amount))


def _bases(found: Sums, line: Line) -> Iterator[Decimal]:
    """The amounts before the row, each run of them that ends or begins with one, all others, and the sums of the document."""
    amounts = [one.number("amount") or Decimal(0) for one in found.document.items if one is not line]
    before = amounts[: line.index]
    yield from (*amounts, *accumulate(before), *accumulate(reversed(before)), sum(amounts, Decimal(0)))
    yield from _sums_of(found.document)


def _sums_of(document: Document) -> Iterator[Decimal]:
    yield from (value for name in document.data if (value := document.number(name)) is not None)


def _alone(found: Sums, term: Term) -> Iterator[Finding]:
    """A rate that no sum took in, and that stands beside no amount of its name: it is not said to be right unless it is found."""
    document, place = found.document, found.terms.index(term)
    ways = [*(found.to_subtotal or ()), *(found.to_total or ())]
    if term.role.form != "percent" or term.role.part == "tax" or any(way.used >> place & 1 for way in ways):
        return
    bases = [value for value in (*_sums_of(document), *(line.number("amount") for line in document.items)) if value]
    near = document.smallest_unit
    name = in_sentence(term.cell)
    if any(abs(base * share - other) <= near for base in bases for share in shares_of(term.value) for other in bases):
        yield held("rate", f"The {name} is taken of an amount of the document.", (term.cell,), None, near)
    else:
        yield not_checked("rate", f"The {name} could not be compared: no amount stands beside it.", (term.cell,))
