"""What `docs/api.md` says to type is typed, as it stands, against the application as its users start it."""

import os
import re
import shutil
import subprocess
import sys
from types import SimpleNamespace

import pytest
from api_clients import INVOICE
from servers import PROJECT, Server

from kraftd_core.settings import load_settings
from kraftd_core.web.api import make_api
from kraftd_core.web.api.described import openapi_of

pytestmark = pytest.mark.slow

GUIDE = (PROJECT / "docs" / "api.md").read_text(encoding="utf-8")


def blocks(language):
    """The code of one language, all of it in its order."""
    return "\n".join(re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE))


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    running = Server(tmp_path_factory.mktemp("journey") / "data")
    running.start()
    yield running
    running.kill()


def typed(server, folder, *command):
    """What the commands print, run in a folder with a document."""
    (folder / "invoice.pdf").write_bytes(INVOICE[1])
    environment = os.environ | {"API": f"{server.url}/api"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in server.log()
    return done.stdout


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("jq")), reason="curl or jq is not installed")
def test_the_journey_with_curl_runs_as_written(server, tmp_path):
    told = typed(server, tmp_path, "bash", "-euo", "pipefail", "-c", blocks("bash"))
    assert '"path": "/vendor_name"' in told and '"value": "Mill & Sons"' in told
    assert "Delivered as is on" in told
    assert len(list(tmp_path.glob("invoice_financial_report_*.xlsx"))) == 1
    starts = {name: (tmp_path / name).read_bytes()[:5] for name in ("again.pdf", "page.png", "bundle.json")}
    assert starts["again.pdf"] == b"%PDF-" and starts["page.png"][1:4] == b"PNG" and starts["bundle.json"].startswith(b"{")
    offline = [sys.executable, "-m", "kraftd_core", "verify", str(tmp_path / "bundle.json")]
    assert subprocess.run(offline, cwd=PROJECT, capture_output=True).returncode == 0


def test_the_journey_with_httpx_runs_as_written(server, tmp_path):
    told = typed(server, tmp_path, sys.executable, "-c", blocks("python"))
    assert "completed ['read and summarised', 'reviewed', 'delivered']" in told
    assert "Delivered as is on" in told
    assert "404 application/problem+json There is no such document in your history." in told
    assert "Mill & Sons" in (tmp_path / "deliverable.json").read_text()


def test_every_route_of_the_guide_is_one_of_the_application():
    served = openapi_of(make_api(SimpleNamespace(settings=load_settings())))["paths"]  # type: ignore[arg-type]
    forms = [re.sub(r"\{\w+\}", "[^/?]+", path) for path in served]
    named = set(re.findall(r"\$API(/v1/[^\"?]+)", GUIDE))
    assert named and all(any(re.fullmatch(form, path) for form in forms) for path in named)
    told = {form for form in forms if any(re.fullmatch(form, path) for path in named)}
    assert len(told) == len(forms), sorted(set(forms) - told)
