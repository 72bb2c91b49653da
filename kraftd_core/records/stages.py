"""The nouns: the three stage records and what they hold. Frozen; stored as JSON, one object a stage."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, Field, PlainSerializer

from kraftd_core.document.jsontypes import Data
from kraftd_core.document.ledger.nouns import LedgerEntry
from kraftd_core.document.nouns import Change, Noun
from kraftd_core.records.calls import ModelCall
from kraftd_core.records.plan import DocumentTemplate, ExportFormat, PresentationPlan

SCHEMA_VERSION = 4  # what each version added stands in `chain.py`, where recordings of several versions are compared


def in_ms(moment: datetime) -> datetime:
    """The moment in UTC, cut to the millisecond, as records hold it."""
    moment = moment.astimezone(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def rfc3339(moment: datetime) -> str:
    """A moment as records write it: UTC with milliseconds, `2026-01-31T09:30:00.000Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


Timestamp = Annotated[AwareDatetime, AfterValidator(in_ms), PlainSerializer(rfc3339, when_used="json")]


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
    """The document as it came in, and how it was read; `di_metadata` is keyed like changes (`line_items[<row id>].amount`).

    `reading_cost` is what a service took for its pages, where a price is set.
    """

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
    reading_cost: float | None = None


class RecordedFinding(Noun):
    """What a check answered of the recorded data; `cells` are named like changes.

    A note is a fact to know, and no doubt. Records of before schema 4 have no `answer`: all they hold differs.
    """

    check: str
    severity: Literal["error", "warning", "note"]
    message: str
    cells: list[str]
    expected: str | None = None
    found: str | None = None
    answer: Literal["held", "differs", "not_checked"] | None = None
    reading: str | None = None
    tolerance: str | None = None


class StatementGrounding(Noun):
    """What a statement rests on: cells named like changes (`line_items[].amount` is a column in all rows), and the words
    that are not found in the document. With neither it claims nothing; the executive summary is one statement.
    """

    section: str
    index: int
    fields: list[str]
    not_found: list[str]


class Contradiction(Noun):
    """A statement that says something against the record, and what of the record that is, in short words."""

    section: str
    index: int
    told: list[str]


class Grounding(Noun):
    """What a text rests on; `share` is that of the statements found in full, and contradicting nothing, among those that claim
    anything.

    `language` is what the text is written in: "en", "de", "fr", "es", or "other"; `not_checked` says in one sentence what
    could not be judged. `added_by_rule` are the places among the risks that no engine wrote: errors that it left out.
    """

    share: Share | None
    statements: list[StatementGrounding]
    contradictions: list[Contradiction] = []
    language: str | None = None
    not_checked: str | None = None
    added_by_rule: list[int] = []


class InitialSummaryMetadata(Noun):
    """Who wrote the initial summary, and what it took; null where it was not measured.

    `calls` are all askings of a model, `cost` is what they came to where prices are set, in the money of those.
    """

    ai_model: str | None = None
    processing_time_ms: float | None = None
    tokens_used: int | None = None
    confidence_score: Share | None = None
    generated_at: Timestamp
    extraction_time_ms: float | None = None
    prompt_version: str | None = None
    calls: list[ModelCall] = []
    cost: float | None = None


# What the human changed and asked for


class UserPreferences(Noun):
    """How the deliverable should look."""

    transformation_instructions: str = ""
    export_format: ExportFormat = ExportFormat.PDF
    document_template: DocumentTemplate = DocumentTemplate.STANDARD
    template_customization: dict[str, Any] = {}
    priority_fields: list[str] = []


class Look(Noun):
    """A value that the reviewer found right, by itself or together with all the rest; cells are named like changes."""

    field: str
    how: Literal["confirmed", "accepted_with_the_rest"]


class ChosenSummary(Noun):
    """The initial summary that a person chose instead of the one that stage 1 recorded, and what it took."""

    ai_model: str
    summary: Summary
    grounding: Grounding | None = None
    prompt_version: str | None = None
    tokens_used: int | None = None
    calls: list[ModelCall] = []
    cost: float | None = None


ReviewMode = Literal["reviewed", "unattended"]


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


# What was delivered


class RecordedActor(Noun):
    """A person or a service, as a record names them; `subject` is what the issuer of a sign-in calls them."""

    email: str
    name: str | None = None
    subject: str | None = None


class FinalSummaryMetadata(Noun):
    """Who wrote the final summary, and what it took; `calls` and `cost` hold those of the plan, too."""

    ai_model: str | None = None
    processing_time_ms: float | None = None
    tokens_used: int | None = None
    template_used: DocumentTemplate
    export_format: ExportFormat
    confidence_score: Share | None = None
    generated_at: Timestamp
    prompt_version: str | None = None
    calls: list[ModelCall] = []
    cost: float | None = None


class DecidedStatement(Noun):
    """A statement of a model that was marked, why, and what was decided on it."""

    section: str
    text: str
    contradicts: list[str] = []
    not_found: list[str] = []
    decision: Literal["kept", "left_out"]


class ProseDecision(Noun):
    """How a model's text came into the record: who looked at it before, and what became of its marked statements.

    `unattended`: nobody looked, so that what is marked was left out. `rules_instead`: the rules' text was chosen in its place;
    `by` is who decided. `model` is that of the text, null where none was asked for; `tries` is how often it was asked, and
    `tokens_of_all_tries` what all of these took.
    """

    how: Literal["accepted", "rules_instead", "unattended"]
    by: RecordedActor | None = None
    model: str | None = None
    tries: int = 0
    tokens_of_all_tries: int | None = None
    statements: list[DecidedStatement] = []


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
    `actor` is who recorded it; null, like `kind`, in records of earlier versions.
    """

    id: str
    kind: Literal["stage"] | None = None
    schema_version: int = SCHEMA_VERSION
    export_workflow_id: str
    document_id: str
    document_name: str
    document_type: str
    headline: Headline
    search_text: str
    workflow_started_at: Timestamp
    owner_email: str
    actor: RecordedActor | None = None
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
    """Stage 1: what the machine read and thought, untouched.

    `reading_ledger` says of every page and sheet what became of the lines that look like rows; null where nobody counted.
    """

    source: Source
    initial_extracted_data: Data
    ai_initial_summary: Summary
    grounding: Grounding | None = None
    findings: list[RecordedFinding] = []
    reading_ledger: list[LedgerEntry] | None = None
    initial_summary_metadata: InitialSummaryMetadata


class UserModifications(StageRecord):
    """Stage 2: what the human changed and asked for.

    `review_mode` is `unattended` where a service recorded it and no person looked at it; null where it was not told.
    `reviewer` is the person whom such a service named; where it is null, a review is that of the `actor`.
    `summary_chosen` is null where the summary of stage 1 was left as it is.
    """

    review_mode: ReviewMode | None = None
    reviewer: RecordedActor | None = None
    stage1_id: str
    original_data: Data
    modified_data: Data
    user_preferences: UserPreferences
    changes: list[Change]
    looked_at: list[Look] = []
    suggestions: list[Suggestion] = []
    findings: list[RecordedFinding] = []
    user_actions: UserActions
    summary_chosen: ChosenSummary | None = None

    @property
    def reviewed_by(self) -> str | None:
        """Who reviewed it; None where it was recorded without a review."""
        if self.review_mode == "unattended":
            return None
        return (self.reviewer or self.actor or RecordedActor(email=self.owner_email)).email


class JournalSeen(Noun):
    """The end of the owner's journal in one moment: its last entry's number and hash."""

    n: Annotated[int, Field(ge=1)]
    hash: str


class FinalDeliverable(StageRecord):
    """Stage 3: what was delivered, and how it all came about.

    `journal_seen` is the end of the journal that the store had last confirmed before the file was composed, null where there was
    none: so each file shows later whether the journal was rewritten. `prose_decision` is null where the text needed none: the
    rules wrote it, and nothing else was there to choose.
    """

    stage1_id: str
    stage2_id: str
    ai_final_summary: FinalSummary
    grounding: Grounding | None = None
    final_summary_metadata: FinalSummaryMetadata
    prose_decision: ProseDecision | None = None
    presentation_plan: PresentationPlan | None = None
    deliverable: Deliverable
    workflow_summary: WorkflowSummary
    traceability: Traceability
    journal_seen: JournalSeen | None = None
