"""Reads JSON strictly: what standard parsers let pass in silence is refused with its reason."""

import json
import re
from collections.abc import Container, Iterator
from decimal import Decimal
from typing import Any

from kraftd_core.adapters.readers.common.kinds import kind_by_names
from kraftd_core.adapters.readers.common.reading import Found, Reading, ReadTable, Refused
from kraftd_core.adapters.readers.local.office.json_names import put_known_names
from kraftd_core.document.jsontypes import clean_text, number_or_text
from kraftd_core.document.kinds import KINDS

MAX_DEPTH = 64
MAX_DIGITS = 300
MAX_ROWS = 50_000


def read_json(content: bytes) -> Reading:
    """Scalars as fields, nested objects flattened into them, lists of objects as tables."""
    value = _parsed(content)
    reading = Reading(keeps_names=True)
    if isinstance(value, list):
        _put_list(reading, "rows", value)
    elif isinstance(value, dict):
        for name, member in value.items():
            _put(reading, name, member)
        stated = reading.fields.pop("document_type", None)
        kind = str(stated.value).strip().lower().replace(" ", "_") if stated else kind_by_names(reading.fields)
        reading.document_type = kind if kind in KINDS else "other"
        if stated and kind not in KINDS:
            reading.put("document_type_as_given", stated)
        put_known_names(reading)
    else:
        raise Refused("The JSON text is a single value. Upload an object or a list of objects.")
    return reading


def _parsed(content: bytes) -> Any:
    try:
        text = content.decode("utf-8-sig") if content[:2] not in (b"\xff\xfe", b"\xfe\xff") else content.decode("utf-16")
    except UnicodeDecodeError as error:
        raise Refused("The JSON text is not written in UTF-8. Save it in UTF-8 and upload it again.") from error
    _check_depth(text)
    try:
        return json.loads(
            text, object_pairs_hook=_without_doubles, parse_constant=_constant, parse_int=_integer, parse_float=_fraction
        )
    except json.JSONDecodeError as error:
        raise Refused(f"The text is not valid JSON at line {error.lineno}, column {error.colno}. Correct it there.") from error


def _check_depth(text: str) -> None:
    """Counts brackets outside of strings: the parser itself would run out of its stack."""
    depth = 0
    for found in re.finditer(r'"(?:[^"\\]|\\.)*+"|[\[{]|[\]}]', text, re.DOTALL):
        mark = found[0]
        depth += (mark in "[{") - (mark in "]}")
        if depth > MAX_DEPTH:
            raise Refused(f"The JSON text is nested too deeply: up to {MAX_DEPTH} levels are read. Flatten it and try again.")


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        double = clean_text(next(name for name in names if names.count(name) > 1))[:40]
        raise Refused(f'The JSON text has the duplicate key "{double}", so one value would be lost. Correct it and try again.')
    return members


def _constant(name: str) -> Any:
    raise Refused(f"{name} stands in the text: NaN and Infinity are not valid JSON. Replace them by null or a number.")


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise Refused(f"A number in the JSON text is too long ({len(digits):,} digits). Write it as text.")
    return int(digits)


def _fraction(digits: str) -> Decimal | float:
    """The number exactly; one that is a double written out in full, with its noise, stays that double."""
    number = Decimal(digits) if len(digits) <= MAX_DIGITS else None
    if number is None or (number and not -300 <= number.adjusted() <= 300):
        raise Refused("A number in the JSON text is too long or too large to be kept. Write it as text.")
    return float(digits) if repr(float(digits)) == digits else number


def _put(reading: Reading, name: str, value: Any) -> None:
    if isinstance(value, dict):
        if _is_keyed(value):
            _put_list(reading, name, [{"key": key} | row for key, row in value.items()])
            return
        for member, inner in value.items():
            _put(reading, f"{name}_{member}", inner)
    elif isinstance(value, list):
        _put_list(reading, name, value)
    elif value is None:
        reading.fields.setdefault(_free(reading.fields, name), Found(None))
    else:
        reading.fields[_free(reading.fields, name)] = Found(value)


def _is_keyed(value: dict[str, Any]) -> bool:
    """Whether an object is a table whose rows stand under their numbers or codes: {"1": {…}, "2": {…}}."""
    if not value or not all(isinstance(row, dict) and "key" not in row for row in value.values()):
        return False
    shared = set.intersection(*(set(row) for row in value.values()))
    return bool(shared) and (all(key.isdigit() for key in value) or (len(value) > 1 and all(map(_CODE.search, value))))


_CODE = re.compile(r"\d")


def _put_list(reading: Reading, name: str, values: list[Any]) -> None:
    """A table of the members that are objects, or lists of cells; what else stands among them is a field, and is said."""
    if len(values) > MAX_ROWS:
        raise Refused(f"A list in the JSON text has more than the {MAX_ROWS:,} members that are read. Upload it in parts.")
    rows = [value for value in values if isinstance(value, dict)]
    others = [value for value in values if not isinstance(value, dict)]
    if rows:
        reading.tables.append(_table(name, rows))
        if others:
            free = _free(reading.fields, f"{name}_others" if name else "others")
            reading.fields[free] = Found(_joined(others))
            noun = "member is no row" if len(others) == 1 else "members are no rows"
            listed, kept = clean_text(name)[:60] or "of rows", clean_text(free)[:80]
            reading.notices.append(f"Of the list {listed}, {len(others)} {noun}: see {kept}.")
    elif cells := _with_head(values):
        reading.tables.append(_table(name, cells))
    elif values:
        reading.fields[_free(reading.fields, name)] = Found(_joined(values))


def _with_head(values: list[Any]) -> list[dict[str, Any]]:
    """The rows of a list of lists of cells whose first names the columns; none for any other list."""
    if len(values) < _FEWEST_WITH_HEAD or not all(isinstance(row, list) and len(row) == len(values[0]) for row in values):
        return []
    head = values[0]
    if len(set(map(str, head))) < len(head) or not all(isinstance(name, str) and name for name in head):
        return []
    return [dict(zip(head, row, strict=True)) for row in values[1:]]


_FEWEST_WITH_HEAD = 2


def _table(name: str, rows: list[dict[str, Any]]) -> ReadTable:
    """The rows under the names of their members; members of members that meet with others under one name are kept apart."""
    columns: dict[tuple[str, ...], str] = {}
    names: set[str] = set()
    flat = [dict(_flat((), row)) for row in rows]
    for path in dict.fromkeys(path for row in flat for path in sorted(row, key=len)):
        columns[path] = _free(names, "_".join(path))
        names.add(columns[path])
    return ReadTable(name or "rows", [{columns[path]: Found(cell) for path, cell in row.items()} for row in flat])


def _flat(above: tuple[str, ...], value: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, member in value.items():
        if isinstance(member, dict):
            yield from _flat((*above, name), member)
        else:
            yield (*above, name), _joined(member) if isinstance(member, list) else member


def _joined(values: list[Any]) -> str:
    if all(isinstance(value, (str, int, float, Decimal)) for value in values):
        return ", ".join(str(value) for value in values)
    return json.dumps(values, ensure_ascii=False, default=number_or_text)


def _free(taken: Container[str], name: str) -> str:
    free, n = name or "field", 2
    while free in taken:
        free, n = f"{name}_{n}", n + 1
    return free
