"""What a statement claims is found in the document or marked; what only advises is neither."""

import asyncio
import random
from datetime import date
from typing import Any

import pytest
from fakes import ACTOR, Clock, make_desk
from known_cases import TODAY, case_of, made_cases, read_cases, sample_cases, truth_cases
from made_invoices import made
from oracle import unsupported
from shared_files import DOCUMENTS, needs_documents
from statements import false_statements, true_statements

from kraftd_core.adapters.agents.rules.agent import RulesAgent
from kraftd_core.document.changes import changes
from kraftd_core.document.checks.checking import check
from kraftd_core.document.jsontypes import ROW_ID, Data
from kraftd_core.ports.thinking import Case
from kraftd_core.records.plan import ExportFormat
from kraftd_core.records.stages import Grounding, Place, Summary, UserPreferences
from kraftd_core.thinking.agent import KraftdAIAgent
from kraftd_core.thinking.confidence import confidence
from kraftd_core.thinking.grounding.grounding import MOST_OF_A_STATEMENT, SECTIONS, ground, ground_text, stale


def line(row_id: str, **cells: Any) -> Data:
    usual = {"description": f"Pump {row_id.upper()}4, 2 kW", "quantity": 4, "unit_price": 120, "amount": 480}
    return {ROW_ID: row_id} | usual | cells


INVOICE: Data = {
    "document_type": "invoice", "vendor_name": "Brindlewick Fixings Ltd", "customer_name": "Halvery & Stroud Builders LLP",
    "invoice_id": "FA-2017-0010", "invoice_date": "2017-11-13", "due_date": "2017-12-13", "currency": "EUR",
    "payment_terms": "Within 14 days less 2 %, within 30 days net", "iban": "DE89370400440532013000",
    "subtotal": 1234.5, "total_tax": 234.56, "invoice_total": 1469.06,
    "line_items": [line("a"), line("b", quantity=1, amount=120), line("c", description="Fracht", amount=634.5, unit_price=None)],
}
PLACES = {"due_date": Place(confidence=0.62, page=1), "subtotal": Place(confidence=0.9, page=2)}
CASE = case_of("scan 7.pdf", INVOICE, PLACES, 0.91)


def not_found(text: str, case: Case = CASE) -> list[str]:
    return [word for statement in ground_text(text, case).statements for word in statement.not_found]


def fields(text: str, case: Case = CASE) -> list[str]:
    return [field for statement in ground_text(text, case).statements for field in statement.fields]


def said(summary: Summary) -> list[str]:
    members = [getattr(summary, section) for section in SECTIONS]
    return [text for member in members for text in ([member] if isinstance(member, str) else member)]


# What is found, however it is written


@pytest.mark.parametrize(("text", "rests_on"), [
    ("The total is 1,469.06.", ["invoice_total"]),
    ("1.469,06 EUR are due.", ["invoice_total", "currency"]),
    ("Total: 1 469,06 €", ["invoice_total"]),
    ("It costs EUR1469.06.", ["currency", "invoice_total"]),
    ("About 1.5 k is owed.", ["invoice_total"]),
    ("Over 1,400 is owed.", ["invoice_total"]),
    ("Dated 13 November 2017.", ["invoice_date"]),
    ("Dated November 13th, 2017.", ["invoice_date"]),
    ("Dated 13.11.2017.", ["invoice_date"]),
    ("Dated 11/13/17.", ["invoice_date"]),
    ("vom 13. November 2017", ["invoice_date"]),
    ("du 13 novembre 2017", ["invoice_date"]),
    ("Due in December 2017.", ["due_date"]),
    ("Due on 13 December.", ["due_date"]),
    ("There are 30 days between them.", ["invoice_date", "due_date"]),
    ("Two weeks earlier, on 27 November 2017, a discount ends.", ["invoice_date"]),
    ("From BRINDLEWICK fixings Ltd’s office", ["vendor_name"]),
    ("Halvery & Stroud will pay.", ["customer_name"]),
    ("A contract of Brindlewick and Halvery.", ["vendor_name", "customer_name"]),
    ("Quote FA-2017-0010.", ["invoice_id"]),
    ("Pay to DE89 3704 0044 0532 0130 00.", ["iban"]),
    ("Line 2 is the smallest.", ["line_items[b]"]),
    ("There are three lines.", ["line_items"]),
    ("The amounts add up to 1,234.50.", ["subtotal", "line_items[].amount"]),
    ("All quantities together are 9.", ["line_items[].quantity"]),
    ("4 × 120.00 makes 480.00.", ["line_items[a].quantity", "line_items[a].unit_price", "line_items[a].amount"]),
    ("The tax is 19 % of the subtotal.", ["subtotal", "total_tax"]),
    ("Line 3 is 51.4 % of the subtotal.", ["line_items[c]", "line_items[c].amount", "subtotal"]),
    ("A discount of 2% is offered.", ["payment_terms"]),
])
def test_what_the_document_says_is_found_with_its_fields(text, rests_on):
    assert not_found(text) == []
    assert set(rests_on) <= set(fields(text)) or fields(text) == rests_on


@pytest.mark.parametrize(("text", "flagged"), [
    ("The total is 1,496.06.", ["1,496.06"]),
    ("Total: 1.496,06 EUR", ["1.496,06"]),
    ("About 1.9 k is owed.", ["1.9 k"]),
    ("Dated 12 November 2017.", ["12 November 2017"]),
    ("Dated 2017-11-14.", ["2017-11-14"]),
    ("Due in January 2018.", ["January 2018"]),
    ("There are 31 days between them.", ["31 days"]),
    ("From Globex Corporation.", ["Globex Corporation"]),
    ("Globex delivered the goods.", ["Globex"]),
    ("Brindlewick Builders LLP sent it.", ["Brindlewick Builders LLP"]),
    ("Quote FA-2017-0011.", ["FA-2017-0011"]),
    ("Pay to DE89 3704 0044 0532 0130 01.", ["DE89 3704 0044 0532 0130 01"]),
    ("Line 9 is the smallest.", ["Line 9"]),
    ("There are four lines.", ["four lines"]),
    ("The tax is 21 % of the subtotal.", ["21 %"]),
    ("The total is 1,469.06 USD.", ["USD"]),
    ("They pay $1,469.06.", ["$"]),
    ("The checks found 5 errors.", ["5 errors"]),
])
def test_what_the_document_does_not_say_is_flagged_by_its_words(text, flagged):
    assert not_found(text) == flagged


@pytest.mark.parametrize("text", [
    "Approve the payment.", "Reconcile the totals before month end.", "On Monday the reviewer decides.",
    "Check VAT, IBAN and PDF.",
    "Payment Terms and Delivery Notes: nothing to do.", "No errors.", "",
    "Der Betrag der Rechnung ist von der Zahlung nicht gedeckt.",
])
def test_what_claims_nothing_is_neither_found_nor_flagged(text):
    grounding = ground_text(text, CASE)
    assert (grounding.share, not_found(text), fields(text)) == (None, [], [])


# The share and the score


def test_the_share_counts_the_statements_that_claim_anything():
    findings = ["Supplier: Brindlewick Fixings Ltd.", "Supplier: Globex Ltd.", "The total is 1,469.06."]
    summary = Summary(
        executive_summary="The total is 9,999.00.", key_findings=findings, recommendations=["Pay in time."], risk_factors=[],
        action_items=["Approve the payment."],
    )  # fmt: skip
    grounding = ground(summary, CASE)
    assert grounding.share == 0.5
    assert [(s.section, s.index) for s in grounding.statements if s.not_found] == [("executive_summary", 0), ("key_findings", 1)]
    assert len(grounding.statements) == 6


def test_the_score_falls_with_the_share():
    case = Case("a.pdf", "invoice", {}, {}, [], TODAY, 0.8)
    assert [confidence(case, share) for share in (None, 1.0, 0.5, 0.0)] == [0.8, 0.8, 0.6, 0.4]


# After an edit


def test_only_statements_that_rest_on_the_edited_cells_are_overtaken():
    grounding = ground_text("\n".join((
        "The total is 1,469.06.", "The due date is 2017-12-13.", "There are 3 lines.", "All quantities together are 9.",
        "On line 1, 4 × 120.00 makes 480.00.", "Supplier: Brindlewick Fixings Ltd.",
    )), CASE)  # fmt: skip

    def overtaken(**changed: Any) -> set[int]:
        return {index for _, index in stale(grounding, changes(INVOICE, INVOICE | changed))}

    rows = INVOICE["line_items"]
    assert overtaken() == set()
    assert overtaken(due_date="2018-01-13") == {1}
    assert overtaken(line_items=[rows[0], rows[1] | {"quantity": 2}, rows[2]]) == {3}
    assert overtaken(line_items=[rows[0] | {"unit_price": 125}, *rows[1:]]) == {4}
    assert overtaken(line_items=rows[:2]) == {2, 3}
    assert overtaken(line_items=[rows[0] | {"unit": "pcs"}, *rows[1:]]) == set()
    assert overtaken(invoice_total="1,469.06") == set(), "written differently only"
    assert stale(None, changes(INVOICE, {})) == set()


# Findings, changes, answers


def test_findings_and_changes_are_known_too():
    reviewed = INVOICE | {"invoice_total": 1480.25}
    case = Case("scan.pdf", "invoice", reviewed, {}, check(reviewed, TODAY), TODAY, changes=changes(INVOICE, reviewed))
    assert not_found("Total: 1,469.06 → 1,480.25, which is 11.19 more.", case) == []
    assert not_found("You changed 1 value. The checks found 1 error.", case) == []
    assert not_found("You removed 7 rows.\nThe checks found 3 errors.", case) == ["7 rows", "3 errors"]
    assert not_found(" ".join(finding.message for finding in case.findings), case) == []


@pytest.mark.parametrize("question", ["what is missing?", "does it add up?", "what did I change?", "line 2", "how sure are you?"])
def test_an_answer_comes_with_what_it_rests_on(question):
    reviewed = INVOICE | {"invoice_total": 1480.25, "due_date": None, "line_items": INVOICE["line_items"][1:]}
    case = Case("scan.pdf", "invoice", reviewed, CASE.places, check(reviewed, TODAY), TODAY, changes=changes(INVOICE, reviewed))
    reply = asyncio.run(KraftdAIAgent(RulesAgent()).process_message(question, case))
    assert reply.grounding is not None
    assert len(reply.grounding.statements) == len(reply.text.splitlines())
    assert [s.not_found for s in reply.grounding.statements if s.not_found] == []


def test_a_reply_with_a_summary_holds_the_grounding_of_its_statements():
    reply = asyncio.run(KraftdAIAgent(RulesAgent()).process_message("initial_summary", CASE))
    assert reply.summary is not None
    assert reply.grounding == ground(reply.summary, CASE)
    assert isinstance(reply.grounding, Grounding)
    assert reply.summary.confidence_score == confidence(CASE, 1.0)


async def test_records_hold_the_grounding_and_a_review_knows_what_it_overtook(tmp_path):
    desk = make_desk(tmp_path, Clock())
    workflow = await desk.read(ACTOR, "in.pdf", b"%PDF", lambda _: None)
    stage1 = (await desk.workflow(ACTOR, workflow)).stage1
    assert stage1.grounding is not None
    assert stage1.grounding.share == 1
    review = await desk.review(ACTOR, workflow)
    assert review.overtaken == set()
    data = review.draft.modified_data | {"vendor_name": "Globex Ltd"}
    review = await desk.keep_draft(ACTOR, workflow, data, UserPreferences(export_format=ExportFormat.JSON), {})
    assert ("executive_summary", 0) in review.overtaken
    assert len(review.overtaken) < len(stage1.grounding.statements)
    await desk.record_modifications(ACTOR, workflow)
    stage3 = await desk.produce(ACTOR, workflow, lambda _: None)
    assert stage3.grounding is not None
    assert stage3.grounding.share == 1


# Against the oracle, over whole documents


@pytest.fixture(scope="module")
def samples() -> list[Case]:
    return sample_cases()


@pytest.fixture(scope="module", params=["made", pytest.param("real", marks=needs_documents)])
def documents(request) -> list[Case]:
    return made_cases() if request.param == "made" else truth_cases()


def ungrounded(cases: list[Case]) -> list[tuple[str, list[str], str]]:
    """The statements of the rules that the oracle or the product cannot find."""
    found = []
    for case in cases:
        summary = asyncio.run(RulesAgent().initial_summary(case)).what
        for text, statement in zip(said(summary), ground(summary, case).statements, strict=True):
            faults = [*unsupported(text, case.data, (case.document_name, str(case.as_of)), counts_in(case)), *statement.not_found]
            found += [(case.document_name, faults, text)] if faults else []
    return found


def counts_in(case: Case) -> list[int]:
    errors = sum(finding.severity == "error" for finding in case.findings)
    doubtful = sum(place.confidence is not None and place.confidence < 0.8 for place in case.places.values())
    return [errors, len(case.findings) - errors, doubtful, *range(len(case.data))]


@pytest.mark.slow
def test_the_rules_say_nothing_of_our_samples_that_is_not_in_them(samples):
    assert ungrounded(samples) == []


def test_the_rules_say_nothing_of_forty_documents_that_is_not_in_them(documents):
    assert len(documents) == 40
    assert ungrounded(documents) == []


def real_files():
    paths = [path for path in sorted(DOCUMENTS.glob("fx_d0*.pdf")) if not path.name.endswith(".plain.pdf")]
    return [(path.name, path.read_bytes()) for path in paths]


def made_files():
    return [(f"made_{seed}.pdf", made(seed)[0]) for seed in range(6)]


@pytest.mark.parametrize("files", [made_files, pytest.param(real_files, marks=[pytest.mark.large, needs_documents])])
@pytest.mark.slow
def test_the_rules_say_nothing_that_was_not_read(files):
    cases = read_cases(files())
    assert len(cases) >= 6
    assert ungrounded(cases) == []


def flags(cases: list[Case], seed: int) -> tuple[list[str], list[str], int]:
    """Of fifty false statements those that are not flagged, of all true ones those that are, and how many those are."""
    chance = random.Random(seed)
    true = [(case, text) for case in cases for text in true_statements(case.data, chance)]
    false = [(case, text) for case in cases for text in false_statements(case.data, [c.data for c in cases], chance)]
    missed = [text for case, text in chance.sample(false, min(50, len(false))) if not not_found(text, case)]
    return missed, [text for case, text in true if not_found(text, case)], len(true)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_false_statements_about_documents_are_flagged_and_true_ones_are_not(documents, seed):
    missed, wrongly, count = flags(documents, seed)
    assert count >= 200
    assert len(missed) <= 2, missed
    assert len(wrongly) <= count * 0.02, wrongly


def test_false_statements_about_our_samples_are_flagged_and_true_ones_are_not(samples):
    missed, wrongly, count = flags(samples, 1)
    assert count >= 40
    assert (missed, wrongly) == ([], [])


def test_the_oracle_tells_true_from_false_by_itself():
    assert unsupported("The total is 1,469.06 EUR, due on 2017-12-13.", INVOICE) == []
    wrong = "The total is 1,496.06 EUR, due on 2017-12-14, to Globex."
    assert unsupported(wrong, INVOICE) == ["1,496.06", "2017-12-14", "Globex"]


def test_a_supplier_and_a_customer_joined_by_and_are_each_found_and_not_taken_for_each_other():
    case = Case("b.xlsx", "boq", {"vendor_name": "Baker & Sons", "customer_name": "Larkmoor Council"}, {}, [], date(2026, 1, 1))
    assert not_found("It is with Baker & Sons as the supplier and Larkmoor Council as the customer.", case) == []
    assert not_found("The supplier is Larkmoor Council.", case) == []  # it stands there: what is wrong is its part
    told = [entry.told for entry in ground_text("The supplier is Larkmoor Council.", case).contradictions]
    assert told == [["the supplier is Baker & Sons"]]


@pytest.mark.slow
def test_a_large_table_is_held_against_like_any_other():
    rows = [line(f"r{n}", quantity=n % 7 + 1, amount=n / 4, description=f"Part {n}") for n in range(10_000)]
    case = Case("big.xlsx", "boq", {"line_items": rows}, {}, [], date(2026, 1, 1))
    assert not_found(f"10,000 lines come to {sum(row['amount'] for row in rows):,.2f}. The last is Part 9999.", case) == []
    assert not_found("10,001 lines come to 12,497,500.00. See Part 12000.", case) == ["10,001 lines", "12,497,500.00", "12000"]


# Texts without end


@pytest.mark.parametrize("text", ["1% " * 28_000, "about 12.34 " * 900, "2017-11-13 " * 900, "Globex was " * 900, "1" * 9_000])
def test_of_a_text_without_end_the_beginning_is_looked_up_and_the_rest_is_marked(text):
    rest = ground_text(text, CASE).statements[0].not_found[-1]
    assert rest in text and 0 < len(rest) <= 40
    assert text.index(rest) < MOST_OF_A_STATEMENT


def test_what_comes_after_the_most_that_is_looked_up_of_a_summary_is_marked_too():
    findings = ["The total is 1,469.06, as it stands there. " * 40] * 9
    summary = Summary(
        executive_summary="", key_findings=findings, recommendations=[], risk_factors=[], action_items=["Pay 9,999.00 EUR."]
    )
    statements = ground(summary, CASE).statements
    assert [bool(statement.not_found) for statement in statements] == [False] * 5 + [True] * 6


def test_a_statement_is_looked_up_as_far_as_people_read_and_what_comes_later_is_marked():
    long = "Pay in time. " * 150 + "Globex Corporation said so. " * 10
    grounding = ground_text(f"{long}\nThe total is 1,469.06.", CASE)
    assert grounding.statements[0].not_found[-1].startswith(("Globex", "Corporation", "said", "so."))
    assert grounding.statements[1].not_found == []
