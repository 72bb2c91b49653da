"""Gathers candidates for a document's values: what stands beside and below labels, in title lines, and loose on the pages."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from kraftd_core.adapters.readers.common.labels import (
    AMOUNT_ROLES,
    DATE_ROLES,
    NUMBER_ROLES,
    TEXT_ROLES,
    column_of,
    key_of,
    role_of,
)
from kraftd_core.adapters.readers.common.page_labels import Label, labels_in
from kraftd_core.adapters.readers.common.page_values import (
    FOR_DISCOUNT,
    amount_in,
    date_in,
    looks_like_date,
    number_in_groups,
    value_in,
)
from kraftd_core.adapters.readers.common.reading import Found, Reading
from kraftd_core.adapters.readers.common.values import Manner, find_date, folded, whole_date
from kraftd_core.adapters.readers.common.words import Page, Phrase, TextLine, Word, text_of
from kraftd_core.document.jsontypes import number_or_text
from kraftd_core.document.units import month_of

# How sure each kind of evidence makes us. Right on 27 text PDFs with truth, and on two rounds of 90 made documents each
# (all three were looked at while the rules were written, so others may fare worse):
# from 0.95 on 71/71, 270/270, 201/201; 0.90 74/74, 154/155, 223/224;
# 0.75 16/16, 186/186, 151/154; below 0.75 (names by their place on the page alone) 8/8, 37/41, 53/57.
BESIDE, BELOW, TITLE, CONFIRMED, LOOSE, PLACED = 0.9, 0.75, 0.92, 0.97, 0.5, 0.75


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible value of a role; `parts` are those that it is the sum of."""

    role: str
    key: str
    value: Any
    words: tuple[Word, ...]
    page: Page
    confidence: float
    parts: tuple["Candidate", ...] = ()

    def found(self, confidence: float | None = None) -> Found:
        """The value with its place, as sure as the candidate is or as told."""
        value = number_or_text(self.value) if isinstance(self.value, Decimal) else self.value
        return Found(value, self.page.spot(self.words, self.confidence if confidence is None else confidence))


def put_surest(reading: Reading, role: str, candidates: Sequence[Candidate]) -> None:
    """Keeps the surest candidate of the role; among equals the first on the page."""
    best = max((c for c in candidates if c.role == role), key=lambda c: c.confidence, default=None)
    if best:
        reading.put(role, best.found())


# Beside and below labels


def candidates_of(label: Label, manner: Manner) -> Iterator[Candidate]:
    """Values beside the label, else below it."""
    if label.key in ("net", "netto") and _OF_TERMS.search(folded(label.phrase.text)):
        return  # "Net 30" is a term of payment
    if label.key in _BARE and not (_is_bare_label(label) or _is_among_labels(label)):
        return
    if label.role in (*DATE_ROLES, *NUMBER_ROLES) and _is_of_more(label):
        return
    if label.role == "total_tax" and _is_left_out(label):
        label = replace(label, role="subtotal")  # "Net value without VAT"
    for words, confidence in places(label):
        found = value_in(words, label.role, manner, 3 if label.starts_phrase else 1)
        if found is not None and (label.role not in TEXT_ROLES or _may_be_text_of(label, words, str(found[0]))):
            value, used = found
            yield Candidate(label.role, label.key, value, used, label.page, confidence)
            return


_LEFT_OUT = re.compile(r"\b(?:ohne|exkl\w*|excl\w*|without|hors|sans|sin|senza|zonder|bez|uden|utan|before)\W*(?:the\W*)?$")


def _is_left_out(label: Label) -> bool:
    """Whether the words before a tax's name say that it is not in the amount."""
    words = label.phrase.words[: len(label.phrase.words) - len(label.rest)] if label.rest else label.phrase.words
    texts = folded(text_of(words)).split()
    named = (n for n in range(1, len(texts)) if key_of(texts[n]).startswith(label.key[:3]))
    return any(_LEFT_OUT.search(" ".join(texts[:n])) for n in named)


_BARE = frozenset(("no", "nr", "n", "numero", "nummer", "number", "numer", "cislo", "num"))
_CONNECTING_WORDS = """
    le la du de des den der vom von of the am on at bis zum til till to til und and et y e il el dem dia dnia dne for
    payment paiement zahlung pago pagamento betaling invoice facture rechnung factura fattura faktura document
    monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch donnerstag freitag samstag sonntag
    lundi mardi mercredi jeudi vendredi samedi dimanche
"""
_CONNECTING = frozenset(_CONNECTING_WORDS.split())


def _is_bare_label(label: Label) -> bool:
    """Whether "No" is a label: it begins its phrase, and a colon follows; else it is a word, or heads a column."""
    return label.starts_phrase and re.match(r"\W*\w+\W{0,3}:", label.phrase.text) is not None


def _is_among_labels(label: Label) -> bool:
    """Whether "No" stands alone among labels of dates, as over an invoice's number; lines' heads have a description too."""
    line = label.page.lines[label.line]
    roles = {role_of(phrase.text) for phrase in line.phrases}
    return key_of(label.phrase.text) == label.key and not roles.isdisjoint(DATE_ROLES) and not _heads_lines(line)


def _heads_lines(line: TextLine) -> bool:
    """Whether the line is the head of a table of line items."""
    return any(column_of(p.text) in ("description", "quantity", "unit_price", "amount") for p in line.phrases)


def _is_of_more(label: Label) -> bool:
    """Whether the label is the beginning of another one: "DATE DE FACTURE ASSOCIÉE : 01/02/2025" is not the invoice's date."""
    text = text_of(label.rest)
    if ":" not in text:
        return False
    before = text.split(":", 1)[0]
    words = re.findall(r"[^\W\d_]{2,}", re.sub(r"[(\[].*?[)\]]", " ", folded(before)))
    is_known = role_of(before) is not None or any(c.isdigit() for c in before)
    return not is_known and any(word not in _CONNECTING and month_of(word) is None for word in words)


_OF_TERMS = re.compile(r"\b(?:terms?|days?|payment|payable|tagen?|zahl\w*|eom)\b")
_OF_SOMETHING_ELSE = re.compile(r"\W*(?:of|and|or|for|to|und|oder|der|des|et|ou|de|du|des|y|o|del?|e|di|van|shall|is|are|will|"
    r"must|:)\b", re.IGNORECASE)
_SHORT_LABELS = frozenset(("terms", "project", "projekt", "projet", "works", "contact", "proyecto", "progetto", "chantier"))


def _may_be_text_of(label: Label, words: Sequence[Word], text: str) -> bool:
    """Whether the words can be a text's value: the label stands as one, and they begin and end as a value does."""
    if not label.starts_phrase or text.endswith(":") or not text[:1].isalnum() or _OF_SOMETHING_ELSE.match(text):
        return False
    if role_of(text.rstrip(" :")) is not None or sum(c.isalpha() for c in text) < 3:
        return False
    goes_on = bool(label.rest) and words[:1] == label.rest[:1]
    if goes_on and ":" not in label.phrase.text[: -len(text)][-3:]:
        return label.key not in _SHORT_LABELS and not text[:1].islower()
    return True


def places(label: Label) -> Iterator[tuple[tuple[Word, ...], float]]:
    """Where a label's value may stand, the likeliest first."""
    doubt = 1.0 if label.starts_phrase else 0.85
    beside = _beside(label)
    if label.role in AMOUNT_ROLES:
        yield (*label.rest, *(word for phrase in beside for word in phrase.words)), BESIDE * doubt
    else:
        if label.rest:
            yield label.rest, BESIDE * doubt
        for phrase in beside[:2]:
            yield phrase.words, BESIDE * doubt
    if not label.rest and label.key != "#" and (label.key not in _BARE or _is_among_labels(label)):  # else these head a column
        for phrase in _below(label):
            yield phrase.words, BELOW * doubt


def _beside(label: Label) -> list[Phrase]:
    """The phrases to the right, up to the next label."""
    phrases = []
    for index, phrase in enumerate(label.page.lines[label.line].phrases[label.index + 1 :], label.index + 1):
        if any(other.starts_phrase for other in labels_in(label.page, label.line, phrase, index)):
            break
        phrases.append(phrase)
    return phrases


def _below(label: Label) -> list[Phrase]:
    """The phrases under the label on the next two lines, unless they are labels."""
    found = []
    box = label.phrase
    for n in range(label.line + 1, min(label.line + 3, len(label.page.lines))):
        line = label.page.lines[n]
        if line.top - box.bottom > 3.5 * (box.bottom - box.top):
            break
        for index, phrase in enumerate(line.phrases):
            overlaps = min(phrase.x1, box.x1) - max(phrase.x0, box.x0) > 0
            if overlaps and not any(other.starts_phrase for other in labels_in(label.page, n, phrase, index)):
                found.append(phrase)
    return found


# Title lines: "Rechnung Nr. 4711 vom 31.10.2018", "Facture FA-2017-0010"

_TITLE = (
    r"(?P<kind>(?:tax |credit |proforma )?(?:[^\W\d]*(?:rechnung|gutschrift)(?: des \w+)?|honorarnote|kostennote|"
    r"invoice|fee note|facture|note d[’']honoraires|"
    r"factura(?: (?:simplificada|rectificativa|proforma|electr[oó]nica|ordinaria))?|minuta(?: de honorarios)?|"
    r"fattura(?: (?:proforma|elettronica|immediata|differita|accompagnatoria))?|parcella|notula|"
    r"factuur|faktura(?: (?:vat|koryguj[aą]ca|zaliczkowa|ko[nń]cowa))?|fatura(?: simplificada|[- ]recibo)?|"
    r"lasku|számla|angebot|quotation|quote|offer|"
    r"offerte?|devis|bestellung|purchase order|bon de commande|order|"
    r"rfq|request for quotation|anfrage|contract|vertrag|contrat|receipt|quittung|credit note|avoir|presupuesto|preventivo)"
    r"(?:\s*[-–/|]\s*(?:daňov[ýy]\s+doklad|tax invoice|invoice|rechnung|facture|factura|fattura|factuur)(?!\w))?)"
)
_NUMBER_MARK = r"(?:nr|no|n°|nº|n|č|číslo|number|nummer|numero|numéro|id|ref)(?!\w)[.:°º]*|№|#"
_TITLE_LINE = re.compile(
    rf"(?:^|\s{{2}})(?:\d{{1,2}}\.\s)?{_TITLE}"
    r"\s*(?:\([^)]*\)\s*){0,2}"
    rf"(?P<mark>(?:[^\W\d_]{{2,20}}\s+|\([^)]*\)\s+){{0,2}}(?:{_NUMBER_MARK})|:)?"
    r"\s*(?P<id>(?-i:(?!(?:NR|NO|ID|PO|VOM|DU|OF|VAT|EUR|USD|GBP|CHF|TO)\b)[A-Z]{1,5}\s)?#?\s?[A-Za-z0-9][\w./-]*\d[\w./-]*|\d)"
    r"(?:\s+(?:vom|du|of|dated?|from|de[lr]?|van|le|af|av|z dnia|ze dne|de fecha)\s*:?\s*(?P<date>.{0,40}))?",
    re.IGNORECASE,
)


def titled(pages: Sequence[Page], manner: Manner) -> Iterator[Candidate]:
    """The number, and the date, that title lines of the first page state."""
    for page in pages[:1]:
        for n, line in enumerate(page.lines[:60]):
            found = _TITLE_LINE.search(line.text)
            if not found or (not found["mark"] and (looks_like_date(found["id"]) or re.search("[a-z]", found["id"]))):
                continue
            words = tuple(line.words)
            if not found["mark"] and not found["date"] and _begins_more(line, found["id"]):
                continue
            sureness = LOOSE if looks_like_date(found["id"]) else TITLE
            role = "order_number" if re.search("order|bestellung|commande", found["kind"].lower()) else "number"
            first = found["id"].strip("# ").split()[0]
            named = tuple(w for w in words if first == w.text.strip("#:;,") or (first in w.text and len(first) > 2)) or words
            value = found["id"].replace(" ", "").rstrip(".")
            if grouped := number_in_groups(words[words.index(named[0]) :]):
                value, named = grouped
            yield Candidate(role, key_of(found["kind"]), value, named, page, sureness)
            yield from _titled_date(page, n, found["date"], manner)


def _begins_more(line: TextLine, number: str) -> bool:
    """Whether the number begins a phrase that goes on in words, as an address beside a title does: "14 Tannery Lane"."""
    first = number.split()[0]
    return any(p.words[0].text == first and re.search(r"[^\W\d_]{2}", text_of(p.words[1:])) for p in line.phrases[1:])


_TITLE_ALONE = re.compile(rf"{_TITLE}\W*", re.IGNORECASE)
_MARKED = re.compile(rf"(?:{_NUMBER_MARK})\s*", re.IGNORECASE)


def numbered_by_title(pages: Sequence[Page], manner: Manner) -> Iterator[Candidate]:
    """The number that stands behind a mark beside a title, or under it: "FACTURE" and below it "VF24/17"."""
    for page in pages[:1]:
        for n, line in enumerate(page.lines[:40]):
            for title in (p for p in line.phrases if _TITLE_ALONE.fullmatch(p.text) and not _heads_lines(line)):
                beside = [(p, True) for p in line.phrases if p.x0 > title.x1]
                under = [(p, False) for p in _phrases_under(page, n, title)]
                found = next((c for p, marked in (*beside, *under) if (c := _number_of(title, p, page, manner, marked))), None)
                if found:
                    yield found


def _phrases_under(page: Page, n: int, title: Phrase) -> list[Phrase]:
    """What stands next under the title in its column, if it is near; lines of other columns may lie between."""
    for line in page.lines[n + 1 : n + 5]:
        if line.top - title.bottom > 3.5 * (title.bottom - title.top):
            break
        if found := [p for p in line.phrases if min(p.x1, title.x1) > max(p.x0, title.x0) and p.top >= title.top]:
            return found
    return []


_LIKE_TAX_ID = re.compile(r"[A-Z]{1,3}\s?\d{8,}[A-Z]?")


def _number_of(title: Phrase, phrase: Phrase, page: Page, manner: Manner, must_be_marked: bool) -> Candidate | None:
    """The number that the phrase is: behind a mark, else alone, and then figures alone or like a tax number are doubtful."""
    mark = _MARKED.match(phrase.text)
    marks = len(mark[0].split()) if mark and (mark[0][-1:] == " " or "#" in mark[0]) else 0
    found = value_in(phrase.words[marks:], "number", manner, 0)
    if found is None or (must_be_marked and not marks):
        return None
    number, words = found
    is_alone = words == phrase.words and len(number) > 3 and role_of(words[0].text) is None
    if not marks and not is_alone:
        return None
    is_sure = marks or (re.search(r"[^\W\d]", number) and not _LIKE_TAX_ID.fullmatch(number))
    role = "order_number" if re.search("order|bestellung|commande", title.text.lower()) else "number"
    return Candidate(role, key_of(title.text), number, words, page, BELOW if is_sure else LOOSE)


def title_in(text: str, manner: Manner) -> Iterator[tuple[str, str]]:
    """The number, and the day, that a title line states, each with its role."""
    found = _TITLE_LINE.match(text.strip())
    if found is None or looks_like_date(found["id"]) or (not found["mark"] and re.search("[a-z]", found["id"])):
        return
    role = "order_number" if re.search("order|bestellung|commande", found["kind"].lower()) else "number"
    yield role, found["id"].strip("# ").rstrip(".")
    if found["date"] and (day := find_date(found["date"], manner.order)):
        yield "date", day.isoformat()


def _titled_date(page: Page, n: int, text: str | None, manner: Manner) -> Iterator[Candidate]:
    """The date after "vom" or "dated"; it may have slipped to the next line."""
    if text is None:
        return
    for line in page.lines[n : n + 2]:
        day = find_date(text if line is page.lines[n] else line.text, manner.order)
        if day:
            words = tuple(w for w in line.words if find_date(w.text, manner.order) == day) or tuple(line.words)
            yield Candidate("date", "title", day.isoformat(), words, page, TITLE)
            return


# Sentences that ask to pay, or tell when it is taken: "überweisen Sie den Betrag bis zum 15.04.2025"

_A_DAY = r"(?=\d|[^\W\d_]{3,14}\.?,?\s+\d)(?P<day>.{6,30})"
_WHOLE_DAY = (
    r"(?P<day>\d{1,2}(?:[.º°]|er|st|nd|rd|th)?\s(?:de\s)?[^\W\d_]{3,14}\.?,?\s(?:de\s)?\d{4}|"
    r"[^\W\d_]{3,14}\.?\s\d{1,2}(?:st|nd|rd|th)?,?\s\d{4}|\d[\d./-]{4,8}\d)"
)
_PAYING = (
    r"überweis|bezahl|zahl|begleich|einzahl|gutgeschrieben|remit|pay|settle|payer|régler|règlement|virement|pagar|pago|abonar|"
    r"pagamento|bonifico|versare|versamento|saldare|betal|voldoen|voldaan|over te maken|overgemaakt|indbetal|innbetal|"
    r"zapłat|zapłać|wpłat|przel|uhra|úhra|zaplat|maksa|liquidar"
)
_UNTIL = (
    r"(?:bis(?: spätestens)?(?: zum| am)?|spätestens(?: bis)?(?: zum| am)?|by|on or before|before|no later than|not later than|"
    r"avant le|au plus tard le|d[’']ici (?:le|au)|antes del?|a más tardar el|hasta el|entro(?: e non oltre)?(?: il| l[’'])?|"
    r"vóór|uiterlijk(?: op)?|senest(?: den)?|senast(?: den)?|innen|inden(?: den)?|do(?: dnia)?|nejpozději do|viimeistään|"
    r"até(?: o dia| ao dia| a)?)"
)
_PAYING_LAST = (
    r"(?:zu )?(?:überweisen|bezahlen|zahlen|begleichen)\b|einzuzahlen|gutgeschrieben|zahlbar|fällig|te betalen|te voldoen|"
    r"over te maken|voldaan|betaald|overgemaakt|uhra[dď]\w+|zaplat\w+|maksettava"
)
_TAKING = (
    r"abgebucht|abbuchen|buchen wir|eingezogen|einziehen|ziehen wir|belastet|debit(?:ed)?|"
    r"(?:amount|payment|total|balance)\b.{0,30}\bcollected|collect\b.{0,40}\b(?:direct debit|your account)|"
    r"prélev(?:é|er|ons|ement)\w*|débité|cargará|cargaremos|adeudar\w*|addebit\w+|afgeschreven|schrijven wij|geïncasseerd|"
    r"incasseren|trækkes|trækker vi|trekkes|trekker vi|dras|pobrana|pobierzemy|inkas\w+"
)
_ALREADY = re.compile(
    r"\b(?:received|already|included|bereits|berücksichtigt|eingegangen\w*|erhalten\w*|reçu\w*|déjà|ricevut\w|già|recibid\w+|"
    r"ontvangen|modtaget|mottag\w+|otrzyman\w+)\b",
    re.IGNORECASE,
)
_ON = r"(?:am|zum|on(?: or (?:after|around|about))?|le|el(?: día)?|il|op|den|dnia|dne|em)"
_GAP = r"(?:(?![.!?]\s+[^\W\d_]{2}|mandat).){0,70}?"
_PAY_UNTIL = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:{_PAYING})\w*\b{_GAP}\b{_UNTIL}\s*{_A_DAY}",
        rf"\b(?:{_TAKING})\b{_GAP}\b{_ON}\s+{_A_DAY}",
        rf"(?<!\w){_UNTIL}\s+{_WHOLE_DAY}{_GAP}\b(?:{_PAYING_LAST})",
        rf"(?<!\w){_ON}\s+{_WHOLE_DAY}{_GAP}\b(?:{_TAKING})\b",
    )
)


def asked_to_pay(pages: Sequence[Page], manner: Manner) -> Iterator[Candidate]:
    """The days until which sentences ask to pay, but those that offer a discount; a sentence may go on in the next line."""
    for page in pages:
        for n, line in enumerate(page.lines):
            lines = page.lines[n : n + 2]
            goes_on = len(lines) == 2 and len(line.phrases[-1].words) > 3 and lines[1].top - line.bottom < 1.5 * line.height
            day = day_to_pay_in(line.text, manner)
            if day is None and goes_on and not day_to_pay_in(lines[1].text, manner):
                day = day_to_pay_in(f"{line.text} {lines[1].text}", manner)
            if day:
                found = next((f for each in lines if (f := _words_of_day(each, day, manner))), None)
                yield Candidate("due", "sentence", day, found or tuple(line.words), page, BELOW)


def _words_of_day(line: TextLine, day: str, manner: Manner) -> tuple[Word, ...] | None:
    """The words of the line in which the day is written."""
    words = line.words
    written = (date_in(words[n : n + 4], manner) for n in range(len(words)))
    return next((found[1] for found in written if found and found[0] == day), None)


def day_to_pay_in(text: str, manner: Manner) -> str | None:
    """The day until which a sentence asks to pay, or on which it is taken, but not the one until which a discount holds."""
    if FOR_DISCOUNT.search(text):
        return None
    found = [match for pattern in _PAY_UNTIL if (match := pattern.search(text))]
    asks = (m for m in found if not _ALREADY.search(_sentence_about(text, m.start(), m.start("day"))))
    days = (find_date(match["day"], manner.order) for match in asks)
    return next((day.isoformat() for day in days if day), None)


_ENDS = re.compile(r"(?:(?<=\d{4})|(?<!\d))[.!?](?=\s+[^\W\d_]{2})")


def _sentence_about(text: str, start: int, end: int) -> str:
    """The sentence that holds this stretch."""
    begin = max((m.end() for m in _ENDS.finditer(text, 0, start)), default=0)
    after = _ENDS.search(text, end)
    return text[begin : after.start() if after else len(text)]


# Without a label


def day_of_letter(text: str, manner: Manner) -> str | None:
    """The day behind a place, where a line is nothing else: "München, den 5. März 2025"."""
    found = _PLACE.match(text)
    day = whole_date(text[found.end() :], manner.order) if found else None
    return day.isoformat() if day else None


def first_date(pages: Sequence[Page], manner: Manner) -> Candidate | None:
    """The first page's date behind a place, as letters have it, else the first that stands alone in its phrase, else any."""
    phrases = [phrase for line in (pages[0].lines if pages else ()) for phrase in line.phrases]
    dated = [(phrase, found) for phrase in phrases if (found := date_in(phrase.words, manner))]
    for confidence, fits in ((PLACED, _follows_place), (LOOSE, _stands_alone), (LOOSE / 2, lambda _: True)):
        for phrase, (day, words) in dated:
            if fits(phrase):
                return Candidate("date", "", day, words, pages[0], confidence)
    return None


_PLACE = re.compile(
    r"[^\W\d_][^\d,:]{1,40},\s*(?:(?:den|am|the|le|li|il|a|à|el|dne|dnia)\.?\s+)?(?=\d|[^\W\d_]{3,14}\.?\s+\d)", re.IGNORECASE
)


def _follows_place(phrase: Phrase) -> bool:
    """Whether it is a letter's place and date alone: "München, den 5. März 2025"."""
    found = _PLACE.match(phrase.text)
    return bool(found and whole_date(phrase.text[found.end() :]))


def _stands_alone(phrase: Phrase) -> bool:
    return len(phrase.words) <= 4


def printed_amounts(pages: Sequence[Page], manner: Manner) -> dict[Decimal, Candidate]:
    """The amounts with cents that stand on the pages, other than zero, by their value."""
    found: dict[Decimal, Candidate] = {}
    for page in pages:
        for phrase in (p for line in page.lines for p in line.phrases if any(c.isdigit() for c in p.text)):
            amount = amount_in(phrase.words, manner, 0)
            if amount and amount[0] and re.search(r"[.,]\d\d(?!\d)", phrase.text):
                found[amount[0]] = Candidate("total_tax", "", amount[0], amount[1], page, LOOSE)
    return found
