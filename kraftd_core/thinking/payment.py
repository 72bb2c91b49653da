"""What a document asks to be paid, by when, and whether anybody still has to pay it: one answer for all who speak of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Literal

from kraftd_core.document.changes import path_of
from kraftd_core.document.checks.model import day, number
from kraftd_core.document.checks.owed import owed, total_name
from kraftd_core.document.jsontypes import Data
from kraftd_core.document.kinds import is_credit_note, kind_of

Way = Literal["to_pay", "paid", "card", "direct_debit", "credit", "unknown"]
"""Whether it is to be paid, was paid, is taken from a card or an account, gives something back, or does not say how much."""

_LONGEST = 4_000  # characters of a text that is looked at; how an invoice is paid stands near the beginning
_CARD = r"\b(?:(?:credit|debit|bank)[ -]?card|mastercard|visa|amex|american express|kreditkarte|ec[- ]karte|girocard|paypal" \
    r"|carte (?:bancaire|bleue|de cr[ée]dit)|tarjeta|carta di credito|apple pay|google pay)\b"  # fmt: skip
_DEBIT = r"\b(?:direct debit|(?:sepa|basis|firmen)?-?lastschrift\w*|bankeinzug\w*|einzugserm[äa]chtigung|pr[ée]l[èe]vement" \
    r"|domiciliaci[óo]n|addebito diretto)\b"  # fmt: skip
_TAKEN = r"\b(?:abgebucht|ein(?:ge|zu)zogen|einziehen|eingezogen|belastet|charged|debited|collect(?:ed)?|deducted|withdrawn" \
    r"|taken|pr[ée]lev[ée]\w*|bezahlt|paid|pay[ée]e?|pagad[ao]|addebitat[oa])\b"  # fmt: skip
_OFFERED = r"\b(?:accept(?:ed|s)?|can|may|could|possible|option(?:al)?|available|akzeptier\w+|m[öo]glich|k[öo]nnen|wahlweise" \
    r"|if|wenn|falls|oder|or|please|bitte|peut|pouvez|not|nicht|no|failed|declined|returned|fee|geb[üu]hr)\b"  # fmt: skip
_SETTLED = (
    r"\b(?:keine (?:zahlungs)?aufforderung|no (?:further )?payment (?:is )?(?:required|necessary|due)|do not pay|ne pas payer"
    r"|bitte nicht (?:[üu]berweisen|(?:be)?zahlen)|already (?:been )?(?:paid|settled)"
    r"|(?:bereits|dankend) (?:bezahlt|beglichen|erhalten)"
    r"|(?:has|have) been paid|paid in full|payment (?:was )?received|d[ée]j[àa] (?:pay[ée]e?|r[ée]gl[ée]e?)"
    r"|acquitt[ée]e?)\b"
)
_NOT_SETTLED = r"\b(?:not|nicht|until|till|bis|if|wenn|once|after|unless|before|if it|has not)\b"
_HOW_FIELD = re.compile(
    r"(?:payment|pay)_(?:method|means|mode|type|by)|paid_(?:by|with)|method_of_payment|zahlungsart|zahlungsweise"
)
_search = partial(re.search, flags=re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Payment:
    """What an invoice or a receipt asks for. `amount` is never below zero: what is given back is so by its `way`.

    `cells` are those that say so, named like changes; `whole` is the document's total.
    """

    way: Way
    amount: Decimal | None
    due: date | None
    cells: tuple[str, ...]
    whole: Decimal | None

    @property
    def is_asked_for(self) -> bool:
        """Whether somebody has to send money."""
        return self.way == "to_pay"


def payment_of(data: Data, document_type: str = "other") -> Payment | None:
    """What the document asks to be paid; None for a kind of document that asks for no payment."""
    kind = kind_of(data.get("document_type") or document_type)
    if kind.name not in ("invoice", "receipt"):
        return None
    data = {"document_type": kind.name} | data
    total = total_name(data) or ""
    whole, due, left = number(data.get(total)), day(data.get("due_date")), owed(data)
    cells = (left.cell,) if left else ()
    if kind.name == "receipt":
        return Payment("paid", Decimal(0), None, (path_of(total),), whole)
    if (left is not None and left.amount < 0) or (whole is not None and whole < 0) or is_credit_note(data):
        return Payment("credit", None if left is None else abs(left.amount), due, cells, whole)
    if left is not None and left.amount == 0:
        return Payment("paid", Decimal(0), due, cells, whole)
    told = next(_other_ways(data), None)
    if told is not None:
        way, where = told
        amount = Decimal(0) if way == "paid" else left.amount if left else None
        return Payment(way, amount, due, (*cells, where), whole)
    return Payment("to_pay" if left else "unknown", left.amount if left else None, due, cells, whole)


def _other_ways(data: Data) -> Iterator[tuple[Way, str]]:
    """Where the document says that it is paid already, or that the money is taken without anybody sending it."""
    for name, value in data.items():
        if not isinstance(value, str):
            continue
        if _HOW_FIELD.fullmatch(name.lower()):
            yield from ((way, path_of(name)) for way in _ways_named(value))
        for sentence in re.split(r"[.;!\n]", value[:_LONGEST]):
            yield from ((way, path_of(name)) for way in _ways_said(sentence))


def _ways_named(value: str) -> Iterator[Way]:
    if _search(_CARD, value):
        yield "card"
    if _search(_DEBIT, value):
        yield "direct_debit"


def _ways_said(sentence: str) -> Iterator[Way]:
    if _search(_TAKEN, sentence) and not _search(_OFFERED, sentence):
        yield from _ways_named(sentence)
    if _search(_SETTLED, sentence) and not _search(_NOT_SETTLED, re.sub(_SETTLED, "", sentence, flags=re.IGNORECASE)):
        yield "paid"
