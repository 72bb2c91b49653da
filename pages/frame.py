"""The frame of every page: who is signed in, where one can go, which engines are at work, and what is not confirmed yet."""

from pathlib import Path

import streamlit as st

from pages.parts.session import actor, reader, saved, writer
from pages.parts.waiting import show_waiting, start_run
from pages.parts.widgets import plain

# drawn here: an icon by its name would be fetched from its maker's servers
ICON = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect width="24" height="24" rx="5" fill="#1f5f8b"/>
<path d="M6 12.5l4 4 8-9" fill="none" stroke="#fff" stroke-width="2.5"/></svg>"""
st.set_page_config(page_title="Kraftd Review", page_icon=ICON, layout="wide", initial_sidebar_state=240)
st.html(Path(__file__).parent / "parts" / "style.css")

page = st.navigation(
    {
        "Work": [
            st.Page("stage1_summary.py", title="New document", icon=":material/upload_file:", url_path="new", default=True),
            st.Page("stage2_modifications.py", title="Review", icon=":material/rule:", url_path="review"),
            st.Page("stage3_deliverable.py", title="Deliver", icon=":material/file_export:", url_path="deliver"),
        ],
        "Records": [
            st.Page("history.py", title="History", icon=":material/history:", url_path="history"),
            st.Page("compare.py", title="Compare", icon=":material/compare:", url_path="compare"),
            st.Page("verify.py", title="Verify", icon=":material/verified:", url_path="verify"),
            st.Page("status.py", title="Status", icon=":material/monitor_heart:", url_path="status"),
        ],
    },
)
with st.sidebar.container(key="frame_foot"):
    st.caption(f"Signed in as **{plain(actor().email)}**")
    st.caption(f"{reader()} · {writer()} · {saved()}")
start_run()
notice = st.container(key="frame_notice")
page.run()
with notice:  # asked after the page has read, so that nothing is called recorded that came in meanwhile
    show_waiting()
