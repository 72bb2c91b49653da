"""Recognises the words of a picture: turns it upright, reads it, and remembers where each point of it is shown."""

import math
import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeAlias

from kraftd_core.adapters.readers.common.words import Shown, Word
from kraftd_core.adapters.readers.local.pages.repairs import repaired

LARGEST_SIDE = 2400
"""Pixels: letters of a page of small print keep enough of them; what is larger is read no better."""

_SOUGHT_SIDE = 1600  # text is sought on a smaller picture, and read from the large one
_SMALL_SIDE = 1000  # pictures below it are enlarged, as text of few pixels is not found
_ASKED_LINES = 24  # the widest ones, which say which way is up
_LEAST_TILT = 0.3  # degrees
_LINES_AT_ONCE = 8  # between two looks at the clock
_LEAST_SCORE = 0.5
_THREADS = min(4, os.cpu_count() or 1)

Corners: TypeAlias = Sequence[tuple[float, float]]
"""Top left, top right, bottom right, bottom left, in pixels."""
Text: TypeAlias = tuple[str, Corners, float]
"""A word, its corners in the turned picture, and how sure its line was read."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """The words on an upright sheet that ends where they end, its size in pixels, and where the picture shows its points.

    Not `whole` when time ended before the last line was read.
    """

    words: list[Word]
    width: float
    height: float
    shown: Shown | None = None
    whole: bool = True


def recogniser() -> Any:
    """The recogniser with its models, which lie in the package: it asks for no network."""
    from rapidocr import RapidOCR

    return RapidOCR(params={
        "EngineConfig.onnxruntime.intra_op_num_threads": 1,  # lines are read side by side, at half the cost of sharing each
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        "Global.log_level": "critical",
        "Global.return_word_box": True,
        "Global.use_vertical_padding": False,
        "Det.limit_type": "max",
        "Det.limit_side_len": _SOUGHT_SIDE,
        "Rec.rec_batch_num": 1,  # lines of one batch are padded to the widest, which costs more than batches save
    })  # fmt: skip


def recognised(picture: Any, engine: Any, until: float = math.inf) -> Recognised:
    """The words of a PIL picture, which may lie on its side, stand on its head, or be tilted; `until` is in processor seconds."""
    import numpy

    pixels = numpy.ascontiguousarray(numpy.asarray(_enlarged(picture))[:, :, ::-1])
    crops, boxes = _lines(engine, pixels)
    turns = 0
    if _lie_on_their_side(boxes):
        turns = 1
        crops, boxes = _lines(engine, _turned(pixels, turns))
    if _stand_on_their_head(crops, engine):
        turns += 2
    if turns > 1:
        crops, boxes = _lines(engine, _turned(pixels, turns))
    if not crops:
        return Recognised([], float(picture.width), float(picture.height))
    texts = _texts(engine, crops, boxes, until)
    return _upright([text for text in texts if text], _tilt(boxes), turns, pixels.shape, whole=None not in texts)


def _enlarged(picture: Any) -> Any:
    if max(picture.size) >= _SMALL_SIDE:
        return picture
    scale = _SMALL_SIDE / max(picture.size)
    return picture.resize((round(picture.width * scale), round(picture.height * scale)))


def _turned(pixels: Any, turns: int) -> Any:
    import numpy

    return numpy.ascontiguousarray(numpy.rot90(pixels, turns))


def _lines(engine: Any, pixels: Any) -> tuple[list[Any], Any]:
    """The pictures of the lines and their corners; none where no text is found."""
    from rapidocr.main import RapidOCRError

    try:
        crops, found = engine.detect_and_crop(pixels, {})
    except RapidOCRError:
        return [], []
    return crops, found.boxes


# Which way is up


def _edge(a: Any, b: Any) -> float:
    return math.hypot(float(b[0]) - float(a[0]), float(b[1]) - float(a[1]))


def _lie_on_their_side(boxes: Any) -> bool:
    """Whether lines are mostly taller than wide, by the length of text that they hold."""
    lying = standing = 0.0
    for box in boxes:
        wide, tall = _edge(box[0], box[1]), _edge(box[1], box[2])
        lying, standing = lying + max(0.0, wide - tall), standing + max(0.0, tall - wide)
    return standing > lying


def _stand_on_their_head(crops: Sequence[Any], engine: Any) -> bool:
    widest = sorted(crops, key=lambda crop: -int(crop.shape[1]))[:_ASKED_LINES]
    if not widest:
        return False
    _, asked = engine.cls_and_rotate(widest)
    return bool(sum(score if label == "180" else -score for label, score in asked.cls_res) > 0)


def _tilt(boxes: Any) -> float:
    """By how many degrees the lines fall to the right: the middle one's angle, the long ones asked."""
    angles = sorted(
        math.degrees(math.atan2(float(box[1][1]) - float(box[0][1]), float(box[1][0]) - float(box[0][0])))
        for box in boxes if _edge(box[0], box[1]) > 4 * _edge(box[1], box[2])
    )
    angle = angles[len(angles) // 2] if angles else 0.0
    return angle if abs(angle) >= _LEAST_TILT else 0.0


# Words


def _texts(engine: Any, crops: Sequence[Any], boxes: Any, until: float) -> list[list[Text] | None]:
    """The words of some lines each; None for those that time left none for."""

    def read(start: int) -> list[Text] | None:
        if time.process_time() > until:
            return None
        own = slice(start, start + _LINES_AT_ONCE)
        found = engine.cal_rec_boxes(crops[own], boxes[own], engine.recognize_txt(crops[own]))
        return list(_words_of_lines(boxes[own], found))

    with ThreadPoolExecutor(_THREADS) as pool:
        return list(pool.map(read, range(0, len(crops), _LINES_AT_ONCE)))


def _upright(texts: Sequence[Sequence[Text]], tilt: float, turns: int, shape: Sequence[int], *, whole: bool) -> Recognised:
    """The words on their own sheet."""
    height, width = shape[0], shape[1]
    cos, sin = math.cos(math.radians(tilt)), math.sin(math.radians(tilt))
    words = [
        _box(text, [(x * cos + y * sin, y * cos - x * sin) for x, y in corners], confidence)
        for some in texts for text, corners, confidence in some
    ]
    if not words:
        return Recognised([], float(width), float(height), whole=whole)
    left, top = min(w.x0 for w in words), min(w.top for w in words)
    moved = [Word(w.text, w.x0 - left, w.top - top, w.x1 - left, w.bottom - top, w.confidence) for w in words]
    shown = _turned_back((cos, -sin, left * cos - top * sin, sin, cos, left * sin + top * cos), turns, width, height)
    return Recognised(list(repaired(moved)), max(w.x1 for w in moved), max(w.bottom for w in moved), shown, whole)


def _turned_back(place: Shown, turns: int, width: int, height: int) -> Shown:
    """The way from the sheet to the turned picture (pixels), led on to the picture as it is shown (shares of its size)."""
    a, b, c, d, e, f = place
    if turns == 1:
        a, b, c, d, e, f = -d, -e, width - f, a, b, c
    elif turns == 2:
        a, b, c, d, e, f = -a, -b, width - c, -d, -e, height - f
    elif turns == 3:
        a, b, c, d, e, f = d, e, f, -a, -b, height - c
    return a / width, b / width, c / width, d / height, e / height, f / height


def _words_of_lines(boxes: Any, read: Any) -> Iterator[Text]:
    """Each word with its corners; a line's words are parted by its spaces and where white is wider than they."""
    for box, text, pieces, score in zip(boxes, read.txts, read.word_results, read.scores, strict=True):
        if score < _LEAST_SCORE or not text.strip():
            continue
        height = _edge(box[0], box[3])
        for word in _words(text.split(), [(piece, corners) for piece, _, corners in pieces if corners is not None], height):
            yield "".join(piece for piece, _ in word), _around([corners for _, corners in word]), float(score)


def _words(tokens: Sequence[str], pieces: Sequence[tuple[str, Any]], height: float) -> Iterator[list[tuple[str, Any]]]:
    """The pieces of each token, parted where a gap of more than a line's height lies between them."""
    ends, length = set(), 0
    for token in tokens:
        length += len(token)
        ends.add(length)
    word: list[tuple[str, Any]] = []
    read = 0
    for piece, corners in pieces:
        if word and (read in ends or _edge(word[-1][1][1], corners[0]) > height):
            yield word
            word = []
        word.append((piece, corners))
        read += len(piece)
    if word:
        yield word


def _around(pieces: Sequence[Any]) -> list[tuple[float, float]]:
    first, last = pieces[0], pieces[-1]
    return [(float(x), float(y)) for x, y in (first[0], last[1], last[2], first[3])]


def _box(text: str, corners: Corners, confidence: float) -> Word:
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return Word(text, min(xs), min(ys), max(xs), max(ys), round(min(max(confidence, 0.0), 1.0), 4))
