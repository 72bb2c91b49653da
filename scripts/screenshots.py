"""Takes a picture of every page and state, wide and narrow, light and dark: python scripts/screenshots.py OUT_DIR [README.png]"""

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

PROJECT = Path(__file__).resolve().parent.parent
SIZES = {"wide": (1440, 900), "narrow": (820, 1100)}
SCHEMES = ("light", "dark")
SLOWEST_MS = 60_000
PAINTED_MS = 700  # grids are painted on a canvas a little after the page is idle


@contextmanager
def server() -> Iterator[str]:
    """The application on a free port with an empty data folder; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as data:
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
        process = subprocess.Popen(command, cwd=PROJECT, env=os.environ | {"KRAFTD_DATA_DIR": data})
        try:
            yield wait_for(f"http://localhost:{port}")
        finally:
            process.terminate()
            process.wait()


def wait_for(address: str) -> str:
    """The address, once the server answers there."""
    for _ in range(120):
        try:
            urllib.request.urlopen(f"{address}/_stcore/health").close()
            return address
        except OSError:
            time.sleep(0.5)
    raise SystemExit("The server did not start.")


class Camera:
    """A browser page of one size and scheme, and the pictures taken of it."""

    def __init__(self, browser: Browser, address: str, out: Path, size: str, scheme: Any) -> None:
        width, height = SIZES[size]
        self.page: Page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
        self._address, self._out, self._suffix = address, out, f"{size}_{scheme}.png"

    def visit(self, path: str, name: str, appears: str = "[data-testid=stMain]") -> None:
        """Opens an address and takes its picture."""
        self.page.goto(self._address + path)
        self.page.wait_for_selector(appears, timeout=SLOWEST_MS)
        self.take(name)

    def click(self, key: str, appears: str) -> None:
        """Clicks the button of that key and waits for what then appears."""
        self.page.click(f".st-key-{key} button")
        self.page.wait_for_selector(appears, timeout=SLOWEST_MS)

    def take(self, name: str) -> Path:
        """A picture of the whole page, once it is at rest."""
        self.page.wait_for_timeout(PAINTED_MS)
        self.page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", timeout=SLOWEST_MS)
        self.page.wait_for_timeout(PAINTED_MS)
        picture = self._out / f"{name}_{self._suffix}"
        self.page.screenshot(path=picture, full_page=True)
        return picture

    def workflow_id(self) -> str:
        """The workflow in the address."""
        found = re.search(r"workflow=([^&]+)", self.page.url)
        assert found, self.page.url
        return found[1]


def read_sample(camera: Camera, sample: str) -> str:
    """Takes a sample as far as its summary."""
    camera.page.goto(camera._address)
    camera.click(f"stage1_sample_{sample}", ".st-key-stage1_review button")
    return camera.workflow_id()


def prepare(camera: Camera) -> dict[str, str]:
    """Pictures of the empty pages, of work under way and of a refused file; then a workflow in each state."""
    for page in ("new", "review", "deliver", "history"):
        camera.visit("/" if page == "new" else f"/{page}", f"{page}_empty")
    camera.page.goto(camera._address)
    broken = {"name": "broken.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 this is no document"}
    camera.page.locator("[data-testid=stFileUploader] input[type=file]").set_input_files(broken)
    camera.page.wait_for_selector("[data-testid=stAlert]", timeout=SLOWEST_MS)
    camera.take("new_refused")
    camera.page.goto(camera._address)
    camera.click("stage1_sample_receipt", ".st-key-stage1_cancel button")
    camera.page.screenshot(path=camera._out / "new_working.png")
    camera.page.wait_for_selector(".st-key-stage1_review button", timeout=SLOWEST_MS)
    found = {"receipt": camera.workflow_id(), "boq": read_sample(camera, "boq"), "quotation": read_sample(camera, "quotation")}
    deliver(camera, found["quotation"], "stage2_record", "stage3_produce")
    found["delivered"] = read_sample(camera, "invoice")
    deliver(camera, found["delivered"], "stage2_record_download", "stage3_download")
    return found | {"invoice": read_sample(camera, "invoice")}


def deliver(camera: Camera, workflow_id: str, button: str, appears: str) -> None:
    """Records a review."""
    camera.page.goto(f"{camera._address}/review?workflow={workflow_id}")
    camera.page.wait_for_selector(f".st-key-{button} button", timeout=SLOWEST_MS)
    camera.click(button, ".st-key-stage2_confirm button")
    camera.click("stage2_confirm", f".st-key-{appears} button")


def take_all(camera: Camera, found: dict[str, str]) -> None:
    """Every page with something on it."""
    camera.visit("/", "new", ".st-key-stage1_drop")
    camera.visit("/history", "history", ".st-key-history_table")
    for name in ("invoice", "boq", "receipt"):
        camera.visit(f"/?workflow={found[name]}", f"summary_{name}", ".st-key-stage1_review")
        camera.visit(f"/review?workflow={found[name]}", f"review_{name}", ".st-key-stage2_details")
        camera.page.get_by_role("tab", name="Line items").click()
        camera.take(f"review_{name}_lines")
    camera.click("stage2_record", ".st-key-stage2_confirm")
    camera.take("review_confirm")
    for name in ("quotation", "delivered"):
        camera.visit(f"/deliver?workflow={found[name]}", f"deliver_{name}", ".st-key-stage3_plan, .st-key-stage3_ready")
        camera.visit(f"/review?workflow={found[name]}", f"review_{name}", ".st-key-stage2_deliver")
        camera.visit(f"/history?workflow={found[name]}", f"history_{name}", ".st-key-history_back")


def main(arguments: list[str]) -> int:
    """Takes all pictures; 2 when called without a folder."""
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    out = Path(arguments[0])
    out.mkdir(parents=True, exist_ok=True)
    with server() as address, sync_playwright() as driver:
        options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        chromium = Path("/usr/bin/chromium")
        browser = driver.chromium.launch(executable_path=chromium if chromium.exists() else None, args=options)
        found = prepare(Camera(browser, address, out, "wide", "light"))
        for size in SIZES:
            for scheme in SCHEMES:
                take_all(Camera(browser, address, out, size, scheme), found)
        browser.close()
    for target in arguments[1:]:
        Path(target).parent.mkdir(parents=True, exist_ok=True)
        Path(target).write_bytes((out / "review_invoice_lines_wide_light.png").read_bytes())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
