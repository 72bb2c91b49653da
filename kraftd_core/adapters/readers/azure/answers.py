"""Turns an answer of Document Intelligence into our document data, with the place of every value."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from kraftd_core.adapters.readers.azure.ledger import ledger_of
from kraftd_core.adapters.readers.azure.names import (
    column_name,
    field_name,
    free_name,
    leading_names,
    role_name,
    snake_case,
)
from kraftd_core.adapters.readers.azure.pages import pages_of
from kraftd_core.adapters.readers.azure.tables import CellGrid, TableManner, clipped_name, grids_of, is_told
from kraftd_core.adapters.readers.azure.values import (
    Stretches,
    Told,
    Wire,
    currency_told,
    members_of,
    place_of,
    sizes_of,
    spans_of,
    text_of_cell,
    told,
)
from kraftd_core.adapters.readers.common.candidates import candidates_of, put_surest
from kraftd_core.adapters.readers.common.doubts import Doubts, doubted, doubts_of
from kraftd_core.adapters.readers.common.kinds import recognised_kind, shape_of_lines
from kraftd_core.adapters.readers.common.labels import AMOUNT_ROLES, DATE_ROLES, NUMBER_ROLES, TEXT_ROLES, key_of, role_of
from kraftd_core.adapters.readers.common.page_labels import labels_on
from kraftd_core.adapters.readers.common.parties.sides import WRITTEN_BY_BUYERS, parties_told
from kraftd_core.adapters.readers.common.prose.passages import passages_of_pages
from kraftd_core.adapters.readers.common.prose.telling import TOLD_ALONE, FromSentences, told_in
from kraftd_core.adapters.readers.common.reading import Found, Reading, Spot, credit_title_in
from kraftd_core.adapters.readers.common.tables.ruled_items import ruled_items
from kraftd_core.adapters.readers.common.tax_ids import CUSTOMERS, NOBODYS, SELLERS, InOrder, owner_of
from kraftd_core.adapters.readers.common.values import (
    Manner,
    currency_code,
    currency_of,
    manner_of,
    parse_number,
    whole_date,
)
from kraftd_core.adapters.readers.common.words import Page, Word
from kraftd_core.document.cells import text_of
from kraftd_core.document.changes import path_of
from kraftd_core.document.company_names import likeness
from kraftd_core.document.jsontypes import ROW_ID, Data, Row, cleaned, is_table, new_row_id, same
from kraftd_core.document.kinds import KINDS, DocumentKind, kind_of
from kraftd_core.ports.reading import Extraction
from kraftd_core.records.stages import Place

_MONEY_ROLES = ("total", "subtotal", "total_tax", "balance_due")
_SELLERS = ("supplier", "vendor", "seller", "contractor", "provider", "licensor", "consultant", "lessor", "landlord")
_BUYERS = ("customer", "client", "buyer", "purchaser", "employer", "licensee", "lessee", "tenant", "owner")

_NOTHING = "Document Intelligence found no fields and no tables. Enter them by hand, or upload a clearer file."
_MORE = "The file holds {} documents; the fields of the first are shown. Upload the others as files of their own."
_TABLES_ONLY = "Only tables were read. Enter the other fields by hand."
_BOTH = "A table has rows that are not among the fields, so it is shown beside them; some of its lines may stand in both."


def extraction_of(result: Wire, document_type: str | None) -> Extraction:
    """The answer as the core takes it; the type is told by the answer where it is not given."""
    lines = [str(line.get("content", "")) for page in result.get("pages") or () for line in page.get("lines") or ()]
    documents = list(result.get("documents") or ())
    told = document_type or _type_told(documents)
    recognised, sureness = (told, None) if told else recognised_kind(lines, shape=shape_of_lines(_rows_of_tables(result)))
    kind = kind_of(recognised)
    written = manner_of(lines)
    manner = TableManner(sizes_of(result.get("pages") or ()), written.sign, written.order)
    answer = _Answer(kind, manner)
    if documents:
        answer.put_document(documents[0])
    else:
        answer.put_pairs(result.get("keyValuePairs") or (), result.get("tables") or ())
    tables = list(result.get("tables") or ())
    pages = pages_of(result.get("pages") or (), tables)
    if not documents:
        tables = answer.put_lines(pages, tables, written)
    answer.put_tables(tables)
    answer.put_credit_title(lines)
    answer.put_told(told_in(kind.name, passages_of_pages(pages), written))
    if not documents and kind.name not in TOLD_ALONE:
        answer.put_labelled(pages, written)
    answer.settle_parties(pages)
    answer.settle_tax_ids(pages)
    answer.mark_doubts(doubts_of(lines, written))
    if len(documents) > 1:
        answer.notices.append(_MORE.format(len(documents)))
    page_count = len(result.get("pages") or ()) or None
    read = answer.extraction(str(result.get("modelId", "")), page_count)
    return replace(read, type_confidence=sureness, ledger=ledger_of(pages, read.data, read.places, written.sign))


def _rows_of_tables(result: Wire) -> list[str]:
    """The rows of all tables as lines of text."""
    rows: dict[tuple[int, int], list[str]] = {}
    for n, table in enumerate(result.get("tables") or ()):
        for cell in sorted(table.get("cells") or (), key=lambda cell: (cell["rowIndex"], cell["columnIndex"])):
            rows.setdefault((n, cell["rowIndex"]), []).append(str(cell.get("content") or ""))
    return ["  ".join(filter(None, cells)) for cells in rows.values()]


def _type_told(documents: Sequence[Wire]) -> str | None:
    """The kind that the answer names: `receipt.retailMeal` is a receipt."""
    named = str(documents[0].get("docType", "")).lower().split(".")[0] if documents else ""
    return named if named in KINDS else None


class _Answer:
    """The data as it grows; a name that is taken gives way to a numbered one."""

    def __init__(self, kind: DocumentKind, manner: TableManner) -> None:
        self.notices: list[str] = []
        self._kind = kind
        self._sizes = manner.sizes
        self._manner = manner
        self._data: Data = {"document_type": kind.name}
        self._places: dict[str, Place] = {}
        self._spans: list[tuple[int, int]] = []  # of the text that is told as fields of a model

    # Fields of a model

    def put_document(self, document: Wire) -> None:
        """The fields that the model knows, lists of objects as tables."""
        fields = {name: field for name, field in (document.get("fields") or {}).items() if field}
        currency, place = self._currency(list(fields.values()))
        for name in sorted(fields, key=lambda name: name != "PurchaseOrder"):  # it is an order's number, before any other
            self._put_member(field_name(name, self._kind), fields[name], currency)
        if currency and "currency" not in self._data:
            self._put("currency", Told(currency, place))
        self._put_parties()

    def _put_member(self, name: str, field: Wire, currency: str | None) -> None:
        self._spans += spans_of(field)
        members = list(filter(None, field.get("valueArray") or ()))
        if field.get("type") == "object":
            for inner, member in members_of(field):
                self._put_member(f"{name}_{snake_case(inner)}", member, currency)
        elif name == "payment_details" and len(members) == 1:
            for inner, member in members_of(members[0]):
                self._put_member(column_name(inner, name), member, currency)
        elif any(member.get("type") == "object" for member in members):
            self._put_objects(name, members, currency)
        elif members or field.get("type") != "array":
            name = free_name(name, self._data)
            for suffix, found in _with_currency(told(name, field, self._sizes), field, currency):
                self._put(name + suffix, found)

    def _put_objects(self, name: str, members: Sequence[Wire], currency: str | None) -> None:
        self._spans += [span for member in members for span in _inner_spans(member)]
        rows = []
        for member in members:
            row: dict[str, Told] = {}
            for column, field in _leaves(member, name):
                column = free_name(column, row)
                for suffix, found in _with_currency(told(column, field, self._sizes), field, currency):
                    row[column + suffix] = found
            rows.append(row)
        self._put_table(name, rows)

    def _currency(self, fields: Sequence[Wire]) -> tuple[str | None, Place | None]:
        """The currency of most amounts, in the place of the first of them; no confidence was told for it."""
        amounts = [(code, field) for field in _all_fields(fields) if (code := currency_told(field))]
        if not amounts:
            return None, None
        most, _ = Counter(code for code, _ in amounts).most_common(1)[0]
        first = next(field for code, field in amounts if code == most)
        return most, place_of(first, self._sizes, has_value=False)

    def _put_parties(self) -> None:
        """Who sells and who buys, where a contract says so itself."""
        parties = self._data.get("parties")
        for row in parties if is_table(parties) else ():
            role = str(row.get("reference_name") or "").lower()
            for name, words in (("vendor_name", _SELLERS), ("customer_name", _BUYERS)):
                if name not in self._data and row.get("name") and any(word in role for word in words):
                    self._data[name] = row["name"]
                    self._keep(name, self._places.get(path_of("parties", row[ROW_ID], "name")))

    def put_told(self, told: FromSentences) -> None:
        """Adds what sentences say, where the service told nothing of it."""
        for role, found in told.fields.items():
            name = self._name_of_role(role) or role
            if self._data.get(name) in (None, ""):
                self._put(name, Told(found.value, _place_of(found)))
        for table in told.tables:
            if table.name not in self._data:
                self._put_table(table.name, [{c: Told(f.value, _place_of(f)) for c, f in row.items()} for row in table.rows])
        self.notices += told.notices

    def put_credit_title(self, lines: Sequence[str]) -> None:
        """Keeps the title that calls an invoice a credit note; the service tells of none."""
        if title := credit_title_in(lines, self._kind.name):
            self._put("invoice_type", Told(title))

    def settle_parties(self, pages: Sequence[Page]) -> None:
        """Puts right who sells and who buys, by what the pages say: the service takes a buyer's head for a seller's."""
        labels = [label for page in pages for label in labels_on(page)]
        told = dict(parties_told(pages, labels, self._kind.name))
        if self._kind.name in WRITTEN_BY_BUYERS and "vendor_name" in self._data and "vendor_name" not in told:
            seller, place = self._take_out("vendor_name")
            is_head = "customer_name" in told and likeness(str(seller), str(told["customer_name"].value)) != "other"
            if not is_head and self._kind.name == "purchase_order":
                self._put("vendor_name", Told(seller, place))
        for role, found in told.items():
            if role == "vendor_name" or role not in self._data:
                self._data.pop(role, None)
                self._put(role, Told(found.value, _place_of(found)))

    def settle_tax_ids(self, pages: Sequence[Page]) -> None:
        """Puts a number that was told for the seller's where it belongs, by where it is printed: the service mixes parties up."""
        told, seller, buyer = (text_of(self._data.get(name)) or "" for name in (SELLERS, "vendor_name", "customer_name"))
        labels = [label for page in pages for label in labels_on(page)]
        owner = owner_of(told, pages, labels, seller, buyer) if told else SELLERS
        if told and key_of(told) == key_of(text_of(self._data.get(CUSTOMERS)) or ""):
            self._take_out(SELLERS)
        elif owner != SELLERS:
            value, place = self._take_out(SELLERS)
            self._put(free_name(owner, self._data), Told(value, place))

    def _take_out(self, name: str) -> tuple[Any, Place | None]:
        return self._data.pop(name), self._places.pop(name, None)

    # Key-value pairs

    def put_pairs(self, pairs: Sequence[Wire], tables: Sequence[Wire]) -> None:
        """The fields of a form; what stands in a table is left to it, but for a value whose part is known."""
        in_order = InOrder()
        in_tables = Stretches(span for table in tables for cell in table.get("cells") or () for span in spans_of(cell))
        for pair in pairs:
            label = " ".join(str(pair["key"].get("content") or "").split()).rstrip(" :")
            role = role_of(label)
            owner = in_order.owner_after(role, label)
            self._put_pair(pair, label, None if owner == NOBODYS else owner or role, known_only=in_tables.touch(pair["key"]))

    def _put_pair(self, pair: Wire, label: str, role: str | None, *, known_only: bool) -> None:
        key, value, confidence = pair["key"], pair.get("value") or {}, pair.get("confidence")
        name = self._name_of_role(role) or clipped_name(label)
        found = self._typed(role, text_of_cell(str(value.get("content") or "")))
        if known_only and (role is None or found is None):
            return
        if name in self._data and (found is None or same(self._data[name], cleaned(found))):  # each page repeats it
            return
        where = value if value.get("boundingRegions") else key
        place = place_of({**where, "confidence": confidence}, self._sizes, has_value=found is not None)
        is_free = self._data.get(name, "") is None
        self._put(name if is_free else free_name(name, self._data), Told(found, place))
        if role in _MONEY_ROLES and "currency" not in self._data and (code := currency_of(str(value.get("content")))):
            self._put("currency", Told(code, place_of(where, self._sizes, has_value=False)))

    def _name_of_role(self, role: str | None) -> str | None:
        if role in ("number", "date", "due", "total"):
            return role_name(role, self._kind)
        return None if role == "other_party" else role

    def _typed(self, role: str | None, value: str | bool | None) -> Any:
        """Money as a number and dates as ISO texts where the label promises them and the text keeps the promise."""
        if not isinstance(value, str) or role is None:
            return value
        typed: Any = None
        if role in _MONEY_ROLES:
            typed = parse_number(value, self._manner.sign)
        elif role in ("date", "due") or role.endswith("_date"):
            day = whole_date(value, self._manner.order)
            typed = day.isoformat() if day else None
        elif role == "currency":
            typed = currency_code(value)
        return value if typed is None else typed

    # Tables

    def put_tables(self, tables: Sequence[Wire]) -> None:
        """The tables of the pages, but those of which the fields of a model tell every row."""
        fields, told_before = Stretches(self._spans), set(self._data)
        left = [table for table in tables if not is_told(table, fields)]
        grids = grids_of(left, self._manner)
        for number, grid in enumerate(grids, 1):
            self._put_table(self._name_of(grid, number), grid.rows)
        if grids and "line_items" in told_before:
            self.notices.append(_BOTH)

    def _name_of(self, grid: CellGrid, number: int) -> str:
        if grid.is_of_lines and "line_items" not in self._data:
            return "line_items"
        return (clipped_name(grid.title).lstrip("0123456789_") if grid.title else "") or f"table_{number}"

    def put_lines(self, pages: Sequence[Page], tables: Sequence[Wire], manner: Manner) -> list[Wire]:
        """The lines out of the tables' cells, as the other reader finds them; the tables that hold none of them are left."""
        items = ruled_items(pages, manner)
        if items is None:
            return list(tables)
        self._put_table("line_items", [_told_row(row) for row in items.table.rows])
        for pair in items.sums:
            name = self._name_of_role(pair.role) or pair.role
            if self._data.get(name) is None:
                self._put(name, Told(pair.value, _place_of(pair.found())))
        words = [(page, word) for page in pages for word in _words_of(page) if id(word) in items.held]
        held = [(page.number, page.spot([word], None).polygon or ()) for page, word in words]
        return [table for table in tables if not self._stands_in(table, held)]

    def _stands_in(self, table: Wire, held: Sequence[tuple[int, Sequence[float]]]) -> bool:
        """Whether words of lines stand within what the table's cells cover."""
        edges: dict[int, list[float]] = {}
        for cell in table.get("cells") or ():
            place = place_of(cell, self._sizes, has_value=True)
            if place and place.page and place.polygon:
                edges.setdefault(place.page, []).extend(place.polygon)
        covers = {page: (min(e[0::2]), min(e[1::2]), max(e[0::2]), max(e[1::2])) for page, e in edges.items()}
        for page, polygon in held:
            x, y = sum(polygon[0::2]) / 4, sum(polygon[1::2]) / 4
            if page in covers and covers[page][0] <= x <= covers[page][2] and covers[page][1] <= y <= covers[page][3]:
                return True
        return False

    def put_labelled(self, pages: Sequence[Page], manner: Manner) -> None:
        """Values beside labels, of which the model for layouts tells nothing."""
        reading = Reading(self._kind.name)
        candidates = [c for page in pages for label in labels_on(page) for c in candidates_of(label, manner)]
        for role in (*NUMBER_ROLES, *DATE_ROLES, *TEXT_ROLES, *AMOUNT_ROLES, "currency"):
            put_surest(reading, role, candidates)
        for role, found in reading.fields.items():
            name = self._name_of_role(role) or role
            if self._data.get(name) is None:
                self._put(name, Told(found.value, _place_of(found)))

    # Keeping

    def _put(self, name: str, found: Told) -> None:
        self._data[name] = cleaned(found.value)
        self._keep(name, found.place)

    def _put_table(self, wanted: str, rows: Sequence[dict[str, Told]]) -> None:
        name = free_name(wanted, self._data)
        table: list[Row] = []
        for cells in rows:
            row_id = new_row_id()
            table.append({ROW_ID: row_id} | {column: cleaned(found.value) for column, found in cells.items()})
            for column, found in cells.items():
                self._keep(path_of(name, row_id, column), found.place)
        self._data[name] = table

    def _keep(self, path: str, place: Place | None) -> None:
        if place is not None:
            self._places[path] = place

    def mark_doubts(self, doubts: Doubts) -> None:
        """Makes doubtful what the printed text leaves open, whichever reading the service took."""
        kept = [(path, value) for path, value in _values(self._data) if doubts.touch(value)]
        for path, _ in kept:
            place = self._places.get(path) or Place()
            self._places[path] = place.model_copy(update={"confidence": doubted(place.confidence)})
        self.notices += doubts.notices([value for _, value in kept])

    def extraction(self, model: str, page_count: int | None) -> Extraction:
        """All of it, the leading fields first."""
        order = leading_names(self._kind)
        names = sorted(self._data, key=lambda name: order.index(name) if name in order else len(order))
        fields = [name for name in names if not isinstance(self._data[name], list)]
        if len(names) == 1:
            self.notices.append(_NOTHING)
        elif len(fields) == 1:
            self.notices.append(_TABLES_ONLY)
        sure = [place.confidence for place in self._places.values() if place.confidence is not None]
        return Extraction(
            method="AZURE_DI",
            model=model,
            document_type=self._kind.name,
            data={name: self._data[name] for name in names},
            places=self._places,
            confidence=round(sum(sure) / len(sure), 4) if sure else None,
            page_count=page_count,
            notices=self.notices,
        )


def _told_row(row: dict[str, Found]) -> dict[str, Told]:
    return {column: Told(found.value, _place_of(found)) for column, found in row.items()}


def _words_of(page: Page) -> list[Word]:
    return [word for line in page.lines for word in line.words]


def _place_of(found: Found) -> Place | None:
    spot = found.spot
    return None if spot == Spot() else Place(
        confidence=spot.confidence, page=spot.page, polygon=list(spot.polygon) if spot.polygon else None
    )


def _values(data: Data) -> Iterator[tuple[str, Any]]:
    """Each value under its path, those of tables by row and column."""
    for name, value in data.items():
        if is_table(value):
            yield from ((path_of(name, row[ROW_ID], column), row[column]) for row in value for column in row if column != ROW_ID)
        else:
            yield path_of(name), value


def _with_currency(found: Told, field: Wire, currency: str | None) -> Iterator[tuple[str, Told]]:
    """The value, and beside it its currency where that is not the document's."""
    yield "", found
    own = currency_told(field)
    if own and own != currency:
        yield "_currency", Told(own, None)


def _leaves(member: Wire, table: str, prefix: str = "") -> Iterator[tuple[str, Wire]]:
    """The columns of an object, those of objects within it under both names."""
    if member.get("type") != "object":
        yield prefix.rstrip("_") or "value", member
        return
    for name, field in members_of(member):
        column = prefix + (column_name(name, table) if not prefix else snake_case(name))
        yield from _leaves(field, table, f"{column}_") if field.get("type") == "object" else [(column, field)]


def _all_fields(fields: Sequence[Wire]) -> Iterator[Wire]:
    for field in filter(None, fields):
        yield field
        yield from _all_fields([*(field.get("valueArray") or ()), *(inner for _, inner in members_of(field))])


def _inner_spans(field: Wire) -> Iterator[tuple[int, int]]:
    for inner in _all_fields([field]):
        yield from spans_of(inner)
