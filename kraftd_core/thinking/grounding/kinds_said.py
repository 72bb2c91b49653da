"""What a statement calls the document: "This is a receipt" of an invoice is as wrong as a false amount."""

import re
from collections.abc import Iterator

from kraftd_core.document.folding import fold
from kraftd_core.document.kinds import is_credit_note, kind_of
from kraftd_core.ports.thinking import Case
from kraftd_core.thinking.payment import payment_of

_KINDS = {
    "credit note": (
        r"credit (?:note|memo)|gutschrift|stornorechnung|rechnungskorrektur|avoir|note de credit"
        r"|nota (?:de|di) credito|creditnota"
    ),
    "invoice": r"invoice|bill(?! of)|rechnung|facture|factura|fattura|factuur",
    "receipt": r"receipt|till slip|quittung|kassenbon|recu|ticket de caisse|recibo|scontrino",
    "quotation": r"quotation|quote|offer|angebot|devis|oferta|presupuesto|offerta|preventivo|offerte",
    "purchase_order": r"(?:purchase )?order(?! confirmation)|bestellung|bon de commande|commande|pedido|orden de compra|ordine",
    "rfq": r"rfq|request for (?:quotations?|quotes?|proposals?)|enquiry|anfrage|appel d'offres|demande de prix|solicitud",
    "boq": r"boq|bill of quantities|leistungsverzeichnis|bordereau|mediciones",
    "contract": r"contract|agreement|vertrag|contrat|contrato|contratto",
}
_IS = (
    r"(?:this|the|it|dies|dieses|das|es|ceci|ce|c'|il|esto|este|questo|dit)"
    r"(?: (?:document|file|pdf|paper|scan|dokument|documento|page))?"
    r" ?(?:is|appears to be|seems to be|looks like|represents|constitutes|ist|est|es|e|parece ser|semble etre) "
    r"(?:clearly |plainly )?(?:an?|the|eine?|die|der|das|une?|la|le|l'|il|un[ao']?|een) ?(?:[^\W\d_]+ ){0,2}?"
)
_ANY = "|".join(f"(?P<{name.replace(' ', '_')}>{words})" for name, words in _KINDS.items())
_SAID = re.compile(
    rf"(?:^|[.!?:;\n]\s*){_IS}(?:{_ANY})\b"
    r"(?! (?:number|no\b|nr\b|date|confirmation|total|amount|is\b))"
)
_HEDGED = re.compile(r"\b(?:not|no|kein|keine|pas|non|nicht|pro|proforma|former|copy of|based on|for|about|against|answer to)\b")
_LONGEST = 400  # characters of a statement that say what the document is


def called_otherwise(text: str, case: Case) -> Iterator[str]:
    """What the document is instead, where a statement calls it one of another kind; nothing where its kind is not known."""
    kind = kind_of(case.data.get("document_type") or case.document_type)
    if kind.name == "other":
        return
    for said in _SAID.finditer(fold(text[:_LONGEST])):
        named = next(name for name in _KINDS if said[name.replace(" ", "_")])
        if not _HEDGED.search(said[0]) and named != _what_it_is(kind.name, case) and not _is_also(named, kind.name, case):
            label = "credit note" if _what_it_is(kind.name, case) == "credit note" else kind.label.lower()
            yield f"it was read as {'an' if label[0] in 'aeiou' else 'a'} {label}"


def _what_it_is(kind: str, case: Case) -> str:
    payment = payment_of(case.data, case.document_type) if kind == "invoice" else None
    return "credit note" if payment is not None and payment.way == "credit" else kind


def _is_also(named: str, kind: str, case: Case) -> bool:
    """A credit note by its sign alone is an invoice, too."""
    return named == "invoice" == kind and not is_credit_note(case.data)
