"""The ledger of rows: of every page and sheet, how many lines look like rows, how many were taken, and why others were not."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

from kraftd_core.document.nouns import Noun
from kraftd_core.document.wording import how_many, listed

WhyLeftOut = Literal["head", "total", "note", "carried_over", "not_understood"]

WORDS_FOR_LEFT_OUT: dict[WhyLeftOut, tuple[str, str]] = {
    "head": ("heading", "headings"),
    "total": ("total or tax", "totals and taxes"),
    "note": ("note", "notes"),
    "carried_over": ("sum carried over", "sums carried over"),
    "not_understood": ("not read", "not read"),
}


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


def ledger_said(ledger: Ledger | None) -> str:
    """The ledger in one line: "275 of 275 lines read; the sums agree"; empty where the reader counted nothing."""
    seen, lost = sum(entry.lines_seen for entry in ledger or ()), unread(ledger)
    if not seen or ledger is None:
        return ""
    if lost:
        return f"{lost:,} of {how_many(seen, 'line')} not read, {where_unread(ledger)}"
    said = [f"{seen:,} of {how_many(seen, 'line')} read"]
    if any(each.agrees for entry in ledger for each in entry.sums):
        said.append("the sums agree")
    return "; ".join(said)


def unread(ledger: Ledger | None) -> int:
    """How many lines that look like rows were not read, on all pages and sheets."""
    return sum(entry.not_understood for entry in ledger or ())


def where_unread(ledger: Ledger) -> str:
    """Where they stand: "on page 3", "on pages 12 to 60", "on the sheets A and B"."""
    lost = [entry for entry in ledger if entry.not_understood]
    pages = sorted({entry.page for entry in lost if entry.page})
    sheets = [entry.sheet for entry in lost if entry.sheet]
    if pages:
        between = " and " if len(pages) == 2 else " to "
        return f"on page {pages[0]}" if len(pages) == 1 else f"on pages {pages[0]}{between}{pages[-1]}"
    return f"on the {'sheet' if len(sheets) == 1 else 'sheets'} {listed(sheets)}" if sheets else "of the document"


def left_out_said(entry: LedgerEntry) -> str:
    """What was left out of the page or sheet, in words: "2 headings, 1 total or tax"."""
    return ", ".join(f"{left.rows:,} {WORDS_FOR_LEFT_OUT[left.why][left.rows != 1]}" for left in entry.left_out)
