"""Every engine on a stand-in, as a demo giver goes: a text is seen before it is sealed, and nothing that was paid is lost."""

import json
import threading

import pytest
from azurite import azurite_port, connection_string  # noqa: F401  a fixture
from cosmos_standin import KEY as COSMOS_KEY
from cosmos_standin import CosmosStandin
from di_standin import KEY as DI_KEY
from di_standin import DiStandin, refused
from driving import idle, read, widget, workflow_of
from openai_standin import KEY, OpenAIStandin, told
from playwright.sync_api import expect
from proxies import Proxy
from servers import Server
from test_journeys import sample_file
from writers import WRITERS

pytestmark = pytest.mark.slow
SAID = {
    "executive_summary": "This is an invoice.", "key_findings": [], "recommendations": [], "risk_factors": [], "action_items": [],
}  # fmt: skip


@pytest.fixture(scope="module")
def chat():
    standin = OpenAIStandin()
    standin.start()
    yield standin
    standin.stop()


@pytest.fixture(scope="module")
def reader():
    standin = DiStandin()
    standin.start()
    yield standin
    standin.stop()


@pytest.fixture(scope="module")
def blob(azurite_port):
    proxy = Proxy(azurite_port)
    yield proxy
    proxy.close()


@pytest.fixture(scope="module")
def cosmos():
    standin = CosmosStandin()
    standin.start()
    yield standin
    standin.stop()


@pytest.fixture(scope="module")
def server(tmp_path_factory, chat, reader, blob, cosmos):
    running = Server(
        tmp_path_factory.mktemp("engines") / "data",
        KRAFTD_AGENT="openai",
        KRAFTD_OPENAI_BASE_URL=chat.base_url,
        KRAFTD_OPENAI_API_KEY=KEY,
        KRAFTD_EXTRACTOR="azure",
        KRAFTD_DOCUMENT_INTELLIGENCE_ENDPOINT=reader.endpoint,
        KRAFTD_DOCUMENT_INTELLIGENCE_KEY=DI_KEY,
        KRAFTD_FILES="azure_blob",
        KRAFTD_BLOB_CONNECTION_STRING=connection_string(int(blob.url.rpartition(":")[2])),
        KRAFTD_STORE="cosmos",
        KRAFTD_COSMOS_ENDPOINT=cosmos.endpoint,
        KRAFTD_COSMOS_KEY=COSMOS_KEY,
        KRAFTD_COSMOS_DISCOVERY="false",
    )
    running.start()
    yield running
    running.kill()


@pytest.fixture(autouse=True)
def all_well(chat, reader, blob):
    chat.forget()
    reader.forget()
    blob.come_back()
    yield
    asked = json.dumps(chat.asked)
    assert [value for value in WITHHELD.values() if value in asked] == []


WITHHELD = {"iban": "GB33BUKB20201555555555", "vendor_email": "ledger@peverell.example", "vendor_phone": "+44 20 7946 0958"}


PATIENCE_MS = 180_000  # the first document waits until every service's client is loaded; on a busy machine that takes long


def press(page, key):
    widget(page, key).get_by_role("button").click(timeout=PATIENCE_MS)


def deliver(page, file):
    """Takes a document through a review that changes nothing, and has its text written."""
    read(page, file)
    press(page, "stage1_review")
    expect(widget(page, "stage2_details")).to_be_visible()
    idle(page)
    press(page, "stage2_record")
    press(page, "stage2_confirm")
    press(page, "stage3_write")
    expect(widget(page, "stage3_text")).to_be_visible()
    idle(page)
    return workflow_of(page)


def test_a_good_writers_text_is_seen_and_accepted_with_one_click(page, server, chat, tmp_path):
    chat.write_by(WRITERS["good"])
    workflow = deliver(page, sample_file(tmp_path, ".docx"))
    assert len(server.records(workflow)) == 2
    expect(widget(page, "stage3_leave_out")).to_have_count(0)
    press(page, "stage3_produce")
    expect(widget(page, "stage3_download")).to_be_visible()
    last = server.records(workflow)[2]
    assert (last["prose_decision"]["how"], last["prose_decision"]["statements"]) == ("accepted", [])


def test_what_contradicts_the_record_is_decided_on_before_anything_is_sealed(page, server, chat, reader, tmp_path):
    reader.fail("analyze", *[refused(500, "InternalServerError")] * 4)
    chat.write_by(WRITERS["contradicting"])
    page.add_locator_handler(widget(page, "stage1_read_here"), lambda found: found.get_by_role("button").click())
    workflow = deliver(page, sample_file(tmp_path, ".pdf"))
    expect(widget(page, "stage3_produce").get_by_role("button")).to_be_disabled()
    expect(widget(page, "stage3_plan")).to_contain_text("contradicts")
    page.reload()
    expect(widget(page, "stage3_plan")).to_contain_text("Decide on")
    press(page, "stage3_leave_out")
    expect(widget(page, "stage3_download")).to_be_visible()
    first, _, last = server.records(workflow)
    assert first["source"]["extraction_method"] == "LOCAL"
    assert "Document Intelligence failed on its side." in first["source"]["notices"][0]
    decided = last["prose_decision"]["statements"]
    assert decided and all(entry["decision"] == "left_out" and entry["contradicts"] for entry in decided)
    said = str(last["ai_final_summary"])
    assert not any(entry["text"] in said for entry in decided)


def test_with_blob_away_between_reading_and_summary_the_work_goes_on_after_a_restart(
    page, server, chat, reader, blob, tmp_path
):
    gate = threading.Event()
    chat.say(told(SAID, gate=gate))
    read(page, sample_file(tmp_path, ".pdf"))
    expect(page.get_by_text("Writing the summary").first).to_be_visible()
    blob.go_away()
    gate.set()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("The file store cannot be reached", timeout=PATIENCE_MS)
    expect(alert).to_contain_text("sample-invoice.pdf")
    blob.come_back()
    server.kill()
    server.start()
    page.goto(server.url)
    expect(page.get_by_text("Not finished: read, not summarised yet")).to_be_visible()
    page.get_by_role("button", name="Go on →").click()
    expect(widget(page, "stage1_review")).to_be_visible()
    assert (len(reader.documents), len(chat.asked)) == (1, 1)
    assert server.records(workflow_of(page))[0]["initial_summary_metadata"]["tokens_used"] == 345


def test_what_cosmos_refused_arrives_after_a_restart_with_the_right_key(page, server, chat, cosmos, tmp_path):
    chat.write_by(WRITERS["good"])
    file = tmp_path / "bill.json"
    bill = {"document_type": "invoice", "vendor_name": "Peverell Tools Ltd", "invoice_total": 36, "currency": "GBP"}
    file.write_text(json.dumps(bill | WITHHELD))
    before, cosmos.key = len(cosmos.items()), "b3RoZXI="  # another than ours
    read(page, file)
    expect(widget(page, "stage1_review")).to_be_visible(timeout=PATIENCE_MS)
    assert len(chat.asked) == 1
    expect(page.get_by_text("does not pass by itself").first).to_be_visible(timeout=PATIENCE_MS)
    server.kill()
    server.start(KRAFTD_COSMOS_KEY="b3RoZXI=")
    page.goto(server.url)
    expect(widget(page, "stage1_drop")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_text("not yet in Cosmos")).to_have_count(0, timeout=PATIENCE_MS)
    assert len(cosmos.items()) > before
