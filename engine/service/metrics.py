"""What is counted, for Prometheus. Labels are routes, providers, resources and classes: nothing of a customer.

Each process counts for itself, in a registry of its own; several that serve together (`PROMETHEUS_MULTIPROC_DIR`) share
files, and any of them tells the sums.
"""

import os
from collections.abc import Iterable
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from engine.client import Exchange
from engine.report import Report

__all__ = ["Metrics", "Tally"]

#: Bounds of how long requests take, in seconds: from a page of memory to what a provider needs.
_LONG = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
#: Bounds of how late the event loop is, in seconds.
_SHORT = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)


class Metrics:
    """The counters of one application."""

    def __init__(self, shared: str | None = None) -> None:
        self._shared = shared if shared is not None else os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")
        self._registry = CollectorRegistry()
        if not self._shared:
            ProcessCollector(registry=self._registry)  # memory, files and processor time of this process
        self._requests = self._counter("requests", "Requests by route and status.", "route", "method", "status")
        self._seconds = self._histogram("request_seconds", "Seconds until an answer ended.", _LONG, "route")
        self._under_way = self._gauge("requests_under_way", "Requests being answered.", "livesum")
        self._calls = self._counter("provider_requests", "Answers of providers, by class.", "provider", "status")
        self._call_seconds = self._histogram(
            "provider_request_seconds", "Seconds until a provider answered.", _LONG, "provider"
        )
        self._waits = self._counter("provider_wait_seconds", "Seconds waited, as providers want it.", "provider")
        self._records = self._counter("records", "Records that were read.", "provider", "resource")
        self._unknown = self._counter("unknown_statuses", "Records with a status word in no table.", "provider")
        self._failures = self._counter("provider_failures", "What ended a reading, by class.", "provider", "kind")
        self._notes = self._counter("notes", "What was left out or set aside, by kind.", "provider", "kind")
        self._channels = self._gauge("open_channels", "Accounts with open connections.", "livesum")
        self._stalls = self._histogram("event_loop_lag_seconds", "How late the event loop was.", _SHORT)

    def _counter(self, name: str, about: str, *labels: str) -> Counter:
        return Counter(f"rollbook_{name}", about, labels, registry=self._registry)

    def _histogram(self, name: str, about: str, buckets: Iterable[float], *labels: str) -> Histogram:
        return Histogram(f"rollbook_{name}", about, labels, buckets=tuple(buckets), registry=self._registry)

    def _gauge(self, name: str, about: str, summed: Any) -> Gauge:
        return Gauge(f"rollbook_{name}", about, registry=self._registry, multiprocess_mode=summed)

    def text(self) -> bytes:
        """Return all of it in the text format of Prometheus; where there are several processes, their sums."""
        if not self._shared:
            return generate_latest(self._registry)
        together = CollectorRegistry()
        MultiProcessCollector(together, path=self._shared)  # type: ignore[no-untyped-call]
        return generate_latest(together)

    def began(self) -> None:
        """Count a request under way."""
        self._under_way.inc()

    def answered(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request that was answered; `status` is 0 where it was broken off."""
        self._under_way.dec()
        self._requests.labels(route, method, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def called(self, provider: str, exchange: Exchange) -> None:
        """Count an answer of a provider."""
        self._calls.labels(provider, f"{exchange.response.status // 100}xx").inc()
        self._call_seconds.labels(provider).observe(exchange.seconds)

    def failed(self, provider: str, kind: str) -> None:
        """Count what ended a reading."""
        self._failures.labels(provider, kind).inc()

    def read(self, provider: str, resource: str, records: int, waited: float, unknown: int) -> None:
        """Count what was read."""
        self._records.labels(provider, resource).inc(records)
        self._waits.labels(provider).inc(waited)
        self._unknown.labels(provider).inc(unknown)

    def noted(self, provider: str, kind: str, count: int) -> None:
        """Count what was left out or set aside."""
        self._notes.labels(provider, kind).inc(count)

    def channels(self, count: int) -> None:
        """Say how many channels are open."""
        self._channels.set(count)

    def stalled(self, seconds: float) -> None:
        """Say how late the event loop was."""
        self._stalls.observe(seconds)


class Tally:
    """Counts one reading while it goes on: what its report has more than it had at the last look."""

    def __init__(self, metrics: Metrics, provider: str, resource: str, report: Report) -> None:
        self._metrics = metrics
        self._provider = provider
        self._resource = resource
        self._report = report
        self._before: tuple[int, float, int] = (0, 0.0, 0)
        self._noted: dict[str, int] = {}

    def called(self, exchange: Exchange) -> None:
        """Count an answer, and what was read since the last one."""
        self._metrics.called(self._provider, exchange)
        self.look()

    def look(self) -> None:
        """Count what is new in the report."""
        report = self._report
        now = report.records, report.waited, sum(report.unknown_words.get("status", {}).values())
        records, waited, unknown = (new - old for new, old in zip(now, self._before, strict=True))
        self._metrics.read(self._provider, self._resource, int(records), waited, int(unknown))
        self._before = now
        for kind, count in report.counts.items():
            if count > self._noted.get(kind, 0):
                self._metrics.noted(self._provider, kind, count - self._noted.get(kind, 0))
                self._noted[kind] = count
