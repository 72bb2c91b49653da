"""The changes between two document data, as few as a person would say, and applying them."""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import chain, compress, count, filterfalse
from operator import itemgetter, ne
from typing import Any, NamedTuple

from kraftd_core.document.cells import decimal_of, folded, text_of
from kraftd_core.document.jsontypes import ROW_ID, Data, Row, same
from kraftd_core.document.matching.alignment import align_rows as align_rows
from kraftd_core.document.nouns import Addition, Change, Deletion, Modification, Move
from kraftd_core.errors import ChangesDoNotFit

_MOST_DIGITS = 15  # longer ones are identifiers: as numbers they would be texts too

_SPECIAL = re.compile(r"[\\\[\].]")
_NAME = r"((?:[^\\\[\].]|\\[\\\[\].])*)"
_PATH = re.compile(rf"{_NAME}(?:\[{_NAME}\](?:\.{_NAME})?)?")
_ROW_IDS = re.compile(r"(?:[A-Za-z0-9_-]{1,64}+\n)*+")
_LIKE_BOOLEANS = frozenset((0, 1))  # what True and False are equal to
_NESTED = frozenset((dict, list))
_TELLING = _NESTED | {bool}
_id_of = itemgetter(ROW_ID)
_IDENTIFIER = re.compile(
    r"(?:^|_)(?:id|code|ref|reference|sku|item|position|pos|section|phone|fax|iban|bic|zip|postcode|version)$|_(?:no|nr|number)$"
)


# Paths


class Path(NamedTuple):
    """What a change is about: a field, a row of a table, or a cell."""

    field: str
    row_id: str | None = None
    column: str | None = None


def path_of(field: str, row_id: str | None = None, column: str | None = None) -> str:
    """The path as text: `supplier`, `line_items[<row id>]`, `line_items[<row id>].unit_price`.

    A backslash stands before each backslash, bracket and point of a name, so that a path reads in one way only.
    """
    if row_id is None:
        return _escaped(field)
    row = f"{_escaped(field)}[{_escaped(row_id)}]"
    return row if column is None else f"{row}.{_escaped(column)}"


def parse_path(path: str) -> Path:
    """The path that the text writes; raises ChangesDoNotFit."""
    match = _PATH.fullmatch(path)
    if match is None:
        raise ChangesDoNotFit(f"The changes cannot be applied: “{path}” names no field, row or cell. Write it as recorded.")
    field, row_id, column = match.groups()
    return Path(_unescaped(field), row_id and _unescaped(row_id), column and _unescaped(column))


def _escaped(name: str) -> str:
    return name if name.replace("_", "").isalnum() else _SPECIAL.sub(r"\\\g<0>", name)  # the usual names at once


def _unescaped(name: str) -> str:
    return re.sub(r"\\(.)", r"\1", name)


# Finding changes


def changes(a: Data, b: Data) -> list[Change]:
    """What turns `a` into `b`. Rows of tables are compared by their ids; any other list or object is one value."""
    found: list[Change] = []
    for name, old in a.items():
        found += _field_changes(name, old, b[name]) if name in b else [Deletion(field=path_of(name), original_value=old)]
    found += [Addition(field=path_of(name), modified_value=new) for name, new in b.items() if name not in a]
    return found


def _field_changes(name: str, old: Any, new: Any) -> Iterable[Change]:
    old_rows = _rows_of(old)
    new_rows = None if old_rows is None else _rows_of(new, old_rows)
    if old_rows is not None and new_rows is not None:
        return _table_changes(name, old_rows, new_rows)
    return [] if same(old, new) else [_modification(path_of(name), name, old, new)]


def _rows_of(value: Any, known: Collection[str] = ()) -> dict[str, Row] | None:
    """A table's rows by their ids in its order, None for what is no table; ids that are `known` are not looked at again."""
    if not isinstance(value, list):
        return None
    try:
        rows = dict(zip(map(_id_of, value), value, strict=True))
        return rows if len(rows) == len(value) and _are_sound([*filterfalse(known.__contains__, rows)]) else None
    except (KeyError, TypeError):
        return None


def _are_sound(ids: list[str]) -> bool:
    """What `is_table` asks of each id, with one match for all of them; raises TypeError where one is no text."""
    lines = "\n".join([*ids, ""])
    return lines.count("\n") == len(ids) and _ROW_IDS.fullmatch(lines) is not None


def _table_changes(name: str, old: dict[str, Row], new: dict[str, Row]) -> Iterator[Change]:
    """The removed rows in their old order, then the others in their new one."""
    removed, added = old.keys() - new.keys(), new.keys() - old.keys()
    for position, row_id in compress(enumerate(old), map(removed.__contains__, old)):
        yield Deletion(field=path_of(name, row_id), original_value=old[row_id], position=position)
    stayed = [*filterfalse(added.__contains__, new)]
    moves = _moves(name, old, new, [*filterfalse(removed.__contains__, old)], stayed)
    touched = {stayed[place] for place in _touched([*map(old.__getitem__, stayed)], [*map(new.__getitem__, stayed)])}
    telling = added | touched | moves.keys()
    for position, row_id in compress(enumerate(new), map(telling.__contains__, new)):
        if row_id in added:
            yield Addition(field=path_of(name, row_id), modified_value=new[row_id], position=position)
        if row_id in moves:
            yield moves[row_id]
        if row_id in touched:
            yield from _cell_changes(name, row_id, old[row_id], new[row_id])


def _touched(old: Sequence[Row], new: Sequence[Row]) -> list[int]:
    """The places where two rows are not the same, in few steps for the many that are.

    Python's equality decides but for a boolean against 0 or 1: rows that hold none of these need no second look, and
    the others only if there is a boolean among them at all.
    """
    touched = {*compress(count(), map(ne, old, new))}
    suspect = [place for place in _like_booleans(old) if place not in touched]
    if not (_are_plain(old[place] for place in suspect) and _are_plain(new[place] for place in suspect)):
        touched.update(place for place in suspect if not _is_typed_alike(old[place], new[place]))
    return sorted(touched)


def _like_booleans(rows: Sequence[Row]) -> Iterable[int]:
    """The places of the rows that hold 0, 1 or a boolean; all where a cell has no hash, being a list or an object."""
    try:
        return [place for place, has_none in enumerate(map(_LIKE_BOOLEANS.isdisjoint, map(dict.values, rows))) if not has_none]
    except TypeError:
        return range(len(rows))


def _are_plain(rows: Iterable[Row]) -> bool:
    return _TELLING.isdisjoint(map(type, chain.from_iterable(map(dict.values, rows))))


def _is_typed_alike(old: Row, new: Row) -> bool:
    """`same` for rows that Python calls equal; cheap where they are flat."""
    types = [*map(type, old.values())]
    return (types == [*map(type, map(new.get, old))] and _NESTED.isdisjoint(types)) or same(old, new)


def _cell_changes(name: str, row_id: str, old: Row, new: Row) -> Iterator[Change]:
    for column, value in old.items():
        if column not in new:
            yield Deletion(field=path_of(name, row_id, column), original_value=value)
        elif not same(value, new[column]):
            yield _modification(path_of(name, row_id, column), column, value, new[column])
    for column, value in new.items():
        if column not in old:
            yield Addition(field=path_of(name, row_id, column), modified_value=value)


def _modification(path: str, name: str, old: Any, new: Any) -> Modification:
    return Modification(field=path, original_value=old, modified_value=new, format_only=_is_format_only(name, old, new))


# Moved rows


def _moves(name: str, old: Iterable[str], new: Iterable[str], before: list[str], after: list[str]) -> dict[str, Move]:
    """As few moves as lead from the old order of ids to the new one; `before` and `after` are those in both, in each order."""
    if before == after:
        return {}
    old_places = {row_id: place for place, row_id in enumerate(old)}
    new_places = {row_id: place for place, row_id in enumerate(new)}
    resting = _longest_rise([new_places[row_id] for row_id in before])
    return {
        row_id: Move(field=path_of(name, row_id), original_value=old_places[row_id], modified_value=new_places[row_id])
        for row_id in before
        if new_places[row_id] not in resting
    }


def _longest_rise(places: list[int]) -> set[int]:
    """The members of a longest rising subsequence of distinct numbers."""
    tops: list[int] = []  # the smallest last member of a rise of each length
    before: dict[int, int | None] = {}
    for place in places:
        length = bisect_left(tops, place)
        before[place] = tops[length - 1] if length else None
        tops[length : length + 1] = [place]
    rise: set[int] = set()
    last = tops[-1] if tops else None
    while last is not None:
        rise.add(last)
        last = before[last]
    return rise


# Written otherwise


def _is_format_only(name: str, old: Any, new: Any) -> bool:
    """Whether two unequal values say the same: texts that differ in blanks or in compatible characters, and numbers
    written otherwise. In a column of identifiers only the former count: item 1.10 is not item 1.1."""
    if not (isinstance(old, str) or isinstance(new, str)) or not (_is_text_or_number(old) and _is_text_or_number(new)):
        return False
    if folded(text_of(old) or "") == folded(text_of(new) or ""):
        return True
    number = _number(old)
    return number is not None and number == _number(new) and not _IDENTIFIER.search(name.lower())


def _is_text_or_number(value: Any) -> bool:
    return isinstance(value, (str, int, float)) and not isinstance(value, bool)


def _number(value: Any) -> Decimal | None:
    number = decimal_of(value) if isinstance(value, str) else Decimal(repr(value))
    return number if number is not None and len(number.as_tuple().digits) <= _MOST_DIGITS else None


def counted(changes: Sequence[Change]) -> list[Change]:
    """Those that count as a change of value: all but the format-only ones."""
    return [change for change in changes if not change.format_only]


def carry_reasons(changes: Sequence[Change], reasons: Mapping[str, str]) -> list[Change]:
    """The changes with the user's reasons, given by field path."""
    return [change.model_copy(update={"user_reason": reasons.get(change.field, change.user_reason)}) for change in changes]


# Applying changes


def apply(changes: Sequence[Change], a: Data) -> Data:
    """The data that the changes make of `a`, which stays as it is (untouched values are shared with it).

    Raises ChangesDoNotFit where a change was made from other data.
    """
    result = dict(a)
    for field, group in _by_field(changes).items():
        whole = group.get(Path(field))
        if whole is None:
            result[field] = _changed_table(field, group, result.get(field))
        elif len(group) == 1:
            _put(result, field, whole)
        else:
            raise _misfit(whole)
    return result


def _by_field(changes: Sequence[Change]) -> dict[str, dict[Path, Change]]:
    groups: dict[str, dict[Path, Change]] = {}
    for change in changes:
        path = parse_path(change.field)
        if groups.setdefault(path.field, {}).setdefault(path, change) is not change:
            raise _misfit(change)
    return groups


def _put(members: dict[str, Any], name: str, change: Change) -> None:
    """Sets, replaces or removes one field or cell in a dict of our own."""
    if isinstance(change, Addition):
        fits = name not in members
    else:
        fits = not isinstance(change, Move) and name in members and same(members[name], change.original_value)
    if not fits:
        raise _misfit(change)
    if isinstance(change, Deletion):
        del members[name]
    else:
        members[name] = change.modified_value


def _changed_table(field: str, group: Mapping[Path, Change], value: Any) -> list[Row]:
    rows = _rows_of(value)
    if rows is None:
        raise ChangesDoNotFit(f"The changes do not fit: the document has no table “{field}”. Reload it and try again.")
    places = {row_id: place for place, row_id in enumerate(rows)}
    placed: dict[int, Row] = {}
    for path, change in sorted(group.items(), key=lambda item: item[0].column is None):  # a row is edited, then moved
        if path.column is not None:
            _change_cell(rows, path, change)
        elif put := _placed_row(rows, places, str(path.row_id), change):
            position, row = put
            if placed.setdefault(position, row) is not row:
                raise _misfit(change)
    return _in_order(rows, placed)


def _change_cell(rows: dict[str, Row], path: Path, change: Change) -> None:
    row_id, column = str(path.row_id), str(path.column)
    if row_id not in rows or column == ROW_ID:
        raise _misfit(change)
    rows[row_id] = dict(rows[row_id])
    _put(rows[row_id], column, change)


def _placed_row(rows: dict[str, Row], places: Mapping[str, int], row_id: str, change: Change) -> tuple[int, Row] | None:
    """The new position and the row that an addition or a move brings; what is removed or moved leaves `rows`."""
    place = places.get(row_id)
    if isinstance(change, Addition):
        row = change.modified_value
        if place is None and change.position is not None and isinstance(row, dict) and row.get(ROW_ID) == row_id:
            return change.position, row
    elif isinstance(change, Move):
        if place == change.original_value:
            return change.modified_value, rows.pop(row_id)
    elif isinstance(change, Deletion) and row_id in rows and change.position in (None, place):
        row = rows.pop(row_id)
        if same(row, change.original_value):
            return None
    raise _misfit(change)


def _in_order(resting: Mapping[str, Row], placed: Mapping[int, Row]) -> list[Row]:
    """The placed rows at their positions, the others around them in their order."""
    size = len(resting) + len(placed)
    if any(not 0 <= position < size for position in placed):
        raise ChangesDoNotFit("The changes do not fit: a row would stand outside its table. Reload the document and try again.")
    others = iter(resting.values())
    return [placed[position] if position in placed else next(others) for position in range(size)]


def _misfit(change: Change) -> ChangesDoNotFit:
    return ChangesDoNotFit(f"The changes do not fit: {change.field} was changed since. Reload the document and try again.")
