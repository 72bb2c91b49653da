"""What the chosen store has not confirmed yet: said above every page, and of each workflow."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from kraftd_core import KraftdError
from pages.parts.session import actor, ask, shown_errors, started
from pages.parts.widgets import counted, plain

if TYPE_CHECKING:
    from kraftd_core import Waiting

_ASKED = "waiting_asked"
_NAMES = "waiting_names"
_LOOK_AGAIN_SECONDS = 3
_OTHER_CONTENT = (
    "Azure Cosmos DB holds something else in the place of these documents' records. Nothing was overwritten and yours are saved "
    "here: open each, take its bundle, and show it to whoever looks after the database."
)
_NOT_TAKEN = (
    "Azure Cosmos DB does not take the records of these documents, which stay saved here. Open each, take its bundle, and "
    "show it to whoever looks after the database."
)


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
    if workflow_id in (*waiting.quarantined, *waiting.rejected):
        return ":red[▲] Saved here; Azure Cosmos DB did not take it"
    if workflow_id in waiting.following_workflows:
        return ":orange[△] Saved here, will follow to Azure Cosmos DB"
    return ":green[✓] Recorded"


def not_in_cosmos() -> frozenset[str]:
    """The workflows of which a record is saved here alone."""
    waiting = _waiting()
    return waiting.following_workflows.union(waiting.quarantined, waiting.rejected)


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
        _show_following(waiting.following)
        _show_stopped(waiting.quarantined, _OTHER_CONTENT)
        _show_stopped(waiting.rejected, _NOT_TAKEN)
        _show_expired(waiting.expired)


def _show_following(count: int) -> None:
    if count:
        said = "record is saved here and not yet in Cosmos. It follows by itself."
        if count > 1:
            said = "records are saved here and not yet in Cosmos. They follow by themselves."
        st.warning(f"{count:,} {said}", icon=":material/cloud_off:")


def _show_stopped(workflow_ids: Sequence[str], what_to_do: str) -> None:
    if not workflow_ids:
        return
    with st.container(border=True):
        st.markdown(f":red[▲]&ensp;{what_to_do}")
        for workflow_id in workflow_ids:
            st.page_link("history.py", label=_name_of(workflow_id), query_params={"workflow": workflow_id})


def _name_of(workflow_id: str) -> str:
    """The document's name, asked once a session."""
    names: dict[str, str] = st.session_state.setdefault(_NAMES, {})
    if workflow_id not in names:
        try:
            names[workflow_id] = plain(ask(lambda desk: desk.workflow(actor(), workflow_id)).stage1.document_name)
        except KraftdError:
            return f"Document {workflow_id[:8]}"
    return names[workflow_id]


def _show_expired(count: int) -> None:
    if count:
        said = f"{counted(count, 'record')} ran out of time before Azure Cosmos DB could be reached."
        st.error(f"{said} If you still need a document of these, upload it again.", icon=":material/error:")
