"""The characters of a PDF's page with their boxes, fetched from pdfium in as few calls as it allows."""

import ctypes
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lazy_loader import load

from kraftd_core.adapters.readers.local.pages.pdf.rulings import Objects

np = load("numpy")  # with the first page, and not with the application

MOST_CHARACTERS = 200_000  # a page of print holds 10,000
_LAST = 2**31  # in the order of drawing
_LEAST_STEP = 0.5  # points by which one on the same line may be lower, or higher
_STRAIGHT = 0.12  # quarters by which a line may lean
_MOST_OFF = 1.6  # times that a font's own height may differ from that of its letters
_HYPHENS = (0x02, 0xFFFE)  # what pdfium writes for one that a line's end made


@dataclass(frozen=True, slots=True)
class Characters:
    """Codes, boxes (left, bottom, right, top, in the sheet's units), quarter turns (-1: askew), and what was a generated space.

    One entry a printed character; `after_space` where pdfium put a space before it that is not printed.
    """

    codes: Any
    boxes: Any
    turns: Any
    after_space: Any
    unreadable: int = 0

    def __len__(self) -> int:
        return len(self.codes)


@lru_cache(1)
def _calls() -> dict[str, Any]:
    """pdfium's functions, called without letting go of the interpreter: that costs more than they do."""
    from pypdfium2 import raw

    def direct(function: Any, result: Any, *arguments: Any) -> Any:
        return ctypes.PYFUNCTYPE(result, *arguments)(ctypes.cast(function, ctypes.c_void_p).value or 0)

    handle, index = ctypes.c_void_p, ctypes.c_int
    return {
        "box": direct(raw.FPDFText_GetLooseCharBox, ctypes.c_int, handle, index, ctypes.c_void_p),
        "code": direct(raw.FPDFText_GetUnicode, ctypes.c_uint, handle, index),
        "size": direct(raw.FPDFText_GetFontSize, ctypes.c_double, handle, index),
        "object": direct(raw.FPDFText_GetTextObject, handle, handle, index),
        "matrix": direct(raw.FPDFText_GetMatrix, ctypes.c_int, handle, index, ctypes.c_void_p),
    }


def characters_of(page: Any, objects: Objects) -> Characters:
    """The printed characters of the page in pdfium's order; those of a page of too many are left out from there on.

    So are those that something was drawn over.
    """
    from pypdfium2 import raw

    text_page = page.get_textpage()
    try:
        count = max(0, min(raw.FPDFText_CountChars(text_page), MOST_CHARACTERS))
        handle = ctypes.cast(text_page.raw, ctypes.c_void_p).value
        codes, boxes = _codes(text_page, handle, count), _boxes(handle, count)
        with np.errstate(invalid="ignore"):
            is_printed = np.isfinite(boxes).all(axis=1) & (boxes[:, 2] > boxes[:, 0]) & (boxes[:, 3] > boxes[:, 1])
        if objects.covers:
            is_printed[_covered(handle, np.flatnonzero(is_printed), boxes, objects)] = False
        kept = np.flatnonzero(is_printed)
        is_blank = (codes == 32) | (codes == 10) | (codes == 13)
        before = np.concatenate(([False], (is_blank & ~is_printed)[:-1]))
        codes, boxes = codes[kept], boxes[kept]
        is_hyphen = np.isin(codes, _HYPHENS)
        codes = np.where(is_hyphen, 0x2D, codes)
        strange = (codes < 32) | ((codes >= 0xE000) & (codes < 0xF900)) | (codes == 0xFFFD)
        codes = np.where(codes < 32, 0xFFFD, codes)
        turns, sizes = _turns_and_sizes(handle, kept, boxes)
        return Characters(codes, _evened(boxes, turns, sizes), turns, before[kept], int(strange.sum()))
    finally:
        text_page.close()


def _covered(handle: Any, indices: Any, boxes: Any, objects: Objects) -> Any:
    """Those of the characters whose middle lies under an opaque box that was drawn after them."""
    own = boxes[indices]
    x, y = (own[:, 0] + own[:, 2]) / 2, (own[:, 1] + own[:, 3]) / 2
    places, covers = np.array([place for place, _ in objects.covers]), np.array([box for _, box in objects.covers])
    over = (covers[:, :1] < x) & (x < covers[:, 2:3]) & (covers[:, 1:2] < y) & (y < covers[:, 3:])
    last = np.where(over, places[:, None], 0).max(axis=0)
    under = np.flatnonzero(last)
    text_of = _calls()["object"]
    drawn = [objects.texts.get(text_of(handle, int(index)) or 0, _LAST) for index in indices[under]]
    return indices[under[last[under] > np.array(drawn, np.int64)]]


def _codes(text_page: Any, handle: Any, count: int) -> Any:
    """The code of each character: as one text where that has as many, else one by one."""
    from pypdfium2 import raw

    if not count:
        return np.zeros(0, np.int64)
    if raw.FPDFText_GetTextIndexFromCharIndex(text_page, count - 1) == count - 1:
        buffer = (ctypes.c_ushort * (count + 1))()
        if raw.FPDFText_GetText(text_page, 0, count, buffer) == count + 1:
            return np.frombuffer(buffer, np.uint16)[:count].astype(np.int64)
    return np.fromiter(map(_calls()["code"], (handle,) * count, range(count)), np.int64, count)


def _boxes(handle: Any, count: int) -> Any:
    """Left, bottom, right, top of each; zeros for a character that has none."""
    found = np.zeros((count, 4), np.float32)
    start = found.ctypes.data
    for _ in map(_calls()["box"], (handle,) * count, range(count), range(start, start + 16 * count, 16)):
        pass
    return found[:, (0, 3, 2, 1)].astype(np.float64)  # pdfium's order is left, top, right, bottom


def _turns_and_sizes(handle: Any, indices: Any, boxes: Any) -> tuple[Any, Any]:
    """By how many quarters each is turned to the left, and how high letters are.

    Asked of the first of each run on a line, as the others stand like it.
    """
    if not len(indices):
        return np.zeros(0, np.int64), np.zeros(0)
    lefts, bottoms, heights = boxes[:, 0], boxes[:, 1], boxes[:, 3] - boxes[:, 1]
    begins = np.ones(len(indices), bool)
    begins[1:] = (np.abs(np.diff(bottoms)) > _LEAST_STEP) | (np.diff(lefts) <= 0) | (np.abs(np.diff(heights)) > _LEAST_STEP)
    asked = indices[np.flatnonzero(begins)].tolist()
    matrices = np.zeros((len(asked), 6), np.float32)
    start = matrices.ctypes.data
    handles = (handle,) * len(asked)
    for _ in map(_calls()["matrix"], handles, asked, range(start, start + 24 * len(asked), 24)):
        pass
    sizes = np.fromiter(map(_calls()["size"], handles, asked), np.float64, len(asked))
    with np.errstate(invalid="ignore", over="ignore"):
        quarters = np.nan_to_num(np.arctan2(matrices[:, 1], matrices[:, 0]) / (np.pi / 2))
        sizes = np.nan_to_num(sizes * np.hypot(matrices[:, 2], matrices[:, 3]), posinf=0.0)
    turns = np.where(np.abs(quarters - np.rint(quarters)) < _STRAIGHT, np.rint(quarters).astype(np.int64) % 4, -1)
    run = np.cumsum(begins) - 1
    return turns[run], sizes[run]


def _evened(boxes: Any, turns: Any, sizes: Any) -> Any:
    """The boxes, each as high as its letters are: fonts claim more or less above them, and lines would seem nearer or farther."""
    evened = boxes.copy()
    for turn, (foot, head, sign) in enumerate(((1, 3, 1), (2, 0, -1), (3, 1, -1), (0, 2, 1))):
        height = np.abs(boxes[:, head] - boxes[:, foot])
        own = (turns == turn) & (sizes > height / _MOST_OFF) & (sizes < height * _MOST_OFF)
        evened[own, head] = boxes[own, foot] + sign * sizes[own]
    return evened
