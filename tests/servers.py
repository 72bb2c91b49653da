"""The application as a process of its own, started as its users start it."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[1]
STARTS = {
    "streamlit": ["-m", "streamlit", "run", "app.py", "--server.headless", "true", "--server.port"],
    "uvicorn": ["-m", "uvicorn", "app:app", "--host", "127.0.0.1", "--port"],
}


class Server:
    """A running application on a data folder that outlives it."""

    def __init__(self, data_dir: Path, start: str = "streamlit", **settings: str) -> None:
        data_dir.mkdir(exist_ok=True)
        self.data_dir = data_dir
        self._log = data_dir.parent / "server.log"
        self._start = STARTS[start]
        self._environment = os.environ | {"KRAFTD_DATA_DIR": str(data_dir)} | settings
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://localhost:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, **settings: str) -> None:
        """Starts it, from now on with these settings too, and waits until it answers."""
        self._environment |= settings
        command = [sys.executable, *self._start, str(self.port)]
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=PROJECT, env=self._environment, stdout=log, stderr=log)
        while not self._answers():
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(0.05)
                raise AssertionError(self.log())

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/_stcore/health", timeout=1) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def kill(self) -> None:
        """Ends it as a power cut would: kill -9."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def records(self, workflow: str) -> list[dict[str, Any]]:
        """The records of a workflow as the command line shows them, while the server runs."""
        command = [sys.executable, "-m", "kraftd_core", "show", workflow]
        done = subprocess.run(command, cwd=PROJECT, env=self._environment, capture_output=True, text=True, check=True)
        found: list[dict[str, Any]] = json.loads(done.stdout)
        return found

    def log(self) -> str:
        """What it printed so far."""
        return self._log.read_text(errors="replace")
