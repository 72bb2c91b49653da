"""How the deliverable shall look: what is chosen on Deliver, what becomes of the user's words, and what of it is kept."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from zlib import crc32

import streamlit as st

from kraftd_core import HELP, AgentUnavailable, Choices, PresentationPlan, UserModifications, UserPreferences, plainly, without
from pages.parts.gallery import choose_template
from pages.parts.session import actor, ask, job_of
from pages.parts.widgets import FORMATS, plain
from pages.parts.work import watch

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

_PLAN = "stage3_plan_made"
_UNREAD = "stage3_words_unread"
_READING = "stage3_words_being_read"
_STOPPED = "You stopped it: your words are not read yet."
_BY_RULES = "stage3_plan_by_rules_for"
_CHOICES = "stage3_choices"


def choose(stage2: UserModifications) -> UserPreferences:
    """Template, format and instructions: as last chosen here, else as chosen on Review."""
    stamp = stage2.export_workflow_id[:8]
    keys = {name: f"stage3_{name}_{stamp}" for name in ("template", "format", "words")}
    _recall(stage2, keys)
    template = choose_template(keys["template"])
    file_format = st.radio("Format", list(FORMATS), format_func=FORMATS.__getitem__, horizontal=True, key=keys["format"])
    words = st.text_area(
        "In your words", height=90, placeholder="Highlight all totals, leave out the bank details", help=HELP, key=keys["words"]
    )
    wishes = {"document_template": template, "export_format": file_format, "transformation_instructions": words}
    return UserPreferences.model_validate(stage2.user_preferences.model_dump() | wishes)


def _recall(stage2: UserModifications, keys: dict[str, str]) -> None:
    """Fills the widgets when this session sees them first, also after a reload or a look at another page."""
    if all(key in st.session_state for key in keys.values()):
        return
    choices = ask(lambda desk: desk.choices(actor(), stage2.export_workflow_id))
    st.session_state[_CHOICES] = (stage2.id, choices)
    for name, value in (
        ("template", choices.preferences.document_template.value), ("format", choices.preferences.export_format.value),
        ("words", choices.preferences.transformation_instructions),
    ):  # fmt: skip
        st.session_state[keys[name]] = value


def chosen() -> Choices:
    """What is chosen for the file, as this session knows it."""
    choices: Choices = st.session_state[_CHOICES][1]
    return choices


def change(stage2: UserModifications, **changes: Any) -> None:
    """Keeps another choice."""
    _keep(stage2, replace(chosen(), **changes))


def _keep(stage2: UserModifications, choices: Choices) -> None:
    """Keeps what is chosen, if it was changed here."""
    if st.session_state.get(_CHOICES) != (stage2.id, choices):
        ask(lambda desk: desk.keep_choices(actor(), stage2.export_workflow_id, choices))
        st.session_state[_CHOICES] = (stage2.id, choices)


def read_words(stage2: UserModifications, preferences: UserPreferences, notice: "DeltaGenerator") -> PresentationPlan | None:
    """The plan for these preferences. Where the words could not be read, the notice says why, with the two ways on.

    After a failure nobody is asked again before the user says so, whatever else is chosen meanwhile.
    """
    by_rules = st.session_state.get(_BY_RULES) == stage2.id
    words = (stage2.record_hash, preferences.transformation_instructions.strip(), by_rules)
    if st.session_state.get(_UNREAD, ("", ""))[0] != words:
        try:
            plan = _plan(stage2, preferences, by_rules)
            why = "" if plan else _read_as_job(stage2, preferences, words)
        except AgentUnavailable as error:
            plan, why = None, str(error)
        if plan or not why:
            return plan
        st.session_state[_UNREAD] = (words, why)
    change(stage2, preferences=preferences)
    with notice:
        _show_unread(stage2, st.session_state[_UNREAD][1])
    return None


def _plan(stage2: UserModifications, preferences: UserPreferences, by_rules: bool) -> PresentationPlan | None:
    """The plan, made once for what is chosen; None where a service has to be asked for it."""
    made_of = (stage2.record_hash, preferences.model_dump_json(), by_rules)
    kept: tuple[object, PresentationPlan] | None = st.session_state.get(_PLAN)
    if kept is None or kept[0] != made_of:
        plan = ask(lambda desk: desk.kept_plan(actor(), stage2.export_workflow_id, preferences, by_rules=by_rules))
        if plan is None:
            return None
        kept = st.session_state[_PLAN] = (made_of, plan)
    return kept[1]


def _read_as_job(stage2: UserModifications, preferences: UserPreferences, words: object) -> str:
    """Has a service read the words and shows it at work; why that came to nothing, once it has."""
    reading = st.session_state.get(_READING)
    if not reading or reading[0] != words:
        job_id = ask(lambda desk: desk.start_planning(actor(), stage2.export_workflow_id, preferences))
        reading = st.session_state[_READING] = (words, job_id)
    job = job_of(reading[1])
    if job and job.is_running:
        watch(reading[1], "stage3_words")
        return ""
    st.session_state.pop(_READING)
    if job is None or job.result:
        st.rerun()
    return _STOPPED if job.is_cancelled else str(job.error)


def _show_unread(stage2: UserModifications, why: str) -> None:
    """Why the words could not be read, and the two ways on."""
    if why == _STOPPED:
        st.info(why, icon=":material/block:")
    else:
        st.error(plain(plainly(why)), icon=":material/error:")
    with st.container(horizontal=True):
        st.button(
            "Try again", key="stage3_plan_again", type="primary", icon=":material/refresh:",
            on_click=st.session_state.pop, args=(_UNREAD,),
        )
        st.button(
            "Read the words by the rules", key="stage3_plan_by_rules", on_click=st.session_state.__setitem__,
            args=(_BY_RULES, stage2.id),
        )


def show_steps(stage2: UserModifications, plan: PresentationPlan, preferences: UserPreferences) -> PresentationPlan:
    """What will be done with the user's words, each step to be unticked, and what will not; the plan without the unticked."""
    kept = chosen()
    unticked = {}
    if plan.steps or plan.not_carried_out:
        st.markdown("**What will be done with your words**")
    for step in plan.steps:
        name = f"{step.words} {step.meaning}"
        key = f"stage3_step_{crc32(f'{stage2.id} {name}'.encode())}"
        st.session_state.setdefault(key, name not in kept.unticked)
        if not st.checkbox(plain(step.meaning), key=key, help=f"“{plain(step.words)}”" if step.words else None):
            unticked[name] = step
    show_not_carried_out(plan)
    change(stage2, preferences=preferences, unticked=tuple(unticked))
    return without(plan, unticked.values())


def show_not_carried_out(plan: PresentationPlan) -> None:
    """The user's words that the file does not follow, and why."""
    if plan.not_carried_out:
        lines = [f":red[✗]&ensp;“{plain(entry.words)}” :gray[{plain(entry.reason)}]" for entry in plan.not_carried_out]
        st.markdown("  \n".join(lines))
