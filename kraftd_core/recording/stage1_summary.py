"""Stage 1 decides how a document is named, and what is kept of its reading."""

from hashlib import sha256

from kraftd_core.document.changes import path_of
from kraftd_core.document.checks.amounts import Finding
from kraftd_core.document.jsontypes import Data, fields_of, tables_of
from kraftd_core.document.kinds import kind_of
from kraftd_core.document.wording import clipped, in_sentence
from kraftd_core.ports.keeping import WorkflowLine

NUMBER_KNOWN = "number_known"


def document_id_of(owner_email: str, content_hash: str) -> str:
    """The document's id: the same bytes of the same owner are the same document."""
    return sha256(f"{owner_email}\n{content_hash}".encode()).hexdigest()[:32]


def known_number(document_type: str, number: str, earlier: WorkflowLine) -> Finding:
    """The finding that another document of the owner, which it names, has the same supplier and number."""
    name = kind_of(document_type).number or ""
    message = f"Another document in your history, {called(earlier)}, has the same supplier and {in_sentence(name)}."
    return Finding(NUMBER_KNOWN, "warning", message, ("vendor_name", path_of(name)), None, clipped(number, 60))


def called(earlier: WorkflowLine) -> str:
    """An earlier workflow by its document's name, the day it began and the beginning of its id."""
    return f"{clipped(earlier.document_name, 60)} of {earlier.started_at:%Y-%m-%d} UTC ({earlier.export_workflow_id[:8]})"


def document_type_in(data: Data, fallback: str) -> str:
    """The document's type as the data says it, where it says one."""
    named = data.get("document_type")
    return named if isinstance(named, str) and named else fallback


def counts_of(data: Data) -> tuple[int, int]:
    """How many fields have a value, and how many rows the tables hold."""
    fields = sum(value is not None for name, value in fields_of(data) if name != "document_type")
    return fields, sum(len(rows) for _, rows in tables_of(data))
