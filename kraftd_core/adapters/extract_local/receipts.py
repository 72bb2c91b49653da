"""What a till's slip says in its own way: what was paid, and what was given back."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from kraftd_core.adapters.extract_local.values import NUMBER_IN_TEXT, DecimalSign, folded, parse_number
from kraftd_core.adapters.extract_local.words import Page

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
