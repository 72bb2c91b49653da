"""The one place that touches what Streamlit does not promise to keep: the files that it holds in memory for a session.

`tests/pages/test_inside_streamlit.py` names the version that this was tried with.
"""

from typing import TYPE_CHECKING

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile as UploadedFile


def address_of_picture(picture: bytes, key: str) -> str:
    """Where the browser fetches a PNG: the same address as long as it is the same picture, so that no run sends it again."""
    path = runtime.get_instance().media_file_mgr.add(picture, "image/png", key)
    base = str(st.get_option("server.baseUrlPath")).strip("/")
    return f"/{base}{path}" if base else path


def taken(uploaded: "UploadedFile") -> bytes:
    """The bytes of an upload, which Streamlit then lets go of: it would hold them until the browser leaves."""
    content = uploaded.getvalue()
    context = get_script_run_ctx()
    remove = getattr(context.uploaded_file_mgr, "remove_file", None) if context else None
    if context and remove:
        remove(context.session_id, uploaded.file_id)
    return content
