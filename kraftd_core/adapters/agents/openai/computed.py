"""What is calculated for a model, so that it need not: how values are written, sums, shares, days, and what tables come to."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from kraftd_core.adapters.agents.openai.excerpt import is_long
from kraftd_core.document.checks.model import Finding, Line, day, divided, lines_of, number
from kraftd_core.document.checks.owed import total_name
from kraftd_core.document.jsontypes import ROW_ID, Data, Row, is_table
from kraftd_core.document.kinds import kind_of
from kraftd_core.document.value_kinds import ValueKind, is_price, judged
from kraftd_core.document.wording import clipped, how_many, label_of, money, quantity, shown_in
from kraftd_core.ports.thinking import Case
from kraftd_core.thinking.payment import payment_of

_MOST_SHOWN, _LARGEST, _MOST_SECTIONS = 60, 10, 20
_SECTION = re.compile(r"(?:^|_)(?:section|group|category|trade|chapter|department|cost_cent(?:er|re)|phase|lot)(?:_name)?$")
_NAMES = ("description", "item", "name", "product")


def shown_of(data: Data) -> dict[str, str]:
    """The figures and days of the fields as people write them, by what the fields are called."""
    currency = currency_of(data)
    figures = [(name, value) for name, value in data.items() if isinstance(value, (int, float)) and not isinstance(value, bool)]
    return {label_of(name): _with_currency(name, value, currency) for name, value in figures[:_MOST_SHOWN]}


def _with_currency(name: str, value: int | float, currency: str) -> str:
    said = shown_in(name, value, currency)
    kind = judged(name, (value,))
    if kind is ValueKind.MONEY:
        return f"{said} {currency}".rstrip()
    return f"{said} %" if kind is ValueKind.PERCENT else said


def currency_of(data: Data) -> str:
    """The code of the document's currency; empty where it names none."""
    named = data.get("currency")
    return named if isinstance(named, str) and len(named) <= 5 else ""


def computed(case: Case) -> dict[str, str]:
    """Shares and days that somebody may want to speak of, by what they are."""
    return dict([*_shares(case), *_days(case)])


def _shares(case: Case) -> Iterator[tuple[str, str]]:
    data = case.data
    subtotal, tax = number(data.get("subtotal")), number(data.get("total_tax"))
    if subtotal and tax:
        yield "tax as a share of the subtotal", _percent(tax, subtotal)
    whole = number(data.get(total_name(data) or ""))
    payment = payment_of(data, case.document_type)
    if whole and payment and payment.amount is not None and 0 < payment.amount < whole:
        yield "what is left to pay as a share of the total", _percent(payment.amount, whole)


def _percent(part: Decimal, whole: Decimal) -> str:
    return f"{quantity(divided(part * 100, whole).quantize(Decimal('0.1')))} %"


def _days(case: Case) -> Iterator[tuple[str, str]]:
    kind = kind_of(case.data.get("document_type") or case.document_type)
    due, dated = day(case.data.get(kind.due or "")), day(case.data.get(kind.date or ""))
    if due is None:
        return
    called = label_of(kind.due or "").lower()
    yield f"from today to the {called}", _from_to(case.as_of, due)
    if dated is not None and dated <= due:
        yield f"from its date to the {called}", how_many((due - dated).days, "day")


def _from_to(today: date, due: date) -> str:
    days = (due - today).days
    return f"{how_many(days, 'day')} left" if days >= 0 else f"passed {how_many(-days, 'day')} ago"


def difference(finding: Finding, currency: str) -> str | None:
    """By how much what a check expected and what it found differ; None where they are no figures."""
    expected, found = (_figure(text) for text in (finding.expected, finding.found))
    return None if expected is None or found is None or expected == found else money(abs(found - expected), currency)


def _figure(text: str | None) -> Decimal | None:
    return Decimal(text) if text and re.fullmatch(r"-?\d{1,18}(?:\.\d{1,6})?", text) else None


# Tables


def tables_of(data: Data) -> dict[str, dict[str, Any]]:
    """What each table comes to: its rows, the sums of its columns and sections; of a long one also its largest rows."""
    currency = currency_of(data)
    return {name: _table(name, rows, data, currency) for name, rows in data.items() if is_table(rows) and rows}


def _table(name: str, rows: Sequence[Row], data: Data, currency: str) -> dict[str, Any]:
    lines = lines_of(data, name)
    told: dict[str, Any] = {"rows": len(rows)}
    columns = _amounts(rows)
    if sums := {label_of(column): _sum(lines, column, currency) for column in columns}:
        told["sums"] = sums
    amount = "amount" if "amount" in columns else next(iter(columns), None)
    if amount is None:
        return told
    if sections := _sections(lines, amount, currency):
        told["sections"] = sections
    ordered = sorted((line for line in lines if line.number(amount) is not None), key=lambda line: -(line.number(amount) or 0))
    whole = sum((line.number(amount) or Decimal(0) for line in lines), Decimal(0))
    if ordered:
        told["largest"] = [_largest(line, amount, whole, currency) for line in ordered[: _LARGEST if is_long(rows) else 1]]
    return told


def _amounts(rows: Sequence[Row]) -> list[str]:
    """The columns of money that can be added up."""
    names = dict.fromkeys(name for row in rows for name in row if name != ROW_ID)
    return [name for name in names
            if judged(name, [row.get(name) for row in rows]) is ValueKind.MONEY and not is_price(name)
            and any(number(row.get(name)) is not None for row in rows)]  # fmt: skip


def _sum(lines: Sequence[Line], column: str, currency: str) -> str:
    return money(sum((line.number(column) or Decimal(0) for line in lines), Decimal(0)), currency)


def _sections(lines: Sequence[Line], amount: str, currency: str) -> list[dict[str, Any]]:
    """Rows and sum of each section: by the column that names them, else by the headings among the rows."""
    column = next((name for line in lines[:1] for name in line.row if _SECTION.search(name)), None)
    groups: dict[str, list[Line]] = {}
    heading = ""
    for line in lines:
        if column is None and line.is_heading:
            heading = _called(line.row)
        elif named := str(line.row.get(column) or "") if column else heading:
            groups.setdefault(named, []).append(line)
    if not 1 < len(groups) <= _MOST_SECTIONS:
        return []
    return [{"section": clipped(name, 60), "rows": len(group), "sum": _sum(group, amount, currency)}
            for name, group in groups.items()]  # fmt: skip


def _largest(line: Line, amount: str, whole: Decimal, currency: str) -> dict[str, Any]:
    value = line.number(amount) or Decimal(0)
    told = {"line": line.index + 1, "called": _called(line.row), "amount": money(value, currency)}
    return told | ({"share": _percent(value, whole)} if whole > 0 else {})


def _called(row: Row) -> str:
    return next((clipped(row[name], 50) for name in _NAMES if isinstance(row.get(name), str) and row[name].strip()), "")
