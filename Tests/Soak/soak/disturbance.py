"""What goes on around the traffic: instances die and come back, configurations change, the access log is moved."""

import asyncio
import json
import random
import subprocess
import sys
from pathlib import Path

PROGRAM = Path(__file__).parent / "instance.py"
INSTANCES = 3


class Instance:
    """One of the instances, as a process. It comes back on the port that it had."""

    def __init__(self):
        self.port = 0
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [sys.executable, "-S", "-E", "-B", str(PROGRAM), str(self.port)], stdout=subprocess.PIPE,
            stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.port = int(self.process.stdout.readline())

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    async def restart(self):
        await asyncio.to_thread(self.start)


class Configuration:
    """The gateway's files, as they change."""

    def __init__(self, directory, ports, log):
        self.directory, self.ports, self.log = directory, ports, log
        self.version = 0
        directory.mkdir(parents=True)
        self._write("gateway.yaml", {"gateway": {
            "listeners": {"public": {"host": "127.0.0.1", "port": 0}}, "access_log": {"path": str(log)},
            "drain_timeout": "5s",
        }})
        self.change()

    def change(self):
        """A new version; every few of them another way to balance, another number of routes."""
        self.version += 1
        routes = {
            "soak": {"path_pattern": "/soak/*", "service_name": "pool"},
            "version": {"path_pattern": "/version", "response": {"body": str(self.version)}},
        }
        for number in range(self.version % 7):
            routes[f"extra-{number}"] = {"path_pattern": f"/extra/{number}/*", "service_name": "pool"}
        pool = {
            "load_balancing": ("round_robin", "least_connections")[self.version // 10 % 2], "retries": 3,
            "retry_budget": "100%", "instances": [{"host": "127.0.0.1", "port": port} for port in self.ports],
        }
        self._write("routes.yaml", {"services": {"pool": pool}, "routes": routes})

    def spoil(self):
        """Something that must be refused, and change nothing."""
        self._write("routes.yaml", {"routes": {"soak": {"path_pattern": "/soak/*", "service_name": "nobody"}}})

    def _write(self, name, content):
        draft = self.directory / f".{name}"
        draft.write_text(json.dumps(content))
        draft.rename(self.directory / name)


async def kill_instances(instances, ledger):
    """One at a time, so that there is always somebody who could answer."""
    while True:
        await asyncio.sleep(random.uniform(1, 3))
        instance = random.choice(instances)
        ledger.note_kill()
        instance.kill()
        ledger.note_kill()
        await asyncio.sleep(random.uniform(0, 1))
        await instance.restart()


async def reload(configuration):
    """Every second; every tenth time by way of a mistake."""
    while True:
        await asyncio.sleep(1)
        if configuration.version % 10 == 9:
            configuration.spoil()
            await asyncio.sleep(0.5)
        configuration.change()


async def rotate_log(log, ledger, seconds=10):
    """Moves the access log away, and reads what is in it."""
    while True:
        await asyncio.sleep(seconds)
        turned = log.with_suffix(".old")
        log.rename(turned)
        # The gateway looks every 200 ms whether its file is still there.
        await asyncio.sleep(1)
        await asyncio.to_thread(check_log, turned, ledger)


def check_log(path, ledger):
    """Every line is one whole object about one request."""
    with open(path, "rb") as lines:
        for line in lines:
            try:
                if "status" not in json.loads(line):
                    raise ValueError("no status")
            except ValueError as error:
                ledger.complain(f"access log: {error}: {line[:200]!r}")
    path.unlink()


