"""The nouns of a document: what differs between two data, as it is recorded."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Noun(BaseModel):
    """What every stored or received object is: frozen, and nothing beyond its names."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class _Change(Noun):
    field: str
    user_reason: str | None = None


class Modification(_Change):
    """A value became another; `format_only` where it is the same number or text, written otherwise."""

    change_type: Literal["modification"] = "modification"
    original_value: Any
    modified_value: Any
    format_only: bool = False


class Addition(_Change):
    """A field, a cell or a row that was not there; a row carries its position (from 0) in the changed table."""

    change_type: Literal["addition"] = "addition"
    original_value: None = None
    modified_value: Any
    position: int | None = None
    format_only: Literal[False] = False


class Deletion(_Change):
    """A field, a cell or a row that is gone (an emptied one is a modification to null); a row carries its old position."""

    change_type: Literal["deletion"] = "deletion"
    original_value: Any
    modified_value: None = None
    position: int | None = None
    format_only: Literal[False] = False


class Move(_Change):
    """A row that stands elsewhere among those that stayed: its old and its new position, from 0."""

    change_type: Literal["move"] = "move"
    original_value: int
    modified_value: int
    format_only: Literal[False] = False


Change = Annotated[Modification | Addition | Deletion | Move, Field(discriminator="change_type")]
