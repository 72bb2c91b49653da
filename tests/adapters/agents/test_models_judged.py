"""What a model says goes through the same checks of advice, roles and amounts as what the rules say."""

import asyncio
from datetime import date
from functools import partial
from typing import Any

import pytest
from openai_standin import GOOD, KEY, OpenAIStandin, told

from kraftd_core.adapters.agents.openai import OpenAIAgent
from kraftd_core.adapters.agents.openai.service import Service, openai_client
from kraftd_core.adapters.agents.rules.agent import RulesAgent
from kraftd_core.document.changes import changes
from kraftd_core.document.checks.checking import check
from kraftd_core.document.jsontypes import ROW_ID, Data
from kraftd_core.ports.thinking import Case
from kraftd_core.records.stages import Grounding, Look, Place, UserPreferences
from kraftd_core.thinking.agent import KraftdAIAgent

TODAY = date(2026, 11, 20)
INVOICE: Data = {
    "document_type": "invoice", "vendor_name": "Mill & Sons", "customer_name": "Baker Ltd", "invoice_id": "F-1",
    "invoice_date": "2026-11-01", "due_date": "2026-12-13", "currency": "EUR", "subtotal": 564, "total_tax": 107.15,
    "invoice_total": 671.15,
    "line_items": [{ROW_ID: "r1", "description": "Flour", "quantity": 4, "unit_price": 141, "amount": 564}],
}  # fmt: skip
PART_PAID = INVOICE | {"prepaid_amount": 201, "balance_due": 470.15}
SETTLED = INVOICE | {"prepaid_amount": 671.15, "balance_due": 0}
ON_CARD = INVOICE | {"payment_method": "Credit card"}
LATE = INVOICE | {"invoice_date": "2017-11-13", "due_date": "2017-12-13"}
WRONG = INVOICE | {"invoice_total": 700}
TAXED_WRONG = INVOICE | {
    "tax_breakdown": [{ROW_ID: "t", "tax_rate": 19, "taxable_amount": 564, "tax_amount": 90.0}], "total_tax": 107.15,
}  # fmt: skip


@pytest.fixture(scope="module")
def standin():
    standin = OpenAIStandin()
    standin.start()
    yield standin
    standin.stop()


def case_of(data: Data, **more: Any) -> Case:
    return Case("scan.pdf", data["document_type"], data, {}, check(data, TODAY), TODAY, **more)


def model_at(standin: OpenAIStandin) -> KraftdAIAgent:
    service = Service("OpenAI", "gpt-4o-mini", "KRAFTD_OPENAI_API_KEY", "KRAFTD_OPENAI_MODEL", 60.0, 900)
    return KraftdAIAgent(OpenAIAgent(partial(openai_client, standin.base_url, KEY, 60.0), service))


def judged(standin: OpenAIStandin, case: Case, **said: Any) -> Grounding:
    """What is made of a model's summary that says this."""
    standin.forget()
    lists = ("key_findings", "recommendations", "risk_factors", "action_items")
    quiet = {"executive_summary": "An invoice."} | {name: [] for name in lists}
    standin.say(told(GOOD | quiet | said))
    act = model_at(standin).summarise_initial if case.preferences is None else model_at(standin).summarise_final
    _, thought = asyncio.run(act(case))
    assert thought.grounding is not None
    return thought.grounding


@pytest.mark.parametrize(("data", "section", "said", "against"), [
    (PART_PAID, "action_items", "Pay 671.15 EUR at once.", "470.15 EUR is left to pay"),
    (PART_PAID, "key_findings", "The amount due is 671.15 EUR.", "470.15 EUR is left to pay"),
    (SETTLED, "action_items", "Pay 671.15 EUR by 2026-12-13.", "nothing is left to pay"),
    (ON_CARD, "action_items", "Pay 671.15 EUR by 2026-12-13.", "it is charged to a card"),
    (WRONG, "action_items", "Clear up 1 error first. Pay 700.00 EUR at once.", "1 error to be cleared up first"),
    (TAXED_WRONG, "key_findings", "Yes, everything adds up.", "the tax says 90.00"),
    (LATE, "action_items", "Settle the invoice by 13 December 2017.", "2017-12-13 has passed"),
    (INVOICE, "risk_factors", "The invoice is overdue.", "the due date 2026-12-13 is to come"),
    (INVOICE, "key_findings", "Order date: 2026-11-01.", "2026-11-01 is the invoice date"),
    (PART_PAID, "key_findings", "The total is 470.15 EUR.", "the total is 671.15"),
    (INVOICE, "key_findings", "The supplier is Baker Ltd.", "the supplier is Mill & Sons"),
])  # fmt: skip
def test_a_models_statement_against_the_record_is_marked_like_anyones(standin, data, section, said, against):
    grounding = judged(standin, case_of(data), **{section: [said]})
    [contradiction] = grounding.contradictions
    assert (contradiction.section, contradiction.index) == (section, 0)
    assert any(against in word for word in contradiction.told)
    assert grounding.share is None or grounding.share < 1


TERMS = LATE | {"payment_terms": "Zahlbar ohne Abschlag bis 2017-12-13, mit 2 % Skonto bis 2017-11-23"}


@pytest.mark.parametrize("data", [INVOICE, PART_PAID, SETTLED, ON_CARD, LATE, WRONG, TAXED_WRONG, TERMS])
def test_what_the_rules_say_of_the_same_passes_and_so_it_does_where_a_model_says_it(standin, data):
    case = case_of(data)
    summary, thought = asyncio.run(KraftdAIAgent(RulesAgent()).summarise_initial(case))
    assert thought.grounding is not None
    assert thought.grounding.contradictions == []
    said = summary.model_dump(exclude={"confidence_score"})
    grounding = judged(standin, case, **said)
    assert grounding.contradictions == []
    assert [s.not_found for s in grounding.statements if s.not_found] == []


def test_what_a_model_says_of_the_review_is_held_against_the_review(standin):
    reviewed = INVOICE | {"due_date": "2026-12-20"}
    done = changes(INVOICE, reviewed)
    case = case_of(reviewed, changes=done, preferences=UserPreferences(), looked_at=[Look(field="subtotal", how="confirmed")])
    right = judged(standin, case, key_findings=["The reviewer corrected 1 value: due date (1).", "1 value was confirmed."])
    assert [s.not_found for s in right.statements if s.not_found] == []
    wrong = judged(standin, case, key_findings=["The reviewer corrected 7 values."])
    assert wrong.statements[1].not_found == ["7 values"]


BILL_AS_RECEIPT: Data = {
    "document_type": "receipt", "vendor_name": "Mechanically fixed marble", "receipt_number": "2.1", "receipt_total": 181156.5,
    "line_items": [
        {ROW_ID: f"r{n}", "description": f"Marble {n}", "quantity": 4, "unit_price": 10, "amount": 40} for n in range(5)
    ],
}  # fmt: skip
BILL: Data = {
    "document_type": "boq", "currency": "EUR", "boq_total": 5000,
    "line_items": [
        {ROW_ID: "a", "description": "Dig", "quantity": 275, "unit": "m3", "unit_price": 10, "amount": 2750},
        {ROW_ID: "b", "description": "Fill", "quantity": 225, "unit": "m3", "unit_price": 10, "amount": 2250},
    ],
}  # fmt: skip
RATES = [
    {ROW_ID: "t", "tax_rate": 19, "taxable_amount": 564, "tax_amount": 107.15},
    {ROW_ID: "u", "tax_rate": 0, "taxable_amount": 0, "tax_amount": 0},
]
LATER = INVOICE | {"due_date": "2026-12-20"}
FINAL = {"preferences": UserPreferences()}
UNATTENDED = FINAL | {"is_reviewed": False}
CONFIRMED = FINAL | {"looked_at": [Look(field="due_date", how="confirmed")]}


@pytest.mark.parametrize(("data", "more", "said", "against"), [
    (BILL_AS_RECEIPT, {"type_confidence": 0.5}, "Book the receipt of 181,156.50.", "it is doubtful whether this is a receipt"),
    (BILL, {}, "The total is 275.00 EUR.", "the total is 5,000.00"),
    (INVOICE | {"tax_breakdown": RATES}, {}, "The two tax rows add up to the total.", "the taxes are the tax and not the total"),
    (INVOICE, UNATTENDED, "The reviewer confirmed all values.", "no person has looked at the values"),
    (INVOICE, UNATTENDED, "Pay 671.15 EUR by 2026-12-13.", "no person has looked at the values"),
    (LATER, FINAL | {"changes": changes(INVOICE, LATER)}, "100 % was left as it was.", "1 value was changed"),
    (INVOICE, CONFIRMED, "The due date is doubtful.", "the due date was confirmed"),
    (BILL, {}, "This is an invoice.", "it was read as a bill of quantities"),
])  # fmt: skip
def test_what_a_model_concludes_or_says_of_the_review_is_held_against_what_is_known(standin, data, more, said, against):
    grounding = judged(standin, case_of(data, **more), action_items=[said])
    assert [told for entry in grounding.contradictions if entry.section == "action_items" for told in entry.told] == [against]


@pytest.mark.parametrize(("more", "said"), [
    (UNATTENDED, "Have a person review the values before anyone relies on them."),
    (UNATTENDED, "Pay nothing before a person has looked at the values."),
    (UNATTENDED, "A service, without a review, changed no value."),
    (FINAL, "The reviewer changed no value."),
    (CONFIRMED, "The invoice number is doubtful."),
    (CONFIRMED, "The due date is not doubtful any more."),
    ({"type_confidence": 0.5}, "Do not pay before the type of the document is chosen."),
])  # fmt: skip
def test_what_holds_of_a_review_is_not_held_against_a_model(standin, more, said):
    assert judged(standin, case_of(INVOICE, **more), action_items=[said]).contradictions == []


def test_a_model_is_told_what_is_to_be_paid_and_what_is_doubtful_no_more_by_nobodys_name(standin):
    places = {"due_date": Place(confidence=0.3), "currency": Place(confidence=0.3)}
    looks = [Look(field="due_date", how="confirmed")]
    case = case_of(PART_PAID, looked_at=looks, reviewed_by="ann@example.com", type_confidence=0.4)
    case = Case(case.document_name, case.document_type, case.data, places, case.findings, TODAY, looked_at=looks,
                reviewed_by="ann@example.com", type_confidence=0.4)  # fmt: skip
    judged(standin, case)
    sent = standin.asked[0]["messages"][2]["content"]
    assert '"to_be_paid": {"how": "to be paid", "amount": "470.15 EUR", "due": "2026-12-13"}' in sent
    assert '"doubtful_values": [{"where": "currency"' in sent
    assert '"type_is_doubtful": false' in sent  # somebody looked at it
    assert "ann@example.com" not in sent
