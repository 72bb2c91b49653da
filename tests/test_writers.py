"""The stand-ins that write do as they are described."""

import json
from datetime import date

import pytest
from writers import WRITERS, Sent, truly, wrongly

DOCUMENT = {
    "document_type": "invoice", "today": "2026-11-20", "left_out": [],
    "data": {"vendor_name": "Mill & Sons", "customer_name": "Baker Ltd", "invoice_id": "F-1", "invoice_date": "2026-11-01",
             "due_date": "2026-12-13", "currency": "EUR", "subtotal": 564, "total_tax": 107.15, "invoice_total": 671.15,
             "line_items": [{"description": "Flour", "amount": 500}, {"description": "Yeast", "amount": 64}]},
    "tables": {"line_items": {"rows": 2, "largest": [{"line": 1, "called": "Flour", "amount": "500.00 EUR"}]}},
    "checks": [], "to_be_paid": {"how": "to be paid", "amount": "671.15 EUR", "due": "2026-12-13"},
}  # fmt: skip
BODY = {
    "messages": [{"content": ""}, {"content": ""}, {"content": json.dumps(DOCUMENT)}],
    "response_format": {"json_schema": {"schema": {"properties": {"executive_summary": {}}}}},
}


@pytest.mark.parametrize(("language", "worth", "dated"), [
    ("en", "671.15 EUR", "1 November 2026"), ("de", "671,15 EUR", "1. November 2026"), ("fr", "671,15 EUR", "1 novembre 2026"),
    ("es", "671,15 EUR", "1 de noviembre de 2026"),
])  # fmt: skip
def test_a_good_writer_says_what_it_is_sent_as_its_language_writes_it(language, worth, dated):
    said = truly(Sent(BODY), language)
    assert worth in said["executive_summary"]
    assert dated in said["executive_summary"]
    assert "Mill & Sons" in said["executive_summary"]
    assert len(said["key_findings"]) == 4


def test_a_wrong_writer_says_each_sentence_with_something_else_in_it():
    right, wrong = truly(Sent(BODY)), wrongly(Sent(BODY))
    assert "761.15 EUR" in wrong["executive_summary"] and "4 November 2026" in wrong["executive_summary"]
    assert all(one != other for one, other in zip(right["key_findings"], wrong["key_findings"], strict=True))


def test_what_the_document_does_not_have_is_not_said():
    bare = {"document_type": "invoice", "today": str(date(2026, 11, 20)), "left_out": [], "data": {}, "checks": []}
    said = truly(Sent({"messages": [{}, {}, {"content": json.dumps(bare)}]}))
    assert "None" not in json.dumps(said)
    assert said["executive_summary"] == "Compare the doubtful values with the document."


@pytest.mark.parametrize("name", [name for name in WRITERS if name not in ("fenced", "thinking", "cut_off", "hanging")])
def test_each_that_writes_gives_the_five_sections(name):
    assert list(json.loads(WRITERS[name](BODY).text)) == [
        "executive_summary", "key_findings", "recommendations", "risk_factors", "action_items",
    ]  # fmt: skip
