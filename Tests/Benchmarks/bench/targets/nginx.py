"""nginx, with one worker."""

import os
import signal

from ..target import Target

# Much like the one of the black-box tests, and apart from it: what is measured must not move with what is tested.
TEMPLATE = """
{user}
daemon off;
worker_processes 1;
pid {directory}/nginx.pid;
error_log {directory}/error.log error;
events {{ worker_connections 12000; }}
http {{
    access_log off;
    client_body_temp_path {directory}/body;
    proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/fastcgi;
    uwsgi_temp_path {directory}/uwsgi;
    scgi_temp_path {directory}/scgi;
    keepalive_timeout 3600s;
    keepalive_requests 1000000000;
    client_body_buffer_size 128k;
    proxy_http_version 1.1;
    proxy_buffer_size 16k;
    proxy_buffers 8 16k;
    proxy_max_temp_file_size 0;
    proxy_set_header Connection "";
    proxy_set_header Host $host;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header X-Request-Id $request_id;
    upstream pool {{
        {servers}
        keepalive 256;
        keepalive_requests 1000000000;
        keepalive_timeout 3600s;
    }}
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        location = /version {{ return 200 "{version}"; }}
        location / {{ return 404; }}
        {locations}
    }}
}}
"""


class Nginx(Target):
    name = "nginx"

    def write(self, job):
        text = TEMPLATE.format(
            # Workers of a root's nginx are somebody else, who may not write into the scratch directory.
            user="user root;" if os.geteuid() == 0 else "", directory=job.directory, port=job.port,
            version=job.version, servers=" ".join(f"server 127.0.0.1:{port};" for port in job.upstream_ports),
            locations="\n        ".join(
                f"location /service-{number}/ {{ proxy_pass http://pool; }}" for number in range(job.routes)))
        (job.directory / "nginx.conf").write_text(text)

    def command(self, job):
        return [
            self.program(), "-p", job.directory, "-e", job.directory / "start.log", "-c",
            job.directory / "nginx.conf",
        ]

    def reload(self, job, process):
        self.write(job)
        os.kill(process.pid, signal.SIGHUP)
