"""Values one at a time: those that need eyes, what matters most first, confirmed or corrected by keyboard."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from kraftd_core import Attention, Data, Entry, Look, Offer, Review, grids, label_of, new_row_id, text_of
from pages.parts import editing
from pages.parts.editing import Opened
from pages.parts.learned import answered_with
from pages.parts.widgets import plain, share

_CARD = "review_card"
_ASKED = "review_card_asked"
_ACCEPT = "review_accept"
_MOST_SHOWN = 6
MARKS = {
    "error": ":red[▲]",
    "unread": ":orange[?]",
    "warning": ":orange[△]",
    "empty": ":red[○]",
    "unsure": ":orange[?]",
    "unmeasured": ":gray[?]",
    "suggested": ":primary[→]",
}
# Puts the cursor into the value of each card once; there Enter, which sends what was typed, confirms what was not.
_AT_THE_VALUE = """
export default function ({ data }) {
  const find = (tries) => {
    const value = document.querySelector(data.target);
    const isThere = value && (data.text === null || value.value === data.text);
    if (!isThere) return tries && setTimeout(() => find(tries - 1), 50);
    if (document.body.dataset.reviewCard === data.card) return;
    document.body.dataset.reviewCard = data.card;
    value.focus({ preventScroll: true });
    value.scrollIntoView({ block: "nearest" });
    if (!value.select) return;
    value.select();
    value.addEventListener("keydown", (event) => {
      const isBreak = value.tagName === "TEXTAREA" && !event.ctrlKey && !event.metaKey;
      const confirm = () => document.querySelector(".st-key-review_confirm button")?.click();
      if (event.key === "Enter" && !event.isComposing && !isBreak) setTimeout(confirm);
    });
  };
  find(40);
}
"""
_at_the_value = st.components.v2.component("review_at_the_value", js=_AT_THE_VALUE)


@dataclass(slots=True)
class Card:
    """The value before the user: what stood there when it came up, and the way through the others.

    `path` is None when all were seen; `is_alone` for a value that was chosen by itself.
    """

    workflow_id: str
    stamp: str
    number: int = 0
    path: str | None = None
    before: Data = field(default_factory=dict)
    text: str = ""
    past: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    is_alone: bool = False

    @property
    def key(self) -> str:
        """The key of the text input; each coming up of a value gives another."""
        return f"review_value_{self.stamp}_{self.number}"

    def turn_to(self, name: str | None, data: Data) -> None:
        """Has another value come up, or none."""
        self.number += 1
        self.path, self.before = name, data
        self.text = text_of(grids.value_at(data, name)) or "" if name else ""


# Above the grids


def show_bar(attention: Attention) -> None:
    """How many values need eyes, the way to them, and one step for all others."""
    count, rest = len(attention.entries), len(attention.rest)
    with st.container(horizontal=True, vertical_alignment="center", key="review_bar"):
        if count:
            need = "value needs" if count == 1 else "values need"
            st.markdown(f":orange[**{count:,} {need} your eyes**]", width="content")
            start: dict[str, Any] = {"on_click": editing.ask_for, "args": ("start",), "shortcut": "Alt+Q"}
            st.button("Start", key="review_start", help="One at a time, by keyboard", **start)
        else:
            st.markdown(":green[✓] No value needs your eyes.", width="content")
        if rest:
            st.markdown("all others:" if count else "all:", width="content")
            accept: dict[str, Any] = {"on_click": _ask_to_accept, "help": "Records that you took them as they were read"}
            st.button(f"Accept {rest:,}", key="review_accept_rest", **accept)
        elif attention.looked_at:
            st.markdown("· all others accepted", width="content")


def _ask_to_accept() -> None:
    st.session_state[_ACCEPT] = True


def is_acceptance_asked() -> bool:
    """Whether all the rest is to be accepted now."""
    return bool(st.session_state.pop(_ACCEPT, False))


# Which value is up


def card_of(workflow_id: str) -> Card | None:
    """The value that this session has up, if it goes through them one at a time."""
    card: Card | None = st.session_state.get(_CARD)
    return card if card and card.workflow_id == workflow_id else None


def begin(review: Review, attention: Attention, only: str | None = None) -> Card:
    """Has the first value that needs eyes come up, or only that one."""
    card = Card(review.workflow.export_workflow_id, new_row_id(), is_alone=only is not None)
    card.turn_to(only or _next(card, attention), review.draft.modified_data)
    st.session_state[_CARD] = card
    return card


def end() -> None:
    """Goes back to the grids."""
    st.session_state.pop(_CARD, None)


def _next(card: Card, attention: Attention) -> str | None:
    fields = [entry.field for entry in attention.entries]
    return next((name for name in fields if name not in card.skipped), None)


def _ask(action: str, name: str | None) -> None:
    """Notes what was clicked, and for which value: a second click for the same one finds it gone."""
    st.session_state[_ASKED] = (action, name)


def as_worked(there: Opened, review: Review, card: Card, offers: Sequence[Offer]) -> Review:
    """The review with what was typed into the value that is up, and with what was clicked."""
    review = _as_typed(there, review, card)
    action, name = st.session_state.pop(_ASKED, ("", None))
    if action == "leave":
        end()
        st.rerun()
    if action and name == card.path:
        review = _DONE[action](there, review, card, offers)
    return review


def _as_typed(there: Opened, review: Review, card: Card) -> Review:
    if card.path is None or card.key not in st.session_state:
        return review
    typed = st.session_state[card.key]
    data = card.before if typed == card.text else grids.with_value(card.before, card.path, typed, there.original)
    return editing.keep(there, data)


def _confirm(there: Opened, review: Review, card: Card, offers: Sequence[Offer]) -> Review:
    """Takes what was typed, else notes that the value is right; a text that cannot be read stays to be looked at."""
    entry = review.attention(offers).entry(str(card.path))
    if st.session_state.get(card.key, card.text) != card.text:
        if any(reason.kind == "unread" for reason in entry.reasons):
            card.before, card.text = review.draft.modified_data, st.session_state[card.key]
            return review
    else:
        looked_at = (*_others(review, card), Look(field=str(card.path), how="confirmed"))
        suggestions = answered_with(review, entry.offer, is_accepted=False)
        review = editing.keep(there, review.draft.modified_data, looked_at=looked_at, suggestions=suggestions)
    return _go_on(there, review, card, offers)


def _others(review: Review, card: Card) -> list[Look]:
    return [look for look in review.draft.looked_at if look.field != card.path]


def _use(there: Opened, review: Review, card: Card, offers: Sequence[Offer]) -> Review:
    """Takes the suggested value."""
    offer = review.attention(offers).entry(str(card.path)).offer
    if offer is not None:
        data = grids.with_value(card.before, offer.field, text_of(offer.suggested_value), there.original)
        looked_at, answered = _others(review, card), answered_with(review, offer, is_accepted=True)
        review = editing.keep(there, data, looked_at=looked_at, suggestions=answered)
    return _go_on(there, review, card, offers)


def _put_back(there: Opened, review: Review, card: Card, _: Sequence[Offer]) -> Review:
    """Puts back what was read, and stays."""
    for change in review.changes:
        if change.field == card.path:
            review = editing.keep(there, grids.put_back(review.draft.modified_data, there.original, change))
    card.turn_to(card.path, review.draft.modified_data)
    return review


def _skip(there: Opened, review: Review, card: Card, offers: Sequence[Offer]) -> Review:
    card.skipped.append(str(card.path))
    return _go_on(there, review, card, offers)


def _back(_: Opened, review: Review, card: Card, __: Sequence[Offer]) -> Review:
    if card.past:
        card.turn_to(card.past.pop(), review.draft.modified_data)
        card.skipped = [name for name in card.skipped if name != card.path]
    return review


def turn_aside(card: Card, name: str, review: Review) -> None:
    """Has another value come up because its box was clicked."""
    if name != card.path:
        card.past += [card.path] if card.path else []
        card.turn_to(name, review.draft.modified_data)


def _again(_: Opened, review: Review, card: Card, offers: Sequence[Offer]) -> Review:
    card.skipped.clear()
    card.turn_to(_next(card, review.attention(offers)), review.draft.modified_data)
    return review


def _go_on(_: Opened, review: Review, card: Card, offers: Sequence[Offer]) -> Review:
    if card.is_alone:
        end()
        st.rerun()
    card.past.append(str(card.path))
    card.turn_to(_next(card, review.attention(offers)), review.draft.modified_data)
    return review


_DONE: dict[str, Any] = {
    "confirm": _confirm, "use": _use, "put_back": _put_back, "skip": _skip, "back": _back, "again": _again,
}  # fmt: skip


# The card


def show_card(review: Review, card: Card, attention: Attention) -> None:
    """The value that is up: why it needs eyes, what stands there, and what can be done."""
    if card.path is None:
        return _show_end(card, attention)
    entry = attention.entry(card.path)
    with st.container(border=True, key="review_card"):
        _show_head(card, attention, entry)
        reasons, here, row = st.container(), st.container(key="review_here"), st.container()  # so that nothing jumps
        with reasons:
            _show_reasons(card, attention, entry)
        with here:
            target = _show_value(card, review)
        with row:
            _show_row(card.path, review)
        _show_buttons(card, entry, review)
    _show_coming(card, attention)
    return _put_cursor(card, target)


def _show_head(card: Card, attention: Attention, entry: Entry) -> None:
    left = len([e for e in attention.entries if e.field not in card.skipped])
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption("One value" if card.is_alone else f"{left:,} left" + _skipped_words(card), width="content")
        _leave_button(card.path)
    st.markdown(f"**{plain(entry.title)}**")


def _leave_button(name: str | None) -> None:
    leave: dict[str, Any] = {"on_click": _ask, "args": ("leave", name), "shortcut": "Alt+Q"}
    st.button("To the tables", key="review_leave", type="tertiary", **leave)


def _skipped_words(card: Card) -> str:
    return f", {len(card.skipped):,} skipped" if card.skipped else ""


def _show_reasons(card: Card, attention: Attention, entry: Entry) -> None:
    for reason in entry.reasons:
        st.markdown(f"{MARKS[reason.kind]}&ensp;{plain(reason.words)}")
    if not entry.reasons:
        st.markdown(_settled_words(card, attention))


def _settled_words(card: Card, attention: Attention) -> str:
    if any(look.field == card.path and look.how == "confirmed" for look in attention.looked_at):
        return ":green[✓]&ensp;You confirmed it."
    if any(change.field == card.path for change in attention.changes):
        return ":green[✎]&ensp;You corrected it."
    return f":gray[Read with {share(attention.confidence(str(card.path)))} confidence.]"


def _show_value(card: Card, review: Review) -> str:
    """The value to type into; what the cursor is to go to."""
    if grids.is_whole_table(str(card.path), review.draft.modified_data):
        st.markdown("Lines are added in the table.")
        return ".st-key-review_leave button"
    widget = st.text_area if "\n" in card.text else st.text_input
    widget("What stands there", value=card.text, key=card.key)
    return f".st-key-{card.key} :is(input, textarea)"


def _show_row(name: str, review: Review) -> None:
    """What else stands in the row."""
    cells = grids.beside(review.draft.modified_data, name)
    if cells:
        st.caption(" · ".join(f"{plain(label_of(column))} **{plain(text)}**" for column, text in cells))


def _show_buttons(card: Card, entry: Entry, review: Review) -> None:
    name = card.path
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Confirm", key="review_confirm", type="primary", on_click=_ask, args=("confirm", name))
        if entry.offer is not None:
            use = f"Use “{plain(text_of(entry.offer.suggested_value) or '')}”"
            st.button(use, key="review_use", on_click=_ask, args=("use", name), shortcut="Alt+U")
        if not card.is_alone:
            st.button("Skip", key="review_skip", on_click=_ask, args=("skip", name), shortcut="Ctrl+Down")
            back: dict[str, Any] = {"on_click": _ask, "args": ("back", name), "shortcut": "Ctrl+Up", "disabled": not card.past}
            st.button("Back", key="review_back", **back)
        if any(change.field == name for change in review.changes):
            st.button("As it was read", key="review_put_back", icon=":material/undo:", on_click=_ask, args=("put_back", name))
    st.caption("Enter takes what you typed, or confirms what stands there.")


def _show_coming(card: Card, attention: Attention) -> None:
    coming = [entry for entry in attention.entries if entry.field not in (card.path, *card.skipped)]
    if not card.is_alone and coming:
        shown = coming[:_MOST_SHOWN]
        lines = [f"{MARKS[e.reasons[0].kind]}&ensp;{plain(e.title)}&ensp;:gray[{plain(e.text or '')}]" for e in shown]
        more = [f":gray[and {len(coming) - _MOST_SHOWN:,} more]"] if len(coming) > _MOST_SHOWN else []
        st.markdown(":gray[Next]  \n" + "  \n".join(lines + more))


def _show_end(card: Card, attention: Attention) -> None:
    with st.container(border=True, key="review_card"):
        left, seen = len(attention.entries), ":green[✓]&ensp;**Every value that needed your eyes was seen.**"
        st.markdown(f":orange[**{left:,} skipped**]" if left else seen)
        with st.container(horizontal=True):
            if left:
                st.button("Look at them again", key="review_again", on_click=_ask, args=("again", None))
            back: dict[str, Any] = {"on_click": _ask, "args": ("back", None), "shortcut": "Ctrl+Up", "disabled": not card.past}
            st.button("Back", key="review_back", **back)
            _leave_button(None)
    _put_cursor(card, ".st-key-review_again button" if left else ".st-key-stage2_record button")


def _put_cursor(card: Card, target: str) -> None:
    """Puts the cursor there, once a card; into a text as soon as it stands there."""
    text = card.text if card.key in target else None
    data = {"card": card.key, "target": target, "text": text}
    _at_the_value(data=data, key="review_at_the_value")
