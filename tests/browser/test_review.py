"""The review as those who spend their day in it do it: by the queue, in long tables, by keyboard; nothing typed is lost."""


import openpyxl
from driving import (
    SOON_MS,
    add_row,
    cell,
    change_count,
    columns,
    edit_cell,
    go_to_cell,
    grid,
    idle,
    open_cell,
    until_done,
    upload,
    widget,
)
from playwright.sync_api import expect


def bill_of(rows: int, folder):
    """A workbook of that many lines, each of which adds up."""
    book = openpyxl.Workbook()
    book.active.append(["Item", "Description", "Unit", "Quantity", "Unit price", "Amount"])
    for n in range(1, rows + 1):
        book.active.append([f"{n // 50 + 1}.{n % 50:02d}", f"Concrete element {n}", "m3", n % 9 + 1, 10, (n % 9 + 1) * 10])
    path = folder / f"bill_{rows}.xlsx"
    book.save(path)
    return path


def review(page) -> str:
    """Goes on to the review; the workflow's id."""
    widget(page, "stage1_review").get_by_role("button").click()
    expect(widget(page, "stage2_details")).to_be_visible()
    idle(page)
    return page.url.split("workflow=")[1].split("&")[0]


def sample(page, key: str) -> str:
    widget(page, f"stage1_sample_{key}").get_by_role("button").click()
    return review(page)


def lines(page):
    """The grid of line items."""
    page.get_by_role("tab", name="Line items").click()
    idle(page)
    table = grid(page, "stage2_table_line_items")
    expect(table.locator("[role=columnheader]", has_text="Unit price")).to_be_attached()  # the grid grows to its width
    return table


def record(page) -> None:
    widget(page, "stage2_record").get_by_role("button").click()
    widget(page, "stage2_confirm").get_by_role("button").click()
    expect(widget(page, "stage3_produce")).to_be_visible()


def paste(page, table, row: int, column: int, block: str) -> None:
    """Pastes cells, as Excel copies them, from that cell on."""
    go_to_cell(page, table, row, column, has_markers=True)
    page.evaluate("text => navigator.clipboard.writeText(text)", block)
    page.keyboard.press("Control+v")


def find(page, table, text: str) -> None:
    """Finds a cell by its text with the grid's own search."""
    page.keyboard.press("Control+f")
    expect(page.get_by_test_id("search-input")).to_be_focused()
    page.keyboard.type(text)

    def go_to_it() -> None:
        page.keyboard.press("Enter")
        expect(table.locator("td[aria-selected=true]")).to_have_text(text, timeout=SOON_MS)

    until_done(go_to_it)
    page.keyboard.press("Escape")


def value(page, text: str):
    """The value that is up, once it is that one and the cursor is in it."""
    field = widget(page, "review_card").get_by_label("What stands there").first
    expect(field).to_have_value(text)
    expect(field).to_be_focused()
    idle(page)
    return field


def test_a_clerk_fixes_an_invoice_by_the_queue_with_the_keyboard_only(page, server):
    workflow = sample(page, "invoice")
    expect(widget(page, "review_bar")).to_contain_text("4 values need your eyes")
    page.keyboard.press("Alt+q")
    value(page, "36")
    page.keyboard.press("Enter")
    value(page, "14.9")
    page.keyboard.press("Control+ArrowDown")
    value(page, "563.4")
    page.keyboard.press("Control+ArrowUp")
    value(page, "14.9")
    page.keyboard.press("Enter")
    value(page, "563.4")
    page.keyboard.type("536,4O")
    page.keyboard.press("Enter")
    expect(widget(page, "review_card")).to_contain_text("cannot be read as a number")
    value(page, "536,4O")
    page.keyboard.press("Backspace")
    page.keyboard.type("0")
    page.keyboard.press("Enter")
    value(page, "2614")  # now that the line is right, the lines add up to something else
    page.keyboard.press("Enter")
    value(page, "Brindlewick Fixings Ltd")
    page.keyboard.press("Enter")
    expect(widget(page, "review_card")).to_contain_text("Every value that needed your eyes was seen")
    button = widget(page, "stage2_record").get_by_role("button")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("563.40 → 536.40")
    confirm = widget(page, "stage2_confirm").get_by_role("button")
    while not confirm.evaluate("button => button === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(widget(page, "stage3_produce")).to_be_visible()
    stage2 = server.records(workflow)[1]
    assert [change["modified_value"] for change in stage2["changes"]] == [536.4]
    seen = {look["field"].split(".")[-1] for look in stage2["looked_at"] if look["how"] == "confirmed"}
    assert {"quantity", "unit_price", "vendor_name"} <= seen and "amount" not in seen


def test_an_estimator_edits_a_bill_of_a_thousand_lines_and_pastes_a_block(page, server, tmp_path):
    upload(page, bill_of(1000, tmp_path), "stage1_drop")
    workflow = review(page)
    table = lines(page)
    names = columns(table)
    quantity, price = names.index("Quantity"), names.index("Unit price")
    paste(page, table, 1, quantity, "2\t1.234,56\t2,469.12\n3\t1,234.56\t3703,68\n4\tn/a\t40\n")
    change_count(page, 9)
    expect(widget(page, "stage2_data")).to_contain_text("“n/a” cannot be read as a number")
    edit_cell(page, table, 3, price, "10")
    change_count(page, 8)
    expect(widget(page, "stage2_data")).not_to_contain_text("cannot be read as a number")

    find(page, table, "Concrete element 987")
    widget(page, "stage2_undo").get_by_role("button").click()
    change_count(page, 9)
    expect(page.get_by_role("tab", name="Line items")).to_have_attribute("aria-selected", "true")
    edit_cell(page, lines(page), 3, price, "10")
    change_count(page, 8)
    widget(page, "review_accept_rest").get_by_role("button").click()
    expect(widget(page, "review_bar")).to_contain_text("all others accepted")
    record(page)
    stage2 = server.records(workflow)[1]
    rows = stage2["modified_data"]["line_items"]
    assert len(rows) == 1000
    assert [rows[n]["unit_price"] for n in (1, 2, 3)] == [1234.56, 1234.56, 10]
    assert [rows[n]["amount"] for n in (1, 2, 3)] == [2469.12, 3703.68, 40]
    assert {look["how"] for look in stage2["looked_at"]} == {"accepted_with_the_rest"}
    assert len(stage2["looked_at"]) > 990


def test_inserting_one_row_above_19_is_one_added_row_and_nothing_else(page, server):
    workflow = sample(page, "boq")
    table = lines(page)
    widget(page, "stage2_insert_line_items").get_by_role("button").first.click()
    place = widget(page, "stage2_insert_place_line_items").get_by_role("spinbutton")
    place.fill("19")
    widget(page, "stage2_insert_text_line_items").get_by_role("textbox").fill("Scaffold")
    widget(page, "stage2_insert_go_line_items").get_by_role("button").click()
    change_count(page, 1)
    table = grid(page, "stage2_table_line_items")
    description = columns(table).index("Description")
    edit_cell(page, table, 18, columns(table).index("Quantity"), "1.250,5")
    change_count(page, 1)
    expect(cell(table, 18, description)).to_have_text("Scaffold")
    page.get_by_role("tab", name="Changes").click()
    idle(page)
    said = grid(page, "stage2_changes")
    expect(said.locator("[role=gridcell]", has_text="added: Scaffold, 1,250.5")).to_be_attached()
    expect(said.locator("tbody tr")).to_have_count(1)
    record(page)
    stage1, stage2 = server.records(workflow)
    (change,) = stage2["changes"]
    assert (change["change_type"], change["position"], change["modified_value"]["quantity"]) == ("addition", 18, 1250.5)
    rows = stage2["modified_data"]["line_items"]
    assert rows[:18] + rows[19:] == stage1["initial_extracted_data"]["line_items"]


def test_no_edit_is_lost_by_a_button_a_walk_or_a_reload(page, server):
    workflow = sample(page, "invoice")
    details = grid(page, "stage2_details")
    open_cell(page, details, 0, 1, "Open when Start was clicked", has_markers=False)
    widget(page, "review_start").get_by_role("button").click()
    value(page, "36").fill("35")
    widget(page, "review_leave").get_by_role("button").click()
    change_count(page, 2)
    expect(grid(page, "stage2_details").locator("#glide-cell-1-0")).to_have_text("Open when Start was clicked")

    table = lines(page)
    names = columns(table)
    add_row(page, table, 7, {names.index("Unit price"): "1.050,00"})
    change_count(page, 3)
    page.get_by_role("link", name="History").click()
    expect(widget(page, "history_text")).to_be_visible()
    page.get_by_role("link", name="Review").click()
    change_count(page, 3)
    table = lines(page)
    expect(cell(table, 7, names.index("Unit price"))).to_have_text("1050")
    expect(cell(table, 2, names.index("Quantity"))).to_have_text("35")

    page.reload()
    change_count(page, 3)
    table = lines(page)
    open_cell(page, table, 0, names.index("Description"), "Open when Record was clicked")
    widget(page, "stage2_record").get_by_role("button").click()
    expect(page.get_by_role("dialog")).to_contain_text("Open when Record was clicked")
    widget(page, "stage2_confirm").get_by_role("button").click()
    expect(widget(page, "stage3_produce")).to_be_visible()
    stage2 = server.records(workflow)[1]
    rows = stage2["modified_data"]["line_items"]
    assert stage2["modified_data"]["vendor_name"] == "Open when Start was clicked"
    assert (rows[2]["quantity"], rows[7]["unit_price"], rows[0]["description"]) == (35, 1050, "Open when Record was clicked")
    assert {key for key in rows[7] if key != "_row_id"} == {"unit_price"}
    assert len(stage2["changes"]) == 4
