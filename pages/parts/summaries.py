"""Who writes the initial summary: the rules or a model, both texts beside each other, and which of them counts."""

from typing import TYPE_CHECKING

import streamlit as st

from pages.parts.session import RULES, actor, ask, model, shown_errors
from pages.parts.widgets import ENGINES, plain, summary_sections

if TYPE_CHECKING:
    from kraftd_core import Grounding, OtherSummary, Review, Summary, UserModifications
    from pages.parts.leads import Leads


def show_summaries(review: "Review", leads: "Leads") -> None:
    """The summary that counts; until the review is recorded another writer's may be asked for and chosen."""
    workflow = review.workflow
    stage1, workflow_id = workflow.stage1, workflow.export_workflow_id
    if workflow.stage2 is not None:
        return _show_recorded(review, workflow.stage2, leads)
    recorded_by = stage1.initial_summary_metadata.ai_model or ""
    if not model() and recorded_by == "rules":
        return summary_sections(stage1.ai_initial_summary, stage1.grounding, review.overtaken, leads)
    with shown_errors():
        other = ask(lambda desk: desk.other_summary(actor(), workflow_id))
        _choose(workflow_id, recorded_by, other)
        _show(review, other, leads)
    return None


def _named(ai_model: str) -> str:
    return plain(ENGINES.get(ai_model, ai_model))


def _choose(workflow_id: str, recorded_by: str, other: "OtherSummary | None") -> None:
    """Lets the recorded text count, or the other one; which is written when it is chosen first."""
    is_by_rules = recorded_by == "rules"
    names = {"recorded": _named(recorded_by), "other": model() if is_by_rules else RULES}
    if other is not None:
        names["other"] = _named(other.thought.ai_model)
    before = "other" if other and other.is_chosen else "recorded"
    key = f"stage1_writer_{before}_{workflow_id[:8]}"  # what stands there is what counts, also after the work
    with st.container(horizontal=True, vertical_alignment="bottom", key="stage1_written_by"):
        wanted = st.segmented_control(
            "Written by", list(names), default=before, format_func=names.__getitem__, key=key, required=True
        )
        if other is not None:
            st.toggle("Both side by side", key="stage1_both")
    if wanted == before:
        return
    if wanted == "other" and other is None:
        del st.session_state[key]  # it stands there once it is written
        st.query_params["job"] = ask(lambda desk: desk.start_other_summary(actor(), workflow_id))
    else:
        ask(lambda desk: desk.choose_summary(actor(), workflow_id, is_other=wanted == "other"))
    st.rerun()


def _show(review: "Review", other: "OtherSummary | None", leads: "Leads") -> None:
    stage1 = review.workflow.stage1
    if other is not None and st.session_state.get("stage1_both"):
        left, right = st.columns(2, gap="medium")
        with left:
            _show_one(stage1.initial_summary_metadata.ai_model or "", stage1.ai_initial_summary, stage1.grounding, leads)
        with right:
            _show_one(other.thought.ai_model, other.summary, other.thought.grounding, leads)
    elif other is not None and other.is_chosen:
        summary_sections(other.summary, other.thought.grounding, leads=leads)
    else:
        summary_sections(stage1.ai_initial_summary, stage1.grounding, review.overtaken, leads)


def _show_one(ai_model: str, summary: "Summary", grounding: "Grounding | None", leads: "Leads") -> None:
    st.caption(_named(ai_model))
    summary_sections(summary, grounding, leads=leads, name=f"{ai_model}_")


def _show_recorded(review: "Review", stage2: "UserModifications", leads: "Leads") -> None:
    stage1 = review.workflow.stage1
    if stage2.summary_chosen is None:
        return summary_sections(stage1.ai_initial_summary, stage1.grounding, review.overtaken, leads)
    chosen = stage2.summary_chosen
    st.caption(f"The text by {_named(chosen.ai_model)} was chosen with the review.")
    return summary_sections(chosen.summary, chosen.grounding, leads=leads)
