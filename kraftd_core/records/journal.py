"""The journal: in which order a store took in an owner's records, so that whatever is taken out of it leaves a gap.

A chain inside a workflow cannot show that its end, or all of it, is gone. The entries of the journal say what was there, without
any content, and stay when the records have expired.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from kraftd_core.records.chain import canonical


@dataclass(frozen=True, slots=True)
class JournalHead:
    """The end of a journal in one moment: whoever holds it can show later that what came before was rewritten."""

    n: int
    hash: str


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """That a store took in a record as the owner's `n`th (from 1), and until when the record is kept.

    `hash` is over all other members, `previous` the hash of the entry before, None for the first.
    """

    owner_email: str
    n: int
    record_id: str
    record_hash: str
    expiration_date: str | None
    previous: str | None
    hash: str

    @property
    def is_intact(self) -> bool:
        """Whether it is what was written: its own hash is that of its members."""
        members = asdict(self)
        told = members.pop("hash")
        try:
            return bool(_hash_of(members) == told)
        except ValueError:
            return False

    @property
    def head(self) -> JournalHead:
        """The journal's end as it was with this entry."""
        return JournalHead(self.n, self.hash)


def entry_after(head: JournalHead | None, record: Mapping[str, Any], expiration_date: str | None) -> JournalEntry:
    """The entry by which a record follows what the owner's journal holds; None where it begins."""
    members: dict[str, Any] = {
        "owner_email": record["owner_email"],
        "n": head.n + 1 if head else 1,
        "record_id": record["id"],
        "record_hash": record["record_hash"],
        "expiration_date": expiration_date,
        "previous": head.hash if head else None,
    }
    return JournalEntry(**members, hash=_hash_of(members))


def _hash_of(members: Mapping[str, Any]) -> str:
    return sha256(canonical(members)).hexdigest()


def flaw_in(entries: Iterable[JournalEntry]) -> str | None:
    """The first place where an owner's journal, from its first entry, is not the chain that was written; None if it is."""
    last: JournalEntry | None = None
    for entry in entries:
        if not entry.is_intact:
            return f"Entry {entry.n} of the journal was altered after it was written."
        if entry.n != (last.n + 1 if last else 1):
            return f"The journal lacks an entry before its number {entry.n}."
        if entry.previous != (last.hash if last else None):
            return f"Entry {entry.n} of the journal does not follow the one before it, so one of the two was replaced."
        last = entry
    return None


def disagreement(entries: Sequence[JournalEntry], witness: JournalHead) -> str | None:
    """Why a journal is not the one that a witness saw: what it held then is gone, or is another; None if it is."""
    if not 0 < witness.n <= len(entries):
        return f"The journal ends before its entry {witness.n}, which was there when this was made: its end was cut off."
    if entries[witness.n - 1].hash != witness.hash:
        return f"Entry {witness.n} of the journal is not the one that was there when this was made: the journal was rewritten."
    return None
