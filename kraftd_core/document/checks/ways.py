"""The ways from the lines to the subtotal, and from there to the total, with what stands between them."""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from kraftd_core.document.changes import path_of
from kraftd_core.document.checks.line_words import text_of
from kraftd_core.document.checks.lines import LinesAdded, Way, added
from kraftd_core.document.checks.model import Document, Line
from kraftd_core.document.checks.names import (
    Part,
    Role,
    Term,
    amounts_beside,
    as_written,
    levies_among,
    noun_of,
    offers_a_discount,
    role_of,
    stem_of,
)
from kraftd_core.document.checks.owed import balance_name, total_name
from kraftd_core.document.checks.tax_words import has_tax_included, owes_the_customer
from kraftd_core.document.kinds import is_credit_note

_MOST_TERMS = 7  # of a document: each multiplies the readings
_MOST_STATES = 4_000
_MUST = frozenset(("discount", "charge"))  # these change the total; a payment or a retention may come later
LINES_HOLD_TAX = "the lines include the tax"
SUBTOTAL_HOLDS_TAX = "the tax is in the subtotal"
_WORTH_ADDING: tuple[Part, ...] = ("withheld", "discount", "charge", "paid")
_MAY = frozenset(("extra", "tip"))  # these may be in it already, or come after it: then it is not known to be right


@dataclass(frozen=True)  # without slots, so that what several steps ask is found once
class Sums:
    """What the steps start from."""

    document: Document
    terms: tuple[Term, ...]
    apart: frozenset[int] = frozenset()
    """The indexes of the lines that are terms rather than lines: a discount or the freight below the subtotal."""

    @classmethod
    def of(cls, document: Document) -> "Sums":
        """The sums of the document, with all that stands between them.

        A discount or freight among the lines is one of them; where they do not fit so, it may stand below the subtotal.
        """
        found = cls(document, tuple(_terms(document)))
        if found.fits or not (rows := _rows_between(document)):
            return found
        terms = (*found.terms, *rows.values())[:_MOST_TERMS]
        other = cls(document, terms, frozenset(rows))
        return other if other.fits else found

    @cached_property
    def to_subtotal(self) -> list[Way] | None:
        return ways_to_subtotal(self)

    @cached_property
    def to_total(self) -> list[Way] | None:
        return ways_to_total(self)

    @property
    def fits(self) -> bool:
        """Whether there is a way from the lines to the subtotal, and one to the total."""
        return self.to_subtotal != [] and self.to_total != []

    @cached_property
    def total_name(self) -> str | None:
        return total_name(self.document.data)

    @cached_property
    def subtotal(self) -> Decimal | None:
        return self.document.number("subtotal")

    @cached_property
    def total(self) -> Decimal | None:
        return self.document.number(self.total_name)

    @property
    def is_of_one_sum(self) -> bool:
        """Whether subtotal and total are the same but for what was rounded, or only one of them is stated."""
        if self.subtotal is None or self.total is None:
            return True
        near = self.document.tolerance(self.total)
        return abs(self.total - self.subtotal) <= (near if near > self.document.smallest_unit else 0)

    @cached_property
    def tax(self) -> Decimal | None:
        return self.document.number("total_tax")

    @cached_property
    def lines(self) -> LinesAdded:
        return added(self.document, self.apart)

    @cached_property
    def must(self) -> int:
        """The terms that have to be in one of the steps: those that no line tells already."""
        return self._untold(_MUST)

    @property
    def must_of_total(self) -> int:
        """The terms that have to be in the total: where the tax is stated in parts only, each of them, too."""
        is_in_it = (self.document.kind.name == "receipt" and self.total == self.subtotal) or has_tax_included(self.document)
        if self.tax is not None or is_in_it:
            return self.must
        return self.must | sum(1 << n for n, term in enumerate(self.terms) if term.role.part == "tax")

    @cached_property
    def may(self) -> int:
        """The terms that may be in none of the steps, but then nobody knows."""
        return self._untold(_MAY)

    def _untold(self, parts: frozenset[str]) -> int:
        if not self.terms:
            return 0
        lines = [line for line in self.document.items if line.index not in self.apart]
        columns = {
            role.part for name in self.document.item_columns if (role := role_of(name)) and any(x.number(name) for x in lines)
        }
        return sum(
            1 << n
            for n, term in enumerate(self.terms)
            if term.role.part in parts and term.role.part not in columns and not any(_tells(line, term) for line in lines)
        )


# Terms


def _terms(document: Document) -> Iterator[Term]:
    """The discounts, charges, taxes, payments and the like of the document, from its fields and from its tables of them."""
    known = {"subtotal", "total_tax", total_name(document.data), balance_name(document.data), *_OTHER_SUMS}
    levies = levies_among(name for name in document.data if name not in known and document.number(name))
    fields = [
        Term(path_of(name), as_written(role, document.data[name]), value, noun_of(name))
        for name in document.data
        if name not in known and (role := role_of(name) or levies.get(name)) and (value := document.number(name))
    ]
    if offers_a_discount(document.data):
        fields = [term for term in fields if term.role.part != "discount"]
    fields = [term for term in fields if term.role.part != "rounding" or _is_rounding(document, term)]
    rows = [term for table in document.tables for term in _terms_of_table(document, table)]
    twice = amounts_beside((term.cell, term.role) for term in fields)
    kept = [term for term in fields if term.cell not in twice]
    parts = {term.role.part for term in kept}
    # A table tells apart what a field tells in one sum.
    kept += [term for term in rows if term.role.part not in parts]
    yield from _without_sums(_without_parts_of_tax(document, kept))[:_MOST_TERMS]


def _without_sums(terms: list[Term]) -> list[Term]:
    """The terms without those that are the sum of all others of their part: what is withheld in all, beside each tax withheld."""
    of_part = {part: [t.value for t in terms if t.role.part == part and t.role.form != "percent"] for part in _WORTH_ADDING}
    return [t for t in terms if len(of_part.get(t.role.part, ())) < 3 or sum(of_part[t.role.part], Decimal(0)) != 2 * t.value]


def _is_rounding(document: Document, term: Term) -> bool:
    """Whether it is as small as a rounding is; an adjustment may be larger."""
    whole = document.number(total_name(document.data)) or Decimal(0)
    return "adjust" in term.cell.lower() or abs(term.value) <= max(Decimal(1), abs(whole) / 1000)


_RATES_OF_ALL = ("tax_rate", "vat_rate", "sales_tax_rate", "tax_percent", "vat_percent")
_OTHER_SUMS = frozenset(("line_total", "total_vat", *_RATES_OF_ALL))


def _terms_of_table(document: Document, table: str) -> Iterator[Term]:
    of_table = role_of(table)
    lines = document.tables[table]
    if table == "line_items" or (of_table is None and "charges" not in table and "adjust" not in table):
        return
    for line in lines:
        texts = " ".join(str(line.row[name]) for name in ("kind", "type") if isinstance(line.row.get(name), str))
        texts = texts or " ".join(value for value in line.row.values() if isinstance(value, str))
        role = next(filter(None, map(role_of, re.findall(r"[^\W\d_]+", texts.lower()))), None) if _is_mixed(table) else of_table
        role = role or of_table
        column = next((name for name in ("amount", "tax_amount", "value", "total") if line.number(name) is not None), None)
        if role and column and (value := line.number(column)):
            yield Term(
                line.path(column), replace(role, form="amount"), value, role.part if role.part != "withheld" else "deduction"
            )


def _rows_between(document: Document) -> dict[int, Term]:
    """The line items that are called a discount, a charge or the like and have nothing but an amount, by their index."""
    found = {}
    for line in document.items:
        amount = line.number("amount")
        if not amount or line.number("quantity") is not None or line.number("unit_price") is not None:
            continue
        part = next((part for part in parts_named(line) if part in _BETWEEN), None)
        if part:
            found[line.index] = Term(line.path("amount"), Role(part, "amount"), amount, part)
    return found if len(found) <= _MOST_ROWS_BETWEEN else {}


_BETWEEN: frozenset[Part] = frozenset(("discount", "charge", "extra", "tip", "deposit", "rounding"))
_MOST_ROWS_BETWEEN = 4


def _tells(line: Line, term: Term) -> bool:
    """Whether the line states the term again: a freight of the same amount, or what a rate of that name comes to."""
    amount = line.number("amount")
    if amount is not None and term.role.form == "percent":
        return is_told_by(term, line)
    return amount is not None and abs(amount) == abs(term.value) and term.role.part in parts_named(line)


def is_told_by(term: Term, line: Line) -> bool:
    """Whether a row says what a rate of the document comes to: all words of the rate's name are in its text."""
    words, text = re.findall(r"[^\W\d_]+", stem_of(term.cell, term.role)), text_of(line).lower()
    return term.role.form == "percent" and bool(words) and all(word in text for word in words)


def parts_named(line: Line) -> list[Part]:
    """What the words of the line are words for."""
    words = re.findall(r"[^\W\d_]+", " ".join(value for value in line.row.values() if isinstance(value, str)).lower())
    return [role.part for role in map(role_of, words) if role]


def _is_mixed(table: str) -> bool:
    return len({role.part for word in re.findall(r"[^\W\d_]+", table.lower()) if (role := role_of(word))}) != 1


def _without_parts_of_tax(document: Document, terms: list[Term]) -> list[Term]:
    """The terms without the taxes that are the tax of the document told apart."""
    tax = document.number("total_tax")
    parts = [term for term in terms if term.role.part == "tax"]
    if tax is None or not parts:
        return terms
    amounts = [term.value for term in parts if term.role.form != "percent"]
    if abs(sum(amounts, Decimal(0)) - tax) <= document.smallest_unit * len(parts) or any(a == tax for a in amounts):
        return [term for term in terms if term.role.part != "tax"]
    return [term for term in terms if term.role.part != "tax" or term.role.form != "percent"]


# Ways


def through(start: Way, terms: Sequence[Term], allowed: Iterable[int], also: Iterable[Decimal] = ()) -> Iterator[Way]:
    """Every choice of the allowed terms taken in, one after the other."""
    ways = [start]
    for n in allowed:
        grown = [
            Way(value, way.used | 1 << n, (*way.phrases, phrase))
            for way in ways
            for value, phrase in terms[n].moves(way.value, (start.value, *also))
        ]
        ways = list({(way.value, way.used): way for way in (*grown, *ways)}.values())[:_MOST_STATES]
    yield from sorted(ways, key=lambda way: len(way.phrases))


def ways_to_subtotal(found: Sums) -> list[Way] | None:
    """The ways from the lines to the subtotal (or to the total where there is none); None where that cannot be compared."""
    lines, stated = found.lines, found.subtotal if found.subtotal is not None else found.total
    if stated is None or not lines.counted:
        return None
    to_total = found.subtotal is None
    tax = found.tax or Decimal(0)
    tolerance = tolerance_of_lines(found, stated)
    starts = [*lines.ways]
    if lines.is_all_positive and stated < 0 and _is_credit(found):
        starts = [replace(way, value=-way.value, phrases=(*way.phrases, "the lines stand without their sign")) for way in starts]
    allowed = [n for n, term in enumerate(found.terms) if to_total or term.role.part not in ("paid", "carried", "levy")]
    fitting = []
    for start in starts:
        for way in through(start, found.terms, allowed):
            for value, phrases in _with_or_without_tax(found, way.value, tax, to_total):
                if abs(value - stated) <= tolerance:
                    fitting.append(replace(way, value=value, phrases=(*way.phrases, *phrases)))
    must = found.must_of_total if to_total else 0  # there is no later step that could take them in
    return sorted((way for way in fitting if way.used & must == must), key=lambda way: len(way.phrases))


def _is_credit(found: Sums) -> bool:
    """Whether the document gives back: by its words, or by both its sums."""
    both = found.subtotal is not None and found.subtotal < 0 and found.total is not None and found.total < 0
    return both or is_credit_note(found.document.data) or _GIVES_BACK.search(found.document.said) is not None


_GIVES_BACK = re.compile(r"credit (?:note|memo)|gutschrift|storno|avoir|abono|nota d[ie] cr[ée]dito|kreditnota|refund|rectif")


def _with_or_without_tax(found: Sums, value: Decimal, tax: Decimal, to_total: bool) -> Iterator[tuple[Decimal, tuple[str, ...]]]:
    if to_total:
        yield value + tax, ("with the tax",) if tax else ()
        if tax:
            yield value, (LINES_HOLD_TAX,)
        elif found.tax is None:
            yield from _with_tax_of_lines(found, value)
        return
    yield value, ()
    if tax:
        yield value - tax, (LINES_HOLD_TAX,)
        if (
            found.total is not None
            and found.subtotal is not None
            and abs(found.total - found.subtotal) <= found.document.smallest_unit
        ):
            yield value + tax, ("the subtotal includes the tax",)


def _with_tax_of_lines(found: Sums, value: Decimal) -> Iterator[tuple[Decimal, tuple[str, ...]]]:
    """The value with the tax that the lines state each, or that the document's rate makes of it."""
    columns = found.document.item_columns
    taxes = [
        line.number("tax_amount") if "tax_amount" in columns else amount * (rate if rate < 1 else rate / 100)
        for line in (found.lines.counted if {"tax_amount", "tax_rate"} & columns else ())
        if (amount := line.number("amount")) is not None
        for rate in (line.number("tax_rate") or Decimal(0),)
    ]
    if tax := sum(filter(None, taxes), Decimal(0)):
        yield value + tax, ("with the tax of the lines",)
    for name in _RATES_OF_ALL:
        if rate := found.document.number(name):
            share = rate / 100 if abs(rate) >= 1 else rate
            yield value * (1 + share), ("with the tax by its rate",)


def tolerance_of_lines(found: Sums, stated: Decimal) -> Decimal:
    """As far as amounts rounded one by one drift apart."""
    document = found.document
    return max(document.smallest_unit * Decimal(math.sqrt(len(found.lines.counted))), document.tolerance(stated))


def ways_to_total(found: Sums) -> list[Way] | None:
    """The ways from subtotal and tax to the total; None where one of the three is not stated."""
    subtotal, total = found.subtotal, found.total
    if subtotal is None or total is None:
        return None
    by_tax = (_ways_with_tax(found, Way(subtotal + tax, 0, phrases), total) for tax, phrases in _taxes(found))
    fitting: list[Way] = next(filter(None, by_tax), [])
    if not fitting and found.tax is None and not any(term.role.part in ("tax", "levy") for term in found.terms):
        return None if total >= subtotal >= 0 else []
    return fitting


def _ways_with_tax(found: Sums, start: Way, total: Decimal) -> list[Way]:
    document, bases = found.document, (found.subtotal or Decimal(0),)
    fitting = []
    for way in through(start, found.terms, range(len(found.terms)), bases):
        off = abs(way.value - total)
        if off <= document.smallest_unit:
            fitting.append(way)
        elif off <= document.tolerance(total):
            fitting.append(replace(way, phrases=(*way.phrases, "rounded to what is paid")))
    return sorted(fitting, key=lambda way: len(way.phrases))


def ways_before_tax(found: Sums) -> Iterator[tuple[Decimal, str | None]]:
    """What may be taxed: the subtotal, or the lines where there is none, with each choice of what is added or taken off."""
    allowed = [n for n, term in enumerate(found.terms) if term.role.part not in ("tax", "carried")]
    starts = [Way(found.subtotal)] if found.subtotal is not None else list(found.lines.ways) if found.lines.counted else []
    for start in starts:
        yield from ((way.value, way.phrase) for way in through(start, found.terms, allowed))


def _taxes(found: Sums) -> Iterator[tuple[Decimal, tuple[str, ...]]]:
    """The tax that is added: as stated, or none where it is in the subtotal or owed by the customer."""
    if found.tax is not None:
        yield found.tax, ()
        if found.tax and owes_the_customer(found.document):
            yield Decimal(0), ("the customer owes the tax",)
        elif found.tax and (found.document.kind.name == "receipt" or has_tax_included(found.document)):
            yield Decimal(0), (SUBTOTAL_HOLDS_TAX,)
        return
    yield Decimal(0), ()
    if found.subtotal is not None:
        for value, phrases in _with_tax_of_lines(found, found.subtotal):
            yield value - found.subtotal, phrases
