"""What the desk makes of earlier reviews: how a review opens, what it suggests, what is recorded, and how to stop it."""

import json

import pytest
from fakes import ACTOR, OWNER, Clock, FakeExtractor, make_desk

from kraftd_core.errors import StoreUnavailable
from kraftd_core.people.actor import Actor
from kraftd_core.records.stages import Suggestion, UserPreferences
from kraftd_core.thinking.agent import KraftdAIAgent

EXCEL = UserPreferences(document_template="executive_summary", export_format="excel")
READ_AS, RIGHT = "MILL 50NS", "Mill & Sons"


def ignore(step):
    return None


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def desk(tmp_path, clock, monkeypatch):
    """A desk whose reader always misreads the supplier and never finds the due date."""
    extract = FakeExtractor.extract

    async def misread(self, content, *more, **named):
        reading = await extract(self, content, *more, **named)
        reading.data.update(vendor_name=READ_AS, invoice_id=content.decode(), due_date=None)
        return reading

    monkeypatch.setattr(FakeExtractor, "extract", misread)
    return make_desk(tmp_path, clock)


async def reviewed(desk, clock, number, preferences=EXCEL, actor=ACTOR, **fields):
    """A document that was read and reviewed; its workflow."""
    clock.forward(hours=1)
    workflow = await desk.read(actor, f"{number}.pdf", f"FA-{number}".encode(), ignore)
    review = await desk.review(actor, workflow)
    fields = {"vendor_name": RIGHT, "due_date": f"2026-11-0{number}"} | fields
    await desk.keep_draft(actor, workflow, review.draft.modified_data | fields, preferences, {})
    await desk.record_modifications(actor, workflow)
    return workflow


async def opened(desk, number=9, actor=ACTOR):
    return await desk.read(actor, f"{number}.pdf", f"FA-{number}".encode(), ignore)


async def test_a_third_document_of_a_supplier_opens_with_a_suggestion_and_a_fourth_with_the_usual_choices(desk, clock):
    earlier = [await reviewed(desk, clock, number) for number in (1, 2)]
    third = await opened(desk, 3)
    (offer,) = (await desk.learned(ACTOR, third)).offers
    assert (offer.field, offer.suggested_value, offer.rests_on) == ("vendor_name", RIGHT, tuple(earlier))
    assert (await desk.review(ACTOR, third)).draft.preferences == UserPreferences()
    await reviewed(desk, clock, 4)
    fourth = await opened(desk, 5)
    assert (await desk.review(ACTOR, fourth)).draft.preferences == EXCEL
    learned = await desk.learned(ACTOR, fourth)
    assert learned.usual.sentence == "You chose Executive summary 3 of 3 times for invoices, and Excel 3 times."
    eve = await opened(desk, 5, Actor.of("eve@example.com"))
    other = await desk.learned(Actor.of("eve@example.com"), eve)
    assert (other.usual, other.offers) == (None, [])


@pytest.mark.slow
@pytest.mark.parametrize(("ends_as", "is_accepted"), [(RIGHT, True), (READ_AS, False), ("Miller", False)])
async def test_an_accepted_suggestion_is_recorded_as_what_the_data_holds_in_the_end(desk, clock, ends_as, is_accepted):
    for number in (1, 2):
        await reviewed(desk, clock, number)
    third = await opened(desk)
    (offer,) = (await desk.learned(ACTOR, third)).offers
    taken = Suggestion(field=offer.field, suggested_value=RIGHT, rests_on=list(offer.rests_on), is_accepted=True)
    data = (await desk.review(ACTOR, third)).draft.modified_data
    review = await desk.keep_draft(ACTOR, third, data | {"vendor_name": RIGHT}, EXCEL, {}, suggestions=[taken])
    review = await desk.keep_draft(ACTOR, third, data | {"vendor_name": ends_as}, EXCEL, {}, review.draft)
    stage2 = await desk.record_modifications(ACTOR, third, review.draft)
    assert stage2.suggestions == [taken.model_copy(update={"is_accepted": is_accepted})]


async def test_a_suggestion_that_was_left_is_recorded_so_and_a_second_click_finds_the_same_record(desk, clock):
    earlier = [await reviewed(desk, clock, number) for number in (1, 2)]
    third = await opened(desk)
    seen = (await desk.review(ACTOR, third)).draft
    stage2 = await desk.record_modifications(ACTOR, third, seen)
    left = Suggestion(field="vendor_name", suggested_value=RIGHT, rests_on=earlier, is_accepted=False)
    assert stage2.suggestions == [left]
    await reviewed(desk, clock, 4)
    assert await desk.record_modifications(ACTOR, third, seen) == stage2
    assert (await desk.learned(ACTOR, third)).offers == []


async def test_a_regenerated_workflow_does_not_teach(desk, clock):
    first = await reviewed(desk, clock, 1)
    for template in ("custom", "standard", "detailed_analysis"):
        await desk.tracking.record_regeneration(first, OWNER, UserPreferences(document_template=template))
    third = await opened(desk)
    learned = await desk.learned(ACTOR, third)
    assert (learned.offers, learned.usual) == ([], None)


async def test_learning_is_turned_off_and_on_again(desk, clock):
    for number in (1, 2, 3):
        await reviewed(desk, clock, number)
    workflow = await opened(desk)
    assert (await desk.learning_choice(ACTOR)).is_on
    await desk.set_learning(ACTOR, False)
    learned = await desk.learned(ACTOR, workflow)
    assert (learned.is_on, learned.usual, learned.offers) == (False, None, [])
    assert (await desk.review(ACTOR, workflow)).draft.preferences == UserPreferences()
    await desk.set_learning(ACTOR, True)
    learned = await desk.learned(ACTOR, workflow)
    assert (learned.is_on, len(learned.offers), learned.usual.of) == (True, 1, 3)


async def test_what_was_forgotten_teaches_no_more_and_what_comes_after_does(desk, clock):
    for number in (1, 2, 3):
        await reviewed(desk, clock, number)
    workflow = await opened(desk)
    assert (await desk.learned(ACTOR, workflow)).offers
    await desk.forget_learned(ACTOR)
    learned = await desk.learned(ACTOR, workflow)
    assert (learned.usual, learned.offers, learned.is_on, learned.since) == (None, [], True, clock.now)
    for number in (4, 5):
        await reviewed(desk, clock, number, vendor_name="Mill Ltd")
    (offer,) = (await desk.learned(ACTOR, workflow)).offers
    assert offer.suggested_value == "Mill Ltd"


async def test_a_review_that_chose_nothing_itself_is_recorded_with_what_its_page_showed(desk, clock):
    for number in (1, 2, 3):
        await reviewed(desk, clock, number)
    workflow = await opened(desk)
    shown = (await desk.review(ACTOR, workflow)).draft
    assert (await desk.record_modifications(ACTOR, workflow, shown)).user_preferences == EXCEL


async def test_an_expired_review_teaches_no_more(desk, clock):
    for number in (1, 2):
        await reviewed(desk, clock, number)
    clock.forward(days=31)
    workflow = await opened(desk)
    assert (await desk.learned(ACTOR, workflow)).offers == []
    await desk.purge()
    assert await desk._store.lessons(OWNER, "invoice", 9) == []


async def test_a_review_opens_without_suggestions_while_the_store_cannot_be_asked(desk, clock, monkeypatch):
    for number in (1, 2, 3):
        await reviewed(desk, clock, number)
    workflow = await opened(desk)
    desk._teaching.ask_anew(OWNER)

    async def fail(*asked):
        raise StoreUnavailable("no")

    monkeypatch.setattr(desk._store, "lessons", fail)
    assert (await desk.review(ACTOR, workflow)).draft.preferences == UserPreferences()
    assert (await desk.learned(ACTOR, workflow)).offers == []


async def test_the_agent_is_told_what_is_often_corrected_without_any_value(desk, clock, monkeypatch):
    cases = []
    summarise = KraftdAIAgent.summarise_initial

    async def watched(self, case, hear):
        cases.append(case)
        return await summarise(self, case, hear)

    monkeypatch.setattr(KraftdAIAgent, "summarise_initial", watched)
    for number in (1, 2):
        await reviewed(desk, clock, number)
    assert [case.often_corrected for case in cases] == [(), ()]
    await opened(desk)
    assert set(cases[-1].often_corrected) == {"`vendor_name` was read wrongly", "`due_date` was read empty"}
    await desk.set_learning(ACTOR, False)
    await opened(desk, 8)
    assert cases[-1].often_corrected == ()


async def test_a_lesson_holds_no_dates_totals_or_long_texts_of_its_document(desk, clock):
    await reviewed(desk, clock, 1, invoice_total=777, note="x" * 300)
    (lesson,) = await desk._store.lessons(OWNER, "invoice", 9)
    told = json.dumps([c.model_dump(mode="json") for c in lesson.corrections])
    assert RIGHT in told
    assert not any(text in told for text in ("777", "xxx", "2026-11"))


# A new place to pay

FIRST_IBAN, OTHER_IBAN = "DE89370400440532013000", "DE02120300000000202051"
AS_JSON = UserPreferences(export_format="json")
KNOWN = {"vendor_name": RIGHT, "vendor_tax_id": "DE136695976"}


def bank_changes(findings):
    return [(finding.severity, finding.cells, finding.found) for finding in findings if finding.check == "bank_changed"]


@pytest.fixture
def paying(desk, monkeypatch):
    """The desk, whose reader reads the supplier right, and the IBAN that it is told."""
    extract, told = FakeExtractor.extract, {"iban": FIRST_IBAN}

    async def with_iban(self, content, *more, **named):
        reading = await extract(self, content, *more, **named)
        reading.data.update(KNOWN, **told)
        return reading

    monkeypatch.setattr(FakeExtractor, "extract", with_iban)
    desk.reads = told
    return desk


async def test_a_changed_iban_is_told_by_the_reading_the_review_the_record_and_the_deliverable(paying, clock):
    for number in (1, 2):
        await reviewed(paying, clock, number, **KNOWN, iban=FIRST_IBAN)
    same = await opened(paying, 3)
    assert bank_changes((await paying.workflow(ACTOR, same)).stage1.findings) == []
    paying.reads["iban"] = OTHER_IBAN
    changed = await opened(paying, 4)
    wanted = [("warning", ["iban"], OTHER_IBAN)]
    assert bank_changes((await paying.workflow(ACTOR, changed)).stage1.findings) == wanted
    review = await paying.review(ACTOR, changed)
    (finding,) = [finding for finding in review.findings if finding.check == "bank_changed"]
    assert finding.message == f"This supplier's IBAN was {FIRST_IBAN} in 2 documents; here it is {OTHER_IBAN}."
    assert review.attention().entry("iban").reasons[0].kind == "warning"
    assert (await paying.learned(ACTOR, changed)).offers == []
    await paying.keep_draft(ACTOR, changed, review.draft.modified_data, AS_JSON, {})
    assert bank_changes((await paying.record_modifications(ACTOR, changed)).findings) == wanted
    stage3 = await paying.produce(ACTOR, changed, ignore)
    assert any(OTHER_IBAN in sentence for sentence in stage3.ai_final_summary.risk_factors)
    assert (await paying.verify(ACTOR, changed)).holds


async def test_an_iban_that_is_typed_is_held_against_the_history_as_it_was_at_the_reading(paying, clock):
    await reviewed(paying, clock, 1, **KNOWN, iban=FIRST_IBAN)
    clock.forward(hours=1)
    workflow = await opened(paying, 2)
    await reviewed(paying, clock, 3, **KNOWN, iban=FIRST_IBAN)
    data = (await paying.review(ACTOR, workflow)).draft.modified_data
    typed = await paying.keep_draft(ACTOR, workflow, data | {"iban": OTHER_IBAN}, EXCEL, {})
    (finding,) = [finding for finding in typed.findings if finding.check == "bank_changed"]
    assert "in 1 document;" in finding.message  # the third one was not reviewed yet
    assert bank_changes((await paying.record_modifications(ACTOR, workflow)).findings) == [("warning", ["iban"], OTHER_IBAN)]


async def test_another_owner_and_a_store_that_cannot_be_asked_warn_of_nothing(paying, clock, monkeypatch):
    await reviewed(paying, clock, 1, **KNOWN, iban=FIRST_IBAN)
    paying.reads["iban"] = OTHER_IBAN
    eve = await opened(paying, 2, Actor.of("eve@example.com"))
    assert bank_changes((await paying.workflow(Actor.of("eve@example.com"), eve)).stage1.findings) == []

    async def fail(*asked):
        raise StoreUnavailable("The store cannot be reached.")

    monkeypatch.setattr(paying._store, "lessons", fail)
    unasked = await opened(paying, 3)
    assert bank_changes((await paying.workflow(ACTOR, unasked)).stage1.findings) == []


async def test_what_is_learned_from_the_owners_reviews_is_counted_into_the_record(paying, clock):
    made = [await reviewed(paying, clock, number, AS_JSON, **KNOWN) for number in (1, 2, 3, 4)]
    told = [(await paying.produce(ACTOR, made[n], ignore)).ai_final_summary.learning_insights for n in (0, 3)]
    first, last = told
    assert (first.user_focus_areas, first.confidence_improvement) == ([], None)
    assert (last.user_focus_areas, last.confidence_improvement) == (["Dates"], 0.0)
    await paying.forget_learned(ACTOR)
    again = await reviewed(paying, clock, 5, AS_JSON, **KNOWN)
    forgotten = (await paying.produce(ACTOR, again, ignore)).ai_final_summary.learning_insights
    assert (forgotten.user_focus_areas, forgotten.confidence_improvement) == ([], None)
