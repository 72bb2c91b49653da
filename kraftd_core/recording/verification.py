"""Verification of files: whether a file is one that was delivered here, was altered since, or is unknown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from kraftd_core.ports.keeping import Record
from kraftd_core.ports.reading import Inspected
from kraftd_core.records.chain import Verdict
from kraftd_core.records.stages import FinalDeliverable

Answer = Literal["delivered", "altered", "unknown", "holds", "unvouched", "broken"]
"""`holds`, `unvouched` and `broken` are said of records: of a bundle, and `broken` also where a delivered file's own records
do not hold. Unvouched is a bundle that holds, but of which only its maker says that it is true."""

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


def judge_bundle(file: Inspected, verdict: Verdict, own_key: str | None, kept: Sequence[Record]) -> Judged:
    """A bundle: whether it holds, and whether anything but its maker vouches for it.

    `own_key` is the key that this application signs with, `kept` the records of the same workflow that the owner has here.
    """
    seal = file.seal
    if not verdict.holds or seal is None:
        return Judged(file.name, "broken", verdict.sentence)
    here = [record["record_hash"] for record in kept if record["sequence"] == seal.sequence]
    if here and here != [seal.record_hash]:
        return Judged(file.name, "broken", _OTHER_RECORDS)
    if own_key is not None and seal.signed_by == own_key:
        return Judged(file.name, "holds", _HOLDS_SIGNED)
    if here and own_key is None:
        return Judged(file.name, "holds", _HOLDS_HERE)
    return Judged(file.name, "unvouched", _STRANGE_KEY.format(seal.signed_by) if seal.signed_by else _UNSIGNED)


_HOLDS_SIGNED = "The bundle holds: nothing was altered, and the key of this application signed all of it."
_HOLDS_HERE = "The bundle holds: nothing was altered, and its records are those that are kept here."
_OTHER_RECORDS = "The bundle holds in itself, but its records are not those that are kept here: it was made anew."
_STRANGE_KEY = (
    "Nothing was altered since it was signed, but nobody here vouches for the key that signed it, so anyone may have made all of "
    "it. Compare this public key with the one that its sender gave you: {}"
)
_UNSIGNED = (
    "The records fit each other, but no one key signed them all and they are not kept here, so anyone may have made all of it. "
    "Ask its sender for a signed bundle."
)


def judge_archive(file: Inspected, members: Sequence[Judged], *, is_as_packed: bool) -> Judged:
    """An archive of files that were judged one by one: no better than the worst of them, and delivered only as it was packed."""
    answers = [member.answer for member in members]
    if set(answers) == {"unknown"}:
        return unknown(file)
    worst = next(answer for answer in _WORST_FIRST if answer in answers)
    whole = "file in it was" if len(members) == 1 else "files in it were"
    told = f"{answers.count('delivered')} of {len(members)} {whole} delivered as is."
    if worst == "delivered" and not is_as_packed:
        worst, told = "unknown", f"{told} The archive around them is not known here."
    return Judged(file.name, worst, told, members=tuple(members))


_WORST_FIRST: tuple[Answer, ...] = ("broken", "altered", "unvouched", "unknown", "delivered", "holds")


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
