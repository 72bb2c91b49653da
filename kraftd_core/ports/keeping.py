"""What the core needs of where things are kept: records, documents, drafts, choices and files."""

from collections.abc import AsyncGenerator, AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import islice
from typing import Any, Literal, Protocol

from kraftd_core.document.folding import fold
from kraftd_core.document.jsontypes import Data, clean_text
from kraftd_core.records.journal import JournalEntry, JournalHead
from kraftd_core.records.lessons import LearningChoice, Lesson
from kraftd_core.records.stages import (
    Headline,
    HistoryEntry,
    Look,
    Suggestion,
    UserPreferences,
    rfc3339,
)

Record = Mapping[str, Any]
"""A stage record as stored: JSON."""


Order = Literal["newest", "oldest", "worked_on"]
"""How a history is sorted. All workflows are kept equally long, so that the oldest is the one with the fewest days left."""

_MOST_WORDS = 16


@dataclass(frozen=True, slots=True)
class HistoryFilter:
    """What a history shows, and in which order; an empty member does not filter.

    `since` and `until` are days on the reader's calendar, both included: `zone` is theirs, None that of this machine.
    `is_open` shows only what waits for its owner.
    """

    text: str = ""
    document_type: str = ""
    status: str = ""
    since: date | None = None
    until: date | None = None
    template: str = ""
    export_format: str = ""
    order: Order = "newest"
    zone: tzinfo | None = UTC
    document_id: str = ""
    is_open: bool = False

    @property
    def words(self) -> dict[str, str]:
        """What must all stand in a workflow's name, vendor or number, wherever: the first of the words, folded.

        Each with its spelling in small letters, which is how records told these texts before they were folded.
        """
        spelled = ((fold(word), word) for word in clean_text(self.text).lower().split())
        return dict(islice(((folded, word) for folded, word in spelled if folded), _MOST_WORDS))

    @property
    def starts_from(self) -> str | None:
        """The moment, as records write it, from which on workflows began; None without such a bound."""
        return _start_of(self.since, self.zone) if self.since else None

    @property
    def starts_before(self) -> str | None:
        """The moment before which workflows began; None without such a bound."""
        return _start_of(self.until + timedelta(days=1), self.zone) if self.until and self.until < date.max else None

    @property
    def shows_all(self) -> bool:
        """Whether nothing is left out."""
        return replace(self, order="newest", zone=UTC) == HistoryFilter()


def _start_of(day: date, zone: tzinfo | None) -> str | None:
    """The first moment of a day; None where that lies before or behind all that can be told, as in the year 1."""
    try:
        return rfc3339(datetime.combine(day, time(), zone))
    except (OverflowError, ValueError, OSError):  # the last two: a machine's own zone does not reach as far
        return None


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

    `is_partial` where the chosen store cannot be reached, so that only what is on this computer is listed; `damaged` is how
    many lines were left out because they are not as they were written.
    """

    lines: list[WorkflowLine]
    cursor: str | None
    is_partial: bool = False
    damaged: int = 0


@dataclass(frozen=True, slots=True)
class Waiting:
    """What of an owner's records the chosen store has not confirmed: workflow ids by what became of them.

    `following` records are saved here and will follow; quarantined ones met other content under their id; rejected ones
    will never be taken; missing ones were confirmed once and are not there any more, or what they stand on is not; expired
    ones ended before they could be sent. `reason` is what the store last failed with, empty where it answers; `passes` says
    whether that may pass by itself.
    """

    following: int = 0
    following_workflows: frozenset[str] = frozenset()
    quarantined: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    expired: int = 0
    reason: str = ""
    passes: bool = True

    @property
    def is_anything(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.following or self.stopped or self.expired)

    @property
    def stopped(self) -> tuple[str, ...]:
        """The workflows of which a record stays here unless somebody acts."""
        return (*self.quarantined, *self.rejected, *self.missing)

    def is_confirmed(self, export_workflow_id: str) -> bool:
        """Whether the chosen store has all that is recorded of a workflow."""
        return export_workflow_id not in self.following_workflows.union(self.stopped)


@dataclass(frozen=True, slots=True)
class Held:
    """A workflow's records held against all else that their store keeps of them.

    `flaw` is the first sentence that speaks against them, None where nothing does, `stage` (from 1) the stage that it is of, if
    it is one's. `compared` and `not_compared` name what was looked at, and what could not be.
    """

    flaw: str | None
    stage: int | None = None
    compared: tuple[str, ...] = ()
    not_compared: tuple[str, ...] = ()


class Store(Protocol):
    """The stage records: appended, never changed, and each entered in its owner's journal."""

    async def held_against(self, owner_email: str, export_workflow_id: str) -> Held:
        """The workflow held against its places, its line in the history, its trail and the journal; raises nothing of damage."""
        ...

    async def journal(self, owner_email: str) -> list[JournalEntry]:
        """All that the store took in of an owner, in its order; what has expired is still named."""
        ...

    async def kept_workflows(self, after: tuple[str, str], limit: int) -> list[tuple[str, str]]:
        """Of everybody: owner and workflow wherever something is kept or, by the journal, should be, sorted, from one on."""
        ...

    async def journal_owners(self) -> list[str]:
        """Everybody of whom there is a journal."""
        ...

    async def damaged_rows(self) -> list[str]:
        """A sentence for whatever is kept beside the records and is not as it was written."""
        ...

    async def journal_head(self, owner_email: str) -> JournalHead | None:
        """The end of the owner's journal as it was last confirmed; None where nothing was."""
        ...

    async def waiting(self, owner_email: str) -> Waiting:
        """What is not confirmed yet; nothing for a store that confirms at once."""
        ...

    async def send_due(self) -> float:
        """Sends on what waits and whose time has come; the seconds until it should be asked again."""
        ...

    async def send_again(self, owner_email: str) -> int:
        """Hands the owner's workflows that are missing in the chosen store to it again; how many. None for one that confirms."""
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

    async def last_work(self) -> datetime | None:
        """When a workflow of anybody was last worked on; None where there is none, or the store removes them by itself."""
        ...


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document of the repository; the same bytes of the same owner are the same document.

    An extraction too large for an item is empty here and lies in the file store, under `original_extraction_file`.
    `reading_file` is the newest reading that was kept for a workflow to come, there too; `keep_until` (RFC 3339) is until
    when such a document stays without any workflow.
    """

    document_id: str
    owner_email: str
    name: str
    document_type: str
    content_hash: str
    original_extraction: Data
    workflows: tuple[str, ...]
    original_extraction_file: str | None = None
    reading_file: str | None = None
    keep_until: str | None = None

    def joined_by(self, newer: "StoredDocument") -> "StoredDocument":
        """The document with the workflows of another keeping added, each named once, and with its reading, if it has one."""
        return replace(
            self,
            workflows=(*self.workflows, *(w for w in newer.workflows if w not in self.workflows)),
            reading_file=newer.reading_file or self.reading_file,
            keep_until=newer.keep_until or self.keep_until,
        )


class Documents(Protocol):
    """The document repository."""

    async def keep(self, document: StoredDocument) -> StoredDocument:
        """Keeps the document, or adds its workflows and its reading to the one with the same owner and id; as stored."""
        ...

    async def find(self, owner_email: str, content_hash: str) -> StoredDocument | None: ...

    async def document(self, owner_email: str, document_id: str) -> StoredDocument | None:
        """The owner's document of this id; None if there is none, or its time is over."""
        ...


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


@dataclass(frozen=True, slots=True)
class Choices:
    """How a deliverable that is not produced yet shall look; `unticked` names steps of its plan that the user took out.

    `by_rules` says that the rules' text was chosen, `kept` and `left_out` name the marked statements of a model's text on which
    the user decided, each with the text that it is of.
    """

    preferences: UserPreferences
    unticked: tuple[str, ...] = ()
    by_rules: bool = False
    kept: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


class Drafts(Protocol):
    """Unrecorded work: one draft a workflow, and what was chosen for the file that is not made yet."""

    async def keep_draft(
        self, owner_email: str, export_workflow_id: str, draft: Draft, replaces: Collection[int] = ()
    ) -> Draft:
        """Keeps the draft as the newest, in place of these revisions; what else is kept goes to its `others`."""
        ...

    async def draft(self, owner_email: str, export_workflow_id: str) -> Draft | None: ...

    async def drop_draft(self, owner_email: str, export_workflow_id: str) -> None: ...

    async def keep_choices(self, owner_email: str, export_workflow_id: str, choices: Choices) -> None:
        """Keeps the choices in place of those before."""
        ...

    async def choices(self, owner_email: str, export_workflow_id: str) -> Choices | None: ...

    async def drop_choices(self, owner_email: str, export_workflow_id: str) -> None: ...


class Unfinished(Protocol):
    """Work that is not recorded yet, so that nothing is asked or paid for twice: on the computer that does the work.

    Each part has a name and belongs to a document or a workflow; `about` is the id of that.
    """

    async def keep_part(self, owner_email: str, about: str, name: str, body: str, keep_until: datetime) -> None:
        """Keeps a part until then, in place of the one of this name. Raises StoreUnavailable."""
        ...

    async def part(self, owner_email: str, about: str, name: str) -> str | None:
        """A part; None if there is none, or its time is over."""
        ...

    async def parts(self, owner_email: str, name: str) -> list[str]:
        """The owner's parts of this name, of whatever, the newest first."""
        ...

    async def drop_parts(self, owner_email: str, about: str) -> None:
        """Removes all parts of a document or a workflow."""
        ...


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

    async def chunks(self, owner_email: str, content_hash: str) -> AsyncGenerator[bytes]:
        """The bytes piece by piece, for whoever hands on a large file; raises like `get`, and before the first piece.

        Raises FileDamaged also later, before the last piece, where the file was altered meanwhile, or is too large to be
        looked through beforehand, and StoreUnavailable where the store goes away.
        """
        ...

    async def close(self) -> None:
        """Lets go of connections; the files cannot be reached after."""
        ...

    async def purge(self, now: datetime) -> int:
        """Removes the files whose time is over; how many. Raises StoreUnavailable."""
        ...

    def altered(self) -> AsyncIterator[str]:
        """The names of the files, of everybody, that are not what was put; nothing where a store checks that itself."""
        ...
