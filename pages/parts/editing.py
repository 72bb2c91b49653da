"""What is typed on the Review page: what the grids were opened with, and the draft that follows from their edits.

A grid's result is never given back to it as its input: Streamlit would lose every second edit. So the grids keep what
they were opened with, and the data is made anew, on each run, from that and from all that was typed since.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from kraftd_core import Data, DocumentTemplate, Draft, ExportFormat, Review, UserPreferences, grids, new_row_id

_OPENED = "stage2_opened"
_REASONED = "stage2_reasoned"
_REOPEN = "stage2_reopen"
_PREFIX = "stage2_"
_SETTLED = 0.4
"""Seconds after a click by which the browser has sent a cell that was still open (it waits 0.15)."""


@dataclass(slots=True)
class Version:
    """The version of the draft that this tab has come to: as it was opened, then as last kept.

    A thing of its own, because Streamlit may end a run at any touch of the session: one between keeping and noting it
    there would make this tab take its own version for another's.
    """

    draft: Draft
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """What the grids show before anything is typed; the stamp names this opening in every key."""

    workflow_id: str
    stamp: str
    data: Data
    document_type: str
    names: tuple[str, ...]
    columns: Mapping[str, list[str]]
    lines: Mapping[str, list[grids.Line]]
    version: Version

    def key(self, grid: str) -> str:
        """The key of a grid; a new opening gives new keys, so that no edit reaches other rows than it was meant for."""
        return f"{_PREFIX}{grid}_{self.stamp}"


def seen(workflow_id: str) -> Draft | None:
    """The version that this visit to the page has come to; None when the visit begins."""
    there = _of_visit(workflow_id)
    return there and there.version.draft


def _of_visit(workflow_id: str) -> Opened | None:
    there: Opened | None = st.session_state.get(_OPENED)
    if not there or there.workflow_id != workflow_id:
        return None
    return there if there.version.is_closed or there.key("details") in st.session_state else None


def opened(review: Review) -> Opened:
    """What the grids were opened with: of this visit to the page, or from the draft when the visit begins."""
    there = _of_visit(review.workflow.export_workflow_id)
    return there if there and not there.version.is_closed else open_anew(review)


def open_anew(review: Review) -> Opened:
    """Opens the grids and the preferences with the draft."""
    for key in [key for key in st.session_state if str(key).startswith(_PREFIX)]:
        del st.session_state[key]
    data, kind = review.draft.modified_data, document_type_of(review)
    columns = {name: grids.columns_of(name, data.get(name, [])) for name in grids.table_names(data, kind)}
    lines = {name: _lines(review, data, name, columns[name]) for name in columns}
    names = tuple(grids.detail_names(data, kind))
    version = Version(review.draft)
    there = Opened(review.workflow.export_workflow_id, new_row_id(), data, kind, names, columns, lines, version)
    st.session_state[_OPENED] = there
    _open_preferences(review.draft.preferences, there)
    return there


def _lines(review: Review, data: Data, name: str, columns: list[str]) -> list[grids.Line]:
    places = review.workflow.stage1.source.di_metadata
    return grids.table_lines(name, data.get(name, []), columns, places, review.findings)


def notes_are_old(review: Review, there: Opened, name: str) -> bool:
    """Whether the checks say something else now of the rows that a grid was opened with."""
    now = _lines(review, review.draft.modified_data, name, there.columns[name])
    return [line.note for line in now][: len(there.lines[name])] != [line.note for line in there.lines[name]]


def ask_to_reopen() -> None:
    """Opens the grids anew after the next run: a cell that is still open arrives only then."""
    st.session_state[_REOPEN] = False


def reopen_if_asked(there: Opened) -> None:
    """Carries out what was asked for in the run before."""
    is_due = st.session_state.get(_REOPEN)
    if is_due is None:
        return
    if is_due:
        there.version.is_closed = True
        st.rerun()
    st.session_state[_REOPEN] = True
    time.sleep(_SETTLED)
    st.rerun()


def _open_preferences(preferences: UserPreferences, there: Opened) -> None:
    st.session_state["stage2_document_type"] = there.document_type
    st.session_state["stage2_template"] = preferences.document_template.value
    st.session_state["stage2_format"] = preferences.export_format.value
    st.session_state["stage2_instructions"] = preferences.transformation_instructions
    st.session_state["stage2_priority"] = [name for name in preferences.priority_fields if name in there.names]


def document_type_of(review: Review) -> str:
    """The kind that the draft names, else the one that was recognised."""
    named = review.draft.modified_data.get(grids.DOCUMENT_TYPE)
    return named if isinstance(named, str) and named else review.workflow.stage1.document_type


def typed_data(there: Opened) -> Data:
    """The data with all that was typed into the grids since they were opened."""
    edits = _state_of(there.key("details"))["edited_rows"]
    typed = {int(place): cells["value"] for place, cells in edits.items() if "value" in cells}
    data = grids.with_fields(there.data, there.names, typed)
    for table in there.columns:
        data = grids.with_table(data, table, _typed_rows(there, table))
    chosen = st.session_state["stage2_document_type"]
    return data if chosen == there.document_type else {**data, grids.DOCUMENT_TYPE: chosen}


def _typed_rows(there: Opened, table: str) -> list[dict[str, Any]]:
    state, columns = _state_of(there.key(f"table_{table}")), there.columns[table]
    return grids.with_rows(
        there.data.get(table, []),
        columns,
        {int(place): _by_column(cells, columns) for place, cells in state["edited_rows"].items()},
        [_by_column(cells, columns) for cells in state["added_rows"]],
        state["deleted_rows"],
        id_stem=there.stamp,
    )


def _by_column(cells: Mapping[str, Any], columns: list[str]) -> dict[str, str | None]:
    """The texts by the column's name; grids name their columns by number, because a document may call one anything."""
    return {columns[int(key[1:])]: text for key, text in cells.items() if key[1:].isdigit()}


def _state_of(key: str) -> Mapping[str, Any]:
    return st.session_state.get(key) or {"edited_rows": {}, "added_rows": [], "deleted_rows": []}


def typed_preferences() -> UserPreferences:
    """How the result should look, as chosen so far."""
    return UserPreferences(
        transformation_instructions=st.session_state["stage2_instructions"],
        export_format=ExportFormat(st.session_state["stage2_format"]),
        document_template=DocumentTemplate(st.session_state["stage2_template"]),
        priority_fields=st.session_state["stage2_priority"],
    )


def reasons_key(review: Review) -> str:
    """The key of the list of reasons; other changes make another list."""
    fields = tuple(change.field for change in review.changes)
    reasoned = st.session_state.get(_REASONED)
    if not reasoned or reasoned[1] != fields:
        st.session_state[_REASONED] = reasoned = (f"{_PREFIX}reasons_{new_row_id()}", fields)
    return str(reasoned[0])


def typed_reasons(review: Review) -> dict[str, str]:
    """The reasons of the draft with those that were typed since."""
    reasons = dict(review.draft.reasons)
    key, fields = st.session_state.get(_REASONED, ("stage2_reasons", ()))
    for place, cells in _state_of(key)["edited_rows"].items():
        reasons[fields[int(place)]] = (cells.get("reason") or "").strip()
    return {field: reason for field, reason in reasons.items() if reason}
