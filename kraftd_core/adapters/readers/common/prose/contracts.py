"""A contract read as one: its parties, what its sentences and labels say, its signatures and duties, and what was not found."""

import re
from collections.abc import Iterator, Sequence

from kraftd_core.adapters.readers.common.prose.clauses import Hit, hits_in, surest
from kraftd_core.adapters.readers.common.prose.contract_parties import Party, parties_of
from kraftd_core.adapters.readers.common.prose.duties import duties_of
from kraftd_core.adapters.readers.common.prose.marks import Marked, dates_in, marked
from kraftd_core.adapters.readers.common.prose.orders import is_whole_text, trade_terms
from kraftd_core.adapters.readers.common.prose.passages import Passage, Sentence
from kraftd_core.adapters.readers.common.prose.said import LabelledValue, keyed, said_under
from kraftd_core.adapters.readers.common.prose.signatures import signatures_of
from kraftd_core.adapters.readers.common.prose.titles import code_at_start, numbers_in_titles
from kraftd_core.adapters.readers.common.reading import Found, ReadTable
from kraftd_core.adapters.readers.common.values import Manner

_LABELS = keyed({
    "number": "agreement reference|framework reference|framework agreement reference|reference number|contract no|"
    "contract number|contract ref|contract reference|agreement no|agreement number|agreement ref|"
    "sow number|sow no|"
    "sow reference|contract id|agreement id|po number|order number|framework no|framework reference|"
    "vertragsnummer|vertrag nr|vertrags-nr|vertragsnr|n de contrat|contrat n|numero de contrat|numero du contrat|n contrat|"
    "reference du contrat|marche n|numero de contrato|contrato n|n de contrato|contrato numero|n contrato",
    "date": "contract date|agreement date|date of agreement|date of contract|date of this agreement|execution date|dated|date|"
    "vertragsdatum|datum|"
    "date du contrat|date de signature|fecha|fecha del contrato|fecha de firma|signing date",
    "effective_date": "effective date|start date|contract start date|commencement date|start|term start|contract start|"
    "period start|effective from|"
    "service start date|vertragsbeginn|beginn|laufzeitbeginn|date d'effet|date de debut|debut|prise d'effet|fecha de inicio|"
    "inicio|"
    "fecha de entrada en vigor|sow effective date|start of contract",
    "due": "end date|contract end date|expiry date|expiration date|expiry|term end|contract end|completion date|vertragsende|"
    "ende|laufzeitende|date de fin|"
    "fin|date d'echeance|fecha de fin|fecha de finalizacion|fecha de vencimiento|fecha de termino|sow end date|"
    "end of contract|termination date",
    "term": "term|initial term|contract term|duration|contract duration|contract period|period|term of agreement|"
    "term of contract|laufzeit|vertragslaufzeit|"
    "vertragsdauer|dauer|duree|duree du contrat|duracion|plazo|plazo de vigencia|vigencia",
    "renewal": "renewal|renewal terms|renewal term|auto renewal|auto-renewal|verlangerung|renouvellement|reconduction|"
    "prorroga|renovacion",
    "notice_period": "notice period|termination notice|notice of termination|kundigungsfrist|preavis|delai de preavis|"
    "preaviso|plazo de preaviso|termination notice period",
    "total": "contract value|contract price|contract sum|contract amount|total contract value|total contract price|"
    "total value|contract total|total fees|total fee|"
    "total price|purchase price|auftragswert|auftragssumme|vertragssumme|vertragswert|gesamtvergutung|gesamtpreis|"
    "montant du contrat|montant total|montant du marche|prix total|valor del contrato|importe del contrato|precio total|"
    "importe total|total cost|agreement value",
    "payment_terms": "payment terms|terms of payment|payment|payment term|zahlungsbedingungen|zahlungsziel|"
    "conditions de paiement|modalites de paiement|delai de paiement|"
    "condiciones de pago|forma de pago",
    "governing_law": "governing law|applicable law|law|jurisdiction and governing law|anwendbares recht|droit applicable|"
    "loi applicable|ley aplicable|legislacion aplicable",
    "liability_cap": "liability cap|limit of liability|limitation of liability|cap on liability|haftungshochstgrenze|"
    "haftungsgrenze|plafond de responsabilite|"
    "limite de responsabilidad",
    "project_name": "project|project name|project title|contract title|projekt|projet|proyecto|subject|objet|objeto|"
    "gegenstand|vertragsgegenstand",
    "contract_type": "contract type|type of contract|agreement type|vertragsart|type de contrat|tipo de contrato",
})  # fmt: skip
WHAT_IS_ASKED = {
    "parties": "the parties", "date": "the date of the contract",
    "effective_date": "the day from which it holds", "due": "its end",
    "term": "its term",
    "renewal": "a renewal", "notice_period": "a period of notice", "total": "the value", "payment_terms": "the payment terms",
    "governing_law": "the governing law", "liability_cap": "a cap of liability", "signatures": "signatures",
}  # fmt: skip
"""What a reader of contracts looks for, by the names that it is kept under."""


def contract_told(
    passages: Sequence[Passage], sentences: Sequence[Marked], manner: Manner
) -> tuple[dict[str, Found], list[ReadTable], list[str]]:
    """The fields by role, the tables, and in words what was not found in the text."""
    parties = parties_of(passages)
    sentences = [sentence.without([party.name for party in parties]) for sentence in sentences]
    hits = [hit for said in said_under(_LABELS, passages) for hit in _understood(said, manner)]
    hits += [hit for sentence in sentences for hit in hits_in(sentence)]
    hits += list(numbers_in_titles(passages, "contract", manner))
    hits += list(trade_terms(sentences))
    fields = surest(hits)
    fields |= _sides(parties)
    tables = [_table(parties)] if parties else []
    tables += filter(None, (duties_of(sentences, parties), signatures_of(passages, manner, [party.name for party in parties])))
    kept = {*fields, *(table.name for table in tables)}
    missing = [words for name, words in WHAT_IS_ASKED.items() if name not in kept and not (name == "term" and "due" in kept)]
    return fields, tables, missing


def _sides(parties: Sequence[Party]) -> dict[str, Found]:
    """The seller and the buyer; parties that the contract gives no such part are its first and its second."""
    if parties and all(party.side is None for party in parties):
        letters = zip("abcd", parties, strict=False)
        return {f"party_{letter}": party.found for letter, party in letters} if len(parties) > 1 else {}
    fields: dict[str, Found] = {}
    for party in parties:
        if party.side:
            fields.setdefault(party.side, party.found)
    return fields


def _table(parties: Sequence[Party]) -> ReadTable:
    words = {"vendor_name": "supplier", "customer_name": "customer", None: None}
    rows = []
    for party in parties:
        title = Found(party.title, party.found.spot) if party.title else Found(None)
        rows.append({"name": party.found, "role": Found(words[party.side]), "defined_name": title})
    return ReadTable("parties", rows)


def _understood(said: LabelledValue, manner: Manner) -> Iterator[Hit]:
    """What a label's value is for the contract; words where a day or a number should stand are none."""
    text = said.text
    if said.role == "number":
        if code := code_at_start(text):
            yield Hit("number", said.found(*code))
        return
    sentence = marked(Sentence(text[:400], said.value.passage, said.value.start), manner)
    if said.role in ("date", "effective_date", "due"):
        days = dates_in(text[:80], manner)
        if days and (days[0][1] < 20):
            yield Hit(said.role, said.found(days[0][0], days[0][1], days[0][2]))
    elif said.role in ("term", "notice_period"):
        if mark := next((mark for mark in sentence.marks if mark.kind == "t" and mark.start < 60), None):
            yield Hit(said.role, said.found(mark.value, mark.start, mark.end))
    elif said.role == "total":
        if mark := next((mark for mark in sentence.marks if mark.kind == "m" and mark.start < 40), None):
            yield Hit("total", said.found(mark.value, mark.start, mark.end))
            yield Hit("currency", said.found(mark.currency, mark.start, mark.end))
    elif is_whole_text(text) and not re.match(r"\d+(?:\.\d+)*$", text) and (said.role != "governing_law" or len(text) <= 80):
        yield Hit(said.role, said.found(" ".join(text.split())))
