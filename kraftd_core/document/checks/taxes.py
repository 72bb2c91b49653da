"""The check on taxes: what each rate makes of its base is the tax that is stated."""

from collections.abc import Iterator
from decimal import Decimal

from kraftd_core.document.changes import path_of
from kraftd_core.document.checks.model import Document, Finding, Line, plain_figure
from kraftd_core.document.wording import money, quantity

_BREAKDOWN = "tax_breakdown"


def taxes_by_rate(document: Document) -> Iterator[Finding]:
    """The tax of each rate of the breakdown; where there is none, the tax of the lines, by their rates."""
    breakdown = document.tables.get(_BREAKDOWN, [])
    if breakdown:
        for row in breakdown:
            yield from _row_of_breakdown(document, row)
    else:
        yield from _tax_of_lines(document)


def _row_of_breakdown(document: Document, row: Line) -> Iterator[Finding]:
    rate, base, tax = (row.number(column) for column in ("tax_rate", "taxable_amount", "tax_amount"))
    if rate is None or base is None or tax is None:
        return
    # Issuers round the tax line by line: it drifts by half a unit for each line.
    drift = document.smallest_unit * max(1, len(document.items)) / 2
    expected = base * rate / 100
    if abs(expected - tax) <= drift + document.smallest_unit:
        return
    right = _rounded(expected, document)
    message = f"{row.title}: {quantity(rate)} % of {money(base)} is {right}, but the tax says {money(tax)}."
    cells = tuple(row.path(column) for column in ("tax_rate", "taxable_amount", "tax_amount"))
    yield Finding("tax", "error", message, cells, right, plain_figure(tax))


def _tax_of_lines(document: Document) -> Iterator[Finding]:
    """Only where the lines with their rates are all there is: they add up to the subtotal, with nothing added or taken off."""
    lines, subtotal, tax = document.priced_items, document.number("subtotal"), document.number("total_tax")
    parts = [] if subtotal is None or tax is None else _amounts_and_rates(lines)
    if subtotal is None or tax is None or not parts:
        return
    drift = document.smallest_unit * (len(parts) + 1)
    bases: dict[Decimal, Decimal] = {}
    for amount, rate in parts:
        bases[rate] = bases.get(rate, Decimal(0)) + amount
    expected = sum((base * rate / 100 for rate, base in bases.items()), Decimal(0))
    if abs(sum(bases.values()) - subtotal) > drift or abs(expected - tax) <= drift:
        return
    message = f"The lines with their tax rates make a tax of {_rounded(expected, document)}, but the tax says {money(tax)}."
    cells = tuple(line.path(column) for line in lines for column in ("amount", "tax_rate"))
    yield Finding("tax", "error", message, (*cells, path_of("total_tax")), _rounded(expected, document), plain_figure(tax))


def _amounts_and_rates(lines: list[Line]) -> list[tuple[Decimal, Decimal]]:
    """Those of all lines; none where one of them lacks them."""
    parts = []
    for line in lines:
        part = _amount_and_rate(line)
        if part is None:
            return []
        parts.append(part)
    return parts


def _amount_and_rate(line: Line) -> tuple[Decimal, Decimal] | None:
    amount, rate = line.number("amount"), line.number("tax_rate")
    if amount is None or rate is None or 0 < abs(rate) < 1:  # below one it may be percent or a share: nothing to be told
        return None
    return amount, rate


def _rounded(value: Decimal, document: Document) -> str:
    return plain_figure(value.quantize(document.smallest_unit))
