"""Comparing in the browser: the three versions of a document, another document, and the difference taken along."""

import csv
import io
import json
import re

import jsonpatch
import pytest
from driving import idle, widget
from filling import Filling, invoice
from playwright.sync_api import expect
from servers import Server


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("compare")
    filling = Filling(folder / "data")
    filling.delivered(invoice("Other Mill", "F-1", 90.0))
    filling.delivered(invoice("Mill", "F-2", 100.0), vendor_name="Mill & Sons")
    filling.close()
    running = Server(folder / "data")
    running.start()
    yield running
    running.kill()


def taken(page, kind):
    idle(page)
    with page.expect_download() as download:
        widget(page, f"compare_{kind}").get_by_role("button").click()
    return download.value.path().read_bytes()


def test_three_versions_are_compared_and_the_difference_is_exported(page):
    page.get_by_role("link", name="Compare").click()
    expect(widget(page, "compare_counts")).to_contain_text("1 changed · 0 added · 0 removed")
    widget(page, "compare_three").locator("label").first.click()
    details = page.get_by_role("table", name="Details")
    expect(details.get_by_role("columnheader")).to_have_text(
        ["Kind", "Value", "What the AI read", "What you made of it", "What was delivered"]
    )
    row = details.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Supplier"))
    expect(row.get_by_role("cell")).to_contain_text(["changed", "Mill", "Mill & Sons", "="])
    page.get_by_role("button", name="Next change").click()
    expect(page.get_by_text("Change 1 of")).to_be_visible()
    idle(page)

    operations = json.loads(taken(page, "patch"))
    assert jsonpatch.JsonPatch(operations).apply({"vendor_name": "Mill"}) == {"vendor_name": "Mill & Sons"}
    rows = list(csv.reader(io.StringIO(taken(page, "csv").decode("utf-8-sig"))))
    assert rows[1][:3] == ["Details", "changed", "Supplier"] and rows[1][3:6] == ["Mill", "Mill & Sons", "Mill & Sons"]
    beside = taken(page, "html")
    assert b"Mill &amp; Sons" in beside and b"What it says" not in beside
    widget(page, "compare_view").get_by_text("Unified", exact=True).click()
    expect(details.get_by_role("columnheader", name="What it says")).to_be_attached()
    idle(page)
    assert b"What it says" in taken(page, "html")
    widget(page, "compare_view").get_by_text("Side by side", exact=True).click()

    widget(page, "compare_three").locator("label").first.click()
    search = widget(page, "compare_find").get_by_role("textbox")
    search.fill("nowhere")
    search.press("Enter")
    expect(page.get_by_text("No document has all of these words")).to_be_visible()
    search.fill("f-1 MILL")
    search.press("Enter")
    expect(page.get_by_text("No document has all of these words")).to_have_count(0)
    idle(page)
    widget(page, "compare_right").get_by_role("combobox").click()
    expect(page.get_by_role("option")).to_have_count(2)  # what was found, and what is compared now
    page.get_by_role("option", name=re.compile("f-1.json")).click()
    expect(page.get_by_text("Lines are matched by likeness")).to_be_visible()
    expect(page).to_have_url(re.compile("left=.+right="))
    address = page.url
    other = page.context.new_page()
    other.goto(address)
    expect(other.get_by_role("table", name="Line items")).to_contain_text("90.00")
