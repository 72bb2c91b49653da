"""The checks on what is counted (meter readings, hours, nights, totals of a column), on change and on instalments."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from kraftd_core.document.changes import path_of
from kraftd_core.document.checks.model import CENT, Document, Finding, Line, count, day, divided, held, not_checked, plain_figure
from kraftd_core.document.checks.names import role_of
from kraftd_core.document.checks.owed import balance_name, total_name
from kraftd_core.document.wording import in_sentence, money, quantity

_BEFORE = re.compile(
    r"(?:previous|prior|old|last|opening|initial|start|first)_(?:meter_)?(?:reading|index)"
    r"|(?:meter|reading|index)_(?:old|start|previous|from|before)"
)
_NOW = re.compile(
    r"(?:current|present|new|closing|final|end|latest)_(?:meter_)?(?:reading|index)|(?:meter|reading|index)_(?:new|end|current|to|now)"
)
_USED = re.compile(
    r"(?:units_|quantity_|total_)?(?:used|usage|consumption|consumed)(?:_(?:m3|kwh|units))?|quantity|difference|units"
)
_FROM = re.compile(r"(?:start|begin|from|clock_in|time_in|in)(?:_time)?|time_from")
_TO = re.compile(r"(?:end|finish|to|until|clock_out|time_out|out)(?:_time)?|time_to")
_BREAK = re.compile(r"(?:break|pause|lunch)(?:_?(?:minutes|mins?|hours|time))?")
_CLOCK = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)")
_ARRIVAL = re.compile(r"arrival(?:_date)?|check_?in(?:_date)?")
_DEPARTURE = re.compile(r"departure(?:_date)?|check_?out(?:_date)?")
_QUARTER = divided(Decimal(13), Decimal(100))  # hours: people write quarters, and half of one is lost at most
_TENDERED = re.compile(r"(?:cash|amount)_(?:tendered|given|received)|tendered|cash")
_CARD = re.compile(r"(?:^|_)(?:card|debit|cheque|check|visa|mastercard|maestro|ec)(?:_|$)")
_CHANGE = re.compile(r"change(?:_(?:given|due|returned))?|cash_change")
_HOW_MANY = re.compile(r"(?:number|no)_of_(?:instal?lments|payments|rentals|rates)|instal?lments|term_months")
_EACH = re.compile(r"(?:monthly_)?(?:instal?lment|rental)(?:_amount)?|monthly_(?:payment|fee|rent|amount|rate)")
_YEARS = re.compile(r"(?:term_(?:in_)?|number_of_|contract_)years")
_EACH_YEAR = re.compile(r"(?:annual|yearly)_(?:fee|rent|amount|charge|payment|price|rate)")
_DOWN = re.compile(r"down_?payment|deposit|initial_payment|first_payment")
_WHOLE = re.compile(r"(?:contract|purchase|total)_(?:price|value|sum)|total_payable|financed_amount|amount_financed")
_SCHEDULE = re.compile(r"(?:payment_)?(?:schedule|plan)|instal?lments|milestones|payment_(?:milestones|stages)")
_OF_ALL_INSTALMENTS = ("contract", "other")  # an invoice is for one of them


@dataclass(frozen=True, slots=True)
class Named:
    """A figure and where it stands."""

    value: Decimal
    cell: str


def counts(document: Document) -> Iterator[Finding]:
    """What there is to say of all that is counted."""
    yield from _meters(document)
    yield from _hours(document)
    yield from _nights(document)
    yield from _totals_of_columns(document)
    yield from _change(document)
    yield from _tenders(document)
    yield from _instalments(document)


def _answer(expected: Decimal, stated: Named, cells: tuple[str, ...], what: str, near: Decimal) -> Finding:
    figures = plain_figure(expected), plain_figure(stated.value)
    if abs(expected - stated.value) <= near:
        return held("count", f"{what} {quantity(expected)}, as stated.", cells, None, near, expected, stated.value)
    message = f"{what} {quantity(expected)}, but {quantity(stated.value)} is stated."
    return Finding("count", "warning", message, cells, *figures)


# Meters


def _meters(document: Document) -> Iterator[Finding]:
    """A reading less the one before is what was used; a meter that was changed or began anew tells nothing."""
    tables = [lines for lines in document.tables.values() if _has_column(lines, _BEFORE) and _has_column(lines, _NOW)]
    for figures in (figures_of(document), *(_figures_of_line(line) for lines in tables for line in lines)):
        before, now, used = (first(figures, pattern) for pattern in (_BEFORE, _NOW, _USED))
        if before is None or now is None or used is None:
            continue
        cells = (before.cell, now.cell, used.cell)
        if now.value < before.value:
            yield not_checked("count", "The reading is below the one before: what was used could not be compared.", cells)
            continue
        near = Decimal(1) if used.value % 1 == 0 else Decimal("0.1")
        of_meter = now.value - before.value
        factors = (figure.value for figure in figures.values())  # of the meter, or into another unit
        by = next((factor for factor in factors if abs(of_meter * factor - used.value) <= near), Decimal(1))
        yield _answer(of_meter * by, used, cells, "The readings are apart by", near)


def _has_column(lines: Iterable[Line], pattern: re.Pattern[str]) -> bool:
    return any(pattern.fullmatch(name.lower()) for name in {name for line in lines for name in line.row})


def figures_of(document: Document) -> dict[str, Named]:
    """The fields that hold a number."""
    return {name: Named(v, path_of(name)) for name in document.data if (v := document.number(name)) is not None}


def _figures_of_line(line: Line) -> dict[str, Named]:
    return {name: Named(v, line.path(name)) for name in line.row if (v := line.number(name)) is not None}


def first(figures: Mapping[str, Named], pattern: re.Pattern[str]) -> Named | None:
    """The first figure of a name like this."""
    return next((figure for name, figure in figures.items() if pattern.fullmatch(name.lower())), None)


# Hours and nights


def _hours(document: Document) -> Iterator[Finding]:
    """From the start to the end, without the break, are the hours of a day."""
    for lines in (lines for lines in document.tables.values() if _has_column(lines, _FROM) and _has_column(lines, _TO)):
        for line in lines:
            start, end = (_clock(line, pattern) for pattern in (_FROM, _TO))
            name = next((name for name in ("hours", "hrs", "quantity") if line.number(name) is not None), None)
            if start is None or end is None or name is None:
                continue
            stated = Named(line.number(name) or Decimal(0), line.path(name))
            whole = end[0] - start[0] + (24 if end[0] < start[0] else 0)
            off = _break_of(line)
            fits = next((w for w in (whole - off, whole) if abs(w - stated.value) <= _QUARTER), whole - off)
            cells = (line.path(start[1]), line.path(end[1]), stated.cell)
            yield _answer(fits.quantize(CENT), stated, cells, f"{line.title}: from start to end there are", _QUARTER)


def _clock(line: Line, pattern: re.Pattern[str]) -> tuple[Decimal, str] | None:
    for name, value in line.row.items():
        match = _CLOCK.fullmatch(value.strip()) if isinstance(value, str) and pattern.fullmatch(name.lower()) else None
        if match:
            return Decimal(match[1]) + divided(Decimal(match[2]), Decimal(60)), name
    return None


def _break_of(line: Line) -> Decimal:
    name = next((name for name in line.row if _BREAK.fullmatch(name.lower())), None)
    value = count(line.row[name]) if name else None
    if name is None or value is None:
        return Decimal(0)
    return value if "hour" in name.lower() or value <= 2 else divided(value, Decimal(60))


def _nights(document: Document) -> Iterator[Finding]:
    """From arrival to departure are the nights."""
    days = {name: found for name, value in document.data.items() if (found := day(value))}
    arrival, departure = (next((n for n in days if p.fullmatch(n.lower())), None) for p in (_ARRIVAL, _DEPARTURE))
    name = next((name for name in ("nights", "number_of_nights", "no_of_nights") if document.number(name) is not None), None)
    if arrival and departure and name:
        nights = Decimal((days[departure] - days[arrival]).days)
        rooms = next(filter(None, map(document.number, ("rooms", "number_of_rooms", "guests", "persons"))), None)
        stated = Named(document.number(name) or Decimal(0), path_of(name))
        cells = (path_of(arrival), path_of(departure), stated.cell)
        nights *= rooms if rooms and nights * rooms == stated.value else 1
        yield _answer(nights, stated, cells, "From arrival to departure the nights are", Decimal(0))


# Totals of columns


def _totals_of_columns(document: Document) -> Iterator[Finding]:
    """A total that is named after the column of one table is its sum: `total_hours` of `hours`; sums of money are others'."""
    for name in document.data:
        column = name.lower().removeprefix("total_") if name.lower().startswith("total_") else ""
        stated = document.number(name)
        if stated is None or not _COUNTED.fullmatch(column):
            continue
        tables = [lines for lines in document.tables.values() if any(column in line.row for line in lines)]
        if len(tables) != 1:
            continue
        known = [(line, line.number(column) if column != "hours" else count(line.row.get(column))) for line in tables[0]]
        values = [value for _, value in known if value is not None]
        if not values or any(value is None and line.row.get(column) is not None for line, value in known):
            continue
        each = [value * (line.number("quantity") or 1) for line, value in known if value is not None]
        sums = (sum(values, Decimal(0)), sum(each, Decimal(0)))
        near = Decimal("0.01") * len(values)
        fits = next((value for value in sums if abs(value - stated) <= near), sums[0])
        cells = (*(line.path(column) for line, value in known if value is not None), path_of(name))
        yield _answer(fits, Named(stated, path_of(name)), cells, f"The {in_sentence(column)} of the rows come to", near)


_COUNTED = re.compile(
    r"hours|quantity|qty|pieces|packages|pallets|cartons|boxes|(?:net_|gross_)?weight(?:_kg)?|volume(?:_m3)?"
    r"|units|km|kilometres|miles|kwh"
)


# Change and instalments


def _change(document: Document) -> Iterator[Finding]:
    """What was handed over less the change is what was to pay, with a tip or after a voucher."""
    figures = figures_of(document)
    tendered, change = first(figures, _TENDERED), first(figures, _CHANGE)
    total, balance = (figures.get(str(name)) for name in (total_name(document.data), balance_name(document.data)))
    if tendered is None or change is None or total is None:
        return
    others = [f.value for name, f in figures.items() if _is_beside_the_total(name) and f is not tendered]
    may_be = [total.value, *([balance.value] if balance else []), *(total.value + sign * v for v in others for sign in (1, -1))]
    paid, near = tendered.value - abs(change.value), max(document.tolerance(total.value), document.coin / 2)
    cells = (tendered.cell, change.cell, total.cell)
    if any(abs(value - paid) <= near for value in may_be):
        yield held("balance", "What was handed over less the change is the total.", cells, None, near)
        return
    left = tendered.value - total.value
    said = f"the total {money(total.value)} leaves {money(left)}, but {money(change.value)} is stated"
    message = f"Of {money(tendered.value)} {said}."
    yield Finding("balance", "warning", message, cells, plain_figure(left), plain_figure(change.value))


def _tenders(document: Document) -> Iterator[Finding]:
    """What a receipt says was paid in several ways is its total."""
    figures = figures_of(document)
    total = figures.get(str(total_name(document.data)))
    paid = {name: f for name, f in figures.items() if _is_tender(name)}
    if document.kind.name != "receipt" or not total or len(paid) < 2 or balance_name(document.data) or first(figures, _CHANGE):
        return
    whole = sum((abs(figure.value) for figure in paid.values()), Decimal(0))
    tips = [Decimal(0), *(figure.value for name, figure in figures.items() if (role := role_of(name)) and role.part == "tip")]
    cells, near = (*(figure.cell for figure in paid.values()), total.cell), document.tolerance(total.value)
    if any(abs(total.value + tip - whole) <= near for tip in tips) or any(f.value == total.value for f in paid.values()):
        yield held("balance", "What was paid is the total.", cells, None, near)
    else:
        message = f"What was paid comes to {money(whole)}, but the total says {money(total.value)}."
        yield Finding("balance", "warning", message, cells, plain_figure(total.value), plain_figure(whole))


def _is_tender(name: str) -> bool:
    return _TENDERED.fullmatch(name.lower()) is not None or re.search(r"(?:^|_)paid(?:_|$)", name.lower()) is not None


def _is_beside_the_total(name: str) -> bool:
    role = role_of(name)
    return _CARD.search(name.lower()) is not None or (role is not None and role.part in ("tip", "paid", "rounding"))


def _instalments(document: Document) -> Iterator[Finding]:
    """The instalments, with what is paid down, are the price, with its interest where that is told."""
    figures = figures_of(document)
    total = figures.get(str(total_name(document.data))) if document.kind.name in _OF_ALL_INSTALMENTS else None
    wholes = [figure for name, figure in figures.items() if _WHOLE.fullmatch(name.lower()) or figure is total]
    down = first(figures, _DOWN)
    for many, one in ((_HOW_MANY, _EACH), (_YEARS, _EACH_YEAR)):
        how_many, each = first(figures, many), first(figures, one)
        if not how_many or not each or how_many.value <= 1 or not wholes:
            continue
        cells = (how_many.cell, each.cell, *((down.cell,) if down else ()))
        yield _in_parts(document, figures, how_many.value * each.value, down, wholes, cells)
    for table, lines in document.tables.items() if wholes else ():
        amounts = [line.number("amount") for line in lines]
        if _SCHEDULE.fullmatch(table.lower()) and len(lines) > 1 and None not in amounts:
            parts = sum(filter(None, amounts), Decimal(0))
            yield _in_parts(document, figures, parts, down, wholes, tuple(line.path("amount") for line in lines))


def _in_parts(
    document: Document,
    figures: Mapping[str, Named],
    parts: Decimal,
    down: Named | None,
    wholes: list[Named],
    of_parts: tuple[str, ...],
) -> Finding:
    """Whether the parts are the wholes; what is paid down, and what comes on top of a price, may be in them or not."""
    extras = [figure.value for name, figure in figures.items() if _comes_on_top(name)]
    more = (Decimal(0), *extras, *(-value for value in extras), sum(extras, Decimal(0)))
    sums = [parts, *([parts + down.value] if down else [])]
    near = max(document.smallest_unit, abs(parts) / 2000)  # instalments are rounded, and the last one makes up for it
    fits = [whole for whole in wholes if any(abs(whole.value + extra - s) <= near for s in sums for extra in more)]
    wrong = [] if fits and extras else [whole for whole in wholes if whole not in fits]
    cells = (*of_parts, *(whole.cell for whole in wholes))
    if not wrong:
        return held("balance", f"The instalments come to {money(sums[-1])}, which is the price.", cells, None, near)
    message = f"The instalments come to {money(sums[-1])}, but {money(wrong[0].value)} is to be paid."
    return Finding("balance", "warning", message, cells, plain_figure(sums[-1]), plain_figure(wrong[0].value))


def _comes_on_top(name: str) -> bool:
    role = role_of(name)
    is_sum = role is not None and role.form != "percent" and role.part in ("tax", "charge", "extra", "discount", "withheld")
    return is_sum or "interest" in name.lower()
