"""The sheet of a table: its rows, beside them a check of each line and a note on what was changed, below them the sum."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from kraftd_core.adapters.renderers.excel.book import LINE_HEIGHT, Book, Sheet, width_of
from kraftd_core.adapters.renderers.excel.checks import Checks
from kraftd_core.adapters.renderers.excel.rows import Cell, Formula
from kraftd_core.adapters.renderers.excel.styles import CellColumn
from kraftd_core.delivery.layout import Layout, Table
from kraftd_core.document.units import currency_as
from kraftd_core.document.value_kinds import ValueKind
from kraftd_core.document.wording import recorded

_MEASURED_ROWS = 500
_VERDICT_WIDTH = 26.0
_LONGEST_UNIT = 3  # characters


class TableSheet:
    """One table in a workbook."""

    def __init__(self, book: Book, table: Table, layout: Layout, checks: Checks) -> None:
        self.book, self.table, self.checks = book, table, checks
        self.say, self.letters = layout.appearance.writing.say, book.letters
        self.verdicts = checks.of_lines(table)
        self.notes = _notes(table, layout)

    def add(self) -> None:
        """Makes the sheet, with a frozen head and a filter."""
        table, book = self.table, self.book
        columns, rows = len(table.columns), len(table.rows)
        beside = [_VERDICT_WIDTH] if self.verdicts else []
        beside += [width_of([self.say("Review"), *self.notes.values()])] if self.notes else []
        sheet = book.sheet(table.heading, [*self._widths(), *beside])
        book.head(sheet, columns + len(beside), rows)
        if self.notes:
            note = f"${self.letters[columns + len(beside) - 1]}2"
            rule = f'OR({note}="{self.say("added")}",ISNUMBER(FIND("; "&A$1&"; ","; "&{note}&"; ")))'
            book.mark_changed(sheet, f"A2:{self.letters[columns - 1]}{rows + 1}", rule, keeps_ground=bool(table.marks))
        book.define(table.name, sheet, f"$A$1:${self.letters[columns - 1]}${rows + 1}")
        book.fill(sheet, self._sheet_rows(sheet))

    def _sheet_rows(self, sheet: Sheet) -> Iterator[str]:
        yield sheet.row(self._heads())
        yield from (sheet.row(cells) for cells in self._beside(self._cells()))
        yield from self._sum_rows(sheet)
        if self.table.note:
            yield sheet.row([])
            yield sheet.row([self.book.told(self.table.note, "quiet")], LINE_HEIGHT)

    def _heads(self) -> list[Cell]:
        told, table = self.book.told, self.table
        heads = [told(head, *(("head", "right") if table.is_number(n) else ("head",))) for n, head in enumerate(table.labels())]
        heads += [told(self.say("Check"), "head")] if self.verdicts else []
        return heads + ([told(self.say("Review"), "legend")] if self.notes else [])

    def _column(self, position: int, *looks: str) -> CellColumn:
        table, unit = self.table, self._unit(position)
        name, kind, currency = table.columns[position], table.kinds[position], table.currencies[position]
        return CellColumn(self.book.style_of, name, kind, table.writing, currency, unit, looks)

    def _unit(self, position: int) -> str:
        """What stands beside the amounts of a column: their currency, as far as it is a code or a symbol."""
        unit = currency_as(self.table.currencies[position], self.table.writing.currency)
        return unit if self.table.writing.unit or len(unit) <= _LONGEST_UNIT else ""

    def _cells(self) -> Iterator[list[Cell]]:
        table, makers = self.table, [self._column(n).cell for n in range(len(self.table.columns))]
        if not table.marks:
            for row in table.rows:
                yield [make(value) for make, value in zip(makers, row, strict=True)]
            return
        for position, row in enumerate(table.rows):
            marks = (table.marks.get((position, column)) for column in range(len(row)))
            yield [make(value, mark) for make, value, mark in zip(makers, row, marks, strict=True)]

    def _beside(self, rows: Iterator[list[Cell]]) -> Iterator[list[Cell]]:
        """The rows with their verdicts and notes."""
        style = self.book.style_of("wrapped")
        for position, cells in enumerate(rows):
            if self.verdicts:
                cells.append((next(self.verdicts), style))
            if self.notes:
                cells.append((self.notes.get(position), style))
            yield cells

    def _sum_rows(self, sheet: Sheet) -> Iterator[str]:
        """The sum of the amounts below a blank row, where a filter does not reach it: a formula, where it comes to the sum."""
        table, total = self.table, self.checks.sum_under(self.table)
        if total is None or len(table.rows) < 2:
            return
        yield sheet.row([])
        at, line = table.columns.index("amount"), self.book.style_of("total")
        cells: list[Cell] = [(None, line)] * len(table.columns)
        formula = self._formula(at, total)
        label = self.say("Sum of the lines" if formula else "Sum of the lines that are no sums themselves")
        cells[0] = self.book.told(label, "total", "left") if at else cells[0]
        value, style = self._column(at, "total").cell(float(total))
        cells[at] = (formula or value, style)
        if self.verdicts:
            cells.append((self.checks.of_sum(table), self.book.style_of("total", "left")))
        self.book.define(f"{table.name}_total", sheet, f"${self.letters[at]}${sheet.next_row}")
        yield sheet.row(cells, LINE_HEIGHT)

    def _formula(self, at: int, total: Decimal) -> Formula | None:
        """The sum over the column; None where it comes to something else, since some lines are sums of others."""
        table, letter = self.table, self.letters[at]
        if sum((recorded(row[at]) for row in table.rows if row[at] is not None), Decimal(0)) != total:
            return None
        return Formula(f"SUM({letter}2:{letter}{len(table.rows) + 1})", float(total))

    def _widths(self) -> list[float]:
        table = self.table
        return [
            width_of([label, *(self._told(position, value) for value in self._measured(position, name))])
            for position, (name, label) in enumerate(zip(table.columns, table.labels(), strict=True))
        ]

    def _measured(self, position: int, name: str) -> list[Any]:
        """The values that tell how wide a column must be: of figures the longest too, since one cut off shows as ###."""
        rows = self.table.rows
        values = [row[position] for row in rows[:_MEASURED_ROWS]]
        if self.table.is_number(position):
            figures = [row[position] for row in rows if row[position] is not None]
            total = self.checks.sum_under(self.table) if name == "amount" else None
            values += [min(figures), max(figures), *([float(total)] if total is not None else [])]
        return values

    def _told(self, position: int, value: Any) -> str:
        text, unit = self.table.text(position, value), self._unit(position)
        is_bare = unit and self.table.kinds[position] is ValueKind.MONEY and isinstance(value, (int, float)) and unit not in text
        return f"{text} {unit}" if is_bare else text


def _notes(table: Table, layout: Layout) -> dict[int, str]:
    """What was changed in each row, by its position from 0: the heads of the cells, or that the row is new."""
    say, labels = layout.appearance.writing.say, table.labels()
    added = {c["row"] - 1 for c in layout.changes if _adds_row(c, table.name)}
    columns: dict[int, list[int]] = {}
    for row, column in sorted(table.changed):
        columns.setdefault(row, []).append(column)
    return {row: say("added") if row in added else "; ".join(labels[n] for n in found) for row, found in columns.items()}


def _adds_row(change: dict[str, Any], table: str) -> bool:
    is_row = change.get("table") == table and change["column"] is None
    return is_row and change["change_type"] == "addition" and change["row"] is not None


def most_columns(tables: Sequence[Table]) -> int:
    """How many columns the widest sheet has."""
    return max([10, *(len(table.columns) + 2 for table in tables)])
