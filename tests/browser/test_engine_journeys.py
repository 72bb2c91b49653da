"""The three stages on a chat service, as a business user goes: who writes is said, and a failure stops nobody."""

import threading

import pytest
from driving import idle, read, widget, workflow_of
from openai_standin import DEPLOYMENT, GOOD, HOSTILE, KEY, MODEL, OpenAIStandin, refused, told
from playwright.sync_api import expect
from servers import Server
from test_journeys import sample_file
from writers import WRITERS

ON_OPENAI = pytest.mark.parametrize("place", ["openai"], scope="module")
WORK_MS = 60_000  # reading and writing take their time on a busy machine


@pytest.fixture(scope="module")
def running():
    standin = OpenAIStandin()
    standin.start()
    yield standin
    standin.stop()


@pytest.fixture
def standin(running):
    running.forget()
    return running


@pytest.fixture(scope="module")
def server(tmp_path_factory, running, place):
    settings = {
        "openai": {"KRAFTD_OPENAI_BASE_URL": running.base_url, "KRAFTD_OPENAI_API_KEY": KEY},
        "azure_openai": {
            "KRAFTD_AZURE_OPENAI_ENDPOINT": running.endpoint, "KRAFTD_AZURE_OPENAI_API_KEY": KEY,
            "KRAFTD_AZURE_OPENAI_DEPLOYMENT": DEPLOYMENT,
        },
    }[place]  # fmt: skip
    started = Server(tmp_path_factory.mktemp(place) / "data", KRAFTD_AGENT=place, **settings)
    started.start()
    yield started
    started.kill()


def write(page) -> None:
    """Records the review as it is and has the text of the file written."""
    widget(page, "stage2_record").get_by_role("button").click()
    widget(page, "stage2_confirm").get_by_role("button").click()
    widget(page, "stage3_write").get_by_role("button").click()


@pytest.mark.parametrize("place", ["openai", "azure_openai"], scope="module")
def test_all_three_stages_run_on_a_chat_service(page, server, standin, tmp_path, place):
    asked_for = {"openai": "gpt-4o-mini", "azure_openai": DEPLOYMENT}[place]
    expect(widget(page, "frame_foot")).to_contain_text(f"Summary by {asked_for}")
    read(page, sample_file(tmp_path, ".docx"))
    expect(page.get_by_text("This is an invoice from Mill")).to_be_visible(timeout=WORK_MS)
    expect(widget(page, "next_step")).to_contain_text(f"by {MODEL}", timeout=WORK_MS)
    widget(page, "stage1_review").get_by_role("button").click()
    expect(widget(page, "stage2_details")).to_be_visible(timeout=WORK_MS)
    idle(page)
    workflow = workflow_of(page)
    standin.write_by(WRITERS["good"])
    write(page)
    widget(page, "stage3_produce").get_by_role("button").click()
    expect(widget(page, "stage3_download")).to_be_visible(timeout=WORK_MS)
    first, _, last = server.records(workflow)
    for meta in (first["initial_summary_metadata"], last["final_summary_metadata"]):
        assert (meta["ai_model"], meta["tokens_used"]) == (MODEL, 345)
    assert first["ai_initial_summary"]["key_findings"] == GOOD["key_findings"]
    assert last["prose_decision"]["how"] == "accepted"
    assert [body["model"] for body in standin.asked] == [asked_for] * 2
    assert all(body["response_format"]["json_schema"]["strict"] for body in standin.asked)
    assert KEY not in server.log()
    assert "Mill" not in server.log()


@ON_OPENAI
def test_the_summary_is_seen_while_it_is_written_and_a_hostile_one_stays_text(page, server, standin, tmp_path):
    gate = threading.Event()
    standin.say(told(HOSTILE, gate=gate))
    read(page, sample_file(tmp_path, ".xlsx"))
    expect(page.get_by_text("<img src=x onerror=alert(1)> **bold**")).to_be_visible(timeout=WORK_MS)
    expect(page.get_by_text("Writing the summary").first).to_be_visible(timeout=WORK_MS)
    gate.set()
    expect(widget(page, "stage1_review")).to_be_visible(timeout=WORK_MS)
    expect(page.get_by_text("<script>document.title")).to_be_visible(timeout=WORK_MS)
    assert page.title() != "owned"
    assert page.locator("a[href*=evil], img[src*=evil], img[src=x]").count() == 0


@ON_OPENAI
def test_where_the_service_fails_one_goes_on_by_rules_and_produces_on_the_second_try(page, server, standin, tmp_path):
    standin.say(refused(400, "content_filter"))
    read(page, sample_file(tmp_path, ".docx"))
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("content filter", timeout=WORK_MS)
    page.reload()
    expect(alert).to_contain_text("nothing was recorded yet", timeout=WORK_MS)
    widget(page, "stage1_by_rules").get_by_role("button").click()
    expect(widget(page, "next_step")).to_contain_text("by Rule-based summary", timeout=WORK_MS)
    widget(page, "stage1_review").get_by_role("button").click()
    expect(widget(page, "stage2_details")).to_be_visible(timeout=WORK_MS)
    idle(page)
    workflow = workflow_of(page)
    standin.write_by(WRITERS["good"])
    standin.say(told(GOOD, finish_reason="length"))
    write(page)
    expect(alert).to_contain_text("broke off before its end", timeout=WORK_MS)
    widget(page, "stage3_again").get_by_role("button").click()
    widget(page, "stage3_produce").get_by_role("button").click()
    expect(widget(page, "stage3_download")).to_be_visible(timeout=WORK_MS)
    first, _, last = server.records(workflow)
    assert first["initial_summary_metadata"]["ai_model"] == "rules"
    assert last["final_summary_metadata"]["ai_model"] == MODEL
