"""The nouns: the three stage records and what they hold. Frozen; stored as JSON, one object a stage."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer

from kraftd_core.document.jsontypes import Data

SCHEMA_VERSION = 3  # what each version added stands in `chain.py`, where recordings of several versions are compared


def in_ms(moment: datetime) -> datetime:
    """The moment in UTC, cut to the millisecond, as records hold it."""
    moment = moment.astimezone(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def rfc3339(moment: datetime) -> str:
    """A moment as records write it: UTC with milliseconds, `2026-01-31T09:30:00.000Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


Timestamp = Annotated[AwareDatetime, AfterValidator(in_ms), PlainSerializer(rfc3339, when_used="json")]


class Noun(BaseModel):
    """What every stored or received object is: frozen, and nothing beyond its names."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ExportStage(StrEnum):
    """The three stages of a workflow, in their order."""

    INITIAL_AI_SUMMARY = "initial_ai_summary"
    USER_MODIFICATIONS = "user_modifications"
    FINAL_SUMMARY_AND_DELIVERABLE = "final_summary_and_deliverable"

    @property
    def sequence(self) -> int:
        """1, 2 or 3."""
        return list(ExportStage).index(self) + 1


class ExportStatus(StrEnum):
    """The state that a workflow is in after each stage."""

    AWAITING_USER_REVIEW = "awaiting_user_review"
    AWAITING_FINAL_PROCESSING = "awaiting_final_processing"
    COMPLETED = "completed"


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


Share = Annotated[float, Field(ge=0, le=1)]
"""A confidence or a share, 0.0 to 1.0."""


# What the machine read and thought


class Place(Noun):
    """How sure a value is and where it stands; the page counts from 1, the polygon is x, y, x, y, … in page fractions."""

    confidence: Share | None = None
    page: int | None = None
    polygon: list[float] | None = None


class Summary(Noun):
    """The five sections; each statement one sentence."""

    executive_summary: str
    key_findings: list[str]
    recommendations: list[str]
    risk_factors: list[str]
    action_items: list[str]
    confidence_score: Share | None = None


class LearningInsights(Noun):
    """What this review says about the extraction."""

    user_corrected_fields: list[str]
    confidence_improvement: float | None = None
    user_focus_areas: list[str]


class FinalSummary(Summary):
    """The five sections over the reviewed data."""

    learning_insights: LearningInsights


class Source(Noun):
    """The document as it came in, and how it was read; `di_metadata` is keyed like changes (`line_items[<row id>].amount`)."""

    document_name: str
    document_type: str
    extraction_method: Literal["AZURE_DI", "LOCAL"] | None = None
    di_model: str | None = None
    di_confidence: Share | None = None
    type_confidence: Share | None = None
    extraction_fields_count: int
    line_items_count: int
    page_count: int | None = None
    file_size_bytes: int | None = None
    content_hash: str | None = None
    di_metadata: dict[str, Place] = {}
    notices: list[str] = []


class RecordedFinding(Noun):
    """What a check found wrong in the recorded data; `cells` are named like changes."""

    check: str
    severity: Literal["error", "warning"]
    message: str
    cells: list[str]
    expected: str | None = None
    found: str | None = None


class StatementGrounding(Noun):
    """What a statement rests on: cells named like changes (`line_items[].amount` is a column in all rows), and the words
    that are not found in the document. With neither it claims nothing; the executive summary is one statement.
    """

    section: str
    index: int
    fields: list[str]
    not_found: list[str]


class Grounding(Noun):
    """What a text rests on; `share` is that of the statements found in full among those that claim anything."""

    share: Share | None
    statements: list[StatementGrounding]


class InitialSummaryMetadata(Noun):
    """Who wrote the initial summary, and what it took; null where it was not measured."""

    ai_model: str | None = None
    processing_time_ms: float | None = None
    tokens_used: int | None = None
    confidence_score: Share | None = None
    generated_at: Timestamp
    extraction_time_ms: float | None = None
    prompt_version: str | None = None


# What the human changed and asked for


class UserPreferences(Noun):
    """How the deliverable should look."""

    transformation_instructions: str = ""
    export_format: ExportFormat = ExportFormat.PDF
    document_template: DocumentTemplate = DocumentTemplate.STANDARD
    template_customization: dict[str, Any] = {}
    priority_fields: list[str] = []


class _Change(Noun):
    field: str
    user_reason: str | None = None


class Modification(_Change):
    """A value became another; `format_only` where it is the same number or text, written otherwise."""

    change_type: Literal["modification"] = "modification"
    original_value: Any
    modified_value: Any
    format_only: bool = False


class Addition(_Change):
    """A field, a cell or a row that was not there; a row carries its position (from 0) in the changed table."""

    change_type: Literal["addition"] = "addition"
    original_value: None = None
    modified_value: Any
    position: int | None = None
    format_only: Literal[False] = False


class Deletion(_Change):
    """A field, a cell or a row that is gone (an emptied one is a modification to null); a row carries its old position."""

    change_type: Literal["deletion"] = "deletion"
    original_value: Any
    modified_value: None = None
    position: int | None = None
    format_only: Literal[False] = False


class Move(_Change):
    """A row that stands elsewhere among those that stayed: its old and its new position, from 0."""

    change_type: Literal["move"] = "move"
    original_value: int
    modified_value: int
    format_only: Literal[False] = False


Change = Annotated[Modification | Addition | Deletion | Move, Field(discriminator="change_type")]


class Look(Noun):
    """A value that the reviewer found right, by itself or together with all the rest; cells are named like changes."""

    field: str
    how: Literal["confirmed", "accepted_with_the_rest"]


class Suggestion(Noun):
    """A value offered because earlier workflows of this owner corrected it so, and whether the reviewer took it."""

    field: str
    suggested_value: Any
    rests_on: list[str]
    is_accepted: bool


class UserActions(Noun):
    """The review in figures; format-only changes are recorded but not counted."""

    fields_edited_count: int
    fields_added_count: int
    fields_removed_count: int
    total_modifications: int
    editing_time_seconds: float | None = None
    edits_per_minute: float | None = None
    data_confidence_before_edit: Share | None = None
    user_confidence_after_edit: Share | None = None


# How it is shown


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


class Tone(_Step):
    """How the prose should sound, and in which language; for engines that write prose freely."""

    kind: Literal["tone"] = "tone"
    tone: str
    language: Literal["en", "de", "fr"] | None = None


Step = Annotated[
    Visibility | Highlight | Sorting | Grouping | Renaming | Formatting | Language | Tone, Field(discriminator="kind")
]


class NotCarriedOut(Noun):
    """Words of the user's that the deliverable does not follow, and why."""

    words: str
    reason: str


class PresentationPlan(Noun):
    """How the reviewed data is shown: steps in the order they were asked for. It names parts of the data, never values.

    `read_by` is the model that read the instructions, `tokens_used` what it took where tokens are counted.
    """

    template: DocumentTemplate = DocumentTemplate.STANDARD
    export_format: ExportFormat = ExportFormat.PDF
    instructions: str = ""
    read_by: str = ""
    prompt_version: str | None = None
    tokens_used: int | None = None
    steps: list[Step] = []
    not_carried_out: list[NotCarriedOut] = []


# What was delivered


class FinalSummaryMetadata(Noun):
    """Who wrote the final summary, and what it took."""

    ai_model: str | None = None
    processing_time_ms: float | None = None
    tokens_used: int | None = None
    template_used: DocumentTemplate
    export_format: ExportFormat
    confidence_score: Share | None = None
    generated_at: Timestamp
    prompt_version: str | None = None


class Deliverable(Noun):
    """The file that was made; its bytes lie in the file store under `content_hash` (`sha256:…`)."""

    filename: str
    file_size_bytes: int
    file_format: ExportFormat
    mime_type: str
    pages: int | None = None
    content_hash: str
    generated_at: Timestamp
    warnings: list[str] = []


class WorkflowSummary(Noun):
    """The whole pass in figures; null where nothing was measured."""

    total_time_seconds: float | None = None
    stage1_time_seconds: float | None = None
    stage2_time_seconds: float | None = None
    stage3_time_seconds: float | None = None
    total_modifications: int
    ai_processing_accuracy: Share | None = None


class HistoryEntry(Noun):
    """One line of a workflow's story."""

    timestamp: Timestamp
    action: str
    details: str
    actor: str


class Traceability(Noun):
    """The workflow's story, oldest first."""

    document_history: list[HistoryEntry]


# The records


class Headline(Noun):
    """What names a document in one line: supplier, number, and total with its currency."""

    vendor: str | None = None
    number: str | None = None
    total: str | None = None


class Signature(Noun):
    """Ed25519 over the ASCII text of a record's hash; both in base64. The hash covers the public key."""

    public_key: str
    value: str


class StageRecord(Noun):
    """What every record holds. `id` is `<export_workflow_id>:<sequence>`; the hashes chain the stages.

    `replaced_members` names members that lie in the file store, as stored; a record that was read back is whole.
    """

    id: str
    schema_version: int = SCHEMA_VERSION
    export_workflow_id: str
    document_id: str
    document_name: str
    document_type: str
    headline: Headline
    search_text: str
    workflow_started_at: Timestamp
    owner_email: str
    stage: ExportStage
    sequence: Literal[1, 2, 3]
    timestamp: Timestamp
    status: ExportStatus
    expiration_date: Timestamp
    ttl: int
    regenerated_from: str | None = None
    replaced_members: list[str] = []
    previous_hash: str | None = None
    record_hash: str
    signature: Signature | None = None


class InitialSummary(StageRecord):
    """Stage 1: what the machine read and thought, untouched."""

    source: Source
    initial_extracted_data: Data
    ai_initial_summary: Summary
    grounding: Grounding | None = None
    findings: list[RecordedFinding] = []
    initial_summary_metadata: InitialSummaryMetadata


class UserModifications(StageRecord):
    """Stage 2: what the human changed and asked for."""

    stage1_id: str
    original_data: Data
    modified_data: Data
    user_preferences: UserPreferences
    changes: list[Change]
    looked_at: list[Look] = []
    suggestions: list[Suggestion] = []
    findings: list[RecordedFinding] = []
    user_actions: UserActions


class FinalDeliverable(StageRecord):
    """Stage 3: what was delivered, and how it all came about."""

    stage1_id: str
    stage2_id: str
    ai_final_summary: FinalSummary
    grounding: Grounding | None = None
    final_summary_metadata: FinalSummaryMetadata
    presentation_plan: PresentationPlan | None = None
    deliverable: Deliverable
    workflow_summary: WorkflowSummary
    traceability: Traceability
