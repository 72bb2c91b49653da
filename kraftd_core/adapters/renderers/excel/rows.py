"""Rows of an Excel sheet as the XML that programs read; put together as text, since openpyxl takes four times as long."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, TypeAlias

from kraftd_core.adapters.renderers.steady_zip import SteadyZip


@dataclass(frozen=True, slots=True)
class Formula:
    """What a program reckons anew, without the sign before it, and what it comes to: for those that do not reckon."""

    text: str
    result: float


Cell: TypeAlias = tuple[str | int | float | bool | Formula | None, str]
"""A value and its style as an attribute, as `StyleBook.of` gives it."""

LONGEST_TEXT = 32_767  # characters in a cell, counted in UTF-16 (Excel specifications and limits, Microsoft, read 2026-11)

_EMPTY = b"<sheetData></sheetData>", b"<sheetData/>", b"<sheetData />"
_ESCAPE_LIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ROWS_AT_ONCE = 500


class RowWriter:
    """Writes the rows of one sheet, from the top; counts the texts that had to be cut."""

    def __init__(self, letters: Sequence[str]) -> None:
        self.letters = letters
        self.cut = 0
        self.next_row = 1

    def row(self, cells: Iterable[Cell | None], height: float = 0) -> str:
        """The next row; None leaves a cell out."""
        number = self.next_row
        self.next_row += 1
        parts = [f'<row r="{number}" ht="{height:g}" customHeight="1">' if height else f'<row r="{number}">']
        for letter, cell in zip(self.letters, cells, strict=False):
            if cell is None:
                continue
            value, style = cell
            if isinstance(value, str):
                parts.append(f'<c r="{letter}{number}"{style} t="inlineStr"><is>{self._text(value)}</is></c>')
            elif value is None:
                parts.append(f'<c r="{letter}{number}"{style}/>')
            elif isinstance(value, Formula):
                parts.append(f'<c r="{letter}{number}"{style}><f>{value.text}</f><v>{value.result}</v></c>')
            elif value is True or value is False:
                parts.append(f'<c r="{letter}{number}"{style} t="b"><v>{int(value)}</v></c>')
            else:
                parts.append(f'<c r="{letter}{number}"{style}><v>{value}</v></c>')
        parts.append("</row>")
        return "".join(parts)

    def _text(self, text: str) -> str:
        """The text as a cell can hold it; `_x0041_` would be read as an escape, so its first character is escaped itself."""
        if "_x" in text:
            text = _ESCAPE_LIKE.sub("_x005F_", text)
        if len(text) > LONGEST_TEXT // 2:
            text = self._fitting(text)
        if not text.isprintable():
            text = _UNWRITABLE.sub("\ufffd", text)
        keeps = ' xml:space="preserve"' if text[:1].isspace() or text[-1:].isspace() or "\n" in text else ""
        escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")
        return f"<t{keeps}>{escaped}</t>"

    def _fitting(self, text: str) -> str:
        encoded = text.encode("utf-16-le", "replace")
        if len(encoded) <= 2 * LONGEST_TEXT:
            return text
        self.cut += 1
        return encoded[: 2 * (LONGEST_TEXT - 1)].decode("utf-16-le", "ignore") + "…"


class StyleBook:
    """The styles of a workbook, each made once; a style is known by its looks."""

    def __init__(self, book: Any, dress: Callable[[Any, tuple[str, ...]], None]) -> None:
        self._book, self._dress = book, dress
        self._made: dict[tuple[str, ...], str] = {}

    def of(self, *looks: str) -> str:
        """The attribute of a cell that has all these looks."""
        if looks not in self._made:
            self._made[looks] = self._added(looks)
        return self._made[looks]

    def _added(self, looks: tuple[str, ...]) -> str:
        from openpyxl.cell import WriteOnlyCell

        cell = WriteOnlyCell(self._book.worksheets[0])
        self._dress(cell, looks)
        return f' s="{cell.style_id}"'


class SheetPackage(SteadyZip):
    """A workbook's archive, in which sheets that openpyxl wrote without rows get theirs, one after the other."""

    def __init__(self, file: Any, rows: Mapping[str, Iterable[str]]) -> None:
        super().__init__(file, "w")
        self._rows = rows

    def write(self, filename: Any, arcname: Any = None, *_: Any) -> None:
        """Adds the file; a sheet with the rows that it is due."""
        name, content = str(arcname or filename), Path(filename).read_bytes()
        if name not in self._rows:
            self.writestr(name, content)
            return
        head, tail = next(content.split(mark) for mark in _EMPTY if mark in content)
        told = chain([head, b"<sheetData>"], _packed(self._rows[name]), [b"</sheetData>", tail])
        self.stream(name, told)


def _packed(rows: Iterable[str]) -> Iterator[bytes]:
    """The rows as bytes, many at once."""
    waiting: list[str] = []
    for row in rows:
        waiting.append(row)
        if len(waiting) == _ROWS_AT_ONCE:
            yield "".join(waiting).encode()
            waiting.clear()
    yield "".join(waiting).encode()
