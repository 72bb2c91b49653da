"""An opened workflow of the history: the story of its stages, what was changed and looked at, its file and its proof."""

import streamlit as st

from kraftd_core import FileDamaged, FinalDeliverable, Review, Workflow, checks_told, looked_at_told, suggestions_told
from pages.parts.other_formats import show_other_formats
from pages.parts.session import actor, ask, shown_errors
from pages.parts.waiting import standing_of
from pages.parts.widgets import (
    FORMATS,
    bullets,
    changes_list,
    counted,
    days_left,
    file_size,
    findings_list,
    plain,
    progress,
    side_by_side,
    stage_story,
    summary_sections,
    trail,
)

OPEN = "open"
"""What the address may ask to see at once: `other` (templates and formats) or `trail`."""
VIEW = "history_view"
"""The address of the list that a workflow was opened from, kept in the session."""
_VERDICT = "history_verdict"


def show_way_back() -> None:
    """Back to the list, as it was left."""
    if st.button("← All documents", key="history_back", type="tertiary"):
        st.switch_page("history.py", query_params=st.session_state.get(VIEW, {}))


def show_workflow(review: Review) -> None:
    """The story of one workflow, what became of it, and the way on."""
    workflow = review.workflow
    show_way_back()
    progress(0, workflow)
    _show_origin(workflow)
    story, content = side_by_side(2, 3)
    with story:
        stage_story(workflow, standing_of(workflow.export_workflow_id))
        _show_way_on(workflow)
        show_other_formats(workflow, "history", is_open=st.query_params.get(OPEN) == "other")
        _show_proof(workflow.export_workflow_id)
    with content:
        _show_content(review)


def _show_origin(workflow: Workflow) -> None:
    """Where the reviewed data was taken from, if the workflow was made from another."""
    if source := workflow.stage1.regenerated_from:
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="history_origin"):
            st.caption("Another template or format of", width="content")
            st.page_link("history.py", label=f"document {source[:8]}", query_params={"workflow": source})


def _show_way_on(workflow: Workflow) -> None:
    """The file, or the page on which the work goes on; and the pages to read."""
    address = {"workflow": workflow.export_workflow_id}
    if workflow.stage3:
        _show_file(workflow.stage3)
    elif workflow.stage2:
        if st.button("Go on to Deliver →", key="history_deliver", type="primary"):
            st.switch_page("stage3_deliverable.py", query_params=address)
    elif st.button("Go on with the review →", key="history_review", type="primary"):
        st.switch_page("stage2_modifications.py", query_params=address)
    _show_pages(workflow)
    left = counted(days_left(workflow.stage1.expiration_date), "more day")
    st.caption(f"Kept for {left}, then deleted as a whole.")


def _show_pages(workflow: Workflow) -> None:
    """The pages of its stages to read, and its versions beside each other."""
    workflow_id = workflow.export_workflow_id
    address = {"workflow": workflow_id}
    with st.container(horizontal=True, key="history_pages_of"):
        st.page_link("stage1_summary.py", label="Summary", icon=":material/article:", query_params=address)
        st.page_link("stage2_modifications.py", label="Review", icon=":material/rule:", query_params=address)
        if workflow.stage2:
            st.page_link("stage3_deliverable.py", label="Deliver", icon=":material/file_export:", query_params=address)
            sides = {"left": f"{workflow_id}:ai", "right": f"{workflow_id}:user"}
            view = {"view": "three" if workflow.stage3 else "two"}
            st.page_link("compare.py", label="Compare", icon=":material/compare:", query_params=sides | view)


def _show_file(stage3: FinalDeliverable) -> None:
    made = stage3.deliverable
    download_again(stage3.export_workflow_id, made.file_format.value, "opened_download")
    st.caption(f"{plain(made.filename)} · {file_size(made.file_size_bytes)}  \nCheck sum {plain(made.content_hash)}")


def download_again(workflow_id: str, file_format: str, key: str) -> None:
    """The file as it was made; where it is lost, the way to have it again."""
    with shown_errors():
        try:
            file = ask(lambda desk: desk.deliverable(actor(), workflow_id))
        except FileDamaged as damage:
            return offer_anew(workflow_id, damage, key)
        st.download_button(
            f"Download {FORMATS[file_format]} again", file.content, file_name=file.filename, mime=file.mime_type,
            key=key, type="primary", icon=":material/download:", on_click=_note_download, args=(workflow_id,),
        )
    return None


def offer_anew(workflow_id: str, damage: FileDamaged, key: str) -> None:
    """Says that the stored file is lost, and offers to make the very same one again."""
    st.error(plain(str(damage)), icon=":material/broken_image:")
    if st.button("Make the same file again", key=f"{key}_anew", icon=":material/restore_page:"):
        ask(lambda desk: desk.make_anew(actor(), workflow_id))
        st.rerun()


def _note_download(workflow_id: str) -> None:
    """Adds the download to the trail."""
    with shown_errors():
        ask(lambda desk: desk.note_download(actor(), workflow_id))
        st.toast("Downloaded.", icon=":material/download_done:")


def bundle_button(workflow_id: str, key: str) -> None:
    """All that another needs to verify the workflow, in one file."""
    who = actor()
    st.download_button(
        "Bundle for the auditor",
        lambda: ask(lambda desk: desk.bundle_file(who, workflow_id)),
        file_name=f"bundle_{workflow_id}.json",
        mime="application/json",
        key=key,
        icon=":material/inventory_2:",
        help="All records in one file, which anyone can verify without this application.",
    )


def _show_proof(workflow_id: str) -> None:
    """Whether the records hold, and all that another needs to find that out."""
    with st.container(horizontal=True, key="history_proof"):
        st.button("Verify", key="history_verify", icon=":material/verified:", on_click=_verify, args=(workflow_id,))
        bundle_button(workflow_id, "history_bundle")
    verified, verdict = st.session_state.get(_VERDICT, (None, None))
    if verified == workflow_id:
        mark = ":green[✓]" if verdict.holds else ":red[✗]"
        st.markdown(f"{mark}&ensp;{plain(verdict.sentence)}")


def _verify(workflow_id: str) -> None:
    """Verifies before the page is drawn, so that its trail tells of it."""
    with shown_errors():
        st.session_state[_VERDICT] = (workflow_id, ask(lambda desk: desk.verify(actor(), workflow_id)))


# What it holds


def _show_content(review: Review) -> None:
    """Changes, summary, checks and trail, a tab each."""
    workflow = review.workflow
    names = [f"Changes ({len(review.changes)})", "Summary", f"Checks ({len(review.findings)})", "Trail"]
    first = names[3] if st.query_params.get(OPEN) == "trail" else names[0]
    changes, summary, checks, told = st.tabs(names, default=first, key="history_tabs")
    with changes:
        _show_changes(review)
    with summary:
        if workflow.stage3:
            summary_sections(workflow.stage3.ai_final_summary, workflow.stage3.grounding)
        else:
            summary_sections(workflow.stage1.ai_initial_summary, workflow.stage1.grounding, review.overtaken)
    with checks:
        _show_checks(review)
    with told:
        past = workflow.stage3.traceability.document_history if workflow.stage3 else []
        trail([*past, *workflow.trail])
        if not past and not workflow.trail:
            st.markdown("Nothing has happened since the document was read.")


def _show_changes(review: Review) -> None:
    """The changes in words, and how the rest of the values was reviewed."""
    stage1, stage2 = review.workflow.stage1, review.workflow.stage2
    told = stage2.changes if stage2 else review.changes
    when = stage2.timestamp if stage2 else None
    changes_list(told, review.change_sentences, stage1.source.di_metadata, who=stage1.owner_email, when=when)
    if stage2 and stage2.schema_version < 3:  # before that nobody recorded what was looked at
        return
    attention = review.attention()
    if stage2 or attention.looked_at:
        st.markdown(f"**Looked at**  \n{plain(looked_at_told(attention))}")
    if suggested := suggestions_told(attention):
        st.markdown("**Suggestions from earlier documents**")
        bullets(suggested)


def _show_checks(review: Review) -> None:
    workflow = review.workflow
    if (stage2 := workflow.stage2) and workflow.stage1.schema_version > 1 and stage2.schema_version > 1:
        story, *edits = checks_told(workflow.stage1.findings, stage2.findings)
        st.markdown(f"{story}, when recorded.")
        bullets(edits)
    findings_list(review.answers)
