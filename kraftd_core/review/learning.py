"""What an owner's own records teach for a document: the usual choices, values to suggest, and what is often read wrong."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from kraftd_core.delivery.templates import TEMPLATES
from kraftd_core.document.bank_details import bank_kind, code_of
from kraftd_core.document.cells import text_of
from kraftd_core.document.changes import parse_path, path_of
from kraftd_core.document.company_names import as_looks
from kraftd_core.document.jsontypes import ROW_ID, Data, fields_of, same, tables_of
from kraftd_core.document.kinds import KINDS, kind_of
from kraftd_core.document.wording import clipped, in_sentence, listed, shown_in
from kraftd_core.records.lessons import Correction, LearningChoice, Lesson, can_be_learned, row_keys, stays
from kraftd_core.records.plan import DocumentTemplate, ExportFormat
from kraftd_core.records.stages import Suggestion, UserPreferences
from kraftd_core.records.suppliers import Bond, bonds, is_beyond_a_name, supplier_of

_FEWEST_CHOICES = 3
_FEWEST_CORRECTIONS = 2
_ENOUGH_DECLINED = 2
_MOST_OFFERS = 50
_MOST_TOLD = 5
_SHORTEST_LOOK = 4  # letters
_DEFAULTS = UserPreferences()


@dataclass(frozen=True, slots=True)
class Usual:
    """How this owner mostly wants this type of document, among the reviews that were looked at.

    A template or format that was not chosen more than half of the times is the one that every draft opens with.
    """

    template: DocumentTemplate
    export_format: ExportFormat
    template_times: int
    format_times: int
    of: int
    sentence: str


@dataclass(frozen=True, slots=True)
class LearnedOffer:
    """A value that this owner put here before, in documents of the same supplier; `rests_on` names those workflows."""

    field: str
    current_value: Any
    suggested_value: Any
    rests_on: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class Learned:
    """What is learned for one document, and whether anything is; records up to `since` were told to be forgotten."""

    usual: Usual | None = None
    offers: list[LearnedOffer] = field(default_factory=list)
    is_on: bool = True
    since: datetime | None = None


def teaching(choice: LearningChoice, lessons: Iterable[Lesson]) -> list[Lesson]:
    """The lessons that the owner lets teach, of what a person reviewed, newest first."""
    since = choice.forget_before
    reviews = (lesson for lesson in lessons if choice.is_on and lesson.is_reviewed)
    told = (lesson for lesson in reviews if since is None or lesson.recorded_at > since)
    return sorted(told, key=lambda lesson: (lesson.recorded_at, lesson.export_workflow_id), reverse=True)


# The usual choices


def usual_of(lessons: Sequence[Lesson], document_type: str) -> Usual | None:
    """What was chosen more than half of the times, from three reviews on; None where nothing was."""
    of = [lesson for lesson in lessons if lesson.document_type == document_type]
    templates, formats = Counter(lesson.template for lesson in of), Counter(lesson.export_format for lesson in of)
    template, is_template = _mostly(templates, _DEFAULTS.document_template)
    export_format, is_format = _mostly(formats, _DEFAULTS.export_format)
    if len(of) < _FEWEST_CHOICES or not (is_template or is_format):
        return None
    chosen = [(TEMPLATES[template].label, templates[template])] if is_template else []
    chosen += [(_FORMATS[export_format], formats[export_format])] if is_format else []
    sentence = _usual_sentence(chosen, len(of), document_type)
    return Usual(template, export_format, templates[template], formats[export_format], len(of), sentence)


_FORMATS = {ExportFormat.JSON: "JSON", ExportFormat.CSV: "CSV", ExportFormat.EXCEL: "Excel", ExportFormat.PDF: "PDF"}


def _mostly(counts: Counter[Any], otherwise: Any) -> tuple[Any, bool]:
    for value, count in counts.most_common(1):
        if 2 * count > counts.total():
            return value, True
    return otherwise, False


def _usual_sentence(chosen: Sequence[tuple[str, int]], of: int, document_type: str) -> str:
    (first, times), *more = chosen
    rest = "".join(f", and {name} {count} times" for name, count in more)
    return f"You chose {first} {times} of {of} times for {_plural(document_type)}{rest}."


def _plural(document_type: str) -> str:
    name = kind_of(document_type).label.lower() if document_type in KINDS else "documents of this type"
    head, space, rest = name.partition(" of ") if " of " in name else name.partition(" for ")
    return f"{head}s{space}{rest}" if document_type in KINDS else name


def preferences_after(usual: Usual | None) -> UserPreferences:
    """What a draft opens with."""
    if usual is None:
        return UserPreferences()
    return UserPreferences(document_template=usual.template, export_format=usual.export_format)


# Suggestions


def offers_for(lessons: Sequence[Lesson], export_workflow_id: str, original: Data, data: Data) -> list[LearnedOffer]:
    """What to suggest where a value still stands as it was read, in the document's order; `lessons` come newest first."""
    others = [lesson for lesson in lessons if lesson.export_workflow_id != export_workflow_id]
    joined = bonds(supplier_of(original, data), [lesson.supplier for lesson in others])
    of_vendor = [_as_far_as(bond, lesson) for lesson, bond in zip(others, joined, strict=True) if bond]
    found = (offer for place in _places(original, data, of_vendor) if (offer := _offer(place)))
    return [offer for offer, _ in zip(found, range(_MOST_OFFERS), strict=False)]


def _as_far_as(bond: Bond, lesson: Lesson) -> Lesson:
    """What a lesson teaches where its supplier is known so."""
    if bond == "known":
        return lesson
    return lesson.model_copy(update={"corrections": [c for c in lesson.corrections if not is_beyond_a_name(c.name, c.read)]})


@dataclass(frozen=True, slots=True)
class _Standing:
    """A value that stands as it was read, and what earlier reviews did there, newest first."""

    path: str
    name: str
    value: Any
    earlier: Sequence[tuple[Lesson, Correction]]
    row_name: str | None = None

    @property
    def is_cell(self) -> bool:
        return self.row_name is not None


def _places(original: Data, data: Data, lessons: Sequence[Lesson]) -> Iterator[_Standing]:
    of_fields: defaultdict[str, list[tuple[Lesson, Correction]]] = defaultdict(list)
    of_cells: defaultdict[tuple[str, str], list[tuple[Lesson, Correction]]] = defaultdict(list)
    for lesson in lessons:
        for correction in lesson.corrections:
            if not correction.table:
                of_fields[correction.name].append((lesson, correction))
            for key in correction.rows:
                of_cells[correction.table, key].append((lesson, correction))
    fields = dict(fields_of(data))
    for name in [*fields, *(name for name in of_fields if name not in data)]:
        if name in of_fields and same(fields.get(name), original.get(name)):
            yield _Standing(path_of(name), name, fields.get(name), of_fields[name])
    if of_cells:
        yield from _cells(original, data, of_cells)


def _cells(
    original: Data, data: Data, earlier: defaultdict[tuple[str, str], list[tuple[Lesson, Correction]]]
) -> Iterator[_Standing]:
    read = {table: {row[ROW_ID]: row for row in rows} for table, rows in tables_of(original)}
    known: dict[tuple[str, ...], dict[str, list[tuple[Lesson, Correction]]]] = {}  # tables name the same articles often
    for table, rows in tables_of(data):
        for row in rows:
            was = read.get(table, {}).get(row[ROW_ID], {})
            keys = row_keys(was)
            if (table, *keys) not in known:
                known[table, *keys] = _by_column(pair for key in keys for pair in earlier.get((table, key), ()))
            for column, told in known[table, *keys].items():
                if same(row.get(column), was.get(column)):
                    yield _Standing(path_of(table, row[ROW_ID], column), column, row.get(column), told, told[0][1].row_name)


def _by_column(pairs: Iterable[tuple[Lesson, Correction]]) -> dict[str, list[tuple[Lesson, Correction]]]:
    """Corrections of the same rows by their column, newest first, each once."""
    columns: defaultdict[str, list[tuple[Lesson, Correction]]] = defaultdict(list)
    for lesson, correction in {id(pair[1]): pair for pair in pairs}.values():
        columns[correction.name].append((lesson, correction))
    return {name: sorted(told, key=lambda pair: pair[0].recorded_at, reverse=True) for name, told in columns.items()}


def _offer(place: _Standing) -> LearnedOffer | None:
    """The newest correction of what was read here, if it was made at least twice, and not declined as often since."""
    fitting = [
        (lesson, c) for lesson, c in place.earlier
        if c.kind != "declined" and _is_read_so(place, c) and can_be_learned(place.name, c.became)
    ]  # fmt: skip
    if not fitting:
        return None
    value = fitting[0][1].became
    supporting = {lesson.export_workflow_id: (lesson, c) for lesson, c in fitting if same(c.became, value)}
    if len(supporting) < _FEWEST_CORRECTIONS or text_of(value) == text_of(place.value) or _is_kept(place, value):
        return None
    evidence = list(supporting.values())
    if _is_declined(place, value, evidence[0][0].recorded_at):
        return None
    rests_on = tuple(lesson.export_workflow_id for lesson, _ in reversed(evidence))
    return LearnedOffer(place.path, place.value, value, rests_on, _sentence(place, value, evidence))


def _is_kept(place: _Standing, value: Any) -> bool:
    """Whether the value is a bank detail that can be right, which nothing is ever offered for: a change of it is a warning."""
    kind = bank_kind(place.name, place.value, value)
    return kind is not None and code_of(kind, place.value) is not None


def _is_read_so(place: _Standing, correction: Correction) -> bool:
    """Whether the earlier document was read as this one was. An empty value tells documents apart only where little varies."""
    if place.value is None:
        return correction.read is None and (stays(place.name) or (place.is_cell and isinstance(correction.became, str)))
    return same(place.value, correction.read) or _is_misread_like(place, correction.read)


def _is_misread_like(place: _Standing, read: Any) -> bool:
    """Whether both are misreadings of one text, in a field that stays: "Mi11" and "M!ll"."""
    if not stays(place.name) or place.is_cell or not isinstance(place.value, str) or not isinstance(read, str):
        return False
    return len(looks := as_looks(read)) >= _SHORTEST_LOOK and looks == as_looks(place.value)


def _is_declined(place: _Standing, value: Any, since: datetime) -> bool:
    declined = (c for lesson, c in place.earlier if c.kind == "declined" and lesson.recorded_at > since)
    return sum(same(c.became, value) for c in declined) >= _ENOUGH_DECLINED


def _sentence(place: _Standing, value: Any, evidence: Sequence[tuple[Lesson, Correction]]) -> str:
    reads = [correction.read for _, correction in evidence]
    what = f"{in_sentence(place.name)} of “{place.row_name}”" if place.row_name else in_sentence(place.name)
    new = _quoted(place.name, value)
    if all(read is None for read in reads):
        done = f"filled in the {what} as {new}"
    elif all(same(read, reads[0]) for read in reads):
        done = f"corrected the {what} from {_quoted(place.name, reads[0])} to {new}"
    else:
        done = f"corrected the {what} to {new}"
    times = "twice" if len(evidence) == _FEWEST_CORRECTIONS else f"{len(evidence)} times"
    named = [f"{lesson.called} on {_day(lesson.recorded_at)}" for lesson, _ in reversed(evidence)]
    return f"You {done} {times} for this supplier ({listed(named, 3)})."


def _quoted(name: str, value: Any) -> str:
    return f"“{clipped(shown_in(name, value), 60)}”"


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%b}"


def answered_truly(suggestions: Sequence[Suggestion], data: Data) -> list[Suggestion]:
    """The suggestions as the recorded data bears them out: one that was taken and then changed counts as not taken."""
    values = dict(fields_of(data)) if suggestions else {}
    rows = {(table, row[ROW_ID]): row for table, rows in tables_of(data) for row in rows} if suggestions else {}

    def holds(suggestion: Suggestion) -> bool:
        path = parse_path(suggestion.field)
        value = values.get(path.field) if path.row_id is None else rows.get((path.field, path.row_id), {}).get(path.column or "")
        return text_of(value) == text_of(suggestion.suggested_value)

    return [s.model_copy(update={"is_accepted": s.is_accepted and holds(s)}) for s in suggestions]


# What is often read wrong

_KINDS = {
    "filled": "was read empty",
    "emptied": "was read where there is none",
    "corrected": "was read wrongly",
    "rewritten": "was read right and written otherwise",
    "row_added": "lacked rows",
    "row_removed": "had rows that are none",
}


def often_corrected(lessons: Sequence[Lesson], document_type: str, data: Data) -> tuple[str, ...]:
    """The corrections made in at least two reviews of this type, the most frequent first: which parts, and in which way.

    No value of another document is in it, and no name of a part that neither this document has nor its type expects.
    """
    known, tally = _known_parts(document_type, data), Counter[tuple[str, str]]()
    for lesson in lessons:
        if lesson.document_type == document_type:
            tally.update({(_part(c), c.kind) for c in lesson.corrections if c.kind in _KINDS and _part(c) in known})
    often = [(part, kind) for (part, kind), count in tally.most_common() if count >= _FEWEST_CORRECTIONS]
    return tuple(f"`{part}` {_KINDS[kind]}" for part, kind in often[:_MOST_TOLD])


def _part(correction: Correction) -> str:
    return ".".join(filter(None, (correction.table, correction.name)))


def _known_parts(document_type: str, data: Data) -> Collection[str]:
    kind = kind_of(document_type)
    columns = {f"{table}.{column}" for table, rows in tables_of(data) for row in rows for column in row}
    return {*data, *kind.required, *kind.expected, *columns}
