"""Starts the Azure Cosmos DB emulator for the tests that run the real client against it."""

import os
import shutil
import socket
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

_INSTALLED = Path(__file__).parents[1] / ".venv" / "node" / "node_modules" / ".bin" / "cosmosdb-server"


@pytest.fixture(scope="session")
def cosmos_emulator():
    """Its endpoint. Without it the tests are skipped; where CI is set they fail, so that no green run lacks them."""
    command = str(_INSTALLED) if _INSTALLED.exists() else shutil.which("cosmosdb-server")
    if command is None or shutil.which("node") is None:
        missing = "the Azure Cosmos DB emulator is not installed (run the setup command with Node.js on the PATH)"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    port = free_port()
    process = subprocess.Popen(
        [command, "--no-ssl", "--host", "127.0.0.1", "-p", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(process, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _wait_for(process, port):
    while True:
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        with suppress(subprocess.TimeoutExpired):
            raise AssertionError(f"the emulator ended with code {process.wait(0.05)}")
