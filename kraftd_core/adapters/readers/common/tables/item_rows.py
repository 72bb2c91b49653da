"""Tells the rows of a table of line items apart: lines, headings of sections, notes, sums, taxes and sums carried over."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from kraftd_core.adapters.readers.common.column_heads import is_remark, is_unit, meaning_of
from kraftd_core.adapters.readers.common.labels import is_total_label
from kraftd_core.adapters.readers.common.tables.item_columns import NUMBERED, counted_in, number_in
from kraftd_core.adapters.readers.common.tables.labelled import PAID, Labelled, part_of_sums, role_of_total
from kraftd_core.adapters.readers.common.values import Manner, folded

COUNTED = ("quantity", "unit_price", "amount")
PATH_MARK = " > "
_ERRORS = frozenset(("#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"))  # what a sheet shows for a lost formula
_LONGEST_REMARK = 3  # words
_CENT = Decimal("0.01")
_MOST_UNNUMBERED = 3  # headings without a number that stand under each other
_LABELLED = re.compile(r"^[^:]{3,40}\s?:\s?\S")
_NOTHING_STATED = re.compile(r"\W*(?:n\W?a|nil|tb[dc]|not applicable)\W*", re.IGNORECASE)
"""Words that stand for a figure, and say no more than that there is none: they stay where they stand."""
_NOTE = re.compile(
    r"\W*(?:notes?|n\.?b|remarks?|nota|hinweise?|bemerkung(?:en)?|anmerkung(?:en)?|remarques?|หมายเหตุ)"
    r"\b\s*[.:\-–0-9]*"
)
_TAX = re.compile(
    r"^\W*(?:(?:add|plus|input|output|less|zzgl\.?|zuzuglich)\W+)*(?:\d{1,2}(?:[.,]\d+)?\s*%\s*)?"
    r"(?:[cis]gst|utgst|igst|gst|vat|mwst|ust|mehrwertsteuer|umsatzsteuer|tva|iva|i\.?g\.?v|btw|sales tax|service tax)\b"
    r"(?:\W|\d|@|%|amount|betrag|on|of|at|the|total|value|von|auf|aus|sur|sobre|de|ht|rs|inr|omr|aed|eur|payable|extra|as|a|applicable)*$"
)
_CARRIED = re.compile(
    r"^\W*(?:(?:total |sum |amount )?(?:brought|carried)(?: (?:forward|down|over|to)\b.*)?$|b/f|c/f|c/o|ubertrag|"
    r"a reporter|report\b|"
    r"suma y sigue|suma anterior|collection\b|(?:less|add)\W{1,4}(?:r/off|round(?:ed|ing)?)|round(?:ed|ing)?[ -]?off\b)"
)
WHOLE = re.compile(
    r"grand|\bgr?\W{0,2}total|general|gesamt|overall|final|whole|payable|ttc|brutto|gross|incl|inkl|net total|total net|total ht|"
    r"rounded"
)

_GRAND = re.compile(r"\W*g(?:r|rand)?\W{0,2}total\W*(?:\w{1,3}\W*)?")
_ONLY_TOTAL = re.compile(
    r"\W*(?:(?:grand|sub)[ -]?)?(?:total|gesamtsumme|zwischensumme|summe|sous-total|totale)\W*(?:\w{1,3}\W*)?"
)


@dataclass(slots=True)
class Items:
    """The lines of a table with their sections, its sums, and the texts that are neither."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    sums: list[Labelled] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Heading:
    """A heading with its number, and whether lines stand under it."""

    number: str
    title: str
    is_used: bool = False


@dataclass(slots=True)
class _Path:
    """The headings that a line stands under, outermost first, and those that were left without a line."""

    steps: list[_Heading] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)

    @property
    def is_used(self) -> bool:
        """Whether lines followed the last heading."""
        return bool(self.steps) and self.steps[-1].is_used

    def use(self) -> None:
        for step in self.steps:
            step.is_used = True

    def go_to(self, number: str, title: str) -> None:
        kept = self._above(number) if number else self._above_unnumbered()
        self._leave(len(kept))
        self.steps = [*kept, _Heading(number, title)]

    def leave(self) -> None:
        self._leave(0)

    def _leave(self, kept: int) -> None:
        self.unused += [step.title for step in self.steps[kept:] if not step.is_used]

    def _above(self, number: str) -> list[_Heading]:
        """The steps that a numbered heading leaves standing: those before the first of its own kind and depth, or deeper."""
        letters = {step.number for step in self.steps if len(step.number) == 1}
        kind = ("upper", 1) if chr(ord(number[0]) - 1) in letters and number in "VIX" else _kind_of_number(number)
        for n, step in enumerate(self.steps):
            before = _kind_of_number(step.number)
            if not step.number and self.is_used:
                return self.steps[:n]
            if before and before[0] == kind[0] and before[1] >= kind[1]:
                return self.steps[:n]
        return self.steps

    def _above_unnumbered(self) -> list[_Heading]:
        """One without a number stands under the heading right above it; after lines it takes the last one's place."""
        first = next((n for n, step in enumerate(self.steps) if not step.number), None)
        if not self.is_used:
            over = first is not None and len(self.steps) - first >= _MOST_UNNUMBERED
            return self.steps[:-1] if over else self.steps
        return self.steps[: len(self.steps) - 1 if first is None else first]

    @property
    def text(self) -> str | None:
        return PATH_MARK.join(step.title for step in self.steps) or None


def _kind_of_number(number: str) -> tuple[str, int]:
    """What a heading is numbered with, and how deep: "1.1" is digits of depth 2."""
    parts = re.findall(r"\w+", number)
    if not parts:
        return "", 0
    if len(parts) == 1 and parts[0].isalpha():
        return "roman" if re.fullmatch(r"[ivx]+|[IVX]+", parts[0]) else "upper" if parts[0].isupper() else "lower", 1
    return "digits" if parts[0].isdigit() else "upper", len(parts) if parts[0].isdigit() else 1


def items_of(columns: Sequence[str], body: Sequence[Sequence[Any]], manner: Manner, title: str | None = None) -> Items:
    """The lines of the table with the path of headings above each; headings without lines are texts, sums are sums.

    `title` is what stands right above the head, where it is a section like others.
    """
    items, path = Items(), _Path()
    if title:
        path.go_to("", title)
    sums: list[tuple[int, Labelled]] = []  # how many lines stand above each
    whole = Decimal(0)
    between: list[dict[str, Any]] = []  # rows among the sums that may be a discount or a charge, if no line follows
    details = _details_of([dict(zip(columns, cells, strict=True)) for cells in body], manner)
    for cells in body:
        row = dict(zip(columns, cells, strict=True))
        if total := _sum(row, manner) or _unnamed_sum(row, items.rows, whole, manner):
            sums.append((len(items.rows), total))
        elif heading := _heading(row, manner):
            if _NOTE.match(folded(heading[1])):
                items.texts.append(heading[1])
            elif items.rows and not path.steps and _numbers_above(heading[0], items.rows):
                items.rows[-1]["position"] = heading[0]
                _say_more(items.rows[-1], heading[1])
            elif items.rows and not heading[0] and not _is_closed(sums, items.rows) and (
                (_goes_on(heading[1]) and (path.is_used or not path.steps)) or (not path.steps and details(heading[1]))
            ):
                _say_more(items.rows[-1], heading[1])
            else:
                path.go_to(*heading)
        elif items.rows and _is_allowance(row, manner):
            _say_more(items.rows[-1], " ".join(str(cell) for cell in row.values() if cell is not None))
        elif _is_closed(sums, items.rows) and _may_be_between(row, manner):
            between.append(row)
        elif not is_aside(row):
            path.use()
            for line in (*between, row):
                items.rows.append(_line(line, path.text))
                whole += number_in(line.get("amount"), manner) or 0
            between.clear()
    sums += [(len(items.rows), Labelled(_words(row)[0], None, number_in(row["amount"], manner))) for row in between]
    path.leave()
    items.texts += path.unused
    items.sums = _with_net(list(_of_whole(sums, items.rows, whole)))
    return items


def _is_closed(sums: Sequence[tuple[int, Labelled]], rows: Sequence[Any]) -> bool:
    """Whether a sum follows the last line."""
    return bool(sums) and sums[-1][0] == len(rows)


def _may_be_between(row: dict[str, Any], manner: Manner) -> bool:
    """Whether a row is nothing but a word for a discount, a charge or the like, and its amount."""
    words = _words(row)
    is_pair = sum(cell is not None for cell in row.values()) == _LABEL_AND_AMOUNT
    return is_pair and len(words) == 1 and number_in(row.get("amount"), manner) is not None and part_of_sums(words[0]) is not None


_LABEL_AND_AMOUNT = 2  # cells


def _say_more(line: dict[str, Any], text: str) -> None:
    line["description"] = "\n".join(filter(None, (str(line.get("description") or ""), text)))


def _numbers_above(number: str, rows: Sequence[dict[str, Any]]) -> bool:
    """Whether the number is that of the line above, which stands in its cell a row too low."""
    return number.isdigit() and int(number) == len(rows) and "position" in rows[-1] and rows[-1]["position"] is None


def _is_allowance(row: dict[str, Any], manner: Manner) -> bool:
    """A price that is taken off the line above: nothing is counted, and nothing comes to an amount."""
    price = number_in(row.get("unit_price"), manner)
    return price is not None and price < 0 and all(row.get(name) is None for name in ("quantity", "amount", "unit", "position"))


def _goes_on(text: str) -> bool:
    """Whether a text goes on with the line above it, as no title does: it begins small, with a dash or with a bracket."""
    return text[0].islower() or text[0] in "-–•*("


def _details_of(rows: Sequence[dict[str, Any]], manner: Manner) -> Callable[[str], bool]:
    """Tells a text that says more of the line above it from a heading, in a table that begins with a line.

    Where a text is the last row, or the texts are labels with values, they belong to what stands above them.
    """
    first, last = (next((r for r in some if not is_aside(r) and not _sum(r, manner)), None) for some in (rows, reversed(rows)))
    begins = first is not None and _heading(first, manner) is None
    ending = _heading(last, manner) if last is not None else None
    ends = ending is not None and not ending[0] and not _NOTE.match(folded(ending[1]))
    return lambda text: begins and (ends or bool(_LABELLED.search(text)) or "•" in text)


def _line(row: dict[str, Any], section: str | None) -> dict[str, Any]:
    own = row.get("section")
    line = row | {"section": own or section} if section else dict(row)
    for name in COUNTED:
        if isinstance(line.get(name), str) and is_remark(line[name]) and not _NOTHING_STATED.fullmatch(line[name]):
            line["remarks"] = "; ".join(filter(None, (str(line.get("remarks") or ""), line[name])))
            line[name] = None
    return line


def is_aside(row: dict[str, Any]) -> bool:
    """A head that is repeated, or the columns counted through from one."""
    filled = {name: cell for name, cell in row.items() if cell is not None}
    if len(filled) >= 4 and [str(cell) for cell in filled.values()] == [str(n) for n in range(1, len(filled) + 1)]:
        return True
    if len(filled) < 3 or not all(isinstance(cell, str) for cell in filled.values()):
        return False
    if sum(cell[0].isdigit() for cell in filled.values()) > 1:  # figures: most rows end here
        return False
    return sum((meaning := meaning_of(cell)) is not None and meaning.column == name for name, cell in filled.items()) >= 3


def _words(row: dict[str, Any]) -> list[str]:
    return [cell for cell in row.values() if isinstance(cell, str) and any(c.isalpha() for c in cell)]


# Sums


def _sum(row: dict[str, Any], manner: Manner) -> Labelled | None:
    """The sum, tax or carried sum that a row states; it counts nothing, but a tax may stand with its rate."""
    label = next((text for text in _words(row) if not is_unit(text) or _TAX.match(folded(text))), None)
    if label is None or len(label) > 120:
        return None
    plain = folded(label)
    if _is_beside(row, label, manner):
        role = "total_tax" if _TAX.match(plain) else role_of_total(label) or _role_by_words(plain)
        return Labelled(label, role, number_in(row.get("amount"), manner))
    is_tax, is_carried = bool(_TAX.match(plain)), bool(_CARRIED.match(plain))
    numbers = [number for cell in row.values() if (number := number_in(cell, manner)) is not None]
    if is_tax or is_carried:
        return Labelled(label, "total_tax" if is_tax else None, numbers[-1] if numbers else None)
    if any(counted_in(row.get(name), manner) is not None for name in ("quantity", "unit_price")) and not _is_only_total(plain):
        return None
    if not numbers and not _is_only_total(plain):
        return None
    is_grand = bool(_GRAND.fullmatch(plain))
    if not (is_total_label(label) or role_of_total(label) or is_grand):
        return None
    role = "total" if is_grand else role_of_total(label) or _role_by_words(plain)
    return Labelled(label, role, numbers[-1] if numbers else None)


_OF_ITEMS = ("position", "item_number", "description", "section", "date", "remarks", "amount")
"""Columns in which a text says what a line is of; in the others, a label of a sum."""


def _is_beside(row: dict[str, Any], label: str, manner: Manner) -> bool:
    """Whether a label in a column of figures names the amount beside it, and nothing else stands there: "Shipping | 50"."""
    filled = {name: cell for name, cell in row.items() if cell is not None}
    in_figures = any(cell == label for name, cell in filled.items() if name not in _OF_ITEMS)
    return in_figures and len(filled) == 2 and number_in(filled.get("amount"), manner) is not None and not is_remark(label)


def _role_by_words(plain: str) -> str | None:
    """What a total says of tax: "TOTAL H.T. En Euros", "Total T.T.C. en Euros"; a total of a part says nothing."""
    if not re.match(r"\W*(?:grand |montant )?(?:total|gesamtsumme|summe|importe)\b", plain):
        return None
    if re.search(r"\bt\.?t\.?c\b|\bincl|\binkl|brutto|gross|con iva", plain):
        return "total"
    return "subtotal" if re.search(r"\bh\.?t\b|\bexcl|ohne|netto|hors taxe|sin iva|before tax", plain) else None


def _is_only_total(plain: str) -> bool:
    """A row that is called total and nothing else is one, though it counts pieces or states no figure."""
    return bool(_ONLY_TOTAL.fullmatch(plain) or _GRAND.fullmatch(plain))


def _unnamed_sum(row: dict[str, Any], above: Sequence[Any], whole: Decimal, manner: Manner) -> Labelled | None:
    """A row without words whose amount is the sum of all amounts above it; an amount that stands all alone is no line either."""
    amount = number_in(row.get("amount"), manner)
    if amount is None or not above or _words(row) or number_in(row.get("quantity"), manner):
        return None
    if amount and len(above) > 1 and abs(whole - amount) <= _CENT:
        return Labelled("Total", "total", amount)
    return Labelled("", None, amount) if sum(cell is not None for cell in row.values()) == 1 else None


def _of_whole(sums: Sequence[tuple[int, Labelled]], rows: Sequence[dict[str, Any]], whole: Decimal) -> Iterator[Labelled]:
    """The sums of the whole, none of a part: lines after it, or another of its kind before it, betray one; taxes are added up."""
    sectioned = any(row.get("section") for row in rows)
    taxes: list[Decimal] = []
    seen: set[str] = set()
    is_paid = False
    for above, total in sums:
        is_paid = is_paid or (above == len(rows) and part_of_sums(total.label) in PAID)
        if isinstance(total.value, Decimal) and total.role is None and above == len(rows) and not is_total_label(total.label):
            yield total  # a discount, or what is charged beside the lines
        if not isinstance(total.value, Decimal) or total.role is None:
            continue
        value = total.value
        is_last = above == len(rows) and (total.role not in seen or is_paid or bool(WHOLE.search(folded(total.label))))
        is_sum = whole != 0 and abs(value - whole) <= _CENT
        if total.role == "total_tax":
            taxes += [value] if above == len(rows) else []
        elif is_sum if total.role == "subtotal" and (sectioned or above < len(rows)) else (
            is_last or total.role == "subtotal" or (above == len(rows) and is_sum)
        ):
            yield total
        seen.add(total.role)
    if taxes:
        yield Labelled("Tax", "total_tax", sum(taxes, Decimal(0)))


def _with_net(sums: list[Labelled]) -> list[Labelled]:
    """Where two are called total and the tax lies between them, the smaller one is the subtotal."""
    totals = {pair.value for pair in sums if pair.role == "total"}
    taxes = [pair.value for pair in sums if pair.role == "total_tax"]
    nets = {net for net in totals for tax in taxes if tax and net + tax in totals}
    return [replace(pair, role="subtotal") if pair.role == "total" and pair.value in nets else pair for pair in sums]


# Headings


def _heading(row: dict[str, Any], manner: Manner) -> tuple[str, str] | None:
    """A section's number and title: text alone, perhaps with its number, where rows have units, quantities or amounts."""
    if any(counted_in(row.get(name), manner) is not None for name in COUNTED):
        return None
    if any(isinstance(row.get(name), str) and is_remark(row[name]) for name in COUNTED) or _is_unit_cell(row.get("unit")):
        return None
    beside = _beside_figures(row)
    filled = {
        name: cell for name, cell in row.items()
        if cell is not None and name not in ("remarks", "section", *beside) and str(cell) not in _ERRORS
    }
    number, title = "", ""
    for name, cell in filled.items():
        if not title and not number and NUMBERED.fullmatch(str(cell).strip()) and name != "description":
            number = str(cell).strip()
        elif not title and isinstance(cell, str) and any(c.isalpha() for c in cell):
            title = " ".join(cell.split())
        else:
            return None
    return (number, title) if title else None


def _beside_figures(row: dict[str, Any]) -> list[str]:
    """The columns to the right of all figures that hold a short word: what somebody remarked ("Comply")."""
    names = list(row)
    last = max((n for n, name in enumerate(names) if name in ("unit", *COUNTED)), default=len(names))
    return [name for name in names[last + 1 :] if isinstance(row[name], str) and len(row[name].split()) <= _LONGEST_REMARK]


def _is_unit_cell(cell: Any) -> bool:
    return isinstance(cell, str) and is_unit(cell)

