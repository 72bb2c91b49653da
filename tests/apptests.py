"""The pages without a browser, on a core of the test's own."""

import asyncio
from functools import cache
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from kraftd_core import bootstrap
from kraftd_core.adapters.readers.local.extractor import LocalExtractor
from kraftd_core.people.actor import Actor
from pages.parts import editing

FRAME = str(Path(__file__).parent.parent / "pages" / "frame.py")
OWNER = "demo@localhost"
ACTOR = Actor.of(OWNER)

# each session looks for components among all that is installed, and always finds the same
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)


@pytest.fixture
def core(monkeypatch):
    """A core of the test's own, without a reader that waits for a document that never comes."""
    monkeypatch.setattr(bootstrap, "_core", None)
    monkeypatch.setattr(bootstrap, "_extractor", lambda *_: LocalExtractor())
    monkeypatch.setattr(editing, "_SETTLED", 0)  # no browser is there that could still have a cell open
    made = bootstrap.core()
    yield made
    made.run(lambda desk: desk.close())


def opened(page="", **address):
    """A page as a new session sees it."""
    session = AppTest.from_file(FRAME, default_timeout=60)
    session.query_params.update(address)
    session.run()
    return session.switch_page(page).run() if page else session


def texts(session):
    """All that the page says, as it was escaped."""
    return " ".join(str(e.value) for kind in ("title", "markdown", "caption", "error", "info") for e in session.get(kind))


def button(session, key):
    return session.button(key=key)


def named(session, name):
    """What the address says under a name."""
    value = session.query_params[name]
    return value if isinstance(value, str) else value[0]


def ended(core, job_id):
    """The job's id, once it has ended."""

    async def end(desk):
        for _ in range(6000):
            if not (await desk.job(ACTOR, job_id)).is_running:
                return job_id
            await asyncio.sleep(0.01)
        raise AssertionError("the work did not end")

    return core.run(end)


def job_ended(core, session):
    """The id of the work in the address, once it has ended."""
    return ended(core, named(session, "job"))


def stage(core, workflow_id, number):
    return getattr(core.run(lambda desk: desk.workflow(ACTOR, workflow_id)), f"stage{number}")
