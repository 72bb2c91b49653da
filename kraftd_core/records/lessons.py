"""What of a recorded review may teach: who the supplier was, what was chosen, and how single values were corrected."""

import json
import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import islice
from typing import Any, Literal

from pydantic import model_validator

from kraftd_core.document.bank_details import BankKind, bank_details
from kraftd_core.document.cells import folded, text_of
from kraftd_core.document.changes import Path, parse_path
from kraftd_core.document.jsontypes import ROW_ID, Data, Row, is_table
from kraftd_core.document.kinds import KINDS
from kraftd_core.document.nouns import Noun
from kraftd_core.document.wording import clipped
from kraftd_core.records.plan import DocumentTemplate, ExportFormat
from kraftd_core.records.stages import Timestamp
from kraftd_core.records.suppliers import Supplier, supplier_of

log = logging.getLogger(__name__)

MOST_LESSONS = 200
"""The newest reviews of a type: what is asked of the store stays the same however many there are."""

_MOST_CORRECTIONS = 60
_MOST_ACCOUNTS = 5  # of one kind
_LONGEST_VALUE = 200  # characters; longer texts belong to one document
_SHORTEST_NAME = 3

_STAYS = re.compile(
    "(?:vendor|supplier|seller|customer|buyer)"
    "_(?:name|address|street|zip|postcode|city|country|tax_id|vat_id|vat_number|phone|email|iban|bic)|currency|iban|bic"
)
_VARIES = re.compile(
    "(?:^|_)(?:date|dates|due|until|from|to|total|subtotal|amount|amounts|net|gross|tax|vat|balance|value|quantity|qty|count"
    "|position|pos|number|no|nr|reference|ref)$|(?:^|_)(?:date|total|amount)_"
)
_OF_ONE_DOCUMENT = frozenset(name for kind in KINDS.values() for name in (kind.number, kind.date, kind.due, kind.total) if name)
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}.*", re.DOTALL)
_NAMES_A_ROW = re.compile("(?:^|_)(?:description|name|title|product|service|sku|article|code|item_number|part_number)$")

Kind = Literal["filled", "emptied", "corrected", "rewritten", "row_added", "row_removed", "declined"]


class Correction(Noun):
    """A value that a reviewer put right, or a suggestion that they declined: then `became` is what was suggested.

    `rows` are the texts by which a table's row is known again, folded. Values that say nothing about other documents are
    left out: `read` and `became` are null then.
    """

    kind: Kind
    name: str
    table: str = ""
    rows: list[str] = []
    row_name: str = ""
    read: Any = None
    became: Any = None


class Lesson(Noun):
    """A recorded review as far as it may teach.

    `bank` are the supplier's recorded bank details as they were written; `confidence` is how sure the reading was. What no
    person looked at is no review: it warns of other bank details, and teaches nothing.
    """

    export_workflow_id: str
    document_id: str = ""
    recorded_at: Timestamp
    document_type: str
    called: str
    template: DocumentTemplate
    export_format: ExportFormat
    supplier: Supplier = Supplier()
    bank: dict[BankKind, list[str]] = {}
    confidence: float | None = None
    is_reviewed: bool = True
    corrections: list[Correction]

    @model_validator(mode="before")
    @classmethod
    def _of_earlier_versions(cls, stored: Any) -> Any:
        """Earlier versions knew suppliers by keys that strangers share: such lessons teach all but suggestions."""
        return {name: value for name, value in stored.items() if name != "vendors"} if isinstance(stored, dict) else stored


class LearningChoice(Noun):
    """Whether an owner's records may teach; those recorded up to `forget_before` do not."""

    is_on: bool = True
    forget_before: Timestamp | None = None


# What can be learned at all


@cache
def stays(name: str) -> bool:
    """Whether a supplier's documents mostly say the same in this field: names, addresses, tax numbers, the currency."""
    return _STAYS.fullmatch(name.lower()) is not None


@cache
def _varies(name: str) -> bool:
    """Whether each document says something of its own there: numbers, dates, totals, quantities."""
    return name in _OF_ONE_DOCUMENT or name == "document_type" or (not stays(name) and _VARIES.search(name.lower()) is not None)


def can_be_learned(name: str, value: Any) -> bool:
    """Whether this value may be suggested for another document."""
    if _varies(name) or isinstance(value, (bool, list, dict)) or value is None:
        return False
    return not isinstance(value, str) or (0 < len(value.strip()) <= _LONGEST_VALUE and not _ISO_DATE.fullmatch(value))


def row_keys(row: Row) -> list[str]:
    """By what a row is known again: the texts that describe or number an article."""
    texts = (text_of(value) or "" for column, value in row.items() if _NAMES_A_ROW.search(column.lower()))
    return [key for text in texts if len(key := _folded(text)[:_LONGEST_VALUE]) >= _SHORTEST_NAME]


def _folded(text: str) -> str:
    return " ".join(folded(text).casefold().split())


# From a record


def teaches(record: Mapping[str, Any]) -> bool:
    """Whether something of a record is kept as a lesson: of what was regenerated nothing is."""
    return record["sequence"] == 2 and not record.get("regenerated_from")


def lesson_of(record: Mapping[str, Any]) -> Lesson:
    """What a stage 2 as stored may teach; of members that lie in the file store nothing is known here, and nothing learned."""
    preferences, headline = record["user_preferences"], record.get("headline") or {}
    before, after = _member(record, "original_data", {}), _member(record, "modified_data", {})
    return Lesson(
        export_workflow_id=record["export_workflow_id"],
        document_id=record.get("document_id", ""),
        recorded_at=record["timestamp"],
        document_type=record["document_type"],
        called=clipped(headline.get("number") or record["document_name"], 40),
        template=preferences["document_template"],
        export_format=preferences["export_format"],
        supplier=supplier_of(before, after),
        bank=_bank_of(after),
        confidence=record.get("user_actions", {}).get("data_confidence_before_edit"),
        is_reviewed=record.get("review_mode") != "unattended",
        corrections=list(islice(_corrections(record, _RowsById(before), _RowsById(after)), _MOST_CORRECTIONS)),
    )


def _bank_of(data: Data) -> dict[BankKind, list[str]]:
    found: dict[BankKind, list[str]] = {}
    for detail in bank_details(data):
        told = found.setdefault(detail.kind, [])
        if len(told) < _MOST_ACCOUNTS and detail.written not in told:
            told.append(detail.written[:_LONGEST_VALUE])
    return found


def lesson_text(body: str) -> str:
    """The same from and to JSON."""
    return lesson_of(json.loads(body)).model_dump_json()


def _member(record: Mapping[str, Any], name: str, otherwise: Any) -> Any:
    return otherwise if name in record.get("replaced_members", ()) else record.get(name, otherwise)


class _RowsById:
    """The rows of a document by table and id; a table is gone through when it is first asked for."""

    def __init__(self, data: Data) -> None:
        self._data = data
        self._tables: dict[str, dict[str, Row]] = {}

    def find(self, path: Path) -> Row:
        if path.field not in self._tables:
            table = self._data.get(path.field)
            self._tables[path.field] = {row[ROW_ID]: row for row in table} if is_table(table) else {}
        return self._tables[path.field].get(str(path.row_id), {})


def _corrections(record: Mapping[str, Any], before: _RowsById, after: _RowsById) -> Iterator[Correction]:
    for suggestion in record.get("suggestions", ()):
        if not suggestion["is_accepted"]:
            yield _correction("declined", suggestion["field"], None, suggestion["suggested_value"], before, after)
    for change in _member(record, "changes", ()):
        kind = _kind_of(change)
        if kind is not None:
            yield _correction(kind, change["field"], change["original_value"], change["modified_value"], before, after)


def _kind_of(change: Mapping[str, Any]) -> Kind | None:
    path, kind = parse_path(change["field"]), change["change_type"]
    if path.row_id is not None and path.column is None:
        rows: dict[str, Kind] = {"addition": "row_added", "deletion": "row_removed"}
        return rows.get(kind)
    if change.get("format_only"):
        return "rewritten"
    if change["original_value"] is None:
        return "filled"
    return "emptied" if change["modified_value"] is None else "corrected"


def _correction(kind: Kind, field: str, read: Any, became: Any, before: _RowsById, after: _RowsById) -> Correction:
    path = parse_path(field)
    if path.row_id is None:
        return Correction(kind=kind, name=path.field, **_values(path.field, read, became))
    if path.column is None:
        return Correction(kind=kind, name="", table=path.field)
    old, new = before.find(path), after.find(path)
    keys = list(dict.fromkeys([*row_keys(old), *row_keys(new)]))
    names = (text for column, text in old.items() if _NAMES_A_ROW.search(column.lower()) and isinstance(text, str))
    called = clipped(next(names, ""), 40)
    values = _values(path.column, read, became)
    return Correction(kind=kind, name=path.column, table=path.field, rows=keys, row_name=called, **values)


def _values(name: str, read: Any, became: Any) -> dict[str, Any]:
    is_short = not isinstance(read, (list, dict)) and len(text_of(read) or "") <= _LONGEST_VALUE
    return {"read": read, "became": became} if is_short and can_be_learned(name, became) else {}


def readable(bodies: Iterable[str]) -> list[Lesson]:
    """Lessons from their JSON; a damaged one teaches nothing, and stands in nobody's way."""
    lessons = []
    for body in bodies:
        try:
            lessons.append(Lesson.model_validate_json(body))
        except ValueError:
            log.warning("a damaged lesson was left out")
    return lessons
