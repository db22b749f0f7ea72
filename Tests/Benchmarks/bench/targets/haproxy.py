"""HAProxy, with one thread, as master and worker: the way Debian runs it, and the only one in which it reloads."""

import os
import signal

from ..process import DESCRIPTORS
from ..target import Target

# It wants two descriptors for each.
CONNECTIONS_MAX = min(12_000, DESCRIPTORS // 2 - 50)

TEMPLATE = """
global
    nbthread 1
    maxconn {connections}
    stats socket {directory}/control.sock mode 600 level admin
defaults
    mode http
    timeout connect 5s
    timeout client 3600s
    timeout server 3600s
    timeout http-keep-alive 3600s
    option forwardfor
    http-reuse always
frontend public
    bind 127.0.0.1:{port} backlog 4096
    unique-id-format %[uuid()]
    unique-id-header X-Request-Id
    http-request return status 200 content-type text/plain string "{version}" if {{ path /version }}
    {rule}
    default_backend none
backend pool
    balance roundrobin
    {servers}
backend none
    http-request return status 404
"""


class HAProxy(Target):
    name = "haproxy"

    def write(self, job):
        rule = "use_backend pool if { path_beg /service-0/ }"
        if job.routes > 1:
            routes = job.directory / "routes.map"
            routes.write_text("".join(f"/service-{number}/ pool\n" for number in range(job.routes)))
            rule = f"use_backend %[path,map_beg({routes},none)]"
        servers = "\n    ".join(
            f"server s{port} 127.0.0.1:{port} pool-purge-delay 3600s" for port in job.upstream_ports)
        (job.directory / "haproxy.cfg").write_text(
            TEMPLATE.format(
                directory=job.directory, port=job.port, version=job.version, rule=rule, servers=servers,
                connections=CONNECTIONS_MAX))

    def command(self, job):
        return [self.program(), "-W", "-f", job.directory / "haproxy.cfg"]

    def reload(self, job, process):
        self.write(job)
        os.kill(process.pid, signal.SIGUSR2)
