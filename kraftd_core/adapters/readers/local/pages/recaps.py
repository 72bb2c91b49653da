"""Finds rows of net, tax and gross on pages: one of them may be the whole document's, others are its parts by rate."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeAlias

from kraftd_core.adapters.readers.common.candidates import CONFIRMED, Candidate
from kraftd_core.adapters.readers.common.labels import AMOUNT_ROLES, is_total_label, role_of
from kraftd_core.adapters.readers.common.page_labels import labels_in
from kraftd_core.adapters.readers.common.page_values import amount_in
from kraftd_core.adapters.readers.common.values import CURRENCY_IN_TEXT, Manner
from kraftd_core.adapters.readers.common.words import Page, TextLine, Word

Agreed: TypeAlias = tuple[Candidate, Candidate, Candidate]
"""Subtotal, tax and total that fit together."""

MOST_TAX = Decimal("0.3")  # of the net; no country asks for more
NEAR = Decimal("0.02")
_FAR = 4  # heights of a line, between the rows of one recap
_MOST_LETTERS = 24
_MONEY = re.compile(r"\d[.,]\d\d(?!\d)")


@dataclass(frozen=True, slots=True)
class Recap:
    """The rows that follow each other, and what they say of the whole document: None where they do not tell."""

    rows: tuple[Agreed, ...]
    whole: Agreed | None

    @property
    def parts(self) -> frozenset[int]:
        """The words of rows that are parts of a whole, by their ids."""
        rows = [row for row in self.rows if row is not self.whole and len(self.rows) > 1]
        return frozenset(id(word) for row in rows for one in row for word in one.words)


def recaps_on(pages: Sequence[Page], manner: Manner) -> Iterator[Recap]:
    """The recaps of the pages, in their order."""
    for page in pages:
        run: list[tuple[int, Agreed]] = []
        for n, line in enumerate(page.lines):
            if run and line.top - page.lines[run[-1][0]].bottom > _FAR * line.height:
                yield from _recap(page, run)
                run = []
            if row := _row(page, line, manner):
                run.append((n, row))
            elif run:
                yield from _recap(page, run)
                run = []
        yield from _recap(page, run)


def _recap(page: Page, run: Sequence[tuple[int, Agreed]]) -> Iterator[Recap]:
    rows = tuple(row for _, row in run)
    if len(rows) > 1:
        yield Recap(rows, _with_sum(rows))
    elif rows and _is_headed(page, run[0][0]) and not _is_named(page.lines[run[0][0]]):
        yield Recap(rows, rows[0])


def _with_sum(rows: Sequence[Agreed]) -> Agreed | None:
    """The last row, where it sums those before it; its tax has theirs as parts."""
    *parts, last = rows
    if any(abs(sum((part[i].value for part in parts), Decimal(0)) - last[i].value) > NEAR for i in range(3)):
        return None
    net, tax, gross = last
    return net, replace(tax, parts=tuple(part[1] for part in parts) if len(parts) > 1 else ()), gross


def summed(recap: Recap) -> Agreed:
    """The rows taken together."""
    net, tax, gross = (
        replace(column[0], value=sum((c.value for c in column), Decimal(0)), words=tuple(w for c in column for w in c.words),
                parts=tuple(column))
        for column in zip(*recap.rows, strict=True)
    )  # fmt: skip
    return net, tax, gross


def _row(page: Page, line: TextLine, manner: Manner) -> Agreed | None:
    """Net, tax and gross of a line that holds these three amounts, beside them a rate and a short text at most."""
    if sum(c.isalpha() for c in CURRENCY_IN_TEXT.sub(" ", line.text)) > _MOST_LETTERS:
        return None
    found: list[tuple[Decimal, tuple[Word, ...]]] = []
    for phrase in line.phrases:
        amount = amount_in(phrase.words, manner, 0) if _MONEY.search(phrase.text) and "%" not in phrase.text else None
        if amount:
            found.append((amount[0], tuple(amount[1])))
    if len(found) != 3:
        return None
    tax, net, gross = sorted(found, key=lambda one: abs(one[0]))
    if not gross[0] or abs(net[0] + tax[0] - gross[0]) > NEAR or abs(tax[0]) > MOST_TAX * abs(net[0]):
        return None
    if not tax[0]:
        net, gross = (one for one in found if one is not tax)
    named = zip(("subtotal", "total_tax", "total"), (net, tax, gross), strict=True)
    one, two, three = (Candidate(role, "", value, words, page, CONFIRMED) for role, (value, words) in named)
    return one, two, three


def _is_named(line: TextLine) -> bool:
    """Whether a text stands in the row, other than a word for a sum: then it is a line of its own rather than the whole."""
    text = " ".join(re.findall(r"[^\W\d_]{2,}", CURRENCY_IN_TEXT.sub(" ", line.text)))
    return bool(text) and not is_total_label(text) and role_of(text) not in AMOUNT_ROLES


def _is_headed(page: Page, n: int) -> bool:
    """Whether a line right above heads the row: it names two amounts or more, and states none."""
    for m in range(max(n - 2, 0), n):
        line = page.lines[m]
        roles = [
            any(label.role in AMOUNT_ROLES for label in labels_in(page, m, phrase, i)) for i, phrase in enumerate(line.phrases)
        ]
        if sum(roles) > 1 and not _MONEY.search(line.text):
            return True
    return False


def heads_sums(line: TextLine) -> bool:
    """Whether the line heads a row of sums: two of its phrases or more name amounts, beside a rate or a currency."""
    named = [role_of(_BESIDE_NAME.sub(" ", phrase.text)) for phrase in line.phrases]
    return not _MONEY.search(line.text) and len({role for role in named if role in AMOUNT_ROLES}) > 1


_BESIDE_NAME = re.compile(r"\d{1,2}(?:[.,]\d{1,2})?\s?%|\b[A-Z]{3}\b|[€$£]")
