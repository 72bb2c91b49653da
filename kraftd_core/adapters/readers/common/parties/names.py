"""Where a party's name begins and ends in a sentence, and what is none: no sentence, label, number or address is a name."""

import re

from kraftd_core.adapters.readers.common.labels import role_of
from kraftd_core.adapters.readers.common.values import find_date, folded

_LEAD = re.compile(
    r"(?:[\s,;:.)\]»”\"–—-]+|(?:and|und|et|y|e)\b|\(?\d{1,2}[.)]|\([a-z\d]{1,3}\)|\([A-Z]\)|d'une part|d'autre part|"
    r"(?:de|por) (?:una|otra) parte|de otra|of the (?:one|other|first|second) part|party of the (?:first|second) part|"
    r"party [ab12]\b\s*:|"
    r"(?:m/s|messrs)\b\.?|(?:the|der|die|das|dem|den|la|le|l'|el|los|las)\b(?!\s+[A-Z][^\s]*\s+(?:Company|Group)\b)\s?|"
    r"(?:firma|société|soci[ée]t[ée] (?:anonyme|par actions simplifi[ée]e)|l'entreprise|entreprise|empresa|sociedad|mercantil|"
    r"entidad|"
    r"compañ[ií]a|firm|company|undersigned)\b(?=\s+[A-ZÀ-Þ])|genannt|bezeichnet|les soussign[ée]s?|reunidos|comparecen)",
    re.IGNORECASE,
)
_FORMS = (
    r"Inc|L\.?L\.?C|L\.?L\.?P|L\.?P|Ltd|Limited|Corp|Corporation|Co|Company|P\.?L\.?C|P\.?C|N\.?A|Pvt|Pte|Pty|"
    r"S\.?\s?L\.?(?:\s?U\.?)?|S\.?\s?A\.?(?:\s?U\.?)?|"
    r"S\.?p\.?A|S\.?r\.?l|GmbH|AG|SE|KG|e\.?\s?K|e\.?\s?V|N\.?V|B\.?V|SAS|SARL|S\.?\s?C\.?\s?P|FZE|FZCO|W\.?L\.?L|LLC"
)
_FORM_BEHIND = re.compile(rf",\s*(?:{_FORMS})\b\.?(?!\s+(?:au|dont|immatricul|de droit|with|"
    rf"à)\b)(?:\s+&\s+Co\.?(?:\s+KG)?)?(?:,\s*(?:{_FORMS})\b\.?)?")
_STOP = re.compile(
    r"\s*(?:[(\[;„“\"«]|\s[–—-]\s|,|:|\n|"
    r"\b(?:an?|ein|eine|une?|una?) (?:[\w-]+\s){0,4}?(?:company|corporation|partnership|entity|individual|firm|bank|institution|"
    r"organi[sz]ation|limited|statutory|public|private|gesellschaft|soci[ée]t[ée]|sociedad)\b|"
    r"\b(?:with|having|whose|incorporated|registered|organi[sz]ed|located|represented|acting|established|domiciled|duly|through|"
    r"mit sitz|vertreten|gesch[äa]ftsans[äa]ssig|ans[äa]ssig|eingetragen|dont|ayant|repr[ée]sent[ée]e?|immatricul[ée]e?|sise?|"
    r"situ[ée]e?|[ée]tablissement|con|representad[ao]|inscrita|provista|domiciliad[ao]|at|of (?:the (?:first|other|"
    r"second) part|\d)|"
    r"hereinafter|hereafter|herein|nachfolgend|nachstehend|im folgenden|ci-après|en adelante|en lo sucesivo|both|each|for the|"
    r"is (?:made|entered)|wird|wurde|a fin de|pour|relating|regarding|concerning|shall|agree|dated)\b)",
    re.IGNORECASE,
)
_STREET = re.compile(r"\s+of\s+(?:[^\s,]+\s+){0,4}(?:Road|Street|Lane|Avenue|Drive|House|Park|Square|Way|P\.?O\.?)\b|\s+of\s+\d")
_SENTENCE = re.compile(
    r"\b(?:shall|will|must|may|hereby|agrees?|is|are|was|were|has|have|been|please|soll|muss|wird|werden|ist|sind|hat|doit|"
    r"est|sont|deber[áa]n?|ser[áa]n?|see|note|according|pursuant|provided|including|following)\b|"
    r"^(?:See|Please|Note|As per|According|Refer|To be|Siehe|Voir|Ver)\b"
)
_TITLE = re.compile(
    r"^(?:invoice|bill|ship(?:ping)?|deliver\w*|payment|page|date|total|sub ?total|quotation|tender|bid|rfq|rfp|contract|"
    r"agreement|order|"
    r"purchase order|terms|conditions|annex|appendix|schedule|exhibit|section|article|clause|attachment|lot|item|"
    r"rechnungs?|vertrag|bestell|angebots?|liefer(?:ung|ant)?|anlage|facture|contrat|bon de|commande|factura|pedido|contrato|"
    r"n/?a|tbd|none|name|address|parties|party|confidential\w*|draft|agreement no|voucher)(?:\b|\s+(?:no|nr|number|date)\b)",
    re.IGNORECASE,
)
_ONLY_TITLE = re.compile(r"^[^\W\d_]+(?:\s+(?:no|nr|number|date|to|by|name|address|details))?\W*$", re.IGNORECASE)
_PLACE = re.compile(
    r"^\d+\w?,?\s.*\b(?:drive|street|road|avenue|lane|way|boulevard|blvd|floor|suite|square|st|rd|ave|rue|place|chemin|quai)\b|"
    r"^(?:p\.?\s?o\.? box|plot (?:no\b)?|floor|suite|unit \d|rue |calle |avenida )|(?:stra(?:ß|ss)e|\bstr\.)\s*\d", re.IGNORECASE,
)
_LONGEST_NAME, _MOST_WORDS = 90, 11

COMPANY = re.compile(
    r"\b(?:gmbh|ag|kg|ohg|e\.?k|ug|mbb|mbh|se|ltd|limited|llp|llc|inc|corp|corporation|plc|pvt|pte|sdn|bhd|pty|company|sarl|"
    r"sas|sasu|"
    r"eurl|s\.?a\.?r\.?l|s\.?\s?a|snc|b\.?v|n\.?v|srl|s\.r\.l|spa|s\.?\s?l|oy|ab|as|e\.?v|fze|fzco|wll|university|city of|"
    r"ministry|"
    r"council|soci[ée]t[ée]|sociedad|landkreis|stadt|gemeinde|commune|mairie|ville|ayuntamiento)\b", re.IGNORECASE,
)
"""What tells a company or an authority by its name."""


def name_at_start(text: str) -> tuple[str, int, int] | None:
    """The name that the text begins with, articles and numbers before it aside, and where it stands; None for no name."""
    start = 0
    while start < len(text) and (lead := _LEAD.match(text, start)) and lead.end() > start:
        start = lead.end()
    end = _end_of_name(text, start)
    name = " ".join(text[start:end].split()).strip(" ,;:–—-")
    return (name, start, end) if is_name(name) else None


def _end_of_name(text: str, start: int) -> int:
    """Where the name ends: at what a name is followed by; a form of companies behind a comma belongs to it."""
    end, at = min(len(text), start + 200), start
    while stop := _STOP.search(text, at, end):
        form = _FORM_BEHIND.match(text, stop.start()) if text[stop.start()] == "," else None
        if form is None:
            end = stop.start()
            break
        at = form.end()
    if street := _STREET.search(text, start, end):
        end = street.start()
    shouted = re.match(r"[A-ZÀ-Þ0-9&.,'’/ -]{5,}?(?=\s+(?:of|de|in|à|en)\s+[A-ZÀ-Þ][a-zà-þ])", text[start:end])
    end = start + shouted.end() if shouted else end
    if dot := re.search(r"(?<=[a-z]{3})\.\s+(?=[A-Z])", text[start:end]):
        end = start + dot.start()
    return end


def is_name(text: str) -> bool:
    """Whether the text may be somebody's name."""
    letters = sum(c.isalpha() for c in text)
    if letters < 3 or letters < 0.5 * len(text.replace(" ", "")) or len(text) > _LONGEST_NAME or len(text.split()) > _MOST_WORDS:
        return False
    if not (text[0].isupper() or text[0].isdigit() or re.match(r"[a-z]+[A-Z]", text)) or text.endswith((":", "?", "!")):
        return False
    return not (role_of(text) or _says_nobody(text) or find_date(text) or is_no_name(text))


_EVERYBODYS_WORDS = """
    invoice order purchase quotation quote offer tender bid request proposal contract agreement document supplier vendor seller
    buyer customer client purchaser employer contractor consultant company firm party parties name names address details contact
    person number no nr ref reference date page total amount the of and or to from by for a an in on at us you your our we
    rechnung bestellung angebot vertrag auftrag lieferant kunde auftraggeber auftragnehmer firma anschrift adresse und der
    die das von facture commande devis contrat fournisseur client acheteur societe entreprise nom et le la les de du des l d
    factura pedido oferta contrato proveedor cliente comprador empresa nombre direccion y el los las del
    terms conditions delivery payment signature signed title position ltd limited inc llc gmbh sa sas sl
"""
_EVERYBODYS = frozenset(_EVERYBODYS_WORDS.split())


def _says_nobody(text: str) -> bool:
    """Whether it is all of words that stand on everybody's papers."""
    return all(word in _EVERYBODYS for word in re.findall(r"[^\W\d_]+", folded(text)))


def is_no_name(text: str) -> bool:
    """Whether it is a sentence, an address, or a title with its number, which are nobody's names."""
    if _SENTENCE.search(text) or _PLACE.search(text):
        return True
    is_title = _TITLE.match(text) and (_ONLY_TITLE.match(text) or re.search(r"\d", text))
    return bool(is_title or re.search(r"@|://|www\.|:\s|_{2,}|\.{4,}", text))
