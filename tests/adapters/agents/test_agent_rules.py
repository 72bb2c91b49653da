"""The rule-based agent says only what the data says."""

import asyncio
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal, localcontext
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kraftd_core.adapters.agents.rules.advice import _ADVICE
from kraftd_core.adapters.agents.rules.agent import RulesAgent
from kraftd_core.document.changes import changes
from kraftd_core.document.checks.checking import Finding, check
from kraftd_core.document.checks.words import FIGURES
from kraftd_core.document.jsontypes import ROW_ID, Data
from kraftd_core.document.kinds import KINDS
from kraftd_core.ports.thinking import Case
from kraftd_core.records.accepted import accepted_in
from kraftd_core.records.lessons import Correction, Lesson
from kraftd_core.records.stages import FinalSummary, Look, Place, Summary
from kraftd_core.records.suppliers import Supplier
from kraftd_core.thinking.grounding.grounding import ground, ground_text
from kraftd_core.thinking.learning_insights import learning_insights

TODAY = date(2026, 11, 20)


def line(row_id: str, **cells: Any) -> Data:
    return {ROW_ID: row_id, "description": f"Pump {row_id}", "quantity": 4, "unit_price": 120, "amount": 480} | cells


INVOICE: Data = {
    "document_type": "invoice", "vendor_name": "Au bon moulin", "customer_name": "Ma jolie boutique",
    "invoice_id": "FA-2017-0010", "invoice_date": "2017-11-13", "due_date": "2017-12-13", "currency": "EUR",
    "subtotal": 600, "total_tax": 114, "invoice_total": 714, "line_items": [line("a"), line("b", quantity=1, amount=120)],
}


def case_of(data: Data, as_of: date = TODAY, original: Data | None = None, **more: Any) -> Case:
    done = changes(original, data) if original is not None else []
    kind = data.get("document_type")
    return Case("scan.pdf", kind if isinstance(kind, str) else "other", data, more.pop("places", {}), check(data, as_of), as_of,
                changes=done, **more)


def initial(data: Data, **more: Any) -> Summary:
    return asyncio.run(RulesAgent().initial_summary(case_of(data, **more))).what


def final(data: Data, original: Data, **more: Any) -> FinalSummary:
    return asyncio.run(RulesAgent().final_summary(case_of(data, original=original, **more))).what


def answer(question: str, data: Data, **more: Any) -> str:
    return asyncio.run(RulesAgent().answer(question, case_of(data, **more))).what


def sentences(summary: Summary) -> list[str]:
    lists = (summary.key_findings, summary.recommendations, summary.risk_factors, summary.action_items)
    return [summary.executive_summary, *(sentence for section in lists for sentence in section)]


# What a summary says


def test_an_invoice_says_what_it_is_what_it_asks_for_and_what_matters_of_it():
    summary = initial(INVOICE, as_of=date(2017, 12, 1))
    assert summary.executive_summary == (
        "This is invoice FA-2017-0010 from Au bon moulin to Ma jolie boutique, dated 2017-11-13."
        " It asks for 714.00 EUR by 2017-12-13. The checks found nothing wrong."
    )
    assert summary.key_findings == [
        "The tax is 114.00 EUR, 19 % of the subtotal of 600.00 EUR.",
        "Line 1 (Pump a) is the largest of 2 lines: 480.00 EUR, 80 % of their sum.",
    ]
    assert summary.recommendations == [
        "Approve 714.00 EUR for payment, due by 2017-12-13.", "Nothing has to be corrected, as far as the checks can tell.",
    ]
    assert summary.risk_factors == []
    assert summary.action_items == ["Review the values and record the review.", "Pay 714.00 EUR by 2017-12-13."]


def test_a_late_invoice_is_a_fact_to_know_and_is_to_be_paid_at_once():
    summary = initial(INVOICE)
    assert summary.key_findings[0] == "The due date 2017-12-13 has passed, as of 2026-11-20."
    assert summary.risk_factors == []
    assert summary.recommendations[0] == "Find out whether 714.00 EUR was paid, and pay it if not: it was due by 2017-12-13."
    assert summary.action_items[-1] == "Pay 714.00 EUR at once unless it was paid: it was due by 2017-12-13."


def test_what_does_not_add_up_is_a_risk_with_advice_that_names_the_place():
    summary = initial(INVOICE | {"line_items": [line("a"), line("b", quantity=1, amount=120), line("c", amount=460)]})
    assert summary.risk_factors[0] == "Line 3 (Pump c): 4 x 120.00 is 480.00, but the amount says 460.00."
    assert "Compare quantity, unit price and amount with the document: amount of line 3." in summary.recommendations
    assert "Clear up 2 errors first." in summary.action_items
    assert summary.recommendations[0] == "Do not pay before 2 errors are cleared up."
    assert not any(item.startswith("Pay") for item in summary.action_items)


def test_what_is_missing_is_told_and_asked_for():
    summary = initial(INVOICE | {"invoice_id": None, "customer_name": ""})
    assert "The invoice number is missing." in summary.risk_factors
    assert "No value is given for: customer." in summary.risk_factors
    assert "Add what is missing, or ask for it: invoice number." in summary.recommendations
    assert summary.executive_summary.startswith("This is an invoice from Au bon moulin, dated 2017-11-13.")


def test_doubtful_values_are_counted_named_and_to_be_reviewed():
    places = {
        "invoice_date": Place(confidence=0.62), "line_items[b].amount": Place(confidence=0.5), "subtotal": Place(confidence=0.8),
        "no_such": Place(confidence=0.1), "line_items[gone].amount": Place(confidence=0.1), "[broken": Place(confidence=0.1),
    }
    summary = initial(INVOICE, places=places)
    assert "2 values are doubtful: invoice date and amount of line 2." in summary.risk_factors
    assert "Review 2 doubtful values." in summary.action_items


PARTIES = {"vendor_name": "Maker", "customer_name": "Buyer", "currency": "EUR", "line_items": [line("a")]}


@pytest.mark.parametrize(("document_type", "fields", "said", "to_do"), [
    ("purchase_order", {"order_number": "O-1", "order_date": "2026-11-01", "order_total": 480},
     "This is purchase order O-1 from Buyer to Maker, dated 2026-11-01."
     " It orders 1 line for 480.00 EUR, and no day by when was found.",
     "Agree on a delivery date."),
    ("rfq", {"rfq_number": "R-1", "response_due_date": "2026-12-01"},
     "This is request for quotation R-1 from Buyer to Maker. It asks for prices of 1 line by 2026-12-01.",
     "Answer the RFQ by 2026-12-01."),
    ("quotation",
     {"quotation_number": "Q-1", "quotation_date": "2026-11-01", "quotation_total": 480, "valid_until": "2026-11-10"},
     "This is quotation Q-1 from Maker to Buyer, dated 2026-11-01."
     " It offers 1 line for 480.00 EUR, valid until 2026-11-10, which has passed.",
     "Ask whether the quotation still stands: it was valid until 2026-11-10."),
    ("contract",
     {"contract_date": "2026-01-01", "contract_value": 9000, "effective_date": "2026-02-01", "end_date": "2026-12-31"},
     "This is a contract between Maker and Buyer, dated 2026-01-01."
     " It is worth 9,000.00 EUR and runs from 2026-02-01 to 2026-12-31.",
     "Decide on renewing the contract before 2026-12-31."),
    ("receipt", {"receipt_date": "2026-11-01", "receipt_total": 480},
     "This is a receipt from Maker to Buyer, dated 2026-11-01. 480.00 EUR was paid.", "Book the receipt of 480.00 EUR."),
    ("boq", {"boq_total": 480},
     "This is a bill of quantities with Maker as the supplier and Buyer as the customer. It lists 1 line for 480.00 EUR.",
     "Review the values and record the review."),
    ("other", {}, "The type of this document was not recognised. This is a document with Maker as the supplier and Buyer as the"
     " customer. It holds 1 line.", "Review the values and record the review."),
])  # fmt: skip
def test_each_kind_of_document_has_its_own_parties_demand_and_next_step(document_type, fields, said, to_do):
    summary = initial({"document_type": document_type} | PARTIES | fields)
    assert summary.executive_summary.startswith(said)
    assert summary.action_items[-1] == to_do


def test_where_something_stands_against_it_nobody_is_told_to_act():
    for document_type in ("purchase_order", "rfq", "quotation", "contract", "receipt", "invoice"):
        summary = initial({"document_type": document_type, "vendor_name": "Maker"})
        assert summary.recommendations[0].startswith("Do not ")
        assert summary.action_items[-1] == "Record the review."


def test_steps_depend_on_whether_the_day_has_passed():
    rfq = {"document_type": "rfq", "rfq_number": "R-1", "response_due_date": "2026-11-20", "line_items": [line("a")]}
    assert initial(rfq).action_items[-1] == "Answer the RFQ by 2026-11-20."
    assert "it was due by 2026-11-20" in initial(rfq, as_of=date(2026, 11, 21)).action_items[-1]


def test_an_unpriced_bill_of_quantities_is_to_be_priced():
    boq = {"document_type": "boq", "line_items": [
        line("a", unit_price=None, amount=None), line("b"), {ROW_ID: "h", "description": "Section"},
    ]}
    summary = initial(boq)
    assert summary.action_items[-1] == "Price 1 line without a rate before it is handed in."
    assert "1 line of 2 has no rate: line 1." in summary.key_findings


@pytest.mark.parametrize("title", ["Credit note", "Stornorechnung", "Avoir", "Nota de crédito", "Nota di credito", "Creditnota"])
def test_a_credit_note_without_signs_is_told_as_one_throughout(title):
    summary = initial(INVOICE | {"invoice_type": title, "due_date": None}, as_of=date(2018, 1, 1), is_reviewed=True)
    assert "redit note FA-2017-0010" in summary.executive_summary
    assert "It gives 714.00 EUR back" in summary.executive_summary
    assert "The invoice that it corrects was not found in it." in summary.key_findings
    every = " ".join([summary.executive_summary, *summary.key_findings, *summary.recommendations, *summary.action_items])
    assert not re.search(r"[Pp]ay|asks for|overdue|has passed", every)
    assert not any("due date" in risk for risk in summary.risk_factors)
    assert any(advice.startswith("Set 714.00 EUR off") for advice in summary.recommendations)


def test_a_gutschrift_without_signs_is_told_to_be_of_two_meanings_and_a_self_billed_one_as_that():
    told = initial(INVOICE | {"invoice_type": "Gutschrift"})
    assert any("Gutschrift may also mean" in finding for finding in told.key_findings)
    told = initial(INVOICE | {"invoice_type": "Gutschrift", "notes": "Abrechnung im Gutschriftsverfahren"})
    assert told.executive_summary.startswith("This is self-billed invoice FA-2017-0010")


def test_a_supplier_under_another_name_is_not_missing():
    names = {"vendor_name": "seller", "customer_name": "buyer"}
    other = {names.get(name, name): value for name, value in INVOICE.items()}
    told = initial(other)
    assert not any("customer" in risk or "supplier" in risk for risk in told.risk_factors)
    assert "from Au bon moulin to Ma jolie boutique" in told.executive_summary


def test_a_credit_note_is_not_to_be_paid():
    credit = INVOICE | {"invoice_total": -714, "subtotal": -600, "total_tax": -114, "line_items": []}
    summary = initial(credit)
    assert summary.executive_summary.startswith("This is credit note FA-2017-0010 from Au bon moulin to Ma jolie boutique")
    assert "It gives 714.00 EUR back." in summary.executive_summary
    assert summary.recommendations[0] == "Set 714.00 EUR off against what the supplier is owed, or ask for it back."
    assert not any("ay 7" in said for said in sentences(summary))


def test_no_values_are_said_to_be_none():
    summary = initial({"document_type": "other", "total": None, "line_items": []})
    assert summary.executive_summary == "scan.pdf holds no values."
    assert summary.key_findings == []
    assert summary.confidence_score is None


def test_unusual_values_are_told_as_what_they_are():
    data = {
        "document_type": "other", "vendor_name": ["A"], "total": "1.005,55", "document_number": 4711, "paid": True,
        "notes": "a\n\nb", "tags": [1, 2], "address": {"city": "X"}, "nothing": None,
        "milestones": [{ROW_ID: "m", "step": "one"}],
    }
    summary = initial(data)
    assert summary.executive_summary.startswith(
        "The type of this document was not recognised. This is document 4711. It holds 1 line. The checks found 1 warning."
    )
    assert "The total “1.005,55” is not a number." in summary.risk_factors
    assert summary.key_findings == ["Paid: yes.", "Notes: a b.", "Tags: a list of 2 values.", "Address: a group of 1 value."]


def test_equal_largest_lines_are_not_told_apart():
    data = INVOICE | {"line_items": [line("a"), line("b"), line("c", quantity=1, amount=120)]}
    assert "The largest amount of a line, 480.00 EUR, stands on 2 lines." in initial(data).key_findings
    assert not any("largest" in said for said in initial(data | {"line_items": [line("a"), line("b")]}).key_findings)


def test_a_tax_rate_that_is_not_even_is_called_about():
    data = INVOICE | {"subtotal": 624.9, "total_tax": 46.25, "invoice_total": 671.15}
    assert "The tax is 46.25 EUR, about 7.4 % of the subtotal of 624.90 EUR." in initial(data).key_findings
    assert not [s for s in initial(data | {"invoice_total": 700}).key_findings if "tax" in s]


# Advice follows the data


@pytest.mark.parametrize(("fields", "asks", "to_do"), [
    ({"prepaid_amount": 201, "balance_due": 513}, "It asks for 513.00 EUR of 714.00 EUR by 2017-12-13.",
     "Pay 513.00 EUR by 2017-12-13."),
    ({"amount_due": 714}, "It asks for 714.00 EUR by 2017-12-13.", "Pay 714.00 EUR by 2017-12-13."),
    ({"prepaid_amount": 714, "balance_due": 0}, "Nothing is left to pay of 714.00 EUR.",
     "File it as paid: nothing is left to pay."),
    ({"payment_method": "Credit card"}, "It is no request to pay: 714.00 EUR is charged to a card.",
     "Match 714.00 EUR with the statement of the card: there is nothing to transfer."),
    ({"payment_method": "SEPA direct debit"}, "It is no request to pay: 714.00 EUR is collected by direct debit.",
     "See that 714.00 EUR is collected from the account: there is nothing to transfer."),
])
def test_what_is_to_be_paid_is_what_is_left_and_only_where_somebody_has_to_send_it(fields, asks, to_do):
    summary = initial(INVOICE | fields, as_of=date(2017, 12, 1))
    assert asks in summary.executive_summary
    assert summary.action_items[-1] == to_do
    assert answer("What is left to pay?", INVOICE | fields, as_of=date(2017, 12, 1)) == asks


def test_figures_are_said_to_contradict_each_other_only_where_figures_do():
    wrong_account = INVOICE | {"iban": "DE12 1234 4321 9876 00"}
    assert "The checks found 1 error." in initial(wrong_account).executive_summary
    assert "contradict" not in initial(wrong_account).executive_summary
    assert "but its figures contradict each other." in initial(INVOICE | {"invoice_total": 700}).executive_summary


def test_terms_of_payment_stand_for_a_due_date_that_was_not_found():
    summary = initial(INVOICE | {"due_date": None, "payment_terms": "30 days net"})
    assert "It asks for 714.00 EUR, by its payment terms." in summary.executive_summary
    assert summary.action_items[-1] == "Pay 714.00 EUR by its terms: 30 days net."
    assert initial(INVOICE | {"due_date": None}).action_items[-1] == "Find out by when to pay 714.00 EUR."


@pytest.mark.parametrize(("finding", "advice"), [
    (Finding("bank_changed", "warning", "This supplier's IBAN was A; here it is B.", ("iban",)),
     "Do not pay before the supplier has confirmed its bank details, asked in a way known from before."),
    (Finding("number_known", "warning", "Another document has the same number.", ("invoice_id",)),
     "Do not pay before it is clear that the same document was not dealt with before."),
    (Finding("total", "error", "The total differs.", ("invoice_total",)), "Do not pay before 1 error is cleared up."),
])
def test_nobody_is_told_to_pay_while_something_stands_against_it(finding, advice):
    case = replace(case_of(INVOICE, as_of=date(2017, 12, 1)), findings=[finding])
    summary = asyncio.run(RulesAgent().initial_summary(case)).what
    assert summary.recommendations[0] == advice
    assert summary.risk_factors[0] == finding.message
    assert not any(item.startswith("Pay 7") for item in summary.action_items)


def test_nobody_is_told_to_pay_what_a_service_recorded_without_a_review():
    case = replace(case_of(INVOICE, date(2017, 12, 1), original=INVOICE), is_reviewed=False)
    summary = asyncio.run(RulesAgent().final_summary(case)).what
    assert summary.recommendations[0] == "Do not pay before a person has looked at the values."
    assert summary.action_items == [
        "Have a person review the values before anyone relies on them.", "Pay nothing before a person has looked at the values.",
    ]


def test_nobody_is_told_to_pay_an_amount_that_was_read_with_doubt():
    summary = initial(INVOICE, as_of=date(2017, 12, 1), places={"invoice_total": Place(confidence=0.6)})
    assert "It asks for 714.00 EUR by 2017-12-13, but the total was read with doubt." in summary.executive_summary
    assert summary.recommendations[0] == "Do not pay before the document is compared for the total."
    assert summary.action_items[-1] == "Pay nothing before the document is compared for the total."


def test_an_amount_in_a_doubtful_currency_is_said_so_and_not_to_be_paid():
    summary = initial(INVOICE, as_of=date(2017, 12, 1), places={"currency": Place(confidence=0.6)})
    assert "It asks for 714.00 EUR by 2017-12-13, but the currency was read with doubt." in summary.executive_summary
    assert summary.recommendations[0] == "Do not pay before the document is compared for the currency."
    paid = {"document_type": "receipt", "vendor_name": "MPH", "receipt_date": "2026-01-01", "currency": "BHD"}
    paid |= {"receipt_total": 31.45}
    told = initial(paid, places={"currency": Place(confidence=0.5)}).executive_summary
    assert "31.450 BHD was paid, but the currency was read with doubt." in told


def test_a_part_is_said_to_be_paid_only_where_a_payment_is_stated():
    stated = initial(INVOICE | {"prepaid_amount": 201, "balance_due": 513}, as_of=date(2017, 12, 1))
    assert "201.00 EUR of the total of 714.00 EUR was paid before." in stated.key_findings
    alone = initial(INVOICE | {"balance_due": 513}, as_of=date(2017, 12, 1))
    assert "It does not say why 201.00 EUR of the total of 714.00 EUR is not asked for." in alone.key_findings


@pytest.mark.parametrize(("fields", "missing"), [
    ({"due_date": None}, True), ({"due_date": None, "payment_method": "Credit card"}, False),
    ({"due_date": None, "balance_due": 0, "prepaid_amount": 714}, False),
    ({"due_date": None, "payment_method": "SEPA direct debit"}, False),
])  # fmt: skip
def test_a_due_date_is_missed_only_where_somebody_has_to_pay(fields, missing):
    assert ("No value is given for: due date." in initial(INVOICE | fields).risk_factors) is missing


@pytest.mark.parametrize(("currency", "total", "said"), [
    ("GBP", 48852999.771, "48,852,999.77 GBP"), ("JPY", 1098.4, "1,098 JPY"), ("KWD", 4.33, "4.330 KWD"),
])  # fmt: skip
def test_what_a_bill_comes_to_has_the_digits_of_its_currency(currency, total, said):
    lines = [{ROW_ID: "a", "description": "A", "amount": total / 4}, {ROW_ID: "b", "description": "B", "amount": total * 3 / 4}]
    summary = initial({"document_type": "boq", "currency": currency, "boq_total": total, "line_items": lines})
    assert f"It lists 2 lines for {said}." in summary.executive_summary
    assert not any(".771" in sentence for sentence in sentences(summary))


def test_sections_that_only_begin_alike_are_told_apart():
    begin = "Supply, installation and testing of thermal insulation for "
    lines = [line(str(n), section=f"{begin}{'pipes' if n < 2 else 'ducts'}", amount=480) for n in range(5)]
    told = initial({"document_type": "boq", "currency": "EUR", "line_items": lines}).key_findings[0]
    assert "(1,440.00 EUR)" in told
    assert "(960.00 EUR)" in told


def test_of_a_bill_that_is_still_to_be_priced_no_total_is_missed():
    bare = [{ROW_ID: str(n), "description": f"Work {n}", "quantity": 3, "unit": "m2"} for n in range(3)]
    summary = initial({"document_type": "boq", "project_name": "Hall", "line_items": bare})
    assert not any("No value is given" in risk for risk in summary.risk_factors)
    priced = [row | {"unit_price": 2, "amount": 6} for row in bare]
    told = initial({"document_type": "boq", "project_name": "Hall", "line_items": priced}).risk_factors
    assert "No value is given for: total and currency." in told


@pytest.mark.parametrize(("renewal", "as_of", "to_do"), [
    ("It shall automatically renew for a year unless notice is given.", date(2026, 1, 1),
     "Give notice in time if it is not to renew itself after 2026-02-28."),
    ("It shall automatically renew for a year unless notice is given.", TODAY,
     "Find out whether notice was given: without it the contract renewed itself after 2026-02-28."),
    ("This SOW shall not automatically renew.", TODAY, "Find out whether the contract was renewed: its end date was 2026-02-28."),
])  # fmt: skip
def test_a_contract_that_renews_itself_asks_for_a_notice(renewal, as_of, to_do):
    contract = {
        "document_type": "contract", "vendor_name": "A", "customer_name": "B", "contract_date": "2026-01-01",
        "renewal_notice": "60 days", "renewal": renewal, "end_date": "2026-02-28",
    }  # fmt: skip
    summary = initial(contract, as_of=as_of)
    assert summary.action_items[-1] == to_do
    assert f"Renewal: {renewal}" in summary.key_findings


def test_a_contract_of_several_services_names_them_all():
    contract = {
        "document_type": "contract", "vendor_name": "A", "customer_name": "B", "contract_date": "2026-01-01",
        "service_name": "Support", "description": "By day", "rate": "$5 a month", "service_name_2": "Audit",
    }  # fmt: skip
    told = initial(contract).key_findings
    assert "What it is about: Support and Audit." in told
    assert not any(said.startswith(("Description", "Rate", "Service name")) for said in told)


def test_it_does_not_add_up_while_a_tax_error_stands_nor_where_something_was_not_compared():
    breakdown = [{ROW_ID: "t", "tax_rate": 19, "taxable_amount": 600, "tax_amount": 100}]
    told = answer("Does it add up?", INVOICE | {"tax_breakdown": breakdown})
    assert "but the tax says 100.00" in told
    assert "add up." not in told
    bare = INVOICE | {"line_items": [line("a"), line("b", quantity=1, unit_price=None, amount=None)]}
    told = answer("Does it add up?", bare)
    assert "Not checked, or only in part: the sum of the lines." in told
    assert "The figures add up." not in told


def test_a_doubtful_type_comes_first_and_nothing_is_concluded_from_it():
    read = {
        "document_type": "receipt", "vendor_name": "Mechanically fixed marble", "receipt_number": "2.1",
        "receipt_total": 181156.5,
        "line_items": [line(str(n)) for n in range(30)],
    }
    case = replace(case_of(read), type_confidence=0.5)
    summary = asyncio.run(RulesAgent().initial_summary(case)).what
    assert summary.executive_summary.startswith("Whether this is a receipt is doubtful, so nothing is concluded from it. It")
    assert summary.recommendations[0].startswith("Choose the type of the document first")
    assert summary.action_items[0] == "Choose the type of the document."
    concluded = [summary.executive_summary, *summary.key_findings, *summary.recommendations, *summary.action_items]
    assert not any(word in said for said in concluded for word in ("Book", "marble", "2.1", "181,156"))
    chosen = replace(case, changes=changes(read | {"document_type": "other"}, read))
    assert "is doubtful, so" not in asyncio.run(RulesAgent().initial_summary(chosen)).what.executive_summary


# What matters in each kind


def test_a_bill_of_quantities_is_told_by_its_sections_its_largest_lines_and_those_without_a_rate():
    digging = [{"description": f"Dig {n}", "quantity": 1, "unit_price": n, "amount": n} for n in range(1, 13)]
    works = [line(f"e{n}", section="Earthworks", **cells) for n, cells in enumerate(digging)]
    works += [line("w", section="Walls", description="Brick", quantity=10, unit_price=50, amount=500)]
    works += [line("x", section="Walls", description="Plaster", unit_price=None, amount=None, unit="m2")]
    works += [line("s", section="Walls", description="Total walls", quantity=None, unit_price=None, amount=500)]
    boq = {"document_type": "boq", "project_name": "School", "currency": "EUR", "line_items": works}
    findings = initial(boq).key_findings
    assert findings[0] == "Project name: School."
    assert findings[1] == "The sections by value: Walls (500.00 EUR) and Earthworks (78.00 EUR)."
    assert findings[2].startswith("The 10 largest lines make up 98 % of 578.00 EUR: line 13 (Brick) 500.00 EUR, line 12 (Dig 12)")
    assert findings[3] == "1 line of 14 has no rate: line 14."
    assert len(findings) <= 5


def test_a_contract_says_what_was_not_found_and_reads_days_in_words():
    contract = {
        "document_type": "contract", "vendor_name": "A", "customer_name": "B", "contract_date": "2025-01-01", "currency": "USD",
        "contract_value": 150000, "contract_start_date": "January 1, 2025", "contract_end_date": "December 31, 2025",
        "termination_notice": "60 days", "payment_terms": "Net 30 days",
    }
    summary = initial(contract)
    assert "runs from January 1, 2025 to December 31, 2025, which has passed." in summary.executive_summary
    assert summary.key_findings[:2] == [
        "Termination notice: 60 days.", "Not found in it: a renewal and the law that governs it.",
    ]
    assert summary.recommendations[0] == "Find out whether the contract was renewed: its end date was 2025-12-31."


def test_no_section_is_longer_than_five_however_much_is_wrong():
    many = [line(f"r{n}", amount=n) for n in range(40)]
    places = {name: Place(confidence=0.2) for name in INVOICE}
    summary = initial(INVOICE | {"line_items": many, "due_date": None}, places=places)
    lists = (summary.key_findings, summary.recommendations, summary.risk_factors, summary.action_items)
    assert max(map(len, lists)) <= 5
    assert any(said.startswith("The checks found ") and said.endswith(" more problems.") for said in summary.risk_factors)


# Against the owner's own history


def of_supplier(number, name="Au bon moulin", confidence=0.9, **corrections):
    kept = [Correction(kind=kind, name=field) for field, kind in corrections.items()]
    supplier = Supplier(names=[name.lower()], tax_ids=[], domains=[])
    return Lesson(
        export_workflow_id=f"w{number}", document_id=f"d{number}", recorded_at="2026-10-01T00:00:00Z", document_type="invoice",
        called=f"F-{number}", template="standard", export_format="pdf", confidence=confidence, corrections=kept,
        supplier=supplier,
    )  # fmt: skip


def test_a_supplier_that_was_not_seen_before_is_told():
    others = [of_supplier(n, "Rohstoff Salzgitter") for n in range(4)]
    case = replace(case_of(INVOICE), earlier=others)
    findings = asyncio.run(RulesAgent().initial_summary(case)).what.key_findings
    assert findings[0] == "It is the first of this supplier among your last 4 reviewed invoices."
    assert "first of this supplier" not in str(initial(INVOICE).key_findings)


def test_what_had_to_be_corrected_in_half_of_the_suppliers_documents_is_told():
    earlier = [of_supplier(1, due_date="corrected"), of_supplier(2, due_date="filled", currency="corrected"), of_supplier(3)]
    case = replace(case_of(INVOICE), earlier=earlier)
    findings = asyncio.run(RulesAgent().initial_summary(case)).what.key_findings
    assert findings[0] == "Of your last 3 reviews of this supplier's documents, the due date in 2 had to be corrected."


def test_a_reading_far_less_sure_than_usual_is_told_and_every_claim_about_history_is_grounded():
    case = replace(case_of(INVOICE), earlier=[of_supplier(n) for n in range(3)], extraction_confidence=0.61)
    summary = asyncio.run(RulesAgent().initial_summary(case)).what
    assert summary.key_findings[0] == "It was read less surely than your earlier ones: 61 % against 90 % on average."
    grounding = ground(summary, case)
    assert [s.not_found for s in grounding.statements if s.not_found] == []
    assert grounding.contradictions == []


def accepted(number, total, price=None, currency="EUR", name="Au bon moulin", **more):
    data = {"document_type": "invoice", "currency": currency, "invoice_total": total}
    rows = {"line_items": [line("a", unit_price=price)]} if price else {}
    return of_supplier(number, name).model_copy(update={"accepted": accepted_in(data | rows), **more})


def told_of(earlier, data=INVOICE):
    case = replace(case_of(data), earlier=earlier)
    summary = asyncio.run(RulesAgent().initial_summary(case)).what
    assert [s.not_found for s in ground(summary, case).statements if s.not_found] == []
    return summary.key_findings


def test_a_total_far_above_what_was_accepted_of_the_supplier_is_told_with_its_evidence():
    told = told_of([accepted(1, 400), accepted(2, 450), accepted(3, 470)])
    assert told[0] == (
        "The total of 714.00 EUR is far above what you accepted of this supplier before: 3 earlier invoices,"
        " 400.00 EUR to 470.00 EUR."
    )


@pytest.mark.parametrize("earlier", [
    [accepted(1, 400), accepted(2, 450)],  # two say nothing of what is usual
    [accepted(1, 400), accepted(1, 450), accepted(1, 470)],  # of one document
    [accepted(n, 400, name="Rohstoff Salzgitter") for n in range(4)],
    [accepted(n, 400, currency="USD") for n in range(4)],
    [accepted(n, 400, is_reviewed=False) for n in range(4)],
    [accepted(1, 400), accepted(2, 450), accepted(3, 480)],  # 714 is less than half as much again
    [of_supplier(n) for n in range(4)],  # recorded before amounts were kept
], ids=["two", "one document", "another supplier", "another currency", "unattended", "near", "without amounts"])  # fmt: skip
def test_an_amount_is_held_against_enough_reviewed_documents_of_this_supplier_in_this_currency_only(earlier):
    assert not any("accepted" in finding for finding in told_of(earlier))


def test_a_total_far_below_and_a_price_far_above_are_told():
    assert "far below what you accepted" in told_of([accepted(n, 9000) for n in range(3)])[0]
    told = told_of([accepted(n, 700, price) for n, price in enumerate((80, 82, 81.5, 80))])
    assert told[0] == (
        "Line 1 (Pump a): the unit price of 120.00 EUR is far above what you accepted before: 4 earlier invoices,"
        " 80.00 EUR to 82.00 EUR."
    )
    assert not any("accepted" in finding for finding in told_of([accepted(n, 700, 100) for n in range(4)]))


def test_a_price_is_held_against_the_same_item_for_as_many_pieces_only():
    rows = [line("a", unit_price=120, price_per=100, amount=4.8)]
    earlier = [accepted(n, 700, 20) for n in range(3)]
    assert "unit price" in told_of(earlier)[0]
    assert not any("unit price" in finding for finding in told_of(earlier, INVOICE | {"line_items": rows}))
    assert not any("unit price" in f for f in told_of(earlier, INVOICE | {"line_items": [line("a", unit="box")]}))
    assert not any("unit price" in f for f in told_of(earlier, INVOICE | {"line_items": [line("b")]}))


def test_a_credit_note_is_held_against_no_invoices():
    told = told_of([accepted(n, 100) for n in range(4)], INVOICE | {"invoice_type": "Avoir"})
    assert not any("accepted" in finding for finding in told)


CONTRACT: Data = {
    "document_type": "contract", "vendor_name": "Klar", "customer_name": "Praxis", "contract_date": "2017-01-02",
    "effective_date": "2017-02-01", "end_date": "2017-08-31",
}  # fmt: skip


def test_of_a_day_that_was_read_with_doubt_nothing_is_concluded():
    places = {"end_date": Place(confidence=0.3)}
    sure, unsure = initial(CONTRACT, is_reviewed=True), initial(CONTRACT, places=places)
    assert "runs from 2017-02-01 to 2017-08-31, which has passed." in sure.executive_summary
    assert any("renewed" in advice for advice in sure.recommendations)
    assert "which has passed, but the end date was read with doubt." in unsure.executive_summary
    assert not any("renewed" in advice for advice in (*unsure.recommendations, *unsure.action_items))
    assert "Compare with the document: end date." in unsure.recommendations


def test_a_term_that_begins_and_ends_on_one_day_is_not_told_as_one():
    told = initial(CONTRACT | {"effective_date": "2017-08-31"}).executive_summary
    assert "It runs to 2017-08-31" in told


def test_a_bill_that_is_to_be_filled_in_is_worth_nothing_and_has_no_quantities():
    rows = [{ROW_ID: n, "description": f"Work {n}", "unit": "m2", "unit_price": 5} for n in "ab"]
    told = initial({"document_type": "boq", "boq_total": 0, "currency": "EUR", "line_items": rows})
    assert "It lists 2 lines." in told.executive_summary
    assert "None of 2 lines has a quantity." in told.key_findings


def test_that_the_money_goes_to_somebody_else_is_told():
    told = initial(INVOICE | {"payee_name": "Global Supplies Financial Services"}).key_findings
    assert "It is to be paid to Global Supplies Financial Services, which is not the supplier's name." in told
    assert not any("paid to" in finding for finding in initial(INVOICE | {"payee_name": "Au Bon Moulin"}).key_findings)


def test_a_bill_without_lines_is_not_told_to_list_none():
    told = initial({"document_type": "boq", "currency": "EUR", "boq_total": 900, "line_items": []}).executive_summary
    assert "It lists no lines that could be read for 900.00 EUR" in told


def test_every_check_that_may_differ_has_advice_of_its_own():
    assert {*FIGURES} - {"figure"} <= {*_ADVICE}  # what was compared with nothing never differs


@pytest.mark.parametrize("name", ["vat", "tax", "gst", "iva", "mwst", "total_tax"])
def test_a_tax_below_a_hundred_is_told_with_its_currency_where_it_is_the_tax_of_the_document(name):
    data = {key: value for key, value in INVOICE.items() if key != "total_tax"} | {name: 9.5}
    assert answer(f"What is the {name.replace('_', ' ')}?", data).endswith("9.50 EUR.")


# How sure it is


def test_the_confidence_is_that_of_the_reading_less_what_the_checks_found():
    paid_late = initial(INVOICE, extraction_confidence=0.9)
    assert paid_late.confidence_score == 0.9
    assert initial(INVOICE | {"invoice_total": 1}, extraction_confidence=0.9).confidence_score == 0.81
    assert initial(INVOICE | {"subtotal": "x"}, extraction_confidence=0.5).confidence_score == 0.49
    assert initial(INVOICE, places={"subtotal": Place(confidence=0.5), "total_tax": Place()}).confidence_score == 0.5
    assert initial(INVOICE).confidence_score is None


def test_a_finding_of_a_check_without_advice_of_its_own_is_looked_into():
    case = case_of(INVOICE, as_of=date(2017, 12, 1))
    case = Case(case.document_name, case.document_type, case.data, {}, [Finding("new", "error", "Odd.", ())], case.as_of)
    assert asyncio.run(RulesAgent().initial_summary(case)).what.recommendations == [
        "Do not pay before 1 error is cleared up.", "Look into what the checks found.",
    ]


# The final summary


def reviewed() -> Data:
    return INVOICE | {
        "due_date": "2026-12-13", "customer_name": "Ma jolie  boutique",
        "line_items": [line("b", quantity=1, amount=121), line("a", unit_price=121), line("c")],
    }


def test_the_final_summary_says_what_the_reviewer_changed():
    summary = final(reviewed(), INVOICE)
    assert summary.executive_summary.endswith("The reviewer changed 3 values, added 1 row and moved 1 row.")
    assert summary.key_findings[-1] == "Corrected: line items (2), due date (1), amount (1) and unit price (1)."
    assert "Clear up 3 errors first." in summary.action_items  # the lines do not come to the subtotal any more


def test_insights_name_fields_without_row_ids_and_say_nothing_that_one_review_cannot_tell():
    insights = final(reviewed(), INVOICE).learning_insights
    assert insights.user_corrected_fields == ["due_date", "line_items", "line_items.amount", "line_items.unit_price"]
    assert (insights.user_focus_areas, insights.confidence_improvement) == ([], None)


def earlier(confidence, *corrections):
    return Lesson(
        export_workflow_id="w", recorded_at="2026-10-01T00:00:00Z", document_type="invoice", called="F-1", template="standard",
        export_format="pdf", confidence=confidence, corrections=[Correction(kind=k, table=t, name=n) for k, t, n in corrections],
    )  # fmt: skip


def test_the_focus_are_the_areas_of_several_reviews_and_the_improvement_is_over_their_mean():
    dates, names = ("filled", "", "due_date"), ("corrected", "", "vendor_name")
    declined, rewritten = ("declined", "line_items", "unit"), ("rewritten", "", "note")
    before = [earlier(0.8, dates, names), earlier(0.7, dates, rewritten), earlier(None, declined), earlier(0.6, names)]
    case = replace(case_of(reviewed(), original=INVOICE), earlier=before, extraction_confidence=0.9)
    insights = learning_insights(case)
    assert insights.user_focus_areas == ["Dates", "Parties"]  # three and two reviews; the lines were touched in this one only
    assert insights.confidence_improvement == 0.2
    assert learning_insights(replace(case, earlier=before[:3])).confidence_improvement is None  # two were measured
    assert learning_insights(replace(case, extraction_confidence=None)).confidence_improvement is None


def test_an_untouched_review_says_so():
    summary = final(INVOICE, INVOICE)
    assert summary.executive_summary.endswith("The reviewer changed no value.")
    assert summary.learning_insights.user_corrected_fields == []


def test_a_corrected_value_is_not_doubtful_any_more():
    places = {"due_date": Place(confidence=0.3), "invoice_date": Place(confidence=0.3)}
    risks = final(reviewed(), INVOICE, places=places).risk_factors
    assert "1 value is doubtful: invoice date." in risks


# What the reviewer confirmed


def test_what_the_reviewer_confirmed_or_accepted_is_doubtful_no_more_and_is_told_with_who_said_so():
    unsure = ("invoice_date", "line_items[b].amount", "currency")
    places = dict.fromkeys(unsure, Place(confidence=0.5))
    looks = [Look(field="invoice_date", how="confirmed"), Look(field="line_items[b]", how="accepted_with_the_rest")]
    case = replace(
        case_of(INVOICE, date(2017, 12, 1), original=INVOICE, places=places), looked_at=looks, reviewed_by="ann@example.com"
    )
    summary = asyncio.run(RulesAgent().final_summary(case)).what
    assert "Read with doubt and confirmed by ann@example.com: invoice date and amount of line 2." in summary.executive_summary
    assert "The reviewer changed no value, confirmed 1 value and accepted the rest." in summary.executive_summary
    assert summary.risk_factors == ["1 value is doubtful: currency."]
    assert ground(summary, case).contradictions == []
    assert [s.not_found for s in ground(summary, case).statements if s.not_found] == []


def test_a_finding_whose_values_the_reviewer_confirmed_stands_in_nobodys_way_any_more():
    double = INVOICE | {"line_items": [line("a"), line("b", quantity=1, amount=120), line("b2", quantity=1, amount=120,
                        description="Pump b")], "subtotal": 720, "total_tax": 136.8, "invoice_total": 856.8}  # fmt: skip
    case = case_of(double, date(2017, 12, 1), original=double)
    cells = [cell for finding in case.findings for cell in finding.cells]
    assert cells
    case = replace(case, looked_at=[Look(field=cell, how="confirmed") for cell in cells])
    summary = asyncio.run(RulesAgent().final_summary(case)).what
    assert (summary.risk_factors, summary.recommendations[0]) == ([], "Approve 856.80 EUR for payment, due by 2017-12-13.")


def test_what_is_said_of_the_review_is_grounded_in_the_review():
    data = reviewed()
    case = case_of(data, original=INVOICE)
    summary = asyncio.run(RulesAgent().final_summary(case)).what
    assert summary.key_findings[-1] == "Corrected: line items (2), due date (1), amount (1) and unit price (1)."
    statements = ground(summary, case).statements
    assert [s.not_found for s in statements if s.not_found] == []
    assert ground_text("Corrected: due date (7).", case).statements[0].not_found == ["7"]


# Answers


@pytest.mark.parametrize(("question", "said"), [
    ("What is missing?", "Nothing that such a document usually has is missing."),
    ("Does it add up?", "The figures add up."),
    ("Anything wrong?", "The due date 2017-12-13 has passed, as of 2026-11-20."),
    ("what did I change?", "You changed no value."),
    ("Total?", "Total: 714.00 EUR."),
    ("how much is it", "Total: 714.00 EUR."),
    ("Who is the supplier?", "Supplier: Au bon moulin."),
    ("who is the buyer", "Customer: Ma jolie boutique."),
    ("When is it due?", "Due date: 2017-12-13. That day has passed."),
    ("invoice_number please", "Invoice number: FA-2017-0010."),
    ("the tax", "Tax: 114.00 EUR."),
    ("line items", "Line items: 2 rows."),
    ("What does line 2 say?", "Line 2: description Pump b, quantity 1, unit price 120.00, amount 120.00."),
    ("line 7", "There are 2 lines."),
    ("How sure are you?", "No value is known to be doubtful."),
    ("What should I do?", "Pay 714.00 EUR at once unless it was paid: it was due by 2017-12-13."),
    ("summary", "This is invoice FA-2017-0010 from Au bon moulin to Ma jolie boutique, dated 2017-11-13."),
    ("How much do we owe?", "It asks for 714.00 EUR by 2017-12-13, which has passed."),
    ("Tell me a joke", "I did not understand this question. I can say what the document is"),
    ("", "I did not understand this question."),
])
def test_a_question_is_answered_from_the_data(question, said):
    assert said in answer(question, INVOICE)


def test_an_answer_lists_the_changes_in_words():
    told = answer("What did I change?", reviewed(), original=INVOICE).splitlines()
    assert told[0] == "You changed 3 values, added 1 row and moved 1 row."
    assert "Due date: 2017-12-13 → 2026-12-13." in told
    assert "Unit price of line 2 (Pump a): 120.00 → 121.00." in told
    assert "Line 3 added: Pump c, 4 × 120.00." in told


def test_an_answer_about_a_removed_row_or_an_empty_field_is_plain():
    without = INVOICE | {"line_items": [line("a")], "due_date": None}
    assert "A line removed: Pump b, 1 × 120.00." in answer("my changes: what did I change", without, original=INVOICE)
    assert answer("when is it due?", without) == "No value is given for: due date."


# Any data at all

TEXTS = st.text(st.characters(categories=("L", "Z", "P")), max_size=12)
NUMBERS = st.one_of(st.integers(-9999, 99999), st.decimals(-999, 9999, places=2).map(float))
DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1)).map(str)
CELLS = st.one_of(st.none(), st.booleans(), TEXTS, NUMBERS, st.sampled_from(["12.5", "n/a", "1234567890123456"]))
CELL_NAMES = ["description", "quantity", "unit_price", "amount", "discount", "unit"]
ROWS = st.lists(st.dictionaries(st.sampled_from(CELL_NAMES), CELLS, max_size=6), max_size=4).map(
    lambda rows: [{ROW_ID: f"r{'abcd'[n]}"} | row for n, row in enumerate(rows)]
)
NAMED = sorted({n for k in KINDS.values() for n in (k.number, k.date, k.due, k.total, *k.required, *k.expected) if n})
VALUES = st.one_of(CELLS, DAYS, st.lists(CELLS, max_size=2), st.just({"a": {}}), ROWS)
FIELDS = st.dictionaries(st.one_of(st.sampled_from(NAMED), TEXTS), VALUES, max_size=9)
ANYTHING = st.builds(lambda kind, fields: {"document_type": kind} | fields, st.sampled_from([*KINDS, "?", 7, None]), FIELDS)

TOKEN = re.compile(r"\d(?:[\d,]*\d)?(?:\.\d+)?")


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, dict):
        for name, member in value.items():
            yield from (name, *_texts(member))
    elif isinstance(value, list):
        for member in value:
            yield from _texts(member)
    else:
        yield str(value)


def _number(token: str) -> Decimal:
    return Decimal(token.replace(",", ""))


def allowed_numbers(data: Data) -> set[Decimal]:
    """What the data holds, counts, and what its figures make: products, sums, rate."""
    held = {_number(token) for text in (*_texts(data), str(TODAY)) for token in TOKEN.findall(text)}
    derived = {Decimal(80)} | {Decimal(n) for n in range(60)}
    rows = data.get("line_items") if isinstance(data.get("line_items"), list) else []
    amounts = [row["amount"] for row in rows if isinstance(row, dict) and _is_number(row.get("amount"))]
    derived.add(sum((_exact(amount) for amount in amounts), Decimal(0)))
    for table in data.values():
        derived |= _sums_and_shares(table) if isinstance(table, list) else set()
    for row in (row for table in data.values() if isinstance(table, list) for row in table if isinstance(row, dict)):
        if _is_number(row.get("quantity")) and _is_number(row.get("unit_price")):
            derived.add(_exact(row["quantity"]) * _exact(row["unit_price"]))
    if _is_number(data.get("subtotal")) and _is_number(data.get("total_tax")):
        subtotal, tax = _exact(data["subtotal"]), _exact(data["total_tax"])
        derived |= {subtotal + tax} | ({tax / subtotal * 100} if subtotal else set())
    findings = check(data, TODAY)
    readings = " ".join(text for f in findings for text in (f.expected, f.reading) if text)  # what the checks made of discounts
    held |= {_number(token) for token in TOKEN.findall(readings)}
    return held | {abs(value) for value in derived} | {abs(round(value, n)) for value in derived for n in (1, 2)}


def _sums_and_shares(table: list[Any]) -> set[Decimal]:
    """What some of a table's few rows come to together, and what share of all that is, rounded down."""
    amounts = [_exact(row["amount"]) for row in table if isinstance(row, dict) and _is_number(row.get("amount"))]
    sums = {sum(some, Decimal(0)) for size in range(1, len(amounts) + 1) for some in combinations(amounts, size)}
    return sums | {part / whole * 100 // 1 for part in sums for whole in sums if whole}


def _is_number(value: Any) -> bool:
    return (isinstance(value, (int, float)) and not isinstance(value, bool)) or value == "1234567890123456"


def _exact(value: Any) -> Decimal:
    return Decimal(str(value))


@pytest.mark.slow
@given(ANYTHING, st.dictionaries(TEXTS, st.sampled_from([Place(), Place(confidence=0.3)]), max_size=2))
def test_every_number_in_a_summary_is_in_the_data_or_follows_from_it(data, places):
    summary = initial(data, places=places)
    with localcontext(prec=60):
        allowed = allowed_numbers(data)
    for sentence in sentences(summary):
        numbers = [_number(token) for token in TOKEN.findall(sentence)]
        assert all(any(abs(n - a) <= Decimal("0.005") for a in allowed) for n in numbers), sentence


@pytest.mark.slow
@given(ANYTHING, ANYTHING)
def test_every_statement_is_one_line_that_ends_for_any_review_of_any_data(original, data):
    summary = final(data, original)
    assert all(s == s.strip() and "\n" not in s and s.endswith((".", "!", "?", "…")) for s in sentences(summary))
    assert summary.confidence_score is None
    assert not any(ROW_ID in s for s in sentences(summary))


@given(st.one_of(TEXTS, st.sampled_from(["what did I change?", "line 1", "due", "next", "missing", "sure?"])), ANYTHING)
def test_every_question_about_any_data_gets_an_answer(question, data):
    assert answer(question, data, original=INVOICE).strip()
