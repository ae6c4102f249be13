"""What Sonica tells of itself while it runs: logs as JSON, one object a line, and metrics for Prometheus.

Neither holds sound, tokens, addresses or names of people.
"""

import json
import logging
import sys
from typing import TextIO

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics

LATENCY_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0)
"""Seconds."""
TALKATIVE = ("alembic", "procrastinate", "psycopg.pool", "uvicorn.error")
"""Libraries of which only warnings are of interest."""

_ENCODER = json.JSONEncoder(ensure_ascii=False, default=repr)

disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series for each, which nobody reads


def configure_logs(stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """Sends all logs of this process, those of libraries too, to `stream` (stderr)."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[structlog.typing.Processor] = [
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(_json),
    ]
    stream = stream or sys.stderr
    structlog.configure(  # our own logs do without the ways of the standard library, which cost as much again
        processors=[*shared, *last],
        logger_factory=structlog.WriteLoggerFactory(stream),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))


def _json(said: object, **_: object) -> str:
    return _ENCODER.encode(said)


class Metrics:
    """All metrics of a service, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self.recognition_latency = Histogram(
            "sonica_recognition_latency_seconds",
            "From the whole body of a query to its answer",
            ["source"],
            buckets=LATENCY_BUCKETS,
            registry=registry,
        )
        self.recognitions = Counter(
            "sonica_recognitions_total", "Answers given", ["source", "status"], registry=registry
        )
        self.listenings = Gauge("sonica_listenings_open", "Live listenings", registry=registry)
        self.looks = Histogram(
            "sonica_look_seconds",
            "One look at a live listening, waiting included",
            ["status"],
            buckets=LATENCY_BUCKETS,
            registry=registry,
        )
        self.feedback = Counter(
            "sonica_feedback_total", "What listeners said of answers", ["verdict"], registry=registry
        )
        self.errors = Counter(
            "sonica_errors_total", "Failures, by type", ["error_type", "service"], registry=registry
        )
        self.requests = Counter(
            "sonica_http_requests_total",
            "Requests answered",
            ["method", "route", "status"],
            registry=registry,
        )
        self.open_requests = Gauge("sonica_http_requests_open", "Requests at work", registry=registry)
        self.held = Gauge("sonica_bodies_bytes", "Bytes of bodies that are held", registry=registry)
        self.queue = Gauge("sonica_queue_size", "Tasks waiting or at work", ["queue"], registry=registry)
        self.refused = Counter(
            "sonica_queue_refused_total", "Tasks refused by a full queue", ["queue"], registry=registry
        )
        self.limited = Counter(
            "sonica_rate_limit_refused_total", "Requests beyond a quota", ["quota"], registry=registry
        )
        self.callers = Gauge(
            "sonica_rate_limit_callers", "Callers that a quota remembers", ["quota"], registry=registry
        )
        self.connections = Gauge(
            "sonica_database_connections", "Connections to the database", ["state"], registry=registry
        )
        self.jobs = Gauge("sonica_jobs", "Background jobs", ["task", "status"], registry=registry)
        self.jobs_wait = Gauge(
            "sonica_jobs_wait_seconds",
            "How long the oldest job waits that may begin",
            ["task"],
            registry=registry,
        )
        self.ingests = Gauge("sonica_ingests", "Ingests that have not ended", ["state"], registry=registry)
        self.accuracy = Gauge(
            "sonica_recognition_accuracy",
            "Share of the answers of seven days that listeners called right, of those that they judged",
            ["language", "genre"],
            registry=registry,
        )
        self.judged = Gauge(
            "sonica_recognition_judged", "How many they judged", ["language", "genre"], registry=registry
        )
        self.users = Gauge("sonica_concurrent_users", "Who asked in the last five minutes", registry=registry)
        self.packs = Gauge("sonica_catalogue_packs", "Packs that are searched", registry=registry)
        self.warm = Gauge(
            "sonica_catalogue_warm",
            "1 once all packs were read that were there at the start",
            registry=registry,
        )
        self.cache = Counter(
            "sonica_cache_requests_total",
            "What was looked for in the caches",
            ["name", "level", "result"],
            registry=registry,
        )
        self.cache_bytes = Gauge("sonica_cache_bytes", "Bytes of the cache in memory", registry=registry)
        self.cache_shared = Gauge(
            "sonica_cache_shared_up",
            "1 while the shared cache answers; 0 where there is none",
            registry=registry,
        )
        self.recordings = Gauge(
            "sonica_catalogue_recordings", "Recordings that can be recognised", registry=registry
        )
