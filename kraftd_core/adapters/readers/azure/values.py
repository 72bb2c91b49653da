"""Makes plain values and places of the typed fields in an answer of Document Intelligence.

A typed value that contradicts what is printed is doubtful: the service reads "3 038,14 EUR" as 3 at times.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal
from typing import Any, TypeAlias

from kraftd_core.adapters.readers.common.doubts import doubted
from kraftd_core.adapters.readers.common.values import DATE_ORDERS, currency_of, find_date, parse_number, percent
from kraftd_core.document.jsontypes import cleaned
from kraftd_core.records.stages import Place

Wire: TypeAlias = Mapping[str, Any]
"""An object of the answer as it came over the wire, its decimals as Decimal."""

Sizes: TypeAlias = Mapping[int, tuple[float, float]]
"""Width and height of each page by its number, in the unit of its polygons."""

_NUMBERS = ("number", "integer", "currency")
_RATES = ("tax_rate", "rate")
_ADDRESS = ("streetAddress", "poBox", "city", "state", "postalCode", "countryRegion")
_DIGITS_OF_A_DOUBLE = 15
_CHECKED, _UNCHECKED = ":selected:", ":unselected:"


@dataclass(frozen=True, slots=True)
class Told:
    """A value that the service told, and its place."""

    value: Any
    place: Place | None = None


def sizes_of(pages: Sequence[Wire]) -> Sizes:
    """The size of each page."""
    return {int(page["pageNumber"]): (float(page.get("width") or 0), float(page.get("height") or 0)) for page in pages}


def members_of(field: Wire) -> Iterator[tuple[str, Wire]]:
    """The members of an object that were told."""
    return ((name, member) for name, member in (field.get("valueObject") or {}).items() if member)


def told(name: str, field: Wire, sizes: Sizes) -> Told:
    """The value of a field that is no object; a confidence that is absent stays so."""
    value = value_of(field)
    if name in _RATES and isinstance(value, str):
        value = percent(value) if percent(value) is not None else value
    place = place_of(field, sizes, has_value=value is not None)
    return Told(value, _doubtful(place) if value is not None and _contradicts(field) else place)


def _doubtful(place: Place | None) -> Place:
    """The place of a value that what is printed does not bear out."""
    known = place or Place()
    return known.model_copy(update={"confidence": doubted(known.confidence)})


def _contradicts(field: Wire) -> bool:
    """Whether the typed number or date is not what is printed, in any way to read that."""
    kind, printed = str(field.get("type", "")), one_line(field.get("content"))
    if printed is None:
        return False
    if kind in _NUMBERS:
        typed, readings = _typed_number(field), _readings(printed)
        return isinstance(typed, (int, float, Decimal)) and bool(readings) and not any(_is_near(typed, r) for r in readings)
    if kind != "date":
        return False
    days = {day for order in DATE_ORDERS if (day := find_date(printed, order))}
    return field.get("valueDate") is None or not days or _day_of(field["valueDate"]) not in days


def _day_of(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def _typed_number(field: Wire) -> Any:
    value = field.get(f"value{str(field['type']).capitalize()}")
    return (value or {}).get("amount") if field["type"] == "currency" else value


def _readings(printed: str) -> list[Decimal]:
    """The numbers that the text can be, with a point or with a comma before its decimals."""
    found = (parse_number(printed, "."), parse_number(printed, ","))
    return list(dict.fromkeys(number for number in found if number is not None))


def _is_near(typed: Any, reading: Decimal) -> bool:
    """Whether both are the same, signs aside: a bracket or a minus apart may be the service's to judge."""
    return abs(abs(Decimal(str(typed))) - abs(reading)) <= Decimal("0.005")


def value_of(field: Wire) -> Any:
    """The typed value: dates and times as ISO texts, money as its amount, a list as its members.

    A date that could not be understood stays the text that is printed; a number that could not be is null, for a
    text among numbers would be no better. A number that what is printed contradicts is read from that.
    """
    kind = str(field.get("type", "string"))
    value = field.get(f"value{kind[:1].upper()}{kind[1:]}")
    printed = one_line(field.get("content"))
    if kind in _NUMBERS:
        readings = _readings(printed or "")
        if len(readings) == 1 and _contradicts(field):
            return readings[0]
        return _number(_typed_number(field), printed)
    if kind == "selectionMark":
        return {"selected": True, "unselected": False}.get(str(value))
    if kind == "address":
        return one_line(field.get("content"), ", ") or _address(value or {})
    if kind in ("array", "object"):
        members = [member for _, member in members_of(field)] if kind == "object" else list(filter(None, value or ()))
        return ", ".join(str(cleaned(inner)) for inner in map(value_of, members) if inner is not None) or None
    return one_line(value) if isinstance(value, str) else printed if value is None else value


def _number(value: Any, printed: str | None) -> Any:
    """The number without the noise that doubles end in; where it is truly longer than a double holds, as it is printed."""
    if not isinstance(value, Decimal) or len(value.as_tuple().digits) <= _DIGITS_OF_A_DOUBLE:
        return value
    rounded = Context(prec=_DIGITS_OF_A_DOUBLE).create_decimal(value)
    exact = parse_number(printed or "")
    return exact if exact is not None and abs(exact - rounded) <= abs(rounded).scaleb(-13) else rounded


def _address(parts: Wire) -> str | None:
    return ", ".join(str(parts[part]) for part in _ADDRESS if parts.get(part)) or None


def one_line(text: Any, joint: str = " ") -> str | None:
    """The text with its lines joined; None for nothing."""
    lines = [" ".join(line.split()).rstrip(joint.strip() or None) for line in str(text or "").splitlines()]
    return joint.join(filter(None, lines)) or None


def currency_told(field: Wire) -> str | None:
    """The currency of an amount: its code, else by its symbol or what is printed; a bare $ counts as US dollars."""
    if field.get("type") not in _NUMBERS or value_of(field) is None:
        return None
    value = field.get("valueCurrency") or {}
    symbol = value.get("currencySymbol") or ""
    return value.get("currencyCode") or currency_of(f"{symbol}1") or symbol or currency_of(str(field.get("content") or ""))


def text_of_cell(content: str) -> str | bool | None:
    """The text of a table's cell or a form's value; a lone check box is True or False."""
    marks = {_CHECKED: True, _UNCHECKED: False}
    if content.strip() in marks:
        return marks[content.strip()]
    return " ".join(content.replace(_CHECKED, "[x]").replace(_UNCHECKED, "[ ]").split()) or None


# Places


def place_of(element: Wire, sizes: Sizes, *, has_value: bool = True) -> Place | None:
    """Where the element stands, its polygon in page fractions, and how sure the service is of its value."""
    confidence = _share(element.get("confidence")) if has_value else None
    regions = [region for region in element.get("boundingRegions") or () if region.get("polygon")]
    if not regions and confidence is None:
        return None
    page = int(regions[0]["pageNumber"]) if regions else None
    return Place(
        confidence=confidence,
        page=page,
        polygon=_polygon([region["polygon"] for region in regions if region["pageNumber"] == page], sizes.get(page or 0)),
    )


def _share(confidence: Any) -> float | None:
    return float(confidence) if confidence is not None and 0 <= confidence <= 1 else None


def _polygon(polygons: Sequence[Sequence[Any]], size: tuple[float, float] | None) -> list[float] | None:
    """The polygon in page fractions; of several the box around them."""
    if not polygons or size is None or not all(size):
        return None
    numbers = [float(number) for number in polygons[0]]
    if len(polygons) > 1:
        xs, ys = ([float(n) for polygon in polygons for n in polygon[axis::2]] for axis in (0, 1))
        numbers = [min(xs), min(ys), max(xs), min(ys), max(xs), max(ys), min(xs), max(ys)]
    return [round(min(max(number / size[n % 2], 0.0), 1.0), 5) for n, number in enumerate(numbers)]


def spans_of(element: Wire) -> Iterator[tuple[int, int]]:
    """The stretches of the document's text that the element covers: start and end."""
    for span in element.get("spans") or ():
        yield int(span["offset"]), int(span["offset"]) + int(span["length"])


class Stretches:
    """Stretches of the document's text, asked whether others overlap with them."""

    def __init__(self, spans: Iterable[tuple[int, int]] = ()) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(spans):
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(end, self._ends[-1])
            elif start < end:
                self._starts.append(start)
                self._ends.append(end)

    def touch(self, element: Wire) -> bool:
        """Whether the element has text within them."""
        return any(self._holds(start, end) for start, end in spans_of(element))

    def _holds(self, start: int, end: int) -> bool:
        n = bisect_left(self._starts, end) - 1
        return n >= 0 and self._ends[n] > start
