"""The two commands: what they refuse, when they install, where the browser comes from, and how they end."""

import os
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import pytest
from packaging.requirements import Requirement

from scripts import kraftd

PROJECT = Path(__file__).parents[1]
LOCK = "scripts/requirements.lock"
QUICK = kraftd.EXTENTS["quick"].marks
PINNED = (LOCK, "tests/requirements.txt", "tests/constraints.txt")


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


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13), (3, 14)])
def test_a_supported_python_is_taken(version):
    kraftd.refuse_version(version)


@pytest.mark.parametrize("version", [(2, 7), (3, 10), (3, 15), (4, 0)])
def test_another_python_is_refused_with_a_sentence_that_names_the_right_ones(version):
    with pytest.raises(kraftd.SetupFailed, match=r"This is Python \d\.\d+; .* needs 3\.11 to 3\.14"):
        kraftd.refuse_version(version)


def test_ci_looks_for_the_same_pythons():
    script = (PROJECT / ".ci" / "run").read_text(encoding="utf-8")
    assert f"{kraftd.OLDEST} <= sys.version_info[:2] <= {kraftd.NEWEST}" in script
    assert re.findall(r"python3\.(\d+)", script.partition("; do")[0]) == ["14", "13", "12", "11"]


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
    """A project folder that has the files which pin packages."""
    for file in PINNED:
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text("a==1\n")
    return tmp_path


@pytest.mark.parametrize(("kind", "file", "changes"), [
    ("run", LOCK, True),
    ("run", "tests/requirements.txt", False),
    ("run", "tests/constraints.txt", False),
    ("test", LOCK, True),
    ("test", "tests/requirements.txt", True),
    ("test", "tests/constraints.txt", True),
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
    codes = {"mypy": 3, "pytest": 5}
    started = []

    def run(command, **_options):
        program, *options = command
        started.append([program.name, *options])
        return SimpleNamespace(returncode=codes.get(program.name, 0))

    monkeypatch.setattr(kraftd.subprocess, "run", run)
    monkeypatch.setattr(kraftd.shutil, "which", machine(*kraftd.TOOLS, "chromium"))
    monkeypatch.setattr(kraftd, "provide_emulators", lambda which: None)
    assert kraftd.check(["-k", "house"]) == 3
    assert [name for name, *_ in started] == [*(name for name, *_ in kraftd.CHECKS), "pytest"]
    assert started[-1] == ["pytest", *kraftd.options_of(kraftd.EXTENTS["gate"]), "-k", "house"]
    assert "Failed: mypy, pytest." in capsys.readouterr().out


@pytest.mark.parametrize(("arguments", "extent", "marks", "rest"), [
    ([], "gate", "not large", []),
    (["--all"], "all", "", []),
    (["--quick", "-k", "house", "tests/test_house.py"], "quick", QUICK, ["-k", "house", "tests/test_house.py"]),
    (["-x", "--quick", "--durations=10", "-q"], "quick", QUICK, ["-x", "--durations=10", "-q"]),
    (["--quick", "-m", "not slow or ocr"], "quick", f"({QUICK}) and (not slow or ocr)", []),
    (["-m", "ocr"], "gate", "(not large) and (ocr)", []),
    (["--all", "-m", "large"], "all", "large", []),
])
def test_how_much_is_run_goes_together_with_other_arguments_of_pytest(arguments, extent, marks, rest):
    found, others = kraftd.asked_for(arguments)
    expected = kraftd.EXTENTS[extent]
    assert (found.marks, found.processes, found.profile) == (marks, expected.processes, expected.profile)
    assert others == rest


def test_what_the_checks_compile_is_kept_whatever_the_environment_says(venv, monkeypatch):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    given = []

    def run(_, **options):
        given.append(options["env"])
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(kraftd.subprocess, "run", run)
    kraftd.check(["--quick"])
    assert given and all("PYTHONDONTWRITEBYTECODE" not in env and env["PATH"] == os.environ["PATH"] for env in given)


@pytest.mark.parametrize(("free", "root"), [(8 * 2**30, True), (64 * 2**20, False)])
def test_the_folders_of_tests_lie_in_memory_where_there_is_room(tmp_path, monkeypatch, free, root):
    monkeypatch.delenv("PYTEST_DEBUG_TEMPROOT", raising=False)
    monkeypatch.setattr(kraftd.shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    assert kraftd.surroundings(tmp_path).get("PYTEST_DEBUG_TEMPROOT") == (str(tmp_path) if root else None)
    assert "PYTEST_DEBUG_TEMPROOT" not in kraftd.surroundings(tmp_path / "nowhere")


def test_quick_and_all_exclude_each_other(capsys):
    with pytest.raises(SystemExit, match="2"):
        kraftd.asked_for(["--quick", "--all"])
    assert "not allowed with" in capsys.readouterr().err


@pytest.mark.parametrize(("arguments", "provided"), [(["--quick"], False), (["--quick", "-m", "not ocr"], False), ([], True)])
def test_the_quick_checks_install_no_program(venv, calls, monkeypatch, arguments, provided):
    asked = []
    for name in ("provide_tools", "provide_browser", "provide_emulators"):
        monkeypatch.setattr(kraftd, name, lambda which, name=name: asked.append(name))
    assert kraftd.check(arguments) == 0
    assert bool(asked) is provided


@pytest.mark.parametrize("extent", kraftd.EXTENTS)
def test_every_mark_that_an_extent_names_is_declared(pytestconfig, extent):
    declared = {line.partition(":")[0] for line in pytestconfig.getini("markers")}
    assert set(re.findall(r"\w+", kraftd.EXTENTS[extent].marks)) - {"not", "or"} <= declared


@pytest.mark.parametrize("arguments", [[], ["deploy"]])
def test_a_call_without_a_known_command_says_which_there_are(arguments, capsys):
    assert kraftd.main(arguments) == 2
    assert "kraftd.py test" in capsys.readouterr().err


def test_a_failure_is_one_sentence_and_an_exit_code(monkeypatch, capsys):
    monkeypatch.setattr(kraftd.sys, "version_info", (3, 15, 0))
    assert kraftd.main(["run"]) == 1
    assert capsys.readouterr().err.startswith("This is Python 3.15")


def test_the_commands_need_nothing_but_python():
    run = subprocess.run(
        [sys.executable, "-I", "-S", PROJECT / "scripts" / "kraftd.py"], capture_output=True, text=True, check=False
    )
    assert (run.returncode, "kraftd.py run" in run.stderr) == (2, True)


# What is pinned


def pins(file):
    lines = (PROJECT / file).read_text(encoding="utf-8").splitlines()
    return [line.split("#")[0].strip() for line in lines if line.split("#")[0].strip()]


def names(*files):
    return {name_of(pin) for file in files for pin in pins(file)}


def name_of(requirement):
    return re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+?(?=[^\w.-]|$)", requirement)[0]).lower()


def brought_along(roots, holds):
    """These packages and all that they require, as installed here, where `holds` says that a requirement counts."""
    found, waiting = set(), list(roots)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            required = map(Requirement, metadata.requires(name) or [])
            waiting += [name_of(each.name) for each in required if holds(each.marker)]
    return found


def applies_here(marker):
    return marker is None or marker.evaluate({"extra": ""})


def test_every_package_is_pinned_once():
    everything = [pin for file in PINNED for pin in pins(file)]
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", pin) for pin in everything)
    assert len({name_of(pin) for pin in everything}) == len(everything)


def test_the_lock_holds_what_the_project_names_except_what_is_for_tests():
    named = {pin for pin in pins("requirements.txt") if name_of(pin) not in names("tests/requirements.txt")}
    assert named <= set(pins(LOCK))
    assert set(pins("requirements.txt")) - named <= set(pins("tests/requirements.txt"))


def test_the_lock_holds_all_that_the_application_brings_along_and_nothing_of_the_tests():
    named = names("requirements.txt") - names("tests/requirements.txt")
    assert brought_along(named, applies_here) == names(LOCK)


def test_what_the_tests_bring_along_beyond_the_lock_is_pinned_beside_them_and_nothing_else():
    brought = brought_along(names("tests/requirements.txt"), applies_here)
    assert brought - names(LOCK) == names("tests/requirements.txt", "tests/constraints.txt")


def test_what_is_installed_here_is_what_is_pinned():
    pinned = dict(pin.split("==") for file in PINNED for pin in pins(file))
    assert {name: metadata.version(name) for name in pinned} == pinned


def test_the_packages_that_were_asked_for_are_among_the_direct_ones():
    asked = {"streamlit", "pandas", "azure-ai-formrecognizer", "azure-cosmos", "openai", "openpyxl", "reportlab", "pytest"}
    assert asked <= names("requirements.txt")
