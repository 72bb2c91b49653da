"""Where each owner's journal ends in Azure Cosmos DB, found by ids alone: every container has them indexed, also an old one."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

from kraftd_core.records.journal import JournalEntry, JournalHead

Named = Callable[[str, Sequence[str]], Awaitable[list[dict[str, Any]]]]
"""The items of an owner with these ids, as far as there are any."""

_MEMBERS = tuple(field.name for field in fields(JournalEntry))
_STEPS = tuple(2**power for power in range(31))


def item_of(entry: JournalEntry) -> dict[str, Any]:
    """The entry as an item, which does not expire: two instances that take the same number take the same id."""
    return asdict(entry) | {"id": f"journal:{entry.n}", "kind": "journal", "ttl": -1}


def entry_of(item: Mapping[str, Any]) -> JournalEntry:
    """The entry of an item; what was altered in it is found by its hash."""
    members: dict[str, Any] = {name: item.get(name) for name in _MEMBERS}
    return JournalEntry(**members)


class Heads:
    """The ends of journals as this process last saw them."""

    def __init__(self) -> None:
        self._known: dict[str, JournalHead] = {}

    async def of(self, owner_email: str, named: Named) -> JournalHead | None:
        """The end of an owner's journal; looked for once, then as it was noted."""
        return self._known.get(owner_email) or await self.sought(owner_email, named)

    async def sought(self, owner_email: str, named: Named) -> JournalHead | None:
        """The end as it is now: from where it was known on, in steps that double, until no further entry is there."""
        head = self._known.get(owner_email)
        while found := await named(owner_email, [f"journal:{(head.n if head else 0) + step}" for step in _STEPS]):
            head = max((entry_of(item).head for item in found), key=lambda each: each.n)
        if head:
            self.note(owner_email, head)
        return head

    def note(self, owner_email: str, head: JournalHead) -> None:
        """Remembers an end."""
        self._known[owner_email] = head
