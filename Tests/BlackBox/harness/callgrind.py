"""Instructions and calls of the gateway, counted by Callgrind: numbers that repeat, where times do not."""

import re
import shutil
import subprocess

import pytest

from .processes import Gateway

ALLOCATORS = {"malloc", "calloc", "realloc", "aligned_alloc", "posix_memalign", "memalign"}


class Counts:
    """What one phase cost, by the number of its requests."""

    def __init__(self, path, requests):
        self.requests = requests
        self.instructions = 0
        self.allocations = 0
        names, callee, is_call = {}, None, False
        for line in path.read_text().splitlines():
            if name := re.match(r"(c?)fn=\((\d+)\)(?: (.*))?", line):
                known = names.setdefault(name[2], name[3])
                callee = known if name[1] else callee
            elif calls := re.match(r"calls=(\d+)", line):
                # The next line is the cost of the callee, which is counted where it is spent.
                is_call = True
                self.allocations += int(calls[1]) if callee in ALLOCATORS else 0
            elif cost := re.match(r"[-+*\d]\S* (\d+)$", line):
                self.instructions += 0 if is_call else int(cost[1])
                is_call = False

    @property
    def per_request(self):
        return self.instructions / self.requests


class CountedGateway(Gateway):
    """Runs under Callgrind, which counts nothing before it is told to."""

    patience = 180

    def __init__(self, directory, config, **options):
        if not shutil.which("valgrind"):
            pytest.skip("valgrind is missing, and `make test` could not install it")
        self.counts = directory / "callgrind.out"
        wrapper = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={self.counts}", "--instr-atstart=no"]
        self.phases = 0
        super().__init__(directory, config, workers=1, wrapper=wrapper, **options)

    def count(self, requests, send):
        """Counts what `send`, which makes so many requests, costs."""
        self._tell("instrumentation", "on")
        send()
        self._tell("dump")
        self.phases += 1
        self._tell("instrumentation", "off")
        return Counts(self.counts.with_name(f"{self.counts.name}.{self.phases}"), requests)

    def _tell(self, *words):
        subprocess.run(
            ["vgdb", f"--pid={self.pid}", *words], check=True, timeout=60, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
