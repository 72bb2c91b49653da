"""What the pages say of what the user had before: a file again, a number again, and how a delivered file was made."""

import json
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from apptests import ACTOR, button, core, job_ended, named, opened, texts  # noqa: F401  core is a fixture

from kraftd_core import Desk, DocumentTemplate, ExportFormat, UserPreferences
from kraftd_core.ports.keeping import HistoryPage
from kraftd_core.records.plan import PresentationPlan
from pages.parts import widgets
from pages.parts.widgets import day_of, plain, time_zone

INVOICE = {
    "document_type": "invoice", "vendor_name": "Müller", "invoice_id": 1234567, "invoice_date": "2026-10-01", "currency": "EUR",
    "invoice_total": 14.2, "line_items": [{"description": "Flour", "quantity": 2, "unit_price": 7.1, "amount": 14.2}],
}  # fmt: skip

pytestmark = [pytest.mark.usefixtures("core"), pytest.mark.slow]


def as_bytes(**fields):
    return json.dumps(INVOICE | fields).encode()


@pytest.fixture
def earlier(core):
    return core.run(lambda desk: desk.read(ACTOR, "mill.json", as_bytes(), lambda step: None))


def dropped(session, name, content):
    (uploader,) = [found for found in session.file_uploader if str(found.key).startswith("stage1_upload")]
    return uploader.set_value((name, content, "application/json")).run()


def read_by(core, session):
    """The workflow that the work in the address ended with, if it came to one."""
    job_id = job_ended(core, session)
    return core.run(lambda desk: desk.job(ACTOR, job_id)).result


def warnings(session):
    return [each.value for each in session.warning]


def test_a_file_that_was_here_before_is_said_before_it_is_read_and_can_be_opened(core, earlier):
    session = dropped(opened(), "renamed.json", as_bytes())
    assert not session.exception
    (told,) = warnings(session)
    assert told.startswith(f"{plain('renamed.json')}: you had this file on {day_of(datetime.now(UTC))}, as {plain('mill.json')}.")
    assert "job" not in session.query_params
    button(session, "stage1_open_seen").click().run()
    assert named(session, "workflow") == earlier
    assert len(core.run(lambda desk: desk.history(ACTOR)).lines) == 1


def test_a_file_that_was_here_before_is_read_again_where_that_is_wanted(core, earlier):
    session = dropped(opened(), "mill.json", as_bytes())
    button(session, "stage1_read_again").click().run()
    assert read_by(core, session) not in (None, earlier)
    assert not warnings(opened())


def test_a_new_file_is_read_at_once(core, earlier):
    session = dropped(opened(), "mill.json", as_bytes(invoice_id="M-2"))
    assert not warnings(session)
    assert read_by(core, session)


def test_a_number_that_was_here_before_is_said_after_reading_and_before_it_is_recorded(core, earlier):
    session = dropped(opened(), "copy.json", as_bytes(vendor_name="MULLER", note="a copy"))
    asked = opened(job=job_ended(core, session))
    assert not asked.exception
    (told,) = warnings(asked)
    known = plain("Invoice number 1234567 of Müller")
    assert told.startswith(f"{known}: you had this number on {day_of(datetime.now(UTC))}, in {plain('mill.json')}.")
    assert len(core.run(lambda desk: desk.history(ACTOR)).lines) == 1
    button(asked, "stage1_go_on_anyway").click().run()
    assert read_by(core, asked)
    assert len(core.run(lambda desk: desk.history(ACTOR)).lines) == 2


def test_the_document_whose_number_came_again_can_be_opened_instead(core, earlier):
    session = dropped(opened(), "copy.json", as_bytes(note="a copy"))
    asked = opened(job=job_ended(core, session))
    button(asked, "stage1_open_known").click().run()
    assert named(asked, "workflow") == earlier


def test_the_history_says_and_filters_by_how_a_file_was_made_and_not_by_what_was_wished_for(core, earlier):
    async def delivered(desk):
        review = await desk.review(ACTOR, earlier)
        await desk.keep_draft(ACTOR, earlier, review.draft.modified_data, UserPreferences(), {})
        await desk.record_modifications(ACTOR, earlier)
        plan = PresentationPlan(template=DocumentTemplate.FINANCIAL_REPORT, export_format=ExportFormat.CSV)
        await desk.produce(ACTOR, earlier, lambda step: None, plan=plan)
        return await desk.compare(ACTOR, [(earlier, "user"), (earlier, "delivered")])

    compared = core.run(delivered)
    made = {line.label: line.texts for line in compared.lines if line.label in ("Template", "Format")}
    assert made == {"Template": ("Standard", "Financial report"), "Format": ("pdf", "csv")}
    session = opened("history.py")
    session.selectbox(key="history_format").set_value("csv").run()
    listed = session.dataframe[0].value.iloc[0]
    assert (listed["Made as"], listed["Number"], listed["Supplier"]) == ("Financial report, CSV", "1234567", "Müller")
    session.selectbox(key="history_format").set_value("pdf").run()
    assert "Nothing fits" in texts(session)
    assert len(opened("history.py", history_text="MULLER 1234567").dataframe) == 1
    again = opened("history.py", workflow=earlier)
    assert "Download CSV again" in {each.label for each in again.get("download_button")}


def test_the_days_of_the_filters_are_the_user_s(monkeypatch, earlier):
    asked = []
    history = Desk.history

    async def noted(desk, actor, wanted=None, *more):
        asked.append(wanted)
        return await history(desk, actor, wanted, *more)

    monkeypatch.setattr(Desk, "history", noted)
    monkeypatch.setattr(widgets, "time_zone", lambda: ZoneInfo("Asia/Tokyo"))
    session = opened("history.py")
    today = datetime.now(ZoneInfo("Asia/Tokyo")).date()
    session.date_input(key="history_until").set_value(today).run()
    assert not session.exception
    assert (asked[-1].until, asked[-1].zone) == (today, ZoneInfo("Asia/Tokyo"))
    assert len(session.dataframe) == 1


@pytest.mark.parametrize("days", [
    {"history_until": "9999-12-31"}, {"history_since": "0001-01-01"},
    {"history_since": "0001-01-01", "history_until": "9999-12-31"},
])  # fmt: skip
def test_no_day_of_the_address_breaks_the_history(monkeypatch, earlier, days):
    monkeypatch.setattr(widgets, "time_zone", lambda: ZoneInfo("Pacific/Kiritimati"))
    session = opened("history.py", **days)
    assert not session.exception
    assert len(session.dataframe) == 1


def test_a_page_on_which_nothing_fits_says_that_there_is_more(monkeypatch, earlier):
    async def none_here(desk, actor, wanted=None, limit=20, cursor=None):
        return HistoryPage([], None if cursor else "more")

    monkeypatch.setattr(Desk, "history", none_here)
    session = opened("history.py")
    assert "Turn to the next page" in texts(session)
    button(session, "history_page_next").click().run()
    assert not session.exception
    assert "Nothing on this page fits." in texts(session)
    assert "Turn to the next page" not in texts(session)


@pytest.mark.parametrize(
    ("named_zone", "hour"), [("Asia/Tokyo", 9), ("Europe/Berlin", 1), (None, 0), ("No/Such", 0), ("../x", 0)]
)
def test_a_time_zone_that_is_not_known_is_utc(monkeypatch, named_zone, hour):
    monkeypatch.setattr(widgets, "st", SimpleNamespace(context=SimpleNamespace(timezone=named_zone)))
    assert time_zone().utcoffset(datetime(2026, 1, 1)) == timedelta(hours=hour)


def test_a_day_is_the_user_s_and_names_the_year_only_where_it_is_another(monkeypatch):
    monkeypatch.setattr(widgets, "st", SimpleNamespace(context=SimpleNamespace(timezone="Asia/Tokyo")))
    assert day_of(datetime(2019, 11, 26, 20, 0, tzinfo=UTC)) == "27 November 2019"
    this_year = date.today().year
    assert day_of(datetime(this_year, 6, 1, 20, 0, tzinfo=UTC)) == "2 June"
