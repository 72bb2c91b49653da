"""Writers that are killed in the middle of their work, and the count of what they lost."""

import asyncio
import os
import random
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from fakes import OWNER

from kraftd_core.adapters.stores.sqlite import SqliteStore
from kraftd_core.records.chain import verify

Stages: TypeAlias = defaultdict[str, set[int]]
"""The acknowledged stages by workflow."""

_PATHS = os.pathsep.join(str(path) for path in (Path(__file__).parent, Path(__file__).parents[1]))
_WRITER = """
import asyncio, sys
from pathlib import Path
from fakes import OWNER, SUMMARY, invoice_data, make_tracking
from kraftd_core.recording.service import utc_now

async def main():
    tracking = make_tracking(Path(sys.argv[1]), utc_now)
    while True:
        data = invoice_data()
        workflow = await tracking.record_stage_1_initial_summary("d1", OWNER, "invoice", data, SUMMARY)
        print(workflow, 1, flush=True)
        await tracking.record_stage_2_user_modifications(workflow, "d1", OWNER, data, data | {"vendor_name": "B"}, {})
        print(workflow, 2, flush=True)
        await tracking.record_stage_3_final_deliverable(workflow, "d1", OWNER, SUMMARY, "json", "x.json", 2, b"{}")
        print(workflow, 3, flush=True)

asyncio.run(main())
"""


@dataclass
class Toll:
    """What came of the killed writers."""

    acknowledged: int = 0
    lost: set[tuple[str, int]] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)


def killed_writers(folder: Path, cycles: int, chance: random.Random) -> Iterator[Toll]:
    """Starts a writer and kills it after some acknowledgements, again and again on one folder; the toll after each.

    What a writer acknowledged is looked for when it is dead, and all of it once more after the last one.
    """
    toll, ever = Toll(), Stages(set)
    for cycle in range(1, cycles + 1):
        acknowledged = _killed_after(folder, chance.randint(1, 30), chance.uniform(0, 0.01))
        toll.acknowledged += sum(map(len, acknowledged.values()))
        ever |= acknowledged
        asyncio.run(_count(folder, ever if cycle == cycles else acknowledged, toll))
        yield toll


async def _count(folder: Path, acknowledged: Mapping[str, set[int]], toll: Toll) -> None:
    store = SqliteStore(folder / "records.sqlite3")
    for workflow, stages in acknowledged.items():
        records = await store.stages(OWNER, workflow)
        toll.lost |= {(workflow, stage) for stage in stages - {record["sequence"] for record in records}}
        if verify(records) is not None:
            toll.broken.add(workflow)
    await store.close()


def _killed_after(folder: Path, acknowledgements: int, seconds_more: float) -> Stages:
    command = [sys.executable, "-c", _WRITER, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": _PATHS}) as writer:
        assert writer.stdout is not None
        lines = [writer.stdout.readline() for _ in range(acknowledgements)]
        assert all(lines), "the writer ended by itself"
        with suppress(subprocess.TimeoutExpired):  # the end comes anywhere in the next recording, not always at its beginning
            writer.wait(seconds_more)
        writer.kill()
        lines += writer.stdout.read().splitlines(keepends=True)
    acknowledged = Stages(set)
    for line in lines:
        if line.endswith("\n"):  # one that was cut off acknowledges nothing
            workflow, stage = line.split()
            acknowledged[workflow].add(int(stage))
    return acknowledged
