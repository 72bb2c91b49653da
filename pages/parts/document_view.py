"""The document beside its data: its pages with the values marked where they stand, or what it holds if it has no pages."""

import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import streamlit as st

from kraftd_core import KraftdError
from pages.parts.contents import show_contents
from pages.parts.inside_streamlit import address_of_picture
from pages.parts.pictures import document_contents, document_page, has_pages
from pages.parts.widgets import plain, share

if TYPE_CHECKING:
    from kraftd_core import Attention, Workflow

Standing = Literal["sure", "doubtful", "failed", "confirmed", "changed"]

_SAYS: dict[Standing, str] = {
    "sure": "", "doubtful": "to be looked at", "failed": "see the checks", "confirmed": "confirmed", "changed": "changed",
}  # fmt: skip
_FAILING = frozenset(("error", "warning"))
_FILES = Path(__file__).parent / "document_view_files"
_SHEET = (1240, 1754)  # what an image is held for until its size is known
_LONGEST_TEXT = 400

_view = st.components.v2.component(
    "document_view",
    html=(_FILES / "view.html").read_text("utf-8"),
    css=(_FILES / "view.css").read_text("utf-8"),
    js=(_FILES / "view.js").read_text("utf-8"),
)


@dataclass(frozen=True, slots=True)
class Marked:
    """A value and where it stands on the page; the field is named like changes, the polygon is x, y, … in page fractions."""

    field: str
    label: str
    text: str
    confidence: float | None
    page: int
    polygon: Sequence[float]
    standing: Standing


def marked_of(attention: "Attention") -> list[Marked]:
    """Every value that has a place on a page; one of a failed check is told apart from one that was read with doubt."""
    failed = {entry.field for entry in attention.entries if any(reason.kind in _FAILING for reason in entry.reasons)}
    standings: dict[str, Standing] = {"confirmed": "confirmed", "changed": "changed"}

    def standing(field: str, stands: str) -> Standing:
        if stands == "eyes":
            return "failed" if field in failed else "doubtful"
        return standings.get(stands, "sure")

    return [
        Marked(m.field, m.label, m.text or "", m.confidence, m.page, m.polygon, standing(m.field, m.standing))
        for m in attention.marks()
    ]


def show_document(
    key: str,
    workflow: "Workflow",
    marked: Sequence[Marked] = (),
    chosen: str | None = None,
    enlarge: bool = False,
    beside: Sequence[Mapping[str, Any]] = (),
) -> str | None:
    """The document with its values marked; the field whose box was clicked since the last run (told once), else None.

    `beside` are the grids whose selected cell has its box shown: of each the `key`, and either the `fields` by their labels, or
    the paths of the `rows` and what the `columns` add to them, by their heads.
    """
    key = f"{key}_{workflow.export_workflow_id}"  # another document begins on its first page, at its own size
    if not has_pages(workflow):
        _show_held(workflow)
        return None
    picked: str | None = st.session_state.pop(f"{key}_picked", None)
    _follow(key, marked, chosen)
    _show_page(key, workflow, marked, {"chosen": chosen, "enlarge": enlarge, "grids": beside})
    return picked


@st.fragment
def offer_contents(key: str, workflow: "Workflow") -> None:
    """A document without pages, shown on demand: its tables need the width that it would take beside them."""
    if st.toggle("Show the document", key=f"{key}_offered"):
        _show_held(workflow, height=360)


def _show_held(workflow: "Workflow", height: int = 640) -> None:
    """What a document without pages holds, or why that cannot be shown."""
    try:
        contents = document_contents(workflow)
    except KraftdError as error:
        st.caption(f"The document cannot be shown. {plain(str(error))}")
        return
    if contents is None:
        st.caption("The document cannot be shown.")
    else:
        show_contents(contents, height)


def _follow(key: str, marked: Sequence[Marked], chosen: str | None) -> None:
    """Goes to the page of a value that was not chosen before."""
    if chosen == st.session_state.get(f"{key}_chosen"):
        return
    st.session_state[f"{key}_chosen"] = chosen
    _turn_to(key, marked, chosen)


def _turn_to(key: str, marked: Sequence[Marked], field: str | None) -> None:
    """Goes to the page of a value, if it stands on one."""
    page = next((one.page for one in marked if one.field == field), None)
    if page:
        st.session_state[f"{key}_page"] = page


@st.fragment
def _show_page(key: str, workflow: "Workflow", marked: Sequence[Marked], told: Mapping[str, Any]) -> None:
    """One page; turning it runs this part alone, a click on a box runs the whole page."""
    if f"{key}_picked" in st.session_state:
        st.rerun()
    if sought := st.session_state.pop(f"{key}_sought", None):
        _turn_to(key, marked, sought)
    count = max(1, workflow.stage1.source.page_count or 1)
    page = min(st.session_state.get(f"{key}_page", 1), count)
    boxes = [_box(one) for one in _in_reading_order([one for one in marked if one.page == page])]
    shown = {"page": page, "pages": count, "alt": f"Page {page} of {count}", "boxes": boxes}
    _view(
        key=f"{key}_view",
        data={**shown, **told} | _image(key, workflow, page),
        on_sought_change=_keeper(key, "sought"),
        on_page_change=_keeper(key, "page"),
        on_picked_change=_keeper(key, "picked"),
    )


def _keeper(key: str, name: str) -> Callable[[], None]:
    """Keeps what the view tells under this name."""

    def keep() -> None:
        told = st.session_state[f"{key}_view"].get(name)
        if told is not None:
            st.session_state[f"{key}_{name}"] = told

    return keep


def _image(key: str, workflow: "Workflow", page: int) -> dict[str, Any]:
    """Where the browser fetches the image, or why there is none."""
    try:
        image = document_page(workflow, page)
    except KraftdError as error:
        return {"image": None, "size": _SHEET, "problem": f"This page cannot be shown. {error}"}
    if image is None:
        return {"image": None, "size": _SHEET, "problem": "This page cannot be shown."}
    return {"image": address_of_picture(image, key), "size": _size(image), "problem": None}


def _size(image: bytes) -> tuple[int, int]:
    """Width and height in pixels, as a PNG's head says."""
    return struct.unpack(">II", image[16:24]) if image.startswith(b"\x89PNG") else _SHEET


# Boxes


def _box(one: Marked) -> dict[str, Any]:
    left, top, right, bottom = _bounds(one)
    return {
        "field": one.field,
        "label": one.label,
        "text": one.text if len(one.text) <= _LONGEST_TEXT else one.text[:_LONGEST_TEXT] + "…",
        "sure": "" if one.confidence is None else f"{share(one.confidence)} sure",
        "says": _SAYS[one.standing],
        "standing": one.standing,
        "box": [round(n, 5) for n in (left, top, right - left, bottom - top)],
    }


def _bounds(one: Marked) -> tuple[float, float, float, float]:
    """Left, top, right, bottom, within the page."""
    xs, ys = ([min(1.0, max(0.0, n)) for n in one.polygon[start::2]] for start in (0, 1))
    return min(xs), min(ys), max(xs), max(ys)


def _in_reading_order(marked: Sequence[Marked]) -> list[Marked]:
    """Line by line; a value whose middle is above the foot of a line's first value stands in that line."""
    lines: list[list[Marked]] = []
    foot = 0.0
    for one in sorted((m for m in marked if len(m.polygon) >= 4), key=lambda m: _bounds(m)[1]):
        _, top, _, bottom = _bounds(one)
        if lines and (top + bottom) / 2 < foot:
            lines[-1].append(one)
        else:
            lines.append([one])
            foot = bottom
    return list(chain.from_iterable(sorted(line, key=lambda m: _bounds(m)[0]) for line in lines))
