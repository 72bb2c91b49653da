"""What the core needs of a reader of documents, in its own types."""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Literal, Protocol

from kraftd_core.document.jsontypes import Data
from kraftd_core.document.ledger.nouns import LedgerEntry
from kraftd_core.records.chain import Verdict
from kraftd_core.records.stages import (
    Place,
)

ASKED_BY: ContextVar[str] = ContextVar("asked_by", default="")
"""Who asks for a reading, so that a reader can be fair between owners; nobody in particular where it is not set."""

Progress = Callable[[str], None]
"""Takes the name of the step that begins."""


@dataclass(frozen=True, slots=True)
class Extraction:
    """What was read out of a document. `places` is keyed like changes: `total`, `line_items[<row id>].amount`.

    `type_confidence` is how sure the reader is of the type; None if the user chose it, or nothing can be said. `ledger` says
    what became of every line that looks like a row; None where nobody counted.
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
    ledger: list[LedgerEntry] | None = None


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
