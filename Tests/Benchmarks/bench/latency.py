"""Latency at one constant rate for all: a share of what a peer can just do."""

import random
import statistics

from .pacer import Pacer, failures, percentile_ms
from .target import Running
from .upstream import Upstream

SHARE = 0.8
# What comes first has the connects in it.
WARM_SECONDS = 0.5


def measure(programs, scratch, targets, rate, rounds, seconds):
    """Medians over the rounds, by name; proxies take turns in random order."""
    upstream = Upstream(programs, scratch)
    running = []
    try:
        for target in targets:
            running.append(Running(target, scratch, upstream.ports))
        results = {one.target.name: [] for one in running}
        order, chance = list(running), random.Random(2)
        for _ in range(rounds):
            chance.shuffle(order)
            for one in order:
                results[one.target.name].append(_round(programs, scratch, one.port, rate, seconds))
        return {name: _summarize(rounds) for name, rounds in results.items()}
    finally:
        for one in running:
            one.stop()
        upstream.stop()


def _round(programs, scratch, port, rate, seconds):
    requests = Pacer(programs, scratch, port, rate, seconds + WARM_SECONDS).requests()
    begin = requests[0].due + WARM_SECONDS
    counted = [one for one in requests if one.due >= begin]
    figures = {f"p{name}": percentile_ms(counted, share) for name, share in (("50", 0.5), ("99", 0.99), ("999", 0.999))}
    late = sorted(one.late_ms for one in counted)
    return figures | {"failed": failures(requests), "late_p99": late[int(len(late) * 0.99)]}


def _summarize(rounds):
    result = {name: statistics.median(one[name] for one in rounds) for name in ("p50", "p99", "p999", "late_p99")}
    p99 = [one["p99"] for one in rounds]
    return result | {
        "p99_low": min(p99), "p99_high": max(p99), "failed": sum(one["failed"] for one in rounds),
    }
