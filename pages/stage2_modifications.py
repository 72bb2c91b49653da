"""Stage 2: correct what was read beside the document, say how the result should look, and record the review."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from kraftd_core import HELP, KINDS, Data, DocumentTemplate, Draft, Review, grids, label_of, text_of
from pages.parts import editing
from pages.parts.editing import Opened
from pages.parts.pictures import has_pages, show_document
from pages.parts.session import ask, opened_workflow, owner, shown_errors
from pages.parts.waiting import standing_of
from pages.parts.widgets import (
    FORMATS,
    bullets,
    clock,
    counted,
    findings_list,
    grid_height,
    overtaken_statements,
    plain,
    progress,
    show_rows,
    show_values,
    side_by_side,
    sure,
    template_label,
    text_frame,
)

NOTE = "What the checks said of the line when the grid was opened; what they say now stands below it."
SURE = "How sure the machine was of what it read; of a row, the least sure value."
ASKING = "stage2_asking"


def show() -> None:
    """The review of the opened workflow."""
    with shown_errors():
        workflow_id = opened_workflow()
        if not workflow_id:
            return show_nothing_opened()
        seen = editing.seen(workflow_id)
        review = ask(lambda desk: desk.review(owner(), workflow_id, seen))
        if review.workflow.stage2:
            return show_recorded(review)
        return show_editor(review)
    if st.button("New document", key="stage2_new", icon=":material/upload_file:"):
        st.switch_page("stage1_summary.py")
    return None


def show_nothing_opened() -> None:
    """What to do first."""
    progress(2)
    st.title("Review")
    st.markdown("No document is open. Take a new one, or open one of yours from the history.")
    with st.container(horizontal=True):
        st.page_link("stage1_summary.py", label="New document", icon=":material/upload_file:")
        st.page_link("history.py", label="History", icon=":material/history:")


# Editing


def show_editor(review: Review) -> None:
    """The document on one side, its data on the other, the preferences and the decision below."""
    there = editing.opened(review)
    review = keep(there, editing.typed_data(there), editing.typed_reasons(review))
    progress(2, review.workflow)
    show_others(review, there)
    if has_pages(review.workflow):
        picture, grid = side_by_side(1, 2, is_right_first=True)
        with picture:
            show_document("stage2_document", review.workflow)
    else:
        st.caption("This kind of file has no pages to show. What was read from it stands here.")
        grid = st.container()
    with grid:
        show_data(review, there)
    show_preferences(review, there)
    show_decision(review)
    editing.reopen_if_asked(there)


def keep(there: Opened, data: Data, reasons: Mapping[str, str]) -> Review:
    """Keeps what this tab has come to as the draft."""
    preferences, version = editing.typed_preferences(), there.version
    review = ask(lambda desk: desk.keep_draft(owner(), there.workflow_id, data, preferences, reasons, version.draft))
    version.draft = review.draft
    return review


def show_others(review: Review, there: Opened) -> None:
    """Offers what other tabs kept of the same review."""
    with st.container(key="stage2_others"):
        for other in review.draft.others:
            with st.container(horizontal=True, vertical_alignment="center"):
                when = clock(other.last_activity)
                st.markdown(f":orange[△] Another tab saved another version at {when}. Both are kept.", width="content")
                if st.button("Use that one", key=f"version_use_{other.revision}"):
                    choose(there, other, review.draft)
                if st.button("Keep mine", key=f"version_keep_{other.revision}"):
                    choose(there, review.draft, other)


def choose(there: Opened, chosen: Draft, instead_of: Draft) -> None:
    """Goes on with one of two versions and ends the other; the grids open anew if it is not the one they show."""
    version = there.version
    is_shown = chosen is version.draft
    version.draft = ask(lambda desk: desk.choose_draft(owner(), there.workflow_id, chosen, instead_of)).draft
    version.is_closed = not is_shown
    st.rerun()


def show_data(review: Review, there: Opened) -> None:
    """The grids, the changes and the checks, one tab each."""
    tables = list(there.columns)
    rows = [len(review.draft.modified_data.get(name, [])) for name in tables]
    with st.container(key="stage2_data"):
        tabs = st.tabs(["Details", *(plain(label_of(name)) for name in tables), "Changes", "Checks"])
    show_counts([len(there.names), *rows, len(review.changes), len(review.findings)])
    with tabs[0]:
        show_details(review, there)
    for tab, name in zip(tabs[1:-2], tables, strict=True):
        with tab:
            show_table(review, there, name)
    with tabs[-2]:
        show_changes(review)
    with tabs[-1]:
        findings_list(review.findings)


def show_counts(counts: Sequence[int]) -> None:
    """Puts a count behind the label of each tab.

    It is no part of the label, because a tab whose label changes closes, and the user would be taken away from it.
    """
    rules = (
        f'.st-key-stage2_data [role="tab"]:nth-of-type({place}) p::after {{ content: "\\2002({count})"; }}'
        for place, count in enumerate(counts, 1)
    )
    st.html(f"<style>{' '.join(rules)}</style>")


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
                "sure": st.column_config.TextColumn("Sure", disabled=True, width=60, help=SURE),
                "note": st.column_config.TextColumn("Note", disabled=True, width="medium"),
            },
            hide_index=True,
            height=grid_height(len(lines)),
            placeholder="",
            key=there.key("details"),
            alt="Details of the document",
        )
    show_field_buttons(review, there)


def show_field_buttons(review: Review, there: Opened) -> None:
    """Adding and removing a field, which opens the grid anew."""
    with st.container(horizontal=True):
        with st.popover("Add a field", icon=":material/add:", key="stage2_add_field"), st.form("stage2_field_form", border=False):
            label = st.text_input("Name", key="stage2_field_name", placeholder="Project number")
            text = st.text_input("Value", key="stage2_field_value")
            if st.form_submit_button("Add", key="stage2_field_add") and label.strip():
                change_fields(there, grids.with_new_field(review.draft.modified_data, label, text))
        with st.popover("Remove a field", icon=":material/remove:", key="stage2_remove_field"):
            names = [name for name in there.names if name in review.draft.modified_data]
            gone = st.selectbox("Field", names, format_func=label_of, index=None, key="stage2_field_gone")
            if st.button("Remove", key="stage2_field_remove", disabled=gone is None):
                change_fields(there, {n: v for n, v in review.draft.modified_data.items() if n != gone})


def change_fields(there: Opened, data: Data) -> None:
    """Keeps data with another set of fields as the draft, and opens the grids with it."""
    keep(there, data, there.version.draft.reasons)
    there.version.is_closed = True
    st.rerun()


def show_table(review: Review, there: Opened, name: str) -> None:
    """A table as it was opened, with what is typed over it; under it what the checks say of it now."""
    columns, lines = there.columns[name], there.lines[name]
    config = {f"c{n}": grid_column(column, lines, n) for n, column in enumerate(columns)}
    frame = {f"c{n}": [line.texts[n] for line in lines] for n in range(len(columns))}
    with st.container(key=f"stage2_table_{name}"):
        st.data_editor(
            text_frame(frame | {"sure": [sure(line.confidence) for line in lines], "note": [line.note for line in lines]}),
            column_config=config
            | {
                "sure": st.column_config.TextColumn("Sure", disabled=True, width=60, help=SURE),
                "note": st.column_config.TextColumn("Note", disabled=True, help=NOTE),
            },
            num_rows="dynamic",
            height=grid_height(len(lines) + 2),
            hide_index=True,
            placeholder="",
            key=there.key(f"table_{name}"),
            alt=label_of(name),
        )
    findings_list(grids.findings_in(name, review.findings))
    if editing.notes_are_old(review, there, name):
        st.button(
            "Bring the notes up to date", key=f"stage2_refresh_{name}", icon=":material/refresh:", on_click=editing.ask_to_reopen
        )


def grid_column(name: str, lines: Sequence[grids.Line], place: int) -> dict[str, Any]:
    """A column about as wide as its texts."""
    longest = max((len(line.texts[place] or "") for line in lines), default=12)
    return st.column_config.TextColumn(label_of(name), width=min(190, 18 + 7 * max(longest, len(label_of(name)) + 4)))


def show_changes(review: Review) -> None:
    """The changes so far in words, with room for a reason."""
    if not review.changes:
        st.markdown("Nothing is changed so far. What you change in the grids appears here.")
        return
    key = editing.reasons_key(review)
    with st.container(key="stage2_changes"):
        st.data_editor(
            text_frame({
                "change": review.change_sentences,
                "reason": [review.draft.reasons.get(change.field) for change in review.changes],
            }),
            column_config={
                "change": st.column_config.TextColumn("Change", disabled=True, width=480),
                "reason": st.column_config.TextColumn("Reason, if you like", width=180),
            },
            hide_index=True,
            placeholder="",
            key=key,
            alt="Changes and their reasons",
        )
    overtaken_statements(review)


# Preferences and decision


def show_preferences(review: Review, there: Opened) -> None:
    """How the result should look."""
    with st.container(border=True, key="stage2_preferences"):
        st.markdown("**How should it look**")
        template, file_format, first = st.columns([2, 3, 4], gap="medium")
        with template:
            st.selectbox("Template", [t.value for t in DocumentTemplate], format_func=template_label, key="stage2_template")
        with file_format:
            st.radio("Format", list(FORMATS), format_func=FORMATS.get, key="stage2_format", horizontal=True)
        with first:
            st.multiselect(
                "Put first",
                [name for name in there.names if name in review.draft.modified_data],
                format_func=label_of,
                key="stage2_priority",
                placeholder="Fields that should come first",
            )
        st.text_area(
            "In your words",
            key="stage2_instructions",
            placeholder="Highlight all totals, leave out the bank details",
            help=HELP,
            height=70,
        )
        if st.session_state["stage2_instructions"].strip():
            st.caption("On Deliver you see what will be done with these words, before anything is produced.")


def show_decision(review: Review) -> None:
    """What is typed so far, and the two ways to record it."""
    saved = f" · saved as you type {clock(review.draft.last_activity)}" if review.draft.revision else ""
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center", key="next_step"):
        st.markdown(f"{counted(len(review.changes), 'change')}{saved}", width="content")
        ask_first = partial(st.session_state.__setitem__, ASKING)
        st.button("Record and download", key="stage2_record_download", on_click=ask_first, args=("download",))
        st.button("Record and continue →", key="stage2_record", type="primary", on_click=ask_first, args=("continue",))
    if st.session_state.get(ASKING):
        confirm(review)


@st.dialog("Record this review?", width="medium", on_dismiss=lambda: st.session_state.pop(ASKING, None))
def confirm(review: Review) -> None:
    """Shows the changes once more. A grid cell that was still open arrives in the run after the click, which opens
    this dialog again with that change in it."""
    if review.change_sentences:
        st.markdown(f"**{counted(len(review.changes), 'change')}** to what was read:")
        with st.container(height=min(320, 40 + 30 * len(review.changes)), border=False):
            bullets(review.change_sentences)
    else:
        st.markdown("You changed nothing: it is recorded that you reviewed the document and left it as it was read.")
    if review.findings:
        st.markdown(f":orange[▲] {counted(len(review.findings), 'check')} still to be looked at; you can record it all the same.")
    if review.draft.others:
        st.markdown(":orange[△] Another tab saved another version. Only this one is recorded, and the other one ends.")
    st.caption("Once recorded, the review cannot be changed any more.")
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button("Back to the review", key="stage2_back"):
            st.session_state.pop(ASKING, None)
            st.rerun()
        if st.button("Record", key="stage2_confirm", type="primary"):
            with shown_errors():
                record(review)


def record(review: Review) -> None:
    """Records the review as it was shown and goes on; if so asked, the file is begun at once."""
    workflow_id = review.workflow.export_workflow_id
    ask(lambda desk: desk.record_modifications(owner(), workflow_id, review.draft))
    address = {"workflow": workflow_id}
    if st.session_state.pop(ASKING, "continue") == "download":
        address["job"] = ask(lambda desk: desk.start_producing(owner(), workflow_id))
    st.switch_page("stage3_deliverable.py", query_params=address)


# Recorded


def show_recorded(review: Review) -> None:
    """The review as it was recorded, to read only."""
    workflow = review.workflow
    progress(2, workflow)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        said = f"This review cannot be changed any more.&emsp;{standing_of(workflow.export_workflow_id)}"
        st.markdown(f":material/lock: {said}", width="content")
        if st.button("Go on to Deliver →", key="stage2_deliver", type="primary"):
            st.switch_page("stage3_deliverable.py", query_params={"workflow": workflow.export_workflow_id})
    if has_pages(workflow):
        picture, grid = side_by_side(1, 2, is_right_first=True)
        with picture:
            show_document("stage2_document", workflow)
    else:
        grid = st.container()
    with grid:
        show_recorded_data(review)


def show_recorded_data(review: Review) -> None:
    """The recorded values, changes with their reasons, and checks."""
    data, kind = review.workflow.data, review.workflow.latest.document_type
    tables = [name for name in grids.table_names(data, kind) if data.get(name)]
    labels = ["Details", *(plain(label_of(name)) for name in tables)]
    tabs = st.tabs([*labels, f"Changes ({len(review.changes)})", f"Checks ({len(review.findings)})"])
    with tabs[0]:
        show_values(data)
    for tab, name in zip(tabs[1:-2], tables, strict=True):
        with tab:
            show_rows(name, data[name])
    with tabs[-2]:
        reasons = review.draft.reasons
        said = zip(review.changes, review.change_sentences, strict=True)
        bullets(f"{text} ({reasons[c.field]})" if c.field in reasons else text for c, text in said)
    with tabs[-1]:
        findings_list(review.findings)


show()
