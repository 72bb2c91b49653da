"""What is marked in a model's text before it is recorded, and the text without what is left out."""

from datetime import date

import pytest
from fakes import invoice_data

from kraftd_core.document.checks.checking import check
from kraftd_core.ports.thinking import Case
from kraftd_core.records.stages import FinalSummary, LearningInsights
from kraftd_core.thinking.grounding.grounding import ground
from kraftd_core.thinking.prose import MarkedStatement, marked_in, without_statements

DATA, TODAY = invoice_data(), date(2026, 10, 6)
CASE = Case("mill.pdf", "invoice", DATA, {}, check(DATA, TODAY), TODAY)
TRUE = "This is an invoice from Mill & Sons."


def text(head=TRUE, **sections):
    said = {name: [] for name in ("key_findings", "recommendations", "risk_factors", "action_items")} | sections
    learned = LearningInsights(user_corrected_fields=[], user_focus_areas=[])
    return FinalSummary(executive_summary=head, learning_insights=learned, **said)


def marked(summary):
    return marked_in(summary, ground(summary, CASE), CASE)


def test_true_statements_are_not_marked():
    assert marked(text(key_findings=["The total is 36 EUR."])) == ()


def test_a_statement_is_marked_with_what_is_not_found():
    (found,) = marked(text(key_findings=["The total is 36 EUR.", "A discount of 77.31 EUR was granted."]))
    assert (found.section, found.index, found.key) == ("key_findings", 1, "key_findings 1")
    assert any("77.31" in words for words in found.not_found)


def test_of_the_first_section_only_the_sentence_is_marked():
    (found,) = marked(text(f"{TRUE} It mentions a discount of 77.31 EUR. It is from Mill & Sons."))
    assert (found.index, found.text) == (1, "It mentions a discount of 77.31 EUR.")


def test_without_a_marked_sentence_the_others_stay():
    summary = text(f"{TRUE} It mentions a discount of 77.31 EUR. It is from Mill & Sons.")
    assert without_statements(summary, marked(summary), "Rules.").executive_summary == f"{TRUE} It is from Mill & Sons."


def test_where_no_sentence_is_left_the_rules_words_stand():
    summary = text("It mentions a discount of 77.31 EUR.")
    assert without_statements(summary, marked(summary), "An invoice.").executive_summary == "An invoice."


def test_marks_that_no_sentence_has_alone_are_those_of_all_of_it():
    whole = MarkedStatement("executive_summary", 0, f"{TRUE} Two.", ("x",), is_whole=True)
    assert without_statements(text(f"{TRUE} Two."), [whole], "Rules.").executive_summary == "Rules."


def test_what_is_kept_stays_and_only_what_is_left_out_goes():
    summary = text(key_findings=["One 77.31.", "Two 88.42."], action_items=["Three 99.53."])
    first, second, third = marked(summary)
    left = without_statements(summary, [second], "Rules.")
    assert (left.key_findings, left.action_items) == (["One 77.31."], ["Three 99.53."])
    assert (first.key, third.key) == ("key_findings 0", "action_items 0")


@pytest.mark.parametrize("head", ["From Mill & Co. Ltd. of 3. October it is 36 EUR.", "No. 10 is of Mill. and sons."])
def test_no_sentence_ends_at_a_number_or_a_short_word(head):
    summary = text(f"{head} A discount of 77.31 EUR.")
    assert without_statements(summary, [m for m in marked(summary) if "77.31" in m.text], "Rules.").executive_summary == head


def test_a_text_that_nothing_was_looked_up_of_has_no_marks():
    assert marked_in(text("It is 77.31."), None, CASE) == ()
