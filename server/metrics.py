"""Figures for whoever watches the server, in Prometheus' form. They count and time; they name nobody."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, raw

from bot.settings import Settings
from server.channels.signatures import is_same

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """Of one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.replies = Histogram(
            "aftercare_reply_seconds",
            "From taking a message to its stored reply, waiting for its turn included.",
            ("channel", "how"),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.outcomes = Counter("aftercare_messages_total", "Messages by how they ended.", ("channel", "outcome"), registry=self.registry)
        self.working = Gauge("aftercare_turns_in_progress", "Messages being answered now.", registry=self.registry)
        self.away = Counter("aftercare_records_away_total", "Messages refused because the database was away.", registry=self.registry)

    @contextmanager
    def answering(self, channel: str, pressed: bool) -> Iterator[None]:
        """Times one message."""
        began = time.perf_counter()
        self.working.inc()
        try:
            yield
        finally:
            self.working.dec()
            self.replies.labels(channel, "pressed" if pressed else "typed").observe(time.perf_counter() - began)

    def text(self) -> bytes:
        return generate_latest(self.registry)


metrics = Metrics()


def add_metrics(app: Sanic, settings: Settings) -> None:
    """`GET /metrics`, for this machine and for whoever shows the token; for others there is no such page."""

    async def shown(request: Request) -> HTTPResponse:
        if not _may_read(request, settings.metrics_token):
            return raw(b"", status=404)
        return raw(metrics.text(), content_type=CONTENT_TYPE_LATEST)

    app.add_route(shown, "/metrics", name="metrics")


def _may_read(request: Request, token: str) -> bool:
    """A proxy on this machine looks like this machine: what it passes on needs the token."""
    if token:
        return is_same(f"Bearer {token}", request.headers.get("authorization"))
    forwarded = any(name in request.headers for name in ("forwarded", "x-forwarded-for", "x-real-ip"))
    return not forwarded and request.ip in {"127.0.0.1", "::1"}
