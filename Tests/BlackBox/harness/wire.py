"""HTTP/1.1 by hand: what a test wants to see on the wire is sent and read as it is."""

import io
import json
import socket
from dataclasses import dataclass

TIMEOUT = 20.0


class Headers:
    """Header fields in order; names compare without case."""

    def __init__(self, fields=()):
        self.fields = list(fields)

    def all(self, name):
        return [value for key, value in self.fields if key.lower() == name.lower()]

    def get(self, name, default=None):
        values = self.all(name)
        assert len(values) < 2, f"{name} is there {len(values)} times: {values}"
        return values[0] if values else default

    def __contains__(self, name):
        return bool(self.all(name))

    def __repr__(self):
        return repr(self.fields)


def read_line(stream):
    line = stream.readline(1 << 20)
    if not line:
        raise EOFError("the connection ended")
    assert line.endswith(b"\r\n"), f"not a line: {line!r}"
    return line[:-2].decode("latin-1")


def read_headers(stream):
    fields = []
    while line := read_line(stream):
        name, _, value = line.partition(":")
        fields.append((name, value.strip()))
    return Headers(fields)


def read_exactly(stream, count):
    data = stream.read(count)
    if len(data) != count:
        raise EOFError(f"the connection ended {count - len(data)} bytes early")
    return data


def read_chunks(stream):
    """The data of each chunk; the last one is checked and left out."""
    while size := int(read_line(stream).partition(";")[0], 16):
        yield read_exactly(stream, size)
        assert read_line(stream) == ""
    while read_line(stream):
        pass


def chunked(pieces):
    for piece in pieces:
        if piece:
            yield b"%x\r\n%s\r\n" % (len(piece), piece)
    yield b"0\r\n\r\n"


@dataclass
class Response:
    status: int
    headers: Headers
    body: bytes
    interim: list

    def json(self):
        return json.loads(self.body)


class Connection:
    """One client connection."""

    def __init__(self, address, timeout=TIMEOUT, receive_buffer=None, source=None):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if source:
            self.socket.bind((source, 0))
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(timeout)
        self.socket.connect(address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.stream = self.socket.makefile("rb", buffering=1 << 16)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.stream.close()
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def send_request(self, method, target, headers=(), body=None, host="test.example"):
        """`body` may be bytes, sent with their length, or an iterable, sent as chunks."""
        fields = [("Host", host), *headers]
        if isinstance(body, bytes):
            fields.append(("Content-Length", str(len(body))))
        elif body is not None:
            fields.append(("Transfer-Encoding", "chunked"))
        head = f"{method} {target} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields) + "\r\n"
        self.send(head.encode("latin-1") + (body if isinstance(body, bytes) else b""))
        if body is not None and not isinstance(body, bytes):
            for piece in chunked(body):
                self.send(piece)

    def read_head(self):
        version, status, *_ = read_line(self.stream).split(" ", 2)
        assert version == "HTTP/1.1", version
        return int(status), read_headers(self.stream)

    def read_body(self, status, headers, method="GET"):
        """The pieces of a body, as they come."""
        if method == "HEAD" or status in (204, 304) or status < 200:
            return
        if headers.get("Transfer-Encoding") == "chunked":
            assert "Content-Length" not in headers
            yield from read_chunks(self.stream)
        elif (length := headers.get("Content-Length")) is not None:
            left = int(length)
            while left:
                piece = read_exactly(self.stream, min(left, 1 << 16))
                left -= len(piece)
                yield piece
        else:
            while piece := self.stream.read(1 << 16):
                yield piece

    def read_response(self, method="GET"):
        interim = []
        status, headers = self.read_head()
        while status < 200:
            interim.append(status)
            status, headers = self.read_head()
        return Response(status, headers, b"".join(self.read_body(status, headers, method)), interim)

    def request(self, method, target, headers=(), body=None, host="test.example"):
        self.send_request(method, target, headers, body, host)
        return self.read_response(method)

    def is_closed(self):
        """Whether the peer has ended the connection; waits for a byte or the end."""
        try:
            return self.stream.peek(1) == b""
        except ConnectionResetError:
            return True


def fetch(address, target, method="GET", **options):
    with Connection(address) as connection:
        return connection.request(method, target, **options)


def exchange(address, raw):
    """Sends bytes on a new connection and reads one answer."""
    with Connection(address) as connection:
        connection.send(raw)
        return connection.read_response()


def parse_address(text):
    host, _, port = text.rpartition(":")
    return host.strip("[]"), int(port)


def make_response(status=200, headers=(), body=b"", reason="OK"):
    fields = [*headers]
    framed = {"transfer-encoding", "content-length"} & {name.lower() for name, _ in fields}
    if status >= 200 and status not in (204, 304) and not framed:
        fields.append(("Content-Length", str(len(body))))
    out = io.BytesIO()
    out.write(f"HTTP/1.1 {status} {reason}\r\n".encode())
    for name, value in fields:
        out.write(f"{name}: {value}\r\n".encode("latin-1"))
    out.write(b"\r\n")
    out.write(body)
    return out.getvalue()
