"""Reads the fields of a document from its pages of words: labels first, then candidates for values, then a choice among them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from unicodedata import bidirectional

from kraftd_core.adapters.readers.common.candidates import (
    BELOW,
    BESIDE,
    LOOSE,
    Candidate,
    asked_to_pay,
    candidates_of,
    first_date,
    numbered_by_title,
    printed_amounts,
    put_surest,
    titled,
)
from kraftd_core.adapters.readers.common.doubts import doubted, mark_doubts
from kraftd_core.adapters.readers.common.kinds import recognised_kind
from kraftd_core.adapters.readers.common.labels import AMOUNT_ROLES, DATE_ROLES, NUMBER_ROLES, TEXT_ROLES
from kraftd_core.adapters.readers.common.page_labels import Label, labels_on
from kraftd_core.adapters.readers.common.parties.sides import parties_on
from kraftd_core.adapters.readers.common.prose.passages import passages_of_pages
from kraftd_core.adapters.readers.common.prose.telling import TOLD_ALONE, put_told, told_in
from kraftd_core.adapters.readers.common.reading import Found, Reading, ReadTable
from kraftd_core.adapters.readers.common.sum_lines import SumLine, sum_lines
from kraftd_core.adapters.readers.common.tax_ids import tax_ids
from kraftd_core.adapters.readers.common.values import (
    AMOUNT_IN_TEXT,
    CURRENCY_CODE,
    DATE_ORDERS,
    Manner,
    currency_of,
    decimal_sign_of,
    manner_of,
    open_dates,
    orders_shown,
)
from kraftd_core.adapters.readers.common.words import Page
from kraftd_core.adapters.readers.local.pages.amounts import put_amounts
from kraftd_core.adapters.readers.local.pages.recaps import recaps_on
from kraftd_core.adapters.readers.local.pages.receipts import settled_totals, till_lines
from kraftd_core.adapters.readers.local.pages.tables import line_items
from kraftd_core.document.wording import listed

_NEVER_GUESSED = TOLD_ALONE | {"rfq"}  # the first date of a request is as often its closing as its own
_BESIDE_SENTENCES = ("number", "total", "currency", "iban", "bic")  # what labels may still say of a document of sentences


def kind_of_pages(pages: Sequence[Page]) -> tuple[str, float | None]:
    """What kind of document the pages are, and how sure that is."""
    texts = _texts(pages)
    kind, sureness = recognised_kind(texts, tall=_tall_lines(pages))
    if kind == "other" and settled_totals(pages, decimal_sign_of(texts)):
        return "receipt", LOOSE
    return kind, sureness


def read_pages(pages: Sequence[Page], chosen_type: str | None = None) -> Reading:
    """Fields and line items of the pages, which are of the chosen type, else of the one that they look like."""
    texts = _texts(pages)
    manner = manner_of(texts)
    reading = Reading(chosen_type) if chosen_type else Reading(*kind_of_pages(pages))
    reading.put_credit_title(texts)
    labels = [label for page in pages for label in labels_on(page)]
    manner = _ordered_by_term(manner, labels, texts)
    table, sums, held = line_items(pages, manner)
    candidates = [
        c for label in labels for c in candidates_of(label, manner)  # "Bill No. 2.1" in a line is the line's own
        if c.role not in _OF_THE_WHOLE or held.isdisjoint((id(label.phrase.words[0]), id(c.words[0])))
    ]
    told = told_in(reading.document_type, passages_of_pages(pages), manner)
    if reading.document_type in TOLD_ALONE:
        candidates = [c for c in candidates if c.role in _BESIDE_SENTENCES]
    parties = parties_on(pages, labels, reading.document_type, told.fields)
    for role, found in parties.items():
        reading.put(role, found)
    untold = (*numbered_by_title(pages, manner), *asked_to_pay(pages, manner))
    _put_numbers_and_dates(reading, [*titled(pages, manner), *candidates, *untold], pages, manner)
    settled = settled_totals(pages, manner.sign) if reading.document_type == "receipt" else frozenset[Decimal]()
    sums = (*candidates, *sums)
    between = _between_sums(reading.document_type, pages, sums, table, manner)
    put_amounts(reading, sums, printed_amounts(pages, manner), settled, between, list(recaps_on(pages, manner)), _sum_of(table))
    _put_currency(reading, candidates, pages, texts, _units_of(table))
    for role in ("iban", "bic", *TEXT_ROLES):
        put_surest(reading, role, candidates)
    seller, buyer = (str(parties[role].value) if role in parties else "" for role in ("vendor_name", "customer_name"))
    put_told(reading, told.without(parties))
    for tax_id in tax_ids(pages, labels, seller, buyer):
        reading.put(tax_id.owner, tax_id.found)
    if table is None and reading.document_type == "receipt":
        table = till_lines(pages, manner.sign)
    if table:
        reading.tables.insert(0, table)
    reading.put("tax_note", _tax_note(reading.document_type, pages))
    reading.tell_credit()
    reading.notices += [*_of_several(reading, candidates), *_from_right(texts)]
    mark_doubts(reading, texts, manner)
    return reading


# What is told beside the values

_TAX_NOTE = re.compile(
    r"reverse.?charge|steuerschuldnerschaft des leistungsempf|autoliquidation|inversi[oó]n del sujeto pasivo|"
    r"inversione contabile|"
    r"btw verlegd|odwrotne obci|p[rř]enesen[aáií]|omvänd (?:skatt|betalning)|omvendt betaling|art(?:icle|\.)? ?293 ?B|§ ?19 UStG|"
    r"^\W*(?:enthalten\w*|darin|davon|dont|di cui|waarvan|varav|heraf|of which|incl\w*\.?|inkl\w*\.?)\s.{0,20}"
    r"\b(?:mwst|ust|vat|gst|tva|iva|btw|moms)\b|"
    r"innergemeinschaftliche|intra-?community|livraison intracommunautaire|Kleinunternehmer",
    re.IGNORECASE,
)
_LONGEST_NOTE = 160  # characters: terms of business speak of taxes at more length


def _tax_note(kind: str, pages: Sequence[Page]) -> Found:
    """The line that says why no tax is charged, or that the prices hold it."""
    for page in pages if kind in _SOLD else ():
        for line in page.lines:
            for phrase in line.phrases:
                if len(phrase.text) <= _LONGEST_NOTE and _TAX_NOTE.search(phrase.text):
                    return Found(phrase.text, page.spot(phrase.words, BELOW))
    return Found(None)


def _of_several(reading: Reading, candidates: Sequence[Candidate]) -> Iterator[str]:
    """Says where pages have each a number and a total of their own: then they are several documents."""
    if reading.document_type != "invoice":
        return
    first: dict[int, Candidate] = {}
    for found in candidates:
        if found.role == "number" and found.confidence >= BESIDE and found.key not in _VAGUE:
            first.setdefault(found.page.number, found)
    totalled = {found.page.number for found in candidates if found.role == "total" and found.confidence >= BESIDE}
    numbers = {str(found.value): number for number, found in sorted(first.items(), reverse=True) if number in totalled}
    if len(numbers) > 1:
        told = listed([f"{value} on page {page}" for value, page in sorted(numbers.items(), key=lambda item: item[1])])
        yield (
            f"The file holds several invoices: {told}. Their values were read as one document: "
            "split the file and upload its parts."
        )


def _from_right(texts: Sequence[str]) -> Iterator[str]:
    """Says of a document in a script from the right that its labels may be missed."""
    kinds = [bidirectional(c) for text in texts for c in text]
    if sum(kind in ("R", "AL") for kind in kinds) > kinds.count("L"):
        yield "The text runs from right to left, and only part of such a document is understood. Check what is missing."


def _texts(pages: Sequence[Page]) -> list[str]:
    return [line.text for page in pages for line in page.lines]


def _tall_lines(pages: Sequence[Page]) -> list[int]:
    """Which of all lines are in large print."""
    lines = [line for page in pages for line in page.lines]
    heights = sorted(word.height for line in lines for word in line.words)
    usual = heights[len(heights) // 2] if heights else 0
    return [n for n, line in enumerate(lines) if max(word.height for word in line.words) > 1.35 * usual]


_SOLD = ("invoice", "receipt", "quotation", "purchase_order", "other")


def _sum_of(table: ReadTable | None) -> Decimal | None:
    """What the lines come to; None where one has no amount."""
    amounts = [row["amount"].value if "amount" in row else None for row in table.rows] if table else []
    if not amounts or not all(isinstance(amount, (int, float)) for amount in amounts):
        return None
    return sum((Decimal(str(amount)) for amount in amounts), Decimal(0))


def _between_sums(
    kind: str, pages: Sequence[Page], sums: Sequence[Candidate], table: ReadTable | None, manner: Manner
) -> list[SumLine]:
    """What stands between the sums, where they stand: in their column, and told by no line item.

    What was paid with is on a receipt no payment before it.
    """
    if kind not in _SOLD:
        return []
    told = {}
    for row in table.rows if table else ():
        amount = row.get("amount")
        if amount and isinstance(amount.value, (int, float)):
            told[abs(Decimal(str(amount.value)))] = " ".join(str(c.value) for c in row.values() if isinstance(c.value, str))
    anchors = [(c.page, c.words) for c in sums if c.role in AMOUNT_ROLES]
    return [line for line in sum_lines(pages, anchors, told, manner) if kind != "receipt" or line.name != "prepaid_amount"]


# Numbers and dates

_OF_THE_WHOLE = frozenset((*NUMBER_ROLES, *TEXT_ROLES, *AMOUNT_ROLES))
_VAGUE = frozenset((
    "date", "datum", "data", "fecha", "dated", "datedas", "ourreference", "unserzeichen", "tarikh", "due", "issued", "#",
    "purchaseorder", "bestellung", "po",
))

# Which kind of document a label of a number or a date belongs to, by a part of it.
_KIND_OF_KEY = (
    ("invoice", "invoice|rechnung|facture|factura|fattura|factuur|bill|gutschrift|creditnote"),
    ("quotation", "quot|offer|angebot|devis"),
    ("contract", "contract|vertrag|contrat|agreement"), ("rfq", "rfq|tender|anfrage|enquiry"), ("boq", "boq"),
    ("receipt", "receipt|bonn|ticket|quittung"),
)


def _is_of_other_kind(key: str, document_type: str) -> bool:
    kinds = {kind for kind, parts in _KIND_OF_KEY if re.search(parts, key)}
    return bool(kinds) and document_type not in kinds and document_type in dict(_KIND_OF_KEY) and not (
        kinds == {"invoice"} and document_type == "receipt"
    )


def _put_numbers_and_dates(reading: Reading, candidates: Sequence[Candidate], pages: Sequence[Page], manner: Manner) -> None:
    """By what labels say: vague ones last, and those of another kind of document after them."""
    kind = reading.document_type
    ranked = [
        replace(c, confidence=c.confidence - (0.1 if c.key in _VAGUE else 0) - (0.4 if _is_of_other_kind(c.key, kind) else 0))
        for c in candidates
    ]
    if kind == "boq":  # "Bill No. 3" is a part of it
        ranked = [c for c in ranked if c.role not in NUMBER_ROLES or "bill" not in c.key]
    if kind == "purchase_order":
        ranked = [replace(c, confidence=c.confidence - 0.3) if _OF_ANOTHER_ORDER.match(c.key) else c for c in ranked]
        ranked = [replace(c, role={"order_number": "number", "order_date": "date"}.get(c.role, c.role)) for c in ranked]
    for role in (*NUMBER_ROLES, *DATE_ROLES):
        put_surest(reading, role, ranked)
    due = reading.fields.get("due")
    loose = None if kind in _NEVER_GUESSED or "date" in reading.fields else first_date(pages, manner)
    if loose and not (due and due.value == loose.value):  # a day to pay is not the document's own
        reading.put("date", loose.found())
    _doubt_terms(reading)


def _doubt_terms(reading: Reading) -> None:
    """Makes both days doubtful where something is due before its day: one of them is another's."""
    day, due = reading.fields.get("date"), reading.fields.get("due")
    if reading.document_type == "invoice" and day and due and str(due.value) < str(day.value):
        for role, found in (("date", day), ("due", due)):
            reading.fields[role] = replace(found, spot=replace(found.spot, confidence=doubted(found.spot.confidence)))


_OF_ANOTHER_ORDER = re.compile(r"your|ihre|votre|vostr|uw|su(?:pedido|orden)|vsordine|ert?order")
_LONGEST_TERM = timedelta(days=370)


def _ordered_by_term(manner: Manner, labels: Sequence[Label], texts: Sequence[str]) -> Manner:
    """The order of dates in which what is due is due after its day and within a year, unless a date shows the order.

    Where the country spoke for the other order, the one that fits is taken, and stays open.
    """
    if orders_shown(texts) or not any(found for text in texts for found in open_dates(text)):
        return manner
    dated = [label for label in labels if label.role in ("date", "due")]
    orders = [replace(manner, order=order) for order in DATE_ORDERS]
    fitting = [each for each in orders if _fits_term([c for label in dated for c in candidates_of(label, each)])]
    if len(fitting) != 1:
        return manner
    return replace(fitting[0], is_order_settled=not manner.is_order_settled or fitting[0].order == manner.order)


def _fits_term(candidates: Sequence[Candidate]) -> bool:
    surest = {c.role: c.value for c in sorted(candidates, key=lambda c: c.confidence) if c.role in ("date", "due")}
    days = [date.fromisoformat(surest[role]) for role in ("date", "due") if role in surest]
    return len(days) == 2 and days[0] <= days[1] <= days[0] + _LONGEST_TERM


# Currency


def _units_of(table: ReadTable | None) -> frozenset[str]:
    """The units of the lines, as they stand: "RM" among them is a running metre, and no currency."""
    return frozenset(str(row["unit"].value).casefold() for row in (table.rows if table else ()) if "unit" in row)


def _put_currency(
    reading: Reading, candidates: Sequence[Candidate], pages: Sequence[Page], texts: Sequence[str], units: frozenset[str]
) -> None:
    put_surest(reading, "currency", candidates)
    amounts = [found[0] for text in texts for found in AMOUNT_IN_TEXT.finditer(text) if not _CODE.match(found[0])]
    amounts = [amount for amount in amounts if not units & set(re.findall(r"[^\W\d]+", amount.casefold()))]
    codes = [found[0] for text in texts for found in CURRENCY_CODE.finditer(text) if found[0].casefold() not in units]
    if "currency" not in reading.fields and (code := currency_of("\n".join(amounts + codes)) or currency_of(_marks(texts))):
        shown = [(page, word) for page in pages for line in page.lines for word in line.words if currency_of(word.text) == code]
        spot = shown[0][0].spot([shown[0][1]], BELOW) if shown else Found(None).spot
        reading.put("currency", Found(code, spot))


_CODE = re.compile(r"[A-Za-z]{2,3}-\d")  # TL-101 is no amount of liras


def _marks(texts: Sequence[str]) -> str:
    """Texts that a currency's mark may stand in beside no figure: not one of two letters, which may be a code or a unit."""
    return "\n".join(re.sub(r"\b(?:TL|RM|Ft|kr)\b", " ", text) for text in texts)
