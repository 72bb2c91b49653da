"""How the result should look: the choices on the Review page."""

import streamlit as st

from kraftd_core import HELP, DocumentTemplate, Learned, Review, label_of
from pages.parts.editing import Opened
from pages.parts.learned import show_usual
from pages.parts.widgets import FORMATS, template_label


def show_preferences(review: Review, there: Opened, learned: Learned) -> None:
    """Template, format, what comes first, and the user's own words."""
    with st.container(border=True, key="stage2_preferences"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown("**How should it look**", width="content")
            show_usual(learned)
        template, file_format, first = st.columns([2, 3, 4], gap="medium")
        with template:
            st.selectbox("Template", [t.value for t in DocumentTemplate], format_func=template_label, key="stage2_template")
        with file_format:
            st.radio("Format", list(FORMATS), format_func=FORMATS.__getitem__, key="stage2_format", horizontal=True)
        with first:
            st.multiselect(
                "Put first",
                [name for name in there.names if name in review.draft.modified_data],
                format_func=label_of,
                key="stage2_priority",
                placeholder="Fields that should come first",
            )
        st.text_area(
            "In your words",
            key="stage2_instructions",
            placeholder="Highlight all totals, leave out the bank details",
            help=HELP,
            height=70,
        )
        if st.session_state["stage2_instructions"].strip():
            st.caption("On Deliver you see what will be done with these words, before anything is produced.")
