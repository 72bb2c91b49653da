"""Statements judged by hand: what is false or against the record is marked, in four languages, and what is true is not."""

import pytest
import unseen_statements
from judged_statements import FALSE, HELD_OUT_FALSE, HELD_OUT_TRUE, LATER_FALSE, LATER_TRUE, TRUE, case_named

from kraftd_core.thinking.grounding.grounding import ground_text

_MOST_MISSED, _MOST_WRONGLY = 0.05, 0.034


def is_marked(name, text, case_named=case_named):
    grounding = ground_text(text, case_named(name))
    return bool(grounding.contradictions or grounding.statements[0].not_found)


@pytest.mark.parametrize("statements", [FALSE, HELD_OUT_FALSE, LATER_FALSE], ids=["first", "held out", "later"])
def test_nearly_all_that_is_false_or_against_the_record_is_marked(statements):
    missed = [(name, text) for name, text in statements if not is_marked(name, text)]
    assert len(missed) <= _MOST_MISSED * len(statements), missed


@pytest.mark.parametrize("statements", [TRUE, HELD_OUT_TRUE, LATER_TRUE], ids=["first", "held out", "later"])
def test_next_to_nothing_that_is_true_is_marked(statements):
    wrongly = [(name, text) for name, text in statements if is_marked(name, text)]
    assert len(wrongly) <= _MOST_WRONGLY * len(statements), wrongly


_UNSEEN_FALSE = [unseen_statements.FALSE, unseen_statements.SECOND_FALSE, unseen_statements.THIRD_FALSE]
_UNSEEN_TRUE = [unseen_statements.TRUE, unseen_statements.SECOND_TRUE, unseen_statements.THIRD_TRUE]


@pytest.mark.parametrize("statements", _UNSEEN_FALSE, ids=["first", "second", "third"])
def test_nearly_all_that_is_false_of_documents_that_no_rule_was_made_for_is_marked(statements):
    missed = [(name, text) for name, text in statements if not is_marked(name, text, unseen_statements.case_named)]
    assert len(missed) <= _MOST_MISSED * len(statements), missed


@pytest.mark.parametrize("statements", _UNSEEN_TRUE, ids=["first", "second", "third"])
def test_next_to_nothing_that_is_true_of_documents_that_no_rule_was_made_for_is_marked(statements):
    wrongly = [(name, text) for name, text in statements if is_marked(name, text, unseen_statements.case_named)]
    assert len(wrongly) <= _MOST_WRONGLY * len(statements), wrongly
