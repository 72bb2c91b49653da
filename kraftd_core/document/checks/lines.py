"""What the lines of a document come to, in each way that their names allow."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from kraftd_core.document.checks.line_words import (
    DISCOUNT_LINE,
    SUM_WORDS,
    TAX_LINE,
    is_alternative,
    is_nothing,
    optional_lines,
    text_of,
)
from kraftd_core.document.checks.model import PLAIN, Document, Finding, Line, held, is_blank, plain_figure
from kraftd_core.document.checks.names import role_of
from kraftd_core.document.wording import how_many, listed, money


@dataclass(frozen=True, slots=True)
class Way:
    """A way from one sum to another: what it comes to, which terms it took in (bits), and how that is called."""

    value: Decimal
    used: int = 0
    phrases: tuple[str, ...] = ()

    @property
    def phrase(self) -> str | None:
        """The reading in one phrase; None where nothing had to be taken in."""
        return listed(list(dict.fromkeys(self.phrases)), 20) or None


@dataclass(frozen=True, slots=True)
class LinesAdded:
    """What the line items come to: the known amounts, what else they may come to, and the lines without an amount."""

    ways: tuple[Way, ...]
    known: Decimal
    counted: tuple[Line, ...]
    unknown: tuple[Line, ...]
    doubtful: tuple[Line, ...]
    """Lines without any figure that may be headings."""
    worked_out: int
    is_all_positive: bool
    sums_among: frozenset[int]
    stated_above: frozenset[int]
    """The sums that stand above what they sum up."""
    on_offer: frozenset[int]


def _unpriced(lines: Sequence[Line]) -> set[int]:
    """The indexes of the lines with neither quantity nor price."""
    return {
        line.index
        for line in lines
        if type(line.row.get("quantity")) not in PLAIN  # most lines end here
        and is_blank(line.row.get("quantity"))
        and is_blank(line.row.get("unit_price"))
    }


def _sum_rows(lines: Sequence[Line], unpriced: set[int]) -> tuple[set[int], set[int]]:
    """The indexes of the lines that are sums of others, and of those that may be.

    A sum is called so, or is what the lines before or below it come to; where no line has a price that may be chance.
    """
    if not any(lines[index].number("amount") is not None for index in unpriced):
        return set(), set()
    named = {index for index in unpriced if lines[index].number("amount") is not None and SUM_WORDS.search(text_of(lines[index]))}
    likely = _sums_of_those_before(lines, unpriced, named) | _sums_of_those_below(lines, unpriced)
    if len(unpriced) < len(lines):
        named |= likely
    return named | _repeated_in_a_summary(lines, unpriced, named), likely - named


def _sums_of_those_before(lines: Sequence[Line], unpriced: set[int], named: set[int]) -> set[int]:
    found: set[int] = set()
    since, how_long = Decimal(0), 0
    for line in lines:
        amount = line.number("amount")
        if amount is None:
            since, how_long = (Decimal(0), 0) if line.is_heading else (since, how_long)
        elif line.index in named or (line.index in unpriced and how_long > 1 and amount == since):
            found.add(line.index)
            since, how_long = Decimal(0), 0
        else:
            since, how_long = since + amount, how_long + 1
    return found - named


def _sums_of_those_below(lines: Sequence[Line], unpriced: set[int]) -> set[int]:
    """As the heading of a section states its sum."""
    found: set[int] = set()
    below, how_long = Decimal(0), 0
    for line in reversed(lines):
        amount = line.number("amount")
        if amount is None:
            continue
        if line.index not in unpriced:
            below, how_long = below + amount, how_long + 1
            continue
        if how_long > 1 and amount == below:
            found.add(line.index)
        below, how_long = Decimal(0), 0
    return found


def _repeated_in_a_summary(lines: Sequence[Line], unpriced: set[int], sums_among: set[int]) -> set[int]:
    """The lines that tell the sums again, one by one: a summary of the sections, before them or after."""
    known = Counter(lines[index].number("amount") for index in sums_among)
    found = set()
    for index in sorted(unpriced - sums_among) if len(known) > 1 else ():
        amount = lines[index].number("amount")
        if amount is not None and known[amount] > 0:
            known[amount] -= 1
            found.add(index)
    return found if len(found) > 1 else set()


def added(document: Document, apart: frozenset[int] = frozenset()) -> LinesAdded:
    """The line items added up, without those apart, in each way that their names allow."""
    return _Adding(document.items, apart).added()


class _Adding:
    """The heaps that the line items are sorted into."""

    def __init__(self, lines: list[Line], apart: frozenset[int]) -> None:
        self.lines, self.apart = lines, apart
        self.unpriced, self.on_offer = _unpriced(lines), optional_lines(lines)
        self.sums, self.likely_sums = _sum_rows(lines, self.unpriced)
        self.counted: list[Line] = []
        self.unknown: list[Line] = []
        self.doubtful: list[Line] = []
        self.heaps: dict[str, list[Decimal]] = {name: [] for name in ("optional", "alternative", "lowering", "tax", "sum")}
        self.known = self.of_known = Decimal(0)
        self.replaceable = Decimal(0)  # the last line that an alternative may stand for
        self.worked_out = 0
        self.is_all_positive = True

    def added(self) -> LinesAdded:
        """What the heaps come to."""
        for line in self.lines:
            if line.index not in self.sums and line.index not in self.apart:
                self._take(line)
        ways = _ways_of_lines(self.known, self.heaps)
        if self.worked_out:
            ways = [replace(way, phrases=(*way.phrases, "with quantity times unit price where no amount stands")) for way in ways]
        return LinesAdded(
            tuple(ways),
            self.of_known,
            tuple(self.counted),
            tuple(self.unknown),
            tuple(self.doubtful),
            self.worked_out,
            self.is_all_positive,
            frozenset(self.sums | self.likely_sums),
            frozenset(_sums_of_those_below(self.lines, self.unpriced)) if self.sums or self.likely_sums else frozenset(),
            frozenset(self.on_offer),
        )

    def _take(self, line: Line) -> None:
        amount = line.number("amount")
        if amount is not None:
            self.of_known += amount
        elif line.index in self.unpriced and is_blank(line.row.get("amount")):
            self.doubtful += [line] if self._may_lack_its_amount(line) else []
            return
        elif (amount := _product(line)) is not None:
            self.worked_out += 1
        else:
            self.unknown += [] if is_nothing(line) else [line]
            return
        self.is_all_positive &= amount >= 0
        self.counted.append(line)
        heap = self._heap_of(line, amount)
        if heap is None:
            self.known += amount
        else:
            self.heaps[heap].append(amount - self.replaceable if heap == "alternative" else amount)
        if line.index not in self.on_offer:
            self.replaceable = amount

    def _heap_of(self, line: Line, amount: Decimal) -> str | None:
        if line.index in self.on_offer:
            return "alternative" if is_alternative(line) else "optional"
        if line.index not in self.unpriced:
            return None
        if line.index in self.likely_sums:
            return "sum"
        text = text_of(line)
        if TAX_LINE.search(text):
            return "tax"
        return "lowering" if amount > 0 and DISCOUNT_LINE.search(text) else None

    def _may_lack_its_amount(self, line: Line) -> bool:
        """Whether a line without figures may be more than a heading: it has a unit, or the table has nothing but amounts."""
        has_factors = len(self.unpriced) < len(self.lines)
        return not is_blank(line.row.get("unit")) or (not has_factors and not is_nothing(line))


def _ways_of_lines(known: Decimal, heaps: dict[str, list[Decimal]]) -> list[Way]:
    """Every choice of what to do with each heap, the likeliest first."""
    ways = [Way(known)]
    for heap, choices in _CHOICES.items():
        if amounts := heaps[heap]:
            whole = sum(amounts, Decimal(0))
            steps = [(whole * factor, phrase) for factor, phrase in choices]
            if heap in _ONE_OF and len(amounts) <= _FEW_OPTIONS:
                steps += [(amount, f"with one of the {heap} lines") for amount in amounts]
            ways = [Way(way.value + step, 0, (*way.phrases, *phrase)) for way in ways for step, phrase in _phrased(steps)]
    return ways


def _phrased(steps: list[tuple[Decimal, str]]) -> Iterator[tuple[Decimal, tuple[str, ...]]]:
    yield from ((step, (phrase,) if phrase else ()) for step, phrase in steps)


_FEW_OPTIONS = 4
_ONE_OF = ("optional", "alternative")
_CHOICES = {
    "lowering": ((Decimal(-1), "with the discount among the lines taken off"), (Decimal(1), "")),
    "tax": ((Decimal(0), "without the tax among the lines"), (Decimal(1), "")),
    "sum": ((Decimal(1), ""), (Decimal(0), "without the lines that are the sum of others")),
    "optional": ((Decimal(0), "without the optional lines"), (Decimal(1), "with the optional lines")),
    "alternative": ((Decimal(0), "without the alternative lines"), (Decimal(1), "with the alternative lines")),
}


def _product(line: Line) -> Decimal | None:
    """What a line without an amount comes to by quantity and price, where no other column says anything of it."""
    count, price = line.number("quantity"), line.number("unit_price")
    if not is_blank(line.row.get("amount")) or count is None or price is None:
        return None
    return None if any(role_of(name) and line.number(name) for name in line.row) else count * price


# Sums among the lines


@dataclass(frozen=True, slots=True)
class LineSection:
    """A line that sums up others: those since the last one, and what it may come to, the likeliest first."""

    line: Line
    since: tuple[Line, ...]
    may_be: tuple[Decimal, ...]
    is_known: bool
    """Whether every line since the last sum has its amount."""


def _sections_of(lines: Sequence[Line], among: LinesAdded) -> Iterator[LineSection]:
    sums_among, on_offer = among.sums_among, among.on_offer
    every = [line.number("amount") or Decimal(0) for line in lines if line.index in sums_among]
    since: list[Line] = []
    so_far = of_sums = Decimal(0)
    is_known = True
    for line in lines:
        amount = line.number("amount")
        if line.index in among.stated_above and amount is not None:
            of_sums += amount
            since, is_known = [], True
        elif line.index in sums_among and amount is not None:
            own = sum((one.number("amount") or Decimal(0) for one in since), Decimal(0))
            others = () if since else tuple(value for value, times in Counter(every).items() if value != amount or times > 1)
            yield LineSection(line, tuple(since), (own, so_far, of_sums, of_sums + own, *others), is_known)
            of_sums += amount if since else 0
            since, is_known = [], True
        elif amount is not None and line.index not in on_offer:
            since.append(line)
            so_far += amount
        elif amount is None and not line.is_heading and not is_nothing(line):
            is_known = False


def sums_among_lines(document: Document, among: LinesAdded) -> Iterator[Finding]:
    """A line that is called the sum of others is what they come to: those since the last one, all so far, or the sums so far."""
    right = []
    for section in _sections_of(document.items, among) if among.sums_among else ():
        stated = section.line.number("amount") or Decimal(0)
        near = document.smallest_unit * max(1, len(section.since))
        if not section.is_known or not section.may_be[1]:
            continue
        if any(abs(stated - value) <= near for value in section.may_be):
            right.append(section.line)
            continue
        expected = section.may_be[0] if section.since else section.may_be[1]
        message = f"{section.line.title}: the lines above add up to {money(expected)}, but the amount says {money(stated)}."
        cells = (*(one.path("amount") for one in section.since), section.line.path("amount"))
        yield Finding("section_sum", "warning", message, cells, plain_figure(expected), plain_figure(stated))
    if right:
        cells = tuple(line.path("amount") for line in right)
        message = (
            f"{how_many(len(right), 'sum')} among the lines {'is' if len(right) == 1 else 'are'} what the lines above add up to."
        )
        yield held("section_sum", message, cells, None, document.smallest_unit)
