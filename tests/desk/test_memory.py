"""What was refused leaves nothing in memory. Measured in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from servers import PROJECT

pytestmark = pytest.mark.slow

MEASURE = """
import asyncio, os, sys
from kraftd_core import bootstrap
from kraftd_core.adapters.readers.local.extractor import LocalExtractor
from kraftd_core.people.actor import Actor
from kraftd_core.settings import load_settings

bootstrap._extractor = lambda *_: LocalExtractor()  # no child rehearses for a document to come
core, who = bootstrap.Core(load_settings()), Actor.of("ann@example.com")

def refused(number):
    content = b"%d no PDF" % number + os.urandom(1) * (24 * 2**20)
    job = core.run(lambda desk: desk.start_reading(who, "a.pdf", content))
    async def ended(desk):
        while (view := await desk.job(who, job)).is_running:
            await asyncio.sleep(0.005)
        return view
    assert core.run(ended).error

def resident():
    return int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 2**20

held = []
for number in range(int(sys.argv[1])):
    refused(number)
    held.append(resident())  # with the last upload, or without it where its job was let go of already
print(max(held[5:10]), min(held[-5:]))
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs /proc to see the memory of a process")
@pytest.mark.parametrize("count", [30, pytest.param(300, marks=pytest.mark.large)])
def test_after_many_refused_uploads_no_more_is_held_than_after_ten(count, tmp_path):
    gives_back = {"MALLOC_MMAP_THRESHOLD_": "1000000"}  # what is let go of goes back to the system: the rest is held
    environment = os.environ | {"KRAFTD_DATA_DIR": str(tmp_path / "data")} | gives_back
    run = subprocess.run(
        [sys.executable, "-c", MEASURE, str(count)], cwd=PROJECT, env=environment, capture_output=True, text=True, check=True
    )
    early, late = map(int, run.stdout.split())
    assert late - early < 20, f"{early} MB after 10, {late} MB after {count}"
