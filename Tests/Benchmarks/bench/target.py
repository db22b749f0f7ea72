"""A proxy to be measured: its configuration, its command, and a look at whether it does the job."""

import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path

from . import machine
from .process import Process, free_port
from .upstream import LISTENERS
from .wire import ask


@dataclass
class Job:
    """What a proxy is configured for."""
    upstream_ports: list
    routes: int = 1
    answer_bytes: int = 1 << 10
    version: int = 1
    directory: Path = None
    port: int = field(default_factory=free_port)


class Target:
    """Subclasses give `name`, `write(job)`, `command(job)` and, if they can, `reload(job, process)`."""
    name = ""
    parses = True
    can_reload = True

    def program(self):
        """The binary, or None where it is not installed."""
        return shutil.which(self.name) or shutil.which(self.name, path="/usr/sbin:/usr/local/sbin")

    def version(self):
        return machine.first_line(self.program(), "-v")

    def write(self, job):
        raise NotImplementedError

    def command(self, job):
        raise NotImplementedError

    def reload(self, job, process):
        raise NotImplementedError


class Running:
    """A target that answers. `cold_seconds` is the time from its start to the first answer through it."""

    def __init__(self, target, scratch, upstream_ports, **wishes):
        self.target = target
        self.job = Job(upstream_ports, directory=scratch / f"{target.name}-{wishes.get('routes', 1)}", **wishes)
        shutil.rmtree(self.job.directory, ignore_errors=True)
        self.job.directory.mkdir(parents=True)
        target.write(self.job)
        self.port = self.job.port
        self.process = Process(target.command(self.job), self.job.directory, machine.PROXY_CPU)
        try:
            self._await_answer()
        except BaseException:
            self.process.stop()
            raise
        self.cold_seconds = time.perf_counter() - self.process.began
        self.process.find_pids()

    def _await_answer(self):
        deadline = time.monotonic() + 120
        while True:
            try:
                if ask(self.port, "/service-0/items/42").status == 200:
                    return
            except OSError:
                pass
            self.process.check()
            if time.monotonic() > deadline:
                raise RuntimeError(f"{self.target.name} gives no answer:\n{self.process.said()}")
            time.sleep(0.0005)

    def check(self):
        """Stops the whole run when a proxy does less than it should: its figures would say nothing."""
        instances = {ask(self.port, "/service-0/items/42").headers.get("x-instance") for _ in range(4 * LISTENERS)}
        self._expect(len(instances) == LISTENERS, f"uses the instances {instances}")
        last = self.job.routes - 1
        self._expect(ask(self.port, f"/service-{last}/items/42").status == 200, "has not all routes")
        if not self.target.parses:
            return
        large = ask(self.port, "/service-0/large")
        self._expect(len(large.body) == 64 << 10, f"gives {len(large.body)} bytes for 64 KiB")
        small = ask(self.port, "/service-0/items/42", "POST", b"x" * (64 << 10))
        self._expect(small.status == 200 and len(small.body) == 1 << 10, "does not pass 64 KiB on")
        self._expect(ask(self.port, f"/service-{last + 1}/items/42").status == 404, "proxies what has no route")
        head = ask(self.port, "/service-0/head").body.decode().lower()
        for name in ("x-forwarded-for", "x-request-id"):
            self._expect(f"\r\n{name}: " in head, f"does not send {name}:\n{head}")

    def _expect(self, holds, complaint):
        if not holds:
            raise RuntimeError(f"{self.target.name} {complaint}")

    def reload(self, version):
        self.job.version = version
        self.target.reload(self.job, self.process)

    def version(self):
        """Which configuration answers, asked over a new connection."""
        return int(ask(self.port, "/version").body)

    def stop(self):
        self.process.stop()
