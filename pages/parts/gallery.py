"""The templates to choose from: a picture of what each looks like, and a line about it."""

from pathlib import Path

import streamlit as st

from kraftd_core import TEMPLATES, DocumentTemplate

_PICTURES = Path(__file__).parent / "templates"
_IN_A_ROW = 3


def choose_template(key: str) -> str:
    """The cards; the value of the template that is chosen, which the session keeps under the key."""
    chosen: str = st.session_state[key]
    templates = list(DocumentTemplate)
    with st.container(key="gallery", gap="small"):
        for at in range(0, len(templates), _IN_A_ROW):
            for column, template in zip(st.columns(_IN_A_ROW, gap="small"), templates[at : at + _IN_A_ROW], strict=False):
                with column:
                    _show_card(template, key, is_chosen=template.value == chosen)
    return chosen


def _show_card(template: DocumentTemplate, key: str, *, is_chosen: bool) -> None:
    label = TEMPLATES[template].label
    name = f"gallery_{'chosen' if is_chosen else 'card'}_{template.value}"
    with st.container(border=True, key=name, gap=None, height="stretch"):
        st.image(_PICTURES / f"{template.value}.png", alt=f"The first page of {label.lower()}, much smaller")
        st.button(
            f"✓ {label}" if is_chosen else label, key=f"{key}_{template.value}", type="tertiary", width="stretch",
            on_click=st.session_state.__setitem__, args=(key, template.value),
        )
        st.caption(TEMPLATES[template].about)
