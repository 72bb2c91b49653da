"""Compare: two versions of documents beside each other, or all three of one workflow, row by row."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import streamlit as st

from kraftd_core import (
    COMPARE_CSS,
    KINDS_OF_LINES,
    VERSIONS,
    Comparison,
    HistoryFilter,
    Wanted,
    WorkflowLine,
    comparison_html,
    likeness_told,
    reading_told,
)
from pages.parts.session import actor, ask, shown_errors
from pages.parts.widgets import STATES, moment, plain

MOST_OFFERED, MOST_SHOWN = 100, 400
THREE = "three"
KEPT, SEEN = "compare_kept", "compare_seen"
COME = {"awaiting_user_review": 1, "awaiting_final_processing": 2, "completed": 3}
"""How many of the versions there are in each state."""
FILES = {"html": "Page to print", "excel": "Excel", "csv": "CSV", "patch": "JSON Patch"}
VIEW_CSS = """
.bar { display: flex; gap: .5rem; align-items: center; padding: .4rem 0; position: sticky; top: 0; z-index: 1;
  background: var(--st-background-color); }
.bar button { font: inherit; color: inherit; background: transparent; border: 1px solid var(--st-border-color, #8886);
  border-radius: .4rem; padding: .25rem .7rem; cursor: pointer; }
.bar button:hover, .bar button:focus-visible { border-color: var(--st-primary-color); outline: none; }
.lines { color: var(--st-text-color); font-family: var(--st-font); max-height: 68vh; overflow: auto; }
.here th, .here td { background: color-mix(in srgb, var(--st-primary-color) 14%, transparent); }
"""

_view = st.components.v2.component(
    "compared",
    html='<div class="compared"><div class="bar"><button class="back" type="button">‹ Previous change</button>'
    '<button class="next" type="button">Next change ›</button><span class="at" aria-live="polite"></span></div>'
    '<div class="lines" tabindex="0" role="region" aria-label="Comparison"></div></div>',
    css=COMPARE_CSS + VIEW_CSS,
    js=(Path(__file__).parent / "parts" / "compared.js").read_text("utf-8"),
)


def show() -> None:
    """The two pickers, and what the chosen versions have and have not in common."""
    st.title("Compare")
    with shown_errors():
        newest = documents("")
        if not newest:
            return show_nothing()
        offered = show_search() or newest
        chosen = show_pickers(offered)
        return show_comparison(kept_comparison([*newest, *offered], chosen))
    return None


def show_nothing() -> None:
    """What to do first."""
    st.markdown("You have no documents yet. Once you take one through, its versions can be compared here.")
    st.page_link("stage1_summary.py", label="New document", icon=":material/upload_file:")


def documents(words: str) -> Sequence[WorkflowLine]:
    """The newest documents with all of the words in their name, supplier or number."""
    return ask(lambda desk: desk.history(actor(), HistoryFilter(words), MOST_OFFERED)).lines


# What is compared


def show_search() -> Sequence[WorkflowLine]:
    """What is offered instead of the newest documents: those with the words that are searched; none without words."""
    words = st.text_input(
        "Find documents", key="compare_find", icon=":material/search:", width=420,
        placeholder="Find documents: words in a name, supplier or number", label_visibility="collapsed",
    )
    found = documents(words) if words else []
    if words and not found:
        st.caption("No document has all of these words, so the newest ones are offered.")
    return found


def show_pickers(offered: Sequence[WorkflowLine]) -> list[tuple[str, str]]:
    """The versions that are compared, as the address names them or the user chooses."""
    seen = st.session_state.setdefault(SEEN, {})  # what is compared keeps its name while others are searched
    seen.update((line.export_workflow_id, line) for line in offered)
    come = {workflow_id: tuple(VERSIONS)[: COME[line.status]] for workflow_id, line in seen.items()}
    newest = next((line for line in offered if COME[line.status] > 1), offered[0])
    left, right = address("left", newest, "ai"), address("right", newest, come[newest.export_workflow_id][:2][-1])
    names = {line.export_workflow_id: name_of(line) for line in offered}
    for workflow_id, _ in (left, right):
        names[workflow_id] = name_of(seen[workflow_id]) if workflow_id in seen else f"An older document, {workflow_id[:8]}"
    is_three = st.toggle(
        "All three versions of one document", st.query_params.get("view") == THREE, key="compare_three",
        help="What the AI read, what you made of it and what was delivered, in three columns.",
    )
    st.query_params["view"] = THREE if is_three else "two"
    with st.container(key="compare_sides"):
        columns = st.columns(2)
    with columns[0]:
        left = picked("left", "Document" if is_three else "Left", left, names, come, has_version=not is_three)
    if is_three:
        versions = come.get(left[0], tuple(VERSIONS))
        return [(left[0], version) for version in (versions if len(versions) > 1 else versions * 2)]
    with columns[1]:
        right = picked("right", "Right", right, names, come)
    return [left, right]


def name_of(line: WorkflowLine) -> str:
    """A workflow in a list to choose from."""
    known = " · ".join(filter(None, (line.headline.number, line.headline.vendor)))
    return f"{line.document_name} · {known} · {moment(line.started_at)} · {STATES[line.status]}"


def address(side: str, line: WorkflowLine, version: str) -> tuple[str, str]:
    """The workflow and version that the address names; else those of the newest document."""
    workflow_id, _, named = st.query_params.get(side, "").partition(":")
    if not workflow_id:
        return line.export_workflow_id, version
    return workflow_id, named if named in VERSIONS else version


def picked(
    side: str, label: str, now: tuple[str, str], names: Mapping[str, str], come: Mapping[str, Sequence[str]], *,
    has_version: bool = True,
) -> tuple[str, str]:  # fmt: skip
    """One side as chosen, of the versions that there are; the address follows, so that the view can be shared."""
    ids = list(names)
    workflow_id = st.selectbox(label, ids, ids.index(now[0]), format_func=names.__getitem__, key=f"compare_{side}")
    versions = come.get(workflow_id, tuple(VERSIONS))
    version = now[1] if now[1] in versions else versions[-1]
    if has_version:
        version = st.selectbox(
            f"Version on the {label.lower()}", versions, versions.index(version), format_func=VERSIONS.__getitem__,
            key=f"compare_{side}_version_{len(versions)}", label_visibility="collapsed",
        )
    st.query_params[side] = f"{workflow_id}:{version}"
    return workflow_id, version


def kept_comparison(offered: Sequence[WorkflowLine], chosen: Sequence[tuple[str, str]]) -> Comparison:
    """The comparison, made once for as long as none of its workflows goes on."""
    states = {line.export_workflow_id: line.updated_at for line in offered}
    asked = [(*side, states.get(side[0])) for side in chosen]
    kept = st.session_state.get(KEPT)
    if not kept or kept[0] != asked or any(state is None for *_, state in asked):
        kept = st.session_state[KEPT] = (asked, ask(lambda desk: desk.compare(actor(), chosen)))
    made: Comparison = kept[1]
    return made


# What came out


def show_comparison(comparison: Comparison) -> None:
    """The counts first, then the filters, the lines, and the files to take along."""
    with st.container(key="compare_counts"):
        st.markdown(f"**{comparison.headline}**")
    for text in filter(None, (*comparison.warnings, likeness_told(comparison))):
        st.markdown(f":orange[▲] {plain(text)}")
    if told := reading_told(comparison):
        st.caption(told)
    wanted = show_filters(comparison)
    count = sum(map(wanted.takes, comparison.lines))
    if not count:
        st.markdown("Nothing differs here." if wanted.leaves_nothing_out else "Nothing fits what is chosen above.")
    else:
        show_lines(comparison, wanted, count)
    show_files(comparison, wanted)


def show_filters(comparison: Comparison) -> Wanted:
    """Which lines are looked at, and how they stand: beside or below each other."""
    sections = list(dict.fromkeys(line.section for line in comparison.lines))
    kinds = [kind for kind in KINDS_OF_LINES if kind != "same" and any(line.kind == kind for line in comparison.lines)]
    with st.container(horizontal=True, vertical_alignment="bottom", key="compare_filters"):
        where = st.multiselect("Sections", sections, key="compare_sections", placeholder="All", width=240)
        which = st.multiselect(
            "Kinds", kinds, format_func=lambda kind: " ".join(KINDS_OF_LINES[kind]), key="compare_kinds", placeholder="All",
            width=240,
        )
        is_unified = st.segmented_control(
            "View", ["Side by side", "Unified"], default="Side by side", key="compare_view", required=True
        ) == "Unified"
    with st.container(horizontal=True, key="compare_more"):
        doubtful = st.toggle("Only what was read with doubt", key="compare_doubtful")
        same = st.toggle("Also what is the same", key="compare_same")
        formats = st.toggle("Also what is only written differently", key="compare_formats")
    return Wanted(where, which, doubtful, same, formats or "format" in which, is_unified)


def show_lines(comparison: Comparison, wanted: Wanted, count: int) -> None:
    """The lines, with a way from change to change; of very many the first ones."""
    most = MOST_SHOWN * st.session_state.get("compare_pages", 1)
    if count > most:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"The first {most:,} of {count:,} lines stand here; the files below hold all of them.", width="content")
            st.button("Show more", key="compare_show_more", on_click=show_more)
    _view(key="compare_lines", data={"html": comparison_html(comparison, wanted, most=most)})


def show_more() -> None:
    """Shows as many lines again."""
    st.session_state["compare_pages"] = st.session_state.get("compare_pages", 1) + 1


def show_files(comparison: Comparison, wanted: Wanted) -> None:
    """The comparison as files."""
    with st.container(horizontal=True, vertical_alignment="center", key="compare_files"):
        st.caption("Take it along", width="content")
        for kind, label in FILES.items():
            file = f"compare_{kind}"
            st.download_button(
                label, partial(made_file, comparison, wanted, kind), file_name=file_name(comparison, kind),
                key=file, on_click="ignore", icon=":material/download:",
                help="What turns the left data into the right one, for programs (RFC 6902)." if kind == "patch" else None,
            )


def file_name(comparison: Comparison, kind: str) -> str:
    """A name that says which versions were compared."""
    left, right = (f"{side.workflow_id[:8]}_{side.version}" for side in comparison.sides[:2])
    suffix = {"excel": "xlsx", "patch": "json"}.get(kind, kind)
    return f"comparison_{left}_{right}.{suffix}"


def made_file(comparison: Comparison, wanted: Wanted, kind: str) -> bytes:
    """The bytes of the file, made at the click."""
    return ask(lambda desk: desk.comparison_file(comparison, wanted, kind))


show()
