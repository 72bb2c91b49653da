"""How the pages of a PDF look: sizes, weights and colours of what stands on them."""

from dataclasses import dataclass, replace

from kraftd_core.adapters.renderers.pdf.fonts import BOLD, PLAIN
from kraftd_core.delivery.layout import GROUNDS
from kraftd_core.delivery.plan import Mark

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
CELL = Type(8, 10.5)
HEAD = Type(7.5, 10, BOLD, ACCENT)
SMALL = Type(7, 9.5, colour=GREY)


def marked(style: Type, mark: Mark | None) -> Type:
    """The type of a highlighted text."""
    if mark is None:
        return style
    ink = f"#{GROUNDS[mark.colour][1]}" if mark.colour else style.colour
    return replace(style, font=BOLD if mark.bold else style.font, colour=ink)


def ground_of(mark: Mark | None) -> str | None:
    """The colour that a highlighted text stands on, if it has one."""
    return f"#{GROUNDS[mark.colour][0]}" if mark and mark.colour else None
