"""The parties of a contract, with the names that it gives them and what they are in it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal, TypeAlias

from kraftd_core.adapters.readers.common.parties.names import COMPANY, is_name, name_at_start
from kraftd_core.adapters.readers.common.prose.passages import Passage
from kraftd_core.adapters.readers.common.prose.said import LabelledValue, keyed, said_under
from kraftd_core.adapters.readers.common.reading import Found
from kraftd_core.adapters.readers.common.values import folded

Side: TypeAlias = Literal["vendor_name", "customer_name"]
"""Who is paid, and who pays."""

_DEFINED, _IN_A_ROW, _BY_THE_OTHER = 0.88, 0.75, 0.8
_HEAD, _STRETCH = 80, 4_000  # passages of the head, and characters in which parties are named
_MOST_PARTIES = 4

_SELLING = (
    r"(?:sub-?)?contractor|supplier|vendor|seller|(?:service )?provider|consultant|licensor|lessor|landlord|manufacturer|"
    r"agency|auditor|architect|developer|distributor|carrier|freelancer|auftragnehmer\w*|lieferant\w*|verkaufer\w*|"
    r"dienstleister\w*|lizenzgeber\w*|vermieter\w*|anbieter\w*|berater\w*|werkunternehmer\w*|unternehmer\w*|"
    r"prestataire|fournisseur|vendeur|titulaire|entrepreneur|bailleur|consultante?|editeur|sous-traitant|"
    r"proveedora?|vendedora?|contratista|prestadora?|arrendador[a]?|adjudicatari[oa]|consultora?|suministradora?|licenciante"
)
_BUYING = (
    r"customer|client|buyer|purchaser|employer|licensee|lessee|tenant|renter|hirer|charterer|subscriber|end[ -]?user|"
    r"procuring entity|"
    r"authority|council|auftraggeber\w*|kunde\w*|kaufer\w*|besteller\w*|mieter\w*|lizenznehmer\w*|abnehmer\w*|"
    r"cliente?|acheteu(?:r|se)|donneur d'ordres?|maitre d'ouvrage|pouvoir adjudicateur|acquereur|preneur|locataire|commanditaire|"
    r"compradora?|contratante|arrendatari[oa]|organo de contratacion|entidad contratante|licenciatari[oa]|administracion|"
    r"ayuntamiento"
)
_SIDES: tuple[tuple[Side, "re.Pattern[str]"], ...] = (
    ("vendor_name", re.compile(rf"(?:{_SELLING})s?")), ("customer_name", re.compile(rf"(?:{_BUYING})s?")),
)  # fmt: skip
_ARTICLE = r"(?:(?:the|le|la|el|los|der|die|das|den|dem)\s|l['’])?"
_WORDS = r"[^\"“”„«»‘;:()]{2,45}?"
_QUOTED = rf"(?:«\s?{_ARTICLE}({_WORDS})\s?»|[\"“”„»]\s?{_ARTICLE}({_WORDS})\s?[\"”“«]|[‘']\s?{_ARTICLE}({_WORDS})\s?[’'](?!\w))"
_CALLED = (
    r"(?:hereinafter|hereafter|herein|nachfolgend|nachstehend|im folgenden|ci-apr[èe]s|en adelante|en lo sucesivo)"
    r"(?:[\s,]+[^\W\d_]+){0,6}?"
)
_TERM = re.compile(
    rf"\(\s?(?:[^()\"“”„«»‘]{{0,60}}?\s)?{_ARTICLE}{_QUOTED}[^()]{{0,120}}\)"
    rf"|{_CALLED}[\s,:]*{_ARTICLE}{_QUOTED}"
    rf"|\(\s?{_CALLED}[\s,:]*{_ARTICLE}([^\W\d_][^\W\d_ -]{{2,30}})\s?\)"
    rf"|\(\s?{_ARTICLE}({_SELLING}|{_BUYING}|company)\s?\)"
    rf"|,\s?as\s+{_ARTICLE}({_SELLING}|{_BUYING})\b"
    rf"|{_CALLED}[\s,:]*{_ARTICLE}({_SELLING}|{_BUYING})\b",
    re.IGNORECASE,
)
_NO_PARTY = re.compile(
    r"(?:agreement|contract|effective date|commencement date|part(?:y|ies)|services?|sow|statement of work|vertrag\w*|parteien|"
    r"vertragspartei\w*|contrat|les parties|contrato|partes|term|territory|products?|goods|works?|project|closing|msa|po|"
    r"start date|"
    r"execution date|accord-cadre|leistung\w*|msa effective date|sow effective date|nda|purpose|deed|act|order)"
)
_OPENER = re.compile(
    r"\b(?:made|entered\s+into|executed)\s+by\s+(?!and\b)|\b(?:by\s+and\s+)?(?:between|among)\b[\s:]*|\bzwischen\b(?:\s+der|"
    r"\s+dem)?[\s:]*|\bentre\b(?:\s+les\s+soussign[ée]e?s)?[\s:]*|"
    r"\bREUNIDOS\b[\s:]*|\bCOMPARECEN\b[\s:]*|\bde\s+una\s+parte\b[\s,:]*|\bparties\b\s*:?\s*(?=\n|$)|"
    r"\bles soussign[ée]s\b[\s:]*",
    re.IGNORECASE,
)
_LABELS = keyed({
    "vendor_name": "supplier|vendor|seller|contractor|service provider|provider|consultant|subcontractor|auftragnehmer|"
    "auftragnehmerin|"
    "lieferant|verkaufer|dienstleister|prestataire|fournisseur|vendeur|titulaire|proveedor|contratista|vendedor|prestador|"
    "adjudicatario|"
    "licensor|lessor|landlord|supplier name|vendor name|contractor name|name of supplier|name of contractor|le prestataire|"
    "le fournisseur",
    "customer_name": "customer|client|buyer|purchaser|employer|owner|auftraggeber|auftraggeberin|kunde|kaufer|besteller|acheteur|"
    "maitre d'ouvrage|pouvoir adjudicateur|cliente|comprador|contratante|organo de contratacion|licensee|lessee|tenant|"
    "customer name|"
    "client name|buyer name|name of client|name of employer|le client|l'acheteur|le maitre d'ouvrage",
    "party_a": "party a|first party|partei a|disclosing party|discloser",
    "party_b": "party b|second party|partei b|receiving party|recipient",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Party:
    """A party with its defined name; `side` is None where the contract does not say which it is."""

    found: Found
    title: str
    side: Side | None

    @property
    def name(self) -> str:
        return str(self.found.value)


def parties_of(passages: Sequence[Passage]) -> list[Party]:
    """The parties that the head of the contract names, in its order; fewer than two are not taken from prose."""
    stretch = _Stretch(passages[:_HEAD])
    named: list[Party] = []
    for start in _openings(stretch):
        named = _distinct(_defined(stretch, start)) or named
        if len(named) < 2:
            named = _distinct(_in_a_row(stretch, start)) or named
        if len(named) >= 2:
            break
    named = [_called_later(stretch, party) for party in named]
    labelled = _distinct(_labelled(passages))
    if len(named) < 2 or (all(party.side is None for party in named) and len(labelled) >= 2):
        named = labelled if len(labelled) >= len(named) else named
    return _with_sides(named) if len(named) >= 2 or labelled else []


_MOST_OPENINGS = 12


def _openings(stretch: "_Stretch") -> Iterator[int]:
    """Where names of parties may begin: after a word such as "between", else with a line that gives a party its term."""
    for found in islice(_OPENER.finditer(stretch.text), _MOST_OPENINGS):
        yield found.end()
    terms = (found for found in _TERM.finditer(stretch.text) if side_of(_title(found)))
    for found in islice(terms, 2):
        yield stretch.text.rfind("\n", 0, found.start()) + 1


def _title(term: "re.Match[str]") -> str:
    return next(filter(None, term.groups()), "")


class _Stretch:
    """Passages as one text, in which every place leads back to its passage."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.text = ""
        self._starts: list[tuple[int, Passage]] = []
        for passage in passages:
            self._starts.append((len(self.text), passage))
            self.text += passage.text[:_STRETCH] + "\n"

    def found(self, value: object, start: int, end: int, confidence: float) -> Found:
        begin, passage = next(held for held in reversed(self._starts) if held[0] <= start)
        return passage.found(value, start - begin, max(end - begin, start - begin + 1), confidence)


def _distinct(parties: Iterator[Party]) -> list[Party]:
    found: dict[str, Party] = {}
    for party in parties:
        found.setdefault(folded(party.name), party)
        if len(found) == _MOST_PARTIES:
            break
    return list(found.values())


# Defined terms: … Limited, whose office is at … (the "Supplier")


def _defined(stretch: _Stretch, start: int) -> Iterator[Party]:
    """The names that are followed by a term in quotes or brackets that stands for them."""
    end = min(len(stretch.text), start + _STRETCH)
    at = start
    for term in _TERM.finditer(stretch.text, start, end):
        title = _title(term)
        if _NO_PARTY.fullmatch(folded(title).strip()):
            at = term.end() if at == start and not name_at_start(stretch.text[at : term.start()]) else at
            continue
        at = found.end() if (found := _ACTING_FOR.search(stretch.text, at, term.start())) else at
        if named := name_at_start(stretch.text[at : term.start()]):
            name, begin, ended = named
            yield Party(stretch.found(name, at + begin, at + ended, _DEFINED), _titled(title), side_of(title))
        at = term.end()


_ACTING_FOR = re.compile(
    r"\b(?:en (?:nombre y )?representaci[óo]n de(?: la (?:empresa|sociedad|mercantil))?|acting (?:for and )?on behalf of|"
    r"au nom et pour le compte de|agissant pour le compte de|im namen (?:und auftrag )?der)\s+", re.IGNORECASE,
)


def _titled(title: str) -> str:
    return " ".join(title.split()).strip(" ,.")


def side_of(title: str) -> Side | None:
    """What the term says of the party: who is paid, who pays, or nothing."""
    plain = folded(title).strip(" '\"")
    last = plain.split()[-1] if plain else ""
    return next((side for side, words in _SIDES if words.fullmatch(plain) or words.fullmatch(last)), None)


# Names in a row: between A GmbH, Jena, and B GmbH & Co. KG, Ulm

_JOINT = re.compile(r"\n\s*(?:and|und|et|y|&)\s*:?\s*\n|,?\s+(?:and|und|et|y)\s+(?=[A-ZÀ-Þ\d]|der |die |la |el |"
    r"the )", re.IGNORECASE)


def _in_a_row(stretch: _Stretch, start: int) -> Iterator[Party]:
    """Two names that a joint parts, each with the form of a company; a joint within a name is passed over."""
    text = stretch.text[start : start + 800]
    for joint in _JOINT.finditer(text):
        one, other = name_at_start(text[: joint.start()]), name_at_start(text[joint.end() :])
        if one and other and COMPANY.search(text[: one[2] + 40]) and COMPANY.search(text[joint.end() :][: other[2] + 40]):
            for (name, begin, end), offset in ((one, 0), (other, joint.end())):
                at = start + offset
                yield Party(stretch.found(name, at + begin, at + end, _IN_A_ROW), "", None)
            return


def _called_later(stretch: _Stretch, party: Party) -> Party:
    """The party with the term that a later sentence gives it: "Elmbridge Water PLC (the “Client”) appoints …"."""
    if party.title:
        return party
    name = folded(party.name)
    for term in _TERM.finditer(stretch.text):
        before = folded(stretch.text[max(term.start() - len(party.name) - 3, 0) : term.start()]).strip()
        if before.endswith(name) and side_of(_title(term)):
            return replace(party, title=_titled(_title(term)), side=side_of(_title(term)))
    return party


# Labels: Client: …


def _labelled(passages: Sequence[Passage]) -> Iterator[Party]:
    taken: set[str] = set()
    for said in said_under(_LABELS, passages[:_HEAD]):
        if said.role not in taken and (named := _name_said(said)):
            taken.add(said.role)
            side = next((side for side, _ in _SIDES if side == said.role), None)
            yield Party(said.found(named[0], named[1], named[2]), "", side)


def _name_said(said: LabelledValue) -> tuple[str, int, int] | None:
    whole = said.text.strip()
    if is_name(whole) and "," not in whole and "(" not in whole:
        return whole, 0, len(said.text)
    return name_at_start(said.text) if len(whole) <= 160 else None


# Sides


def _with_sides(parties: list[Party]) -> list[Party]:
    """The parties, where one of two is told who it is the other as its counterpart; of three nothing is concluded."""
    if len(parties) == 2 and all(party.side == "vendor_name" for party in parties):
        under = [folded(party.title).startswith("sub") for party in parties]
        if sum(under) == 1:  # whose sub-contractor it is pays it
            return [party if low else replace(party, side="customer_name") for party, low in zip(parties, under, strict=True)]
    if len(parties) != 2 or sum(party.side is not None for party in parties) != 1:
        return parties
    known = next(party.side for party in parties if party.side)
    opposite: Side = "vendor_name" if known == "customer_name" else "customer_name"
    return [party if party.side else _sided(party, opposite) for party in parties]


def _sided(party: Party, side: Side) -> Party:
    spot = party.found.spot
    doubted = replace(spot, confidence=min(spot.confidence or 1, _BY_THE_OTHER))
    return replace(party, side=side, found=replace(party.found, spot=doubted))
