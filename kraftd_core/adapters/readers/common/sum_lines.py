"""What stands between a document's sums, by what it is called: discounts, freight, tips, payments, what is kept back."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from kraftd_core.adapters.readers.common.labels import AMOUNT_ROLES, role_of
from kraftd_core.adapters.readers.common.page_values import amount_in
from kraftd_core.adapters.readers.common.values import CURRENCY_IN_TEXT, Manner, folded
from kraftd_core.adapters.readers.common.words import Page, Word, text_of

Effect = Literal["lowers", "raises", "either"]

# Stems of words, folded; the first field that fits is taken. A whole word, or its beginning where a * ends it, or its end.
_FIELDS: dict[str, tuple[Effect, str]] = {
    "retention_amount": ("lowers", """
        retention retentions retainage holdback *einbehalt garantieeinbehalt waarborgsom zadrzne gwarancyjna
    """),
    "withholding_amount": ("lowers", "withh* retenue retencion retencao ritenuta irpf irrf tds stopaj tevkifat kildeskatt"),
    "tip": ("raises", "tip tips gratuity trinkgeld pourboire propina fooi mancia gorjeta napiwek dricks bahsis spropitne"),
    "rounding_amount": ("either", """
        round* rundung* *rundung arrondi redondeo arredondamento arrotondamento afronding zaokr* avrundning oresavrundning
        afrunding oreafrunding yuvarlama kerekites pyoristys
    """),
    "discount_amount": ("lowers", """
        discount discounts rebate rebates *rabatt *rabat *nachlass remise remises ristourne rabais descuento descuentos dto
        desconto descontos sconto sconti *korting sleva slevy zlava indirim iskonto *allowance allowances alennus kedvezmeny
        reducere popust opust skonto savings gutschein* voucher coupon buono kupon
    """),
    "prepaid_amount": ("lowers", """
        prepaid prepayment prepayments advance advances anzahlung* *vorauszahlung abschlagszahlung* teilzahlung* acompte acomptes
        anticipo anticipos acconto acconti aanbetaling vooruitbetaling zaliczk* zaloh* zalog* adiantamento sinal forskud
        forskott forskudd paid bezahlt gezahlt regle paye verse pagado pagato pago betaald zaplacono uhrazeno betalt received
        payments odenen pesinat ennakko* eloleg avans
    """),
    "deposit_amount": ("either", "deposit deposits pfand* caution kaution statiegeld consigne pant"),
    "shipping_amount": ("raises", """
        shipping freight postage carriage delivery versand* fracht* *fracht porto lieferkosten lieferpauschale transport*
        port livraison expedition envio portes spedizione trasporto verzend* bezorgkosten frete frakt* fragt doprava dopravne
        dostava wysylka przesylka kargo nakliye toimituskulut szallitas livrare
    """),
    "surcharge_amount": ("raises", """
        surcharge surcharges *zuschlag zuschlage *toeslag supplement supplements recargo supplemento sobretaxa fee fees handling
        packaging packing verpackung* emballage imballaggio *gebuhr *gebuhren doplata doplatek priplatek tillagg avgift gebyr
        maggiorazione frais gastos *pauschale levy pakking expediting insurance versicherung
        assurance seguro cassa rivalsa contributo bollo stamp stempelgebuhr
    """),
}  # fmt: skip
_DEPOSIT_PAID = re.compile(r"\b(?:deposits?|kaution|caution)\b.*\b(?:paid|received|bezahlt|gezahlt|erhalten|versee?)\b")
_NO_SUM_LINE = re.compile(
    r"\b(?:days?|weeks?|tagen?|wochen|jours|dias|giorni|dagen|dates?|datum|numbers?|no|nr|terms?|method|address|until|within|"
    r"innerhalb|if|bei|free|notes?|ref|via|by)\b|"
    r"\b(?:sub ?total\w*|total\w*|\w*summe|amount|betrag|montant|importe|net|netto)\b.*"
    r"\b(?:less|before|after|nach|vor|avant|apres|excl\w*|incl\w*|inkl\w*|exkl\w*|ohne|mit|sans|avec|abzuglich|moins|without|with)\b"
)


def _pattern(stems: str) -> "re.Pattern[str]":
    words = (re.escape(stem).replace(r"\*", r"\w*") for stem in stems.split())
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)")


_PATTERNS = {name: _pattern(stems) for name, (_, stems) in _FIELDS.items()}


@dataclass(frozen=True, slots=True)
class SumLine:
    """A figure between the sums: the field that it is, its value as printed, and its words on the page."""

    name: str
    value: Decimal
    words: tuple[Word, ...]
    page: Page

    @property
    def steps(self) -> tuple[Decimal, ...]:
        """By how much it may change a sum."""
        effect, size = _FIELDS[self.name][0], abs(self.value)
        return {"lowers": (-size,), "raises": (self.value,), "either": (self.value, -self.value)}[effect]


def field_of_sum_line(label: str) -> str | None:
    """The field that a figure so called is, where it stands between sums ("Less deposit" is prepaid); None for any other."""
    plain = " ".join(re.findall(r"[^\W\d_]+|%", CURRENCY_IN_TEXT.sub(" ", folded(label))))
    if not plain or len(plain.split()) > _MOST_WORDS or role_of(label) in AMOUNT_ROLES or _NO_SUM_LINE.search(plain):
        return None
    if _DEPOSIT_PAID.search(plain) or re.search(r"\bless deposit\b", plain):
        return "prepaid_amount"
    return next((name for name, pattern in _PATTERNS.items() if pattern.search(plain)), None)


_MOST_WORDS = 7
_FAR_LINES = 8
_OFF = 5.0  # points by which edges that are set alike differ at most


def sum_lines(
    pages: Sequence[Page], anchors: Sequence[tuple[Page, Sequence[Word]]], told: Mapping[Decimal, str], manner: Manner
) -> Iterator[SumLine]:
    """The figures between the sums, which stand in one column with them; `anchors` are the sums' own words.

    `told` are the amounts that line items have, with their words: a freight among them is none between sums.
    """
    for page in pages:
        columns = [words for on, words in anchors if on is page]
        heights = [words[0].top for words in columns]
        lines = [n for n, line in enumerate(page.lines) if any(line.top - 2 <= top <= line.bottom + 2 for top in heights)]
        if lines:
            for n in range(max(lines[0] - _FAR_LINES, 0), min(lines[-1] + _FAR_LINES, len(page.lines))):
                yield from _on_line(page, n, columns, told, manner)


def _on_line(
    page: Page, n: int, columns: Sequence[Sequence[Word]], told: Mapping[Decimal, str], manner: Manner
) -> Iterator[SumLine]:
    words = page.lines[n].words
    for at, phrase in enumerate(page.lines[n].phrases):
        found = amount_in(phrase.words, manner, _MOST_WORDS) if any(c.isdigit() for c in phrase.text) else None
        if found is None or not found[0] or not any(_is_below(found[1], column) for column in columns):
            continue
        label = _label_of(page, n, at, found[1])
        name = field_of_sum_line(label)
        if name and field_of_sum_line(told.get(abs(found[0]), "")) != name and words:
            yield SumLine(name, found[0], found[1], page)


def _is_below(words: Sequence[Word], column: Sequence[Word]) -> bool:
    """Whether both are set to the same edge."""
    return abs(words[-1].x1 - column[-1].x1) <= _OFF or abs(words[0].x0 - column[0].x0) <= _OFF / 2


def _label_of(page: Page, n: int, at: int, amount: Sequence[Word]) -> str:
    """The words before the amount in its phrase, else those of the next phrase to the left that has some."""
    phrases = page.lines[n].phrases
    own = [word for word in phrases[at].words if word.x1 <= amount[0].x0 + 1]
    texts = [text_of(own), *(phrase.text for phrase in reversed(phrases[:at]))]
    return next((text for text in texts if re.search(r"[^\W\d_]{2}", CURRENCY_IN_TEXT.sub(" ", text))), "")
