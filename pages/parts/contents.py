"""What a document without pages holds: a workbook's sheets, a letter's paragraphs and tables, a data file's text."""

from typing import TYPE_CHECKING

import streamlit as st

from pages.parts.widgets import counted, plain, text_frame

if TYPE_CHECKING:
    from kraftd_core import Contents, SheetView, TextView

_ROW = 35  # pixels


def show_contents(contents: "Contents", height: int = 640) -> None:
    """The contents in their order, at most so many pixels high; several sheets in tabs."""
    from kraftd_core import SheetView

    sheets = [part for part in contents if isinstance(part, SheetView)]
    if len(sheets) < len(contents):
        return _show_texts(contents, height)
    places = st.tabs([plain(sheet.title) for sheet in sheets]) if len(sheets) > 1 else [st.container()]
    for place, sheet in zip(places, sheets, strict=False):
        with place:
            _show_sheet(sheet, height)
    return None


def _show_texts(contents: "Contents", height: int) -> None:
    from kraftd_core import TextView

    with st.container(height=height, border=True):
        for part in contents:
            if isinstance(part, TextView):
                _show_text(part)
            else:
                _show_table(part)


def _show_text(part: "TextView") -> None:
    if part.language:
        st.code(part.text, language=part.language, wrap_lines=True)
    else:
        st.markdown("  \n".join(plain(line) for line in part.text.split("\n")))
    _tell_more((part.more_lines, "line"))


def _show_sheet(sheet: "SheetView", height: int) -> None:
    """Its cells under the letters and beside the numbers that the workbook gives them."""
    columns = {_letters(n): cells for n, cells in enumerate(zip(*sheet.rows, strict=True))}
    frame = text_frame(columns)
    frame.index = range(1, len(frame) + 1)
    is_long = _ROW * (len(frame) + 1) > height
    st.dataframe(frame, height=height if is_long else "content", placeholder="", alt=sheet.title or "The document")
    _tell_more((sheet.more_rows, "row"), (sheet.more_columns, "column"))


def _show_table(sheet: "SheetView") -> None:
    """A table of a letter: its first row is the head."""
    head, *rows = sheet.rows
    columns = {f"c{n}": [row[n] for row in rows] for n in range(len(head))}
    config = {f"c{n}": st.column_config.TextColumn(title) for n, title in enumerate(head)}
    st.dataframe(text_frame(columns), column_config=config, hide_index=True, height="content", placeholder="", alt="A table")
    _tell_more((sheet.more_rows, "row"), (sheet.more_columns, "column"))


def _tell_more(*left_out: tuple[int, str]) -> None:
    more = " and ".join(counted(count, noun).replace(" ", " more ", 1) for count, noun in left_out if count)
    if more:
        st.caption(f"… {more} in the file")


def _letters(number: int) -> str:
    """The name of a column as workbooks have it: A … Z, AA …; counted from 0."""
    return (_letters(number // 26 - 1) if number > 25 else "") + chr(65 + number % 26)
