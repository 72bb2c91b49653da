"""The one event loop that owns the core, in a thread of its own, and the bridge to it."""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")


class CoreLoop:
    """Runs the core's verbs for callers in other threads."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="kraftd-core", daemon=True)
        self._thread.start()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Begins work that goes on beside all others."""
        self.begin(work)

    def begin(self, verb: Coroutine[Any, Any, T]) -> Future[T]:
        """The verb under way; cancelling what is handed back stops it."""
        return asyncio.run_coroutine_threadsafe(verb, self._loop)

    def run(self, verb: Coroutine[Any, Any, T]) -> T:
        """The verb's result; never called from the loop itself, which would wait for itself forever."""
        if threading.current_thread() is self._thread:
            verb.close()
            raise RuntimeError("the core's loop cannot wait for itself")
        return self.begin(verb).result()

    @property
    def is_alive(self) -> bool:
        """Whether its thread still runs."""
        return self._thread.is_alive()
