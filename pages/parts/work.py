"""Work that takes its time: what it is doing, for how long, and a way to stop it."""

from typing import TYPE_CHECKING

import streamlit as st

from kraftd_core import NotFound
from pages.parts.session import actor, ask, shown_errors
from pages.parts.widgets import plain

if TYPE_CHECKING:
    from kraftd_core import JobView

_SHOWN_CHARACTERS = 2_000  # of a text that is being written; the whole follows


@st.fragment(run_every=0.5)
def watch(job_id: str, key: str) -> None:
    """Shows the steps of a running job; runs the page again once it has ended."""
    try:
        job = ask(lambda desk: desk.job(actor(), job_id))
    except NotFound:
        st.rerun()
    if not job.is_running:
        st.rerun()
    _steps(job)
    if st.button("Cancel", key=f"{key}_cancel", icon=":material/close:"):
        with shown_errors():
            ask(lambda desk: desk.cancel(actor(), job_id))


def _steps(job: "JobView") -> None:
    step = job.step or "Starting"
    status = st.status(f"{plain(step)} · {job.seconds:.0f} s", expanded=True)  # used in a `with`, it would end as done
    for done in dict.fromkeys(job.steps_done):
        if done != step:
            status.markdown(f":green[✓] {plain(done)}")
    status.markdown(f"**{plain(step)} …**")
    if job.text:
        status.markdown(plain(job.text[:_SHOWN_CHARACTERS]))


def show_end(job_id: str, job: "JobView", key: str, safe: str) -> None:
    """Says why a job came to nothing and what is safe, and offers to go on where that can be."""
    if job.is_cancelled:
        st.info(f"You stopped it. {safe}", icon=":material/block:")
        return
    st.error(f"{plain(job.error or '')}  \n{safe}", icon=":material/error:")
    if job.can_go_on:
        with st.container(horizontal=True, key=f"{key}_go_on"), shown_errors():
            if st.button("Try again", key=f"{key}_again", type="primary", icon=":material/refresh:"):
                _go_on(job_id, by_rules=False)
            if job.can_go_by_rules and st.button("Go on with the rule-based summary", key=f"{key}_by_rules"):
                _go_on(job_id, by_rules=True)


def _go_on(job_id: str, *, by_rules: bool) -> None:
    st.query_params["job"] = ask(lambda desk: desk.go_on(actor(), job_id, by_rules=by_rules))
    st.rerun()
