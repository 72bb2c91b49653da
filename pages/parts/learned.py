"""What earlier reviews taught, on the Review page: the usual choices, values to take over, and the way to stop it."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from kraftd_core import Learned, Offer, Review, Suggestion, grids, text_of
from pages.parts import editing
from pages.parts.editing import Opened
from pages.parts.session import actor, ask, shown_errors
from pages.parts.widgets import plain

_MOST_SHOWN = 3
_LONGEST_LABEL = 30


def learned_for(review: Review) -> Learned:
    """What the user's earlier reviews say for this one."""
    return ask(lambda desk: desk.learned(actor(), review.workflow.export_workflow_id, review))


# The usual choices


def show_usual(learned: Learned) -> None:
    """What is usually chosen, and the switch; what stands in the preferences stays as it is."""
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center", key="review_usual"):
        if learned.usual:
            st.caption(plain(learned.usual.sentence), width="content")
        with st.popover("Learning", type="tertiary", key="review_learning"):
            _show_switch(learned)


def _show_switch(learned: Learned) -> None:
    if not learned.is_on:
        st.markdown("Learning is off. Nothing is suggested from your earlier reviews.")
        _choice("Turn on", "review_learning_on", lambda desk: desk.set_learning(actor(), True))
        return
    since = f" Those up to {learned.since:%d %b %Y %H:%M} UTC are forgotten." if learned.since else ""
    st.markdown(f"Learning is on. Only your own recorded reviews teach it.{since}")
    with st.container(horizontal=True):
        _choice("Turn off", "review_learning_off", lambda desk: desk.set_learning(actor(), False))
        _choice("Forget what was learned", "review_learning_forget", lambda desk: desk.forget_learned(actor()))
    st.caption("Your records stay in the history; forgotten ones only teach no more.")


def _choice(label: str, key: str, verb: Any) -> None:
    if st.button(label, key=key):
        with shown_errors():
            ask(verb)
            st.rerun()


# Values to take over


def show_offers(review: Review, offers: Sequence[Offer]) -> None:
    """The suggestions that are not answered yet, each with what it rests on; answering one opens the grids anew."""
    answered = {suggestion.field for suggestion in review.draft.suggestions}
    left = [offer for offer in offers if offer.field not in answered]
    with st.container(key="review_offers"):
        for number, offer in enumerate(left[:_MOST_SHOWN]):
            _show_offer(offer, number)
        if len(left) > _MOST_SHOWN:
            st.caption(f"{len(left) - _MOST_SHOWN} more suggestions come up one at a time.")


def _show_offer(offer: Offer, number: int) -> None:
    value = text_of(offer.suggested_value) or ""
    short = value if len(value) <= _LONGEST_LABEL else value[: _LONGEST_LABEL - 1] + "…"
    with st.container(horizontal=True, vertical_alignment="center", key=f"review_offer_{number}"):
        st.markdown(f":primary[→]&ensp;{plain(offer.sentence)}", width="stretch")
        # the field stands in the keys: a second click for the same suggestion finds the button gone
        take, leave = f"review_offer_use_{offer.field}", f"review_offer_leave_{offer.field}"
        with st.container(horizontal=True, vertical_alignment="center", width="content"):
            st.button(f"Use “{plain(short)}”", key=take, on_click=editing.ask_for, args=("answer", offer, True))
            st.button("Not now", key=leave, type="tertiary", on_click=editing.ask_for, args=("answer", offer, False))


def answer(review: Review, there: Opened, offer: Offer, is_accepted: bool) -> Review:
    """Takes the suggested value or leaves what stands there, and notes which."""
    data = review.draft.modified_data
    if is_accepted:
        data = grids.with_value(data, offer.field, text_of(offer.suggested_value), there.original)
    return editing.keep(there, data, suggestions=answered_with(review, offer, is_accepted=is_accepted))


def answered_with(review: Review, offer: Offer | None, *, is_accepted: bool) -> list[Suggestion]:
    """The answers so far with this one."""
    given = offer and Suggestion(
        field=offer.field, suggested_value=offer.suggested_value, rests_on=list(offer.rests_on), is_accepted=is_accepted
    )
    return [*(s for s in review.draft.suggestions if not given or s.field != given.field), *([given] if given else [])]
