"""The page of all metrics: what the code says of each, and when a person says that one should worry."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from prometheus_client import CollectorRegistry
from prometheus_client.metrics import MetricWrapperBase

from sonica.gateway.engines.meters import AskMeters, SearchMeters
from sonica.platform.telemetry import Metrics

WORDS = Path(__file__).with_name("worries.toml")
HEAD = """\
# All metrics

`GET /metrics` of a service, for Prometheus. Where several processes answer (`--workers`), each series
has the label `process` as well. They start at 0 with the process; what the database tells is read at
most every 15 seconds, and missing while it is away. None holds a caller's address, a name or a token.
The last ones are of services that ask
[engines](../operating/service.md#engine-processes), and of these engines.

    curl -s http://127.0.0.1:8000/metrics

This page is made of the code by `make reference`; when to worry is said in `scripts/worries.toml`.
"""
ALERTS = """
## To begin with

Five alerts for Prometheus, to be moved to what is normal for you:

```yaml
groups:
  - name: sonica
    rules:
      - alert: SonicaIsAway
        expr: up{job="sonica"} == 0
        for: 1m
      - alert: SonicaRefuses
        expr: sum(rate(sonica_queue_refused_total[5m])) > 0.1
        for: 5m
      - alert: SonicaIsSlow
        expr: histogram_quantile(0.95, sum by (le) (rate(sonica_recognition_latency_seconds_bucket[5m]))) > 2
        for: 10m
      - alert: SonicaFails
        expr: sum(rate(sonica_http_requests_total{status=~"5.."}[5m])) > 0.05
        for: 5m
      - alert: SonicaJobsWait
        expr: max(sonica_jobs_wait_seconds) > 900
        for: 5m
```
"""


class Metric(NamedTuple):
    """One metric. `name`: as a series of Prometheus has it; `buckets`: upper bounds, of histograms."""

    name: str
    kind: str
    says: str
    labels: tuple[str, ...]
    buckets: tuple[float, ...]


def metrics() -> Iterator[Metric]:
    """All metrics of a service and of an engine, in the order of the code."""
    parts = Metrics(), AskMeters(CollectorRegistry()), SearchMeters(CollectorRegistry())
    for one in (metric for part in parts for metric in vars(part).values()):
        if not isinstance(one, MetricWrapperBase):
            continue
        family, said = next(iter(one.describe())), vars(one)
        name = family.name + ("_total" if family.type == "counter" else "")
        bounds = said.get("_upper_bounds") or said.get("_kwargs", {}).get("buckets", ())
        buckets = tuple(bound for bound in bounds if bound != float("inf"))
        yield Metric(name, family.type, family.documentation, tuple(said["_labelnames"]), buckets)


def words() -> dict[str, str]:
    """When to worry, by the name of the metric."""
    told: dict[str, str] = tomllib.loads(WORDS.read_text())
    return told


def without_words() -> list[str]:
    """Metrics of which nobody has said when to worry."""
    said = words()
    return [metric.name for metric in metrics() if not said.get(metric.name)]


def page() -> str:
    """The page, in Markdown."""
    said = words()
    return HEAD + "".join(_section(metric, said.get(metric.name, "")) for metric in metrics()) + ALERTS


def _section(metric: Metric, worry: str) -> str:
    lines = [f"\n## `{metric.name}`\n", f"{metric.says}.\n"]
    labels = ", ".join(f"`{label}`" for label in metric.labels) or "none"
    lines.append(f"- {metric.kind.capitalize()}; labels: {labels}")
    if metric.buckets:
        lines.append("- Buckets up to " + ", ".join(f"{bound:g}" for bound in metric.buckets))
    if worry:
        lines.append(f"- **When to worry:** {worry}")
    return "\n".join(lines) + "\n"
