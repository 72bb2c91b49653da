"""Finds where a second table, with a head of its own, begins below the lines of a grid."""

from collections.abc import Iterable, Sequence
from typing import Any

from kraftd_core.adapters.readers.common.column_heads import is_remark, is_unit, meaning_of
from kraftd_core.adapters.readers.common.labels import AMOUNT_ROLES
from kraftd_core.adapters.readers.common.tables.labelled import pairs_in_cells
from kraftd_core.adapters.readers.common.values import parse_number, whole_date

Rows = Sequence[Sequence[Any]]

_LONGEST_HEAD = 5  # words
_FEWEST_OF_TEXTS = 3  # columns of a table that holds nothing but texts


def second_table(body: Rows) -> int | None:
    """The row from which on another table stands: its title or its head, behind an empty row; None where there is none.

    A heading of a section has fewer cells than the lines under it, and labels beside values are no head.
    """
    is_behind_gap = False
    for n, row in enumerate(body):
        filled = _filled(row)
        if not filled:
            is_behind_gap = n > 0
        elif not is_behind_gap:
            continue
        elif _is_head(body, n):
            return n
        elif not (len(filled) == 1 and isinstance(next(iter(filled.values())), str)):
            is_behind_gap = False
        elif n + 1 < len(body) and _is_head(body, n + 1):
            return n
    return None


def labels_below(body: Rows) -> int | None:
    """The row behind a gap from which on nothing follows but labels with values and texts, of which one label is known.

    Sums have labels, too, but belong to the table.
    """
    begins, is_known = None, False
    for n, row in enumerate(body):
        cells = list(_filled(row).values())
        if not cells:
            if begins is None and n:
                begins, is_known = n + 1, False
        elif begins is not None:
            pairs = list(pairs_in_cells(cells)) if len(cells) <= _WIDEST_PAIR else []
            is_text = len(cells) == 1 and isinstance(cells[0], str)
            if (not pairs and not is_text) or any(pair.role in AMOUNT_ROLES for pair in pairs):
                begins, is_known = None, False
            else:
                is_known = is_known or any(pair.role or str(cells[0]).endswith(":") for pair in pairs)
    return begins if is_known else None


_WIDEST_PAIR = 2


def _filled(row: Sequence[Any]) -> dict[int, Any]:
    return {n: cell for n, cell in enumerate(row) if cell not in (None, "")}


def _is_head(body: Rows, n: int) -> bool:
    head, below = _filled(body[n]), _filled(body[n + 1]) if n + 1 < len(body) else {}
    if len(head) < 2 or _names_lines(head.values()) or not all(map(_may_head, head.values())):
        return False
    if len(set(head.values())) < len(head):
        return False
    if len(below) < 2 or not set(below) <= set(head):
        return False
    is_of_texts = all(isinstance(cell, str) and not _is_value(cell) for cell in below.values())
    return not is_of_texts or len(head) >= _FEWEST_OF_TEXTS


def _names_lines(head: Iterable[Any]) -> bool:
    """Whether these are the heads of lines once more: those belong to the table above."""
    named = {meaning.column for cell in head if isinstance(cell, str) and (meaning := meaning_of(cell))}
    return bool(named & {"description", "item", "item_number"}) and bool(named & {"quantity", "unit_price", "amount"})


def _may_head(cell: Any) -> bool:
    if not isinstance(cell, str) or cell.endswith(":") or len(cell.split()) > _LONGEST_HEAD:
        return False
    return not any(c.isdigit() for c in cell) and not is_remark(cell) and not (is_unit(cell) and meaning_of(cell) is None)


def _is_value(text: str) -> bool:
    return parse_number(text.rstrip(" %")) is not None or whole_date(text) is not None
