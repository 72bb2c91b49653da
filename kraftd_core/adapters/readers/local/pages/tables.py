"""Finds the table of line items on pages of words: its head by the names of columns, its columns by the white between them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import TypeAlias

from kraftd_core.adapters.readers.common.candidates import Candidate
from kraftd_core.adapters.readers.common.labels import NUMERIC_COLUMNS, ROLE_OF, is_total_label, key_of
from kraftd_core.adapters.readers.common.reading import Found, ReadTable
from kraftd_core.adapters.readers.common.tables.ruled_items import agrees, ruled_items
from kraftd_core.adapters.readers.common.values import Manner, folded, parse_number, percent, quantity_and_unit
from kraftd_core.adapters.readers.common.words import Page, Phrase, TextLine, Word, without_note
from kraftd_core.adapters.readers.local.pages.recaps import heads_sums
from kraftd_core.adapters.readers.local.pages.table_figures import head_by_figures, summed_lines
from kraftd_core.adapters.readers.local.pages.table_heads import (
    COLUMN_NAMES,
    Head,
    HeadColumn,
    find_head,
    headings_on,
    heads_section,
)
from kraftd_core.document.jsontypes import number_or_text
from kraftd_core.document.units import DecimalSign

_CELL_CONFIDENCE = 0.85
_AGREEING_CELL_CONFIDENCE = 0.97  # quantity times price is the amount
_ALL_BUT_FEW = 0.9  # of the rows of ruled tables agree: then nothing else is tried


Cells: TypeAlias = dict[str, list[Word]]
ReadLines: TypeAlias = tuple[ReadTable | None, Sequence[Candidate], frozenset[int]]


def line_items(pages: Sequence[Page], manner: Manner) -> ReadLines:
    """The line items of all pages as one table, the sums that stand within it, and the words that its lines hold, by their ids.

    By the lines around their cells, else by the words; None without any.
    """
    ruled = ruled_items(pages, manner)
    if ruled and ruled.agreeing >= _ALL_BUT_FEW * len(ruled.table.rows):
        return ruled.table, ruled.sums, ruled.held
    rows = _worded(pages, manner.sign)
    agreeing = _agreeing(rows, manner.sign)
    is_proven = 0 < agreeing == len(rows)
    if ruled and not (is_proven and agreeing >= ruled.agreeing) and (agreeing <= ruled.agreeing or 2 * agreeing < len(rows)):
        return ruled.table, ruled.sums, ruled.held
    if not rows:
        return summed_lines(pages, manner.sign), (), frozenset()
    return ReadTable("line_items", [_typed(page, cells, manner.sign) for page, cells in rows]), (), frozenset()


def _worded(pages: Sequence[Page], sign: DecimalSign | None) -> list[tuple[Page, Cells]]:
    """The rows by the words that head them, or by the figures where those bear out more."""
    rows = _read(pages, sign, find_head)
    agreeing = _agreeing(rows, sign)
    if 2 * agreeing < max(len(rows), 1):
        figured = _read(pages, sign, lambda page: head_by_figures(page, sign))
        return figured if _agreeing(figured, sign) > 2 * agreeing and len(figured) >= len(rows) else rows
    return rows


def _agreeing(rows: Sequence[tuple[Page, Cells]], sign: DecimalSign | None) -> int:
    return sum(_agrees(cells, sign) for _, cells in rows)


def _read(pages: Sequence[Page], sign: DecimalSign | None, finds: Callable[[Page], Head | None]) -> list[tuple[Page, Cells]]:
    rows: list[tuple[Page, Cells]] = []
    before: Head | None = None
    for page in pages:
        found = finds(page)
        head = found or (replace(before, body=0) if before else None)  # the table may go on without its head
        if head is None:
            continue
        head.section = before.section if before else []
        body, ended = _body(page, head, sign)
        if found and before and before.columns == found.columns:
            head.cuts = before.cuts  # a repeated head
        elif body and (found or not head.cuts):
            head.cuts = []
            _cut(head, body)
            _tell_codes(head, body)
            _part_units(head, body, sign)
        rows += [(page, cells) for cells in _rows(body, head, sign)]
        before = None if ended else head
    return rows


# The body


def _body(page: Page, head: Head, sign: DecimalSign | None) -> tuple[list[TextLine], bool]:
    """The lines below the head, until totals, another head or wide white; and whether one of these ended the table.

    Sums within the table and amounts carried over are left out: rows follow them, on this page or the next.
    """
    lines: list[TextLine] = []
    last: TextLine | None = None
    for n, line in enumerate(page.lines[head.body :], head.body):
        if last and line.top - last.bottom > 6 * max(last.height, 8):
            return lines, False  # what stands far below is a footer, after which the table may go on
        carries = _carries(line)
        if not carries and _ends_table(line, head):
            if not _goes_on(page.lines[n + 1 :], head, sign):
                return lines, True
            carries = True
        if not carries:
            lines.append(line)
        last = line
    return lines, False


_CARRIED = frozenset(
    key_of(phrase)
    for phrase in (
        "Übertrag", "Übertrag von Seite", "Übertrag auf Seite", "carried forward", "brought forward", "carried over",
        "balance carried forward", "balance brought forward", "amount carried forward", "amount brought forward",
        "total carried forward", "total brought forward", "à reporter", "report", "total à reporter", "transport",
        "te transporteren", "over te brengen", "suma y sigue", "suma anterior", "a riportare", "riporto", "totale a riportare",
    )
)


def _carries(line: TextLine) -> bool:
    """Whether the line carries a sum over to another page."""
    text = re.sub(r"[\d.,:€$£-]+", " ", line.phrases[0].text)
    return key_of(text) in _CARRIED and len(line.phrases) <= 3


def _goes_on(lines: Sequence[TextLine], head: Head, sign: DecimalSign | None) -> bool:
    """Whether a row follows whose figures agree in the columns of the head."""
    if not head.cuts:
        _cut(head, lines)
        goes_on = any(_agrees(_cells(line, head), sign) for line in lines)
        head.cuts.clear()
        return goes_on
    return any(_agrees(_cells(line, head), sign) for line in lines)


def _ends_table(line: TextLine, head: Head) -> bool:
    if not any(c.isdigit() for c in line.text):
        names = {column.name for column in headings_on(line)} & COLUMN_NAMES
        if len(names) >= 3 or (len(names) == 2 and len(line.phrases) >= 4):
            return True
    texts = [phrase.text for phrase in line.phrases if any(c.isalpha() for c in phrase.text)]
    is_sum = _TAX_OF_ALL.match(folded(line.phrases[0].text)) is not None and not _is_counted(line, head)
    if is_sum or heads_sums(line) or any(_is_end(text) for text in texts):
        return True
    return any(_is_total(text) for text in texts) and not _is_counted(line, head)


_TAX_OF_ALL = re.compile(  # "VAT at 23%", "Fees before VAT"
    r"(?:(?:[^\W\d_]+\W+){0,3}(?:before|excl\w*\.?|exkl\w*\.?|ohne|hors|senza|sin|zonder)\W+)?"
    r"(?:vat|gst|mwst|ust|tva|iva|btw|moms|sales tax|tax)\b\.?(?:\W+(?:at|of|von|a|al)\b)?(?:\W*\d{1,2}(?:[.,]\d{1,2})?\s?%)?\W*$"
)
_is_total = lru_cache(4_096)(is_total_label)


@lru_cache(4_096)
def _is_end(text: str) -> bool:
    return ROLE_OF.get(key_of(text)) in ("subtotal", "total", "payment_terms")


def _is_counted(line: TextLine, head: Head) -> bool:
    """Whether a quantity stands in the line, as in "Total station, rental"."""
    column = next((c for c in head.columns if c.name == "quantity"), None)
    if column is None:
        return False
    return any(column.x0 - 5 <= w.middle <= column.x1 + 5 and parse_number(w.text) is not None for w in line.words)


def _cut(head: Head, body: Sequence[TextLine]) -> None:
    """Puts each cut between two headings where it crosses the fewest words of the body and the head."""
    words = [word for line in body[:60] for word in line.words]
    phrases = [phrase for line in body[:60] for phrase in line.phrases if len(phrase.words) > 1]
    for left, right in zip(head.columns, head.columns[1:], strict=False):
        low, high = (left.x0 + left.x1) / 2, (right.x0 + right.x1) / 2
        edges = {high, low, left.x1 + 0.5, right.x0 - 0.5} | {w.x1 + 0.5 for w in words} | {w.x0 - 0.5 for w in words}
        between = sorted(x for x in edges if low <= x <= high) or [(low + high) / 2]
        head.cuts.append(min(between, key=_crossing(words, phrases, left, right)))


def _crossing(
    words: Sequence[Word], phrases: Sequence[Phrase], left: HeadColumn, right: HeadColumn
) -> Callable[[float], tuple[float, float, float]]:
    def cost(x: float) -> tuple[float, float, float]:
        crossed = sum(word.x0 < x < word.x1 for word in words) + 3 * sum(c.x0 < x < c.x1 for c in (left, right))
        parted = sum(phrase.x0 < x < phrase.x1 for phrase in phrases)
        return crossed, parted, abs(x - (left.x1 + right.x0) / 2)
    return cost


_MOST_OF = 0.8  # of the rows show what a column holds
_LONGEST_UNIT = 12


def _tell_codes(head: Head, body: Sequence[TextLine]) -> None:
    """Makes the first of two columns of descriptions the item number, where codes stand in it and texts in the other."""
    if "description_2" not in head.names or "item_number" in head.names:
        return
    rows = [cells for cells in (_cells(line, head) for line in body) if cells.keys() >= {"description", "description_2"}]
    codes = [cells for cells in rows if _is_code(cells["description"]) and not _is_code(cells["description_2"])]
    if rows and len(codes) >= _MOST_OF * len(rows):
        names = {"description": "item_number", "description_2": "description"}
        head.columns = [replace(column, name=names.get(column.name, column.name)) for column in head.columns]


def _is_code(words: Sequence[Word]) -> bool:
    return len(words) == 1 and any(c.isdigit() for c in words[0].text)


def _part_units(head: Head, body: Sequence[TextLine], sign: DecimalSign | None) -> None:
    """Gives units that stand between quantity and description, without a heading, a column of their own."""
    at = next((n for n, pair in enumerate(pairwise(head.names), 1) if pair == ("quantity", "description")), None)
    if at is None or "unit" in head.names:
        return
    counted = [cells["description"] for cells in (_cells(line, head) for line in body)
               if "description" in cells and "quantity" in _numeric(cells, sign)]  # fmt: skip
    units = [words[0] for words in counted if len(words) > 1 and _may_be_unit(words[0].text)]
    edge = max((word.x1 for word in units), default=0.0)
    texts = [word.x0 for words in counted if len(words) > 1 for word in words[1:]]
    if len(units) > 1 and len(units) >= _MOST_OF * len(counted) and min(texts) > edge + 2:
        head.columns.insert(at, HeadColumn("unit", min(word.x0 for word in units), edge))
        head.cuts.insert(at, (edge + min(texts)) / 2)


def _may_be_unit(text: str) -> bool:
    return len(text) <= _LONGEST_UNIT and text[:1].isalpha()


def _cells(line: TextLine, head: Head) -> Cells:
    cells: Cells = {}
    for word in line.words:
        index = sum(word.middle > cut for cut in head.cuts)
        cells.setdefault(head.columns[index].name, []).append(word)
    return cells


def _rows(lines: Sequence[TextLine], head: Head, sign: DecimalSign | None) -> list[Cells]:
    """The rows: each begins where numbers stand; text belongs to the row above, or to the one below if nearer to that."""
    rows: list[Cells] = []
    leading: list[Word] = []
    edge: TextLine | None = None
    for n, line in enumerate(lines):
        cells = _cells(line, head)
        if _SECTION.match(line.text) and len(line.phrases) <= (1 if _numeric(cells, sign) else _SECTION_PHRASES):
            head.section, edge, leading = list(line.words), None, []
            continue
        if _heads_section(lines, n, cells, head, sign):
            head.section, edge, leading = list(line.phrases[1].words), None, []
            continue
        near = edge is not None and line.top - edge.bottom < 1.2 * max(line.height, edge.height)
        if near and rows and _completes(rows[-1], cells, sign):
            _continue(rows[-1], cells, line, sign)
        elif _begins_row(_led(cells, leading), head, sign):
            rows.append(_led(cells, leading) | ({"section": head.section} if head.section else {}))
            leading = []
        elif _leads(lines, n, edge, cells, head, sign):
            leading += cells["description"]
        elif near and rows:
            _continue(rows[-1], cells, line, sign)
        else:
            continue
        edge = line
    return rows


def _heads_section(lines: Sequence[TextLine], n: int, cells: Cells, head: Head, sign: DecimalSign | None) -> bool:
    """Whether the line is the heading of a section, right above a row."""
    if not cells.keys() >= {"position", "description"} or _numeric(cells, sign) or n + 1 == len(lines):
        return False
    return heads_section(lines[n]) and _begins_row(_cells(lines[n + 1], head), head, sign)


_SECTION_PHRASES = 2  # "CAPÍTULO C01   DEMOLICIONES"
_SECTION = re.compile(
    r"(?:section|part|chapter|phase|abschnitt|gewerk|los|titel|teil|kapitel|lot|chapitre|tranche|onderdeel|hoofdstuk|fase|"
    r"cap[ií]tulo|secci[oó]n|capitolo|sezione|parte)\s+(?:[A-Z]{0,2}\d{1,3}|[A-Z]|[IVX]{1,5})\b",
    re.IGNORECASE,
)


def _led(cells: Cells, leading: Sequence[Word]) -> Cells:
    return cells | {"description": [*leading, *cells.get("description", [])]} if leading else cells


def _leads(lines: Sequence[TextLine], n: int, edge: TextLine | None, cells: Cells, head: Head, sign: DecimalSign | None) -> bool:
    """Whether a text alone stands nearer to the row below than to what is above it."""
    if set(cells) != {"description"} or n + 1 == len(lines):
        return False
    line, below = lines[n], lines[n + 1]
    gap = below.top - line.bottom
    if gap > 0.6 * line.height or (edge is not None and gap > line.top - edge.bottom - 0.5):
        return False
    return _begins_row(_led(_cells(below, head), cells["description"]), head, sign)


def _numeric(cells: Cells, sign: DecimalSign | None) -> list[str]:
    return [name for name in NUMERIC_COLUMNS if name in cells and _number(name, cells[name], sign) is not None]


def _completes(row: Cells, cells: Cells, sign: DecimalSign | None) -> bool:
    """Whether the line brings the amount that its row lacks, and nothing that a row of its own would have."""
    return "quantity" in row and "amount" not in row and _numeric(cells, sign) == ["amount"]


def _begins_row(cells: Cells, head: Head, sign: DecimalSign | None) -> bool:
    numeric = _numeric(cells, sign)
    possible = [name for name in head.names if name in NUMERIC_COLUMNS]
    described = ("description" if "description" in head.names else "item_number") in cells
    if "amount" in numeric and described:
        return True
    return len(numeric) >= min(2, len(possible)) and (described or "position" in cells)


def _continue(row: Cells, cells: Cells, line: TextLine, sign: DecimalSign | None) -> None:
    """Adds a further line: its text to the description, which may run over the columns to its right, and what the row lacks."""
    numeric = _numeric(cells, sign)
    if "description" in cells:
        start = cells["description"][0].x0
        running = cells["description"] if numeric else [word for word in line.words if word.x0 >= start]
        row.setdefault("description", []).extend(running)
    for name, words in cells.items():
        if name not in row and (name in numeric if name in NUMERIC_COLUMNS else "description" not in cells or name == "position"):
            row[name] = words


# The cells


def _text(words: Sequence[Word]) -> str:
    """The words as one text; those that a line's end parted are joined again."""
    text = words[0].text
    for before, word in pairwise(words):
        if word.top > before.bottom - 1 and before.text.endswith(("-", "/")) and len(before.text) > 1:
            text = text[:-1] + word.text if before.text.endswith("-") and word.text[0].islower() else text + word.text
        else:
            text += " " + word.text
    return without_note(text)


def _number(name: str, words: Sequence[Word], sign: DecimalSign | None) -> Decimal | None:
    return _number_in(name, _text(words), sign)


@lru_cache(20_000)
def _number_in(name: str, text: str, sign: DecimalSign | None) -> Decimal | None:
    if name == "quantity":
        counted = quantity_and_unit(text, sign)
        return counted[0] if counted else None
    if (name in ("tax_rate", "discount") and "%" in text) or name == "tax_rate":
        return percent(text, sign)
    return parse_number(_EACH.sub("", text) if name == "unit_price" else text, sign)


_EACH = re.compile(r"^(?:à|@|at|je)\s+", re.IGNORECASE)  # "1 pauschal à 45.00"


def _typed(page: Page, cells: Cells, sign: DecimalSign | None) -> dict[str, Found]:
    """The row's values; a numeric cell that is no number stays text, as it was printed."""
    row: dict[str, Found] = {}
    sure = _AGREEING_CELL_CONFIDENCE if _agrees(cells, sign) else _CELL_CONFIDENCE
    for name, words in cells.items():
        if name == "section":
            row[name] = Found(_text(words))  # it may stand on an earlier page
            continue
        number = _number(name, words, sign) if name in NUMERIC_COLUMNS else None
        numeric = name in ("quantity", "unit_price", "amount")
        spot = page.spot(words, sure if numeric else _CELL_CONFIDENCE)
        if number is None:
            row[name] = Found(_text(words).rstrip(", ") or _text(words), spot)
            continue
        key = "discount_percent" if name == "discount" and "%" in _text(words) else name
        row[key] = Found(number_or_text(number), spot)
        counted = quantity_and_unit(_text(words), sign) if name == "quantity" else None
        if counted and counted[1] and "unit" not in cells:
            row["unit"] = Found(counted[1], spot)
    return {name: row[name] for name in _ordered(row)}


def _agrees(cells: Cells, sign: DecimalSign | None) -> bool:
    quantity, price, amount = (_number(n, cells[n], sign) if n in cells else None for n in ("quantity", "unit_price", "amount"))
    if quantity is None or price is None or amount is None:
        return False
    off = percent(_text(cells["discount"]), sign) if "discount" in cells else None
    return agrees(quantity, price, amount, () if off is None else (off,))


_ORDER = ("position", "item_number", "description", "quantity", "unit", "unit_price", "discount", "discount_percent", "tax_rate",
          "tax_amount", "amount", "section")


def _ordered(row: dict[str, Found]) -> list[str]:
    return sorted(row, key=lambda name: _ORDER.index(name) if name in _ORDER else len(_ORDER))
