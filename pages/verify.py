"""Verify: whether a file came from here, and whether it is still the one that was delivered."""

from hashlib import sha256

import streamlit as st

from kraftd_core import DownloadFile, Judged
from pages.parts.session import actor, ask, shown_errors, upload_limit_mb
from pages.parts.widgets import moment, plain

ANSWER = "verify_answer"
MARKS = {
    "delivered": ":green[✓]",
    "holds": ":green[✓]",
    "unvouched": ":orange[△]",
    "altered": ":red[✗]",
    "broken": ":red[✗]",
    "unknown": ":gray[?]",
}
ADVICE = {
    "altered": "Do not rely on this copy. The file as it was delivered can be downloaded here.",
    "unknown": "It never came from here, or it was delivered to someone else, has expired, or was altered beyond recognition.",
}
STAGES = {1: "Read and summarised", 2: "Changes and wishes recorded", 3: "Delivered"}


def show() -> None:
    """One place to drop a file, and the answer under it."""
    st.title("Verify")
    dropped = st.file_uploader("Drop a file that came from here.", key="verify_file", max_upload_size=upload_limit_mb())
    if dropped is None:
        st.session_state.pop(ANSWER, None)
        st.markdown(
            "A deliverable, a zip of several, or a bundle for the auditor. You learn whether it is byte for byte what was "
            "delivered to you. The file is looked at and not kept."
        )
        return
    with shown_errors():
        show_answer(judged(dropped.name, dropped.getvalue()))


def judged(name: str, content: bytes) -> Judged:
    """The answer, asked once for each dropped file, because each asking is noted in the trail."""
    dropped = (name, sha256(content).hexdigest())
    kept = st.session_state.get(ANSWER)
    if not kept or kept[0] != dropped:
        with st.spinner("Comparing it with what was delivered …", show_time=True):
            kept = (dropped, ask(lambda desk: desk.verify_file(actor(), name, content)))
        st.session_state[ANSWER] = kept
    answer: Judged = kept[1]
    return answer


def show_answer(answer: Judged) -> None:
    """One sentence with a mark, then what it rests on; of an archive, each file in it."""
    with st.container(border=True, key="verify_answer"):
        show_sentence(answer)
        for number, member in enumerate(answer.members):
            st.markdown(f"**{plain(member.name)}**")
            show_sentence(member, str(number))


def show_sentence(answer: Judged, key: str = "whole") -> None:
    """The answer on one file."""
    st.markdown(f"{MARKS[answer.answer]}&ensp;{plain(answer.sentence)}")
    if answer.answer in ADVICE and not answer.members:
        st.caption(ADVICE[answer.answer])
    if answer.origin:
        show_chain(answer)
        show_way_on(answer.origin.export_workflow_id, answer.answer == "altered", key)


def show_chain(answer: Judged) -> None:
    """The stages behind the file, one by one."""
    for link in answer.chain:
        mark = ":green[✓]" if link.holds else ":red[✗]"
        story = f"{mark}&ensp;{link.stage} {STAGES[link.stage]} · {moment(link.recorded_at)}"
        st.markdown(f"{story}  \n:small[:gray[Record {plain(link.record_hash)}]]")


def show_way_on(workflow_id: str, is_altered: bool, key: str) -> None:
    """The file as it was delivered, where this one is not it, and the document's story."""
    with st.container(horizontal=True):
        if is_altered:
            file = ask(lambda desk: desk.deliverable(actor(), workflow_id))
            show_true_file(file, workflow_id, key)
        st.page_link("history.py", label="Its history", icon=":material/history:", query_params={"workflow": workflow_id})


def show_true_file(file: DownloadFile, workflow_id: str, key: str) -> None:
    """The download of the file as it was delivered."""
    st.download_button(
        "Download the true file", file.content, file_name=file.filename, mime=file.mime_type, key=f"verify_download_{key}",
        icon=":material/download:", on_click=note_download, args=(workflow_id,),
    )


def note_download(workflow_id: str) -> None:
    """Adds the download to the trail."""
    with shown_errors():
        ask(lambda desk: desk.note_download(actor(), workflow_id))


show()
