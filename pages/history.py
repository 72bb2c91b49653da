"""History: the owner's documents, found again by words and filters, and what can be done with them next."""

from datetime import date
from typing import Any, get_args
from zlib import crc32

import streamlit as st

from kraftd_core import KINDS, DocumentTemplate, ExportFormat, HistoryFilter, Order, WorkflowLine
from pages.parts.opened import OPEN, VIEW, bundle_button, download_again, show_way_back, show_workflow
from pages.parts.session import actor, ask, remember, shown_errors
from pages.parts.waiting import not_in_cosmos
from pages.parts.widgets import (
    FORMATS,
    STATES,
    days_left,
    lately,
    plain,
    template_label,
    text_frame,
    time_zone,
    wide_enough,
)

PAGE = 20
SOON_DAYS = 3
CURSORS = "history_cursors"
CHOICES = ("history_type", "history_state", "history_since", "history_until", "history_template", "history_format")
MARKS = {"awaiting_user_review": "○", "awaiting_final_processing": "◐", "completed": "●"}
ORDERS: dict[Order, str] = {"newest": "Newest first", "oldest": "Oldest first", "worked_on": "Worked on last"}
YOUNGEST = {"awaiting_user_review": "ai", "awaiting_final_processing": "user", "completed": "delivered"}  # version to compare


def show() -> None:
    """The opened workflow, or the list."""
    with shown_errors():
        workflow_id = st.query_params.get("workflow")
        if not workflow_id:
            return show_list()
        review = ask(lambda desk: desk.review(actor(), workflow_id))
        remember(workflow_id)
        return show_workflow(review)
    return show_way_back()


def show_list() -> None:
    """Words, filters, and the workflows that fit."""
    st.title("History")
    wanted = show_filters()
    cursors = cursors_of(wanted)
    page = ask(lambda desk: desk.history(actor(), wanted, PAGE, cursors[-1]))
    if page.is_partial:
        st.warning(
            "Azure Cosmos DB cannot be reached, so only the documents of this computer are listed. The others are safe there.",
            icon=":material/cloud_off:",
        )
    if page.damaged:
        st.error(
            f"Damaged in the file of the records, and left out here: {page.damaged}. Whoever looks after the application should "
            "verify all records and restore a backup.",
            icon=":material/broken_image:",
        )
    if not page.lines and page.cursor is None and len(cursors) == 1:
        return None if page.is_partial or page.damaged else show_none(wanted)
    if page.lines:
        show_lines(page.lines, wanted.order)
    else:
        st.markdown("Nothing on this page fits." + (" Turn to the next page to look further." if page.cursor else ""))
    if len(cursors) == 1 and page.cursor is None:
        return None
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center", key="history_pages"):
        st.caption(f"Page {len(cursors)}", width="content")
        st.button("← Page back", key="history_page_back", disabled=len(cursors) == 1, on_click=turn_back, args=(cursors,))
        st.button(
            "Next page →", key="history_page_next", disabled=page.cursor is None, on_click=cursors.append, args=(page.cursor,)
        )
    return None


def cursors_of(wanted: HistoryFilter) -> list[str | None]:
    """The pages turned so far in this very list; any other begins with its first."""
    kept: tuple[HistoryFilter | None, list[str | None]] = st.session_state.get(CURSORS, (None, []))
    if kept[0] != wanted:
        kept = (wanted, [None])
        st.session_state[CURSORS] = kept
    return kept[1]


def turn_back(cursors: list[str | None]) -> None:
    """The page before."""
    cursors.pop()


# Words, filters and order, which stand in the address: a reload keeps them, and who gets the address sees the same


def show_filters() -> HistoryFilter:
    """What is looked for."""
    with st.container(key="history_search"):
        words, order = st.columns([3, 1])
    text = words.text_input(
        "Search", key="history_text", placeholder="Words of the name, supplier or number", type="search", live="400ms",
        max_chars=200, bind="query-params", label_visibility="collapsed",
    )
    chosen_order = order.selectbox(
        "Order", get_args(Order), format_func=ORDERS.__getitem__, key="history_order", bind="query-params",
        label_visibility="collapsed",
    )
    with st.container(key="history_filters"):
        kind, state, since, until, template, file_format = st.columns(6)
    with kind:
        chosen_kind = choice("Type", "history_type", {name: k.label for name, k in KINDS.items()})
    with state:
        chosen_state = choice("State", "history_state", STATES)
    with since:
        first = day("From", "history_since")
    with until:
        last = day("To", "history_until")
    with template:
        chosen_template = choice("Template", "history_template", {t.value: template_label(t.value) for t in DocumentTemplate})
    with file_format:
        chosen_format = choice("Format", "history_format", {f.value: FORMATS[f.value] for f in ExportFormat})
    return HistoryFilter(
        text or "", chosen_kind, chosen_state, first, last, chosen_template, chosen_format, chosen_order, time_zone()
    )


def choice(label: str, key: str, options: dict[str, str]) -> str:
    """One of the options, or all."""
    chosen = st.selectbox(
        label, list(options), format_func=options.__getitem__, index=None, placeholder="All", key=key, bind="query-params"
    )
    return chosen or ""


def day(label: str, key: str) -> date | None:
    """A day, or none."""
    chosen = st.date_input(label, value=None, key=key, bind="query-params", format="YYYY-MM-DD")
    return chosen if isinstance(chosen, date) else None


def clear_filters() -> None:
    """Takes all filters away."""
    st.session_state.update({"history_text": "", **dict.fromkeys(CHOICES)})


def show_none(wanted: HistoryFilter) -> None:
    """What to do where there is nothing to show."""
    if not wanted.shows_all:
        st.markdown("Nothing fits this search. Use fewer words, or take a filter away.")
        st.button("Show everything", key="history_clear", on_click=clear_filters)
        return
    st.markdown("You have no documents yet. Once you take one through, it stands here with all its stages.")
    st.page_link("stage1_summary.py", label="New document", icon=":material/upload_file:")


# The lines, and what can be done with those that are ticked


def show_lines(lines: list[WorkflowLine], order: Order) -> None:
    """The workflows in a table, and above it what can be done with the ticked ones."""
    actions = st.container(horizontal=True, vertical_alignment="center", key="history_actions")
    ids = "".join(line.export_workflow_id for line in lines)
    with st.container(key="history_table"):
        chosen = st.dataframe(
            text_frame(cells_of(lines, order)), hide_index=True, on_select="rerun", selection_mode="multi-row",
            key=f"history_rows_{crc32(ids.encode()):08x}", placeholder="", alt="Your documents",
            height=38 + 35 * len(lines), column_config=column_settings(lines),
        )  # fmt: skip
    with actions, shown_errors():
        show_actions([lines[row] for row in chosen["selection"]["rows"] if row < len(lines)])


def column_settings(lines: list[WorkflowLine]) -> dict[str, Any]:
    """Widths, so that what matters is seen at once; figures to the right."""
    totals = [line.headline.total for line in lines]
    numbers = [number for line in lines if (number := line.headline.number) and len(number) <= 16]  # a longer one is cut
    until_gone = "Days until it is deleted. All are kept equally long: the oldest goes first."
    return {
        "Document": st.column_config.TextColumn(width=205),
        "Supplier": st.column_config.TextColumn(width=130),
        "Number": st.column_config.TextColumn(width=wide_enough("Number", numbers)),
        "Total": st.column_config.TextColumn(width=wide_enough("Total", totals), alignment="right"),
        "Days left": st.column_config.TextColumn(alignment="right", help=until_gone),
        "Changed": st.column_config.TextColumn(alignment="right", help="Values that the reviewer changed."),
    }


def cells_of(lines: list[WorkflowLine], order: Order) -> dict[str, list[str | None]]:
    """The table, column by column; the moment that it is sorted by is the one that it shows."""
    waiting = not_in_cosmos()
    last = order == "worked_on"
    return {
        "Document": [name_of(line) for line in lines],
        "State": [state_of(line, line.export_workflow_id in waiting) for line in lines],
        "Supplier": [line.headline.vendor for line in lines],
        "Number": [line.headline.number for line in lines],
        "Total": [line.headline.total for line in lines],
        "Worked on" if last else "Begun": [lately(line.updated_at if last else line.started_at) for line in lines],
        "Days left": [left(line) for line in lines],
        "Changed": [None if line.changed_values is None else str(line.changed_values) for line in lines],
        "Made as": [made_as(line) for line in lines],
    }


def name_of(line: WorkflowLine) -> str:
    """The document, and which workflow it was made from."""
    return f"{line.document_name} · from {line.regenerated_from[:8]}" if line.regenerated_from else line.document_name


def state_of(line: WorkflowLine, is_waiting: bool) -> str:
    """How far it has come, and whether a record of it is on this computer alone."""
    return f"{MARKS[line.status]} {STATES[line.status]}" + " △ not in Cosmos yet" * is_waiting


def made_as(line: WorkflowLine) -> str | None:
    """Template and format, once they are chosen."""
    if not line.template or not line.export_format:
        return None
    return f"{template_label(line.template)}, {FORMATS[line.export_format]}"


def left(line: WorkflowLine) -> str:
    """The days that it is still kept, marked where they are few."""
    days = days_left(line.expiration_date)
    return f"△ {days}" if days <= SOON_DAYS else str(days)


def show_actions(ticked: list[WorkflowLine]) -> None:
    """The next step for one line, comparing for two."""
    if not ticked:
        st.caption("Tick a line to open it or to go on with it; tick two to compare them.")
    elif len(ticked) == 1:
        show_next_steps(ticked[0])
    elif len(ticked) == 2:
        show_comparing(*sorted(ticked, key=lambda line: line.started_at))
    else:
        st.caption(f"{len(ticked)} lines are ticked. Tick only two of them to compare these.")


def show_next_steps(line: WorkflowLine) -> None:
    """Where the work goes on, and the ways to all that is kept of it."""
    workflow_id = line.export_workflow_id
    if line.status == "awaiting_user_review":
        way_to("stage2_modifications.py", "Go on with the review →", "history_resume", workflow_id, is_next=True)
    elif line.status == "awaiting_final_processing":
        way_to("stage3_deliverable.py", "Go on to Deliver →", "history_resume", workflow_id, is_next=True)
    elif line.export_format:
        download_again(workflow_id, line.export_format, "history_download")
    way_to("history.py", "Open", "history_open", workflow_id)
    if line.status == "completed":
        way_to("history.py", "Other template or format", "history_to_other", workflow_id, {OPEN: "other"})
    way_to("history.py", "Trail", "history_to_trail", workflow_id, {OPEN: "trail"})
    bundle_button(workflow_id, "history_bundle")


def way_to(
    page: str, label: str, key: str, workflow_id: str, more: dict[str, str] | None = None, *, is_next: bool = False
) -> None:
    """A button that leads to a page of the workflow; the list is found again as it was left."""
    if st.button(label, key=key, type="primary" if is_next else "secondary"):
        st.session_state[VIEW] = st.query_params.to_dict()
        st.switch_page(page, query_params={"workflow": workflow_id, **(more or {})})


def show_comparing(older: WorkflowLine, newer: WorkflowLine) -> None:
    """Two workflows beside each other, the older one on the left."""
    sides = {side: f"{line.export_workflow_id}:{YOUNGEST[line.status]}" for side, line in (("left", older), ("right", newer))}
    if st.button("Compare", key="history_compare", type="primary", icon=":material/compare:"):
        st.session_state[VIEW] = st.query_params.to_dict()
        st.switch_page("compare.py", query_params=sides)
    st.caption(f"{plain(older.document_name)} beside {plain(newer.document_name)}")


show()
