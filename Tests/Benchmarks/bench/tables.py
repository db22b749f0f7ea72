"""The tables of a run."""

from .goal import GOALS, median_ratio
from .scenario import COMPARED
from .table import Table

NAMES = {"gateway": "gateway", "nginx": "nginx", "haproxy": "HAProxy", "caddy": "Caddy", "envoy": "Envoy",
         "relay": "relay (floor)"}


def goals(results):
    table = Table("target", "wanted", "measured", "")
    for goal in GOALS:
        try:
            value = goal.read(results)
        except KeyError:
            continue
        table.add(
            goal.title, "≤ " + goal.show(goal.limit), f"{value:.2f} {goal.unit}".strip(),
            "reached" if value <= goal.limit else "missed")
    return table


def compared(results):
    table = Table(
        "scenario", "proxy", "CPU µs/request", "10–90 %", "× nginx", "× HAProxy", "× floor", "user + system µs",
        "req/s", "p50 ms", "p99 ms", "failed")
    for scenario in COMPARED:
        entries = results["compared"].get(scenario.name, {})
        for name, entry in entries.items():
            ratios = [
                f"{median_ratio(entry['bursts'], entries[other]['bursts']):.2f}" if other in entries else "–"
                for other in ("nginx", "haproxy", "relay")
            ]
            table.add(
                scenario.name, NAMES[name], f"{entry['cpu_us']:.1f}",
                f"{entry['cpu_us_low']:.1f}–{entry['cpu_us_high']:.1f}", *ratios,
                f"{entry['user_us']:.1f} + {entry['system_us']:.1f}", f"{entry['requests_per_second']:,.0f}",
                f"{entry['p50_ms']:.2f}", f"{entry['p99_ms']:.2f}", entry["failed"])
    return table


def scaling(results):
    table = Table("routes", "CPU µs/request", "10–90 %", "× 1 route")
    entries = results["scaling"]
    for name, entry in entries.items():
        ratio = median_ratio(entry["bursts"], entries["1 route"]["bursts"])
        table.add(
            name, f"{entry['cpu_us']:.1f}", f"{entry['cpu_us_low']:.1f}–{entry['cpu_us_high']:.1f}", f"{ratio:.2f}")
    return table


def latency(results):
    table = Table("proxy", "p50 ms", "p99 ms", "lowest–highest p99", "p99.9 ms", "failed")
    for name, entry in results["latency"].items():
        table.add(
            NAMES[name], f"{entry['p50']:.2f}", f"{entry['p99']:.2f}",
            f"{entry['p99_low']:.2f}–{entry['p99_high']:.2f}", f"{entry['p999']:.2f}", entry["failed"])
    return table


def idle(results):
    table = Table(
        "proxy", "RSS, 1 route", "RSS, 10,000", "PSS, 1 route", "PSS, 10,000", "start, 1 route", "start, 10,000",
        "per idle client")
    for name, entry in results["idle"].items():
        few, many = entry["1"], entry["10000"]
        client = results["clients"].get(name)
        table.add(
            NAMES[name], *(f"{one[figure]:.1f} MiB" for figure in ("rss_mib", "pss_mib") for one in (few, many)),
            *(f"{one['cold_ms']:.0f} ms" for one in (few, many)),
            f"{client['kib_per_client']:.2f} KiB" if client else "–")
    return table


def reloads(results):
    table = Table(
        "proxy", "reloads", "requests", "failed", "in effect after", "p99 steady", "p99 during", "ratio",
        "longest during")
    for name, entry in results["reload"].items():
        table.add(
            NAMES[name], entry["reloads"], f"{entry['requests']:,}", entry["failed"], f"{entry['effect_ms']:.0f} ms",
            f"{entry['steady_p99']:.2f} ms", f"{entry['during_p99']:.2f} ms",
            f"{entry['during_p99'] / entry['steady_p99']:.2f} ×", f"{entry['during_max']:.1f} ms")
    return table


def all_of(results):
    """Titles and tables of what has been measured."""
    parts = [
        ("compared", "CPU of the proxy", compared), ("scaling", "CPU by number of routes", scaling),
        ("latency", "Latency at a constant rate", latency), ("clients", "Idle", idle),
        ("reload", "Reloads under load", reloads), ("compared", "Targets", goals),
    ]
    return [(title, str(make(results))) for part, title, make in parts if part in results]
