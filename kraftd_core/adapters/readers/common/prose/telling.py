"""The one step after either reader: what the sentences and labels of a contract, a request or an order say."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from kraftd_core.adapters.readers.common.prose.clauses import surest
from kraftd_core.adapters.readers.common.prose.contracts import contract_told
from kraftd_core.adapters.readers.common.prose.marks import Marked, marked
from kraftd_core.adapters.readers.common.prose.orders import order_hits
from kraftd_core.adapters.readers.common.prose.passages import Passage, is_cut
from kraftd_core.adapters.readers.common.prose.requests import documents_asked, request_hits
from kraftd_core.adapters.readers.common.prose.tax_lines import taxes_of
from kraftd_core.adapters.readers.common.reading import Found, Reading, ReadTable
from kraftd_core.adapters.readers.common.values import Manner
from kraftd_core.document.jsontypes import number_or_text

TOLD_ALONE = frozenset(("contract",))
"""Kinds whose parties, days and terms stand in sentences: a label on their pages is mostly a heading or a word of prose."""

CUT = "The text is too long to be read whole, so what the sentences of its last part say was left out."


@dataclass(frozen=True, slots=True)
class FromSentences:
    """Fields by role, tables, and what is to be said of both."""

    fields: dict[str, Found] = field(default_factory=dict)
    tables: list[ReadTable] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def without(self, roles: Collection[str]) -> "FromSentences":
        """The same but for these roles."""
        return replace(self, fields={role: found for role, found in self.fields.items() if role not in roles})


def told_in(kind: str, passages: Sequence[Passage], manner: Manner) -> FromSentences:
    """What the passages of a document of this kind say; nothing of kinds that have no sentences to read."""
    if kind not in ("contract", "rfq", "purchase_order"):
        return FromSentences()
    sentences = [marked(sentence, manner) for passage in passages for sentence in passage.sentences]
    told = _of_kind(kind, passages, sentences, manner)
    if is_cut(passages):
        told.notices.append(CUT)
    return told


def put_told(reading: Reading, told: FromSentences) -> None:
    """Adds what was told; of two values of a role the surer stays, and of equals the one that is told."""
    for role, found in told.fields.items():
        held = reading.fields.get(role)
        if held is None or (held.spot.confidence or 0.0) <= (found.spot.confidence or 0.0):
            reading.fields[role] = found
    names = {table.name for table in reading.tables}
    reading.tables += [table for table in told.tables if table.name not in names]
    reading.notices += told.notices


def _of_kind(kind: str, passages: Sequence[Passage], sentences: Sequence[Marked], manner: Manner) -> FromSentences:
    if kind == "contract":
        fields, tables, missing = contract_told(passages, sentences, manner)
        notices = [f"Not found in the text: {', '.join(missing)}."] if missing else []
        return FromSentences(_plain(fields), tables, notices)
    if kind == "rfq":
        table = documents_asked(passages)
        return FromSentences(_plain(surest(list(request_hits(passages, sentences, manner)))), [table] if table else [])
    fields = _plain(surest(list(order_hits(passages, sentences, manner))))
    taxes, whole = taxes_of(passages, manner)
    return FromSentences(fields | ({"total_tax": whole} if whole else {}), [taxes] if taxes else [])


def _plain(fields: dict[str, Found]) -> dict[str, Found]:
    """Sums as numbers that JSON holds."""
    return {role: Found(number_or_text(found.value), found.spot) if role == "total" else found for role, found in fields.items()}
