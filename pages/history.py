"""History: the owner's documents, found again by search and filters, each with its story and its file."""

from datetime import date

import streamlit as st

from kraftd_core import (
    KINDS,
    DocumentTemplate,
    ExportFormat,
    FinalDeliverable,
    HistoryFilter,
    Review,
    Workflow,
    WorkflowLine,
    checks_told,
)
from pages.parts.other_formats import show_other_formats
from pages.parts.session import ask, owner, remember, shown_errors
from pages.parts.waiting import standing_of
from pages.parts.widgets import (
    FORMATS,
    STATES,
    bullets,
    counted,
    days_left,
    file_size,
    findings_list,
    moment,
    plain,
    progress,
    side_by_side,
    stage_story,
    summary_sections,
    template_label,
    text_frame,
    trail,
)

PAGE = 20
CURSORS = "history_cursors"
VERDICT = "history_verdict"
CHOICES = ("history_type", "history_state", "history_since", "history_until", "history_template", "history_format")


def show() -> None:
    """The opened workflow, or the list."""
    with shown_errors():
        workflow_id = st.query_params.get("workflow")
        if not workflow_id:
            return show_list()
        review = ask(lambda desk: desk.review(owner(), workflow_id))
        remember(workflow_id)
        return show_workflow(review)
    return show_way_back()


# The list


def show_list() -> None:
    """Search, filters, and the workflows that fit, newest first."""
    st.title("History")
    wanted = show_filters()
    cursors: list[str | None] = st.session_state.setdefault(CURSORS, [None])
    page = ask(lambda desk: desk.history(owner(), wanted, PAGE, cursors[-1]))
    if page.is_partial:
        st.warning(
            "Azure Cosmos DB cannot be reached, so only the documents of this computer are listed. The others are safe there.",
            icon=":material/cloud_off:",
        )
    if not page.lines:
        return None if page.is_partial else show_none(wanted)
    show_table(page.lines)
    if len(cursors) == 1 and page.cursor is None:
        return None
    with st.container(horizontal=True, horizontal_alignment="right", key="history_pages"):
        st.button("← Newer", key="history_newer", disabled=len(cursors) == 1, on_click=cursors.pop)
        st.button("Older →", key="history_older", disabled=page.cursor is None, on_click=cursors.append, args=(page.cursor,))
    return None


def show_filters() -> HistoryFilter:
    """The filters, which stand in the address, so that a reload keeps them."""
    text = st.text_input(
        "Search", key="history_text", placeholder="Name, supplier or number", icon=":material/search:", bind="query-params",
        on_change=to_first_page, label_visibility="collapsed",
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
    return HistoryFilter(text or "", chosen_kind, chosen_state, first, last, chosen_template, chosen_format)


def choice(label: str, key: str, options: dict[str, str]) -> str:
    """One of the options, or all."""
    chosen = st.selectbox(
        label, list(options), format_func=options.get, index=None, placeholder="All", key=key, bind="query-params",
        on_change=to_first_page,
    )
    return chosen or ""


def day(label: str, key: str) -> date | None:
    """A day, or none."""
    chosen = st.date_input(label, value=None, key=key, bind="query-params", on_change=to_first_page, format="YYYY-MM-DD")
    return chosen if isinstance(chosen, date) else None


def to_first_page() -> None:
    """Other filters begin with the newest again."""
    st.session_state[CURSORS] = [None]


def clear_filters() -> None:
    """Takes all filters away."""
    st.session_state.update({"history_text": "", **dict.fromkeys(CHOICES)})
    to_first_page()


def show_none(wanted: HistoryFilter) -> None:
    """What to do where there is nothing to show."""
    if wanted != HistoryFilter():
        st.markdown("Nothing fits this search.")
        st.button("Show everything", key="history_clear", on_click=clear_filters)
        return
    st.markdown("You have no documents yet. Once you take one through, it stands here with all its stages.")
    st.page_link("stage1_summary.py", label="New document", icon=":material/upload_file:")


def show_table(lines: list[WorkflowLine]) -> None:
    """The workflows in a table; choosing one opens it."""
    columns = {
        "Document": [line.document_name for line in lines],
        "Supplier": [line.headline.vendor for line in lines],
        "Number": [line.headline.number for line in lines],
        "Total": [line.headline.total for line in lines],
        "State": [STATES[line.status] for line in lines],
        "Changed": [None if line.changed_values is None else str(line.changed_values) for line in lines],
        "Template": [line.template and template_label(line.template) for line in lines],
        "Format": [line.export_format and FORMATS[line.export_format] for line in lines],
        "When": [moment(line.started_at) for line in lines],
        "Days left": [str(days_left(line.expiration_date)) for line in lines],
    }
    config = {
        "Total": st.column_config.TextColumn(alignment="right"),
        "Changed": st.column_config.TextColumn(alignment="right", help="Values that the reviewer changed."),
        "Days left": st.column_config.TextColumn(alignment="right", help="Days until it is deleted."),
    }
    st.caption("Tick a line to open it.")
    with st.container(key="history_table"):
        chosen = st.dataframe(
            text_frame(columns), hide_index=True, column_config=config, on_select="rerun", selection_mode="single-row",
            key=f"history_rows_{lines[0].export_workflow_id}_{len(lines)}", placeholder="", alt="Your documents",
        )
    if chosen["selection"]["rows"]:
        st.switch_page("history.py", query_params={"workflow": lines[chosen["selection"]["rows"][0]].export_workflow_id})


# One workflow


def show_way_back() -> None:
    """Back to the list."""
    if st.button("← All documents", key="history_back", type="tertiary"):
        st.switch_page("history.py")


def show_workflow(review: Review) -> None:
    """The story of one workflow, what became of it, and the way on."""
    workflow = review.workflow
    show_way_back()
    progress(0, workflow)
    show_origin(workflow)
    story, content = side_by_side(2, 3)
    with story:
        stage_story(workflow, standing_of(workflow.export_workflow_id))
        show_way_on(workflow)
        show_other_formats(workflow, "history")
        show_proof(workflow.export_workflow_id)
    with content:
        show_content(review)


def show_origin(workflow: Workflow) -> None:
    """Where the reviewed data was taken from, if the workflow was made from another."""
    if source := workflow.stage1.regenerated_from:
        with st.container(horizontal=True, key="history_origin"):
            st.caption("Another template or format of")
            st.page_link("history.py", label=f"document {source[:8]}", query_params={"workflow": source})


def show_way_on(workflow: Workflow) -> None:
    """The file, or the page on which the work goes on; and the pages to read."""
    address = {"workflow": workflow.export_workflow_id}
    if workflow.stage3:
        show_download(workflow.stage3)
    elif workflow.stage2:
        if st.button("Go on to Deliver →", key="history_deliver", type="primary"):
            st.switch_page("stage3_deliverable.py", query_params=address)
    elif st.button("Go on with the review →", key="history_review", type="primary"):
        st.switch_page("stage2_modifications.py", query_params=address)
    with st.container(horizontal=True):
        st.page_link("stage1_summary.py", label="Summary", icon=":material/article:", query_params=address)
        st.page_link("stage2_modifications.py", label="Review", icon=":material/rule:", query_params=address)
        if workflow.stage2:
            st.page_link("stage3_deliverable.py", label="Deliver", icon=":material/file_export:", query_params=address)
    left = counted(days_left(workflow.stage1.expiration_date), "more day")
    st.caption(f"Kept for {left}, then deleted as a whole.")


def show_download(stage3: FinalDeliverable) -> None:
    """The file as it was made."""
    workflow_id, made = stage3.export_workflow_id, stage3.deliverable
    with shown_errors():
        file = ask(lambda desk: desk.deliverable(owner(), workflow_id))
        st.download_button(
            f"Download {FORMATS[made.file_format.value]} again", file.content, file_name=file.filename, mime=file.mime_type,
            key="history_download", type="primary", icon=":material/download:", on_click=note_download, args=(workflow_id,),
        )
        st.caption(f"{plain(made.filename)} · {file_size(made.file_size_bytes)}  \nCheck sum {plain(made.content_hash)}")


def note_download(workflow_id: str) -> None:
    """Adds the download to the trail."""
    with shown_errors():
        ask(lambda desk: desk.note_download(owner(), workflow_id))
        st.toast("Downloaded.", icon=":material/download_done:")


def show_proof(workflow_id: str) -> None:
    """Whether the records hold, and all that another needs to find that out."""
    who = owner()
    with st.container(horizontal=True):
        st.button("Verify", key="history_verify", icon=":material/verified:", on_click=verify, args=(workflow_id,))
        st.download_button(
            "Bundle for the auditor",
            lambda: ask(lambda desk: desk.bundle_file(who, workflow_id)),
            file_name=f"bundle_{workflow_id}.json",
            mime="application/json",
            key="history_bundle",
            icon=":material/inventory_2:",
            help="All records in one file, which anyone can verify without this application.",
        )
    verified, verdict = st.session_state.get(VERDICT, (None, None))
    if verified == workflow_id:
        mark = ":green[✓]" if verdict.holds else ":red[✗]"
        st.markdown(f"{mark}&ensp;{plain(verdict.sentence)}")


def verify(workflow_id: str) -> None:
    """Verifies before the page is drawn, so that its trail tells of it."""
    with shown_errors():
        st.session_state[VERDICT] = (workflow_id, ask(lambda desk: desk.verify(owner(), workflow_id)))


def show_content(review: Review) -> None:
    """Summary, changes, checks and trail, a tab each."""
    workflow = review.workflow
    changes, summary, checks, told = st.tabs(
        [f"Changes ({len(review.changes)})", "Summary", f"Checks ({len(review.findings)})", "Trail"], key="history_tabs"
    )
    with changes:
        show_changes(review)
    with summary:
        if workflow.stage3:
            summary_sections(workflow.stage3.ai_final_summary, workflow.stage3.grounding)
        else:
            summary_sections(workflow.stage1.ai_initial_summary, workflow.stage1.grounding, review.overtaken)
    with checks:
        if (stage2 := workflow.stage2) and workflow.stage1.schema_version > 1 and stage2.schema_version > 1:
            story, *edits = checks_told(workflow.stage1.findings, stage2.findings)
            st.markdown(f"{story}, when recorded.")
            bullets(edits)
        findings_list(review.findings)
    with told:
        past = workflow.stage3.traceability.document_history if workflow.stage3 else []
        trail([*past, *workflow.trail])
        if not past and not workflow.trail:
            st.markdown("Nothing has happened since the document was read.")


def show_changes(review: Review) -> None:
    """The changes in words, with their reasons."""
    reasons = review.draft.reasons
    if not review.workflow.stage2 and review.changes:
        st.caption("Typed, not recorded yet.")
    said = zip(review.changes, review.change_sentences, strict=True)
    bullets(f"{sentence} Reason: {reasons[c.field]}" if c.field in reasons else sentence for c, sentence in said)
    if not review.changes:
        st.markdown("The values are as they were read.")


show()
