"""Whether all lines that look like rows became rows: what the ledger of a reading says, as the answer of a check."""

from collections.abc import Sequence
from decimal import Decimal

from kraftd_core.document.checks.model import CENT, Finding, held, lines_of, not_checked, number
from kraftd_core.document.jsontypes import Data
from kraftd_core.document.kinds import kind_of
from kraftd_core.document.ledger.nouns import Ledger
from kraftd_core.document.ledger.told import unread, where_unread
from kraftd_core.document.wording import how_many, listed, money

ROWS_READ = "rows_read"

_CELLS = ("line_items",)


def rows_read(ledger: Ledger | None, data: Data) -> list[Finding]:
    """One answer: every line was read, some were not, or nobody counted; and one more where a printed sum speaks against it."""
    if not ledger or not sum(entry.lines_seen for entry in ledger):
        return [not_checked(ROWS_READ, "Nothing that looks like a row was counted in the document.", _CELLS)]
    seen, lost = sum(entry.lines_seen for entry in ledger), unread(ledger)
    if lost:
        return [_not_read(ledger, seen, lost)]
    if gaps := [gap for entry in ledger for gap in entry.number_gaps]:
        return [_gap(gaps)]
    if off := _sums_off(ledger, data):
        return [off]
    said = f"Every line that looks like a row was read: {seen:,} of {seen:,}."
    return [held(ROWS_READ, said, _CELLS, None, Decimal(0), Decimal(seen), Decimal(seen))]


def still_unread(findings: Sequence[Finding], original: Data, modified: Data) -> list[Finding]:
    """Of these findings those of rows that were not read, until as many rows were entered by hand."""
    added = len(lines_of(modified)) - len(lines_of(original))
    return [finding for finding in findings if finding.check == ROWS_READ and added < _lost(finding)]


def _lost(finding: Finding) -> int:
    """How many lines the finding misses; one where it only says that there is something."""
    counts = [figure for figure in (finding.expected, finding.found) if figure and figure.isdigit()]
    return int(counts[0]) - int(counts[1]) if len(counts) == 2 else 1


def _not_read(ledger: Ledger, seen: int, lost: int) -> Finding:
    looks, was = ("looks like a row", "was") if lost == 1 else ("look like rows", "were")
    said = (
        f"{how_many(lost, 'line')} {where_unread(ledger)} that {looks} {was} not read ({seen - lost:,} of {seen:,} were)."
    )
    return Finding(ROWS_READ, "warning", said, _CELLS, str(seen), str(seen - lost))


def _gap(gaps: list[str]) -> Finding:
    is_one = len(gaps) == 1
    said = f"The numbers of the lines skip {listed(gaps)}: {'a line' if is_one else 'lines'} may be missing."
    return Finding(ROWS_READ, "warning", said, _CELLS)


def _sums_off(ledger: Ledger, data: Data) -> Finding | None:
    """A printed total that the rows do not add up to, where no field holds a total that other checks compare."""
    kind = kind_of(data.get("document_type"))
    sums = [each for entry in ledger for each in entry.sums]
    stated = any(number(data.get(name)) is not None for name in ("subtotal", kind.total or "total", "total"))
    if not sums or stated or any(each.agrees for each in sums):
        return None
    taken, printed = (Decimal(str(figure)) for figure in (sums[0].taken, sums[0].printed))
    if printed - taken <= CENT:  # a total of a part, or a deduction
        return None
    said = f"The lines add up to {money(taken)}, but {money(printed)} is printed as their total: lines or figures may be missing."
    return Finding(ROWS_READ, "warning", said, _CELLS, money(printed), money(taken))
