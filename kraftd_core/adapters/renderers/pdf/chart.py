"""The largest amounts of a table, as bars."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kraftd_core.delivery.layout import Table
from kraftd_core.document.value_kinds import ValueKind, is_price, words_of

_SHOWN_AT_MOST = 8
_LABELS = ("description", "item", "name", "article")
_NOT_OF_THE_LINE = {"unit", "tax", "vat", "discount"}


@dataclass(frozen=True, slots=True)
class Bar:
    """A line of the table; `share` is its amount as a part of the largest one, from -1 to 1."""

    label: str
    amount: str
    share: float


@dataclass(frozen=True, slots=True)
class Chart:
    """The largest amounts, the largest first; `of` is how many lines have one."""

    column: str
    bars: tuple[Bar, ...]
    of: int


def chart_of(table: Table) -> Chart | None:
    """The largest amounts of the lines; None where fewer than two lines have an amount."""
    column = _amounts(table)
    if column is None:
        return None
    told = [(Decimal(str(row[column])), position) for position, row in enumerate(table.rows) if row[column]]
    if len(told) < 2:
        return None
    largest = sorted(told, key=lambda line: (-abs(line[0]), line[1]))[:_SHOWN_AT_MOST]
    peak = abs(largest[0][0])
    bars = (Bar(_label(table, position), _amount(table, position, column), float(value / peak)) for value, position in largest)
    return Chart(table.labels()[column], tuple(bars), len(told))


def _amounts(table: Table) -> int | None:
    """The column of the lines' amounts: the one of that name, else the last that holds money and is no price of one piece."""
    kinds = enumerate(zip(table.columns, table.kinds, strict=True))
    money = [n for n, (name, kind) in kinds if kind is ValueKind.MONEY and table.is_number(n) and _is_of_the_line(name)]
    named = [n for n in money if table.columns[n] == "amount"]
    return max(named or money, default=None)


def _is_of_the_line(name: str) -> bool:
    return _NOT_OF_THE_LINE.isdisjoint(words_of(name)) and not is_price(name)


def _label(table: Table, position: int) -> str:
    """What the line is called: its description, else its first text, else its number."""
    cells = dict(zip(table.columns, table.rows[position], strict=True))
    named = [cells.get(name) for name in _LABELS]
    texts = [value for value in (*named, *cells.values()) if isinstance(value, str) and value.strip()]
    return texts[0] if texts else f"#{position + 1}"


def _amount(table: Table, position: int, column: int) -> str:
    return table.text(column, table.rows[position][column])


def drawing(bars: tuple[Bar, ...], width: float, line_height: float, colour: str) -> Any:
    """The bars below each other, each in the middle of its line, with the line that they start from."""
    from reportlab.graphics.charts.barcharts import HorizontalBarChart
    from reportlab.graphics.shapes import Drawing
    from reportlab.lib.colors import HexColor

    chart = HorizontalBarChart()
    chart.x, chart.y, chart.width, chart.height = 0, 0, width, line_height * len(bars)
    chart.data = [[bar.share for bar in reversed(bars)]]
    chart.barWidth, chart.groupSpacing = 6, 4
    chart.bars[0].fillColor, chart.bars[0].strokeColor = HexColor(colour), None
    chart.valueAxis.valueMin, chart.valueAxis.valueMax = min(0.0, *(bar.share for bar in bars)), 1.0
    chart.valueAxis.valueStep = 1.0
    chart.valueAxis.visible = False
    chart.categoryAxis.visibleTicks = chart.categoryAxis.visibleLabels = False
    chart.categoryAxis.joinAxisMode = "value"
    chart.categoryAxis.joinAxis, chart.categoryAxis.joinAxisPos = chart.valueAxis, 0
    chart.categoryAxis.strokeColor, chart.categoryAxis.strokeWidth = HexColor(colour), 0.8
    drawn = Drawing(width, chart.height)
    drawn.add(chart)
    return drawn
