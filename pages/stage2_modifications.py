"""Stage 2: correct what was read beside the document, say how the result should look, and record the review."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from kraftd_core import Attention, Draft, Review, StageAlreadyRecorded, doubts, grids, label_of
from pages.parts import editing, queue
from pages.parts.document_view import marked_of, offer_contents, show_document
from pages.parts.editing import Opened
from pages.parts.learned import answer, learned_for, show_offers
from pages.parts.pictures import has_pages
from pages.parts.preferences import show_preferences
from pages.parts.queue import Card
from pages.parts.review_grids import paths_of_cells, show_data
from pages.parts.session import actor, ask, opened_workflow, shown_errors
from pages.parts.waiting import standing_of
from pages.parts.widgets import (
    bullets,
    changes_list,
    clock,
    counted,
    findings_list,
    plain,
    progress,
    show_rows,
    show_values,
    side_by_side,
)

ASKING = "stage2_asking"


def show() -> None:
    """The review of the opened workflow."""
    with shown_errors():
        workflow_id = opened_workflow()
        if not workflow_id:
            return show_nothing_opened()
        there = editing.of_visit(workflow_id)
        review = current_review(workflow_id, there)
        if review.workflow.stage2:
            return show_recorded(review)
        editing.show_not_saved()
        card = queue.card_of(workflow_id)
        if there and card:
            return show_one_at_a_time(review, there, card)
        return show_editor(review, there)
    if st.button("New document", key="stage2_new", icon=":material/upload_file:"):
        st.switch_page("stage1_summary.py")
    return None


def current_review(workflow_id: str, there: Opened | None) -> Review:
    """The review with what this visit typed, kept; as it was recorded, if it was meanwhile."""
    try:
        if there:
            return editing.as_typed(there)
    except StageAlreadyRecorded:
        queue.end()
    return ask(lambda desk: desk.review(actor(), workflow_id))


def show_nothing_opened() -> None:
    """What to do first."""
    progress(2)
    st.title("Review")
    st.markdown("No document is open. Take a new one, or open one of yours from the history.")
    with st.container(horizontal=True):
        st.page_link("stage1_summary.py", label="New document", icon=":material/upload_file:")
        st.page_link("history.py", label="History", icon=":material/history:")


# Editing


def show_editor(review: Review, there: Opened | None) -> None:
    """The document on one side, its data on the other, the preferences and the decision below."""
    asked = editing.due_action()
    if there and asked:
        review = carry_out(review, there, *asked)
    if there is None or there.version.is_closed:
        there = editing.open_anew(review)
    learned = learned_for(review)
    attention = review.attention(learned.offers)
    if queue.is_acceptance_asked():
        review = editing.keep(there, review.draft.modified_data, looked_at=attention.with_rest_accepted())
        attention = review.attention(attention.offers)
    progress(2, review.workflow)
    show_others(review, there)
    data, picked = beside_document(review, attention, beside=paths_of_cells(review, there))
    with data:
        queue.show_bar(attention)
        show_offers(review, learned.offers)
        show_data(review, there)
    show_preferences(review, there, learned)
    show_decision(review, there)
    if picked:
        editing.ask_for("start", picked)
    editing.wait_for_open_cell()


def show_one_at_a_time(review: Review, there: Opened, card: Card) -> None:
    """The document on one side, the value that is up on the other, the decision below."""
    offers = learned_for(review).offers
    review = queue.as_worked(there, review, card, offers)
    attention = review.attention(offers)
    progress(2, review.workflow)
    data, picked = beside_document(review, attention, card)
    if picked:
        queue.turn_aside(card, picked, review)
    with data:
        queue.show_card(review, card, attention)
    show_decision(review, there)


def beside_document(
    review: Review, attention: Attention, card: Card | None = None, beside: Sequence[Mapping[str, Any]] = ()
) -> tuple[Any, str | None]:
    """Shows the document, with the value that is up enlarged; the place for the data beside it, and the box that was clicked."""
    if not has_pages(review.workflow):
        offer_contents("stage2_document", review.workflow)
        return st.container(), None
    picture, data = side_by_side(1, 1 if card else 2, is_right_first=True)
    with picture:
        chosen = card.path if card else None
        marked, is_up = marked_of(attention), card is not None
        return data, show_document("stage2_document", review.workflow, marked, chosen, enlarge=is_up, beside=beside)


def carry_out(review: Review, there: Opened, action: str, arguments: tuple[Any, ...]) -> Review:
    """Does what was asked for while a cell may have been open, and closes the grids."""
    editing.close(there)
    if action == "undo" and there.version.past:
        return editing.undo(there)
    if action == "put_back":
        return put_back(review, there, editing.ticked_changes())
    if action == "put_all_back":
        return editing.keep(there, there.original)
    if action == "answer":
        return answer(review, there, *arguments)
    if action == "start":
        queue.begin(review, review.attention(learned_for(review).offers), *arguments)
        st.rerun()
    return review


def put_back(review: Review, there: Opened, fields: Sequence[str]) -> Review:
    """Takes the changes of these fields back, one after the other."""
    data = review.draft.modified_data
    for change in review.changes:
        if change.field in fields:
            data = grids.put_back(data, there.original, change)
    return editing.keep(there, data)


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
    version.draft = ask(lambda desk: desk.choose_draft(actor(), there.workflow_id, chosen, instead_of)).draft
    version.is_closed = not is_shown
    st.rerun()


# Decision


def show_decision(review: Review, there: Opened) -> None:
    """What is typed so far, the way back, and the two ways to record it."""
    saved = f" · saved as you type {clock(review.draft.last_activity)}" if review.draft.revision else ""
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center", key="next_step"):
        st.markdown(f"{counted(len(review.changes), 'change')}{saved}", width="content")
        if there.version.past and not there.version.is_closed:
            st.button("Undo", key="stage2_undo", icon=":material/undo:", on_click=editing.ask_for, args=("undo",))
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
    if to_look_at := doubts(review.findings):
        st.markdown(f":orange[▲] {counted(len(to_look_at), 'check')} still to be looked at; you can record it all the same.")
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
    ask(lambda desk: desk.record_modifications(actor(), workflow_id, review.draft))
    address = {"workflow": workflow_id}
    if st.session_state.pop(ASKING, "continue") == "download":
        address["job"] = ask(lambda desk: desk.start_producing(actor(), workflow_id))
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
            show_document("stage2_document", workflow, marked_of(review.attention()))
    else:
        offer_contents("stage2_document", workflow)
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
        stage1, stage2 = review.workflow.stage1, review.workflow.stage2
        if stage2:
            places, who = stage1.source.di_metadata, stage2.owner_email
            changes_list(stage2.changes, review.change_sentences, places, who=who, when=stage2.timestamp)
    with tabs[-1]:
        findings_list(review.answers)


show()
