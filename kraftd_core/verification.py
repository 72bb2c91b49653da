"""Verification of files: whether a file is one that was delivered here, was altered since, or is unknown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from kraftd_core.chain import Verdict
from kraftd_core.ports import Inspected, Record
from kraftd_core.records import FinalDeliverable

Answer = Literal["delivered", "altered", "unknown", "holds", "broken"]
"""`holds` and `broken` are said of records: of a bundle, and `broken` also where a delivered file's own records do not hold."""

UNKNOWN = "Unknown here: no file like this was delivered to you."


@dataclass(frozen=True, slots=True)
class Origin:
    """The delivery that a file comes from."""

    export_workflow_id: str
    document_name: str
    filename: str
    delivered_at: datetime
    delivered_by: str


@dataclass(frozen=True, slots=True)
class Link:
    """A stage of the chain, by its number: whether it and all before it hold."""

    stage: int
    recorded_at: datetime
    record_hash: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """What can be said of a file, in one sentence; `origin` and `chain` where it comes from here.

    `members` are the files of an archive that is not itself one of ours.
    """

    name: str
    answer: Answer
    sentence: str
    origin: Origin | None = None
    chain: tuple[Link, ...] = ()
    members: tuple["Judged", ...] = ()


def judge(file: Inspected, stage3: FinalDeliverable, records: Sequence[Record], verdict: Verdict) -> Judged:
    """The file held against the delivery that it is, or that it names; `verdict` is on the records of that workflow.

    Only the very bytes that a record names are ever called delivered, and only if that record holds.
    """
    origin, answer = _origin(stage3), _answer(file, stage3, verdict)
    return Judged(file.name, answer, _sentence(answer, origin, verdict), origin, _chain(records, verdict))


def unknown(file: Inspected) -> Judged:
    """A file that nothing here is known of."""
    return Judged(file.name, "unknown", UNKNOWN)


def judge_bundle(file: Inspected, verdict: Verdict) -> Judged:
    """A bundle, which proves itself."""
    return Judged(file.name, "holds" if verdict.holds else "broken", verdict.sentence)


def judge_archive(file: Inspected, members: Sequence[Judged]) -> Judged:
    """An archive of files that were judged one by one: no better than the worst of them."""
    delivered = sum(member.answer == "delivered" for member in members)
    answers = {member.answer for member in members}
    worst: Answer = next((a for a in ("broken", "altered", "unknown") if a in answers), "delivered")
    if not answers & {"delivered", "altered", "broken"}:
        return unknown(file)
    whole = "file in it was" if len(members) == 1 else "files in it were"
    return Judged(file.name, worst, f"{delivered} of {len(members)} {whole} delivered as is.", members=tuple(members))


def _answer(file: Inspected, stage3: FinalDeliverable, verdict: Verdict) -> Answer:
    if stage3.deliverable.content_hash != file.content_hash:
        return "altered"
    return "delivered" if verdict.holds else "broken"


def _origin(stage3: FinalDeliverable) -> Origin:
    return Origin(
        export_workflow_id=stage3.export_workflow_id,
        document_name=stage3.document_name,
        filename=stage3.deliverable.filename,
        delivered_at=stage3.timestamp,
        delivered_by=stage3.owner_email,
    )


def _sentence(answer: Answer, origin: Origin, verdict: Verdict) -> str:
    day = f"{origin.delivered_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    told = f"on {day} by {origin.delivered_by}, from {origin.document_name}"
    if answer == "delivered":
        return f"Delivered as is {told}."
    if answer == "altered":
        return f"Altered since: this is not the file that was delivered {told}."
    return f"These are the bytes delivered {told}, but the records do not hold. {verdict.sentence}"


def _chain(records: Sequence[Record], verdict: Verdict) -> tuple[Link, ...]:
    broken_from = 4 if verdict.holds else (verdict.stage or 1)
    return tuple(
        Link(r["sequence"], datetime.fromisoformat(r["timestamp"]), str(r["record_hash"]), r["sequence"] < broken_from)
        for r in records
    )
