"""What a page needs of its session: the bridge to the core, the opened workflow, and errors shown as sentences."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

import streamlit as st

from kraftd_core import KraftdError, NotFound, StoreUnavailable
from pages.parts.widgets import plain

if TYPE_CHECKING:
    from kraftd_core import Actor, Core, Desk, JobView

T = TypeVar("T")

_OPENED = "opened_workflow"
RULES = "Rule-based summary"
_READERS = {"local": "Local reader", "azure": "Azure Document Intelligence"}
_PLACES = {
    "sqlite": "on this computer",
    "local": "on this computer",
    "cosmos": "in Azure Cosmos DB",
    "azure_blob": "in Azure Blob Storage",
}


def started() -> "Core":
    """The core, which the server made when it started: this module itself stays light, so that the first page comes fast."""
    from kraftd_core import core

    return core()


def actor() -> "Actor":
    """Who is signed in."""
    return started().actor


def saved() -> str:
    """Where records and files are kept."""
    settings = started().settings
    records, files = _PLACES[settings.store], _PLACES[settings.files]
    return f"Saved {records}" if records == files else f"Saved {records}, files {files}"


def reader() -> str:
    """Who reads documents."""
    return _READERS[started().settings.extractor]


def writer() -> str:
    """Who writes summaries, as Markdown."""
    settings = started().settings
    if settings.agent == "azure_openai":
        return f"Summary by {plain(str(settings.azure_openai_deployment))} at Azure OpenAI"
    if settings.agent == "openai":
        place = urlsplit(settings.openai_base_url).hostname if settings.openai_base_url else "OpenAI"
        return f"Summary by {plain(settings.openai_model)} at {plain(str(place))}"
    return RULES


def model() -> str:
    """The model that is set to write summaries, as Markdown; empty where the rules do."""
    settings = started().settings
    named = {"openai": settings.openai_model, "azure_openai": settings.azure_openai_deployment}.get(settings.agent)
    return plain(str(named)) if named else ""


def upload_limit_mb() -> int:
    """The largest file that is taken."""
    return started().settings.upload_limit_mb


def handling() -> str:
    """What becomes of a document that is uploaded: who gets to see it."""
    settings = started().settings
    read = "Read on this computer." if settings.extractor == "local" else f"Read by {reader()}."
    return read if settings.agent == "rules" else f"{read} {writer()}, which gets the values read."


def ask(verb: "Callable[[Desk], Awaitable[T]]") -> T:
    """The answer of the core to one verb of its desk."""
    return started().run(verb)


@contextmanager
def shown_errors() -> Iterator[None]:
    """Shows what the core says when it cannot do something; what it does not foresee travels on."""
    try:
        yield
    except KraftdError as error:
        safe = "  \nWhat was recorded is safe." if isinstance(error, StoreUnavailable) else ""
        st.error(plain(error.plainly) + safe, icon=":material/error:")


def opened_workflow() -> str | None:
    """The workflow of the address, else the one that this session worked on last, which the address then names."""
    named = st.query_params.get("workflow") or st.session_state.get(_OPENED)
    if named:
        remember(named)
        if st.query_params.get("workflow") != named:
            st.query_params["workflow"] = named
    return named


def remember(workflow_id: str) -> None:
    """Makes this the workflow that the session works on."""
    st.session_state[_OPENED] = workflow_id


def job_in_address() -> "tuple[str, JobView] | None":
    """The work that the address names and how it stands; raises NotFound after a restart of the server."""
    job_id = st.query_params.get("job")
    if not job_id:
        return None
    return job_id, ask(lambda desk: desk.job(actor(), job_id))


def job_of(job_id: str) -> "JobView | None":
    """How a job stands; None where it is not known any more."""
    try:
        return ask(lambda desk: desk.job(actor(), job_id))
    except NotFound:
        return None


def forget_job() -> None:
    """Takes the finished work out of the address."""
    if "job" in st.query_params:
        del st.query_params["job"]
