"""What the core needs of what makes files."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from kraftd_core.document.checks.checking import Finding
from kraftd_core.document.jsontypes import Data
from kraftd_core.document.nouns import Change
from kraftd_core.records.plan import DocumentTemplate, ExportFormat, PresentationPlan
from kraftd_core.records.stages import (
    FinalSummary,
    Grounding,
    JournalSeen,
    UserPreferences,
)


@dataclass(frozen=True, slots=True)
class Composition:
    """All that a deliverable shows; the same composition gives the same bytes.

    `reviewed_by` is None where it was recorded without a review.
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
    reviewed_by: str | None
    stage_hashes: tuple[str, str]
    generated_at: datetime
    agent_model: str
    extraction_method: str | None
    plan: PresentationPlan = field(default_factory=PresentationPlan)
    grounding: Grounding | None = None
    journal_seen: JournalSeen | None = None


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

Pack = Callable[[Mapping[str, bytes]], bytes]
"""Makes one archive of files by their names; the same files give the same bytes."""
