"""What processes that answer at one port share: how often somebody has asked, and what each tells of itself.

The table of quotas is that of the process which started them; all is asked through it.
"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector

from sonica.gateway.limiter import Limiter, Quota, Standing
from sonica.gateway.talk import Talk

ORDER, READY, TAKE, METRICS, TELL = "order", "ready", "take", "metrics", "tell"
"""A process asks for its order, says it is ready, has a request counted, and asks the metrics of all.

It is asked for its own.
"""
PATIENCE_S = 2.0
"""Seconds in which a process tells its metrics, or is left out."""
LABEL = "process"
"""Of metrics: which of the processes tells them, from 0 on."""


class SharedLimiter:
    """A Limiter whose table is at the other end."""

    def __init__(self, quota: Quota, talk: Talk) -> None:
        self.quota, self._talk = quota, talk

    async def take(self, who: str, listening: str | None = None) -> Standing:
        """See Limiter. Where the table is gone, this process ends: what it still answers is not counted."""
        try:
            return Standing(*await self._talk.ask(TAKE, who, listening))
        except ConnectionError:
            return Standing(is_allowed=True, remaining=0, reset_s=self.quota.window_s)


class Desk:
    """Answers the processes, whose ends are `talks`, by their numbers."""

    def __init__(self, limiter: Limiter | None) -> None:
        self._limiter = limiter
        self.talks: dict[int, Talk] = {}

    async def answer(self, what: str, values: list[Any]) -> object:
        """What a process asks."""
        if what == TAKE and self._limiter is not None:
            return await self._limiter.take(*values)
        if what == METRICS:
            told = await asyncio.gather(*(self._told(number) for number in list(self.talks)))
            return dict(one for one in told if one)
        raise ValueError(what)

    async def _told(self, number: int) -> tuple[int, str] | None:
        try:
            async with asyncio.timeout(PATIENCE_S):
                return number, await self.talks[number].ask(TELL)
        except (TimeoutError, ConnectionError):
            return None


def joined(told: Mapping[str, str]) -> bytes:
    """The metrics of all processes as those of one service, each with the number of its process."""
    registry = CollectorRegistry()
    registry.register(_Told(told))
    return generate_latest(registry)


class _Told(Collector):
    def __init__(self, told: Mapping[str, str]) -> None:
        self._told = told

    def collect(self) -> Iterable[Metric]:
        """All of them, by name."""
        families: dict[str, Metric] = {}
        for metric in self._labelled():
            families.setdefault(
                metric.name, Metric(metric.name, metric.documentation, metric.type)
            ).samples += metric.samples
        return families.values()

    def _labelled(self) -> Iterator[Metric]:
        for number, text in self._told.items():
            for metric in text_string_to_metric_families(text):
                metric.samples = [
                    sample._replace(labels={LABEL: number, **sample.labels}) for sample in metric.samples
                ]
                yield metric
