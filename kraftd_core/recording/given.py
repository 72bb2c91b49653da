"""What a caller hands to the recorder, made into nouns: other forms are taken where their meaning is plain, else refused.

No error of a library leaves here: what cannot be taken raises CallRefused, with a sentence that names it.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import Enum
from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel, ValidationError
from rfc8785 import CanonicalizationError

from kraftd_core.document.handed import as_mapping, kind_of_thing
from kraftd_core.document.jsontypes import clean_text, cleaned
from kraftd_core.errors import CallRefused
from kraftd_core.records.plan import DocumentTemplate, ExportFormat
from kraftd_core.records.stages import Place, Summary, UserPreferences

Model = TypeVar("Model", bound=BaseModel)
Choice = TypeVar("Choice", bound=Enum)

_LISTS = ("key_findings", "recommendations", "risk_factors", "action_items")
_FORMATS = {"xlsx": "excel"}
_LARGEST = 2**53  # what a JSON number holds exactly


@contextmanager
def plainly(what: str) -> Iterator[None]:
    """Says in one sentence what a noun does not take; `what` is how the caller calls it."""
    try:
        yield
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        reason = str(first["msg"]).rstrip(".")
        raise CallRefused(f"{what} cannot be recorded: {f'{where}: ' if where else ''}{reason}.") from error


@contextmanager
def exactly() -> Iterator[None]:
    """Says in one sentence that a number cannot be written down exactly."""
    try:
        yield
    except CanonicalizationError as error:
        raise CallRefused("A number of this record is larger than JSON keeps exactly. Hand it over as a text.") from error


def noun(model: type[Model], given: object, what: str) -> Model:
    """The noun of a mapping, or of another noun."""
    with plainly(what):
        return model.model_validate(as_mapping(given, what))


def places_of(given: object, what: str) -> dict[str, Place]:
    """Places by the paths of their values."""
    if not isinstance(given, Mapping):
        raise CallRefused(f"{what} must be an object with named members, not {kind_of_thing(given)}.")
    return {path: place if isinstance(place, Place) else noun(Place, place, what) for path, place in given.items()}


def text_of(given: object, what: str) -> str:
    """A text, or an enum by its value, without control characters."""
    value = given.value if isinstance(given, Enum) else given
    if not isinstance(value, str) or not value.strip():
        raise CallRefused(f"{what} must be a text, not {kind_of_thing(value)}.")
    return clean_text(value)


def workflow_id_in(given: object) -> str | None:
    """The id of a workflow where this is one: a UUID, or its text."""
    try:
        return str(UUID(str(given)))
    except ValueError:
        return None


def workflow_id_of(given: object) -> str:
    """The id of a workflow: a UUID, or its text."""
    named = workflow_id_in(given)
    if named is None:
        raise CallRefused("The workflow id must be a UUID, such as uuid4() makes.")
    return named


def choice_of(kind: type[Choice], given: object, what: str) -> Choice:
    """A member of ours, of another enum by its value, or of its text in any capitals."""
    text = text_of(given, what).strip().lower()
    try:
        return kind(_FORMATS.get(text, text))
    except ValueError as error:
        known = ", ".join(str(member.value) for member in kind)
        raise CallRefused(f"{what} must be one of {known}.") from error


def preferences_of(given: object) -> UserPreferences:
    """Preferences from a mapping; texts stand for what they say: instructions, a customisation, names between commas."""
    what = "The user preferences"
    members: dict[str, Any] = {"transformation_instructions": given} if isinstance(given, str) else as_mapping(given, what)
    if isinstance(members.get("template_customization"), str):
        members["template_customization"] = _customization(members["template_customization"])
    if isinstance(members.get("priority_fields"), str):
        members["priority_fields"] = [name.strip() for name in members["priority_fields"].split(",") if name.strip()]
    for name, kind in (("export_format", ExportFormat), ("document_template", DocumentTemplate)):
        if name in members:
            members[name] = choice_of(kind, members[name], f"{what}: {name}")
    return noun(UserPreferences, {name: value for name, value in members.items() if value is not None}, what)


def _customization(text: str) -> dict[str, Any]:
    """A JSON object where the text is one, else the text as it is."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    return dict(cleaned(value)) if isinstance(value, dict) else {"text": text} if text.strip() else {}


def summary_of(model: type[Model], given: object, what: str) -> Model:
    """Five sections; a text stands for a list of one, what is left out for none."""
    members = as_mapping(given, what)
    if not isinstance(given, Summary):
        for name in _LISTS:
            value = members.get(name)
            members[name] = [value] if isinstance(value, str) else [] if value is None else value
    return noun(model, members, what)


def amount_of(given: object, what: str) -> float | None:
    """A number from zero on, or None."""
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, (int, float)) or not 0 <= given < _LARGEST:
        raise CallRefused(f"{what} must be a number from zero on, or None.")
    return given


def bytes_of(given: object, what: str) -> bytes:
    """The bytes of a file."""
    if not isinstance(given, (bytes, bytearray, memoryview)):
        raise CallRefused(f"{what} must be bytes, not {kind_of_thing(given)}.")
    return bytes(given)


def sequence_of(given: object, what: str) -> Sequence[Any]:
    """A list of things."""
    if isinstance(given, (str, bytes)) or not isinstance(given, Sequence):
        raise CallRefused(f"{what} must be a list, not {kind_of_thing(given)}.")
    return given
