"""The blob service of Azure as an emulator, started once for a test run."""

import os
import re
import shutil
import subprocess
from base64 import b64encode
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
KEY = b64encode(b"a key for tests alone, of no account").decode()


def connection_string(port, key=KEY):
    address = f"http://127.0.0.1:{port}/test"
    return f"DefaultEndpointsProtocol=http;AccountName=test;AccountKey={key};BlobEndpoint={address};"


def _executable():
    here = PROJECT / ".venv" / "node" / "node_modules" / ".bin"
    return shutil.which("azurite-blob", path=str(here)) or shutil.which("azurite-blob")


@pytest.fixture(scope="session")
def azurite_port(tmp_path_factory):
    """The port of a running emulator."""
    executable = _executable()
    if executable is None:
        pytest.skip("the blob emulator is not installed: npm install --prefix .venv/node azurite")
    folder = tmp_path_factory.mktemp("azurite")
    options = ["--blobHost", "127.0.0.1", "--blobPort", "0", "--skipApiVersionCheck", "--disableTelemetry", "--silent"]
    environment = os.environ | {"AZURITE_ACCOUNTS": f"test:{KEY}"}
    with subprocess.Popen([executable, *options, "-l", folder], stdout=subprocess.PIPE, text=True, env=environment) as emulator:
        said = []
        for line in emulator.stdout:
            said.append(line)
            if listening := re.search(r"listens on http://127\.0\.0\.1:(\d+)", line):
                break
        else:
            pytest.fail(f"the blob emulator did not start: {''.join(said)}")
        yield int(listening[1])
        emulator.terminate()
