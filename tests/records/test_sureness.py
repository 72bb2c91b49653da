"""One threshold says everywhere which values are sure: no part of the product has a border of its own."""

import ast
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from kraftd_core.adapters.agents.openai.prompts import document_of
from kraftd_core.adapters.agents.rules.view import view_of
from kraftd_core.comparing.compare import Side, Wanted, compare
from kraftd_core.ports.thinking import Case
from kraftd_core.records import sureness
from kraftd_core.records.stages import Place
from kraftd_core.review.attention import Attention
from kraftd_core.thinking.grounding.grounding import ground_text
from pages.parts.widgets import sure

PROJECT = Path(__file__).parents[2]
DATA = {"document_type": "other", "note": "Pump", "colour": "red"}
TODAY = date(2026, 10, 6)


def places(confidence):
    return {"note": Place(confidence=confidence), "colour": Place(confidence=1.0)}


def attention(confidence):
    return Attention(DATA, DATA, places(confidence), [], [])


def case(confidence):
    return Case("in.pdf", "other", DATA, places(confidence), [], TODAY)


def is_in_the_queue(confidence):
    return [entry.reasons[0].kind for entry in attention(confidence).entries] == ["unsure"]


def is_not_counted_as_sure(confidence):
    return attention(confidence).sure == 1


def is_compared_as_doubtful(confidence):
    sides = [Side("w", "ai", "w", "in.pdf", DATA, places=places(confidence)), Side("w", "user", "w", "in.pdf", DATA)]
    taken = [line.field for line in compare(sides).lines if Wanted(is_doubtful=True, with_same=True).takes(line)]
    return taken == ["note"]


def is_doubtful_to_the_rules(confidence):
    return view_of(case(confidence), reviewed=False).doubtful == ["note"]


def is_told_to_the_model(confidence):
    return [told["where"] for told in document_of(case(confidence))[0]["doubtful_values"]] == ["note"]


def is_counted_where_claims_are_looked_up(confidence):
    """Of 12 doubtful fields one can only speak where 12 values are doubtful: the document has fewer of anything else."""
    many = {f"line_items[r{n}].amount": Place(confidence=confidence) for n in range(12)}
    said = ground_text("12 fields are unclear.", Case("in.pdf", "other", DATA, many, [], TODAY))
    return not said.statements[0].not_found


def is_marked_on_the_pages(confidence):
    return sure(confidence).endswith(" ?")


PLACES_THAT_ASK = [
    is_in_the_queue, is_not_counted_as_sure, is_compared_as_doubtful, is_doubtful_to_the_rules, is_told_to_the_model,
    is_counted_where_claims_are_looked_up, is_marked_on_the_pages,
]  # fmt: skip


@pytest.mark.parametrize("asks_for_eyes", PLACES_THAT_ASK)
@pytest.mark.parametrize(("confidence", "doubtful"), [
    (0.0, True), (0.59, True), (0.6, True), (0.79, True), (0.7999, True), (0.8, False), (0.85, False), (0.9, False), (1.0, False),
])
def test_a_value_is_sure_from_eighty_percent_on(asks_for_eyes: Callable[[float], bool], confidence, doubtful):
    assert asks_for_eyes(confidence) == doubtful


@pytest.mark.parametrize("asks_for_eyes", PLACES_THAT_ASK)
@pytest.mark.parametrize("threshold", [0.3, 0.95])
def test_every_place_follows_the_one_threshold(monkeypatch, asks_for_eyes: Callable[[float], bool], threshold):
    monkeypatch.setattr(sureness, "SURE_FROM", threshold)
    around = (threshold - 0.01, threshold, threshold + 0.01)
    assert [asks_for_eyes(confidence) for confidence in around] == [True, False, False]


def test_what_was_not_measured_is_neither_sure_nor_doubtful():
    assert (sureness.is_sure(None), sureness.is_doubtful(None)) == (False, False)
    assert not is_compared_as_doubtful(None) and not is_doubtful_to_the_rules(None) and not is_marked_on_the_pages(None)


@pytest.mark.parametrize(("said", "is_found"), [("80%", True), ("90%", False), ("60%", False), ("79%", False)])
def test_the_threshold_may_be_named_in_a_summary_and_no_other(said, is_found):
    grounding = ground_text(f"Some values were read with a confidence below {said}.", case(0.5))
    assert (grounding.statements[0].not_found == []) == is_found


# No border beside it


def own_borders(source):
    """Where a source holds a confidence against a figure of its own: the lines, with what is compared."""
    tree = ast.parse(source)
    figures = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, float)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    compared = (node for node in ast.walk(tree) if isinstance(node, ast.Compare) and "confidence" in ast.unparse(node))
    return [ast.unparse(node) for node in compared if any(_is_figure(part, figures) for part in (node.left, *node.comparators))]


def _is_figure(node, figures):
    is_literal = isinstance(node, ast.Constant) and isinstance(node.value, float)
    return is_literal or (isinstance(node, ast.Name) and node.id in figures)


def reviewing_sources():
    """All but the readers, whose borders decide what is read, not whether somebody should look."""
    core = (path for path in (PROJECT / "kraftd_core").rglob("*.py") if "readers" not in path.parts)
    return [path for path in (*core, *(PROJECT / "pages").rglob("*.py")) if path.name != "sureness.py"]


@pytest.mark.parametrize("source", [
    "x = confidence < 0.8", "x = place.confidence is not None and 0.75 <= place.confidence",
    "SURE = 0.9\nx = [p for p in places if p.confidence >= SURE]", "def f(confidence):\n    return 0.5 < confidence < 1.0",
])
def test_a_border_of_its_own_is_found(source):
    assert own_borders(source)


@pytest.mark.slow
def test_no_part_beside_the_readers_has_a_border_of_its_own():
    found = {str(path.relative_to(PROJECT)): own for path in reviewing_sources() if (own := own_borders(path.read_text("utf-8")))}
    assert found == {}
