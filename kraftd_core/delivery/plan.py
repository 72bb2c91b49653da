"""The presentation plan: held against data and format before anything is made, told in words, and turned into an appearance."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeGuard

from kraftd_core.delivery.locales import DATES_OF, LANGUAGES, Writing
from kraftd_core.delivery.templates import HEADINGS, TEMPLATES, Section, Template
from kraftd_core.document.cells import decimal_of
from kraftd_core.document.checks.model import is_blank
from kraftd_core.document.jsontypes import ROW_ID, Data, Row
from kraftd_core.document.kinds import kind_of
from kraftd_core.document.units import currency_as
from kraftd_core.document.value_kinds import may_be_money
from kraftd_core.document.wording import in_sentence, label_of, listed
from kraftd_core.records.plan import (
    Condition,
    ExportFormat,
    Formatting,
    Grouping,
    Highlight,
    Language,
    NotCarriedOut,
    PresentationPlan,
    Renaming,
    Separators,
    Sorting,
    Step,
    Target,
    Tone,
    Visibility,
)

UNTICKED = "You unticked it."
LATER_COUNTS = "What you asked for later counts"
NO_TONE = "The rule-based summary is written in one way only."

HELP = """\
Write one wish after the other, in English (a few German and French verbs are known too). For example:

- `highlight all totals in red` · `mark lines where amount > 500 in bold` · `totals in green`
- `leave out the bank details` · `only description, quantity and amount` · `without recommendations`
- `put the supplier first` · `start with the changes` · `show the key figures`
- `sort the lines by amount, largest first` · `group the items by unit`
- `rename Supplier to Vendor` · `call the total "Amount payable"`
- `currency as symbol` · `dates as 31 January 2026` · `numbers as 1.234,56` · `in German`
- for CSV also: “semicolons between the columns”, “tab separated”, “for a German Excel”

Values are never changed here: correct them on Review. What is not understood, or what the chosen file cannot show, is listed.
"""


def is_rows(value: Any) -> TypeGuard[list[Row]]:
    """Whether this is a table with rows, with or without their ids."""
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) for row in value)


def columns_in(rows: Iterable[Row]) -> tuple[str, ...]:
    """The columns of a table in the order in which its rows bring them."""
    return tuple(dict.fromkeys(column for row in rows for column in row if column != ROW_ID))


# Holding a plan against what there is


def settled(plan: PresentationPlan, data: Data) -> PresentationPlan:
    """The plan as it will be carried out: what this document, template or format cannot do is listed with its reason.

    Of steps that contradict each other the later one counts. Settling a settled plan changes nothing.
    """
    refused = list(plan.not_carried_out)
    steps: list[Step] = []
    for step in _last_word(_parts(plan.steps), refused):
        fitting = _fitting(step, data, plan.export_format)
        if isinstance(fitting, str):
            refused.append(NotCarriedOut(words=step.words, reason=fitting))
        else:
            steps.append(fitting)
    steps = list(_shown_by_template(steps, plan, data, refused))
    told = [step.model_copy(update={"meaning": meaning(step, plan.export_format)}) for step in steps]
    return plan.model_copy(update={"steps": told, "not_carried_out": refused})


def without(plan: PresentationPlan, unticked: Iterable[Step]) -> PresentationPlan:
    """The plan without the steps that the user took out; they are listed as such."""
    gone = [step for step in plan.steps if step in list(unticked)]
    listed_anew = [NotCarriedOut(words=step.words or step.meaning, reason=UNTICKED) for step in gone]
    return plan.model_copy(update={
        "steps": [step for step in plan.steps if step not in gone],
        "not_carried_out": [*plan.not_carried_out, *listed_anew],
    })  # fmt: skip


def tone_of(plan: PresentationPlan) -> Tone | None:
    """How the prose should sound: what was asked for last."""
    return next((step for step in reversed(plan.steps) if isinstance(step, Tone)), None)


def without_tone(plan: PresentationPlan) -> PresentationPlan:
    """The plan for prose that rules write; what cannot be done then is listed."""
    spoken = [NotCarriedOut(words=step.words or step.meaning, reason=NO_TONE) for step in plan.steps if isinstance(step, Tone)]
    steps = [step for step in plan.steps if not isinstance(step, Tone)]
    return plan.model_copy(update={"steps": steps, "not_carried_out": [*plan.not_carried_out, *spoken]})


def may_be_done_otherwise(entry: NotCarriedOut) -> bool:
    """Whether another template or format may carry it out: it was neither taken back nor taken out by the user."""
    return entry.reason != UNTICKED and not entry.reason.startswith(LATER_COUNTS)


_PARTS = {"format": ("numbers", "dates", "currency"), "separators": ("columns", "decimals")}


def _parts(steps: Iterable[Step]) -> Iterator[Step]:
    """How things are written in its parts, because a format may do one and not another, and a later word change one."""
    for step in steps:
        if not isinstance(step, (Formatting, Separators)):
            yield step
            continue
        for name in _PARTS[step.kind]:
            if getattr(step, name) is not None:
                yield type(step).model_validate({"words": step.words, name: getattr(step, name)})


def _fitting(step: Step, data: Data, file_format: ExportFormat) -> Step | str:
    """The step as far as this document has what it speaks of, or why it cannot be carried out."""
    beyond = _beyond(step, data, file_format)
    if beyond:
        return beyond
    if isinstance(step, (Sorting, Grouping)):
        return _fitting_order(step, data)
    if not isinstance(step, (Visibility, Highlight, Renaming)):
        return step
    if isinstance(step, Highlight) and step.condition and not _has_column(data, step.condition.column):
        return lacking(step.condition.column)
    there = [target for target in step.targets if is_there(target, data)]
    if not there:
        return lacking(*(target.name for target in step.targets))
    if isinstance(step, Visibility) and step.kind == "hide" and all(target.name == Section.PROVENANCE for target in there):
        return "The provenance stays: it says where the file comes from."
    return step.model_copy(update={"targets": there})


def _fitting_order(step: Sorting | Grouping, data: Data) -> Step | str:
    rows = data.get(step.table)
    if not is_rows(rows):
        return lacking(step.table)
    missing = [name for name in (step.columns if isinstance(step, Sorting) else [step.column]) if name not in columns_in(rows)]
    return lacking(*missing) if missing else step


def is_there(target: Target, data: Data) -> bool:
    """Whether a deliverable of this data has the part."""
    if target.kind == "section":
        return target.name in set(Section)
    if target.kind == "column":
        rows = data.get(target.table)
        return is_rows(rows) and target.name in columns_in(rows)
    return target.name in data and is_rows(data[target.name]) == (target.kind == "table")


def _has_column(data: Data, column: str) -> bool:
    return any(column in columns_in(rows) for rows in data.values() if is_rows(rows))


def lacking(*names: str) -> str:
    """That the document has none of these."""
    return f"This document has no {listed([in_sentence(name) for name in names])}."


_PLAIN_FILES = {ExportFormat.CSV: "A CSV file", ExportFormat.JSON: "A JSON file"}


def _beyond(step: Step, data: Data, file_format: ExportFormat) -> str:
    """Why a file of this format cannot show the step; empty if it can."""
    plain = _PLAIN_FILES.get(file_format)
    if isinstance(step, Highlight) and plain:
        return f"{plain} has no colours and no bold type. Choose PDF or Excel."
    if isinstance(step, (Formatting, Language)) and file_format is ExportFormat.JSON:
        return "A JSON file keeps values and names as they are, for programs. Choose another format."
    if isinstance(step, Separators) and file_format is not ExportFormat.CSV:
        return "Only a CSV file has separators. Choose CSV."
    if isinstance(step, Formatting) and step.currency:
        if plain:
            return f"{plain} shows amounts without their currency. Choose PDF or Excel."
        if not isinstance(data.get("currency"), str):
            return "This document does not name its currency."
    if isinstance(step, Formatting) and step.numbers and file_format is ExportFormat.EXCEL:
        return "Excel writes figures with the separators that each reader has set. Choose PDF or CSV."
    return ""


def _shown_by_template(
    steps: Sequence[Step], plan: PresentationPlan, data: Data, refused: list[NotCarriedOut]
) -> Iterator[Step]:
    """The steps but those that are all about tables, where the template shows none."""
    template = TEMPLATES[plan.template]
    has_tables = Section.TABLES in appearance_of(plan.model_copy(update={"steps": list(steps)}), data).sections
    for step in steps:
        if has_tables or not _is_about_tables(step):
            yield step
        else:
            reason = f"The template {template.label} shows no tables here. Choose another one."
            refused.append(NotCarriedOut(words=step.words, reason=reason))


def _is_about_tables(step: Step) -> bool:
    if isinstance(step, (Visibility, Highlight, Renaming)):
        hides = isinstance(step, Visibility) and step.kind == "hide"
        return not hides and all(target.kind in ("column", "table") for target in step.targets)
    return isinstance(step, (Sorting, Grouping))


# Contradictions


_Claim: TypeAlias = tuple[str, Target | str]


def _last_word(steps: Iterable[Step], refused: list[NotCarriedOut]) -> list[Step]:
    """The steps without what a later one takes back; a step of which nothing is left is listed."""
    kept: list[Step] = []
    later: dict[_Claim, tuple[object, str]] = {}
    for step in reversed(list(steps)):
        left, by = _left_of(step, later)
        if left is None:
            refused.append(NotCarriedOut(words=step.words, reason=f"{LATER_COUNTS}: “{by}”."))
            continue
        for claim, value in _claims(left).items():
            later.setdefault(claim, (value, step.words))
        kept.append(left)
    return kept[::-1]


def _left_of(step: Step, later: Mapping[_Claim, tuple[object, str]]) -> tuple[Step | None, str]:
    """What of the step still counts, and the words that took back the rest."""
    lost = {claim: later[claim][1] for claim, value in _claims(step).items() if claim in later and later[claim][0] != value}
    if not lost:
        return step, ""
    by = next(iter(lost.values()))
    if not isinstance(step, (Visibility, Highlight, Renaming)):
        return None, by
    gone = {claim[1] for claim in lost}
    left = [target for target in step.targets if target not in gone]
    return (step.model_copy(update={"targets": left}) if left else None), by


def _claims(step: Step) -> dict[_Claim, object]:
    """What the step decides, and how: two steps contradict each other where they decide the same differently."""
    if isinstance(step, Visibility):
        return {("visible", target): step.kind != "hide" for target in step.targets}
    if isinstance(step, Highlight):
        if step.condition:
            return {}
        looks = {("looks", target): (step.colour, step.bold) for target in step.targets}
        return looks | {("visible", target): True for target in step.targets}
    if isinstance(step, Renaming):
        return {("label", target): step.label for target in step.targets}
    if isinstance(step, Sorting):
        return {("sort", step.table): (tuple(step.columns), step.descending)}
    if isinstance(step, Grouping):
        return {("group", step.table): step.column}
    if isinstance(step, (Formatting, Separators)):
        return {(step.kind, name): value for name in _PARTS[step.kind] if (value := getattr(step, name))}
    return {(step.kind, ""): step.language if isinstance(step, Language) else (step.tone, step.language)}


# In words


def meaning(step: Step, file_format: ExportFormat) -> str:
    """What the step does, as a sentence for the user."""
    if isinstance(step, Visibility):
        return _visibility_told(step)
    if isinstance(step, Highlight):
        return _highlight_told(step)
    if isinstance(step, Sorting):
        way = "from high to low" if step.descending else "from low to high"
        return f"{label_of(step.table)} are sorted by {listed([in_sentence(name) for name in step.columns])}, {way}."
    if isinstance(step, Grouping):
        return f"{label_of(step.table)} with the same {in_sentence(step.column)} stand together."
    if isinstance(step, Renaming):
        return f"Called “{step.label}”: {_names(step.targets)}."
    if isinstance(step, Formatting):
        return _formatting_told(step)
    if isinstance(step, Separators):
        return _separators_told(step)
    if isinstance(step, Language):
        return _language_told(step, file_format)
    wanted = [step.tone.strip(), f"in {LANGUAGES[step.language]}" if step.language else ""]
    return f"The texts are written like this: {', '.join(filter(None, wanted))}."


def _names(targets: Sequence[Target]) -> str:
    """What people call the parts, the columns of a table together."""
    alone = [HEADINGS[Section(t.name)] if t.kind == "section" else label_of(t.name) for t in targets if t.kind != "column"]
    columns: dict[str, list[str]] = {}
    for target in targets:
        if target.kind == "column":
            columns.setdefault(target.table, []).append(label_of(target.name))
    told = [f"{listed(names, most=20)} of the {in_sentence(table)}" for table, names in columns.items()]
    return listed(list(dict.fromkeys([*alone, *told])), most=20)


def _visibility_told(step: Visibility) -> str:
    if step.kind == "only":
        kinds = {target.kind: [t for t in step.targets if t.kind == target.kind] for target in step.targets}
        return " ".join(f"Of the {kind}s, only these are shown: {_names(targets)}." for kind, targets in kinds.items())
    begun = {"hide": "Left out", "show": "Shown", "first": "Comes first"}
    return f"{begun[step.kind]}: {_names(step.targets)}."


def _highlight_told(step: Highlight) -> str:
    looks = " and ".join(filter(None, (step.colour, "bold" if step.bold else "")))
    if not step.condition:
        return f"Highlighted in {looks}: {_names(step.targets)}."
    where = f"where {in_sentence(step.condition.column)} is {step.condition.relation} {step.condition.value}"
    return f"Highlighted in {looks}: {_names(step.targets)}, {where.replace('is containing', 'contains')}."


_FORMATS = {
    "en": "1,234.56", "de": "1.234,56", "fr": "1 234,56", "ch": "1’234.56", "iso": "2026-01-31", "long": "31 January 2026",
    "dotted": "31.01.2026", "day_first": "31/01/2026", "month_first": "01/31/2026",
}  # fmt: skip


def _formatting_told(step: Formatting) -> str:
    told = []
    if step.numbers:
        told.append(f"Figures are written like {_FORMATS[step.numbers]}.")
    if step.dates:
        told.append(f"Dates are written like {_FORMATS[step.dates]}.")
    if step.currency:
        told.append(f"Amounts carry their currency as a {step.currency}.")
    return " ".join(told)


_BETWEEN = {"comma": "commas", "semicolon": "semicolons", "tab": "tabs"}


def _separators_told(step: Separators) -> str:
    told = []
    if step.columns:
        told.append(f"Columns are set apart by {_BETWEEN[step.columns]}.")
    if step.decimals:
        told.append(f"Decimals stand behind a {step.decimals}.")
    return " ".join(told)


def _language_told(step: Language, file_format: ExportFormat) -> str:
    """What is in the language, and what is not: the texts and our own sentences are written in English only."""
    figures = " and dates" if file_format is ExportFormat.EXCEL else ", figures and dates"
    done = f"Headings, labels{figures} are in {LANGUAGES[step.language]}"
    return f"{done}." if step.language == "en" else f"{done}. The texts of the summary, changes and checks stay as they are."


# The appearance


@dataclass(frozen=True, slots=True)
class Emphasis:
    """How a highlighted value looks; a colour by its name."""

    colour: str | None
    bold: bool


@dataclass(frozen=True, slots=True)
class Appearance:
    """All that a plan decides about one document: which parts are shown, in which order, how they are called and marked."""

    template: Template
    sections: tuple[Section, ...]
    writing: Writing
    hidden_names: frozenset[str] = frozenset()
    hidden_columns: frozenset[tuple[str, str]] = frozenset()
    named_fields: tuple[str, ...] = ()
    first: tuple[Target, ...] = ()
    labels: Mapping[Target, str] = field(default_factory=dict)
    highlights: tuple[Highlight, ...] = ()
    sortings: Mapping[str, Sorting] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    separators: Separators = field(default_factory=Separators)

    def label(self, name: str) -> str:
        """What a field or a table is called."""
        given = self.labels.get(Target(kind="field", name=name)) or self.labels.get(Target(kind="table", name=name))
        return given or self.writing.label(name)

    def column_label(self, table: str, name: str) -> str:
        """What a column is called."""
        return self.labels.get(Target(kind="column", name=name, table=table)) or self.writing.label(name)

    def heading(self, section: Section) -> str:
        """What a section is called."""
        return self.labels.get(Target(kind="section", name=section.value)) or self.writing.say(self.template.heading(section))

    def mark(self, target: Target) -> Emphasis | None:
        """How the part looks as a whole; the last word counts."""
        found = [h for h in self.highlights if target in h.targets and h.condition is None]
        return Emphasis(found[-1].colour, found[-1].bold) if found else None

    def row_marks(self, table: str, columns: Sequence[str]) -> "Callable[[Row], Mapping[str, Emphasis]]":
        """What stands out in a row of a table: its marks by column."""
        chosen = [(h, where) for h in self.highlights if (where := _columns_of(h, table, columns))]

        def marks(row: Row) -> Mapping[str, Emphasis]:
            fitting = [(h, where) for h, where in chosen if h.condition is None or meets(row, h.condition)]
            return {name: Emphasis(h.colour, h.bold) for h, where in fitting for name in where}

        return marks

    def ordered(self, table: str, rows: list[Row]) -> list[Row]:
        """The rows as asked: sorted, then those of a group brought together; stable, and empty cells last."""
        sorting = self.sortings.get(table)
        for column in reversed(sorting.columns if sorting else []):
            filled = [row for row in rows if not is_blank(row.get(column))]
            empty = [row for row in rows if is_blank(row.get(column))]
            rows = sorted(filled, key=lambda row: _rank(row[column]), reverse=bool(sorting and sorting.descending)) + empty
        group = self.groups.get(table)
        if group is None:
            return rows
        seen = dict.fromkeys(repr(row.get(group)) for row in rows)
        places = {text: place for place, text in enumerate(seen)}
        return sorted(rows, key=lambda row: places[repr(row.get(group))])

    def columns(self, table: str, columns: Iterable[str]) -> tuple[str, ...]:
        """The columns that are shown, those asked for first in front, behind the one that groups the rows."""
        names = tuple(columns)
        grouped = [self.groups[table]] if table in self.groups else []
        first = [target.name for target in self.first if target.kind == "column" and target.table == table]
        wanted = dict.fromkeys([*grouped, *first, *names])
        return tuple(name for name in wanted if name in names and (table, name) not in self.hidden_columns)


def appearance_of(plan: PresentationPlan, data: Data) -> Appearance:
    """What the plan's template and steps come to for this data."""
    template, steps = TEMPLATES[plan.template], plan.steps
    visible = [step for step in steps if isinstance(step, Visibility)]
    shown = {target for step in visible if step.kind != "hide" for target in step.targets}
    first = tuple(dict.fromkeys(target for step in visible if step.kind == "first" for target in step.targets))
    hidden = _hidden(visible, data) | (set() if template.has_prices else _amounts(data) - shown)
    highlights = tuple(step for step in steps if isinstance(step, Highlight))
    named = [*first, *shown, *(target for step in highlights for target in step.targets)]
    return Appearance(
        template=template,
        sections=_sections(template, visible, shown, first, data),
        writing=_writing(steps, data),
        hidden_names=frozenset(target.name for target in hidden if target.kind in ("field", "table")),
        hidden_columns=frozenset((target.table, target.name) for target in hidden if target.kind == "column"),
        named_fields=tuple(name for name in data if any(t.kind == "field" and t.name == name for t in named)),
        first=first,
        labels={target: step.label for step in steps if isinstance(step, Renaming) for target in step.targets},
        highlights=highlights,
        sortings={step.table: step for step in steps if isinstance(step, Sorting)},
        groups={step.table: step.column for step in steps if isinstance(step, Grouping)},
        separators=_separators(steps),
    )


def _hidden(steps: Sequence[Visibility], data: Data) -> set[Target]:
    """The fields, tables and columns that are not shown."""
    only = {target for step in steps if step.kind == "only" for target in step.targets}
    brought = {target for step in steps if step.kind in ("show", "first") for target in step.targets}
    kinds = {target.kind for target in only}
    parts = {target for target in every_part(data) if target not in only | brought}
    hidden = {target for step in steps if step.kind == "hide" for target in step.targets}
    if "field" in kinds or "table" in kinds:
        hidden |= {target for target in parts if target.kind == "field"}
    if "table" in kinds:
        tables_of_columns = {target.table for target in only if target.kind == "column"}
        hidden |= {target for target in parts if target.kind == "table" and target.name not in tables_of_columns}
    tables = {target.table for target in only if target.kind == "column"}
    return hidden | {target for target in parts if target.kind == "column" and target.table in tables}


def every_part(data: Data) -> Iterator[Target]:
    """The fields, tables and columns of the data."""
    for name, value in data.items():
        if is_rows(value):
            yield Target(kind="table", name=name)
            yield from (Target(kind="column", table=name, name=column) for column in columns_in(value))
        else:
            yield Target(kind="field", name=name)


def _amounts(data: Data) -> set[Target]:
    return {target for target in every_part(data) if target.kind in ("field", "column") and may_be_money(target.name)}


def _sections(
    template: Template, steps: Sequence[Visibility], shown: set[Target], first: Sequence[Target], data: Data
) -> tuple[Section, ...]:
    asked = {section for target in shown if (section := _section_of(target, data))}
    front = dict.fromkeys(section for target in first if target.kind != "field" and (section := _section_of(target, data)))
    order = list(dict.fromkeys([*front, *template.sections, *(section for section in Section if section in asked)]))
    only = {target for step in steps if step.kind == "only" for target in step.targets}
    if any(target.kind == "section" for target in only):
        fields = {Section.FIELDS, Section.KEY_FIGURES} if any(target.kind == "field" for target in only) else set()
        kept = {_section_of(target, data) for target in only | shown} | fields
        order = [section for section in order if section in kept]
    gone = {target.name for step in steps if step.kind == "hide" for target in step.targets if target.kind == "section"}
    left = [section for section in order if section not in gone and section is not Section.PROVENANCE]
    return (*left, Section.PROVENANCE)


def _section_of(target: Target, data: Data) -> Section | None:
    """The section that a part brings with it: a table or a column the tables, a field none of its own."""
    if target.kind == "section":
        return Section(target.name)
    return Section.TABLES if target.kind != "field" and is_there(target, data) else None


def _writing(steps: Iterable[Step], data: Data) -> Writing:
    language = next((step.language for step in steps if isinstance(step, Language)), "en")
    asked = [step for step in steps if isinstance(step, Formatting)]
    numbers = next((step.numbers for step in asked if step.numbers), None) or ("" if language == "en" else language)
    dates = next((step.dates for step in asked if step.dates), None) or DATES_OF[language]
    currency = next((step.currency for step in asked if step.currency), None)
    named = data.get("currency")
    unit = currency_as(named, currency) if currency and isinstance(named, str) else ""
    return Writing(language, numbers, dates, currency, unit)


def _separators(steps: Iterable[Step]) -> Separators:
    asked = [step for step in steps if isinstance(step, Separators)]
    columns = next((step.columns for step in reversed(asked) if step.columns), None)
    return Separators(columns=columns, decimals=next((step.decimals for step in reversed(asked) if step.decimals), None))


# Rows


def _columns_of(highlight: Highlight, table: str, columns: Sequence[str]) -> list[str]:
    """The columns of a table that a highlight marks; all, where the table is meant."""
    if Target(kind="table", name=table) in highlight.targets:
        return list(columns)
    return [name for name in columns if Target(kind="column", table=table, name=name) in highlight.targets]


def _rank(value: Any) -> tuple[int, Any]:
    """The place of a value when it is sorted: figures before texts, texts without regard to case."""
    if isinstance(value, (int, float)):
        return 0, value
    return 1, str(value).casefold()


def meets(row: Row, condition: Condition) -> bool:
    """Whether the row's cell compares so: as figures where both are figures, else as texts (dates sort as they are written)."""
    value = row.get(condition.column)
    if value is None:
        return False
    if condition.relation == "containing":
        return condition.value.casefold() in str(value).casefold()
    figures = decimal_of(str(value)), decimal_of(condition.value)
    both = figures if None not in figures else (str(value).casefold(), condition.value.casefold())
    return _compares(condition.relation, *both)


def _compares(relation: str, left: Any, right: Any) -> bool:
    if relation in ("equal to", "other than"):
        return bool(left == right) == (relation == "equal to")
    if isinstance(left, str) and not (left[:1].isdigit() and right[:1].isdigit()):
        return False
    answers = {"more than": left > right, "at least": left >= right, "less than": left < right, "at most": left <= right}
    return bool(answers[relation])


def key_figures(document_type: str, priority: Iterable[str], appearance: Appearance) -> Iterator[str]:
    """The fields that are key figures, by weight: those asked for first, those chosen on Review, then the usual ones."""
    kind = kind_of(document_type)
    usual = (kind.total, kind.due, "vendor_name", "customer_name", kind.number, kind.date, "subtotal", "total_tax")
    first = [target.name for target in appearance.first if target.kind == "field"]
    asked = dict.fromkeys([*first, *priority, *filter(None, usual), *appearance.named_fields])
    return (name for name in asked if name not in appearance.hidden_names)
