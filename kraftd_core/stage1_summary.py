"""Stage 1 decides how a document is named, and what is kept of its reading."""

from hashlib import sha256
from typing import Any

from kraftd_core.document_types import kind_of
from kraftd_core.jsontypes import Data, fields_of, tables_of
from kraftd_core.records import Headline
from kraftd_core.wording import shown


def document_id_of(owner_email: str, content_hash: str) -> str:
    """The document's id: the same bytes of the same owner are the same document."""
    return sha256(f"{owner_email}\n{content_hash}".encode()).hexdigest()[:32]


def headline_of(document_type: str, data: Data) -> Headline:
    """Supplier, number and total of a document, as far as it has them."""
    kind = kind_of(document_type)
    total = data.get(kind.total) if kind.total else None
    amount = f"{total:,.2f}" if isinstance(total, (int, float)) and not isinstance(total, bool) else _text(total)
    currency = _text(data.get("currency"))
    return Headline(
        vendor=_text(data.get("vendor_name")),
        number=_text(data.get(kind.number)) if kind.number else None,
        total=f"{amount} {currency}" if amount and currency else amount,
    )


def _text(value: Any) -> str | None:
    return shown(value)[:200] or None if not isinstance(value, (dict, list)) else None


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
