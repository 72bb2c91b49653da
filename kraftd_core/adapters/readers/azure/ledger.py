"""The ledger of an answer: what looks like a row on its pages, and what became of it."""

from collections.abc import Mapping, Sequence

from kraftd_core.adapters.readers.common.ledger.pages import TakenCell, TakenRow, count_pages
from kraftd_core.adapters.readers.common.words import Page
from kraftd_core.document.changes import path_of
from kraftd_core.document.jsontypes import ROW_ID, Data, Row, fields_of, tables_of
from kraftd_core.document.ledger.nouns import LedgerEntry
from kraftd_core.document.units import DecimalSign
from kraftd_core.records.stages import Place


def ledger_of(
    pages: Sequence[Page], data: Data, places: Mapping[str, Place], sign: DecimalSign | None
) -> list[LedgerEntry] | None:
    """The ledger of these pages; None where the answer tells no words, so that nothing can be counted."""
    if not pages:
        return None
    tables = dict(tables_of(data))
    items = "line_items" if "line_items" in tables else next(iter(tables), "")
    rows: list[TakenRow] = []
    others: list[TakenRow] = []
    for name, held in tables.items():
        (rows if name == items else others).extend(_taken(name, row, places) for row in held)
    known = [value for _, value in fields_of(data)]
    return [LedgerEntry.model_validate(count.as_json()) for count in count_pages(pages, rows, others, known, sign)]


def _taken(table: str, row: Row, places: Mapping[str, Place]) -> TakenRow:
    cells = []
    for column, value in row.items():
        if column != ROW_ID:
            place = places.get(path_of(table, row[ROW_ID], column)) or Place()
            cells.append(TakenCell(column, value, place.page, place.polygon))
    return cells
