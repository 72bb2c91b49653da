"""The ledger of rows: of every page and sheet, how many lines look like rows, how many were taken, and why others were not."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

from kraftd_core.document.nouns import Noun

WhyLeftOut = Literal["head", "total", "note", "carried_over", "not_understood"]

class RowsLeftOut(Noun):
    """How many lines that look like rows are none, or were not understood."""

    why: WhyLeftOut
    rows: int


class SumOfRows(Noun):
    """What a column of the rows that were taken adds up to, and the total printed for it."""

    column: str
    taken: int | float | str
    printed: int | float | str

    @property
    def agrees(self) -> bool:
        """Whether both are the same to the cent."""
        return abs(Decimal(str(self.taken)) - Decimal(str(self.printed))) <= Decimal("0.01")


class LedgerEntry(Noun):
    """What became of the row-like lines of one page (from 1), or of one sheet or table."""

    page: int | None = None
    sheet: str | None = None
    rows_seen: int
    rows_taken: int
    left_out: list[RowsLeftOut] = []
    number_gaps: list[str] = []
    sums: list[SumOfRows] = []

    @property
    def not_understood(self) -> int:
        """How many lines look like rows and are in no table."""
        return sum(left.rows for left in self.left_out if left.why == "not_understood")

    @property
    def lines_seen(self) -> int:
        """The lines that are rows as far as can be told: those taken and those not understood."""
        return self.rows_taken + self.not_understood


Ledger = Sequence[LedgerEntry]
