"""The house holds: who may import whom, what is loaded at the start, and what lies where. Read from the sources."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
TOP_LEVEL = {
    "app.py", "pages", "kraftd_core", "tests", "scripts", "docs", "benchmarks",
    "requirements.txt", "README.md", "pyproject.toml",
}
LAYERS = (  # from the ground up; a module imports from its own layer and those below
    {
        "errors", "jsontypes", "records", "document_types", "cells", "alignment", "changes", "wording", "checked", "check_codes",
        "check_taxes", "checks", "chain", "bundle", "large_members", "insights", "plain_words", "claims", "evidence", "lookup",
        "grounding", "filenames", "settings", "templates", "samples", "ports", "locales", "presentation", "layout", "grids",
        "access", "attention", "unread", "looks", "lessons", "learning", "compare", "patches", "compared_html",
    },
    {
        "stage1_summary", "stage2_modifications", "stage3_deliverable", "regeneration", "verification", "agent", "documents",
        "jobs", "loop", "teaching",
    },
    {"tracking", "history"},
    {"desk_shared"},
    {"desk_reading", "desk_reviewing", "desk_delivering", "desk_records"},
    {"desk"},
    {"bootstrap"},
    {"__main__", "api"},
)
NOUNS = LAYERS[0]
HEAVY = {
    "pandas", "numpy", "openai", "azure", "aiohttp", "openpyxl", "reportlab", "pdfplumber", "pdfminer", "pypdf", "pypdfium2",
    "docx", "lxml", "PIL", "cv2", "onnxruntime", "rapidocr",
}
MODULES_FOR_PAGES = {"grids"}  # whose functions would say little without its name


# Reading imports


@dataclass(frozen=True)
class Import:
    """A module that is named, and whether naming it loads it as soon as the importing module is loaded."""

    name: str
    at_start: bool


def imports_of(source: str) -> list[Import]:
    """Everything that a source imports, wherever; of the core's package, the modules that are meant."""
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


def layer_of(module: str) -> int:
    """The number of the layer; a new module is given one in LAYERS."""
    return next((n for n, layer in enumerate(LAYERS) if module in layer), len(LAYERS))


def heavy_faults(source: str) -> list[str]:
    """Heavy packages are imported in the function that uses them first."""
    return [f"{i.name} is loaded at the start" for i in imports_of(source) if i.at_start and i.name.split(".")[0] in HEAVY]


def core_faults(module: str, source: str) -> list[str]:
    """`module` is named as under kraftd_core: `desk`, `adapters.render_csv`."""
    return [fault for i in imports_of(source) for fault in _core_fault(module, i.name.split("."))]


def _core_fault(module: str, name: list[str]) -> Iterator[str]:
    importer = module.split(".")[0]
    if name[0] in ("streamlit", "pages", "app", ""):
        yield f"{module} names {'.'.join(name)}"
    if name[0] != "kraftd_core":
        return
    imported = name[1] if len(name) > 1 else "kraftd_core"
    if importer == "adapters":
        if imported != "adapters" and imported not in NOUNS:
            yield f"{module} is an adapter and names {imported}"
    elif imported == "adapters":
        if importer != "bootstrap":
            yield f"{module} names an adapter; only bootstrap may"
    elif layer_of(imported) > layer_of(importer):
        yield f"{module} imports {imported}, which stands above it"


def page_faults(source: str, also: tuple[str, ...] = ()) -> list[str]:
    """A page knows the core by the names of its package, not by its modules; and Streamlit, pandas and other parts."""
    return [f"{i.name} is not for pages" for i in imports_of(source) if not _is_for_pages(i.name, also)]


def _is_for_pages(name: str, also: tuple[str, ...]) -> bool:
    top, *rest = name.split(".")
    if top == "kraftd_core":
        modules = {"adapters"}.union(*LAYERS) - MODULES_FOR_PAGES
        return len(rest) == 1 and rest[0] not in modules
    return top in {"streamlit", "pandas", *also} or name.startswith("pages.parts.") or top in sys.stdlib_module_names


def cycle_in(sources: dict[str, str]) -> list[str]:
    """Core modules that import each other in a ring, late imports counted; empty if there are none."""
    graph = {
        module: {i.name.removeprefix("kraftd_core.") for i in imports_of(source)} & sources.keys() - {module}
        for module, source in sources.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def strangers(names: list[str], ignored: list[str]) -> list[str]:
    """What lies in the project's folder and belongs neither to the layout nor to the ignored; dotted names are let be."""
    own = [name for name in names if not name.startswith(".") and not any(fnmatch(name, i.rstrip("/")) for i in ignored)]
    return sorted(set(own) - TOP_LEVEL)


# The house as it stands


def core_sources() -> dict[str, str]:
    """The core's modules by name under kraftd_core (a package by the name of its folder)."""
    core = PROJECT / "kraftd_core"
    return {
        ".".join(file.relative_to(core).with_suffix("").parts).removesuffix(".__init__"): file.read_text(encoding="utf-8")
        for file in sorted(core.rglob("*.py"))
        if file != core / "__init__.py"
    }


def page_sources() -> dict[str, str]:
    return {str(file.relative_to(PROJECT)): file.read_text(encoding="utf-8") for file in sorted(PROJECT.glob("pages/**/*.py"))}


def imports_of_pages() -> list[str]:
    """The statements by which the application and its pages take from the core."""
    sources = [(PROJECT / "app.py").read_text(encoding="utf-8"), *page_sources().values()]
    nodes = [node for source in sources for node in ast.walk(ast.parse(source))]
    return [ast.unparse(n) for n in nodes if isinstance(n, ast.ImportFrom) and n.module == "kraftd_core"]


@pytest.mark.parametrize("module", core_sources())
def test_a_core_module_imports_downwards_and_only_bootstrap_names_adapters(module):
    assert core_faults(module, core_sources()[module]) == []


@pytest.mark.parametrize("module", [name for name in core_sources() if not name.startswith("adapters")])
def test_every_core_module_has_a_layer(module):
    assert layer_of(module) < len(LAYERS), "give the new module its place in LAYERS"


@pytest.mark.parametrize("module", core_sources())
def test_no_core_module_loads_a_heavy_package_at_the_start(module):
    assert heavy_faults(core_sources()[module]) == []


def test_no_core_modules_import_each_other_in_a_ring():
    assert cycle_in(core_sources()) == []


@pytest.mark.parametrize("page", page_sources())
def test_a_page_knows_only_the_names_of_the_core(page):
    assert page_faults(page_sources()[page]) == []
    assert heavy_faults(page_sources()[page]) == []


def test_the_application_knows_only_the_names_of_the_core():
    assert page_faults((PROJECT / "app.py").read_text(encoding="utf-8"), also=("starlette",)) == []


def test_what_the_pages_take_from_the_core_is_there_and_loads_no_heavy_package(tmp_path):
    lines = [*imports_of_pages(), "from kraftd_core import core", "core()", "import sys", "print(*sys.modules)"]
    run = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)], cwd=PROJECT, env=os.environ | {"KRAFTD_DATA_DIR": str(tmp_path)},
        capture_output=True, text=True, check=True,
    )
    loaded = {name.split(".")[0] for name in run.stdout.split()}
    assert "kraftd_core" in loaded
    assert loaded & (HEAVY | {"streamlit"}) == set()


def test_nothing_lies_beside_the_layout():
    ignored = (PROJECT / ".gitignore").read_text(encoding="utf-8").split()
    assert strangers([path.name for path in PROJECT.iterdir()], ignored) == []


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
        from kraftd_core.desk.desk import desk
        from kraftd_core import errors
"""
    assert imports_of(source) == [
        Import("openpyxl.styles", True), Import("typing", True), Import("pandas", False), Import("numpy", True),
        Import("kraftd_core.desk.desk", False), Import("kraftd_core.errors", False),
    ]


@pytest.mark.parametrize(("module", "source"), [
    ("desk", "import streamlit"),
    ("desk", "def late():\n    from streamlit.runtime import exists"),
    ("desk", "from kraftd_core.adapters.stores.sqlite import SqliteStore"),
    ("tracking", "from kraftd_core.desk.desk import Desk"),
    ("records", "from kraftd_core import tracking"),
    ("records", "from . import tracking"),
    ("records", "from kraftd_core.some_new_module import anything"),
    ("agent", "import kraftd_core"),
    ("bootstrap", "from pages.parts.session import owner"),
    ("adapters.render_csv", "from kraftd_core.desk.desk import Desk"),
    ("adapters.extract_local.paged", "from kraftd_core.recording.stage1_summary import document_id_of"),
    ("adapters.extract_local.paged", "from kraftd_core.bootstrap import core"),
])
def test_an_import_against_the_law_is_found_in_the_core(module, source):
    assert len(core_faults(module, source)) == 1


@pytest.mark.parametrize(("module", "source"), [
    ("desk", "from kraftd_core.recording.service import ExportTrackingService\nimport json"),
    ("bootstrap", "def wire():\n    from kraftd_core.adapters.stores.sqlite import SqliteStore"),
    ("adapters.extract_local", "from kraftd_core.adapters.readers.common.values import folded"),
    ("adapters.render_csv", "import reportlab\nfrom kraftd_core.ports import Rendered"),
])
def test_an_import_within_the_law_is_let_be(module, source):
    assert core_faults(module, source) == []


@pytest.mark.parametrize("source", [
    "from kraftd_core.records.stages import InitialSummary",
    "from kraftd_core import bootstrap",
    "from kraftd_core import tracking",
    "import kraftd_core",
    "import kraftd_core.desk.desk",
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


def test_a_ring_of_imports_is_found():
    assert cycle_in({"a": "from kraftd_core.b import x", "b": "def late():\n    from kraftd_core import a"})
    assert not cycle_in({"a": "from kraftd_core.b import x", "b": "import json"})


def test_a_stranger_at_the_top_is_found():
    assert strangers(["app.py", "utils.py", "notes.pyc", ".git", "__pycache__"], ["__pycache__/", "*.pyc"]) == ["utils.py"]
