"""Who asks a route, and the core that answers it: the one place where an actor of the routes comes from."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Protocol, TypeVar

from fastapi import Depends, Request

from kraftd_core.desk.desk import Desk
from kraftd_core.people.actor import Actor
from kraftd_core.settings import Settings

T = TypeVar("T")


class AskedCore(Protocol):
    """What the routes need of the core of the process."""

    @property
    def settings(self) -> Settings:
        """The settings it runs with."""
        ...

    @property
    def actor(self) -> Actor:
        """The one local identity."""
        ...

    def ask(self, verb: Callable[[Desk], Awaitable[T]]) -> "asyncio.Future[T]":
        """A verb of the desk under way; cancelling it stops the verb."""
        ...


def core_of(request: Request) -> AskedCore:
    """The core that the application was made with."""
    core: AskedCore = request.app.state.core
    return core


def actor_of(request: Request) -> Actor:
    """Who asks: while no sign-in is configured, the local identity."""
    return core_of(request).actor


AskingActor = Annotated[Actor, Depends(actor_of)]
TheCore = Annotated[AskedCore, Depends(core_of)]
