"""What sentences of contracts, requests and orders say, in texts that the tests make themselves."""

import textwrap
import time

import pytest
from more_prose_texts import FRESH
from prose_texts import TEXTS
from third_prose_texts import FOURTH, THIRD

from kraftd_core.adapters.readers.azure.answers import extraction_of
from kraftd_core.adapters.readers.azure.pages import pages_of
from kraftd_core.adapters.readers.common.prose.passages import MOST_PASSAGES, passages_of_pages, passages_of_texts
from kraftd_core.adapters.readers.common.prose.telling import CUT, told_in
from kraftd_core.adapters.readers.common.reading import Found, Reading
from kraftd_core.adapters.readers.common.values import Manner, manner_of
from kraftd_core.adapters.readers.common.words import Word, page_of
from kraftd_core.adapters.readers.local.pages.page import read_pages

ALL = [*TEXTS, *FRESH, *THIRD, *FOURTH]
NOT_ASKED = {"renewal", "project_name", "contact"}  # whole sentences and titles, of which the texts above keep no truth


def told(kind, text):
    passages = passages_of_texts([text])
    return told_in(kind, passages, manner_of([passage.text for passage in passages]))


def fields(kind, text):
    return {role: found.value for role, found in told(kind, text).fields.items()}


def rows(kind, text, name):
    found = next((table.rows for table in told(kind, text).tables if table.name == name), [])
    return [{column: cell.value for column, cell in row.items() if cell.value is not None} for row in found]


@pytest.mark.parametrize("what, kind, text, truth", ALL, ids=[each[0] for each in ALL])
def test_a_text_gives_what_it_says_and_nothing_else(what, kind, text, truth):
    found = fields(kind, text)
    assert {role: value for role, value in found.items() if role not in NOT_ASKED} == truth


# Contracts


def test_what_was_not_found_is_said_and_not_guessed():
    notices = told("contract", "SUPPLY AGREEMENT\nbetween Oak Ltd (\"Buyer\") and Elm Inc. (\"Supplier\").").notices
    assert notices == [
        "Not found in the text: the date of the contract, the day from which it holds, its end, its term, a renewal, a period of "
        "notice, the value, the payment terms, the governing law, a cap of liability, signatures."
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "The warranty period shall commence on 1 May 2024 and end on 30 April 2026.",
        "The Supplier shall keep insurance of USD 2,000,000 under this Agreement.",
        "Either party may terminate this Agreement if a breach is not cured within 30 days of written notice.",
        "The price list attached to this Agreement is valid until 31 December 2024.",
        "Interest accrues on late payments after 30 days under this Agreement.",
        "The Supplier shall comply with the laws of the State of Ohio when it performs this Agreement.",
        "This Agreement refers to the Master Agreement dated 3 May 2021.",
        "The confidentiality obligations under this Agreement survive for a period of five years.",
        "Nothing in this Agreement limits liability for death; insurance of GBP 5,000,000 is limited to claims.",
        "Penalties under this contract shall not exceed 10 % of the contract price of USD 1,000 per week.",
    ],
)
def test_sentences_about_something_else_say_nothing_of_the_contract(sentence):
    assert fields("contract", f"SERVICE AGREEMENT\n{sentence}") == {}


def test_two_sums_that_claim_to_be_the_price_are_both_left_out():
    text = "The contract price is USD 5,000. The contract price is USD 7,500."
    assert "total" not in fields("contract", text)


@pytest.mark.parametrize(
    "label",
    ["Contract no.: SA-2026-09", "Rechnungsnummer", "320 Innovation Drive, Floor 12", "See clause 4.2 below", "as defined"],
)
def test_no_label_number_address_or_sentence_is_a_party(label):
    found = told("contract", f"SERVICE AGREEMENT\nSupplier: {label}\nCustomer: Fernhill Mills Ltd")
    assert "vendor_name" not in found.fields


def test_the_parties_table_has_their_roles_and_what_they_are_called():
    text = 'This Agreement is between Oakfield Corporation ("Buyer") and Brightwater Inc. (hereinafter "Seller").'
    assert rows("contract", text, "parties") == [
        {"name": "Oakfield Corporation", "role": "customer", "defined_name": "Buyer"},
        {"name": "Brightwater Inc.", "role": "supplier", "defined_name": "Seller"},
    ]


def test_signatures_say_who_and_that_a_line_is_empty():
    text = (
        "AGREED AND ACCEPTED\nFor and on behalf of Oakfield Corporation\nBy: /s/ Ann Reed\nName: Ann Reed\nTitle: Director\n"
        "Date: 4 May 2024\nFor and on behalf of Brightwater Inc.\nBy: ______________\nName: Tom Hill\nDate: __________"
    )
    assert rows("contract", text, "signatures") == [
        {
            "party": "Oakfield Corporation", "name": "Ann Reed", "title": "Director", "date": "2024-05-04",
            "signed": "signed: Ann Reed",
        },
        {"party": "Brightwater Inc.", "name": "Tom Hill", "signed": "the line is empty"},
    ]


def test_duties_have_their_party_their_day_and_their_clause():
    text = (
        'This Agreement is between Oak Ltd ("Buyer") and Elm Inc. ("Supplier").\n'
        "4.2 The Supplier shall deliver the manuals no later than 2 June 2025.\n4.3 The Buyer will be glad to help."
    )
    assert rows("contract", text, "obligations") == [{
        "party": "Supplier", "obligation": "The Supplier shall deliver the manuals no later than 2 June 2025.",
        "due_date": "2025-06-02", "deadline": "2 June 2025", "clause": "4.2",
    }]  # fmt: skip


# Requests


@pytest.mark.parametrize(
    "sentence, time_of_day",
    [
        ("Quotations are due by 5 May 2026, 2:00 PM EST.", "14:00"), ("Bids close on 5 May 2026 at 12 noon.", "12:00"),
        ("Tenders must be received before 5 May 2026, 1700 hrs.", "17:00"), ("Offers by 5 May 2026 12:30 a.m.", "00:30"),
        ("Angebote sind bis zum 5. Mai 2026, 9.30 Uhr abzugeben.", "09:30"),
        ("Les offres sont attendues avant le 5 mai 2026 à 16h.", "16:00"),
    ],
)  # fmt: skip
def test_the_closing_is_a_day_and_an_hour(sentence, time_of_day):
    found = fields("rfq", f"REQUEST FOR QUOTATION\n{sentence}")
    assert (found["due"], found["closing_time"]) == ("2026-05-05", time_of_day)


@pytest.mark.parametrize(
    "sentence",
    [
        "Questions about the tender must be received by 5 May 2026.", "Bids will be opened on 5 May 2026 at 15:00.",
        "The pre-bid meeting takes place before the tender closes, on 5 May 2026.",
        "Tender documents are available until 5 May 2026.",
    ],
)  # fmt: skip
def test_other_days_of_a_tender_are_not_its_closing(sentence):
    assert "due" not in fields("rfq", f"INVITATION TO TENDER\n{sentence}")


def test_documents_are_asked_for_as_a_list():
    text = "Documents to be submitted with the bid:\n1. Price schedule\n2. Company profile\nThank you."
    assert rows("rfq", text, "required_documents") == [{"document": "Price schedule"}, {"document": "Company profile"}]


# Places and bounds


def words_of_lines(*lines):
    return [
        Word(text, 50 + 40 * n, 100 + 14 * at, 50 + 40 * n + 36, 110 + 14 * at)
        for at, line in enumerate(lines) for n, text in enumerate(line.split())
    ]  # fmt: skip


def test_a_sentence_over_two_lines_is_read_whole_and_keeps_its_place():
    page = page_of(words_of_lines("This Agreement shall be governed by the laws of", "Scotland and nothing else."), 1, 500, 800)
    found = told_in("contract", passages_of_pages([page]), manner_of(["law"])).fields["governing_law"]
    assert found.value.startswith("Scotland")
    assert found.spot.page == 1 and found.spot.polygon is not None
    assert found.spot.polygon[1] == pytest.approx(114 / 800, abs=0.01)


@pytest.mark.parametrize(
    "text",
    [
        "between Acme Ltd and the other party which shall pay within ninety days and " * 130_000, "(" * 100_000,
        '(the "' * 20_000, "1 March 2024 " * 5_000, "governed by the laws of the laws of " * 4_000, "⟦d0⟧⟦t1⟧" * 1_000,
        "This Agreement begins on ⟦d9⟧.",
    ],
    ids=["one sentence of 10 MB", "brackets", "open quotes", "dates", "laws", "marks of ours", "a mark that names none"],
)
def test_hostile_texts_end_quickly(text):
    began = time.process_time()
    told_in("contract", passages_of_texts([text]), Manner(".", "dmy"))
    assert time.process_time() - began < 30  # a bound against growth, not a measure


def answer_of(text):
    """An answer of the service with the lines of the text, broken as print is, and nothing understood."""
    lines = [line for paragraph in text.strip().splitlines() for line in textwrap.wrap(paragraph, 88)]
    page = {"pageNumber": 1, "width": 600, "height": 800, "unit": "pixel", "lines": [{"content": line} for line in lines]}
    return {"modelId": "prebuilt-layout", "content": text, "pages": [page]}


BROKEN = [TEXTS[0], TEXTS[6], FRESH[0], FRESH[10], THIRD[3]]


@pytest.mark.parametrize("what, kind, text, truth", BROKEN, ids=[each[0] for each in BROKEN])
def test_either_reader_says_the_same_of_a_page(what, kind, text, truth):
    answer = answer_of(text)
    service = extraction_of(answer, kind).data
    local = Reading(kind, fields=read_pages(pages_of(answer["pages"]), kind).fields).as_json()["data"]
    wanted = Reading(kind, fields={role: Found(value) for role, value in truth.items()}).as_json()["data"]
    assert {name: service.get(name) for name in wanted} == wanted
    assert {name: local.get(name) for name in wanted} == wanted


def test_a_text_that_is_too_long_says_so():
    short, long = (passages_of_texts(["a\n" * lines]) for lines in (100, 2 * MOST_PASSAGES))
    assert len(long) == MOST_PASSAGES
    assert told_in("rfq", long, Manner(".", "dmy")).notices == [CUT]
    assert told_in("rfq", short, Manner(".", "dmy")).notices == []
