"""What the database tells for `/metrics`: of jobs, of music that is added, and of how right answers were."""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from prometheus_client import Gauge
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from sonica.platform.database import Database, DatabaseError
from sonica.platform.telemetry import Metrics

FRESH_S = 15.0
"""Seconds for which what was read is told again: several may scrape."""
PATIENCE_S = 1.0
"""Seconds to wait for the database; without it the other metrics are told alone."""
MOST_KINDS = 200
"""Languages with genres whose accuracy is told, those with most feedback: each is a series of its own."""

JOBS = """
SELECT task_name, status::text, count(*) FROM jobs.procrastinate_jobs
WHERE status IN ('todo', 'doing', 'failed') GROUP BY 1, 2
"""
WAITS = """
SELECT task_name, extract(epoch FROM now() - min(greatest(queued.at, scheduled_at)))::double precision
FROM jobs.procrastinate_jobs JOIN jobs.procrastinate_events AS queued ON queued.job_id = procrastinate_jobs.id
WHERE status = 'todo' AND queued.type = 'deferred' AND coalesce(scheduled_at, now()) <= now() GROUP BY 1
"""
INGESTS = "SELECT state, count(*) FROM ingests WHERE state IN ('queued', 'running', 'paused') GROUP BY 1"
ACCURACY = """
SELECT songs.language, songs.genre, avg(feedback.is_right::integer)::double precision, count(*)
FROM feedback
JOIN recognitions ON recognitions.id = feedback.recognition_id
    AND recognitions.created_at = feedback.recognised_at AND recognitions.status = 'match'
JOIN recordings ON recordings.id = recognitions.recording_id
JOIN songs ON songs.id = recordings.song_id
WHERE feedback.recognised_at > now() - interval '7 days'
GROUP BY 1, 2 ORDER BY 4 DESC LIMIT :most
"""

Rows = Sequence[Sequence[Any]]


class _Read(NamedTuple):
    """A question to the database, and the gauges for its last columns; those before are labels."""

    question: str
    gauges: Sequence[Gauge]


class Figures:
    """Reads them at most every quarter of a minute, however many ask. Used in one event loop."""

    def __init__(
        self, database: Database, metrics: Metrics, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._database, self._clock = database, clock
        self._lock = asyncio.Lock()
        self._read_at = float("-inf")
        self._reads = (
            _Read(JOBS, (metrics.jobs,)),
            _Read(WAITS, (metrics.jobs_wait,)),
            _Read(INGESTS, (metrics.ingests,)),
            _Read(ACCURACY, (metrics.accuracy, metrics.judged)),
        )

    async def read(self) -> None:
        """Sets the gauges. Those that cannot be read now are told no value, rather than an old one."""
        async with self._lock:
            if self._clock() - self._read_at < FRESH_S:
                return
            try:
                async with asyncio.timeout(PATIENCE_S):
                    answers = await self._database.run(self._ask)
            except (DatabaseError, TimeoutError):
                answers = [()] * len(self._reads)
            self._read_at = self._clock()
            for read, rows in zip(self._reads, answers, strict=True):
                _set(read.gauges, rows)

    async def _ask(self, connection: AsyncConnection) -> list[Rows]:
        said = {"most": MOST_KINDS}
        return [(await connection.execute(text(read.question), said)).all() for read in self._reads]


def _set(gauges: Sequence[Gauge], rows: Rows) -> None:
    for gauge in gauges:
        gauge.clear()
    for row in rows:
        labels, values = row[: -len(gauges)], row[-len(gauges) :]
        for gauge, value in zip(gauges, values, strict=True):
            gauge.labels(*labels).set(value)
