"""A whole run: everything that is measured, in order, kept in one file as it comes."""

import json
import os
import resource
import time
from dataclasses import dataclass
from pathlib import Path

from . import idle, latency, machine, profile, programs, reload, scenario, targets
from .contest import Contest
from .process import DESCRIPTORS

ROOT = Path(__file__).resolve().parents[3]
DIRECTORY = ROOT / ".build/bench"
RESULTS = DIRECTORY / "results.json"
# A run of single parts must not take the place of a whole one.
PARTS = DIRECTORY / "parts.json"
MANY_ROUTES = 10_000
RELOAD_SHARE = 0.4


@dataclass(frozen=True)
class Effort:
    """How long a run takes."""
    cycles: int
    latency_rounds: int
    latency_seconds: int
    starts: int
    reloads: int


THOROUGH = Effort(cycles=10, latency_rounds=5, latency_seconds=3, starts=5, reloads=3)
QUICK = Effort(cycles=2, latency_rounds=2, latency_seconds=1, starts=3, reloads=1)


class Run:
    def __init__(self, binary, effort, only=None, peers=None):
        os.sched_setaffinity(0, {machine.LOAD_CPU})
        resource.setrlimit(resource.RLIMIT_NOFILE, (DESCRIPTORS, DESCRIPTORS))
        self.effort, self.only = effort, only
        self.programs, self.scratch = programs.build(DIRECTORY / "bin"), DIRECTORY / "scratch"
        self.gateway, self.floor = targets.Gateway(binary), targets.Relay(self.programs)
        self.peers = [peer() for peer in targets.PEERS if peer().program() and (not peers or peer.name in peers)]
        self.results = {
            "machine": machine.describe() | {"precedence": machine.take_precedence()},
            "versions": {one.name: one.version() for one in (self.gateway, *self.peers)},
            "commit": machine.first_line("git", "-C", ROOT, "log", "-1", "--format=%h %cs"),
            "began": time.strftime("%Y-%m-%d %H:%M %Z"), "effort": effort.__dict__,
        }

    def measure(self):
        for name in ("compared", "scaling", "latency", "idle", "clients", "reload", "profile"):
            if not self.only or name in self.only:
                self.say(f"== {name}")
                try:
                    self.results[name] = getattr(self, name)()
                except RuntimeError as error:
                    # The other parts are worth having all the same.
                    self.say(f"{name} failed: {error}")
                self._keep()
        return self.results

    def say(self, text):
        print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)

    def _keep(self):
        (PARTS if self.only else RESULTS).write_text(json.dumps(self.results, indent=1))

    def compared(self):
        contest, figures = Contest(self.programs, self.scratch), {}
        for number, one in enumerate(scenario.COMPARED):
            self.say(f"{one.name}: {one.title}")
            entrants = [self.gateway, *self.peers]
            if one.is_proxied and one.routes == 1:
                entrants.append(self.floor)
            figures[one.name] = contest.run([(each.name, each, one) for each in entrants], self.effort.cycles, number)
        return figures

    def scaling(self):
        names = ["1 route", "1,000 routes", "100,000 routes"]
        entrants = [(name, self.gateway, one) for name, one in zip(names, scenario.SCALING, strict=True)]
        return Contest(self.programs, self.scratch).run(entrants, self.effort.cycles)

    def latency(self):
        rate = round(self._saturation() * latency.SHARE)
        self.results["latency_rate"] = rate
        self.say(f"{rate:,} requests per second")
        return latency.measure(
            self.programs, self.scratch, [self.gateway, *self._peers_that_can(rate), self.floor], rate,
            self.effort.latency_rounds, self.effort.latency_seconds)

    def _peers_that_can(self, rate):
        """A proxy that is asked for more than it can do only shows how long its queue grows."""
        entries = self.results.get("compared", {}).get("S1", {})
        return [
            one for one in self.peers
            if one.name not in entries or entries[one.name]["requests_per_second"] > rate * 1.1
        ]

    def _saturation(self):
        """Requests per second that HAProxy, or else nginx, can just answer."""
        entries = self.results.get("compared", {}).get("S1")
        if not entries:
            peer = next(one for one in self.peers if one.name in ("haproxy", "nginx"))
            entries = Contest(self.programs, self.scratch).run([(peer.name, peer, scenario.COMPARED[0])], 2)
        return entries.get("haproxy", entries.get("nginx"))["requests_per_second"]

    def idle(self):
        return {
            one.name: {
                str(routes): idle.measure(self.programs, self.scratch, one, routes, self.effort.starts)
                for routes in (1, MANY_ROUTES)
            } for one in (self.gateway, *self.peers)
        }

    def clients(self):
        return {
            one.name: idle.measure_clients(self.programs, self.scratch, one) for one in (self.gateway, *self.peers)
        }

    def reload(self):
        rate = round(self._saturation() * RELOAD_SHARE)
        self.results["reload_rate"] = rate
        return {
            one.name: reload.measure(self.programs, self.scratch, one, MANY_ROUTES, rate, self.effort.reloads)
            for one in (self.gateway, *self._peers_that_can(rate)) if one.can_reload
        }

    def profile(self):
        return profile.measure(self.programs, self.scratch, self.gateway)


def find_binary():
    """The release binary, or the one that GATEWAY names."""
    binary = Path(os.environ.get("GATEWAY", ROOT / ".build/release/gateway")).resolve()
    if not binary.exists():
        raise SystemExit(f"{binary} is missing: `make build` makes it")
    return binary
