"""Reads Word documents: labelled lines, tables of two columns as fields, other tables as tables."""

import io
import re
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from kraftd_core.adapters.readers.common.candidates import day_of_letter, day_to_pay_in, title_in
from kraftd_core.adapters.readers.common.doubts import mark_doubts
from kraftd_core.adapters.readers.common.kinds import recognised_kind, shape_of
from kraftd_core.adapters.readers.common.labels import role_of
from kraftd_core.adapters.readers.common.parties.addresses import is_postal
from kraftd_core.adapters.readers.common.prose.passages import passages_of_texts
from kraftd_core.adapters.readers.common.prose.telling import TOLD_ALONE, put_told, told_in
from kraftd_core.adapters.readers.common.reading import Found, Reading, ReadTable, Refused
from kraftd_core.adapters.readers.common.tables.cell_tables import GridReading, read_grid
from kraftd_core.adapters.readers.common.tables.labelled import Labelled, in_text, put_all
from kraftd_core.adapters.readers.common.values import Manner, currency_of, manner_of
from kraftd_core.adapters.readers.local.guards import check_office
from kraftd_core.adapters.readers.local.office.sheets import ledger_of
from kraftd_core.adapters.readers.local.office.word_parts import made_plain

_MAX_TABLE_CELLS = 50_000
_MAX_NESTING = 5
_TITLES_AMONG = 40  # lines


def read_word(content: bytes) -> Reading:
    """Fields and tables in the order of the document; the tables of line items are joined."""
    check_office(content)
    from docx import Document
    from docx.opc.exceptions import OpcError
    from docx.table import Table as WordTable
    from lxml.etree import LxmlError

    try:
        document = Document(io.BytesIO(content))
        made_plain(document.element.body)
        texts: list[str] = []
        listed: list[str] = []
        cells: list[list[list[str]]] = []
        for block in [*document.iter_inner_content(), *_margins(document)]:
            if not isinstance(block, WordTable):
                texts.append(block.text)
                listed.append(_as_listed(block))
                continue
            for grid in map(_grid, _with_nested(block)):
                if _is_layout(grid):
                    texts += (inside := [cell for row in grid for cell in row])
                    listed += inside
                else:
                    cells.append(grid)
        wholes = [read_grid(rows, all_text=True, is_sheet=True) for rows in cells]
    except (OpcError, LxmlError, KeyError, ValueError, AttributeError, IndexError, zipfile.BadZipFile) as error:
        raise Refused("The Word document is damaged: its text cannot be read. Save it anew and upload it again.") from error
    reading = _reading(texts, [part for whole in wholes for part in whole.parts], listed)
    reading.ledger = [ledger_of(f"table {n}", *both) for n, both in enumerate(zip(cells, wholes, strict=True), 1)]
    return reading


def _as_listed(paragraph: Any) -> str:
    """The paragraph's text, with a mark before it where Word draws one that is no part of the text."""
    text = str(paragraph.text)
    properties = paragraph._p.pPr
    is_item = (properties is not None and properties.numPr is not None) or str(paragraph.style.name).startswith("List")
    return f"• {text}" if is_item and text.strip() else text


def _margins(document: Any) -> Iterator[Any]:
    """What stands in the headers and footers, each once."""
    for section in document.sections:
        for margin in (section.header, section.footer):
            if not margin.is_linked_to_previous:
                made_plain(margin._element)
                yield from margin.iter_inner_content()


def _with_nested(table: Any, depth: int = 0) -> Iterator[Any]:
    """The table and those within its cells; a merged cell counts once."""
    yield table
    if depth < _MAX_NESTING:
        seen: set[int] = set()
        for cell in (cell for row in table.rows for cell in row.cells):
            if id(cell._tc) not in seen:
                seen.add(id(cell._tc))
                for inner in cell.tables:
                    yield from _with_nested(inner, depth + 1)


def texts_of_cells(row: Any) -> list[str]:
    """The texts of a row's cells; a merged cell counts once."""
    seen: set[int] = set()
    texts = []
    for cell in row.cells:
        texts.append("" if id(cell._tc) in seen else cell.text)
        seen.add(id(cell._tc))
    return texts


def _grid(table: Any) -> list[list[str]]:
    rows, cells = [], 0
    for row in table.rows:
        texts = texts_of_cells(row)
        rows.append(texts)
        cells += len(texts)
        if cells > _MAX_TABLE_CELLS:
            raise Refused(f"A table of the document has more than the {_MAX_TABLE_CELLS:,} cells that are read. Split it.")
    return rows


def _is_layout(grid: list[list[str]]) -> bool:
    """Whether a table only sets blocks of text side by side: one row, of which a cell has several lines."""
    filled = [row for row in grid if any(cell.strip() for cell in row)]
    return len(filled) == 1 and any("\n" in cell.strip() for cell in filled[0])


def _reading(texts: list[str], grids: list[GridReading], listed: list[str]) -> Reading:
    lines = [line.strip() for text in texts for line in text.splitlines() if line.strip()]
    shape = shape_of(row for grid in grids if grid.is_items for row in grid.rows)
    around = [text for grid in grids for text in grid.texts]
    reading = Reading(*recognised_kind([*lines, *around], tall=[0], shape=shape))
    reading.put_credit_title(lines)
    seen = [*lines, *(text for grid in grids for text in grid.seen)]
    manner = manner_of(seen)
    told = told_in(reading.document_type, passages_of_texts([*listed, *_texts_of(grids)]), manner)
    if reading.document_type in TOLD_ALONE:
        put_told(reading, told)
    put_all(reading, [*_titled(lines, manner), *_pairs(texts), *(pair for grid in grids for pair in grid.labelled)], manner)
    if reading.document_type not in TOLD_ALONE:
        put_told(reading, told)
        _put_days(reading, lines, manner)
    if (sender := next(_senders(texts), None)) and (role := _ROLE_OF_SENDER.get(reading.document_type, "vendor_name")):
        reading.put(role, Found(sender))
    headed = next((grid.currency for grid in grids if grid.currency), None)
    if code := currency_of("\n".join(seen)) or headed:
        reading.put("currency", Found(code))
    _put_tables(reading, grids)
    mark_doubts(reading, seen, manner)
    if not reading.fields and not reading.tables:
        reading.notices.append("No labelled values and no tables were found in the document.")
    return reading


def _texts_of(grids: list[GridReading]) -> Iterator[str]:
    """What stands in tables beside their rows, as lines."""
    for grid in grids:
        yield from grid.texts
        yield from (f"{pair.label}: {pair.value}" for pair in grid.labelled)


_BEGINS_A_SENTENCE = re.compile(r"\b(?:shall|must|will|may|agrees?|undertakes?|muss|soll|doit|deber[áa])\b")
"""In a contract "Vendor shall:" is no label."""


def _pairs(texts: list[str]) -> Iterator[Labelled]:
    """The labelled paragraphs, and parties whose label is a line of its own, with the name on the line below.

    A paragraph of several lines is one pair if only its first line is labelled.
    """
    lines = [(text, line.strip()) for text in texts for line in text.splitlines() if line.strip()]
    whole: set[str] = set()
    for (text, line), (_, below) in pairwise([*lines, ("", "")]):
        if named := _named_below(line, below):
            yield named
            continue
        found = [pair for part in _parted(line) if (pair := in_text(part)) and not _BEGINS_A_SENTENCE.search(pair.label)]
        if is_one_pair(text, found) and text not in whole:
            whole.add(text)
            found = [in_text(text) or found[0]]
        yield from found


def is_one_pair(text: str, found: list[Labelled]) -> bool:
    """Whether the label of a party on the first line of a text is for all its lines."""
    if len(found) != 1 or found[0].role not in ("vendor_name", "customer_name") or "\n" not in text.strip():
        return False
    return in_text(text.splitlines()[0]) == found[0] and not any(map(in_text, text.splitlines()[1:]))


def _titled(lines: list[str], manner: Manner) -> Iterator[Labelled]:
    """The number, and the day, that a title line states: "Angebot Nr. AN-77 vom 05.01.2026"."""
    for line in lines[:_TITLES_AMONG]:
        for part in line.split("\t"):
            for role, value in title_in(part, manner):
                yield Labelled(role, role, value)


def _put_days(reading: Reading, lines: list[str], manner: Manner) -> None:
    """The day of a letter behind its place, and the one until which a sentence asks to pay, where no label tells them."""
    for role, told_in_line in (("date", day_of_letter), ("due", day_to_pay_in)):
        if day := next((day for line in lines if (day := told_in_line(line, manner))), None):
            reading.put(role, Found(day))


def _parted(line: str) -> list[str]:
    """The pairs that tabs part in a line; a line as it stands where its parts are none."""
    parts = line.split("\t")
    pairs = [in_text(part) for part in parts if part.strip()]
    is_parted = len(parts) > 1 and (all(pairs) or any(pair and pair.role for pair in pairs))
    return parts if is_parted else [line]


def _named_below(label: str, name: str) -> Labelled | None:
    """The party whose label is a line of its own, with the name on the line below."""
    role = role_of(label.strip(" :"))
    if role in ("vendor_name", "customer_name") and 0 < len(name) <= 80 and role_of(name) is None and _is_name(name):
        return Labelled(label.strip(" :"), role, name)
    return None


def _is_name(text: str) -> bool:
    """A name begins with a capital or a digit and is no sentence and no pair of a label and its value."""
    begins = bool(re.match(r"[^\W_]", text)) and not text[0].islower()
    return begins and not re.search(r"[.;:?!]$|:\s", text) and in_text(text) is None


# What buyers write has no seller for its sender; who writes a bill of quantities is not said at all.
_ROLE_OF_SENDER = {"purchase_order": "customer_name", "rfq": "customer_name", "boq": "", "contract": ""}


def _senders(texts: list[str]) -> Iterator[str]:
    """Names over an address, outside of labelled paragraphs: the letter's head comes first."""
    for text in texts[:15]:
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        is_named = bool(lines) and not in_text(lines[0]) and bool(re.search(r"[^\W\d_]{3}", lines[0]))
        if is_named and any(map(is_postal, lines[1:])):
            yield lines[0]


def _put_tables(reading: Reading, grids: list[GridReading]) -> None:
    items = [row for grid in grids if grid.is_items for row in grid.rows]
    if items:
        reading.tables.append(ReadTable("line_items", [{name: Found(value) for name, value in row.items()} for row in items]))
    others = [grid for grid in grids if not grid.is_items and grid.rows]
    for n, grid in enumerate(others, 1):
        name = "rows" if len(others) == 1 else f"table_{n}"
        reading.tables.append(ReadTable(name, [{column: Found(value) for column, value in row.items()} for row in grid.rows]))
