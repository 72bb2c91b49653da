"""Azure Cosmos DB goes away and comes back while a user works: nothing is lost, and every page says how it stands."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from cosmos_standin import KEY
from driving import choose_first_line, edit_cell, grid, idle, widget, workflow_of
from emulator import cosmos_emulator  # noqa: F401  a fixture
from playwright.sync_api import expect
from proxies import Proxy
from servers import Server

from kraftd_core.adapters.stores.cosmos import CosmosStore, cosmos_client
from kraftd_core.ports.keeping import HistoryFilter
from kraftd_core.records.chain import verify

OWNER = "demo@localhost"
NOT_YET = "not yet in Cosmos"


@pytest.fixture
def database():
    return f"test-{uuid4()}"


@pytest.fixture
def way(request, cosmos_emulator):
    """The way to the emulator; cut from the start where the test says so."""
    proxy = Proxy(urlsplit(cosmos_emulator).port)
    if getattr(request, "param", "open") == "cut":
        proxy.go_away()
    yield proxy
    proxy.close()


def server_on(folder, way, database):
    folder.mkdir()
    return Server(
        folder / "data",
        KRAFTD_STORE="cosmos",
        KRAFTD_COSMOS_ENDPOINT=way.url,
        KRAFTD_COSMOS_KEY=KEY,
        KRAFTD_COSMOS_DATABASE=database,
        KRAFTD_COSMOS_DISCOVERY="false",
    )


@pytest.fixture
def server(tmp_path, way, database):
    running = server_on(tmp_path / "one", way, database)
    running.start()
    yield running
    running.kill()


def in_emulator(endpoint, database, question):
    """What a store on the emulator itself answers; in a thread, because the browser's loop holds this one."""

    async def answer():
        store = CosmosStore(partial(cosmos_client, endpoint, KEY, enable_endpoint_discovery=False), database)
        try:
            return await question(store)
        finally:
            await store.close()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, answer()).result()


def read_sample(page):
    widget(page, "stage1_sample_invoice").get_by_role("button").click()
    expect(widget(page, "stage1_review")).to_be_visible()
    return workflow_of(page)


def review(page, text):
    widget(page, "stage1_review").get_by_role("button").click()
    expect(widget(page, "stage2_details")).to_be_visible()
    idle(page)
    edit_cell(page, grid(page, "stage2_details"), 0, 1, text, has_markers=False)
    expect(widget(page, "next_step")).to_contain_text("1 change")
    widget(page, "stage2_record").get_by_role("button").click()
    widget(page, "stage2_confirm").get_by_role("button").click()
    expect(widget(page, "stage3_produce")).to_be_visible()


def deliver(page):
    widget(page, "stage3_produce").get_by_role("button").click()
    idle(page)
    with page.expect_download():
        widget(page, "stage3_download").get_by_role("button").click()
    idle(page)


def notice(page):
    return widget(page, "frame_notice").get_by_role("alert")


def has_arrived_once(endpoint, database, workflow, text):
    """The three records stand in the emulator, chained, as they were made here; and the download beside them."""
    records = in_emulator(endpoint, database, lambda store: store.stages(OWNER, workflow))
    assert [record["sequence"] for record in records] == [1, 2, 3]
    assert verify(records) is None
    assert [change["modified_value"] for change in records[1]["changes"]] == [text]
    told = in_emulator(endpoint, database, lambda store: store.activities(OWNER, workflow))
    assert [entry.action for entry in told] == ["downloaded"]
    (line,) = in_emulator(endpoint, database, lambda store: store.history(OWNER, HistoryFilter(), 10, None)).lines
    assert (line.export_workflow_id, line.status) == (workflow, "completed")


def test_a_workflow_is_finished_while_cosmos_is_away_and_arrives_when_it_is_back(page, way, cosmos_emulator, database):
    expect(widget(page, "frame_foot")).to_contain_text("Saved in Azure Cosmos DB")
    workflow = read_sample(page)
    expect(notice(page)).to_have_count(0)

    way.go_away()
    review(page, "Typed in the dark")
    expect(notice(page)).to_contain_text(f"1 record is saved here and {NOT_YET}")
    expect(page.get_by_text("Saved here, will follow")).to_be_visible()
    deliver(page)
    expect(notice(page)).to_contain_text(f"2 records are saved here and {NOT_YET}")
    assert len(in_emulator(cosmos_emulator, database, lambda store: store.stages(OWNER, workflow))) == 1

    page.get_by_role("link", name="History").click()
    expect(notice(page)).to_be_visible()
    choose_first_line(page).click()
    expect(page.get_by_text("Saved here, will follow")).to_be_visible()
    expect(page.get_by_text("Typed in the dark").first).to_be_visible()

    way.come_back()
    expect(notice(page)).to_have_count(0)
    expect(page.get_by_text("Saved here, will follow")).to_have_count(0)
    expect(page.get_by_text("✓ Recorded")).to_be_visible()
    has_arrived_once(cosmos_emulator, database, workflow, "Typed in the dark")


@pytest.mark.parametrize("way", ["cut"], indirect=True)
def test_a_start_without_cosmos_lets_the_user_work_and_a_kill_loses_nothing(page, server, way, cosmos_emulator, database):
    workflow = read_sample(page)
    expect(notice(page)).to_contain_text(f"1 record is saved here and {NOT_YET}")
    review(page, "Typed before the kill")
    server.kill()
    server.start()
    page.goto(f"{server.url}/deliver?workflow={workflow}")
    deliver(page)
    expect(notice(page)).to_contain_text(f"3 records are saved here and {NOT_YET}")
    way.come_back()
    expect(notice(page)).to_have_count(0)
    has_arrived_once(cosmos_emulator, database, workflow, "Typed before the kill")


def test_another_computer_says_what_it_cannot_show_while_cosmos_is_away(page, way, database, tmp_path):
    workflow = read_sample(page)
    other = server_on(tmp_path / "two", way, database)
    other.start()
    try:
        page.goto(f"{other.url}/history?workflow={workflow}")
        expect(page.get_by_text("Not reviewed yet")).to_be_visible()
        way.go_away()
        for path in ("history", "new", "review", "deliver"):
            page.goto(f"{other.url}/{path}?workflow={workflow}")
            expect(page.get_by_role("alert")).to_contain_text("What was recorded is safe")
        page.goto(f"{other.url}/history")
        expect(page.get_by_role("alert")).to_contain_text("only the documents of this computer")
        page.goto(other.url)
        expect(widget(page, "stage1_drop")).to_be_visible()
        assert "Traceback" not in other.log()
    finally:
        other.kill()
