"""What the operator sees: counts and times per route, never a query string or an answer of a person."""

import time
from functools import cache

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

registry = CollectorRegistry()
requests = Counter(
    "portal_requests_total", "Answers by route and status", ("route", "status"), registry=registry
)
seconds = Histogram(
    "portal_request_seconds",
    "Time to answer by route",
    ("route",),
    registry=registry,
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
kept_pages = Counter(
    "portal_kept_pages_total",
    "Requests answered with a kept page (hit), to be kept (miss), never kept (passed)",
    ("result",),
    registry=registry,
)
_BY_ENGINE = ("engine",)
index_up = Gauge("portal_index_up", "Whether the index can be asked", _BY_ENGINE, registry=registry)
index_answering = Gauge("portal_index_answering", "Whether pages ask it now", _BY_ENGINE, registry=registry)
index_position = Gauge(
    "portal_index_position", "Outbox position the index has reached", _BY_ENGINE, registry=registry
)
index_lag = Gauge(
    "portal_index_lag_entries", "Outbox entries the index has yet to take", _BY_ENGINE, registry=registry
)
poison = Gauge(
    "portal_index_poison_rows", "Listings that the index could not take", _BY_ENGINE, registry=registry
)
kept_answers = Gauge(
    "portal_kept_answers",
    "Questions that an index was asked since the start (asked), those answered with a kept answer (found)",
    ("engine", "result"),
    registry=registry,
)
search_log_dropped = Counter(
    "portal_search_log_dropped_total", "Searches and choices that were not counted", registry=registry
)


class Measure:
    """Counts each request under its route template (unrouted ones under "other")."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 500

        async def note_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, note_status)
        finally:
            route = getattr(scope.get("route"), "path", "other")
            count(route, status, time.perf_counter() - began)


def count(route: str, status: int, took: float) -> None:
    """Notes an answer that took so many seconds."""
    answers, times = _of_route(route, status)
    answers.inc()
    times.observe(took)


@cache
def _of_route(route: str, status: int) -> tuple[Counter, Histogram]:
    """Looking them up costs more than counting."""
    return requests.labels(route, str(status)), seconds.labels(route)


def exposition() -> bytes:
    """All metrics in Prometheus' text format."""
    return generate_latest(registry)
