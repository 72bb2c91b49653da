"""Whether two documents are of the same supplier: by agreement of what is known, and by contradiction of nothing."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from kraftd_core.document.bank_details import bank_details, bank_kind, iban_in, is_placeholder
from kraftd_core.document.cells import folded, text_of
from kraftd_core.document.company_names import Likeness, is_generic, is_replaced, likeness, words_of
from kraftd_core.document.jsontypes import Data
from kraftd_core.document.nouns import Noun

Bond: TypeAlias = Literal["known", "named"]
"""How a document is joined to another: its supplier is known by more than the name, or by the name alone."""

_LONGEST = 200  # characters
_SIDES = {"supplier": "(?:vendor|supplier|seller|merchant)", "customer": "(?:customer|buyer|client)"}
_PARTS = {
    "name": "(?:_name)?",
    "tax_id": "_(?:tax_id|vat_id|tax_number|vat_number|vat_no|tin|gstin)",
    "web": "_(?:e_?mail|email_address|website|web|url|domain)",
    "iban": "_iban",
    "address": "_(?:address|street|postcode|zip|postal_code|city)",
}
_FIELD = {(side, part): re.compile(words + rest) for side, words in _SIDES.items() for part, rest in _PARTS.items()}
_TELLS_WHO = re.compile(f"{_SIDES['supplier']}_(?!name).*")


class Supplier(Noun):
    """By what the supplier of a document is known again.

    `beside_the_name` is what was read to tell more than the name. `customers` are the customer's name, numbers and domains,
    `misread` the names and tax numbers that were read for the supplier's and put right since.
    """

    names: list[str] = []
    tax_ids: list[str] = []
    ibans: list[str] = []
    domains: list[str] = []
    address: list[str] = []
    beside_the_name: list[str] = []
    customers: list[str] = []
    misread: list[str] = []


def is_beyond_a_name(name: str, read: object) -> bool:
    """Whether a name alone is too little to correct this by: a tax number, or what was not read of who it is or where to pay."""
    plain = name.lower()
    tells_who = bank_kind(name) is not None or _TELLS_WHO.fullmatch(plain) is not None
    return (tells_who and read is None) or _FIELD["supplier", "tax_id"].fullmatch(plain) is not None


def supplier_of(read: Data, reviewed: Data) -> Supplier:
    """The supplier of a document that was read and put right so."""
    before, after = _Said.of(read), _Said.of(reviewed)
    strange = before.strange | after.strange
    misread = {name for name in before.names if after.names and all(is_replaced(name, other) for other in after.names)}
    wrong_ids = {code for code in before.tax_ids if after.tax_ids and not _has(after.tax_ids, code)}
    ibans, domains = before.ibans | after.ibans, before.domains | after.domains
    return Supplier(
        names=sorted(name for name in before.names - misread | after.names if not _is_among(name, strange)),
        tax_ids=sorted((before.tax_ids - wrong_ids | after.tax_ids) - strange),
        ibans=sorted(ibans - strange),
        domains=sorted(domains - strange),
        address=sorted(after.address or before.address),
        beside_the_name=sorted((before.tax_ids - wrong_ids | before.ibans | before.domains) - strange),
        customers=sorted(strange),
        misread=sorted(misread | wrong_ids),
    )


def _is_among(name: str, others: Iterable[str]) -> bool:
    return any(likeness(name, other) != "other" for other in others)


@dataclass(frozen=True, slots=True)
class _Said:
    """What one version of a document says of its supplier; `strange` is what it says of its customer."""

    names: frozenset[str]
    tax_ids: frozenset[str]
    ibans: frozenset[str]
    domains: frozenset[str]
    address: frozenset[str]
    strange: frozenset[str]

    @classmethod
    def of(cls, data: Data) -> "_Said":
        names, tax_ids, domains = (_keys(data, "supplier", part) for part in ("name", "tax_id", "web"))
        strange = frozenset().union(*(_keys(data, "customer", part) for part in ("name", "tax_id", "web", "iban")))
        ibans = frozenset(detail.code for detail in bank_details(data) if detail.kind == "iban")
        address = frozenset(word for text in _texts(data, "supplier", "address") for word in words_of(text))
        return cls(names, tax_ids, ibans, domains, address, strange)


def _keys(data: Data, side: str, part: str) -> frozenset[str]:
    return frozenset(filter(None, map(_KEY_OF[part], _texts(data, side, part))))


def _texts(data: Data, side: str, part: str) -> Iterator[str]:
    pattern = _FIELD[side, part]
    for name, value in data.items():
        if isinstance(value, (str, int)) and not isinstance(value, bool) and pattern.fullmatch(name.lower()):
            text = text_of(value) or ""
            if not is_placeholder(text):
                yield text[:_LONGEST]


def _name_key(text: str) -> str | None:
    return None if is_generic(text) else " ".join(folded(text).casefold().split())


# Tax numbers

_TAX_MARK = re.compile("(?:mwst|tva|iva|vat|ust)$")
_FEWEST_DIGITS = 5


def tax_key(text: str) -> str | None:
    """A tax number however it is written; None for what holds too few digits to be one, or the same throughout."""
    bare = _TAX_MARK.sub("", "".join(c for c in folded(text).casefold() if c.isalnum()))
    digits = [c for c in bare if c.isdigit()]
    return bare if len(digits) >= _FEWEST_DIGITS and len(set(digits)) > 1 else None


def _is_same_id(one: str, other: str) -> bool:
    """Whether two tax numbers are the same one; the country may be left out of one of them."""
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    return len(long) == len(short) + 2 and long.endswith(short) and long[:2].isalpha() and short[:1].isdigit()


def _has(ids: Iterable[str], wanted: str) -> bool:
    return any(_is_same_id(one, wanted) for one in ids)


# Domains

_MAIL_HOSTS = frozenset((
    "gmail", "googlemail", "outlook", "hotmail", "live", "msn", "yahoo", "ymail", "icloud", "me", "aol", "proton", "protonmail",
    "gmx", "web", "t-online", "tonline", "orange", "wanadoo", "free", "laposte", "libero", "mail", "btinternet", "qq", "163",
))  # fmt: skip
_SECOND_LEVEL = frozenset(("co", "com", "org", "net", "ac", "gov", "or", "ne"))


def _domain(text: str) -> str | None:
    """The domain of a web or mail address, without what stands before it; of a mail host that anyone may use, the address."""
    plain = folded(text).casefold()
    found = re.search(r"(?:@|://|^)(?:www\.)?((?:[\w-]+\.)+[a-z]{2,})", plain)
    if found is None:
        return None
    parts = found[1].split(".")
    count = 3 if len(parts) > 2 and len(parts[-1]) == 2 and parts[-2] in _SECOND_LEVEL else 2
    return ".".join(parts[-count:]) if parts[-count:][0] not in _MAIL_HOSTS else plain if "@" in plain else None


_KEY_OF: dict[str, Callable[[str], str | None]] = {"name": _name_key, "tax_id": tax_key, "web": _domain, "iban": iban_in}

# Addresses


def _is_elsewhere(one: Collection[str], other: Collection[str]) -> bool:
    """Whether two addresses cannot be the same: no postcode agrees, and no figure at all or hardly a word."""
    figures = [{word for word in words if any(c.isdigit() for c in word)} for words in (one, other)]
    codes = [{word for word in words if sum(c.isdigit() for c in word) >= 4} for words in figures]
    shared = len(set(one) & set(other))
    is_far = figures[0].isdisjoint(figures[1]) or 2 * shared < min(len(one), len(other))
    return all(codes) and codes[0].isdisjoint(codes[1]) and is_far


# Joining

_SURENESS: tuple[Likeness, ...] = ("same", "like", "other")


@dataclass(frozen=True, slots=True)
class _Worth:
    """What marks are worth, seen over many documents: which are nobody's, and whether the name is worth anything alone."""

    nobodys: frozenset[str]
    is_name_enough: bool = False

    def left(self, keys: Iterable[str]) -> set[str]:
        """The keys that are somebody's."""
        return {key for key in keys if key not in self.nobodys}


@dataclass(frozen=True, slots=True)
class _Held:
    """A document held against others: its supplier, those that may be the same by their place, and what the marks are worth."""

    mine: Supplier
    near: dict[int, Supplier]
    worth: _Worth

    @classmethod
    def against(cls, mine: Supplier, others: Sequence[Supplier]) -> "_Held":
        """With all that the others say of customers and of misread names."""
        nobodys = _nobodys([*others, mine])
        customers = {key for supplier in (*others, mine) for key in supplier.customers}
        names = [name for name in mine.names if name not in nobodys and not _is_among(name, customers)]
        mine = mine.model_copy(update={"names": names})
        near = {n: other for n, other in enumerate(others) if _may_be_same(mine, other)}
        marks = {key for supplier in (mine, *near.values()) for key in _marks_of(supplier)}
        worth = _Worth(nobodys | _held_by_several([mine, *others], marks))
        bearers = [s for s in near.values() if _best_likeness(names, s.names) == "same"]
        return cls(mine, near, replace(worth, is_name_enough=_is_name_enough([mine, *bearers], worth)))


def _marks_of(supplier: Supplier) -> tuple[str, ...]:
    return (*supplier.tax_ids, *supplier.ibans, *supplier.domains)


def _may_be_same(mine: Supplier, other: Supplier) -> bool:
    if not mine.names or not other.names:
        return any(_has(other.tax_ids, code) for code in mine.tax_ids)
    return _best_likeness(mine.names, other.names) != "other"


def _nobodys(suppliers: Sequence[Supplier]) -> frozenset[str]:
    """What is a customer's, or was put right and is nobody's own name or number elsewhere."""
    misread = {key for supplier in suppliers for key in supplier.misread}
    held = {key for supplier in suppliers for key in (*supplier.names, *supplier.tax_ids)} if misread else set()
    return frozenset((misread - held).union(*(supplier.customers for supplier in suppliers)))


def _held_by_several(suppliers: Sequence[Supplier], marks: Collection[str]) -> set[str]:
    """Which of these numbers and domains stand beside names of different companies: the customer's, most often.

    Two names that share two of them may be one company that was renamed.
    """
    beside: dict[str, Supplier] = {}
    shared = set()
    for supplier in suppliers:
        for key in _marks_of(supplier) if supplier.names else ():
            if key in marks and _are_two(beside.setdefault(key, supplier), supplier):
                shared.add(key)
    return shared


def _are_two(one: Supplier, other: Supplier) -> bool:
    return _best_likeness(one.names, other.names) == "other" and len(set(_marks_of(one)) & set(_marks_of(other))) < 2


def _is_name_enough(bearers: Sequence[Supplier], worth: _Worth) -> bool:
    """Whether no document of this name was read to say more than it, and none contradicts another: it may be one supplier's."""
    if any(supplier.beside_the_name for supplier in bearers):
        return False
    for said in ([s.tax_ids for s in bearers], [s.ibans for s in bearers], [s.domains for s in bearers]):
        marks = [found for keys in said if (found := worth.left(keys))]
        if any(_differ(marks[0], found, worth) for found in marks):
            return False
    addresses = [s.address for s in bearers if s.address]
    return not any(_is_elsewhere(addresses[0], address) for address in addresses)


def bonds(mine: Supplier, others: Sequence[Supplier]) -> list[Bond | None]:
    """How the document is joined to each of the others; None where it is not, or that is in doubt.

    The name and one of tax number, IBAN and domain agree; the name alone only where no document of that name was read to say
    more; tax number and IBAN without a name. Where anything contradicts, two documents are of two suppliers.
    """
    held = _Held.against(mine, others)
    found = {n: bond for n, other in held.near.items() if (bond := _bond(held.mine, other, held.worth))}
    names = [held.near[n].names for n in found if held.near[n].names]
    if any(_best_likeness(names[0], other) == "other" for other in names):
        return [None] * len(others)  # without a name, numbers lead to two companies
    return [found.get(n) for n in range(len(others))]


def _bond(mine: Supplier, other: Supplier, worth: _Worth) -> Bond | None:
    if _contradict(mine, other, worth):
        return None
    tax = _agree(mine.tax_ids, other.tax_ids, worth)
    iban, domain = (_agree(a, b, worth) for a, b in ((mine.ibans, other.ibans), (mine.domains, other.domains)))
    names = worth.left(mine.names), worth.left(other.names)
    if not all(names):
        return "known" if tax and iban else None
    alike = _best_likeness(*names)
    if alike == "other":
        return None
    if tax or iban or domain:
        return "known"
    return "named" if alike == "same" and worth.is_name_enough else None


def payees(mine: Supplier, others: Sequence[Supplier]) -> list[Bond | None]:
    """The same for asking whether bank details changed: they are no mark then, nor is what a forger changes with them.

    "known" where the tax number or the domain agrees too, or neither document says more than the name.
    """
    held = _Held.against(mine, others)
    return [_payee(held.mine, held.near[n], held.worth) if n in held.near else None for n in range(len(others))]


def _payee(mine: Supplier, other: Supplier, worth: _Worth) -> Bond | None:
    names = worth.left(mine.names), worth.left(other.names)
    alike = _best_likeness(*names) if all(names) else "other"
    if alike == "other" or _differ(mine.tax_ids, other.tax_ids, worth):
        return None
    if _agree(mine.tax_ids, other.tax_ids, worth) or _agree(mine.domains, other.domains, worth):
        return "known"
    if alike == "like":
        return None
    more = [worth.left((*supplier.tax_ids, *supplier.domains)) for supplier in (mine, other)]
    return "named" if any(more) else "known"


def _best_likeness(names: Iterable[str], others: Collection[str]) -> Likeness:
    return min((likeness(a, b) for a in names for b in others), key=_SURENESS.index, default="other")


def _contradict(mine: Supplier, other: Supplier, worth: _Worth) -> bool:
    marks = ((mine.tax_ids, other.tax_ids), (mine.ibans, other.ibans), (mine.domains, other.domains))
    return any(_differ(*both, worth) for both in marks) or _is_elsewhere(mine.address, other.address)


def _agree(one: Iterable[str], other: Iterable[str], worth: _Worth) -> bool:
    return any(_has(other, key) for key in worth.left(one))


def _differ(one: Iterable[str], other: Iterable[str], worth: _Worth) -> bool:
    """Whether both say something and nothing of it is the same."""
    mine, others = worth.left(one), worth.left(other)
    return bool(mine and others) and not any(_has(others, key) for key in mine)
