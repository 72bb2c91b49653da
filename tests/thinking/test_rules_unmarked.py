"""What the rules write of any document rests on it and contradicts nothing, and so does what our own requests state."""

import asyncio
import copy
import random
import re
from dataclasses import replace

import judged_statements
import pytest
import unseen_statements
from known_cases import case_of
from made_documents import made_document
from statements import true_statements

from kraftd_core.adapters.agents.openai.computed import tables_of
from kraftd_core.adapters.agents.openai.excerpt import excerpt_of
from kraftd_core.adapters.agents.rules.agent import RulesAgent
from kraftd_core.document.changes import changes
from kraftd_core.document.jsontypes import ROW_ID
from kraftd_core.records.stages import Look
from kraftd_core.thinking.grounding.grounding import ground, ground_text
from kraftd_core.thinking.prose import marked_in


def marked(summary, case):
    return [(entry.text, entry.contradicts, entry.not_found) for entry in marked_in(summary, ground(summary, case), case)]


def judged_cases():
    return [module.case_named(name) for module in (judged_statements, unseen_statements) for name in module.DOCUMENTS]


def test_nothing_that_the_rules_write_of_a_made_document_is_marked():
    cases = [*judged_cases(), *(case_of(f"made_{seed}.pdf", made_document(seed)) for seed in range(40))]
    said = [(case.document_name, marked(asyncio.run(RulesAgent().initial_summary(case)).what, case)) for case in cases]
    assert [entry for entry in said if entry[1]] == []


def reviewed(seed):
    """A made document after a review that changed values, removed a row and added one."""
    chance, read = random.Random(seed), made_document(seed)
    data = copy.deepcopy(read)
    for name in chance.sample([name for name, value in read.items() if isinstance(value, (int, float))], 1):
        data[name] += chance.choice([1, 100.5])
    data["vendor_name"] = chance.choice([None, "Another Name Ltd"])
    data["line_items"] = [*data["line_items"][1:], {ROW_ID: "new", "description": "New one", "quantity": 1, "amount": 5}]
    looks = [Look(field="currency", how="confirmed")] if seed % 2 else []
    return replace(case_of("reviewed.pdf", data), changes=changes(read, data), looked_at=looks)


def test_nothing_that_the_rules_write_after_a_review_is_marked():
    cases = [reviewed(seed) for seed in range(60, 84)]
    said = [(case.data["document_type"], marked(asyncio.run(RulesAgent().final_summary(case)).what, case)) for case in cases]
    assert [entry for entry in said if entry[1]] == []


def test_true_statements_about_made_documents_contradict_nothing():
    found = []
    for seed in range(100, 125):
        case, chance = case_of("made.pdf", made_document(seed)), random.Random(seed)
        said = [text for text in true_statements(case.data, chance) if not re.search("Pay|pay|paid|due|Approve", text)]
        found += [(text, entry.told) for text in said for entry in ground_text(text, case).contradictions]
    assert found == []


@pytest.mark.parametrize("rows", [41, 60, 600])
@pytest.mark.parametrize("kind", ["boq", "invoice"])
def test_what_our_own_request_states_of_a_long_table_is_not_marked_where_it_is_repeated(rows, kind):
    lines = [{ROW_ID: f"r{n}", "section": f"Part {n % 4}", "description": f"Item {n}", "quantity": n, "unit_price": 2.5,
              "amount": n * 2.5} for n in range(1, rows + 1)]  # fmt: skip
    case = case_of("long.pdf", {"document_type": kind, "vendor_name": "Mill Ltd", "currency": "GBP", "line_items": lines})
    told = tables_of(case.data)["line_items"]
    largest = told["largest"][0]
    said = [
        *excerpt_of(case.data).left_out,
        f"There are {told['rows']} lines, which come to {told['sums']['Amount']}.",
        f"Line {largest['line']} is the largest: {largest['amount']}, {largest['share']} of the sum.",
        *(f"{section['section']} comes to {section['sum']}." for section in told["sections"]),
        *(f"{section['section']} has {section['rows']} rows, a section." for section in told["sections"]),
    ]
    grounding = ground_text("\n".join(said), case)
    assert [s.not_found for s in grounding.statements if s.not_found] == []
    assert grounding.contradictions == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Of 60 rows of line items, the first 6 were looked at one by one, all of them by what they come to.",
        "Of long texts and lists, only the first 200 characters and 20 members were looked at.",
        "31 fields of 77 were not looked at.",
    ],
)
def test_how_much_a_service_was_told_is_nothing_that_the_document_must_hold(sentence):
    rows = [{ROW_ID: f"r{n}", "description": "x", "amount": 1} for n in range(60)]
    (statement,) = ground_text(sentence, case_of("a.pdf", {"document_type": "boq", "line_items": rows})).statements
    assert statement.not_found == []


def test_a_wrong_number_of_rows_is_marked_in_such_a_sentence_too():
    rows = [{ROW_ID: f"r{n}", "description": "x", "amount": 1} for n in range(60)]
    sentence = "Of 84 rows of line items, the first 6 were looked at one by one, all of them by what they come to."
    (statement,) = ground_text(sentence, case_of("a.pdf", {"document_type": "boq", "line_items": rows})).statements
    assert statement.not_found == ["84 rows"]


def test_of_a_text_with_claims_without_end_the_rest_is_marked_as_not_looked_up():
    case = case_of("a.pdf", {"document_type": "invoice", "invoice_total": 5})
    (statement,) = ground_text("pay 5.00 now, " * 140, case).statements
    assert statement.not_found == []
    grounding = ground_text("\n".join(["pay 5.00 now, " * 140] * 2 + ["pay 5.00"]), case)
    assert [bool(s.not_found) for s in grounding.statements] == [False, True, True]


@pytest.mark.parametrize(("currency", "said", "is_marked"), [
    ("JPY", "It comes to 5,880 JPY.", False), ("JPY", "It comes to 5,881 JPY.", True), ("EUR", "It comes to 5,880 EUR.", True),
    ("JPY", "It comes to 5,880 pieces.", True),
])  # fmt: skip
def test_an_amount_may_be_rounded_to_whole_units_only_where_its_currency_has_no_smaller_coin(currency, said, is_marked):
    case = case_of("made.pdf", {"document_type": "invoice", "vendor_name": "Mill", "currency": currency, "invoice_total": 5879.6})
    (statement,) = ground_text(said, case).statements
    assert bool(statement.not_found) is is_marked
