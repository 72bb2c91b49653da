"""What a line of the history says of a workflow: supplier, number and total, what was delivered, and the text to search in."""

from collections.abc import Mapping
from typing import Any

from kraftd_core.document.cells import text_of
from kraftd_core.document.folding import fold
from kraftd_core.document.jsontypes import Data
from kraftd_core.document.kinds import kind_of
from kraftd_core.document.wording import shown_in
from kraftd_core.records.stages import Headline

_LONGEST = 200


def headline_of(document_type: str, data: Data) -> Headline:
    """Supplier, number and total of a document, as far as it has them. A number that names it keeps its digits: 1234567."""
    kind = kind_of(document_type)
    currency = _name(data.get("currency"))
    amount = _amount(kind.total, data.get(kind.total), currency or "") if kind.total else None
    return Headline(
        vendor=_name(data.get("vendor_name")),
        number=_name(data.get(kind.number)) if kind.number else None,
        total=f"{amount} {currency}" if amount and currency else amount,
    )


def headline_of_record(record: Mapping[str, Any]) -> Headline | None:
    """The headline of a stage 1 or 2 as this version tells it; None where the data lies in the file store."""
    member = "modified_data" if record["sequence"] == 2 else "initial_extracted_data"
    if member in record.get("replaced_members", ()):
        return None
    return headline_of(record["document_type"], record[member])


def made_as(stage3: Mapping[str, Any]) -> dict[str, str]:
    """Template and format of a file that was delivered: those of stage 3, which may not be those that were wished for before."""
    made = stage3["final_summary_metadata"]
    return {"template": made["template_used"], "export_format": made["export_format"]}


def search_text_of(document_name: str, headline: Headline) -> str:
    """What the history's search looks in: name, supplier and number, folded as the words are that are asked for."""
    return fold(" ".join(filter(None, (document_name, headline.vendor, headline.number))))


def is_same_number(one: Headline, other: Headline) -> bool:
    """Whether both name the same number of the same supplier, however they are written."""
    pairs = ((one.vendor, other.vendor), (one.number, other.number))
    return all(a and b and fold(a) == fold(b) != "" for a, b in pairs)


def _name(value: Any) -> str | None:
    return (text_of(value) or "")[:_LONGEST] or None if not isinstance(value, (dict, list)) else None


def _amount(name: str, total: Any, currency: str) -> str | None:
    is_figure = isinstance(total, (int, float)) and not isinstance(total, bool)
    return shown_in(name, total, currency) if is_figure else _name(total)
