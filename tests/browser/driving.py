"""What a hand does in the browser: upload, edit a cell, add a row, read a grid."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Error, Locator, Page, expect

IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"
MARKER_WIDTH = 44  # at most, up to ten thousand rows; beside it the first column is met in shorter tables, too
FIRST_ROW_Y = 52.5
SOON_MS = 5_000


def idle(page: Page) -> None:
    """Waits until the page has nothing more to do."""
    expect(page.locator(IDLE)).to_be_attached()


def widget(page: Page, key: str) -> Locator:
    """The element of a widget by its key."""
    return page.locator(f".st-key-{key}")


def workflow_of(page: Page) -> str:
    """The id of the workflow in the address."""
    return page.url.split("workflow=")[1].split("&")[0]


def change_count(page: Page, count: int) -> None:
    """Waits until the next step tells so many changes."""
    expect(widget(page, "next_step")).to_contain_text(f"{count} change{'' if count == 1 else 's'}")
    idle(page)


def upload(page: Page, file: Path, key: str) -> None:
    """Chooses a file in the uploader."""
    widget(page, key).locator("input[type=file]").set_input_files(file)


def read(page: Page, file: Path) -> None:
    """Drops a document to be read, also where another test had it, or its number, before."""
    for asked in ("stage1_read_again", "stage1_go_on_anyway"):
        page.add_locator_handler(widget(page, asked), lambda found: found.get_by_role("button").click())
    upload(page, file, "stage1_drop")


def grid(page: Page, key: str) -> Locator:
    """A data grid, drawn."""
    found = widget(page, key).locator("[data-testid=stDataFrame]")
    expect(found.locator("[role=columnheader]")).not_to_have_count(0)
    return found


def until_done(action: Callable[[], None], tries: int = 6) -> None:
    """Does it again where the grid was drawn anew under the hand, as a person would."""
    for _ in range(tries - 1):
        try:
            return action()
        except (AssertionError, Error):
            continue
    return action()


def choose_first_line(page: Page) -> Locator:
    """Ticks the first line of the History, again where the table was drawn anew under the click; the button that opens it."""
    opening = widget(page, "history_open").get_by_role("button")

    def tick() -> None:
        grid(page, "history_table").click(position={"x": 16, "y": FIRST_ROW_Y})
        expect(opening).to_be_visible(timeout=SOON_MS)

    until_done(tick)
    return opening


def selected_place(table: Locator) -> tuple[int, int]:
    """Column (row markers counted) and row of the selected cell."""
    chosen = table.locator("td[aria-selected=true]").first
    expect(chosen).to_be_attached(timeout=SOON_MS)
    column, row = str(chosen.get_attribute("id", timeout=SOON_MS)).split("-")[-2:]
    return int(column), int(row)


def press(page: Page, steps: int, forward: str, back: str) -> None:
    """Presses a key as often as the steps say, another one for steps back."""
    for _ in range(abs(steps)):
        page.keyboard.press(forward if steps > 0 else back)


def go_to_cell(page: Page, table: Locator, row: int, column: int, *, has_markers: bool) -> None:
    """Selects a cell; rows and columns count from 0, without the row markers."""

    def select() -> None:
        page.keyboard.press("Escape")
        expect(table.locator("td[aria-selected=true]")).to_have_count(0, timeout=SOON_MS)  # it is told a little later
        table.scroll_into_view_if_needed()
        table.click(position={"x": 12 + MARKER_WIDTH * has_markers, "y": FIRST_ROW_Y})
        at_column, at_row = selected_place(table)  # the grid may be scrolled
        press(page, row - at_row, "ArrowDown", "ArrowUp")
        press(page, column + has_markers - at_column, "ArrowRight", "ArrowLeft")
        chosen = table.locator(f"#glide-cell-{column + has_markers}-{row}")
        expect(chosen).to_have_attribute("aria-selected", "true", timeout=SOON_MS)

    until_done(select)


def open_cell(page: Page, table: Locator, row: int, column: int, text: str, *, has_markers: bool = True) -> None:
    """Types into a cell and leaves it open."""
    editor = page.locator("#portal .gdg-input, #portal textarea, #portal input").first

    def type_into() -> None:
        go_to_cell(page, table, row, column, has_markers=has_markers)
        page.keyboard.press("Enter")
        editor.fill(text, timeout=SOON_MS)
        expect(editor).to_have_value(text, timeout=SOON_MS)

    until_done(type_into)


def edit_cell(page: Page, table: Locator, row: int, column: int, text: str, *, has_markers: bool = True) -> None:
    """Types into a cell and closes it."""
    open_cell(page, table, row, column, text, has_markers=has_markers)
    page.keyboard.press("Enter")
    idle(page)


def columns(table: Locator) -> list[str]:
    """The heads of a grid, without the row markers."""
    expect(table.locator("[role=columnheader]").first).to_be_attached()
    return table.locator("[role=columnheader]").all_text_contents()


def add_row(page: Page, table: Locator, rows: int, texts: dict[int, str]) -> None:
    """Adds a row behind the last one and types into its cells."""

    def add() -> None:
        table.hover()  # the button shows only then, and the page may still move under the hand
        table.get_by_label(re.compile("^Add row")).click(timeout=SOON_MS)

    until_done(add)
    idle(page)
    for column, text in texts.items():
        edit_cell(page, table, rows, column, text)


def cell(table: Locator, row: int, column: int) -> Locator:
    """A cell of a grid with row markers, as screen readers find it; its text is its value."""
    return table.locator(f"#glide-cell-{column + 1}-{row}")
