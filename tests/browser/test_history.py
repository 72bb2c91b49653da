"""The history answers: words, filters, an address to share, the next step of a ticked line, and work taken up again."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from driving import edit_cell, grid, idle, widget
from filling import Filling, invoice
from playwright.sync_api import expect
from proxies import Proxy
from servers import Server


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """With 25 workflows: more than a page of the list."""
    folder = tmp_path_factory.mktemp("history")
    filling = Filling(folder / "data")
    filling.delivered(invoice("Mill & Sons", "F-1", 100), vendor_name="Mill and Sons")
    filling.reviewed(invoice("Mill & Sons", "F-2", 200))
    for number in range(3, 26):
        filling.read(invoice("Baker", f"B-{number}", number))
    filling.close()
    running = Server(folder / "data")
    running.start()
    yield running
    running.kill()


def new_page(context, url):
    """A tab at an address, which knows nothing of an earlier one."""
    opened = context.new_page()
    opened.goto(url)
    return opened


def tick(page, row):
    """Ticks a line of the list."""
    grid(page, "history_table").click(position={"x": 16, "y": 52.5 + 35 * row})


def lines(page, count):
    """The list, once it has so many lines."""
    table = grid(page, "history_table")
    expect(table.locator("tbody tr")).to_have_count(count)
    return table


def name_in(table, row):
    return table.locator(f"#glide-cell-1-{row}")


def choose(page, key, option):
    widget(page, key).locator("input").click()
    page.get_by_role("option", name=option).click()
    idle(page)


def test_words_and_filters_find_and_the_address_shows_another_the_same(context, server):
    page = new_page(context, f"{server.url}/history")
    expect(name_in(lines(page, 20), 0)).to_have_text("b-25.json")
    widget(page, "history_page_next").get_by_role("button").click()
    expect(name_in(lines(page, 5), 4)).to_have_text("f-1.json")

    widget(page, "history_text").get_by_role("searchbox").fill("sons MILL f-")
    lines(page, 2)
    choose(page, "history_order", "Oldest first")
    choose(page, "history_state", "Delivered")
    expect(name_in(lines(page, 1), 0)).to_have_text("f-1.json")
    asked = parse_qs(urlsplit(page.url).query)
    assert {name: value for name, (value,) in asked.items()} == {
        "history_text": "sons MILL f-", "history_order": "Oldest first", "history_state": "Delivered",
    }  # fmt: skip

    other = new_page(context, page.url)
    expect(name_in(lines(other, 1), 0)).to_have_text("f-1.json")
    expect(widget(other, "history_order").locator("input")).to_have_value("Oldest first")
    other.close()

    tick(page, 0)
    idle(page)
    with page.expect_download() as downloading:
        widget(page, "history_download").get_by_role("button").click()
    assert downloading.value.suggested_filename.startswith("f-1")
    widget(page, "history_open").get_by_role("button").click()
    expect(page.get_by_text("Mill and Sons").first).to_be_visible()
    expect(page.get_by_text("As agreed on the phone")).to_be_visible()
    expect(page.get_by_text("never looked at")).to_be_visible()
    widget(page, "history_back").get_by_role("button").click()
    expect(name_in(lines(page, 1), 0)).to_have_text("f-1.json")  # the search is still there
    assert parse_qs(urlsplit(page.url).query) == asked
    page.close()


def test_two_ticked_lines_are_compared(context, server):
    page = new_page(context, f"{server.url}/history?history_text=mill")
    lines(page, 2)
    tick(page, 0)
    tick(page, 1)
    expect(widget(page, "history_actions")).to_contain_text("f-1.json beside f-2.json")
    widget(page, "history_compare").get_by_role("button").click()
    expect(page).to_have_url(re.compile(r"/compare\?left=[0-9a-f-]+(:|%3A)delivered&right=[0-9a-f-]+(:|%3A)user"))
    page.close()


def test_work_left_with_the_laptop_closed_is_taken_up_from_the_history_the_next_day(context, server):
    page = new_page(context, f"{server.url}/history?history_text=b-7")
    lines(page, 1)
    tick(page, 0)
    widget(page, "history_resume").get_by_role("button").click()
    expect(widget(page, "stage2_details")).to_be_visible()
    idle(page)
    edit_cell(page, grid(page, "stage2_details"), 0, 1, "Typed in the evening", has_markers=False)
    expect(widget(page, "next_step")).to_contain_text("1 change")
    page.close()
    server.kill()
    server.start()

    page = new_page(context, f"{server.url}/history?history_text=b-7")
    lines(page, 1)
    tick(page, 0)
    widget(page, "history_resume").get_by_role("button").click()
    expect(widget(page, "next_step")).to_contain_text("1 change")
    expect(grid(page, "stage2_details").locator("#glide-cell-1-0")).to_have_text("Typed in the evening")
    page.close()


def test_what_was_typed_before_and_after_a_dropped_connection_is_kept(context, server):
    way = Proxy(server.port)
    page = new_page(context, f"{way.url}/history?history_text=b-9")
    lines(page, 1)
    tick(page, 0)
    widget(page, "history_resume").get_by_role("button").click()
    expect(widget(page, "stage2_details")).to_be_visible()
    idle(page)
    edit_cell(page, grid(page, "stage2_details"), 0, 1, "Typed before", has_markers=False)
    expect(widget(page, "next_step")).to_contain_text("1 change")
    way.go_away()
    expect(page.get_by_test_id("stApp")).not_to_have_attribute("data-test-connection-state", "CONNECTED")
    way.come_back()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-connection-state", "CONNECTED")
    idle(page)
    edit_cell(page, grid(page, "stage2_details"), 1, 1, "T-9", has_markers=False)
    expect(widget(page, "next_step")).to_contain_text("2 changes")
    page.reload()
    expect(widget(page, "next_step")).to_contain_text("2 changes")
    page.close()
    way.close()
