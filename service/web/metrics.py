"""What a scrape counts: refused webhooks and sign-ins by this process, and rows by state from the database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flask import current_app
from prometheus_client import CollectorRegistry, Counter, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from service.store import heartbeats, overview
from service.workflows.deps import Deps

_KEY = "dripline-metrics"


@dataclass(frozen=True, slots=True)
class Metrics:
    """The counters of this process, and the registry that a scrape reads."""

    registry: CollectorRegistry
    webhooks_refused: Counter
    sign_ins_refused: Counter


def attach_metrics(extensions: dict[str, object], deps: Deps) -> None:
    """Keep fresh counters with the application, beside a look into the database at each scrape."""
    registry = CollectorRegistry()
    registry.register(_Rows(deps))
    extensions[_KEY] = Metrics(
        registry,
        Counter(
            "dripline_webhooks_refused",
            "Webhooks refused by this process, by what was wrong.",
            ["why"],
            registry=registry,
        ),
        Counter("dripline_sign_ins_refused", "Wrong names or passwords at this process.", registry=registry),
    )


def the_metrics() -> Metrics:
    """Return the counters of the application that serves this request."""
    metrics = current_app.extensions[_KEY]
    assert isinstance(metrics, Metrics)
    return metrics


def scraped() -> bytes:
    """Return every figure in the text form that Prometheus reads."""
    return generate_latest(the_metrics().registry)


class _Rows(Collector):
    """Counts rows by state at each scrape; no name, number or word is among the labels."""

    def __init__(self, deps: Deps) -> None:
        self._deps = deps

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Name nothing in advance, so that registering does not ask the database."""
        return iter(())

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the figures as they are now."""
        with self._deps.store.reading() as session:
            inbox = [((state,), count) for state, count in overview.inbox_counts(session).items()]
            outbox = [((state,), count) for state, count in overview.outbox_counts(session).items()]
            escalations = overview.live_escalation_counts(session).items()
            beats = heartbeats.beats(session)
        now = self._deps.now()
        ages = [((tick,), (now - at).total_seconds()) for tick, at in beats.items()]
        yield _by("inbox_messages", "Messages received.", ["state"], inbox)
        yield _by("outbox_messages", "Messages of ours.", ["state"], outbox)
        yield _by("live_escalations", "Escalations not closed.", ["level", "state"], escalations)
        yield _by("tick_age_seconds", "Time since each tick of the clock last finished.", ["tick"], ages)


def _by(
    name: str, meaning: str, labels: list[str], figures: Iterable[tuple[tuple[str, ...], float]]
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"dripline_{name}", meaning, labels=labels)
    for values, figure in figures:
        family.add_metric(list(values), figure)
    return family
