"""The two commands: what they refuse, when they install, where the browser comes from, and how they end."""

import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from scripts import kraftd

PROJECT = Path(__file__).parents[1]


@pytest.fixture
def venv(tmp_path, monkeypatch):
    """A folder in the place of the project's environment."""
    folder = tmp_path / "venv"
    folder.mkdir()
    monkeypatch.setattr(kraftd, "VENV", folder)
    return folder


@pytest.fixture
def calls(monkeypatch):
    """Every program that would have been started, in order; all succeed."""
    started = []

    def run(command, **_options):
        started.append([str(part) for part in command])
        return SimpleNamespace(returncode=0, stdout="5.0\n")

    monkeypatch.setattr(kraftd.subprocess, "run", run)
    return started


def machine(*programs):
    """A computer on which only these programs are found."""
    return lambda name: f"/usr/bin/{name}" if name in programs else None


# Which Python


@pytest.mark.parametrize("version", [(3, 11), (3, 12)])
def test_a_supported_python_is_taken(version):
    kraftd.refuse_version(version)


@pytest.mark.parametrize("version", [(2, 7), (3, 10), (3, 13), (4, 0)])
def test_another_python_is_refused_with_a_sentence_that_names_the_right_ones(version):
    with pytest.raises(kraftd.SetupFailed, match=r"This is Python \d\.\d+; .* needs 3\.11 or 3\.12"):
        kraftd.refuse_version(version)


# What is installed, and when


def test_the_second_set_up_starts_no_program(venv, calls):
    kraftd.set_up("test")
    assert calls
    calls.clear()
    kraftd.set_up("test")
    assert calls == []


def test_what_was_set_up_for_tests_serves_the_application_too(venv, calls):
    kraftd.set_up("test")
    calls.clear()
    kraftd.set_up("run")
    assert calls == []


def test_what_was_set_up_for_the_application_lacks_what_tests_need(venv, calls):
    kraftd.set_up("run")
    assert not any("tests/requirements.txt" in part for call in calls for part in call)
    calls.clear()
    kraftd.set_up("test")
    assert any(part.endswith("tests/requirements.txt") for call in calls for part in call)


def test_a_set_up_that_broke_off_is_done_again(venv, calls, monkeypatch):
    monkeypatch.setattr(kraftd, "install", lambda *_: (_ for _ in ()).throw(kraftd.SetupFailed("no")))
    with pytest.raises(kraftd.SetupFailed):
        kraftd.set_up("run")
    assert not kraftd.is_stamped(venv, "run", kraftd.stamp_of("run"))


@pytest.fixture
def pinned(tmp_path):
    """A project folder that has the files which name packages."""
    (tmp_path / "tests").mkdir()
    for file in ("requirements.txt", "tests/requirements.txt", "tests/constraints.txt"):
        (tmp_path / file).write_text("a==1\n")
    return tmp_path


@pytest.mark.parametrize(("kind", "file", "changes"), [
    ("run", "requirements.txt", True),
    ("run", "tests/constraints.txt", True),
    ("run", "tests/requirements.txt", False),
    ("test", "tests/requirements.txt", True),
])
def test_the_stamp_changes_with_the_files_that_it_stands_for(pinned, kind, file, changes):
    before = kraftd.stamp_of(kind, pinned)
    (pinned / file).write_text("a==2\n")
    assert (kraftd.stamp_of(kind, pinned) != before) is changes


def test_the_stamp_changes_with_the_python(pinned):
    assert kraftd.stamp_of("run", pinned, "3.11.7") != kraftd.stamp_of("run", pinned, "3.12.1")


def test_an_environment_of_another_python_is_made_anew(tmp_path):
    (tmp_path / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.11.7\n")
    interpreter = kraftd.python_in(tmp_path)
    interpreter.parent.mkdir()
    interpreter.touch()
    assert kraftd.is_environment(tmp_path, "3.11.7")
    assert not kraftd.is_environment(tmp_path, "3.12.1")
    interpreter.unlink()
    assert not kraftd.is_environment(tmp_path, "3.11.7")


def test_a_program_that_fails_stops_the_set_up_and_is_named():
    with pytest.raises(kraftd.SetupFailed, match=r"stopped at: .*raise SystemExit"):
        kraftd.call(sys.executable, "-c", "raise SystemExit(3)")


# The browser and other programs


@pytest.mark.parametrize("name", ["chromium", "chromium-browser", "google-chrome"])
def test_a_browser_of_the_system_comes_before_all_others(monkeypatch, name):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert kraftd.browser_source(machine(name, "apt-get")) == "system"


@pytest.mark.parametrize(("user", "programs", "source"), [
    (0, ["apt-get"], "apt"), (1000, ["apt-get"], "playwright"), (0, [], "playwright"),
])
def test_debians_browser_is_for_root_and_playwrights_for_the_rest(monkeypatch, user, programs, source):
    monkeypatch.setattr(os, "geteuid", lambda: user)
    assert kraftd.browser_source(machine(*programs)) == source


def test_playwrights_browser_is_said_to_be_untested(venv, calls, monkeypatch, capsys):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    kraftd.provide_browser(machine())
    assert calls[-1][1:] == ["-m", "playwright", "install", "chromium"]
    assert "not tested" in capsys.readouterr().out


def test_only_missing_programs_are_installed(calls, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    kraftd.provide_tools(machine("apt-get", "qpdf"))
    assert calls[0][-1] == "update"
    assert calls[1][-3:] == ["poppler-utils", "libreoffice-calc", "npm"]


def test_programs_that_cannot_be_installed_are_named_and_nothing_stops(calls, monkeypatch, capsys):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    kraftd.provide_tools(machine("apt-get", "qpdf"))
    assert calls == []
    assert "pdftotext, soffice, npm" in capsys.readouterr().out


def test_the_emulators_are_installed_once(calls, monkeypatch, tmp_path):
    monkeypatch.setattr(kraftd, "NODE", tmp_path / "node")
    kraftd.provide_emulators(machine("npm"))
    kraftd.provide_emulators(machine("npm"))
    (call,) = calls
    assert call[-3:] == ["@vercel/cosmosdb-server@1.0.1", "azurite@3.35.0", "axe-core@4.14.0"]


def test_without_npm_it_is_said_that_the_emulators_are_missing(calls, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(kraftd, "NODE", tmp_path / "node")
    kraftd.provide_emulators(machine())
    assert calls == []
    assert "skipped" in capsys.readouterr().out


# How they start and end


def test_the_application_is_served_to_this_computer_alone():
    arguments = kraftd.serve([], opens_browser=False)
    assert arguments[arguments.index("--server.address") + 1] == "127.0.0.1"
    assert arguments[arguments.index("--server.port") + 1] == "8501"
    assert arguments[arguments.index("--server.headless") + 1] == "true"


def test_the_port_and_other_arguments_are_passed_on():
    arguments = kraftd.serve(["--port", "9000", "--logger.level", "debug"], opens_browser=True)
    assert arguments[arguments.index("--server.port") + 1] == "9000"
    assert arguments[-2:] == ["--logger.level", "debug"]


def test_all_checks_run_and_the_first_that_failed_gives_the_exit_code(venv, monkeypatch, capsys):
    codes = {"ruff": 0, "mypy": 3, "pytest": 5}
    started = []

    def run(command, **_options):
        started.append(command[2:])
        return SimpleNamespace(returncode=codes[command[2]])

    monkeypatch.setattr(kraftd.subprocess, "run", run)
    monkeypatch.setattr(kraftd.shutil, "which", machine(*kraftd.TOOLS, "chromium"))
    monkeypatch.setattr(kraftd, "provide_emulators", lambda which: None)
    assert kraftd.check(["-k", "house"]) == 3
    assert [name for name, *_ in started] == ["ruff", "mypy", "pytest"]
    assert started[-1] == ["pytest", *kraftd.SIDE_BY_SIDE, "-k", "house"]
    assert "Failed: mypy, pytest." in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [[], ["deploy"]])
def test_a_call_without_a_known_command_says_which_there_are(arguments, capsys):
    assert kraftd.main(arguments) == 2
    assert "kraftd.py test" in capsys.readouterr().err


def test_a_failure_is_one_sentence_and_an_exit_code(monkeypatch, capsys):
    monkeypatch.setattr(kraftd.sys, "version_info", (3, 13, 0))
    assert kraftd.main(["run"]) == 1
    assert capsys.readouterr().err.startswith("This is Python 3.13")


def test_the_commands_need_nothing_but_python():
    run = subprocess.run(
        [sys.executable, "-I", "-S", PROJECT / "scripts" / "kraftd.py"], capture_output=True, text=True, check=False
    )
    assert (run.returncode, "kraftd.py run" in run.stderr) == (2, True)


# What is pinned


def pins(file):
    lines = (PROJECT / file).read_text(encoding="utf-8").splitlines()
    return [line.split("#")[0].strip() for line in lines if line.split("#")[0].strip()]


def name_of(pin):
    return re.sub(r"[-_.]+", "-", pin.partition("==")[0]).lower()


def test_every_package_is_pinned_once():
    everything = [pin for file in ("requirements.txt", "tests/requirements.txt", "tests/constraints.txt") for pin in pins(file)]
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", pin) for pin in everything)
    assert len({name_of(pin) for pin in everything}) == len(everything)


def test_the_packages_that_were_asked_for_are_among_the_direct_ones():
    asked = {"streamlit", "pandas", "azure-ai-formrecognizer", "azure-cosmos", "openai", "openpyxl", "reportlab", "pytest"}
    assert asked <= set(map(name_of, pins("requirements.txt")))
