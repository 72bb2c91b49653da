"""The form in which a model writes a presentation plan: steps that name parts of the data, never values or files."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from kraftd_core.records import NotCarriedOut, Step


class Wishes(BaseModel):
    """What the user's words ask for, in order, and what of them no step can say."""

    model_config = ConfigDict(extra="forbid")

    steps: list[Step]
    not_carried_out: list[NotCarriedOut]


def wishes_schema() -> dict[str, Any]:
    """The form as services take it: every member named as required, variants by `anyOf`; `meaning` is ours to write."""
    schema: dict[str, Any] = _strict(Wishes.model_json_schema())
    return schema


def _strict(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_strict(member) for member in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {"anyOf" if name == "oneOf" else name: _strict(member) for name, member in schema.items()
             if name not in ("default", "discriminator")}  # fmt: skip
    if isinstance(plain.get("properties"), dict):
        plain["properties"].pop("meaning", None)
        plain["required"] = list(plain["properties"])
    return plain
