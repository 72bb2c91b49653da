"""Objects that a program hands over, cleaned as we keep JSON."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from kraftd_core.document.jsontypes import cleaned
from kraftd_core.errors import CallRefused


def as_mapping(given: object, what: str) -> dict[str, Any]:
    """A mapping or a noun as a clean dict; raises CallRefused for anything else, and for what holds itself."""
    if isinstance(given, BaseModel):
        return given.model_dump()
    if not isinstance(given, Mapping):
        raise CallRefused(f"{what} must be an object with named members, not {kind_of_thing(given)}.")
    try:
        return dict(cleaned(dict(given)))
    except RecursionError as error:
        raise CallRefused(f"{what} is nested too deeply, or holds itself. Hand over a flat document.") from error


def kind_of_thing(given: object) -> str:
    """What it is, for a sentence: "a list", "None", "an empty text"."""
    if given is None:
        return "None"
    return "an empty text" if isinstance(given, str) and not given.strip() else f"a {type(given).__name__}"
