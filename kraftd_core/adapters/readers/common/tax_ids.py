"""Finds tax numbers, and whose each is: the seller's, the customer's, or, where that is in doubt, nobody's."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from kraftd_core.adapters.readers.common.candidates import places
from kraftd_core.adapters.readers.common.labels import key_of
from kraftd_core.adapters.readers.common.page_labels import Label
from kraftd_core.adapters.readers.common.reading import Found
from kraftd_core.adapters.readers.common.values import folded
from kraftd_core.adapters.readers.common.words import Page, Phrase, text_of

Owner: TypeAlias = Literal["vendor_tax_id", "customer_tax_id", "tax_id"]
"""The field that a tax number belongs in; `tax_id` where it is not known whose it is."""

SELLERS, CUSTOMERS, NOBODYS = "vendor_tax_id", "customer_tax_id", "tax_id"
TAX_ROLES = (SELLERS, CUSTOMERS)
PARTY_ROLES = ("vendor_name", "customer_name", "other_party")
_OF_A_PARTY = (*PARTY_ROLES, *TAX_ROLES, "customer_number", "contact")  # labels that stand within an address

_TAX_ID = re.compile(r"(?<![A-Za-z0-9])(?:[A-Z]{2,3} ?)?[A-Z0-9]{0,2}\d[\dA-Z ./-]{5,16}[\dA-Z]")
_VAT_ID = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{8,11}\b")
_FEWEST_DIGITS = 6
_OF_CUSTOMER = re.compile(
    r"\b(?:customers?|clients?|buyers?|purchasers?|recipients?|your|bill(?:ed)? to|sold to|kunden?|ihre?|empfangers?|"
    r"(?:leistungs|rechnungs)empfangers?|kaufers?|auftraggebers?|votre|acheteur|destinataire|preneur|cliente|comprador|acquirente|"
    r"committente|vostra|vs|su|klant|uw|afnemer|debiteur|debtor|payer)\b|\bkunden-?(?=ust|vat|steuer|mwst)"
)
_OF_SELLER = re.compile(
    r"\b(?:our|unsere?|suppliers?|vendors?|sellers?|lieferant(?:en)?|verkaufers?|notre|fournisseur|emetteur|proveedor|vendedor|"
    r"emisor|fornitore|nostra|nuestro|onze|leverancier|rechnungs(?:steller|aussteller)s?|auftragnehmers?|issuers?|merchants?)\b"
)
_BEFORE_A_NUMBER = re.compile(r"(?:(?:no|nr|n|number|nummer|num|id|idnr|reg|registration|code)\b[.:#°º]*\s*|[:.#-]\s*)*")
_MOST_LINES = 10
_WHITE, _FAR = 2.2, 6.0  # heights of a line


def owner_told(text: str) -> Owner | None:
    """Whose number a label says it is; None where it does not say."""
    plain = folded(text)
    of_customer, of_seller = _OF_CUSTOMER.search(plain), _OF_SELLER.search(plain)
    if of_customer and of_seller:
        return "tax_id"
    return "customer_tax_id" if of_customer else "vendor_tax_id" if of_seller else None


class InOrder:
    """Whose a tax number is among labelled values that follow each other: that of the party named last."""

    def __init__(self) -> None:
        self._owner: Owner = "vendor_tax_id"

    def owner_after(self, role: str | None, label: str) -> Owner | None:
        """The owner, for a label of a tax number; None for any other, which may end what was said of a party."""
        if role in TAX_ROLES:
            return "customer_tax_id" if role == CUSTOMERS else owner_told(label) or self._owner
        if role in PARTY_ROLES:
            of_party: dict[str, Owner] = {"vendor_name": "vendor_tax_id", "customer_name": "customer_tax_id"}
            self._owner = of_party.get(role or "", "tax_id")
        elif role is not None and role not in _OF_A_PARTY and self._owner == "customer_tax_id":
            self._owner = "tax_id"
        return None


# On pages


@dataclass(frozen=True, slots=True)
class TaxId:
    """A tax number with its owner and place."""

    owner: Owner
    found: Found


def tax_ids(pages: Sequence[Page], labels: Sequence[Label], seller: str, buyer: str) -> list[TaxId]:
    """The tax numbers that are labelled, in their order; what is the customer's is not the seller's too."""
    blocks = _Blocks(pages, labels, seller, buyer)
    found = [tax_id for label in labels if (tax_id := _tax_id(label, blocks))]
    customers = {_code(tax_id) for tax_id in found if tax_id.owner == CUSTOMERS}
    return [tax_id for tax_id in found if tax_id.owner == CUSTOMERS or _code(tax_id) not in customers]


def owner_of(number: str, pages: Sequence[Page], labels: Sequence[Label], seller: str, buyer: str) -> Owner:
    """Whose a number is that somebody else read for the seller's; the seller's where the pages do not speak against it."""
    owners = {tax_id.owner for tax_id in tax_ids(pages, labels, seller, buyer) if _code(tax_id) == key_of(number)}
    if not owners:
        owners = set(_Blocks(pages, labels, seller, buyer).owners_of_text(number))
    return "vendor_tax_id" if SELLERS in owners or not owners else "customer_tax_id" if CUSTOMERS in owners else "tax_id"


def _code(tax_id: TaxId) -> str:
    return key_of(str(tax_id.found.value))


def _tax_id(label: Label, blocks: "_Blocks") -> TaxId | None:
    if label.role not in (*TAX_ROLES, "total_tax"):
        return None
    pattern = _VAT_ID if label.role == "total_tax" else _TAX_ID
    for words, confidence in places(label):
        text = text_of(words)
        found = pattern.search(text)
        if found and sum(c.isdigit() for c in found[0]) >= _FEWEST_DIGITS and _leads_to_a_number(text[: found.start()]):
            told = "customer_tax_id" if label.role == CUSTOMERS else owner_told(_beside_the_value(label, found[0]))
            owner = told or blocks.owner_of(label)
            return TaxId(owner, Found(found[0].strip(), label.page.spot(words, confidence)))
    return None


def _leads_to_a_number(text: str) -> bool:
    """Whether only words stand before the number that say whose it is or that it is one."""
    plain = _OF_SELLER.sub("", _OF_CUSTOMER.sub("", folded(text)))
    return _BEFORE_A_NUMBER.fullmatch(re.sub(r"\b(?:des|der|du|de|del|of|the|van|client)\b", "", plain).strip()) is not None


def _beside_the_value(label: Label, value: str) -> str:
    """The words of the label's phrase that are not the value."""
    return label.phrase.text.replace(value, " ")


class _Blocks:
    """The parties' addresses on the pages, by line and phrase."""

    def __init__(self, pages: Sequence[Page], labels: Sequence[Label], seller: str, buyer: str) -> None:
        self._pages = pages
        self._seller = key_of(seller)
        self._foreign = {_at(label) for label in labels if label.role not in _OF_A_PARTY}
        self._parties = {_at(label): label.role for label in labels if label.role in PARTY_ROLES and _heads_an_address(label)}
        self._taxes = {_at(label) for label in labels if label.role in (*TAX_ROLES, "total_tax")}
        self._owners: dict[tuple[int, int, int], Owner] = {}
        for label in labels:
            if self._parties.get(_at(label)) in ("customer_name", "other_party"):
                self._take(label.page, label.line, label.index, "customer_tax_id" if label.role == "customer_name" else "tax_id")
        for page, line, index in _named(pages, buyer):
            self._take(page, line, index, "customer_tax_id")

    def owner_of(self, label: Label) -> Owner:
        """The customer's where the label stands in the customer's address, nobody's where it may, else the seller's."""
        return self._owners.get(_at(label), "vendor_tax_id")

    def owners_of_text(self, text: str) -> Iterator[Owner]:
        """The owner of each phrase that holds this text."""
        for page in self._pages:
            for n, line in enumerate(page.lines):
                for i, phrase in enumerate(line.phrases):
                    if key_of(text) in key_of(phrase.text):
                        yield self._owners.get((page.number, n, i), "vendor_tax_id")

    def _take(self, page: Page, line: int, index: int, owner: Owner) -> None:
        """Marks what stands in and near the address that begins here."""
        first = page.lines[line].phrases[index]
        for beside in range(index + 1, len(page.lines[line].phrases)):
            if (page.number, line, beside) in self._parties:
                break
            self._owners.setdefault((page.number, line, beside), "tax_id")  # it may say something of the document as well
        self._owners.setdefault((page.number, line, index), owner)
        for at, is_apart in self._below(page, line, first):
            if is_apart and at not in self._taxes:
                return
            owner = "tax_id" if is_apart or (at in self._foreign and at not in self._taxes) else owner
            self._owners.setdefault(at, owner)

    def _below(self, page: Page, line: int, first: Phrase) -> Iterator[tuple[tuple[int, int, int], bool]]:
        """What stands under the beginning, down to the next party, and whether white parts it from what is above."""
        edge, is_apart = first, False
        for n in range(line + 1, min(line + 1 + _MOST_LINES, len(page.lines))):
            own = [i for i, p in enumerate(page.lines[n].phrases) if abs(p.x0 - first.x0) <= 12 or p.x0 <= first.x0 < p.x1]
            if not own:
                continue
            phrase, at = page.lines[n].phrases[own[0]], (page.number, n, own[0])
            if at in self._parties or (self._seller and self._seller in key_of(phrase.text)):
                return
            gap = (phrase.top - edge.bottom) / max(edge.bottom - edge.top, 1e-6)
            if gap > _FAR:
                return
            is_apart = is_apart or gap > _WHITE
            yield at, is_apart
            edge = phrase


def _at(label: Label) -> tuple[int, int, int]:
    return label.page.number, label.line, label.index


def _heads_an_address(label: Label) -> bool:
    """Whether a name follows or stands below, and the words do not go on as a sentence does."""
    return label.starts_phrase and (not label.rest or ":" in label.phrase.text)


def _named(pages: Iterable[Page], name: str) -> Iterator[tuple[Page, int, int]]:
    """Where a phrase is this name."""
    key = key_of(name)
    for page in pages if key else ():
        for n, line in enumerate(page.lines):
            yield from ((page, n, i) for i, phrase in enumerate(line.phrases) if key_of(phrase.text) == key)
