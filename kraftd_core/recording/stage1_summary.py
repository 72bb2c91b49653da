"""Stage 1 decides how a document is named, and what is kept of its reading."""

from hashlib import sha256
from typing import Any

from kraftd_core.document.changes import path_of
from kraftd_core.document.checks.checking import Finding
from kraftd_core.document.jsontypes import Data, fields_of, tables_of
from kraftd_core.document.kinds import kind_of
from kraftd_core.document.wording import clipped, in_sentence, shown, shown_in
from kraftd_core.records.stages import Headline

SEEN_BEFORE = "number_known"


def document_id_of(owner_email: str, content_hash: str) -> str:
    """The document's id: the same bytes of the same owner are the same document."""
    return sha256(f"{owner_email}\n{content_hash}".encode()).hexdigest()[:32]


def headline_of(document_type: str, data: Data) -> Headline:
    """Supplier, number and total of a document, as far as it has them."""
    kind = kind_of(document_type)
    currency = _text(data.get("currency"))
    total = data.get(kind.total) if kind.total else None
    is_figure = isinstance(total, (int, float)) and not isinstance(total, bool)
    amount = shown_in(kind.total or "", total, currency or "") if is_figure else _text(total)
    return Headline(
        vendor=_text(data.get("vendor_name")),
        number=_text(data.get(kind.number)) if kind.number else None,
        total=f"{amount} {currency}" if amount and currency else amount,
    )


def _text(value: Any) -> str | None:
    return shown(value)[:200] or None if not isinstance(value, (dict, list)) else None


def is_same_number(one: Headline, other: Headline) -> bool:
    """Whether both name the same number of the same supplier; capitals and spaces around do not matter."""
    pairs = ((one.vendor, other.vendor), (one.number, other.number))
    return all(a and b and a.strip().casefold() == b.strip().casefold() for a, b in pairs)


def seen_before(document_type: str, number: str, earlier_name: str) -> Finding:
    """The finding that another document of the owner has the same supplier and number."""
    name = kind_of(document_type).number or ""
    message = f"Another document in your history, {clipped(earlier_name, 60)}, has the same supplier and {in_sentence(name)}."
    return Finding(SEEN_BEFORE, "warning", message, ("vendor_name", path_of(name)), None, clipped(number, 60))


def search_text_of(document_name: str, headline: Headline) -> str:
    """What the history's search looks in: name, supplier and number, lower-cased."""
    return " ".join(filter(None, (document_name, headline.vendor, headline.number))).lower()


def document_type_in(data: Data, fallback: str) -> str:
    """The document's type as the data says it, where it says one."""
    named = data.get("document_type")
    return named if isinstance(named, str) and named else fallback


def counts_of(data: Data) -> tuple[int, int]:
    """How many fields have a value, and how many rows the tables hold."""
    fields = sum(value is not None for name, value in fields_of(data) if name != "document_type")
    return fields, sum(len(rows) for _, rows in tables_of(data))
