"""Documents that were dropped together: how far they are, and what each of them needs of the user."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import streamlit as st

from kraftd_core import plainly
from pages.parts.session import actor, ask, shown_errors
from pages.parts.widgets import counted, plain
from pages.parts.work import show_ways_on

if TYPE_CHECKING:
    from kraftd_core import JobView, Way, WorkflowLine

WAITING = "Waiting for its turn"


def show_batch() -> None:
    """The batch of the owner, as long as it was not let go of; by itself anew while something of it is under way."""
    jobs = ask(lambda desk: desk.batch(actor()))
    if not jobs:
        return
    if _running(jobs):
        _watch()
    else:
        _show(jobs)


@st.fragment(run_every=1.0)
def _watch() -> None:
    jobs = ask(lambda desk: desk.batch(actor()))
    if not _running(jobs):
        st.rerun()  # what came of it is listed below
    _show(jobs)


def _running(jobs: "Mapping[str, JobView]") -> "list[JobView]":
    return [job for job in jobs.values() if job.is_running]


def _show(jobs: "Mapping[str, JobView]") -> None:
    running = _running(jobs)
    ended = {job_id: job for job_id, job in jobs.items() if not job.is_running}
    needing = {job_id: job for job_id, job in ended.items() if job.can_go_on}
    refused = [job for job in ended.values() if job.error and not job.can_go_on]
    with st.container(border=True, key="stage1_batch"):
        st.progress(len(ended) / len(jobs), text=_standing(jobs, len(needing), len(refused)))
        for job in running:
            if job.step and job.step != WAITING:
                st.caption(f"{plain(job.about)} · {plain(job.step)} · {job.seconds:.0f} s")
        if refused:
            st.error("  \n".join(map(_why, refused)), icon=":material/error:")
        for job_id, job in needing.items():
            _show_needing(job_id, job)
        with shown_errors():
            if running and st.button("Stop", key="stage1_batch_stop", icon=":material/close:"):
                ask(lambda desk: desk.stop_batch(actor()))
                st.rerun()
            if not running and st.button("Clear this list", key="stage1_batch_clear"):
                ask(lambda desk: desk.clear_batch(actor()))
                st.rerun()


def _standing(jobs: "Mapping[str, JobView]", needing: int, refused: int) -> str:
    """How many are read, were not taken or stopped, need the user, and are still to come, in words."""
    read = sum(job.result is not None for job in jobs.values())
    stopped, running = sum(job.is_cancelled for job in jobs.values()), len(_running(jobs))
    need = "needs you" if needing == 1 else "need you"
    more = ((refused, "not taken"), (stopped, "stopped"), (needing, need), (running, "to come"))
    told = [f"{read} of {counted(len(jobs), 'document')} read", *(f"{count} {what}" for count, what in more if count)]
    return " · ".join(told)


def _why(job: "JobView") -> str:
    """Why a document was not recorded, as Markdown."""
    return f"**{plain(job.about)}** · {plain(plainly(job.error or ''))}"


def _show_needing(job_id: str, job: "JobView") -> None:
    """Why a document was not recorded yet, and the ways on."""
    with st.container(key=f"stage1_batch_{job_id}"):
        icon = ":material/content_copy:" if job.earlier else ":material/warning:"
        st.warning(_why(job), icon=icon)
        with st.container(horizontal=True), shown_errors():
            if job.earlier:
                _show_earlier(job_id, job.earlier)
            else:
                show_ways_on(job_id, job, f"stage1_batch_{job_id}", _go_on)
            if st.button("Leave it out", key=f"stage1_batch_without_{job_id}", type="tertiary"):
                ask(lambda desk: desk.leave_out(actor(), job_id))
                st.rerun()


def _show_earlier(job_id: str, earlier: "WorkflowLine") -> None:
    if st.button("Open the earlier one", key=f"stage1_batch_open_{job_id}"):
        st.switch_page("history.py", query_params={"workflow": earlier.export_workflow_id})
    if st.button("Record this one too", key=f"stage1_batch_anyway_{job_id}"):
        _go_on(job_id)


def _go_on(job_id: str, way: "Way" = "again") -> None:
    ask(lambda desk: desk.go_on(actor(), job_id, way))
    st.rerun()
