"""Asks the store what an owner's records teach, as far as the owner lets them."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from kraftd_core.errors import StoreUnavailable
from kraftd_core.ports.keeping import LearningChoices, Store
from kraftd_core.records.lessons import MOST_LESSONS, LearningChoice, Lesson
from kraftd_core.review.learning import teaching

log = logging.getLogger(__name__)

_KEPT_FOR = timedelta(seconds=60)
_KEPT = 64


@dataclass(frozen=True, slots=True)
class Taught:
    """The owner's choice, and the lessons that it lets teach, newest first."""

    choice: LearningChoice
    lessons: list[Lesson]


class Teaching:
    """What is taught, kept in memory for a minute: a page asks at each touch."""

    def __init__(self, store: Store, choices: LearningChoices, now: Callable[[], datetime]) -> None:
        self._store = store
        self._choices = choices
        self._now = now
        self._kept: dict[tuple[str, str], tuple[datetime, Taught]] = {}

    async def taught(self, owner_email: str, document_type: str) -> Taught:
        """Nothing where the store cannot be asked: a review goes on without."""
        asked, now = (owner_email, document_type), self._now()
        if asked in self._kept and now - self._kept[asked][0] < _KEPT_FOR:
            return self._kept[asked][1]
        try:
            choice = await self._choices.learning_choice(owner_email)
            found = await self._store.lessons(owner_email, document_type, MOST_LESSONS) if choice.is_on else []
        except StoreUnavailable:
            log.warning("the store could not be asked what was learned")
            return Taught(LearningChoice(is_on=False), [])
        taught = Taught(choice, teaching(choice, found))
        self._kept[asked] = now, taught
        if len(self._kept) > _KEPT:
            del self._kept[next(iter(self._kept))]
        return taught

    def ask_anew(self, owner_email: str) -> None:
        """What was kept of this owner is old: they recorded or chose something."""
        for asked in [asked for asked in self._kept if asked[0] == owner_email]:
            del self._kept[asked]

    async def choice(self, owner_email: str) -> LearningChoice:
        """What the owner chose. Raises StoreUnavailable."""
        return await self._choices.learning_choice(owner_email)

    async def turn(self, owner_email: str, *, is_on: bool) -> None:
        """Lets the owner's records teach, or stops it. Raises StoreUnavailable."""
        choice = await self.choice(owner_email)
        await self._keep(owner_email, choice.model_copy(update={"is_on": is_on}))

    async def forget(self, owner_email: str) -> None:
        """What was recorded up to now teaches no more. Raises StoreUnavailable."""
        choice = await self.choice(owner_email)
        await self._keep(owner_email, LearningChoice(is_on=choice.is_on, forget_before=self._now()))

    async def _keep(self, owner_email: str, choice: LearningChoice) -> None:
        await self._choices.keep_learning_choice(owner_email, choice)
        self.ask_anew(owner_email)
