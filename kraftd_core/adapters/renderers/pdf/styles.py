"""How the pages of a PDF look: sizes, weights and colours of what stands on them."""

from dataclasses import dataclass, replace

from kraftd_core.adapters.renderers.pdf.fonts import BOLD, PLAIN
from kraftd_core.delivery.layout import GROUNDS
from kraftd_core.delivery.plan import Emphasis

INK, GREY, ACCENT, RULE, TINT, CHANGED = "#20272e", "#66727d", "#1f5f8b", "#d9dfe4", "#eef4f8", "#fff3c4"


@dataclass(frozen=True, slots=True)
class Type:
    """How a text is set."""

    size: float
    leading: float
    font: str = PLAIN
    colour: str = INK


KIND = Type(7.5, 14, BOLD, ACCENT)
TITLE = Type(18, 23, BOLD)
SUBTITLE = Type(8.5, 12, colour=GREY)
HEADING = Type(11, 15, BOLD, ACCENT)
BODY = Type(9, 12.5)
BULLET = Type(9, 12.5, colour=ACCENT)
STRONG = Type(9, 12.5, BOLD)
LABEL = Type(7.5, 10, colour=GREY)
FIGURE = Type(10.5, 13.5, BOLD)
FIGURES = (FIGURE, Type(9.5, 13.5, BOLD), Type(8.5, 13.5, BOLD))
CELL, FINEST = Type(8, 10.5), Type(6.5, 8.8)
HEAD = Type(7.5, 10, BOLD, ACCENT)
SMALL = Type(7, 9.5, colour=GREY)


@dataclass(frozen=True, slots=True)
class Spacing:
    """How much room a page gives: before a heading, after a statement, above and below a row, at its sides; and to its texts."""

    gap: float
    after: float
    padding: float
    margin: float
    body: Type
    cell: Type


ROOMY = Spacing(gap=11, after=2, padding=3, margin=50, body=BODY, cell=CELL)
DENSE = Spacing(gap=5.5, after=0.3, padding=1.4, margin=44, body=Type(8.5, 11.2), cell=Type(7.5, 9.6))
TIGHT = Spacing(gap=4, after=0, padding=1.2, margin=44, body=Type(8, 10.5), cell=Type(7, 9))


def marked(style: Type, mark: Emphasis | None) -> Type:
    """The type of a highlighted text."""
    if mark is None:
        return style
    ink = f"#{GROUNDS[mark.colour][1]}" if mark.colour else style.colour
    return replace(style, font=BOLD if mark.bold else style.font, colour=ink)


def ground_of(mark: Emphasis | None) -> str | None:
    """The colour that a highlighted text stands on, if it has one."""
    return f"#{GROUNDS[mark.colour][0]}" if mark and mark.colour else None
