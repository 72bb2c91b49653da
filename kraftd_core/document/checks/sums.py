"""The checks on sums: from the lines to the subtotal, from there to the total, and from the total to what is left to pay.

What stands between two of them (discounts, charges, taxes, payments) is named by its field, and is taken in once: a discount that
is in the subtotal is not in the step to the total again.
"""

import re
from collections.abc import Iterator
from decimal import Decimal

from kraftd_core.document.changes import path_of
from kraftd_core.document.checks.line_words import DISCOUNT_LINE, text_of
from kraftd_core.document.checks.lines import Way, sums_among_lines
from kraftd_core.document.checks.model import Finding, Severity, held, not_checked, plain_figure
from kraftd_core.document.checks.names import amounts_beside, commission_role_of, early_role_of, levies_among, role_of, shares_of
from kraftd_core.document.checks.owed import balance_name
from kraftd_core.document.checks.ways import Sums, through, tolerance_of_lines, ways_before_tax
from kraftd_core.document.wording import how_many, in_sentence, listed, money, quantity

_LOWERING = frozenset(("paid", "withheld", "deposit", "levy"))
_AFTER_WITHHOLDING = re.compile(r"(?:^|_)(?:net|netto|liquido|neto)(?:_|$)")  # what is left when all is taken off
_AFTER_THE_TOTAL = frozenset(("paid", "withheld", "deposit", "carried", "rounding", "tip", "charge", "extra", "levy"))


def sums(found: Sums) -> Iterator[Finding]:
    """What there is to say of each step."""
    yield from _sum_of_lines(found, found.to_subtotal)
    yield from _total_of_parts(found, found.to_subtotal, found.to_total)
    yield from _balance(found, found.to_total)
    yield from _rates_beside_amounts(found)
    yield from sums_among_lines(found.document, found.lines)


def _sum_of_lines(found: Sums, ways: list[Way] | None) -> Iterator[Finding]:
    lines, document = found.lines, found.document
    name = "subtotal" if found.subtotal is not None else found.total_name
    stated = document.number(name)
    if not lines.counted and (stated is None or not (lines.unknown or lines.doubtful)):
        return
    cells = (*(line.path("amount") for line in lines.counted or lines.unknown), *((path_of(name),) if name else ()))
    if ways is None or stated is None or name is None:
        yield not_checked("line_sum", "The lines could not be compared with a sum.", cells)
        return
    label = in_sentence(name)
    if lines.unknown or (lines.doubtful and (not ways or stated == 0)):  # a form that is not filled in adds up to nothing
        yield from _some_amounts(found, ways, stated, cells, label)
    elif ways:
        way = ways[0]
        how = f" ({way.phrase})" if way.phrase else ""
        message = f"The lines{how} add up to the {label}, {money(stated)}."
        yield held("line_sum", message, cells, way.phrase, tolerance_of_lines(found, stated), way.value, stated)
    elif lines.worked_out and abs(lines.known - stated) <= tolerance_of_lines(found, stated):
        message = f"The known amounts are the {label}, {money(stated)}, but {_none_of(lines.worked_out)}."
        yield not_checked("line_sum", message, cells, expected=plain_figure(lines.known), found=plain_figure(stated))
    else:
        yield _sum_differs(found, stated, cells, name)


def _none_of(count: int) -> str:
    return f"{how_many(count, 'line')} {'has' if count == 1 else 'have'} none"


def _some_amounts(found: Sums, ways: list[Way], stated: Decimal, cells: tuple[str, ...], label: str) -> Iterator[Finding]:
    """What is there is summed and told; more than the whole is too much, whatever the other lines come to."""
    lines = found.lines
    known = lines.ways[0].value
    bare = min(way.value for way in lines.ways)
    without = (*lines.unknown, *lines.doubtful)
    cells = (*cells[:-1], *(line.path("amount") for line in without), cells[-1])
    is_too_much = (
        not ways
        and lines.is_all_positive
        and bare > stated > 0
        and not found.terms
        and not any(DISCOUNT_LINE.search(text_of(line)) for line in without)
    )
    message = f"Known amounts {money(known)} of the {label} {money(stated)}; {_none_of(len(without))}."
    if is_too_much:
        yield Finding("line_sum", "warning", message, cells, plain_figure(known), plain_figure(stated))
    elif ways:
        yield not_checked("line_sum", message, cells)
    else:
        yield not_checked("line_sum", message, cells, expected=plain_figure(known), found=plain_figure(stated))


def _sum_differs(found: Sums, stated: Decimal, cells: tuple[str, ...], name: str) -> Finding:
    way = found.lines.ways[0]
    # Without subtotal and tax, an unread tax may be the difference.
    severity: Severity = "warning" if name != "subtotal" and found.tax is None else "error"
    how = f", {way.phrase}," if way.phrase else ""
    message = f"The lines{how} add up to {money(way.value)}, but the {in_sentence(name)} says {money(stated)}."
    return Finding("line_sum", severity, message, cells, plain_figure(way.value), plain_figure(stated), reading=way.phrase)


def _total_of_parts(found: Sums, to_subtotal: list[Way] | None, to_total: list[Way] | None) -> Iterator[Finding]:
    name, total = found.total_name, found.total
    if name is None or total is None or found.subtotal is None:
        return
    parts = ("subtotal", *(("total_tax",) if found.tax is not None else ()), *(term.cell for term in found.terms))
    cells = tuple(dict.fromkeys((*parts, path_of(name))))
    label = in_sentence(name)
    way, left_out = _compatible(found, to_subtotal, to_total) if to_total else (None, 0)
    if to_total is None:
        yield not_checked("total", f"The {label} could not be compared: no tax is stated.", cells)
    elif way is None:
        yield _total_differs(found, to_subtotal, cells, label)
    elif left_out:
        names = listed([term.noun for n, term in enumerate(found.terms) if left_out >> n & 1])
        message = f"Subtotal and tax are the {label}, {money(total)}, only if the {names} stands elsewhere."
        yield not_checked("total", message, cells, way.phrase)
    else:
        how = f" ({way.phrase})" if way.phrase else ""
        message = f"Subtotal and tax{how} are the {label}, {money(total)}."
        yield held("total", message, cells, way.phrase, found.document.tolerance(total))


def _total_differs(found: Sums, to_subtotal: list[Way] | None, cells: tuple[str, ...], label: str) -> Finding:
    """With what the total should have taken in: what is stated of discounts and charges, and is not in the subtotal."""
    subtotal, total, tax = found.subtotal or Decimal(0), found.total or Decimal(0), found.tax or Decimal(0)
    missing = found.must & ~(to_subtotal[0].used if to_subtotal else 0)
    expected, phrases = subtotal + tax, []
    for n, term in enumerate(found.terms):
        if missing >> n & 1:
            expected, phrase = min(term.moves(expected, (expected,)), key=lambda move: abs(move[0] - total))
            phrases.append(phrase)
    how = f", {listed(phrases)}," if phrases else ""
    plus = f" plus the tax {money(tax)}" if found.tax is not None else ""
    message = f"The subtotal {money(subtotal)}{plus}{how} is {money(expected)}, but the {label} says {money(total)}."
    return Finding("total", "error", message, cells, plain_figure(expected), plain_figure(total), reading=listed(phrases) or None)


def _compatible(found: Sums, to_subtotal: list[Way] | None, to_total: list[Way]) -> tuple[Way | None, int]:
    """A way to the total that, with one to the subtotal, takes in every term once that must be taken in.

    And what it leaves out that may stand elsewhere: before the subtotal, where the lines tell nothing, or after the total.
    """
    must, both = found.must_of_total, found.must_of_total | found.may
    to_total = [way for way in to_total if _keeps_back_all_or_nothing(found, way)]
    if not to_subtotal:
        way = next((way for way in to_total if way.used & must == must), to_total[0] if to_total else None)
        return way, both & ~way.used if way and to_subtotal is None else 0
    befores = {way.used for way in to_subtotal}
    pairs = [(way, way.used | b) for way in to_total for b in befores if not way.used & b and (way.used | b) & must == must]
    best = min(pairs, key=lambda pair: (found.may & ~pair[1]).bit_count(), default=None)
    return (best[0], found.may & ~best[1]) if best else (None, 0)


def _keeps_back_all_or_nothing(found: Sums, way: Way) -> bool:
    """Whether all that is withheld is in the total or none of it is; where a balance follows, some may be kept back there."""
    withheld = sum(1 << n for n, term in enumerate(found.terms) if term.role.part == "withheld")
    return balance_name(found.document.data) is not None or way.used & withheld in (0, withheld)


def _balance(found: Sums, to_total: list[Way] | None) -> Iterator[Finding]:
    """The total less what was paid or is kept back is what is left to pay."""
    name, total = balance_name(found.document.data), found.total
    stated = found.document.number(name)
    if name is None or total is None or stated is None or found.total_name is None or name == found.total_name:
        return
    document = found.document
    if str(document.data.get(f"{name}_currency", document.currency)).upper() != document.currency:
        return  # in another currency
    allowed = after_the_total(found)
    lowering = {"paid", "withheld"} if _AFTER_WITHHOLDING.search(document.called(name)) else {"paid"}
    paid = sum(1 << n for n, term in enumerate(found.terms) if term.role.part in lowering)
    withheld = sum(1 << n for n, term in enumerate(found.terms) if term.role.part == "withheld")
    before = {way.used for way in to_total} if to_total else {0}
    label, tolerance = in_sentence(name), document.tolerance(stated)
    cells = tuple(dict.fromkeys((path_of(found.total_name), *(found.terms[n].cell for n in allowed), path_of(name))))
    ways = ways_to_balance(found, total)
    fits = [way for way in ways if abs(way.value - stated) <= tolerance]
    right = next((way for way in fits if any(_is_whole(way.used, b, paid, withheld) for b in before)), None)
    if right:
        how = f" ({right.phrase})" if right.phrase else ""
        yield held("balance", f"The total{how} leaves the {label}, {money(stated)}.", cells, right.phrase, tolerance)
    elif 0 <= stated < total and not any(found.terms[n].role.part in _LOWERING for n in allowed):
        message = f"The {label} says {money(stated)} of the total {money(total)}, but what was paid is not stated."
        yield not_checked("balance", message, cells)
    else:
        best = max(ways, key=lambda way: ((way.used & paid).bit_count(), -len(way.phrases)))
        how = f", {best.phrase}," if best.phrase else ""
        message = f"The total {money(total)}{how} leaves {money(best.value)}, but the {label} says {money(stated)}."
        found_cells = plain_figure(best.value), plain_figure(stated)
        yield Finding("balance", "warning", message, cells, *found_cells, reading=best.phrase)


def after_the_total(found: Sums) -> list[int]:
    """The terms that may stand between the total and what is left to pay."""
    return [n for n, term in enumerate(found.terms) if term.role.part in _AFTER_THE_TOTAL]


def ways_to_balance(found: Sums, total: Decimal) -> list[Way]:
    """Every choice of what is taken off the total, or added to it, before it is paid."""
    bases = (found.subtotal,) if found.subtotal is not None else ()
    return list(through(Way(total), found.terms, after_the_total(found), bases))


def _is_whole(used: int, before: int, must: int, withheld: int) -> bool:
    """Whether what must be taken off is, once, and of what is withheld everything that the total still holds or nothing."""
    left = withheld & ~before
    return (used | before) & must == must and not used & before and (used & left in (0, left) or before & withheld != 0)


# Rates beside amounts

_FEW_LINES = 12
_SALES = re.compile(r"(?:^|_)(?:sales?|turnover|revenue|volume|premium|umsatz)(?:_|$)")  # what a commission is taken of
_SOME_BASE = re.compile(
    r"taxable|(?:^|_)base(?:_|$)|work|valuation|gross|complet|to_date|earned|perform|certified|claim|turnover"
    r"|(?:contract|order|net)_(?:value|sum|total|amount)"
)


def _rates_beside_amounts(found: Sums) -> Iterator[Finding]:
    """Where a discount, a retention or a tax is stated as rate and as amount, the one is that share of a sum of the document."""
    document = found.document
    names = [name for name in document.data if name != "total_tax" and document.number(name)]
    later = [(name, role) for name in names if (role := early_role_of(name) or commission_role_of(name))]
    levies = levies_among(names)
    named = [(name, role) for name in names if (role := role_of(name) or levies.get(name))]
    for name, beside in (amounts_beside(named) | amounts_beside(later)).items():
        rate, amount = document.number(name) or Decimal(0), abs(document.number(beside) or Decimal(0))
        bases = list(dict.fromkeys(map(abs, (*_bases_of_rates(found), *_with_other_taxes(found, name, amount)))))
        near = document.tolerance(amount)
        cells = (path_of(name), path_of(beside))
        if not bases:
            continue
        shown = f"{quantity(rate)} %" if abs(rate) >= 1 else f"{quantity(rate * 100)} %"
        if any(
            abs(base * abs(share) - amount) <= near + base * _half_a_step(rate) for base in bases for share in shares_of(rate)
        ):
            message = f"The {in_sentence(beside)} {money(amount)} is {shown} of a sum of the document."
            yield held("rate", message, cells, None, near)
        else:
            expected = (bases[0] * abs(next(shares_of(rate), Decimal(0)))).quantize(document.smallest_unit)
            message = f"{shown} of {money(bases[0])} is {money(expected)}, but the {in_sentence(beside)} says {money(amount)}."
            yield Finding("rate", "warning", message, cells, plain_figure(expected), plain_figure(amount))


def _with_other_taxes(found: Sums, name: str, own: Decimal) -> Iterator[Decimal]:
    """What a tax is taken of that is collected on all that is paid, as India's TCS is."""
    taxes = [abs(term.value) for term in found.terms if term.role.part == "tax" and term.role.form != "percent"]
    if found.subtotal is not None and _ON_ALL_THAT_IS_PAID.search(name.lower()):
        yield found.subtotal + sum(taxes, Decimal(0)) - own


_ON_ALL_THAT_IS_PAID = re.compile(r"(?:^|_)tcs(?:_|$)")


def _half_a_step(rate: Decimal) -> Decimal:
    """What a rate that is not whole may have lost to rounding, as share."""
    return Decimal(5).scaleb(int(rate.as_tuple().exponent) - 3) if rate % 1 else Decimal(0)


def _bases_of_rates(found: Sums) -> Iterator[Decimal]:
    yield from (value for value, _ in ways_before_tax(found))
    tax = found.tax or Decimal(0)
    if found.subtotal is not None:
        yield found.subtotal + tax
    if found.total is not None:
        yield from (found.total, found.total - tax)
    yield from (way.value for way in found.lines.ways if found.lines.counted)
    if "tax_rate" in found.document.item_columns:
        of_rates: dict[Decimal, Decimal] = {}
        for line in found.lines.counted:
            rate = line.number("tax_rate") or Decimal(0)
            of_rates[rate] = of_rates.get(rate, Decimal(0)) + (line.number("amount") or Decimal(0))
        yield from of_rates.values()
    if len(found.lines.counted) <= _FEW_LINES:  # kept back of one line, as of the fee without the expenses
        yield from (amount for line in found.lines.counted if (amount := line.number("amount")))
    yield from (value for name in found.document.data if _SOME_BASE.search(name) and (value := found.document.number(name)))
    yield from (value for name in found.document.data if _SALES.search(name) and (value := found.document.number(name)))
