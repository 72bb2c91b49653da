"""What all tests share: nothing of the machine's own settings or data leaks in."""

import os

import pytest

for name in [name for name in os.environ if name.startswith("KRAFTD_")]:
    del os.environ[name]


@pytest.fixture(autouse=True)
def _own_data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("KRAFTD_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture
def anyio_backend():
    return "asyncio"
