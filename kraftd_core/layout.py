"""What a deliverable says, laid out by its template and free of any format: the renderers only have to draw it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from functools import lru_cache
from typing import Any, TypeAlias, TypeGuard, TypeVar

from kraftd_core.changes import parse_path
from kraftd_core.checks import Finding
from kraftd_core.document_types import kind_of
from kraftd_core.jsontypes import ROW_ID, Data, Row, cleaned
from kraftd_core.ports import Composition
from kraftd_core.records import Addition, Change, Deletion, Modification, Move
from kraftd_core.templates import TEMPLATES, Limits, Section, Template
from kraftd_core.wording import how_many, label_of, shown_in

_T = TypeVar("_T")


# The parts of a layout


@dataclass(frozen=True, slots=True)
class Prose:
    """Sentences under a heading; a paragraph is one running text, else each statement is a point of its own."""

    section: Section
    heading: str
    statements: tuple[str, ...]
    emphasised: bool = False
    paragraph: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A named value; `unit` is the currency of an amount."""

    name: str
    label: str
    value: Any
    changed: bool = False
    unit: str = ""

    @property
    def text(self) -> str:
        """The value as people read it, with its unit."""
        return f"{text_of(self.name, self.value)} {self.unit}".strip()


@dataclass(frozen=True, slots=True)
class Entries:
    """Named values under a heading."""

    section: Section
    heading: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a heading; `columns` are names, `changed` holds row and column positions from 0."""

    section: Section
    name: str
    heading: str
    columns: tuple[str, ...]
    rows: list[list[Any]]
    changed: frozenset[tuple[int, int]] = frozenset()

    def labels(self) -> list[str]:
        """The heads of the columns as people read them."""
        return [label_of(name) for name in self.columns]

    def is_number(self, column: int) -> bool:
        """Whether the column at this position holds figures and nothing else."""
        values = [row[column] for row in self.rows if row[column] is not None]
        return bool(values) and all(_is_number(value) for value in values)


Block: TypeAlias = Prose | Entries | Table


@dataclass(frozen=True, slots=True)
class Layout:
    """The whole deliverable: blocks in their order, and what some formats show in another shape.

    `data` is the reviewed data without row ids, priority fields first; `changes` and `checks` are the same statements as in
    the blocks, with their parts apart; `warnings` say what the template left out.
    """

    title: str
    subtitle: str
    template: Template
    blocks: tuple[Block, ...]
    data: Data
    changes: list[dict[str, Any]]
    checks: list[dict[str, Any]]
    provenance: tuple[Entry, ...]
    warnings: tuple[str, ...]


def lay_out(composition: Composition) -> Layout:
    """The composition in the order of its template, cleaned, without row ids."""
    return _Composer(composition).layout()


# Values as text


def text_of(name: str, value: Any) -> str:
    """A value as people read it under this name: amounts with two decimals, numbers that only name something ungrouped."""
    if name == "document_type":
        return kind_of(value).label
    if isinstance(value, dict):
        return "; ".join(f"{label_of(key)}: {text_of(key, member)}" for key, member in value.items())
    if isinstance(value, list):
        return "; ".join(text_of(name, member) for member in value)
    return shown_in(name, value)


@lru_cache(maxsize=1024)
def is_amount(name: str) -> bool:
    """Whether a figure of this name is written as money."""
    return shown_in(name, 0) == shown_in("amount", 0)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


# Composing


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a change or a check points: a field, or a table with row (from 0) and column; None is not known or not meant."""

    name: str
    row: int | None = None
    column: str | None = None
    in_table: bool = False

    def members(self) -> dict[str, Any]:
        if not self.in_table:
            return {"field": self.name}
        return {"table": self.name, "row": None if self.row is None else self.row + 1, "column": self.column}


class _Composer:
    def __init__(self, composition: Composition) -> None:
        self.composition = composition
        self.template = TEMPLATES[composition.template]
        self.data = _first(composition.preferences.priority_fields, _bare(composition.data))
        self.tables = {name: value for name, value in self.data.items() if _is_rows(value) and value}
        self.fields = {name: value for name, value in self.data.items() if not _is_rows(value)}
        self.row_of = {name: _positions(rows) for name, rows in composition.data.items() if _is_rows(rows)}
        self.places = [self._place(change) for change in composition.changes]
        self.changed = [p for c, p in zip(composition.changes, self.places, strict=True) if _shows(c)]
        self.changed_fields = {place.name for place in self.changed if not place.in_table}
        self.shortened = False

    def layout(self) -> Layout:
        c = self.composition
        provenance = _provenance(c, self.template)
        blocks = tuple(block for section in self.template.sections for block in self._blocks(section, provenance))
        return Layout(
            title=_line(c.title), subtitle=_line(f"{c.document_name} · reviewed data of {_time(c)}"), template=self.template,
            blocks=blocks, data=self.data, changes=list(map(_change_members, c.changes, self.places)),
            checks=list(map(self._check_members, c.findings)), provenance=provenance, warnings=self._warnings(),
        )

    def _blocks(self, section: Section, provenance: tuple[Entry, ...]) -> Iterator[Block]:
        makers: dict[Section, Callable[[], Iterable[Block]]] = {
            Section.EXECUTIVE_SUMMARY: self._paragraph,
            Section.KEY_FIGURES: self._key_figures,
            Section.FIELDS: lambda: [self._entries(Section.FIELDS, map(self._entry, self.fields))],
            Section.TABLES: lambda: map(self._table, self.tables),
            Section.TOTALS: self._totals,
            Section.CHANGES: self._changes,
            Section.CHECKS: self._checks,
            Section.PROVENANCE: lambda: [self._entries(Section.PROVENANCE, provenance)],
        }
        yield from makers[section]() if section in makers else [self._statements(section)]

    # prose

    def _paragraph(self) -> Iterable[Block]:
        limits = self.template.limits
        text = _clean(self.composition.summary.executive_summary)
        text = self._cut(text, limits.paragraph) if limits else text
        yield self._prose(Section.EXECUTIVE_SUMMARY, [text] if text else [], paragraph=True)

    def _statements(self, section: Section) -> Prose:
        return self._prose(section, self._limited(_clean(getattr(self.composition.summary, section.value))))

    def _changes(self) -> Iterable[Block]:
        sentences = _clean(self.composition.change_sentences)
        yield self._prose(Section.CHANGES, self._limited(sentences) or ["Nothing was changed."])

    def _checks(self) -> Iterable[Block]:
        found = [f"{finding.severity.capitalize()}: {_clean(finding.message)}" for finding in self.composition.findings]
        yield self._prose(Section.CHECKS, found or ["All checks passed."])

    def _totals(self) -> Iterable[Block]:
        kind = kind_of(self.composition.document_type)
        names = [name for name in ("subtotal", "total_tax", kind.total) if name and self.fields.get(name) is not None]
        amounts = [f"{entry.label} {entry.text}" for entry in map(self._entry, names)]
        sizes = [f"{label_of(name)}: {how_many(len(rows), 'row')}" for name, rows in self.tables.items()]
        if amounts or sizes:
            yield self._prose(Section.TOTALS, [" · ".join([*sizes, *amounts])], paragraph=True)

    def _prose(self, section: Section, statements: Sequence[str], paragraph: bool = False) -> Prose:
        told = tuple(statements) or ("None.",)
        return Prose(section, self.template.heading(section), told, section in self.template.emphasised, paragraph)

    def _limited(self, statements: list[str]) -> list[str]:
        limits = self.template.limits
        if limits is None:
            return statements
        kept = [self._cut(statement, limits.statement) for statement in statements[: limits.statements]]
        left_out = len(statements) - len(kept)
        self.shortened |= left_out > 0
        return [*kept, f"… and {left_out} more in the standard template."] if left_out else kept

    def _cut(self, text: str, length: int) -> str:
        if len(text) <= length:
            return text
        self.shortened = True
        return text[: length - 1].rstrip() + "…"

    def _warnings(self) -> tuple[str, ...]:
        if not self.shortened:
            return ()
        return (f"The {self.template.label.lower()} leaves out or shortens some texts; the standard template shows them all.",)

    # values

    def _entry(self, name: str) -> Entry:
        value = self.fields[name]
        currency = self.fields.get("currency")
        unit = currency if isinstance(currency, str) and len(currency) <= 3 and is_amount(name) and _is_number(value) else ""
        return Entry(name, label_of(name), value, name in self.changed_fields, unit)

    def _entries(self, section: Section, entries: Iterable[Entry]) -> Entries:
        return Entries(section, self.template.heading(section), tuple(entries))

    def _key_figures(self) -> Iterable[Block]:
        kind = kind_of(self.composition.document_type)
        usual = (kind.total, kind.due, "vendor_name", "customer_name", kind.number, kind.date, "subtotal", "total_tax")
        wanted = dict.fromkeys([*self.composition.preferences.priority_fields, *filter(None, usual)])
        entries = [self._entry(name) for name in wanted if self.fields.get(name) not in (None, "")]
        limits = self.template.limits
        shown_entries = [self._short(entry, limits) for entry in entries[: limits.figures]] if limits else entries
        if shown_entries:
            yield self._entries(Section.KEY_FIGURES, shown_entries)

    def _short(self, entry: Entry, limits: Limits) -> Entry:
        text = text_of(entry.name, entry.value)
        return entry if len(text) <= limits.figure else replace(entry, value=self._cut(text, limits.figure))

    def _table(self, name: str) -> Table:
        rows = self.tables[name]
        columns = tuple(dict.fromkeys(column for row in rows for column in row))
        cells = [[row.get(column) for column in columns] for row in rows]
        return Table(Section.TABLES, name, label_of(name), columns, cells, frozenset(self._changed_cells(name, columns)))

    # places

    def _changed_cells(self, table: str, columns: tuple[str, ...]) -> Iterator[tuple[int, int]]:
        for place in self.changed:
            if place.in_table and place.name == table and place.row is not None:
                positions = [columns.index(place.column)] if place.column in columns else range(len(columns))
                yield from ((place.row, position) for position in positions)

    def _place(self, change: Change) -> _Place:
        place = self._resolved(change.field)
        if place.row is None and isinstance(change, (Addition, Deletion)):
            return replace(place, row=change.position)
        return replace(place, row=change.modified_value) if isinstance(change, Move) else place

    def _resolved(self, path: str) -> _Place:
        field, row_id, column = parse_path(path)
        if row_id is None:
            return _Place(_clean(field))
        return _Place(_clean(field), self.row_of.get(field, {}).get(row_id), _clean(column), in_table=True)

    def _check_members(self, finding: Finding) -> dict[str, Any]:
        names = ("check", "severity", "message", "expected", "found")
        told = {name: _clean(getattr(finding, name)) for name in names}
        return told | {"cells": [self._resolved(cell).members() for cell in finding.cells]}


def _positions(rows: list[Row]) -> dict[str, int]:
    return {str(row[ROW_ID]): position for position, row in enumerate(rows) if ROW_ID in row}


def _shows(change: Change) -> bool:
    return isinstance(change, (Modification, Addition)) and not change.format_only


def _is_rows(value: Any) -> TypeGuard[list[Row]]:
    return isinstance(value, list) and all(isinstance(row, dict) for row in value)


def _first(names: Iterable[str], data: Data) -> Data:
    return {name: data[name] for name in dict.fromkeys([*names, *data]) if name in data}


def _bare(value: Any) -> Any:
    """The value cleaned, and no row id in it at any depth."""
    return _without_ids(cleaned(value))


def _without_ids(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_ids(member) for key, member in value.items() if key != ROW_ID}
    return [_without_ids(member) for member in value] if isinstance(value, list) else value


def _clean(value: _T) -> _T:
    return cleaned(value)  # type: ignore[no-any-return]  # texts and lists of texts keep their type


def _line(text: str) -> str:
    return " ".join(_clean(text).split())


def _time(composition: Composition) -> str:
    return f"{composition.generated_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _provenance(c: Composition, template: Template) -> tuple[Entry, ...]:
    kept = {
        "export_workflow_id": ("Workflow", c.export_workflow_id),
        "document_name": ("Document", c.document_name),
        "document_type": ("Document type", c.document_type),
        "owner_email": ("Reviewed by", c.owner_email),
        "stage1_hash": ("Stage 1 record", c.stage_hashes[0]),
        "stage2_hash": ("Stage 2 record", c.stage_hashes[1]),
        "template": ("Template", template.label),
        "extraction_method": ("Read by", c.extraction_method),
        "agent_model": ("Summary written by", c.agent_model),
        "generated_at": ("Generated", f"{c.generated_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"),
    }
    return tuple(Entry(name, label, _clean(value)) for name, (label, value) in kept.items())


def _change_members(change: Change, place: _Place) -> dict[str, Any]:
    values = {name: getattr(change, name) for name in ("original_value", "modified_value", "format_only", "user_reason")}
    if isinstance(change, Move):  # people count rows from 1, and so does `row`
        values |= {"original_value": change.original_value + 1, "modified_value": change.modified_value + 1}
    return {"change_type": change.change_type, **place.members(), **{name: _bare(value) for name, value in values.items()}}
