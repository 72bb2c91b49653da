"""How well rows are matched by likeness, on revisions and offers made with a seed: python benchmarks/matching.py [--times]

A row is right where it is matched to the row that it continues, or to none where it is new; wrong where it is matched
to another, missed where it is matched to none. --times adds how long 5,000 rows take. Ends with 1 where a share is too low.
"""

import sys
from collections import Counter
from pathlib import Path
from random import Random
from time import process_time
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from made_tables import SCENARIOS, UNITS, judged, made_tables
from made_tables_held_out import HELD_OUT

from kraftd_core.document.matching.rows import matched

SIZES = (5, 20, 60, 200)
SEEDS = range(20)
LONG = 5_000


def main() -> int:
    print(f"{'rows':28}{'all':>8}{'right':>8}{'wrong':>8}{'missed':>8}   share  at least")
    holds = True
    for scenario, least in (*SCENARIOS, *HELD_OUT):
        told: Counter[str] = Counter()
        for made in made_tables(scenario, SIZES, SEEDS):
            told += judged(made)
            name = made.name
        share = told["right"] / told.total()
        holds = holds and share >= least
        print(f"{name:28}{told.total():8}{told['right']:8}{told['wrong']:8}{told['missed']:8}  {share:6.2%}  {least:.0%}")
    if "--times" in sys.argv[1:]:
        _tell_times()
    return 0 if holds else 1


def _tell_times() -> None:
    """How long rows without a description take: an invoice's figures, a tenth of the prices changed."""
    chance = Random(5)
    old = [{"pos": n, "quantity": chance.randint(1, 40), "unit": chance.choice(UNITS)} for n in range(LONG)]
    old = [row | {"unit_price": chance.randint(100, 50_000) / 100} for row in old]
    new = [row | ({"unit_price": 1.1 * row["unit_price"]} if chance.random() < 0.1 else {}) for row in old]
    shuffled = chance.sample(new, LONG)
    for name, rows in (("in order", new), ("one more", [*new[:9], dict(new[3]), *new[9:]]), ("shuffled", shuffled)):
        seconds = min(timed(old, rows) for _ in range(5))
        print(f"{LONG:,} rows without words, {name:10}{seconds:6.3f} s")


def timed(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> float:
    """Processor seconds, which other work on the machine changes least."""
    before = process_time()
    matched(old, new)
    return process_time() - before


if __name__ == "__main__":
    sys.exit(main())
