"""Envoy, where it is installed. It takes a new configuration from a control plane only, so reloads are not measured."""

import json

from .. import machine
from ..target import Target

TYPE = "type.googleapis.com/envoy.extensions."


class Envoy(Target):
    name = "envoy"
    can_reload = False

    def version(self):
        return machine.first_line(self.program(), "--version")

    def write(self, job):
        routes = [{"match": {"path": "/version"}, "direct_response": {
            "status": 200, "body": {"inline_string": str(job.version)}}}]
        routes += [
            {"match": {"prefix": f"/service-{number}/"}, "route": {"cluster": "pool", "timeout": "0s"}}
            for number in range(job.routes)
        ]
        router = {"name": "router", "typed_config": {"@type": TYPE + "filters.http.router.v3.Router"}}
        manager = {
            "@type": TYPE + "filters.network.http_connection_manager.v3.HttpConnectionManager",
            "stat_prefix": "public", "use_remote_address": True, "http_filters": [router],
            "route_config": {"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": routes}]},
        }
        instances = [{"endpoint": {"address": self._address(port)}} for port in job.upstream_ports]
        cluster = {
            "name": "pool", "type": "STATIC", "lb_policy": "ROUND_ROBIN", "connect_timeout": "5s",
            "load_assignment": {"cluster_name": "pool", "endpoints": [{"lb_endpoints": instances}]},
        }
        listener = {
            "name": "public", "address": self._address(job.port),
            "filter_chains": [{"filters": [{"name": "http", "typed_config": manager}]}],
        }
        (job.directory / "envoy.json").write_text(json.dumps(
            {"static_resources": {"listeners": [listener], "clusters": [cluster]}}))

    @staticmethod
    def _address(port):
        return {"socket_address": {"address": "127.0.0.1", "port_value": port}}

    def command(self, job):
        return [
            self.program(), "--concurrency", 1, "--disable-hot-restart", "--log-level", "error", "--config-path",
            job.directory / "envoy.json",
        ]
