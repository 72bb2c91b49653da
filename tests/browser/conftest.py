"""A real server and a real browser for the journeys."""

import re
import shutil

import pytest
from playwright.sync_api import expect, sync_playwright
from servers import Server

expect.set_options(timeout=60_000)  # patience with a busy machine; what holds is seen at once

OWN = re.compile(r"(data|blob):|https?://(localhost|127\.0\.0\.1):")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic", "--no-first-run"]


def chromium() -> str | None:
    """A system Chromium; None leaves the choice to Playwright's own."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="module")  # while Playwright runs, its event loop stands in the way of other tests'
def browser():
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """One for the tests of a file, each of which works on documents of its own."""
    running = Server(tmp_path_factory.mktemp("server") / "data")
    running.start()
    yield running
    running.kill()


@pytest.fixture(scope="module")
def context(browser):
    """A browser that has seen the application before: its scripts are loaded and compiled once for the tests of a file."""
    opened = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    opened.set_default_timeout(60_000)
    opened.grant_permissions(["clipboard-read", "clipboard-write"])
    asked_outside = set()
    opened.on("request", lambda request: OWN.match(request.url) or asked_outside.add(request.url))
    yield opened
    opened.close()
    assert not asked_outside, "the pages ask for nothing but from their own server"


@pytest.fixture
def page(context, server):
    opened = context.new_page()
    opened.goto(server.url)
    yield opened
    for tab in context.pages:
        tab.close()
