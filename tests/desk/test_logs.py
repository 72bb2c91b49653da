import json
import logging
import subprocess
import sys

import pytest
from servers import PROJECT

from kraftd_core.desk.upkeep.logs import log_to_stderr, trace_of

SAYS = """
import logging
from kraftd_core.desk.upkeep.logs import log_to_stderr
log_to_stderr("debug", "text")
log_to_stderr({level!r}, {form!r})
log = logging.getLogger("kraftd_core.desk.jobs")
log.debug("d"); log.info("recorded stage=%s", 2); log.warning("w")
logging.getLogger("azure").info("i"); logging.getLogger("azure").warning("aw")
try:
    try:
        int("Confidential Ltd")
    except ValueError as error:
        raise KeyError("ann@example.com") from error
except KeyError as error:
    log.error("job failed", exc_info=error)
access = logging.getLogger("uvicorn.access")
access.setLevel("INFO")
access.warning("GET /history?history_text=Confidential")
logging.getLogger("streamlit.error_util").error("Uncaught app execution", exc_info=ValueError("Confidential"))
logging.getLogger("streamlit.error_util").error("Failed to display")
"""


def said(level, form):
    code = SAYS.format(level=level, form=form)
    run = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert run.stdout == ""
    return run.stderr


@pytest.mark.parametrize(("level", "ours"), [("debug", "d r w j"), ("info", "r w j"), ("warning", "w j"), ("error", "j")])
def test_our_modules_log_from_the_level_on_and_others_their_warnings(level, ours):
    entries = [json.loads(line) for line in said(level, "json").splitlines()]
    assert [e["message"][0] for e in entries if e["logger"].startswith("kraftd")] == ours.split()
    assert [e["message"] for e in entries if e["logger"] == "azure"] == ["aw"]
    assert [e["message"] for e in entries if e["logger"].startswith("streamlit")] == ["Failed to display"]


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_trace_names_the_places_and_kinds_and_no_text_that_may_quote_a_document(form):
    log = said("info", form)
    assert "KeyError" in log
    assert "ValueError" in log
    assert "<string>:11" in log
    assert "Confidential" not in log
    assert "@" not in log


def test_a_json_entry_stands_on_one_line_with_its_moment_in_utc():
    (last,) = [e for line in said("error", "json").splitlines() if (e := json.loads(line))["message"] == "job failed"]
    assert last["time"].endswith("Z")
    assert (last["level"], last["logger"], last["message"]) == ("error", "kraftd_core.desk.jobs", "job failed")
    assert last["trace"][-1] == "KeyError"


def test_a_trace_that_comes_back_to_itself_ends():
    error = ValueError()
    other = KeyError()
    error.__cause__, other.__cause__ = other, error
    assert trace_of(error) == ["KeyError", "ValueError"]


def test_setting_it_up_again_replaces_what_was_set():
    root = logging.getLogger()
    before = list(root.handlers)
    log_to_stderr("info", "text")
    log_to_stderr("warning", "json")
    added = [handler for handler in root.handlers if handler not in before]
    assert len(added) == 1
