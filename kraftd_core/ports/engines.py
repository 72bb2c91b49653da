"""What is known of the services that the settings chose: how their calls end, and whether a failure passes by itself."""

import logging
import re
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from time import monotonic
from typing import Literal

from kraftd_core.errors import IF_IT_STAYS

log = logging.getLogger(__name__)

Role = Literal["records", "files", "reader", "writer"]
"""What an engine is for."""

AWAY: Literal["no connection"] = "no connection"
SILENT = "no answer in time"
"""The causes of an outage in which nobody was met at the address."""

_REQUEST_IDS = ("x-ms-activity-id", "apim-request-id", "x-ms-request-id", "x-request-id")
_NO_SUCH_NAME = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}  # the second is not on every system
_ID = re.compile(r"[A-Za-z0-9_.:-]{1,80}")


@dataclass(frozen=True, slots=True)
class Failure:
    """A call that failed: the sentence that people are told, and whether it may pass without anybody's doing."""

    at: datetime
    sentence: str
    passes: bool
    cause: str
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class EngineStands:
    """How an engine stands; `signs_in` says as whom it is called, `named_by` what names it.

    `host` has the port behind it where that is not the scheme's own. The counts are those of `day` (UTC), as far as this
    process made the calls.
    """

    role: Role
    name: str
    host: str = ""
    signs_in: str = ""
    last_success: datetime | None = None
    last_failure: Failure | None = None
    day: date | None = None
    calls: int = 0
    failed: int = 0
    tokens: int = 0
    named_by: str = ""

    @property
    def is_failing(self) -> bool:
        """Whether its last call failed."""
        failure, success = self.last_failure, self.last_success
        return failure is not None and (success is None or failure.at >= success)


@dataclass(frozen=True, slots=True)
class Tried:
    """What a try of an engine found: what was reached, and what is missing; nothing missing is well."""

    reached: str
    lacks: tuple[str, ...] = ()


class Call:
    """One call under way: what the service said of itself in the heads of its answers, and how often in a row it refused."""

    def __init__(self) -> None:
        self.began = monotonic()
        self.attempts = 0
        self.last_status = 0
        self.request_id = ""
        self.refusal = ""

    @property
    def seconds(self) -> float:
        """How long it took so far."""
        return monotonic() - self.began

    def heard(self, status: int, headers: Mapping[str, str]) -> None:
        """Takes note of an answer, the last of which counts."""
        self.attempts, self.last_status = (self.attempts + 1 if status >= 400 else 0), status
        self.refusal = f"status={status}" if status >= 400 else ""
        given = next((headers[name] for name in _REQUEST_IDS if headers.get(name)), "")
        self.request_id = given if _ID.fullmatch(given) else ""

    def refused_as(self, status: int, *codes: str) -> None:
        """Takes note of the codes that a refusal gives beside its status; what is no code is left out."""
        self.refusal = "/".join([f"status={status}", *(code for code in codes if _ID.fullmatch(code))])


_UNDER_WAY: ContextVar[Call | None] = ContextVar("call", default=None)


def under_way() -> Call:
    """The call that is under way here."""
    return _UNDER_WAY.get() or Call()


def heard(status: int, headers: Mapping[str, str]) -> None:
    """For the hooks of a client, which know no call: notes an answer to the one that is under way here."""
    under_way().heard(status, headers)


class Engine:
    """An engine as its calls show it; each failed call is a line in the log, and so is the first that goes well again."""

    def __init__(
        self,
        role: Role,
        name: str,
        host: str = "",
        signs_in: str = "",
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        named_by: str = "",
    ) -> None:
        self._now = now
        self.stands = EngineStands(role, name, host, signs_in, named_by=named_by)

    @contextmanager
    def call(self) -> Iterator[Call]:
        """One call; whoever makes it says how it ended."""
        call = Call()
        token = _UNDER_WAY.set(call)
        try:
            yield call
        finally:
            _UNDER_WAY.reset(token)

    def succeeded(self, tokens: int = 0) -> None:
        """A call went well."""
        before, now = self._today(), self._now()
        if before.is_failing and before.last_failure:
            log.info("engine answers again engine=%s host=%s after=%s", before.role, before.host, before.last_failure.cause)
        self.stands = replace(before, last_success=now, calls=before.calls + 1, tokens=before.tokens + tokens)

    def failed(self, call: Call, cause: str, sentence: str, *, passes: bool) -> str:
        """A call failed, for a cause that is a code and quotes nothing of what the service said; the sentence that is told.

        Where nobody was met at the address, one is added on the setting that holds it.
        """
        before = self._today()
        if cause in (AWAY, SILENT) and not call.last_status and before.named_by:
            sentence += f" {IF_IT_STAYS} ask for {before.named_by} to be checked."
        log.warning(
            "engine failed engine=%s host=%s cause=%s seconds=%.1f attempts=%d request=%s",
            before.role, before.host, cause, call.seconds, max(call.attempts, 1), call.request_id or "-",
        )  # fmt: skip
        failure = Failure(self._now(), sentence, passes, cause, call.request_id)
        self.stands = replace(before, last_failure=failure, calls=before.calls + 1, failed=before.failed + 1)
        return sentence

    def _today(self) -> EngineStands:
        today = self._now().date()
        return self.stands if self.stands.day == today else replace(self.stands, day=today, calls=0, failed=0, tokens=0)


def unreachable(error: BaseException) -> Literal["unknown host", "no trusted https", "no connection"]:
    """Why nobody was reached. The first two do not pass by themselves; a name that cannot be looked up just now may."""
    at: BaseException | None = error
    for _ in range(20):  # what an exception came from may come back to it
        if at is None:
            break
        if isinstance(at, socket.gaierror) and at.errno in _NO_SUCH_NAME:
            return "unknown host"
        if isinstance(at, ssl.SSLError):
            return "no trusted https"
        at = at.__cause__ or at.__context__
    return AWAY
