"""Row ids for data from callers who know none: each row gets the id of the original row that it is most like."""

from collections.abc import Sequence
from typing import Any

from kraftd_core.document.jsontypes import ROW_ID, Data, Row, is_table, new_row_id, same
from kraftd_core.document.matching.rows import matched


def align_rows(original: Data, modified: Data) -> Data:
    """`modified` with row ids: rows that carry one keep it, others get the id of the original row that they are most
    like (equal ones first, then by likeness, near ones before far ones), and a row like none of them a new one."""
    return {name: _aligned(original.get(name), value) for name, value in modified.items()}


def _aligned(original: Any, value: Any) -> Any:
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value) or is_table(value) or same(original, value):
        return value
    ids = _known_ids(value)
    taken = set(ids.values())
    free = [row for row in original if row[ROW_ID] not in taken] if is_table(original) else []
    pending = [place for place in range(len(value)) if place not in ids]
    pairs = matched([_bare(row) for row in free], [_bare(value[place]) for place in pending])
    ids |= {pending[new]: free[old][ROW_ID] for new, old in pairs.items()}
    return [{ROW_ID: ids.get(place) or new_row_id()} | _cells(row) for place, row in enumerate(value)]


def _known_ids(rows: Sequence[Row]) -> dict[int, str]:
    """The identities that rows carry, by place; of two rows with the same one, the first has it."""
    first: dict[str, int] = {}
    for place, row in enumerate(rows):
        if is_table([row]):
            first.setdefault(row[ROW_ID], place)
    return {place: row_id for row_id, place in first.items()}


def _cells(row: Row) -> Row:
    """The row without its identity; what stands under the reserved name and is no identity is kept under another."""
    bare = _bare(row)
    if row.get(ROW_ID) is not None and not is_table([row]):
        name = "row_id_"
        while name in bare:
            name += "_"
        bare[name] = row[ROW_ID]
    return bare


def _bare(row: Row) -> Row:
    return {column: value for column, value in row.items() if column != ROW_ID}
