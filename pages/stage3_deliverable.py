"""Stage 3: see what will be delivered, have it made, and download it."""

from typing import TYPE_CHECKING

import streamlit as st

from kraftd_core import (
    DownloadFile,
    FileDamaged,
    FinalDeliverable,
    FinalTexts,
    JobView,
    Layout,
    NotFound,
    PresentationPlan,
    Rendered,
    TextChoice,
    UserModifications,
    Workflow,
)
from pages.parts.choices import choose, read_words, show_not_carried_out, show_steps
from pages.parts.final_text import choice_of, choose_writer, show_decision, show_texts, texts_for
from pages.parts.layouts import show_layout
from pages.parts.opened import offer_anew
from pages.parts.other_formats import show_other_formats
from pages.parts.pictures import kept_file_page, show_pages
from pages.parts.session import actor, ask, forget_job, job_in_address, model, opened_workflow, shown_errors
from pages.parts.waiting import standing_of
from pages.parts.widgets import (
    FORMATS,
    bullets,
    counted,
    file_size,
    plain,
    progress,
    share,
    side_by_side,
    stage_story,
    written_by,
)
from pages.parts.work import show_end, watch

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

SAFE = "The review is safe: you can produce the file again."
PREVIEW = "stage3_preview"
LAYOUT = "stage3_layout"
SHOWN_CHARACTERS = 20_000
ANNOUNCED = "stage3_announced"


def show() -> None:
    """What can be done with the opened workflow."""
    with shown_errors():
        workflow_id = opened_workflow()
        if not workflow_id:
            return show_nothing_opened()
        workflow = ask(lambda desk: desk.workflow(actor(), workflow_id))
        progress(3, workflow)
        if workflow.stage2 is None:
            return show_not_reviewed(workflow_id)
        if workflow.stage3:
            forget_produced(workflow_id)
            return show_delivered(workflow, workflow.stage3)
        return show_to_produce(workflow, workflow.stage2)
    return None


def forget_produced(workflow_id: str) -> None:
    """Takes the work that made this file out of the address; the one that makes other formats of it stays."""
    try:
        found = job_in_address()
    except NotFound:  # the server was started anew since
        return forget_job()
    if found and found[1].result == workflow_id:
        forget_job()
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
            show_failed(*found)
    notice = st.container()
    preview, decision = side_by_side(3, 2, is_right_first=True)
    with decision:
        plan, texts = show_plan(workflow, stage2, notice)
    with preview, shown_errors():
        if plan:
            show_texts(texts)
            show_preview(workflow, plan, choice_of(texts))
        else:
            st.caption("The preview is drawn once your words are read.")
    return None


def show_failed(job_id: str, job: JobView) -> None:
    """Why no file was made; a text that was written is shown, and a made file has just been followed by its page."""
    if job.result and job.makes == "text":
        return forget_job()
    if job.result:
        st.rerun()
    return show_end(job_id, job, "stage3", SAFE)


def show_plan(
    workflow: Workflow, stage2: UserModifications, notice: "DeltaGenerator"
) -> tuple[PresentationPlan | None, FinalTexts | None]:
    """What will be produced, which can be changed here, and the button that does; the plan and the texts, if there are any.

    The notice, above all, says why there is none.
    """
    with st.container(border=True, key="stage3_plan"):
        st.markdown("**What will be produced**")
        preferences = choose(stage2)
        changed = stage2.user_actions.total_modifications
        st.caption(f"With {counted(changed, 'changed value')}." if changed else "With the values as they were read.")
        read = read_words(stage2, preferences, notice)
        plan = read and show_steps(stage2, read, preferences)
        if model():
            choose_writer(stage2)
        texts = texts_for(stage2, plan) if plan else None
        show_decision(stage2, plan, texts)
    st.markdown("**The story so far**")
    stage_story(workflow, standing_of(workflow.export_workflow_id))
    return plan, texts


def show_preview(workflow: Workflow, plan: PresentationPlan, choice: TextChoice | None) -> None:
    """The file as it would be; nothing is recorded by looking."""
    made_of = f"{workflow.latest.record_hash} {plan.model_dump_json()} {choice}"
    kept = st.session_state.get(PREVIEW)
    if not kept or kept[0] != made_of:
        workflow_id = workflow.export_workflow_id
        with st.spinner("Drawing the preview"):
            kept = (made_of, ask(lambda desk: desk.preview(actor(), workflow_id, plan, choice)))
        st.session_state[PREVIEW] = kept
    st.markdown("**Preview**")
    if model() and choice is None:
        st.caption("Its prose is rule-based until the text is written.")
    for warning in kept[1].warnings:
        st.warning(plain(warning), icon=":material/warning:")
    show_file(workflow, kept[1], f"preview of {made_of}", plan, choice)


def show_file(
    workflow: Workflow,
    file: DownloadFile | Rendered,
    name: str,
    plan: PresentationPlan | None = None,
    choice: TextChoice | None = None,
) -> None:
    """The pages of a PDF, the text of a JSON file, else what the sheets or tables say."""
    if file.mime_type == "application/pdf":
        delivered = workflow.stage3.deliverable if workflow.stage3 else None
        pages = file.pages if isinstance(file, Rendered) else delivered.pages if delivered else None

        def draw(page: int) -> bytes | None:
            return kept_file_page(name, page, lambda: ask(lambda desk: desk.deliverable_page(file, page)))

        show_pages("stage3_file", pages, draw)
    elif file.mime_type == "application/json":
        show_json(file.content.decode())
    else:
        show_layout(kept_layout(workflow, name, plan, choice))


def show_json(text: str) -> None:
    """The text of the file, of a long one the beginning."""
    st.code(text[:SHOWN_CHARACTERS], language="json", height=560, wrap_lines=True)
    if len(text) > SHOWN_CHARACTERS:
        st.caption(f"The first {SHOWN_CHARACTERS:,} of {counted(len(text), 'character')}.")


def kept_layout(workflow: Workflow, name: str, plan: PresentationPlan | None, choice: TextChoice | None) -> Layout:
    """What the file says, laid out once for each plan."""
    kept = st.session_state.get(LAYOUT)
    if not kept or kept[0] != name:
        workflow_id = workflow.export_workflow_id
        kept = (name, ask(lambda desk: desk.laid_out(actor(), workflow_id, plan, choice)))
        st.session_state[LAYOUT] = kept
    layout: Layout = kept[1]
    return layout


# After it was made


def show_delivered(workflow: Workflow, stage3: FinalDeliverable) -> None:
    """The file, its download, and how it came about."""
    workflow_id = workflow.export_workflow_id
    try:
        file = ask(lambda desk: desk.deliverable(actor(), workflow_id))
    except FileDamaged as damage:
        return offer_anew(workflow_id, damage, "stage3")
    announce_once(workflow)
    preview, download = side_by_side(3, 2, is_right_first=True)
    with download:
        show_download(stage3, file)
        show_carried_out(stage3.presentation_plan)
        show_other_formats(workflow, "stage3")
        st.markdown("**How it came about**")
        stage_story(workflow, standing_of(workflow_id))
        show_figures(stage3)
    with preview, shown_errors():
        show_file(workflow, file, stage3.deliverable.content_hash)
    return None


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


def show_carried_out(plan: PresentationPlan | None) -> None:
    """What was done with the user's words, and what was not."""
    if plan and (plan.steps or plan.not_carried_out):
        st.markdown("**What was done with your words**")
        bullets((step.meaning for step in plan.steps), ":green[✓]")
        show_not_carried_out(plan)


def note_download(workflow_id: str) -> None:
    """Adds the download to the trail."""
    with shown_errors():
        ask(lambda desk: desk.note_download(actor(), workflow_id))
        st.toast("Downloaded. You find it again in the history.", icon=":material/download_done:")


def show_figures(stage3: FinalDeliverable) -> None:
    """The pass in figures, as far as they were measured."""
    figures = stage3.workflow_summary
    if figures.ai_processing_accuracy is not None:
        st.caption(f"{share(figures.ai_processing_accuracy)} of what was read was left as it was.")
    st.caption(f"Summary {written_by(stage3.final_summary_metadata)}")


show()
