"""Work that takes its time: what it is doing, for how long, and a way to stop it."""

from typing import TYPE_CHECKING

import streamlit as st

from kraftd_core import NotFound
from pages.parts.session import ask, owner, shown_errors
from pages.parts.widgets import plain

if TYPE_CHECKING:
    from kraftd_core import JobView


@st.fragment(run_every=0.5)
def watch(job_id: str, key: str) -> None:
    """Shows the steps of a running job; runs the page again once it has ended."""
    try:
        job = ask(lambda desk: desk.job(owner(), job_id))
    except NotFound:
        st.rerun()
    if not job.is_running:
        st.rerun()
    _steps(job)
    if st.button("Cancel", key=f"{key}_cancel", icon=":material/close:"):
        with shown_errors():
            ask(lambda desk: desk.cancel(owner(), job_id))


def _steps(job: "JobView") -> None:
    step = job.step or "Starting"
    status = st.status(f"{plain(step)} · {job.seconds:.0f} s", expanded=True)  # used in a `with`, it would end as done
    for done in dict.fromkeys(job.steps_done):
        if done != step:
            status.markdown(f":green[✓] {plain(done)}")
    status.markdown(f"**{plain(step)} …**")


def show_end(job: "JobView", safe: str) -> None:
    """Says why a job came to nothing, and what is safe."""
    if job.is_cancelled:
        st.info(f"You stopped it. {safe}", icon=":material/block:")
    else:
        st.error(f"{plain(job.error or '')}  \n{safe}", icon=":material/error:")
