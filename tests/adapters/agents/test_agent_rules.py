"""The rule-based agent says only what the data says."""

import asyncio
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal, localcontext
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kraftd_core.adapters.agents.rules.agent import RulesAgent
from kraftd_core.document.changes import changes
from kraftd_core.document.checks.checking import Finding, check
from kraftd_core.document.jsontypes import ROW_ID, Data
from kraftd_core.document.kinds import KINDS
from kraftd_core.ports.thinking import Case
from kraftd_core.records.lessons import Correction, Lesson
from kraftd_core.records.stages import FinalSummary, Place, Summary
from kraftd_core.thinking.confidence import learning_insights

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


def test_an_invoice_is_summed_up_by_its_parties_date_and_total():
    summary = initial(INVOICE, as_of=date(2017, 12, 1))
    assert summary.executive_summary == (
        "This is invoice FA-2017-0010 from Au bon moulin to Ma jolie boutique."
        " It is dated 2017-11-13 and has a total of 714.00 EUR. The checks found nothing wrong."
    )
    assert summary.key_findings == [
        "Supplier: Au bon moulin.", "Customer: Ma jolie boutique.", "Invoice number: FA-2017-0010.", "Invoice date: 2017-11-13.",
        "Due date: 2017-12-13.", "The subtotal is 600.00 EUR, the tax 114.00 EUR and the total 714.00 EUR.",
        "The tax is 19 % of the subtotal.", "There are 2 lines.", "Line 1 (Pump a) has the largest amount, 480.00 EUR.",
        "The lines add up to the subtotal, 600.00 EUR.",
    ]
    assert summary.recommendations == ["Nothing has to be corrected, as far as the checks can tell."]
    assert summary.risk_factors == []
    assert summary.action_items == ["Review the values and record the review.", "Pay 714.00 EUR by 2017-12-13."]


def test_a_late_invoice_is_a_risk_and_is_to_be_paid_at_once():
    summary = initial(INVOICE)
    assert "The due date 2017-12-13 has passed, as of 2026-11-20." in summary.risk_factors
    assert "Find out whether the payment was made." in summary.recommendations
    assert summary.action_items[-1] == "Pay 714.00 EUR at once unless it was paid: it was due by 2017-12-13."


def test_what_does_not_add_up_is_a_risk_with_advice_that_names_the_place():
    summary = initial(INVOICE | {"line_items": [line("a"), line("b", quantity=1, amount=120), line("c", amount=460)]})
    assert summary.risk_factors[0] == "Line 3 (Pump c): 4 x 120.00 is 480.00, but the amount says 460.00."
    assert "Compare quantity, unit price and amount with the document: amount of line 3." in summary.recommendations
    assert "Clear up 2 errors first." in summary.action_items


def test_what_is_missing_is_told_and_asked_for():
    summary = initial(INVOICE | {"invoice_id": None, "customer_name": ""})
    assert "The invoice number is missing." in summary.risk_factors
    assert "No value is given for: customer." in summary.risk_factors
    assert "Add what is missing, or ask for it: invoice number." in summary.recommendations
    assert summary.executive_summary.startswith("This is an invoice from Au bon moulin. It is dated")


def test_doubtful_values_are_counted_named_and_to_be_reviewed():
    places = {
        "invoice_date": Place(confidence=0.62), "line_items[b].amount": Place(confidence=0.5), "subtotal": Place(confidence=0.8),
        "no_such": Place(confidence=0.1), "line_items[gone].amount": Place(confidence=0.1), "[broken": Place(confidence=0.1),
    }
    summary = initial(INVOICE, places=places)
    assert "2 values are doubtful: invoice date and amount of line 2." in summary.risk_factors
    assert "Review 2 doubtful values." in summary.action_items


@pytest.mark.parametrize(("document_type", "said", "to_do"), [
    ("purchase_order", "This is a purchase order from Buyer to Maker.", "Agree on a delivery date."),
    ("rfq", "This is a request for quotation from Buyer to Maker.", "Ask by when to answer the RFQ."),
    ("quotation", "This is a quotation from Maker to Buyer.", "Ask until when the quotation is valid."),
    ("contract", "This is a contract between Maker and Buyer.", "Find out whether the contract has an end date."),
    ("receipt", "This is a receipt from Maker to Buyer.", "Book the receipt once its total is known."),
    ("boq", "This is a bill of quantities with Maker as the supplier and Buyer as the customer.", None),
    ("other", "This is a document with Maker as the supplier and Buyer as the customer.", None),
])
def test_each_kind_of_document_has_its_own_parties_and_next_step(document_type, said, to_do):
    summary = initial({"document_type": document_type, "vendor_name": "Maker", "customer_name": "Buyer"})
    assert summary.executive_summary.startswith(said)
    assert to_do is None or summary.action_items[-1] == to_do


def test_steps_depend_on_whether_the_day_has_passed():
    rfq = {"document_type": "rfq", "rfq_number": "R-1", "response_due_date": "2026-11-20", "line_items": [line("a")]}
    assert initial(rfq).action_items[-1] == "Answer the RFQ by 2026-11-20."
    assert "it was due by 2026-11-20" in initial(rfq, as_of=date(2026, 11, 21)).action_items[-1]


def test_an_unpriced_bill_of_quantities_is_to_be_priced():
    boq = {"document_type": "boq", "line_items": [
        line("a", unit_price=None, amount=None), line("b"), {ROW_ID: "h", "description": "Section"},
    ]}
    summary = initial(boq)
    assert summary.action_items[-1] == "Price 1 line without unit price and amount."
    assert "There are 3 lines, 1 of them without quantity, unit price and amount." in summary.key_findings


def test_a_credit_note_is_not_to_be_paid():
    assert initial({"document_type": "invoice", "invoice_total": -50, "currency": "EUR"}).action_items[-1] == (
        "Settle the credit of 50.00 EUR."
    )


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
    assert summary.executive_summary.startswith("This is document 4711. The checks found 1 warning.")
    assert "The total “1.005,55” is not a number." in summary.risk_factors
    assert summary.key_findings == [
        "Document number: 4711.", "There is 1 row of milestones.", "Supplier: a list of 1 value.", "Paid: yes.", "Notes: a b.",
        "Tags: a list of 2 values.", "Address: a group of 1 value.",
    ]


def test_equal_largest_lines_are_not_told_apart():
    data = {"line_items": [line("a"), line("b")]}
    assert "The largest amount of a line, 480.00, stands on 2 lines." in initial(data).key_findings


def test_a_tax_rate_that_is_not_even_is_called_about():
    data = INVOICE | {"subtotal": 624.9, "total_tax": 46.25, "invoice_total": 671.15}
    assert "The tax is about 7.4 % of the subtotal." in initial(data).key_findings
    assert not [s for s in initial(data | {"invoice_total": 700}).key_findings if "%" in s]


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
    assert asyncio.run(RulesAgent().initial_summary(case)).what.recommendations == ["Look into what the checks found."]


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
    assert summary.action_items[-1] == "Pay 714.00 EUR by 2026-12-13."


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
    ("summary", "This is invoice FA-2017-0010 from Au bon moulin to Ma jolie boutique."),
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


def _is_number(value: Any) -> bool:
    return (isinstance(value, (int, float)) and not isinstance(value, bool)) or value == "1234567890123456"


def _exact(value: Any) -> Decimal:
    return Decimal(str(value))


@given(ANYTHING, st.dictionaries(TEXTS, st.sampled_from([Place(), Place(confidence=0.3)]), max_size=2))
def test_every_number_in_a_summary_is_in_the_data_or_follows_from_it(data, places):
    summary = initial(data, places=places)
    with localcontext(prec=60):
        allowed = allowed_numbers(data)
    for sentence in sentences(summary):
        numbers = [_number(token) for token in TOKEN.findall(sentence)]
        assert all(any(abs(n - a) <= Decimal("0.005") for a in allowed) for n in numbers), sentence


@given(ANYTHING, ANYTHING)
def test_every_statement_is_one_line_that_ends_for_any_review_of_any_data(original, data):
    summary = final(data, original)
    assert all(s == s.strip() and "\n" not in s and s.endswith((".", "!", "?", "…")) for s in sentences(summary))
    assert summary.confidence_score is None
    assert not any(ROW_ID in s for s in sentences(summary))


@given(st.one_of(TEXTS, st.sampled_from(["what did I change?", "line 1", "due", "next", "missing", "sure?"])), ANYTHING)
def test_every_question_about_any_data_gets_an_answer(question, data):
    assert answer(question, data, original=INVOICE).strip()
