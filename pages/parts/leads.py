"""Statements of a summary lead to what they rest on: to the box on the page, or to the value on Review where nothing is boxed."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import streamlit as st

from pages.parts import editing
from pages.parts.widgets import plain

if TYPE_CHECKING:
    from kraftd_core import Attention, Grounding, Workflow

_MOST_NAMED = 4


class Leads:
    """Where the statements of the summary of one workflow lead; `field` is the value that one of them led to last."""

    def __init__(self, workflow: "Workflow", attention: "Attention") -> None:
        self._workflow_id = workflow.export_workflow_id
        self._is_open = workflow.stage2 is None
        boxed = {mark.field: mark.label for mark in attention.marks()}
        self._is_boxed = bool(boxed)
        self._labels: Mapping[str, str] = boxed or dict.fromkeys(attention.values, "")

    @property
    def _key(self) -> str:
        return f"stage1_led_{self._workflow_id}"

    @property
    def field(self) -> str | None:
        """The value whose box is to be shown."""
        led: str | None = st.session_state.get(self._key)
        return led

    def of(self, grounding: "Grounding | None") -> dict[tuple[str, int], list[str]]:
        """The values that each statement rests on and that can be shown, by section and index."""
        if grounding is None or not (self._is_boxed or self._is_open):
            return {}
        rests_on = {(s.section, s.index): self._shown(s.fields) for s in grounding.statements}
        return {place: fields for place, fields in rests_on.items() if fields}

    def _shown(self, fields: list[str]) -> list[str]:
        """Of a whole column or table, the first value that can be shown."""
        found = (field if field in self._labels else self._first_of(field) for field in fields)
        return list(dict.fromkeys(field for field in found if field))

    def _first_of(self, field: str) -> str | None:
        table, _, column = field.partition("[]")
        return next((known for known in self._labels if known.startswith(f"{table}[") and known.endswith(column)), None)

    def offer(self, name: str, fields: list[str]) -> None:
        """A button that leads to the first of these values; clicked again, to the next one."""
        following = fields[(fields.index(self.field) + 1) % len(fields)] if self.field in fields else fields[0]
        labels = list(dict.fromkeys(filter(None, (self._labels[field] for field in fields))))
        told = ", ".join(map(plain, labels[:_MOST_NAMED])) + (" …" if len(labels) > _MOST_NAMED else "")
        is_clicked = st.button(
            "Show",
            key=f"stage1_lead_{name}",
            type="tertiary",
            help=f"What it rests on: {told}" if told else "What it rests on",
            on_click=self._lead_to if self._is_boxed else None,
            args=(following,) if self._is_boxed else None,
        )
        if is_clicked and not self._is_boxed:
            editing.ask_for("start", following)
            st.switch_page("stage2_modifications.py", query_params={"workflow": self._workflow_id})

    def _lead_to(self, field: str) -> None:
        st.session_state[self._key] = field
