"""What whoever runs the server asks of it: alive, ready, and figures. Nothing of what they answer is anybody's."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Protocol, TypeVar

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, PlatformCollector, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from kraftd_core.desk.desk import Desk
from kraftd_core.desk.upkeep.health import State, is_ready
from kraftd_core.desk.upkeep.house_keeping import LastRun
from kraftd_core.web.guards import FIGURES, PROBES

T = TypeVar("T")

_LONGEST_SECONDS = 4.0
"""Longer than the probes themselves take: past it the core's loop does not answer."""
_NOT_KEPT = {"cache-control": "no-store"}


class LivingCore(Protocol):
    """What is asked of the core of the process."""

    @property
    def is_alive(self) -> bool:
        """Whether anything can still be asked of it."""
        ...

    def ask(self, verb: Callable[[Desk], Awaitable[T]]) -> Awaitable[T]:
        """A verb of the desk under way."""
        ...


def health_routes(core: Callable[[], LivingCore]) -> list[Route]:
    """`/healthz`, `/readyz` and `/metrics`: the guards say for whom."""

    async def alive(request: Request) -> Response:  # noqa: ARG001  a route's form
        is_alive = core().is_alive
        return JSONResponse({"status": "alive" if is_alive else "stopped"}, 200 if is_alive else 503, _NOT_KEPT)

    async def ready(request: Request) -> Response:  # noqa: ARG001
        states = await _states(core())
        status = "ready" if is_ready(states) else "not ready"
        return JSONResponse({"status": status, "checks": dict(states)}, 200 if is_ready(states) else 503, _NOT_KEPT)

    async def figures(request: Request) -> Response:  # noqa: ARG001
        body = generate_latest(_registry(await _states(core()), *await _counts(core())))
        return Response(body, headers=_NOT_KEPT | {"content-type": CONTENT_TYPE_LATEST})

    return [Route(PROBES[0], alive), Route(PROBES[1], ready), Route(FIGURES, figures)]


async def _states(core: LivingCore) -> Mapping[str, State]:
    async def asked(desk: Desk) -> Mapping[str, State]:
        return await desk.health.states()

    return await _in_time(core.ask(asked), {"core": "failed"})


async def _counts(core: LivingCore) -> tuple[Mapping[str, int], tuple[LastRun, ...]]:
    async def asked(desk: Desk) -> tuple[Mapping[str, int], tuple[LastRun, ...]]:
        return desk.jobs_by_state, desk.house.last_runs

    return await _in_time(core.ask(asked), ({}, ()))


async def _in_time(answer: Awaitable[T], otherwise: T) -> T:
    try:
        async with asyncio.timeout(_LONGEST_SECONDS):
            return await answer
    except TimeoutError:
        return otherwise


def _registry(
    states: Mapping[str, State], jobs: Mapping[str, int], runs: tuple[LastRun, ...]
) -> CollectorRegistry:
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    registry.register(_Figures(states, jobs, runs))
    return registry


class _Figures(Collector):
    """Our own figures, as they stand at this moment."""

    def __init__(self, states: Mapping[str, State], jobs: Mapping[str, int], runs: tuple[LastRun, ...]) -> None:
        self._states, self._jobs, self._runs = states, jobs, runs

    def collect(self) -> Iterator[Metric]:
        """Each as a gauge: they are read from what is, not counted along."""
        yield _gauge("kraftd_ready", "Whether documents can be taken in.", "", {"": is_ready(self._states)})
        checks = {name: state != "failed" for name, state in self._states.items()}
        yield _gauge("kraftd_check_ok", "Whether what the application rests on can be used.", "check", checks)
        yield _gauge("kraftd_jobs", "Jobs that run, and that have ended since the start, by their end.", "state", self._jobs)
        ended = {run.chore: run.ended.timestamp() for run in self._runs if run.ended}
        yield _gauge("kraftd_house_keeping_ended_seconds", "When a chore last ended, in Unix time.", "chore", ended)
        well = {run.chore: run.went_well for run in self._runs}
        yield _gauge("kraftd_house_keeping_ok", "Whether a chore last ended well.", "chore", well)


def _gauge(name: str, says: str, label: str, values: Mapping[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, says, labels=[label] if label else None)
    for of, value in values.items():
        family.add_metric([of] if label else [], float(value))
    return family
