"""What the check columns of a workbook say: whether figures add up, as far as they were compared."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

from kraftd_core.delivery.layout import Layout, Table
from kraftd_core.delivery.locales import Writing
from kraftd_core.delivery.templates import Section
from kraftd_core.document.cells import decimal_of
from kraftd_core.document.checks.model import LINE_NUMBERS, number
from kraftd_core.document.kinds import kind_of
from kraftd_core.document.value_kinds import ValueKind, may_be_money
from kraftd_core.document.wording import recorded

ADDS_UP, OTHERWISE = "adds up", "adds up with taxes, discounts or the like"
"""What is said of figures that fit by themselves, and of those that fit with one other figure that stands beside them."""

_SUMS = ("line_sum", "total", "tax")


class Checks:
    """The verdicts of the checks by what they stand beside; empty where the checks are not shown."""

    def __init__(self, layout: Layout) -> None:
        self.writing: Writing = layout.appearance.writing
        self.are_shown = Section.CHECKS in layout.sections
        self._data, self._label, self._currency = layout.data, layout.appearance.label, str(layout.data.get("currency") or "")
        self._hides_amounts = any(map(may_be_money, layout.appearance.hidden_names))
        self._tables = [block for block in layout.blocks if isinstance(block, Table)]
        self._total = kind_of(layout.data.get("document_type")).total
        found = layout.checks if self.are_shown else []
        self._found = [check for check in found if check["cells"] and check["answer"] == "differs"]
        self._held = layout.held

    # lines

    def of_lines(self, table: Table) -> Iterator[str | None] | None:
        """For each row whether quantity times price is the amount; None where the table shows nothing to check."""
        if not self.are_shown or "amount" not in table.columns:
            return None
        if not set(LINE_NUMBERS) <= set(table.columns):
            return iter([None] * len(table.rows)) if self.of_sum(table) else None
        return self._lines(table.rows, table.name)

    def _lines(self, rows: Sequence[Sequence[Any]], table: str) -> Iterator[str | None]:
        """What was found wrong, and what was compared and held; nothing of a line that was not checked."""
        wrong, held = self._wrong_rows(table), self._held_rows(table)
        return (wrong.get(position) or held.get(position) for position in range(1, len(rows) + 1))

    def _held_rows(self, table: str) -> dict[int, str]:
        return {
            cell["row"]: self.writing.say(OTHERWISE if answer["reading"] else ADDS_UP)
            for answer in self._held
            if answer["check"] == "line_amount"
            for cell in answer["cells"]
            if cell.get("table") == table and cell["row"]
        }

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
        held = next((a for a in self._held if a["check"] in _SUMS and a["cells"] and a["cells"][-1] == {"field": name}), None)
        if self._hides_amounts:
            return None
        if held is None:
            return self._known() if name == self._summed_up else None
        return self.writing.say(OTHERWISE if held["reading"] else ADDS_UP)

    @cached_property
    def _lines_without_amount(self) -> int:
        """How many lines lack their amount: of their sum nothing can be said. What has no quantity and no price is a heading."""
        items = next((table for table in self._tables if table.name == "line_items"), None)
        if items is None or "amount" not in items.columns:
            return 0
        at = items.columns.index("amount")
        others = [items.columns.index(name) for name in ("quantity", "unit_price") if name in items.columns]
        return sum(row[at] in (None, "") and any(row[n] not in (None, "") for n in others) for row in items.rows)

    def _known(self) -> str | None:
        """What of a stated sum the known amounts are, where lines lack theirs: more is not known of it."""
        known, stated = self._sum_of_lines, number(self._data.get(self._summed_up or ""))
        if known is None or stated is None or not self._lines_without_amount:
            return None
        say, currency = self.writing.say, self._currency
        part, whole = (self.writing.text(ValueKind.MONEY, float(value), currency) for value in (known, stated))
        none = say("line has none" if self._lines_without_amount == 1 else "lines have none")
        return f"{say('known amounts')} {part} {say('of')} {whole}; {self._lines_without_amount} {none}"

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

