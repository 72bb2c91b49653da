"""What a till's slip says in its own way: what was paid, what was given back, and lines without a head above them."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from kraftd_core.adapters.readers.common.labels import key_of, role_of
from kraftd_core.adapters.readers.common.reading import Found, ReadTable
from kraftd_core.adapters.readers.common.values import NUMBER_IN_TEXT, folded, parse_number
from kraftd_core.adapters.readers.common.words import Page, Phrase
from kraftd_core.document.jsontypes import number_or_text
from kraftd_core.document.units import DecimalSign

_LINE_CONFIDENCE = 0.7
_PAID = re.compile(
    r"^\W*(?:cash(?: ?(?:tend\w*|received|paid))?|amount (?:paid|tendered)|tender(?:ed)?|paid(?: amount)?|visa|master ?card|"
    r"debit|credit card|bar(?:geld)?|gegeben|bezahlt|ec[ -]?karte|kartenzahlung|especes|carte bancaire|cb|efectivo|tarjeta|"
    r"contanti|contante?n?|pin)\b(?! ?bill)"
)
_BACK = re.compile(
    r"^\W*(?:change(?: due)?|ruckgeld|zuruck|wechselgeld|rendu(?: monnaie)?|a rendre|cambio|resto|wisselgeld|terug)\b"
)


def settled_totals(pages: Sequence[Page], sign: DecimalSign | None) -> frozenset[Decimal]:
    """The totals that the payments leave: what was given less what was given back, or what was paid to the cent."""
    paid, back = set(_amounts(pages, _PAID, sign)), set(_amounts(pages, _BACK, sign))
    return frozenset(left for given in paid for left in (given - change for change in back or {Decimal(0)}) if left > 0)


def _amounts(pages: Sequence[Page], label: "re.Pattern[str]", sign: DecimalSign | None) -> Iterator[Decimal]:
    """The last amount on each line that such a label begins."""
    for line in (line for page in pages for line in page.lines):
        if not label.search(folded(line.text)):
            continue
        for found in reversed(list(NUMBER_IN_TEXT.finditer(line.text))):
            amount = parse_number(found[0], sign)
            if amount is not None:
                yield amount
                break


# Lines

_ENDS = ("total", "balance", "amountdue", "rounding")
_COUNTED = re.compile(r"(\d{1,3})\s?[xX×]\s?(?=[^\W\d])")


def till_lines(pages: Sequence[Page], sign: DecimalSign | None) -> ReadTable | None:
    """The lines of a slip without a head: a text on the left and an amount on the right, down to the first total."""
    rows: list[dict[str, Found]] = []
    for page in pages:
        for n, line in enumerate(page.lines):
            left, right = line.phrases[0], line.phrases[-1]
            if role_of(left.text) == "total" or any(word in key_of(left.text) for word in _ENDS):
                return ReadTable("line_items", rows) if rows else None
            amount = parse_number(_TAX_CODE.sub("", right.text), sign) if re.search(r"\d[.,]\d{2}\b", right.text) else None
            if len(line.phrases) == 2 and amount is not None and sum(c.isalpha() for c in left.text) > 2 and ":" not in left.text:
                rows.append(_till_row(page, left, right, amount) | _counted_above(page, n, amount, sign))
    return None  # without a total below them they are no lines of a slip


_TAX_CODE = re.compile(r"(?<=\d)\s?(?:[A-D]|\*)$")  # "14,60 A"
_COUNT_ALONE = re.compile(
    r"(\d{1,3})\s?(?:[A-Za-z]{2,4}\.?\s?)?[xX×@*]\s?(?:EUR\s?|[€$£]\s?)?(\d{1,6}[.,]\d{2})(?:\s?(?:EUR|[€$£]))?"
)


def _counted_above(page: Page, n: int, amount: Decimal, sign: DecimalSign | None) -> dict[str, Found]:
    """How many at which price, where the line above says nothing else and it comes to the amount."""
    line = page.lines[n - 1]
    counted = _COUNT_ALONE.fullmatch(line.text.strip()) if n else None
    price = parse_number(counted[2], sign) if counted else None
    if counted is None or price is None or abs(int(counted[1]) * price - amount) > _NEAR:
        return {}
    spot = page.spot(line.words, _LINE_CONFIDENCE)
    return {"quantity": Found(int(counted[1]), spot), "unit_price": Found(number_or_text(price), spot)}


_NEAR = Decimal("0.01")


def _till_row(page: Page, left: Phrase, right: Phrase, amount: Decimal) -> dict[str, Found]:
    counted = _COUNTED.match(left.text)
    spot = page.spot(left.words, _LINE_CONFIDENCE)
    row = {"description": Found(left.text[counted.end() :] if counted else left.text, spot)}
    if counted:
        row["quantity"] = Found(int(counted[1]), spot)
    return row | {"amount": Found(number_or_text(amount), page.spot(right.words, _LINE_CONFIDENCE))}
