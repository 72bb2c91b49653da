"""What a deliverable without pages of its own says, to look at: its texts, values and tables with their marks."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from kraftd_core import GROUNDS, Entries, Layout, Prose, Table
from pages.parts.widgets import bullets, counted, grid_height, plain, text_frame, wide_enough

_MOST_ROWS = 200
_CHANGED = "#fff3c4"


def show_layout(layout: Layout) -> None:
    """A tab for the texts, one for the fields and one for each table; where the file comes from is left to the file itself."""
    sheets: dict[str, list[Any]] = {}
    for block in layout.blocks:
        if block.section != "provenance":
            sheets.setdefault(_sheet_of(block), []).append(block)
    names = [plain(blocks[0].heading if name else "Summary") for name, blocks in sheets.items()]
    for tab, blocks in zip(st.tabs(names) if names else (), sheets.values(), strict=True):
        with tab:
            for block in blocks:
                _show_block(block)


def _sheet_of(block: Any) -> str:
    """Fields and each table stand alone, all else together, as in a workbook."""
    if isinstance(block, Table):
        return f"table {block.name}"
    return "fields" if isinstance(block, Entries) and block.section == "fields" else ""


def _show_block(block: Any) -> None:
    if isinstance(block, Table):
        show_table(block)
    elif isinstance(block, Entries):
        show_entries(block)
    elif isinstance(block, Prose):
        st.markdown(f"**{plain(block.heading)}**")
        if block.paragraph:
            st.markdown("  \n".join(map(plain, block.statements)))
        else:
            bullets(block.statements)


def show_entries(block: Entries) -> None:
    """Labels and values."""
    st.markdown(f"**{plain(block.heading)}**")
    columns = {"field": [entry.label for entry in block.entries], "value": [entry.text for entry in block.entries]}
    css = {(row, 1): look for row, entry in enumerate(block.entries) if (look := _css(entry.mark, entry.changed))}
    heads = {"field": st.column_config.TextColumn("Field", width="small"), "value": st.column_config.TextColumn("Value")}
    _show_frame(columns, css, heads, block.heading)


def show_table(table: Table) -> None:
    """The rows, as many as can be looked at."""
    st.markdown(f"**{plain(table.heading)}**")
    rows, places = table.rows[:_MOST_ROWS], range(len(table.columns))
    columns = {f"c{n}": [table.text(n, row[n]) for row in rows] for n in places}
    looks = {(row, n): _css(table.marks.get((row, n)), (row, n) in table.changed) for row in range(len(rows)) for n in places}
    heads = {
        f"c{n}": st.column_config.TextColumn(label, width=wide_enough(label, columns[f"c{n}"]))
        for n, label in enumerate(table.labels())
    }
    _show_frame(columns, {place: look for place, look in looks.items() if look}, heads, table.heading)
    if len(table.rows) > len(rows):
        st.caption(f"The first {len(rows)} of {counted(len(table.rows), 'row')}.")


def _css(mark: Any, changed: bool) -> str:
    ground, ink = GROUNDS[mark.colour] if mark and mark.colour else (None, None)
    colours = f"background-color: #{ground}; color: #{ink};" if ground else ""
    if not colours and changed:
        colours = f"background-color: {_CHANGED}; color: #20272e;"
    return colours + (" font-weight: bold;" if mark and mark.bold else "")


def _show_frame(
    columns: Mapping[str, Sequence[str]], css: Mapping[tuple[int, int], str], heads: Mapping[str, Any], name: str
) -> None:
    frame = text_frame(columns)

    def looks(shown: Any) -> Any:
        import pandas as pd

        texts = [[css.get((row, column), "") for column in range(shown.shape[1])] for row in range(shown.shape[0])]
        return pd.DataFrame(texts, index=shown.index, columns=shown.columns)

    styled = frame.style.apply(looks, axis=None) if css else frame
    height = grid_height(len(frame))
    st.dataframe(styled, column_config=heads, hide_index=True, height=height, placeholder="", alt=name)
