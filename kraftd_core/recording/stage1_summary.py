"""Stage 1 decides how a document is named, and what is kept of its reading."""

from hashlib import sha256

from kraftd_core.document.changes import path_of
from kraftd_core.document.checks.checking import Finding
from kraftd_core.document.jsontypes import Data, fields_of, tables_of
from kraftd_core.document.kinds import kind_of
from kraftd_core.document.wording import clipped, in_sentence
from kraftd_core.ports.keeping import WorkflowLine
from kraftd_core.records.headline import headline_of

NUMBER_KNOWN = "number_known"


def document_id_of(owner_email: str, content_hash: str) -> str:
    """The document's id: the same bytes of the same owner are the same document."""
    return sha256(f"{owner_email}\n{content_hash}".encode()).hexdigest()[:32]


def known_number(document_type: str, data: Data, earlier: WorkflowLine | None) -> list[Finding]:
    """The finding that another document of the owner, which it names, has the same supplier and number; none without one."""
    name, number = kind_of(document_type).number, headline_of(document_type, data).number
    if earlier is None or name is None or number is None:
        return []
    cells = ("vendor_name", path_of(name))
    return [Finding(NUMBER_KNOWN, "warning", same_number_told(document_type, earlier), cells, None, clipped(number, 60))]


def same_number_told(document_type: str, earlier: WorkflowLine) -> str:
    """The same in a sentence, which names the earlier workflow by its document, its day and the beginning of its id."""
    day, begins = f"{earlier.started_at:%Y-%m-%d} UTC", earlier.export_workflow_id[:8]
    called = f"{clipped(earlier.document_name, 60)} of {day} ({begins})"
    same = in_sentence(kind_of(document_type).number or "")
    return f"Another document in your history, {called}, has the same supplier and {same}."


def same_file_told(earlier: WorkflowLine) -> str:
    """That the owner had the very file before, in a sentence that names the workflow of then."""
    day = f"{earlier.started_at:%Y-%m-%d} UTC"
    return f"You had this very file on {day}, as {clipped(earlier.document_name, 60)}. Open it, or read it again."


def document_type_in(data: Data, fallback: str) -> str:
    """The document's type as the data says it, where it says one."""
    named = data.get("document_type")
    return named if isinstance(named, str) and named else fallback


def counts_of(data: Data) -> tuple[int, int]:
    """How many fields have a value, and how many rows the tables hold."""
    fields = sum(value is not None for name, value in fields_of(data) if name != "document_type")
    return fields, sum(len(rows) for _, rows in tables_of(data))
