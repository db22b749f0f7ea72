"""This project's gateway, with all on that is on by default: access log, metrics, forwarded fields, request id."""

import json

from .. import machine
from ..target import Target

ROUTES_PER_FILE = 1000


class Gateway(Target):
    name = "gateway"

    def __init__(self, binary):
        self.binary = binary

    def program(self):
        return self.binary

    def version(self):
        return machine.first_line(self.binary, "--version")

    def write(self, job):
        configuration = job.directory / "gateway.d"
        configuration.mkdir(exist_ok=True)
        listeners = {"public": {"host": "127.0.0.1", "port": job.port}}
        instances = [{"host": "127.0.0.1", "port": port} for port in job.upstream_ports]
        self._replace(configuration / "gateway.yaml", json.dumps({
            "gateway": {"listeners": listeners},
            "services": {"pool": {"instances": instances}},
        }))
        version = {"path_pattern": "/version", "response": {"body": str(job.version)}}
        self._replace(configuration / "version.yaml", json.dumps({"routes": {"version": version}}))
        for start in range(0, job.routes, ROUTES_PER_FILE):
            path = configuration / f"routes-{start}.yaml"
            if not path.exists():
                self._replace(path, self._routes(range(start, min(start + ROUTES_PER_FILE, job.routes))))

    @staticmethod
    def _replace(path, text):
        draft = path.with_name(f".{path.name}")
        draft.write_text(text)
        draft.rename(path)

    @staticmethod
    def _routes(numbers):
        lines = ["routes:"]
        for number in numbers:
            lines += [
                f"  service-{number}:", f"    path_pattern: /service-{number}/*", "    service_name: pool",
            ]
        return "\n".join(lines) + "\n"

    def command(self, job):
        return [
            self.binary, "run", job.directory / "gateway.d", "--state", job.directory / "state", "--workers", 1,
        ]

    def reload(self, job, process):
        """Writes the one file that changed; the gateway watches."""
        self.write(job)
