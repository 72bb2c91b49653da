"""What orders say beside their lines: both parties, where to ship, delivery, terms of trade and of payment, amendments."""

import re
from collections.abc import Iterator, Sequence

from kraftd_core.adapters.readers.common.parties.names import COMPANY, is_name, name_at_start
from kraftd_core.adapters.readers.common.prose.clauses import PLAIN, Hit
from kraftd_core.adapters.readers.common.prose.marks import Marked, dates_in
from kraftd_core.adapters.readers.common.prose.passages import Passage
from kraftd_core.adapters.readers.common.prose.said import BESIDE_LABEL, LabelledValue, keyed, said_under
from kraftd_core.adapters.readers.common.prose.titles import code_at_start, numbers_in_titles
from kraftd_core.adapters.readers.common.values import Manner, folded

_LABELS = keyed({
    "vendor_name": "supplier|vendor|seller|supplier name|vendor name|supplier details|vendor details|supplier bill from|"
    "supplier address|vendor address|"
    "to supplier|to vendor|lieferant|auftragnehmer|verkaufer|fournisseur|vendeur|titulaire|proveedor|vendedor|"
    "datos del proveedor|fornitore|leverancier",
    "customer_name": "buyer|purchaser|customer|client|invoice to|bill to|invoice address|billing address|ordered by|"
    "order from|besteller|auftraggeber|kunde|"
    "rechnungsadresse|rechnungsanschrift|rechnung an|acheteur|client|facturer a|adresse de facturation|donneur d'ordre|"
    "cliente|comprador|"
    "facturar a|direccion de facturacion|buyer name|name of buyer|send invoice to|please invoice|mail invoice to",
    "addressed_to": "to|an|a|para",
    "sent_by": "from|von|de",
    "ship_to": "ship to|shipping address|deliver to|delivery address|delivery to|delivered to|deliver at|place of delivery|"
    "please deliver to|"
    "send goods to|consignee|consignee ship to|delivery location|lieferadresse|lieferanschrift|lieferung an|versandadresse|"
    "lieferort|"
    "adresse de livraison|livrer a|lieu de livraison|direccion de entrega|direccion de envio|entregar en|lugar de entrega|"
    "enviar a|entregar a",
    "delivery_date": "delivery date|date of delivery|required delivery date|requested delivery date|deliver by|delivery by|"
    "required by|required date|"
    "need by date|due on|delivery due|delivery on or before|promised date|promised delivery|promise date|ship date|"
    "liefertermin|lieferdatum|wunschliefertermin|"
    "gewunschter liefertermin|lieferung bis|date de livraison|date de livraison souhaitee|livraison le|date livraison|"
    "fecha de entrega|fecha entrega|entrega",
    "payment_terms": "zahlung|pago|paiement|payment terms|terms of payment|payment term|mode/terms of payment|"
    "mode / terms of payment|payment|"
    "payment conditions|pay terms|"
    "zahlungsbedingungen|zahlungsbedingung|zahlungskonditionen|zahlungsziel|conditions de paiement|conditions de reglement|"
    "modalites de paiement|"
    "condition de paiement|mode de reglement|reglement|delai de paiement|condiciones de pago|forma de pago|condicion de pago|"
    "termino de pago|plazo de pago|condizioni di pagamento",
    "terms": "terms|term|pay",
    "delivery_terms": "terms of delivery|delivery terms|delivery term|shipping terms|freight terms|lieferbedingung|"
    "lieferbedingungen|lieferkonditionen|"
    "conditions de livraison|condiciones de entrega|dispatch terms|price basis",
    "incoterms": "incoterm|incoterms|incoterms 2020|inco terms|trade terms|incoterms®",
    "number": "lpo no|lpo number|lpo ref|local purchase order no|purchase order number|purchase order no|purchase order #|"
    "purchase order|po number|po no|po #|p.o. number|"
    "p.o. no|p.o|order number|order no|"
    "order #|voucher no|work order no|bestellnummer|bestellnr|bestell-nr|bestellung nr|auftragsnummer|numero de commande|"
    "n de commande|commande n|"
    "bon de commande n|pedido n|numero de pedido|n de pedido|pedido de compra n|orden de compra n|numero de orden|"
    "po number / date",
    "date": "auftragsdatum|lpo date|order date|date of order|po date|purchase order date|date|dated|bestelldatum|datum|"
    "date de commande|"
    "date de la commande|fecha de pedido|fecha|"
    "fecha del pedido|issue date|date of issue|po creation date",
    "amendment_number": "amendment no|amendment number|amendment|revision no|revision number|revision|rev no|rev|"
    "change order no|change order number|"
    "anderung nr|revisionsnummer|avenant n|numero de revision|revision n|modification no|modification number|po revision|"
    "order revision",
    "amendment_date": "amendment date|revision date|po revision date|change date|date of amendment|date of revision|"
    "anderungsdatum|date de l'avenant|fecha de revision",
})  # fmt: skip
_INCOTERM = re.compile(
    r"\b(?P<term>(?!CIF[\s:]+[A-Z]?-?\d)(?:EXW|FCA|FAS|FOB|CFR|CIF|CPT|CIP|DAP|DPU|DDP|DDU|DAT)\b(?:[\s,:–-]{1,3}(?!Incoterms|"
    r"INCOTERMS)[A-ZÀ-Þ][\w'’.-]*(?:[ -](?:[A-ZÀ-Þ][\w'’.-]*|site|port|works|warehouse)){0,4})?)"
)
_BY = re.compile(r"\b(?:deliver\w*|delivery|liefer\w*|livr\w*|entreg\w*)\b[^⟦]{0,60}?\b(?:on or before|by|before|"
    r"no later than|bis(?: zum| spatestens)?|am|spatestens|avant le|au plus tard le|le|antes del?|el)\s?⟦d(\d+)⟧")
_NO_DELIVERY = re.compile(r"\b(?:penalt\w*|late|delay\w*|invoice\w*|vertragsstrafe|retard|report|training)\b")


def order_hits(passages: Sequence[Passage], sentences: Sequence[Marked], manner: Manner) -> Iterator[Hit]:
    """What stands under the labels of orders, and what its sentences say."""
    for said in said_under(_LABELS, passages):
        yield from _understood(said, manner)
    yield from numbers_in_titles(passages, "purchase_order", manner)
    yield from trade_terms(sentences)
    for sentence in sentences:
        if "⟦d" in sentence.text and (found := _BY.search(sentence.text)) and not _NO_DELIVERY.search(sentence.text):
            yield Hit("delivery_date", sentence.found(sentence.marks[int(found[1])], PLAIN))


def trade_terms(sentences: Sequence[Marked]) -> Iterator[Hit]:
    """The terms of trade, with their place, as they are written."""
    for sentence in sentences:
        written = sentence.sentence.text
        found = _INCOTERM.search(written)
        if found and (" " in found["term"] or re.search(r"incoterm|lieferbeding|deliver|terms|livraison|entrega|\bprices?\b|"
            r"preise?", sentence.text)):
            term = " ".join(found["term"].split()).strip(" ,.-")
            yield Hit("incoterms", sentence.sentence.found(term, found.start(), found.end(), PLAIN))


def _understood(said: LabelledValue, manner: Manner) -> Iterator[Hit]:
    text = said.text
    if said.role in ("vendor_name", "customer_name"):
        if (named := name_at_start(_without_number(text))) is not None:
            name = text.strip() if said.confidence == BESIDE_LABEL and is_name(text.strip()) and "," not in text else named[0]
            yield Hit(said.role, said.found(_without_number(name)))
    elif said.role in ("addressed_to", "sent_by"):
        if (named := name_at_start(text)) and COMPANY.search(text[: named[2] + 20]):
            role = "vendor_name" if said.role == "addressed_to" else "customer_name"
            yield Hit(role, said.value.found(*named, _BY_ADDRESS))
    elif said.role == "number":
        if code := code_at_start(text):
            yield Hit("number", said.found(*code))
    elif said.role in ("delivery_date", "amendment_date", "date"):
        if days := dates_in(text[:80], manner):
            yield Hit(said.role, said.found(days[0][0], days[0][1], days[0][2]))
    elif said.role == "amendment_number":
        if found := re.match(r"(?:no|nr|n)?[.°º#:]*\s*(?P<no>[A-Z]?\d{1,4}(?:[./-]\d{1,4})?)\b(?![./-]\d)", text, re.IGNORECASE):
            yield Hit(said.role, said.found(found["no"], found.start("no"), found.end("no")))
    elif said.role == "incoterms":
        if found := _INCOTERM.match(text):
            yield Hit(said.role, said.found(" ".join(found["term"].split()), found.start(), found.end()))
    elif said.role == "terms":
        if is_whole_text(text) and _OF_PAYMENT.search(folded(text)) and not _INCOTERM.match(text):
            yield Hit("payment_terms", said.found(" ".join(text.split())))
    elif is_whole_text(text) and (said.role != "ship_to" or not dates_in(text[:30], manner)):
        yield Hit(said.role, said.found(" ".join(text.split())))


_BY_ADDRESS = 0.75
_OF_PAYMENT = re.compile(r"\bnet\b|\bdays?\b|\btage?n?\b|\bjours?\b|\bdias?\b|\badvance\b|\bcredit\b|\bcod\b|\bprepa\w+|"
    r"\bl/?c\b|\beom\b|%")
_NUMBER_BEFORE = re.compile(r"^(?:vendor|supplier|lieferant|no)?\W{0,2}\d{3,10}\s*[-–:/]?\s+(?=[A-ZÀ-Þ])", re.IGNORECASE)


def _without_number(text: str) -> str:
    """A name without the number that the buyer's books have for it."""
    return _NUMBER_BEFORE.sub("", text)


def is_whole_text(text: str) -> bool:
    """Whether the text can be a value by itself: it begins as one does, and is no sentence about something else."""
    begins = re.match(r"[^\W_]", text) is not None and not re.match(r"(?:of|and|or|und|oder|et|ou|de|du|des|y|o|the|shall|is|"
        r"are)\b", folded(text))
    refers = re.search(r"\b(?:shall|must|as per|see|refer to|according to)\b", folded(text))
    return begins and 3 <= len(text) <= 300 and any(c.isalpha() for c in text) and not refers
