"""The difference of two document data as a JSON Patch (RFC 6902), which other programs can apply."""

from typing import Any

from kraftd_core.document.changes import Path, changes, parse_path
from kraftd_core.document.jsontypes import ROW_ID, Data, without_row_ids
from kraftd_core.document.nouns import Addition, Change, Deletion, Move

Operation = dict[str, Any]


def json_patch(before: Data, after: Data) -> list[Operation]:
    """What turns `before` without its row ids into `after` without them, in the order in which it is applied.

    In a table the cells come first, then the rows that go, from the last one up, then those that move or come.
    """
    by_table: dict[str, list[tuple[Path, Change]]] = {}
    operations: list[Operation] = []
    for change in changes(before, after):
        path = parse_path(change.field)
        if path.row_id is None:
            operations.append(_on_member(_pointer(path.field), change, without_row_ids({"": change.modified_value})[""]))
        else:
            by_table.setdefault(path.field, []).append((path, change))
    for name, found in by_table.items():
        operations += _on_table(name, [row[ROW_ID] for row in before[name]], [row[ROW_ID] for row in after[name]], found)
    return operations


def _pointer(*names: str | int) -> str:
    """A JSON Pointer (RFC 6901)."""
    return "".join("/" + str(name).replace("~", "~0").replace("/", "~1") for name in names)


def _on_member(pointer: str, change: Change, value: Any) -> Operation:
    if isinstance(change, Deletion):
        return {"op": "remove", "path": pointer}
    return {"op": "add" if isinstance(change, Addition) else "replace", "path": pointer, "value": value}


def _on_table(name: str, old: list[str], new: list[str], found: list[tuple[Path, Change]]) -> list[Operation]:
    places = {row_id: place for place, row_id in enumerate(old)}
    whole = {str(path.row_id): change for path, change in found if path.column is None}
    operations = [
        _on_member(_pointer(name, places[str(path.row_id)], path.column), change, change.modified_value)
        for path, change in found
        if path.column is not None
    ]
    current = list(old)
    for row_id in reversed([row_id for row_id in old if isinstance(whole.get(row_id), Deletion)]):
        operations.append({"op": "remove", "path": _pointer(name, places[row_id])})
        current.remove(row_id)
    for place, row_id in enumerate(new):
        change = whole.get(row_id)
        if isinstance(change, Addition | Move):
            operations.append(_put(name, current, row_id, current.index(new[place - 1]) if place else -1, change))
    return operations


def _put(name: str, current: list[str], row_id: str, behind: int, change: Addition | Move) -> Operation:
    """Puts a row behind another one, which stands in its place already; `current` follows."""
    if isinstance(change, Addition):
        current.insert(behind + 1, row_id)
        row = {column: value for column, value in change.modified_value.items() if column != ROW_ID}
        return {"op": "add", "path": _pointer(name, behind + 1), "value": row}
    start = current.index(row_id)
    target = behind + 1 if start > behind else behind
    current.insert(target, current.pop(start))
    return {"op": "move", "from": _pointer(name, start), "path": _pointer(name, target)}
