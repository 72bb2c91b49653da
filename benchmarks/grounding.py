"""How well statements are held against documents: python benchmarks/grounding.py

Counts what the rules say that is not in the documents (by the oracle of the tests, and by the product itself), and what
is flagged of false and of true statements. Over the real documents where they lie beside the project, and our own samples.
Ends with 1 where a limit does not hold.
"""

import asyncio
import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from known_cases import sample_cases, truth_cases
from oracle import unsupported
from statements import false_statements, true_statements

from kraftd_core.adapters.agents.rules.agent import RulesAgent
from kraftd_core.ports.thinking import Case
from kraftd_core.thinking.grounding.grounding import SECTIONS, ground, ground_text

SEEDS = range(10)
LEAST_FLAGGED, MOST_WRONGLY = 0.96, 0.02


def own_statements(cases: list[Case]) -> tuple[int, int, int, float]:
    """The statements of the rules: how many, not found by the oracle, not found by the product, milliseconds a document."""
    count = by_oracle = by_product = 0
    spent = 0.0
    for case in cases:
        summary = asyncio.run(RulesAgent().initial_summary(case)).what
        began = time.perf_counter()
        grounding = ground(summary, case)
        spent += time.perf_counter() - began
        counts = [*range(max(len(case.data), len(case.findings), len(case.places)) + 1)]
        texts = [getattr(summary, section) for section in SECTIONS]
        for text in [text for said in texts for text in ([said] if isinstance(said, str) else said)]:
            count += 1
            by_oracle += bool(unsupported(text, case.data, (case.document_name, str(case.as_of)), counts))
        by_product += sum(bool(statement.not_found) for statement in grounding.statements)
    return count, by_oracle, by_product, 1000 * spent / len(cases)


def flagged(statements: list[tuple[Case, str]]) -> int:
    """How many of the statements are flagged."""
    return sum(bool(ground_text(text, case).statements[0].not_found) for case, text in statements)


def main() -> int:
    """Prints the counts; 1 where a limit does not hold."""
    holds = True
    for name, cases in (("real documents", truth_cases()), ("own samples", sample_cases())):
        if not cases:
            print(f"{name}: none here")
            continue
        count, by_oracle, by_product, each_ms = own_statements(cases)
        false, true = [], []
        for seed in SEEDS:
            chance = random.Random(seed)
            true += [(case, text) for case in cases for text in true_statements(case.data, chance)]
            false += [(case, text) for case in cases for text in false_statements(case.data, [c.data for c in cases], chance)]
        caught, wrongly = flagged(false), flagged(true)
        print(f"{name}: {len(cases)}, {each_ms:.1f} ms each")
        print(f"  statements of the rules {count}, not found by the oracle {by_oracle}, by the product {by_product}")
        print(f"  false statements {len(false)}, flagged {caught} ({caught / len(false):.1%})")
        print(f"  true statements {len(true)}, flagged {wrongly} ({wrongly / len(true):.1%})")
        holds &= not by_oracle and not by_product and caught >= LEAST_FLAGGED * len(false) and wrongly <= MOST_WRONGLY * len(true)
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
