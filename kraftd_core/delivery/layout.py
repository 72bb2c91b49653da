"""What a deliverable says, laid out by its template and free of any format: the renderers only have to draw it."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC
from functools import cached_property
from typing import Any, TypeAlias, TypeGuard, TypeVar

from kraftd_core.delivery.locales import AS_IN_ENGLISH, Writing
from kraftd_core.delivery.plan import Appearance, Emphasis, appearance_of, columns_in, key_figures
from kraftd_core.delivery.templates import Limits, Section, Template
from kraftd_core.document.changes import parse_path
from kraftd_core.document.checks.checking import Finding, answers
from kraftd_core.document.checks.words import figures_said, of_figures
from kraftd_core.document.jsontypes import ROW_ID, Data, Row, clean_or_cleaned, cleaned
from kraftd_core.document.kinds import kind_of
from kraftd_core.document.nouns import Addition, Change, Deletion, Modification, Move
from kraftd_core.document.units import currency_as, digits_of
from kraftd_core.document.value_kinds import ValueKind, currency_named, is_price, judged
from kraftd_core.document.wording import how_many, listed, recorded
from kraftd_core.ports.making import Composition
from kraftd_core.records.plan import Target

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
    mark: Emphasis | None = None


@dataclass(frozen=True, slots=True)
class NamedValue:
    """A named value; `currency` is what an amount is in, as far as that is known, `unit` how the currency is written."""

    name: str
    label: str
    value: Any
    changed: bool = False
    unit: str = ""
    mark: Emphasis | None = None
    writing: Writing = AS_IN_ENGLISH
    currency: str = ""

    @property
    def text(self) -> str:
        """The value as people read it, with its unit."""
        return self.writing.with_unit(text_of(self.name, self.value, self.writing, self.currency), self.unit)


@dataclass(frozen=True, slots=True)
class Entries:
    """Named values under a heading."""

    section: Section
    heading: str
    entries: tuple[NamedValue, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a heading; `columns` are names, `changed` and `marks` hold row and column positions from 0.

    `heads` are the columns as people read them, `kinds` what they hold, `currencies` what their amounts are in, as far as that
    is known. Where rows are grouped, it is by the first column.
    """

    section: Section
    name: str
    heading: str
    columns: tuple[str, ...]
    rows: list[list[Any]]
    changed: frozenset[tuple[int, int]] = frozenset()
    marks: Mapping[tuple[int, int], Emphasis] = field(default_factory=dict)
    heads: tuple[str, ...] = ()
    writing: Writing = AS_IN_ENGLISH
    is_grouped: bool = False
    note: str = ""
    kinds: tuple[ValueKind, ...] = ()
    currencies: tuple[str, ...] = ()

    def labels(self) -> list[str]:
        """The heads of the columns as people read them."""
        return list(self.heads) or [self.writing.label(name) for name in self.columns]

    def text(self, column: int, value: Any) -> str:
        """A cell of this column as people read it; amounts carry a currency only where that was asked for."""
        if isinstance(value, (dict, list)) or self.columns[column] == "document_type":
            return text_of(self.columns[column], value, self.writing, self.currencies[column])
        text = self.writing.text(self.kinds[column], value, self.currencies[column])
        if not self.writing.unit or self.kinds[column] is not ValueKind.MONEY or not _is_number(value):
            return text
        return self.writing.with_unit(text, currency_as(self.currencies[column], self.writing.currency))

    def too_fine(self, column: int) -> list[int]:
        """The rows, counted from 1, whose amount in this column has more decimals than its currency."""
        name, kind, currency = self.columns[column], self.kinds[column], self.currencies[column]
        if kind is not ValueKind.MONEY:
            return []
        return [n for n, row in enumerate(self.rows, 1) if is_finer(kind, name, row[column], currency)]

    def is_number(self, column: int) -> bool:
        """Whether the column at this position holds figures and nothing else."""
        values = [row[column] for row in self.rows if row[column] is not None]
        return bool(values) and all(_is_number(value) for value in values)


Block: TypeAlias = Prose | Entries | Table


@dataclass(frozen=True, slots=True)
class Layout:
    """The whole deliverable: blocks in their order, and what some formats show in another shape.

    `data` is the reviewed data as far as it is shown, without row ids, first what was asked for first; `summary` holds the
    summary's sections unshortened, `changes` and `checks` the same statements as the blocks, with their parts apart;
    `held` are the figures that were compared and fit, `warnings` say what was left out.
    """

    title: str
    subtitle: str
    template: Template
    appearance: Appearance
    blocks: tuple[Block, ...]
    data: Data
    summary: dict[str, Any]
    changes: list[dict[str, Any]]
    change_sentences: list[str]
    checks: list[dict[str, Any]]
    held: list[dict[str, Any]]
    provenance: tuple[NamedValue, ...]
    warnings: tuple[str, ...]

    @property
    def sections(self) -> tuple[Section, ...]:
        """What is shown, in its order."""
        return self.appearance.sections


def lay_out(composition: Composition) -> Layout:
    """The composition in the order of its template, cleaned, without row ids."""
    return _Composer(composition).layout()


# Values as text


def text_of(name: str, value: Any, writing: Writing = AS_IN_ENGLISH, currency: str = "") -> str:
    """A value as people read it under this name: amounts with the decimals of the currency, what only names something plain."""
    if name == "document_type":
        return writing.say(kind_of(value).label)
    if isinstance(value, dict):
        return "; ".join(f"{writing.label(key)}: {text_of(key, member, writing, currency)}" for key, member in value.items())
    if isinstance(value, list):
        return "; ".join(text_of(name, member, writing, currency) for member in value)
    return writing.text(judged(name, (value,)), value, currency_named(name) or currency)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_finer(kind: ValueKind, name: str, value: Any, currency: str) -> bool:
    """Whether an amount has more decimals than its currency; the price of a piece may."""
    if type(value) is not float or kind is not ValueKind.MONEY or not currency:
        return False
    digits = digits_of(currency)
    return round(value, digits) != value and -int(recorded(value).as_tuple().exponent) > digits and not is_price(name)


GROUNDS: Mapping[str, tuple[str, str]] = {
    "yellow": ("FFE47A", "3A2F00"),
    "red": ("F9CFCB", "9C1C13"),
    "orange": ("FCE0C0", "8A4B00"),
    "green": ("CDEBD0", "1B5E20"),
    "blue": ("CFE2F8", "0B4A8F"),
    "purple": ("E6D7F3", "5B2A86"),
    "grey": ("E1E5E8", "3A444D"),
}
"""The ground and the ink of highlighted values, by the name of the colour."""


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
        reviewed: Data = clean_or_cleaned(composition.data)
        self.appearance = appearance_of(composition.plan.model_copy(update={"template": composition.template}), reviewed)
        self.template = self.appearance.template
        named = reviewed.get("currency")
        self.currency = named.strip() if isinstance(named, str) else ""
        self.rows = {name: self.appearance.ordered(name, value) for name, value in reviewed.items() if _is_rows(value)}
        self.row_of = {name: _positions(ordered) for name, ordered in self.rows.items()}
        self.data = self._shown(reviewed | self.rows)
        hides = self.appearance.hidden_names or self.appearance.hidden_columns
        self.hidden = _Hidden(reviewed, self.data, self.appearance) if hides else None
        self.tables = {name: value for name, value in self.data.items() if _is_rows(value) and value}
        self.fields = {name: value for name, value in self.data.items() if not _is_rows(value)}
        places = [(change, self._place(change)) for change in composition.changes]
        self.changed = [place for change, place in places if _shows(change)]
        self.changed_fields = {place.name for place in self.changed if not place.in_table}
        self.not_found, self.contradicted = _not_found(composition), _contradicted(composition)
        self.shortened = False
        self.left_out = 0

    def _shown(self, data: Data) -> Data:
        """What of the data is shown, in its order, without row ids."""
        appearance = self.appearance
        first = [target.name for target in appearance.first if target.kind in ("field", "table")]
        ordered = _first([*first, *self.composition.preferences.priority_fields], data).items()
        shown = {name: value for name, value in ordered if name not in appearance.hidden_names}
        return {name: self._shown_rows(name, value) if _is_rows(value) else _without_ids(value) for name, value in shown.items()}

    def _shown_rows(self, table: str, rows: list[Row]) -> list[Row]:
        columns = self.appearance.columns(table, columns_in(rows))
        return [{column: _without_ids(row[column]) for column in columns if column in row} for row in rows]

    def layout(self) -> Layout:
        c = self.composition
        provenance = self._provenance()
        blocks = tuple(block for section in self.appearance.sections for block in self._blocks(section, provenance))
        kind = kind_of(c.document_type).label
        title = c.title if self.hidden is None or not self.hidden.is_in(c.title) else kind
        title = title.replace(kind, self.appearance.writing.say(kind), 1) if title.startswith(kind) else title
        changes = [(change, place) for change in c.changes if self._is_shown(place := self._place(change))]
        findings = [finding for finding in c.findings if all(self._is_shown(self._resolved(cell)) for cell in finding.cells)]
        return Layout(
            title=_line(title),
            subtitle=_line(f"{c.document_name} · {self.appearance.writing.say(_data_of(c))} {_time(c)}"),
            template=self.template, appearance=self.appearance, blocks=blocks,
            data=self.data, summary=self._summary(),
            changes=[self._change_members(change, place) for change, place in changes], change_sentences=self._change_sentences(),
            checks=list(map(self._check_members, findings)), held=self._comparisons(), provenance=provenance,
            warnings=self._warnings(blocks),
        )

    def _is_shown(self, place: "_Place") -> bool:
        """Whether what it points to may be named."""
        appearance = self.appearance
        return place.name not in appearance.hidden_names and (place.name, place.column) not in appearance.hidden_columns

    def _blocks(self, section: Section, provenance: tuple[NamedValue, ...]) -> Iterator[Block]:
        makers: dict[Section, Callable[[], Iterable[Block]]] = {
            Section.EXECUTIVE_SUMMARY: self._paragraph,
            Section.KEY_FIGURES: self._key_figures,
            Section.FIELDS: lambda: [self._entries(Section.FIELDS, map(self._entry, self.fields))] if self._has_fields() else [],
            Section.TABLES: lambda: map(self._table, self.tables),
            Section.TOTALS: self._totals,
            Section.CHANGES: self._changes,
            Section.CHECKS: self._checks,
            Section.PROVENANCE: lambda: [self._entries(Section.PROVENANCE, provenance)],
        }
        yield from makers[section]() if section in makers else [self._statements(section)]

    # prose

    def _has_fields(self) -> bool:
        """No empty list of fields where the user left out all that there are."""
        return bool(self.fields) or not self.appearance.hidden_names

    def _paragraph(self) -> Iterable[Block]:
        limits = self.template.limits
        text = self._summary_text()
        text = self._noted(self._whole_summary, self._cut(text, limits.paragraph) if limits else text)
        yield self._prose(Section.EXECUTIVE_SUMMARY, [text] if text else [], paragraph=True)

    def _summary_text(self) -> str:
        """The executive summary, without sentences that name what is not shown."""
        text = self._whole_summary
        if self.hidden is None or not self.hidden.is_in(text):
            return text
        return " ".join(self._tellable(_SENTENCE_END.split(text)))

    @property
    def _whole_summary(self) -> str:
        return _clean(self.composition.summary.executive_summary)

    def _noted(self, statement: str, shown: str) -> str:
        """What is shown of a statement, with those of its words that nothing bears out, and what of the record it contradicts."""
        told = " ".join(shown.split())
        words = [word for word in self.not_found.get(statement, ()) if word in told]
        against = self._tellable(self.contradicted.get(statement, []))
        marks = [(name, said) for name, said in ((NOT_FOUND, words), (CONTRADICTS, against)) if said]
        return shown + "".join(f" [{self.appearance.writing.say(name)}: {', '.join(said)}]" for name, said in marks)

    def _statements(self, section: Section) -> Prose:
        return self._prose(section, self._limited(self._tellable(_clean(getattr(self.composition.summary, section.value)))))

    def _tellable(self, statements: list[str]) -> list[str]:
        """The statements that name nothing which is not shown."""
        if self.hidden is None:
            return statements
        told = [statement for statement in statements if not self.hidden.is_in(statement)]
        self.left_out += len(statements) - len(told)
        return told

    def _summary(self) -> dict[str, Any]:
        told = cleaned(self.composition.summary.model_dump(mode="json"))
        texts: dict[str, Any] = {
            name: [self._noted(text, text) for text in self._tellable(value)] if isinstance(value, list)
            else self._noted(self._whole_summary, self._summary_text())
            for name, value in told.items() if name in _SUMMARY_SECTIONS
        }  # fmt: skip
        return {n: texts.get(n, value) for n, value in told.items() if n not in texts or Section(n) in self.appearance.sections}

    def _change_sentences(self) -> list[str]:
        c = self.composition
        told = [s for s, change in zip(c.change_sentences, c.changes, strict=False) if self._is_shown(self._place(change))]
        told += c.change_sentences[len(c.changes) :]
        return self._tellable(_clean(told))

    def _changes(self) -> Iterable[Block]:
        sentences = self._change_sentences()
        if self.template.has_evidence:
            told = dict(zip(_clean(self.composition.change_sentences), self.composition.changes, strict=False))
            sentences = [self._with_reason(sentence, told.get(sentence)) for sentence in sentences]
        yield self._prose(Section.CHANGES, self._limited(sentences) or [self.appearance.writing.say("Nothing was changed.")])

    def _with_reason(self, sentence: str, change: Change | None) -> str:
        reason = change and change.user_reason
        return f"{sentence} {self.appearance.writing.say('Reason')}: {_clean(reason)}" if reason else sentence

    def _checks(self) -> Iterable[Block]:
        findings = [f for f in self.composition.findings if all(self._is_shown(self._resolved(cell)) for cell in f.cells)]
        found = self._tellable([f"{f.severity.capitalize()}: {_clean(f.message)}{self._evidence(f)}" for f in findings])
        said = None if self.composition.findings else figures_said(self.answers)
        passed = [self.appearance.writing.say(said)] if said else []
        yield self._prose(Section.CHECKS, found or passed)

    def _evidence(self, finding: Finding) -> str:
        """What a check expected and found, where the template shows it."""
        told = [f"{name} {_clean(value)}" for name, value in (("expected", finding.expected), ("found", finding.found)) if value]
        return f" ({', '.join(told)})" if told and self.template.has_evidence else ""

    def _totals(self) -> Iterable[Block]:
        kind = kind_of(self.composition.document_type)
        names = [name for name in ("subtotal", "total_tax", kind.total) if name and self.fields.get(name) is not None]
        amounts = [f"{entry.label} {entry.text}" for entry in map(self._entry, names)]
        sizes = [f"{self.appearance.label(name)}: {how_many(len(rows), 'row')}" for name, rows in self.tables.items()]
        if amounts or sizes:
            yield self._prose(Section.TOTALS, [" · ".join([*sizes, *amounts])], paragraph=True)

    def _prose(self, section: Section, statements: Sequence[str], paragraph: bool = False) -> Prose:
        told = tuple(statements) or (self.appearance.writing.say("None."),)
        mark = self.appearance.mark(Target(kind="section", name=section.value))
        return Prose(section, self.appearance.heading(section), told, section in self.template.emphasised, paragraph, mark)

    def _limited(self, statements: list[str]) -> list[str]:
        limits = self.template.limits
        if limits is None:
            return [self._noted(statement, statement) for statement in statements]
        kept = [self._noted(statement, self._cut(statement, limits.statement)) for statement in statements[: limits.statements]]
        left_out = len(statements) - len(kept)
        self.shortened |= left_out > 0
        return [*kept, f"… and {left_out} more in the standard template."] if left_out else kept

    def _cut(self, text: str, length: int) -> str:
        if len(text) <= length:
            return text
        self.shortened = True
        return text[: length - 1].rstrip() + "…"

    def _warnings(self, blocks: Sequence[Block]) -> tuple[str, ...]:
        told = []
        if self.shortened:
            label = self.template.label.lower()
            told.append(f"The {label} {SHORTENED}")
        if self.left_out:
            told.append(LEFT_OUT)
        return (*told, *self._too_fine(blocks))

    def _too_fine(self, blocks: Sequence[Block]) -> Iterator[str]:
        """That amounts have more decimals than their currency: they are shown as they were recorded, and that is said."""
        for entry in {entry.name: entry for block in blocks if isinstance(block, Entries) for entry in block.entries}.values():
            if is_finer(judged(entry.name, (entry.value,)), entry.name, entry.value, entry.currency):
                yield f"{entry.label}, {entry.text}, has more decimals than {entry.currency} has. It is shown as it was recorded."
        for table in (block for block in blocks if isinstance(block, Table)):
            for position, label in enumerate(table.labels()):
                if rows := table.too_fine(position):
                    where = f"{table.heading}, {label}, {listed([f'row {n}' for n in rows])}"
                    yield f"{where}: more decimals than {table.currencies[position]} has. They are shown as they were recorded."

    # values

    def _entry(self, name: str) -> NamedValue:
        value = self.fields[name]
        writing = self.appearance.writing
        currency = currency_named(name) or self.currency
        is_amount = _is_number(value) and judged(name, (value,)) is ValueKind.MONEY
        unit = currency_as(currency, writing.currency) if is_amount and len(currency) <= _LONGEST_UNIT else ""
        mark = self.appearance.mark(Target(kind="field", name=name))
        return NamedValue(name, self.appearance.label(name), value, name in self.changed_fields, unit, mark, writing, currency)

    def _entries(self, section: Section, entries: Iterable[NamedValue]) -> Entries:
        return Entries(section, self.appearance.heading(section), tuple(entries))

    def _key_figures(self) -> Iterable[Block]:
        wanted = key_figures(self.composition.document_type, self.composition.preferences.priority_fields, self.appearance)
        entries = [self._entry(name) for name in wanted if self.fields.get(name) not in (None, "")]
        limits = self.template.limits
        shown_entries = [self._short(entry, limits) for entry in self._weightiest(entries, limits)] if limits else entries
        if shown_entries:
            yield self._entries(Section.KEY_FIGURES, shown_entries)

    def _weightiest(self, entries: list[NamedValue], limits: Limits) -> list[NamedValue]:
        """As many as the template shows; what the user named goes before the usual ones."""
        is_named = [entry.name in self.appearance.named_fields for entry in entries]
        usual_left = max(limits.figures - sum(is_named), 0)
        usual = [entry.name for entry, named in zip(entries, is_named, strict=True) if not named][:usual_left]
        return [entry for entry, named in zip(entries, is_named, strict=True) if named or entry.name in usual]

    def _short(self, entry: NamedValue, limits: Limits) -> NamedValue:
        text = text_of(entry.name, entry.value, entry.writing)
        return entry if len(text) <= limits.figure else replace(entry, value=self._cut(text, limits.figure))

    def _table(self, name: str) -> Table:
        rows, appearance = self.tables[name], self.appearance
        columns = columns_in(rows)
        cells = [[row.get(column) for column in columns] for row in rows]
        marks_of = appearance.row_marks(name, columns)
        marks = {
            (position, columns.index(column)): mark
            for position, row in enumerate(self.rows[name] if appearance.highlights else ())
            for column, mark in marks_of(row).items()
        }  # fmt: skip
        is_moved = name in appearance.sortings or name in appearance.groups
        return Table(
            Section.TABLES, name, appearance.label(name), columns, cells, frozenset(self._changed_cells(name, columns)), marks,
            tuple(appearance.column_label(name, column) for column in columns), appearance.writing,
            columns[:1] == (appearance.groups.get(name),),
            _MOVED if is_moved else "", *self._held(name, columns, cells),
        )

    def _held(
        self, table: str, columns: tuple[str, ...], cells: list[list[Any]]
    ) -> tuple[tuple[ValueKind, ...], tuple[str, ...]]:
        """What the columns of a table hold, and what their amounts are in: rows may say their currency themselves."""
        kinds = [judged(column, (row[position] for row in cells)) for position, column in enumerate(columns)]
        own = next((column for column in _CURRENCY_COLUMNS if any(row.get(column) for row in self.rows[table])), "")
        told = {str(row.get(own) or self.currency) for row in self.rows[table]} if own else set()
        if len(told) > 1:  # no number of decimals is right for all of them, and no sum
            kinds = [ValueKind.QUANTITY if kind is ValueKind.MONEY else kind for kind in kinds]
        currency = "" if len(told) > 1 else next(iter(told), self.currency)
        return tuple(kinds), tuple(currency_named(column) or currency for column in columns)

    def _provenance(self) -> tuple[NamedValue, ...]:
        c, writing = self.composition, self.appearance.writing
        kept = {
            "export_workflow_id": ("Workflow", c.export_workflow_id),
            "document_name": ("Document", c.document_name),
            "document_type": ("Document type", c.document_type),
            "owner_email": (self._recorded_how(), c.owner_email),
            **({} if c.reviewed_by == c.owner_email else {"reviewed_by": ("Reviewed by", c.reviewed_by)}),
            "stage1_hash": ("Stage 1 record", c.stage_hashes[0]),
            "stage2_hash": ("Stage 2 record", c.stage_hashes[1]),
            **({"journal_seen": ("Journal before", f"{seen.n}:{seen.hash}")} if (seen := c.journal_seen) else {}),
            "template": ("Template", writing.say(self.template.label)),
            "extraction_method": ("Read by", c.extraction_method),
            "agent_model": ("Summary written by", c.agent_model),
            "generated_at": ("Generated", f"{c.generated_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"),
        }
        said = ((name, writing.say(label), _clean(value)) for name, (label, value) in kept.items())
        return tuple(NamedValue(*told, writing=writing) for told in said)

    def _recorded_how(self) -> str:
        """What the owner is to the data: the reviewer, or who recorded it."""
        c = self.composition
        if c.reviewed_by is None:
            return "Recorded without a review by"
        return "Reviewed by" if c.reviewed_by == c.owner_email else "Recorded by"

    # places

    def _changed_cells(self, table: str, columns: tuple[str, ...]) -> Iterator[tuple[int, int]]:
        for place in self.changed:
            if place.in_table and place.name == table and place.row is not None:
                positions = [n for n, name in enumerate(columns) if place.column in (None, name)]  # none, where it is not shown
                yield from ((place.row, position) for position in positions)

    def _place(self, change: Change) -> _Place:
        place = self._resolved(change.field)
        if place.row is None and isinstance(change, (Addition, Deletion)):
            return replace(place, row=change.position)
        return replace(place, row=change.modified_value) if isinstance(change, Move) and place.row is None else place

    def _resolved(self, path: str) -> _Place:
        field, row_id, column = parse_path(path)
        if row_id is None:
            return _Place(_clean(field))
        return _Place(_clean(field), self.row_of.get(field, {}).get(row_id), _clean(column), in_table=True)

    def _change_members(self, change: Change, place: _Place) -> dict[str, Any]:
        names = ("original_value", "modified_value", "format_only", "user_reason")
        values = {name: cleaned(getattr(change, name)) for name in names}
        if isinstance(change, Move):  # people count rows from 1, and so does `row`
            values |= {"original_value": change.original_value + 1, "modified_value": change.modified_value + 1}
        kept = {name: _without_ids(self._without_hidden(place.name, value)) for name, value in values.items()}
        return {"change_type": change.change_type, **place.members(), **kept}

    def _without_hidden(self, table: str, value: Any) -> Any:
        """A row without the columns that are not shown; anything else as it is."""
        if not isinstance(value, dict):
            return value
        return {name: cell for name, cell in value.items() if (table, name) not in self.appearance.hidden_columns}

    def _comparisons(self) -> list[dict[str, Any]]:
        """The comparisons of figures that held, with the phrase by which they did."""
        return [
            {"check": answer.check, "reading": answer.reading, "cells": [self._resolved(cell).members() for cell in answer.cells]}
            for answer in of_figures(self.answers)
            if answer.answer == "held"
        ]

    @cached_property
    def answers(self) -> list[Finding]:
        """What the checks answer on the reviewed data; nothing where they are not shown."""
        if Section.CHECKS not in self.appearance.sections:
            return []
        composition = self.composition
        return answers({"document_type": composition.document_type} | composition.data, composition.generated_at.date())

    def _check_members(self, finding: Finding) -> dict[str, Any]:
        names = ("check", "severity", "answer", "message", "expected", "found")
        told = {name: _clean(getattr(finding, name)) for name in names}
        return told | {"cells": [self._resolved(cell).members() for cell in finding.cells]}


_SUMMARY_SECTIONS = frozenset({"executive_summary", "key_findings", "recommendations", "risk_factors", "action_items"})
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9“])")
NOT_FOUND, CONTRADICTS = "not found in the document", "contradicts"
SHORTENED = "leaves out or shortens some texts; the standard template shows them all."
LEFT_OUT = "Statements were left out because they name values that are not shown."
_MOVED = "Line numbers in the texts count the lines as they stand in the document."
_LONGEST_UNIT = 3  # characters; what is longer is no code and no symbol
_CURRENCY_COLUMNS = ("currency", "currency_code", "waehrung", "währung", "devise", "moneda")
_MARKS = ".,;:!?()[]“”„\"'→"
_TELLING = 5  # characters; a shorter text may stand in a sentence by chance


_Words: TypeAlias = tuple[str, ...]


class _Hidden:
    """The values that are not shown, to keep the prose from telling them."""

    def __init__(self, reviewed: Data, shown: Data, appearance: Appearance) -> None:
        self.shown = shown
        self.texts = _texts(
            cell
            for name, value in reviewed.items()
            for cell in _cells(name, value)
            if name in appearance.hidden_names or (name, cell[0]) in appearance.hidden_columns
        )
        self.lengths = {len(text) for text in self.texts}

    @cached_property
    def shown_texts(self) -> set[_Words]:
        """What may be told because it is shown elsewhere."""
        return _texts(cell for name, value in self.shown.items() for cell in _cells(name, value))

    def is_in(self, statement: str) -> bool:
        """Whether the statement names one of them, word for word."""
        words = _words_of(statement)
        spans = (words[n : n + length] for length in self.lengths for n in range(len(words) - length + 1))
        return any(span in self.texts and span not in self.shown_texts for span in spans)


def _cells(name: str, value: Any) -> Iterable[tuple[str, Any]]:
    """A field, or the cells of a table, by their names."""
    return (cell for row in value for cell in row.items() if cell[0] != ROW_ID) if _is_rows(value) else [(name, value)]


def _words_of(text: str) -> _Words:
    return tuple(word.strip(_MARKS) for word in text.split())


def _texts(cells: Iterable[tuple[str, Any]]) -> set[_Words]:
    """The values as a sentence may write them, those long enough to be told apart."""
    return {_words_of(text) for name, value in cells for text in _ways_to_write(name, value) if len(text) >= _TELLING}


def _ways_to_write(name: str, value: Any) -> tuple[str, ...]:
    if isinstance(value, (dict, list)) or value is None:
        return ()
    return (str(value), text_of(name, value))


def _not_found(composition: Composition) -> dict[str, list[str]]:
    """The words that nothing in the document bears out, by the statement that they stand in."""
    told: dict[str, list[str]] = {}
    for statement in composition.grounding.statements if composition.grounding else ():
        said = getattr(composition.summary, statement.section, None) or []
        texts = [said] if isinstance(said, str) else said
        if statement.not_found and statement.index < len(texts):
            told[_clean(texts[statement.index])] = _clean(statement.not_found)
    return told


def _contradicted(composition: Composition) -> dict[str, list[str]]:
    """What of the record is contradicted, by the statement that does."""
    told: dict[str, list[str]] = {}
    for entry in composition.grounding.contradictions if composition.grounding else ():
        said = getattr(composition.summary, entry.section, None) or []
        texts = [said] if isinstance(said, str) else said
        if entry.index < len(texts):
            told[_clean(texts[entry.index])] = _clean(entry.told)
    return told


def _positions(rows: list[Row]) -> dict[str, int]:
    return {str(row[ROW_ID]): position for position, row in enumerate(rows) if ROW_ID in row}


def _shows(change: Change) -> bool:
    return isinstance(change, (Modification, Addition)) and not change.format_only


def _is_rows(value: Any) -> TypeGuard[list[Row]]:
    return isinstance(value, list) and all(isinstance(row, dict) for row in value)


def _first(names: Iterable[str], data: Data) -> Data:
    return {name: data[name] for name in dict.fromkeys([*names, *data]) if name in data}


def _without_ids(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_ids(member) for key, member in value.items() if key != ROW_ID}
    return [_without_ids(member) for member in value] if isinstance(value, list) else value


def _clean(value: _T) -> _T:
    return cleaned(value)  # type: ignore[no-any-return]  # texts and lists of texts keep their type


def _line(text: str) -> str:
    return " ".join(_clean(text).split())


def _data_of(composition: Composition) -> str:
    return "reviewed data of" if composition.reviewed_by else "unreviewed data of"


def _time(composition: Composition) -> str:
    return f"{composition.generated_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
