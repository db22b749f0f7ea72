"""Requests at a constant rate, whatever the proxy does: `native/pacer.c` says how the latencies are to be read."""

import struct
from dataclasses import dataclass

from . import machine
from .contest import quantile
from .process import Process

RECORD = struct.Struct("=QQII")
CONNECTIONS = 64


@dataclass
class Request:
    due: float
    latency_ms: float
    late_ms: float
    status: int


class Pacer:
    """One run of the client; begins at once."""

    def __init__(self, programs, scratch, port, rate, seconds, routes=1):
        self.records = scratch / "pacer.records"
        self.records.unlink(missing_ok=True)
        self.seconds = seconds
        self.process = Process(
            [programs / "pacer", port, rate, seconds, CONNECTIONS, routes, self.records], scratch / "pacer",
            machine.LOAD_CPU)

    def requests(self):
        """All of them, at the end, by the time when they were due (monotonic clock)."""
        if self.process.handle.wait(self.seconds + 30) != 0:
            raise RuntimeError(f"the constant-rate client failed: {self.process.said()}")
        return [
            Request(due / 1e9, latency / 1e6, late / 1e6, status)
            for due, latency, late, status in RECORD.iter_unpack(self.records.read_bytes())
        ]

    def stop(self):
        self.process.stop()


def percentile_ms(requests, share):
    return quantile([one.latency_ms for one in requests], share)


def failures(requests):
    return sum(one.status != 200 for one in requests)
