"""The checks on what stands where: numbers where numbers belong, nothing missing, no line twice, nothing less than none."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from kraftd_core.document.changes import path_of
from kraftd_core.document.checks.line_words import is_word_for_figure, text_of
from kraftd_core.document.checks.model import (
    LINE_NUMBERS,
    PLAIN,
    Document,
    Finding,
    Line,
    count,
    has_text,
    is_blank,
    is_long_number,
    plain_figure,
)
from kraftd_core.document.checks.owed import balance_name
from kraftd_core.document.jsontypes import ROW_ID
from kraftd_core.document.wording import clipped, in_sentence, quantity

_COUNTERS = ("pos", "position", "line", "line_no", "line_number")


def numbers_written_as_text(document: Document) -> Iterator[Finding]:
    """Amounts and quantities are numbers; "rate only", "incl." and a time on the clock are meant as they stand."""
    names = dict.fromkeys(name for name in ("subtotal", "total_tax", document.kind.total) if name)
    for name in names:
        yield from _not_a_number(document.data.get(name), path_of(name), f"The {in_sentence(name)}")
    for line in document.items:
        for column in LINE_NUMBERS:
            value = line.row.get(column)
            if _may_be_no_number(value) and not _is_meant(column, value) and not _is_title(line, value):
                yield from _not_a_number(value, line.path(column), f"{line.title}: the {in_sentence(column)}")


def _may_be_no_number(value: Any) -> bool:
    return value is not None and type(value) not in PLAIN  # most cells end here, before their place is written out


def _is_title(line: Line, value: Any) -> bool:
    """Whether the text is what the line is called, as of a discount below the lines that stands in their columns."""
    return isinstance(value, str) and not text_of(line) and line.number("amount") is not None


def _is_meant(column: str, value: Any) -> bool:
    return is_word_for_figure(value) or (column == "quantity" and count(value) is not None)


def _not_a_number(value: Any, cell: str, what: str) -> Iterator[Finding]:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if is_number or is_blank(value) or is_long_number(value):
        return
    said = f" “{clipped(value, 40)}”" if isinstance(value, str) else ""
    yield Finding("not_a_number", "warning", f"{what}{said} is not a number.", (cell,), None, said.strip(" “”") or None)


def required_fields(document: Document) -> Iterator[Finding]:
    """Every kind of document has fields that it must not lack."""
    for name in document.kind.required:
        if is_blank(document.data.get(name)) and not (name == document.kind.total and _names_another_sum(document)):
            verb = "are" if name == "line_items" else "is"
            yield Finding("required", "error", f"The {in_sentence(name)} {verb} missing.", (path_of(name),))


def _names_another_sum(document: Document) -> bool:
    """Whether it says what is to be paid, or offers what has no one sum: prices for quantities to choose from, or before tax."""
    if document.kind.name != "quotation":
        return balance_name(document.data) is not None
    is_of_prices = bool(document.items) and all(is_blank(line.row.get("amount")) for line in document.items)
    return is_of_prices or (document.number("subtotal") is not None and document.number("total_tax") is None)


def repeated_lines(document: Document) -> Iterator[Finding]:
    """No line of a section is there twice; tills print one line for each piece."""
    if document.kind.name == "receipt":
        return
    names = Counter(line.row.get("description") for line in document.items if has_text(line.row.get("description")))
    if not names or max(names.values()) == 1:
        return
    seen: dict[str, Line] = {}
    section: str | None = None
    for line in document.items:
        if line.is_heading or _names_a_sum(line):
            seen, section = {}, None
        elif has_text(name := line.row.get("description")) and names[name] > 1:
            if (now := _section_of(line)) != section:
                seen, section = {}, now
            first = seen.setdefault(_contents(line), line)
            if first is not line:
                cells = (first.path("description"), line.path("description"))
                yield Finding("duplicate_line", "warning", f"{line.title} repeats {first.place}.", cells)


def _names_a_sum(line: Line) -> bool:
    return is_blank(line.row.get("quantity")) and is_blank(line.row.get("unit_price"))


def _section_of(line: Line) -> str | None:
    """What the position says before its last part: "2" of "2.03", "B" of "B4"; None for a plain number."""
    position = next((str(line.row[name]) for name in _COUNTERS if not is_blank(line.row.get(name))), "")
    match = re.fullmatch(r"(.*\D)\d+\W*|(\d+)\D+", position.strip())
    return (match[1] or match[2]) if match else None


def _contents(line: Line) -> str:
    return repr(sorted((column, repr(value)) for column, value in line.row.items() if column not in (ROW_ID, *_COUNTERS)))


def negative_quantities(document: Document) -> Iterator[Finding]:
    """A quantity below zero takes something back, which then has an amount below zero, too."""
    for line in document.items:
        pieces = line.number("quantity")
        if pieces is not None and pieces < 0 and is_blank(line.row.get("amount")):
            message = f"{line.title}: the quantity {quantity(pieces)} is below zero."
            yield Finding("negative_quantity", "warning", message, (line.path("quantity"),), None, plain_figure(pieces))
