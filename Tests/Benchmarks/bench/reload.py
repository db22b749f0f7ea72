"""A change of the configuration under steady load: does a client notice?"""

import statistics
import time

from .pacer import Pacer, failures, percentile_ms
from .target import Running
from .upstream import Upstream

GAP_SECONDS = 2.5
# What a reload costs after it has taken effect still counts as the reload.
TAIL_SECONDS = 0.25


def measure(programs, scratch, target, routes, rate, reloads):
    """Requests due from the change to its effect, and a moment longer, against all others."""
    upstream = Upstream(programs, scratch)
    running = pacer = None
    try:
        running = Running(target, scratch, upstream.ports, routes=routes)
        pacer = Pacer(programs, scratch, running.port, rate, GAP_SECONDS * (reloads + 1), routes)
        time.sleep(GAP_SECONDS)
        windows = [_reload(running, version) for version in range(2, reloads + 2)]
        requests = pacer.requests()
    finally:
        for one in (pacer, running, upstream):
            if one:
                one.stop()
    return _summarize(requests[len(requests) // (10 * (reloads + 1)):], windows) | {"failed": failures(requests)}


def _reload(running, version):
    """The time of a change and of its effect."""
    begin = time.monotonic()
    running.reload(version)
    while _version(running) != version:
        if time.monotonic() > begin + 60:
            raise RuntimeError(f"{running.target.name} did not take a new configuration")
        time.sleep(0.005)
    end = time.monotonic()
    time.sleep(max(0, GAP_SECONDS - (end - begin)))
    return begin, end


def _version(running):
    try:
        return running.version()
    except (OSError, ValueError):
        return None


def _summarize(requests, windows):
    def during(one):
        return any(begin <= one.due <= end + TAIL_SECONDS for begin, end in windows)

    changing = [one for one in requests if during(one)]
    steady = [one for one in requests if not during(one)]
    if not changing:
        raise RuntimeError("no request was due during a reload")
    return {
        "requests": len(requests), "reloads": len(windows),
        "effect_ms": statistics.median((end - begin) * 1000 for begin, end in windows),
        "steady_p99": percentile_ms(steady, 0.99), "during_p99": percentile_ms(changing, 0.99),
        "during_max": max(one.latency_ms for one in changing), "steady_max": max(one.latency_ms for one in steady),
    }
