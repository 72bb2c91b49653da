"""What all tests share: nothing of the machine's own settings or data leaks in."""

import logging
import os

import pytest
from hypothesis import HealthCheck, settings

for name in [name for name in os.environ if name.startswith("KRAFTD_")]:
    del os.environ[name]

# a property holds or not, however busy the machine is
settings.register_profile("on any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("on any machine")

LONGEST = ("test_journeys.py", "test_look.py", "test_review.py", "test_outage.py", "test_history.py", "test_engine_journeys.py")


def pytest_collection_modifyitems(items):
    """Files that drive a browser come first, the longest in front: they take longest, and processes share out whole files."""

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
    for handler in [handler for handler in root.handlers if type(handler).__module__ == "kraftd_core.logs"]:
        root.removeHandler(handler)
    for name in ("kraftd_core", "kraftd"):
        logging.getLogger(name).setLevel(logging.NOTSET)
