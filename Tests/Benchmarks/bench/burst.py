"""One second of load against one proxy, and what it cost the proxy."""

import json
import os
import resource
import statistics
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from . import machine
from .process import pin

SLICE_SECONDS = 0.1
SCRIPT = Path(__file__).parents[1] / "native/load.lua"


@dataclass
class Burst:
    """CPU figures are microseconds of the proxy per request."""
    requests: int
    failed: int
    requests_per_second: float
    p50_ms: float
    p99_ms: float
    slices: list
    cpu: float
    user: float
    system: float
    others: float


class Sampler(threading.Thread):
    """Notes the proxy's CPU time and the upstream's count every slice."""

    def __init__(self, process, upstream):
        super().__init__(daemon=True)
        self.process, self.upstream = process, upstream
        self.points, self.ending = [], threading.Event()

    def run(self):
        due = time.monotonic()
        while not self.ending.is_set():
            self.points.append((time.monotonic(), self.upstream.count(), self.process.cpu_nanoseconds()))
            due += SLICE_SECONDS
            self.ending.wait(max(0, due - time.monotonic()))

    def slices(self):
        """CPU µs per request of each whole slice: not the first, with its connects, nor the last two."""
        pairs = list(zip(self.points, self.points[1:]))[1:-2]
        return [
            (cpu - cpu_before) / 1000 / (count - before)
            for (_, before, cpu_before), (_, count, cpu) in pairs if count - before > 10
        ]


def run_wrk(port, scenario, seconds):
    environment = {
        "ROUTES": str(scenario.routes if scenario.is_spread else 0), "SUFFIX": scenario.path,
        "BODY_BYTES": str(scenario.body_bytes),
        "HEADERS": "\n".join(f"{name}: {value}" for name, value in scenario.headers.items()),
    }
    command = [
        "wrk", "--threads", "1", "--connections", scenario.connections, "--duration", f"{seconds}s", "--timeout",
        "10s", "--latency", "--script", SCRIPT, f"http://127.0.0.1:{port}{scenario.target()}",
    ]
    result = subprocess.run(
        [str(part) for part in command], env=os.environ | environment, capture_output=True, text=True,
        preexec_fn=pin(machine.LOAD_CPU), timeout=seconds + 60)
    for line in result.stdout.splitlines():
        if line.startswith("RESULT "):
            return json.loads(line[7:])
    raise RuntimeError(f"wrk gave no result: {result.stdout[-500:]}{result.stderr[-500:]}")


def measure(running, scenario, upstream, seconds=1):
    """A burst against a proxy that runs."""
    process = running.process
    process.check()
    os.truncate(process.output, 0)
    sampler = Sampler(process, upstream)
    user, system = process.split_seconds()
    cpu, busy, clock = process.cpu_nanoseconds(), machine.busy_seconds(), time.monotonic()
    children, own = resource.getrusage(resource.RUSAGE_CHILDREN), time.process_time()
    behind = sum(upstream.process.split_seconds())
    sampler.start()
    result = run_wrk(running.port, scenario, seconds)
    sampler.ending.set()
    sampler.join()
    process.check()
    user_after, system_after = process.split_seconds()
    cpu_after, elapsed = process.cpu_nanoseconds(), time.monotonic() - clock
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    load = after.ru_utime + after.ru_stime - children.ru_utime - children.ru_stime + time.process_time() - own
    behind = sum(upstream.process.split_seconds()) - behind
    others = machine.busy_seconds() - busy - (cpu_after - cpu) / 1e9 - load - behind
    requests = max(1, result["requests"])
    whole = (cpu_after - cpu) / 1000 / requests
    refused = result["refused"] if scenario.is_proxied else abs(requests - result["refused"])
    slices = sampler.slices() if scenario.is_proxied else [whole]
    return Burst(
        requests=requests, failed=result["failed"] + refused,
        requests_per_second=requests / result["microseconds"] * 1e6,
        p50_ms=result["p50"] / 1000, p99_ms=result["p99"] / 1000, slices=slices or [whole],
        cpu=statistics.median(slices or [whole]), user=(user_after - user) * 1e6 / requests,
        system=(system_after - system) * 1e6 / requests, others=max(0.0, others / elapsed))
