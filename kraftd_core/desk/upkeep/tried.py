"""What `check` says of each engine that was tried: to an administrator, who can set it and waits for no confirmation."""

import re
from typing import TYPE_CHECKING

from kraftd_core.ports.engines import AWAY, SILENT, EngineStands, Tried

if TYPE_CHECKING:
    from kraftd_core.errors import KraftdError

_RULES_WRITE = ' Until then: KRAFTD_AGENT = "rules".'
_OF_THEIR_SIDE = re.compile(r"status=(408|5\d\d)")
_TOO_MUCH = re.compile(r"status=(429|449)")


def said_of_engine(stands: EngineStands, found: "Tried | KraftdError") -> tuple[bool, str]:
    """Whether it is well, and the line: what it is, where and as whom it was called, and what was found or is to be done."""
    where = f"{stands.name} at {stands.host}" if stands.host else stands.name
    if isinstance(found, Tried):
        lacks = f". Missing: {'; '.join(found.lacks)}." if found.lacks else ""
        return not found.lacks, f"{where}, {stands.signs_in}: {found.reached}{lacks}"
    failure = stands.last_failure
    if failure is None or not failure.passes:
        return False, f"{where}, {stands.signs_in}: {found}"
    way_on = _RULES_WRITE if stands.role == "writer" else ""
    return False, f"{where}, {stands.signs_in}: {_what_happened(failure.sentence)} {_what_to_do(stands)}{way_on}"


def _what_happened(sentence: str) -> str:
    """The first sentence, without what is said to whoever waits for a confirmation."""
    first = re.split(r"(?<=[.!?])\s+(?=[A-Z])", sentence, maxsplit=1)[0]
    return first.replace(", so there is no confirmation", "").replace(" and did not confirm", "")


def _what_to_do(stands: EngineStands) -> str:
    failure = stands.last_failure
    cause, request = (failure.cause, failure.request_id) if failure else ("", "")
    if cause in (AWAY, SILENT):
        return f"Check {stands.named_by}, whether it runs there, and the networks and firewalls in between."
    if _TOO_MUCH.match(cause):
        return "Try again in a minute; if it stays so, raise its quota."
    told = ", ".join([cause.replace("=", " "), *([f"call {request}"] if request else [])])
    if _OF_THEIR_SIDE.match(cause):
        support = f"give its support the id of the call, {request}" if request else "ask its support"
        later = f"if it stays so, see the service's own page of its state, or {support}"
        return f"It said: {told}. Try again in a few minutes; {later}."
    return f"It said: {told}. Check what answers there: {stands.named_by}."
