"""What a reviewed document came to: its total and the prices of its items, against which later ones of the supplier are held."""

from collections.abc import Iterator
from decimal import Decimal
from hashlib import blake2b
from typing import Any

from kraftd_core.document.checks.amounts import price_basis
from kraftd_core.document.checks.model import Line, lines_of, number
from kraftd_core.document.checks.owed import total_name
from kraftd_core.document.jsontypes import Data
from kraftd_core.document.kinds import is_credit_note
from kraftd_core.document.nouns import Noun

MOST_PRICES = 40  # of one document: those of the largest amounts
_LONGEST = 200  # characters of a text by which an item is known again
_NAMES = ("sku", "article_number", "item_code", "product_code", "part_number", "description", "item", "name", "product")


class Accepted(Noun):
    """The amounts as a person left them: decimals as text, prices by a hash of what tells the item and its unit.

    Without a currency nothing can be compared, and of what gives back nothing is kept.
    """

    currency: str = ""
    total: str | None = None
    prices: dict[str, str] = {}


def accepted_in(data: Data) -> Accepted:
    """The amounts of a document's data."""
    currency = data.get("currency")
    total = number(data.get(total_name(data) or ""))
    if not isinstance(currency, str) or not currency.strip() or is_credit_note(data) or (total is not None and total < 0):
        return Accepted()
    prices: dict[str, str] = {}
    for item in sorted(priced_items(data), key=lambda item: -abs(item[2]))[:MOST_PRICES]:
        prices.setdefault(item[0], format(item[3], "f"))
    return Accepted(currency=currency.strip().upper(), total=None if not total else format(total, "f"), prices=prices)


def priced_items(data: Data) -> Iterator[tuple[str, Line, Decimal, Decimal]]:
    """The items that have one unit price: what each is known by, its line, its amount and its price; bounded by the rows."""
    found: dict[str, tuple[Line, Decimal, Decimal]] = {}
    twice = set()
    for line in lines_of(data):
        price, key = line.number("unit_price"), _key_of(line.row)
        if price is None or price <= 0 or key is None:
            continue
        if key in found and found[key][2] != price:
            twice.add(key)
        found.setdefault(key, (line, line.number("amount") or price, price))
    yield from ((key, *item) for key, item in found.items() if key not in twice)


def _key_of(row: dict[str, Any]) -> str | None:
    """A hash of all that names the item, of its unit and of how many pieces its price is for; None where nothing names it."""
    names = [" ".join(str(row[name]).casefold().split())[:_LONGEST] for name in _NAMES if row.get(name)]
    if not names:
        return None
    told = "\n".join([*names, str(row.get("unit") or "").casefold().strip(), *map(str, price_basis(row))])
    return blake2b(told.encode(), digest_size=8).hexdigest()
