"""What holds of a document, whoever speaks of it: what is to be paid, by when, and what the checks answered."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property

from kraftd_core.document.checks.checking import answers
from kraftd_core.document.checks.model import Finding, day, lines_of, number
from kraftd_core.document.checks.words import FIGURES
from kraftd_core.document.kinds import DocumentKind, kind_of
from kraftd_core.document.wording import label_of, money
from kraftd_core.ports.thinking import Case
from kraftd_core.thinking.grounding.evidence import Evidence
from kraftd_core.thinking.grounding.phrases.model import plain_of
from kraftd_core.thinking.grounding.things import Things
from kraftd_core.thinking.payment import Payment, payment_of

_MOST_SHARES = 20
_QUOTED = 60  # characters that a quotation has in common with what it quotes

_FIGURE = re.compile(r"-?\d{1,15}(?:\.\d{1,6})?")

_WAYS = {
    "to_pay": "{amount} is left to pay",
    "paid": "nothing is left to pay",
    "card": "it is charged to a card",
    "direct_debit": "it is collected by direct debit",
    "credit": "it gives {amount} back",
}


class Record:
    """What holds of a case, whoever speaks of it."""

    def __init__(self, evidence: Evidence) -> None:
        self.case: Case = evidence.case
        self._shares = evidence.shares

    @cached_property
    def payment(self) -> Payment | None:
        """What the document asks to be paid."""
        return payment_of(self.case.data, self.case.document_type)

    @cached_property
    def how_it_stands(self) -> str:
        """What is to be paid, in short words; empty where the document asks for nothing, or does not say how much."""
        payment = self.payment
        if payment is None or payment.amount is None:
            return ""
        return _WAYS.get(payment.way, "").format(amount=self.money(payment.amount))

    @cached_property
    def due(self) -> date | None:
        """The day by which the document asks for something, or until which it stands."""
        return day(self.case.data.get(self.kind.due or ""))

    @cached_property
    def kind(self) -> DocumentKind:
        """What kind of document it is."""
        return kind_of(self.case.data.get("document_type") or self.case.document_type)

    @cached_property
    def parties(self) -> tuple[str, str]:
        """The names of supplier and customer, in small letters without accents; empty where they are not known."""
        known = (self.case.data.get(name) for name in ("vendor_name", "customer_name"))
        vendor, customer = (plain_of(name) if isinstance(name, str) else "" for name in known)
        return vendor, customer

    @cached_property
    def doubts(self) -> list[Finding]:
        """What the checks found that asks to be confirmed or corrected, the gravest first."""
        return [*self.errors, *(finding for finding in self.case.findings if finding.severity == "warning")]

    @cached_property
    def amounts(self) -> dict[int, Decimal]:
        """The amounts of the line items, by their places from 1."""
        known = ((line.index + 1, line.number("amount")) for line in lines_of(self.case.data))
        return {place: amount for place, amount in known if amount is not None}

    @cached_property
    def things(self) -> Things:
        """The lines and sections, as sentences name them."""
        return Things(self.case.data)

    @cached_property
    def wholes(self) -> list[Decimal]:
        """What all the lines come to, and the subtotal and total that are stated."""
        of_lines = sum(self.amounts.values(), Decimal(0))
        stated = (number(self.case.data.get(name or "")) for name in ("subtotal", self.kind.total))
        return [whole for whole in (of_lines, *stated) if whole is not None and whole > 0]

    @cached_property
    def expected(self) -> list[Decimal]:
        """The figures that the checks expected instead of others, and by how much they differ."""
        told = ((finding.expected, finding.found) for finding in self.case.findings)
        found = [[Decimal(text) for text in pair if text and _FIGURE.fullmatch(text)] for pair in told]
        return [value for pair in found if len(pair) == 2 for value in (pair[0], abs(pair[0] - pair[1]))]

    @cached_property
    def errors(self) -> list[Finding]:
        """What has to be cleared up before anything is paid."""
        return [finding for finding in self.case.findings if finding.severity == "error"]

    @cached_property
    def answers(self) -> list[Finding]:
        """What the checks answer of the figures, also where they held."""
        every = answers({"document_type": self.case.document_type} | self.case.data, self.case.as_of)
        return [answer for answer in every if answer.check in FIGURES]

    def found_by(self, checks: Sequence[str], rows: Sequence[str] = ()) -> Finding | None:
        """The first finding of these checks; of these rows, where a statement speaks of them."""
        return next((found for found in self.case.findings if found.check in checks and is_of(found, rows)), None)

    @cached_property
    def may_be_paid(self) -> list[Decimal]:
        """The amounts that it is right to pay: what is owed, and that less a discount or a part that the terms state."""
        payment = self.payment
        if payment is None or payment.amount is None:
            return []
        shares = [Decimal(str(share)) for share in self._shares if 0 < share < 100]
        terms = [value for name, value in self.case.data.items() if re.search("terms|instal|deposit|payment", name.lower())]
        stated = re.findall(r"\d[\d,]*\.\d\d\b|\b\d{1,3}(?:,\d{3})+\b", " ".join(map(str, terms)))
        parts = [payment.amount * (100 - share) / 100 for share in shares[:_MOST_SHARES]]
        return [payment.amount, *parts, *(Decimal(text.replace(",", "")) for text in stated[:_MOST_SHARES])]

    def quotes(self, text: str) -> bool:
        """Whether a sentence names a field and repeats its text: what the document says, and nobody's advice."""
        label, _, said = text.partition(": ")
        said = said.rstrip(".…")[:_QUOTED]
        fields = ((label_of(name), value) for name, value in self.case.data.items() if isinstance(value, str))
        return bool(said) and any(name == label and " ".join(value.split()).startswith(said) for name, value in fields)

    def money(self, amount: Decimal) -> str:
        """An amount in the document's currency."""
        currency = self.case.data.get("currency")
        return money(amount, currency if isinstance(currency, str) and len(currency) <= 5 else "")


def is_of(finding: Finding, rows: Sequence[str]) -> bool:
    """Whether a finding is about one of these rows; about any, where none is named."""
    return not rows or any(f"[{row}]" in cell for row in rows for cell in finding.cells)
