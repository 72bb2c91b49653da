"""Recognises the kind of a document from its words."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from kraftd_core.adapters.readers.common.column_heads import is_unit
from kraftd_core.adapters.readers.common.values import currency_of, folded

# What a title, or a label that holds it, is called; the more telling kinds stand first, as they win when scores are equal.
_TITLES: dict[str, tuple[str, ...]] = {
    "rfq": (
        r"request for (?:a )?(?:quotation|quote|proposal|price|tender|bid|offer|information)s?",
        r"\brf[qpti]\b", r"invitation (?:to|for) (?:tender|bid|quote|quotation)s?",
        r"\b(?:notice )?inviting (?:e-?)?(?:tender|bid|quotation|offer)s?",
        r"\b(?:e-?)?tender(?: (?:notice|enquiry|document|no|number|ref|reference|id))?\b(?! (?:ed|drawing))", r"\bnit\b",
        r"\b(?:price |purchase )?(?:enquiry|inquiry)\b", r"\bsolicitation\b",
        r"call for (?:tenders|bids|offers)",
        r"appel d'offres?", r"consultation des entreprises", r"\bausschreibung\b", r"angebotsaufforderung",
        r"aufforderung zur (?:abgabe|angebots)\w*", r"\blicitacion\b", r"pliego de",
        r"please (?:quote|submit your (?:quotation|offer))",
        r"ใบขอราคา|ประกวดราคา|ขอใบเสนอราคา", r"\w*anfrage\b",
        r"demande (?:de|d') ?(?:prix|devis|offre)", r"solicitud de (?:cotizacion|presupuesto)",
        r"richiesta (?:di )?(?:offerta|preventivo)", r"offerteaanvraag",
    ),
    "boq": (
        r"bills? of (?:quantities|quantity)", r"\bboqs?\b", r"leistungsverzeichnis", r"\bmengengerust\b", r"bordereau des prix",
        r"schedules? of (?:quantities|rates|prices|works)", r"(?:price|pricing|rate|quantity) schedules?", r"\bprice bid\b",
        r"\bbills? no\b", r"\bdpgf\b", r"\bdqe\b", r"\bbpu\b", r"decomposition du prix", r"detail quantitatif",
        r"devis (?:quantitatif|descriptif)", r"computo metrico", r"mediciones(?: y presupuesto)?", r"\bmetrado", r"price ?list",
        r"preisliste", r"abstract of (?:cost|quantities)", r"bill of materials?", r"ใบแสดงปริมาณ|บัญชีแสดงปริมาณ",
        r"cuadro de precios", r"staat van hoeveelheden",
    ),
    "purchase_order": (
        r"purchase ?order", r"\bbestellung\b", r"\bbon de commande\b", r"orden de compra", r"ordine (?:di )?acquisto",
        r"inkooporder", r"\bpedido\b", r"\bwork ?order\b", r"\bauftrag\b(?!s)", r"ใบสั่งซื้อ",
        r"\bzamowienie\b", r"\bobjednavka\b", r"注文書|発注書", r"\bsiparis\b",
    ),
    "quotation": (
        r"quotation", r"\bquote\b", r"\bangebot\b", r"\bdevis\b", r"\bofferte?\b", r"\boffer\b", r"cotizacion", r"presupuesto",
        r"preventivo", r"\boffert\b", r"\btilbud\b", r"\btarjous\b", r"\bnabidka\b",
        r"\b(?:ar)?ajanlat\b", r"\bteklif\b", r"\borcamento\b",
        r"見積書", r"报价单|報價單", r"kostenvoranschlag", r"\bproposal\b", r"pro[ -]?forma(?: invoice)?", r"\bestimate\b",
        r"ใบเสนอราคา",
    ),
    "invoice": (
        r"(?<!pro forma )(?<!proforma )(?<!pro-forma )invoice", r"\w*rechnung\b", r"\brechnungs(?:nummer|nr|datum)",
        r"\bfacture\b", r"factura\b", r"\bfattura\b", r"factuur\b",
        r"\bfaktura\b",
        r"gutschrift\b", r"rechnungskorrektur",
        r"credit (?:note|memo)", r"creditnota\b", r"not[ea] (?:de|di) credit", r"stornorechnung",
        r"\bavoir\b", r"billing statement",
        r"\bfatura\b", r"nota fiscal", r"\blasku\b", r"\bszamla\b", r"\bracun\b", r"\barve\b", r"\brekins\b",
        r"\bsaskaita\b",
        r"\binvois\b", r"\bfaktur\b", r"τιμολογιο", r"счет(?: на оплату|-фактура)|\bрахунок\b|\bфактура\b",
        r"請求書", r"发票|發票",
        r"송장|청구서|계산서", r"hoa don", r"חשבונית", r"kreditfaktura|kreditnota|dobropis",
    ),
    "receipt": (
        r"\breceipt\b", r"kassenbon", r"\bquittung\b", r"\brecu\b", r"ticket de caisse", r"\brecibo\b", r"\bscontrino\b",
        r"kassabon", r"\bparagon\b", r"\buctenka\b",
        r"\bkvitto\b", r"\bkvittering\b", r"\bkuitti\b", r"領収書", r"\bcashier\b", r"change due", r"\bcash\b.*\bchange\b",
    ),
    "contract": (
        r"\b\w*contract\b", r"\bagreement\b", r"\w*vertrag\b", r"\bcontrat\b", r"\bcontrato\b", r"\bcontratto\b", r"overeenkomst",
        r"statement of work", r"\bsow\b",
    ),
}
_TILL = re.compile(
    r"(?<![a-z])(?:cashier|kassierer|ruckgeld|rendu monnaie|cash ?tend|table no|served by|salesperson|cash ?bill|wechselgeld|"
    r"geg\.? bar|ec[ -]karte|wisselgeld|customer copy|factura simplificada|documento commerciale)\b"
)
# Words of every prose: they are a till's where they begin a line that says little else than an amount.
_TILL_LINE = re.compile(
    r"^\W*(?:(?:cent|total|cash) )?(?:change|rounding|rendu|tender(?:ed)?|cambio|efectivo)\b"
    r"(?: (?:due|given|adj\w*|amount|cash|rm))*[^a-z]*(?:[a-z]{1,3})?[\s\d.,:()-]*$"
)
_PATTERNS = {kind: [re.compile(title) for title in titles] for kind, titles in _TITLES.items()}


@dataclass(frozen=True, slots=True)
class Shape:
    """What a document's lines are like: how many, how many of them with a unit, a quantity and a price, and their sections."""

    lines: int = 0
    with_unit: int = 0
    with_quantity: int = 0
    priced: int = 0
    sectioned: int = 0

    @property
    def is_unpriced(self) -> bool:
        return self.lines > 0 and self.priced <= 0.2 * self.lines

    @property
    def is_measured(self) -> bool:
        """Lines with units, as bills of works and price lists have them: with quantities, or with prices alone."""
        return self.lines > 0 and self.with_unit >= 0.4 * self.lines


def shape_of(rows: Iterable[Mapping[str, Any]]) -> Shape:
    """The shape of rows of line items."""
    held = [{name: value for name, value in row.items() if value not in (None, "")} for row in rows]
    priced = sum(_is_figure(row.get("unit_price")) or _is_figure(row.get("amount")) for row in held)
    counts = [sum(name in row for row in held) for name in ("unit", "quantity", "section")]
    return Shape(len(held), counts[0], counts[1], priced, counts[2])


def _is_figure(value: Any) -> bool:
    return isinstance(value, (int, float, Decimal)) and value != 0


def shape_of_lines(lines: Iterable[str]) -> Shape:
    """The shape of printed lines that end in a unit and figures: "25 mm pipe  Rmt  310", with a rate and an amount or without.

    What a number stands before is its unit, so that the figure after it is a price ("5 pcs 10.00").
    """
    found = [match for line in lines if (match := _MEASURED.search(line)) and is_unit(match["unit"]) and not _is_money(match)]
    priced = sum(len(match["figures"].split()) > 1 or match["before"][-1:].isdigit() for match in found)
    return Shape(len(found), len(found), len(found), priced)


def _is_money(match: "re.Match[str]") -> bool:
    """Whether the unit is a currency: RM 7.16 is money, RM 310 are running metres."""
    return bool(currency_of(match["unit"]) and re.search(r"[.,]\d\d$", match["figures"]))


_MEASURED = re.compile(
    r"(?P<before>\S)\s+(?P<unit>[^\W\d][\w.²³]{0,9}(?: [^\W\d]{1,5}\.?)?)\s+"
    r"(?P<figures>\d[\d.,]*(?:\s+[\d.,-]+){0,4})\s*$"
)
UNSURE, _BY_SHAPE = 0.5, 0.65
_FEWEST = 2  # lines that may contradict words


def kind_by_words(lines: Sequence[str]) -> str:
    """The kind that titles near the start and labels speak for, whatever the lines are like; `other` if none does."""
    return recognised_kind(lines, shape=Shape())[0]


def recognised_kind(
    lines: Sequence[str], *, tall: Iterable[int] = (), shape: Shape | None = None
) -> tuple[str, float | None]:
    """The kind that words and the shape of the lines speak for, and how sure it is, 0.0 to 1.0; None where nothing speaks.

    Words are titles near the start, those in large print (`tall` names such lines), and labels.
    Below 0.6 where words and shape disagree, or where the shape alone speaks and says little.
    """
    kind, sureness = _by_words(lines, set(tall))
    return _by_shape(kind, sureness, shape or shape_of_lines(lines))


def _by_words(lines: Sequence[str], large: set[int]) -> tuple[str, float | None]:
    scores = dict.fromkeys(_PATTERNS, 0.0)
    titled: set[str] = set()
    for n, text in enumerate(_whole_titles(lines[:80])):
        weight = (3.0 if n < 12 else 1.0 if n < 30 else 0.4) * (2 if n in large else 1)
        for kind, patterns in _PATTERNS.items():
            phrases = (text, *_phrases_of(text))
            said = max((_weight(p.search(phrase), phrase) for phrase in phrases for p in patterns), default=0.0)
            scores[kind] += said * weight
            titled |= {kind} if said and _is_titled(text, patterns) else set()
    has_till = any(_TILL.search(text) or _TILL_LINE.search(text) for text in map(folded, lines))
    if scores["invoice"] and has_till and not _is_addressed_bill(lines):
        scores["receipt"] += scores["invoice"] + 1  # a till's slip often calls itself a tax invoice
    elif not max(scores.values()) and has_till:
        return "receipt", UNSURE
    for kind in ("invoice", "receipt"):  # a sale that happened is not told by a word in a sentence
        if kind not in titled and not has_till:
            scores[kind] = 0.0
    best = max(scores, key=lambda kind: scores[kind])
    if scores[best] < 1:
        return "other", None
    return best, round(scores[best] / sum(scores.values()), 3)


def _is_titled(text: str, patterns: Sequence["re.Pattern[str]"]) -> bool:
    """Whether a phrase of the line, which wide gaps part, begins with such a title or is little else."""
    return any(_weight(p.search(phrase), phrase) >= 1.5 for phrase in _phrases_of(text) for p in patterns)


def _phrases_of(text: str) -> list[str]:
    return re.split(r"\s{2,}|\t|[|]", text)


def _whole_titles(lines: Sequence[str]) -> Iterator[str]:
    """The lines folded; a title that goes on below ("REQUEST FOR" over "PROPOSAL") is whole on its first."""
    for line, after in zip_longest(lines, lines[1:], fillvalue=""):
        text = folded(line)
        yield f"{text.strip()} {folded(after)}" if _GOES_ON.fullmatch(text) else text


_GOES_ON = re.compile(r"\W*(?:[^\W\d_]+\W+){0,3}(?:for|of|to|de|des|zur|der|fur|para|di)\W*")


def _by_shape(kind: str, sureness: float | None, shape: Shape) -> tuple[str, float | None]:
    """The kind after a look at the lines: those without prices were not sold, priced ones are no request."""
    if shape.lines < 1:
        return kind, sureness
    doubted = min(sureness or UNSURE, UNSURE)
    if kind == "other":
        if not shape.is_measured and not (shape.is_unpriced and shape.with_quantity >= 0.5 * shape.lines):
            return kind, sureness
        is_telling = shape.is_measured and shape.lines >= 3 and (shape.is_unpriced or shape.sectioned > 0)
        return "boq", _BY_SHAPE if is_telling else UNSURE
    if shape.lines < _FEWEST:
        return kind, sureness
    if kind == "quotation" and shape.is_unpriced:
        return "rfq", doubted
    if (kind in ("invoice", "receipt", "purchase_order") and shape.is_unpriced) or (kind == "rfq" and not shape.is_unpriced):
        return kind, doubted
    return kind, sureness


def _weight(found: "re.Match[str] | None", text: str) -> float:
    """A line that is little else than the title says most; a word within a sentence says little."""
    if found is None:
        return 0.0
    share = len(found[0]) / max(len(text), 1)
    return 3.0 if share > 0.6 else 1.5 if found.start() < 4 or share > 0.3 else 0.3


def _is_addressed_bill(lines: Sequence[str]) -> bool:
    text = folded(" ".join(lines))
    return bool(re.search(r"due date|payment terms|\biban\b|zahlbar|echeance", text))


def kind_by_names(names: Iterable[str]) -> str:
    """The kind that the field names of structured data speak for."""
    text = " ".join(names).lower()
    for kind, parts in (
        ("rfq", ("rfq", "rfp_", "tender_number", "solicitation")), ("boq", ("boq", "bill_of_quantities")),
        ("quotation", ("quotation", "quote_")),
        ("invoice", ("invoice",)), ("receipt", ("receipt",)), ("contract", ("contract_",)),
        ("purchase_order", ("purchase_order", "po_number", "order_number")),
    ):
        if any(part in text for part in parts):
            return kind
    return "other"
