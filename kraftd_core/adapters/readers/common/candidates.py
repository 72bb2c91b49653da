"""Gathers candidates for a document's values: what stands beside and below labels, in title lines, and loose on the pages."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from kraftd_core.adapters.readers.common.labels import AMOUNT_ROLES, DATE_ROLES, NUMBER_ROLES, TEXT_ROLES, key_of, role_of
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
from kraftd_core.adapters.readers.common.words import Page, Phrase, Word, text_of
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
    if (label.key in _BARE and not _is_bare_label(label)) or (label.role in (*DATE_ROLES, *NUMBER_ROLES) and _is_of_more(label)):
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


_BARE = frozenset(("no", "nr", "n", "numero", "nummer", "number"))
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
    if not label.rest and label.key != "#" and label.key not in _BARE:  # these head a column
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

_TITLE_LINE = re.compile(
    r"(?:^|\s{2})(?:\d{1,2}\.\s)?(?P<kind>(?:tax |credit |proforma )?(?:[^\W\d]*(?:rechnung|gutschrift)(?: des \w+)?|"
    r"invoice|facture|"
    r"factura|fattura|factuur|faktura(?: vat)?|fatura|lasku|számla|angebot|quotation|quote|offer|"
    r"offerte?|devis|bestellung|purchase order|bon de commande|order|"
    r"rfq|request for quotation|anfrage|contract|vertrag|contrat|receipt|quittung|credit note|avoir|presupuesto|preventivo))"
    r"\s*(?:\([^)]*\)\s*){0,2}"
    r"(?P<mark>(?:[^\W\d_]{2,20}\s+|\([^)]*\)\s+){0,2}(?:nr|no|n°|nº|n|č|číslo|number|nummer|numero|numéro|id|ref)(?!\w)[.:°º]*|#|:)?"
    r"\s*(?P<id>(?-i:(?!(?:NR|NO|ID|PO|VOM|DU|OF|VAT|EUR|USD|GBP|CHF|TO)\b)[A-Z]{1,5}\s)?#?\s?[A-Za-z0-9][\w./-]*\d[\w./-]*|\d)(?:\s+(?:vom|du|of|dated?|from|del|van|le)\s*:?\s*(?P<date>.{0,40}))?",
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
            sureness = LOOSE if looks_like_date(found["id"]) else TITLE
            role = "order_number" if re.search("order|bestellung|commande", found["kind"].lower()) else "number"
            first = found["id"].strip("# ").split()[0]
            named = tuple(w for w in words if first == w.text.strip("#:;,") or (first in w.text and len(first) > 2)) or words
            value = found["id"].replace(" ", "").rstrip(".")
            if grouped := number_in_groups(words[words.index(named[0]) :]):
                value, named = grouped
            yield Candidate(role, key_of(found["kind"]), value, named, page, sureness)
            yield from _titled_date(page, n, found["date"], manner)


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


# Sentences that ask to pay: "überweisen Sie den Betrag bis zum 15.04.2025"

_PAY_UNTIL = re.compile(
    r"\b(?:überweis|bezahl|zahl|begleich|remit|pay|settle|payer|régler|règlement|pagar|pagamento|betal|voldoen)\w*\b.{0,60}?"
    r"\b(?:bis(?: spätestens)?(?: zum| am)?|by|before|no later than|avant le|au plus tard le|antes del?|entro il|vóór|"
    r"uiterlijk(?: op)?)\s+(?=\d|[^\W\d_]{3,14}\.?,?\s+\d)(?P<day>.{6,30})",
    re.IGNORECASE,
)


def asked_to_pay(pages: Sequence[Page], manner: Manner) -> Iterator[Candidate]:
    """The days until which sentences ask to pay, but those that offer a discount."""
    for page in pages:
        for line in page.lines:
            found = None if FOR_DISCOUNT.search(line.text) else _PAY_UNTIL.search(line.text)
            day = find_date(found["day"], manner.order) if found else None
            if day:
                words = tuple(w for w in line.words if find_date(w.text, manner.order) == day) or tuple(line.words)
                yield Candidate("due", "sentence", day.isoformat(), words, page, BELOW)


def day_to_pay_in(text: str, manner: Manner) -> str | None:
    """The day until which a sentence asks to pay, but not the one until which a discount holds."""
    found = None if FOR_DISCOUNT.search(text) else _PAY_UNTIL.search(text)
    day = find_date(found["day"], manner.order) if found else None
    return day.isoformat() if day else None


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
