"""What the name of a field or column says that it holds: a discount, a tax, a charge, what was paid. Only that may explain."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal, TypeAlias

from kraftd_core.document.wording import in_sentence, money, quantity

Part: TypeAlias = Literal["discount", "charge", "extra", "tip", "tax", "withheld", "paid", "deposit", "rounding", "carried"]
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
    " status method account currency lead basis base taxable exempt exemption count policy due city_name valid"
    " validity eligible"
    " threshold max maximum min minimum tage tagen datum frist art kennung nummer exchange interest score hourly daily"
    " bank office"
)
_PERCENT = _words("percent percentage pct rate prozent satz taux prc")
_AMOUNT = _words("amount amounts value total sum betrag montant importe importo")
_IN_CASE = _words("late penalty penalties overdue cancellation dunning default restocking")  # rates of what may never be
_ON_TIME = _words("cash skonto escompte settlement early prompt")
_WORDS: dict[Part, str] = {
    "withheld": """
        withholding withholdings withheld retention retentions retenue retencion ritenuta einbehalt sicherheitseinbehalt irpf
        tds wht holdback retainage deduction deductions isr retenido retenida retefuente reteica reteiva irrf csrf inss
    """,
    "paid": """
        prepaid paid prepayment prepayments advance advances payment payments anzahlung anzahlungen vorauszahlung acompte
        acomptes anticipo acconto aanbetaling credit credits voucher vouchers gift received previously abschlagszahlung
        abschlagszahlungen
    """,
    "discount": """
        discount discounts disc rebate rebates rabatt nachlass remise ristourne descuento dto sconto korting allowance
        allowances reduction reductions abatement desconto
    """,
    "tip": "tip tips gratuity trinkgeld pourboire propina",
    "tax": """
        tax taxes vat gst hst pst qst tps tvq cgst sgst igst utgst cess mwst ust tva iva igic btw moms mva kdv sst taxe steuer
        umsatzsteuer mehrwertsteuer ppn percepcion percepciones impuesto impuestos imposto impostos belasting ipi igv
    """,
    "rounding": "rounding round roundoff rounded adjustment adjustments rundung arrondi",
    "deposit": "deposit deposits pfand caution kaution",
    "extra": "insurance duty duties customs overhead overheads profit contingency contingencies markup uplift",
    "charge": """
        charge charges surcharge surcharges fee fees shipping freight handling postage packing packaging carriage transport
        delivery service levy levies zuschlag aufschlag fracht versand versandkosten porto verpackung frais port spese gastos
        portes envio verzendkosten toll ecotax excise supplement supplements expenses extras
    """,
}
_PARTS = {part: _words(words) for part, words in _WORDS.items()}
_BY_THE_PIECE = _words("eco environmental recycling sugar")  # taxes of a piece, not of a sum
_WORTH = _words("value insured declared")  # what goods are worth is no charge
_EITHER = frozenset(("discount", "withheld", "tax", "charge", "extra", "tip"))
_NO_SHARE = _words(
    "shipping freight postage packing packaging carriage transport delivery fracht versand versandkosten porto port portes"
)
_CARRIED = re.compile(r"(?:previous|opening|prior|old)_(?:\w+_)?balance|balance_(?:brought_)?forward|brought_forward|arrears")
_NOT_MONEY = re.compile(
    r"tax_included|(?:includes?|incl|including|excl|excluding)_|(?:before|after|less|net_of|ex)_(?:tax|vat|gst|discount)"
)


_TERM_OF_DISCOUNT = re.compile(r"(?:cash_)?discount_(?:\w+_)?(?:days|date|until|period|terms|deadline)|skonto_\w+")


def offers_a_discount(names: Iterable[str]) -> bool:
    """Whether fields say until when a discount may be taken: then it is offered for paying early, and is in no sum."""
    return any(_TERM_OF_DISCOUNT.fullmatch(name.lower()) for name in names)


@lru_cache(4096)
def role_of(name: str) -> Role | None:
    """The role of a figure of this name; None where the name says nothing of the kind ("discount_days", "weight")."""
    lower = name.lower()
    words = frozenset(re.findall(r"[^\W\d_]+", lower))
    if _CARRIED.search(lower):
        return Role("carried", "amount")
    is_percent = "%" in name or bool(words & _PERCENT)
    if is_percent and words & _IN_CASE:
        return None
    if words & _ELSE or _NOT_MONEY.search(lower) or ("discount" in words and words & (_ON_TIME | {"payment"})):
        return None
    part = next((part for part, names in _PARTS.items() if words & names), None)
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
        elif self.role.part == "deposit":
            yield from (away, -away)
        elif self.role.part == "rounding":
            yield abs(size) * (-1 if is_negative else 1)
            if not is_negative:  # what was rounded off
                yield -abs(size)
        else:
            yield away if is_negative and base >= 0 else -away


def shares_of(value: Decimal) -> Iterator[Decimal]:
    """A rate as share of one: 19 is 0.19, and so is 0.19."""
    if abs(value) <= 100:
        yield value / 100
    if 0 < abs(value) < 1:
        yield value


def as_written(role: Role, value: object) -> Role:
    """The role, of a percentage where the figure is written with its sign."""
    return Role(role.part, "percent") if isinstance(value, str) and "%" in value else role


_STEM = re.compile(r"_?(?:percentage|percent|pct|rate|amount|value|total|sum)_?|%")


def stem_of(name: str, role: Role) -> str:
    """The name without what says how it is written: a rate and its amount have the same."""
    return _STEM.sub("", name.lower()) or role.part


def noun_of(name: str) -> str:
    """What a figure is called in a phrase: `discount_percent` is the "discount"."""
    words = [word for word in name.replace("%", " ").split("_") if word.lower() not in _PERCENT | _AMOUNT - {"value"}]
    return in_sentence("_".join(words).strip("_ ") or name)
