"""What the name of a field or column says that it holds: a discount, a tax, a charge, what was paid. Only that may explain."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal, TypeAlias

from kraftd_core.document.wording import in_sentence, money, quantity

BALANCE_DUE = "balance_due"
"""What a document's balance is called in its data, whichever reader read it."""

Part: TypeAlias = Literal[
    "discount", "charge", "extra", "tip", "tax", "withheld", "paid", "deposit", "rounding", "carried", "levy"
]  # fmt: skip
Form: TypeAlias = Literal["percent", "amount", "either"]


@dataclass(frozen=True, slots=True)
class Role:
    """The part that a named figure plays between others, and how it is written."""

    part: Part
    form: Form


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ELSE = _words(
    "day days week weeks month months year years hour hours date dates until time number no nr id ids code codes limit"
    " limits terms"
    " term reason type name address contact phone email reference ref note notes text description period group class category"
    " status method account currency lead basis base taxable exempt exemption count due city_name valid"
    " validity eligible"
    " threshold max maximum min minimum tage tagen datum frist art kennung nummer exchange interest score hourly daily"
    " bank office"
)
_PERCENT = _words("""
    percent percentage pct rate prozent satz taux prc porcentaje percentuale aliquota percentagem orani tarifa tasa sats
""")
_AMOUNT = _words("amount amounts value total sum betrag montant importe importo valor bedrag importo tutar")
_MEASURES = _words("""
    weight kg lb lbs tons volume m m3 cbm area length width height distance km miles pieces pallets packages cartons boxes units
    quantity qty count pages items lines nights rooms persons people guests litres gallons kwh points score
""")
_IN_CASE = _words("late penalty penalties overdue cancellation dunning default restocking")  # rates of what may never be
_ON_TIME = _words("cash skonto escompte settlement early prompt")
_WORDS: dict[Part, str] = {
    "withheld": """
        withholding withholdings withheld retention retentions retenue retencion ritenuta einbehalt sicherheitseinbehalt
        irpf tds wht holdback retainage deduction deductions isr retido retidos retida retenido retenidos
        retenida retefuente reteica reteiva irrf csrf
        inss ritenute pph tevkifat tevkifati stopaj inhouding kildeskatt retencao retencoes ewt detraccion detracciones
    """,
    "paid": """
        prepaid paid prepayment prepayments advance advances payment payments anzahlung anzahlungen vorauszahlung
        acompte acomptes anticipo acconto aanbetaling credit credits voucher vouchers gift received previously
        abschlagszahlung abschlagszahlungen verse pagado pagato pago versato betaald sinal adiantamento
    """,
    "discount": """
        discount discounts disc rebate rebates rabatt nachlass remise ristourne descuento dto sconto korting allowance
        allowances reduction reductions abatement desconto descontos skonti abzug
    """,
    "tip": "tip tips gratuity trinkgeld pourboire propina",
    "tax": """
        tax taxes vat gst hst pst qst tps tvq cgst sgst igst utgst cess tcs mwst ust tva iva igic btw moms mva kdv sst
        taxe steuer umsatzsteuer mehrwertsteuer ppn percepcion percepciones impuesto impuestos imposto impostos
        belasting ipi igv cuota recargo
    """,
    "rounding": """
        rounding round roundoff rounded adjustment adjustments rundung arrondi zaokrouhleni zaokraglenie redondeo
        arredondamento arrotondamento avrunding oresavrundning afronding kerekites
    """,
    "deposit": "deposit deposits pfand caution kaution crv redemption pant statiegeld consigne",
    "extra": """
        insurance seguro assicurazione bollo duty duties customs preliminaries prelims overhead overheads profit
        contingency contingencies markup uplift
    """,
    "charge": """
        charge charges surcharge surcharges fee fees shipping freight handling postage packing packaging carriage
        transport delivery service levy levies zuschlag aufschlag fracht versand versandkosten porto verpackung frais
        port spese gastos portes envio verzendkosten frete flete trasporto spedizione imballaggio embalaje cassa rivalsa
        toll ecotax excise supplement supplements expenses extras
    """,
}
_PARTS = {part: _words(words) for part, words in _WORDS.items()}
_BY_THE_PIECE = _words("eco environmental recycling sugar")  # taxes of a piece, not of a sum
_BEFORE = _words("previous previously prior earlier")
_CERTIFIED = _words("""
    certificate certificates certified payment payments claim claims billed billing billings invoiced application applications
    valuation valuations paid drawn requisition requisitions
""")
_WORTH = _words("value insured declared")  # what goods are worth is no charge
_EITHER = frozenset(("discount", "withheld", "tax", "charge", "extra", "tip"))
_NO_SHARE = _words(
    "shipping freight postage packing packaging carriage transport delivery fracht versand versandkosten porto port portes"
)
_CARRIED = re.compile(r"(?:previous|opening|prior|old)_(?:\w+_)?balance|balance_(?:brought_)?forward|brought_forward|arrears")
_NOT_MONEY = re.compile(
    r"tax_included|(?:includes?|incl|including|excl|excluding)_|(?:before|after|less|net_of|ex)_(?:tax|vat|gst|discount)"
)


_RATE_OF = re.compile(r"_taxa$|^taxa_(?:de_)?(?:iva|icms|iss|irs|irc|ipi|retencao)$")  # the word means a fee as well
_TERM_OF_DISCOUNT = re.compile(r"(?:cash_)?discount_(?:\w+_)?(?:days|date|until|period|terms|deadline)|skonto_\w+")


def offers_a_discount(names: Iterable[str]) -> bool:
    """Whether fields say until when a discount may be taken: then it is offered for paying early, and is in no sum.

    Where what is offered so has a field of its own ("cash_discount_percent"), any other discount is one.
    """
    known = list(names)
    return not any(map(early_role_of, known)) and any(_TERM_OF_DISCOUNT.fullmatch(name.lower()) for name in known)


@lru_cache(1024)
def early_role_of(name: str) -> Role | None:
    """The role of a discount for paying early: it is in no sum, but its amount is its rate of one."""
    words = frozenset(re.findall(r"[^\W\d_]+", name.lower()))
    is_one = words & {"skonto", "escompte"} or (words & _PARTS["discount"] and words & (_ON_TIME | {"payment"}))
    if not is_one or words & _ELSE:
        return None
    return Role("discount", "percent" if "%" in name or words & _PERCENT else "amount")


@lru_cache(1024)
def commission_role_of(name: str) -> Role | None:
    """The role of a commission: what it is a share of stands in the document, and the lines bear it."""
    words = re.findall(r"[^\W\d_]+", name.lower())
    if not set(words) & {"commission", "provision", "royalty", "courtage", "brokerage"} or set(words) & _ELSE:
        return None
    return Role("charge", "percent" if set(words) & _PERCENT else "amount")


@lru_cache(1024)
def is_no_money(name: str) -> bool:
    """Whether the name says that the figure is none of money: a weight, a time, a number of something, a rate, a limit."""
    return bool(frozenset(re.findall(r"[^\W\d_]+", name.lower())) & (_ELSE - {"due", "base"} | _PERCENT | _MEASURES))


@lru_cache(4096)
def role_of(name: str) -> Role | None:
    """The role of a figure of this name; None where the name says nothing of the kind ("discount_days", "weight")."""
    lower = name.lower()
    words = frozenset(re.findall(r"[^\W\d_]+", lower))
    if _CARRIED.search(lower):
        return Role("carried", "amount")
    is_percent = "%" in name or bool(words & _PERCENT) or _RATE_OF.search(lower) is not None
    if is_percent and words & _IN_CASE:
        return None
    if words & _ELSE or _NOT_MONEY.search(lower) or ("discount" in words and words & (_ON_TIME | {"payment"})):
        return None
    part = next((part for part, names in _PARTS.items() if words & names), None)
    if not is_percent and words & _BEFORE and words & _CERTIFIED:
        part = "paid"
    if part == "deposit" and words & {"paid", "received"}:
        part = "paid"
    if part is None or (part in ("charge", "extra") and words & _WORTH):
        return None
    if part == "tax" and words & _BY_THE_PIECE:
        part = "charge"
    if is_percent:
        return Role(part, "percent")
    return Role(part, "either" if part in _EITHER and not words & (_AMOUNT | _NO_SHARE) else "amount")


@dataclass(frozen=True, slots=True)
class Term:
    """A figure that stands between others: its cell, its role, and how people call it."""

    cell: str
    role: Role
    value: Decimal
    noun: str

    def moves(self, running: Decimal, bases: Iterable[Decimal], pieces: Decimal | None = None) -> Iterator[tuple[Decimal, str]]:
        """What it makes of a value, by each way to read it, and the phrase that names the way.

        A percentage is taken of the value itself or of one of the bases; with `pieces` an amount may be meant for each.
        """
        if self.role.form != "amount":
            for share in shares_of(self.value):
                phrase = f"with the {quantity(abs(share) * 100)} % {self.noun}"
                for base in dict.fromkeys((running, *bases)):
                    yield from ((running + step, phrase) for step in self._steps(abs(share) * base, base, share < 0))
        if self.role.form != "percent":
            named = f"with the {self.noun} of {money(self.value)}"
            yield from ((running + step, named) for step in self._steps(abs(self.value), running, self.value < 0))
            if pieces is not None:
                each = abs(self.value * pieces)
                yield from ((running + step, f"{named} each") for step in self._steps(each, running, self.value < 0))

    def _steps(self, size: Decimal, base: Decimal, is_negative: bool) -> Iterator[Decimal]:
        """Discounts, and what is kept back or paid, lower; taxes and charges raise; deposits and roundings do either."""
        away = -abs(size) if base >= 0 else abs(size)
        if self.role.part in ("discount", "withheld", "paid"):
            yield away
            if is_negative and "allowance" in self.cell.lower():  # as e-invoices cancel one
                yield -away
        elif self.role.part in ("deposit", "levy"):
            yield from (away, -away)
        elif self.role.part == "rounding":
            yield abs(size) * (-1 if is_negative else 1)
            if not is_negative:  # what was rounded off
                yield -abs(size)
        elif base < 0:  # where amounts have signs a fee is kept of what is given back; carriage may be given back, too
            yield size if not is_negative else -size
            if not is_negative and self.role.part == "charge" and not _KEPT.search(self.cell.lower()):
                yield -size
        else:
            yield away if is_negative else -away


_KEPT = re.compile(r"fee|restock|handling|cancel|inspection")


def shares_of(value: Decimal) -> Iterator[Decimal]:
    """A rate as share of one: 19 is 0.19, and so is 0.19."""
    if abs(value) <= 100:
        yield value / 100
    if 0 < abs(value) < 1:
        yield value


def as_written(role: Role, value: object) -> Role:
    """The role, of a percentage where the figure is written with its sign."""
    return Role(role.part, "percent") if isinstance(value, str) and "%" in value else role


def levies_among(names: Iterable[str]) -> dict[str, Role]:
    """The figures without a word that is known, of which the rate stands beside: a tax or a deduction, whatever it is called."""
    known = [name for name in names if not _words_of(name) & _NO_LEVY]
    amounts = {name: set(_stem(name).split("_")) for name in known if not _words_of(name) & _PERCENT}
    found: dict[str, Role] = {}
    for rate in (name for name in known if _words_of(name) & _PERCENT and role_of(name) is None and _stem(name)):
        beside = [name for name, words in amounts.items() if set(_stem(rate).split("_")) <= words]
        if len(beside) == 1:
            role = role_of(beside[0]) or Role("levy", "amount")
            found |= {rate: Role(role.part, "percent")} | ({beside[0]: role} if role.part == "levy" else {})
    return found


def _words_of(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W\d_]+", name.lower()))


def _stem(name: str) -> str:
    return "_".join(word for word in re.findall(r"[^\W_]+", name.lower()) if word not in _PERCENT | _AMOUNT)


_NO_LEVY = (
    _ELSE
    | _MEASURES
    | _IN_CASE
    | _ON_TIME
    | _words(
        "commission provision royalty courtage brokerage escalation growth bonus turnover icms iss"
    )  # ICMS and ISS are in the prices of Brazil
)


def stem_of(name: str, role: Role) -> str:
    """The name without what says how it is written: a rate and its amount have the same."""
    words = re.findall(r"[^\W_]+", name.lower())
    return "_".join(word for word in words if word not in _PERCENT | _AMOUNT | {"taxa"}) or role.part


def amounts_beside(named: Iterable[tuple[str, Role]]) -> dict[str, str]:
    """Of each rate the amount that it stands beside: that of its name, or the only one of its part whose name has more words."""
    known = list(named)
    amounts = {stem_of(name, role): (name, role) for name, role in known if role.form != "percent"}
    found = {}
    for name, role in known:
        stem = stem_of(name, role)
        if role.form != "percent":
            continue
        if stem in amounts:
            found[name] = amounts[stem][0]
        elif role.part != "tax":
            alike = [own for other, (own, its) in amounts.items() if its.part == role.part and _is_within(stem, other)]
            found |= {name: alike[0]} if len(alike) == 1 else {}
    return found


def _is_within(one: str, other: str) -> bool:
    a, b = set(one.split("_")), set(other.split("_"))
    return a <= b or b <= a


def noun_of(name: str) -> str:
    """What a figure is called in a phrase: `discount_percent` is the "discount"."""
    words = [word for word in name.replace("%", " ").split("_") if word.lower() not in _PERCENT | _AMOUNT - {"value"}]
    return in_sentence("_".join(words).strip("_ ") or name)
