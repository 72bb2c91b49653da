"""What the chosen store has not confirmed yet: said above every page, and of each workflow."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from kraftd_core import MISSING, NOT_TAKEN, OTHER_CONTENT, KraftdError, expired_said, following_said, reason_said
from pages.parts.session import actor, ask, shown_errors, started
from pages.parts.widgets import plain

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from kraftd_core import Waiting

_ASKED = "waiting_asked"
_NAMES = "waiting_names"
_LOOK_AGAIN_SECONDS = 3

def start_run() -> None:
    """Forgets what was asked in the run before."""
    st.session_state.pop(_ASKED, None)


def _waiting() -> "Waiting":
    """What is not confirmed: asked once a run, after the page has read what it speaks of."""
    from kraftd_core import Waiting

    if started().settings.store == "sqlite":
        return Waiting()
    if _ASKED not in st.session_state:
        st.session_state[_ASKED] = ask(lambda desk: desk.waiting(actor()))
    waiting: Waiting = st.session_state[_ASKED]
    return waiting


def standing_of(workflow_id: str) -> str:
    """Whether the stages of a workflow are recorded, or saved here and to follow."""
    waiting = _waiting()
    if workflow_id in waiting.missing:
        return ":red[▲] Saved here; not in Azure Cosmos DB any more"
    if workflow_id in waiting.stopped:
        return ":red[▲] Saved here; Azure Cosmos DB did not take it"
    if workflow_id in waiting.following_workflows and not waiting.passes:
        return ":red[▲] Saved here; Azure Cosmos DB lets nothing in"
    if workflow_id in waiting.following_workflows:
        return ":orange[△] Saved here, will follow to Azure Cosmos DB"
    return ":green[✓] Recorded"


def not_in_cosmos() -> frozenset[str]:
    """The workflows of which a record is saved here alone."""
    waiting = _waiting()
    return waiting.following_workflows.union(waiting.stopped)


def show_waiting() -> None:
    """The notice above the page, which looks again by itself for as long as something follows."""
    with shown_errors():
        waiting = _waiting()
        if waiting.is_anything:
            pause = _LOOK_AGAIN_SECONDS if waiting.following else None
            st.fragment(_notice, run_every=pause)(waiting.following_workflows)


def _notice(shown_workflows: frozenset[str]) -> None:
    with shown_errors():
        waiting = _waiting()
        start_run()  # the fragment's next run asks again
        if waiting.following_workflows != shown_workflows:
            st.rerun()
        _show_following(waiting)
        if waiting.quarantined:
            _show_stopped(waiting.quarantined, OTHER_CONTENT)
        if waiting.rejected:
            _show_stopped(waiting.rejected, NOT_TAKEN)
        if waiting.missing:
            _show_missing(waiting.missing)
        if waiting.expired:
            st.error(expired_said(waiting), icon=":material/error:")


def _show_following(waiting: "Waiting") -> None:
    if waiting.following and waiting.passes:
        st.warning(following_said(waiting), icon=":material/cloud_off:")
        if why := reason_said(waiting):
            st.caption(plain(why))
    elif waiting.following:
        st.error(plain(following_said(waiting)), icon=":material/cloud_alert:")


def _show_missing(workflow_ids: Sequence[str]) -> None:
    with _show_stopped(workflow_ids, MISSING):
        is_asked = st.button("Send again", key="waiting_send_again", icon=":material/cloud_upload:")
    if is_asked:
        ask(lambda desk: desk.send_again(actor()))
        start_run()
        st.rerun()


def _show_stopped(workflow_ids: Sequence[str], what_to_do: str) -> "DeltaGenerator":
    shown = st.container(border=True)
    with shown:
        st.markdown(f":red[▲]&ensp;{what_to_do}")
        for workflow_id in workflow_ids:
            st.page_link("history.py", label=_name_of(workflow_id), query_params={"workflow": workflow_id})
    return shown


def _name_of(workflow_id: str) -> str:
    """The document's name, asked once a session."""
    names: dict[str, str] = st.session_state.setdefault(_NAMES, {})
    if workflow_id not in names:
        try:
            names[workflow_id] = plain(ask(lambda desk: desk.workflow(actor(), workflow_id)).stage1.document_name)
        except KraftdError:
            return f"Document {workflow_id[:8]}"
    return names[workflow_id]

