"""The document beside its data, under hand and keyboard: boxes, pages, zoom."""

import re

import pytest
from driving import columns, go_to_cell, grid, idle, read, widget
from long_documents import HOSTILE, long_invoice
from playwright.sync_api import expect

FOCUSED = "() => document.activeElement.shadowRoot?.activeElement?.getAttribute('aria-label')"


@pytest.fixture
def document(tmp_path):
    path = tmp_path / "harbour.pdf"
    path.write_bytes(long_invoice())
    return path


def box(page, name):
    """The box of a value, by what a screen reader says of it."""
    return page.get_by_role("button", name=name)


def zoom(page):
    return page.locator(".view .share")


def pane(page):
    return page.locator(".view .pane")


def is_in_sight(page, found):
    """Whether the box lies wholly within the part of the page that is shown."""
    inner, outer = found.bounding_box(), pane(page).bounding_box()
    return (
        inner["x"] >= outer["x"]
        and inner["y"] >= outer["y"]
        and inner["x"] + inner["width"] <= outer["x"] + outer["width"]
        and inner["y"] + inner["height"] <= outer["y"] + outer["height"]
    )


def leave_the_queue(page):
    """Goes back to the grids; the view that was beside the queue stays until they are drawn."""
    widget(page, "review_leave").get_by_role("button").click()
    expect(widget(page, "stage2_data")).to_be_visible()
    expect(page.locator(".view")).to_have_count(1)
    idle(page)


def test_a_document_is_looked_through_by_hand_and_by_keyboard(page, document):
    dialogs = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    read(page, document)
    number = box(page, re.compile("^Invoice number: HS-2044"))
    expect(number).to_be_visible()
    idle(page)

    number.hover()
    tip = page.locator(".view .tip.shown")
    expect(tip).to_have_text(re.compile(r"Invoice number\s*HS-2044\s*\d\d % sure"))
    box(page, re.compile("^Description, line 2:")).hover()
    expect(tip).to_contain_text(f"Bolt {HOSTILE}")
    assert not dialogs
    assert page.locator(".view img").count() == 1

    stops = page.locator(".view .box[tabindex='0']")
    expect(stops).to_have_count(1)
    stops.focus()
    first = page.evaluate(FOCUSED)
    page.keyboard.press("ArrowDown")
    assert page.evaluate(FOCUSED) != first
    page.keyboard.press("Home")
    assert page.evaluate(FOCUSED) == first
    page.keyboard.press("End")
    assert page.evaluate(FOCUSED).startswith("Amount, line 18: ")
    expect(tip).to_contain_text("Amount, line 18")

    expect(zoom(page)).to_have_text("100 %")
    page.keyboard.press("+")
    page.get_by_role("button", name="Zoom in").click()
    expect(zoom(page)).to_have_text("156 %")
    assert pane(page).evaluate("pane => pane.scrollWidth > pane.clientWidth")

    page.get_by_role("button", name="Next page").click()
    total = box(page, re.compile("^Total: "))
    expect(total).to_be_attached()
    expect(page.get_by_text("Page 2 of 2")).to_be_visible()
    expect(zoom(page)).to_have_text("156 %")
    expect(total).to_have_accessible_name(re.compile("see the checks$"))
    expect(number).to_have_count(0)
    total.focus()
    page.keyboard.press("PageUp")
    expect(page.get_by_text("Page 1 of 2")).to_be_visible()
    page.get_by_role("button", name="Fit width").click()
    assert pane(page).evaluate("pane => pane.scrollWidth <= pane.clientWidth")

    page.set_viewport_size({"width": 600, "height": 900})
    page.get_by_role("button", name="Fit width").scroll_into_view_if_needed()
    around = page.locator(".view").bounding_box()
    assert around["x"] >= 0
    assert around["x"] + around["width"] <= 600
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_selected_cell_shows_its_box_and_a_clicked_box_its_value_enlarged_until_it_is_left(page, document):
    read(page, document)
    box(page, re.compile("^Invoice number: HS-2044")).click()
    expect(widget(page, "review_card").get_by_label("What stands there").first).to_have_value("HS-2044")
    leave_the_queue(page)
    expect(page.get_by_text("Page 1 of 2")).to_be_visible()
    idle(page)
    shown = page.locator(".view .box[aria-current]")
    expect(shown).to_have_count(0)
    go_to_cell(page, grid(page, "stage2_details"), 2, 1, has_markers=False)
    expect(shown).to_have_accessible_name(re.compile("^Invoice date: "))
    page.get_by_role("tab", name="Line items").click()
    idle(page)
    table = grid(page, "stage2_table_line_items")
    amount = columns(table).index("Amount")
    go_to_cell(page, table, 3, amount, has_markers=True)
    expect(shown).to_have_accessible_name(re.compile("^Amount, line 4: 36.25"))
    go_to_cell(page, table, 19, amount, has_markers=True)  # its box is on the other page
    expect(page.get_by_text("Page 2 of 2")).to_be_visible()
    expect(shown).to_have_accessible_name(re.compile("^Amount, line 20: 162.75"))
    expect(table.locator(f"#glide-cell-{amount + 1}-19")).to_have_attribute("aria-selected", "true")  # the grid keeps the hand
    idle(page)

    chosen = box(page, re.compile("^Description, line 20: Deck part 20"))
    chosen.focus()
    page.keyboard.press("Enter")
    expect(chosen).to_have_attribute("aria-current", "true")
    expect(page.get_by_text("Page 2 of 2")).to_be_visible()
    expect(page.locator(".view .box[aria-current]")).to_have_count(1)
    expect(zoom(page)).not_to_have_text("100 %")
    idle(page)
    assert is_in_sight(page, chosen)
    leave_the_queue(page)
    expect(zoom(page)).to_have_text("100 %")
