"""Upstreams: one whose answers a test writes by hand, one that never accepts, and nginx."""

import hashlib
import json
import os
import socket
import subprocess
import threading

from .polling import eventually
from .processes import free_port
from .wire import make_response, read_chunks, read_exactly, read_headers, read_line


class Request:
    def __init__(self, stream, connection):
        self.method, self.target, self.version = read_line(stream).split(" ")
        self.headers = read_headers(stream)
        self.connection = connection
        self.keep = self.headers.get("Connection", "").lower() != "close"
        self.was_read = False
        self._stream = stream
        self._body = b""

    def pieces(self):
        """The body as it comes."""
        self.was_read = True
        if self.headers.get("Expect") == "100-continue":
            self.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        if self.headers.get("Transfer-Encoding") == "chunked":
            yield from read_chunks(self._stream)
        else:
            left = int(self.headers.get("Content-Length", "0"))
            while left:
                piece = read_exactly(self._stream, min(left, 1 << 16))
                left -= len(piece)
                yield piece

    def body(self):
        if not self.was_read:
            self._body = b"".join(self.pieces())
        return self._body


def describe(request):
    """The answer when a test gives none: what arrived."""
    body = request.body()
    seen = {
        "method": request.method, "target": request.target, "headers": request.headers.fields,
        "length": len(body), "sha256": hashlib.sha256(body).hexdigest(),
    }
    return make_response(headers=[("Content-Type", "application/json")], body=json.dumps(seen).encode())


class Upstream:
    """An HTTP/1.1 server. `answer(request)` returns bytes, an iterable of bytes, or None to hang up."""

    def __init__(self, answer=describe, port=0, host="127.0.0.1"):
        self.answer = answer
        self.requests = []
        self.connections = []
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.listener = socket.create_server((host, port), family=family, backlog=256)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def instance(self):
        return {"host": "127.0.0.1", "port": self.port}

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connections.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        stream = connection.makefile("rb", buffering=1 << 16)
        try:
            while True:
                request = Request(stream, connection)
                self.requests.append(request)
                answer = self.answer(request)
                if answer is None:
                    break
                for piece in [answer] if isinstance(answer, bytes) else answer:
                    connection.sendall(piece)
                if not request.keep:
                    break
                request.body()
        except (OSError, EOFError, ValueError):
            pass
        finally:
            # The stream holds the descriptor: without this the peer would not see the end.
            stream.close()
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            connection.close()

    def drop_connections(self):
        """Ends every connection, as an instance does that restarts."""
        for connection in self.connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.connections.clear()

    def stop(self):
        try:
            self.listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.listener.close()
        self.drop_connections()


class DeafUpstream:
    """Listens and never accepts, with a full queue: a connection to it is neither made nor refused."""

    def __init__(self):
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(0)
        self.port = self.listener.getsockname()[1]
        self.fillers = []
        for _ in range(4):
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", self.port))
            self.fillers.append(filler)

    @property
    def instance(self):
        return {"host": "127.0.0.1", "port": self.port}

    def stop(self):
        for filler in self.fillers:
            filler.close()
        self.listener.close()


class DeadUpstream:
    """Holds a port where nothing listens: a connection to it is refused."""

    def __init__(self):
        self.holder = socket.socket()
        self.holder.bind(("127.0.0.1", 0))
        self.port = self.holder.getsockname()[1]

    @property
    def instance(self):
        return {"host": "127.0.0.1", "port": self.port}

    def stop(self):
        self.holder.close()


NGINX = """
{user}
daemon off;
pid {directory}/nginx.pid;
error_log {directory}/error.log warn;
worker_processes 1;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {directory}/body;
    proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/fastcgi;
    uwsgi_temp_path {directory}/uwsgi;
    scgi_temp_path {directory}/scgi;
    client_max_body_size 64m;
    gzip on;
    gzip_min_length 1;
    gzip_types text/plain;
    server {{
        listen 127.0.0.1:{port};
        root {directory}/files;
        location = /who {{ return 200 "$host $request_method $uri $http_x_forwarded_for\\n"; }}
    }}
}}
"""


class Nginx:
    """A real one, with its own configuration, serving `files`."""

    def __init__(self, directory):
        self.port = free_port()
        self.files = directory / "files"
        self.files.mkdir(parents=True)
        config = directory / "nginx.conf"
        # Workers of a root's nginx are somebody else, who may not read the test's files.
        user = "user root;" if os.geteuid() == 0 else ""
        config.write_text(NGINX.format(directory=directory, port=self.port, user=user))
        self.log = open(directory / "output.log", "wb")
        self.process = subprocess.Popen(
            ["/usr/sbin/nginx", "-p", str(directory), "-e", str(directory / "start.log"), "-c", str(config)],
            stdout=self.log, stderr=self.log)
        eventually(lambda: socket.create_connection(("127.0.0.1", self.port), 1).close() is None, "nginx listens")

    @property
    def instance(self):
        return {"host": "127.0.0.1", "port": self.port}

    def stop(self):
        self.process.terminate()
        self.process.wait(20)
        self.log.close()
