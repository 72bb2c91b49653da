"""Status: how the engines stand, what waits to be sent, and what of the settings nobody knows."""

from typing import TYPE_CHECKING

import streamlit as st

from pages.parts.session import actor, ask, shown_errors
from pages.parts.widgets import counted, lately, plain

if TYPE_CHECKING:
    from kraftd_core import EngineStands, Status

TASKS = {"records": "Records", "files": "Files", "reader": "Reading", "writer": "Writing"}
CHECKS = {
    "store": "Records can be written", "spool": "Records can be saved here and sent on", "files": "Files can be kept",
    "reader": "The reader starts", "disk": "The disk has room", "house_keeping": "House-keeping runs",
}  # fmt: skip
STATES = {"ok": ":green[✓]", "degraded": ":orange[△]", "failed": ":red[✗]"}
_LOOK_AGAIN_SECONDS = 10


def show() -> None:
    """What whoever looks after the application asks first; it looks again by itself."""
    st.title("Status")
    st.fragment(_show_now, run_every=_LOOK_AGAIN_SECONDS)()


def _show_now() -> None:
    with shown_errors():
        status = ask(lambda desk: desk.status(actor()))
        for pair in (status.engines[:2], status.engines[2:]):
            for column, engine in zip(st.columns(2), pair, strict=False):
                with column:
                    show_engine(engine)
        left, right = st.columns(2)
        with left:
            show_checks(status)
        with right:
            show_waiting_records(status)
        show_unknown(status)
        st.caption(f"Counted since {lately(status.since)}, when the application was started; today is the day of UTC.")


def show_engine(engine: "EngineStands") -> None:
    """An engine: whom the settings chose, whether it answers, and what its last failure was."""
    with st.container(border=True, height="stretch"):
        where = f" · {plain(engine.host)}" if engine.host else ""
        st.markdown(f"**{TASKS[engine.role]}** · {plain(engine.name)}{where} · {plain(engine.signs_in)}")
        if not engine.host:
            st.caption("Nobody else is asked.")
            return
        st.markdown(_standing(engine))
        said = [counted(engine.calls, "call") + " today", f"{engine.failed:,} failed"]
        if engine.tokens:
            said.append(counted(engine.tokens, "token"))
        if failure := engine.last_failure:
            said += [f"last failure {lately(failure.at)}", plain(failure.cause)]
            said += [f"id {plain(failure.request_id)}"] if failure.request_id else []
        st.caption(" · ".join(said))


def _standing(engine: "EngineStands") -> str:
    if engine.last_failure and engine.is_failing:
        mark = ":orange[△] May pass by itself." if engine.last_failure.passes else ":red[✗] Does not pass by itself."
        return f"{mark} {plain(engine.last_failure.sentence)}"
    if engine.last_success:
        return f":green[✓] Answered {lately(engine.last_success)}."
    return ":gray[?] Not called yet. `python -m kraftd_core check` tries it."


def show_checks(status: "Status") -> None:
    """Whether documents can be taken in."""
    st.subheader("This computer")
    for name, state in status.checks.items():
        st.markdown(f"{STATES[state]} {CHECKS.get(name, plain(name))}")


def show_waiting_records(status: "Status") -> None:
    """How many records are not confirmed; what stands against it is said above every page."""
    st.subheader("Records that wait")
    waiting = status.waiting
    if not waiting.is_anything:
        st.markdown(":green[✓] None.")
        return
    waits = "waits" if waiting.following == 1 else "wait"
    told = ((waiting.following, f"{waits} to be sent"), (waiting.expired, "ran out of time"))
    lines = [f"{counted(count, 'record')} {what}" for count, what in told if count]
    stopped = ((waiting.missing, "missing in Cosmos"), (waiting.quarantined, "in place of which Cosmos holds something else"),
               (waiting.rejected, "which Cosmos does not take"))  # fmt: skip
    lines += [f"{counted(len(ids), 'document')} {what}" for ids, what in stopped if ids]
    for line in lines:
        st.markdown(f":orange[△] {line}")


def show_unknown(status: "Status") -> None:
    """Names among the settings that nobody knows: a wrong letter otherwise goes unseen."""
    for sentence in status.unknown_settings:
        st.warning(f"{plain(sentence)}", icon=":material/help:")


show()
