"""What the application touches of Streamlit's insides is there, and does what is said of it."""

from types import SimpleNamespace

import pytest
import streamlit
from servers import PROJECT
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile, UploadedFileRec
from streamlit.testing.v1 import AppTest

from pages.parts import inside_streamlit


def test_the_version_is_the_one_that_this_was_tried_with():
    assert streamlit.__version__ == "1.67.0", "try pages/parts/inside_streamlit.py anew, then name the version here"


def test_no_other_module_of_the_pages_reaches_inside():
    reaching = [
        path.name
        for path in (PROJECT / "pages").rglob("*.py")
        if "runtime" in path.read_text("utf-8") and path.name != "inside_streamlit.py"
    ]
    assert reaching == []


def test_an_upload_is_handed_over_once_and_held_no_longer(monkeypatch):
    held = MemoryUploadedFileManager("/upload")
    record = UploadedFileRec("f1", "a.pdf", "application/pdf", b"x" * 1000)
    held.add_file("s1", record)
    monkeypatch.setattr(
        inside_streamlit, "get_script_run_ctx", lambda: SimpleNamespace(uploaded_file_mgr=held, session_id="s1")
    )
    assert inside_streamlit.taken(UploadedFile(record, file_urls=None)) == b"x" * 1000
    assert held.get_files("s1", ["f1"]) == []


@pytest.mark.parametrize("base", ["", "review", "/review/"])
def test_the_address_of_a_picture_stands_under_the_servers_own_path(monkeypatch, base):
    manager = SimpleNamespace(add=lambda content, mime, key: f"/media/{key}.png")
    monkeypatch.setattr(inside_streamlit.runtime, "get_instance", lambda: SimpleNamespace(media_file_mgr=manager))
    monkeypatch.setattr(inside_streamlit.st, "get_option", lambda name: base)
    expected = "/review/media/k.png" if base else "/media/k.png"
    assert inside_streamlit.address_of_picture(b"", "k") == expected


def test_the_running_script_has_what_is_asked_of_it():
    def page():
        import streamlit as st
        from streamlit.runtime.scriptrunner import get_script_run_ctx

        context = get_script_run_ctx()
        st.write(" ".join(name for name in ("session_id", "uploaded_file_mgr") if hasattr(context, name)))

    assert get_script_run_ctx() is None
    assert AppTest.from_function(page).run().markdown[0].value == "session_id uploaded_file_mgr"
