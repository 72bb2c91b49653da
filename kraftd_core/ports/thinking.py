"""What the core needs of an engine that thinks about a document."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Generic, Protocol, TypeVar

from kraftd_core.document.checks.checking import Finding
from kraftd_core.document.jsontypes import Data
from kraftd_core.document.nouns import Change
from kraftd_core.records.calls import ModelCall
from kraftd_core.records.lessons import Lesson
from kraftd_core.records.plan import DocumentTemplate, ExportFormat, PresentationPlan, Tone
from kraftd_core.records.stages import (
    FinalSummary,
    Look,
    Place,
    Summary,
    UserPreferences,
)

Spend = Callable[[ModelCall], None]
"""Takes each asking of a model when it has ended, whichever way."""


def uncounted(call: ModelCall) -> None:
    """For callers who count nothing."""


@dataclass(frozen=True, slots=True)
class Case:
    """A document as the agent sees it: the data, its checks, and what the reviewer changed if there was a review.

    `is_reviewed` says of a final summary whether a person looked at the data, or a service alone recorded it.
    `tone` is how the prose should sound, where that was asked for; engines that write by rule alone do not heed it.
    `often_corrected` says which parts of such documents reviewers often correct, and how, without any value. `earlier` are the
    owner's reviews of such documents before this one, as far as they may teach: counted, and told to no service.
    `type_confidence` is how sure the reader is of the type, `looked_at` what `reviewed_by` confirmed or accepted; who that is no
    service is told. `spent` hears of each asking of a model, also of those that fail or are stopped.
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
    earlier: Sequence[Lesson] = ()
    type_confidence: float | None = None
    looked_at: Sequence[Look] = ()
    reviewed_by: str = ""
    is_reviewed: bool = True
    spent: Spend = field(default=uncounted, compare=False)


def counting(case: Case) -> tuple[Case, list[ModelCall]]:
    """The case, and a list that takes each asking of a model about it from now on, as whoever counted before still does."""
    calls: list[ModelCall] = []

    def spent(call: ModelCall) -> None:
        calls.append(call)
        case.spent(call)

    return replace(case, spent=spent), calls


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
