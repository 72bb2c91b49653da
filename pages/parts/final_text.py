"""The text of a deliverable before it is recorded: who writes it, how it reads, and what is decided on its marked statements."""

from typing import TYPE_CHECKING
from zlib import crc32

import streamlit as st

from kraftd_core import FinalTexts, MarkedStatement, PresentationPlan, TextChoice, UserModifications, WrittenText
from pages.parts.choices import change, chosen
from pages.parts.session import RULES, actor, ask, model
from pages.parts.widgets import FORMATS, counted, plain, seconds, spent, summary_sections

if TYPE_CHECKING:
    from kraftd_core import Summary

KEEP, LEAVE_OUT = "Keep", "Leave out"
SECTIONS = {
    "executive_summary": "Executive summary",
    "key_findings": "Key findings",
    "recommendations": "Recommendations",
    "risk_factors": "Risks",
    "action_items": "Action items",
}


def texts_for(stage2: UserModifications, plan: PresentationPlan) -> FinalTexts | None:
    """The texts to choose from; None where the rules alone write."""
    if not model():
        return None
    return ask(lambda desk: desk.final_texts(actor(), stage2.export_workflow_id, plan))


def choose_writer(stage2: UserModifications) -> None:
    """Lets the text be the model's or the rules', until it is recorded."""
    names, before = {"model": model(), "rules": "Rules"}, "rules" if chosen().by_rules else "model"
    key = f"stage3_writer_{before}_{stage2.export_workflow_id[:8]}"  # what stands there is what counts, also after the work
    wanted = st.segmented_control(
        "Text written by", list(names), default=before, format_func=names.__getitem__, key=key, required=True
    )
    if wanted != before:
        change(stage2, by_rules=wanted == "rules")
        st.rerun()


def _use_rules(stage2: UserModifications) -> None:
    change(stage2, by_rules=True)


def choice_of(texts: FinalTexts | None) -> TextChoice | None:
    """What is chosen, as far as it is decided; None where the rules' text is shown because there is no other yet."""
    if texts is None or texts.recorded_by is not None:
        return None
    if chosen().by_rules:
        return TextChoice(by_rules=True)
    written = texts.written
    if written is None:
        return None
    kept = tuple(marked.key for marked in written.marked if _name(written, marked) in chosen().kept)
    return TextChoice(seen=written.seen, kept=kept)


def _name(written: WrittenText, marked: MarkedStatement) -> str:
    return f"{written.seen} {marked.key}"


def _undecided(written: WrittenText) -> list[MarkedStatement]:
    decided = {*chosen().kept, *chosen().left_out}
    return [marked for marked in written.marked if _name(written, marked) not in decided]


# The decision


def show_decision(stage2: UserModifications, plan: PresentationPlan | None, texts: FinalTexts | None) -> None:
    """The one step that comes next, and the other ways."""
    file = f"the {FORMATS[chosen().preferences.export_format.value]} file"
    written = texts.written if texts and texts.recorded_by is None and not chosen().by_rules else None
    needs_text = bool(model()) and not chosen().by_rules and not (texts and (texts.written or texts.recorded_by))
    if written:
        _show_marked(stage2, plan, written)
    if needs_text:
        st.caption(f"{model()} is asked once. You see its text before anything is recorded.")
    with st.container(key="next_step"):
        if needs_text:
            if st.button("Write the text", key="stage3_write", type="primary", width="stretch", disabled=plan is None):
                _write(stage2, plan, again=False)
            return
        label = f"Accept and produce {file}" if written else f"Produce {file}"
        waits = plan is None or bool(written and _undecided(written))
        if st.button(label, key="stage3_produce", type="primary", width="stretch", disabled=waits):
            _produce(stage2, plan, choice_of(texts))


def _show_other_ways(stage2: UserModifications, plan: PresentationPlan | None, written: WrittenText) -> None:
    with st.container(horizontal=True, key="stage3_ways"):
        if written.marked and st.button("Leave out what is marked", key="stage3_leave_out", icon=":material/remove_selection:"):
            _produce(stage2, plan, TextChoice(seen=written.seen))
        if st.button("Write again", key="stage3_write_again", icon=":material/refresh:"):
            _write(stage2, plan, again=True)
        st.button("Use the rules' text", key="stage3_use_rules", on_click=_use_rules, args=(stage2,))


def _show_marked(stage2: UserModifications, plan: PresentationPlan | None, written: WrittenText) -> None:
    """The ways on, and each marked statement with why, to be kept or left out."""
    left = len(_undecided(written))
    if written.marked:
        is_or_are = "is" if len(written.marked) == 1 else "are"
        head = f"{counted(len(written.marked), 'statement')} {is_or_are} marked"
        st.markdown(f":orange[**{head}.**] " + (f"Decide on {left}, or on all at once." if left else "All decided."))
    _show_other_ways(stage2, plan, written)
    for marked in written.marked:
        _show_statement(stage2, written, marked)


def _show_statement(stage2: UserModifications, written: WrittenText, marked: MarkedStatement) -> None:
    name, choices = _name(written, marked), chosen()
    before = KEEP if name in choices.kept else LEAVE_OUT if name in choices.left_out else None
    with st.container(border=True):
        st.caption(SECTIONS[marked.section])
        st.markdown(f"{plain(marked.text)}  \n{why_marked(marked)}")
        key = f"stage3_mark_{crc32(f'{name} {before}'.encode())}"
        said = st.segmented_control("Decision", [KEEP, LEAVE_OUT], default=before, key=key, label_visibility="collapsed")
    if said == before:
        return
    kept, left_out = ({*names} - {name} for names in (choices.kept, choices.left_out))
    (kept if said == KEEP else left_out if said == LEAVE_OUT else set()).add(name)
    change(stage2, kept=tuple(sorted(kept)), left_out=tuple(sorted(left_out)))
    st.rerun()


def why_marked(marked: MarkedStatement) -> str:
    """What a statement says against the record, and what of it is not in the document."""
    told = [f":red[✕ contradicts: {plain(', '.join(marked.contradicts))}]"] if marked.contradicts else []
    told += [f":orange[◇ not found in the document: {plain(', '.join(marked.not_found))}]"] if marked.not_found else []
    return "  \n".join(told)


def _write(stage2: UserModifications, plan: PresentationPlan | None, *, again: bool) -> None:
    assert plan is not None  # noqa: S101  the button is off without one
    st.query_params["job"] = ask(lambda desk: desk.start_writing(actor(), stage2.export_workflow_id, plan, again=again))
    st.rerun()


def _produce(stage2: UserModifications, plan: PresentationPlan | None, choice: TextChoice | None) -> None:
    st.query_params["job"] = ask(lambda desk: desk.start_producing(actor(), stage2.export_workflow_id, plan, choice))
    st.rerun()


# The text


def show_texts(texts: FinalTexts | None) -> None:
    """The text as it would be recorded, with its marks; beside it, if so wished, the rules'."""
    if texts is None or texts.written is None or texts.recorded_by is not None:
        return
    written = texts.written
    with st.container(border=True, key="stage3_text"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown("**The text, before it is recorded**", width="content")
            both = st.toggle("Both side by side", key="stage3_both")
        if both:
            left, right = st.columns(2, gap="medium")
            with left:
                _show_one(plain(written.thought.ai_model), written.summary, written, is_chosen=not chosen().by_rules)
            with right:
                _show_one(RULES, texts.by_rules, texts, is_chosen=chosen().by_rules)
        elif chosen().by_rules:
            summary_sections(texts.by_rules, texts.rules_grounding)
        else:
            summary_sections(written.summary, written.thought.grounding)
        st.caption(_took(texts, written))


def _show_one(name: str, summary: "Summary", of: "WrittenText | FinalTexts", *, is_chosen: bool) -> None:
    st.caption(f"{'✓ ' if is_chosen else ''}{name}")
    summary_sections(summary, of.thought.grounding if isinstance(of, WrittenText) else of.rules_grounding)


def _took(texts: FinalTexts, written: WrittenText) -> str:
    """What the writing took: the last time, and all askings together."""
    parts = [f"{plain(written.thought.ai_model)}, {seconds(written.thought.processing_time_ms / 1000)}"]
    if written.thought.tokens_used is not None:
        parts.append(counted(written.thought.tokens_used, "token"))
    return " · ".join([*parts, *spent(texts.calls, texts.cost)])
