"""The house holds: what is loaded at the start, what pages may name, and what lies where. Read from the sources.

Who may import whom in the core stands as contracts in `pyproject.toml`; `lint-imports` holds them among the checks.
"""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import pytest

import kraftd_core
from benchmarks.first_page import cases

PROJECT = Path(__file__).parents[1]
TOP_LEVEL = {
    "app.py", "pages", "kraftd_core", "tests", "scripts", "docs", "benchmarks",
    "requirements.txt", "README.md", "pyproject.toml",
}
CORE_TOP_LEVEL = {"__init__.py", "__init__.pyi", "__main__.py", "bootstrap.py", "settings.py", "errors.py"}
MOST_MODULES = 15  # a room that holds more wants rooms of its own
HEAVY = {
    "pandas", "numpy", "openai", "azure", "aiohttp", "openpyxl", "reportlab", "pdfplumber", "pdfminer", "pypdf", "pypdfium2",
    "docx", "lxml", "PIL", "cv2", "onnxruntime", "rapidocr",
}


# Reading imports


@dataclass(frozen=True)
class Import:
    """A module that is named, and whether naming it loads it as soon as the importing module is loaded."""

    name: str
    at_start: bool


def imports_of(source: str) -> list[Import]:
    """Everything that a source imports, wherever; of the core's package and the pages', the names that are meant."""
    return list(_imports(ast.parse(source), at_start=True))


def _imports(node: ast.AST, at_start: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (Import(alias.name, at_start) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            yield from (Import(name, at_start) for name in _origins(child))
        else:
            yield from _imports(child, at_start and not _is_later(child))


def _origins(node: ast.ImportFrom) -> list[str]:
    origin = "." * node.level + (node.module or "")
    return [f"{origin}.{alias.name}" for alias in node.names] if origin in ("kraftd_core", "pages", "pages.parts") else [origin]


def _is_later(node: ast.AST) -> bool:
    """Whether what stands in it is not run when the module is loaded."""
    only_for_types = isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
    return only_for_types or isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))


# The laws: each says what is wrong with a source


def heavy_faults(source: str) -> list[str]:
    """Heavy packages are imported in the function that uses them first."""
    return [f"{i.name} is loaded at the start" for i in imports_of(source) if i.at_start and i.name.split(".")[0] in HEAVY]


def page_faults(source: str, also: tuple[str, ...] = ()) -> list[str]:
    """A page knows the core by its public names, not by its modules; and Streamlit, pandas and other parts."""
    return [f"{i.name} is not for pages" for i in imports_of(source) if not _is_for_pages(i.name, also)]


def _is_for_pages(name: str, also: tuple[str, ...]) -> bool:
    top, *rest = name.split(".")
    if top == "kraftd_core":
        return len(rest) == 1 and rest[0] in kraftd_core.__all__
    return top in {"streamlit", "pandas", *also} or name.startswith("pages.parts.") or top in sys.stdlib_module_names


def strangers(names: list[str], ignored: list[str], known: set[str]) -> list[str]:
    """What lies in a folder and belongs neither to the layout nor to the ignored; dotted names are let be."""
    own = [name for name in names if not name.startswith(".") and not any(fnmatch(name, i.rstrip("/")) for i in ignored)]
    return sorted(set(own) - known)


# The house as it stands


def sources(pattern: str) -> dict[str, str]:
    """The sources of a part of the project by their paths."""
    return {str(file.relative_to(PROJECT)): file.read_text(encoding="utf-8") for file in sorted(PROJECT.glob(pattern))}


def offenders(found: dict[str, list[str]]) -> dict[str, list[str]]:
    """The sources with faults."""
    return {name: faults for name, faults in found.items() if faults}


def ignored() -> list[str]:
    return (PROJECT / ".gitignore").read_text(encoding="utf-8").split()


@pytest.mark.slow
def test_no_module_loads_a_heavy_package_at_the_start():
    read = sources("kraftd_core/**/*.py") | sources("pages/**/*.py")
    assert offenders({name: heavy_faults(source) for name, source in read.items()}) == {}


def test_a_page_knows_only_the_public_names_of_the_core():
    assert offenders({name: page_faults(source) for name, source in sources("pages/**/*.py").items()}) == {}
    assert offenders({"app.py": page_faults(sources("app.py")["app.py"], also=("starlette",))}) == {}


def test_every_public_name_is_there():
    assert [name for name in kraftd_core.__all__ if getattr(kraftd_core, name, None) is None] == []


@pytest.mark.slow
def test_what_the_pages_take_from_the_core_loads_no_heavy_package(tmp_path):
    nodes = [node for source in (sources("pages/**/*.py") | sources("app.py")).values() for node in ast.walk(ast.parse(source))]
    taken = [ast.unparse(n) for n in nodes if isinstance(n, ast.ImportFrom) and n.module == "kraftd_core"]
    lines = [*taken, "from kraftd_core import core", "core()", "import sys", "print(*sys.modules)"]
    run = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)], cwd=PROJECT, env=os.environ | {"KRAFTD_DATA_DIR": str(tmp_path)},
        capture_output=True, text=True, check=True,
    )
    loaded = {name.split(".")[0] for name in run.stdout.split()}
    assert "kraftd_core" in loaded
    assert loaded & (HEAVY | {"streamlit"}) == set()


def test_the_first_page_loads_no_model_of_the_records():
    """Streamlit itself has no pydantic, whose import alone takes half as long as Streamlit's."""
    lines = [cases()["imports of the first page"], "import sys", "print(*sys.modules)"]
    run = subprocess.run([sys.executable, "-c", "\n".join(lines)], cwd=PROJECT, capture_output=True, text=True, check=True)
    loaded = run.stdout.split()
    assert "kraftd_core.document.wording" in loaded
    assert "pydantic" not in loaded


def test_nothing_lies_beside_the_layout():
    assert strangers([path.name for path in PROJECT.iterdir()], ignored(), TOP_LEVEL) == []
    core = PROJECT / "kraftd_core"
    assert strangers([path.name for path in core.iterdir() if path.is_file()], ignored(), CORE_TOP_LEVEL) == []


def test_no_room_of_the_core_is_overfull():
    rooms = [path for path in (PROJECT / "kraftd_core").rglob("*") if path.is_dir()]
    full = {str(room.relative_to(PROJECT)): len([*room.glob("*.py")]) - 1 for room in rooms}  # less its __init__
    assert {room: count for room, count in full.items() if count > MOST_MODULES} == {}


@pytest.mark.slow
def test_no_class_name_stands_twice_in_the_core():
    homes: dict[str, list[str]] = {}
    for name, source in sources("kraftd_core/**/*.py").items():
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ClassDef):
                homes.setdefault(node.name, []).append(name)
    assert {name: files for name, files in homes.items() if len(files) > 1} == {}


# The laws can fail


def test_imports_are_found_wherever_they_stand():
    source = """
import openpyxl.styles
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    import pandas
class Sheet:
    import numpy
    def make(self):
        from kraftd_core import Desk, errors
"""
    assert imports_of(source) == [
        Import("openpyxl.styles", True), Import("typing", True), Import("pandas", False), Import("numpy", True),
        Import("kraftd_core.Desk", False), Import("kraftd_core.errors", False),
    ]


@pytest.mark.parametrize("source", [
    "from kraftd_core.records.stages import InitialSummary",
    "from kraftd_core import bootstrap",
    "import kraftd_core",
    "import kraftd_core.desk",
    "import sqlite3, openpyxl",
    "import pages.history",
    "from pages import history",
    "from . import parts",
])
def test_an_import_against_the_law_is_found_in_a_page(source):
    assert len(page_faults(source)) == 1


def test_a_page_may_take_names_of_the_core_and_parts_and_streamlit():
    source = "import streamlit as st\nfrom kraftd_core import Workflow, grids\nfrom pages.parts.session import owner\nimport html"
    assert page_faults(source) == []


@pytest.mark.parametrize("source", ["import pandas as pd", "from azure.cosmos import x", "try:\n    import cv2\nfinally: pass"])
def test_a_heavy_package_at_the_start_is_found(source):
    assert len(heavy_faults(source)) == 1
    assert heavy_faults("def late():\n" + "".join(f"    {line}\n" for line in source.splitlines())) == []


def test_a_stranger_is_found():
    assert strangers(["app.py", "utils.py", "notes.pyc", ".git"], ["__pycache__/", "*.pyc"], TOP_LEVEL) == ["utils.py"]
