from datetime import UTC, datetime, timedelta

import pytest
from fakes import invoice_data
from hypothesis import given
from hypothesis import strategies as st

from kraftd_core.document.changes import changes
from kraftd_core.document.jsontypes import same
from kraftd_core.records.lessons import LearningChoice, can_be_learned, lesson_of
from kraftd_core.records.stages import Suggestion, UserPreferences
from kraftd_core.review.learning import answered_truly, offers_for, often_corrected, preferences_after, teaching, usual_of

BEGAN = datetime(2026, 10, 3, 9, tzinfo=UTC)
LINES = invoice_data()["line_items"]


IBAN, OTHER_IBAN = "DE89 3704 0044 0532 0130 00", "DE02 1203 0000 0000 2020 51"


def line(place=0, **cells):
    return {"line_items": [row | (cells if n == place else {}) for n, row in enumerate(LINES)]}


def recorded(number, read, reviewed, **members):
    """A stage 2 as stored, of a review on the number's day: what was read, and what it was made."""
    original = invoice_data() | read
    modified = original | reviewed
    return {
        "export_workflow_id": f"w{number}",
        "timestamp": (BEGAN + timedelta(days=number)).isoformat(),
        "document_type": modified["document_type"],
        "document_name": f"{number}.pdf",
        "headline": {"number": f"FA-{number}"},
        "original_data": original,
        "modified_data": modified,
        "user_preferences": {"document_template": "standard", "export_format": "pdf"},
        "changes": [change.model_dump(mode="json") for change in changes(original, modified)],
    } | members


def lessons(*records, choice=None):
    return teaching(choice or LearningChoice(), map(lesson_of, records))


def offers(records, read, **typed):
    """What is suggested for a document that was read so, as field and value."""
    original = invoice_data() | read
    return {o.field: o.suggested_value for o in offers_for(lessons(*records), "now", original, original | typed)}


def reviews(count, read, reviewed, **members):
    return [recorded(number, read, reviewed, **members) for number in range(count)]


MISREAD = {"vendor_name": "MILL 50NS"}, {"vendor_name": "Mill & Sons"}


# Suggestions


def test_a_value_corrected_the_same_way_twice_is_offered_with_what_it_rests_on():
    (offer,) = offers_for(lessons(*reviews(2, *MISREAD)), "now", invoice_data() | MISREAD[0], invoice_data() | MISREAD[0])
    assert (offer.field, offer.current_value, offer.suggested_value) == ("vendor_name", "MILL 50NS", "Mill & Sons")
    assert offer.rests_on == ("w0", "w1")
    assert offer.sentence == (
        "You corrected the supplier from “MILL 50NS” to “Mill & Sons” twice for this supplier (FA-0 on 3 Oct and FA-1 on 4 Oct)."
    )


def test_one_correction_is_not_enough():
    assert offers(reviews(1, *MISREAD), MISREAD[0]) == {}


def test_the_same_workflow_twice_is_not_enough():
    assert offers(reviews(1, *MISREAD) * 2, MISREAD[0]) == {}


def test_capitals_and_spaces_of_the_supplier_do_not_matter():
    twice = reviews(2, {"vendor_name": "Mill  & SONS", "currency": None}, {"currency": "CHF"})
    assert offers(twice, {"vendor_name": "mill & sons", "currency": None}) == {"currency": "CHF"}


def test_another_supplier_learns_nothing():
    twice = reviews(2, {"currency": None}, {"currency": "CHF"})
    assert offers(twice, {"vendor_name": "Baker", "currency": None}) == {}


def test_a_supplier_is_known_by_its_vat_number_where_the_name_was_read_another_way():
    twice = reviews(2, {"vendor_name": "Mi11", "vendor_tax_id": "DE 123.456"}, {"vendor_name": "Mill & Sons"})
    assert offers(twice, {"vendor_name": "M!ll", "vendor_tax_id": "de123456"}) == {"vendor_name": "Mill & Sons"}


def test_a_supplier_that_reads_right_gets_no_suggestion():
    assert offers(reviews(2, *MISREAD), {"vendor_name": "Mill & Sons"}) == {}


def test_a_value_that_was_typed_already_gets_no_suggestion():
    assert offers(reviews(2, *MISREAD), MISREAD[0], vendor_name="Miller") == {}


def test_the_newest_correction_wins():
    older = reviews(2, *MISREAD)
    newer = [recorded(n, MISREAD[0], {"vendor_name": "Mill Ltd"}) for n in (5, 6)]
    assert offers(older + newer, MISREAD[0]) == {"vendor_name": "Mill Ltd"}


def test_a_newer_correction_to_something_else_ends_the_suggestion():
    assert offers([*reviews(2, *MISREAD), recorded(5, MISREAD[0], {"vendor_name": "Mill Ltd"})], MISREAD[0]) == {}


@pytest.mark.parametrize(
    ("name", "value"),
    [("invoice_id", "F-11"), ("invoice_date", "2026-10-06"), ("due_date", "2026-11-06"), ("invoice_total", 40), ("total_tax", 7)],
)
def test_what_each_document_says_for_itself_is_never_suggested(name, value):
    assert offers(reviews(3, {}, {name: value}), {}) == {}


def test_an_empty_value_is_filled_where_a_suppliers_documents_say_the_same():
    known = {"vendor_tax_id": "DE136695976"}
    assert offers(reviews(2, known, {"iban": IBAN}), known) == {"iban": IBAN}
    assert offers(reviews(2, {}, {"project_name": "North quay"}), {}) == {}


def test_a_cell_is_suggested_in_the_line_of_the_same_article():
    twice = reviews(2, line(unit="Stk"), line(unit="pc"))
    moved = {"line_items": [{"_row_id": "x1", "description": "Salt", "unit": "Stk"},
                            {"_row_id": "x2", "description": "FLOUR ", "unit": "Stk"}]}  # fmt: skip
    assert offers(twice, moved) == {"line_items[x2].unit": "pc"}
    (offer,) = offers_for(lessons(*twice), "now", invoice_data() | moved, invoice_data() | moved)
    assert "corrected the unit of “Flour” from “Stk” to “pc” twice" in offer.sentence


def test_a_quantity_is_never_suggested():
    assert offers(reviews(3, line(quantity=2), line(quantity=20)), line(quantity=2)) == {}


def test_a_value_that_is_only_written_otherwise_may_be_suggested():
    assert offers(reviews(2, {"vendor_address": "Quay  1"}, {"vendor_address": "Quay 1"}), {"vendor_address": "Quay  1"}) == {
        "vendor_address": "Quay 1"
    }


def test_types_matter():
    twice = reviews(2, line(tax_rate="1"), line(tax_rate=19))
    assert offers(twice, line(tax_rate=True)) == {}
    assert offers(twice, line(tax_rate="1")) == {"line_items[r1].tax_rate": 19}


def test_a_suggestion_declined_twice_since_comes_no_more():
    declined = {"suggestions": [{"field": "vendor_name", "suggested_value": "Mill & Sons", "is_accepted": False}]}
    once = [*reviews(2, *MISREAD), recorded(5, MISREAD[0], {}, **declined)]
    assert offers(once, MISREAD[0]) == {"vendor_name": "Mill & Sons"}
    twice = [*once, recorded(6, MISREAD[0], {}, **declined)]
    assert offers(twice, MISREAD[0]) == {}
    assert offers([*twice, recorded(7, *MISREAD)], MISREAD[0]) == {"vendor_name": "Mill & Sons"}


def test_members_that_lie_in_the_file_store_teach_nothing():
    records = [record | {"changes": {"$file": "x"}, "replaced_members": ["changes"]} for record in reviews(2, *MISREAD)]
    assert offers(records, MISREAD[0]) == {}


VALUES = st.sampled_from(["MILL 50NS", "Mill & Sons", "EUR", "", "x" * 300, None, 1, 1.5, True, "2026-10-01", ["a"]])
FIELDS = st.dictionaries(st.sampled_from(["vendor_name", "currency", "due_date", "note", "price", "invoice_id"]), VALUES)
REVIEWS = st.lists(st.tuples(FIELDS, FIELDS), max_size=5)


@given(REVIEWS, FIELDS)
def test_every_suggestion_rests_on_two_other_workflows_that_put_this_value_there(past, read):
    records = [recorded(number, *one) for number, one in enumerate(past)]
    data = invoice_data() | read
    for offer in offers_for(lessons(*records), "w0", data, data):
        assert len(set(offer.rests_on)) == len(offer.rests_on) >= 2
        assert "w0" not in offer.rests_on
        assert not same(offer.suggested_value, offer.current_value)
        assert can_be_learned(offer.field, offer.suggested_value)
        for record in records:
            if record["export_workflow_id"] in offer.rests_on:
                assert same(record["modified_data"][offer.field], offer.suggested_value)


@given(REVIEWS, FIELDS, st.integers(-1, 6), st.booleans())
def test_nothing_teaches_that_was_recorded_before_it_was_to_be_forgotten(past, read, day, is_on):
    records = [recorded(number, *one) for number, one in enumerate(past)]
    choice = LearningChoice(is_on=is_on, forget_before=BEGAN + timedelta(days=day))
    told = lessons(*records, choice=choice)
    assert {lesson.export_workflow_id for lesson in told} == {f"w{n}" for n in range(len(past)) if is_on and n > day}
    data = invoice_data() | read
    for offer in offers_for(told, "now", data, data):
        assert all(int(workflow[1:]) > day for workflow in offer.rests_on)


@given(st.booleans(), st.booleans())
def test_a_suggestion_counts_as_taken_where_the_recorded_data_holds_it(is_taken, is_changed_back):
    given_one = Suggestion(field="line_items[r1].unit", suggested_value="pc", rests_on=["a", "b"], is_accepted=is_taken)
    data = invoice_data() | line(unit="Stk" if is_changed_back else "pc")
    (told,) = answered_truly([given_one], data)
    assert told == given_one.model_copy(update={"is_accepted": is_taken and not is_changed_back})


# The usual choices


def chosen(*pairs):
    return lessons(*(
        recorded(n, {}, {}, user_preferences={"document_template": template, "export_format": file_format})
        for n, (template, file_format) in enumerate(pairs)
    ))  # fmt: skip


def test_the_usual_choices_are_those_of_more_than_half_of_the_reviews():
    usual = usual_of(chosen(*[("executive_summary", "excel")] * 7, ("standard", "excel"), ("standard", "csv")), "invoice")
    assert usual.sentence == "You chose Executive summary 7 of 9 times for invoices, and Excel 8 times."
    assert (usual.template_times, usual.format_times, usual.of) == (7, 8, 9)
    assert preferences_after(usual) == UserPreferences(document_template="executive_summary", export_format="excel")


def test_a_format_without_a_majority_stays_the_one_that_drafts_open_with():
    usual = usual_of(chosen(("custom", "excel"), ("custom", "csv"), ("custom", "json"), ("custom", "json")), "invoice")
    assert usual.sentence == "You chose Custom 4 of 4 times for invoices."
    assert preferences_after(usual) == UserPreferences(document_template="custom")


@pytest.mark.parametrize(
    "pairs",
    [
        [("custom", "csv")] * 2,
        [("custom", "csv"), ("standard", "pdf"), ("custom", "csv"), ("standard", "pdf")],
    ],
    ids=["two reviews", "half of them"],
)
def test_too_few_choices_are_no_habit(pairs):
    assert usual_of(chosen(*pairs), "invoice") is None
    assert preferences_after(None) == UserPreferences()


def test_other_types_of_document_have_habits_of_their_own():
    assert usual_of(chosen(*[("custom", "csv")] * 5), "boq") is None


# What is often read wrong


def test_frequent_corrections_name_the_part_and_the_way_and_no_value():
    records = reviews(3, {"due_date": None} | line(unit_price=1), {"due_date": "2026-11-05"} | line(unit_price=10, amount=20))
    told = often_corrected(lessons(*records), "invoice", invoice_data())
    assert set(told) == {"`due_date` was read empty", "`line_items.unit_price` was read wrongly"}
    assert not any(char.isdigit() for char in " ".join(told))


def test_a_name_that_only_other_documents_have_is_not_told():
    records = reviews(3, {"salary of Ann": 1}, {"salary of Ann": 2})
    assert often_corrected(lessons(*records), "invoice", invoice_data()) == ()
    assert often_corrected(lessons(*records), "invoice", {"salary of Ann": 3}) == ("`salary of Ann` was read wrongly",)


def test_frequent_corrections_are_few():
    names = [f"field_{letter}" for letter in "abcdefgh"]
    records = reviews(2, dict.fromkeys(names, "x"), dict.fromkeys(names, "y"))
    assert len(often_corrected(lessons(*records), "invoice", dict.fromkeys(names, "x"))) == 5
