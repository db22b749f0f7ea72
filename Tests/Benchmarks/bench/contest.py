"""Several proxies on one scenario: all run at once, idle; bursts go to one at a time, in random order."""

import random
import statistics
from dataclasses import asdict, dataclass

from . import burst
from .target import Running
from .upstream import Upstream

WARM_SECONDS = 1


@dataclass
class Entry:
    """A proxy in a contest. `name` is what the results call it, `routes` may differ from the scenario's."""
    name: str
    running: Running
    scenario: object
    bursts: list


class Contest:
    def __init__(self, programs, scratch):
        self.programs, self.scratch = programs, scratch

    def run(self, entrants, cycles, seed=1):
        """`entrants` are (name, target, scenario)."""
        upstream = Upstream(self.programs, self.scratch)
        entries = []
        try:
            for name, target, scenario in entrants:
                entries.append(self._enter(name, target, scenario, upstream))
            order, chance = list(entries), random.Random(seed)
            for _ in range(cycles):
                chance.shuffle(order)
                for entry in order:
                    self._burst(entry, upstream)
            return {entry.name: summarize(entry.bursts) for entry in entries}
        finally:
            for entry in entries:
                entry.running.stop()
            upstream.stop()

    def _enter(self, name, target, scenario, upstream):
        running = Running(
            target, self.scratch, upstream.ports, routes=scenario.routes, answer_bytes=scenario.answer_bytes)
        try:
            running.check()
            burst.run_wrk(running.port, scenario, WARM_SECONDS)
            running.process.find_pids()
        except BaseException:
            running.stop()
            raise
        return Entry(name, running, scenario, [])

    def _burst(self, entry, upstream):
        before = upstream.counts()
        entry.bursts.append(burst.measure(entry.running, entry.scenario, upstream))
        shares = [after - count for after, count in zip(upstream.counts(), before, strict=True)]
        if entry.scenario.is_proxied and max(shares) - min(shares) > 0.02 * sum(shares) + 64:
            raise RuntimeError(f"{entry.name} does not spread its requests evenly: {shares}")


def summarize(bursts):
    """Medians, and each burst, so that ratios can be taken within a cycle."""
    slices = [value for one in bursts for value in one.slices]
    requests = sum(one.requests for one in bursts)

    def median(name):
        return statistics.median(getattr(one, name) for one in bursts)

    return {
        "cpu_us": statistics.median(slices), "cpu_us_low": quantile(slices, 0.1), "cpu_us_high": quantile(slices, 0.9),
        "user_us": sum(one.user * one.requests for one in bursts) / requests,
        "system_us": sum(one.system * one.requests for one in bursts) / requests,
        "requests": requests, "failed": sum(one.failed for one in bursts),
        "requests_per_second": median("requests_per_second"), "p50_ms": median("p50_ms"), "p99_ms": median("p99_ms"),
        "others": median("others"), "bursts": [asdict(one) | {"slices": len(one.slices)} for one in bursts],
    }


def quantile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
