"""Where the log goes and how it reads: set up once, for the server and the command line alike."""

import json
import logging
import sys
from datetime import UTC, datetime
from traceback import extract_tb
from types import TracebackType
from typing import Literal, TextIO

_OURS = ("kraftd_core", "kraftd")
_MUTED = {"uvicorn.access": "", "streamlit.error_util": "Uncaught app execution"}
"""What others would log that is not to be read: addresses, which hold what was searched for; and the text of an exception,
which may quote a document and which the application logs without it. Levels do not help, because Streamlit sets them anew."""


def log_to_stderr(level: str, form: Literal["text", "json"]) -> None:
    """Has our modules log from this level on, and all others from warnings on. Called again, it replaces what was set."""
    root, handler = logging.getLogger(), _Ours()
    for old in [h for h in root.handlers if isinstance(h, _Ours)]:
        root.removeHandler(old)
    handler.setFormatter(_JsonLines() if form == "json" else _Lines())
    root.addHandler(handler)
    for name in _OURS:
        logging.getLogger(name).setLevel(level.upper())
    logging.getLogger("azure.identity").setLevel(logging.ERROR)  # what it warns of, in ten lines, is told in one of ours
    for name in _MUTED:
        logging.getLogger(name).addFilter(_may_be_read)


def _may_be_read(record: logging.LogRecord) -> bool:
    return not record.getMessage().startswith(_MUTED[record.name])


class _Ours(logging.StreamHandler):  # type: ignore[type-arg]
    """Ours, to be told apart from those that others added. It writes to whatever standard error is at the moment."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:
        """Standard error."""
        return sys.stderr


ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class _Lines(logging.Formatter):
    """A line an entry. Of an exception its kind and its way through the code, not its text: that may quote a document."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: ARG002  its name
        """In UTC, as everything that is recorded."""
        return _moment(record)

    def formatException(self, ei: ExcInfo) -> str:
        """The frames, the outermost first, and the kind; of what it came from as well."""
        return "\n".join(trace_of(ei[1])) if ei[1] else ""


class _JsonLines(_Lines):
    """The same as JSON objects, one a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The entry with its moment, level, logger, message and trace."""
        entry = {
            "time": _moment(record), "level": record.levelname.lower(), "logger": record.name, "message": record.getMessage()
        }  # fmt: skip
        error = record.exc_info[1] if record.exc_info else None
        return json.dumps(entry | ({"trace": trace_of(error)} if error else {}), ensure_ascii=False)


def trace_of(error: BaseException) -> list[str]:
    """Where an exception and what it came from arose, and of which kind they are."""
    lines: list[str] = []
    seen: set[int] = set()
    at: BaseException | None = error
    while at is not None and id(at) not in seen:
        seen.add(id(at))
        frames = [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in extract_tb(at.__traceback__)]
        lines[:0] = [*frames, type(at).__name__]
        at = at.__cause__ or (None if at.__suppress_context__ else at.__context__)
    return lines


def _moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
