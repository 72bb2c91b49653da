"""How the cells of a workbook look: fonts, grounds, number formats, and the type that a value takes in a cell."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from kraftd_core.adapters.renderers.excel.rows import Cell
from kraftd_core.delivery.layout import GROUNDS, text_of
from kraftd_core.delivery.locales import Writing
from kraftd_core.delivery.plan import Emphasis
from kraftd_core.document.units import digits_of
from kraftd_core.document.value_kinds import ValueKind
from kraftd_core.document.wording import recorded

_CHANGED, _CHANGED_INK = "FFF3C4", "5C4300"
_ACCENT, _GREY, _LINE = "1F5F8B", "5F6B76", "D9DFE4"

_FIRST_DATE = date(1900, 3, 1)  # before it Excel counts a 29 February 1900 that never was
_DAY_ZERO = date(1899, 12, 30).toordinal()
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_SIGNS = frozenset("=+-@＝＋－＠\t\r\n")  # with which a text begins that would be a formula if it were typed
_LOCALES = {"de": "-407", "fr": "-40C"}
_DATE_FORMATS = {
    "iso": "yyyy-mm-dd", "dotted": "dd.mm.yyyy", "day_first": r"dd\/mm\/yyyy", "month_first": r"mm\/dd\/yyyy",
    "long en": "[$-809]d mmmm yyyy", "long de": "[$-407]d. mmmm yyyy", "long fr": "[$-40C]d mmmm yyyy",
}  # fmt: skip

_GROUND = "ground "
_FILLS = {"head": _ACCENT, "legend": _CHANGED, "changed": _CHANGED} | {
    _GROUND + name: ground for name, (ground, _) in GROUNDS.items()
}
_INKS = {"title": _ACCENT, "heading": _ACCENT, "quiet": _GREY, "label": _GREY, "head": "FFFFFF", "legend": _CHANGED_INK} | {
    _GROUND + name: ink for name, (_, ink) in GROUNDS.items()
}
_BOLD = frozenset(("title", "heading", "head", "legend", "total", "bold"))

_SHOWN_WITH_EXPONENT = 10**11  # from here on Excel shows a number without a format as 1E+11
_FINEST = 8  # decimals that are shown of an amount

StyleOf = Callable[..., str]


class CellColumn:
    """Makes the cells of one column, or of one field: each value of its own type, and a style for each kind of value.

    `currency` is what amounts are in, `unit` how it is written beside them. An identifier is neither counted nor a day.
    """

    def __init__(
        self, style_of: StyleOf, name: str, kind: ValueKind, writing: Writing, currency: str = "", unit: str = "",
        looks: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        self.name, self.kind, self.writing, self.currency = name, kind, writing, currency
        self.digits = digits_of(currency)
        figures, fine = (_amount_format(unit, writing, decimals) for decimals in _decimals(self.digits))
        self.is_label = name == "document_type"
        self._style_of = style_of
        self._looks = {
            "text": ("wrapped", *looks), "quoted": ("wrapped", "quoted", *looks), "plain": looks, "amount": (figures, *looks),
            "fine": (fine, *looks), "date": (_date_format(writing), "left", *looks), "whole": ("format 0", *looks),
        }  # fmt: skip
        self._styles: dict[tuple[str, Emphasis | None], str] = {}

    def cell(self, value: Any, mark: Emphasis | None = None) -> Cell:
        """The value as a cell."""
        kind = type(value)
        if kind is str and not self.is_label:
            if self.kind is ValueKind.DATE and len(value) == 10 and (day := _day_in(value)):
                return day, self._style("date", mark)
            return value, self._style("quoted" if value[:1] in _SIGNS else "text", mark)
        if kind is float or kind is int:
            return self._figure(value, mark)
        if kind is dict or kind is list or (self.is_label and value is not None):
            return self._text(text_of(self.name, value, self.writing, self.currency), mark)
        return value, self._style("plain", mark)

    def _figure(self, value: int | float, mark: Emphasis | None) -> Cell:
        if self.kind is not ValueKind.MONEY:
            if type(value) is float:
                return float(recorded(value)), self._style("plain", mark)
            return value, self._style("whole" if abs(value) >= _SHOWN_WITH_EXPONENT else "plain", mark)
        if round(value, self.digits) == value:
            return value, self._style("amount", mark)
        value = float(recorded(value))
        return value, self._style("amount" if round(value, self.digits) == value else "fine", mark)

    def _text(self, text: str, mark: Emphasis | None) -> Cell:
        return text, self._style("quoted" if text[:1] in _SIGNS else "text", mark)

    def _style(self, kind: str, mark: Emphasis | None) -> str:
        key = kind, mark
        if key not in self._styles:
            self._styles[key] = self._style_of(*self._looks[kind], *_looks_of(mark))
        return self._styles[key]


def text_cell(style_of: StyleOf, text: str, *looks: str, mark: Emphasis | None = None) -> Cell:
    """A text of ours with these looks; it may hold what a user called something."""
    return text, style_of(*looks, *(("quoted",) if text[:1] in _SIGNS else ()), *_looks_of(mark))


def _looks_of(mark: Emphasis | None) -> tuple[str, ...]:
    if mark is None:
        return ()
    return (*([_GROUND + mark.colour] if mark.colour else []), *(["bold"] if mark.bold else []))


def dress(cell: Any, looks: tuple[str, ...]) -> None:
    """Gives the cell all these looks."""
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    fill = next((_FILLS[look] for look in looks if look in _FILLS), None)
    ink = next((_INKS[look] for look in looks if look in _INKS), None)
    is_text = not {"wrapped", "left", "head", "legend"}.isdisjoint(looks)
    side = "right" if "right" in looks else "left" if is_text else None
    cell.font = Font(name="Calibri", size=16 if "title" in looks else 11, bold=not _BOLD.isdisjoint(looks), color=ink)
    cell.alignment = Alignment(
        vertical="top", wrap_text=not {"wrapped", "head", "legend", "heading"}.isdisjoint(looks), horizontal=side,
        indent=int(side == "left"),
    )  # fmt: skip
    if fill:
        cell.fill = PatternFill("solid", fgColor=fill)
        cell.border = Border(bottom=Side("thin", color=_LINE))
    if "total" in looks:
        cell.border = Border(top=Side("thin", color=_ACCENT))
    cell.number_format = next((look.removeprefix("format ") for look in looks if look.startswith("format ")), "General")
    cell.quotePrefix = "quoted" in looks


def changed_style(keeps_ground: bool) -> Any:
    """What a conditional format gives changed cells; it leaves the ground alone where the user chose grounds."""
    from openpyxl.styles import Border, Font, PatternFill, Side
    from openpyxl.styles.differential import DifferentialStyle

    edge = Side("thin", color="C98A00")
    border = Border(left=edge, right=edge, top=edge, bottom=edge)
    if keeps_ground:
        return DifferentialStyle(border=border)
    return DifferentialStyle(font=Font(color=_CHANGED_INK), fill=PatternFill("solid", bgColor=_CHANGED), border=border)


def _date_format(writing: Writing) -> str:
    return f"format {_DATE_FORMATS[f'long {writing.language}' if writing.dates == 'long' else writing.dates]}"


def _decimals(digits: int) -> tuple[str, str]:
    """The decimals of a currency in a format, and those of an amount that has more."""
    zeros = "0" * digits
    return f".{zeros}" if zeros else "", f".{zeros}{'#' * (_FINEST - digits)}"


def _amount_format(unit: str, writing: Writing, decimals: str) -> str:
    """A currency format with the document's currency, in the locale of the plan."""
    figures, sign = f"#,##0{decimals}", re.sub(r"[^\w $€£¥₹₩₺₴₪₫₦.]", "", unit)
    if not sign:
        return f"format {figures}"
    currency = f"[${sign}{_LOCALES.get(writing.language, '')}]"
    return f"format {currency}{figures}" if writing.is_before(unit) else f"format {figures} {currency}"


def _day_in(text: str) -> int | None:
    """The number of the day, as Excel counts them; None for a text that is no day that it knows."""
    if text[4] != "-" or not _ISO_DATE.fullmatch(text):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day.toordinal() - _DAY_ZERO if day >= _FIRST_DATE else None
