"""What requests and tenders say of their closing, place of delivery, security, validity, buyer and the documents to bring."""

import re
from collections.abc import Iterator, Sequence

from kraftd_core.adapters.readers.common.parties.names import is_name, name_at_start
from kraftd_core.adapters.readers.common.prose.clauses import ASIDE, PLAIN, Hit
from kraftd_core.adapters.readers.common.prose.marks import Marked, dates_in, marked
from kraftd_core.adapters.readers.common.prose.orders import is_whole_text
from kraftd_core.adapters.readers.common.prose.passages import Passage, Sentence
from kraftd_core.adapters.readers.common.prose.said import LabelledValue, keyed, said_under
from kraftd_core.adapters.readers.common.prose.titles import code_at_start, numbers_in_titles
from kraftd_core.adapters.readers.common.reading import ReadTable
from kraftd_core.adapters.readers.common.values import Manner, folded

_LABELS = keyed({
    "due": "closing date|closing date and time|closing date & time|closing time|tender closing date|bid closing date|"
    "submission deadline|deadline|"
    "deadline for submission|deadline for submissions|deadline for submission of bids|deadline for submission of tenders|"
    "response due|"
    "response due date|due date|due date and time|quotation due date|bid due date|proposal due date|proposals due|quotes due|"
    "bids due|"
    "last date of submission|last date for submission|last date and time for submission of bids|last date of bid submission|"
    "last date & time for submission|last date and time of submission|last date and time for submission|bid end date/time|"
    "bid submission end date|bid submission closing date|bid submission deadline|"
    "offers due|tenders due|submission date|return date|tender return date|closing|closes|closes on|bid opening date and closing|"
    "angebotsfrist|ablauf der angebotsfrist|abgabefrist|abgabetermin|einreichungsfrist|submissionstermin|schlusstermin|"
    "schlusstermin fur den eingang der angebote|frist fur den eingang der angebote|angebotsabgabe bis|angebotsabgabe|"
    "date limite de remise des offres|date et heure limites de remise des offres|date et heure limite de remise des offres|"
    "date limite de reception des offres|date et heure limites de reception des offres|date limite de depot|date limite|"
    "date limite de depot des offres|remise des offres|date limite de reponse|"
    "fecha limite de presentacion|fecha limite de presentacion de ofertas|plazo de presentacion|plazo de presentacion de ofertas|"
    "fecha limite|fecha de cierre|fecha y hora de cierre|fecha limite para la presentacion de ofertas|"
    "fecha limite de recepcion de ofertas|"
    "fecha limite de entrega de ofertas|cierre de recepcion de ofertas",
    "closing_time": "closing time|bid closing time|submission time|heure limite|hora limite|uhrzeit|time of closing|bid end time",
    "delivery_place": "place of delivery|delivery place|delivery location|delivery address|deliver to|ship to|"
    "place of performance|"
    "place of supply|site|site location|location of work|location of works|work site|lieferort|leistungsort|ort der leistung|"
    "ort der lieferung|ausfuhrungsort|erfullungsort|lieferadresse|lieu de livraison|lieu d'execution|"
    "lieu d'execution des prestations|adresse de livraison|"
    "lugar de entrega|lugar de ejecucion|direccion de entrega|place of work|consignee|delivery point|destination",
    "bid_security": "bid security|emd|earnest money|earnest money deposit|emd amount|bid bond|bid guarantee|tender security|"
    "tender bond|"
    "earnest money deposit amount|earnest money amount|bid security amount|"
    "bietungsburgschaft|bietsicherheit|angebotssicherheit|garantie de soumission|caution de soumission|caution provisoire|"
    "garantia provisional|"
    "garantia de mantenimiento de oferta|garantia de seriedad de la oferta|fianza provisional",
    "bid_validity": "bid validity|validity|tender validity|validity of bid|validity of offer|offer validity|"
    "validity of quotation|quotation validity|"
    "bid validity period|validity period|tender validity period|validity of tender|validity of offers|validity of the offer|"
    "proposal validity|bid offer validity|"
    "bindefrist|zuschlags- und bindefrist|zuschlagsfrist|angebotsbindefrist|bindefrist des angebots|bindefrist bis|"
    "delai de validite|"
    "delai de validite des offres|duree de validite des offres|validite des offres|validite de l'offre|plazo de validez|"
    "plazo de validez de las ofertas|validez de la oferta|validez de las ofertas|vigencia de la oferta|"
    "mantenimiento de la oferta",
    "customer_name": "issued by|contracting authority|procuring entity|purchaser|buyer|client|employer|owner|buying organisation|"
    "buying organization|organisation|organization|organisation name|organization name|name of organisation|procuring agency|"
    "tender inviting authority|inviting authority|name of the employer|name of purchaser|"
    "vergabestelle|auftraggeber|ausschreibende stelle|offentlicher auftraggeber|auftraggebende stelle|anfragender|"
    "pouvoir adjudicateur|acheteur|entite adjudicatrice|maitre d'ouvrage|maitrise d'ouvrage|acheteur public|organisme acheteur|"
    "nom de l'acheteur|empresa solicitante|entidad solicitante|solicitante|organo de contratacion|entidad contratante|"
    "poder adjudicador|comprador|entidad adjudicadora|organismo|"
    "entidad convocante",
    "customer_at_large": "company|customer|requested by|from|department name|ministry/state name|agency|empresa|entreprise|"
    "firma|societe|"
    "from company|company name",
    "payment_terms": "payment terms|terms of payment|payment|zahlungsbedingungen|conditions de paiement|condiciones de pago|"
    "forma de pago",
    "number": "rfq number|rfq no|rfq ref|rfq|rfp number|rfp no|rfp|rfi no|itt no|itt ref|itb no|itb number|ifb no|ifb number|"
    "solicitation number|solicitation no|tender number|tender no|tender ref|tender reference|tender reference number|"
    "tender id|tender ref no|"
    "bid number|bid no|bid ref|nit no|nit number|enquiry no|enquiry number|enquiry ref|inquiry no|inquiry number|request number|"
    "reference number|ref no|quotation request no|rfq reference|rfp reference|procurement reference|notice no|"
    "vergabenummer|vergabe-nr|vergabe nr|ausschreibungsnummer|ausschreibung nr|anfragenummer|anfrage nr|anfrage-nr|aktenzeichen|"
    "numero de consultation|n de consultation|n de marche|numero de marche|reference de la consultation|reference|"
    "numero de expediente|expediente|n de expediente|expediente n|numero de licitacion|licitacion n|referencia|n expediente|"
    "numero de solicitud",
    "date": "rfq date|issue date|date of issue|issued on|date issued|date|dated|tender date|notice date|publication date|"
    "datum|date de publication|"
    "date d'envoi|fecha|fecha de publicacion|date of notice|bid start date",
    "project_name": "project|project name|name of work|name of the work|title|subject|project title|tender title|objet|"
    "objet du marche|"
    "objet de la consultation|objeto|objeto del contrato|leistung|massnahme|bauvorhaben|projekt|bezeichnung des auftrags|"
    "name of project|"
    "description of work|work description|tender for|rfq for|rfp title|rfq title|intitule|betreff|asunto",
    "contact": "contact|contact person|contact name|ansprechpartner|personne a contacter|contacto|persona de contacto|"
    "procurement officer|"
    "contracting officer|buyer contact",
})  # fmt: skip
_OFFERS = (
    r"(?:bids?|tenders?|quotations?|quotes?|proposals?|offers?|responses?|submissions?|submit\w*|angebote?s?|offres?|plis|"
    r"candidatures?|"
    r"ofertas?|propuestas?|proposiciones|preisangebot\w*|closing|deadline|teilnahmeantr\w+)"
)
_CLOSING = tuple(map(re.compile, (
    rf"\b{_OFFERS}\b[^⟦]{{0,160}}?\b(?:by|before|until|(?:no|not) later than|on or before|up to|upto|latest by|due(?: on)?|"
    rf"close[sd]?(?: on| at)?|deadline\w*|at or before|prior to|"
    r"bis|bis zum|spatestens|am|avant le|au plus tard(?: le)?|jusqu'au|le|antes del?|hasta el(?: dia)?|hasta las?|"
    r"mas tardar(?: el)?)\b"
    r"(?P<time>[^⟦]{0,60}?)⟦d(\d+)⟧",
    rf"\b(?:deadline|closing|closes?|last date|final date|\w*frist|\w*termin|date limite|fecha limite|cierre|"
    rf"plazo)\b[^⟦]{{0,80}}?\b{_OFFERS}\b(?P<time>[^⟦]{{0,60}}?)⟦d(\d+)⟧",
    rf"\b(?:by|before|until|(?:no|not) later than|on or before|bis(?: zum| spatestens)?|spatestens(?: am| bis zum)?|avant le|"
    rf"au plus tard le|antes del?|hasta el)"
    rf"(?P<time>[^⟦]{{0,40}}?)⟦d(\d+)⟧[^⟦]{{0,100}}?\b{_OFFERS}\b",
)))  # fmt: skip
_NO_CLOSING = re.compile(
    r"\b(?:questions?|clarification\w*|queries|enquir\w+ (?:shall|must|may)|site visit|pre-?bid|opening|opened|open on|"
    r"award\w*|valid\w*|bindefrist|fragen|ruckfragen|"
    r"validite|questions|visite|validez|consultas|visita|apertura|addend\w+|start|issue\w*|publish\w*|download|sale of|"
    r"available|zuschlag\w*|intent)\b"
)
_TIME = re.compile(
    r"(?<![\d.:])(?:(?P<hour>\d{1,2})(?:\s?[:.h]\s?(?P<minute>[0-5]\d))?\s?(?P<half>[ap]\.?\s?m\.?(?![\w]))|"
    r"(?P<h24>\d{1,2})\s?[:.h]\s?(?P<m24>[0-5]\d)(?::[0-5]\d)?(?![\d.])(?:\s?(?:hrs?|hours?|uhr|heures?|horas?|h)\b)?|"
    r"(?P<bare>\d{1,2}|[01]\d[0-5]\d|2[0-3][0-5]\d)\s?(?:hrs?|hours|uhr|heures|horas|h)\b|(?P<noon>12 noon|noon|midday|"
    r"mittags|midi|mediodia))",
    re.IGNORECASE,
)
_ZONE = re.compile(
    r"\b(?P<zone>IST|GMT(?:\s?[+-]\s?\d{1,2}(?::\d{2})?)?|UTC(?:\s?[+-]\s?\d{1,2}(?::\d{2})?)?|BST|[ECMP][SD]T|[ECMP]T|AKST|"
    r"HST|CES?T|MES?Z|GST|AST|SGT|MYT|PKT|AE[SD]T|WES?T|EES?T|SAST|EAT|"
    r"(?:(?:Indian|Gulf|Arabian?|Eastern|Central|Mountain|Pacific|Atlantic|British|UK|Oman|Qatar|Saudi|Kuwait|Bahrain|UAE|"
    r"Dubai|Singapore|London|New York|Paris|Madrid|Berlin)\s)?(?:Standard|Daylight|Summer)?\s?"
    r"(?:[Ll]ocal\s)?[Tt]ime|Ortszeit|heure (?:de Paris|locale|française)|hora (?:local|peninsular|española|de Madrid))(?!\w)"
)


def request_hits(passages: Sequence[Passage], sentences: Sequence[Marked], manner: Manner) -> Iterator[Hit]:
    """All that the request says of itself."""
    for said in said_under(_LABELS, passages):
        yield from _understood(said, manner)
    for sentence in sentences:
        yield from _closing(sentence)
        yield from _validity(sentence)
        yield from _security(sentence)
    yield from _inviting(passages)
    yield from numbers_in_titles(passages, "rfq", manner)


# Labels


def _understood(said: LabelledValue, manner: Manner) -> Iterator[Hit]:
    text = said.text
    if said.role in ("due", "closing_time"):
        yield from _moment(said, manner)
    elif said.role == "bid_validity":
        sentence = marked(Sentence(text[:300], said.value.passage, said.value.start), manner)
        if mark := next((mark for mark in sentence.marks if mark.kind in "td"), None):
            yield Hit("bid_validity", said.found(mark.value, mark.start, mark.end))
    elif said.role == "bid_security":
        yield from _secured(marked(Sentence(text[:300], said.value.passage, said.value.start), manner))
    elif said.role == "number":
        if code := code_at_start(text):
            yield Hit("number", said.found(*code))
            if found := re.match(r"[\s,;]*(?:dated?|dt|vom|du|de fecha)\b", text[code[2] :], re.IGNORECASE):
                for day, start, end in dates_in(text[: code[2] + 40], manner)[-1:]:
                    if start >= code[2] + found.start():
                        yield Hit("date", said.found(day, start, end))
    elif said.role == "date":
        if days := dates_in(text[:60], manner):
            yield Hit("date", said.found(*days[0]))
    elif said.role in ("customer_name", "customer_at_large"):
        if named := _whole_name(text):
            is_plain = said.role == "customer_name"
            yield Hit("customer_name", said.value.found(*named, said.confidence if is_plain else min(said.confidence, _AT_LARGE)))
    elif said.role == "contact":
        if is_whole_text(text) and len(text) <= 120:
            yield Hit("contact", said.found(text))
    elif is_whole_text(text):
        yield Hit(said.role, said.found(text))


_AT_LARGE = 0.7  # under a label that may mean anybody


def _whole_name(text: str) -> tuple[str, int, int] | None:
    """The whole value where it is a name, as a buyer's with its department is; else the name that it begins with."""
    return (text.strip(), 0, len(text)) if is_name(text.strip()) and name_at_start(text) else name_at_start(text)


def _moment(said: LabelledValue, manner: Manner) -> Iterator[Hit]:
    """A day with its time; where nothing but the time stands there, the time."""
    text = said.text[:160]
    days = dates_in(text, manner)
    if said.role == "due" and not days:
        return
    if days:
        day, start, end = days[0]
        yield Hit("due", said.found(day, start, end))
        text = text[:start] + " " * (end - start) + text[end:]
    yield from _time_in(text, said.value, said.confidence)


def _time_in(text: str, sentence: Sentence, confidence: float) -> Iterator[Hit]:
    if (found := _TIME.search(text)) and (told := _clock(found)):
        yield Hit("closing_time", sentence.found(told, found.start(), found.end(), confidence))
        if zone := _ZONE.search(text, found.end()):
            yield Hit("time_zone", sentence.found(" ".join(zone["zone"].split()), zone.start(), zone.end(), confidence))


def _clock(found: "re.Match[str]") -> str | None:
    """The time as 24 hours: 2:00 PM is 14:00."""
    if found["noon"]:
        return "12:00"
    bare = found["bare"] or ""
    hour = int(found["hour"] or found["h24"] or bare[:2])
    minute = int(found["minute"] or found["m24"] or bare[2:] or 0)
    if half := found["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half[0].lower() == "p" else 0)
    return f"{hour:02}:{minute:02}" if hour < 24 else None


# Sentences


def _closing(sentence: Marked) -> Iterator[Hit]:
    """Until when offers are taken, and the hour of that day."""
    text = sentence.text
    for pattern in _CLOSING:
        found = pattern.search(text)
        if found is None or _NO_CLOSING.search(text[: found.end()]):
            continue
        mark = sentence.marks[int(found[found.re.groups])]
        yield Hit("due", sentence.found(mark, PLAIN))
        written = sentence.sentence.text
        near = written[max(mark.start - 50, 0) : mark.start] + " " * (mark.end - mark.start) + written[mark.end : mark.end + 60]
        shifted = Sentence(near, sentence.sentence.passage, sentence.sentence.start + max(mark.start - 50, 0))
        yield from _time_in(near, shifted, PLAIN)
        return


_VALID = re.compile(
    rf"\b{_OFFERS}\b[^⟦]{{0,120}}?\b(?:valid|validity|open for acceptance|binding|firm|gultig|gebunden|bindefrist|validite|"
    rf"valables?|validez|vigencia|validas?)\b"
    r"[^⟦]{0,80}?⟦([td])(\d+)⟧|\b(?:bindefrist|zuschlagsfrist)\b[^⟦]{0,60}?⟦([td])(\d+)⟧|\b(?:bound|gebunden|"
    r"engages?)\b[^⟦]{0,60}?⟦([td])(\d+)⟧"
)


def _validity(sentence: Marked) -> Iterator[Hit]:
    """How long, or until when, offers are to be held."""
    if (found := _VALID.search(sentence.text)) and not re.search(r"\b(?:security|bond|guarantee|emd|burgschaft|garantia|"
        r"warrant\w*)\b", sentence.text):
        number = next(filter(None, (found[2], found[4], found[6])))
        yield Hit("bid_validity", sentence.found(sentence.marks[int(number)], PLAIN))


_SECURITY = re.compile(
    r"\b(?:bid (?:security|bond|guarantee)|tender (?:security|bond)|earnest money(?: deposit)?|emd|bietungsburgschaft|"
    r"bietsicherheit|"
    r"garantie de soumission|caution (?:de soumission|provisoire)|garantia (?:provisional|de seriedad\w*))\b"
)
_PERCENT = re.compile(r"\d{1,2}(?:[.,]\d{1,2})?\s?(?:%|percent|per cent|prozent|pour cent|por ciento)(?:\s+(?:of|des?|der|du|"
    r"del)\s+[^.,;()]{3,60})?", re.IGNORECASE)


def _security(sentence: Marked) -> Iterator[Hit]:
    if _SECURITY.search(sentence.text) and not re.search(r"\b(?:exempt\w*|not required|nil|refund\w*|forfeit\w*|"
        r"without)\b", sentence.text):
        yield from _secured(sentence, ASIDE)


def _secured(sentence: Marked, confidence: float = PLAIN) -> Iterator[Hit]:
    """The sum as it is written, else the share."""
    if mark := next((mark for mark in sentence.marks if mark.kind == "m"), None):
        text = sentence.sentence.text
        start = mark.start - len(found[0]) if (found := re.search(r"(?:Rs\.?|INR|₹)\s?$", text[: mark.start])) else mark.start
        end = mark.end + len(found[0]) if (found := re.match(r"/-|-", text[mark.end :])) else mark.end
        yield Hit("bid_security", sentence.sentence.found(text[start:end].strip(), start, end, confidence))
    elif share := _PERCENT.search(sentence.sentence.text):
        yield Hit("bid_security", sentence.sentence.found(" ".join(share[0].split()), share.start(), share.end(), confidence))


_INVITES = re.compile(
    r"(?P<who>[^;:]{3,160}?),?\s+(?:hereby\s+|herewith\s+)?(?:invites?|is\s+(?:soliciting|seeking|inviting|requesting|"
    r"accepting)|solicits?|requests?\s+(?:sealed\s+)?(?:bids|tenders|quotations|proposals)|"
    r"intends\s+to|wishes\s+to\s+(?:procure|purchase)|lädt\s+\w+|bittet\s+um|beabsichtigt|schreibt\s+\w+|lance|souhaite|"
    r"consulte|invite|convoca|licita|solicita|invita)\b"
)
_OFFICER = re.compile(r"^(?:(?:the|on behalf of|for and on behalf of)\s+)?(?:[^,]{0,60}\b(?:engineer|officer|director|manager|"
    r"secretary|commissioner|chairman|registrar|superintendent|president)\b[^,]{0,30},\s*)(?=\S)", re.IGNORECASE)


def _inviting(passages: Sequence[Passage]) -> Iterator[Hit]:
    """Who invites offers, in the first pages' sentences."""
    for passage in passages[:60]:
        for sentence in passage.sentences[:3]:
            found = _INVITES.match(sentence.text)
            if found is None:
                continue
            offset = officer.end() if (officer := _OFFICER.match(found["who"])) else 0
            named = name_at_start(found["who"][offset:])
            if named and not re.search(r"\b(?:tenderer|bidder|supplier|vendor|contractor|bieter|soumissionnaire|"
                r"licitador)s?\b", folded(named[0])):
                name, start, end = named
                yield Hit("customer_name", sentence.found(name, offset + start, offset + end, ASIDE))


# Documents to bring

_ASKS = re.compile(
    r"\b(?:documents?|unterlagen|nachweise|pieces|documentos|documentacion|attachments|information)\b[^.]{0,120}"
    r"\b(?:submit\w*|enclos\w*|attach\w*|requir\w*|includ\w*|accompan\w*|provid\w*|einzureichen|vorzulegen|beizufugen|"
    r"abzugeben|fournir|joindre|produire|remettre|"
    r"presentar\w*|aportar\w*|adjuntar\w*)\b|"
    r"\b(?:following|folgende\w*|suivant\w*|siguientes?)\b[^.]{0,40}\b(?:documents?|unterlagen|nachweise|pieces|documentos)\b|"
    r"^\W*(?:required documents|documents required|mandatory documents|list of documents|documents to be submitted|"
    r"checklist of documents|einzureichende unterlagen|"
    r"pieces a fournir|documents a fournir|documentacion a presentar|documentos requeridos|documentos a presentar)\b"
)
_ITEM = re.compile(r"\s*(?:[-–•▪●*·□☐✓o]\s+|\(?(?:\d{1,2}|[a-zA-Z]|[ivx]{1,5})[.)]\s+|\d{1,2}\s{2,})(?P<what>\S.{2,240})$")
_MOST_DOCUMENTS = 60


def documents_asked(passages: Sequence[Passage]) -> ReadTable | None:
    """The list after a line that asks for documents; None where no list follows one."""
    for n, passage in enumerate(passages):
        if len(passage.text) > 400 or (_ITEM.match(passage.text) and not passage.text.rstrip().endswith(":")):
            continue
        if not _ASKS.search(folded(passage.text)):
            continue
        rows = []
        for item in passages[n + 1 : n + 1 + _MOST_DOCUMENTS]:
            found = _ITEM.match(item.text)
            if found is None:
                break
            rows.append({"document": item.found(found["what"].strip(" ;,."), found.start("what"), found.end("what"), ASIDE)})
        if len(rows) >= 2:
            return ReadTable("required_documents", rows)
    return None
