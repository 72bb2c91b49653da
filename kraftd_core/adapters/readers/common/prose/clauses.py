"""What the sentences of a contract say: its days, term, renewal, notice, value, payment, law and the cap of liability."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kraftd_core.adapters.readers.common.prose.marks import Marked, first_mark
from kraftd_core.adapters.readers.common.reading import Found

# How sure a sentence makes us: one that says it in so many words, and one that says it by the way.
PLAIN, ASIDE, LOOSELY = 0.88, 0.75, 0.6
_LONGEST_CLAUSE = 300

_OF_CONTRACT = re.compile(
    r"\b(?:agreement|contract|sow|statement of work|(?:initial |contract )?term|framework|lease|(?:rental|hire|licen[cs]e|"
    r"subscription) (?:period|term)|engagement|appointment|deed|"
    r"services? (?:shall|will|period)|works|"
    r"\w*vertrag\w*|\w*vereinbarung|\w*laufzeit|vertragsverhaltnis\w*|arbeiten|ausfuhrung|travaux|obras|contrat|"
    r"accord(?:-cadre)?|marche|convention|duree|"
    r"contrato|acuerdo|convenio|vigencia|duracion|plazo)\b"
)
_OF_OTHERS = re.compile(
    r"\b(?:warrant\w*|guarantees?|insurance|confidential\w*|secre\w+|geheimhaltung\w*|gewahrleistung\w*|garantie\w*|garantia|"
    r"versicherung\w*|"
    r"assurance|seguro|confidentialite|confidencial\w*|surviv\w+|nach beendigung|following (?:the )?(?:termination|disclosure|"
    r"expir\w+)|"
    r"after (?:the )?(?:termination|expir\w+)|fortbesteh\w*|non-compet\w*|"
    r"non-solicit\w*|retention|records?|price list|quotation|offer|audit|probation\w*|probezeit)\b"
)
_OTHER_PAPER = re.compile(
    r"(?:under|pursuant to|in accordance with|subject to|reference to|refer\w* to|terms of|governed by|supplements?|"
    r"amends?|amending|gemass|"
    r"aufgrund|im rahmen|conformement|en vertu|conforme|en virtud|proposal|offer|quotation|angebot|devis|offre|"
    r"oferta)\b[^⟦]{0,120}$"
)

# Days

_DATED = tuple(map(re.compile, (
    r"(?:\bthis\b[^⟦]{0,60}?|^\W*(?:[\w-]+\W+){0,6}?)\b(?:agreement|contract|deed|sow|statement of work|lease|addendum|"
    r"amendment)\b[^⟦]{0,120}?"
    r"\b(?:made|entered into|executed|dated|concluded|signed|effective)\b[^⟦]{0,60}?⟦d(\d+)⟧",
    r"^\W*(?:is |was )?(?:made|entered into|dated|executed)\b[^⟦]{0,40}?⟦d(\d+)⟧",
    r"\bthis ⟦d(\d+)⟧",
    r"\b\w*(?:vertrag|vereinbarung) vom ⟦d(\d+)⟧",
    r"\b(?:celebrado|suscrito|firmado|conclu|signe|geschlossen)\b[^⟦]{0,40}?⟦d(\d+)⟧",
)))  # fmt: skip
_PLACED = re.compile(
    r"^\W*(?:(?:fait|done|gegeben|so geschehen|signed|en)\s+(?:a|at|in|zu)?\s*)?[^\W\d⟦][^\d⟦.:;]{1,40}?[,\s]\s?"
    r"(?:(?:den|le|am|a|the|on|dem)\s+)?⟦d(\d+)⟧\W*(?:\(?en \w+ exemplaires.*)?$"
)
_BEFORE_START = r"(?:(?!\b(?:expir|until|through|end|continu|terminat|complet))[^⟦.]){0,40}?"
_STARTS = tuple(map(re.compile, (
    r"\b(?:commenc\w+|begin\w*|start\w*|effective|tak\w+ effect|(?:com|enter)\w* into (?:force|effect)|in force|valid|effect)\b"
    rf"{_BEFORE_START}\b(?:on|as of|as from|from|since|upon|date)?\W{{0,3}}⟦d(\d+)⟧",
    r"⟦d(\d+)⟧\W{0,4}(?:the|such date being the|as the)?\W{0,3}(?:\w+ )?(?:effective|commencement|start) date",
    r"\b(?:beginnt|beginnen|beginn|tritt|startet|gilt|lauft|wirkung)\b[^⟦]{0,40}?\b(?:am|ab|ab dem|zum|vom|seit)\s?⟦d(\d+)⟧",
    r"\b(?:prend(?:ra)? effet|entre(?:ra)? en vigueur|commence(?:ra)?|debute(?:ra)?|a compter du|a partir du|date d'effet|"
    r"a effet du)\b"
    r"[^⟦]{0,30}?⟦d(\d+)⟧",
    r"\b(?:entra(?:ra)? en vigor|comenzaran?|comienzan?|iniciara|inicia|surtira efectos?|a partir del?|efectos? (?:desde|del?|"
    r"a partir del?))\b"
    r"[^⟦]{0,30}?⟦d(\d+)⟧",
)))  # fmt: skip
_FROM_TO = re.compile(
    r"\b(?:from|vom|ab|du|del?|desde(?: el)?|between)\s?⟦d(\d+)⟧\W{0,3}(?:and )?(?:shall )?(?:continue |ending |end |up )?"
    r"(?:(?:to|until|through|till|bis(?: zum| einschliesslich)?|au|jusqu'au|al?|hasta(?: el)?|and)\b|"
    r"[-–])\W{0,2}(?:and including )?⟦d(\d+)⟧"
)
_ENDS = tuple(map(re.compile, (
    r"\b(?:until|through|thru|till|ends?|ending|expir\w+|terminates?|conclud\w+|completed by|complete by)\b[^⟦.]{0,40}?⟦d(\d+)⟧",
    r"\b(?:endet|befristet|bis zum|bis|ablauf des)\b[^⟦]{0,30}?⟦d(\d+)⟧",
    r"\b(?:prend(?:ra)? fin|expire(?:ra)?|jusqu'au|se termine(?:ra)?|s'acheve(?:ra)?)\b[^⟦]{0,30}?⟦d(\d+)⟧",
    r"\b(?:finalizaran?|finaliza|terminaran?|termina|vencera|vence|expirara|hasta(?: el)?|concluira)\b[^⟦]{0,30}?⟦d(\d+)⟧",
)))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hit:
    """A value found for a role, and how plainly it is said."""

    role: str
    found: Found

    @property
    def confidence(self) -> float:
        return self.found.spot.confidence or 0.0


def hits_in(sentence: Marked) -> Iterator[Hit]:
    """All that the sentence says of the contract."""
    has_date = "⟦d" in sentence.text
    if has_date:
        yield from _days(sentence)
    if "⟦t" in sentence.text:
        yield from _term(sentence)
        yield from _notice(sentence)
    if _RENEWS.search(sentence.text) and not _is_heading(sentence.sentence.text):
        yield Hit("renewal", sentence.sentence.found(_clipped(sentence.sentence.text), 0, len(sentence.sentence.text), PLAIN))
    if "⟦m" in sentence.text:
        yield from _value(sentence)
    yield from _payment(sentence)
    yield from _law(sentence)
    yield from _cap(sentence)


def _is_heading(text: str) -> bool:
    """Whether the words head a clause and say nothing: few of them, or all in capitals."""
    return len(text.split()) < 6 or text.isupper()


def _clipped(text: str) -> str:
    """A sentence without its number; a long one ends with its first part."""
    bare = " ".join(re.sub(r"^\s*(?:§\s?\d+|\(?\d{1,2}(?:\.\d{1,2}){0,3}[.)]?|\([a-z\d]{1,2}\))\s+", "", text).split())
    return bare if len(bare) <= _LONGEST_CLAUSE else bare[: bare.rfind(" ", 0, _LONGEST_CLAUSE)] + " …"


def _days(sentence: Marked) -> Iterator[Hit]:
    text = sentence.text
    yield from _dated(sentence)
    if not _OF_CONTRACT.search(text) and not re.search(r"(?:effective|commencement|start|end) date", text):
        return
    if _OF_OTHERS.search(text):
        return
    if both := _FROM_TO.search(text):
        for role, number in (("effective_date", both[1]), ("due", both[2])):
            yield Hit(role, sentence.found(sentence.marks[int(number)], PLAIN))
        return
    for role, patterns in (("effective_date", _STARTS), ("due", _ENDS)):
        if found := next((match for pattern in patterns if (match := pattern.search(text))), None):
            if role == "effective_date" and _OTHER_PAPER.search(text[: found.start()]):
                continue
            if role == "due" and _MAY_END.search(text[: found.start(1)]):
                continue
            yield Hit(role, sentence.found(sentence.marks[int(found[1])], PLAIN))


_MAY_END = re.compile(
    r"\b(?:may|kann|peut|podra|notice|paid|pay|deliver\w*|liefer\w*|livr\w*|submit\w*|complet\w+ (?:of|the work)|zahl\w*|"
    r"verlanger\w*|renew\w*|price\w*)\b"
    r"[^⟦]{0,120}$"
)


def _dated(sentence: Marked) -> Iterator[Hit]:
    for pattern in _DATED:
        for found in pattern.finditer(sentence.text):
            if not _OTHER_PAPER.search(sentence.text[: found.start(1) - 2]) and not _is_effective_alone(found[0]):
                yield Hit("date", sentence.found(sentence.marks[int(found[1])], PLAIN))
                return
    if placed := _PLACED.search(sentence.text):
        yield Hit("date", sentence.found(sentence.marks[int(placed[1])], ASIDE))


def _is_effective_alone(text: str) -> bool:
    """Whether it says from when the contract holds, and not when it was made."""
    return "effective" in text and not re.search(r"\b(?:made|entered into|executed|dated|concluded|signed)\b", text)


# Term, renewal and notice

_TERMS = tuple(map(re.compile, (
    r"\b(?:term|period|duration|remain\w*|continue\w*|valid|in force|laufzeit|dauer|duree|duracion|plazo|"
    r"vigencia)\b[^⟦.]{0,60}?⟦t(\d+)⟧",
    r"⟦t(\d+)⟧\W{0,3}(?:initial )?(?:term|from the (?:effective|commencement|start) date)",
)))  # fmt: skip
_RENEWS = re.compile(
    r"\b(?:(?:auto\w*[- ])?renew(?:s|ed|al|able)?(?: automatically)?|automatically (?:extend\w*|be extended)|verlangert sich|"
    r"verlangerung um|"
    r"tacite reconduction|reconduit\w*|reconductible\w*|renouvel\w+|prorroga\w*|renova(?:ra|cion|do|ble|rse))\b"
)
_NEVER_RENEWS = re.compile(r"\bnot (?:be )?(?:auto\w* )?(?:renew|extend)\w*|\bkeine (?:automatische )?verlangerung|"
    r"\bno se (?:renovara|prorrogara)|\bne (?:sera|peut)")
_NOTICE_NEAR = re.compile(r"\b(?:notices?|prior|frist|kundigungsfrist|preavis|preaviso|antelacion|anticipacion|"
    r"(?:ge)?kundig\w+|avance|aviso)\b")
_ENDING = re.compile(
    r"\b(?:terminat\w+|cancel\w*|ends? (?:this|the)|kundig\w*|gekundigt|resili\w+|denonc\w+|resolver|resolucion|rescind\w*|"
    r"rescision|terminar|"
    r"notice period|"
    r"kundigungsfrist|desist\w+)\b"
)
_WITH_CAUSE = re.compile(
    r"\b(?:breach\w*|default\w*|cure[ds]?|remed\w+|insolven\w*|bankrupt\w*|fail\w*|non-?payment|wichtige\w* grund\w*|"
    r"verletz\w*|verzug|"
    r"manquement\w*|inexecution|mise en demeure|incumplimiento\w*|subsan\w+|force majeure|hohere\w* gewalt|fuerza mayor|"
    r"unpaid|overdue)\b"
)
_EITHER = re.compile(r"\b(?:either|each|any|both|jede\w*|beide\w*|chaque|chacune|l'une|cualquiera|ambas|cada)\b")


def _term(sentence: Marked) -> Iterator[Hit]:
    text = sentence.text
    if not _OF_CONTRACT.search(text):
        return
    for pattern in _TERMS:
        for found in pattern.finditer(text):
            head, tail = text[: found.start(1)], text[found.end() : found.end() + 25]
            if _OF_OTHERS.search(text) or _RENEWS.search(head) or _NOTICE_NEAR.search(head) or _NOTICE_NEAR.search(tail):
                continue
            if re.search(r"\b(?:pay\w*|invoice\w*|zahl\w*|rechnung\w*|factur\w*|paiement|pago|within|innerhalb|binnen)\b", head):
                continue
            yield Hit("term", sentence.found(sentence.marks[int(found[1])], PLAIN))
            return


def _notice(sentence: Marked) -> Iterator[Hit]:
    """How long before the end of a term, or of the contract, notice is given; for cause is another matter."""
    text = sentence.text
    renews = _RENEWS.search(text)
    if not renews and not _ENDING.search(text):
        return
    for found in re.finditer(r"⟦t(\d+)⟧", text):
        before = text[max(found.start() - 70, 0) : found.start()].rpartition("⟧")[2]
        after = text[found.end() : found.end() + 60]
        after = re.split(r"⟦|, |;|\b(?:unless|sauf|salvo|wenn)\b", after)[0]
        near = _NOTICE_NEAR.search(after) or re.search(rf"(?:{_NOTICE_NEAR.pattern})[^⟦]{{0,40}}$", before)
        if not near or _WITH_CAUSE.search(before + after) or re.search(r"\b(?:within|after|following|nach)\W+$", before):
            continue
        mark = sentence.marks[int(found[1])]
        if renews and renews.start() < found.start() and not _NEVER_RENEWS.search(text):
            yield Hit("renewal_notice", sentence.found(mark, PLAIN))
        elif _ENDING.search(text) and not renews:
            yield Hit("notice_period", sentence.found(mark, PLAIN if _EITHER.search(text) else ASIDE))
        return


# Sums

_STRONG_VALUE = re.compile(
    r"\b(?:(?:total )?contract (?:price|sum|value|amount)|total (?:contract )?(?:price|value|fees?|consideration|cost|"
    r"compensation|amount)|"
    r"purchase price|fixed (?:price|fee)|lump[- ]sum(?: price| fee)?|aggregate (?:price|fees?|value)|(?:estimated|total) value|"
    r"value of (?:this|the) (?:agreement|contract)|auftragswert|auftragssumme|auftragsvolumen|gesamt(?:vergutung|preis|betrag|"
    r"honorar|wert)|"
    r"pauschal(?:preis|vergutung|honorar|betrag)|vertragssumme|vertragswert|kaufpreis|festpreis|"
    r"prix (?:total|global|forfaitaire|ferme|du marche|du contrat)|montant (?:total|global|du marche|du contrat|forfaitaire)|"
    r"precio (?:total|global|del contrato|cerrado|fijo)|importe (?:total|global|del contrato)|valor (?:total )?del contrato)\b"
)
_NO_VALUE = re.compile(
    r"\b(?:liab\w+|haft\w+|responsab\w+|penalt\w+|insur\w+|versicher\w+|assur\w+|seguro|deposit|guarantee|bond|damages|"
    r"exceed\w*|maximum|"
    r"hochst\w*|plafon\w*|minimum|mindest\w*|cap|limit\w*|vertragsstrafe|penalite\w*|penalizacion|retention|advance|anzahlung|"
    r"acompte|anticipo|"
    r"expenses|travel|increase[ds]?|threshold|less than|more than|instalments?|milestone|rate[ns]?|sicherheit\w*|fianza|"
    r"garantia|garantie)\b"
)
_TO_ITS_MOST = re.compile(r"\b(?:shall|will|must|may)? ?not (?:to )?exceed\b")  # a value told by its most is still told
_EACH = re.compile(r"^\W{0,3}(?:per|each|je|pro|par|por|monthly|annually|pro jahr|a year|/)\b|^\s?/")


def _value(sentence: Marked) -> Iterator[Hit]:
    text = sentence.text
    for named in _STRONG_VALUE.finditer(text):
        if _NO_VALUE.search(_TO_ITS_MOST.sub(" ", text) if "contract" in named[0] else text):
            return
        found = re.compile(r"[^⟦]{0,110}?⟦m(\d+)⟧").match(text, named.end()) or re.search(
            r"⟦m(\d+)⟧[^⟦]{0,40}$", text[: named.start()]
        )
        if found and not _EACH.search(text[text.index(f"⟦m{found[1]}⟧") + len(f"⟦m{found[1]}⟧") :]):
            mark = sentence.marks[int(found[1])]
            is_plain = "contract" in named[0] and not _TO_ITS_MOST.search(text)
            yield Hit("total", sentence.found(mark, PLAIN if is_plain else ASIDE if _TO_ITS_MOST.search(text) else ASIDE + 0.05))
            if mark.currency:
                yield Hit("currency", sentence.found(mark, PLAIN, mark.currency))
            return


_LIABLE = re.compile(r"\b(?:liab\w+|haft\w+|ersatzpflicht|responsab\w+|indemni\w+)\b")
_CAPPED = re.compile(
    r"\b(?:not exceed|exceed|(?:be |is |are )?limited to|capped at|limited in aggregate to|auf(?= [^.]{0,160}\b(?:begrenzt|"
    r"beschrankt))|"
    r"(?:begrenzt|beschrankt) auf|ubersteigt|plafonn\w+ a|limitee? a|ne (?:saurait|pourra|peut) exceder|excedera|superara|"
    r"podra exceder(?: de)?|"
    r"limitad[ao] a|limitara a|limite de)(?!\w)"
)
_UNCAPPED = re.compile(r"\b(?:nothing|unlimited|unbeschrankt|unbegrenzt|illimite\w*|ilimitad\w*|insurance|versicherung\w*)\b")


def _cap(sentence: Marked) -> Iterator[Hit]:
    """To what liability is limited: a sum as it is written, else the words that say it."""
    text = sentence.text
    if not _LIABLE.search(text) or _UNCAPPED.search(text):
        return
    capped = _CAPPED.search(text)
    if capped is None:
        return
    sum_ = re.compile(r"[^⟦;]{0,100}?⟦m(\d+)⟧").match(text, capped.end())
    if mark := first_mark(sum_, sentence.marks):
        yield Hit("liability_cap", sentence.found(mark, PLAIN, sentence.written(mark)))
    elif told := _in_own_words(sentence, _CAPPED_BEHIND, 160) or _in_own_words(sentence, _CAPPED_AS_WRITTEN, 160):
        yield Hit("liability_cap", told)


_CAPPED_BEHIND = re.compile(r"\bauf\s+(?P<said>[^.;]{4,160}?)\s+(?:begrenzt|beschränkt)\b", re.IGNORECASE)
_CAPPED_AS_WRITTEN = re.compile(
    r"(?:exceed|limited to|capped at|beschränkt auf|begrenzt auf|limitée? à|plafonnée? à|excéder|superará|excederá|limitada a|"
    r"auf)\s+"
    r"(?P<said>[^.;]{4,200})", re.IGNORECASE,
)


def _in_own_words(sentence: Marked, pattern: "re.Pattern[str]", longest: int) -> Found | None:
    """What the group `said` of the pattern holds, where it is short enough to be one thing."""
    found = pattern.search(sentence.sentence.text)
    if found is None or len(said := " ".join(found["said"].split()).strip(" ,")) > longest or not said:
        return None
    return sentence.sentence.found(said, found.start("said"), found.end("said"), ASIDE)


# Payment

_SPAN = "\ue000"  # in the place of a span of time, in a sentence as it is written
_PAYS = re.compile(r"\b(?:pay(?:s|able|ments?)?|paid|invoices?|net|zahl\w*|bezahl\w*|rechnung\w*|factur\w*|pai\w+|pay[ée]e?s?|"
    r"regl\w+|pag\w+|abon\w+|due)\b")
_NO_PAYMENT = re.compile(
    r"\b(?:late|interest|overdue|dispute\w*|disputing|verzug\w*|retard|mora|refund\w*|terminat\w+|suspend\w*|verzinsen|zinsen|"
    r"object\w*|advance|"
    r"confidential\w*|credit note|deposit|retention|reimburs\w+|withhold\w*|penalt\w+|pay off)\b"
)
_PAYMENTS = tuple(re.compile(pattern.replace("SPAN", _SPAN), re.IGNORECASE) for pattern in (
    r"\bnet\s+(?:SPAN|\d{1,3}|[a-z]+ \(\d{1,3}\))(?:\s+days?)?(?:\s+(?:from|of|after)\s+[^.,;()]{3,60})?",
    r"\b(?:within|not later than|no later than)\s+SPAN(?:\s+(?:of|from|after|following)\s+[^.,;()]{3,80})?",
    r"SPAN\s+(?:from|after|of)\s+(?:the\s+)?(?:date\s+of\s+)?(?:receipt|invoice|delivery|presentation|submission)[^.,;()]{0,60}",
    r"\b(?:innerhalb|binnen)(?:\s+von)?\s+SPAN\s?[^.;,()]{0,70}?(?=\s+(?:(?:zur\s+)?zahl\w+|zu\s+\w+|fällig\w*|beglichen|"
    r"gezahlt|überwiesen|"
    r"bezahlt)|[.;,(]|$)",
    r"SPAN\s+(?:netto|rein netto|nach\s+[^.;,()]{3,60})",
    r"(?:\bà|\bsous|\bdans un délai de|\bdans les)?\s?SPAN\s+(?:fin de mois|(?:à compter|à réception|de réception|réception|"
    r"date|après|suivant|de la date|nets?)[^.;()]{0,70}|net)",
    r"\b(?:sous|dans un délai de|dans les)\s+SPAN\b",
    r"\b(?:a|en(?: un plazo (?:máximo )?de)?|dentro de(?: los)?|plazo de)\s+SPAN(?:\s+(?:de|desde|a partir|a contar|fecha|"
    r"siguientes)[^.;,()]{0,60})?",
))  # fmt: skip


def _payment(sentence: Marked) -> Iterator[Hit]:
    """Until when invoices are paid, in the words of the sentence."""
    if not _PAYS.search(sentence.text) or _NO_PAYMENT.search(sentence.text) or _OF_OTHERS.search(sentence.text):
        return
    if not re.search(r"⟦t|\bnet\s", sentence.text):
        return
    written, places = _with_spans(sentence)
    for pattern in _PAYMENTS:
        if found := pattern.search(written):
            start, end = places[found.start()][0], places[found.end() - 1][1]
            said = re.sub(r"\s(?:fällig|zahlbar)$", "", " ".join(sentence.sentence.text[start:end].split()).strip(" ,"))
            yield Hit("payment_terms", sentence.sentence.found(said, start, end, PLAIN))
            return


def _with_spans(sentence: Marked) -> tuple[str, list[tuple[int, int]]]:
    """The sentence as it is written, a mark in the place of each span of time, and where each character of it stands."""
    text, at = "", 0
    places: list[tuple[int, int]] = []
    for mark in (mark for mark in sentence.marks if mark.kind == "t"):
        part = sentence.sentence.text[at : mark.start].replace(_SPAN, " ")
        text += part + _SPAN
        places += [*((n, n + 1) for n in range(at, mark.start)), (mark.start, mark.end)]
        at = mark.end
    rest = sentence.sentence.text[at:].replace(_SPAN, " ")
    return text + rest, [*places, *((n, n + 1) for n in range(at, at + len(rest)))]


# Law

_LAWS = tuple(re.compile(pattern, re.IGNORECASE) for pattern in (
    r"\b(?P<said>(?-i:[A-Z])\w+(?:\s(?-i:[A-Z])\w+)?\s+laws?)\s+(?:shall\s+|will\s+)?(?:governs?|appl(?:y|ies))\b",
    r"\b(?:govern\w*|construed|interpreted|subject to|enforced)\b[^.;]{0,120}?\b(?:laws?|legislation)\s+(?:of|in force in|"
    r"applicable in)\s+"
    r"(?:the\s+)?(?P<said>[^,;.()]{2,80}?)(?=\s+(?:without|excluding|irrespective|regardless|except|as to|applicable|"
    r"and\s+(?:the|any|each|both|"
    r"shall|subject|construed)|to the exclusion|exclusive|including|but|from time)\b|[,;.()]|$)",
    r"\blaws?\s+of\s+(?:the\s+)?(?P<said>[^,;.()]{2,60}?)\s+(?:shall\s+|will\s+)?(?:govern|apply|control)",
    r"\bgoverned\b[^.;]{0,60}?\bby\s+(?:the\s+)?(?P<said>[A-Z][\w]+(?:\s+[A-Z]\w+)?\s+laws?)\b",
    r"(?P<said>\b(?:deutsches|österreichisches|schweizerisches|schweizer|luxemburgisches|niederländisches|englisches|"
    r"französisches|liechtensteinisches)\s+Recht)\b"
    r"(?=[^.;]{0,80})",
    r"\b(?:gilt|unterliegt|anwendbar|Anwendung|anzuwenden)\b[^.;]{0,60}?\b(?:dem\s+|"
    r"das\s+)?(?:materielle\w*\s+)?Recht\s+(?:der|des|von)\s+"
    r"(?P<said>[^,;.()]{3,60}?)(?=\s+(?:unter|mit|ohne|und|Anwendung)\b|[,;.()]|$)",
    r"\bRecht\s+(?:der|des)\s+(?P<said>[^,;.()]{3,60}?)\s+(?:Anwendung|anwendbar|anzuwenden|unter\b)",
    r"\b(?:soumis\w*|régi\w*|gouverné\w*)\s+(?:et\s+interprété\w*\s+)?(?:au|par\s+le|par\s+la|par\s+les|à\s+la|aux)\s+"
    r"(?P<said>(?:droit|lois?|législation)\s+[^,;.()]{3,45}?)(?=\s+(?:à l'exclusion|sans|et|tant)\b|[,;.()]|$)",
    r"\b(?:droit|loi)\s+applicable\s+(?:au\s+\w+\s+)?est\s+(?:le|la)\s+(?P<said>(?:droit|loi)\s+[^,;.()]{3,40})",
    r"\b(?:regir[áa]n?|rige|someter[áa]n?|sometido|regulado|regulará|interpretar[áa])\b[^.;]{0,80}?\b(?:por|"
    r"a)\s+(?:lo dispuesto en\s+)?(?:la|las|el|lo)\s+"
    r"(?P<said>(?:legislación|leyes|ley|derecho|normativa)\s+[^,;.()]{3,50}?)(?=\s+(?:y\s+|sin\b|con\b)|[,;.()]|$)",
))  # fmt: skip
_NO_LAW = re.compile(r"\b(?:applicable law|comply|compliance|required by law|permitted by|extent|competent courts? only|"
    r"bankruptcy|data protection)\b")


def _law(sentence: Marked) -> Iterator[Hit]:
    if not re.search(r"\blaws?\b|\brecht\b|\bdroit\b|\blois?\b|legislation|legislacion|\bleye?s?\b|\bderecho\b|"
        r"normativa", sentence.text):
        return
    if _NO_LAW.search(sentence.text) and not re.search(r"govern|construed", sentence.text):
        return
    for pattern in _LAWS:
        found = pattern.search(sentence.sentence.text)
        if found and re.search(r"[A-ZÀ-Þ]|fran|españ|aplicable", found["said"]):
            said = " ".join(found["said"].split()).strip(" ,")
            yield Hit("governing_law", sentence.sentence.found(said, found.start("said"), found.end("said"), PLAIN))
            return


def surest(hits: Sequence[Hit]) -> dict[str, Found]:
    """The surest of each role; where two of one rank say different things, neither."""
    found: dict[str, Found] = {}
    for role in dict.fromkeys(hit.role for hit in hits):
        own = [hit for hit in hits if hit.role == role]
        best = max(hit.confidence for hit in own)
        values = list({str(hit.found.value): hit.found for hit in own if hit.confidence == best}.values())
        if len(values) == 1 or role in _FIRST_COUNTS:
            found[role] = values[0] if len(values) == 1 else _doubted(values[0])
    return found


_FIRST_COUNTS = ("renewal", "payment_terms", "liability_cap", "governing_law", "effective_date", "term", "currency")


def _doubted(found: Found) -> Found:
    return replace(found, spot=replace(found.spot, confidence=LOOSELY))
