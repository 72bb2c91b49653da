"""The grids of the Review page: details, tables, changes and checks, one tab each."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from kraftd_core import KINDS, ROW_ID, Data, Review, grids, label_of, path_of, text_of, unread_edits
from pages.parts import editing
from pages.parts.editing import Opened
from pages.parts.session import actor
from pages.parts.widgets import (
    change_confidence,
    findings_list,
    grid_height,
    overtaken_statements,
    plain,
    sure,
    text_frame,
)

if TYPE_CHECKING:
    import pandas as pd

NOTE = "What the checks said of the line when the grid was opened; what they say now stands below it."
SURE = "How sure the machine was of what it read; of a row, the least sure value."
_TAB = "review_tab"


def show_data(review: Review, there: Opened) -> None:
    """The grids, the changes and the checks, one tab each."""
    tables = list(there.columns)
    rows = [len(review.draft.modified_data.get(name, [])) for name in tables]
    labels, key = ["Details", *(plain(label_of(name)) for name in tables), "Changes", "Checks"], there.key("tabs")
    default = st.session_state.get(_TAB)
    with st.container(key="stage2_data"):
        tabs = st.tabs(labels, key=key, default=default if default in labels else None, on_change=_note_tab, args=(key,))
    show_counts([len(there.names), *rows, len(review.changes), len(review.findings)])
    with tabs[0]:
        show_details(review, there)
    for tab, name in zip(tabs[1:-2], tables, strict=True):
        with tab:
            show_table(review, there, name)
    with tabs[-2]:
        show_changes(review)
    with tabs[-1]:
        findings_list(review.answers)


def paths_of_cells(review: Review, there: Opened) -> list[dict[str, Any]]:
    """Which value each cell of the grids shows, for the view of the document beside them."""
    data = review.draft.modified_data
    tables = [
        {
            "key": f"stage2_table_{name}",
            "rows": [path_of(name, row[ROW_ID]) for row in data.get(name, [])],
            "columns": {label_of(column): path_of(name, "", column).removeprefix(path_of(name, "")) for column in columns},
        }
        for name, columns in there.columns.items()
    ]
    return [{"key": "stage2_details", "fields": {label_of(name): path_of(name) for name in there.names}}, *tables]


def _note_tab(key: str) -> None:
    """Keeps which tab is open, for when the grids open anew."""
    st.session_state[_TAB] = st.session_state[key]


def show_counts(counts: Sequence[int]) -> None:
    """Puts a count behind the label of each tab.

    It is no part of the label, because a tab whose label changes closes, and the user would be taken away from it.
    """
    rules = (
        f'.st-key-stage2_data [role="tab"]:nth-of-type({place}) p::after {{ content: "\\2002({count:,})"; }}'
        for place, count in enumerate(counts, 1)
    )
    st.html(f"<style>{' '.join(rules)}</style>")


# Details


def show_details(review: Review, there: Opened) -> None:
    """The document type and the fields; their number stays, so that notes may follow what is typed."""
    st.selectbox(
        "Document type", list(KINDS), format_func=lambda name: KINDS[name].label, key="stage2_document_type", width=320
    )
    lines = grids.detail_lines(
        review.draft.modified_data, there.names, review.workflow.stage1.source.di_metadata, review.findings, review.changes
    )
    with st.container(key="stage2_details"):
        st.data_editor(
            text_frame({
                "field": [line.texts[0] for line in lines],
                "value": [text_of(there.data.get(name)) for name in there.names],
                "sure": [sure(line.confidence) for line in lines],
                "note": [line.note for line in lines],
            }),
            column_config={
                "field": st.column_config.TextColumn("Field", disabled=True, width=150),
                "value": st.column_config.TextColumn("Value", width=220),
                "sure": st.column_config.TextColumn("Sure", disabled=True, width=60, help=SURE, alignment="right"),
                "note": st.column_config.TextColumn("Note", disabled=True, width="medium"),
            },
            hide_index=True,
            height=grid_height(len(lines)),
            placeholder="",
            key=there.key("details"),
            alt="Details of the document",
        )
    show_unread(review, "")
    show_field_buttons(review, there)


def show_unread(review: Review, table: str) -> None:
    """What was typed into a table, or without one into the fields, and cannot be read."""
    data = review.draft.modified_data
    for unread in unread_edits(review.workflow.stage1.initial_extracted_data, data, review.changes):
        if grids.table_named(unread.field) == table:
            st.markdown(f":orange[?]&ensp;{plain(unread.sentence)}")


def show_field_buttons(review: Review, there: Opened) -> None:
    """Adding and removing a field, which opens the grid anew."""
    with st.container(horizontal=True):
        with st.popover("Add a field", icon=":material/add:", key="stage2_add_field"), st.form("stage2_field_form", border=False):
            label = st.text_input("Name", key="stage2_field_name", placeholder="Project number")
            text = st.text_input("Value", key="stage2_field_value")
            if st.form_submit_button("Add", key="stage2_field_add") and label.strip():
                open_with(there, grids.with_new_field(review.draft.modified_data, label, text))
        with st.popover("Remove a field", icon=":material/remove:", key="stage2_remove_field"):
            names = [name for name in there.names if name in review.draft.modified_data]
            gone = st.selectbox("Field", names, format_func=label_of, index=None, key="stage2_field_gone")
            if st.button("Remove", key="stage2_field_remove", disabled=gone is None):
                open_with(there, {n: v for n, v in review.draft.modified_data.items() if n != gone})


def open_with(there: Opened, data: Data) -> None:
    """Keeps data with other fields or rows as the draft, and opens the grids with it."""
    editing.keep(there, data)
    editing.close(there)
    st.rerun()


# Tables


def show_table(review: Review, there: Opened, name: str) -> None:
    """A table as it was opened, with what is typed over it; under it what the checks say of it now."""
    rows = len(there.lines[name])
    with st.container(key=f"stage2_table_{name}"):
        st.data_editor(
            table_frame(there, name),
            column_config=table_columns(there, name),
            num_rows="dynamic",
            height=grid_height(rows + 2),
            hide_index=True,
            placeholder="",
            key=there.key(f"table_{name}"),
            alt=label_of(name),
        )
    show_table_buttons(review, there, name)
    show_unread(review, name)
    findings_list(grids.findings_in(name, review.answers))


def table_frame(there: Opened, name: str) -> "pd.DataFrame":
    """The texts of a table, made once an opening."""
    if name not in there.frames:
        lines = there.lines[name]
        there.frames[name] = text_frame(
            {"line": [f"{line.note[:1]} {n}".strip() for n, line in enumerate(lines, 1)]}
            | ({"sure": [sure(line.confidence) for line in lines]} if is_measured(lines) else {})
            | {f"c{n}": [line.texts[n] for line in lines] for n in range(len(there.columns[name]))}
            | {"note": [line.note for line in lines]}
        )
    return there.frames[name]


def is_measured(lines: Sequence[grids.GridLine]) -> bool:
    """Whether anything is known of how well the lines were read; of a workbook's nothing is."""
    return any(line.confidence is not None for line in lines)


def table_columns(there: Opened, name: str) -> dict[str, Any]:
    """How the columns of a table are shown: numbers to the right, what is only told not editable."""
    columns, lines = there.columns[name], there.lines[name]
    numeric = grids.numeric_columns(there.data.get(name, []), columns)
    told = {
        "line": st.column_config.TextColumn("Line", disabled=True, width=56, alignment="right", help=NOTE),
        "sure": st.column_config.TextColumn("Sure", disabled=True, width=60, help=SURE, alignment="right"),
        "note": st.column_config.TextColumn("Note", disabled=True, help=NOTE),
    }
    return told | {f"c{n}": grid_column(column, lines, n, column in numeric) for n, column in enumerate(columns)}


def grid_column(name: str, lines: Sequence[grids.GridLine], place: int, is_number: bool) -> Any:
    """A column about as wide as its texts."""
    longest = max((len(line.texts[place] or "") for line in lines), default=12)
    width = min(190, 18 + 7 * max(longest, len(label_of(name)) + 4))
    return st.column_config.TextColumn(label_of(name), width=width, alignment="right" if is_number else "left")


def show_table_buttons(review: Review, there: Opened, name: str) -> None:
    """Inserting a line between others, and notes that follow what was typed; how to find is said."""
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.popover("Insert a line", icon=":material/add_row_above:", key=f"stage2_insert_{name}"):
            show_insert_form(review, there, name)
        if editing.notes_are_old(review, there, name):
            refresh = f"stage2_refresh_{name}"
            label = "Bring numbers and notes up to date"
            st.button(label, key=refresh, icon=":material/refresh:", on_click=editing.ask_for, args=("refresh",))
        st.caption("Ctrl + F finds in the table, and blocks are pasted from Excel.", width="content")


def show_insert_form(review: Review, there: Opened, name: str) -> None:
    """Asks where the new line goes and what stands in its first column of words."""
    rows, columns = review.draft.modified_data.get(name, []), there.columns[name]
    numeric = grids.numeric_columns(rows, columns)
    first = next((c for c in ("description", *columns) if c in columns and c not in numeric), columns[0])
    with st.form(f"stage2_insert_form_{name}", border=False):
        above = st.number_input("Above line", 1, len(rows) + 1, key=f"stage2_insert_place_{name}")
        text = st.text_input(plain(label_of(first)), key=f"stage2_insert_text_{name}")
        if st.form_submit_button("Insert", key=f"stage2_insert_go_{name}"):
            if text.strip():
                open_with(there, grids.with_row_inserted(review.draft.modified_data, name, above - 1, first, text))
            st.markdown(":orange[△] Say what the line is; the rest is typed or pasted in the table.")


# Changes


def show_changes(review: Review) -> None:
    """The changes so far in words, with room for a reason, and the way back."""
    if not review.changes:
        st.markdown("Nothing is changed so far. What you change in the grids appears here.")
        return
    places = review.workflow.stage1.source.di_metadata
    with st.container(key="stage2_changes"):
        st.data_editor(
            text_frame({
                "change": review.change_sentences,
                "sure": [change_confidence(change, places) for change in review.changes],
                "reason": [review.draft.reasons.get(change.field) for change in review.changes],
            }).assign(back=False),
            column_order=("back", "change", "sure", "reason"),
            column_config={
                "back": st.column_config.CheckboxColumn("Back", width=75, help="Tick what should be as it was read."),
                "change": st.column_config.TextColumn("Change", disabled=True, width=360),
                "sure": st.column_config.TextColumn("Was", disabled=True, width=60, alignment="right", help=SURE),
                "reason": st.column_config.TextColumn("Reason, if you like", width=180),
            },
            hide_index=True,
            height=grid_height(len(review.changes)),
            placeholder="",
            key=editing.changes_key(review),
            alt="Changes and their reasons",
        )
    with st.container(horizontal=True, vertical_alignment="center"):
        put_back, ask_for = "Put back what is ticked", editing.ask_for
        st.button(put_back, key="stage2_put_back", icon=":material/undo:", on_click=ask_for, args=("put_back",))
        with st.popover("Put everything back", key="stage2_all_back"):
            st.markdown("Every value and line as it was read, and nothing of what you changed. Undo brings it back.")
            st.button("Put everything back", key="stage2_put_all_back", on_click=ask_for, args=("put_all_back",))
        st.caption(f"Changed by {plain(actor().email)}; not recorded yet.", width="content")
    overtaken_statements(review)
