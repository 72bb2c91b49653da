"""What is typed on the Review page: what the grids were opened with, the draft that follows from their edits, and undo.

A grid's result is never given back to it as its input: Streamlit would lose every second edit. So the grids keep what
they were opened with, and the data is made anew, on each run, from that and from all that was typed since. Whatever else
changes the data (undo, an inserted line, a value looked at by itself) closes the grids and opens them with what came of it.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import streamlit as st

from kraftd_core import (
    Data,
    DocumentTemplate,
    Draft,
    ExportFormat,
    Look,
    Review,
    StoreUnavailable,
    Suggestion,
    UserPreferences,
    grids,
    new_row_id,
)
from pages.parts.session import actor, ask
from pages.parts.widgets import plain

if TYPE_CHECKING:
    import pandas as pd

_OPENED = "stage2_opened"
_REASONED = "stage2_reasoned"
_ASKED = "review_asked"
_NOT_SAVED = "review_not_saved"
_PREFIX = "stage2_"
_CHOSEN = frozenset(f"{_PREFIX}{name}" for name in ("document_type", "template", "format", "instructions", "priority"))
_FORMS = (f"{_PREFIX}field_", f"{_PREFIX}insert_")
_MOST_UNDONE = 100
_SETTLED = 0.4
"""Seconds after a click by which the browser has sent a cell that was still open (it waits 0.15)."""


@dataclass(slots=True)
class Version:
    """The version of the draft that this tab has come to, as last kept, and those before it, for undo.

    A thing of its own, because Streamlit may end a run at any touch of the session: one between keeping and noting it
    there would make this tab take its own version for another's.
    """

    draft: Draft
    past: list[Draft] = field(default_factory=list)
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """What the grids show before anything is typed; the stamp names this opening in every key."""

    workflow_id: str
    stamp: str
    data: Data
    original: Data
    document_type: str
    names: tuple[str, ...]
    columns: Mapping[str, list[str]]
    lines: Mapping[str, list[grids.GridLine]]
    version: Version
    frames: "dict[str, pd.DataFrame]" = field(default_factory=dict)

    def key(self, grid: str) -> str:
        """The key of a grid; a new opening gives new keys, so that no edit reaches other rows than it was meant for."""
        return f"{_PREFIX}{grid}_{self.stamp}"


# Opening and keeping


def of_visit(workflow_id: str) -> Opened | None:
    """What this visit to the page has before it; None when the visit begins."""
    there: Opened | None = st.session_state.get(_OPENED)
    if not there or there.workflow_id != workflow_id:
        return None
    return there if there.version.is_closed or there.key("details") in st.session_state else None


def as_typed(there: Opened) -> Review:
    """The review with all that was typed into the grids since they were opened, kept as the draft."""
    if there.version.is_closed:
        return ask(lambda desk: desk.review(actor(), there.workflow_id, there.version.draft))
    data, reasons, preferences = typed_data(there), typed_reasons(there.version.draft), typed_preferences()
    try:
        return keep(there, data, reasons, preferences=preferences)
    except StoreUnavailable as error:  # it stands in the grids: the next run tries again
        st.session_state[_NOT_SAVED] = error.plainly
        before = there.version.draft
        unsaved = replace(before, modified_data=data, reasons=dict(reasons), preferences=preferences or before.preferences)
        return ask(lambda desk: desk.review(actor(), there.workflow_id, unsaved))


def show_not_saved() -> None:
    """Says that what is typed stands on this page alone, where it could not be kept in this run."""
    if why := st.session_state.pop(_NOT_SAVED, ""):
        st.warning(
            f"**Not saved yet.** {plain(why)} What you typed stays on this page, and saving is tried again with whatever you "
            "do next; until then a reload would lose it.",
            icon=":material/cloud_off:",
        )
        st.button("Try to save again", key="stage2_save_again", icon=":material/save:")


def keep(
    there: Opened,
    data: Data,
    reasons: Mapping[str, str] | None = None,
    *,
    preferences: UserPreferences | None = None,
    looked_at: Sequence[Look] | None = None,
    suggestions: Sequence[Suggestion] | None = None,
    is_undo: bool = False,
) -> Review:
    """Keeps what this tab has come to as the draft; what is not given stays as it is."""
    version, before = there.version, there.version.draft
    told, wishes = before.reasons if reasons is None else reasons, preferences or before.preferences
    review = ask(
        lambda desk: desk.keep_draft(
            actor(), there.workflow_id, data, wishes, told, before, looked_at=looked_at, suggestions=suggestions
        )
    )
    version.draft = review.draft
    if not is_undo and _can_be_undone(before, review.draft):
        version.past[:] = [*version.past[-_MOST_UNDONE:], before]
    return review


def _can_be_undone(before: Draft, after: Draft) -> bool:
    return (before.modified_data, before.looked_at, before.suggestions) != (
        after.modified_data, after.looked_at, after.suggestions,
    )  # fmt: skip


def undo(there: Opened) -> Review:
    """Takes back the last change of values, looks or answers."""
    last = there.version.past.pop()
    return keep(there, last.modified_data, looked_at=last.looked_at, suggestions=last.suggestions, is_undo=True)


def close(there: Opened) -> None:
    """Has the grids opened anew, when next shown, with what was kept."""
    there.version.is_closed = True


def open_anew(review: Review) -> Opened:
    """Opens the grids and the preferences with the draft."""
    last = of_visit(review.workflow.export_workflow_id)
    _forget(st.session_state.get(_OPENED))
    data, kind = review.draft.modified_data, document_type_of(review)
    columns = {name: grids.columns_of(name, data.get(name, [])) for name in grids.table_names(data, kind)}
    there = Opened(
        review.workflow.export_workflow_id,
        new_row_id(),
        data,
        review.workflow.stage1.initial_extracted_data,
        kind,
        tuple(grids.detail_names(data, kind)),
        columns,
        {name: _lines(review, data, name, columns[name]) for name in columns},
        Version(review.draft, last.version.past if last else []),
    )
    st.session_state[_OPENED] = there
    _open_preferences(review.draft.preferences, there)
    return there


def _forget(before: Opened | None) -> None:
    """Lets go of what was typed into the opening before, and of nothing else: other parts of the page go on as they are."""
    stamp = f"_{before.stamp}" if before else None
    for key in map(str, list(st.session_state)):
        if key in _CHOSEN or key.startswith(_FORMS) or (stamp and key.endswith(stamp)):
            del st.session_state[key]
    st.session_state.pop(_REASONED, None)


def _lines(review: Review, data: Data, name: str, columns: list[str]) -> list[grids.GridLine]:
    places = review.workflow.stage1.source.di_metadata
    return grids.table_lines(name, data.get(name, []), columns, places, review.findings)


def notes_are_old(review: Review, there: Opened, name: str) -> bool:
    """Whether the checks say something else now of the rows that a grid was opened with, or their numbers are others."""
    before, now = there.data.get(name, []), review.draft.modified_data.get(name, [])
    return grids.is_outdated(name, there.lines[name], before, now, there.columns[name], review.findings)


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


# What is done with grids that may still have an open cell


def ask_for(action: str, *arguments: Any) -> None:
    """Asks for something that closes the grids: it is done a run later, when a cell that is still open has arrived."""
    st.session_state[_ASKED] = (action, arguments, False)


def due_action() -> tuple[str, tuple[Any, ...]] | None:
    """What was asked for in the run before and is to be done now."""
    action, arguments, is_due = st.session_state.get(_ASKED, ("", (), False))
    if not is_due:
        return None
    del st.session_state[_ASKED]
    return action, arguments


def wait_for_open_cell() -> None:
    """Ends the run in which something was asked for, once an open cell has had its time to arrive."""
    if _ASKED in st.session_state:
        action, arguments, _ = st.session_state[_ASKED]
        st.session_state[_ASKED] = (action, arguments, True)
        time.sleep(_SETTLED)
        st.rerun()


# What was typed


def typed_data(there: Opened) -> Data:
    """The data with all that was typed into the grids since they were opened."""
    edits = _state_of(there.key("details"))["edited_rows"]
    typed = {int(place): cells["value"] for place, cells in edits.items() if "value" in cells}
    data = grids.with_fields(there.data, there.names, typed, there.original)
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


def changes_key(review: Review) -> str:
    """The key of the list of changes; other changes make another list."""
    fields = tuple(change.field for change in review.changes)
    reasoned = st.session_state.get(_REASONED)
    if not reasoned or reasoned[1] != fields:
        st.session_state[_REASONED] = reasoned = (f"{_PREFIX}reasons_{new_row_id()}", fields)
    return str(reasoned[0])


def typed_reasons(draft: Draft) -> dict[str, str]:
    """The reasons of the draft with those that were typed since."""
    reasons = dict(draft.reasons)
    for name, cells in _typed_of_changes():
        if "reason" in cells:
            reasons[name] = (cells["reason"] or "").strip()
    return {name: reason for name, reason in reasons.items() if reason}


def ticked_changes() -> list[str]:
    """The fields of the changes that are ticked to be put back."""
    return [name for name, cells in _typed_of_changes() if cells.get("back")]


def _typed_of_changes() -> list[tuple[str, Mapping[str, Any]]]:
    key, fields = st.session_state.get(_REASONED, ("stage2_reasons", ()))
    return [(fields[int(place)], cells) for place, cells in _state_of(key)["edited_rows"].items()]
