"""What others call is had from the core itself, typed, and wired once in a process."""

import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import kraftd_core

pytestmark = pytest.mark.slow

PROJECT = Path(__file__).parents[1]
CONTRACT = (
    "ExportTrackingService", "ExportStage", "KraftdAIAgent", "initialize_export_tracking", "get_export_tracking_service",
)  # fmt: skip


def test_the_contract_is_had_from_the_core_itself():
    assert set(CONTRACT) <= set(kraftd_core.__all__)
    assert [stage.value for stage in kraftd_core.ExportStage] == [
        "initial_ai_summary", "user_modifications", "final_summary_and_deliverable",
    ]  # fmt: skip


def test_every_error_is_had_from_the_core_itself():
    from kraftd_core import errors

    raised = {name for name, member in vars(errors).items() if isinstance(member, type) and issubclass(member, Exception)}
    assert raised <= set(kraftd_core.__all__)


def ran(folder, *lines):
    """What these lines print in a process of their own."""
    source = "\n".join(("from kraftd_core import *", "from pathlib import Path", f"folder = Path({str(folder)!r})", *lines))
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, cwd=PROJECT, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split("\n")[:-1]


def test_the_first_call_makes_the_recorder_and_later_ones_get_the_same(tmp_path):
    lines = (
        "made = initialize_export_tracking(data_dir=folder)",
        "print(made is initialize_export_tracking() is get_export_tracking_service())",
    )
    assert ran(tmp_path, *lines) == ["True"]


def test_settings_that_would_not_hold_are_refused(tmp_path):
    lines = (
        "initialize_export_tracking(data_dir=folder)",
        "try:", "    initialize_export_tracking(data_dir=folder / 'other')", "except SettingsError as error:", "    print(error)",
    )  # fmt: skip
    assert ran(tmp_path, *lines) == ["The recorder of this process was made already. Give settings to the first call only."]


def test_a_setting_that_does_not_exist_is_refused(tmp_path):
    lines = ("try:", "    initialize_export_tracking(data_folder=folder)", "except SettingsError as error:", "    print(error)")
    assert ran(tmp_path, *lines) == ["There is no setting data_folder. The README lists them."]


def test_the_example_of_the_contract_runs_as_written(tmp_path):
    text = (PROJECT / "docs" / "contract.md").read_text(encoding="utf-8")
    source, printed = (re.search(rf"```{kind}\n(.*?)```", text, re.DOTALL)[1] for kind in ("python", "text"))
    environment = os.environ | {"KRAFTD_DATA_DIR": str(tmp_path), "PYTHONPATH": str(PROJECT)}
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, env=environment, check=False)
    assert (done.stdout, done.returncode) == (printed, 0), done.stderr


def test_the_contract_names_every_argument_as_it_is():
    text = " ".join((PROJECT / "docs" / "contract.md").read_text(encoding="utf-8").split())
    for name in ("record_stage_1_initial_summary", "record_stage_2_user_modifications", "record_stage_3_final_deliverable",
                 "get_export_history", "get_workflow_stages"):  # fmt: skip
        asked = [p for p in inspect.signature(getattr(kraftd_core.ExportTrackingService, name)).parameters.values()
                 if p.kind is p.POSITIONAL_OR_KEYWORD and p.name != "self"]  # fmt: skip
        written = re.search(rf"\b{name}\((.*?)\) ->", text)[1]
        assert [part.split(":")[0].strip() for part in re.split(r", (?=\w+:)", written)] == [p.name for p in asked]
