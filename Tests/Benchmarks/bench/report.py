"""docs/performance.md and its plots, from the results of a run and a page with gaps."""

import re
from pathlib import Path

from . import tables
from .goal import median_ratio
from .plot import Bars
from .run import ROOT
from .scenario import COMPARED
from .table import Table

PAGE = Path(__file__).parents[1] / "performance.md"
DOCUMENT, PLOTS = ROOT / "docs/performance.md", ROOT / "docs/plots"


def write(results):
    fillings = {
        "machine": machine(results), "goals": tables.goals(results), "compared": tables.compared(results),
        "scaling": tables.scaling(results), "latency": tables.latency(results), "idle": tables.idle(results),
        "reloads": tables.reloads(results), "profile": profile(results), "scenarios": scenarios(),
        "latency-rate": f"{results['latency_rate']:,}", "reload-rate": f"{results['reload_rate']:,}",
        "others": f"{others(results):.2f}", "kernel-share": f"{share(results, 'kernel'):.0%}",
        "remarks": results.get("remarks", ""), "floor": above_floor(results),
        "clients": f"{results['clients']['gateway']['clients']:,}",
    }
    text = re.sub(r"\{\{([a-z-]+)\}\}", lambda gap: str(fillings[gap[1]]), PAGE.read_text())
    DOCUMENT.write_text(text)
    PLOTS.mkdir(exist_ok=True)
    for name, plot in plots(results).items():
        (PLOTS / f"{name}.svg").write_text(str(plot))


def machine(results):
    here, versions = results["machine"], results["versions"]
    table = Table("", "")
    table.rows = [("what", "which")]
    kind = "virtual CPUs" if here["virtual"] else "CPUs"
    table.add("CPU", f"{here['cpu']}, {here['cores']} {kind}")
    table.add("memory", f"{here['memory_gib']} GiB")
    table.add("system", f"{here['system']}, Linux {here['kernel']}")
    for name, version in versions.items():
        table.add(tables.NAMES[name], f"commit {results['commit']}" if name == "gateway" else version)
    table.add("measured", f"{results['began']}, {results['effort']['cycles']} cycles of bursts")
    return table


def above_floor(results):
    """How much more than the relay the gateway costs, in words."""
    parts = []
    for name, entries in results["compared"].items():
        if "relay" in entries:
            ratio = median_ratio(entries["gateway"]["bursts"], entries["relay"]["bursts"])
            more = entries["gateway"]["cpu_us"] - entries["relay"]["cpu_us"]
            parts.append(f"{ratio:.2f} × ({more:+.1f} µs) on {name}")
    return ", ".join(parts)


def scenarios():
    table = Table("scenario", "what")
    for one in COMPARED:
        table.add(one.name, one.title)
    return table


def others(results):
    """Cores that processes outside the benchmark used, in the middle of the bursts."""
    values = sorted(
        one["others"] for entries in results["compared"].values() for entry in entries.values()
        for one in entry["bursts"])
    return values[len(values) // 2]


def share(results, where):
    return sum(kind["share"] for kind in results["profile"]["kinds"] if kind["where"] == where)


def profile(results):
    table = Table("work", "where", "share", "µs/request")
    whole = results["compared"]["S1"]["gateway"]["cpu_us"]
    for kind in results["profile"]["kinds"]:
        if kind["share"] >= 0.002:
            table.add(kind["kind"], kind["where"], f"{kind['share']:.1%}", f"{kind['share'] * whole:.2f}")
    return table


def plots(results):
    cpu = Bars("CPU of the proxy per request", "µs, lower is better", tables.NAMES)
    for scenario in COMPARED:
        entries = results["compared"][scenario.name]
        cpu.add(scenario.label, {proxy: entry["cpu_us"] for proxy, entry in entries.items()})
    latency = Bars(f"Latency at {results['latency_rate']:,} requests per second", "ms", tables.NAMES, 2)
    for label, figure in (("median", "p50"), ("99th percentile", "p99")):
        latency.add(label, {proxy: entry[figure] for proxy, entry in results["latency"].items()})
    memory = Bars("Resident memory when idle", "MiB", tables.NAMES)
    start = Bars("Start to first answer", "ms", tables.NAMES, 0)
    for routes in ("1", "10000"):
        label = "1 route" if routes == "1" else "10,000 routes"
        memory.add(label, {proxy: entry[routes]["rss_mib"] for proxy, entry in results["idle"].items()})
        start.add(label, {proxy: entry[routes]["cold_ms"] for proxy, entry in results["idle"].items()})
    return {"cpu": cpu, "latency": latency, "memory": memory, "start": start}
