"""JSON as we keep it: typed equality, tables and their row ids, and the cleaning of what comes from outside."""

import math
import re
from collections.abc import Iterator
from decimal import Decimal
from enum import Enum
from typing import Any, TypeAlias, TypeGuard
from uuid import uuid4

Data: TypeAlias = dict[str, Any]
"""Document data: an object whose scalars are fields and whose lists of objects are tables."""

Row: TypeAlias = dict[str, Any]
"""One row of a table; its identity stands under ROW_ID."""

ROW_ID = "_row_id"

_ROW_ID_FORM = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SIGNIFICANT_DIGITS = 15  # a double keeps no more
_LARGEST_EXACT = 10**_SIGNIFICANT_DIGITS
_PLAIN = frozenset((str, int, float))
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def same(a: Any, b: Any) -> bool:
    """Equality of JSON values: 1 is 1.0, but neither True nor "1"; objects have no order."""
    if type(a) in _PLAIN and type(a) is type(b):  # most values are, and leave here
        return bool(a == b)
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(value, b[key]) for key, value in a.items())
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return a == b
    return type(a) is type(b) and bool(a == b)


def is_table(value: Any) -> TypeGuard[list[Row]]:
    """Whether this is a list of rows that all carry an identity of their own (an empty list is an empty table)."""
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        return False
    ids = [row.get(ROW_ID) for row in value]
    return all(isinstance(i, str) and _ROW_ID_FORM.fullmatch(i) for i in ids) and len(set(ids)) == len(ids)


def fields_of(data: Data) -> Iterator[tuple[str, Any]]:
    """The fields by name: everything that is no table."""
    return ((name, value) for name, value in data.items() if not is_table(value))


def tables_of(data: Data) -> Iterator[tuple[str, list[Row]]]:
    """The tables by name, rows with their ids."""
    return ((name, value) for name, value in data.items() if is_table(value))


def new_row_id() -> str:
    """A fresh row identity."""
    return uuid4().hex[:12]


def with_row_ids(data: Data) -> Data:
    """The data with every list of objects made a table: rows get an identity where the list lacks a full set of them.

    A column of the reserved name that is no set of identities is kept as `row_id_`.
    """
    return {name: _identified(value) for name, value in data.items()}


def _identified(value: Any) -> Any:
    if is_table(value) or not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        return value
    return [{ROW_ID: new_row_id()} | {("row_id_" if k == ROW_ID else k): v for k, v in row.items()} for row in value]


def without_row_ids(data: Data) -> Data:
    """The data as users and deliverables see it."""
    return {name: [_bare(row) for row in value] if is_table(value) else value for name, value in data.items()}


def _bare(row: Row) -> Row:
    return {key: value for key, value in row.items() if key != ROW_ID}


def cleaned(value: Any) -> Any:
    """The value as we keep JSON: numbers that a double cannot hold become text, NaN and infinities null,
    lone surrogates and control characters (but tab and line breaks) the replacement character."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return value if abs(value) < _LARGEST_EXACT else str(value)
    if isinstance(value, float):
        return _cleaned_float(value)
    if isinstance(value, Decimal):
        return number_or_text(value)
    if isinstance(value, dict):
        return {clean_text(str(key)): cleaned(member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [cleaned(member) for member in value]
    return cleaned(value.value) if isinstance(value, Enum) else clean_text(str(value))


def clean_or_cleaned(value: Any) -> Any:
    """The value itself where it is clean, all through; else `cleaned`, its clean members not copied. For those who only read."""
    if _is_clean(value):
        return value
    if isinstance(value, dict):
        return {clean_text(str(key)): clean_or_cleaned(member) for key, member in value.items()}
    if isinstance(value, list):
        return [clean_or_cleaned(member) for member in value]
    return cleaned(value)


def _is_clean(value: Any) -> bool:
    kind = type(value)
    if kind is str:
        return (value.isascii() and value.isprintable()) or not _UNWANTED.search(value)
    if kind is int:
        return bool(-_LARGEST_EXACT < value < _LARGEST_EXACT)
    if kind is float:
        return bool(math.isfinite(value) and not (value.is_integer() and abs(value) < _LARGEST_EXACT))
    if kind is dict:
        return all(type(key) is str and _is_clean(key) for key in value) and all(map(_is_clean, value.values()))
    return all(map(_is_clean, value)) if kind is list else value is None or kind is bool


def _cleaned_float(value: float) -> int | float | str | None:
    if not math.isfinite(value):
        return None
    return int(value) if value.is_integer() and abs(value) < _LARGEST_EXACT else value


def number_or_text(value: Decimal) -> int | float | str:
    """A decimal as a JSON number up to 15 significant digits, else as text."""
    if len(value.normalize().as_tuple().digits) > _SIGNIFICANT_DIGITS or abs(value) >= _LARGEST_EXACT:
        return format(value, "f")
    return int(value) if value == value.to_integral_value() else float(value)


def clean_text(text: str) -> str:
    """The text without control characters and lone surrogates, which no store, file or screen takes well."""
    return text if text.isascii() and text.isprintable() else _UNWANTED.sub("\ufffd", text)
