"""What several pages show alike: the progress, summaries, findings, stories, and texts made safe to show."""

import math
import re
import string
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from kraftd_core import kind_of, percent

if TYPE_CHECKING:
    import pandas as pd
    from streamlit.delta_generator import DeltaGenerator

    from kraftd_core import (
        Change,
        FinalSummaryMetadata,
        Finding,
        Grounding,
        HistoryEntry,
        InitialSummaryMetadata,
        ModelCall,
        Place,
        Review,
        Summary,
        Workflow,
    )
    from pages.parts.leads import Leads

_MARKED = re.compile(f"([{re.escape(string.punctuation)}])")
_NAMED_ICON = re.compile(r":(?=\S)")
_LINK = re.compile(r"(?i)(?<=www)(?=\.)|(?<=\S)(?=@)")
_JOINER = "\u2060"

_Buttons: TypeAlias = Mapping[int, Callable[[], None]]
"""What shows the button behind each statement of a section, by its place."""

CHANGED_SINCE = ":gray[↻ rests on values changed since]"
STAGES = ("Summary", "Review", "Deliver")
STATES = {
    "awaiting_user_review": "To review",
    "awaiting_final_processing": "To deliver",
    "completed": "Delivered",
}
FORMATS = {"pdf": "PDF", "excel": "Excel", "csv": "CSV", "json": "JSON"}
ENGINES = {"rules": "Rule-based summary", "LOCAL": "Local reader", "AZURE_DI": "Azure Document Intelligence"}


# Texts


def plain(text: str) -> str:
    """A value as Markdown that shows exactly its characters, on one line.

    A backslash does not stop Streamlit's icon codes (`:material/…:`) and bare links, which are looked for in the text
    that is left: an invisible joiner breaks them.
    """
    line = " ".join(text.split())
    line = _LINK.sub(_JOINER, _NAMED_ICON.sub(":" + _JOINER, line))
    return _MARKED.sub(r"\\\1", line)


def moment(when: datetime) -> str:
    """A time as the user's clock shows it."""
    return f"{_local(when):%d %b %Y, %H:%M}"


def lately(when: datetime) -> str:
    """A time of the last weeks as the user's clock shows it."""
    return f"{_local(when):%d %b, %H:%M}"


def clock(when: datetime) -> str:
    """The time of day on the user's clock."""
    return f"{_local(when):%H:%M}"


def days_left(until: datetime) -> int:
    """The days until then, a begun one counted as a day."""
    return max(0, math.ceil((until - datetime.now(UTC)) / timedelta(days=1)))


def day_of(when: datetime) -> str:
    """A day as people say it: "27 November"; the year only where it is another one."""
    local, today = _local(when), _local(datetime.now(UTC))
    return f"{local.day} {local:%B}" + (f" {local.year}" if local.year != today.year else "")


def time_zone() -> tzinfo:
    """The user's time zone, in which their days begin and end; UTC where the browser does not tell it."""
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def _local(when: datetime) -> datetime:
    return when.astimezone(time_zone())


def file_size(size_bytes: int) -> str:
    """A size as people say it."""
    return f"{size_bytes / 2**20:.1f} MB" if size_bytes >= 2**20 else f"{max(1, round(size_bytes / 1024))} KB"


def share(value: float | None) -> str:
    """A confidence or a share in percent; a dash where nothing was measured."""
    return "—" if value is None else percent(value)


def sure(confidence: float | None) -> str:
    """A confidence with a question mark where somebody should look."""
    from kraftd_core import is_doubtful

    return f"{share(confidence)} ?" if is_doubtful(confidence) else share(confidence)


def seconds(value: float) -> str:
    """A duration as people say it."""
    if value < 0.1:
        return "under 0.1 s"
    return f"{value:.1f} s" if value < 60 else f"{value // 60:.0f} min {value % 60:.0f} s"


def written_by(meta: "InitialSummaryMetadata | FinalSummaryMetadata") -> str:
    """Who wrote a summary and what it took, as far as it was measured."""
    parts = [f"by {plain(ENGINES.get(meta.ai_model or '', meta.ai_model or 'unknown'))}"]
    if meta.processing_time_ms is not None:
        parts.append(seconds(meta.processing_time_ms / 1000))
    if meta.tokens_used is not None:
        parts.append(counted(meta.tokens_used, "token"))
    return ", ".join([*parts, *spent(meta.calls, meta.cost)])


def spent(calls: "Sequence[ModelCall]", cost: float | None) -> list[str]:
    """How often a model was asked, where that was more than once, what all of it took, and what it cost, where prices are set."""
    parts = []
    if len(calls) > 1:
        prompt, completion = (sum(getattr(call, name) or 0 for call in calls) for name in ("prompt_tokens", "completion_tokens"))
        parts.append(f"asked {len(calls)} times: {prompt:,} tokens in and {completion:,} out")
    if cost is not None:
        parts.append(f"cost {cost:.4f}")
    return parts


def counted(count: int, noun: str) -> str:
    """A count with its noun."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def template_label(name: str) -> str:
    """The template as people call it."""
    from kraftd_core import TEMPLATES, DocumentTemplate

    return TEMPLATES[DocumentTemplate(name)].label


def title_of(workflow: "Workflow") -> str:
    """A document in one line: kind and number, supplier, total."""
    latest = workflow.latest
    named = " ".join(filter(None, (kind_of(latest.document_type).label, latest.headline.number)))
    return " · ".join(filter(None, (named, latest.headline.vendor or latest.document_name, latest.headline.total)))


def side_by_side(left: int, right: int, *, is_right_first: bool = False) -> "list[DeltaGenerator]":
    """Two columns of these shares; in a narrow window under each other, if so said with the right one first."""
    with st.container(key="side_by_side_turned" if is_right_first else "side_by_side"):
        return st.columns([left, right], gap="medium")


# Progress


def progress(current: int, workflow: "Workflow | None" = None) -> None:
    """Where a document stands among the three stages, and which document it is."""
    done = workflow.latest.sequence if workflow else 0
    steps = "  :gray[───]  ".join(_step(n, name, current, done) for n, name in enumerate(STAGES, 1))
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="progress"):
        st.markdown(steps, width="content")
        if workflow:
            st.markdown(f"**{plain(title_of(workflow))}**", width="content")


def _step(number: int, name: str, current: int, done: int) -> str:
    if number == current:
        return f":primary[**◉&nbsp;{number}&nbsp;{name}**]"
    return f"●&nbsp;{number}&nbsp;{name}" if number <= done else f":gray[○&nbsp;{number}&nbsp;{name}]"


# Parts of a document's story


def bullets(
    statements: Iterable[str], mark: str = "•", notes: Mapping[int, str] | None = None, leads: _Buttons | None = None
) -> None:
    """Statements under each other, each behind a mark, with a note (Markdown) after some; behind some a button that leads on."""
    lines = [f"{mark}&ensp;{plain(statement)}{(notes or {}).get(n, '')}" for n, statement in enumerate(statements)]
    if leads:
        with st.container(gap=None):
            for n, line in enumerate(lines):
                _line(line, leads.get(n))
    elif lines:
        st.markdown("  \n".join(lines))


def _line(line: str, lead: Callable[[], None] | None) -> None:
    if lead is None:
        st.markdown(line)
        return
    text, button = st.columns([7, 1], gap="small")  # a row would wrap the button below a long line
    text.markdown(line)
    with button:
        lead()


def summary_sections(
    summary: "Summary",
    grounding: "Grounding | None" = None,
    overtaken: "Collection[tuple[str, int]]" = (),
    leads: "Leads | None" = None,
    name: str = "",
) -> None:
    """The five sections, risks and actions set apart from the rest, with what is not found in the document or changed since.

    With `leads`, each statement that rests on values of the document has a button that leads there; `name` tells two summaries
    on one page apart.
    """
    notes, buttons = _notes(grounding, overtaken), _buttons(grounding, leads, name)
    head = "executive_summary"
    _line(plain(summary.executive_summary) + notes.get(head, {}).get(0, ""), buttons.get(head, {}).get(0))
    _section("Key findings", summary.key_findings, notes.get("key_findings"), buttons.get("key_findings"))
    if summary.risk_factors:
        with st.container(border=True):
            st.markdown("**:orange[▲ Risks]**")
            bullets(summary.risk_factors, ":orange[▲]", notes.get("risk_factors"), buttons.get("risk_factors"))
    if summary.action_items:
        with st.container(border=True):
            st.markdown("**☐ Action items**")
            bullets(summary.action_items, "☐", notes.get("action_items"), buttons.get("action_items"))
    _section("Recommendations", summary.recommendations, notes.get("recommendations"), buttons.get("recommendations"))
    if told := found_in_document(grounding):
        st.caption(told)


def _buttons(grounding: "Grounding | None", leads: "Leads | None", name: str) -> dict[str, dict[int, Callable[[], None]]]:
    found: dict[str, dict[int, Callable[[], None]]] = {}
    if leads is not None:
        for (section, n), fields in leads.of(grounding).items():
            found.setdefault(section, {})[n] = partial(leads.offer, f"{name}{section}_{n}", fields)
    return found


def _section(
    heading: str, statements: Sequence[str], notes: Mapping[int, str] | None, leads: _Buttons | None = None
) -> None:
    if statements:
        st.markdown(f"**{heading}**")
        bullets(statements, notes=notes, leads=leads)


def found_in_document(grounding: "Grounding | None") -> str:
    """Of how many of the statements that claim anything the figures and names occur in the document, and no more than that."""
    if grounding is None:
        return ""
    against = {(entry.section, entry.index) for entry in grounding.contradictions}
    claiming = [s for s in grounding.statements if s.fields or s.not_found or (s.section, s.index) in against]
    if not claiming:
        return grounding.not_checked or ""
    found = len(claiming) - sum(bool(statement.not_found) for statement in claiming)
    told = f"The figures and names of {found} of {counted(len(claiming), 'statement')} occur in the document."
    if against:
        told += f" {counted(len(against), 'statement')} {'contradicts' if len(against) == 1 else 'contradict'} the record."
    return f"{told} {grounding.not_checked}" if grounding.not_checked else told


def overtaken_statements(review: "Review") -> None:
    """What the initial summary says of values that were changed since."""
    summary = review.workflow.stage1.ai_initial_summary
    said = {"executive_summary": [summary.executive_summary]} | {
        section: getattr(summary, section) for section in ("key_findings", "recommendations", "risk_factors", "action_items")
    }
    overtaken = [text for section, texts in said.items() for n, text in enumerate(texts) if (section, n) in review.overtaken]
    if overtaken:
        st.markdown("**The summary spoke of the values before these changes**")
        bullets(overtaken, ":gray[↻]")


def _notes(grounding: "Grounding | None", overtaken: "Collection[tuple[str, int]]") -> dict[str, dict[int, str]]:
    """What stands after a statement, by section and index, as Markdown."""
    notes: dict[str, dict[int, str]] = {}
    against = {(entry.section, entry.index): entry.told for entry in grounding.contradictions} if grounding else {}
    for statement in grounding.statements if grounding else ():
        marks = []
        if told := against.get((statement.section, statement.index)):
            marks.append(f":red[✕ contradicts: {plain(', '.join(told))}]")
        if statement.not_found:
            marks.append(f":orange[◇ not found in the document: {plain(', '.join(statement.not_found))}]")
        if (statement.section, statement.index) in overtaken:
            marks.append(CHANGED_SINCE)
        notes.setdefault(statement.section, {})[statement.index] = "".join(f"&emsp;{mark}" for mark in marks)
    return notes


_CHECK_MARKS = {"error": ":red[▲]", "warning": ":orange[△]", "note": ":gray[○]"}


def findings_list(answers: Sequence["Finding"]) -> None:
    """What the checks found; where nothing differs, what they compared, and what they could not."""
    from kraftd_core import doubts, figures_said, told, unchecked_said

    found = told(answers)
    for finding in found:
        st.markdown(f"{_CHECK_MARKS[finding.severity]}&ensp;{plain(finding.message)}")
    said = None if doubts(found) else figures_said(answers)
    if said:
        unchecked = unchecked_said(answers)
        st.markdown(f"{':gray[○]' if unchecked else ':green[✓]'} {' '.join(filter(None, (said, unchecked)))}")


_MOST_CHANGES_AS_TEXT = 60


def change_confidence(change: "Change", places: "Mapping[str, Place]") -> str:
    """How sure the machine was of a value before it was changed; a dash where that was not measured."""
    place = places.get(change.field)
    return sure(place.confidence) if place is not None else "—"


def changes_list(
    changes: "Sequence[Change]", sentences: Sequence[str], places: "Mapping[str, Place]", who: str, when: datetime | None = None
) -> None:
    """The changes in words, with how sure the machine had been, who changed it and when, and the reasons."""
    if not changes:
        st.markdown("Nothing was changed.")
        return
    st.caption(f"Changed by {plain(who)}" + (f", {moment(when)}" if when else ", not recorded yet"))
    was = [change_confidence(change, places) for change in changes]
    if len(changes) > _MOST_CHANGES_AS_TEXT:
        columns = {"Change": sentences, "Was": was, "Reason": [change.user_reason for change in changes]}
        st.dataframe(text_frame(columns), hide_index=True, placeholder="", alt="Changes", height=grid_height(len(changes)))
        return
    for change, sentence, share_before in zip(changes, sentences, was, strict=True):
        facts = [] if share_before == "—" else [f"read with {share_before}"]
        facts += [f"because: {plain(change.user_reason)}"] if change.user_reason else []
        st.markdown(f"✎&ensp;{plain(sentence)}" + (f"&emsp;:gray[{' · '.join(facts)}]" if facts else ""))


def trail(entries: Iterable["HistoryEntry"]) -> None:
    """What happened when, and who did it."""
    for entry in entries:
        what = f"**{plain(entry.action.capitalize())}** · {plain(entry.details)}"
        st.markdown(f":gray[{moment(entry.timestamp)}]&emsp;{what} :gray[· {plain(entry.actor)}]")


def stage_story(workflow: "Workflow", standing: str) -> None:
    """The three stages with what each did and how long it took, those to come in grey; and whether they are recorded."""
    stage1, stage2, stage3 = workflow.stage1, workflow.stage2, workflow.stage3
    took = stage1.initial_summary_metadata.extraction_time_ms
    counts = f"{counted(stage1.source.extraction_fields_count, 'field')}, {counted(stage1.source.line_items_count, 'line')}"
    _stage(1, "Read", stage1.timestamp, counts if took is None else f"{counts} · {seconds(took / 1000)}")
    if stage2:
        changed, took = stage2.user_actions.total_modifications, stage2.user_actions.editing_time_seconds
        what = counted(changed, "changed value") if changed else "left as it was read"
        how = "Reviewed" if stage2.reviewed_by else "Recorded without a review"
        _stage(2, how, stage2.timestamp, what if took is None else f"{what} · {seconds(took)} of editing")
    else:
        st.markdown(":gray[○ 2 Not reviewed yet]")
    if stage3:
        _stage(3, "Delivered", stage3.timestamp, plain(stage3.deliverable.filename))
    else:
        st.markdown(":gray[○ 3 Not delivered yet]")
    st.markdown(standing)


def _stage(number: int, name: str, when: datetime, what: str) -> None:
    st.markdown(f"● **{number} {name}** · {what}  \n:gray[{moment(when)}]")


# Data to read


def text_frame(columns: "Mapping[str, Sequence[str | None]]") -> "pd.DataFrame":
    """A frame of texts alone, so that no grid turns an empty or a numeric column into another type."""
    import pandas as pd

    return pd.DataFrame({name: pd.array(list(texts), dtype="string") for name, texts in columns.items()})


def wide_enough(label: str, texts: "Sequence[str | None]") -> int | None:
    """The width in pixels that shows each text whole; None where one is prose, which may be cut.

    A grid measures its first lines only, and of a figure further down it would show a part that reads as another figure.
    """
    longest = max((len(text) for text in (label, *texts) if text), default=0)
    return 22 + 7 * longest if longest <= _LONGEST_FIGURE else None


_LONGEST_FIGURE = 30


def grid_height(rows: int) -> int:
    """The height in pixels of a grid that shows its rows, up to fourteen of them."""
    return 38 + 35 * min(max(rows, 1), 14)


def show_values(data: dict[str, Any]) -> None:
    """The fields of a document, to read."""
    from kraftd_core import grids, label_of, text_of

    names = [name for name in grids.detail_names(data, "other") if data[name] is not None]
    columns: dict[str, list[str | None]] = {
        "field": [label_of(name) for name in names], "value": [text_of(data[name]) for name in names]
    }  # fmt: skip
    config = {"field": st.column_config.TextColumn("Field", width="small"), "value": st.column_config.TextColumn("Value")}
    st.dataframe(text_frame(columns), column_config=config, hide_index=True, alt="Details")


def show_rows(name: str, rows: Sequence[dict[str, Any]]) -> None:
    """A table of a document, to read."""
    from kraftd_core import grids, label_of, text_of

    names = grids.columns_of(name, rows)
    columns = {f"c{n}": [text_of(row.get(column)) for row in rows] for n, column in enumerate(names)}
    config = {
        f"c{n}": st.column_config.TextColumn(label, width=wide_enough(label, columns[f"c{n}"]))
        for n, label in enumerate(map(label_of, names))
    }
    st.dataframe(text_frame(columns), column_config=config, hide_index=True, placeholder="", alt=label_of(name))
