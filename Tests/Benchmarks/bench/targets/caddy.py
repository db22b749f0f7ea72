"""Caddy, where it is installed. Its runtime makes as many threads as it has CPUs: one."""

import json
import subprocess

from .. import machine
from ..target import Target


class Caddy(Target):
    name = "caddy"

    def version(self):
        return machine.first_line(self.program(), "version")

    def write(self, job):
        proxy = {
            "handler": "reverse_proxy", "load_balancing": {"selection_policy": {"policy": "round_robin"}},
            "upstreams": [{"dial": f"127.0.0.1:{port}"} for port in job.upstream_ports],
            "transport": {"protocol": "http", "keep_alive": {"max_idle_conns_per_host": 256}},
            "headers": {"request": {"set": {"X-Request-Id": ["{http.request.uuid}"]}}},
        }
        routes = [{
            "match": [{"path": ["/version"]}],
            "handle": [{"handler": "static_response", "body": str(job.version)}],
        }]
        routes += [
            {"match": [{"path": [f"/service-{number}/*"]}], "handle": [proxy], "terminal": True}
            for number in range(job.routes)
        ]
        routes.append({"handle": [{"handler": "static_response", "status_code": 404}]})
        server = {"listen": [f"127.0.0.1:{job.port}"], "automatic_https": {"disable": True}, "routes": routes}
        (job.directory / "caddy.json").write_text(json.dumps({
            "admin": {"listen": f"unix/{job.directory}/control.sock"},
            "logging": {"logs": {"default": {"level": "ERROR"}}},
            "apps": {"http": {"servers": {"public": server}}},
        }))

    def command(self, job):
        return [self.program(), "run", "--config", job.directory / "caddy.json"]

    def reload(self, job, process):
        self.write(job)
        subprocess.run(
            [self.program(), "reload", "--config", job.directory / "caddy.json", "--address",
             f"unix/{job.directory}/control.sock"], check=True, capture_output=True, timeout=120)
