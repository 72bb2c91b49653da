"""How well rows are matched by likeness, on revisions and offers made with a seed: python benchmarks/matching.py [--times]

A row is right where it is matched to the row that it continues, or to none where it is new; wrong where it is matched
to another, missed where it is matched to none. --times adds how long 5,000 rows take. Ends with 1 where a share is too low.
"""

import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from made_tables import SCENARIOS, judged, made_tables
from made_tables_held_out import HELD_OUT

SIZES = (5, 20, 60, 200)
SEEDS = range(20)


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
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
