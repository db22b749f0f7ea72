"""What the project wants to reach, and what a run says about it."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Goal:
    """`read` finds the figure in the results; `unit` is how it is written."""
    title: str
    limit: float
    read: Callable
    unit: str

    def show(self, value):
        return f"{value:.2f} ×" if self.unit == "×" else f"{value:,.0f} {self.unit}".strip()


def cpu(scenario, peer):
    """CPU per request, as a multiple of the peer's in the same cycles."""

    def read(results):
        entries = results["compared"][scenario]
        return median_ratio(entries["gateway"]["bursts"], entries[peer]["bursts"])

    return read


def median_ratio(bursts, others):
    ratios = sorted(one["cpu"] / other["cpu"] for one, other in zip(bursts, others, strict=True))
    middle = len(ratios) // 2
    return ratios[middle] if len(ratios) % 2 else (ratios[middle - 1] + ratios[middle]) / 2


def above_floor(results):
    entries = results["compared"]["S1"]
    return median_ratio(entries["gateway"]["bursts"], entries["relay"]["bursts"])


def scaling(results):
    entries = results["scaling"]
    return median_ratio(entries["100,000 routes"]["bursts"], entries["1 route"]["bursts"])


def idle(routes, figure):
    return lambda results: results["idle"]["gateway"][str(routes)][figure]


GOALS = [
    *(Goal(f"{scenario}: CPU per request, of {peer}'s", limit, cpu(scenario, peer), "×") for scenario, peer, limit in (
        ("S1", "nginx", 0.85), ("S1", "haproxy", 0.85), ("S1h", "nginx", 0.75), ("S1h", "haproxy", 0.75),
        ("S2", "nginx", 0.75), ("S2", "haproxy", 0.80), ("B64", "nginx", 0.90), ("U64", "nginx", 0.90))),
    Goal("S1: user time per request", 2, lambda results: results["compared"]["S1"]["gateway"]["user_us"], "µs"),
    Goal("CPU per request with 100,000 routes, of that with 1", 1.10, scaling, "×"),
    Goal(
        "p99 at 80 % of HAProxy's saturation, of HAProxy's", 1.0,
        lambda results: results["latency"]["gateway"]["p99"] / results["latency"]["haproxy"]["p99"], "×"),
    Goal("resident memory, 1 route", 12, idle(1, "rss_mib"), "MiB"),
    Goal("resident memory, 10,000 routes", 50, idle(10_000, "rss_mib"), "MiB"),
    Goal("memory per idle client", 4, lambda results: results["clients"]["gateway"]["kib_per_client"], "KiB"),
    Goal("cold start, 1 route", 25, idle(1, "cold_ms"), "ms"),
    Goal("cold start, 10,000 routes", 200, idle(10_000, "cold_ms"), "ms"),
    Goal(
        "requests failed by reloads of 10,000 routes", 0,
        lambda results: results["reload"]["gateway"]["failed"], ""),
    Goal(
        "p99 during these reloads, of steady", 2.0,
        lambda results: results["reload"]["gateway"]["during_p99"] / results["reload"]["gateway"]["steady_p99"], "×"),
]
