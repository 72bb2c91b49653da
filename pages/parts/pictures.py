"""What a session shows of documents: pages as images, of the uploaded one and of the file made of it, or what it holds."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import streamlit as st

from kraftd_core import KraftdError
from pages.parts.session import actor, ask
from pages.parts.widgets import plain

if TYPE_CHECKING:
    from kraftd_core import Contents, Workflow

T = TypeVar("T")

_KEPT = "page_images"
_MOST_KEPT = 8


def can_be_shown(workflow: "Workflow") -> bool:
    """Whether there is anything to show of the document; not if its file is gone."""
    try:
        return has_pages(workflow) or document_contents(workflow) is not None
    except KraftdError:
        return False


def has_pages(workflow: "Workflow") -> bool:
    """Whether the document has pages to show; workbooks, letters and data files have none."""
    try:
        return document_page(workflow, 1) is not None
    except KraftdError:
        return False


def document_page(workflow: "Workflow", page: int) -> bytes | None:
    """A page of the uploaded document."""
    workflow_id = workflow.export_workflow_id
    return _kept(f"{workflow_id}:{page}", lambda: ask(lambda desk: desk.page_image(actor(), workflow_id, page)))


def document_contents(workflow: "Workflow") -> "Contents | None":
    """What the uploaded document holds, if it has no pages."""
    workflow_id = workflow.export_workflow_id
    return _kept(f"{workflow_id}:contents", lambda: ask(lambda desk: desk.content_view(actor(), workflow_id)))


@st.fragment
def show_pages(key: str, page_count: int | None, draw: Callable[[int], bytes | None]) -> None:
    """Pages one at a time, with buttons to turn them."""
    count = max(1, page_count or 1)
    page = min(st.session_state.get(f"{key}_page", 1), count)
    if count > 1:
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="center"):
            st.button("‹", key=f"{key}_back", help="Page back", disabled=page == 1, on_click=_turn, args=(key, page - 1))
            st.markdown(f"Page {page} of {count}", width="content")
            st.button("›", key=f"{key}_next", help="Next page", disabled=page == count, on_click=_turn, args=(key, page + 1))
    try:
        image = draw(page)
    except KraftdError as error:
        st.caption(f"This page cannot be shown. {plain(str(error))}")
        return
    if image:
        with st.container(border=True, key=f"{key}_image"):
            st.image(image, width="stretch", alt=f"Page {page} of {count}")


def _turn(key: str, page: int) -> None:
    st.session_state[f"{key}_page"] = page


def kept_file_page(content_hash: str, page: int, make: Callable[[], bytes | None]) -> bytes | None:
    """A page of a produced file."""
    return _kept(f"{content_hash}:{page}", make)


def _kept(name: str, make: Callable[[], T]) -> T:
    """What this session shows, made once; only the last few are kept."""
    images: dict[str, T] = st.session_state.setdefault(_KEPT, {})
    if name not in images:
        images[name] = make()
        for oldest in list(images)[:-_MOST_KEPT]:
            del images[oldest]
    return images[name]
