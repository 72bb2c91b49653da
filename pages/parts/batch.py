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
    needing = {job_id: job for job_id, job in jobs.items() if not job.is_running and not job.result}
    with st.container(border=True, key="stage1_batch"):
        st.progress((len(jobs) - len(running)) / len(jobs), text=_standing(jobs, len(running), len(needing)))
        for job in running:
            if job.step and job.step != WAITING:
                st.caption(f"{plain(job.about)} · {plain(job.step)} · {job.seconds:.0f} s")
        for job_id, job in needing.items():
            _show_needing(job_id, job)
        with shown_errors():
            if running and st.button("Stop", key="stage1_batch_stop", icon=":material/close:"):
                ask(lambda desk: desk.stop_batch(actor()))
                st.rerun()
            if not running and st.button("Clear this list", key="stage1_batch_clear"):
                ask(lambda desk: desk.clear_batch(actor()))
                st.rerun()


def _standing(jobs: "Mapping[str, JobView]", running: int, needing: int) -> str:
    """How many are read, need the user, and are still to come, in words."""
    parts = [f"{len(jobs) - running - needing} of {counted(len(jobs), 'document')} read"]
    if needing:
        parts.append(f"{needing} {'needs' if needing == 1 else 'need'} you")
    if running:
        parts.append(f"{running} to come")
    return " · ".join(parts)


def _show_needing(job_id: str, job: "JobView") -> None:
    """Why a document was not recorded, and the ways on."""
    why = "You stopped it; what was done so far is kept." if job.is_cancelled else plain(plainly(job.error or ""))
    icon = ":material/content_copy:" if job.earlier else ":material/error:"
    with st.container(key=f"stage1_batch_{job_id}"):
        (st.warning if job.earlier or job.is_cancelled else st.error)(f"**{plain(job.about)}** · {why}", icon=icon)
        with st.container(horizontal=True), shown_errors():
            if job.earlier:
                _show_earlier(job_id, job.earlier)
            elif job.can_go_on:
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
