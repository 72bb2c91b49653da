"""Who is read next: owners by turns, small things first, and nobody passed over for ever."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

SMALL_BYTES = 200_000
_MOST_OVERTAKEN = 12  # what others went before so often is next, whatever its size


@dataclass(eq=False, slots=True)
class _Turn:
    """One that waits for a place, or has one."""

    owner: str
    size: int
    order: int
    overtaken: int = 0
    is_small_place: bool = False
    ready: "asyncio.Future[None]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Places:
    """So many readings at once, and one more for what is small, so that it never waits behind what is not."""

    def __init__(self, places: int) -> None:
        self._free, self._free_for_small = places, 1
        self._waiting: list[_Turn] = []
        self._under_way: Counter[str] = Counter()
        self._order = 0

    @contextlib.asynccontextmanager
    async def taken(self, owner: str, size: int) -> AsyncIterator[None]:
        """A place, as soon as it is this one's turn, until the block is left."""
        self._order += 1
        turn = _Turn(owner, size, self._order)
        self._waiting.append(turn)
        self._give()
        try:
            await turn.ready
        except asyncio.CancelledError:
            if turn in self._waiting:
                self._waiting.remove(turn)
            else:
                self._release(turn)
            raise
        try:
            yield
        finally:
            self._release(turn)

    def _give(self) -> None:
        while self._free and self._waiting:
            self._free -= 1
            self._begin(min(self._waiting, key=self._rank))
        small = [turn for turn in self._waiting if turn.size <= SMALL_BYTES]
        if small and self._free_for_small:
            self._free_for_small -= 1
            turn = min(small, key=self._rank)
            turn.is_small_place = True
            self._begin(turn)

    def _rank(self, turn: _Turn) -> tuple[bool, int, int, int]:
        return turn.overtaken < _MOST_OVERTAKEN, self._under_way[turn.owner], turn.size, turn.order

    def _begin(self, turn: _Turn) -> None:
        self._waiting.remove(turn)
        for other in self._waiting:
            other.overtaken += other.order < turn.order
        self._under_way[turn.owner] += 1
        turn.ready.set_result(None)

    def _release(self, turn: _Turn) -> None:
        self._under_way[turn.owner] -= 1
        if turn.is_small_place:
            self._free_for_small += 1
        else:
            self._free += 1
        self._give()
