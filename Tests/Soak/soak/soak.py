"""The run: everything is started, goes on for its time, comes to rest, and is looked at."""

import asyncio
import random
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from .disturbance import (
    INSTANCES,
    Configuration,
    Instance,
    check_log,
    kill_instances,
    reload,
    rotate_log,
)
from .ledger import Failed, Ledger, Wrong
from .traffic import KINDS, Client, aborting
from .watch import Watch

sys.path.insert(0, str(Path(__file__).parents[2] / "BlackBox"))

from harness.polling import eventually  # noqa: E402
from harness.processes import Gateway  # noqa: E402

CLIENTS = 48
# Medians of a process that keeps nothing differ by less; 100 kept bytes a request are more in half an hour.
MEMORY_GROWTH_MIB = 6
DESCRIPTOR_GROWTH = 40


@dataclass
class Outcome:
    figures: list = field(default_factory=list)
    complaints: list = field(default_factory=list)

    def expect(self, holds, complaint):
        if not holds:
            self.complaints.append(complaint)


class Soak:
    def __init__(self, directory, seconds, rate, seed=None):
        self.directory, self.seconds, self.rate = directory, seconds, rate
        self.seed = random.randrange(1 << 32) if seed is None else seed
        self.ledger = Ledger()
        self.due = 0.0

    def run(self):
        random.seed(self.seed)
        instances = [Instance() for _ in range(INSTANCES)]
        gateway = None
        try:
            self.log = self.directory / "access.log"
            self.configuration = Configuration(
                self.directory / "gateway.d", [instance.port for instance in instances], self.log)
            gateway = Gateway(self.directory, ExistingDirectory(self.configuration.directory), workers=2)
            self.descriptors_before = gateway.descriptors()
            asyncio.run(self._traffic(gateway, instances))
            return self._judge(gateway)
        finally:
            if gateway:
                gateway.stop()
            for instance in instances:
                instance.kill()

    async def _traffic(self, gateway, instances):
        self.watch = Watch(gateway)
        around = [
            asyncio.create_task(task) for task in (
                self.watch.run(), kill_instances(instances, self.ledger), reload(self.configuration),
                rotate_log(self.log, self.ledger))
        ]
        self.due = time.monotonic()
        self.ending = self.due + self.seconds
        clients = [Client(gateway.address, self.ledger) for _ in range(CLIENTS)]
        await asyncio.gather(*(self._client(client) for client in clients))
        for task in around:
            task.cancel()
        for result in await asyncio.gather(*around, return_exceptions=True):
            if not isinstance(result, asyncio.CancelledError):
                self.ledger.complain(f"a disturbance ended: {result!r}")

    async def _client(self, client):
        weights = [kind.weight for kind in KINDS]
        while (now := time.monotonic()) < self.ending:
            kind = random.choices(KINDS, weights)[0]
            # Exchanges begin at a steady rate; what could not begin in time is not made up for.
            self.due = max(self.due + kind.count / self.rate, now - 0.1)
            await asyncio.sleep(max(0, self.due - now))
            await self._exchange(client, kind)
        client.drop()

    async def _exchange(self, client, kind):
        name, began = kind.run.__name__, time.monotonic()
        try:
            async with asyncio.timeout(60):
                await kind.run(client)
            self.ledger.note_answer(name, kind.count)
            return
        except Failed as failure:
            self.ledger.note_failure(name, failure, began, kind.may_repeat)
        except Wrong as error:
            self.ledger.complain(f"{name}: {error}")
        except (OSError, EOFError, ValueError, asyncio.LimitOverrunError) as error:
            if kind.run is not aborting:
                self.ledger.complain(f"{name}: {error!r}")
        client.drop()

    def _judge(self, gateway):
        outcome, ledger, watch = Outcome(), self.ledger, self.watch
        outcome.complaints += ledger.complaints
        if ledger.complaint_count > len(ledger.complaints):
            outcome.complaints.append(f"… and {ledger.complaint_count - len(ledger.complaints)} more")
        outcome.expect(sum(ledger.answered.values()) > 0, "no answer at all")
        outcome.expect(ledger.kills > 0, "no instance was killed")
        self._judge_resources(outcome, watch)
        self._judge_rest(outcome, gateway)
        self._judge_revisions(outcome, gateway)
        answered, excused = sum(ledger.answered.values()), sum(ledger.excused.values())
        outcome.figures = [
            f"seed {self.seed}; {answered:,} answers checked, {ledger.kills // 2} kills, "
            f"{self.configuration.version} versions of the configuration",
            "answers: " + ", ".join(f"{name} {count:,}" for name, count in ledger.answered.most_common()),
            f"failures that a kill explains: {excused}" + "".join(
                f"; {name} × {count}" for name, count in ledger.excused.most_common()),
            *outcome.figures,
        ]
        return outcome

    def _judge_resources(self, outcome, watch):
        growth, more = watch.memory_growth_mib(), watch.descriptor_growth()
        outcome.figures.append(
            f"resident memory {watch.memory[0]:.1f} MiB at first, {watch.memory[-1]:.1f} at last, at most "
            f"{max(watch.memory):.1f}; growth {growth:+.2f} MiB, slope {watch.memory_slope_mib_per_hour():+.2f} MiB/h; "
            f"descriptors at most {max(watch.descriptors)}, growth {more:+.0f}")
        outcome.expect(growth <= MEMORY_GROWTH_MIB, f"memory grew by {growth:.1f} MiB")
        outcome.expect(more <= DESCRIPTOR_GROWTH, f"descriptors grew by {more}")

    def _judge_rest(self, outcome, gateway):
        """All clients are gone: what is left are the kept connections to instances, and the one that asks."""

        def rests():
            assert gateway.metric("gateway_connections_active") <= 1
            assert gateway.metric("gateway_requests_in_flight") <= 1
            kept = gateway.metric("gateway_upstream_connections")
            # One for the access log, which is opened when the first line is written, and the asking connection.
            return gateway.descriptors() - kept <= self.descriptors_before + 2

        try:
            eventually(rests, "no connection is left")
        except AssertionError as error:
            outcome.complaints.append(
                f"{error}: {gateway.descriptors()} descriptors, {self.descriptors_before} at the start; "
                f"{gateway.metric('gateway_upstream_connections')} connections to instances")
        dropped = gateway.metric("gateway_access_log_dropped_lines_total")
        outcome.expect(dropped == 0, f"{dropped} lines of the access log were dropped")

    def _judge_revisions(self, outcome, gateway):
        version = str(self.configuration.version).encode()
        try:
            eventually(lambda: gateway.fetch("/version").body == version, "the last version serves")
        except AssertionError as error:
            outcome.complaints.append(str(error))
        verified = gateway.run("log", "--verify", "--state", gateway.state)
        outcome.expect(verified.returncode == 0, f"the revision log is damaged:\n{verified.stderr}{verified.stdout}")
        outcome.figures.append(f"revision {gateway.revision()}, the log is intact")
        outcome.expect(gateway.drain() == 0, f"ended with {gateway.process.returncode}:\n{gateway.said()[-2000:]}")
        if self.log.exists():
            check_log(self.log, self.ledger)


@dataclass
class ExistingDirectory:
    """The configuration as the harness wants it: it only asks for the path."""
    path: Path
