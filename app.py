"""The web application: the pages and the routes over one core; `streamlit run app.py` or `uvicorn app:app`."""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st

from kraftd_core import KraftdError
from pages.parts.widgets import plain

log = logging.getLogger("kraftd.app")


def last_resort(error: Exception) -> bool:
    """Logs an error that no page could answer, once, and shows a plain notice instead of its traceback."""
    if isinstance(error, KraftdError):
        st.error(plain(error.plainly), icon=":material/error:")
        return True
    log.error("page failed", exc_info=error)
    st.error(
        "Something went wrong on our side. What you recorded and typed is safe: reload the page and go on.",
        icon=":material/error:",
    )
    return True


try:  # the server pays for the core and its routes when it starts, no page does
    from kraftd_core import core, guards, health_routes, hold_uploads_to, mount_api, start_server

    started = start_server()
    hold_uploads_to(started.settings.upload_limit_mb)
    api = mount_api(started)
except KraftdError as error:
    sys.exit(str(error))

@asynccontextmanager
async def closing(_app: st.App) -> AsyncIterator[None]:
    """When the server is told to end, what is under way ends and the records are closed."""
    yield
    await asyncio.to_thread(started.close)


# Streamlit looks for this very form, `app = st.App(`, when it decides how to serve the file.
app = st.App(
    Path(__file__).resolve().parent / "pages" / "frame.py",
    middleware=guards(started.settings),
    routes=[*health_routes(core), api],
    on_script_error=last_resort,
    lifespan=closing,
)
