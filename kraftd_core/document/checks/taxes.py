"""The check on taxes: what each rate makes of its base is the tax that is stated."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from kraftd_core.document.changes import path_of
from kraftd_core.document.checks.lines import Way
from kraftd_core.document.checks.model import Document, Finding, Line, divided, held, not_checked, number, plain_figure
from kraftd_core.document.checks.names import as_written, role_of, shares_of
from kraftd_core.document.checks.owed import total_name
from kraftd_core.document.checks.tax_words import field_that_shifts_the_tax, has_tax_included, owes_the_customer
from kraftd_core.document.checks.ways import LINES_HOLD_TAX, SUBTOTAL_HOLDS_TAX, Sums, parts_named, through, ways_before_tax
from kraftd_core.document.wording import how_many, in_sentence, money, quantity

_RATES = ("tax_rate", "rate", "percent", "vat_rate", "tax_percent", "vat_percent", "gst_rate")
_BASES = ("taxable_amount", "base_amount", "net_amount", "taxable_value", "tax_base", "base", "taxable", "net")
_TAXES = ("tax_amount", "vat_amount", "gst_amount", "amount", "tax", "vat")


def taxes_by_rate(sums: Sums) -> Iterator[Finding]:
    """The tax of each rate of the breakdown and of each line, and the tax of the document by its lines or by its own rate."""
    document = sums.document
    breakdown = [line for name, lines in document.tables.items() if _tells_taxes(name) for line in lines]
    of_rows = [finding for row in breakdown for finding in _row_of_breakdown(sums, row)]
    yield from of_rows
    if all(finding.answer == "held" for finding in of_rows):  # what is wrong in a row is wrong in the sum
        yield from _sum_of_breakdown(document, sums, breakdown)
    yield from _taxes_on_lines(document)
    if not any(row.number("tax_rate") is not None for row in breakdown):
        yield from _tax_of_lines(document, sums)
    yield from _tax_by_own_rate(document, sums)
    yield from _sign_of_tax(document, sums)
    yield from _tax_that_is_the_customers(document)


def _tax_that_is_the_customers(document: Document) -> Iterator[Finding]:
    """Where the customer owes the tax, none is charged; lines of other rates may be beside."""
    tax, said = document.number("total_tax"), field_that_shifts_the_tax(document)
    is_of_one_rate = len({line.number("tax_rate") for line in document.items}) <= 1
    if said and tax and is_of_one_rate and document.number(total_name(document.data)):
        message = f"The {in_sentence(said)} says that the customer owes the tax, but a tax of {money(tax)} is stated."
        yield Finding("tax", "warning", message, (path_of(said), path_of("total_tax")), None, plain_figure(tax))


def _sign_of_tax(document: Document, sums: Sums) -> Iterator[Finding]:
    """A tax is owed with what is taxed, and given back with it."""
    tax, base = document.number("total_tax"), sums.subtotal
    if tax and base and (tax < 0) != (base < 0):
        message = f"The tax {money(tax)} has another sign than the subtotal {money(base)}."
        yield Finding("tax", "warning", message, ("subtotal", "total_tax"), None, plain_figure(tax))


def _tells_taxes(table: str) -> bool:
    return table != "line_items" and (role := role_of(table)) is not None and role.part == "tax"


def _first(row: Line, names: Iterable[str]) -> tuple[str, Decimal] | None:
    return next(((name, value) for name in names if (value := row.number(name)) is not None), None)


def _row_of_breakdown(sums: Sums, row: Line) -> Iterator[Finding]:
    document = sums.document
    rate, base, tax = _first(row, _RATES), _first(row, _BASES), _first(row, _TAXES)
    if rate is None or tax is None:
        return
    if base is None:
        yield from _row_without_base(sums, row, rate, tax)
        return
    # Issuers round the tax line by line: it drifts by half a unit for each line.
    drift = document.smallest_unit * max(1, len(document.items)) / 2 + document.tolerance(tax[1])
    cells = tuple(row.path(name) for name, _ in (rate, base, tax))
    expected = [base[1] * share for share in shares_of(rate[1])]
    if any(abs(value - tax[1]) <= drift for value in expected):
        yield held("tax", f"{row.title}: the tax is {_percent(rate[1])} of {money(base[1])}.", cells, None, drift)
    elif tax[1] == 0 and owes_the_customer(document):
        yield held("tax", f"{row.title}: no tax is charged.", cells, "the customer owes the tax", drift)
    else:
        right = _rounded(expected[-1] if expected else Decimal(0), document)
        message = f"{row.title}: {_percent(rate[1])} of {money(base[1])} is {right}, but the tax says {money(tax[1])}."
        yield Finding("tax", "error", message, cells, right, plain_figure(tax[1]))


def _row_without_base(sums: Sums, row: Line, rate: tuple[str, Decimal], tax: tuple[str, Decimal]) -> Iterator[Finding]:
    """A tax beside its rate alone is of all that may be taxed; or, where lines are taxed apart, of some of them."""
    document, cells = sums.document, tuple(row.path(name) for name, _ in (rate, tax))
    near = document.smallest_unit * max(1, len(document.items)) / 2 + document.tolerance(tax[1])
    bases = [value for value, _ in ways_before_tax(sums)]
    if any(abs(base * share - tax[1]) <= near for base in bases for share in shares_of(rate[1])):
        yield held("tax", f"{row.title}: the tax is {_percent(rate[1])} of what is taxed.", cells, None, near)
    elif not bases or _is_taxed_in_part(document) or any(map(_is_mark_of_tax, document.item_columns)) or tax[1] == 0:
        yield not_checked("tax", f"{row.title}: what is taxed at {_percent(rate[1])} is not stated.", cells)
    else:
        right = _rounded(bases[0] * [*shares_of(rate[1])][-1], document)
        message = f"{row.title}: {_percent(rate[1])} of {money(bases[0])} is {right}, but the tax says {money(tax[1])}."
        yield Finding("tax", "warning", message, cells, right, plain_figure(tax[1]))


def _percent(rate: Decimal) -> str:
    return f"{quantity(rate * 100 if 0 < abs(rate) < 1 else rate)} %"


def _sum_of_breakdown(document: Document, sums: Sums, breakdown: list[Line]) -> Iterator[Finding]:
    """The taxes of all rates are the tax of the document."""
    stated = document.number("total_tax")
    taxes = [(row, found) for row in breakdown if (found := _first(row, _TAXES))]
    if stated is None or not taxes or len(taxes) < len(breakdown):
        return
    yield from _bases_of_breakdown(document, sums, breakdown, stated)
    total = sum((value for _, (_, value) in taxes), Decimal(0))
    cells = (*(row.path(name) for row, (name, _) in taxes), "total_tax")
    near = document.smallest_unit * len(taxes) + document.tolerance(stated)
    if abs(total - stated) <= near or (stated == 0 and owes_the_customer(document)):
        yield held("tax", f"The taxes of all rates are the tax, {money(stated)}.", cells, None, near)
    else:
        message = f"The taxes of all rates add up to {money(total)}, but the tax says {money(stated)}."
        yield Finding("tax", "error", message, cells, plain_figure(total), plain_figure(stated))


def _bases_of_breakdown(document: Document, sums: Sums, breakdown: list[Line], tax: Decimal) -> Iterator[Finding]:
    """What is taxed at all rates is all there is; several taxes may be of one base, and what is not taxed may be left out."""
    bases = [(row, found) for row in breakdown if (found := _first(row, _BASES))]
    wholes = [*_bases_of_tax(document, sums, tax), *([sums.total - tax] if sums.total is not None else [])]
    if len(bases) < len(breakdown) or not wholes:
        return
    values = [value for _, (_, value) in bases]
    untaxed = sum((line.number("amount") or Decimal(0) for line in document.items if not line.number("tax_rate")), Decimal(0))
    of_all = sum(values, Decimal(0))
    near = document.smallest_unit * len(bases) + document.tolerance(of_all)
    cells = (*(row.path(name) for row, (name, _) in bases), *(("subtotal",) if sums.subtotal is not None else ()))
    if any(abs(of_all - whole) <= near or abs(of_all + untaxed - whole) <= near for whole in wholes):
        yield held("tax_base", f"The bases of all rates are what is taxed, {money(of_all)}.", cells, None, near)
    elif of_all > max(wholes) and all(value <= max(wholes) + near for value in values):
        yield not_checked("tax_base", "Several taxes are of one base: their bases could not be added up.", cells)
    else:
        message = f"The bases of all rates add up to {money(of_all)}, but {money(wholes[0])} is to be taxed."
        yield Finding("tax_base", "warning", message, cells, plain_figure(wholes[0]), plain_figure(of_all))


def _taxes_on_lines(document: Document) -> Iterator[Finding]:
    """The tax of a line is its rate of its amount, be that with the tax or without."""
    right = []
    for line in document.items if {"tax_rate", "tax_amount"} <= document.item_columns else ():
        rate, tax, amount = line.number("tax_rate"), line.number("tax_amount"), line.number("amount")
        if rate is None or tax is None or amount is None:
            continue
        near = document.smallest_unit + document.tolerance(tax)
        nets = [
            amount,
            *(net for name in ("net_amount", "taxable_amount") if (net := line.number(name)) is not None),
            amount - tax,
        ]
        if any(abs(net * share - tax) <= near for net in nets for share in (*shares_of(rate), Decimal(0)) if share or rate == 0):
            right.append(line)
        elif not (tax == 0 and owes_the_customer(document)):
            expected = _rounded(amount * next(shares_of(rate), Decimal(0)), document)
            cells = tuple(line.path(name) for name in ("tax_rate", "amount", "tax_amount"))
            message = f"{line.title}: {_percent(rate)} of {money(amount)} is {expected}, but the tax says {money(tax)}."
            yield Finding("tax", "error", message, cells, expected, plain_figure(tax))
    if right:
        cells = tuple(line.path("tax_amount") for line in right)
        yield held(
            "tax", f"The tax is its rate of the amount in {how_many(len(right), 'line')}.", cells, None, document.smallest_unit
        )


# The tax of the document


def _tax_of_lines(document: Document, sums: Sums) -> Iterator[Finding]:
    """The lines with their rates make the tax; what is added or taken off after them changes it in proportion."""
    tax = document.number("total_tax")
    if tax is None or "tax_rate" not in document.item_columns:
        return
    parts = _amounts_and_rates([line for line in sums.lines.counted if line.number("amount") != 0])
    if not parts:
        return
    cells = tuple(line.path(column) for line in sums.lines.counted for column in ("amount", "tax_rate"))
    cells = (*cells, path_of("total_tax"))
    drift = document.smallest_unit * (len(parts) + 1) / 2 + document.tolerance(tax)
    added = sum((amount for amount, _ in parts), Decimal(0))
    bases = [value for value, _ in ways_before_tax(sums)] or [added]
    readings = [reading for share in _scales(parts) for reading in _taxes_of(parts, share, added, bases)]
    fitting = next((phrase for value, phrase in readings if abs(value - tax) <= drift), None)
    if fitting is not None:
        yield held("tax", f"The lines with their tax rates make the tax, {money(tax)}.", cells, fitting or None, drift)
    elif tax == 0 and owes_the_customer(document):
        yield held("tax", "No tax is charged, whatever the rates.", cells, "the customer owes the tax", drift)
    elif any(abs(base - added) <= drift for base in bases[:1]):
        expected = _rounded(readings[0][0], document)
        message = f"The lines with their tax rates make a tax of {expected}, but the tax says {money(tax)}."
        yield Finding("tax", "error", message, cells, expected, plain_figure(tax))
    else:
        yield not_checked("tax", "The tax could not be compared with the rates of the lines.", cells)


def _scales(parts: list[tuple[Decimal, Decimal]]) -> tuple[Decimal, ...]:
    """Rates are percentages, unless all are below one: then they may be shares, too."""
    percent = Decimal("0.01")
    return (Decimal(1), percent) if all(abs(rate) < 1 for _, rate in parts) else (percent,)


def _taxes_of(
    parts: list[tuple[Decimal, Decimal]], scale: Decimal, added: Decimal, bases: list[Decimal]
) -> Iterator[tuple[Decimal, str]]:
    """The tax of the lines as they stand; in proportion to each base; and where the lines hold the tax."""
    net = sum((amount * rate * scale for amount, rate in parts), Decimal(0))
    yield net, ""
    if added:
        yield from (
            (divided(net * base, added), "with what is added to the lines or taken off") for base in bases if base != added
        )
        rates = {rate for _, rate in parts}
        if len(rates) > 1:  # what is added or taken off may be taxed by one of the rates
            yield from (
                (net + (base - added) * rate * scale, "with what is added to the lines") for base in bases for rate in rates
            )
    gross = (divided(amount * rate * scale, 1 + rate * scale) for amount, rate in parts if rate * scale > -1)
    yield sum(gross, Decimal(0)), LINES_HOLD_TAX


def _amounts_and_rates(lines: list[Line]) -> list[tuple[Decimal, Decimal]]:
    """Those of all lines; none where one of them lacks them."""
    parts = []
    for line in lines:
        amount, rate = line.number("amount"), line.number("tax_rate")
        if amount is None or rate is None:
            return []
        parts.append((amount, rate))
    return parts


def _tax_by_own_rate(document: Document, sums: Sums) -> Iterator[Finding]:
    """The rate that the document states for all of it makes its tax."""
    tax, rates = document.number("total_tax"), list(_own_rates(document))
    if tax is None or not rates:
        return
    cells = (*(path_of(name) for name, _ in rates), *(("subtotal",) if sums.subtotal is not None else ()), "total_tax")
    if sums.subtotal is None and sums.total is not None and has_tax_included(document):
        cells = (*cells, path_of(sums.total_name or "total"))
    rate = sum((value for _, value in rates), Decimal(0))
    bases = _bases_of_tax(document, sums, tax)
    near = document.smallest_unit * max(1, len(document.items)) / 2 + document.tolerance(tax)
    if not bases:
        yield not_checked("tax", "The tax could not be compared with its rate.", cells)
    elif any(abs(base * share - tax) <= near for base in bases for share in shares_of(rate)) or (rate == 0 and abs(tax) <= near):
        yield held("tax", f"The tax is {_percent(rate)} of its base.", cells, None, near)
    elif tax == 0 and owes_the_customer(document):
        yield held("tax", "No tax is charged, whatever the rate.", cells, "the customer owes the tax", near)
    elif _holds_the_tax(sums, rate, tax, near):
        yield held("tax", f"The tax is {_percent(rate)} of its base.", cells, "the sum includes the tax", near)
    elif _is_taxed_in_part(document):
        yield not_checked("tax", "The tax could not be compared with its rate: not all lines are taxed.", cells)
    else:
        expected = _rounded(bases[0] * next(iter([*shares_of(rate)][-1:]), Decimal(0)), document)
        message = f"{_percent(rate)} of {money(bases[0])} is {expected}, but the tax says {money(tax)}."
        yield Finding("tax", "error", message, cells, expected, plain_figure(tax))


def _bases_of_tax(document: Document, sums: Sums, tax: Decimal) -> list[Decimal]:
    """What the tax may be taken of: the base that is stated, else the subtotal with what is added or taken off."""
    stated = [base for name in document.data if _is_base(name) and (base := document.number(name)) is not None]
    if stated:
        return stated
    likeliest = sums.to_subtotal[0] if sums.to_subtotal else None
    if sums.subtotal is None and sums.total is not None and likeliest and LINES_HOLD_TAX in likeliest.phrases:
        return [sums.total - tax]
    if sums.total is not None and has_tax_included(document) and sums.is_of_one_sum:
        return [whole - tax for whole in (sums.total, sums.subtotal) if whole is not None]
    if sums.to_total and SUBTOTAL_HOLDS_TAX in sums.to_total[0].phrases:
        return [value - tax for value, _ in ways_before_tax(sums)]
    is_given_back = (sums.subtotal or sums.total or Decimal(0)) < 0
    bases = [value for value, _ in ways_before_tax(sums) if (value < 0) == is_given_back]
    if sums.total is not None and sums.subtotal is None:
        bases.append(sums.total - tax)
    marks = [name for name in document.item_columns if _is_mark_of_tax(name)]
    marked = [line for line in document.items if any(name in line.row for name in marks)] if marks else []
    taxed = [line for line in marked if not any(_says_no(line.row.get(name)) for name in marks)]
    if marked and len(taxed) < len(marked):
        of_taxed = sum((line.number("amount") or Decimal(0) for line in taxed), Decimal(0))
        beside = [n for n, term in enumerate(sums.terms) if term.role.part not in ("tax", "carried")]
        return [way.value for way in through(Way(of_taxed), sums.terms, beside)]
    deposits = sum((line.number("amount") or Decimal(0) for line in document.items if "deposit" in parts_named(line)), Decimal(0))
    return [*bases, *(base - deposits for base in bases if deposits)]  # money that comes back need not be taxed


def _is_base(name: str) -> bool:
    return name in _BASES or _BASE_OF_TAX.fullmatch(name.lower()) is not None


_BASE_OF_TAX = re.compile(
    r"(?:vat|gst|hst|tva|iva|mwst|ust|btw|moms|sales_tax)_(?:base|basis)|(?:vatable|taxable)_(?:sales|sum|total)"
)


def _is_mark_of_tax(name: str) -> bool:
    return re.fullmatch(r"(?:is_)?(?:taxable|taxed|vatable|tax_exempt|exempt|tax)", name.lower()) is not None


def _says_no(value: Any) -> bool:
    return value is False or (
        isinstance(value, str) and value.strip().lower() in ("n", "no", "non", "nein", "nt", "e", "exempt", "x", "z")
    )


def _holds_the_tax(sums: Sums, rate: Decimal, tax: Decimal, near: Decimal) -> bool:
    """Whether the tax is in the sum that is stated: a till's total, a subtotal that is the total."""
    whole = sums.total if sums.total is not None else sums.subtotal
    if whole is None or not sums.is_of_one_sum:
        return False
    return any(abs(divided(whole * share, 1 + share) - tax) <= near for share in shares_of(rate) if share > -1)


def _is_taxed_in_part(document: Document) -> bool:
    """Whether lines state rates of their own, or some of them that they are not taxed; where each says so, the base is known."""
    marks = [name for name in document.item_columns if _is_mark_of_tax(name)]
    is_told = any(all(type(line.row.get(name)) is bool for line in document.items) for name in marks)
    for line in document.items:
        for name, value in line.row.items():
            if value is False and re.search("tax|vat", name) and not is_told:
                return True
            role = role_of(name)
            if role and role.part == "tax" and role.form == "percent" and number(value) is not None:
                return True
    return False


def _own_rates(document: Document) -> Iterator[tuple[str, Decimal]]:
    """The rates that the document states in fields called so, as numbers or as texts ("19 %")."""
    for name, value in document.data.items():
        role = role_of(name)
        if role is None or role.part != "tax":
            continue
        known = document.number(name)
        if known is not None and as_written(role, value).form == "percent":
            yield name, known


def _rounded(value: Decimal, document: Document) -> str:
    return plain_figure(value.quantize(document.smallest_unit))
