"""What the check columns of a workbook say: whether figures add up, as far as they were compared."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cached_property
from typing import Any

from kraftd_core.delivery.layout import Layout, Table
from kraftd_core.delivery.locales import Writing
from kraftd_core.delivery.templates import Section
from kraftd_core.document.cells import decimal_of
from kraftd_core.document.checks.model import LINE_NUMBERS, number
from kraftd_core.document.kinds import kind_of
from kraftd_core.document.value_kinds import ValueKind, judged, may_be_money
from kraftd_core.document.wording import recorded

ADDS_UP, OTHERWISE = "adds up", "adds up with taxes, discounts or the like"
"""What is said of figures that fit by themselves, and of those that fit with one other figure that stands beside them."""

_ROUNDING = 0.009  # less than a cent
_OF_A_PRICE = 0.005  # what rounding can take from a price, for each piece; and at most of the amount
_EXPLAINING = (ValueKind.MONEY, ValueKind.PERCENT, ValueKind.PLAIN)  # what a discount, a tax or a charge may be
_SUMS = ("line_sum", "total", "tax")


class Checks:
    """The verdicts of the checks by what they stand beside; empty where the checks are not shown."""

    def __init__(self, layout: Layout) -> None:
        self.writing: Writing = layout.look.writing
        self.are_shown = Section.CHECKS in layout.sections
        self._data, self._label, self._currency = layout.data, layout.look.label, str(layout.data.get("currency") or "")
        self._hides_amounts = any(map(may_be_money, layout.look.hidden_names))
        self._tables = [block for block in layout.blocks if isinstance(block, Table)]
        self._total = kind_of(layout.data.get("document_type")).total
        self._found = [check for check in layout.checks if check["cells"]] if self.are_shown else []

    # lines

    def of_lines(self, table: Table) -> Iterator[str | None] | None:
        """For each row whether quantity times price is the amount; None where the table shows nothing to check."""
        if not self.are_shown or "amount" not in table.columns:
            return None
        if not set(LINE_NUMBERS) <= set(table.columns):
            return iter([None] * len(table.rows)) if self.of_sum(table) else None
        return self._lines(table, [table.columns.index(name) for name in LINE_NUMBERS], self._wrong_rows(table.name))

    def _lines(self, table: Table, places: list[int], wrong: dict[int, str]) -> Iterator[str | None]:
        count_at, price_at, amount_at = places
        beside = [n for n, kind in enumerate(table.kinds) if kind in _EXPLAINING and n not in places]
        fits, fits_otherwise = self.writing.say(ADDS_UP), self.writing.say(OTHERWISE)
        for position, row in enumerate(table.rows, 1):
            count, price, amount = row[count_at], row[price_at], row[amount_at]
            if position in wrong:
                yield wrong[position]
            elif not (_is_figure(count) and _is_figure(price) and _is_figure(amount)):
                yield None
            else:
                rounding = max(_ROUNDING, _OF_A_PRICE * min(abs(count), abs(amount)))
                base, others = count * price, (row[n] for n in beside)
                is_explained = abs(base - amount) > rounding and _explained(base, amount, others, rounding)
                yield fits if abs(base - amount) <= rounding else fits_otherwise if is_explained else None

    def _wrong_rows(self, table: str) -> dict[int, str]:
        found = [check for check in self._found if check["check"] == "line_amount" and check["cells"][0].get("table") == table]
        return {check["cells"][0]["row"]: self._differs(check) for check in found if check["cells"][0]["row"]}

    # totals

    def of_sum(self, table: Table) -> str | None:
        """Whether the lines add up to what the document says, and which field says it; None where that is not known."""
        name = self._summed_up if table.name == "line_items" and self.sum_under(table) is not None else None
        verdict = name and self.of_field(name)
        return f"{verdict} ({self._label(name)})" if name and verdict else None

    @property
    def _summed_up(self) -> str | None:
        """The field that the lines add up to."""
        return "subtotal" if number(self._data.get("subtotal")) is not None else self._total

    def of_field(self, name: str) -> str | None:
        """Whether a total of the document is what its parts come to; None where that is not known."""
        if not self.are_shown or name not in ("subtotal", "total_tax", self._total):
            return None
        for check in self._found:
            if check["check"] in _SUMS and check["cells"][-1] == {"field": name}:
                return self._differs(check)
        stated, parts = number(self._data.get(name)), self._parts(name)
        if stated is None or parts is None:
            return None
        unknown = self._lines_without_amount if name == self._summed_up else 0
        if unknown:
            return self._known(parts, stated, unknown)
        if abs(abs(stated) - abs(parts)) <= Decimal("0.01"):
            return self.writing.say(ADDS_UP)
        fields = ((field, value) for field, value in self._data.items() if field not in (name, self._total, "subtotal"))
        others = [value for field, value in fields if _is_figure(value) and judged(field, (value,)) in _EXPLAINING]
        return self.writing.say(OTHERWISE) if _explained(abs(float(parts)), abs(float(stated)), others, _ROUNDING) else None

    @cached_property
    def _lines_without_amount(self) -> int:
        """How many lines lack their amount: of their sum nothing can be said. What has no quantity and no price is a heading."""
        items = next((table for table in self._tables if table.name == "line_items"), None)
        if items is None or "amount" not in items.columns:
            return 0
        at = items.columns.index("amount")
        others = [items.columns.index(name) for name in ("quantity", "unit_price") if name in items.columns]
        return sum(row[at] in (None, "") and any(row[n] not in (None, "") for n in others) for row in items.rows)

    def _known(self, known: Decimal, stated: Decimal, unknown: int) -> str:
        """What of a stated sum the known amounts are."""
        say, currency = self.writing.say, self._currency
        part, whole = (self.writing.text(ValueKind.MONEY, float(value), currency) for value in (known, stated))
        none = say("line has none" if unknown == 1 else "lines have none")
        return f"{say('known amounts')} {part} {say('of')} {whole}; {unknown} {none}"

    def _parts(self, name: str) -> Decimal | None:
        """What the field is the sum of: the lines, or subtotal and tax."""
        if self._hides_amounts:
            return None
        if name == self._summed_up:
            return self._sum_of_lines
        parts = [number(self._data.get(part)) for part in ("subtotal", "total_tax")]
        return None if name != self._total or None in parts else sum(filter(None, parts), Decimal(0))

    def sum_under(self, table: Table) -> Decimal | None:
        """What the amounts of a table add up to; None where it has none, or where it would tell an amount that is not shown."""
        if self._hides_amounts:
            return None
        return self._sum_of_lines if table.name == "line_items" else sum_of(table)

    @cached_property
    def _sum_of_lines(self) -> Decimal | None:
        return next((sum_of(table) for table in self._tables if table.name == "line_items"), None)

    def _differs(self, check: dict[str, Any]) -> str:
        told = [decimal_of(check[name] or "") for name in ("expected", "found")]
        if None in told:
            return str(check["message"])
        difference = float((told[1] or Decimal(0)) - (told[0] or Decimal(0)))
        return f"{self.writing.say('differs by')} {self.writing.text(ValueKind.MONEY, difference, self._currency)}"


def sum_of(table: Table) -> Decimal | None:
    """What the amounts of a table add up to, without the lines that are sums themselves; None where it has no amounts."""
    if "amount" not in table.columns or not table.is_number(table.columns.index("amount")):
        return None
    at = table.columns.index("amount")
    if table.kinds[at] is not ValueKind.MONEY:  # amounts in several currencies have no sum
        return None
    others = [table.columns.index(name) for name in ("quantity", "unit_price") if name in table.columns]
    whole = priced = Decimal(0)
    for row in (row for row in table.rows if row[at] is not None):
        whole += (amount := recorded(row[at]))
        priced += amount if any(row[other] not in (None, "") for other in others) else 0
    return priced or whole


def _explained(base: float, stated: float, others: Iterable[Any], rounding: float) -> bool:
    """Whether one other figure makes the base what is stated, as an amount or as a percentage: a tax, a discount, a charge."""
    figures = [float(value) for value in others if _is_figure(value)]
    readings = (base + sign * part for value in figures for part in (value, base * value / 100) for sign in (1, -1))
    return any(abs(reading - stated) <= rounding for reading in readings)


def _is_figure(value: Any) -> bool:
    return type(value) in (int, float)
