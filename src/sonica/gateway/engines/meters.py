"""What is counted of engine processes, at either end."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

SHORT_BUCKETS = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0)
"""Seconds."""
BATCH_BUCKETS = (1, 2, 4, 8, 16, 32)


class AskMeters:
    """Of a process that asks engines."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.connected = Gauge("sonica_engines_connected", "Engines that can be asked", registry=registry)
        self.outstanding = Gauge(
            "sonica_engine_outstanding",
            "Questions that an engine has not answered yet",
            ["engine"],
            registry=registry,
        )
        self.batch = Histogram(
            "sonica_engine_batch_size",
            "Questions in a message",
            buckets=BATCH_BUCKETS,
            registry=registry,
        )
        self.hop = Histogram(
            "sonica_engine_hop_seconds",
            "From a question to its answer, less what the engine had it for",
            buckets=SHORT_BUCKETS,
            registry=registry,
        )
        self.retries = Counter(
            "sonica_engine_retries_total",
            "Questions asked again since an engine was lost",
            registry=registry,
        )
        self.lost = Counter(
            "sonica_engine_connections_lost_total",
            "Connections that ended while they could be asked",
            ["engine"],
            registry=registry,
        )


class SearchMeters:
    """Of an engine."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.callers = Gauge("sonica_engine_callers", "Connections of those who ask", registry=registry)
        self.searches = Counter(
            "sonica_engine_searches_total", "Questions answered, by result", ["result"], registry=registry
        )
        self.dropped = Counter(
            "sonica_engine_dropped_total",
            "Questions that were dropped, since nobody waited any more",
            registry=registry,
        )
        self.refused = Counter(
            "sonica_engine_bad_connections_total",
            "Connections ended for what came on them",
            registry=registry,
        )
        self.seconds = Histogram(
            "sonica_engine_search_seconds",
            "From a question to its answer, waiting included",
            buckets=(*SHORT_BUCKETS, 2.5, 5.0, 10.0),
            registry=registry,
        )
