"""What is said where nothing differs: no more than was compared."""

from datetime import date

import pytest

from kraftd_core.document.checks.checking import answers
from kraftd_core.document.checks.words import doubts, figures_said, nothing_wrong_said, unchecked_said, verdict

TODAY = date(2026, 11, 27)
LINE = {"description": "Part", "quantity": 2, "unit_price": 50, "amount": 100}
RIGHT = {"document_type": "invoice", "vendor_name": "Mill", "invoice_id": "1", "invoice_date": "2026-11-01", "currency": "EUR",
         "subtotal": 100, "total_tax": 19, "invoice_total": 119, "line_items": [LINE]}  # fmt: skip
PARTLY = {"document_type": "boq", "boq_total": 900, "line_items": [LINE, {"description": "Second", "quantity": 1}]}


@pytest.mark.parametrize(
    ("data", "stands", "said", "unchecked"),
    [
        (RIGHT, "held", "The figures add up.", None),
        (RIGHT | {"invoice_total": 120}, "differs", None, None),
        (
            PARTLY,
            "not_checked",
            "The figures that could be compared add up; not all could be.",
            "Not checked, or only in part: the sum of the lines.",
        ),
        (
            {"document_type": "boq", "line_items": [{"description": "A", "amount": 5}]},
            "not_checked",
            "The figures could not be compared.",
            "Not checked, or only in part: the sum of the lines.",
        ),
        (
            {"document_type": "rfq", "line_items": [{"description": "A", "quantity": 5}]},
            "not_checked",
            "There were no figures to compare.",
            None,
        ),
    ],
)
def test_figures_are_called_right_only_where_all_were_compared(data, stands, said, unchecked):
    given = answers(data, TODAY)
    assert (verdict(given), figures_said(given), unchecked_said(given)) == (stands, said, unchecked)


def test_nothing_wrong_is_said_of_what_was_compared_only():
    assert nothing_wrong_said(answers(RIGHT, TODAY)) == "The checks found nothing wrong."
    assert nothing_wrong_said(answers(PARTLY, TODAY)) == "The checks found nothing wrong in what they could compare."
    assert nothing_wrong_said([]) == "The checks had no figures to compare."


def test_a_payment_that_is_late_is_a_fact_and_no_doubt():
    late = answers(RIGHT | {"due_date": "2026-11-05"}, TODAY)
    assert [finding.check for finding in late if finding.answer == "differs"] == ["overdue"]
    assert doubts(late) == []
    assert verdict(late) == "held"
