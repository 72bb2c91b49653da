"""The ledger in words, for pages and findings; its nouns are only named here, as they bring pydantic."""

from typing import TYPE_CHECKING

from kraftd_core.document.wording import how_many, listed

if TYPE_CHECKING:
    from kraftd_core.document.ledger.nouns import Ledger, LedgerEntry, WhyLeftOut

_WORDS: "dict[WhyLeftOut, tuple[str, str]]" = {
    "head": ("heading", "headings"),
    "total": ("total or tax", "totals and taxes"),
    "note": ("note", "notes"),
    "carried_over": ("sum carried over", "sums carried over"),
    "not_understood": ("not read", "not read"),
}


def ledger_said(ledger: "Ledger | None") -> str:
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


def unread(ledger: "Ledger | None") -> int:
    """How many lines that look like rows were not read, on all pages and sheets."""
    return sum(entry.not_understood for entry in ledger or ())


def where_unread(ledger: "Ledger") -> str:
    """Where they stand: "on page 3", "on pages 12 to 60", "on the sheets A and B"."""
    lost = [entry for entry in ledger if entry.not_understood]
    pages = sorted({entry.page for entry in lost if entry.page})
    sheets = [entry.sheet for entry in lost if entry.sheet]
    if pages:
        between = " and " if len(pages) == 2 else " to "
        return f"on page {pages[0]}" if len(pages) == 1 else f"on pages {pages[0]}{between}{pages[-1]}"
    return f"on the {'sheet' if len(sheets) == 1 else 'sheets'} {listed(sheets)}" if sheets else "of the document"


def left_out_said(entry: "LedgerEntry") -> str:
    """What was left out of the page or sheet, in words: "2 headings, 1 total or tax"."""
    return ", ".join(f"{left.rows:,} {_WORDS[left.why][left.rows != 1]}" for left in entry.left_out)
