"""What all tests share: nothing of the machine's own settings or data leaks in."""

import os

import pytest

for name in [name for name in os.environ if name.startswith("KRAFTD_")]:
    del os.environ[name]


def pytest_collection_modifyitems(items):
    """A file stays in one process, as does all that drives a browser: two of them at once slow each other past patience."""
    for item in items:
        group = "browser" if "browser" in item.path.parts else item.path.name
        item.add_marker(pytest.mark.xdist_group(group))


@pytest.fixture(autouse=True)
def _own_data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("KRAFTD_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture
def anyio_backend():
    return "asyncio"
