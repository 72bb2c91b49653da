"""Breaks a text into the lines that it takes in a PDF, each in its order on paper."""

from collections.abc import Iterator

from kraftd_core.adapters.renderers.pdf import fonts as pdf_fonts
from kraftd_core.adapters.renderers.pdf.styles import Type


def width_of(text: str, style: Type) -> float:
    """How wide a printable text is drawn in this type."""
    return pdf_fonts.width(text, style.font, style.size)


def wrapped(text: str, style: Type, width: float) -> list[str]:
    """The text in lines of at most this width, as they are seen; a word that is longer is broken."""
    paragraphs = text.split("\n") if "\n" in text else [text]
    return [line for paragraph in paragraphs for line in _seen(paragraph, style, width)]


def _seen(paragraph: str, style: Type, width: float) -> Iterator[str]:
    lines = [paragraph] if width_of(paragraph, style) <= width else _wrapped_paragraph(paragraph, style, width)
    if paragraph.isascii():
        yield from lines
        return
    right_to_left = pdf_fonts.starts_right(paragraph)
    yield from (pdf_fonts.as_seen(line, right_to_left) for line in lines)


def _wrapped_paragraph(paragraph: str, style: Type, width: float) -> Iterator[str]:
    space = width_of(" ", style)
    words: list[str] = []
    used = 0.0
    for word in paragraph.rstrip(" ").split(" "):
        for piece, piece_width in _pieces(word, style, width):
            if words and used + space + piece_width > width:
                yield " ".join(words)
                words, used = [], 0.0
            used += piece_width + (space if words else 0.0)
            words.append(piece)
    yield " ".join(words)


def _pieces(word: str, style: Type, width: float) -> Iterator[tuple[str, float]]:
    """The word, or the parts into which it is broken, each with its width."""
    whole = width_of(word, style)
    if whole <= width:
        yield word, whole
        return
    piece: list[str] = []
    used = 0.0
    for character in word:
        advance = width_of(character, style)
        if piece and used + advance > width:
            yield "".join(piece), used
            piece, used = [], 0.0
        piece.append(character)
        used += advance
    yield "".join(piece), used
