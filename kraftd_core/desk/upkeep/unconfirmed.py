"""What is said of records that the chosen store has not confirmed: the words that page, route and command line share."""

from typing import TYPE_CHECKING

from kraftd_core.document.wording import how_many

if TYPE_CHECKING:
    from kraftd_core.ports.keeping import Waiting

OTHER_CONTENT = (
    "Azure Cosmos DB holds something else in the place of these documents' records. Nothing was overwritten and yours are saved "
    "here: open each, take its bundle, and show it to whoever looks after the database."
)
NOT_TAKEN = (
    "Azure Cosmos DB does not take the records of these documents, which stay saved here. Open each, take its bundle, and "
    "show it to whoever looks after the database."
)
MISSING = (
    "Azure Cosmos DB does not have the records of these documents any more, as after it was set back. They are saved here and "
    "can be sent again."
)


def following_said(waiting: "Waiting") -> str:
    """What is said of records that are saved here alone: that they follow, or what stands against it until somebody mends it."""
    if not waiting.following:
        return ""
    are, they = ("records are", "they follow") if waiting.following > 1 else ("record is", "it follows")
    said = f"{waiting.following:,} {are} saved here and not yet in Cosmos"
    if not waiting.passes:
        return f"{said}, and that does not pass by itself. {waiting.reason} Then {they}."
    return f"{said}. {they.capitalize()} by {'themselves' if waiting.following > 1 else 'itself'}."


def reason_said(waiting: "Waiting") -> str:
    """Why records wait that follow by themselves, without the advice that belongs to who is waiting for an answer."""
    return f"{waiting.reason.partition('. ')[0].rstrip('.')}." if waiting.following and waiting.passes and waiting.reason else ""


def expired_said(waiting: "Waiting") -> str:
    """What is said of records that were never confirmed and are over."""
    if not waiting.expired:
        return ""
    said = f"{how_many(waiting.expired, 'record')} ran out of time before Azure Cosmos DB could be reached."
    return f"{said} If you still need a document of these, upload it again."


def said_of(waiting: "Waiting") -> list[str]:
    """Everything that is to be said, a sentence each, with the workflows by their ids."""
    stopped = ((OTHER_CONTENT, waiting.quarantined), (NOT_TAKEN, waiting.rejected), (MISSING, waiting.missing))
    following = f"{following_said(waiting)} {reason_said(waiting)}".strip()
    told = [following, *(f"{said} ({', '.join(ids)})" for said, ids in stopped if ids), expired_said(waiting)]
    return [sentence for sentence in told if sentence]
