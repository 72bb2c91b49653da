"""Other templates and formats of a reviewed document: choose, make, download."""

from collections.abc import Awaitable
from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4

import streamlit as st

from kraftd_core import DocumentTemplate, ExportFormat
from pages.parts.session import actor, ask, forget_job, job_in_address, shown_errors
from pages.parts.widgets import FORMATS, counted, file_size, plain, template_label
from pages.parts.work import show_end, watch

if TYPE_CHECKING:
    from kraftd_core import Desk, JobView, Workflow

_IDS = "other_formats_ids"
_MADE = "other_formats_made"
_SAFE = "The review is safe: you can make the files again."


def show_other_formats(workflow: "Workflow", key: str, *, is_open: bool = False) -> None:
    """What was made of the same reviewed data, or is being made, or can be; nothing before there is a file."""
    if workflow.stage3 is None:
        return
    folded = st.expander(
        "Other template or format", icon=":material/file_copy:", expanded=is_open or _is_under_way(workflow), key=f"{key}_other"
    )
    with folded, shown_errors():
        found = job_in_address()
        if found and found[1].is_running:
            watch(found[0], f"{key}_other")
            return
        if found:
            _show_ended(workflow.export_workflow_id, *found, key)
        _show_made(workflow.export_workflow_id, key)
        _show_choice(workflow, key)


def _is_under_way(workflow: "Workflow") -> bool:
    return "job" in st.query_params or st.session_state.get(_MADE, ("",))[0] == workflow.export_workflow_id


def _show_ended(workflow_id: str, job_id: str, job: "JobView", key: str) -> None:
    if not job.result:
        show_end(job_id, job, f"{key}_other", _SAFE)
        return
    st.session_state[_MADE] = (workflow_id, job.result.split())
    st.session_state.pop(_IDS, None)  # asked again, they are made again
    forget_job()


def _show_choice(workflow: "Workflow", key: str) -> None:
    stage3, workflow_id = workflow.stage3, workflow.export_workflow_id
    assert stage3 is not None  # noqa: S101  shown only where there is a file
    st.caption("From the same reviewed values, without a new review.")
    templates = [template.value for template in DocumentTemplate]
    used = stage3.final_summary_metadata.template_used.value
    stamp = workflow_id[:8]
    choice, choices = f"{key}_other_template_{stamp}", f"{key}_other_formats_{stamp}"
    st.selectbox("Template", templates, index=templates.index(used), format_func=template_label, key=choice)
    formats = st.pills("Formats", list(FORMATS), selection_mode="multi", format_func=FORMATS.__getitem__, key=choices)
    st.button(
        "Make", key=f"{key}_other_make", type="primary", disabled=not formats, on_click=_make,
        args=(workflow_id, choice, choices),
    )


def _make(workflow_id: str, choice: str, choices: str) -> None:
    """Begins; the ids are kept in the session until the files are made, so that a second click makes nothing twice.

    What is chosen is read now: a click may follow a choice before the page was drawn again.
    """
    template, formats = st.session_state[choice], st.session_state[choices]
    asked = (workflow_id, template, tuple(formats))
    kept = st.session_state.get(_IDS)
    if not kept or kept[0] != asked:
        kept = (asked, {name: str(uuid4()) for name in formats})
        st.session_state[_IDS] = kept
    wanted = {ExportFormat(name): new_id for name, new_id in kept[1].items()}
    with shown_errors():
        st.query_params["job"] = ask(
            lambda desk: desk.start_regenerating(actor(), workflow_id, DocumentTemplate(template), wanted)
        )
    st.session_state.pop(_MADE, None)


def _show_made(workflow_id: str, key: str) -> None:
    source, made = st.session_state.get(_MADE, ("", []))
    if source != workflow_id:
        return
    with st.container(border=True, key=f"{key}_other_ready"), shown_errors():
        file = ask(lambda desk: desk.deliverables(actor(), made))
        st.markdown(f":green[✓] **{counted(len(made), 'file')} ready**")
        st.download_button(
            "Download all as a zip" if len(made) > 1 else "Download", file.content, file_name=file.filename, mime=file.mime_type,
            key=f"{key}_other_download", icon=":material/download:", width="stretch", on_click=_note, args=(made,),
        )
        st.caption(f"{plain(file.filename)} · {file_size(len(file.content))}")


def _noted(desk: "Desk", workflow_id: str) -> Awaitable[None]:
    return desk.note_download(actor(), workflow_id)


def _note(made: list[str]) -> None:
    """Adds the download to the trail of each."""
    with shown_errors():
        for workflow_id in made:
            ask(partial(_noted, workflow_id=workflow_id))
        st.toast("Downloaded. You find each in the history.", icon=":material/download_done:")
