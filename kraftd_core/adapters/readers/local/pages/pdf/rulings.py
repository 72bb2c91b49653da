"""What a PDF's page draws beside its text: ruling lines, filled boxes as the lines around them, and pictures."""

import ctypes
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeAlias

from lazy_loader import load

np = load("numpy")  # with the first page, and not with the application

Box: TypeAlias = tuple[float, float, float, float]
Matrix: TypeAlias = tuple[float, float, float, float, float, float]

_MOST_OBJECTS, _MOST_SEGMENTS, _DEEPEST = 30_000, 60_000, 4
_MOST_COVERS = 400
_THIN = 2.5  # points: a box that is no thicker is a line
_SIMPLE = 6  # segments of a line or a box
_LEAST_SIDE = 3.0
_SLACK = 0.5  # by which a line may lean
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(slots=True)
class Objects:
    """Lines (left, bottom, right, top, one side of which is thin) and the boxes of pictures, in the sheet's units.

    `covers` are opaque filled boxes, each with its place in the order of drawing, and `texts` the places of the text objects.
    """

    lines: Any = field(default_factory=lambda: np.zeros((0, 4)))
    covers: list[tuple[int, Box]] = field(default_factory=list)
    texts: dict[int, int] = field(default_factory=dict)
    pictures: list[tuple[float, float, float, float]] = field(default_factory=list)

    def pictured_share(self, bounds: Sequence[float]) -> float:
        """How much of the sheet the largest picture covers."""
        left, bottom, right, top = bounds
        area = max((right - left) * (top - bottom), 1e-6)
        shares = (
            max(0.0, min(x1, right) - max(x0, left)) * max(0.0, min(y1, top) - max(y0, bottom)) / area
            for x0, y0, x1, y1 in self.pictures
        )
        return max(shares, default=0.0)


@lru_cache(1)
def _calls() -> dict[str, Any]:
    from pypdfium2 import raw

    handle, integer = ctypes.c_void_p, ctypes.c_int
    shapes: dict[str, tuple[Any, ...]] = {
        "FPDFPageObj_GetType": (integer, handle),
        "FPDFPageObj_GetBounds": (integer, handle, handle, handle, handle, handle),
        "FPDFPath_CountSegments": (integer, handle),
        "FPDFPath_GetPathSegment": (handle, handle, integer),
        "FPDFPathSegment_GetType": (integer, handle),
        "FPDFPathSegment_GetPoint": (integer, handle, handle, handle),
        "FPDFPageObj_GetMatrix": (integer, handle, handle),
        "FPDFFormObj_CountObjects": (integer, handle),
        "FPDFFormObj_GetObject": (handle, handle, ctypes.c_ulong),
        "FPDFPath_GetDrawMode": (integer, handle, handle, handle),
        "FPDFPageObj_HasTransparency": (integer, handle),
        "FPDFPage_CountObjects": (integer, handle),
        "FPDFPage_GetObject": (handle, handle, integer),
    }
    return {
        name: ctypes.PYFUNCTYPE(*shape)(ctypes.cast(getattr(raw, name), ctypes.c_void_p).value or 0)
        for name, shape in shapes.items()
    }


def objects_of(page: Any) -> Objects:
    """The lines and pictures of the page; no lines where it draws so much that it is a drawing and no table."""
    walk = _Walk()
    calls = _calls()
    handle = ctypes.cast(page.raw, ctypes.c_void_p).value
    count = calls["FPDFPage_CountObjects"](handle)
    walk.all((calls["FPDFPage_GetObject"](handle, n) for n in range(min(count, _MOST_OBJECTS))), _IDENTITY, 0)
    found = Objects(pictures=walk.pictures, texts=walk.texts)
    if walk.texts:
        first = min(walk.texts.values())
        found.covers = [cover for cover in walk.covers if cover[0] > first][-_MOST_COVERS:]
    if walk.lines and not walk.is_drawing:
        lines = np.array(walk.lines)
        found.lines = lines[np.isfinite(lines).all(axis=1)]
    return found


@dataclass(slots=True)
class _Walk:
    """Goes through the objects of a page and of the forms on it."""

    lines: list[tuple[float, float, float, float]] = field(default_factory=list)
    pictures: list[tuple[float, float, float, float]] = field(default_factory=list)
    covers: list[tuple[int, Box]] = field(default_factory=list)
    texts: dict[int, int] = field(default_factory=dict)
    objects: int = 0
    segments: int = 0
    _four: Any = field(default_factory=lambda: (ctypes.c_float * 4)())
    _six: Any = field(default_factory=lambda: (ctypes.c_float * 6)())

    @property
    def is_drawing(self) -> bool:
        return self.objects >= _MOST_OBJECTS or self.segments >= _MOST_SEGMENTS

    def all(self, handles: Iterator[Any], matrix: Matrix, depth: int) -> None:
        from pypdfium2 import raw

        calls = _calls()
        kind_of = calls["FPDFPageObj_GetType"]
        for handle in handles:
            self.objects += 1
            if self.is_drawing:
                return
            kind = kind_of(handle)
            if kind == raw.FPDF_PAGEOBJ_TEXT:
                self.texts[handle] = self.objects
            elif kind == raw.FPDF_PAGEOBJ_PATH:
                self._path(handle, matrix)
            elif kind == raw.FPDF_PAGEOBJ_IMAGE:
                self.pictures.append(_moved(self._bounds(handle), matrix))
            elif kind == raw.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
                count = min(calls["FPDFFormObj_CountObjects"](handle), _MOST_OBJECTS)
                inner = _times(self._matrix(handle), matrix)
                self.all((calls["FPDFFormObj_GetObject"](handle, n) for n in range(count)), inner, depth + 1)

    def _bounds(self, handle: Any) -> tuple[float, float, float, float]:
        at = ctypes.addressof(self._four)
        if not _calls()["FPDFPageObj_GetBounds"](handle, at, at + 4, at + 8, at + 12):
            return math.nan, math.nan, math.nan, math.nan
        left, bottom, right, top = self._four
        return left, bottom, right, top

    def _matrix(self, handle: Any) -> Matrix:
        if not _calls()["FPDFPageObj_GetMatrix"](handle, ctypes.addressof(self._six)):
            return _IDENTITY
        a, b, c, d, e, f = self._six
        return a, b, c, d, e, f

    def _path(self, handle: Any, matrix: Matrix) -> None:
        count = _calls()["FPDFPath_CountSegments"](handle)
        if count <= _SIMPLE:
            box = _moved(self._bounds(handle), matrix)
            self._box(box)
            self.segments += 1
            if min(box[2] - box[0], box[3] - box[1]) > _THIN and self._is_opaque(handle):
                self.covers.append((self.objects, box))
        else:
            self._each(handle, count, _times(self._matrix(handle), matrix))

    def _is_opaque(self, handle: Any) -> bool:
        """Whether the path is filled, and nothing is seen through it."""
        mode, stroke = ctypes.c_int(), ctypes.c_int()
        calls = _calls()
        told = calls["FPDFPath_GetDrawMode"](handle, ctypes.addressof(mode), ctypes.addressof(stroke))
        return bool(told and mode.value and not calls["FPDFPageObj_HasTransparency"](handle))

    def _box(self, box: tuple[float, float, float, float]) -> None:
        """A thin box is a line along its middle; of others the four sides are."""
        x0, y0, x1, y1 = box
        if x1 - x0 <= _THIN or y1 - y0 <= _THIN:
            if max(x1 - x0, y1 - y0) > _LEAST_SIDE:
                x, y = (x0 + x1) / 2, (y0 + y1) / 2
                self.lines.append((x, y0, x, y1) if x1 - x0 < y1 - y0 else (x0, y, x1, y))
        else:
            self.lines += ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1))

    def _each(self, handle: Any, count: int, matrix: Matrix) -> None:
        """The upright and level parts of a long path."""
        from pypdfium2 import raw

        calls = _calls()
        segment_of, kind_of, point_of = (
            calls[name] for name in ("FPDFPath_GetPathSegment", "FPDFPathSegment_GetType", "FPDFPathSegment_GetPoint")
        )
        at, last = ctypes.addressof(self._four), None
        for n in range(min(count, _MOST_SEGMENTS - self.segments)):
            segment = segment_of(handle, n)
            point_of(segment, at, at + 4)
            x, y = self._four[0], self._four[1]
            a, b, c, d, e, f = matrix
            here = (a * x + c * y + e, b * x + d * y + f)
            if last and kind_of(segment) == raw.FPDF_SEGMENT_LINETO:
                self._line(last, here)
            last = here
        self.segments += count

    def _line(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        x0, x1 = sorted((start[0], end[0]))
        y0, y1 = sorted((start[1], end[1]))
        if min(x1 - x0, y1 - y0) <= _SLACK and max(x1 - x0, y1 - y0) > _LEAST_SIDE:
            x, y = (x0 + x1) / 2, (y0 + y1) / 2
            self.lines.append((x, y0, x, y1) if x1 - x0 < y1 - y0 else (x0, y, x1, y))


def _times(inner: Matrix, outer: Matrix) -> Matrix:
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def _moved(box: tuple[float, float, float, float], matrix: Matrix) -> tuple[float, float, float, float]:
    if matrix == _IDENTITY:
        return box
    a, b, c, d, e, f = matrix
    xs = [a * x + c * y + e for x in (box[0], box[2]) for y in (box[1], box[3])]
    ys = [b * x + d * y + f for x in (box[0], box[2]) for y in (box[1], box[3])]
    return min(xs), min(ys), max(xs), max(ys)
