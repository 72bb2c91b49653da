"""The nouns of how it is shown: template, format, and the plan that a user's words became."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from kraftd_core.document.nouns import Noun
from kraftd_core.records.calls import ModelCall


class ExportFormat(StrEnum):
    """The file formats that a deliverable can have."""

    JSON = "json"
    CSV = "csv"
    EXCEL = "excel"
    PDF = "pdf"


class DocumentTemplate(StrEnum):
    """The layouts that a deliverable can have."""

    STANDARD = "standard"
    EXECUTIVE_SUMMARY = "executive_summary"
    DETAILED_ANALYSIS = "detailed_analysis"
    FINANCIAL_REPORT = "financial_report"
    TECHNICAL_SPEC = "technical_spec"
    CUSTOM = "custom"


class Target(Noun):
    """A part of a deliverable: a section, or a field, a table or a column of the data by its name there."""

    kind: Literal["section", "field", "table", "column"]
    name: str
    table: str = ""


class Condition(Noun):
    """Which rows are meant: those whose cell in this column compares so with the value."""

    column: str
    relation: Literal["more than", "at least", "less than", "at most", "equal to", "other than", "containing"]
    value: str


class _Step(Noun):
    """`words` are the user's own, `meaning` what the step does in ours, written by rule from its other members."""

    words: str = ""
    meaning: str = ""


class Visibility(_Step):
    """What is shown at all: `only` hides the others of its kind, `first` and `show` bring back what is hidden."""

    kind: Literal["hide", "show", "only", "first"]
    targets: list[Target]


class Highlight(_Step):
    """What stands out; with a condition, in the rows of a table that meet it (whole rows, if the target is the table)."""

    kind: Literal["highlight"] = "highlight"
    targets: list[Target]
    condition: Condition | None = None
    colour: Literal["yellow", "red", "orange", "green", "blue", "purple", "grey"] | None = "yellow"
    bold: bool = False


class Sorting(_Step):
    """The order of a table's rows."""

    kind: Literal["sort"] = "sort"
    table: str
    columns: list[str]
    descending: bool = False


class Grouping(_Step):
    """Rows with the same value in a column stand together."""

    kind: Literal["group"] = "group"
    table: str
    column: str


class Renaming(_Step):
    """What people read instead of the usual label or heading."""

    kind: Literal["rename"] = "rename"
    targets: list[Target]
    label: str


class Formatting(_Step):
    """How figures and dates are written; None leaves a thing as it is."""

    kind: Literal["format"] = "format"
    numbers: Literal["en", "de", "fr", "ch"] | None = None
    dates: Literal["iso", "long", "dotted", "day_first", "month_first"] | None = None
    currency: Literal["symbol", "code"] | None = None


class Language(_Step):
    """The language of headings and labels, and how figures and dates are written in it."""

    kind: Literal["language"] = "language"
    language: Literal["en", "de", "fr"]


class Separators(_Step):
    """What stands between the columns of a CSV file, and what marks decimals in it; None leaves a thing as it is."""

    kind: Literal["separators"] = "separators"
    columns: Literal["comma", "semicolon", "tab"] | None = None
    decimals: Literal["point", "comma"] | None = None


class Tone(_Step):
    """How the prose should sound, and in which language; for engines that write prose freely."""

    kind: Literal["tone"] = "tone"
    tone: str
    language: Literal["en", "de", "fr", "es"] | None = None


Step = Annotated[
    Visibility | Highlight | Sorting | Grouping | Renaming | Formatting | Separators | Language | Tone,
    Field(discriminator="kind"),
]


class NotCarriedOut(Noun):
    """Words of the user's that the deliverable does not follow, and why."""

    words: str
    reason: str


class PresentationPlan(Noun):
    """How the reviewed data is shown: steps in the order they were asked for. It names parts of the data, never values.

    `read_by` is the model that read the instructions, `tokens_used` what it took where tokens are
    counted, `calls` each asking of it.
    """

    template: DocumentTemplate = DocumentTemplate.STANDARD
    export_format: ExportFormat = ExportFormat.PDF
    instructions: str = ""
    read_by: str = ""
    prompt_version: str | None = None
    tokens_used: int | None = None
    calls: list[ModelCall] = []
    steps: list[Step] = []
    not_carried_out: list[NotCarriedOut] = []
