"""What all tests share: nothing of the machine's own settings or data leaks in."""

import logging
import os

import pytest
from hypothesis import HealthCheck, settings

for name in [name for name in os.environ if name.startswith("KRAFTD_")]:
    del os.environ[name]

# How many examples a law is tried with; it holds or not, however busy the machine is.
for name, count in {"few": 20, "some": 30, "many": 1000}.items():
    settings.register_profile(name, max_examples=count, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("some")

MARKS = {  # of a test that asks for a fixture
    "browser": "browser", "cosmos_emulator": "emulator", "azurite_port": "emulator", "recognition": "ocr", "deliveries": "slow",
}
LONGEST = (
    "test_journeys.py", "test_look.py", "test_review.py", "test_outage.py", "test_history.py", "test_engine_journeys.py",
    "test_pages.py", "test_hostile_files.py",
)


def pytest_itemcollected(item):
    """What a test asks for says which mark it has, and whether it is skipped here."""
    for fixture in MARKS.keys() & set(item.fixturenames):
        item.add_marker(MARKS[fixture])
    for mark in item.iter_markers("shared"):
        (folder,) = mark.args
        item.add_marker(pytest.mark.skipif(not folder.is_dir(), reason=f"the shared {folder.name} are not beside this clone"))


def pytest_collection_modifyitems(items):
    """The longest files come first, then all that drive a browser: processes share out whole files."""

    def rank(item):
        name = item.path.name
        return LONGEST.index(name) if name in LONGEST else len(LONGEST) + ("browser" not in item.path.parts)

    items.sort(key=rank)


@pytest.fixture(autouse=True)
def _own_data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("KRAFTD_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture(autouse=True)
def _own_log():
    """What a test sets of the log, as each command does, ends with it."""
    yield
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if type(handler).__module__ == "kraftd_core.desk.upkeep.logs"]:
        root.removeHandler(handler)
    for name in ("kraftd_core", "kraftd"):
        logging.getLogger(name).setLevel(logging.NOTSET)
