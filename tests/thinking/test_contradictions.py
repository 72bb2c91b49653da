"""What a statement says against the record is marked, whoever wrote it; what agrees with it is not."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from kraftd_core.document.checks.checking import check
from kraftd_core.document.jsontypes import ROW_ID, Data
from kraftd_core.ports.thinking import Case
from kraftd_core.thinking.grounding.grounding import ground_text

TODAY = date(2026, 11, 20)
INVOICE: Data = {
    "document_type": "invoice", "vendor_name": "Brindlewick Fixings Ltd", "customer_name": "Halvery LLP", "invoice_id": "F-10",
    "invoice_date": "2026-11-01", "due_date": "2026-12-13", "currency": "EUR", "subtotal": 564, "total_tax": 107.15,
    "invoice_total": 671.15, "prepaid_amount": 201, "balance_due": 470.15,
    "payment_terms": "2 % discount within 14 days",
    "line_items": [{ROW_ID: "a", "description": "Pump", "quantity": 4, "unit_price": 141, "amount": 564}],
}  # fmt: skip
LATE = INVOICE | {"invoice_date": "2017-11-13", "due_date": "2017-12-13"}
WRONG = INVOICE | {"invoice_total": 700, "balance_due": 499}
BARE = INVOICE | {"line_items": [*INVOICE["line_items"], {ROW_ID: "b", "description": "Hose", "quantity": 1, "unit_price": 9}]}


def case_of(data: Data, **more: Any) -> Case:
    return Case("scan.pdf", data["document_type"], data, {}, check(data, TODAY), TODAY, **more)


def told(text: str, data: Data = INVOICE) -> list[str]:
    return [word for entry in ground_text(text, case_of(data)).contradictions for word in entry.told]


LEFT, CARD, PAID = "470.15 EUR is left to pay", "it is charged to a card", "nothing is left to pay"
ON_CARD, SETTLED = INVOICE | {"payment_method": "Credit card"}, INVOICE | {"balance_due": 0}
CREDIT = INVOICE | {"invoice_total": -50, "balance_due": -50, "subtotal": -42.02, "total_tax": -7.98, "line_items": []}


@pytest.mark.parametrize(("text", "data", "against"), [
    ("Pay 671.15 EUR at once.", INVOICE, LEFT),
    ("Transfer €671.15 to the supplier by 13 December 2026.", INVOICE, LEFT),
    ("Approve the payment of 671.15 EUR.", INVOICE, LEFT),
    ("Bitte 671,15 EUR überweisen.", INVOICE, LEFT),
    ("The amount due is 671.15 EUR.", INVOICE, LEFT),
    ("The outstanding balance is 107.15 EUR.", INVOICE, LEFT),
    ("671.15 EUR are still owed.", INVOICE, LEFT),
    ("You still owe 671.15 EUR.", INVOICE, LEFT),
    ("The amount of 671.15 EUR remains unpaid.", INVOICE, LEFT),
    ("The balance is zero.", INVOICE, LEFT),
    ("The invoice has already been paid.", INVOICE, LEFT),
    ("Pay 671.15 EUR by 2026-12-13.", SETTLED, PAID),
    ("Pay the invoice in time.", SETTLED, PAID),
    ("Pay 470.15 EUR by 2026-12-13.", ON_CARD, CARD),
    ("Pay 50.00 EUR.", CREDIT, "it gives 50.00 EUR back"),
    ("Pay the supplier by 13 December 2017.", LATE, "2017-12-13 has passed"),
    ("Payment is due on 2017-12-13.", LATE, "2017-12-13 has passed"),
    ("The invoice is not yet due.", LATE, "The due date 2017-12-13 has passed, as of 2026-11-20"),
    ("The payment is overdue.", INVOICE, "the due date 2026-12-13 is to come"),
    ("The payment is overdue.", SETTLED, PAID),
    ("The figures add up.", WRONG, "The subtotal 564.00 plus the tax 107.15 is 671.15, but the total says 700.00"),
    ("No discrepancies were found.", WRONG, "The subtotal 564.00 plus the tax 107.15 is 671.15, but the total says 700.00"),
    ("The total is correct.", WRONG, "The subtotal 564.00 plus the tax 107.15 is 671.15, but the total says 700.00"),
    ("Pay 470.15 EUR at once.", WRONG, "1 error to be cleared up first"),
    ("Approve the invoice.", WRONG, "1 error to be cleared up first"),
    ("The figures add up.", BARE, "not checked, or only in part: the sum of the lines"),
    ("The lines add up to the subtotal.", BARE, "not checked, or only in part: the sum of the lines"),
    ("Nothing is missing.", INVOICE | {"invoice_id": None}, "The invoice number is missing"),
    ("The total is 470.15 EUR.", INVOICE, "the total is 671.15"),
    ("The supplier is Halvery LLP.", INVOICE, "the supplier is Brindlewick Fixings Ltd"),
    ("Order date: 2026-11-01.", INVOICE, "2026-11-01 is the invoice date"),
    ("The due date is 2026-11-01.", INVOICE, "the due date is 2026-12-13"),
])
def test_what_the_record_denies_is_marked_with_what_holds(text, data, against):
    assert against in told(text, data)


@pytest.mark.parametrize(("text", "data"), [
    ("Pay 470.15 EUR by 2026-12-13.", INVOICE),
    ("A prepayment of 201.00 EUR was deducted, leaving 470.15 EUR to be paid by 13 December 2026.", INVOICE),
    ("Find out whether the invoice was paid.", INVOICE),
    ("Payment terms: Please pay 671.15 EUR at once.", SETTLED | {"payment_terms": "Please pay 671.15 EUR at once"}),
    ("The invoice has not been paid.", INVOICE),
    ("The balance is zero.", SETTLED),
    ("The invoice was charged to a credit card; no payment is due.", ON_CARD),
    ("Offset 50.00 EUR against the next payment.", CREDIT),
    ("Do not approve the invoice until the total is corrected.", WRONG),
    ("Pay 460.75 EUR within 14 days, less 2 %.", INVOICE),
    ("Do not pay 671.15 EUR.", INVOICE),
    ("201.00 EUR of 671.15 EUR was paid.", INVOICE),
    ("Ask the supplier by when to pay.", SETTLED),
    ("Find out whether 470.15 EUR was paid: it was due by 2017-12-13.", LATE),
    ("Pay 470.15 EUR at once unless it was paid: it was due by 2017-12-13.", LATE),
    ("The due date 2017-12-13 has passed.", LATE),
    ("It was due on 13 December 2017 and is overdue.", LATE),
    ("Dated 2017-11-13, due by 2017-12-13.", LATE),
    ("The period runs from 2017-10-01 to 2017-10-31.", LATE),
    ("Check that the figures add up.", WRONG),
    ("The figures do not add up.", WRONG),
    ("Clear up 1 error before paying.", WRONG),
    ("Pay 499.00 EUR once the error is cleared up.", WRONG),
    ("The figures add up.", INVOICE),
    ("The total is 671.15 EUR and the tax 107.15 EUR.", INVOICE),
    ("The total of line 1 is 564.00 EUR.", INVOICE),
    ("The amount due is 470.15 EUR.", INVOICE),
    ("Line total 564.00, order date unknown.", INVOICE),
    ("Invoice date: 2026-11-01.", INVOICE),
    ("Order date: 2026-10-20.", INVOICE | {"order_date": "2026-10-20"}),
    ("Book the credit of 50.00 EUR.", CREDIT),
])
def test_what_agrees_with_the_record_or_only_asks_is_not_marked(text, data):
    assert told(text, data) == []


def test_a_contradiction_is_held_against_its_own_statement_and_the_share_counts_it():
    grounding = ground_text("The total is 671.15 EUR.\nPay 671.15 EUR.", case_of(INVOICE))
    assert [(entry.index, entry.told) for entry in grounding.contradictions] == [(1, [LEFT])]
    assert grounding.share == 0.5


def test_each_sentence_of_a_statement_is_judged_by_itself():
    text = "It was due by 2017-12-13. Pay 671.15 EUR by 2017-12-13. The figures add up."
    assert told(text, LATE) == [LEFT, "2017-12-13 has passed"]
    assert told("Nothing is to be paid. Pay 671.15 EUR.", SETTLED) == [PAID]


def test_a_receipt_is_not_to_be_paid_and_other_kinds_are_not_judged_by_it():
    receipt = {"document_type": "receipt", "vendor_name": "Till", "receipt_date": "2026-11-01", "receipt_total": 12.3}
    assert told("Pay 12.30.", receipt) == [PAID]
    contract = {"document_type": "contract", "contract_value": 240000.0, "payment_terms": "quarterly 60,000"}
    assert told("Pay 60,000.00 every quarter.", contract) == []


def test_the_same_case_judges_another_day_otherwise():
    case = case_of(INVOICE)
    late = replace(case, as_of=date(2027, 1, 1))
    assert ground_text("Pay 470.15 EUR by 2026-12-13.", late).contradictions[0].told == ["2026-12-13 has passed"]
