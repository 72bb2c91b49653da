"""Stage 3: see what will be delivered, have it made, and download it."""

import streamlit as st

from kraftd_core import DownloadFile, FinalDeliverable, JobView, Rendered, UserModifications, Workflow
from pages.parts.pictures import kept_file_page, show_pages
from pages.parts.session import ask, forget_job, job_in_address, opened_workflow, owner, shown_errors
from pages.parts.waiting import standing_of
from pages.parts.widgets import (
    FORMATS,
    counted,
    file_size,
    plain,
    progress,
    show_rows,
    show_values,
    side_by_side,
    stage_story,
    template_label,
)
from pages.parts.work import show_end, watch

SAFE = "The review is safe: you can produce the file again."
PREVIEW = "stage3_preview"
ANNOUNCED = "stage3_announced"


def show() -> None:
    """What can be done with the opened workflow."""
    with shown_errors():
        workflow_id = opened_workflow()
        if not workflow_id:
            return show_nothing_opened()
        workflow = ask(lambda desk: desk.workflow(owner(), workflow_id))
        progress(3, workflow)
        if workflow.stage2 is None:
            return show_not_reviewed(workflow_id)
        if workflow.stage3:
            forget_job()
            return show_delivered(workflow, workflow.stage3)
        return show_to_produce(workflow, workflow.stage2)
    return None


def show_nothing_opened() -> None:
    """What to do first."""
    progress(3)
    st.title("Deliver")
    st.markdown("No document is open. Take a new one, or open one of yours from the history.")
    with st.container(horizontal=True):
        st.page_link("stage1_summary.py", label="New document", icon=":material/upload_file:")
        st.page_link("history.py", label="History", icon=":material/history:")


def show_not_reviewed(workflow_id: str) -> None:
    """What has to come before."""
    st.title("Deliver")
    st.markdown("This document was not reviewed yet. Record the review first; then its file can be produced.")
    if st.button("Review →", key="stage3_review", type="primary"):
        st.switch_page("stage2_modifications.py", query_params={"workflow": workflow_id})


# Before the file is made


def show_to_produce(workflow: Workflow, stage2: UserModifications) -> None:
    """The work if it is under way, else the preview and what will be produced."""
    with shown_errors():
        found = job_in_address()
        if found and found[1].is_running:
            return watch(found[0], "stage3")
        if found:
            show_failed(found[1])
    preview, decision = side_by_side(3, 2, is_right_first=True)
    with decision:
        show_plan(workflow, stage2)
    with preview, shown_errors():
        show_preview(workflow, stage2)
    return None


def show_failed(job: JobView) -> None:
    """Why no file was made; a job that ended well has just been followed by the page of the made file."""
    if job.result:
        st.rerun()
    show_end(job, SAFE)


def show_plan(workflow: Workflow, stage2: UserModifications) -> None:
    """What will be produced, and the button that does."""
    preferences, actions = stage2.user_preferences, stage2.user_actions
    with st.container(border=True, key="stage3_plan"):
        st.markdown("**What will be produced**")
        file_format = FORMATS[preferences.export_format.value]
        changed = actions.total_modifications
        values = f"with {counted(changed, 'changed value')}" if changed else "with the values as they were read"
        st.markdown(f"{file_format} · template {template_label(preferences.document_template.value)} · {values}")
        if preferences.transformation_instructions.strip():
            st.caption(f"In your words, recorded but not carried out yet: {plain(preferences.transformation_instructions)}")
        if st.button(f"Produce the {file_format} file", key="stage3_produce", type="primary", width="stretch"):
            workflow_id = workflow.export_workflow_id
            st.query_params["job"] = ask(lambda desk: desk.start_producing(owner(), workflow_id))
            st.rerun()
    st.markdown("**The story so far**")
    stage_story(workflow, standing_of(workflow.export_workflow_id))


def show_preview(workflow: Workflow, stage2: UserModifications) -> None:
    """The file as it would be; nothing is recorded by looking."""
    made_of = stage2.record_hash
    kept = st.session_state.get(PREVIEW)
    if not kept or kept[0] != made_of:
        workflow_id = workflow.export_workflow_id
        with st.spinner("Drawing the preview"):
            kept = (made_of, ask(lambda desk: desk.preview(owner(), workflow_id)))
        st.session_state[PREVIEW] = kept
    st.markdown("**Preview**")
    show_file(workflow, kept[1], f"preview of {made_of}")


def show_file(workflow: Workflow, file: DownloadFile | Rendered, name: str) -> None:
    """The pages of a PDF, the text of a JSON file, else the data that the tables hold."""
    if file.mime_type == "application/pdf":
        pages = file.pages if isinstance(file, Rendered) else workflow.stage3 and workflow.stage3.deliverable.pages

        def draw(page: int) -> bytes | None:
            return kept_file_page(name, page, lambda: ask(lambda desk: desk.deliverable_page(file, page)))

        show_pages("stage3_file", pages, draw)
    elif file.mime_type == "application/json":
        st.code(file.content.decode()[:20_000], language="json", height=560)
    else:
        show_values(workflow.data)
        for table, rows in workflow.data.items():
            if isinstance(rows, list) and rows and isinstance(rows[0], dict):
                show_rows(table, rows)


# After it was made


def show_delivered(workflow: Workflow, stage3: FinalDeliverable) -> None:
    """The file, its download, and how it came about."""
    workflow_id = workflow.export_workflow_id
    file = ask(lambda desk: desk.deliverable(owner(), workflow_id))
    announce_once(workflow)
    preview, download = side_by_side(3, 2, is_right_first=True)
    with download:
        show_download(stage3, file)
        st.markdown("**How it came about**")
        stage_story(workflow, standing_of(workflow_id))
        show_figures(stage3)
    with preview, shown_errors():
        show_file(workflow, file, stage3.deliverable.content_hash)


def announce_once(workflow: Workflow) -> None:
    """Says that the file is ready, when it is seen for the first time after it was made here."""
    if st.session_state.get(PREVIEW) and st.session_state.get(ANNOUNCED) != workflow.export_workflow_id:
        st.toast("Your file is ready.", icon=":material/check_circle:")
    st.session_state[ANNOUNCED] = workflow.export_workflow_id


def show_download(stage3: FinalDeliverable, file: DownloadFile) -> None:
    """The button, and in small print what one gets."""
    made = stage3.deliverable
    with st.container(border=True, key="stage3_ready"):
        st.markdown(":green[✓] **Your file is ready**")
        clicked = st.download_button(
            f"Download {FORMATS[made.file_format.value]}",
            file.content,
            file_name=file.filename,
            mime=file.mime_type,
            key="stage3_download",
            type="primary",
            icon=":material/download:",
            width="stretch",
            on_click=note_download,
            args=(stage3.export_workflow_id,),
        )
        if clicked:
            st.markdown(":green[✓] Downloaded just now.")
        st.caption(f"{plain(made.filename)} · {file_size(made.file_size_bytes)}  \nCheck sum {plain(made.content_hash)}")
        for warning in made.warnings:
            st.warning(plain(warning), icon=":material/warning:")
    if st.button("New document", key="stage3_new", icon=":material/upload_file:"):
        st.switch_page("stage1_summary.py")


def note_download(workflow_id: str) -> None:
    """Adds the download to the trail."""
    with shown_errors():
        ask(lambda desk: desk.note_download(owner(), workflow_id))
        st.toast("Downloaded. You find it again in the history.", icon=":material/download_done:")


def show_figures(stage3: FinalDeliverable) -> None:
    """The pass in figures, as far as they were measured."""
    figures = stage3.workflow_summary
    if figures.ai_processing_accuracy is not None:
        st.caption(f"{figures.ai_processing_accuracy:.0%} of what was read was left as it was.")


show()
