"""Words out of a page's characters: those that stand on one line without a gap, whatever order they were printed in."""

import unicodedata
from itertools import pairwise
from typing import Any

from lazy_loader import load

from kraftd_core.adapters.readers.common.words import Word
from kraftd_core.adapters.readers.local.pages.pdf.characters import Characters

np = load("numpy")  # with the first page, and not with the application

_LINE_STEP = 2.0  # points between the feet of two lines of the smallest print
_GAP, _GAP_WITH_SPACE = 0.22, 0.15  # of a character's height; the second where pdfium sees a space
_COVERED = 0.8  # of a printed space by its neighbour: it is no gap then
_RAISED_STEP, _RAISED_SIZE = 0.1, 0.2  # of the height: a figure that much higher and smaller than the one before it is a note's
_SPACES = (0x20, 0xA0, 0x09, 0x3000, *range(0x2000, 0x200C), 0x202F, 0x205F)
_IGNORED = (0xAD, 0x200B, 0x200C, 0x200D, 0xFEFF, *range(0x200E, 0x2010), *range(0x202A, 0x202F))
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_CLOSING = str.maketrans("()[]{}", ")(][}{")


def words_of(characters: Characters, boxes: Any) -> list[Word]:
    """The words of characters that stand upright in these boxes (left, top, right, bottom, as shown)."""
    if not len(characters):
        return []
    raised = _raised(characters.codes, boxes)
    lines = _line_numbers(boxes)
    order = np.lexsort((boxes[:, 0], lines))
    codes, boxes, lines = characters.codes[order], boxes[order], lines[order]
    generated, raised = characters.after_space[order], raised[order]
    kept = ~_printed_twice(codes, boxes, lines) & ~np.isin(codes, _IGNORED)
    codes, boxes, lines, generated, raised = codes[kept], boxes[kept], lines[kept], generated[kept], raised[kept]
    is_space = np.isin(codes, _SPACES)
    parting = _parting_spaces(boxes, is_space, lines)
    glyphs = np.flatnonzero(~is_space)
    if not len(glyphs):
        return []
    parted = np.concatenate(([0], np.cumsum(parting)))[glyphs]
    codes, boxes, lines = codes[glyphs], boxes[glyphs], lines[glyphs]
    generated, raised = generated[glyphs], raised[glyphs]
    starts = np.flatnonzero(_begins(boxes, lines, parted, generated, raised))
    return list(_joined(codes, boxes, starts, raised))


def _line_numbers(boxes: Any) -> Any:
    """Which line each character stands on, counted from the top: a new one wherever the feet step down."""
    feet = boxes[:, 3]
    order = np.argsort(feet, kind="stable")
    numbers = np.empty(len(feet), np.int64)
    numbers[order] = np.concatenate(([0], np.cumsum(np.diff(feet[order]) > _LINE_STEP)))
    return numbers


def _printed_twice(codes: Any, boxes: Any, lines: Any) -> Any:
    """Characters that lie on their like, as bold print of some programs; two of a ligature do so too, but alone in their word."""
    lies = np.zeros(len(codes) + 4, bool)  # two more at either end, for what stands beside the first and the last
    on_line = lines[1:] == lines[:-1]
    widths = np.minimum(boxes[1:, 2] - boxes[1:, 0], boxes[:-1, 2] - boxes[:-1, 0])
    lies[3:-2] = on_line & (codes[1:] == codes[:-1]) & (np.diff(boxes[:, 0]) < 0.5 * widths)
    apart = np.ones(len(codes) + 1, bool)
    apart[1:-1] = ~on_line | (boxes[1:, 0] - boxes[:-1, 2] > _GAP * (boxes[1:, 3] - boxes[1:, 1]))
    twice = lies[2:-2]
    is_alone = np.zeros(len(codes), bool)
    is_alone[1:] = apart[:-2] & apart[2:]
    return twice & (lies[:-4] | lies[4:] | lies[1:-3] | lies[3:-1] | is_alone)


def _parting_spaces(boxes: Any, is_space: Any, lines: Any) -> Any:
    """Printed spaces that are seen: not those that a neighbour's glyph covers."""
    seen = is_space.copy()
    widths = np.maximum(boxes[:, 2] - boxes[:, 0], 1e-6)
    for shift in (-1, 1):
        other = np.roll(boxes, shift, axis=0)
        same = (np.roll(lines, shift) == lines) & ~np.roll(is_space, shift)
        covered = np.minimum(boxes[:, 2], other[:, 2]) - np.maximum(boxes[:, 0], other[:, 0])
        seen &= ~(same & (covered > _COVERED * widths))
    return seen


def _raised(codes: Any, boxes: Any) -> Any:
    """Small figures that stand high right behind a figure: of a note ("1,250.00¹"), or an exponent.

    Their boxes become as high as that figure's, so that they stand on its line.
    """
    is_figure = (codes >= 0x30) & (codes <= 0x39)
    raised = np.zeros(len(codes), bool)
    heights = boxes[:, 3] - boxes[:, 1]
    gaps = boxes[1:, 0] - boxes[:-1, 2]
    is_small = heights[1:] < (1 - _RAISED_SIZE) * heights[:-1]
    lift = boxes[:-1, 3] - boxes[1:, 3]
    is_high = (lift > _RAISED_STEP * heights[:-1]) & (lift < heights[:-1])
    near = (gaps > -_GAP * heights[1:]) & (gaps < _GAP * heights[:-1])
    for n in map(int, np.flatnonzero(is_figure[1:] & is_figure[:-1] & is_small & is_high & near) + 1):
        height, foot = heights[n], boxes[n, 3]
        for at in range(n, len(codes)):  # all figures of one note
            if not is_figure[at] or abs(heights[at] - height) > 0.5 or abs(boxes[at, 3] - foot) > 0.5:
                break
            if at > n and not -_GAP * height < boxes[at, 0] - boxes[at - 1, 2] < _GAP * height:
                break
            raised[at] = True
        boxes[n : n + int(np.argmin(np.append(raised[n:], False))), 1::2] = boxes[n - 1, 1::2]
    return raised


def _begins(boxes: Any, lines: Any, parted: Any, generated: Any, raised: Any) -> Any:
    """Whether a word begins at each glyph."""
    begins = np.ones(len(boxes), bool)
    gaps = boxes[1:, 0] - boxes[:-1, 2]
    heights = np.minimum(boxes[:-1, 3] - boxes[:-1, 1], boxes[1:, 3] - boxes[1:, 1])
    begins[1:] = (
        (lines[1:] != lines[:-1])
        | (parted[1:] != parted[:-1])
        | (gaps > _GAP * heights)
        | (generated[1:] & (gaps > _GAP_WITH_SPACE * heights))
        | (raised[1:] != raised[:-1])
    )
    return begins


def _joined(codes: Any, boxes: Any, starts: Any, raised: Any) -> list[Word]:
    text = _decoded(codes)
    lefts, tops = (np.minimum.reduceat(boxes[:, side], starts).tolist() for side in (0, 1))
    rights, bottoms = (np.maximum.reduceat(boxes[:, side], starts).tolist() for side in (2, 3))
    notes = raised[starts].tolist()
    is_plain = text.isascii()
    words = []
    for n, (start, end) in enumerate(pairwise([*starts.tolist(), len(text)])):
        own = text[start:end] if is_plain else _readable(text[start:end])
        if notes[n]:
            own = own.translate(_RAISED)
        if own:
            words.append(Word(own, lefts[n], tops[n], rights[n], max(bottoms[n], tops[n] + 0.1)))
    return words


def _decoded(codes: Any) -> str:
    """One sign a code; halves of signs that lie outside of the first plane stay open."""
    sound = np.where((codes >= 0xD800) & (codes < 0xE000), 0xFFFD, codes)
    return str(sound.astype("<u4").tobytes(), "utf-32-le", "replace")


def _readable(text: str) -> str:
    """Full-width signs as usual ones, and what is written from the right in the order in which it is read."""
    text = text.translate(_FULL_WIDTH)
    return _logical(text) if any(unicodedata.bidirectional(c) in ("R", "AL", "AN") for c in text) else text


def _logical(text: str) -> str:
    """The signs from right to left; runs of figures and of other letters keep their order."""
    runs: list[str] = []
    for sign in reversed(text):
        is_own = unicodedata.bidirectional(sign) in ("EN", "AN", "L", "ES", "CS")
        if runs and is_own and unicodedata.bidirectional(runs[-1][0]) in ("EN", "AN", "L", "ES", "CS"):
            runs[-1] = sign + runs[-1]
        else:
            runs.append(sign if is_own else sign.translate(_CLOSING))
    return "".join(runs)
