"""How long the pages take in a browser, as multiples of the rerun of a trivial page: python benchmarks/pages.py [--quick]

A server of its own serves the product's pages and one trivial page, and a headless browser uses both in turns, so that a
busy machine slows both; of each figure the best round counts. --quick leaves out the 5,000 rows. Ends with 1 where a limit
does not hold.
"""

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from time import perf_counter
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "browser"))

from driving import columns, grid, idle, open_cell, upload, widget
from figures import HEAD, Line
from filling import OWNER, Filling, sample
from playwright.sync_api import Browser, Page, expect, sync_playwright
from recording import FILL

PATIENCE_MS = 180_000
expect.set_options(timeout=PATIENCE_MS)
PROJECT = Path(__file__).resolve().parent.parent
ROUNDS = 7
FEW_ROUNDS = 3  # of what takes long
HISTORY = 10_000
PLACE = '        "Records": ['
TRIVIAL_PLACE = '        "Trivial": [st.Page("trivial.py", title="Trivial", url_path="trivial")],\n' + PLACE
TRIVIAL = """import streamlit as st
runs = st.session_state["trivial_runs"] = st.session_state.get("trivial_runs", 0) + 1
st.button("Again", key="trivial_again")
with st.container(key="trivial_count"):
    st.markdown(f"Run {runs}.")
"""
WATCH = """([selector, text, patience]) => {
    window.watchBegan = performance.now();
    window.watched = new Promise((done, failed) => {
        const look = () => {
            const isThere = [...document.querySelectorAll(selector)].some(e => e.textContent.includes(text));
            if (isThere) done(performance.now());
            else if (performance.now() > window.watchBegan + patience) failed(`${selector} never said: ${text}`);
            else requestAnimationFrame(look);
        };
        look();
    });
}"""


@dataclass(frozen=True)
class Figure:
    """The time of something in milliseconds, and how many trivial reruns it may take."""

    name: str
    milliseconds: float
    limit: float | None = None

    def beside(self, trivial: float) -> Line:
        """A line of the table."""
        if self.limit is None:
            return Line(self.name, self.milliseconds, trivial)
        return Line(self.name, self.milliseconds, trivial, self.limit * trivial, f"{self.limit:g} x")


# The server


@contextmanager
def served(folder: Path, data: Path) -> Iterator[str]:
    """The application with one page more, on a free port; its address."""
    for name in ("pages", ".streamlit"):
        shutil.copytree(PROJECT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PROJECT / "app.py", folder)
    frame = (folder / "pages" / "frame.py").read_text(encoding="utf-8")
    assert PLACE in frame, "the navigation is written in another way now"
    (folder / "pages" / "frame.py").write_text(frame.replace(PLACE, TRIVIAL_PLACE), encoding="utf-8")
    (folder / "pages" / "trivial.py").write_text(TRIVIAL, encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    environment = os.environ | {"KRAFTD_DATA_DIR": str(data), "PYTHONPATH": str(PROJECT)}
    process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL)
    try:
        while not answers(port):
            assert process.poll() is None, "the server did not start"
        yield f"http://localhost:{port}"
    finally:
        process.terminate()
        process.wait()


def answers(port: int) -> bool:
    """Whether something listens there."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


# What there is to see


def bill(rows: int, price: float, name: str) -> tuple[str, bytes]:
    """A bill of quantities as a data file."""
    lines = [
        {"item": f"{n}", "description": f"Pipe DN{n}, laid", "quantity": n, "unit": "m", "unit_price": price, "amount": n * price}
        for n in range(1, rows + 1)
    ]
    total = sum(line["amount"] for line in lines)
    data = {"document_type": "boq", "boq_number": f"Q-{rows}", "currency": "EUR", "boq_total": total, "line_items": lines}
    return f"bill-{rows}-{name}.json", json.dumps(data).encode()


def fill(data: Path, sizes: list[int]) -> dict[str, str]:
    """Bills of each size to edit and two of it to compare, a reviewed invoice, and 10,000 finished workflows."""
    filling = Filling(data)
    found = {"reviewed": filling.reviewed(sample("invoice"), vendor_name="Brindlewick")}
    for rows in sizes:
        found[f"edit {rows}"] = filling.read(bill(rows, 2.5, "edit"))
        for price in (3.5, 4.5):  # to compare
            filling.read(bill(rows, price, f"other-{price}"))
    filling.close()
    with sqlite3.connect(data / "kraftd.sqlite3") as db:
        db.execute(FILL, {"count": HISTORY, "owner": OWNER})
    db.close()
    return found


# Timing


def timed(page: Page, act: Callable[[], object], selector: str, text: str) -> float:
    """Milliseconds from the act until the page shows the text there, on the browser's clock."""
    page.evaluate(WATCH, [selector, text, PATIENCE_MS])
    act()
    return float(page.evaluate("window.watched.then(at => at - window.watchBegan)"))


def opened(page: Page, address: str, appears: str) -> float:
    """Milliseconds from asking for an address until something stands there that can be used."""
    began = perf_counter()
    page.goto(address)
    expect(page.locator(appears).first).to_be_visible()
    idle(page)
    return 1000 * (perf_counter() - began)


class Bench:
    """A browser at a server, with the trivial page always open beside what is measured."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address
        self.trivial: list[float] = []
        self._beside = self.new_page()
        self._beside.goto(f"{address}/trivial")
        expect(widget(self._beside, "trivial_count")).to_contain_text("Run 1.")
        self._run = 1
        self.rerun_trivial()
        self.trivial.clear()  # the first was for warming up

    def new_page(self) -> Page:
        """A page of a browser that knows nothing yet."""
        context = self.browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
        context.set_default_timeout(PATIENCE_MS)
        return context.new_page()

    def rerun_trivial(self) -> None:
        """Measures the trivial page once more."""
        self._run += 1
        button = widget(self._beside, "trivial_again").get_by_role("button")
        self.trivial.append(timed(self._beside, button.click, ".st-key-trivial_count", f"Run {self._run}."))

    def best(self, work: Callable[[], float], rounds: int = ROUNDS) -> float:
        """The best of some rounds, each with a trivial rerun beside it."""
        taken = []
        for _ in range(rounds):
            self.rerun_trivial()
            taken.append(work())
        return min(taken)


# The figures


def first_page(bench: Bench) -> float:
    """A new browser until a file can be dropped."""
    page = bench.new_page()
    took = opened(page, bench.address, ".st-key-stage1_drop")
    page.context.close()
    return took


def upload_to_summary(bench: Bench, file: Path) -> float:
    """A file dropped until its summary can be read."""
    page = bench.new_page()
    opened(page, bench.address, ".st-key-stage1_drop")
    took = timed(page, lambda: upload(page, file, "stage1_drop"), ".st-key-stage1_review button", "Review")
    page.context.close()
    return took


def demo(bench: Bench) -> float:
    """A sample taken as far as its PDF, as fast as the pages allow."""
    page = bench.new_page()
    opened(page, bench.address, ".st-key-stage1_drop")
    began = perf_counter()
    for key in ("stage1_sample_invoice", "stage1_review", "stage2_record_download", "stage2_confirm"):
        widget(page, key).get_by_role("button").click()
    with page.expect_download():
        widget(page, "stage3_download").get_by_role("button").click()
    page.context.close()
    return 1000 * (perf_counter() - began)


def edits(bench: Bench, workflow: str) -> float:
    """One cell closed until the list of changes has followed."""
    page = bench.new_page()
    opened(page, f"{bench.address}/review?workflow={workflow}", ".st-key-stage2_details canvas")
    page.get_by_role("tab", name="Line items").click()
    table = grid(page, "stage2_table_line_items")
    expect(table.locator("[role=columnheader]", has_text="Description")).to_be_attached()
    column, row = columns(table).index("Description"), count()

    def edit() -> float:
        number = next(row)
        open_cell(page, table, number, column, f"Typed {number}")
        said = f"{number + 1} change"
        return timed(page, lambda: page.keyboard.press("Enter"), ".st-key-next_step", said)

    took = bench.best(edit)
    page.context.close()
    return took


def compared(bench: Bench, rows: int) -> float:
    """The comparison asked for in the history until its counts can be read, in a browser that compared others before."""
    page = bench.new_page()
    ask_to_compare(bench, page, 50)
    took = ask_to_compare(bench, page, rows)
    page.context.close()
    return took


def ask_to_compare(bench: Bench, page: Page, rows: int) -> float:
    """Ticks the two bills of this size and compares them."""
    opened(page, f"{bench.address}/history?history_text=bill-{rows}-+other", ".st-key-history_table canvas")
    for place, offered in enumerate(("history_open", "history_compare")):
        grid(page, "history_table").click(position={"x": 16, "y": 52.5 + 35 * place})
        expect(widget(page, offered)).to_be_visible()
        idle(page)
    button = widget(page, "history_compare").get_by_role("button")
    return timed(page, button.click, ".st-key-compare_counts", "changed")


def history(bench: Bench) -> Iterator[Figure]:
    """A list of 10,000: opened from another page, turned, searched."""
    page = bench.new_page()

    def open_list() -> float:
        opened(page, f"{bench.address}/trivial", ".st-key-trivial_count")
        link = page.get_by_role("link", name="History")
        return timed(page, link.click, ".st-key-history_table [role=gridcell]", "invoice ")

    yield Figure(f"history of {HISTORY:,}: opened", bench.best(open_list))
    turns = count(2)

    def turn() -> float:
        button = widget(page, "history_page_next").get_by_role("button")
        return timed(page, button.click, ".st-key-history_pages", f"Page {next(turns)}")

    yield Figure(f"history of {HISTORY:,}: next page", bench.best(turn))
    searched = count()

    def search() -> float:
        number = 9_000 + next(searched)
        field = widget(page, "history_text").get_by_role("searchbox")

        def look() -> None:
            field.fill(f"f-{number} supplier")
            field.press("Enter")

        return timed(page, look, ".st-key-history_table [role=gridcell]", f"invoice {number}.pdf")

    yield Figure(f"history of {HISTORY:,}: two words searched", bench.best(search))
    page.context.close()


def preview(bench: Bench, workflow: str) -> float:
    """Deliver opened in a new browser until the page of the file to come is drawn."""
    page = bench.new_page()
    took = opened(page, f"{bench.address}/deliver?workflow={workflow}", "[data-testid=stMain] img")
    page.context.close()
    return took


def figures(bench: Bench, found: dict[str, str], sizes: list[int], folder: Path) -> Iterator[Figure]:
    """All of them, one after the other."""
    name, content = sample("invoice")
    (folder / name).write_bytes(content)
    yield Figure("first usable page, in a new browser", bench.best(lambda: first_page(bench)))
    reading = bench.best(lambda: upload_to_summary(bench, folder / name), FEW_ROUNDS)
    yield Figure("upload to summary, an invoice of one page", reading)
    yield Figure("sample to PDF", bench.best(lambda: demo(bench), FEW_ROUNDS))
    for rows in sizes:
        if rows != 500:
            limit = 6 if rows == 1000 else None
            yield Figure(f"one edit, table of {rows:,} rows", edits(bench, found[f"edit {rows}"]), limit)
    for rows, limit in ((500, 8), (5000, 40)):
        if rows in sizes:
            both = bench.best(partial(compared, bench, rows), FEW_ROUNDS)
            yield Figure(f"compare, {rows:,} rows", both, limit)
    yield from history(bench)
    drawn = bench.best(lambda: preview(bench, found["reviewed"]), FEW_ROUNDS)
    yield Figure("preview of the deliverable, in a new browser", drawn)


def main() -> int:
    """Prints the table; 1 where a limit does not hold."""
    sizes = [50, 500, 1000] if "--quick" in sys.argv[1:] else [50, 500, 1000, 5000]
    measured: list[Figure] = []
    print(HEAD, flush=True)
    with tempfile.TemporaryDirectory() as temp, sync_playwright() as driver:
        folder = Path(temp)
        found = fill(folder / "data", sizes)
        with served(folder / "app", folder / "data") as address:
            browser = launched(driver)
            bench = Bench(browser, address)
            for figure in figures(bench, found, sizes, folder):
                measured.append(figure)
                print(figure.beside(min(bench.trivial)), flush=True)
            trivial = min(bench.trivial)
            browser.close()
    print(f"\nThe peer is the rerun of a trivial page, {trivial:.0f} ms; all figures are milliseconds.")
    return int(not all(figure.beside(trivial).holds for figure in measured))


def launched(driver: Any) -> Browser:
    """A headless browser: the system's, where there is one."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    browser: Browser = driver.chromium.launch(executable_path=chromium, args=options)
    return browser


if __name__ == "__main__":
    sys.exit(main())
