"""Numbers in titles: "Bestellung Nr. 4500198211", "Appel d'offres ouvert n° 2025-017", and the codes that name themselves."""

import re
from collections.abc import Iterator, Sequence

from kraftd_core.adapters.readers.common.page_values import looks_like_date
from kraftd_core.adapters.readers.common.prose.clauses import Hit
from kraftd_core.adapters.readers.common.prose.marks import dates_in
from kraftd_core.adapters.readers.common.prose.passages import Passage
from kraftd_core.adapters.readers.common.values import Manner

_TITLE, _NAMES_ITSELF = 0.85, 0.75
_LOOKED_AT, _LONGEST = 40, 120  # passages, and characters of a title
_CODE = r"(?P<code>[A-Z0-9](?:[\w.&()-]|/(?!\s)){0,40}\d[\w./()-]{0,20}|\d[\w./-]{1,30})"
_AT_START = re.compile(rf"(?:(?:no|nr|n|ref|number|numero|num)\b[.°º:#]*\s*|#\s?)?{_CODE}(?=[\s,;.|]|$)", re.IGNORECASE)
_KINDS = {
    "contract": r"agreement|contract|statement of work|sow|\w*vertrag\w*|contrat|contrato|accord-cadre|march[ée]|deed|framework",
    "rfq": r"request for (?:quotation|proposal|tender|quote|information|bid|offer)s?|rf[qpi]|it[tb]|ifb|nit|tender(?: notice|"
    r" enquiry)?|"
    r"enquiry|inquiry|solicitation|invitation to (?:bid|tender)|"
    r"bid|\w*ausschreibung|\w*anfrage|angebotsaufforderung|appel d['’]offres|consultation|march[ée]|licitaci[óo]n|expediente|"
    r"concurso|notice inviting \w+|demande de (?:prix|devis|cotation)|solicitud de (?:cotizaci[óo]n|ofertas?|presupuesto)",
    "purchase_order": r"purchase order|p\.?o\.?|work order|order|bestellung|auftrag|bon de commande|commande|"
    r"pedido(?: de compra)?|orden de compra|inkooporder|ordine",
}
_MARKED = r"(?:(?:no|nr|number|ref|nummer|num[ée]ro|n[úu]m)\b[.°º:#]*|n[°º.]\s?[°º]?|n\.?º|n[°º]|n\.\s?o\b|#)"
_TITLES = {
    kind: re.compile(
        rf"^\W*(?:[^\W\d_]+[\s-]+){{0,5}}?(?:{words})\b(?:\s+[^\W\d_]+){{0,3}}?\s*(?:\([^)]*\)\s*)?{_MARKED}\s*:?\s*{_CODE}"
        r"(?=\s*(?:$|[\s,;(]|dated|vom|du)|[,;])", re.IGNORECASE,
    )
    for kind, words in _KINDS.items()
}  # fmt: skip
_OWN = {
    "contract": re.compile(r"(?<![\w/-])(?P<code>(?:[A-Z0-9]{2,12}[-/])*(?:SOW|MSA|AGR|CTR|"
    r"CON)(?:[-/][A-Z0-9]{1,12})*[-/]\d{2,8}(?:[-/]\w{1,8}){0,3})(?![\w/-])"),
    "rfq": re.compile(r"(?<![\w/-])(?P<code>(?:[A-Z0-9]{2,12}[-/])*(?:RFQ|RFP|ITT|ITB|IFB|NIT|"
    r"RFI)(?:[-/][A-Z0-9]{1,12})*[-/]?\d{2,8}(?:[-/]\w{1,8}){0,3})(?![\w/-])"),
    "purchase_order": re.compile(r"(?<![\w/-])(?P<code>(?:PO|BC|PC)[-/]\d{2,10}(?:[-/]\w{1,8}){0,3})(?![\w/-])"),
}


_DATED = re.compile(r"[\s,;(]*(?:dated?|dt|vom|du|de fecha|of|from)\b[\s.:]*", re.IGNORECASE)


def code_at_start(text: str) -> tuple[str, int, int] | None:
    """The number that the value of a label begins with, and where it stands; a date is none."""
    found = _AT_START.match(text)
    if found is None or looks_like_date(code := found["code"].rstrip(".,;(")):
        return None
    return code, found.start("code"), found.start("code") + len(code)


def numbers_in_titles(passages: Sequence[Passage], kind: str, manner: Manner) -> Iterator[Hit]:
    """The number that a title of this kind states, with the date after it, else a code that holds the name of its kind."""
    for passage in passages[:_LOOKED_AT]:
        if len(passage.text) > _LONGEST:
            continue
        for pattern, confidence in ((_TITLES[kind], _TITLE), (_OWN[kind], _NAMES_ITSELF)):
            found = pattern.search(passage.text)
            if found and len(code := found["code"].rstrip(".,;(")) > 2 and not looks_like_date(code):
                end = found.start("code") + len(code)
                yield Hit("number", passage.found(code, found.start("code"), end, confidence))
                if dated := _DATED.match(passage.text, end):
                    yield from (
                        Hit("date", passage.found(day, dated.end() + start, dated.end() + stop, confidence))
                        for day, start, stop in dates_in(passage.text[dated.end() : dated.end() + 30], manner)[:1]
                    )
                break
