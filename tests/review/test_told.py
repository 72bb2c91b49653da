import pytest

from kraftd_core.document.changes import changes
from kraftd_core.records.stages import Look, Suggestion
from kraftd_core.review.attention import Attention
from kraftd_core.review.told import looked_at_told, suggestions_told

DATA = {
    "document_type": "invoice",
    "vendor_name": "Mill",
    "invoice_id": "F-1",
    "line_items": [{"_row_id": "r1", "description": "Flour", "amount": 20}, {"_row_id": "r2", "description": "Yeast"}],
}


def attention(modified=DATA, looks=(), suggestions=()):
    looked_at = [Look(field=field, how=how) for field, how in looks]
    return Attention(modified, DATA, {}, [], changes(DATA, modified), looked_at, suggestions)


@pytest.mark.parametrize(
    ("modified", "looks", "said"),
    [
        (DATA, [], "None of 5 values was confirmed or changed."),
        (DATA, [("invoice_id", "confirmed")], "Of 5 values: 1 confirmed one by one and 4 never looked at."),
        (
            DATA | {"vendor_name": "Mill and Sons"},
            [("invoice_id", "confirmed"), ("line_items[r1]", "accepted_with_the_rest")],
            "Of 5 values: 1 confirmed one by one, 1 typed, 2 accepted together and 1 never looked at.",
        ),
        ({"document_type": "invoice", "note": "all new"}, [], "Of 1 value: 1 typed."),
    ],
)
def test_how_each_value_was_looked_at_is_counted(modified, looks, said):
    assert looked_at_told(attention(modified, looks)) == said


def test_a_document_without_values_has_nothing_to_look_at():
    assert looked_at_told(attention({"document_type": "invoice"})) == ""


def test_an_answered_suggestion_says_what_it_rested_on_and_what_became_of_it():
    answered = [
        Suggestion(field="vendor_name", suggested_value="Mill and Sons", rests_on=["w1", "w2"], is_accepted=True),
        Suggestion(field="line_items[r1].amount", suggested_value=1200.5, rests_on=["w1"], is_accepted=False),
    ]
    assert suggestions_told(attention(suggestions=answered)) == [
        "Supplier: Mill and Sons was suggested after 2 earlier documents, and taken.",
        "Amount of line 1 (Flour): 1,200.50 was suggested after 1 earlier document, and not taken.",
    ]
