"""A process under measurement: started on one CPU, its CPU time and memory read from /proc, ended by its own id."""

import os
import resource
import signal
import socket
import subprocess
import time
from pathlib import Path

from . import machine

DESCRIPTORS = resource.getrlimit(resource.RLIMIT_NOFILE)[1]


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def pin(cpu):
    """What a child does before it becomes the program."""

    def prepare():
        os.sched_setaffinity(0, {cpu})
        resource.setrlimit(resource.RLIMIT_NOFILE, (DESCRIPTORS, DESCRIPTORS))

    return prepare


def descendants(root):
    """A process and all that came from it."""
    children = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                text = (entry / "stat").read_text()
            except OSError:
                continue
            parent = int(text[text.rindex(")") + 2:].split()[1])
            children.setdefault(parent, []).append(int(entry.name))
    found, open_ends = [], [root]
    while open_ends:
        pid = open_ends.pop()
        found.append(pid)
        open_ends += children.get(pid, [])
    return found


class Process:
    def __init__(self, command, directory, cpu):
        directory.mkdir(parents=True, exist_ok=True)
        self.output, self.errors = directory / "stdout", directory / "stderr"
        # Opened for appending, so that the file can be cut while the process writes.
        self.output.unlink(missing_ok=True)
        with open(self.output, "ab") as output, open(self.errors, "wb") as errors:
            self.began = time.perf_counter()
            self.handle = subprocess.Popen(
                [str(part) for part in command], cwd=directory, stdin=subprocess.DEVNULL, stdout=output, stderr=errors,
                preexec_fn=pin(cpu))
        self.pid = self.handle.pid
        self.pids = [self.pid]

    def find_pids(self):
        self.pids = descendants(self.pid)

    def said(self):
        return self.errors.read_text(errors="replace")[-2000:]

    def check(self):
        if self.handle.poll() is not None:
            raise RuntimeError(f"{self.handle.args[0]} ended with {self.handle.returncode}:\n{self.said()}")

    def cpu_nanoseconds(self):
        """CPU time of every thread, by the scheduler's own clock."""
        total = 0
        for pid in self.pids:
            try:
                for thread in os.listdir(f"/proc/{pid}/task"):
                    with open(f"/proc/{pid}/task/{thread}/schedstat", "rb") as file:
                        total += int(file.read().split()[0])
            except OSError:
                pass
        return total

    def split_seconds(self):
        """User and system time, in the coarser clock that tells them apart."""
        user = system = 0
        for pid in self.pids:
            text = Path(f"/proc/{pid}/stat").read_text()
            fields = text[text.rindex(")") + 2:].split()
            user += int(fields[11])
            system += int(fields[12])
        return user / machine.TICKS, system / machine.TICKS

    def memory_kib(self):
        """Resident and proportional set size, summed over the processes."""
        sums = {"Rss:": 0, "Pss:": 0}
        for pid in descendants(self.pid):
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                name, *rest = line.split()
                if name in sums:
                    sums[name] += int(rest[0])
        return sums["Rss:"], sums["Pss:"]

    def stop(self):
        pids = descendants(self.pid) if self.handle.poll() is None else []
        self.handle.terminate()
        try:
            self.handle.wait(3)
        except subprocess.TimeoutExpired:
            self.handle.kill()
        for pid in pids[1:]:
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                pass
        self.handle.wait()
