"""Says what of a document no file can keep as it came, so that nothing is lost in silence."""

from collections.abc import Iterable, Iterator
from math import isfinite
from typing import Any

from kraftd_core.document.jsontypes import clean_or_cleaned, clean_text
from kraftd_core.document.wording import how_many
from kraftd_core.ports.making import Composition


def losses(composition: Composition) -> tuple[str, ...]:
    """A warning for characters that had to be replaced, and one for numbers that are none."""
    told = composition.summary.model_dump(mode="json"), composition.change_sentences, composition.document_name, composition.title
    parts = [part for part in (composition.data, *told) if clean_or_cleaned(part) is not part]
    values = [value for part in parts for value in _scalars(part)]
    replaced = sum(isinstance(value, str) and clean_text(value) != value for value in values)
    numberless = sum(isinstance(value, float) and not isfinite(value) for value in values)
    return tuple(_warnings(replaced, numberless))


def _warnings(replaced: int, numberless: int) -> Iterable[str]:
    if replaced:
        yield f"Control characters and broken characters stand as � in {how_many(replaced, 'text')}: no file can hold them."
    if numberless:
        yield f"Left empty, because it is no number (NaN or infinite): {how_many(numberless, 'value')}."


def _scalars(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for key, member in value.items():
            yield key
            yield from _scalars(member)
    elif isinstance(value, (list, tuple)):
        for member in value:
            yield from _scalars(member)
    else:
        yield value
