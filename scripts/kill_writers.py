"""Kills a writing process with signal 9 over and over, and counts lost records and broken chains.

kill_writers.py [CYCLES]    1,000 by default; ends with 1 if anything was lost or broken
"""

import random
import sys
import tempfile
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "tests")]

from killing import Toll, killed_writers  # noqa: E402  found through the line above


def main() -> int:
    cycles, toll = int(sys.argv[1]) if len(sys.argv) > 1 else 1000, Toll()
    with tempfile.TemporaryDirectory() as folder:
        for cycle, toll in enumerate(killed_writers(Path(folder), cycles, random.Random(1)), start=1):
            if cycle % 50 == 0 or cycle == cycles:
                lost, broken = len(toll.lost), len(toll.broken)
                print(f"{cycle} kills: {toll.acknowledged} acknowledged, {lost} lost, {broken} chains broken", flush=True)
    return int(bool(toll.lost or toll.broken))


if __name__ == "__main__":
    sys.exit(main())
