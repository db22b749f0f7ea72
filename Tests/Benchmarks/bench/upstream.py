"""The server behind the proxies, and what it has counted."""

import mmap
import struct
import time

from . import machine
from .process import Process

LISTENERS = 3


class Upstream:
    def __init__(self, programs, scratch):
        counters = scratch / "upstream.counters"
        self.process = Process(
            [programs / "upstream", counters, LISTENERS], scratch / "upstream", machine.LOAD_CPU)
        deadline = time.monotonic() + 10
        while not (line := self.process.output.read_text()).endswith("\n"):
            self.process.check()
            if time.monotonic() > deadline:
                raise RuntimeError("the upstream did not start")
            time.sleep(0.005)
        self.ports = [int(port) for port in line.split()]
        with open(counters, "rb") as file:
            self.counters = mmap.mmap(file.fileno(), 4096, prot=mmap.PROT_READ)

    def counts(self):
        """Requests answered so far, by listener."""
        return struct.unpack_from(f"{LISTENERS}Q", self.counters)

    def count(self):
        return sum(self.counts())

    def stop(self):
        self.process.stop()
