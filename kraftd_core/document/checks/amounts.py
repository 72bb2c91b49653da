"""The check on lines: quantity times unit price is the amount, with what the names of the line's other columns say."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from itertools import permutations
from typing import Any, Literal

from kraftd_core.document.checks.line_words import (
    is_free,
    is_priced_in_cents,
    measures_in,
    says_nothing_is_charged,
    unit_named,
)
from kraftd_core.document.checks.model import (
    CENT,
    LINE_NUMBERS,
    PLAIN,
    Document,
    Finding,
    Line,
    divided,
    held,
    is_blank,
    not_checked,
    number,
    plain_figure,
)
from kraftd_core.document.checks.names import Role, Term, as_written, noun_of, role_of, shares_of, stem_of
from kraftd_core.document.jsontypes import ROW_ID, Data
from kraftd_core.document.wording import how_many, in_sentence, money, quantity

_LARGEST_ROUNDING = Decimal("0.005")  # of the amount: beyond it, no rounding of prices and quantities explains a difference
_LARGEST_OF_PARTS = Decimal("0.02")  # and where the quantity is not whole: a third of an hour is written 0.33
_MOST_READINGS = 40
_MOST_TERMS = 3  # discounts and charges of one line: each multiplies the readings

Use = Literal["per", "times", "net_price", "list_price", "pack", "period", "part"]


@dataclass(frozen=True, slots=True)
class Columns:
    """What the other columns of a table say by their names."""

    terms: tuple[tuple[str, Role], ...]
    taxes: tuple[tuple[str, Role], ...]
    uses: tuple[tuple[str, Use], ...]
    must: tuple[str, ...]
    """The columns that, where they hold a figure, are in the amount: no line fits without them."""


@dataclass(frozen=True, slots=True)
class AmountReading:
    """A value that a line may come to, and the phrase that names what was heeded; none for the bare product."""

    value: Decimal
    phrase: str | None = None
    is_taxed: bool = False
    is_whole: bool = True
    """Whether everything is in it that the line must heed."""


@dataclass(frozen=True, slots=True)
class LineVerdict:
    """How a line stands: it fits a reading, only if figures were rounded, only with what its text tells, or differs from it."""

    line: Line
    stands: Literal["fits", "rounded", "told", "differs"]
    reading: AmountReading


def line_amounts(document: Document) -> Iterator[Finding]:
    """What there is to say of each table whose lines have quantities, prices and amounts."""
    for table, lines in document.tables.items():
        verdicts, unknown = _judged(document, lines)
        wrong = [verdict for verdict in verdicts if verdict.stands == "differs"]
        yield from (_told(verdict) for verdict in wrong)
        yield from _held(document, verdicts)
        if unknown:
            cells = tuple(line.path("amount") for line in unknown)
            message = f"{how_many(len(unknown), 'amount')} of {in_sentence(table)} could not be calculated."
            yield not_checked("line_amount", message, cells)


def _told(verdict: LineVerdict) -> Finding:
    line, reading = verdict.line, verdict.reading
    count = Decimal(1) if is_blank(line.row.get("quantity")) else line.number("quantity") or Decimal(0)
    price, amount = _price(line) or Decimal(0), line.number("amount") or Decimal(0)
    expected = _rounded_like(reading.value, amount)
    how = f", {reading.phrase}," if reading.phrase else ""
    message = f"{quantity(count)} x {money(price)}{how} is {money(expected)}, but the amount says {money(amount)}."
    if count % 1 and not isinstance(line.row.get("quantity"), PLAIN):
        message = f"{line.row['quantity']} x {message.partition(' x ')[2]}"
    cells = tuple(line.path(column) for column in (*LINE_NUMBERS, *_parts_of_price(line)))
    found = plain_figure(amount)
    return Finding(
        "line_amount", "error", f"{line.title}: {message}", cells, plain_figure(expected), found, reading=reading.phrase
    )


def _held(document: Document, verdicts: Iterable[LineVerdict]) -> Iterator[Finding]:
    """One answer for all lines that were read alike; what fits only if figures were rounded is not called right."""
    alike: dict[tuple[str, str | None], list[Line]] = {}
    for verdict in verdicts:
        if verdict.stands != "differs":
            alike.setdefault((verdict.stands, verdict.reading.phrase), []).append(verdict.line)
    for (stands, phrase), lines in alike.items():
        cells = tuple(line.path("amount") for line in lines)
        how = f" ({phrase})" if phrase else ""
        if stands == "fits":
            message = f"Quantity times unit price{how} is the amount in {how_many(len(lines), 'line')}."
            yield held("line_amount", message, cells, phrase, document.smallest_unit)
        elif stands == "told":
            message = f"{how_many(len(lines), 'amount')} would fit{how} with a figure that the text of the line names."
            yield not_checked("line_amount", message, cells, phrase)
        else:
            message = f"{how_many(len(lines), 'amount')} would fit{how} if quantity or unit price were rounded."
            yield not_checked("line_amount", message, cells, phrase)


# Judging


def _judged(document: Document, lines: Sequence[Line]) -> tuple[list[LineVerdict], list[Line]]:
    """How each line stands that can be calculated, and those with an amount or its factors that cannot."""
    names = dict.fromkeys(column for line in lines for column in line.row)
    columns = _columns(tuple(name for name in names if name not in LINE_NUMBERS and name != ROW_ID))
    unit, whole = float(document.smallest_unit), _are_rounded_to_units(lines)
    verdicts, unknown = [], []
    for line in lines:
        is_plain = not any(line.row.get(column) for column in columns.must) and not is_priced_in_cents(line.row)
        if is_plain and _is_plainly_right(line.row, unit):
            verdicts.append(LineVerdict(line, "fits", _BARE))
        elif verdict := _verdict(document, line, columns, whole):
            verdicts.append(verdict)
        elif _is_unread(line):
            unknown.append(line)
    return _of_one_mind(verdicts, columns), unknown


_BARE = AmountReading(Decimal(0))


def _is_plainly_right(row: Data, unit: float) -> bool:
    """Whether doubles, quicker than decimals, already say that the line fits; below a billion they err by far less than this."""
    cells: list[Any] = [row.get(column) for column in LINE_NUMBERS]
    for cell in cells:
        if type(cell) not in PLAIN or not -1e9 < cell < 1e9:
            return False
    count, price, amount = cells
    return bool(abs(count * price - amount) < unit * 0.9)


def _is_unread(line: Line) -> bool:
    """Whether one of the three figures stands there, but cannot be calculated with, or the price is of nobody knows what."""
    cells = [line.row.get(column) for column in LINE_NUMBERS]
    price, amount = line.number("unit_price"), line.number("amount")
    if is_blank(cells[0]) and price and amount:
        return price != amount
    return not any(map(is_blank, cells)) and not any(says_nothing_is_charged(cell) for cell in cells)


_ENOUGH = 5  # amounts that are the nearest whole number: fewer may be chance


def _are_rounded_to_units(lines: Sequence[Line]) -> bool:
    """Whether all amounts of the table are whole numbers, and most products are not but lie nearest to them."""
    if not all(type(amount := line.row.get("amount")) is not float or amount % 1 == 0 for line in lines):
        return False  # most tables end here
    known = [[line.number(column) for column in LINE_NUMBERS] for line in lines]
    off = [abs(q * p - a) for q, p, a in known if q is not None and p is not None and a is not None and a != 0 and q * p % 1]
    nearest = sum(step <= _HALF for step in off)
    return nearest >= _ENOUGH and nearest * 2 > len(off)


_HALF = Decimal("0.5")


def _verdict(document: Document, line: Line, columns: Columns, is_to_units: bool = False) -> LineVerdict | None:
    count, price, amount = _count(line, columns), _price(line), line.number("amount")
    if count is None or price is None or amount is None:
        return None
    unit = document.tolerance(amount) if amount % 1 == 0 and document.coin == 1 else document.smallest_unit
    if amount == 0 and is_free(line):
        return LineVerdict(line, "fits", AmountReading(amount, "free of charge"))
    if is_to_units and abs(count * price - amount) <= _HALF:
        return LineVerdict(line, "fits", AmountReading(amount, "rounded to whole units"))
    tolerance = max(_line_tolerance(count, price), unit)
    first, rounded, partly = None, None, None
    for reading in _readings(line, count, price, columns):
        first = first or reading
        off = abs(amount - reading.value)
        if reading.is_whole and off <= unit:
            return LineVerdict(line, "fits", reading)
        if reading.is_whole and off <= tolerance:
            rounded = rounded or reading
        elif off <= unit:
            partly = partly or reading
    if rounded:
        return LineVerdict(line, "rounded", rounded)
    if partly:
        return LineVerdict(line, "fits", partly)
    first = first or _BARE
    return LineVerdict(line, "told" if _names(line, abs(amount - first.value)) else "differs", first)


_NAMED_FIGURE = re.compile(r"(?<![\d.,])\d{1,3}(?:[.,' ]?\d{3})*[.,]\d{2}(?!\d|[.,]\d)")


def _names(line: Line, rest: Decimal) -> bool:
    """Whether a text of the line names this figure, to the cent: "contains insurance tax of 163.40"."""
    texts = (value for name, value in line.row.items() if isinstance(value, str) and name not in LINE_NUMBERS)
    figures = (re.sub(r"\D", "", figure) for text in texts for figure in _NAMED_FIGURE.findall(text))
    return any(Decimal(figure) / 100 == rest for figure in figures)


def _count(line: Line, columns: Columns) -> Decimal | None:
    """The quantity; one where a line names none and its price is for a period."""
    is_one = is_blank(line.row.get("quantity")) and any(use == "period" for _, use in columns.uses)
    return Decimal(1) if is_one else line.number("quantity")


def _of_one_mind(verdicts: list[LineVerdict], columns: Columns) -> list[LineVerdict]:
    """A table states its amounts with the tax or without it, and its prices before the discount or after it: one for all lines.

    The lines that would have to be read otherwise than most differ.
    """
    if not columns.taxes and not columns.must:
        return verdicts
    taxed = [v for v in verdicts if v.stands == "fits" and v.reading.is_taxed]
    bare = [v for v in verdicts if v.stands == "fits" and not v.reading.is_taxed and _has_tax(v.line, columns)] if taxed else []
    wrong = min(taxed, bare, key=len) if bare else []
    partly = [v for v in verdicts if not v.reading.is_whole]
    if partly and (
        len(partly) == 1 or any(v.stands == "fits" and v.reading.is_whole and _has_must(v.line, columns) for v in verdicts)
    ):
        wrong = [*wrong, *partly]
    lines = {id(v.line) for v in wrong}
    return [_contradicted(v, columns) if id(v.line) in lines else v for v in verdicts]


def _has_tax(line: Line, columns: Columns) -> bool:
    return any(line.number(name) for name, _ in columns.taxes)


def _has_must(line: Line, columns: Columns) -> bool:
    return any(line.number(name) for name in columns.must)


def _contradicted(verdict: LineVerdict, columns: Columns) -> LineVerdict:
    """The verdict of a line that fits only what its table does not mean: it differs from the other reading."""
    line = verdict.line
    count, price = _count(line, columns) or Decimal(0), _price(line) or Decimal(0)
    readings = list(_readings(line, count, price, columns))
    other = next((r for r in readings if r.is_whole and r.is_taxed is (not verdict.reading.is_taxed)), readings[0])
    return LineVerdict(line, "differs", other if verdict.reading.is_whole else readings[0])


# Readings


def _readings(line: Line, count: Decimal, price: Decimal, columns: Columns) -> Iterator[AmountReading]:
    """What the line may come to, the likeliest first."""
    terms, found = _terms(line, columns), []
    for base in _bases(line, count, price, columns):
        for reading in _with_terms(base, terms, count):
            found.append(reading)
            yield reading
    shares, tax = _taxes(line, columns)
    yield from (taxed for reading in found for taxed in _with_tax(reading, shares, tax))


def _terms(line: Line, columns: Columns) -> list[Term]:
    known = [(name, as_written(role, line.row.get(name)), value) for name, role in columns.terms if (value := line.number(name))]
    rates = {stem_of(name, role) for name, role, _ in known if role.form == "percent"}
    amounts = {stem_of(name, role) for name, role, _ in known if role.form != "percent"}
    twice = rates & amounts  # stated as rate and as amount: it is one discount
    return [
        Term(name, Role(role.part, "amount") if stem_of(name, role) in twice else role, value, noun_of(name))
        for name, role, value in known
        if role.form != "percent" or stem_of(name, role) not in twice
    ][:_MOST_TERMS]


def _bases(line: Line, count: Decimal, price: Decimal, columns: Columns) -> Iterator[AmountReading]:
    """Quantity times price, or times what another column says that the price is."""
    base = count * price
    uses = [(name, use, value) for name, use in columns.uses if (value := _pieces(line.row.get(name))) and value != 1]
    yield from _shares_of_period(base, uses)
    measured = list(_by_measure(line, count, price, columns))
    yield from measured
    per = [value for _, use, value in uses if use == "per"]
    for value in per:
        yield AmountReading(divided(base, value), f"at a price for {quantity(value)}")
    yield AmountReading(base, is_whole=not per and not measured and not any(use == "period" for _, use, _ in uses))
    for name, use, value in uses:
        if use == "times":
            yield AmountReading(base * value, f"times {quantity(value)} {in_sentence(name)}")
        elif use == "pack":
            yield AmountReading(base * value, f"with {quantity(value)} {in_sentence(name)}")
            yield AmountReading(divided(base, value), f"with {quantity(value)} {in_sentence(name)}")
        elif use == "net_price":
            yield AmountReading(count * value, f"at the {in_sentence(name)} of {money(value)}")
    for value in _pieces_of_unit(line.row.get("unit")):
        yield AmountReading(divided(base, value), f"at a price for {quantity(value)}")


def _by_measure(line: Line, count: Decimal, price: Decimal, columns: Columns) -> Iterator[AmountReading]:
    """A price for a unit that is not the quantity's, as for a kilogram of ten plates: times what a column measures in it."""
    units = [line.row.get(name) for name, use in columns.uses if use == "per"]
    of_price = next((unit_named(unit) for unit in units if isinstance(unit, str) and _pieces(unit) is None), None)
    if of_price is None or unit_named(line.row.get("unit")) == of_price:
        return
    for name in line.row:
        if name in LINE_NUMBERS or not measures_in(name, of_price) or not (value := line.number(name)):
            continue
        phrase = f"with {quantity(value)} {in_sentence(name)}"
        yield AmountReading(price * value, phrase)
        yield AmountReading(price * value * count, phrase)


def _price(line: Line) -> Decimal | None:
    """The price of one, in the currency's main unit: as stated, or the sum of what is stated for material and labour."""
    stated = line.number("unit_price")
    if stated is None and is_blank(line.row.get("unit_price")):
        parts = [line.number(name) for name in _parts_of_price(line)]
        stated = sum(filter(None, parts), Decimal(0)) if len(parts) > 1 and None not in parts else None
    return divided(stated, Decimal(100)) if stated is not None and is_priced_in_cents(line.row) else stated


def _parts_of_price(line: Line) -> list[str]:
    return [name for name in line.row if _use_of(name) == "part" and line.number(name) is not None]


def _shares_of_period(base: Decimal, uses: Sequence[tuple[str, Use, Decimal]]) -> Iterator[AmountReading]:
    """A price for a period, charged for some of its days."""
    for _, use, whole in uses:
        for part in (value for _, other, value in uses if other == "times") if use == "period" else ():
            yield AmountReading(divided(base * part, whole), f"for {quantity(part)} of {quantity(whole)}")


def _with_terms(base: AmountReading, terms: Sequence[Term], count: Decimal) -> Iterator[AmountReading]:
    """The base with all discounts and charges of the line, one after the other, and without any."""
    if not terms or (base.phrase or "").startswith("at the "):  # a net price is one after the discount
        yield base
    if not terms:
        return
    for order in permutations(terms) if len(terms) == 2 else [tuple(terms)]:
        states = [base]
        for term in order:
            grown = (
                AmountReading(value, f"{state.phrase} and {phrase}" if state.phrase else phrase, is_whole=base.is_whole)
                for state in states
                for value, phrase in term.moves(state.value, (base.value,), count)
            )
            states = list(_first_of_each_value(grown))[:_MOST_READINGS]
        yield from states
    is_optional = all(term.role.part != "discount" for term in terms)
    yield AmountReading(base.value, base.phrase, is_whole=base.is_whole and is_optional)


def _first_of_each_value(readings: Iterable[AmountReading]) -> Iterator[AmountReading]:
    seen: set[Decimal] = set()
    for reading in readings:
        if reading.value not in seen:
            seen.add(reading.value)
            yield reading


def _taxes(line: Line, columns: Columns) -> tuple[list[Decimal], Decimal]:
    """The tax of the line, as the shares that its rates together may mean, and as amount."""
    known = [(as_written(role, line.row.get(name)), value) for name, role in columns.taxes if (value := line.number(name))]
    rate = sum((value for role, value in known if role.form == "percent"), Decimal(0))
    return list(shares_of(rate)) if rate else [], sum((value for role, value in known if role.form != "percent"), Decimal(0))


def _with_tax(reading: AmountReading, shares: Sequence[Decimal], tax: Decimal) -> Iterator[AmountReading]:
    """The value with the line's tax, and with the tax taken out."""
    so_far = f"{reading.phrase} and " if reading.phrase else ""
    for share in shares:
        named = f"the {quantity(share * 100)} % tax"
        yield AmountReading(reading.value * (1 + share), f"{so_far}with {named}", True, reading.is_whole)
        if share > -1:
            yield AmountReading(divided(reading.value, 1 + share), f"{so_far}without {named}", True, reading.is_whole)
    if tax:
        yield AmountReading(reading.value + tax, f"{so_far}with the tax of {money(tax)}", True, reading.is_whole)
        yield AmountReading(reading.value - tax, f"{so_far}without the tax of {money(tax)}", True, reading.is_whole)


# What names and words say


@lru_cache(256)
def _columns(names: tuple[str, ...]) -> Columns:
    terms, taxes, uses = [], [], []
    for name in names:
        if use := _use_of(name):
            uses.append((name, use))
        elif (role := role_of(name)) and role.part == "tax":
            taxes.append((name, role))
        elif role and role.part in ("discount", "charge", "extra", "deposit", "withheld", "rounding"):
            terms.append((name, role))
    prices = {use for _, use in uses}
    is_after = "list_price" in prices  # then the price is the one after the discount
    discounts = [] if is_after else [name for name, role in terms if role.part == "discount"]
    if is_after:
        terms = [(name, role) for name, role in terms if role.part != "discount"]
    per = [name for name, use in uses if use in ("per", "net_price", "period")]
    return Columns(tuple(terms), tuple(taxes), tuple(uses), (*discounts, *per))


_PER = re.compile(
    r"(?:unit_)?price_(?:base|basis|per|quantity|qty|unit|factor)(?:_quantity|_qty)?|(?:base|basis|pricing)_(?:quantity"
    r"|qty|unit)|per"
    r"|price_for|preiseinheit|pe|preis_pro|unit_price_base(?:_quantity)?|per_(?:quantity|units?|pieces)|price_base_quantity"
)
_TIMES = re.compile(
    r"(?:(?:number|no)_of_|rental_|hire_|billed_)?(?:days|nights|weeks|months|hours|persons|people|guests|participants"
    r"|shifts|periods)"
    r"|(?:days|weeks|months|hours)_(?:used|billed|charged|active|rented|hired|worked|elapsed|consumed)"
    r"|duration|factor|multiplier|times|repetitions|coefficient"
)
_PERIOD = re.compile(
    r"(?:days|hours|months)_(?:in|of)_(?:the_)?(?:\w+_)?(?:month|period|year|week|cycle|term)|(?:period|cycle)_days"
)
_PACK = re.compile(
    r"(?:pack|box|case|carton|package)_size|(?:\w+_)?per_(?:pack|box|case|carton|package|pallet|unit)|pack_quantity|contents?"
)
_NET_PRICE = re.compile(
    r"net_(?:unit_)?price|(?:unit_)?price_(?:net|after_discount)|discounted_(?:unit_)?price|(?:special|final)_price"
)
_PART = re.compile(
    r"(?:materials?|labou?r|supply|install(?:ation)?|erection|fixing|plant|equipment|machinery|subcontract)_"
    r"(?:unit_)?(?:rate|price|cost)"
)
_LIST_PRICE = re.compile(
    r"(?:list|gross|original|regular|catalogue|base|full)_(?:unit_)?price|(?:unit_)?price_(?:gross|before_discount)|rrp"
    r"|uvp|msrp"
)


def _use_of(name: str) -> Use | None:
    lower = name.lower()
    uses: tuple[tuple[Use, re.Pattern[str]], ...] = (
        ("per", _PER),
        ("times", _TIMES),
        ("period", _PERIOD),
        ("pack", _PACK),
        ("net_price", _NET_PRICE),
        ("list_price", _LIST_PRICE),
        ("part", _PART),
    )
    return next((use for use, pattern in uses if pattern.fullmatch(lower)), None)


def price_basis(row: Data) -> list[Decimal]:
    """For how many pieces the price of a row is, and its other factors, as its columns say; empty for one piece."""
    return [value for name in sorted(row) if _use_of(name) in ("per", "pack", "period") and (value := _pieces(row[name]))]


_WORDS_FOR_PIECES = {"hundred": 100, "thousand": 1000, "mille": 1000, "tausend": 1000, "hundert": 100, "dozen": 12, "cent": 100}
_COUNTED = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)\s*[^\W\d_]*\.?")
_SOME_PIECES = re.compile(r"(?<!\w)[1-9]\d{1,5}")


def _pieces(value: Any) -> Decimal | None:
    """How many pieces a price is for, or how often it is charged: 100, "per 100 pcs", "per thousand", "3 days"."""
    known = number(value)
    if known is not None or not isinstance(value, str):
        return known
    if counted := _COUNTED.fullmatch(value.strip()):
        return Decimal(counted[1])
    return next(_pieces_of_unit(value), None)


def _pieces_of_unit(unit: Any) -> Iterator[Decimal]:
    if not isinstance(unit, str):
        return
    yield from map(Decimal, _SOME_PIECES.findall(unit))
    yield from (Decimal(count) for word, count in _WORDS_FOR_PIECES.items() if re.search(rf"\b{word}\b", unit.lower()))
    if unit.strip() == "%":
        yield Decimal(100)


# Rounding


def _line_tolerance(count: Decimal, price: Decimal) -> Decimal:
    """What rounding explains: half a unit in the last place of the price, and of a quantity that is not whole."""
    of_price = abs(count) * _half_unit(price)
    of_count = abs(price) * _half_unit(count) if count % 1 else Decimal(0)
    largest = _LARGEST_OF_PARTS if count % 1 else _LARGEST_ROUNDING
    return min(of_price + of_count + CENT / 2, abs(count * price) * largest)


def _half_unit(value: Decimal) -> Decimal:
    return Decimal(5).scaleb(-max(2, _decimals(value)) - 1)


def _decimals(value: Decimal) -> int:
    return max(0, -int(value.as_tuple().exponent))


def _rounded_like(value: Decimal, other: Decimal) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-max(2, _decimals(other))), ROUND_HALF_UP)
