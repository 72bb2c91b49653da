"""Stage 1: take a document, have it read and summarised, and show what the machine made of it."""

from collections.abc import Awaitable
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from kraftd_core import KINDS, KINDS_SAID, SAMPLES, Sample, kind_of, label_of, ledger_said, left_out_said, unread
from pages.parts import editing
from pages.parts.batch import show_batch
from pages.parts.document_view import marked_of, show_document
from pages.parts.inside_streamlit import taken
from pages.parts.leads import Leads
from pages.parts.pictures import can_be_shown
from pages.parts.session import (
    actor,
    ask,
    forget_job,
    handling,
    job_in_address,
    remember,
    saved,
    shown_errors,
    upload_limit_mb,
)
from pages.parts.summaries import show_summaries
from pages.parts.widgets import (
    STATES,
    counted,
    day_of,
    file_size,
    moment,
    plain,
    progress,
    share,
    side_by_side,
    written_by,
)
from pages.parts.work import show_end, watch

if TYPE_CHECKING:
    from kraftd_core import Attention, Desk, LedgerEntry, Review, TakenIn, WorkflowLine
    from pages.parts.inside_streamlit import UploadedFile

RECOGNISE = "Recognise it"
SEEN = "stage1_seen_before"
"""A file that the owner had before and has not decided on, kept in the session."""
LEFT_OVER = "stage1_left_over"
"""The names of files that were too many, kept in the session until the next are taken."""
SAFE = "Nothing was recorded, and your other documents are as they were. Try another file."
KEPT = "What was done so far is kept, so that nothing has to be done twice; nothing was recorded yet."
RECORDED = "The summary that was recorded stands as it is."
STOPPED = "Nothing was recorded, and what was done so far is kept: go on with it, or discard it."
AT_ONCE = 100
"""Files that are taken together at most."""
LISTED = 6
"""Documents that wait, as far as they are listed here."""
NEXT_PAGES = {"awaiting_user_review": "stage2_modifications.py", "awaiting_final_processing": "stage3_deliverable.py"}


def take(name: str, content: bytes, document_type: str | None = None) -> None:
    """Starts to read a document, or asks first where the owner had the same file before."""
    earlier = ask(lambda desk: desk.seen_before(actor(), content))
    if earlier is None:
        begin(name, content, document_type)
    st.session_state[SEEN] = (name, content, document_type, earlier)
    empty_drop_area()
    st.rerun()


def begin(name: str, content: bytes, document_type: str | None = None) -> None:
    """Starts to read a document and puts the work into the address, so that a reload finds it."""
    start = partial(start_reading, name=name, content=content, document_type=document_type)
    st.query_params.from_dict({"job": ask(start)})
    st.session_state.pop(SEEN, None)
    empty_drop_area()
    st.rerun()


def take_all(uploaded: "list[UploadedFile]", document_type: str | None) -> None:
    """Starts to read many documents, one after the other; they are listed while they are read, and found again later."""
    for each in uploaded[:AT_ONCE]:
        add = partial(add_to_batch, name=each.name, content=taken(each), document_type=document_type)
        ask(add)
    st.session_state[LEFT_OVER] = [each.name for each in uploaded[AT_ONCE:]]
    empty_drop_area()
    st.rerun()


def add_to_batch(desk: "Desk", name: str, content: bytes, document_type: str | None) -> "Awaitable[str]":
    """Has a document read in its turn."""
    return desk.add_to_batch(actor(), name, content, document_type)


def show_left_over() -> None:
    """The files that were too many to be taken together."""
    if names := st.session_state.get(LEFT_OVER):
        listed = ", ".join(map(plain, names[:LISTED])) + (" …" if len(names) > LISTED else "")
        st.warning(
            f"At most {AT_ONCE} files are taken together: {counted(len(names), 'file')} not taken ({listed}). Drop them again.",
            icon=":material/warning:",
        )


def start_reading(desk: "Desk", name: str, content: bytes, document_type: str | None) -> "Awaitable[str]":
    """Has the document read; before it is recorded, its supplier and number are looked for in the history."""
    return desk.start_reading(actor(), name, content, document_type, asks_first=True)


def empty_drop_area() -> None:
    """Has the next document begin with an empty place."""
    st.session_state["stage1_uploads"] = st.session_state.get("stage1_uploads", 0) + 1


# What the user had before


def show_seen() -> None:
    """That the very file was here before, and the two ways on."""
    if SEEN not in st.session_state:
        return
    name, content, document_type, earlier = st.session_state[SEEN]
    where = "" if earlier.document_name == name else f", as {plain(earlier.document_name)}"
    st.warning(
        f"{plain(name)}: you had this file on {day_of(earlier.started_at)}{where}. Open it, or read it again.",
        icon=":material/content_copy:",
    )
    with st.container(horizontal=True, key="stage1_seen"):
        open_earlier(earlier, "stage1_open_seen")
        if st.button("Read it again", key="stage1_read_again"):
            begin(name, content, document_type)


def show_known(job_id: str, earlier: "WorkflowLine") -> None:
    """That another document has the same supplier and number, and the two ways on."""
    known, kind = earlier.headline, kind_of(earlier.document_type)
    number = f"{label_of(kind.number or '')} {known.number} of {known.vendor}"
    st.warning(
        f"{plain(number)}: you had this number on {day_of(earlier.started_at)}, in {plain(earlier.document_name)}. "
        "Open that document, or go on with this one; nothing of it was recorded yet.",
        icon=":material/content_copy:",
    )
    with st.container(horizontal=True, key="stage1_known"):
        open_earlier(earlier, "stage1_open_known")
        if st.button("Go on with this one", key="stage1_go_on_anyway"):
            st.query_params["job"] = ask(lambda desk: desk.go_on(actor(), job_id))
            st.rerun()


def open_earlier(earlier: "WorkflowLine", key: str) -> None:
    """The way to what the user had before."""
    if st.button("Open the earlier one", key=key, type="primary"):
        st.session_state.pop(SEEN, None)
        st.switch_page("history.py", query_params={"workflow": earlier.export_workflow_id})


def show_start(told_above: str = "") -> None:
    """The ways to begin: a file, a sample, or what was left unfinished, but for the document that was told of above."""
    st.title("New document")
    with shown_errors():
        show_seen()
        show_left_over()
        show_batch()
        show_uploads(told_above)
    drop, samples = side_by_side(3, 2)
    with drop:
        show_drop_area()
    with samples:
        st.markdown("**Or try a sample**")
        for left, right in (SAMPLES[:2], SAMPLES[2:]):
            for column, sample in zip(st.columns(2), (left, right), strict=True):
                with column:
                    show_sample(sample)
    show_unfinished()


def show_drop_area() -> None:
    """The place to drop files; its key changes with each drop, so that the next begins empty.

    Files of all kinds are taken: what is refused is then told by its name and the reason, as the browser would not.
    """
    st.markdown("**Drop invoices, quotations, orders, contracts or receipts here**")
    document_type = chosen_type()
    with st.container(key="stage1_drop"):
        uploaded = st.file_uploader(
            "Your documents",
            accept_multiple_files=True,
            key=f"stage1_upload_{st.session_state.get('stage1_uploads', 0)}",
            max_upload_size=upload_limit_mb(),
            label_visibility="collapsed",
        )
    st.caption(f"{KINDS_SAID}. {handling()} {saved()}.")
    with shown_errors():
        if len(uploaded) > 1:
            take_all(uploaded, document_type)
        for each in uploaded:
            take(each.name, taken(each), document_type)


def chosen_type() -> str | None:
    """What the user says the document is; None to have it recognised."""
    return st.selectbox(
        "What is it?",
        [None, *KINDS],
        format_func=lambda name: KINDS[name].label if name else RECOGNISE,
        placeholder=RECOGNISE,  # after a rerun Streamlit takes the choice None for none made
        key="stage1_type",
        width=240,
    )


def show_sample(sample: Sample) -> None:
    """A card with a made-up document."""
    with st.container(border=True, height="stretch", vertical_alignment="distribute"):
        with st.container():
            st.markdown(f"**{sample.title}**")
            st.caption(sample.description)
        if st.button("Try it", key=f"stage1_sample_{sample.key}", width="stretch"):
            with shown_errors():
                begin(sample.filename, sample.content())  # nobody's document: it may be tried as often as one likes


def show_unfinished() -> None:
    """The documents that wait for the user."""
    with shown_errors():
        lines = ask(lambda desk: desk.unfinished(actor(), limit=LISTED + 1))
        if not lines:
            return
        st.subheader("Continue where you left off")
        for place, line in enumerate(lines[:LISTED]):
            show_waiting(line, place)
        if len(lines) > LISTED and st.button("All that wait for a review →", key="stage1_all_waiting", type="tertiary"):
            st.switch_page("history.py", query_params={"history_state": "awaiting_user_review"})


def show_uploads(told_above: str) -> None:
    """The documents that are not recorded yet, but for those of the batch and the one that was told of above."""
    in_batch = {job.key for job in ask(lambda desk: desk.batch(actor())).values() if not job.is_cancelled}
    uploads = [u for u in ask(lambda desk: desk.uploads(actor())) if u.document_id not in {told_above, *in_batch}]
    for upload in uploads:
        show_upload(upload)
    if sum(upload.job_id is None for upload in uploads) > 1 and st.button("Go on with all of them", key="stage1_go_on_with_all"):
        ask(lambda desk: desk.go_on_with_all(actor()))
        st.rerun()


def show_upload(upload: "TakenIn") -> None:
    """A document that is not recorded yet, because its work stopped or goes on; and the ways on."""
    with st.container(border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        stopped = "Not finished: read, not summarised yet" if upload.is_read else "Not finished: not read yet"
        stands = "In work" if upload.job_id else stopped
        facts = f"{stands} · {file_size(upload.file_size_bytes)} · {moment(upload.taken_at)}"
        st.markdown(f"**{plain(upload.name)}**  \n:gray[{facts}]", width="content")
        document_id = upload.document_id
        with st.container(horizontal=True, width="content", key=f"stage1_upload_{document_id}"):
            if st.button("See it →" if upload.job_id else "Go on →", key=f"stage1_go_on_with_{document_id}"):
                st.query_params.from_dict({"job": ask(lambda desk: desk.go_on_with(actor(), document_id))})
                st.rerun()
            if st.button("Discard", key=f"stage1_discard_{document_id}", type="tertiary"):
                ask(lambda desk: desk.drop_upload(actor(), document_id))
                st.rerun()


def show_waiting(line: "WorkflowLine", place: int) -> None:
    """A document that waits, and the way on; by its place in the list two lines never share a key."""
    with st.container(border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        name = " · ".join(filter(None, (line.headline.vendor, line.headline.number, line.headline.total)))
        kind = kind_of(line.document_type).label
        facts = f"{kind} · {plain(line.document_name)} · {moment(line.updated_at)}"
        st.markdown(f"**{plain(name or line.document_name)}**  \n:gray[{facts}]", width="content")
        label = "Review" if line.status == "awaiting_user_review" else "Deliver"
        if st.button(f"{label} →", key=f"stage1_continue_{place}_{line.export_workflow_id}", help=STATES[line.status]):
            st.switch_page(NEXT_PAGES[line.status], query_params={"workflow": line.export_workflow_id})


def show_summary(review: "Review") -> None:
    """What the machine read and thought, beside the document: statements lead to boxes there, boxes to values on Review."""
    workflow, attention = review.workflow, review.attention()
    progress(1, workflow)
    leads = Leads(workflow, attention)
    if not can_be_shown(workflow):
        return show_what_it_is(review, attention, leads)
    text, picture = side_by_side(3, 2)
    with text:
        show_what_it_is(review, attention, leads)
    with picture:
        picked = show_document("stage1_document", workflow, marked_of(attention), leads.field)
    if picked and not workflow.stage2:
        editing.ask_for("start", picked)
        st.switch_page("stage2_modifications.py", query_params={"workflow": workflow.export_workflow_id})
    return None


def show_what_it_is(review: "Review", attention: "Attention", leads: Leads) -> None:
    """The summary, what is known of the document, and the next step."""
    workflow, stage1 = review.workflow, review.workflow.stage1
    st.subheader("What this document is")
    st.markdown(reading_line(review, attention))
    show_ledger(stage1.reading_ledger)
    show_summaries(review, leads)
    for notice in stage1.source.notices:
        st.info(plain(notice), icon=":material/info:")
    with st.container(horizontal=True, vertical_alignment="center", key="next_step"):
        label = "Review and correct →" if workflow.stage2 is None else "See the review →"
        if st.button(label, key="stage1_review", type="primary"):
            st.switch_page("stage2_modifications.py", query_params={"workflow": workflow.export_workflow_id})
        st.caption(written_by(stage1.initial_summary_metadata), width="content")


def show_ledger(ledger: "list[LedgerEntry] | None") -> None:
    """What became of the lines that look like rows, in one line, and page by page behind it."""
    said = ledger_said(ledger)
    if not said or ledger is None:
        return
    with st.expander(said, icon=":material/warning:" if unread(ledger) else ":material/fact_check:"):
        shown = [
            {
                "Where": f"Page {entry.page}" if entry.page else entry.sheet or "Document",
                "Lines seen": entry.rows_seen,
                "Rows taken": entry.rows_taken,
                "Left out": left_out_said(entry),
                "Numbers missing": ", ".join(entry.number_gaps),
                "Sum and printed total": " · ".join(f"{each.taken} and {each.printed}" for each in entry.sums),
            }
            for entry in ledger
        ]
        st.dataframe(shown, hide_index=True, key="stage1_ledger")


def reading_line(review: "Review", attention: "Attention") -> str:
    """How well the document was read, and what it is, in one line."""
    stage1 = review.workflow.stage1
    parts = [f"Read: {counted(len(attention.values), 'value')}, {counted(attention.rows, 'line')}"]
    if attention.sure:
        parts.append(f"sure of {attention.sure}")
    if attention.entries:
        need = "needs" if len(attention.entries) == 1 else "need"
        parts.append(f":orange[**{len(attention.entries):,} {need} your eyes**]")
    if attention.unmeasured:
        parts.append(f"{attention.unmeasured:,} taken as they stand, without a measure")
    if attention.settled:
        parts.append(f"{attention.settled:,} checked by you")
    facts = [kind_of(stage1.document_type).label, plain(stage1.document_name)]
    if stage1.source.page_count:
        facts.append(counted(stage1.source.page_count, "page"))
    if stage1.source.file_size_bytes:
        facts.append(file_size(stage1.source.file_size_bytes))
    if stage1.source.di_confidence is not None:
        parts.append(f"overall confidence {share(stage1.source.di_confidence)}")
    return f"{' · '.join(parts)}  \n:gray[{' · '.join(facts)}]"


def show() -> None:
    """The work under way, a summary, or the ways to begin."""
    with shown_errors():
        found = job_in_address()
        if found is None:
            return show_chosen()
        job_id, job = found
        if job.is_running:
            progress(1)
            return watch(job_id, "stage1")
        if job.earlier:
            show_known(job_id, job.earlier)
            return show_start(job.key)
        if job.makes == "text" and not job.result:
            show_end(job_id, job, "stage1", RECORDED)
            return show_chosen()
        if job.can_go_on:
            show_end(job_id, job, "stage1", KEPT)
            return show_start(job.key)
        forget_job()
        if job.result:
            remember(job.result)
            st.query_params["workflow"] = job.result
            st.rerun()
        show_end(job_id, job, "stage1", STOPPED if job.is_cancelled else SAFE)
        return show_start()
    forget_job()
    return show_start()


def show_chosen() -> None:
    """The summary of the workflow in the address, or the ways to begin."""
    workflow_id = st.query_params.get("workflow")
    if not workflow_id:
        return show_start()
    remember(workflow_id)
    return show_summary(ask(lambda desk: desk.review(actor(), workflow_id)))


show()
