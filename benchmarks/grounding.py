"""How well statements are held against documents: python benchmarks/grounding.py

Counts what the rules say that is not in the documents (by the oracle of the tests, and by the product itself), and what
is flagged of false and of true statements, and how long the worst texts take that an answer of 4,000 tokens can hold. Over
the real documents where they lie beside the project, and our own samples. Ends with 1 where a limit does not hold.
"""

import asyncio
import random
import re
import sys
import time
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from known_cases import sample_cases, truth_cases
from oracle import unsupported
from statements import false_statements, true_statements

from kraftd_core.adapters.agents.rules.agent import RulesAgent
from kraftd_core.ports.thinking import Case
from kraftd_core.records.stages import Summary
from kraftd_core.thinking.grounding.grounding import MOST_OF_A_STATEMENT, SECTIONS, ground, ground_text

SEEDS = range(10)
LEAST_FLAGGED, MOST_WRONGLY = 0.96, 0.02
TOKENS, MOST_MS = 4_000, 50
_TOKEN = re.compile(r"\d{1,3}|[^\W\d_]{1,6}|[^\w\s]")


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
    """How many of the statements are flagged as not found."""
    return sum(bool(ground_text(text, case).statements[0].not_found) for case, text in statements)


def told_otherwise(statements: list[tuple[Case, str]]) -> int:
    """How many of the statements give a value of the document to another part of it, and nothing else is flagged."""
    groundings = (ground_text(text, case) for case, text in statements)
    return sum(bool(grounding.contradictions) and not grounding.statements[0].not_found for grounding in groundings)


def worst_texts() -> dict[str, str]:
    """Texts that ask for much looking up, as long as an answer can be."""
    chance = random.Random(1)
    figures = [chance.uniform(1, 1e5) for _ in range(TOKENS)]
    repeated = ("1% ", "1 day ", "line 1, 2, 3, ", "A. ", "Globex ", "pay 1.00 by 2017-01-01. ", "total 1.00 ", "1 of ", ".")
    texts = {text: text * TOKENS for text in repeated}
    texts["shares"] = " ".join(f"{figure / 1000:.1f}%" for figure in figures)
    texts["shares of a line"] = "line 3 has " + texts["shares"]
    texts["amounts"] = " ".join(f"{figure:.2f}" for figure in figures)
    texts["rough amounts"] = " ".join(f"about {figure:.2f}" for figure in figures)
    texts["days"] = " ".join(f"2017-{n % 12 + 1:02d}-{n % 28 + 1:02d}" for n in range(TOKENS))
    texts["codes"] = " ".join(f"A{n}-B" for n in range(TOKENS))
    texts["names"] = " ".join(f"Nam{chr(97 + n % 26)}{chr(97 + n // 26 % 26)} was" for n in range(TOKENS))
    return {name: cut(text, TOKENS) for name, text in texts.items()}


def cut(text: str, tokens: int) -> str:
    """The beginning of a text: a token is up to three digits, six letters, or one mark, as models count about."""
    ends = [match.end() for match in islice(_TOKEN.finditer(text), tokens)]
    return text[: ends[-1]]


def worst_case(case: Case) -> tuple[str, float]:
    """The text that takes longest as the statements of a summary, and its milliseconds of computing."""
    taken = {}
    for name, text in worst_texts().items():
        parts = [text[start : start + MOST_OF_A_STATEMENT] for start in range(0, len(text), MOST_OF_A_STATEMENT)]
        for shape, statements in (("one statement", [text]), ("many", parts)):
            summary = Summary(
                executive_summary="", key_findings=statements, recommendations=[], risk_factors=[], action_items=[]
            )
            tries = []
            for _ in range(3):
                began = time.process_time()
                ground(summary, case)
                tries.append(1000 * (time.process_time() - began))
            taken[f"{name!r} as {shape}"] = min(tries)
    return max(taken.items(), key=lambda entry: entry[1])


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
        caught, wrongly = flagged(false) + told_otherwise(false), flagged(true)
        print(f"{name}: {len(cases)}, {each_ms:.1f} ms each")
        print(f"  statements of the rules {count}, not found by the oracle {by_oracle}, by the product {by_product}")
        print(f"  false statements {len(false)}, flagged {caught} ({caught / len(false):.1%})")
        print(f"  true statements {len(true)}, flagged {wrongly} ({wrongly / len(true):.1%})")
        holds &= not by_oracle and not by_product and caught >= LEAST_FLAGGED * len(false) and wrongly <= MOST_WRONGLY * len(true)
    text, worst_ms = worst_case(sample_cases()[0])
    print(f"the worst text of {TOKENS:,} tokens: {text}, {worst_ms:.0f} ms (at most {MOST_MS})")
    return 0 if holds and worst_ms <= MOST_MS else 1


if __name__ == "__main__":
    sys.exit(main())
