"""Work that takes its time: what it is doing, for how long, and a way to stop it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

import streamlit as st

from kraftd_core import NotFound, plainly
from pages.parts.session import actor, ask, shown_errors
from pages.parts.widgets import plain

if TYPE_CHECKING:
    from kraftd_core import JobView, Way

_SHOWN_CHARACTERS = 6_000  # of a text that is being written; the whole follows
_WAYS: "dict[Way, tuple[str, str | None]]" = {
    "again": ("Try again", ":material/refresh:"),
    "by_rules": ("Go on with the rule-based summary", None),
    "read_here": ("Read on this computer", ":material/computer:"),
}


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
    named = f" · {plain(job.about)}" if job.about else ""
    status = st.status(f"{plain(step)} · {job.seconds:.0f} s{named}", expanded=True)  # used in a `with`, it would end as done
    for done in dict.fromkeys(job.steps_done):
        if done != step:
            status.markdown(f":green[✓] {plain(done)}")
    status.markdown(f"**{plain(step)} …**")
    if job.text:
        status.markdown("  \n".join(plain(line) for line in job.text[:_SHOWN_CHARACTERS].splitlines()))


def show_end(job_id: str, job: "JobView", key: str, safe: str) -> None:
    """Says which document's job came to nothing, why and what is safe, and offers to go on where that can be."""
    named = f"**{plain(job.about)}** · " if job.about else ""
    if job.is_cancelled:
        st.info(f"{named}You stopped it. {safe}", icon=":material/block:")
        return
    st.error(f"{named}{plain(plainly(job.error or ''))}  \n{safe}", icon=":material/error:")
    if job.can_go_on:
        with st.container(horizontal=True, key=f"{key}_go_on"), shown_errors():
            show_ways_on(job_id, job, key, _go_on)


def show_ways_on(job_id: str, job: "JobView", key: str, go_on: "Callable[[str, Way], None]") -> None:
    """A button for each way in which failed work can be taken up."""
    for way in job.ways_on:
        label, icon = _WAYS[way]
        kind: Literal["primary", "secondary"] = "primary" if way == "again" else "secondary"
        if st.button(label, key=f"{key}_{way}", type=kind, icon=icon):
            go_on(job_id, way)


def _go_on(job_id: str, way: "Way") -> None:
    st.query_params["job"] = ask(lambda desk: desk.go_on(actor(), job_id, way))
    st.rerun()
