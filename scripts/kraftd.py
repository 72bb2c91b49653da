"""The two commands, with nothing needed but Python: sets up, then starts the application or runs every check.

    python3 scripts/kraftd.py run  [--port N] [arguments for `streamlit run`]
    python3 scripts/kraftd.py test [--quick | --all] [arguments for pytest]

--quick leaves out what takes long: pages, routes, the browser, scans, emulators, LibreOffice, shared documents. --all adds the
large sets.
"""

import argparse
import hashlib
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
OLDEST, NEWEST = (3, 11), (3, 14)  # .ci/run names the same two
LOCKED = ("--requirement", Path("scripts", "requirements.lock"))
INSTALLED = {
    "run": LOCKED,
    "test": (*LOCKED, "--requirement", Path("tests", "requirements.txt"), "--constraint", Path("tests", "constraints.txt")),
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
TOOLS = {"pdftotext": "poppler-utils", "qpdf": "qpdf", "soffice": "libreoffice-calc", "npm": "npm"}
EMULATORS = {"cosmosdb-server": "@vercel/cosmosdb-server@1.0.1", "azurite-blob": "azurite@3.35.0"}
READABILITY = "axe-core@4.14.0"  # what the tests hold the pages against
NODE = VENV / "node"
CHECKS = (("ruff", "check", "."), ("mypy",), ("lint-imports",))  # programs of the environment, run before the tests
MEMORY_BYTES = 4 * 2**30
SHARED_OUT = ("--dist", "loadfile", "--no-loadscope-reorder")

Which = Callable[[str], str | None]


@dataclass(frozen=True)
class Extent:
    """How much of the tests is run: those with these marks, in so many processes, with so many made examples to a law."""

    marks: str
    processes: int
    profile: str  # of Hypothesis, in tests/conftest.py
    wants_programs: bool = True  # a browser, emulators, LibreOffice


EXTENTS = {
    "quick": Extent("not (browser or ocr or emulator or shared or slow or large)", 2, "few", wants_programs=False),
    "gate": Extent("not large", 3, "some"),  # one process more than cores: a browser is waited for most of the time
    "all": Extent("", 3, "many"),
}


class SetupFailed(Exception):
    """What stands in the way, in one sentence."""


def main(arguments: Sequence[str]) -> int:
    """The exit code of the command."""
    if not arguments or arguments[0] not in INSTALLED:
        print(__doc__, file=sys.stderr)
        return 2
    command, *rest = arguments
    try:
        refuse_version(sys.version_info[:2])
        set_up(command)
        return start(rest) if command == "run" else check(rest)
    except SetupFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def say(text: str) -> None:
    """One line for the user, at once."""
    print(text, flush=True)


# Setting up


def refuse_version(version: tuple[int, int]) -> None:
    """Raises SetupFailed for a Python that the dependencies do not take."""
    if not OLDEST <= version <= NEWEST:
        this, oldest, newest = (".".join(map(str, each)) for each in (version, OLDEST, NEWEST))
        raise SetupFailed(
            f"This is Python {this}; Kraftd Review needs {oldest} to {newest}. "
            f"Start the command with one of these, for example: python{newest} scripts/kraftd.py run"
        )


def set_up(kind: str) -> None:
    """Makes the virtual environment hold what `kind` ("run" or "test") needs; does nothing where it does already."""
    stamps = {kind: stamp_of(kind), "run": stamp_of("run")}  # what the tests need includes what the application needs
    if is_stamped(VENV, kind, stamps[kind]):
        return
    say(f"Setting up {VENV} (the first time takes some minutes).")
    if not is_environment(VENV):
        call(sys.executable, "-m", "venv", "--clear", VENV)
    install(*INSTALLED[kind])
    for name, stamp in stamps.items():
        stamp_file(VENV, name).write_text(stamp, encoding="utf-8")


def stamp_of(kind: str, root: Path = ROOT, python: str = platform.python_version()) -> str:
    """What an environment was set up from: the files that pin packages, and the Python."""
    digest = hashlib.sha256(python.encode())
    for file in INSTALLED[kind][1::2]:
        digest.update(b"\0" + (root / file).read_bytes())
    return digest.hexdigest()


def stamp_file(venv: Path, kind: str) -> Path:
    """Where an environment says that it was set up for `kind`."""
    return venv / f".set-up-for-{kind}"


def is_stamped(venv: Path, kind: str, stamp: str) -> bool:
    """Whether the environment was set up for `kind`, to the end, and from what stands there now."""
    file = stamp_file(venv, kind)
    return file.is_file() and file.read_text(encoding="utf-8") == stamp


def is_environment(venv: Path, python: str = platform.python_version()) -> bool:
    """Whether this is a virtual environment of this Python."""
    config = venv / "pyvenv.cfg"
    if not config.is_file() or not python_in(venv).exists():
        return False
    pairs = (line.partition("=") for line in config.read_text(encoding="utf-8").splitlines())
    return {name.strip(): value.strip() for name, _, value in pairs}.get("version") == python


def python_in(venv: Path) -> Path:
    """The interpreter of a virtual environment."""
    return venv / "Scripts" / "python.exe" if os.name == "nt" else venv / "bin" / "python"


def program_in(venv: Path, name: str) -> Path:
    """A program that a package brought into a virtual environment."""
    python = python_in(venv)
    return python.with_name(name + python.suffix)


def install(*arguments: str | Path) -> None:
    """Installs into the environment; pip speaks only of what went wrong."""
    call(python_in(VENV), "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", *arguments)


def call(*command: str | Path) -> None:
    """Runs a command in the project folder; raises SetupFailed if it fails."""
    if subprocess.run(command, cwd=ROOT, check=False).returncode:
        raise SetupFailed(f"Setting up stopped at: {' '.join(map(str, command))}. See the message above, then start again.")


def succeeds(*command: str | Path) -> bool:
    """Whether a command ends well; only its errors are shown."""
    return not subprocess.run(command, cwd=ROOT, check=False, stdout=subprocess.DEVNULL).returncode


# The application


def start(arguments: Sequence[str]) -> int:
    """Serves the application on this computer alone, until it is stopped."""
    command = [str(python_in(VENV)), *serve(arguments, opens_browser=sys.stdout.isatty())]
    os.chdir(ROOT)
    if os.name != "nt":  # there exec returns to the prompt while the new program still runs
        os.execv(command[0], command)
    return subprocess.run(command, check=False).returncode


def serve(arguments: Sequence[str], opens_browser: bool) -> list[str]:
    """The arguments that make Python serve the application."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--port", type=int, default=8501)
    ours, others = parser.parse_known_args(arguments)
    return [
        "-m", "streamlit", "run", str(ROOT / "app.py"), "--server.address", "127.0.0.1", "--server.port", str(ours.port),
        "--server.headless", str(not opens_browser).lower(), *others,
    ]


# The checks


def check(arguments: Sequence[str]) -> int:
    """Runs the checks; the exit code of the first that failed, 0 if none did."""
    extent, rest = asked_for(arguments)
    if extent.wants_programs:
        provide_tools(shutil.which)
        provide_browser(shutil.which)
        provide_emulators(shutil.which)
    codes, environment = {}, surroundings()
    for name, *options in (*CHECKS, ("pytest", *options_of(extent), *rest)):
        say(f"\n{name} {' '.join(options)}".rstrip())
        codes[name] = subprocess.run([program_in(VENV, name), *options], cwd=ROOT, env=environment, check=False).returncode
    failed = [name for name, code in codes.items() if code]
    say(f"\nFailed: {', '.join(failed)}." if failed else "\nEvery check passed.")
    return codes[failed[0]] if failed else 0


def surroundings(memory: Path = Path("/dev/shm")) -> dict[str, str]:
    """The environment of the checks. Python keeps what it compiles, for the tests start it hundreds of times; the tests' folders
    lie in memory where there is room, for SQLite waits for the disk at each commit."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    has_room = memory.is_dir() and shutil.disk_usage(memory).free >= MEMORY_BYTES
    return {"PYTEST_DEBUG_TEMPROOT": str(memory)} | kept if has_room else kept


def asked_for(arguments: Sequence[str]) -> tuple[Extent, list[str]]:
    """The extent that is asked for, narrowed by marks of the caller's own; and what is left for pytest."""
    parser = argparse.ArgumentParser(prog="kraftd.py test", add_help=False, allow_abbrev=False)
    extents = parser.add_mutually_exclusive_group()
    for name in ("quick", "all"):
        extents.add_argument(f"--{name}", action="store_const", const=name, dest="extent", default="gate")
    parser.add_argument("-m", dest="marks", default="")  # pytest heeds the last one only: it would undo ours
    ours, rest = parser.parse_known_args(arguments)
    extent = EXTENTS[ours.extent]
    if not ours.marks:
        return extent, rest
    return replace(extent, marks=f"({extent.marks}) and ({ours.marks})" if extent.marks else ours.marks), rest


def options_of(extent: Extent) -> list[str]:
    """What tells pytest to run so much."""
    return ["-m", extent.marks, "-n", str(extent.processes), *SHARED_OUT, f"--hypothesis-profile={extent.profile}"]


def provide_tools(which: Which) -> None:
    """Installs the programs that some tests read deliverables with; those tests skip themselves without."""
    missing = [tool for tool in TOOLS if which(tool) is None]
    if missing and not (may_install(which) and installs(*(TOOLS[tool] for tool in missing))):
        say(f"Not on this computer: {', '.join(missing)}. The tests that need them will say that they were skipped.")


def provide_emulators(which: Which) -> None:
    """Installs the emulators of the cloud services, and axe-core, beside the environment, where npm is; else tests skip."""
    packages = (*EMULATORS.values(), READABILITY)
    stamp, wanted = NODE / ".set-up", "\n".join(packages)
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return
    npm = which("npm")
    if npm is None:
        say("Not on this computer: npm. The tests with emulators and axe-core will say that they were skipped.")
        return
    say(f"Installing {', '.join(packages)}.")
    NODE.mkdir(parents=True, exist_ok=True)
    call(npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", NODE, *packages)
    stamp.write_text(wanted, encoding="utf-8")


def provide_browser(which: Which) -> None:
    """Sees to it that there is a Chromium for the tests in a browser."""
    source = browser_source(which)
    if source == "system" or (source == "apt" and installs("chromium")):
        return
    say("No Chromium on this computer: Playwright's own is installed (a way that was not tested).")
    call(python_in(VENV), "-m", "playwright", "install", "chromium")


def browser_source(which: Which) -> str:
    """Where the browser comes from: "system", else "apt" where that may be used, else "playwright"."""
    if any(which(name) for name in BROWSERS):
        return "system"
    return "apt" if may_install(which) else "playwright"


def may_install(which: Which) -> bool:
    """Whether this is root on a Debian."""
    return hasattr(os, "geteuid") and os.geteuid() == 0 and which("apt-get") is not None


def installs(*packages: str) -> bool:
    """Whether these packages of the system could be installed."""
    say(f"Installing {', '.join(packages)}.")
    return succeeds("apt-get", "--quiet", "update") and succeeds(
        "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet", "install", "--yes", "--no-install-recommends", *packages
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
