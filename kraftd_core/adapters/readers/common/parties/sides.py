"""Who sells and who buys on pages of a kind: what a buyer writes has the buyer's head, and a contract names both itself."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from kraftd_core.adapters.readers.common.labels import key_of
from kraftd_core.adapters.readers.common.page_labels import Label
from kraftd_core.adapters.readers.common.parties.blocks import Block, Stops, customer, is_contact, letterhead, told_party, vendor
from kraftd_core.adapters.readers.common.reading import Found
from kraftd_core.adapters.readers.common.values import folded
from kraftd_core.adapters.readers.common.words import Page

WRITTEN_BY_BUYERS = {"purchase_order": True, "rfq": True, "boq": False}
"""Kinds that a buyer writes, and whether the letterhead is the buyer's."""
_ROLES = ("vendor_name", "customer_name")


def parties_on(pages: Sequence[Page], labels: Sequence[Label], kind: str, told: Mapping[str, Found]) -> dict[str, Found]:
    """The seller and the buyer; in what a buyer writes nobody sells unless the page says so.

    `told` is what the sentences and labelled lines of the document say: all that counts in a contract, and what
    counts in a request before its letterhead does.
    """
    if kind == "contract":
        return {role: told[role] for role in _ROLES if role in told}
    if kind in WRITTEN_BY_BUYERS:
        return dict(parties_told(pages, labels, kind, told))
    blocks, stops = _blocks(labels, labels)
    seller = vendor(pages, blocks, stops)
    buyer = customer(pages, blocks, stops, seller.value if seller else "")
    return {role: found for role, found in zip(_ROLES, (seller, buyer), strict=True) if found}


def parties_told(
    pages: Sequence[Page], labels: Sequence[Label], kind: str, told: Mapping[str, Found] = MappingProxyType({})
) -> Iterator[tuple[str, Found]]:
    """Whom the labels of what a buyer wrote name, and whose paper it is; nobody for other kinds."""
    if kind not in WRITTEN_BY_BUYERS:
        return
    blocks, stops = _blocks([label for label in labels if label.key not in _OF_EITHER], labels)
    seller, buyer = (told_party(role, blocks, stops) or told.get(role) for role in _ROLES)
    head = letterhead(pages) if WRITTEN_BY_BUYERS[kind] else None
    is_sellers = bool(head and seller and folded(str(seller.value)) == folded(str(head.value)))
    if head and not is_sellers and (buyer is None or is_contact(pages, buyer)):
        buyer = head
    yield from ((role, found) for role, found in zip(_ROLES, (seller, buyer), strict=True) if found)


_OF_EITHER = frozenset(map(key_of, (
    "from", "to", "issued by", "issued to", "company", "company name", "absender", "emetteur", "mittente", "expedidor",
    "recipient", "de la part de", "attention to", "destinataire", "destinatario", "empfanger", "datos del emisor", "emisor",
    "pay to",
)))  # fmt: skip
"""Labels that name the seller or the buyer on an invoice, and the other way round on what a buyer writes."""


def _blocks(parties: Sequence[Label], labels: Sequence[Label]) -> tuple[list[Block], Stops]:
    """The labels of parties, and where any label stands."""
    blocks = [
        (label.role, label.page, label.line, label.phrase, label.rest)
        for label in parties if label.starts_phrase and label.role in (*_ROLES, "other_party")
    ]
    return blocks, {(label.page.number, label.line, label.index) for label in labels if label.starts_phrase}
