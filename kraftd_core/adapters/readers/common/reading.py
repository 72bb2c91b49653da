"""What a reader hands on: fields and tables with the place of each value, and notices for the user."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kraftd_core.document.jsontypes import ROW_ID, Row, cleaned, new_row_id
from kraftd_core.document.kinds import credit_title, kind_of

_TITLES_STAND = 30  # lines from the first within which a title stands

if TYPE_CHECKING:  # its nouns bring pydantic, which a reading child does without
    from kraftd_core.document.ledger.nouns import WhyLeftOut

_MOST_GAPS = 50


class Refused(Exception):
    """The document cannot be read; the text is one sentence for the user."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a value stands and how sure we are of it; the polygon is x, y, x, y, … in page fractions."""

    confidence: float | None = None
    page: int | None = None
    polygon: tuple[float, ...] | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A value and its place."""

    value: Any
    spot: Spot = Spot()


@dataclass(slots=True)
class ReadTable:
    """Rows of found values under their column names."""

    name: str
    rows: list[dict[str, Found]] = field(default_factory=list)


@dataclass(slots=True)
class RowCount:
    """What became of the row-like lines of one page, sheet or table."""

    page: int | None = None
    sheet: str | None = None
    rows_taken: int = 0
    left_out: "Counter[WhyLeftOut]" = field(default_factory=Counter)
    number_gaps: list[str] = field(default_factory=list)
    sums: list[dict[str, Any]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """As records hold it."""
        return {
            "page": self.page, "sheet": self.sheet,
            "rows_seen": self.rows_taken + self.left_out.total(), "rows_taken": self.rows_taken,
            "left_out": [{"why": why, "rows": rows} for why, rows in sorted(self.left_out.items())],
            "number_gaps": self.number_gaps[:_MOST_GAPS], "sums": self.sums,
        }  # fmt: skip


@dataclass(slots=True)
class Reading:
    """Everything that was read out of one document; `fields` are named by role until its kind is known, unless
    the document's own names are kept. `ledger` is None where nothing was counted."""

    document_type: str = "other"
    type_confidence: float | None = None
    fields: dict[str, Found] = field(default_factory=dict)
    tables: list[ReadTable] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    page_count: int | None = None
    recognised: bool = False
    keeps_names: bool = False
    ledger: list[RowCount] | None = None

    def put(self, name: str, found: Found) -> None:
        """Keeps the first value of each name; an empty one is none."""
        if found.value not in (None, "") and name:
            self.fields.setdefault(name, found)

    def put_credit_title(self, lines: Sequence[str]) -> None:
        """Keeps as the type of an invoice the title that calls it a credit note: its amounts may stand without a sign."""
        title = next(filter(None, map(credit_title, lines[:_TITLES_STAND])), None) if self.document_type == "invoice" else None
        if title:
            self.put("invoice_type", Found(title))

    def tell_credit(self) -> None:
        """Says of a credit note whose total stands without a sign that it was kept so."""
        title, total = self.fields.get("invoice_type"), self.fields.get("total")
        if title and total and isinstance(total.value, (int, float)) and total.value > 0:
            self.notices.append(
                f"The document calls itself a credit note ({title.value}), and its amounts stand without a minus sign. "
                "They were kept as they stand."
            )

    def as_json(self) -> dict[str, Any]:
        """The reading as the parent process takes it: data with row ids, places keyed like changes."""
        data: dict[str, Any] = {"document_type": self.document_type}
        places: dict[str, Any] = {}
        for name, found in self._named_fields():
            data[name] = cleaned(found.value)
            _keep_place(places, name, found.spot)
        for table in self.tables:
            name = _free_name(table.name, data)
            data[name] = [_row(name, row, places) for row in table.rows]
        return {
            "document_type": self.document_type, "type_confidence": self.type_confidence,
            "data": data, "places": places, "page_count": self.page_count,
            "notices": self.notices, "recognised": self.recognised,
            "ledger": None if self.ledger is None else [count.as_json() for count in self.ledger],
        }

    def _named_fields(self) -> list[tuple[str, Found]]:
        """The fields under their final names, the leading ones first; a name taken already gives way to the role's own."""
        kind = kind_of(self.document_type)
        names = {
            "number": kind.number or "document_number", "date": kind.date or "document_date",
            "due": kind.due or "due_date", "total": kind.total or "total",
        }
        if self.keeps_names:
            return list(self.fields.items())
        named: dict[str, Found] = {"document_type": Found(None)}
        for role, found in self.fields.items():
            named[_free_name(names.get(role, role), named)] = found
        del named["document_type"]
        order = (
            "vendor_name", "customer_name", names["number"], names["date"], names["due"], "currency", "subtotal", "total_tax",
            names["total"],
        )
        return sorted(named.items(), key=lambda item: order.index(item[0]) if item[0] in order else len(order))


def _row(table: str, cells: dict[str, Found], places: dict[str, Any]) -> Row:
    row: Row = {ROW_ID: new_row_id()}
    for column, found in cells.items():
        name = f"{column}_" if column == ROW_ID else column
        row[name] = cleaned(found.value)
        _keep_place(places, f"{table}[{row[ROW_ID]}].{name}", found.spot)
    return row


def _keep_place(places: dict[str, Any], key: str, spot: Spot) -> None:
    if spot != Spot():
        places[key] = [spot.confidence, spot.page, list(spot.polygon) if spot.polygon else None]


def _free_name(name: str, taken: Mapping[str, Any]) -> str:
    free, n = name, 2
    while free in taken:
        free, n = f"{name}_{n}", n + 1
    return free
