"""True and false statements about a document's data, in varied wording, made by fixed rules and a seeded chance."""

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from kraftd_core.document.jsontypes import ROW_ID, Data
from kraftd_core.document.kinds import kind_of


def _figures(value: float) -> list[str]:
    """A number as people write it."""
    english = f"{value:,.2f}"
    continental = english.translate(str.maketrans(",.", ".,"))
    return [english, continental, continental.replace(".", " "), f"{value:.2f}", f"{value:g}" if value < 1e5 else f"{value:.2f}"]


def _days(day: date) -> list[str]:
    return [
        str(day), f"{day.day} {day:%B} {day.year}", f"{day:%B} {day.day}, {day.year}", f"{day.day} {day:%b} {day.year}",
        f"{day:%d.%m.%Y}", f"{day:%d/%m/%Y}", f"{day:%m/%d/%Y}", f"{day:%Y/%m/%d}", f"the {day.day}th of {day:%B} {day.year}",
    ]


class Facts:
    """What a document's data says, by the part that it plays."""

    def __init__(self, data: Data) -> None:
        kind = kind_of(data.get("document_type"))
        self.vendor, self.customer = (_text(data.get(name)) for name in ("vendor_name", "customer_name"))
        self.number = _text(data.get(kind.number or ""))
        self.day, self.due = (_day(data.get(name or "")) for name in (kind.date, kind.due))
        self.subtotal, self.tax, self.total = (_number(data.get(n or "")) for n in ("subtotal", "total_tax", kind.total))
        self.currency = _text(data.get("currency"))
        self.rows: list[dict[str, Any]] = [{k: v for k, v in row.items() if k != ROW_ID} for row in data.get("line_items") or []]

    @property
    def amounts(self) -> list[float]:
        """The amounts of the lines."""
        return [value for row in self.rows if (value := _number(row.get("amount"))) is not None]


def _text(value: Any) -> str | None:
    return " ".join(str(value).split()) if value else None


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, (int, float)) else None


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None


def true_statements(data: Data, chance: random.Random) -> list[str]:
    """What anybody may rightly say of the data."""
    facts = Facts(data)
    return [*_of_names(facts), *_of_days(facts, chance), *_of_amounts(facts, chance), *_of_lines(facts, chance), *_GENERAL]


_GENERAL = (
    "Approve the payment.", "Reconcile the totals before month end.", "Nothing else needs to be done.",
    "Escalate to the finance team.", "Check the bank details with the supplier on Monday.", "Payment Terms: see the contract.",
    "Verify that VAT was charged correctly.",
)


def _of_names(facts: Facts) -> Iterator[str]:
    if facts.vendor:
        yield from (f"Supplier: {facts.vendor}.", f"The goods come from {facts.vendor}.", f"{facts.vendor} issued this document.",
                    f"Contact {facts.vendor} about the open points.")  # fmt: skip
    if facts.vendor and facts.customer:
        yield from (f"{facts.vendor} bills {facts.customer}.", f"A document between {facts.customer} and {facts.vendor}.")
    if facts.number:
        yield from (f"The document has number {facts.number}.", f"Quote “{facts.number}” when paying.")


def _of_days(facts: Facts, chance: random.Random) -> Iterator[str]:
    if facts.day:
        said = chance.sample(_days(facts.day), 3)
        yield from (f"It was issued on {said[0]}.", f"Dated {said[1]}, it is ready for review.", f"Date: {said[2]}")
        yield f"The document is from {facts.day:%B %Y}."
    if facts.day and facts.due:
        said = chance.choice(_days(facts.due))
        yield from (f"Pay by {said}.", f"There are {(facts.due - facts.day).days} days between the date and the due date.")


def _of_amounts(facts: Facts, chance: random.Random) -> Iterator[str]:
    money = f" {facts.currency}" if facts.currency else ""
    if facts.total:
        said = chance.sample(_figures(facts.total), 2)
        yield from (f"The total is {said[0]}{money}.", f"{said[1]}{money} is to be paid in all.")
        yield f"About {facts.total / 1000:.1f} k is due."
        if facts.currency == "EUR":
            yield f"The amount to pay is €{said[0]}."
    if facts.subtotal and facts.tax and facts.total and abs(facts.subtotal + facts.tax - facts.total) < 0.005:
        yield f"Without tax it is {chance.choice(_figures(facts.subtotal))}{money}, and the tax is {facts.tax:,.2f}."
        yield f"The tax is {facts.tax / facts.subtotal * 100:.1f} % of the subtotal."
        yield f"VAT makes up {facts.tax / facts.total * 100:.0f} percent of the total."


def _of_lines(facts: Facts, chance: random.Random) -> Iterator[str]:
    if facts.rows:
        yield from (f"It lists {len(facts.rows)} items.", f"There are {len(facts.rows)} lines in the table.")
    if len(facts.amounts) == len(facts.rows) > 1:
        yield f"All lines together come to {chance.choice(_figures(sum(facts.amounts)))}."
        yield f"On average a line is {sum(facts.amounts) / len(facts.amounts):,.2f}."
    for place, row in enumerate(facts.rows[:3], 1):
        count, price, amount = (_number(row.get(name)) for name in ("quantity", "unit_price", "amount"))
        if row.get("description"):
            yield f"Line {place} is “{_text(row['description'])}”."
        if count is not None and price is not None:
            yield f"On line {place}, {count:g} × {price:,.2f} makes {count * price:,.2f}."
        if amount:
            yield f"Line {place} costs {chance.choice(_figures(amount))}."


def false_statements(data: Data, strangers: Sequence[Data], chance: random.Random) -> list[str]:
    """True statements with a wrong number, day, name or sum."""
    facts, others = Facts(data), [Facts(other) for other in strangers]
    found = []
    if facts.total:
        wrong = _wrong_number(facts.total, data, chance)
        found += [f"The total is {chance.choice(_figures(wrong))}.", f"Pay {wrong:,.2f} {facts.currency or ''} now."]
    if facts.day:
        wrong_day = facts.day + timedelta(days=chance.choice([-400, -33, -1, 2, 45, 370]))
        if wrong_day != facts.due:
            found.append(f"It was issued on {chance.choice(_days(wrong_day)[:4])}.")
    known = f"{facts.vendor} {facts.customer}"
    names = [f.vendor for f in others if f.vendor and any(word not in known for word in f.vendor.split())]
    if names:
        name = chance.choice(names)
        found += [f"Supplier: {name}.", f"The goods come from {name}.", f"{name} issued this document."]
    numbers = [f.number for f in others if f.number and f.number != facts.number]
    if numbers:
        found.append(f"The document has number {chance.choice(numbers)}.")
    if len(facts.amounts) == len(facts.rows) > 1:
        found.append(f"All lines together come to {_wrong_number(sum(facts.amounts), data, chance):,.2f}.")
        found.append(f"There are {len(facts.rows) + chance.choice([1, 2, 5])} lines in the table.")
    return found


def _wrong_number(value: float, data: Data, chance: random.Random) -> float:
    """The number with two digits exchanged, a digit misread, or off by a little or a lot."""
    digits = f"{value:.2f}"
    place = chance.randrange(len(digits) - 3)
    misread = float(digits[:place] + chance.choice("123456789") + digits[place + 1 :])
    wrong = chance.choice([misread, value * 10, value + 1, round(value * 1.1, 2), round(value - 0.5, 2)])
    return wrong if f"{wrong:g}" not in str(data) and abs(wrong - value) > 0.005 else round(value + 17.37, 2)
