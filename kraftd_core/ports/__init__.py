"""What the core needs of the world, in its own types: a protocol for each kind of adapter."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Generic, Literal, Protocol, TypeVar

from kraftd_core.comparing.compare import Comparison, Wanted
from kraftd_core.document.checks.amounts import Finding
from kraftd_core.document.jsontypes import Data
from kraftd_core.records.chain import Verdict
from kraftd_core.records.lessons import LearningChoice, Lesson
from kraftd_core.records.stages import (
    Change,
    DocumentTemplate,
    ExportFormat,
    FinalSummary,
    Grounding,
    Headline,
    HistoryEntry,
    Look,
    Place,
    PresentationPlan,
    Suggestion,
    Summary,
    Tone,
    UserPreferences,
)

Record = Mapping[str, Any]
"""A stage record as stored: JSON."""

Progress = Callable[[str], None]
"""Takes the name of the step that begins."""


# Reading


@dataclass(frozen=True, slots=True)
class Extraction:
    """What was read out of a document. `places` is keyed like changes: `total`, `line_items[<row id>].amount`.

    `type_confidence` is how sure the reader is of the type; None if the user chose it, or nothing can be said.
    """

    method: Literal["AZURE_DI", "LOCAL"]
    model: str
    document_type: str
    data: Data
    places: dict[str, Place]
    confidence: float | None
    page_count: int | None
    notices: list[str] = field(default_factory=list)
    type_confidence: float | None = None


@dataclass(frozen=True, slots=True)
class SheetView:
    """The first rows and columns of a sheet, or a table, as texts, and how many more there are."""

    title: str
    rows: tuple[tuple[str, ...], ...]
    more_rows: int = 0
    more_columns: int = 0


@dataclass(frozen=True, slots=True)
class TextView:
    """The first lines of a text, and how many more there are; `language` is None for prose."""

    text: str
    language: Literal["json", "xml"] | None = None
    more_lines: int = 0


Contents = tuple[SheetView | TextView, ...]
"""What a document without pages holds, in its order."""


class Extractor(Protocol):
    """Reads documents."""

    async def extract(
        self, content: bytes, name: str, progress: Progress, document_type: str | None = None
    ) -> Extraction:
        """The document's data, with row ids; the type is recognised where none is given. Raises DocumentRefused."""
        ...

    async def page_image(self, content: bytes, name: str, page: int) -> bytes | None:
        """A page (from 1) as PNG; None for kinds that have no pages to draw. Raises DocumentRefused."""
        ...

    async def content_view(self, content: bytes, name: str) -> Contents | None:
        """What a document without pages holds, to be read on a screen; None for kinds with pages. Raises DocumentRefused."""
        ...

    async def close(self) -> None:
        """Lets go of processes and connections."""
        ...


@dataclass(frozen=True, slots=True)
class Seal:
    """What a bundle that holds says of itself: its workflow, its last record, and the key that signed all of it, if one did."""

    export_workflow_id: str
    sequence: int
    record_hash: str
    signed_by: str | None


@dataclass(frozen=True, slots=True)
class Inspected:
    """What a file says of its origin: the ids of workflows that it names, and the same of each member of an archive.

    `bundle` is the verdict on a file that is a workflow's bundle, `seal` what it says of itself if it holds.
    """

    name: str
    content_hash: str
    workflows: tuple[str, ...] = ()
    members: tuple["Inspected", ...] = ()
    bundle: Verdict | None = None
    seal: Seal | None = None


class Inspector(Protocol):
    """Reads where a file says that it came from."""

    async def inspect(self, content: bytes, name: str) -> Inspected:
        """Never raises for what the file holds: a file that cannot be read names nothing."""
        ...


# Thinking


@dataclass(frozen=True, slots=True)
class Case:
    """A document as the agent sees it: the data, its checks, and what the reviewer changed if there was a review.

    `tone` is how the prose should sound, where that was asked for; engines that write by rule alone do not heed it.
    `often_corrected` says which parts of such documents reviewers often correct, and how, without any value.
    """

    document_name: str
    document_type: str
    data: Data
    places: Mapping[str, Place]
    findings: list[Finding]
    as_of: date
    extraction_confidence: float | None = None
    changes: list[Change] = field(default_factory=list)
    preferences: UserPreferences | None = None
    tone: Tone | None = None
    often_corrected: tuple[str, ...] = ()


What = TypeVar("What", Summary, FinalSummary, str)


@dataclass(frozen=True, slots=True)
class Said(Generic[What]):
    """What an engine said, the model that it says it was, and what it took; None where no tokens are counted.

    `prompt_version` names the wording that the engine was asked with; None for one that is asked in no words.
    """

    what: What
    ai_model: str
    tokens_used: int | None = None
    prompt_version: str | None = None


Hear = Callable[[str], None]
"""Takes the text that is being written, as far as it has come."""


def unheard(text: str) -> None:
    """For callers who wait for the whole."""


class Agent(Protocol):
    """An engine that thinks about a document; what it cannot do, it says as AgentUnavailable."""

    model: str

    async def initial_summary(self, case: Case, hear: Hear = unheard) -> Said[Summary]: ...

    async def final_summary(self, case: Case, hear: Hear = unheard) -> Said[FinalSummary]: ...

    async def answer(self, message: str, case: Case) -> Said[str]:
        """A plain text answer to the user's question about the case."""
        ...

    async def plan(self, case: Case, template: DocumentTemplate, export_format: ExportFormat) -> PresentationPlan:
        """What the instructions in the case's preferences ask for, not yet held against data and format."""
        ...


# Making files


@dataclass(frozen=True, slots=True)
class Composition:
    """All that a deliverable shows; the same composition gives the same bytes.

    `data` holds row ids, because changes and findings name rows by them; no file shows them. `grounding` is that of the summary.
    """

    title: str
    template: DocumentTemplate
    document_name: str
    document_type: str
    data: Data
    summary: FinalSummary
    changes: list[Change]
    change_sentences: list[str]
    findings: list[Finding]
    preferences: UserPreferences
    export_workflow_id: str
    owner_email: str
    stage_hashes: tuple[str, str]
    generated_at: datetime
    agent_model: str
    extraction_method: str | None
    plan: PresentationPlan = field(default_factory=PresentationPlan)
    grounding: Grounding | None = None


@dataclass(frozen=True, slots=True)
class Rendered:
    """A file's bytes; `suffix` without a dot. `warnings` say what could not be shown as it is."""

    content: bytes
    mime_type: str
    suffix: str
    pages: int | None = None
    warnings: tuple[str, ...] = ()


class Renderer(Protocol):
    """Makes the file of one format."""

    def render(self, composition: Composition) -> Rendered:
        """The file; plain computing, raises RenderingError."""
        ...


Renderers = Mapping[ExportFormat, Renderer]

CompareFiles = Mapping[str, Callable[[Comparison, Wanted], bytes]]
"""Makes a file of a comparison, by the kind that is asked for."""

Pack = Callable[[Mapping[str, bytes]], bytes]
"""Makes one archive of files by their names; the same files give the same bytes."""


# Keeping


Order = Literal["newest", "oldest", "worked_on"]
"""How a history is sorted. All workflows are kept equally long, so that the oldest is the one with the fewest days left."""

_MOST_WORDS = 16


@dataclass(frozen=True, slots=True)
class HistoryFilter:
    """What a history shows, and in which order; an empty member does not filter. Dates are days in UTC, both included."""

    text: str = ""
    document_type: str = ""
    status: str = ""
    since: date | None = None
    until: date | None = None
    template: str = ""
    export_format: str = ""
    order: Order = "newest"

    @property
    def words(self) -> list[str]:
        """What must all stand in a workflow's name, vendor or number, wherever: the first of the words, in small letters."""
        return list(dict.fromkeys(self.text.lower().split()))[:_MOST_WORDS]

    @property
    def shows_all(self) -> bool:
        """Whether nothing is left out."""
        return replace(self, order="newest") == HistoryFilter()


@dataclass(frozen=True, slots=True)
class WorkflowLine:
    """A workflow in one line of the history. `changed_values` is None before stage 2."""

    export_workflow_id: str
    document_id: str
    document_name: str
    document_type: str
    headline: Headline
    status: str
    changed_values: int | None
    template: str | None
    export_format: str | None
    filename: str | None
    started_at: datetime
    updated_at: datetime
    expiration_date: datetime
    regenerated_from: str | None = None


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Workflows in the order that was asked for; `cursor` continues, None at the end.

    `is_partial` where the chosen store cannot be reached, so that only what is on this computer is listed.
    """

    lines: list[WorkflowLine]
    cursor: str | None
    is_partial: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """What of an owner's records the chosen store has not confirmed: workflow ids by what became of them.

    `following` records are saved here and will follow; quarantined ones met other content under their id; rejected ones
    will never be taken; expired ones ended before they could be sent.
    """

    following: int = 0
    following_workflows: frozenset[str] = frozenset()
    quarantined: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()
    expired: int = 0

    @property
    def is_anything(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.following or self.quarantined or self.rejected or self.expired)


class Store(Protocol):
    """The stage records: appended, never changed."""

    async def waiting(self, owner_email: str) -> Waiting:
        """What is not confirmed yet; nothing for a store that confirms at once."""
        ...

    async def send_due(self) -> float:
        """Sends on what waits and whose time has come; the seconds until it should be asked again."""
        ...

    async def append(self, record: Record) -> Record:
        """The record as stored. The same content again (timestamps, measured times and hashes aside) gives the stored one.

        Raises StageAlreadyRecorded for other content, StageOutOfOrder, StoreUnavailable.
        """
        ...

    async def stages(self, owner_email: str, export_workflow_id: str) -> Sequence[Record]:
        """The records of a workflow in their order; empty if there is none of this owner."""
        ...

    async def history(self, owner_email: str, wanted: HistoryFilter, limit: int, cursor: str | None) -> HistoryPage:
        """A page of the owner's workflows. A cursor continues the order that it came from."""
        ...

    async def delivered_as(self, owner_email: str, content_hash: str) -> str | None:
        """The owner's workflow that delivered a file of this hash, the newest of several; None if there is none."""
        ...

    async def workflow_beginning(self, owner_email: str, beginning: str) -> str | None:
        """The owner's workflow whose id begins so; None if there is none."""
        ...

    async def lessons(self, owner_email: str, document_type: str, limit: int) -> list[Lesson]:
        """What the owner's newest reviews of this type may teach, the newest first; regenerated ones are none."""
        ...

    async def append_activity(self, owner_email: str, export_workflow_id: str, entry: HistoryEntry) -> None:
        """Adds to the trail beside the stages; the stages stay untouched."""
        ...

    async def activities(self, owner_email: str, export_workflow_id: str) -> list[HistoryEntry]:
        """The trail of a workflow, oldest first."""
        ...

    async def close(self) -> None:
        """Lets go of files and connections; the store cannot be used after."""
        ...

    async def purge(self, now: datetime) -> int:
        """Removes what has expired: workflows whole, and documents with their last workflow; how many workflows went.

        Nothing to do for a store that removes them by itself.
        """
        ...


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document of the repository; the same bytes of the same owner are the same document.

    An extraction too large for an item is empty here and lies in the file store, under `original_extraction_file`.
    """

    document_id: str
    owner_email: str
    name: str
    document_type: str
    content_hash: str
    original_extraction: Data
    workflows: tuple[str, ...]
    original_extraction_file: str | None = None

    def with_workflows(self, more: tuple[str, ...]) -> "StoredDocument":
        """The document with these workflows added, each named once."""
        return replace(self, workflows=(*self.workflows, *(w for w in more if w not in self.workflows)))


class Documents(Protocol):
    """The document repository."""

    async def keep(self, document: StoredDocument) -> StoredDocument:
        """Keeps the document, or adds its workflows to the one with the same owner and id; as stored."""
        ...

    async def find(self, owner_email: str, content_hash: str) -> StoredDocument | None: ...


@dataclass(frozen=True, slots=True)
class Draft:
    """What a reviewer typed and has not recorded. `revision` grows with each keeping; 0 was never kept.

    `others` are versions of other tabs, newest first, that this one was not made from.
    """

    modified_data: Data
    preferences: UserPreferences
    reasons: dict[str, str]
    editing_time_seconds: float
    last_activity: datetime
    looked_at: tuple[Look, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    revision: int = 0
    others: tuple["Draft", ...] = ()


class Drafts(Protocol):
    """Unrecorded work, one draft a workflow."""

    async def keep_draft(
        self, owner_email: str, export_workflow_id: str, draft: Draft, replaces: Collection[int] = ()
    ) -> Draft:
        """Keeps the draft as the newest, in place of these revisions; what else is kept goes to its `others`."""
        ...

    async def draft(self, owner_email: str, export_workflow_id: str) -> Draft | None: ...

    async def drop_draft(self, owner_email: str, export_workflow_id: str) -> None: ...


class LearningChoices(Protocol):
    """What owners chose about learning from their records; kept until they choose otherwise."""

    async def learning_choice(self, owner_email: str) -> LearningChoice:
        """As last kept, else the choice that everyone begins with. Raises StoreUnavailable."""
        ...

    async def keep_learning_choice(self, owner_email: str, choice: LearningChoice) -> None:
        """Raises StoreUnavailable."""
        ...


class Files(Protocol):
    """Uploads and deliverables, under a hash of the owner and their own SHA-256."""

    async def put(self, owner_email: str, content: bytes, keep_until: datetime) -> str:
        """Keeps the bytes until then at least: a later time that was asked for before stays; their `sha256:…`.

        Raises StoreUnavailable.
        """
        ...

    async def get(self, owner_email: str, content_hash: str) -> bytes:
        """The bytes as they were put; raises FileDamaged if they are missing or altered, StoreUnavailable."""
        ...

    async def close(self) -> None:
        """Lets go of connections; the files cannot be reached after."""
        ...

    async def purge(self, now: datetime) -> int:
        """Removes the files whose time is over; how many. Raises StoreUnavailable."""
        ...
