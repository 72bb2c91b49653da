"""Recognises the kind of a document from its words."""

import re
from collections.abc import Iterable, Sequence

from kraftd_core.adapters.readers.common.values import folded

# What a title, or a label that holds it, is called; the more telling kinds stand first, as they win when scores are equal.
_TITLES: dict[str, tuple[str, ...]] = {
    "rfq": (
        r"request for (?:a )?(?:quotation|quote|proposal|price)s?", r"\brfq\b", r"invitation to (?:tender|bid|quote)",
        r"anfrage\b",  r"demande (?:de|d') ?(?:prix|devis|offre)", r"solicitud de (?:cotizacion|presupuesto)",
        r"richiesta (?:di )?(?:offerta|preventivo)", r"offerteaanvraag",
    ),
    "boq": (
        r"bills? of (?:quantities|quantity)", r"\bboq\b", r"leistungsverzeichnis", r"bordereau des prix",
        r"schedule of (?:quantities|rates)",
        r"devis quantitatif", r"computo metrico", r"mediciones y presupuesto",
    ),
    "purchase_order": (
        r"purchase ?order", r"\bbestellung\b", r"\bbon de commande\b", r"orden de compra", r"ordine (?:di )?acquisto",
        r"inkooporder", r"\bpedido\b",
    ),
    "quotation": (
        r"quotation", r"\bquote\b", r"\bangebot\b", r"\bdevis\b", r"\bofferte?\b", r"\boffer\b", r"cotizacion", r"presupuesto",
        r"preventivo", r"kostenvoranschlag", r"\bproposal\b", r"pro ?forma",
    ),
    "invoice": (
        r"invoice", r"\w*rechnung\b", r"\brechnungs(?:nummer|nr|datum)",
        r"\bfacture\b", r"factura\b", r"\bfattura\b", r"factuur\b",
        r"\bfaktura\b",
        r"gutschrift\b", r"rechnungskorrektur",
        r"credit (?:note|memo)", r"creditnota\b", r"not[ea] (?:de|di) credit", r"stornorechnung",
        r"\bavoir\b", r"billing statement",
    ),
    "receipt": (
        r"\breceipt\b", r"kassenbon", r"\bquittung\b", r"\brecu\b", r"ticket de caisse", r"\brecibo\b", r"\bscontrino\b",
        r"kassabon", r"\bcashier\b", r"change due", r"\bcash\b.*\bchange\b",
    ),
    "contract": (
        r"\b\w*contract\b", r"\bagreement\b", r"\w*vertrag\b", r"\bcontrat\b", r"\bcontrato\b", r"\bcontratto\b", r"overeenkomst",
    ),
}
_TILL = re.compile(
    r"(?<![a-z])(?:cashier|change|rounding|kassierer|ruckgeld|rendu|cash ?tend|tender(?:ed)?|table no|served by|"
    r"salesperson|cash ?bill|wechselgeld|geg\.? bar|ec[ -]karte|cambio|efectivo|wisselgeld|customer copy|"
    r"factura simplificada|documento commerciale)\b"
)
_PATTERNS = {kind: [re.compile(title) for title in titles] for kind, titles in _TITLES.items()}


def kind_by_text(lines: Sequence[str], *, tall: Iterable[int] = ()) -> str:
    """The kind that titles near the start, large print (`tall` names such lines) and labels speak for; `other` if none does."""
    return recognised_kind(lines, tall=tall)[0]


def recognised_kind(lines: Sequence[str], *, tall: Iterable[int] = ()) -> tuple[str, float | None]:
    """The kind, and how sure it is: the share of what speaks for it, 0.0 to 1.0; None where nothing speaks for any."""
    large = set(tall)
    scores = dict.fromkeys(_PATTERNS, 0.0)
    for n, line in enumerate(lines[:80]):
        text = folded(line)
        weight = (3.0 if n < 12 else 1.0 if n < 30 else 0.4) * (2 if n in large else 1)
        for kind, patterns in _PATTERNS.items():
            scores[kind] += max((_weight(p.search(text), text) for p in patterns), default=0.0) * weight
    if scores["invoice"] and any(_TILL.search(folded(line)) for line in lines) and not _is_addressed_bill(lines):
        scores["receipt"] += scores["invoice"] + 1  # a till's slip often calls itself a tax invoice
    elif not max(scores.values()) and sum(bool(_TILL.search(folded(line))) for line in lines) >= 1:
        return "receipt", 0.5
    best = max(scores, key=lambda kind: scores[kind])
    if scores[best] < 1:
        return "other", None
    return best, round(scores[best] / sum(scores.values()), 3)


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
        ("rfq", ("rfq",)), ("boq", ("boq", "bill_of_quantities")), ("quotation", ("quotation", "quote_")),
        ("invoice", ("invoice",)), ("receipt", ("receipt",)), ("contract", ("contract_",)),
        ("purchase_order", ("purchase_order", "po_number", "order_number")),
    ):
        if any(part in text for part in parts):
            return kind
    return "other"
