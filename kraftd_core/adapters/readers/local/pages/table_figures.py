"""Finds tables whose heads say nothing to us by their figures: where quantity times price is the amount, or lines add up."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, pairwise

from kraftd_core.adapters.readers.common.labels import AMOUNT_ROLES, ROLE_OF, is_total_label, key_of
from kraftd_core.adapters.readers.common.reading import Found, ReadTable
from kraftd_core.adapters.readers.common.tables.ruled_items import agrees
from kraftd_core.adapters.readers.common.values import find_date, parse_number, percent
from kraftd_core.adapters.readers.common.words import Page, Phrase, TextLine, Word, text_of
from kraftd_core.adapters.readers.local.pages.table_heads import Head, HeadColumn
from kraftd_core.document.jsontypes import number_or_text
from kraftd_core.document.units import DecimalSign

_SUMMED_CONFIDENCE = 0.7
_MOST_FIGURES = 9
_LONGEST_UNIT = 12


@dataclass(frozen=True, slots=True)
class ColumnFigure:
    """A number on a line: its words, and whether it is a rate."""

    value: Decimal
    words: tuple[Word, ...]
    is_rate: bool = False

    @property
    def x0(self) -> float:
        return self.words[0].x0

    @property
    def x1(self) -> float:
        return self.words[-1].x1

    @property
    def is_money(self) -> bool:
        return bool(re.search(r"\d[.,]\d{2,4}(?!\d)", text_of(self.words)))


Triple = tuple[ColumnFigure, ColumnFigure, ColumnFigure]
"""Quantity, price and amount of one line."""


def head_by_figures(page: Page, sign: DecimalSign | None) -> Head | None:
    """The columns in which most lines' figures agree; None where too few do to tell."""
    found = [(n, list(_triples(line, sign))) for n, line in enumerate(page.lines)]
    every = [triple for _, triples in found for triple in triples]
    if not every:
        return None
    support = {id(t): sum(any(_same_columns(t, other) for other in triples) for _, triples in found) for t in every}
    model = max(every, key=lambda t: (support[id(t)], t[0].value != 1, t[0].x1, t[1].x1))
    if support[id(model)] < 2 and not (model[1].is_money and model[2].is_money):
        return None
    rows = [(n, next(t for t in triples if _same_columns(model, t)))
            for n, triples in found if any(_same_columns(model, t) for t in triples)]
    return _head(page, rows, sign)


def _figures(line: TextLine, sign: DecimalSign | None) -> list[ColumnFigure]:
    return [figure for phrase in line.phrases for figure in _figures_in(phrase, sign)]


def _figures_in(phrase: Phrase, sign: DecimalSign | None) -> Iterator[ColumnFigure]:
    """The numbers in a phrase, the longest run of words at each place; dates are none."""
    words, n = phrase.words, 0
    if find_date(phrase.text) and len(words) <= 3:
        return
    while n < len(words):
        for end in range(min(len(words), n + 4), n, -1):
            text = text_of(words[n:end])
            value = parse_number(text.rstrip("%"), sign) if any(c.isdigit() for c in text) else None
            if value is not None:
                is_rate = text.endswith("%") or (end < len(words) and words[end].text.startswith("%"))
                yield ColumnFigure(value, tuple(words[n:end]), is_rate)
                n = end - 1
                break
        n += 1


def _triples(line: TextLine, sign: DecimalSign | None) -> Iterator[Triple]:
    figures = _figures(line, sign)[-_MOST_FIGURES:]
    if not any(c.isalpha() for c in line.text):
        return
    rates = [figure.value for figure in figures if 0 < figure.value < 100]
    plain = [figure for figure in figures if not figure.is_rate]
    for quantity, price, amount in combinations(plain, 3):
        if quantity.is_money and not price.is_money:
            quantity, price = price, quantity  # a price has decimals, where only one of both does
        others = [r for r in rates if r not in (quantity.value, price.value, amount.value)]
        if amount.value and quantity.value and agrees(quantity.value, price.value, amount.value, others):
            yield quantity, price, amount


def _same_columns(a: Triple, b: Triple) -> bool:
    """Whether each figure stands over or under its like, at the left or right edge or across."""
    return all(min(x.x1, y.x1) - max(x.x0, y.x0) > -2 for x, y in zip(a, b, strict=True))


# The columns around the figures


def _head(page: Page, rows: Sequence[tuple[int, Triple]], sign: DecimalSign | None) -> Head | None:
    columns = [
        HeadColumn(name, min(t[i].x0 for _, t in rows), max(t[i].x1 for _, t in rows))
        for i, name in enumerate(("quantity", "unit_price", "amount"))
    ]
    bands: list[list[Phrase]] = []
    for n, triple in rows:
        for rest in _others(page.lines[n], triple):
            _into_band(bands, rest)
    texts = [band for band in bands if _is_text("".join(phrase.text for phrase in band))]
    described = max(texts, key=lambda band: sum(len(p.text) for p in band), default=None)
    if described is None or min(p.x0 for p in described) > columns[2].x0:
        return None
    for band in bands:
        name = "description" if band is described else _band_name(band, min(p.x0 for p in described), rows, sign)
        columns.append(HeadColumn(name, min(p.x0 for p in band), max(p.x1 for p in band)))
    columns = _once(sorted(columns, key=lambda c: c.x0))
    return Head(columns, _first_line(page, rows[0][0], columns))


def _first_line(page: Page, row: int, columns: Sequence[HeadColumn]) -> int:
    """The first line of a row's own: texts close above its figures, within the description's column, belong to it."""
    left, right = next((c.x0 - 3, after.x0) for c, after in pairwise(columns) if c.name == "description")
    while row and page.lines[row].top - page.lines[row - 1].bottom < 0.6 * page.lines[row].height:
        above = page.lines[row - 1]
        if len(above.phrases) > 1 or not left <= above.phrases[0].x0 < above.phrases[0].x1 < right:
            break
        row -= 1
    return row


def _is_text(text: str) -> bool:
    return "%" not in text and sum(c.isalpha() for c in text) > sum(c.isdigit() for c in text)


def _others(line: TextLine, triple: Triple) -> Iterator[Phrase]:
    """What stands on a line beside its figures; a short text right behind the quantity is its unit and stays with it."""
    taken = {id(word) for figure in triple for word in figure.words}
    for phrase in line.phrases:
        free: list[Word] = []
        for word in phrase.words:
            if id(word) not in taken:
                free.append(word)
            elif free:
                yield Phrase(tuple(free))
                free = []
        behind = triple[0].words[-1] in phrase.words and free and free[0].x0 > triple[0].x1
        if free and not (behind and sum(len(word.text) for word in free) <= _LONGEST_UNIT) and _tells(free):
            yield Phrase(tuple(free))


def _tells(words: Sequence[Word]) -> bool:
    return any(c.isalnum() for word in words for c in word.text)


def _into_band(bands: list[list[Phrase]], phrase: Phrase) -> None:
    hits = [band for band in bands if any(min(p.x1, phrase.x1) - max(p.x0, phrase.x0) > 1 for p in band)]
    for band in hits:
        bands.remove(band)
    bands.append([p for band in hits for p in band] + [phrase])


def _band_name(band: Sequence[Phrase], text_x0: float, rows: Sequence[tuple[int, Triple]], sign: DecimalSign | None) -> str:
    texts = [phrase.text for phrase in band]
    numbers = [percent(text, sign) if "%" in text else parse_number(text, sign) for text in texts]
    quantity_x0: float = min(t[0].x0 for _, t in rows)
    is_left = max(p.x1 for p in band) <= text_x0 + 1
    if is_left and all(n is not None and n == int(n) and n < 1000 for n in numbers):
        return "position"
    if is_left:
        return "item_number"
    if all(n is not None and abs(n) <= 100 for n in numbers):
        return "discount" if _lowers(rows, numbers) else "tax_rate"
    if all(len(text) <= _LONGEST_UNIT and text[:1].isalpha() for text in texts) and min(p.x0 for p in band) > quantity_x0:
        return "unit"
    return "column"


def _lowers(rows: Sequence[tuple[int, Triple]], rates: Sequence[Decimal | None]) -> bool:
    """Whether amounts only agree with these rates taken off."""
    short = [t for _, t in rows if not agrees(t[0].value, t[1].value, t[2].value)]
    return bool(short) and all(any(agrees(t[0].value, t[1].value, t[2].value, [r or Decimal(0)]) for r in rates) for t in short)


def _once(columns: Sequence[HeadColumn]) -> list[HeadColumn]:
    taken: dict[str, int] = {}
    named = []
    for column in columns:
        taken[column.name] = count = taken.get(column.name, 0) + 1
        named.append(column if count == 1 else HeadColumn(f"{column.name}_{count}", column.x0, column.x1))
    return named


# Lines that add up


def summed_lines(pages: Sequence[Page], sign: DecimalSign | None) -> ReadTable | None:
    """Lines of a text and an amount that follow each other and whose sum the next line states."""
    for page in pages:
        run: list[tuple[TextLine, Decimal]] = []
        for line in page.lines:
            amount = _lone_amount(line, sign)
            if amount is None:
                run = []
            elif len(run) > 1 and amount == sum(value for _, value in run):
                return ReadTable("line_items", [_summed_row(page, *one) for one in run])
            elif ROLE_OF.get(key_of(line.phrases[0].text)) in AMOUNT_ROLES or is_total_label(line.phrases[0].text):
                run = []
            else:
                run.append((line, amount))
    return None


def _lone_amount(line: TextLine, sign: DecimalSign | None) -> Decimal | None:
    if len(line.phrases) != 2 or sum(c.isalpha() for c in line.phrases[0].text) < 3 or line.phrases[0].text.endswith("%"):
        return None
    figures = list(_figures_in(line.phrases[1], sign))
    whole = parse_number(line.phrases[1].text, sign)
    return whole if whole is not None and figures and figures[0].is_money else None


def _summed_row(page: Page, line: TextLine, amount: Decimal) -> dict[str, Found]:
    text, number = line.phrases[0], line.phrases[-1]
    return {
        "description": Found(text.text, page.spot(text.words, _SUMMED_CONFIDENCE)),
        "amount": Found(number_or_text(amount), page.spot(number.words, _SUMMED_CONFIDENCE)),
    }
