"""What a hand does in the browser: upload, edit a cell, add a row, read a grid."""

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"
MARKER_WIDTH = 32
FIRST_ROW_Y = 52.5


def idle(page: Page) -> None:
    """Waits until the page has nothing more to do."""
    expect(page.locator(IDLE)).to_be_attached()


def widget(page: Page, key: str) -> Locator:
    """The element of a widget by its key."""
    return page.locator(f".st-key-{key}")


def upload(page: Page, file: Path, key: str) -> None:
    """Chooses a file in the uploader."""
    widget(page, key).locator("input[type=file]").set_input_files(file)


def grid(page: Page, key: str) -> Locator:
    """A data grid, drawn."""
    found = widget(page, key).locator("[data-testid=stDataFrame]")
    expect(found.locator("[role=columnheader]")).not_to_have_count(0)
    return found


def go_to_cell(page: Page, table: Locator, row: int, column: int, *, has_markers: bool) -> None:
    """Selects a cell; rows and columns count from 0, without the row markers."""
    page.keyboard.press("Escape")
    table.scroll_into_view_if_needed()
    table.click(position={"x": 12 + MARKER_WIDTH * has_markers, "y": FIRST_ROW_Y})
    for _ in range(row):
        page.keyboard.press("ArrowDown")
    for _ in range(column):
        page.keyboard.press("ArrowRight")


def open_cell(page: Page, table: Locator, row: int, column: int, text: str, *, has_markers: bool = True) -> None:
    """Types into a cell and leaves it open."""
    go_to_cell(page, table, row, column, has_markers=has_markers)
    page.keyboard.press("Enter")
    page.locator("#portal .gdg-input, #portal textarea, #portal input").first.fill(text)


def edit_cell(page: Page, table: Locator, row: int, column: int, text: str, *, has_markers: bool = True) -> None:
    """Types into a cell and closes it."""
    open_cell(page, table, row, column, text, has_markers=has_markers)
    page.keyboard.press("Enter")
    idle(page)


def columns(table: Locator) -> list[str]:
    """The heads of a grid, without the row markers."""
    return table.locator("[role=columnheader]").all_text_contents()


def add_row(page: Page, table: Locator, rows: int, texts: dict[int, str]) -> None:
    """Adds a row behind the last one by hand and types into its cells."""
    go_to_cell(page, table, rows, 0, has_markers=True)
    page.keyboard.press("Enter")
    idle(page)
    for column, text in texts.items():
        edit_cell(page, table, rows, column, text)


def cell(table: Locator, row: int, column: int) -> Locator:
    """A cell of a grid with row markers, as screen readers find it; its text is its value."""
    return table.locator(f"#glide-cell-{column + 1}-{row}")
