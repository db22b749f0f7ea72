"""The gateway as a process: started on a configuration of the test, looked at from outside, ended by its own id."""

import json
import os
import re
import signal
import socket
import subprocess
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from .polling import DEADLINE, eventually
from .wire import Connection, fetch, parse_address

ROOT = Path(__file__).resolve().parents[3]
BINARY = Path(os.environ.get("GATEWAY", ROOT / ".build/release/gateway"))


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def run(*arguments, cwd=None, env=None, timeout=60, stdin=None, input=None):
    """Runs one command of the gateway to its end."""
    source = {"stdin": subprocess.DEVNULL if stdin is None else stdin} if input is None else {"input": input}
    return subprocess.run(
        [str(BINARY), *map(str, arguments)], cwd=cwd, env=clean_environment(env), timeout=timeout, text=True,
        capture_output=True, **source)


KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "USER", "ASAN_OPTIONS", "TSAN_OPTIONS", "SWIFT_BACKTRACE")


def clean_environment(extra=None):
    """Without what the gateway would read as defaults."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    if preload := os.environ.get("GATEWAY_TEST_PRELOAD"):
        kept["LD_PRELOAD"] = preload
    return kept | (extra or {})


class Process:
    """A program whose output goes to files."""

    def __init__(self, command, directory, cwd=None, env=None):
        directory.mkdir(parents=True, exist_ok=True)
        self.output, self.errors = directory / "stdout", directory / "stderr"
        with open(self.output, "wb") as output, open(self.errors, "wb") as errors:
            self.process = subprocess.Popen(
                [str(part) for part in command], cwd=cwd, env=clean_environment(env), stdin=subprocess.DEVNULL,
                stdout=output, stderr=errors)
        self.pid = self.process.pid

    def said(self):
        return self.errors.read_text(errors="replace")

    # How long what it says is waited for.
    patience = DEADLINE

    def find(self, pattern, what=None):
        """The first match in what the process has said, as soon as it is there."""

        def look():
            found = re.search(pattern, self.said() + self.output.read_text(errors="replace"), re.MULTILINE)
            if not found and self.process.poll() is not None:
                raise RuntimeError(f"ended with {self.process.returncode}:\n{self.said()}")
            return found

        return eventually(look, what or f"a line like {pattern}", self.patience)

    def signal(self, number):
        self.process.send_signal(number)

    def wait(self, timeout=20):
        return self.process.wait(timeout)

    def kill(self):
        self.process.kill()
        self.process.wait(20)

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()

    def resident_kilobytes(self):
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1])

    def processor_seconds(self):
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))


class Echo(Process):
    """The demo upstream."""

    def __init__(self, directory):
        super().__init__([BINARY, "echo", "--port", "0"], directory)
        self.port = int(self.find(r"listening on \S+:(\d+)")[1])

    @property
    def instance(self):
        return {"host": "127.0.0.1", "port": self.port}


class ConfigDirectory:
    """A gateway.d of the test. Objects are written as JSON, which is YAML too."""

    def __init__(self, path):
        self.path = path
        path.mkdir(parents=True, exist_ok=True)

    def write(self, name, content):
        """Replaces a file in one step."""
        text = content if isinstance(content, str) else json.dumps(content, indent=1)
        target = self.path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.parent / f".{target.name}.draft"
        draft.write_text(text)
        draft.rename(target)

    def remove(self, name):
        (self.path / name).unlink()


BASE = {"listeners": {"public": {"host": "127.0.0.1", "port": 0}}, "access_log": {"path": "off"}, "drain_timeout": "5s"}


class Gateway(Process):
    """`gateway run` on a configuration directory, with its state beside it."""

    def __init__(
            self, directory, config=None, *, workers=2, state=None, env=None, await_listener=True, descriptors=None,
            wrapper=()):
        self.config = config or ConfigDirectory(directory / "gateway.d")
        self.state = Path(state or directory / "state")
        self.directory = directory
        bounded = ["prlimit", f"--nofile={descriptors}"] if descriptors else []
        super().__init__(
            [*wrapper, *bounded, BINARY, "run", self.config.path, "--state", self.state, "--workers", workers],
            directory, cwd=directory, env=env)
        if await_listener:
            self.address = self.listener()

    def listener(self, name="public"):
        return parse_address(self.find(rf"listening on (\S+) \({name}\)")[1])

    def restart(self, **options):
        return Gateway(self.directory, self.config, state=self.state, **options)

    def connect(self, **options):
        return Connection(self.address, **options)

    def fetch(self, target, method="GET", **options):
        return fetch(self.address, target, method, **options)

    def run(self, *arguments, **options):
        """A command that reads this configuration or talks to this daemon."""
        return run(*arguments, cwd=self.directory, **options)

    def health(self):
        answer = self.fetch("/health")
        assert answer.headers.get("Content-Type") == "application/json"
        return answer.json()["data"]

    def revision(self):
        return self.health()["revision"]

    def reload_state(self):
        return self.health()["reload"]["state"]

    def status(self):
        result = self.run("status", "--state", self.state, "--format", "json")
        assert result.returncode == 0, result.stderr
        return json.loads(result.stdout)

    def metrics(self):
        """Samples by name and labels, read by the parser of Prometheus' own client."""
        text = self.fetch("/metrics").body.decode()
        return {
            (sample.name, frozenset(sample.labels.items())): sample.value
            for family in text_string_to_metric_families(text) for sample in family.samples
        }

    def metric(self, name, **labels):
        """The sum over all samples with these labels."""
        found = [
            value for (sample, has), value in self.metrics().items()
            if sample == name and labels.items() <= dict(has).items()
        ]
        assert found, f"no sample {name} {labels}"
        return sum(found)

    def log(self):
        result = self.run("log", "--state", self.state, "--format", "json")
        assert result.returncode == 0, result.stderr
        return json.loads(result.stdout)

    def await_body(self, target, body, what=None):
        eventually(lambda: self.fetch(target).body == body, what or f"{target} answers {body!r}")

    def await_revision(self, above):
        return eventually(lambda: self.revision() > above and self.revision(), f"a revision after {above}")

    def await_rejection(self):
        eventually(lambda: self.reload_state() == "rejected", "the reload state `rejected`")

    def drain(self):
        """Asks the process to end, and returns its exit code."""
        self.signal(signal.SIGTERM)
        return self.wait()
