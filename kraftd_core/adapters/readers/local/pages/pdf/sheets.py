"""Reads the pages of a PDF with pdfium: words, ruled cells, and whether there is print at all or a picture of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from lazy_loader import load

from kraftd_core.adapters.readers.common.reading import Refused
from kraftd_core.adapters.readers.common.words import Cells, Shown, Word
from kraftd_core.adapters.readers.local.pages.pdf.characters import Characters, characters_of
from kraftd_core.adapters.readers.local.pages.pdf.glyph_words import words_of
from kraftd_core.adapters.readers.local.pages.pdf.ruled_cells import ruled_tables
from kraftd_core.adapters.readers.local.pages.pdf.rulings import Objects, objects_of
from kraftd_core.document.units import language_of

np = load("numpy")  # with the first page, and not with the application

_FEWEST_WORDS = 4  # a page number on a scan is no text
_STAMP = 12  # nor are the words of an entry stamp, where the picture fills the sheet
_FILLED = 0.8
_MOST_UNREADABLE = 0.2


@dataclass(frozen=True, slots=True)
class PdfPage:
    """A page's words and ruled tables, its size, and whether it has to be recognised from its picture.

    `shown` leads back to the sheet where its words were turned upright to be read; `is_garbled` where the printed text says
    something else than what is seen.
    """

    words: tuple[Word, ...]
    width: float
    height: float
    tables: tuple[Cells, ...] = field(default=())
    is_picture: bool = False
    is_garbled: bool = False
    shown: Shown | None = None


def opened_pdf(content: bytes) -> Any:
    """The document; raises Refused for what pdfium cannot open."""
    import pypdfium2
    from pypdfium2 import raw

    try:
        pdf = pypdfium2.PdfDocument(content)
        if pdf.get_formtype() != raw.FORMTYPE_NONE:
            pdf.init_forms()
        return pdf
    except pypdfium2.PdfiumError as error:
        raise Refused("The PDF is damaged: the content of its pages cannot be read. Export it anew and upload that.") from error


def page_at(pdf: Any, index: int) -> Any:
    """The page, what was filled into the fields of a form as part of its print; raises PdfiumError."""
    page = pdf[index]
    if pdf.formenv is None:
        return page
    page.flatten()
    page.close()
    return pdf[index]


def sheets(content: bytes) -> Iterator[PdfPage]:
    """The pages in their order; raises Refused for one that cannot be read."""
    import pypdfium2

    pdf = opened_pdf(content)
    try:
        for index in range(len(pdf)):
            page = page_at(pdf, index)
            yield sheet_of(page)
            page.close()
    except pypdfium2.PdfiumError as error:
        raise Refused("The PDF is damaged: the content of its pages cannot be read. Export it anew and upload that.") from error


def sheet_of(page: Any) -> PdfPage:
    """One page as it is shown."""
    objects = objects_of(page)
    characters = characters_of(page, objects)
    bounds, rotation = page.get_bbox(), page.get_rotation()
    turns = _usual_turn(characters, rotation)
    place = _Placing(tuple(bounds), 90 * turns)
    own = (characters.turns == turns) if len(characters) else np.zeros(0, bool)
    words = _on_sheet(words_of(_part(characters, own), place.all(characters.boxes[own])), *place.size)
    is_garbled = characters.unreadable > _MOST_UNREADABLE * max(len(characters), 1) and characters.unreadable > _STAMP
    is_garbled = is_garbled or _is_shifted([word.text for word in words])
    is_picture = bool(objects.pictures) and (
        len(words) < _FEWEST_WORDS or (len(words) <= _STAMP and objects.pictured_share(bounds) > _FILLED)
    )
    tables = () if is_picture or is_garbled else tuple(ruled_tables(place.lines(objects)))
    width, height = place.size
    return PdfPage(tuple(words), width, height, tables, is_picture, is_garbled, place.shown(rotation))


_SHIFT = 29  # fonts without a map number their glyphs from the blank on: three comes before it


def _is_shifted(texts: Sequence[str]) -> bool:
    """Whether the text means nothing as it stands, and something when each character is moved by as much as fonts are."""
    if len(texts) < _FEWEST_WORDS or language_of(texts) is not None:
        return False
    return language_of("".join(chr(ord(c) + _SHIFT) if "!" <= c < "b" else c for c in text) for text in texts) is not None


def _usual_turn(characters: Characters, rotation: int) -> int:
    """By how many quarters most characters of the sheet are turned: that way it is held to be read."""
    upright = (rotation // 90) % 4
    counts = np.bincount(characters.turns[characters.turns >= 0], minlength=4) if len(characters) else np.zeros(4, np.int64)
    return int(np.argmax(counts)) if counts.max() > 2 * counts[upright] else upright


def _part(characters: Characters, own: Any) -> Characters:
    return Characters(characters.codes[own], characters.boxes[own], characters.turns[own], characters.after_space[own])


def _on_sheet(words: list[Word], width: float, height: float) -> list[Word]:
    """What lies off the sheet is not shown."""
    return [w for w in words if w.x1 > 0 and w.x0 < width and w.bottom > 0 and w.top < height]


@dataclass(frozen=True, slots=True)
class _Placing:
    """How a sheet's own units become places on it as it is held, from the top left; `turn` is clockwise, in degrees."""

    bounds: tuple[float, ...]
    turn: int

    @property
    def size(self) -> tuple[float, float]:
        left, bottom, right, top = self.bounds
        return (top - bottom, right - left) if self.turn % 180 else (right - left, top - bottom)

    def all(self, boxes: Any) -> Any:
        """Boxes (left, bottom, right, top) as left, top, right, bottom."""
        left, bottom, right, top = self.bounds
        x0, y0, x1, y1 = boxes.T
        columns = {
            90: (y0 - bottom, x0 - left, y1 - bottom, x1 - left),
            180: (right - x1, y0 - bottom, right - x0, y1 - bottom),
            270: (top - y1, right - x1, top - y0, right - x0),
        }.get(self.turn, (x0 - left, top - y1, x1 - left, top - y0))
        return np.stack(columns, axis=1)

    def lines(self, objects: Objects) -> Any:
        return self.all(objects.lines) if len(objects.lines) else objects.lines

    def shown(self, rotation: int) -> Shown | None:
        """From places on the sheet as it is held to shares of it as viewers show it; None where both are one."""
        own, across = self.size
        quarter = ((rotation - self.turn) // 90) % 4
        if not quarter:
            return None
        a, b, c, d, e, f = {
            1: (0, -1 / across, 1, 1 / own, 0, 0),
            2: (-1 / own, 0, 1, 0, -1 / across, 1),
            3: (0, 1 / across, 0, -1 / own, 0, 1),
        }[quarter]
        return float(a), float(b), float(c), float(d), float(e), float(f)
