"""The pages without a browser: what each shows and keeps. What is typed into grids is proved in a browser."""

import json
import re
from pathlib import Path
from unittest.mock import AsyncMock

import pytest
from apptests import ACTOR, OWNER, button, core, job_ended, named, opened, stage, texts  # noqa: F401  core is a fixture

from kraftd_core import TEMPLATES, AgentUnavailable, Desk, DocumentTemplate, StoreUnavailable, UserPreferences, Waiting, bootstrap
from kraftd_core.ports.keeping import HistoryPage
from kraftd_core.records.chain import Verdict
from kraftd_core.review.learning import Learned, LearnedOffer
from kraftd_core.thinking.agent import KraftdAIAgent
from pages.parts.widgets import plain, wide_enough

PICTURES = Path(__file__).parents[2] / "pages" / "parts" / "templates"
INVOICE = {
    "document_type": "invoice",
    "vendor_name": "Mill *& Sons* :material/home: <b>www.mill.example</b>",
    "invoice_id": "M-1",
    "invoice_date": "2026-10-01",
    "currency": "EUR",
    "invoice_total": 14.2,
    "line_items": [
        {"description": "Flour", "quantity": 2, "unit_price": 5.6, "amount": 11.2},
        {"description": "Yeast", "quantity": 1, "unit_price": 3, "amount": 3},
    ],
}


pytestmark = [pytest.mark.usefixtures("core"), pytest.mark.slow]


@pytest.fixture
def workflow_id(core):
    content = json.dumps(INVOICE).encode()
    return core.run(lambda desk: desk.read(ACTOR, "mill.json", content, lambda step: None))


@pytest.mark.parametrize(
    "text",
    ["*bold* _it_ `code` $x$ [a](b) <b> # ~~s~~ | & \\", ":material/home: :smile: :red[x]", "- 1. > a", "a@b.example www.a.b"],
)
def test_a_value_is_shown_as_its_characters_and_nothing_else(text):
    shown = plain(text)
    assert re.sub(r"\\(.)", r"\1", shown).replace("\u2060", "") == text
    assert not re.search(r"(?<!\\)[*_`$\[\]<>#~|&:]", shown)
    assert not re.search(r":\w|www\.|\w@", re.sub(r"\\(.)", r"\1", shown))


def test_a_value_with_line_breaks_stays_on_one_line():
    assert plain("one\n\n# two") == r"one \# two"


def test_the_first_page_offers_a_drop_area_and_samples():
    session = opened()
    assert session.title[0].value == "New document"
    assert {b.key for b in session.button} >= {f"stage1_sample_{name}" for name in ("invoice", "boq", "quotation", "receipt")}
    assert "Continue" not in texts(session)


def test_the_frame_says_who_is_signed_in_and_which_engines_work():
    said = texts(opened())
    assert plain(OWNER) in said
    assert "Local reader · Rule-based summary · Saved on this computer" in said


@pytest.mark.parametrize("page", ["stage2_modifications.py", "stage3_deliverable.py", "history.py"])
def test_a_page_without_a_document_says_what_to_do_first(page):
    session = opened(page)
    assert not session.exception
    assert re.search("Take a new one|no documents yet", texts(session))


def test_a_sample_is_read_and_its_summary_found_under_its_address(core):
    session = opened()
    button(session, "stage1_sample_invoice").click().run()
    found_again = opened(job=job_ended(core, session))
    summary = opened(workflow=named(found_again, "workflow"))
    assert not summary.exception
    assert "BF\\-2026\\-1047" in texts(summary)
    assert button(summary, "stage1_review").label == "Review and correct →"


def test_an_unfinished_document_waits_on_the_first_page(workflow_id):
    assert button(opened(), f"stage1_continue_0_{workflow_id}").label == "Review →"


def test_values_are_never_shown_as_markup(workflow_id):
    said = texts(opened(workflow=workflow_id))
    assert plain(INVOICE["vendor_name"]) in said
    assert INVOICE["vendor_name"] not in said


@pytest.mark.parametrize("page", ["", "stage2_modifications.py", "stage3_deliverable.py", "history.py"])
def test_an_unknown_workflow_is_answered_with_a_sentence(page):
    session = opened(page, workflow="no-such-workflow")
    assert not session.exception
    assert "no such document" in texts(session)


def test_work_that_a_restart_ended_is_answered_with_a_sentence():
    session = opened(job="0" * 32)
    assert "not under way any more" in texts(session)
    assert "job" not in session.query_params


def test_preferences_survive_the_end_of_the_session(workflow_id):
    session = opened("stage2_modifications.py", workflow=workflow_id)
    session.radio(key="stage2_format").set_value("excel")
    session.text_area(key="stage2_instructions").set_value("totals in red")
    session.multiselect(key="stage2_priority").set_value(["invoice_total"])
    session.selectbox(key="stage2_template").set_value("executive_summary").run()
    again = opened("stage2_modifications.py", workflow=workflow_id)
    assert again.radio(key="stage2_format").value == "excel"
    assert again.text_area(key="stage2_instructions").value == "totals in red"
    assert again.multiselect(key="stage2_priority").value == ["invoice_total"]
    assert again.selectbox(key="stage2_template").value == "executive_summary"


def test_another_document_type_is_a_change(core, workflow_id):
    session = opened("stage2_modifications.py", workflow=workflow_id)
    session.selectbox(key="stage2_document_type").set_value("receipt").run()
    assert not session.exception
    review = core.run(lambda desk: desk.review(ACTOR, workflow_id))
    assert [change.field for change in review.changes] == ["document_type"]


def test_a_field_is_added_and_removed(core, workflow_id):
    session = opened("stage2_modifications.py", workflow=workflow_id)
    session.text_input(key="stage2_field_name").set_value("Project")
    session.text_input(key="stage2_field_value").set_value("Bridge")
    button(session, "stage2_field_add").click().run()
    session.selectbox(key="stage2_field_gone").set_value("currency").run()
    button(session, "stage2_field_remove").click().run()
    assert not session.exception
    data = core.run(lambda desk: desk.review(ACTOR, workflow_id)).draft.modified_data
    assert data["project"] == "Bridge"
    assert "currency" not in data


def test_nothing_is_recorded_before_it_was_confirmed(core, workflow_id):
    session = opened("stage2_modifications.py", workflow=workflow_id)
    button(session, "stage2_record").click().run()
    assert "You changed nothing" in texts(session)
    assert stage(core, workflow_id, 2) is None
    button(session, "stage2_confirm").click().run()
    assert not session.exception
    assert stage(core, workflow_id, 2) is not None


def test_record_and_download_makes_the_file_at_once(core, workflow_id):
    session = opened("stage2_modifications.py", workflow=workflow_id)
    button(session, "stage2_record_download").click().run()
    button(session, "stage2_confirm").click().run()
    work = {"job": job_ended(core, session)} if "job" in session.query_params else {}  # it may have ended within the run
    delivered = opened("stage3_deliverable.py", workflow=workflow_id, **work)
    assert not delivered.exception
    assert "Your file is ready" in texts(delivered)
    assert stage(core, workflow_id, 3).deliverable.filename.endswith(".pdf")


# One value at a time


@pytest.fixture
def doubtful_id(core):
    """A review in which a line does not add up: three values need eyes, nine do not."""
    lines = [INVOICE["line_items"][0], {**INVOICE["line_items"][1], "amount": 4}]
    content = json.dumps({**INVOICE, "invoice_total": 15.2, "line_items": lines}).encode()
    return core.run(lambda desk: desk.read(ACTOR, "doubtful.json", content, lambda step: None))


@pytest.fixture
def queue(doubtful_id):
    """The first of the values that need eyes."""
    session = opened("stage2_modifications.py", workflow=doubtful_id)
    assert "3 values need your eyes" in texts(session)
    return button(session, "review_start").click().run()


def card(session):
    """The label and the text of the value that is up."""
    (value,) = [field for field in session.text_input if str(field.key).startswith("review_value_")]
    (title,) = [m.value for m in session.markdown if re.match(r"\*\*.+ of line 2", str(m.value))]
    return title.strip("*").split(" of ")[0], value.value


def looks(core, workflow_id):
    draft = core.run(lambda desk: desk.review(ACTOR, workflow_id)).draft
    return {look.field.split(".")[-1]: look.how for look in draft.looked_at}


def type_value(session, text):
    (value,) = [field for field in session.text_input if str(field.key).startswith("review_value_")]
    value.set_value(text)
    return button(session, "review_confirm").click().run()


def test_confirmed_and_corrected_values_leave_the_queue_and_are_kept_apart(core, doubtful_id, queue):
    assert card(queue) == ("Quantity", "1")
    assert "1 x 3.00 is 3.00, but the amount says 4.00" in texts(queue).replace("\\", "")
    button(queue, "review_confirm").click().run()
    assert card(queue) == ("Unit price", "3")
    type_value(queue, "4,00")
    assert not queue.exception
    assert "Every value that needed your eyes was seen" in texts(queue)
    assert looks(core, doubtful_id) == {"quantity": "confirmed"}
    review = core.run(lambda desk: desk.review(ACTOR, doubtful_id))
    assert [change.modified_value for change in review.changes] == [4]
    assert review.findings == []


def test_a_value_is_skipped_and_comes_again_and_one_can_go_back(core, doubtful_id, queue):
    button(queue, "review_skip").click().run()
    button(queue, "review_confirm").click().run()
    assert (card(queue)[0], looks(core, doubtful_id)) == ("Amount", {"unit_price": "confirmed"})
    button(queue, "review_back").click().run()
    assert card(queue)[0] == "Unit price"
    assert "You confirmed it" in texts(queue)
    for _ in range(2):
        button(queue, "review_confirm").click().run()
    assert "1 skipped" in texts(queue)
    button(queue, "review_again").click().run()
    assert card(queue)[0] == "Quantity"


def test_a_text_that_cannot_be_read_is_said_at_once_stays_and_can_be_put_back(core, doubtful_id, queue):
    type_value(queue, "one")
    assert card(queue) == ("Quantity", "one")
    assert "cannot be read as a number; write it like" in texts(queue).replace("\\", "")
    button(queue, "review_put_back").click().run()
    assert card(queue) == ("Quantity", "1")
    assert core.run(lambda desk: desk.review(ACTOR, doubtful_id)).changes == []


def test_a_value_confirmed_and_edited_later_is_confirmed_no_more(core, doubtful_id, queue):
    button(queue, "review_confirm").click().run()
    button(queue, "review_back").click().run()
    type_value(queue, "2")
    assert looks(core, doubtful_id) == {}


def test_the_queue_is_left_for_the_tables_and_the_review_recorded_with_what_was_seen(core, doubtful_id, queue):
    button(queue, "review_confirm").click().run()
    button(queue, "review_leave").click().run()
    assert "2 values need your eyes" in texts(queue)
    assert queue.selectbox(key="stage2_template").value == "standard"
    button(queue, "stage2_record").click().run()
    button(queue, "stage2_confirm").click().run()
    assert [look.how for look in stage(core, doubtful_id, 2).looked_at] == ["confirmed"]


@pytest.mark.parametrize(("key", "supplier"), [("review_use", "Mill Ltd"), ("review_confirm", INVOICE["vendor_name"])])
def test_a_suggestion_comes_up_in_the_queue_and_its_answer_is_recorded(core, workflow_id, monkeypatch, key, supplier):
    offer = LearnedOffer("vendor_name", INVOICE["vendor_name"], "Mill Ltd", ("w1", "w2"), "You wrote Mill Ltd twice.")
    monkeypatch.setattr(Desk, "learned", AsyncMock(return_value=Learned(offers=[offer])))
    session = opened("stage2_modifications.py", workflow=workflow_id)
    button(session, "review_start").click().run()
    assert plain(offer.sentence) in texts(session)
    button(session, key).click().run()
    assert "Every value that needed your eyes was seen" in texts(session)
    draft = core.run(lambda desk: desk.review(ACTOR, workflow_id)).draft
    assert draft.modified_data["vendor_name"] == supplier
    assert [suggestion.is_accepted for suggestion in draft.suggestions] == [key == "review_use"]


def test_all_others_are_accepted_in_one_step_and_that_is_undone(core, doubtful_id):
    session = opened("stage2_modifications.py", workflow=doubtful_id)
    button(session, "review_accept_rest").click().run()
    assert "all others accepted" in texts(session)
    assert set(looks(core, doubtful_id).values()) == {"accepted_with_the_rest"}
    assert "review_accept_rest" not in {b.key for b in session.button}
    button(session, "stage2_undo").click().run()
    assert looks(core, doubtful_id) == {}


def test_the_last_change_is_undone_and_everything_is_put_back(core, workflow_id):
    session = opened("stage2_modifications.py", workflow=workflow_id)
    session.selectbox(key="stage2_document_type").set_value("receipt").run()
    session.selectbox(key="stage2_field_gone").set_value("currency").run()
    button(session, "stage2_field_remove").click().run()
    button(session, "stage2_undo").click().run()
    assert session.selectbox(key="stage2_document_type").value == "receipt"
    assert [c.field for c in core.run(lambda desk: desk.review(ACTOR, workflow_id)).changes] == ["document_type"]
    button(session, "stage2_put_all_back").click().run()
    assert session.selectbox(key="stage2_document_type").value == "invoice"
    assert core.run(lambda desk: desk.review(ACTOR, workflow_id)).changes == []
    button(session, "stage2_undo").click().run()
    assert session.selectbox(key="stage2_document_type").value == "receipt"


def test_opening_the_tables_anew_leaves_what_other_parts_of_the_page_keep_alone(core, workflow_id):
    session = opened("stage2_modifications.py", workflow=workflow_id)
    session.session_state["stage2_document_page"] = 3
    session.selectbox(key="stage2_field_gone").set_value("currency").run()
    button(session, "stage2_field_remove").click().run()
    assert session.session_state["stage2_document_page"] == 3
    assert session.selectbox(key="stage2_field_gone").value is None


def test_a_line_inserted_between_others_is_one_added_line(core, workflow_id):
    session = opened("stage2_modifications.py", workflow=workflow_id)
    session.number_input(key="stage2_insert_place_line_items").set_value(2)
    session.text_input(key="stage2_insert_text_line_items").set_value("Salt")
    button(session, "stage2_insert_go_line_items").click().run()
    review = core.run(lambda desk: desk.review(ACTOR, workflow_id))
    assert review.change_sentences == ["Line 2 added: Salt"]
    assert [row["description"] for row in review.draft.modified_data["line_items"]] == ["Flour", "Salt", "Yeast"]


def test_a_review_recorded_elsewhere_meanwhile_is_shown_as_recorded(core, workflow_id):
    session = opened("stage2_modifications.py", workflow=workflow_id)
    core.run(lambda desk: desk.record_modifications(ACTOR, workflow_id))
    assert "cannot be changed any more" in texts(session.run())


def test_recorded_changes_say_who_when_and_why(core, workflow_id):
    async def record(desk):
        draft = (await desk.review(ACTOR, workflow_id)).draft
        data = {**draft.modified_data, "invoice_id": "M-2"}
        await desk.keep_draft(ACTOR, workflow_id, data, draft.preferences, {"invoice_id": "misread"})
        await desk.record_modifications(ACTOR, workflow_id)

    core.run(record)
    said = texts(opened("stage2_modifications.py", workflow=workflow_id)).replace("\\", "")
    assert "Invoice number: M-1 → M-2" in said and "because: misread" in said
    assert re.search(f"Changed by {OWNER.replace('@', '.?@')}, \\d\\d \\w+", said)


def test_a_recorded_review_is_shown_to_read_only(core, workflow_id):
    core.run(lambda desk: desk.record_modifications(ACTOR, workflow_id))
    session = opened("stage2_modifications.py", workflow=workflow_id)
    assert "cannot be changed any more" in texts(session)
    assert "stage2_record" not in {b.key for b in session.button}


def test_deliver_before_the_review_says_what_comes_first(workflow_id):
    session = opened("stage3_deliverable.py", workflow=workflow_id)
    assert "not reviewed yet" in texts(session)
    assert button(session, "stage3_review").label == "Review →"


def test_the_history_finds_and_opens_a_workflow(workflow_id):
    assert len(opened("history.py").dataframe[0].value) == 1
    session = opened("history.py", workflow=workflow_id)
    assert not session.exception
    assert "Not reviewed yet" in texts(session)


def test_a_workflow_is_verified_in_the_history_and_its_trail_tells(workflow_id):
    session = opened("history.py", workflow=workflow_id)
    assert ":green[✓] Recorded" in texts(session)
    button(session, "history_verify").click().run()
    assert ":green[✓]&ensp;Stage 1 holds" in texts(session)
    assert "**Verified** · Stage 1 holds" in texts(session)


def test_altered_records_are_said_not_to_hold(core, workflow_id, monkeypatch):
    sentence = "Stage 1 was altered after it was recorded."
    monkeypatch.setattr(core.tracking, "verified", AsyncMock(return_value=Verdict(False, sentence, 1)))
    session = opened("history.py", workflow=workflow_id)
    button(session, "history_verify").click().run()
    assert f":red[✗]&ensp;{plain(sentence)}" in texts(session)


def test_the_filters_of_the_history_stand_in_the_address(workflow_id):
    session = opened("history.py", history_text="no such name")
    assert "Nothing fits this search" in texts(session)
    button(session, "history_clear").click().run()
    assert len(session.dataframe[0].value) == 1


# Two tabs


@pytest.fixture
def two_tabs(workflow_id):
    """Two sessions on one review; each has chosen another format, the second later."""
    first, second = (opened("stage2_modifications.py", workflow=workflow_id) for _ in range(2))
    first.radio(key="stage2_format").set_value("excel").run()
    assert "Another tab" not in texts(first)
    second.radio(key="stage2_format").set_value("csv").run()
    return first, second


def kept_format(core, workflow_id):
    return core.run(lambda desk: desk.review(ACTOR, workflow_id)).draft.preferences.export_format


def the_button(session, label):
    (found,) = [b for b in session.button if b.label == label]
    return found


def test_the_later_of_two_tabs_is_kept_and_the_other_offered(core, workflow_id, two_tabs):
    assert kept_format(core, workflow_id) == "csv"
    assert "Another tab saved another version" in texts(two_tabs[1])
    assert "Another tab saved another version" in texts(two_tabs[0].run())
    assert kept_format(core, workflow_id) == "csv"


def test_use_that_one_shows_the_other_version(core, workflow_id, two_tabs):
    session = two_tabs[1]
    the_button(session, "Use that one").click().run()
    assert session.radio(key="stage2_format").value == "excel" == kept_format(core, workflow_id)
    assert "Another tab" not in texts(session)


def test_keep_mine_in_the_earlier_tab_makes_it_the_draft(core, workflow_id, two_tabs):
    session = two_tabs[0].run()
    the_button(session, "Keep mine").click().run()
    assert session.radio(key="stage2_format").value == "excel" == kept_format(core, workflow_id)
    assert "Another tab" not in texts(session)


def test_the_earlier_tab_records_what_it_shows(core, workflow_id, two_tabs):
    session = two_tabs[0]
    button(session, "stage2_record").click().run()
    assert "Only this one is recorded" in texts(session)
    button(session, "stage2_confirm").click().run()
    assert stage(core, workflow_id, 2).user_preferences.export_format == "excel"


# Azure Cosmos DB as the store


@pytest.fixture
def without_cosmos(monkeypatch):
    """A core whose Azure Cosmos DB cannot be reached."""
    for name, value in {"STORE": "cosmos", "COSMOS_ENDPOINT": "http://127.0.0.1:1", "COSMOS_KEY": "a2V5"}.items():
        monkeypatch.setenv(f"KRAFTD_{name}", value)
    monkeypatch.setattr(bootstrap, "_core", None)
    made = bootstrap.core()
    yield made
    made.run(lambda desk: desk.close())


@pytest.fixture
def saved_here(without_cosmos):
    content = json.dumps(INVOICE).encode()
    return without_cosmos.run(lambda desk: desk.read(ACTOR, "mill.json", content, lambda step: None))


def counted_waiting(monkeypatch, waiting):
    """Has the desk answer this, and counts how often it is asked."""
    asked = AsyncMock(return_value=waiting)
    monkeypatch.setattr(Desk, "waiting", asked)
    return asked


@pytest.mark.parametrize("page", ["", "stage2_modifications.py", "stage3_deliverable.py", "history.py"])
def test_every_page_says_what_is_saved_here_only(saved_here, page):
    session = opened(page, workflow=saved_here)
    (notice,) = [w.value for w in session.warning]
    assert notice == "1 record is saved here and not yet in Cosmos. It follows by itself."
    assert "Saved in Azure Cosmos DB, files on this computer" in texts(session)


def test_what_is_saved_here_only_is_not_called_recorded(saved_here):
    said = texts(opened("history.py", workflow=saved_here))
    assert "Saved here, will follow" in said
    assert "✓] Recorded" not in said


def test_what_does_not_pass_by_itself_is_said_in_red_with_its_reason_and_what_to_do(saved_here, monkeypatch):
    reason = "Azure Cosmos DB refused the sign-in. Ask for KRAFTD_COSMOS_KEY to be corrected, then start again."
    waiting = Waiting(following=2, following_workflows=frozenset({saved_here}), reason=reason, passes=False)
    counted_waiting(monkeypatch, waiting)
    session = opened("history.py", workflow=saved_here)
    said = texts(session).replace("\\", "")
    assert "2 records are saved here and not yet in Cosmos, and that does not pass by itself." in said
    assert reason in said and "by themselves" not in said
    assert "lets nothing in" in said and "will follow" not in said


def test_what_is_missing_there_can_be_sent_again(saved_here, monkeypatch):
    counted_waiting(monkeypatch, Waiting(missing=(saved_here,)))
    monkeypatch.setattr(Desk, "send_again", sent := AsyncMock(return_value=1))
    session = opened("history.py", workflow=saved_here)
    said = texts(session)
    assert "not have the records of these documents any more" in said and "holds something else" not in said
    button(session, "waiting_send_again").click().run()
    assert sent.await_count == 1


def test_the_status_shows_each_engine_its_last_failure_and_what_nobody_knows(without_cosmos, saved_here, monkeypatch):
    monkeypatch.setenv("KRAFTD_STROE", "cosmos")
    session = opened("status.py")
    assert not session.exception
    said = texts(session).replace("\\", "").replace("\u2060", "")
    assert "Azure Cosmos DB · 127.0.0.1:1 · with a key" in said
    assert "May pass by itself." in said and "Azure Cosmos DB did not answer" in said
    assert "no connection" in said and "1 record wait" in said
    assert any("KRAFTD" in w.value and "STROE" in w.value for w in session.warning)


def test_what_waits_is_asked_once_a_run_and_never_without_cosmos(saved_here, monkeypatch):
    asked = counted_waiting(monkeypatch, Waiting(following=2, following_workflows=frozenset({saved_here})))
    opened("history.py", workflow=saved_here)
    assert asked.await_count == 2  # a run for the first page, and one for the history


def test_on_this_computer_nobody_asks_what_waits(workflow_id, monkeypatch):
    asked = counted_waiting(monkeypatch, Waiting())
    opened("history.py", workflow=workflow_id)
    assert asked.await_count == 0


def test_records_that_cosmos_does_not_take_are_shown_with_what_to_do(saved_here, monkeypatch):
    counted_waiting(monkeypatch, Waiting(quarantined=(saved_here,), rejected=(saved_here,), expired=2))
    session = opened("history.py", workflow=saved_here)
    said = texts(session)
    assert "holds something else" in said and "does not take" in said
    assert "2 records ran out of time" in said
    links = [link.proto for link in session.page_link if "mill" in link.label]
    assert len(links) == 2 and all(saved_here in link.query_string for link in links)
    assert "did not take it" in said


@pytest.mark.parametrize("page", ["", "stage2_modifications.py", "stage3_deliverable.py", "history.py"])
def test_a_workflow_that_is_only_in_cosmos_is_answered_with_a_sentence_and_what_is_safe(without_cosmos, page):
    session = opened(page, workflow="00000000-0000-4000-8000-000000000000")
    assert not session.exception
    assert "What was recorded is safe" in texts(session)


def test_the_lists_show_what_is_here_and_the_history_says_so(saved_here):
    assert button(opened(), f"stage1_continue_0_{saved_here}").label == "Review →"
    session = opened("history.py")
    assert session.dataframe[0].value["State"].tolist() == ["○ To review △ not in Cosmos yet"]
    assert any("only the documents of this computer" in w.value for w in session.warning)


# What will be done with the user's words


@pytest.fixture
def reviewed(core, workflow_id):
    """A recorded review with instructions."""

    async def record(desk):
        data = (await desk.review(ACTOR, workflow_id)).draft.modified_data
        wishes = {"transformation_instructions": "hide the currency, sort by amount. make it *pop*", "export_format": "json"}
        await desk.keep_draft(ACTOR, workflow_id, data, UserPreferences.model_validate(wishes), {})
        await desk.record_modifications(ACTOR, workflow_id)

    core.run(record)
    return workflow_id


def wish(session, meaning):
    (found,) = [box for box in session.checkbox if meaning in box.label]
    return found


def test_deliver_tells_what_will_be_done_and_what_not_before_anything_is_produced(core, reviewed):
    session = opened("stage3_deliverable.py", workflow=reviewed)
    assert not session.exception
    assert [box.value for box in session.checkbox] == [True, True]
    assert "make it \\*pop\\*” :gray[Not understood" in texts(session)
    assert "carried out yet" not in texts(session)
    assert stage(core, reviewed, 3) is None


def test_a_step_is_unticked_and_the_preview_follows(reviewed):
    session = opened("stage3_deliverable.py", workflow=reviewed)
    assert '"currency"' not in session.code[0].value
    wish(session, "Left out").uncheck().run()
    assert '"currency": "EUR"' in session.code[0].value


def test_template_format_and_words_are_changed_on_deliver_and_recorded_there_only(core, reviewed):
    session = opened("stage3_deliverable.py", workflow=reviewed)
    stamp = reviewed[:8]
    button(session, f"stage3_template_{stamp}_financial_report").click().run()
    session.radio(key=f"stage3_format_{stamp}").set_value("csv")
    session.text_area(key=f"stage3_words_{stamp}").set_value("totals in red; put the supplier first").run()
    assert "CSV file has no colours" in texts(session)
    button(session, "stage3_produce").click().run()
    delivered = opened("stage3_deliverable.py", workflow=reviewed, job=job_ended(core, session))
    assert not delivered.exception
    assert plain("Comes first: Supplier.") in texts(delivered) and "totals in red" in texts(delivered)
    plan = stage(core, reviewed, 3).presentation_plan
    assert (plan.template, plan.export_format, plan.instructions) == (
        "financial_report", "csv", "totals in red; put the supplier first",
    )
    assert stage(core, reviewed, 2).user_preferences.export_format == "json"


def choices_in(session, workflow_id):
    """Template, format, words and the ticks of the steps, as a page shows them."""
    stamp = workflow_id[:8]
    shown = session.session_state[f"stage3_template_{stamp}"], session.radio(key=f"stage3_format_{stamp}").value
    return *shown, session.text_area(key=f"stage3_words_{stamp}").value, [box.value for box in session.checkbox]


def test_what_was_chosen_survives_a_reload_and_ends_with_the_file(core, reviewed):
    session, stamp = opened("stage3_deliverable.py", workflow=reviewed), reviewed[:8]
    button(session, f"stage3_template_{stamp}_technical_spec").click().run()
    session.radio(key=f"stage3_format_{stamp}").set_value("csv").run()
    session.text_area(key=f"stage3_words_{stamp}").set_value("hide the currency, sort by amount").run()
    wish(session, "Left out").uncheck().run()
    chosen = ("technical_spec", "csv", "hide the currency, sort by amount", [False, True])
    assert choices_in(session, reviewed) == chosen
    assert choices_in(opened("stage3_deliverable.py", workflow=reviewed), reviewed) == chosen
    session.switch_page("verify.py").run()
    assert choices_in(session.switch_page("stage3_deliverable.py").run(), reviewed) == chosen
    core.run(lambda desk: desk.produce(ACTOR, reviewed, lambda step: None))
    assert core.run(lambda desk: desk.choices(ACTOR, reviewed)).unticked == ()


def test_of_two_tabs_each_produces_what_it_shows(core, reviewed):
    first, second = (opened("stage3_deliverable.py", workflow=reviewed) for _ in range(2))
    first.radio(key=f"stage3_format_{reviewed[:8]}").set_value("excel").run()
    second.radio(key=f"stage3_format_{reviewed[:8]}").set_value("csv").run()
    assert choices_in(opened("stage3_deliverable.py", workflow=reviewed), reviewed)[1] == "csv"
    button(first, "stage3_produce").click().run()
    job_ended(core, first)
    assert stage(core, reviewed, 3).deliverable.file_format == "excel"


def test_looking_at_deliver_keeps_nothing_and_alters_no_review(core, reviewed):
    opened("stage3_deliverable.py", workflow=reviewed)
    choices = core.run(lambda desk: desk.choices(ACTOR, reviewed))
    assert choices.preferences == stage(core, reviewed, 2).user_preferences
    assert core.run(lambda desk: desk.review(ACTOR, reviewed)).draft.modified_data == stage(core, reviewed, 2).modified_data


def test_the_gallery_shows_each_template_and_marks_the_chosen_one(reviewed):
    session = opened("stage3_deliverable.py", workflow=reviewed)
    for template in DocumentTemplate:
        assert (PICTURES / f"{template.value}.png").stat().st_size <= 30_000
        button(session, f"stage3_template_{reviewed[:8]}_{template.value}").click().run()
        assert [b.label for b in session.button if b.label.startswith("✓")] == [f"✓ {TEMPLATES[template].label}"]
        assert f'"template": "{template.value}"' in session.code[0].value


@pytest.mark.parametrize("file_format", ["excel", "csv", "pdf"])
def test_each_format_is_previewed_as_planned(reviewed, file_format):
    session = opened("stage3_deliverable.py", workflow=reviewed)
    session.radio(key=f"stage3_format_{reviewed[:8]}").set_value(file_format).run()
    assert not session.exception
    if file_format != "pdf":
        table = session.dataframe[-1].value
        assert list(table.iloc[:, -1]) == ["3.00", "11.20"]


def test_words_that_no_service_could_read_are_read_by_the_rules_if_so_asked(reviewed, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(KraftdAIAgent, "plan", AsyncMock(side_effect=AgentUnavailable("The service did not answer. Try again.")))
        session = opened("stage3_deliverable.py", workflow=reviewed)
    assert "The service did not answer" in texts(session)
    assert button(session, "stage3_produce").disabled
    button(session, "stage3_plan_by_rules").click().run()
    assert wish(session, "Left out").value


def test_a_column_shows_its_longest_figure_whole_however_far_down_it_stands():
    totals = ["1.00 EUR"] * 15 + [None, "123,456,789.12 EUR"]
    assert wide_enough("Total", totals) >= 7 * len("123,456,789.12 EUR") + 16  # a digit is 7 pixels wide, a cell has 16 beside
    assert wide_enough("Total", ["1"]) == wide_enough("Total", []) < wide_enough("A longer head", [])
    assert wide_enough("Description", ["A sentence that may be cut, because it is read by its beginning."]) is None


@pytest.mark.parametrize("text", ["www.evil.example", "a evil@evil.example b", ":material/home:", ":smile:", ":red[x]"])
def test_what_a_backslash_does_not_stop_is_broken_by_a_joiner(text):
    shown = plain(text)
    assert "\u2060" in shown
    assert shown.replace("\u2060", "").replace("\\", "") == text
    assert not re.search(r"www\\?\.|\w\\?@|:\\?(material|smile|red)", shown)


def test_what_cannot_be_kept_now_stays_on_the_page_not_saved_yet_and_is_kept_by_the_next_run(workflow_id, core, monkeypatch):
    session = opened("stage2_modifications.py", workflow=workflow_id)
    full = AsyncMock(side_effect=StoreUnavailable("The records on this computer cannot be reached (database is full)."))
    with monkeypatch.context() as broken:
        broken.setattr(core._desk._drafts, "keep_draft", full)
        session.text_area(key="stage2_instructions").set_value("totals in red").run()
    assert not session.exception
    (told,) = [warning.value for warning in session.warning if "Not saved yet" in warning.value]
    assert "database is full" in told and "is safe" not in texts(session)
    assert session.text_area(key="stage2_instructions").value == "totals in red"
    button(session, "stage2_save_again").click().run()
    assert not any("Not saved yet" in warning.value for warning in session.warning)
    again = opened("stage2_modifications.py", workflow=workflow_id)
    assert again.text_area(key="stage2_instructions").value == "totals in red"


def test_a_lost_file_can_be_had_again_on_the_page(core, workflow_id):
    core.run(lambda desk: desk.record_modifications(ACTOR, workflow_id))
    core.run(lambda desk: desk.produce(ACTOR, workflow_id, lambda step: None))
    made = core.run(lambda desk: desk.deliverable(ACTOR, workflow_id))
    for path in (core.settings.data_dir / "files").glob("*/*/*"):
        if path.is_file() and path.read_bytes() == made.content:
            path.unlink()
    session = opened("stage3_deliverable.py", workflow=workflow_id)
    assert "The stored file is missing" in texts(session)
    button(session, "stage3_anew").click().run()
    assert "Your file is ready" in texts(session)
    assert core.run(lambda desk: desk.deliverable(ACTOR, workflow_id)).content == made.content


def test_damaged_lines_of_the_history_are_left_out_and_told(core, workflow_id, monkeypatch):
    page = HistoryPage([], None, damaged=2)
    monkeypatch.setattr(core._desk._store, "history", AsyncMock(return_value=page))
    said = texts(opened("history.py"))
    assert "left out here: 2" in said and "no documents yet" not in said
